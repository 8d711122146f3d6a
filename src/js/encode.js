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

const utf8 = new TextEncoder();
let spare = new Uint8Array(2 ** 12);

let bytes, length, values, trail, refused;

/** The bytes of `value`. They are good until the next call, unless they are to be kept. */
export function encode(value, isKept = false) {
  // A getter may call the engine, and so come here again: the state of this call waits meanwhile.
  const outer = [bytes, length, values, trail, refused];
  bytes = spare ?? new Uint8Array(2 ** 12);
  spare = undefined;
  length = 0;
  values = 0;
  trail = [];
  refused = undefined;
  try {
    write(value, DEPTH);
    return isKept ? bytes.slice(0, length) : bytes.subarray(0, length);
  } catch (error) {
    // Compared, not asked what it is: whatever a getter throws is foreign, be it a proxy or a refusal of another call.
    if (refused !== undefined && error === refused) throw error;
    throw refuse("unreadableValue", "a value that can be read", `an error: ${describe(error)}`, error);
  } finally {
    if (bytes.length <= KEPT) spare = bytes;
    [bytes, length, values, trail, refused] = outer;
  }
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
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return writeText(FOREIGN, `an object of class ${String(object.constructor?.name).slice(0, 40)}, not a plain one`);
  }
  const fields = [];
  for (const key of Object.keys(object)) {
    trail.push(key);
    const value = object[key];
    if (value !== undefined) fields.push(key, value);
    trail.pop();
  }
  writeByte(OBJECT);
  writeCount(fields.length / 2);
  for (let index = 0; index < fields.length; index += 2) {
    trail.push(fields[index]);
    writeText(undefined, fields[index]);
    write(fields[index + 1], depth);
    trail.pop();
  }
}

function writeNumber(number) {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
    return writeText(NUMBER, Object.is(number, -0) ? "-0" : String(number));
  }
  writeByte(WHOLE);
  if (number >= 0 && number < 2 ** 30) return writeCount(number * 2);
  // Zigzagged it can have 54 bits, which a Number does not hold.
  let rest = number < 0 ? -2n * BigInt(number) - 1n : 2n * BigInt(number);
  for (; rest >= 0x80n; rest >>= 7n) writeByte(Number(rest & 0x7fn) | 0x80);
  writeByte(Number(rest));
}

function writeText(tag, text) {
  if (tag !== undefined) writeByte(tag);
  const count = text.length;
  reserve(count + 5);
  const start = length;
  writeCount(count);
  for (let index = 0; index < count; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) {
      length = start;
      return writeWideText(text);
    }
    bytes[length++] = code;
  }
}

function writeWideText(text) {
  if (/\p{Surrogate}/u.test(text)) throw refuse("invalidText", "well-formed Unicode", "a lone surrogate");
  const wide = utf8.encode(text);
  writeCount(wide.length);
  reserve(wide.length);
  bytes.set(wide, length);
  length += wide.length;
}

function writeCount(count) {
  reserve(5);
  for (; count >= 0x80; count = Math.floor(count / 0x80)) bytes[length++] = (count % 0x80) | 0x80;
  bytes[length++] = count;
}

function writeByte(byte) {
  reserve(1);
  bytes[length++] = byte;
}

function reserve(more) {
  const needed = length + more;
  if (needed <= bytes.length) return;
  if (needed > BYTES) throw refuse("tooLarge", `a request of at most ${BYTES} bytes`, "more");
  const larger = new Uint8Array(Math.min(BYTES, Math.max(needed, bytes.length * 2)));
  larger.set(bytes.subarray(0, length));
  bytes = larger;
}
