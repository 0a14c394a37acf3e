"""The demo district, from one seed: ground first, then what stands on it, then who lives there."""

from __future__ import annotations

import numpy as np
import shapely

from geodata.demo import (
    blocks,
    cells,
    footprints,
    homes,
    houses,
    lots,
    organisation,
    places,
    records,
    reports,
    streets,
    terrain,
    ways,
    workforce,
)
from geodata.demo.facts import CODE, NAME, NAME_EN, rows
from geodata.demo.homes import by_grid
from geodata.demo.model import Building, Category, Cell, District, Issues, Options, Planted, Post
from geodata.demo.names import Names
from geodata.demo.organisation import Organisation, Town
from geodata.demo.records import Drawing, Numbers
from geodata.domain.partition import Ints

_LEAST_GRIDS = 70
_LEAST_BUILDINGS = 6
_NORMAL_GRIDS = 620
_COMMUNITY = 12
"""Digits of a grid's code that are its community's."""


def generate(options: Options) -> District:
    """A whole district, the same one for the same options.

    All shapes are in degrees (EPSG:4326, lon/lat) on the lattice; the cells divide the ground
    exactly. Raises ValueError for fewer than 70 grids or fewer than six buildings a grid.
    """
    if options.grids < _LEAST_GRIDS or options.buildings < _LEAST_BUILDINGS * options.grids:
        raise ValueError(f"{options.grids} grids, {options.buildings} buildings")
    names = Names(np.random.default_rng(options.seed))
    drawing = _draw(options, names)
    numbers = records.number(drawing)
    party = _organise(drawing, numbers, names)
    workers, posts, vacant = workforce.appoint(
        drawing.ground.codes, _households(drawing, numbers), party.free, names, options.now
    )
    made = records.cells(drawing.ground)
    parts = records.communities(made)
    upper = records.streets(parts)
    built = records.buildings(drawing, numbers, party.group)
    return District(
        code=CODE,
        name=NAME,
        name_en=NAME_EN,
        ground=records.union([street.shape for street in upper]),
        streets=upper,
        communities=parts,
        cells=made,
        roads=records.roads(drawing.ways),
        landcover=records.landcover(drawing),
        places=records.places(drawing.spots),
        courtyards=records.courtyards(drawing, numbers),
        buildings=built,
        party_orgs=party.orgs,
        workers=workers,
        posts=posts,
        issues=_issues(built, _busy(drawing, numbers, posts), options, names.rng),
        categories=_categories(),
        planted=[*_bare_ground(made, built), *_overloads(drawing), *vacant, *party.planted],
    )


def _draw(options: Options, names: Names) -> Drawing:
    """The board: land, streets, blocks, cells, lots, houses, places, homes."""
    rng = names.rng
    land = terrain.make((options.grids / _NORMAL_GRIDS) ** 0.5)
    lines = streets.trace_all(land, rng)
    town = blocks.lay_out(land, lines, rng)
    ground = cells.divide(land, town, options.grids, rng)
    roads = ways.of_streets(land, lines, town, names)
    roads += ways.of_cuts(land, ground.cuts, roads, names)
    plots, lanes = lots.lay_out(land, ground, roads, names, rng)
    roads += lanes
    prints = footprints.build(plots, options.buildings, rng)
    built = houses.settle(plots, prints, roads, names, rng)
    spots, civic = places.settle(plots, built, names)
    lived = homes.fill(plots, built, civic, options.grids, rng)
    return Drawing(land, ground, roads, plots, built, spots, lived)


def _grid_of(drawing: Drawing, numbers: Numbers) -> Ints:
    """The grid of each building, -1 for none."""
    return np.where(numbers.cell < len(drawing.ground.grids), numbers.cell, -1)


def _organise(drawing: Drawing, numbers: Numbers, names: Names) -> Organisation:
    grid = _grid_of(drawing, numbers)
    town = Town(drawing.ground, grid, drawing.houses.doors, numbers.codes, by_grid(grid))
    return organisation.set_up(town, drawing.homes.overloaded, names)


def _households(drawing: Drawing, numbers: Numbers) -> Ints:
    """Households by grid."""
    count = len(drawing.ground.grids)
    total = np.bincount(numbers.cell, weights=drawing.homes.households, minlength=count)
    return total[:count].astype(np.int64)


def _busy(drawing: Drawing, numbers: Numbers, posts: list[Post]) -> Ints:
    """The buildings of a grid with head and assistant, beside one that is too large.

    A lane runs through that one: it can be divided along it.
    """
    codes, over = drawing.ground.codes, drawing.homes.overloaded.tolist()
    crossed = lots.crossed(drawing.ground, drawing.ways)
    homes = {codes[grid][:_COMMUNITY] for grid in over if crossed[grid]}
    duties: dict[int, set[str]] = {}
    for post in posts:
        if post.until is None:
            duties.setdefault(post.cell, set()).add(post.duty)
    staffed = (g for g in sorted(duties) if len(duties[g]) > 1 and g not in over)
    chosen = next((g for g in staffed if codes[g][:_COMMUNITY] in homes), -1)
    return np.flatnonzero(_grid_of(drawing, numbers) == chosen) if chosen >= 0 else np.arange(0)


def _issues(
    built: list[Building], busy: Ints, options: Options, rng: np.random.Generator
) -> Issues:
    about = reports.Homesteads(
        [building.address for building in built],
        [building.name for building in built],
        [building.community_code for building in built],
        shapely.get_coordinates([building.door for building in built]),
        np.array([building.households for building in built]),
        busy,
    )
    return reports.report(about, options.issues, options.now, rng)


def _categories() -> list[Category]:
    return [
        Category(
            row["code"],
            row["name_zh"],
            row["name_en"],
            row["department"],
            float(row["time_limit"]),
            row["limit_type"],
            row["glyph"],
        )
        for row in rows("categories")
    ]


def _overloads(drawing: Drawing) -> list[Planted]:
    codes = drawing.ground.codes
    return [
        Planted("grid_overloaded", codes[grid], "more households than the band allows")
        for grid in drawing.homes.overloaded.tolist()
    ]


def _bare_ground(made: list[Cell], built: list[Building]) -> list[Planted]:
    """The ground in no grid, and the buildings on it."""
    found = [
        Planted(
            "ground_uncovered", cell.community_code, f"{len(cell.shape.geoms)} strips in no grid"
        )
        for cell in made
        if cell.code is None and not cell.shape.is_empty
    ]
    return found + [
        Planted("building_uncovered", building.code, building.address)
        for building in built
        if made[building.cell].code is None
    ]
