"""The same test in two sources: same run, rerun, or two tests (TRUTH 1).

May import `core.model` and `core.components`. Invariant: without evidence two sources are never
merged; a source is in exactly one group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.core.components import Globs

_SAME_RUN_SHARE = 0.9


class Relation(StrEnum):
    """How a source stands to another that holds some of the same test ids."""

    SAME_RUN = "same run"
    RERUN = "rerun"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class RelationRule:
    """What the configuration says of the sources that match `files`."""

    files: tuple[str, ...]
    relation: Relation


@dataclass(frozen=True, slots=True)
class Profile:
    """What decides how a source stands to others: its size in tests and its times."""

    path: str
    format: str
    tests: int
    started: float | None
    ended: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """Sources that tell of the same tests: runs, earliest first, each told by one source or several."""

    runs: tuple[tuple[str, ...], ...]

    @property
    def scope(self) -> str:
        """The path that tells this group's tests from equal ids elsewhere."""
        return self.runs[0][0]

    @property
    def sources(self) -> tuple[str, ...]:
        """All sources of the group."""
        return tuple(source for run in self.runs for source in run)


def relation(earlier: Profile, later: Profile, shared: int, rules: Sequence[RelationRule] = ()) -> Relation:
    """How `later` stands to `earlier` when `shared` test ids are in both."""
    for rule in rules:
        globs = Globs(rule.files)
        if globs.match(earlier.path) or globs.match(later.path):
            return rule.relation
    smaller = min(earlier.tests, later.tests)
    if earlier.format != later.format and shared >= _SAME_RUN_SHARE * smaller and _overlap(earlier, later):
        return Relation.SAME_RUN
    if (
        shared == later.tests < earlier.tests
        and later.started is not None
        and earlier.ended is not None
        and later.started >= earlier.ended
    ):
        return Relation.RERUN
    return Relation.MATRIX


def groups(
    profiles: Mapping[str, Profile],
    shared: Mapping[tuple[str, str], int],
    rules: Sequence[RelationRule] = (),
) -> dict[str, Group]:
    """The group of every source. `shared`: for pairs of paths (sorted), how many ids both hold."""
    twins: dict[str, list[str]] = {path: [path] for path in profiles}
    runs: dict[str, list[list[str]]] = {path: [twins[path]] for path in profiles}
    ordered = sorted(
        (pair for pair, count in shared.items() if count),
        key=lambda pair: sorted(_begin(profiles[path]) for path in pair),
    )
    for pair in ordered:
        earlier, later = sorted((profiles[path] for path in pair), key=_begin)
        match relation(earlier, later, shared[pair], rules):
            case Relation.SAME_RUN if twins[earlier.path] is not twins[later.path]:
                _join(twins, runs, earlier.path, later.path, same=True)
            case Relation.RERUN if runs[earlier.path] is not runs[later.path]:
                _join(twins, runs, earlier.path, later.path, same=False)
            case _:
                pass
    found: dict[str, Group] = {}
    for path in profiles:
        if path not in found:
            told = tuple(
                tuple(sorted(run, key=lambda p: (profiles[p].format != "reportlog", p)))
                for run in sorted(runs[path], key=lambda run: min(_begin(profiles[p]) for p in run))
            )
            group = Group(told)
            found.update(dict.fromkeys(group.sources, group))
    return found


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


def _begin(profile: Profile) -> tuple[float, str]:
    return (profile.started if profile.started is not None else float("inf"), profile.path)


def _overlap(one: Profile, other: Profile) -> bool:
    match one.started, one.ended, other.started, other.ended:
        case float(began), float(ended), float(other_began), float(other_ended):
            return began <= other_ended and other_began <= ended
    return False
