"""Forms that a browser posts by itself: each bears a token that only our own pages know."""

import secrets
from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, current_app, request, session
from werkzeug.exceptions import BadRequest

from geodata.domain.signs import is_foreign
from geodata.errors import NotAllowed

FORM = "application/x-www-form-urlencoded"
FIELD = "form_token"
_MARK = "wangge_form"
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
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

    Raises BadRequest for signs that no person types: control characters, and those that turn the
    direction of what follows, so that a name looks like another.
    """
    said = request.form.get(name, "")[:most]
    if any(is_foreign(sign) or sign in _TURNING for sign in said):
        raise BadRequest
    return said


def told_lines(name: str, most: int) -> str:
    """The same of a field of several lines."""
    said = request.form.get(name, "").replace("\r\n", "\n")[:most]
    if any(_strange(sign) for sign in said):
        raise BadRequest
    return said


def _strange(sign: str) -> bool:
    return sign not in "\n\t" and (is_foreign(sign) or sign in _TURNING)


def _check() -> None:
    if request.method != "POST" or not is_form(request.endpoint):
        return
    known, given = session.get(FIELD), request.form.get(FIELD, "")
    if not isinstance(known, str) or not secrets.compare_digest(known.encode(), given.encode()):
        raise NotAllowed("form_stale")
