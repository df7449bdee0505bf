"""Lines of phases that passed, decoded in one step: the same as what is read from the tree of the line."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.building import fed, pieces
from tui.core.model import Event
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


class OnlyTrees(ReportLogReader):
    """Reads every line as a tree: the slow twin."""

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
