"""How far a run is, and the time left: said where the evidence carries it, and only there."""

import pytest

from tests.building import BEGAN, phases, put, report_log, store_of
from tui.core.baseline import Baseline
from tui.core.facts import gather
from tui.core.model import SourceState
from tui.core.plan import PlanFile
from tui.core.progress import Progress
from tui.core.rules import Rules
from tui.core.store import Store
from tui.readers.streams import plan
from tui.report import words

TESTS = [f"tests/test_{n // 10}.py::test_{n}" for n in range(100)]


def known(numbers: range = range(100), took: float = 1.0) -> Baseline:
    lines = [line for n in numbers for line in phases(TESTS[n], duration=took / 3)]
    return Baseline("before", tuple(store_of({"r.jsonl": report_log(*lines)}).known_tests()))


def progress(
    ran: list[int],
    *,
    baseline: Baseline | None = None,
    elapsed: float | None = None,
    took: float = 1.0,
    workers: int = 0,
    planned: list[str] | None = None,
) -> Progress:
    """Each of `ran` took `took` seconds, one after the other, on each of the workers."""
    store = Store(Rules())
    store.set_baseline(baseline)
    if planned is not None:
        store.set_plan(PlanFile("plan.txt", plan.parse(planned)))
    store.scanned = True
    lines: list[dict[str, object]] = []
    for place, n in enumerate(ran):
        turn, worker = divmod(place, max(workers, 1))
        name = f"gw{worker}" if workers else ""
        lines += phases(TESTS[n], start=BEGAN + turn * took, duration=took / 3, worker_id=name)
    put(store, "r.jsonl", report_log(*lines, finish=False), state=SourceState.GROWING)
    now = BEGAN + (len(ran) * took / max(workers, 1) if elapsed is None else elapsed)
    return gather(store, now).progress


def test_the_time_left_is_that_of_the_tests_to_come_at_the_pace_so_far() -> None:
    found = progress(list(range(40)), baseline=known())
    assert (found.done, found.to_come, found.by) == (40, 60, "the baseline")
    assert found.share == 0.4
    assert found.left == pytest.approx(60)
    slower = progress(list(range(40)), baseline=known(), took=2.0)
    assert slower.left == pytest.approx(120)


def test_what_the_runner_needs_beside_the_tests_counts() -> None:
    assert progress(list(range(40)), baseline=known(), elapsed=60).left == pytest.approx(90)


def test_two_workers_share_the_work_and_of_more_the_least_is_said() -> None:
    two = progress(list(range(40)), baseline=known(), workers=2)
    assert two.left == pytest.approx(30)
    assert not two.at_least
    four = progress(list(range(40)), baseline=known(), workers=4, took=1.5)
    assert four.left == pytest.approx(22.5)
    assert four.at_least


def test_the_longest_test_has_to_end_on_one_worker() -> None:
    baseline = known()
    longest = baseline.tests[-1]
    tests = (*baseline.tests[:-1], longest.__class__(longest.key, longest.label, "", longest.outcome, 100.0))
    assert progress(list(range(40)), baseline=Baseline("b", tests), workers=2).left == pytest.approx(100)


@pytest.mark.parametrize(
    ("ran", "more", "why"),
    [
        (range(40), {"baseline": known(range(100), 0.0)}, "pace"),
        (range(5), {"baseline": known()}, "pace"),
        (range(40), {"baseline": known(), "elapsed": 9.0}, "pace"),
        (range(0, 80, 2), {"baseline": known()}, "leaves out"),
        (range(40), {"planned": TESTS}, "no baseline"),
        (range(40), {"planned": TESTS, "baseline": known(range(50))}, "no time of many"),
    ],
)
def test_without_the_evidence_only_the_number_is_said(ran: range, more: dict[str, object], why: str) -> None:
    found = progress(list(ran), **more)  # type: ignore[arg-type]
    assert found.to_come
    assert found.left is None
    assert why in found.why
    assert words.time_left(found) == ""


def test_a_plan_says_what_is_to_come_whatever_the_order() -> None:
    found = progress(list(range(0, 80, 2)), baseline=known(), planned=TESTS[:80:2] + TESTS[80:])
    assert (found.to_come, found.by) == (20, "the plan")
    assert found.left == pytest.approx(20)


def test_a_run_that_is_over_has_nothing_to_come() -> None:
    store = store_of({"r.jsonl": report_log(*phases(TESTS[0]))})
    assert gather(store, BEGAN + 60).progress == Progress(1)


@pytest.mark.parametrize(
    ("left", "at_least", "said"),
    [
        (4, False, "a few seconds left"),
        (4, True, ""),
        (44, False, "about 40 s left"),
        (56, False, "about 1 min left"),
        (190, True, "at least 3 min left"),
        (5000, False, "about 1.5 h left"),
        (None, False, ""),
    ],
)
def test_the_time_left_in_words(left: float | None, *, at_least: bool, said: str) -> None:
    assert words.time_left(Progress(1, 0, 1, left, at_least)) == said
