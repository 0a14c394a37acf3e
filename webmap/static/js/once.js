/** A form that the browser posts by itself goes once, however often its button is pressed. */

/** So long nothing more goes from it; who stopped it may then try again. */
const HELD_MS = 10_000;
/** @type {Set<HTMLFormElement>} */
const gone = new Set();

/** @param {HTMLFormElement} form @param {boolean} held */
function hold(form, held) {
  if (held) gone.add(form);
  else gone.delete(form);
  for (const one of form.elements) {
    if (one instanceof HTMLButtonElement && one.type === "submit") one.classList.toggle("held", held);
  }
}

export function sendFormsOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (gone.has(form)) return event.preventDefault();
    hold(form, true);
    setTimeout(() => hold(form, false), HELD_MS);
  });
  addEventListener("pageshow", ({ persisted }) => persisted && gone.forEach((form) => hold(form, false)));
}
