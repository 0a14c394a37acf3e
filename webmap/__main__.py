"""`python -m webmap` says whether the web can start with its settings, without starting it."""

import sys
from pathlib import Path

from flask import Flask
from flask_babel import force_locale

from geodata.errors import WanggeError
from webmap import config, languages
from webmap.texts import sentence


def main() -> int:
    """The exit code: 0 where the settings are good, 1 with a sentence where they are not."""
    try:
        config.read()
    except WanggeError as refused:
        for words in _said(refused):
            sys.stderr.write(f"{words}\n")
        return 1
    return 0


def _said(refused: WanggeError) -> list[str]:
    """The refusal in each language that we speak."""
    app = Flask("webmap")
    app.config.update(
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"), TIMEZONE="UTC"
    )
    languages.prepare(app)
    said = []
    for language in languages.LANGUAGES:
        with app.test_request_context(), force_locale(language):
            said.append(sentence(refused.code, refused.facts))
    return said


if __name__ == "__main__":
    sys.exit(main())
