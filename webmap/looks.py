"""Coverage as it was looked at last, kept as long as nothing that it tells of can have changed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from geodata.domain.coverage.frames import Still
from geodata.services import coverage
from geodata.services.coverage import Lasting, Look

LASTS: Final = timedelta(minutes=1)
"""After which a look is taken again, though nobody wrote and no deadline passed: days go by."""
_LONG_S: Final = 1.0


@dataclass(frozen=True)
class _Of:
    """What a look was made of: the versions, what only changes with the ground, what was seen."""

    served: tuple[str, ...]
    still: Still
    lasting: Lasting

    def stands(self, served: tuple[str, ...], still: Still, now: datetime) -> bool:
        return self.served == served and self.still is still and self.lasting.holds(now)


@dataclass
class Looks:
    """The look at the whole district, made anew where something was written.

    What issues say is asked for again after any writing at all, the rest after one to the ground,
    the posts or the groups. Who comes meanwhile waits for the one who looks.
    """

    settle: Callable[[], None]
    """What to do after so much was made anew that it took long."""
    _lock: Lock = field(default_factory=Lock)
    _of: _Of | None = None
    _seen: tuple[str, datetime, Look] | None = None

    def get(self, session: Session, now: datetime, still: Still) -> Look:
        """The look at a moment; `session` sees everything, `still` is of the present ground."""
        seen = coverage.snapshot(session)
        if seen is None:  # its own changes are nobody else's yet
            return coverage.look(session, now, coverage.lasting(session, now, still))
        with self._lock:
            lasting = self._lasting(session, now, still)
            if self._seen is not None and self._serves(seen, now):
                return self._seen[2]
            look = coverage.look(session, now, lasting)
            self._seen = seen, now, look
            return look

    def prepare(self, session: Session, now: datetime, still: Still) -> None:
        """Make what the first look would wait for; `session` may see no issues."""
        with self._lock:
            self._lasting(session, now, still)

    def _serves(self, seen: str, now: datetime) -> bool:
        if self._seen is None:
            return False
        known, at, look = self._seen
        ends = min(at + LASTS, look.until or at + LASTS)
        return known == seen and at <= now < ends

    def _lasting(self, session: Session, now: datetime, still: Still) -> Lasting:
        served = coverage.served(session)
        if self._of is None or not self._of.stands(served, still, now):
            began = time.monotonic()
            self._of = _Of(served, still, coverage.lasting(session, now, still))
            self._seen = None
            if time.monotonic() - began > _LONG_S:
                self.settle()
        return self._of.lasting
