// What is brought and taken: CSV and JSON with faults by row and column, exports, prints, links.
import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.mjs";
import { SettlePage } from "./pages/settle.mjs";
import { sum } from "./pages/view.mjs";

const HEAD = "Kind,Number,Date,Due date,Description,Amount,Tax";
const RIGHT = [
  HEAD,
  "invoice,INV-1,2026-03-01,2026-03-31,Plan,100.00,8.00",
  'invoice,INV-1,2026-03-01,2026-03-31,"Calls, February","20,50",',
  "credit memo,CM-1,10.03.2026,,Goodwill,40,",
  "payment,P-1,2026-03-12,,,30.00,",
].join("\n");

async function look(settle, text) {
  await settle.page.getByRole("button", { name: "Import" }).click();
  await settle.page.getByLabel("JSON or CSV").fill(text);
  await settle.page.getByRole("button", { name: "Check" }).click();
}

/** The faults that are told, as soon as they are: row, column, what is wrong. */
async function faultsOf(page) {
  const rows = page.locator(".faults tbody tr");
  await rows.first().waitFor();
  return rows.evaluateAll((found) =>
    found.map((row) => [...row.children].map((cell) => cell.textContent)),
  );
}

test("CSV becomes an account, which is kept", async ({ settle }) => {
  const { page } = settle;
  await look(settle, RIGHT);
  await expect(page.getByText("4 rows, 3 documents: no faults.")).toBeVisible();
  await page.getByRole("textbox", { name: "Name" }).fill("Acme");
  await page.getByRole("button", { name: "Add this account" }).click();
  await expect(settle.slot("Account")).toContainText("Acme");
  await expect(settle.result).toHaveText("40.00 of credit pays 1 invoice. Nothing is left over.");
  await expect.poll(() => settle.openAmount("INV-1")).toEqual(["128.50", "88.50"]);
  await settle.expectSums();
  await page.reload();
  await settle.commit.waitFor();
  await expect(settle.slot("Account")).toContainText("Acme");
});

test("faults are told by row and column, and what is right can be taken", async ({ settle }) => {
  await look(
    settle,
    [
      HEAD,
      "invoice,INV-1,2026-03-01,2026-03-31,Plan,100.00,8.00",
      "invoice,INV-2,2026-03-01,2026-03-31,Plan,12x,8.00",
      "credit memo,CM-1,2026-03-10,,Goodwill,20.005,",
      "payment,P-1,2026-13-10,,,50.00,",
      "receipt,R-1,2026-03-10,,,50.00,",
      ",,2026-03-10,,,50.00,",
    ].join("\n"),
  );
  await expect
    .poll(() => faultsOf(settle.page))
    .toEqual([
      ["3", "Amount", "“12x” is not an amount."],
      ["4", "Amount", "USD has 2 decimals, not more."],
      ["5", "Date", "“2026-13-10” is not a day. Write it as 2026-03-15."],
      ["6", "Kind", "“receipt” is no kind of document."],
      ["7", "Number", "There is no number."],
    ]);
  await settle.page.getByRole("button", { name: "Add 1 right document" }).click();
  await expect(settle.slot("Account")).toContainText("My account");
  await expect.poll(() => settle.openAmount("INV-1")).toEqual(["108.00"]);
});

test("columns of other names are mapped once, and remembered", async ({ settle }) => {
  const { page } = settle;
  const rows = ["Beleg;Datum;Betrag", "RE-1;01.03.2026;1.000,50"].join("\n");
  await look(settle, rows);
  await expect(page.locator(".faults")).toContainText("Which column is the number?");
  for (const [field, column] of [
    ["Number", "Beleg"],
    ["Date", "Datum"],
    ["Amount", "Betrag"],
  ]) {
    await page
      .locator(".columns label", { hasText: field })
      .first()
      .locator("select")
      .selectOption(column);
  }
  await expect(page.getByText("1 row, 1 document: no faults.")).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  await look(settle, rows);
  await expect(page.getByText("1 row, 1 document: no faults."), "the second time").toBeVisible();
});

// The columns as the public sample of `www/scenario/columns.js` has them; two days tell nothing of their order.
test("a table of another system is known by its head, and the order of its days is asked for", async ({
  settle,
}) => {
  const { page } = settle;
  const rows = [
    "ContactName,InvoiceNumber,Reference,InvoiceDate,DueDate,Description,Quantity,LineAmount,TaxAmount,Currency,Type",
    "Harbor,INV-9,PO 1,04/03/2026,05/03/2026,Plan,1,50.00,4.00,USD,Sales Invoice",
  ];
  await look(settle, rows.join("\n"));
  await expect(page.getByText("These columns are those of Xero, sales invoices")).toBeVisible();
  await expect(page.locator(".faults")).toContainText("Which number of 04/03/2026 is the day?");
  await page.getByLabel("Dates").selectOption("31/12/2026");
  await expect(page.getByText("1 row, 1 document: no faults.")).toBeVisible();
  await page.getByRole("button", { name: "Add this account" }).click();
  await expect.poll(() => settle.openAmount("INV-9")).toEqual(["54.00"]);

  // A day above 12 tells: nothing is asked then, and the same head is remembered.
  await look(
    settle,
    [rows[0], rows[1].replace("04/03", "03/14").replace("05/03", "03/28")].join("\n"),
  );
  await expect(page.getByText("1 row, 1 document: no faults.")).toBeVisible();
  await expect(page.getByLabel("Dates")).toHaveCount(0);
});

test("JSON of commands, and faults in it by command and field", async ({ settle }) => {
  const { page } = settle;
  const items = [{ id: "a", amount: "10.00" }];
  const commands = [
    { type: "createInvoice", id: "I", at: "2026-03-01", autoPost: true, items },
    {
      type: "createInvoice",
      id: "J",
      at: "2026-02-30",
      autoPost: true,
      items: [{ id: "a", amount: "x" }],
    },
  ];
  await look(settle, JSON.stringify(commands));
  const faults = await faultsOf(page);
  expect(faults).toContainEqual(["2", "at", "This is not a day of the calendar."]);
  expect(faults).toContainEqual(["2", "items[0].amount", "This is not an amount."]);
  await page.getByLabel("JSON or CSV").fill("{");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.locator(".faults")).toContainText("This is not JSON");
});

test("a file that is dropped is looked at", async ({ settle }) => {
  const { page } = settle;
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "acme.csv", { type: "text/csv" }));
    for (const type of ["dragover", "drop"])
      dispatchEvent(new DragEvent(type, { dataTransfer: data, cancelable: true, bubbles: true }));
  }, RIGHT);
  await expect(page.getByText("4 rows, 3 documents: no faults.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("acme");
});

test("an import says how far it is, lets one type meanwhile, and can be canceled", async ({
  settle,
}) => {
  test.setTimeout(300_000);
  const { page } = settle;
  const lines = Array.from({ length: 150_000 }, (_, place) => {
    return `invoice,I-${Math.floor(place / 10)},2026-03-01,2026-03-31,Line ${place},1.00,`;
  });
  await page.getByRole("button", { name: "Import" }).click();
  const buffer = Buffer.from([HEAD, ...lines].join("\n"));
  const file = { name: "many.csv", mimeType: "text/csv", buffer };
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.locator(".progress .note")).toContainText("of 15,000", { timeout: 120_000 });
  await page.evaluate(() => {
    window.long = [];
    new PerformanceObserver((list) => {
      window.long.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
  });
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("While it runs");
  await expect(name).toHaveValue("While it runs");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".progress")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add this account" })).toBeDisabled();
  const long = await page.evaluate(() => window.long);
  console.log(`long tasks while it is imported: ${long.length === 0 ? "none" : long.join(", ")}`);
});

const taken = async (page, name) => {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
};

test("an account that is exported comes back the same", async ({ settle }) => {
  const { page } = settle;
  await settle.commit.click();
  await expect(settle.toast).toContainText("Applied");
  const { hash } = await settle.developers();
  const text = await taken(page, "Account as JSON");
  expect(JSON.parse(text)).toMatchObject({ setoff: 1, name: "Harbor Street Studio" });
  await look(settle, text);
  await page.getByRole("button", { name: "Add this account" }).click();
  await expect(settle.slot("Account")).not.toContainText("sample");
  await expect.poll(async () => (await settle.developers()).hash).toBe(hash);
});

test("tables are exported as plain CSV", async ({ settle }) => {
  const moves = await taken(settle.page, "This settlement as CSV");
  expect(moves.split("\r\n")[0]).toBe("Number,Line,Description,Before,Moves,After");
  expect(moves).toContain('INV-1001,plan,"Team plan, January",90.00,18.52,71.48');
  expect(moves).toContain("INV-1001,discount-tax,Sales tax,-0.80,-0.17,-0.63");
  const lines = await taken(settle.page, "All lines as CSV");
  expect(lines).toContain(
    'invoice,INV-1001,2026-01-01,2026-01-31,plan,"Team plan, January",100.00,90.00,USD',
  );
});

test("a settlement of all credits is exported line by line, and adds up", async ({ settle }) => {
  await settle.choose("Credit or payment", /^all credits/);
  await expect(settle.commit).toHaveText("Apply 176.60");
  const [, ...rows] = (await taken(settle.page, "This settlement as CSV")).trim().split("\r\n");
  const moved = (isCredit) =>
    rows.filter((row) => /^(CM|P)-/.test(row) === isCredit).map((row) => row.split(",").at(-2));
  expect(sum(moved(true)), "what the credits give").toBe("176.60");
  expect(sum(moved(false)), "what the invoices get").toBe("176.60");
});

test("what is copied are plain numbers, in rows and cells", async ({ settle }) => {
  const { page } = settle;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator(".ageing table").evaluate((table) => getSelection().selectAllChildren(table));
  await page.keyboard.press("Control+c");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split("\n")[1]).toMatch(/^1–30 days\t303\.20 → 283\.20/);
  await page
    .locator(".line.tax .move")
    .last()
    .evaluate((move) => getSelection().selectAllChildren(move));
  await page.keyboard.press("Control+c");
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe("-0.80 → -0.63");
});

test("a link carries the scenario in its fragment", async ({ settle, context }) => {
  const { page } = settle;
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await settle.choose("Rule", "first in");
  await settle.amountField("INV-1001").fill("12.00");
  await expect(settle.result).toContainText("40.00 of credit");
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("button", { name: "Link copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.length).toBeLessThan(1_000);
  const other = new SettlePage(await context.newPage());
  await other.open(link);
  await expect(other.slot("Rule")).toContainText("first in, first out");
  await expect(other.amountField("INV-1001")).toHaveValue("12.00");
  await expect.poll(() => other.lines("INV-1003")).toEqual(await settle.lines("INV-1003"));
});

test("a small account of one's own travels in a link, too", async ({
  settle,
  browser,
  baseURL,
}) => {
  const { page } = settle;
  await look(settle, RIGHT);
  await page.getByRole("button", { name: "Add this account" }).click();
  await expect(settle.slot("Account")).toContainText("My account");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByRole("button", { name: "Link copied" })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const elsewhere = await browser.newContext({ locale: "en-US", baseURL, serviceWorkers: "block" });
  const other = new SettlePage(await elsewhere.newPage());
  await other.open(link);
  await expect(other.result).toHaveText("40.00 of credit pays 1 invoice. Nothing is left over.");
  await expect
    .poll(async () => (await other.developers()).hash)
    .toBe((await settle.developers()).hash);
  await elsewhere.close();
});

for (const key of ["studio", "forty"]) {
  test(`a settlement of ${key} is printed on two pages at most`, async ({ page }) => {
    const settle = new SettlePage(page);
    await settle.openSample(key);
    const pdf = await page.pdf({ format: "A4" });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
    expect(pages).toBeLessThanOrEqual(2);
  });
}
