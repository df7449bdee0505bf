"""The language of filters, what they find, and how they are completed."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import (
    SAMPLE,
    case,
    facts_of,
    failure,
    other_xml,
    phase_line,
    phases,
    put,
    pytest_xml,
    report_log,
    setup_error,
    store_of,
)
from tui.config import read
from tui.core.baseline import Baseline, KnownTest
from tui.core.filters import texts
from tui.core.filters.completing import Vocabulary, complete
from tui.core.filters.fields import Field
from tui.core.filters.index import Index
from tui.core.filters.language import Filter, Term, quoted, written
from tui.core.filters.matching import Found, Matching
from tui.core.marks import Mark, Marks, name_of
from tui.core.model import Attempt, Outcome, SourceGone, TestId, TestKey, TestResult
from tui.core.store import Store
from tui.load import load


def found(text: str, store: Store, index: Index | None = None) -> Found:
    """What a filter finds, once the search is over."""
    matching = Matching(Filter.parse(text), store, index or Index())
    while not matching.step():
        pass
    assert matching.found is not None
    return matching.found


def names(text: str, store: Store) -> list[str]:
    """The names of the tests that a filter finds, in their order."""
    return [key.test.name for key in found(text, store).keys or ()]


def named(*tests: str) -> Store:
    return store_of({"a.xml": pytest_xml(*(case(name) for name in tests))})


def one(text: str) -> Term:
    (term,) = Filter.parse(text).terms
    return term


@pytest.fixture(scope="module")
def sample() -> Store:
    return load(SAMPLE, read(SAMPLE / "runwatch.toml"))


# --- the language -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("status:failed", Term(Field.STATUS, "failed")),
        ("STATUS:Failed", Term(Field.STATUS, "Failed")),
        ("!status:failed", Term(Field.STATUS, "failed", negated=True)),
        ("!!status:failed", Term(Field.STATUS, "failed")),
        ('component:"Mission critical"', Term(Field.COMPONENT, "Mission critical", quoted=True)),
        ('component:"Mission cri', Term(Field.COMPONENT, "Mission cri", quoted=True)),
        ("new:", Term(Field.NEW, "")),
        ("word", Term(None, "word")),
        ("!word", Term(None, "word", negated=True)),
        ('"two words"', Term(None, "two words", quoted=True)),
        ('!"two words"', Term(None, "two words", negated=True, quoted=True)),
        (r'"a \"b\" \\ \n"', Term(None, r'a "b" \ \n', quoted=True)),
        ('test["a"]', Term(None, 'test["a"]')),
        ("tests/a.py::test_x", Term(None, "tests/a.py::test_x")),
        ("module::test_x", Term(None, "module::test_x")),
        ("C:\\x", Term(None, "C:\\x")),
    ],
)
def test_a_term_is_read(text: str, term: Term) -> None:
    assert one(text) == term
    assert not term.fault


def test_the_empty_filter_and_a_lone_sign_want_nothing() -> None:
    for text in ("", "   ", "!", '""', "! "):
        assert not Filter.parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stauts:failed", "did you mean status:?"),
        ("componet:web", "did you mean component:?"),
        ("zzz:x", "there are status:, component:, cause:"),
        ("status:fialed", "did you mean failed?"),
        ("status:green", "there are passed, failed, error, skipped, running"),
        ("flag:flakky", "did you mean flaky?"),
        ("slow:soon", "slow:>2s"),
        ("slow:>2x", "slow:>2s"),
        ("new:failed", "stands alone"),
    ],
)
def test_what_is_wrong_with_a_term_is_said(text: str, said: str) -> None:
    assert said in one(text).fault
    assert said in Filter.parse(f"a {text}").fault


@pytest.mark.parametrize("text", ["status:", "component:", "file:", "name:", "slow:>", "slow:<=", 'name:"'])
def test_a_term_that_wants_more_says_nothing_yet(text: str, sample: Store) -> None:
    assert one(text).is_unfinished
    assert not one(text).fault
    assert len(found(text, sample).keys or ()) == len(sample.tests)
    assert len(found(f"!{text}", sample).keys or ()) == len(sample.tests)


TEXTS = st.text(st.sampled_from('ab :!"\\,><2sF\tstatuscompoflg'), max_size=30) | st.text(max_size=20)


@given(TEXTS)
def test_any_text_is_a_filter_whose_terms_follow_each_other(text: str) -> None:
    wanted = Filter.parse(text)
    at = 0
    for term in wanted.terms:
        start, end = term.span
        assert at <= start < end <= len(wanted.text)
        at = end


@given(TEXTS)
def test_any_filter_can_be_searched_for(text: str) -> None:
    store = named("test_a", "test_b[x:1]")
    assert set(found(text, store).keys or ()) <= set(store.tests)
    complete(text, Vocabulary(("a b",), ("status",), ("s.xml",)))


@given(st.text(min_size=1))
def test_what_was_quoted_is_read_back(value: str) -> None:
    assert one(quoted(value)) == Term(None, value, quoted=True)
    assert one(f"component:{quoted(value)}").value == value


@given(st.sampled_from([None, *Field]), st.text(min_size=1), st.booleans())
def test_what_was_written_is_read_back(name: Field | None, value: str, negated: bool) -> None:  # noqa: FBT001
    term = one("!" * negated + written(name, value))
    assert (term.field, term.value, term.negated) == (name, value, negated)


@given(st.lists(TEXTS, max_size=4), st.integers(0, 5))
def test_a_term_can_be_taken_out(texts: list[str], number: int) -> None:
    wanted = Filter.parse(" ".join(texts))
    rest = Filter.parse(wanted.without(number))
    assert rest.terms == wanted.terms[:number] + wanted.terms[number + 1 :]


# --- what is found ----------------------------------------------------------------------------------

WORDS = st.sampled_from(["reconnect", "reconect", "zzzz", "test", "[", "10-4", "a:b", "core", "x"])
ONE_TERM = st.one_of(
    WORDS,
    WORDS.map(quoted),
    st.builds(
        lambda field, value: f"{field}:{value}",
        st.sampled_from([*Field, "stauts"]),
        st.sampled_from(
            ["f", "passed", "core", ">2s", "<1ms", "3", "99", "web", '"KeyError"', "teardown", "a,b"]
        ),
    ),
    st.sampled_from(["new:", "known:", "slow:", "flag:", "cause:"]),
)


@given(ONE_TERM)
def test_a_term_and_its_negation_part_the_tests(sample: Store, text: str) -> None:
    index = Index()
    meant = set(found(text, sample, index).keys or ())
    others = set(found(f"!{text}", sample, index).keys or ())
    assert not meant & others
    assert meant | others == set(sample.tests)


@given(st.lists(ONE_TERM, min_size=1, max_size=3))
def test_several_terms_hold_at_once_whatever_their_order(sample: Store, texts: list[str]) -> None:
    index = Index()
    meant = set(found(" ".join(texts), sample, index).keys or ())
    assert meant == set(found(" ".join(reversed(texts)), sample, index).keys or ())
    assert meant == set.intersection(*(set(found(text, sample, index).keys or ()) for text in texts))


@pytest.mark.parametrize(
    ("typed", "tests"),
    [
        ("reconnect", ["test_reconnect", "test_reconnects"]),
        ("RECONNECT", ["test_reconnect", "test_reconnects"]),
        ("reconect", ["test_reconnect", "test_reconnects"]),
        ("recconnect", ["test_reconnect", "test_reconnects"]),
        ("recnonect", ["test_reconnect", "test_reconnects"]),
        ("recone", ["test_reconnect", "test_reconnects"]),
        ("recird", ["test_record"]),
        ("test_reconect", ["test_reconnect", "test_reconnects"]),
        ("reconect_test", []),
        ("test_websocket[71]", []),
        ("test_webscoket[7", ["test_websocket[7]"]),
        ("webscoket", ["test_websocket[7]"]),
        ("sokcets", []),
        ("rec", ["test_reconnect", "test_reconnects", "test_record"]),
        ("rex", []),
        ("17", []),
        ('"reconect"', []),
        ("name:reconect", []),
    ],
)
def test_what_resembles_is_found_only_where_nothing_holds_the_word(typed: str, tests: list[str]) -> None:
    store = named("test_reconnect", "test_reconnects", "test_record", "test_websocket[7]")
    assert names(typed, store) == tests


def test_a_word_that_is_there_is_never_taken_for_another() -> None:
    store = named("test_frames", "test_frame", "test_fames")
    assert names("frames", store) == ["test_frames"]
    assert names("frame", store) == ["test_frames", "test_frame"]


def test_the_words_of_camels_are_found_too() -> None:
    store = store_of({"a.xml": other_xml(case("handlesReconnect", suite="com.acme.SessionManagerTest"))})
    assert names("managr", store) == ["handlesReconnect"]
    assert "manager" in found("managr", store).remarks[0]


def test_it_is_said_what_a_word_was_taken_for() -> None:
    assert found("reconect", named("test_reconnect")).remarks == ("≈ reconnect",)
    assert found("reconnect", named("test_reconnect")).remarks == ("",)


def test_a_status_may_be_begun_and_be_one_of_several() -> None:
    store = store_of(
        {
            "a.xml": pytest_xml(
                case("p"), case("f", failure()), case("e", setup_error()), case("s", "<skipped/>")
            )
        }
    )
    assert names("status:f", store) == ["f"]
    assert names("status:failed,error", store) == ["f", "e"]
    assert names("status:p,s", store) == ["p", "s"]


def test_flags_are_found_with_blanks_or_without() -> None:
    store = store_of(
        {"a.jsonl": report_log(*phases("t.py::a", call="failed", teardown="failed"), *phases("t.py::b"))}
    )
    for text in (
        "flag:",
        "flag:teardown",
        'flag:"teardown error"',
        "flag:teardown-error",
        "flag:teardown_error",
    ):
        assert names(text, store) == ["a"]


def test_a_component_is_found_by_a_part_of_its_name_and_by_its_whole_name_alone() -> None:
    store = store_of(
        {"x/web.xml": pytest_xml(case("a")), "x/web api.xml": pytest_xml(case("b", suite="tests.test_b"))}
    )
    assert store.components == ("web", "web api")
    assert names("component:we", store) == ["a", "b"]
    assert names("component:WEB", store) == ["a"]
    assert names('component:"web api"', store) == ["b"]
    assert found("component:wep", store).remarks == ("no such component, did you mean web?",)


def test_a_required_component_that_did_not_run_is_said_to_have_no_tests(sample: Store) -> None:
    nothing = found('component:"Mission critical"', sample)
    assert not nothing.keys
    assert nothing.remarks == ("no test of it has a result",)


def test_a_cause_is_found_by_title_number_signature_and_headline() -> None:
    bad = [case(f"k{n}", failure(f"KeyError: 'key {n}'")) for n in range(3)]
    store = store_of({"a.xml": pytest_xml(case("ok"), *bad, case("v", failure("ValueError: no 404 here")))})
    assert names("cause:keyerror", store) == ["k0", "k1", "k2"]
    assert names("cause:1", store) == ["k0", "k1", "k2"]
    assert names("cause:#2", store) == ["v"]
    assert names("cause:404", store) == ["v"]
    assert names('cause:"2"', store) == ["k2"]
    assert names('cause:"key 1"', store) == ["k1"]
    assert names("cause:", store) == ["k0", "k1", "k2", "v"]
    assert found("cause:1", store).remarks[0].startswith("KeyError")


def test_a_file_is_that_of_the_results_or_of_the_test() -> None:
    store = store_of(
        {"x/web.xml": pytest_xml(case("a")), "y.xml": pytest_xml(case("b", suite="tests.core.test_b"))}
    )
    assert names("file:web.xml", store) == ["a"]
    assert names("file:core/test_b", store) == ["b"]
    assert names("file:test_", store) == ["a", "b"]


def test_slow_compares_times_and_an_unknown_one_is_neither() -> None:
    store = store_of(
        {
            "a.jsonl": report_log(
                *(
                    phase_line(f"t.py::{name}", "call", duration=took)
                    for name, took in (("fast", 0.05), ("even", 1.0), ("slow", 90.0))
                )
            ),
            "b.xml": other_xml('<testcase classname="c" name="unknown"/>'),
        }
    )
    assert names("slow:", store) == ["slow"]
    assert names("slow:>=1s", store) == ["even", "slow"]
    assert names("slow:1", store) == ["even", "slow"]
    assert names("slow:>1m", store) == ["slow"]
    assert names("slow:<=1000ms", store) == ["fast", "even"]
    assert names("slow:<.1s", store) == ["fast"]
    assert names('slow:"> 1 min"', store) == ["slow"]
    assert names("!slow:>0", store) == ["unknown"]


def test_new_failures_are_unknown_without_a_baseline() -> None:
    store = store_of({"a.xml": pytest_xml(case("a", failure()), case("b", failure()))})
    assert not found("new:", store).keys
    assert found("new:", store).remarks == ("UNKNOWN: there is no baseline",)
    key = TestKey("a.xml", TestId("tests.test_a", "a"))
    store.set_baseline(Baseline("then", (KnownTest(key, "a", "web", Outcome.PASSED),)))
    assert names("new:", store) == ["a"]


def test_what_is_marked_as_known_is_found_by_its_reason_its_author_and_what_it_does_now() -> None:
    store = named("test_a", "test_b")
    key = next(key for key in store.tests if key.test.name == "test_b")
    assert names("known:", store) == []
    store.set_known(Marks((Mark("Bug 7", "ann", (name_of(store.tests[key]),)),)))
    for text in ("known:", "known:bug", 'known:"bug 7"', "known:ann", "known:passes"):
        assert names(text, store) == ["test_b"], text
    assert names("known:other", store) == []
    assert names("!known:", store) == ["test_a"]


def test_what_only_the_baseline_has_is_meant_by_its_id_and_component() -> None:
    known = KnownTest(TestKey("a.xml", TestId("s", "t")), "tests/a.py::test_gone", "web", Outcome.PASSED)
    store = named("test_a")
    for text in ("gone", "name:gone", "component:we", "file:tests/a", "!status:failed", ""):
        assert found(text, store).means_known(known), text
    for text in ("here", "!gone", "status:passed", "new:", "file:gone"):
        assert not found(text, store).means_known(known), text


def test_an_empty_answer_says_what_each_term_left(sample: Store) -> None:
    answer = found("component:core status:failed heartbeat", sample)
    assert (answer.total, answer.left) == (532, (110, 7, 0))


def test_a_search_is_of_one_moment_though_tests_come_and_go() -> None:
    store = store_of({f"{n}.xml": pytest_xml(case(f"t{n}", suite=f"tests.test_{n}")) for n in range(5)})
    matching = Matching(Filter.parse("component: t component:0"), store, Index())
    assert not matching.step()
    for source in list(store.tables):
        store.apply(SourceGone(source))
    while not matching.step():
        pass
    assert matching.found is not None
    assert not store.tests


def test_the_index_keeps_what_did_not_change_and_learns_what_did() -> None:
    store, index = named("test_a", "test_b"), Index()
    found("a", store, index)
    (known,) = index.texts
    put(store, "b.xml", pytest_xml(case("test_reconnect", suite="tests.test_c")), generation=2)
    assert [key.test.name for key in found("reconect", store, index).keys or ()] == ["test_reconnect"]
    assert index.texts != [known]
    assert index.revision == store.revision


# --- texts ------------------------------------------------------------------------------------------

PARTS = st.sampled_from(["a", "b", "ab", "1", "12", "[", "_", "::", "A", "ß", "é", "İ", "\n", ""])
LABELS = st.lists(st.lists(PARTS, max_size=6).map("".join), min_size=1, max_size=8)


@given(LABELS, st.lists(PARTS, min_size=1, max_size=3).map("".join), st.sampled_from([0, 1, 255]))
def test_a_text_holds_a_word_where_its_ids_do(labels: list[str], word: str, stems: int) -> None:
    passed = (Attempt(Outcome.PASSED, source="a"),)
    results = [TestResult(TestId("a", str(n)), each, Outcome.PASSED, passed) for n, each in enumerate(labels)]
    word = word.casefold()
    with patch.object(texts, "_MOST_STEMS", stems):
        text = texts.of_singles(0, results)
    held = texts.whole(text.hold(texts.sought(word)), text.number)
    assert [*held] == [word in label.casefold() for label in labels]


@given(st.lists(st.text("ab", max_size=5), min_size=1, max_size=300), st.text("ab", max_size=3))
def test_lines_that_hold_a_word_are_found_among_few_and_among_many(lines: list[str], word: str) -> None:
    held = texts.holding(word.encode(), "\n".join(lines).encode())
    assert [*texts.whole(held, len(lines))] == [word in line for line in lines]


# --- completion -------------------------------------------------------------------------------------

NAMES = Vocabulary(
    ("WebSocket infrastructure", "Core"), ("KeyError: 'X'", "ValueError"), ("web.xml", "core.jsonl")
)


@pytest.mark.parametrize(
    ("typed", "shown", "becomes"),
    [
        ("s", "status:", "status:"),
        ("sl", "slow:", "slow:"),
        ("!comp", "!component:", "!component:"),
        ("status:f", "status:failed", "status:failed"),
        ("STATUS:F", "STATUS:Failed", "STATUS:failed"),
        ("status:failed,e", "status:failed,error", "status:failed,error"),
        ("flag:tear", "flag:teardown error", 'flag:"teardown error"'),
        ("component:web", "component:webSocket infrastructure", 'component:"WebSocket infrastructure"'),
        ('component:"Web', 'component:"WebSocket infrastructure"', 'component:"WebSocket infrastructure"'),
        ("component:C", "component:Core", "component:Core"),
        ("cause:k", "cause:keyError: 'X'", "cause:\"KeyError: 'X'\""),
        ("file:c", "file:core.jsonl", "file:core.jsonl"),
        ("a status:p", "a status:passed", "a status:passed"),
        ("slow:", "slow:>1s", "slow:>1s"),
    ],
)
def test_a_word_is_completed(typed: str, shown: str, becomes: str) -> None:
    completion = complete(typed, NAMES)
    assert completion is not None
    assert (completion.shown, completion.text) == (shown, becomes)


@pytest.mark.parametrize(
    "typed",
    ["", "status:failed", "zzz", "zzz:", "status:failed ", 'component:"Core"', '"s', "name:s", "new:"],
)
def test_what_cannot_go_on_is_not_completed(typed: str) -> None:
    assert complete(typed, NAMES) is None


def test_the_vocabulary_is_what_the_results_have_names_for() -> None:
    files = {"web.xml": pytest_xml(case("a", failure("KeyError: 'x'")))}
    vocabulary = Vocabulary.of(store_of(files), facts_of(files))
    assert vocabulary.files == ("web.xml",)
    assert vocabulary.causes == ("KeyError: 'x'",)
    assert len(vocabulary.components) == 1
