// Proration as functions: plain objects in, plain objects out; many charges at once as typed arrays.
import { ask, call, copyOf, engine } from "./engine.js";
import { encode } from "./encode.js";
import { refusal } from "./errors.js";

export const prorate = ask("prorateOne");
export const previewChange = ask("prorateChange");
export const schedule = ask("prorateSchedule");
export const billingPeriod = ask("proratePeriod");
export const prorationPresets = () => JSON.parse(call(() => engine.proratePresets()));

const ARRAYS = ["prices", "serviceFrom", "serviceTo", "periodFrom", "periodTo"];
const TYPES = [Int32Array, BigInt64Array, Float64Array];
const NOTHING = new Uint8Array(0);

export function prorateColumns(request) {
  if (typeof request !== "object" || request === null) {
    throw refusal("invalidType", "", "an object", request === null ? "null" : typeof request);
  }
  // The arrays cross as bytes, and are named in the request by their class.
  const plain = { ...request };
  let amounts = Float64Array;
  const bytes = ARRAYS.map((name) => {
    const value = plain[name];
    if (value === undefined || (typeof value === "string" && name !== "prices")) return NOTHING;
    const array = copyOf(value, name, ...TYPES);
    plain[name] = array.constructor.name;
    if (name === "prices") amounts = array.constructor;
    return new Uint8Array(array.buffer);
  });
  const encoded = encode(plain);
  return new amounts(call(() => engine.prorateMany(encoded, ...bytes)).buffer);
}
