"""`scripts/test`: every check, one after the other, and what they came to."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.setup import browser, counts, frontend, settings, venv
from scripts.setup.counts import Counts
from scripts.setup.errors import SetupError
from scripts.setup.progress import say
from scripts.setup.serve import prepared
from scripts.setup.settings import CHECKOUT

WORKERS = 2
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
class Report:
    """What the stages came to."""

    state: Path
    stages: list[tuple[str, bool, float]] = field(default_factory=list)
    counted: Counts = field(default_factory=Counts)

    def stage(self, title: str, command: Sequence[str | Path], env: Mapping[str, str]) -> list[str]:
        """Run a check with a headline, show and return its lines, remember how it ended."""
        say(f"\n=== {title}")
        start, lines = time.monotonic(), []
        words = [str(part) for part in command]
        with subprocess.Popen(
            words, cwd=CHECKOUT, env=env, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            for line in process.stdout or ():
                say(line.rstrip("\n"))
                lines.append(line.rstrip("\n"))
        self.stages.append((title, process.returncode == 0, time.monotonic() - start))
        return lines

    def close(self) -> int:
        """Print the stages and, last, the counts; the exit code."""
        say("\n=== Summary")
        for title, good, seconds in self.stages:
            say(f"{'ok    ' if good else 'FAILED'} {title} ({seconds:.1f} s)")
        say(self.counted.line())
        return 0 if all(good for _, good, _ in self.stages) and not self.counted.failed else 1


def check(arguments: Sequence[str]) -> int:
    """Set up what is missing and run every check, or pytest alone with the arguments given.

    Raises:
        SetupError: something that is needed cannot be had.
    """
    state = settings.make_state(settings.read().state)
    given = os.environ.get("WANGGE_TEST_DATABASE_URL")
    with prepared(state, given, tests=True) as own, _scratch(own.url) as scratch:
        env = frontend.environment(state) | browser.ensure(state)
        env |= {
            "WANGGE_TEST_DATABASE_URL": own.url,
            "WANGGE_DATABASE_URL": scratch,
            "PYTHONUNBUFFERED": "1",
        }
        report = Report(state)
        if not arguments:
            _quality(report, env)
            _javascript(report, env)
            _migrations(report, env)
        _pytest(report, env, arguments)
        return report.close()


def _quality(report: Report, env: Mapping[str, str]) -> None:
    report.stage("Lint", [PROGRAMS / "ruff", "check"], env)
    report.stage("Format", [PROGRAMS / "ruff", "format", "--check"], env)
    report.stage("Types", [PROGRAMS / "mypy"], env)
    report.stage("Layers", [PROGRAMS / "lint-imports"], env)


def _javascript(report: Report, env: Mapping[str, str]) -> None:
    package = json.loads((frontend.WEBMAP / "package.json").read_text(encoding="utf-8"))
    npm: list[str | Path] = [
        *frontend.npm_command(report.state),
        "--prefix",
        frontend.WEBMAP,
        "--silent",
        "run",
    ]
    scripts = package.get("scripts", {})
    if "check" in scripts:
        report.stage("JavaScript checks", [*npm, "check"], env)
    if "test" in scripts:
        lines = report.stage("JavaScript tests", [*npm, "test"], env)
        report.counted += counts.of_node(lines)


def _migrations(report: Report, env: Mapping[str, str]) -> None:
    report.stage("Migrations run", [venv.PYTHON, "-m", "scripts", "migrate"], env)
    report.stage("Migrations equal the tables", [venv.PYTHON, "-c", COMPARE], env)


def _pytest(report: Report, env: Mapping[str, str], arguments: Sequence[str]) -> None:
    result = report.state / "logs" / "pytest.xml"
    result.unlink(missing_ok=True)
    chosen = arguments or ["-n", str(WORKERS), "--dist", "loadgroup"]
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
