"""All that a JUnit XML file keeps of one attempt, and of its suites: elements, read again by junitparser.

May import `core.model`, `text` and, of the readers, `element`, `tagsoup` and those of JUnit. Invariant: it
sees the bytes of the records alone; what cannot be read of them is left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from tui.core.model import Detail, Section
from tui.readers.xml.element import element
from tui.readers.xml.junit_producers import EARLIER, PHASE, unescaped_by_anyone
from tui.readers.xml.junit_suites import PIECE_LONGEST
from tui.readers.xml.tagsoup import Vocabulary
from tui.regex import regex
from tui.text import one_line, plain, styled

_OUTPUTS = (("system-out", "stdout"), ("system-err", "stderr"))
_OF_SUITES = {"system-out": "suite stdout", "system-err": "suite stderr"}
_SAID_BY_THE_TAG = ("name", "package", "hostname", "timestamp", "time", "file", "filepath")
_BANNER = regex(r"^-{5,} Captured (\w+)(?: (\w+))? -{5,}\n", re.MULTILINE)
_ATTACHMENT = regex(r"\[\[ATTACHMENT\|([^\]\n]*)\]\]")
_STREAMS = {"Log": "log", "Out": "stdout", "Err": "stderr"}


def read_detail(records: Sequence[bytes], known: Vocabulary) -> Detail:
    """Everything that the elements of one attempt keep."""
    tracebacks: list[Section] = []
    outputs: dict[str, str] = {}
    properties: list[tuple[str, str]] = []
    for record in records:
        case = element(record, known)
        if case is None:
            continue
        tracebacks += _tracebacks(case)
        # Each record of pytest repeats what was captured before it: the last one has it all.
        outputs.update(_outputs(case))
        properties += _properties(case)
    for text in [section.text for section in tracebacks] + list(outputs.values()):
        properties += [("attachment", one_line(path)) for path in _ATTACHMENT.findall(text)]
    sections = tuple(part for title, text in outputs.items() for part in _banners(title, text))
    return Detail(tuple(tracebacks), sections, tuple(properties))


def _tracebacks(case: Element) -> Iterator[Section]:
    import junitparser  # noqa: PLC0415  # it imports an XML library; only a drill-down needs it

    for result in junitparser.TestCase.fromelem(case).result:  # type: ignore[no-untyped-call]
        if not isinstance(result, junitparser.Skipped):
            found = PHASE.match(result.message or "")
            yield _section(found[1] if found else "call", result.message, result.text)
    for child in case:
        if child.tag in EARLIER:
            yield _section(child.tag, child.get("message"), child.findtext("stackTrace") or child.text)


def _section(title: str, message: str | None, text: str | None) -> Section:
    body = text if text and text.strip() else message
    return Section(title, styled(unescaped_by_anyone(body or "")).strip("\n"))


def _outputs(case: Element) -> Iterator[tuple[str, str]]:
    for tag, title in _OUTPUTS:
        yield from _said(title, case.findall(tag))
        for child in case:
            if child.tag in EARLIER:
                yield from _said(f"{title} of {child.tag}", child.findall(tag))


def _said(title: str, elements: Iterable[Element]) -> Iterator[tuple[str, str]]:
    text = "\n".join(each.text for each in elements if each.text)
    if text.strip():
        yield title, styled(unescaped_by_anyone(text))


def _properties(case: Element) -> Iterator[tuple[str, str]]:
    for stated in case.iter("property"):
        yield plain(stated.get("name", "")), plain(stated.get("value") or stated.text or "")


def _banners(title: str, text: str) -> list[Section]:
    """pytest writes log and output into one element, a banner above each; silent ones are left out."""
    parts = _BANNER.split(text)
    if len(parts) == 1:
        return [Section(title, text.strip("\n"))]
    found = [(_STREAMS.get(parts[i], parts[i].lower()), parts[i + 2]) for i in range(1, len(parts), 3)]
    return [Section(name, body.strip("\n")) for name, body in found if body.strip()]


def read_suite(pieces: Sequence[bytes], known: Vocabulary) -> tuple[Section, ...]:
    """What suites keep for all their tests, from the pieces of the file that `junit_suites` told of."""
    said: dict[str, list[str]] = {}
    for piece in pieces:
        kept = element(piece, known)
        if kept is None:
            continue
        title = _OF_SUITES.get(kept.tag) or ("suite properties" if kept.tag == "properties" else "suite")
        text = "\n".join(_lines(kept)).strip("\n")
        if len(piece) >= PIECE_LONGEST:
            text += "\n[... cut ...]"
        if text.strip():
            said.setdefault(title, []).append(text)
    return tuple(Section(title, "\n".join(texts)) for title, texts in said.items())


def _lines(kept: Element) -> Iterator[str]:
    match kept.tag:
        case "testsuite":
            for name in _SAID_BY_THE_TAG:
                if kept.get(name):
                    yield f"{name} = {plain(kept.get(name, ''))}"
        case "properties":
            for stated in kept.iter("property"):
                value = plain(stated.get("value") or stated.text or "")
                yield f"{plain(stated.get('name', ''))} = {value}"
        case _:
            yield styled(unescaped_by_anyone(kept.text or ""))
