// The view in which a plan changes within a period.
import { expect } from "@playwright/test";
import { cellsOf, View } from "./view.mjs";

export class ChangePage extends View {
  constructor(page) {
    super(page);
    this.addButton = page.getByRole("button", { name: "Add a change" });
  }

  async open() {
    await this.page.goto("./#proration");
    await this.control("change-1-slider").waitFor();
  }

  /** A control of one change: its kind, value, day or slider. */
  of(change, part) {
    return this.control(`change-${change}-${part}`);
  }

  /** The figures on top: credit, charge, tax, net change, due today. */
  figures() {
    return this.page.locator("#change-figures dd").allTextContents();
  }

  documents() {
    return cellsOf(this.page.getByRole("region", { name: "Documents" }).locator("tbody tr"));
  }

  /** How a line is calculated: its sentence, its cells and its steps. */
  async trace(line) {
    const card = this.page.getByRole("region", { name: `${line}, how it is calculated` });
    const steps = card.locator("dl");
    const names = await steps.locator("dt").allTextContents();
    const values = await steps.locator("dd").allTextContents();
    return {
      sentence: await card.locator(".sentence").textContent(),
      cells: await cellsOf(card.locator("tbody tr")),
      steps: names.map((name, place) => [name, values[place]]),
    };
  }

  /** The command that the form stands for. */
  async command() {
    return JSON.parse(await this.text("change-command"));
  }

  /** Asserts that a field refuses a value, with this code and path, and takes the other. */
  async expectRefused({ id, bad, good, code, path, figures }) {
    await this.control(id).fill(bad);
    await this.expectRefusal(this.control(id), code, path);
    expect(await this.figures(), "no figures of another request").toEqual([]);

    await this.control(id).fill(good);
    await expect(this.page.locator("[aria-invalid]")).toHaveCount(0);
    expect((await this.figures()).slice(0, figures.length)).toEqual(figures);
  }
}
