"""A worker's own ground: what is listed, and that no more is hidden than is said."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.services import own_ground
from tests.makers import Town, code_of
from tests.services.test_moves import WORKER, issue

__all__ = ["issue"]
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)

COPIED = text("""
    insert into issue (channel, ticket, category_id, text, place, precision, status, level,
        community_code, grid_id, boundary_id, rule, reported_at, due_at)
    select channel, ticket || n, category_id, text, place, precision, status, level,
        community_code, grid_id, boundary_id, rule, reported_at, due_at + n * interval '1 minute'
    from issue, generate_series(1, :most) as n
""")


def test_what_is_not_listed_is_counted(issue: UUID, town: Town, session: Session) -> None:
    session.execute(COPIED, {"most": own_ground.MOST})
    told = own_ground.found(session, [code_of("A")], WORKER, NOW)
    assert (len(told["issues"]), told["more"]) == (own_ground.MOST, True)
    assert told["issues"][0]["id"] == str(issue)  # the most pressing stay
    assert sum(grid["open"] for grid in told["grids"]) == own_ground.MOST + 1
    assert town.session is session
