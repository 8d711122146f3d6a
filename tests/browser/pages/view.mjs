// What the views of the page have in common.
import { expect } from "@playwright/test";

/**
 * What each element of a locator shows, by selector within it: the amounts of `<data>` as the engine writes them, what
 * stands in fields (or as their placeholder), the texts of others. It is read in one go, so that all is of one picture.
 */
export async function read(locator, selectors) {
  const all = await locator.evaluateAll(
    (elements, wanted) =>
      elements.map((element) =>
        wanted.map((selector) =>
          [...element.querySelectorAll(selector)].map((found) =>
            found.localName === "input"
              ? { text: found.value || found.placeholder }
              : {
                  text: found.textContent.trim(),
                  ...(found.localName === "data" && { amount: found.value }),
                },
          ),
        ),
      ),
    selectors,
  );
  return all.map((found) => found.map((shown) => shown.map(valueOf)));
}

/** An amount as the engine writes it, which must be shown as that number; of what is no amount, its text. */
function valueOf({ text, amount }) {
  if (amount === undefined) return text;
  const shown = text.replaceAll("\u2212", "-").replaceAll(",", "").replace("+", "");
  if (shown !== amount) throw new Error(`${amount} is shown as ${text}`);
  return amount;
}

/** The amounts of some `<data>` elements as the engine writes them; each must be shown as that number. */
export const amounts = async (locator) =>
  (
    await locator.evaluateAll((all) =>
      all.map(({ textContent, value }) => ({ text: textContent, amount: value })),
    )
  ).map(valueOf);

/** A sum of decimal texts, exactly. */
export function sum(texts) {
  const decimals = Math.max(0, ...texts.map((text) => text.split(".")[1]?.length ?? 0));
  const units = texts.reduce((total, text) => {
    const [whole, fraction = ""] = text.split(".");
    return total + BigInt(whole + fraction.padEnd(decimals, "0"));
  }, 0n);
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return units < 0n ? `-${text}` : text;
}

export class View {
  constructor(page) {
    this.page = page;
    this.result = page.locator(".result-words").first();
  }

  /** Opens an address of the page, and waits until its account is there. */
  async goto(address) {
    await this.page.goto(address);
    await this.page.locator("main:not(.waiting)").waitFor();
  }

  /** Chooses an option of a slot of the sentence. */
  async choose(slot, option) {
    await this.page
      .getByRole("button", { name: new RegExp(`^${slot}:`) })
      .first()
      .click();
    await this.page.getByRole("option", { name: option }).first().click();
  }

  /** Opens a slot of the sentence that is no list. */
  slot(name) {
    return this.page.getByRole("button", { name: new RegExp(`^${name}:`) }).first();
  }

  /** Sets the day of a slot. */
  async chooseDay(slot, day) {
    await this.slot(slot).click();
    await this.page.getByRole("dialog", { name: slot }).locator("input[type=date]").fill(day);
    await this.page.keyboard.press("Escape");
  }

  /** What has the focus: its name for those who hear it, or its text. */
  focused() {
    return this.page.evaluate(() => {
      const { activeElement: element } = document;
      return element.ariaLabel ?? element.textContent;
    });
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
        // What is only to be heard, what scrolls or is cut off on purpose, may lie anywhere.
        if (
          element.closest(
            ".hidden, .window, pre, option, .name, .number, .result, .time-bar, .handle",
          )
        )
          continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const frame = element.closest(".card");
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
