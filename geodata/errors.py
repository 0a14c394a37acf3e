# ruff: noqa: N818 -- named for what the caller did, not for being errors
"""Every way we refuse. An error carries a code and facts; the doors put them into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

LONGEST = 200
MOST = 40

Fact = object
"""One fact of a refusal: text, a number, a list of such; always JSON-ready."""


def _short(value: Fact) -> Fact:
    """The fact cut to what a sentence can bear: whatever a stranger sent may stand in it."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    if isinstance(value, list | tuple):
        return [_short(member) for member in value[:MOST]]
    return value


class WanggeError(Exception):
    """The base of all refusals: `code` says which one, `facts` hold its particulars."""

    code: str
    facts: dict[str, Fact]

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {name: _short(value) for name, value in facts.items()}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({told})" if told else self.code


class NotFound(WanggeError):
    """What was asked for does not exist, or not for this caller."""


class NotAllowed(WanggeError):
    """The caller may not do this."""


class Conflict(WanggeError):
    """The state of things has moved on since the caller looked, or the answer is ambiguous."""


class InvalidShape(WanggeError):
    """A geometry that cannot be stored or drawn with."""


class InvalidMove(WanggeError):
    """A change that the present state does not allow."""


@dataclass(frozen=True)
class Remedy:
    """What would help: its kind, and the fields of the refused request to send otherwise.

    Without `changes` nothing can be sent again: somebody has to draw or to choose anew.
    `changes` are JSON-ready. ``parts`` among them asks for so many grids in all, hence for one new
    code less; ``op`` for another operation, which may need a new code.
    """

    kind: str
    changes: Mapping[str, Fact] = field(default_factory=dict)


class InvalidRedraw(WanggeError):
    """A redraw that the ground does not allow: where (degrees, EPSG:4326), and what would help.

    `otherwise` are remedies to fall back on where the first one turns out not to help.
    """

    def __init__(
        self,
        code: str,
        *,
        place: BaseGeometry | None = None,
        remedy: Remedy | None = None,
        otherwise: Sequence[Remedy] = (),
        **facts: Fact,
    ) -> None:
        super().__init__(code, **facts)
        self.place = place
        self.remedy = remedy
        self.otherwise = otherwise


class InvalidFile(WanggeError):
    """A file that cannot be read at all; no row of it was taken."""


class InvalidRow(WanggeError):
    """One row of a file that cannot be taken; the others can.

    `row` is the number a reader of the file sees (the header is 1 in most files), `column` the
    header of the offending cell or an empty text, `raw` the row's cells by header, without the
    contact columns, which stand in `contact`.
    """

    def __init__(
        self,
        code: str,
        *,
        row: int = 0,
        column: str = "",
        raw: Mapping[str, str] | None = None,
        contact: Mapping[str, str] | None = None,
        **facts: Fact,
    ) -> None:
        super().__init__(code, **facts)
        self.row = row
        self.column = column
        self.raw = dict(raw or {})
        self.contact = dict(contact or {})
