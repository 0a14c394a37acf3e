"""What residents report, and what became of it."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geodata.db.columns import Shape
from geodata.db.tables.base import among, identity, metadata, sound
from geodata.domain.arrival import AUDIENCES
from geodata.domain.issue import LEVELS, OVER, PRECISIONS, RULES, STATUSES

issue_category = Table(
    "issue_category",
    metadata,
    identity(),
    Column("code_scheme", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("department", Text),
    Column("time_limit", Numeric, comment="in the unit of limit_type"),
    Column("limit_type", Text),
    Column("glyph", Text),
    UniqueConstraint("code_scheme", "code"),
    comment="诉求类别",
)

_OVER = ", ".join(f"'{status}'" for status in OVER)

_ENDED = "status in ('rejected', 'void')"
_HANDED = "handler is not null"
_PARTIAL = {
    "import": ("import_id reported_at id", "import_id is not null"),
    "due": ("due_at id", "is_open"),
    "open_category": ("category_id reported_at id", "is_open"),
    "open_grid": ("grid_id reported_at id", "is_open"),
    "open_status": ("status reported_at id", "is_open"),
    "ended": ("status reported_at id", _ENDED),
    "ended_category": ("status category_id reported_at id", _ENDED),
    "ended_grid": ("status grid_id reported_at id", _ENDED),
    "handler_category": ("handler category_id reported_at id", _HANDED),
    "handler_grid": ("handler grid_id reported_at id", _HANDED),
    "handler_due": ("handler due_at id", f"is_open and {_HANDED}"),
    "supervised": ("reported_at id", "supervision is not null and is_open"),
    "resume": ("resume_by", "status = 'suspended' and resume_by is not null"),
}
"""Orders of lists of a part of the issues: by what follows ``ix_issue_`` in the index's name."""

issue = Table(
    "issue",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "public_id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")
    ),
    Column("channel", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("category_id", ForeignKey("issue_category.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("raw_x", Double, comment="as it came, lon or easting"),
    Column("raw_y", Double, comment="as it came, lat or northing"),
    Column("raw_datum", Text),
    Column("place", Shape("POINT")),
    Column("precision", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("level", Text, nullable=False, server_default="grid"),
    Column(
        "is_open",
        Boolean,
        Computed(f"status not in ({_OVER})", persisted=True),
        nullable=False,
    ),
    Column("community_code", ForeignKey("community.code")),
    Column("grid_id", ForeignKey("grid.id")),
    Column("boundary_id", ForeignKey("boundary.id"), index=True),
    Column("rule", Text, nullable=False, comment="how the grid was found"),
    Column("border_m", Double, comment="metres to the nearest border of its grid"),
    Column("runner_up_id", ForeignKey("grid.id")),
    Column("runner_up_m", Double),
    Column("located", JSONB, comment="how the place was found: label, score, candidates"),
    Column("raw", JSON, comment="the imported row as it came, without contacts"),
    Column("import_id", ForeignKey("import_job.id")),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("handler", Text, comment="department; null: the grid"),
    Column("supervision", Text),
    Column("satisfaction", Text),
    Column("extensions", SmallInteger, nullable=False, server_default="0"),
    Column("reopenings", SmallInteger, nullable=False, server_default="0"),
    Column("paused_status", Text),
    Column("paused_at", DateTime(timezone=True)),
    Column("paused_due", DateTime(timezone=True), comment="the deadline when it was paused"),
    Column("resume_by", DateTime(timezone=True)),
    Column("answers", JSONB, comment="诉求答卷"),
    Column("tracking", LargeBinary, comment="digest of the reporter's code"),
    Column("new_to", Text, comment="who has it and has not opened it yet"),
    UniqueConstraint("channel", "ticket"),
    among("status", *STATUSES),
    among("level", *LEVELS),
    among("precision", *PRECISIONS),
    among("rule", *RULES),
    sound("place"),
    CheckConstraint(
        f"new_to in ({', '.join(repr(one) for one in AUDIENCES)})", name="new_to_known"
    ),
    CheckConstraint(
        "supervision is null or supervision in ('normal', 'yellow', 'red')",
        name="supervision_known",
    ),
    CheckConstraint(
        "satisfaction is null or satisfaction in ('good', 'fair', 'bad')",
        name="satisfaction_known",
    ),
    CheckConstraint(
        "(paused_status is null) = (status <> 'suspended' or paused_at is null)",
        name="paused_known",
    ),
    CheckConstraint("(rule = 'none') = (grid_id is null)", name="grid_by_rule"),
    CheckConstraint("(grid_id is null) = (boundary_id is null)", name="grid_on_boundary"),
    CheckConstraint("grid_id is null or place is not null", name="grid_by_place"),
    Index("ix_issue_place", "place", postgresql_using="gist"),
    Index("ix_issue_recent", "reported_at", "id"),
    Index("ix_issue_open", "reported_at", "id", postgresql_where=text("is_open")),
    Index("ix_issue_closed", "reported_at", "id", postgresql_where=text("not is_open")),
    Index(
        "ix_issue_escalated",
        "reported_at",
        "id",
        postgresql_where=text("is_open and level <> 'grid'"),
        postgresql_include=[
            *("place", "grid_id", "community_code", "public_id"),
            *("category_id", "due_at", "is_open", "handler"),
        ],
    ),
    Index("ix_issue_unplaced", "reported_at", "id", postgresql_where=text("grid_id is null")),
    Index(
        "ix_issue_astray",
        *("reported_at", "id"),
        postgresql_where=text("grid_id is null and place is not null"),
    ),
    Index("ix_issue_category", "category_id", "reported_at", "id"),
    Index("ix_issue_community", "community_code", "reported_at", "id"),
    Index("ix_issue_grid", "grid_id", "reported_at", "id"),
    Index(
        "ix_issue_load",
        "grid_id",
        "is_open",
        "category_id",
        "level",
        postgresql_include=["due_at", "reported_at", "community_code", "public_id", "handler"],
    ),
    Index(
        "ix_issue_waiting",
        *("grid_id", "category_id", "level"),
        postgresql_where=text("is_open"),
        postgresql_include=[
            *("due_at", "is_open", "community_code", "public_id", "reported_at", "place"),
            *("handler", "channel", "status"),
        ],
    ),
    Index(
        "ix_issue_new",
        *("reported_at", "id"),
        postgresql_where=text("new_to is not null and is_open"),
        postgresql_include=["new_to", "grid_id", "community_code", "handler", "public_id"],
    ),
    Index("ix_issue_deadline", "due_at", "id"),
    Index("ix_issue_closed_day", "closed_at", postgresql_where=text("closed_at is not null")),
    Index(
        "ix_issue_handler",
        *("handler", "reported_at", "id"),
        postgresql_where=text(_HANDED),
        postgresql_include=[
            *("place", "grid_id", "community_code", "public_id", "due_at", "is_open", "level"),
            *("category_id", "channel", "status"),
        ],
    ),
    *(
        Index(f"ix_issue_{name}", *columns.split(), postgresql_where=text(where))
        for name, (columns, where) in _PARTIAL.items()
    ),
    Index(
        "ix_issue_said", func.issue_bigrams(text("text"), text("address")), postgresql_using="gin"
    ),
    Index("ix_issue_passed", "boundary_id", postgresql_where=text("is_open and rule = 'passed'")),
    Index("uq_issue_tracking", "tracking", unique=True),
    Index("ix_issue_ticket", "ticket", postgresql_ops={"ticket": "text_pattern_ops"}),
    comment="诉求",
)

closed_tally = Table(
    "closed_tally",
    metadata,
    Column("grid_id", Integer),
    Column("category_id", Integer, comment="null counts all categories"),
    Column("added", Integer, nullable=False, comment="closed issues more, or fewer"),
    Column("channel", Text, comment="null counts all channels; no row has both"),
    Column("status", Text, nullable=False, comment="how they ended"),
    Index("ix_closed_tally_category_id", "category_id", "channel", "grid_id"),
    comment="已办结计数",
)
"""Closed issues by grid and ending: alone, by category and by channel; kept by triggers: sums of
what was added, never rewritten, so that no two writers wait for each other; `tallies.fold` makes
few rows of many."""

issue_event = Table(
    "issue_event",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("issue_id", ForeignKey("issue.id"), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("grid_id", ForeignKey("grid.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("level", Text),
    Column("detail", JSONB, comment="what was said with it"),
    Column("key", Text, comment="the client's, so that it counts once"),
    Column("account_id", ForeignKey("account.id")),
    Index(
        "uq_issue_event_key",
        *("issue_id", "key"),
        unique=True,
        postgresql_where=text("key is not null"),
    ),
    Index(
        "ix_issue_event_worked",
        "issue_id",
        postgresql_include=["status", "at"],
        postgresql_where=text("status in ('handled', 'reworked')"),
    ),
    Index("ix_issue_event_done", "at", postgresql_where=text("status = 'handled'")),
    comment="流转记录",
)

photo = Table(
    "photo",
    metadata,
    identity(),
    Column(
        "public_id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")
    ),
    Column(
        "issue_id",
        BigInteger,
        ForeignKey("issue.id", ondelete="CASCADE"),
        index=True,
        comment="null: not sent yet",
    ),
    Column("kind", Text, nullable=False, server_default="report"),
    Column("digest", Text, nullable=False, index=True, comment="SHA-256, the file's name"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    among("kind", "report", "before", "after"),
    CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest_hex"),
    comment="照片",
)
