"""To whom an issue is new after each step."""

import pytest

from geodata.domain.arrival import AUDIENCE_OF, AUDIENCES, after, brought_in
from geodata.domain.issue import LEVELS
from geodata.domain.workflow import STEPS, Standing

OFFICE = "市容所"


@pytest.mark.parametrize(
    ("step", "status", "level", "handler", "new_to"),
    [
        ("dispatch", "dispatched", "grid", OFFICE, "department"),
        ("pass_on", "dispatched", "grid", OFFICE, "department"),
        ("pass_over", "reported", "grid", None, "grid"),
        ("hand_back", "returned", "grid", None, "community"),
        ("escalate", "accepted", "street", None, "street"),
        ("escalate", "dispatched", "community", OFFICE, "community"),
        ("bring_down", "accepted", "grid", None, "grid"),
        ("settle_ground", "accepted", "grid", None, "grid"),
        ("rework", "reworked", "grid", OFFICE, "department"),
        ("reopen", "reworked", "grid", None, "grid"),
        ("supervise", "accepted", "district", None, "district"),
        ("accept", "accepted", "grid", None, None),
        ("close", "closed", "grid", OFFICE, None),
        ("extend", "accepted", "grid", None, "street"),
    ],
)
def test_whoever_has_it_then_is_told(
    step: str, status: str, level: str, handler: str | None, new_to: str | None
) -> None:
    assert after(Standing(status, level, handler=handler), step, "street") == new_to


@pytest.mark.parametrize(
    ("status", "in_grid", "new_to"),
    [
        ("reported", True, "grid"),
        ("accepted", True, "grid"),
        ("accepted", False, "district"),
        ("handled", True, None),
        ("closed", False, None),
    ],
)
def test_what_has_come_is_new_while_something_is_to_be_done(
    status: str, in_grid: bool, new_to: str | None
) -> None:
    assert brought_in(status, in_grid=in_grid) == new_to


def test_every_step_leads_to_somebody_who_can_open_it() -> None:
    for step in STEPS:
        for level in LEVELS:
            told = after(Standing("accepted", level), step, None)
            assert told is None or told in AUDIENCES
    assert set(AUDIENCE_OF.values()) == set(AUDIENCES)
