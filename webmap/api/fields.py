"""The kinds of field that queries and bodies are made of; each refuses what it cannot hold."""

from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from geodata.db.layers import Box
from geodata.domain import signs

EAST, NORTH = 180.0, 90.0
_LINE_BREAKS = "\n\r\t"


class Model(BaseModel):
    """A body or query in which unknown fields are refused and numbers are finite."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Query(Model):
    """A query string; `lang` may stand in every one."""

    lang: Annotated[str, Field(pattern="^(zh|en)$", description="language of the answer")] = "zh"


def _printable(text: str) -> str:
    """The text without marks of direction, refused where it holds signs that no person types."""
    if any(signs.is_foreign(sign) and sign not in _LINE_BREAKS for sign in text):
        raise ValueError("control characters")
    return signs.unturned(text)


def _seen(text: str) -> str:
    """The text, refused where nothing of it shows."""
    if not signs.shows(text):
        raise ValueError("nothing is said")
    return text


def _box(text: object) -> object:
    if not isinstance(text, str):
        return text
    return tuple(float(word) for word in text.split(","))


def _ordered(box: Box) -> Box:
    west, south, east, north = box
    if not (-EAST <= west <= east <= EAST and -NORTH <= south <= north <= NORTH):
        raise ValueError("west,south,east,north in degrees")
    return box


Text = Annotated[str, AfterValidator(_printable)]
Said = Annotated[Text, AfterValidator(_seen)]
"""A text that says something: signs without width alone are nothing."""
Degrees = Annotated[float, Field(ge=-180, le=180)]
BoundingBox = Annotated[
    Box,
    BeforeValidator(_box),
    AfterValidator(_ordered),
    WithJsonSchema(
        {"type": "string", "description": "west,south,east,north in degrees (EPSG:4326)"}
    ),
]


class PhotoBody(Model):
    """A photo that was taken in, and what it shows."""

    id: UUID
    kind: Annotated[str, Field(pattern="^(report|before|after)$")] = "report"


def kinds(photos: list[PhotoBody]) -> dict[UUID, str]:
    """What each photo shows, by its number."""
    return {photo.id: photo.kind for photo in photos}


Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,20}$")]
Key = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{22,64}$")]
"""The client's own for one deed, by which the same one sent again is known."""
Answers = Annotated[dict[Code, Annotated[Text, Field(max_length=100)]], Field(max_length=12)]
"""What was answered to the questions of a category, by the question's code."""
