// The page with other accounts than its sample: none of this may need the sample's shape or size.
import { accountOf, creditMemo, invoice, items } from "./accounts.mjs";
import { expect, test } from "./fixtures.mjs";

test.describe("yen", () => {
  // 100,000 over 270,000, 27,000 and −1,000, together 296,000: 91,216.2…, 9,121.6… and −337.8…, which add up as
  // 91,216, 9,122 and −338.
  const account = accountOf(
    "JPY",
    [
      invoice("INV-1", [
        { id: "plan", amount: "270000" },
        { id: "setup", amount: "27000" },
        { id: "rebate", amount: "-1000" },
      ]),
      creditMemo("CM-1", "100000"),
    ],
    [{ invoiceId: "INV-1", amount: "100000" }],
  );
  test.use({ account });

  test("what each line receives adds up to what the invoice receives", async ({ settlement }) => {
    expect(await settlement.received("INV-1")).toEqual(["91,216", "9,122", "−338"]);
    await expect(settlement.tag("INV-1")).toHaveText("proration · receives 100,000");
    await expect(settlement.page.locator("footer")).toContainText("Amounts are in JPY.");
  });
});

test.describe("nothing to settle with", () => {
  test.use({ account: accountOf("USD", [invoice("INV-1", items(2, "10.00"))]) });

  test("an account without a credit says so", async ({ settlement }) => {
    const message = "This account has no credit memo and no payment to apply.";
    await expect(settlement.summary).toHaveText(message);
    await expect(settlement.commit).toBeDisabled();
    await settlement.tick("INV-1").check();
    await settlement.choose("Explicit lines");
    await settlement.choose("Unapply");
    await expect(settlement.summary).toHaveText(message);
  });
});

test.describe("nothing to settle", () => {
  test.use({ account: accountOf("USD", [creditMemo("CM-1", "10.00")]) });

  test("an account without an invoice says so", async ({ settlement }) => {
    await expect(settlement.summary).toHaveText(
      "This account has no invoice and no debit memo to settle.",
    );
    await settlement.choose("Unapply");
    await expect(settlement.summary).toHaveText("Nothing of CM-1 is applied.");
  });
});

test.describe("an invoice of 15,000 lines", () => {
  const account = accountOf(
    "USD",
    [invoice("INV-1", items(15_000, "10.00")), creditMemo("CM-1", "150000.00")],
    [{ invoiceId: "INV-1", amount: "1.00" }],
  );
  test.use({ account });

  test("it is settled as it is typed", async ({ settlement }) => {
    await settlement.amountField("INV-1").fill("150000.00");
    expect(await settlement.openAmount("INV-1")).toBe("150,000.00 → 0.00");
  });

  test("the lines that change come first, the others are a click away", async ({ settlement }) => {
    const card = settlement.card("INV-1");
    await settlement.amountField("INV-1").fill("0.02");
    // Shares of less than a cent: the two cents go to the first two lines.
    expect((await settlement.balances("INV-1")).slice(0, 3)).toEqual([
      ["item-1", "10.00", "9.99"],
      ["item-2", "10.00", "9.99"],
      ["item-3", "10.00", "10.00"],
    ]);
    await settlement.choose("Last in, first out");
    expect((await settlement.balances("INV-1"))[0]).toEqual(["item-15000", "10.00", "9.98"]);
    await expect(card.locator("tbody tr")).toHaveCount(100);
    await card.getByText("14900 more lines").click();
    await expect(card.locator("tbody tr")).toHaveCount(15_000);
  });
});

test.describe("a thousand invoices", () => {
  const ids = Array.from({ length: 1000 }, (_, place) => `INV-${place + 1}`);
  const account = accountOf("USD", [
    ...ids.map((id) => invoice(id, items(15, "10.00"))),
    creditMemo("CM-1", "100.00"),
  ]);
  test.use({ account });

  test("lines are drawn when they are unfolded, and stay so", async ({ settlement }) => {
    const tables = settlement.control("fields").locator("table");
    await expect(tables).toHaveCount(0);
    await settlement.control("lines-of:INV-2").locator("summary").click();
    await expect(tables.locator("tbody tr")).toHaveCount(15);
    await settlement.choose("First in, first out"); // draws the form again
    await expect(tables.locator("tbody tr")).toHaveCount(15);
    await settlement.control("lines-of:INV-2").locator("summary").click();
    await settlement.tick("INV-2").check();
    await expect(settlement.summary).toHaveText("CM-1 would settle 100.00 USD on 1 invoice.");
  });
});

test.describe("figures of fifteen digits", () => {
  const account = accountOf(
    "USD",
    [
      invoice("INV-1", [
        { id: "plan", amount: "9876543210123.45", description: "Team plan, January" },
        { id: "rebate", amount: "-1234567890123.45", description: "Rebate" },
      ]),
      invoice("INV-0000000000000000000000000000000000000000000000000002", items(3, "10.00")),
      creditMemo("CM-1", "8765432109876.54"),
    ],
    [
      { invoiceId: "INV-1" },
      { invoiceId: "INV-0000000000000000000000000000000000000000000000000002" },
    ],
  );
  test.use({ account });

  for (const width of [1440, 1024, 390, 320]) {
    test(`fit into a window ${width} pixels wide`, async ({ settlement, page }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.locator("details.lines > summary").first().click();
      await settlement.control("lines-of:INV-1").locator("summary").click();
      await settlement.expectToFit();
      expect(await settlement.overlaps()).toEqual([]);
      await settlement.choose("Explicit lines");
      expect(await settlement.overlaps()).toEqual([]);
    });

    test(`fit a change of plan ${width} pixels wide`, async ({ changePage, page }) => {
      await page.setViewportSize({ width, height: 900 });
      await changePage.control("change-price").fill("1234567890123.45");
      await changePage.of(1, "value").fill("9876543210123.45");
      await changePage.page.getByRole("radio", { name: "Open" }).check();
      expect((await changePage.figures())[1]).toBe("4,778,972,521,027.48");
      await changePage.expectToFit();
      expect(await changePage.overlaps()).toEqual([]);
    });
  }
});
