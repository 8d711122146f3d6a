// The view in which a plan changes within a period.
import { expect } from "@playwright/test";
import { amounts, read, sum, View } from "./view.mjs";

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

  /** Asserts that the parts add up to what is due. What is drawn meanwhile is awaited. */
  async expectSums() {
    await expect(async () => {
      const figures = await this.figures();
      expect(sum(figures.slice(0, -1)), "the figures add up").toBe(figures.at(-1));
    }).toPass({ timeout: 10_000 });
  }

  /** Each document with its amount and what is open of it after the change. */
  async documents() {
    const rows = await read(this.page.locator(".documents tbody tr"), ["th", "data"]);
    return rows.map(([[name], cells]) => [name.split(/\s/)[0], ...cells]);
  }

  /** The same change by others: name, credit, charge, with tax, and the difference. */
  async others() {
    const rows = await read(this.page.locator(".others tbody tr"), ["th", "data"]);
    return rows.map(([[name], cells]) => [name, ...cells]);
  }
}
