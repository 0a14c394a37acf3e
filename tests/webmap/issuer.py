"""A tiny identity provider on loopback: discovery, authorisation, tokens, keys."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "wangge", "a secret between us"


@dataclass
class Issuer:
    """What the provider says of whoever comes, and what it saw."""

    url: str = ""
    subject: str = "shuji@city"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    audience: str = CLIENT
    nonce: str | None = None
    asked: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def authorize(self, address: str) -> str:
        """Where the browser is sent back to, after the person has agreed."""
        self.asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = self.asked
        return f"/sign-in/sso/back?code={code}&state={self.asked['state']}"

    def token(self, said: dict[str, str]) -> dict[str, Any]:
        """The tokens for a code. Raises KeyError or AssertionError where it is none of ours."""
        asked = self.codes.pop(said["code"])
        digest = hashlib.sha256(said["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert asked["code_challenge_method"] == "S256"
        assert asked["code_challenge"] == challenge
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": self.subject,
            "aud": self.audience,
            "nonce": self.nonce or asked["nonce"],
            "iat": now,
            "exp": now + 60,
        }
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def running() -> Iterator[Issuer]:
    """The provider, answering on loopback."""
    issuer = Issuer()
    published = RSAKey.import_key(issuer.key.as_dict(private=False))

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [published.as_dict(private=False)]}
            self.answer(keys if self.path == "/keys" else issuer.discovery())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = {name: value[0] for name, value in parse_qs(body).items()}
            try:
                self.answer(issuer.token(said))
            except (KeyError, AssertionError):
                self.answer({"error": "invalid_grant"}, 400)

        def answer(self, told: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
