// Runs files of requests and answers through a handler: each case is the life of an account, sent as its source
// writes it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { MemoryStore } from "../../../pkg/host.js";
import { createHandler } from "../../../pkg/rest-node.mjs";

/** The day of all requests, unless a step says another one. */
const TODAY = "2026-03-02";

/** A handler over a store in memory, whose identifiers and clock follow from the test alone. */
export function newHandler(options = {}) {
  const store = options.store ?? new MemoryStore();
  const state = { now: `${TODAY} 10:11:12`, requests: 0, errors: [], effects: [] };
  const handler = createHandler(store, {
    clock: () => state.now,
    seed: () => (state.requests += 1).toString(16).padStart(24, "0").padEnd(32, "0"),
    onError: (error) => state.errors.push(error),
    onEffect: (effect) => state.effects.push(effect),
    ...options,
  });
  return { handler, state, store };
}

/** The value with the saved texts in the place of `{name}`. */
function filled(value, saved) {
  if (typeof value === "string") {
    return value.replace(/\{(\w+)\}/g, (whole, name) => saved[name] ?? whole);
  }
  if (Array.isArray(value)) return value.map((entry) => filled(entry, saved));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.map(([name, field]) => [name, filled(field, saved)]));
}

/** The value at a path such as `items.0.id`. */
const at = (value, path) => path.split(".").reduce((found, step) => found?.[step], value);

/** Whether `value` has all that `expected` says: of a list, as many entries. */
function assertHas(value, expected, where) {
  if (typeof expected !== "object" || expected === null) {
    assert.deepEqual(value, expected, where);
    return;
  }
  if (Array.isArray(expected)) assert.equal(value?.length, expected.length, `length of ${where}`);
  for (const [name, field] of Object.entries(expected))
    assertHas(value?.[name], field, `${where}.${name}`);
}

/** Each identifier that Zuora's own clients are shown has at most this length. */
const MOST_ID = 32;

/** What an answer has under the name of an identifier, at any depth. */
function identifiersOf(value) {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    typeof field === "string" && /(^id|Id)$/.test(name) ? [field] : identifiersOf(field),
  );
}

/** Sends one request; the body may be a value or a text. */
export async function send(handler, line, { headers = {}, body } = {}) {
  const [method, address] = line.split(" ");
  const isText = typeof body === "string";
  const request = new Request(`https://rest.example${address}`, {
    method,
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const response = await handler(request);
  const text = await response.text();
  return { response, text, status: response.status, answer: text === "" ? null : JSON.parse(text) };
}

/** The version that a client states, unless a case says another one. */
const VERSION = { "zuora-version": "2025-08-12" };

async function runStep(handler, state, step, saved, place, usual) {
  const line = filled(step.send, saved);
  const where = `step ${place}: ${line}`;
  if (step.now !== undefined) state.now = step.now;
  const { text, status, answer } = await send(handler, line, {
    headers: { ...VERSION, ...usual, ...filled(step.headers ?? {}, saved) },
    body: filled(step.body, saved),
  });
  assert.equal(status, step.status ?? 200, `${where}\n${text}`);
  assertHas(answer, filled(step.has ?? { success: status < 400 }, saved), where);
  const long = identifiersOf(answer).filter((id) => id.length > MOST_ID);
  if (line.includes(" /v1/")) assert.deepEqual(long, [], where);
  for (const part of step.writes ?? [])
    assert.ok(text.includes(filled(part, saved)), `${where}: ${part}\n${text}`);
  for (const [name, path] of Object.entries(step.save ?? {})) {
    saved[name] = at(answer, path);
    assert.ok(saved[name] !== undefined, `${where}: nothing at ${path}\n${text}`);
  }
}

/**
 * Makes a test of each case of a file. `usual` are the headers of all its requests. `makeHandler` makes what answers
 * those of a case.
 */
export function runCases(file, usual = {}, makeHandler = newHandler) {
  const { setup, cases } = JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
  describe(file, () => {
    for (const { name, options, steps } of cases) {
      test(name, async (t) => {
        const made = await makeHandler(options);
        if (made === undefined) return t.skip("the options are those of another handler");
        const { handler, state } = made;
        const saved = {};
        for (const [place, step] of [...setup, ...steps].entries())
          await runStep(handler, state, step, saved, place - setup.length, usual);
        assert.deepEqual(state.errors, []);
      });
    }
  });
}
