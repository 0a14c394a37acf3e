"""Maps as pictures: what is written on them, also where no face knows Chinese."""

import io
from pathlib import Path

from PIL import Image, ImageColor
from shapely import box

from geodata.domain.outline import Cells, sketch
from geodata.files import drawings, lettering
from geodata.files.drawings import Drawing
from geodata.files.lettering import Letters

WITHOUT = Letters(None)


def drawing(**more: object) -> Drawing:
    cells = {"a": box(108.9, 32.6, 109.0, 32.7), "b": box(109.0, 32.6, 109.1, 32.7)}
    told = {"above": ["规则 rule"], "below": ["演示数据 demo data"]} | more
    legend = [(0, "少 few"), (None, "没有数据 no data")]
    (drawn,) = sketch([Cells(cells)])
    return Drawing("x", "覆盖 coverage", drawn, {"a": 0}, "gap", legend, **told)  # type: ignore[arg-type]


def counted(image: Image.Image) -> list[tuple[int, object]]:
    """How many pixels each colour has, the most first."""
    found = image.getcolors(image.width * image.height) or []
    return sorted(((number, rgb) for number, rgb in found), key=lambda one: -one[0])


def colours(told: Drawing) -> list[tuple[int, object]]:
    """The colours in the middle of the right one of both areas, which has no class."""
    image = Image.open(io.BytesIO(drawings.picture(told)))
    left, top = drawings.map_left() + 700, drawings.map_top(told) + 100
    return counted(image.crop((left, top, left + 300, top + 300)))


def test_title_rule_legend_and_source_stand_around_the_map() -> None:
    bare = Image.open(io.BytesIO(drawings.picture(drawing(above=[], below=[]))))
    whole = Image.open(io.BytesIO(drawings.picture(drawing())))
    assert whole.width == bare.width
    assert whole.height > bare.height + 40
    ink = ImageColor.getrgb(drawings.INK)
    head = whole.crop((0, 0, whole.width, drawings.map_top(drawing())))
    assert ink in [rgb for _, rgb in counted(head)]


def test_no_data_and_too_few_to_tell_look_different() -> None:
    none, few = colours(drawing()), colours(drawing(blank="few"))
    paper = ImageColor.getrgb(drawings.PAPER)
    assert none[0][1] == few[0][1] == paper
    assert none != few


def test_names_stand_on_areas_that_have_room() -> None:
    plain = drawings.picture(drawing())
    assert drawings.picture(drawing(names={"a": "金川"})) != plain
    assert drawings.picture(drawing(names={"a": "很长的名字" * 20})) == plain


def test_without_a_chinese_face_the_english_is_left_and_nothing_is_mangled() -> None:
    said = WITHOUT.legible("固定分级：60%–80%，≥ 95% fixed bounds")
    assert said == "60%-80%, >= 95% fixed bounds"
    assert said.isascii()
    lines = WITHOUT.lines("网格数 grids, of which some", 22, 120)
    assert " ".join(lines) == "grids, of which some"
    assert all(WITHOUT.face(22).getlength(line) <= 120 for line in lines)


def test_the_best_face_of_a_folder_is_taken(tmp_path: Path) -> None:
    assert lettering.found((tmp_path,)) is None
    for name in ("wqy-zenhei.ttc", "NotoSansSC-Regular.otf", "DejaVuSans.ttf"):
        (tmp_path / name).touch()
    found = lettering.found((tmp_path,))
    assert found is not None
    assert found.name == "NotoSansSC-Regular.otf"


def test_a_file_that_is_no_font_does_not_stop_a_picture(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert drawings.picture(drawing(face=str(broken)))
