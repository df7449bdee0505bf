"""TAP, the Test Anything Protocol, versions 12 to 14: a line for each test, as it ends.

The specification is https://testanything.org/tap-version-14-specification.html; what single lines and
diagnostics say is read in `taplines` and `tapyaml`; what a document amounts to stands in `tapdocument`.
May import `core.model`, `text` and, of the readers, `reader`, `lines`, `linewise`, `golden`, `tapdocument`,
`taplines` and `tapyaml`.

Tests are the leaves. The point that closes a subtest speaks of a group: it is a test of its own only
where it failed and everything in it passed. A document ends with its plan fulfilled; several may follow
one another in one file (`prove -v`, programs that append), and are parts of one run unless one begins
with the very test that the first began with. A point is told once its diagnostics are over. A test that
was planned and never seen is told when its document is over.
"""

import re
from collections.abc import Sequence
from typing import Self

from tui.core import identity
from tui.core.model import (
    Detail,
    Event,
    Problem,
    ProblemFound,
    Section,
    TestStarted,
)
from tui.readers.golden import from_output
from tui.readers.reader import Ending, Format
from tui.readers.streams import tapyaml
from tui.readers.streams.lines import Line
from tui.readers.streams.linewise import LineReader
from tui.readers.streams.tapdocument import TapDocument
from tui.readers.streams.taplines import parse_bail_out, parse_plan, parse_point, parse_version
from tui.text import counted, one_line, plain, styled

_RECOGNISED = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:TAP version \d{1,3}|1\.\.\d{1,9}(?:[ \t]*#[^\n]*)?|# Subtest: [^\n]*"
    rb"|(?:not )?ok(?: \d{1,9}\b| - )[^\n]*)\r?$",
    re.MULTILINE,
)
_SUBTEST = re.compile(r"#\s*Subtest:\s*(.*)")
_PRAGMA = re.compile(r"pragma [+-]\w")
_HEADING = re.compile(r"(\S+) \.\.+ $")
_HARNESS_SKIPPED = re.compile(r"(\S+) \.\.+ skipped: (.*)")
_HARNESS_ENDS = ("Test Summary Report", "All tests successful")
_INDENT = 4
_DEEPEST = 100
_BLOCK_LINES = 400
_LINE_LONGEST = 2000


class _Stream(TapDocument):
    """The lines of a file, each in its place: structure, diagnostics, what a harness says, noise."""

    def takes(self, data: bytes) -> bool:
        """Any last line is read; see `Pending.cut` for what it may say."""
        return bool(data.strip())

    def fork(self) -> Self:
        """A copy for the last line, of which nobody knows whether it is whole."""
        other = self._copy()
        other.__dict__["_cut"] = True
        return other

    def closed(self, number: int) -> Ending:
        """Complete where the plan of the last document is fulfilled, or it was given up."""
        events = tuple(self._copy().finish())
        top = self._levels[0]
        if self._is_complete():
            return Ending(complete=True, events=events)
        reason = f"ends at line {number}"
        if top.plan is None:
            reason += ", without a plan"
        elif top.count < top.plan:
            reason += f", after {top.count:,} of {counted(top.plan, 'planned test')}"
        return Ending(complete=False, reason=reason, events=events)

    def finish(self) -> list[Event]:
        """The events of what is open, as nothing follows."""
        complete = self._is_complete()
        pending = self._pending
        events: list[Event] = []
        if pending and pending.cut and not pending.silent and not complete:
            # A part of its line may be missing: it is known to have begun, and no more.
            events.append(TestStarted(pending.test, pending.label))
            self._pending = None
        events += self._flush()
        if not complete:
            for depth, name in sorted(self._announced.items()):
                events.append(TestStarted(*self._identify(self._path(depth), name)))
        return events + self._close_document()

    # --- lines ----------------------------------------------------------------------------------------

    def line(self, data: bytes, line: Line) -> list[Event]:
        """The events of a line."""
        text = data.decode("utf-8", "replace")
        stripped = text.strip()
        indent = len(text) - len(text.lstrip(" "))
        if self._block is not None and not self._ends_block(stripped, indent):
            return self._in_block(text, stripped, line)
        if not stripped:
            return []
        if stripped[:3] == "---" and self._opens_block(indent):
            return self._extended(line)
        if stripped[0] == "#":
            return self._comment(stripped, indent, line)
        reason = parse_bail_out(stripped)
        if reason is not None:
            return self._bail_out(reason, line)
        depth, odd = divmod(indent, _INDENT)
        events = None if odd or depth > _DEEPEST else self._structure(stripped, depth, line)
        return self._raw(text, indent, line) if events is None else events

    def _structure(self, text: str, depth: int, line: Line) -> list[Event] | None:
        """The events of a line that may be a point, a plan, a version or the end of a subtest."""
        if text == "}" and len(self._levels) == depth + 2 and self._levels[-1].header:
            return self._flush() + self._close_to(depth)
        if text == "{" and self._pending and self._pending.depth == depth and self._version is not None:
            return self._open_braces(self._pending)
        plan = parse_plan(text)
        if plan:
            return self._plan(plan, depth, line)
        version = parse_version(text)
        if version is not None:
            return self._begin_document(version=version) if not depth else []
        if _PRAGMA.match(text):
            return []
        if text == "ok" and self._file and not depth:
            return []  # prove says so behind each file
        point = parse_point(text)
        return self._point(point, depth, line) if point else None

    def _raw(self, text: str, indent: int, line: Line) -> list[Event]:
        """Anything else: what tests print, what a harness says, further text of a failed point."""
        names = list(from_output(text))
        self._waiting += names
        pending = self._pending
        if pending and not pending.told and not pending.point.ok and indent > pending.depth * _INDENT:
            pending.text.add(text.lstrip(" ") + "\n")
            return self._extended(line)
        if names or self._over:
            return []
        if found := _HEADING.match(text):
            return self._begin_document(file=identity.within((), plain(found[1])))
        if found := _HARNESS_SKIPPED.match(text):
            message = f"{one_line(found[1])} was skipped as a whole: {one_line(found[2])}"
            return [*self._begin_document(), ProblemFound(Problem("skipped", message, line.number))]
        if self._file and text.startswith("Dubious, "):
            self._dubious = one_line(text)
        if self._file and text.startswith(_HARNESS_ENDS):
            events = self._begin_document()
            self._over = True
            return events
        return [ProblemFound(Problem("noise", "not TAP, left out", line.number))]

    def _extended(self, line: Line) -> list[Event]:
        if self._pending:
            self._pending.end = line.offset + len(line.data or b"")
        return []

    def _comment(self, text: str, indent: int, line: Line) -> list[Event]:
        found = _SUBTEST.match(text)
        if found:
            events = self._flush()
            if len(self._announced) < _DEEPEST:
                self._announced[indent // _INDENT] = plain(found[1]).strip()
            return events
        said = text[1:].removeprefix(" ")
        pending = self._pending
        if pending is None or pending.told:
            self._waiting += from_output(said)
            return []
        pending.golden += from_output(said)
        pending.text.add(said + "\n")
        return self._extended(line)

    # --- YAML blocks ------------------------------------------------------------------------------------

    def _opens_block(self, indent: int) -> bool:
        pending = self._pending
        if pending is None or indent <= pending.depth * _INDENT:
            return False
        self._block = indent
        return True

    def _ends_block(self, stripped: str, indent: int) -> bool:
        """Whether a block that nobody closed ends here: with a line of TAP that stands left of it."""
        if indent >= (self._block or 0) or indent % _INDENT:
            return False
        point = parse_point(stripped)
        if not (point and (point.number or point.name)) and parse_version(stripped) is None:
            return False
        self._block = None
        return True

    def _in_block(self, text: str, stripped: str, line: Line) -> list[Event]:
        pending = self._pending
        assert pending is not None
        self._extended(line)
        if stripped == "..." and len(text) - len(text.lstrip(" ")) <= (self._block or 0):
            self._block = None
            return self._tell(pending) if pending.point.ok and not pending.cut else []
        pending.golden += from_output(stripped)
        if not pending.told and not pending.silent:
            if len(pending.block) < _BLOCK_LINES:
                pending.block.append(text[:_LINE_LONGEST])
            pending.text.add(text[self._block or 0 :] + "\n" if text[:1] == " " else text + "\n")
        return []


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.search(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """What stands behind a point: its diagnostics as they are, and their short values."""
    for data in records:
        first, *lines = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
        depth = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        shown = [line[depth:].removeprefix("# ") for line in lines if line.strip() not in ("---", "...")]
        text = styled("\n".join(shown))
        values = tapyaml.parse_block([line for line in lines if line.strip() not in ("---", "...")])
        short = {key: value for key, value in values.items() if "\n" not in value}
        properties = tuple((one_line(key), plain(value)) for key, value in short.items())
        sections = (Section("diagnostics", text),) if text.strip() else ()
        point = parse_point(first.strip())
        if point and point.is_bad:
            return Detail(sections, (), properties)
        return Detail((), sections, properties)
    return Detail()


FORMAT = Format("tap", _recognise, lambda: LineReader("TAP", _Stream()), _detail)
