"""What inputs are made from: small documents of every format, and the words that their readers look for.

Imports nothing of runwatch but `readers.formats`, by which files on disk are sorted. Every built-in
document says as much as its reader can be told; further ones are read from directories.
"""
# ruff: noqa: E501  # documents stand here as their writers write them

import bz2
import gzip
import json
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.building import SAMPLE, SHARED
from tui.readers import formats

PACKED = "packed"
"""Stands for compressed sources among the names of formats."""

NAMES = (*formats.BY_NAME, PACKED)

_LARGEST = 1024  # what larger files have to say, they say in their first kilobytes

_JUNIT = (
    """<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5"
 time="0.5" timestamp="2026-01-13T10:00:00.5+00:00" hostname="h">
<testcase classname="tests.test_a.TestB" name="test_c[1-é]" time="0.01"><properties>
<property name="golden_event" value="started"/><property name="golden.Chat" value="a b"/></properties>
<failure message="ValueError: boom &amp; &#10;more">def test_c():
&gt;       raise ValueError("boom")
E       ValueError: boom

tests/test_a.py:7: ValueError</failure><system-out><![CDATA[::golden event=ended
]]></system-out></testcase>
<testcase classname="tests.test_a.TestB" name="test_c[1-é]" time="0.01"><error message="failed on teardown \
with &quot;OSError&quot;">E   OSError: x</error></testcase>
<testcase classname="tests.test_a" name="test_d" file="tests/test_a.py" line="3" time="0.5"/>
<testcase classname="tests.test_a" name="test_e"><skipped type="pytest.xfail" message="bug"/></testcase>
<testcase classname="" name="tests.test_f" time="0.0"><error message="collection failure">\
ImportError: no</error></testcase></testsuite></testsuites>""",
    """<testsuite name="org.acme.FlakyTest" tests="3" failures="1" errors="0" skipped="1" time="1,234.5">
<properties><property name="user.name" value="me"/></properties>
<testcase name="a" classname="org.acme.FlakyTest" time="0"><flakyFailure message="m" type="java.lang.Error">\
<stackTrace><![CDATA[at org.acme.A(A.java:1)]]></stackTrace><system-err>e</system-err></flakyFailure></testcase>
<testcase name="b" classname="org.acme.FlakyTest"><failure type="X">one</failure><rerunFailure message="again"/>\
<rerunError type="Y"/></testcase>
<testcase name="c" status="disabled"/><testcase name="d" result="failed"><skipped>why</skipped></testcase>
<testsuite name="inner"><testcase name="e"/></testsuite><error>suite</error><system-out>out</system-out></testsuite>""",
    """<?xml version="1.0"?><testsuites tests="3" failures="1"><testsuite name="example.com/p" tests="2">
<properties><property name="go.version" value="go1.21"/></properties>
<testcase classname="p" name="TestA/x" time="0.1"><failure message="Failed" type="">    a_test.go:3: bad</failure>\
</testcase><testcase classname="p" name="TestA/x" time="0.1"></testcase></testsuite></testsuites>""",
)
_TRX = (
    """\ufeff<?xml version="1.0" encoding="utf-8"?>
<TestRun id="x" name="run" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
<Times start="2026-01-13T10:00:00.1234567+00:00" finish="2026-01-13T10:01:00Z"/><Results>
<UnitTestResult testId="1" testName="N.C.M(x: 1.5)" outcome="Failed" duration="00:01:02.5000000" \
startTime="2026-01-13T10:00:00.1234567+00:00"><Output><StdOut>::golden event=a
</StdOut><ErrorInfo><Message>System.Exception: bad</Message><StackTrace>at A.B() in /a.cs:line 7</StackTrace>\
</ErrorInfo></Output><InnerResults><UnitTestResult testId="2" testName="inner" outcome="Passed"/></InnerResults>\
</UnitTestResult><UnitTestResult testId="3" testName="T" outcome="NotExecuted"/></Results>
<TestDefinitions><UnitTest name="T" id="3"><TestMethod codeBase="a.dll" className="N.C, A" name="T"/></UnitTest>\
</TestDefinitions><ResultSummary outcome="Failed"><Counters total="3" executed="2" passed="1" failed="1"/>\
<RunInfos><RunInfo outcome="Error"><Text>host died</Text></RunInfo></RunInfos></ResultSummary></TestRun>""",
)
_NUNIT = (
    """<?xml version="1.0" encoding="utf-8"?><test-run id="2" total="4" passed="1" failed="2" skipped="1" \
inconclusive="0" start-time="2026-01-13 10:00:00Z" end-time="2026-01-13 10:01:00Z">
<test-suite type="TestFixture" fullname="N.C" result="Failed" label="Error" site="SetUp"><failure><message>\
<![CDATA[one]]></message></failure><test-case id="1" name="M" fullname="N.C.M" classname="N.C" result="Failed" \
duration="0.5" start-time="2026-01-13 10:00:00Z"><properties><property name="golden_event" value="e"/></properties>\
<failure><message><![CDATA[Expected: 1]]></message><stack-trace>at N.C.M() in a.cs:line 3</stack-trace></failure>\
<output>out</output></test-case><test-case name="S" result="Skipped" label="Ignored"><reason><message>later</message>\
</reason></test-case></test-suite></test-run>""",
    """<test-results name="a.dll" total="2" errors="1" failures="1" not-run="1" date="2010-10-18" time="13:23:35">\
<test-suite name="a" success="False"><results><test-case name="N.C.M" executed="True" result="Failure" \
success="False" time="0.1"><failure><message>m</message><stack-trace>s</stack-trace></failure></test-case>
<test-case name="N.C.N" executed="False" result="Ignored"><reason><message>why</message></reason></test-case>\
</results></test-suite></test-results>""",
)
_XUNIT = (
    """<assemblies timestamp="01/13/2026 10:00:00"><assembly name="a.dll" test-framework="xUnit.net 2.9" \
run-date="2026-01-13" run-time="10:00:00" time="60" total="3" passed="1" failed="1" skipped="1" errors="1">
<errors><error type="test-class-cleanup" name="N.C"><failure exception-type="E"><message>m</message>\
<stack-trace>s</stack-trace></failure></error></errors><collection name="c"><test name="N.C.M(x: 1.5)" type="N.C" \
method="M" time="0.5" result="Fail"><traits><trait name="a" value="b"/></traits>\
<failure exception-type="Xunit.Sdk.TrueException"><message><![CDATA[boom]]></message><stack-trace>at X</stack-trace>\
</failure><output>::golden event=x</output></test><test name="N.C.S" type="N.C" method="S" result="Skip">\
<reason><![CDATA[later]]></reason></test></collection></assembly></assemblies>""",
)
_ROBOT = (
    """<?xml version="1.0" encoding="UTF-8"?><robot generator="Robot 7.5 " schemaversion="5">
<suite id="s1" name="Suite" source="/a/s.robot"><kw name="Up" type="SETUP"><status status="PASS"/></kw>
<test id="s1-t1" name="Does It" line="7"><kw name="Log"><msg time="x" level="INFO">::golden event=a</msg><arg>a</arg>\
<status status="FAIL" start="2026-01-13T10:00:00.000000" elapsed="0.5">bad</status></kw><tag>x</tag>\
<status status="FAIL" start="2026-01-13T10:00:00.000000" elapsed="0.5">Setup failed:
x</status></test><test id="s1-t2" name="Skips"><status status="SKIP" starttime="20260113 10:00:00.000" \
endtime="20260113 10:00:01.000">why</status></test><status status="FAIL"/></suite>
<statistics><total><stat pass="1" fail="1" skip="1">All Tests</stat></total></statistics>\
<errors><msg level="ERROR">import failed</msg></errors></robot>""",
)
_ALLURE = (
    json.dumps(
        {
            "uuid": "97142364-9308-4fdd-b950-24224ebfedf0",
            "historyId": "h",
            "fullName": "pkg.Test.works",
            "name": "works",
            "status": "broken",
            "statusDetails": {"message": "ValueError: x", "trace": "a.py:3: ValueError", "flaky": True},
            "start": 1768298400000,
            "stop": 1768298401500,
            "labels": [{"name": "suite", "value": "s"}, {"name": "framework", "value": "pytest"}],
            "parameters": [{"name": "n", "value": "1", "excluded": False}],
            "steps": [{"name": "one", "status": "failed", "steps": [{"name": "in", "status": "passed"}]}],
            "attachments": [{"name": "log", "source": "a.txt", "type": "text/plain"}],
        }
    ),
)
_CTRF = (
    json.dumps(
        {
            "reportFormat": "CTRF",
            "specVersion": "1.0.0",
            "results": {
                "tool": {"name": "playwright", "version": "1"},
                "summary": {"tests": 2, "passed": 1, "failed": 1, "skipped": 0, "start": 1768298400000},
                "tests": [
                    {"name": "a", "status": "passed", "duration": 1500, "flaky": True, "retries": 1},
                    {
                        "name": "b",
                        "status": "failed",
                        "rawStatus": "timedOut",
                        "suite": ["s", "t"],
                        "message": "Error: no",
                        "trace": "at x (a.ts:3:1)",
                        "filePath": "a.ts",
                        "line": 3,
                        "start": 1768298400,
                        "stdout": ["::golden event=e"],
                        "retryAttempts": [{"attempt": 1, "status": "failed", "message": "m"}],
                        "extra": {"golden_event": ["x", "y"], "labels": {"owner": "me"}},
                    },
                ],
            },
        },
        indent=1,
    ),
)
_GTEST = (
    json.dumps(
        {
            "tests": 2,
            "failures": 1,
            "disabled": 0,
            "errors": 0,
            "timestamp": "2026-01-13T10:00:00Z",
            "time": "1.5s",
            "name": "AllTests",
            "testsuites": [
                {
                    "name": "Basic",
                    "tests": 2,
                    "time": "0s",
                    "testsuite": [
                        {"name": "W", "file": "a.cc", "line": 7, "status": "RUN", "result": "COMPLETED"},
                        {
                            "name": "F",
                            "value_param": "3",
                            "status": "RUN",
                            "result": "COMPLETED",
                            "time": "0.25s",
                            "timestamp": "2026-01-13T10:00:00Z",
                            "classname": "Basic",
                            "golden_event": "x",
                            "failures": [{"failure": "a.cc:9\nExpected: x\n  Actual: y", "type": ""}],
                        },
                    ],
                }
            ],
        }
    ),
)
_REPORT_LOG = (
    """{"pytest_version": "9.0.3", "$report_type": "SessionStart"}
{"nodeid": "t.py", "outcome": "failed", "longrepr": "ImportError: no", "result": null, "$report_type": "CollectReport"}
{"nodeid": "t.py::a[1]", "location": ["t.py", 3, "a[1]"], "keywords": {"a": 1}, "outcome": "passed", \
"longrepr": null, "when": "setup", "user_properties": [["golden_event", "x"]], "sections": [], "duration": 0.25, \
"start": 1768298400.0, "stop": 1768298400.25, "worker_id": "gw0", "$report_type": "TestReport"}
{"nodeid": "t.py::a[1]", "outcome": "failed", "longrepr": {"reprcrash": {"path": "/srv/t.py", "lineno": 7, \
"message": "ValueError: boom"}, "reprtraceback": {"reprentries": [{"type": "ReprEntry", "data": {"lines": \
["def a():", ">   f()", "E   ValueError: boom"], "reprfileloc": {"path": "t.py", "lineno": 4, "message": "V"}}}]}}, \
"when": "call", "sections": [["Captured stdout call", "::golden event=y\\n"]], "$report_type": "TestReport"}
{"nodeid": "t.py::a[1]", "outcome": "skipped", "longrepr": ["t.py", 3, "Skipped: why"], "wasxfail": "bug", \
"when": "teardown", "$report_type": "TestReport"}
{"nodeid": "t.py::b", "outcome": "rerun", "when": "call", "$report_type": "SubTestReport", "context": {"msg": "m"}}
{"message": "w", "when": "runtest", "$report_type": "WarningMessage"}
{"exitstatus": 1, "$report_type": "SessionFinish"}
""",
)
_GOTEST = (
    """{"Time":"2026-01-13T10:00:00.123456789Z","Action":"start","Package":"example.com/p"}
{"Action":"run","Package":"example.com/p","Test":"TestA"}
{"Action":"output","Package":"example.com/p","Test":"TestA","Output":"=== RUN   TestA\\n"}
{"Action":"run","Package":"example.com/p","Test":"TestA/x"}
{"Action":"output","Package":"example.com/p","Test":"TestA/x","Output":"    a_test.go:12: bad\\n"}
{"Action":"output","Package":"example.com/p","Test":"TestA/x","Output":"::golden event=e\\n"}
{"Action":"output","Package":"example.com/p","Test":"TestA/x","Output":"    --- FAIL: TestA/x (0.50s)\\n"}
{"Action":"fail","Package":"example.com/p","Test":"TestA/x","Elapsed":0.5}
{"Action":"attr","Package":"example.com/p","Test":"TestA","Key":"golden_event","Value":"f"}
{"Action":"fail","Package":"example.com/p","Test":"TestA","Elapsed":0.5}
{"Action":"skip","Package":"example.com/p","Test":"TestB","Elapsed":0}
{"Action":"run","Package":"example.com/p","Test":"TestC"}
{"Action":"output","Package":"example.com/p","Test":"TestC","Output":"panic: oh\\n\\ngoroutine 1:\\n\\t/a/b.go:3 +0x1\\n"}
{"Action":"fail","Package":"example.com/p","Elapsed":1.5}
{"ImportPath":"example.com/q","Action":"build-output","Output":"# example.com/q\\na.go:3:1: undefined: x\\n"}
{"ImportPath":"example.com/q","Action":"build-fail"}
{"Action":"fail","Package":"example.com/q","Elapsed":0,"FailedBuild":"example.com/q"}
# example.com/r
a.go:1:2: bad
FAIL	example.com/r [build failed]
""",
)
_LIBTEST = (
    """{ "type": "suite", "event": "started", "test_count": 3 }
{ "type": "test", "event": "started", "name": "tests::a" }
{ "type": "test", "name": "tests::a", "event": "ok", "exec_time": 0.25 }
{ "type": "test", "event": "started", "name": "tests::b" }
{ "type": "test", "name": "tests::b", "event": "failed", "stdout": "thread 'tests::b' panicked at src/lib.rs:7:5:\\n\
assertion failed\\n::golden event=x\\n", "message": "m" }
{ "type": "test", "name": "tests::c", "event": "ignored", "message": "why" }
{ "type": "suite", "event": "failed", "passed": 1, "failed": 1, "ignored": 1, "measured": 0, "filtered_out": 0, \
"exec_time": 0.5 }
""",
)
_EVENT_LOG = (
    """{"event": "started", "ts": "2026-01-13T10:00:00+00:00", "seq": 1, "test": "t.py::a", "path": "Chat", "k": "v"}
{"event": "ended", "ts": 1768298400.5, "seq": 2, "test": "t.py::a", "thread_id": "t", "n": [1, {"a": null}]}
""",
)
_TAP = (
    """TAP version 14
1..4
# Subtest: outer
    ok 1 - inner
    # Subtest: deeper
        not ok 1 - x # TODO later
        1..1
    ok 2 - deeper # time=3ms
    1..2
ok 1 - outer
not ok 2 - fails \\# really
  ---
  message: "it \\"broke\\""
  severity: fail
  at:
    file: a.js
    line: 7
  stack: |
    Error: x
        at f (/a/b.js:3:1)
  ...
ok 3 - skips # SKIP why
# ::golden event=e
ok 4 - bats in 6ms
""",
    """a.t ..\x20
ok 1 - one {
    ok 1 - two
    1..1
}
not ok 2 - bad
#   Failed test 'bad'
#   at a.t line 3.
1..3
Bail out! no database
""",
)  # fmt: skip

_SPAN = {
    "traceId": "5b8e",
    "spanId": "01",
    "name": "agent.run",
    "startTimeUnixNano": "1768298400000000000",
    "endTimeUnixNano": "1768298401000000000",
    "attributes": [{"key": "test.name", "value": {"stringValue": "tests/test_a.py::test_a"}}],
    "events": [{"name": "agent_thinking", "timeUnixNano": "1768298400500000000", "attributes": []}],
}
_SPANS = {"resourceSpans": [{"scopeSpans": [{"scope": {"name": "chat"}, "spans": [_SPAN]}]}]}
_SPANS_LINE = json.dumps(_SPANS) + "\n"
_PLAN = (
    """tests/test_a.py::test_a
tests/test_a.py::TestA::test_b[x y-1]
tests/sub/test_b.py::test_c[a::b]

3 tests collected in 0.01s
""",
    """tests/test_a.py::test_a
tests/test_b.py::test_b

==================================== ERRORS ====================================
_______________________ ERROR collecting tests/test_c.py _______________________
E   ModuleNotFoundError: No module named 'nope'
=========================== short test summary info ============================
ERROR tests/test_c.py
2 tests collected, 1 error in 0.08s
""",
)
BUILT_IN: dict[str, tuple[bytes, ...]] = {
    name: tuple(text.encode() for text in texts)
    for name, texts in {
        "junit": _JUNIT,
        "trx": _TRX,
        "nunit": _NUNIT,
        "xunit": _XUNIT,
        "robot": _ROBOT,
        "allure": _ALLURE,
        "ctrf": _CTRF,
        "gtest": _GTEST,
        "reportlog": _REPORT_LOG,
        "gotest": _GOTEST,
        "libtest": _LIBTEST,
        "eventlog": _EVENT_LOG,
        "tap": _TAP,
        "plan": _PLAN,
        "otlp": [json.dumps(_SPANS, indent=1)],
        "otlp-lines": [_SPANS_LINE, _SPANS_LINE + "noise\n" + _SPANS_LINE],
    }.items()
}

_HOSTILE = (
    *(b"\x00", b"\x1b", b"\x1b[31m", b"\x1b[2J", b"\x1b]0;t\x07", b"\x1b]52;c;aGk=\x07", b"\x9b2J", b"\xff\xfe"),
    *("\x9b31m".encode(), "\u202e".encode(), "\ufffe".encode(), b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f"),
    *(b"\r", b"\r\n", b"\n", b"\t", b" ", b"\xe2\x80\xa8", b"\x0c", b"[red]", b"[/]", b"[@click=app.quit]"),
    *(b"1e999", b"1e308", b"-1", b"NaN", b"Infinity", b"9" * 5000, b"0.0000001", b"1e15", b"-0.0", b"253402300800000"),
    *(b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00+23:59", b"1970-01-01T00:00:00Z", b"99:99:99", b"\\", b'"'),
    *(b"'", b"::golden event=x\n", b"tests/test_a.py:7: ValueError", b"a.go:" + b"1" * 4400 + b": x", b"E   X: y\n"),
    *(b'  File "a.py", line 3, in f\n', b"ValueError: boom", b"at a.t line 3.", b"    a_test.go:3: x"),
)  # fmt: skip
_XML = (
    *(b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?", b"?>", b"&", b"&#0;", b"&#27;"),
    *(b"&#xD800;", b"&lt;", b"&nope;", b"&#99999999;", b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"<?xml"),
    *(b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x">', b'<?xml version="1.0" encoding="utf-16"?>', b"xmlns:n='x'", b"n:"),
    *(b'<?xml version="1.1" encoding="shift_jis"?>', b'encoding="latin-1"', b'encoding="utf-7"', b"=", b" a='1' a='2'"),
    *(b"<testcase", b"<testcase name='z'>", b"</testcase>", b"<testsuite>", b"</testsuite>", b"<failure>", b"<error>"),
    *(b"<skipped/>", b"<system-out>", b"</system-out>", b"<rerunFailure>", b"<property name='golden_event'>"),
    *(b"<test>", b"<test-case>", b"<test-suite>", b"<UnitTestResult>", b"<suite>", b"<kw>", b"<status/>", b"<x>"),
)  # fmt: skip
_JSON = (
    *(b"{", b"}", b"[", b"]", b":", b",", b'""', b"null", b"true", b"false", b"{}", b"[]", b"\\u0000", b"\\ud800"),
    *(b"\\udfff", b"\\n", b"\\u001b[31m", b"\\u202e", b"\\x", b'"name":', b'"status":', b'"event":', b'"message":'),
    *(b'"tests":', b'"a":1,"a":2', b"[[[[", b'{"a":', b"-", b"1e5", b"1.", b"tru", b'"results"', b'"testsuites"'),
    *(b'"outcome":"failed"', b'"longrepr":', b'"sections":[["Captured stdout call","x"]]', b'"user_properties":'),
    *(b'"Action":"fail"', b'"Action":"pass"', b'"Action":"run"', b'"Test":"TestA/x"', b'"Output":', b'"when":"call"'),
    *(b'"type":"suite"', b'"type":"test"', b'"seq":', b'"ts":', b'{"$report_type":"SessionStart"}\n', b'"retries":'),
)  # fmt: skip
_LINES = (
    *(b"TAP version 14\n", b"1..0 # SKIP x\n", b"1..2\n", b"1..70\n", b"ok\n", b"not ok\n", b"ok 1 - a\n"),
    *(b"not ok 2 - b\n", b"    ", b"  ---\n", b"  ...\n", b"# Subtest: s\n", b"# TODO", b"# SKIP", b"Bail out!\n"),
    *(b"    # Subtest: s\n", b"    ok 1\n", b"{\n", b"}\n", b"pragma +strict\n", b"  message: |\n", b"# x\n", b"a.t .. \n"),
    *(b"Dubious, test returned 1\n", b"Test Summary Report\n", b"  at:\n", b"    line: 3\n", b"  file: x\n", b"\\#"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stock:
    """What the inputs of one format are made from."""

    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]


def words(name: str) -> tuple[bytes, ...]:
    """The dictionary of a format."""
    if name == PACKED:
        return (b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", bytes(8), b"\xff" * 8)
    own = (
        _XML
        if BUILT_IN[name][0].lstrip(b"\xef\xbb\xbf").startswith(b"<")
        else _LINES
        if name in ("tap", "plan")
        else _JSON
    )
    return own + _HOSTILE


def stock(name: str, seeds: Iterable[bytes] = ()) -> Stock:
    """The stock of a format; `seeds` are further documents of it."""
    if name == PACKED:
        documents = [documents[0] for documents in BUILT_IN.values()]
        own = [pack(data) for data in documents for pack in (gzip.compress, bz2.compress, lzma.compress)]
        # One that packs another, and two in a row.
        own += [gzip.compress(own[0]), own[0] + own[1], gzip.compress(bytes(100_000))]
        return Stock((*own, *seeds), words(name))
    return Stock((*BUILT_IN[name], *seeds), words(name))


def found(directories: Iterable[Path] = (SAMPLE, SHARED)) -> dict[str, list[bytes]]:
    """The documents in `directories`, by their format; of long ones the first part."""
    documents: dict[str, list[bytes]] = {}
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                with path.open("rb") as file:
                    data = file.read(_LARGEST)
                known = formats.recognise(data)
                if known is not None:
                    documents.setdefault(known.name, []).append(data)
    return documents
