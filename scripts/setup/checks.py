"""`scripts/test`: every check, and what they came to."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.setup import browser, counts, fonts, frontend, settings, venv
from scripts.setup.counts import Counts
from scripts.setup.errors import SetupError
from scripts.setup.progress import say
from scripts.setup.serve import prepared
from scripts.setup.settings import CHECKOUT

CHOSEN = ("-n", "2", "--no-loadscope-reorder")
LAST_IN_LINE = ("nice", "-n", "10")
JAVASCRIPT_TESTS = "JavaScript tests"
PROGRAMS = venv.FOLDER / "bin"
STATEMENT = (
    "import psycopg, sys\n"
    "url = sys.argv[1].replace('+psycopg', '', 1)\n"
    "psycopg.connect(url, autocommit=True).execute(sys.argv[2])\n"
)
COMPARE = (
    "from geodata.db import schema\n"
    "from scripts import store\n"
    "with store.engine() as engine:\n"
    "    schema.check(engine)\n"
)


@dataclass
class Stage:
    """One check: what it printed, how it ended, and the seconds it took."""

    title: str
    lines: list[str]
    good: bool
    seconds: float


def staged(
    title: str,
    command: Sequence[str | Path],
    env: Mapping[str, str],
    hear: Callable[[str], None] = lambda _: None,
) -> Stage:
    """Run a check; `hear` is told each line that it prints, as it comes."""
    start, lines = time.monotonic(), []
    with subprocess.Popen(
        [str(part) for part in command], cwd=CHECKOUT, env=env, text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            hear(line.rstrip("\n"))
            lines.append(line.rstrip("\n"))
    return Stage(title, lines, process.returncode == 0, time.monotonic() - start)


@dataclass
class Report:
    """What the stages came to."""

    state: Path
    stages: list[Stage] = field(default_factory=list)
    counted: Counts = field(default_factory=Counts)

    def stage(self, title: str, command: Sequence[str | Path], env: Mapping[str, str]) -> None:
        """Run a check with a headline and show its lines while they come."""
        say(f"\n=== {title}")
        self.stages.append(staged(title, command, env, say))

    def take(self, stage: Stage) -> None:
        """Show what ran beside the others."""
        say("\n".join([f"\n=== {stage.title}", *stage.lines]))
        self.stages.append(stage)

    def close(self) -> int:
        """Print the stages and, last, the counts; the exit code."""
        say("\n=== Summary")
        for one in self.stages:
            say(f"{'ok    ' if one.good else 'FAILED'} {one.title} ({one.seconds:.1f} s)")
        say(self.counted.line())
        return 0 if all(one.good for one in self.stages) and not self.counted.failed else 1


def check(arguments: Sequence[str]) -> int:
    """Set up what is missing and run every check, or pytest alone with the arguments given.

    Raises:
        SetupError: something that is needed cannot be had.
    """
    state = settings.make_state(settings.read().state)
    given = os.environ.get("WANGGE_TEST_DATABASE_URL")
    with prepared(state, given, tests=True) as own, _scratch(own.url) as scratch:
        env = frontend.environment(state) | browser.ensure(state) | fonts.setting(state)
        env |= {
            "WANGGE_TEST_DATABASE_URL": own.url,
            "WANGGE_DATABASE_URL": scratch,
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # tests start hundreds of programs from the same files
        }
        report = Report(state)
        if arguments:
            _pytest(report, env, arguments)
        else:
            _everything(report, env)
        return report.close()


def _everything(report: Report, env: Mapping[str, str]) -> None:
    """All checks; those that only read the sources use what the tests leave of the cores."""
    with ThreadPoolExecutor(1) as beside:
        quiet = [
            beside.submit(staged, title, [*LAST_IN_LINE, *command], env)
            for title, command in (*_quality(), *_javascript(report.state))
        ]
        _migrations(report, env)
        _pytest(report, env, CHOSEN)
        for one in quiet:
            report.take(stage := one.result())
            if stage.title == JAVASCRIPT_TESTS:
                report.counted += counts.of_node(stage.lines)


def _quality() -> Iterator[tuple[str, list[str | Path]]]:
    yield "Lint", [PROGRAMS / "ruff", "check"]
    yield "Format", [PROGRAMS / "ruff", "format", "--check"]
    yield "Types", [PROGRAMS / "mypy"]
    yield "Layers", [PROGRAMS / "lint-imports"]


def _javascript(state: Path) -> Iterator[tuple[str, list[str | Path]]]:
    package = json.loads((frontend.WEBMAP / "package.json").read_text(encoding="utf-8"))
    npm: list[str | Path] = [
        *frontend.npm_command(state),
        *("--prefix", frontend.WEBMAP, "--silent", "run"),
    ]
    scripts = package.get("scripts", {})
    if "check" in scripts:
        yield "JavaScript checks", [*npm, "check"]
    if "test" in scripts:
        yield JAVASCRIPT_TESTS, [*npm, "test"]


def _migrations(report: Report, env: Mapping[str, str]) -> None:
    report.stage("Migrations run", [venv.PYTHON, "-m", "scripts", "migrate"], env)
    report.stage("Migrations equal the tables", [venv.PYTHON, "-c", COMPARE], env)


def _pytest(report: Report, env: Mapping[str, str], chosen: Sequence[str]) -> None:
    result = report.state / "logs" / "pytest.xml"
    result.unlink(missing_ok=True)
    command: list[str | Path] = [venv.PYTHON, "-m", "pytest", f"--junitxml={result}", *chosen]
    report.stage("Tests", command, env)
    report.counted += counts.of_pytest(result)


@contextmanager
def _scratch(admin: str) -> Iterator[str]:
    """A database for the time of the checks, beside the one whose address is given."""
    name = f"wangge_scratch_{secrets.token_hex(4)}"
    _execute(admin, f'CREATE DATABASE "{name}"')
    base, mark, query = admin.partition("?")
    try:
        yield base.rpartition("/")[0] + f"/{name}{mark}{query}"
    finally:
        _execute(admin, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    done = subprocess.run(
        [venv.PYTHON, "-c", STATEMENT, url, statement], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SetupError(f"The database for tests refused:\n{done.stderr.strip()}")
