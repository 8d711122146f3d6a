// The table of currencies, compared with a list of ISO 4217 that others maintain.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { prepareTools, toolsDir } from "../../scripts/smoke.mjs";

await prepareTools();
const require = createRequire(join(toolsDir, "package.json"));
const codes = require("currency-codes");
const { allocate } = await import("../../pkg/node.mjs");

/** The decimals of a currency; `undefined` of one that the package does not know. */
function decimals(currency) {
  try {
    const [part] = allocate({ amount: "1", currency, weights: ["1"] }).parts;
    return (part.split(".")[1] ?? "").length;
  } catch (error) {
    assert.equal(error.code, "unknownCurrency");
    return undefined;
  }
}

/** Metals, units of account and codes for tests: ISO 4217 gives them no decimals, so there is no amount of them. */
const WITHOUT_DECIMALS = /^X(A[GU]|B[ABCD]|DR|P[DT]|SU|TS|UA|XX)$/;

/** Codes that the package knows and the list does not. */
const FURTHER = {
  HRK: "withdrawn in 2023, and in documents from before",
  SLL: "withdrawn in 2024, and in documents from before",
  ZWL: "withdrawn in 2024, and in documents from before",
  XCG: "since 2025; the list is older",
};

test("every currency of ISO 4217 is known, with its decimals", () => {
  const found = codes.data
    .filter(({ code }) => !WITHOUT_DECIMALS.test(code))
    .map(({ code, digits }) => ({ code, digits, ours: decimals(code) }));
  assert.ok(found.length > 150);
  assert.deepEqual(
    found.filter(({ digits, ours }) => ours !== digits),
    [],
  );
});

test("no other code of three letters is known", () => {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const all = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
  const listed = new Set(codes.codes());
  const further = all.filter((code) => decimals(code) !== undefined && !listed.has(code));
  assert.deepEqual(further, Object.keys(FURTHER).sort());
  assert.ok(!all.some((code) => WITHOUT_DECIMALS.test(code) && decimals(code) !== undefined));
});
