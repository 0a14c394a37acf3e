/** Where a report went, or that it waits for the network: what stands in place of the form. */

import { byId, el, fill, icon } from "./dom.js";
import { code, pairs, people, workersWord } from "./facts.js";
import { moment } from "./format.js";
import { lang, said, t, timeZone, woven } from "./i18n.js";
import { dropSent, sentLater } from "./sent-later.js";
import * as words from "./words.js";

/** @param {(IssueFacts & {url: string}) | null} issue null where it waits @param {() => void} again begins another one */
export function tellSent(issue, again) {
  const panel = byId("done");
  const another = el("button", { type: "button", class: "button", onclick: again }, t("再反映一件"));
  fill(panel, ...(issue ? went(issue, another) : waits(another)));
  panel.hidden = false;
  panel.focus();
  scrollTo({ top: 0 });
}

/** Reports that had waited and went by themselves, each with its code, until it was seen. */
export function tellArrived() {
  const place = byId("arrived");
  const sent = sentLater();
  fill(place, ...sent.map(arrived));
  place.hidden = !sent.length;
}

/** @param {import("./sent-later.js").Sent} sent */
function arrived({ url, code: own, label, at }) {
  const seen = () => {
    dropSent(url);
    tellArrived();
  };
  return el("div", { class: "arrived-one" },
    el("p", {}, icon("check"), el("span", {}, t("前面存下的反映已在{when}自动送出：{category}", { when: moment(at, { lang, timeZone, now: new Date() }), category: label }))),
    pairs([[t("查询码"), code(own)]]),
    el("p", { class: "done-row" }, el("a", { class: "button", href: `${url}#${own}` }, t("看进展")), el("button", { type: "button", class: "button quiet", onclick: seen }, t("知道了"))));
}

/** @param {HTMLElement} another @returns {import("./dom.js").Child[]} */
function waits(another) {
  return [
    el("p", { class: "done-mark" }, icon("clock")),
    el("h1", {}, t("已存在本机")),
    el("p", { class: "lead" }, t("现在没有网络。你写的内容已存在这台设备上，网络恢复后自动送出，只送一次；请不要清除浏览器数据。")),
    el("p", { class: "done-row" }, another),
  ];
}

/** @param {IssueFacts & {url: string}} issue @param {HTMLElement} another @returns {import("./dom.js").Child[]} */
function went(issue, another) {
  const to = issue.grid?.name ?? issue.community?.name;
  const url = issue.code ? `${issue.url}#${issue.code}` : issue.url;
  return [
    el("p", { class: "done-mark" }, icon("check")),
    el("h1", {}, ...(to ? woven(t("已送到{name}"), { name: said(to) }) : [t("已经收到")])),
    el("p", { class: "lead" }, to ? words.rule(issue.rule) : t("这个位置还没有网格管，已列入未定位清单，由区里派人。")),
    pairs([
      [workersWord(issue.workers), people(issue.workers)],
      [t("党小组|1"), issue.party_group?.name],
      [t("办理期限"), issue.due_at ? moment(issue.due_at, { lang, timeZone, now: new Date() }) : null],
      [t("查询码"), issue.code ? code(issue.code) : null],
    ]),
    el("p", {}, t("记下查询码或链接：可以看办到哪一步，办完后由你确认或要求重办，不用登录。")),
    el("p", { class: "track" }, el("a", { href: url }, new URL(url, location.href).href)),
    el("p", { class: "done-row" }, el("a", { class: "button strong", href: url }, t("看进展")), another),
  ];
}
