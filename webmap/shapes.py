"""Shapes as browsers take them."""

from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geodata.domain import plain


def geojson(shape: BaseGeometry) -> dict[str, Any]:
    """A shape in degrees as GeoJSON of 7 decimals, which are exact on the lattice."""
    return {key: _rounded(value) for key, value in mapping(shape).items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [_rounded(member) for member in value]
    return round(value, plain.DECIMALS) if isinstance(value, float) else value
