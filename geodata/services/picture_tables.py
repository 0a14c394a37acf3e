"""A picture of coverage as the tables that its files are made of."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata.domain.coverage.measures import FIGURES, Measure
from geodata.domain.indicator import HEAT, INDICATORS, Figure
from geodata.files.drawings import Drawing
from geodata.files.pictures import Share, Table, Value, gap_words, heading, spot
from geodata.services.coverage_picture import Picture
from geodata.services.indicators import Row

_FIGURE = ("above", "below", "value", "low", "high", "ranked")
_GAP = (
    *("kind", "code", "name", "community", "grid", "measure", "unit", "households", "cause"),
    *("since", "next_action"),
)
_SAID = ("community_said", "kind_said", "unit_said", "cause_said", "action_said")
_WHOLE = "全部范围 whole area"
_COUNTED = ("reported", "due", "in_time")


def pages(picture: Picture, cells: Mapping[str, BaseGeometry]) -> list[Table]:
    """The tables of a picture: what it is of, indicators, parts with their ground, gaps."""
    return [_about(picture), _indicators(picture), _parts(picture, cells), _gaps(picture)]


def maps(picture: Picture) -> list[Drawing]:
    """The maps of a picture as its page shows them: party groups, and the heat of reports."""
    measure, heat = picture.measures[0], heading("heat")
    classes = {part.code: measure.class_of(part.value(measure)) for part in picture.parts}
    told = enumerate(_shares(measure))
    legend = [(n, said) for n, said in told if said]
    if picture.tier == "grid":  # of one grid none or all
        legend = [(0, heading("none_group_share")), (4, heading("all_group_share"))]
    known = ("group_share", heading(measure.code), picture.map, classes, measure.ramp)
    warm = f"{heat} {heading('times_average')}"
    return [
        Drawing(*known, [*legend, (None, heading("no_data"))]),
        Drawing("heat", warm, picture.map, picture.board.warmth, "load", _times()),
    ]


def _shares(measure: Measure) -> list[str]:
    """The five classes of a share in figures."""
    said = [f"{bound * 100:g}%" for bound in measure.bounds]
    middle = [f"{one}–{other}" for one, other in itertools.pairwise(said)]
    if measure.bounds[-1] == 1:  # nothing lies above all of it
        return [f"< {said[0]}", *middle[:-1], f"{said[-2]}–<100%", "100%"]
    return [f"< {said[0]}", *middle, f"≥ {said[-1]}"]


def _times() -> list[tuple[int | None, str]]:
    said = [f"{bound:g}" for bound in HEAT]
    middle = [f"{one}–{other}" for one, other in itertools.pairwise(said)]
    words = [f"< {said[0]}", *middle, f"≥ {said[-1]}"]
    return [*enumerate(words), (None, heading("too_few"))]


def _about(picture: Picture) -> Table:
    board = picture.board
    row: Sequence[Value] = (
        picture.name or _WHOLE,
        board.span.name,
        board.now.isoformat(" ", "minutes"),
        picture.revision,
    )
    return Table("about", ("area", "span", "moment", "revision"), [row])


def _indicators(picture: Picture) -> Table:
    rows: list[list[Value]] = [
        [code, heading(code), *_figure(picture.board.whole.figures[code])] for code in INDICATORS
    ]
    for measure in picture.measures:
        figures = picture.whole.figures
        above, below = figures[measure.above], figures[measure.below]
        worth = picture.whole.value(measure)
        said = heading(measure.code)
        told = _worth(measure.unit, worth)
        rows.append([measure.code, said, float(above), float(below), told, None, None, "yes"])
    return Table("indicators", ("code", "name", *_FIGURE), rows)


def _figure(one: Figure) -> list[Value]:
    unit = one.indicator.unit
    told = (_worth(unit, worth) for worth in (one.value, *(one.interval or (None, None))))
    return [one.above, one.below, *told, "yes" if one.ranked else "no"]


def _worth(unit: str, worth: float | None) -> Value:
    """A value as files have it: a share is shown as a percentage."""
    return Share(worth) if unit == "share" and worth is not None else worth


def _parts(picture: Picture, cells: Mapping[str, BaseGeometry]) -> Table:
    rows_of = {row.code: row for row in picture.board.rows}
    codes = [one.code for one in picture.measures]
    columns = ("code", "name", *FIGURES, *codes, *_COUNTED, *INDICATORS)
    rows: list[list[Value]] = [
        [
            part.code,
            part.name,
            *(part.figures[name] for name in FIGURES),
            *(_worth(one.unit, part.value(one)) for one in picture.measures),
            *_counted(rows_of.get(part.code)),
        ]
        for part in picture.parts
    ]
    shapes = [cells.get(part.code) for part in picture.parts]
    if picture.rest or picture.board.rest:
        rows.append(_rest(picture))
        shapes.append(None)
    return Table("parts", columns, rows, shapes)


def _rest(picture: Picture) -> list[Value]:
    """What lies in none of the parts: its issues and gaps, which have no ground."""
    rest = picture.rest.figures if picture.rest else {}
    told = [rest.get(name, 0) for name in FIGURES]
    return [
        "",
        heading("nowhere"),
        *told,
        *(None for _ in picture.measures),
        *_counted(picture.board.rest),
    ]


def _counted(row: Row | None) -> list[Value]:
    if row is None:
        return [None] * (len(_COUNTED) + len(INDICATORS))
    counts: list[Value] = [round(row.counts[name]) for name in _COUNTED]
    figures = (row.figures[code] for code in INDICATORS)
    return [*counts, *(_worth(one.indicator.unit, one.value) for one in figures)]


def _gaps(picture: Picture) -> Table:
    names = {part.code: part.name for part in picture.parts} | dict(picture.above)
    names |= {picture.code: picture.name}
    zone = picture.board.now.tzinfo
    told = [{**gap, "since": _since(gap["since"], zone)} for gap in picture.gaps]
    rows = [
        [*(gap[name] for name in _GAP), names.get(gap["community"] or "", ""), *_said(gap, zone)]
        for gap in told
    ]
    return Table("gaps", (*_GAP, *_SAID), rows, [spot(gap["spot"]) for gap in picture.gaps])


def _since(moment: str | None, zone: tzinfo | None) -> str | None:
    """A moment in a zone, to the minute."""
    return moment and f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M}"


def _said(gap: Mapping[str, Any], zone: tzinfo | None) -> list[Value]:
    """The codes of a gap in words, with its facts in place."""
    known = gap_words()
    cause = str(gap["cause"])
    if f"cause.{gap['kind'].split('_')[0]}_{cause}" in known:
        cause = f"{gap['kind'].split('_')[0]}_{cause}"
    facts = _Facts({name: _short(fact) for name, fact in gap["facts"].items()})
    drawn = _since(gap["facts"].get("drawn"), zone)
    facts["since"] = str(drawn or gap["since"] or "—")[:10]
    keys = (
        *(f"kind.{gap['kind']}", f"unit.{gap['unit']}", f"cause.{cause}"),
        f"action.{gap['next_action']}",
    )
    return [known[key][0].format_map(facts) if key in known else "" for key in keys]


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def _short(fact: object) -> str:
    return "、".join(map(str, fact)) if isinstance(fact, (list, dict)) else str(fact)
