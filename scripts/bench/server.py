"""Our web server as `scripts/serve` runs it, for the time of a measurement."""

import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db import accounts as store
from geodata.domain.roles import Role
from geodata.services import accounts, sign_in
from geodata.services.accounts import Appointment, NewAccount
from scripts.setup import ports, settings
from scripts.setup.errors import SetupError
from scripts.setup.processes import end_with_parent, seconds_used
from scripts.setup.serve import environment, web_command
from scripts.setup.settings import CHECKOUT, Settings
from webmap.database import WARM_AFTER_S

HOST = "127.0.0.1"
FIRST_PORT = 8900
PATIENCE_S = 90.0
LONGEST_WARMING_S = 300.0
_REST_S = 0.05


def address_of(session: Session) -> str:
    """The address of the database that the session is on."""
    return session.connection().engine.url.render_as_string(hide_password=False)


@contextmanager
def served(database: str, log: str = "bench-web.log") -> Iterator[str]:
    """The address of our web server on a database, as `scripts/serve` starts it.

    Raises:
        SetupError: the server does not answer.
    """
    state = settings.make_state(settings.read().state)
    port = ports.free(HOST, FIRST_PORT)
    found = Settings(state, bind=HOST, port=port)
    own = {"WANGGE_BIND": HOST, "WANGGE_WEB_DATABASE_URL": "", "WANGGE_RATE": "0"}
    env = environment(found, database) | own
    base = f"http://{HOST}:{port}"
    with running(web_command(found, port), env, f"{base}/readyz", found.logs / log) as process:
        _settle(process)
        yield base


def _settle(process: int) -> None:
    """Wait until the server rests: soon after its start it builds what searches need.

    Whoever measures meanwhile measures that.
    """
    time.sleep(WARM_AFTER_S + 1)
    deadline = time.monotonic() + LONGEST_WARMING_S
    rests = False
    while not rests and time.monotonic() < deadline:
        before = seconds_used(process)
        time.sleep(1)
        rests = seconds_used(process) - before < _REST_S


@contextmanager
def manager(session: Session) -> Iterator[str]:
    """The token of somebody who sees the whole district, made for the time of a measurement."""
    now = datetime.now(UTC)
    login = f"bench-{secrets.token_hex(4)}"
    number, _ = accounts.create(session, NewAccount(login, login, must_change=False), now)
    accounts.grant(session, number, Appointment(Role.DISTRICT, "", now), None, now)
    row = store.locked(session, number)
    token = sign_in.opened(session, row, sign_in.Policy(), sign_in.Visitor(), now).token
    session.commit()
    try:
        yield token
    finally:
        session.rollback()
        for statement in _GONE:
            session.execute(statement, {"account": number})
        session.commit()


_GONE = tuple(
    text(f"delete from {table} where {column} = :account")  # noqa: S608 -- our own words
    for table, column in (
        ("session", "account_id"),
        ("account_grant", "account_id"),
        ("account", "id"),
    )
)


@contextmanager
def running(
    command: Sequence[str | Path], env: Mapping[str, str], asked: str, log: Path
) -> Iterator[int]:
    """The number of a server that answers at the address `asked`, ended with the block.

    Raises:
        SetupError: it does not answer.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own words
            [str(word) for word in command],
            env=dict(env),
            cwd=CHECKOUT,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=end_with_parent,  # noqa: PLW1509 -- no thread runs yet
        )
    try:
        _wait(asked, process, log)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(asked: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(asked, timeout=5):  # noqa: S310 -- on loopback
                return
        except OSError:
            time.sleep(0.1)
    raise SetupError(f"The server to be measured does not answer; see {log}.")
