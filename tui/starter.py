"""A first `runwatch.toml`, inferred from the results that there are.

May import `core` and `text`. Pure: the caller writes the file. What it writes is read back by
`tui.config` without a change.
"""

import json
from pathlib import PurePosixPath

from tui.core.facts import Facts
from tui.core.rerun import Runner, example
from tui.core.rules import Rules
from tui.core.scopes import Relation, RelationRule
from tui.core.store import Store

_HEAD = """\
# runwatch: what is judged, and by which rules. Everything is optional; paths are relative to this file.

title = {title}
results = {results}
# ignore = ["coverage.xml"]       # files in it that hold no results
"""
_COMPONENTS = """
# Components: named sets of tests. A test belongs to the first that names it, by its id or by its file.
"""
_REST = """
# What the rates are called, highest first.
[status]
EXCELLENT = 90
STABLE = 75
"AT RISK" = 50
FAILING = 0

# What "ready" means. A criterion that is not named is not judged.
[criteria]
no_failures = true
# min_rate = 90.0
# max_regressions = 0             # needs [baseline]
golden_paths = true
required_components = true
# max_age = "24h"
readable_sources = true

# Earlier results to compare with: a results directory, or one results file.
# [baseline]
# path = "baseline"
"""
_RERUN = """
# What `r` and `R` in the app run, after they have shown it: one argument for each test, and no shell.
"""
_RERUNS = """
# What was run again: its tests are attempts of those above.
[[sources]]
files = "{files}"
as = "rerun"
"""
_PATH_EXAMPLE = """
# A golden path: events that must be seen in passing tests, in order. Events come from JSON lines
# {"event": "NAME", "test": "..."} in any file of the results directory, from the test property
# "golden_event", or from printed lines "::golden event=NAME".
# [[golden_path]]
# name = "Checkout"
# events = ["cart_opened", "payment_taken", "receipt_sent"]
"""


RERUN_FILES = "rerun-*"
"""What the commands that are proposed here write into the results directory."""


def inferring() -> Rules:
    """The rules by which results are read of which nothing was decided yet."""
    return Rules(relations=(RelationRule((RERUN_FILES,), Relation.RERUN),))


def text(store: Store, facts: Facts, *, results: str, title: str) -> str:
    """The text of the file. `results`: the results directory, relative to where the file will lie."""
    parts = [_HEAD.format(title=_quoted(title), results=_quoted(results)), _COMPONENTS]
    parts += [_component(store, row.name) for row in facts.components if row.tally.tests]
    if not any(row.tally.tests for row in facts.components):
        parts.append('# [[component]]\n# name = "Core"\n# tests = ["tests/core/**"]\n')
    parts += [_golden_path(store), _REST, _rerun(store)]
    if any(len(store.group(source).runs) > 1 and _is_rerun(source) for source in store.tables):
        parts.append(_RERUNS.format(files=RERUN_FILES))
    return "".join(parts)


def _rerun(store: Store) -> str:
    """The command that fits whoever wrote the most results: a comment, as only the user knows it."""
    tables = sorted(store.tables.values(), key=lambda table: -len(table.tests))
    runner = Runner(tables[0].format, tables[0].producer) if tables else Runner("reportlog", "pytest")
    return _RERUN + "".join(f"# {line}\n" for line in example(runner))


def _is_rerun(source: str) -> bool:
    return PurePosixPath(source).match(RERUN_FILES)


def _component(store: Store, name: str) -> str:
    # Who runs tests again adds attempts, and no part of the whole.
    scopes = {key.scope for key in store.tests if store.component(key) == name}
    sources = sorted(source for scope in scopes for source in store.group(scope).runs[0])
    lines = ["", "[[component]]", f"name = {_quoted(name)}"]
    if len({key.scope for key in store.tests}) > 1:
        lines.append(f"sources = [{', '.join(map(_quoted, sources))}]")
    else:
        suites = name.replace("/", ".")
        lines.append(f"tests = [{_quoted(f'{name}/**')}, {_quoted(f'{suites}.*')}]")
    lines += ["# min_rate = 90.0", "# required = true           # must have run", ""]
    return "\n".join(lines)


def _golden_path(store: Store) -> str:
    """A path for each that the event logs name, its events in the order in which they first appear."""
    paths: dict[str, dict[str, None]] = {}
    for table in store.tables.values():
        for event in table.events:
            name = event.path or PurePosixPath(table.source).name.split(".", 1)[0]
            paths.setdefault(name, {})[event.name] = None
    if not paths:
        return _PATH_EXAMPLE
    found = ["\n# Golden paths, from the events that the results hold: check names and order.\n"]
    for name, events in paths.items():
        found.append(
            f"[[golden_path]]\nname = {_quoted(name)}\nevents = [{', '.join(map(_quoted, events))}]\n\n"
        )
    return "".join(found)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
