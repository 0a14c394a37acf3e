"""The city's single sign-on: OpenID Connect by discovery, with PKCE, state and nonce (Authlib)."""

from typing import Any, Final, cast

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask, Response, current_app
from joserfc.errors import JoseError
from requests import RequestException

from geodata.errors import NotAllowed, NotFound
from webmap.config import SingleSignOn

_KEY: Final = "wangge-sso"
_PATIENCE_S: Final = 10


def prepare(app: Flask, settings: SingleSignOn | None) -> None:
    """Know the provider, whose description is fetched when somebody first signs in by it."""
    app.context_processor(lambda: {"single_sign_on": settings is not None})
    if settings is None:
        return
    provider = OAuth(app).register(
        "city",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": _PATIENCE_S,
        },
    )
    app.extensions[_KEY] = provider, settings


def leave(back: str) -> Response:
    """The way to the provider, which sends the browser back to the address `back`.

    Raises NotFound where no provider is set, NotAllowed ``sso_failed`` where it does not answer.
    """
    provider, settings = _known()
    try:
        metadata = provider.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != settings.issuer:
            raise NotAllowed("sso_failed")
        return cast("Response", provider.authorize_redirect(back))
    except (AuthlibBaseError, RequestException, ValueError) as failed:
        raise _failed(failed) from failed


def subject() -> str:
    """Who came back, by the claim that the settings name; state, nonce and signature were checked.

    Raises NotAllowed ``sso_failed`` where anything of it does not hold.
    """
    provider, settings = _known()
    try:
        told = provider.authorize_access_token()
    except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError) as failed:
        raise _failed(failed) from failed
    claims = told.get("userinfo") or {}
    found = claims.get(settings.claim)
    if not isinstance(found, str) or not found:
        raise NotAllowed("sso_failed")
    return found


def _known() -> tuple[Any, SingleSignOn]:
    known = current_app.extensions.get(_KEY)
    if known is None:
        raise NotFound("no_page")
    return cast("tuple[Any, SingleSignOn]", known)


def _failed(error: BaseException) -> NotAllowed:
    current_app.logger.warning("single sign-on failed: %s", type(error).__name__)
    return NotAllowed("sso_failed")
