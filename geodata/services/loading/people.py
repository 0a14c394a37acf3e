"""Grid workers with their posts, and party groups with their buildings, come in as lists."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, insert

from geodata.db import bulk, ground, residents, tables
from geodata.errors import InvalidRow
from geodata.files import values
from geodata.services.loading.homes import named
from geodata.services.loading.rows import Outcome, Row, Task

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_LEADS: Final = ("网格长", "专职", "负责", "LEAD", "HEAD")
_LIST: Final = re.compile(r"[、,，;；|\n]+")
_MOST_MEMBERS: Final = 100_000


class _Grids:
    """The present grids by code, and by name where that tells one."""

    def __init__(self, task: Task) -> None:
        self.ground = task.ground
        self.rows = residents.grids(task.session)
        self.by_code = {str(row["code"]): row for row in self.rows}
        self.communities = {row["code"]: row for row in ground.communities(task.session)}

    def of(self, row: Row, outcome: Outcome) -> RowMapping | None:
        """The grid that a row names; a refusal where it names none or several."""
        said, where = row.text("grid"), row.text("community")
        found = [self.by_code[said]] if said in self.by_code else self._by_name(said, where)
        if len(found) == 1 and self.ground.covers(found[0]["community_code"], found[0]["code"]):
            return found[0]
        if len(found) == 1:
            outcome.refuse(row.number, "grid_outside", "grid", grid=found[0]["code"])
            return None
        code = "grid_unknown" if not found else "grid_ambiguous"
        outcome.refuse(row.number, code, "grid", value=said, count=len(found))
        return None

    def _by_name(self, said: str, where: str) -> list[RowMapping]:
        home = named(where, self.communities) if where else ""
        return [
            row
            for row in self.rows
            if said and row["name"] == said and home in ("", row["community_code"])
        ]


def load_workers(task: Task, rows: Sequence[Row]) -> None:
    """Workers and their posts in grids, from the day told or from now on.

    One name is one person on the ground of who sends the list; where it stands in several
    communities that is flagged. A grid has one head: a second one is refused.
    """
    outcome = task.outcome
    grids = _Grids(task)
    known = residents.workers(task.session, task.ground)
    ids = {str(row["name"]): int(row["id"]) for row in known}
    posts = residents.posts(task.session)
    held = {(str(p["name"]), int(p["grid_id"])): str(p["duty"]) for p in posts}
    heads = {int(p["grid_id"]): str(p["name"]) for p in posts if p["duty"] == "lead"}
    homes: dict[str, set[str]] = {}
    for row in rows:
        grid = grids.of(row, outcome)
        name = row.text("name", 60)
        if grid is None or not _has_name(row, name, outcome):
            continue
        duty = _duty(row)
        key = (name, int(grid["id"]))
        if held.get(key) == duty:
            outcome.count(new=False)
            continue
        if key in held or (duty == "lead" and heads.get(key[1], name) != name):
            other = heads.get(key[1], name)
            outcome.refuse(row.number, "head_taken", "duty", grid=grid["code"], name=other[:1])
            continue
        since = _since(task, row, outcome)
        if since is None:
            continue
        if name not in ids:
            ids[name] = int(ground.add(task.session, tables.grid_worker, {"name": name}))
        _post(task, ids[name], key[1], duty, since)
        held[key] = duty
        if duty == "lead":
            heads[key[1]] = name
        homes.setdefault(name, set()).add(str(grid["community_code"]))
        if len(homes[name]) == 2:  # noqa: PLR2004 -- the second community is told once
            outcome.flag(row.number, "namesake", "name", name=name[:1])
        outcome.count(new=True)


def _has_name(row: Row, name: str, outcome: Outcome) -> bool:
    if not name:
        outcome.refuse(row.number, "name_missing", "name")
    return bool(name)


def _duty(row: Row) -> str:
    said = row.text("duty").upper()
    return "lead" if any(word in said for word in _LEADS) else "assistant"


def _since(task: Task, row: Row, outcome: Outcome) -> datetime | None:
    """When a post began; a refusal for a day that cannot be read or has not come."""
    try:
        told = values.moment(row.text("since"), _ZONE)
    except InvalidRow as bad:
        outcome.refuse(row.number, bad.code, "since", **bad.facts)
        return None
    if told is not None and told > task.at:
        outcome.refuse(row.number, "post_future", "since", value=row.text("since"))
        return None
    return told or task.at


def _post(task: Task, worker: int, grid: int, duty: str, since: datetime) -> None:
    post = {"worker_id": worker, "grid_id": grid, "duty": duty, "during": bulk.since(since)}
    task.session.execute(insert(tables.post).values(**post))


@dataclass
class _Houses:
    """Buildings by everything that a list may call them."""

    found: dict[str, list[RowMapping]] = field(default_factory=dict)

    def add(self, row: RowMapping) -> None:
        """Know a building by its code, address and name."""
        for text in {row["code"], _plain(row["address"]), _plain(row["name"])} - {""}:
            self.found.setdefault(text, []).append(row)

    def named(self, said: str, grid: RowMapping) -> int | None:
        """The id of the one building that is called so, the one in the grid before others."""
        known = self.found.get(said) or self.found.get(_plain(said), [])
        for narrow in ("grid", "community", ""):
            near = [row for row in known if _is_near(row, grid, narrow)]
            if len(near) == 1:
                return int(near[0]["id"])
        return None


def _is_near(row: RowMapping, grid: RowMapping, narrow: str) -> bool:
    if narrow == "grid":
        return bool(row["grid_id"] == grid["id"])
    return not narrow or bool(row["community_code"] == grid["community_code"])


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def load_groups(task: Task, rows: Sequence[Row]) -> None:
    """Party groups by grid and name, with their leaders and the buildings they serve.

    Buildings are named by code, address or name, several in one cell; those that are not found are
    flagged. The organisations above a group that are missing are made, without leaders.
    """
    outcome = task.outcome
    grids, houses = _Grids(task), _Houses()
    for building in residents.building_names(task.session):
        houses.add(building)
    orgs = list(residents.orgs(task.session))
    groups: dict[Any, Any] = {(o["grid_id"], o["name"]): o for o in orgs if o["tier"] == "group"}
    above: dict[str, int] = {
        str(o["community_code"]): int(o["id"]) for o in orgs if o["tier"] == "community"
    }
    for row in rows:
        grid, name = grids.of(row, outcome), row.text("name")
        if grid is None or not _has_name(row, name, outcome):
            continue
        old = groups.get((grid["id"], name))
        told = _told_group(row, outcome)
        if old is None:
            home = str(grid["community_code"])
            if home not in above:
                above[home] = _community_org(task, grids.communities[home], orgs, outcome)
            colour = len(groups) % 8
            place = {"tier": "group", "parent_id": above[home], "grid_id": grid["id"]}
            number = ground.add(
                task.session, tables.party_org, {"name": name, "colour": colour, **place, **told}
            )
            groups[grid["id"], name] = {"id": number, **told}
            different = False
        else:
            number = old["id"]
            different = any(old[key] != value for key, value in told.items())
            if different:
                ground.change(task.session, tables.party_org, number, told)
        joined = _join(task, row, int(number), grid, houses, outcome)
        outcome.count(new=old is None, different=different or joined > 0)


def _told_group(row: Row, outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if row.text("secretary"):
        told["secretary"] = row.text("secretary", 60)
    members = row.text("members")
    if members:
        if members.isdecimal() and int(members) <= _MOST_MEMBERS:
            told["member_count"] = int(members)
        else:
            outcome.flag(row.number, "number_bad", "members", value=members)
    return told


def _join(
    task: Task, row: Row, group: int, grid: RowMapping, houses: _Houses, outcome: Outcome
) -> int:
    """Give a group the buildings of its list; how many it had not before."""
    said = [text.strip() for text in _LIST.split(row.text("buildings", 5000)) if text.strip()]
    found = {text: houses.named(text, grid) for text in said}
    unknown = [text for text, number in found.items() if number is None]
    if unknown:
        outcome.flag(row.number, "buildings_unknown", "buildings", values=unknown[:20])
    ids = [number for number in found.values() if number is not None]
    return residents.join_group(task.session, group, ids) if ids else 0


def _community_org(task: Task, community: RowMapping, orgs: list[Any], outcome: Outcome) -> int:
    """The community's party organisation, made with its street's where there is none."""
    street = str(community["street_code"])
    parent = next(
        (o["id"] for o in orgs if o["tier"] == "street" and o["street_code"] == street), None
    )
    if parent is None:
        names = {row["code"]: row["name"] for row in ground.streets(task.session)}
        made = {"tier": "street", "name": f"{names[street]}党工委", "street_code": street}
        parent = ground.add(task.session, tables.party_org, made)
        orgs.append({"id": parent, "grid_id": None, "community_code": None, **made})
    name = f"{community['name']}党组织"
    values_ = {"tier": "community", "parent_id": parent, "community_code": community["code"]}
    outcome.flag(0, "org_made", name=name)
    return int(ground.add(task.session, tables.party_org, {"name": name, **values_}))
