"""What plans must not do: use a code again, lose steps, publish unasked, or stop the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import RowMapping, func, insert, select, text, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.db.scoping import WHOLE
from geodata.domain import lattice, plain
from geodata.errors import Conflict, InvalidMove, InvalidRedraw
from geodata.services import (
    redraw_codes,
    redraw_moves,
    redraw_publishing,
    redraw_schedule,
    redraws,
    suggestion_drafts,
    suggestion_ground,
)
from geodata.services.suggestion_drafts import Choice
from tests.drawing import draw, line
from tests.makers import COMMUNITY, STREET, Town, code_of
from tests.services.test_plan_moves import DAY, scheduled
from tests.services.test_redraws import NOW, begun, give, merge, present, split, split_b


def kept(code: str, letter: str, community: str = COMMUNITY) -> dict[str, Any]:
    """The restoring of a grid to the ground that a letter has in a picture."""
    area = plain.area_of(lattice.to_units(draw("AABB / AABB")[letter]))
    facts = {"code": code, "community": community, "kind": "basic", "multipart": False}
    return {"op": "restore", "grids": [{**facts, "area": area}]}


def test_new_grids_are_numbered_as_they_were_made(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split_b())
    first = redraws.drawn(town.session, number).codes
    redraws.append(town.session, number, split(), "secretary", NOW)
    both = redraws.drawn(town.session, number).codes
    assert [*first.values()] == [code_of("C")]
    assert both == {**first, f"{COMMUNITY}+002": code_of("D")}


def test_a_code_that_was_used_is_not_used_again(town: Town) -> None:
    town.drawn("AABB / AABB")
    redraw_publishing.publish(town.session, begun(town.session, merge("A", "B")), "secretary")
    with pytest.raises(InvalidRedraw, match="no_such_grid"):
        begun(town.session, kept(code_of("B"), "B"))


def test_a_code_of_another_community_is_not_taken(town: Town) -> None:
    town.drawn("AABB / AABB")
    other = f"{STREET}999"
    values = {"code": other, "street_code": STREET, "name": "别的社区"}
    town.session.execute(insert(tables.community).values(**values))
    grid = {"code": f"{other}001", "community_code": other, "name": "别的网格", "kind": "basic"}
    town.session.execute(insert(tables.grid).values(**grid))
    with pytest.raises(InvalidRedraw, match="no_such_grid"):
        begun(town.session, kept(f"{other}001", "B"), kept(code_of("B"), "B"))


@pytest.mark.parametrize(
    "code", ["x+y", f"{COMMUNITY}+y", "610902001999+001", f"{COMMUNITY}+999999"]
)
def test_provisional_codes_are_not_made_up(town: Town, code: str) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session)
    area = plain.area_of(lattice.to_units(draw("AABB / AABB")["A"]))
    adopt = {"op": "adopt", "community": COMMUNITY, "grids": [[code, area]]}
    for step in (adopt, kept(code, "A")):
        with pytest.raises(InvalidRedraw, match="intent_unreadable"):
            redraws.append(town.session, number, step, "secretary", NOW)


def test_a_provisional_code_that_was_taken_back_is_not_named_again(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    redraws.undo(town.session, number, NOW)
    redraws.append(town.session, number, split(), "secretary", NOW)
    drawn = redraws.drawn(town.session, number)
    assert list(drawn.codes) == [f"{COMMUNITY}+002"]
    assert redraw_codes.highest(town.session, drawn.plan) == 2


def test_a_suggestion_does_not_undo_what_was_drawn(town: Town) -> None:
    town.drawn("AABB / AABB")
    grids = [
        {"code": code_of(letter), "area": plain.area_of(lattice.to_units(shape))}
        for letter, shape in draw("AAAB / AAAB").items()
    ]
    found = {"state": "done", "found": {"alternatives": [{"grids": grids}]}, "base": {}}
    job = cast("RowMapping", {**found, "community_code": COMMUNITY})
    number = begun(town.session, split_b())
    with pytest.raises(Conflict, match="suggestion_over_steps") as refused:
        suggestion_drafts.accept(town.session, job, number, Choice(0), "secretary", NOW)
    assert refused.value.facts["grids"] == [code_of("B"), code_of("C")]
    assert len(redraws.drawn(town.session, number).done) == 1
    fresh = begun(town.session)
    for _ in range(2):  # what was accepted may be accepted otherwise
        drawn = suggestion_drafts.accept(town.session, job, fresh, Choice(0, [0]), "secretary", NOW)
        redraws.undo(town.session, fresh, NOW)
    assert drawn.after[code_of("A")].degrees.equals(draw("AAAB / AAAB")["A"])


def test_a_suggestion_is_stale_where_its_ground_is_another_and_not_for_what_came_between(
    town: Town,
) -> None:
    town.drawn("AABBCC / AABBCC")
    grids = [
        {
            "code": code_of(letter),
            "area": plain.area_of(lattice.to_units(draw("AAABCC / AAABCC")[letter])),
        }
        for letter in "AB"
    ]
    rows = suggestion_ground.present(town.session, COMMUNITY)
    base = {row["code"]: row["boundary_id"] for row in rows if row["code"]}
    found = {"state": "done", "found": {"alternatives": [{"grids": grids}]}, "base": base}
    job = cast("RowMapping", {**found, "community_code": COMMUNITY})
    for step in (split("A"), {**split("C"), "line": line((-0.1, 5), (2.1, 5))}):
        other = begun(town.session, step)
        redraw_publishing.publish(town.session, other, "secretary")
        draft = begun(town.session)
        if step["grid"] == code_of("A"):
            with pytest.raises(Conflict, match="suggestion_stale"):
                suggestion_drafts.accept(town.session, job, draft, Choice(0, [0]), "secretary", NOW)
            redraw_publishing.rollback(town.session, other, "secretary", "撤回")
        drawn = suggestion_drafts.accept(town.session, job, draft, Choice(0, [0]), "secretary", NOW)
        assert code_of("A") in drawn.changed


def test_a_plan_is_taken_back_once_and_tells_by_what(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    redraw_publishing.publish(town.session, number, "secretary")
    assert redraws.plan(town.session, number)["rolled_back"] is None
    back = redraw_publishing.rollback(town.session, number, "manager", "撤回").plan
    told = redraws.plan(town.session, number)["rolled_back"]
    assert (told["plan"], told["name"], told["by"]) == (str(back["public_id"]), "撤回", "manager")
    assert told["at"]
    with pytest.raises(InvalidMove, match="plan_rolled_back"):
        redraw_publishing.rollback(town.session, number, "manager", "再撤")


def test_only_its_author_takes_back_what_is_submitted(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = begun(town.session, split())
    redraw_moves.move(town.session, number, "submit", "secretary", NOW)
    for name in ("withdraw", "discard"):
        with pytest.raises(InvalidMove, match="plan_of_another"):
            redraw_moves.move(town.session, number, name, "street", NOW)
    assert redraw_moves.move(town.session, number, "withdraw", "secretary", NOW)["state"] == "draft"


def test_empty_drafts_are_not_listed(town: Town) -> None:
    town.drawn("AABB / AABB")
    begun(town.session)
    drawn = begun(town.session, give())
    rows = redraws.listing(town.session, WHOLE, None)
    assert {row["public_id"] for row in rows} == {drawn}


def test_a_plan_that_never_ends_is_given_up_and_says_so(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = scheduled(town.session, split())
    for _ in range(redraw_schedule.MOST_ATTEMPTS + 1):
        assert redraw_schedule.attempt_next(town.session, DAY + timedelta(hours=1)) == number
        assert redraw_schedule.attempt_next(town.session, DAY) is None
    due = redraw_schedule.publish_next(town.session, DAY, number)
    assert due is not None
    assert due.refused is not None
    assert redraws.plan(town.session, number)["conflict"]["code"] == "publish_broken"
    assert redraws.plan(town.session, number)["attempts"] == 0


def test_who_set_the_day_must_still_publish_there_on_it(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = scheduled(town.session, split())
    ended = func.tstzrange(func.lower(tables.account_grant.c.during), NOW)
    town.session.execute(update(tables.account_grant).values(during=ended))
    assert _conflict(town.session, number) == {"code": "publisher_gone", "facts": {"by": "street"}}
    assert len(present(town.session)) == 2


def test_a_plan_that_the_database_refuses_is_marked_and_the_next_is_published(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = scheduled(town.session, split())
    other = scheduled(town.session, give())
    last = town.session.scalar(select(func.max(tables.grid.c.id)))
    town.session.execute(text(f"alter table grid add constraint full_up check (id <= {last})"))
    assert _conflict(town.session, number)["code"] == "no_division"
    due = redraw_schedule.publish_next(town.session, DAY)
    assert due is not None
    assert (due.plan, due.refused) == (other, None)
    town.check()


def test_a_plan_whose_boundaries_are_refused_is_marked(town: Town) -> None:
    town.drawn("AABB / AABB")
    number = scheduled(town.session, split())
    last = town.session.scalar(select(func.max(tables.boundary.c.id)))
    town.session.execute(text("set constraints all immediate"))
    full = f"alter table boundary add constraint full_up check (id <= {last})"
    town.session.execute(text(full))
    assert _conflict(town.session, number)["code"] == "no_division"
    assert len(present(town.session)) == 2


def _conflict(session: Session, number: Any) -> Any:
    due = redraw_schedule.publish_next(session, DAY)
    assert due is not None
    assert due.plan == number
    found = redraws.plan(session, number)
    assert found["state"] == "conflicted"
    return found["conflict"]
