"""The words for gaps in coverage: kinds, causes, next actions, measures and their classes.

Chinese is the source; the catalogue has the English. Facts stand in braces.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _

from geodata.domain.coverage import comparison
from geodata.domain.coverage.comparison import Change
from geodata.domain.coverage.gap import KINDS as KIND_UNITS
from geodata.domain.coverage.gap import Gap
from geodata.domain.coverage.measures import Measure
from geodata.domain.coverage.room import candidate
from webmap import times
from webmap.texts import filled

KINDS: Final = {
    "ground_uncovered": _("没有划入网格的地面"),
    "building_uncovered": _("不在任何网格里的楼栋"),
    "overlap": _("导入的地块重叠"),
    "grid_without_worker": _("没人上岗的网格"),
    "grid_overloaded": _("户数超过上限的网格"),
    "worker_overloaded": _("担子过重的网格员"),
    "grid_without_group": _("没有党小组的网格"),
    "building_without_group": _("有党小组的网格里漏编的楼栋"),
    "group_astride": _("跨网格的党小组"),
    "group_without_leader": _("没有组长的党小组"),
    "group_overloaded": _("服务户数过多的党小组"),
    "far_from_station": _("离服务站太远的居民"),
    "grid_quiet": _("安静得反常的网格"),
    "issue_outside": _("不在任何网格里的诉求"),
    "overdue_cluster": _("超期诉求扎堆的网格"),
    "address_unlocated": _("地址定不了位的诉求"),
    "boundary_stale": _("界线要复核的网格"),
}
CAUSES: Final = {
    "left_out": _("划分网格时没有划进来"),
    "given_up": _("原来的网格裁撤后没有划给别的网格"),
    "door_in_no_grid": _("楼栋的门不在任何网格里"),
    "drawn_twice": _("文件里第 {row} 行和第 {other} 行画到了同一块地"),
    "vacant": _("岗位从 {since} 起空着"),
    "never_appointed": _("从来没有安排过网格员"),
    "above_band": _("比上限多 {over} 户"),
    "many_grids": _("一个人管 {grids}"),
    "never_set_up": _("还没有成立党小组"),
    "served_from_beside": _("还没有成立党小组，有 {served} 栋由旁边的党小组代管"),
    "nobody_lives": _("没有住户，也没有党小组"),
    "building_left_out": _("所在网格有党小组，这一栋没有编进去"),
    "serves_beside": _("还管着 {elsewhere} 的楼栋"),
    "no_secretary": _("没有登记组长"),
    "no_station_near": _("走到最近的“{nearest}”要 {farthest_m} 米，超过 {walk_m} 米"),
    "silent": _("没有诉求，也没有走访；按人口应有约 {expected} 件"),
    "piled_up": _("按人口应有约 {expected} 件超期"),
    "place_in_no_grid": _("这个点不在任何网格里"),
    "elsewhere": _("地址不在本区"),
    "not_found": _("地址在本区的楼栋和道路里找不到"),
    "cuts_buildings": _("界线从楼栋中间穿过"),
    "not_reviewed": _("界线从 {since} 起没有调整过"),
}
ACTIONS: Final = {
    "fill_ground": _("起草方案，划给紧挨着的网格"),
    "give_buildings": _("起草方案，连同所在地面划给网格 {to}"),
    "correct_file": _("改正文件后重新导入"),
    "appoint": _("去安排上岗"),
    "divide": _("起草方案，分成 {parts} 个网格"),
    "share_out": _("分一部分给有余力的"),
    "take_over": _("可由有余力的党小组接手"),
    "set_up_group": _("成立党小组；旁边的都没有余力"),
    "look_again": _("确认是否需要网格"),
    "join_group": _("编入就近的党小组"),
    "bring_grids": _("社区还没有划分网格：先导入网格"),
    "bring_party": _("社区还没有党组织：先导入党组织"),
    "give_back": _("交还给所在网格的党小组"),
    "share_back": _("先给{lone}成立党小组，再交还"),
    "name_leader": _("推选组长"),
    "add_station": _("增设服务点"),
    "visit": _("安排走访"),
    "supervise": _("督办"),
    "draw_or_dispatch": _("划入网格，或者指定网格处理"),
    "locate_by_hand": _("在地图上定位"),
    "redraw_border": _("复核并调整界线"),
}
CANDIDATE: Final = _("{action}：{name}，还能管 {room} 户")
ENDINGS: Final = {
    "ground_uncovered": _("已经划进网格"),
    "building_uncovered": _("已经划进网格"),
    "overlap": _("文件改正后重新导入了"),
    "grid_without_worker": _("有人上岗了"),
    "grid_overloaded": _("户数回到范围里了"),
    "worker_overloaded": _("担子分出去了"),
    "grid_without_group": _("有党小组管了"),
    "building_without_group": _("编入了党小组"),
    "group_astride": _("不再跨网格"),
    "group_without_leader": _("有了组长"),
    "group_overloaded": _("户数回到范围里了"),
    "far_from_station": _("附近有了服务站"),
    "grid_quiet": _("又有了诉求，或者走访过"),
    "issue_outside": _("已经办结，或者划进了网格"),
    "overdue_cluster": _("超期的办掉了"),
    "address_unlocated": _("已经定位，或者办结"),
    "boundary_stale": _("界线调整过了"),
}
GIVEN_UP: Final = _("网格裁撤了")
UNITS: Final = {
    "m2": _("{number} 平方米"),
    "households": _("{number} 户"),
    "residents": _("{number} 人"),
    "buildings": _("{number} 栋"),
    "members": _("{number} 名党员"),
    "days": _("{number} 天"),
    "issues": _("{number} 件"),
}
PEOPLE: Final = _("{told}（{number} 人）")
POINTS: Final = _("{number} 个百分点")
VERDICTS: Final = ((1, _("变差 ▼")), (2, _("不变")), (3, _("变好 ▲")))
"""What became of a part: worse, neither or better."""
MEASURES: Final = {
    "group_share": _("网格党组织覆盖率"),
    "building_share": _("楼栋党小组覆盖率"),
    "worker_share": _("网格员配备率"),
    "load": _("每个网格的户数"),
    "each": _("每名网格员的户数"),
    "late_share": _("未办结里超期的比例"),
    "troubled_share": _("有缺口的网格比例"),
}
FIGURES: Final = {
    "grids": _("网格数"),
    "with_group": _("有党小组的网格"),
    "with_worker": _("有人上岗的网格"),
    "buildings": _("楼栋数"),
    "covered": _("有党小组的楼栋"),
    "households": _("户数"),
    "residents": _("居民"),
    "groups": _("党小组"),
    "in_band": _("户数在范围里的网格"),
    "gaps": _("缺口"),
    "workers": _("在岗网格员"),
    "open": _("未办结诉求"),
    "overdue": _("超期诉求"),
    "troubled": _("有缺口的网格"),
}
RULES: Final = {
    "fixed": _("固定分级：100%、95%、80%、60%"),
    "band": _("以户数标准 {norm} 户为中心，范围 {low}–{high} 户"),
    "late": _("固定分级：5%、10%、20%、40%"),
}
YES_OR_NO: Final = {
    "group_share": (_("没有党小组"), _("有党小组")),
    "worker_share": (_("没人上岗"), _("有人上岗")),
    "troubled_share": (_("没有缺口"), _("有缺口")),
}
"""Measures that are none or all in a single grid, and what either means."""
TIERS: Final = {
    "street": _("街道"),
    "community": _("社区"),
    "grid": _("网格"),
    "building": _("楼栋"),
}
NAMELESS: Final[Mapping[str, str]] = {}
_BUILDING: Final = "building_without_group"
_LOOKS: Final[Mapping[int | None, str]] = {0: "cover-worse", 2: "cover-better"}


def _named(gap: Gap, names: Mapping[str, str]) -> dict[str, Any]:
    """The facts of a gap in words: the names of grids in place of their codes, numbers parted."""
    facts = {name: _parted(told) for name, told in gap.facts.items()}
    for key in ("elsewhere", "grids", "lone"):
        if key in facts:
            facts[key] = [names.get(code, code) for code in facts[key]]
    if "to" in facts:
        facts["to"] = names.get(facts["to"], facts["to"])
    return facts


def _parted(told: object) -> Any:
    return format_decimal(told) if type(told) is int else told


def cause(gap: Gap, names: Mapping[str, str] = NAMELESS) -> str:
    """Why a gap is there, in the language of the request; grids by `names`, else by code."""
    said = f"building_{gap.cause}" if gap.kind == _BUILDING else gap.cause
    drawn = gap.facts.get("drawn")
    since = datetime.fromisoformat(drawn) if drawn else gap.since
    facts = {**_named(gap, names), "since": times.day(since) if since else "—"}
    return filled(CAUSES.get(said, CAUSES["not_found"]), facts)


def ending(kind: str, said: str | None) -> str:
    """Why a gap is there no more."""
    return str(GIVEN_UP if said == "given_up" else ENDINGS[kind])


def action(gap: Gap, names: Mapping[str, str] = NAMELESS) -> str:
    """What closes it."""
    return filled(ACTIONS[gap.action], _named(gap, names))


def step(gap: Gap, names: Mapping[str, str] = NAMELESS) -> str:
    """What closes it with who is named first for it, as paper and files say it."""
    said, first = action(gap, names), candidate(gap.facts)
    if first is None:
        return said
    return filled(CANDIDATE, {"action": said, "name": first["name"], "room": first["room"]})


def size(gap: Gap) -> str:
    """Its measure with the unit; of households with the people in them; a dash for nothing."""
    if gap.kind == "boundary_stale" and not gap.measure:
        return "—"
    told = filled(UNITS[gap.unit], {"number": format_decimal(round(gap.measure))})
    people = gap.facts.get("residents")
    if gap.unit != "households" or people is None:
        return told
    return filled(PEOPLE, {"told": told, "number": format_decimal(people)})


def size_of(kind: str, measure: float) -> str:
    """The same of a gap of a kind."""
    return filled(UNITS[KIND_UNITS[kind][1]], {"number": format_decimal(round(measure))})


def is_same(measure: Measure, by: float) -> bool:
    """Whether a difference is too small to be written."""
    return abs(by) < (0.0005 if measure.unit == "share" else 0.5)


def shift(measure: Measure, by: float) -> str:
    """How much more, in points of a share or in households."""
    if measure.unit == "share":
        return filled(POINTS, {"number": f"{by * 100:+.1f}"})
    return filled(UNITS["households"], {"number": f"{by:+,.0f}"})


def judged(one: Change) -> str:
    """How a difference is coloured: for better or worse, or neither."""
    return _LOOKS.get(comparison.verdict(one), "")


def formula(measure: Measure) -> str:
    """A measure's numerator over its denominator, in words."""
    return f"{FIGURES[measure.above]} ÷ {FIGURES[measure.below]}"


def value(measure: Measure, worth: float | None) -> str:
    """A measure's value as people write it; a dash where there is no data."""
    if worth is None or measure.unit == "share":
        return "—" if worth is None else f"{worth * 100:.1f}%".replace(".0%", "%")
    return filled(UNITS["households"], {"number": format_decimal(round(worth))})


def rule(measure: Measure) -> str:
    """Why the bounds of its classes are where they are."""
    low, norm, high, _most = (round(bound) for bound in measure.bounds)
    return filled(RULES[measure.rule], {"low": low, "norm": norm, "high": high})


def classes(measure: Measure) -> list[str]:
    """The five classes of a measure in words, in the order of its bounds."""
    share = measure.unit == "share"
    first, second, third, last = (f"{b * 100:g}%" if share else f"{b:g}" for b in measure.bounds)
    top = [f"{third}–<100%", "100%"] if last == "100%" else [f"{third}–{last}", f"≥ {last}"]
    return [f"< {first}", f"{first}–{second}", f"{second}–{third}", *top]


def legend(measure: Measure, tier: str) -> list[tuple[int, str]]:
    """The classes that the map of a tier can show, 1 to 5, in words: of one grid often but two."""
    if tier == "grid" and measure.code in YES_OR_NO:
        no, yes = YES_OR_NO[measure.code]
        return [(1, str(no)), (5, str(yes))]
    return list(enumerate(classes(measure), 1))


def told(gap: Gap, names: Mapping[str, str] = NAMELESS) -> Mapping[str, Any]:
    """What a page and a program say of a gap in words; grids by `names`, else by code."""
    heads = {"title": str(KINDS[gap.kind]), "size": size(gap)}
    return {**heads, "why": cause(gap, names), "do": action(gap, names)}
