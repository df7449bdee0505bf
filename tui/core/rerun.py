"""The user's rerun command and some tests -> the arguments of the process to start.

May import `core`. Pure: whether a file exists is asked of the caller. Invariants: what a test gives becomes
one argument or a part of one, never more and never a command; an argument that begins with what a test gives
never begins with a mark that programs take for an option or for a file to read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from tui.core.identity import exact, parted
from tui.core.model import Phase, TestResult
from tui.regex import regex

OF_A_TEST = ("ids", "file", "name", "suite")
"""The placeholders that stand for something of one test: their argument is given once for each."""

PLACEHOLDERS = (*OF_A_TEST, "pattern", "results", "stamp")
_PLACEHOLDER = regex(r"\{([a-z_]+)\}")
_RESULT = regex(r"\{results\}/([^\s,;'\"]+)")
_OPTION_MARKS = ("-", "@")
_REGEX_MARKS = regex(r"[\\.+*?()|\[\]{}^$]")
_GOES_ON = "--continue-on-collection-errors"
_LONGEST_ARGUMENT = 128 * 1024 - 1  # Linux: MAX_ARG_STRLEN, the end included
_LONGEST_COMMAND = 1024 * 1024  # macOS: ARG_MAX; Linux gives 2 MiB, the environment included

Exists = Callable[[str], bool]
"""The path of a file, as a runner would find it -> whether it is there."""


class RerunError(Exception):
    """A command that cannot be made; says why."""


class Command(Struct, frozen=True):
    """What the user's configuration says.

    `words` have placeholders; `directory`: where to run; `output`: a file that gets what is printed, too.
    """

    words: tuple[str, ...]
    directory: str = ""
    output: str = ""

    @property
    def names_tests(self) -> bool:
        """Whether anything in it stands for the tests."""
        of_tests = {*OF_A_TEST, "pattern"}
        return any(not of_tests.isdisjoint(_PLACEHOLDER.findall(word)) for word in self.words)

    @property
    def writes(self) -> tuple[str, ...]:
        """Globs on the files that it leaves in the results directory: they are reruns, whatever they hold."""
        found = (file for word in (*self.words, self.output) for file in _RESULT.findall(word))
        return tuple(dict.fromkeys(_PLACEHOLDER.sub("*", file) for file in found))

    def wants(self, placeholder: str) -> bool:
        """Whether a placeholder stands in it."""
        return any(placeholder in _PLACEHOLDER.findall(word) for word in self.words)


class Runner(NamedTuple):
    """Who wrote the results of a test: the format of its source, and the producer that it names."""

    format: str
    producer: str

    @property
    def is_pytest(self) -> bool:
        """Whether its tests are named by node ids."""
        return self.format == "reportlog" or self.producer.startswith("pytest")

    @property
    def is_go(self) -> bool:
        """Whether its tests are named by a package and a path of names."""
        return self.format == "gotest" or self.producer.startswith(("go test", "gotestsum"))


class Ready(Struct, frozen=True):
    """The arguments to start, how many tests they name, and those that were left out, each with the why."""

    arguments: tuple[str, ...]
    tests: int
    left_out: tuple[tuple[str, str], ...] = ()


class _Values(NamedTuple):
    ids: str
    file: str
    name: str
    suite: str
    pattern: str


def unknown_placeholder(word: str) -> str:
    """What is wrong with the placeholders of `word`, in words; empty where nothing is."""
    for name in _PLACEHOLDER.findall(word):
        if name not in PLACEHOLDERS:
            import difflib  # noqa: PLC0415  # wanted where something is refused only

            near = difflib.get_close_matches(name, PLACEHOLDERS, n=1, cutoff=0.5)
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            return f"unknown placeholder {{{name}}}, " + (
                f"did you mean {{{near[0]}}}?" if near else f"known here: {known}"
            )
    return ""


def ready(
    command: Command,
    tests: Sequence[tuple[TestResult, Runner]],
    exists: Exists,
    *,
    results: str,
    stamp: str,
) -> Ready:
    """`command` for `tests`. `results`: the results directory; `stamp`: a word for this moment.

    Raises RerunError where none of the tests can be named, or the command is longer than a system takes.
    """
    common = {"results": results, "stamp": stamp}
    left_out: list[tuple[str, str]] = []
    kept: list[_Values] = []
    if command.names_tests:
        tests, left_out = _in_one_run(command, tests)
        for result, runner in tests:
            values, why = _values(result, runner, exists, with_file=command.wants("file"))
            why = why or _refused(command, values)
            if why:
                left_out.append((result.label, why))
            else:
                kept.append(values)
        if not kept:
            raise RerunError(_none_left(left_out))
    arguments: list[str] = []
    for word in command.words:
        arguments += _expanded(word, kept, common)
    _measure(arguments, len(kept))
    return Ready(tuple(arguments), len(kept), tuple(left_out))


def _in_one_run(
    command: Command, tests: Sequence[tuple[TestResult, Runner]]
) -> tuple[Sequence[tuple[TestResult, Runner]], list[tuple[str, str]]]:
    """The tests that one run can hold, and those that are left out, each with the why.

    At a module that cannot be collected pytest stops before it runs anything.
    """
    runnable = [each for each in tests if not _is_uncollected(*each)]
    if not runnable or _GOES_ON in command.words:
        return tests, []
    why = f"it could not be collected, and pytest runs nothing beside it: alone, or with {_GOES_ON}"
    return runnable, [(result.label, why) for result, runner in tests if _is_uncollected(result, runner)]


def _is_uncollected(result: TestResult, runner: Runner) -> bool:
    failure = result.failure
    return runner.is_pytest and failure is not None and failure.phase is Phase.COLLECT


def filled(text: str, *, results: str, stamp: str) -> str:
    """`text` with the placeholders that stand for no test."""
    return _filled(text, {"results": results, "stamp": stamp})


def node_id(result: TestResult, exists: Exists) -> str:
    """The pytest node id of a test whose file is there; empty where its file cannot be told.

    JUnit XML gives a class name only: which part of it is the file is what the files themselves say. The
    name is taken from the identity, as a label has its blanks folded.
    """
    file, separator, _ = result.label.partition("::")
    if exists(file):
        if not separator:
            return file
        classes = parted(result.label)[0].split("::")[1:]
        return "::".join([file, *classes, result.test.name])
    parts = result.test.suite.split(".")
    for end in range(len(parts), 0, -1):
        file = "/".join(parts[:end]) + ".py"
        if exists(file):
            return "::".join([file, *parts[end:], result.test.name])
    return ""


def example(runner: Runner) -> list[str]:
    """Lines of a configuration that rerun what `runner` ran, with the results put where they are watched."""
    if runner.is_go:
        return [
            "[rerun]",
            'command = ["go", "test", "-json", "-run={pattern}", "{suite}"]',
            'output = "{results}/rerun-{stamp}.jsonl"',
        ]
    if runner.is_pytest:
        live = runner.format == "reportlog"
        option = (
            "--report-log={results}/rerun-{stamp}.jsonl" if live else "--junitxml={results}/rerun-{stamp}.xml"
        )
        return ["[rerun]", f'command = ["pytest", "{option}", "{{ids}}"]']
    return ["[rerun]", 'command = ["your-runner", "--results={results}/rerun-{stamp}.xml", "{ids}"]']


def _values(result: TestResult, runner: Runner, exists: Exists, *, with_file: bool) -> tuple[_Values, str]:
    """What a test gives, and why it cannot be run."""
    name, suite = result.test.name, result.test.suite
    file = next((path for path in _files(result) if path and exists(path)), "")
    names = name.split("/") if runner.is_go else [name]
    pattern = "/".join(f"^{_REGEX_MARKS.sub(_escaped, each)}$" for each in names)
    found = _Values(exact(result.label, result.test), file, name, suite, pattern)
    if runner.is_pytest:
        found = found._replace(ids=node_id(result, exists))
        if not found.ids:
            return found, "its file cannot be told from its name, or is not there"
        found = found._replace(file=found.ids.partition("::")[0])
    if with_file and not found.file:
        return found, "the results name no file of it that is there"
    return found, ""


def _files(result: TestResult) -> list[str]:
    failure = result.failure
    places = [result.location, failure.location if failure else None]
    return [*(place.path for place in places if place), result.label.partition("::")[0]]


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _refused(command: Command, values: _Values) -> str:
    """Why a test may not stand in the command: what begins like an option would be one."""
    for word in command.words:
        first = _PLACEHOLDER.match(word)
        if first is None or first[1] not in OF_A_TEST:
            continue
        value = str(getattr(values, first[1]))
        if value.startswith(_OPTION_MARKS):
            return f"begins with “{value[0]}”, which the runner would not take for a name"
        if not value:
            return f"has no {first[1]}"
    return ""


def _expanded(word: str, tests: Sequence[_Values], common: Mapping[str, str]) -> list[str]:
    """The arguments that a word of the command stands for."""
    names = set(_PLACEHOLDER.findall(word))
    everything = {**common, "pattern": "|".join(dict.fromkeys(test.pattern for test in tests))}
    if names.isdisjoint(OF_A_TEST):
        return [_filled(word, everything)]
    return list(dict.fromkeys(_filled(word, {**everything, **test._asdict()}) for test in tests))


def _filled(word: str, values: Mapping[str, str]) -> str:
    """`word` with each placeholder replaced once: what a value holds is never read as another."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), word)


def _measure(arguments: Sequence[str], tests: int) -> None:
    sizes = [len(argument.encode("utf-8", "replace")) + 1 for argument in arguments]
    if max(sizes, default=0) > _LONGEST_ARGUMENT or sum(sizes) > _LONGEST_COMMAND:
        raise RerunError(
            f"{tests:,} tests make a command of {sum(sizes):,} bytes, more than a system takes. "
            "Choose fewer with the filter, or write a [rerun] command that names files."
        )


def _none_left(left_out: Sequence[tuple[str, str]]) -> str:
    if not left_out:
        return "No test is selected."
    label, why = left_out[0]
    more = f" So it is with {len(left_out) - 1:,} more." if len(left_out) > 1 else ""
    return f"{label}: {why}.{more}"
