/**
 * Whose browser this is, so that nothing that one person wrote or saw is shown to another. A page
 * that was laid up for the dead network knows nobody: there it is whoever was here last.
 */

const KEY = "wangge.account";
const PERSONAL = ["wangge.mine", "wangge.behalf", "wangge.report", "wangge.reports", "wangge.sent", "wangge.note."];

const here = document.documentElement.dataset;

/** The number of the account that is signed in; empty without one. */
export const owner = "laidUp" in here ? kept() : (here.account ?? "");

function kept() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return ""; // private windows may keep nothing
  }
}

/** Let go of all that this browser keeps of a person, but for what still waits to be sent. */
function forget() {
  try {
    for (const name of Object.keys(localStorage)) {
      if (PERSONAL.some((own) => name.startsWith(own))) localStorage.removeItem(name);
    }
    localStorage.removeItem(KEY);
    indexedDB.deleteDatabase("wangge-draft");
  } catch {
    return; // as above
  }
}

/** Somebody else has signed in, or the one who was here signs out. */
export function watchOwner() {
  document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", forget);
  if ("laidUp" in here || !owner) return;
  if (kept() && kept() !== owner) forget();
  try {
    localStorage.setItem(KEY, owner);
  } catch {
    return; // as above
  }
}
