"""What a layer or list of each kind may tell, and the names that people give those columns."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

Kind = Literal[
    "district",
    "streets",
    "communities",
    "grids",
    "buildings",
    "roads",
    "workers",
    "groups",
    "units",
]
KINDS: Final = get_args(Kind)

Names = tuple[str, ...]

_X: Final[Names] = (
    *("经度", "X坐标", "坐标X", "X", "LON", "LNG", "LONG", "LONGITUDE", "COORD_X", "X_COORD"),
    *("GPS_X", "EASTING", "东坐标", "横坐标"),
)
_Y: Final[Names] = (
    *("纬度", "Y坐标", "坐标Y", "Y", "LAT", "LATITUDE", "COORD_Y", "Y_COORD"),
    *("GPS_Y", "NORTHING", "北坐标", "纵坐标"),
)
_WKT: Final[Names] = ("WKT", "GEOM", "GEOMETRY", "WKT_GEOM", "SHAPE", "几何", "图形", "坐标串")

PLACES: Final[Mapping[str, Names]] = {"x": _X, "y": _Y, "wkt": _WKT}
"""The columns of a table that hold a shape."""

_NAME_EN: Final[Names] = ("英文名", "英文名称", "NAME_EN", "ENGLISH_NAME")
_ADDRESS: Final[Names] = (
    *("地址", "详细地址", "门牌地址", "标准地址", "楼栋地址", "单位地址", "坐落", "ADDRESS"),
    *("ADDR", "FULL_ADDRESS", "ADDR_FULL"),
)
_GRID: Final[Names] = (
    *("网格编码", "网格代码", "网格编号", "所属网格", "所在网格", "负责网格", "网格", "网格名称"),
    *("GRID_CODE", "GRIDCODE", "GRID", "GRID_NAME", "GRID_ID"),
)
_COMMUNITY: Final[Names] = (
    *("社区编码", "社区代码", "所属社区编码", "所属社区", "所在社区", "社区", "社区名称", "村社区"),
    *("COMMUNITY_CODE", "COMMUNITYCODE", "COMM_CODE", "COMMUNITY", "COMMUNITY_NAME", "SQDM"),
    *("SQBM", "SQMC"),
)

FIELDS: Final[Mapping[Kind, Mapping[str, Names]]] = {
    "district": {
        "code": ("区划代码", "行政区划代码", "区县代码", "编码", "代码", "CODE", "ADCODE", "XZQDM"),
        "name": ("名称", "区县", "区县名称", "区名称", "NAME", "DISTRICT", "XZQMC"),
        "name_en": _NAME_EN,
    },
    "streets": {
        "code": (
            *("街道编码", "街道代码", "编码", "代码", "编号", "STREET_CODE", "CODE", "JDDM"),
            "ID",
        ),
        "name": ("街道名称", "街道", "镇街", "名称", "STREET_NAME", "STREET", "NAME", "JDMC"),
        "name_en": _NAME_EN,
    },
    "communities": {
        "code": (
            *("社区编码", "社区代码", "社区编号", "编码", "代码", "编号", "COMMUNITY_CODE"),
            *("COMM_CODE", "CODE", "SQDM", "SQBM", "ID"),
        ),
        "name": (
            *("社区名称", "社区", "村社区", "名称", "COMMUNITY_NAME", "COMMUNITY", "NAME", "SQMC"),
            "TITLE",
        ),
        "name_en": _NAME_EN,
        "street": (
            *("街道编码", "街道代码", "所属街道", "街道", "街道名称", "镇街", "所属镇街"),
            *("STREET_CODE", "STREET", "STREET_NAME"),
        ),
        "district": ("区划代码", "行政区划代码", "区县代码", "DISTRICT_CODE", "DISTRICT"),
        "district_name": ("区县", "区县名称", "区名称", "DISTRICT_NAME"),
    },
    "grids": {
        "code": (
            *("网格编码", "网格代码", "网格编号", "标识码", "编码", "代码", "编号"),
            *("GRID_CODE", "GRIDCODE", "GRID_NO", "GRID_ID", "CODE", "WGDM", "WGBM", "BSM"),
        ),
        "name": ("网格名称", "网格", "名称", "GRID_NAME", "GRIDNAME", "NAME", "WGMC"),
        "kind": ("网格类型", "网格类别", "类型", "类别", "GRID_TYPE", "GRID_KIND", "TYPE", "KIND"),
        "community": _COMMUNITY,
    },
    "buildings": {
        "code": ("楼栋编码", "楼栋代码", "楼栋编号", "建筑编码", "BUILDING_CODE", "CODE", "编码"),
        "name": (
            *("楼栋名称", "楼栋名", "楼名", "楼栋", "建筑名称", "名称", "BUILDING_NAME"),
            *("BUILDING", "NAME"),
        ),
        "address": _ADDRESS,
        "road": ("道路", "街路巷", "路名", "ADDR_STREET", "ROAD", "STREET_NAME"),
        "number": ("门牌号", "门牌", "号", "ADDR_HOUSENUMBER", "HOUSENUMBER", "HOUSE_NO"),
        "kind": ("楼栋类型", "建筑类型", "BUILDING_KIND", "BUILDING_TYPE"),
        "levels": ("层数", "楼层数", "地上层数", "总层数", "LEVELS", "FLOORS", "STOREYS"),
        "households": ("户数", "总户数", "住户数", "HOUSEHOLDS", "HH"),
        "residents": ("人口", "人口数", "居民数", "人数", "常住人口", "RESIDENTS", "POPULATION"),
        "group": ("党小组", "所属党小组", "党小组名称", "PARTY_GROUP", "GROUP"),
    },
    "roads": {
        "name": ("道路名称", "路名", "名称", "道路", "ROAD_NAME", "NAME"),
        "kind": (
            *("道路等级", "道路类型", "等级", "类型", "KIND_DETAIL", "HIGHWAY", "FCLASS", "CLASS"),
            *("ROAD_CLASS", "KIND", "TYPE"),
        ),
        "width": ("路宽", "宽度", "红线宽度", "WIDTH"),
    },
    "workers": {
        "name": ("网格员姓名", "网格员", "姓名", "网格长", "名字", "WORKER", "WORKER_NAME", "NAME"),
        "grid": _GRID,
        "community": _COMMUNITY,
        "duty": ("职责", "岗位", "职务", "角色", "DUTY", "ROLE", "POST"),
        "since": ("上岗日期", "上岗时间", "任职日期", "任职时间", "SINCE", "START", "START_DATE"),
    },
    "groups": {
        "name": ("党小组名称", "党小组", "名称", "GROUP_NAME", "PARTY_GROUP", "GROUP", "NAME"),
        "grid": _GRID,
        "community": _COMMUNITY,
        "secretary": ("党小组组长", "组长", "组长姓名", "负责人", "LEADER", "SECRETARY"),
        "members": ("党员数", "党员人数", "成员数", "人数", "MEMBER_COUNT", "MEMBERS"),
        "buildings": (
            *("楼栋", "楼栋列表", "所辖楼栋", "包联楼栋", "覆盖楼栋", "楼栋地址", "BUILDINGS"),
            "ADDRESSES",
        ),
    },
    "units": {
        "name": ("单位名称", "驻辖区单位", "驻区单位", "单位", "名称", "UNIT_NAME", "UNIT", "NAME"),
        "kind": ("单位类型", "单位性质", "类型", "性质", "行业", "UNIT_KIND", "TYPE", "KIND"),
        "address": _ADDRESS,
        "community": _COMMUNITY,
    },
}
"""For each kind its fields, each with its names in order of preference, in half-width capitals."""

REQUIRED: Final[Mapping[Kind, Names]] = {
    "district": (),
    "streets": ("name",),
    "communities": ("name",),
    "grids": (),
    "buildings": (),
    "roads": (),
    "workers": ("name", "grid"),
    "groups": ("name", "grid"),
    "units": ("name",),
}
"""The fields that a file must tell, or its caller for it."""

SHAPES: Final[Mapping[Kind, Names]] = {
    "district": ("Polygon", "MultiPolygon"),
    "streets": ("Polygon", "MultiPolygon"),
    "communities": ("Polygon", "MultiPolygon"),
    "grids": ("Polygon", "MultiPolygon"),
    "buildings": ("Polygon", "MultiPolygon", "Point"),
    "roads": ("LineString", "MultiLineString"),
    "workers": (),
    "groups": (),
    "units": ("Point", "Polygon", "MultiPolygon"),
}
"""The kinds of shape that each can have; none where a shape means nothing."""
