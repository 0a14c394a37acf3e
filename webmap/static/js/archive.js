/** Tiles out of a PMTiles file: the browser fetches the ranges of bytes that it draws. */

/** @typedef {{getZxy: (z: number, x: number, y: number, signal?: AbortSignal) => Promise<{data: ArrayBuffer} | undefined>}} Reader */

/** The reader of the file at this address; protomaps-leaflet brings the one of the pmtiles package.
 * @param {string} url @returns {Reader} */
export function reader(url) {
  return new protomapsL.PmtilesSource(url, false).p;
}
