"""Who really asks, where a proxy of ours stands in front; nobody else is believed."""

from collections.abc import Callable, Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any, Final

from flask import Flask

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_SCHEMES: Final = ("http", "https")


def prepare(app: Flask, trusted: Iterable[str]) -> None:
    """Believe the headers of these addresses or networks; of none where there are none."""
    networks = [ip_network(one) for one in trusted]
    if networks:
        setattr(app, "wsgi_app", Behind(app.wsgi_app, networks))  # noqa: B010 -- Flask's own way


class Behind:
    """The application behind proxies of ours."""

    def __init__(self, app: Wsgi, networks: list[IPv4Network | IPv6Network]) -> None:
        self.app = app
        self.networks = networks

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer, as if whom the proxy names had asked without it."""
        if self._ours(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._source(environ)
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in _SCHEMES:
                environ["wsgi.url_scheme"] = scheme
        return self.app(environ, start)

    def _source(self, environ: dict[str, Any]) -> str:
        """The last address in the list that is none of our proxies; what stands before may lie."""
        said = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
        told = [part.strip() for part in said.split(",")]
        for address in reversed(told):
            if not _is_address(address):
                break
            if not self._ours(address):
                return address
        return str(environ["REMOTE_ADDR"])

    def _ours(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in net for net in self.networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
