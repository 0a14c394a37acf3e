"""Forms that a browser posts by itself: each bears a token that only our own pages know."""

import secrets
from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, current_app, request, session
from werkzeug.exceptions import BadRequest

from geodata.domain.signs import is_foreign, unturned
from geodata.errors import NotAllowed

FORM = "application/x-www-form-urlencoded"
FIELD = "form_token"
_MARK = "wangge_form"
View = TypeVar("View", bound=Callable[..., object])


def posted(view: View) -> View:
    """Mark a view that takes a form."""
    setattr(view, _MARK, True)
    return view


def prepare(app: Flask) -> None:
    """Give the templates the token, and ask each posted form for it."""
    app.before_request(_check)
    app.context_processor(lambda: {"form_token": token})


def is_form(endpoint: str | None) -> bool:
    """Whether the view of an endpoint takes a form."""
    return bool(getattr(current_app.view_functions.get(endpoint or ""), _MARK, False))


def token() -> str:
    """The token of this browser's forms, made with its first."""
    if FIELD not in session:
        session[FIELD] = secrets.token_urlsafe(24)
    return cast("str", session[FIELD])


def told(name: str, most: int = 300) -> str:
    """What a field of the posted form says, cut to a length; empty where it is missing.

    Marks of direction are taken out. Raises BadRequest for signs that no person types.
    """
    said = unturned(request.form.get(name, ""))[:most]
    if any(map(is_foreign, said)):
        raise BadRequest
    return said


def told_as_typed(name: str, most: int = 300) -> str:
    """The same, of one or several lines, where whoever takes it looks at the signs in it."""
    return unturned(request.form.get(name, "")).replace("\r\n", "\n")[:most]


def _check() -> None:
    if request.method != "POST" or not is_form(request.endpoint):
        return
    known, given = session.get(FIELD), request.form.get(FIELD, "")
    if not isinstance(known, str) or not secrets.compare_digest(known.encode(), given.encode()):
        raise NotAllowed("form_stale")
