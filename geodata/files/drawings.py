"""Small maps as pictures: areas in the colours of their classes, with the legend, as on the page.

Drawn from our own outlines, by day's colours; north is up. Words stand in cells beside a picture
and not in it, since a server may have no font that can write them.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

from geodata.domain.outline import Sketch

Ring = list[tuple[float, float]]

_FEW: Final = ("#fdf0e0", "#fbc890", "#f19a4b", "#cb5a17", "#8a3208")
RAMPS: Final[Mapping[str, Sequence[str]]] = {
    "load": _FEW,
    "gap": _FEW[::-1],
    "norm": ("#2f78b5", "#a9cde6", "#f8dfb8", "#e3913f", "#9a480b"),
}
"""The colours of the five classes, the same as in ``ramps.js`` and ``picture.css``."""
PAPER, LINE, HATCH, INK = "#fbf7ef", "#8d8474", "#b6ad9b", "#2b2620"

_SCALE: Final = 4
"""Drawn so many times as large, then made half as large, so that edges are smooth."""
_STEP: Final = 24
_KEY: Final = 34
_POINT: Final = re.compile(r"(-?[0-9.]+) (-?[0-9.]+)")


@dataclass(frozen=True)
class Drawing:
    """A map to be drawn: its title, outlines, the class (0 to 4, None for none) of each by code.

    `legend` are the classes that are shown, each with its words; `code` names the file.
    """

    code: str
    title: str
    sketch: Sketch
    classes: Mapping[str, int | None]
    ramp: str
    legend: Sequence[tuple[int | None, str]]

    def colour(self, one: int | None) -> str:
        """The colour of a class; of the hatching where there is no data."""
        return HATCH if one is None else RAMPS[self.ramp][one]


def picture(drawing: Drawing, *, legend: bool = False) -> bytes:
    """The map as PNG, 1,200 pixels wide, with swatches and figures of its legend if so wished."""
    width, height = (round(n * _SCALE) for n in (drawing.sketch.width, drawing.sketch.height))
    image = Image.new("RGB", (width, max(height, 1)), PAPER)
    hatch = _hatched(image.size)
    for code, outline in drawing.sketch.outlines.items():
        rings = _rings(outline.path)
        one = drawing.classes.get(code)
        _fill(image, rings, hatch if one is None else drawing.colour(one))
        draw = ImageDraw.Draw(image)
        for ring in rings:
            draw.line([*ring, ring[0]], fill=LINE, width=_SCALE)
    small = image.resize((width // 2, max(height // 2, 1)), Image.Resampling.LANCZOS)
    return _png(_with_key(small, drawing) if legend else small)


def _rings(path: str) -> list[Ring]:
    """The rings of an SVG path of ours, larger."""
    found = []
    for part in path.split("Z"):
        corners = _POINT.findall(part.replace("M", " ").replace("L", " "))
        if len(corners) > 1:
            found.append([(float(x) * _SCALE, float(y) * _SCALE) for x, y in corners])
    return found


def _fill(image: Image.Image, rings: Sequence[Ring], with_what: str | Image.Image) -> None:
    """Fill what lies in an odd number of rings, so that holes stay as they were."""
    xs, ys = zip(*(corner for ring in rings for corner in ring), strict=True)
    left, top = int(min(xs)), int(min(ys))
    size = int(max(xs)) - left + 2, int(max(ys)) - top + 2
    mask = Image.new("1", size)
    for ring in rings:
        own = Image.new("1", size)
        ImageDraw.Draw(own).polygon([(x - left, y - top) for x, y in ring], fill=1)
        mask = ImageChops.logical_xor(mask, own)
    box = (left, top, left + size[0], top + size[1])
    image.paste(with_what if isinstance(with_what, str) else with_what.crop(box), box, mask)


def _hatched(size: tuple[int, int]) -> Image.Image:
    """Slanted lines, as where there is no data."""
    made = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(made)
    for start in range(-size[1], size[0], _STEP):
        draw.line([(start, size[1]), (start + size[1], 0)], fill=HATCH, width=_SCALE)
    return made


def _with_key(image: Image.Image, drawing: Drawing) -> Image.Image:
    """The picture with the legend below it; of its words what needs no font but our own."""
    made = Image.new("RGB", (image.width, image.height + 2 * _KEY), PAPER)
    made.paste(image)
    draw, font = ImageDraw.Draw(made), ImageFont.load_default(20)
    left, top = 12, image.height + _KEY // 2
    for one, words in drawing.legend:
        box = (left, top, left + 46, top + 26)
        if one is None:
            made.paste(_hatched((46, 26)), box)
        draw.rectangle(box, fill=None if one is None else drawing.colour(one), outline=LINE)
        said = words.replace("–", "-").replace("≥", ">=")
        said = said.encode("ascii", "ignore").decode().strip()
        draw.text((box[2] + 8, top + 2), said, fill=INK, font=font)
        left = box[2] + 28 + int(draw.textlength(said, font=font))
    return made


def _png(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "PNG", optimize=True)
    return held.getvalue()
