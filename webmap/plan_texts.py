"""The words for plans: where they stand, what is done with them, and what they do to the ground."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _

STATE: Final[Mapping[str, object]] = {
    "draft": _("草稿"),
    "submitted": _("待审"),
    "returned": _("退回修改"),
    "approved": _("已批准"),
    "scheduled": _("定日发布"),
    "conflicted": _("与现状冲突"),
    "published": _("已发布"),
    "discarded": _("已删除"),
}
MOVE: Final[Mapping[str, object]] = {
    "submit": _("交街道审批"),
    "withdraw": _("收回再改"),
    "approve": _("批准"),
    "return": _("退回修改"),
    "schedule": _("定日发布"),
    "unschedule": _("取消定日"),
    "publish": _("发布"),
    "conflict": _("到期未能发布"),
    "rebase": _("按现状重画"),
    "discard": _("删除"),
    "copy": _("复制"),
    "rollback": _("撤回发布"),
}
NEED: Final[Mapping[str, object]] = {
    "above": _("{count} 个网格户数偏多"),
    "open": _("{count} 块地没有网格"),
    "homeless": _("{count} 栋楼没有网格"),
    "below": _("{count} 个网格户数偏少"),
    "astride": _("{count} 个党小组跨网格"),
}
NAMED: Final[object] = _("改名")
OP: Final[Mapping[str, object]] = {
    "split": _("拆分"),
    "merge": _("合并"),
    "give": _("移交"),
    "carve": _("单独设成网格"),
    "reshape": _("移动边界"),
    "fill": _("填补空白"),
    "close": _("裁撤网格"),
    "retire": _("并入邻格"),
    "restore": _("恢复原状"),
    "adopt": _("采用新划分"),
}
GAP: Final[Mapping[str, object]] = {
    "ground_uncovered": _("地面没有划入网格"),
    "building_uncovered": _("楼栋没有划入网格"),
    "grid_without_worker": _("网格没有网格员"),
    "grid_without_group": _("网格没有党小组"),
    "grid_overloaded": _("网格户数超过上限"),
    "grid_small": _("网格户数不到下限"),
    "group_overloaded": _("党小组服务的户数超过上限"),
}

_CODE: Final = re.compile(r"\d{12}\+?0?(\d{2,3})")
_GRIDS: Final = ("grid", "grids", "retire")


def short(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a refusal with grids by the last digits of their codes, as people call them."""
    return {name: _short(one) if name in _GRIDS else one for name, one in facts.items()}


def _short(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_short(one) for one in value]
    found = _CODE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value
