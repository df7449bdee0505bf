"""Who wrote a JUnit XML file, and what its escapes stand for.

A producer is told by the names and the order that it gives its attributes. What each does differently,
and the source of that, stands in docs/formats.md. May import `regex`. Invariant: naming a
producer changes what is shown; only those in `MERGING` (TRUTH 1) change what is counted.
"""

import re
from collections.abc import Mapping, Sequence

from tui.regex import regex

PYTEST = "pytest"
GOTESTSUM = "gotestsum"
NODE = "node:test"
CATCH2 = "Catch2"
CTEST = "CTest"
JUNIT5 = "JUnit 5"
ANT = "Ant"
GOOGLETEST = "GoogleTest"
XMLRUNNER = "unittest-xml-reporting"

MERGING = frozenset({PYTEST, GOTESTSUM})
"""Whose records of one name in one file are attempts of one test."""

EARLIER = ("rerunFailure", "rerunError", "flakyFailure", "flakyError")
"""The elements that tell of an attempt before the last."""

PHASE = regex(r'failed on (setup|teardown) with "(.*?)"?$', re.DOTALL)
"""How pytest says in which phase an error happened."""

_BY_NAME = tuple(
    (tag, regex(name), producer)
    for tag, name, producer in (
        ("testsuites", "pytest tests", PYTEST),
        ("testsuite", "pytest", PYTEST),
        ("testsuites", "jest tests", "jest-junit"),
        ("testsuites", "vitest tests", "Vitest"),
        ("testsuites", "Mocha Tests", "Mocha"),
        ("testsuite", "Mocha Tests", "Mocha"),
        ("testsuites", "nextest-run", "cargo nextest"),
        ("testsuites", "AllTests", GOOGLETEST),
        ("testsuites", "bun test", "Bun"),
        ("testsuites", "deno test", "Deno"),
        ("testsuites", "ruff", "Ruff"),
        ("testsuite", "mypy", "mypy"),
        ("testsuite", "JUnit (?:Jupiter|Vintage|Platform.*)", JUNIT5),
        ("testsuite", r"rspec\d*", "RSpec"),
        ("testsuite", "minitest", "minitest"),
        ("testsuite", "nose2-junit", "nose2"),
        ("testsuite", r".*\.bats", "Bats"),
        ("testsuite", r"Elixir\..*", "ExUnit"),
        ("testsuite", r".*\.dll", ".NET"),
    )
)
# The attributes of an element of that kind, in the producer's order.
_BY_ORDER = {
    # pytest writes these whatever the suite is called (junit_suite_name).
    ("testsuite", "name errors failures skipped tests time timestamp hostname"): PYTEST,
    ("testsuite", "tests failures time name timestamp"): GOTESTSUM,
    ("testsuite", "name tests skipped failures errors timestamp hostname time"): "Gradle",
    ("testsuite", "failures time errors skipped tests name"): "Maven Surefire",
    ("testsuite", "name tests failures disabled skipped hostname time timestamp"): CTEST,
    ("testsuite", "tests skipped errors failures id name"): "Boost.Test",
    ("testsuite", "tests skipped errors failures id name time"): "Boost.Test",
    ("testsuite", "tests failures errors skipped time name"): "EUnit",
    ("testsuite", "name tests errors failures skipped time timestamp"): "Robot Framework",
    ("testsuite", "name tests file time timestamp failures errors skipped"): XMLRUNNER,
    ("testsuites", "id name tests failures skipped errors time"): "Playwright",
    ("testcase", "classname name status time"): "behave",
    ("testcase", "name status duration time"): "Bazel",
}
_OF_ANT = {"errors", "failures", "hostname", "id", "name", "package", "skipped", "tests", "time", "timestamp"}

_OF_PYTEST = regex(r"#x([0-9A-F]{2,4})")
_OF_CTEST = regex(r"\[NON-(?:XML-CHAR|UTF-8-BYTE)-0x([0-9A-F]{1,4})\]")
_OF_CATCH2 = regex(r"\\x([01][0-9A-F])")
_OF_JUNIT5 = regex(r"&#(\d{1,2});")
_MOMENT_OF_XMLRUNNER = regex(r"-\d{14}$")
_COLOUR_OF_CATCH2 = regex(r"\\x(1B)(?=\[[\d;]*m)")


def told_by(tag: str, attributes: Mapping[str, str], parents: Sequence[str]) -> str:
    """Who writes a `tag` with `attributes` below `parents`; empty where nobody can tell."""
    name = attributes.get("name", "")
    for kind, pattern, producer in _BY_NAME:
        if kind == tag and pattern.fullmatch(name):
            return producer
    producer = _BY_ORDER.get((tag, " ".join(attributes)), "")
    if producer:
        return producer
    if tag == "testcase":
        return _by_case(attributes, parents)
    return _by_suite(attributes) if tag == "testsuite" else ""


def _by_case(attributes: Mapping[str, str], parents: Sequence[str]) -> str:
    if list(parents) == ["testsuites"] and attributes.get("classname") in ("test", "suite"):
        return NODE
    return "Common Test" if "log" in attributes else ""


def _by_suite(attributes: Mapping[str, str]) -> str:
    if any("surefire-test-report" in value for value in attributes.values()):
        return "Maven Surefire"
    if attributes.get("hostname") == "tbd":
        return CATCH2
    if "assertions" in attributes:
        return "minitest" if "filepath" in attributes else "PHPUnit"
    names = list(attributes)
    if {"hostname", "timestamp"} <= set(names) <= _OF_ANT and names == sorted(names):
        return ANT
    return ""


def suite_name(attributes: Mapping[str, str], producer: str) -> str:
    """What `producer` calls a suite in every run and every file of it."""
    name = attributes.get("name", "")
    if producer == ANT and attributes.get("package"):
        return f"{attributes['package']}.{name}"  # in the file of one class it has one name
    if producer == XMLRUNNER:
        return _MOMENT_OF_XMLRUNNER.sub("", name)
    return name


def unescaped(text: str, producer: str) -> str:
    """`text` with what `producer` writes for a character that XML does not allow turned back."""
    if producer == PYTEST:
        return _OF_PYTEST.sub(_character, text) if "#" in text else text
    if producer == CTEST and "[NON-" in text:
        return _OF_CTEST.sub(_character, text)
    if producer == CATCH2 and "\\x" in text:
        return _OF_CATCH2.sub(_character, text)
    if producer == JUNIT5 and "&#" in text:
        return _OF_JUNIT5.sub(lambda found: chr(int(found[1])), text)
    if producer == NODE:
        return text.replace("&quot;", '"')  # it escapes the quotes of an attribute twice
    return text


def unescaped_by_anyone(text: str) -> str:
    """The same for a piece of a file whose producer is not at hand: what can only be meant so."""
    if text.lstrip().startswith("FAILED:"):  # so begin the texts of Catch2
        text = _COLOUR_OF_CATCH2.sub(_character, text)
    return unescaped(unescaped(text, PYTEST), CTEST)


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "\N{REPLACEMENT CHARACTER}" if "BYTE" in found[0] else chr(code)
