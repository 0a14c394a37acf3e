/** A form that only its button sends: Enter in a line of it does not, but may look something up. */

/** @param {HTMLFormElement} form @param {HTMLInputElement} searched @param {() => void} look up what stands in it */
export function sendByButton(form, searched, look) {
  form.addEventListener("keydown", (event) => {
    const { target, key, isComposing, defaultPrevented } = event;
    if (key !== "Enter" || isComposing || defaultPrevented || !(target instanceof HTMLInputElement) || target.type === "file") return;
    event.preventDefault();
    if (target === searched) look();
  });
}
