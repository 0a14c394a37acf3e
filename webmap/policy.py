"""What every answer says about itself, and which requests are refused at the door."""

import hashlib

from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from geodata.domain.roles import NOBODY
from geodata.errors import NotAllowed
from webmap import answers, forms
from webmap.basemap import BaseMap

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{images}; "
    "connect-src 'self'{data}; font-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(self), camera=(), microphone=()"),
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NEVER_KEPT = ("/account", "/people", "/sign-in", "/api/session")
_PERSONAL = frozenset(
    {
        *("issues.contact", "issues.unmask", "issues.report", "audit.listed", "staff.audit"),
        *("moves.reply", "moves.follow", "foretelling.preview"),
        *("own_reports.photos", "own_reports.photo"),
        *("imports.refused", "imports.refused_file", "imports.correct", "loads.report"),
        *("loads.report_file", "certificates.certificate"),
    }
)
"""What no browser and no proxy keeps a copy of."""

_LARGEST_BODY = 2**20
_READ_OUT = 2**25
_FORMS = frozenset({"imports.upload", "loads.upload", "roster.take", "photos.take_in"})


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, whose signer is made once instead of at every request."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of an application's cookies, which keeps its key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def prepare(app: Flask, *, secure: bool, basemap: BaseMap) -> None:
    """Refuse changes asked for by other sites' pages, and send our headers with every answer."""
    app.config["OWN_HEADERS"] = (("Content-Security-Policy", content_policy(basemap)), *_ALWAYS)
    app.session_interface = Sessions()
    app.before_request(_own_pages_only)
    app.before_request(_known_bodies_only)
    app.after_request(_headers)
    app.after_request(answers.packed)
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(str(app.config["SECRET_KEY"]), secure=secure),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_PATH="/",
    )


def cookie_name(key: str, *, secure: bool) -> str:
    """One name for each key, since a browser sends the cookies of all ports of a host to each."""
    name = f"wangge_{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    return f"__Host-{name}" if secure else name


def content_policy(basemap: BaseMap) -> str:
    """What our pages may load: all from our own host, and tiles from the base map's."""
    hosts = "".join(f" {host}" for host in basemap.hosts)
    raster = basemap.kind == "raster"
    return CONTENT_POLICY.format(images=hosts if raster else "", data="" if raster else hosts)


def _own_pages_only() -> None:
    """A browser names the page that asks; a program names none and is no one's cookie."""
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = f"{request.scheme}://{request.host}"
    if site not in (None, "same-origin", "none") or origin not in (None, own):
        raise NotAllowed("foreign_page")


def _known_bodies_only() -> None:
    """JSON under another name is what a form of another site's page can send."""
    if request.method in _SAFE or request.routing_exception is not None:
        return
    if request.method == "DELETE" and not request.content_length:
        return  # no form can send it
    if request.endpoint in _FORMS:
        wanted = "multipart/form-data"
    else:
        wanted = forms.FORM if forms.is_form(request.endpoint) else "application/json"
        request.max_content_length = _LARGEST_BODY
    _refuse_large(request.max_content_length or 0)
    if request.mimetype != wanted:
        raise UnsupportedMediaType


def _refuse_large(limit: int) -> None:
    """A body that is too large is read to its end first, so that who sends it hears why it failed.

    Beyond `_READ_OUT` it is not: then the connection breaks off.
    """
    sent = request.content_length or 0
    if sent <= limit:
        return
    left = min(sent, _READ_OUT)
    body = request.environ["wsgi.input"]
    while left > 0 and (chunk := body.read(min(left, 2**16))):
        left -= len(chunk)
    raise RequestEntityTooLarge


def _headers(response: Response) -> Response:
    response.headers.extend(current_app.config["OWN_HEADERS"])
    kept = "private, no-cache" if g.get("actor", NOBODY).signed_in else "no-cache"
    if request.path.startswith(_NEVER_KEPT) or request.endpoint in _PERSONAL:
        response.headers["Cache-Control"] = "no-store"
    elif response.headers.get("Cache-Control", "no-cache") == "no-cache":
        response.headers["Cache-Control"] = kept
    return response
