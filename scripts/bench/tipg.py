"""tipg, the peer for tiles: installed beside the product, never into it, and served."""

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from scripts.bench import server
from scripts.setup import ports, settings, venv
from scripts.setup.errors import SetupError
from scripts.setup.progress import run

REQUIREMENTS = Path(__file__).with_name("tipg-requirements.txt")
LAYERS = {
    "building": "outline",
    "road": "shape",
    "landcover": "shape",
    "place": "shape",
}
"""Our tables of the base map and the column that a tile draws."""

_FIELDS = {"building": "id,kind,name,households,party_group_id"}
_PATH = (
    "/collections/public.{table}/tiles/WebMercatorQuad/{z}/{x}/{y}"
    "?geom-column={column}&properties={fields}"
)


def path(table: str, z: int, x: int, y: int) -> str:
    """Where tipg has the tile of one table, with the properties that our own tile has."""
    fields = _FIELDS.get(table, "kind,name")
    return _PATH.format(table=table, column=LAYERS[table], fields=fields, z=z, x=x, y=y)


@contextmanager
def served(database: str, workers: int) -> Iterator[str]:
    """The address of tipg on a database, with so many processes.

    Raises:
        SetupError: it cannot be had, or does not answer.
    """
    state = settings.make_state(settings.read().state)
    port = ports.free(server.HOST, server.FIRST_PORT + 50)
    words = (
        *(_installed(state), "-m", "uvicorn", "tipg.main:app", "--log-level", "warning"),
        *("--host", server.HOST, "--port", str(port), "--workers", str(workers)),
    )
    env = {**os.environ, "DATABASE_URL": _plain(database), "TIPG_DB_SCHEMAS": '["public"]'}
    base = f"http://{server.HOST}:{port}"
    with server.running(words, env, f"{base}/healthz", state / "logs" / "bench-tipg.log"):
        yield base


def _plain(database: str) -> str:
    """The address as asyncpg takes it: without SQLAlchemy's driver, a socket as the host."""
    url = make_url(database)
    host = url.host or str(url.query.get("host", "localhost"))
    password = f":{quote(url.password, safe='')}" if url.password else ""
    place = f"{quote(host, safe='')}:{url.port}" if url.port else quote(host, safe="")
    return f"postgresql://{quote(url.username or '', safe='')}{password}@{place}/{url.database}"


def _installed(state: Path) -> Path:
    """The Python of an environment of its own that holds tipg as locked."""
    folder = state / "bench-tipg"
    python, stamp = folder / "bin" / "python", folder / "locked"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return python
    log = state / "logs" / "python.log"
    try:
        # As in the product's own environment; see scripts/setup/venv.py.
        made = Path(sys.executable).resolve()
        run([made, "-m", "venv", "--clear", "--without-pip", folder], log)
        venv.pip_install(state, [REQUIREMENTS], python=python)
    except SetupError as refused:
        raise SetupError("tipg cannot be had from the package registry here.") from refused
    stamp.write_text(wanted, "ascii")
    return python
