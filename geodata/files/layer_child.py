"""The child that reads layers of strangers: started by `layers.read`, never imported by others."""

import codecs
import json
import sys
from base64 import b64encode
from dataclasses import asdict
from typing import Any, Final

if __name__ == "__main__":
    # pyogrio would load both beside it: nobody here needs them, and every upload waits for this.
    sys.modules.update(dict.fromkeys(("geopandas", "pandas")))  # type: ignore[arg-type]

from geodata.errors import InvalidFile
from geodata.files import archives, child, geojson, kinds, kml, tabular, vectors
from geodata.files.features import Feature, Read, Wish, counted
from geodata.files.limits import Limits

_CODECS: Final = ("utf-8-sig", "utf-16", "latin-1", "cp437", "cp1252", "gb18030", "big5")


def _read(content: bytes, order: dict[str, Any], limits: Limits) -> Read:
    content, wish = archives.alone(content, limits), _wish(order["wish"])
    kind = kinds.format_of(content, limits)
    if kind in ("csv", "xlsx"):
        reader = tabular.read if kind == "csv" else tabular.read_book
        return reader(content, wish.layer, frozenset(order["known"]), order["places"], limits)
    child.shut()
    if kind == "geojson":
        return geojson.read(content, limits)
    if kind in ("kml", "kmz"):
        return kml.read(content, limits, packed=kind == "kmz")
    return vectors.read(content, kind, wish, limits)


def _wish(told: dict[str, Any]) -> Wish:
    return Wish(told["layer"], told["narrow"], told["areas"], tuple(told["columns"]))


def _packed(feature: Feature) -> dict[str, Any]:
    drawn = feature.wkb and b64encode(feature.wkb).decode("ascii")
    told = {"row": feature.row, "cells": feature.cells, "wkb": drawn}
    if feature.code:
        told |= {"code": feature.code, "column": feature.column, "facts": dict(feature.facts)}
    return told


def _serve(order: dict[str, Any]) -> None:
    """The child's whole life: read, tell, end."""
    limits = Limits(**order["limits"])
    vectors.warm()
    for name in _CODECS:
        codecs.lookup(name)  # each is a file, and soon no file can be opened
    child.limit(limits)
    try:
        layer, features = _read(sys.stdin.buffer.read(), order, limits)
        child.say({"layer": asdict(layer)})
        child.say_all("features", map(_packed, counted(features, limits)))
    except InvalidFile as refused:
        child.say({"refused": {"code": refused.code, "facts": refused.facts}})


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]))
