// Random books that ran natively replay to the same hashes in Node; `npm run proof -- replay` has a million commands.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as setoff from "../../pkg/node.mjs";
import { bookNames, nativeBook } from "./native-books.mjs";
import { replayed } from "./replayed.mjs";

describe("a random book of a thousand commands that ran natively", () => {
  for (const name of bookNames()) {
    test(`is the same in Node: ${name}`, () => {
      const { entries, expected } = nativeBook(name);
      assert.deepEqual(replayed(setoff, entries), expected);
    });
  }
});
