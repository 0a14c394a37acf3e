"""What a party group serves beyond its grid is shared out, grid by grid, until it is within."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from geodata.db import groups, tables
from geodata.db.scoping import NONE, WHOLE
from geodata.domain.coverage.gap import Gap
from geodata.errors import InvalidMove, NotFound
from geodata.services import coverage, coverage_groups
from tests.makers import Town, code_of
from tests.services.test_coverage import house, staffed
from tests.services.test_coverage_closing import community_party

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
org, home = tables.party_org.c, tables.building.c


def group_of(town: Town, letter: str) -> int:
    query = select(func.min(org.id)).where(org.grid_id == town.grids[letter])
    return int(town.session.scalars(query).one())


def gap_of(town: Town, kind: str, letter: str) -> Gap | None:
    told = coverage.present(town.session, NOW)
    return next((gap for gap in told if gap.key == (kind, code_of(letter))), None)


def served(town: Town, group: int) -> int:
    query = select(func.count()).where(home.party_group_id == group)
    return int(town.session.scalars(query).one())


def crowded(town: Town) -> int:
    """The group of A, which serves its own grid, three houses of C and was given D; 630 in all."""
    town.drawn("ABCD")
    staffed(town, "A", "B", "C")
    community_party(town)
    for letter, column in (("A", 0), ("C", 2), ("D", 3)):
        for n in (0.2, 0.5, 0.8):
            house(town, (n, column + 0.5), letter, "A")
    town.session.execute(update(tables.building).values(households=70))
    number = group_of(town, "A")
    groups.take_over(town.session, number, code_of("D"), NOW)
    return number


def test_a_group_with_too_much_gives_back_or_hands_on_a_grid(town: Town) -> None:
    number = crowded(town)
    gap = gap_of(town, "group_overloaded", "A")
    assert gap
    assert [(one["grid"], one["way"], one["given"]) for one in gap.facts["shares"]] == [
        (code_of("C"), "give_back", False),
        (code_of("D"), "hand_over", True),
    ]
    takers = [one["group"] for one in gap.facts["shares"][1]["offers"]]
    assert set(takers) == {group_of(town, "B"), group_of(town, "C")}
    key, grid = gap.key, code_of("D")
    with pytest.raises(NotFound, match="no_gap"):
        coverage_groups.share_out(town.session, NONE, key, grid, takers[0], NOW)
    with pytest.raises(NotFound, match="no_gap"):
        coverage_groups.share_out(town.session, WHOLE, key, code_of("B"), takers[0], NOW)
    with pytest.raises(InvalidMove, match="group_no_room"):
        coverage_groups.share_out(town.session, WHOLE, key, grid, number, NOW)
    _, moved = coverage_groups.share_out(town.session, WHOLE, key, grid, takers[0], NOW)
    assert (moved.way, moved.buildings) == ("hand_over", 3)
    assert gap_of(town, "group_overloaded", "A") is None
    astride = gap_of(town, "group_astride", "A")
    assert astride
    assert astride.action == "give_back"
    coverage_groups.give_back(town.session, WHOLE, code_of("A"), NOW)
    own, taker = group_of(town, "C"), takers[0]
    assert served(town, number) == 3
    assert served(town, taker) == (6 if taker == own else 3)


def test_a_grid_gets_a_group_of_its_own_from_one_with_too_much(town: Town) -> None:
    number = crowded(town)
    with pytest.raises(InvalidMove, match="leader_unnamed"):
        coverage_groups.share_out(
            town.session, WHOLE, ("group_overloaded", code_of("A")), code_of("D"), " ", NOW
        )
    _, moved = coverage_groups.share_out(
        town.session, WHOLE, ("group_overloaded", code_of("A")), code_of("D"), "王芳", NOW
    )
    assert (moved.way, moved.group) == ("set_up_group", group_of(town, "D"))
    assert (served(town, moved.group), served(town, number)) == (3, 6)
    assert not town.session.scalars(select(tables.joint_group.c.grid_id)).all()
    assert gap_of(town, "group_overloaded", "A") is None


def test_a_group_astride_a_grid_without_one_is_told_to_set_one_up_first(town: Town) -> None:
    town.drawn("AB")
    staffed(town, "A")
    community_party(town)
    house(town, (0.5, 1.5), "B", "A")
    gap = gap_of(town, "group_astride", "A")
    assert gap
    assert (gap.action, gap.facts["lone"]) == ("share_back", [code_of("B")])
    with pytest.raises(InvalidMove, match="no_group_there"):
        coverage_groups.give_back(town.session, WHOLE, code_of("A"), NOW)
    coverage_groups.share_out(town.session, WHOLE, gap.key, code_of("B"), "王芳", NOW)
    assert gap_of(town, "group_astride", "A") is None
    assert gap_of(town, "grid_without_group", "B") is None


def test_houses_that_were_left_out_are_enrolled_at_once(town: Town) -> None:
    town.drawn("AB")
    staffed(town, "A", "B")
    for n in (0.2, 0.5, 0.8):
        house(town, (n, 0.5), "A")
    told = [g for g in coverage.present(town.session, NOW) if g.kind == "building_without_group"]
    assert {(gap.facts["left_out"], gap.facts["left_out_households"]) for gap in told} == {(3, 90)}
    own = group_of(town, "A")
    assert told[0].facts["all_offers"][0]["group"] == own
    found = coverage_groups.left_out(town.session, WHOLE, [code_of("A"), code_of("B")], NOW)
    assert [(one.grid, one.buildings) for one in found] == [(code_of("A"), 3)]
    with pytest.raises(NotFound, match="no_gap"):
        coverage_groups.enrol(town.session, WHOLE, code_of("B"), own, NOW)
    _, name, count = coverage_groups.enrol(town.session, WHOLE, code_of("A"), own, NOW)
    assert (name, count, served(town, own)) == ("党小组A", 3, 3)
    assert not coverage_groups.left_out(town.session, WHOLE, [code_of("A")], NOW)


def test_without_a_party_organisation_no_group_is_offered_to_be_set_up(town: Town) -> None:
    town.drawn("AB")
    staffed(town, "B")
    house(town, (0.5, 0.5), "A")
    town.session.execute(update(tables.building).values(households=600))
    gap = gap_of(town, "grid_without_group", "A")
    assert gap
    assert gap.action == "bring_party"
    community_party(town)
    again = gap_of(town, "grid_without_group", "A")
    assert again
    assert again.action == "set_up_group"
