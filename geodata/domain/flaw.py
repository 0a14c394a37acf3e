"""What can be wrong with a set of areas: kinds of flaws under the standard's six checks.

The checks (网格数据质量检查): 边界完整性 boundary completeness, 拓扑关系 topology, 数据一致性
consistency, 坐标精度 coordinate precision, 属性完整性 attributes, 关联关系 relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import shapely
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

from geodata.domain import measure

Check = Literal["boundary", "topology", "consistency", "precision", "attributes", "relations"]
CHECKS: Final = get_args(Check)
Severity = Literal["error", "warning", "note"]
SEVERITIES: Final = get_args(Severity)
Unit = Literal["m2", "m", "count"]
Remedy = Literal["repair", "decide", "correct", "nothing"]
"""What helps: repair when asked for, somebody's decision, a corrected file, or nothing needed."""
Spot = tuple[float, float]
Fact = str | int | float | list[str]

KINDS: Final[Mapping[str, tuple[Check, Severity, Unit, Remedy]]] = {
    "gap": ("boundary", "error", "m2", "repair"),
    "outside_ground": ("boundary", "error", "m2", "repair"),
    "uncovered": ("boundary", "note", "m2", "nothing"),
    "missing_shape": ("topology", "error", "count", "correct"),
    "not_a_number": ("topology", "error", "count", "correct"),
    "not_an_area": ("topology", "error", "count", "correct"),
    "unclosed": ("topology", "error", "count", "repair"),
    "tangled": ("topology", "error", "count", "correct"),
    "self_intersection": ("topology", "error", "count", "repair"),
    "duplicate_shape": ("topology", "error", "m2", "decide"),
    "overlap": ("topology", "error", "m2", "repair"),
    "nested": ("topology", "warning", "m2", "decide"),
    "stacked": ("topology", "note", "m2", "nothing"),
    "stray_piece": ("topology", "warning", "m2", "decide"),
    "sliver": ("topology", "warning", "m2", "repair"),
    "unmatched": ("topology", "warning", "m", "repair"),
    "outside_community": ("consistency", "error", "m2", "decide"),
    "code_elsewhere": ("consistency", "error", "m2", "correct"),
    "no_degrees": ("precision", "error", "count", "correct"),
    "swapped": ("precision", "error", "count", "correct"),
    "elsewhere": ("precision", "error", "count", "correct"),
    "coarse": ("precision", "warning", "m", "correct"),
    "off_lattice": ("precision", "note", "count", "repair"),
    "code_missing": ("attributes", "error", "count", "correct"),
    "code_duplicate": ("attributes", "error", "count", "correct"),
    "code_malformed": ("attributes", "error", "count", "correct"),
    "name_missing": ("attributes", "warning", "count", "correct"),
    "name_duplicate": ("attributes", "warning", "count", "correct"),
    "community_unknown": ("relations", "error", "count", "correct"),
    "street_unknown": ("relations", "error", "count", "correct"),
    "community_without_grid": ("relations", "warning", "count", "decide"),
    "building_uncovered": ("relations", "warning", "count", "decide"),
    "unfinished": ("topology", "error", "count", "correct"),
}
"""Each kind with its check, its usual severity, the unit of its measure and its remedy."""

MICRO: Final[Mapping[Unit, float]] = {"m2": 1.0, "m": 1.0, "count": 0.0}
"""Smaller than this is told in one line for all of its kind."""
MOST: Final = 100
"""Lines of one kind at the most; the smaller ones share one line."""
SHOWN: Final = 10
"""The largest ones that a line for many shows."""


@dataclass(frozen=True)
class Flaw:
    """One line of the list of problems.

    `kind` is a key of `KINDS`; `codes` whom it concerns; `measure` its size in `unit` (of all
    together where it stands for many), `count` for how many places it stands, `shape` where
    (degrees, lon/lat; of the largest ones where it stands for many; None where it has no place),
    `largest` the measures of those, largest first. `facts` complete the sentence.
    """

    kind: str
    codes: tuple[str, ...]
    measure: float
    shape: BaseGeometry | None = None
    count: int = 1
    severity: Severity = "error"
    largest: tuple[float, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def check(self) -> Check:
        """Under which of the six checks it falls."""
        return KINDS[self.kind][0]

    @property
    def unit(self) -> Unit:
        """Unit of the measure: m2, m or count."""
        return KINDS[self.kind][2]

    @property
    def remedy(self) -> Remedy:
        """What helps."""
        return KINDS[self.kind][3]

    @property
    def many(self) -> bool:
        """Whether the line stands for several places."""
        return self.count > 1

    @property
    def spot(self) -> Spot | None:
        """A point to look at (lon, lat in degrees), on the largest one."""
        if self.shape is None or self.shape.is_empty:
            return None
        return measure.spot(shapely.get_parts(self.shape)[0])


def flaw(
    kind: str,
    codes: Iterable[str],
    size: float = 1.0,
    shape: BaseGeometry | None = None,
    severity: Severity | None = None,
    **facts: Fact,
) -> Flaw:
    """A single flaw of a kind, with the usual severity of its kind where none is given."""
    return Flaw(kind, tuple(codes), size, shape, 1, severity or KINDS[kind][1], (), facts)


def gathered(found: Sequence[Flaw]) -> list[Flaw]:
    """Flaws of one kind, the largest first, with the tiny and the too many in one line each.

    Where there are several smaller than `MICRO`, or more than `MOST` at all, one line says how
    many, how much together, and shows the largest of them.
    """
    ordered = sorted(found, key=lambda one: (-one.measure, one.codes))
    micro = MICRO[ordered[0].unit] if ordered else 0.0
    single = [one for one in ordered if one.measure >= micro][:MOST]
    rest = ordered[len(single) :]
    return ordered if len(rest) == 1 and len(ordered) <= MOST else single + _one_line(rest)


def _one_line(rest: Sequence[Flaw]) -> list[Flaw]:
    if not rest:
        return []
    codes = sorted({code for one in rest for code in one.codes})
    shapes = [one.shape for one in rest[:SHOWN] if one.shape is not None]
    return [
        Flaw(
            rest[0].kind,
            tuple(codes),
            sum(one.measure for one in rest),
            GeometryCollection(list(shapely.get_parts(shapes))) if shapes else None,
            sum(one.count for one in rest),
            min((one.severity for one in rest), key=SEVERITIES.index),
            tuple(one.measure for one in rest[:SHOWN]),
        )
    ]


def ordered(flaws: Iterable[Flaw]) -> list[Flaw]:
    """The flaws by weight: errors first, then by check in the standard's order, then by size."""
    return sorted(
        flaws,
        key=lambda one: (
            SEVERITIES.index(one.severity),
            CHECKS.index(one.check),
            -one.measure,
            one.kind,
            one.codes,
        ),
    )
