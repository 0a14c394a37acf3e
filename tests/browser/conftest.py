"""A real browser on a real server; whatever it asks for or complains of is watched."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from zlib import crc32

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Dialog,
    Page,
    expect,
    sync_playwright,
)
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from geodata.db.engine import make_sessions
from geodata.services import export_jobs, geocoding, imports, loads
from scripts.setup.browser import NAMES, VARIABLE
from scripts.setup.serve import web_command
from scripts.setup.settings import CHECKOUT, Settings
from tests import signing
from tests.conftest import fresh_database
from tests.signing import MANAGER
from webmap import config
from webmap.app import create_app

PHONE: Final = (390, 844)
DESKTOP: Final = (1440, 900)
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
PATIENCE_MS = 30_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a journey one of the two screens by its name, or both where its layout is judged."""
    both = metafunc.config.getoption("--both-screens")
    both = both or metafunc.definition.get_closest_marker("both_screens")
    turn = crc32(metafunc.definition.nodeid.encode()) % 2
    screens = {"phone": PHONE, "desktop": DESKTOP}
    names = list(screens) if both else [list(screens)[turn]]
    for fixture in {"visit", "first_visit", "resident"} & {*metafunc.fixturenames}:
        metafunc.parametrize(fixture, [screens[n] for n in names], ids=names, indirect=True)


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
            for job in reversed(loads.listing(session)):
                for _ in loads.run(session, job["id"]):
                    session.commit()
            with make_sessions(self.engine)() as reading:
                export_jobs.run(session, reading, session.commit)


@dataclass
class Watch:
    """What a browser asked for, said and complained of."""

    host: str
    foreign: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Other hosts that the test has the site ask."""
    refusals_expected: bool = False
    """Whether the test lets the server refuse something, which a browser logs by itself."""

    @contextmanager
    def on(self, context: BrowserContext) -> Iterator[None]:
        """Watch whatever is opened in a context, while the block runs."""
        listeners: dict[str, Callable[..., None]] = {
            "request": lambda request: self._asked(request.url),
            "console": lambda message: self._said(message.type, message.text),
            "weberror": lambda error: self.said.append(str(error.error)),
            "dialog": self._dialog,
        }
        for event, listener in listeners.items():
            context.on(event, listener)  # type: ignore[call-overload]
        yield
        for event, listener in listeners.items():
            context.remove_listener(event, listener)

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
        assert [url for url in self.foreign if urlsplit(url).netloc not in self.known] == []
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


def until(page: Page, told: Callable[[], bool]) -> None:
    """Ask again and again until it is so, however slow the machine; fails when patience ends."""
    for _ in range(PATIENCE_MS // 50):
        if told():
            return
        page.wait_for_timeout(50)
    pytest.fail("it never came to be so")


def laid_up(page: Page, path: str) -> None:
    """Wait until a page is kept for a dead network."""
    known = "async (path) => Boolean(await caches.match(`${path}/offline?lang=zh`))"
    until(page, lambda: bool(page.evaluate(known, path)))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


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
def served(database: str) -> Iterator[str]:
    """The address of the web server of `scripts/serve`, running on a database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    media = tempfile.TemporaryDirectory()
    env = os.environ | {
        "WANGGE_MEDIA": media.name,
        "WANGGE_DATABASE_URL": database,
        "WANGGE_SECRET_KEY": signing.KEY,
        "WANGGE_FIELD_KEY": signing.KEY,
        "WANGGE_WEB_DATABASE_URL": "",
        "WANGGE_RATE": "0",
        "WANGGE_BIND": "127.0.0.1",
    }
    command = [*(str(part) for part in web_command(Settings(Path(), port=port), port)[1:])]
    server = subprocess.Popen([sys.executable, "-m", "granian", *command], env=env, cwd=CHECKOUT)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)
        media.cleanup()


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of what was asked."""


def _closing(
    app: WSGIApplication, environ: WSGIEnvironment, start: StartResponse
) -> Iterator[bytes]:
    """An answer that is closed though the browser breaks off, which this server forgets to do."""
    body = app(environ, start)
    try:
        yield from body
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()


@contextmanager
def set_otherwise(site: Site, settings: Mapping[str, str]) -> Iterator[Site]:
    """The site with other settings, served by this very process: nothing has to start."""
    url = site.engine.url.render_as_string(hide_password=False)
    keys = {"WANGGE_SECRET_KEY": signing.KEY, "WANGGE_FIELD_KEY": signing.KEY}
    given = {"WANGGE_DATABASE_URL": url, "WANGGE_RATE": "0"} | keys | dict(settings)
    app = create_app(config.read(given), make_sessions(site.engine))
    served = partial(_closing, app)
    server = make_server("127.0.0.1", 0, served, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield replace(site, url=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the server answers; fails when it has ended, or after five minutes."""
    for _ in range(1500):
        assert server.poll() is None, "the server ended"
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
        with urlopen(asked, timeout=120):  # noqa: S310 -- our own server
            pass


@pytest.fixture(scope="session")
def site(loaded: Engine, locator: geocoding.Locator) -> Iterator[Site]:
    """The application on a copy of the demo district, served on loopback."""
    loaded.dispose()
    with (
        fresh_database(str(loaded.url.database)) as engine,
        served(engine.url.render_as_string(hide_password=False)) as url,
    ):
        _warm(url)
        yield Site(url, engine, locator)


def visiting(
    browser: Browser,
    site: Site,
    size: tuple[int, int],
    *,
    first: bool = False,
    signed_in: bool = True,
) -> Iterator[Visit]:
    """A visit that remembers nothing, judged at its end; the district's manager's or nobody's.

    What the site says may be kept for a year is in the browser's cache already, as for anybody
    who comes back; with `first` the cache is empty.
    """
    context = (entered.__wrapped__ if first else entered)(browser, site.url, size)
    if signed_in:
        name, value = signing.cookie(MANAGER)
        context.add_cookies([{"name": name, "value": value, "url": site.url, "httpOnly": True}])
    watch = Watch(urlsplit(site.url).netloc)
    with watch.on(context):
        page = context.new_page()
        yield Visit(page, watch, size == PHONE)
        if first:
            context.close()
        else:
            forget(context, site.url)
    watch.check()


@cache
def entered(browser: Browser, url: str, size: tuple[int, int]) -> BrowserContext:
    """A screen of a size on a site, with the cache that fills while it is used."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": size[0], "height": size[1]},
        has_touch=size == PHONE,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@cache
def keeper(context: BrowserContext) -> tuple[Page, CDPSession]:
    """An empty page that stays between visits, and what tells the browser things from there."""
    page = context.new_page()
    return page, context.new_cdp_session(page)


def forget(context: BrowserContext, url: str) -> None:
    """Close what was opened, and then forget what it kept, but for the cache."""
    blank, teller = keeper(context)
    for page in context.pages:
        if page != blank:
            page.close()  # first, or what it still asks for would be asked by a stranger
    context.set_offline(False)
    context.clear_cookies()
    context.clear_permissions()
    context.set_geolocation(None)
    storage = {"origin": url, "storageTypes": "local_storage,indexeddb,service_workers"}
    teller.send("Storage.clearDataForOrigin", storage)


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """On a phone or on a desktop, as `pytest_generate_tests` says."""
    yield from visiting(browser, site, request.param)


@pytest.fixture
def first_visit(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """As `visit`, by somebody who never was here."""
    yield from visiting(browser, site, request.param, first=True)


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visiting(browser, site, PHONE)


@pytest.fixture
def desktop(browser: Browser, site: Site) -> Iterator[Visit]:
    yield from visiting(browser, site, DESKTOP)


@pytest.fixture
def resident(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Visit]:
    """A visit of somebody without an account."""
    yield from visiting(browser, site, request.param, signed_in=False)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """Where a test writes the file it uploads."""
    return tmp_path / "工单.csv"
