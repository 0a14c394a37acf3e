"""The virtual environment of the checkout, holding exactly the locked requirements."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

from scripts.setup import apt, unpacked
from scripts.setup.accounts import is_root
from scripts.setup.errors import SetupError
from scripts.setup.progress import run, step
from scripts.setup.settings import CHECKOUT

FOLDER = CHECKOUT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "wangge.json"
RUNTIME = "requirements.txt"
TESTS = "tests/requirements.txt"
REASONS = {
    "No space left on device": "the disk is full",
    "CERTIFICATE_VERIFY_FAILED": (
        "this machine does not trust the package index's certificate; name the file with the"
        " authorities of your network in PIP_CERT"
    ),
    "THESE PACKAGES DO NOT MATCH THE HASHES": "one is not what its lock file says",
    "NewConnectionError": "the package index cannot be reached from this machine",
    "NameResolutionError": "the package index cannot be reached from this machine",
    "Could not find a version": "the package index does not hold a locked one",
}


def ensure(state: Path, *, tests: bool) -> None:
    """Make the environment or bring it up to date; does nothing when it is.

    Raises:
        SetupError: the checkout cannot be written, or a package cannot be had.
    """
    wanted = hashes([RUNTIME, TESTS] if tests else [RUNTIME], CHECKOUT)
    found = read_stamp(STAMP) or {}
    usable = found.get("folder") == str(FOLDER) and found.get("python") == _own_version() != ""
    if usable and wanted.items() <= found.items():
        return
    _check_writable()
    if not usable:
        _make(state)
    STAMP.unlink(missing_ok=True)
    with step(f"Installing the locked packages of {' and '.join(wanted)} into {FOLDER}"):
        pip_install(state, [CHECKOUT / name for name in wanted])
    # Its programs name the folder: in a checkout that was moved they would not start.
    stamp = {"folder": str(FOLDER), "python": _own_version(), **wanted}
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")


def hashes(names: list[str], folder: Path) -> dict[str, str]:
    """The SHA-256 of each file, by its name relative to `folder`.

    Raises:
        SetupError: a file is missing.
    """
    try:
        return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    except FileNotFoundError as missing:
        raise SetupError(f"This checkout is not whole: {missing.filename} is missing.") from missing


def read_stamp(path: Path) -> dict[str, str] | None:
    """What a finished set-up wrote, None when there is none or it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _own_version() -> str:
    """What the environment's Python says of itself, nothing when it does not start.

    Not the one that runs set-up: users of one checkout may start it with different ones.
    """
    try:
        asked = [str(PYTHON), "-c", "import sys; print(sys.version)"]
        told = subprocess.run(asked, check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return told.stdout.strip()


def _check_writable() -> None:
    """Say whose it is when the environment, or the checkout it goes into, is another user's."""
    folder = FOLDER if FOLDER.exists() else CHECKOUT
    if is_root() or (os.access(folder, os.W_OK) and not _holds_others_files()):
        return
    hint = f"remove it ('sudo rm -r {FOLDER}')" if folder == FOLDER else "clone it for yourself"
    raise SetupError(f"{folder} is another user's and you may not write there: {hint}.")


def _holds_others_files() -> bool:
    return any(path.lstat().st_uid != os.geteuid() for path in FOLDER.rglob("*"))


def _make(state: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None and is_root() and apt.available():
        apt.install(["python3-venv"], state / "logs" / "apt.log")
    with step(f"Making the virtual environment {FOLDER} with Python {sys.version.split()[0]}"):
        # Resolved, so that starting from inside the old environment does not pull the rug.
        python = Path(sys.executable).resolve()
        run([python, "-m", "venv", "--clear", "--without-pip", FOLDER], _log(state))


def pip_install(
    state: Path, files: list[Path], *options: str | Path, python: Path = PYTHON
) -> None:
    """Install the requirements of lock files, each package checked by its hash.

    Into our environment, or into the one whose `python` is given. A lock file names every
    package, so nothing is resolved: a release that came after it changes nothing.

    Raises:
        SetupError: a package cannot be had or is not the locked one.
    """
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [
        *(python, _pip(state), "--disable-pip-version-check", "--no-input"),
        *("install", "--require-hashes", "--no-deps", "--progress-bar=off", *options),
        *(part for file in files for part in ("-r", file)),
    ]
    before = log.stat().st_size if (log := _log(state)).exists() else 0
    try:
        run(command, log, env=env)
    except SetupError as failed:
        with log.open("rb") as said:
            said.seek(before)
            raise SetupError(why(said.read().decode(errors="replace")) + f"{failed}") from failed


def why(said: str) -> str:
    """The reason for which pip failed as a sentence, from its words; empty where they tell none."""
    for words, reason in REASONS.items():
        if words in said:
            return f"The Python packages could not be installed: {reason}.\n"
    return ""


def _pip(state: Path) -> Path:
    """A pip that runs from its wheel: bundled with Python, or Debian's."""
    for folder in _wheel_folders():
        if found := sorted(folder.glob("pip-*.whl")):
            return found[-1] / "pip"
    fetched = unpacked.unpack(["python3-pip-whl"], state)
    return next((fetched / "usr/share/python-wheels").glob("pip-*.whl")) / "pip"


def _wheel_folders() -> list[Path]:
    bundled = importlib.util.find_spec("ensurepip")
    own = [Path(bundled.origin).parent / "_bundled"] if bundled and bundled.origin else []
    return [*own, Path("/usr/share/python-wheels")]


def _log(state: Path) -> Path:
    return state / "logs" / "python.log"
