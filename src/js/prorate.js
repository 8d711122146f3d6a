// Proration as functions: plain objects in, plain objects out; many charges at once as typed arrays.
import { bitsOf, COLUMNS, fieldsOf } from "./allocate.js";
import { ask, call, copyOf, engine } from "./engine.js";
import { encode } from "./encode.js";

export const prorate = ask("prorateOne");
export const previewChange = ask("prorateChange");
export const schedule = ask("prorateSchedule");
export const billingPeriod = ask("proratePeriod");
export const prorationPresets = () => JSON.parse(call(() => engine.proratePresets()));

const ARRAYS = ["prices", "serviceFrom", "serviceTo", "periodFrom", "periodTo"];
const NOTHING = new BigUint64Array(0);

export function prorateColumns(request) {
  const plain = fieldsOf(request);
  let Amounts;
  // The arrays cross by the bits of their elements, and are named in the request by their class.
  const bits = ARRAYS.map((name) => {
    const value = plain[name];
    // A day or moment that is the same for all charges stays in the request, as its text.
    if (value === undefined || (typeof value === "string" && name !== "prices")) return NOTHING;

    const column = copyOf(value, [name], ...COLUMNS);
    plain[name] = column.constructor.name;
    if (name === "prices") Amounts = column.constructor;
    return bitsOf(column);
  });

  const encoded = encode(plain);
  return new Amounts(call(() => engine.prorateMany(encoded, ...bits)).buffer);
}
