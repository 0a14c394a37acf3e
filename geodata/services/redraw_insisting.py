"""Steps of a plan that are taken whatever they cut: for programs that draw at random."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from geodata.errors import InvalidRedraw
from geodata.services.redraws import Drawn, append


def insist(
    session: Session, public_id: UUID, given: Mapping[str, Any], author: str, now: datetime
) -> Drawn:
    """As `redraws.append`, with a yes to whatever buildings it cuts."""
    try:
        return append(session, public_id, given, author, now)
    except InvalidRedraw as refused:
        if refused.code != "buildings_cut" or refused.remedy is None:
            raise
        return append(session, public_id, {**given, **refused.remedy.changes}, author, now)
