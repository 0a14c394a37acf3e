"""Plans taken back over later ones, steps taken again, buildings that somebody must say yes to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from geodata.db import tables
from geodata.db.scoping import WHOLE
from geodata.domain import partition
from geodata.errors import Conflict, InvalidMove, InvalidRedraw, NotFound
from geodata.services import (
    redraw_conflicts,
    redraw_left_out,
    redraw_locks,
    redraw_moves,
    redraw_preview,
    redraw_publishing,
    redraw_rebase,
    redraw_schedule,
    redraws,
)
from tests.drawing import draw, line
from tests.drawing import ground as whole
from tests.makers import Town, code_of
from tests.services.test_plan_moves import DAY, scheduled, submitted
from tests.services.test_redraws import (
    NOW,
    begun,
    give,
    houses,
    merge,
    present,
    reported,
    split,
    split_b,
    vertices,
)


def theirs(town: Town, step: dict[str, Any]) -> UUID:
    """Somebody else publishes a plan of one step."""
    number = begun(town.session, step, author="colleague")
    redraw_publishing.publish(town.session, number, "colleague")
    return number


# Taking back


def across() -> dict[str, Any]:
    """A cut from west to east: it ends on the border with B, which only gets a vertex."""
    return {"op": "split", "grid": code_of("A"), "line": line((0.7, -0.1), (0.7, 2.0))}


def test_a_rollback_leaves_alone_who_only_got_a_vertex(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = begun(town.session, across())
    redraw_publishing.publish(town.session, first, "secretary")
    theirs(town, split_b())
    halves = {code: shape for code, shape in present(town.session).items() if code != code_of("A")}
    back = redraw_publishing.rollback(town.session, first, "manager", "撤回")
    town.check()
    got = present(town.session)
    assert list(back.retired) == [code_of("C")]
    assert got.keys() == {code_of(letter) for letter in "ABD"}
    assert got[code_of("A")].equals(draw("AABB / AABB")["A"])
    assert all(got[code_of(letter)].equals(halves[code_of(letter)]) for letter in "BD")
    assert partition.check(got, whole("AABB / AABB")) == []


def test_ground_that_has_become_bare_since_stays_bare_at_a_rollback(town: Town) -> None:
    town.drawn("AABB / AACC")
    home = code_of("A")[:12]
    theirs(town, {"op": "close", "grid": code_of("A")})
    filled = begun(town.session, {"op": "fill", "community": home, "new": True})
    redraw_publishing.publish(town.session, filled, "secretary")
    theirs(town, {"op": "close", "grid": code_of("B")})
    redraw_publishing.rollback(town.session, filled, "manager", "撤回")
    town.check()
    got = present(town.session)
    assert got.keys() == {code_of("C"), "None"}
    assert partition.check(got, whole("AABB / AACC"), {"None"}) == []
    assert got["None"].area == pytest.approx(whole("AABB / AABB").area * 0.75)


def test_what_was_passed_on_stays_where_it_was_sent_while_that_is_a_grid(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = reported(town.session, 1, 1)
    at, issue = tables.boundary.c, tables.issue.c
    to = select(at.grid_id, at.id).join(tables.grid, tables.grid.c.id == at.grid_id)
    grid, boundary = town.session.execute(to.where(tables.grid.c.code == code_of("B"))).one()
    sent = {"grid_id": grid, "boundary_id": boundary, "rule": "passed"}
    town.session.execute(update(tables.issue).where(issue.id == number).values(**sent))
    first = begun(town.session, across())
    assert redraw_preview.preview(town.session, redraws.drawn(town.session, first)).issues == []
    redraw_publishing.publish(town.session, first, "secretary")
    town.check()
    kept = select(issue.grid_id, issue.rule, at.valid).join(tables.boundary)
    now = town.session.execute(kept.where(issue.id == number)).one()
    assert (now.grid_id, now.rule, now.valid.upper_inf) == (grid, "passed", True)


def test_what_was_redrawn_since_is_not_taken_back_but_told(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = begun(town.session, give())
    redraw_publishing.publish(town.session, first, "secretary")
    theirs(town, split_b())
    before = vertices(town.session)
    with pytest.raises(Conflict, match="ground_moved_on") as told:
        redraw_publishing.rollback(town.session, first, "manager", "撤回")
    assert told.value.facts["grids"] == [code_of("B")]
    assert told.value.facts["by"] == ["colleague"]
    assert told.value.facts["at"]
    assert vertices(town.session) == before


def test_a_rollback_taken_back_leaves_the_plan_in_force(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = begun(town.session, give())
    redraw_publishing.publish(town.session, first, "secretary")
    given = vertices(town.session)
    back = redraw_publishing.rollback(town.session, first, "manager", "撤回").plan["public_id"]
    redraw_publishing.rollback(town.session, back, "manager", "恢复")
    town.check()
    assert vertices(town.session) == given
    assert redraws.plan(town.session, first)["rolled_back"] is None
    assert redraws.plan(town.session, back)["rolled_back"]["name"] == "恢复"
    again = redraw_publishing.rollback(town.session, first, "manager", "再撤").plan
    assert redraws.plan(town.session, first)["rolled_back"]["plan"] == str(again["public_id"])


def test_taking_back_cuts_no_building_unless_somebody_says_so(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = begun(town.session, merge("A", "B"))
    redraw_publishing.publish(town.session, first, "secretary")
    town.building("新楼", 0.5, 2.0)
    code = code_of_house(town, houses(town, (0.2, 0.2))[0] - 1)
    before = vertices(town.session)
    back = (town.session, first, "manager", "撤回")
    with pytest.raises(InvalidRedraw, match="buildings_cut") as told, town.session.begin_nested():
        redraw_publishing.rollback(*back)
    assert told.value.facts["buildings"] == [code]
    assert told.value.place is not None
    assert told.value.remedy is not None
    assert vertices(town.session) == before
    cuts = told.value.remedy.changes["cuts"]
    assert cuts == [code]
    redraw_publishing.rollback(*back, [code])
    town.check()
    assert len(present(town.session)) == 2


def test_a_locked_grid_is_not_given_back_and_its_lock_is_told(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = begun(town.session, give())
    redraw_publishing.publish(town.session, first, "secretary")
    redraw_locks.lock(town.session, WHOLE, code_of("B"), "拆迁中", None, "street", NOW)
    with pytest.raises(InvalidRedraw, match="grid_held") as told:
        redraw_publishing.rollback(town.session, first, "manager", "撤回")
    lock = {"grid": code_of("B"), "reason": "拆迁中", "by": "street", "until": None}
    assert told.value.facts == lock
    assert told.value.remedy is not None


def test_a_chain_taken_back_from_its_end_is_what_it_was_to_the_last_vertex(town: Town) -> None:
    town.drawn("AABB / AABB / CCDD / CCDD")
    at_first = vertices(town.session)
    askew = {**split("A"), "line": line((-0.1, 1.1), (2.1, 0.83))}
    over = {"op": "give", "to": code_of("D"), "area": [[line((1.3, 2.9), (2.2, 3.3), (2.3, 5.0))]]}
    chain = []
    for step in (askew, merge("A", "B"), over):
        chain.append(begun(town.session, step))
        redraw_publishing.publish(town.session, chain[-1], "secretary")
    for one in reversed(chain):
        redraw_publishing.rollback(town.session, one, "manager", "撤回")
        town.check()
    assert vertices(town.session) == at_first


def test_what_takes_a_plan_back_is_not_copied(town: Town) -> None:
    town.drawn("AABB / AABB")
    first = begun(town.session, give())
    redraw_publishing.publish(town.session, first, "secretary")
    back = redraw_publishing.rollback(town.session, first, "manager", "撤回").plan["public_id"]
    with pytest.raises(InvalidMove, match="plan_takes_back") as told:
        redraw_moves.copy(town.session, back, "副本", "secretary", NOW)
    assert told.value.facts == {"name": "老街调整"}


# Taking again


def test_a_step_is_not_taken_again_over_other_ground_without_a_word(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    cut = {**split("C"), "line": line((-0.1, 5), (2.1, 5))}
    mine = begun(town.session, split(), cut)
    redraws.undo(town.session, mine, NOW)
    merged = {"op": "merge", "grids": [code_of("B"), code_of("C")], "into": code_of("C")}
    theirs(town, merged)
    with pytest.raises(Conflict, match="ground_changed") as told:
        redraws.redo(town.session, mine, NOW)
    assert told.value.facts["by"] == ["colleague"]
    assert len(redraws.drawn(town.session, mine).done) == 1
    shown = redraw_conflicts.under(town.session, redraws.plan(town.session, mine))
    assert [one.by for one in shown] == ["colleague"]
    assert [one.grid for one in shown] == told.value.facts["grids"]
    redraw_rebase.rebase(town.session, mine, "secretary", NOW)
    assert len(redraws.redo(town.session, mine, NOW).done) == 2


def test_what_was_published_elsewhere_is_left_out_and_all_other_steps_stay(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    merged = {"op": "merge", "grids": [code_of("B"), code_of("C")], "into": code_of("B")}
    mine = begun(town.session, merged, split())
    theirs(town, merged)
    drawn, left_out = redraw_rebase.rebase(town.session, mine, "secretary", NOW)
    assert [(one.op, one.grids, one.code) for one in left_out] == [
        ("merge", [code_of("B"), code_of("C")], "no_such_grid")
    ]
    assert len(drawn.done) == 1
    redraws.append(town.session, mine, split_b(), "secretary", NOW)
    redraw_publishing.publish(town.session, mine, "secretary")
    town.check()


def test_what_was_left_out_stays_with_the_draft_and_is_tried_again(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    merged = {"op": "merge", "grids": [code_of("B"), code_of("C")], "into": code_of("B")}
    mine = begun(town.session, {**split("C"), "line": line((-0.1, 5), (2.1, 5))}, split())
    other = theirs(town, merged)
    redraw_rebase.rebase(town.session, mine, "secretary", NOW)
    number = redraws.plan(town.session, mine)["id"]
    (kept,) = redraw_left_out.listing(town.session, number)
    assert (kept.op, kept.grids, kept.code) == ("split", [code_of("C")], "no_such_grid")
    with pytest.raises(InvalidRedraw, match="no_such_grid"), town.session.begin_nested():
        redraw_left_out.again(town.session, mine, kept.number, "secretary", NOW)
    assert redraw_left_out.listing(town.session, number) == [kept]
    redraw_publishing.rollback(town.session, other, "colleague", "撤回")
    drawn = redraw_left_out.again(town.session, mine, kept.number, "secretary", NOW)
    assert [set(one.changed) for one in drawn.done][-1] > {code_of("C")}
    assert redraw_left_out.listing(town.session, number) == []
    with pytest.raises(NotFound, match="no_left_out"):
        redraw_left_out.again(town.session, mine, kept.number, "secretary", NOW)


def test_what_was_left_out_is_forgotten_once_it_was_read(town: Town) -> None:
    town.drawn("AABBCC / AABBCC")
    merged = {"op": "merge", "grids": [code_of("B"), code_of("C")], "into": code_of("B")}
    mine = begun(town.session, merged)
    theirs(town, merged)
    _, (lost,) = redraw_rebase.rebase(town.session, mine, "secretary", NOW)
    assert redraw_left_out.forget(town.session, mine, [lost.number]) == []


# Buildings cut


def near(letter_column: float = 0.99) -> dict[str, Any]:
    return {**split(), "line": line((-0.1, letter_column), (2.1, letter_column))}


def code_of_house(town: Town, number: int) -> str:
    query = select(tables.building.c.code).where(tables.building.c.id == number)
    return str(town.session.scalar(query))


def test_no_building_is_cut_unless_somebody_says_so(town: Town) -> None:
    town.drawn("AABB / AABB")
    code = code_of_house(town, houses(town, (0.5, 1.0))[0])
    number = begun(town.session)
    with pytest.raises(InvalidRedraw, match="buildings_cut") as told:
        redraws.append(town.session, number, near(), "secretary", NOW)
    assert told.value.facts == {"buildings": [code], "count": 1, "courtyards": 0}
    assert told.value.place is not None
    assert told.value.remedy is not None
    assert told.value.remedy.changes == {"cuts": [code]}
    assert not redraws.drawn(town.session, number).done
    tried = redraws.append(town.session, number, near(), "secretary", NOW, trial=True)
    assert redraw_preview.preview(town.session, tried).cut == [code]
    redraws.undo(town.session, number, NOW)
    said = {**near(), **told.value.remedy.changes}
    redraws.append(town.session, number, said, "secretary", NOW)
    redraw_publishing.publish(town.session, number, "secretary")
    town.check()


def test_a_building_that_came_up_since_is_asked_for_again(town: Town) -> None:
    town.drawn("AABB / AABB")
    drafted = begun(town.session, near())
    number = scheduled(town.session, near())
    town.building("新楼", 0.5, 1.0)
    with pytest.raises(InvalidRedraw, match="buildings_cut"):
        redraw_moves.move(town.session, drafted, "submit", "secretary", NOW)
    with pytest.raises(InvalidRedraw, match="buildings_cut"):
        redraw_publishing.publish(town.session, drafted, "secretary")
    due = redraw_schedule.publish_next(town.session, DAY)
    assert due is not None
    assert due.refused is not None
    assert due.refused.code == "buildings_cut"
    assert redraws.plan(town.session, number)["state"] == "conflicted"
    assert len(present(town.session)) == 2


def test_a_step_taken_again_asks_for_a_building_that_came_up_since(town: Town) -> None:
    town.drawn("AABB / AABB")
    mine = begun(town.session, near())
    redraws.undo(town.session, mine, NOW)
    town.building("新楼", 0.5, 1.0)
    with pytest.raises(InvalidRedraw, match="buildings_cut") as told, town.session.begin_nested():
        redraws.redo(town.session, mine, NOW)
    assert told.value.remedy is not None
    cuts = told.value.facts["buildings"]
    assert told.value.remedy.changes == {"cuts": cuts}
    assert isinstance(cuts, list)
    assert len(redraws.redo(town.session, mine, NOW, cuts=cuts).done) == 1
    redraw_publishing.publish(town.session, mine, "secretary")
    town.check()


# Days, and issues far from everybody


def test_no_day_is_set_that_nobody_will_answer_for(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = submitted(town.session, split())
    redraw_moves.move(town.session, number, "approve", "street", NOW)
    far = NOW.replace(year=9999)
    with pytest.raises(InvalidMove, match="day_too_far"):
        redraw_moves.move(town.session, number, "schedule", "street", NOW, due_at=far)
    with pytest.raises(InvalidMove, match="day_too_far"):
        redraw_locks.lock(town.session, WHOLE, code_of("B"), "拆迁中", far, "street", NOW)
    near_day = NOW + timedelta(days=365)
    redraw_moves.move(town.session, number, "schedule", "street", NOW, due_at=near_day)


def test_a_grid_is_given_up_though_its_issues_are_far_from_every_other(town: Town) -> None:
    town.drawn("AA..BB / AA..BB")
    issue = reported(town.session, 1.0, 0.5)
    number = begun(town.session, {"op": "close", "grid": code_of("A")})
    told = redraw_preview.preview(town.session, redraws.drawn(town.session, number))
    assert [(one.id, one.after) for one in told.issues] == [(issue, None)]
    done = redraw_publishing.publish(town.session, number, "secretary")
    assert [(one, after) for one, _, after in done.issues] == [(issue, None)]
    town.check()
