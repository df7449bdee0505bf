"""Which format a file has: the short way for what most are, held against the long one."""

import re

import pytest

from tui.readers import formats

USUAL = '<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest">'
HEADS = [
    USUAL,
    USUAL.replace("utf-8", "UTF-8").replace("?><", "?>\n<"),
    '<testsuite name="a" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n  <testcase name="b"/>',
    '<testsuites xmlns="http://check.sourceforge.net/ns"><testsuite name="a">',
    '<testsuites><!-- check. --><testsuite name="a">',
    "<testsuites/>",
    '<testsuites name="a>b"><testsuite>',
    '<testsuitesx name="a"><testsuite>',
    '<TestRun><testsuite name="a">',
    "<testsuites>text<testsuite>",
    '{"results": "<testsuites><testsuite>"}',
    "",
]


@pytest.mark.parametrize("head", HEADS)
def test_the_short_way_tells_what_the_long_one_does(head: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heads = [head.encode(), head.encode("utf-16"), b"\xef\xbb\xbf" + head.encode(), b"\n" + head.encode()]
    told = [formats.recognise(each) for each in heads]
    monkeypatch.setattr(formats, "_USUAL_JUNIT", re.compile(rb"(?!)"))
    assert told == [formats.recognise(each) for each in heads]


def test_what_most_files_are_is_told_by_the_short_way() -> None:
    assert all(formats._USUAL_JUNIT.match(head.encode()) for head in HEADS[:3])
