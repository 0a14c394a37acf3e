"""Check the areas of any file by the standard's six checks; repair them when asked to."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import quality
from geodata.domain.adopt import Adopted, Change, adopt, level_by_level
from geodata.domain.flaw import Flaw, ordered
from geodata.errors import WanggeError
from geodata.files import coverages
from geodata.files.coverages import Coverage
from scripts import check_page
from webmap import flaws as words
from webmap.texts import sentence

FEW = 10
WHOSE = 3
UNITS = {"m2": "m²", "m": "m", "count": ""}


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--layer", help="Which layer, where the file has several of areas.")
@click.option("--code", metavar="COLUMN", help="Column with the codes.")
@click.option("--crs", metavar="EPSG:n", help="What the coordinates are in.")
@click.option("--scheme", type=click.Choice(["GB"]), help="GB: codes of grids with 15 digits.")
@click.option("--ground", type=click.Path(exists=True, path_type=Path), help="File: the outline.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--html", "page", type=click.Path(path_type=Path), help="Write a report here.")
@click.option("--repair", "out", type=click.Path(path_type=Path), help="Repair; write it here.")
def check(  # noqa: PLR0913 -- one parameter an option
    *,
    file: Path,
    layer: str | None,
    code: str | None,
    crs: str | None,
    scheme: str | None,
    ground: Path | None,
    as_json: bool,
    page: Path | None,
    out: Path | None,
) -> None:
    """Check the areas in FILE; needs no database and repairs nothing unless asked.

    With --repair the layer is written as an exact division (GeoPackage, or GeoJSON by the name),
    and beside it every change, as OUT.changes.geojson.
    """
    unrepaired = None
    try:
        coverage = coverages.read(file, layer, code, crs)
        outline = _outline(ground) if ground else None
        found = flaws_of(coverage, outline, scheme)
        told = report(file, coverage, found)
        if out is not None:
            unrepaired = _repaired_into(told, coverage, outline, out)
    except WanggeError as refused:
        raise click.ClickException(sentence(refused.code, refused.facts)) from refused
    if page is not None:
        page.write_text(check_page.page(told, coverage.shapes), "utf-8")
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _lines(told, found), nl=as_json)
    if unrepaired is not None:
        raise click.ClickException(unrepaired)


def _repaired_into(
    told: dict[str, Any], coverage: Coverage, ground: BaseGeometry | None, out: Path
) -> str | None:
    """Repair a layer and add what was done to the report; the sentence why it could not be."""
    try:
        told["repair"] = _repair(coverage, ground, out)
    except WanggeError as refused:
        return sentence(refused.code, refused.facts)
    return None


def _outline(ground: Path) -> BaseGeometry:
    shapes = [shape for shape in coverages.read(ground).shapes if shape is not None]
    return shapely.union_all(shapes)


def flaws_of(coverage: Coverage, ground: BaseGeometry | None, scheme: str | None) -> list[Flaw]:
    """The flaws of a layer as read; precision is judged on the file's own coordinates."""
    named = coverage.codes is not None
    about = quality.About(names=coverage.names, unclosed=coverage.unclosed, scheme=scheme)
    codes = coverage.codes or [""] * len(coverage.shapes)
    found = quality.check(coverage.shapes, codes, ground, about)
    kept = [one for one in found if named or one.kind != "code_missing"]
    return kept if coverage.projected is False else _with_metres(kept, coverage.digits)


def _with_metres(found: Sequence[Flaw], digits: int | None) -> list[Flaw]:
    """Without the decimals of degrees that only the transformation made, with those of metres."""
    kept = [one for one in found if one.kind != "coarse"]
    if digits != 0:
        return kept
    coarse = Flaw("coarse", (), 1.0, severity="warning", facts={"decimals": 0})
    return ordered([*kept, coarse])


def report(file: Path, coverage: Coverage, found: Sequence[Flaw]) -> dict[str, Any]:
    """What was found, ready for JSON: file, layer, system, areas, checks, features.

    `unread` are the rows (from 1) with a shape that cannot be read.
    """
    about = {"file": file.name, "layer": coverage.layer, "crs": coverage.crs}
    return {
        **about,
        "crs_assumed": coverage.assumed,
        "unread": [row + 1 for row in coverage.unread],
        **words.collection(found, len(coverage.shapes)),
    }


def _lines(told: Mapping[str, Any], found: Sequence[Flaw]) -> str:
    """The report as text: the six checks, each with its weightiest lines."""
    lines = [f"{told['file']}, {told['layer']}: {told['areas']:,} areas, {told['crs']}"]
    lines += ["  (the file declares no system: taken for degrees)"] if told["crs_assumed"] else []
    lines += [f"  (row {row}: its shape cannot be read)" for row in told["unread"][:FEW]]
    for row in told["checks"]:
        mine = [one for one in found if one.check == row["code"]]
        counts = ", ".join(f"{row[s]} {s}" for s in ("errors", "warnings", "notes") if row[s])
        lines.append(f"{row['name']} {row['code']}: {counts or 'ok'}")
        lines += [f"  {_line(one)}" for one in mine[:FEW]]
        if len(mine) > FEW:
            lines.append(f"  ... and {len(mine) - FEW:,} more lines")
    return "\n".join([*lines, *_repaired(told.get("repair"))]) + "\n"


def _line(one: Flaw) -> str:
    size = "" if one.unit == "count" and one.measure <= 1 else f" {one.measure:,.6g} "
    many = f" ({one.count:,} places)" if one.many else ""
    more = len(one.codes) - WHOSE
    whose = ", ".join(one.codes[:WHOSE]) + (f" and {more:,} more" if more > 0 else "")
    where = f" at {one.spot[0]:.6f},{one.spot[1]:.6f}" if one.spot else ""
    said = f"{one.severity}: {words.title(one)}{size}{UNITS[one.unit]}{many}"
    return f"{said} {whose}{where}".rstrip()


def _repair(coverage: Coverage, ground: BaseGeometry | None, out: Path) -> dict[str, Any]:
    """Adopt each level of the layer by itself, and write layer and changes."""
    keys = _keys(coverage)
    shapes = dict(zip(keys, coverage.shapes, strict=True))
    drawn = {key: shape for key, shape in shapes.items() if shape is not None and shape}
    levels = level_by_level(drawn)
    done = [adopt(level, ground if len(levels) == 1 else None) for level in levels]
    after = {key: shape for one in done for key, shape in one.shapes.items()}
    rows = [n for n, key in enumerate(keys) if key in after]
    columns = {name: [values[n] for n in rows] for name, values in coverage.columns.items()}
    coverages.write(out, coverage.layer, [after[keys[n]] for n in rows], columns)
    changes = [change for one in done for change in one.changes]
    record = out.with_name(out.name + ".changes.geojson")
    record.write_text(json.dumps(_collection(changes), ensure_ascii=False), "utf-8")
    left = quality.check(list(after.values()), list(after), ground, quality.About(stored=True))
    kinds = Counter(words.title(one) for one in left if one.severity == "error")
    told = {"without_shape": len(shapes) - len(drawn), "left": dict(kinds)}
    return _summary(done, changes, out, record) | told


def _keys(coverage: Coverage) -> list[str]:
    """A name for each row that no other has: its code, with the row's number where needed."""
    codes = coverage.codes or [""] * len(coverage.shapes)
    times = Counter(codes)
    return [
        code if code and times[code] == 1 else f"{code}#{number}"
        for number, code in enumerate(codes, 1)
    ]


def _summary(
    done: Sequence[Adopted], changes: Sequence[Change], out: Path, record: Path
) -> dict[str, Any]:
    kinds = Counter(change.why for change in changes)
    return {
        "file": str(out),
        "changes_file": str(record),
        "levels": len(done),
        "changes": len(changes),
        "by_kind": dict(sorted(kinds.items())),
        "to_decide": sum(change.decide for change in changes),
        "lost": [code for one in done for code in one.lost],
        "in_pieces": [code for one in done for code in one.in_pieces],
        "moved_m": round(max((one.moved_m for one in done), default=0.0), 4),
    }


def _collection(changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(change.shape),
                "properties": {
                    "why": change.why,
                    "gained": change.gained,
                    "lost": list(change.lost),
                    "area_m2": round(change.area_m2, 3),
                    "decide": change.decide,
                },
            }
            for change in changes
        ],
    }


def _repaired(told: Mapping[str, Any] | None) -> list[str]:
    if told is None:
        return ["Nothing was repaired; --repair OUT does, and lists every change."]
    kinds = ", ".join(f"{count:,} {why}" for why, count in told["by_kind"].items()) or "none"
    lines = [
        f"Repaired, written to {told['file']}; changes ({kinds}) to {told['changes_file']}.",
        f"Vertices moved by {told['moved_m']} m at the most.",
    ]
    for name, said in (("lost", "Left without ground"), ("in_pieces", "In several pieces")):
        if told[name]:
            lines.append(f"{said}: {', '.join(told[name][:FEW])} ({len(told[name])})")
    if told["left"]:
        left = ", ".join(f"{title} ({count:,})" for title, count in told["left"].items())
        lines.append(f"Not repaired, for somebody to decide: {left}.")
    if told["to_decide"]:
        lines.append(f"{told['to_decide']:,} changes are large and want somebody's decision.")
    return lines
