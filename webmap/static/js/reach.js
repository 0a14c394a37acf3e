/** The contact that somebody may leave with a report. */

import { byId } from "./dom.js";
import { t } from "./i18n.js";

const NUMBER = /^\D*(\d\D*){7,15}$/;

const [name, phone, consent] = ["name", "phone", "consent"].map((id) => byId(id, HTMLInputElement));

/** The part of a report that holds the contact; empty where none was given. */
export function reach() {
  const given = { name: name.value.trim(), phone: phone.value.trim() };
  return given.name || given.phone ? { contact: { ...given, consent: consent.checked } } : {};
}

/** What is wrong with it, as a sentence with the field to go to.
 * @returns {[string, HTMLElement] | null} */
export function lacking() {
  const { contact } = reach();
  if (!contact) return null;
  if (contact.phone && !NUMBER.test(contact.phone)) return [t("电话号码不对，请检查。"), phone];
  return contact.consent ? null : [t("留了联系方式，请勾选同意；不想留就清空。"), consent];
}

const KEY = "wangge.reach";

/** What was typed comes back with this window after a reload, and with no other. */
function remember() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    [name.value, phone.value, consent.checked] = [kept.name ?? "", kept.phone ?? "", kept.consent === true];
    if (name.value || phone.value) /** @type {HTMLDetailsElement} */ (byId("reach")).open = true;
    byId("reach").addEventListener("input", () => {
      sessionStorage.setItem(KEY, JSON.stringify({ name: name.value, phone: phone.value, consent: consent.checked }));
    });
    byId("report").addEventListener("reset", () => sessionStorage.removeItem(KEY));
  } catch {
    return; // private windows may keep nothing
  }
}

remember();
