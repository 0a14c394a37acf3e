/** The first view of the panel: what is not right, and what do you want to do? */

import { sentence } from "../api.js";
import { el, icon } from "../dom.js";
import { count } from "../format.js";
import { lang, marked, t } from "../i18n.js";
import { conflictView } from "./conflict.js";
import { discard } from "./discarding.js";
import { doubtView } from "./doubt.js";
import { moreFigures } from "./figures.js";
import { ADVANCED } from "./jobs.js";
import { leftOutView } from "./left-out.js";
import { planName } from "./naming.js";
import { othersView } from "./others.js";
import { action, called, comparison, ended, homes, rowsOf, spaced } from "./parts.js";
import { hasToSubmit } from "./review.js";
import { shareButton } from "./sharing.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("./standing.js").Flaw} Flaw */

/** @type {[string, string, () => string, () => string][]} */
const CHOICES = [
  ["split", "split", () => t("拆分网格"), () => t("沿一条路或一条线，一分为二")],
  ["hand", "hand", () => t("移交楼栋"), () => t("把几栋楼交给旁边的网格")],
  ["merge", "merge", () => t("合并网格"), () => t("点两个相邻的网格")],
  ["fill", "fill", () => t("填补空白"), () => t("把没人管的地划进来")],
  ["lock", "lock", () => t("锁定网格"), () => t("不让别的方案改它")],
  ["suggest", "idea", () => t("让系统出主意"), () => t("算几种划法来挑")],
];
const IDS = new Map([["lock", "locks"], ["suggest", "suggest"]]);

/** @param {Desk} desk */
export function homeView(desk) {
  const { scene, blocked, isOpen } = desk.draft;
  if (!scene) return;
  const title = t("调整{name}的网格", { name: scene.name });
  if (blocked) return conflictView(desk, title);
  if (!isOpen) return desk.review();
  desk.show(title, [doubtView(desk), leftOutView(desk), lead(desk), planName(desk), othersView(desk), problems(desk), choices(desk), touched(desk), advanced(desk), legend()], foot(desk));
}

/** @param {Desk} desk */
function lead(desk) {
  const { scene } = desk.draft;
  const [low, high] = scene?.band ?? [0, 0];
  const remarks = desk.draft.plan?.state === "returned" ? desk.draft.plan.remarks : null;
  const why = desk.draft.plan?.state === "conflicted" ? desk.draft.plan.conflict?.title : "";
  if (why) return el("p", { class: "plan-state" }, ...marked(t("到了日子没能发布：")), ...marked(why));
  if (remarks) return el("p", { class: "plan-state" }, ...marked(t("街道退回了方案：{remarks}", { remarks })));
  return el("p", { class: "redraw-lead" }, t("{count} 个网格；每个以 {low}–{high} 户为宜。发布之前，地图上什么都不会变。", { count: count(desk.now.grids.length, lang), low, high }));
}

/** @param {Desk} desk */
function problems(desk) {
  const { flaws, problem, fresh } = desk;
  if (!flaws.length) return el("p", { class: "all-well" }, icon("check"), el("span", {}, t("没有要处理的问题。")));
  const current = problem >= 0 ? flaws[problem] : null;
  return el("section", { class: "next-problem", "aria-label": t("问题") },
    el("div", { class: "next-row" },
      el("p", {}, current ? el("b", {}, `${problem + 1} / ${flaws.length}`) : t("{count} 处要看一看", { count: flaws.length })),
      action(t("下一个问题"), "next", () => desk.step(1), { id: "next-problem", keys: "n" })),
    current ? shown(desk, current) : made(desk, fresh));
}

/** What the last step has made of itself. @param {Desk} desk @param {Flaw[]} fresh */
function made({ draft: { scene } }, fresh) {
  if (!fresh.length) return null;
  return el("ul", { class: "warnings", id: "made-by-step" }, ...fresh.map((flaw) => el("li", {}, icon("alert"), el("span", {}, t("这一步新出现："), ...marked(SENTENCES[flaw.kind](flaw, scene?.band ?? [0, 0]))))));
}

/** @type {Record<string, (flaw: Flaw, band: [number, number]) => string>} */
const SENTENCES = {
  above: ({ grid }, [, high]) => grid ? t("{name}有 {homes}，超过 {high} 户。", { name: spaced(called(grid)), homes: homes(grid.households), high }) : "",
  below: ({ grid }, [low]) => grid ? t("{name}只有 {homes}，不到 {low} 户。", { name: spaced(called(grid)), homes: homes(grid.households), low }) : "",
  open: ({ houses = [] }) => houses.length
    ? t("这块地没有划入任何网格，上面有 {buildings} 栋楼、{homes}。", { buildings: houses.length, homes: homes(houses.reduce((sum, { households }) => sum + households, 0)) })
    : t("这块地没有划入任何网格。"),
  homeless: ({ house }) => t("{name}（{homes}）不在任何网格里。", { name: house?.name || house?.address || "", homes: homes(house?.households ?? 0) }),
  pieces: ({ grid }) => grid ? t("{name}分成了几块。", { name: called(grid) }) : "",
  cut: ({ house }) => t("边界从{name}中间穿过。", { name: house?.name || house?.address || "" }),
  astride: ({ name = "", count: houses = 0 }) => t("{name}有 {count} 栋楼在别的网格里。", { name, count: houses }),
};

/** @param {Desk} desk @param {Flaw} flaw */
function shown(desk, flaw) {
  const [low, high] = desk.draft.scene?.band ?? [0, 0];
  return el("div", { class: "problem-shown" },
    el("p", { role: "status" }, ...marked(SENTENCES[flaw.kind](flaw, [low, high]))),
    el("div", { class: "problem-deeds" }, ...deeds(desk, flaw)));
}

/** What can be done about it. @param {Desk} desk @param {Flaw} flaw */
function deeds(desk, { kind, grid }) {
  const code = grid ? [grid.code] : [];
  if (kind === "above") return [action(t("拆分它"), "split", () => desk.begin("split", code), { strong: true, id: "mend" }), action(t("移交楼栋"), "hand", () => desk.begin("hand"))];
  if (kind === "below") return [action(t("并入邻居"), "merge", () => desk.begin("merge", code), { id: "mend" }), action(t("要几栋楼过来"), "hand", () => desk.begin("hand", code))];
  if (kind === "open" || kind === "homeless") return [action(t("填补空白"), "fill", () => desk.begin("fill"), { strong: true, id: "mend" })];
  return [action(t("移交楼栋"), "hand", () => desk.begin("hand"), { id: "mend" })];
}

/** @param {Desk} desk */
function choices(desk) {
  const buttons = CHOICES.map(([name, picture, title, hint]) => el("button", { type: "button", class: "big-choice", "data-way": name, id: IDS.get(name), disabled: name === "fill" && !desk.now.open.length, onclick: () => desk.begin(name, name === "split" && desk.now.grids.some(({ code }) => code === desk.focus) ? [desk.focus] : []) },
    icon(picture), el("span", {}, el("b", {}, title()), el("small", {}, name === "fill" && !desk.now.open.length ? t("没有空白") : hint()))));
  return el("section", {}, el("h2", { class: "ask" }, t("您想做什么？")), el("div", { class: "big-choices" }, ...buttons));
}

/** @param {Desk} desk */
function touched(desk) {
  const { scene, steps } = desk.draft;
  if (!scene || !steps) return null;
  const changed = desk.now.grids.filter((grid) => grid.changed);
  const rows = changed.map((grid) => comparison(grid, grid.was, scene.band));
  const gone = desk.now.gone.filter((code) => !code.startsWith("~")).map((code) => ended(numberOf(code), scene.buildings.filter(({ grid }) => grid === code).reduce((sum, { households }) => sum + households, 0)));
  return el("section", {}, el("h2", { class: "ask" }, t("这次改了什么（{count} 步）", { count: steps })), rowsOf([...rows, ...gone]), moreFigures(changed, desk.draft.plan?.preview));
}

/** @param {Desk} desk */
function advanced(desk) {
  const rows = ADVANCED.map(({ name, title, icon: picture }) => el("li", {}, action(title(), picture, () => desk.begin(name), { wide: true })));
  const more = [
    el("a", { class: "button wide", href: `/history?community=${encodeURIComponent(desk.draft.community)}`, id: "past" }, icon("clock"), el("span", {}, t("看以前的边界"))),
    el("a", { class: "button wide", href: "/redraws" }, icon("copy"), el("span", {}, t("所有调整方案"))),
    shareButton(desk),
    ...(desk.draft.steps ? [action(t("另起一个方案"), "plus", () => anew(desk), { wide: true, id: "anew" })] : []),
    ...(desk.draft.plan?.may.includes("discard") ? [action(t("删除这个方案"), "close", () => void discard(desk), { wide: true, id: "discard" })] : []),
  ].filter(Boolean).map((button) => el("li", {}, button));
  return el("details", { class: "advanced" }, el("summary", {}, t("更多做法")), el("ul", {}, ...rows, ...more));
}

/** This plan stays as it is; the next step begins another one. @param {Desk} desk */
async function anew(desk) {
  const name = desk.draft.plan?.name ?? "";
  try {
    await desk.draft.renew();
    desk.say(t("从现在的边界另起一个方案。“{name}”还在“所有调整方案”里。", { name }));
  } catch (error) {
    desk.say(sentence(error));
  }
}

function legend() {
  const entry = (/** @type {string} */ css, /** @type {string} */ text) => el("li", {}, el("span", { class: `swatch ${css}`, "aria-hidden": "true" }), text);
  return el("section", { class: "redraw-legend" }, el("h2", { class: "ask" }, t("图例")), el("ul", {},
    entry("ghost", t("原来的边界")), entry("open", t("没有划入网格的地"))));
}

/** @param {Desk} desk */
function foot(desk) {
  const { plan, steps } = desk.draft;
  const next = plan && hasToSubmit(plan) ? t("看影响，然后提交") : t("看影响，然后发布");
  return [action(steps ? next : t("先改一处"), null, () => desk.review(), { strong: true, wide: true, id: "review", disabled: !steps })];
}
