"""The text of a failure -> the project's own frames, and what began it.

May import `core.model` and `text`. Pure. Frames come innermost first, those of libraries, of the language and
of test runners left out, recursion folded; they have no line numbers, since those move with every edit.
Of a chain of exceptions the root is read: the one that the others came from. Reads what is printed by
pytest (long, short, native and line tracebacks), the JVM, .NET, JavaScript, Go, Rust, PHP, Ruby, Perl,
and C and C++ test frameworks.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from tui.core.model import Failure, Frame, Stack
from tui.regex import regex
from tui.text import one_line, plain

_FRAMES = 4
_NOTHING = Stack()
# No call takes a line of that length; the patterns below would take its square in time.
_LONGEST_LINE = 600

# --- what is not the project's own ------------------------------------------------------------------

_FOREIGN_PATH = regex(
    r"(?:^|/)(?:site-packages|dist-packages|lib/python\d|node_modules|vendor|\.cargo|rustc|gems|"
    r"ruby/\d|go/pkg/mod|usr/(?:include|lib|local/go)|_pytest|pluggy|googletest|gtest)(?:/|$|[\d.]+/)"
    r"|^(?:node:|internal/|<frozen |<string>|<stdin>|bun:|deno:|ext:)"
    r"|/src/(?:runtime|testing|reflect|sync|time|internal)/[^/]+\.go$|_testmain\.go$"
    r"|(?:^|/)library/(?:std|core|alloc|test)/src/"
)
_FOREIGN_OWNER = regex(
    r"(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|org\.(?:junit|hamcrest|assertj|mockito|"
    r"opentest4j|testng|gradle|codehaus|apache\.maven|scalatest|jetbrains)|junit|worker|System|Microsoft|"
    r"NUnit|Xunit|MSTest|FluentAssertions|Shouldly|Moq|std|core|alloc|test|__rustc)(?=[.:]|$)"
)
_GENERATED = regex(
    r"::h[0-9a-f]{16}$|(?:::\{\{closure\}\})+$|(?<=[$.])(?:func)?\d+(?:\.\d+)*$|^(?:async|new) "
)


@lru_cache(maxsize=4096)
def _frame(path: str, function: str) -> Frame | None:
    """The frame as it is kept; None for what is not the project's own."""
    path = path.replace("\\", "/").removeprefix("file://").removeprefix("./")
    if _FOREIGN_PATH.search(path):
        return None
    if path.startswith("/") or path[1:3] == ":/":
        path = "/".join(path.rsplit("/", 3)[1:])  # where a checkout lies differs from machine to machine
    return Frame(path, _GENERATED.sub("", function.strip()))


@lru_cache(maxsize=4096)
def _shared(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """One object for equal frames: thousands of failures of one cause keep the same."""
    return frames


def _kept(frames: Iterable[Frame | None]) -> tuple[Frame, ...]:
    """The innermost few of the own frames in `frames` and the outermost, each once."""
    found = tuple(dict.fromkeys(frame for frame in frames if frame is not None))
    return _shared(found if len(found) <= _FRAMES else (*found[: _FRAMES - 1], found[-1]))


def _stack(frames: Iterable[Frame | None], root: str = "") -> Stack:
    """`root`: the last line of what a chain began with ("Type: message")."""
    return Stack(_kept(frames), split_exception(one_line(root)) if root else None)


EXCEPTION = regex(r"(?:[A-Za-z_]\w*\.){0,20}([A-Z]\w*)(?::\s*(.*)|\s*$)", re.DOTALL)
"""How a message begins that names its exception."""


def split_exception(message: str) -> tuple[str, str]:
    """The type of the exception and the rest: "a.b.KeyError: 'x'" -> ("KeyError", "'x'")."""
    found = EXCEPTION.match(message)
    if found:
        return found[1], found[2] or ""
    return ("AssertionError" if message.startswith("assert ") else ""), message


# --- Python -----------------------------------------------------------------------------------------

# An exception raised while another was being handled is mostly the handler's own; only `from` says that
# the one came of the other.
_CHAINED = "\nThe above exception was the direct cause of the following exception:\n"
_HANDLING = "\nDuring handling of the above exception, another exception occurred:\n"
# One pattern for whole texts, as most lines of a long traceback are none of the three.
_ENTRY = regex(
    r"^(?:(?P<between>_ _ _[_ ]*)$"
    r"|(?:[> ]   )?(?:async )?def (?P<definition>\w+)\("
    r"|(?!E |(?:async )?def )(?P<path>[^\s:<>][^:\n]*|[A-Za-z]:\\[^:\n]*):\d+: ?"
    r"(?:in (?P<function>\S+)$|.*$))",
    re.MULTILINE,
)
_NATIVE = regex(r'^[ |]*File "([^"\n]+)", line \d+(?:, in (\S+))?', re.MULTILINE)


def _python(text: str) -> Stack:
    last = text.rpartition(_HANDLING)[2] if _HANDLING in text else text
    head, chained, _ = last.partition(_CHAINED)
    is_native = 'File "' in head and "\nE  " not in head
    calls = list(_native_calls(head) if is_native else _pytest_calls(head))
    root = ""
    if chained:
        lines = [line for line in head.splitlines() if line.strip()]
        marked = [line[1:].strip() for line in lines if line.startswith("E ")]
        root = marked[0] if marked else lines[-1].strip() if lines else ""
    return _stack((_frame(path, function) for path, function in reversed(calls)), root)


def _native_calls(text: str) -> Iterator[tuple[str, str]]:
    for found in _NATIVE.finditer(text):
        yield found[1], found[2] or ""


def _pytest_calls(text: str) -> Iterator[tuple[str, str]]:
    """Path and function of each entry: long ones end with their place, short ones begin with it."""
    definition = ""
    for between, defined, path, function in _ENTRY.findall(text):
        if path:
            yield path, function or definition
        elif between:
            definition = ""
        else:
            definition = definition or defined


# --- all others -------------------------------------------------------------------------------------

_AT = regex(
    r"^[ \t]*(?:at|en|à|bei|\u276f) (?:"
    # the JVM
    r"(?:[\w.]+(?:@[\w.+-]+)?/)*(?P<owner>[\w.$]+)\.(?P<method>[\w$<>]+)"
    r"\((?P<file>[\w$-]+\.\w+)(?::\d+)?\)"
    # .NET
    r"|(?P<member>[^(\n]+?) ?\([^\n]*?\) (?:\[0x\w+\] )?(?:in|en|à) (?P<source>[^\n]+?):(?:\w+ )?\d+[ \t]*$"
    # JavaScript
    r"|(?:(?P<function>[^\n(]+?) )?\(?(?P<path>[^\s()]+?):\d+:\d+\)?)",
    re.MULTILINE,
)
_CAUSED_BY = regex(r"^(?:\s*Caused by|\s*\[cause\]): ?(.*)$", re.MULTILINE)
_INNER = regex(r" ---> (.*)$", re.MULTILINE)
_END_OF_INNER = "--- End of inner"


def _at(text: str) -> Stack:
    root, begin, end = "", 0, len(text)
    for found in _CAUSED_BY.finditer(text):
        root, begin = found[1].strip().removesuffix("{").strip(), found.end()
    if _END_OF_INNER in text:
        end = text.index(_END_OF_INNER)
        for found in _INNER.finditer(text, 0, end):
            root = found[1].strip()
    return _stack(map(_at_frame, _AT.finditer(text, begin, end)), root)


def _at_frame(found: re.Match[str]) -> Frame | None:
    owner, member = found["owner"], found["member"]
    if (owner or member) and _FOREIGN_OWNER.match(owner or member):
        return None
    if owner:
        folder = owner.rpartition(".")[0].replace(".", "/")
        return _frame(f"{folder}/{found['file']}".lstrip("/"), found["method"])
    if member:
        return _frame(found["source"], member.rpartition(".")[2])
    return _frame(found["path"], found["function"] or "")


_GO = regex(
    r"^(?P<function>\S[^\n]*?)\([^\n()]*\)\n\t(?P<path>\S[^\n]*?\.go):\d+"
    r"|^[ \t]+(?:Error Trace:[ \t]*)?(?P<said>[\w./\\+-]+\.go):\d+\b",
    re.MULTILINE,
)
_RUST = regex(
    r"^\s+\d+: (?P<function>[^\n]+)\n\s+at (?P<path>[^\n:]+):\d+"
    r"|panicked at (?:[^\n]*', )?(?P<said>[^\s':,]+):\d+:\d+",
    re.MULTILINE,
)
_PHP = regex(
    r"^#\d+ (?P<path>[^\n(]+)\(\d+\): (?P<function>[\w\\:>-]+)|^(?P<said>\S+\.php):\d+$", re.MULTILINE
)
_RUBY = regex(
    r"^\s*(?:# |from |\[)?(?P<path>[^\s:\[]+\.rb):\d+(?::in [`'](?P<function>[^'\n]+)')?", re.MULTILINE
)
_PERL = regex(r"\bat (?P<path>\S+\.(?:t|p[lm])) line \d+")
_C = regex(r"^\s*(?P<path>(?:[A-Za-z]:)?[\w./\\+-]+\.(?:c|cc|cpp|cxx|h|hpp|mm?|swift))[:(]\d+", re.MULTILINE)


def _listed(pattern: re.Pattern[str]) -> Callable[[str], Stack]:
    def read(text: str) -> Stack:
        return _stack(map(_listed_frame, pattern.finditer(text)))

    return read


def _listed_frame(found: re.Match[str]) -> Frame | None:
    told = found.groupdict()
    function = told.get("function") or ""
    if _FOREIGN_OWNER.match(function.lstrip("<")):
        return None
    return _frame(told["path"] or told["said"], function)


_LANGUAGES: tuple[tuple[tuple[str, ...], Callable[[str], Stack]], ...] = (
    (("panicked at",), _listed(_RUST)),
    (("\nE ", ".py:", 'File "'), _python),
    (("at ", "\u276f ", "  en "), _at),
    ((".go:",), _listed(_GO)),
    ((".php",), _listed(_PHP)),
    ((".rb:",), _listed(_RUBY)),
    ((" line ",), _listed(_PERL)),
    ((".c", ".h", ".m"), _listed(_C)),
)


def of(failure: Failure) -> Stack:
    """What is known of the calls that led to `failure`."""
    return failure.stack if failure.stack is not None else _of_text(failure.text)


@lru_cache(maxsize=64)  # one failure is asked for its stack several times in a row
def _of_text(text: str) -> Stack:
    return read(plain(text)) if text else _NOTHING


def read(text: str) -> Stack:
    """What `text`, free of control sequences, shows of the calls that led to the failure."""
    lines = text.split("\n")
    if max(map(len, lines)) > _LONGEST_LINE:
        text = "\n".join(line[:_LONGEST_LINE] for line in lines)
    for marks, read_frames in _LANGUAGES:
        if any(mark in text for mark in marks):
            found = read_frames(text)
            if found.frames or found.root:
                return found
    return _NOTHING
