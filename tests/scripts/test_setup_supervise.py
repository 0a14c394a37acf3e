"""Children that are kept running."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.setup import progress
from scripts.setup.errors import SetupError
from scripts.setup.processes import command_lines
from scripts.setup.settings import CHECKOUT
from scripts.setup.supervise import Child, Supervisor

SLEEPER = "import time; time.sleep(60)"


def child(folder: Path, program: str, *, later: bool = False) -> Child:
    return Child("child", [sys.executable, "-c", program], folder / "log", os.environ, later=later)


def test_a_child_that_dies_is_started_again_and_all_end_with_us(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    dying = child(tmp_path, f"open({str(marks)!r}, 'a').write('x')")
    sleeping = child(tmp_path, SLEEPER)
    supervisor = Supervisor([dying, sleeping], marks.exists)
    ready: list[bool] = []

    def end() -> None:
        for _ in range(600):
            if ready and len(marks.read_text()) >= 2:
                break
            time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    ending = threading.Thread(target=end)
    ending.start()
    supervisor.run(on_start=lambda: None, on_ready=lambda: ready.append(True))
    ending.join()
    assert ready == [True]
    assert len(marks.read_text()) >= 2
    assert sleeping.process is not None
    assert sleeping.process.poll() == -signal.SIGTERM


def test_a_child_that_never_comes_up_is_given_up_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.setup.supervise.LONGEST_PAUSE", 0.0)
    dying = child(tmp_path, "raise SystemExit('no such table')")
    with pytest.raises(SetupError, match="no such table"):
        Supervisor([dying], lambda: False).run(on_start=lambda: None, on_ready=lambda: None)


def test_a_later_child_waits_until_the_others_serve(tmp_path: Path) -> None:
    late = child(tmp_path, SLEEPER, later=True)
    supervisor = Supervisor([late], lambda: False)
    assert not supervisor._start_due(announced=False)
    assert supervisor._start_due(announced=True)
    supervisor._end()


def test_pauses_grow_up_to_half_a_minute(tmp_path: Path) -> None:
    dying = child(tmp_path, "")
    pauses = [dying.note_death(now=1.0) for _ in range(8)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]
    dying.started = 1.0
    assert dying.note_death(now=1000.0) == 1


def test_what_set_up_runs_ends_when_set_up_is_killed(tmp_path: Path) -> None:
    mark = f"{tmp_path}/sleeper"
    program = (
        "from pathlib import Path; from scripts.setup.progress import run; "
        f"run(['sh', '-c', 'sleep 60; true', {mark!r}], Path({str(tmp_path / 'log')!r}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=CHECKOUT)
    _wait_until(lambda: _alive(mark))
    parent.kill()
    parent.wait()
    _wait_until(lambda: not _alive(mark))


def _alive(mark: str) -> bool:
    return any(line.endswith(mark) for _, line in command_lines())


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_failing_program_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"ended with code 3(.|\n)*the reason"):
        progress.run(["sh", "-c", "echo the reason; exit 3"], tmp_path / "logs" / "log")
    with pytest.raises(SetupError, match="not on this machine"):
        progress.run(["wangge-no-such-program"], tmp_path / "logs" / "log")
