"""Names that many things bear and that therefore tell no place: 图书馆, 3号宿舍楼, 建设银行."""

import re
from typing import Final

from geodata.domain.entry import Known
from geodata.domain.numerals import NUMERALS

_SIGN: Final = f"第?[{NUMERALS}0-9A-Z东西南北中新老旧大小主副前后]{{0,3}}号?"
_KINDS: Final = (
    "教学|办公|宿舍|学生|教师|教工|职工|员工|综合|实验|科技|科研|行政|住宅|居民|商业|商务|商铺|商店|店铺|"
    "门面|服务|活动|体育|健身|游泳|图书|阅览|食堂|餐厅|餐饮|饭店|宾馆|酒店|旅馆|招待所|超市|便利店|菜场|"
    "菜市场|农贸|集贸|市场|仓库|厂房|车间|车库|车棚|停车|地下|大楼|楼|大厦|公寓|小区|花园|广场|公园|门诊|"
    "住院|急诊|医技|医院|卫生|诊所|药店|药房|公厕|公共|厕所|配电|变电|水泵|泵|锅炉|门卫|传达|岗亭|派出所|"
    "警务|居委会|村委会|物业|管理|银行|邮局|邮政|幼儿园|小学|中学|学校|教堂|礼堂|会所|会议|展览|老年|党群|"
    "社区|文化|售楼|工地|民居|民房|平房|别墅|公司|所有|办事|中心|加油|充电|收费|地铁|公交|馆|堂|厅|部|房|室|"
    "所|院|场|亭|站|处|店|厂"
)
_COMMON: Final = re.compile(f"(?:{_SIGN}(?:{_KINDS}))+{_SIGN}")
_CHAINS: Final = re.compile(
    "(?:中国)?(?:(?:工商|农业|建设|招商|交通|民生|光大|浦发|兴业|中信|平安|华夏|邮政储蓄|农村商业)?银行|"
    "邮政|电信|移动|联通|石化|石油)|农村信用社|中石化|中石油|肯德基|麦当劳|必胜客|星巴克|瑞幸咖啡|蜜雪冰城|"
    "全家|罗森|美宜佳|红旗连锁|沃尔玛|家乐福|如家|汉庭|锦江之星|7天|速8|海底捞|沙县小吃|兰州拉面"
)
_BRANCH: Final = re.compile("(?:便利店|超市|餐厅|(?:快捷|连锁)?酒店|加油站|营业厅|支行|分行|ATM)+$")
_SIGNS: Final = 16
"""A longer name is hardly made of such words alone; and the pattern need not try."""


def common(entry: Known, name: str) -> bool:
    """Whether a name in normal form tells no place by itself.

    Names that the district keeps as places, where there is one 图书馆, tell it.
    """
    if len(name) > _SIGNS:
        return False
    if _CHAINS.fullmatch(_BRANCH.sub("", name)):
        return True
    return entry.kind not in ("place", "alias") and _COMMON.fullmatch(name) is not None
