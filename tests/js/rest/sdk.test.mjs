// Clients that others made, unmodified except for their host, against the handler on this machine.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { runClient, SEEN_BY_OLDER, SEEN_BY_SDK } from "./clients.mjs";
import { newHandler } from "./dialect.mjs";

/** A server over a handler, as a program in Node writes one. */
async function serve(handler) {
  const server = createServer(async (incoming, outgoing) => {
    const pieces = [];
    for await (const piece of incoming) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const { method, url, headers } = incoming;
    const hasBody = body.length > 0 && method !== "GET";
    const address = `http://${headers.host}${url}`;
    const response = await handler(
      new Request(address, { method, headers, ...(hasBody && { body }) }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, address: `http://127.0.0.1:${server.address().port}` };
}

/** What a program sees of a handler's server; undefined where it cannot run. */
async function seenBy(t, program) {
  const { handler, state } = newHandler();
  const { server, address } = await serve(handler);
  t.after(() => server.close());
  const seen = await runClient(t, program, address, () => state.errors);
  assert.deepEqual(state.errors, []);
  return seen;
}

test("an older client runs a part of the life of an account, by older paths and without a version", async (t) => {
  const seen = await seenBy(t, "older.py");
  if (seen !== undefined) assert.deepEqual(seen, SEEN_BY_OLDER);
});

test("the official Python client runs the life of an account", async (t) => {
  const seen = await seenBy(t, "sdk.py");
  if (seen !== undefined) assert.deepEqual(seen, SEEN_BY_SDK);
});
