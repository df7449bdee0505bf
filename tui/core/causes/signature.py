"""One failure -> what it is grouped by.

May import `core.model`, `tracebacks.stack` and `clean`. Invariant: a signature depends on the failure and
on the rules of the configuration alone. What goes into it, and why, is told in docs/causes.md; what it
is worth, `python -m benchmarks.causes` measures.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from tui.core.causes.clean import alike, opening, template
from tui.core.model import Failure, Frame, Outcome, Phase
from tui.core.tracebacks import stack
from tui.regex import regex

_MATCHED_LENGTH = 1000


class Kind(StrEnum):
    """What sort of thing went wrong. All before `assertion` keep a test from saying anything."""

    IMPORT = "import"
    CRASH = "crash"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    PERMISSION = "permission"
    FIXTURE = "fixture"
    ASSERTION = "assertion"
    OTHER = "other"


_ANYWHERE = (Kind.IMPORT, Kind.CRASH, Kind.TIMEOUT, Kind.CONNECTION, Kind.PERMISSION)
"""The kinds of which a message says enough, whichever test met it."""


class CauseRule(Struct, frozen=True):
    """A cause that the configuration names. What is not given matches everything.

    `match` is searched in the beginning of the message; `type` and `path` are globs, on the type of
    the exception and on the files of the traceback.
    """

    name: str
    match: re.Pattern[str] | None = None
    type: str = ""
    path: str = ""

    def takes(self, failure: Failure) -> bool:
        """Whether the failure belongs to this cause."""
        if self.type and not fnmatchcase(failure.type, self.type):
            return False
        if self.match and not self.match.search(failure.message[:_MATCHED_LENGTH]):
            return False
        files = [failure.location.path] if failure.location else []
        files += [frame.path for frame in stack.of(failure).frames]
        return not self.path or any(fnmatchcase(file, self.path) for file in files)


class Signature(NamedTuple):
    """What failures of one cause have in common; what does not tell them apart is empty.

    `given` is the name that a rule or the failure itself gives the cause, and then all there is. `place` is
    the file of the innermost own call. `template` is a message, or what is left of it without its values.
    """

    given: str = ""
    phase: str = ""
    type: str = ""
    place: str = ""
    template: str = ""


# --- what kind of failure ---------------------------------------------------------------------------

_WORDS = regex(
    r"(?P<import>import ?error|module ?not ?found|cannot find module|no module named|class ?not ?found|"
    r"no ?class ?def ?found|load ?error\b|build failed|unresolved import)"
    r"|(?P<crash>cut short|segmentation fault|sigsegv|sigabrt|sigkill|core dumped|worker .{0,30}crashed|"
    r"fatal python error|out ?of ?memory)"
    r"|(?P<timeout>time ?out|timed out|deadline exceeded)"
    r"|(?P<connection>connection|econn|broken ?pipe|gaierror|unknown ?host|name resolution|no route to host|"
    r"socket ?(?:error|exception))"
    r"|(?P<permission>permission ?(?:error|denied)|access ?denied|eacces|eperm|not permitted)",
    re.IGNORECASE,
)
_ASSERTION = regex(r"assert|expectation|comparisonfail|^Failed$", re.IGNORECASE)
_BARE = regex(
    r"assert |assertion |expect\(|expected:? ?<.*> but was|expected (?:equality|values)|"
    r"expected .* to (?:be|equal|have|contain|match|throw|include|deeply|strictly)\b|"
    r"values? (?:should|differ)|failed asserting|lists differ|not equal|did not raise|dictionar|"
    r"tuples differ|sets differ|items in|"
    r"first (?:list|sequence)|\S.* (?:!=|==|is not|is none|not found in|not less|not greater)|"
    r"\S.* (?:unexpectedly|does not match)|$",
    re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def _is_bare(said: str) -> bool:
    """Whether an assertion says no more than what it compares."""
    return _BARE.match(said) is not None


def kind(failure: Failure) -> Kind:
    """The kind of a failure: what it says of itself first, then the phase it happened in."""
    return kind_of(failure.outcome, failure.phase, failure.type, template(failure.message))


@lru_cache(maxsize=8192)
def kind_of(outcome: Outcome, phase: Phase | None, type: str, template: str) -> Kind:
    """The kind of a failure that says this."""
    told = _told(type, alike(template))
    if phase is Phase.COLLECT and told in (Kind.ASSERTION, Kind.OTHER):
        return Kind.IMPORT
    if phase is Phase.SETUP and told in (Kind.ASSERTION, Kind.OTHER):
        return Kind.FIXTURE
    if told is Kind.OTHER and not type and outcome is Outcome.FAILED:
        return Kind.ASSERTION
    return told


@lru_cache(maxsize=8192)
def _told(type: str, template: str) -> Kind:
    if _ASSERTION.search(type):
        # What an assertion compares may speak of anything; only a runner's own words count there.
        return Kind.TIMEOUT if type == "Failed" and template.startswith("Timeout") else Kind.ASSERTION
    found = _WORDS.search(type) or _WORDS.search(template)
    return Kind(found.lastgroup) if found and found.lastgroup else Kind.OTHER


# --- where ------------------------------------------------------------------------------------------

_TEST_FILE = regex(
    r"(?:^|/)(?:tests?|testing|specs?|__tests__|t)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_(?:test|spec)|[^/]*[.-](?:test|spec)|[^/]*(?:Tests?|TestCase|IT|Spec))\.\w+$"
)


@lru_cache(maxsize=4096)
def _is_test_file(path: str) -> bool:
    return bool(_TEST_FILE.search(path))


def anchor(failure: Failure) -> Frame | None:
    """The innermost of the project's own calls; None where that is the body of the test itself."""
    frame = stack.innermost(failure)
    if frame is None or not _is_test_file(frame.path):
        return frame
    if frame.function.startswith("test") or frame.function in ("", "<module>", "<lambda>"):
        return None
    is_beside = failure.phase in (Phase.SETUP, Phase.TEARDOWN)
    return frame if is_beside or len(stack.of(failure).frames) > 1 else None


# --- the signature ----------------------------------------------------------------------------------


def signature(failure: Failure, rules: Sequence[CauseRule] = ()) -> Signature:
    """What one bad phase of one test is grouped by; the test's own word goes before the rules'."""
    if failure.fingerprint:
        return Signature(given=failure.fingerprint)
    for rule in rules:
        if rule.takes(failure):
            return Signature(given=rule.name)
    raised, message = stack.root(failure) or (failure.type, failure.message)
    said, told = template(message), kind(failure)
    shown = _shown(failure.message) if told is Kind.ASSERTION else None
    if shown is not None:
        return Signature(type=shown[0], template=template(shown[1]))
    frame = anchor(failure)
    if frame is not None:
        # Which object it was that lacks the attribute, the code that asks for it does not decide.
        return Signature(type=raised, place=frame.path, template=_OWNER.sub("", _essence(raised, said)))
    phase = "" if failure.phase in (None, Phase.CALL) else str(failure.phase)
    if told in _ANYWHERE or (told is Kind.ASSERTION and not _is_bare(said)):
        return Signature(phase=phase, type=raised, template=said)
    outermost = stack.outermost(failure)
    if outermost is None or not outermost.path:
        return Signature(phase=phase, type=raised, template=said)
    alone = alike(said) if told is Kind.ASSERTION else _essence(raised, said)
    return Signature(phase=phase, type=raised, place=outermost.path, template=alone)


_NAMING = regex(r"(?:Attribute|Name|UnboundLocal|Import|ModuleNotFound|Reference|NoMethod)Error$")

# What an assertion compares may be what a program ended with: "where 1 = <Result TypeError('no')>.exit_code".
_EXCEPTION = regex(r"""\b([A-Z]\w*(?:Error|Exception))\((['"])(.{4,}?)\2,?\)""")


def _shown(message: str) -> tuple[str, str] | None:
    """Type and message of the exception that an assertion's values show; None where it is not just one."""
    if "(" not in message:
        return None
    found = {(kind_of, said) for kind_of, _, said in _EXCEPTION.findall(message)}
    return found.pop() if len(found) == 1 else None


_OWNER = regex(r"^(?:type object )?'[^']*'(?: object)? (?=has no attribute )")


def _essence(raised: str, said: str) -> str:
    """What of a message counts where type and place agree: all of it where it says which name is missing."""
    return said if _NAMING.search(raised) else opening(said)
