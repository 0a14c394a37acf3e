"""The rows of a file are kept as they came, before anybody judges them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import loads
from geodata.errors import InvalidFile
from geodata.files import layers, mapping
from geodata.files.features import Feature, Read, Wish
from geodata.services.imports import Progress
from geodata.services.loading import jobs

BATCH: Final = 500
"""Rows in one transaction; after a kill at most so many are done again."""


def stage(session: Session, number: int) -> Iterator[Progress]:
    """Keep all rows of a job's file as they came; the caller commits at each progress.

    Raises InvalidFile as `layers.read` and `mapping.columns_of`, and ``file_empty``.
    """
    job = jobs.one(session, number)
    if job["staged"] or job["state"] in jobs.OVER:
        return
    layer, features = _read(session, job)
    columns = mapping.columns_of(
        layer, job["kind"], job["options"]["mapping"], list(job["options"]["values"])
    )
    told = {
        "recognised": columns.recognised,
        "places": list(columns.places),
        "unmapped": list(columns.unmapped),
    }
    facts = {"format": layer.format, "name": layer.layer, "crs": layer.crs}
    loads.advance(
        session,
        number,
        {
            "columns": {**told, "dropped": list(columns.dropped)},
            "layer": {**facts, "layers": list(layer.layers), "encoding": layer.encoding},
        },
    )
    after = loads.last_row(session, number)
    batch: list[dict[str, Any]] = []
    for count, feature in enumerate(features, start=1):
        if feature.row > after and (any(feature.cells) or feature.wkb or feature.code):
            batch.append(_staged(number, feature, columns))
        if len(batch) == BATCH:
            _keep(session, number, batch)
            yield Progress(0, count, "running")
            batch = []
    _keep(session, number, batch)
    total = loads.count(session, number)
    if not total:
        raise InvalidFile("file_empty", file=job["file_name"])
    loads.advance(session, number, {"staged": True, "total": total, "done": 0, "content": b""})
    yield Progress(total, 0, "running")


def _read(session: Session, job: RowMapping) -> Read:
    options = job["options"]
    known, places = mapping.names_of(job["kind"], options["mapping"])
    return layers.read(
        loads.content(session, job["id"]),
        job["file_name"],
        wish=Wish(options["layer"]),
        known=known,
        places=places,
    )


def _staged(number: int, feature: Feature, columns: mapping.Columns) -> dict[str, Any]:
    reason = {"code": feature.code, "column": feature.column, "facts": dict(feature.facts)}
    cells = columns.raw(feature.cells)
    return {
        "job_id": number,
        "row": feature.row,
        "cells": cells,
        "shape": feature.wkb,
        **reason,
    }


def _keep(session: Session, number: int, batch: Sequence[Mapping[str, Any]]) -> None:
    """Store staged rows, unless another one at the same job was quicker."""
    job = jobs.held(session, number)
    if job["staged"]:
        return
    there = loads.last_row(session, number)
    loads.stage(session, [row for row in batch if row["row"] > there])
    loads.advance(session, number, {"state": "running", "done": job["done"] + len(batch)})
