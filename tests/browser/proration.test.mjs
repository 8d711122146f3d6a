// The view of changes of plan in `www/`, used as a person uses it.
//
// The expected figures are worked out by hand. January 2026 has 31 days; the plan costs 30.00, the new one 50.00, and
// the tax is 8 %. The plan was billed 30.00 + 2.40 by INV-1.
//
// - On the 17th, 16 days are used: 30 × 16/31 = 15.4838… → 15.48, which leaves a credit of 14.52, with tax (1.1616)
//   15.68. 15 days are charged: 50 × 15/31 = 24.1935… → 24.19, with tax (1.9352) 26.13. Net 26.13 − 15.68 = 10.45.
//   INV-1 paid: the credit settles INV-2, of which 10.45 are due. Open: it settles INV-1, which keeps 32.40 − 15.68 =
//   16.72, and INV-2 is due in full: 16.72 + 26.13 = 42.85, which is the 32.40 of before and the 10.45 of the change.
// - On the 18th: 30 × 17/31 = 16.4516… → 16.45, a credit of 13.55, tax 1.084 → 1.08. 50 × 14/31 = 22.5806… → 22.58,
//   tax 1.8064 → 1.81. Due 24.39 − 14.63 = 9.76.
// - A cancellation on the 21st: 30 × 20/31 = 19.3548… → 19.35, a credit of 10.65, tax 0.852 → 0.85: 11.50.
// - February has 28 days. On its 17th: 30 × 16/28 = 17.1428… → 17.14, a credit of 12.86; 50 × 12/28 = 21.4285… → 21.43.
// - zuora30, January to March, on the 17th of January: used 16/30 of one of three months, 8/45; 30 × 8/45 = 5.33, a
//   credit of 24.67. Charged 15/30 + 1 + 1 of three months, 5/6; 50 × 5/6 = 41.6666… → 41.67.
// - zuora30 in January alone: used 16/30, a credit of 14.00; charged 15/30, 25.00.
import { expect, test } from "./fixtures.mjs";

const ON_THE_17TH = ["−14.52", "24.19", "0.78", "10.45", "10.45"];

test("it starts with an upgrade of a plan that is paid, and what is due today", async ({
  changePage,
}) => {
  expect(await changePage.figures()).toEqual(ON_THE_17TH);
  await expect(changePage.status).toHaveText(
    "Due today: 10.45 USD, the balance of INV-2. CM-1 settles 15.68 of INV-2.",
  );
  expect(await changePage.documents()).toEqual([
    ["INV-1 billed the plan", "32.40", "2.40", "0.00", "0.00"],
    ["CM-1 credits", "15.68", "1.16", "new", "0.00"],
    ["INV-2 charges", "26.13", "1.94", "new", "10.45"],
  ]);
});

test("where the invoice is open, the credit settles that", async ({ changePage }) => {
  await changePage.page.getByRole("radio", { name: "Open" }).check();
  expect(await changePage.figures()).toEqual(["−14.52", "24.19", "0.78", "10.45", "42.85"]);
  await expect(changePage.status).toHaveText(
    "Due today: 42.85 USD: 16.72 of INV-1 and 26.13 of INV-2. CM-1 settles 15.68 of INV-1.",
  );
  expect(await changePage.documents()).toEqual([
    ["INV-1 billed the plan", "32.40", "2.40", "32.40", "16.72"],
    ["CM-1 credits", "15.68", "1.16", "new", "0.00"],
    ["INV-2 charges", "26.13", "1.94", "new", "26.13"],
  ]);
});

test("the figures follow the slider and the date, and these follow each other", async ({
  changePage,
}) => {
  const slider = changePage.page
    .getByRole("group", { name: "Change 1" })
    .getByRole("slider", { name: "Day, within the period" });
  await slider.focus();
  await changePage.page.keyboard.press("ArrowRight");
  expect(await changePage.figures()).toEqual(["−13.55", "22.58", "0.73", "9.76", "9.76"]);
  expect(await changePage.of(1, "day").inputValue()).toBe("2026-01-18");
  expect(await slider.getAttribute("aria-valuetext")).toBe("2026-01-18, day 18 of 31");
  expect(await changePage.focused()).toBe("change-1-slider");

  await changePage.of(1, "day").fill("2026-01-17");
  expect(await changePage.figures()).toEqual(ON_THE_17TH);
  expect(await slider.inputValue()).toBe("16");

  // On the first day all goes back, and all is charged.
  await slider.focus();
  await changePage.page.keyboard.press("Home");
  expect(await changePage.figures()).toEqual(["−30.00", "50.00", "1.60", "21.60", "21.60"]);
});

test("each amount says how it is calculated", async ({ changePage }) => {
  const january = "2026-01-01 to 2026-02-01 (not included)";
  const rest = "2026-01-17 to 2026-02-01 (not included)";
  const credit = await changePage.trace("Credit");
  expect(credit.sentence).toMatch(/^Credit for 15 of 31 days.+15\.48 was used: -14\.52\.$/);
  expect(credit.cells).toEqual([
    ["used", january, "2026-01-01 to 2026-01-17 (not included)", "16", "31"],
    ["left", january, rest, "15", "31"],
  ]);
  expect(credit.steps).toEqual([
    ["factor used", "16/31"],
    ["product", "30.00 × 16/31 = 480/31"],
    ["used, rounded", "15.48"],
    ["credit", "that, less what was billed: −14.52"],
    ["Sales tax, 8 %", "−1.16"],
  ]);
  const charge = await changePage.trace("Charge");
  expect(charge.sentence).toMatch(
    /^Charge for 15 of 31 days.+: 24\.193548…, rounded .+: 24\.19\.$/,
  );
  expect(charge.cells).toEqual([[january, rest, "15", "31"]]);
  expect(charge.steps).toEqual([
    ["factor", "15/31"],
    ["product", "50.00 × 15/31 = 750/31"],
    ["rounded", "24.19"],
    ["Sales tax, 8 %", "1.94"],
  ]);
});

test("every preset can be chosen, says what it was checked against, and has its own figures", async ({
  changePage,
}) => {
  const names = await changePage.control("change-preset").locator("option").allTextContents();
  expect(names.length >= 25 && names.includes("stripe"), names.join()).toBe(true);
  for (const name of names) {
    await changePage.control("change-preset").selectOption(name);
    expect(await changePage.text("change-preset-hint"), name).toMatch(/^Checked against: .+\.$/);
    expect(await changePage.page.locator("[aria-invalid]").count(), name).toBe(0);
  }

  await changePage.control("change-preset").selectOption("zuora30");
  // Taxes 1.12 and 2.00; 27.00 − 15.12 = 11.88.
  expect(await changePage.figures()).toEqual(["−14.00", "25.00", "0.88", "11.88", "11.88"]);

  await changePage.control("change-length").selectOption("3 months");
  const { cells, steps } = await changePage.trace("Charge");
  expect(cells.map((cell) => cell.slice(-2))).toEqual([
    ["15", "30"],
    ["30", "30"],
    ["30", "30"],
  ]);
  expect(steps.slice(0, 3)).toEqual([
    ["factor", "5/6"],
    ["product", "50.00 × 5/6 = 125/3"],
    ["rounded", "41.67"],
  ]);
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−24.67", "41.67"]);

  // Neither credited nor charged: no documents.
  await changePage.control("change-preset").selectOption("stripeNone");
  const nothing = "Nothing is credited and nothing is charged.";
  await expect(changePage.status).toHaveText(`${nothing} Nothing is due today.`);
  expect(await changePage.text("change-documents")).toBe("");
  // Then what was billed is due as it was: three months of the plan, 30.00 and 2.40 of tax.
  await changePage.page.getByRole("radio", { name: "Open" }).check();
  await expect(changePage.status).toHaveText(
    `${nothing} Due today: 32.40 USD, the balance of INV-1.`,
  );
  expect((await changePage.figures()).at(-1)).toBe("32.40");
  await changePage.page.getByRole("radio", { name: "Paid" }).check();

  // Credit and charge as one line, of the same money: 24.19 − 14.52 = 9.67, and the taxes of the
  // two, 1.94 − 1.16.
  await changePage.control("change-length").selectOption("1 month");
  await changePage.control("change-preset").selectOption("maxio");
  expect(await changePage.figures()).toEqual(["−14.52", "24.19", "0.78", "10.45", "10.45"]);
  const difference = await changePage.trace("Difference");
  expect(difference.sentence).toMatch(/Together: 9\.67\.$/);
  expect(difference.steps.slice(0, 2)).toEqual([
    ["credit in it", "−14.52"],
    ["charge in it", "24.19"],
  ]);
  expect(difference.steps).toContainEqual(["rounded", "9.67"]);
  // It is no product of one price.
  expect(difference.steps.map(([name]) => name)).not.toContain("product");
});

test("a cancellation leaves a credit and nothing due", async ({ changePage }) => {
  await changePage.of(1, "kind").selectOption("Cancel");
  expect(await changePage.of(1, "value").count()).toBe(0);
  await changePage.of(1, "day").fill("2026-01-21");
  expect(await changePage.figures()).toEqual(["−10.65", "0.00", "−0.85", "−11.50", "nothing"]);
  await expect(changePage.status).toHaveText("Nothing is due today. 11.50 stays on CM-1.");
  const { change } = await changePage.command();
  expect(change.changes).toEqual([{ type: "cancel", at: "2026-01-21" }]);
});

test("without a tax rate there is no tax; a plan that was free has nothing to credit", async ({
  changePage,
}) => {
  await changePage.page.getByLabel("Tax rate").fill("");
  expect(await changePage.figures()).toEqual(["−14.52", "24.19", "0.00", "9.67", "9.67"]);
  await changePage.page.getByLabel("Price of the period", { exact: true }).fill("0");
  expect(await changePage.figures()).toEqual(["0.00", "24.19", "0.00", "24.19", "24.19"]);
  expect((await changePage.documents()).map(([name]) => name)).toEqual([
    "INV-1 billed the plan",
    "INV-2 charges",
  ]);
});

test("a tax rate is in percent, with or without the sign", async ({ changePage }) => {
  for (const eight of ["8", "8%", " 8 % ", "8.0"]) {
    await changePage.control("change-tax").fill(eight);
    expect(await changePage.figures(), eight).toEqual(ON_THE_17TH);
  }
  // 24.19 × 7.5 % = 1.81425.
  await changePage.control("change-tax").fill("7.5");
  const { steps } = await changePage.trace("Charge");
  expect(steps.at(-1)).toEqual(["Sales tax, 7.5 %", "1.81"]);
  const { change } = await changePage.command();
  expect(change.plan.taxes).toEqual([{ name: "Sales tax", rate: "0.075" }]);
});

test("a slider that is moved in a period that is none says so, and throws nothing", async ({
  changePage,
}) => {
  for (const from of ["", "9999-12-31"]) {
    await changePage.control("change-from").fill(from);
    await changePage.of(1, "slider").focus();
    await changePage.page.keyboard.press("ArrowRight");
    await expect(changePage.status, from).toHaveText(/^Refused/);
  }
  await changePage.control("change-from").fill("2026-01-01");
  await changePage.of(1, "day").fill("2026-01-17");
  expect(await changePage.figures()).toEqual(ON_THE_17TH);
});

test("the day keeps its place when the period moves, or is its last", async ({ changePage }) => {
  await changePage.control("change-from").fill("2026-02-01");
  expect(await changePage.of(1, "day").inputValue()).toBe("2026-02-17");
  expect(await changePage.text("change-1-place")).toBe("day 17 of 28");
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−12.86", "21.43"]);

  await changePage.control("change-from").fill("2026-01-01");
  await changePage.of(1, "day").fill("2026-01-31");
  await changePage.control("change-from").fill("2026-02-01");
  expect(await changePage.of(1, "day").inputValue()).toBe("2026-02-28");
});

test("a refusal is shown at its field, and goes when the field is right", async ({
  changePage,
}) => {
  const refusals = [
    ["change-1-day", "2026-02-02", "2026-01-17", "invalidPeriod", "change.changes[0].at"],
    ["change-1-day", "", "2026-01-17", "invalidDate", "change.changes[0].at"],
    ["change-from", "", "2026-01-01", "invalidDate", "anchor"],
    ["change-price", "thirty", "30", "invalidDecimal", "changes[0].plan.price"],
    ["change-quantity", "one", "1", "invalidDecimal", "changes[0].plan.quantity"],
    ["change-discount", "a lot", "", "invalidDecimal", "changes[0].plan.discount.amount"],
    ["change-discount", "ten %", "", "invalidDecimal", "changes[0].plan.discount.rate"],
    ["change-1-value", "fifty", "50", "invalidDecimal", "change.changes[0].price"],
    ["change-tax", "eight", "8 %", "invalidDecimal", "changes[0].plan.taxes[0].rate"],
  ];
  for (const [id, bad, good, code, path] of refusals)
    await changePage.expectRefused({ id, bad, good, code, path, figures: ON_THE_17TH });
});

test("a refusal of terms without a field of their own is shown at the length", async ({
  changePage,
}) => {
  await changePage.control("change-preset").selectOption("zuora30");
  await changePage.control("change-length").selectOption("30 days");
  expect(await changePage.status.locator("code").allTextContents()).toEqual([
    "missingField",
    "change.months",
  ]);
  expect(await changePage.control("change-length").getAttribute("aria-invalid")).toBe("true");
});

test("quantity and discount", async ({ changePage }) => {
  // 5 × 30.00 less 10 % are 135.00; 16 of 31 days of that are 69.677…, so 65.32 go back, and 5.23 of tax. 5 × 50.00
  // less 10 % for 15 of 31 days are 108.87 (108.870…), and 8.71.
  await changePage.control("change-quantity").fill("5");
  await changePage.control("change-discount").fill("10 %");
  expect(await changePage.figures()).toEqual(["−65.32", "108.87", "3.48", "47.03", "47.03"]);
  const charge = await changePage.trace("Charge");
  expect(charge.steps.slice(1, 5)).toEqual([
    ...[
      ["exact", "3375/31"],
      ["before the discount", "120.97"],
      ["discount", "−12.10"],
      ["rounded", "108.87"],
    ],
  ]);
  // 10.00 off 150.00: 140.00 was billed. Five of 30.00 become eight, with the same 10.00 off.
  await changePage.control("change-discount").fill("10");
  await changePage.of(1, "kind").selectOption("New quantity");
  await changePage.of(1, "value").fill("8");
  // 140.00 × 16/31 = 72.258…; (240.00 − 10.00) × 15/31 = 111.290….
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−67.74", "111.29"]);
  await changePage.of(1, "kind").selectOption("New discount");
  await changePage.of(1, "value").fill("");
  // Without it, 150.00 × 15/31 = 72.580….
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−67.74", "72.58"]);
  const { change } = await changePage.command();
  expect(change.plan.discount).toEqual({ amount: "10" });
  expect(change.changes).toEqual([{ type: "change", at: "2026-01-17", discount: null }]);
  await changePage.of(1, "value").fill("12.5%");
  expect((await changePage.command()).change.changes[0].discount).toEqual({
    rate: "0.125",
  });
  await changePage.expectRefused({
    id: "change-1-value",
    bad: "some %",
    good: "",
    code: "invalidDecimal",
    path: "change.changes[0].discount.rate",
    figures: ["−67.74", "72.58"],
  });
});

test("several changes, in the order of their days", async ({ changePage }) => {
  // A pause from the 17th to the 24th: 15 of 31 days go back, 8 are charged: 30.00 × 8/31 = 7.74 (7.741…).
  await changePage.of(1, "kind").selectOption("Pause");
  expect(
    await changePage.page.getByRole("button", { name: "Remove Change 1" }).count(),
    "one change stays",
  ).toBe(0);
  await changePage.addButton.click();
  expect(await changePage.focused()).toBe("change-2-kind");
  expect(await changePage.of(2, "kind").inputValue()).toBe("resume");
  await changePage.of(2, "day").fill("2026-01-24");
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−14.52", "7.74"]);
  expect((await changePage.trace("Credit, 2026-01-17")).sentence).toMatch(
    /^Credit for 15 of 31 days/,
  );
  expect((await changePage.trace("Charge, 2026-01-24")).sentence).toMatch(
    /^Charge for 8 of 31 days/,
  );

  // A third change, before both: two units from the 9th. Eight days of 30.00 are 7.74, so 22.26 of INV-1 go back; of
  // 60.00, 44.52 are charged, of which the pause takes 29.03 back (8 days of 60.00 are 15.48), and 8 days are charged.
  await changePage.addButton.click();
  await changePage.of(3, "kind").selectOption("New quantity");
  await changePage.of(3, "day").fill("2026-01-09");
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−51.30", "60.00"]);
  const { at, change } = await changePage.command();
  expect([at, change.changes.map(({ type }) => type)]).toEqual([
    "2026-01-24",
    ["change", "pause", "resume"],
  ]);
  // What takes back a new charge makes its invoice less: 44.52 − 29.04 + 15.48 = 30.96, with 3.56 − 2.32 + 1.24 of tax.
  expect((await changePage.documents()).map((row) => row.slice(0, 3))).toEqual([
    ["INV-1 billed the plan", "32.40", "2.40"],
    ["CM-1 credits", "24.04", "1.78"],
    ["INV-2 charges", "33.44", "2.48"],
  ]);

  // A refusal is shown at its own change, wherever that is in time.
  await changePage.of(2, "kind").selectOption("Pause");
  expect(await changePage.of(2, "kind").getAttribute("aria-invalid")).toBe("true");
  expect(await changePage.text("change-2-kind-error")).toBe(
    "The plan pauses already. State until when it does, or resume it first.",
  );
  await changePage.page.getByRole("button", { name: "Remove Change 2" }).click();
  expect(await changePage.focused()).toBe("change-add");
  expect(await changePage.page.locator("[aria-invalid]").count()).toBe(0);
  const cards = changePage.page.getByRole("group", { name: /^Change \d$/ });
  expect(await cards.evaluateAll((all) => all.map(({ id }) => id))).toEqual([
    "change-1-card",
    "change-3-card",
  ]);
  await changePage.page.getByRole("button", { name: "Remove Change 2" }).click();
  expect((await changePage.figures()).slice(0, 2)).toEqual(["−14.52", "0.00"]);
});

test("a change that is added is no refusal as it stands", async ({ changePage }) => {
  for (const added of [2, 3]) {
    await changePage.addButton.click();
    await expect(changePage.of(added, "kind")).toHaveValue("quantity");
    await expect(changePage.status).toHaveText(/^Due today: /);
  }
});

test("what is credited whole says its days, too", async ({ changePage }) => {
  await changePage.control("change-preset").selectOption("killBill");
  await changePage.of(1, "kind").selectOption("Cancel");
  await changePage.of(1, "day").fill("2026-01-01");
  const { sentence, cells, steps } = await changePage.trace("Credit");
  expect(sentence).toBe(
    "Credit for the whole period, from 2026-01-01 to 2026-02-01 (not included): -30.00.",
  );
  const january = "2026-01-01 to 2026-02-01 (not included)";
  expect([cells, steps.slice(0, 2)]).toEqual([
    [[january, january, "31", "31"]],
    [
      ["factor", "1"],
      ["product", "30.00 × 1 = 30"],
    ],
  ]);
});

test("the command shown is the one that was previewed", async ({ changePage }) => {
  expect(await changePage.command()).toEqual({
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

test("the views are links, and both keep their state", async ({ changePage }) => {
  const views = changePage.page.getByRole("navigation", { name: "Views" });
  expect(await views.locator("[aria-current=page]").textContent()).toBe("Change of plan");
  await changePage.of(1, "value").fill("60");
  await views.getByRole("link", { name: "Settlement" }).click();
  await changePage.control("form").waitFor();
  expect(await changePage.control("change-form").isHidden()).toBe(true);
  expect(await changePage.status.count(), "one view speaks at a time").toBe(1);
  await changePage.page.goBack();
  await changePage.control("change-form").waitFor();
  expect(await changePage.of(1, "value").inputValue()).toBe("60");
});

test("everything can be reached with the keyboard", async ({ changePage }) => {
  await changePage.addButton.click();
  await changePage.control("to-settlement").focus(); // Where the focus begins, the fragment of the address decides.
  const reached = await changePage.reachable(40);
  const expected = [
    ...["to-settlement", "to-proration", "change-from", "change-length", "change-price"],
    ...["change-quantity", "change-discount", "change-tax", "change-preset", "change-invoice:paid"],
    ...["change-1-remove", "change-1-kind", "change-1-value", "change-1-day", "change-1-slider"],
    ...["change-2-remove", "change-2-kind", "change-2-day", "change-2-slider", "change-add"],
  ];
  expect(reached.filter((id) => expected.includes(id))).toEqual(expected);
  const unnamed = await changePage.page
    .locator("#proration-view :is(input, select)")
    .evaluateAll((all) =>
      all
        .filter((control) => !control.labels.length && !control.ariaLabel)
        .map((control) => control.id),
    );
  expect(unnamed).toEqual([]);
});

test("nothing sticks out of a narrow window", async ({ changePage }) => {
  await changePage.page.setViewportSize({ width: 320, height: 740 });
  await changePage.control("change-length").selectOption("1 year");
  await changePage.addButton.click();
  await changePage.control("change-discount").fill("10 %");
  for (const preset of ["default", "zuora30", "chargebeeMillisecond"]) {
    await changePage.control("change-preset").selectOption(preset);
    await changePage.expectToFit(preset);
    expect(await changePage.overlaps(), preset).toEqual([]);
  }
});
