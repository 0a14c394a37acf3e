"""What somebody may ask of an export: coordinates, a day, and which rows."""

from typing import Annotated

from pydantic import Field

from webmap.api.fields import Query, Text

Short = Annotated[Text, Field(max_length=100)]


class FileQuery(Query):
    """In which coordinates, as of which day, and which rows."""

    crs: Annotated[Short, Field(description="EPSG:n, GCJ02 or BD09")] = "EPSG:4490"
    at: Annotated[Short, Field(description="a day or moment, for grids and posts")] = ""
    bbox: Annotated[Short, Field(description="west,south,east,north in degrees")] = ""
    code: Short = ""
    kind: Short = ""
    tier: Short = ""
    street: Short = ""
    community: Short = ""
    grid: Short = ""
    state: Short = ""
    category: Short = ""
    period: Short = ""
    since: Short = ""
    until: Short = ""
    overdue: Short = ""
    soon: Short = ""
    status: Short = ""
    channel: Short = ""
    handler: Short = ""
    supervision: Short = ""
    words: Short = ""
    due_since: Short = ""
    due_until: Short = ""
    outcome: Short = ""
    done_since: Short = ""
    done_until: Short = ""
    nowhere: Short = ""
    import_: Annotated[Short, Field(alias="import")] = ""

    @property
    def filters(self) -> dict[str, str]:
        """The conditions that were given; what was left empty is none."""
        told = self.model_dump(exclude={"lang", "crs", "at", "layer", "format"}, by_alias=True)
        return {name: value for name, value in told.items() if value}
