"""Codes and names of areas: complete, well-formed, and true of the place where the area lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.domain import codes as tiers
from geodata.domain import measure
from geodata.domain.flaw import Flaw, flaw
from geodata.domain.lattice import Shapes
from geodata.domain.openings import thicker_than_a_step
from geodata.domain.soundness import areas_of
from geodata.errors import InvalidRow

LONGEST: Final = 64


def attributes(
    codes: Sequence[str], names: Sequence[str] | None, rows: Sequence[str], scheme: str | None
) -> Iterator[Flaw]:
    """Missing, ill-formed and repeated codes, missing and repeated names.

    `rows` names each area where its code cannot. Under the scheme ``GB`` a code is one of a
    grid, 15 digits; otherwise any short text.
    """
    times = Counter(codes)
    for code, row in zip(codes, rows, strict=True):
        if not code:
            yield flaw("code_missing", (row,))
        elif _malformed(code, scheme):
            yield flaw("code_malformed", (row,), value=code[:LONGEST])
    for code, count in sorted(times.items()):
        if code and count > 1:
            yield flaw("code_duplicate", (code,), count, times=count)
    yield from _names(codes, names or (), rows, scheme)


def _malformed(code: str, scheme: str | None) -> bool:
    if scheme != "GB":
        return len(code) > LONGEST or not code.isprintable() or code != code.strip()
    try:
        return tiers.tier(code) != "grid"
    except InvalidRow:
        return True


def _names(
    codes: Sequence[str], names: Sequence[str], rows: Sequence[str], scheme: str | None
) -> Iterator[Flaw]:
    yield from (
        flaw("name_missing", (row,)) for name, row in zip(names, rows, strict=False) if not name
    )
    above = [community(code, scheme) or "" for code in codes]
    seen: dict[tuple[str, str], list[str]] = {}
    for where, name, row in zip(above, names, rows, strict=False):
        seen.setdefault((where, name), []).append(row)
    for (_, name), whose in sorted(seen.items()):
        if name and len(whose) > 1:
            yield flaw("name_duplicate", whose, len(whose), name=name[:LONGEST])


def community(code: str, scheme: str | None) -> str | None:
    """The community that a code says its area belongs to; None where it does not say."""
    return None if scheme != "GB" or _malformed(code, scheme) else tiers.parent(code)


def relations(
    parents: Sequence[str | None],
    rows: Sequence[str],
    communities: Collection[str] | None,
    streets: Collection[str] | None,
) -> Iterator[Flaw]:
    """Communities and streets that areas name and nobody knows, and communities without areas."""
    if communities is not None:
        yield from _unknown("community_unknown", parents, rows, communities)
        for code in sorted(set(communities) - {one for one in parents if one}):
            yield flaw("community_without_grid", (code,))
    if streets is not None:
        above = [one and one[:-3] for one in parents]
        yield from _unknown("street_unknown", above, rows, streets)


def _unknown(
    kind: str, above: Sequence[str | None], rows: Sequence[str], known: Collection[str]
) -> Iterator[Flaw]:
    whose: dict[str, list[str]] = {}
    for code, row in zip(above, rows, strict=True):
        if code and code not in known:
            whose.setdefault(code, []).append(row)
    for code, found in sorted(whose.items()):
        yield flaw(kind, found, len(found), value=code)


def placed(
    shapes: Shapes,
    parents: Sequence[str | None],
    rows: Sequence[str],
    communities: Mapping[str, BaseGeometry],
) -> Iterator[Flaw]:
    """Areas that reach out of the community they belong to, or lie in another one altogether."""
    for shape, parent, row in zip(shapes, parents, rows, strict=True):
        if shape.is_empty or parent is None or communities.get(parent) is None:
            continue
        beyond = thicker_than_a_step(shape.difference(communities[parent]))
        if not beyond:
            continue
        out = areas_of(shapely.union_all(beyond))
        size = float(measure.area_m2([out])[0])
        other = _home(shape, communities)
        if other not in (None, parent):
            yield flaw("code_elsewhere", (row,), size, out, says=parent, lies_in=str(other))
        else:
            yield flaw("outside_community", (row,), size, out, community=parent)


def _home(shape: BaseGeometry, communities: Mapping[str, BaseGeometry]) -> str | None:
    """The community that holds most of an area, if one holds more than half of it."""
    for code, ground in sorted(communities.items()):
        if ground.intersects(shape) and ground.intersection(shape).area > shape.area / 2:
            return code
    return None
