/** What becomes of a written address when the pin goes elsewhere: it is taken out, and that is said. */

import { metres } from "./walk.js";

/** So many metres the pin may be moved about an address and still mean it. */
const ABOUT_M = 30;

export class AddressOfPin {
  /** @param {HTMLInputElement} field */
  constructor(field) {
    this.field = field;
    /** Where the address in the field lies, if that is where it came from.
     * @type {{lon: number, lat: number} | null} */
    this.at = null;
    /** The address that was taken out last. */
    this.left = "";
  }

  /** The address in the field is that of a place, or of none. @param {{lon: number, lat: number} | null} at */
  is(at) {
    this.at = at;
    this.left = "";
  }

  /** The pin was set on the map; whether the address was taken out for it. @param {{lon: number, lat: number}} spot */
  moved(spot) {
    if (!this.at || metres(this.at, spot) <= ABOUT_M) return false;
    this.left = this.field.value.trim();
    this.at = null;
    this.field.value = "";
    return true;
  }
}
