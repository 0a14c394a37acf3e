"""Layers and lists come in: asked about, tried, reported, applied; nothing twice, nothing lost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.domain.crs import from_wgs84
from geodata.errors import InvalidMove
from geodata.services import loads
from tests import layers as made
from tests.drawing import draw, ground, spot
from tests.makers import COMMUNITY, DISTRICT, Town, code_of
from tests.sheets import table

SINCE = datetime(2021, 3, 1, tzinfo=UTC)


def bring(
    session: Session, kind: str, content: bytes, *, dry: bool = False, **how: Any
) -> Mapping[str, Any]:
    """The job of a file after it was worked off."""
    request = loads.Request(kind, content, "文件", dry_run=dry, **how)  # type: ignore[arg-type]
    number, _ = loads.submit(session, request)
    for _ in loads.run(session, number):
        pass
    return dict(loads.one(session, number))


def counts(job: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return job["added"], job["changed"], job["same"], job["refused"]


def said(session: Session, job: Mapping[str, Any]) -> list[tuple[int, str]]:
    return [(note["row"], note["code"]) for note in loads.report(session, job["id"])]


def grids(picture: str, **more: str) -> made.Rows:
    """A grid for each letter of a picture, with its code."""
    return [({"code": code_of(k), "name": f"网格{k}", **more}, s) for k, s in draw(picture).items()]


def present(session: Session) -> dict[str, float]:
    """The ground of each present grid in letters of a picture, by the end of its code."""
    rows = session.execute(
        select(tables.grid.c.code, tables.grid.c.kind, tables.boundary.c.shape)
        .join(tables.boundary, tables.boundary.c.grid_id == tables.grid.c.id)
        .where(func.upper_inf(tables.boundary.c.valid))
    )
    one = draw("A")["A"].area
    return {(r.code or "~")[-3:]: round(r.shape.area / one, 3) for r in rows}


@pytest.fixture
def here(town: Town) -> Town:
    return town.drawn("AAB / AAB / ...")


def test_grids_replace_those_of_their_community(here: Town) -> None:
    job = bring(here.session, "grids", made.geojson(grids("ABB / ACC / .CC")))
    here.check()
    assert (job["state"], counts(job)) == ("done", (1, 2, 0, 0))
    assert present(here.session) == {"001": 2, "002": 2, "003": 4, "~": 1}
    assert said(here.session, job) == [(0, "ground_uncovered")]


def test_a_trial_changes_nothing_and_tells_what_would_happen(here: Town) -> None:
    before = present(here.session)
    content = made.geojson(grids("ABB / ACC / .CC"))
    job = bring(here.session, "grids", content, dry=True)
    assert (job["state"], counts(job)) == ("checked", (1, 2, 0, 0))
    assert present(here.session) == before
    loads.apply(here.session, job["id"])
    for _ in loads.run(here.session, job["id"]):
        pass
    after = dict(loads.one(here.session, job["id"]))
    assert (after["state"], counts(after)) == ("done", (1, 2, 0, 0))
    assert present(here.session)["003"] == 4
    with pytest.raises(InvalidMove):
        loads.apply(here.session, job["id"])


def test_the_same_file_again_changes_nothing(here: Town) -> None:
    content = made.geojson(grids("ABB / ACC / .CC"))
    first = bring(here.session, "grids", content)
    bounds = here.session.scalar(select(func.count()).select_from(tables.boundary))
    again = bring(here.session, "grids", content)
    assert again["id"] == first["id"]
    assert counts(again) == (0, 0, 3, 0)
    assert here.session.scalar(select(func.count()).select_from(tables.boundary)) == bounds


def test_grids_without_codes_are_numbered_and_known_again(here: Town) -> None:
    bare = [({"name": told["name"]}, shape) for told, shape in grids("XYZ / XYZ / XYZ")]
    job = bring(here.session, "grids", made.geojson(bare))
    assert counts(job) == (3, 0, 0, 0)
    # 001 and 002 are retired, and their codes are never used again.
    assert set(present(here.session)) == {"003", "004", "005"}
    assert (0, "grids_retired") in said(here.session, job)
    turned = made.geojson(list(reversed(bare)))
    assert counts(bring(here.session, "grids", turned)) == (0, 0, 3, 0)


def test_a_retired_code_is_refused(here: Town) -> None:
    bring(here.session, "grids", made.geojson(grids("AAA / AAA / AAA")))
    job = bring(here.session, "grids", made.geojson(grids("AAB / AAB / AAB")))
    assert (job["state"], job["error"]["code"]) == ("failed", "coverage_dirty")
    assert said(here.session, job) == [(2, "code_retired")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([*grids("AAA / AAA / AAA"), *grids("B")], "areas_overlap"),
        (grids("AAAA / AAAA / AAAA"), "area_outside"),
        ([*grids("AB / AB / AB"), ({"code": code_of("C")}, None)], "shape_missing"),
        ([*grids("AB"), ({"code": code_of("A")}, draw("..C")["C"])], "code_twice"),
        ([({"code": "网格一"}, ground("AAA / AAA / AAA"))], "code_unusable"),
        ([({"code": code_of("A"), "社区": "不存在"}, draw("A")["A"])], "community_unknown"),
        (
            [
                (
                    {"code": code_of("A")},
                    shapely.from_wkt(
                        "POLYGON((109.02 32.69,109.03 32.68,"
                        "109.03 32.69,109.02 32.68,109.02 32.69))"
                    ),
                )
            ],
            "shape_invalid",
        ),
    ],
)
def test_a_dirty_coverage_is_refused_whole_with_its_faults(
    here: Town, rows: made.Rows, code: str
) -> None:
    before = present(here.session)
    job = bring(here.session, "grids", made.geojson(rows))
    assert (job["state"], job["error"]["code"]) == ("failed", "coverage_dirty")
    assert code in {note for _, note in said(here.session, job)}
    assert present(here.session) == before


def test_repair_happens_when_asked_for_and_is_told(here: Town) -> None:
    thin = shapely.difference(draw("AAB")["B"], shapely.box(109, 32, 109.02192, 33))
    rows = [*grids("AA. / AA. / AA."), ({"code": code_of("B")}, thin)]
    job = bring(here.session, "grids", made.geojson(rows), repair=True)
    assert job["state"] == "done"
    here.check()
    assert sum(present(here.session).values()) == pytest.approx(9)


def test_open_issues_follow_their_ground_with_an_event(here: Town) -> None:
    category = here.session.scalar(select(tables.issue_category.c.id).limit(1))
    for n, place in enumerate((spot(0.5, 2.5), spot(0.5, 0.5), spot(2.5, 2.5)), start=1):
        values = {"ticket": f"T{n}", "channel": "12345", "category_id": category, "text": "灯"}
        more = {"place": place, "precision": "door", "status": "reported", "reported_at": SINCE}
        here.session.execute(insert(tables.issue).values(**values, **more))
    assert [i["grid"] for i in here.issues()] == [code_of("B"), code_of("A"), None]
    job = bring(here.session, "grids", made.geojson(grids("AAA / BBB / CCC")))
    assert [i["grid"] for i in here.issues()] == [code_of("A"), code_of("A"), code_of("C")]
    assert (0, "issues_reassigned") in said(here.session, job)
    events = here.session.execute(select(tables.issue_event)).mappings().all()
    assert [(e["kind"], e["actor"]) for e in events] == [("reassigned", "load")] * 2


def test_only_the_communities_asked_for_change(here: Town) -> None:
    job = bring(
        here.session, "grids", made.geojson(grids("AAA / AAA / AAA")), communities=(COMMUNITY,)
    )
    assert job["state"] == "done"
    job = bring(here.session, "grids", made.geojson(grids("A")), communities=("610902001009",))
    assert job["error"]["code"] == "community_unknown"


def points(*rows: tuple[str, float, float]) -> bytes:
    return table([["地址", "经度", "纬度"], *([a, repr(x), repr(y)] for a, x, y in rows)]).encode()


def test_buildings_belong_to_the_grid_of_their_door(here: Town) -> None:
    inside, open_, away = spot(0.5, 2.5), spot(2.5, 0.5), spot(9, 9)
    content = points(
        ("解放路1号", inside.x, inside.y), ("解放路2号", open_.x, open_.y), ("外", away.x, away.y)
    )
    job = bring(here.session, "buildings", content, crs="WGS84")
    assert counts(job) == (2, 0, 0, 1)
    assert (4, "building_outside") in said(here.session, job)
    stored = here.session.execute(
        select(tables.building.c.address, tables.grid.c.code, tables.building.c.code).join(
            tables.grid, tables.grid.c.id == tables.building.c.grid_id
        )
    ).all()
    assert sorted(row[0] for row in stored) == ["解放路1号", "解放路2号"]
    assert {row[0]: row[1] for row in stored} == {"解放路1号": code_of("B"), "解放路2号": None}
    assert all(row[2].startswith(COMMUNITY) for row in stored)
    assert counts(bring(here.session, "buildings", content, crs="WGS84")) == (0, 0, 2, 1)


def test_a_file_that_declares_nothing_is_asked_about(here: Town) -> None:
    place = spot(0.5, 0.5)
    job = bring(here.session, "buildings", points(("一号", place.x, place.y)))
    assert (job["state"], job["error"]["code"]) == ("asked", "crs_doubtful")
    facts = job["error"]["facts"]
    assert facts["reason"] == "undeclared"
    assert [one["crs"] for one in facts["candidates"]][:3] == ["WGS84", "GCJ02", "BD09"]
    loads.answer(here.session, job["id"], "GCJ02")
    for _ in loads.run(here.session, job["id"]):
        pass
    assert loads.one(here.session, job["id"])["system"] == "GCJ02"


@pytest.mark.parametrize(
    ("turn", "reason", "offered"),
    [
        (lambda xy: xy[:, ::-1], "swapped", "WGS84@yx"),
        (lambda xy: xy * 3.28e4, "no_degrees", None),
        (lambda xy: xy + np.array([7.0, 5.0]), "elsewhere", None),
    ],
)
def test_coordinates_that_cannot_be_are_asked_about(
    here: Town, turn: Any, reason: str, offered: str | None
) -> None:
    rows = [(told, shapely.transform(shape, turn)) for told, shape in grids("AAA / AAA / AAA")]
    job = bring(here.session, "grids", made.geojson(rows))
    assert (job["state"], job["error"]["facts"]["reason"]) == ("asked", reason)
    names = [one["crs"] for one in job["error"]["facts"]["candidates"]]
    assert offered is None or offered in names


def test_metres_without_a_system_get_the_zones_that_fit(here: Town) -> None:
    rows = grids("AAA / AAA / AAA")
    metres = geopandas.GeoSeries([s for _, s in rows], crs=4326).to_crs(4545)
    content = made.written([(rows[0][0], metres.iloc[0])], "shp", crs=None)
    job = bring(here.session, "grids", content)
    assert job["error"]["facts"]["reason"] == "undeclared"
    names = [one["crs"] for one in job["error"]["facts"]["candidates"]]
    assert names[0] == "EPSG:4545"
    assert counts(bring(here.session, "grids", content, crs="EPSG:4545"))[:2] == (0, 1)
    here.check()


def test_gcj02_passed_off_as_wgs84_is_suspected_by_known_buildings(here: Town) -> None:
    outlines = []
    for n in range(20):
        door = spot(0.1 + 0.09 * n, 0.2 + (n % 7) * 0.3)
        outlines.append(shapely.box(door.x, door.y, door.x + 1e-4, door.y + 1e-4))
    rows = [({"地址": f"解放路{n}号"}, shape) for n, shape in enumerate(outlines)]
    bring(here.session, "buildings", made.geojson(rows))

    def shifted(xy: Any) -> Any:
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], "GCJ02"))

    moved = [({"地址": f"新{n}"}, shapely.transform(s, shifted)) for n, (_, s) in enumerate(rows)]
    job = bring(here.session, "buildings", made.geojson(moved))
    assert (job["state"], job["error"]["facts"]["reason"]) == ("asked", "shifted")
    assert job["error"]["facts"]["candidates"][0]["crs"] == "GCJ02"
    assert job["error"]["facts"]["candidates"][0]["on_known"] == 1


def test_workers_get_posts_and_a_grid_has_one_head(here: Town) -> None:
    rows = [
        ["姓名", "联系电话", "网格编码", "职责", "上岗日期"],
        ["张三", "13912345678", code_of("A"), "网格长", "2024-01-01"],
        ["李四", "-", "网格A", "网格员", "-"],
        ["王五", "-", code_of("A"), "网格长", "-"],
        ["赵六", "-", "网格Z", "网格员", "-"],
        ["孙七", "-", code_of("B"), "网格员", "2090-01-01"],
    ]
    content = table(rows).encode("gb18030")
    job = bring(here.session, "workers", content)
    assert counts(job) == (2, 0, 0, 3)
    assert job["columns"]["dropped"] == ["联系电话"]
    refused = [(4, "head_taken"), (5, "grid_unknown"), (6, "post_future")]
    assert said(here.session, job) == refused
    assert counts(bring(here.session, "workers", content)) == (0, 0, 2, 3)
    staged = here.session.scalars(select(tables.load_row.c.cells)).all()
    assert "13912345678" not in str(staged)


def test_groups_take_their_buildings(here: Town) -> None:
    here.building("解放路1号", 0.5, 0.5)
    here.building("解放路2号", 0.5, 2.5)
    rows = [
        ["党小组", "网格", "组长", "党员数", "楼栋"],
        ["第一党小组", "网格A", "张三", "12", "解放路1号、解放路2号、解放路9号"],
    ]
    content = table(rows).encode()
    job = bring(here.session, "groups", content)
    assert counts(job) == (1, 0, 0, 0)
    assert (2, "buildings_unknown") in said(here.session, job)
    owners = here.session.scalars(select(tables.building.c.party_group_id)).all()
    assert len(set(owners)) == 1
    assert None not in owners
    assert counts(bring(here.session, "groups", content)) == (0, 0, 1, 0)


def test_units_are_found_by_their_address_else_by_their_community(here: Town) -> None:
    here.building("汉滨区老城街道解放路1号", 0.5, 0.5)
    rows = [
        ["单位名称", "单位类型", "地址", "社区", "联系电话"],
        ["第一小学", "学校", "解放路1号", "", "13912345678"],
        ["一家公司", "企业", "没有这个地方", "西大街社区", ""],
        ["无名", "企业", "", "", ""],
    ]
    job = bring(here.session, "units", table(rows).encode())
    assert counts(job) == (2, 0, 0, 1)
    units = here.session.execute(select(tables.resident_unit)).mappings().all()
    assert [(u["name"], u["place"] is not None) for u in units] == [
        ("第一小学", True),
        ("一家公司", False),
    ]
    assert said(here.session, job) == [(4, "community_unknown"), (3, "unit_unplaced")]


def test_a_load_that_was_cut_off_goes_on(here: Town) -> None:
    door = spot(0.5, 0.5)
    rows = [(f"解放路{n}号", door.x + n * 1e-7, door.y) for n in range(1200)]
    request = loads.Request("buildings", points(*rows), "a.csv", crs="WGS84", dry_run=False)
    number, _ = loads.submit(here.session, request)
    for stop in (2, 2, 2):
        running = loads.run(here.session, number)
        for _ in range(stop):
            next(running)
        del running
    for _ in loads.run(here.session, number):
        pass
    job = loads.one(here.session, number)
    assert (job["state"], job["total"]) == ("done", 1200)
    assert job["added"] + job["same"] + job["refused"] == 1200
    stored = here.session.scalar(select(func.count()).select_from(tables.building))
    assert stored == job["added"]


def test_an_empty_store_becomes_a_district_from_files_alone(session: Session) -> None:
    areas = [({"社区名称": f"{k}社区"}, s) for k, s in draw("AABB / AABB").items()]
    refused = bring(session, "communities", made.geojson(areas))
    assert refused["error"]["code"] == "district_unknown"
    given = {"district": DISTRICT, "district_name": "某区"}
    job = bring(session, "communities", made.geojson(areas), values=given)
    assert counts(job) == (2, 0, 0, 0)
    cells = [({"名称": k}, s) for k, s in draw("XXYZ / XXYZ").items()]
    job = bring(session, "grids", made.geojson(cells))
    assert counts(job) == (3, 0, 0, 0)
    town = Town(session)
    town.check()
    codes = session.scalars(select(tables.grid.c.code).where(tables.grid.c.code.is_not(None)))
    assert sorted(codes) == [f"{DISTRICT}00100{c}" + f"00{n}" for c, n in ((1, 1), (2, 1), (2, 2))]
    assert session.scalar(select(func.count()).select_from(tables.issue_category)) == 8


def test_grids_alone_get_a_community_of_their_outline(session: Session) -> None:
    cells = [({"code": f"V-{k}"}, s) for k, s in draw("XXY / XXY").items()]
    given = {"district": "VAN", "district_name": "温哥华", "since": "2020-01-01"}
    job = bring(session, "grids", made.geojson(cells), values=given)
    Town(session).check()
    assert (job["state"], counts(job)) == ("done", (2, 0, 0, 0))
    starts = session.scalars(select(func.lower(tables.boundary.c.valid))).all()
    assert {start.year for start in starts} == {2020}
