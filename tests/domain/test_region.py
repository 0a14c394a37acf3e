"""The regions at the head of an address, in any city."""

import pytest

from geodata.domain.region import Region, apart, cut
from geodata.domain.spelling import normalise, region


@pytest.mark.parametrize(
    ("text", "found", "rest"),
    [
        ("上海市浦东新区陆家嘴环路1318号", Region("", "上海", "浦东新区"), "陆家嘴环路1318号"),
        ("上海浦东新区世纪大道8号", Region("", "上海", "浦东新区"), "世纪大道8号"),
        ("北京市东城区东四十条甲22号", Region("", "北京", "东城区"), "东四十条甲22号"),
        ("天津市河东区津塘路3号", Region("", "天津", "河东区"), "津塘路3号"),
        ("西宁市城东区东关大街1号", Region("", "西宁", "城东区"), "东关大街1号"),
        ("福建省厦门市思明区镇邦路47号", Region("福建", "厦门", "思明区"), "镇邦路47号"),
        ("四川省成都市武侯区人民南路", Region("四川", "成都", "武侯区"), "人民南路"),
        ("山西省晋城市城区泽州路", Region("山西", "晋城", "城区"), "泽州路"),
        ("广州市天河区体育东路138号", Region("", "广州", "天河区"), "体育东路138号"),
        ("江苏省苏州市昆山市玉山镇前进路", Region("江苏", "苏州", "昆山市", "玉山镇"), "前进路"),
        ("紫阳县城关镇河堤路3号", Region("", "", "紫阳县", "城关镇"), "河堤路3号"),
        ("和平区南京路189号", Region("", "", "和平区"), "南京路189号"),
        ("来电反映位于汉滨区香溪路", Region("", "", "汉滨区"), "来电反映位于香溪路"),
    ],
)
def test_regions_are_cut_off(text: str, found: Region, rest: str) -> None:
    region_, left = cut(text)
    assert (region_, left.replace(",", "")) == (found, rest)


@pytest.mark.parametrize(
    "text",
    [
        *("上海路12号", "北京东路668号", "江西中路200号", "上海大厦", "阳光小区3栋"),
        *("望京西园四区410号楼", "城市花园3号楼", "阳光城市花园", "东区3号楼", "市场路3号"),
        *("县前街5号", "区府路6号", "镇海路3号", "安康市中心医院", "上海市第一人民医院"),
        *("菜市口大街1号", "都市路1号", "夫子庙步行街区3号", "枣园社区", "小区门口"),
    ],
)
def test_names_that_only_look_like_regions_stay(text: str) -> None:
    assert cut(text) == (Region(), text)


def test_regions_contradict_only_where_both_are_named() -> None:
    assert apart(region("上海市黄浦区"), region("上海市虹口区广东路"))
    assert not apart(region("上海市广东路"), region("黄浦区广东路"))
    assert apart(region("天津市和平区南京路"), region("沈阳市和平区中山路"))


def test_regions_again_and_again_leave_nothing() -> None:
    assert normalise("陕西省安康市" * 300 + "香溪路1号") == "香溪路1号"
