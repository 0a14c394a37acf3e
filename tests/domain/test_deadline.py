"""Until when: hours of work, days off, make-up days, and the clock."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.deadline import Calendar, due, left, moved
from geodata.errors import WanggeError
from geodata.files import calendars

ZONE = ZoneInfo("Asia/Shanghai")
OWN = calendars.read()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "limit", "kind", "end"),
    [
        # a Monday morning: eight hours later the day is over
        ("2026-11-23 08:00", 1, "working_day", "2026-11-23 18:00"),
        # over lunch nobody works
        ("2026-11-23 11:00", 2, "working_hour", "2026-11-23 15:00"),
        ("2026-11-23 12:30", 1, "working_hour", "2026-11-23 15:00"),
        # Friday evening: the limit begins on Monday
        ("2026-11-27 20:00", 1, "working_day", "2026-11-30 18:00"),
        # the last day before the National Day: a week off, and the Saturday after it is worked
        ("2026-09-30 18:00", 2, "working_day", "2026-10-09 18:00"),
        ("2026-09-30 18:00", 3, "working_day", "2026-10-10 18:00"),
        # the Sunday that makes up for it is worked too
        ("2026-09-18 18:00", 1, "working_day", "2026-09-20 18:00"),
        # the Spring Festival of 2026, nine days
        ("2026-02-14 18:00", 1, "working_day", "2026-02-24 18:00"),
        # by the clock, holidays or not
        ("2026-10-01 23:00", 8, "urgent_hour", "2026-10-02 07:00"),
        ("2026-02-15 10:00", 1, "calendar_day", "2026-02-16 10:00"),
    ],
)
def test_a_limit_runs_out_when_people_would_say(
    start: str, limit: float, kind: str, end: str
) -> None:
    assert due(at(start), limit, kind, OWN) == at(end)


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    start = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # eight in the morning in China
    assert due(start, 1, "working_day", OWN) == at("2026-11-23 18:00")


moments = st.integers(1_735_700_000, 1_796_000_000).map(lambda s: datetime.fromtimestamp(s, ZONE))
kinds = st.sampled_from(["urgent_hour", "working_hour", "working_day", "calendar_day"])


@given(moments, st.integers(1, 400), kinds)
def test_what_is_left_at_the_start_is_the_whole(start: datetime, tenths: int, kind: str) -> None:
    limit = tenths / 10
    assert left(start, due(start, limit, kind, OWN), kind, OWN) == pytest.approx(limit, abs=1e-6)


def test_a_pause_gives_back_what_was_left_and_no_more() -> None:
    end = at("2026-11-25 18:00")
    paused, again = at("2026-11-25 14:00"), at("2026-12-07 08:00")
    assert moved(end, paused, again, ("working_hour", OWN)) == at("2026-12-07 12:00")
    late = at("2026-11-26 09:00")
    assert moved(end, late, again, ("working_hour", OWN)) == end


def test_the_calendar_says_which_years_it_knows() -> None:
    assert OWN.known == {2025, 2026}
    assert not OWN.works(date(2027, 2, 6))
    assert OWN.works(date(2026, 10, 10))
    assert not Calendar().works(date(2026, 10, 10))


def test_a_calendar_of_ones_own_is_read_or_its_row_named(tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("day,kind,name,source\n2027-02-20,work,春节,notice\n", "utf-8")
    assert calendars.read(file).works(date(2027, 2, 20))
    file.write_text("day,kind\n2027-02-20,work\n2027-02-30,off\n", "utf-8")
    with pytest.raises(WanggeError) as refused:
        calendars.read(file)
    assert (refused.value.code, refused.value.facts["row"]) == ("calendar_row", 3)
