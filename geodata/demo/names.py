# ruff: noqa: PLR2004 -- a drawing is made of measures
"""Names in the style of the place: streets, lanes, estates, people. All invented or common."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count

import numpy as np

_OLD_STREETS = (
    "大北街", "西大街", "东大街", "培新街", "五星街", "鼓楼街", "静宁街", "东关正街", "西关街",
    "文庙街", "北正街", "南正街", "金银街", "水西门街", "兴文街", "药王街", "朝阳门街", "富民街",
    "新安街", "永安街", "仁和街", "太平街", "中渡街", "铁匠街", "盐店街", "衙门口街", "校场街",
    "城隍街", "竹器街", "油坊街",
)  # fmt: skip
_NEW_STREETS = (
    "文昌路", "静宁路", "南环路", "枣园北路", "进站路", "新安路", "汉调路", "陕南路", "建设路",
    "文化路", "人民路", "民主路", "体育路", "滨河路", "南门路", "印染路", "水电路", "双堤路",
    "教场路", "新铺路", "高井路", "西坝路", "花园路", "木竹桥路", "泸康大道", "长春路", "安康路",
    "秦岭路", "巴岭路", "凤凰路", "科技路", "创新路", "学府路", "园林路", "梅子铺路", "石堤路",
    "白龙路", "紫金路", "明珠路", "丹桂路", "月河路", "瀛湖路", "流水路", "恒口路", "紫阳路",
    "岚皋路", "平利路", "旬阳路", "白河路", "石泉路", "汉阴路", "宁陕路", "镇坪路", "青山路",
    "龙井路", "梨园路", "红旗路", "东风路", "先锋路", "五里路",
)  # fmt: skip
_NORTH_STREETS = (
    "富强路", "东站路", "西站路", "后张岭路", "前张岭路", "沙石厂路", "临江路", "张沟路",
    "铁路一街", "铁路二街", "花园北路", "江北新街", "七里路", "中渡路", "关庙路", "长岭路",
    "迎宾路", "站前路", "机车路", "工农路", "团结路", "和平路", "富民路", "希望路", "中原路",
    "襄渝路", "货场路", "早阳路", "石梯路", "茨沟路", "沈坝路", "双龙路", "叶坪路", "洪山路",
    "关家路",
)  # fmt: skip
_FIRST = list("安康金银兴永宁太文昌明德仁义礼信诚光华嘉宏福禄祥瑞锦绣春朝晖云霞松竹梅兰桂荷枫柳")
_SECOND = list("康宁平和顺泰昌盛兴隆达通源泉溪山岭坪坝湾桥园林亭丰茂荣")
_WINDS = ["", "", "", "", "东", "西", "南", "北", "中"]
_MANY_TRIES = 12
_LANE_STEMS = (
    "枣树", "南马道", "北马道", "竹林", "井湾", "柳树", "石堤", "马家", "刘家", "陈家", "张家",
    "王家", "黄家", "何家", "水井", "老碾", "磨坊", "豆腐", "粉坊", "染坊", "皂角", "槐树",
    "桂花", "石榴", "核桃", "柿子", "橘园", "茶庵", "观音", "土地", "火神", "三官", "碑亭",
    "石牌", "铜匠", "木匠", "篾匠", "鞋匠", "药铺", "当铺", "茶馆", "官井", "甜水", "泥巴",
    "青石", "红石", "白鱼", "渡口", "码头", "纤夫", "船帮", "会馆", "书院", "学坎", "教场坎",
    "城根", "城墙", "箭道", "草场", "菜园", "苗圃", "蚕种", "丝织", "棉花", "粮站", "盐仓",
    "油库", "砖瓦", "石灰", "窑坡", "堰沟", "塘坎", "后坡", "前坡", "小坝", "新民", "和睦",
    "向阳", "幸福", "团结", "友谊", "建新", "爱国", "勤俭", "光明", "胜利", "育英", "培英",
    "敬老", "平安", "吉祥",
)  # fmt: skip
_ESTATES = (
    "金州", "巴山", "香溪", "汉水", "江南", "滨江", "安康", "秦巴", "丽水", "锦绣", "阳光",
    "翠园", "明珠", "世纪", "天一", "龙泉", "凤凰", "御景", "学府", "文昌", "盛世", "恒大",
    "兴科", "静宁", "紫荆", "枫林", "和谐", "中天", "碧水", "银河", "嘉和", "康泰", "瑞丰",
    "东方", "国际", "城市", "枣园", "书香", "祥和", "怡景",
)  # fmt: skip
_ESTATE_ENDS = (
    "花园",
    "小区",
    "家园",
    "佳苑",
    "新城",
    "雅居",
    "公馆",
    "名邸",
    "华庭",
    "新村",
    "嘉园",
    "丽都",
)
_UNITS = (
    "糖酒副食公司", "粮食局", "水电三局", "丝绸厂", "印染厂", "运输公司", "农机公司", "棉织厂",
    "教育局", "建筑公司", "药材公司", "百货公司", "物资局", "林业局", "公路段", "邮电局",
    "水利局", "机械厂", "食品厂", "供销社", "卫校", "师范", "航运公司", "税务局", "医药公司",
    "石油公司", "蚕种场", "制药厂", "水泥厂", "车务段",
)  # fmt: skip
_SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕柯汪田"
)
_GIVEN = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉红梅志晓春雪安康海波林峰云燕斌"
)
_DIGITS = "零一二三四五六七八九"


def numeral(n: int) -> str:
    """A whole number from 1 to 9999 in Chinese."""
    out = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十")):
        digit, n = divmod(n, unit)
        gap = "零" if out and not digit and n and not out.endswith("零") else ""
        out += _DIGITS[digit] + sign if digit else gap
    out = (out + (_DIGITS[n] if n else "")).rstrip("零")
    return out[1:] if out.startswith("一十") else out


@dataclass
class Names:
    """Hands out names, none twice."""

    rng: np.random.Generator
    taken: set[str] = field(default_factory=set)
    lanes: Counter[str] = field(default_factory=Counter)
    stems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Mix the lanes' stems."""
        self.stems = [str(stem) for stem in self.rng.permutation(_LANE_STEMS)]

    def street(self, which: int) -> str:
        """A street's name in the old town (0), the new town (1) or north of the river (2)."""
        listed = (_OLD_STREETS, _NEW_STREETS, _NORTH_STREETS)[which]
        free = next((name for name in listed if name not in self.taken), None)
        return self._take(free or self._invented("路" if which else "街"))

    def _invented(self, end: str) -> str:
        """A stem of two characters, of three once those are scarce, before ``end``."""
        for tries in count():
            first, second, wind = (str(self.rng.choice(of)) for of in (_FIRST, _SECOND, _WINDS))
            more = str(self.rng.choice(_SECOND)) if tries > _MANY_TRIES else ""
            name = f"{first}{second}{more}{wind}{end}"
            if name not in self.taken and first != second:
                break
        return name

    def lane(self, beside: str) -> str:
        """A lane's name: its own, or counted from the street that it leaves."""
        if self.stems and self.rng.random() < 0.4:
            stem = self.stems.pop()
            return self._take(stem if stem.endswith("道") else f"{stem}巷")
        self.lanes[beside] += 1
        return self._take(f"{beside}{numeral(self.lanes[beside])}巷")

    def estate(self) -> str:
        """The name of a housing estate."""
        for _ in range(60):
            name = f"{self.rng.choice(_ESTATES)}{self.rng.choice(_ESTATE_ENDS)}"
            if name not in self.taken:
                return self._take(name)
        return self._take(f"{self._invented('')}{self.rng.choice(_ESTATE_ENDS)}")

    def park(self, end: str) -> str:
        """The name of a park, a square or a school, which ends in ``end``."""
        for _ in range(30):
            name = f"{self.rng.choice(_ESTATES)}{end}"
            if name not in self.taken:
                return self._take(name)
        return self._take(self._invented(end))

    def unit(self) -> str | None:
        """The name of a work unit's housing, while there are any."""
        free = [name for name in _UNITS if f"{name}家属院" not in self.taken]
        return self._take(f"{self.rng.choice(free)}家属院") if free else None

    def _take(self, name: str) -> str:
        while name in self.taken:
            name = f"新{name}"
        self.taken.add(name)
        return name

    def reserve(self, *names: str) -> None:
        """Keep names from being handed out."""
        self.taken.update(names)

    def people(self, number: int) -> list[str]:
        """So many people's names, synthetic; some may be namesakes."""
        surname = self.rng.choice(_SURNAMES, number)
        first = self.rng.choice(_GIVEN, number)
        second = np.where(self.rng.random(number) < 0.72, self.rng.choice(_GIVEN, number), "")
        return [f"{a}{b}{c}" for a, b, c in zip(surname, first, second, strict=True)]
