"""Lines of phases that passed, and whole tests, decoded many at once: the same as their lines as trees."""

import json
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from tests.building import BEGAN, amounts, fed, pieces
from tui.core.model import Event, PassedRun, TestRecord
from tui.readers.streams.lines import Line
from tui.readers.streams.reportlog import ReportLogReader

PASSED: dict[str, Any] = {
    "nodeid": "tests/test_a.py::TestIt::test_b[x]",
    "location": ["tests/test_a.py", 3, "TestIt.test_b[x]"],
    "keywords": {"test_b": 1},
    "outcome": "passed",
    "longrepr": None,
    "when": "call",
    "user_properties": [],
    "sections": [],
    "duration": 0.25,
    "start": 1.7e9,
    "stop": 1.7e9,
    "$report_type": "TestReport",
}
ODD: list[tuple[str, Any]] = [
    ("nodeid", "tests/test_ä.py::test_\x1b[31m"),
    ("nodeid", "tests/test_c.py::test_  two"),
    ("nodeid", None),
    ("location", None),
    ("location", ["", 3, "x"]),
    ("location", ["a.py", None, "x"]),
    ("location", ["a.py", 3.0, "x"]),
    ("location", ["a.py", True, "x"]),
    ("location", ["a.py"]),
    ("outcome", "failed"),
    ("outcome", "skipped"),
    ("outcome", "rerun"),
    ("longrepr", "E   KeyError"),
    ("when", "setup"),
    ("when", "teardown"),
    ("when", "collect"),
    ("when", None),
    ("user_properties", [["golden_event", "agent_started"]]),
    ("sections", [["Captured stdout call", "golden: agent_started\n"]]),
    ("duration", 1),
    ("duration", -1.0),
    ("duration", None),
    ("duration", True),
    ("start", 0),
    ("start", "soon"),
    ("worker_id", "gw0"),
    ("worker_id", None),
    ("worker_id", 3),
    ("wasxfail", "reason"),
    ("$report_type", "SubTestReport"),
    ("$report_type", "CollectReport"),
]


class Eager(ReportLogReader):
    """Looks for whole tests in however few bytes."""

    few: ClassVar[int] = 0


class OnlyTrees(ReportLogReader):
    """Reads every line as a tree: the slow twin."""

    def feed(self, data: bytes) -> list[Event]:
        return self._by_line(data)

    def _line(self, line: Line) -> list[Event]:
        assert line.data is not None
        return self._read(line.number, line.offset, line.data)


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        said = PASSED | dict(draw(st.lists(st.sampled_from(ODD), max_size=3)))
        for name in draw(st.lists(st.sampled_from(list(PASSED)), max_size=1)):
            said.pop(name, None)
        text = json.dumps(said, ensure_ascii=draw(st.booleans()))
        twice = text[:-1] + ', "when": "setup"}'
        lines.append(draw(st.sampled_from([text, text, text, f" {text}\r", text[:-5], twice, "", "[]"])))
    return ("\n".join(lines) + "\n").encode()


@given(data=logs(), cuts=st.lists(st.integers(0, 10_000), max_size=6))
def test_a_phase_that_passed_is_told_as_its_tree_tells_it(data: bytes, cuts: list[int]) -> None:
    fast, slow = ReportLogReader(), OnlyTrees()
    assert fed(fast, pieces(data, cuts)) == fed(slow, [data])
    assert fast.ending() == slow.ending()
    assert amounts(Eager(), pieces(data, cuts)) == amounts(OnlyTrees(), [data])


# --- whole tests, many at once -----------------------------------------------------------------------

NAMES = [
    "tests/test_a.py::TestIt::test_b[x]",
    "tests/test_a.py::TestIt::test_c",
    "tests/test_a.py::test_d[a::b[c]]",
    "tests/test_a.py::test_ä",
    "tests/test_a.py::test_\u202e",
    "tests/test_a.py::test_  two",
    "tests/test_a.py::test_end ",
    "tests/test_a.py::test_\nf",
    "tests/test_a.py",
    "tests/test_b.py[a::b]",
    "tests/test_b.py::test_e[\\]",
]
PRINTED = [["Captured stdout call", "said\n"]]
CRASH = {"path": "tests/test_a.py", "lineno": 7, "message": "AssertionError: assert 1 == 2"}
ENTRY = {
    "type": "ReprEntry",
    "data": {"lines": ["    def test_b():", ">       x", "E       y"], "reprfileloc": CRASH, "style": "long"},
}
REPR = {"reprcrash": CRASH, "reprtraceback": {"reprentries": [ENTRY], "style": "long"}}
OTHERS: list[dict[str, Any]] = [
    {"outcome": "failed", "longrepr": REPR},
    {"outcome": "failed", "longrepr": REPR, "sections": PRINTED},
    {"outcome": "failed", "longrepr": REPR | {"chain": [[REPR["reprtraceback"], CRASH, "Cause"]] * 2}},
    {"outcome": "failed", "longrepr": {"reprcrash": CRASH, "reprtraceback": {"reprentries": [{"data": {}}]}}},
    {"outcome": "failed", "longrepr": {"reprcrash": {"path": "a", "lineno": "x"}}},
    {"outcome": "failed", "longrepr": {"chain": 7}},
    {"outcome": "failed", "longrepr": "E   KeyError: 'x'"},
    {"outcome": "failed"},
    {"outcome": "rerun", "longrepr": REPR},
    {"outcome": "skipped", "longrepr": ["a.py", 7, "Skipped: not here"]},
    {"outcome": "skipped", "longrepr": REPR, "wasxfail": "known"},
    {"outcome": "skipped", "wasxfail": ""},
    {"wasxfail": "known"},
    {"longrepr": "said of a pass"},
    {"sections": PRINTED},
    {"sections": [["Captured stdout call", "::golden event=started\n"]]},
    {"sections": [["only a title"]]},
    {"user_properties": [["golden_event", "started"]]},
    {"user_properties": [["ticket", 7]], "sections": PRINTED},
    {
        "user_properties": [["ticket", 7], ["failure.fingerprint", "db"]],
        "outcome": "failed",
        "longrepr": REPR,
    },
    {"user_properties": [["golden.path", "a b"]], "outcome": "failed", "longrepr": REPR},
    {"user_properties": [[7, 7]]},
    {"user_properties": ["ticket"]},
]


@st.composite
def runs(draw: st.DrawFn) -> bytes:
    """A log of whole tests as pytest writes them, with some odd, missing, doubled or exchanged lines."""
    lines: list[str] = []
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
    for number, name in enumerate(names):
        other = draw(st.sampled_from([None, "setup", "call", "call", "call", "teardown"]))
        more = draw(st.sampled_from(OTHERS))
        for when in ("setup", "call", "teardown"):
            times = {"duration": draw(st.sampled_from([0.25, 1e-05, 0.1])), "start": BEGAN + number}
            place = {"nodeid": name, "location": [name.partition("::")[0], number % 3, "x"]}
            said = PASSED | place | {"when": when} | times
            if when == other:
                said |= more
            if draw(st.integers(0, 9)) == 0:
                said |= dict(draw(st.lists(st.sampled_from(ODD), max_size=1)))
            if when != "call" or other != "setup":
                lines.append(json.dumps(said, ensure_ascii=draw(st.booleans())))
    for at in draw(st.lists(st.integers(0, len(lines) - 1), max_size=2)):
        what = draw(st.sampled_from(["out", "twice", "before", "noise", "open", "joined", "start"]))
        if what == "out":
            lines[at] = ""
        elif what == "noise":
            lines[at] = "noise " + lines[at]
        elif what == "open":
            lines[at] = lines[at].replace(", ", ",\n", 1)
        elif what == "joined":
            lines[at] += lines[at - 1]
        elif what == "start":
            lines.insert(at, '{"pytest_version": "9", "$report_type": "SessionStart"}')
        else:
            lines.insert(at, lines[at if what == "twice" else -1])
    return ("\n".join(lines) + draw(st.sampled_from(["\n", ""]))).encode()


@given(data=runs(), cuts=st.lists(st.integers(0, 10_000), max_size=6), in_blocks=st.booleans())
def test_whole_tests_amount_to_what_their_lines_do(data: bytes, cuts: list[int], *, in_blocks: bool) -> None:
    expected = amounts(OnlyTrees(), [data])
    assert amounts(Eager(), pieces(data, cuts), in_blocks=in_blocks) == expected


def test_most_tests_take_the_short_way() -> None:
    whole = [PASSED | {"when": when} for when in ("setup", "call", "teardown")]
    lines = [
        json.dumps(line | {"nodeid": f"{line['nodeid'][:-3]}{n}"}) + "\n" for n in range(20) for line in whole
    ]
    (run,) = ReportLogReader().feed("".join(lines).encode())
    assert isinstance(run, PassedRun)
    assert run.names.count("\n") == 19


def test_a_test_that_failed_is_one_record() -> None:
    whole = [PASSED | {"when": when} for when in ("setup", "call", "teardown")]
    whole[1] |= OTHERS[1]
    whole[2] |= {"sections": PRINTED}
    (told,) = Eager().feed("".join(json.dumps(line) + "\n" for line in whole).encode())
    assert isinstance(told, TestRecord)
    assert told.final
