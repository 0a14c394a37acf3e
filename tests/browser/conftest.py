"""A real browser on a real server; whatever it asks for or complains of is watched."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect, sync_playwright
from sqlalchemy import Engine

from geodata.db.engine import make_sessions
from geodata.services import geocoding, imports
from scripts.setup.browser import NAMES, VARIABLE
from scripts.setup.serve import web_command
from scripts.setup.settings import CHECKOUT, Settings
from tests import signing
from tests.conftest import fresh_database
from tests.signing import MANAGER

PHONE: Final = (390, 844)
DESKTOP: Final = (1440, 900)
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
PATIENCE_MS = 10_000


@dataclass
class Site:
    """A running server and its database, which tests may write to."""

    url: str
    engine: Engine
    locator: geocoding.Locator

    def work(self) -> None:
        """Work off the uploaded files, as the worker does."""
        with make_sessions(self.engine)() as session:
            for job in reversed(imports.listing(session)):
                for _ in imports.run(session, job["id"], self.locator):
                    session.commit()


@dataclass
class Watch:
    """What a browser asked for, said and complained of."""

    host: str
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    refusals_expected: bool = False
    """Whether the test lets the server refuse something, which a browser logs by itself."""

    def on(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self._asked(request.url))
        context.on("console", lambda message: self._said(message.type, message.text))
        context.on("weberror", lambda error: self.said.append(str(error.error)))
        context.on("dialog", self._dialog)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.foreign.append(url)

    def _said(self, kind: str, text: str) -> None:
        refused = text.startswith("Failed to load resource")
        if not (self.refusals_expected and refused):
            self.said.append(f"{kind}: {text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def check(self) -> None:
        """Fail where anything went elsewhere or anything was complained of."""
        assert self.foreign == []
        assert self.said == []
        assert self.dialogs == []


@dataclass
class Visit:
    """A page with its watch, on a screen of some size."""

    page: Page
    watch: Watch
    is_phone: bool

    def open(self, path: str) -> Page:
        """Go to a page of ours and wait until its tools have started."""
        self.page.goto(path)
        if self.page.locator("template[data-tool]").count():
            self.page.locator("html[data-ready]").wait_for(state="attached")
        return self.page


def executable() -> str:
    """The Chromium of the setting, else one on the search path."""
    found = os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, NAMES)), "")
    assert found, f"no Chromium: set {VARIABLE}"
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable(), args=list(ARGUMENTS), headless=True
        )
        yield chromium
        chromium.close()


@contextmanager
def served(database: str, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of the web server of `scripts/serve`, running on a database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = (
        os.environ
        | {
            "WANGGE_DATABASE_URL": database,
            "WANGGE_SECRET_KEY": signing.KEY,
            "WANGGE_FIELD_KEY": signing.KEY,
            "WANGGE_WEB_DATABASE_URL": "",
            "WANGGE_RATE": "0",
            "WANGGE_BIND": "127.0.0.1",
        }
        | dict(settings or {})
    )
    command = [*(str(part) for part in web_command(Settings(Path(), port=port), port)[1:])]
    server = subprocess.Popen([sys.executable, "-m", "granian", *command], env=env, cwd=CHECKOUT)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(url: str) -> None:
    """Until the server answers; fails after a minute."""
    for _ in range(300):
        try:
            with urlopen(url, timeout=5):  # noqa: S310 -- our own server
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no answer from {url}")


def _warm(url: str) -> None:
    """Let the workers build what they keep in memory, so that no test waits for it."""
    for _ in range(6):
        asked = Request(f"{url}/api/search?q=x", headers={"Authorization": f"Bearer {MANAGER}"})  # noqa: S310
        with urlopen(asked, timeout=30):  # noqa: S310 -- our own server
            pass


@pytest.fixture(scope="session")
def site(loaded: Engine) -> Iterator[Site]:
    """The application on a copy of the demo district, served on loopback."""
    loaded.dispose()
    with fresh_database(str(loaded.url.database)) as engine:
        with make_sessions(engine)() as session:
            locator = geocoding.Locator.of(session)
        with served(engine.url.render_as_string(hide_password=False)) as url:
            _warm(url)
            yield Site(url, engine, locator)


def visiting(
    browser: Browser, site: Site, size: tuple[int, int], *, signed_in: bool = True
) -> Iterator[Visit]:
    """A visit with a memory of its own, judged at its end; the district's manager's or nobody's."""
    phone = size == PHONE
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": size[0], "height": size[1]},
        has_touch=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PATIENCE_MS)
    if signed_in:
        name, value = signing.cookie(MANAGER)
        context.add_cookies([{"name": name, "value": value, "url": site.url, "httpOnly": True}])
    watch = Watch(urlsplit(site.url).netloc)
    watch.on(context)
    page = context.new_page()
    yield Visit(page, watch, phone)
    context.close()
    watch.check()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """On a phone, then on a desktop."""
    yield from visiting(browser, site, request.param)


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visiting(browser, site, PHONE)


@pytest.fixture
def desktop(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visiting(browser, site, DESKTOP)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def resident(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """A visit of somebody without an account."""
    yield from visiting(browser, site, request.param, signed_in=False)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """Where a test writes the file it uploads."""
    return tmp_path / "工单.csv"
