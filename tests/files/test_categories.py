"""What a hotline calls a matter, and the district's code for it."""

import pytest

from geodata.files.categories import category


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("非法小广告", "宣传广告"), "ADS"),
        (("暴露垃圾", "市容环境"), "ENV"),
        (("自来水管破裂", "突发事件"), "PIPE"),
        (("路面塌陷", "突发事件"), "ROAD"),
        (("道路破损", "市容环境"), "ROAD"),
        (("路灯不亮",), "LAMP"),
        (("监控损坏",), "CCTV"),
        (("施工扰民", "施工管理"), "NOISE"),
        (("", "市容环境"), "ENV"),
        (("社保咨询", "人社"), "OTHER"),
        ((), "OTHER"),
    ],
)
def test_the_most_particular_word_decides(said: tuple[str, ...], code: str) -> None:
    assert category(*said) == code
