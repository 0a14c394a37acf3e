"""Places for the addresses of one file among the buildings of another, without a database."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from geodata.domain.answer import Answer, Match
from geodata.domain.crs import Floats
from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder
from geodata.domain.region import NOWHERE, Region
from geodata.domain.spelling import region
from geodata.errors import InvalidFile, InvalidRow
from geodata.files import coordinates, frames, projection
from geodata.files.frames import Frame
from geodata.files.projection import WGS84

CANDIDATES: Final = 5
_LINEAR: Final = (1, 2, 5)
"""Shapely's numbers for lines, rings and several lines."""
_HOME: Final = 0.8
"""Part of the addresses with a city that must name the same one before it counts as home."""


@dataclass(frozen=True, slots=True)
class Buildings:
    """The buildings of a file: their entries, and how many of its rows have no place or name."""

    entries: tuple[Entry, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where the buildings are: `address` are the columns that make up an address, in order."""

    file: Path
    address: tuple[str, ...]
    name: str = ""
    layer: str = ""
    crs: str = ""
    x: str = ""
    y: str = ""


@dataclass(frozen=True, slots=True)
class Street:
    """A line with its name, in WGS 84 degrees."""

    name: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the roads are: a file of lines, if any, and the column with their names."""

    file: Path | None
    name: str
    layer: str = ""
    crs: str = ""


def streets(source: Lines) -> list[Street]:
    """The lines of a file that have a name.

    Raises InvalidFile for columns, layers and systems that will not do, ``crs_undeclared``, and
    ``roads_none`` (file, rows) where no row is a line with a name.
    """
    if source.file is None:
        return []
    frame = frames.read(source.file, source.layer, [source.name])
    names = frame.texts(source.name)
    shapes = frame.shapes if frame.shapes is not None else np.empty(0, dtype=object)
    useful = np.flatnonzero(
        np.isin(shapely.get_type_id(shapes), _LINEAR) & ~shapely.is_empty(shapes)
    )
    useful = np.array([row for row in useful if names[row]], dtype=np.int64)
    if not useful.size:
        raise InvalidFile("roads_none", file=frame.file, rows=len(frame))
    if not (source.crs or frame.crs):
        raise InvalidFile("crs_undeclared", file=frame.file, option="--roads-crs")
    reference = projection.reference(source.crs or str(frame.crs))
    lines = shapely.force_2d(shapes[useful])
    moved = shapely.transform(
        lines, lambda c: np.column_stack(projection.move(c[:, 0], c[:, 1], reference, WGS84))
    )
    return [Street(names[row], line) for row, line in zip(useful, moved, strict=True)]


def named(roads: Sequence[Street]) -> Iterator[Entry]:
    """One entry for each name of a road, in the middle of one of its lines."""
    for name, road in {road.name: road for road in roads}.items():
        middle = shapely.point_on_surface(road.shape)
        yield Entry("road", name, shapely.get_x(middle), shapely.get_y(middle), ref=None)


def buildings(source: Source) -> Buildings:
    """The entries of a buildings file; `ref` is the row, degrees are WGS 84.

    Raises InvalidFile for columns, layers and systems that will not do, and ``buildings_none``
    (file, rows) where no row has both a place and an address or a name.
    """
    frame = frames.read(source.file, source.layer, source.address)
    columns = [frame.texts(name) for name in source.address]
    names = frame.texts(source.name) if source.name else [""] * len(frame)
    lon, lat = _places(frame, source)
    entries = tuple(
        Entry("building", name, x, y, address, ref=row)
        for row, name, address, x, y in zip(
            frame.rows,
            names,
            map(_joined, zip(*columns, strict=True)),
            lon.tolist(),
            lat.tolist(),
            strict=True,
        )
        if np.isfinite(x) and (name or address)
    )
    if not entries:
        raise InvalidFile("buildings_none", file=frame.file, rows=len(frame))
    return Buildings(entries, len(frame) - len(entries))


def addresses(
    file: Path, column: str, layer: str = ""
) -> tuple[list[tuple[int, str]], list[InvalidRow]]:
    """Row and text of every address of a file, empty ones too, and the rows that are refused."""
    frame = frames.read(file, layer, [column])
    return list(zip(frame.rows, frame.texts(column), strict=True)), list(frame.broken)


def home(texts: Sequence[str], known: Sequence[Entry]) -> Region:
    """The city in which buildings lie that name none: the one that nearly all addresses name.

    Nowhere if the buildings tell it themselves, or the addresses do not agree.
    """
    if any(region(entry.address).city for entry in known):
        return NOWHERE
    cities = Counter(city for text in texts if (city := region(text).city))
    if not cities:
        return NOWHERE
    city, count = cities.most_common(1)[0]
    return Region(city=city) if count >= _HOME * cities.total() else NOWHERE


def located(geocoder: Geocoder, rows: Sequence[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    """The answer for each address, ready for JSON: only a sure one has a place."""
    for row, text in rows:
        yield {"row": row, "address": text, **_told(geocoder.locate(text, CANDIDATES))}


def _told(answer: Answer) -> dict[str, Any]:
    best = answer.best if answer.sure else None
    return {
        "place": best.label if best else None,
        "building": best.ref if best else None,
        "lon": round(best.lon, 7) if best else None,
        "lat": round(best.lat, 7) if best else None,
        "precision": answer.precision,
        "score": round(answer.best.score, 3) if answer.best else 0.0,
        "sure": answer.sure,
        "reason": answer.reason,
        "candidates": [_candidate(match) for match in answer.candidates],
    }


def _candidate(match: Match) -> dict[str, Any]:
    return {
        "place": match.label,
        "building": match.ref,
        "lon": round(match.lon, 7),
        "lat": round(match.lat, 7),
        "precision": match.precision,
        "score": match.score,
    }


def _joined(parts: Sequence[str]) -> str:
    """One address of street and number: a bare number at its end gets its 号."""
    if len(parts) > 1 and not parts[0]:
        return ""
    text = "".join(parts)
    return f"{text}号" if len(parts) > 1 and text[-1:].isdigit() and parts[-1] else text


def _places(frame: Frame, source: Source) -> tuple[Floats, Floats]:
    """A point of each building in WGS 84 degrees, NaN where it has none."""
    if frame.shapes is None or source.x or source.y:
        reference = projection.reference(source.crs) if source.crs else WGS84
        taken = coordinates.columns(frame, source.x, source.y, degrees=reference.degrees)
        x, y = (coordinates.numbers(frame, name) for name in taken)
    else:
        if not (source.crs or frame.crs):
            raise InvalidFile("crs_undeclared", file=frame.file, option="--crs")
        reference = projection.reference(source.crs or str(frame.crs))
        points = shapely.point_on_surface(frame.shapes)
        x, y = np.asarray(shapely.get_x(points)), np.asarray(shapely.get_y(points))
    lon, lat = projection.move(x, y, reference, WGS84)
    sound = (np.abs(lon) <= 180) & (np.abs(lat) <= 90) & ((lon != 0) | (lat != 0))  # noqa: PLR2004 -- degrees
    if np.isfinite(lon).any() and not sound.any():
        first = np.flatnonzero(np.isfinite(lon))[0]
        example = f"{x[first]:.10g}, {y[first]:.10g}"
        raise InvalidFile(
            "buildings_implausible", file=frame.file, crs=reference.name, example=example
        )
    return np.where(sound, lon, np.nan), np.where(sound, lat, np.nan)
