// Runs golden vectors (`tests/golden/`, described in `tests/golden.rs`), and scenarios that are written out as such, on
// any copy of the package. Nothing here belongs to one runtime: Node and browsers run the same file.

/**
 * Runs the cases. Answers `{ transcripts, failures }`: the transcript of each case, which must be the native one byte
 * for byte, and a sentence for every expectation that was not met.
 */
export function run(setoff, cases) {
  const failures = [];
  const transcripts = cases.map((vector) => {
    const complain = (where, problem) => failures.push(`${vector.name}, ${where}: ${problem}`);
    return `${play(setoff, vector, complain).join("\n")}\n`;
  });
  return { transcripts, failures };
}

/** The lines of a case's transcript. */
function play(setoff, { book: options, error, steps = [] }, complain) {
  let book;
  const opened = attempt(setoff, () => {
    book = new setoff.Book(options);
    return {};
  });
  judge({ error }, opened, (problem) => complain("the book", problem));
  if (book === undefined) return [opened.text];

  const run = new Run(setoff, book);
  const lines = steps.map((step, index) => {
    const before = hexadecimal(run.book.snapshot());
    const line = run.step(step, index, (problem) => complain(`step ${index}`, problem));
    const mayChange = ("execute" in step || "commit" in step) && step.error === undefined;
    if (!mayChange && hexadecimal(run.book.snapshot()) !== before)
      complain(`step ${index}`, "the book has changed");
    return line;
  });
  lines.push(`hash ${run.book.hash()}`, `snapshot ${hexadecimal(run.book.snapshot())}`);
  run.book.free();
  return lines;
}

/** A case under way. */
class Run {
  #setoff;
  #plans = new Map();
  #hashes = new Map();

  constructor(setoff, book) {
    this.#setoff = setoff;
    this.book = book;
  }

  /** Does a step. Answers its line of the transcript. */
  step(step, index, complain) {
    if ("restore" in step) return this.#restore();
    if ("hash" in step) return this.#hash(step.hash, complain);
    const answer = attempt(this.#setoff, () => this.#perform(step, index));
    judge(step, answer, complain);
    return answer.text;
  }

  #perform(step, index) {
    if ("execute" in step) return this.book.execute(step.execute);
    if ("commit" in step) return this.book.commit(this.#plans.get(step.commit));
    if ("query" in step) return this.book.query(step.query);
    if ("explain" in step) return this.book.explain(step.explain, step.about);
    if ("prorate" in step) return this.#setoff.prorate(step.prorate);
    if ("schedule" in step) return this.#setoff.schedule(step.schedule);
    if ("generate" in step) return this.#setoff.generateDocuments(step.generate);
    if ("previewChange" in step) return this.#setoff.previewChange(step.previewChange);
    const plan = this.book.preview(step.preview);
    // As a host would keep it between two processes.
    this.#plans.set(index, JSON.parse(JSON.stringify(plan)));
    const { committed, command, fingerprint, ...outcome } = plan;
    return { ...outcome, fingerprint };
  }

  #restore() {
    const restored = this.#setoff.Book.restore(this.book.snapshot());
    this.book.free();
    this.book = restored;
    return "restored";
  }

  /** Remembers the hash under a label, or demands that it is the one remembered. */
  #hash(label, complain) {
    const hash = this.book.hash();
    if (!this.#hashes.has(label)) this.#hashes.set(label, hash);
    if (this.#hashes.get(label) !== hash) complain(`the state is not that of "${label}"`);
    return hash;
  }
}

/** What `work` answers or is refused with, as JSON. */
function attempt({ isSetoffError }, work) {
  try {
    return { refused: false, text: JSON.stringify(work()) };
  } catch (thrown) {
    if (!isSetoffError(thrown)) throw thrown;
    const { code, path, segments, details, message, issues } = thrown;
    const facts = { code, path, segments, details, message };
    return {
      refused: true,
      text: JSON.stringify(issues.length > 1 ? { ...facts, issues } : facts),
    };
  }
}

/** `says` is a part of the sentence; all else must be equal. */
function judgeRefusal({ says = "", ...exact }, answer, complain) {
  compare(exact, { ...answer, ...answer.details }, "the error", complain);
  if (!answer.details.sentence.includes(says))
    complain(`does not say "${says}": ${answer.message}`);
}

/** Complains if an answer is not as expected. */
function judge({ expect = {}, has, error }, { refused, text }, complain) {
  const answer = JSON.parse(text);
  if (refused && error === undefined) complain(`refused: ${answer.message}`);
  else if (!refused && error !== undefined)
    complain(`not refused, though ${error.code} was expected`);
  else if (refused) judgeRefusal(error, answer, complain);
  else {
    compare(expect, answer, "the result", complain);
    if (has !== undefined && !hasWithin(has, answer))
      complain(`nowhere in the result: ${JSON.stringify(has)}`);
  }
}

/** Whether something in `actual`, at any depth, is as `wanted`. */
function hasWithin(wanted, actual) {
  let agrees = true;
  compare(wanted, actual, "", () => {
    agrees = false;
  });
  if (agrees) return true;
  if (typeof actual !== "object" || actual === null) return false;
  return Object.values(actual).some((value) => hasWithin(wanted, value));
}

/** Complains where `actual` is not `expected`: fields not given may be anything, lists have the same length. */
function compare(expected, actual, path, complain) {
  const isObject = (value) => typeof value === "object" && value !== null;
  const isList = Array.isArray(expected);
  if (!isObject(expected) || !isObject(actual) || isList !== Array.isArray(actual)) {
    if (expected !== actual)
      complain(`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
    return;
  }
  if (isList && expected.length !== actual.length) {
    return complain(`${path} has ${actual.length} entries, not ${expected.length}`);
  }
  for (const [key, value] of Object.entries(expected)) {
    compare(value, actual[key], isList ? `${path}[${key}]` : `${path}.${key}`, complain);
  }
}

const hexadecimal = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
