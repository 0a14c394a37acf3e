/** Whether the page is laid out for paper now, which is no move of the reader's. */

const root = document.documentElement;

/** @param {boolean} on */
export function turnToPaper(on) {
  root.toggleAttribute("data-paper", on);
}

export function isOnPaper() {
  return root.hasAttribute("data-paper");
}
