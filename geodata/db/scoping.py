"""The ground of who asks, as conditions on rows: looked up once, so that indexes serve.

Every list, count, tile and file of issues and of people's figures narrows by it; row-level
security holds the same behind all of them for the web's lesser role.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, false, or_, text, true
from sqlalchemy.orm import Session

from geodata.db.tables import issue
from geodata.domain.roles import Scope


@dataclass(frozen=True, slots=True)
class Ground:
    """Streets and communities that lie within as a whole, and single grids beside them.

    `whole` is the whole store, with the rows that lie nowhere; `handed` are the departments whose
    issues are seen besides, wherever they lie.
    """

    whole: bool = False
    streets: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    grids: frozenset[int] = frozenset()
    grid_codes: frozenset[str] = frozenset()
    handed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.whole or bool(self.communities or self.grids or self.handed)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Ground":
        """What `written` gave."""
        return cls(
            bool(told["whole"]),
            frozenset(told["streets"]),
            frozenset(told["communities"]),
            frozenset(told["grids"]),
            frozenset(told["grid_codes"]),
            frozenset(told.get("handed", ())),
        )

    def written(self) -> dict[str, Any]:
        """The ground as JSON can hold it."""
        return {
            "whole": self.whole,
            "streets": sorted(self.streets),
            "communities": sorted(self.communities),
            "grids": sorted(self.grids),
            "grid_codes": sorted(self.grid_codes),
            "handed": sorted(self.handed),
        }

    def covers(
        self, community: str | None, grid: str | None = None, handler: str | None = None
    ) -> bool:
        """Whether a row of a community, or of a grid by its code, or handed on, lies within."""
        lies = community in self.communities or grid in self.grid_codes
        return self.whole or lies or handler in self.handed


WHOLE: Final = Ground(whole=True)
NONE: Final = Ground()

# A code of one's own scheme may begin another one: only codes of the national scheme stand for
# all that begin with them, any other for itself and what the store has below it.
_FOUND: Final = text("""
    with wanted as (select unnest(cast(:prefixes as text[])) as prefix),
    streets as (
        select street.code, street.code_scheme from street where exists (
            select from wanted where prefix in (street.district_code, street.code)
                or street.code_scheme = 'GB' and starts_with(street.code, prefix))
    ), communities as (
        select community.code from community where street_code in (select code from streets)
            or exists (select from wanted where prefix = community.code
                or community.code_scheme = 'GB' and starts_with(community.code, prefix))
    )
    select (select bool_and(exists (select from wanted where starts_with(code, prefix)))
            from district) as whole,
        (select array_agg(code) from streets) as streets,
        (select array_agg(code) from communities) as communities,
        (select json_object_agg(code, id) from grid
         where code = any(:grids)
            or code is not null and community_code not in (select code from communities)
            and exists (select from wanted where prefix = grid.code
                or grid.code_scheme = 'GB' and starts_with(grid.code, prefix))) as grids
""")


def resolved(session: Session | Connection, scope: Scope) -> Ground:
    """What a scope covers in this store at present: the whole where every district lies within.

    Nothing is asked where that is all or none.
    """
    if scope.everywhere:
        return WHOLE
    if not scope:
        return NONE
    if not (scope.prefixes or scope.grids):
        return Ground(handed=frozenset(scope.handed))
    given = {"prefixes": list(scope.prefixes), "grids": list(scope.grids)}
    found = session.execute(_FOUND, given).mappings().one()
    if found["whole"]:
        return WHOLE
    grids = found["grids"] or {}
    return Ground(
        streets=frozenset(found["streets"] or ()),
        communities=frozenset(found["communities"] or ()),
        grids=frozenset(grids.values()),
        grid_codes=frozenset(grids),
        handed=frozenset(scope.handed),
    )


def within(
    ground: Ground, community: ColumnElement[Any], grid: ColumnElement[Any] | None = None
) -> ColumnElement[bool]:
    """Whether a row lies within, known by its community's code or the id of its grid.

    A row that has neither lies only within the whole.
    """
    if ground.whole:
        return true()
    told: list[ColumnElement[bool]] = []
    if ground.communities:
        told.append(community.in_(sorted(ground.communities)))
    if ground.grids and grid is not None:
        told.append(grid.in_(sorted(ground.grids)))
    return or_(*told) if told else false()


def issues(ground: Ground) -> ColumnElement[bool]:
    """Whether an issue lies within.

    One that no grid has belongs to its community; without that too, to the whole alone; one that
    was handed to a department to that too.
    """
    lies = within(ground, issue.c.community_code, issue.c.grid_id)
    return or_(lies, issue.c.handler.in_(sorted(ground.handed))) if ground.handed else lies


_TELL: Final = text("""
    select set_config('wangge.ground', :ground, true),
        set_config('wangge.communities', :communities, true),
        set_config('wangge.grids', :grids, true), set_config('wangge.account', :account, true),
        set_config('wangge.files', :files, true), set_config('wangge.issue', :issue, true),
        set_config('wangge.handed', :handed, true)
""")


def settings(ground: Ground, account: int | None, *, all_files: bool) -> dict[str, str]:
    """What row-level security reads, by name; empty where nothing is to be seen."""
    return {
        "ground": "all" if ground.whole else "",
        "communities": ",".join(sorted(ground.communities)),
        "grids": ",".join(map(str, sorted(ground.grids))),
        "account": "" if account is None else str(account),
        "files": "all" if all_files else "",
        "issue": "",
        "handed": "\n".join(sorted(ground.handed)),
    }


def tell(connection: Connection, said: Mapping[str, str]) -> None:
    """Say it for the rest of the transaction."""
    connection.execute(_TELL, said)
