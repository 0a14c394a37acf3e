"""Photos come back as pictures and nothing else."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from geodata.errors import InvalidFile
from geodata.files import media, photos
from geodata.files.photo_child import is_bare

SECRET = b"13912345678 <script>"


def picture(size: tuple[int, int] = (320, 200)) -> Image.Image:
    made = Image.new("RGB", size, "#2f4a8a")
    made.paste("#c23", (0, 0, size[0] // 2, size[1] // 2))
    return made


def jpeg(orientation: int = 1) -> bytes:
    """A photo as a phone takes it: with its position, a comment, XMP, and bytes behind the end."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (32.0, 41.0, 24.0), 3: "E", 4: (109.0, 1.0, 48.0)})
    out = BytesIO()
    picture().save(out, "JPEG", exif=exif, comment=SECRET, xmp=SECRET, quality=95)
    return out.getvalue() + b"PK\x03\x04" + SECRET


def refused(content: bytes) -> str:
    with pytest.raises(InvalidFile) as told:
        photos.read(content)
    return told.value.code


def test_nothing_but_the_picture_comes_back() -> None:
    sent = jpeg()
    assert sent.count(SECRET) == 4
    found = photos.read(sent)
    assert SECRET not in found.content
    assert b"Exif" not in found.content
    assert is_bare(found.content)
    assert not is_bare(found.content + b"x")
    with Image.open(BytesIO(found.content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (320, 200))
        assert not shown.getexif()
        red, _, blue = shown.getpixel((10, 10))  # type: ignore[misc]
        assert red > blue
    assert found.place == pytest.approx((109.03, 32.69), abs=1e-6)


def test_a_photo_held_sideways_stands_upright() -> None:
    assert (photos.read(jpeg(6)).width, photos.read(jpeg(6)).height) == (200, 320)


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    for grey, shade in ((0, 0), (40_000, 156), (65_535, 255)):
        out = BytesIO()
        Image.new("I;16", (40, 20), grey).save(out, "PNG")
        with Image.open(BytesIO(photos.read(out.getvalue()).content)) as shown:
            assert shown.convert("L").getpixel((8, 10)) == pytest.approx(shade, abs=2)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_become_the_same(kind: str) -> None:
    out, text = BytesIO(), PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode(), zip=False)
    extra = {"pnginfo": text} if kind == "PNG" else {"xmp": SECRET}
    made = picture((3000, 1000)).convert("RGBA")
    made.save(out, kind, **extra)
    assert SECRET in out.getvalue()
    found = photos.read(out.getvalue() + SECRET)
    assert (found.width, found.height, found.place) == (2048, 683, None)
    assert SECRET not in found.content
    assert is_bare(found.content)


def test_what_is_no_photo_or_too_large_is_refused() -> None:
    assert refused(b"") == "photo_kind"
    assert refused(b"GIF89a" + bytes(100)) == "photo_kind"
    assert refused(b"%PDF-1.7") == "photo_kind"
    assert refused(b"\xff\xd8\xff" + bytes(12 * 2**20)) == "photo_large"
    bomb = BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 50_000
    assert refused(bomb.getvalue()) == "photo_large"


@pytest.mark.parametrize("keep", [10, 200, 0.5])
def test_half_a_photo_is_refused(keep: float) -> None:
    sent = jpeg()
    whole = sent[: sent.rindex(b"\xff\xd9") + 2]
    cut = whole[: int(keep if keep > 1 else len(whole) * keep)]
    assert refused(cut).startswith("photo_")


def test_a_picture_that_is_a_page_as_well_is_only_a_picture(tmp_path: Path) -> None:
    start, rest = jpeg()[:2], jpeg()[2:]
    page = b"<html><script>alert(1)</script>"
    mixed = start + b"\xff\xfe" + (len(page) + 2).to_bytes(2, "big") + page + rest
    found = photos.read(mixed)
    assert b"<script>" not in found.content
    digest = media.put(tmp_path, found.content)
    assert media.put(tmp_path, found.content) == digest
    assert media.path(tmp_path, digest).read_bytes() == found.content
    with pytest.raises(ValueError, match="passwd"):
        media.path(tmp_path, "../../etc/passwd")
    media.drop(tmp_path, digest)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(InvalidFile, match="photo_store"):
        media.put(blocked, b"x")
