// The checker without the engine: it accepts what the engine writes, and finds what was damaged, wherever it is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { check } from "../../pkg/check.js";
import * as setoff from "../../pkg/node.mjs";
import { packageDir } from "../../scripts/build.mjs";
import { root } from "../../scripts/exec.mjs";
import { run } from "./golden.mjs";
import { vectorFiles } from "./vectors.mjs";

const { Book } = setoff;
const at = "2026-03-02";

/** A book with a log: a discount, a tax, a payment that is applied, taken back and applied again, a refund. */
function someBook() {
  const book = new Book({ currency: "USD", accountId: "A", log: true });
  const items = [
    { id: "a", amount: "100.00", taxItems: [{ id: "t", name: "VAT", amount: "10.00" }] },
    { id: "d", amount: "-20.00", appliedToItemId: "a" },
  ];
  const invoices = [{ invoiceId: "I", amount: "45.00" }];
  for (const [number, command] of [
    { type: "createInvoice", at, id: "I", autoPost: true, items },
    { type: "createPayment", at, id: "P", amount: "60.00" },
    { type: "applyPayment", at, paymentId: "P", invoices },
    { type: "undo", at, applicationGroupId: "AG-3" },
    { type: "applyPayment", at, paymentId: "P", invoices, rule: "fifo" },
    { type: "refundPayment", at, id: "R", paymentId: "P", amount: "5.00" },
  ].entries())
    book.execute(command, { id: `c${number}`, actor: "ann" });
  return book;
}

/** The lines as objects, and back under the right checksum. */
const parsed = (book) =>
  book
    .export()
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
function sealed(lines) {
  const text = lines.slice(0, -1).map((line) => `${JSON.stringify(line)}\n`);
  const checksum = createHash("sha256").update(text.join("")).digest("hex");
  return `${text.join("")}${JSON.stringify({ ...lines.at(-1), checksum })}\n`;
}

const places = ({ problems }) => problems.map(({ place }) => place);

describe("the checker", () => {
  test("accepts a book and adds its figures up", async () => {
    const book = someBook();
    const { problems, sums } = await check({ lines: book.export(), entries: book.entries() });
    assert.deepEqual(problems, []);
    const figures = ({ id, side, amount, applied, refunded, open }) =>
      [id ?? side, amount, applied, refunded, open].join(" ");
    // 100.00 + 10.00 − 20.00, of which 45.00 are paid; 60.00 less 45.00 and 5.00.
    assert.deepEqual(sums.map(figures), [
      "I 90.00 45.00 0.00 45.00",
      "demands 90.00 45.00 0.00 45.00",
      "P 60.00 45.00 5.00 10.00",
      "sources 60.00 45.00 5.00 10.00",
      "R 5.00 5.00 0.00 0.00",
      "refunds 5.00 5.00 0.00 0.00",
    ]);
  });

  test("accepts every book of the golden cases and scenarios, and finds what the engine says is open", async () => {
    const books = [];
    class Watched extends Book {
      constructor(options) {
        super(typeof options === "object" ? { ...options, log: true } : options);
      }

      free() {
        const rows = [
          ...this.all({ of: "document", fields: ["id", "balance", "unappliedAmount"] }),
        ];
        books.push({ lines: this.export(), entries: this.entries(), rows });
        super.free();
      }
    }
    for (const { cases } of vectorFiles()) run({ ...setoff, Book: Watched }, cases);
    assert.ok(books.length > 300, `${books.length} books`);
    for (const { lines, entries, rows } of books) {
      const { problems, sums } = await check({ lines, entries });
      assert.deepEqual(problems, []);
      const open = new Map(rows.map((row) => [row.id, row.balance ?? row.unappliedAmount]));
      const deleted = parsed({ export: () => lines }).filter(({ deleted }) => deleted);
      for (const { id, open: found } of sums.filter(({ id }) => typeof open.get(id) === "string"))
        if (!deleted.some((line) => line.id === id)) assert.equal(found, open.get(id), id);
    }
  });

  test("finds what was changed under a right checksum", async () => {
    const lines = parsed(someBook());
    // header, settings, I, P, R, part P → I, part P → R, operations 3, 4, 5, 6, receipts 0 to 6, end.
    const found = async (change) => {
      const changed = structuredClone(lines);
      change(changed);
      return places(await check({ lines: sealed(changed) }));
    };
    assert.deepEqual(await found(() => {}), []);
    const cases = [
      ["lines[2].lines[0].applied", (l) => (l[2].lines[0].applied = "44.00")],
      ["lines[3].lines[0].refunded", (l) => (l[3].lines[0].refunded = "6.00")],
      ["lines[2].lines[0]", (l) => (l[2].lines[2].amount = "-60.00")],
      ["lines[2].lines[1].amount", (l) => (l[2].lines[1].amount = "10.0")],
      ["lines[2].lines[0].applied", (l) => (l[5].items[0].amount = "44.00")],
      ["lines[5].target", (l) => (l[2].accountId = "B")],
      ["lines[5].target", (l) => (l[2].currency.code = "EUR")],
      ["lines[9].applications[0].amount", (l) => (l[9].applications[0].amount = "44.00")],
      ["lines[10]", (l) => (l[10].applications[0].items[0].source = 1)],
      ["lines[8].undoes", (l) => (l[8].undoes = 2)],
      ["lines[10].version", (l) => (l[10].version = 17)],
      ["lines[0].parts", (l) => l.splice(6, 1)],
      ["lines[3]", (l) => (l[3] = { type: "document" })],
      ["lines[6]", (l) => ([l[5], l[7]] = [l[7], l[5]])],
    ];
    for (const [place, change] of cases) {
      const all = await found(change);
      assert.ok(all.includes(place), `${change}: ${all}`);
    }
  });

  test("finds what was cut off, flipped or is no JSON", async () => {
    const text = someBook().export().join("");
    const lines = text.trimEnd().split("\n");
    const end = lines.length - 1;
    const found = async (text) => places(await check({ lines: text }));
    assert.deepEqual(await found(text.replace("100.00", "100.01")), [`lines[${end}].checksum`]);
    assert.ok((await found(lines.slice(0, -1).join("\n"))).includes(`lines[${end - 1}].type`));
    assert.ok((await found(text.slice(0, -30))).includes(`lines[${end}]`));
    assert.ok((await found("")).length > 0);
  });

  test("finds the entry that was altered, left out, moved or forged", async () => {
    const book = someBook();
    const [lines, entries] = [book.export(), book.entries()];
    const found = async (entries) => places(await check({ lines, entries }));
    assert.deepEqual(await found(entries.slice(3)), [], "the entries since a snapshot");

    const changed = structuredClone(entries);
    changed[2].command.amount = "61.00";
    assert.deepEqual(await found(changed), ["entries[2].hash", "entries[2].command"]);
    assert.ok((await found(entries.toSpliced(2, 1))).includes("entries[2].version"));
    assert.ok((await found(entries.toSpliced(2, 1))).includes("entries[2].previous"));
    assert.deepEqual(await found(entries.slice(0, -1)), ["lines[0].version", "lines[0].hash"]);
    assert.ok((await found(entries.with(3, null))).includes("entries[3].version"));
    assert.ok(
      (await found(entries.with(3, { ...entries[3], actor: "bob" }))).includes("entries[3].actor"),
    );

    // Who makes all hashes anew still has another last hash, and other receipts.
    const forged = structuredClone(entries);
    forged[2].note = "forged";
    forged[3].id = "another";
    const canonical = (value) =>
      Array.isArray(value)
        ? `[${value.map(canonical)}]`
        : typeof value !== "object" || value === null
          ? JSON.stringify(value)
          : `{${Object.keys(value)
              .sort()
              .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`;
    for (const [index, entry] of forged.entries()) {
      if (index > 0) entry.previous = forged[index - 1].hash;
      const { hash, ...rest } = entry;
      entry.hash = createHash("sha256").update(canonical(rest)).digest("hex");
    }
    assert.deepEqual(await found(forged), ["entries[2].note", "entries[3].id", "lines[0].hash"]);
  });

  test("is a command, too", (t) => {
    const dir = mkdtempSync(join(tmpdir(), "setoff-"));
    t.after(() => rmSync(dir, { recursive: true }));
    const book = someBook();
    const [lines, log] = [join(dir, "book.jsonl"), join(dir, "log.jsonl")];
    writeFileSync(lines, book.export().join(""));
    writeFileSync(
      log,
      book
        .entries()
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join(""),
    );
    const command = join(packageDir, "check-command.js");
    const output = execFileSync(process.execPath, [command, lines, log], { encoding: "utf8" });
    assert.match(
      output,
      /^USD demands: 90\.00 less 45\.00 applied and 0\.00 refunded: 45\.00 open$/m,
    );
    assert.match(output, /All figures add up\./);
    writeFileSync(lines, book.export().join("").replace('"45.00"', '"46.00"'));
    assert.throws(() => execFileSync(process.execPath, [command, lines, log], { stdio: "pipe" }), {
      status: 1,
    });
  });

  test("says what is no list, and reads kinds of lines that only an object has", async () => {
    const lines = someBook().export();
    for (const request of [undefined, {}, { lines: null }, { lines: 5 }])
      await assert.rejects(check(request), {
        name: "TypeError",
        message: /^`lines` must be a text/,
      });
    for (const entries of [null, 5, {}])
      await assert.rejects(check({ lines, entries }), { message: /`entries` a list\.$/ });
    const { problems } = await check({ lines: '{"type":"constructor"}' });
    assert.equal(problems[0].problem, "a line of type constructor cannot stand here");
  });

  test("has at most 200 lines and loads nothing", () => {
    const source = readFileSync(join(root, "src/js/check.js"), "utf8");
    assert.ok(source.trimEnd().split("\n").length <= 200);
    assert.doesNotMatch(source, /^import|WebAssembly\./m);
  });
});
