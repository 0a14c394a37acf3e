# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Places that people name: schools, hospitals, markets, stations, offices, parks.

Metres on the drawing board.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point

from geodata.demo.blocks import NEW, NORTH, OLD
from geodata.demo.facts import rows
from geodata.demo.houses import Houses
from geodata.demo.lots import Lot
from geodata.demo.names import Names
from geodata.domain.partition import Bools

_SCHOOLS = ("小学", "小学", "初级中学", "幼儿园", "幼儿园", "高级中学", "小学")
_SQUARES = (
    "人民广场",
    "金州广场",
    "育才广场",
    "文化广场",
    "滨江广场",
    "鼓楼广场",
    "市民广场",
    "站前广场",
)
_SINGLE = (
    ("hospital", "汉滨区第一医院"), ("hospital", "汉滨区中医院"),
    ("hospital", "安康市妇幼保健院"), ("hospital", "安康市中心医院"),
    ("hospital", "汉滨区第二医院"), ("office", "汉滨区政务服务中心"),
    ("office", "老城街道办事处"), ("office", "新城街道办事处"), ("office", "江北街道办事处"),
    ("office", "汉滨区人民政府"), ("office", "汉滨区城市管理执法局"), ("office", "汉滨区图书馆"),
    ("station", "安康汽车站"), ("station", "江北客运站"), ("station", "高客站"),
    ("market", "鼓楼农贸市场"), ("market", "东关农贸市场"), ("market", "培新街菜市场"),
    ("market", "南门农贸市场"), ("market", "育才路菜市场"), ("market", "江北农贸市场"),
    ("market", "西关菜市场"), ("market", "枣园农贸市场"), ("market", "张岭菜市场"),
)  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """A place on the board; ``building`` is the one that it fills, or -1."""

    name: str
    kind: str
    address: str
    point: Point
    building: int


def settle(lots: list[Lot], houses: Houses, names: Names) -> tuple[list[Spot], Bools]:
    """The places, and which buildings nobody lives in."""
    uses = np.array([lot.use for lot in lots])
    civic = uses[houses.prints.lot] == "school"
    spots = [*_open_air(lots, names), *_schools(lots, houses, names)]
    taken: set[int] = set()
    for name, kind, building in _chosen(lots, houses, civic, names):
        if building not in taken:
            taken.add(building)
            spots.append(
                Spot(name, kind, houses.addresses[building], houses.doors[building], building)
            )
    filled = [spot.building for spot in spots if spot.kind in ("hospital", "office", "station")]
    civic[filled] = True
    return spots, civic


def _open_air(lots: list[Lot], names: Names) -> Iterator[Spot]:
    """Squares and parks, by size: the largest get a name of their own."""
    squares = list(_SQUARES)
    names.reserve(*squares)
    for lot in sorted(lots, key=lambda lot: -float(lot.shape.area)):
        if lot.use == "plaza":
            name = squares.pop(0) if squares else names.park("广场")
            yield Spot(name, "plaza", "", lot.shape.representative_point(), -1)
        elif lot.use == "park":
            end = "公园" if lot.shape.area > 9_500 else "游园"
            yield Spot(names.park(end), "park", "", lot.shape.representative_point(), -1)


def _schools(lots: list[Lot], houses: Houses, names: Names) -> Iterator[Spot]:
    """A school on each lot that was set aside for one and has buildings."""
    first: dict[int, int] = {}
    for building, lot in enumerate(houses.prints.lot.tolist()):
        if lots[lot].use == "school":
            first.setdefault(lot, building)
    for lot, building in first.items():
        del lot
        end = _SCHOOLS[int(names.rng.integers(len(_SCHOOLS)))]
        address = houses.addresses[building]
        yield Spot(names.park(end), "school", address, houses.doors[building], building)


def _chosen(
    lots: list[Lot], houses: Houses, civic: Bools, names: Names
) -> Iterator[tuple[str, str, int]]:
    """Buildings for single institutions and one service centre in each community."""
    community = np.array([lots[i].community for i in houses.prints.lot.tolist()])
    inside = np.array([lots[i].cell >= 0 for i in houses.prints.lot.tolist()])
    fit = inside & ~civic & (houses.courtyard < 0)
    fit = fit if fit.any() else inside
    area = shapely.area(houses.prints.outlines)
    for row, which in zip(rows("communities"), range(len(rows("communities"))), strict=True):
        own = np.flatnonzero(
            (fit if (fit & (community == which)).any() else inside) & (community == which)
        )
        if len(own):
            yield f"{row['name']}党群服务中心", "service", int(own[np.argmax(area[own])])
    large = np.flatnonzero(fit & (area > np.quantile(area[fit], 0.6)))
    street = np.array([int(row["street_code"][-1]) - 1 for row in rows("communities")])
    for kind, name in _SINGLE:
        own = large[street[community[large]] == _town_of(name)]
        if len(own):
            yield name, kind, int(names.rng.choice(own))


def _town_of(name: str) -> int:
    """Where an institution must stand by its name: old town, new town or north of the river."""
    if name.startswith(("老城", "鼓楼", "东关", "培新街", "西关")):
        return OLD
    return NORTH if name.startswith(("江北", "张岭", "汉滨区第二")) else NEW
