"""Who joined what somebody else had reported: each known by a code of their own."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table

from geodata.db.tables.base import metadata

issue_joiner = Table(
    "issue_joiner",
    metadata,
    Column("tracking", LargeBinary, primary_key=True, comment="digest of the joiner's code"),
    Column("issue_id", BigInteger, ForeignKey("issue.id"), nullable=False, index=True),
    Column(
        "event_id",
        BigInteger,
        ForeignKey("issue_event.id"),
        nullable=False,
        index=True,
        comment="their own words",
    ),
    comment="附议人",
)
