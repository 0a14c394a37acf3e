"""The words for the codes of the store, for pages that are made on the server."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

from webmap.languages import singular
from webmap.texts import SENTENCES, sentence

Words = Mapping[str, object]

RULE: Final[Words] = {
    "covers": _("这个点在该网格范围内"),
    "border": _("这个点正好在界线上，归编码最小的网格"),
    "near": _("这个点不在任何网格内，归最近的网格，待核实"),
    "none": _("没有网格覆盖这个点，列入未定位清单"),
    "passed": _("由原来的网格转来，办理归这个网格"),
}
PRECISION: Final[Words] = {
    "door": _("精确到门牌"),
    "building": _("精确到楼栋"),
    "road": _("精确到道路"),
    "place": _("精确到地点"),
    "crossing": _("精确到路口"),
    "community": _("只到社区"),
    "pin": _("地图上选的点"),
    "none": _("没有定位"),
}
CHANNEL: Final[Words] = {
    "12345": _("12345 热线"),
    "resident": _("居民反映"),
    "web": _("居民反映"),
    "worker": _("网格员上报"),
}
EVENT: Final[Words] = {
    "reported": _("反映"),
    "imported": _("导入"),
    "placed": _("定位"),
    "assigned": _("归到网格"),
    "reassigned": _("改归网格"),
    "corrected": _("更正"),
    "escalated": _("上升到上一级"),
    "closed": _("办结"),
    "note": _("备注"),
    "accept": _("受理"),
    "refuse": _("不予受理"),
    "verify": _("核实"),
    "register": _("立案"),
    "dispatch": _("派遣"),
    "pass_on": _("转交"),
    "pass_over": _("转给别的网格"),
    "set_out": _("在路上"),
    "settle": _("自行处置"),
    "handle": _("处置完成"),
    "hand_back": _("回退"),
    "escalate": _("上报上级"),
    "bring_down": _("交回下级"),
    "check": _("核查"),
    "rework": _("返工"),
    "close": _("结案"),
    "void": _("作废"),
    "extend": _("延期"),
    "suspend": _("挂账"),
    "resume": _("恢复办理"),
    "supervise": _("督办"),
    "release": _("解除督办"),
    "settle_ground": _("定属地"),
    "joined": _("有人附议"),
    "confirm": _("居民确认"),
    "reopen": _("要求重办"),
}
STATUS: Final[Words] = {
    "reported": _("已上报"),
    "accepted": _("已受理"),
    "verified": _("已核实"),
    "registered": _("已立案"),
    "dispatched": _("已派遣"),
    "handled": _("已处置"),
    "checked": _("已核查"),
    "closed": _("已办结"),
    "rejected": _("不予受理"),
    "void": _("已作废"),
    "returned": _("已回退"),
    "reworked": _("返工中"),
    "suspended": _("已挂账"),
}

LEVEL: Final[Words] = {
    "grid": _("网格级"),
    "community": _("社区级"),
    "street": _("街道级"),
    "district": _("区级"),
}
GRADE: Final[Words] = {"normal": _("普通督办"), "yellow": _("黄牌督办"), "red": _("红牌督办")}


ROLE: Final[Words] = {
    "worker": singular("网格员"),
    "grid_head": _("网格长"),
    "group_leader": _("党小组组长"),
    "secretary": _("社区书记"),
    "dispatcher": _("派遣员"),
    "checker": _("核查员"),
    "department": _("处置部门"),
    "street": _("街道管理员"),
    "district": _("区管理员"),
    "auditor": _("审计员"),
    "administrator": _("系统管理员"),
}


DUTY: Final[Words] = {"lead": _("网格长"), "assistant": singular("网格员")}


def event(kind: str, status: str) -> str:
    """What a step of an issue's history was: its own word, else the state that it led to."""
    return str(EVENT.get(kind) or STATUS.get(status) or kind)


ACTION: Final[Words] = {
    "access.deny": _("越权被拒"),
    "account.create": _("开设账号"),
    "account.disable": _("停用账号"),
    "account.enable": _("恢复账号"),
    "account.factor_off": _("停用两步验证"),
    "account.factor_on": _("启用两步验证"),
    "account.password": _("修改密码"),
    "account.reset": _("重置密码"),
    "account.sessions": _("结束其他登录"),
    "audit.export": _("导出审计记录"),
    "bulletin.publish": _("民情发布"),
    "bulletin.withdraw": _("撤回民情发布"),
    "certificate.view": _("查看归属证明"),
    "contact.forget": _("清除到期联系方式"),
    "contact.view": _("查看联系方式"),
    "demo.load": _("载入演示数据"),
    "export.cancel": _("取消导出"),
    "export.fetch": _("取走导出文件"),
    "export.file": _("导出文件"),
    "export.order": _("要求导出"),
    "grant.deputise": _("安排代理"),
    "grant.give": _("授予角色"),
    "grant.take": _("收回角色"),
    "grid.lock": _("锁定网格"),
    "grid.unlock": _("解锁网格"),
    "import.correct": _("改正退回的行"),
    "import.end": _("工单导入结束"),
    "import.take": _("收下工单文件"),
    "issue.report": _("代为反映"),
    "issue.ground": _("定属地"),
    "issue.join": _("附议诉求"),
    "issue.open": _("打开新到的诉求"),
    "issue.reply": _("回复办理结果"),
    "issue.step": _("办理诉求"),
    "key.rotate": _("更换密钥"),
    "load.answer": _("说明坐标系"),
    "load.apply": _("数据生效"),
    "load.end": _("数据导入结束"),
    "load.take": _("收下数据文件"),
    "photo.take": _("上传照片"),
    "post.appoint": _("安排上岗"),
    "post.deputise": _("安排代班"),
    "post.hand_over": _("交接网格"),
    "post.leave": _("离岗"),
    "redraw.approve": _("批准调整方案"),
    "report.drop": _("删除覆盖报告"),
    "report.end_schedule": _("停掉定期报告"),
    "report.fetch": _("下载覆盖报告"),
    "report.order": _("做覆盖报告"),
    "report.schedule": _("定期做覆盖报告"),
    "station.add": _("增设服务点"),
    "grid.visit": _("记下走访"),
    "group.change": _("成立党小组，或者确定组长"),
    "group.give": _("把网格或楼栋交给党小组"),
    "norms.change": _("修改覆盖标准"),
    "redraw.again": _("再试没有留下的一步"),
    "redraw.begin": _("新建调整方案"),
    "redraw.conflict": _("调整方案到期未能发布"),
    "redraw.copy": _("复制调整方案"),
    "redraw.discard": _("删除调整方案"),
    "redraw.forget": _("放弃没有留下的步骤"),
    "redraw.name": _("给调整方案改名"),
    "redraw.publish": _("发布调整方案"),
    "redraw.rebase": _("按现状重画调整方案"),
    "redraw.redo": _("重做一步调整"),
    "redraw.return": _("退回调整方案"),
    "redraw.rollback": _("撤回已发布的调整"),
    "redraw.schedule": _("定日发布调整方案"),
    "redraw.step": _("画一步调整"),
    "redraw.submit": _("提交调整方案"),
    "redraw.suggest": _("采用网格建议"),
    "redraw.undo": _("撤销一步调整"),
    "redraw.unschedule": _("取消定日发布"),
    "redraw.withdraw": _("收回调整方案"),
    "session.begin": _("登录"),
    "session.code": _("输入验证码"),
    "session.end": _("退出登录"),
    "session.sso": _("统一身份登录"),
    "suggestion.ask": _("要求网格建议"),
    "suggestion.cancel": _("取消网格建议"),
}
SUBJECT: Final[Words] = {
    "account": _("账号"),
    "grid": singular("网格"),
    "import": _("工单导入"),
    "issue": _("诉求"),
    "layer": _("图层"),
    "load": _("数据导入"),
    "photo": _("照片"),
    "plan": _("调整方案"),
}
RESULT: Final[Words] = {"done": _("完成"), "failed": _("失败"), "refused": _("被拒")}
DETAIL: Final[Words] = {
    "accounts": _("账号"),
    "added": _("新增"),
    "buildings": _("楼栋"),
    "by": _("由谁"),
    "check": _("核对码"),
    "columns": _("列"),
    "community": singular("社区"),
    "crs": _("坐标系"),
    "deputy": _("代理人"),
    "deputy_for": _("代谁"),
    "due_at": _("发布时间"),
    "duty": _("职责"),
    "format": _("格式"),
    "grid": _("网格"),
    "instead": _("接替"),
    "issues": _("诉求"),
    "job": _("任务"),
    "kind": _("种类"),
    "kinds": _("内容"),
    "known": _("已有"),
    "name": _("名称"),
    "new": _("新来的"),
    "of": _("来自"),
    "op": _("做法"),
    "reason": _("理由"),
    "refused": _("退回"),
    "remarks": _("意见"),
    "retired": _("裁撤"),
    "row": _("行"),
    "role": _("角色"),
    "rows": _("行数"),
    "scope": _("范围"),
    "since": _("从"),
    "step": _("步骤"),
    "left_out": _("没有留下的步骤"),
    "taken_back": _("退掉的步骤"),
    "total": _("总行数"),
    "until": _("到"),
    "worker": singular("网格员"),
}
"""What the audit trail says of a deed, where we have words for it."""

_VALUES: Final[Mapping[str, Words]] = {"role": ROLE, "duty": DUTY}


def detail(told: Mapping[str, object]) -> list[tuple[str, str]]:
    """The particulars of a deed as terms and values; the codes of the trail where no word is."""
    return [(str(DETAIL.get(name, name)), _worded(name, value)) for name, value in told.items()]


def _worded(name: str, value: object) -> str:
    """A particular in words: a role, a duty, a refusal by its sentence; else as it is."""
    if name == "reason" and value in SENTENCES:
        return sentence(str(value), {})
    return _plainly(_VALUES.get(name, {}).get(str(value), value))


def _plainly(value: object) -> str:
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={one}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
