"""What may stand beside a post, and what days mean."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.domain.post import Post, admitted, first_moment, last_moment, left, standing_in
from geodata.errors import WanggeError

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HEAD = Post(1, "王某", "lead", NOW - 30 * DAY)


def refused(code: str, **how: object) -> pytest.RaisesExc[WanggeError]:
    del how
    return pytest.raises(WanggeError, check=lambda error: error.code == code)


def test_a_head_is_followed_only_where_that_is_wanted() -> None:
    new = Post(2, "李某", "lead", NOW)
    with refused("lead_taken"):
        admitted(new, [HEAD], ZONE, instead=False)
    assert admitted(new, [HEAD], ZONE, instead=True) == HEAD
    assert admitted(Post(2, "李某", "assistant", NOW), [HEAD], ZONE, instead=True) is None


def test_nobody_is_followed_from_before_they_began_nor_past_the_next_one() -> None:
    with refused("post_before"):
        admitted(Post(2, "李某", "lead", HEAD.since - DAY), [HEAD], ZONE, instead=True)
    next_one = Post(3, "赵某", "lead", NOW + 9 * DAY)
    ending = Post(1, "王某", "lead", HEAD.since, next_one.since)
    with refused("lead_taken"):
        admitted(Post(2, "李某", "lead", NOW), [ending, next_one], ZONE, instead=True)


def test_nobody_has_two_posts_at_once_in_a_grid_but_one_after_another() -> None:
    with refused("post_twice"):
        admitted(Post(1, "王某", "assistant", NOW), [HEAD], ZONE, instead=False)
    over = Post(1, "王某", "lead", HEAD.since, NOW)
    assert admitted(Post(1, "王某", "assistant", NOW), [over], ZONE, instead=False) is None


def test_leaving_ends_a_post_or_takes_back_one_that_never_began() -> None:
    assert left(HEAD, NOW, NOW, ZONE)
    with refused("post_end_before"):
        left(HEAD, HEAD.since - DAY, NOW, ZONE)
    assert not left(Post(1, "王某", "lead", NOW + 3 * DAY), NOW, NOW, ZONE)
    with refused("post_over"):
        left(Post(1, "王某", "lead", HEAD.since, NOW - DAY), NOW, NOW, ZONE)


def test_a_stand_in_has_a_last_day_and_is_somebody_else() -> None:
    deputy = standing_in(HEAD, 2, "李某", NOW, NOW + 7 * DAY)
    assert (deputy.duty, deputy.deputy_for, deputy.until) == ("assistant", 1, NOW + 7 * DAY)
    with refused("deputy_of_self"):
        standing_in(HEAD, 1, "王某", NOW, NOW + DAY)
    with refused("period_backwards"):
        standing_in(HEAD, 2, "李某", NOW, NOW)


def test_days_are_those_of_the_place_and_today_is_now() -> None:
    assert first_moment("2026-11-23", NOW, ZONE) == NOW
    assert first_moment("", NOW, ZONE) == NOW
    assert first_moment("2026-11-24", NOW, ZONE) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert last_moment("2026-11-24", NOW, ZONE) == datetime(2026, 11, 24, 16, tzinfo=UTC)
    for far in ("1901-01-01", "2031-01-01"):
        with refused("day_far"):
            first_moment(far, NOW, ZONE)
    with refused("time_unclear"):
        first_moment("明天", NOW, ZONE)
