"""Strips of an area are found whatever corners its holes have."""

import shapely

from geodata.domain import pieces

AROUND = [(-38.306, 108.26), (38.071, 15.573), (-26.189, -43.799), (-102.779, -76.135)]
HOLE = [
    *((-67.535, 21.827), (-57.9, 11.911), (-42.497, -1.89), (-54.838, -17.556), (-41.849, -5.143)),
    *((-43.705, -18.733), (-22.724, -23.585), (-19.002, -26.163), (-0.078, -19.103)),
    *((0.458, -10.907), (8.842, -7.112), (4.549, -2.049), (25.25, 6.954), (7.567, 12.572)),
    *((20.198, 15.19), (13.916, 22.778), (16.073, 25.462), (10.317, 31.305), (12.832, 38.312)),
    *((-6.897, 49.166), (-5.086, 53.674), (-21.416, 55.855), (-39.122, 47.421), (-54.145, 26.295)),
]
"""Of random redraws: its corners, cut off and put back, cross each other."""


def test_corners_that_cross_when_they_are_put_back_are_no_strips() -> None:
    shape = shapely.Polygon(AROUND, [HOLE])
    thin, opened = pieces.strips(shape)
    assert opened.is_valid
    assert len(thin) == 0
    assert list(pieces.mouths(shape, shape)) == []


def test_a_strip_is_found_with_its_mouth() -> None:
    strip = shapely.box(10, 4.8, 22, 5)
    shape = shapely.box(0, 0, 10, 10).union(strip)
    thin, _ = pieces.strips(shape)
    assert len(thin) == 1
    assert thin[0].symmetric_difference(strip).area < 0.1
    (mouth,) = pieces.mouths(shape, strip)
    assert mouth.distance(shapely.Point(10, 4.9)) < 0.01
