"""A page in headless Chromium: how soon it can be used, what it sends for, how smoothly it runs."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from scripts.setup.browser import NAMES, VARIABLE
from scripts.setup.errors import SetupError

ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
PATIENCE_MS: Final = 180_000
DRAGS: Final = ((-300, -60), (-300, 80), (300, 200), (300, -220), (-200, 240), (200, -240))
STEPS: Final = 20
REST_MS: Final = 800
_WATCH: Final = Path(__file__).with_name("watch.js")


@dataclass(frozen=True)
class Device:
    """What the page is opened on: its window, and how much slower than this machine it is."""

    name: str
    width: int
    height: int
    slower: int = 1
    kbps: int = 0
    latency_ms: int = 0


DESKTOP: Final = Device("desktop", 1440, 900)
PHONE: Final = Device("phone", 390, 844, slower=4, kbps=1_600, latency_ms=150)


@dataclass(frozen=True)
class Wanted:
    """Selectors that tell when a page is drawn and when it has answered a click."""

    map: str
    drawn: Sequence[str]
    answered: Sequence[str]
    avoid: str = ".leaflet-marker-icon, .leaflet-control"
    missing: Sequence[str] = ()


@dataclass(frozen=True)
class Visit:
    """What one visit with an empty cache came to; times in milliseconds, sizes in bytes.

    A page that is not drawn, or does not answer the click, within `PATIENCE_MS` has no such time.
    """

    first_byte: float
    drawn: float | None
    answered: float | None
    html: int
    transferred: int
    requests: int
    heap: int
    pan: Sequence[float] = field(default=())
    zoom: Sequence[float] = field(default=())


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium: the one of the setting, else one on the search path.

    Raises:
        SetupError: there is none.
    """
    program = os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise SetupError(f"This bench drives Chromium: install it or name it in {VARIABLE}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


def visit(
    browser: Browser,
    url: str,
    wanted: Wanted,
    device: Device,
    *,
    moving: bool = True,
    token: str = "",
) -> Visit:
    """Open the page for the first time, click as soon as it is drawn, then pan and zoom.

    `token` is of whoever has signed in, empty for a stranger.
    """
    context = browser.new_context(
        viewport={"width": device.width, "height": device.height},
        extra_http_headers={"Authorization": f"Bearer {token}"} if token else {},
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watched = json.dumps({**vars(wanted)})
    page.add_init_script(_WATCH.read_text("utf-8").replace("WANTED", watched))
    line = context.new_cdp_session(page)
    sizes = _network(line, device)
    page.goto(url, wait_until="commit")
    told = _answered(page)
    pan = _frames(page, _pan, wanted) if moving else []
    zoom = _frames(page, _zoom, wanted) if moving else []
    visited = Visit(
        first_byte=told["first"],
        drawn=told["drawn"] or None,
        answered=told["answered"] or None,
        html=told["html"],
        transferred=sum(sizes),
        requests=len(sizes),
        heap=_heap(line),
        pan=pan,
        zoom=zoom,
    )
    context.close()
    return visited


def _network(line: CDPSession, device: Device) -> list[int]:
    """Slow the page down to the device; the list fills with what each request transfers."""
    sizes: list[int] = []
    line.send("Network.enable")
    line.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    if device.slower > 1:
        line.send("Emulation.setCPUThrottlingRate", {"rate": device.slower})
    if device.kbps:
        speed = device.kbps * 1000 / 8
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": device.latency_ms,
                "downloadThroughput": speed,
                "uploadThroughput": speed / 2,
            },
        )
    return sizes


def _answered(page: Page) -> Mapping[str, Any]:
    """Wait until the click is answered or patience ends; a busy page cannot be asked meanwhile."""
    told: Mapping[str, Any] = {}
    end = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < end:
        told = page.evaluate(
            "() => { const [about] = performance.getEntriesByType('navigation');"
            " return {...window.bench, frames: 0, html: about.decodedBodySize,"
            " first: about.responseStart - about.requestStart}; }"
        )
        if told["answered"]:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(REST_MS)
    return told


def _frames(
    page: Page, move: Callable[[Page, Mapping[str, float]], None], wanted: Wanted
) -> list[float]:
    """Milliseconds between frames while the page is moved."""
    page.evaluate("() => { window.bench.frames.length = 0; window.bench.recording = true; }")
    box = page.locator(wanted.map).first.bounding_box()
    if box is not None:
        move(page, {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]})
    page.wait_for_timeout(REST_MS)
    page.evaluate("() => { window.bench.recording = false; }")
    return [float(gap) for gap in page.evaluate("() => window.bench.frames")]


def _pan(page: Page, box: Mapping[str, float]) -> None:
    """Drag the map to and fro, in steps of a frame."""
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.4
    share = min(1.0, box["width"] / 800)
    for dx, dy in DRAGS:
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, STEPS + 1):
            page.mouse.move(x + dx * share * step / STEPS, y + dy * share * step / STEPS)
            page.wait_for_timeout(8)
        page.mouse.up()
        page.wait_for_timeout(300)


def _zoom(page: Page, box: Mapping[str, float]) -> None:
    """Turn the wheel two levels nearer and two back."""
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.4)
    for turn in (-240, -240, 240, 240):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(REST_MS)


def _heap(line: CDPSession) -> int:
    line.send("HeapProfiler.collectGarbage")
    line.send("Performance.enable")
    told = line.send("Performance.getMetrics")["metrics"]
    return int(next(one["value"] for one in told if one["name"] == "JSHeapUsedSize"))


def worst(visits: Sequence[Visit], what: str) -> float | None:
    """The median over visits of the longest frame, None where nothing was moved."""
    longest = [max(frames) for one in visits if (frames := getattr(one, what))]
    return median(longest) if longest else None


def middle(visits: Sequence[Visit], what: str) -> float | None:
    """The median frame over all visits."""
    gaps = [gap for one in visits for gap in getattr(one, what)]
    return median(gaps) if gaps else None
