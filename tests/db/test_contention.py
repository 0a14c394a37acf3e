"""Eight writers in two communities, and a publisher killed at any moment: the map stays whole."""

import secrets

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from scripts import contention

SECONDS = 2.5
KILLS = 1


def test_the_map_is_whole_after_hostile_writers_and_killed_publishers(database: Engine) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}")  # noqa: T201 -- to repeat a run
    with Session(database) as session:
        contention.lay(session)
        session.commit()
        assert contention.flaws(session) == {}
    told = contention.at_once(database, SECONDS, seed)
    assert told["published"] > 0
    assert told["evil"] == 0
    assert told["refused by the database"] > 0
    url = database.url.render_as_string(hide_password=False)
    contention.kill_publishers(url, KILLS, seed)
    with Session(database) as session:
        assert contention.flaws(session) == {}


def test_the_check_sees_a_flaw(database: Engine) -> None:
    with Session(database) as session:
        contention.lay(session)
        session.commit()
        session.connection().exec_driver_sql("alter table boundary disable trigger user")
        session.connection().exec_driver_sql(
            "update boundary set shape = (select shape from community order by code limit 1)"
            " where id = (select max(id) from boundary)"
        )
        assert set(contention.flaws(session)) == {"overlaps", "gaps"}
