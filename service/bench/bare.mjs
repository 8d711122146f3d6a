// An HTTP server that does nothing but the INSERT of an entry: the floor of an apply. `node bare.mjs URL TEXT CONNECTIONS`
// prints its port. It is a process of its own, as the service is.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import pg from "pg";

const [url, text, connections] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: Number(connections) });
// After a failure PostgreSQL ends before this process does.
pool.on("error", () => {});

const insert = () =>
  pool.query({
    name: "bare",
    text: "insert into bare values ($1, $2, $3, $4)",
    values: ["default", randomUUID(), 1, text],
  });

const server = createServer((incoming, outgoing) => {
  incoming.resume();
  incoming.once("end", () =>
    insert().then(
      () => outgoing.end("{}"),
      () => outgoing.writeHead(500).end(),
    ),
  );
});
server.listen(0, "127.0.0.1", () => console.log(`"port":${server.address().port}`));
process.once("SIGTERM", () => process.exit());
