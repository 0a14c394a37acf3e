"""Addresses of other cities: what is meant is found, and what is not known is not guessed."""

import pytest

from geodata.domain.gazetteer import Entry
from geodata.domain.geocoder import Geocoder
from geodata.domain.region import Region
from geodata.domain.sound import alike

KNOWN = (
    *(
        "浦东新区张杨路500弄12号",
        "浦东新区张杨路500弄1号",
        "浦东新区张杨路500号",
        "张杨路628弄4-7号",
    ),
    *("天目西路218弄1号楼", "天目西路218弄2号楼", "江苏路284弄7支弄3号", "江苏路284弄3号"),
    *(
        "愚园路750弄3号",
        "愚园路750弄3号乙",
        "淮海中路1273弄新康花园5号",
        "淮海中路1273弄新康花园15号",
    ),
    *("中山东一路15甲", "中山东一路15号", "南京东路98~114号", "菊儿胡同3号", "菊儿胡同31号"),
    *("菊儿胡同41号院2号楼", "菊儿胡同41号院12号楼", "建国路88号SOHO现代城A座"),
    *("建国路88号SOHO现代城C座", "望京西园三区312号楼", "望京西园四区412号楼"),
    *("天通苑东区1号楼", "天通苑西区1号楼", "天通苑东一区1号楼", "万科城市花园一期3栋"),
    *("万科城市花园二期3栋", "建设路12号之一", "建设路12号之二", "建设路12号", "幸福路1号-5号"),
    *("曹杨二村12号", "田林十二村12号", "瑞金二路118号", "石门一路211号", "沿山村5组6号"),
    *("天河路385号太古汇一座", "天府大道北段688号", "厦禾路47号附1号", "百万庄大街甲2号"),
    *("柳营路669弄14号", "昌平路710弄5号", "滨江东路551号滨江怡苑A1栋"),
)
CITY = Geocoder(
    Entry("building", "", 121.4 + place / 100, 31.2, address, ref=address)
    for place, address in enumerate(KNOWN)
)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("上海市浦东新区张杨路500弄12号301室", "浦东新区张杨路500弄12号"),
        ("张杨路５００弄１２号", "浦东新区张杨路500弄12号"),
        ("张杨路628弄5号", "张杨路628弄4-7号"),
        ("天目西路218弄1号楼1502", "天目西路218弄1号楼"),
        ("江苏路284弄7支弄3号", "江苏路284弄7支弄3号"),
        ("愚园路750弄乙3号", "愚园路750弄3号乙"),
        ("淮海中路1273弄5号", "淮海中路1273弄新康花园5号"),
        ("淮海中路1273弄新康花园15号2楼", "淮海中路1273弄新康花园15号"),
        ("中山东一路15号甲", "中山东一路15甲"),
        ("中山东一路甲15号", "中山东一路15甲"),
        ("南京东路100号", "南京东路98~114号"),
        ("菊儿胡同41号院12号楼3单元", "菊儿胡同41号院12号楼"),
        ("建国路88号soho现代城c座1203", "建国路88号SOHO现代城C座"),
        ("望京西园3区312号楼", "望京西园三区312号楼"),
        ("万科城市花园2期3号楼", "万科城市花园二期3栋"),
        ("建设路12号之1", "建设路12号之一"),
        ("幸福路3号", "幸福路1号-5号"),
        ("田林12村12号", "田林十二村12号"),
        ("天河路385号太古汇1座", "天河路385号太古汇一座"),
        ("天府大道北段六百八十八号", "天府大道北段688号"),
        ("厦禾路47号之1", "厦禾路47号附1号"),
        ("百万庄大街2号甲", "百万庄大街甲2号"),
        ("滨江东路551号滨江怡苑A1栋1203房", "滨江东路551号滨江怡苑A1栋"),
    ],
)
def test_found(text: str, known: str) -> None:
    answer = CITY.locate(text)
    assert answer.sure
    assert answer.best is not None
    assert answer.best.ref == known


@pytest.mark.parametrize(
    "text",
    [
        *("张杨路500弄21号", "张杨路500弄", "张杨路12号", "天目西路218弄3号楼", "天目路218弄1号楼"),
        *("天目东路218弄1号楼", "江苏路284弄7支弄5号", "江苏路248弄3号", "愚园路750弄丙3号"),
        *("淮海中路1273弄25号", "淮海西路1273弄5号", "中山东二路15号", "中山东一路15号乙"),
        *("菊儿胡同13号", "菊儿胡同41号院3号楼", "菊儿胡同41号", "建国路88号SOHO现代城B座"),
        *("建国路8号SOHO现代城A座", "望京西园312号楼", "望京东园三区312号楼", "天通苑1号楼"),
        *("天通苑北区1号楼", "天通苑东二区1号楼", "万科城市花园3栋", "万科城市花园三期3栋"),
        *(
            "建设路12号之三",
            "建设东路12号",
            "新建设路12号",
            "曹杨三村12号",
            "曹杨12号",
            "田林二村12号",
        ),
        *(
            "瑞金一路118号",
            "瑞金路118号",
            "沿山村6组6号",
            "沿山村5组7号",
            "天河北路385号太古汇一座",
        ),
        *(
            "天府大道南段688号",
            "厦禾路47号附2号",
            "百万庄大街2号",
            "百万庄大街乙2号",
            "柳营路699弄14号",
        ),
        *("昌平路710弄", "天河路12号太古汇一座", "太古汇三座", "天通苑西区", "幸福路2号"),
    ],
)
def test_not_guessed(text: str) -> None:
    answer = CITY.locate(text)
    assert (answer.sure, answer.point) == (False, None)


def test_what_is_not_known_is_never_another() -> None:
    """Each address in turn is taken out of the gazetteer and asked for."""
    entries = [Entry("building", "", 121.4, 31.2, address, ref=address) for address in KNOWN]
    for place, address in enumerate(KNOWN):
        answer = Geocoder(entries[:place] + entries[place + 1 :]).locate(address)
        assert not answer.sure or answer.precision == "place", (address, answer.best)


@pytest.mark.parametrize("name", ["图书馆", "3号教学楼", "第二食堂", "中国建设银行", "全家便利店"])
def test_a_name_that_many_things_bear_tells_no_place(name: str) -> None:
    assert not Geocoder([Entry("building", name, 121.4, 31.2)]).locate(name).sure


def test_the_only_library_of_a_district_is_a_place() -> None:
    library = Entry("place", "图书馆", 109.0, 32.7)
    assert Geocoder([library]).locate("图书馆门口").sure


def test_buildings_that_name_no_city_lie_in_that_of_the_others() -> None:
    known = [Entry("building", "", 121.5, 31.2, "浦东新区张杨路500号", ref=1)]
    there = Geocoder(known, Region(city="上海"))
    assert there.locate("上海市浦东新区张杨路500号").sure
    assert not there.locate("苏州市张杨路500号").sure


def test_sounds() -> None:
    assert alike("香", "乡")
    assert alike("杨", "扬")
    assert not alike("香", "溪")
    assert not alike("a", "a")
    assert not alike("鑫", "鑫")
