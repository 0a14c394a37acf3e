"""The words for refusals about indicators, reports and norms; see `webmap.texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

REPORTING: Final = {
    "no_span": _("没有“{span}”这一周或这一月。周写成 2026-W47，月写成 2026-11。"),
    "span_to_come": _("“{span}”还没有开始，请选已经开始的一周或一月。"),
    "day_to_come": _("{day} 还没有到，请选今天或更早的一天。"),
    "no_figures": _("{day} 还没有记录；记录从 {first} 开始。请选晚一些的日子。"),
    "norms_unfit": _(
        "标准不对：最少、为宜、最多要依次不减，都在 1 到 {most} 户之间；"
        "步行距离在 {shortest} 到 {longest} 米之间。"
    ),
    "leader_unnamed": _("请写上组长的姓名。"),
    "group_no_room": _("这个党小组现在没有余力了。请刷新页面，选一个还有余力的。"),
    "worker_no_room": _("这位网格员现在接不下这个网格了。请刷新页面，选一位还有余力的。"),
    "same_area": _("两边选的是同一个地方，没有可比的。请在左边或右边换一个地方。"),
    "visit_day": _("走访的日子“{value}”不对。请写成 2026-11-26 这样，在今天或以前一年之内。"),
    "station_unnamed": _("请写上服务点的名称。"),
    "station_outside": _("这个位置不在您管的社区里。请把针放到社区里面。"),
    "station_known": _("这里已经有一个服务点叫“{name}”。"),
    "no_group_there": _(
        "有的楼栋所在的网格还没有党小组，没法交还。请先在那里成立党小组，或者把那个网格交给一个党小组。"
    ),
    "no_party_above": _("这个社区还没有登记党组织，请先导入党组织数据。"),
    "no_report": _("没有这份报告，或者它不在您的范围里。"),
    "no_schedule": _("没有这项定期报告。"),
    "reports_many": _("正在做的报告已经有 {limit} 份，请等它们做完再试。"),
}
