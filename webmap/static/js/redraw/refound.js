/** What finds an element again after the panel was written anew. */

/** @param {Element} node @returns {string} a selector, or nothing */
export function selectorOf(node) {
  if (node.id) return `#${CSS.escape(node.id)}`;
  const house = node.getAttribute("data-house");
  return house ? `[data-house="${CSS.escape(house)}"]` : "";
}
