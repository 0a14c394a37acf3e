"""People behind login names: who drew, judged and published a plan, or locked a grid."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from geodata.db import authors
from geodata.domain.privacy import masked_name
from geodata.domain.roles import TABLE, Action, Role

_ORDER: Final = sorted(Role, key=lambda role: Action.DRAFT_REDRAW not in TABLE[role])
"""Roles that draw come first: they are why a name stands at a plan."""


@dataclass(frozen=True)
class Author:
    """A person by name, and in which role (None without one)."""

    name: str
    role: Role | None

    def masked(self) -> Author:
        """The same with all but the family name hidden."""
        return Author(masked_name(self.name), self.role)


def named(session: Session, logins: Collection[str], now: datetime) -> dict[str, Author]:
    """The people of login names that are an account's, by login name."""
    if not logins:
        return {}
    order = [str(role) for role in _ORDER]
    return {
        row["login"]: Author(row["name"], Role(row["role"]) if row["role"] else None)
        for row in authors.named(session, sorted(logins), order, now)
    }
