"""One thing with a name or an address and a place."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

Kind = Literal["door", "building", "courtyard", "road", "place", "community", "alias", "hearsay"]
"""What people call a place is an ``alias`` where an official said so, else ``hearsay``."""

SAID: Final = ("alias", "hearsay")


class Known(Protocol):
    """What an entry must tell; a database row with these columns will do."""

    @property
    def kind(self) -> str:
        """One of `Kind`."""
        ...

    @property
    def label(self) -> str:
        """What people are shown; may be empty."""
        ...

    @property
    def name(self) -> str:
        """Its own name; may be empty."""
        ...

    @property
    def address(self) -> str:
        """Its address; may be empty."""
        ...

    @property
    def lon(self) -> float:
        """Longitude in degrees."""
        ...

    @property
    def lat(self) -> float:
        """Latitude in degrees."""
        ...

    @property
    def ref(self) -> int | str | None:
        """What the caller knows it by."""
        ...

    @property
    def street(self) -> str:
        """The name of its street office; may be empty."""
        ...

    @property
    def community(self) -> str:
        """The name of its community; may be empty."""
        ...

    @property
    def community_code(self) -> str:
        """The code of its community; may be empty."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing with a name or an address and a place (degrees, longitude and latitude).

    `kind` is one of `Kind`; `street` and `community` are names; `label` is what people are shown
    and made of address and name if empty; `aliases` are further names or addresses.
    """

    kind: str
    name: str
    lon: float
    lat: float
    address: str = ""
    label: str = ""
    ref: int | str | None = None
    street: str = ""
    community: str = ""
    community_code: str = ""
    aliases: tuple[str, ...] = ()


def label(entry: Known) -> str:
    """The entry's own label, or its address and name without saying one of them twice."""
    if entry.label:
        return entry.label
    if entry.name and entry.name not in entry.address:
        return entry.name if entry.address in entry.name else f"{entry.address}{entry.name}"
    return entry.address
