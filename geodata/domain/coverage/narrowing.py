"""A gap as those see it whose ground is a part: nobody is offered who lies beyond it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from geodata.domain.coverage.gap import Gap

Covers = Callable[[str, str], bool]
"""Whether a grid lies within, by the codes of its community and its own."""
_OFFERS: Final = ("offers", "all_offers", "takers")
_TAKEN: Final = ("take_over", "join_group")


def within(gap: Gap, covers: Covers) -> Gap:
    """The same gap with those alone who could help and lie within.

    Where nobody is left who has room, a group is to be set up.
    """
    if not gap.facts.keys() & {*_OFFERS, "shares"}:
        return gap
    facts = {name: _told(name, told, covers) for name, told in gap.facts.items()}
    left = any(one["enough"] for one in facts.get("offers", ()))
    action = "set_up_group" if gap.action in _TAKEN and not left else gap.action
    return replace(gap, facts=facts, action=action)


def _told(name: str, told: Any, covers: Covers) -> Any:
    if name == "shares":
        return [_shared(one, covers) for one in _lying(told, covers)]
    return _lying(told, covers) if name in _OFFERS else told


def _shared(share: Mapping[str, Any], covers: Covers) -> dict[str, Any]:
    offers = _lying(share["offers"], covers)
    alone = share["way"] == "hand_over" and not offers
    return {**share, "offers": offers, "way": "set_up_group" if alone else share["way"]}


def _lying(told: Sequence[Mapping[str, Any]], covers: Covers) -> list[Mapping[str, Any]]:
    return [one for one in told if covers(one["community"], one["grid"])]
