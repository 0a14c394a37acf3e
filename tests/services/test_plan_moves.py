"""Plans on their way to the map: judged, locked out, set on a day, overtaken, told to people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import successions, tables
from geodata.db.scoping import NONE, WHOLE, Ground
from geodata.domain.roles import Role
from geodata.errors import Conflict, InvalidMove, InvalidRedraw
from geodata.services import (
    coverage,
    grid_history,
    redraw_compare,
    redraw_conflicts,
    redraw_impact,
    redraw_locks,
    redraw_moves,
    redraw_preview,
    redraw_publishing,
    redraw_rebase,
    redraw_schedule,
    redraws,
)
from tests import signing
from tests.drawing import line, spot
from tests.makers import COMMUNITY, START, STREET, Town, code_of
from tests.services.test_redraws import (
    NOW,
    begun,
    give,
    grid_of,
    houses,
    merge,
    present,
    reported,
    split,
)

DAY = NOW + timedelta(days=3)


def posted(town: Town, letter: str, name: str, duty: str = "lead") -> int:
    worker = insert(tables.grid_worker).values(name=name).returning(tables.grid_worker.c.id)
    number = int(town.session.scalars(worker).one())
    values = {"worker_id": number, "grid_id": town.grids[letter], "duty": duty}
    post = insert(tables.post).values(**values, during=func.tstzrange(START, None))
    town.session.execute(post)
    return number


def group(town: Town, letter: str) -> int:
    org = insert(tables.party_org).returning(tables.party_org.c.id)
    add = town.session.scalars
    top = add(org.values(tier="street", name="街道工委", street_code=COMMUNITY[:9])).one()
    values = {"tier": "group", "parent_id": top, "name": "第一党小组", "member_count": 7}
    return int(add(org.values(**values, grid_id=town.grids[letter])).one())


def submitted(session: Session, *steps: dict[str, Any]) -> UUID:
    number = begun(session, *steps)
    redraw_moves.move(session, number, "submit", "secretary", NOW)
    return number


def scheduled(session: Session, *steps: dict[str, Any]) -> UUID:
    number = submitted(session, *steps)
    signing.account(session, "street", Role.STREET, STREET)
    redraw_moves.move(session, number, "approve", "street", NOW)
    redraw_moves.move(session, number, "schedule", "street", NOW, due_at=DAY)
    return number


# Moves


def test_what_is_submitted_is_drawn_on_no_more_until_it_comes_back(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = submitted(town.session, split())
    with pytest.raises(InvalidMove, match="plan_closed"):
        redraws.append(town.session, number, give(), "secretary", NOW)
    returned = redraw_moves.move(town.session, number, "return", "street", NOW, "门牌不对")
    assert (returned["state"], returned["remarks"]) == ("returned", "门牌不对")
    redraws.undo(town.session, number, NOW)
    told = redraw_moves.history(town.session, returned["id"])
    assert [(one["move"], one["actor"], one["remarks"]) for one in told] == [
        ("submit", "secretary", ""),
        ("return", "street", "门牌不对"),
    ]


def test_an_empty_plan_is_not_submitted_and_no_day_that_is_over_is_set(town: Town) -> None:
    town.drawn("AABB / AABB")
    with pytest.raises(InvalidMove, match="plan_empty"):
        submitted(town.session)
    number = submitted(town.session, split())
    redraw_moves.move(town.session, number, "approve", "street", NOW)
    with pytest.raises(InvalidMove, match="day_past"):
        redraw_moves.move(town.session, number, "schedule", "street", NOW, due_at=NOW)


def test_a_plan_is_published_on_its_day_by_who_set_it(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = scheduled(town.session, split())
    assert redraw_schedule.publish_next(town.session, DAY - timedelta(seconds=1)) is None
    due = redraw_schedule.publish_next(town.session, DAY)
    assert due is not None
    assert (due.refused, due.by) == (None, "street")
    town.check()
    plan = redraws.plan(town.session, number)
    assert (plan["state"], plan["published_by"], plan["due_at"]) == ("published", "street", None)
    assert len(present(town.session)) == 3
    assert redraw_schedule.publish_next(town.session, DAY) is None


def test_a_plan_that_was_overtaken_is_marked_and_nothing_of_it_done(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    number = scheduled(town.session, {**split("C"), "line": line((-0.1, 5), (2.1, 5))}, split())
    theirs = begun(town.session, give(), author="colleague")
    redraw_publishing.publish(town.session, theirs, "colleague")
    due = redraw_schedule.publish_next(town.session, DAY)
    assert due is not None
    assert due.deed().result == "refused"
    plan = redraws.plan(town.session, number)
    assert (plan["state"], plan["conflict"]["code"]) == ("conflicted", "ground_changed")
    assert len(present(town.session)) == 3
    drawn, left_out = redraw_rebase.rebase(town.session, number, "secretary", NOW)
    assert (len(drawn.done), [one.op for one in left_out]) == (1, ["split"])
    assert redraws.plan(town.session, number)["state"] == "draft"
    redraw_publishing.publish(town.session, number, "secretary")
    town.check()


# Two at once


def test_a_conflict_tells_what_changed_by_whom_and_where(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    mine, theirs = begun(town.session, split()), begun(town.session, give(), author="colleague")
    redraw_publishing.publish(town.session, theirs, "colleague")
    with pytest.raises(Conflict):
        redraws.drawn(town.session, mine)
    found = redraws.plan(town.session, mine)
    rows = redraws.present(town.session, found)
    (one,) = redraw_conflicts.changed(town.session, found["base"], rows)
    plan = redraws.plan(town.session, theirs)
    assert (one.grid, one.by, one.plan, one.name) == (code_of("A"), "colleague", theirs, "老街调整")
    assert one.at == plan["published_at"]
    assert one.now is not None
    assert one.was.area == pytest.approx(2 * one.now.area, rel=1e-6)


def test_a_locked_grid_refuses_intents_with_the_reason(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    number = begun(town.session, split())
    held = redraw_locks.lock(town.session, WHOLE, code_of("A"), "拆迁中", None, "street", NOW)
    with pytest.raises(InvalidRedraw, match="grid_held") as told:
        redraws.append(town.session, begun(town.session), give(), "secretary", NOW)
    assert told.value.facts["reason"] == "拆迁中"
    assert told.value.facts["by"] == "street"
    assert told.value.place is not None
    with pytest.raises(InvalidRedraw, match="grid_held"):
        redraw_publishing.publish(town.session, number, "secretary")
    with pytest.raises(Conflict, match="grid_held"):
        redraw_locks.lock(town.session, WHOLE, code_of("A"), "再锁", None, "street", NOW)
    ground = Ground(communities=frozenset({COMMUNITY}))
    with pytest.raises(InvalidMove, match="lock_of_another"):
        redraw_locks.unlock(town.session, ground, NONE, held["id"], "secretary", NOW)
    redraw_locks.unlock(town.session, WHOLE, WHOLE, held["id"], "district", NOW)
    assert redraw_locks.listing(town.session, WHOLE, COMMUNITY) == []
    redraw_publishing.publish(town.session, number, "secretary")
    town.check()


# Impact


def test_the_impact_names_whom_and_what_publishing_moves(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    own = houses(town, (0.5, 0.5), (0.5, 1.5), (0.5, 2.5), households=300)
    posted(town, "A", "王一")
    posted(town, "B", "李二")
    number = group(town, "A")
    values = {"party_group_id": number}
    town.session.execute(
        update(tables.building).where(tables.building.c.id.in_(own[:2])).values(**values)
    )
    issue = reported(town.session, 0.5, 1.5)
    at = update(tables.issue).values(reported_at=func.now())
    town.session.execute(at)
    drawn = redraws.drawn(town.session, begun(town.session, give()))
    seen = redraw_preview.preview(town.session, drawn)
    told = redraw_impact.impact(town.session, drawn, seen)
    (one,) = told.issues
    assert (one.before, one.after, one.to_workers) == (code_of("A"), code_of("B"), ("李二",))
    assert [
        (w.name, w.before.households, w.after and w.after.households) for w in told.workers
    ] == [
        ("王一", 600, 300),
        ("李二", 300, 600),
    ]
    assert [cut.grids for cut in told.groups_cut] == [{code_of("A"): 1, code_of("B"): 1}]
    assert {(g.kind, g.code) for g in told.closed} == {("grid_overloaded", code_of("A"))}
    opened = {("grid_overloaded", code_of("B")), ("group_overloaded", code_of("A"))}
    assert {(g.kind, g.code) for g in told.opened} == opened, "the group serves 600 as before"
    assert seen.after[code_of("B")].band == "over"
    assert seen.rate == pytest.approx(1 / 900)
    assert grid_of(town.session, issue) == code_of("A")


def test_workers_are_told_what_became_of_their_grids(town: Town) -> None:
    town.drawn("AABB / AABB")
    houses(town, (0.5, 0.5), (0.5, 2.5))
    one, other = posted(town, "A", "王一"), posted(town, "B", "李二")
    reported(town.session, 0.5, 2.5)
    redraw_publishing.publish(town.session, begun(town.session, merge("A", "B")), "secretary")
    (mine,) = successions.notices(town.session, one, 9)
    (grid,) = mine["detail"]["grids"]
    assert (grid["before"]["households"], grid["after"]["households"]) == (100, 200)
    assert (grid["issues_in"], grid["ended"]) == (1, False)
    (theirs,) = successions.notices(town.session, other, 9)
    assert theirs["detail"]["grids"][0]["ended"]
    assert successions.unseen(town.session, one) == 1
    assert successions.see(town.session, one, NOW) == 1
    assert successions.unseen(town.session, one) == 0


def test_a_rollback_gives_posts_and_party_groups_back(town: Town) -> None:
    town.drawn("AABB / AABB")
    own, away = posted(town, "B", "李二"), posted(town, "B", "赵三", "assistant")
    number = group(town, "B")
    plan = begun(town.session, merge("A", "B"))
    done = redraw_publishing.publish(town.session, plan, "secretary")
    later = {"worker_id": away, "grid_id": town.grids["A"], "duty": "assistant"}
    since = func.tstzrange(done.plan["published_at"], None)
    town.session.execute(insert(tables.post).values(**later, during=since))
    back = redraw_publishing.rollback(town.session, plan, "manager", "撤回")
    town.check()
    assert back.plan["report"]["revived"] == {"groups": 1, "posts": 1, "joint": 0}
    owner = select(tables.party_org.c.grid_id).where(tables.party_org.c.id == number)
    assert town.session.scalar(owner) == town.grids["B"]
    post = tables.post.c
    standing = select(post.worker_id, post.grid_id).where(func.upper_inf(post.during))
    assert set(town.session.execute(standing)) == {
        (own, town.grids["B"]),
        (away, town.grids["A"]),
    }


# Looking back and beside


def test_a_draft_stands_beside_the_present_and_beside_another(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    houses(town, (0.5, 0.5), (0.5, 1.5), (0.5, 2.5))
    one, other = begun(town.session, split()), begun(town.session, give())
    beside = redraw_compare.compare(town.session, None, one)
    assert beside.left.plan is None
    assert set(beside.left.cells) == {code_of("A")}
    assert set(beside.right.cells) == {code_of("A"), code_of("D")}
    assert beside.left.figures[code_of("A")].households == 200
    both = redraw_compare.compare(town.session, other, one)
    assert set(both.left.cells) == {code_of("A"), code_of("B")}
    assert both.left.figures[code_of("B")].households == 200
    assert both.right.figures[code_of("B")].households == 100


def test_the_family_and_the_ground_of_any_day_are_told(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = redraw_publishing.publish(town.session, begun(town.session, split()), "secretary")
    joined = merge("B", "C")
    redraw_publishing.publish(town.session, begun(town.session, joined), "secretary")
    told = grid_history.family(town.session, code_of("B"))
    assert [one.name for one in told.redrawn] == ["老街调整", None]
    (parent,) = told.ancestors
    assert (parent.code, parent.area_share) == (code_of("C"), 1.0)
    (above,) = parent.further
    assert (above.code, above.further) == (code_of("A"), ())
    assert above.area_share == pytest.approx(0.5, abs=1e-6)
    (child,) = grid_history.family(town.session, code_of("A")).descendants
    assert [one.code for one in child.further] == [code_of("B")]
    at = first.plan["published_at"]
    place = spot(0.5, 1.5)
    for moment, code in ((at - timedelta(seconds=1), "A"), (at, "C")):
        assert grid_history.at(town.session, place.x, place.y, moment).code == code_of(code)
        cells = {row["code"]: row["shape"] for row in grid_history.as_of(town.session, moment)}
        assert cells[code_of(code)].covers(place)
    assert [row["grids"] for row in grid_history.moments(town.session)] == [1, 2, 2]


@pytest.mark.parametrize(
    ("step", "left"),
    [(split("A"), {"A", "new"}), (merge("B", "A"), {"B"}), (merge("C", "A"), set[str]())],
    ids=["split", "merged into one without", "merged into its owner"],
)
def test_heirs_of_a_grid_keep_the_group_that_was_given_it(
    town: Town, step: dict[str, Any], left: set[str]
) -> None:
    town.drawn("AACC / AABB")
    session, number = town.session, group(town, "C")
    session.execute(
        insert(tables.joint_group).values(grid_id=town.grids["A"], group_id=number, since=NOW)
    )
    plan = begun(session, step)
    drawn = redraws.drawn(session, plan)
    told = redraw_impact.impact(session, drawn, redraw_preview.preview(session, drawn))
    done = redraw_publishing.publish(session, plan, "secretary")
    town.check()
    names = {town.grids[letter]: letter for letter in "ABC"}
    joint = select(tables.joint_group.c.grid_id).where(tables.joint_group.c.group_id == number)
    assert {names.get(grid, "new") for grid in session.scalars(joint)} == left
    without = {gap.code for gap in coverage.present(session, NOW) if _lacks_group(gap.kind)}
    assert not {gap.code for gap in told.opened if _lacks_group(gap.kind)}
    assert {gap.code for gap in told.closed if _lacks_group(gap.kind)} | without == {code_of("B")}
    redraw_publishing.rollback(session, plan, "manager", "撤回")
    assert session.scalars(joint).all() == [town.grids["A"]]
    assert done.new


def _lacks_group(kind: str) -> bool:
    return kind == "grid_without_group"
