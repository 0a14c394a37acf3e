"""Frames in which some communities are looked at again, and all others are as they were."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from geodata.domain.coverage.frames import Buildings, Frames, Grids, Groups, Still

F = TypeVar("F", Grids, Buildings, Groups)


def joined(known: Frames, fresh: Frames, communities: frozenset[str]) -> Frames:
    """What is known, but of some communities what `fresh` says; in the order of a look at all.

    `fresh` has the grids, buildings and groups of those communities alone, and everything else of
    the whole.
    """
    grids = known.grids
    elsewhere = [home not in communities for home in grids.community]
    away = {n for n, there in zip(grids.id.tolist(), elsewhere, strict=True) if there}
    here = set(grids.id.tolist()) - away
    new = set(fresh.groups.id.tolist())
    pairs = zip(known.groups.id.tolist(), known.groups.grid.tolist(), strict=True)
    groups = [owner not in here and number not in new for number, owner in pairs]
    buildings = [home not in communities for home in known.buildings.community]
    return replace(
        fresh,
        grids=_joined(grids, elsewhere, fresh.grids, "code"),
        buildings=_joined(known.buildings, buildings, fresh.buildings, "code"),
        groups=_joined(known.groups, groups, fresh.groups, "id"),
        still=_still(known.still, fresh.still, away),
    )


def _still(known: Still, fresh: Still, away: set[int]) -> Still:
    far = [one for one in known.far if one.grid in away]
    cut = {number: count for number, count in known.cut.items() if number in away}
    return Still([*far, *fresh.far], {**cut, **fresh.cut})


def _joined(known: F, stay: list[bool], fresh: F, by: str) -> F:
    """The rows that stay with the fresh ones, in the order of a column."""
    keys = [*_listed(getattr(known, by)), *_listed(getattr(fresh, by))]
    rows = [row for row, there in enumerate(stay) if there]
    rows += range(len(stay), len(keys))
    rows.sort(key=keys.__getitem__)
    names = known.__annotations__
    return type(known)(**{n: _picked(getattr(known, n), getattr(fresh, n), rows) for n in names})


def _listed(column: Any) -> list[Any]:
    return column.tolist() if isinstance(column, np.ndarray) else list(column)


def _picked(one: Any, other: Any, rows: list[int]) -> Any:
    """Those rows of one column after the other."""
    if isinstance(one, np.ndarray):
        return np.concatenate([one, other])[rows]
    both = [*one, *other]
    return [both[row] for row in rows]
