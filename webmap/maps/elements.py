"""The two Folium elements that our pages are composed of, and how a page is taken apart.

branca renders every element's output a second time as a template, so whatever passes through
here is code on the server. Only our own configuration may: numbers, addresses of our own host
and plain identifiers. Names, texts and shapes travel by URL and are set by the browser.
"""

import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias, cast

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.template import Template

Setting: TypeAlias = "str | int | float | Sequence[Setting] | Mapping[str, Setting] | None"

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*\Z")
_ELSEWHERE = re.compile(r"\A\s*(?:[a-z][a-z0-9+.-]*:|//|\\)", re.IGNORECASE)
_SOURCE = re.compile(r'<script src="[^"]*?/([\w-]+)\.js"')
_TOOL = re.compile(r'data-tool="([a-z_]+)"')
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
_ROOM = 2.0


class GridMap(folium.Map):
    """An empty Leaflet map with a fixed element id, fed from our own host."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="map" id="{{ this.get_name() }}"></div>
        {%- endmacro %}
        {% macro script(this, kwargs) -%}
        var {{ this.get_name() }} = L.map(
            {{ this.get_name()|tojson }},
            { center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }} }
        );
        {%- endmacro %}
        """,
    )

    def __init__(
        self,
        name: str,
        bbox: tuple[float, float, float, float],
        *,
        zoom: int = 14,
        vendor: str = "/static/vendor",
    ) -> None:
        """Make the map `name`, centred on `bbox` (west, south, east, north in degrees).

        Raises:
            ValueError: `name` is no plain identifier or `vendor` is not on our own host.
        """
        if not _IDENTIFIER.match(name):
            raise ValueError(f"not a plain identifier: {name!r}")
        _refuse_elsewhere(vendor)
        self._element_id = name  # before Folium asks for it
        west, south, east, north = bbox
        super().__init__(
            location=((south + north) / 2, (west + east) / 2),
            tiles=None,
            zoom_start=zoom,
            zoom_control=False,
            prefer_canvas=True,
            attribution_control=False,
        )
        # Without tiles Folium drops these from its own arguments.
        self.options |= {"min_zoom": 11, "max_zoom": 19, "zoom_snap": 0.25}
        self.options["max_bounds_viscosity"] = 0.8
        self.options["max_bounds"] = _roomy(bbox)
        # On the instance: the class's lists are shared by every request.
        self.default_js = [
            ("leaflet", f"{vendor}/leaflet.js"),
            ("protomaps_leaflet", f"{vendor}/protomaps-leaflet.js"),
            ("supercluster", f"{vendor}/supercluster.js"),
        ]
        # Scripts and style sheets share one name space in the figure's header.
        self.default_css = [("leaflet_css", f"{vendor}/leaflet.css")]

    def holding(self, *tools: "Tool") -> Self:
        """The same map with its tools, which start in this order."""
        for tool in tools:
            tool.add_to(self)
        return self

    def get_name(self) -> str:
        """The element's id, which is also the name of the script's variable."""
        return self._element_id


class Tool(MacroElement):
    """Names one file of `static/js/tools` that acts on a map, and hands it its settings."""

    _template = Template(
        """
        {% macro html(this, kwargs) -%}
        <template data-tool="{{ this.tool }}" data-map="{{ this.map_id }}"
          data-settings="{{ this.settings }}"></template>
        {%- endmacro %}
        """,
    )

    def __init__(self, tool: str, **settings: Setting) -> None:
        """Start `tool` with `settings`, which are our own configuration and nothing else.

        Raises:
            ValueError: `tool` is no plain identifier, or a setting points to another host.
            TypeError: a setting cannot be written as JSON.
        """
        if not _IDENTIFIER.match(tool):
            raise ValueError(f"not a plain identifier: {tool!r}")
        _refuse_elsewhere(settings)
        super().__init__()  # type: ignore[no-untyped-call]
        self.tool = tool
        self.settings = _inert(json.dumps(settings, allow_nan=False, sort_keys=True))

    @property
    def map_id(self) -> str:
        """The id of the map that this tool was added to."""
        return self._parent.get_name() if self._parent else ""

    def get_name(self) -> str:
        """A name that is the same in every rendering."""
        return f"tool_{self.tool}"


@dataclass(frozen=True)
class Shell:
    """A rendered map page in its parts: markup that holds no script, and the script apart."""

    styles: str
    scripts: str
    html: str
    script: str

    @property
    def libraries(self) -> str:
        """The scripts that the page's own script builds on: their names, joined by plus signs."""
        return "+".join(_SOURCE.findall(self.scripts))

    @property
    def modules(self) -> list[str]:
        """The modules of the page's tools, by their names below `static/js`."""
        return [f"tools/{name}" for name in _TOOL.findall(self.html)]

    @property
    def etag(self) -> str:
        """A short digest of the script, the same as long as the script is."""
        return hashlib.sha256(self.script.encode()).hexdigest()[:16]


def take_apart(page: GridMap) -> Shell:
    """Render the page once and hand out its parts, so that no script stands in the HTML."""
    figure = cast(Figure, page.get_root())
    figure.render()
    links = list(figure.header._children.values())  # noqa: SLF001 — branca offers no other way
    return Shell(
        styles=_joined(e for e in links if isinstance(e, CssLink)),
        scripts=_joined(e for e in links if isinstance(e, JavascriptLink)),
        html=_tidied(figure.html.render()),
        script=_tidied(figure.script.render()),
    )


def _inert(text: str) -> str:
    """An attribute's value that the second rendering cannot mistake for a template."""
    return html.escape(text).translate(_BRACES)


def _refuse_elsewhere(setting: Setting) -> None:
    if isinstance(setting, str):
        if _ELSEWHERE.match(setting):
            raise ValueError(f"not on our own host: {setting!r}")
    elif isinstance(setting, Mapping):
        for value in setting.values():
            _refuse_elsewhere(value)
    elif isinstance(setting, Sequence):
        for value in setting:
            _refuse_elsewhere(value)


def _roomy(bbox: tuple[float, float, float, float]) -> list[list[float]]:
    """The box widened on each side by twice its greater extent, for Leaflet.

    Takes west, south, east, north; gives the south-west and the north-east corner, each with
    its latitude first. All in degrees.
    """
    west, south, east, north = bbox
    room = max(east - west, north - south) * _ROOM
    return [[south - room, west - room], [north + room, east + room]]


def _joined(links: Iterable[Element]) -> str:
    return "\n".join(link.render() for link in links)


def _tidied(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"
