/** The button that prints this page; without scripts the browser's own menu does. */

import { byId } from "./dom.js";

const button = byId("print");
button.hidden = false;
button.addEventListener("click", () => print());
