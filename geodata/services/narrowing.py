"""Which issues somebody wants to see, said in codes and days, and checked."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db.layers import Box
from geodata.db.narrowing import Filter, looked_up
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.issue import DONE, SOON
from geodata.domain.period import Period, Span, between, last
from geodata.domain.wording import parts
from geodata.errors import NotFound, WanggeError

_BEHIND: Final = {
    "category": "category",
    "street": "streets",
    "community": "community",
    "grid": "grid",
}
"""The column that tells of each code whether it is known."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: codes, a period or days (both included), an import, a box in degrees.

    `soon` wants what falls due within `SOON`; `outcome` is one of `domain.issue.OUTCOMES`, of what
    had its deadline on days from `due_since` to `due_until`, or for those of `DONE` of what was
    done on days from `done_since` to `done_until`; `nowhere` wants what lies in no community, or
    in no grid of the area that is wanted; `words` are as they were typed.
    """

    state: str | None = None
    category: str | None = None
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    period: Period | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False
    soon: bool = False
    job: int | None = None
    status: str | None = None
    channel: str | None = None
    handler: str | None = None
    supervision: str | None = None
    words: str = ""
    due_since: date | None = None
    due_until: date | None = None
    outcome: str | None = None
    done_since: date | None = None
    done_until: date | None = None
    nowhere: bool = False
    box: Box | None = None


def resolved(
    session: Session, wanted: Wanted, now: datetime, zone: tzinfo, ground: Ground = WHOLE
) -> Filter:
    """The filter that was asked for, on some ground; days and periods are those of `zone`.

    Raises NotFound ``no_category``, ``no_street``, ``no_community`` or ``no_grid`` for a code that
    nothing has, WanggeError ``days_backwards`` for days in the wrong order and ``period_twice``
    where both a period and days are given, ``outcome_needs_days``, and as `wording.parts`.
    """
    since, until = _span(wanted, now, zone)
    due = between(wanted.due_since, wanted.due_until, zone)
    done = between(wanted.done_since, wanted.done_until, zone)
    if wanted.outcome and None in (done if wanted.outcome in DONE else due):
        raise WanggeError("outcome_needs_days")
    found = _found(session, wanted)
    return Filter(
        state=wanted.state,
        category_id=found["category"] if found else None,
        communities=_communities(wanted, found) if found else None,
        grid_id=found["grid"] if found else None,
        since=since,
        until=until,
        late_at=now if wanted.overdue else None,
        soon=(now, now + SOON) if wanted.soon else None,
        job=wanted.job,
        status=wanted.status,
        channel=wanted.channel,
        handler=wanted.handler,
        supervision=wanted.supervision,
        words=parts(wanted.words),
        due=due,
        outcome=(wanted.outcome, now) if wanted.outcome else None,
        done=done,
        nowhere=wanted.nowhere or None,
        box=wanted.box,
        ground=ground,
    )


def _span(wanted: Wanted, now: datetime, zone: tzinfo) -> Span:
    if wanted.period is None:
        return between(wanted.since, wanted.until, zone)
    if wanted.since or wanted.until:
        raise WanggeError("period_twice")
    return last(wanted.period, now, zone)


def _found(session: Session, wanted: Wanted) -> RowMapping | None:
    """What the codes stand for; None, without asking, where there are none."""
    said = {name: getattr(wanted, name) for name in _BEHIND}
    if not any(said.values()):
        return None
    found = looked_up(session, *said.values())
    for name, code in said.items():
        if code is not None and not found[_BEHIND[name]]:
            raise _unknown(name, code)
    return found


def _unknown(name: str, code: str) -> NotFound:
    """The refusal of a code that nothing has."""
    if name == "category":
        return NotFound("no_category", category=code)
    if name == "street":
        return NotFound("no_street", street=code)
    if name == "community":
        return NotFound("no_community", community=code)
    return NotFound("no_grid", grid=code)


def _communities(wanted: Wanted, found: RowMapping) -> tuple[str, ...] | None:
    """The communities of the street that is wanted, or the one, if it is one of them."""
    if wanted.street is None:
        return (found["community"],) if wanted.community else None
    below = tuple(sorted(found["communities"] or ()))
    if wanted.community is None:
        return below
    return tuple(code for code in below if code == found["community"])
