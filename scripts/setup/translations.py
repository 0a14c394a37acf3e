"""Compiled message catalogues, made from their sources when those are newer."""

from pathlib import Path

from scripts.setup import venv
from scripts.setup.progress import run, step
from scripts.setup.settings import CHECKOUT

FOLDER = CHECKOUT / "webmap" / "translations"


def ensure(state: Path) -> None:
    """Compile the catalogues that are missing or older than their source.

    Raises:
        SetupError: a catalogue has a mistake.
    """
    if not stale(FOLDER):
        return
    with step("Compiling the translations"):
        command: list[str | Path] = [venv.FOLDER / "bin" / "pybabel", "compile", "-d", FOLDER]
        run(command, state / "logs" / "python.log", cwd=CHECKOUT)


def stale(folder: Path) -> list[Path]:
    """The `.po` files below `folder` whose `.mo` is missing or older."""
    return [source for source in sorted(folder.rglob("*.po")) if not _fresh(source)]


def _fresh(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime
