"""Another server, as an intranet has one: it hands out tiles, and can be told to fail."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests import archives

GROUND = archives.picture(226, 222, 208)


@dataclass
class Tiles:
    """A running tile server: where it is, what it was asked, and whether it fails."""

    host: str
    failing: bool = False
    asked: list[str] = field(default_factory=list)
    vectors: dict[str, bytes] = field(default_factory=dict)
    origins: set[str | None] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The template of its addresses."""
        return f"http://{self.host}/{{z}}/{{x}}/{{y}}.png"


@contextmanager
def tile_server() -> Iterator[Tiles]:
    """A tile server on a port of its own, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append(self.path)
            tiles.origins.add(self.headers["Referer"])
            body = tiles.vectors.get(self.path, b"") if self.path.endswith(".pbf") else GROUND
            self.send_response(503 if tiles.failing else 200)
            self.send_header("Content-Length", "0" if tiles.failing else str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(b"" if tiles.failing else body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    tiles = Tiles(f"127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield tiles
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
