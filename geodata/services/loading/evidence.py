"""What the store knows of the ground that a file claims to show, to judge its coordinates by."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import areas, known
from geodata.errors import InvalidFile
from geodata.files import projection
from geodata.services.district import box
from geodata.services.loading.systems import Known, pairs_by_key

MOST: Final = 400
"""Rows of a file that are looked at."""

_FEATURES: Final[Mapping[str, str]] = {
    "buildings": "buildings",
    "units": "buildings",
    "roads": "roads",
    "grids": "borders",
    "communities": "borders",
    "streets": "borders",
    "district": "borders",
}


def gathered(
    session: Session, job: RowMapping, sample: Sequence[RowMapping]
) -> tuple[list[BaseGeometry], Known]:
    """The shapes of sampled rows in the file's own coordinates, and what the store knows.

    A store that sets up its district with this very file knows nothing.
    """
    shapes = [shapely.from_wkb(bytes(row["shape"])) for row in sample]
    district = areas.first_district(session)
    if district is None or job["kind"] == "district":
        return shapes, Known(None, [], np.empty((0, 4)))
    features = known.features(session, _FEATURES[job["kind"]])
    whole = box(district["box"])
    if job["kind"] in ("communities", "streets") and not known.has_grids(session):
        return shapes, Known(whole, [], np.empty((0, 4)))
    return shapes, Known(whole, features, _pairs(session, job, sample, shapes))


def _pairs(
    session: Session,
    job: RowMapping,
    sample: Sequence[RowMapping],
    shapes: Sequence[BaseGeometry],
) -> Any:
    """Places of buildings that the file and the store call by the same code or address."""
    declared = job["crs"] or job["layer"]["crs"]
    if job["kind"] != "buildings" or not declared:
        return np.empty((0, 4))
    try:
        system = projection.reference(declared)
    except InvalidFile:
        return np.empty((0, 4))
    names = job["columns"]["recognised"]
    column = names.get("code") or names.get("address")
    if column is None:
        return np.empty((0, 4))
    middles = np.array([shape.centroid.coords[0] for shape in shapes])
    lonlat = projection.degrees(system, middles)
    said = [str(row["cells"].get(column, "")) for row in sample]
    found = {
        key: (float(lon), float(lat))
        for key, (lon, lat) in zip(said, lonlat.tolist(), strict=True)
        if key and np.isfinite(lon)
    }
    field = "code" if "code" in names else "address"
    return pairs_by_key(found, known.places_of(session, field, list(found)))
