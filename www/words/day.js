// Days as people read them. The engine's are texts such as `2026-03-15`, and so they stay.
import { LOCALE } from "./amount.js";

const utc = (day) => Date.parse(`${day}T00:00:00Z`);
const DAY = 86_400_000;

/** Whether a text is a day of the calendar. */
export const isDay = (text) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(utc(text)) && dayOf(utc(text)) === text;

const dayOf = (time) => new Date(time).toISOString().slice(0, 10);

/** `15 Mar 2026`, in the order of the visitor's locale. */
export function shownDay(day, { year = true } = {}) {
  if (!isDay(day)) return day;
  const options = {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
    ...(year && { year: "numeric" }),
  };
  return new Intl.DateTimeFormat(LOCALE, options).format(utc(day));
}

/** How many days a day is after another. */
export const daysBetween = (from, to) => Math.round((utc(to) - utc(from)) / DAY);

/** The day `count` days later. */
export const addDays = (day, count) => dayOf(utc(day) + count * DAY);

/** The later of two days. */
export const later = (one, other) => (one > other ? one : other);
