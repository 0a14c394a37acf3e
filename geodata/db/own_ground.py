"""A worker's own ground: its grids as shapes, and what is open there."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, case, func, select, text
from sqlalchemy.orm import Session

from geodata.db.issues import ITEM, JOINED
from geodata.db.tables import grid, issue, issue_event

_GRIDS: Final = text("""
    select grid.id, grid.code, grid.name, grid.community_code, community.name as community,
        ST_AsGeoJSON(boundary.shape, 7) as shape,
        (select count(*) from issue where issue.grid_id = grid.id and is_open) as open
    from grid join boundary on boundary.grid_id = grid.id and upper_inf(boundary.valid)
    join community on community.code = grid.community_code
    where grid.code = any(:codes) and grid.retired_at is null
    order by grid.code
""")
_LEADS: Final = text("""
    select post.grid_id, grid_worker.name, post.duty
    from post join grid_worker on grid_worker.id = post.worker_id
    where post.grid_id = any(:grids) and post.during @> now()
    order by post.duty desc, lower(post.during), post.id
""")
_OTHER: Final = grid.alias("other")
_ON_THE_WAY: Final = (
    select(issue_event.c.kind == "set_out")
    .where(issue_event.c.issue_id == issue.c.id, issue_event.c.kind != "joined")
    .order_by(issue_event.c.at.desc(), issue_event.c.id.desc())
    .limit(1)
    .correlate(issue)
    .scalar_subquery()
)
"""Whether the last step was that somebody has set out; who joins takes none."""
_JOINED_BY: Final = (
    select(func.count())
    .where(issue_event.c.issue_id == issue.c.id, issue_event.c.kind == "joined")
    .correlate(issue)
    .scalar_subquery()
)
_AGAIN: Final = (
    select(func.json_build_object("kind", issue_event.c.kind, "note", issue_event.c.note))
    .where(issue_event.c.issue_id == issue.c.id, issue_event.c.kind.in_(("reopen", "rework")))
    .order_by(issue_event.c.at.desc(), issue_event.c.id.desc())
    .limit(1)
    .correlate(issue)
    .scalar_subquery()
)
"""Who wanted it done again last, and in which words."""


def grids(session: Session, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Present grids by code, with their ground as GeoJSON (degrees, lon before lat)."""
    rows = session.execute(_GRIDS, {"codes": list(codes)}).mappings()
    return [{**row, "shape": json.loads(row["shape"])} for row in rows]


def open_issues(session: Session, numbers: Sequence[int], limit: int) -> Sequence[RowMapping]:
    """What is open in grids (by id), the nearest deadline first, with the runner-up.

    ``joined`` is how many have joined, ``again`` the kind and note of the step by which it is to be
    done again, None for what is not.
    """
    query = (
        select(
            *ITEM,
            *(issue.c.handler, issue.c.supervision, issue.c.paused_status, issue.c.paused_at),
            *(issue.c.extensions, issue.c.reopenings, issue.c.satisfaction, issue.c.runner_up_m),
            *(issue.c.runner_up_id, _OTHER.c.name.label("runner_up_name")),
            *(_ON_THE_WAY.label("on_the_way"), _JOINED_BY.label("joined")),
            case((issue.c.status == "reworked", _AGAIN)).label("again"),
        )
        .select_from(JOINED.outerjoin(_OTHER, _OTHER.c.id == issue.c.runner_up_id))
        .where(issue.c.grid_id.in_(list(numbers)), issue.c.is_open)
        .order_by(func.coalesce(issue.c.due_at, func.now()), issue.c.id)
        .limit(limit)
    )
    return session.execute(query).mappings().all()


def workers(session: Session, numbers: Sequence[int]) -> Sequence[RowMapping]:
    """Who stands in grids (by id) now, heads first: grid_id, name, duty."""
    return session.execute(_LEADS, {"grids": list(numbers)}).mappings().all()
