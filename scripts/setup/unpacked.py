"""Debian packages without root: fetched by apt-get, unpacked into the state folder."""

import os
import platform
import shutil
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from scripts.setup import apt
from scripts.setup.errors import SetupError
from scripts.setup.progress import run, step

# Unpacked beside the machine's own loader, another C library would crash every program.
NEVER_UNPACKED = ("libc6_", "libc-bin_", "libc6-")


def root(state: Path) -> Path:
    """The folder that stands for `/` in what was unpacked."""
    return state / "packages" / "root"


def unpack(packages: Sequence[str], state: Path) -> Path:
    """Fetch packages and what they need beyond this machine, unpack them, return their root.

    Raises:
        SetupError: no Debian package tools here, or a package cannot be had.
    """
    target = root(state)
    stamp = state / "packages" / f"{'+'.join(packages)}.done"
    if stamp.exists() and target.exists():
        return target
    if not apt.available():
        raise SetupError(
            f"This machine lacks {', '.join(packages)} and has no apt-get: "
            "have an administrator install them."
        )
    with step(f"Fetching and unpacking {', '.join(packages)} (no root: into {target})"):
        for package in _fetch(packages, state):
            if not package.name.startswith(NEVER_UNPACKED):
                run(["dpkg", "-x", package, target], state / "logs" / "apt.log")
        shutil.rmtree(state / "packages" / "apt")
        stamp.write_text("", encoding="ascii")
    return target


def _fetch(packages: Sequence[str], state: Path) -> list[Path]:
    own, log = state / "packages" / "apt", state / "logs" / "apt.log"
    target = root(state)
    for folder in (own / "state/lists/partial", own / "cache/archives/partial", target):
        folder.mkdir(parents=True, exist_ok=True)
    options = (
        *("-o", f"Dir::State={own / 'state'}", "-o", "Dir::State::status=/var/lib/dpkg/status"),
        *("-o", f"Dir::Cache={own / 'cache'}", "-o", f"Dir::Log={own}"),
        *("-o", "Debug::NoLocking=true", "-o", "APT::Keep-Downloaded-Packages=true"),
    )
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    run([*apt.APT_GET, *options, "update"], log, env=env)
    command = [*apt.APT_GET, *options, "--download-only", "install", *packages]
    run(command, log, env=env)
    return sorted((own / "cache/archives").glob("*.deb"))


def library_path(state: Path) -> str:
    """The folders of unpacked libraries, as LD_LIBRARY_PATH wants them; empty when none."""
    triplet = sysconfig.get_config_var("MULTIARCH") or f"{platform.machine()}-linux-gnu"
    bases = [root(state) / "usr/lib" / triplet, root(state) / "lib" / triplet]
    below = {library.parent for base in bases for library in base.glob("*/lib*.so*")}
    return ":".join(str(path) for path in [*bases, *sorted(below)] if path.is_dir())
