"""Grounds that were computed lately, so that a log of intents is gone on with from where it was.

The same intents over the same ground always give the same ground (`replay`), so what is remembered
is as good as what is computed again, by whichever process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Final

from geodata.domain import replay
from geodata.domain.cells import Cells
from geodata.domain.intent import Intent
from geodata.domain.redraw import Redrawn

MOST: Final = 400
"""Grounds that are remembered; each shares with the one before it whatever has not changed."""


@dataclass(frozen=True)
class Replayed:
    """The ground before any intent, and after each of them in turn."""

    before: Cells
    done: tuple[Redrawn, ...] = ()

    @property
    def after(self) -> Cells:
        """The ground after all intents."""
        return self.done[-1].cells if self.done else self.before


class Recall:
    """What the latest logs came to; safe to be asked by several threads at once."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, tuple[object, Replayed]] = OrderedDict()
        self._lock = Lock()

    def replayed(
        self,
        mark: Hashable,
        ground: Callable[[], Cells],
        intents: Sequence[Intent],
        within: Collection[str] | None = None,
    ) -> Replayed:
        """The ground after each of some intents, as `replay.replay` gives it.

        `mark` is equal for equal ground only, and for all equal ground that shall be recalled;
        `ground` gives it where it is not. Raises InvalidRedraw as `replay.perform`; what was done
        until then is remembered.
        """
        homes = None if within is None else frozenset(within)
        at, found = self._kept((mark, homes), lambda: Replayed(ground()))
        for wanted in intents:
            at, found = self._kept((at, wanted), partial(_next, found, wanted, homes))
        return found

    def _kept(self, key: Hashable, made: Callable[[], Replayed]) -> tuple[object, Replayed]:
        """What is remembered under a key, else what is made now, with a token of its own.

        Tokens stand for all that led there: a later key holds one instead of the whole log.
        """
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        fresh = (object(), made())
        with self._lock:
            known = self._known.setdefault(key, fresh)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return known


def _next(found: Replayed, wanted: Intent, homes: Collection[str] | None) -> Replayed:
    done = replay.perform(found.after, wanted, homes)
    return Replayed(found.before, (*found.done, done))
