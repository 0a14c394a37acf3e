"""Vector tiles of the base map."""

import gzip
from functools import lru_cache
from typing import Final

from apiflask import APIBlueprint
from flask import Response, current_app

from geodata.db import layers
from geodata.errors import NotFound
from webmap import answers, database
from webmap.guard import public

blueprint = APIBlueprint("tiles", __name__, url_prefix="/tiles", tag="tiles")
LOWEST: Final = 10
HIGHEST: Final = 19
_KEPT: Final = 4096
_EDITION: Final = 2
"""Raised when tiles of the same ground come to tell something else."""
_LEVEL: Final = 1
"""More takes half as long again and saves a twentieth."""


@blueprint.get("/base/<int:z>/<int:x>/<int:y>.mvt")
@public
@blueprint.doc(responses=[404])
def base(z: int, x: int, y: int) -> Response:
    """Water, green, roads, buildings and places of one tile (Mapbox Vector Tile 2)."""
    if not (LOWEST <= z <= HIGHEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound("no_tile", z=z, x=x, y=y)
    version = f"{_EDITION}-{database.ground().version}"
    if (known := answers.versioned(f"{version}-{z}-{x}-{y}")) is not None:
        return known
    body = _tile(id(current_app.extensions), version, z, x, y)
    answer = answers.unpacked(body, "application/vnd.mapbox-vector-tile")
    answer.set_etag(f"{version}-{z}-{x}-{y}")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=_KEPT)
def _tile(store: int, version: str, z: int, x: int, y: int) -> bytes:
    """The tile, gzipped; remembered for each application and version of the ground."""
    del store, version
    body = layers.base_tile(database.reader(), z, x, y)
    return gzip.compress(body, _LEVEL, mtime=0)
