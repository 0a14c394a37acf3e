"""Plans: drawn step by step, looked at, published, taken back; and two at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import ground, tables
from geodata.db.scoping import WHOLE
from geodata.domain import lattice, partition
from geodata.errors import Conflict, InvalidMove, InvalidRedraw, NotFound
from geodata.services import (
    redraw_insisting,
    redraw_moves,
    redraw_preview,
    redraw_publishing,
    redraws,
)
from tests.drawing import draw, line, spot
from tests.drawing import ground as whole
from tests.makers import COMMUNITY, Town, code_of, multi

LONG = 1e-4
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=9)


def split(letter: str = "A") -> dict[str, Any]:
    """Down the middle of a grid two letters wide, from the second letter on."""
    return {"op": "split", "grid": code_of(letter), "line": line((-0.1, 1), (2.1, 1))}


def split_b() -> dict[str, Any]:
    return {**split("B"), "line": line((-0.1, 3), (2.1, 3))}


def give(to: str = "B") -> dict[str, Any]:
    area = [[line((-0.1, 1), (-0.1, 2.5), (2.1, 2.5), (2.1, 1))]]
    return {"op": "give", "to": code_of(to), "area": area}


def merge(one: str, other: str) -> dict[str, Any]:
    return {"op": "merge", "grids": [code_of(one), code_of(other)], "into": code_of(one)}


def begun(session: Session, *steps: dict[str, Any], author: str = "secretary") -> UUID:
    made = redraws.begin(session, COMMUNITY, "老街调整", author, NOW)
    for step in steps:
        redraws.append(session, made["public_id"], step, "secretary", NOW)
    number: UUID = made["public_id"]
    return number


def reported(session: Session, row: float, column: float, **given: object) -> int:
    usual = {"place": spot(row, column), "precision": "pin", "status": "reported"}
    new = insert(tables.issue).values(
        channel="web",
        ticket=str(uuid4()),
        category_id=select(tables.issue_category.c.id).limit(1).scalar_subquery(),
        text="路灯不亮",
        reported_at=BEFORE,
        **{**usual, **given},
    )
    return int(session.scalars(new.returning(tables.issue.c.id)).one())


def grid_of(session: Session, issue: int) -> str | None:
    joined = tables.issue.join(tables.grid, tables.grid.c.id == tables.issue.c.grid_id)
    query = select(tables.grid.c.code).select_from(joined).where(tables.issue.c.id == issue)
    return session.scalar(query)


def events(session: Session, issue: int) -> list[tuple[str, str, str]]:
    event = tables.issue_event
    query = select(event.c.kind, event.c.actor, event.c.note).where(event.c.issue_id == issue)
    return [tuple(row) for row in session.execute(query)]


def present(session: Session) -> dict[str, BaseGeometry]:
    return {str(row["code"]): row["shape"] for row in ground.present(session)}


def vertices(session: Session) -> dict[str, bytes]:
    """The ground of each cell to the last vertex."""
    return {code: shape.normalize().wkb for code, shape in present(session).items()}


def houses(town: Town, *spots: tuple[float, float], households: int = 100) -> list[int]:
    made = [town.building(f"{n}号", *at) for n, at in enumerate(spots)]
    values = {"households": households, "residents": 3 * households}
    town.session.execute(update(tables.building).values(**values))
    ground.rehouse(town.session, whole("AABB / AABB"))
    return made


# Drafts


def test_a_draft_changes_nothing_until_it_is_published(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    drawn = redraws.drawn(town.session, number)
    assert drawn.changed == [f"{COMMUNITY}+001", code_of("A")]
    assert list(drawn.codes.values()) == [code_of("C")]
    assert sorted(present(town.session)) == [code_of("A"), code_of("B")]


def test_undo_and_redo_outlive_a_reload_and_a_new_step_forgets_what_was_undone(town: Town) -> None:
    town.drawn("AABB / AABB")
    joined = {"op": "merge", "grids": [code_of("B"), f"{COMMUNITY}+001"], "into": code_of("B")}
    number = begun(town.session, split(), joined)
    town.session.expire_all()
    assert len(redraws.undo(town.session, number, NOW).done) == 1
    assert redraws.undo(town.session, number, NOW).changed == []
    assert len(redraws.redo(town.session, number, NOW).done) == 1
    assert len(redraws.redo(town.session, number, NOW).done) == 2
    with pytest.raises(InvalidMove, match="nothing_to_redo"):
        redraws.redo(town.session, number, NOW)
    redraws.undo(town.session, number, NOW)
    redraws.append(town.session, number, split_b(), "secretary", NOW)
    with pytest.raises(InvalidMove, match="nothing_to_redo"):
        redraws.redo(town.session, number, NOW)


def test_a_refused_step_leaves_the_draft_as_it_was(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    step = {"op": "split", "grid": code_of("B"), "line": line((-0.1, 0.5), (2.1, 0.5))}
    with pytest.raises(InvalidRedraw, match="line_misses"):
        redraws.append(town.session, number, step, "secretary", NOW)
    assert len(redraws.drawn(town.session, number).done) == 1


@pytest.mark.parametrize("parts", ["2", 2.5, [2], None, -1, 1, True, 201])
def test_parts_are_a_number_of_grids(town: Town, parts: object) -> None:
    number = begun(town.drawn("AABB / AABB").session)
    with pytest.raises(InvalidRedraw, match="parts_wrong"):
        redraws.append(town.session, number, {**split(), "parts": parts}, "secretary", NOW)


def test_nobody_makes_up_codes(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, {**split(), "new": ["610902001003999"]})
    drawn = redraws.append(town.session, number, split_b(), "secretary", NOW)
    assert sorted(drawn.codes.values()) == [code_of("C"), code_of("D")]


def test_a_draft_is_named_copied_and_thrown_away(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    redraws.rename(town.session, number, "新名", NOW)
    other = redraw_moves.copy(town.session, number, "副本", "colleague", NOW)["public_id"]
    redraw_moves.move(town.session, number, "discard", "secretary", NOW)
    with pytest.raises(NotFound, match="no_plan"):
        redraws.drawn(town.session, number)
    assert [p["name"] for p in redraws.listing(town.session, WHOLE, COMMUNITY)] == ["副本"]
    assert len(redraws.drawn(town.session, other).done) == 1
    with pytest.raises(NotFound, match="no_plan"):
        redraws.drawn(town.session, uuid4())
    with pytest.raises(NotFound, match="no_community"):
        redraws.begin(town.session, "610902001999", "x", "secretary", NOW)


# Publishing


def test_publishing_a_split_makes_a_grid_with_ground_lineage_and_its_people(town: Town) -> None:
    town.drawn("AABB / AABB")
    houses(town, (0.5, 0.5), (0.5, 1.5), (1.5, 1.5))
    given = split()
    given["keep"] = line((0.5, 0.5), (0, 0))[0]
    done = redraw_publishing.publish(town.session, begun(town.session, given), "secretary")
    town.check()
    new = draw("AXBB / AXBB")["X"]
    assert present(town.session)[code_of("C")].equals(new)
    assert (done.buildings, list(done.codes.values())) == (2, [code_of("C")])
    row = town.session.execute(select(tables.grid_lineage)).mappings().one()
    assert row["parent_id"] == town.grids["A"]
    assert row["area_share"] == pytest.approx(0.5, abs=1e-6)
    assert row["household_share"] == pytest.approx(2 / 3)
    name = select(tables.grid.c.name).where(tables.grid.c.code == code_of("C"))
    assert town.session.scalar(name) == "西大街社区第3网格"


def test_only_open_issues_on_ground_that_changed_hands_move_each_with_an_event(
    town: Town,
) -> None:
    town.drawn("AABBCC / AABBCC")
    moved, stayed, far = (reported(town.session, 0.5, c) for c in (1.5, 0.5, 5.5))
    closed = reported(town.session, 0.6, 1.5, status="closed", closed_at=NOW)
    done = redraw_publishing.publish(town.session, begun(town.session, give()), "secretary")
    town.check()
    assert done.issues == [(moved, town.grids["A"], town.grids["B"])]
    assert events(town.session, moved) == [("reassigned", "secretary", "老街调整")]
    assert [grid_of(town.session, n) for n in (moved, stayed, far, closed)] == [
        *(code_of("B"), code_of("A"), code_of("C"), code_of("A")),
    ]
    assert [events(town.session, n) for n in (stayed, far, closed)] == [[], [], []]


def test_grid_at_is_right_before_and_after(town: Town) -> None:
    town.drawn("AABB / AABB")
    done = redraw_publishing.publish(town.session, begun(town.session, give()), "secretary")
    at = done.plan["published_at"]
    place = spot(0.5, 1.5)
    for moment, letter in ((at - timedelta(seconds=1), "A"), (at, "B")):
        query = select(func.grid_at(func.ST_GeomFromText(place.wkt, 4326), moment, 0.0))
        assert str(town.grids[letter]) in str(town.session.scalar(query))


def test_a_merged_grid_retires_and_its_group_goes_to_the_heir(town: Town) -> None:
    town.drawn("AABB / AABB")
    group = _group(town, "B")
    done = redraw_publishing.publish(
        town.session, begun(town.session, merge("A", "B")), "secretary"
    )
    town.check()
    assert list(done.retired) == [code_of("B")]
    query = select(tables.party_org.c.grid_id).where(tables.party_org.c.id == group)
    assert town.session.scalar(query) == town.grids["A"]
    retired = select(tables.grid.c.retired_at).where(tables.grid.c.code == code_of("B"))
    assert town.session.scalar(retired) == done.plan["published_at"]


def _group(town: Town, letter: str) -> int:
    org = insert(tables.party_org).returning(tables.party_org.c.id)
    add = town.session.scalars
    top = add(org.values(tier="street", name="街道工委", street_code=COMMUNITY[:9])).one()
    values = {"tier": "group", "parent_id": top, "name": "党小组", "member_count": 7}
    return int(add(org.values(**values, grid_id=town.grids[letter])).one())


def test_publishing_twice_changes_the_map_once(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    first = redraw_publishing.publish(town.session, number, "secretary")
    again = redraw_publishing.publish(town.session, number, "secretary")
    assert again.plan == first.plan
    assert len(present(town.session)) == 3
    with pytest.raises(InvalidMove, match="plan_closed"):
        redraws.append(town.session, number, give(), "secretary", NOW)


def test_a_plan_without_a_step_is_not_published(town: Town) -> None:
    town.drawn("AABB / AABB")
    with pytest.raises(InvalidMove, match="plan_empty"):
        redraw_publishing.publish(town.session, begun(town.session), "secretary")


# Two at once


def test_a_draft_is_rebased_where_others_changed_other_grids(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    mine = begun(town.session, split())
    step = {**split("C"), "line": line((-0.1, 5), (2.1, 5))}
    theirs = begun(town.session, step, author="colleague")
    redraw_publishing.publish(town.session, theirs, "colleague")
    done = redraw_publishing.publish(town.session, mine, "secretary")
    town.check()
    assert list(done.codes.values()) == [code_of("E")]
    assert len(present(town.session)) == 5


def test_a_draft_over_ground_that_others_changed_says_which_and_by_whom(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    mine, theirs = begun(town.session, split()), begun(town.session, give(), author="colleague")
    redraw_publishing.publish(town.session, theirs, "colleague")
    with pytest.raises(Conflict) as told:
        redraw_publishing.publish(town.session, mine, "secretary")
    assert told.value.code == "ground_changed"
    at = redraws.plan(town.session, theirs)["published_at"].isoformat()
    assert told.value.facts == {"grids": [code_of("A")], "by": ["colleague"], "at": at}
    with pytest.raises(Conflict, match="ground_changed"):
        redraws.drawn(town.session, mine)


def test_new_vertices_alone_are_no_change(town: Town) -> None:
    town.drawn("AABB / AABB / CCCC")
    mine = begun(town.session, {"op": "close", "grid": code_of("C")})
    theirs = begun(town.session, split(), author="colleague")
    redraw_publishing.publish(town.session, theirs, "colleague")
    assert redraw_publishing.publish(town.session, mine, "secretary").retired == [code_of("C")]
    town.check()


@pytest.mark.parametrize(
    ("steps", "wins"),
    [
        ((give(), split()), 1),
        ((split(), {**split("C"), "line": line((-0.1, 5), (2.1, 5))}), 2),
    ],
)
def test_of_two_publishers_at_once_one_wins_where_they_touch_the_same(
    database: Engine, steps: Sequence[dict[str, Any]], wins: int
) -> None:
    with Session(database) as session:
        Town(session).drawn("AABBCC / AABBCC")
        numbers = [begun(session, step) for step in steps]
        session.commit()
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda number: _published(database, number), numbers))
    assert told.count("published") == wins
    assert set(told) <= {"published", "ground_changed"}
    with Session(database) as session:
        cells = present(session)
    assert partition.check(cells, whole("AABBCC / AABBCC")) == []


def _published(engine: Engine, number: UUID) -> str:
    with Session(engine) as session:
        try:
            redraw_publishing.publish(session, number, "secretary")
            session.commit()
        except Conflict as refused:
            return refused.code
    return "published"


# Taking back


@pytest.mark.parametrize("step", [split(), merge("A", "B"), give()])
def test_a_rollback_gives_back_the_very_same_ground(town: Town, step: dict[str, Any]) -> None:
    town.drawn("AABB / AABB / CCCC")
    issue = reported(town.session, 0.5, 1.5)
    before = vertices(town.session)
    number = begun(town.session, step)
    redraw_publishing.publish(town.session, number, "secretary")
    back = redraw_publishing.rollback(town.session, number, "manager", "撤回")
    town.check()
    assert vertices(town.session) == before
    assert grid_of(town.session, issue) == code_of("A")
    undo_of = select(tables.redraw_plan.c.id).where(tables.redraw_plan.c.public_id == number)
    assert back.plan["undo_of"] == town.session.scalar(undo_of)
    history = select(func.count()).select_from(tables.boundary)
    assert (town.session.scalar(history) or 0) > len(before)


def test_a_rollback_leaves_alone_what_came_later_elsewhere(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    first = begun(town.session, give())
    redraw_publishing.publish(town.session, first, "secretary")
    second = begun(town.session, {**split("C"), "line": line((-0.1, 5), (2.1, 5))})
    redraw_publishing.publish(town.session, second, "secretary")
    redraw_publishing.rollback(town.session, first, "manager", "撤回")
    town.check()
    wanted = draw("AABBCD / AABBCD")
    got = present(town.session)
    assert got[code_of("A")].equals(wanted["A"])
    assert got[code_of("B")].equals(wanted["B"])
    assert len(got) == 4


def test_only_what_was_published_is_taken_back(town: Town) -> None:
    town.drawn("AABB / AABB")
    with pytest.raises(InvalidMove, match="plan_not_published"):
        redraw_publishing.rollback(town.session, begun(town.session, split()), "manager", "撤回")


# The preview


def test_the_preview_counts_what_each_grid_has_before_and_after(town: Town) -> None:
    town.drawn("AABB / AABB")
    houses(town, (0.5, 0.5), (0.5, 1.5), (0.5, 2.5), (1.5, 2.5))
    issue = reported(town.session, 0.5, 1.5)
    told = redraw_preview.preview(
        town.session, redraws.drawn(town.session, begun(town.session, give()))
    )
    a, b = code_of("A"), code_of("B")
    assert [told.before[code].households for code in (a, b)] == [200, 200]
    assert [told.after[code].households for code in (a, b)] == [100, 300]
    assert [told.after[code].residents for code in (a, b)] == [300, 900]
    assert [told.after[code].open_issues for code in (a, b)] == [0, 1]
    assert [(one.id, one.before, one.after) for one in told.issues] == [(issue, a, b)]
    assert (told.new, told.retired, told.cut) == ([], [], [])


def test_the_preview_names_buildings_cut_and_groups_that_come_to_lie_astride(town: Town) -> None:
    town.drawn("AABB / AABB")
    cut, other = houses(town, (0.5, 1.0), (1.5, 0.5))
    group = _group(town, "A")
    mine = tables.building.c.id.in_([cut, other])
    town.session.execute(update(tables.building).where(mine).values(party_group_id=group))
    given = split()
    given["keep"] = line((0.5, 0.2), (0, 0))[0]
    given["line"] = line((-0.1, 0.99), (2.1, 0.99))
    code = town.session.scalar(select(tables.building.c.code).where(tables.building.c.id == cut))
    number = begun(town.session, {**given, "cuts": [code]})
    told = redraw_preview.preview(town.session, redraws.drawn(town.session, number))
    assert list(told.cut) == [code]
    assert list(told.astride) == [group]
    assert list(told.new) == [code_of("C")]


@pytest.mark.parametrize("seed", range(3))
def test_what_the_preview_says_is_what_publishing_does(demo_session: Session, seed: int) -> None:
    session = demo_session
    rng = np.random.default_rng(seed)
    cells = [row for row in ground.present(session) if row["kind"] != "uncovered"]
    home = str(rng.choice(sorted({row["community_code"] for row in cells})))
    own = sorted((r for r in cells if r["community_code"] == home), key=lambda r: r["code"])
    made = redraws.begin(session, home, "调整", "secretary", NOW)
    for row in (own[0], own[-1]):
        west, south, east, north = row["shape"].bounds
        middle = (west + east) / 2 + 1e-6
        step = {"op": "split", "grid": row["code"], "parts": 6}
        step["line"] = [[middle, south - 1e-4], [middle, north + 1e-4]]
        redraw_insisting.insist(session, made["public_id"], step, "secretary", NOW)
    step = {"op": "retire", "grid": own[len(own) // 2]["code"]}
    redraw_insisting.insist(session, made["public_id"], step, "secretary", NOW)
    before = redraws.drawn(session, made["public_id"])
    told = redraw_preview.preview(session, before)
    done = redraw_publishing.publish(session, made["public_id"], "secretary")
    session.execute(func.now().select())
    session.connection().exec_driver_sql("set constraints all immediate")
    codes = {r.id: r.code for r in session.execute(select(tables.grid.c.id, tables.grid.c.code))}
    assert sorted((m.id, m.before, m.after) for m in told.issues) == sorted(
        (issue, codes.get(was), codes.get(now)) for issue, was, now in done.issues
    )
    assert list(told.retired) == list(done.retired)
    assert list(told.new) == sorted(done.codes.values())
    assert len(told.buildings) == done.buildings
    for code, figures in told.after.items():
        assert asdict(figures).items() >= _stored(session, code).items(), code
    assert {c: asdict(one) for c, one in told.after.items()} == done.plan["report"]["after"]
    assert {c: asdict(one) for c, one in told.before.items()} == done.plan["report"]["before"]


def _beside_another(session: Session) -> tuple[str, str, BaseGeometry]:
    """A grid on the border of its community, the community, and a place just inside of it."""
    cells = [row for row in ground.present(session) if row["kind"] == "basic"]
    one, other = next(
        (one, other)
        for one in cells
        for other in cells
        if one["community_code"] < other["community_code"]
        and shapely.intersection(one["shape"], other["shape"]).length > LONG
    )
    shared = shapely.intersection(one["shape"], other["shape"])
    near = shapely.get_parts(shared)[0].interpolate(0.5, normalized=True).buffer(2e-5)
    inside = shapely.intersection(one["shape"], near).representative_point()
    place = lattice.to_degrees(lattice.to_units(inside))
    return one["code"], one["community_code"], place


def test_preview_and_publishing_expect_the_same_where_issues_leave_a_community(
    demo_session: Session,
) -> None:
    session = demo_session
    code, home, place = _beside_another(session)
    moved = [reported(session, 0, 0, place=place) for _ in range(20)]
    own = [r for r in ground.present(session) if r["community_code"] == home and r["code"] != code]
    one, other = next(
        (one["code"], other["code"])
        for one in own
        for other in own
        if one["kind"] == other["kind"] == "basic"
        and one["code"] < other["code"]
        and shapely.intersection(one["shape"], other["shape"]).length > LONG
    )
    made = redraws.begin(session, home, "调整", "secretary", NOW)
    joined = {"op": "merge", "grids": [one, other], "into": one}
    for step in ({"op": "close", "grid": code}, joined):
        redraw_insisting.insist(session, made["public_id"], step, "secretary", NOW)
    told = redraw_preview.preview(session, redraws.drawn(session, made["public_id"]))
    left = {move.id for move in told.issues if move.after and not move.after.startswith(home)}
    assert left >= set(moved)
    done = redraw_publishing.publish(session, made["public_id"], "secretary")
    assert {c: asdict(one) for c, one in told.after.items()} == done.plan["report"]["after"]
    assert {c: asdict(one) for c, one in told.before.items()} == done.plan["report"]["before"]


def _stored(session: Session, code: str) -> dict[str, int]:
    """What the store has of a grid, counted by itself."""
    number = session.scalar(select(tables.grid.c.id).where(tables.grid.c.code == code))
    house, org, post, issue = tables.building, tables.party_org, tables.post, tables.issue
    homes = session.execute(
        select(
            func.count().filter(house.c.kind == "building"),
            func.coalesce(func.sum(house.c.households), 0),
            func.coalesce(func.sum(house.c.residents), 0),
        ).where(house.c.grid_id == number)
    ).one()
    groups = session.execute(
        select(func.count(), func.coalesce(func.sum(org.c.member_count), 0)).where(
            org.c.grid_id == number, org.c.tier == "group"
        )
    ).one()
    standing = post.c.during.op("@>")(func.clock_timestamp())
    count = select(func.count())
    workers = session.scalar(count.where(post.c.grid_id == number, standing))
    waiting = session.scalar(count.where(issue.c.grid_id == number, issue.c.is_open))
    names = ("buildings", "households", "residents", "groups", "members", "workers", "open_issues")
    counts = [*homes, *groups, workers or 0, waiting or 0]
    return {name: int(count) for name, count in zip(names, counts, strict=True)}


def test_the_ground_of_all_areas_follows(town: Town) -> None:
    town.drawn("AABB / AABB")
    redraw_publishing.publish(town.session, begun(town.session, split()), "secretary")
    for table in (tables.community, tables.district):
        assert multi(town.session.scalars(select(table.c.shape)).one()).equals(whole("AABB / AABB"))
