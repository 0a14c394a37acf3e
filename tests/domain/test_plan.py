"""What a plan goes through: the table of moves."""

import pytest

from geodata.domain import plan
from geodata.domain.plan import State
from geodata.domain.roles import TABLE, Action, Role
from geodata.errors import InvalidMove


def test_a_plan_gets_from_the_secretary_to_the_map_and_back() -> None:
    state = State.DRAFT
    for name in ("submit", "return", "submit", "withdraw", "submit", "approve", "schedule"):
        state = plan.move(name, state, remarks="请再看看").target
    assert state == State.SCHEDULED
    assert plan.move("conflict", state).target == State.CONFLICTED
    assert plan.move("publish", state).target == State.PUBLISHED


@pytest.mark.parametrize(
    ("name", "state", "own", "code"),
    [
        ("approve", "draft", True, "plan_elsewhere"),
        ("publish", "submitted", True, "plan_elsewhere"),
        ("publish", "returned", True, "plan_elsewhere"),
        ("publish", "draft", False, "plan_of_another"),
        ("withdraw", "submitted", False, "plan_of_another"),
        ("discard", "submitted", False, "plan_of_another"),
        ("discard", "approved", True, "plan_elsewhere"),
        ("submit", "published", True, "plan_closed"),
        ("discard", "discarded", True, "plan_closed"),
        ("return", "submitted", True, "remarks_missing"),
    ],
)
def test_other_moves_are_refused(name: plan.Name, state: str, own: bool, code: str) -> None:
    with pytest.raises(InvalidMove, match=code):
        plan.move(name, state, own=own)


def test_a_secretary_neither_approves_nor_publishes_and_a_street_does_both() -> None:
    def may(role: Role) -> set[str]:
        return {move.name for move in plan.BY_HAND if move.action in TABLE[role]}

    assert may(Role.SECRETARY) == {"submit", "withdraw", "rebase", "discard"}
    assert may(Role.STREET) == {move.name for move in plan.BY_HAND}
    assert not any(may(role) for role in (Role.WORKER, Role.DISPATCHER, Role.AUDITOR))


def test_every_state_leads_on_but_the_last() -> None:
    sources = {state for move in plan.BY_HAND for state in move.sources}
    assert sources == plan.COMPUTED
    assert {move.target for move in plan.TABLE} == set(State)
    assert plan.MOVES["publish"].action == Action.PUBLISH_REDRAW
