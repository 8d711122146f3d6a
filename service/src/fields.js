// The fields of documents, as the table `documents` has them: the columns, and of what type each field of a row is.

/**
 * @typedef {"text" | "amount" | "date" | "flag"} Holds What a field holds.
 * @typedef {{ name: string, type: string, field: string, holds: Holds }} Column
 */

/**
 * The columns beside tenant, account, identifier and row. What a migration has made stays.
 * @type {readonly Column[]}
 */
export const COLUMNS = [
  { name: "kind", type: 'text collate "C" not null', field: "type", holds: "text" },
  { name: "number", type: 'text collate "C" not null', field: "number", holds: "text" },
  { name: "currency", type: 'text collate "C" not null', field: "currency", holds: "text" },
  { name: "status", type: 'text collate "C" not null', field: "status", holds: "text" },
  { name: "date", type: 'text collate "C" not null', field: "date", holds: "date" },
  { name: "due_date", type: 'text collate "C"', field: "dueDate", holds: "date" },
  { name: "amount", type: "numeric not null", field: "amount", holds: "amount" },
  { name: "applied", type: "numeric not null", field: "appliedAmount", holds: "amount" },
  { name: "remaining", type: "numeric not null", field: "remainingBalance", holds: "amount" },
  { name: "created_on", type: 'text collate "C"', field: "createdOn", holds: "date" },
  { name: "updated_on", type: 'text collate "C"', field: "updatedOn", holds: "date" },
];

/** @type {(names: string, holds: Holds) => [string, Holds][]} */
const all = (names, holds) => names.split(" ").map((name) => [name, holds]);

/**
 * The fields that a row is filtered and ordered by. Those that say what can be done (`canBe…`) are missing: a list
 * that asks for one goes to the books.
 * @type {ReadonlyMap<string, Holds>}
 */
export const FIELDS = new Map([
  ...all("id accountId origin referredDocumentId cancelReasonCode cancelComment", "text"),
  ...all("reasonCode comment method referredDocumentNumber", "text"),
  ...all("zuoraStatus quickstartStatus dayZeroStatus", "text"),
  ...all("taxAmount balance availableToCreditAmount refundAmount unappliedAmount", "amount"),
  ...all("restockingFee grossAmount taxExemptAmount", "amount"),
  ...all("postedOn canceledOn targetDate lastAppliedOn", "date"),
  ...all("reversed electronic autoApply excludeFromAutoApply excludeFromRevenue", "flag"),
  ...all("hasApplications", "flag"),
  ...COLUMNS.map(({ field, holds }) => /** @type {[string, Holds]} */ ([field, holds])),
]);

/** What rows of all kinds, and those of some, have only where they are asked for it. */
const ASKED =
  "referredDocumentNumber remainingBalance hasApplications zuoraStatus quickstartStatus".split(" ");
const LIVE = [...ASKED, "lastAppliedOn"];
const BILLED = [...LIVE, "taxExemptAmount"];

/**
 * The kinds of documents, each with the fields that its rows have only where they are asked for.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const KINDS = {
  invoice: BILLED,
  debitMemo: BILLED,
  creditMemo: [...BILLED, "grossAmount", "dayZeroStatus"],
  payment: LIVE,
  refund: ASKED,
};
