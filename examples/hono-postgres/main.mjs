// Starts the service over PostgreSQL in this process (PGlite). With a server of yours: `new Pool()` of `pg` in its place.
import { PGlite } from "@electric-sql/pglite";
import { serve } from "@hono/node-server";
import { makeApp } from "./app.mjs";
import { PostgresStore } from "./postgres-store.mjs";

const store = new PostgresStore(new PGlite(process.env.DATA ?? "./data"));
await store.prepare();
const port = Number(process.env.PORT ?? 3000);
serve({ fetch: makeApp(store).fetch, port, hostname: "127.0.0.1" });
console.log(`The service answers at http://127.0.0.1:${port}/accounts/ACME/documents`);
