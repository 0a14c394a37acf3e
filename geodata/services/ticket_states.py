"""12345 takes back how far its tickets are, in the columns in which they came.

One import alone keeps the very columns of its file, in their order; several files that need not
agree are told in the names that the import prefers. What is about the reporter never leaves, and
numbers of telephones and identity cards in the other cells are masked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import ticket_states
from geodata.db.narrowing import Filter
from geodata.domain.issue import told_to_hotline
from geodata.domain.privacy import masked
from geodata.errors import WanggeError
from geodata.files.states import csv_table, workbook

HOTLINE: Final = "12345"
FORMATS: Final[Mapping[str, Callable[[Sequence[Sequence[str]]], bytes]]] = {
    "xlsx": workbook,
    "csv": csv_table,
}
"""How a table becomes the bytes of a file."""

_STATE: Final[Mapping[str, str]] = {
    "department": "承办单位",
    "deadline": "办理时限",
    "status": "办理状态",
    "closed_at": "办结时间",
    "result": "办理结果",
    "satisfaction": "满意度",
}
"""What we know better than the row as it came, with the name where a file has no such column."""

_NAMES: Final[Mapping[str, str]] = {
    "ticket": "工单编号",
    "reported_at": "受理时间",
    "category_type": "诉求类别",
    "content": "诉求内容",
    "address": "事发地址",
    "street": "所属街道",
    "community": "所属社区",
    "grid": "所属网格",
    **_STATE,
}
_SATISFACTION: Final = {"good": "满意", "fair": "基本满意", "bad": "不满意"}


def file(
    session: Session, wanted: Filter, form: str, zone: tzinfo, most: int | None = None
) -> tuple[bytes, int]:
    """The table as a file in one of `FORMATS`, and how many tickets it has.

    Tickets of other channels are left out. Times are those of `zone`. Raises WanggeError
    ``export_large`` where there are more than `most`.
    """
    wanted = replace(wanted, channel=wanted.channel or HOTLINE)
    if most is not None and ticket_states.matched(session, wanted, most) > most:
        raise WanggeError("export_large", limit=most)
    table = list(_table(session, wanted, zone))
    return FORMATS[form](table), len(table) - 1


def _table(session: Session, wanted: Filter, zone: tzinfo) -> Iterator[list[str]]:
    """The header and the rows."""
    head: list[str] | None = None if wanted.job else list(_NAMES.values())
    if head:
        yield head
    for row in ticket_states.rows(session, wanted):
        own = _told(row, zone)
        cells = _as_it_came(row, own) if wanted.job else {_NAMES[k]: v for k, v in own.items()}
        if head is None:
            head = list(cells)
            yield head
        yield [cells.get(name, "") for name in head]
    if head is None:
        yield list(_NAMES.values())


def _told(row: RowMapping, zone: tzinfo) -> dict[str, str]:
    """What is known of a ticket, by field."""
    return {
        "ticket": row["ticket"],
        "reported_at": _moment(row["reported_at"], zone),
        "category_type": row["category"],
        "content": masked(row["text"]),
        "address": masked(row["address"]),
        **{name: row[name] or "" for name in ("street", "community", "grid")},
        "department": row["handler"] or row["grid"] or row["community"] or "",
        "deadline": _moment(row["due_at"], zone),
        "status": told_to_hotline(row["status"]),
        "closed_at": _moment(row["closed_at"], zone),
        "result": masked(row["result"] or ""),
        "satisfaction": _SATISFACTION.get(row["satisfaction"] or "", ""),
    }


def _as_it_came(row: RowMapping, own: Mapping[str, str]) -> dict[str, str]:
    """The cells of the file by its own header, with what we know better put in."""
    recognised: Mapping[str, Any] = (row["columns"] or {}).get("recognised", {})
    cells = {name: masked(str(cell)) for name, cell in (row["raw"] or {}).items()}
    for field, name in _STATE.items():
        header = str(recognised.get(field, name))
        cells[header] = own[field] or (cells.get(header, "") if field != "closed_at" else "")
    return cells


def _moment(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""
