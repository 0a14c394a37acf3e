/** Numbers, days and distances as people write them. Pure: language and time are arguments. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOCALE = { zh: "zh-CN", en: "en-GB" };

/**
 * The text with its `{names}` replaced; a name without a value stays as it is.
 * @param {string} text @param {Record<string, string | number>} values
 */
export function fillIn(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A whole number with thousands separators; a dash for nothing.
 * @param {number | null | undefined} value @param {Lang} lang */
export function count(value, lang) {
  if (value === null || value === undefined) return "—";
  return new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: 0 }).format(value);
}

/** Metres in words: 0.4 m, 12 m, 1.3 km. @param {number} metres @param {Lang} lang */
export function distance(metres, lang) {
  const near = metres < 1000;
  const digits = metres < 10 ? 1 : near ? 0 : 1;
  const value = near ? metres : metres / 1000;
  const number = new Intl.NumberFormat(LOCALE[lang], { maximumFractionDigits: digits }).format(value);
  const unit = lang === "zh" ? (near ? "米" : "公里") : near ? "m" : "km";
  return `${number} ${unit}`;
}

/**
 * A moment as day and time, with how far it is from `now` in brackets.
 * @param {string | null | undefined} iso @param {{lang: Lang, timeZone: string, now: Date}} how
 */
export function moment(iso, { lang, timeZone, now }) {
  const date = iso ? new Date(iso) : null;
  if (!date || Number.isNaN(date.getTime())) return "—";
  const written = new Intl.DateTimeFormat(LOCALE[lang], {
    timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(date);
  const open = lang === "zh" ? ["（", "）"] : [" (", ")"];
  return `${written}${open[0]}${relative(date, now, lang)}${open[1]}`;
}

/** A day without its time. @param {string | null | undefined} iso @param {{lang: Lang, timeZone: string}} how */
export function day(iso, { lang, timeZone }) {
  const date = iso ? new Date(iso) : null;
  if (!date || Number.isNaN(date.getTime())) return "—";
  const parts = /** @type {const} */ ({ timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return new Intl.DateTimeFormat(LOCALE[lang], parts).format(date);
}

/** A moment of today as its hour and minute, any other with its day before. @param {Date} date @param {{lang: Lang, timeZone: string, now: Date}} how */
export function clock(date, { lang, timeZone, now }) {
  const hour = new Intl.DateTimeFormat(LOCALE[lang], { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
  const [its, today] = [date, now].map((at) => day(at.toISOString(), { lang, timeZone }));
  return its === today ? hour : `${its} ${hour}`;
}

/** What less than a minute ago, or in less than half of one, is called. */
const NOW = { zh: ["刚刚", "马上"], en: ["just now", "in a moment"] };

/**
 * How far `date` is from `now`: "3 天前", "in 2 hours". What is past is cut down to whole units, what
 * is to come is rounded, so that a limit of eight hours says so when it is set.
 * @param {Date} date @param {Date} now @param {Lang} lang
 */
export function relative(date, now, lang) {
  const seconds = (date.getTime() - now.getTime()) / 1000;
  const whole = seconds > 0 ? Math.round(seconds / MINUTE) * MINUTE : seconds;
  if (whole > -MINUTE && whole < MINUTE) return NOW[lang][seconds > 0 ? 1 : 0];
  const [size, unit] = scaleOf(Math.abs(whole));
  const words = new Intl.RelativeTimeFormat(LOCALE[lang], { numeric: "auto" });
  return words.format(seconds > 0 ? Math.round(whole / size) : Math.trunc(seconds / size), unit);
}

/** @param {number} seconds @returns {[number, Intl.RelativeTimeFormatUnit]} */
function scaleOf(seconds) {
  if (seconds < HOUR) return [MINUTE, "minute"];
  if (seconds < DAY) return [HOUR, "hour"];
  if (seconds < 60 * DAY) return [DAY, "day"];
  return seconds < 365 * DAY ? [30 * DAY, "month"] : [365 * DAY, "year"];
}

/** A file's size: 812 B, 34 KB, 2.1 MB. @param {number} bytes */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
