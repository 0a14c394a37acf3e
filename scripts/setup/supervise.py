"""Child processes that are started again when they die, and end when we do."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.setup.errors import SetupError
from scripts.setup.processes import end_with_parent, kill_group
from scripts.setup.progress import say, tail
from scripts.setup.settings import CHECKOUT

TICK = 0.1
LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
GRACE = 10.0
TEND_EVERY = 2.0
LARGEST_LOG = 10_000_000
TRIES_TO_START = 5


@dataclass
class Child:
    """One program to keep running, its output in `log`."""

    name: str
    command: Sequence[str | Path]
    log: Path
    env: Mapping[str, str]
    later: bool = False  # started when the others serve, so as not to hold them up
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    not_before: float = field(default=0.0)

    def start(self, now: float) -> None:
        """Start the program in a process group of its own."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(self.log)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=CHECKOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one thread only here
            )
        self.started = now

    def note_death(self, now: float) -> float:
        """Clear up after the program has died; seconds to wait before it starts again."""
        if self.process is not None:
            kill_group(self.process.pid)
        self.process = None
        self.deaths = 1 if now - self.started > HEALTHY_AFTER else self.deaths + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self.deaths - 1))
        self.not_before = now + pause
        return pause


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".1.log"))


class Supervisor:
    """Keeps children running until a signal to end arrives."""

    def __init__(
        self,
        children: Sequence[Child],
        ready: Callable[[], bool],
        tend: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the children, the question whether they serve, and what to look after besides."""
        self.children = children
        self.ready = ready
        self.tend = tend
        self.tended = time.monotonic()
        self.stopping = False

    def run(self, on_start: Callable[[], None], on_ready: Callable[[], None]) -> None:
        """Start the children and watch them until SIGINT or SIGTERM, then end them.

        `on_start` is called after each start of a child, `on_ready` once, when they serve.

        Raises:
            SetupError: a child dies again and again before they ever served.
        """
        previous = {name: signal.signal(name, self._stop) for name in _SIGNALS}
        announced = False
        try:
            while not self.stopping:
                if self._start_due(announced=announced):
                    on_start()
                self._bury(announced=announced)
                if not announced and self.ready():
                    announced = True
                    on_ready()
                self._tend()
                time.sleep(TICK)
        finally:
            self._end()
            for name, handler in previous.items():
                signal.signal(name, handler)

    def _tend(self) -> None:
        if time.monotonic() - self.tended < TEND_EVERY:
            return
        try:
            self.tend()
        except SetupError as failed:
            say(f"{failed}")
        self.tended = time.monotonic()

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start_due(self, *, announced: bool) -> bool:
        now = time.monotonic()
        waiting = [one for one in self.children if one.process is None and now >= one.not_before]
        due = [one for one in waiting if announced or not one.later]
        for child in due:
            child.start(now)
        return bool(due)

    def _bury(self, *, announced: bool) -> None:
        for child in self.children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            pause = child.note_death(time.monotonic())
            if not announced and child.deaths >= TRIES_TO_START:
                raise SetupError(
                    f"The {child.name} does not start; its last words ({child.log}):\n"
                    f"{tail(child.log)}"
                )
            say(f"The {child.name} ended (code {code}); again in {pause:.0f} s. See {child.log}")

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"Process {process.pid} does not end; it is killed.")
            kill_group(process.pid)
            process.wait()


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
