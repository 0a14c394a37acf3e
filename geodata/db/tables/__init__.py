"""Every table, with its Chinese name as its comment; one module a subject."""

from geodata.db.tables.accounts import (
    account,
    account_grant,
    account_session,
    recovery_code,
    sign_in_attempt,
)
from geodata.db.tables.aliases import alias
from geodata.db.tables.audit import audit_entry
from geodata.db.tables.base import metadata
from geodata.db.tables.bulletins import bulletin
from geodata.db.tables.contacts import contact
from geodata.db.tables.coverage import (
    coverage_figures,
    coverage_gap,
    coverage_report,
    coverage_report_file,
    coverage_schedule,
)
from geodata.db.tables.exports import export_job, export_part
from geodata.db.tables.ground import (
    boundary,
    building,
    community,
    district,
    grid,
    ground_change,
    landcover,
    place,
    road,
    street,
)
from geodata.db.tables.imports import import_job, refused_row
from geodata.db.tables.issue_days import issue_before, issue_day, issue_kept
from geodata.db.tables.issues import (
    closed_tally,
    issue,
    issue_category,
    issue_event,
    photo,
)
from geodata.db.tables.joiners import issue_joiner
from geodata.db.tables.left_out import redraw_left_out
from geodata.db.tables.loads import load_job, load_note, load_row, resident_unit
from geodata.db.tables.notices import notice
from geodata.db.tables.people import (
    grid_visit,
    grid_worker,
    joint_group,
    party_org,
    post,
    service_change,
)
from geodata.db.tables.plan_reading import plan_reading
from geodata.db.tables.plans import (
    grid_lineage,
    grid_lock,
    redraw_move,
    redraw_plan,
    redraw_step,
)
from geodata.db.tables.rates import rate_count
from geodata.db.tables.rulings import ruling
from geodata.db.tables.suggestions import suggestion_job

__all__ = [
    "account",
    "account_grant",
    "account_session",
    "alias",
    "audit_entry",
    "boundary",
    "building",
    "bulletin",
    "closed_tally",
    "community",
    "contact",
    "coverage_figures",
    "coverage_gap",
    "coverage_report",
    "coverage_report_file",
    "coverage_schedule",
    "district",
    "export_job",
    "export_part",
    "grid",
    "grid_lineage",
    "grid_lock",
    "grid_visit",
    "grid_worker",
    "ground_change",
    "import_job",
    "issue",
    "issue_before",
    "issue_category",
    "issue_day",
    "issue_event",
    "issue_joiner",
    "issue_kept",
    "joint_group",
    "landcover",
    "load_job",
    "load_note",
    "load_row",
    "metadata",
    "notice",
    "party_org",
    "photo",
    "place",
    "plan_reading",
    "post",
    "rate_count",
    "recovery_code",
    "redraw_left_out",
    "redraw_move",
    "redraw_plan",
    "redraw_step",
    "refused_row",
    "resident_unit",
    "road",
    "ruling",
    "service_change",
    "sign_in_attempt",
    "street",
    "suggestion_job",
]
