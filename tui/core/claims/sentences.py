"""One sentence -> what it says, and where in it.

May import `core.claims`. Only what is plainly a statement about tests is found; a sentence that speaks of
a wish, a condition, an estimate or another time says so in `problem`. Every pattern is bounded, and a
sentence is at most as long as a passage, so that reading is linear.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from tui.core.claims import patterns
from tui.core.claims.said import (
    Counts,
    Event,
    Events,
    Part,
    Passing,
    Rate,
    Ready,
    Regressions,
    Said,
    Status,
    Suites,
    Vocabulary,
)

_PREPOSITIONS = frozenset({"in", "for", "at", "and", "on", "with"})


class Found(Struct, frozen=True):
    """One thing said, from `start` to `end`. `kind`: the word before "tests", where there is one.

    `needs_name`: it counts only where it is said of a component.
    """

    start: int
    end: int
    said: Said
    kind: str = ""
    problem: str = ""
    needs_name: bool = False


def number(text: str) -> int:
    """What a number says, in digits or as a word."""
    lowered = text.lower()
    if lowered in ("no", "none"):
        return 0
    return patterns.NUMBERS.index(lowered) if lowered in patterns.NUMBERS else int(text.replace(",", ""))


def read(text: str, known: Vocabulary, *, lead: str = "", labelled: bool = False) -> list[Found]:
    """Everything that the sentence `text` says, from left to right.

    `lead`: a sentence above it that says what is true of it. `labelled`: its subject stands before it.
    """
    found: list[Found] = []
    finders = (_ready, _regressions, _suites, _of, _counts, _labelled, _tests, _all_pass)
    for each in (*(each for finder in finders for each in finder(text)), *_events(text, known, lead)):
        _keep(found, each)
    counted = any(isinstance(each.said, Counts) for each in found)
    for each in _rates(text, counted=counted or labelled):
        _keep(found, each)
    for each in _states(text, known, found):
        _keep(found, each)
    problem = next((f"not matched: {why}" for why, each in patterns.UNSAID.items() if each.search(text)), "")
    if problem:
        found = [replace(each, problem=each.problem or problem) for each in found]
    return sorted(found, key=lambda each: each.start)


def _is_denied(text: str, at: int) -> bool:
    """Whether a "not" stands right before the character at `at`."""
    return patterns.NO.search(text[max(at - 40, 0) : at]) is not None


def _keep(found: list[Found], new: Found) -> None:
    """Take `new` in, unless its place is taken."""
    if all(new.end <= each.start or each.end <= new.start for each in found):
        found.append(new)


def _part_of(word: str) -> Part:
    return next(part for part, each in patterns.PARTS.items() if re.fullmatch(each, word, re.IGNORECASE))


def _part(match: re.Match[str]) -> Part | None:
    return next((part for part in Part if match.groupdict().get(part)), None)


def _of(text: str) -> Iterator[Found]:
    """Fractions: "3 of 4 tests passed", "passed: 3/4", and "3/4" where its subject is named."""
    for match in patterns.OF.finditer(text):
        noun, rest = match["noun"], (match["rest"] or "").strip().lower()
        part = _part(match)
        if part is None and match["before"]:
            part = _part_of(match["before"])
        if part is None and not noun and rest and rest not in _PREPOSITIONS:
            continue  # of something else: "3 of 5 nodes"
        whole, amount = number(match["m"]), number(match["n"])
        yield Found(
            match.start(),
            match.end("noun") if noun else match.end("m"),
            Counts(((Part.TESTS, whole), (part or Part.PASSED, amount))),
            match["kind"] or "",
            "not matched: it is not said what became of them" if part is None and noun else "",
            needs_name=part is None and not noun,
        )


def _counts(text: str) -> Iterator[Found]:
    for match in patterns.COUNT.finditer(text):
        if patterns.SETTLED.search(text[max(match.start() - 12, 0) : match.start()]):
            continue
        part = _part(match)
        assert part is not None
        amount = number(match["n"])
        parts: tuple[tuple[Part, int], ...] = ((part, amount),)
        if match["all"] and amount:
            parts = ((Part.TESTS, amount), (part, amount))
        yield Found(match.start(), match.end(), Counts(parts), match["kind"] or "")


def _labelled(text: str) -> Iterator[Found]:
    for match in patterns.LABELLED.finditer(text):
        part = _part(match)
        assert part is not None
        yield Found(match.start(), match.end(), Counts(((part, number(match["n"])),)))


def _tests(text: str) -> Iterator[Found]:
    for match in patterns.TESTS.finditer(text):
        if not patterns.NOT_A_TOTAL.search(text):
            yield Found(
                match.start(), match.end(), Counts(((Part.TESTS, number(match["n"])),)), match["kind"] or ""
            )


def _rates(text: str, *, counted: bool) -> Iterator[Found]:
    for match in patterns.RATE.finditer(text):
        others = patterns.OF_OTHERS.search(text[max(match.start() - 40, 0) : match.end() + 25])
        if others or patterns.OF_FAILURES.match(text, match.end()):
            continue
        if counted or patterns.OF_TESTS.search(text):
            decimals = len(match["n"].partition(".")[2])
            yield Found(match.start(), match.end(), Rate(float(match["n"]), decimals))


def _regressions(text: str) -> Iterator[Found]:
    for match in patterns.REGRESSIONS.finditer(text):
        amount = match["n"] or match["m"] or match["f"] or "no"
        yield Found(match.start(), match.end(), Regressions(number(amount)))


def _ready(text: str) -> Iterator[Found]:
    for match in patterns.READY.finditer(text):
        held = (
            bool(match["not"])
            or bool(patterns.HELD_BACK.search(match.group()))
            or _is_denied(text, match.start())
        )
        yield Found(match.start(), match.end(), Ready(not held, match.group()))


def _suites(text: str) -> Iterator[Found]:
    for match in patterns.SUITES.finditer(text):
        of = number(match["m"]) if match["m"] else None
        if match["n"] and of is None:
            continue
        yield Found(match.start(), match.end(), Suites(number(match["n"]) if match["n"] else None, of))


def _all_pass(text: str) -> Iterator[Found]:
    for match in patterns.ALL_PASS.finditer(text):
        negated = re.search(r"\bnot\s$", text[: match.start()], re.IGNORECASE)
        yield Found(match.start(), match.end(), Passing(not negated), match["kind"] or "")


def _events(text: str, known: Vocabulary, lead: str) -> Iterator[Found]:
    """Events by name and by number, where they are said to be proven or not to be."""
    good, bad = bool(patterns.PROVEN.search(text)), bool(patterns.UNPROVEN.search(text))
    if not good and not bad and lead and patterns.EVENTS.search(lead):
        good, bad = bool(patterns.PROVEN.search(lead)), bool(patterns.UNPROVEN.search(lead))
    if not good and not bad:
        return
    problem = "not matched: it says both that they are proven and that they are not" if good and bad else ""
    for match in patterns.EVENTS.finditer(text):
        if not good or not (match["n"] or match["m"] or match["all"]):
            continue
        amount = number(match["n"] or match["m"]) if match["n"] or match["m"] else None
        of = number(match["m"]) if match["m"] else None
        yield Found(match.start(), match.end(), Events(amount, of), problem=problem)
    if known.events:
        longest_first = sorted(map(re.escape, known.events), key=len, reverse=True)
        for match in re.finditer(rf"(?<![\w.])(?:{'|'.join(longest_first)})(?![\w])", text):
            yield Found(match.start(), match.end(), Event(match.group(), good), problem=problem)


def _states(text: str, known: Vocabulary, found: Iterable[Found]) -> Iterator[Found]:
    """Words for how a component stands."""
    for band in known.bands:
        for start, end in _places(text, band):
            problem = "not matched: a word that is denied" if _is_denied(text, start) else ""
            yield Found(start, end, Status(band), problem=problem)
    for match in patterns.NOT_RUN.finditer(text):
        yield Found(match.start(), match.end(), Status("NOT RUN"), needs_name=True)
    for match in patterns.NEEDS.finditer(text):
        yield Found(match.start(), match.end(), Status(match.group()), needs_name=True)
    if any(
        isinstance(each.said, Counts | Rate | Status | Passing | Event | Events | Suites | Ready)
        for each in found
    ):
        return
    if any(map(str.isdigit, text)):
        return  # a number that was not understood says how many
    for pattern, whole in ((patterns.PASSES, True), (patterns.FAILS, False)):
        for match in pattern.finditer(text):
            negated = _is_denied(text, match.start())
            yield Found(match.start(), match.end(), Passing(whole is not negated), needs_name=True)
            return


def _places(text: str, band: str) -> Iterator[tuple[int, int]]:
    """Where a band's word is used as a status: after "is" and the like, or anywhere if it is in capitals."""
    for match in re.finditer(
        rf"{patterns.IS_A_STATUS}(?P<word>{re.escape(band)})(?!\w)", text, re.IGNORECASE
    ):
        yield match.span("word")
    if band.isupper():
        for match in re.finditer(rf"(?<!\w){re.escape(band)}(?!\w)", text):
            yield match.span()


def state(text: str, known: Vocabulary) -> Said | None:
    """What the text of a status cell says; None where it says nothing."""
    bare = text.strip(patterns.MARKS + " .:*-–—")
    if not bare:
        if any(mark in text for mark in patterns.GOOD_MARKS):
            return Passing(whole=True)
        return Passing(whole=False) if any(mark in text for mark in patterns.BAD_MARKS) else None
    band = next((band for band in known.bands if band.lower() == bare.lower()), None)
    if band is not None:
        return Status(band)
    said = next((said for pattern, said in patterns.STATES if pattern.fullmatch(bare.lower())), Status(bare))
    return replace(said, words=bare) if isinstance(said, Ready) else said
