"""The commands. Turns a verdict into an exit code; the one owner of stdout and of exit codes.

May import everything, the view late: `report` and `check` start without Textual and watchfiles.
Errors of use are one clear line on stderr and exit code 2; a Python traceback is shown only where
RUNWATCH_DEBUG is set.
"""

import tui.start  # noqa: F401  # first of all: what it does counts for every import below

# isort: split
import contextlib
import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

from msgspec.structs import replace

from tui.arguments import FORMATS, columns, plain
from tui.commands import mistyped, with_command
from tui.config import FILE_NAME, Config, ConfigError, find
from tui.core.verdict import VerdictWord
from tui.start import import_without
from tui.text import counted

if TYPE_CHECKING:
    from tui.core.facts import Facts
    from tui.core.store import Store
    from tui.running import Running

gc.freeze()  # what was imported stays
gc.enable()

USAGE = 2
_SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".htm": "html"} | {
    f".{name}": name for name in FORMATS
}
EXIT_CODES = {VerdictWord.READY: 0, VerdictWord.NOT_READY: 1, VerdictWord.UNKNOWN: 3}

_FRAMES = "TEXTUAL_FPS"
_OURS = "500"
_SWITCH = 0.0005
"""How long, in seconds, what draws keeps the interpreter while what takes keys waits for it."""


class UsageError(Exception):
    """Something that the user asked for cannot be; says what and where."""


def run() -> NoReturn:
    """`main` as a process of its own: it ends without taking apart what it made, which takes a while.

    Unless another thread is still at work: that is waited for.
    """
    code = main()
    if threading.active_count() > 1:
        raise SystemExit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names; return its exit code."""
    words = with_command(sys.argv[1:] if argv is None else argv)
    options = plain(words) or _parsed(words)
    try:
        code = _COMMANDS[options.does](options)
        sys.stdout.flush()
    except (UsageError, ConfigError) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has had enough: nothing is left to be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("RUNWATCH_DEBUG"):
            raise
        return _refuse(f"internal error: {type(error).__name__}: {error} (RUNWATCH_DEBUG=1 shows more)")
    gc.freeze()  # the process ends now: looking for garbage once more would only delay it
    return code


def _parsed(words: Sequence[str]) -> SimpleNamespace:
    from tui.parser import parse  # noqa: PLC0415  # see `arguments`

    return parse(words)


# --- the commands -----------------------------------------------------------------------------------


def _open(
    directory: Path,
    config: Config,
    *,
    strict: bool,
    name: str = "",
    fresh: bool = False,
    running: "Running | None" = None,
) -> int:
    """Open the app; see `tui.view.watching.watch`. Only the commands that draw import Textual."""
    from tui.intake.remote import Worker  # noqa: PLC0415

    feed = None
    with contextlib.suppress(OSError):  # without another process, this one reads
        feed = Worker()  # first: it gets ready while Textual is imported
        feed.watch(directory, excluded=config.no_results, ignored=config.ignored, strict=strict)
    try:
        return _app()(directory, config, strict=strict, name=name, fresh=fresh, running=running, feed=feed)
    finally:
        if feed is not None:
            feed.stop()


def _watch(options: SimpleNamespace) -> int:
    directory, config, named = _where(options)
    config = _with_claims(config, options.claims)
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory}: not a directory (`runwatch report` reads a single file)")
    meant = "" if options.directory is None or directory.exists() else mistyped(str(directory))
    hint = f"there is no directory {directory}: did you mean `runwatch {meant}`?" if meant else ""
    if hint and sys.stdout.isatty():
        config = replace(config, notes=(*config.notes, f"{hint} It is opened once it is there."))
    elif hint:
        raise UsageError(hint)
    if not sys.stdout.isatty():
        print("runwatch: no terminal on stdout, so this is the report, once", file=sys.stderr)  # noqa: T201
        _must_exist(directory)
        return _print_report(directory, config, strict=named)
    return _open(directory, config, strict=named, fresh=options.fresh)


def _demo(options: SimpleNamespace) -> int:
    import shutil  # noqa: PLC0415  # it brings every packer; `check` and `report` start without
    import tempfile  # noqa: PLC0415

    from tui import demo  # noqa: PLC0415

    directory = Path(tempfile.mkdtemp(prefix="runwatch-demo-"))
    _when_hung_up(lambda: shutil.rmtree(directory, ignore_errors=True))
    try:
        demo.prepare(directory)
        config = find(None, directory, directory)
        player = demo.Player(directory, speed=options.speed)
        player.start()
        try:
            if sys.stdout.isatty():
                return _open(directory, config, strict=True, name="demo", fresh=True)
            print("runwatch: no terminal on stdout: playing, then the report, once", file=sys.stderr)  # noqa: T201
            player.join()
            return _print_report(directory, config, strict=True)
        finally:
            player.stop()
    except FileNotFoundError as error:
        raise UsageError(str(error)) from error
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _when_hung_up(tidy: Callable[[], object]) -> None:
    """Where the terminal is closed, `tidy` and end: nothing can be said, or drawn, any more."""
    import signal  # noqa: PLC0415  # it is wanted here alone

    def hung_up(*_: object) -> NoReturn:
        tidy()
        os._exit(128 + 1)

    if hasattr(signal, "SIGHUP") and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGHUP, hung_up)


def _run(options: SimpleNamespace) -> int:
    import shutil  # noqa: PLC0415  # see `_demo`

    from tui import launching  # noqa: PLC0415

    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise UsageError("run: which command? For example: runwatch run -- pytest -x")
    if shutil.which(command[0]) is None:
        raise UsageError(f"{command[0]}: there is no such program")
    config = find(options.config, options.results, Path.cwd())
    directory = options.results or config.results or Path("test-results")
    launch = launching.launch(command, directory.absolute(), launching.can_log)
    for note in (*config.notes, *launch.notes):
        print(f"runwatch: {note}", file=sys.stderr)  # noqa: T201
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for path in launch.replaced:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    if sys.stdout.isatty():
        from tui.running import Running  # noqa: PLC0415

        running = Running(launch.arguments, Path.cwd(), output=launch.output)
        _open(directory, config, strict=True, running=running)
        return launching.exit_code(running.code)
    code = launching.run_plainly(launch)
    _print_report(directory, config, strict=True)
    return launching.exit_code(code)


def _report(options: SimpleNamespace) -> int:
    directory, config, named = _where(options)
    config = _with_claims(config, options.claims)
    _must_exist(directory)
    return _print_report(
        directory,
        config,
        strict=named,
        format=options.format,
        output=options.output,
        all_tests=options.all_tests,
    )


def _check(options: SimpleNamespace) -> int:
    from tui.load import PATIENCE, load  # noqa: PLC0415

    directory, config, named = _where(options)
    _must_exist(directory)
    store = load(directory, config, strict=named, patience=PATIENCE, grouped=False)
    verdict_facts = _gathered(store)
    if options.json:
        import json  # noqa: PLC0415

        from tui.report import as_json  # noqa: PLC0415

        _print(json.dumps(as_json.verdict(verdict_facts), ensure_ascii=False, indent=2) + "\n")
    else:
        from tui.report import as_text  # noqa: PLC0415

        _print(as_text.render_verdict(verdict_facts.verdict, width=_width(), colour=_colour()))
    return EXIT_CODES[verdict_facts.verdict.word]


def _init(options: SimpleNamespace) -> int:
    from tui import starter  # noqa: PLC0415
    from tui.load import load  # noqa: PLC0415

    directory = options.directory or Path()
    _must_exist(directory)
    target = Path(FILE_NAME)
    if target.exists():
        raise UsageError(f"{target.resolve()}: is there already, and is left as it is")
    store = load(directory, Config(rules=starter.inferring()), strict=False)
    results = os.path.relpath(directory)
    name = Path.cwd().name
    text = starter.text(store, _gathered(store), results=results, title=name)
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{target.resolve()}: cannot be written: {error.strerror}") from error
    _print(f"wrote {target.resolve()}: {len(store.tests):,} tests found in {directory}\n")
    return 0


def _explain(options: SimpleNamespace) -> int:
    from tui.core import explain  # noqa: PLC0415
    from tui.load import PATIENCE, load  # noqa: PLC0415

    directory, config, named = _where(options)
    _must_exist(directory)
    store = load(directory, config, strict=named, patience=PATIENCE)
    facts = _gathered(store)
    if not options.what:
        _print("".join(f"{subject.id}  {subject.title}\n" for subject in explain.subjects(facts)))
        return 0
    from tui.report import as_text  # noqa: PLC0415

    try:
        found = explain.explain(store, facts, explain.find(store, facts, " ".join(options.what)))
    except explain.UnknownSubjectError as error:
        raise UsageError(str(error.args[0])) from error
    _print(as_text.render_explanation(found, width=_width(), colour=_colour()))
    return 0


def _save_baseline(options: SimpleNamespace) -> int:
    from tui import baselines  # noqa: PLC0415
    from tui.load import PATIENCE, load  # noqa: PLC0415

    directory, config, named = _where(options)
    _must_exist(directory)
    store = load(directory, config, strict=named, patience=PATIENCE)
    try:
        kept = baselines.save(store, options.name, baselines.folder(config, Path.cwd()), time.time())
    except baselines.BaselineError as error:
        raise UsageError(str(error)) from error
    _print(f"saved {counted(kept.tests, 'test')} as {kept.name}: {kept.path}\n")
    return 0


def _list_baselines(options: SimpleNamespace) -> int:
    from tui import baselines  # noqa: PLC0415

    _, config, _ = _where(options)
    kept = list(baselines.saved(baselines.folder(config, Path.cwd())))
    for each in kept:
        _print(f"{each.name}  {each.described(time.time())}  {each.path}\n")
    if not kept:
        _print("no baseline is saved: runwatch baseline save NAME [DIR]\n")
    return 0


_COMMANDS: dict[str, Callable[[SimpleNamespace], int]] = {
    "watch": _watch,
    "demo": _demo,
    "run": _run,
    "report": _report,
    "check": _check,
    "init": _init,
    "explain": _explain,
    "baseline save": _save_baseline,
    "baseline list": _list_baselines,
}


# --- what they share --------------------------------------------------------------------------------


def _app() -> Callable[..., int]:
    """What runs the app. Textual is imported by the commands that draw only."""
    gc.disable()  # until the first frame is there, and all that it did without: see `view.furnishing`
    sys.setswitchinterval(_SWITCH)
    # A key is answered with the next frame, and the detail by the one after it: how often facts are painted
    # is `view.pace`'s to say. Textual reads this when it is imported; nobody else is to.
    chosen = os.environ.setdefault(_FRAMES, _OURS)
    import_without("ssl", "asyncio")  # OpenSSL takes long to load, and nothing here talks to a network
    from tui.view.watching import watch  # noqa: PLC0415

    if chosen == _OURS:
        del os.environ[_FRAMES]
    return watch


def _gathered(store: "Store") -> "Facts":
    """The facts of now. What gathers them is imported while the worker reads, where one does."""
    from tui.core.facts import gather  # noqa: PLC0415

    return gather(store, time.time())


def _where(options: SimpleNamespace) -> tuple[Path, Config, bool]:
    """The directory, its configuration, and whether the directory was named by somebody."""
    config = find(options.config, options.directory, Path.cwd())
    if getattr(options, "baseline", None):
        config = replace(config, baseline=_baseline(options.baseline, config))
    for note in config.notes:
        print(f"runwatch: {note}", file=sys.stderr)  # noqa: T201
    directory = options.directory or config.results
    return directory or Path(), config, directory is not None


def _baseline(text: str, config: Config) -> Path:
    from tui import baselines  # noqa: PLC0415

    try:
        return baselines.find(text, baselines.folder(config, Path.cwd()))
    except baselines.BaselineError as error:
        raise UsageError(str(error)) from error


def _with_claims(config: Config, path: Path | None) -> Config:
    """`config` with the written status that was named on the command line, which has to be readable."""
    if path is None:
        return config
    from tui.load import read_page  # noqa: PLC0415

    try:
        read_page(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    return replace(config, claims=path)


def _must_exist(directory: Path) -> None:
    if not directory.exists():
        raise UsageError(f"{directory}: no such directory")


def _print_report(
    directory: Path,
    config: Config,
    *,
    strict: bool,
    format: str | None = None,
    output: Path | None = None,
    all_tests: bool = False,
) -> int:
    from tui.load import PATIENCE, judged_page, load  # noqa: PLC0415
    from tui.report import formats  # noqa: PLC0415

    store = load(directory, config, strict=strict, patience=PATIENCE)
    facts = _gathered(store)
    claims = judged_page(config, facts)
    chosen = format or (_SUFFIXES.get(output.suffix.lower(), "text") if output else "text")
    text = formats.render(
        chosen,
        store,
        facts,
        directory=str(directory),
        title=config.title,
        claims=claims,
        all_tests=all_tests,
        width=_width() if output is None else None,
        colour=output is None and _colour(),
    )
    if output is None:
        _print(text)
        return 0
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from error
    return 0


def _print(text: str) -> None:
    sys.stdout.write(
        text.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8")
    )


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int | None:
    if not sys.stdout.isatty():
        return None
    return columns()


def _refuse(message: str) -> int:
    print(f"runwatch: {message}", file=sys.stderr)  # noqa: T201
    return USAGE
