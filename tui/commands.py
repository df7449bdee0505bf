"""The commands by name. Imports nothing of runwatch: what is asked for is known before that."""

from collections.abc import Sequence

COMMANDS = ("watch", "demo", "run", "report", "check", "init", "explain", "baseline")
OF_ALL = ("-h", "--help", "--version")


def with_command(arguments: Sequence[str]) -> list[str]:
    """The command line with the command that is meant where none is named."""
    words = list(arguments)
    return words if words and words[0] in (*COMMANDS, *OF_ALL) else ["watch", *words]
