// A small service: accounts with their invoices, credits and payments, one book for each account, in PostgreSQL.
import { Hono } from "hono";
import * as setoff from "setoff";
import { ConflictError, Host } from "setoff/host";

/** An application over a store. */
export function makeApp(store) {
  const host = new Host(setoff, store, {
    bookOptions: (account) => ({ currency: "EUR", accountId: account }),
  });
  const app = new Hono();

  // A command. The header names it, so that a client that got no answer can send it again.
  app.post("/accounts/:account/commands", async (context) => {
    const command = await context.req.json();
    const options = {
      id: context.req.header("Idempotency-Key"),
      actor: context.req.header("X-User") ?? "nobody",
      recordedAt: new Date().toISOString(),
    };
    const outcome = await host.transact(context.req.param("account"), (book) =>
      book.execute(command, options),
    );
    return context.json(outcome);
  });

  // What a command would do. The answer is a plan, which the client shows and sends back.
  app.post("/accounts/:account/previews", async (context) => {
    const command = await context.req.json();
    const plan = await host.read(context.req.param("account"), (book) => book.preview(command));
    return context.json(plan);
  });

  // A plan that came back: carried out if it still holds.
  app.post("/accounts/:account/commits", async (context) => {
    const plan = await context.req.json();
    const outcome = await host.transact(context.req.param("account"), (book) => book.commit(plan));
    return context.json(outcome);
  });

  app.get("/accounts/:account/documents", async (context) => {
    const { rows } = await host.read(context.req.param("account"), (book) =>
      book.query({ of: "document", page: { size: 100 } }),
    );
    return context.json(rows);
  });

  app.onError((error, context) => {
    if (error instanceof ConflictError) return context.json({ code: "conflict" }, 409);
    if (!setoff.isSetoffError(error)) throw error;
    const { code, path, details, issues } = error;
    const status = ["planMoved", "versionMismatch", "commandIdReused"].includes(code) ? 409 : 422;
    const faults = (issues ?? []).map(({ segments, details }) => ({
      path: segments,
      sentence: details.sentence,
    }));
    return context.json({ code, path, sentence: details.sentence, faults }, status);
  });
  return app;
}
