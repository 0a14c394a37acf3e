"""The list of issues as a table for people: headers and words in their language, local times.

What programs read (GeoJSON, GeoPackage) keeps codes and ISO times; see `geodata.services.exports`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from geodata.errors import WanggeError
from geodata.files.states import csv_table, workbook
from geodata.services import issues
from webmap import database, times, words
from webmap.api.issues import localised
from webmap.desk_view import DeskQuery
from webmap.languages import singular

MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
MOST: Final = 20_000
"""Rows that are made while one waits."""

_STRETCH: Final = 1_000
Item = dict[str, Any]


def made(asked: DeskQuery, ending: str, now: datetime) -> tuple[bytes, int]:
    """The list as a file, XLSX or CSV, in its order, and how many issues it has.

    Raises WanggeError ``export_large`` where they are more than `MOST`, and as `issues.page`.
    """
    items = _all(asked, now)
    table = [[str(name) for name, _told in _COLUMNS]]
    table += [[told(one) for _name, told in _COLUMNS] for one in items]
    if ending == "xlsx":
        return workbook(table, _("诉求清单")), len(items)
    return csv_table(table), len(items)


def _all(asked: DeskQuery, now: datetime) -> list[Item]:
    """All issues of the list, asked for in stretches that go on by key."""
    wanted, order = asked.filter(now), issues.Order(asked.sort)
    found: list[Item] = []
    after: issues.Cursor | None = None
    while True:
        some, after = issues.page(database.session(), wanted, after, _STRETCH, now, order)
        found += [localised(one) for one in some]
        if len(found) > MOST:
            raise WanggeError("export_large", limit=MOST)
        if after is None:
            return found


def _word(known: Mapping[str, object], name: str) -> Callable[[Item], str]:
    return lambda one: str(known.get(one[name] or "") or one[name] or "")


def _plain(name: str) -> Callable[[Item], str]:
    return lambda one: "" if one[name] is None else str(one[name])


def _moment(name: str) -> Callable[[Item], str]:
    return lambda one: times.moment(one[name]) if one[name] else ""


def _area(name: str, member: str) -> Callable[[Item], str]:
    return lambda one: one[name][member] if one[name] else ""


def _late(one: Item) -> str:
    return _("已超期") if one["overdue"] else ""


_COLUMNS: Final[tuple[tuple[object, Callable[[Item], str]], ...]] = (
    (lazy_gettext("类别"), _plain("category_name")),
    (lazy_gettext("内容"), _plain("text")),
    (lazy_gettext("地址"), _plain("address")),
    (singular("社区"), _area("community", "name")),
    (singular("网格"), _area("grid", "name")),
    (lazy_gettext("网格编码"), _area("grid", "code")),
    (lazy_gettext("状态"), _word(words.STATUS, "status")),
    (lazy_gettext("办理层级"), _word(words.LEVEL, "level")),
    (lazy_gettext("处置部门"), _plain("handler")),
    (lazy_gettext("督办"), _word(words.GRADE, "supervision")),
    (lazy_gettext("来源"), _word(words.CHANNEL, "channel")),
    (lazy_gettext("工单编号"), _plain("ticket")),
    (lazy_gettext("反映时间"), _moment("reported_at")),
    (lazy_gettext("办理期限"), _moment("due_at")),
    (lazy_gettext("办结时间"), _moment("closed_at")),
    (lazy_gettext("是否超期"), _late),
    (lazy_gettext("定位"), _word(words.PRECISION, "precision")),
    (lazy_gettext("经度"), _plain("lon")),
    (lazy_gettext("纬度"), _plain("lat")),
    (lazy_gettext("诉求标识"), _plain("id")),
)
"""The columns of the table in their order: the header, and the cell of an issue."""
