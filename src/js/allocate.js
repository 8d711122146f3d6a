// Splits as functions: decimal text in and out.
import { call, engine } from "./engine.js";
import { encode } from "./encode.js";
import { refusal } from "./errors.js";
import { amountText } from "./outcome.js";

// What the words of a split (`src/wire/allocate.rs`) stand for, from 1.
const BECAUSE = [, "separate", "abandoned", "overWeights", "overCaps", "allZero", "noWeights"];
const FIRST_PASS = [, "down", "up", "floor", "ceiling", "halfUp", "halfDown", "halfEven"];
const LEFTOVER = [, "largestRemainder", "largestWeight", "first", "last", "separate", "separateBlocks"];
const ALL_ZERO = [, "refuse", "zeros", "even"];
const FLAGS = [
  ...["fromBack", "mirror", "zeroMayReceive", "allowEmpty", "allowNegative", "capTotal", "allowUnallocated"],
  "abandonIfNothing",
];
const [SCALE, REASON, EVENLY, PASS, RULE, ZERO, BITS, UNALLOCATED, PARTS] = [0, 1, 2, 3, 4, 5, 6, 7, 9];

export function allocate(request) {
  // A copy: it is needed again when somebody asks why.
  const bytes = encode(request).slice();
  return new Allocation(bytes, call(() => engine.allocateText(bytes)));
}

/** A split; read from the engine's words when it is looked at. */
class Allocation {
  #request;
  #words;
  #read = {};

  constructor(request, words) {
    this.#request = request;
    this.#words = words;
  }

  get parts() {
    return (this.#read.parts ??= Array.from({ length: (this.#words.length - PARTS) / 2 }, (_, place) =>
      this.#text(PARTS + place * 2),
    ));
  }

  get unallocated() {
    return this.#text(UNALLOCATED);
  }

  get method() {
    const words = this.#words;
    return (this.#read.method ??= {
      firstPass: FIRST_PASS[words[PASS]],
      leftover: LEFTOVER[words[RULE]],
      allZero: ALL_ZERO[words[ZERO]],
      ...Object.fromEntries(FLAGS.map((name, bit) => [name, ((words[BITS] >> bit) & 1) === 1])),
    });
  }

  get notices() {
    const because = BECAUSE[this.#words[REASON]];
    return (this.#read.notices ??= [
      ...(this.#words[EVENLY] === 1 ? [{ code: "splitEvenly" }] : []),
      ...(because === undefined ? [] : [{ code: "unallocated", amount: this.unallocated, because }]),
    ]);
  }

  why(place) {
    if (!Number.isInteger(place) || place < 0 || place >= 2 ** 32) {
      throw refusal("invalidNumber", "place", "the place of a part, from 0", String(place));
    }
    const text = call(() => engine.allocateWhy(this.#request, place));
    const [part, numerator, denominator, firstPass, leftover, rank, capped, sentence] = text.split("\n");
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

  toJSON() {
    const { parts, unallocated, method, notices } = this;
    return { parts, unallocated, method, notices };
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    return this.toJSON();
  }

  #text(at) {
    return amountText(this.#words[at], this.#words[at + 1], this.#words[SCALE]);
  }
}
