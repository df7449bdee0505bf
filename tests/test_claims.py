"""What a written status claims, and what becomes of it."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.building import LONG_AFTER, SAMPLE, at, event_log, facts_of, other_xml
from tui import config
from tui.cli import main
from tui.core.baseline import Change
from tui.core.claims import names, page
from tui.core.claims.judged import ClaimVerdict, JudgedClaim, JudgedPage
from tui.core.claims.judging import hold
from tui.core.claims.reading import MOST, read
from tui.core.claims.said import Vocabulary
from tui.core.components import ComponentRule
from tui.core.criteria import Criteria
from tui.core.facts import Facts, Row, gather
from tui.core.golden import PathRule
from tui.core.rules import Rules
from tui.load import load, read_page

TRUE, FALSE = ClaimVerdict.TRUE, ClaimVerdict.FALSE
CONTRADICTS, UNSUPPORTED = ClaimVerdict.CONTRADICTS, ClaimVerdict.NOT_SUPPORTED

RULES = Rules(
    components=(
        ComponentRule("API gateway", sources=("api.xml",)),
        ComponentRule("Billing", sources=("billing.xml",)),
        ComponentRule("Search index", sources=("search.xml",)),
        ComponentRule("Safety case", sources=("safety.xml",), required=True),
    ),
    demands=(("API gateway", Criteria(min_rate=90.0)),),
    golden_paths=(PathRule("Order", ("cart_opened", "payment_taken", "receipt_sent")),),
)


def results(passed: int, failed: int = 0, errors: int = 0, skipped: int = 0) -> str:
    """A results file with so many tests of each outcome."""
    inner = [""] * passed + ["<failure/>"] * failed + ["<error/>"] * errors + ["<skipped/>"] * skipped
    return other_xml(
        *(f'<testcase classname="c" name="t{n}">{each}</testcase>' for n, each in enumerate(inner))
    )


FILES = {
    "api.xml": results(8, 1, 1),
    "billing.xml": results(4),
    "search.xml": results(5, 0, 0, 1),
    "shop.events.jsonl": event_log({"event": "cart_opened", "test": "c::t0"}, {"event": "payment_taken"}),
}


@pytest.fixture(scope="module")
def facts() -> Facts:
    """20 tests: API gateway 8/10, Billing 4/4, Search index 5/5 and one skipped; Safety case did not run."""
    return facts_of(FILES, RULES)


def held(text: str, facts: Facts, rules: Rules = RULES) -> tuple[JudgedClaim, ...]:
    return hold("STATUS.md", text, facts, rules).claims


def verdicts(text: str, facts: Facts) -> dict[str, ClaimVerdict]:
    return {claim.claim: claim.verdict for claim in held(text, facts)}


# --- the page that this is for ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> JudgedPage:
    settings = config.read(SAMPLE / "runwatch.toml")
    store = load(SAMPLE, settings, now=at(LONG_AFTER))
    newest = max(table.modified for table in store.tables.values())
    assert settings.claims is not None
    return hold("STATUS.md", read_page(settings.claims), gather(store, newest + 60), settings.rules)


@pytest.mark.parametrize(
    ("said", "claim", "verdict", "told"),
    [
        ("- 81 failed, 178 errors", "81 failed, 178 errors", CONTRADICTS, "= 437 outcomes for 360 tests"),
        (
            "- 81 failed, 178 errors",
            "81 failed, 178 errors",
            CONTRADICTS,
            "77 failed in call and errored in tear",
        ),
        ("| WebSocket infrastructure |", "STABLE", FALSE, "49.44 % is FAILING"),
        ("| **Overall** ", "STABLE", FALSE, "62.78 % is AT RISK"),
        (
            "| Mission critical ",
            "Needs compatibility work",
            FALSE,
            "NOT RUN, no test of it was executed, and it is",
        ),
        ("The mission-critical tests need", "need compatibility work", FALSE, "NOT RUN"),
        (
            "All five critical events",
            "5 events validated",
            FALSE,
            "tool_completed FAILED, agent_completed MISSING",
        ),
        ("- ✅ `tool_completed`", "tool_completed validated", FALSE, "tool_completed before tool_executing"),
        ("- ✅ `agent_completed`", "agent_completed validated", FALSE, "never observed"),
        ("Zero regressions", "0 regressions", FALSE, "against baseline"),
        ("334 of 532 tests pass. The", "ready for production", FALSE, "not met: rate ≥ 90%"),
        ("**Deployment: APPROVED", "Deployment: APPROVED", FALSE, "Mission critical ran"),
    ],
)
def test_every_fault_of_the_sample_is_found_on_its_line(
    said: str, claim: str, verdict: ClaimVerdict, told: str, sample: JudgedPage
) -> None:
    lines = (SAMPLE / "STATUS.md").read_text("utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if text.startswith(said))
    (found,) = (each for each in sample.claims if each.line == line and each.claim.endswith(claim))
    assert found.verdict is verdict
    assert told in found.why


def test_what_the_sample_says_truly_is_not_blamed(sample: JudgedPage) -> None:
    true = {claim.claim for claim in sample.claims if claim.verdict is TRUE}
    assert "WebSocket infrastructure: 49.4 %" in true
    assert "Core infrastructure: 110 tests, 100 passed" in true
    assert "agent_started validated" in true
    assert (sample.not_so, len(sample.claims), sample.number(UNSUPPORTED)) == (11, 26, 0)


# --- pages of other shapes --------------------------------------------------------------------------

BULLETS = """
# Nightly

- **API gateway**: 8/10 passing (80.0%) ❌
- **Billing**: 4/4 passing (100%) ✅
- Search: 5 of 6 tests passed, 1 skipped
- Safety case: could not be run
"""
NESTED = """
Test report
===========

1. **API gateway**
   - Tests: 10
   - Passed: 8
   - Failed: 1
   - Errors: 1
   - Success rate: 80%
   - Status: STABLE
2. **Billing**
   * Total tests: 4
   * Status: ✅ EXCELLENT
"""
EMOJI = """
| Suite | ✅ | ❌ | Total | % |
|:--|--:|--:|--:|--:|
| api gateway | 8 | 2 | 10 | 80.0 |
| Billing 🎉 | 4 | 0 | 4 | 100.0 |
| search index tests | 5 | 0 | 6 | 100 % |
| **Total** | **17** | **2** | **20** | |
"""
HEADINGS = """
## 1. API Gateway — 8/10 (80 %)

1 failed, 1 error; the rest passes.

## 2. Billing ✅

All 4 tests pass.

### Details

4 tests, 4 passed, 0 failed.

## Summary

> 17 of 20 tests passed (89.5%), 1 failure,
> 1 error and 1 skipped.
"""
MAVEN = """
```
Tests run: 999, Failures: 999
```
Tests run: 20, Failures: 1, Errors: 1, Skipped: 1

Verdict: NOT READY
"""
PAIRS = """
| Metric | API gateway | Billing | Target |
|---|---|---|---|
| Total tests | 10 | 4 | 100 |
| Pass rate | 80 % | 100 % | 95 % |
| Status | STABLE | EXCELLENT | EXCELLENT |

| Key | Value |
|---|---|
| Total tests | 20 |
| Success rate | 89.47% |
| Overall status | STABLE |
| Deployment | ❌ NO-GO |
"""
PROSE = """
API gateway has 8 passed, 1 failed, Billing has 4 passed, and Search index is at 100 % success.
In all, 17 of the 20 tests passed; 1 failed. The API gateway is STABLE, and Billing is excellent.
3 of 4 components were run before. Two of four suites are fine.
"""
LINES = """
8 of 10 API gateway tests pass
The Billing tests are excellent. Search index excellent ✅
API gateway: 8 passing, 1 failing, 1 error (10 total)
17 tests passed in
all, and 1 failed.
Deployment status: ❌ not approved
"""
ONE_LINE = "Overall: 17/20 passing, 1 failed, 1 error, 1 skipped — 2/4 suites green, NOT ready for release."
HTML = """
<!-- 999 tests failed -->
<details><summary><b>Billing</b></summary></details>

## [Billing](https://example.org/billing)

<b>4</b> tests, ~~3~~ 4&nbsp;passed.

- [ ] Billing: 0 tests, 7 errors
- [x] Billing: 4/4 passed
"""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (BULLETS, 6), (NESTED, 8), (EMOJI, 7), (HEADINGS, 7), (MAVEN, 2), (PAIRS, 10), (PROSE, 7),
        (ONE_LINE, 3), (HTML, 2), (LINES, 7),
    ],
    ids=["bullets", "nested", "emoji", "headings", "maven", "pairs", "prose", "one line", "html", "lines"],
)  # fmt: skip
def test_a_true_page_of_any_shape_is_borne_out(text: str, number: int, facts: Facts) -> None:
    claims = held(text, facts)
    assert [(each.line, each.claim, each.why) for each in claims if each.verdict is not TRUE] == []
    assert len(claims) >= number, [each.claim for each in claims]


@pytest.mark.parametrize("text", [BULLETS, NESTED, EMOJI, HEADINGS, PAIRS, ONE_LINE])
def test_each_number_of_these_pages_matters(text: str, facts: Facts) -> None:
    for match in re.finditer(
        r"(?<![\w.#])\d+(?:\.\d+)?(?= ?[%/|]|\*\*| passed| failed| error| of| tests)", text
    ):
        if "Target" in text and match.group() in ("95", "100"):
            continue
        changed = f"{text[: match.start()]}{float(match.group()) + 7:g}{text[match.end() :]}"
        wrong = [each.claim for each in held(changed, facts) if each.is_not_so]
        assert wrong, changed


# --- what a claim is about --------------------------------------------------------------------------


def test_a_component_is_named_in_the_row_else_above_else_it_is_the_whole(facts: Facts) -> None:
    text = "20 tests\n\n## Billing\n\n4 tests\n\nAPI gateway: 10 tests\n\n### Details\n\n4 passed\n\n"
    text += "# End\n\n17 passed"
    assert list(verdicts(text, facts)) == [
        "20 tests", "Billing: 4 tests", "API gateway: 10 tests", "Billing: 4 passed", "17 passed",
    ]  # fmt: skip
    assert set(verdicts(text, facts).values()) == {TRUE}


@pytest.mark.parametrize(
    "text",
    [
        "Database layer: 12 of 12 tests pass",
        "## Database layer\n\n12 of 12 tests pass",
        "| Component | Tests |\n|---|---|\n| Database layer | 12 |",
        "12 of 12 unit tests pass",
        "API gateway and Billing together have 3 passed",
        "8 passed in API gateway or Billing",
        "If 18 tests pass we are done",
        "About 17 tests passed",
        "Last week 3 tests failed",
        "The target is 95 % passing tests",
        "| Component | Tests |\n|---|---|\n| Billing | ~4 |",
        "| Component | Status |\n|---|---|\n| Billing | purple |",
        "Billing is not STABLE",
        "178 of 360 tests",
        "5/6 suites green",
        "all seven events are validated",
        "The Billing is ready for production",
        "Integration tests are STABLE",
        "All integration tests pass",
        "9 of 10 pass in the nightly suite",
    ],
)
def test_what_cannot_be_matched_is_said_and_never_guessed(text: str, facts: Facts) -> None:
    claims = held(text, facts)
    assert claims, text
    assert {claim.verdict for claim in claims} == {UNSUPPORTED}, claims
    assert all(claim.why for claim in claims)


@pytest.mark.parametrize(
    "text",
    [
        "A stable connection needs 3 of 5 nodes and 24/7 support, version 1.2.3 of 2026/01/13.",
        "Coverage is 87 % and 12 % faster; memory fell by 30 %.",
        "We added 12 tests and fixed 3 failures. Regression tests exist.",
        "Is it ready?",
        "    ",
        "```\n3 of 4 tests fail\n```\n\n~~~\n0 of 1 tests pass\n~~~",
        "---\ntests: 3 failed\n---\n",
        "<!--\n3 tests failed",
        "- [ ] deployment approved",
        "| a | b |\n|---|---|\n| x | y |",
        "error handling, error budget 3 errors fixed",
        "#7 failed us, PR-12 passed review",
    ],
)
def test_what_is_no_statement_about_tests_is_none(text: str, facts: Facts) -> None:
    assert held(text, facts) == ()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("billing", "Billing"), ("API-Gateway", "API gateway"), ("api gateway tests", "API gateway"),
        ("Gateway", "API gateway"), ("Billling", "Billing"), ("Search", "Search index"), ("Total", ""),
        ("Overall (all tests)", ""),
    ],
)  # fmt: skip
def test_a_name_is_matched_by_its_words(said: str, meant: str) -> None:
    known = [rule.name for rule in RULES.components]
    assert (names.resolve(said, known).name, names.resolve(said, known).problem) == (meant, "")


@pytest.mark.parametrize(
    "said", ["Gateway of payments", "Gat", "Billing v2", "Load tests of Billing", "", "tests"]
)
def test_another_name_is_not(said: str) -> None:
    known = [rule.name for rule in RULES.components]
    assert names.resolve(said, known).problem.startswith("not matched: no component")


def test_a_name_that_fits_two_is_ambiguous_and_says_so() -> None:
    subject = names.resolve("infrastructure", ["Web infrastructure", "Core infrastructure"])
    assert (
        subject.problem == "not matched: 'infrastructure' could be Web infrastructure or Core infrastructure"
    )


# --- verdicts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "counted", "gap", "verdict"),
    [
        ("API gateway: 10 tests, 9 passed", "10 tests, 8 passed", "+1 passed", FALSE),
        ("17 tests passed, no failures", "17 passed, 1 failed", "-1 failed", FALSE),
        ("2 tests failed", "1 failed", "", TRUE),
        ("API gateway: 85 % pass", "80.00 % (8/10)", "+5.00 points", FALSE),
        ("Safety case: 12 of 12 tests pass", "0 tests, 0 passed", "+12 tests, +12 passed", FALSE),
        ("The safety case tests are passing.", "NOT RUN", "", FALSE),
        ("Billing: blocked", "EXCELLENT (100.00 %)", "", FALSE),
        ("All tests pass.", "17/19 passed", "", FALSE),
        ("Billing: all tests pass.", "4/4 passed", "", TRUE),
        ("Billing is failing.", "EXCELLENT (100.00 %)", "", FALSE),
        ("Billing: ❌", "4/4 passed", "", FALSE),
        ("All components pass.", "2 of 4", "+2", FALSE),
        ("No regressions were found.", "UNKNOWN", "", UNSUPPORTED),
        ("The release is approved.", "NOT READY", "", FALSE),
        ("It is not ready for production.", "NOT READY", "", TRUE),
        ("API gateway is ready for release.", "80.00 % (8/10)", "", FALSE),
        ("Safety case is ready for release.", "NOT RUN", "", FALSE),
        ("payment_taken is verified.", "SEEN", "", UNSUPPORTED),
        ("receipt_sent ✅", "MISSING", "", FALSE),
        ("receipt_sent is missing.", "MISSING", "", TRUE),
    ],
)
def test_one_claim(text: str, counted: str, gap: str, verdict: ClaimVerdict, facts: Facts) -> None:
    (claim,) = held(text, facts)
    assert (claim.counted, claim.gap, claim.verdict) == (counted, gap, verdict)


def test_numbers_with_thousands_are_read() -> None:
    many = facts_of({"a.xml": results(1_116, 4)}, Rules())
    assert {claim.verdict for claim in held("1,116 of 1,120 tests passed (99.6 %)", many)} == {TRUE}
    assert [claim.gap for claim in held("1,117 tests passed", many)] == ["+1 passed"]


def test_a_rate_is_rounded_as_it_is_printed() -> None:
    rate = facts_of({"a.xml": results(2, 1)}, Rules())
    said = verdicts("67 % pass. 66.7 % pass. 66.67 % pass. 66 % pass. 66.6 % pass. 66.68 % pass.", rate)
    assert [each is TRUE for each in said.values()] == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("X: 9 tests, 7 passed, 3 failed", "7 passed + 3 failed = 10 outcomes for 9 tests"),
        ("| Suite | Tests | Passed | Rate |\n|-|-|-|-|\n| X | 9 | 7 | 90 % |", "7 of 9 is 77.78 %"),
        ("Billing: 3 passed\n\nBilling: 4 passed", "line 3 says 4 passed"),
        ("Billing is STABLE.\n\nBilling is EXCELLENT.", "line 3 says EXCELLENT"),
        (
            "| Suite | Tests |\n|-|-|\n| Gateway | 10 |\n| Billing | 4 |\n| Search | 6 |\n| Overall | 21 |",
            "the rows above add up to 20 tests, not 21",
        ),
    ],
)
def test_a_page_that_contradicts_itself_is_caught(text: str, why: str, facts: Facts) -> None:
    found = [claim for claim in held(text, facts) if claim.verdict is CONTRADICTS]
    assert found
    assert any(why in claim.why for claim in found), found


def test_what_the_counts_bear_out_is_not_blamed_for_what_contradicts_it(facts: Facts) -> None:
    assert [claim.verdict for claim in held("Billing: 3 passed\n\nBilling: 4 passed", facts)] == [
        CONTRADICTS,
        TRUE,
    ]


def test_the_total_of_a_table_may_be_of_its_rows_alone(facts: Facts) -> None:
    table = "| Suite | Tests |\n|-|-|\n| API gateway | 10 |\n| Billing | 4 |\n| {} | 14 |"
    assert held(table.format("Total"), facts)[-1].verdict is UNSUPPORTED
    assert "without Search index" in held(table.format("Total"), facts)[-1].why
    assert held(table.format("Overall"), facts)[-1].verdict is FALSE


def test_while_a_run_is_live_no_number_is_final(facts: Facts) -> None:
    live = replace(facts, live=True)
    assert {claim.verdict for claim in held("17 tests passed. All tests pass. 99 % pass.", live)} == {
        UNSUPPORTED
    }


def test_without_results_nothing_is_true_or_false() -> None:
    nothing = facts_of({}, RULES)
    text = (
        "0 tests. Safety case: blocked. No regressions. Deployment approved. cart_opened ✅. All tests pass."
    )
    claims = held(text, nothing)
    assert len(claims) >= 5
    assert {claim.verdict for claim in claims} == {UNSUPPORTED}


def test_regressions_are_held_against_the_baseline(facts: Facts) -> None:
    known = replace(facts.regressions, known=True, baseline="old", numbers=dict.fromkeys(Change, 2))
    compared = replace(facts, regressions=known)
    said = verdicts("Zero regressions. 2 new failures. Regressions: 3.", compared)
    assert list(said.values()) == [FALSE, TRUE, FALSE]


def test_readiness_is_unknown_where_the_verdict_is() -> None:
    rules = Rules(criteria=Criteria(max_regressions=0))
    unknown = facts_of({"a.xml": results(3)}, rules)
    (claim,) = held("Deployment: APPROVED", unknown, rules)
    assert (claim.verdict, claim.counted) == (UNSUPPORTED, "UNKNOWN")


def test_a_component_is_ready_when_all_its_own_criteria_are_met() -> None:
    demands = (
        ("A", Criteria(min_rate=50.0, no_failures=True)),
        ("B", Criteria(no_failures=True)),
        ("C", Criteria(max_regressions=0)),
    )
    components = tuple(ComponentRule(name, sources=(f"{name}.xml",)) for name in "ABC")
    rules = Rules(components=components, demands=demands)
    parts = facts_of({"A.xml": results(3, 1), "B.xml": results(3), "C.xml": results(2)}, rules)
    text = "A is ready for release. B is ready for release. C is ready for release."
    assert [claim.verdict for claim in held(text, parts, rules)] == [FALSE, TRUE, UNSUPPORTED]


# --- hostile pages ----------------------------------------------------------------------------------

NASTY = [
    "|" * 50_000 + "\n" + "|-" * 20_000 + "\n" + "|1" * 50_000,
    "[" * 100_000,
    "*" * 100_000 + "_" * 100_000,
    "1 " * 120_000,
    "1,111" * 50_000,
    "1 of " * 50_000,
    "all " * 60_000,
    "not " * 60_000 + "ready for production",
    "no tests " * 20_000,
    "<" * 100_000 + "<!--" * 20_000,
    "> " * 60_000,
    "- " * 60_000,
    ("- Billing: 4 tests passed\n" * 10_000),
    ("Billing 4 tests passed and " * 9_000),
    ("word\n" * 50_000),
    ("# Billing: 4 passed\n" * 10_000),
    "\\" * 100_000,
    "&#27;]0;title&#7;" * 5_000,
    "~~" * 60_000,
    "is now still " * 15_000,
    "five of the " * 20_000 + "events",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_hostile_page_is_read_to_its_end(text: str, facts: Facts) -> None:
    claims = held(text, facts)
    assert len(claims) <= MOST


@given(st.text(alphabet="|-#*`~<>![]()0123456789,./% \n\tpasedtof✅❌\x1b\u202e", max_size=400))
def test_any_text_is_read_and_comes_out_clean(text: str) -> None:
    known = Vocabulary(("ped", "toe ta"), ("STABLE",), ("pass",))
    for claim in read(text, known).claims:
        assert "\x1b" not in claim.text
        assert "\u202e" not in claim.text
        assert "\n" not in claim.text
        assert 1 <= claim.line <= text.count("\n") + 1


def test_a_page_that_is_too_long_says_so(facts: Facts) -> None:
    long = hold("STATUS.md", "17 tests passed\n" + "x" * page.LIMIT, facts, RULES)
    assert "only its beginning was read" in long.problem
    assert long.claims[0].verdict is TRUE


# --- a page made of the counts is borne out; with one number changed it is not ----------------------

_NAMES = ("API gateway", "Billing", "Search index", "Safety case")
_COUNTS = st.tuples(*[st.integers(0, 12)] * 4)


def _table(rows: Sequence[Row]) -> str:
    lines = ["| Component | Tests | Passed | Failed | Errors | Skipped | Rate | Status |", "|-" * 8 + "|"]
    for row in rows:
        tally = row.tally
        rate = "–" if tally.rate is None else f"{tally.rate:.2f} %"
        cells = [row.name, *map(str, (tally.tests, tally.passed, tally.failed, tally.errors, tally.skipped))]
        lines.append(f"| {' | '.join([*cells, rate, row.status])} |")
    return "\n".join(lines)


def _list(rows: Sequence[Row]) -> str:
    lines = []
    for row in rows:
        tally = row.tally
        lines.append(f"- **{row.name}**: {tally.tests} tests, {tally.passed} passed, {tally.failed} failed, ")
        lines.append(f"  {tally.errors} errors, {tally.skipped} skipped")
        if tally.rate is not None:
            lines[-1] += f" ({tally.rate:.2f} % success)"
    return "\n".join(lines)


def _sections(rows: Sequence[Row]) -> str:
    lines = []
    for row in rows:
        tally = row.tally
        lines += [f"## {row.name}", "", f"- Status: {row.status}", f"- Tests: {tally.tests}"]
        lines += [f"- Passed: {tally.passed}", f"- Failed: {tally.failed}", f"- Errors: {tally.errors}"]
        lines += [f"- Skipped: {tally.skipped}", ""]
    return "\n".join(lines)


@pytest.mark.parametrize("shape", [_table, _list, _sections])
@given(
    counts=st.lists(_COUNTS, min_size=2, max_size=4),
    place=st.integers(0, 999),
    by=st.sampled_from([-3, -1, 1, 2, 9]),
)
def test_a_true_page_has_no_false_claim_and_a_changed_number_makes_one(
    shape: object, counts: list[tuple[int, int, int, int]], place: int, by: int
) -> None:
    assert callable(shape)
    rules = Rules(components=tuple(ComponentRule(name, sources=(f"{name}.xml",)) for name in _NAMES))
    files = {f"{name}.xml": results(*each) for name, each in zip(_NAMES, counts, strict=False) if sum(each)}
    known = facts_of(files, rules)
    assume(known.overall.tally.executed)
    text = str(shape((*known.components, known.overall)))
    judged = held(text, known, rules)
    assert [claim for claim in judged if claim.verdict is not TRUE] == []
    numbers = list(re.finditer(r"\d+(?:\.\d+)?", text))
    chosen = numbers[place % len(numbers)]
    changed = float(chosen.group()) + by
    assume(changed >= 0 and not (changed > 100 and "." in chosen.group()))
    written = f"{changed:.2f}" if "." in chosen.group() else f"{changed:.0f}"
    lie = hold("STATUS.md", f"{text[: chosen.start()]}{written}{text[chosen.end() :]}", known, rules)
    # A rate of all tests, the skipped ones too, is a rate as well.
    assume(not any("the skipped ones too" in claim.why for claim in lie.claims))
    assert lie.not_so >= 1


# --- the commands -----------------------------------------------------------------------------------


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "results"
    found.mkdir()
    (found / "billing.xml").write_text(results(4))
    (tmp_path / "STATUS.md").write_text("# Status\n\n5 tests passed.\n")
    monkeypatch.chdir(tmp_path)
    return found


def test_the_report_lists_the_claims(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(directory), "--claims", "STATUS.md"]) == 0
    said = capsys.readouterr().out
    assert "Claims  STATUS.md: 1 of 1 claim is not so" in said
    assert re.search(r"✖ +3 +5 passed +4 passed +\+1 passed +false", said)


def test_the_json_report_has_them_where_they_were_asked_for(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(directory), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"] is None
    assert main(["report", str(directory), "--format", "json", "--claims", "STATUS.md"]) == 0
    claims = json.loads(capsys.readouterr().out)["claims"]
    assert (claims["file"], claims["problem"], claims["numbers"]["false"]) == ("STATUS.md", None, 1)
    (claim,) = claims["list"]
    assert claim == {
        "line": 3, "component": None, "claim": "5 passed", "text": "5 tests passed.", "counted": "4 passed",
        "gap": "+1 passed", "verdict": "false", "why": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["nowhere.md", "results"])
def test_a_page_that_cannot_be_read_is_named(
    name: str, directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(directory), "--claims", name]) == 2
    said = capsys.readouterr().err
    assert f"{name}: cannot be read" in said
    assert said.count("\n") == 1


def test_a_configured_page_is_no_result_and_a_missing_one_is_said(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (directory / "runwatch.toml").write_text('claims = "PAGE.md"\n')
    assert main(["report", str(directory)]) == 0
    assert "PAGE.md: cannot be read: No such file" in capsys.readouterr().out
    (directory / "PAGE.md").write_text("4 of 4 tests passed")
    assert main(["report", str(directory), "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["claims"]["numbers"]["true"] == 1
    assert report["other_files"] == []
