// The view in which credits and payments settle what is owed.
import { expect } from "@playwright/test";
import { amounts, read, sum, View } from "./view.mjs";

export class SettlePage extends View {
  constructor(page) {
    super(page);
    this.commit = page.locator("#commit");
    this.why = page.getByRole("complementary", { name: "Why" });
    this.history = page.getByRole("region", { name: "History" });
    this.toast = page.locator(".toast");
  }

  async open(address = "./#/settle") {
    await this.goto(address);
    await this.commit.waitFor();
  }

  openSample(key) {
    return this.open(`./#/settle/sample:${key}`);
  }

  /** The row of a document. */
  target(number) {
    const named = this.page.locator(".number").getByText(number, { exact: true });
    return this.page.locator(".picture li.target").filter({ has: named });
  }

  tick(number) {
    return this.target(number).getByRole("checkbox");
  }

  amountField(number) {
    return this.page.getByRole("textbox", { name: `Amount for ${number},` });
  }

  /** The field in which the amount of a line is stated. */
  lineField(line, number) {
    return this.page.getByRole("textbox", { name: `Amount for ${line}, ${number},` });
  }

  /** What a document has open: before and after. */
  async openAmount(number) {
    return amounts(this.target(number).locator(".target-head .move data"));
  }

  /** The lines of a document: name, what it gets (`null`: nothing), before, after. */
  async lines(number) {
    const rows = await read(this.target(number).locator(".lines .line"), [
      ".name",
      ".why data",
      ".move data",
    ]);
    return rows.map(([[name], [amount = null], moves]) => [name, amount, ...moves]);
  }

  /** What each line of the source gives. */
  given() {
    return amounts(this.page.locator(".giver .why data, .giver .given"));
  }

  /** The button of the amount of a line. */
  amountOf(line) {
    return this.page.getByRole("button", { name: `to ${line}: why?` });
  }

  /** Waits until the form stands for a command. */
  async expectCommand(command) {
    await expect.poll(async () => (await this.developers()).command).toEqual(command);
  }

  /** The command that the form stands for, and the hash of the state. */
  async developers() {
    const details = this.page.locator("details.developers");
    await details.evaluate((element) => {
      element.open = true;
    });
    const command = this.page.locator("#command");
    return {
      version: Number(await this.page.locator("#version").textContent()),
      hash: await this.page.locator("#hash").textContent(),
      command: (await command.count()) === 0 ? null : JSON.parse(await command.textContent()),
    };
  }

  /**
   * Asserts that all figures in view add up: lines to documents, documents and lines of the source to the whole. What
   * is drawn meanwhile is awaited.
   */
  async expectSums() {
    await expect(() => this.#expectSumsNow()).toPass({ timeout: 10_000 });
  }

  async #expectSumsNow() {
    const [[[whole], given]] = await read(this.page.locator("main"), [
      ".result-words strong data",
      ".giver .why data, .giver .given",
    ]);
    expect(sum(given), "what the source gives").toBe(whole);
    const targets = await read(this.page.locator(".picture li.target:not(.offered)"), [
      ".target-head .move data",
      "input.amount, .amount.sum",
      ".lines :is(.why data, input.amount)",
      ".lines .move data:first-child",
    ]);
    const received = targets.map(([moves, [stated], lines, befores]) => {
      // Who gets nothing has a dash, and stays as it is.
      const amount = stated === "–" ? sum([moves[0], `-${moves[1]}`]) : stated.replaceAll(",", "");
      expect(sum([moves[1], amount]), "before less amount is after").toBe(moves[0]);
      const parts = lines.filter((part) => part !== "–").map((part) => part.replaceAll(",", ""));
      // What somebody typed has no decimals, perhaps.
      if (parts.length > 0)
        expect(sum([...parts, `-${amount}`]), "the lines of a document").toMatch(/^0(\.0+)?$/);
      if (befores.length > 0) expect(sum(befores), "open on the lines").toBe(moves[0]);
      return amount;
    });
    expect(sum(received), "what all documents get").toBe(whole);
  }

  /** What was done, the last first. */
  async done() {
    return this.history.locator("li strong").allTextContents();
  }
}
