"""Why the tests of one cause are together, in plain sentences.

May import its neighbours here and `text`. Pure.
"""

from tui.core.causes.clean import MARKS
from tui.core.causes.groups import Cause
from tui.core.causes.signature import Kind, Signature
from tui.text import counted

_KINDS = {
    Kind.IMPORT: "code could not be loaded",
    Kind.CRASH: "the process died",
    Kind.TIMEOUT: "something took too long",
    Kind.CONNECTION: "something could not be reached",
    Kind.PERMISSION: "something was not allowed",
    Kind.FIXTURE: "the setup of the tests failed",
    Kind.ASSERTION: "an assertion does not hold",
    Kind.OTHER: "an exception that nobody caught",
}


def why(cause: Cause) -> tuple[str, ...]:
    """The sentences: what is the same in all of them, what was left out, and what they say."""
    found = cause.signature
    told = [*_grouped(found), f"Kind: {cause.kind} ({_KINDS[cause.kind]})."]
    if cause.blocked:
        told.append(f"Blocks {counted(cause.blocked, 'test')}: they never came to their call.")
    if len(cause.phases) > 1:
        told.append(f"Phases: {', '.join(f'{phase} {number:,}' for phase, number in cause.phases)}.")
    masked = [words for mark, words in MARKS.items() if mark in f"{found.template} {cause.messages[0][0]}"]
    if masked:
        told.append(f"Left out, since it differs from failure to failure: {', '.join(masked)}.")
    if cause.wordings > 1:
        told.append(f"{counted(cause.wordings, 'message')} that differ in what they quote are taken as one:")
        told += [f"  {number:,} x {message}" for message, number in cause.messages]
    return tuple(told)


def _grouped(found: Signature) -> list[str]:
    if found.given:
        return [f"Grouped by name: {found.given!r}, given by a rule of the configuration or by the tests."]
    told = []
    if found.type:
        told.append(f"The same type: {found.type}.")
    if found.place:
        told.append(f"The same place: {found.place}, the innermost of the project's own calls.")
    if found.template:
        same = "beginning of the message" if found.place else "message"
        told.append(f"The same {same}: {found.template}")
    if found.phase:
        told.append(f"The same phase: {found.phase}.")
    return told or ["None of them says anything of itself."]
