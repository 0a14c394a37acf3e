"""Where the records behind the numbers of a comparison are listed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from geodata.domain.coverage.measures import Measure
from geodata.services.coverage_compare import Side
from webmap import coverage_links
from webmap.compare_view import Beside, CompareQuery

_LONG = 366
"""Days of the history in which a gap is looked for."""


def query(asked: CompareQuery, **change: str) -> str:
    """The query string of the same comparison with a change."""
    kept = asked.model_dump(mode="json", exclude_defaults=True, exclude={"lang"})
    return urlencode({**kept, **change})


def since(asked: CompareQuery, day: date) -> str:
    """The query string that lays the present of the same area beside a day."""
    told = {"area": asked.area, "day": day.isoformat(), "measure": asked.measure}
    return urlencode({name: value for name, value in told.items() if value})


def records(
    beside: Beside, asked: CompareQuery, side: Side, measure: Measure, part: str = ""
) -> str:
    """Where what a measure counts on a side is listed, or in one of its parts by code.

    Of a day past there is its map, or that of the part; of a plan the plan.
    """
    if side.kind == "plan":
        return f"/redraws/{side.at}"
    if side.kind == "day":
        return _then(beside, asked, measure, part)
    code = part or side.at
    if part and part not in beside.look.report.names:
        return ""
    return coverage_links.records(measure, code, _tier(beside, code))


def _then(beside: Beside, asked: CompareQuery, measure: Measure, part: str) -> str:
    if part and beside.found.tier == "grid":
        return _came(beside, part)
    change = {"area": part} if part else {}
    return f"/coverage/compare?{query(asked, measure=measure.code, **change)}#sides"


def shift(beside: Beside, asked: CompareQuery, measure: Measure) -> str:
    """Where what makes a difference of the whole is seen: part by part, or on the two maps."""
    where = "shifts-title" if beside.paired else "sides"
    return f"/coverage/compare?{query(asked, measure=measure.code)}#{where}"


def part(beside: Beside, code: str) -> str:
    """Where what makes the difference of a part is told: the plan, or what came since that day."""
    right = beside.found.right
    return f"/redraws/{right.at}" if right.kind == "plan" else _came(beside, code)


def kind(side: Side, code: str) -> str:
    """Where the gaps of a kind are listed of an area that is one of two."""
    told = {"area": side.at, "kind": code}
    return f"/coverage?{urlencode({name: v for name, v in told.items() if v})}#gaps-title"


def gaps(beside: Beside, side: Side) -> str:
    """Where the gaps of a side are listed."""
    if side.kind == "plan":
        return f"/redraws/{side.at}"
    if side.kind == "day":
        return _history(beside.look.area.code)
    return f"/coverage?{urlencode({'area': side.at} if side.at else {})}#gaps-title"


def gap(beside: Beside, told: Mapping[str, Any], side: Side) -> str:
    """Where a gap is listed that only one side has: as it is now, in the plan, or in the past."""
    if side.kind == "plan":
        return f"/redraws/{side.at}"
    known = [code for code in (told["grid"], told["community"]) if code in beside.look.report.names]
    area = known[0] if known else beside.look.area.code
    if side.kind == "now":
        where = {"area": area, "kind": told["kind"]}
        return f"/coverage?{urlencode({n: v for n, v in where.items() if v})}#gaps-title"
    return _history(area, told["kind"])


def _history(area: str, kind: str = "") -> str:
    told = {"area": area, "kind": kind, "days": _LONG}
    return f"/coverage/history?{urlencode({name: v for name, v in told.items() if v})}"


def _came(beside: Beside, code: str) -> str:
    """What came to a part and when; nowhere of one that is no more."""
    return _history(code) if code in beside.look.report.names else ""


def _tier(beside: Beside, code: str) -> str:
    grids = beside.look.report.frames.grids
    if not code or code in grids.street:
        return "street"
    return "community" if code in grids.community else "grid"
