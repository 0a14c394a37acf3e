"""The words for what only one side of a comparison has, and for its figures."""

from typing import Final, Literal

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _

from geodata.services.coverage_report import Part
from webmap.texts import filled

Lone = Literal["new", "gone"]

HEADS: Final = {
    "new": {"grid": _("新网格"), "": _("新出现")},
    "gone": {"grid": _("撤了的网格"), "": _("后来没有")},
}
"""What a part is called that only one side has; of grids in particular."""
MISSING: Final = {"new": _("原来没有"), "gone": _("不再有")}
"""What is said in place of a value on the side that has not got the part."""
FIGURES: Final = _("{households} 户，{residents} 人，{buildings} 栋")
SIGN: Final = _("新")


def head(lone: Lone, tier: str) -> str:
    """What a part is called that only one side has."""
    words = HEADS[lone]
    return str(words.get(tier, words[""]))


def figures(part: Part) -> str:
    """How many live in a part, and in how many buildings."""
    names = ("households", "residents", "buildings")
    return filled(FIGURES, {name: format_decimal(part.figures[name]) for name in names})
