// The package's face: classes and functions over the engine's plain ones. The glue passes on what is exported here.
import { copyOf, disposable, engine, Handle } from "./engine.js";
import { fieldsOf } from "./allocate.js";
import { encode } from "./encode.js";
import { refusal } from "./errors.js";
import { Names, outcomeOf, planOf } from "./outcome.js";

export { allocate, allocateColumns, explainAllocation, Splitter } from "./allocate.js";
export { generateDocuments } from "./generate.js";
export {
  billingPeriod,
  previewChange,
  prorate,
  prorateColumns,
  prorationPresets,
  schedule,
} from "./prorate.js";

let loading;

/** Makes the engine ready: loads it once where it has to be loaded, does nothing elsewhere. */
export function init(source) {
  const load = async () => {
    try {
      await engine.default?.(source === undefined ? undefined : { module_or_path: source });
    } catch (cause) {
      loading = undefined;
      throw refusal("moduleNotLoaded", [], { cause: String(cause) }, cause);
    }
  };
  return (loading ??= load());
}

const RESTORE = Symbol("restore");

function joined(pieces) {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let length = 0;
  for (const piece of pieces) {
    bytes.set(piece, length);
    length += piece.length;
  }
  return bytes;
}

/** What the engine needs of a plan, and what it needs to compare. */
const NEEDED = ["command", "fingerprint"];
const NEEDED_TO_COMPARE = [...NEEDED, "documents"];

/** The bytes of some fields of a plan; of anything else, all that it is, which the engine refuses. */
function encodePlan(plan, names) {
  if (typeof plan !== "object" || plan === null) return encode(plan);
  return encode(fieldsOf(plan, names));
}

export class Book {
  #handle;
  #names = new Names((from) => this.#handle.call(engine.bookNames, from));
  #isNamed = false;

  constructor(options, snapshot) {
    if (options === undefined) throw refusal("optionsMissing", "", {});
    const [open, content] =
      options === RESTORE ? [engine.bookRestore, snapshot] : [engine.bookOpen, encode(options)];
    this.#handle = new Handle(this, "book", engine.bookFree, open, content);
  }

  static restore(snapshot) {
    return new Book(RESTORE, copyOf(snapshot, [], Uint8Array));
  }

  execute(command) {
    const request = encode(command);
    return this.#outcome(engine.bookExecute, request);
  }

  preview(command) {
    const request = encode(command, true);
    return planOf(this.#answer(engine.bookPreview, request), this.#names, request);
  }

  commit(plan) {
    try {
      return this.#outcome(engine.bookCommit, encodePlan(plan, NEEDED));
    } catch (error) {
      if (error.code !== "planMoved") throw error;
    }
    // Refused again, by an engine that knows what the plan showed and says which figure moved.
    return this.#outcome(engine.bookCommit, encodePlan(plan, NEEDED_TO_COMPARE));
  }

  explain(command) {
    const request = encode(command);
    return JSON.parse(this.#handle.call(engine.bookExplain, request));
  }

  query(query) {
    // A condition that is left out by mistake would let every row pass.
    const request = encode(query, false, "where");
    return JSON.parse(this.#handle.call(engine.bookQuery, request));
  }

  all(query) {
    // Kept: other calls come between the pages.
    return this.#rows(encode(query, true, "where"));
  }

  *#rows(request) {
    let after;
    do {
      const page = JSON.parse(this.#handle.call(engine.bookRows, request, after));
      yield* page.rows;
      after = page.next;
    } while (after !== null);
  }

  snapshot() {
    return joined(this.#handle.call(engine.bookSnapshot));
  }

  hash() {
    return this.#handle.call(engine.bookHash);
  }

  get version() {
    return this.#handle.call(engine.bookVersion);
  }

  free() {
    // Outcomes outlive their book, so they get now the names that reading them takes.
    if (this.#handle.isOpen && this.#isNamed) this.#names.load();
    this.#handle.free();
  }

  #outcome(run, request) {
    const answer = this.#answer(run, request);
    // Drafts can change their lines, unless they were ever settled. So only plans can name lines from before a change.
    if (answer.renamed !== undefined) this.#names.rename(answer.renamed);
    return outcomeOf(answer, this.#names);
  }

  #answer(run, request) {
    const answer = this.#handle.call(run, request);
    // Only settlements have names in them.
    if (answer.columns !== null) this.#isNamed = true;
    return answer;
  }
}

disposable(Book);
