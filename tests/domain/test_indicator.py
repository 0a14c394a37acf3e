"""Indicators against an independent count with pandas, and intervals against known values."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.domain import indicator, interval, span
from geodata.domain.indicator import INDICATORS, Issues
from geodata.errors import NotFound

NAN = float("nan")
HOUR = 3600.0
moment = st.integers(0, 40).map(lambda n: n * HOUR)
missing = st.none() | moment
ROWS = st.lists(
    st.tuples(
        *(moment, missing, missing, missing, st.booleans(), st.booleans()),
        *(st.integers(0, 3), st.integers(-1, 3)),
    ),
    max_size=40,
)


def table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    names = ["reported", "due", "handled", "closed", "dropped", "reworked", "rating", "grid"]
    return pd.DataFrame(rows, columns=names)


def frame(rows: list[tuple[object, ...]]) -> Issues:
    told = table(rows)
    floats = [told[n].astype(float).to_numpy() for n in ("reported", "due", "handled", "closed")]
    flags = [told[n].astype(bool).to_numpy() for n in ("dropped", "reworked")]
    ints = [told[n].astype(np.int64).to_numpy() for n in ("rating", *["grid"] * 4)]
    return Issues(*floats, *flags, *ints)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, since=st.integers(0, 20), length=st.integers(1, 20), now=st.integers(0, 50))
def test_every_count_is_what_a_loop_over_the_issues_finds(
    rows: list[tuple[object, ...]], since: int, length: int, now: int
) -> None:
    window = (since * HOUR, (since + length) * HOUR, now * HOUR)
    end = min(window[1], window[2])
    found = indicator.summed(indicator.counted(frame(rows), window), frame(rows).grid, 4)
    told = table(rows)
    for grid in range(4):
        here = told[told.grid == grid]
        kept = here[~here.dropped.astype(bool)]
        due = kept[kept.due.notna() & (kept.due >= window[0]) & (kept.due < end)]
        done = kept[kept.handled.notna() & (kept.handled >= window[0]) & (kept.handled < end)]
        over = kept[kept.closed.notna() & (kept.closed >= window[0]) & (kept.closed < end)]
        rated = over[over.rating > 0]
        hours = (done.handled.astype(float) - done.reported) / HOUR
        counts = found[grid]
        assert counts["reported"] == here.reported.between(window[0], end, "left").sum()
        assert counts["due"] == len(due)
        assert counts["in_time"] == sum(
            h <= d for h, d in zip(due.handled, due.due, strict=True) if pd.notna(h)
        )
        assert counts["closed"] == sum(c <= window[2] for c in due.closed if pd.notna(c))
        assert counts["late"] == sum(pd.isna(h) or h > window[2] for h in due.handled)
        assert counts["reworked"] == due.reworked.sum()
        assert counts["handled"] == len(done)
        assert counts["hours"] == pytest.approx(hours.sum())
        assert (counts["rated"], counts["content"]) == (len(rated), (rated.rating < 3).sum())


def test_intervals_are_those_of_the_literature() -> None:
    # Newcombe 1998, table I (81 of 263; 15 of 148) and II (56/70 against 48/80).
    assert interval.share(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval.share(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert interval.share(0, 20)[0] == 0
    assert interval.difference((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert interval.events(10) == pytest.approx((4.795, 18.39), abs=0.05)  # exact by chi-square
    assert interval.events(0)[0] == 0
    values = np.array([2.0, 4.0, 9.0])
    half = 1.959964 * values.std(ddof=1) / np.sqrt(3)
    told = interval.mean(float(values.sum()), float((values**2).sum()), 3)
    assert told == pytest.approx((max(0, 5 - half), 5 + half), abs=1e-5)


def test_small_samples_are_shown_and_not_ranked() -> None:
    few = indicator.figure(INDICATORS["closed"], {"closed": 5, "due": 6})
    many = indicator.figure(INDICATORS["closed"], {"closed": 50, "due": 60})
    none = indicator.figure(INDICATORS["closed"], {"closed": 0, "due": 0})
    assert few.value == 5 / 6
    assert (few.ranked, many.ranked) == (False, True)
    assert (none.value, none.interval, none.ranked) == (None, None, False)
    assert (indicator.changed(few, many), indicator.changed(many, few)) == ("few", "few")
    assert indicator.changed(none, many) == "same"
    worse = indicator.figure(INDICATORS["closed"], {"closed": 20, "due": 60})
    assert indicator.changed(worse, many) == "worse"
    late = indicator.figure(INDICATORS["late"], {"late": 40, "due": 60})
    assert (
        indicator.changed(late, indicator.figure(INDICATORS["late"], {"late": 5, "due": 60}))
        == "worse"
    )


def test_heat_is_by_residents_and_told_only_where_enough_is_expected() -> None:
    counts = [{"reported": n, "residents": r} for n, r in ((40, 1000), (10, 1000), (9, 20))]
    heat, mean = INDICATORS["heat"], indicator.expected(counts, INDICATORS["heat"])
    figures = [indicator.figure(heat, c, e) for c, e in zip(counts, mean, strict=True)]
    whole = indicator.figure(heat, {"reported": 59, "residents": 2020})
    assert figures[0].value == 40
    assert [one.ranked for one in figures] == [True, True, False]
    assert indicator.warmth(figures, whole) == [3, 0, None]


def test_weeks_and_months_have_no_gap_over_a_change_of_year() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    week = span.present("week", datetime(2027, 1, 2, 20, tzinfo=UTC), zone)
    assert (week.name, week.first, week.last) == ("2026-W53", date(2026, 12, 28), date(2027, 1, 3))
    assert span.named("2026-W53") == week
    for every in ("week", "month"):
        spans = span.last(span.of(every, date(2027, 1, 3)), 30)
        pairs = itertools.pairwise(spans)
        assert all(a.ends(zone) == b.begins(zone) for a, b in pairs)
        assert all(span.named(one.name) == one for one in spans)
    for wrong in ("2026-W54", "2026-13", "2026", "W1", "0000-W01", "2025-W53"):
        with pytest.raises(NotFound):
            span.named(wrong)
