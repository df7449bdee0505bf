"""The whole command line: every command with all that it takes, and its help.

May import `arguments`. Invariant: of the commands, only the one that is asked for is set up; to set up all of
them takes as long as `check` takes to read a small file.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from tui import __version__
from tui.arguments import FORMATS, columns
from tui.commands import COMMANDS, OF_ALL

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # it has no other name

_EXAMPLES = """\
examples:
  runwatch test-results        watch a directory, live
  runwatch demo                watch the sample results come in
  runwatch run -- pytest -x    run the tests with live results, and watch them
  runwatch report test-results print the same facts once
  runwatch check test-results  print the verdict; exit 0 READY, 1 NOT READY, 3 UNKNOWN
  runwatch explain test-results overall.rate
                               say how a number was worked out, and from what
  runwatch init test-results   write a runwatch.toml to start from
  runwatch baseline save main  keep these results to compare with: --baseline main

`runwatch DIR` is short for `runwatch watch DIR`.
"""


class _Formatter(argparse.HelpFormatter):
    """One is made for each argument."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns() - 2)


class _AsWritten(_Formatter, argparse.RawDescriptionHelpFormatter):
    """Leaves the examples as they are."""


def parse(words: Sequence[str]) -> SimpleNamespace:
    """What is asked for: `does` names the command. Ends the process where that is help, or is wrong."""
    parser = argparse.ArgumentParser(
        prog="runwatch",
        description="A live terminal monitor for test results that never says more than the evidence.",
        epilog=_EXAMPLES,
        formatter_class=_AsWritten,
    )
    parser.add_argument("--version", action="version", version=f"runwatch {__version__}")
    # With `prog` said, no usage has to be written to find it out.
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog=parser.prog)
    for name in COMMANDS if words[0] in OF_ALL else (words[0],):
        _ADD[name](commands)
    return SimpleNamespace(**vars(parser.parse_args(words)))


# --- the commands -----------------------------------------------------------------------------------


def _command(commands: "_Commands", name: str, does: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, formatter_class=_Formatter)
    command.set_defaults(does=name)
    return command


def _add_watch(commands: "_Commands") -> None:
    watch = _command(commands, "watch", "open the live app on a results directory (the default)")
    watch.add_argument(
        "--fresh", action="store_true", help="forget how the app was left here, and remember nothing"
    )
    _directory(watch)
    _claims(watch)
    _config(watch)
    _baseline(watch)


def _add_demo(commands: "_Commands") -> None:
    demo = _command(commands, "demo", "play the sample results into a temporary directory and watch it")
    demo.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="play N times as fast")


def _add_run(commands: "_Commands") -> None:
    run = _command(commands, "run", "run a test command with live results, and watch; exits as it does")
    run.add_argument(
        "--results", type=Path, metavar="DIR", help="where the results go (default: as configured)"
    )
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="[--] COMMAND ...", help="the test command")
    _config(run)


def _add_report(commands: "_Commands") -> None:
    report = _command(commands, "report", "print the facts once")
    report.add_argument("--format", choices=FORMATS, help="text, or what the suffix of FILE says")
    report.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE, not to stdout")
    report.add_argument(
        "--all-tests", action="store_true", help="list every test, not only those that failed"
    )
    _directory(report)
    _claims(report)
    _config(report)
    _baseline(report)


def _add_check(commands: "_Commands") -> None:
    check = _command(
        commands, "check", "print the verdict: exit 0 READY, 1 NOT READY, 2 bad usage, 3 UNKNOWN"
    )
    check.add_argument("--json", action="store_true", help="print the verdict as JSON")
    _directory(check)
    _config(check)
    _baseline(check)


def _add_init(commands: "_Commands") -> None:
    init = _command(commands, "init", "write a commented runwatch.toml, inferred from the results")
    _directory(init)


def _add_explain(commands: "_Commands") -> None:
    explained = _command(commands, "explain", "open a number or a word: its rule, arithmetic, records")
    explained.add_argument("directory", type=Path, metavar="DIR", help="the results directory")
    explained.add_argument(
        "what", nargs="*", default=[], metavar="WHAT", help="what to explain; without it: what there is"
    )
    _config(explained)
    _baseline(explained)


def _add_baseline(commands: "_Commands") -> None:
    baseline = _command(commands, "baseline", "save the results under a name, or list what was saved")
    actions = baseline.add_subparsers(title="actions", metavar="ACTION", required=True, prog=baseline.prog)
    save = _command(actions, "save", "keep what the results directory holds now")
    save.add_argument("name", metavar="NAME", help="the name to keep it under")
    save.set_defaults(does="baseline save")
    _directory(save)
    _config(save)
    listed = _command(actions, "list", "list the saved baselines")
    listed.set_defaults(does="baseline list", directory=None)
    _config(listed)


_ADD = {
    "watch": _add_watch,
    "demo": _add_demo,
    "run": _add_run,
    "report": _add_report,
    "check": _add_check,
    "init": _add_init,
    "explain": _add_explain,
    "baseline": _add_baseline,
}


# --- what several take ------------------------------------------------------------------------------


def _directory(command: argparse.ArgumentParser) -> None:
    command.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="the results directory")


def _claims(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--claims",
        type=Path,
        metavar="FILE",
        help="a written status (Markdown) to hold against the counts",
    )


def _config(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, metavar="FILE", help="the configuration to use")


def _baseline(command: argparse.ArgumentParser) -> None:
    command.add_argument("--baseline", metavar="NAME", help="compare with a saved baseline, or a path")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: must be a number, more than 0 and at most 1000")
    return speed
