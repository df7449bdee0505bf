"""The user's rerun command and some tests -> arguments: every id one argument, none of them an option."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.building import BEGAN, bad, loaded, only, phases, report_log, written
from tui.config import read
from tui.core import rerun
from tui.core.identity import from_node_id, node_id
from tui.core.model import Attempt, Location, Outcome, Phase, TestId, TestResult
from tui.core.rerun import Command, Ready, RerunError, Runner
from tui.text import one_line

PYTEST = Runner("reportlog", "pytest 9.0")
XML = Runner("junit", "pytest")
GO = Runner("gotest", "go test")
OTHER = Runner("junit", "Vitest")
FILES = ("tests/test_a.py", "tests/deep/test_b.py", "-x/test_c.py", "@x/test_d.py", "src/a.test.ts")


def result(test: TestId, label: str, location: Location | None = None) -> TestResult:
    return TestResult(test, label, Outcome.FAILED, (Attempt(Outcome.FAILED, (bad(),)),), location=location)


def logged(node: str) -> TestResult:
    """A test as a report log tells of it."""
    return result(from_node_id(node), one_line(node))


def in_xml(suite: str, name: str) -> TestResult:
    """A test as pytest's JUnit XML tells of it."""
    return result(TestId(suite, name), one_line(node_id(suite, name)))


def ready(words: Sequence[str], *tests: TestResult, runner: Runner = PYTEST) -> Ready:
    command = Command(tuple(words))
    return rerun.ready(
        command, [(test, runner) for test in tests], FILES.__contains__, results="/r", stamp="s1"
    )


def arguments(words: Sequence[str], *tests: TestResult, runner: Runner = PYTEST) -> list[str]:
    return list(ready(words, *tests, runner=runner).arguments)


def test_every_id_is_an_argument_of_its_own_whatever_is_in_it() -> None:
    ids = ["tests/test_a.py::test_b[a  b; rm -rf /]", "tests/test_a.py::TestC::test_d[$(x)|{ids}::é]"]
    found = arguments(["pytest", "--log={results}/{stamp}.jsonl", "{ids}"], *map(logged, ids))
    assert found == ["pytest", "--log=/r/s1.jsonl", *ids]


def test_what_is_the_same_for_several_tests_is_given_once() -> None:
    tests = [logged("tests/test_a.py::test_a"), logged("tests/test_a.py::test_b")]
    assert arguments(["x", "{file}", "--only={name}"], *tests) == [
        "x",
        "tests/test_a.py",
        "--only=test_a",
        "--only=test_b",
    ]


@pytest.mark.parametrize(
    ("suite", "name", "node"),
    [
        ("tests.test_a", "test_b[x/y.py::z]", "tests/test_a.py::test_b[x/y.py::z]"),
        ("tests.test_a.TestC.TestD", "test_e", "tests/test_a.py::TestC::TestD::test_e"),
        ("tests.deep.test_b.TestC", "test_e", "tests/deep/test_b.py::TestC::test_e"),
        ("", "tests.deep.test_b", "tests/deep/test_b.py"),
    ],
)
def test_a_class_name_becomes_a_node_id_where_the_file_is_there(suite: str, name: str, node: str) -> None:
    assert arguments(["pytest", "{ids}"], in_xml(suite, name), runner=XML) == ["pytest", node]


def test_a_file_is_found_by_what_is_there_and_not_by_its_name() -> None:
    test = in_xml("spec.Adding", "adds")
    found = rerun.node_id(test, "spec/Adding.py".__eq__)
    assert (found, rerun.node_id(test, "spec.py".__eq__)) == ("spec/Adding.py::adds", "spec.py::Adding::adds")


def test_a_test_without_a_file_is_left_out_and_said() -> None:
    gone = in_xml("gone.test_x", "test_y")
    found = ready(["pytest", "{ids}"], gone, logged("tests/test_a.py::test_b"), runner=XML)
    assert found.arguments == ("pytest", "tests/test_a.py::test_b")
    assert found.left_out == ((gone.label, "its file cannot be told from its name, or is not there"),)
    with pytest.raises(RerunError, match=r"gone/test_x.py::test_y: its file cannot .* So it is with 1 more"):
        ready(["pytest", "{ids}"], gone, gone, runner=XML)


@pytest.mark.parametrize(("name", "mark"), [("--rm=/", "-"), ("-x", "-"), ("@file", "@")])
def test_a_name_that_would_be_an_option_is_refused(name: str, mark: str) -> None:
    test = result(TestId("", name), name)
    with pytest.raises(RerunError, match=f"begins with “{mark}”"):
        ready(["run", "{ids}"], test, runner=OTHER)
    assert arguments(["run", "--only={name}"], test, runner=OTHER) == ["run", f"--only={name}"]
    assert arguments(["run", "-t", "{pattern}"], test, runner=OTHER)[-1].startswith("^")


@pytest.mark.parametrize("node", ["-x/test_c.py::test_a", "@x/test_d.py::test_a"])
def test_a_file_that_would_be_an_option_is_refused(node: str) -> None:
    with pytest.raises(RerunError, match="which the runner would not take for a name"):
        ready(["pytest", "{ids}"], logged(node))


def test_a_module_that_cannot_be_collected_keeps_no_other_test_from_running() -> None:
    failure = bad(phase=Phase.COLLECT)
    attempt = Attempt(Outcome.ERROR, (failure,))
    module = TestResult(TestId("tests.deep", "test_b"), "tests/deep/test_b.py", Outcome.ERROR, (attempt,))
    test = logged("tests/test_a.py::test_a")
    found = ready(["pytest", "{ids}"], module, test)
    assert found.arguments == ("pytest", "tests/test_a.py::test_a")
    ((label, why),) = found.left_out
    assert label == module.label
    assert "--continue-on-collection-errors" in why
    both = ("tests/deep/test_b.py", "tests/test_a.py::test_a")
    words = ["pytest", "--continue-on-collection-errors", "{ids}"]
    assert ready(words, module, test).arguments[2:] == both
    assert ready(["pytest", "{ids}"], module).arguments == ("pytest", "tests/deep/test_b.py")


def test_go_is_given_packages_and_a_pattern_of_each_part_of_a_name() -> None:
    tests = [
        result(TestId("example.com/a", "TestX/with_(b)"), "example.com/a.TestX/with_(b)"),
        result(TestId("example.com/a", "TestY"), "example.com/a.TestY"),
    ]
    assert arguments(["go", "test", "-run={pattern}", "{suite}"], *tests, runner=GO) == [
        "go",
        "test",
        r"-run=^TestX$/^with_\(b\)$|^TestY$",
        "example.com/a",
    ]


def test_a_file_comes_from_where_the_test_stands() -> None:
    test = result(TestId("s", "adds"), "s::adds", Location("src/a.test.ts", 3))
    assert arguments(["npx", "vitest", "{file}", "-t={name}"], test, runner=OTHER) == [
        "npx",
        "vitest",
        "src/a.test.ts",
        "-t=adds",
    ]
    with pytest.raises(RerunError, match="name no file of it that is there"):
        ready(["x", "{file}"], result(TestId("s", "n"), "s::n", Location("gone.ts")), runner=OTHER)


@pytest.mark.parametrize(
    ("command", "files"),
    [
        (Command(("pytest", "--report-log={results}/rerun-{stamp}.jsonl", "{ids}")), ("rerun-*.jsonl",)),
        (Command(("go", "{ids}"), output="{results}/deep/again.jsonl"), ("deep/again.jsonl",)),
        (Command(("x", "--in={results}", "{ids}")), ()),
    ],
)
def test_the_files_that_it_writes_are_known(command: Command, files: tuple[str, ...]) -> None:
    assert command.writes == files


@pytest.mark.parametrize("ran_before", [True, False])
def test_what_it_wrote_counts_as_a_rerun_of_every_test_and_of_an_older_run(
    tmp_path: Path, *, ran_before: bool
) -> None:
    path = tmp_path / "runwatch.toml"
    path.write_text("\n".join(rerun.example(PYTEST)))
    node, rerun_began = "tests/test_a.py::test_a", BEGAN + (60 if ran_before else -60)
    run = report_log(*phases(node, call="failed"))
    again = report_log(*phases(node, start=rerun_began))
    results = written(tmp_path / "results", {"run.jsonl": run, "rerun-1.jsonl": again})
    assert only(loaded(results, read(path))).outcome == ("passed" if ran_before else "failed")


def test_a_command_that_names_no_test_runs_what_it_says() -> None:
    assert ready(["make", "test"], logged("gone.py::x")) == Ready(("make", "test"), 0)


def test_no_more_is_asked_than_a_system_takes() -> None:
    tests = [logged(f"tests/test_a.py::test_{number}_{'x' * 200}") for number in range(6000)]
    with pytest.raises(RerunError, match=r"6,000 tests make a command of 1,3.* more than a system takes"):
        ready(["pytest", "{ids}"], *tests)
    with pytest.raises(RerunError, match="more than a system takes"):
        ready(["pytest", "-k", "{pattern}"], *tests[:1000])


@pytest.mark.parametrize("runner", [PYTEST, XML, GO, OTHER, Runner("", "")])
def test_the_example_is_a_configuration_that_can_be_read(runner: Runner, tmp_path: Path) -> None:
    path = tmp_path / "runwatch.toml"
    path.write_text("\n".join(rerun.example(runner)))
    command = read(path).rerun
    assert command is not None
    assert command.names_tests
    assert "{stamp}" in command.output or command.wants("stamp")
