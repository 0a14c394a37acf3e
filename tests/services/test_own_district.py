"""Real polygons of other cities become whole districts, from files alone."""

import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.services import loads
from tests.makers import Town
from tests.services.test_loads import bring, counts, said

DATA = Path(os.environ.get("WANGGE_DATA", Path(__file__).parents[3] / "shared" / "data"))


def file(name: str) -> bytes:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {DATA}; set WANGGE_DATA")
    return path.read_bytes()


def held(session: Session, *columns: Any) -> Any:
    """The counts, once the guard of the ground has agreed."""
    Town(session).check()
    return session.execute(select(*columns)).one()


GRIDS = (
    select(func.count())
    .select_from(tables.boundary.join(tables.grid, tables.grid.c.id == tables.boundary.c.grid_id))
    .where(func.upper_inf(tables.boundary.c.valid), tables.grid.c.kind != "uncovered")
    .scalar_subquery()
)


def test_ellis_county_precincts_and_blocks(session: Session) -> None:
    content = file("ks_ellis_county.gpkg")
    given = {"district": "209999", "district_name": "Ellis"}
    job = bring(
        session, "communities", content, layer="vtd", mapping={"path": "name"}, values=given
    )
    assert counts(job) == (43, 0, 0, 0)
    job = bring(session, "grids", content, layer="block", mapping={"path": "code"})
    assert counts(job) == (2296, 0, 0, 0)
    assert job["columns"]["unmapped"] == ["total_pop", "total_vap_20"]
    assert job["system"] == "EPSG:26914"
    assert held(session, GRIDS) == (2296,)


def test_new_york_districts_in_several_parts(session: Session, tmp_path: Path) -> None:
    """Those of Manhattan: all of them are ninety thousand points."""
    (tmp_path / "all.gpkg").write_bytes(file("nyc_community_districts.gpkg"))
    every = gpd.read_file(tmp_path / "all.gpkg", layer="cd_2022")
    some = every[every.boro_cd.astype(str).str.startswith("1")]
    some.to_file(tmp_path / "some.gpkg", layer="cd_2022")
    content = (tmp_path / "some.gpkg").read_bytes()
    given = {"district": "NYC", "district_name": "New York"}
    job = bring(
        session, "grids", content, layer="cd_2022", mapping={"boro_cd": "code"}, values=given
    )
    assert counts(job) == (len(some), 0, 0, 0)
    assert held(session, GRIDS) == (len(some),)
    parts = sum(code == "grid_multipart" for _, code in said(session, job))
    assert parts == (some.geometry.count_geometries() > 1).sum() > 0


def test_vancouver_overlaps_are_refused_and_repaired_when_asked(session: Session) -> None:
    content = file("vancouver_local_areas.gpkg")
    given = {"district": "VAN", "district_name": "Vancouver"}
    job = bring(session, "communities", content, values=given)
    assert job["error"]["code"] == "coverage_dirty"
    assert "areas_overlap" in {code for _, code in said(session, job)}
    job = bring(session, "communities", content, values=given, repair=True)
    assert counts(job) == (22, 0, 0, 0)
    assert job["repaired"] + job["flagged"] > 10
    Town(session).check()


def test_denver_in_feet_that_claims_degrees_is_asked_about(session: Session) -> None:
    content = file("denver_precincts_dirty.gpkg")
    layer = "precincts2020_repaired_by_maup"
    given = {"district": "DEN"}
    request: dict[str, Any] = {"layer": layer, "values": given, "mapping": {"PRECID": "code"}}
    job = bring(session, "grids", content, crs="EPSG:4326", dry=True, **request)
    assert (job["state"], job["error"]["facts"]["reason"]) == ("asked", "no_degrees")
    job = bring(session, "grids", content, **request)
    assert counts(job) == (356, 0, 0, 0)
    assert job["system"] == "EPSG:2232"


def test_lujiazui_buildings_and_roads(session: Session) -> None:
    content = file("shanghai_lujiazui_osm.gpkg")
    given = {"district": "310115", "district_name": "浦东新区"}
    west, south, east, north = 121.48, 31.22, 121.53, 31.26
    ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
    areas = f'社区名称,WKT\n陆家嘴社区,"POLYGON(({ring}))"\n'.encode()
    assert counts(bring(session, "communities", areas, values=given, crs="CGCS2000"))[0] == 1
    job = bring(session, "buildings", content, layer="buildings")
    assert job["state"] == "done"
    assert job["added"] > 1400
    assert job["added"] + job["same"] + job["refused"] == 1572
    assert counts(bring(session, "buildings", content, layer="buildings"))[:2] == (0, 0)
    roads = bring(session, "roads", content, layer="roads")
    assert roads["added"] > 1700
    assert counts(bring(session, "roads", content, layer="roads"))[:2] == (0, 0)
    Town(session).check()


def test_hanbin_as_shipped_in_gcj02_is_suspected(database: Engine) -> None:
    content = file("hanbin_boundary.gpkg")
    with Session(database) as session:
        given = {"code": "610902", "name": "汉滨区"}
        sound = bring(session, "district", content, layer="boundary_wgs84", values=given)
        assert counts(sound)[0] == 1
        shifted = loads.Request(
            "grids", content, "h.gpkg", layer="boundary_gcj02_as_shipped", dry_run=True
        )
        number, _ = loads.submit(session, shifted)
        for _ in loads.run(session, number):
            pass
        job = loads.one(session, number)
        assert job["state"] in ("asked", "failed")
        session.commit()
