"""The certificate of one issue's assignment: where, which grid, which rule, who decided."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import certificates
from geodata.db.scoping import WHOLE, Ground
from geodata.domain import sketch
from geodata.domain.issue import ERROR_M
from geodata.domain.privacy import masked, masked_name
from geodata.domain.sketch import Sketch, Thing
from geodata.errors import NotFound

_ENGINE: Final = ("web", "import", "system", "rule", "demo", "clock")
"""Those who act without anybody deciding: the rule of assignment decides."""

_DECIDES: Final = (
    *("reported", "imported", "placed", "assigned", "reassigned", "corrected"),
    *("pass_over", "settle_ground"),
)
_SHOWN: Final = (
    *("channel", "ticket", "status", "precision", "rule", "border_m", "reported_at"),
    *("raw_x", "raw_y", "raw_datum", "category_zh", "category_en", "grid_code", "grid_name"),
    *("community_code", "community_name", "street_code", "street_name", "valid_from"),
    *("valid_to", "second_code", "second_name", "second_m"),
)
_DIGEST: Final = 16


@dataclass(frozen=True, slots=True)
class Certificate:
    """All that the page shows; moments are aware, lengths metres, the place is in degrees."""

    facts: dict[str, Any]
    candidates: list[str]
    events: list[dict[str, Any]]
    decided_at: datetime | None
    decided_by: str | None
    """None where the rule of assignment decided, else a masked name."""
    picture: Sketch | None
    digest: str


def certificate(session: Session, public_id: UUID, ground: Ground = WHOLE) -> Certificate:
    """The certificate of an issue, personal data masked.

    Raises NotFound ``no_issue``, also where it lies outside the ground.

    The digest is the same as long as the facts are: a copy on paper can be held against it.
    """
    found = certificates.facts(session, public_id)
    if found is None or not ground.covers(
        found["community_code"], found["grid_code"], found["handler"]
    ):
        raise NotFound("no_issue")
    history = [_event(row, found["channel"]) for row in certificates.events(session, found["id"])]
    facts = _facts(found)
    decisions = [e for e in history if e["kind"] in _DECIDES and e["grid_code"]]
    decided = decisions[-1] if decisions and facts["grid_code"] else None
    candidates = _candidates(found) if facts["grid_code"] is None else []
    return Certificate(
        facts=facts,
        candidates=candidates,
        events=history,
        decided_at=decided["at"] if decided else None,
        decided_by=decided["person"] if decided else None,
        picture=_picture(session, found),
        digest=_digest({"facts": facts, "events": history, "candidates": candidates}),
    )


def _facts(found: RowMapping) -> dict[str, Any]:
    place = found["place"]
    located = found["located"] or {}
    return {
        "id": str(found["public_id"]),
        **{key: found[key] for key in _SHOWN},
        "text": masked(found["text"]),
        "address": masked(found["address"]),
        "lon": None if place is None else place.x,
        "lat": None if place is None else place.y,
        "by_coordinates": located.get("reason") == "coordinates",
        "label": masked(str(located.get("label") or "")),
        "error_m": ERROR_M[found["precision"]],
    }


def _candidates(found: RowMapping) -> list[str]:
    told = (found["located"] or {}).get("candidates") or []
    return [masked(str(one.get("label", ""))) for one in told if isinstance(one, dict)]


def _event(row: RowMapping, channel: str) -> dict[str, Any]:
    person = None if row["actor"] in (*_ENGINE, channel) else masked_name(row["actor"])
    shown = ("at", "kind", "status", "grid_code", "grid_name")
    return {**{key: row[key] for key in shown}, "person": person, "note": masked(row["note"])}


def _picture(session: Session, found: RowMapping) -> Sketch | None:
    """The grid as it was, with the place, its neighbours, roads and buildings."""
    ground, place = found["ground"], found["place"]
    if ground is None:
        return None
    seen = sketch.view(ground, place)
    around = certificates.around(session, seen.box, found)
    things = [Thing(row.kind, row.shape, row.label) for row in around]
    own = Thing("own", ground, found["grid_name"])
    order = ("building", "road", "uncovered", "basic", "dedicated")
    things.sort(key=lambda thing: order.index(thing.kind))
    return sketch.draw(seen, [*things, own], place, ERROR_M[found["precision"]])


def _digest(told: dict[str, Any]) -> str:
    """The first sixteen hexadecimal digits of the facts' SHA-256, in groups of four."""
    written = json.dumps(told, sort_keys=True, ensure_ascii=False, default=_utc)
    whole = hashlib.sha256(written.encode("utf-8", errors="replace")).hexdigest()[:_DIGEST]
    return " ".join(whole[i : i + 4] for i in range(0, _DIGEST, 4))


def _utc(moment: object) -> str:
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) else str(moment)
