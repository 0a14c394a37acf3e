"""The demo district's notices (民情发布): a few of communities, and issues that were solved."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import RowMapping, func, insert, select
from sqlalchemy.orm import Session

from geodata.db import tables
from geodata.demo.facts import rows
from geodata.demo.model import Building, District
from geodata.domain.issue import IMPERSONAL

MARK: Final = "（演示通知，内容是编的。）"
"""What ends every one of them, so that nobody takes it for true."""

_SOLVED: Final = 4
_WORDS: Final = "居民反映的{kind}问题已办结：工作人员到场处理，并请反映人确认。"


def load(session: Session, district: District, now: datetime) -> int:
    """Make known what the demo's communities would before `now`; how many there are.

    The district and its issues must be stored already.
    """
    told = [*_notices(district, now), *_solved(session)]
    session.execute(insert(tables.bulletin), told)
    return len(told)


def _notices(district: District, now: datetime) -> list[dict[str, Any]]:
    found = []
    for row in rows("notices"):
        home = district.communities[int(row["community"]) % len(district.communities)]
        since = now - timedelta(hours=int(row["age_h"]))
        lasts = row["lasts_h"]
        spot = _door(district, home.code) if row["place"] == "yes" else None
        found.append(
            {
                "kind": "notice",
                "title": row["title"],
                "text": f"{row['text']}{MARK}",
                "street_code": home.street_code,
                "community_code": home.code,
                "place": spot.door if spot else None,
                "issue_id": None,
                "since": since,
                "created_at": since,
                "until": since + timedelta(hours=int(lasts)) if lasts else None,
            }
        )
    return found


def _door(district: District, community: str) -> Building | None:
    """The building in the middle of a community's list."""
    own = [one for one in district.buildings if one.community_code == community]
    return own[len(own) // 2] if own else None


def _solved(session: Session) -> list[dict[str, Any]]:
    """The issues closed last of some communities, about things in the street."""
    return [
        {
            "kind": "solved",
            "title": f"已办结：{row['kind']}",
            "text": _WORDS.format(kind=row["kind"]) + MARK,
            **{name: row[name] for name in ("street_code", "community_code", "place", "issue_id")},
            "since": row["closed_at"],
            "created_at": row["closed_at"],
            "until": None,
        }
        for row in _closed(session)
    ]


def _closed(session: Session) -> list[RowMapping]:
    issue, kind, home = tables.issue.c, tables.issue_category.c, tables.community.c
    nth = func.row_number().over(
        partition_by=issue.community_code, order_by=(issue.closed_at.desc(), issue.ticket)
    )
    last = (
        select(
            *(issue.id.label("issue_id"), issue.place, issue.closed_at, issue.ticket),
            *(home.street_code, issue.community_code, kind.name_zh.label("kind"), nth.label("nth")),
        )
        .select_from(tables.issue.join(tables.issue_category).join(tables.community))
        .where(issue.status == "closed", issue.place.is_not(None), kind.code.in_(IMPERSONAL))
        .subquery()
    )
    newest = select(last).where(last.c.nth == 1).order_by(last.c.closed_at.desc(), last.c.ticket)
    return list(session.execute(newest.limit(_SOLVED)).mappings())
