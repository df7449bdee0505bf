"""What a line of a report log says of a phase: its outcome, and the traceback as pytest prints it.

May import `core.model`, `text` and, of the readers, `trace`. Works on the fields of `_pytest.reports` as JSON
has them; raises what Python does (`NOT_AS_WRITTEN`) where they are not as pytest writes them. Pure.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from tui.core.model import NO_FLAGS, Failure, Flag, Location, Outcome, Phase
from tui.readers import trace
from tui.text import one_line, shortened

_REASON_LENGTH = 300

Json = Mapping[str, Any]

NOT_AS_WRITTEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What is raised where a line of JSON has other parts than pytest writes."""


def outcome(said: Json, phase: Phase | None) -> Outcome:
    """What became of the phase."""
    stated = said.get("outcome")
    if stated == "passed":
        return Outcome.PASSED
    if stated == "skipped":
        return Outcome.SKIPPED
    if stated in ("failed", "rerun"):
        return Outcome.FAILED if phase is Phase.CALL else Outcome.ERROR  # a worker that crashed has no phase
    raise ValueError(f"unknown outcome {stated!r}")


def failures(said: Json, phase: Phase | None) -> tuple[Failure, ...]:
    """Why the phase was bad; nothing where it was not."""
    became = outcome(said, phase)
    if not became.is_bad:
        return ()
    longrepr = said.get("longrepr")
    crash = (longrepr.get("reprcrash") or {}) if isinstance(longrepr, dict) else {}
    message = str(crash.get("message") or "")
    failure = trace.failure(became, phase, message=message, text=long_text(longrepr))
    if failure.location is None:
        failure = replace(failure, location=_crash_place(crash))
    return trace.fingerprinted((failure,), properties(said))


def properties(said: Json) -> list[tuple[str, str]]:
    """The properties of the test."""
    return [(str(name), str(value)) for name, value in said.get("user_properties") or ()]


def _crash_place(crash: Json) -> Location | None:
    path, line = crash.get("path"), crash.get("lineno")
    return Location(one_line(str(path)), int(line)) if path and line else None


def long_text(longrepr: object) -> str:
    """The traceback as pytest prints it, chained exceptions included."""
    if longrepr is None:
        return ""
    if isinstance(longrepr, str):
        return longrepr
    if isinstance(longrepr, list):
        return str(longrepr[-1]) if longrepr else ""
    if not isinstance(longrepr, dict):
        return str(longrepr)
    chain = longrepr.get("chain") or [[longrepr.get("reprtraceback") or {}, None, None]]
    parts = []
    for link in chain:
        traceback, description = link[0] or {}, link[2] if len(link) > 2 else None
        parts.append(_traceback_text(traceback))
        if description:
            parts.append(str(description))
    sections = [f"--- {title} ---\n{text}" for title, text, *_ in longrepr.get("sections") or ()]
    return "\n\n".join([*parts, *sections])


def _traceback_text(traceback: Json) -> str:
    entries = []
    for entry in traceback.get("reprentries") or ():
        data = entry.get("data") or {}
        lines = _joined(data.get("lines") or ())
        place = data.get("reprfileloc")
        if not place:
            entries.append(lines)
            continue
        where = f"{place.get('path')}:{place.get('lineno')}: {place.get('message') or ''}".rstrip()
        if data.get("style") == "short":
            entries.append(f"{where}\n{lines}" if lines else where)
        else:
            arguments = (data.get("reprfuncargs") or {}).get("args") or ()
            told = ", ".join([f"{name} = {value}" for name, value in arguments])
            entries.append(
                (f"{told}\n\n" if told else "") + (f"{lines}\n\n{where}" if lines else f"\n{where}")
            )
    joint = "\n" if traceback.get("style") == "short" else f"\n{'_ ' * 40}\n\n"
    return joint.join(entries) + (f"\n{traceback['extraline']}" if traceback.get("extraline") else "")


def _joined(lines: Iterable[object]) -> str:
    try:
        return "\n".join(lines)  # type: ignore[arg-type]  # as they nearly always are
    except TypeError:
        return "\n".join(map(str, lines))


def flags(said: Json, phase: Phase | None) -> frozenset[Flag]:
    """What is remarkable about it."""
    if "wasxfail" not in said:
        return NO_FLAGS
    if said.get("outcome") == "skipped":
        return frozenset({Flag.XFAIL})
    return frozenset({Flag.XPASS}) if phase is Phase.CALL and said.get("outcome") == "passed" else NO_FLAGS


def reason(said: Json) -> str:
    """Why it was skipped."""
    if said.get("outcome") != "skipped":
        return ""
    reason = said.get("wasxfail") or long_text(said.get("longrepr"))
    return shortened(one_line(str(reason)).removeprefix("Skipped: "), _REASON_LENGTH)
