/** How a question to the server is written as an address. Pure. */

/**
 * The address with its parameters, and the language where it is not the usual one.
 * @param {string} path @param {Record<string, string | number | null | undefined>} params @param {string} lang
 */
export function question(path, params, lang) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  if (lang !== "zh" && !path.startsWith("/api/layers")) query.set("lang", lang);
  return query.size ? `${path}?${query}` : path;
}
