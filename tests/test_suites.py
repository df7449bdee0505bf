"""What a JUnit XML file keeps for all tests of a suite, and what it calls one in every run."""

from pathlib import Path

import pytest

from tests.building import loaded, only, read, records, store_of, written
from tui.core.model import Section, SharedFound
from tui.intake.sources import read_detail

BEGAN = "2026-01-13T10:00:00"
SUITE = (
    f'<testsuite name="org.acme.ATest" hostname="ci-7" timestamp="{BEGAN}" time="1.5">'
    '<properties><property name="os" value="linux"/><property name="os" value="again"/></properties>'
    '<testcase classname="org.acme.ATest" name="a"><system-out>of a alone</system-out></testcase>'
    "<system-out>of \x1b[31mall\x1b[0m</system-out><system-err>and errors</system-err></testsuite>"
)


def suite_of(root: Path, xml: str, name: str = "a") -> tuple[Section, ...]:
    store = loaded(written(root, {"r.xml": xml}))
    (result,) = [result for result in store.tests.values() if result.test.name == name]
    table = store.tables["r.xml"]
    spans = result.last.spans
    return read_detail(root / "r.xml", table.format, spans, table.shared_with(spans)).suite


def test_a_test_is_shown_what_its_suite_printed_and_where_it_ran(tmp_path: Path) -> None:
    assert suite_of(tmp_path, SUITE) == (
        Section(
            "suite", "name = org.acme.ATest\nhostname = ci-7\ntimestamp = 2026-01-13T10:00:00\ntime = 1.5"
        ),
        Section("suite properties", "os = linux\nos = again"),
        Section("suite stdout", "of \x1b[31mall\x1b[0m"),
        Section("suite stderr", "and errors"),
    )


def test_another_suite_of_the_file_has_nothing_to_do_with_it(tmp_path: Path) -> None:
    other = '<testsuite name="b"><testcase name="b"/><system-out>other</system-out></testsuite>'
    shown = suite_of(tmp_path, f"<testsuites>{SUITE}{other}</testsuites>", "b")
    assert shown == (Section("suite stdout", "other"),)


def test_an_outer_suite_speaks_of_the_tests_of_the_inner_ones_too(tmp_path: Path) -> None:
    inner = '<testsuite name="in"><testcase name="a"/><system-out>inner</system-out></testsuite>'
    xml = f'<testsuite name="out">{inner}<system-out>outer</system-out></testsuite>'
    assert suite_of(tmp_path, xml) == (Section("suite stdout", "inner\nouter"),)


def test_what_stood_there_before_the_file_was_cut_short_is_shown(tmp_path: Path) -> None:
    cut = SUITE.partition("<testcase")[0] + '<testcase classname="org.acme.ATest" name="a"/><testcase'
    assert [section.title for section in suite_of(tmp_path, cut)] == ["suite", "suite properties"]


def test_a_suite_costs_the_same_whatever_it_printed() -> None:
    big = SUITE.replace("and errors", "x" * 3_000_000)
    assert max(e.span.length for e in read(big) if isinstance(e, SharedFound)) <= 1024 * 1024


def test_what_is_left_out_of_a_long_output_is_said(tmp_path: Path) -> None:
    (errors,) = [
        s for s in suite_of(tmp_path, SUITE.replace("and errors", "x" * 2_000_000)) if "err" in s.title
    ]
    assert errors.text.endswith("x\n[... cut ...]")


def test_output_of_a_suite_is_not_taken_for_that_of_a_test() -> None:
    assert only(store_of({"r.xml": SUITE})).failures == ()


OF_XMLRUNNER = (
    'name="test_u.TestBasic-20261122082428" tests="1" file="t.py" time="1" timestamp="2026-11-22T08:24:30" '
    'failures="0" errors="0" skipped="0"'
)
OF_ANT = (
    'errors="0" failures="0" hostname="vm" id="0" name="TestBasic" package="test_u" skipped="0" tests="1" '
    'time="1" timestamp="2026-11-22T08:24:30"'
)
OF_ANYBODY = 'name="TestBasic-20261122082428"'


@pytest.mark.parametrize(
    ("suite", "expected"),
    [
        (OF_XMLRUNNER, "test_u.TestBasic"),
        (OF_ANT, "test_u.TestBasic"),
        (OF_ANYBODY, "TestBasic-20261122082428/test_u.TestBasic"),
    ],
)
def test_a_suite_is_called_the_same_in_every_run(suite: str, expected: str) -> None:
    xml = f'<testsuite {suite}><testcase classname="test_u.TestBasic" name="a"/></testsuite>'
    (found,) = records(read(xml))
    assert found.test.suite == expected
