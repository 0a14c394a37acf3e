"""The words for the six checks and for every kind of flaw.

Chinese is the source; the catalogue has the English. Facts stand in braces.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import lazy_gettext as _

from geodata.domain.flaw import CHECKS, Flaw
from geodata.domain.quality import summary
from geodata.services import quality
from webmap.texts import filled

CHECK_NAMES: Final = {
    "boundary": _("边界完整性"),
    "topology": _("拓扑关系"),
    "consistency": _("数据一致性"),
    "precision": _("坐标精度"),
    "attributes": _("属性完整性"),
    "relations": _("关联关系"),
}
CHECK_MEANINGS: Final = {
    "boundary": _("地面全部划到，没有空隙，也不超出外轮廓"),
    "topology": _("不重叠，不自相交，没有碎片，相邻两边的顶点一致"),
    "consistency": _("在所属社区之内，编码与位置相符"),
    "precision": _("坐标位数足够，位置没有偏出"),
    "attributes": _("编码和名称齐全、不重复、格式正确"),
    "relations": _("所属的社区和街道查得到，楼栋都在网格里"),
}
SEVERITIES: Final = {"error": _("错误"), "warning": _("提醒"), "note": _("说明")}
TITLES: Final = {
    "gap": _("有地面没有划到"),
    "outside_ground": _("超出外轮廓"),
    "uncovered": _("已知未划入网格的地面"),
    "missing_shape": _("没有图形"),
    "not_a_number": _("坐标不是数字"),
    "not_an_area": _("不是面，而是{geometry}"),
    "unclosed": _("边界没有闭合"),
    "tangled": _("边界自己交叉太多，无法检查"),
    "self_intersection": _("边界自己交叉"),
    "duplicate_shape": _("同一块地画了两次"),
    "overlap": _("重叠"),
    "nested": _("一块画在另一块里面"),
    "stacked": _("分层叠放，按设计如此"),
    "stray_piece": _("与主体分开的零散地块"),
    "sliver": _("狭长的碎片"),
    "unmatched": _("公共边界两侧的顶点不一致"),
    "outside_community": _("超出所属社区 {community}"),
    "code_elsewhere": _("编码属于 {says}，地面却在 {lies_in}"),
    "no_degrees": _("坐标 {x}，{y} 不是经纬度的度数"),
    "swapped": _("经度和纬度写反了：{x}，{y}"),
    "elsewhere": _("位置不在本区：{x}，{y}"),
    "coarse": _("坐标只有 {decimals} 位小数"),
    "off_lattice": _("顶点不在约 1 厘米的坐标格点上"),
    "code_missing": _("没有编码"),
    "code_duplicate": _("编码用了 {times} 次"),
    "code_malformed": _("编码“{value}”格式不对"),
    "name_missing": _("没有名称"),
    "name_duplicate": _("同一社区里重名：“{name}”"),
    "community_unknown": _("查不到社区 {value}"),
    "street_unknown": _("查不到街道 {value}"),
    "community_without_grid": _("社区没有网格"),
    "building_uncovered": _("楼栋不在任何网格里"),
    "unfinished": _("图形交叉太多，重叠和空隙没有查完"),
}
REMEDIES: Final = {
    "repair": _("可以自动修复，只在要求时才做，每处改动都会列出来"),
    "decide": _("要由人决定，不会自动改动"),
    "correct": _("请在原文件里改正"),
    "nothing": _("已知情况，不用处理"),
}


def title(flaw: Flaw) -> str:
    """What is wrong, in a few words of the request's language."""
    return filled(TITLES[flaw.kind], flaw.facts)


def collection(flaws: Sequence[Flaw], areas: int) -> dict[str, Any]:
    """Flaws as a GeoJSON FeatureCollection with a summary by check; for any set of areas.

    Members besides `features`: `areas` (how many were checked) and `checks`, in the standard's
    order, each with code, name, meaning and the counts of `quality.summary`.
    """
    counts = summary(flaws)
    return {
        "type": "FeatureCollection",
        "state": "done",
        "areas": areas,
        "checks": [_check(name, counts[name]) for name in CHECKS],
        "features": [_feature(flaw, number) for number, flaw in enumerate(flaws, 1)],
    }


def _check(name: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    words = {"name": str(CHECK_NAMES[name]), "meaning": str(CHECK_MEANINGS[name])}
    return {"code": name, **words, **counts}


def _feature(flaw: Flaw, number: int) -> dict[str, Any]:
    told = quality.feature(flaw, number)
    told["properties"] |= {"title": title(flaw), "help": str(REMEDIES[flaw.remedy])}
    return told
