"""What a Go test printed -> why it failed, and where.

May import `core.model`, `text` and, of the readers, `trace`. Reads what `testing` prints
("    file.go:12: message", https://pkg.go.dev/testing), panics with their goroutines, and the blocks
of testify ("Error Trace:", "Error:"). Pure.
"""

import re

from tui.core.model import Failure, Location, Outcome, Phase
from tui.readers import trace
from tui.text import counted, one_line, plain

_SAID = re.compile(r"^[ \t]*(?P<path>[\w./\\+-]+\.go):(?P<line>\d{1,9}): ?(?P<text>.*)$", re.MULTILINE)
_PANIC = re.compile(r"^[ \t]*(?:panic|fatal error): (.*)$", re.MULTILINE)
_FRAME = re.compile(r"^\t(?P<path>\S[^\n]*?\.go):(?P<line>\d{1,9})(?: \+0x[0-9a-f]+)?$", re.MULTILINE)
_OF_GO_ITSELF = re.compile(r"/src/(?:runtime|testing|reflect|sync|time|internal)/|_testmain\.go$")
_TESTIFY = re.compile(r"^[ \t]*Error:\s*(\S.*)$", re.MULTILINE)
_BUILD_ERROR = re.compile(r"^(?P<path>\S+\.go):(?P<line>\d{1,9})(?::\d+)?: (?P<text>.+)$", re.MULTILINE)
_VERDICT = re.compile(r"^(?:FAIL|PASS|ok|exit status \d+)\b.*$")


def panicked(text: str) -> bool:
    """Whether `text` shows a panic, or a fatal error of the runtime."""
    return bool(_PANIC.search(text))


def last_said(text: str) -> str:
    """The last message that a test logged, with its further lines; else the first line of all."""
    return _message(text, _last_said(text))


def _last_said(text: str) -> re.Match[str] | None:
    """The last line that logs something: looked for from the end, where it nearly always is."""
    end = len(text)
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        if found := _SAID.match(text, start):
            return found
        end = start - 1
    return None


def _message(text: str, said: re.Match[str] | None) -> str:
    if said is None:
        return next((line.strip() for line in text.splitlines() if line.strip()), "")
    lines = [said["text"]]
    for line in text[said.end() :].split("\n")[1:]:
        if not line.startswith(("        ", "\t\t")):
            break
        lines.append(line.strip())
    return "\n".join(lines).strip()


def failure(outcome: Outcome, text: str, failed_parts: int, phase: Phase | None = None) -> Failure:
    """Why a test or a package was bad, from what it printed; `failed_parts`: its failed subtests."""
    text = plain(text)
    message, kind, place = _told(text, phase)
    if not message:
        message = _without_words(outcome, text, failed_parts)
    return trace.failure(outcome, phase, message=message, text=text, type=kind, place=place, is_plain=True)


def _told(text: str, phase: Phase | None) -> tuple[str, str, trace.Place | None]:
    if phase is Phase.COLLECT:
        found = _BUILD_ERROR.search(text)
        return (found["text"], "build failed", _place(found)) if found else ("", "build failed", None)
    panic = _PANIC.search(text) if "panic: " in text or "fatal error: " in text else None
    if panic:
        return panic[1].removesuffix(" [recovered]"), "panic", _frame(text, panic.end())
    said = _last_said(text)
    if said is None:
        return "", "", None
    message = _message(text, said)
    testify = _TESTIFY.search(message) if "Error:" in message else None
    return (testify[1] if testify else message), "", _place(said)


def _frame(text: str, start: int) -> trace.Place | None:
    """The innermost frame of the first goroutine that is not of Go itself."""
    return next(
        (_place(found) for found in _FRAME.finditer(text, start) if not _OF_GO_ITSELF.search(found["path"])),
        None,
    )


def _place(found: re.Match[str]) -> trace.Place:
    return trace.Place(Location(one_line(found["path"]), int(found["line"])), "")


def _without_words(outcome: Outcome, text: str, failed_parts: int) -> str:
    if failed_parts:
        return f"{counted(failed_parts, 'subtest')} failed"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = next((line for line in lines if not _VERDICT.match(line)), "")
    if words:
        return words
    if outcome is Outcome.ERROR and not lines:
        return "began and never ended, its package is over"
    return lines[-1] if lines else ""
