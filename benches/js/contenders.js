// The engine and its rivals: each has a `name` and a `Book`, with `new Book(commands)` to load documents and
// `preview(command)` to plan an `applyCreditMemo`, whose result lists its applications, documents and lines.
import { Book as SetoffBook, init } from "../../pkg/node.mjs";
import * as big from "./rivals/big.js";
import * as bigint from "./rivals/bigint.js";
import * as decimal from "./rivals/decimal.js";
import * as expert from "./rivals/expert.js";
import * as number from "./rivals/number.js";

await init();

/** A book of the engine's, loaded like a rival's. */
function loaded(commands) {
  const book = new SetoffBook({ currency: "USD" });
  for (const command of commands) book.execute(command);
  return book;
}

export const engine = { name: "setoff", open: loaded };

export const rivals = [expert, number, bigint, decimal, big].map(({ name, Book }) => ({
  name,
  open: (commands) => new Book(commands),
}));

/** The rival that is exact by its very numbers: where it differs, it is the engine that must be doubted. */
export const reference = bigint.name;

/** What of a plan must be equal: all that rivals have. */
export function figures({ amount, notices, applications, documents, lines }) {
  return JSON.stringify({ amount, notices, applications, documents, lines });
}
