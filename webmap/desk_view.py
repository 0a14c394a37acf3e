"""The list of issues as a page: what is asked of it by its address, and the addresses on it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from pydantic import Field, model_validator

from geodata.domain.issue import HANDLED, SOON
from geodata.services import issues
from webmap import cursors, database
from webmap.api.issue_queries import Where
from webmap.api.issues import localised

SHOWN: Final = 50
FORMATS: Final = ("xlsx", "csv", "geojson", "gpkg")
TABLES: Final = ("xlsx", "csv")
_OWN: Final = {"lang", "after", "area"}
_TURN: Final = {
    "reported": ("newest", "oldest"),
    "due": ("due",),
    "kind": ("kind",),
    "grid": ("grid",),
}


class DeskQuery(Where):
    """The same as the map's address has it: an area is its tier and code, open ones by default."""

    state: Literal["open", "escalated", "closed", "unplaced", "all"] = "open"
    sort: Literal["newest", "oldest", "due", "kind", "grid"] = "newest"
    area: Annotated[str, Field(pattern=r"^((street|community|grid)-[0-9A-Za-z_-]{1,20})?$")] = ""

    after: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _given(cls, told: Any) -> Any:
        """Without what a form leaves empty."""
        return {name: v for name, v in dict(told).items() if v != ""}

    @property
    def within(self) -> dict[str, str]:
        """The area as the list has it."""
        tier, dash, code = self.area.partition("-")
        return {tier: code} if dash else {}

    def filter(self, now: datetime) -> issues.Filter:
        """As the list of the map has it."""
        within = self.model_copy(update=self.within)
        return within.wanted(now, state=None if self.state == "all" else self.state)


@dataclass(frozen=True)
class Desk:
    """A page of the list, with where it leads; `total` counts all of several pages, in words."""

    asked: DeskQuery
    items: list[dict[str, Any]]
    end: issues.Cursor | None
    total: str = ""

    def at(self, **change: object) -> str:
        """The address of this page with a change; another choice begins on the first page."""
        return _address("/desk", {**self._kept(), **change})

    @property
    def narrowed(self) -> bool:
        """Whether anything but an order was chosen, so that there is something to clear."""
        return self.at(sort=None) != "/desk"

    def further(self) -> str:
        """The address of the next page, empty where there is none."""
        if self.end is None:
            return ""
        return self.at(after=cursors.written(self.end, self.asked.sort))

    def on_map(self, **change: object) -> str:
        """The same on the map."""
        return _address("/", {**self._kept(), **change})

    def file(self, form: str) -> str:
        """The file of exactly what the list shows; tables are for people, the others not."""
        if form in TABLES:
            return _address(f"/desk/list.{form}", {**self._kept(), "state": self.asked.state})
        return _address(f"/exports/issues.{form}", self.narrowing)

    def status_file(self) -> str:
        """The file of what the hotline takes back of the list."""
        return _address("/desk/tickets.xlsx", {**self._kept(), "state": self.asked.state})

    @property
    def narrowing(self) -> dict[str, object]:
        """What narrows the list, as the interface for programs names it."""
        told = {**self._kept(), **self.asked.within, "state": self.asked.state}
        if told["state"] == "all":
            del told["state"]
        return {name: v for name, v in told.items() if name not in ("area", "sort")}

    def turned(self, column: str) -> str:
        """The address of the list in the order of a column; again turns it where it can be."""
        ways = _TURN[column]
        here = ways.index(self.asked.sort) if self.asked.sort in ways else -1
        return self.at(sort=ways[(here + 1) % len(ways)])

    def sorted(self, column: str) -> str:
        """How a column says that the list runs by it, for those who hear the page."""
        if self.asked.sort not in _TURN[column]:
            return ""
        return "descending" if self.asked.sort == "newest" else "ascending"

    def _kept(self) -> dict[str, object]:
        told = self.asked.model_dump(
            exclude_defaults=True, by_alias=True, mode="json", exclude=_OWN
        )
        return {**told, **({"area": self.asked.area} if self.asked.area else {})}


def _address(path: str, told: Mapping[str, object]) -> str:
    given = {name: _written(v) for name, v in told.items() if v not in ("", None, False)}
    given = {name: v for name, v in given.items() if (name, v) not in _PLAIN}
    return f"{path}?{urlencode(given)}" if given else path


_PLAIN: Final = {("sort", "newest")}


def _written(value: object) -> str:
    return "true" if value is True else str(value)


def seen(asked: DeskQuery, now: datetime) -> Desk:
    """The page of the list that is asked for. Raises as `DeskQuery.filter` and `issues.page`."""
    after = cursors.read(asked.after, asked.sort) if asked.after else None
    order = issues.Order(asked.sort)
    wanted = asked.filter(now)
    items, end = issues.page(database.session(), wanted, after, SHOWN, now, order)
    total = _total(asked.state, wanted) if end or after else ""
    return Desk(asked, [_shown(one, now) for one in items], end, total)


def _total(state: str, wanted: issues.Filter) -> str:
    """How many there are in all; of what takes too long to count, that there are more."""
    told = issues.counts(database.session(), replace(wanted, state=None))
    return f"{told[state]:,}" + ("+" if state in told["more"] else "")


def _shown(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    due, doing = told["due_at"], told["is_open"] and told["status"] not in HANDLED
    return {
        **localised(told),
        "soon": doing and due is not None and now <= due < now + SOON,
    }
