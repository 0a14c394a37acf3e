"""What only the holder of the field key can read: sealed with AES-256-GCM, key by key."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from geodata.errors import Conflict

_NONCE: Final = 12
_KEY: Final = 32
_PURPOSE: Final = b"wangge field key 1"


@dataclass(frozen=True, slots=True)
class Sealed:
    """Sealed bytes (a nonce, then the cipher text with its tag) and which key opens them."""

    key_id: str
    content: bytes

    @classmethod
    def read(cls, written: str) -> "Sealed":
        """What `str` wrote. Raises Conflict ``seal_broken`` where it is no such text."""
        key_id, _, content = written.partition(".")
        try:
            return cls(key_id, base64.urlsafe_b64decode(content.encode()))
        except (ValueError, binascii.Error) as other:
            raise Conflict("seal_broken", key_id=key_id[:16]) from other

    def __str__(self) -> str:
        return f"{self.key_id}.{base64.urlsafe_b64encode(self.content).decode()}"


class Sealer:
    """Seals with the first of its keys and opens with any of them."""

    def __init__(self, keys: str) -> None:
        """Take the keys as the setting has them: the newest first, with blanks between them."""
        self._ciphers = {_name(key): AESGCM(_derived(key)) for key in keys.split()}
        self.key_id = next(iter(self._ciphers))

    def seal(self, text: str, about: str) -> Sealed:
        """The text sealed; it can be opened only as being about the same thing."""
        nonce = secrets.token_bytes(_NONCE)
        cipher = self._ciphers[self.key_id]
        return Sealed(self.key_id, nonce + cipher.encrypt(nonce, text.encode(), about.encode()))

    def open(self, sealed: Sealed, about: str) -> str:
        """The text again.

        Raises Conflict ``seal_broken`` where its key is not among ours or the bytes are
        not what was sealed.
        """
        cipher = self._ciphers.get(sealed.key_id)
        nonce, content = sealed.content[:_NONCE], sealed.content[_NONCE:]
        if cipher is None:
            raise Conflict("seal_broken", key_id=sealed.key_id)
        try:
            return cipher.decrypt(nonce, content, about.encode()).decode()
        except InvalidTag as other:
            raise Conflict("seal_broken", key_id=sealed.key_id) from other


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), _KEY, salt=None, info=_PURPOSE).derive(key.encode())


def _name(key: str) -> str:
    """What a key is called in the store; tells nothing of the key itself."""
    return hashlib.sha256(_PURPOSE + b" name " + _derived(key)).hexdigest()[:16]
