"""A redraw published over many issues beside the update that most would write; all taken back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from geodata.db import ground
from geodata.services import redraw_insisting, redraw_preview, redraw_publishing, redraws
from scripts.bench.figures import Cell as Figure
from scripts.bench.figures import Table, ratio

FEW, MANY = 1, 5
_FILL: Final = text("""
    with home as materialized (
        select b.door, grid.community_code, b.grid_id, boundary.id as boundary_id,
               row_number() over (order by b.id) - 1 as i
        from building b join grid on grid.id = b.grid_id and grid.kind <> 'uncovered'
        join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    )
    insert into issue (channel, ticket, category_id, text, place, precision, status, rule,
        reported_at, community_code, grid_id, boundary_id)
    select 'bench', n::text, (select min(id) from issue_category), 'x', home.door, 'door',
        case when n % 10 = 0 then 'reported' else 'closed' end, 'covers',
        now() - interval '1 hour', home.community_code, home.grid_id, home.boundary_id
    from generate_series(1, :count) as n
    join home on home.i = n % (select count(*) from home)
""")
_NAIVE: Final = text("""
    update issue set grid_id = boundary.grid_id, boundary_id = boundary.id
    from boundary
    where issue.is_open and upper_inf(boundary.valid)
        and ST_Covers(boundary.shape, issue.place)
""")


def run(session: Session, count: int) -> Table:
    """Milliseconds to preview and publish plans of few and of many grids, at so many issues."""
    session.execute(_FILL, {"count": count})
    session.execute(text("analyze issue"))
    rows = list(_rows(session))
    issues = int(session.scalar(text("select count(*) from issue")) or 0)
    session.rollback()
    return Table(
        f"Publishing over {issues:,} issues",
        ("what", "grids", "ms", "x faster than the naive update"),
        rows,
        ("Naive: every open issue placed anew by ST_Covers. Deferred checks are run in each.",),
    )


def _rows(session: Session) -> Iterator[tuple[Figure, ...]]:
    naive = _timed(session, lambda: session.execute(_NAIVE))
    yield "naive update", None, naive * 1000, 1.0
    cells = [row for row in ground.present(session) if row["kind"] != "uncovered"]
    home = cells[0]["community_code"]
    own = [row for row in cells if row["community_code"] == home]
    for splits in (FEW, MANY):
        plan = _plan(session, home, own[:splits])
        drawn = redraws.drawn(session, plan["public_id"])
        seconds = _timed(session, partial(redraw_preview.preview, session, drawn))
        yield "preview", len(drawn.changed), seconds * 1000, ratio(naive, seconds)
        job = partial(redraw_publishing.publish, session, plan["public_id"], "bench")
        seconds = _timed(session, job)
        yield "publish", len(drawn.changed), seconds * 1000, ratio(naive, seconds)


def _plan(session: Session, home: str, cells: list[RowMapping]) -> RowMapping:
    """A plan that cuts some grids from north to south."""
    now = datetime.now(UTC)
    plan = redraws.begin(session, home, "bench", "bench", now)
    for cell in cells:
        west, south, east, north = cell["shape"].bounds
        middle = (west + east) / 2
        step: dict[str, Any] = {"op": "split", "grid": cell["code"], "parts": 9}
        step["line"] = [[middle, south - 1e-4], [middle, north + 1e-4]]
        redraw_insisting.insist(session, plan["public_id"], step, "bench", now)
    return plan


def _timed(session: Session, job: Callable[[], object]) -> float:
    """Seconds of a job with the checks of its commit; what it did is taken back."""
    trial = session.begin_nested()
    started = time.perf_counter()
    job()
    session.execute(text("set constraints all immediate"))
    taken = time.perf_counter() - started
    trial.rollback()
    return taken
