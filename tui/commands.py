"""The commands by name. Imports nothing of runwatch: what is asked for is known before that."""

from collections.abc import Sequence

COMMANDS = ("watch", "demo", "run", "report", "check", "init", "explain", "baseline")
OF_ALL = ("-h", "--help", "--version")


def with_command(arguments: Sequence[str]) -> list[str]:
    """The command line with the command that is meant where none is named."""
    words = list(arguments)
    return words if words and words[0] in (*COMMANDS, *OF_ALL) else ["watch", *words]


def mistyped(word: str) -> str:
    """The command that may have been meant by a word that is none; empty where none is near."""
    import difflib  # noqa: PLC0415  # wanted where something is wrong

    return next(iter(difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.7)), "")
