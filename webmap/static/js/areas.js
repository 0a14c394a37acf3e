/** The facts of a community and of a street, as elements. */

import { issuesHere, redrawCommunity } from "./deeds.js";
import { el } from "./dom.js";
import { code, link, pairs, section } from "./facts.js";
import { count } from "./format.js";
import { lang, said, t } from "./i18n.js";

/** @param {CommunityFacts} community @param {import("./facts.js").Open} open */
export function communityFacts(community, open) {
  const grids = community.grids.map(({ code: id, name, open_issues: waiting }) => el("li", {},
    link(name, () => open({ kind: "grid", id })),
    el("span", { class: waiting ? "much" : "" }, waiting ? t("{count} 件未办结", { count: count(waiting, lang) }) : "")));
  const street = link(community.street.name, () => open({ kind: "street", id: community.street.code }));
  return el("div", { class: "facts" },
    headed(t("社区|1"), community, "community"),
    section(t("社区情况"), pairs([[t("所属街道"), street], ...people(community)])),
    section(t("{count} 个网格", { count: count(grids.length, lang) }), el("ul", { class: "below" }, ...grids)));
}

/** @param {StreetFacts} street @param {import("./facts.js").Open} open */
export function streetFacts(street, open) {
  const communities = street.communities.map(({ code: id, name, grids }) => el("li", {},
    link(name, () => open({ kind: "community", id })),
    el("span", {}, t("{count} 个网格", { count: count(grids, lang) }))));
  return el("div", { class: "facts" },
    headed(t("街道|1"), street, "street"),
    section(t("街道情况"), pairs(people(street))),
    section(t("{count} 个社区", { count: count(communities.length, lang) }), el("ul", { class: "below" }, ...communities)));
}

/** @param {string} kind @param {Named} area @param {"street" | "community"} tier */
function headed(kind, area, tier) {
  return el("section", {},
    el("div", { class: "badges" }, el("span", { class: "badge" }, kind)),
    el("h2", { tabindex: -1 }, said(area.name)),
    code(area.code),
    tier === "community" && redrawCommunity(area.code),
    issuesHere(tier, area.code));
}

/** @param {{households: number | null, residents: number | null}} area @returns {[string, any][]} */
function people({ households, residents }) {
  return [
    [t("户数"), t("{count} 户", { count: count(households, lang) })],
    [t("居民"), t("{count} 人", { count: count(residents, lang) })],
  ];
}
