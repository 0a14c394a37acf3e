"""The web's lesser role can do its work, and can change neither the trail nor the schema."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from geodata.db import grants
from geodata.db.engine import make_engine, make_sessions
from geodata.services import audit
from geodata.services.audit import Deed, Who
from webmap import create_app
from webmap.config import Config

ROLE = "wangge_web_test"


@pytest.fixture(scope="module")
def web(loaded: Engine) -> Iterator[Engine]:
    """Connections of the lesser role to the demo district."""
    with loaded.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('wangge test role'))"))
        if not grants.exists(connection, ROLE):
            grants.create(connection, ROLE)
    grants.grant(loaded, ROLE)
    url = loaded.url.set(username=ROLE).render_as_string(hide_password=False)
    engine = make_engine(url, pool_size=4)
    yield engine
    engine.dispose()


def test_granting_again_changes_nothing(loaded: Engine, web: Engine) -> None:
    del web
    grants.grant(loaded, ROLE)


REFUSED = [
    "update audit_entry set actor = 'x'",
    "delete from audit_entry",
    "truncate audit_entry",
    "insert into audit_entry (number, action) values (1, 'key.rotate')",
    "insert into audit_entry (at, action) values (now(), 'key.rotate')",
    "alter table audit_entry disable trigger all",
    "update issue_event set note = 'x'",
    "delete from issue_event",
    "delete from contact",
    "update contact set key_id = 'x'",
    "update alembic_version set version_num = '0000'",
    "create table mine (id int)",
    "drop table issue",
    "truncate issue",
    "set session_replication_role = replica",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_what_it_may_not(web: Engine, statement: str) -> None:
    with web.connect() as connection, pytest.raises(ProgrammingError, match=r"permission|owner"):
        connection.execute(text(statement))


def test_what_it_may(web: Engine) -> None:
    with Session(web) as session:
        number = audit.record(session, Who("secretary:7"), Deed("export.file"))
        assert number >= 1
        assert audit.verify(session).broken is None
        session.rollback()


def test_the_web_does_its_work_with_it(web: Engine) -> None:
    config = Config("postgresql+psycopg://nobody@/nowhere", "k" * 40, field_key="f" * 40)
    client: FlaskClient = create_app(config, make_sessions(web)).test_client()
    for path in ("/readyz", "/api/district", "/api/layers/grids", "/api/issues", "/about"):
        assert client.get(path, buffered=True).status_code == 200
