"""The settings of the web, read from the environment and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from geodata.errors import WanggeError
from webmap.basemap import OWN, BaseMap
from webmap.basemap import read as read_basemap

SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Config:
    """What the web has to know; the README's table of settings says what each one means."""

    database_url: str
    secret_key: str
    timezone: str = "Asia/Shanghai"
    trusted_hosts: tuple[str, ...] = ()
    secure: bool = False
    basemap: BaseMap = OWN


def read(environ: Mapping[str, str] | None = None) -> Config:
    """The settings as the environment has them.

    Raises WanggeError where the database or the key is missing, the key is short, or the base map
    cannot be drawn.
    """
    env = os.environ if environ is None else environ
    url, key = env.get("WANGGE_DATABASE_URL", ""), env.get("WANGGE_SECRET_KEY", "")
    if not url:
        raise WanggeError("setting_missing", setting="WANGGE_DATABASE_URL")
    if len(key) < SHORTEST_KEY:
        raise WanggeError("setting_missing", setting="WANGGE_SECRET_KEY")
    secure = bool(env.get("WANGGE_TLS_CERT"))
    return Config(
        database_url=with_driver(url),
        secret_key=key,
        timezone=env.get("WANGGE_TIMEZONE") or "Asia/Shanghai",
        trusted_hosts=_hosts(env.get("WANGGE_BIND") or "127.0.0.1"),
        secure=secure,
        basemap=read_basemap(env, secure=secure),
    )


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
