"""The filter: what is typed after `/` -> which tests are meant.

May import `core`. A filter is a small frozen value. Terms are ANDed: `status:failed`, `component:web`,
`cause:redis`, `file:core`, `new:` (a new failure), `flag:flaky`; anything else is free text, looked for
in the test's id. Case does not matter.
"""

from msgspec import Struct

from tui.core.baseline import Change
from tui.core.model import TestKey
from tui.core.store import Store

FIELDS = ("status", "component", "cause", "file", "flag", "name", "new")


class Filter(Struct, frozen=True):
    """What was typed, and its terms: (field, wanted); free text has the field `name`."""

    text: str = ""
    terms: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """The filter that `text` asks for; any text is one."""
        terms = []
        for word in text.lower().split():
            field, colon, wanted = word.partition(":")
            known = bool(colon) and field in FIELDS
            terms.append((field, wanted) if known else ("name", word))
        return cls(text.strip(), tuple(terms))

    def __bool__(self) -> bool:
        return bool(self.terms)

    def matches(self, store: Store, key: TestKey) -> bool:
        """Whether a test is meant."""
        return all(_matches(store, key, field, wanted) for field, wanted in self.terms)


def _matches(store: Store, key: TestKey, field: str, wanted: str) -> bool:
    result = store.tests[key]
    match field:
        case "status":
            return result.outcome.startswith(wanted)
        case "component":
            return wanted in store.component(key).lower()
        case "file":
            return wanted in result.last.source.lower() or wanted in result.label.partition("::")[0].lower()
        case "flag":
            return any(wanted in flag for flag in result.flags)
        case "cause":
            return any(wanted in failure.headline.lower() for failure in result.failures)
        case "new":
            return store.change(key) is Change.NEW_FAILURE
        case _:
            return wanted in result.label.lower()
