"""What a PMTiles file says of itself, and what is refused before a page relies on it."""

from pathlib import Path

import geopandas
import pyogrio
import pytest
from shapely import box

from geodata.errors import InvalidFile
from geodata.files.pmtiles import archive
from tests import archives

TILE = {(0, 0, 0): archives.picture(200, 210, 220)}


def test_an_archive_tells_its_kind_its_zooms_and_its_source(tmp_path: Path) -> None:
    tiles = TILE | {(2, 3, 1): archives.picture(1, 2, 3)}
    about = {"attribution": '<a href="https://x.example">© A &amp; B</a> <b>审图号</b>'}
    found = archive(archives.write(tmp_path / "a.pmtiles", tiles, "png", about=about))
    assert (found.kind, found.min_zoom, found.max_zoom) == ("png", 0, 2)
    assert found.credit == "© A & B 审图号"


@pytest.mark.skipif("PMTiles" not in pyogrio.list_drivers(), reason="this GDAL has no PMTiles")
def test_an_archive_that_gdal_wrote_is_read(tmp_path: Path) -> None:
    places = geopandas.GeoDataFrame(
        {"name": ["安火路"], "geometry": [box(109, 32.6, 109.1, 32.7)]}, crs="EPSG:4326"
    )
    path = tmp_path / "gdal.pmtiles"
    pyogrio.write_dataframe(
        places, path, layer="roads", driver="PMTiles", MINZOOM=10, MAXZOOM=12, NAME="x"
    )
    found = archive(path)
    assert (found.kind, found.min_zoom, found.max_zoom) == ("mvt", 10, 12)
    assert found.layers == ("roads",)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"version": 2}, "archive_broken"),
        ({"tiles_long": 10**9}, "archive_broken"),
        ({"root_at": 2**63}, "archive_broken"),
        ({"outer": 3}, "archive_packing"),
        ({"inner": 4}, "archive_packing"),
        ({"inner": 0}, "archive_packing"),
        ({"kind": 0}, "archive_kind"),
        ({"kind": 9}, "archive_kind"),
    ],
)
def test_what_no_browser_could_draw_is_refused(
    tmp_path: Path, changed: dict[str, int], code: str
) -> None:
    path = archives.write(tmp_path / "a.pmtiles", TILE, "png", header=changed)
    with pytest.raises(InvalidFile) as refused:
        archive(path)
    assert refused.value.code == code
    assert refused.value.facts["file"] == str(path)


@pytest.mark.parametrize("content", [b"", b"PMTiles", b"PK\x03\x04" * 50, b"x" * 126])
def test_other_files_are_no_archives(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pmtiles"
    path.write_bytes(content)
    with pytest.raises(InvalidFile) as refused:
        archive(path)
    assert refused.value.code == "archive_broken"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.pmtiles", tmp_path):
        with pytest.raises(InvalidFile) as refused:
            archive(path)
        assert refused.value.code == "archive_unreadable"
        assert str(path) in str(refused.value.facts["file"])


def test_a_description_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    path = archives.write(tmp_path / "a.pmtiles", TILE, "png", about={"attribution": "谁"})
    whole = path.read_bytes()
    at = whole.index(b"\x1f\x8b", archives.HEADER_SIZE + 10)
    path.write_bytes(whole[: at + 12] + b"\xff\xff" + whole[at + 14 :])
    assert archive(path).credit == ""


def test_places_in_the_archive_are_numbered_along_the_curve() -> None:
    # The numbers that the specification prints as examples.
    assert archives.number(0, 0, 0) == 0
    assert [archives.number(1, *at) for at in ((0, 0), (0, 1), (1, 1), (1, 0))] == [1, 2, 3, 4]
    assert archives.number(2, 0, 0) == 5
    assert archives.number(12, 3423, 1763) == 19078479
