// Refusals of the engine in plain words, by their code. The engine's own sentence stays with them as detail.
import { shown } from "./amount.js";
import { shownDay } from "./day.js";
import { told } from "./sentence.js";

const figure = (figures, name) =>
  typeof figures?.[name] === "string" && /^-?\d+(\.\d+)?$/.test(figures[name])
    ? shown(figures[name])
    : undefined;

const most = (figures) =>
  figure(figures, "most") ?? figure(figures, "available") ?? figure(figures, "left");

/** What is said of each code; `source`, `target` and `line` are what a person calls what it is about. */
const SENTENCES = {
  exceedsUnapplied: ({ figures, source }) =>
    most(figures) === undefined
      ? `${source} does not have that much left.`
      : `Only ${most(figures)} is left on ${source}.`,
  exceedsBalance: ({ figures, target }) =>
    most(figures) === undefined
      ? `That is more than is open on ${target}.`
      : `Only ${most(figures)} is open on ${target}.`,
  exceedsApplied: ({ figures }) => {
    const since = figures?.groups ?? figures?.later;
    const by = since === undefined ? "" : ` (${[since].flat().join(", ")})`;
    return `Another operation has taken this back since${by}.`;
  },
  exceedsAvailableToCredit: () => "That would credit more than was billed.",
  exceedsItem: ({ figures, line }) =>
    most(figures) === undefined
      ? `That is more than ${line} has.`
      : `Only ${most(figures)} is open on ${line}.`,
  notEnoughOfKind: ({ reason, figures: { number, left, stated } }) => {
    const kind = reason === "tax" ? "taxes" : "items";
    const has = left === undefined ? "nothing" : shown(left);
    const more = stated === undefined ? "" : `, but ${shown(stated)} is stated for them`;
    return `${number} has ${has} left for ${kind}${more}. Stated amounts pay ${kind} from ${kind}.`;
  },
  dateTooEarly: ({ figures }) =>
    figures?.earliest === undefined
      ? "That day is too early: something was settled later."
      : `The earliest possible day is ${shownDay(figures.earliest)}.`,
  periodClosed: ({ figures }) =>
    `The books are closed up to ${shownDay(figures?.closedThrough ?? "")}.`,
  invalidDate: () => "This is not a day of the calendar.",
  invalidDecimal: () => "This is not an amount.",
  amountNotPositive: ({ reason, line }) =>
    ({
      notBelowZero: `${line} is below zero, so its amount needs a minus.`,
      itemsNotAboveZero: "Together, the amounts of a document must be more than nothing.",
    })[reason] ?? "The amount must be more than nothing.",
  tooManyDecimals: ({ figures }) =>
    figures?.most === 0
      ? `${figures.currency} has no decimals.`
      : `${figures?.currency ?? "The currency"} has ${figures?.most} decimals, not more.`,
  nothingToSettle: () => "There is nothing to settle.",
  noSourceItem: () => "No line here was credited by this memo. Choose another rule.",
  allWeightsZero: () => "None of these lines has anything open.",
  currencyMismatch: () => "These documents are in different currencies.",
  accountMismatch: () => "These documents are of different accounts.",
  documentNotFound: () => "This document is not there any more.",
  groupNotFound: () => "This operation is not there any more.",
  planMoved: () => "The account has changed meanwhile. Here is the result as it is now.",
  versionMismatch: () => "The account has changed meanwhile. Here is the result as it is now.",
  alreadySettled: () => "Part of it is settled already.",
  invalidPeriod: ({ reason, figures }) =>
    reason === "outsidePeriod"
      ? "That day is outside the billing period."
      : reason === "changeTooEarly" || reason === "changeTooLate"
        ? "Changes must come one after another, within the billing period."
        : reason === "changeDuringPause"
          ? `The plan pauses until ${shownDay(figures?.until ?? "")}.`
          : "These days do not go together.",
  invalidStatus: ({ reason, sentence }) =>
    ({
      nothingPauses: "Nothing pauses then, so nothing can resume.",
      noPlanRuns: "No plan runs then.",
      planRestsAlready: "The plan pauses then already.",
      undoOfRefund: "A refund is not undone: cancel it instead.",
      undoOfWriteOff: "A write-off is not undone: void its document instead.",
    })[reason] ?? sentence,
  outOfRange: ({ reason }) =>
    reason === "rateFrom1" || reason === "taxRateTooHigh"
      ? "A tax of 100 % or more looks like a mistake."
      : "This number is too large.",
  tooLarge: () => "This is more than fits into the memory of the page.",
  engineFault: () => "The engine has failed. Load the page again: all that was applied is kept.",
};

/** What a person reads of a refusal: a sentence, and the engine's own as detail. */
export function wordsOf(
  { code, details = {}, message },
  { source = "the credit", target = "the document", line = "this line" } = {},
) {
  const { reason, figures } = details;
  const sentence = told(details.sentence ?? message);
  const say = SENTENCES[code];
  return {
    code,
    says: say?.({ reason, figures, sentence, source, target, line }) ?? sentence,
    detail: sentence,
  };
}
