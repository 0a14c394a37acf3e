"""Who may do what, and where: the table and its questions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.roles import (
    ANYBODY,
    APART,
    EVERYWHERE,
    NOBODY,
    NOWHERE,
    ON_HANDED,
    ON_POSTS,
    TABLE,
    Action,
    Actor,
    Grant,
    Role,
    Scope,
    may,
    roles,
    scopes,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OWN, NEIGHBOUR = "610902001003", "610902001004"
GRID = "610902001003001"


def holder(*grants: Grant) -> Actor:
    return Actor(1, "某人", grants)


def secretary(scope: str = OWN, until: datetime | None = None) -> Grant:
    return Grant(Role.SECRETARY, scope, NOW - DAY, until)


def test_the_table_speaks_of_every_role_and_every_action_is_somebodys() -> None:
    assert set(TABLE) == set(Role)
    given_out = {action for actions in TABLE.values() for action in actions}
    assert given_out | ANYBODY | {Action.OWN_ACCOUNT} == set(Action)


def test_whoever_keeps_accounts_does_not_read_the_trail_nor_the_other_way_round() -> None:
    keeper, watcher = (TABLE[role] for role in APART)
    assert Action.MANAGE_ACCOUNTS in keeper - watcher
    assert Action.READ_AUDIT in watcher - keeper
    for role, actions in TABLE.items():
        assert not {Action.MANAGE_ACCOUNTS, Action.READ_AUDIT} <= actions, role


def test_powers_over_the_system_give_no_sight_of_issues() -> None:
    for role in APART:
        assert not TABLE[role] & {Action.SEE_ISSUES, Action.UNMASK_CONTACT, Action.EXPORT}


@pytest.mark.parametrize("action", Action)
def test_a_resident_sees_the_ground_and_reports_and_nothing_else(action: Action) -> None:
    expected = EVERYWHERE if action in (Action.SEE_GROUND, Action.REPORT) else NOWHERE
    assert scopes(NOBODY, action, NOW) == expected


def test_an_account_without_a_role_has_itself() -> None:
    bare = holder()
    assert scopes(bare, Action.OWN_ACCOUNT, NOW).everywhere
    assert not scopes(bare, Action.SEE_ISSUES, NOW)


def test_a_secretary_rules_the_own_community_and_not_the_next() -> None:
    actor = holder(secretary())
    assert may(actor, Action.SEE_ISSUES, GRID, NOW)
    assert may(actor, Action.SUBMIT_REDRAW, OWN, NOW)
    assert not may(actor, Action.SEE_ISSUES, NEIGHBOUR, NOW)
    assert not may(actor, Action.SEE_ISSUES, OWN[:9], NOW)
    assert not may(actor, Action.PUBLISH_REDRAW, OWN, NOW)


def test_a_worker_follows_the_posts_and_not_the_prefix() -> None:
    actor = holder(Grant(Role.WORKER, "", NOW - DAY, posts=(GRID,)))
    assert scopes(actor, Action.HANDLE_ISSUE, NOW).grids == (GRID,)
    assert may(actor, Action.SEE_ISSUES, GRID, NOW)
    assert not may(actor, Action.SEE_ISSUES, GRID[:-1] + "2", NOW)
    assert not may(actor, Action.SEE_ISSUES, OWN, NOW)
    assert actor.grids == (GRID,)


def test_a_grid_without_a_code_of_the_scheme_is_no_prefix_of_another() -> None:
    actor = holder(Grant(Role.WORKER, "", NOW - DAY, posts=("1",)))
    assert may(actor, Action.SEE_ISSUES, "1", NOW)
    assert not may(actor, Action.SEE_ISSUES, "12", NOW)


def test_grants_begin_and_end() -> None:
    actor = holder(secretary(until=NOW + DAY))
    assert may(actor, Action.EXPORT, OWN, NOW)
    assert not may(actor, Action.EXPORT, OWN, NOW - 2 * DAY)
    assert not may(actor, Action.EXPORT, OWN, NOW + DAY)
    assert roles(actor, NOW) == (Role.SECRETARY,)
    assert roles(actor, NOW + DAY) == ()


def test_a_deputy_has_the_absent_ones_ground_for_the_days_named() -> None:
    leave = Grant(Role.WORKER, "", NOW, NOW + 7 * DAY, deputy_of=9, posts=(GRID,))
    actor = holder(leave)
    assert may(actor, Action.HANDLE_ISSUE, GRID, NOW)
    assert not may(actor, Action.HANDLE_ISSUE, GRID, NOW + 7 * DAY)
    assert actor.grids == ()


def test_a_row_is_within_by_any_of_its_tiers() -> None:
    scope = scopes(holder(secretary("X")), Action.SEE_ISSUES, NOW)
    assert scope.covers("street", "X", "17")
    assert not scope.covers("street", "Y", "17")
    assert not scope.covers(None)
    assert EVERYWHERE.covers(None)


CODES = st.sampled_from(["", "61", OWN[:9], OWN, NEIGHBOUR, GRID, "620902001001"])


@given(
    st.lists(st.tuples(st.sampled_from(Role), CODES), max_size=6), st.sampled_from(Action), CODES
)
def test_the_scope_is_minimal_and_the_same_as_asking_each_grant(
    held: list[tuple[Role, str]], action: Action, code: str
) -> None:
    grants = tuple(Grant(role, scope, NOW, posts=(GRID,)) for role, scope in held)
    actor, scope = holder(*grants), scopes(holder(*grants), action, NOW)
    for one in scope.prefixes:
        assert not any(one != two and one.startswith(two) for two in scope.prefixes)
    assert not any(grid.startswith(scope.prefixes or "\0") for grid in scope.grids)
    by_each = any(
        (code == GRID if role in ON_POSTS else code.startswith(prefix)) and action in TABLE[role]
        for role, prefix in held
        if not (role is Role.DEPARTMENT and action in ON_HANDED)  # that lies where it was handed
    )
    always = action in ANYBODY or action is Action.OWN_ACCOUNT
    expected = always or (by_each and bool(code)) or (scope.everywhere and not code)
    assert may(actor, action, code, NOW) == expected


def test_a_ground_encloses_what_lies_within_it_as_a_whole() -> None:
    street = Scope(("610902001",))
    assert street.encloses(Scope(("610902001003",), ("610902001004001",)))
    assert street.encloses(street)
    assert not street.encloses(Scope(("610902001003", "610902002")))
    assert not street.encloses(EVERYWHERE)
    assert EVERYWHERE.encloses(EVERYWHERE)
