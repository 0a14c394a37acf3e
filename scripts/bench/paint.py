"""How soon the pages of coverage paint, here and in the district of 620 grids and 20,000 buildings.

Each visit is with an empty cache, by somebody who sees the whole, on a server that rests.
"""

import secrets
from collections.abc import Mapping
from typing import Final

from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from geodata.demo import Options
from scripts.bench import browsing, scratch, server
from scripts.bench.figures import Cell, Table, ratio

ROLE: Final = "wangge_bench_paint"
SMALL: Final = Options(issues=10_000, buildings=20_000)
PATHS: Final = (
    *("/coverage", "/coverage/table", "/coverage/indicators", "/coverage/week", "/history"),
)
_ROUNDS: Final = 3
_PAINTED: Final = """
    () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime
"""
_FIRST: Final = "() => performance.getEntriesByType('navigation')[0].responseStart"


def run(session: Session, count: int) -> Table:
    """Milliseconds until the first byte and paint of each page in both districts."""
    del count
    with browsing.chromium() as browser:
        here = _measured(browser, session)
        with scratch.district(ROLE, SMALL) as engine, Session(engine) as small:
            there = _measured(browser, small)
            small.rollback()
    rows: list[list[Cell]] = [
        [path, *here[path], *there[path], ratio(here[path][1], there[path][1])] for path in PATHS
    ]
    columns = (
        *("page", "first byte, ms", "first paint, ms"),
        *("small: first byte", "small: first paint", "times"),
    )
    return Table("Pages of coverage, painted for the first time", columns, rows)


def _measured(browser: Browser, session: Session) -> Mapping[str, tuple[float, float]]:
    address, log = server.address_of(session), f"bench-paint-{secrets.token_hex(3)}.log"
    with server.served(address, log) as base, server.manager(session) as token:
        return {
            path: min(_visit(browser, base + path, token) for _ in range(_ROUNDS)) for path in PATHS
        }


def _visit(browser: Browser, url: str, token: str) -> tuple[float, float]:
    """Milliseconds until the first byte and the first paint."""
    context = browser.new_context(
        viewport={"width": browsing.DESKTOP.width, "height": browsing.DESKTOP.height},
        extra_http_headers={"Authorization": f"Bearer {token}"},
    )
    page: Page = context.new_page()
    page.goto(url, wait_until="commit", timeout=browsing.PATIENCE_MS)
    page.wait_for_function(_PAINTED, timeout=browsing.PATIENCE_MS)
    told = float(page.evaluate(_FIRST)), float(page.evaluate(_PAINTED))
    context.close()
    return told
