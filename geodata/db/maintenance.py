"""Care for the database itself."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db.tables import metadata

_ANALYZE: Final = "analyze " + ", ".join(sorted(metadata.tables))


def analyze(session: Session) -> None:
    """Refresh the planner's statistics of all our tables, as after a bulk load."""
    session.execute(text(_ANALYZE))
