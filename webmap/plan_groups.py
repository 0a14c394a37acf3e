"""What the page of a plan says of the buildings that no party group serves on its ground."""

from typing import Any

from sqlalchemy import RowMapping

from geodata.domain.roles import Action
from geodata.services import coverage_groups
from geodata.services.redraw_preview import Preview
from webmap import database, guard


def unserved(seen: Preview) -> int:
    """How many of the buildings that a plan gives to grids no group serves."""
    taken = [one.id for one in seen.buildings if one.after and not one.after.startswith("~")]
    return coverage_groups.unserved(database.session(), taken)


def groupless(plan: RowMapping) -> dict[str, Any]:
    """Once a plan is published: what no group serves in its grids, and where one may appoint."""
    reach = guard.reach(Action.APPOINT_WORKERS)
    grids = (plan["report"] or {}).get("after", {}) if plan["state"] == "published" else {}
    found = coverage_groups.left_out(database.session(), reach, grids, guard.now())
    return {"groupless": found, "appoints": reach}
