"""Results are data from outside: nothing in them escapes, hangs, or is silently passed over."""

import os
import subprocess
import sys
import tempfile
import unicodedata
from itertools import takewhile
from pathlib import Path

import pytest

from tests.building import (
    LONG_AFTER,
    ROOT,
    SHARED,
    case,
    counts,
    event_log,
    failure,
    loaded,
    only,
    other_xml,
    outcomes,
    phases,
    pytest_xml,
    report_log,
    written,
)
from tui.core.facts import gather
from tui.core.model import SourceState
from tui.core.store import Store

XML = pytest_xml(case("a"))
ATTACKS = SHARED / "corpus" / "attacks"
FILES = (
    sorted(p for p in ATTACKS.glob("*") if p.suffix in (".xml", ".json", ".jsonl", ".tap", ".trx"))
    if ATTACKS.is_dir()
    else []
)
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def says_something(store: Store, name: str) -> bool:
    """Whether `name` is a source with tests or events, or with a reason, or set aside with one."""
    table = store.tables.get(name)
    if table is None:
        return bool(dict(store.directory.others)[name])
    return bool(table.tests or table.events or table.reason)


def is_safe(text: str) -> bool:
    return all(each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs") for each in text)


@pytest.mark.parametrize(
    ("doctype", "refused"),
    [
        (f'<!DOCTYPE t [<!ENTITY e0 "ha">{BOMB}]>', True),
        ('<!DOCTYPE t [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>', True),
        ('<!DOCTYPE t [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]>', True),
        ('<!DOCTYPE t SYSTEM "http://192.0.2.1/x.dtd">', False),
    ],
)
def test_no_entity_is_expanded_and_nothing_external_followed(
    doctype: str, *, refused: bool, tmp_path: Path
) -> None:
    text = '<?xml version="1.0"?>' + doctype + other_xml(case("a", failure(text="&e9;" if refused else "")))
    table = loaded(written(tmp_path, {"a.xml": text})).tables["a.xml"]
    assert (table.state is SourceState.UNREADABLE) is refused
    assert ("declares the entity" in table.reason) is refused
    assert table.tally.tests == (not refused)


@pytest.mark.parametrize("where", ["suite", "case"])
def test_depth_is_bounded(where: str, tmp_path: Path) -> None:
    deep = "<testsuite>" * 100_000 if where == "suite" else f'<testsuite><testcase name="a">{"<x>" * 100_000}'
    table = loaded(written(tmp_path, {"a.xml": deep})).tables["a.xml"]
    assert (table.state, table.reason) == (
        SourceState.UNREADABLE,
        "refused at line 1: elements nested deeper than 500",
    )


def test_a_case_that_never_ends_for_depth_is_no_pass(tmp_path: Path) -> None:
    text = f'<testsuite><testcase name="a">{"<x>" * 1000}'
    assert counts(loaded(written(tmp_path, {"a.xml": text})).overall) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 8,
        b"PK\x03\x04" + b"\x00" * 100,
        b"\x1f\x8b\x08" + b"\xff" * 100,
        b"\x00" * 5000,
        b"\xff" * 5000,
        b"\xff\xfe",
        b"<",
        b"<testsuite",
        b"<testsuite>" + b"\xff\xfe\x00" * 50,
        b"\xef\xbb\xbf",
        b"{" * 100_000,
        b'{"$report_type": "' + b"x" * 100_000,
        b'{"event": "' + b"\xff" * 1000,
    ],
    ids=range(13),
)
@pytest.mark.parametrize("name", ["a.xml", "a.json", "a.jsonl"])
def test_garbage_is_a_source_that_says_what_is_wrong(name: str, data: bytes, tmp_path: Path) -> None:
    store = loaded(written(tmp_path, {name: data, "good.xml": XML}))
    assert says_something(store, name)
    assert store.tables["good.xml"].tally.passed == 1
    assert store.tables[name].state in (SourceState.UNREADABLE, SourceState.CUT_SHORT)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_fault(encoding: str, tmp_path: Path) -> None:
    data = XML.replace('encoding="utf-8"', "").encode(encoding)
    assert counts(loaded(written(tmp_path, {"a.xml": data})).overall) == (1, 1, 0, 0, 0)


def test_an_attribute_of_megabytes_is_read_and_its_message_bounded(tmp_path: Path) -> None:
    text = other_xml(case("a", failure("x" * 4_000_000)))
    found = only(loaded(written(tmp_path, {"a.xml": text}))).failure
    assert found is not None
    assert len(found.message) < 2000


@pytest.mark.parametrize(
    "name",
    ["[red]x[/red]", "test_x[/foo]", "[@click=app.quit]x[/]", "{0}", "%s%n", "../../etc/passwd", "--help"],
)
def test_a_name_that_means_something_elsewhere_is_only_a_name(name: str, tmp_path: Path) -> None:
    store = loaded(
        written(tmp_path, {"a.xml": other_xml(case(name)), "r.jsonl": report_log(*phases(f"t.py::{name}"))})
    )
    assert {result.test.name for result in store.tests.values()} == {name}


def test_no_control_sequence_comes_through_from_any_format(tmp_path: Path) -> None:
    hostile = "\x1b]0;x\x07\x9b2J\u202e"
    inner = (
        failure(text="\x9b2J\u202e", message="\u202ex") + "<system-out>::golden event=a\u202eb</system-out>"
    )
    files = {
        "a.xml": other_xml(case("\u202e\x9bx", inner), name="\x9d0;t\x9c", header='hostname="\u202e"'),
        "r.jsonl": report_log(
            *phases(f"t.py::{hostile}", call="failed", longrepr=hostile, worker_id=hostile)
        ),
        "e.jsonl": event_log({"event": hostile + "x", "test": hostile, "path": hostile, hostile: hostile}),
        "x.json": f'{{"{hostile}',
    }
    store = loaded(written(tmp_path, files))
    facts = gather(store, LONG_AFTER)
    shown: list[object] = [
        facts.notes,
        [row.problems for row in facts.sources],
        [row.producer for row in facts.sources],
    ]
    shown += [list(store.tests.items()), [table.events for table in store.tables.values()], facts.causes]
    for said in map(str, shown):
        # A repr escapes what is not printable: nothing of the kind may stand behind it.
        assert not any(f"\\x{code:02x}" in said for code in (*range(9), *range(11, 32), *range(127, 160)))
        assert "\\u202e" not in said
        assert is_safe(said)


def test_a_lone_surrogate_in_json_can_be_written_out(tmp_path: Path) -> None:
    text = report_log(*phases("t.py::a\ud800", call="failed", longrepr="x\udfff")) + '{"odd": "\\ud800"}\n'
    store = loaded(written(tmp_path, {"r.jsonl": text, "e.jsonl": event_log({"event": "e\ud800"})}))
    assert str([*store.tests.items(), *store.tables["e.jsonl"].events]).encode("utf-8")


# --- the file system -----------------------------------------------------------------------------------


def test_what_is_no_regular_file_is_named_and_not_opened(tmp_path: Path) -> None:
    root = written(tmp_path / "results", {"a.xml": XML, "folder.xml/inner.xml": pytest_xml(case("b"))})
    outside = written(tmp_path / "outside", {"secret.xml": XML})
    os.mkfifo(root / "pipe.xml")
    (root / "out.xml").symlink_to(outside / "secret.xml")
    (root / "zero.xml").symlink_to("/dev/zero")
    (root / "loop.xml").symlink_to("loop.xml")
    (root / "up.xml").symlink_to(root)
    (root / "dangling.xml").symlink_to(root / "nowhere.xml")
    store = loaded(root)
    others = dict(store.directory.others)
    assert sorted(store.tables) == ["a.xml", "folder.xml/inner.xml"]
    assert others["pipe.xml"] == "not a regular file: not opened"
    assert others["out.xml"] == others["zero.xml"] == "a link that leaves the directory: not followed"
    assert set(others) == {"pipe.xml", "out.xml", "zero.xml", "loop.xml", "up.xml", "dangling.xml"}


def test_a_file_name_may_hold_any_byte(tmp_path: Path) -> None:
    for name in (b"\xff\xfe.xml", b"new\nline.xml", b"esc\x1b[2J.xml", "é \u202e.xml".encode()):
        written(tmp_path, {os.fsdecode(name): XML})
    store = loaded(tmp_path)
    assert store.overall.tests == 4
    assert all(is_safe(name) and "\n" not in name for name in store.tables)
    assert "\\xff\\xfe.xml" in store.tables


def test_two_files_that_would_be_called_the_same_are_both_accounted_for(tmp_path: Path) -> None:
    written(tmp_path, {"a  b.xml": XML, "a b.xml": pytest_xml(case("other"))})
    store = loaded(tmp_path)
    assert len(store.tables) + len(store.directory.others) == 2


_UNREADABLE = """
import os, sys
from itertools import takewhile
from pathlib import Path
from tui.config import Config
from tui.load import load
from tui.readers import formats
readers = [formats.BY_NAME[name] for name in formats.BY_NAME]  # of a Python that others may not read
root = Path(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
store = load(root, Config(), now=lambda: 4e9)
for name, table in sorted(store.tables.items()):
    print(name, table.state, table.reason)
for name, reason in store.directory.others:
    print(name, reason)
"""


def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    root = written(tmp_path / "r", {"a.xml": XML, "b.xml": XML, "c/d.xml": XML})
    outside = Path(tempfile.gettempdir())
    for folder in (root, *takewhile(lambda folder: folder != outside, root.parents)):
        folder.chmod(0o755)
    (root / "b.xml").chmod(0)
    (root / "c").chmod(0)
    command = [sys.executable, "-c", _UNREADABLE, str(root)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    (root / "c").chmod(0o755)
    assert done.stdout.splitlines() == [
        "a.xml complete ",
        "b.xml unreadable cannot be read: Permission denied",
        "c folder not read: Permission denied",
    ], done.stderr


# --- the attacks that others collected --------------------------------------------------------------------


@pytest.mark.skipif(not FILES, reason="the collection is not here")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_attack_is_read_or_refused_with_a_reason(path: Path, tmp_path: Path) -> None:
    store = loaded(written(tmp_path, {path.name: path.read_bytes(), "good.xml": XML}))
    assert says_something(store, path.name)
    assert outcomes(store)["tests/test_a.py::a"] == "passed"
    assert all(is_safe(result.label) for result in store.tests.values())
    assert gather(store, LONG_AFTER).overall.tally.duration < float("inf")
