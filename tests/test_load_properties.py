"""What is shown always comes to equal a fresh start on the same directory, whatever happened to it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.building import (
    case,
    event_log,
    failure,
    other_xml,
    phases,
    pytest_xml,
    report_log,
    teardown_error,
    written,
)
from tui.config import Config
from tui.core.components import ComponentRule
from tui.core.facts import gather
from tui.core.golden import PathRule
from tui.core.model import SourceState
from tui.core.rules import Rules
from tui.core.store import Store
from tui.load import load, open_intake, read_baseline, read_once

NAMES = ("a.xml", "b.xml", "sub/c.xml", "log.jsonl", "e.events.jsonl", "notes.txt")
EARLY, LATE = "2026-01-13T10:00:00+00:00", "2026-01-13T11:00:00+00:00"
TEST = "tests/test_a.py::test_{}"


def _event(event: str, test: str, seq: int, thread: str = "1") -> dict[str, object]:
    return {"event": event, "test": TEST.format(test), "seq": seq, "thread": thread}


CONTENTS = tuple(
    text.encode()
    for text in (
        pytest_xml(case("test_a", failure()), case("test_a", teardown_error()), case("test_b"), began=EARLY),
        pytest_xml(case("test_a"), began=LATE),
        pytest_xml(case("test_a"), case("test_b", failure("KeyError: 'x'")), case("test_c"), began=EARLY),
        pytest_xml(
            case("test_b", more='file="tests/other.py"'), case("test_d", suite="pkg.core.test_x"), began=EARLY
        ),
        other_xml(case(), case(), '<error message="net"/>', header='tests="3"'),
        other_xml(header='tests="0"'),
        report_log(*phases(TEST.format("a"), call="failed"), *phases(TEST.format("b"))),
        report_log(*phases(TEST.format("a"), call="rerun"), *phases(TEST.format("a")), *phases("x/t.py::t")),
        report_log(*phases(TEST.format("a"))[:1], finish=False),
        event_log(_event("started", "a", 1), _event("finished", "a", 2)),
        event_log(_event("finished", "b", 1), _event("started", "b", 2), _event("started", "a", 9, "2")),
        "<coverage/>",
        "some text\n",
        "{}\n",
        "",
    )
)
contents = st.sampled_from(CONTENTS)
RULES = Rules(golden_paths=(PathRule("Chat", ("started", "finished"), key="thread"),))
COMPONENTS = (
    ComponentRule("A", sources=("a.xml", "log*")),
    ComponentRule("Other file", tests=("tests/other.py::*",)),
    ComponentRule("Required", tests=("pkg/**", "pkg.*"), required=True),
)
BASELINE: dict[str, str | bytes] = {
    "a.xml": CONTENTS[2],
    "old/z.xml": pytest_xml(case("test_z"), case("test_d", suite="pkg.core.test_x")),
}


def everything(store: Store, now: float) -> dict[str, Any]:
    """All that can be said of `store`, but for what only a live view can know: what was there before."""
    facts = gather(store, now)
    return {
        "tests": {key: (result, store.component(key)) for key, result in store.tests.items()},
        "changes": {key: store.change(key) for key in store.tests},
        "components": {row.name: row for row in facts.components},
        "overall": facts.overall.tally,
        "sources": {
            # A file that was emptied is still called by the format that it had.
            row.path: (
                row.state is SourceState.EMPTY or row.format,
                row.producer,
                row.state,
                row.reason,
                row.tally,
                row.events,
                row.claimed,
                row.repaired,
                row.problems,
                row.relation,
                row.size,
            )
            for row in facts.sources
        },
        "golden": [
            (
                path.state,
                path.order,
                path.first_break,
                [(e.word, e.passing_tests, e.tests, sorted(map(str, e.evidence))) for e in path.events],
            )
            for path in facts.golden_paths
        ],
        "regressions": (
            facts.regressions.numbers,
            sorted(map(str, facts.regressions.vanished)),
            facts.regressions.shared,
        ),
        "causes": facts.causes,
        "disagreements": sorted(store.disagreements()),
        "others": facts.others,
        "live": facts.live,
        "verdict": (facts.verdict.word, [(c.name, c.state, c.got) for c in facts.verdict.criteria]),
    }


class Directory(RuleBasedStateMachine):
    """A results directory to which things happen, with the live view's Store beside it."""

    @initialize(components=st.sampled_from([(), COMPONENTS]), compared=st.booleans())
    def begin(self, components: tuple[ComponentRule, ...], compared: bool) -> None:  # noqa: FBT001
        self.home = Path(tempfile.mkdtemp(prefix="runwatch-test-"))
        self.root = self.home / "results"
        self.root.mkdir()
        self.now = 2_000_000_000.0
        rules = Rules(components=components, golden_paths=RULES.golden_paths)
        baseline = written(self.home / "baseline", BASELINE) if compared else None
        self.config = Config(rules=rules, baseline=baseline)
        self.store = Store(rules)
        self.store.set_baseline(read_baseline(self.config))
        self.intake = open_intake(self.root, self.config, now=lambda: self.now)
        self.deleted: dict[str, bytes] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    def changed(self, path: Path, *, look: bool) -> None:
        """`path` was written just now; perhaps the live view looks before it has come to rest."""
        os.utime(path, (self.now, self.now))
        if look:
            self.now += 0.5
            read_once(self.intake, self.store)

    def existing(self, data: st.DataObject) -> Path:
        return data.draw(st.sampled_from(sorted(path for path in self.root.rglob("*") if path.is_file())))

    @rule(name=st.sampled_from(NAMES), content=contents, look=st.booleans())
    def rewrite(self, name: str, content: bytes, look: bool) -> None:  # noqa: FBT001
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        self.changed(path, look=look)

    @rule(name=st.sampled_from(NAMES), content=contents, cut=st.floats(0, 1), look=st.booleans())
    def write_in_two_parts(self, name: str, content: bytes, cut: float, look: bool) -> None:  # noqa: FBT001
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        middle = int(len(content) * cut)
        path.write_bytes(content[:middle])
        self.changed(path, look=True)
        with path.open("ab") as file:
            file.write(content[middle:])
        self.changed(path, look=look)

    @rule(name=st.sampled_from(NAMES), content=contents, look=st.booleans())
    def replace(self, name: str, content: bytes, look: bool) -> None:  # noqa: FBT001
        path, new = self.root / name, self.home / "new"
        path.parent.mkdir(exist_ok=True)
        new.write_bytes(content)
        os.utime(new, (self.now, self.now))
        new.replace(path)
        self.changed(path, look=look)

    def has_files(self) -> bool:
        return any(path.is_file() for path in self.root.rglob("*"))

    @precondition(has_files)
    @rule(data=st.data(), content=contents, look=st.booleans())
    def append(self, data: st.DataObject, content: bytes, look: bool) -> None:  # noqa: FBT001
        path = self.existing(data)
        with path.open("ab") as file:
            file.write(content)
        self.changed(path, look=look)

    @precondition(has_files)
    @rule(data=st.data(), share=st.floats(0, 1), look=st.booleans())
    def truncate(self, data: st.DataObject, share: float, look: bool) -> None:  # noqa: FBT001
        path = self.existing(data)
        os.truncate(path, int(path.stat().st_size * share))
        self.changed(path, look=look)

    @precondition(has_files)
    @rule(data=st.data(), look=st.booleans())
    def edit_in_place(self, data: st.DataObject, look: bool) -> None:  # noqa: FBT001
        path = self.existing(data)
        path.write_bytes(path.read_bytes().replace(b"failed", b"passed", 1).replace(b"test_b", b"test_x", 1))
        self.changed(path, look=look)

    @precondition(has_files)
    @rule(data=st.data(), look=st.booleans())
    def delete(self, data: st.DataObject, look: bool) -> None:  # noqa: FBT001
        path = self.existing(data)
        self.deleted[path.relative_to(self.root).as_posix()] = path.read_bytes()
        path.unlink()
        if look:
            read_once(self.intake, self.store)

    @precondition(lambda self: self.deleted)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.deleted)))
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.deleted.pop(name))
        self.changed(path, look=False)

    @invariant()
    def equals_a_fresh_start(self) -> None:
        for _ in range(2):  # a stream that was changed in its middle shows at the second look
            self.now += 10
            read_once(self.intake, self.store)
        fresh = load(self.root, self.config, now=lambda: self.now)
        live, new = (everything(store, self.now) for store in (self.store, fresh))
        for what, said in new.items():
            assert live[what] == said, what

    @invariant()
    def counts_add_up(self) -> None:
        store = self.store
        parts = [store.tally(name) for name in store.components]
        for tally in (store.overall, *parts, *(table.tally for table in store.tables.values())):
            assert tally.tests == tally.passed + tally.failed + tally.errors + tally.skipped + tally.running
        assert store.overall.tests == len(store.tests) == sum(part.tests for part in parts)


def test_a_live_view_always_comes_to_equal_a_fresh_start() -> None:
    run_state_machine_as_test(Directory, settings=settings(max_examples=150, stateful_step_count=12))
