"""Characters that are typed alike: of one syllable, tones aside.

The first level of GB 2312 lists its 3,755 characters by their syllables, so that the first
character of each syllable is all that has to be known. Rarer characters have no sound here.
"""

from bisect import bisect_right
from typing import Final

_LEVEL: Final = 0xB0A1, 0xD7F9
_FIRSTS: Final = (
    "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻捕擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗"
    "蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁丢东兜督端堆墩掇蛾恩而发藩坊菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖"
    "棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸"
    "块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿"
    "氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼秋趋圈"
    "缺裙然瓤饶惹壬扔日戎揉茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜苏酸虽孙蓑"
    "塌胎坍汤掏特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵英"
    "哟拥幽迂鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨"
)


def _place(character: str) -> int:
    """Where a character stands in GB 2312; 0 for one that is not there."""
    try:
        return int.from_bytes(character.encode("gb2312"))
    except UnicodeEncodeError:
        return 0


_STARTS: Final = tuple(map(_place, _FIRSTS))


def syllable(character: str) -> int | None:
    """A number for the syllable of a character; None for one whose sound is not known."""
    place = _place(character)
    return bisect_right(_STARTS, place) if _LEVEL[0] <= place <= _LEVEL[1] else None


def alike(one: str, other: str) -> bool:
    """Whether two characters are of one syllable, as 香 and 乡 are."""
    known = syllable(one)
    return known is not None and known == syllable(other)
