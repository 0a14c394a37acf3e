/** What was reported from this device, so that its code need not be copied; kept nowhere else. */

const KEY = "wangge.reports";
const MOST = 10;

/** @typedef {{url: string, label: string, at: string}} Kept */

/** @returns {Kept[]} the newest first */
export function keptReports() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ url }) => /^\/issues\/[0-9a-f-]{36}#/.test(url)) : [];
  } catch {
    return [];
  }
}

/** @param {Kept} report */
export function keepReport(report) {
  try {
    const others = keptReports().filter(({ url }) => url !== report.url);
    localStorage.setItem(KEY, JSON.stringify([report, ...others].slice(0, MOST)));
  } catch {
    return; // private windows may keep nothing; the code stands on the page
  }
}

export function forgetReports() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    return; // as above
  }
}
