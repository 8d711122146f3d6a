// The bytes that `encode` wrote, as plain values again: a plan shows its command as it was read, whatever the caller
// does to the object later.
import { FALSE, LIST, NAMES, NULL, NUMBER, OBJECT, TEXT, TRUE, WHOLE } from "./contract.js";

let utf8;
/** What is being read, and how far it has been. */
let bytes, position;
/** The names with numbers. */
let names;

/** The value of bytes that the engine has understood. */
export function decode(encoded) {
  [bytes, position, names] = [encoded, 0, []];
  return read();
}

function read() {
  switch (bytes[position++]) {
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case WHOLE:
      return readWhole();
    case TEXT:
      return readText();
    case LIST:
      return Array.from({ length: readCount() }, read);
    case OBJECT:
      return readObject();
    case NUMBER:
      return Number(readText());
  }
}

function readObject() {
  const object = {};
  for (let remaining = readCount(); remaining > 0; remaining--) {
    const name = readName();
    const value = read();

    if (name !== "__proto__") object[name] = value;
    else Object.defineProperty(object, name, { ...FIELD, value });
  }
  return object;
}

const FIELD = { writable: true, enumerable: true, configurable: true };

function readName() {
  const number = bytes[position++];
  if (number > 0) return names[number - 1];
  const name = readText();
  if (names.length < NAMES) names.push(name);
  return name;
}

/** Groups of six bits, the lowest first. Beyond 32 bits a number is made by adding, which is exact to 2⁵³. */
function readCount() {
  let count = 0;
  for (let factor = 1; ; factor *= 0x40) {
    const group = bytes[position++];
    count += (group & 0x3f) * factor;
    if (group < 0x40) return count;
  }
}

/** Zigzagged, a number can have 54 bits, which a Number does not hold: the lowest is read apart. */
function readWhole() {
  const first = bytes[position];
  const isNegative = (first & 1) === 1;
  let half = (first & 0x3f) >> 1;
  for (let factor = 0x20; bytes[position++] >= 0x40; factor *= 0x40)
    half += (bytes[position] & 0x3f) * factor;
  return isNegative ? -half - 1 : half;
}

function readText() {
  const count = readCount();
  const end = position + count;

  // Few plain letters are read faster one by one than by a decoder.
  let text = "";
  for (let index = position; index < end; index++) {
    if (bytes[index] >= 0x80 || count > FEW) {
      utf8 ??= new TextDecoder("utf-8", { ignoreBOM: true });
      text = utf8.decode(bytes.subarray(position, end));
      break;
    }
    text += String.fromCharCode(bytes[index]);
  }

  position = end;
  return text;
}

const FEW = 64;
