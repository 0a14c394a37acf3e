/** The link of a plan, to be sent to a colleague. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { action } from "./parts.js";

/** A button that copies the link; where the browser lets no page do so, the link stands to be copied.
 * @param {import("./desk.js").Desk} desk */
export function shareButton(desk) {
  const { plan, steps } = desk.draft;
  if (!plan || !steps) return null;
  const link = new URL(`/redraws/${plan.public_id}`, location.origin).href;
  const box = el("div", { class: "plan-link" });
  const show = () => {
    const field = el("input", { type: "text", readonly: true, value: link, "aria-label": t("方案的链接") });
    box.append(field);
    field.select();
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      desk.say(t("链接已复制。能看这个社区的同事都能打开。"));
    } catch {
      if (!box.querySelector("input")) show();
      desk.say(t("请复制下面的链接。"));
    }
  };
  box.append(action(t("复制链接"), "copy", copy, { wide: true, id: "share" }));
  return box;
}
