"""What the terminal shows while long steps run, and the logs behind it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.setup.accounts import Account
from scripts.setup.errors import SetupError
from scripts.setup.processes import end_with_parent

STILL_WORKING_EVERY = 20.0
TAIL_LINES = 15


def say(sentence: str) -> None:
    """Print an answer at once, even into a pipe."""
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def note(sentence: str) -> None:
    """Print a word about what is going on, apart from the answers of commands."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Name a long step when it starts and tell the seconds it took when it has succeeded."""
    note(f"* {title} ...")
    start = time.monotonic()
    yield
    note(f"  done in {time.monotonic() - start:.1f} s")


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, indented for the terminal; empty when there is no log."""
    if not log.exists():
        return ""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in text)


def run(
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
) -> None:
    """Run a program to its end, its output in `log`, with a sign of life every 20 seconds.

    Raises:
        SetupError: the program is missing or ended with another code than 0; the message
            carries the end of its output.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    who = account.arguments() if account else {}
    with log.open("ab") as output:
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(os.environ if env is None else env),
                cwd=cwd,
                # Or what a killed run left working would meet the run that mends it.
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one thread only here
                **who,
            )
        except FileNotFoundError as missing:
            raise SetupError(f"The program {missing.filename} is not on this machine.") from missing
        code = _wait(process)
    if code != 0:
        name = " ".join(str(part) for part in command[:3])
        raise SetupError(f"'{name}' ended with code {code}; its last words ({log}):\n{tail(log)}")


def _wait(process: subprocess.Popen[bytes]) -> int:
    start = time.monotonic()
    while True:
        try:
            return process.wait(timeout=STILL_WORKING_EVERY)
        except subprocess.TimeoutExpired:
            note(f"  still working ({time.monotonic() - start:.0f} s)")
        except BaseException:
            process.terminate()
            process.wait()
            raise
