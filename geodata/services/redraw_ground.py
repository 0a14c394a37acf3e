"""The present ground under a plan, and what becomes of it, step by step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from hashlib import sha256
from typing import Final

import shapely
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import plans
from geodata.domain import lattice
from geodata.domain.cells import Cell, Cells, canonical, uncovered
from geodata.domain.intent import Intent
from geodata.domain.recall import Recall, Replayed

RECALL: Final = Recall()
"""What this process has computed lately: the next step of a plan goes on from there."""


def present(session: Session, community: str) -> dict[str, RowMapping]:
    """The present cells of a community and around it as stored, by code."""
    return {_key(row): row for row in plans.around(session, community)}


def replayed(
    rows: Mapping[str, RowMapping], held: Collection[str], wanted: Sequence[Intent], home: str
) -> Replayed:
    """What becomes of some cells by the intents of one community; those in `held` are locked.

    Raises InvalidRedraw as `replay.perform`.
    """
    return RECALL.replayed(_mark(rows, held), partial(_cells, rows, held), wanted, {home})


def _mark(rows: Mapping[str, RowMapping], held: Collection[str]) -> bytes:
    """Equal for equal ground, whatever the store calls it."""
    made = sha256()
    for (code, row), shape in zip(rows.items(), _wkb(rows), strict=True):
        told = (code, row["community_code"], row["kind"], bool(row["multipart"]), code in held)
        made.update(repr(told).encode())
        made.update(shape)
    return made.digest()


def _wkb(rows: Mapping[str, RowMapping]) -> list[bytes]:
    return list(shapely.to_wkb([row["shape"] for row in rows.values()]))


def _cells(rows: Mapping[str, RowMapping], held: Collection[str]) -> Cells:
    return Cells(_cell(code, row, locked=code in held) for code, row in rows.items())


def _key(row: RowMapping) -> str:
    return str(row["code"]) if row["code"] else uncovered(row["community_code"])


def _cell(code: str, row: RowMapping, *, locked: bool) -> Cell:
    shape = canonical(lattice.to_units(row["shape"]))
    return Cell(code, row["community_code"], shape, row["kind"], bool(row["multipart"]), locked)
