"""Whatever is asked of the ground: a refusal says where it is, and what would help."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon

from geodata.domain import cells, replay
from geodata.domain.cells import Cells
from geodata.domain.intent import KINDS, from_json
from geodata.domain.untangle import MEETINGS, untangled
from geodata.errors import InvalidRedraw
from tests.drawing import draw, spot

ASKED = 400
FEWEST = 10
"""Different refusals that so many requests must meet, or they say little."""


def ground() -> Cells:
    shapes = {("~1" if c == "U" else c): s for c, s in draw("AABBU / AACCU / DXXYY").items()}
    found = cells.cells_of(shapes, {code: "2" if code in "XY" else "1" for code in shapes})
    locked = cells.Cell("D", "1", found["D"].shape, locked=True)
    return found.replaced([locked])


class Stranger:
    """Requests that read, and that nobody would send who knew what they do."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def pick(self, *choices: Any) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    def grid(self) -> str:
        return str(self.pick("A", "B", "C", "D", "X", "N", "~1", "~"))

    def grids(self) -> list[str]:
        return [self.grid() for _ in range(int(self.rng.integers(0, 4)))]

    def points(self, least: int = 0) -> list[list[float]]:
        count = int(self.pick(least, 1, 2, 3, 5, 30, 2_001, 5_001))
        size = float(self.pick(0.02, 1.0, 3.0, 3.0, 90.0))
        xy = [spot(*at).coords[0] for at in self.rng.uniform(-0.3, size, (min(count, 99), 2))]
        bad = self.pick(*[0.0] * 12, np.nan, np.inf, 1e300)
        return [[x + bad, y] for x, y in xy] * (count // max(1, len(xy)))

    def area(self) -> list[list[list[list[float]]]]:
        return [[self.points() for _ in range(int(self.pick(1, 1, 1, 2)))]]

    def request(self) -> dict[str, Any]:
        op = str(self.pick(*sorted(KINDS.keys() - {"restore"})))
        made: dict[str, Callable[[], dict[str, Any]]] = {
            "split": lambda: {"grid": self.grid(), "line": self.points(), "new": self.grids()},
            "merge": lambda: {"grids": self.grids(), "into": self.grid()},
            "give": lambda: {"area": self.area(), "to": self.grid(), "donors": self.grids()},
            "carve": lambda: {"area": self.area(), "new": self.grid()},
            "reshape": lambda: {
                "grid": self.grid(),
                "other": self.grid(),
                "line": self.points(),
            },
            "fill": lambda: {"community": self.pick("1", "2", "9"), "area": self.area()},
            "close": lambda: {"grid": self.grid()},
            "retire": lambda: {"grid": self.grid(), "heirs": self.grids()},
            "adopt": lambda: {
                "community": self.pick("1", "9"),
                "grids": [[code, self.area()] for code in sorted({*self.grids()})],
            },
        }
        return {"op": op, **made[op]()}


def test_every_refusal_has_a_place_and_a_remedy() -> None:
    seed = secrets.randbits(32)
    told = refusals(Stranger(seed))
    for refused in told:
        assert refused.place is not None, f"seed {seed}: {refused}"
        assert refused.remedy is not None, f"seed {seed}: {refused}"
        west, south, east, north = shapely.bounds(refused.place)
        assert -180 <= west <= east <= 180, f"seed {seed}: {refused}"
        assert -90 <= south <= north <= 90, f"seed {seed}: {refused}"
    met = {refused.code for refused in told}
    assert len(met) >= FEWEST, f"seed {seed}: only {sorted(met)}"


def refusals(stranger: Stranger) -> list[InvalidRedraw]:
    before, told = ground(), []
    for _ in range(ASKED):
        try:
            replay.perform(before, from_json(stranger.request()), within={"1"})
        except InvalidRedraw as refused:
            told.append(refused)
    return told


def test_a_drawing_with_too_many_points_is_offered_with_fewer() -> None:
    circle = np.linspace(0, 2 * np.pi, 6_000)
    ring = [spot(1 + 0.4 * np.sin(t), 2 + 0.4 * np.cos(t)).coords[0] for t in circle]
    asked = {"op": "give", "to": "B", "area": [[ring]]}
    with pytest.raises(InvalidRedraw, match="too_many_points") as refused:
        replay.perform(ground(), from_json(asked))
    assert refused.value.remedy is not None
    fewer = from_json({**asked, **refused.value.remedy.changes})
    assert replay.perform(ground(), fewer).changed == ("A", "B", "C")


def test_a_crossing_is_shown_where_it_is() -> None:
    tie = [spot(*at).coords[0] for at in ((0.2, 0.2), (0.2, 1.8), (1.8, 0.2), (1.8, 1.8))]
    with pytest.raises(InvalidRedraw, match="area_crosses_itself") as refused:
        replay.perform(ground(), from_json({"op": "carve", "new": "N", "area": [[tie]]}))
    assert refused.value.place is not None
    assert refused.value.place.distance(spot(1, 1)) < 1e-6


@pytest.mark.parametrize(
    ("drawn", "area"),
    [
        (Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), 5_000),
        (Polygon([(0, 0), (100, 0), (100, 100), (0, 100), (0, 50), (20, 60), (20, -9)]), 8_990),
        (Polygon([*[(0, 0), (90, 0), (90, 90), (0, 90)] * 2]), 8_100),
        (
            Polygon(
                [(0, 0), (90, 0), (90, 90), (0, 90)],
                [[(10, 10), (30, 30), (30, 10), (10, 30)]],
            ),
            7_900,
        ),
        (MultiPolygon([shapely.box(0, 0, 60, 60), shapely.box(30, 30, 90, 90)]), 6_300),
    ],
    ids=["bow tie", "end beside the beginning", "twice around", "crossing hole", "on one another"],
)
def test_an_area_that_crosses_itself_becomes_what_it_winds_around(
    drawn: MultiPolygon | Polygon, area: float
) -> None:
    made = untangled(drawn)
    assert made is not None
    assert made.area.is_valid
    assert made.area.area == pytest.approx(area, rel=0.02)


@pytest.mark.parametrize("kind", ["scribble", "comb", "needles", "star"])
def test_a_tangle_is_refused_at_once(kind: str) -> None:
    rng = np.random.default_rng(3)
    count = np.arange(5_000)
    made = {
        "scribble": rng.integers(0, 10**5, (5_000, 2)),
        "comb": np.column_stack([count % 2 * 10**5, count // 2 % 2]),
        "needles": np.column_stack([count % 2 * 10**6, count]),
        "star": np.column_stack([np.cos(count * 3.1), np.sin(count * 3.1)]) * 1e5,
    }
    drawn = Polygon(np.rint(made[kind]))
    assert not drawn.is_valid
    assert untangled(drawn, MEETINGS) is None
