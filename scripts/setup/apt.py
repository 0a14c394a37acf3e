"""Debian packages, installed as root without starting any service."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.setup.errors import SetupError
from scripts.setup.locks import alone
from scripts.setup.progress import run, step

APT_GET = (
    *("apt-get", "-y", "-q", "--no-install-recommends", "--no-upgrade"),
    *("-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Options::=--force-confold"),
)
# Programs that package scripts call to make and start services. For our one run of apt-get
# they do nothing, so that no database cluster appears or starts beside ours.
QUIETED = ("invoke-rc.d", "deb-systemd-invoke", "pg_createcluster")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def available() -> bool:
    """Whether this machine has Debian's package tools."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg") is not None


def offers(package: str, log: Path) -> bool:
    """Whether the package lists, fetched when there are none, have the package itself.

    Raises:
        SetupError: there are none and they cannot be fetched.
    """
    if not _has_lists():
        run([*APT_GET, "update"], log)
    asked = ["apt-cache", "--no-all-versions", "show", package]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def install(packages: Sequence[str], log: Path) -> None:
    """Install packages as root, starting no service; waits for another apt-get to end.

    Raises:
        SetupError: apt-get refused, even after mending an interrupted run and new lists.
    """
    title = f"Installing {', '.join(packages)}"
    with alone(Path("/run/lock/wangge-apt.lock")), step(title), _quiet_services() as path:
        env = {**os.environ, "PATH": path, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        # apt-get hands package scripts the search path of its own option, not of its environment.
        get = [*APT_GET, "-o", f"DPkg::Path={path}"]
        command = [*get, "install", *packages]
        if not _has_lists():
            run([*get, "update"], log, env=env)
        try:
            run(command, log, env=env)
        except SetupError:
            run(["dpkg", "--force-confold", "--configure", "-a"], log, env=env)
            run([*get, "update"], log, env=env)
            run([*get, "--fix-broken", "install"], log, env=env)
            run(command, log, env=env)


def _has_lists() -> bool:
    return any(Path("/var/lib/apt/lists").glob("*_Packages*"))


@contextmanager
def _quiet_services() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="wangge-") as folder:
        for name in QUIETED:
            program = Path(folder) / name
            program.write_text("#!/bin/sh\nexit 0\n", encoding="ascii")
            program.chmod(0o755)
        yield f"{folder}:{SYSTEM_PATH}"
