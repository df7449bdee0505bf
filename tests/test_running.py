"""A command in a group of its own: what it prints, what becomes of it, and that nothing of it is left."""

import asyncio
import os
import select
import sys
from pathlib import Path

import pytest

from tui import running
from tui.running import Running, State, Tail, outcome

Arguments = list[str]

WAITABLE = pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of a process that is no child"
)


def python(program: str, *arguments: str) -> Arguments:
    return [sys.executable, "-c", program, *arguments]


async def printed(run: Running, text: str) -> None:
    """Wait until the command has printed `text`."""
    while text not in "\n".join(run.tail.lines) and not run.is_over:  # noqa: ASYNC110  # nothing says so
        await asyncio.sleep(0.01)


def ran(arguments: Arguments, directory: Path, output: Path | None = None) -> Running:
    async def run() -> Running:
        command = Running(arguments, directory, output=output)
        await command.run(lambda: None)
        return command

    return asyncio.run(asyncio.wait_for(run(), 60))


def ended(process: int) -> bool:
    """Wait for the end of a process that was sent SIGKILL; whether it came."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 10)[0])
    finally:
        os.close(handle)


def test_what_a_command_prints_and_how_it_ended(tmp_path: Path) -> None:
    program = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    run = ran(python(program), tmp_path)
    assert sorted(run.tail.lines) == ["err", "out"]
    assert (run.code, outcome(run)) == (3, "exit code 3")


def test_it_runs_where_it_is_told_with_nothing_to_read(tmp_path: Path) -> None:
    run = ran(python("import os, sys; print(os.getcwd(), repr(sys.stdin.read()))"), tmp_path)
    assert run.tail.lines == [f"{tmp_path.resolve()} ''"]
    assert outcome(run) == "exit code 0 (success)"


@pytest.mark.parametrize("directory", ["", "gone"])
def test_what_cannot_be_started_says_so(directory: str, tmp_path: Path) -> None:
    run = ran(["no-such-program"] if not directory else python(""), tmp_path / directory)
    assert "cannot be started in" in outcome(run)
    assert run.is_over


def test_what_it_prints_goes_to_a_file_that_was_not_there(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.jsonl"
    ran(python("print('{}')"), tmp_path, path)
    assert path.read_text() == "{}\n"
    again = ran(python("print('other')"), tmp_path, path)
    assert "cannot be written: File exists" in outcome(again)
    assert path.read_text() == "{}\n"


def test_each_call_to_interrupt_goes_on_to_the_next_signal(tmp_path: Path) -> None:
    program = (
        "import signal\n"
        "for number in (signal.SIGINT, signal.SIGTERM):\n"
        "    signal.signal(number, lambda got, _: print('got', got, flush=True))\n"
        "print('ready', flush=True)\n"
        "while True: signal.pause()"
    )

    async def run() -> Running:
        command = Running(python(program), tmp_path)
        task = asyncio.create_task(command.run(lambda: None))
        await printed(command, "ready")
        command.interrupt()
        await printed(command, "got 2")
        assert command.state is State.ENDING
        assert outcome(command) == "ending: SIGINT sent"
        command.interrupt()
        await printed(command, "got 15")
        command.interrupt()
        await task
        return command

    command = asyncio.run(asyncio.wait_for(run(), 60))
    assert outcome(command) == "ended by SIGKILL"


def test_one_that_is_not_moved_by_a_signal_gets_the_next_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_ENDING", tuple((number, 0.01) for number, _ in running._ENDING))
    program = (
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "while True: signal.pause()"
    )

    async def run() -> Running:
        command = Running(python(program), tmp_path)
        task = asyncio.create_task(command.run(lambda: None))
        await printed(command, "ready")
        await command.end()
        await task
        return command

    assert outcome(asyncio.run(asyncio.wait_for(run(), 60))) == "ended by SIGKILL"


CHILD = "import signal; print('child', flush=True); signal.pause()"


@WAITABLE
@pytest.mark.parametrize("ends", ["by itself", "interrupted", "cancelled"])
def test_nothing_that_it_started_is_left(ends: str, tmp_path: Path) -> None:
    program = (
        "import signal, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', {CHILD!r}])\n"
        "print('started', child.pid, flush=True)\n"
    )
    program += "" if ends == "by itself" else "signal.pause()"

    async def run() -> Running:
        command = Running(python(program), tmp_path)
        task = asyncio.create_task(command.run(lambda: None))
        await printed(command, "child")
        if ends == "interrupted":
            await command.end()
        elif ends == "cancelled":
            task.cancel()
        await asyncio.wait((task,))
        return command

    command = asyncio.run(asyncio.wait_for(run(), 60))
    child = next(int(line.split()[1]) for line in command.tail.lines if line.startswith("started"))
    assert ended(child)
    if ends == "by itself":
        assert outcome(command) == "exit code 0 (success); what it had left running was ended"


def test_a_command_that_is_ended_before_it_began_ends(tmp_path: Path) -> None:
    async def run() -> Running:
        command = Running(python("import signal; signal.pause()"), tmp_path)
        task = asyncio.create_task(command.run(lambda: None))
        await command.end()
        await task
        return command

    assert asyncio.run(asyncio.wait_for(run(), 60)).is_over


@WAITABLE
def test_a_signal_that_ends_the_program_ends_the_command_too() -> None:
    inner = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
    program = (
        "import asyncio, os, signal, sys\n"
        "from pathlib import Path\n"
        "from tui.running import Running\n"
        "async def main():\n"
        f"    command = Running([sys.executable, '-c', {inner!r}], Path())\n"
        "    def told():\n"
        "        if command.tail.lines and not command.is_over:\n"
        "            print(command.tail.lines[0], flush=True)\n"
        "            os.kill(os.getpid(), signal.SIGHUP)\n"
        "    await command.run(told)\n"
        "asyncio.run(main())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    async def run() -> tuple[int, int]:
        process = await asyncio.create_subprocess_exec(
            *python(program), env=environment, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, int(out)

    code, inner_process = asyncio.run(asyncio.wait_for(run(), 60))
    assert code == -1
    assert ended(inner_process)


def test_the_tail_is_bounded_and_says_how_much_is_gone() -> None:
    tail = Tail(3)
    tail.feed(b"".join(b"%d\n" % number for number in range(10)))
    assert (tail.lines, tail.dropped) == (["7", "8", "9"], 7)
    tail.feed(b"x" * 1_000_000)
    assert len(tail.lines[-1]) <= 5000


def test_a_line_is_shown_before_it_ends_and_as_a_terminal_leaves_it() -> None:
    tail = Tail()
    tail.feed(b"10 %\r50 %\r")
    assert tail.lines == ["50 %"]
    tail.feed(b"100 %\r\n\xe2\x82")
    tail.feed(b"\xac \x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J")
    assert tail.lines == ["100 %", "€ \x1b[31mred\x1b[0m "]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["pytest", "a"], 5, "exit code 5: pytest found no tests"),
        (["python", "-m", "pytest"], 1, "exit code 1: some tests failed"),
        (["uv", "run", "pytest"], 4, "exit code 4: pytest does not take these arguments"),
        (["make", "test"], 2, "exit code 2"),
        (["make"], -34, "ended by signal 34" if os.name == "posix" else ""),
    ],
)
def test_an_exit_code_in_words(arguments: Arguments, code: int, said: str) -> None:
    async def run() -> Running:
        return Running(arguments, Path())

    command = asyncio.run(run())
    command.state, command.code = State.ENDED, code
    assert outcome(command).replace("SIGRTMIN", "signal 34") == said
