"""`scripts/serve`: from a fresh checkout to a served map."""

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.setup import (
    address,
    cluster,
    fonts,
    frontend,
    locks,
    ports,
    settings,
    translations,
    venv,
)
from scripts.setup.cluster import Cluster
from scripts.setup.errors import SetupError
from scripts.setup.processes import command_lines, end_with_parent, kill_group
from scripts.setup.progress import say
from scripts.setup.settings import CHECKOUT, Settings
from scripts.setup.supervise import Child, Supervisor

THREADS = 64  # waiting on a slow sender costs a thread, and nothing else
MOST_WORKERS = 8
UNDERSTOOD_BY_THE_WEB = (
    *("WANGGE_TILE_URL", "WANGGE_TILE_DATUM", "WANGGE_SESSION_IDLE", "WANGGE_SESSION_HOURS"),
    *("WANGGE_PASSWORD_RULE", "WANGGE_OIDC_ISSUER"),
)
WEB_ROLE = "wangge_web"
ACCESS = '[%(time)s] %(addr)s "%(method)s %(path)s" %(status)d %(dt_ms).1f ms'
"""A line of the access log; without the query, in which people search for what they please."""


def serve() -> int:
    """Set up what is missing, load the demo on the first run, serve until told to stop.

    Raises:
        SetupError: a setting is wrong, something cannot be had, or another serve runs.
    """
    found = settings.read()
    settings.field_key(settings.make_state(found.state))
    settings.secret_key(found.state)
    ports.free(found.bind, found.port)  # so that a wrong address is told before the long steps
    with _only_one(found.state), prepared(found.state, found.database_url, tests=False) as own:
        env = environment(found, own.url)
        _check(env)
        _load(own, env)
        port = ports.free(found.bind, found.port)
        if port != found.port:
            say(f"Port {found.port} is taken; using {port}.")
        _supervise(found, env, port, own)
    return 0


@dataclass(frozen=True)
class Database:
    """Where the data are; `cluster` is ours, or None for a database that the settings name."""

    url: str
    cluster: Cluster | None


@contextmanager
def prepared(state: Path, database_url: str | None, *, tests: bool) -> Iterator[Database]:
    """Everything installed and a database running, while the block runs.

    Raises:
        SetupError: something that is needed cannot be had.
    """
    waiting = "Another run is setting up this checkout; waiting for it ..."
    with locks.alone(state / "setup.lock", waiting):
        venv.ensure(state, tests=tests)
        frontend.ensure(state, tests=tests)
        translations.ensure(state)
        fonts.ensure(state, os.environ)
        own = None if database_url else _own_cluster(state, tests=tests)
    if own is None:
        yield Database(database_url or "", None)
        return
    users = own.acquire()
    try:
        yield Database(own.url("postgres" if tests else cluster.DATABASE), own)
    finally:
        own.release(users)


def _own_cluster(state: Path, *, tests: bool) -> Cluster:
    return cluster.for_tests(state) if tests else cluster.own(state)


def environment(found: Settings, database_url: str) -> dict[str, str]:
    """What the web, the worker and the commands get to know."""
    own = {} if found.database_url else {"WANGGE_WEB_DATABASE_URL": web_url(database_url)}
    return (
        fonts.setting(found.state)
        | os.environ
        | own
        | {
            "WANGGE_STATE": str(found.state),
            "WANGGE_DATABASE_URL": database_url,
            "WANGGE_SECRET_KEY": settings.secret_key(found.state),
            "WANGGE_FIELD_KEY": settings.field_key(found.state),
            "PYTHONUNBUFFERED": "1",
        }
    )


def web_url(database_url: str) -> str:
    """The address of the same database of ours for the web's lesser role."""
    return database_url.replace(f"//{cluster.OWNER}@", f"//{WEB_ROLE}@", 1)


def without_owner(env: dict[str, str]) -> dict[str, str]:
    """What the web gets to know: not the owner's address, where it has one of its own."""
    away = "WANGGE_DATABASE_URL" if env.get("WANGGE_WEB_DATABASE_URL") else ""
    return {name: value for name, value in env.items() if name != away}


def _load(own: Database, env: dict[str, str]) -> None:
    """Bring the schema up to date and load the demo into an empty database.

    A database of ours bears a mark of the migrations that it went through, so that the next
    start needs to ask no more.
    """
    wanted = hashlib.sha256("".join(sorted(_migrations().values())).encode()).hexdigest()
    if own.cluster:
        own.cluster.make_database()
        if own.cluster.mark() == wanted:
            return
    _command(env, "migrate")
    _command(env, "demo", "--if-empty")
    if own.cluster:
        own.cluster.set_mark(wanted)


def _check(env: dict[str, str]) -> None:
    """Ask the web about settings that only it understands, before it is started.

    Raises:
        SetupError: what it said of a setting that it cannot serve with.
    """
    if not any(env.get(name) for name in UNDERSTOOD_BY_THE_WEB):
        return
    asked = subprocess.run(
        [venv.PYTHON, "-m", "webmap"],
        check=False,
        env=env | {"PYTHONIOENCODING": "utf-8"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=end_with_parent,
    )
    if asked.returncode != 0:
        raise SetupError(asked.stderr.strip())


def _migrations() -> dict[str, str]:
    folder = CHECKOUT / "geodata" / "db" / "migrations"
    files = [file for pattern in ("*.py", "*.sql") for file in folder.rglob(pattern)]
    files.append(CHECKOUT / "geodata" / "db" / "grants.py")
    return venv.hashes([str(file.relative_to(CHECKOUT)) for file in files], CHECKOUT)


def _command(env: dict[str, str], *words: str) -> None:
    finished = subprocess.run(
        [venv.PYTHON, "-m", "scripts", *words],
        check=False,
        env=env,
        cwd=CHECKOUT,
        preexec_fn=end_with_parent,
    )
    if finished.returncode != 0:
        said = " ".join(words)
        raise SetupError(f"'python -m scripts {said}' ended with code {finished.returncode}.")


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    descriptor = locks.open_lock(state / "serve.lock")
    try:
        if not locks.try_lock(descriptor):
            where = _record(state).get("url") or "an address that it will print soon"
            raise SetupError(f"This checkout is being served already, at {where}")
        _end_leftovers(state)
        yield
    finally:
        os.close(descriptor)


def _record(state: Path) -> dict[str, object]:
    try:
        found = json.loads((state / "serve.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _end_leftovers(state: Path) -> None:
    """Kill what a killed serve left behind: it would keep the port and the queue."""
    groups = _record(state).get("groups")
    for number, line in command_lines():
        if isinstance(groups, list) and str(venv.FOLDER) in line and _group(number) in groups:
            kill_group(_group(number))
    (state / "serve.json").unlink(missing_ok=True)


def _group(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return -1


def _supervise(found: Settings, env: dict[str, str], port: int, own: Database) -> None:
    base = address.url(found, port)
    serving = without_owner(env)
    web = Child("web server", web_command(found, port), found.logs / "web.log", serving)
    work: list[str | Path] = [venv.PYTHON, "-m", "scripts", "worker"]
    worker = Child("worker", work, found.logs / "worker.log", env, later=True)
    revive = own.cluster.revive if own.cluster else lambda: None
    supervisor = Supervisor([web, worker], lambda: address.answers(base), revive)
    supervisor.run(
        on_start=lambda: _write_record(found.state, base, [web, worker]),
        on_ready=lambda: address.announce(found, base),
    )
    say("Stopped.")


def _write_record(state: Path, base: str, children: list[Child]) -> None:
    groups = [child.process.pid for child in children if child.process is not None]
    record = json.dumps({"url": base, "groups": groups})
    (state / "serve.json").write_text(record, encoding="utf-8")


def web_command(found: Settings, port: int) -> list[str | Path]:
    """The web server's command line: a process a core, many threads each."""
    workers = min(MOST_WORKERS, len(os.sched_getaffinity(0)))
    command: list[str | Path] = [
        *(venv.FOLDER / "bin" / "granian", "--interface", "wsgi", "--factory", "--no-ws"),
        *("--host", found.bind, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(THREADS), "--workers-kill-timeout", "5"),
        *("--access-log", "--access-log-fmt", ACCESS),
    ]
    if found.tls_cert and found.tls_key:
        command += ["--ssl-certificate", found.tls_cert, "--ssl-keyfile", found.tls_key]
    return [*command, "webmap.app:create_app"]
