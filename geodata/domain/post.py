"""A post: who serves a grid, with which duty and when, and what may stand beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal

from geodata.domain.moment import moment
from geodata.errors import Conflict, InvalidMove, InvalidRow

Duty = Literal["lead", "assistant"]

_AHEAD: Final = timedelta(days=366)
_BEHIND: Final = timedelta(days=366 * 50)


@dataclass(frozen=True, slots=True)
class Post:
    """A worker's post in a grid, from a moment on, up to but without another.

    `deputy_for` is the worker who is on leave meanwhile; such a post always ends.
    """

    worker: int
    name: str
    duty: Duty
    since: datetime
    until: datetime | None = None
    deputy_for: int | None = None

    def overlaps(self, other: "Post") -> bool:
        """Whether both stand at some moment."""
        return (other.until is None or self.since < other.until) and (
            self.until is None or other.since < self.until
        )

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended."""
        return self.until is not None and self.until <= now


def first_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The moment at which something begins on the day of a text: now where that is today or empty.

    Raises WanggeError ``time_unclear``; InvalidRow ``day_far`` (day) beyond a year from now.
    """
    day = _day(text, now, zone)
    return now if day == now.astimezone(zone).date() else _midnight(day, zone)


def last_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The end of the day of a text. Raises as `first_moment`."""
    return _midnight(_day(text, now, zone) + timedelta(days=1), zone)


def admitted(new: Post, held: Iterable[Post], zone: tzinfo, *, instead: bool) -> Post | None:
    """The grid head whose post ends when the new one begins; None where nobody's does.

    `held` are the posts of the grid. Nobody has two posts at once in a grid, and a grid one head
    at a time: another one is followed only where that is wanted (`instead`). Raises Conflict
    ``post_twice`` or ``lead_taken`` (name, since), InvalidMove ``post_before`` (name, since, day).
    """
    beside = sorted((one for one in held if one.overlaps(new)), key=lambda one: one.since)
    for one in beside:
        if one.worker == new.worker:
            raise Conflict("post_twice", **_told(one, zone))
    heads = [one for one in beside if one.duty == new.duty == "lead"]
    if heads and not (instead and len(heads) == 1):
        raise Conflict("lead_taken", **_told(heads[-1], zone))
    if heads and new.since <= heads[0].since:
        raise InvalidMove("post_before", day=_said(new.since, zone), **_told(heads[0], zone))
    return heads[0] if heads else None


def standing_in(absent: Post, worker: int, name: str, since: datetime, until: datetime) -> Post:
    """The post of somebody who stands in for a worker on leave.

    Raises InvalidRow ``deputy_of_self`` or ``period_backwards``, InvalidMove ``post_over``.
    """
    if worker == absent.worker:
        raise InvalidRow("deputy_of_self")
    if until <= since:
        raise InvalidRow("period_backwards")
    if absent.is_over(since):
        raise InvalidMove("post_over", name=absent.name)
    return Post(worker, name, "assistant", since, until, absent.worker)


def left(post: Post, at: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether anything of a post stays when it ends at a moment; one that never began does not.

    Raises InvalidMove ``post_over`` (name) or ``post_end_before`` (name, since).
    """
    if post.is_over(now):
        raise InvalidMove("post_over", name=post.name)
    if at > post.since:
        return True
    if post.since > now:
        return False
    raise InvalidMove("post_end_before", **_told(post, zone))


def _told(post: Post, zone: tzinfo) -> dict[str, str]:
    return {"name": post.name, "since": _said(post.since, zone)}


def _said(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _day(text: str, now: datetime, zone: tzinfo) -> date:
    at = moment(text, zone) if text.strip() else now
    if not now - _BEHIND < at < now + _AHEAD:
        raise InvalidRow("day_far", day=text.strip())
    return at.astimezone(zone).date()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
