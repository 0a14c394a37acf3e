"""Chromium and Chinese fonts for the browser tests."""

import shlex
import shutil
import subprocess
from pathlib import Path

from scripts.setup import apt, unpacked
from scripts.setup.accounts import is_root

NAMES = ("chromium", "google-chrome-stable", "google-chrome", "chromium-browser")
FONTS = "fonts-noto-cjk"
FONT_PLACES = ("usr/share/fonts", "usr/local/share/fonts")
FONT_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def ensure(state: Path) -> Path:
    """The Chromium to test with, fonts beside it; both are got when missing.

    Raises:
        SetupError: they cannot be had here.
    """
    if is_root() and apt.available():
        return _installed(state)
    browser, fonts = _on_path(), _has_fonts(Path("/"))
    if browser and fonts:
        return browser
    missing = [*([] if browser else ["chromium"]), *([] if fonts else [FONTS])]
    unpacked.unpack(missing, state)
    return _wrapper(state, browser or unpacked.root(state) / "usr/lib/chromium/chromium")


def _installed(state: Path) -> Path:
    log = state / "logs" / "apt.log"
    if not _has_fonts(Path("/")):
        apt.install([FONTS], log)
    if browser := _on_path():
        return browser
    apt.install(["chromium"], log)
    return _on_path() or Path("/usr/bin/chromium")


def _on_path() -> Path | None:
    """A Chromium that starts: on Ubuntu the name may be a stub that asks for snap."""
    for name in NAMES:
        if (found := shutil.which(name)) and _starts(Path(found)):
            return Path(found)
    return None


def _starts(browser: Path) -> bool:
    told = subprocess.run([browser, "--version"], check=False, capture_output=True, text=True)
    return told.returncode == 0 and "Chrom" in told.stdout


def _has_fonts(root: Path) -> bool:
    return any(next((root / place).rglob("*CJK*"), None) for place in FONT_PLACES)


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
