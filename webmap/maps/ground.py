"""What the compositions may know of the district: numbers, never names."""

from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Ground:
    """The district's extent, as west, south, east, north in degrees (EPSG:4326)."""

    bbox: Box
    tiles: str = "/tiles/base/{z}/{x}/{y}.mvt"
    vendor: str = "/static/vendor"

    @property
    def extent(self) -> list[float]:
        """West, south, east, north as JSON carries them, with seven decimals."""
        return [round(degree, 7) for degree in self.bbox]
