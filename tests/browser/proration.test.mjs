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

usePage("change-1-slider", "#proration");

/** The figures on top: credit, charge, tax, together, due today. */
const figures = () => page.locator("#change-figures dd").allTextContents();

/** The cells of a table, row by row. */
const cellsOf = (rows) =>
  rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));

const documents = () =>
  cellsOf(page.getByRole("region", { name: "Documents" }).locator("tbody tr"));

/** How a line came about: its sentence, its cells and its steps. */
async function trace(line) {
  const card = page.getByRole("region", { name: `${line}, how it came about` });
  const steps = card.locator("dl");
  const [names, values] = [
    await steps.locator("dt").allTextContents(),
    await steps.locator("dd").allTextContents(),
  ];
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
  const slider = page
    .getByRole("group", { name: "Change 1" })
    .getByRole("slider", { name: "Day, within the period" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await figures(), ["−13.55", "22.58", "0.73", "9.76", "9.76"]);
  assert.equal(await control("change-1-day").inputValue(), "2026-01-18");
  assert.equal(await slider.getAttribute("aria-valuetext"), "2026-01-18, day 18 of 31");
  assert.equal(await page.evaluate(() => document.activeElement.id), "change-1-slider");

  await control("change-1-day").fill("2026-01-17");
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
    ["used, rounded", "15.48"],
    ["credit", "that, less what was billed: −14.52"],
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
  assert.deepEqual(
    cells.map((cell) => cell.slice(-2)),
    [
      ["15", "30"],
      ["30", "30"],
      ["30", "30"],
    ],
  );
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
    "Nothing is credited and nothing is charged.",
  );
  assert.equal(await text("change-documents"), "");

  // Credit and charge as one line: 50 − 30 for 15 of 31 days are 9.6774… → 9.68, tax 0.7744 → 0.77.
  await control("change-length").selectOption("1 month");
  await control("change-preset").selectOption("maxio");
  assert.deepEqual(await figures(), ["−14.52", "24.19", "0.77", "10.45", "10.45"]);
  const difference = await trace("Difference");
  assert.match(difference.sentence, /Together: .*9\.68\.$/);
  // It is no product of one price.
  assert.deepEqual(difference.steps.slice(0, 5), [
    ...[
      ["credit in it", "−14.52"],
      ["charge in it", "24.19"],
    ],
    ...[
      ["factor", "15/31"],
      ["exact", "300/31"],
      ["rounded", "9.68"],
    ],
  ]);
});

test("a cancellation leaves a credit and nothing due", async () => {
  await control("change-1-kind").selectOption("Cancel");
  assert.equal(await control("change-1-value").count(), 0);
  await control("change-1-day").fill("2026-01-21");
  assert.deepEqual(await figures(), ["−10.65", "0.00", "−0.85", "−11.50", "nothing"]);
  assert.equal(
    await page.getByRole("status").textContent(),
    "Nothing is due today. 11.50 stays on CM-1.",
  );
  const { change } = JSON.parse(await text("change-command"));
  assert.deepEqual(change.changes, [{ type: "cancel", at: "2026-01-21" }]);
});

test("without a tax rate there is no tax; a plan that was free has nothing to credit", async () => {
  await page.getByLabel("Tax rate").fill("");
  assert.deepEqual(await figures(), ["−14.52", "24.19", "0.00", "9.67", "9.67"]);
  await page.getByLabel("Price of the period", { exact: true }).fill("0");
  assert.deepEqual(await figures(), ["0.00", "24.19", "0.00", "24.19", "24.19"]);
  assert.deepEqual(
    (await documents()).map(([name]) => name),
    ["INV-1 billed the plan", "INV-2 charges"],
  );
});

test("the day keeps its place when the period moves, or is its last", async () => {
  await control("change-from").fill("2026-02-01");
  assert.equal(await control("change-1-day").inputValue(), "2026-02-17");
  assert.equal(await text("change-1-place"), "day 17 of 28");
  assert.deepEqual((await figures()).slice(0, 2), ["−12.86", "21.43"]);

  await control("change-from").fill("2026-01-01");
  await control("change-1-day").fill("2026-01-31");
  await control("change-from").fill("2026-02-01");
  assert.equal(await control("change-1-day").inputValue(), "2026-02-28");
});

test("a refusal is shown at its field, and goes when the field is right", async () => {
  await refused(
    "change-1-day",
    "2026-02-02",
    "2026-01-17",
    "invalidPeriod",
    "change.changes[0].at",
  );
  await refused("change-1-day", "", "2026-01-17", "invalidDate", "change.changes[0].at");
  await refused("change-from", "", "2026-01-01", "invalidDate", "anchor");
  await refused("change-price", "thirty", "30", "invalidDecimal", "changes[0].plan.price");
  await refused("change-quantity", "one", "1", "invalidDecimal", "changes[0].plan.quantity");
  await refused(
    "change-discount",
    "a lot",
    "",
    "invalidDecimal",
    "changes[0].plan.discount.amount",
  );
  await refused("change-discount", "ten %", "", "invalidDecimal", "changes[0].plan.discount.rate");
  await refused("change-1-value", "fifty", "50", "invalidDecimal", "change.changes[0].price");
  await refused("change-tax", "8 %", "0.08", "invalidDecimal", "changes[0].plan.taxes[0].rate");
});

/** Asserts that a field refuses a value, with this code and path, and takes the other. */
async function refused(id, bad, good, code, path, expected = ON_THE_17TH) {
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
  assert.deepEqual((await figures()).slice(0, expected.length), expected);
}

test("a refusal of terms without a field of their own is shown at the length", async () => {
  await control("change-preset").selectOption("zuora30");
  await control("change-length").selectOption("30 days");
  assert.deepEqual(await page.getByRole("status").locator("code").allTextContents(), [
    "missingField",
    "change.months",
  ]);
  assert.equal(await control("change-length").getAttribute("aria-invalid"), "true");
});

test("quantity and discount", async () => {
  // 5 × 30.00 less 10 % are 135.00; 16 of 31 days of that are 69.677…, so 65.32 go back, and 5.23 of tax. 5 × 50.00
  // less 10 % for 15 of 31 days are 108.87 (108.870…), and 8.71.
  await control("change-quantity").fill("5");
  await control("change-discount").fill("10 %");
  assert.deepEqual(await figures(), ["−65.32", "108.87", "3.48", "47.03", "47.03"]);
  const charge = await trace("Charge");
  assert.deepEqual(charge.steps.slice(1, 5), [
    ...[
      ["exact", "3375/31"],
      ["before the discount", "120.97"],
      ["discount", "−12.10"],
      ["rounded", "108.87"],
    ],
  ]);
  // 10.00 off 150.00: 140.00 was billed. Five of 30.00 become eight, with the same 10.00 off.
  await control("change-discount").fill("10");
  await control("change-1-kind").selectOption("New quantity");
  await control("change-1-value").fill("8");
  // 140.00 × 16/31 = 72.258…; (240.00 − 10.00) × 15/31 = 111.290….
  assert.deepEqual((await figures()).slice(0, 2), ["−67.74", "111.29"]);
  await control("change-1-kind").selectOption("New discount");
  await control("change-1-value").fill("");
  // Without it, 150.00 × 15/31 = 72.580….
  assert.deepEqual((await figures()).slice(0, 2), ["−67.74", "72.58"]);
  const { change } = JSON.parse(await text("change-command"));
  assert.deepEqual(change.plan.discount, { amount: "10" });
  assert.deepEqual(change.changes, [{ type: "change", at: "2026-01-17", discount: null }]);
  await control("change-1-value").fill("12.5%");
  assert.deepEqual(JSON.parse(await text("change-command")).change.changes[0].discount, {
    rate: "0.125",
  });
  const path = "change.changes[0].discount.rate";
  await refused("change-1-value", "some %", "", "invalidDecimal", path, ["−67.74", "72.58"]);
});

test("several changes, in the order of their days", async () => {
  // A pause from the 17th to the 24th: 15 of 31 days go back, 8 are charged: 30.00 × 8/31 = 7.74 (7.741…).
  await control("change-1-kind").selectOption("Pause");
  assert.equal(
    await page.getByRole("button", { name: "Remove Change 1" }).count(),
    0,
    "one change stays",
  );
  await page.getByRole("button", { name: "Add a change" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "change-2-kind");
  assert.equal(await control("change-2-kind").inputValue(), "resume");
  await control("change-2-day").fill("2026-01-24");
  assert.deepEqual((await figures()).slice(0, 2), ["−14.52", "7.74"]);
  assert.match((await trace("Credit, 2026-01-17")).sentence, /^Credit for 15 of 31 days/);
  assert.match((await trace("Charge, 2026-01-24")).sentence, /^Charge for 8 of 31 days/);

  // A third change, before both: two units from the 9th. Eight days of 30.00 are 7.74, so 22.26 of INV-1 go back; of
  // 60.00, 44.52 are charged, of which the pause takes 29.03 back (8 days of 60.00 are 15.48), and 8 days are charged.
  await page.getByRole("button", { name: "Add a change" }).click();
  await control("change-3-kind").selectOption("New quantity");
  await control("change-3-day").fill("2026-01-09");
  assert.deepEqual((await figures()).slice(0, 2), ["−51.30", "60.00"]);
  const { at, change } = JSON.parse(await text("change-command"));
  assert.deepEqual(
    [at, change.changes.map(({ type }) => type)],
    ["2026-01-24", ["change", "pause", "resume"]],
  );
  // What takes back a new charge makes its invoice less: 44.52 − 29.04 + 15.48 = 30.96, with 3.56 − 2.32 + 1.24 of tax.
  assert.deepEqual(
    (await documents()).map((row) => row.slice(0, 3)),
    [
      ["INV-1 billed the plan", "32.40", "2.40"],
      ["CM-1 credits", "24.04", "1.78"],
      ["INV-2 charges", "33.44", "2.48"],
    ],
  );

  // A refusal is shown at its own change, wherever that is in time.
  await control("change-2-kind").selectOption("Pause");
  assert.equal(await control("change-2-kind").getAttribute("aria-invalid"), "true");
  assert.match(await text("change-2-kind-error"), /^invalidStatus: needed a plan that runs/);
  await page.getByRole("button", { name: "Remove Change 2" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "change-add");
  assert.equal(await page.locator("[aria-invalid]").count(), 0);
  const cards = page.getByRole("group", { name: /^Change \d$/ });
  assert.deepEqual(await cards.evaluateAll((all) => all.map(({ id }) => id)), [
    "change-1-card",
    "change-3-card",
  ]);
  await page.getByRole("button", { name: "Remove Change 2" }).click();
  assert.deepEqual((await figures()).slice(0, 2), ["−14.52", "0.00"]);
});

test("what is credited whole says its days, too", async () => {
  await control("change-preset").selectOption("killBill");
  await control("change-1-kind").selectOption("Cancel");
  await control("change-1-day").fill("2026-01-01");
  const { sentence, cells, steps } = await trace("Credit");
  assert.equal(
    sentence,
    "Credit for the whole period, from 2026-01-01 to before 2026-02-01: -30.00.",
  );
  const january = "2026-01-01 to before 2026-02-01";
  assert.deepEqual(
    [cells, steps.slice(0, 2)],
    [
      [[january, january, "31", "31"]],
      [
        ["factor", "1"],
        ["product", "30.00 × 1 = 30"],
      ],
    ],
  );
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
  await control("change-1-value").fill("60");
  await views.getByRole("link", { name: "Settlement" }).click();
  await control("form").waitFor();
  assert.ok(await control("change-form").isHidden());
  assert.equal(await page.getByRole("status").count(), 1, "one view speaks at a time");
  await page.goBack();
  await control("change-form").waitFor();
  assert.equal(await control("change-1-value").inputValue(), "60");
});

test("everything can be reached with the keyboard", async () => {
  await page.getByRole("button", { name: "Add a change" }).click();
  await control("to-settlement").focus(); // Where the focus begins, the fragment of the address decides.
  const reached = new Set(["to-settlement"]);
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id));
  }
  const expected = [
    ...[
      "to-settlement",
      "to-proration",
      "change-from",
      "change-length",
      "change-price",
      "change-quantity",
    ],
    ...[
      "change-discount",
      "change-tax",
      "change-preset",
      "change-invoice:paid",
      "change-1-remove",
      "change-1-kind",
    ],
    ...[
      "change-1-value",
      "change-1-day",
      "change-1-slider",
      "change-2-remove",
      "change-2-kind",
      "change-2-day",
    ],
    ...["change-2-slider", "change-add"],
  ];
  assert.deepEqual(
    [...reached].filter((id) => expected.includes(id)),
    expected,
  );
  const unnamed = await page
    .locator("#proration :is(input, select)")
    .evaluateAll((all) =>
      all
        .filter((control) => !control.labels.length && !control.ariaLabel)
        .map((control) => control.id),
    );
  assert.deepEqual(unnamed, []);
});

test("nothing sticks out of a window 360 pixels wide", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await control("change-length").selectOption("1 year");
  await page.getByRole("button", { name: "Add a change" }).click();
  await control("change-discount").fill("10 %");
  for (const preset of ["default", "zuora30", "chargebeeMillisecond"]) {
    await control("change-preset").selectOption(preset);
    assert.equal(await sticksOut(), null, preset);
  }
});
