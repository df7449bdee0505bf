"""A results directory -> batches of events: scan, compare with cursors, read what differs, in turns.

May import the readers and `core.model`; not watchfiles, not the Store. The one-shot commands pull this
once, the live view again and again: the same code, so that they agree. Invariants: level-triggered (what
a file is now decides, not what was reported of it); one bad file stops nobody else.
"""

import heapq
import itertools
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from tui.core.model import Batch, Detail, DirectoryScanned, SourceGone, SourceState, Span
from tui.intake.cursor import Cursor
from tui.intake.opened import open_file
from tui.intake.tree import Found, Stamp, Tree
from tui.intake.unpacked import read_spans
from tui.intake.writers import Writers
from tui.readers import formats
from tui.text import one_line

QUIET = 2.0
"""Seconds without a change after which what a file holds counts, unless a process has it open."""

QUIET_UNSEEN = 60.0
"""The same where the system does not tell who has a file open."""

_SWEPT_AT_ONCE = 200
"""Files: a millisecond, about."""
_TOLD_FROM = 0.95
_RECORD_LARGEST = 64 * 1024 * 1024


class Intake:
    """Reads a directory, or one file, again and again.

    `now` gives the time in seconds since the epoch. `excluded` are paths that are no results (the
    configuration, a baseline), `ignored` are globs that the user put aside. `strict`: a file that looks
    like results and that no reader knows is a source that cannot be read; else it is only set aside.
    """

    def __init__(
        self,
        root: Path,
        *,
        excluded: Collection[Path] = (),
        ignored: Collection[str] = (),
        strict: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.root = root.absolute()
        self.watch_problem = ""
        self._tree = Tree(self.root, excluded, ignored)
        self._strict = strict
        self._now = now
        self._quiet = QUIET if Writers.are_visible() else QUIET_UNSEEN
        self._cursors: dict[str, Cursor] = {}
        # Of ten thousand files one changes: what waits, grows or is set aside is not looked for among all.
        self._dirty: set[str] = set()
        self._growing: dict[str, None] = {}
        self._aside: dict[str, str] = {}
        self._queue: list[tuple[tuple[bool, int], str]] = []
        self._folders: set[str] | None = None
        self._generations = itertools.count(1)
        self._writers = Writers()
        self._problem = ""
        self._scan: DirectoryScanned | None = None
        self._others: tuple[tuple[str, str], ...] | None = None

    @property
    def backlog(self) -> int:
        """How many files wait to be read."""
        return len(self._dirty)

    @property
    def is_coming_to_rest(self) -> bool:
        """Whether a file was changed just now and nobody has it open to write: it counts in a moment."""
        return any(not self._writers.has(self._cursors[name].stamp.file) for name in self._growing)

    def sweep(self) -> Iterator[Batch]:
        """Look at the whole tree, and take note of what is new, changed or gone."""
        return (batch for batch in self.sweeping() if batch is not None)

    def sweeping(self) -> Iterator[Batch | None]:
        """The same in steps: at each None files that changed may be looked at and read before it goes on."""
        seen: set[str] = set()
        problem = ""
        try:
            for found in self._tree.walk():
                seen.add(found.name)
                self._notice(found)
                if not len(seen) % _SWEPT_AT_ONCE:
                    yield None
        except (FileNotFoundError, NotADirectoryError):
            self._tree.passed_over = {}
        except OSError as error:
            self._tree.passed_over = {}
            problem = f"{self.root}: {error.strerror or error}"
        self._problem = problem
        for name in self._cursors.keys() - seen:
            self._forget(name)
            yield SourceGone(name)
        self._others = None
        yield from self.settle()
        yield from self._scanned()

    def knows(self, paths: Iterable[Path]) -> bool:
        """Whether all of `paths` are files that were found before and are still there.

        Or that came and went, as one does that takes the place of another when it is whole.
        """
        return all(self._is_known(path) if path.exists() else not self._has_known(path) for path in paths)

    def look(self, paths: Iterable[Path]) -> Iterator[Batch]:
        """Look at some known files only: those that are said to have changed."""
        for path in paths:
            try:
                cursor = self._cursors.get(self._tree.name(path))
                if cursor is not None:
                    cursor.notice(Stamp.of(path.stat()), self._now())
                    self._keep_track(cursor)
            except (OSError, ValueError):
                continue  # the next sweep says what became of it
        yield from self.settle()

    def settle(self) -> Iterator[Batch]:
        """What was growing may have come to rest since, or its writer may have gone."""
        for cursor in [self._cursors[name] for name in self._growing if name not in self._dirty]:
            yield from cursor.settle(self._now(), self._writers)
            self._keep_track(cursor)

    def step(self) -> Iterator[Batch]:
        """One turn: read the most urgent file for a while."""
        cursor = self._next()
        if cursor is None:
            return
        try:
            yield from cursor.turn(self._now(), next(self._generations))
            if not cursor.dirty:
                yield from cursor.settle(self._now(), self._writers)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            # It went, or became something else, since the scan: should it come back, it is found anew.
            self._forget(cursor.name)
            yield SourceGone(cursor.name)
            yield from self._scanned()
            return
        except OSError as error:
            reason = f"cannot be read: {error.strerror or error}"
            yield from cursor.fail(reason, next(self._generations))
        except Exception as error:  # noqa: BLE001  # a reader that breaks on one file stops no other
            reason = one_line(f"its reader broke off: {type(error).__name__}: {error}")
            yield from cursor.fail(reason, next(self._generations))
        self._keep_track(cursor)
        if not cursor.set_aside or not self._dirty:  # of many that are set aside, not each is worth a word
            yield from self._scanned()

    def _next(self) -> Cursor | None:
        """The most urgent of the files that wait."""
        while self._queue:
            urgency, name = heapq.heappop(self._queue)
            if name in self._dirty and self._cursors[name].urgency == urgency:
                return self._cursors[name]
        return None

    def _keep_track(self, cursor: Cursor) -> None:
        """Something about a file may be another than before: that it waits, that it grows, what it is."""
        name = cursor.name
        if cursor.dirty:
            self._dirty.add(name)
            heapq.heappush(self._queue, (cursor.urgency, name))
        else:
            self._dirty.discard(name)
        if cursor.state is SourceState.GROWING:
            self._growing[name] = None
        else:
            self._growing.pop(name, None)
        if cursor.set_aside != self._aside.get(name, ""):
            self._others = None
            self._aside[name] = cursor.set_aside
            if not cursor.set_aside:
                del self._aside[name]

    def _forget(self, name: str) -> None:
        del self._cursors[name]
        self._folders = None
        self._dirty.discard(name)
        self._growing.pop(name, None)
        if self._aside.pop(name, None) is not None:
            self._others = None

    def _is_known(self, path: Path) -> bool:
        try:
            return self._tree.name(path) in self._cursors
        except ValueError:
            return False

    def _has_known(self, path: Path) -> bool:
        """Whether it is a known file, or a folder of known files."""
        try:
            name = self._tree.name(path)
        except ValueError:
            return True
        if self._folders is None:
            folders = {known.rpartition("/")[0] for known in self._cursors}
            self._folders = {above for folder in folders for above in _above(folder)}
        return name in self._cursors or name in self._folders

    def _notice(self, found: Found) -> None:
        cursor = self._cursors.get(found.name)
        if cursor is None:
            cursor = self._cursors[found.name] = Cursor(found, strict=self._strict, quiet=self._quiet)
            self._folders = None
        elif cursor.is_at_rest(found.stamp):
            return
        else:
            cursor.notice(found.stamp, self._now())
        self._keep_track(cursor)

    def _scanned(self) -> Iterator[Batch]:
        told = self._scan
        if self._others is None:
            self._others = tuple(sorted({**self._aside, **self._tree.passed_over}.items()))
        backlog = self.backlog
        if told is not None and _TOLD_FROM * told.backlog < backlog <= told.backlog:
            backlog = told.backlog  # of ten thousand files not each is worth a word
        problem = self._problem or self.watch_problem
        scan = DirectoryScanned(self.root.exists(), self._others, backlog, problem)
        if scan != told:
            self._scan = scan
            yield scan


def _above(folder: str) -> Iterator[str]:
    """A folder, and those around it."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def read_detail(path: Path, format_name: str, spans: Sequence[Span], shared: Sequence[Span] = ()) -> Detail:
    """All that a source keeps of one attempt: its records stand at `spans`, what it shares at `shared`.

    Raises OSError where the file cannot be read (any more), LookupError for an unknown format.
    """
    with open_file(path) as file:
        pieces = read_spans(file, [*spans, *shared], _RECORD_LARGEST)
    known = formats.BY_NAME[format_name]
    return replace(known.detail(pieces[: len(spans)]), suite=known.suite(pieces[len(spans) :]))
