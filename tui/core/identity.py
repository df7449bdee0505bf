"""Names of tests: the runner's own id <-> the identity under which results of one test meet.

May import `core.model` only. A pytest run read as JUnit XML and as report log must give the same ids;
the report log says the node id, the XML only what pytest makes of it. So the identity is the XML's
form, made from a node id exactly as pytest makes it (`_pytest.junitxml.mangle_test_address`).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from tui.core.model import TestId
from tui.regex import regex

_PATH_LONGEST = 1000
_PYTHON_FILE = regex(r"\.py$")
_TEST_MODULE = regex(r"test_\w+|\w+_test")
_BARE_PATH = regex(r"[\w.@+-]+(?:/[\w.@+-]+)+")
_PHASE = regex(r" \((?:setup|call|teardown)\)$")


def from_node_id(node_id: str) -> TestId:
    """The identity of the pytest test (or collected module) `node_id`."""
    path, bracket, parameters = node_id.partition("[")
    names = path.split("::")
    names[0] = _PYTHON_FILE.sub("", names[0].replace("/", "."))
    names[-1] += bracket + parameters
    return TestId(".".join(names[:-1]), names[-1])


def node_id(suite: str, name: str, path: str | None = None) -> str:
    """The most likely pytest node id of what JUnit XML calls `suite` (classname) and `name`.

    `path` is the file where the XML names it (xunit1). Otherwise the last part of the class name that
    pytest's default `python_files` fits is the module; where none does, a part that begins with a capital
    letter starts the classes. A test without a class name is a module that could not be collected.
    """
    if not suite:
        return name.replace(".", "/") + ".py" if re.fullmatch(r"[\w.]+", name) else name
    if path:
        module = _PYTHON_FILE.sub("", path).replace("/", ".")
        classes = suite.removeprefix(module).strip(".").split(".") if suite != module else []
        return "::".join([path, *classes, name])
    return f"{_collector(suite)}::{name}"


@lru_cache(maxsize=1024)
def _collector(suite: str) -> str:
    """The file and the classes that `suite` stands for; a thousand tests of one class ask for the same."""
    parts = suite.split(".")
    first_class = len(parts)
    while first_class and not _TEST_MODULE.fullmatch(parts[first_class - 1]):
        first_class -= 1
    if not first_class:
        capitals = (i for i, part in enumerate(parts) if part[:1].isupper() and i)
        first_class = next(capitals, len(parts))
    return "::".join(["/".join(parts[:first_class]) + ".py", *parts[first_class:]])


def label(test: TestId) -> str:
    """How a test is called on screen where the runner's own id is not known."""
    return f"{test.suite}::{test.name}" if test.suite else test.name


def exact(label: str, test: TestId) -> str:
    """A test's label with its blanks as they are: a label has them folded, and an id is exact."""
    place, name = parted(label)
    if name == test.name or name != " ".join(test.name.split()) or "\n" in test.name:
        return label
    return f"{place}::{test.name}" if place else test.name


def within(path: Iterable[str], name: str) -> str:
    """`name` as the next part of `path`, which every test below it carries.

    What goes beyond a thousand characters is a digest there, so that a short file with one long name and
    many tests does not fill the memory.
    """
    room = max(_PATH_LONGEST - sum(map(len, path)), 0)
    if len(name) <= room:
        return name
    import hashlib  # noqa: PLC0415  # it loads OpenSSL, and names are hardly ever that long

    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return name if len(name) <= len(digest) else f"{name[:room]}…{digest}"


def joined(suites: Iterable[str], class_name: str) -> str:
    """The suite path of a class within `suites`, whose names are often that of the class."""
    path = within((), "/".join(suite for suite in suites if suite and suite != class_name))
    return "/".join(part for part in (path, class_name) if part)


def parted(label: str) -> tuple[str, str]:
    """Where a test stands, and its own name: parameters may hold anything, "::" too."""
    path, bracket, parameters = label.partition("[")
    place, separator, name = path.rpartition("::")
    return (place, name + bracket + parameters) if separator else ("", label)


def place_of(label: str) -> str:
    """Where a test stands; a label that is a path and nothing else is that of a whole file."""
    place = parted(label)[0]
    return label if not place and _BARE_PATH.fullmatch(label) else place


def readings(text: str) -> list[TestId]:
    """The identities that somebody who writes `text` for a test may mean, the likeliest first.

    pytest's own PYTEST_CURRENT_TEST has the phase behind the node id; Java's tools write Class#method.
    """
    text = _PHASE.sub("", text)
    found = [from_node_id(text)]
    suite, separator, name = text.rpartition("::")
    if separator:
        found.append(TestId(suite, name))
    for mark in ("/", ".", "#"):
        suite, separator, name = text.partition("[")[0].rpartition(mark)
        if separator:
            found.append(TestId(suite, text[len(suite) + 1 :]))
    found.append(TestId("", text))
    return found
