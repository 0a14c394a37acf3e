"""The table of buildings: each once, with its grid, its party group and what the grid is worth."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.webmap.conftest import Store

AREA: Final = "610902002011"
HOUSES: Final = text("""
    select grid.code as grid, building.households, party_group_id
    from building left join grid on grid.id = grid_id
    where building.kind = 'building' and building.community_code = :area
""")


def test_every_building_stands_in_the_table_with_its_grid_group_and_figure(
    client: FlaskClient, store: Store
) -> None:
    houses = store.connection.execute(HOUSES, {"area": AREA}).all()
    count, bare = len(houses), sum(one.party_group_id is None for one in houses)
    rows: list[str] = []
    for part in range(1, -(-count // 50) + 1):
        told = f"area={AREA}&tier=building&measure=load&part={part}"
        page = client.get(f"/coverage/table?{told}").get_data(as_text=True)
        assert f"楼栋 {count} 栋" in page
        rows += re.findall(r'<tr><th scope="row"><a href="/\?place=.*?</tr>', page, re.DOTALL)
    assert len(rows) == count
    assert [("没有党小组" in row) for row in rows] == [True] * bare + [False] * (count - bare)
    of_grid = Counter[str]()
    for one in houses:
        of_grid[one.grid] += one.households
    for grid in of_grid:
        own = [row for row in rows if f'href="/grids/{grid}"' in row]
        assert len(own) == sum(one.grid == grid for one in houses)
        assert all(f"{of_grid[grid]} 户" in row for row in own)
    numbers = re.findall(
        rf'href="(/coverage/table\?area={AREA}[^"]*tier=building[^"]*)"[^>]*>([0-9,]+)</a>/',
        client.get(f"/coverage?area={AREA}&measure=load").get_data(as_text=True),
    )
    assert {count for _, count in numbers} == {f"{n:,}" for n in of_grid.values()}


@pytest.mark.parametrize("query", ["part=0", "part=x", "part=99999999"])
def test_pages_of_buildings_that_cannot_be_are_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/coverage/table?tier=building&{query}").status_code == 422
