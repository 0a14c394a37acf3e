"""A face that knows Chinese, for the maps of reports: the machine's own, installed, or unpacked."""

from collections.abc import Mapping
from pathlib import Path

from scripts.setup import apt, unpacked
from scripts.setup.accounts import is_root
from scripts.setup.errors import SetupError
from scripts.setup.progress import say

PACKAGE = "fonts-wqy-microhei"
VARIABLE = "WANGGE_FONT"
PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
KNOWN = ("*CJK*", "NotoSansSC*", "SourceHanSans*", "wqy-*", "DroidSansFallback*")
"""Files of faces that know Chinese; ``geodata.files.lettering`` knows which is the best."""


def ensure(state: Path, environ: Mapping[str, str]) -> None:
    """Get a face where there is none; where none can be had, say what that means."""
    if environ.get(VARIABLE) or _is_there() or setting(state):
        return
    try:
        if is_root() and apt.available():
            apt.install([PACKAGE], state / "logs" / "apt.log")
        else:
            unpacked.unpack([PACKAGE], state)
    except SetupError:
        say(
            f"No Chinese font here, and {PACKAGE} cannot be had: the maps of reports are written "
            f"in English alone. Install a font, or name its file in {VARIABLE}."
        )


def setting(state: Path) -> dict[str, str]:
    """What tells the worker of a face that was unpacked."""
    own = sorted((unpacked.root(state) / "usr/share/fonts").rglob("wqy-microhei.ttc"))
    return {VARIABLE: str(own[0])} if own else {}


def _is_there() -> bool:
    return any(next(place.rglob(one), None) for place in PLACES for one in KNOWN)
