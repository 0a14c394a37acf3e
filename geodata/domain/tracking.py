"""The code by which whoever reported an issue is known again.

It is made from the key that the client chose for its report, so that a report sent twice gives the
same code twice; kept is a digest only. A key bears at least 128 random bits, a code 80 of them.
"""

import hashlib
import re
from base64 import b32encode
from typing import Final
from uuid import UUID

_LENGTH: Final = 16
_GROUP: Final = 4
_KEY: Final = re.compile(r"[0-9A-Za-z_-]{22,64}")
_READ_AS: Final = str.maketrans({"0": "O", "1": "I", "8": "B"})


def is_key(text: str) -> bool:
    """Whether a text can be the key of a client: 22 to 64 letters and digits."""
    return _KEY.fullmatch(text) is not None


def code(key: str) -> str:
    """The code of a key, in groups of four as people read it: ``K7QF-2M5X-…``."""
    drawn = b32encode(hashlib.sha256(b"wangge tracking:" + key.encode()).digest()).decode()
    return "-".join(drawn[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))


def number(key: str) -> UUID:
    """The random number of the issue that is reported under a key."""
    drawn = hashlib.sha256(b"wangge issue:" + key.encode()).digest()
    return UUID(bytes=drawn[:16], version=4)


def digest(told: str) -> bytes:
    """What is kept of a code, however it is written: small letters, without strokes, 0 for O."""
    plain = re.sub(r"[^0-9A-Z]", "", told.upper()).translate(_READ_AS)
    return hashlib.sha256(b"wangge code:" + plain.encode()).digest()
