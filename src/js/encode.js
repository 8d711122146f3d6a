// Plain JavaScript values as bytes (`src/wire/value.rs` reads them). Everything that a caller's own code can do while
// its value is read (getters, proxies) happens here, before the engine is entered; what the value then lacks or has too
// much of, the engine says.
import {
  DEPTH,
  FALSE,
  FOREIGN,
  LIST,
  NAMES,
  NULL,
  NUMBER,
  OBJECT,
  TEXT,
  TRUE,
  WHOLE,
} from "./contract.js";
import { refusal } from "./errors.js";

/** Before a name that has no number yet. */
const NEW = 0;
const BYTES = 2 ** 28;
// In the engine a value takes some 30 times the byte that it can be here.
const VALUES = 2 ** 24;
const KEPT = 2 ** 16;
const PAGE = 2 ** 12;

const utf8 = new TextEncoder();
const hasOwn = Object.prototype.hasOwnProperty;
/** For requests that are done with when their call is. */
let spare = new Uint8Array(PAGE);
/** For requests that are kept: one behind the other, up to `used`. An array of its own for each would take longer. */
let page = new Uint8Array(PAGE);
let used = 0;

let isBusy = false;
let bytes, start, length, values;
/** The names so far, how many they are, and the place of the one that is likely to come next. */
let names = [];
let known, next;
/** Whether no field of the object that is being written may be undefined. */
let isWhole;
/** What was refused, and the keys on the way to it, the last one first. */
let refused, trail;

/**
 * The bytes of `value`. They are good until the next call, unless they are to be kept. Nothing within the field `whole`
 * of the value may be undefined.
 */
export function encode(value, isKept = false, whole = undefined) {
  // A getter may call the engine, and so come here again: the state of this call waits meanwhile.
  const outer = isBusy
    ? [bytes, start, length, values, names, known, next, refused, trail, isWhole]
    : undefined;

  begin(isKept);
  try {
    write(value, DEPTH, whole);
    return isKept && bytes.length > PAGE
      ? bytes.slice(start, length)
      : bytes.subarray(start, length);
  } catch (error) {
    // Nothing of it is kept.
    length = start;
    throw refusalOf(error);
  } finally {
    isBusy = outer !== undefined;
    end(isKept);
    if (isBusy) [bytes, start, length, values, names, known, next, refused, trail, isWhole] = outer;
  }
}

/** The same of a value that is found at `segments`: a refusal says so. */
export function encodeAt(value, segments) {
  try {
    return encode(value);
  } catch (error) {
    const { reason, figures } = error.details;
    throw refusal(reason, [...segments, ...error.segments], figures, error.cause);
  }
}

function begin(isKept) {
  if (isBusy) names = [];
  isBusy = true;
  bytes = (isKept ? page : spare) ?? new Uint8Array(PAGE);
  start = isKept && page !== undefined ? used : 0;
  if (isKept) page = undefined;
  else spare = undefined;
  length = start;

  values = known = next = 0;
  refused = undefined;
  isWhole = false;
  trail = [];
}

function end(isKept) {
  if (isKept && bytes.length === PAGE) {
    page = bytes;
    used = length;
  } else if (bytes.length <= KEPT) {
    spare = bytes;
  }
}

/** What is thrown to refuse the value that is being read; it becomes an error where the way to the value is known. */
function refuse(reason, figures = {}) {
  refused = { reason, figures };
  return refused;
}

/** Notes the field or entry `key`, which an error is on its way out of. */
function leaving(key, error) {
  trail.push(key);
  return error;
}

/** What the caller gets to see of it. */
function refusalOf(error) {
  const segments = trail.reverse();
  // Compared by identity, because a getter can throw anything, also a proxy or the refusal of another call.
  if (refused !== undefined && error === refused)
    return refusal(refused.reason, segments, refused.figures);
  return refusal("valueUnreadable", segments, { cause: describe(error) }, error);
}

/** What a caller's own code threw. */
export function describe(error) {
  try {
    return String(error?.message ?? error).slice(0, 100);
  } catch {
    return "one that cannot be read itself";
  }
}

function write(value, depth, whole) {
  if (++values > VALUES) throw refuse("tooManyValues", { most: VALUES });
  switch (typeof value) {
    case "string":
      return writeText(TEXT, value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return writeByte(value ? TRUE : FALSE);
    case "object":
      if (value === null) return writeByte(NULL);
      if (depth === 0) throw refuse("tooManyLevels", { most: DEPTH });
      return Array.isArray(value)
        ? writeList(value, depth - 1)
        : writeObject(value, depth - 1, whole);
    case "undefined":
      return writeText(FOREIGN, "undefined");
    default:
      return writeText(FOREIGN, typeof value);
  }
}

function writeList(list, depth) {
  const count = list.length;
  // A proxy can say anything.
  if (!Number.isSafeInteger(count) || count < 0) throw refuse("lengthUnreadable");

  writeByte(LIST);
  reserve(9);
  writeCount(count);

  // Where the entries have the same fields, the names of each begin where those of the first began.
  const first = next;
  let index = 0;
  try {
    for (; index < count; index++) {
      const value = list[index];
      // Here and not in the engine: a list of four thousand million holes ends at the first.
      if (value === undefined) throw refuse("valueUndefined");
      next = first;
      write(value, depth);
    }
  } catch (error) {
    throw leaving(index, error);
  }
}

/** Whether an object is of a class; plain objects of another realm are of none. */
export function isInstance(object) {
  const prototype = Object.getPrototypeOf(object);
  return (
    prototype !== null &&
    prototype !== Object.prototype &&
    Object.getPrototypeOf(prototype) !== null
  );
}

/** The name of the class of an object. */
export const classOf = (object) => String(object.constructor?.name).slice(0, 40);

/** Own enumerable fields only. A field that is undefined is left out, but not within the field `whole`. */
function writeObject(object, depth, whole) {
  if (isInstance(object)) return writeInstance(object);

  reserve(2);
  bytes[length++] = OBJECT;
  // Counted from the start, as the bytes may move.
  const counted = length++ - start;
  let count = 0;
  let field;
  try {
    // Faster than asking for the keys first.
    for (const name in object) {
      field = name;
      if (!hasOwn.call(object, name)) continue;
      const value = object[name];
      if (value === undefined) {
        if (isWhole) throw refuse("valueUndefined");
        continue;
      }
      writeName(name);
      if (name === whole) {
        isWhole = true;
        write(value, depth);
        isWhole = false;
      } else {
        write(value, depth);
      }
      count++;
    }
  } catch (error) {
    // A proxy can throw when it is asked for its fields: no field is at fault then.
    throw field === undefined ? error : leaving(field, error);
  }

  if (count < 0x40) bytes[start + counted] = count;
  else recount(counted, count);
}

/** The types of Temporal that say a day or an instant. Others lack an offset, or parts of a day. */
const DATES = ["Temporal.PlainDate", "Temporal.ZonedDateTime", "Temporal.Instant"];

/** A date of Temporal (also of a polyfill) by its text; any other object of a class by the name of the class. */
function writeInstance(object) {
  const tag = object[Symbol.toStringTag];
  // Without the calendar of the reader: the text has the day of ISO 8601 in any case.
  const text = DATES.includes(tag) && object.toString({ calendarName: "never" });
  if (typeof text === "string") return writeText(TEXT, text);
  return writeText(FOREIGN, `class ${DATES.includes(tag) ? tag : classOf(object)}`);
}

/** By its number if it is the one that was likely to come. */
function writeName(name) {
  if (next < known && names[next] === name) {
    next++;
    return writeByte(next);
  }
  writeText(NEW, name);
  if (known < NAMES) names[known++] = name;
  next = known;
}

/** Puts a count of several bytes in the place of the one at `counted` bytes from the start. */
function recount(counted, count) {
  reserve(9);
  const end = length;
  writeCount(count);
  const digits = bytes.slice(end, length);
  bytes.copyWithin(start + counted + digits.length, start + counted + 1, end);
  bytes.set(digits, start + counted);
  length -= 1;
}

function writeNumber(number) {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
    return writeText(NUMBER, Object.is(number, -0) ? "-0" : String(number));
  }
  writeByte(WHOLE);
  reserve(9);
  if (number >= 0 && number < 2 ** 30) return writeCount(number * 2);

  // Zigzagged it can have 54 bits, which a Number does not hold.
  let zigzagged = number < 0 ? -2n * BigInt(number) - 1n : 2n * BigInt(number);
  for (; zigzagged >= 0x40n; zigzagged >>= 6n) bytes[length++] = Number(zigzagged & 0x3fn) | 0x40;
  bytes[length++] = Number(zigzagged);
}

function writeText(tag, text) {
  const count = text.length;
  reserve(count + 10);
  const first = length;

  const into = bytes;
  let end = length;
  into[end++] = tag;
  if (count < 0x40) {
    into[end++] = count;
  } else {
    length = end;
    writeCount(count);
    end = length;
  }

  // Plain letters, one by one: for a few of them nothing is faster.
  for (let index = 0; index < count; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) {
      length = first;
      return writeWideText(tag, text);
    }
    into[end++] = code;
  }
  length = end;
}

function writeWideText(tag, text) {
  if (/\p{Surrogate}/u.test(text)) throw refuse("loneSurrogate");
  const wide = utf8.encode(text);
  reserve(wide.length + 10);
  bytes[length++] = tag;
  writeCount(wide.length);
  bytes.set(wide, length);
  length += wide.length;
}

/** A number from 0; there is room for it. */
function writeCount(count) {
  for (; count >= 0x40; count = Math.floor(count / 0x40)) bytes[length++] = (count % 0x40) | 0x40;
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
  if (needed > BYTES) throw refuse("tooManyBytes", { most: BYTES });

  let larger = spare;
  if (larger === undefined || larger.length < needed) {
    larger = new Uint8Array(Math.min(BYTES, Math.max(PAGE, needed, written * 2)));
  } else {
    spare = undefined;
  }

  larger.set(bytes.subarray(start, length));
  [bytes, start, length] = [larger, 0, written];
}
