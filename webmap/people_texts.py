"""The words for refusals of appointing and of keeping others' accounts; as in `texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

PEOPLE: Final = {
    "accounts_whole": _("管理账号要有全区的系统管理员权限。"),
    "area_needed": _("社区书记和街道管理员要选到一个社区或街道。请选“管哪里”。"),
    "day_far": _("日期 {day} 太远了，请填前后一年左右的日期。"),
    "department_needed": _("处置部门的人要选到一个部门。请选“属于哪个部门”。"),
    "file_missing": _("请先选一个文件。"),
    "grid_outside": _("网格 {grid} 不在你的范围里，请找管那里的社区或街道。"),
    "last_administrator": _("这是最后一个系统管理员。请先让别人也当系统管理员，再来收回或停用。"),
    "lead_taken": _("这个网格从 {since} 起已经有网格长 {name}。要换人，请勾上“接替”。"),
    "no_post": _("没有找到这个岗位，它可能已经取消。"),
    "no_worker": _("在你的范围里没有找到这位网格员。"),
    "own_account": _("不能停用或重置自己的账号。自己的密码请到“我的账号”里改。"),
    "post_before": _("{name} 从 {since} 起才上岗，不能从 {day} 接替。请换一个更晚的日期。"),
    "post_end_before": _("{name} 从 {since} 起才上岗，离岗不能更早。请换一个日期。"),
    "post_moved": _("刚才有别人改了这个网格的岗位。请看看现在的样子，再试一次。"),
    "post_over": _("{name} 的这个岗位已经结束了。"),
    "post_twice": _("{name} 从 {since} 起已经在这个网格上岗。要改职责，请先离岗。"),
    "role_unknown": _("请选一个角色。"),
    "worker_has_account": _("{name} 已经有账号了。"),
    "worker_known": _(
        "名单里已经有 {name}，请从名单里选。真是同名的另一个人，请在名字后面加以区分。"
    ),
    "worker_missing": _("请选一个人，或者填新网格员的姓名。"),
    "worker_needed": _("网格员和网格长的账号要从岗位里开，范围才能跟着岗位走。"),
    "worker_or_name": _("名单里选了一位，又填了新来的姓名。请只留一个。"),
}
