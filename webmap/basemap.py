"""What lies under our own data: our own map, nothing, a PMTiles file, or another server's tiles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from geodata.domain.crs import DATUMS
from geodata.errors import WanggeError
from geodata.files import pmtiles

Kind = Literal["own", "none", "raster", "vector"]
URL: Final = "WANGGE_TILE_URL"
DATUM: Final = "WANGGE_TILE_DATUM"
CREDIT: Final = "WANGGE_TILE_ATTRIBUTION"
ZOOM: Final = "WANGGE_TILE_ZOOM"
ARCHIVE_PATH: Final = "/tiles/archive.pmtiles"

_DATUMS: Final = {"WGS84": "WGS84", "CGCS2000": "WGS84", "GCJ02": "GCJ02"}
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_RANGE: Final = re.compile(r"([0-9a-z])-([0-9a-z])\Z")
_HOST: Final = re.compile(r"[a-z0-9.-]+(?::\d{1,5})?\Z", re.IGNORECASE)
_ZOOMS: Final = re.compile(r"(\d{1,2})-(\d{1,2})\Z")
_VECTOR: Final = (".mvt", ".pbf")
_PROTOMAPS: Final = frozenset({"earth", "water", "roads"})
_HIGHEST: Final = 22
_MOST: Final = 4
_LONGEST_CREDIT: Final = 300


@dataclass(frozen=True, slots=True)
class Template:
    """One pyramid of tiles: its address with {z}, {x}, {y} and {s}, and what {s} stands for."""

    url: str
    servers: tuple[str, ...] = ()

    @property
    def hosts(self) -> list[str]:
        """The hosts that it asks, as a content policy names them; none for our own."""
        parts = urlsplit(self.url)
        if not parts.netloc:
            return []
        names = [parts.netloc.replace("{s}", server) for server in self.servers or ("",)]
        return [f"{parts.scheme}://{name}" for name in names]


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The base map that the settings ask for; templates are drawn one over another."""

    kind: Kind = "own"
    templates: tuple[Template, ...] = ()
    archive: Path | None = None
    datum: str = "WGS84"
    credit: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    protomaps: bool = False

    @property
    def hosts(self) -> tuple[str, ...]:
        """The foreign hosts that pages ask for tiles, each once."""
        return tuple(dict.fromkeys(host for one in self.templates for host in one.hosts))

    def for_page(self) -> dict[str, Any]:
        """What the browser has to know, ready for JSON."""
        return {
            "kind": self.kind,
            "templates": [{"url": t.url, "servers": list(t.servers)} for t in self.templates],
            "archive": ARCHIVE_PATH if self.archive else None,
            "datum": self.datum,
            "min_zoom": self.min_zoom,
            "max_zoom": self.max_zoom,
            "protomaps": self.protomaps,
        }


OWN: Final = BaseMap()


def read(env: Mapping[str, str], *, secure: bool) -> BaseMap:
    """The base map that the environment asks for; `secure` tells that our pages are https.

    Raises:
        WanggeError: a setting that cannot be drawn with; the code says which and why.
    """
    wish = env.get(URL, "").strip()
    datum = _datum(env.get(DATUM) or "WGS84")
    if wish in ("", "own"):
        return OWN
    if wish == "none":
        return BaseMap(kind="none")
    credit = " ".join(env.get(CREDIT, "").split())[:_LONGEST_CREDIT]
    if "://" not in wish and "{" not in wish:
        return _archived(Path(wish).expanduser(), datum, credit)
    templates = tuple(_template(word, secure=secure) for word in wish.split())
    if len(templates) > _MOST:
        raise WanggeError("tile_too_many", setting=URL, limit=_MOST)
    if not credit:
        raise WanggeError("tile_credit_missing", setting=CREDIT)
    low, high = _zooms(env.get(ZOOM) or "0-18")
    return BaseMap(_kind(templates), templates, None, datum, credit, low, high)


def _archived(path: Path, datum: str, credit: str) -> BaseMap:
    found = pmtiles.archive(path)
    return BaseMap(
        kind="vector" if found.kind == "mvt" else "raster",
        archive=path.absolute(),
        datum=datum,
        credit=credit or found.credit,
        min_zoom=found.min_zoom,
        max_zoom=found.max_zoom,
        protomaps=set(found.layers) >= _PROTOMAPS,
    )


def _datum(text: str) -> str:
    name = text.strip().upper().replace("-", "").replace(" ", "")
    if name == "BD09":
        raise WanggeError("tile_datum_bd09", setting=DATUM)
    if name not in _DATUMS:
        known = [one for one in DATUMS if one in _DATUMS]
        raise WanggeError("tile_datum_unknown", setting=DATUM, value=text, known=known)
    return _DATUMS[name]


def _template(text: str, *, secure: bool) -> Template:
    parts = urlsplit(text)
    ours = text[0] == "/" and text[1:2] != "/"
    if parts.scheme not in ("http", "https") and not ours:
        raise WanggeError("tile_url_scheme", setting=URL, value=text)
    if parts.scheme == "http" and secure:
        raise WanggeError("tile_url_insecure", setting=URL, value=text)
    url, servers = _servers(text)
    holes = _HOLE.findall(url)
    missing = [
        f"{{{name}}}" for name in "zxy" if name not in holes and not (name == "y" and "-y" in holes)
    ]
    if missing:
        raise WanggeError("tile_url_incomplete", setting=URL, value=text, missing=missing)
    if strange := set(holes) - {"z", "x", "y", "-y", "s", "r"}:
        named = [f"{{{name}}}" for name in sorted(strange)]
        raise WanggeError("tile_url_strange", setting=URL, value=text, strange=named)
    made = Template(url, servers)
    if not ours and not all(_HOST.match(host.partition("://")[2]) for host in made.hosts or [""]):
        raise WanggeError("tile_url_host", setting=URL, value=text)
    return made


def _servers(text: str) -> tuple[str, tuple[str, ...]]:
    """The address with its choice of servers written {s}, and the names to choose from."""
    for hole in _HOLE.findall(text):
        if found := _RANGE.match(hole):
            first, last = ord(found[1]), ord(found[2])
            return text.replace(f"{{{hole}}}", "{s}"), tuple(map(chr, range(first, last + 1)))
    return text, tuple("abc") if "{s}" in text else ()


def _zooms(text: str) -> tuple[int, int]:
    found = _ZOOMS.match(text.strip())
    if not found or not int(found[1]) <= int(found[2]) <= _HIGHEST:
        raise WanggeError("tile_zoom", setting=ZOOM, value=text)
    return int(found[1]), int(found[2])


def _kind(templates: tuple[Template, ...]) -> Kind:
    ends = {urlsplit(one.url).path.endswith(_VECTOR) for one in templates}
    if ends == {True} and len(templates) == 1:
        return "vector"
    if True in ends:
        raise WanggeError("tile_mixed", setting=URL)
    return "raster"
