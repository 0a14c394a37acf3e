"""Indicators, comparisons and reports from the store, against counts that are made otherwise."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from PIL import Image, ImageColor
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.db.scoping import NONE, WHOLE, Ground
from geodata.demo import District
from geodata.domain import span
from geodata.errors import Conflict, NotFound
from geodata.files import drawings
from geodata.files.drawings import RAMPS
from geodata.services import (
    coverage_compare,
    coverage_figures,
    coverage_history,
    coverage_picture,
    coverage_report,
    coverage_reports,
    indicators,
    picture_tables,
    redraw_publishing,
    redraws,
)
from geodata.services.coverage_picture import Picture
from geodata.services.indicators import Asked, Board, By
from geodata.services.picture_tables import Source
from tests.conftest import NOW as DEMO_NOW
from tests.drawing import line
from tests.makers import COMMUNITY, Town, code_of
from tests.services.test_coverage import house, staffed

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
MONTH = span.named("2026-10")
DAY = timedelta(days=1)


def board(session: Session, by: By = "area", code: str = "", now: datetime = DEMO_NOW) -> Board:
    report = coverage_report.report(session, now, WHOLE)
    area = coverage_report.area(session, report, WHOLE, code)
    return indicators.board(session, report, Asked(area, MONTH, by, now, ZONE))


def issues(session: Session) -> pd.DataFrame:
    query = select(
        *(tables.issue.c[n] for n in ("channel", "status", "reported_at", "due_at", "closed_at")),
        *(tables.issue.c.community_code, tables.issue.c.category_id),
        func.ST_X(tables.issue.c.place).label("lon"),
        func.ST_Y(tables.issue.c.place).label("lat"),
    )
    told = pd.DataFrame(session.execute(query).mappings().all())
    for name in ("reported_at", "due_at", "closed_at"):
        told[name] = pd.to_datetime(told[name], utc=True)
    return told


def due(told: pd.DataFrame) -> pd.DataFrame:
    since, until = MONTH.begins(ZONE), min(MONTH.ends(ZONE), DEMO_NOW)
    kept = told[~told.status.isin(["rejected", "void"])]
    return kept[(kept.due_at >= since) & (kept.due_at < until)]


def test_indicators_of_the_demo_are_those_that_geopandas_counts(
    demo_session: Session, hanbin: District
) -> None:
    told = issues(demo_session)
    found = board(demo_session, code="610902002012")
    cells = gpd.GeoDataFrame(
        {"code": [c.code for c in hanbin.cells if c.code]},
        geometry=[c.shape for c in hanbin.cells if c.code],
        crs=4326,
    )
    placed = gpd.GeoDataFrame(told, geometry=gpd.points_from_xy(told.lon, told.lat), crs=4326)
    joined = placed.dropna(subset=["lon"]).sjoin(cells, predicate="within")
    here = due(joined)
    for row in found.rows:
        mine = here[here.code == row.code]
        assert row.counts["due"] == len(mine), row.code
        assert row.counts["in_time"] == (mine.closed_at <= mine.due_at).sum()
    whole, every = board(demo_session).whole.counts, due(told)
    new = told.reported_at.between(MONTH.begins(ZONE), MONTH.ends(ZONE), "left")
    assert (whole["reported"], whole["due"]) == (new.sum(), len(every))
    assert whole["closed"] == every.closed_at.notna().sum()
    done = told[told.closed_at.between(MONTH.begins(ZONE), MONTH.ends(ZONE), "left")]
    done = done[done.status == "closed"]
    hours = (done.closed_at - done.reported_at).dt.total_seconds().sum() / 3600
    assert whole["handled"] == len(done)
    assert whole["hours"] == pytest.approx(hours)
    homes = sum(b.residents for b in hanbin.buildings if hanbin.cells[b.cell].code)
    assert whole["residents"] == homes


def test_parts_categories_and_channels_add_up_to_the_whole(demo_session: Session) -> None:
    whole = board(demo_session).whole.counts
    told = issues(demo_session)
    known = told[told.community_code.notna()]
    for by in ("category", "channel"):
        rows = board(demo_session, by).rows
        assert sum(row.counts["due"] for row in rows) == whole["due"]
    assert sum(row.counts["due"] for row in board(demo_session).rows) == len(due(known))
    by_channel = due(told).channel.value_counts()
    for row in board(demo_session, "channel").rows:
        assert row.counts["due"] == by_channel.get(row.code, 0)


def test_handling_rework_and_ratings_come_from_the_course_of_an_issue(town: Town) -> None:
    town.drawn("A")
    at = datetime(2026, 10, 8, 4, 0, tzinfo=UTC)
    new = insert(tables.issue).values(
        channel="web",
        ticket="1",
        category_id=select(func.min(tables.issue_category.c.id)).scalar_subquery(),
        text="灯",
        precision="none",
        rule="none",
        status="closed",
        satisfaction="fair",
        reported_at=at,
        due_at=at + 2 * DAY,
        closed_at=at + 5 * DAY,
    )
    number = town.session.scalars(new.returning(tables.issue.c.id)).one()
    course = [(1, "handled"), (2, "reworked"), (3, "handled"), (5, "closed")]
    town.session.execute(
        insert(tables.issue_event),
        [
            {"issue_id": number, "at": at + n * DAY, "actor": "a", "kind": s, "status": s}
            for n, s in course
        ],
    )
    counts = board(town.session, now=NOW).whole.counts
    assert (counts["due"], counts["in_time"], counts["late"]) == (1, 0, 0)
    assert (counts["closed"], counts["closed_in_time"], counts["reworked"]) == (1, 0, 1)
    assert (counts["handled"], counts["hours"]) == (1, 72)
    assert (counts["rated"], counts["content"]) == (1, 1)


def test_a_report_says_what_the_screen_says_and_its_files_say_the_same(
    demo_session: Session, tmp_path: Path
) -> None:
    session = demo_session
    number = coverage_reports.order(session, "610902002", "2026-10", WHOLE, None, DEMO_NOW)
    steps: list[int] = []
    made = coverage_reports.run(
        session,
        session,
        DEMO_NOW,
        ZONE,
        lambda: steps.append(coverage_reports.one(session, number, WHOLE)["done"]),
    )
    assert made == number
    assert steps == [0, 1, 2, 3, 4, 6]
    kept = coverage_reports.picture(session, number, WHOLE, ZONE)
    report = coverage_report.report(session, DEMO_NOW, WHOLE)
    area = coverage_report.area(session, report, WHOLE, "610902002")
    asked = Asked(area, MONTH, "area", DEMO_NOW, ZONE)
    live = coverage_picture.taken(session, report, asked, str(ZONE))
    assert (kept.moment, kept.revision) == (DEMO_NOW, live.revision)
    assert (kept.parts, kept.kinds, kept.map) == (live.parts, live.kinds, live.map)
    assert kept.board.whole.figures == live.board.whole.figures
    assert [row.figures for row in kept.board.rows] == [row.figures for row in live.board.rows]
    assert len(kept.gaps) == len(report.within(area.ground)) == sum(kept.kinds.values())

    def file(form: str) -> bytes:
        return coverage_reports.file(session, number, form, WHOLE)

    book = openpyxl.load_workbook(io.BytesIO(file("xlsx")))
    rows = list(book["各地"].iter_rows(values_only=True))
    households = rows[0].index("户数 households")
    assert [row[households] for row in rows[1:]] == [p.figures["households"] for p in live.parts]
    values = {row[0]: row[2:5] for row in book["指标"].iter_rows(min_row=2, values_only=True)}
    figure = live.board.whole.figures["handled_in_time"]
    assert values["handled_in_time"] == (figure.above, figure.below, figure.value)
    with zipfile.ZipFile(io.BytesIO(file("csv"))) as archive:
        gaps = pd.read_csv(archive.open("gaps.csv"), dtype=str)
    assert len(gaps) == len(kept.gaps)
    path = tmp_path / "report.gpkg"
    path.write_bytes(file("gpkg"))
    ground = gpd.read_file(path, layer="parts")
    assert ground.households.tolist() == [p.figures["households"] for p in live.parts]
    assert ground.to_crs(4545).area.sum() > 0
    assert len(gpd.read_file(path, layer="gaps")) == len(kept.gaps)
    _assert_map_as_on_the_page(book["地图 1"], live)
    assert Image.open(io.BytesIO(file("png"))).size[0] == 1200 + 2 * drawings.map_left()


def _assert_map_as_on_the_page(sheet: Any, live: Picture) -> None:
    (image,) = sheet._images
    png = Image.open(io.BytesIO(image._data()))
    (drawing, *_) = picture_tables.maps(live, Source("汉滨区", synthetic=True))
    left, top = drawings.map_left(), drawings.map_top(drawing)
    measure = live.measures[0]
    for part in live.parts:
        outline, one = live.map.outlines[part.code], measure.class_of(part.value(measure))
        assert one is not None
        x, y = int(outline.x * 2) + left, int(outline.y * 2) + top
        around = png.crop((x - 24, y - 24, x + 24, y + 24)).getcolors(48 * 48) or []
        assert ImageColor.getrgb(RAMPS["gap"][one]) in [
            rgb for _, rgb in sorted(around, key=lambda one: one[0])[-2:]
        ]
    legend = [row[1].value for row in sheet.iter_rows(min_row=2, max_col=2)]
    assert legend == ["< 60%", "60%–80%", "80%–95%", "95%–<100%", "100%", "没有数据 no data"]


def test_a_schedule_makes_each_period_once_and_only_its_ground_sees_it(town: Town) -> None:
    town.drawn("AB")
    session = town.session
    account = session.scalars(
        insert(tables.account)
        .values(login="leader", name="甲", changed_at=NOW)
        .returning(tables.account.c.id)
    ).one()
    ground = Ground(communities=frozenset({COMMUNITY}))
    coverage_reports.schedule(session, COMMUNITY, "week", ground, account, NOW)
    (row,) = coverage_reports.schedules(session, ground)
    over, at_once = coverage_reports.coming(row, NOW, ZONE)
    assert (over.name, at_once) == ("2026-W47", date(2026, 11, 26))
    assert coverage_reports.order_due(session, NOW, ZONE) == 1
    (row,) = coverage_reports.schedules(session, ground)
    comes, monday = coverage_reports.coming(row, NOW, ZONE)
    assert (comes.name, monday) == ("2026-W48", date(2026, 11, 30))
    assert coverage_reports.order_due(session, NOW + DAY, ZONE) == 0
    assert coverage_reports.order_due(session, NOW + 5 * DAY, ZONE) == 1
    spans = [row["span"] for row in coverage_reports.listing(session, ground)]
    assert spans == ["2026-W48", "2026-W47"]
    assert coverage_reports.listing(session, NONE) == []
    number = coverage_reports.listing(session, WHOLE)[0]["id"]
    with pytest.raises(NotFound):
        coverage_reports.one(session, number, Ground(communities=frozenset({"610902001004"})))
    coverage_reports.drop(session, coverage_reports.listing(session, ground)[0]["id"], ground)
    assert coverage_reports.order_due(session, NOW + 5 * DAY, ZONE) == 0
    plan = coverage_reports.schedules(session, ground)[0]["id"]
    coverage_reports.end_schedule(session, plan, ground)
    assert coverage_reports.order_due(session, NOW + 12 * DAY, ZONE) == 0


def _look(session: Session, now: datetime) -> tuple[Any, Any]:
    report = coverage_report.report(session, now, WHOLE)
    return report, coverage_report.area(session, report, WHOLE, COMMUNITY)


def test_an_earlier_day_is_as_it_was_looked_at_then(town: Town) -> None:
    town.drawn("AB")
    session = town.session
    house(town, (0.5, 0.5), "A")
    for now, letters in ((NOW - 3 * DAY, ""), (NOW - 2 * DAY, ""), (NOW, "A")):
        staffed(town, *letters)
        report, _ = _look(session, now)
        coverage_figures.keep(session, report.frames, report.gaps, now, ZONE)
        coverage_history.keep(session, report.gaps, now)
    days = session.scalars(select(tables.coverage_figures.c.day)).all()
    assert sorted(days) == [date(2026, 11, 23), date(2026, 11, 26)]
    report, area = _look(session, NOW)
    then = coverage_compare.on_day(session, report, area, date(2026, 11, 25), ZONE)
    found = coverage_compare.compared(then, coverage_compare.present(session, report, area), "grid")
    changes = {one.measure.code: (one.left, one.right) for one in found.changes(report.measures())}
    assert list(changes["worker_share"]) == [0, 0.5]
    assert list(changes["load"]) == [15, 15]
    assert {gap["kind"] for gap in found.closed} == {"grid_without_worker", "grid_without_group"}
    assert {gap["kind"] for gap in found.opened} == {"building_without_group"}
    with pytest.raises(NotFound):
        coverage_compare.on_day(session, report, area, date(2026, 11, 22), ZONE)


def test_what_a_plan_would_make_of_coverage_is_what_publishing_makes_of_it(town: Town) -> None:
    town.drawn("AABB / AABB")
    session = town.session
    staffed(town, "A", "B")
    for at in ((0.5, 0.5), (0.5, 1.5), (1.5, 1.5)):
        house(town, at, "A", "A")
    house(town, (0.5, 3.5), "B", "B")
    made = redraws.begin(session, COMMUNITY, "拆", "secretary", NOW)
    step = {"op": "split", "grid": code_of("A"), "line": line((-0.1, 1), (2.1, 1))}
    redraws.append(session, made["public_id"], step, "secretary", NOW)
    report, area = _look(session, NOW)
    side = coverage_compare.on_plan(session, report, area, made["public_id"], NOW)
    again, _ = _look(session, NOW)
    assert again.gaps == report.gaps  # nothing has changed
    with pytest.raises(NotFound):
        coverage_report.area(session, again, WHOLE, f"{COMMUNITY}003")
    plan = tables.redraw_plan
    session.execute(update(plan).where(plan.c.id == made["id"]).values(state="approved"))
    redraw_publishing.publish(session, made["public_id"], "street")
    now = datetime.now(UTC) + DAY
    then = coverage_report.report(session, now, WHOLE)
    after = coverage_compare.present(session, then, replace(area))
    assert [p.figures for p in side.parts] == [p.figures for p in after.parts]
    assert [p.code for p in side.parts] == [p.code for p in after.parts]
    assert side.gaps.keys() == after.gaps.keys()
    assert ("grid_without_worker", f"{COMMUNITY}003") in side.gaps


def test_the_same_order_waits_once_and_each_account_has_its_own_limit(session: Session) -> None:
    names = [span.of("month", date(2024, 1, 1) + 31 * n * DAY).name for n in range(21)]
    orders = [coverage_reports.order(session, "", one, WHOLE, 1, NOW) for one in names[:20]]
    assert coverage_reports.order(session, "", names[0], WHOLE, 1, NOW) == orders[0]
    with pytest.raises(Conflict, match="reports_many"):
        coverage_reports.order(session, "", names[20], WHOLE, 1, NOW)
    assert coverage_reports.order(session, "", names[0], WHOLE, 2, NOW) not in orders
