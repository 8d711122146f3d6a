// The programs of `examples/`, run with the packed package.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { build } from "vite";
import { exemplary, filesOf } from "../../scripts/examples.mjs";
import { root, run } from "../../scripts/exec.mjs";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "../browser/launch.mjs";
import { freePort, startServer, toolProject } from "./project.mjs";

const folder = (name) => join(root, "examples", name);
const filesIn = (name) =>
  Object.fromEntries(
    readdirSync(folder(name)).map((file) => [file, readFileSync(join(folder(name), file), "utf8")]),
  );
const project = (name) => toolProject(`example-${name}`, filesIn(name));

/** Bundles an example for a browser and opens it there. */
async function open(t, name) {
  const dir = await project(name);
  await build({
    ...{ root: dir, configFile: false, logLevel: "warn" },
    oxc: { jsx: { runtime: "automatic" } },
    worker: { format: "es" },
    build: { target: "es2022" },
  });
  const { url, close } = await serve({ port: 0, folders: { "/": join(dir, "dist") } });
  t.after(close);
  const browser = await launch();
  t.after(() => browser.close());
  const tab = await browser.newPage();
  await tab.goto(url);
  return tab;
}

/** What an element shows once it shows something. */
async function shown(tab, selector) {
  await tab.waitForFunction((name) => document.querySelector(name)?.textContent, selector);
  return tab.textContent(selector);
}

test("a service with PostgreSQL", async (t) => {
  const dir = await project("hono-postgres");
  const port = await freePort();
  const url = await startServer(t, dir, port, process.execPath, ["main.mjs"]);
  const post = async (path, body, headers = {}) => {
    const address = `${url}accounts/ACME/${path}`;
    const answer = await fetch(address, { method: "POST", body: JSON.stringify(body), headers });
    return { status: answer.status, ...(await answer.json()) };
  };
  const at = "2026-03-02";
  const items = [{ id: "1", amount: "100.00" }];
  const invoice = { type: "createInvoice", at, id: "INV-1", autoPost: true, items };
  const payment = {
    ...{ type: "createPayment", at, id: "PAY-1", amount: "60.00" },
    invoices: [{ invoiceId: "INV-1" }],
  };

  await t.test("carries a command out, and once if it comes again", async () => {
    const key = { "Idempotency-Key": "request-1" };
    const first = await post("commands", invoice, key);
    assert.equal(first.document.balance, "100.00");
    const again = await post("commands", invoice, key);
    assert.deepEqual([again.status, again.repeated], [200, true]);
  });
  await t.test("carries out a plan that it has shown, if it still holds", async () => {
    const plan = await post("previews", payment);
    const done = await post("commits", plan);
    assert.equal(done.document.unappliedAmount, "0.00");
    const again = await post("commits", plan);
    assert.deepEqual([again.status, again.code], [422, "duplicateId"]);
  });
  await t.test("refuses with every fault", async () => {
    const refusal = await post("commands", { ...payment, id: "", amount: 5 });
    assert.equal(refusal.status, 422);
    assert.deepEqual(
      refusal.faults.map(({ path }) => path.join(".")),
      ["id", "amount"],
    );
  });
  await t.test("keeps all of two commands at the same time", async () => {
    const ids = ["PAY-2", "PAY-3", "PAY-4"];
    const answers = await Promise.all(
      ids.map((id) => post("commands", { ...payment, id, amount: "1.00" })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    const documents = await (await fetch(`${url}accounts/ACME/documents`)).json();
    // 100.00 − 60.00 − 3 × 1.00
    assert.equal(documents.find(({ id }) => id === "INV-1").balance, "37.00");
  });
});

test("the store of PostgreSQL does what every store must do", async () => {
  const checks = `
    import { PGlite } from "@electric-sql/pglite";
    import { storeChecks } from "setoff/host";
    import { PostgresStore } from "./postgres-store.mjs";
    const client = new PGlite();
    for (const { name, run } of storeChecks(async () => {
      await client.query("DROP TABLE IF EXISTS entries");
      const store = new PostgresStore(client);
      await store.prepare();
      return store;
    }))
      await run().catch((error) => console.log(name, error.message));`;
  const dir = await toolProject("example-store", {
    ...filesIn("hono-postgres"),
    "checks.mjs": checks,
  });
  assert.equal((await run(process.execPath, ["checks.mjs"], { cwd: dir })).stdout, "");
});

test("a preview of an upgrade in React", async (t) => {
  const tab = await open(t, "react-preview");
  // 15 of 31 days of 5 seats and of 8 seats of 12.00: 29.03 back, 46.45 to pay.
  assert.equal(await shown(tab, "output"), "due today €17.42");
  assert.equal(await shown(tab, "ul"), "credit -€29.03charge €46.45");
  await tab.fill("input >> nth=0", "5.5.5");
  await tab.waitForFunction(() => !document.querySelector("output").textContent.startsWith("due"));
  assert.match(await shown(tab, "output"), /5\.5\.5/);
});

test("a book in a worker, kept in the browser", async (t) => {
  const tab = await open(t, "worker");
  for (const visit of ["the first", "the second"]) {
    assert.equal(await shown(tab, "output"), "INV-1 has 59.00 open", visit);
    assert.match(await shown(tab, "p"), /used up/, visit);
    await tab.reload();
  }
});

test("an import of CSV, with a report of what is wrong", async () => {
  const dir = await project("csv-import");
  const { stdout } = await run(process.execPath, ["import.mjs", "invoices.csv"], { cwd: dir });
  const page = readFileSync(join(root, "docs", "guides", "csv.md"), "utf8");
  const [, text] = page.match(/```text\n(.*?)```/s);
  assert.equal(stdout, text);
});

test("the pages show the programs as they are", () => {
  for (const page of exemplary(root)) {
    for (const { file, text } of filesOf(readFileSync(join(root, page), "utf8")))
      if (file.startsWith("examples/"))
        assert.equal(text, readFileSync(join(root, file), "utf8"), `${file} in ${page}`);
  }
});
