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
    await expect(this.control(note)).toHaveText(/^["A-Z].+\.$/);
    await expect(this.control(note)).toBeVisible();
  }

  /** Texts that stand over each other, or that stick out of the frame around them. */
  overlaps() {
    return this.page.evaluate(() => {
      const texts = [];
      const walker = document.createTreeWalker(
        document.querySelector("main"),
        NodeFilter.SHOW_TEXT,
      );
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const { parentElement: element } = node;
        if (node.data.trim() === "" || !element.checkVisibility()) continue;
        // What is only to be heard, and what scrolls, may lie anywhere.
        if (element.closest(".hidden, .scroll:not(.card), pre, option")) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const frame = element.closest(".card, .picks > li, .amounts > div, .panel");
        for (const box of range.getClientRects()) texts.push({ text: node.data, box, frame });
      }
      const meet = (a, b) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5;
      const isOutside = (box, frame) => box.left < frame.left - 1 || box.right > frame.right + 1;
      return texts.flatMap(({ text, box, frame }, place) => [
        ...(frame && isOutside(box, frame.getBoundingClientRect()) ? [`${text} sticks out`] : []),
        ...texts
          .slice(place + 1)
          .filter((other) => meet(box, other.box))
          .map((other) => `${text} over ${other.text}`),
      ]);
    });
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
