"""Plain cases, found by a pattern: the same to the last byte as what the parser tells of them."""

from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from tests.building import fed, in_order, pieces
from tui.core.model import Event, Outcome, TestRecord
from tui.readers.reader import Ending
from tui.readers.xml.junit import JunitReader

PLAIN = '<testcase classname="tests.test_a.TestIt" name="test_{n}" time="0.{n}" />'
FAILED = (
    '<testcase classname="tests.test_f" name="test_f{n}" time="0.1"><failure message="AssertionError: assert '
    'call() == 0">def test_f(self):\n&gt;   assert call() == 0\nE   AssertionError: &quot;text&quot;\n\n'
    "tests/test_f.py:{n}: AssertionError</failure><system-out>printed</system-out>"
    "<system-err>&lt;</system-err></testcase>"
)
CASES = [
    PLAIN,
    PLAIN.replace("{n}", "1"),
    FAILED.replace("f{n}", "f"),
    '<testcase classname="tests.test_b" name="test_{n}[x-1]" time="1,000.5"/>',
    '<testcase name="test {n}" classname="a b" time="0.1" />',
    '<testcase name="n{n}" classname="pkg.Class" time="0.1"/>',
    '<testcase classname="tests.test_c" name="a &amp; b {n}" time="0.1" />',
    '<testcase classname="tests.test_c" name="\\x{n}" time="abc" />',
    '<testcase classname="tests.test_d" name="é{n}" time="0.1" />',
    '<testcase classname="" name="tests.test_e{n}" time="0.1" />',
    '<testcase classname="tests.test_f" name="failed{n}" time="0.1"><failure message="m">t\n' + PLAIN[1:],
    '<testcase classname="tests.test_f" name="f{n}"><failure message="m">text</failure></testcase>',
    FAILED,
    FAILED.replace("ERROR", "failure").replace("text", "a ]]&gt; b ]] &amp;lt; &#x41;"),
    FAILED.replace("failure", "error"),
    FAILED.replace("call() == 0", "failed on teardown with &quot;OSError: a&#10;b&quot;"),
    FAILED.replace("failure", "error").replace("call() == 0", "failed on setup with &quot;a&quot;"),
    FAILED.replace("failure", "error").replace("call() == 0", "collection failure"),
    FAILED.replace("assert", "ass\tert"),
    FAILED.replace("assert", "\r\nass\rert"),
    FAILED.replace("assert", "#x1B[31m \x1b[1m é"),
    FAILED.replace("assert", "a & b"),
    FAILED.replace("assert", "a ]]> b"),
    FAILED.replace("assert", "a < b"),
    FAILED.replace("printed", "\n::golden event=started\n"),
    FAILED.replace("printed", "\n&#58;:golden event=started\n"),
    FAILED.replace("</failure>", "</failure><failure message='two'/>"),
    FAILED.replace("</failure>", "</failure><!-- x -->"),
    FAILED.replace("</system-out>", "</system-out><properties><property name='a' value='b'/></properties>"),
    FAILED.replace("</testcase>", "</testcase>x"),
    FAILED.replace("message=", "type='T' message="),
    FAILED.replace("message=", 'type="a.T" message='),
    FAILED.replace('0"', '0" type="a.T&gt;"'),
    FAILED.replace('0"', '0" message="twice"'),
    (
        '<testcase classname="tests.test_g" name="s{n}" time="0.1"><skipped type="pytest.skip" '
        'message="not &lt;here&gt;">a.py:1: not here</skipped></testcase>'
    ),
    (
        '<testcase classname="tests.test_g" name="x{n}" time="0.1"><skipped type="pytest.xfail" '
        'message="a" />'
        "<system-out>printed</system-out></testcase>"
    ),
    '<testcase classname="tests.test_g" name="e{n}" time="0.1"><failure/></testcase>',
    '<testcase classname="tests.test_g" name="p{n}" time="0.1"><system-out>printed</system-out></testcase>',
    (
        '<testcase classname="tests.test_g" name="q{n}" time="0.1"><system-err>a</system-err><system-out>b'
        "</system-out></testcase>"
    ),
    '<testcase classname="tests.test_g" name="c{n}" time="abc"></testcase>',
    PLAIN.replace(" />", "></testcase>"),
    PLAIN.replace(" />", "><properties><property name='a' value='b' /></properties></testcase>").replace(
        "'", '"'
    ),
    FAILED.replace("><f", "><properties><property name='a' value='b&gt;' /></properties><f").replace(
        "'", '"'
    ),
    *(
        f'{PLAIN[:-3]}><properties><property name="{name}" value="b c" /></properties></testcase>'
        for name in ("golden_event", "golden.path", "&#103;olden_event", "failure.fingerprint", "<", "é")
    ),
    PLAIN.replace(" />", ">\n    </testcase>"),
    PLAIN.replace(
        " />", ">\n    <system-out />\n<system-out><![CDATA[a &amp; b]]></system-out>\t</testcase>"
    ),
    FAILED.replace(">def", "><![CDATA[def").replace("</failure>", "]]></failure>\n"),
    FAILED.replace(">def", "><![CDATA[def").replace("</failure>", "]]>\n</failure>"),
    FAILED.replace(">def", "> <![CDATA[def").replace("</failure>", "]]></failure>"),
    FAILED.replace(">def", "><![CDATA[def").replace("</failure>", "]]>]]></failure>"),
    FAILED.replace(">def", "><![CDATA[def").replace("</failure>", "]]><![CDATA[</failure>]]></failure>"),
    FAILED.replace(">def", "><![CDATA[def"),
    FAILED.replace("printed", "<![CDATA[::golden event=started]]>"),
    FAILED.replace("<system-err>&lt;", " <system-err><![CDATA[\x7f]] > &lt;]]>").replace(
        "><failure", "> <failure"
    ),
    FAILED.replace("printed", "a ]]> b"),
    FAILED.replace("printed", "&ltx"),
    FAILED.replace('0"', ']]>"'),
    FAILED.replace("<system-out>", "\xa0<system-out>"),
    '<testcase classname="tests.test_f" name="o{n}" time="0.1"><system-out><![CDATA[' + PLAIN + "]]>"
    "</system-out></testcase>",
    "<!-- " + PLAIN + " -->",
    "<?note " + PLAIN + " ?>",
    "<![CDATA[" + PLAIN + "]]>",
    "<properties><property name='a' value='b'/>" + PLAIN + "</properties>",
    '</testsuite><testsuite name="other suite" hostname="h{n}">',
    "\n  ",
    "\r\n",
    "\xa0",
    "\x85",
    "text > text",
    "<testcase ",
    "\x01",
    "</testcase>",
    "</testsuite>",
]
HEADS = [
    '<testsuites name="pytest tests"><testsuite name="pytest" tests="9">',
    '<?xml version="1.0" encoding="utf-8"?>\n<testsuite name="My Suite" tests="9">',
    '\ufeff<testsuites><testsuite name="surefire" package="p">',
    '<?xml version="1.0" encoding="latin-1"?><testsuites><testsuite name="jest tests">',
]
TAGS = [
    (HEADS[0], "</testsuite></testsuites>"),
    (HEADS[0], "</testsuite>\n</testsuites>\n"),
    (HEADS[0] + '<testsuite name="in">', "</testsuite></testsuite></testsuites>"),
    (
        '<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="pytest" tests="2" hostname="b" >',
        "</testsuite>",
    ),
    (
        '<testsuites name="jest tests"><testsuite name="a">',
        '</testsuite><testsuite name="b"></testsuite></testsuites>',
    ),
    ('<testsuites><testsuite name="unknown">', "</testsuite></testsuites>"),
    ('<testsuites name="jest tests" name="twice"><testsuite name="a">', "</testsuite></testsuites>"),
    ('<testsuites name="jest tests"><testsuite name="a &amp; b">', "</testsuite></testsuites>"),
    ('<testsuites name="pytest tests"><testsuite name="a">', "</testsuites></testsuite>"),
    (
        '<testsuites name="pytest tests"><testsuite name="a"><properties></properties>',
        "</testsuite></testsuites>",
    ),
    (
        (
            '<testsuites name="jest tests"><testsuite name="a" hostname="b">\n<properties>\n'
            '<property name="a &amp; b" value="" />\n <property name="b" value="c>"/> </properties>'
        ),
        (
            "<system-out>a &lt; b</system-out>\n<system-err><![CDATA[</system-err>]]></system-err>"
            "</testsuite>"
            "<properties></properties><system-out></system-out></testsuites>"
        ),
    ),
    (
        '<testsuites><testsuite name="a"><properties><property name="a" name="b"/></properties>',
        "<system-out /></testsuite></testsuites>",
    ),
    ('<testsuites><testsuite name="a">', "<system-out>&nbsp;</system-out></testsuite></testsuites>"),
    ('<testsuites><testsuite name="a">', "<system-out>a\r\nb</system-out></testsuite></testsuites>"),
    ('<testsuites><testsuite name="a">', "<system-out>b</system-err></testsuite></testsuites>"),
    ('<testsuites><testsuite name="a">', '</testsuite><testsuite name="pytest"></testsuite></testsuites>'),
    ('<testsuites><testsuite name="a">', "<error message='x'/></testsuite></testsuites>"),
    ('<testsuites><testsuite name="a">', "</testsuite></testsuites><system-out></system-out>"),
    ('<testsuites name="pytest tests">', "</testsuites>"),
    ('<testsuites name="pytest tests"><testsuite name="a">', "</testsuite>"),
    ('\n<testsuites name="pytest tests"><testsuite name="a">', "</testsuite></testsuites>"),
    (
        '<testsuite name="pytest" timestamp="2026-01-13T10:00:00" time="5">',
        "</testsuite><testsuite></testsuite>",
    ),
]
USUAL = [PLAIN, FAILED]
Told = tuple[list[Event], Ending]


class OnlyParser(JunitReader):
    """Reads every case by the parser: the slow twin."""

    _looks_for_plain: ClassVar[bool] = False


def told(reader: JunitReader, parts: list[bytes]) -> Told:
    return fed(reader, parts), reader.ending()


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of cases in many forms, some of them broken; enough of the same for its writer to be known."""
    kinds = draw(st.lists(st.sampled_from(CASES), max_size=40))
    before = draw(st.sampled_from([0, 1, 60]))
    cases = [PLAIN] * before + [kind for each in kinds for kind in [each] * draw(st.integers(1, 3))]
    end = draw(st.sampled_from(["</testsuite></testsuites>", "</testsuite>", ""]))
    text = draw(st.sampled_from(HEADS)) + "".join(cases) + end
    numbered = "".join(f"{part}{n}" for n, part in enumerate(text.split("{n}")))
    return numbered.encode("latin-1" if "latin-1" in text else "utf-8", "replace")


@given(data=files(), cuts=st.lists(st.integers(0, 10_000), max_size=8))
def test_a_plain_case_is_told_as_the_parser_tells_it(data: bytes, cuts: list[int]) -> None:
    assert told(JunitReader(), pieces(data, cuts)) == told(OnlyParser(), [data])


def test_a_byte_that_is_no_text_is_no_blank() -> None:
    data = f"{HEADS[0]}{PLAIN}\xa0{PLAIN.replace('{n}', '2')}</testsuite></testsuites>".encode("latin-1")
    assert told(JunitReader(), [data]) == told(OnlyParser(), [data])


@given(
    kinds=st.lists(st.sampled_from([*USUAL, *CASES]), max_size=3),
    tags=st.sampled_from(TAGS),
    more=st.sampled_from(["", "", "\n", "<!-- -->", "x", "<", "<a/>"]),
    many=st.sampled_from([1, 1, 60]),
    cuts=st.lists(st.integers(0, 10_000), max_size=3),
)
def test_a_small_file_is_told_as_the_parser_tells_it(
    kinds: list[str], tags: tuple[str, str], more: str, many: int, cuts: list[int]
) -> None:
    text = tags[0] + "".join([*many * USUAL, *kinds]) + tags[1] + more
    data = "".join(f"{part}{n}" for n, part in enumerate(text.split("{n}"))).encode()
    reader = JunitReader()
    events = []
    for part in pieces(data, cuts):
        events += reader.feed(part)
        reader.ending()  # changes nothing
    slow = OnlyParser()
    assert in_order(events) == in_order(slow.feed(data))
    assert reader.ending() == slow.ending()


def test_a_small_file_needs_no_parser() -> None:
    reader = JunitReader()
    data = "".join([TAGS[0][0], *USUAL, TAGS[0][1]]).encode()
    assert sum(isinstance(event, TestRecord) for event in told(reader, [data])[0]) == len(USUAL)
    assert reader.ending().complete
    assert reader._parser is None


@given(data=files(), cuts=st.lists(st.integers(0, 10_000), max_size=8), asked=st.integers(0, 9))
def test_a_case_that_is_held_back_is_told_all_the_same(data: bytes, cuts: list[int], asked: int) -> None:
    reader = JunitReader()
    reader.large = 100  # so that parts of a small file are large
    events: list[Event] = []
    for number, part in enumerate(pieces(data, cuts)):
        events += reader.feed(part)
        if number == asked:
            reader.ending()  # changes nothing
    ending = reader.ending()
    slow, expected = OnlyParser(), []
    expected += slow.feed(data)
    assert in_order([*events, *ending.events]) == in_order([*expected, *slow.ending().events])
    assert (ending.complete, ending.reason) == (slow.ending().complete, slow.ending().reason)


def test_most_cases_take_the_short_way() -> None:
    cases = "".join((PLAIN, FAILED)[n % 10 == 0].replace("{n}", str(n)) for n in range(200))
    data = f"{HEADS[0]}{cases}</testsuite></testsuites>".encode()
    reader = JunitReader()
    found = told(reader, [data])[0]
    assert sum(isinstance(event, TestRecord) and event.outcome is Outcome.PASSED for event in found) == 180
    assert sum(isinstance(event, TestRecord) and event.outcome is Outcome.FAILED for event in found) == 20
    assert reader._fed < len(data) / 10
