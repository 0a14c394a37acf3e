"""Maps as pictures of their own: title, areas in the colours of their classes, legend and source.

Drawn from our own outlines, by day's colours; north is up. Where the machine has no face that
knows Chinese, of the words only the English is written.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from PIL import Image, ImageChops, ImageDraw

from geodata.domain.outline import Sketch
from geodata.files.lettering import Letters, letters

Ring = list[tuple[float, float]]

_FEW: Final = ("#fcdca6", "#f6b268", "#e58a38", "#bf5517", "#7d2d07")
RAMPS: Final[Mapping[str, Sequence[str]]] = {
    "load": _FEW,
    "gap": _FEW[::-1],
    "norm": ("#2f78b5", "#a9cde6", "#f9dba6", "#e3913f", "#9a480b"),
}
"""The colours of the five classes, the same as in ``ramps.js`` and ``picture.css``."""
PAPER, LINE, HATCH, INK, SOFT = "#fbf7ef", "#8d8474", "#b6ad9b", "#2b2620", "#67635a"

_SCALE: Final = 4
"""Drawn so many times as large, then made half as large, so that edges are smooth."""
_STEP: Final = 24
_DOT: Final = 20
_EDGE: Final = 28
_TITLE, _TEXT, _NOTE = 34, 22, 18
"""How high words are written, in pixels."""
_BOX: Final = (46, 26)
_POINT: Final = re.compile(r"(-?[0-9.]+) (-?[0-9.]+)")


@dataclass(frozen=True)
class Drawing:
    """A map to be drawn: its title, outlines, the class (0 to 4, None for none) of each by code.

    `legend` are the classes that are shown, each with its words; `code` names the file. Lines
    `above` the map say what it shows, those `below` where and when it comes from. Areas without
    a class are slanted, or dotted where there are too ``few`` cases to tell. `names` are written on
    the areas, by code, where they fit.
    """

    code: str
    title: str
    sketch: Sketch
    classes: Mapping[str, int | None]
    ramp: str
    legend: Sequence[tuple[int | None, str]]
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    blank: Literal["none", "few"] = "none"
    face: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def colour(self, one: int | None) -> str:
        """The colour of a class; of the hatching where there is no data."""
        return HATCH if one is None else RAMPS[self.ramp][one]

    @property
    def letters(self) -> Letters:
        """How its words are written."""
        return letters(self.face)


def picture(drawing: Drawing) -> bytes:
    """The map as PNG with its title, legend and source, 1,200 pixels wide and margins."""
    drawn = _map(drawing)
    width = drawn.width + 2 * _EDGE
    head, key = map_top(drawing), _key(drawing, drawn.width)
    foot = _written(drawing, [(one, _NOTE, SOFT) for one in drawing.below], drawn.width)
    made = Image.new("RGB", (width, head + drawn.height + key.height + foot.height + _EDGE), PAPER)
    made.paste(_head(drawing, drawn.width), (_EDGE, _EDGE))
    made.paste(drawn, (_EDGE, head))
    made.paste(key, (_EDGE, head + drawn.height))
    made.paste(foot, (_EDGE, head + drawn.height + key.height))
    held = io.BytesIO()
    made.save(held, "PNG", optimize=True)
    return held.getvalue()


def map_top(drawing: Drawing) -> int:
    """How far below the upper edge of its picture the map begins, in pixels."""
    return _EDGE + _head(drawing, round(drawing.sketch.width * _SCALE) // 2).height


def map_left() -> int:
    """How far from the left edge of its picture the map begins, in pixels."""
    return _EDGE


def _head(drawing: Drawing, width: int) -> Image.Image:
    lines = [(drawing.title, _TITLE, INK), *((one, _TEXT, SOFT) for one in drawing.above)]
    return _written(drawing, lines, width)


def _written(drawing: Drawing, texts: Sequence[tuple[str, int, str]], width: int) -> Image.Image:
    """Lines of words, each with its size and colour, one below the other."""
    hand = drawing.letters
    lines = [(line, n, ink) for text, n, ink in texts for line in hand.lines(text, n, width)]
    made = Image.new("RGB", (width, sum(round(n * 1.45) for _, n, _ in lines) + 10), PAPER)
    draw, top = ImageDraw.Draw(made), 0
    for line, size, ink in lines:
        draw.text((0, top), line, fill=ink, font=hand.face(size))
        top += round(size * 1.45)
    return made


def _map(drawing: Drawing) -> Image.Image:
    width, height = (round(n * _SCALE) for n in (drawing.sketch.width, drawing.sketch.height))
    image = Image.new("RGB", (width, max(height, 1)), PAPER)
    blank = _blank(image.size, drawing.blank)
    for code, outline in drawing.sketch.outlines.items():
        rings = _rings(outline.path)
        one = drawing.classes.get(code)
        _fill(image, rings, blank if one is None else drawing.colour(one))
        draw = ImageDraw.Draw(image)
        for ring in rings:
            draw.line([*ring, ring[0]], fill=LINE, width=_SCALE)
    small = image.resize((width // 2, max(height // 2, 1)), Image.Resampling.LANCZOS)
    _name(small, drawing)
    return small


def _name(image: Image.Image, drawing: Drawing) -> None:
    """Write the names of areas that are wide enough for theirs."""
    hand, draw = drawing.letters, ImageDraw.Draw(image)
    face = hand.face(_NOTE)
    for code, outline in drawing.sketch.outlines.items():
        xs = [x for ring in _rings(outline.path) for x, _ in ring]
        said = hand.legible(drawing.names.get(code, ""))
        if said and xs and face.getlength(said) * _SCALE / 2 < max(xs) - min(xs):
            at = outline.x * _SCALE / 2, outline.y * _SCALE / 2
            draw.text(at, said, fill=INK, font=face, anchor="mm", stroke_width=3, stroke_fill=PAPER)


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


def _blank(size: tuple[int, int], kind: str) -> Image.Image:
    """Slanted lines as where there is no data, or dots as where there are too few to tell."""
    made = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(made)
    if kind == "none":
        for start in range(-size[1], size[0], _STEP):
            draw.line([(start, size[1]), (start + size[1], 0)], fill=HATCH, width=_SCALE)
        return made
    for row, y in enumerate(range(_DOT // 2, size[1], _DOT)):
        for x in range(_DOT // 2 + row % 2 * _DOT // 2, size[0], _DOT):
            draw.ellipse((x - 3, y - 3, x + 3, y + 3), fill=LINE)
    return made


def _key(drawing: Drawing, width: int) -> Image.Image:
    """The swatches of the legend with their words, in as many rows as they need."""
    hand = drawing.letters
    face, rows = hand.face(_TEXT), [0]
    places = []
    for one, words in drawing.legend:
        said = hand.legible(words)
        room = _BOX[0] + 10 + int(face.getlength(said)) + 26
        if rows[-1] and rows[-1] + room > width:
            rows.append(0)
        places.append((one, said, rows[-1], len(rows) - 1))
        rows[-1] += room
    made = Image.new("RGB", (width, 20 + 40 * len(rows)), PAPER)
    draw = ImageDraw.Draw(made)
    for one, said, left, row in places:
        _swatch(made, drawing, one, (left, 20 + 40 * row))
        draw.text((left + _BOX[0] + 10, 18 + 40 * row), said, fill=INK, font=face)
    return made


def _swatch(image: Image.Image, drawing: Drawing, one: int | None, at: tuple[int, int]) -> None:
    box = (*at, at[0] + _BOX[0], at[1] + _BOX[1])
    if one is None:
        large = _blank((2 * _BOX[0], 2 * _BOX[1]), drawing.blank)
        image.paste(large.resize(_BOX, Image.Resampling.LANCZOS), at)
    fill = None if one is None else drawing.colour(one)
    ImageDraw.Draw(image).rectangle(box, fill=fill, outline=LINE)
