// The state of one settlement that somebody looks at: what they want, what the engine says of it, what they look at.
// Each is a signal, so a view draws what has changed and nothing else. Two of them can stand side by side.
import { batch, computed, signal } from "@preact/signals";
import { settlementOf } from "../scenario/settle.js";
import { isNil, readAmount, shown } from "../words/amount.js";
import { wordsOf } from "../words/refusal.js";

/** How long somebody may pause in the midst of an amount before it is called wrong. */
const PATIENCE = 600;

export class SettleState {
  #client;
  #lane;
  #timer;
  /** A refusal that is not said yet, because somebody is in the midst of typing. */
  #late = null;
  /** The rule that was chosen before amounts were stated line by line. */
  #ruleBefore = "proration";
  /** The picture that is on its way. */
  #current;

  /** @type {import("@preact/signals").Signal<import("../scenario/settle.js").Settlement>} */
  form = signal({ source: null, targets: [], rule: "proration", at: "2026-01-01" });
  /** What stands in the fields of amounts, by document or key of a line, as it was typed. */
  typed = signal({});
  /** The last picture that could be drawn. */
  picture = signal(null);
  /** The refusal of what is wanted now, in plain words; `null` without. */
  refusal = signal(null);
  /** Whether the picture is of what was wanted before. */
  isStale = signal(false);
  ageing = signal(null);
  /** The line whose reason is shown: `{ documentId, key }`. */
  asked = signal(null);
  reason = signal(null);
  /** The row that the pointer or the focus is on: its ribbons are lit. */
  lit = signal(null);
  /** What other rules would change, by rule: asked for when somebody looks at them. */
  effects = signal({});
  /** The documents whose lines are unfolded. */
  unfolded = signal(new Set());

  canCommit = computed(
    () =>
      this.picture.value?.fingerprint !== undefined &&
      this.picture.value.rests.length === 0 &&
      this.refusal.value === null &&
      !this.isStale.value,
  );

  constructor(client, key, lane = "A") {
    this.#client = client;
    this.key = key;
    this.#lane = lane;
  }

  /** Begins with a scenario: a sample's, or one from a link. */
  start(wanted) {
    // Who states amounts names the documents.
    const isNamed = wanted.rule === "explicit" && wanted.targets === "allOpen";
    const form = isNamed ? { ...wanted, targets: [] } : wanted;
    batch(() => {
      const stated = form.targets === "allOpen" ? [] : form.targets;
      this.typed.value = Object.fromEntries(stated.flatMap(textsOf));
      this.form.value = form;
      this.asked.value = null;
      this.reason.value = null;
      this.unfolded.value = new Set();
    });
    return this.refresh();
  }

  /** Begins with what an account's example shows; of one without, with its first credit and all that is open. */
  startWith(account) {
    const { example, sources } = account;
    if (example !== undefined) return this.start(settlementOf(example));
    const first = sources[0];
    const source = first === undefined ? null : { type: first.type, id: first.id };
    const at = account.lastDay ?? first?.date ?? "2026-01-01";
    const targets = source === null ? [] : "allOpen";
    return this.start({ source, targets, rule: "proration", at });
  }

  /** Changes what is wanted. */
  change(patch) {
    this.form.value = { ...this.form.value, ...patch };
    return this.refresh();
  }

  /**
   * Chooses a rule. Who states amounts line by line does so on the documents that are paid now. What is stated is kept
   * while another rule is chosen.
   */
  chooseRule(rule) {
    const { rule: before, targets } = this.form.value;
    if (rule !== "explicit") return this.change({ rule });
    this.#ruleBefore = before;
    if (targets !== "allOpen") return this.change({ rule });
    const paid = this.picture.value.targets.filter(({ amount }) => amount !== null);
    return this.change({ rule, targets: paid.map(({ type, id }) => ({ type, id })) });
  }

  /** Takes back that amounts are stated line by line. */
  stopStating() {
    return this.change({ rule: this.#ruleBefore });
  }

  /** The documents that have a tick, one by one: with `allOpen`, all that there are. */
  #stated() {
    const { targets } = this.form.value;
    if (targets !== "allOpen") return targets;
    const { targets: rows = [] } = this.picture.value ?? {};
    return rows.filter(({ isTicked }) => isTicked).map(({ type, id }) => ({ type, id }));
  }

  isTicked(id) {
    const { targets } = this.form.value;
    return targets === "allOpen" || targets.some((target) => target.id === id);
  }

  async tick({ type, id }, isTicked) {
    const { targets } = this.form.value;
    let stated = targets;
    if (targets === "allOpen") {
      const { currency } = this.picture.value;
      const asked = {
        key: this.key,
        currency,
        at: this.form.value.at,
        search: "",
        from: 0,
        count: 20_000,
      };
      const { rows } = await this.#client.ask("demands", asked);
      stated = rows.map((row) => ({ type: row.type, id: row.id }));
    }
    const others = stated.filter((target) => target.id !== id);
    if (!isTicked) return this.change({ targets: others });
    // What stands in its field counts again.
    const { amount } = readAmount(this.typed.value[id] ?? "");
    const lines = this.#linesTyped(id);
    return this.change({
      targets: [...others, { type, id, ...(amount !== undefined && { amount }), lines }],
    });
  }

  /** The lines of a document into whose fields somebody has typed: also those that are empty again. */
  keysTyped(documentId) {
    const ofDocument = `${JSON.stringify([documentId]).slice(0, -1)},`;
    return Object.keys(this.typed.value).filter((key) => key.startsWith(ofDocument));
  }

  /** What stands in the fields of the lines of a document. */
  #linesTyped(documentId) {
    return this.keysTyped(documentId).flatMap((key) => {
      const [, itemId, taxItemId] = JSON.parse(key);
      const { amount } = readAmount(this.typed.value[key]);
      return amount === undefined || isNil(amount) ? [] : [{ itemId, taxItemId, amount }];
    });
  }

  /** An amount as it is typed. Who types one wants the document settled. */
  type({ type, id }, text) {
    const read = this.#read(text, { documentId: id });
    if (read === null) return Promise.resolve();
    const { amount: _, ...target } = this.#statedOf({ type, id });
    const amount = read.amount === undefined ? {} : { amount: read.amount };
    return this.#state({ ...target, ...amount });
  }

  /** The amount of a line as it is typed. An empty field, or nothing, states nothing. */
  typeLine({ type, id }, key, text) {
    const read = this.#read(text, { documentId: id, lineKey: key });
    if (read === null) return Promise.resolve();
    const [, itemId, taxItemId] = JSON.parse(key);
    const isOther = (line) => line.itemId !== itemId || line.taxItemId !== taxItemId;
    const target = this.#statedOf({ type, id });
    const lines = (target.lines ?? []).filter(isOther);
    const { amount } = read;
    if (amount !== undefined && !isNil(amount)) lines.push({ itemId, taxItemId, amount });
    return this.#state({ ...target, lines });
  }

  /** Keeps what was typed into a field, and reads it; `null` while it is no amount. */
  #read(text, place) {
    this.typed.value = { ...this.typed.value, [place.lineKey ?? place.documentId]: text };
    const read = readAmount(text);
    clearTimeout(this.#timer);
    const isNone = read.state === "unfinished" && read.amount === undefined;
    if (read.state !== "wrong" && !isNone) return read;
    this.isStale.value = true;
    if (read.state === "wrong") this.#timer = setTimeout(() => this.#call(place), PATIENCE);
    return null;
  }

  #statedOf({ type, id }) {
    return this.#stated().find((target) => target.id === id) ?? { type, id };
  }

  /** What somebody has typed last stands last. */
  #state(target) {
    const others = this.#stated().filter(({ id }) => id !== target.id);
    return this.change({ targets: [...others, target] });
  }

  /** Says that an amount is none; at once, when its field is left. */
  #call({ documentId, lineKey = null }) {
    const says = "This is not an amount. Write it as 12.50 or 12,50.";
    this.refusal.value = { code: "notAnAmount", says, documentId, lineKey };
  }

  /** Somebody leaves a field, of a document or of a line: what is wrong is said now. */
  leave(documentId, lineKey = null) {
    const read = readAmount(this.typed.value[lineKey ?? documentId] ?? "");
    if (read.state === "wrong") this.#call({ documentId, lineKey });
    if (this.#late !== null) this.#showRefusal();
  }

  #showRefusal() {
    clearTimeout(this.#timer);
    batch(() => {
      this.refusal.value = this.#late;
      this.#late = null;
    });
  }

  /** Asks the engine what it would do now. */
  async refresh() {
    this.#current = this.#draw();
    const picture = await this.#current;
    if (picture === undefined) return;
    this.#refreshReason();
    const { currency } = picture;
    const asked = { key: this.key, form: this.form.value };
    const ageing = await this.#client.latest(`ageing ${this.#lane}`, "ageing", {
      ...asked,
      currency,
    });
    if (ageing !== undefined) this.ageing.value = ageing;
  }

  async #draw() {
    clearTimeout(this.#timer);
    this.#late = null;
    const asked = { key: this.key, form: this.form.value };
    const picture = await this.#client.latest(`settle ${this.#lane}`, "settle", asked);
    if (picture !== undefined) this.#take(picture);
    return picture;
  }

  /** Waits until the picture is of what is wanted now: who types and commits at once commits what was typed. */
  async whenCurrent() {
    let seen;
    do {
      seen = this.#current;
      await seen;
    } while (seen !== this.#current);
  }

  #take(picture) {
    const { refusal } = picture;
    const [next] = picture.sources;
    if (picture.source === null && next !== undefined && this.form.value.source !== null) {
      // The credit is used up: the next one is offered.
      this.change({ source: { type: next.type, id: next.id }, targets: [] });
      return;
    }

    if (refusal === undefined) {
      this.#show(picture, null);
      return;
    }

    // In the midst of typing, the last picture stays for a moment.
    const words = refusalWords(picture);
    const isTyped = refusal.documentId !== null && this.picture.value?.fingerprint !== undefined;
    if (!isTyped || this.refusal.value !== null) {
      this.#show(picture, words);
      return;
    }
    this.isStale.value = true;
    this.#late = words;
    this.#timer = setTimeout(() => this.#show(picture, words), PATIENCE);
  }

  #show(picture, refusal) {
    this.#late = null;
    batch(() => {
      this.picture.value = picture;
      this.refusal.value = refusal;
      this.isStale.value = false;
    });
  }

  /** Shows why a line gets its amount; `null` closes. */
  ask(line) {
    this.asked.value = line;
    this.reason.value = null;
    return this.#refreshReason();
  }

  async #refreshReason() {
    const line = this.asked.value;
    const { fingerprint, rests = [] } = this.picture.value ?? {};
    if (line === null || fingerprint === undefined || rests.length > 0) {
      this.reason.value = null;
      return;
    }
    const asked = { key: this.key, form: this.form.value, line };
    const reason = await this.#client
      .latest(`reason ${this.#lane}`, "reason", asked)
      .catch(() => null);
    if (reason !== undefined && this.asked.value === line) this.reason.value = reason;
  }

  /** Asks what each other rule would change. */
  async askRules(rules) {
    this.effects.value = {};
    if (this.picture.value?.fingerprint === undefined) return;
    const asked = { key: this.key, form: this.form.value, rules };
    const effects = await this.#client.latest(`rules ${this.#lane}`, "rules", asked);
    if (effects !== undefined) this.effects.value = effects;
  }

  unfold(id, isOpen) {
    const unfolded = new Set(this.unfolded.value);
    if (isOpen) unfolded.add(id);
    else unfolded.delete(id);
    this.unfolded.value = unfolded;
  }

  /** A window of the lines of a document. */
  lines(documentId, window) {
    const asked = { key: this.key, form: this.form.value, documentId, window };
    return this.#client.latest(`lines ${this.#lane} ${documentId}`, "lines", asked);
  }

  demands(window) {
    const { currency } = this.picture.value;
    const asked = { key: this.key, currency, at: this.form.value.at, ...window };
    return this.#client.latest(`demands ${this.#lane}`, "demands", asked);
  }

  /** After a commit: what is settled has no tick any more. */
  async afterCommit() {
    this.typed.value = {};
    this.asked.value = null;
    this.reason.value = null;
    await this.change({ targets: [] });
  }
}

/** What stands in the fields of a target: of the document, and of its lines. */
function textsOf({ id, amount, lines = [] }) {
  const ofLines = lines.map((line) => [
    JSON.stringify([id, line.itemId, line.taxItemId]),
    shown(line.amount),
  ]);
  return amount === undefined ? ofLines : [[id, shown(amount)], ...ofLines];
}

/** The refusal of a picture in plain words, with the document and line that it is about. */
function refusalWords({ refusal, source }) {
  const { documentId, lineKey = null, line, details } = refusal;
  const target = details.figures.document ?? documentId ?? "the document";
  return { ...wordsOf(refusal, { source: source?.number, target, line }), documentId, lineKey };
}
