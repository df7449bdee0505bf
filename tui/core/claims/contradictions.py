"""Claims that cannot all be so, whatever was counted.

May import `core.claims.said`. Held against each other are: the parts of an account and its whole, a rate
and its fraction, the same number of the same component in two places, the rows of a table and its sum.
"""

from collections.abc import Iterator, Sequence

from tui.core.claims.said import Claim, Counts, Part, Rate, Status, Subject, Vocabulary

_OUTCOMES = (Part.PASSED, Part.FAILED, Part.ERRORS, Part.SKIPPED)
_Numbered = list[tuple[int, Claim]]


def contradictions(claims: Sequence[Claim], known: Vocabulary) -> dict[int, str]:
    """The position of each claim that contradicts another, and what it contradicts."""
    usable = [(position, claim) for position, claim in enumerate(claims) if not claim.problem]
    found: dict[int, list[str]] = {}
    finders = (_accounts(usable), _rates(usable), _places(usable, known), _sums(usable))
    for finder in finders:
        for position, why in finder:
            if why not in found.setdefault(position, []):
                found[position].append(why)
    return {position: "; ".join(reasons) for position, reasons in found.items()}


def stated(claims: Sequence[Claim]) -> dict[tuple[int, Subject], frozenset[Part]]:
    """Which parts each account names, in however many claims."""
    numbered = list(enumerate(claims))
    return {account: frozenset(_parts(mine)) for account, mine in _by_account(numbered).items()}


def _accounts(claims: _Numbered) -> Iterator[tuple[int, str]]:
    """Parts that do not add up to the tests they are parts of."""
    alone = [[each] for each in claims]
    for mine in (*alone, *_by_account(claims).values()):
        parts = _parts(mine)
        if Part.TESTS not in parts or len(parts) < 2:
            continue
        outcomes = {part: parts[part] for part in _OUTCOMES if part in parts}
        total = sum(outcomes.values())
        if total > parts[Part.TESTS] or (total < parts[Part.TESTS] and len(outcomes) == len(_OUTCOMES)):
            told = " + ".join(f"{amount:,} {part}" for part, amount in outcomes.items())
            why = f"{told} = {total:,} outcomes for {parts[Part.TESTS]:,} tests"
            yield from ((position, why) for position, claim in mine if isinstance(claim.said, Counts))


def _rates(claims: _Numbered) -> Iterator[tuple[int, str]]:
    """Rates that are not those of the fraction beside them."""
    for mine in _by_account(claims).values():
        parts = _parts(mine)
        passed, tests = parts.get(Part.PASSED), parts.get(Part.TESTS, 0)
        if passed is None or not tests:
            continue
        executed = tests - parts.get(Part.SKIPPED, 0)
        for position, claim in mine:
            if not isinstance(claim.said, Rate):
                continue
            if not any(
                claim.said.is_near(100.0 * passed / whole) for whole in (tests, executed) if whole > 0
            ):
                yield position, f"{passed:,} of {tests:,} is {100.0 * passed / tests:.2f} %"


def _places(claims: _Numbered, known: Vocabulary) -> Iterator[tuple[int, str]]:
    """The same thing said differently in two places."""
    said: dict[tuple[Subject, str], tuple[int, Claim, object]] = {}
    for position, claim in claims:
        if claim.subject.problem or claim.is_total:
            continue
        for what, value in _values(claim, known):
            key = (claim.subject, what)
            if key not in said:
                said[key] = (position, claim, value)
                continue
            first, before, other = said[key]
            if _differ(value, other) and before.line != claim.line:
                yield position, f"line {before.line} says {_shown(other)}"
                yield first, f"line {claim.line} says {_shown(value)}"


def _values(claim: Claim, known: Vocabulary) -> Iterator[tuple[str, object]]:
    match claim.said:
        case Counts(parts):
            yield from ((str(part), (amount, part)) for part, amount in parts)
        case Rate():
            yield "rate", claim.said
        case Status(word) if word in known.bands:
            yield "status", word


def _differ(value: object, other: object) -> bool:
    if isinstance(value, Rate) and isinstance(other, Rate):
        coarse, fine = sorted((value, other), key=lambda rate: rate.decimals)
        return not coarse.is_near(fine.percent)
    return value != other


def _shown(value: object) -> str:
    match value:
        case (int(amount), Part() as part):
            return f"{amount:,} {part}"
        case Rate(percent, decimals):
            return f"{percent:.{decimals}f} %"
        case _:
            return str(value)


def _sums(claims: _Numbered) -> Iterator[tuple[int, str]]:
    """A table's row for the whole that is not the sum of the others."""
    tables: dict[int, _Numbered] = {}
    for position, claim in claims:
        if claim.table is not None and isinstance(claim.said, Counts):
            tables.setdefault(claim.table, []).append((position, claim))
    for mine in tables.values():
        rows = [(position, claim) for position, claim in mine if claim.subject.name]
        totals = [(position, claim) for position, claim in mine if not claim.subject.name]
        if len(totals) != 1 or len(rows) < 2:
            continue
        ((at, whole),) = totals
        for part, amount in _parts([(at, whole)]).items():
            terms = [_parts([row]).get(part) for row in rows]
            total = sum(term or 0 for term in terms)
            if any(term is not None for term in terms) and total != amount:
                yield at, f"the rows above add up to {total:,} {part}, not {amount:,}"
                yield from (
                    (row, f"the rows add up to {total:,} {part}, line {whole.line} says {amount:,}")
                    for row, _ in rows
                )


def _by_account(claims: _Numbered) -> dict[tuple[int, Subject], _Numbered]:
    accounts: dict[tuple[int, Subject], _Numbered] = {}
    for position, claim in claims:
        accounts.setdefault((claim.group, claim.subject), []).append((position, claim))
    return accounts


def _parts(claims: _Numbered) -> dict[Part, int]:
    parts: dict[Part, int] = {}
    for _, claim in claims:
        if isinstance(claim.said, Counts):
            for part, amount in claim.said.parts:
                parts.setdefault(part, amount)
    return parts
