"""The regions that an address begins with: province, city, county or district, town.

Known by their suffixes, not by a list of the country's places; names of provinces alone are
listed, since people leave their suffix out (上海浦东新区).
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f"

_PROVINCES: Final = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|"
    "广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_ORGANISATION: Final = (
    "医院|政府|学校|中学|小学|幼儿园|法院|检察院|公安|局|大学|学院|图书馆|博物馆|体育|"
    "(?:文化|体育|活动|服务|急救|控制|会议|少年)中心"
)
_OWN: Final = re.compile(
    f"(?![^路街巷道号,0-9]{{0,8}}(?:{_ORGANISATION})(?![东西南北中新]?[路街巷]))"
)
"""Not where the region is part of an organisation's name, as in 安康市中心医院."""
_CITY: Final = (
    f"[{HAN}]{{1,5}}?(?:(?<=[厦江荆天玉海])门|[^,0-9A-Z超夜菜花集门早本全我都城])市(?![场政民府委医口中立]|[东西南北][路街])"
    f"|[{HAN}]{{0,2}}成都市|[{HAN}]{{1,3}}城市(?=[{HAN}]{{1,4}}[区县])|[{HAN}]{{2,10}}?自治州"
)
_COUNTY: Final = (
    f"[{HAN}]{{1,7}}?(?:新区|示范区|开发区|高新区|自治县|(?<![小社街园校片厂院宅属活务景生家一二三四五六七八九十])区)"
    "(?![委府政间域内外]|[路街])"
    f"|[{HAN}]{{1,5}}?县(?!城(?!关)|[前府委政医中门学后])"
)
_TOWN: Final = f"[{HAN}]{{1,5}}?(?<!街道)[镇乡](?![中政府路街卫医小人北南东西])"
_SIDED: Final = re.compile(
    f"[{HAN}]*(?:[东西南北中老]区|(?<!浦东)(?<!滨海)(?<!两江)(?<!天府)(?<!雄安)(?<!西咸)(?<!钱塘)"
    "(?<!贵安)(?<!湘江)(?<!滇中)(?<!赣江)(?<!江北)(?<!西海岸)(?<!郑东)(?<!高)新区)"
)
"""A part of an estate rather than a district, where no city stands before it."""
_HEAD: Final = re.compile(
    f"(?P<province>(?:{_PROVINCES})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?,?)?"
    f"(?P<city>(?:{_CITY}),?)?(?P<city2>(?:{_CITY}),?)?(?P<county>(?:{_COUNTY}),?)?"
    f"(?P<town>(?:{_TOWN}),?)?"
)
_SUFFIXED: Final = re.compile(".*(?:省|市|区)")
_STARTS: Final = re.compile(
    "(?<=,)|(?<=[于在是为住到])|(?<=反映|投诉|举报|咨询|来电|地址|地点|位置)"
)
_ANY: Final = re.compile("[省市区县州旗镇乡]")
_LONGEST: Final = 40
_MOST: Final = 5
"""Places in a text at which an address is looked for."""
_MUNICIPAL: Final = frozenset(("北京", "天津", "上海", "重庆"))


@dataclass(frozen=True, slots=True)
class Region:
    """Names without their suffix where people may leave it out; empty where the text has none."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""

    def __bool__(self) -> bool:
        return bool(self.province or self.city or self.county or self.town)


NOWHERE: Final = Region()


def apart(one: Region, other: Region) -> bool:
    """Whether two regions contradict each other; what is not named contradicts nothing."""
    levels = ((one.city, other.city), (one.county, other.county), (one.town, other.town))
    return (bool(one.province and other.province) and one.province != other.province) or any(
        mine and yours and mine != yours for mine, yours in levels
    )


def head(text: str, start: int = 0) -> tuple[Region, int]:
    """The regions that a plain text names from `start` on, and where they end."""
    last = start + _LONGEST
    found = _HEAD.match(text, start, last) if _ANY.search(text, start, last) else None
    if found is None or found.end() == start:
        return Region(), start
    parts = {name: (part or "").strip(",") for name, part in found.groupdict().items()}
    city = parts["city"]
    end = _end(found, parts)
    if end == start or _OWN.match(text, end) is None:
        return Region(), start
    province = _bare(parts["province"])
    if province in _MUNICIPAL:
        province, city = "", city or province
    county = parts["city2"] or parts["county"] if end >= found.end("county") else ""
    town = parts["town"] if end == found.end() else ""
    return Region(province, city.removesuffix("市"), county, town), end


def cut(text: str) -> tuple[Region, str]:
    """The first regions of a plain text, and the text with a comma in place of all of them."""
    if _ANY.search(text) is None:
        return NOWHERE, text
    first, kept, start = Region(), "", 0
    starts = [0, *(found.end() for found in islice(_STARTS.finditer(text), _MOST))]
    for at in starts:
        region, end = head(text, at) if at >= start else (NOWHERE, at)
        if any(at < other < end for other in starts):
            continue
        if region:
            first = first or region
            kept += f"{text[start:at]},"
        while region:
            start = end
            region, end = head(text, start)
    return first, kept + text[start:]


def _end(found: re.Match[str], parts: dict[str, str]) -> int:
    """Where the regions end that stand for themselves: 上海路 and 东区3号楼 begin with none."""
    if parts["city"] or parts["city2"]:
        return found.end()
    suffixed = _SUFFIXED.fullmatch(parts["province"]) is not None
    if parts["county"] and (parts["province"] or not _SIDED.fullmatch(parts["county"])):
        return found.end()
    return found.end("province") if suffixed else found.start()


def _bare(province: str) -> str:
    known = re.match(_PROVINCES, province)
    return known.group() if known else ""
