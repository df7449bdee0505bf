"""Files of real producers, counted as their manifests say."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.building import SHARED, counts, loaded

_FORMATS = ("junit", "reportlog")
_COUNTS = ("tests", "passed", "failed", "errors", "skipped")

_ILL_FORMED = "ill-formed XML is not repaired yet"
NOT_YET = {
    "corpus/junit/EnricoMi-publish-unit-test-result-action__corrupt-xml.xml": _ILL_FORMED,
    "corpus/junit/mikepenz-action-junit-report__junit-web-test__expected.xml": _ILL_FORMED,
    "corpus/junit/lukejpreston-xunit-viewer__utf-16.xml": "a wrong label wins over the byte order mark",
    "corpus/junit/mikepenz-action-junit-report__report.xml": "attempts and repeats are not told apart",
    "dialects/bats-junit/junit.xml": _ILL_FORMED,
    "dialects/bats-report/report.xml": _ILL_FORMED,
    "dialects/gtest-xml/r.xml": _ILL_FORMED,
    "dialects/node-test-junit/junit.xml": _ILL_FORMED,
    "dialects/node-test-junit-single/junit.xml": _ILL_FORMED,
}
# Where the manifest, which counts elements, and TRUTH.md differ, TRUTH.md stands.
BY_TRUTH = {
    # A failure and an error in one element: failed, the error kept.
    "corpus/junit/EnricoMi-publish-unit-test-result-action__junit.multiresult.xml": "4/1/2/0/1",
    "corpus/junit/lukejpreston-xunit-viewer__test.xml": "19/15/2/1/1",
    # The nameless element of the test that was interrupted is no pass; in the log it is in flight.
    "dialects/pytest9-reportlog-sigint/junit.xml": "67/39/17/5/6",
    "dialects/pytest9-reportlog-sigint/log.jsonl": "68/39/17/6/6",
}


def rows() -> Iterator[ParameterSet]:
    for name in ("corpus", "dialects"):
        manifest = SHARED / name / "MANIFEST.csv"
        if not manifest.is_file():
            continue
        with manifest.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["format"] not in _FORMATS or not row["tests"].strip():
                    continue
                path = f"{name}/{row['file']}"
                marks = [pytest.mark.xfail(reason=NOT_YET[path], strict=True)] if path in NOT_YET else []
                yield pytest.param(SHARED / path, acceptable(path, row), id=path, marks=marks)


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


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(("path", "expected"), list(rows()))
def test_a_real_file_is_counted_as_its_manifest_says(path: Path, expected: set[str], tmp_path: Path) -> None:
    shutil.copyfile(path, tmp_path / path.name)
    store = loaded(tmp_path)
    assert "/".join(map(str, counts(store.overall))) in expected
    assert set(store.tables) == {path.name}
