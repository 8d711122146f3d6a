// What clients of the other systems send, against the running service: the cases of `tests/js/rest`, each for a
// tenant of its own, and the clients that others made.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { runCases } from "../../tests/js/rest/dialect.mjs";
import { runClient, SEEN_BY_OLDER, SEEN_BY_SDK } from "../../tests/js/rest/clients.mjs";
import { Clients } from "../src/clients.js";
import { DATABASES, startService, stopPostgres } from "./support.mjs";

/** The files of cases with the headers of their requests, by the database that they run on. */
const FILES = {
  PGlite: { "zuora-around.json": {} },
  PostgreSQL: {
    "zuora-credit-memos.json": {},
    "zuora-around.json": {},
    "quickstart.json": {},
    "dayzero.json": { "x-business-id": "B-1" },
  },
};

/** The programs that run, with what each has seen. */
const PROGRAMS = {
  PGlite: { "sdk.py": SEEN_BY_SDK },
  PostgreSQL: { "sdk.py": SEEN_BY_SDK, "older.py": SEEN_BY_OLDER },
};

const NOW = "2026-03-02 10:11:12";

after(stopPostgres);

for (const [kind, newDatabase] of Object.entries(DATABASES)) {
  describe(`the service on ${kind}`, () => {
    let running;
    let clients;
    let tenants = 0;
    const state = { now: "", requests: 0 };
    before(async () => {
      const database = await newDatabase();
      clients = new Clients({ database });
      running = await startService(database, {
        // The cases say which day it is.
        clock: () => state.now,
        seed: () => (state.requests += 1).toString(16).padStart(24, "0").padEnd(32, "0"),
      });
    });
    after(() => running.service.close());

    /** What sends requests of a new tenant to the service. */
    async function newHandler(options = {}) {
      if (Object.keys(options).length > 0) return undefined;
      const { key } = await clients.add(`tenant-${(tenants += 1)}`);
      Object.assign(state, { now: NOW, errors: [], effects: [] });
      const handler = async (request) => {
        const { pathname, search } = new URL(request.url);
        const headers = new Headers(request.headers);
        headers.set("authorization", `Bearer ${key}`);
        headers.set("x-forwarded-host", "rest.example");
        const body = request.body === null ? undefined : await request.arrayBuffer();
        const response = await fetch(`${running.address}${pathname}${search}`, {
          method: request.method,
          headers,
          body,
        });
        // Addresses in answers are those of the host that the client used.
        const text = (await response.text()).replaceAll(running.address, "https://rest.example");
        const { status } = response;
        return new Response(status === 204 ? null : text, {
          status,
          headers: plain(response.headers),
        });
      };
      return { handler, state };
    }

    for (const [file, headers] of Object.entries(FILES[kind])) runCases(file, headers, newHandler);

    for (const [program, expected] of Object.entries(PROGRAMS[kind])) {
      test(`${program} runs, unmodified`, async (t) => {
        const own = await startService(await newDatabase(), {
          clock: () => NOW,
          settings: { client: undefined },
        });
        t.after(() => own.service.close());
        const seen = await runClient(t, program, own.address, own.errors);
        if (seen !== undefined) assert.deepEqual(seen, expected);
        assert.deepEqual(own.errors(), []);
      });
    }

    test("says nothing of faults, because there were none", () => {
      assert.deepEqual(running.errors(), []);
    });
  });
}

/** Headers without those of how the body came. */
function plain(headers) {
  const own = new Headers(headers);
  for (const name of ["content-encoding", "content-length", "transfer-encoding"]) own.delete(name);
  return own;
}
