"""Random redraws over real ground, and the laws that each must keep.

One of them: whoever is refused and offered a remedy gets a redraw by pressing it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.demo.model import District
from geodata.domain import lattice, measure, remedies, replay
from geodata.domain.cells import Cell, Cells, canonical, uncovered
from geodata.domain.intent import Give, Intent, as_json, from_json
from geodata.domain.redraw import Redrawn
from geodata.errors import InvalidRedraw
from scripts import laws
from scripts.hands import Hand

MOST_PRESSED: Final = 5
"""More remedies than these one after the other lead nowhere."""


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
        pressed: list[str] = []
        try:
            done = self._performed(wanted, pressed)
        except InvalidRedraw as refused:
            self.told[f"{name} {refused.code}"] += 1
            yield from _unexplained(refused)
            if pressed:
                yield f"{', '.join(pressed)} end in {refused} after {as_json(wanted)}"
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

    def _performed(self, wanted: Intent, pressed: list[str]) -> Redrawn:
        """The redraw, or the one that the remedies of its refusals come to; they are `pressed`."""
        wanted = from_json(as_json(wanted))
        while True:
            try:
                done = replay.perform(self.cells, wanted, {self.community})
            except InvalidRedraw as refused:
                remedy = refused.remedy
                if remedy is None or not remedy.changes or len(pressed) > MOST_PRESSED:
                    raise
                self.told[f"remedy {remedy.kind}"] += 1
                pressed.append(f"{refused.code} {remedy.kind}")
                wanted = remedies.mended(wanted, remedy, self.hand.code)
            else:
                self.log.append(wanted)
                return done

    def _replayed(self) -> Iterator[str]:
        """Whether the log, done again over the first ground, ends in the very same ground."""
        last = self.start
        for done in replay.replay(self.start, [from_json(as_json(one)) for one in self.log]):
            last = done.cells
        if not last.same_as(self.cells):
            yield "replaying the log gives other ground"


def _unexplained(refused: InvalidRedraw) -> Iterator[str]:
    if refused.code == "no_division":
        yield f"{refused} is no answer"
    if refused.code == "intent_unreadable":
        yield f"{refused} comes of a remedy"
    elif refused.place is None or refused.place.is_empty:
        yield f"{refused.code} has no place"
    elif refused.remedy is None:
        yield f"{refused.code} has no remedy"
