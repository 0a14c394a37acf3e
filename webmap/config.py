"""The settings of the web, read from the environment and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network

from geodata.errors import WanggeError
from webmap.basemap import OWN, BaseMap
from webmap.basemap import read as read_basemap

SHORTEST_KEY = 32
CONTACT_DAYS = 180
MOST_DAYS = 36500


@dataclass(frozen=True, slots=True)
class Config:
    """What the web has to know; the README's table of settings says what each one means."""

    database_url: str
    secret_key: str
    timezone: str = "Asia/Shanghai"
    trusted_hosts: tuple[str, ...] = ()
    secure: bool = False
    basemap: BaseMap = OWN
    field_key: str = ""
    proxies: tuple[str, ...] = ()
    rate: float = 1.0
    contact_days: int = CONTACT_DAYS


def read(environ: Mapping[str, str] | None = None) -> Config:
    """The settings as the environment has them.

    The web's lesser role is taken where it has one, else the owner's address. Raises WanggeError
    where the database or a key is missing, a key is short, or the base map cannot be drawn.
    """
    env = os.environ if environ is None else environ
    url = env.get("WANGGE_WEB_DATABASE_URL") or env.get("WANGGE_DATABASE_URL", "")
    if not url:
        raise WanggeError("setting_missing", setting="WANGGE_DATABASE_URL")
    secure = bool(env.get("WANGGE_TLS_CERT"))
    return Config(
        database_url=with_driver(url),
        secret_key=_keys(env, "WANGGE_SECRET_KEY"),
        field_key=_keys(env, "WANGGE_FIELD_KEY"),
        rate=_rate(env.get("WANGGE_RATE") or "1"),
        contact_days=contact_days(env),
        proxies=_networks(env.get("WANGGE_PROXIES", "")),
        timezone=env.get("WANGGE_TIMEZONE") or "Asia/Shanghai",
        trusted_hosts=_hosts(env.get("WANGGE_BIND") or "127.0.0.1"),
        secure=secure,
        basemap=read_basemap(env, secure=secure),
    )


def contact_days(environ: Mapping[str, str] | None = None) -> int:
    """How many days after its closing an issue's contact is kept. Raises WanggeError."""
    text = (os.environ if environ is None else environ).get("WANGGE_CONTACT_DAYS") or CONTACT_DAYS
    if not str(text).isdecimal() or int(text) > MOST_DAYS:
        raise WanggeError("setting_unclear", setting="WANGGE_CONTACT_DAYS", value=str(text))
    return int(text)


def _keys(env: Mapping[str, str], name: str) -> str:
    """Keys with blanks between them, none of them short. Raises WanggeError."""
    keys = env.get(name, "").split()
    if not keys or any(len(key) < SHORTEST_KEY for key in keys):
        raise WanggeError("setting_missing", setting=name)
    return " ".join(keys)


def _rate(text: str) -> float:
    """How many times the usual number of requests is borne. Raises WanggeError."""
    if not text.replace(".", "", 1).isdecimal() or not text.isascii():
        raise WanggeError("setting_unclear", setting="WANGGE_RATE", value=text)
    return float(text)


def _networks(text: str) -> tuple[str, ...]:
    """Addresses or networks with blanks or commas between them. Raises WanggeError."""
    told = tuple(text.replace(",", " ").split())
    for one in told:
        try:
            ip_network(one)
        except ValueError as none:
            raise WanggeError("setting_unclear", setting="WANGGE_PROXIES", value=one) from none
    return told


def with_driver(url: str) -> str:
    """A PostgreSQL address as SQLAlchemy wants it, with the driver's name in it."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _hosts(bind: str) -> tuple[str, ...]:
    """The host names we answer to, empty for any.

    On loopback only its own, so that no other page's name can be pointed at us; elsewhere any,
    since the intranet's names are not known here.
    """
    if bind in ("127.0.0.1", "localhost", "::1"):
        return ("127.0.0.1", "localhost", "[::1]")
    return ()
