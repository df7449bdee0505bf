"""Files of real producers, counted as their manifests say."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import ROOT, SHARED, counts, loaded

_FORMATS = (
    "allure",
    "ctrf",
    "gotest",
    "gtest",
    "junit",
    "libtest",
    "nunit",
    "reportlog",
    "tap",
    "trx",
    "xunit",
)
_COUNTS = ("tests", "passed", "failed", "errors", "skipped")

# Where the manifest, which counts elements, and TRUTH.md differ, TRUTH.md stands.
BY_TRUTH = {
    # A failure and an error in one element: failed, the error kept.
    "corpus/junit/EnricoMi-publish-unit-test-result-action__junit.multiresult.xml": "4/1/2/0/1",
    "corpus/junit/lukejpreston-xunit-viewer__test.xml": "19/15/2/1/1",
    # Control characters in it are repaired, not refused (TRUTH 3).
    "corpus/nunit/EnricoMi-publish-unit-test-result-action__NUnit-issue17521.xml": "2/1/0/0/1",
    # The runner's own word says of four of the failed that their setup failed: errors.
    "corpus/ctrf/gen-pytest__pytest902_example_scripts.ctrf.json": "96/79/11/4/2",
    # The nameless element of the test that was interrupted is no pass; in the log it is in flight.
    "dialects/pytest9-reportlog-sigint/junit.xml": "67/39/17/5/6",
    "dialects/pytest9-reportlog-sigint/log.jsonl": "68/39/17/6/6",
    # A package that failed without a failed test is one test in error.
    "corpus/gotest/derived__go-test-json_cut_midline.out": "31/20/1/8/2",
    "corpus/gotest/gotestyourself-gotestsum__go-test-build-failed.out": "1/0/0/1/0",
    "corpus/gotest/gotestyourself-gotestsum__go-test-json-panic-race-1.out": "2/1/0/1/0",
    "corpus/gotest/gotestyourself-gotestsum__go-test-json.out": "60/42/12/1/5",
    # A test that was planned and not seen is an error.
    "corpus/tap/tapjs-tapjs__giving-up.tap": "573/0/1/572/0",
    "corpus/tap/tapjs-tapjs__unfinished.tap": "5/2/0/3/0",
    # An unexpected pass is passed.
    "corpus/tap/tapjs-tapjs__combined.tap": "10/6/2/0/2",
}


def rows() -> Iterator[tuple[str, Path, set[str]]]:
    """Of each file that has counts: its name, where it is, and what may be counted."""
    for name in ("corpus", "dialects"):
        manifest = SHARED / name / "MANIFEST.csv"
        if not manifest.is_file():
            continue
        with manifest.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                path = f"{name}/{row['file']}"
                if row["format"] not in _FORMATS or not (row["tests"].strip() or path in BY_TRUTH):
                    continue
                yield path, SHARED / path, acceptable(path, row)


def acceptable(path: str, row: dict[str, str]) -> set[str]:
    """What may be counted, as "tests/passed/failed/errors/skipped"."""
    if path in BY_TRUTH:
        return {BY_TRUTH[path]}
    tests, passed, failed, errors, skipped = (int(row[column]) for column in _COUNTS)
    in_flight = tests - passed - failed - errors - skipped  # the run is over, so they are errors
    also = row.get("also_acceptable", "").replace(";", " ").split()
    return {
        f"{tests}/{passed}/{failed}/{errors + in_flight}/{skipped}",
        *(word for word in also if word.count("/") == len(_COUNTS) - 1),
    }


@pytest.mark.parametrize("path", BY_TRUTH)
def test_each_count_that_differs_is_argued_in_the_documentation(path: str) -> None:
    argued = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").partition("## Where the count")[2]
    name = path.rpartition("__")[2].rpartition("/")[2]
    assert f"{name}`" in argued.partition("\n## ")[0]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(
    "of_format", ["ctrf", "gotest", "gtest", "junit", "libtest", "nunit", "reportlog", "tap", "trx", "xunit"]
)
def test_the_report_of_a_directory_with_one_file_says_the_same(of_format: str, tmp_path: Path) -> None:
    of_it = ((path, expected) for name, path, expected in rows() if f"/{of_format}" in name)
    path, expected = next(of_it)
    shutil.copyfile(path, tmp_path / path.name)
    os.utime(tmp_path / path.name, (0, 0))
    command = [sys.executable, "-m", "tui", "report", str(tmp_path), "--format", "json"]
    report = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    for counted in (report["overall"], report["sources"][0]):
        assert "/".join(str(counted[column]) for column in _COUNTS) in expected


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(
    ("path", "expected"), [pytest.param(path, expected, id=name) for name, path, expected in rows()]
)
def test_a_real_file_is_counted_as_its_manifest_says(path: Path, expected: set[str], tmp_path: Path) -> None:
    shutil.copyfile(path, tmp_path / path.name)
    store = loaded(tmp_path)
    assert "/".join(map(str, counts(store.overall))) in expected
    assert set(store.tables) == {path.name}
