"""To which community a row belongs: by what it says, by its code, or by its ground."""

from collections.abc import Mapping

import numpy as np
import shapely
from sqlalchemy import RowMapping

from geodata.errors import InvalidFile
from geodata.services.loading import numbering
from geodata.services.loading.rows import Outcome, Row, Task


def named(said: str, communities: Mapping[str, RowMapping]) -> str:
    """The code of the community that a text names by code or by name; empty for none or several."""
    if said in communities:
        return said
    plain = said.removesuffix("居委会").removesuffix("社区")
    found = [
        code
        for code, row in communities.items()
        if plain and str(row["name"]).removesuffix("社区") == plain
    ]
    return found[0] if len(found) == 1 else ""


def homes_of(
    task: Task, rows: Mapping[str, Row], communities: Mapping[str, RowMapping], outcome: Outcome
) -> dict[str, str]:
    """The community of each row by the row's key; a row outside the scope asked for has none.

    Rows whose community is unknown, or that lie in none, are refused. Raises InvalidFile
    ``community_unknown`` for a scope that names none of ours.
    """
    for code in task.communities:
        if code not in communities:
            raise InvalidFile("community_unknown", value=code)
    found: dict[str, str] = {}
    beyond = 0
    by_ground = _by_ground(rows, communities)
    for key, row in rows.items():
        home = _home(row, communities, by_ground.get(key, ""), task, outcome)
        if home and task.communities and home not in task.communities:
            beyond += 1
        elif home:
            found[key] = home
    if beyond:
        outcome.flag(0, "rows_out_of_scope", count=beyond)
    return found


def _home(
    row: Row,
    communities: Mapping[str, RowMapping],
    by_ground: str,
    task: Task,
    outcome: Outcome,
) -> str:
    said = row.text("community") or task.given.get("community", "")
    if said:
        home = named(said, communities)
        if not home and len(communities) == 1 and not row.text("community"):
            return next(iter(communities))
        if not home:
            outcome.refuse(row.number, "community_unknown", "community", value=said)
        return home
    code = row.text("code")
    for above in communities:
        if code and numbering.scheme(code, above, "grid") == "GB":
            return above
    if not by_ground:
        outcome.refuse(row.number, "outside_all")
    return by_ground


def _by_ground(rows: Mapping[str, Row], communities: Mapping[str, RowMapping]) -> dict[str, str]:
    """The community that holds most of each row's ground."""
    keys = [key for key, row in rows.items() if row.shape is not None and row.shape.is_valid]
    codes = [code for code, row in communities.items() if row["shape"] is not None]
    if not keys or not codes:
        return {}
    shapes = np.array([rows[key].shape for key in keys], dtype=object)
    grounds = np.array([communities[code]["shape"] for code in codes], dtype=object)
    row, home = shapely.STRtree(grounds).query(shapes, predicate="intersects")
    size = shapely.area(shapely.intersection(shapes[row], grounds[home]))
    best: dict[str, tuple[float, str]] = {}
    for i, j, area in zip(row.tolist(), home.tolist(), size.tolist(), strict=True):
        if area > best.get(keys[i], (0.0, ""))[0]:
            best[keys[i]] = (area, codes[j])
    return {key: code for key, (_, code) in best.items()}
