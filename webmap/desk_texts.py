"""The words for refusals at the issue desk; see `webmap.texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

DESK: Final = {
    "bulletin_again": _("这件诉求已经公示过了。要改，请先撤回原来的一条。"),
    "bulletin_days": _("结束日期要在开始日期之后，也不能已经过去。请改一下日期。"),
    "bulletin_elsewhere": _("地图上点的位置不在所选的范围里。请重新点，或者改选范围。"),
    "bulletin_empty": _("标题和内容都要写。请补上。"),
    "bulletin_long": _("标题最多 {title} 个字，内容最多 {text} 个字。请写短一些。"),
    "bulletin_title_signs": _("标题里有看不见的控制字符，已经去掉。请看一遍再发布。"),
    "bulletin_text_signs": _("内容里有看不见的控制字符，已经去掉。请看一遍再发布。"),
    "bulletin_number": _("文字里有电话或证件号，公示里不能有。请去掉。"),
    "bulletin_unchecked": _("请先看一遍文字，确认没有能认出反映人的内容，再勾选。"),
    "bulletin_unsolved": _("这件诉求还没有办结，不能公示办理结果。"),
    "calendar_row": _(
        "节假日文件“{file}”第 {row} 行看不懂。请写日期（2027-02-05）和 off 或 work。"
    ),
    "calendar_unreadable": _("节假日文件“{file}”读不了。请检查设置 WANGGE_CALENDAR。"),
    "code_unknown": _("查询码不对。请照提交后给出的那一串再输一次。"),
    "confirmed_already": _("这一次办理已经评价过了。没办好可以要求重办。"),
    "extended_backwards": _("延期要写一个晚于现在期限的时间。"),
    "extended_enough": _("已经延期两次，不能再延。"),
    "extended_too_long": _("延期最多到 {days} 天以后。请写一个早一些的时间。"),
    "key_used": _("这个操作编号已经用在另一步上，这一步没有办。请刷新后再办一次。"),
    "level_bottom": _("已经在网格一级，不能再交回下级。"),
    "level_top": _("已经在区一级，不能再上报。"),
    "no_bulletin": _("没有这一条，或者它已经撤回、到期。请到民情发布里看别的。"),
    "no_department": _("没有叫“{handler}”的处置部门。请从列表里选。"),
    "no_grid_beside": _("只能转给相邻的网格或本社区的网格。请从列表里选。"),
    "no_photo": _("没有这张照片，或者它已经用在别的诉求上。请重新选照片。"),
    "not_supervised": _("这件事没有在督办，不用解除。"),
    "order_needs_place": _("按远近排列要先知道从哪里算起。请在地图上选这种排列。"),
    "order_open_only": _("按期限和远近只排未办结的诉求。请先选“未办结”或“已上升”。"),
    "outcome_needs_days": _("办理结果要先说期限（或者办完）从哪天到哪天。请把两个日期都填上。"),
    "overdue_already": _("没有期限或已经超期，不能延期。"),
    "passed_already": _("这件事已经转过一次。请回退，由社区定归哪个网格。"),
    "photo_broken": _("这张照片打不开，可能已经损坏。请换一张。"),
    "photo_kind": _("这不是照片。请选 JPEG、PNG 或 WebP 格式的照片。"),
    "photo_large": _("这张照片太大，最多 3000 万像素、12 MB。请换一张小一些的。"),
    "photo_store": _("照片现在存不下来，请稍后再试。写好的内容都还在。"),
    "photos_many": _("最多放 {limit} 张照片。请去掉几张。"),
    "reopened_enough": _("已经重办过三次。请拨打 12345 或联系社区。"),
    "step_needs": _("这一步还缺几项没有填：{needs}。"),
    "step_not_here": _("这件事现在不能这样办，可能别人刚刚办过。请刷新看看。"),
    "step_not_yours": _("这一步不归你办，或者它已经上报到更高一级。"),
    "step_unknown": _("没有“{step}”这一步。"),
    "suspended_too_long": _("挂账要写一个将来的日期，最多 {days} 天。"),
    "words_many": _("一次最多找 {limit} 个词。请少写几个。"),
    "words_short": _("要找的词至少两个字。请再写具体一点。"),
}

OUTCOMES: Final = {
    "due": _("应处置"),
    "in_time": _("按期处置"),
    "late": _("没有按期处置"),
    "waiting": _("超期还没处置"),
    "closed": _("已结案"),
    "closed_in_time": _("按期结案"),
    "reworked": _("返工过"),
    "handled": _("处置完的"),
    "rated": _("居民评价过的"),
    "content": _("满意和基本满意的"),
}
"""What became of issues by their deadline, as the form of the desk says it."""
