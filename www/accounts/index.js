// The sample accounts. Each tells a story, and begins with a scenario that shows it.
import * as forty from "./forty.js";
import * as metered from "./metered.js";
import * as studio from "./studio.js";
import * as upgrade from "./upgrade.js";
import * as yen from "./yen.js";

/**
 * @typedef {object} Sample
 * @property {{ id: string, name: string }} account
 * @property {string} story in one line
 * @property {import("setoff").BookOptions} bookOptions
 * @property {() => import("setoff").Command[]} commands those that build it, in the order of their days
 * @property {object} example the command that it is looked at with first
 */

const sampleOf = (key, story, module) => ({
  key: `sample:${key}`,
  story,
  account: module.account,
  bookOptions: module.bookOptions,
  commands: () => (typeof module.commands === "function" ? module.commands() : module.commands),
  example: module.example,
});

/** @type {(Sample & { key: string })[]} */
export const SAMPLES = [
  sampleOf("studio", "Discounts and taxes, settled line by line", studio),
  sampleOf("upgrade", "An upgrade within the month, with an open invoice", upgrade),
  sampleOf("forty", "One credit over forty invoices", forty),
  sampleOf("yen", "Yen and dinar: no decimals, and three", yen),
  sampleOf("metered", "One invoice of 15,000 lines", metered),
];

export const sampleBy = (key) => SAMPLES.find((sample) => sample.key === key);
