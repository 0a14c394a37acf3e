"""Spans of days as they are lived in the district, whatever the clock of the server."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from geodata.domain.period import Period, between, last
from geodata.errors import WanggeError

HERE = ZoneInfo("Asia/Shanghai")
LATE = datetime(2026, 1, 1, 16, 30, tzinfo=UTC)
"""Half past midnight of 2 January in the district, still 1 January in Greenwich."""


@pytest.mark.parametrize(
    ("period", "first"),
    [("today", "2026-01-02"), ("7d", "2025-12-27"), ("30d", "2025-12-04"), ("year", "2026-01-01")],
)
def test_a_period_begins_at_midnight_in_the_district(period: Period, first: str) -> None:
    since, until = last(period, LATE, HERE)
    assert since == datetime.fromisoformat(f"{first}T00:00+08:00")
    assert until is None


def test_the_last_day_is_included_to_its_end() -> None:
    since, until = between(date(2026, 2, 27), date(2026, 2, 28), HERE)
    assert since == datetime.fromisoformat("2026-02-27T00:00+08:00")
    assert until == datetime.fromisoformat("2026-03-01T00:00+08:00")


def test_a_span_may_be_open_on_either_side() -> None:
    assert between(None, None, HERE) == (None, None)
    assert between(date(2026, 1, 1), None, HERE)[1] is None
    assert between(None, date(2026, 1, 1), HERE)[0] is None


def test_days_in_the_wrong_order_are_refused_with_both_days() -> None:
    with pytest.raises(WanggeError) as refused:
        between(date(2026, 3, 2), date(2026, 3, 1), HERE)
    assert refused.value.code == "days_backwards"
    assert refused.value.facts == {"since": "2026-03-02", "until": "2026-03-01"}


def test_a_day_with_a_change_of_clocks_is_as_long_as_it_is() -> None:
    since, until = between(date(2026, 3, 29), date(2026, 3, 29), ZoneInfo("Europe/Berlin"))
    assert since
    assert until
    assert (until.astimezone(UTC) - since.astimezone(UTC)).total_seconds() == 23 * 3600
