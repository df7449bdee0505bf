"""A status page -> its claims: each with the line it stands on and what it is about.

May import `core.claims`. A claim is about the component named in the same row or sentence, else about the
one of the heading above, else about the whole. What is named and not known is said, never guessed.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from tui.core.claims import cells, names, page, sentences
from tui.core.claims.patterns import MARKS, NAME
from tui.core.claims.said import (
    WHOLE,
    Claim,
    Counts,
    Event,
    Events,
    Part,
    Ready,
    Regressions,
    Status,
    Subject,
    Suites,
    Vocabulary,
)
from tui.core.claims.sentences import Found
from tui.regex import regex
from tui.text import shortened

MOST = 500
"""How many claims of a page are kept."""

_TEXT = 160
_LABEL = 60
_SENTENCE_END = regex(r"(?<=[.!?;])\s+")
_BEGINS = regex(rf"[A-Z0-9{MARKS}]")
_GOES_ON = regex(
    r"(?:[,(:–—-]|\b(?:of|in|for|the|an?|and|or|is|are|was|were|at|with|to|from|on|by|than|that|as|all|our))\s$"
)
_CLAUSE_END = regex(r"[,;]\s|\s(?:and|while|but|whereas)\s", re.IGNORECASE)
_JOINED = regex(r"\s?(?:,|and|or|&|/|\+|, and)\s?(?:the\s)?", re.IGNORECASE)
_LABEL_END = regex(r"\s?:(?=\s|$)|\s[-–—]\s|\s?→\s?")
_SECTION_END = regex(r"\s?[:(|]|\s[-–—]\s")
_NUMBERING = regex(r"^(?:\d{1,3}[.)]\s?)+")
_OF_ANYTHING = regex(r"ready|approved|cleared|green|signed|good|production[- ]ready|not", re.IGNORECASE)
_OF_THE_WHOLE = (Regressions, Event, Events, Suites)


class Reading(Struct, frozen=True):
    """The claims of a page, in its order; `cut`: not all of it was read."""

    claims: tuple[Claim, ...]
    cut: bool


def read(text: str, known: Vocabulary) -> Reading:
    """Everything that the Markdown page `text` claims."""
    reader = _Reader(known)
    for block in page.blocks(text):
        if len(reader.claims) > MOST:
            break
        match block:
            case page.Heading():
                reader.heading(block)
            case page.Passage():
                reader.passage(block)
            case page.Table():
                reader.table(block)
    cut = len(text) > page.LIMIT or len(reader.claims) > MOST
    return Reading(tuple(reader.claims[:MOST]), cut)


class _Reader(Struct):
    """Where the reading is: the headings above, and the items of a list that it is below."""

    known: Vocabulary
    claims: list[Claim] = field(default_factory=list)
    _sections: list[tuple[int, Subject]] = field(default_factory=list)
    _above: list[tuple[int, Subject]] = field(default_factory=list)
    _titled: Subject | None = None
    _block: int = -1
    _group: int = 0

    def heading(self, heading: page.Heading) -> None:
        """A part begins, about what its heading names, and the heading may claim something itself."""
        while self._sections and self._sections[-1][0] >= heading.level:
            self._sections.pop()
        self._above, self._titled = [], None
        self._sections.append((heading.level, self._section(heading)))
        self._group += 1
        self._sentence(heading.text, heading.line, self._context, group=self._group)

    def _section(self, heading: page.Heading) -> Subject:
        text = _NUMBERING.sub("", heading.text.strip(MARKS + " "))
        named = names.mentioned(text, self.known.components)
        if len(named) == 1:
            return Subject(named[0][2])
        title = _SECTION_END.split(text, maxsplit=1)[0].strip(MARKS + " ")
        if names.is_general(title):
            return self._context
        subject = names.resolve(title, self.known.components)
        return WHOLE if subject.problem and heading.level == 1 else subject

    @property
    def _context(self) -> Subject:
        """What a claim is about that names nothing."""
        if self._above:
            return self._above[-1][1]
        if self._titled is not None:
            return self._titled
        return self._sections[-1][1] if self._sections else WHOLE

    # --- running text and lists ---------------------------------------------------------------------

    def passage(self, passage: page.Passage) -> None:
        """A paragraph or an item, sentence by sentence."""
        if passage.block != self._block:
            self._block, self._above = passage.block, []
            self._group += 1
        while self._above and (not passage.is_item or self._above[-1][0] >= passage.indent):
            self._above.pop()
        title = self._title(passage.text)
        if title is not None and not passage.is_item:
            self._titled = title
        for at, sentence in _sentences(passage):
            line = passage.line_at(at)
            self._sentence(
                sentence, line, self._context, group=self._group, lead=passage.lead, passage=passage, at=at
            )
        if passage.is_item:
            label = self._label(passage.text)
            subject = label[1] if label else title
            if subject is not None and subject.name and not subject.problem:
                self._above.append((passage.indent, subject))

    def _title(self, text: str) -> Subject | None:
        """The component that a line consists of; None where it is anything else."""
        if len(text) > _LABEL:
            return None
        subject = names.resolve(text.strip(MARKS + " :"), self.known.components)
        return subject if subject.name and not subject.problem else None

    def _label(self, text: str) -> tuple[int, Subject] | None:
        """What stands before the colon, where that names something: where it ends, and what it means."""
        end = _LABEL_END.search(text[: _LABEL + 2])
        if end is None:
            return None
        label = _NUMBERING.sub("", text[: end.start()].strip(MARKS + " "))
        if not label or cells.column(label) or names.is_general(label) or label in self.known.events:
            return (end.end(), WHOLE) if names.is_whole(label) else None
        named = names.mentioned(label, self.known.components)
        if len(named) == 1:
            return end.end(), Subject(named[0][2])
        return end.end(), names.resolve(label, self.known.components)

    def _sentence(
        self,
        text: str,
        line: int,
        context: Subject,
        *,
        group: int,
        lead: str = "",
        passage: page.Passage | None = None,
        at: int = 0,
    ) -> None:
        label = self._label(text)
        named = names.mentioned(text, self.known.components)
        in_list = passage is not None and passage.is_item
        labelled = bool(label and label[1].name) or (in_list and bool(context.name))
        found = sentences.read(_masked(text, named), self.known, lead=lead, labelled=labelled)
        if label is not None and label[1].name and not label[1].problem and not found:
            said = sentences.state(text[label[0] :], self.known)
            if isinstance(said, Status) and said.word not in (*self.known.bands, "NOT RUN"):
                said = None
            found = [Found(label[0], len(text), said)] if said else []
        elif label is None and not found:
            found = self._key_and_value(text)
        claims = []
        for each in found:
            subject = self._subject(text, each, named, label, context)
            by_name = bool(named) or label is not None
            is_known = bool(subject.name) and not subject.problem
            if each.needs_name and not (is_known and (by_name or isinstance(each.said, Counts))):
                continue
            where = passage.line_at(at + each.start) if passage else line
            claims.append(
                Claim(where, shortened(text, _TEXT), subject, each.said, group, problem=each.problem)
            )
        self.claims += _merged(claims)

    def _key_and_value(self, text: str) -> list[Found]:
        """An item such as "Status: STABLE" or "Success rate: 49.4 %"."""
        end = _LABEL_END.search(text[: _LABEL + 2])
        kind = cells.column(text[: end.start()].strip(MARKS + " ")) if end else None
        if end is None or kind is None:
            return []
        said, problem = cells.said(kind, text[end.end() :], self.known)
        return [Found(end.end(), len(text), each, problem=problem) for each in said]

    def _subject(
        self,
        text: str,
        found: Found,
        named: Sequence[tuple[int, int, str]],
        label: tuple[int, Subject] | None,
        context: Subject,
    ) -> Subject:
        """What a claim in a sentence is about."""
        if isinstance(found.said, _OF_THE_WHOLE) or (
            isinstance(found.said, Ready) and not _OF_ANYTHING.match(found.said.words)
        ):
            return WHOLE
        subject = context
        if label is not None and label[0] <= found.start:
            subject = label[1]
        of_kind = names.resolve(found.kind, self.known.components)
        unknown = names.unknown_kind(text, self.known.components)
        if unknown is not None and not named and (label is None or found.kind):
            return WHOLE if isinstance(found.said, Ready) else unknown
        if of_kind.name and not of_kind.problem:
            subject = of_kind
        elif len(named) == 1:
            subject = Subject(named[0][2])
        elif len(named) > 1:
            subject = _nearest(text, found, named)
        return WHOLE if isinstance(found.said, Ready) and subject.problem else subject

    # --- tables -------------------------------------------------------------------------------------

    def table(self, table: page.Table) -> None:
        """A table of components by row, or of keys and values."""
        self._group += 1
        kinds = tuple(cells.column(title) for title in table.header)
        subjects = tuple(names.resolve(title, self.known.components) for title in table.header)
        named = kinds.index("name") if "name" in kinds else 0
        columns = _Columns(kinds, subjects, named, self._group)
        for line, row in table.rows:
            self._group += 1
            label = row[named].strip(MARKS + " :")
            subject = names.resolve(label, self.known.components)
            if any(cell.strip(MARKS + " ") in self.known.events for cell in row):
                self.claims += self._event_row(line, row)
            elif not columns.has_counts and (subject.problem or cells.column(label)):
                self._pairs(line, label, row, columns)
            else:
                self.claims += self._row(line, subject, row, columns)

    def _event_row(self, line: int, row: Sequence[str]) -> list[Claim]:
        """What a row says of the golden-path event that it names; the rest of it is about that event."""
        text = " ".join(row)
        found = [each for each in sentences.read(text, self.known) if isinstance(each.said, Event)]
        return [
            Claim(line, shortened(text, _TEXT), WHOLE, each.said, self._group, problem=each.problem)
            for each in found
        ]

    def _row(self, line: int, subject: Subject, row: Sequence[str], columns: "_Columns") -> list[Claim]:
        """What a row of the table says of its component."""
        text = shortened(" | ".join(cell for cell in row if cell), _TEXT)
        claims: list[Claim] = []
        for position, (kind, cell) in enumerate(zip(columns.kinds, row, strict=True)):
            if position == columns.named or kind in ("elsewhere", "name"):
                continue
            if kind is None:
                found = sentences.read(cell, self.known, labelled=True)
                said = [(each.said, each.problem) for each in found]
            else:
                every, problem = cells.said(kind, cell, self.known)
                said = [(each, problem) for each in every]
            for each, problem in said:
                about = WHOLE if isinstance(each, _OF_THE_WHOLE) else subject
                is_total = not about.name and names.is_total(row[columns.named])
                claims.append(Claim(line, text, about, each, self._group, columns.table, is_total, problem))
        return _merged(claims)

    def _pairs(self, line: int, label: str, row: Sequence[str], columns: "_Columns") -> None:
        """A row that says what a number is in its first cell, and the number in another."""
        kind = cells.column(label)
        for position, cell in enumerate(row):
            of = columns.kinds[position]
            if position == columns.named or of == "elsewhere" or cell.lower() in cells.NOTHING:
                continue
            subject = columns.subjects[position]
            context = subject if subject.name and not subject.problem else self._context
            text = f"{label}: {cell}"
            if kind is None or kind == "name":
                self._sentence(text, line, context, group=self._group)
            elif of != "status":
                said, problem = cells.said(kind, cell, self.known)
                text = shortened(text, _TEXT)
                self.claims += [
                    Claim(line, text, context, each, self._group, problem=problem) for each in said
                ]


class _Columns(Struct, frozen=True):
    """The columns of the table with that number; `named`: the one that says what a row is about."""

    kinds: tuple[cells.Kind | None, ...]
    subjects: tuple[Subject, ...]
    named: int
    table: int

    @property
    def has_counts(self) -> bool:
        """Whether the rows are accounts."""
        return any(kind == "rate" or isinstance(kind, Part) for kind in self.kinds[1:])


def _sentences(passage: page.Passage) -> Iterator[tuple[int, str]]:
    """The sentences of a passage, and where each begins.

    A line may be one without a full stop: where the next begins anew, and it does not end amid a phrase.
    """
    text = passage.text
    cuts = {match.end() for match in _SENTENCE_END.finditer(text)}
    for start, _ in passage.starts[1:]:
        if _BEGINS.match(text, start) and not _GOES_ON.search(text[max(start - 12, 0) : start]):
            cuts.add(start)
    for start, end in pairwise([0, *sorted(cuts), len(text)]):
        if start < end:
            yield start, text[start:end].rstrip()


def _masked(text: str, named: Sequence[tuple[int, int, str]]) -> str:
    """`text` with the names of components as words that mean nothing: one may be called "Failed jobs"."""
    for start, end, _ in named:
        text = f"{text[:start]}{NAME * (end - start)}{text[end:]}"
    return text


def _merged(claims: Sequence[Claim]) -> list[Claim]:
    """The numbers of one account in one claim, as long as they are about the same and none is said twice."""
    merged: list[Claim] = []
    for claim in claims:
        for position, before in enumerate(merged):
            if not (isinstance(before.said, Counts) and isinstance(claim.said, Counts)):
                continue
            own, new = dict(before.said.parts), dict(claim.said.parts)
            alike = replace(before, said=claim.said) == claim
            if alike and all(own.get(part, amount) == amount for part, amount in new.items()):
                together = own | new
                said = Counts(tuple((part, together[part]) for part in Part if part in together))
                merged[position] = replace(before, said=said)
                break
        else:
            merged.append(claim)
    return merged


def _nearest(text: str, found: Found, named: Sequence[tuple[int, int, str]]) -> Subject:
    """Which of several components in a sentence a claim is about: the one of its clause."""
    several = Subject("", f"not matched: it could be about {' or '.join(name for *_, name in named)}")
    if any(_JOINED.fullmatch(text[end:start]) for (_, end, _), (start, *_) in pairwise(named)):
        return several
    inherited: Subject | None = None
    for start, end in _clauses(text):
        mine = [(at, name) for at, _, name in named if start <= at < end]
        leads = bool(mine) and not text[start : mine[0][0]].strip(MARKS + " ")
        if len(mine) == 1:
            inherited = Subject(mine[0][1]) if leads else None
        elif mine:
            inherited = None
        if start <= found.start < end:
            return Subject(mine[0][1]) if len(mine) == 1 else inherited or several
    return several


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE_END.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text) + 1
