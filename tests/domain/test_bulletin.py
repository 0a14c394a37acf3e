"""What may be made known, and how exactly a place may be told."""

from datetime import UTC, datetime, timedelta

import pytest

from geodata.domain import bulletin
from geodata.errors import InvalidMove

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def test_a_notice_may_bear_a_number_and_a_solved_issue_none() -> None:
    assert bulletin.reviewed("notice", " 停水 ", "请打 0915-3212345\n", checked=False) == (
        "停水",
        "请打 0915-3212345",
    )
    with pytest.raises(InvalidMove, match="bulletin_number"):
        bulletin.reviewed("solved", "路灯修好了", "多谢 139 1234 5678 提醒", checked=True)
    with pytest.raises(InvalidMove, match="bulletin_unchecked"):
        bulletin.reviewed("solved", "路灯修好了", "已换新", checked=False)


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [(" ", "x", "bulletin_empty"), ("x", "\n", "bulletin_empty"), ("x" * 61, "x", "bulletin_long")],
)
def test_words_that_are_none_or_too_many_are_refused(title: str, text: str, code: str) -> None:
    with pytest.raises(InvalidMove, match=code):
        bulletin.reviewed("notice", title, text, checked=False)


def test_it_ends_after_it_begins_and_after_now() -> None:
    day = timedelta(days=1)
    bulletin.in_order(NOW + day, NOW + 2 * day, NOW)
    bulletin.in_order(NOW, None, NOW)
    for since, until in ((NOW + day, NOW + day), (NOW - 2 * day, NOW - day)):
        with pytest.raises(InvalidMove, match="bulletin_days"):
            bulletin.in_order(since, until, NOW)


def test_personal_matters_are_seen_to_a_hundred_metres() -> None:
    assert bulletin.seen_at(109.0312345, 32.6912345, "NOISE") == (109.031, 32.691)
    assert bulletin.seen_at(109.0312345, 32.6912345, "LAMP") == (109.0312345, 32.6912345)
