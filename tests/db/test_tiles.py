"""Tiles drawn from shapes that were projected beforehand are those drawn from the shapes."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from geodata.db import layers

TILES = ((12, 3288, 1654), (14, 13153, 6616), (15, 26307, 13232), (16, 52615, 26465))
COLOURS = "select colour from buildings order by id"


def projected_now() -> str:
    """The tile's statement with every shape projected when it is asked for."""
    told = str(layers.BASE_TILE)
    return told.replace("(b.mercator,", "(ST_Transform(b.outline, 3857),").replace(
        "(mercator,", "(ST_Transform(shape, 3857),"
    )


def test_a_tile_is_the_same_as_projected_when_asked(demo_session: Session) -> None:
    assert "mercator" not in projected_now()
    for z, x, y in TILES:
        kept = layers.base_tile(demo_session, z, x, y)
        now = demo_session.scalar(text(projected_now()), {"z": z, "x": x, "y": y})
        assert kept == bytes(now or b"")
        assert len(kept) > 1000


def test_a_moved_house_is_drawn_where_it_went(demo_session: Session) -> None:
    z, x, y = TILES[-1]
    before = layers.base_tile(demo_session, z, x, y)
    demo_session.execute(text("update building set outline = ST_Translate(outline, 0.25, 0.25)"))
    after = layers.base_tile(demo_session, z, x, y)
    assert b"buildings" in before
    assert b"buildings" not in after


def colours(session: Session) -> list[int]:
    """The colours that a tile gives its buildings, by their ids."""
    told, _, _ = str(layers.BASE_TILE).partition("select coalesce((select ST_AsMVT(water")
    z, x, y = TILES[-1]
    asked = text(f"{told} {COLOURS}")
    return list(session.scalars(asked, {"z": z, "x": x, "y": y}))


def test_a_house_that_nobody_lives_in_has_the_colour_of_its_group(demo_session: Session) -> None:
    demo_session.execute(text("update building set households = 0"))
    assert max(colours(demo_session)) >= 0
    demo_session.execute(text("update building set party_group_id = null"))
    assert set(colours(demo_session)) == {-1}
