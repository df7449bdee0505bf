"""`runwatch.toml`, or `[tool.runwatch]` in `pyproject.toml` -> Config.

May import `core` and `text`. Invariants: every refusal names the file, the key and, for an unknown key,
the nearest known one; paths are relative to the file; commands are taken from the user's own file only,
never from one that lies in a results directory.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tui.configtable import ConfigError, Document, Table, duration, nearest
from tui.core.causes import CauseRule
from tui.core.components import DEFAULT_BANDS, ComponentRule
from tui.core.criteria import DEFAULT_CRITERIA, NO_CRITERIA, WHOLE_ONLY, Criteria
from tui.core.golden import Order, PathRule, PatternError
from tui.core.rerun import Command, unknown_placeholder
from tui.core.rules import Rules
from tui.core.scopes import Relation, RelationRule
from tui.core.telling import Notify
from tui.keys import PANES, every_action

__all__ = ["FILE_NAME", "Config", "ConfigError", "SavedFilter", "duration", "find", "read"]

FILE_NAME = "runwatch.toml"


class SavedFilter(Struct, frozen=True):
    """A filter that has a name: see docs/filter.md."""

    name: str
    filter: str


class Config(Struct, frozen=True):
    """What the user decided. `notes` are things that were passed over, to be said aloud."""

    rules: Rules = field(default_factory=Rules)
    path: Path | None = None
    title: str = ""
    theme: str = ""
    results: Path | None = None
    baseline: Path | None = None
    plan: Path | None = None
    claims: Path | None = None
    rerun: Command | None = None
    keys: tuple[tuple[str, str], ...] = ()
    filters: tuple[SavedFilter, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    notify: Notify = Notify.CHANGE
    bell: bool = False

    @property
    def no_results(self) -> tuple[Path, ...]:
        """The files that are no results wherever they lie: the configuration, and what it names."""
        return tuple(path for path in (self.path, self.baseline, self.plan, self.claims) if path is not None)


def find(explicit: Path | None, directory: Path | None, working: Path) -> Config:
    """The configuration for `directory`: `explicit`, else the one in it, else upward from `working`.

    Raises ConfigError.
    """
    if explicit is not None:
        if not explicit.is_file():
            raise ConfigError(f"{explicit}: no such file")
        return read(explicit)
    if directory is not None and (directory / FILE_NAME).is_file():
        path = directory / FILE_NAME
        own = any(
            path.samefile(up / FILE_NAME) for up in (working, *working.parents) if _is_file(up / FILE_NAME)
        )
        return read(path, trusted=own)
    for folder in (working, *working.parents):
        if _is_file(folder / FILE_NAME):
            return read(folder / FILE_NAME)
        project = folder / "pyproject.toml"
        if _is_file(project) and _own_table(project) is not None:
            return read(project)
    return Config()


def read(path: Path, *, trusted: bool = True) -> Config:
    """The configuration that `path` holds. `trusted`: commands in it may be taken. Raises ConfigError."""
    text = _text(path)
    content: Mapping[str, Any] | None
    content, where = _load(path), ""
    if path.name == "pyproject.toml":
        content, where = _own_table(path), "tool.runwatch."
    if content is None:
        raise ConfigError(f"{path}: holds no table [tool.runwatch]")
    return _Reading(path, text, where, trusted=trusted).config(content)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from error


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def _own_table(project: Path) -> Mapping[str, Any] | None:
    """The table [tool.runwatch] of a `pyproject.toml`; None where it has none."""
    tools = _load(project).get("tool")
    own = tools.get("runwatch") if isinstance(tools, dict) else None
    return own if isinstance(own, dict) else None


class _Reading(Document):
    """One configuration while it is read."""

    def __init__(self, path: Path, text: str, where: str, *, trusted: bool) -> None:
        super().__init__(path, text, where)
        self._trusted = trusted

    def config(self, content: Mapping[str, Any]) -> Config:
        table = Table(self, content, "")
        title = table.text("title") or ""
        theme = table.text("theme") or ""
        results = table.text("results")
        ignored = table.texts("ignore")
        plan = table.text("plan")
        notify = Notify(table.choice("notify", [str(each) for each in Notify]) or Notify.CHANGE)
        bell = table.flag("bell")
        demanding = [_component(each) for each in table.tables("component")]
        components = tuple(rule for rule, _ in demanding)
        claims = table.text("claims")
        paths = tuple(_golden_path(each) for each in table.tables("golden_path"))
        relations = tuple(_relation(each) for each in table.tables("sources"))
        causes = tuple(_cause(each) for each in table.tables("cause"))
        filters = tuple(_filter(each) for each in table.tables("filter"))
        criteria = table.table("criteria")
        bands = table.table("status")
        baseline = table.table("baseline")
        rerun = table.table("rerun")
        baseline_path = _baseline_path(baseline) if baseline else None
        command = _rerun(rerun, self.path.absolute().parent) if rerun else None
        mapped = table.table("keys")
        keys = _keys(mapped.flat()) if mapped else ()
        notes = []
        if command and not self._trusted:
            command = None
            notes.append(f"{self.path}: [rerun] ignored: a results directory may not bring commands")
        if keys and not self._trusted:
            keys = ()
            notes.append(f"{self.path}: [keys] ignored: a results directory may not say what a key does")
        if not self._trusted and any(cause.match for cause in causes):
            causes = tuple(cause for cause in causes if not cause.match)
            notes.append(
                f"{self.path}: [[cause]] with `match` ignored: a results directory may not bring patterns"
            )
        _distinct(components, table, "component")
        _distinct(paths, table, "golden_path")
        _distinct(causes, table, "cause")
        _distinct(filters, table, "filter")
        rules = Rules(
            components=components,
            bands=_bands(bands) if bands else DEFAULT_BANDS,
            golden_paths=paths,
            criteria=_criteria(criteria) if criteria else DEFAULT_CRITERIA,
            relations=(*relations, *_relations(command)),
            demands=tuple((rule.name, demands) for rule, demands in demanding if demands != NO_CRITERIA),
            causes=causes,
        )
        for part in (table, baseline, rerun):
            if part:
                part.finish()
        folder = self.path.parent
        return Config(
            rules=rules,
            path=self.path,
            title=title,
            theme=theme,
            results=folder / results if results else None,
            baseline=folder / baseline_path if baseline_path else None,
            plan=folder / plan if plan else None,
            claims=folder / claims if claims else None,
            rerun=command,
            keys=keys,
            filters=filters,
            ignored=ignored,
            notes=tuple(notes),
            notify=notify,
            bell=bell,
        )


def _baseline_path(table: Table) -> str | None:
    """The baseline's path; one that was saved under a name lies in `.runwatch/baselines`."""
    path, name = table.text("path"), table.text("name")
    if path and name:
        raise table.refuse("name", "either `path` or `name`, not both")
    return f".runwatch/baselines/{name}.json" if name else path


def _rerun(table: Table, folder: Path) -> Command:
    """The command that reruns tests; it runs beside the file unless it says where."""
    words, output = table.texts("command"), table.text("output") or ""
    if not words or not words[0].strip():
        raise table.missing("command", 'is needed, such as ["pytest", "{ids}"]')
    for name, said in (("command", words), ("output", (output,))):
        for problem in filter(None, map(unknown_placeholder, said)):
            raise table.refuse(name, problem)
    if not {"{results}", "{stamp}"}.issuperset(re.findall(r"\{\w+\}", words[0] + output)):
        raise table.refuse("command", "only {results} and {stamp} can stand in the program and in `output`")
    return Command(words, str(folder / (table.text("directory") or "")), output)


def _relations(command: Command | None) -> Iterator[RelationRule]:
    """What the rerun command writes is a rerun, also where it runs every test."""
    if command is not None and command.writes:
        yield RelationRule(command.writes, Relation.RERUN, by_hand=True)


def _keys(table: Table) -> tuple[tuple[str, str], ...]:
    """The keys of some actions, in the place of those that `keys.PANES` gives them."""
    mapped = tuple((action.id, table.text(action.id)) for action in every_action())
    table.finish()
    chosen = {name: keys.replace(" ", "") for name, keys in mapped if keys is not None}
    for pane in PANES.values():
        taken: dict[str, str] = {}
        for action in pane.actions:
            for key in filter(None, chosen.get(action.id, action.keys).split(",")):
                other = taken.setdefault(key, action.id)
                if other != action.id:
                    told = action.id if action.id in chosen else other
                    raise table.refuse(told, f"{key!r} is the key of both {other} and {action.id}")
    return tuple(chosen.items())


def _component(table: Table) -> tuple[ComponentRule, Criteria]:
    rule = ComponentRule(
        name=table.needed("name"),
        tests=table.texts("tests"),
        sources=table.texts("sources"),
        required=table.flag("required"),
    )
    demands = _demands(table, [name for name in _DEMANDS if name not in WHOLE_ONLY])
    table.finish()
    if not rule.tests and not rule.sources:
        raise table.refuse("name", f"component {rule.name!r} needs `tests` or `sources`")
    return rule, demands


def _golden_path(table: Table) -> PathRule:
    rule = PathRule(
        name=table.needed("name"),
        events=table.texts("events"),
        order=Order(table.choice("order", [str(each) for each in Order]) or Order.IN_ORDER),
        key=table.text("key"),
        tests=table.texts("tests"),
        within=table.age("within"),
        pairs=table.pairs("pairs"),
        renamed=table.texts_by_name("map"),
    )
    table.finish()
    if not rule.events:
        raise table.refuse("events", "a golden path needs at least one event")
    try:
        names = rule.pattern.names
    except PatternError as error:
        raise table.refuse("events", str(error)) from None
    for name in (name for pair in rule.pairs for name in pair if name not in names):
        raise table.refuse("pairs", f"{name!r} is none of the path's events{nearest(name, names)}")
    for observed, name in rule.renamed:
        if name not in names:
            told = f"{observed!r} is mapped to {name!r}, which is none of the path's events"
            raise table.refuse("map", f"{told}{nearest(name, names)}")
    return rule


def _relation(table: Table) -> RelationRule:
    files = table.text("files")
    relation = table.choice("as", [str(each) for each in Relation])
    table.finish()
    if not files or relation is None:
        raise table.refuse("files", "needs `files` (a glob) and `as` (rerun, matrix or same run)")
    return RelationRule((files,), Relation(relation))


def _cause(table: Table) -> CauseRule:
    rule = CauseRule(
        name=table.needed("name"),
        match=table.pattern("match"),
        type=table.text("type") or "",
        path=table.text("path") or "",
    )
    table.finish()
    if not (rule.match or rule.type or rule.path):
        raise table.refuse("name", f"cause {rule.name!r} needs `match`, `type` or `path`")
    return rule


def _filter(table: Table) -> SavedFilter:
    saved = SavedFilter(table.needed("name"), table.needed("filter"))
    table.finish()
    from tui.core.filters.language import Filter  # noqa: PLC0415  # few have saved filters

    if fault := Filter.parse(saved.filter).fault:
        raise table.refuse("filter", fault)
    return saved


def _criteria(table: Table) -> Criteria:
    criteria = _demands(table, list(_DEMANDS))
    table.finish()
    return criteria


_DEMANDS: Mapping[str, Callable[[Table, str], Any]] = {
    "no_failures": Table.flag,
    "min_rate": lambda table, name: table.number(name, 0, 100),
    "min_tests": Table.whole,
    "max_flaky": Table.whole,
    "max_skipped": Table.whole,
    "max_duration": Table.age,
    "max_regressions": Table.whole,
    "max_vanished": Table.whole,
    "plan_complete": Table.flag,
    "no_hollow": Table.flag,
    "sources_agree": Table.flag,
    "golden_paths": Table.flag,
    "required_components": Table.flag,
    "max_age": Table.age,
    "readable_sources": Table.flag,
}


def _demands(table: Table, names: Sequence[str]) -> Criteria:
    """The criteria that `table` holds among those of these names."""
    return Criteria(**{name: _DEMANDS[name](table, name) for name in names})


def _bands(table: Table) -> tuple[tuple[str, float], ...]:
    bands = []
    for name in table.names():
        least = table.number(name, 0, 100)
        assert least is not None
        bands.append((name, least))
    bands.sort(key=lambda band: -band[1])
    if not bands or bands[-1][1] != 0:
        raise table.refuse(table.names()[-1] if bands else "", "the lowest band must begin at 0")
    return tuple(bands)


def _distinct(
    rules: Sequence[ComponentRule | PathRule | CauseRule | SavedFilter], table: Table, name: str
) -> None:
    names = [rule.name for rule in rules]
    for position, each in enumerate(names):
        if each in names[:position]:
            raise table.refuse(f"{name}[{position + 1}].name", f"{each!r} is named twice")
