"""The words for suggested grids: why none can be made, and why one is out of the band."""

from typing import Final

from flask_babel import lazy_gettext as _

SUGGESTING: Final = {
    "suggest_norm": _("户数的下限 {low}、标准 {norm}、上限 {high} 必须从小到大，而且都大于 0。"),
    "suggest_no_ground": _("没有可以划分的地面。请检查范围的图形。"),
    "suggest_no_houses": _("这块地面上没有住户。请检查楼栋的位置和户数。"),
    "suggest_all_held": _("网格都锁住了，没有可以划的。请先解锁。"),
    "suggest_few_units": _(
        "这里的楼栋最多只能分成 {units} 个网格，分不出 {grids} 个。请少要几个。"
    ),
    "suggest_pieces": _(
        "这块地面分成互不相连的 {pieces} 块，至少要 {pieces} 个网格，不能只要 {grids} 个。"
    ),
    "suggest_one_homestead": _(
        "楼栋 {house} 和同院的不能拆开，一共 {households} 户，已经超过上限。"
    ),
    "suggest_number_asked": _("一定要 {grids} 个网格，就不能都在户数范围内。"),
    "suggest_ground_apart": _(
        "这块地面与别处不相连，一共 {households} 户，怎么分都不在户数范围内。"
    ),
    "suggestions_many": _("这个社区已经有 {limit} 个建议在算。请等算完，或者取消一个。"),
    "suggestion_over": _("这个建议已经算完或取消了，不能再取消。"),
    "suggestion_not_ready": _("这个建议还没有算好。请等一会儿。"),
    "suggestion_draft_changed": _(
        "这份建议是按方案先前的画法算的，方案后来改过了。请按现在的草稿重新要一份。"
    ),
    "suggestion_over_steps": _(
        "方案里已经改过网格（{grids}），建议是照改之前的现状算的，采用会把这些改动冲掉。"
        "请先退掉这些步骤，或者另开一个方案来采用。"
    ),
    "suggestion_stale": _("算好以后，网格（{grids}）又调整过。请重新要一份建议。"),
    "no_suggestion": _("没有这个建议，或者它已经取消、过期。"),
    "suggest_none_found": _("没有找到更好的界线。"),
}
"""By the code of a refusal, or by ``suggest_`` and the code of a reason."""
