"""Which column of a ticket file is which, by the names that hotlines give them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from geodata.errors import InvalidFile

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "ticket": (
        *(
            "工单编号",
            "工单号",
            "工单编码",
            "工单流水号",
            "受理编号",
            "诉求编号",
            "案件编号",
            "案件号",
        ),
        *("任务号", "任务编号", "流水号", "事件编号", "编号", "REC_ID", "TASK_NUM", "TASK_NO"),
        *("ORDER_NO", "ORDER_ID", "CASE_ID", "TICKET_NO", "TICKET", "TICKET_ID", "ID"),
    ),
    "reported_at": (
        *(
            "受理时间",
            "诉求时间",
            "来电时间",
            "上报时间",
            "登记时间",
            "创建时间",
            "反映时间",
            "发生时间",
        ),
        *("受理日期", "工单时间", "CREATE_TIME", "REPORT_TIME", "ACCEPT_TIME", "REPORTED_AT"),
    ),
    "category_major": (
        *("一级分类", "一级类别", "大类", "问题大类", "大类名称", "诉求大类", "MAIN_TYPE_NAME"),
        "MAIN_TYPE",
    ),
    "category_minor": (
        *("二级分类", "二级类别", "小类", "问题小类", "小类名称", "诉求小类", "三级分类"),
        *("SUB_TYPE_NAME", "SUB_TYPE", "CATEGORY"),
    ),
    "category_type": (
        *(
            "问题类型",
            "诉求分类",
            "诉求类别",
            "问题分类",
            "类别",
            "分类",
            "诉求类型",
            "事件类型",
            "工单类型",
        ),
        "EVENT_TYPE_NAME",
    ),
    "content": (
        *(
            "诉求内容",
            "工单内容",
            "问题描述",
            "反映内容",
            "来电内容",
            "事件描述",
            "诉求描述",
            "内容",
            "描述",
        ),
        *("诉求标题", "工单标题", "标题", "EVENT_DESC", "CONTENT", "DESCRIPTION", "TEXT", "TITLE"),
    ),
    "address": (
        *(
            "事发地址",
            "事发地点",
            "发生地址",
            "发生地点",
            "问题地址",
            "问题地点",
            "诉求地址",
            "事件地址",
        ),
        *("详细地址", "位置描述", "地址", "地点", "OCCUR_PLACE", "ADDRESS", "ADDRESS_DESC"),
    ),
    "street": (
        *("街道", "所属街道", "街道名称", "街道办", "镇街", "镇办", "所属镇街", "镇(街道)", "街镇"),
        *("街道(镇)", "STREET_NAME", "STREET"),
    ),
    "community": (
        *("社区", "所属社区", "社区名称", "村社区", "社区(村)", "村(社区)", "COMMUNITY_NAME"),
        "COMMUNITY",
    ),
    "x": (
        *(
            "经度",
            "X坐标",
            "坐标X",
            "X",
            "LON",
            "LNG",
            "LONGITUDE",
            "COORDINATE_X",
            "COORD_X",
            "GPS_X",
        ),
        "X_COORD",
    ),
    "y": (
        *("纬度", "Y坐标", "坐标Y", "Y", "LAT", "LATITUDE", "COORDINATE_Y", "COORD_Y", "GPS_Y"),
        "Y_COORD",
    ),
    "department": (
        *("承办单位", "主办单位", "处置单位", "办理单位", "责任单位", "DISPOSE_UNIT_NAME"),
        "DEPARTMENT",
    ),
    "deadline": (
        *("办理时限", "处置时限", "办结时限", "截止时间", "办理期限", "办结期限", "要求办结时间"),
        *("DEADLINE", "DISPOSE_DEADLINE", "DUE_AT"),
    ),
    "closed_at": (
        *(
            "办结时间",
            "结案时间",
            "办理完成时间",
            "完成时间",
            "归档时间",
            "ARCHIVE_TIME",
            "CLOSE_TIME",
        ),
        *("CLOSED_AT", "FINISH_TIME"),
    ),
    "status": (
        *("工单状态", "办理状态", "处理状态", "案件状态", "当前状态", "状态", "STATUS"),
        *("STATUS_NAME", "ACT_PROPERTY_NAME"),
    ),
    "satisfaction": ("满意度", "满意情况", "是否满意", "满意度评价", "SATISFACTION"),
    "source": ("诉求来源", "来源渠道", "工单来源", "来源", "EVENT_SRC_NAME", "SOURCE"),
}
"""The names of each field in order of preference; compared in half-width capitals."""

CONTACT: Final = re.compile(
    "来电人|诉求人|反映人|投诉人|举报人|求助人|联系|电话|手机|号码|姓名|身份证|证件|微信|邮箱|QQ|受理人|"
    "话务员|坐席|座席|经办人|性别|年龄|PHONE|MOBILE|TEL$|TEL_|_TEL|EMAIL|ID_?CARD|CALLER|REPORTER|"
    "CONTACT|_?USER_?NAME|GENDER|^NAME$"
)
"""Columns about a person: their cells never get among the others."""

_STAFF: Final = re.compile("受理人|话务员|坐席|座席|经办人|_?USER_?NAME")
"""Of these, columns about those who took the call: nobody needs them, they are dropped."""

OWN: Final = ("原行号", "列", "原因")
"""Columns that we add to a file of refused rows, and ignore when it comes back."""

LONGEST_NAME: Final = 60

_REQUIRED: Final = (("ticket",), ("content", "address"))


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file: `fields` gives the position of each recognised field.

    `recognised` gives the header text of each field; `contacts` are the columns about the
    reporter, `dropped` those about other people, `unknown` those kept only in the raw row.
    Positions count from 0.
    """

    row: int
    names: tuple[str, ...]
    fields: dict[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()

    @property
    def recognised(self) -> dict[str, str]:
        """The header text by field."""
        return {name: self.names[position] for name, position in self.fields.items()}

    @property
    def personal(self) -> tuple[str, ...]:
        """All columns about people, in order."""
        return tuple(n for n in self.names if n in self.dropped or n in self.contacts)

    @property
    def kept(self) -> tuple[tuple[int, str], ...]:
        """Position and header text of the columns that make up a raw row."""
        away = {*self.personal, *OWN, ""}
        return tuple((i, name) for i, name in enumerate(self.names) if name not in away)


def plain(name: str) -> str:
    """A column's name as it is compared: half-width capitals without spaces, stars and marks."""
    text = unicodedata.normalize("NFKC", name).upper()
    return re.sub(r"[\s*:\ufeff'\"]+|\(必填\)|\(选填\)", "", text).replace("-", "_")


def known(names: Sequence[str]) -> int:
    """How many fields a row of names would give; a header gives two or more."""
    return len(_fields([plain(name) for name in names]))


def header(row: int, names: Sequence[str]) -> Header:
    """The columns by their names.

    Raises InvalidFile ``header_too_long`` (column, limit), ``header_duplicate`` (column) if a
    recognised name stands twice, and ``columns_missing`` (missing, seen) without a ticket number
    or without content and address.
    """
    cleaned = tuple(name.strip().lstrip("\ufeff") for name in names)
    for name in cleaned:
        if len(name) > LONGEST_NAME:
            raise InvalidFile("header_too_long", column=name[:LONGEST_NAME], limit=LONGEST_NAME)
    plains = [plain(name) for name in cleaned]
    fields = _fields(plains)
    for position in fields.values():
        if plains.count(plains[position]) > 1:
            raise InvalidFile("header_duplicate", column=cleaned[position], row=row)
    missing = [" / ".join(any_of) for any_of in _REQUIRED if not any(f in fields for f in any_of)]
    personal = tuple(
        name
        for position, name in enumerate(cleaned)
        if position not in fields.values() and CONTACT.search(plains[position])
    )
    taken = {cleaned[position] for position in fields.values()} | {*personal, *OWN, ""}
    unknown = tuple(name for name in cleaned if name not in taken)
    if missing:
        seen = [name for name in cleaned if name]
        examples = [
            ALIASES[any_of[0]][0] for any_of in _REQUIRED if not fields.keys() & set(any_of)
        ]
        raise InvalidFile("columns_missing", missing=examples, seen=seen[:40], row=row)
    dropped = tuple(name for name in personal if _STAFF.search(plain(name)))
    contacts = tuple(name for name in personal if name not in dropped)
    return Header(row, cleaned, fields, unknown, dropped, contacts)


def _fields(plains: Sequence[str]) -> dict[str, int]:
    """The position of each field's best-loved name."""
    positions = {name: position for position, name in reversed(list(enumerate(plains)))}
    found: dict[str, int] = {}
    for name, aliases in ALIASES.items():
        hit = next((positions[alias] for alias in aliases if alias in positions), None)
        if hit is not None:
            found[name] = hit
    return found
