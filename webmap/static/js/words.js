/** The words for the codes that the server uses. */

import { t } from "./i18n.js";

/** @type {Record<string, () => string>} */
const STATUS = {
  reported: () => t("已上报"),
  accepted: () => t("已受理"),
  verified: () => t("已核实"),
  registered: () => t("已立案"),
  dispatched: () => t("已派遣"),
  handled: () => t("已处置"),
  checked: () => t("已核查"),
  closed: () => t("已办结"),
  rejected: () => t("不予受理"),
  void: () => t("已作废"),
  returned: () => t("已回退"),
  reworked: () => t("返工中"),
  suspended: () => t("已挂账"),
};

/** @type {Record<string, () => string>} */
const LEVEL = {
  grid: () => t("网格级"),
  community: () => t("社区级"),
  street: () => t("街道级"),
  district: () => t("区级"),
};

/** @type {Record<string, () => string>} */
const PRECISION = {
  door: () => t("精确到门牌"),
  between: () => t("按前后门牌估计"),
  building: () => t("精确到楼栋"),
  road: () => t("精确到道路"),
  place: () => t("精确到地点"),
  crossing: () => t("精确到路口"),
  community: () => t("只到社区"),
  pin: () => t("地图上选的点"),
  none: () => t("没有定位"),
};

/** @type {Record<string, () => string>} */
const RULE = {
  covers: () => t("这个点在该网格范围内"),
  border: () => t("这个点正好在界线上，归编码最小的网格"),
  near: () => t("这个点不在任何网格内，归最近的网格，待核实"),
  none: () => t("没有网格覆盖这个点，列入未定位清单"),
  passed: () => t("由原来的网格转来，办理归这个网格"),
};

/** @type {Record<string, () => string>} */
const DUTY = { lead: () => t("网格长"), assistant: () => t("网格员|1") };

/** @type {Record<string, () => string>} */
const KIND = {
  basic: () => t("基础网格"),
  dedicated: () => t("专属网格"),
  uncovered: () => t("未划入网格"),
  building: () => t("楼栋|1"),
  courtyard: () => t("院落"),
};

/** @type {Record<string, () => string>} */
const CHANNEL = {
  12345: () => t("12345 热线"),
  resident: () => t("居民反映"),
  web: () => t("居民反映"),
  worker: () => t("网格员上报"),
};

/** @type {Record<string, () => string>} */
const EVENT = {
  reported: () => t("反映"),
  imported: () => t("导入"),
  placed: () => t("定位"),
  assigned: () => t("归到网格"),
  reassigned: () => t("改归网格"),
  corrected: () => t("更正"),
  escalated: () => t("上升到上一级"),
  closed: () => t("办结"),
  note: () => t("备注"),
  accept: () => t("受理"),
  refuse: () => t("不予受理"),
  verify: () => t("核实"),
  register: () => t("立案"),
  dispatch: () => t("派遣"),
  pass_on: () => t("转交"),
  pass_over: () => t("转给别的网格"),
  set_out: () => t("在路上"),
  settle: () => t("自行处置"),
  handle: () => t("处置完成"),
  hand_back: () => t("回退"),
  escalate: () => t("上报上级"),
  bring_down: () => t("交回下级"),
  check: () => t("核查"),
  rework: () => t("返工"),
  close: () => t("结案"),
  void: () => t("作废"),
  extend: () => t("延期"),
  suspend: () => t("挂账"),
  resume: () => t("恢复办理"),
  supervise: () => t("督办"),
  release: () => t("解除督办"),
  settle_ground: () => t("定属地"),
  joined: () => t("有人附议"),
  confirm: () => t("居民确认"),
  reopen: () => t("要求重办"),
};

/** @type {Record<string, () => string>} */
const REASON = {
  not_my_ground: () => t("不是我的地界"),
  not_my_matter: () => t("不是我的事项"),
};

/** @type {Record<string, () => string>} */
const OUTCOME = {
  due: () => t("应处置"),
  in_time: () => t("按期处置"),
  late: () => t("没有按期处置"),
  waiting: () => t("超期还没处置"),
  closed: () => t("已结案"),
  closed_in_time: () => t("按期结案"),
  reworked: () => t("返工过"),
};

/** @type {Record<string, () => string>} */
const GRADE = { normal: () => t("普通督办"), yellow: () => t("黄牌督办"), red: () => t("红牌督办") };

/** @type {Record<string, () => string>} */
const SATISFACTION = { good: () => t("满意"), fair: () => t("基本满意"), bad: () => t("不满意") };

/** @param {Record<string, () => string>} words */
const reader = (words) => (/** @type {string | null | undefined} */ code) => {
  return code ? (words[code]?.() ?? code) : "";
};

export const status = reader(STATUS);
export const level = reader(LEVEL);
export const precision = reader(PRECISION);
export const rule = reader(RULE);
export const duty = reader(DUTY);
export const kind = reader(KIND);

/** What an event was: its own word, else the state that it led to.
 * @param {string} kind @param {string | null} after */
export function event(kind, after) {
  return EVENT[kind]?.() ?? (status(after) || kind);
}

export const channel = reader(CHANNEL);
export const reason = reader(REASON);
export const grade = reader(GRADE);
export const outcome = reader(OUTCOME);
export const satisfaction = reader(SATISFACTION);

const ENDED = new Set(["closed", "rejected", "void"]);

/** Whether nothing more will happen to an issue of this status. @param {string} code */
export function ended(code) {
  return ENDED.has(code);
}

/** That what was handed back waits for others. */
export const rests = () => t("已回退：等社区核定归谁办，现在不用做什么。");
