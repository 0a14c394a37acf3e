"""The second factor: codes of an authenticator (TOTP, RFC 6238) and recovery codes."""

import hashlib
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from geodata.db import accounts, sessions
from geodata.errors import InvalidMove
from geodata.services.sealing import Sealed, Sealer

ISSUER: Final = "Wangge"
_STEP_S: Final = 30
_PURPOSE: Final = "totp"
_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A random secret of 160 bits, in base 32, that is not stored yet."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """The `otpauth://` text that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def enrol(
    session: Session, account: int, secret: str, code: str, sealer: Sealer, now: datetime
) -> list[str]:
    """Recovery codes, each good once, after the authenticator has shown that it holds the secret.

    Raises InvalidMove ``code_wrong`` where the code is not of this secret.
    """
    step = _step(secret, code, now)
    if step is None:
        raise InvalidMove("code_wrong")
    sealed = str(sealer.seal(secret, _PURPOSE))
    accounts.change(session, account, totp_secret=sealed, totp_used=step)
    codes = [_recovery_code() for _ in range(_CODES)]
    sessions.put_codes(session, account, [_digest(one) for one in codes])
    return codes


def withdraw(session: Session, account: int) -> None:
    """Do without the second factor from now on."""
    accounts.change(session, account, totp_secret=None, totp_used=0)
    sessions.put_codes(session, account, [])


def fits(session: Session, account: RowMapping, code: str, sealer: Sealer, now: datetime) -> bool:
    """Whether a code is the authenticator's, never used before, or an unused recovery code.

    The account is held by the caller's transaction, so that no code is good twice.
    """
    plain = "".join(code.split()).replace("-", "").lower()
    step = _step(sealer.open(Sealed.read(account["totp_secret"]), _PURPOSE), plain, now)
    if step is None:
        return sessions.use_code(session, account["id"], _digest(plain), now)
    if step <= account["totp_used"]:
        return False
    accounts.change(session, account["id"], totp_used=step)
    return True


def reseal(session: Session, sealer: Sealer) -> int:
    """Seal the secrets anew that bear another key than the sealer's newest; how many.

    Raises Conflict where a key is not among the sealer's.
    """
    kept = accounts.sealed_otherwise(session, sealer.key_id)
    for number, written in kept:
        secret = sealer.open(Sealed.read(written), _PURPOSE)
        accounts.change(session, number, totp_secret=str(sealer.seal(secret, _PURPOSE)))
    return len(kept)


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code is of: the present one or a neighbour; None where of none."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // _STEP_S
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.at(step * _STEP_S).encode(), code.strip().encode()):
            return step
    return None


def _recovery_code() -> str:
    """Ten characters of 31 each: about 49 bits, and tries at them lock the account."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def _digest(code: str) -> str:
    return hashlib.sha256(code.replace("-", "").encode()).hexdigest()
