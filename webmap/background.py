"""Answers that take longer than a page may wait: made in the background, once a version."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")


@dataclass
class Background(Generic[T]):
    """A value made from the store by one thread of its own, made anew for each version."""

    make: Callable[[Session], T]
    _lock: Lock = field(default_factory=Lock)
    _version: object = None
    _made: Future[T] | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def get(self, version: object, sessions: sessionmaker[Session], wait_s: float) -> T | None:
        """The value for this version; None if it is not made within `wait_s` seconds.

        What went wrong in making it is raised once, and the next caller tries anew.
        """
        with self._lock:
            if self._made is None or version != self._version:
                self._version, self._made = version, self._thread.submit(self._run, sessions)
            made = self._made
        try:
            return made.result(wait_s)
        except NotYetError:
            return None
        finally:
            self._forget_failure(made)

    def _run(self, sessions: sessionmaker[Session]) -> T:
        with sessions() as opened:
            return self.make(opened)

    def _forget_failure(self, made: Future[T]) -> None:
        with self._lock:
            if self._made is made and made.done() and made.exception() is not None:
                self._made = None
