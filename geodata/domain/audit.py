"""One entry of the audit trail, and the chain that ties each entry to the one before it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from geodata.domain.privacy import masked

Result = Literal["done", "refused", "failed"]

RESULTS: Final = ("done", "refused", "failed")
START: Final = b"\x00" * 32
"""What the first entry names as the hash before it."""

_LABEL: Final = "wangge audit 1"
_LONGEST: Final = 300
_MOST: Final = 50
_SECRET: Final = ("password", "secret", "token", "key", "phone", "tel")


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: the display id, the account's number if there is one, the network address."""

    actor: str | None = None
    account_id: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: `action` in words with dots, what it was done to, how it ended.

    `subject` is the kind of thing and its public id. `detail` may hold anything that JSON can;
    telephone numbers in it are masked and secrets left out before it is kept.
    """

    action: str
    subject: tuple[str, str] | None = None
    result: Result = "done"
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the chain sees it: all that its hash is made over, as text, and both hashes.

    `fields` are number, moment (UTC, to the microsecond), actor, account, action, kind and id of
    the subject, result, source and detail, in this order; None where there is none.
    """

    number: int
    fields: tuple[str | None, ...]
    previous: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain is broken first, and how: ``missing``, ``altered`` or ``unlinked``."""

    number: int
    kind: Literal["missing", "altered", "unlinked"]


def digest(fields: Iterable[str | None], previous: bytes) -> bytes:
    """SHA-256 over the fields and the hash before; no two different entries have one form.

    Each field is written with its length in bytes before it, an absent one as a dash.
    """
    written = "".join(_written(one) for one in (_LABEL, *fields, previous.hex()))
    return hashlib.sha256(written.encode()).digest()


def _written(text: str | None) -> str:
    return "-\n" if text is None else f"{len(text.encode())}:{text}\n"


def first_break(links: Iterable[Link], *, number: int = 0, previous: bytes = START) -> Break | None:
    """The first broken link of a chain in order, from the one after `number`; None if it holds."""
    for link in links:
        number += 1
        if link.number != number:
            return Break(number, "missing")
        if link.previous != previous:
            return Break(number, "unlinked")
        if link.digest != digest(link.fields, link.previous):
            return Break(number, "altered")
        previous = link.digest
    return None


def cleaned(detail: Mapping[str, object]) -> dict[str, object]:
    """The detail without secrets, telephone numbers masked, long texts and lists cut."""
    return {
        name: _cleaned(value)
        for name, value in detail.items()
        if not any(word in name.lower() for word in _SECRET)
    }


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return masked(value.replace("\0", ""))[:_LONGEST]
    if isinstance(value, Mapping):
        return cleaned({str(name): one for name, one in value.items()})
    if isinstance(value, list | tuple):
        return [_cleaned(one) for one in value[:_MOST]]
    return value if isinstance(value, bool | int | float) or value is None else str(value)
