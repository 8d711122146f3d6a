// Every operation that a dialect answers is sent by a case, as its source writes it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const here = new URL("./", import.meta.url);
const source = (name) =>
  readFileSync(new URL(`../../../src/rest/${name}/mod.rs`, import.meta.url), "utf8");

/** The requests of all cases, as a method and the steps of a path. */
const sent = readdirSync(here)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const { setup, cases } = JSON.parse(readFileSync(new URL(name, here), "utf8"));
    return [...setup, ...cases.flatMap(({ steps }) => steps)];
  })
  // What is refused shows the address, and not the operation.
  .filter(({ status = 200 }) => status < 300)
  .map(({ send }) => {
    const [method, address] = send.split(" ");
    return [method, address.split("?")[0].split("/").slice(1)];
  });

/** Older names of steps of Zuora v1, with the newer ones. */
const SPELLINGS = {
  creditmemos: "credit-memos",
  debitmemos: "debit-memos",
  itemparts: "item-parts",
  taxationitems: "taxation-items",
};

/** Whether a case sends a request to an address, which has `{}` for keys. */
function isSent([method, address]) {
  const steps = address.split("/").filter((step) => step !== "");
  return sent.some(
    ([verb, path]) =>
      verb === method &&
      path.length === steps.length &&
      steps.every(
        (step, place) => step === "{}" || step === (SPELLINGS[path[place]] ?? path[place]),
      ),
  );
}

/** The addresses that a table of routes has. */
const routesOf = (name, prefix) =>
  [...source(name).matchAll(/\(\s*"(GET|POST|PUT|PATCH|DELETE)",\s*"([^"]*)",/g)].map(
    ([, method, path]) => [method, `${prefix}/${path}`],
  );

/** What its reference has for memos of both kinds. */
const QUICKSTART = ["credit", "debit"].flatMap((kind) => [
  ["GET", `/v2/${kind}_memos`],
  ["POST", `/v2/${kind}_memos`],
  ["GET", `/v2/${kind}_memos/{}`],
  ["PATCH", `/v2/${kind}_memos/{}`],
  ["DELETE", `/v2/${kind}_memos/{}`],
  ["POST", `/v2/${kind}_memos/{}/post`],
  ["POST", `/v2/${kind}_memos/{}/unpost`],
  ["POST", `/v2/${kind}_memos/{}/cancel`],
  ["GET", `/v2/${kind}_memo_items`],
]);

const DIALECTS = {
  "Zuora v1": [...routesOf("zuora", "/v1"), ["POST", "/v1/credit-memos/{}/files"]],
  "Zuora Quickstart": [
    ...QUICKSTART,
    ["POST", "/v2/credit_memos/{}/apply"],
    ["POST", "/v2/credit_memos/{}/unapply"],
    ["POST", "/v2/debit_memos/{}/pay"],
  ],
  DayZero: routesOf("dayzero", "/api/v1/credit-memos"),
};

/** Files are sent as forms, by `handler.test.mjs`. */
const isForm = ([method, address]) => method === "POST" && address.endsWith("/files");

for (const [name, routes] of Object.entries(DIALECTS)) {
  test(`each operation of ${name} is in a case`, () => {
    assert.ok(routes.length >= 11);
    const missing = routes.filter((route) => !isForm(route) && !isSent(route));
    assert.deepEqual(
      missing.map(([method, address]) => `${method} ${address}`),
      [],
    );
  });
}
