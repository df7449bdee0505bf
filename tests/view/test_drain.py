"""Batches reach the Store in slices, one at a time, and between them the event loop has its turns."""

import asyncio
import itertools
import queue
from collections.abc import Callable
from types import SimpleNamespace
from unittest.mock import patch

from tui.core.model import (
    Batch,
    DirectoryScanned,
    Failure,
    Outcome,
    SourceEvents,
    SourceOpened,
    TestId,
    TestRecord,
)
from tui.core.rules import Rules
from tui.core.store import Store
from tui.view import breathing, live
from tui.view.breathing import Keyboard
from tui.view.live import Drain


class Given:
    """A feed of what a test puts into it."""

    def __init__(self) -> None:
        self.batches: queue.Queue[Batch] = queue.Queue()
        self.ready: Callable[[], None] = lambda: None

    def start(self, ready: Callable[[], None]) -> None:
        self.ready = ready

    def stop(self) -> None:
        pass

    def put(self, *batches: Batch) -> None:
        """Each calls, as it does where a thread puts it."""
        for batch in batches:
            self.batches.put(batch)
            self.ready()


def failed(number: int) -> Batch:
    test = TestId("s", f"t{number}")
    failures = (Failure(Outcome.FAILED, message="no"),)
    return SourceEvents("a.xml", 1, (TestRecord(test, test.name, Outcome.FAILED, failures=failures),))


def waiting(drain: Drain) -> int:
    """How many slices the event loop is to run."""
    handles: list[asyncio.Handle] = list(asyncio.get_running_loop()._ready)  # type: ignore[attr-defined]
    return sum(getattr(handle, "_callback", None) == drain._drain for handle in handles)


async def rested(drain: Drain) -> int:
    """Until nothing waits; the most slices that the loop was to run at a time."""
    most = 0
    for _ in range(10_000):
        most = max(most, waiting(drain))
        if not drain.is_behind:
            break
        await asyncio.sleep(0)
    return most


def test_what_comes_while_a_slice_is_worked_at_asks_for_no_second_one() -> None:
    async def main() -> None:
        store, feed = Store(Rules(), lazily=True), Given()
        told = iter([failed(number) for number in range(200)])
        take = feed.batches.get_nowait

        def taken() -> Batch:
            """A thread puts more while one is taken."""
            batch = take()
            feed.put(*itertools.islice(told, 2))
            return batch

        drain = Drain(store, lambda _: None)
        with patch.object(feed.batches, "get_nowait", taken), patch.object(live, "_SLICE", 0.0005):
            drain.start(feed)
            feed.put(DirectoryScanned(exists=True), SourceOpened("a.xml", "junit", 1, staged=False))
            assert await rested(drain) == 1
        assert len(store.tests) == 200
        assert not store.causes.waiting
        assert not waiting(drain)

    asyncio.run(main())


def test_what_is_put_without_a_turn_of_the_loop_is_taken_in() -> None:
    async def main() -> None:
        store, feed = Store(Rules(), lazily=True), Given()
        drain = Drain(store, lambda _: None)
        drain.start(feed)
        feed.put(SourceOpened("a.xml", "junit", 1, staged=False), failed(1))
        await rested(drain)
        drain.hold()
        feed.put(failed(2))
        for _ in range(100):
            await asyncio.sleep(0)
        assert len(store.tests) == 1
        drain.release()
        await rested(drain)
        assert len(store.tests) == 2

    asyncio.run(main())


def test_keys_that_come_without_end_do_not_stop_what_waits_for_them() -> None:
    now = 100.0
    with patch.object(breathing, "time", SimpleNamespace(perf_counter=lambda: now)):
        keyboard = Keyboard()
        waits = []
        for _ in range(40):
            keyboard.pressed()
            now += 0.01
            waits.append(keyboard.waits())
    assert waits.count(0.0) >= 15


def test_what_waits_for_a_key_goes_on_once_it_is_answered() -> None:
    keyboard = Keyboard()

    async def main() -> None:
        await asyncio.wait_for(keyboard.quiet(), 10)  # no key waits
        with patch.object(breathing, "_ANSWERED_WITHIN", 1000.0):
            keyboard.pressed()
        waiting = [asyncio.create_task(keyboard.quiet()) for _ in range(2)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        keyboard.answered()
        await asyncio.wait_for(asyncio.gather(*waiting), 10)
        assert not keyboard.waits()

    asyncio.run(main())


def test_what_waits_for_a_key_that_nobody_answers_goes_on_as_well() -> None:
    keyboard = Keyboard()

    async def main() -> None:
        keyboard.pressed()
        await asyncio.wait_for(keyboard.quiet(), 10)
        await asyncio.wait_for(keyboard.quiet(), 10)

    asyncio.run(main())
