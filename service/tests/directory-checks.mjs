// What every directory of a handler must do, as checks that any test runner can run: like `storeChecks` of
// `setoff/host`.
import assert from "node:assert/strict";

const memo = (id, more = {}) => ({
  kind: "creditMemo",
  id,
  accountId: "A",
  number: null,
  prefix: "CM",
  ...more,
});
const account = (id, more = {}) => ({
  kind: "account",
  id,
  number: null,
  prefix: "A",
  currency: "USD",
  data: { name: `Name of ${id}` },
  ...more,
});

const CHECKS = {
  "numbers are counted by prefix, with eight digits": async (directory) => {
    assert.equal(await directory.reserve(memo("1")), "CM00000001");
    assert.equal(await directory.reserve(memo("2")), "CM00000002");
    assert.equal(
      await directory.reserve(memo("3", { kind: "debitMemo", prefix: "DM" })),
      "DM00000001",
    );
  },

  "the same identifier gets the same number again": async (directory) => {
    const first = await directory.reserve(memo("1"));
    await directory.reserve(memo("2"));
    assert.equal(await directory.reserve(memo("1")), first);
  },

  "a stated number is given once in a kind": async (directory) => {
    assert.equal(await directory.reserve(memo("1", { number: "X-1" })), "X-1");
    assert.equal(await directory.reserve(memo("2", { number: "X-1" })), null);
    assert.equal(await directory.reserve(memo("3", { kind: "invoice", number: "X-1" })), "X-1");
    assert.equal(await directory.reserve(memo("1", { number: "X-1" })), "X-1");
  },

  "a number that somebody stated is passed over": async (directory) => {
    await directory.reserve(memo("1", { number: "CM00000001" }));
    assert.equal(await directory.reserve(memo("2")), "CM00000002");
  },

  "a number that was released is free": async (directory) => {
    await directory.reserve(memo("1", { number: "X-1" }));
    await directory.release("1");
    await directory.release("nothing");
    assert.equal(await directory.find(["creditMemo"], "1"), null);
    assert.equal(await directory.reserve(memo("2", { number: "X-1" })), "X-1");
  },

  "documents are found by identifier or, among kinds, by number": async (directory) => {
    await directory.reserve(memo("1"));
    await directory.reserve(memo("2", { kind: "invoice", prefix: "INV" }));
    const first = { kind: "creditMemo", id: "1", number: "CM00000001", accountId: "A" };
    assert.deepEqual(await directory.find(["creditMemo"], "1"), first);
    assert.deepEqual(await directory.find(["invoice", "creditMemo"], "CM00000001"), first);
    assert.equal(await directory.find(["invoice"], "CM00000001"), null);
    assert.equal(await directory.find(["invoice"], "1"), null);
    assert.equal(await directory.find(["creditMemo"], "nothing"), null);
  },

  "an identifier is before a number": async (directory) => {
    await directory.reserve(memo("1", { number: "2" }));
    await directory.reserve(memo("2", { number: "1" }));
    assert.equal((await directory.find(["creditMemo"], "2")).id, "2");
    assert.equal((await directory.find(["creditMemo"], "1")).id, "1");
  },

  "accounts are found with all that was said of them": async (directory) => {
    const data = { name: 'A "b"', nested: { list: [1.5, null, "\u0000\u0001\u{1f600}"] } };
    await directory.reserve(account("a", { data }));
    await directory.reserve(account("b", { number: "N" }));
    const first = { id: "a", number: "A00000001", currency: "USD", data };
    assert.deepEqual(await directory.account("a"), first);
    assert.deepEqual(await directory.account("A00000001"), first);
    assert.equal((await directory.account("N")).id, "b");
    assert.equal(await directory.account("nothing"), null);
    assert.equal(await directory.find(["creditMemo"], "a"), null);
    const ids = (await directory.accounts()).map(({ id }) => id);
    assert.deepEqual(ids.sort(), ["a", "b"]);
  },

  "odd names are names like others": async (directory) => {
    const names = [
      "",
      " ",
      "a'; drop table names; --",
      "%",
      "_",
      "\u0000",
      "\u0001",
      "\u{1f600}",
      "é",
      "é",
    ];
    for (const id of names) await directory.reserve(memo(id, { number: `N${id}` }));
    for (const id of names) {
      const found = await directory.find(["creditMemo"], id);
      assert.deepEqual([found.id, found.number], [id, `N${id}`]);
      assert.equal((await directory.find(["creditMemo"], `N${id}`)).id, id);
    }
  },

  "what is kept replaces what was kept under the name": async (directory) => {
    assert.equal(await directory.kept("job", "1"), null);
    await directory.keep("job", "1", { a: [1, "\u0000"] });
    await directory.keep("file", "1", { b: 2 });
    assert.deepEqual(await directory.kept("job", "1"), { a: [1, "\u0000"] });
    await directory.keep("job", "1", { c: 3 });
    assert.deepEqual(await directory.kept("job", "1"), { c: 3 });
    assert.deepEqual(await directory.kept("file", "1"), { b: 2 });
  },

  "of many at a time no two get the same number": async (directory) => {
    const ids = Array.from({ length: 30 }, (_, place) => `${place}`);
    const numbers = await Promise.all(ids.map((id) => directory.reserve(memo(id))));
    assert.equal(new Set(numbers).size, 30);
    const same = await Promise.all(ids.map(() => directory.reserve(memo("same"))));
    assert.equal(new Set(same).size, 1);
  },
};

/** The checks by name. `makeDirectory` returns an empty directory. */
export function directoryChecks(makeDirectory) {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    run: async () => check(await makeDirectory()),
  }));
}
