// Whether all that a database holds is right: every log is a chain that its book replays, the independent checker
// agrees with every figure, and the rows of documents are those of the book.
import assert from "node:assert/strict";
import { Book } from "setoff";
import { check } from "setoff/check";
import { allRows } from "../src/rows.js";
import { SqlStore } from "../src/store.js";
import { read } from "../src/text.js";

/** Verifies all accounts of a database, and calls `each` with the book of each. Returns how many entries there are. */
export async function verify(database, each = () => {}) {
  const db = await database.open();
  const heads = await db.selectFrom("heads").selectAll().execute();
  let count = 0;
  for (const { tenant, account, version, rows_version: rowsVersion } of heads) {
    const entries = await new SqlStore(database, tenant).entries(read(account), -1);
    assert.equal(entries.length, version + 1, `the entries of ${account}`);
    assert.equal(rowsVersion, version, `the rows of ${account}`);
    if (entries.length === 0) continue;
    count += entries.length;
    const book = Book.replay(entries);
    const { problems } = await check({ lines: book.export(), entries });
    assert.deepEqual(problems, [], account);
    const rows = await db
      .selectFrom("documents")
      .select(["id", "row"])
      .where("tenant", "=", tenant)
      .where("account", "=", account)
      .execute();
    const byId = (one, other) => (one.id < other.id ? -1 : 1);
    const expected = allRows(book).documents.map(({ id, row }) => ({ id, row: JSON.parse(row) }));
    assert.deepEqual(rows.sort(byId), expected.sort(byId), `the rows of ${account}`);
    await each(book, read(account));
    book.free();
  }
  return count;
}
