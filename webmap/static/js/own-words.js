/** What was answered, written and done, for whoever has reported or joined: asked for with the code behind the #. */

import { ask } from "./api.js";
import { ownCode } from "./reply.js";

/**
 * @typedef {{at: string, kind: string, note: string, photos?: string[], former?: boolean}} OwnWord
 * @typedef {{answers: Record<string, string>, words: OwnWord[], joined: boolean}} Own
 */

/** Null without a code, or where it is nobody's: all else on the page stands without it. @param {string} id of the issue @returns {Promise<Own | null>} */
export async function ownWords(id) {
  const code = ownCode();
  if (!code) return null;
  try {
    return await ask(`/api/issues/${encodeURIComponent(id)}/own`, { body: { code } });
  } catch {
    return null;
  }
}
