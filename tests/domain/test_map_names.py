"""Names on small maps: none over another, what matters first, signs always, all inside."""

from itertools import pairwise

from shapely.geometry import box

from geodata.domain import map_names
from geodata.domain.outline import Cells, Sketch, sketch


def drawn(*wide: float) -> Sketch:
    """Areas in a row, of so many parts of the width, each a quarter of it high."""
    starts = [sum(wide[:n]) for n in range(len(wide))]
    whole = sum(wide)
    cells = {
        f"{n}": box(start / whole, 0, (start + one) / whole, 0.25)
        for n, (start, one) in enumerate(zip(starts, wide, strict=True))
    }
    return sketch([Cells(cells)])[0]


def said(drawing: Sketch, **more: object) -> dict[str, list[str]]:
    names = dict.fromkeys(drawing.outlines, "水电总厂")
    laid = map_names.placed(drawing, names, 36, **more)  # type: ignore[arg-type]
    return {code: [one.text for one in laid if one.code == code] for code in drawing.outlines}


def test_a_wide_area_is_named_before_its_narrow_neighbours_and_no_two_lie_on_each_other() -> None:
    drawing = drawn(1, 4, 1, 4, 1)
    assert [bool(one) for one in said(drawing).values()] == [False, True, False, True, False]
    names = dict.fromkeys(drawing.outlines, "水电总厂")
    laid = sorted(map_names.placed(drawing, names, 14), key=lambda one: one.x)
    gaps = [right.x - left.x for left, right in pairwise(laid)]
    assert len(laid) == 5
    assert min(gaps) >= 4 * 14


def test_what_changed_is_named_first_and_its_sign_stands_where_no_name_has_room() -> None:
    drawing = drawn(1, 4, 1, 4, 1)
    assert said(drawing, first=["2"])["2"] == ["水电总厂"]
    told = said(drawing, signs={"0": "▲", "2": "新"})
    assert told["0"] == ["▲", "水电总厂"]
    assert told["2"] == ["新", "水电总厂"]
    crowded = drawn(*[1] * 24)
    told = said(crowded, signs=dict.fromkeys(crowded.outlines, "▼"))
    assert all(one[0] == "▼" for one in told.values())
    assert not all(len(one) == 2 for one in told.values())


def test_names_stay_within_the_drawing_and_letters_are_as_high_as_asked() -> None:
    drawing = drawn(1, 30)
    names = {"0": "Zhanggouqiao"}
    (name,) = map_names.placed(drawing, names, 20)
    assert name.x > 6 * 20 * 0.6 - map_names.MARGIN
    high = map_names.height(drawing, 304, 1_000, 12)
    assert high * 304 / (drawing.width + 2 * map_names.MARGIN) == 12
    assert map_names.height(drawing, 1_000, 10, 12) > high
