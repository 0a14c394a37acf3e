"""What was handed back as wrong ground is settled by a secretary into another community."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, insert, select, update

from geodata.db import tables
from geodata.db.engine import make_sessions
from geodata.domain.roles import Role
from tests import signing
from tests.browser.axe import violations
from tests.browser.conftest import DESKTOP, Site, Visit, visiting
from tests.browser.test_map import CENTRE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ISSUE, GRID, BOUNDARY = tables.issue.c, tables.grid.c, tables.boundary.c
REASON = "在马路对面 <img src=x onerror=alert(1)>"


@pytest.fixture
def grids(site: Site) -> list[Any]:
    """A grid of each of two communities, with a spot within."""
    spot = func.ST_PointOnSurface(BOUNDARY.shape)
    query = (
        select(GRID.community_code, GRID.name, func.ST_X(spot), func.ST_Y(spot))
        .join(tables.boundary, BOUNDARY.grid_id == GRID.id)
        .where(func.upper_inf(BOUNDARY.valid), GRID.kind == "basic")
        .order_by(GRID.code.desc())
    )
    with site.engine.connect() as connection:
        first = {row.community_code: row for row in connection.execute(query)}
    return [first[code] for code in sorted(first)[:2]]


@pytest.fixture
def secretary(browser: Browser, site: Site, grids: list[Any]) -> Iterator[Visit]:
    """A visit of the secretary of the first of them."""
    with make_sessions(site.engine)() as session:
        login = f"rules-{grids[0][0]}"
        token = signing.token(session, signing.account(session, login, Role.SECRETARY, grids[0][0]))
        session.commit()
    for visit in visiting(browser, site, DESKTOP, signed_in=False):
        name, value = signing.cookie(token)
        cookie = {"name": name, "value": value, "url": site.url, "httpOnly": True}
        visit.page.context.add_cookies([cookie])  # type: ignore[list-item]
        yield visit


def handed_back(visit: Visit, site: Site, lon: float, lat: float) -> str:
    """The number of an issue that its worker has handed back as not on their ground."""
    body = {"category": "ROAD", "text": "井盖松了", "lon": lon, "lat": lat}
    number = str(visit.page.request.post("/api/issues", data=body).json()["id"])
    event = {"kind": "hand_back", "status": "returned", "note": REASON, "actor": "张三"}
    with site.engine.begin() as connection:
        changed = update(tables.issue).where(ISSUE.public_id == number).values(status="returned")
        own = connection.scalar(changed.returning(ISSUE.id))
        told = {"issue_id": own, "at": datetime.now(UTC), "detail": {"reason": "not_my_ground"}}
        connection.execute(insert(tables.issue_event).values(**event, **told))
    return number


def test_what_was_settled_into_another_community_is_shown_where_it_went(
    secretary: Visit, site: Site, grids: list[Any]
) -> None:
    (_, _, *here), (_, there, lon, lat) = grids
    number = handed_back(secretary, site, *here)
    page = secretary.open(f"/?issue={number}")
    returned = page.locator("#facts-view .returned")
    expect(returned).to_contain_text("不是我的地界")
    expect(returned).to_contain_text(REASON)
    expect(returned).to_contain_text("归属依据")
    expect(returned.get_by_role("link", name="归属证明")).to_be_visible()
    lead = page.locator("#facts-view .button.strong")
    expect(lead).to_have_count(1)
    expect(lead).to_have_text("定属地")
    assert violations(page) == []
    lead.click()
    page.locator("html[data-ready]").wait_for(state="attached")
    expect(page.locator(".ruling")).to_be_visible()
    x, y = page.evaluate(CENTRE.replace("wangge_map", "issue_map"), [lon, lat])
    page.mouse.click(x, y)
    expect(page.locator(".ruling")).to_contain_text("转给那边办")
    page.locator(".ruling textarea").fill("现场看过")
    page.get_by_role("button", name="就归这里").click()
    expect(page.locator("#facts")).to_contain_text(f"已定归{there}")
    expect(page.locator("#facts")).to_contain_text("不再由你们办")
    expect(page.locator("#facts")).not_to_contain_text("这个地址以后")
    expect(page.locator(".leaflet-tooltip")).to_have_text(f"已定归{there}")
    expect(page.locator(".leaflet-marker-pane :is(.marker, .needle)")).to_have_count(1)
    assert violations(page) == []
