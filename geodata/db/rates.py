"""Counting requests for all processes of the web together."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

_HIT: Final = text("""
    with clock as (select extract(epoch from clock_timestamp())::bigint as now)
    insert into rate_count (rule, who, slot, hits)
    select :rule, :who, (now / :seconds + 1) * :seconds, 1 from clock
    on conflict (rule, who, slot) do update set hits = rate_count.hits + 1
    returning hits, slot - (select now from clock)
""")

_TIDY: Final = text("delete from rate_count where slot < extract(epoch from clock_timestamp())")


def hit(session: Session, rule: str, who: str, seconds: int) -> tuple[int, int]:
    """Count one request; how many there were in this span of time, and seconds until the next."""
    given = {"rule": rule, "who": who, "seconds": seconds}
    hits, left = session.execute(_HIT, given).one()
    if hits == 1:
        session.execute(_TIDY)
    return int(hits), int(left)
