/** The base map that the settings ask for, as the page tells it. */

/**
 * @typedef {{
 *   kind: "own" | "none" | "raster" | "vector",
 *   templates: {url: string, servers: string[]}[], archive: string | null,
 *   datum: "WGS84" | "GCJ02", min_zoom: number, max_zoom: number, protomaps: boolean,
 * }} BaseMap
 */

/** @type {BaseMap} */
const OWN = { kind: "own", templates: [], archive: null, datum: "WGS84", min_zoom: 0, max_zoom: 18, protomaps: false };

/** @type {BaseMap} */
export const basemap = document.body.dataset.basemap ? JSON.parse(document.body.dataset.basemap) : OWN;

/** Whether the ground is a picture, which stays bright at night. */
export const pictured = basemap.kind === "raster";
