"""Refused rows of an import as a file to correct and send again."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from geodata.db import imports as store
from geodata.domain.privacy import masked
from geodata.files.refused import refused_csv
from geodata.services import imports
from geodata.services.imports import Words


def as_csv(session: Session, number: int, words: Words, *, mask: bool) -> bytes:
    """The refused rows as a CSV to correct and send again, with the reasons in words.

    `words` puts a code and its facts into a sentence; `mask` hides phone and identity numbers in
    the cells. Raises NotFound.
    """
    imports.one(session, number)
    shown: Callable[[str], str] = masked if mask else str
    return refused_csv(
        (
            r["row"],
            r["column"],
            shown(words(r["code"], r["facts"])),
            {name: shown(cell) for name, cell in r["raw"].items()},
        )
        for r in store.refused(session, number)
    )
