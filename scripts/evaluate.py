"""Hold places with an official area label against areas, from files alone."""

import json
from pathlib import Path
from typing import Any

import click

from geodata.domain.evaluation import WITHIN_M
from geodata.errors import WanggeError
from geodata.services import evaluation
from geodata.services.evaluation import Evaluation, Task
from scripts import disagreements
from webmap.texts import sentence

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
REASONS = {
    "no_label": "without label",
    "no_place": "without place",
    "unknown_label": "with a label that is no area",
    "row_broken": "that cannot be taken apart",
}
FEW = 5


@click.command()
@click.argument("points", type=FILE)
@click.option("--label", required=True, help="The column of the points with the area's label.")
@click.option("--areas", type=FILE, required=True, help="The file of polygons.")
@click.option("--code", required=True, help="The column of the areas with their code.")
@click.option("--layer", default="", help="The layer of the areas, where their file has several.")
@click.option("--points-layer", default="", help="The layer or sheet of the points.")
@click.option(
    "--crs",
    default="",
    help="What the points are in: EPSG:n, GCJ02 or BD09; WGS 84 if neither it nor the file says.",
)
@click.option("--areas-crs", default="", help="What the areas are in, where their file is silent.")
@click.option("--x", default="", help="The column of longitude or easting.")
@click.option("--y", default="", help="The column of latitude or northing.")
@click.option("--map", "pairs", type=FILE, help="CSV or JSON that pairs label and code.")
@click.option("--anyway", is_flag=True, help="Go on with points that lie far from the areas.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a map of the disagreements here.",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def evaluate(*, html: Path | None, as_json: bool, **words: Any) -> None:
    """Say how well the official labels of POINTS agree with the areas that cover them.

    Points are taken where they are and areas as they are drawn; where several cover a place, the
    lowest code has it. No database is needed.
    """
    try:
        done = evaluation.evaluate(Task(**words))
    except WanggeError as refused:
        raise click.ClickException(_sentence(refused)) from refused
    for doubt in done.doubts:
        click.echo(f"! {_sentence(doubt)}", err=True)
    if html is not None:
        html.write_text(disagreements.page(done), encoding="utf-8")
        click.echo(f"The map of the disagreements is in {html}.", err=as_json)
    click.echo(json.dumps(done.told(), ensure_ascii=False) if as_json else _report(done))


def _sentence(refused: WanggeError) -> str:
    return f"{sentence(refused.code, refused.facts)} [{refused.code}]"


def _report(done: Evaluation) -> str:
    told, verdict = done.told(), done.verdict
    columns = " and ".join(told["columns"]) if told["columns"] else "the file's own points"
    within = ", ".join(f"{m} m {verdict.within(m):.2%}" for m in WITHIN_M)
    lines = [
        f"points     {told['points']:,} of {len(done.spots.frame):,} rows",
        *(f"           {n:,} {REASONS[why]}" for why, n in told["left_out"].items() if n),
        f"read as    {columns} in {told['crs']['points']}",
        f"areas      {told['areas']:,} in {told['crs']['areas']}",
        f"agreement  {verdict.agreement:.2%}; {told['disagreements']:,} disagree",
        f"within     {within} of the area they are labelled with",
    ]
    if told["in_no_area"]:
        lines.append(f"           {told['in_no_area']:,} lie in no area")
    if told["in_overlap"]:
        lines.append(f"           {told['in_overlap']:,} lie in their own area and a lower one")
    unknown = [f"{label} ({count})" for label, count in told["unknown_labels"].items()]
    if unknown:
        lines.append(f"no area    {', '.join(unknown[:FEW])}{' …' if unknown[FEW:] else ''}")
    return "\n".join(lines)
