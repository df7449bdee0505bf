"""The rules behind the numbers, in a sentence each. Imports nothing of runwatch."""

VERDICT = (
    "NOT READY when one criterion is not met; else UNKNOWN when one is unknown, a run is live, or nothing "
    "was executed; else READY."
)
TESTS = (
    "One test has one outcome: tests = passed + failed + errors + skipped + running. Records of one test in "
    "one source, and of one run or a rerun in several, are one test."
)
OUTCOMES = {
    "passed": "The last attempt passed, its teardown included. Passed after a failed attempt is also flaky.",
    "failed": "The call of the last attempt failed; what also errored in teardown stays failed, with a flag.",
    "errors": (
        "Setup, teardown, collection or the process went wrong, with no failed call; a test in flight when "
        "its run stopped, and one that TAP planned and never saw, too."
    ),
    "skipped": "Skipped, ignored, disabled or an expected failure (xfail). No part of the rate.",
    "running": "It began, and no result of it is known yet.",
}
FLAGS = {
    "flaky": "It passed, but only after an attempt that failed.",
    "xfailed": "It was expected to fail, and failed: counted as skipped.",
    "xpassed": "It was expected to fail, and passed: counted as passed.",
}
OUTCOMES_STATED = (
    "How many outcomes the sources state; a failed call and an errored teardown are two, on one test."
)
RATE = "passed / (tests - skipped - running). Where nothing was executed there is no rate, never 0 %."
STATUS = "The word that the rate earns from the declared bands, once the runs are over."
DELTA = (
    "Percentage points since the baseline, over the tests that both sides have; not comparable where fewer "
    "than 80 % are shared."
)
DURATION = "The times of the last attempts of all tests, added up."
NOT_RUN = (
    "Planned and without a result, apart from skipped: from a plan file, what a source says it is about to "
    "run, or the baseline where a run is known to have stopped early. Unknown where nothing says what was "
    "to run."
)
HOLLOW = (
    "A mark, never a verdict: a required file or component lost most of its tests against the baseline, a "
    "name says placeholder, stub or todo, or a test proves nothing that it proved before."
)
GOLDEN_PATH = (
    "PROVEN only when one and the same instance, in a passing test that may prove it, shows every event in "
    "order and in time. Otherwise the path has its worst required event's word, or says what is not so."
)
GOLDEN_EVENT = (
    "A PROVEN: observed in a passing test, in order. B: no order is stated. C CLAIMED: a passing test is "
    "named for it. D SEEN: observed, tied to no passing test. F FAILED: only in failing tests, or out of "
    "order. OPTIONAL: need not come, and did not. Mocked events prove nothing."
)
CHANGES = {
    "new failure": "Passed in the baseline, failed or in error now.",
    "still failing": "Failed or in error then and now.",
    "fixed": "Failed or in error then, passed now.",
    "new test": "Not in the baseline, under no path.",
    "newly skipped": "Not skipped then, skipped now.",
    "vanished": "In the baseline, without a result though its runs have ended; not what merely did not run.",
    "moved": "The same name in another file: compared with what it was, not counted as vanished and new.",
}
CAUSE = "Failures with one signature: the kind, the exception, the place and the message without what varies."
SOURCE = (
    "complete: it says that it is done, or its writer is gone. growing: being written. cut short: it ends in "
    "the middle; what was whole counts. stale: older than allowed."
)
TEST = "The outcome of a test is that of its last attempt; a failed call outweighs an errored teardown."
CRITERIA = {
    "no_failures": "No test failed or is in error.",
    "min_rate": "The success rate is at least this. While live it is lost once the rest cannot make it good.",
    "min_tests": "At least so many tests were executed: a skipped test proves nothing.",
    "max_flaky": "At most so many tests passed only after a failed attempt.",
    "max_skipped": "At most so many tests were skipped, expected failures included.",
    "max_duration": "The times of all tests, added up, are at most this.",
    "max_regressions": "At most so many tests passed in the baseline and are bad now; unknown without one.",
    "max_vanished": "At most so many tests of the baseline have no result now; unknown without one.",
    "plan_complete": "Every planned test has a result; unknown where nothing says what was to run.",
    "no_hollow": "No required test or component bears a mark of a hollow proof.",
    "sources_agree": "Sources that tell of the same run say the same of every test.",
    "golden_paths": "Every event of the path is proven, in order, in one instance.",
    "required_components": "Every required component has executed tests.",
    "max_age": "No source of tests is older than this.",
    "readable_sources": "Every source tells of a whole run: none cut short, broken off or empty.",
}
