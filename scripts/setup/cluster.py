"""A private PostgreSQL cluster of this checkout, reached through a unix socket alone.

Whoever uses a cluster shares a lock on its `users` file; the last one to let go stops the
server. A user that was killed lets go too, and the next one takes over what runs.
"""

import atexit
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scripts.setup import locks, postgis, settings
from scripts.setup.accounts import Account, database_account, is_root
from scripts.setup.errors import SetupError
from scripts.setup.postgis import Server
from scripts.setup.processes import command_lines
from scripts.setup.progress import note, run, step

LONGEST_SOCKET_PATH = 106
PATIENCE = 120.0
OWNER = DATABASE = "wangge"
TUNING = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "'256MB'",
    "max_wal_size": "'2GB'",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_timezone": "'UTC'",
    "timezone": "'UTC'",
}
# A cluster for tests may lose its data with the machine; it is made anew then.
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True)
class Cluster:
    """One cluster: `<folder>/data`, its socket and its log; run by `account`."""

    folder: Path
    server: Server
    account: Account
    forgetful: bool = False

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def name(self) -> str:
        """A name that no other cluster of this machine bears, shown by its processes."""
        return "wangge-" + hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]

    @property
    def socket(self) -> Path:
        """The folder of the socket, short enough for the kernel."""
        folder = self.folder / "run"
        if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return folder
        return Path(tempfile.gettempdir()) / f"{self.name}-{self.account.uid}"

    def url(self, database: str = DATABASE) -> str:
        """The address of a database for SQLAlchemy with psycopg."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={quote(str(self.socket), safe='')}"

    def acquire(self) -> int:
        """Make and start the cluster where needed; a descriptor that counts us as a user.

        Raises:
            SetupError: the server does not start.
        """
        with locks.alone(self.folder.with_name(f"{self.folder.name}.lock")):
            _prepare(self)
            _bring_up(self)
            users = locks.open_lock(self.folder.with_name(f"{self.folder.name}.users"))
            locks.share(users)
        return users

    def revive(self) -> None:
        """Start the server again where it died; nothing while any process of it is left."""
        if not _processes(self):
            note("The database server ended; it is started again.")
            with locks.alone(self.folder.with_name(f"{self.folder.name}.lock")):
                _bring_up(self)

    def release(self, users: int) -> None:
        """Stop counting us as a user; stop the server when nobody else uses it."""
        with locks.alone(self.folder.with_name(f"{self.folder.name}.lock")):
            last = locks.try_lock(users)
            if last and _processes(self):
                _stop(self)
            os.close(users)

    def make_database(self, database: str = DATABASE) -> None:
        """Make a database where it is missing."""
        if _psql(self, _CATALOGUE.format("count(*)", database)) != "1":
            _psql(self, f'CREATE DATABASE "{database}"')

    def mark(self, database: str = DATABASE) -> str:
        """What `set_mark` wrote on the database, empty when nothing: it goes when that goes."""
        return _psql(self, _CATALOGUE.format("shobj_description(oid, 'pg_database')", database))

    def set_mark(self, mark: str, database: str = DATABASE) -> None:
        """Write a word of letters and digits on the database."""
        _psql(self, f"COMMENT ON DATABASE \"{database}\" IS '{mark}'")


_CATALOGUE = "SELECT {} FROM pg_database WHERE datname = '{}'"


def own(state: Path) -> Cluster:
    """The cluster that holds this checkout's data; its server is got when missing.

    Raises:
        SetupError: no server, or one that cannot reach the state folder.
    """
    server = postgis.ensure(state, _made_by(state / "cluster" / "data"))
    return Cluster(state / "cluster", server, database_account(state))


def for_tests(state: Path) -> Cluster:
    """A second cluster whose databases tests make and drop.

    Raises:
        SetupError: as `own`.
    """
    server = postgis.ensure(state)
    return Cluster(state / "test-cluster", server, database_account(state), forgetful=True)


@functools.cache
def database_url() -> str:
    """The address of our database: WANGGE_DATABASE_URL, else in the private cluster.

    The cluster is started when it does not run; it stops when its last user has ended.

    Raises:
        SetupError: no server, or one that does not start.
    """
    found = settings.read()
    if found.database_url:
        return found.database_url
    cluster = own(settings.make_state(found.state))
    atexit.register(cluster.release, cluster.acquire())
    cluster.make_database()
    return cluster.url()


@functools.cache
def url_for_tests() -> str:
    """The address of a database whose user may make databases, for tests.

    WANGGE_TEST_DATABASE_URL, else in the cluster for tests, which is started when needed.

    Raises:
        SetupError: as `database_url`.
    """
    if given := os.environ.get("WANGGE_TEST_DATABASE_URL"):
        return given
    cluster = for_tests(settings.make_state(settings.read().state))
    atexit.register(cluster.release, cluster.acquire())
    return cluster.url("postgres")


def _made_by(data: Path) -> int | None:
    version = data / "PG_VERSION"
    return int(version.read_text(encoding="ascii")) if version.exists() else None


def _prepare(cluster: Cluster) -> None:
    for folder in (cluster.folder, cluster.socket):
        _make_private(folder, cluster.account)
    if cluster.forgetful and _made_by(cluster.data) != cluster.server.version:
        shutil.rmtree(cluster.data, ignore_errors=True)
    if not cluster.data.exists():
        _initialise(cluster)


def _initialise(cluster: Cluster) -> None:
    draft = cluster.folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    command: list[str | Path] = [
        *("-D", draft, "-U", OWNER, "--auth=trust"),
        *("--encoding=UTF8", "--locale=C.UTF-8"),
        *(["--no-sync"] if cluster.forgetful else []),
    ]
    with step(f"Making a private PostgreSQL {cluster.server.version} cluster in {cluster.folder}"):
        _run(cluster, "initdb", *command)
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("include 'wangge.conf'\n")
        (draft / "pg_hba.conf").write_text("local all all trust\n", encoding="ascii")
    draft.rename(cluster.data)


def _make_private(folder: Path, account: Account) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if is_root() and not folder.is_symlink():
        os.chown(folder, account.uid, account.gid)
    if folder.is_symlink() or folder.stat().st_uid != account.uid:
        raise SetupError(f"The folder {folder} belongs to somebody else: remove it.")
    folder.chmod(0o700)


def _bring_up(cluster: Cluster) -> None:
    """Start the server, or wait for one that still starts, recovers or stops."""
    deadline = time.monotonic() + PATIENCE
    while not _answers(cluster):
        if not _processes(cluster):
            _start_or_remake(cluster)
        elif time.monotonic() > deadline:
            raise SetupError(
                f"The database server does not answer; see {cluster.folder / 'server.log'}."
            )
        else:
            time.sleep(0.1)


def _answers(cluster: Cluster) -> bool:
    command: list[str | Path] = [cluster.server.programs / "pg_isready", "-q", "-h", cluster.socket]
    env = cluster.server.environment()
    return subprocess.run(command, check=False, env=env).returncode == 0


def _processes(cluster: Cluster) -> list[str]:
    """Command lines of the server and of what serves its connections."""
    marks = (f"postgres -D {cluster.data} ", f"postgres: {cluster.name}: ")
    return [line for _, line in command_lines() if any(mark in f"{line} " for mark in marks)]


def _start_or_remake(cluster: Cluster) -> None:
    try:
        _start(cluster)
    except SetupError:
        if not cluster.forgetful:
            raise
        note("  The cluster for tests does not start; it is made anew.")
        shutil.rmtree(cluster.data)
        _initialise(cluster)
        _start(cluster)


def _start(cluster: Cluster) -> None:
    # No process is left, so a pid file is a dead server's; its number may be another's by now,
    # which would keep the new server from starting.
    for leftover in (cluster.data / "postmaster.pid", *cluster.socket.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
    _write_configuration(cluster)
    _run(
        cluster,
        *("pg_ctl", "start", "-w", "-s", "-t", str(int(PATIENCE))),
        *("-D", cluster.data, "-l", cluster.folder / "server.log"),
    )


def _write_configuration(cluster: Cluster) -> None:
    quoted = str(cluster.socket).replace('"', '""').replace("'", "''")
    own_names = {
        "cluster_name": f"'{cluster.name}'",
        "unix_socket_directories": f"'\"{quoted}\"'",
    }
    options = TUNING | (FORGETFUL if cluster.forgetful else {}) | own_names
    path = cluster.data / "wangge.conf"
    path.write_text("".join(f"{key} = {value}\n" for key, value in options.items()), "utf-8")
    os.chown(path, cluster.account.uid, cluster.account.gid)


def _stop(cluster: Cluster) -> None:
    _run(cluster, "pg_ctl", "stop", "-s", "-m", "fast", "-t", "60", "-D", cluster.data)


def _run(cluster: Cluster, program: str, *arguments: str | Path) -> None:
    run(
        [cluster.server.programs / program, *arguments],
        cluster.folder.parent / "logs" / "cluster.log",
        env=cluster.server.environment(),
        cwd=cluster.folder,
        account=cluster.account,
    )


def _psql(cluster: Cluster, statement: str) -> str:
    command: list[str | Path] = [
        *(cluster.server.programs / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1"),
        *("-h", cluster.socket, "-U", OWNER, "-d", "postgres", "-c", statement),
    ]
    env = cluster.server.environment()
    finished = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if finished.returncode != 0:
        raise SetupError(f"The database refused: {finished.stderr.strip()}")
    return finished.stdout.strip()
