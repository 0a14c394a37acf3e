"""What a browser calls itself, in words that its owner knows."""

from typing import Final

from flask_babel import gettext as _

_PROGRAMS: Final = (
    *(("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("OPR", "Opera")),
    *(("Chrome", "Chrome"), ("Safari", "Safari")),
)
_SYSTEMS: Final = (
    *(("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


def named(agent: str) -> str:
    """The program and the system of a `User-Agent`, as far as they are known."""
    program = next((name for sign, name in _PROGRAMS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    shown = _("微信") if program == "微信" else program
    return " · ".join(filter(None, (shown, system))) or _("别的程序")
