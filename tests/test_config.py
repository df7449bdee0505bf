"""The configuration, and how it refuses what it does not know."""

from pathlib import Path

import pytest

from tui.config import Config, ConfigError, duration, find, read
from tui.core.components import DEFAULT_BANDS
from tui.core.criteria import DEFAULT_CRITERIA, Criteria
from tui.core.golden import Order
from tui.core.rerun import Command
from tui.core.scopes import Relation

_PATH = "[[golden_path]]\nname = 'a'\nevents = ['x', 'y']\n"
WHOLE = """
title = "Chat"
results = "out"
ignore = ["*.log"]
claims = "STATUS.md"

[[component]]
name = "Core"
tests = ["tests/core/**"]
min_rate = 90
required = true

[[component]]
name = "Web"
sources = ["web*.xml"]

[status]
GOOD = 80
BAD = 0

[[golden_path]]
name = "Agent chat"
events = ["a", "b+", "(c d)*"]
order = "any"
key = "thread_id"
within = "60s"
pairs = [["a", "b"]]
map = { "agent.run" = "a" }

[[sources]]
files = "py3*.xml"
as = "matrix"

[criteria]
min_rate = 90.5
max_regressions = 0
max_age = "24h"
golden_paths = true

[baseline]
path = "old"

[rerun]
command = ["pytest", "{ids}"]
"""


def written(folder: Path, text: str, name: str = "runwatch.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_everything_that_can_be_configured_is_read(tmp_path: Path) -> None:
    config = read(written(tmp_path, WHOLE))
    rules = config.rules
    assert (config.title, config.results, config.baseline) == ("Chat", tmp_path / "out", tmp_path / "old")
    assert config.claims == tmp_path / "STATUS.md"
    assert config.ignored == ("*.log",)
    assert config.rerun == Command(("pytest", "{ids}"), str(tmp_path))
    assert [(each.name, each.required) for each in rules.components] == [("Core", True), ("Web", False)]
    assert dict(rules.demands) == {"Core": Criteria(min_rate=90.0)}
    assert rules.bands == (("GOOD", 80.0), ("BAD", 0.0))
    assert [(path.name, path.order, path.key) for path in rules.golden_paths] == [
        ("Agent chat", Order.ANY, "thread_id")
    ]
    (path,) = rules.golden_paths
    assert (path.within, path.pairs, path.renamed) == (60.0, (("a", "b"),), (("agent.run", "a"),))
    assert (path.pattern.names, path.pattern.required) == (("a", "b", "c", "d"), ("a", "b"))
    assert [(each.files, each.relation) for each in rules.relations] == [(("py3*.xml",), Relation.MATRIX)]
    assert (rules.criteria.min_rate, rules.criteria.max_age, rules.criteria.no_failures) == (
        90.5,
        86400.0,
        False,
    )


def test_without_a_configuration_the_defaults_hold(tmp_path: Path) -> None:
    config = find(None, tmp_path, tmp_path)
    assert config == Config()
    assert (config.rules.bands, config.rules.criteria) == (DEFAULT_BANDS, DEFAULT_CRITERIA)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tittle = 'x'", "runwatch.toml:1: tittle: unknown key, did you mean title?"),
        ("[criteria]\nmin_rat = 5", "runwatch.toml:2: criteria.min_rat: unknown key, did you mean min_rate?"),
        (
            "[criteria]\nmin_rate = '90'",
            "runwatch.toml:2: criteria.min_rate: must be a number from 0 to 100, not '90'",
        ),
        ("[criteria]\nmin_rate = nan", "must be a number from 0 to 100"),
        ("[criteria]\nmin_rate = true", "must be a number from 0 to 100, not true"),
        ("[criteria]\nmax_regressions = -1", "must be a whole number, 0 or more"),
        ("[criteria]\nmax_regressions = 1.5", "must be a whole number, 0 or more"),
        ("[criteria]\ngolden_paths = 1", "must be true or false, not 1"),
        ("[criteria]\nmax_age = 'soon'", "must be a time such as"),
        ("[criteria]\nmax_age = true", "must be a time such as"),
        ("[criteria]\nmax_age = -1", "must be a time such as"),
        ("[criteria]\nmax_age = 2026-01-13", "must be a time such as"),
        ("criteria = 5", "runwatch.toml:1: criteria: must be a table, [criteria], not 5"),
        ("component = 5", "must be a list of tables, [[component]]"),
        ("[component]\nname = 'x'", "must be a list of tables, [[component]]"),
        ("[[component]]\nname = 'a'", "needs `tests` or `sources`"),
        ("[[component]]\ntests = ['a']", "component[1].name: is needed"),
        ("[[filter]]\nname = 'a'", "filter[1].filter: is needed"),
        ("[[filter]]\nfilter = 'new:'", "filter[1].name: is needed"),
        ("[filter]\nname = 'a'", "must be a list of tables, [[filter]]"),
        ("[[filter]]\nname = 'a'\nfilter = 5", "runwatch.toml:3: filter[1].filter: must be text, not 5"),
        ("[[filter]]\nname = 'a'\nfiltr = 'new:'", "filter[1].filtr: unknown key, did you mean filter?"),
        (
            "[[filter]]\nname = 'a'\nfilter = 'new:'\nkey = 'n'",
            "runwatch.toml:4: filter[1].key: unknown key, known here: name, filter",
        ),
        (
            "[[filter]]\nname = 'a'\nfilter = 'x stauts:failed'",
            "runwatch.toml:3: filter[1].filter: stauts:failed: no such term, did you mean status:?",
        ),
        ("[[filter]]\nname = 'a'\nfilter = 'slow:soon'", "filter[1].filter: slow:soon: wants a time"),
        (
            "[[filter]]\nname = 'a'\nfilter = 'x'\n[[filter]]\nname = 'a'\nfilter = 'y'",
            "runwatch.toml:5: filter[2].name: 'a' is named twice",
        ),
        ("[[component]]\nname = ' '\ntests = ['a']", "component[1].name: is needed"),
        ("[[component]]\nname = 'a'\ntests = 'a'", "must be a list of texts"),
        ("[[golden_path]]\nname = 'a'", "a golden path needs at least one event"),
        (
            "[[golden_path]]\nname = 'a'\nevents = ['x']\norder = 'some'",
            "must be one of in_order, any, not 'some'",
        ),
        (
            "[[golden_path]]\nname = 'a'\nevents = ['x', '(y']",
            "runwatch.toml:3: golden_path[1].events: '(y': a parenthesis that is not closed",
        ),
        (
            "[[golden_path]]\nname = 'a'\nevents = ['x?']",
            "golden_path[1].events: at least one event has to be required",
        ),
        (f"{_PATH}within = 'soon'", "golden_path[1].within: must be a time such as"),
        (
            f"{_PATH}pairs = ['x', 'y']",
            """runwatch.toml:4: golden_path[1].pairs: must be a list of pairs such as [["a", "b"]]""",
        ),
        (f"{_PATH}pairs = [['x']]", "must be a list of pairs"),
        (
            f"{_PATH}pairs = [['xx', 'y']]",
            "golden_path[1].pairs: 'xx' is none of the path's events, did you mean x?",
        ),
        (f"{_PATH}map = 'x'", "golden_path[1].map: must be a table of texts"),
        (
            f"{_PATH}map = {{ 'agent.run' = 'z' }}",
            "runwatch.toml:4: golden_path[1].map: 'agent.run' is mapped to 'z', which is none of the",
        ),
        ("[[sources]]\nfiles = 'a'", "needs `files` (a glob) and `as`"),
        ("[[sources]]\nfiles = 'a'\nas = 'b'", "must be one of same run, rerun, matrix, not 'b'"),
        ("[rerun]\ncommand = []", "runwatch.toml:2: rerun.command: is needed"),
        ("[rerun]\ncommand = ['a', '{id}']", "rerun.command: unknown placeholder {id}, did you mean {ids}?"),
        ("[rerun]\ncommand = ['{name}']", "only {results} and {stamp} can stand in the program"),
        ("[rerun]\ncommand = ['a']\noutput = '{ids}'", "only {results} and {stamp}"),
        ("[status]\nGOOD = 50", "the lowest band must begin at 0"),
        ("[status]\n'we[i]rd.x' = 'a'", "must be a number from 0 to 100"),
        ("title = ", "runwatch.toml: Invalid value"),
        ("title = 3", "must be text, not 3"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read(written(tmp_path, text))
    assert said in str(refused.value)
    assert str(tmp_path / "runwatch.toml") in str(refused.value)


def test_the_second_table_of_a_kind_is_named_with_its_line(tmp_path: Path) -> None:
    one = "[[component]]\nname = 'a'\ntests = ['x']\n"
    with pytest.raises(ConfigError, match=r"runwatch\.toml:7: component\[2\]\.min_rate: must be a number"):
        read(written(tmp_path, f"{one}{one.replace(chr(39) + 'a', chr(39) + 'b')}min_rate = 900"))


def test_a_name_may_stand_only_once(tmp_path: Path) -> None:
    one = "[[component]]\nname = 'a'\ntests = ['x']\n"
    with pytest.raises(ConfigError, match=r"component\[2\]\.name: 'a' is named twice"):
        read(written(tmp_path, one + one))


def test_a_file_that_is_not_utf_8_or_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runwatch.toml"
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(ConfigError, match="not UTF-8 at byte 9"):
        read(path)
    with pytest.raises(ConfigError, match="no such file"):
        find(tmp_path / "absent.toml", None, tmp_path)


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\nrunwatch = 3"])
def test_a_project_file_of_another_shape_is_no_traceback(text: str, tmp_path: Path) -> None:
    path = written(tmp_path, text, "pyproject.toml")
    with pytest.raises(ConfigError):
        read(path)


def test_a_project_file_may_hold_the_configuration(tmp_path: Path) -> None:
    written(tmp_path, "[tool.runwatch]\ntitle = 'x'\n", "pyproject.toml")
    (tmp_path / "deep").mkdir()
    assert find(None, None, tmp_path / "deep").title == "x"


def test_a_refusal_in_a_project_file_names_the_whole_key(tmp_path: Path) -> None:
    path = written(tmp_path, "[tool.runwatch.criteria]\nmin_rate = 'x'\n", "pyproject.toml")
    with pytest.raises(ConfigError, match=r"pyproject\.toml:2: tool\.runwatch\.criteria\.min_rate: must be"):
        read(path)


def test_the_named_file_comes_first_then_the_one_in_the_directory_then_upward(tmp_path: Path) -> None:
    working, results = tmp_path / "work" / "deep", tmp_path / "results"
    working.mkdir(parents=True)
    named = written(tmp_path / "named", "title = 'named'")
    written(results, "title = 'results'")
    written(tmp_path / "work", "title = 'work'")
    assert find(named, results, working).title == "named"
    assert find(None, results, working).title == "results"
    assert find(None, tmp_path / "elsewhere", working).title == "work"


def test_a_results_directory_may_not_bring_commands(tmp_path: Path) -> None:
    text = "[rerun]\ncommand = ['rm', '-rf', '/']\n"
    working, results = tmp_path / "work", tmp_path / "results"
    written(results, text)
    config = find(None, results, working)
    assert config.rerun is None
    assert "a results directory may not bring commands" in config.notes[0]
    written(working, text)
    assert find(None, None, working).rerun == Command(("rm", "-rf", "/"), str(working))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("30s", 30), ("15m", 900), ("15 min", 900), ("1.5h", 5400), ("7d", 604800), ("1w", 604800)],
)
def test_a_duration(text: str, seconds: float) -> None:
    assert duration(text) == seconds
