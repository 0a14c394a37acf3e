"""A PostgreSQL server with PostGIS: the machine's own, installed, or unpacked."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.setup import apt, unpacked
from scripts.setup.accounts import is_root
from scripts.setup.errors import SetupError

PACKAGES = ("postgresql-postgis",)
NEEDED = ("postgis.control", "btree_gist.control", "pg_trgm.control")
PLACES = ("usr/lib/postgresql/*", "usr/pgsql-*")


@dataclass(frozen=True)
class Server:
    """The programs of one PostgreSQL version, and where their libraries lie if unpacked."""

    version: int
    programs: Path
    library_path: str = ""
    proj_data: Path | None = None

    def environment(self) -> dict[str, str]:
        """Our environment without PostgreSQL's own settings, with what unpacked programs need."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        if self.library_path:
            own = env.get("LD_LIBRARY_PATH")
            env["LD_LIBRARY_PATH"] = f"{self.library_path}:{own}" if own else self.library_path
        if self.proj_data:
            env["PROJ_DATA"] = env["PROJ_LIB"] = str(self.proj_data)
        return env


def ensure(state: Path, version: int | None = None) -> Server:
    """The newest server with PostGIS, or the one of the given major version; got if missing.

    Raises:
        SetupError: there is none and none can be got.
    """
    if found := find(state, version):
        return found
    packages = PACKAGES if version is None else (f"postgresql-{version}-postgis-3",)
    try:
        _get(packages, state)
    except SetupError as refused:
        if version is None:
            raise
        raise SetupError(
            f"The data in {state} was made by PostgreSQL {version}, which this machine has no "
            f"longer with PostGIS, and getting {packages[0]} failed:\n{refused}"
        ) from refused
    if found := find(state, version):
        return found
    raise SetupError(
        "No PostgreSQL with PostGIS was found: install PostGIS for PostgreSQL 15 or newer, "
        "or name a database in WANGGE_DATABASE_URL."
    )


def _get(packages: Sequence[str], state: Path) -> None:
    if is_root() and apt.available():
        apt.install(packages, state / "logs" / "apt.log")
    else:
        link_extensions(unpacked.unpack(packages, state))


def find(state: Path, version: int | None = None) -> Server | None:
    """The newest server with PostGIS on this machine or in the state folder, None if none."""
    installed = _servers(Path("/"))
    own = [
        Server(server.version, server.programs, unpacked.library_path(state), _proj(state))
        for server in _servers(unpacked.root(state))
    ]
    fitting = [one for one in [*own, *installed] if version in (None, one.version)]
    return max(fitting, key=lambda server: server.version, default=None)


def _servers(root: Path) -> list[Server]:
    folders = [folder for place in PLACES for folder in root.glob(f"{place}/bin/postgres")]
    return [
        Server(version, postgres.parent)
        for postgres in folders
        if (version := _version(postgres)) and _has_postgis(root, postgres, version)
    ]


def _version(postgres: Path) -> int | None:
    number = re.search(r"(?:postgresql/|pgsql-)(\d+)", str(postgres))
    return int(number[1]) if number else None


def _has_postgis(root: Path, postgres: Path, version: int) -> bool:
    shares = (root / f"usr/share/postgresql/{version}", postgres.parent.parent / "share")
    return any(all((share / "extension" / name).exists() for name in NEEDED) for share in shares)


def link_extensions(root: Path) -> None:
    """Make the `postgis.control` links that installing, but not unpacking, makes."""
    for control in root.glob("usr/share/postgresql/*/extension/*-3.control"):
        link = control.with_name(control.name.replace("-3.control", ".control"))
        if not link.exists():
            link.symlink_to(control.name)


def _proj(state: Path) -> Path | None:
    folder = unpacked.root(state) / "usr/share/proj"
    return folder if folder.is_dir() else None
