"""`go test -json` (test2json): JSON lines, written while the tests run.

Actions: start, run, pause, cont, output, bench, attr, pass, fail, skip, and of the build build-output
and build-fail (https://pkg.go.dev/cmd/test2json, https://pkg.go.dev/cmd/go#hdr-Build__json_encoding).
A line without `Test` speaks of the package. Go before 1.24 writes build errors as plain text between
the lines. May import `core.model`, `text` and, of the readers, `reader`, `lines`, `jsonvalues`, `golden`,
`excerpt`, `linewise`, `gosaid`, `gotest_alone`, `gopackage` and `gofailure`.

The format has no end: between two packages a stream looks as it does after the last. So it is complete
where every package that began has ended and no test is open, and counts as such once it has been quiet
(see `linewise`). It has no beginning either: a run that follows another in one file is told by a
package that runs again although there was no failed test of it to repeat.
"""

import copy
import re
from collections.abc import Sequence
from typing import NamedTuple, Self, cast

from tui.core.model import (
    Detail,
    Event,
    Outcome,
    Phase,
    Problem,
    ProblemFound,
    Section,
    SessionStarted,
    Span,
    TestId,
    TestStarted,
)
from tui.readers.golden import MARK
from tui.readers.jsonvalues import elapsed, golden_events, iso_moment, iso_moments
from tui.readers.reader import Ending, Format
from tui.readers.streams import gofailure, gopackage, gosaid
from tui.readers.streams.excerpt import Excerpt
from tui.readers.streams.gopackage import FRAMING, OUTCOMES, Package, Running
from tui.readers.streams.gosaid import Said
from tui.readers.streams.gotest_alone import Row, neighbours, number_of, parts, printed, run
from tui.readers.streams.lines import Line
from tui.readers.streams.linewise import LineReader
from tui.text import one_line, plain, styled

_ACTIONS = frozenset({"start", "run", "pause", "cont", "pass", "bench", "fail", "output", "skip", "attr"})
_RECOGNISED = re.compile(
    rb"^[^\n{]*\{[^\n]*\"Action\"\s*:\s*\""
    rb"(?:start|run|pause|cont|pass|bench|fail|output|skip|attr|build-output|build-fail)\"",
    re.MULTILINE,
)
_PRINTED = {"PASS": Outcome.PASSED, "FAIL": Outcome.FAILED, "SKIP": Outcome.SKIPPED}
_PRINTED_RESULT = re.compile(r"--- (PASS|FAIL|SKIP): (.+) \(\d[\d.]*s\)\s*$")
_NOT_BUILT = re.compile(r"^FAIL\t(\S+) \[(?:build|setup) failed\]")
_BUILD_HEADING = re.compile(r"^# (\S+)(?: \[\S+\])?$")
_RESULT_LONGEST = 2000
_BUILDS_KEPT = 200
_HELD_LARGEST = 2000
_NAMED = 3


class _Entry(NamedTuple):
    """What one line says, and where it stands."""

    said: Said
    offset: int
    size: int

    @property
    def span(self) -> Span:
        return Span(self.offset, self.size)


class _Reader(LineReader):
    """Reads a stream: tests that ran alone at once, all else line by line."""

    def __init__(self) -> None:
        self._go = _Stream()
        super().__init__("go test", self._go)

    def _by_line(self, data: bytes) -> list[Event]:
        events: list[Event] = []
        at = 0
        if self._lines.open_line:
            at = data.find(b"\n") + 1 or len(data)
            events += super()._by_line(data[:at])
        for rows, ends in neighbours(data.decode("latin-1"), at):
            events += super()._by_line(data[at : ends[0]])
            for first, last, lines in parts(rows, ends, data):
                events += self._told_alone(data, rows[first:last], ends[first : last + 1], lines)
            at = ends[-1]
        return events + super()._by_line(data[at:])

    def _told_alone(self, data: bytes, rows: Sequence[Row], ends: Sequence[int], lines: int) -> list[Event]:
        """The events of tests of one package that ran alone; `lines`: how many, 0 where that is not sure."""
        name = rows[0][2]
        package = self._go.at_rest(name) if lines else None
        if package is None:
            events = super()._by_line(data[ends[0] : ends[1]])
            if lines and len(rows) > 1 and self._go.at_rest(name) is not None:  # it is known from here on
                rows, ends = rows[1:], ends[1:]
                lines = number_of(rows, data[ends[0] : ends[-1]])
                return events + self._told_alone(data, rows, ends, lines)
            return events + super()._by_line(data[ends[1] : ends[-1]])
        names, began = {row[3] for row in rows}, iso_moments([row[0] for row in rows])
        others = _others(data, rows, ends)
        if others is None or None in began or len(names) < len(rows) or not package.takes_alone(names):
            if len(rows) == 1:
                return super()._by_line(data[ends[0] : ends[1]])
            each = ((rows[at : at + 1], ends[at : at + 2]) for at in range(len(rows)))
            return [
                event
                for row, place in each
                for event in self._told_alone(data, row, place, number_of(row, data[place[0] : place[1]]))
            ]
        places = list(map((self._lines.offset - ends[0]).__add__, ends))
        events = [*run(rows, cast("list[float]", began), places)]
        for number, text in others:
            span = Span(places[number], places[number + 1] - places[number] - len("\n"))
            events.append(gopackage.alone(package, rows[number], text, began[number], span))
        package.told |= names
        self._lines.skip(lines, ends[-1] - ends[0])
        return events


def _others(data: bytes, rows: Sequence[Row], ends: Sequence[int]) -> list[tuple[int, str]] | None:
    """Which of some tests did not pass, and what each printed itself; None where that is not sure."""
    try:
        return [
            (number, gopackage.own(printed(data[ends[number] : ends[number + 1]])))
            for number, row in enumerate(rows)
            if row[4] != "pass"
        ]
    except ValueError:
        return None


class _Stream:
    """The packages of a run, and what is open in them."""

    def __init__(self) -> None:
        self._packages: dict[str, Package] = {}
        self._builds: dict[str, Excerpt] = {}
        self._unexplained: dict[str, None] = {}
        self._building = ""
        self._index = 0
        self._held: list[Event] | None = None
        self._restarted = False

    def at_rest(self, name: str) -> Package | None:
        """The package, where only its tests' own lines matter to those that run alone from here on."""
        package = self._packages.get(name)
        if package is None or package.ended or package.repeated is not None or self._held is not None:
            return None
        self._building = ""
        return package

    def takes(self, data: bytes) -> bool:
        """A last line without its end is whole where it is an object."""
        return gosaid.read(data) is not None

    def fork(self) -> Self:
        """A copy; only what is open is copied in depth."""
        return copy.deepcopy(self, {id(package.told): package.told for package in self._packages.values()})

    def closed(self, number: int) -> Ending:
        """Complete where every package that began has ended."""
        events = tuple(self._failed_builds())
        unended = [name for name, package in self._packages.items() if not package.ended]
        if not unended and self._packages:
            return Ending(complete=True, events=events)
        reason = f"ends at line {number}"
        if unended:
            names = ", ".join(one_line(name) or "the package" for name in unended[:_NAMED])
            more = f" and {len(unended) - _NAMED} more" if len(unended) > _NAMED else ""
            reason += f", no result of {names}{more}"
        return Ending(complete=False, reason=reason, events=events)

    # --- runs of one file -----------------------------------------------------------------------------

    def line(self, data: bytes, line: Line) -> list[Event]:
        """The events of a line, and all since a doubt where they turn out to be another run's."""
        events = self._line(data, line)
        held = self._held
        if self._restarted:
            self._restarted, self._held = False, None
            return [SessionStarted(), *(held or ()), *events]
        if held is not None:
            held += events
            if len(held) > _HELD_LARGEST:
                self._held = None
        return events

    def _package(self, name: str, action: str) -> Package:
        """The package, begun anew where it had ended (or starts a second time)."""
        package = self._packages.get(name)
        if package is None:
            package = self._packages[name] = Package()
        elif action == "start" and not package.ended and name:
            self._restart(name)
            package = self._packages[name] = Package()
        elif package.ended and action in ("start", "run"):
            failed = frozenset(package.failed)
            package = self._packages[name] = Package(repeated=failed if name else None)
            if name and not failed:
                self._restart(name)
            elif name and self._held is None:
                self._held = []
        return package

    def _restart(self, name: str) -> None:
        """What is told from the doubt on, or from here, is another run's."""
        self._restarted = True
        begun = {
            known: package
            for known, package in self._packages.items()
            if package.repeated is not None or known == name
        }
        self._packages = begun if self._held is not None else {name: self._packages[name]}
        for package in self._packages.values():
            package.repeated = None

    # --- lines ----------------------------------------------------------------------------------------

    def _line(self, data: bytes, line: Line) -> list[Event]:
        said = gosaid.read(data)
        if said is None or not said.action:
            return self._plain_line(data.decode("utf-8", "replace"), line) if data.strip() else []
        action, name = said.action, said.package
        self._building = ""
        if action.startswith("build-"):
            self._build(said, action)
            return []
        if action not in _ACTIONS:
            return []
        entry = _Entry(said, line.offset, len(data))
        package = self._package(name, action)
        if said.test:
            return self._of_test(package, TestId(name, said.test), entry)
        return self._of_package(package, name, entry)

    def _plain_line(self, text: str, line: Line) -> list[Event]:
        """A line of something else: a build error of Go before 1.24, or noise."""
        heading, failed = _BUILD_HEADING.match(text), _NOT_BUILT.match(text)
        if failed:
            self._building = ""
            package = self._package(failed[1], "start")
            package.text.add(text + "\n")
            return self._package_failed(package, failed[1], "", Span(line.offset, len(text.encode())))
        if heading:
            self._building = heading[1]
        if self._building:
            self._build_text(self._building, text + "\n")
            return []
        return [ProblemFound(Problem("noise", "not a line of go test -json, left out", line.number))]

    def _build_text(self, what: str, text: str) -> None:
        if what in self._builds or len(self._builds) < _BUILDS_KEPT:
            self._builds.setdefault(what, Excerpt()).add(text)

    def _build(self, said: Said, action: str) -> None:
        what = said.build
        if action == "build-output":
            self._build_text(what, said.output)
        elif action == "build-fail":
            self._unexplained[what] = None

    def _failed_builds(self) -> list[Event]:
        """Builds that failed without a package that says so: the run was stopped, or tests nothing."""
        return [
            gopackage.package_error(what.split(" ", 1)[0], self._build_of(what), Phase.COLLECT, None)
            for what in self._unexplained
        ]

    def _build_of(self, what: str) -> str:
        found = self._builds.get(what) or self._builds.get(what.split(" ", 1)[0])
        return found.text if found else ""

    # --- tests ----------------------------------------------------------------------------------------

    def _of_test(self, package: Package, test: TestId, entry: _Entry) -> list[Event]:
        match entry.said.action:
            case "output":
                return self._output(package, test, entry.said.output)
            case "run":
                return self._run(package, test, entry)
            case "attr":
                pairs = [(entry.said.key, entry.said.value)]
                return self._golden(test, properties=pairs)
            case "pass" | "fail" | "skip":
                if test.name in package.running:
                    return self._finished(package, test, entry)
                if gopackage.is_benchmark(test.name) and entry.said.action != "fail":
                    return []
                return [*self._begin(package, test, entry), *self._finished(package, test, entry)]
            case _:
                return []

    def _run(self, package: Package, test: TestId, entry: _Entry) -> list[Event]:
        root = test.name.partition("/")[0]
        if package.repeated is not None and root not in package.repeated:
            self._restart(test.suite)
        return [] if gopackage.is_benchmark(root) else self._begin(package, test, entry)

    def _begin(self, package: Package, test: TestId, entry: _Entry) -> list[Event]:
        at = iso_moment(entry.said.time)
        package.running[test.name] = Running(Excerpt(), at, entry.offset)
        root, slash, _ = test.name.partition("/")
        if slash:
            package.parts.setdefault(root, {})[test.name] = None
        return [TestStarted(gopackage.identity(test), gopackage.label(test), at, span=entry.span)]

    def _output(self, package: Package, test: TestId, text: str) -> list[Event]:
        running = package.running.get(test.name)
        if running is None:
            package.text.add(text)
        elif "=== " not in text and "--- " not in text:  # no line of the framing, as most are
            running.text.add(text)
        else:
            printed = _PRINTED_RESULT.search(text[-_RESULT_LONGEST:])
            if printed and printed[2] == test.name:
                running.printed = _PRINTED[printed[1]]
            if not FRAMING.match(text):
                running.text.add(text)
        return self._golden(test, outputs=[text]) if MARK in text else []

    def _golden(
        self, test: TestId, properties: Sequence[tuple[str, str]] = (), outputs: Sequence[str] = ()
    ) -> list[Event]:
        found = golden_events(properties, outputs, gopackage.identity(test), self._index)
        self._index += len(found)
        return [*found]

    def _finished(self, package: Package, test: TestId, entry: _Entry) -> list[Event]:
        """The test, and every part of it that is open although its root is over."""
        events: list[Event] = []
        outcome = OUTCOMES[entry.said.action]
        if "/" not in test.name:
            for part in reversed(package.parts.pop(test.name, {})):
                events += self._unfinished(package, TestId(test.suite, part), outcome, entry.span)
        duration = elapsed(entry.said.elapsed)
        events.append(gopackage.record(package, test, outcome, entry.span, duration=duration))
        return events

    def _unfinished(self, package: Package, test: TestId, closed: Outcome, span: Span) -> list[Event]:
        """A test without a result, once what holds it is over with the outcome `closed`.

        What it printed itself goes first: Go before 1.20 takes a result for output where the test's
        own output did not end its line. All that a passed test or package holds has passed.
        """
        running = package.running[test.name]
        outcome = running.printed
        if outcome is None and not closed.is_bad:
            outcome = closed
        if outcome is None:
            outcome = Outcome.FAILED if gofailure.panicked(running.text.text) else Outcome.ERROR
        return [gopackage.record(package, test, outcome, span)]

    # --- packages -------------------------------------------------------------------------------------

    def _of_package(self, package: Package, name: str, entry: _Entry) -> list[Event]:
        if entry.said.action == "output":
            package.text.add(entry.said.output)
        if entry.said.action not in OUTCOMES:
            return []
        outcome = OUTCOMES[entry.said.action]
        events: list[Event] = []
        for test in reversed(list(package.running)):
            events += self._unfinished(package, TestId(name, test), outcome, entry.span)
        if outcome.is_bad:
            return events + self._package_failed(package, name, entry.said.failed_build, entry.span)
        package.ended, package.text, package.told = True, Excerpt(), set()
        return events

    def _package_failed(self, package: Package, name: str, build: str, span: Span) -> list[Event]:
        """A package that failed without a failed test is one test in error, named after the package."""
        text = package.text.text
        package.ended, package.text, package.told = True, Excerpt(), set()
        self._unexplained.pop(build, None)
        if package.failed:
            return []
        not_built = bool(build) or any(_NOT_BUILT.match(line) for line in text.splitlines())
        if not_built:
            text = self._build_of(build or name) or text
        return [gopackage.package_error(name, text, Phase.COLLECT if not_built else None, span)]


def _recognise(head: bytes) -> bool:
    return bool(_RECOGNISED.search(head))


def _detail(records: Sequence[bytes]) -> Detail:
    """What a test printed, from the lines between its beginning and its result that are its own."""
    output: list[str] = []
    properties: list[tuple[str, str]] = []
    wanted: tuple[str, str] | None = None
    failed = False
    for said in (gosaid.read(data) for record in records for data in record.splitlines()):
        if said is None:
            continue
        about = said.package, said.test
        wanted = wanted or about
        if about != wanted:
            continue
        failed = failed or said.action == "fail"
        if said.action == "attr":
            properties.append((one_line(said.key), plain(said.value)))
        elif said.action == "output":
            output.append(said.output)
    text = styled("".join(output))
    sections = (Section("output", text),) if text.strip() else ()
    return Detail(sections, (), tuple(properties)) if failed else Detail((), sections, tuple(properties))


FORMAT = Format("gotest", _recognise, _Reader, _detail)
