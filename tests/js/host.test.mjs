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
  for (const { name, run } of storeChecks(() => new MemoryStore())) test(name, run);
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
      saveSnapshot(account, version, snapshot) {
        return super.saveSnapshot(account.toLowerCase(), version, snapshot);
      }
    }
    assert.deepEqual(await failures(() => new Insensitive()), ["accounts do not know each other"]);
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
      assert.deepEqual([error.name, error.account, error.attempts], ["ConflictError", "A", 3]);
      return true;
    });
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

/** A store that crashes before, within or after an append: its caller never learns what was written. */
class CrashingStore extends MemoryStore {
  constructor(below) {
    super();
    this.below = below;
  }

  async append(account, version, entries) {
    const chance = this.below(6);
    if (chance === 0) throw new Error("crashed before the append");
    const isWritten = await super.append(account, version, entries);
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
});
