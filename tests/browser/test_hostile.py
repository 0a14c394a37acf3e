"""Hostile texts are shown as texts, wherever one clicks (S2)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import bindparam, delete, func, insert, select, update

from geodata.db import tables
from tests.browser.conftest import Site, Visit
from tests.browser.test_map import facts, rows

pytestmark = pytest.mark.browser

TEXTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea><script>alert(1)</script>",
    "</template><img src=x onerror=alert(1)>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "{{7*191}}",
    "{{constructor.constructor('alert(1)')()}}",
    "{% for x in y %}",
    "{# gone #}",
    "${alert(1)}",
    "`${alert(1)}`",
    "javascript:alert(1)",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "<style>*{display:none}</style>",
    "<base href='//evil.example'>",
    "<form action='//evil.example'><input type=submit>",
    "<link rel=stylesheet href='//evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "]]><!--<img src=x onerror=alert(1)>-->",
)


@pytest.fixture
def hostile(site: Site) -> Iterator[None]:
    """The texts as issues and addresses, side by side, and as names of what is around them."""
    west, south = 109.030, 32.690
    category = select(tables.issue_category.c.id).limit(1).scalar_subquery()
    with site.engine.begin() as connection:
        names = {
            table: connection.execute(select(table.c.id, table.c.name)).all()
            for table in (tables.grid, tables.party_org)
        }
        for table in names:
            connection.execute(update(table).values(name=TEXTS[1]))
        for number, text in enumerate(TEXTS):
            at = func.ST_SetSRID(
                func.ST_SnapToGrid(func.ST_MakePoint(west + number * 2e-4, south), 2.0**-23), 4326
            )
            connection.execute(
                insert(tables.issue).values(
                    channel="hostile",
                    ticket=f"{number}",
                    category_id=category,
                    text=text,
                    address=text,
                    status="reported",
                    precision="pin",
                    place=at,
                    reported_at=datetime.now(UTC),
                )
            )
    yield
    with site.engine.begin() as connection:
        connection.execute(delete(tables.issue).where(tables.issue.c.channel == "hostile"))
        for table, kept in names.items():
            again = update(table).where(table.c.id == bindparam("number"))
            named = [{"number": number, "own": name} for number, name in kept]
            connection.execute(again.values(name=bindparam("own")), named)


@pytest.mark.usefixtures("hostile")
def test_every_hostile_issue_is_read_and_nothing_runs(desktop: Visit) -> None:
    desktop.page.emulate_media(reduced_motion="reduce")  # the map need not fly to each of them
    page = desktop.open("/")
    shown = page.locator("#issues .issue-text")
    expect(shown.first).to_have_text(TEXTS[-1])
    for text in TEXTS:
        row = rows(page).filter(has=page.locator(".issue-text").get_by_text(text, exact=True)).first
        row.click()  # which lights its mark before
        expect(facts(page).locator(".said").first).to_have_text(text)
        page.keyboard.press("Escape")
        expect(shown.first).to_be_visible()
    assert page.locator("#issues img, #issues script, #issues iframe").count() == 0
    page.evaluate("() => { wangge_map.setView([32.69, 109.0325], 18, {animate: false}); }")
    for marker in page.locator(".leaflet-marker-icon").all():
        if marker.is_visible():
            marker.hover(force=True)
