// Calls the engine's plain functions (`src/bindings.rs`), turns what they throw into errors, and knows which books a
// fault has lost. wasm-bindgen copies these files into the package, two folders below the glue that they import back.
import * as engine from "../../../../setoff.js";
import { encode } from "./encode.js";
import { refusal, SetoffError } from "./errors.js";
import { ownFile } from "./module.js";

export { engine };

/** Faults so far: what the engine held before the last is lost. */
let faults = 0;
let hasWorked = false;
/** Whether a call is under way: if so when the next one begins, it never ended (say, the stack overflowed). */
let isEntered = false;

/** What loads the engine at the first call; undefined once it is loaded, and where only `init` can. */
let loader;

/** Lets the first call load the engine. `load` is also called by `init`, with its source. */
export function loadBy(load) {
  loader = load;
}

/** What loads the engine, if nothing has loaded it yet: the caller does. */
export function takeLoader() {
  const load = loader;
  loader = undefined;
  return load;
}

function loadNow() {
  const load = takeLoader();
  try {
    load(ownFile(load.file));
  } catch (cause) {
    loader = load;
    if (cause instanceof SetoffError) throw cause;
    throw refusal("moduleNotLoaded", [], { cause: String(cause) }, cause);
  }
}

/** There is always room for requests of this size, because a call that is refused for want of memory leaves more. */
const SMALL = 2 ** 14;

/** The bytes that an argument takes in the memory of the engine. */
const sizeOf = (argument) =>
  typeof argument === "object" && argument !== null
    ? (argument.byteLength ?? argument.length * 4)
    : 0;

/** Frames of two kilobytes: more of the stack than any call needs. */
const FRAMES = 8;
/** The frames that a function takes when it is first called, because the host compiles it then. */
const FIRST_FRAMES = 64;
/** The functions of the engine that have been called. */
const called = new Set();
/** The last of them: most calls are of the same function, and comparing takes less time than looking it up. */
let lastCalled;

/** A call that meets the end of the stack half-way would cost all books: it is refused before it begins. */
function checkStack(f) {
  try {
    engine.engineStack(f === lastCalled || called.has(f) ? FRAMES : FIRST_FRAMES);
  } catch (cause) {
    // Before the engine is loaded, the call itself says so.
    if (!hasWorked && cause instanceof TypeError) return;
    throw tooDeep(cause);
  }

  if (f === lastCalled) return;
  called.add(f);
  lastCalled = f;
}

const tooDeep = (cause) => refusal("stackTooSmall", [], {}, cause);

// Made once now, so that the host has compiled it: near the end of the stack there would be no room for that.
tooDeep(refusal("stackTooSmall", [], {}));

/** Calls `f`, a function of the engine of at most four arguments. Anything that it throws becomes a SetoffError. */
export function call(f, first, second, third, fourth) {
  if (loader !== undefined) loadNow();
  if (isEntered) restart();
  checkStack(f);

  isEntered = true;
  try {
    const size = sizeOf(first) + sizeOf(second) + sizeOf(third) + sizeOf(fourth);
    if (size > SMALL) engine.engineReserve(size);

    const result = f(first, second, third, fourth);
    hasWorked = true;
    isEntered = false;
    return result;
  } catch (error) {
    // A refusal: the call has ended, even if the stack has no room to say so.
    if (typeof error?.code === "string") isEntered = false;
    throw translate(error);
  }
}

/** A function of plain objects: the engine returns the text of JSON. */
export const ask = (question) => (request) => {
  const bytes = encode(request);
  return JSON.parse(call(engine[question], bytes));
};

function translate(error) {
  if (typeof error === "string") {
    hasWorked = true;
    isEntered = false;
    return new SetoffError(JSON.parse(error));
  }

  if (!hasWorked && error instanceof TypeError) {
    isEntered = false;
    return refusal("engineNotReady", [], {}, error);
  }

  // A trap: the state of the engine can no longer be trusted.
  restart();
  return refusal("callCutShort", [], { cause: String(error) }, error);
}

/** Gives the next call a fresh instance of the module. */
function restart() {
  faults += 1;
  try {
    engine.engineRestart();
    // The glue copies the bytes of a call into the engine before it looks whether to restart. So it must do that in a
    // call without bytes, or the new engine would look for them in its own memory.
    engine.splitterFree(0);
  } catch {
    // The instance cannot even do that; it has asked for the restart before it failed.
  }
  isEntered = false;
}

/** Frees the engine's side of objects that were forgotten. */
const forgotten = new FinalizationRegistry(({ number, since, close }) => {
  if (since === faults) call(close, number);
});

/** Something that the engine holds for an object of ours, under a number. */
export class Handle {
  #name;
  #number;
  #since;
  #close;

  /** `open()` returns the number, and `close(number)` gives the memory back. */
  constructor(owner, name, close, open) {
    this.#name = name;
    this.#number = open();
    this.#since = faults;
    this.#close = close;
    forgotten.register(owner, { number: this.#number, since: faults, close }, this);
  }

  /** Whether there is something to free. */
  get isOpen() {
    return this.#number !== undefined && this.#since === faults;
  }

  /** Calls a function of the engine that takes the number, and at most three arguments more. */
  call(f, first, second, third) {
    return call(f, this.number, first, second, third);
  }

  /** The number, of something that the engine still holds. */
  get number() {
    if (isEntered) restart();

    const name = this.#name;
    if (this.#number === undefined)
      throw refusal(name === "book" ? "freedBook" : "freedSplitter", [], {});
    if (this.#since !== faults) throw refusal(`${name}OfFault`, [], {});
    return this.#number;
  }

  free() {
    if (!this.isOpen) return;

    call(this.#close, this.#number);
    this.#number = undefined;
    forgotten.unregister(this);
  }
}

/** Lets `using` free an object, where the runtime knows it. */
export function disposable(Class) {
  if (Symbol.dispose)
    Object.defineProperty(Class.prototype, Symbol.dispose, { value: Class.prototype.free });
}

const typeOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

/** A copy of an array of one of `Types`: its own fields can make it say anything, and the glue believes it. */
export function copyOf(array, segments, ...Types) {
  const Type = Types.find(({ name }) => typeOf.call(array) === name);
  if (Type === undefined) {
    const found = array === null ? "null" : (typeOf.call(array) ?? typeof array);
    throw refusal("wrongArray", segments, { types: Types.map(({ name }) => name), actual: found });
  }

  try {
    return new Type(array);
  } catch (cause) {
    throw refusal("arrayDetached", segments, {}, cause);
  }
}
