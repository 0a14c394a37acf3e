"""A picture of coverage as the tables that its files are made of."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from shapely.geometry.base import BaseGeometry

from geodata.demo import ATTRIBUTION
from geodata.domain.coverage.measures import FIGURES, Measure
from geodata.domain.coverage.room import candidate
from geodata.domain.indicator import HEAT, INDICATORS, Figure
from geodata.domain.span import Span
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


@dataclass(frozen=True)
class Source:
    """What a picture's files say of where it comes from: the district, and whether it is made up.

    `face` is the file of the face that its maps are written in; without, the machine's best.
    """

    district: str = ""
    synthetic: bool = False
    face: str = ""

    def notes(self) -> list[str]:
        """That it is made up and whose facts it bears, where it is so."""
        if not self.synthetic:
            return []
        return [heading("synthetic"), f"{heading('source')} {ATTRIBUTION}"]


def pages(picture: Picture, cells: Mapping[str, BaseGeometry], source: Source) -> list[Table]:
    """The tables of a picture: what it is of, indicators, parts with their ground, gaps."""
    about = _about(picture, source)
    return [about, _indicators(picture), _parts(picture, cells), _gaps(picture)]


def maps(picture: Picture, source: Source) -> list[Drawing]:
    """The maps of a picture as its page shows them: party groups, and the heat of reports."""
    measure, heat = picture.measures[0], heading("heat")
    classes = {part.code: measure.class_of(part.value(measure)) for part in picture.parts}
    told = enumerate(_shares(measure))
    legend = [(n, said) for n, said in told if said]
    if picture.tier == "grid":  # of one grid none or all
        legend = [(0, heading("none_group_share")), (4, heading("all_group_share"))]
    name, names = picture.name or source.district, _short_names(picture)
    title, warm = f"{name}：{heading(measure.code)}", f"{name}：{heat}"
    known = ("group_share", title, picture.map, classes, measure.ramp)
    rule = [f"{heading(measure.above)} ÷ {heading(measure.below)}", heading("rule_fixed")]
    spans = heading("heat_over").format(count=len(picture.board.trend))
    over = [spans, heading("rule_heat")]
    moment = picture.board.now.isoformat(" ", "minutes")
    taken = heading("taken").format(moment=moment[:16], revision=picture.revision)
    below = [f"{_said_span(picture.board.span)}；{taken}", *source.notes()]
    return [
        Drawing(
            *known, [*legend, (None, heading("no_data"))], rule, below, "none", source.face, names
        ),
        Drawing(
            *("heat", warm, picture.map, picture.board.warmth, "load", _times()),
            *(over, below, "few", source.face, names),
        ),
    ]


def _short_names(picture: Picture) -> dict[str, str]:
    """What the parts are called where there is little room: grids by their number."""
    if picture.tier != "grid":
        return {part.code: part.name.removesuffix("社区") for part in picture.parts}
    numbers = {part.code: re.search(r"\d{1,3}$", part.code) for part in picture.parts}
    return {code: found[0].lstrip("0") if found else code for code, found in numbers.items()}


def _said_span(one: Span) -> str:
    """A week with its days, or a month, in both languages."""
    year, _dash, week = one.name.partition("-W")
    days = {"first": f"{one.first:%m-%d}", "last": f"{one.last:%m-%d}"}
    if one.every == "month":
        return heading("month_of").format(year=one.first.year, month=one.first.month)
    return heading("week").format(year=year, week=int(week), **days)


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


def _about(picture: Picture, source: Source) -> Table:
    board = picture.board
    row: Sequence[Value] = (
        picture.name or _WHOLE,
        board.span.name,
        board.now.isoformat(" ", "minutes"),
        picture.revision,
        "；".join(source.notes()),
    )
    return Table("about", ("area", "span", "moment", "revision", "note"), [row])


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
    *said, does = [known[key][0].format_map(facts) if key in known else "" for key in keys]
    first = candidate(gap["facts"])
    if first is None:
        return [*said, does]
    told = {"action": does, "name": first["name"], "room": first["room"]}
    return [*said, known["offer.first"][0].format_map(told)]


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def _short(fact: object) -> str:
    return "、".join(map(str, fact)) if isinstance(fact, (list, dict)) else str(fact)
