"""Coverage by sets and kept days against the obvious ways, and how all of it grows."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db.scoping import WHOLE
from geodata.domain import span
from geodata.domain.coverage import gaps, measures
from geodata.services import (
    coverage,
    coverage_compare,
    coverage_picture,
    coverage_report,
    indicators,
    issue_days,
    redraws,
)
from geodata.services.coverage import Lasting
from geodata.services.coverage_report import Area, Report
from geodata.services.indicators import Asked
from scripts.bench import scratch
from scripts.bench.figures import Cell, Table, ratio

ZONE: Final = ZoneInfo("Asia/Shanghai")
_NEIGHBOURS: Final = """
    select one.code as one, other.code as other, one.community_code as home
    from grid as one
    join boundary as b on b.grid_id = one.id and upper_inf(b.valid)
    join boundary as c on upper_inf(c.valid) and c.grid_id <> b.grid_id
        and ST_Dimension(ST_Intersection(b.shape, c.shape)) = 1
    join grid as other on other.id = c.grid_id and other.community_code = one.community_code
    where one.kind = 'basic' and other.kind = 'basic' and ST_Intersects(b.shape, c.shape)
    limit 1
"""
LOOKED_AT: Final = 200
"""Grids that the naive way asks about; the rest is reckoned from them, since all takes minutes."""

_NAIVE: Final = (
    "select sum(households), sum(residents), count(*) from building where grid_id = :grid",
    "select count(*) from building where grid_id = :grid and party_group_id is null",
    "select count(*) from post where grid_id = :grid and during @> now()",
    "select max(upper(during)) from post where grid_id = :grid",
    "select count(*) from party_org where grid_id = :grid and tier = 'group'",
    "select count(*), count(due_at < now() or null) from issue where grid_id = :grid and is_open",
    "select count(*), max(reported_at) from issue where grid_id = :grid",
)


ROLE: Final = "wangge_bench_coverage"
PARTS: Final = (
    "what the district's grids, buildings, groups, posts and issues say",
    "all gaps found in it",
    "figures of all streets, communities and grids",
    "what only changes with the ground (kept)",
    "frames and gaps, from what lasts (kept)",
    "the indicators of the last week, from days that are kept",
    "the same, from all issues",
    "the page of the week",
    "what a plan would make of it",
    "the same, with all of the district looked at",
    "a loop over the grids, seven questions each",
)


def run(session: Session, count: int) -> Table:
    """How long each part takes here and in the small demo, and how much it grows."""
    del count
    now = datetime.now(UTC)
    here, sizes = _seconds(session, now), _sizes(session)
    with scratch.district(ROLE) as engine, Session(engine) as small:
        there, small_sizes = _seconds(small, now), _sizes(small)
        small.rollback()
    rows: list[list[Cell]] = [
        [
            *(part, here[part], ratio(here[part], here[PARTS[0]])),
            *(there[part], ratio(here[part], there[part])),
        ]
        for part in PARTS
    ]
    whole = here[PARTS[0]] + here[PARTS[1]]
    grown = ", ".join(f"{n:,} {name} ({n / small_sizes[name]:.0f} ×)" for name, n in sizes.items())
    told = [
        f"{grown} of the small district's;",
        f"one look takes {whole * 1000:.0f} ms, the loop {here[PARTS[10]] / whole:.1f} × as long,",
        f"reckoned from {min(LOOKED_AT, sizes['grids'])} of the grids",
    ]
    columns = ("part", "s", "× of the first", "s in the small district", "growth")
    return Table("Coverage by sets", columns, rows, told)


def _sizes(session: Session) -> dict[str, int]:
    names = {"grids": "grid", "buildings": "building", "issues": "issue"}
    return {
        said: int(session.scalar(text(f"select count(*) from {table}")) or 1)  # noqa: S608
        for said, table in names.items()
    }


def _seconds(session: Session, now: datetime) -> dict[str, float]:
    """The seconds that each part takes in a store, which is left as it was."""
    still, still_s = _timed(lambda: coverage.still(session))
    frames, frames_s = _timed(lambda: coverage.frames(session, now, still))
    found, found_s = _timed(lambda: gaps.found(frames, now))
    _, figures_s = _timed(lambda: [measures.table(frames, found, tier) for tier in measures.TIERS])
    lasting = coverage.lasting(session, now, still)
    _, look_s = _timed(lambda: coverage.look(session, now, lasting))
    naive = _loop(session, frames.grids.id.tolist()) * len(frames.grids)
    parts = [frames_s, found_s, figures_s, still_s, look_s]
    return dict(zip(PARTS, [*parts, *_week(session, now, lasting), naive], strict=True))


def _week(session: Session, now: datetime, lasting: Lasting) -> list[float]:
    """The indicators of the last week from kept days and from all issues; the page; a plan."""
    report = coverage_report.report(session, now, WHOLE, coverage.look(session, now, lasting))
    area = Area(WHOLE)
    asked = Asked(area, span.present("week", now, ZONE).before(), "area", now, ZONE)
    _keep(session, now)
    _, kept = _timed(lambda: indicators.board(session, report, asked))

    def page() -> None:
        look = coverage_report.report(session, now, WHOLE, coverage.look(session, now, lasting))
        coverage_picture.taken(session, look, asked, str(ZONE))

    _, whole = _timed(page)
    _, tried = _timed(lambda: _trial(session, report, area, now))
    _, all_tried = _timed(lambda: _trial(session, report, area, now, at_all=True))
    with session.begin_nested() as trial:
        session.execute(text("delete from issue_kept"))
        _, raw = _timed(lambda: indicators.board(session, report, asked))
        trial.rollback()
    return [kept, raw, whole, tried, all_tried]


def _keep(session: Session, now: datetime) -> None:
    """Days kept as the worker keeps them, though nobody else may have been told to note."""
    issue_days.keep(session, now, ZONE)
    session.execute(text("update issue_kept set begun = 0"))
    issue_days.keep(session, now, ZONE)
    session.execute(text("analyze issue_day"))


def _trial(
    session: Session, report: Report, area: Area, now: datetime, *, at_all: bool = False
) -> None:
    """A plan that merges two neighbours, laid beside the present, and taken back."""
    with session.begin_nested() as trial:
        row = session.execute(text(_NEIGHBOURS)).one()
        plan = redraws.begin(session, row.home, "试", "bench", now)["public_id"]
        merge = {"op": "merge", "grids": [row.one, row.other], "into": row.one}
        redraws.append(session, plan, merge, "bench", now)
        coverage_compare.on_plan(session, report, area, plan, now)
        if at_all:  # what it would cost besides to look at the district as it was not kept
            coverage.look(session, now)
        trial.rollback()


def _timed(job: Callable[[], Any]) -> tuple[Any, float]:
    """What a job gives and its seconds, the better of two tries."""
    best, given = float("inf"), None
    for _ in range(2):
        started = time.perf_counter()
        given = job()
        best = min(best, time.perf_counter() - started)
    return given, best


def _loop(session: Session, numbers: list[int]) -> float:
    """Seconds that the naive way takes for one grid."""
    asked = numbers[:: max(1, len(numbers) // LOOKED_AT)][:LOOKED_AT]
    started = time.perf_counter()
    for number in asked:
        for question in _NAIVE:
            session.execute(text(question), {"grid": number}).all()
    return (time.perf_counter() - started) / len(asked)
