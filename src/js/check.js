// Checks books of setoff without setoff: that all figures of an export add up, and the chain of a log. It shares no
// code with the engine and loads no WebAssembly; it goes by `docs/formats.md` alone. You import it from `setoff/check`.
const KINDS = ["header", "settings", "document", "part", "operation", "receipt", "end"];
const SIDES = { invoice: "demands", debitMemo: "demands", refund: "refunds" };
const FIGURES = ["amount", "applied", "refunded", "open"];

/** The canonical JSON of RFC 8785. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`;
}

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isList = (value) => typeof value?.[Symbol.iterator] === "function";
const add = (sums, key, amount) => sums.set(key, (sums.get(key) ?? 0n) + amount);

function written(units, scale) {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

function shown({ scale, ...sums }) {
  for (const name of FIGURES) sums[name] = written(sums[name], scale);
  return sums;
}

/** Checks the lines of an export and, if they are given, the entries of its log. */
export async function check({ lines, entries } = {}) {
  if (!isList(lines) || !isList(entries === undefined ? [] : entries))
    throw new TypeError("`lines` must be a text or a list of texts, and `entries` a list.");
  const checker = new Checker();
  await checker.readLines(typeof lines === "string" ? lines : [...lines].join(""));
  checker.checkFigures();
  if (entries !== undefined) await checker.checkEntries([...entries]);
  return { problems: checker.problems, sums: [...checker.sums.values()].map(shown) };
}

class Checker {
  problems = [];
  header = {};
  /** The figures of documents, and of the demands, sources and refunds of each currency. */
  sums = new Map();
  #lines = { __proto__: null, document: [], part: [], operation: [], receipt: [] };
  /** What parts and the past settle, by document, line and figure; and what discounts take. */
  #settled = new Map();
  /** What parts settle between two lines, less what operations moved there. */
  #pairs = new Map();

  #problem = (place, problem) => this.problems.push({ place, problem });
  #equal(place, found, expected) {
    if (found !== expected) this.#problem(place, `it is ${found} and should be ${expected}`);
  }

  /** Looks at each of a list; what has another shape than it should have is a problem of its own. */
  #each(list, look) {
    for (const [index, value] of list.entries()) {
      try {
        look(value, index);
      } catch (error) {
        this.#problem(value.place, `it cannot be read: ${error.message}`);
      }
    }
  }

  /** An amount in minor units, written with all decimals of its currency. */
  #units(place, text, scale) {
    const form = new RegExp(scale === 0 ? "^-?\\d+$" : `^-?\\d+\\.\\d{${scale}}$`);
    if (typeof text === "string" && form.test(text)) return BigInt(text.replace(".", ""));
    this.#problem(place, `${text} is not an amount with ${scale} decimals`);
    return 0n;
  }

  /** Checks the checksum, the order and the number of lines. */
  async readLines(text) {
    let last;
    for (const [index, line] of text.replace(/\n$/, "").split("\n").entries()) {
      const value = { place: `lines[${index}]` };
      this.#each([value], () => Object.assign(value, JSON.parse(line)));
      const [kind, before] = [value, last].map((line) => KINDS.indexOf(line?.type));
      if (kind < before || (kind === 0) !== (index === 0))
        this.#problem(value.place, `a line of type ${value.type} cannot stand here`);
      if (kind === 0) this.header = value;
      this.#lines[value.type]?.push(value);
      last = value;
    }
    const checksum = await sha256(text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1));
    this.#equal(`${last.place}.type`, last.type, "end");
    this.#equal(`${last.place}.checksum`, last.checksum, checksum);
    for (const [kind, { length }] of Object.entries(this.#lines))
      this.#equal(`lines[0].${kind}s`, this.header[`${kind}s`] ?? 0, length);
  }

  checkFigures() {
    const versions = new Set(this.#lines.operation.map(({ version }) => version));
    this.#each(this.#lines.part, (part) => this.#addPart(part));
    this.#each(this.#lines.operation, (operation) => this.#addOperation(operation, versions));
    for (const [pair, { gap, place }] of this.#pairs)
      if (gap !== 0n) this.#problem(place, `parts and operations of ${pair} differ by ${gap}`);
    this.#each(this.#lines.document, (document, index) => this.#checkDocument(document, index));
  }

  #addToPair(pair, amount, place) {
    this.#pairs.set(pair, { gap: (this.#pairs.get(pair)?.gap ?? 0n) + amount, place });
  }

  /** Adds what a part settles to both of its sides. */
  #addPart({ source, target, items, place }) {
    const [from, to] = [this.#lines.document[source], this.#lines.document[target]];
    const owner = ({ accountId, currency }) => `${currency.code} of "${accountId}"`;
    this.#equal(`${place}.target`, owner(to), owner(from));
    const figure = to.documentType === "refund" ? "refunded" : "applied";
    for (const [index, item] of items.entries()) {
      const amount = this.#units(`${place}.items[${index}]`, item.amount, from.currency.scale);
      add(this.#settled, `${source} ${item.source} ${figure}`, amount);
      add(this.#settled, `${target} ${item.target} applied`, amount);
      this.#addToPair(`${source}[${item.source}] ${target}[${item.target}]`, amount, place);
    }
  }

  /** Takes off what an operation moved: all operations together lead to the parts. */
  #addOperation({ version, source, applications, undoes, place }, versions) {
    const { scale } = this.#lines.document[source].currency;
    if (version > this.header.version) this.#problem(`${place}.version`, "the book is older");
    if (undoes !== null && !versions.has(undoes))
      this.#problem(`${place}.undoes`, `no operation has version ${undoes}`);
    for (const [index, { target, amount, items }] of applications.entries()) {
      const applicationPlace = `${place}.applications[${index}]`;
      let total = 0n;
      for (const item of items) {
        const moved = this.#units(applicationPlace, item.amount, scale);
        total += moved;
        this.#addToPair(`${source}[${item.source}] ${target}[${item.target}]`, -moved, place);
      }
      this.#equal(`${applicationPlace}.amount`, amount, written(total, scale));
    }
  }

  /** Checks that what is settled of lines is what parts and their past say, and no more than there is. */
  #checkDocument({ documentType, id, currency, lines, settledBefore, place }, index) {
    const { code, scale } = currency;
    const side = SIDES[documentType] ?? "sources";
    for (const { line, by, amount } of settledBefore) {
      const figure = by === "refund" ? "refunded" : "applied";
      add(this.#settled, `${index} ${line} ${figure}`, this.#units(place, amount, scale));
    }
    for (const { detail, amount } of lines.filter(({ detail }) => detail.type === "discount"))
      add(this.#settled, `${index} ${detail.item} taken`, this.#units(place, amount, scale));
    for (const [number, line] of lines.entries()) {
      const linePlace = `${place}.lines[${number}]`;
      const read = (name) => this.#units(`${linePlace}.${name}`, line[name], scale);
      const settled = (name) => this.#settled.get(`${index} ${number} ${name}`) ?? 0n;
      const [amount, applied, refunded] = ["amount", "applied", "refunded"].map(read);
      for (const name of ["applied", "refunded"])
        this.#equal(`${linePlace}.${name}`, line[name], written(settled(name), scale));
      const net = line.detail.type === "discount" ? 0n : amount + settled("taken");
      const open = net - applied - refunded;
      if (net < 0n ? open > 0n || open < net : open < 0n || open > net)
        this.#problem(linePlace, `its open amount would be ${written(open, scale)}`);
      const figures = { amount, applied, refunded, open };
      this.#sum(index, { documentType, id }, currency, figures);
      this.#sum(`${code} ${side}`, { side }, currency, figures);
    }
  }

  /** Checks the chain of a log, and that the export is that of the book after its last entry. */
  async checkEntries(entries) {
    let version = entries[0]?.version ?? 0;
    let previous = version > 0 ? entries[0].previous : "0".repeat(64);
    for (const [index, logged] of entries.entries()) {
      const { hash, ...entry } = logged ?? {};
      const place = `entries[${index}]`;
      const kept = this.#lines.receipt[version] ?? {};
      this.#equal(`${place}.version`, entry.version, version);
      this.#equal(`${place}.previous`, entry.previous, previous);
      this.#equal(`${place}.hash`, hash, await sha256(canonical(entry)));
      for (const name of ["actor", "note", "recordedAt", "effect"])
        this.#equal(`${place}.${name}`, entry[name], kept[name]);
      this.#equal(`${place}.id`, entry.id, kept.command?.id ?? null);
      const command = kept.command && (await sha256(canonical(entry.command)));
      this.#equal(`${place}.command`, command, kept.command && kept.command.hash);
      [version, previous] = [version + 1, hash];
    }
    this.#equal("lines[0].version", this.header.version, version - 1);
    this.#equal("lines[0].hash", this.header.hash, previous);
  }

  /** Adds figures to the sums of a document or of a side of a currency. */
  #sum(key, names, { code, scale }, figures) {
    const sums = this.sums.get(key) ?? { ...names, currency: code, scale };
    for (const name of FIGURES) sums[name] = (sums[name] ?? 0n) + figures[name];
    this.sums.set(key, sums);
  }
}
