"""Grids that are no more leave their people to others; nothing is lost silently."""

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping

from geodata.db import ground
from geodata.services.loading.rows import Outcome, Task


def leave(
    task: Task,
    gone: Mapping[int, RowMapping],
    cells: Mapping[int, BaseGeometry],
    outcome: Outcome,
) -> None:
    """Retire grids: their posts end, their party groups go to who has most of their ground.

    `cells` are the new cells of the district's part that changes, by id of the grid (degrees).
    """
    if not gone:
        return
    posts = ground.posts_in(task.session, list(gone))
    if posts:
        outcome.flag(0, "posts_ended", count=sum(row["count"] for row in posts))
    heirs = _heirs(gone, {n: s for n, s in cells.items() if n not in gone and not s.is_empty})
    groups = ground.hand_over(task.session, heirs)
    if groups:
        outcome.flag(0, "groups_moved", count=groups)
    ground.retire(task.session, list(gone), task.at)
    codes = [str(row["code"]) for row in gone.values()]
    outcome.flag(0, "grids_retired", count=len(gone), codes=codes[:20])


def _heirs(gone: Mapping[int, RowMapping], cells: Mapping[int, BaseGeometry]) -> dict[int, int]:
    numbers = sorted(cells)
    shapes = [cells[number] for number in numbers]
    tree = shapely.STRtree(shapes)
    heirs = {}
    for number, row in gone.items():
        near = tree.query(row["shape"], predicate="intersects")
        sizes = {numbers[i]: row["shape"].intersection(shapes[i]).area for i in near.tolist()}
        if sizes:
            heirs[number] = max(sorted(sizes), key=lambda n: sizes[n])
    return heirs
