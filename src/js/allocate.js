// Splits: decimal text in and out, or columns of whole numbers.
import { amountText, wide } from "./amount.js";
import {
  ALL_ZEROS,
  FIRST_PASSES,
  LEFTOVERS,
  METHOD_FLAGS,
  SPLIT_HEAD,
  UNALLOCATED_REASONS,
} from "./contract.js";
import { call, copyOf, disposable, engine, Handle } from "./engine.js";
import { describe, encode } from "./encode.js";
import { refusal } from "./errors.js";

// The words of a split before its parts (`src/wire/allocate.rs`), by their index.
const [SCALE, REASON, EVENLY, PASS, RULE, ZERO, FLAGS, UNALLOCATED] = [0, 1, 2, 3, 4, 5, 6, 7];

/** A word of a closed set by its number, from 1; undefined for 0. */
const wordOf = (words, number) => words[number - 1];

export function allocate(request) {
  const plain = readPlain(request);
  if (plain !== undefined) {
    const words = call(engine.allocateUnits, plain.scale, new BigUint64Array(plain.units.buffer));
    if (words !== undefined) return readAllocation(words);
  }

  const bytes = encode(request);
  return readAllocation(call(engine.allocateText, bytes));
}

export function explainAllocation(request, place) {
  checkPlace(place);
  const bytes = encode(request);
  return readReason(call(engine.allocateWhy, bytes, place));
}

const MOST_DIGITS = 15;

/**
 * A request of an amount and weights alone, all plain decimals with as many digits as a number holds, as whole units:
 * `{ scale, units }`, the amount before the weights. The decimals of the weights are left out, because no share depends
 * on them. Undefined for anything else, be it right or wrong: that goes the long way, which also says what is wrong. It
 * takes three times as long.
 */
function readPlain(request) {
  try {
    if (Object.getPrototypeOf(request) !== Object.prototype) return undefined;
    const fields = Object.keys(request);
    if (fields.length !== 2 || !fields.includes("amount") || !fields.includes("weights"))
      return undefined;

    return unitsOfAll(request.amount, request.weights);
  } catch {
    return undefined;
  }
}

function unitsOfAll(amount, weights) {
  if (typeof amount !== "string" || !Array.isArray(weights)) return undefined;

  const count = weights.length;
  // Two words each, the lower first. The upper word stays 0 where a weight has none.
  const units = new Uint32Array(count * 2 + 2);
  const decimals = decimalsOf(weights[0]);
  for (let index = 0; index < count; index++) {
    const value = unitsOf(weights[index], decimals);
    if (!(value >= 0)) return undefined;
    units[index * 2 + 2] = value;
    if (value >= 2 ** 32) units[index * 2 + 3] = value / 2 ** 32;
  }

  const scale = decimalsOf(amount);
  const value = unitsOf(amount, scale);
  if (!(value >= 0)) return undefined;
  units[0] = value;
  units[1] = value / 2 ** 32;

  return { scale, units };
}

/** How many decimals a text has; of anything else, none. */
function decimalsOf(text) {
  const point = typeof text === "string" ? text.indexOf(".") : -1;
  return point < 0 ? 0 : text.length - point - 1;
}

/**
 * The units of a plain decimal with `decimals` decimals, neither negative nor too long; NaN for anything else. The
 * codes of digits begin at 48, and that of the point is two less.
 */
function unitsOf(text, decimals) {
  if (typeof text !== "string") return NaN;
  const length = text.length;
  const point = decimals === 0 ? length : length - decimals - 1;
  if (point < 1 || length > MOST_DIGITS || (point > 1 && text.charCodeAt(0) === 48)) return NaN;

  let units = 0;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit >= 0 && digit <= 9) units = units * 10 + digit;
    else if (index !== point || digit !== -2) return NaN;
  }

  return units;
}

/** A split as plain data, read from the engine's words. */
function readAllocation(words) {
  const scale = words[SCALE];
  const parts = new Array((words.length - SPLIT_HEAD) / 2);

  for (let index = 0, word = SPLIT_HEAD; index < parts.length; index++, word += 2) {
    parts[index] = amountText(wide(words, word), scale);
  }

  const unallocated = amountText(wide(words, UNALLOCATED), scale);
  return {
    parts,
    unallocated,
    method: readMethod(words),
    notices: readNotices(words, unallocated),
  };
}

function readMethod(words) {
  const method = {
    firstPass: wordOf(FIRST_PASSES, words[PASS]),
    leftover: wordOf(LEFTOVERS, words[RULE]),
    allZero: wordOf(ALL_ZEROS, words[ZERO]),
  };

  for (let bit = 0; bit < METHOD_FLAGS.length; bit++)
    method[METHOD_FLAGS[bit]] = ((words[FLAGS] >> bit) & 1) === 1;
  return method;
}

function readNotices(words, amount) {
  const notices = [];
  if (words[EVENLY] === 1) notices.push({ code: "splitEvenly" });

  const because = wordOf(UNALLOCATED_REASONS, words[REASON]);
  if (because !== undefined) notices.push({ code: "unallocated", amount, because });
  return notices;
}

function checkPlace(place) {
  if (Number.isInteger(place) && place >= 0 && place < 2 ** 32) return;
  throw refusal("noPlace", ["place"], { place: placeText(place) });
}

/** What was given for a place: a number, or a word for what else it is. */
export const placeText = (place) => (typeof place === "number" ? String(place) : typeof place);

function readReason(text) {
  const [part, numerator, denominator, firstPass, leftover, rank, capped, sentence] =
    text.split("\n");

  return {
    part,
    share: { numerator, denominator },
    firstPass,
    leftover,
    rank: rank === "" ? null : Number(rank),
    capped: capped !== "",
    sentence,
  };
}

export const COLUMNS = [Float64Array, BigInt64Array];

/** The bits of the elements: the engine takes 64 of them at a time and reads no numbers from them. */
export const bitsOf = (column) =>
  new BigUint64Array(column.buffer, column.byteOffset, column.length);

export class Splitter {
  #handle;
  #Column;
  #count;
  /** How often it has split: a result knows by this whether it is still there. */
  #turn = 0;

  constructor(options) {
    const { weights, caps, ends, ...others } = fieldsOf(options);
    const method = encode(others).slice();

    const column = copyOf(weights, ["weights"], ...COLUMNS);
    this.#Column = column.constructor;
    this.#count = column.length;

    const isFloat = this.#isFloat;
    const limits = caps === undefined ? undefined : bitsOf(copyOf(caps, ["caps"], this.#Column));
    const places = ends === undefined ? undefined : copyOf(ends, ["ends"], Uint32Array);

    const open = () => engine.splitterOpen(method, isFloat, bitsOf(column), limits, places);
    this.#handle = new Handle(this, "splitter", engine.splitterFree, () => call(open));
  }

  get #isFloat() {
    return this.#Column === Float64Array;
  }

  get length() {
    return this.#count;
  }

  split(amounts) {
    const column = this.#columnOf(amounts);

    // A splitter that is freed or lost makes no later result: its results then say that it is gone, and not that a
    // later result replaced them.
    if (this.#handle.isOpen) this.#turn += 1;
    const turn = this.#turn;
    this.#call(engine.splitterSplit, this.#isFloat, bitsOf(column));

    return new ColumnParts(this.#count, (read) => {
      if (turn !== this.#turn) throw refusal("formerResult", [], {});
      return this.#call(read, this.#isFloat);
    });
  }

  free() {
    this.#handle.free();
  }

  /** A column of the kind of the weights: one amount may stand alone. */
  #columnOf(amounts) {
    if (typeof amounts === "number" && this.#isFloat) return Float64Array.of(amounts);

    if (typeof amounts === "bigint" && !this.#isFloat) {
      if (BigInt.asIntN(64, amounts) === amounts) return BigInt64Array.of(amounts);
      throw refusal("amountTooWide", ["amounts"], {});
    }

    return copyOf(amounts, ["amounts"], this.#Column);
  }

  #call(f, first, second) {
    const answer = this.#handle.call(f, first, second);
    return answer instanceof BigUint64Array ? new this.#Column(answer.buffer) : answer;
  }
}

disposable(Splitter);

/** The parts of the last split of a splitter, in the engine until they are read. */
class ColumnParts {
  #count;
  #read;

  constructor(count, read) {
    this.#count = count;
    this.#read = read;
  }

  get length() {
    return this.#count;
  }

  read(from = 0, to = this.#count) {
    [from, to].forEach(checkPlace);

    const [first, last] = [Math.min(from, this.#count), Math.min(to, this.#count)];
    return this.#read((number, isFloat) =>
      engine.splitterParts(number, isFloat, first, Math.max(first, last)),
    );
  }

  unallocated() {
    return this.#read(engine.splitterUnallocated);
  }

  why(place) {
    checkPlace(place);
    return readReason(this.#read((number) => engine.splitterWhy(number, place)));
  }
}

export function allocateColumns(request) {
  const { amounts, ...options } = fieldsOf(request);
  const splitter = new Splitter(options);
  try {
    const result = splitter.split(amounts);
    return { parts: result.read(), unallocated: result.unallocated() };
  } finally {
    splitter.free();
  }
}

/** The fields of an object as they are now, all or some; of anything else, none. */
export function fieldsOf(object, names = undefined) {
  let segments = [];
  try {
    if (names === undefined) return { ...object };

    const fields = {};
    for (const name of names) {
      segments = [name];
      fields[name] = object[name];
    }
    return fields;
  } catch (cause) {
    throw refusal("valueUnreadable", segments, { cause: describe(cause) }, cause);
  }
}
