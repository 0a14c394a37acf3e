"""Makers of small districts: a picture becomes ground, grids, buildings."""

from collections.abc import Mapping
from datetime import UTC, datetime

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from geodata.db import tables
from tests.drawing import draw, ground, spot

DISTRICT, STREET, COMMUNITY = "610902", "610902001", "610902001003"
START = datetime(2021, 3, 1, tzinfo=UTC)


def multi(shape: BaseGeometry) -> MultiPolygon:
    """The shape as the MultiPolygon that boundaries are."""
    if isinstance(shape, MultiPolygon):
        return shape
    return MultiPolygon([p for p in [shape] if isinstance(p, Polygon)])


def code_of(letter: str) -> str:
    """The code of a grid drawn with a letter: A is 001, B is 002."""
    return f"{COMMUNITY}{ord(letter) - ord('A') + 1:03d}"


class Town:
    """One community drawn as a picture; a full stop is ground in no grid."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.grids: dict[str, int] = {}

    def drawn(self, picture: str, since: datetime = START) -> "Town":
        """Store the district of a picture with its grids, categories and one road."""
        whole = multi(ground(picture))
        self._areas(whole)
        cells: dict[str, BaseGeometry] = dict(draw(picture))
        open_ground = shapely.difference(whole, shapely.union_all(list(cells.values())))
        self.grids = {letter: self.grid(letter) for letter in cells}
        if not open_ground.is_empty:
            self.grids["."] = self.grid(".")
            cells["."] = open_ground
        self.bound(cells, since)
        return self

    def _areas(self, whole: MultiPolygon) -> None:
        add = self.session.execute
        add(
            insert(tables.district).values(
                code=DISTRICT, name="汉滨区", name_en="Hanbin", shape=whole
            )
        )
        add(insert(tables.street).values(code=STREET, district_code=DISTRICT, name="老城街道"))
        add(
            insert(tables.community).values(
                code=COMMUNITY, street_code=STREET, name="西大街社区", shape=whole
            )
        )
        add(
            insert(tables.issue_category),
            [
                {"code_scheme": "district", "code": c, "name_zh": c, "name_en": c}
                for c in ("ENV", "OTHER")
            ],
        )

    def grid(self, letter: str) -> int:
        """A grid's identity, without ground yet."""
        open_ground = letter == "."
        new = insert(tables.grid).values(
            code=None if open_ground else code_of(letter),
            kind="uncovered" if open_ground else "basic",
            community_code=COMMUNITY,
            name=f"网格{letter}",
        )
        return int(self.session.scalars(new.returning(tables.grid.c.id)).one())

    def bound(self, cells: Mapping[str, BaseGeometry], since: datetime) -> None:
        """Give grids their ground, valid from a moment on."""
        rows = [
            {
                "grid_id": self.grids[letter],
                "shape": multi(shape),
                "valid": func.tstzrange(since, None),
            }
            for letter, shape in cells.items()
        ]
        for row in rows:
            self.session.execute(insert(tables.boundary).values(**row))

    def close(self, *letters: str, at: datetime) -> None:
        """End the present boundaries of grids."""
        for letter in letters:
            self.session.execute(
                update(tables.boundary)
                .where(
                    tables.boundary.c.grid_id == self.grids[letter],
                    func.upper_inf(tables.boundary.c.valid),
                )
                .values(valid=func.tstzrange(func.lower(tables.boundary.c.valid), at))
            )

    def redrawn(self, picture: str, at: datetime) -> None:
        """Publish another division of the same ground, from a moment on."""
        cells = draw(picture)
        self.close(*self.grids, at=at)
        for letter in cells:
            if letter not in self.grids:
                self.grids[letter] = self.grid(letter)
        self.bound(cells, at)

    def building(self, address: str, row: float, column: float) -> int:
        """A small house with its door at a point of the picture."""
        door = spot(row, column)
        new = insert(tables.building).values(
            code=f"{COMMUNITY}{abs(hash(address)) % 99999:05d}",
            community_code=COMMUNITY,
            address=address,
            door=door,
            outline=_around(row, column),
        )
        return int(self.session.scalars(new.returning(tables.building.c.id)).one())

    def check(self) -> None:
        """Run the deferred checks now, as a commit would."""
        self.session.execute(func.now().select())
        connection = self.session.connection()
        connection.exec_driver_sql("set constraints all immediate")
        connection.exec_driver_sql("set constraints all deferred")

    def issues(self) -> list[dict[str, object]]:
        """All stored issues by ticket, with the code of their grid."""
        rows = self.session.execute(
            select(tables.issue, tables.grid.c.code.label("grid"))
            .outerjoin(tables.grid, tables.grid.c.id == tables.issue.c.grid_id)
            .order_by(tables.issue.c.ticket)
        )
        return [dict(row) for row in rows.mappings()]


def _around(row: float, column: float) -> BaseGeometry:
    corners = [spot(row - 0.04, column - 0.04), spot(row + 0.04, column + 0.04)]
    return shapely.box(corners[0].x, corners[1].y, corners[1].x, corners[0].y)
