"""Large files are ordered, made by the worker, followed, called off, fetched and let go."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyogrio
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from geodata.db import tables
from geodata.db.engine import make_sessions
from geodata.domain.layer import LAYERS
from geodata.errors import Conflict, InvalidFile, InvalidMove, NotFound
from geodata.services import export_jobs, exports
from geodata.services.exports import Order
from tests.conftest import NOW, fresh_database

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def sessions(loaded: Engine) -> Iterator[sessionmaker[Session]]:
    """Sessions on a copy of the demo district: making a file needs two at a time."""
    loaded.dispose()
    with fresh_database(str(loaded.url.database)) as engine:
        yield make_sessions(engine)


def ordered(
    session: Session, layer: str = "buildings", form: str = "gpkg", crs: str = "EPSG:4490"
) -> int:
    number = export_jobs.submit(session, exports.checked(Order(layer, form, crs)), NOW)
    session.commit()
    return number


def worked(sessions: sessionmaker[Session]) -> int | None:
    with sessions() as session, sessions() as reading:
        return export_jobs.run(session, reading, session.commit)


def test_a_file_is_made_and_fetched(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    with sessions() as session:
        number = ordered(session, crs="EPSG:4545")
        assert export_jobs.one(session, number)["state"] == "waiting"
        with pytest.raises(NotFound, match="export_gone"):
            export_jobs.file(session, number)
        session.commit()
        assert worked(sessions) == number
        job, file = export_jobs.one(session, number), export_jobs.file(session, number)
        assert (job["state"], job["done"]) == ("done", job["total"])
        assert file.said.startswith(f"汉滨区-{LAYERS['buildings'].zh}-")
        made = tmp_path / "made.gpkg"
        made.write_bytes(b"".join(export_jobs.content(session, number)))
    assert made.stat().st_size == file.size
    info = pyogrio.read_info(made)
    assert (info["features"], info["crs"]) == (job["total"], "EPSG:4545")
    assert worked(sessions) is None


def test_an_order_is_called_off_before_and_during(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        number = ordered(session)
        export_jobs.cancel(session, number)
        session.commit()
        assert worked(sessions) is None
        with pytest.raises(InvalidMove, match="export_over"):
            export_jobs.cancel(session, number)
        session.rollback()
        number = ordered(session)
        with sessions() as working, sessions() as reading:

            def called_off() -> None:
                working.commit()
                if export_jobs.one(session, number)["state"] == "running":
                    export_jobs.cancel(session, number)
                session.commit()

            assert export_jobs.run(working, reading, called_off) == number
        assert export_jobs.one(session, number)["state"] == "cancelled"
        parts = select(tables.export_part).where(tables.export_part.c.job_id == number)
        assert session.execute(parts).all() == []


def test_a_worker_that_died_leaves_its_order_to_the_next(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        number = ordered(session, "streets", "csv")
    with sessions() as session, sessions() as reading:

        def dies() -> None:
            session.commit()
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export_jobs.run(session, reading, dies)
        assert worked(sessions) is None  # while the other one still holds it
    assert worked(sessions) == number
    with sessions() as session:
        assert export_jobs.one(session, number)["state"] == "done"


def test_only_so_many_wait_and_what_cannot_be_is_refused(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        with pytest.raises(InvalidFile, match="crs_only_wgs84"):
            ordered(session, "grids", "kml", crs="BD09")
        numbers = [ordered(session) for _ in range(export_jobs.MOST_UNFINISHED)]
        with pytest.raises(Conflict, match="exports_many"):
            ordered(session)
        for number in numbers:
            export_jobs.cancel(session, number)
        session.commit()


def test_a_file_is_let_go_after_a_day(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        number = ordered(session, "streets", "fgb")
        worked(sessions)
        until = export_jobs.one(session, number)["expires_at"]
        assert number not in export_jobs.expire(session, until - timedelta(minutes=1))
        assert number in export_jobs.expire(session, until)
        session.commit()
        assert export_jobs.one(session, number)["state"] == "expired"
        with pytest.raises(NotFound, match="export_gone"):
            export_jobs.file(session, number)
        left = text("select count(*) from export_part where job_id = :number")
        assert session.scalar(left, {"number": number}) == 0
