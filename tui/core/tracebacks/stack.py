"""The text of a failure -> the project's own frames, and what began it.

May import `core.model` and `text`. Pure. Frames come innermost first, those of libraries, of the language and
of test runners left out, recursion folded; they have no line numbers, since those move with every edit.
Of a chain of exceptions the root is read: the one that the others came from. Reads what is printed by
pytest (long, short, native and line tracebacks), the JVM, .NET, JavaScript, Go, Rust, PHP, Ruby, Perl,
and C and C++ test frameworks.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import starmap

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
    own, function = _own_path(path), function.strip()
    if own is None:
        return None
    return Frame(own, function if function.isidentifier() else _GENERATED.sub("", function))


@lru_cache(maxsize=4096)
def _own_path(path: str) -> str | None:
    """The path as it is kept; None for what is not the project's own."""
    path = path.replace("\\", "/").removeprefix("file://").removeprefix("./")
    if _FOREIGN_PATH.search(path):
        return None
    if path.startswith("/") or path[1:3] == ":/":
        path = "/".join(path.rsplit("/", 3)[1:])  # where a checkout lies differs from machine to machine
    return path


@lru_cache(maxsize=4096)
def _shared(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """One object for equal frames: thousands of failures of one cause keep the same."""
    return frames


def _kept(frames: Iterable[Frame | None]) -> tuple[Frame, ...]:
    """The innermost few of the own frames in `frames` and the outermost, each once."""
    found = [frame for frame in dict.fromkeys(frames) if frame is not None]
    return _shared(tuple(found if len(found) <= _FRAMES else [*found[: _FRAMES - 1], found[-1]]))


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
# One pattern for whole texts, as most lines of a long traceback are none of the three; with the line feed
# before them they are found much faster than by the beginnings of lines.
_LINE = (
    r"(?:(?P<between>_ _ _[_ ]*)$"
    r"|(?:[> ]   )?(?:async )?def (?P<definition>\w+)\("
    r"|(?!E |(?:async )?def )(?P<path>[^\s:<>][^:\n]*+|[A-Za-z]:\\[^:\n]*+):\d+: ?"
    r"(?:in (?P<function>\S+)$|.*$))"
)
_ENTRY = regex(_LINE, re.MULTILINE)
_ENTRIES = regex(rf"\n{_LINE}", re.MULTILINE)
_NATIVE = regex(r'^[ |]*File "([^"\n]+)", line \d+(?:, in (\S+))?', re.MULTILINE)


def _python(text: str) -> Stack:
    last = text.rpartition(_HANDLING)[2] if _HANDLING in text else text
    head, chained, _ = last.partition(_CHAINED)
    is_native = 'File "' in head and "\nE  " not in head
    calls = _native_calls(head) if is_native else _pytest_calls(head)
    root = ""
    if chained:
        lines = [line for line in head.splitlines() if line.strip()]
        marked = [line[1:].strip() for line in lines if line.startswith("E ")]
        root = marked[0] if marked else lines[-1].strip() if lines else ""
    calls.reverse()
    return _stack(starmap(_frame, dict.fromkeys(calls)), root)


def _native_calls(text: str) -> list[tuple[str, str]]:
    return [(path, function) for path, function in _NATIVE.findall(text)]


def _pytest_calls(text: str) -> list[tuple[str, str]]:
    """Path and function of each entry: long ones end with their place, short ones begin with it."""
    definition, calls = "", []
    for between, defined, path, function in _ENTRIES.findall(f"\n{text}"):
        if path:
            calls.append((path, function or definition))
        elif between:
            definition = ""
        else:
            definition = definition or defined
    return calls


@lru_cache(maxsize=64)
def _of_pytest(text: str) -> tuple[str, Frame | None]:
    """`text`, plain, where it is one traceback of pytest for certain, else empty; its last own frame."""
    text = plain(text) if "\x1b" in text else text
    is_native = '"' in text and 'File "' in text  # to look for one character takes a tenth
    is_other = is_native or "panicked at" in text or _HANDLING in text or _CHAINED in text
    if is_other or not (".py:" in text or "\nE " in text):
        return "", None
    return text, _last_own(text)


def _last_own(text: str) -> Frame | None:
    """The last of the own frames in a traceback of pytest."""
    start = len(text) + 1
    while start > 0:
        end, start = start - 1, text.rfind("\n", 0, start - 1) + 1
        if end - start > _LONGEST_LINE:
            return None
        found = _ENTRY.match(text, start, end)
        if found and found["path"]:
            frame = _frame(found["path"], found["function"] or _definition(text, start))
            if frame is not None:
                return frame
    return None


def _first_own(text: str) -> Frame | None:
    """The first of the own frames in a traceback of pytest; None where it may come again further in."""
    definition, text = "", f"\n{text}"
    for found in _ENTRIES.finditer(text):
        between, defined, path, function = found.groups()
        if not path:
            definition = "" if between else definition or defined
            continue
        start, end = found.span()
        if end - start > _LONGEST_LINE:
            return None
        function = function or definition
        frame = _frame(path, function)
        if frame is not None:
            if not function or frame.function != function:
                return None
            signs = (f"in {function}", f"def {function}") if text.find(function, end) >= 0 else ()
            if function == definition:  # so it would be of an entry that names none
                signs = (*signs, frame.path.rpartition("/")[2])
            return None if any(text.find(sign, end) >= 0 for sign in signs) else frame
    return None


def _definition(text: str, end: int) -> str:
    """The function that the entry before `end` shows: the first that is defined since the entry before it."""
    begin = end
    while begin > 0:
        begin = text.rfind("\n_ _ _", 0, begin) + 1
        found = _ENTRY.match(text, begin, end) if begin else None
        if found and found["between"]:
            break
    at = begin
    while (at := text.find("def ", at, end)) >= 0:
        line = max(text.rfind("\n", begin, at) + 1, begin)
        found = _ENTRY.match(text, line, end)
        if found and found["definition"]:
            return str(found["definition"])
        at += len("def ")
    return ""


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
_CHAINS = (_CHAINED, "Caused by", "[cause]", " ---> ")
"""One of these stands in each text that tells of a chain."""
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


def root(failure: Failure) -> tuple[str, str] | None:
    """The root of its stack, which is not read where no chain can be."""
    if failure.stack is None and (
        _of_pytest(failure.text)[1] is not None  # then no other language is looked for
        or not any(mark in failure.text for mark in _CHAINS)
    ):
        return None
    return of(failure).root


def innermost(failure: Failure) -> Frame | None:
    """The first frame of its stack: mostly on one of the last lines, so that the others are not read."""
    frame = _of_pytest(failure.text)[1] if failure.stack is None else None
    if frame is not None:
        return frame
    frames = of(failure).frames
    return frames[0] if frames else None


def outermost(failure: Failure) -> Frame | None:
    """The last frame of its stack: mostly on one of the first lines."""
    frame = _first_own(_of_pytest(failure.text)[0]) if failure.stack is None else None
    if frame is not None:
        return frame
    frames = of(failure).frames
    return frames[-1] if frames else None


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
