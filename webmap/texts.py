"""The words for every refusal: what happened, and what to do; one sentence a code.

Chinese is the source; the catalogue has the English. Facts stand in braces.
"""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _

_MOST_SHOWN: Final = 60

SENTENCES: Final = {
    "http_400": _("这个请求看不懂，请检查后再试。"),
    "http_404": _("没有这一页。"),
    "http_405": _("这个地址不能这样用。"),
    "http_413": _("文件太大，最多 24 MB。请分成几份再导入。"),
    "http_415": _("格式不对，请用 JSON。"),
    "http_500": _("服务出了点问题，已经记下。请稍后再试。"),
    "unavailable": _("数据库暂时连不上。已经提交的内容都在，请过一会儿再试。"),
    "invalid_request": _("有几项填得不对：{fields}"),
    "foreign_page": _("这个请求是别的网站的页面发来的，没有受理。"),
    "bad_cursor": _("翻页的位置不对，请从第一页看起。"),
    "no_district": _("还没有导入任何区的数据。请先运行 python -m scripts demo。"),
    "no_place": _("这个位置不对。"),
    "no_page": _("没有这一页。"),
    "no_tile": _("没有这一块地图。"),
    "no_grid": _("没有编码为 {grid} 的网格。"),
    "no_community": _("没有编码为 {community} 的社区。"),
    "no_building": _("没有编号为 {building} 的楼栋。"),
    "no_category": _("没有编码为 {category} 的诉求类别。"),
    "no_issue": _("没有找到这条诉求，请检查链接。"),
    "no_import": _("没有找到这次导入。"),
    "no_refused_row": _("没有这一行，或者它已经改好了。"),
    "pin_outside": _("标出的位置不在本区范围内，请在地图上重新标。"),
    "pin_swapped": _("经度和纬度好像写反了，请对调后再试。"),
    "address_ambiguous": _("这个地址可能是好几个地方，请选一个。"),
    "address_unknown": _("没有找到“{address}”，请换一种写法，或者在地图上标出来。"),
    "setting_missing": _("缺少设置 {setting}，或者它太短。"),
}


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The sentence for a refusal in the language of the request; the code where there is none."""
    words = SENTENCES.get(code)
    if words is None:
        return code
    return str(words).format_map(_Facts(facts))


class _Facts(dict[str, str]):
    """Facts as a sentence shows them: short, and a lack shown as a dash."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        super().__init__({name: _shown(value) for name, value in facts.items()})

    def __missing__(self, name: str) -> str:
        return "—"


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return str(gettext("、")).join(str(name) for name in value)
    if isinstance(value, list | tuple):
        return str(gettext("、")).join(_shown(member) for member in value)
    if isinstance(value, float):
        return f"{value:.7g}"
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
