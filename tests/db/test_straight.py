"""A question asked of the driver itself: answered, refused and cut off as SQLAlchemy's are."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import Session

from geodata.db.engine import make_engine, straight


def test_it_is_asked_within_the_transaction_of_a_connection(session: Session) -> None:
    session.execute(text("create temporary table told on commit drop as select 7 as number"))
    assert straight(session.connection(), "select number + %(more)s from told", {"more": 1}) == 8


def test_the_connection_goes_back_as_it_was(migrated: Engine) -> None:
    with pytest.raises(DataError):
        straight(migrated, "select 1 / %(by)s", {"by": 0})
    assert straight(migrated, "select %(one)s::integer", {"one": 1}) == 1
    with migrated.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert not driver.autocommit


def test_a_server_that_is_not_there_is_told_as_ever() -> None:
    nowhere = make_engine("postgresql+psycopg://nobody@/nothing?host=/nonexistent")
    with pytest.raises(OperationalError):
        straight(nowhere, "select 1", {})
    nowhere.dispose()
