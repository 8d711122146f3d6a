// The view in which a plan changes within a period.
import { amounts, View } from "./view.mjs";

export class ChangePage extends View {
  constructor(page) {
    super(page);
    this.price = page.getByRole("textbox", { name: "Price", exact: true });
    this.newPrice = page.getByRole("textbox", { name: "New price" });
    this.tax = page.getByRole("textbox", { name: "Tax" });
    this.addButton = page.getByRole("button", { name: "another change" });
    this.handles = page.getByRole("slider");
  }

  async open(address = "./#/change") {
    await this.goto(address);
    await this.page.locator(".waterfall").waitFor();
  }

  /** Charge, credit, tax, and what the change comes to: those that are not nothing. */
  figures() {
    return amounts(this.page.locator(".waterfall li data"));
  }

  /** Each document with its amount and what is open of it after the change. */
  async documents() {
    const rows = await this.page.locator(".documents tbody tr").all();
    return Promise.all(
      rows.map(async (row) => {
        const cells = await amounts(row.locator("data"));
        const name = (await row.locator("th").textContent()).trim().split(/\s/)[0];
        return [name, ...cells];
      }),
    );
  }

  /** The same change by others: name, credit, charge, with tax, and the difference. */
  async others() {
    const rows = await this.page.locator(".others tbody tr").all();
    return Promise.all(
      rows.map(async (row) => [
        (await row.locator("th").textContent()).trim(),
        ...(await amounts(row.locator("data"))),
      ]),
    );
  }
}
