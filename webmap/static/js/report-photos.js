/** The photos of a resident's report: kept with the draft, looked at for the place, refused beside themselves. */

import { Refusal, sentence } from "./api.js";
import { complain } from "./complaints.js";
import { byId } from "./dom.js";
import { keepPhotos, readPhotos } from "./draft-photos.js";
import { t } from "./i18n.js";
import { takenIn } from "./outbox.js";
import { photoField } from "./photos.js";
import { place } from "./place.js";

/** The field in its place on the page, with what was chosen before the page was opened anew. */
export function reportPhotos() {
  const photos = photoField("report", t("加照片"), propose, (chosen) => keepPhotos(chosen));
  const input = /** @type {HTMLElement} */ (photos.element.querySelector("input"));
  byId("photos").append(photos.element);
  readPhotos().then((kept) => kept.length && photos.restore(kept));

  /** Where a photo says it was taken is offered as the place, if none is chosen. @param {import("./outbox.js").Enclosed} photo */
  async function propose(photo) {
    try {
      const told = await takenIn(photo.blob);
      photo.id = told.id;
      if (told.place && !place.current) place.set({ ...told.place, label: t("照片里的位置（不对就在地图上改）") }, "form");
    } catch (error) {
      if (!isAbout(error)) return;
      photos.drop(photo);
      complain(sentence(error), input);
    }
  }

  return { ...photos, /** Where one goes for what is wrong with a photo. */ input };
}

/** Whether a refusal is about a photo. @param {unknown} error */
export function isAbout(error) {
  return error instanceof Refusal && /^photos?_/.test(error.code);
}
