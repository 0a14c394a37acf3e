/** What a plan is called, and calling it otherwise while it is drawn. */

import { sentence } from "../api.js";
import { el } from "../dom.js";
import { said, t } from "../i18n.js";
import { action } from "./parts.js";
import { unlike } from "./reckoning.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** What a new plan of a community is called, unlike those there are. @param {string} community @param {RedrawPlan[]} plans */
export function usualName(community, plans) {
  const usual = t("{name}网格调整", { name: community });
  return unlike(usual, plans.map(({ name }) => name), (n) => t("{name}（{n}）", { name: usual, n }));
}

/** The plan's name with a button to change it; null where nothing is drawn yet. @param {Desk} desk */
export function planName(desk) {
  const { plan, steps } = desk.draft;
  if (!plan || !steps) return null;
  const box = el("div", { class: "plan-called" });
  const shown = () => box.replaceChildren(el("span", {}, t("方案："), el("b", {}, said(plan.name))), action(t("改名"), "write", edit, { id: "rename" }));
  const edit = () => {
    const field = el("input", { id: "plan-name", type: "text", maxlength: 200, "aria-label": t("方案名称") });
    field.value = plan.name;
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") keep(field.value);
      if (event.key === "Escape") shown();
      if (["Enter", "Escape"].includes(event.key)) event.stopPropagation();
    });
    box.replaceChildren(field, action(t("保存"), null, () => keep(field.value), { strong: true, id: "rename-save" }));
    field.focus();
    field.select();
  };
  const keep = async (/** @type {string} */ name) => {
    if (name.trim() && name.trim() !== plan.name) await renamed(desk, name.trim());
    desk.home();
  };
  shown();
  return box;
}

/** @param {Desk} desk @param {string} name */
async function renamed(desk, name) {
  try {
    await desk.draft.rename(name);
    desk.say(t("方案改叫“{name}”。", { name }));
  } catch (error) {
    desk.say(sentence(error));
  }
}
