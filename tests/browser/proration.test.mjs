// The view of changes of plan in `www/`, used as a person uses it.
//
// The expected figures are worked out by hand. January 2026 has 31 days; the plan costs 30.00, the new one 50.00, and
// the tax is 8 %. The plan was billed 30.00 + 2.40 by INV-1.
//
// - On the 17th, 16 days are used: 30 × 16/31 = 15.4838… → 15.48, which leaves a credit of 14.52, with tax (1.1616)
//   15.68. 15 days are charged: 50 × 15/31 = 24.1935… → 24.19, with tax (1.9352) 26.13. Together 26.13 − 15.68 = 10.45.
//   INV-1 paid: the credit settles INV-2, of which 10.45 are due. Open: it settles INV-1, which keeps 32.40 − 15.68 =
//   16.72, and INV-2 is due in full.
// - On the 18th: 30 × 17/31 = 16.4516… → 16.45, a credit of 13.55, tax 1.084 → 1.08. 50 × 14/31 = 22.5806… → 22.58,
//   tax 1.8064 → 1.81. Due 24.39 − 14.63 = 9.76.
// - A cancellation on the 21st: 30 × 20/31 = 19.3548… → 19.35, a credit of 10.65, tax 0.852 → 0.85: 11.50.
// - February has 28 days. On its 17th: 30 × 16/28 = 17.1428… → 17.14, a credit of 12.86; 50 × 12/28 = 21.4285… → 21.43.
// - zuora30, January to March, on the 17th of January: used 16/30 of one of three months, 8/45; 30 × 8/45 = 5.33, a
//   credit of 24.67. Charged 15/30 + 1 + 1 of three months, 5/6; 50 × 5/6 = 41.6666… → 41.67.
// - zuora30 in January alone: used 16/30, a credit of 14.00; charged 15/30, 25.00.
import assert from "node:assert/strict";
import { test } from "node:test";
import { control, page, sticksOut, text, usePage } from "./page.mjs";

usePage("change-slider", "#proration");

/** The figures on top: credit, charge, tax, together, due today. */
const figures = () => page.locator("#change-figures dd").allTextContents();

/** The cells of a table, row by row. */
const cellsOf = (rows) =>
  rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));

const documents = () => cellsOf(page.getByRole("region", { name: "Documents" }).locator("tbody tr"));

/** How a line came about: its sentence, its cells and its steps. */
async function trace(line) {
  const card = page.getByRole("region", { name: `${line}, how it came about` });
  const steps = card.locator("dl");
  const [names, values] = [await steps.locator("dt").allTextContents(), await steps.locator("dd").allTextContents()];
  return {
    sentence: await card.locator(".sentence").textContent(),
    cells: await cellsOf(card.locator("tbody tr")),
    steps: names.map((name, place) => [name, values[place]]),
  };
}

const ON_THE_17TH = ["−14.52", "24.19", "0.78", "10.45", "10.45"];

test("it starts with an upgrade of a plan that is paid, and what is due today", async () => {
  assert.deepEqual(await figures(), ON_THE_17TH);
  assert.equal(
    await page.getByRole("status").textContent(),
    "Due today: 10.45 USD, the balance of INV-2. CM-1 settles 15.68 of INV-2.",
  );
  assert.deepEqual(await documents(), [
    ["INV-1 billed the plan", "32.40", "2.40", "0.00", "0.00"],
    ["CM-1 credits", "15.68", "1.16", "new", "0.00"],
    ["INV-2 charges", "26.13", "1.94", "new", "10.45"],
  ]);
});

test("where the invoice is open, the credit settles that", async () => {
  await page.getByRole("radio", { name: "Open" }).check();
  assert.deepEqual(await figures(), ["−14.52", "24.19", "0.78", "10.45", "26.13"]);
  assert.deepEqual(await documents(), [
    ["INV-1 billed the plan", "32.40", "2.40", "32.40", "16.72"],
    ["CM-1 credits", "15.68", "1.16", "new", "0.00"],
    ["INV-2 charges", "26.13", "1.94", "new", "26.13"],
  ]);
});

test("the figures follow the slider and the date, and these follow each other", async () => {
  const slider = page.getByRole("slider", { name: "Day of the change" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await figures(), ["−13.55", "22.58", "0.73", "9.76", "9.76"]);
  assert.equal(await control("change-day").inputValue(), "2026-01-18");
  assert.equal(await slider.getAttribute("aria-valuetext"), "2026-01-18, day 18 of 31");
  assert.equal(await page.evaluate(() => document.activeElement.id), "change-slider");

  await control("change-day").fill("2026-01-17");
  assert.deepEqual(await figures(), ON_THE_17TH);
  assert.equal(await slider.inputValue(), "16");

  // On the first day all goes back, and all is charged.
  await slider.focus();
  await page.keyboard.press("Home");
  assert.deepEqual(await figures(), ["−30.00", "50.00", "1.60", "21.60", "21.60"]);
});

test("each amount says how it came about", async () => {
  const january = "2026-01-01 to before 2026-02-01";
  const rest = "2026-01-17 to before 2026-02-01";
  const credit = await trace("Credit");
  assert.match(credit.sentence, /^Credit for 15 of 31 days.+15\.48 was used: -14\.52\.$/);
  assert.deepEqual(credit.cells, [
    ["used", january, "2026-01-01 to before 2026-01-17", "16", "31"],
    ["left", january, rest, "15", "31"],
  ]);
  assert.deepEqual(credit.steps, [
    ["factor used", "16/31"],
    ["product", "30.00 × 16/31 = 480/31"],
    ["rounded", "15.48"],
    ["credit", "30.00 billed less 15.48 used: −14.52"],
    ["Sales tax, 0.08", "−1.16"],
  ]);
  const charge = await trace("Charge");
  assert.match(charge.sentence, /^Charge for 15 of 31 days.+: 24\.193548…, rounded .+: 24\.19\.$/);
  assert.deepEqual(charge.cells, [[january, rest, "15", "31"]]);
  assert.deepEqual(charge.steps, [
    ["factor", "15/31"],
    ["product", "50.00 × 15/31 = 750/31"],
    ["rounded", "24.19"],
    ["Sales tax, 0.08", "1.94"],
  ]);
});

test("every preset can be chosen, says what it was checked against, and has its own figures", async () => {
  const names = await control("change-preset").locator("option").allTextContents();
  assert.ok(names.length >= 25 && names.includes("stripe"), names.join());
  for (const name of names) {
    await control("change-preset").selectOption(name);
    assert.match(await text("change-preset-hint"), /^Checked against: .+\.$/, name);
    assert.equal(await page.locator("[aria-invalid]").count(), 0, name);
  }

  await control("change-preset").selectOption("zuora30");
  // Taxes 1.12 and 2.00; 27.00 − 15.12 = 11.88.
  assert.deepEqual(await figures(), ["−14.00", "25.00", "0.88", "11.88", "11.88"]);

  await control("change-length").selectOption("3 months");
  const { cells, steps } = await trace("Charge");
  assert.deepEqual(cells.map((cell) => cell.slice(-2)), [["15", "30"], ["30", "30"], ["30", "30"]]);
  assert.deepEqual(steps.slice(0, 3), [
    ["factor", "5/6"],
    ["product", "50.00 × 5/6 = 125/3"],
    ["rounded", "41.67"],
  ]);
  assert.deepEqual((await figures()).slice(0, 2), ["−24.67", "41.67"]);

  // Neither credited nor charged: no documents.
  await control("change-preset").selectOption("stripeNone");
  assert.equal(
    await page.getByRole("status").textContent(),
    "On this day, the change credits nothing and charges nothing.",
  );
  assert.equal(await text("change-documents"), "");

  // Credit and charge as one line: 50 − 30 for 15 of 31 days are 9.6774… → 9.68, tax 0.7744 → 0.77.
  await control("change-length").selectOption("1 month");
  await control("change-preset").selectOption("maxio");
  assert.deepEqual(await figures(), ["0.00", "0.00", "0.77", "10.45", "10.45"]);
  const difference = await trace("Difference");
  assert.match(difference.sentence, /Together: .*9\.68\.$/);
  // It is no product of one price.
  assert.deepEqual(difference.steps.slice(0, 3), [["factor", "15/31"], ["exact", "300/31"], ["rounded", "9.68"]]);
});

test("a cancellation leaves a credit and nothing due", async () => {
  await page.getByRole("radio", { name: "Cancel" }).check();
  assert.ok(await control("change-new-price").isHidden());
  await control("change-day").fill("2026-01-21");
  assert.deepEqual(await figures(), ["−10.65", "0.00", "−0.85", "−11.50", "nothing"]);
  assert.equal(await page.getByRole("status").textContent(), "Nothing is due today. 11.50 stays on CM-1.");
  const { change } = JSON.parse(await text("change-command"));
  assert.deepEqual(change.changes, [{ type: "cancel", at: "2026-01-21" }]);
});

test("without a tax rate there is no tax; a plan that was free has nothing to credit", async () => {
  await page.getByLabel("Tax rate").fill("");
  assert.deepEqual(await figures(), ["−14.52", "24.19", "0.00", "9.67", "9.67"]);
  await page.getByLabel("Price of the period", { exact: true }).fill("0");
  assert.deepEqual(await figures(), ["0.00", "24.19", "0.00", "24.19", "24.19"]);
  assert.deepEqual((await documents()).map(([name]) => name), ["INV-1 billed the plan", "INV-2 charges"]);
});

test("the day keeps its place when the period moves, or is its last", async () => {
  await control("change-from").fill("2026-02-01");
  assert.equal(await control("change-day").inputValue(), "2026-02-17");
  assert.equal(await text("change-place"), "day 17 of 28");
  assert.deepEqual((await figures()).slice(0, 2), ["−12.86", "21.43"]);

  await control("change-from").fill("2026-01-01");
  await control("change-day").fill("2026-01-31");
  await control("change-from").fill("2026-02-01");
  assert.equal(await control("change-day").inputValue(), "2026-02-28");
});

test("a refusal is shown at its field, and goes when the field is right", async () => {
  await refused("change-day", "2026-02-02", "2026-01-17", "invalidPeriod", "change.changes[0].at");
  await refused("change-day", "", "2026-01-17", "invalidDate", "containing");
  await refused("change-from", "", "2026-01-01", "invalidDate", "anchor");
  await refused("change-price", "30.001", "30", "tooManyDecimals", "items[0].amount");
  await refused("change-new-price", "fifty", "50", "invalidDecimal", "change.changes[0].price");
  await refused("change-tax", "8 %", "0.08", "invalidDecimal", "items[0].taxItems[0].rate");
});

/** Asserts that a field refuses a value, with this code and path, and takes the other. */
async function refused(id, bad, good, code, path) {
  await control(id).fill(bad);
  assert.deepEqual(await page.getByRole("status").locator("code").allTextContents(), [code, path]);
  assert.equal(await page.locator("[aria-invalid]").count(), 1);
  assert.equal(await control(id).getAttribute("aria-invalid"), "true");
  const described = (await control(id).getAttribute("aria-describedby")).split(" ").at(-1);
  assert.match(await text(described), new RegExp(`^${code}: needed .+, found .+`));
  assert.ok(await control(described).isVisible());
  assert.deepEqual(await figures(), [], "no figures of another request");

  await control(id).fill(good);
  assert.equal(await page.locator("[aria-invalid]").count(), 0);
  assert.deepEqual(await figures(), ON_THE_17TH);
}

test("a refusal of terms without a field of their own is shown at the length", async () => {
  await control("change-preset").selectOption("zuora30");
  await control("change-length").selectOption("30 days");
  assert.deepEqual(await page.getByRole("status").locator("code").allTextContents(), ["missingField", "change.months"]);
  assert.equal(await control("change-length").getAttribute("aria-invalid"), "true");
});

test("the command shown is the one that was previewed", async () => {
  assert.deepEqual(JSON.parse(await text("change-command")), {
    type: "changePlan",
    at: "2026-01-17",
    billedBy: { invoiceId: "INV-1", itemId: "plan" },
    creditMemoId: "CM-1",
    invoiceId: "INV-2",
    change: {
      terms: "default",
      period: { from: "2026-01-01", every: { months: 1 } },
      plan: { price: "30.00", taxes: [{ name: "Sales tax", rate: "0.08" }] },
      billed: "30.00",
      changes: [{ type: "change", at: "2026-01-17", price: "50.00" }],
    },
  });
});

test("the views are links, and both keep their state", async () => {
  const views = page.getByRole("navigation", { name: "Views" });
  assert.equal(await views.locator("[aria-current=page]").textContent(), "Change of plan");
  await control("change-new-price").fill("60");
  await views.getByRole("link", { name: "Settlement" }).click();
  await control("form").waitFor();
  assert.ok(await control("change-form").isHidden());
  assert.equal(await page.getByRole("status").count(), 1, "one view speaks at a time");
  await page.goBack();
  await control("change-form").waitFor();
  assert.equal(await control("change-new-price").inputValue(), "60");
});

test("everything can be reached with the keyboard", async () => {
  await control("to-settlement").focus(); // Where the focus begins, the fragment of the address decides.
  const reached = new Set(["to-settlement"]);
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id));
  }
  const expected = [
    ...["to-settlement", "to-proration", "change-from", "change-length", "change-price", "change-tax"],
    ...["change-type:price", "change-new-price", "change-preset", "change-invoice:paid", "change-day", "change-slider"],
  ];
  assert.deepEqual(
    [...reached].filter((id) => expected.includes(id)),
    expected,
  );
  const unnamed = await page.locator("#proration :is(input, select)").evaluateAll((all) =>
    all.filter((control) => !control.labels.length && !control.ariaLabel).map((control) => control.id),
  );
  assert.deepEqual(unnamed, []);
});

test("nothing sticks out of a window 360 pixels wide", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await control("change-length").selectOption("1 year");
  for (const preset of ["default", "zuora30", "chargebeeMillisecond"]) {
    await control("change-preset").selectOption(preset);
    assert.equal(await sticksOut(), null, preset);
  }
});
