"""How a file that is handed over is called."""

from urllib.parse import quote

from flask import Response


def named(answer: Response, plain: str, said: str) -> Response:
    """The answer as a file to keep, by its names in ASCII and in Chinese; never cached."""
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(said, safe='')}"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
