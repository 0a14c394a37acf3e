/** Elements without markup: whatever text comes, it is set as text. */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = new URL("../icons.svg", import.meta.url).pathname;

/**
 * @typedef {string | number | Node | null | undefined | false} Child
 * @typedef {Record<string, string | number | boolean | ((event: any) => void) | null | undefined>} Props
 */

/**
 * A new element. Props named `on…` are listeners, `class` and the rest are attributes; true
 * gives an empty attribute, false or nothing none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Props} [props] @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  equip(node, props);
  node.append(...kept(children));
  return node;
}

/**
 * A new SVG element.
 * @param {string} tag @param {Props} [props] @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, props = {}, ...children) {
  const node = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  equip(node, props);
  node.append(...kept(children));
  return node;
}

/** The address of one picture of our sprite. @param {string} name */
export function picture(name) {
  return `${ICONS}#${name}`;
}

/** One icon of our sprite, hidden from screen readers. @param {string} name */
export function icon(name) {
  const use = svg("use", { href: picture(name) });
  return svg("svg", { class: "icon", "aria-hidden": "true" }, use);
}

/** Put these in place of all that was in `node`. @param {Element} node @param {...Child} children */
export function fill(node, ...children) {
  node.replaceChildren(...kept(children));
}

/**
 * The element with this id, which the page must have.
 * @template {HTMLElement} T
 * @param {string} id @param {new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind) {
  const node = document.getElementById(id);
  if (!node || (kind && !(node instanceof kind))) throw new Error(`no #${id} on this page`);
  return /** @type {T} */ (node);
}

/** @param {Element} node @param {Props} props */
function equip(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, String(value));
    }
  }
}

/** @param {Child[]} children @returns {(string | Node)[]} */
function kept(children) {
  const shown = children.filter((child) => child !== null && child !== undefined && child !== false);
  return shown.map((child) => (child instanceof Node ? child : String(child)));
}
