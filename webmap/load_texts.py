"""The words for what can be said about a layer or list that is loaded; as in `texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

LOADING: Final = {
    "layer_choose": _("“{file}”里有好几层：{layers}。请写明要哪一层。"),
    "layer_unknown": _("“{file}”里没有“{layer}”这一层，有的是：{layers}。"),
    "file_external": _(
        "“{file}”要到别处去取内容（{what}），没有打开。请把内容都放进文件里再导入。"
    ),
    "file_shape_alone": _(
        "“{file}”只是 Shapefile 的一部分。请把 .shp、.shx、.dbf、.prj 一起压缩成 ZIP 再导入。"
    ),
    "shape_parts_missing": _("“{file}”里缺少 {missing}。请把 Shapefile 的各个部分一起压缩再导入。"),
    "too_many_vertices": _("“{file}”的顶点超过 {limit} 个。请分成几份再导入。"),
    "shape_missing": _("没有图形。请补上，或者删去这一行。"),
    "shape_kind": _("图形是 {kind}，这里用不上。"),
    "shape_too_long": _("图形有 {found} 个顶点，最多 {limit} 个。请简化。"),
    "shape_not_finite": _("图形里有不是数字的坐标。请改正。"),
    "shape_unreadable": _("图形看不懂。请改正。"),
    "shape_invalid": _("图形自相交或者没有围好：{why}。请改正，或者要求修补。"),
    "shape_vanished": _("图形太小，对到格点上就没有了。请检查坐标系和图形。"),
    "crs_unknown": _(
        "不认识坐标系“{crs}”。请写 EPSG:4545 这样的编号，或者 CGCS2000、WGS84、GCJ02、BD09。"
    ),
    "crs_doubtful": _("“{file}”的坐标系存疑：{reason}。请选定坐标系，再继续。"),
    "mapping_bad": _("列的对照表看不懂。请用 JSON（列名: 字段）或者两列的 CSV。"),
    "mapping_field": _("对照表里的字段“{field}”没有，可用的是：{fields}。"),
    "mapping_column": _("文件里没有对照表说的“{column}”这一列，现有的列：{seen}。"),
    "value_unknown": _("没有“{field}”这个字段，可用的是：{fields}。"),
    "since_bad": _("“{value}”不是已经过去的日期。请写成 2021-03-01 这样。"),
    "no_load": _("没有找到这次数据导入。"),
    "load_busy": _("这个文件正在导入，请稍后再试。"),
    "load_not_asked": _("这次导入没有在等坐标系，不用再选。"),
    "load_not_tried": _("这次导入还没有检查完，或者已经导入了。"),
    "coverage_dirty": _("有 {count} 处问题（第 {rows} 行等），没有导入。请改正，或者要求修补。"),
    "guard_refused": _("数据库没有接受这次改动：{why}。地图没有变。"),
    "repaired_small": _("修补了 {count} 处不到 1 平方米的小毛病，共 {m2} 平方米。"),
    "repaired_gap": _("补上了 {m2} 平方米的空隙（{lon}，{lat}）。"),
    "repaired_overlap": _("重叠的 {m2} 平方米归了这一行（{lon}，{lat}），第 {other} 行让出。"),
    "repaired_stray": _("第 {other} 行零散的 {m2} 平方米归了这一行（{lon}，{lat}）。"),
    "repaired_untangled": _("理顺了自相交的图形（{m2} 平方米，{lon}，{lat}）。"),
    "repaired_open": _("{m2} 平方米（{lon}，{lat}）不归任何一行。"),
    "repaired_outside": _("超出地界的 {m2} 平方米（{lon}，{lat}）去掉了。"),
    "nothing_inside": _("文件里没有一个图形在要导入的社区里。"),
    "district_missing": _("还没有区。请先导入区界，或者社区。"),
    "district_unknown": _("不知道是哪个区。请写明区划代码。"),
    "district_other": _("这里已经有一个区（{value}），不能再导入另一个。"),
    "district_divided": _("区 {value} 的地面已经分给社区，区界要由社区的边界来改。"),
    "communities_missing": _("文件里少了已有的社区：{codes}。社区要一起导入。"),
    "code_too_long": _("“{above}”太长，下面编不出 {limit} 位以内的编码。请用短一些的编码。"),
    "codes_twice": _("第 {row} 行的编码 {value} 前面已经有了。请改正。"),
    "code_unusable": _("编码“{value}”不能用：只能有字母、数字、- 和 _，最多 20 位。"),
    "code_twice": _("编码 {value} 在第 {first_row} 行已经有了。请改正。"),
    "code_retired": _("编码 {value} 的网格已经撤销，编码不能再用。请留空，会编一个新的。"),
    "code_elsewhere": _("编码 {value} 是社区 {community} 的网格。请改正编码或者社区。"),
    "code_not_below": _("编码 {value} 不在社区 {community} 之下：前 12 位应该是社区编码。"),
    "area_outside": _("有 {m2} 平方米在它的社区之外（{lon}，{lat}）。"),
    "areas_overlap": _("和第 {other} 行重叠 {m2} 平方米（{lon}，{lat}）。"),
    "outside_all": _("不在任何社区里。"),
    "name_missing": _("没有名称。请补上。"),
    "community_new": _("没有“{value}”这个社区。已经有网格以后，不能再加社区。"),
    "community_has_grids": _("社区 {value} 已经有网格，它的边界由网格决定。"),
    "building_outside": _("门口（{lon}，{lat}）不在任何社区里。"),
    "building_twice": _("同一栋楼在文件里前面已经有了。"),
    "number_bad": _("“{value}”不是合适的数目。请改正。"),
    "group_unknown": _("没有叫“{value}”的党小组，先空着。"),
    "road_outside": _("这条路（{lon}，{lat}）离本区太远。"),
    "grid_unknown": _("没有编码或者名称是“{value}”的网格。请改正。"),
    "grid_ambiguous": _("有 {count} 个网格叫“{value}”。请写编码，或者写明社区。"),
    "head_taken": _("网格 {grid} 已经有网格长（{name}某），或者这个人在这里已经有别的职责。"),
    "post_future": _("上岗日期 {value} 还没有到。请检查。"),
    "unit_outside": _("位置（{lon}，{lat}）不在本区。"),
    "noise_settled": _("对到格点时，界线之间有 {count} 条细缝（共 {m2} 平方米）并给了相邻的一方。"),
    "snapping_untangled": _("对到格点时图形打了结，已经理顺（不到 2 厘米）。"),
    "district_made": _("按文件建立了区 {code}（{name}）。"),
    "street_made": _("没有说明街道，归到新建的街道 {code}。"),
    "community_made": _("没有社区，按所有网格的外边界建立了一个（{name}）。"),
    "outline_open": _("原来的区界里有 {m2} 平方米不属于任何社区（{lon}，{lat}），不再算本区。"),
    "outline_beyond": _("社区超出原来的区界 {m2} 平方米（{lon}，{lat}），区界随社区。"),
    "rows_out_of_scope": _("有 {count} 行属于别的社区，没有动。"),
    "ground_uncovered": _("社区 {community} 有 {m2} 平方米没有划入网格。"),
    "grid_multipart": _("网格有 {parts} 块。"),
    "since_ignored": _("已经有网格，不能追溯到 {value}，从现在起生效。"),
    "grids_retired": _("撤销了 {count} 个网格：{codes}。"),
    "posts_ended": _("撤销的网格里有 {count} 个岗位结束了，请重新安排。"),
    "groups_moved": _("撤销的网格里有 {count} 个党小组转到了接手的网格。"),
    "buildings_rehoused": _("{count} 栋楼随边界换了网格。"),
    "issues_reassigned": _("{count} 件没有办结的诉求改归了网格，都记在流转记录里。"),
    "outline_made": _("只有一个点，先画成 6 米见方。"),
    "outline_parts": _("有 {parts} 块，只留了最大的一块。"),
    "address_missing": _("有 {count} 栋楼没有地址，按地址找不到它们。"),
    "width_odd": _("路宽“{value}”不像，按等级的常用宽度。"),
    "namesake": _("{name}某 在两个社区都有岗位，请确认是不是同一个人。"),
    "buildings_unknown": _("没有找到这些楼：{values}。"),
    "org_made": _("上级党组织“{name}”还没有，先建了一个，没有负责人。"),
    "unit_unplaced": _("没有找到位置（{value}），只知道社区。"),
}
"""One sentence a code; facts stand in braces."""

REASONS: Final = {
    "undeclared": _("文件没有写明坐标系"),
    "no_degrees": _("说是经纬度，可是数值不是度"),
    "swapped": _("经度和纬度好像写反了"),
    "outside_area": _("坐标不在所写坐标系的使用范围里"),
    "elsewhere": _("没有一处落在本区"),
    "shifted": _("和已有的楼栋、道路整体错开，像是 GCJ-02 或 BD-09"),
}
"""Why a coordinate system is doubtful, as part of a sentence."""

GRADES: Final = {
    "refused": _("退回"),
    "flagged": _("提醒"),
    "repaired": _("修补"),
}
"""What became of a row, in a word."""
