"""The patterns of what a sentence about tests says.

May import `core.claims.said` only. Every repetition is bounded, so that searching is linear in the text.
"""

import re

from tui.core.claims.said import Part, Passing, Ready, Said, Status
from tui.regex import regex

GOOD_MARKS = "✅✔☑🟢"
BAD_MARKS = "❌✖✗🔴🚫⛔"
MARKS = GOOD_MARKS + BAD_MARKS + "⚠🟡🟠ℹ🎉🚀⏳⭐✨🔥💥📊📈🎯🏆👍"  # noqa: RUF001

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
ANY_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})"
_NUMBER = rf"{ANY_NUMBER}(?![\w%]|[.,/:]\d|\.\w|-\w| ?%)"
_BEGIN = r"(?<![\w.,/#:+@-])"
_KIND = r"(?:(?P<kind>[A-Za-z][\w-]{0,40})\s+)?(?:test cases?|tests?|specs?|cases?)"
_IS = r"(?:(?:have|has|had|are|is|were|was|now|currently|still|all|both)\s+){0,3}"
PARTS = {
    Part.PASSED: r"pass(?:ed|ing|es)?|succeed(?:ed|ing|s)?|success(?:es|ful)?|green",
    Part.FAILED: r"fail(?:ed|ing|s|ures?)?|red",
    Part.ERRORS: r"error(?:ed|s)?",
    Part.SKIPPED: r"skip(?:ped|s)?|ignored",
    Part.TESTS: r"(?:total )?tests?(?: run| executed| total)?|total|test cases?|tests? count|number of tests",
}
_VERB = "|".join(f"(?P<{part}>{words})" for part, words in PARTS.items() if part is not Part.TESTS)
_LABEL = "|".join(
    f"(?P<{part}>{words})" if part is Part.TESTS else f"(?P<{part}>(?:tests? )?(?:{words})(?: tests?)?)"
    for part, words in PARTS.items()
)
_OTHER_NOUN = (
    r"(?!\s+(?:assertions?|requests?|log[- ]?ins?|builds?|runs?|jobs?|attempts?|connections?|nodes?|steps?"
    r"|deployments?|retries|checks?|suites?|components?|modules?|handling|rates?|budgets?|codes?|logs?"
    r"|(?:(?:were|are|have been|was|now)\s+)?(?:fixed|resolved|closed|addressed|remaining|to go|left)))\b"
)
OF = regex(
    rf"(?:\b(?P<before>pass(?:ed|ing|es)?|fail(?:ed|ing|s)?|skipped)\s{{0,2}}:?\s{{0,2}}(?:tests\s)?)?"
    rf"{_BEGIN}(?P<n>{ANY_NUMBER})\s{{0,2}}(?:/|of|out of)\s{{0,2}}(?:all\s|the\s|our\s){{0,2}}"
    rf"(?P<m>{_NUMBER})"
    rf"(?P<noun>\s{{1,2}}{_KIND}\b)?(?:\s{{1,2}}{_IS}(?:{_VERB})\b{_OTHER_NOUN})?(?P<rest>\s{{1,2}}[a-z][\w-]*)?",
    re.IGNORECASE,
)
COUNT = regex(
    rf"(?P<all>\ball\s(?:the\s|of the\s|our\s)?)?{_BEGIN}(?P<n>{_NUMBER}|zero\b|no\b)"
    rf"(?P<noun>\s{{1,2}}{_KIND}\b)?\s{{1,2}}{_IS}(?:{_VERB})\b{_OTHER_NOUN}",
    re.IGNORECASE,
)
SETTLED = regex(r"\b(?:fix(?:ed|es)|resolved|closed|caused?|found|solved|removed)\s$", re.IGNORECASE)
LABELLED = regex(
    rf"\b(?:{_LABEL})\s{{0,2}}[:=]\s{{0,2}}(?P<n>{_NUMBER})(?!\s?(?:/|of\b|out of))", re.IGNORECASE
)
TESTS = regex(
    rf"{_BEGIN}(?P<n>{_NUMBER})\s{{1,2}}"
    rf"(?:{_KIND}\b(?:\s(?:in total|total|(?:were )?(?:run|executed)))?|(?:in )?total\b)",
    re.IGNORECASE,
)
NOT_A_TOTAL = regex(
    r"\b(?:add(?:s|ed|ing)?|new|wrote|written|remov\w{1,5}|delet\w{1,5}|flaky|more|fewer|slow\w{0,4}|another"
    r"|need\w{0,3}|per|each|remaining|affected|extra|additional|migrat\w{1,6})\b",
    re.IGNORECASE,
)
RATE = regex(r"(?<![\w.,+-])(?P<n>\d{1,3}(?:\.\d{1,4})?)\s?(?:%|percent\b)(?!\+)", re.IGNORECASE)
OF_TESTS = regex(
    r"\b(?:pass(?:ed|ing|es)?|success(?:ful)?|succeed(?:ed|s)?|tests?|green)\b|[✅❌⚠]", re.IGNORECASE
)
OF_OTHERS = regex(
    r"\b(?:cover(?:age|ed)|cpu|memory|disk|uptime|availab\w{1,8}|latency|faster|slower|increas\w{1,4}|improv\w{1,6}"
    r"|reduc\w{1,5}|drop\w{0,4}|code|branch(?:es)?|lines?|confiden\w{1,4}|traffic|users?|complete[d]?|done"
    r"|points?|(?:failure|error|flake) rate)\b",
    re.IGNORECASE,
)
OF_FAILURES = regex(
    r"\s?(?:of (?:the |all )?tests )?(?:fail(?:ed|ing|ures?)?|flaky|skipped|errors?)\b", re.IGNORECASE
)
REGRESSIONS = regex(
    rf"{_BEGIN}(?P<n>{_NUMBER}|zero|no)\s(?:(?:new|known|test|detected)\s){{0,2}}regressions?\b(?!\s+(?:tests?|suites?))"
    rf"|\b(?:new\s)?regressions?\s?(?:found|detected|introduced)?\s?[:=]\s?(?P<m>{_NUMBER}|zero|none|no)\b"
    rf"|{_BEGIN}(?P<f>{_NUMBER}|zero|no)\snew\s(?:test\s)?failures?\b"
    rf"|\bregression[- ]free\b",
    re.IGNORECASE,
)
READY = regex(
    r"\b(?:ready|approved|cleared|green[- ]?lit|signed[- ]off|good to go)\s(?:for|to)\s(?:\w{1,15}\s){0,2}"
    r"(?:production|prod|deploy(?:ment|ed|ing)?|release[d]?|ship(?:ped|ping)?|launch|merge[d]?|rollout|live)\b"
    r"|\b(?:production|release|deployment|launch)[- ]ready\b"
    r"|\b(?:deployment|release|rollout|launch|go[- ]live|production|verdict|decision|recommendation"
    r"|sign-?off)"
    r"(?:\s(?:status|decision|recommendation|readiness|go/no-go))?\s{0,2}[:=–—-]?\s{0,2}"
    rf"(?:is\s|has been\s|now\s|was\s|:\s){{0,2}}[{MARKS}]?\s{{0,2}}(?P<not>not\s|un)?"
    r"(?P<word>approved|ready|go\b|no[- ]go\b|blocked|rejected|on hold|denied|cleared)",
    re.IGNORECASE,
)
NO = regex(
    r"\b(?:not(?: yet)?|never|no longer|cannot be|can't be|isn't|aren't|is not|hardly|far from|nor)\s"
    r"(?:\w{1,12}\s){0,1}$",
    re.IGNORECASE,
)
HELD_BACK = regex(r"no[- ]go|blocked|rejected|on hold|denied", re.IGNORECASE)
SUITES = regex(
    rf"(?:{_BEGIN}(?P<n>{ANY_NUMBER})\s?(?:/|of|out of)\s?(?:the\s)?|\b(?P<all>all)\s(?:of the\s|the\s)?)"
    rf"(?P<m>{_NUMBER})?\s?"
    r"(?:test\s)?(?:suites|components|modules|categories|packages)\s"
    rf"{_IS}(?:pass(?:ed|ing)?|green|healthy|ok|clean|successful)\b",
    re.IGNORECASE,
)
EVENTS = regex(
    rf"(?:{_BEGIN}(?P<n>{ANY_NUMBER}|{'|'.join(NUMBERS)})\s?(?:/|of|out of)\s?(?:the\s)?"
    rf"|\b(?P<all>all)\s(?:of the\s|the\s)?)?{_BEGIN}(?P<m>\d{{1,4}}|{'|'.join(NUMBERS)})?\s?"
    r"(?:(?:critical|golden|golden-path|agent|required|key|websocket|core|mission-critical)\s){0,3}events?\b",
    re.IGNORECASE,
)
PROVEN = regex(
    r"\b(?:validated|verified|proven|confirmed|working|works?|pass(?:ed|ing|es)?|tested|covered|fired?|emitted"
    r"|observed|delivered|seen|sent|ok)\b|[✅✔]",
    re.IGNORECASE,
)
UNPROVEN = regex(
    r"\b(?:missing|fail(?:s|ed|ing)?|not|never|broken|absent|unproven|unverified|no|isn't|aren't|doesn't)\b|[❌✖✗]",
    re.IGNORECASE,
)
NOT_RUN = regex(
    r"\b(?:(?:did not|didn't|could not|couldn't|cannot|can't|were not|was not|weren't|wasn't|not yet|not"
    r"|never)"
    r"\s(?:be\s)?(?:run|ran|executed|start(?:ed)?)|blocked|unable to run)\b",
    re.IGNORECASE,
)
NEEDS = regex(
    r"\bneed(?:s|ed|ing)?\s(?:[\w-]{1,20}\s){0,3}(?:work|fix(?:es|ing)?|attention|updates?|changes)\b",
    re.IGNORECASE,
)
PASSES = regex(
    r"\b(?:pass(?:ed|ing|es)?|green|validated|verified|working|operational|healthy)\b|[✅✔]", re.IGNORECASE
)
FAILS = regex(r"\b(?:fail(?:s|ed|ing)|broken|red)\b|[❌✖✗]", re.IGNORECASE)
STATES: tuple[tuple[re.Pattern[str], Said], ...] = (
    (
        regex(
            r"not run|did not run|no results|blocked|pending|not executed|not started|could not (?:be )?run"
        ),
        Status("NOT RUN"),
    ),
    (regex(r"not ready|not approved|no[- ]go|rejected|on hold"), Ready(ready=False)),
    (
        regex(r"(?:production[- ])?ready|go|(?:deployment )?approved|ready (?:for|to) \w{2,15}"),
        Ready(ready=True),
    ),
    (
        regex(r"pass(?:ed|ing|es)?|green|ok|success(?:ful)?|validated|verified|healthy|all pass(?:ed|ing)?"),
        Passing(whole=True),
    ),
    (regex(r"fail(?:ed|ing|s)?|red|broken|failures?"), Passing(whole=False)),
)
"""What a cell of a status column says, in small letters, beside the names of bands."""
NAME = "X"
"""What stands for each character of a component's name while a sentence is searched."""

IS_A_STATUS = (
    rf"\b(?:{NAME}{{3,}}|is|are|remains?|stays?|status|considered|rated|now)\s?[:=–—-]?\s?(?:now |still )?"
)
ALL_PASS = regex(
    r"\b(?:all|every)\s(?:of\s)?(?:the\s|our\s)?(?:(?P<kind>\w{1,15})\s)?tests?\s(?:are\s|have\s|now\s|is\s){0,2}"
    r"(?:pass(?:ed|ing|es)?|green|successful)\b"
    r"|\beverything\s(?:is\s)?(?:pass(?:es|ing)|green)\b",
    re.IGNORECASE,
)
UNSAID = {
    "a wish, a condition or a definition": regex(
        r"\b(?:will|would|should|shall|must|if|once|until|unless|target|goal|threshold|aim|expect\w{0,4}|legend"
        r"|means|defined|required? (?:at least|a)|hope\w{0,4}|plan(?:s|ned)?|to be|want\w{0,3}|in order to)\b"
        r"|[≥≤]|>=|<=",
        re.IGNORECASE,
    ),
    "not an exact number": regex(
        r"\b(?:at least|at most|about|around|nearly|almost|roughly|approximately|over|under|above|below"
        r"|more than|less than|up to|some|minimum|maximum|from)\s?\d|[~≈<>]\s?\d",
        re.IGNORECASE,
    ),
    "about another time": regex(
        r"\b(?:previous(?:ly)?|last (?:week|run|release|sprint|month|time)|yesterday|earlier|used to|formerly"
        r"|baseline (?:had|was|run)|in the baseline|before)\b",
        re.IGNORECASE,
    ),
}
"""What keeps a sentence from being a statement about these results, and how to recognise it."""
