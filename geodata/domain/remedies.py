"""What helps where a redraw is refused: offered only if it was tried and leads to a redraw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import count
from typing import Any, Final

from geodata.domain.intent import KINDS, Intent, as_json, from_json
from geodata.errors import InvalidRedraw, Remedy

Try = Callable[[Intent], object]
"""Performs an intent; raises InvalidRedraw."""
_TRIES: Final = 12
"""So many intents are tried for one refusal."""
_AT_ONCE: Final = frozenset({"stay_inside", "pull_back"})
"""What is drawn otherwise than it was meant, and is to help by itself."""
_DEEP: Final = 3
"""So many remedies may be needed one after the other."""


def mended(wanted: Intent, remedy: Remedy, code: Callable[[], str]) -> Intent:
    """The intent as a remedy would have it; `code` makes up the codes of its new grids.

    Raises InvalidRedraw ``intent_unreadable`` where it comes to none.
    """
    told: dict[str, Any] = {**as_json(wanted), **remedy.changes}
    parts = told.pop("parts", None)
    if parts is not None:
        told["new"] = [code() for _ in range(parts - 1)]
    kind = KINDS.get(told["op"])
    if kind is not None and not isinstance(wanted, kind):
        known = {"op", *(field.name for field in fields(kind))}
        told = {name: value for name, value in told.items() if name in known}
    if told.get("new") is True or (told["op"] == "carve" and not isinstance(told.get("new"), str)):
        told["new"] = code()
    return from_json(told)


def working(wanted: Intent, refused: InvalidRedraw, perform: Try) -> Remedy | None:
    """The first remedy of a refusal that leads to a redraw at once, else with those that follow."""
    trial = _Trial(perform)
    known = [one for one in (refused.remedy, *refused.otherwise) if one and _fits(wanted, one)]
    for remedy in known:
        if trial.leads_on(wanted, remedy, ()):
            return remedy
    for remedy in known:
        if remedy.kind not in _AT_ONCE and trial.leads_on(wanted, remedy, (refused.code,)):
            return remedy
    return None


def _fits(wanted: Intent, remedy: Remedy) -> bool:
    """Whether it is another operation or changes only what an intent of this kind has."""
    known = {"parts", *(field.name for field in fields(wanted))}
    return "op" in remedy.changes or known.issuperset(remedy.changes)


class _Trial:
    """Remedies tried, a few at most."""

    def __init__(self, perform: Try) -> None:
        self._perform, self._left = perform, _TRIES
        self._made: Iterator[int] = count(1)

    def leads_on(self, wanted: Intent, remedy: Remedy, seen: tuple[str, ...]) -> bool:
        """Whether a remedy leads to a redraw and never back to a refusal that was `seen`.

        Where none was seen it is to lead there at once.
        """
        if not self._left or len(seen) > _DEEP:
            return False
        self._left -= 1
        try:
            other = mended(wanted, remedy, lambda: f"+try{next(self._made)}")
            self._perform(other)
        except InvalidRedraw as again:
            if not seen or again.code in seen:
                return False
            if again.remedy is None or not _fits(other, again.remedy):
                return False
            return self.leads_on(other, again.remedy, (*seen, again.code))
        return True
