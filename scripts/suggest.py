"""Suggest grids for a community, from files alone."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from geodata.domain.suggest.balance import Told
from geodata.domain.suggest.given import Aim
from geodata.domain.suggest.proposal import Alternative, Grid
from geodata.errors import WanggeError
from geodata.files import coverages
from geodata.services import suggesting
from geodata.services.suggesting import Source, Suggested, Wish
from webmap.texts import sentence

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FEW = 5


@click.command()
@click.argument("ground", type=FILE)
@click.argument("buildings", type=FILE)
@click.option("--streets", type=FILE, help="The file of streets, as lines.")
@click.option("--grids", "number", type=click.IntRange(1), help="Exactly so many grids.")
@click.option("--rebalance", is_flag=True, help="Move the borders of the grids in GROUND.")
@click.option("--norm", default=300, show_default=True, help="Households of a grid.")
@click.option("--low", type=int, help="Households at least; two thirds of the norm.")
@click.option("--high", type=int, help="Households at the most; five thirds of the norm.")
@click.option("--seed", default=0, show_default=True, help="Another one gives other grids.")
@click.option("--layers", nargs=3, default=("", "", ""), help="Of ground, buildings, streets.")
@click.option("--crs", default="", help="What all of them are in, where they do not say.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the grids here (GeoPackage).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def suggest(  # noqa: PLR0913 -- one parameter an option
    *,
    ground: Path,
    buildings: Path,
    streets: Path | None,
    number: int | None,
    rebalance: bool,
    norm: int,
    low: int | None,
    high: int | None,
    seed: int,
    layers: tuple[str, str, str],
    crs: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Divide the GROUND of a community into grids of whole BUILDINGS near the norm.

    GROUND is its outline, or its present grids, whose codes then go on where most people stay.
    BUILDINGS need a column of households; courtyards and party groups are kept together. Up to
    three alternatives are told, and with --out written as layers. No database is needed.
    """
    ways = Source(streets, layers[2], crs) if streets else None
    try:
        least, most = low or norm * 2 // 3, high or norm * 5 // 3
        wish = Wish(Aim(norm, least, most), number, rebalance, seed)
        with _shown(quiet=as_json) as told:
            found = suggesting.suggest(
                Source(ground, layers[0], crs), Source(buildings, layers[1], crs), ways, wish, told
            )
        if out is not None:
            _write(out, found.alternatives)
    except WanggeError as refused:
        why = f"{sentence(refused.code, refused.facts)} [{refused.code}]"
        raise click.ClickException(why) from refused
    told_all = _told(found, out)
    click.echo(json.dumps(told_all, ensure_ascii=False) if as_json else _lines(told_all))


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Told]:
    """Hears of the progress, and shows it as a bar."""
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bar:
        task = bar.add_task("Searching", total=1.0)
        yield lambda done: bar.update(task, completed=done)


def _told(found: Suggested, out: Path | None) -> dict[str, Any]:
    return {
        "file": str(out) if out else None,
        "buildings": len(found.units.houses),
        "away": list(found.units.away),
        "without_shape": list(found.left_out),
        "units": len(found.units.shapes),
        "alternatives": [
            {
                "leaning": one.leaning,
                "also": list(one.also),
                "figures": asdict(one.figures),
                "grids": [_grid(name, grid) for name, grid in _named(one)],
            }
            for one in found.alternatives
        ],
    }


def _named(one: Alternative) -> Iterator[tuple[str, Grid]]:
    """Each grid with its code, new ones counted."""
    new = 0
    for grid in one.grids:
        new += grid.code is None
        yield grid.code or f"new-{new}", grid


def _grid(name: str, grid: Grid) -> dict[str, Any]:
    return {
        "code": name,
        "households": grid.households,
        "residents": grid.residents,
        "houses": list(grid.houses),
        "why": _why(grid),
    }


def _why(grid: Grid) -> str:
    return sentence(f"suggest_{grid.why.code}", grid.why.facts) if grid.why else ""


def _write(out: Path, alternatives: Sequence[Alternative]) -> None:
    """One layer an alternative, and one for ground that stays in no grid."""
    for one in alternatives:
        named = list(_named(one))
        columns: dict[str, Sequence[Any]] = {
            "code": [name for name, _ in named],
            "households": [grid.households for _, grid in named],
            "residents": [grid.residents for _, grid in named],
            "buildings": [len(grid.houses) for _, grid in named],
            "why": [_why(grid) for _, grid in named],
        }
        coverages.write(out, one.leaning, [grid.shape for _, grid in named], columns)
        if not one.rest.is_empty:
            coverages.write(out, f"{one.leaning}_rest", [one.rest], {"code": ["uncovered"]})


def _lines(told: dict[str, Any]) -> str:
    lines = [f"{told['buildings']:,} buildings in {told['units']:,} units that stay whole"]
    for what, which in (("not on the ground", "away"), ("without a usable shape", "without_shape")):
        if told[which]:
            few = ", ".join(map(str, told[which][:FEW]))
            lines.append(f"  {len(told[which]):,} {what}: {few}{' …' if told[which][FEW:] else ''}")
    for one in told["alternatives"]:
        lines += _alternative(one)
    return "\n".join([*lines, f"Written to {told['file']}." if told["file"] else ""]).rstrip()


def _alternative(one: dict[str, Any]) -> list[str]:
    f = one["figures"]
    size = f"{f['least']:,} to {f['most']:,} households"
    cut = f"{f['groups_cut']} party groups and {f['courtyards_cut']} courtyards"
    names = ", ".join([one["leaning"], *one["also"]])
    along = f"{f['on_streets']:.0%} of the borders on streets"
    return [
        f"{names}: {f['within']} of {f['grids']} grids within the band, {size}",
        f"  {f['households_moved']:,} households ({f['residents_moved']:,} residents) change grid",
        f"  cuts {cut}; {along}, {f['crossed_m']:,.0f} m of arterials inside grids",
        f"  compactness {f['compactness']:.2f}",
        *(f"  {g['code']}: {g['households']:,}. {g['why']}" for g in one["grids"] if g["why"]),
    ]
