"""The formats of exports: their names, what they lose, and how their files are put together."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata.errors import InvalidFile
from geodata.files.exports import book, gdal, plain
from geodata.files.exports.frames import Frame
from geodata.files.exports.sheet import Batch, Head, Writer
from geodata.files.exports.words import Words, words


@dataclass(frozen=True, slots=True)
class Format:
    """One format: suffix and media type of the file that is handed over, title, and losses.

    `bundle` says that it is several files, handed over as a ZIP; `most` limits the rows.
    """

    name: str
    title: str
    suffix: str
    media: str
    write: Writer
    lost: tuple[str, ...] = ()
    bundle: bool = False
    most: int | None = None
    only_wgs84: bool = False

    @property
    def lossless(self) -> bool:
        """Whether every vertex and every value comes back as it was stored."""
        return not self.lost

    @property
    def losses(self) -> tuple[Words, ...]:
        """What does not come back, in words."""
        return tuple(words(key) for key in self.lost)

    def allow(self, frame: Frame, rows: int) -> None:
        """Raises InvalidFile ``crs_only_wgs84`` or ``export_too_long`` where it cannot hold it."""
        if self.only_wgs84 and not frame.exact:
            raise InvalidFile("crs_only_wgs84", format=self.title)
        if self.most is not None and rows > self.most:
            raise InvalidFile("export_too_long", format=self.title, limit=self.most)


FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format(*("gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3"), gdal.geopackage),
        Format(*("geojson", "GeoJSON", ".geojson", "application/geo+json"), plain.geojson),
        Format(*("fgb", "FlatGeobuf", ".fgb", "application/flatgeobuf"), gdal.flatgeobuf),
        Format(
            *("shp", "Shapefile", ".zip", "application/zip"),
            gdal.shapefile,
            ("shp",),
            bundle=True,
            most=400_000,
        ),
        Format(
            *("kml", "KML", ".kml", "application/vnd.google-earth.kml+xml"),
            plain.kml,
            ("text_only", "kml"),
            only_wgs84=True,
        ),
        Format(
            *("csv", "CSV", ".zip", "application/zip"),
            plain.csv_table,
            ("text_only", "guard", "csv_shape"),
            bundle=True,
        ),
        Format(
            *("xlsx", "Excel", ".xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            book.workbook,
            ("xlsx",),
        ),
    )
}
"""All formats by name, the lossless ones first."""


def write(form: Format, target: Path, head: Head, batches: Iterator[Batch]) -> int:
    """Write an export to a file, whole or not at all, and give the number of its rows.

    A bundle goes into a ZIP, or where `target` has the main file's own suffix, side by side with
    README and mapping. Raises InvalidFile ``export_too_long`` (limit) or ``crs_only_wgs84``.
    """
    form.allow(head.frame, 0)
    counted = _Counted(form, head.frame, batches)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as scratch:
        files = form.write(Path(scratch), head, iter(counted))
        main, *others = files
        if form.bundle and target.suffix.lower() != main.suffix:
            main = _zipped(Path(scratch) / "bundle.zip", files)
            others = []
        for other in others:
            shutil.move(other, target.with_name(f"{target.stem}.{other.name}"))
        os.replace(main, target)  # noqa: PTH105 -- over an existing file, in one step
    return counted.rows


class _Counted:
    """Batches on their way through, counted and held to the format's limit."""

    def __init__(self, form: Format, frame: Frame, batches: Iterator[Batch]) -> None:
        self.form, self.frame, self.batches, self.rows = form, frame, batches, 0

    def __iter__(self) -> Iterator[Batch]:
        for batch in self.batches:
            self.rows += len(batch.rows)
            self.form.allow(self.frame, self.rows)
            yield batch


def _zipped(path: Path, files: list[Path]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return path
