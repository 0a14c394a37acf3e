"""The pages of accounts, posts and the audit trail: used as people use them, open to everyone."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy import delete, select

from geodata.db import tables
from geodata.db.engine import make_sessions
from geodata.domain.roles import Role
from geodata.services import loads
from tests import signing
from tests.browser import axe
from tests.browser.conftest import Site, Visit
from tests.browser.test_everyone import State, in_both_lights
from tests.sheets import table

pytestmark = pytest.mark.browser

HOME = "610902001003"


def become(
    visit: Visit, site: Site, login: str, role: Role | None = None, scope: str = "", **more: object
) -> None:
    """Let the visit go on as somebody else."""
    with make_sessions(site.engine)() as session:
        held = signing.token(session, signing.account(session, login, role, scope, **more))
        session.commit()
    name, value = signing.cookie(held)
    visit.page.context.add_cookies([{"name": name, "value": value, "url": site.url}])


def emptied(site: Site, nth: int) -> str:
    """The name of a grid of the community from which everybody has left."""
    at = tables.grid.c
    with site.engine.begin() as connection:
        query = select(at.id, at.name).where(at.community_code == HOME, at.kind == "basic")
        row = connection.execute(query.order_by(at.code).offset(nth).limit(1)).one()
        connection.execute(delete(tables.post).where(tables.post.c.grid_id == row.id))
    return str(row.name)


def test_a_worker_is_appointed_in_four_clicks(visit: Visit, site: Site) -> None:
    become(visit, site, "shuji", Role.SECRETARY, HOME)
    name = emptied(site, 3 if visit.is_phone else 4)
    page = visit.open("/people")
    expect(page.locator(".grid-row", has_text=name).locator(".badge.alarm")).to_be_visible()
    page.get_by_role("link", name=name, exact=True).click()
    person = page.locator(".person", has_text="第1网格").first
    who = person.locator("b").first.inner_text()
    person.click()
    page.get_by_label("网格员", exact=True).click()
    page.get_by_role("button", name="上岗", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="安排好了")).to_be_visible()
    expect(page.locator(".posts").first).to_contain_text(who)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()


def own_states(visit: Visit, site: Site) -> Iterator[State]:
    page = visit.page
    page.context.clear_cookies(name=signing.cookie("x")[0])
    yield "sign-in", visit.open("/sign-in")
    page.fill("#login", "nobody")
    page.fill("#password", "nothing")
    visit.watch.refusals_expected = True
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "refused at sign-in", page
    size = "phone" if visit.is_phone else "desktop"
    become(visit, site, f"first-{size}", Role.CHECKER, HOME, must_change=True)
    yield "forced change", visit.open("/account/password")
    page.fill("#old", "x")
    page.fill("#new", "abcdefghijkl1!A")
    page.fill("#again", "another")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "refused change", page
    become(visit, site, f"checker-{size}", Role.CHECKER, HOME)
    yield "own account", visit.open("/account")
    visit.open("/account/second-factor")
    page.locator("main summary").click()
    yield "second factor", page
    secret = page.locator("main details .code").first.inner_text().replace(" ", "")
    page.locator("main input[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("main button[type=submit]").click()
    expect(page.locator(".recovery")).to_be_visible()
    yield "recovery codes", page
    visit.open("/account")
    page.locator("main summary").click()
    yield "own account with a second factor", page
    become(visit, site, "watcher", Role.AUDITOR)
    yield "audit", visit.open("/audit")
    visit.open("/audit?actor=nobody-at-all")
    yield "audit without entries", page


def people_states(visit: Visit, site: Site) -> Iterator[State]:
    page = visit.page
    become(visit, site, "shuji", Role.SECRETARY, HOME)
    yield "posts", visit.open("/people")
    yield "no such grid", visit.open("/people?q=zzz")
    visit.open(f"/people/grids/{HOME}001")
    for way in page.locator(".post-ways summary").all():
        way.click()
    yield "a grid", page
    visit.watch.refusals_expected = True
    page.locator("form.appoint button.strong").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "nobody chosen", page
    visit.open(f"/people/grids/{HOME}001")
    page.locator("main a[href^='/people/workers']").first.click()
    yield "a worker", page
    visit.open("/people/roster")
    rows = [["姓名", "网格编码"], ["钱某某", f"{HOME}002"], ["孙某某", "610902001004001"]]
    roster = FilePayload(name="r.csv", mimeType="text/csv", buffer=table(rows).encode())
    page.locator("#file").set_input_files(roster)
    yield "a roster", page
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/people/roster/[0-9]+$"))
    with make_sessions(site.engine)() as session:
        for job in loads.listing(session):
            for _ in loads.run(session, job["id"]):
                session.commit()
    expect(page.locator(".refused table")).to_be_visible()
    yield "what a roster came to", page


def keeper_states(visit: Visit, site: Site) -> Iterator[State]:
    page = visit.page
    become(visit, site, "keeper", Role.ADMINISTRATOR)
    yield "accounts", visit.open("/people/accounts")
    yield "a new account", visit.open("/people/accounts/new")
    with make_sessions(site.engine)() as session:
        signing.account(session, "forgetful", Role.SECRETARY, HOME)
        session.commit()
    visit.open("/people/accounts?q=forgetful")
    page.locator(".grid-row a").first.click()
    for summary in page.locator("main summary").all():
        summary.click()
    yield "an account", page
    page.locator("form[action$='/reset'] button").click()
    expect(page.locator(".once-password")).to_be_visible()
    yield "a one-time password", page


def faults(states: Iterator[State], *, english: bool) -> dict[str, list[str]]:
    """What shuts people out by state, also what is wider than the screen."""
    found: dict[str, list[str]] = {}
    for name, page in states:
        wrong = in_both_lights(page) + (axe.chinese(page) if english else [])
        if too_wide(page):
            wrong.append("wider than the screen")
        found[name] = wrong
    assert len(found) > 18
    return {name: wrong for name, wrong in found.items() if wrong}


def too_wide(page: Page) -> bool:
    assert page.viewport_size is not None
    return bool(page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"])


def sitting(visit: Visit, site: Site) -> Iterator[State]:
    yield from people_states(visit, site)
    yield from keeper_states(visit, site)
    yield from own_states(visit, site)


def test_these_pages_are_open_to_everyone(visit: Visit, site: Site) -> None:
    """In Chinese on a phone, in English on a desktop."""
    english = not visit.is_phone
    if english:
        visit.page.context.add_cookies([{"name": "lang", "value": "en", "url": site.url}])
    assert faults(sitting(visit, site), english=english) == {}
