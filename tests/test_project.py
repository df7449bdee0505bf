"""Which files results may lead to, and which never."""

import os
from pathlib import Path

import pytest

from tests.building import written
from tui.core.model import Location
from tui.core.tracebacks.frames import Frame, FrameLine, Part
from tui.project import Project, RefusedError

SOURCE = "def test_a():\n    assert one() == 2\n"


def frame(path: str, line: int = 2, failing: str = "    assert one() == 2") -> Frame:
    lines = (FrameLine(failing, Part.FAILING),) if failing else ()
    return Frame(Location(path, line), "test_a", lines)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return written(tmp_path / "home", {"tests/test_a.py": SOURCE, "results/run.xml": "", "a.py": SOURCE})


@pytest.fixture
def project(home: Path) -> Project:
    results = home / "results"
    return Project.of(lambda source: results / source, results, home, None)


def found(project: Project, *frames: Frame) -> str:
    source = project.source(frames)
    return source.shown if source else ""


def test_a_path_is_looked_for_where_somebody_works(project: Project) -> None:
    source = project.source([frame("tests/test_a.py")])
    assert source is not None
    assert (source.shown, source.line, source.text) == ("tests/test_a.py", 2, SOURCE)
    assert not source.differs
    assert not source.stated


def test_the_first_frame_whose_file_is_at_hand_is_shown(project: Project) -> None:
    assert found(project, frame("tests/gone.py"), frame("tests/test_a.py")) == "tests/test_a.py"


def test_a_path_is_looked_for_beside_the_configuration(tmp_path: Path, home: Path) -> None:
    elsewhere = written(tmp_path / "elsewhere", {"x": ""})
    project = Project.of(lambda _: home, home, elsewhere, home / "runwatch.toml")
    assert found(project, frame("tests/test_a.py")) == "tests/test_a.py"


def test_a_path_that_begins_above_where_somebody_works_is_found_below_it(home: Path) -> None:
    project = Project.of(lambda _: home, home / "results", home / "tests", None)
    assert found(project, frame("tests/test_a.py")) == "test_a.py"
    assert not found(project, frame("a.py"))


def test_a_line_that_reads_otherwise_is_said_to(project: Project) -> None:
    source = project.source([frame("tests/test_a.py", failing="assert two() == 3")])
    assert source is not None
    assert source.differs


def test_a_path_of_another_machine_is_followed_only_where_the_line_confirms_it(project: Project) -> None:
    source = project.source([frame("/build/job/tests/test_a.py")])
    assert source is not None
    assert source.stated == "/build/job/tests/test_a.py"
    assert not found(project, frame("/build/job/tests/test_a.py", failing="assert two() == 3"))
    assert not found(project, frame("/build/job/tests/test_a.py", failing=""))


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../outside.py",
        "tests/../../outside.py",
        "link.py",
        "folder/outside.py",
        ".secret/key.py",
        "tests",
        "pipe",
        "nul\0byte",
        "x" * 5000,
    ],
)
def test_nothing_outside_hidden_or_irregular_is_opened(path: str, home: Path, project: Project) -> None:
    written(home, {"../outside.py": SOURCE, ".secret/key.py": SOURCE})
    (home / "link.py").symlink_to(home.parent / "outside.py")
    (home / "folder").symlink_to(home.parent)
    os.mkfifo(home / "pipe")
    assert not found(project, frame(path, 1, ""))


def test_a_line_that_the_file_does_not_have_is_not_shown(project: Project) -> None:
    assert not found(project, frame("tests/test_a.py", 300, ""))


def test_control_characters_of_a_source_are_taken_out(home: Path, project: Project) -> None:
    written(home, {"a.py": "x = 1  # \x1b]0;title\x07\n"})
    source = project.source([frame("a.py", 1, "")])
    assert source is not None
    assert "\x1b" not in source.text


def test_an_attachment_lies_beside_its_source_or_in_the_project(home: Path, project: Project) -> None:
    written(home, {"results/deep/shot.png": "", "logs/a.log": ""})
    assert project.attachment("shot.png", "deep/run.xml") == home / "results/deep/shot.png"
    assert project.attachment("deep/shot.png", "run.xml") == home / "results/deep/shot.png"
    assert project.attachment("logs/a.log", "run.xml") == home / "logs/a.log"
    assert project.attachment("a picture: deep/shot.png", "run.xml") == home / "results/deep/shot.png"


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("../../outside.png", "outside the results"),
        ("/etc/hostname", "outside the results"),
        ("gone.png", "no such file"),
        ("deep", "not a regular file"),
        ("run.sh", "a program"),
        ("a.desktop", "a program"),
        (".hidden.png", "hidden"),
    ],
)
def test_an_attachment_is_refused_with_the_reason(
    stated: str, why: str, home: Path, project: Project
) -> None:
    written(
        home,
        {
            "../outside.png": "",
            "results/deep/shot.png": "",
            "results/run.sh": "",
            "results/a.desktop": "",
            "results/.hidden.png": "",
        },
    )
    (home / "results/run.sh").chmod(0o755)
    with pytest.raises(RefusedError, match=why):
        project.attachment(stated, "run.xml")


@pytest.mark.parametrize(
    ("place", "line", "note"),
    [
        (frame("tests/test_a.py"), 2, ""),
        (frame("tests/test_a.py", 1), 2, "the line has moved since"),
        (frame("tests/test_a.py", 1, "assert gone()"), 1, "the file has changed since"),
        (frame("tests/test_a.py", 1, ""), 1, ""),
        (Frame(Location("tests/test_a.py"), "test_a"), 1, ""),
        (Frame(Location("tests/test_a.py"), "test_gone"), None, ""),
        (Frame(Location("tests/test_a.py")), None, ""),
    ],
)
def test_a_place_is_a_file_of_the_project_and_a_line_where_one_is_known(
    place: Frame, line: int | None, note: str, home: Path, project: Project
) -> None:
    found = project.place([frame("tests/gone.py"), place])
    assert (found.path, found.line, found.note) == (home / "tests/test_a.py", line, note)
    assert str(found) == (f"tests/test_a.py:{line}" if line else "tests/test_a.py")


def test_the_definition_of_a_test_in_a_class_is_found_below_the_class(home: Path, project: Project) -> None:
    code = "def test_b(): ...\nclass TestA:\n    x = 1\n    async def test_b(self): ...\n"
    written(home, {"tests/test_b.py": code})
    assert project.place([Frame(Location("tests/test_b.py"), "TestA.test_b")]).line == 4
    assert project.place([Frame(Location("tests/test_b.py"), "TestA.test_c")]).line == 2


def test_why_no_place_was_found_is_said_for_each_path(home: Path, project: Project) -> None:
    frames = [frame(path) for path in ("tests/gone.py", "/etc/passwd", ".secret/a.py", "other.py")]
    with pytest.raises(RefusedError) as refused:
        project.place([*frames, frame("a.py", 300)])
    told = str(refused.value)
    assert "tests/gone.py: there is no such file; /etc/passwd: it lies outside" in told
    assert ".secret/a.py: it is hidden; and 2 more" in told
    assert f"Looked in {home}" in told
    with pytest.raises(RefusedError, match="name no place"):
        project.place([])
    with pytest.raises(RefusedError, match="is there, but has no such line"):
        project.place([frame("a.py", 300)])


@pytest.mark.parametrize(
    ("stated", "is_there"),
    [("test_a.py", True), ("../a.py", True), ("../../x.py", False), ("gone.py", False), ("\0", False)],
)
def test_a_runner_finds_files_from_where_it_runs(
    stated: str, home: Path, project: Project, *, is_there: bool
) -> None:
    assert project.has(stated, home / "tests") is is_there
