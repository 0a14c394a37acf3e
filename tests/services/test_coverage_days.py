"""The figures that are kept of a day are those that were seen on it, people counted once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db import coverage_figures as store
from geodata.db import schema
from geodata.db.scoping import WHOLE, Ground
from geodata.domain.coverage import measures
from geodata.domain.partition import Ints
from geodata.services import coverage_compare, coverage_figures, coverage_report
from geodata.services.coverage_report import Part, Report
from tests.conftest import NOW as DEMO_NOW
from tests.drawing import ground
from tests.makers import COMMUNITY, STREET, Town

LEARNT = Path(str(schema.__file__)).with_name("migrations") / "sql" / "0380_shared.sql"
ZONE = ZoneInfo("Asia/Shanghai")
ON_DUTY = text("""
    select count(distinct worker_id) from post join grid on grid.id = grid_id
    where during @> :now and (:area = '' or community_code = :area)
""")
BUSY = text("""
    with one as (select worker_id, grid_id, community_code from post
        join grid on grid.id = grid_id where during @> :now order by post.id limit 1
    ), more as (
        select distinct on (grid.community_code = one.community_code) grid.id
        from grid, one where grid.kind = 'basic' and grid.id <> one.grid_id
            and (grid.community_code = one.community_code
                or left(grid.code, 9) <> left(one.community_code, 9))
    ), posted as (
        insert into post (worker_id, grid_id, duty, during)
        select worker_id, more.id, 'assistant', tstzrange(:now, null) from one, more
    ) select community_code from one
""")
"""One worker gets a second grid in the same community and a third one elsewhere."""

AGAIN: Final = {
    (False, "grid"): 2,
    (False, "community"): 1,
    (False, "street"): 1,
    (True, "grid"): 1,
    (True, "community"): 0,
}
"""How often that worker is counted beyond once by the parts of the district or the community."""


def test_a_day_is_kept_as_it_was_seen_and_nobody_counts_twice(demo_session: Session) -> None:
    home = demo_session.scalar(BUSY, {"now": DEMO_NOW})
    report = coverage_report.report(demo_session, DEMO_NOW, WHOLE)
    coverage_figures.keep(demo_session, report.frames, report.gaps, DEMO_NOW, ZONE)
    day = (DEMO_NOW.astimezone(ZONE) + timedelta(days=1)).date()
    asked: list[tuple[Ground, str, measures.Tier]] = [(WHOLE, "", tier) for tier in measures.TIERS]
    asked += [(Ground(communities=frozenset({home})), home, tier) for tier in ("grid", "community")]
    for here, area, tier in asked:
        seen = report.parts(tier, here)
        kept = coverage_figures.on_day(demo_session, day, report.names, tier, here)
        assert seen == sorted(kept.parts, key=lambda part: part.code)
        assert kept.rest == report.rest(tier, seen, here)
        people = _on_duty(demo_session, DEMO_NOW, area)
        assert kept.workers == report.total(here).figures["workers"] == people
        again = sum(part.figures["workers"] for part in seen) - people
        assert again == AGAIN[bool(area), tier]


def _on_duty(session: Session, now: datetime, area: str) -> int:
    return int(session.scalar(ON_DUTY, {"now": now, "area": area}) or 0)


def test_days_kept_before_learn_from_the_posts_who_served_several_grids(
    demo_session: Session,
) -> None:
    demo_session.execute(BUSY, {"now": DEMO_NOW})
    report = coverage_report.report(demo_session, DEMO_NOW, WHOLE)
    coverage_figures.keep(demo_session, report.frames, report.gaps, DEMO_NOW, ZONE)
    kept = _kept(demo_session)
    assert any("shared" in told for told in kept.values())
    demo_session.execute(text("update coverage_figures set grids = grids - 'shared'"))
    demo_session.execute(text(LEARNT.read_text("utf-8")))
    assert _kept(demo_session) == kept


def _kept(session: Session) -> dict[str, Any]:
    day = DEMO_NOW.astimezone(ZONE).date()
    return dict(store.as_of(session, day))


def test_a_community_that_has_lost_its_grids_keeps_its_gaps_and_forgets_its_figures(
    town: Town,
) -> None:
    town.drawn("AB")
    session = town.session
    for now in (DEMO_NOW - timedelta(days=2), DEMO_NOW):
        report = coverage_report.report(session, now, WHOLE)
        coverage_figures.keep(session, report.frames, report.gaps, now, ZONE)
        if now != DEMO_NOW:
            town.close("A", "B", at=now)
            town.grids["."] = town.grid(".")
            town.bound({".": ground("AB")}, now)
    area = coverage_report.area(session, report, WHOLE, STREET)
    (community,) = report.parts("community", area.ground)
    assert community.code == COMMUNITY
    assert (community.figures["grids"], community.figures["gaps"]) == (0, len(report.gaps))
    assert {gap.action for gap in report.gaps} == {"bring_grids"}
    assert report.rest("community", [community], area.ground) is None
    day = coverage_figures.on_day(session, DEMO_NOW.date(), report.names, "community", area.ground)
    assert [part.figures for part in day.parts] == [community.figures]


def test_a_community_beside_another_counts_what_lies_in_none_of_its_grids(
    demo_session: Session,
) -> None:
    report = coverage_report.report(demo_session, DEMO_NOW, WHOLE)
    grids = measures.of_grids(report.frames.grids, report.gaps, report.frames.norms)
    loose = [part for part in report.parts("community", WHOLE) if _is_loose(part, report, grids)]
    assert loose
    for part in loose:
        area = coverage_report.area(demo_session, report, WHOLE, part.code)
        side = coverage_compare.present(demo_session, report, area)
        assert side.whole.figures == part.figures


def _is_loose(part: Part, report: Report, grids: Mapping[str, Ints]) -> bool:
    rows = report.frames.grids.within[part.code]
    return bool(part.figures["gaps"] > grids["gaps"][rows].sum())
