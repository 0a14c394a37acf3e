/** Throwing a plan away. */

import { sentence } from "../api.js";
import { t } from "../i18n.js";

/** The plan whose end was asked for once. */
let asked = "";

/** Throw the plan away, once it was pressed twice. @param {import("./desk.js").Desk} desk */
export async function discard(desk) {
  const id = desk.draft.plan?.public_id ?? "";
  if (asked !== id) {
    asked = id;
    return desk.say(t("画过的步骤会一起删掉，找不回来。确实要删，请再按一次。"));
  }
  try {
    await desk.draft.move("discard");
    desk.home();
    desk.say(t("方案已删除，地图没有变。"));
  } catch (error) {
    desk.say(sentence(error));
  }
}
