"""Answers that a browser may keep: with an ETag, and 304 where it has them already."""

import gzip
from functools import lru_cache
from typing import cast

from flask import Response, request

_SMALL = 1024
_FILES = 128
_PART = 206
_TEXT = (
    *("application/json", "application/geo+json", "text/html", "text/javascript"),
    *("text/css", "image/svg+xml", "application/atom+xml"),
)


def kept(body: str | bytes, mimetype: str) -> Response:
    """The body with an ETag of its content, to be asked for again each time."""
    response = Response(body, mimetype=mimetype)
    response.add_etag()
    return _conditional(response)


def versioned(version: str) -> Response | None:
    """304 where the browser holds this very version; else None, and the body is to be made."""
    if not request.if_none_match:
        return None
    response = Response(status=200)
    response.set_etag(version)
    answer = _conditional(response)
    return answer if answer.status_code == 304 else None  # noqa: PLR2004 -- Not Modified


def unpacked(body: bytes, mimetype: str) -> Response:
    """An answer whose body is held gzipped, unpacked for who cannot do it."""
    taken = request.accept_encodings["gzip"]
    answer = Response(body if taken else gzip.decompress(body), mimetype=mimetype)
    answer.headers["Vary"] = "Accept-Encoding"
    if taken:
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _conditional(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-cache"
    answer = response.make_conditional(request)
    return cast("Response", answer)


def pays(size: int, mimetype: str) -> bool:
    """Whether a body of so many bytes is worth being gzipped."""
    return mimetype in _TEXT and size >= _SMALL


def packed(response: Response) -> Response:
    """The answer, gzipped where it is text of some size and the browser takes it so."""
    if (
        response.status_code == _PART
        or "Content-Encoding" in response.headers
        or not pays(response.content_length or 0, response.mimetype or "")
    ):
        return response
    if "Accept-Encoding" not in response.vary:
        response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        _pack(response)
    return response


def _pack(response: Response) -> None:
    """Gzip the body; a file's is remembered, since it is sent again and again."""
    if response.direct_passthrough:
        response.direct_passthrough = False
        response.set_data(_packed_file(response.get_data()))
        response.headers.pop("Accept-Ranges", None)
    else:
        response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"


@lru_cache(maxsize=_FILES)
def _packed_file(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=9, mtime=0)
