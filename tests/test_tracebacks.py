"""What is read out of the text of a failure: exceptions, frames, what is the project's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.tracebacks.frames import Frame, Link, Part, Raised
from tui.core.tracebacks.reading import read

APP = """\
import json


class StoreError(Exception):
    pass


def load(raw):
    try:
        return json.loads(raw)
    except ValueError as error:
        raise StoreError(f"cannot load {raw!r}") from error


def cleanup(raw):
    try:
        return load(raw)
    except StoreError:
        return {}["fallback"]
"""
TESTS = """\
from app import cleanup, load


def test_chain():
    cleanup("{nope")


def test_diff():
    assert "the quick brown fox\\n" == "the quick brown fix\\n"


def test_deep():
    def call(n):
        if n == 0:
            raise ValueError("bottom")
        call(n - 1)
    call(12)


def test_group():
    raise ExceptionGroup("several", [ValueError(1), TypeError("t")])
"""
RUNS = """
import sys, pytest
for style in sys.argv[1:]:
    pytest.main(["-q", "-p", "no:cacheprovider", f"--tb={style}", f"--junitxml={style}.xml"])
"""
STYLES = ("long", "short", "auto", "native", "line")
Texts = dict[str, str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Texts]:
    """What pytest itself writes of four failing tests, in each of its styles."""
    home = tmp_path_factory.mktemp("project")
    (home / "app.py").write_text(APP)
    (home / "test_app.py").write_text(TESTS)
    subprocess.run(
        [sys.executable, "-c", RUNS, *STYLES],
        cwd=home,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return {style: dict(_failures(home / f"{style}.xml")) for style in STYLES}


def _failures(path: Path) -> Iterator[tuple[str, str]]:
    for case in ET.parse(path).iter("testcase"):  # noqa: S314  # pytest wrote it just now
        yield case.get("name", ""), case.findtext("failure") or ""


def own(raised: Raised) -> list[Frame]:
    return [frame for frame in raised.frames if not frame.is_library]


@pytest.mark.parametrize("style", STYLES)
def test_the_exception_that_failed_the_test_comes_first_and_the_root_of_all_last(
    style: str, written: dict[str, Texts]
) -> None:
    raised = read(written[style]["test_chain"])
    assert [one.headline.partition(":")[0] for one in raised] == [
        "KeyError",
        "app.StoreError",
        "json.decoder.JSONDecodeError",
    ]
    assert [one.link for one in raised] == [None, Link.WHILE_HANDLING, Link.CAUSED_BY]


@pytest.mark.parametrize("style", ["long", "short", "auto", "native"])
def test_own_frames_are_told_from_those_of_the_library(style: str, written: dict[str, Texts]) -> None:
    first, second, root = read(written[style]["test_chain"])
    assert [frame.function for frame in own(first)] == ["test_chain", "cleanup"]
    assert [frame.function for frame in own(second)] == ["cleanup", "load"]
    assert [frame.function for frame in own(root)] == ["load"]
    assert [frame.function for frame in root.frames[-3:]] == ["loads", "decode", "raw_decode"]
    place = own(first)[-1].place
    assert place is not None
    assert (Path(place.path).name, place.line) == ("app.py", 19)


@pytest.mark.parametrize("style", ["long", "short", "auto", "native"])
def test_the_failing_line_is_marked(style: str, written: dict[str, Texts]) -> None:
    first = read(written[style]["test_chain"])[0]
    assert [frame.failing.strip() for frame in own(first)] == ['cleanup("{nope")', 'return {}["fallback"]']


def test_lines_of_source_have_the_numbers_of_their_file(written: dict[str, Texts]) -> None:
    frame = own(read(written["long"]["test_chain"])[0])[-1]
    source = [line.text for line in frame.lines if line.part in (Part.CODE, Part.FAILING)]
    assert frame.first_number is not None
    lines = APP.splitlines()
    for number, text in enumerate(source, frame.first_number):
        assert lines[number - 1] == text


def test_values_and_carets_are_told_from_source(written: dict[str, Texts]) -> None:
    frame = own(read(written["long"]["test_chain"])[0])[-1]
    parts = {line.part: line.text.strip() for line in frame.lines}
    assert parts[Part.VALUE] == "raw = '{nope'"
    assert set(parts.get(Part.CARET, "^")) == {"^"}  # older interpreters have none


@pytest.mark.parametrize("style", STYLES)
def test_a_diff_belongs_to_what_the_exception_says(style: str, written: dict[str, Texts]) -> None:
    (one,) = read(written[style]["test_diff"])
    told = [line.strip() for line in one.error]
    assert told[0].startswith("AssertionError: assert 'the quick brown fox")
    assert "- the quick brown fix" in told
    assert "+ the quick brown fox" in told


@pytest.mark.parametrize("style", STYLES)
def test_a_group_is_followed_by_its_members(style: str, written: dict[str, Texts]) -> None:
    group, *members = read(written[style]["test_group"])
    assert group.headline.endswith("ExceptionGroup: several (2 sub-exceptions)")
    assert [one.headline for one in members] == ["ValueError: 1", "TypeError: t"]
    assert {one.link for one in members} == {Link.MEMBER}


def test_calls_that_python_counts_are_kept_as_a_note(written: dict[str, Texts]) -> None:
    (one,) = read(written["native"]["test_deep"])
    notes = [line.text for frame in one.frames for line in frame.lines if line.part is Part.NOTE]
    assert notes == ["[Previous line repeated 9 more times]"]


def test_a_module_that_cannot_be_imported_keeps_what_pytest_says_of_it() -> None:
    (one,) = read(
        "ImportError while importing test module '/srv/app/tests/test_a.py'.\n"
        "Hint: make sure your test modules/packages have valid Python names.\n"
        "Traceback:\n"
        "/usr/lib/python3.11/importlib/__init__.py:126: in import_module\n"
        "    return _bootstrap._gcd_import(name[level:], package, level)\n"
        "tests/test_a.py:1: in <module>\n"
        "    import nope\n"
        "E   ModuleNotFoundError: No module named 'nope'"
    )
    assert one.headline == "ModuleNotFoundError: No module named 'nope'"
    assert "Hint: make sure your test modules/packages have valid Python names." in one.error
    assert [frame.is_library for frame in one.frames] == [True, False]


JAVA = """\
java.lang.IllegalStateException: cannot start
\tat com.example.Service.start(Service.java:41)
\tat com.example.ServiceTest.starts(ServiceTest.java:12)
\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)
\tat org.junit.runners.ParentRunner.run(ParentRunner.java:413)
Caused by: java.net.ConnectException: refused
\tat com.example.Pool.open(Pool.java:7)
\t... 23 more
"""
JEST = """\
Error: expect(received).toEqual(expected) // deep equality

- Expected  - 1
+ Received  + 1

-   4,
+   3,
    at Object.toEqual (/srv/app/a.test.js:3:138)
    at new Promise (<anonymous>)
    at callAsyncCircusFn (/srv/app/node_modules/jest-circus/build/init.js:1774:10)
    at processTicksAndRejections (node:internal/process/task_queues:95:5)
"""
VITEST = """\
TypeError: boom
 \u276f load src/a.ts:4:77
 \u276f vt/a.test.ts:9:3
 \u276f node_modules/vitest/dist/runner.js:1:1
"""
RUST = """\
thread 'tests::fails' panicked at src/lib.rs:18:136:
assertion `left == right` failed
  left: 1
 right: 2
stack backtrace:
   0: __rustc::rust_begin_unwind
             at /rustc/5980/library/std/src/panicking.rs:689:5
   1: dial::tests::fails
             at ./src/lib.rs:18:136
   2: core::ops::function::FnOnce::call_once
             at /rustc/5980/library/core/src/ops/function.rs:250:5
"""
GO = """\
panic: boom

goroutine 7 [running]:
testing.tRunner.func1.2({0x1, 0x2})
\t/usr/local/go/src/testing/testing.go:1632 +0x230
example.com/dial/a.Load(0x0)
\t/srv/app/a/a.go:12 +0x1d
example.com/dial/a.TestLoad(0xc0)
\t/srv/app/a/a_test.go:5 +0x1d
created by testing.(*T).Run in goroutine 1
\t/usr/local/go/src/testing/testing.go:1743 +0x390
"""
DOTNET = """\
System.InvalidOperationException : boom
   at App.Pool.Open(String name) in /srv/app/Pool.cs:line 7
   at System.RuntimeMethodHandle.InvokeMethod(Object target)
"""
PHP = """\
ATest::testA
Failed asserting that 4 is identical to 3.

/srv/app/tests/ATest.php:5
/srv/app/vendor/phpunit/phpunit/src/Framework/TestCase.php:1"""
RUBY = """\
Expected: 3
  Actual: 4
    test/a_test.rb:5:in 'ATest#test_a'
    /usr/lib/ruby/gems/minitest.rb:9:in `run'"""


@pytest.mark.parametrize(
    ("text", "headline", "places", "libraries"),
    [
        (JEST, "Error: expect(received)", ["/srv/app/a.test.js:3"], 3),
        (VITEST, "TypeError: boom", ["src/a.ts:4", "vt/a.test.ts:9"], 1),
        (RUST, "thread 'tests::fails' panicked", ["./src/lib.rs:18"], 2),
        (GO, "panic: boom", ["/srv/app/a/a.go:12", "/srv/app/a/a_test.go:5"], 2),
        (DOTNET, "System.InvalidOperationException", ["/srv/app/Pool.cs:7"], 1),
        (PHP, "ATest::testA", ["/srv/app/tests/ATest.php:5"], 1),
        (RUBY, "Expected: 3", ["test/a_test.rb:5"], 1),
    ],
    ids=["jest", "vitest", "rust", "go", "dotnet", "php", "ruby"],
)
def test_a_stack_has_its_own_frames_and_those_of_libraries(
    text: str, headline: str, places: list[str], libraries: int
) -> None:
    (one,) = read(text)
    assert one.headline.startswith(headline)
    assert [str(frame.place) for frame in own(one)] == places
    assert len(one.frames) - len(own(one)) == libraries
    assert one.innermost_first


def test_a_java_exception_is_followed_by_its_cause() -> None:
    first, cause = read(JAVA)
    assert first.headline == "java.lang.IllegalStateException: cannot start"
    assert (cause.headline, cause.link) == ("java.net.ConnectException: refused", Link.CAUSED_BY)
    assert [str(frame.place) for frame in own(first)] == ["Service.java:41", "ServiceTest.java:12"]
    assert cause.frames[-1].stated == "... 23 more"


def test_a_text_that_is_no_traceback_is_kept_as_it_is() -> None:
    text = "ok 1\nnot ok 2 - fails\n  got: 3\n  want: 4"
    (one,) = read(text)
    assert one == Raised(tuple(text.split("\n")), innermost_first=True)


@pytest.mark.parametrize(
    "path",
    [
        "/srv/app/.venv/lib/python3.12/site-packages/pluggy/_hooks.py",
        "C:\\Python312\\Lib\\json\\decoder.py",
        "C:\\app\\venv\\Lib\\site-packages\\pluggy\\_hooks.py",
        "node_modules/jest/build/a.js",
        "/usr/lib/python3/dist-packages/yaml/__init__.py",
        "<frozen importlib._bootstrap>",
        "/home/ana/go/pkg/mod/github.com/stretchr/testify/assert.go",
    ],
)
def test_a_library_is_known_by_its_path(path: str) -> None:
    text = f'Traceback (most recent call last):\n  File "{path}", line 3, in f\n    g()\nValueError: x'
    (one,) = read(text)
    assert one.frames[0].is_library


LINES = st.sampled_from(
    [
        *(JAVA + JEST + VITEST + RUST + GO + DOTNET + PHP + RUBY).split("\n"),
        "    def test_a(tmp_path):",
        ">       assert one() == 2",
        "               ^^^^^",
        "E       assert 1 == 2",
        "E        +  where 1 = one()",
        "tmp_path = PosixPath('/srv')",
        "tests/test_a.py:3: AssertionError",
        "tests/test_a.py:3: ",
        "tests/test_a.py:7: in test_a",
        '  File "tests/test_a.py", line 3, in test_a',
        "    one()",
        "_ _ _ _ _ _ _ _ _ _ _ _",
        "  | ValueError: 1",
        "    +---------------- 2 ----------------",
        "  + Exception Group Traceback (most recent call last):",
        "During handling of the above exception, another exception occurred:",
        "",
        "some words",
    ]
)
SIGNS = (
    ("E ", "> ", "| ", "File ", "Caused by: ", "Suppressed: ", "at "),
    ("_ _ _", "stack backtrace:", "During handling", "+ Exception Group", "+------", "+-+--"),
)


@given(st.lists(LINES, max_size=30))
def test_nothing_that_a_text_says_is_lost(lines: list[str]) -> None:
    kept = ""
    for one in read("\n".join(lines)):
        kept += "\n".join(one.error)
        for frame in one.frames:
            kept += f"\n{frame.place}\n{frame.function}\n{frame.stated}\n"
            kept += "\n".join(line.text for line in frame.lines)
    for line in lines:
        said = line.strip()
        if said.startswith(SIGNS[1]):
            continue
        while said.startswith(SIGNS[0]):
            said = next(said.removeprefix(sign).strip() for sign in SIGNS[0] if said.startswith(sign))
        for word in said.replace('"', " ").replace(",", " ").split():
            found = word.rstrip(":") in kept or word.rpartition(":")[0].rstrip(":0123456789") in kept
            assert found or word in ("line", "in"), (word, line)
