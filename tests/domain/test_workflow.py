"""The life of an issue: the table holds together, and refuses what it must."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.issue import LEVELS, OVER, STATUSES
from geodata.domain.roles import TABLE, Role
from geodata.domain.workflow import (
    CLOCK,
    RANK,
    REPORTER,
    STEPS,
    Standing,
    Who,
    Word,
    offered,
    taken,
)
from geodata.errors import InvalidMove, NotAllowed

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAY = timedelta(days=1)
WORKER, SECRETARY, DISTRICT, CHECKER = (
    Who(frozenset({role})) for role in (Role.WORKER, Role.SECRETARY, Role.DISTRICT, Role.CHECKER)
)
RESIDENT = Who(reporter=True)
SAID = Word(
    "说明",
    "not_my_ground",
    "区城市管理执法局",
    "yellow",
    "good",
    NOW + 2 * DAY,
    "610902001003002",
    (109.03, 32.69),
)


def test_the_table_speaks_of_stages_that_there_are() -> None:
    for step in STEPS.values():
        assert set(step.sources) <= set(STATUSES)
        assert step.target in {*STATUSES, ""}
        assert all(
            by in (REPORTER, CLOCK) or any(by in TABLE[role] for role in RANK) for by in step.by
        )


def test_every_stage_can_be_reached_and_left() -> None:
    reached = {step.target for step in STEPS.values()} | {"reported"}
    assert set(STATUSES) <= reached
    for status in set(STATUSES) - set(OVER):
        at = Standing(status, "grid", NOW + DAY, paused="accepted")
        everybody = Who(frozenset(RANK))
        assert any(
            STEPS[name].target != "" or name == "resume" for name in offered(at, everybody, NOW)
        )


def test_a_small_thing_stays_in_the_grid() -> None:
    at = Standing("reported", "grid", NOW + DAY)
    for name in ("accept", "set_out", "settle"):
        at = taken(name, at, WORKER, SAID, NOW)
    at = taken("check", at, CHECKER, SAID, NOW)
    at = taken("close", at, CHECKER, SAID, NOW)
    at = taken("confirm", at, RESIDENT, SAID, NOW)
    assert (at.status, at.level, at.satisfaction) == ("closed", "grid", "good")


def test_what_has_climbed_is_for_those_who_stand_as_high() -> None:
    at = taken("escalate", Standing("accepted", "grid"), WORKER, SAID, NOW)
    assert at.level == "community"
    with pytest.raises(NotAllowed, match="step_not_yours"):
        taken("settle", at, WORKER, SAID, NOW)
    at = taken("bring_down", at, SECRETARY, SAID, NOW)
    assert taken("settle", at, WORKER, SAID, NOW).status == "handled"
    with pytest.raises(InvalidMove, match="level_top"):
        taken("escalate", Standing("accepted", "district"), DISTRICT, SAID, NOW)


def test_a_pause_keeps_the_stage() -> None:
    at = taken("suspend", Standing("dispatched", "grid", NOW + DAY), DISTRICT, SAID, NOW)
    assert (at.status, at.paused, at.paused_at) == ("suspended", "dispatched", NOW)
    assert taken("resume", at, DISTRICT, Word(), NOW).status == "dispatched"
    long = Word("等材料", until=NOW + 366 * DAY)
    with pytest.raises(InvalidMove, match="suspended_too_long"):
        taken("suspend", Standing("dispatched", "grid"), DISTRICT, long, NOW)


def test_each_bound_has_its_own_sentence() -> None:
    at = Standing("dispatched", "grid", NOW + DAY)
    with pytest.raises(InvalidMove, match="extended_too_long"):
        taken("extend", at, DISTRICT, Word("等材料", until=NOW + 366 * DAY), NOW)
    with pytest.raises(InvalidMove, match="extended_backwards"):
        taken("extend", at, DISTRICT, Word("等材料", until=NOW - DAY), NOW)
    with pytest.raises(InvalidMove, match="step_needs"):
        taken("settle", Standing("accepted", "grid"), WORKER, Word("\u200b"), NOW)


def test_what_was_handled_is_confirmed_once() -> None:
    at = taken("confirm", Standing("handled", "grid"), RESIDENT, SAID, NOW)
    with pytest.raises(InvalidMove, match="confirmed_already"):
        taken("confirm", at, RESIDENT, SAID, NOW)
    assert taken("reopen", at, RESIDENT, SAID, NOW).satisfaction is None


def test_ground_is_settled_with_a_place_and_leaves_the_department_behind() -> None:
    at = Standing("dispatched", "grid", NOW + DAY, handler="城管局")
    with pytest.raises(InvalidMove) as refused:
        taken("settle_ground", at, SECRETARY, Word("归三网格"), NOW)
    assert refused.value.facts["needs"] == ["place"]
    assert taken("settle_ground", at, SECRETARY, SAID, NOW).handler is None
    again = Standing("reworked", "grid", NOW + DAY, handler="城管局")
    assert taken("pass_over", again, WORKER, SAID, NOW).handler is None


def test_an_extension_comes_in_time_and_twice_at_most() -> None:
    at = Standing("dispatched", "grid", NOW + DAY)
    at = taken("extend", taken("extend", at, DISTRICT, SAID, NOW), DISTRICT, SAID, NOW)
    with pytest.raises(InvalidMove, match="extended_enough"):
        taken("extend", at, DISTRICT, SAID, NOW)
    with pytest.raises(InvalidMove, match="overdue_already"):
        taken("extend", Standing("dispatched", "grid", NOW - DAY), DISTRICT, SAID, NOW)


def test_what_must_be_said_is_named() -> None:
    with pytest.raises(InvalidMove) as refused:
        taken("hand_back", Standing("accepted", "grid"), WORKER, Word("不管"), NOW)
    assert refused.value.facts["needs"] == ["reason"]
    with pytest.raises(InvalidMove, match="step_needs"):
        taken("hand_back", Standing("accepted", "grid"), WORKER, Word(reason="tired"), NOW)


def test_nobody_confirms_but_who_reported() -> None:
    for role in Role:
        with pytest.raises(NotAllowed):
            taken("confirm", Standing("closed", "grid"), Who(frozenset({role})), SAID, NOW)
    assert taken("reopen", Standing("closed", "grid"), RESIDENT, SAID, NOW).status == "reworked"


standings = st.builds(
    Standing,
    st.sampled_from(STATUSES),
    st.sampled_from(LEVELS),
    st.sampled_from([None, NOW - DAY, NOW + DAY]),
    extensions=st.integers(0, 3),
    reopenings=st.integers(0, 4),
)
people = st.builds(Who, st.frozensets(st.sampled_from(list(Role))), st.booleans())


@given(standings, people)
def test_what_is_offered_can_be_done_and_nothing_else(at: Standing, who: Who) -> None:
    able = offered(at, who, NOW)
    for name in STEPS:
        try:
            after = taken(name, at, who, SAID, NOW)
        except (InvalidMove, NotAllowed):
            assert name not in able
        else:
            assert name in able
            assert after.status in STATUSES
            assert after.level in LEVELS
