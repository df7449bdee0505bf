"""Tests of `go test -json` that ran alone, found in one step: the same as what their lines tell."""

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.building import amounts, json_lines, pieces
from tui.core.model import Event, PassedRun
from tui.readers.jsonvalues import elapsed, iso_moment, iso_moments
from tui.readers.streams import gosaid
from tui.readers.streams.gotest import FORMAT, _Reader
from tui.readers.streams.linewise import LineReader

TIME = "2026-01-13T10:00:0{}.123456+01:00"


class OnlyLines(_Reader):
    """Reads line by line: the slow twin."""

    def _by_line(self, data: bytes) -> list[Event]:
        return LineReader._by_line(self, data)


def line(action: str, test: str = "", *, package: str = "a.b/c", **more: object) -> str:
    told: dict[str, object] = {"Time": TIME.format(1), "Action": action, "Package": package}
    text = json_lines(told | ({"Test": test} if test else {}) | more)
    return text.replace('": ', '":').replace(', "', ',"')


def lines(test: str, end: str = "pass", outputs: tuple[str, ...] = (), **more: str) -> list[str]:
    printed = [f"=== RUN   {test}\n", *outputs, f"--- {end.upper()}: {test} (0.00s)\n"]
    told = [line("output", test, Output=text, **more) for text in printed]
    return [line("run", test, **more), *told, line(end, test, Elapsed=0.5, **more)]


WHOLE = [
    lines("TestA"),
    lines("TestB", outputs=("    a_test.go:7: said\n",)),
    lines("TestB", outputs=('a "quoted" \\ <b>\n', "\tx\n")),
    lines("TestB", outputs=("no end",)),
    lines("TestC", outputs=("::golden event=started\n",)),
    lines("TestC", outputs=("\\\n", "\\n")),
    lines("TestD", "fail"),
    lines("TestD", "fail", outputs=("    a_test.go:7: got 3\n", "        want 4\n", "=== NAME  TestD\n")),
    lines("TestD", "fail", outputs=("panic: boom\n", "x" * 3000 + "\n", "y" * 3000 + "\n")),
    lines("TestD", "fail", outputs=('    a_test.go:7: \tgot "3"\n', "\\\n", "<&> \x1b[31m ä \u2028\n")),
    [
        text.replace("said", "\\u003csaid\\u001b\\u2028")
        for text in lines("TestD", "fail", outputs=("said\n",))
    ],
    [text.replace("said", "\\ud800") for text in lines("TestD", "fail", outputs=("said\n",))],
    [text.replace("said", "\x01\x7f") for text in lines("TestD", "fail", outputs=("said\n",))],
    [text.replace("said", "a\nb") for text in lines("TestD", "fail", outputs=("said\n",))],
    [text.replace("said", 'a\n{"Time":"') for text in lines("TestD", outputs=("said\n",))],
    [text.replace("said", "\\x") for text in lines("TestQ", outputs=("said\n",))],
    [text.replace("said", "\\x") for text in lines("TestQ", "fail", outputs=("said\n",))],
    [text.replace("said", "\\u003a:golden event=x") for text in lines("TestR", outputs=("said\n",))],
    [text.replace("said", '\\"}') for text in lines("TestR", outputs=("said\n",))],
    [text.replace("said", "\\\\") for text in lines("TestR", "fail", outputs=("said\n",))],
    [text.replace("said\\n", "\\\\") for text in lines("TestR", "fail", outputs=("said\n",))],
    [text.replace("said", "\\\\\\t\\/") for text in lines("TestS", outputs=("said\n",))],
    lines("TestS", outputs=("ä \u4e00\n", "\r\t\n")),
    [text.replace("TestT", "Test\\u0041") for text in lines("TestT")],
    lines("TestE", "skip", outputs=("    a_test.go:7: not here\n",)),
    lines("TestF", package="a.b/d"),
    lines("TestÄ"),
    lines("BenchmarkA"),
    lines("TestG/part"),
    [lines("TestH")[0], *lines("TestH/part"), *lines("TestH")[1:]],
    [*lines("TestI")[:2], *lines("TestJ")[:2], *lines("TestI")[2:], *lines("TestJ")[2:]],
    lines("TestK")[:2],
    lines("TestK")[2:],
    [text.replace("Time", "When") for text in lines("TestL")],
    [text.replace("0.5", "5e-1") for text in lines("TestM")],
    [text.replace("+01:00", " once") for text in lines("TestN")],
    ["noise " + text for text in lines("TestO")],
    [text.replace("\n", "\r\n") for text in lines("TestP")],
    [line("pass"), line("pass", package="a.b/d")],
    [line("fail")],
    [line("start")],
    ["# a.b/c\n", "./a.go:1: no\n"],
    ["FAIL\ta.b/c [build failed]\n"],
]


def test_what_is_not_sure_keeps_its_neighbours_on_the_short_way() -> None:
    printed = [("said\n",), ("::golden event=started\n",), ("a \t tab\n",)]
    told = [text for number in range(9) for text in lines(f"Test{number}", outputs=printed[number // 3])]
    events = FORMAT.open().feed((line("start") + "".join(told)).encode())
    assert [event.names.count("\n") + 1 for event in events if isinstance(event, PassedRun)] == [3, 3]


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    parts = draw(st.lists(st.sampled_from(WHOLE), max_size=12))
    start = draw(st.sampled_from(["", line("start"), line("start") + line("start", package="a.b/d")]))
    text = start + "".join(text for part in parts for text in part)
    data = draw(st.sampled_from([text, text[:-1], text[:-9]])).encode()
    return data.replace(b"\xc3\xa4", b"\xe4") if draw(st.booleans()) else data  # no UTF-8


@given(data=streams(), cuts=st.lists(st.integers(0, 10_000), max_size=6), in_blocks=st.booleans())
def test_tests_that_ran_alone_amount_to_what_their_lines_do(
    data: bytes, cuts: list[int], *, in_blocks: bool
) -> None:
    assert amounts(_Reader(), pieces(data, cuts), in_blocks=in_blocks) == amounts(OnlyLines(), [data])


ODD: dict[str, list[object]] = {
    "Action": ["", 1, None, "out\ud800"],
    "Test": ["Ä", None, ["a"]],
    "Output": ["a\n", "\u2028\x00", 7],
    "Time": [TIME.format(1), 5, None, ""],
    "Elapsed": [0, 0.5, -1, True, "0.1", 10**400, 1e300, None],
    "More": [{"a": [1]}, float("nan")],
}


@given(
    said=st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in ODD.items()}),
    before=st.sampled_from(["", "noise ", "\ufeff"]),
    after=st.sampled_from(["", " ", "x", "}"]),
    is_ascii=st.booleans(),
)
def test_a_line_says_what_its_tree_does(
    said: dict[str, object], before: str, after: str, *, is_ascii: bool
) -> None:
    text = before + json.dumps(said, ensure_ascii=is_ascii) + after
    for data in (text.encode("utf-8", "surrogatepass"), text.encode("latin-1", "replace")):
        told, slow = gosaid.read(data), gosaid.said_by_tree(data)
        if told is not None and slow is not None:  # whoever asks how long it took asks so
            told.elapsed, slow.elapsed = elapsed(told.elapsed), elapsed(slow.elapsed)
        assert told == slow


MOMENTS = [
    TIME.format(1),
    "2026-01-13T10:00:00.123456789Z",
    "2026-01-13T10:00:00",
    "1970-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-10:00",
    " 2026-01-13T10:00:00Z ",
    "once",
    "",
]


@given(st.lists(st.sampled_from(MOMENTS), max_size=5))
def test_moments_at_once_are_each_of_them(said: list[str]) -> None:
    assert iso_moments(said) == [iso_moment(text) for text in said]


def test_most_tests_take_the_short_way() -> None:
    told = [text for number in range(20) for text in lines(f"Test{number}", outputs=("said\n",))]
    _, run = FORMAT.open().feed((line("start") + "".join(told)).encode())
    assert isinstance(run, PassedRun)
    assert run.names.count("\n") == 19
