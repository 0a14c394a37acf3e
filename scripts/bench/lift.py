"""How long the web takes to answer a line drawn in a plan, with the judgement of every grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from geodata.domain import lattice
from geodata.domain.intent import Adopt, as_json
from geodata.services import redraw_ground
from scripts import hands
from scripts.bench import server
from scripts.bench.figures import Cell, Table, best, ratio

PLANS: Final = 5
STEPS: Final = 12
TRIES: Final = 400
OK: Final = 200
CRS: Final = "EPSG:4326"

_HOMES: Final = text("""
    select grid.community_code from building join grid on grid.id = building.grid_id
    group by 1 order by count(*) desc, 1 limit :most
""")
_BUILDINGS: Final = text("""
    select building.code, ST_AsBinary(outline) as shape from building
    join grid on grid.id = grid_id where grid.community_code = :home and outline is not null
""")
_DOORS: Final = text("select ST_AsBinary(door) as shape, households, residents from building")
_SHAPES: Final = text("""
    select grid.code, ST_AsBinary(shape) as shape
    from boundary join grid on grid.id = boundary.grid_id
    where upper_inf(valid) and kind <> 'uncovered'
""")


@dataclass
class Pen:
    """Draws one plan through the web."""

    base: str
    token: str
    plan: str
    taken: list[float] = field(default_factory=list)

    def draw(self, step: Mapping[str, Any]) -> bool:
        """Whether the step was taken; a yes is said to whatever buildings it cuts."""
        began = perf_counter()
        status, told = asked(self.base, self.token, f"/{self.plan}/steps", {"intent": step})
        if status == OK:
            self.taken.append((perf_counter() - began) * 1000)
        changes = (told.get("remedy") or {}).get("changes")
        if told.get("code") == "buildings_cut" and changes and "cuts" not in step:
            return self.draw({**step, **changes})
        return status == OK


def asked(base: str, token: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """The state and the answer of a question about plans."""
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = Request(f"{base}/api/redraws{path}", json.dumps(body).encode(), given)  # noqa: S310
    try:
        with urlopen(request, timeout=120) as answer:  # noqa: S310 -- our own server
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def run(session: Session, count: int) -> Table:
    """Milliseconds of the answers, beside the figures of all grids by GeoPandas in memory."""
    rng = np.random.default_rng(count)
    homes = list(session.scalars(_HOMES, {"most": PLANS}))
    grids = {home: _hand(session, home, rng) for home in homes}
    peer, known = _peer(session)
    database = server.address_of(session)
    taken: list[float] = []
    with server.manager(session) as token, server.served(database) as base:
        for home, hand in grids.items():
            taken += _drawn(base, token, home, hand)
    middle, worst = float(np.median(taken)), float(np.quantile(taken, 0.95))
    rows: list[tuple[Cell, ...]] = [
        ("figures of all by GeoPandas", known, peer, None, 1.0),
        ("pen's lift, answered", known, middle, worst, ratio(middle, peer)),
    ]
    notes = (
        f"{len(taken)} steps of {len(homes)} plans over HTTP: ground, judgement, impact, log kept.",
        "GeoPandas: houses joined to grids and summed, in memory, no ground computed.",
    )
    return Table("A line in a plan", ("what", "grids", "ms", "ms 95 %", "times"), rows, notes)


def _hand(session: Session, home: str, rng: np.random.Generator) -> hands.Hand:
    rows = redraw_ground.present(session, home)
    cells = redraw_ground.replayed(rows, (), (), home).before
    found = session.execute(_BUILDINGS, {"home": home})
    outlines: dict[str, BaseGeometry] = {
        row.code: lattice.to_units(shapely.from_wkb(bytes(row.shape))) for row in found
    }
    return hands.Hand(cells, home, rng, outlines)


def _peer(session: Session) -> tuple[float, int]:
    """Milliseconds in which GeoPandas sums up every grid, and how many grids there are."""
    houses, grids = (_frame(session, query) for query in (_DOORS, _SHAPES))

    def job() -> None:
        joined = gpd.sjoin(houses, grids, predicate="within")
        joined.groupby("code")[["households", "residents"]].sum()

    return best(job) * 1000, len(grids)


def _frame(session: Session, query: TextClause) -> gpd.GeoDataFrame:
    rows = [dict(row) for row in session.execute(query).mappings()]
    shapes = shapely.from_wkb([bytes(row.pop("shape")) for row in rows])
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS)


def _drawn(base: str, token: str, home: str, hand: hands.Hand) -> list[float]:
    """Milliseconds of each step of a plan that is thrown away at the end."""
    _, begun = asked(base, token, "", {"community": home, "name": "bench"})
    pen = Pen(base, token, begun["public_id"])
    for _ in range(TRIES):
        wanted = hand.draw()
        if wanted is None or isinstance(wanted, Adopt):
            continue
        pen.draw({**as_json(wanted), "parts": 2})
        if len(pen.taken) == STEPS:
            break
    asked(base, token, f"/{pen.plan}/discard", {})
    return pen.taken
