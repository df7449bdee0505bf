"""XML of any make: encodings, what is not well-formed, what is refused, and records read again."""

from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    SHARED,
    case,
    failure,
    loaded,
    other_xml,
    pieces,
    problems,
    pytest_xml,
    reader_of,
    records,
    told,
    written,
)
from tui.core.model import Event, Repaired, SourceState, TestRecord
from tui.readers import formats
from tui.readers.xml.element import element
from tui.readers.xml.junit import JunitReader
from tui.readers.xml.tagsoup import Handlers, TagSoup, vocabulary

FILES = sorted(
    path
    for pattern in ("corpus/*/*.xml", "corpus/*/*.trx", "dialects/*/*.xml")
    for path in SHARED.glob(pattern)
    if 0 < path.stat().st_size < 60_000
)
cuts = st.lists(st.integers(0, 10**9), max_size=6)
snippets = st.sampled_from(
    [
        *b'< > & " ]]> <![CDATA[ <!-- &#27; <testcase </testcase> </testsuite> <? <!DOCTYPE <x>'.split(),
        *(b"\xff", b"\x1b[31m", b"\0", b"\r", b"\xef\xbf\xbe", b"\x7f", b"<testcase ", b"<!DOCTYPE x ["),
    ]
)


def read(text: str | bytes, *, size: int = 10**9) -> list[Event]:
    data = text.encode() if isinstance(text, str) else text
    return told(reader_of(data), [data[start : start + size] for start in range(0, len(data), size)])


def names(events: list[Event]) -> list[str]:
    return [each.test.name for each in records(events)]


def repairs(events: list[Event]) -> int:
    return sum(event.count for event in events if isinstance(event, Repaired))


def again(data: bytes, record: TestRecord) -> str:
    """The element of `record`, read again from the file by its offset."""
    assert record.span is not None
    found = element(data[record.span.offset :][: record.span.length], JunitReader.known)
    assert found is not None
    return tostring(found, encoding="unicode")


# --- encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("label", ["utf-8", "utf-16", "latin-1", "shift_jis", "no-such", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_bytes_win_over_a_label_that_cannot_be_true(encoding: str, label: str, size: int) -> None:
    declared = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    xml = declared + other_xml(case("grün"), case("b", failure("é")))
    if encoding == "utf-8" and label in ("latin-1", "shift_jis"):
        pytest.skip("that label can be true")
    if encoding == "utf-8-sig" and label in ("latin-1", "shift_jis"):
        pytest.skip("nobody writes that")
    events = read(xml.encode(encoding), size=size)
    assert names(events) == ["grün", "b"]
    assert not repairs(events)


@pytest.mark.parametrize(
    "encoding", ["latin-1", "cp1252", "iso8859-15", "koi8-r", "shift_jis", "euc_jp", "gbk"]
)
def test_a_declared_encoding_is_read(encoding: str) -> None:
    name = {"koi8-r": "тест", "shift_jis": "表示", "euc_jp": "表示", "gbk": "测试"}.get(encoding, "grün")
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + other_xml(case(name))
    assert names(read(xml.encode(encoding))) == [name]


@pytest.mark.parametrize("label", ["no-such", "utf-7", "rot13", "unicode_escape", "utf-16", "iso2022_jp"])
def test_a_label_that_is_not_believed_is_said(label: str) -> None:
    xml = f'<?xml version="1.0" encoding="{label}"?>' + other_xml(case("grün"))
    events = read(xml)
    assert names(events) == ["grün"]
    assert [problem.kind for problem in problems(events)] == ["encoding"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32", "latin-1"])
def test_a_record_is_read_again_where_it_stands_whatever_the_encoding(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    data = (declared + other_xml(case("é"), case("ü", failure("ö", "text ä")), case("c"))).encode(encoding)
    events = read(data, size=7)
    assert names(events) == ["é", "ü", "c"]
    assert "text ä" in again(data, records(events)[1])


def test_bytes_that_are_no_utf_8_are_replaced_and_counted() -> None:
    xml = pytest_xml(case("a", failure(text="raw \xff\xfe")), case("b")).encode("latin-1")
    events = read(xml)
    assert names(events) == ["a", "b"]
    assert repairs(events) == 2
    assert "\ufffd" in records(events)[0].failures[0].text


def test_blank_lines_before_the_declaration_do_no_harm_and_lines_count_from_them() -> None:
    events = read("\n\n" + '<?xml version="1.0"?>\n' + other_xml(case("a"), "\n&"))
    assert names(events) == ["a"]
    assert [problem.line for problem in problems(events)] == [5]


# --- what is not well-formed --------------------------------------------------------------------------

_TORN = {
    "a colour code": (failure("\x1b[31mred\x1b[0m"), "red"),
    "a reference to a character that XML forbids": (failure("&#27;[31mred&#x1b;[0m&#0;&#xD800;"), "red"),
    "a bare ampersand": (failure("R&D & more"), "R&D & more"),
    "an entity that nobody declared": (failure("a&nbsp;b"), "a&nbsp;b"),
    "an end of a CDATA section in a text": (failure("m", "a ]]> b"), "m"),
    "a CDATA section that ended early": (failure("m", "<![CDATA[a ]]> <x> & b ]]>"), "m"),
    "a raw less-than in an attribute": (failure("1 < 2 <b>"), "1 < 2 <b>"),
    "a raw quote in an attribute": ('<failure message="say "hi" now" type="E"></failure>', 'say "hi" now'),
    "a quote that is not closed": ("<failure message='m></failure>", "m"),
    "an attribute twice": ('<failure message="m" message="n"></failure>', "m"),
    "two hyphens in a comment": ("<!-- a -- b --->" + failure("m"), "m"),
    "a tag that nobody closes": ("<x>" + failure("m"), "m"),
    "a non-character": (failure("a\ufffeb"), "ab"),
}


_WASHED = {"a colour code"}
"""What is mended before any parser sees it; its count says so."""


@pytest.mark.parametrize("what", _TORN)
def test_every_case_of_a_torn_file_is_accounted_for(what: str) -> None:
    inner, message = _TORN[what]
    data = other_xml(case("a"), case("b", inner), case("c", failure("last"))).encode()
    events = read(data)
    assert [(each.test.name, each.outcome.value) for each in records(events)] == [
        ("a", "passed"),
        ("b", "failed"),
        ("c", "failed"),
    ]
    assert records(events)[1].failures[0].message == message
    assert len(problems(events)) == (0 if what in _WASHED else 1)
    for record in records(events):
        assert f'name="{record.test.name}"' in again(data, record)
    assert events == read(data, size=5)


def test_the_first_fault_is_said_with_its_place() -> None:
    (problem,) = problems(read(other_xml(case("a"), "\n", case("b & c"), case("d & e"))))
    assert problem.line == 2
    assert problem.message.startswith("not well-formed at line 2, column ")
    assert problem.message.endswith("; read on with repairs")


def test_tags_that_do_not_match_close_what_they_can() -> None:
    xml = "<testsuites><testsuite name='s'><testcase name='a'><failure></testcase><testcase name='b'>"
    events = read(f"{xml}<system-out></testsuite></testsuites>")
    assert [(each.test.name, each.outcome.value) for each in records(events)] == [
        ("a", "failed"),
        ("b", "passed"),
    ]


def test_a_case_that_is_not_closed_ends_where_the_next_begins() -> None:
    events = read(other_xml("&<testcase name='a'><failure message='m'>", case("b")))
    assert [(each.test.name, each.outcome.value) for each in records(events)] == [
        ("a", "failed"),
        ("b", "passed"),
    ]


def test_two_documents_in_one_file_both_count() -> None:
    document = '<?xml version="1.0"?>' + other_xml(case())
    data = f"{document}\n{document}".encode()
    assert len(records(read(data))) == 2
    reader = reader_of(data)
    reader.feed(data)
    assert reader.ending().complete


@pytest.mark.parametrize("junk", ["garbage", "<html>", "\0\0\0", "</testsuite>", "<", "&"])
def test_what_follows_the_root_does_no_harm(junk: str) -> None:
    data = (other_xml(case("a")) + junk).encode()
    reader = reader_of(data)
    assert names(reader.feed(data)) == ["a"]
    assert reader.ending().complete


def test_a_torn_file_that_is_cut_short_says_what_was_in_flight() -> None:
    data = other_xml(case("a & b"), case("c", "<system-out>begun"))[
        : -len("</testcase></testsuite>")
    ].encode()
    reader = reader_of(data)
    assert names(reader.feed(data)) == ["a & b"]
    ending = reader.ending()
    assert (ending.complete, ending.fatal) == (False, False)
    assert ending.reason == "ends at line 1, inside <testcase name='c'>"


def test_to_ask_for_the_ending_changes_nothing() -> None:
    data = other_xml(case("a & b"), case("c"), case("d & ")).encode()
    reader = reader_of(data)
    events: list[Event] = []
    for at in range(len(data)):
        events += reader.feed(data[at : at + 1])
        assert not reader.ending().complete or at == len(data) - 1
    assert records([*events, *reader.ending().events]) == records(read(data))


# --- what is refused or bounded ------------------------------------------------------------------------


@pytest.mark.parametrize("torn", ["", "&"])
def test_a_declared_entity_is_refused_wherever_the_declaration_stands(torn: str) -> None:
    doctype = '<!DOCTYPE t [<!ENTITY e "ha">]>'
    data = f"{torn and '<!-- -- -->'}{doctype}{other_xml(case('a', failure('&e;')))}".encode()
    reader = reader_of(data)
    reader.feed(data)
    ending = reader.ending()
    assert (ending.fatal, ending.reason.startswith("refused at line 1: it declares the entity")) == (
        True,
        True,
    )


def test_a_tag_without_end_is_cut_and_what_follows_is_read(tmp_path: Path) -> None:
    xml = other_xml(case("x" * 20_000_000), case("b"))
    table = loaded(written(tmp_path, {"a.xml": xml})).tables["a.xml"]
    assert table.state is SourceState.COMPLETE
    assert table.tally.tests == 2
    assert [problem.kind for problem in table.problems] == ["too long"]


# --- the recovering parser, and everything at once ------------------------------------------------------


class Heard:
    """What a parser tells, texts joined."""

    def __init__(self) -> None:
        self.said: list[tuple[str, object]] = []
        self.open: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.open.append(tag)
        self.said.append((tag, dict(attributes)))

    def end(self, tag: str) -> None:
        self.open.pop()
        self.said.append(("/", tag))

    def text(self, data: str) -> None:
        if self.said and self.said[-1][0] == "":
            data = str(self.said.pop()[1]) + data
        self.said.append(("", data))


texts = st.text(st.sampled_from("a é\n\t<>&\"'];"), max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


trees = st.recursive(
    texts.map(escaped)
    | texts.map(lambda text: f"<![CDATA[{text.replace(']]>', '')}]]>")
    | st.just("<!-- x -->"),
    lambda inner: st.builds(
        lambda tag, value, parts: f'<{tag} v="{escaped(value)}">{"".join(parts)}</{tag}>',
        st.sampled_from(["one", "two"]),
        texts,
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)


@given(trees, cuts)
def test_of_what_is_well_formed_both_parsers_say_the_same(tree: str, cut: list[int]) -> None:
    from xml.parsers import expat  # noqa: PLC0415  # only here

    data = f"<root>{tree}</root>\r\n".encode()
    strict, soup = Heard(), Heard()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = strict.start, strict.end
    parser.CharacterDataHandler = strict.text
    parser.Parse(data, True)  # noqa: FBT003
    lenient = TagSoup(
        vocabulary(["root", "one", "two"], []), Handlers(soup.start, soup.end, soup.text, soup.open), "utf-8"
    )
    for part in pieces(data, cut):
        lenient.Parse(part)
    lenient.Parse(b"", True)  # noqa: FBT003
    assert [each for each in soup.said if each != ("", "")] == strict.said
    assert not lenient.replaced


@pytest.mark.skipif(not FILES, reason="the corpus is not here")
@settings(max_examples=150)
@given(st.data())
def test_a_real_file_that_was_damaged_says_the_same_however_it_is_cut(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    content = path.read_bytes()
    places = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=4)))
    damaged = b""
    for start, end in pairwise([0, *places, len(content)]):
        damaged += content[start:end] + (data.draw(snippets) if end < len(content) else b"")
    known = formats.recognise(damaged[: formats.HEAD])
    if known is None or known.open().is_stream:
        return
    events = told(known.open(), [damaged])
    assert told(known.open(), pieces(damaged, data.draw(cuts))) == events
    for record in records(events)[:20]:
        if record.span is not None:
            known.detail([damaged[record.span.offset :][: record.span.length]])
