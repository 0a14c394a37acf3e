"""What is asked of the desk: lists, map, words, counts and files, each on somebody's ground."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db import own_ground, scoping
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.issue import SOON
from geodata.domain.layer import LAYERS
from geodata.domain.roles import Scope
from geodata.domain.wording import parts
from geodata.services import features, issues, watch
from geodata.services.issues import Filter, Order
from scripts.bench import scratch

Job = Callable[[Session], object]

_DEPARTMENT: Final = "市自来水公司"
_DEEP: Final = 20
_VIEW: Final = (109.02, 32.68, 109.04, 32.70)


def grounds(session: Session) -> dict[str, Ground]:
    """A manager of the whole, the secretary of the busiest community and one department."""
    query = (
        "select community_code from issue where is_open group by 1 order by count(*) desc limit 1"
    )
    busy = str(session.scalar(text(query)))
    return {
        "manager": WHOLE,
        "secretary": scoping.resolved(session, Scope((busy,))),
        "department": scoping.resolved(session, Scope(handed=(_DEPARTMENT,))),
    }


def questions(session: Session, ground: Ground) -> Iterator[tuple[str, Job]]:
    """All that is asked of a ground, by name."""
    now = datetime.now(UTC)
    yield from _lists(ground, now)
    yield from _maps(ground, now)
    yield from _counts(ground, now)
    yield from _searches(ground, now)
    yield "what to watch", lambda s: watch.watched(s, ground, now, ())
    yield "a page of features", lambda s: features.page(s, LAYERS["issues"], _ask(ground))
    closed = _ask(ground, state="closed")
    yield "a page of closed features", lambda s: features.page(s, LAYERS["issues"], closed)
    grid = session.scalar(
        text("select grid_id from issue where is_open and grid_id is not null limit 1")
    )
    yield "my grid", lambda s: own_ground.open_issues(s, [int(grid or 0)], 300)


def _ask(ground: Ground, **narrow: str) -> features.Ask:
    return features.Ask(narrow, ground=ground)


def _lists(ground: Ground, now: datetime) -> Iterator[tuple[str, Job]]:
    def listed(order: str, **narrow: Any) -> Job:
        near = (109.03, 32.69) if order == "near" else None
        wanted = Filter(**narrow, ground=ground)
        return lambda s: issues.page(s, wanted, None, 50, now, Order(order, near))

    for order in ("newest", "oldest", "due", "kind", "grid", "near"):
        yield f"open, {order}", listed(order, state="open")
    for order in ("newest", "kind", "grid"):
        yield f"closed, {order}", listed(order, state="closed")
        yield f"of any state, {order}", listed(order)
        yield f"void, {order}", listed(order, status="void")
        yield f"rejected, {order}", listed(order, status="rejected")
        yield f"by a worker, {order}", listed(order, channel="worker")
    yield "overdue, by deadline", listed("due", state="open", late_at=now)
    yield "due soon, by deadline", listed("due", state="open", soon=(now, now + SOON))
    yield "called in", listed("newest", state="open", supervision="any")
    yield "one stage", listed("newest", state="open", status="verified")
    for order in ("newest", "kind", "grid"):
        yield f"one department, {order}", listed(order, state="open", handler=_DEPARTMENT)
    yield "last 30 days", listed("newest", state="closed", since=now - timedelta(days=30))
    yield f"page {_DEEP} of open", lambda s: _deep(s, Filter(state="open", ground=ground), now)


def _deep(session: Session, wanted: Filter, now: datetime) -> object:
    """The page after some hundred issues, reached in one step: keys, no counting."""
    _, end = issues.page(session, wanted, None, min(50 * (_DEEP - 1), 200), now)
    return issues.page(session, wanted, end, 50, now)


def _maps(ground: Ground, now: datetime) -> Iterator[tuple[str, Job]]:
    told: dict[str, dict[str, Any]] = {
        "open": {"state": "open"},
        "all": {},
        "closed": {"state": "closed"},
        "settled": {"status": "closed"},
        "void": {"status": "void"},
        "from the web": {"channel": "web"},
        "by a worker": {"channel": "worker"},
        "one department": {"handler": _DEPARTMENT},
        "last 30 days": {"since": now - timedelta(days=30)},
        "a year": {"since": now - timedelta(days=365)},
    }
    for name, narrow in told.items():
        wanted = Filter(**narrow, ground=ground)
        yield f"map of {name}, zoom 12", partial(_mapped, wanted, 12, now)
    for state in ("open", "closed"):
        view = Filter(state=state, box=_VIEW, ground=ground)
        yield f"map of {state} in a view, zoom 16", partial(_mapped, view, 16, now)


def _counts(ground: Ground, now: datetime) -> Iterator[tuple[str, Job]]:
    told: dict[str, dict[str, Any]] = {
        "": {},
        " from the web": {"channel": "web"},
        " by a worker": {"channel": "worker"},
        " of one department": {"handler": _DEPARTMENT},
        " settled": {"status": "closed"},
        " void": {"status": "void"},
        " of a category": {"category_id": 3},
        " of the last 30 days": {"since": now - timedelta(days=30)},
        " of a year": {"since": now - timedelta(days=365)},
    }
    for name, narrow in told.items():
        yield f"counts{name}", partial(_counted, Filter(**narrow, ground=ground))


def _searches(ground: Ground, now: datetime) -> Iterator[tuple[str, Job]]:
    for name, words in (
        ("common", "垃圾"),
        ("leak", "漏水"),
        ("rare", scratch.RARE),
        ("unknown", "鳄鱼"),
        ("two", "路灯 不亮"),
    ):
        for state in ("open", "closed"):
            wanted = Filter(state=state, words=parts(words), ground=ground)
            yield f"{name} words, {state}", partial(_paged, wanted, now)
        counted = Filter(words=parts(words), ground=ground)
        yield f"{name} words, counts", partial(_counted, counted)
        shown = Filter(state="open", words=parts(words), ground=ground)
        yield f"{name} words, map", partial(_mapped, shown, 13, now)
        yield f"{name} words, map of all", partial(_mapped, counted, 13, now)
    web = Filter(channel="web", words=parts("漏水"), ground=ground)
    yield "words from the web, counts", partial(_counted, web)


def _paged(wanted: Filter, now: datetime, session: Session) -> object:
    return issues.page(session, wanted, None, 50, now)


def _counted(wanted: Filter, session: Session) -> object:
    return issues.counts(session, wanted)


def _mapped(wanted: Filter, zoom: int, now: datetime, session: Session) -> object:
    return issues.points(session, wanted, zoom, now)
