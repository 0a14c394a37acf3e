"""What a form of the list of gaps has just done, and whether its gap is gone with that."""

from typing import Final

from flask_babel import lazy_gettext as _

from webmap.coverage_view import Seen

DONE: Final = {
    "founded": _("党小组成立了，这个缺口已经补上。"),
    "led": _("组长记下了，这个缺口已经补上。"),
    "taken": _("网格交给了党小组，这个缺口已经补上。"),
    "joined": _("楼栋编入了党小组，这个缺口已经补上。"),
    "returned": _("楼栋交还给了所在网格的党小组，这个缺口已经补上。"),
    "enrolled": _("漏编的楼栋都编入了党小组，这些缺口已经补上。"),
    "handed": _("网格交接好了，这个缺口已经补上：前任的岗位到此为止，接手的已经上岗。"),
    "visited": _("走访记下了，这个缺口已经补上。"),
    "stationed": _("服务点加上了，走到它近的居民不再算离得远。"),
    "shared": _("分出去了，这个缺口已经补上。"),
}
LEFT: Final = {
    "handed": _(
        "网格交接好了，账号的范围跟着变。这位网格员的担子还是过重，缺口留在清单里，可以接着交。"
    ),
    "visited": _("走访记下了。那以后又安静得太久，缺口还在清单里。"),
    "shared": _("分出去了一部分。还要再分，缺口留在清单里，可以接着分。"),
}
"""What is said instead where the gap is still there."""


def said(look: Seen) -> str:
    """What was done, as the list that one comes back to says it above."""
    asked = look.asked
    there = any((gap.kind, gap.code) == (asked.kind, asked.of) for gap in look.gaps)
    return str(LEFT[asked.done] if there and asked.done in LEFT else DONE[asked.done])
