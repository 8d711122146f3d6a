// Sums of amounts, added up by the engine: as items of an invoice that is never made.
import { Book } from "setoff";
import { negated } from "../words/amount.js";

/** The sum of some amounts of a currency. */
export function added(currency, amounts) {
  const book = new Book({ currency });
  try {
    const items = amounts.map((amount, place) => ({ id: `${place}`, amount }));
    return book.preview({ type: "createInvoice", at: "2026-01-01", id: "S", items }).document
      .amount;
  } finally {
    book.free();
  }
}

/** One amount less another. */
export function difference(currency, amount, other) {
  if (amount === other) return amount.replace(/[1-9]/g, "0").replace(/^-?0+(?=\d)/, "");
  return added(currency, [amount, negated(other)]);
}
