"""Real test suites: fetched from the package registry, laid out, run.

Nothing of them is kept in the project. A suite is a source distribution at a fixed version, which ships
its tests; it runs from its own tree, in an environment made for it.
"""

import os
import subprocess
import sys
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT = 240.0
"""Seconds that one run of a suite may take; a fault that makes it longer is not used."""


@dataclass(frozen=True, slots=True)
class Suite:
    """One package. `held_out`: nothing was tuned on it. `quick`: part of the short run."""

    name: str
    version: str
    code: str
    tests: tuple[str, ...] = ("tests",)
    requires: tuple[str, ...] = ()
    held_out: bool = False
    quick: bool = False

    @property
    def requirement(self) -> str:
        """The package at its version, as pip takes it."""
        return f"{self.name}=={self.version}"


SUITES = (
    Suite("boltons", "26.2.0", "boltons"),
    Suite("tomlkit", "0.15.2", "tomlkit", requires=("pyyaml",), quick=True),
    Suite("marshmallow", "4.4.0", "src/marshmallow", requires=("simplejson",)),
    Suite("mistune", "3.4.0", "src/mistune"),
    Suite("jinja2", "3.1.6", "src/jinja2", requires=("markupsafe", "trio"), quick=True),
    Suite("attrs", "26.1.0", "src/attr", requires=("hypothesis", "cloudpickle")),
    Suite("click", "8.5.1", "src/click"),
    Suite("tinydb", "4.9.0", "tinydb", requires=("pyyaml",), held_out=True, quick=True),
    Suite("sqlparse", "0.6.1", "sqlparse", held_out=True, quick=True),
    Suite("itsdangerous", "2.2.0", "src/itsdangerous", requires=("freezegun",), held_out=True),
    Suite("isodate", "0.7.2", "src/isodate", held_out=True),
    Suite("pluggy", "1.7.0", "src/pluggy", tests=("testing",), held_out=True),
    Suite(
        "glom", "25.12.0", "glom", tests=("glom/test",), requires=("boltons", "face", "pyyaml"), held_out=True
    ),
    Suite("humanize", "4.17.0", "src/humanize", requires=("freezegun",), held_out=True),
    Suite("packaging", "26.3", "src/packaging", requires=("pretend", "tomli-w"), held_out=True),
)


class Workshop:
    """A directory with one environment and the trees of suites; what is there already is used again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._python = root / "env" / "bin" / "python"

    def prepare(self, suites: tuple[Suite, ...]) -> None:
        """Make the environment and lay out the suites. Raises CalledProcessError."""
        if not self._python.exists():
            venv.create(self.root / "env", with_pip=True)
        wanted = {"pytest", "pytest-reportlog", "pytest-timeout"}
        wanted.update(requirement for suite in suites for requirement in suite.requires)
        marker = self.root / "env" / "installed"
        if not marker.exists() or not wanted <= set(marker.read_text("utf-8").split()):
            self._pip("install", *sorted(wanted))
            marker.write_text("\n".join(sorted(wanted)), "utf-8")
        for suite in suites:
            tree = self.tree(suite)
            if not tree.exists():
                self._fetch(suite, tree)

    def tree(self, suite: Suite) -> Path:
        """Where the suite lies."""
        return self.root / "suites" / f"{suite.name}-{suite.version}"

    def run(self, suite: Suite, results: Path, style: str, *, reach: bool = False) -> bool:
        """Run the suite once, results into `results`; whether it came to its end in time.

        `reach`: also write which functions its tests enter.
        """
        results.mkdir(parents=True, exist_ok=True)
        tree = self.tree(suite)
        source = tree / "src" if (tree / "src").is_dir() else tree
        command = [
            str(self._python),
            "-m",
            "pytest",
            *suite.tests,
            "-q",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore",
        ]
        command += ["--timeout=60", f"--tb={style}", "--continue-on-collection-errors"]
        command += [f"--junitxml={results / 'junit.xml'}", f"--report-log={results / 'report.jsonl'}"]
        environment = {
            "PATH": os.defpath,
            "HOME": str(self.root),
            "PYTHONPATH": str(source),
            "PYTHONHASHSEED": "0",
        }
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_DATABASE_FILE": os.devnull}
        if reach:
            command += ["-p", "reach"]
            environment["PYTHONPATH"] += os.pathsep + str(Path(__file__).parent)
            environment["RUNWATCH_REACH"] = str(results / "reach.json")
        limit = TIME_LIMIT * (3 if reach else 1)
        try:
            done = subprocess.run(  # noqa: S603
                command, cwd=tree, env=environment, capture_output=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode in (0, 1)

    def _fetch(self, suite: Suite, tree: Path) -> None:
        into = self.root / "archives" / suite.name
        self._pip("download", "--no-deps", "--no-binary", suite.name, "--dest", str(into), suite.requirement)
        (archive,) = into.glob("*.tar.gz")
        staged = tree.with_suffix(".part")
        with tarfile.open(archive) as packed:
            packed.extractall(staged, filter="data")
        (inner,) = staged.iterdir()
        inner.rename(tree)
        staged.rmdir()

    def _pip(self, *arguments: str) -> None:
        command = [str(self._python), "-m", "pip", arguments[0], "--quiet", "--disable-pip-version-check"]
        subprocess.run(  # noqa: S603
            [*command, *arguments[1:]], check=True, stdout=sys.stderr
        )
