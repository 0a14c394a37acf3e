"""The words for plans: where they stand, and what is done with them."""

from collections.abc import Mapping
from typing import Final

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
