"""The text of a failure, whoever wrote it -> the exceptions that led to each other.

May import `tui.text` and the readers of this package. Pure.
"""

from tui.core.tracebacks import python, stacks
from tui.core.tracebacks.frames import Raised
from tui.text import plain


def read(text: str) -> tuple[Raised, ...]:
    """The exceptions of `text`: the one that the test failed with first, the root of all last.

    A text that is no traceback is one exception without frames, which says all of it.
    """
    text = plain(text).expandtabs(8)
    return python.read(text) if python.is_python(text) else stacks.read(text)
