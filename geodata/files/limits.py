"""How much of a file we are willing to read."""

from dataclasses import dataclass
from typing import Final

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, counts of rows, columns and characters, times in seconds."""

    file_bytes: int = 50 * MEGABYTE
    zip_members: int = 60
    zip_bytes: int = 100 * MEGABYTE
    zip_ratio: int = 100
    zip_ratio_from: int = 5 * MEGABYTE
    rows: int = 200_000
    columns: int = 100
    cell: int = 10_000
    memory: int = 1024 * MEGABYTE
    cpu_seconds: int = 120
    silent_seconds: float = 60.0
    features: int = 200_000
    vertices: int = 5_000_000
    shape_vertices: int = 500_000


LAYER: Final = Limits(
    zip_bytes=200 * MEGABYTE,
    zip_ratio=300,
    columns=300,
    cell=1_000_000,
    memory=2048 * MEGABYTE,
)
"""For layers of shapes: padded tables pack tighter, and a WKT cell may be long."""

OWN: Final = Limits(
    file_bytes=1024 * MEGABYTE,
    zip_bytes=2048 * MEGABYTE,
    zip_ratio=1000,
    rows=5_000_000,
    columns=2000,
    cell=5_000_000,
    memory=8192 * MEGABYTE,
    cpu_seconds=1800,
    silent_seconds=180.0,
    features=5_000_000,
    vertices=50_000_000,
    shape_vertices=2_000_000,
)
"""For layers of one's own, which may be larger than what strangers send."""
