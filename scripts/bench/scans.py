"""Which tables a statement reads from end to end, by its plan."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection

SMALL: Final = ("district", "street", "community", "issue_category", "landcover", "place")
"""Tables of a few hundred rows at most, for which reading all of it is the quick way."""

Asked = tuple[str, Mapping[str, Any]]
"""A statement with its arguments."""


def keeper(seen: list[Asked]) -> Any:
    """A listener that keeps each statement that is sent."""

    def keep(_c: Any, _k: Any, sql: str, args: Any, _x: Any, _m: Any) -> None:
        if not sql.startswith("explain"):
            seen.append((sql, args))

    return keep


def whole(connection: Connection, asked: Asked) -> Iterator[str]:
    """The tables that a statement reads from end to end, small ones aside."""
    sql, args = asked
    answer = connection.exec_driver_sql(f"explain (format json) {sql}", args).scalar_one()
    plan = json.loads(answer) if isinstance(answer, str) else answer
    yield from (t for t in _sequential(plan[0]["Plan"]) if t not in SMALL)


def _sequential(node: Mapping[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    stops = node["Node Type"] == "Limit"  # right above a scan it ends it after so many rows
    for below in node.get("Plans", []):
        if stops and below["Node Type"] == "Seq Scan":
            continue
        yield from _sequential(below)
