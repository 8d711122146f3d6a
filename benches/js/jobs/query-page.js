// A page of items for a screen, out of a very long invoice.
import assert from "node:assert/strict";
import { engine } from "../contenders.js";
import { invoice } from "../documents.js";
import { random, whole } from "../random.js";

const ITEMS = 15_000;
const SIZE = 20;

export const queryPage = {
  name: "query-page",
  title: `the first page of ${SIZE} items of an invoice with ${ITEMS}`,
  rounds: 50,
  sampleMs: 4,

  prepare() {
    const next = random(404);
    const cents = (count) => Array.from({ length: count }, () => whole(next, 1_00, 500_00));
    const book = engine.open([invoice("LONG", cents(ITEMS)), invoice("SHORT", cents(SIZE))]);
    const page = (documentId, number) =>
      book.query({ of: "item", where: { documentId }, page: { number, size: SIZE } });
    const cursor = page("LONG", ITEMS / SIZE - 1).next;
    const text = JSON.stringify(page("LONG", 1));
    assert.equal(page("LONG", 1).rows[SIZE - 1].id, `LONG-${SIZE}`);
    assert.equal(page("LONG", ITEMS / SIZE).rows[SIZE - 1].id, `LONG-${ITEMS}`);
    return {
      contenders: [
        { name: "setoff, first page", run: () => page("LONG", 1) },
        { name: "setoff, last page", run: () => page("LONG", ITEMS / SIZE) },
        {
          name: "setoff, last page by cursor",
          run: () =>
            book.query({
              of: "item",
              where: { documentId: "LONG" },
              page: { after: cursor, size: SIZE },
            }),
        },
        { name: `setoff, invoice with only ${SIZE}`, run: () => page("SHORT", 1) },
        // Not a rival, but a measure: what it costs to only make the same objects.
        { name: "JSON.parse of the same page", run: () => JSON.parse(text) },
      ],
      wrong: [],
    };
  },
};
