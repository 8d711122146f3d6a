// Books behind a store: transactions, conflicts, crashes, retries.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConflictError, Host, MemoryStore, storeChecks } from "../../pkg/host.js";
import * as setoff from "../../pkg/node.mjs";

const { Book } = setoff;
const OPTIONS = { bookOptions: { currency: "USD" } };
const AT = "2026-03-01";

const invoice = (id, amount) => ({
  type: "createInvoice",
  at: AT,
  id,
  autoPost: true,
  items: [{ id: "a", amount }],
});
const payment = (id, amount, invoiceId) => ({
  type: "createPayment",
  at: AT,
  id,
  amount,
  invoices: [{ invoiceId, amount }],
});
const open = (book) => book.query({ of: "invoice" }).rows[0].balance;

/** Whole numbers below `bound` that follow from `seed` alone. */
function random(seed) {
  let state = BigInt(seed) * 2n + 1n;
  return (bound) => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number((state >> 33n) % BigInt(bound));
  };
}

describe("the store in memory", () => {
  for (const { name, run } of storeChecks(() => new MemoryStore()))
    test(name, async () => assert.deepEqual(await run(), { skipped: null }));
});

/** A store of entries and nothing else. */
class PlainStore {
  #store = new MemoryStore();

  entries(account, after) {
    return this.#store.entries(account, after);
  }

  append(account, version, entries) {
    return this.#store.append(account, version, entries);
  }
}

describe("a store of two functions", () => {
  test("passes its checks, and those of what it lacks say that they were skipped", async () => {
    const results = {};
    for (const { name, run } of storeChecks(() => new PlainStore())) {
      const { skipped } = await run();
      (results[skipped] ??= []).push(name);
    }
    assert.equal(results.null.length, 8);
    const snapshots = results["The store has no `saveSnapshot`."];
    assert.ok(snapshots.includes("a snapshot comes with the entries after it"));
    const several = results["The store has no `appendAll`."];
    assert.ok(several.includes("several accounts are written together"));
    const skipped = new Set(Object.keys(results));
    assert.equal(skipped.size, 3);
  });

  test("is enough for a host", async () => {
    const store = new PlainStore();
    await new Host(setoff, store, OPTIONS).transact("A", (book) =>
      book.execute(invoice("I", "100.00")),
    );
    const other = new Host(setoff, store, OPTIONS);
    assert.equal(await other.read("A", open), "100.00");
    assert.equal(await other.audit("A", open), "100.00");
  });
});

describe("the checks of stores find a store that", () => {
  const failures = async (makeStore) => {
    const failed = [];
    for (const { name, run } of storeChecks(makeStore)) await run().catch(() => failed.push(name));
    return failed;
  };

  test("appends whatever it gets", async () => {
    class Careless extends MemoryStore {
      async append(account, _, entries) {
        for (;;) {
          const { version } = await this.load(account);
          if (await super.append(account, version, entries)) return true;
        }
      }
    }
    assert.deepEqual(await failures(() => new Careless()), [
      "entries on another version than the last are refused, and none of them is written",
      "of several writers at a time exactly one is written",
    ]);
  });

  test("takes accounts for one that differ in case", async () => {
    class Insensitive extends MemoryStore {
      load(account) {
        return super.load(account.toLowerCase());
      }
      entries(account, after) {
        return super.entries(account.toLowerCase(), after);
      }
      append(account, version, entries) {
        return super.append(account.toLowerCase(), version, entries);
      }
      appendAll(writes) {
        const named = ({ account, ...write }) => ({ account: account.toLowerCase(), ...write });
        return super.appendAll(writes.map(named));
      }
      saveSnapshot(account, version, snapshot) {
        return super.saveSnapshot(account.toLowerCase(), version, snapshot);
      }
    }
    assert.deepEqual(await failures(() => new Insensitive()), ["accounts do not know each other"]);
  });

  test("writes to several accounts one after another", async () => {
    class Stepwise extends MemoryStore {
      async appendAll(writes) {
        for (const { account, version, entries } of writes)
          if (!(await this.append(account, version, entries))) return false;
        return true;
      }
    }
    assert.deepEqual(await failures(() => new Stepwise()), [
      "a conflict of one of several accounts refuses them all",
      "what is only read together with what is written is compared",
      "an account that is stated twice is refused",
      "an error at one of several accounts leaves nothing written",
      "of writers of overlapping accounts at a time none waits for ever, and none is half written",
      "writers of overlapping accounts that insist are all written, in one order",
    ]);
  });

  test("compares the versions of the accounts alone that it writes to", async () => {
    class Writing extends MemoryStore {
      appendAll(writes) {
        return super.appendAll(writes.filter(({ entries }) => entries.length > 0));
      }
    }
    assert.deepEqual(await failures(() => new Writing()), [
      "what is only read together with what is written is compared",
    ]);
  });
});

describe("the checks of stores find a store that gives a snapshot back", () => {
  const kinds = {
    "as an ArrayBuffer": (bytes) => bytes.buffer.slice(0),
    "as a list": (bytes) => [...bytes],
    "as an object, as JSON would": (bytes) => ({ ...bytes }),
    "as JSON of a Buffer": (bytes) => Buffer.from(bytes).toJSON(),
    "as base 64": (bytes) => Buffer.from(bytes).toString("base64"),
    "as a DataView": (bytes) => new DataView(bytes.slice().buffer),
    "as other whole numbers": (bytes) => Uint8ClampedArray.from(bytes),
  };
  const storeOf = (change) =>
    class extends MemoryStore {
      async load(account) {
        const { snapshot, ...loaded } = await super.load(account);
        return { ...loaded, snapshot: snapshot && change(snapshot) };
      }
    };
  const failures = async (Store) => {
    const failed = [];
    for (const { name, run } of storeChecks(() => new Store()))
      await run().catch(() => failed.push(name));
    return failed;
  };

  for (const [name, change] of Object.entries(kinds)) {
    test(name, async () => {
      assert.ok((await failures(storeOf(change))).includes("a snapshot is a Uint8Array"));
    });
  }

  test("but a Buffer is a Uint8Array, and a book is restored from it", async () => {
    const Store = storeOf((bytes) => Buffer.from(bytes));
    assert.deepEqual(await failures(Store), []);
    const store = new Store();
    const write = new Host(setoff, store, { ...OPTIONS, snapshotEvery: 1 });
    await write.transact("A", (book) => book.execute(invoice("I", "100.00")));
    assert.equal(await new Host(setoff, store, OPTIONS).read("A", open), "100.00");
  });

  test("that is late, without what comes after it", async () => {
    class Forgetful extends MemoryStore {
      async load(account) {
        const { snapshot, entries, version } = await super.load(account);
        return { snapshot, entries: snapshot ? entries.slice(1) : entries, version };
      }
    }
    assert.ok(
      (await failures(Forgetful)).includes("a snapshot that comes late leaves nothing out"),
    );
  });

  test("and entries in the order of their versions as texts", async () => {
    class AsText extends MemoryStore {
      async entries(account, after) {
        const entries = await super.entries(account, after);
        return entries.sort((a, b) => `${a.version}`.localeCompare(`${b.version}`));
      }
    }
    assert.deepEqual(await failures(AsText), ["the tenth entry comes after the ninth"]);
  });

  test("and what it was given, not a copy", async () => {
    class Borrowing extends MemoryStore {
      #given = [];
      async append(account, version, entries) {
        const isWritten = await super.append(account, version, entries);
        if (isWritten) this.#given.push(...entries);
        return isWritten;
      }
      async entries(account, after) {
        const entries = await super.entries(account, after);
        return account === "A" ? this.#given.slice(after + 1) : entries;
      }
    }
    assert.ok((await failures(Borrowing)).includes("what was given is copied"));
  });
});

/** A store that counts how often it is asked. */
class CountingStore extends MemoryStore {
  asked = [];
  load(account) {
    this.asked.push("load");
    return super.load(account);
  }
  entries(account, after) {
    this.asked.push("entries");
    return super.entries(account, after);
  }
  append(account, version, entries) {
    this.asked.push("append");
    return super.append(account, version, entries);
  }
}

describe("a host", () => {
  test("asks its store once for a transaction on a book that it has", async () => {
    const store = new CountingStore();
    // The loads of the store in memory ask for entries, too.
    const asked = async (work) => {
      store.asked.length = 0;
      await work();
      return store.asked.filter((each, place) => store.asked[place - 1] !== "load");
    };
    const host = new Host(setoff, store, OPTIONS);
    const write = (id) => () => host.transact("A", (book) => book.execute(invoice(id, "1.00")));
    assert.deepEqual(await asked(write("I")), ["load", "append"]);
    assert.deepEqual(await asked(write("J")), ["append"]);
    assert.deepEqual(await asked(() => host.transact("A", open)), ["entries"]);
    assert.deepEqual(await asked(() => host.read("A", open)), ["entries"]);
    const other = new Host(setoff, store, OPTIONS);
    assert.deepEqual(await asked(() => other.transact("A", open)), ["load"]);
    // Another process writes: the append finds out.
    await asked(write("K"));
    const late = () => other.transact("A", (book) => book.execute(invoice("L", "1.00")));
    assert.deepEqual(await asked(late), ["append", "load", "append"]);
  });

  test("writes what a transaction executes, and loads it elsewhere", async () => {
    const store = new MemoryStore();
    const one = new Host(setoff, store, OPTIONS);
    await one.transact("A", (book) => book.execute(invoice("I", "100.00")));
    await one.transact("A", (book) => {
      book.execute(payment("P", "30.00", "I"));
      book.execute(payment("Q", "20.00", "I"));
    });
    const other = new Host(setoff, store, OPTIONS);
    assert.equal(await other.read("A", open), "50.00");
    assert.equal((await store.load("A")).version, 3);
    assert.equal(await other.read("B", (book) => book.version), 0);
    assert.equal((await store.load("B")).version, -1);
  });

  test("runs a transaction again if another process wrote first", async () => {
    const store = new MemoryStore();
    const [one, other] = [new Host(setoff, store, OPTIONS), new Host(setoff, store, OPTIONS)];
    await one.transact("A", (book) => book.execute(invoice("I", "100.00")));
    await other.read("A", open);
    await one.transact("A", (book) => book.execute(payment("P", "80.00", "I")));

    // 30.00 would be too much now.
    await assert.rejects(
      other.transact("A", (book) => book.execute(payment("Q", "30.00", "I"))),
      { code: "exceedsBalance" },
    );
    let runs = 0;
    const balance = await other.transact("A", (book) => {
      runs += 1;
      book.execute(payment("Q", "20.00", "I"));
      return open(book);
    });
    assert.deepEqual([runs, balance, await one.read("A", open)], [1, "0.00", "0.00"]);
  });

  test("shows its store the book that made the entries", async () => {
    const store = new MemoryStore();
    const seen = [];
    const append = store.append.bind(store);
    store.append = (account, version, entries, book) => {
      seen.push([account, book.version, open(book)]);
      return append(account, version, entries);
    };
    const appendAll = store.appendAll.bind(store);
    store.appendAll = (writes) => {
      seen.push(...writes.map(({ account, book }) => [account, book.version]));
      return appendAll(writes);
    };
    const host = new Host(setoff, store, OPTIONS);
    await host.transact("A", (book) => book.execute(invoice("I", "100.00")));
    await host.transactAll(["A", "B"], move("M", "10.00"));
    assert.deepEqual(seen, [
      ["A", 1, "100.00"],
      ["A", 2],
      ["B", 1],
    ]);
  });

  test("writes nothing of a transaction that throws, or of what is only read", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, OPTIONS);
    await host.transact("A", (book) => book.execute(invoice("I", "100.00")));
    const error = new Error("changed my mind");
    const half = host.transact("A", (book) => {
      book.execute(payment("P", "80.00", "I"));
      throw error;
    });
    await assert.rejects(half, (thrown) => thrown === error);
    await host.read("A", (book) => book.execute(payment("P", "80.00", "I")));
    assert.equal(await host.read("A", open), "100.00");
    assert.equal((await store.load("A")).version, 1);
  });

  test("does not answer from a book of before", async () => {
    const store = new MemoryStore();
    const [one, other] = [new Host(setoff, store, OPTIONS), new Host(setoff, store, OPTIONS)];
    await other.transact("A", (book) => book.execute(invoice("I", "100.00")));
    await one.transact("A", (book) => book.execute(invoice("J", "50.00"), { id: "one" }));
    await one.transact("A", (book) => book.execute(payment("P", "50.00", "J"), { id: "two" }));
    // The request comes again elsewhere, where nobody has heard of the invoice yet.
    const again = (book) => book.execute(payment("P", "50.00", "J"), { id: "two" }).repeated;
    assert.equal(await other.transact("A", again), true);
    await one.transact("A", (book) => book.execute(payment("Q", "100.00", "I")));
    const owed = (book) => book.query({ of: "account" }).rows[0].balance;
    assert.equal(await other.transact("A", owed), "0.00");
  });

  test("runs again where another process wrote while it ran, also after an error", async () => {
    const store = new MemoryStore();
    const [one, other] = [new Host(setoff, store, OPTIONS), new Host(setoff, store, OPTIONS)];
    let runs = 0;
    const version = await other.transact("A", async (book) => {
      runs += 1;
      if (runs === 1) await one.transact("A", (own) => own.execute(invoice("I", "10.00")));
      return book.execute(payment("P", "10.00", "I")).version;
    });
    assert.deepEqual([runs, version], [2, 2]);
  });

  test("explains an operation of long ago, also behind a snapshot", async () => {
    const store = new MemoryStore();
    const write = new Host(setoff, store, { ...OPTIONS, snapshotEvery: 1 });
    await write.transact("A", (book) => book.execute(invoice("I", "100.00")));
    const { applicationGroupId } = await write.transact("A", (book) =>
      book.execute(payment("P", "30.00", "I")),
    );
    const host = new Host(setoff, store, OPTIONS);
    const reasons = await host.audit("A", (book) => book.explain({ applicationGroupId }));
    assert.deepEqual([reasons[0].amount, reasons[0].received[0].open], ["30.00", "100.00"]);
    assert.equal(await host.audit("new", (book) => book.version), 0);
  });

  test("does without a snapshot that cannot be saved", async () => {
    const store = new MemoryStore();
    store.saveSnapshot = async () => {
      throw new Error("disk full");
    };
    const host = new Host(setoff, store, { ...OPTIONS, snapshotEvery: 1 });
    await host.transact("A", (book) => book.execute(invoice("I", "100.00")));
    assert.equal((await store.load("A")).version, 1);
  });

  test("gives up when others are always faster, and says so", async () => {
    const store = new MemoryStore();
    store.append = async () => false;
    const host = new Host(setoff, store, { ...OPTIONS, attempts: 3 });
    const transaction = host.transact("A", (book) => book.execute(invoice("I", "1.00")));
    await assert.rejects(transaction, (error) => {
      assert.ok(error instanceof ConflictError);
      assert.deepEqual([error.name, error.accounts, error.attempts], ["ConflictError", ["A"], 3]);
      return true;
    });
  });

  test("refuses what is no name of an account, and writes nothing", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, OPTIONS);
    const pay = (book) => book.execute(payment("P", "1.00"));
    for (const account of [undefined, null, 5, {}, "", ["A"], Symbol("A")]) {
      for (const attempt of [
        host.transact(account, pay),
        host.transactAll([account], ([book]) => pay(book)),
        host.transactAll(["A", account], ([book]) => pay(book)),
        host.read(account, () => assert.fail("read")),
        host.audit(account, () => assert.fail("read")),
      ])
        await assert.rejects(attempt, { name: "TypeError", message: /account must be a text/ });
    }
    // A text would be a list of its letters.
    await assert.rejects(host.transactAll("AB", pay), { message: /must be a list of their names/ });
    for (const name of ["undefined", "null", "5", "A", "B"])
      assert.equal((await store.load(name)).version, -1);
  });

  test("refuses a host without its parts, before any account is asked for", () => {
    const store = new MemoryStore();
    const half = { entries: async () => [] };
    for (const [engine, given, options, message] of [
      [undefined, store, OPTIONS, /The engine must be the package itself/],
      [{}, store, OPTIONS, /The engine must be the package itself/],
      [setoff, undefined, OPTIONS, /The store must have the function `entries`/],
      [setoff, half, OPTIONS, /The store must have the function `append`/],
      [setoff, store, undefined, /The option `bookOptions` must be/],
      [setoff, store, null, /The option `bookOptions` must be/],
      [setoff, store, {}, /The option `bookOptions` must be/],
      [setoff, store, { bookOptions: null }, /The option `bookOptions` must be/],
      [setoff, store, { bookOptions: "USD" }, /The option `bookOptions` must be/],
    ])
      assert.throws(() => new Host(engine, given, options), { name: "TypeError", message });
  });

  test("refuses options that are no counts", () => {
    for (const [option, least] of [
      ["attempts", 1],
      ["snapshotEvery", 1],
      ["keep", 0],
    ]) {
      const hostWith = (count) =>
        new Host(setoff, new MemoryStore(), { ...OPTIONS, [option]: count });
      for (const count of [least - 1, NaN, -1, 1.5, "3", null])
        assert.throws(() => hostWith(count), {
          name: "TypeError",
          message: `The option \`${option}\` must be a whole number from ${least} on.`,
        });
      for (const count of [undefined, least, Infinity]) hostWith(count);
    }
  });

  test("forgets a book that was freed by its work", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, OPTIONS);
    await host.transact("A", (book) => book.execute(invoice("I", "10.00")));
    const free = (book) => {
      book.execute(payment("P", "1.00", "I"));
      book.free();
    };
    for (const attempt of [
      () => host.transact("A", free),
      () => host.transactAll(["A", "B"], ([book]) => free(book)),
      () => host.read("A", free),
    ]) {
      await assert.rejects(attempt, { code: "bookFreed" });
      assert.equal(await host.transact("A", open), "10.00");
    }
    // Nothing of what the freed book had was written.
    assert.equal((await store.load("A")).version, 1);
  });

  test("replays the entries where the snapshot is damaged, and then saves a right one", async () => {
    const store = new MemoryStore();
    const write = new Host(setoff, store, { ...OPTIONS, snapshotEvery: 2 });
    await write.transact("A", (book) => book.execute(invoice("I", "10.00")));
    const { snapshot } = await store.load("A");
    for (const damaged of [
      new Uint8Array(0),
      snapshot.slice(0, -1),
      snapshot.with(9, ~snapshot[9]),
    ]) {
      await store.saveSnapshot("A", 1, damaged);
      assert.equal(await new Host(setoff, store, OPTIONS).read("A", open), "10.00");
    }

    const host = new Host(setoff, store, OPTIONS);
    await host.transact("A", (book) => book.execute(payment("P", "1.00", "I")));
    const later = await store.load("A");
    assert.deepEqual([later.version, later.entries], [2, []]);
    assert.equal(open(Book.restore(later.snapshot)), "9.00");
  });

  test("lets transactions of one account come one after another", async () => {
    const host = new Host(setoff, new MemoryStore(), OPTIONS);
    await host.transact("A", (book) => book.execute(invoice("I", "10.00")));
    const ids = Array.from({ length: 10 }, (_, place) => `P-${place}`);
    const pay = (id) =>
      host.transact("A", async (book) => {
        await null;
        return book.execute(payment(id, "1.00", "I"), { id }).version;
      });
    assert.deepEqual(await Promise.all(ids.map(pay)), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.equal(await host.read("A", open), "0.00");
  });

  test("keeps as many books as it is told, and loads the others again", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, { ...OPTIONS, keep: 2, snapshotEvery: 2 });
    for (let round = 0; round < 3; round++) {
      for (const account of ["A", "B", "C", "D"])
        await host.transact(account, (book) => book.execute(invoice(`I-${round}`, "1.00")));
    }
    const { snapshot, entries } = await store.load("C");
    assert.notEqual(snapshot, undefined);
    assert.ok(entries.length < 4, "not all are loaded");
    assert.equal(await host.read("C", (book) => book.query({ of: "invoice" }).rows.length), 3);
    host.close();
    assert.equal(await host.read("C", (book) => book.version), 3);
  });
});

/** An amount enters the second of two books as a payment, and leaves the first as one that is refunded. */
const move = (id, amount) => (books) => {
  const [from, to] = books;
  from.execute({ type: "createPayment", at: AT, id: `${id}-out`, amount }, { id });
  to.execute({ type: "createPayment", at: AT, id: `${id}-in`, amount }, { id });
  return books.map((book) => book.version);
};
const paymentsOf = (book) =>
  book.query({ of: "payment", sort: [{ by: "id" }] }).rows.map(({ id }) => id);

describe("a transaction over several accounts", () => {
  test("writes to all of them, in whatever order it names them", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, OPTIONS);
    assert.deepEqual(await host.transactAll(["A", "B"], move("M", "10.00")), [1, 1]);
    assert.deepEqual(await host.transactAll(["B", "A"], move("N", "5.00")), [2, 2]);
    const other = new Host(setoff, store, OPTIONS);
    assert.deepEqual(await other.read("A", paymentsOf), ["M-out", "N-in"]);
    assert.deepEqual(await other.read("B", paymentsOf), ["M-in", "N-out"]);
    assert.equal(await host.transactAll(["A"], ([book]) => book.version), 2);
    assert.equal(await host.transactAll([], (books) => books.length), 0);
  });

  test("writes nothing where it throws, in whichever book", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, OPTIONS);
    await host.transact("B", (book) =>
      book.execute({ type: "createPayment", at: AT, id: "M-in", amount: "1.00" }),
    );
    await assert.rejects(host.transactAll(["A", "B"], move("M", "10.00")), { code: "duplicateId" });
    await assert.rejects(host.transactAll(["B", "A"], move("M-in", "0.00")));
    assert.equal((await store.load("A")).version, -1);
    assert.equal((await store.load("B")).version, 1);
    assert.equal(await host.read("A", (book) => book.version), 0);
  });

  test("runs again if another process wrote to one of them, also to one that it only reads", async () => {
    for (const written of ["A", "B"]) {
      const store = new MemoryStore();
      const [one, other] = [new Host(setoff, store, OPTIONS), new Host(setoff, store, OPTIONS)];
      for (const account of ["A", "B"])
        await one.transact(account, (book) => book.execute(invoice("I", "10.00")));
      let runs = 0;
      const versions = await other.transactAll(["A", "B"], async ([a, b]) => {
        runs += 1;
        if (runs === 1) await one.transact(written, (book) => book.execute(invoice("J", "1.00")));
        // Only the second book is written to.
        b.execute(invoice("K", "1.00"));
        return [a.version, b.version];
      });
      assert.deepEqual([runs, versions], [2, written === "A" ? [2, 2] : [1, 3]], written);
    }
  });

  test("reads its books as they were at one moment", async () => {
    const store = new MemoryStore();
    const [one, other] = [new Host(setoff, store, OPTIONS), new Host(setoff, store, OPTIONS)];
    // The second book is loaded after another process has written to both.
    const load = store.load.bind(store);
    let isFirst = true;
    store.load = async (account) => {
      if (account === "B" && isFirst) {
        isFirst = false;
        await one.transactAll(["A", "B"], move("M", "10.00"));
      }
      return load(account);
    };
    const seen = await other.transactAll(["A", "B"], (books) => books.map(paymentsOf));
    assert.deepEqual(seen, [["M-out"], ["M-in"]]);
  });

  test("waits for no other that waits for it", { timeout: 20_000 }, async () => {
    const host = new Host(setoff, new MemoryStore(), { ...OPTIONS, keep: 0 });
    const pairs = [
      ["A", "B"],
      ["B", "A"],
      ["B", "C"],
      ["C", "A"],
      ["A", "C"],
    ];
    const moves = Array.from({ length: 50 }, (_, at) =>
      host.transactAll(pairs[at % pairs.length], async (books) => {
        await null;
        return move(`M-${at}`, "1.00")(books);
      }),
    );
    const single = host.transact("B", (book) => book.version);
    await Promise.all([...moves, single]);
    assert.deepEqual(
      await Promise.all(["A", "B", "C"].map((name) => host.read(name, (book) => book.version))),
      [40, 30, 30],
    );
  });

  test("is refused where an account is named twice, or the store writes to one alone", async () => {
    const store = new MemoryStore();
    const host = new Host(setoff, store, OPTIONS);
    await assert.rejects(host.transactAll(["A", "B", "A"], move("M", "1.00")), TypeError);
    const simple = {
      load: (account) => store.load(account),
      entries: (account, after) => store.entries(account, after),
      append: (account, version, entries) => store.append(account, version, entries),
    };
    const old = new Host(setoff, simple, OPTIONS);
    await assert.rejects(old.transactAll(["A", "B"], move("M", "1.00")), /no `appendAll`/);
    await old.transactAll(["A"], ([book]) => book.execute(invoice("I", "1.00")));
    assert.equal((await store.load("A")).version, 1);
    assert.equal((await store.load("B")).version, -1);
  });

  test("gives up when others are always faster, and names its accounts", async () => {
    const store = new MemoryStore();
    store.appendAll = async () => false;
    const host = new Host(setoff, store, { ...OPTIONS, attempts: 2 });
    await assert.rejects(host.transactAll(["A", "B"], move("M", "1.00")), (error) => {
      assert.ok(error instanceof ConflictError);
      assert.deepEqual([error.accounts, error.attempts], [["A", "B"], 2]);
      return true;
    });
  });
});

/** A store that crashes before, within or after an append: its caller never learns what was written. */
class CrashingStore extends MemoryStore {
  constructor(below) {
    super();
    this.below = below;
  }

  append(account, version, entries) {
    return this.#crashing(() => super.append(account, version, entries));
  }

  appendAll(writes) {
    return this.#crashing(() => super.appendAll(writes));
  }

  async #crashing(append) {
    const chance = this.below(6);
    if (chance === 0) throw new Error("crashed before the append");
    const isWritten = await append();
    if (chance === 1) throw new Error("crashed after the append");
    return isWritten;
  }
}

describe("two writers over a store that crashes", () => {
  const count = Number(process.env.SETOFF_INTERLEAVINGS ?? 300);
  const first = Number(process.env.SETOFF_SEED ?? Math.floor(Math.random() * 1e9));

  test(`lose nothing and do nothing twice (${count} interleavings from seed ${first})`, async () => {
    for (let seed = first; seed < first + count; seed++) await interleaving(seed);
  });

  test(`move each amount once, out of one book and into another (${count} interleavings)`, async () => {
    for (let seed = first; seed < first + count; seed++) await moves(seed);
  });

  async function interleaving(seed) {
    const below = random(seed);
    const store = new CrashingStore(below);
    const hosts = [0, 1].map(
      () => new Host(setoff, store, { ...OPTIONS, keep: below(3), snapshotEvery: 1 + below(4) }),
    );
    // Each command has an identifier, and whoever gets no answer asks again, anywhere.
    const insist = async (command, id) => {
      for (;;) {
        try {
          return await hosts[below(2)].transact("A", (book) => book.execute(command, { id }));
        } catch (error) {
          if (!error.message.startsWith("crashed")) throw error;
        }
      }
    };
    await insist(invoice("I", "100.00"), "open");
    const payments = Array.from({ length: 2 + below(6) }, (_, place) => ({
      id: `P-${place}`,
      amount: `${1 + below(9)}.${below(10)}0`,
    }));
    const asks = payments.flatMap(({ id, amount }) =>
      // Some clients ask twice from the start.
      Array.from({ length: 1 + below(2) }, () => insist(payment(id, amount, "I"), id)),
    );
    await Promise.all(asks);

    const all = await store.entries("A", -1);
    const paid = payments.reduce((sum, { amount }) => sum + Math.round(Number(amount) * 100), 0);
    const book = Book.replay(all);
    assert.equal(open(book), ((10_000 - paid) / 100).toFixed(2), `seed ${seed}`);
    assert.equal(all.length, payments.length + 2, `seed ${seed}`);
    for (const host of hosts) {
      assert.equal(await host.read("A", (own) => own.hash()), book.hash(), `seed ${seed}`);
      host.close();
    }
    book.free();
  }

  async function moves(seed) {
    const below = random(seed);
    const store = new CrashingStore(below);
    const hosts = [0, 1].map(
      () => new Host(setoff, store, { ...OPTIONS, keep: below(4), snapshotEvery: 1 + below(4) }),
    );
    const insist = async (accounts, work) => {
      for (;;) {
        try {
          return await hosts[below(2)].transactAll(accounts, work);
        } catch (error) {
          if (!error.message.startsWith("crashed")) throw error;
        }
      }
    };
    const names = ["A", "B", "C"];
    const expected = new Map(names.map((name) => [name, []]));
    const asks = Array.from({ length: 2 + below(6) }, (_, at) => {
      const from = below(3);
      const accounts = [names[from], names[(from + 1 + below(2)) % 3]];
      expected.get(accounts[0]).push(`M-${at}-out`);
      expected.get(accounts[1]).push(`M-${at}-in`);
      const work = move(`M-${at}`, `${1 + below(9)}.00`);
      return Array.from({ length: 1 + below(2) }, () => insist(accounts, work));
    });
    await Promise.all(asks.flat());

    for (const name of names) {
      const all = await store.entries(name, -1);
      const ids = all.slice(1).map(({ command }) => command.payment?.id ?? command.id);
      assert.deepEqual(ids.sort(), expected.get(name).sort(), `seed ${seed}, account ${name}`);
      if (all.length === 0) continue;
      const book = Book.replay(all);
      for (const host of hosts)
        assert.equal(await host.read(name, (own) => own.hash()), book.hash(), `seed ${seed}`);
      book.free();
    }
    for (const host of hosts) host.close();
  }
});
