"""The words for a store that cannot do what was asked; see `webmap.texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

STORE: Final = {
    "unavailable": _("数据库暂时连不上。已经提交的内容都在，请过一会儿再试。"),
    "held_by_another": _("正有人在办同一处，这次没有办成，原有的内容都在。请过几秒再试一次。"),
    "guarded": _("已经办结、发布或开始的内容不能这样改，没有保存。请刷新页面，看看现在的情况。"),
}
