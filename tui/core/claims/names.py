"""Names on a page -> the components that are meant.

Imports `core.claims.said` only. A name is matched when it is the same but for case, marks and words such
as "tests"; when it is a short form, at least half of the words and no other; or when it is misspelt. Two
names that fit equally well are said to be ambiguous: nothing is guessed.
"""

import difflib
import re
from collections.abc import Iterator, Sequence

from tui.core.claims.said import WHOLE, Subject
from tui.regex import regex

_SHORT_FORM = 0.5
"""The least share of a component's words that a short form must have."""

_ABBREVIATION = 4
"""The least length of a word's beginning that stands for the word: "config"."""

_MISSPELT = 0.88
"""The least likeness (difflib) of a misspelt name."""

_WORD = regex(r"[^\W_]+")
_KIND = regex(
    r"(?<![\w.-])([A-Za-z][A-Za-z_-]{1,30})\s(?=(?:tests?|suites?|component|module|package)\b)", re.IGNORECASE
)
_CLAUSE_BEGIN = regex(r"^\W{0,4}$|[,;.]\s\W{0,3}$|\b(?:and|while|but|whereas)\s(?:the\s)?$", re.IGNORECASE)
_OF_ANY = frozenset(
    {
        "test", "tests", "testing", "suite", "suites", "module", "component", "the", "a", "of", "and",
        "for", "result", "results",
    }
)  # fmt: skip
_OF_ALL = frozenset(
    {
        "overall", "total", "totals", "all", "sum", "whole", "grand", "combined", "aggregate",
        "everything",
    }
)  # fmt: skip
_OF_A_SECTION = frozenset(
    {
        "summary", "report", "status", "overview", "conclusion", "conclusions", "stability", "proof",
        "executive", "details", "detail", "deployment", "readiness", "decision", "recommendation",
        "assessment", "verdict", "regression", "regressions", "metrics", "numbers", "key", "findings",
        "critical", "events", "event", "golden", "path", "paths", "validation", "results", "current",
        "state", "health", "project", "system", "progress", "dashboard", "notes", "note", "breakdown",
        "by", "per", "final", "bottom", "line", "success", "rate", "statistics", "stats", "coverage",
        "section", "update", "daily", "weekly", "nightly", "build", "run", "latest", "quality", "gate",
        "release", "sign", "off", "go", "no", "count", "counts", "information", "highlights",
    }
)  # fmt: skip
_OF_ANY_KIND = frozenset(
    {
        "total", "automated", "all", "the", "our", "individual", "executed", "of", "these", "test",
        "unique", "full", "whole", "entire", "complete", "failed", "failing", "passing", "passed",
        "skipped", "and", "or", "in", "run", "are", "is", "no", "any", "some", "most", "more", "other",
        "with", "both", "every", "each", "this", "that", "for", "on", "by", "its", "their", "from", "pass",
        "fail", "have", "has", "were", "was", "ran", "not",
    }
)  # fmt: skip
_OF_ROWS = frozenset({"total", "totals", "sum"})
_KEYWORD = frozenset(
    {
        "tests", "test", "suite", "suites", "component", "module", "layer", "package",
    }
)  # fmt: skip


def words(text: str) -> tuple[str, ...]:
    """The words of a name, as they are compared."""
    return tuple(_WORD.findall(text.lower()))


def own_words(text: str) -> tuple[str, ...]:
    """The words that tell a name from others; all of them where none does."""
    every = words(text)
    return tuple(word for word in every if word not in _OF_ANY) or every


def is_whole(text: str) -> bool:
    """Whether `text` names the whole: "Overall", "All tests"."""
    said = set(words(text))
    return bool(said & _OF_ALL) and said <= _OF_ALL | _OF_ANY | _OF_A_SECTION


def is_total(text: str) -> bool:
    """Whether `text` names a sum, which may be one of the rows above alone: "Total"."""
    return bool(_OF_ROWS & set(words(text)))


def is_general(text: str) -> bool:
    """Whether `text` is the heading of a part that is about the whole: "Test results", "Summary"."""
    return all(word in _OF_A_SECTION | _OF_ALL | _OF_ANY or word.isdecimal() for word in words(text))


def resolve(text: str, names: Sequence[str]) -> Subject:
    """What `text`, a name that stands alone, means."""
    same = [name for name in names if name.lower() == text.lower()]
    same = same or [name for name in names if own_words(name) == own_words(text) and words(text)]
    if len(same) == 1:
        return Subject(same[0])
    if not same and is_whole(text):
        return WHOLE
    scores = {name: score for name in same or names if (score := _likeness(text, name))}
    best = [name for name in scores if scores[name] == max(scores.values())]
    if len(best) == 1:
        return Subject(best[0])
    if best:
        return Subject(text, f"not matched: {text!r} could be {' or '.join(best)}")
    return Subject(text, f"not matched: no component is named {text!r}")


def _likeness(text: str, name: str) -> float:
    said, known = own_words(text), own_words(name)
    meant = {word for word in known if any(_abbreviates(each, word) for each in said)}
    if len(meant) >= max(len(set(said)), _SHORT_FORM * len(set(known))):
        return len(meant) / len(set(known))
    if _digits(said) != _digits(known):
        return 0.0
    alike = difflib.SequenceMatcher(None, "".join(said)[:100], "".join(known)[:100]).ratio()
    return alike if alike >= _MISSPELT else 0.0


def _abbreviates(said: str, word: str) -> bool:
    return said == word or (len(said) >= _ABBREVIATION and word.startswith(said))


def _digits(said: Sequence[str]) -> list[str]:
    return [word for word in said if any(map(str.isdigit, word))]


def mentioned(text: str, names: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where in a sentence which components are named in full: (start, end, name), from left to right.

    A name of one word counts at the beginning of a clause, before a word such as "tests", and wherever it
    stands with its capital: "core" is a word of its own right.
    """
    found = [(match.start(), match.end(), match.group().lower()) for match in _WORD.finditer(text)]
    sought = sorted(((own_words(name), name) for name in names), key=lambda each: -len(each[0]))
    taken: set[int] = set()
    places = []
    for parts, name in sought:
        for position in _positions(parts, [word for *_, word in found]):
            mine = set(range(position, position + len(parts)))
            last = position + len(parts)
            beside = found[last][2] if last < len(found) else ""
            begin, end = found[position][0], found[last - 1][1]
            is_name = len(parts) > 1 or beside in _KEYWORD or (text[begin:end] == name and not name.islower())
            if mine & taken or not (is_name or _CLAUSE_BEGIN.search(text[max(begin - 12, 0) : begin])):
                continue
            taken |= mine
            places.append((begin, end, name))
    for begin, end in _kinds(text):
        subject = resolve(text[begin:end], names)
        if subject.name and not subject.problem and all(end <= at or to <= begin for at, to, _ in places):
            places.append((begin, end, subject.name))
    return sorted(places)


def unknown_kind(text: str, names: Sequence[str]) -> Subject | None:
    """The tests or the suite that a sentence speaks of, where no component is named so: "unit tests"."""
    subjects = (resolve(text[begin:end], names) for begin, end in _kinds(text))
    return next((subject for subject in subjects if subject.problem), None)


def _kinds(text: str) -> Iterator[tuple[int, int]]:
    """Where the words stand that say what kind of tests, or which suite, is meant."""
    for match in _KIND.finditer(text):
        if match[1].lower() not in _OF_ANY_KIND:
            yield match.span(1)


def _positions(parts: Sequence[str], every: Sequence[str]) -> Iterator[int]:
    for position in range(len(every) - len(parts) + 1):
        if every[position] == parts[0] and tuple(every[position : position + len(parts)]) == tuple(parts):
            yield position
