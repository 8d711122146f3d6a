// Plain JavaScript values as bytes (`src/wire/value.rs` reads them). Everything that a caller's own code can do while
// its value is read (getters, proxies) happens here, before the engine is entered; what the value then lacks or has too
// much of, the engine says.
import { refusal } from "./errors.js";

const [NULL, FALSE, TRUE, WHOLE, TEXT, LIST, OBJECT, NUMBER, FOREIGN] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const DEPTH = 32;
const BYTES = 2 ** 28;
// In the engine a value takes some 30 times the byte that it can be here.
const VALUES = 2 ** 24;
const KEPT = 2 ** 16;
const PAGE = 2 ** 12;

const utf8 = new TextEncoder();
/** For requests that are done with when their call is. */
let spare = new Uint8Array(PAGE);
/** For requests that are kept: one behind the other, up to `used`. An array of its own for each would take longer. */
let page = new Uint8Array(PAGE);
let used = 0;

let bytes, start, length, values, trail, refused;

/** The bytes of `value`. They are good until the next call, unless they are to be kept. */
export function encode(value, isKept = false) {
  // A getter may call the engine, and so come here again: the state of this call waits meanwhile.
  const outer = [bytes, start, length, values, trail, refused];
  begin(isKept);
  try {
    write(value, DEPTH);
    return isKept && bytes.length > PAGE ? bytes.slice(start, length) : bytes.subarray(start, length);
  } catch (error) {
    // Nothing of it is kept.
    length = start;
    // Compared, not asked what it is: whatever a getter throws is foreign, be it a proxy or a refusal of another call.
    if (refused !== undefined && error === refused) throw error;
    throw refuse("unreadableValue", "a value that can be read", `an error: ${describe(error)}`, error);
  } finally {
    end(isKept);
    [bytes, start, length, values, trail, refused] = outer;
  }
}

function begin(isKept) {
  if (isKept) {
    [bytes, start] = page === undefined ? [new Uint8Array(PAGE), 0] : [page, used];
    page = undefined;
  } else {
    [bytes, start] = [spare ?? new Uint8Array(PAGE), 0];
    spare = undefined;
  }
  length = start;
  values = 0;
  trail = [];
  refused = undefined;
}

function end(isKept) {
  if (isKept && bytes.length === PAGE) [page, used] = [bytes, length];
  else if (bytes.length <= KEPT) spare = bytes;
}

/** A refusal at the place that is being read. */
function refuse(code, needed, found, cause) {
  const step = (key) => (typeof key === "number" ? `[${key}]` : `.${key}`);
  const path = trail.map(step).join("").replace(/^\./, "");
  refused = refusal(code, path, needed, found, cause);
  return refused;
}

function describe(error) {
  try {
    return String(error?.message ?? error).slice(0, 100);
  } catch {
    return "one that cannot be read itself";
  }
}

function write(value, depth) {
  if (++values > VALUES) throw refuse("tooLarge", `at most ${VALUES} values`, "more");
  switch (typeof value) {
    case "string":
      return writeText(TEXT, value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return writeByte(value ? TRUE : FALSE);
    case "object":
      if (value === null) return writeByte(NULL);
      if (depth === 0) throw refuse("tooDeep", `at most ${DEPTH} levels`, "more");
      return Array.isArray(value) ? writeList(value, depth - 1) : writeObject(value, depth - 1);
    case "undefined":
      return writeText(FOREIGN, "undefined");
    default:
      return writeText(FOREIGN, `a ${typeof value}`);
  }
}

function writeList(list, depth) {
  const count = list.length;
  // A proxy can say anything.
  if (!Number.isSafeInteger(count) || count < 0) throw refuse("unreadableValue", "a list's length", "none");
  writeByte(LIST);
  reserve(5);
  writeCount(count);
  for (let index = 0; index < count; index++) {
    trail.push(index);
    const value = list[index];
    // Here and not in the engine: a list of four thousand million holes ends at the first.
    if (value === undefined) throw refuse("invalidType", "a value", "undefined");
    write(value, depth);
    trail.pop();
  }
}

/** Own enumerable fields only. A field that is undefined is left out. */
function writeObject(object, depth) {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    return writeText(FOREIGN, `an object of class ${String(object.constructor?.name).slice(0, 40)}, not a plain one`);
  }
  const keys = Object.keys(object);
  writeByte(OBJECT);
  reserve(5);
  // Counted from the start, as the bytes may move.
  const counted = length - start;
  writeCount(keys.length);
  const body = length - start;
  let absent = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    trail.push(key);
    const value = object[key];
    if (value === undefined) {
      absent++;
    } else {
      writeText(undefined, key);
      write(value, depth);
    }
    trail.pop();
  }
  if (absent > 0) recount(start + counted, start + body, keys.length - absent);
}

/** Puts another count in the place of the one between `from` and `to`. */
function recount(from, to, count) {
  const end = length;
  length = from;
  writeCount(count);
  bytes.copyWithin(length, to, end);
  length += end - to;
}

function writeNumber(number) {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
    return writeText(NUMBER, Object.is(number, -0) ? "-0" : String(number));
  }
  writeByte(WHOLE);
  reserve(5);
  if (number >= 0 && number < 2 ** 30) return writeCount(number * 2);
  // Zigzagged it can have 54 bits, which a Number does not hold.
  let rest = number < 0 ? -2n * BigInt(number) - 1n : 2n * BigInt(number);
  for (; rest >= 0x80n; rest >>= 7n) writeByte(Number(rest & 0x7fn) | 0x80);
  writeByte(Number(rest));
}

function writeText(tag, text) {
  const count = text.length;
  reserve(count + 6);
  const first = length;
  const into = bytes;
  let at = length;
  if (tag !== undefined) into[at++] = tag;
  if (count < 0x80) {
    into[at++] = count;
  } else {
    length = at;
    writeCount(count);
    at = length;
  }
  // Plain letters, one by one: for a few of them nothing is faster.
  for (let index = 0; index < count; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) {
      length = first;
      return writeWideText(tag, text);
    }
    into[at++] = code;
  }
  length = at;
}

function writeWideText(tag, text) {
  if (/\p{Surrogate}/u.test(text)) throw refuse("invalidText", "well-formed Unicode", "a lone surrogate");
  const wide = utf8.encode(text);
  reserve(wide.length + 6);
  if (tag !== undefined) bytes[length++] = tag;
  writeCount(wide.length);
  bytes.set(wide, length);
  length += wide.length;
}

/** A number from 0; there is room for it. */
function writeCount(count) {
  for (; count >= 0x80; count = Math.floor(count / 0x80)) bytes[length++] = (count % 0x80) | 0x80;
  bytes[length++] = count;
}

function writeByte(byte) {
  reserve(1);
  bytes[length++] = byte;
}

function reserve(more) {
  if (length + more <= bytes.length) return;
  const written = length - start;
  const needed = written + more;
  if (needed > BYTES) throw refuse("tooLarge", `a request of at most ${BYTES} bytes`, "more");
  let larger = spare;
  if (larger === undefined || larger.length < needed) {
    larger = new Uint8Array(Math.min(BYTES, Math.max(PAGE, needed, written * 2)));
  } else {
    spare = undefined;
  }
  larger.set(bytes.subarray(start, length));
  [bytes, start, length] = [larger, 0, written];
}
