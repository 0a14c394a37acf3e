"""The district's category for what a hotline calls a matter."""

from typing import Final

OTHER: Final = "OTHER"

KEYWORDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ADS", ("野广告", "小广告", "广告", "张贴", "喷涂", "牛皮癣")),
    ("LAMP", ("路灯", "照明", "亮化", "灯杆")),
    ("CCTV", ("监控", "摄像", "探头", "天网")),
    ("NOISE", ("噪音", "噪声", "扰民", "广场舞", "声音大")),
    (
        "PIPE",
        (
            "水管",
            "爆管",
            "漏水",
            "管道",
            "下水道",
            "污水",
            "供水",
            "停水",
            "给排水",
            "井盖",
            "积水",
        ),
    ),
    ("ROAD", ("道路破损", "道路修补", "路面", "坑洼", "道路", "人行道", "塌陷", "道板", "道砖")),
    (
        "ENV",
        (
            *(
                "市容",
                "垃圾",
                "卫生",
                "保洁",
                "环境",
                "脏乱",
                "占道",
                "油烟",
                "堆物",
                "堆放",
                "绿地",
                "绿化",
            ),
            *("焚烧", "不洁", "清运", "店外经营", "摊", "乱停", "渣土", "扬尘", "家禽", "晾挂"),
        ),
    ),
)
"""Codes of the district's scheme and the words that mean them; the first hit counts."""


def category(*texts: str) -> str:
    """The code for the first text that tells one, the most particular text first; else OTHER."""
    for said in texts:
        for code, words in KEYWORDS:
            if any(word in said for word in words):
                return code
    return OTHER
