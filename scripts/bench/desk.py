"""The desk at a million issues against a thousand: list, map, search, counts and my grid.

Each question is asked as the web asks it: by its lesser role, under row-level security, by a
manager of the whole and by the secretary of one community.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from geodata.db import own_ground, scoping
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.issue import SOON
from geodata.domain.roles import Scope
from geodata.domain.wording import parts
from geodata.services import issues, watch
from geodata.services.issues import Filter, Order
from scripts.bench import scans, scratch
from scripts.bench.figures import Table, ratio

ROLE: Final = "wangge_bench_desk"
MILLION: Final = 1_000_000
_ROUNDS: Final = 7
_DEEP: Final = 20
Job = Callable[[Session], object]


def run(count: int) -> Table:
    """Milliseconds at a thousand issues and at `count` (a million where it is the default)."""
    wanted = MILLION if count == DEFAULT else max(count, scratch.FEW)
    with scratch.district(ROLE) as engine:
        few = _measured(engine)
        started = time.perf_counter()
        scratch.grow(engine, wanted)
        grown = time.perf_counter() - started
        many = _measured(engine)
    rows = [
        (name, few[name][0], ms, ratio(ms, few[name][0]), ", ".join(read) or None)
        for name, (ms, read) in many.items()
    ]
    read = sum("issue" in found for _, found in many.values())
    slow = sum(ms > 100 for ms, _ in many.values())  # noqa: PLR2004 -- a tenth of a second
    told = (
        f"{len(rows)} questions at {wanted:,} issues (grown in {grown:.0f} s):"
        f" {slow} take more than 100 ms, {read} read all issues"
    )
    columns = ("question", "ms at 1,000", f"ms at {wanted:,}", "times", "reads all of")
    return Table("The desk at two sizes, as the web's lesser role", columns, rows, [told])


DEFAULT: Final = 20_000


def _measured(engine: Engine) -> dict[str, tuple[float, list[str]]]:
    """The quickest milliseconds of each question, and the tables that it reads from end to end."""
    found = {}
    with Session(engine) as session:
        grounds = _grounds(session)
    for whose, ground in grounds.items():
        with Session(engine) as session:
            session.execute(text(f'set role "{ROLE}"'))
            scoping.tell(session.connection(), scoping.settings(ground, None, all_files=False))
            for name, job in _questions(session, ground):
                found[f"{whose}: {name}"] = _asked(session, job)
    return found


def _asked(session: Session, job: Job) -> tuple[float, list[str]]:
    seen: list[scans.Asked] = []
    keep = scans.keeper(seen)
    event.listen(session.connection(), "before_cursor_execute", keep)
    job(session)
    event.remove(session.connection(), "before_cursor_execute", keep)
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        job(session)
        times.append((time.perf_counter() - started) * 1000)
    connection = session.connection()
    return min(times), sorted({t for asked in seen for t in scans.whole(connection, asked)})


def _grounds(session: Session) -> dict[str, Ground]:
    query = (
        "select community_code from issue where is_open group by 1 order by count(*) desc limit 1"
    )
    busy = str(session.scalar(text(query)))
    return {"manager": WHOLE, "secretary": scoping.resolved(session, Scope((busy,)))}


def _questions(session: Session, ground: Ground) -> Iterator[tuple[str, Job]]:
    now = datetime.now(UTC)
    yield from _lists(ground, now)
    yield from _searches(ground, now)
    for zoom, box in ((12, None), (16, (109.02, 32.68, 109.04, 32.70))):
        view = Filter(state="open", box=box, ground=ground)
        yield f"map at zoom {zoom}", partial(_mapped, view, zoom, now)
    yield "map of all at zoom 12", lambda s: issues.points(s, Filter(ground=ground), 12, now)
    yield "counts", lambda s: issues.counts(s, Filter(ground=ground))
    yield "what to watch", lambda s: watch.watched(s, ground, now, ())
    grid = session.scalar(
        text("select grid_id from issue where is_open and grid_id is not null limit 1")
    )
    yield "my grid", lambda s: own_ground.open_issues(s, [int(grid or 0)], 300)


def _lists(ground: Ground, now: datetime) -> Iterator[tuple[str, Job]]:
    def listed(order: str, **narrow: Any) -> Job:
        near = (109.03, 32.69) if order == "near" else None
        wanted = Filter(**narrow, ground=ground)
        return lambda s: issues.page(s, wanted, None, 50, now, Order(order, near))

    for order in ("newest", "oldest", "due", "kind", "grid", "near"):
        yield f"open, {order}", listed(order, state="open")
    for order in ("newest", "kind", "grid"):
        yield f"closed, {order}", listed(order, state="closed")
    yield "overdue, by deadline", listed("due", state="open", late_at=now)
    yield "due soon, by deadline", listed("due", state="open", soon=(now, now + SOON))
    yield "called in", listed("newest", state="open", supervision="any")
    yield "one stage", listed("newest", state="open", status="verified")
    yield "one department", listed("newest", state="open", handler="市自来水公司")
    yield "last 30 days", listed("newest", state="closed", since=now - timedelta(days=30))
    yield f"page {_DEEP} of open", lambda s: _deep(s, Filter(state="open", ground=ground), now)


def _deep(session: Session, wanted: Filter, now: datetime) -> object:
    """The page after some hundred issues, reached in one step: keys, no counting."""
    _, end = issues.page(session, wanted, None, min(50 * (_DEEP - 1), 200), now)
    return issues.page(session, wanted, end, 50, now)


def _searches(ground: Ground, now: datetime) -> Iterator[tuple[str, Job]]:
    for name, words in (
        ("common", "垃圾"),
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


def _paged(wanted: Filter, now: datetime, session: Session) -> object:
    return issues.page(session, wanted, None, 50, now)


def _counted(wanted: Filter, session: Session) -> object:
    return issues.counts(session, wanted)


def _mapped(wanted: Filter, zoom: int, now: datetime, session: Session) -> object:
    return issues.points(session, wanted, zoom, now)
