/** What waits on this device until the server can be reached. */

/** @param {string} key @param {string | null} text */
export function store(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    return; // private windows may keep nothing; the step waits in memory no longer than the page
  }
}

/** @param {string} key */
export function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
