// The view in which credits settle what is owed.
import { expect } from "@playwright/test";
import { cellsOf, View } from "./view.mjs";

export class SettlementPage extends View {
  constructor(page) {
    super(page);
    this.commit = this.control("commit");
    this.heading = this.control("result-heading");
    this.summary = this.control("summary");
    this.version = this.control("version");
    this.applyButton = page.getByRole("button", { name: "Apply", exact: true });
    this.unapplyButton = page.getByRole("button", { name: "Unapply", exact: true });
  }

  async open() {
    await this.page.goto("./#settlement");
    await this.control("form").waitFor();
  }

  tick(document) {
    return this.control(`tick:${document}`);
  }

  amountField(document) {
    return this.page.getByRole("textbox", { name: `Amount for ${document}` });
  }

  /** The field of an explicit line: its "From", "To" or "Amount". */
  lineField(name, line, document) {
    return this.page.getByLabel(`${name}, line ${line} of ${document}`);
  }

  choose(option) {
    return this.page.getByRole("radio", { name: option }).check();
  }

  /** What the result shows of a document. */
  card(document) {
    return this.page.getByRole("region", { name: document, exact: true });
  }

  /** The rows of a document in the result: the line, its balance before and its balance after. */
  async balances(document) {
    const rows = await cellsOf(this.card(document).locator("tbody tr"));
    return rows.map((row) => [row[0], ...row.slice(-2)]);
  }

  /** A document's open amount in the result, such as `97.20 → 77.20`. */
  async openAmount(document) {
    const heading = await this.card(document).locator("header").textContent();
    return heading.match(/(\S+ → \S+)$/)[1];
  }

  /** The amounts that the lines of a document receive in the result. */
  received(document) {
    return this.card(document).locator(".received .figure").allTextContents();
  }

  /** The rule by which a document is settled, and what it receives in all. */
  tag(document) {
    return this.card(document).locator(".tag");
  }

  /** The whole hash of the book's state. */
  hash() {
    return this.control("hash").getAttribute("title");
  }

  /** The command that the form stands for. */
  async command() {
    return JSON.parse(await this.text("command"));
  }

  /** Version, what was done and amount of each entry of the history, newest first. */
  async history() {
    const rows = await cellsOf(this.page.locator("#history tr"));
    return rows.map((row) => row.slice(0, 3));
  }

  async expectRefusal(control, code, path) {
    await super.expectRefusal(control, code, path);
    await expect(this.status).toHaveText(/^Refused/);
    await expect(this.commit).toBeDisabled();
  }
}
