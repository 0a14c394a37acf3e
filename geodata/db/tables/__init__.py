"""Every table, with its Chinese name as its comment; one module a subject."""

from geodata.db.tables.aliases import alias
from geodata.db.tables.base import metadata
from geodata.db.tables.ground import (
    boundary,
    building,
    community,
    district,
    grid,
    landcover,
    place,
    road,
    street,
)
from geodata.db.tables.imports import import_job, refused_row
from geodata.db.tables.issues import closed_tally, issue, issue_category, issue_event
from geodata.db.tables.loads import load_job, load_note, load_row, resident_unit
from geodata.db.tables.people import grid_worker, party_org, post
from geodata.db.tables.plans import grid_lineage, redraw_plan, redraw_step

__all__ = [
    "alias",
    "boundary",
    "building",
    "closed_tally",
    "community",
    "district",
    "grid",
    "grid_lineage",
    "grid_worker",
    "import_job",
    "issue",
    "issue_category",
    "issue_event",
    "landcover",
    "load_job",
    "load_note",
    "load_row",
    "metadata",
    "party_org",
    "place",
    "post",
    "redraw_plan",
    "redraw_step",
    "refused_row",
    "resident_unit",
    "road",
    "street",
]
