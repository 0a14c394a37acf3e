"""Random redraws over real ground, and the laws that each must keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.demo.model import District
from geodata.domain import lattice, measure, replay
from geodata.domain.cells import Cell, Cells, canonical, uncovered
from geodata.domain.intent import Give, Intent, as_json, from_json
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw
from scripts import laws
from scripts.hands import Hand


def of_district(district: District) -> tuple[Cells, dict[str, BaseGeometry]]:
    """The cells of a generated district, and the outlines of its buildings, in lattice steps."""
    cells = [
        Cell(
            cell.code or uncovered(cell.community_code),
            cell.community_code,
            canonical(lattice.to_units(cell.shape)),
            cell.kind,
        )
        for cell in district.cells
    ]
    outlines: dict[str, BaseGeometry] = {
        b.code: lattice.to_units(b.outline) for b in district.buildings
    }
    return Cells(cells), outlines


def neighbourhood(cells: Cells, community: str) -> Cells:
    """The cells of a community and of those around it, which share its borders."""
    own = [cell.shape for cell in cells.members(community) if not cell.shape.is_empty]
    homes = {cells[code].community for code in cells.around(own)}
    return Cells(cell for cell in cells if cell.community in homes)


@dataclass
class Trial:
    """Random redraws of one community, one after the other."""

    cells: Cells
    community: str
    rng: np.random.Generator
    buildings: Mapping[str, BaseGeometry] = field(default_factory=dict)
    log: list[Intent] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.start = self.cells
        own = [c.shape for c in self.cells.members(self.community) if not c.shape.is_empty]
        ground = measure.together(own)
        shapely.prepare(ground)
        here = {c: b for c, b in self.buildings.items() if ground.intersects(b)}
        self.hand = Hand(self.cells, self.community, self.rng, here)

    def run(self, count: int, *, again: bool = True) -> Iterator[str]:
        """Laws broken by so many accepted redraws, done `again` at the end if so wished."""
        while len(self.log) < count:
            self.hand.cells = self.cells
            wanted = self.hand.draw()
            if wanted is not None:
                yield from self._try(wanted)
        if again:
            yield from self._replayed()
        yield from laws.unsound(self.cells, self.cells)
        yield from laws.drifted(self.start, self.cells)

    def _try(self, wanted: Intent) -> Iterator[str]:
        name = type(wanted).__name__.lower()
        try:
            done = self._performed(wanted)
        except InvalidRedraw as refused:
            self.told[f"{name} {refused.code}"] += 1
            yield from _unexplained(refused)
            return
        self.told[name] += 1
        wanted = self.log[-1]
        for law in laws.broken_laws(self.cells, done, self.rng):
            yield f"{law} after {as_json(wanted)}"
        for law in laws.new_strips(self.cells, done):
            yield f"{law} after {as_json(wanted)}"
        if isinstance(wanted, Give) and wanted.buildings and not wanted.pieces:
            yield from laws.lost_buildings(self.cells, done, wanted, self.hand.buildings)
        self.cells = done.cells

    def _performed(self, wanted: Intent) -> Redrawn:
        """The redraw, or the one that the remedy of its refusal comes to."""
        wanted = from_json(as_json(wanted))
        for _ in range(3):
            try:
                done = replay.perform(self.cells, wanted, {self.community})
            except InvalidRedraw as refused:
                other = _remedied(wanted, refused, self.hand)
                if other is None or other == wanted:
                    raise
                self.told[f"remedy {refused.remedy and refused.remedy.kind}"] += 1
                wanted = other
            else:
                self.log.append(wanted)
                return done
        done = replay.perform(self.cells, wanted, {self.community})
        self.log.append(wanted)
        return done

    def _replayed(self) -> Iterator[str]:
        """Whether the log, done again over the first ground, ends in the very same ground."""
        last = self.start
        for done in replay.replay(self.start, [from_json(as_json(one)) for one in self.log]):
            last = done.cells
        if not last.same_as(self.cells):
            yield "replaying the log gives other ground"


def _remedied(wanted: Intent, refused: InvalidRedraw, hand: Hand) -> Intent | None:
    """The intent with the changes of a remedy; new codes are made up as a service would."""
    if refused.remedy is None:
        return None
    plain_one: dict[str, Any] = {**as_json(wanted), **refused.remedy.changes}
    parts = plain_one.pop("parts", None)
    if parts is not None:
        plain_one["new"] = [hand.code() for _ in range(parts - 1)]
    kept = {
        "carve": {"op", "area", "new", "kind", "donors", "pieces", "retire"},
        "fill": {"op", "community", "to", "area"},
        "close": {"op", "grid"},
    }.get(plain_one["op"], plain_one.keys())
    plain_one = {name: value for name, value in plain_one.items() if name in kept}
    if plain_one["op"] == "carve" and not isinstance(plain_one.get("new"), str):
        plain_one["new"] = hand.code()
    return from_json(plain_one)


def _unexplained(refused: InvalidRedraw) -> Iterator[str]:
    if refused.code == "no_division":
        yield f"{refused} is no answer"
    if refused.code == "intent_unreadable":
        yield f"{refused} comes of a remedy"
    elif refused.place is None or refused.place.is_empty:
        yield f"{refused.code} has no place"
    elif refused.remedy is None:
        yield f"{refused.code} has no remedy"
