/** Sending a file with its progress, which fetch cannot tell. */

import { address, refusal, unreachable } from "./api.js";

/**
 * @param {string} path @param {FormData} form @param {(share: number) => void} progress from 0 to 1
 * @returns {Promise<any>}
 */
export function upload(path, form, progress) {
  const request = new XMLHttpRequest();
  request.open("POST", address(path));
  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (lengthComputable && total) progress(loaded / total);
  });
  return new Promise((resolve, reject) => {
    request.addEventListener("error", () => reject(unreachable()));
    request.addEventListener("load", () => {
      if (request.status >= 400) reject(refusal(request.status, request.responseText));
      else resolve(JSON.parse(request.responseText));
    });
    request.send(form);
  });
}
