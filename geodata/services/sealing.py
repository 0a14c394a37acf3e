"""What is kept encrypted in the store: sealed and opened with the key of the settings."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from geodata.errors import WanggeError


def seal(plain: str, key: str, purpose: str) -> str:
    """The text encrypted and signed (Fernet: AES-128-CBC with HMAC-SHA-256).

    The key is the one of WANGGE_FIELD_KEY; each purpose has a key of its own derived from it.
    """
    return _fernet(key, purpose).encrypt(plain.encode()).decode("ascii")


def unseal(sealed: str, key: str, purpose: str) -> str:
    """The text that was sealed. Raises WanggeError ``seal_broken`` where the key is another."""
    try:
        return _fernet(key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise WanggeError("seal_broken") from wrong


def _fernet(key: str, purpose: str) -> Fernet:
    digest = hashlib.blake2b(purpose.encode(), key=key.encode()[:64], digest_size=32).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
