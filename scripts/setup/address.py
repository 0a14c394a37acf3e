"""The address where the map is served: how to ask it, how to tell a person."""

import json
import ssl
import urllib.error
import urllib.request

from scripts.setup.progress import say
from scripts.setup.settings import Settings

PATIENCE = 5.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound
LOOPBACK = ("127.", "::1", "localhost")


def url(found: Settings, port: int) -> str:
    """The address that a browser on this machine opens."""
    host = ANYWHERE.get(found.bind, found.bind)
    return f"{found.scheme}://{f'[{host}]' if ':' in host else host}:{port}/"


def answers(base: str) -> bool:
    """Whether the map is served at `base` by now."""
    return ask(base + "healthz") is not None


def ask(address: str) -> bytes | None:
    """What a GET of one of our own addresses gives, None when it gives nothing good."""
    # It is ourselves whom we ask, on this machine; the certificate may bear another name.
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
    )
    try:
        with direct.open(address, timeout=PATIENCE) as response:
            body: bytes = response.read()
    except (OSError, urllib.error.URLError, ValueError):
        return None
    return body


def announce(found: Settings, base: str) -> None:
    """Tell the person at the terminal where the map is, what it shows and how to stop."""
    say("")
    say("Wangge is served.")
    for sentence in notes(found, ask(base + "api/district")):
        say(sentence)
    say(f"Logs: {found.logs}")
    say("Stop it with Ctrl-C. Open:")
    say(base)


def notes(found: Settings, district: bytes | None) -> list[str]:
    """What a newcomer should know about what is served, a sentence each."""
    said = []
    if district and json.loads(district).get("synthetic"):
        said.append("The ground, people and issues are a synthetic demo: none of it is real.")
    if not found.bind.startswith(LOOPBACK):
        said.append(
            f"It listens at {found.bind}: whoever reaches this machine can see the plain map and "
            "report; everything else wants an account."
        )
        if not found.tls_cert:
            said.append(
                "Without WANGGE_TLS_CERT and WANGGE_TLS_KEY passwords cross the network readable, "
                "and other devices get no position."
            )
    return said
