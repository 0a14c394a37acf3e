"""Steps that a plan lost when it was drawn anew, in words."""

from typing import Any

from geodata.services.redraw_left_out import LeftOut
from webmap.authors import in_facts
from webmap.plan_texts import OP
from webmap.texts import sentence


def told(one: LeftOut) -> dict[str, Any]:
    """Its number, what it did (``op``, ``called``), to which ``grids``, and why not (``title``)."""
    return {
        "number": one.number,
        "op": one.op,
        "called": str(OP.get(one.op, one.op)),
        "grids": list(one.grids),
        "title": sentence(one.code, in_facts(one.facts)),
    }
