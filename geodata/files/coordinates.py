"""The coordinate columns of a table."""

from typing import Final

import numpy as np

from geodata.domain.crs import Floats
from geodata.errors import InvalidFile, InvalidRow
from geodata.files import values
from geodata.files.frames import Frame
from geodata.files.grid import Cell

_DEGREES_X: Final = ("lon", "lng", "long", "longitude", "经度", "x", "coord_x", "gps_x")
_DEGREES_Y: Final = ("lat", "latitude", "纬度", "y", "coord_y", "gps_y")
_METRES_X: Final = (
    *("x", "easting", "east", "eastings", "x_coord", "xcoord", "coord_x", "coordinate_x"),
    *("x coordinate", "x坐标", "坐标x", "横坐标", "x coordinate (state plane)", "point_x"),
)
_METRES_Y: Final = (
    *("y", "northing", "north", "northings", "y_coord", "ycoord", "coord_y", "coordinate_y"),
    *("y coordinate", "y坐标", "坐标y", "纵坐标", "y coordinate (state plane)", "point_y"),
)


def columns(frame: Frame, x: str, y: str, *, degrees: bool) -> tuple[str, str]:
    """The columns of longitude or easting and latitude or northing: as said, else by usual names.

    Raises InvalidFile ``coordinates_missing`` (file, seen) or ``column_missing``.
    """
    usual = (_DEGREES_X, _DEGREES_Y) if degrees else (_METRES_X, _METRES_Y)
    names = {name.strip().casefold(): name for name in frame.columns}
    found = [
        frame.name(said) if said else next((names[n] for n in some if n in names), "")
        for said, some in zip((x, y), usual, strict=True)
    ]
    if not all(found):
        raise InvalidFile("coordinates_missing", file=frame.file, seen=list(frame.columns))
    return found[0], found[1]


def numbers(frame: Frame, column: str) -> Floats:
    """The numbers of a column, NaN for anything else."""
    return np.array([_number(cell) for cell in frame.columns[column]], dtype=np.float64)


def _number(cell: Cell) -> float:
    try:
        number = values.coordinate(cell)
    except InvalidRow:
        return np.nan
    return np.nan if number is None else number
