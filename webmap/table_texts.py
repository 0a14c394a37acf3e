"""The words for refusals about tables, layers and coordinate systems; see `webmap.texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

TABLES: Final = {
    "column_missing": _("“{file}”里没有“{column}”这一列。现有的列：{seen}。"),
    "layer_missing": _("“{file}”里没有“{layer}”这一层。现有的层：{layers}。"),
    "layer_choose": _("“{file}”有好几层：{layers}。请用 --layer 选一层。"),
    "layer_kind": _(
        "“{file}”不是这里读得懂的图层或表格。"
        "请用 GeoPackage、GeoJSON、Shapefile、KML、FlatGeobuf、.csv 或 .xlsx 文件。"
    ),
    "layers_none": _("“{file}”里没有图形。请选有图形的文件，或者用 --layer 选有图形的图层。"),
    "shapes_unread": _(
        "“{file}”里的图形一个也看不懂，例如第 {row} 个（{value}）。请在原文件里改正。"
    ),
    "crs_strange": _("“{file}”写明的坐标系“{crs}”没有这样的。请用 --crs 说明，例如 EPSG:4490。"),
    "table_unreadable": _("“{file}”读不出来。请检查文件是否完整。"),
    "table_empty": _("“{file}”里没有数据。请确认选对了文件。"),
    "areas_none": _("“{file}”里没有带编码的面。请选有面的图层，并核对编码列。"),
    "crs_undeclared": _("“{file}”没有说明坐标系。请用 {option} 说明，例如 {option} EPSG:4490。"),
    "crs_implausible": _(
        "“{file}”说是 {crs}，坐标却是 {example}，不可能。请用 --areas-crs 说明真正的坐标系。"
    ),
    "crs_impossible": _(
        "“{file}”说是 {crs}，坐标却是 {example}，不可能。请用 --crs 说明真正的坐标系。"
    ),
    "coordinates_missing": _("“{file}”里没有认出坐标列。请用 --x 和 --y 说明。现有的列：{seen}。"),
    "points_swapped": _(
        "坐标 {example} 按 {crs} 只有 {percent}% 落在各面附近，对调后就对了：经纬度写反了。请"
        "把 --x 和 --y 对调。"
    ),
    "points_metres": _(
        "坐标 {example} 不是 {crs} 的度数，像是米或英尺。请用 --crs 说明坐标系，能对上的有：{"
        "likely}。"
    ),
    "points_elsewhere": _(
        "坐标 {example} 按 {crs} 只有 {percent}% 落在各面附近（{box}）。请用 --crs 说明坐标系"
        "，能对上的有：{likely}。确实如此就加 --anyway。"
    ),
    "points_outside": _("有 {count} 个点不在各面附近，其中 {swapped} 个对调经纬度后就在。"),
    "points_shifted": _(
        "按 {crs} 有 {percent}% 一致，按 {other} 有 {better}%：坐标可能其实是 {other}。没有擅"
        "自改动。"
    ),
    "points_none": _(
        "“{file}”的 {rows} 行里没有一行既有标签又有坐标（有坐标的 {placed} 行）。请检查这几列。"
    ),
    "labels_unknown": _(
        "“{file}”的标签（{labels}）都不是编码（例如 {codes}）。请用 --map 给出标签和编码的对照表。"
    ),
    "buildings_none": _("“{file}”的 {rows} 行里没有一行既有位置又有地址或名称。请检查这几列。"),
    "roads_none": _("“{file}”的 {rows} 行里没有一行既是线又有名称。请检查这一列和图层。"),
    "buildings_implausible": _(
        "“{file}”的坐标 {example} 不是 {crs} 里的位置。请用 --crs 说明坐标系。"
    ),
    "map_unusable": _("对照表“{file}”里的编码都不在面里。它写的是 {example}，面的编码是 {codes}。"),
    "map_twice": _("对照表“{file}”里，“{label}”有两个编码：{codes}。请只留一个。"),
}
