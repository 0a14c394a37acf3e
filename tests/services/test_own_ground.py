"""A worker's own ground: what is listed, and that no more is hidden than is said."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.domain import tracking
from geodata.domain.workflow import Word
from geodata.services import joining, moves, own_ground
from geodata.services.moves import Move
from tests.makers import Town, code_of
from tests.services.test_moves import KEY, WEEK, WORKER, issue, take

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


def test_why_it_is_to_be_done_again_and_that_others_say_so_too(
    issue: UUID, session: Session
) -> None:
    joining.join(session, issue, "k" * 32, NOW, "我家也是")
    take(session, issue, "settle", WORKER, note="换了灯泡")
    told = own_ground.found(session, [code_of("A")], WORKER, NOW)["issues"]
    assert [(one["joined"], one["again"]) for one in told] == [(1, None)]
    again = Move("reopen", "r" * 32, Word("还是不亮，问 13912345678"))
    moves.reply(session, issue, again, tracking.code(KEY), NOW, WEEK)
    told = own_ground.found(session, [code_of("A")], WORKER, NOW)["issues"]
    assert told[0]["again"] == {"kind": "reopen", "note": "还是不亮，问 139****5678"}
