// Sentences of the engine, as this visitor writes amounts and days. The engine's own are the same everywhere.
import { shown } from "./amount.js";
import { shownDay } from "./day.js";

/** What an engine's sentence quotes: an identifier may look like an amount or a day, and stays as it is. */
const QUOTED = /("(?:[^"\\]|\\.)*")/;

/** A day by itself. In a moment (`2026-01-17T08:00:00Z`) it stays, so that day and time are written alike. */
const DAY = /(?<![\w.-])\d{4}-\d\d-\d\d(?![\w-])/g;

/** A number with decimals or below zero. Counts such as `15 of 31 days` are written everywhere in the same way. */
const NUMBER = /(?<![\w.,-])(?:-?\d+\.\d{1,20}|-\d+)(?![\w-])/g;

/** A sentence of the engine, with its amounts and days as the visitor writes them. */
export function told(sentence) {
  return sentence
    .split(QUOTED)
    .map((piece, place) => (place % 2 === 1 ? piece : localized(piece)))
    .join("");
}

const localized = (text) =>
  text.replace(DAY, (day) => shownDay(day)).replace(NUMBER, (number) => shown(number));
