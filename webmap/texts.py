"""The words for every refusal: what happened, and what to do; one sentence a code.

Chinese is the source; the catalogue has the English. Facts stand in braces.
"""

import re
from collections.abc import Mapping
from typing import Final

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _

from webmap.account_texts import ACCOUNTS
from webmap.desk_texts import DESK
from webmap.languages import of_one
from webmap.load_texts import LOADING, REASONS
from webmap.people_texts import PEOPLE
from webmap.plan_texts import STATE
from webmap.redraw_texts import REDRAWING, THINGS
from webmap.report_texts import REPORTING
from webmap.store_texts import STORE
from webmap.suggest_texts import SUGGESTING
from webmap.table_texts import TABLES

_MOST_SHOWN, _MEGABYTE = 60, 2**20
_NUMBERS: Final = ("count", "minutes", "seconds")
_UNSOUND: Final = re.compile(r"([A-Z][A-Za-z -]+)\[(\S+) (\S+)\]")

SENTENCES: Final = {
    "http_400": _("这个请求看不懂，请检查后再试。"),
    "http_404": _("没有这一页。"),
    "http_405": _("这个地址不能这样用。"),
    "http_413": _("文件太大，最多 24 MB。请分成几份再导入。"),
    "body_too_big": _("内容太长，最多 1 MB。请写短一些。"),
    "too_many": _("请求太频繁了。请过 {seconds} 秒再试，写好的内容不要关掉。"),
    "http_415": _("格式不对，请用 JSON。"),
    "http_500": _("服务出了点问题，已经记下。请稍后再试。"),
    "invalid_request": _("有几项填得不对：{fields}"),
    "foreign_page": _("这个请求是别的网站的页面发来的，没有受理。"),
    "bad_cursor": _("翻页的位置不对，请从第一页看起。"),
    "days_backwards": _("开始日期 {since} 晚于结束日期 {until}。请对调后再试。"),
    "period_twice": _("时间段和起止日期只能选一种。请去掉其中一种。"),
    "no_district": _("还没有导入任何区的数据。请先运行 python -m scripts demo。"),
    "no_place": _("这个位置不对。"),
    "no_area": _("您的范围里没有编码为 {area} 的地方。"),
    "no_gap": _("这个缺口已经补上了，或者不在您的范围里。"),
    "no_page": _("没有这一页。"),
    "no_tile": _("没有这一块地图。"),
    "no_grid": _("没有编码为 {grid} 的网格。"),
    "no_street": _("没有编码为 {street} 的街道。"),
    "no_community": _("没有编码为 {community} 的社区。"),
    "no_building": _("没有编号为 {building} 的楼栋。"),
    "no_category": _("没有编码为 {category} 的诉求类别。"),
    "outside_ground": _("这片地方不归您管，只能看它的范围，看不到数据。"),
    "no_issue": _("没有找到这条诉求，请检查链接。"),
    "no_import": _("没有找到这次导入。"),
    "no_contact": _("这条诉求没有留联系方式。"),
    "seal_broken": _("加密的内容打不开：密钥换过，或者内容被改过。请联系管理员。"),
    "setting_unclear": _("设置 {setting} 的值“{value}”看不懂。请改正。"),
    "no_refused_row": _("没有这一行，或者它已经改好了。"),
    "pin_outside": _("标出的位置不在本区范围内，请在地图上重新标。"),
    "pin_swapped": _("经度和纬度好像写反了，请对调后再试。"),
    "address_ambiguous": _("这个地址可能是好几个地方，请选一个。"),
    "address_unknown": _("没有找到“{address}”，请换一种写法，或者在地图上标出来。"),
    "no_layer": _("没有叫“{layer}”的图层。有这些：{known}。"),
    "no_format": _("没有“{format}”这种格式。有这些：{known}。"),
    "no_item": _("这个图层里没有编号为 {item} 的一条。"),
    "no_history": _("图层“{layer}”没有历史，不能按日期取。"),
    "filter_unknown": _("图层“{layer}”不能按“{filter}”筛选。可以用：{known}。"),
    "filter_bad": _("筛选条件“{filter}”的值“{value}”不对。"),
    "box_bad": _("范围“{box}”不对，请按西、南、东、北的次序写四个度数，用逗号隔开。"),
    "time_unclear": _("看不懂日期“{value}”。请写成 2024-05-01 这样。"),
    "crs_unfit": _("这里的位置换算不到坐标系 {crs}。请换一个适合本地的坐标系。"),
    "crs_only_wgs84": _("{format} 只能用 WGS 84，请不要选别的坐标系。"),
    "export_too_long": _("{format} 最多 {limit} 行。请加上筛选条件，或者换一种格式。"),
    "export_large": _(
        "多于 {limit} 行的文件要在后台做。请在导出页上下载，程序用 POST /api/exports。"
    ),
    "exports_many": _("已经有 {limit} 个文件在做，请等做好一个，或者取消一个。"),
    "export_over": _("这个文件已经做完或取消了，不能再取消。"),
    "export_gone": _("这个文件还没做好，或者已经过期。请重新导出。"),
    "no_export": _("没有编号为 {job} 的导出。"),
    "export_busy": _("正在导出的文件太多了，请过一会儿再试。"),
    "setting_missing": _("缺少设置 {setting}，或者它太短。"),
    "tile_url_scheme": _(
        "{setting} 里的“{value}”看不懂。请写瓦片地址"
        "（以 http:// 或 https:// 开头，含 {{z}}、{{x}}、{{y}}）、PMTiles 文件的路径，或者 none。"
    ),
    "tile_url_incomplete": _("{setting} 里的瓦片地址“{value}”缺少 {missing}。请补上。"),
    "tile_url_strange": _(
        "{setting} 里的瓦片地址“{value}”有认不出的 {strange}。"
        "能用的是 {{z}}、{{x}}、{{y}}、{{-y}}、{{s}}、{{r}}，或者 {{0-7}} 这样的范围。"
    ),
    "tile_url_host": _(
        "{setting} 里的瓦片地址“{value}”的主机名不能用。"
        "请写主机名或 IPv4 地址，可以带端口，不要带用户名。"
    ),
    "tile_url_insecure": _(
        "本站是 https，浏览器不会取 http 的瓦片“{value}”。请在 {setting} 里改用 https 地址。"
    ),
    "tile_too_many": _("{setting} 里的瓦片地址太多，最多 {limit} 个。请去掉几个。"),
    "tile_mixed": _("{setting} 里的矢量瓦片只能有一个，也不能和图片瓦片混用。请分开。"),
    "tile_credit_missing": _(
        "用了别处的瓦片，就要在 {setting} 里写明来源（例如“天地图 GS(2024)0650号”），"
        "地图上会显示出来。"
    ),
    "tile_datum_bd09": _(
        "{setting} 不支持 BD-09：百度瓦片的切法和别家不同，叠不准。请换用天地图、高德或内网的瓦片。"
    ),
    "tile_datum_unknown": _("{setting} 不认识“{value}”。请写其中一个：{known}。"),
    "tile_zoom": _("{setting} 的“{value}”看不懂。请写最小和最大级别，例如 3-18，最大不超过 22。"),
    "archive_unreadable": _("底图文件“{file}”打不开（{reason}）。请检查路径和权限。"),
    "archive_broken": _(
        "底图文件“{file}”不是第 3 版的 PMTiles 文件，或者不完整。请重新生成或复制一份。"
    ),
    "archive_packing": _(
        "底图文件“{file}”用了浏览器解不开的压缩方法。请改用 gzip 或不压缩，重新生成。"
    ),
    "archive_kind": _(
        "底图文件“{file}”里的瓦片是不认识的格式。请用矢量（MVT）、PNG、JPEG、WebP 或 AVIF。"
    ),
    "no_archive": _("底图文件不见了，请联系管理员。"),
    "file_empty": _("“{file}”里没有数据。请确认选对了文件，再导入一次。"),
    "file_too_big": _("“{file}”有 {size_mb} MB，最多 {limit_mb} MB。请分成几份再导入。"),
    "file_old_excel": _("“{file}”是旧版 Excel 文件。请用 Excel 或 WPS 另存为 .xlsx，再导入。"),
    "file_encrypted": _("“{file}”设了密码。请去掉密码另存一份，再导入。"),
    "file_broken": _("“{file}”打不开，可能已经损坏。请从热线系统重新导出，再导入。"),
    "json_broken": _(
        "“{file}”第 {line} 行第 {column} 个字符起不是 JSON，读不下去。请检查文件是否完整。"
    ),
    "file_kind": _("“{file}”不是表格，而是{kind}。请导入 .xlsx 或 .csv 文件。"),
    "file_encoding": _(
        "“{file}”第 {row} 行有认不出的字符（按 {encoding} 读到字节 {byte}）。"
        "请另存为 UTF-8 编码的 CSV，再导入。"
    ),
    "file_too_heavy": _("“{file}”太大或太复杂，没有读完。请分成几份，或者另存为 CSV，再导入。"),
    "too_many_rows": _("“{file}”超过 {limit} 行。请分成几份再导入。"),
    "too_many_columns": _("“{file}”超过 {limit} 列。请删去用不着的列，再导入。"),
    "header_missing": _(
        "“{file}”里没有找到表头。请让第一行是列名，例如工单编号、诉求内容、事发地址；现在看到的是：{seen}。"
        "如果这些字是乱码，请另存为 UTF-8 再导入。"
    ),
    "closed_before_reported": _("办结时间 {closed} 早于受理时间 {reported}。请检查这两列。"),
    "header_too_long": _(
        "“{file}”的表头里有一列名字太长，最多 {limit} 个字：{column}。请检查第一行是不是列名。"
    ),
    "header_duplicate": _(
        "“{file}”第 {row} 行的表头里，“{column}”出现了两次。请给其中一列改名或删去它，再导入。"
    ),
    "columns_missing": _(
        "“{file}”第 {row} 行的表头里缺少这些列：{missing}。请补上再导入。现有的列：{seen}。"
    ),
    "zip_members": _(
        "“{file}”里面的部件太多（{found} 个，最多 {limit} 个）。请在 Excel 里另存为新文件，再导入。"
    ),
    "zip_path": _(
        "“{file}”里面的部件名不正常（{member}），没有打开。请在 Excel 里另存为新文件，再导入。"
    ),
    "zip_too_big": _(
        "“{file}”展开后超过 {limit_mb} MB，没有读完。请分成几份，或者另存为 CSV，再导入。"
    ),
    "zip_ratio": _(
        "“{file}”展开后大得不正常（超过 {limit} 倍），没有打开。请在 Excel 里另存为新文件，再导入。"
    ),
    "xml_entities": _(
        "“{file}”里面有不该有的声明（{member}），没有打开。请在 Excel 里另存为新文件，再导入。"
    ),
    "cell_broken": _(
        "工作表“{sheet}”的单元格 {cell} 坏了，读不出来。请在 Excel 里重新填写，或者在这里更正。"
    ),
    "sheet_broken": _(
        "“{file}”的工作表“{sheet}”从第 {row} 行起读不出来。请在 Excel 里打开另存一份，再导入。"
    ),
    "row_broken": _("文件第 {line} 行的引号没有成对，分不清各列。请补上引号再试。"),
    "cell_unstorable": _("这一格里有存不了的字符（空字符或半个字）。请重新填写这一格。"),
    "cell_huge": _("文件第 {line} 行有一格超过 {limit} 个字，没有读。请写短一些。"),
    "too_many_cells": _("这一行有 {found} 格，表头只有 {expected} 列。请去掉多出来的逗号或内容。"),
    "cell_too_long": _("这一格有 {length} 个字，最多 {limit} 个。请写短一些。"),
    "ticket_missing": _("没有工单编号。请补上。"),
    "ticket_twice": _(
        "工单编号 {value} 在第 {first_row} 行已经有了。"
        "如果是另一件事，请改正编号；如果是同一件，不用再管。"
    ),
    "ticket_digits_lost": _(
        "工单编号被表格软件当成了数字 {value}，末尾几位已经丢了。请把这一列设为文本，重新导出。"
    ),
    "text_missing": _("诉求内容和事发地址都是空的。请至少填一项。"),
    "time_bad": _("看不懂时间“{value}”。请写成 2023-11-01 08:30 这样。"),
    "time_future": _("受理时间 {value} 还没有到。请检查年份和日期。"),
    "coordinate_bad": _("坐标“{value}”不是数字。请改正，或者把经度和纬度都清空，改用地址定位。"),
    "coordinate_half": _("经度和纬度只有一个。请补上另一个，或者都清空，改用地址定位。"),
    "coordinate_range": _(
        "坐标 {value} 不是经纬度的度数。请换成度，或者把经度和纬度都清空，改用地址定位。"
    ),
    "coordinate_not_a_number": _("坐标不是数字。请改正，或者把经度和纬度都清空，改用地址定位。"),
    "coordinate_zero": _("坐标是 0，等于没有填。请改正，或者把经度和纬度都清空，改用地址定位。"),
    "coordinate_swapped": _("经度 {x} 和纬度 {y} 好像写反了。请对调后再试。"),
    "coordinate_no_degrees": _(
        "坐标 {x}，{y} 不是经纬度的度数。请换成度，或者都清空，改用地址定位。"
    ),
    "coordinate_outside": _(
        "坐标 {x}，{y}（{datum}）不在本区范围内。请改正，或者都清空，改用地址定位。"
    ),
    "community_unknown": _("没有编码为 {value} 的社区。请改正编码，或者写社区的名称，或者留空。"),
    "code_malformed": _(
        "“{value}”不是区、街道、社区或网格的编码（6、9、12 或 15 位数字）。请检查。"
    ),
    "codes_used_up": _("{above} 下面的编码已经用到 {last}，没有新的了。请联系管理员。"),
    "crs_missing": _("“{file}”没有说明坐标系，坐标也不像经纬度。请用 --crs 说明，例如 EPSG:4545。"),
    "too_many_vertices": _("图形共有 {found} 个顶点，最多 {limit} 个。请分成几份，或者先简化。"),
    "too_many_crossings": _("这些图形互相交叉太多，无法修复。请检查是不是选错了图层。"),
    "layers_stacked": _("“{shape}”和“{other}”是叠放的两层，不能并成一层。请选一层，或者分层修复。"),
    "missing_shape": _("“{shape}”没有图形。请补上或删去这一行。"),
    "not_a_number": _("“{shape}”的坐标里有不是数字的值。请在原文件里改正。"),
    "not_an_area": _("“{shape}”不是面，而是{geometry}。请在原文件里改正。"),
    "no_degrees": _("“{shape}”的坐标 {x}，{y} 不是经纬度的度数。请说明坐标系。"),
    "swapped": _("“{shape}”的经度和纬度好像写反了（{x}，{y}）。请对调后再试。"),
    "tangled": _("“{shape}”的边界自己交叉超过 {limit} 次，无法修复。请重新画。"),
    "http_406": _("没有您要的格式。"),
    "http_408": _("等您的内容等得太久了。请检查网络，再试一次。"),
    "http_414": _("这个地址太长了。请从首页重新进入。"),
    "http_416": _("这个文件没有您要的那一段。"),
    "http_422": _("有内容填得不对，请检查后再试。"),
    "http_429": _("请求太频繁了，请过一会儿再试。"),
    **REDRAWING,
    **REPORTING,
    **TABLES,
    **ACCOUNTS,
    **DESK,
    **PEOPLE,
    **LOADING,
    **STORE,
    **SUGGESTING,
}

KINDS: Final = {
    "html": _("网页"),
    "image": _("图片"),
    "program": _("程序"),
    "zip": _("压缩包"),
}
"""Kinds of file that have a name of their own; the others go by their abbreviation."""


def sentence(code: str, facts: Mapping[str, object]) -> str:
    """The sentence for a refusal in the language of the request; the code where there is none."""
    unknown = SENTENCES["http_400"] if code.startswith("http_") else code
    return filled(SENTENCES.get(code, unknown), facts)


def filled(words: object, facts: Mapping[str, object]) -> str:
    """A sentence with its facts in place, in its form for one where its number is 1."""
    return (_of_one(words, facts) or str(words)).format_map(_Facts(facts))


def _of_one(words: object, facts: Mapping[str, object]) -> str:
    if all(facts.get(name) != 1 for name in _NUMBERS):
        return ""
    with force_locale("zh"):
        source = str(words)
    return of_one(source)


class _Facts(dict[str, str]):
    """Facts as a sentence shows them: short, sizes in megabytes, and a lack shown as a dash."""

    def __init__(self, facts: Mapping[str, object]) -> None:
        super().__init__({name: _shown(value) for name, value in facts.items()})
        self.update({f"{name}_mb": _megabytes(n) for name, n in facts.items() if type(n) is int})
        if (kind := KINDS.get(self.get("kind", ""))) is not None:
            self["kind"] = str(kind)
        if (reason := REASONS.get(self.get("reason", ""))) is not None:
            self["reason"] = str(reason)
        if (state := STATE.get(self.get("state", ""))) is not None:
            self["state"] = str(state)
        if said := _UNSOUND.fullmatch(self.get("why", "")):
            why = REASONS.get(said[1], said[1])
            self["why"] = f"{why} ({said[2]}, {said[3]})"

    def __missing__(self, name: str) -> str:
        return self._things() if name == "things" else "—"

    def _things(self) -> str:
        counted = {words: int(self.get(name, 0)) for name, words in THINGS.items()}
        return _shown([filled(words, {"count": n}) for words, n in counted.items() if n])


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.1f}".removesuffix(".0")


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return str(gettext("、")).join(str(name) for name in value)
    if isinstance(value, list | tuple):
        return str(gettext("、")).join(_shown(member) for member in value)
    if isinstance(value, float):
        return f"{value:.7g}"
    text = str(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"
