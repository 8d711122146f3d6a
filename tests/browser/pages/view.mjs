// What the views of the page in `www/` have in common.
import { expect } from "@playwright/test";

export class View {
  constructor(page) {
    this.page = page;
    /** What the view says of a request: a sentence, or a refusal. */
    this.status = page.getByRole("status");
  }

  /** The control with this id. */
  control(id) {
    return this.page.locator(`[id="${id}"]`);
  }

  text(id) {
    return this.control(id).textContent();
  }

  /** The id of what has the focus. */
  focused() {
    return this.page.evaluate(() => document.activeElement.id);
  }

  /** The ids of what the Tab key reaches. */
  async reachable(steps) {
    const reached = new Set([await this.focused()]);
    for (let step = 0; step < steps; step += 1) {
      await this.page.keyboard.press("Tab");
      reached.add(await this.focused());
    }
    return [...reached];
  }

  /** Asserts that the engine refused, with this code and path, and that the page says so at this control alone. */
  async expectRefusal(control, code, path) {
    await expect(this.status.locator("code")).toHaveText([code, path]);
    await expect(this.page.locator("[aria-invalid]")).toHaveCount(1);
    await expect(control).toHaveAttribute("aria-invalid", "true");
    const note = (await control.getAttribute("aria-describedby")).split(" ").at(-1);
    await expect(this.control(note)).toHaveText(new RegExp(`^${code}: needed .+, found .+`));
    await expect(this.control(note)).toBeVisible();
  }

  /** Asserts that the page is not wider than its window. */
  async expectToFit(what) {
    const { needed, present } = await this.page.evaluate(() => ({
      needed: document.documentElement.scrollWidth,
      present: document.documentElement.clientWidth,
    }));
    expect(needed, what).toBeLessThanOrEqual(present);
  }
}

/** The cells of rows, row by row. */
export const cellsOf = (rows) =>
  rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
