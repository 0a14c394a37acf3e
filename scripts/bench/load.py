"""Many requests at once over kept connections, with as little of our own work as can be."""

import re
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

CLIENTS = 4
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_BARE = (204, 304)


class RefusedError(RuntimeError):
    """An answer that is none of those expected."""


def rate(
    base: str,
    paths: Sequence[str],
    expected: int = 200,
    headers: Sequence[Mapping[str, str]] | None = None,
) -> float:
    """Answers a second when `CLIENTS` connections ask for all paths once between them.

    Raises RefusedError where an answer has not the expected status.
    """
    host = urlsplit(base)
    given = headers or [{}] * len(paths)
    sent = [_request(host.netloc, p, h) for p, h in zip(paths, given, strict=True)]
    failed: list[BaseException] = []
    clients = [
        threading.Thread(
            target=_ask, args=(host.hostname, host.port, sent[i::CLIENTS], expected, failed)
        )
        for i in range(CLIENTS)
    ]
    started = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    took = time.perf_counter() - started
    if failed:
        raise failed[0]
    return len(paths) / took


def _request(host: str, path: str, headers: Mapping[str, str]) -> bytes:
    given = {"Host": host, "Accept-Encoding": "gzip", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()


def _ask(
    host: str, port: int, requests: Sequence[bytes], expected: int, failed: list[BaseException]
) -> None:
    try:
        with socket.create_connection((host, port), timeout=60) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for request in requests:
                line.sendall(request)
                status = _read(line)
                if status != expected:
                    failed.append(RefusedError(f"{status} for {request.split()[1].decode()}"))
                    return
    except (OSError, RefusedError) as error:
        failed.append(error)


def _read(line: socket.socket) -> int:
    """Read one answer to its end; its status."""
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _more(line)
    head, got = data[: end + 2], len(data) - end - 4
    status = int(head[9:12])
    if status in _BARE:
        return status
    if _CHUNKED.search(head):
        while not data.endswith(b"0\r\n\r\n"):
            data += _more(line)
        return status
    length = _LENGTH.search(head)
    missing = int(length[1]) - got if length else 0
    while missing > 0:
        missing -= len(_more(line))
    return status


def _more(line: socket.socket) -> bytes:
    data = line.recv(1 << 18)
    if not data:
        raise RefusedError("the server closed the connection")
    return data
