"""The report of a check as one HTML file that needs nothing else: words, figures and a picture."""

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

WIDE: Final = 960.0
"""Width of the picture in its own units."""
VERTICES: Final = 40_000
_UNITS: Final = {"m2": " m²", "m": " m", "count": ""}
_STYLE: Final = """
body{font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:2rem auto;max-width:960px;
padding:0 1rem;color:#222;background:#fff}svg{width:100%;height:auto;border:1px solid #ccc}
h2{margin-bottom:.2rem}table{border-collapse:collapse;width:100%}
td,th{padding:4px 8px;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}.error{color:#a3230d}.note{color:#666}
.area{fill:#f2efe8;stroke:#4a4f9a;stroke-width:.6}.mark{fill:#b8391f}.mark+text{fill:#fff;
font:bold 11px sans-serif;text-anchor:middle}small{color:#666}
"""


def page(told: Mapping[str, Any], shapes: Sequence[BaseGeometry | None]) -> str:
    """The page for a report as `scripts.check.report` makes it; every text is escaped."""
    title = _text(f"{told['file']} · {told['layer']}")
    parts = [
        f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>{title}</title>",
        f"<style>{_STYLE}</style><h1>网格数据质量检查</h1>",
        f"<p>{title} · {told['areas']:,} · {_text(told['crs'])}</p>",
        _picture(told["features"], [shape for shape in shapes if shape is not None]),
        *(_check(row, told["features"]) for row in told["checks"]),
        "</html>",
    ]
    return "\n".join(parts)


def _text(value: object) -> str:
    return html.escape(str(value))


def _check(row: Mapping[str, Any], features: Sequence[Mapping[str, Any]]) -> str:
    mine = [one["properties"] for one in features if one["properties"]["check"] == row["code"]]
    head = f"<h2>{_text(row['name'])}</h2><small>{_text(row['meaning'])}</small>"
    if not mine:
        return f"{head}<p>✓</p>"
    return f"{head}<table>{''.join(_row(one) for one in mine)}</table>"


def _row(one: Mapping[str, Any]) -> str:
    codes = "、".join(one["codes"]) + (" …" if one["codes_count"] > len(one["codes"]) else "")
    many = f" × {one['count']:,}" if one["count"] > 1 else ""
    spot = "{:.6f}, {:.6f}".format(*one["spot"]) if one["spot"] else ""
    size = f"{one['measure']:,.6g}{_UNITS[one['unit']]}{many}"
    return (
        f"<tr><td class='n'>{one['number']}</td><td class='{one['severity']}'>"
        f"{_text(one['title'])}<br><small>{_text(codes)}<br>{_text(one['help'])}</small></td>"
        f"<td class='n'>{size}</td><td class='n'>{spot}</td></tr>"
    )


def _picture(features: Sequence[Mapping[str, Any]], shapes: Sequence[BaseGeometry]) -> str:
    drawn = [shape for shape in shapes if np.isfinite(shapely.get_coordinates(shape)).all()]
    if not drawn:
        return ""
    west, south, east, north = shapely.total_bounds(drawn)
    squeeze = np.cos(np.radians((south + north) / 2))
    scale = WIDE / max((east - west) * squeeze, 1e-9)
    high = (north - south) * scale

    def place(points: Any) -> Any:
        x, y = (points[:, 0] - west) * squeeze * scale, (north - points[:, 1]) * scale
        return np.column_stack([x, y]).round(1)

    count = sum(int(shapely.get_num_coordinates(shape)) for shape in drawn)
    coarse = shapely.simplify(drawn, (east - west) / WIDE / 2) if count > VERTICES else drawn
    lines = "".join(_paths([shapely.transform(shape, place) for shape in coarse]))
    marks = "".join(_marks(features, place))
    return f"<svg viewBox='-10 -10 {WIDE + 20:.0f} {high + 20:.0f}'>{lines}{marks}</svg>"


def _paths(shapes: Sequence[BaseGeometry]) -> Iterator[str]:
    for shape in shapes:
        for ring in shapely.get_rings(shapely.get_parts(shape)):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords)
            yield f"<polygon class='area' points='{points}'/>"


def _marks(features: Sequence[Mapping[str, Any]], place: Any) -> Iterator[str]:
    for one in (feature["properties"] for feature in features):
        if one["spot"]:
            (x, y), number = place(np.array([one["spot"]]))[0], one["number"]
            yield f"<circle class='mark' cx='{x}' cy='{y}' r='9'/>"
            yield f"<text x='{x}' y='{y + 4:.1f}'>{number}</text>"
