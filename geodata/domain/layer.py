"""What can be taken out of the store: every layer and list, and what each of its fields means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "whole", "real", "yes", "time", "json"]
"""What a field holds; times are ISO 8601 text in UTC, to the microsecond."""
Veil = Literal["", "text", "name"]
"""How personal data in a field are hidden: numbers inside a text, or all but a family name."""
Geometry = Literal["Point", "LineString", "Polygon", "MultiPolygon", "None"]

SHORT: Final = 10
"""Characters that a Shapefile leaves to the name of a field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its Chinese name, what it holds, and its name of ten letters."""

    name: str
    zh: str
    kind: Kind = "text"
    short: str = ""
    veil: Veil = ""

    @property
    def ascii10(self) -> str:
        """The name where ten ASCII letters are all there is room for."""
        return self.short or self.name[:SHORT]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer or list; `dated` says that it can be had as of a day, `filters` how it narrows."""

    name: str
    zh: str
    en: str
    geometry: Geometry
    fields: tuple[Field, ...]
    filters: tuple[str, ...] = ()
    dated: bool = False

    @property
    def spatial(self) -> bool:
        """Whether its rows have a place on the map."""
        return self.geometry != "None"


_NAME: Final = Field("name", "名称")
_NAME_EN: Final = Field("name_en", "英文名称")
_SCHEME: Final = Field("code_scheme", "编码规则", short="scheme")
_COMMUNITY: Final = (
    Field("community_code", "社区编码", short="comm_code"),
    Field("community_name", "社区名称", short="comm_name"),
)
_STREET: Final = (
    Field("street_code", "街道编码", short="strt_code"),
    Field("street_name", "街道名称", short="strt_name"),
)
_VALID: Final = (
    Field("valid_from", "边界起用", "time"),
    Field("valid_to", "边界停用", "time"),
    Field("area_m2", "面积（平方米）", "real"),
)
_GRID: Final = (
    Field("grid_code", "网格编码"),
    Field("grid_name", "网格名称"),
)
_NUMBER: Final = Field("id", "序号", "whole")

_ISSUE: Final = (
    Field("id", "诉求标识"),
    Field("channel", "来源"),
    Field("ticket", "工单编号"),
    Field("category", "类别编码", short="cat"),
    Field("category_zh", "类别", short="cat_zh"),
    Field("category_en", "类别英文名", short="cat_en"),
    Field("text", "诉求内容", veil="text"),
    Field("address", "地址", veil="text"),
    Field("status", "状态"),
    Field("level", "层级"),
    Field("is_open", "未办结", "yes"),
    Field("precision", "定位精度"),
    Field("rule", "归属规则"),
    Field("border_m", "离界线（米）", "real"),
    *_GRID,
    Field("boundary_from", "所用边界起用", "time", "bound_from"),
    Field("runner_up_code", "也可能归的网格编码", short="second"),
    Field("runner_up_m", "离该网格（米）", "real", "second_m"),
    *_COMMUNITY,
    Field("raw_x", "来文坐标东", "real"),
    Field("raw_y", "来文坐标北", "real"),
    Field("raw_datum", "来文坐标系"),
    Field("located", "定位依据", "json", veil="text"),
    Field("reported_at", "反映时间", "time", "reported"),
    Field("due_at", "办理期限", "time"),
    Field("closed_at", "办结时间", "time"),
)

LAYERS: Final[Mapping[str, Layer]] = {
    layer.name: layer
    for layer in (
        Layer(
            *("streets", "街道", "Streets", "MultiPolygon"),
            (
                *(Field("code", "街道编码"), _NAME, _NAME_EN),
                *(Field("district_code", "区划代码", short="dist_code"), _SCHEME),
            ),
        ),
        Layer(
            *("communities", "社区", "Communities", "MultiPolygon"),
            (
                *(Field("code", "社区编码"), _NAME, _NAME_EN, *_STREET, _SCHEME),
                Field("platform", "已接入平台", "yes"),
            ),
            ("street",),
        ),
        Layer(
            *("grids", "网格", "Grids", "MultiPolygon"),
            (
                *(Field("code", "网格编码"), _NAME, Field("kind", "网格类型"), _SCHEME),
                *(*_COMMUNITY, *_STREET, Field("multipart", "允许多块", "yes"), *_VALID),
            ),
            ("code", "kind", "community", "street"),
            dated=True,
        ),
        Layer(
            *("uncovered", "未划入网格的地面", "Ground in no grid", "MultiPolygon"),
            (*_COMMUNITY, *_VALID),
            ("community",),
            dated=True,
        ),
        Layer(
            *("buildings", "楼栋与院落", "Buildings and courtyards", "Polygon"),
            (
                *(Field("code", "楼栋编码"), Field("kind", "楼栋或院落"), _NAME),
                *(Field("address", "地址"), *_COMMUNITY, *_GRID),
                Field("courtyard_code", "所在院落编码", short="yard_code"),
                Field("levels", "层数", "whole"),
                Field("households", "户数", "whole"),
                Field("residents", "居民数", "whole"),
                Field("party_group_id", "党小组序号", "whole", "group_id"),
                Field("party_group", "党小组", short="group_name"),
                Field("door_lon", "门口经度", "real"),
                Field("door_lat", "门口纬度", "real"),
            ),
            ("code", "kind", "community", "grid"),
        ),
        Layer(
            *("roads", "道路", "Roads", "LineString"),
            (_NUMBER, _NAME, Field("kind", "道路类型"), Field("width_m", "路宽（米）", "real")),
            ("kind",),
        ),
        Layer(
            *("landcover", "水系与绿地", "Water and green", "MultiPolygon"),
            (_NUMBER, Field("kind", "类型"), _NAME),
            ("kind",),
        ),
        Layer(
            *("places", "地点", "Places", "Point"),
            (_NUMBER, _NAME, Field("kind", "类型"), Field("address", "地址")),
            ("kind",),
        ),
        Layer(
            *("party-orgs", "党组织", "Party organisations", "Point"),
            (
                *(_NUMBER, Field("tier", "层级"), Field("parent_id", "上级序号", "whole"), _NAME),
                Field("secretary", "书记或组长", veil="name"),
                Field("member_count", "党员数", "whole", "members"),
                *(Field("street_code", "街道编码", short="strt_code"), _COMMUNITY[0], _GRID[0]),
            ),
            ("tier", "community", "grid"),
        ),
        Layer(
            *("posts", "网格员上岗", "Grid workers' posts", "Point"),
            (
                *(_NUMBER, Field("worker_id", "网格员序号", "whole")),
                *(Field("worker", "网格员", veil="name"), *_GRID, _COMMUNITY[0]),
                Field("duty", "职责"),
                *(Field("since", "起", "time"), Field("until", "止", "time")),
            ),
            ("community", "grid"),
            dated=True,
        ),
        Layer(
            *("issues", "诉求", "Issues", "Point"),
            _ISSUE,
            ("state", "category", "community", "grid"),
        ),
        Layer(
            *("refused", "退回的行", "Refused rows", "None"),
            (
                *(Field("import", "导入序号", "whole"), Field("file_name", "文件", veil="text")),
                *(Field("row", "行", "whole"), Field("column", "列"), Field("code", "原因")),
                *(Field("facts", "原因细节", "json", veil="text"),),
                *(Field("raw", "原行", "json", veil="text"),),
                Field("corrected_at", "改正时间", "time", "corrected"),
            ),
            ("import",),
        ),
    )
}
"""All of them by name, in the order in which they are offered."""
