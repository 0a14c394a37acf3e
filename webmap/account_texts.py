"""The words for refusals of sign-in and of keeping accounts; see `texts`."""

from typing import Final

from flask_babel import lazy_gettext as _

ACCOUNTS: Final = {
    "http_401": _("请先登录。"),
    "http_403": _("你没有权限做这件事。"),
    "code_wrong": _("动态码不对，或者已经用过。请等下一个再试。"),
    "deputy_of_self": _("不能代理自己。"),
    "deputy_without_end": _("代理要写明到哪一天为止。"),
    "form_stale": _("这个页面放得太久了，请刷新后再试一次。"),
    "grant_twice": _("这个账号在这段时间里已经有同样的角色和范围。"),
    "login_malformed": _("登录名“{login}”不能用。请用 2 到 64 个小写字母、数字或汉字。"),
    "login_taken": _("登录名“{login}”已经有人用了，请换一个。"),
    "name_missing": _("请填写姓名。"),
    "no_account": _("没有找到这个账号。"),
    "no_grant": _("没有找到这项授权，或者它已经结束。"),
    "no_session": _("没有找到这次登录，或者它已经退出。"),
    "no_such_area": _("没有编码为 {area} 的区、街道、社区或网格。"),
    "not_allowed": _("你没有权限做这件事。需要的话，请找管理员开通。"),
    "nothing_to_stand_in_for": _("对方现在没有任何角色，没有可以代理的。"),
    "password_common": _("这个密码太容易猜到。请换一个，比如几个不相干的词连在一起。"),
    "password_differs": _("两次填的新密码不一样，请重新填。"),
    "password_long": _("密码最多 {most} 个字符。"),
    "password_must_change": _("请先修改密码，再继续。"),
    "password_named": _("密码里不能有登录名。请换一个。"),
    "password_plain": _("密码里要有大写字母、小写字母、数字、符号中的至少 {least} 种。"),
    "password_same": _("新密码和现在的一样，请换一个。"),
    "password_short": _("密码至少要 {least} 个字符。"),
    "password_wrong": _("现在的密码不对，请重新填。"),
    "period_backwards": _("结束的时间不能早于开始的时间。"),
    "roles_apart": _("系统管理员和审计员不能是同一个账号。"),
    "setting_range": _("设置 {setting} 的值“{value}”不对，要在 1 到 {most} 之间。"),
    "setting_unknown": _("设置 {setting} 的值“{value}”不认识。"),
    "sign_in_expired": _("等得太久了，请重新登录。"),
    "sign_in_failed": _("登录名或密码不对。"),
    "sign_in_locked": _("试错的次数太多，这个登录名已锁定。请 {minutes} 分钟后再试。"),
    "sign_in_needed": _("请先登录。"),
    "sign_in_unknown": _("统一认证里的这个人在这里没有账号，请找管理员开通。"),
    "sso_failed": _("统一认证没有成功，请再试一次；还不行就用登录名和密码。"),
}
