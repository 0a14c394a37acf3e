"""The demo district goes into the store, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geodata.db import bulk, tables, tallies
from geodata.db.maintenance import analyze
from geodata.demo.model import Building, District
from geodata.domain.colours import colouring
from geodata.domain.partition import neighbours
from geodata.services import demo_issues

OFFICIAL_START: Final = datetime(2021, 3, 1, tzinfo=UTC)
"""The day from which the demo's grids are in force; later than every post, before every issue."""


@dataclass(frozen=True)
class _Ids:
    """The ids reserved for the district's lists, by the order of each list."""

    cells: Sequence[int]
    boundaries: dict[int, int]
    orgs: Sequence[int]
    courtyards: Sequence[int]
    buildings: Sequence[int]
    workers: Sequence[int]


def is_empty(session: Session) -> bool:
    """Whether no district was loaded yet."""
    return session.execute(select(tables.district.c.code).limit(1)).first() is None


def load(session: Session, district: District) -> None:
    """Store a generated district: its ground, its people and its issues, in one transaction.

    The guard of the partition judges it at commit.
    """
    ids = _reserve(session, district)
    _load_areas(session, district)
    _load_cells(session, district, ids)
    _load_base(session, district)
    _load_orgs(session, district, ids)
    _load_buildings(session, district, ids)
    _load_workers(session, district, ids)
    categories = _load_categories(session, district)
    demo_issues.load(session, district, categories)
    tallies.fold(session)
    analyze(session)


def _reserve(session: Session, district: District) -> _Ids:
    cells = bulk.reserve(session, tables.grid, len(district.cells))
    filled = [i for i, cell in enumerate(district.cells) if not cell.shape.is_empty]
    boundaries = bulk.reserve(session, tables.boundary, len(filled))
    buildings = bulk.reserve(
        session, tables.building, len(district.courtyards) + len(district.buildings)
    )
    yards = len(district.courtyards)
    return _Ids(
        cells=cells,
        boundaries=dict(zip(filled, boundaries, strict=True)),
        orgs=bulk.reserve(session, tables.party_org, len(district.party_orgs)),
        courtyards=buildings[:yards],
        buildings=buildings[yards:],
        workers=bulk.reserve(session, tables.grid_worker, len(district.workers)),
    )


def _load_areas(session: Session, district: District) -> None:
    session.execute(
        insert(tables.district),
        {
            "code": district.code,
            "name": district.name,
            "name_en": district.name_en,
            "shape": district.ground,
            "synthetic": True,
        },
    )
    bulk.copy(
        session,
        tables.street,
        ("code", "district_code", "name", "name_en", "shape"),
        ((s.code, district.code, s.name, s.name_en, s.shape) for s in district.streets),
    )
    bulk.copy(
        session,
        tables.community,
        ("code", "street_code", "name", "name_en", "platform", "shape"),
        (
            (c.code, c.street_code, c.name, c.name_en, c.platform, c.shape)
            for c in district.communities
        ),
    )


def _load_cells(session: Session, district: District, ids: _Ids) -> None:
    bulk.copy(
        session,
        tables.grid,
        ("id", "code", "kind", "community_code", "name"),
        (
            (ids.cells[i], cell.code, cell.kind, cell.community_code, cell.name)
            for i, cell in enumerate(district.cells)
        ),
    )
    bulk.copy(
        session,
        tables.boundary,
        ("id", "grid_id", "shape", "valid"),
        (
            (row, ids.cells[i], district.cells[i].shape, bulk.since(OFFICIAL_START))
            for i, row in ids.boundaries.items()
        ),
    )


def _load_base(session: Session, district: District) -> None:
    bulk.copy(
        session,
        tables.road,
        ("name", "kind", "width", "shape"),
        ((r.name, r.kind, r.width, r.shape) for r in district.roads),
    )
    bulk.copy(
        session,
        tables.landcover,
        ("kind", "name", "shape"),
        ((c.kind, c.name, c.shape) for c in district.landcover),
    )
    bulk.copy(
        session,
        tables.place,
        ("name", "kind", "address", "shape"),
        ((p.name, p.kind, p.address, p.shape) for p in district.places),
    )


def _load_orgs(session: Session, district: District, ids: _Ids) -> None:
    colours = _group_colours(district)
    bulk.copy(
        session,
        tables.party_org,
        (
            *("id", "tier", "parent_id", "name", "secretary", "member_count"),
            *("street_code", "community_code", "grid_id", "colour"),
        ),
        (
            (
                *(ids.orgs[i], org.tier, _at(ids.orgs, org.parent), org.name, org.secretary),
                *(org.member_count, org.street_code, org.community_code),
                *(_at(ids.cells, org.cell), colours.get(i)),
            )
            for i, org in enumerate(district.party_orgs)
        ),
    )


def _group_colours(district: District) -> dict[int, int]:
    """A colour for each group, so that the groups of neighbouring grids differ."""
    cells = {cell.code: cell.shape for cell in district.cells if cell.code is not None}
    colour = colouring(neighbours(cells))
    return {
        i: colour[str(district.cells[org.cell].code)]
        for i, org in enumerate(district.party_orgs)
        if org.tier == "group" and org.cell is not None
    }


def _load_buildings(session: Session, district: District, ids: _Ids) -> None:
    columns = (
        *("id", "code", "community_code", "kind", "courtyard_id", "name", "address", "door"),
        *("outline", "levels", "households", "residents", "grid_id", "party_group_id"),
    )
    for kind, members, numbers in (
        ("courtyard", district.courtyards, ids.courtyards),
        ("building", district.buildings, ids.buildings),
    ):
        bulk.copy(
            session,
            tables.building,
            columns,
            (_building_row(numbers[i], kind, b, ids) for i, b in enumerate(members)),
        )


def _building_row(number: int, kind: str, building: Building, ids: _Ids) -> tuple[Any, ...]:
    return (
        *(number, building.code, building.community_code, kind),
        *(_at(ids.courtyards, building.courtyard), building.name, building.address),
        *(building.door, building.outline, building.levels),
        *(building.households, building.residents, ids.cells[building.cell]),
        _at(ids.orgs, building.group),
    )


def _load_workers(session: Session, district: District, ids: _Ids) -> None:
    bulk.copy(
        session,
        tables.grid_worker,
        ("id", "name"),
        ((ids.workers[i], worker.name) for i, worker in enumerate(district.workers)),
    )
    bulk.copy(
        session,
        tables.post,
        ("worker_id", "grid_id", "duty", "during"),
        (
            (ids.workers[p.worker], ids.cells[p.cell], p.duty, bulk.since(p.since, p.until))
            for p in district.posts
        ),
    )


def _load_categories(session: Session, district: District) -> dict[str, int]:
    rows = session.execute(
        insert(tables.issue_category).returning(
            tables.issue_category.c.code, tables.issue_category.c.id
        ),
        [
            {
                "code_scheme": "district",
                "code": category.code,
                "name_zh": category.name_zh,
                "name_en": category.name_en,
                "department": category.department,
                "time_limit": category.time_limit,
                "limit_type": category.limit_type,
                "glyph": category.glyph,
            }
            for category in district.categories
        ],
    )
    return {row.code: row.id for row in rows}


def _at(ids: Sequence[int], index: int | None) -> int | None:
    return None if index is None else ids[index]
