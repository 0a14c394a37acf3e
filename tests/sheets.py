"""Small files as hotlines export them."""

import csv
import zipfile
from collections.abc import Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook

HEADER = (
    *("工单编号", "受理时间", "来电人", "联系电话", "诉求类型", "一级分类", "二级分类", "诉求内容"),
    *("事发地址", "街道", "社区", "承办单位", "办理时限", "办结时间", "满意度"),
)


def row(number: int, **changed: str) -> list[str]:
    """One ticket's cells, with some columns changed."""
    cells = {
        "工单编号": f"AK2023{number:06d}",
        "受理时间": "2023-11-01 08:30:00",
        "来电人": "张三",
        "联系电话": "13912345678",
        "诉求类型": "投诉",
        "一级分类": "市容环境",
        "二级分类": "暴露垃圾",
        "诉求内容": f"香溪路{number}号有垃圾没人清理",
        "事发地址": f"汉滨区新城办香溪路{number}号",
        "街道": "新城街道",
        "社区": "香溪社区",
        "承办单位": "城管局",
        "办理时限": "5个工作日",
        "办结时间": "-",
        "满意度": "满意",
    }
    return list((cells | changed).values())


def table(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    """The rows as delimited text."""
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def book(rows: Sequence[Sequence[object]], *more: Sequence[Sequence[object]]) -> bytes:
    """The rows as a workbook; `more` are the rows of further sheets."""
    workbook = Workbook(write_only=True)
    for part in (rows, *more):
        sheet = workbook.create_sheet()
        for cells in part:
            sheet.append(list(cells))
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def rezipped(content: bytes, changed: dict[str, bytes]) -> bytes:
    """A workbook with some of its members replaced or added."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
        for name in changed.keys() - set(old.namelist()):
            new.writestr(name, changed[name])
    return out.getvalue()
