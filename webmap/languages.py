"""Chinese first, English beside it; one catalogue for pages, answers and scripts."""

import re
from functools import lru_cache
from typing import Literal, cast

from babel.support import Translations
from flask import Flask, Response, current_app, request
from flask_babel import Babel, get_locale, gettext
from flask_babel.speaklater import LazyString

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
COOKIE = "lang"
_YEAR_S = 365 * 24 * 3600
_HAN = re.compile("([\u4e00-\u9fff]+)")


def prepare(app: Flask) -> None:
    """Choose the language of each request: `?lang=`, else the cookie, else Chinese."""
    Babel(app, default_locale="zh", locale_selector=chosen)
    app.after_request(_remember)
    app.context_processor(
        lambda: {
            "lang": current(),
            "timezone": app.config["TIMEZONE"],
            "runs": runs,
            "singular": singular,
        }
    )


def chosen() -> Language:
    """The language that the request asks for."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return "zh"


def current() -> Language:
    """The language in force."""
    return "en" if str(get_locale()).startswith("en") else "zh"


@lru_cache(maxsize=4)
def catalogue(folder: str, language: Language) -> dict[str, str]:
    """All texts of a language by their Chinese; empty for Chinese itself."""
    if language == "zh":
        return {}
    texts = cast("dict[object, str]", Translations.load(folder, [language])._catalog)  # noqa: SLF001
    return {key: value for key, value in texts.items() if isinstance(key, str) and key}


def texts(language: Language) -> dict[str, str]:
    """The catalogue of the running application."""
    return catalogue(current_app.config["BABEL_TRANSLATION_DIRECTORIES"], language)


def singular(text: str) -> LazyString:
    """The name of a thing where it is said of one, which Chinese does not tell."""
    return LazyString(lambda: of_one(text) or gettext(text))


def of_one(text: str) -> str:
    """The form of a text for one thing, which the catalogue marks by |1; empty without one."""
    return "" if current() == "zh" else texts(current()).get(f"{text}|1", "")


def runs(text: str) -> list[str]:
    """The text in runs, every second one Chinese in a page that is not; one run in one that is."""
    return [text] if current() == "zh" else _HAN.split(text)


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES and request.cookies.get(COOKIE) != wish:
        response.set_cookie(
            COOKIE, wish, max_age=_YEAR_S, samesite="Lax", httponly=False, secure=request.is_secure
        )
    return response
