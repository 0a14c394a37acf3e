"""Chromium and Chinese fonts for the browser tests."""

import ctypes
import os
import shlex
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from scripts.setup import apt, unpacked, venv
from scripts.setup.accounts import is_root
from scripts.setup.errors import SetupError
from scripts.setup.progress import run, step

# The build without a window draws with a third less work; any other will do as well.
BROWSER = "chromium-headless-shell"
NAMES = (BROWSER, "chromium", "google-chrome-stable", "google-chrome", "chromium-browser")
FONTS = "fonts-noto-cjk"
# The Node.js that Playwright brings needs it, and a small machine has none.
DRIVER_LIBRARY = "libatomic1"
VARIABLE = "WANGGE_TEST_CHROMIUM"
FONT_PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def ensure(state: Path) -> dict[str, str]:
    """What browser tests need in their environment; what is missing is got.

    Raises:
        SetupError: a browser or fonts cannot be had here.
    """
    if is_root() and apt.available():
        return {VARIABLE: str(_installed(state))}
    missing = _missing()
    if not missing:
        return {VARIABLE: str(_on_path())}
    own = _on_path() or _unpacked(state)
    if others := [package for package in missing if package != BROWSER]:
        unpacked.unpack(others, state)
    libraries = {} if _has_driver_library() else {"LD_LIBRARY_PATH": str(_link_library(state))}
    return libraries | {VARIABLE: str(_wrapper(state, own))}


def _missing() -> list[str]:
    needs = (
        (BROWSER, _on_path() is not None),
        (FONTS, _has_fonts()),
        (DRIVER_LIBRARY, _has_driver_library()),
    )
    return [package for package, stands in needs if not stands]


def _installed(state: Path) -> Path:
    missing, log = _missing(), state / "logs" / "apt.log"
    if others := [package for package in missing if package != BROWSER]:
        apt.install(others, log)
    if not shutil.which(BROWSER) and apt.offers(BROWSER, log):
        with suppress(SetupError):  # beside an older Chromium it cannot be installed
            apt.install([BROWSER], log)
    return _on_path() or _from_playwright(state, "--with-deps")


def _unpacked(state: Path) -> Path:
    try:
        return unpacked.unpack([BROWSER], state) / "usr/lib/chromium" / BROWSER
    except SetupError:
        return _from_playwright(state)


def _from_playwright(state: Path, *options: str) -> Path:
    """The Chromium that Playwright fetches, where packages hold none (Ubuntu has only a snap)."""
    folder, log = state / "browsers", state / "logs" / "browser.log"
    if not (found := _fetched(folder)):
        with step("Fetching Chromium with Playwright"):
            command = ("-m", "playwright", "install", *options, "chromium")
            run(
                [venv.PYTHON, *command],
                log,
                env=os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(folder)},
            )
        found = _fetched(folder)
    if found:
        return found
    raise SetupError(
        f"No Chromium that starts was found: put one of {', '.join(NAMES)} on the search path."
    )


def _fetched(folder: Path) -> Path | None:
    return next((one for one in folder.glob("chromium-*/*/chrome") if _starts(one)), None)


def _has_driver_library() -> bool:
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def _link_library(state: Path) -> Path:
    """A folder with the driver's library alone, so that no other program takes an odd one."""
    folder = state / "packages" / "driver"
    folder.mkdir(exist_ok=True)
    for library in unpacked.root(state).glob("usr/lib/*/libatomic.so.1"):
        link = folder / library.name
        link.unlink(missing_ok=True)
        link.symlink_to(library)
    return folder


def _on_path() -> Path | None:
    """A Chromium that starts: on Ubuntu the name may be a stub that asks for snap."""
    for name in NAMES:
        if (found := shutil.which(name)) and _starts(Path(found)):
            return Path(found)
    return None


def _starts(browser: Path) -> bool:
    told = subprocess.run([browser, "--version"], check=False, capture_output=True, text=True)
    return told.returncode == 0 and "Chrom" in told.stdout


def _has_fonts() -> bool:
    return any(next(place.rglob("*CJK*"), None) for place in FONT_PLACES)


def _wrapper(state: Path, browser: Path) -> Path:
    """A program that starts an unpacked browser with its libraries and fonts."""
    folder = state / "packages"
    settings = folder / "fonts.conf"
    fonts = unpacked.root(state) / "usr/share/fonts"
    settings.write_text(FONT_SETTINGS.format(fonts=fonts, cache=folder / "fontcache"), "utf-8")
    wrapper = folder / "chromium"
    lines = [
        "#!/bin/sh",
        f"export FONTCONFIG_FILE={shlex.quote(str(settings))}",
        f"export LD_LIBRARY_PATH={shlex.quote(unpacked.library_path(state))}",
        f'exec {shlex.quote(str(browser))} "$@"',
    ]
    wrapper.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrapper.chmod(0o755)
    return wrapper
