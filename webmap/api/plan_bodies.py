"""What is sent along when a plan is drawn or taken back."""

from typing import Annotated, Any, Final

from pydantic import AwareDatetime, Field

from webmap.api.fields import Code, Model, Text

_MOST_CUT: Final = 1000


class TakenBack(Model):
    """The name of what takes a plan back; ``cuts`` are the codes of buildings that it may cut."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    cuts: Annotated[tuple[Code, ...], Field(max_length=_MOST_CUT)] = ()


class Turned(Model):
    """``changed_at`` of the plan that the asker sees: nothing is done where it has moved on."""

    seen: AwareDatetime | None = None


class Again(Model):
    """``cuts`` are the codes of buildings that a step may cut that is tried again."""

    cuts: Annotated[tuple[Code, ...], Field(max_length=_MOST_CUT)] = ()


class Redone(Turned, Again):
    """A step that was taken back, taken again."""


class Step(Model):
    """One intent: ``op`` and what it needs, as `geodata.domain.intent` reads it.

    ``cuts`` in it are the codes of buildings that it may cut; without, it is refused where it cuts.
    """

    intent: Annotated[dict[str, Any], Field(max_length=20)]
