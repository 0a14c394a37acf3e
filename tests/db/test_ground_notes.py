"""Notes of who wrote to the ground are made few, and tell of every later writer all the same."""

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from geodata.db import areas
from tests.makers import Town

HELD = text("""
    select count(*) from ground_change
    where written_by >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint
""")
"""Notes that stay, since somebody's transaction is older: other tests run on the same cluster."""


def test_few_notes_say_what_many_said(database: Engine) -> None:
    with Session(database) as session:
        Town(session).drawn("AB")
        session.commit()
    for number in range(3):
        with database.begin() as connection:
            connection.execute(text("update boundary set valid = valid where id = :n"), {"n": 1})
            connection.execute(text("delete from place where id = :n"), {"n": number})
    with Session(database) as session, Session(database) as other:
        other.execute(text("delete from place"))  # not committed yet
        before, held = areas.written(session), session.scalar(HELD) or 0
        areas.thin(session)
        session.commit()
        assert session.scalar(text("select count(*) from ground_change")) <= held + 1
        assert areas.written(session) == before
        session.commit()
        other.commit()
        after = areas.written(session)
        assert after != before
        areas.thin(session)
        areas.thin(session)
        assert areas.written(session) == after
