"""The database refuses overlapping or missing ground, from whatever program."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import shapely
from sqlalchemy import Engine, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from geodata.db import tables
from tests.drawing import draw, ground, spot
from tests.makers import COMMUNITY, START, Town, multi

Cells = dict[str, shapely.Polygon | shapely.MultiPolygon]
LATER = datetime(2026, 1, 1, tzinfo=UTC)
DAY_AFTER = datetime(2026, 1, 2, tzinfo=UTC)
FEWEST_TURNS = 3  # however slow the machine


def test_a_whole_division_is_accepted(town: Town) -> None:
    town.drawn("AAB / A.B / CCB")
    town.check()


def test_overlap_is_refused(town: Town) -> None:
    town.drawn("AAB / AAB")
    town.check()
    town.close("B", at=LATER)
    town.bound({"B": draw(".BB / .BB")["B"]}, LATER)
    with pytest.raises(IntegrityError, match="overlaps"):
        town.check()


def test_a_gap_is_refused(town: Town) -> None:
    town.drawn("AAB / AAB")
    town.close("B", at=LATER)
    with pytest.raises(IntegrityError, match="of its ground open"):
        town.check()


def test_ground_given_up_must_become_uncovered(town: Town) -> None:
    town.drawn("AAB / AAB")
    town.close("B", at=LATER)
    town.grids["."] = town.grid(".")
    town.bound({".": draw("AAB / AAB")["B"]}, LATER)
    town.check()


def test_ground_outside_the_district_is_refused(town: Town) -> None:
    town.drawn("AAB / AAB")
    town.close("B", at=LATER)
    with pytest.raises(IntegrityError, match="leaves the ground"):
        town.bound({"B": draw("..BB / ..BB")["B"]}, LATER)


def test_a_strip_one_lattice_step_wide_is_refused(town: Town) -> None:
    town.drawn("AAB / AAB")
    town.close("B", at=LATER)
    west, south, east, north = draw("AAB / AAB")["B"].bounds
    town.bound({"B": shapely.box(west - 2**-23, south, east, north)}, LATER)
    with pytest.raises(IntegrityError, match="overlaps"):
        town.check()


def test_history_is_never_altered(town: Town) -> None:
    town.drawn("AB")
    moved = update(tables.boundary).where(tables.boundary.c.grid_id == town.grids["A"])
    with pytest.raises(IntegrityError, match="never altered"):
        town.session.execute(moved.values(shape=multi(draw("AB")["B"])))


def test_a_closed_boundary_stays_closed(town: Town) -> None:
    town.drawn("AB")
    town.redrawn("AB", LATER)
    old = update(tables.boundary).where(~func.upper_inf(tables.boundary.c.valid))
    with pytest.raises(IntegrityError):
        town.session.execute(old.values(valid=func.tstzrange(START, None)))


def test_boundaries_cannot_be_truncated(town: Town) -> None:
    town.drawn("AB")
    town.check()
    with pytest.raises(ProgrammingError, match="append-only"):
        town.session.execute(text("truncate boundary cascade"))


def test_one_boundary_for_a_grid_at_a_time(town: Town) -> None:
    town.drawn("AB")
    with pytest.raises(IntegrityError, match="one_at_a_time"):
        town.bound({"A": draw("AB")["A"]}, LATER)


def test_a_grid_in_two_pieces_is_refused_unless_allowed(town: Town) -> None:
    with pytest.raises(IntegrityError, match="one piece"):
        town.drawn("ABA")


def test_each_change_of_ground_raises_the_revision_once_a_statement(town: Town) -> None:
    town.drawn("AB")
    before = town.session.scalar(select(tables.district.c.revision))
    town.close("A", "B", at=LATER)
    assert town.session.scalar(select(tables.district.c.revision)) == (before or 0) + 2


def test_deleting_a_present_boundary_is_refused(town: Town) -> None:
    town.drawn("AB")
    gone = delete(tables.boundary).where(tables.boundary.c.grid_id == town.grids["A"])
    with pytest.raises(IntegrityError, match="never deleted"):
        town.session.execute(gone)


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon([(109, 32), (110, 33), (110, 32), (109, 33)]),
        shapely.Polygon([(109, 32), (109.00000003, 33), (110, 32)]),
        shapely.Polygon([(209, 32), (209, 33), (210, 32)]),
        shapely.Polygon(),
    ],
    ids=["bow tie", "off the lattice", "out of range", "empty"],
)
def test_unsound_ground_is_refused(town: Town, shape: shapely.Polygon) -> None:
    town.drawn("AB")
    with pytest.raises(DBAPIError):
        town.session.execute(
            insert(tables.landcover).values(kind="green", name="x", shape=multi(shape))
        )


@pytest.mark.parametrize("x", ["NaN", "Infinity"])
def test_a_place_that_is_no_number_is_refused(session: Session, x: str) -> None:
    hostile = text(
        "insert into place (name, kind, shape)"
        " values ('x', 'x', ST_SetSRID(ST_MakePoint(cast(:x as float8), 32), 4326))"
    )
    with pytest.raises(DBAPIError):
        session.execute(hostile, {"x": x})


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (tables.street, {"code": "610903001", "district_code": "610902", "name": "x"}),
        (tables.community, {"code": "610902002003", "street_code": "610902001", "name": "x"}),
        (tables.grid, {"code": "610902001004001", "community_code": COMMUNITY, "name": "x"}),
        (tables.grid, {"code": COMMUNITY + "01", "community_code": COMMUNITY, "name": "x"}),
        (tables.grid, {"code": None, "community_code": COMMUNITY, "name": "x"}),
        (tables.grid, {"code": COMMUNITY + "001", "community_code": COMMUNITY, "name": "x"}),
    ],
    ids=["street", "community", "grid", "short", "no code", "used before"],
)
def test_codes_follow_their_parents_and_are_used_once(
    town: Town, table: Table, values: dict[str, str]
) -> None:
    town.drawn("AB")
    with pytest.raises(IntegrityError):
        town.session.execute(insert(table).values(**values))


def test_an_older_snapshot_fails_safe(database: Engine) -> None:
    with Session(database) as setup:
        Town(setup).drawn("AAB / AAB")
        setup.commit()
    late = database.connect().execution_options(isolation_level="REPEATABLE READ")
    with late, Session(late) as slow, Session(database) as quick:
        slow.execute(text("select 1 from district"))
        swap(quick, "ABB / ABB", LATER)
        quick.commit()
        with pytest.raises(OperationalError, match="could not serialize"):
            swap(slow, "AAA / BBB", LATER)


def test_eight_hostile_writers_leave_no_overlap_and_no_gap(database: Engine) -> None:
    picture = "AABB / AABB"
    with Session(database) as setup:
        Town(setup).drawn(picture)
        setup.commit()
    writers = [_redraw, _overlap, _vanish, _redraw] * 2
    until = time.monotonic() + 2
    with ThreadPoolExecutor(len(writers)) as pool:
        done = list(pool.map(lambda write: _often(database, write, until), writers))
    assert sum(done) > 0, "nobody got anything through, so nothing was shown"
    with Session(database) as session:
        assert session.scalar(_OVERLAPS) == 0
        missing = session.scalar(_MISSING, {"ground": multi(ground(picture)).area})
        assert missing == pytest.approx(0, abs=1e-12)


_OVERLAPS = text("""
    select count(*) from boundary a join boundary b on a.id < b.id and a.valid && b.valid
        and ST_Relate(a.shape, b.shape, 'T********')
""")
_MISSING = text("""
    select :ground - ST_Area(ST_Union(shape)) from boundary where upper_inf(valid)
""")


def _often(engine: Engine, write: Callable[[Session, int], None], until: float) -> int:
    committed = turn = 0
    while turn < FEWEST_TURNS or time.monotonic() < until:
        turn += 1
        with Session(engine) as session:
            try:
                write(session, turn)
                session.commit()
                committed += 1
            except DBAPIError:
                session.rollback()
    return committed


def _redraw(session: Session, turn: int) -> None:
    swap(session, ("AABB / AABB", "ABBB / ABBB", "AAAB / AAAB")[turn % 3], None)


def _overlap(session: Session, turn: int) -> None:
    del turn
    swap(session, "AABB / AABB", None, lambda cells: {**cells, "A": draw("AAA. / AAA.")["A"]})


def _vanish(session: Session, turn: int) -> None:
    del turn
    swap(session, "AABB / AABB", None, lambda cells: {"A": cells["A"]})


def swap(
    session: Session,
    picture: str,
    at: datetime | None,
    spoil: Callable[[Cells], Cells] = dict,
) -> None:
    """Publish another picture of grids A and B; the clock counts only once the lock is held."""
    session.execute(text("select lock_ground('610902')"))
    now = at or session.scalar(text("select clock_timestamp()"))
    ids = dict(session.execute(select(tables.grid.c.name, tables.grid.c.id)).all())
    session.execute(
        update(tables.boundary)
        .where(func.upper_inf(tables.boundary.c.valid))
        .values(valid=func.tstzrange(func.lower(tables.boundary.c.valid), now))
    )
    for letter, shape in spoil(draw(picture)).items():
        session.execute(
            insert(tables.boundary).values(
                grid_id=ids[f"网格{letter}"],
                shape=multi(shape),
                valid=func.tstzrange(now, None),
            )
        )


def test_an_issue_waits_for_a_redraw_in_flight_and_sees_it(database: Engine) -> None:
    """The race: reported while a redraw is published, it must get the new grid."""
    with Session(database) as setup:
        Town(setup).drawn("AABB / AABB")
        setup.commit()
    with Session(database) as publisher, ThreadPoolExecutor(1) as pool:
        swap(publisher, "ABBB / ABBB", LATER)
        waiting = pool.submit(_report, database, spot(0.5, 1.5))
        time.sleep(0.5)
        assert not waiting.done()
        publisher.commit()
        assert waiting.result(timeout=60) == "网格B"


def _report(engine: Engine, place: shapely.Point) -> str | None:
    with Session(engine) as session:
        number = _issue(session, place)
        session.commit()
        found = tables.issue.join(tables.grid, tables.grid.c.id == tables.issue.c.grid_id)
        named = select(tables.grid.c.name).select_from(found)
        return session.scalar(named.where(tables.issue.c.id == number))


def _issue(session: Session, place: shapely.Point | None) -> int:
    new = insert(tables.issue).values(
        channel="web",
        ticket="1",
        category_id=select(tables.issue_category.c.id).limit(1).scalar_subquery(),
        text="x",
        place=place,
        precision="pin" if place else "none",
        status="reported",
        reported_at=DAY_AFTER,
    )
    return int(session.scalars(new.returning(tables.issue.c.id)).one())


def test_a_moved_issue_is_placed_anew(town: Town) -> None:
    town.drawn("AABB")
    number = _issue(town.session, spot(0.5, 0.5))
    moved = update(tables.issue).where(tables.issue.c.id == number)
    town.session.execute(moved.values(place=spot(0.5, 3.5)))
    stored = select(tables.issue.c.grid_id).where(tables.issue.c.id == number)
    assert town.session.scalar(stored) == town.grids["B"]
    town.session.execute(moved.values(place=None))
    assert town.session.scalar(stored) is None


def test_a_grid_without_place_and_boundary_is_refused(town: Town) -> None:
    town.drawn("AB")
    number = _issue(town.session, None)
    claimed = update(tables.issue).where(tables.issue.c.id == number)
    with pytest.raises(IntegrityError):
        town.session.execute(claimed.values(rule="covers", grid_id=town.grids["A"]))
