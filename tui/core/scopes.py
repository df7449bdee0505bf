"""The same test in two sources: same run, rerun, or two tests (TRUTH 1).

May import `core.model` and `core.components`. Invariant: without evidence two sources are never
merged; a source is in exactly one group, and a group depends on the sources that share tests with its
own alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from tui.core.components import Globs, folder

_SAME_RUN_SHARE = 0.9
_CLOCKS_DIFFER_BY_AT_MOST = 14 * 3600.0
_CLOCKS_DIFFER_BY_STEPS_OF = 900.0
_WRITTEN_WITHIN = 5.0


class Relation(StrEnum):
    """How a source stands to another that holds some of the same test ids."""

    SAME_RUN = "same run"
    RERUN = "rerun"
    MATRIX = "matrix"


class RelationRule(Struct, frozen=True):
    """What the configuration says of the sources that match `files`.

    `by_hand`: somebody ran them again, who may have mended the code before.
    """

    files: tuple[str, ...]
    relation: Relation
    by_hand: bool = False


SAID_BY_ITS_NAME = RelationRule(
    tuple(f"{folder}rerun-{'[0-9]' * 8}-{'[0-9]' * 6}*" for folder in ("", "*/")),
    Relation.RERUN,
    by_hand=True,
)
"""What the manual's rerun command writes, where it is not configured: `rerun-20260113-102640.jsonl`."""


class Profile(Struct, frozen=True):
    """What decides how a source stands to others: its size in tests and its times.

    `zoned`: its times say of which zone they are. `attempt_of`: sources that say the same here are
    attempts of one test. `modified`: when the file was last written to. `is_over`: its run came to an end,
    and was not cut short. `is_rerun`: by the rules it is one, whatever it holds.
    """

    path: str
    format: str
    tests: int
    started: float | None
    ended: float | None
    zoned: bool = True
    attempt_of: str = ""
    modified: float = 0.0
    is_over: bool = True
    is_rerun: bool = False


class Group(Struct, frozen=True):
    """Sources that tell of the same tests: runs, earliest first, each told by one source or several.

    `doubt`: the sources of which the only source of the group may be a rerun, when nothing says of which,
    or when it has tests besides that these have not. `replaced_by`: a source of a later run, beside which
    what the only source of the group tells counts no more.
    """

    runs: tuple[tuple[str, ...], ...]
    doubt: tuple[str, ...] = ()
    replaced_by: str = ""

    @property
    def scope(self) -> str:
        """The path that tells this group's tests from equal ids elsewhere."""
        return self.runs[0][0]

    @property
    def sources(self) -> tuple[str, ...]:
        """All sources of the group."""
        return tuple(source for run in self.runs for source in run)


Repeats = Callable[[str, str], bool]
"""Whether the source with fewer tests says of each the very same as the other, to its times."""


def _never(_one: str, _other: str) -> bool:
    return False


def relation(
    earlier: Profile,
    later: Profile,
    shared: int,
    rules: Sequence[RelationRule] = (),
    repeats: Repeats = _never,
) -> Relation:
    """How `later` stands to `earlier` when `shared` test ids are in both."""
    ruled = _ruled(earlier, later, rules)
    if ruled is not None:
        return ruled
    if earlier.attempt_of and earlier.attempt_of == later.attempt_of:
        return Relation.RERUN if folder(earlier.path) == folder(later.path) else Relation.MATRIX
    smaller = min(earlier.tests, later.tests)
    if earlier.format != later.format:
        is_same = shared >= _SAME_RUN_SHARE * smaller and _overlap(earlier, later)
    else:
        is_same = shared == smaller and repeats(earlier.path, later.path)
    if is_same:
        return Relation.SAME_RUN
    if shared == later.tests and _is_smaller_and_later(earlier, later):
        return Relation.RERUN
    return Relation.MATRIX


def groups(
    profiles: Mapping[str, Profile],
    shared: Mapping[tuple[str, str], int],
    rules: Sequence[RelationRule] = (),
    repeats: Repeats = _never,
    elsewhere: Callable[[], Iterable[Profile]] = tuple,
) -> dict[str, Group]:
    """The group of every source. `shared`: for pairs of paths (sorted), how many ids both hold.

    `elsewhere`: all other sources, which share no tests with these.
    """
    twins: dict[str, list[str]] = {path: [path] for path in profiles}
    runs: dict[str, list[list[str]]] = {path: [twins[path]] for path in profiles}
    bases: dict[str, list[str]] = {}
    alike: dict[str, list[str]] = {}
    related = [
        (earlier, later, relation(earlier, later, count, rules, repeats), count)
        for pair, count in shared.items()
        if count
        for earlier, later in (sorted((profiles[path] for path in pair), key=_begin),)
    ]
    replaced = _replaced(profiles, related, rules, elsewhere)
    for earlier, later, stands, count in related:
        if earlier.path in replaced or later.path in replaced:
            continue
        match stands:
            case Relation.SAME_RUN if twins[earlier.path] is not twins[later.path]:
                _join(twins, runs, earlier.path, later.path, same=True)
            case Relation.RERUN:
                bases.setdefault(later.path, []).append(earlier.path)
            case Relation.MATRIX if _resembles_rerun(earlier, later, count):
                alike.setdefault(later.path, []).append(earlier.path)
            case _:
                pass
    doubts = {path: tuple(sorted(found)) for path, found in alike.items()}
    for path in sorted(bases, key=lambda path: _begin(profiles[path])):
        base = _base(profiles[path], [profiles[base] for base in bases[path]], runs, rules)
        if base is None:
            doubts[path] = tuple(sorted(bases[path]))
        elif runs[base] is not runs[path]:
            _join(twins, runs, base, path, same=False)
    found: dict[str, Group] = {}
    for path in profiles:
        if path not in found:
            told = tuple(
                tuple(sorted(run, key=lambda p: (profiles[p].format != "reportlog", p)))
                for run in sorted(runs[path], key=lambda run: min(_begin(profiles[p]) for p in run))
            )
            doubt = doubts.get(path, ()) if told == ((path,),) else ()
            group = Group(told, doubt, replaced.get(path, ""))
            found.update(dict.fromkeys(group.sources, group))
    return found


_Related = tuple[Profile, Profile, Relation, int]
"""Two sources that share so many tests, the earlier first, and how the later stands to it."""


def _replaced(
    profiles: Mapping[str, Profile],
    related: Sequence[_Related],
    rules: Sequence[RelationRule],
    elsewhere: Callable[[], Iterable[Profile]],
) -> dict[str, str]:
    """The sources whose run is not the last one of their tests, each with a source of a later run.

    A run writes several formats, some of them at its end only: until then there lies the file of the run
    before. And a rerun is no word on the run that came after it.
    """
    in_pairs = {
        each.path for one, other, stands, _ in related if stands is Relation.SAME_RUN for each in (one, other)
    }
    followers: dict[str, list[Profile]] = {}
    for one, other, _, count in related:
        for old, new in ((one, other), (other, one)):
            if old.path not in in_pairs and _is_written_anew(old, new, count, rules):
                followers.setdefault(old.path, []).append(new)
    replaced = {path: min(found, key=_begin).path for path, found in followers.items()}
    reruns = {path for path, profile in profiles.items() if profile.is_rerun}
    for path in sorted(reruns - replaced.keys()):
        near = [
            other
            for one, two, _, _ in related
            for own, other in ((one, two), (two, one))
            if own.path == path and not other.is_rerun and other.path not in replaced
        ]
        rerun = profiles[path]
        if all(_precedes(rerun, other) for other in near):
            others = near or [p for p in (*profiles.values(), *elsewhere()) if folder(p.path) == folder(path)]
            later = [p for p in others if not p.is_rerun and _precedes(rerun, p)]
            if later:
                replaced[path] = min(later, key=_begin).path
    return replaced


def _is_written_anew(old: Profile, new: Profile, shared: int, rules: Sequence[RelationRule]) -> bool:
    """Whether the run in `new` has put its results in the place of those in `old`, or is going to."""
    if old.format == new.format or folder(old.path) != folder(new.path) or _ruled(old, new, rules):
        return False
    return (not new.is_over or shared == old.tests) and _precedes(old, new)


def _precedes(one: Profile, other: Profile) -> bool:
    """Whether the run of `one` was over when that of `other` began; where their times do not say: no."""
    if other.started is None or not (one.zoned and other.zoned):
        return False
    ended = one.modified if one.ended is None else one.ended
    return 0 < ended <= other.started


def _is_smaller_and_later(earlier: Profile, later: Profile) -> bool:
    if later.tests >= earlier.tests or later.started is None or earlier.ended is None:
        return False
    return later.started >= earlier.ended


def _resembles_rerun(earlier: Profile, later: Profile, shared: int) -> bool:
    """A rerun that has new tests too, or one part of a matrix: which of the two, only the user knows."""
    return later.tests <= 2 * shared and _is_smaller_and_later(earlier, later)


def _base(
    later: Profile,
    bases: Sequence[Profile],
    runs: Mapping[str, list[list[str]]],
    rules: Sequence[RelationRule],
) -> str | None:
    """That one of `bases` which `later` is a rerun of: of two of a matrix, by folder or name; else None."""

    def only(candidates: Sequence[Profile]) -> str | None:
        groups = {id(runs[base.path]) for base in candidates}
        return candidates[0].path if len(groups) == 1 else None

    near = [base for base in bases if folder(base.path) == folder(later.path)]
    named = [base for base in bases if _stem(base) in _stem(later)]
    found = only(bases) or only(near) or only(named)
    if found is None and _ruled(bases[0], later, rules) is Relation.RERUN:
        return max(bases, key=_begin).path
    return found


def _ruled(one: Profile, other: Profile, rules: Sequence[RelationRule]) -> Relation | None:
    for rule in rules:
        globs = Globs(rule.files)
        if globs.match(one.path) or globs.match(other.path):
            return rule.relation
    return None


def _stem(profile: Profile) -> str:
    return profile.path.rpartition("/")[2].partition(".")[0]


def _join(
    twins: dict[str, list[str]], runs: dict[str, list[list[str]]], one: str, other: str, *, same: bool
) -> None:
    merged = runs[one] if runs[one] is runs[other] else runs[one] + runs[other]
    if same:
        run = twins[one] + twins[other]
        merged = [r for r in merged if r is not twins[one] and r is not twins[other]] + [run]
        for path in run:
            twins[path] = run
    for told in merged:
        for path in told:
            runs[path] = merged


def _begin(profile: Profile) -> tuple[float, float, str]:
    """In what order runs are: by when they began, then by when they ended."""
    started = profile.started if profile.started is not None else float("inf")
    return (started, profile.ended if profile.ended is not None else started, profile.path)


def _overlap(one: Profile, other: Profile) -> bool:
    """Whether two sources can tell of one run, by their times.

    One that states none was written while its run went on, or right after. Where one states times of a
    clock whose zone it does not name, that clock may be off by any whole number of quarter hours.
    """
    match one.started, one.ended, other.started, other.ended:
        case float(began), float(ended), float(other_began), float(other_ended):
            shift = _shift(began, other_began) if one.zoned != other.zoned else 0.0
            return began + shift <= other_ended and other_began <= ended + shift
        case float(began), float(ended), None, None:
            shift = 0.0 if one.zoned else _shift(ended, other.modified)
            return began + shift <= other.modified <= ended + shift + _WRITTEN_WITHIN
        case None, None, float(), float():
            return _overlap(other, one)
    return False


def _shift(time: float, other: float) -> float:
    """By how much the clock of `time` may be off, so that it comes as near to `other` as it can."""
    steps = round((other - time) / _CLOCKS_DIFFER_BY_STEPS_OF)
    shift = steps * _CLOCKS_DIFFER_BY_STEPS_OF
    return shift if abs(shift) <= _CLOCKS_DIFFER_BY_AT_MOST else 0.0
