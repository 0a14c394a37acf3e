"""Care for the database itself."""

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from geodata.db.tables import metadata


def analyze(session: Session, *of: Table) -> None:
    """Refresh the planner's statistics of some tables, else of all ours, as after a bulk load."""
    names = sorted(table.name for table in of or metadata.tables.values())
    session.execute(text("analyze " + ", ".join(names)))
