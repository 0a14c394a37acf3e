"""Coverage looked at again in part is what a look at all of it finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, false, func, select, text, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.domain.coverage import measures
from geodata.domain.coverage.frames import Frames
from geodata.services import coverage, redraw_publishing, redraws
from geodata.services.coverage import Look
from webmap.looks import Looks

NOW = datetime.now(UTC)
BESIDE = text("""
    select one.code as one, other.code as other, one.community_code as home
    from grid as one join boundary as b on b.grid_id = one.id and upper_inf(b.valid)
    join boundary as c on upper_inf(c.valid) and c.shape && b.shape and c.grid_id > b.grid_id
        and ST_Dimension(ST_Intersection(b.shape, c.shape)) = 1
    join grid as other on other.id = c.grid_id and other.community_code = one.community_code
    where one.kind = 'basic' and other.kind = 'basic'
    order by md5(one.code || :seed) limit 1
""")


def alike(one: Look, other: Look) -> bool:
    """Whether two looks say the same of every gap, and have the same frames and figures."""
    plain = [[coverage.plain(gap) for gap in look.gaps] for look in (one, other)]
    tables_of = [measures.table(look.frames, look.gaps, "grid") for look in (one, other)]
    same = [
        np.array_equal(tables_of[0].columns[name], tables_of[1].columns[name])
        for name in measures.FIGURES
    ]
    return plain[0] == plain[1] and all(same) and not _unlike(one.frames, other.frames)


def _unlike(one: Frames, other: Frames) -> list[str]:
    """The columns that differ; means of places may in their last digit."""
    return [
        f"{frame}.{column.name}"
        for frame in ("grids", "buildings", "groups", "posts", "loose")
        for column in fields(getattr(one, frame))
        if not _same(*(getattr(getattr(side, frame), column.name) for side in (one, other)))
    ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and one.dtype.kind == "f":
        return np.allclose(one, other, rtol=1e-12, equal_nan=True)
    return list(one) == list(other)


@pytest.mark.parametrize("seed", ["a", "b"])
def test_after_a_plan_only_its_communities_are_asked_and_all_is_as_if_all_were(
    demo_session: Session, seed: str
) -> None:
    session = demo_session
    before = coverage.look(session, NOW)
    pair = session.execute(BESIDE, {"seed": seed}).one()
    plan = redraws.begin(session, pair.home, "并", "test", NOW)["public_id"]
    merge = {"op": "merge", "grids": [pair.one, pair.other], "into": pair.one}
    redraws.append(session, plan, merge, "test", NOW)
    at = redraw_publishing.hold(session)
    drawn = redraws.over_present(session, redraws.plan(session, plan))
    concerned = coverage.neighbours(session, drawn.communities)
    redraw_publishing.perform(session, drawn, "test", at)
    concerned |= coverage.neighbours(session, drawn.communities)
    assert pair.home in concerned
    assert len(concerned) < 35
    again = coverage.again(session, before, concerned, max(at, NOW))
    assert alike(again, coverage.look(session, max(at, NOW)))
    assert not alike(again, before)


def test_a_community_without_room_is_offered_the_groups_of_the_others_as_they_are_now(
    demo_session: Session,
) -> None:
    """Offers reach across communities where one has no group: then what is far away matters."""
    session = demo_session
    home, away = session.scalars(
        select(tables.grid.c.community_code).distinct().order_by(text("1")).limit(2)
    )
    org, cell = tables.party_org, tables.grid
    own = select(cell.c.id).where(cell.c.community_code == home)
    groups = select(org.c.id).where(org.c.tier == "group", org.c.grid_id.in_(own))
    house = tables.building
    session.execute(
        update(house).where(house.c.party_group_id.in_(groups)).values(party_group_id=None)
    )
    session.execute(delete(tables.joint_group))
    session.execute(delete(org).where(org.c.id.in_(groups)))
    before = coverage.look(session, NOW)
    there = select(func.min(cell.c.id)).where(cell.c.community_code == away).scalar_subquery()
    session.execute(update(house).where(house.c.grid_id == there).values(households=9))
    concerned = coverage.neighbours(session, [away])
    assert home not in concerned
    assert alike(coverage.again(session, before, concerned, NOW), coverage.look(session, NOW))


@pytest.fixture
def reading(demo_session: Session) -> Iterator[Session]:
    """A session that has written nothing, beside one that may."""
    bound = demo_session.get_bind()
    with Session(bound.engine) as session:
        yield session
        session.rollback()


def test_what_is_kept_is_the_same_until_somebody_writes(
    reading: Session, demo_session: Session
) -> None:
    looks, still = Looks(lambda: None), coverage.still(reading)
    first = looks.get(reading, NOW, still)
    assert alike(first, coverage.look(reading, NOW))
    own = coverage.served(demo_session)
    demo_session.execute(update(tables.party_org).values(secretary="王芳"))
    assert coverage.served(demo_session) != own
    assert coverage.snapshot(demo_session) is None
    theirs = looks.get(demo_session, NOW, still)
    assert not any(gap.kind == "group_without_leader" for gap in theirs.gaps)
    assert any(gap.kind == "group_without_leader" for gap in looks.get(reading, NOW, still).gaps)


@pytest.mark.parametrize("table", ["post", "party_org", "joint_group", "grid_worker"])
def test_whoever_writes_to_who_serves_is_noted(demo_session: Session, table: str) -> None:
    known = coverage.served(demo_session)
    demo_session.execute(delete(tables.metadata.tables[table]).where(false()))
    assert coverage.served(demo_session) != known
