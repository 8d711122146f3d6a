// The package's face: classes and errors over the engine's plain functions (`src/bindings.rs`). wasm-bindgen copies
// these files into the package, two folders below the glue that they import back; the glue passes `Book` and `init` on.
import * as engine from "../../../../setoff.js";
import { encode } from "./encode.js";
import { refusal, SetoffError } from "./errors.js";
import { Names, Outcome, Plan } from "./outcome.js";

let loading;

/** Makes the engine ready: loads it once where it has to be loaded, does nothing elsewhere. */
export function init(source) {
  const load = async () => {
    try {
      await engine.default?.(source === undefined ? undefined : { module_or_path: source });
    } catch (cause) {
      loading = undefined;
      throw refusal("notInitialized", "", "a WebAssembly module that can be loaded", String(cause), cause);
    }
  };
  return (loading ??= load());
}

/** Faults so far: a book of before the last is lost. */
let faults = 0;
let hasWorked = false;
/** Whether a call is under way: if so when the next one begins, it never ended (say, the stack overflowed). */
let isEntered = false;

/** Calls the engine; whatever it throws becomes a SetoffError. */
function call(f) {
  if (isEntered) restart();
  isEntered = true;
  try {
    const result = f();
    hasWorked = true;
    isEntered = false;
    return result;
  } catch (error) {
    throw translate(error);
  }
}

function translate(error) {
  if (typeof error?.code === "string" && !(error instanceof Error)) {
    hasWorked = true;
    isEntered = false;
    return new SetoffError(error.code, error.path, error.details, error.message);
  }
  if (!hasWorked && error instanceof TypeError) {
    isEntered = false;
    return refusal("notInitialized", "", "`await init()` before anything else", "no engine", error);
  }
  // A trap: what it left behind is not to be trusted.
  restart();
  return refusal("engineFault", "", "a call that ends", String(error), error);
}

/** Gives the next call a fresh instance of the module. */
function restart() {
  faults += 1;
  try {
    engine.engineRestart();
    // The glue copies the bytes of a call into the engine before it looks whether to restart. So it must do that in a
    // call without bytes, or the new engine would look for them in its own memory.
    engine.bookFree(0);
  } catch {
    // The instance cannot even do that; it has asked for the restart before it failed.
  }
  isEntered = false;
}

/** Frees the engine's side of books that were forgotten. */
const forgotten = new FinalizationRegistry(({ number, since }) => {
  if (since === faults) call(() => engine.bookFree(number));
});

const typeOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/** The bytes of an array as they are: own fields can make it say anything about itself, and the glue believes it. */
function copyOf(bytes) {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw refusal("unreadableValue", "", "bytes that can be read", "an array that is detached", cause);
  }
}

const RESTORE = Symbol("restore");

/** The commands that can change what the lines of a document are called. */
const RENAMING = /^(update|bulk)/;

export class Book {
  #number;
  #since;
  #names = new Names((from) => this.#call((number) => engine.bookNames(number, from)));
  #isNamed = false;

  constructor(options, snapshot) {
    const request = options === RESTORE ? snapshot : encode(options);
    this.#number = call(() => (options === RESTORE ? engine.bookRestore(request) : engine.bookOpen(request)));
    this.#since = faults;
    forgotten.register(this, { number: this.#number, since: faults }, this);
  }

  static restore(snapshot) {
    if (typeOf.call(snapshot) !== "Uint8Array") {
      throw refusal("invalidType", "", "a Uint8Array", snapshot === null ? "null" : typeof snapshot);
    }
    return new Book(RESTORE, copyOf(snapshot));
  }

  execute(command) {
    const request = encode(command);
    return this.#outcome(engine.bookExecute, request);
  }

  preview(command) {
    // A copy: the plan keeps it.
    const request = encode(command).slice();
    return new Plan(this.#answer(engine.bookPreview, request), this.#names, this, request);
  }

  commit(plan) {
    const contents = Plan.contents(plan, this);
    if (contents === undefined) throw refusal("invalidType", "", "a plan that this book previewed", "something else");
    const { request, columns } = contents;
    return this.#outcome(engine.bookCommit, request, columns);
  }

  query(query) {
    const request = encode(query);
    return this.#call((number) => engine.bookQuery(number, request));
  }

  snapshot() {
    return this.#call((number) => engine.bookSnapshot(number));
  }

  hash() {
    return this.#call((number) => engine.bookHash(number));
  }

  get version() {
    return this.#call((number) => engine.bookVersion(number));
  }

  free() {
    if (this.#number === undefined || this.#since !== faults) return;
    // Outcomes outlive their book: what they need to be read, they get now.
    if (this.#isNamed) this.#names.load();
    call(() => engine.bookFree(this.#number));
    this.#number = undefined;
    forgotten.unregister(this);
  }

  #outcome(run, ...request) {
    const answer = this.#answer(run, ...request);
    // Drafts can change their lines; one that was ever settled cannot, so no earlier outcome speaks of them.
    if (RENAMING.test(answer[0].type)) this.#names.forget();
    return new Outcome(answer, this.#names);
  }

  #answer(run, ...request) {
    const answer = this.#call((number) => run(number, ...request));
    // Only what was settled has names in it.
    if (answer[1] !== null) this.#isNamed = true;
    return answer;
  }

  #call(f) {
    if (isEntered) restart();
    if (this.#number === undefined) throw refusal("bookFreed", "", "a book in use", "a freed one");
    if (this.#since !== faults) {
      throw refusal("engineFault", "", "a book made after the last fault", "one from before it");
    }
    return call(() => f(this.#number));
  }
}

// Where the runtime knows it: `using book = new Book(…)`.
if (Symbol.dispose) Object.defineProperty(Book.prototype, Symbol.dispose, { value: Book.prototype.free });
