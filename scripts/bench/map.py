"""The map page against a naive Folium page of the same data, in the same browser."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from geodata.services import district
from scripts.bench import browsing, naive, server
from scripts.bench.browsing import DESKTOP, PATIENCE_MS, PHONE, Device, Visit, Wanted
from scripts.bench.figures import ROUNDS, Cell, Table, ratio

ZOOM: Final = 14
OURS: Final = Wanted(
    map="#wangge_map",
    drawn=(".leaflet-tier-grids-pane canvas", ".marker", "canvas.leaflet-tile-loaded"),
    missing=("canvas.leaflet-tile:not(.leaflet-tile-loaded)",),
    answered=("#facts-view:not([hidden]) h2",),
)
NAIVE: Final = Wanted(
    map=".folium-map",
    drawn=(".leaflet-overlay-pane path", ".leaflet-marker-icon"),
    answered=(".leaflet-popup-content",),
)


def run(session: Session, count: int) -> Table:
    """Size, time until usable and frames of both pages, on a desktop and as on a phone."""
    west, south, east, north = district.ground(session).bbox
    page = naive.make(session, count)
    database = server.address_of(session)
    session.rollback()
    place = f"#{ZOOM}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
    rows: list[Sequence[Cell]] = []
    with (
        server.manager(session) as token,
        server.served(database) as base,
        naive.served(page) as stock,
        browsing.chromium() as browser,
    ):
        _warm(browser, base, token)
        pages = ((stock, NAIVE, ""), (f"{base}/{place}", OURS, token))
        for device in (DESKTOP, PHONE):
            one, other = (_visits(browser, *page, device) for page in pages)
            rows += _rows(device, one, other)
    title = (
        f"A Folium page of {page.grids:,} grids, {page.buildings:,} buildings, {page.issues:,}"
        f" issues beside ours of {page.whole} (medians of {ROUNDS} visits with an empty cache)"
    )
    notes = [_about(page), _about_phone(), f"A dash: not within {PATIENCE_MS // 1000} s."]
    return Table(title, ("figure", "Folium", "ours", "Folium / ours"), rows, notes)


def _about(page: naive.Naive) -> str:
    return (
        f"Folium writes its page in {page.seconds:.1f} s; it is handed out ready and gzipped,"
        " without the base map, jQuery, Bootstrap and icon fonts that a stock page loads."
    )


def _about_phone() -> str:
    return (
        f"The phone is {PHONE.slower} times slower and has {PHONE.kbps:,} kbit/s;"
        f" each question takes {PHONE.latency_ms} ms more."
    )


def _warm(browser: Browser, base: str, token: str) -> None:
    """Let every process of the server open its connections."""
    for _ in range(2):
        browsing.visit(browser, base, OURS_ANYWHERE, DESKTOP, moving=False, token=token)


OURS_ANYWHERE: Final = Wanted(OURS.map, (".marker",), ("#facts-view:not([hidden]) h2",))


def _visits(browser: Browser, url: str, wanted: Wanted, token: str, device: Device) -> list[Visit]:
    rounds = ROUNDS if device is DESKTOP else 1
    return [
        browsing.visit(browser, url, wanted, device, moving=device is DESKTOP, token=token)
        for _ in range(rounds)
    ]


def _rows(device: Device, stock: Sequence[Visit], ours: Sequence[Visit]) -> list[Sequence[Cell]]:
    def told(name: str, what: str, scale: float = 1) -> tuple[str, float | None, float | None]:
        one, other = (_median([getattr(v, what) for v in vs], scale) for vs in (stock, ours))
        return f"{device.name}: {name}", one, other

    rows: list[tuple[str, float | None, float | None]] = [
        told("first byte, ms", "first_byte"),
        told("HTML, kB", "html", 1000),
        told("transferred in all, kB", "transferred", 1000),
        told("requests", "requests"),
        told("drawn, ms", "drawn"),
        told("first click answered, ms", "answered"),
        told("memory of scripts, MB", "heap", 1e6),
    ]
    for what in ("pan", "zoom") if device is DESKTOP else ():
        for name, pick in (("worst", browsing.worst), ("median", browsing.middle)):
            rows.append(
                (f"{device.name}: {name} frame, {what}, ms", pick(stock, what), pick(ours, what))
            )
    return [(name, one, other, ratio(one, other)) for name, one, other in rows]


def _median(figures: Sequence[float | None], scale: float) -> float | None:
    """The middle one, None where a visit has no such figure."""
    known = [figure for figure in figures if figure is not None]
    return median(known) / scale if len(known) == len(figures) else None
