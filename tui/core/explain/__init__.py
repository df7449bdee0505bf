"""Every number and word, opened: the rule that made it, the arithmetic, and the records behind it.

May import the rest of `core`. Pure. Invariant: an explanation is worked out from the very facts that are
shown, so that it cannot tell another story. `subjects` lists what can be explained, `find` tells which of
it somebody means, `explain` explains it.
"""

import difflib
from collections.abc import Iterator, Mapping

from tui.core.explain import rows, things, words
from tui.core.explain.model import Explanation, Part, Subject
from tui.core.facts import Facts
from tui.core.store import Store

__all__ = ["Explanation", "Part", "Subject", "UnknownSubjectError", "explain", "find", "subjects"]

_NEAREST = 5


class UnknownSubjectError(LookupError):
    """Nothing is called so; says what comes nearest."""


def subjects(facts: Facts) -> Iterator[Subject]:
    """What can be explained, in the order of the overview. Any test can be too: `test:ID`."""
    yield from rows.subjects(facts)
    yield from things.subjects(facts)


def find(store: Store, facts: Facts, text: str) -> str:
    """The id of the subject that `text` means, ".part" behind it. Raises UnknownSubjectError."""
    wanted = text.strip().casefold()
    if words.is_number(wanted):
        return _counted(store, facts, wanted)
    known = {subject.id: subject.title for subject in subjects(facts)}
    for subject, title in known.items():
        if wanted in (subject.casefold(), title.casefold(), subject.partition(":")[2].casefold()):
            return subject
    if subject := words.meant(facts, wanted):
        return subject
    owner, dot, part = text.strip().rpartition(".")
    if dot:
        try:
            subject = find(store, facts, owner)
        except UnknownSubjectError:
            subject = ""
        if subject and any(part.casefold() == each.name for each in explain(store, facts, subject).parts):
            return f"{subject}.{part.casefold()}"
    test = text.removeprefix("test:").strip()
    if store.find(test) is not None:
        return f"test:{test}"
    return _nearest(known, text, wanted)


def _counted(store: Store, facts: Facts, wanted: str) -> str:
    """The only subject whose value a number is. Raises UnknownSubjectError, naming those that it may be."""
    ids = (
        rows.OVERALL,
        *(subject.id for subject in rows.subjects(facts) if subject.id.startswith("component:")),
    )
    found = [
        f"{each}.{part.name}"
        for each in ids
        for part in explain(store, facts, each).parts
        if words.is_value(part.value, wanted)
    ]
    found += [
        f"cause:{place}"
        for place, cause in enumerate(facts.causes, 1)
        if words.is_value(str(cause.tests), wanted)
    ]
    if len({each.rpartition(".")[2] for each in found}) == 1:
        return found[0]  # the whole's comes before that of its components
    if not found:
        raise UnknownSubjectError(
            f"{wanted}: nothing that is counted here is that many; ask for what it counts, such as "
            "overall.tests; `runwatch explain DIR` lists what there is"
        )
    more = f" and {len(found) - _NEAREST:,} more" if len(found) > _NEAREST else ""
    raise UnknownSubjectError(
        f"{wanted}: several things are that many; say which: {', '.join(found[:_NEAREST])}{more}"
    )


def _nearest(known: Mapping[str, str], text: str, wanted: str) -> str:
    """The only subject that has `wanted` in its name. Raises UnknownSubjectError, naming those like it."""
    held = [
        subject
        for subject, title in known.items()
        if wanted and (wanted in subject.casefold() or wanted in title.casefold())
    ]
    if len(held) == 1:
        return held[0]
    near = held or difflib.get_close_matches(text, known, n=_NEAREST, cutoff=0.4)
    hint = "`runwatch explain DIR` lists what there is"
    if near:
        hint = f"did you mean {', '.join(near[:_NEAREST])}?"
    raise UnknownSubjectError(f"{text!r}: nothing is called so; {hint}")


def explain(store: Store, facts: Facts, id: str) -> Explanation:
    """The explanation of the subject `id`, or of one part of it. Raises UnknownSubjectError."""
    whole = rows.explained(store, facts, id) or things.explained(store, facts, id)
    if whole is not None:
        return whole
    owner, dot, name = id.rpartition(".")
    whole = (rows.explained(store, facts, owner) or things.explained(store, facts, owner)) if dot else None
    parts = tuple(part for part in whole.parts if part.name == name) if whole else ()
    if whole is None or not parts:
        raise UnknownSubjectError(f"{id!r}: nothing is called so")
    return Explanation(id, whole.title, parts)
