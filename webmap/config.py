"""The settings of the web, read from the environment and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import cast, get_args

from geodata.domain.password import Rule
from geodata.errors import WanggeError
from geodata.services.sign_in import Policy
from webmap.basemap import OWN, BaseMap
from webmap.basemap import read as read_basemap

SHORTEST_KEY = 32
CONTACT_DAYS = 180
MOST_DAYS = 36500
DEFAULT_POLICY = Policy()
_FEWEST_KINDS = 8
_LONGEST_IDLE_MIN = 30
_LONGEST_SESSION_H = 12


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The city's identity provider (OpenID Connect), found by its issuer's discovery document.

    `claim` is what it calls a person by; an account that bears it as its subject is opened, and
    none is ever made.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    claim: str = "sub"


@dataclass(frozen=True, slots=True)
class Config:
    """What the web has to know; the README's table of settings says what each one means."""

    database_url: str
    secret_key: str
    timezone: str = "Asia/Shanghai"
    trusted_hosts: tuple[str, ...] = ()
    secure: bool = False
    basemap: BaseMap = OWN
    policy: Policy = DEFAULT_POLICY
    single_sign_on: SingleSignOn | None = None
    field_key: str = ""
    proxies: tuple[str, ...] = ()
    rate: float = 1.0
    contact_days: int = CONTACT_DAYS
    calendar: str = ""
    media: str = ""


def read(environ: Mapping[str, str] | None = None) -> Config:
    """The settings as the environment has them.

    The web's lesser role is taken where it has one, else the owner's address. Raises WanggeError
    where the database or a key is missing, a key can be guessed, a setting of sign-in is out of
    range, or the base map cannot be drawn.
    """
    env = os.environ if environ is None else environ
    url = env.get("WANGGE_WEB_DATABASE_URL") or env.get("WANGGE_DATABASE_URL", "")
    if not url:
        raise WanggeError("setting_missing", setting="WANGGE_DATABASE_URL")
    secure = bool(env.get("WANGGE_TLS_CERT"))
    return Config(
        database_url=with_driver(url),
        secret_key=_key("WANGGE_SECRET_KEY", env.get("WANGGE_SECRET_KEY", "")),
        field_key=_keys(env, "WANGGE_FIELD_KEY"),
        rate=_rate(env.get("WANGGE_RATE") or "1"),
        contact_days=contact_days(env),
        calendar=env.get("WANGGE_CALENDAR", ""),
        media=media(env),
        proxies=_networks(env.get("WANGGE_PROXIES", "")),
        timezone=timezone(env),
        trusted_hosts=_hosts(env.get("WANGGE_BIND") or "127.0.0.1"),
        secure=secure,
        basemap=read_basemap(env, secure=secure),
        policy=_policy(env),
        single_sign_on=_single_sign_on(env),
    )


def _key(name: str, key: str) -> str:
    """A key that nobody can guess. Raises WanggeError ``setting_missing``."""
    if len(key) < SHORTEST_KEY or len(set(key)) < _FEWEST_KINDS:
        raise WanggeError("setting_missing", setting=name)
    return key


def _policy(env: Mapping[str, str]) -> Policy:
    rule = env.get("WANGGE_PASSWORD_RULE") or "modern"
    if rule not in get_args(Rule):
        raise WanggeError("setting_unknown", setting="WANGGE_PASSWORD_RULE", value=rule)
    return Policy(
        idle=timedelta(minutes=_number(env, "WANGGE_SESSION_IDLE", _LONGEST_IDLE_MIN)),
        absolute=timedelta(hours=_number(env, "WANGGE_SESSION_HOURS", _LONGEST_SESSION_H)),
        password=cast("Rule", rule),
    )


def _number(env: Mapping[str, str], name: str, most: int) -> int:
    """A number from 1 to `most`, which is also the default."""
    told = env.get(name) or str(most)
    if not (told.isascii() and told.isdigit() and 1 <= int(told) <= most):
        raise WanggeError("setting_range", setting=name, value=told, most=most)
    return int(told)


def _single_sign_on(env: Mapping[str, str]) -> SingleSignOn | None:
    """The identity provider, where one is set. Raises WanggeError where it is set by half."""
    issuer = env.get("WANGGE_OIDC_ISSUER")
    if not issuer:
        return None
    for name in ("WANGGE_OIDC_CLIENT_ID", "WANGGE_OIDC_CLIENT_SECRET"):
        if not env.get(name):
            raise WanggeError("setting_missing", setting=name)
    return SingleSignOn(
        issuer.rstrip("/"),
        env["WANGGE_OIDC_CLIENT_ID"],
        env["WANGGE_OIDC_CLIENT_SECRET"],
        env.get("WANGGE_OIDC_CLAIM") or "sub",
    )


def contact_days(environ: Mapping[str, str] | None = None) -> int:
    """How many days after its closing an issue's contact is kept. Raises WanggeError."""
    text = (os.environ if environ is None else environ).get("WANGGE_CONTACT_DAYS") or CONTACT_DAYS
    if not str(text).isdecimal() or int(text) > MOST_DAYS:
        raise WanggeError("setting_unclear", setting="WANGGE_CONTACT_DAYS", value=str(text))
    return int(text)


def timezone(environ: Mapping[str, str] | None = None) -> str:
    """The time zone of the district's days, by its IANA name."""
    return (os.environ if environ is None else environ).get("WANGGE_TIMEZONE") or "Asia/Shanghai"


def font(environ: Mapping[str, str] | None = None) -> str:
    """The file of the face that maps of reports are written in; empty for the machine's best."""
    return (os.environ if environ is None else environ).get("WANGGE_FONT", "")


def media(environ: Mapping[str, str] | None = None) -> str:
    """The folder of photos: as set, else in the state folder; empty where neither is known."""
    env = os.environ if environ is None else environ
    state = env.get("WANGGE_STATE", "")
    return env.get("WANGGE_MEDIA") or (f"{state}/media" if state else "")


def _keys(env: Mapping[str, str], name: str) -> str:
    """Keys with blanks between them, none of them to be guessed. Raises WanggeError."""
    return " ".join(_key(name, key) for key in env.get(name, "").split() or [""])


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
