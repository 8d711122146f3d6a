// What every store must do, as checks that any test runner can run.
import { stored } from "./stored.js";

/** Entries as a store sees them: it must keep every value and need not understand any. */
const entry = (version, note = null) => ({
  version,
  id: null,
  actor: null,
  note,
  recordedAt: null,
  command: {
    type: "createInvoice",
    at: "2026-03-01",
    invoice: {
      id: `I-${version}`,
      items: [{ id: "a", amount: "-0.10" }],
      customFields: { n: 0.1, t: true, z: null },
    },
  },
  effect: "0123456789abcdef",
  previous: "0".repeat(64),
  hash: "f".repeat(64),
});

/** What kind of array something is, whatever realm it comes from; `undefined` of anything else. */
const typeOfArray = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

const kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);

function equal(actual, expected, what) {
  const texts = [actual, expected].map((value) => JSON.stringify(sorted(value)));
  if (texts[0] !== texts[1]) throw new Error(`${what}: ${texts[0]} is not ${texts[1]}`);
}

/** The same with the fields of objects in the order of their names: a store may keep them in another. */
function sorted(value) {
  if (ArrayBuffer.isView(value)) return [...value];
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** What a store has of accounts: the notes of their entries. */
async function notesOf(store, accounts) {
  const notes = [];
  for (const account of accounts) {
    const entries = await store.entries(account, -1);
    notes.push(entries.map(({ note }) => note));
  }
  return notes;
}

/** Whether something is refused, by a rejection or by what is thrown at once. */
async function isRefused(act) {
  try {
    await act();
  } catch {
    return true;
  }
  return false;
}

/** Writes an entry to each of some accounts, and reads them again as often as another writer was faster. */
async function writeInsistently(store, accounts, note) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const writes = [];
    for (const account of accounts) {
      const { version } = await stored(store, account);
      writes.push({ account, version, entries: [entry(version + 1, note)] });
    }

    const [{ account, version, entries }] = writes;
    const isWritten =
      writes.length === 1
        ? await store.append(account, version, entries)
        : await store.appendAll(writes);
    if (isWritten) return;
  }
  throw new Error(`The writer of ${note} was refused a hundred times.`);
}

/** What every store must do. */
const CHECKS = {
  "an account without entries has version -1": async (store) => {
    const { snapshot, entries, version } = await stored(store, "new");
    equal([snapshot, entries, version], [undefined, [], -1], "what is loaded");
    equal(await store.entries("new", -1), [], "its entries");
  },

  "entries come back as they were, in their order": async (store) => {
    const texts = ["", 'a "quote"', "\u{1f600} ﬁ", "x".repeat(100_000), "line\nline"];
    const entries = texts.map((note, version) => entry(version, note));

    equal(await store.append("A", -1, entries.slice(0, 2)), true, "the first append");
    equal(await store.append("A", 1, entries.slice(2)), true, "the second append");

    const loaded = await stored(store, "A");
    equal([loaded.entries, loaded.version], [entries, 4], "what is loaded");

    equal(await store.entries("A", -1), entries, "all entries");
    equal(await store.entries("A", 2), entries.slice(3), "the entries after a version");
    equal(await store.entries("A", 4), [], "the entries after the last");
  },

  "the tenth entry comes after the ninth": async (store) => {
    const entries = Array.from({ length: 120 }, (_, version) => entry(version));

    await store.append("A", -1, entries.slice(0, 9));
    await store.append("A", 8, entries.slice(9));

    const loaded = await stored(store, "A");
    equal([loaded.entries, loaded.version], [entries, 119], "what is loaded");
    equal(await store.entries("A", 9), entries.slice(10), "the entries after the ninth");
  },

  "entries on another version than the last are refused, and none of them is written": async (
    store,
  ) => {
    await store.append("A", -1, [entry(0), entry(1)]);
    for (const [version, entries] of [
      [-1, [entry(0)]],
      [0, [entry(1), entry(2)]],
      [2, [entry(3)]],
    ])
      equal(await store.append("A", version, entries), false, `an append on version ${version}`);

    const { entries, version } = await stored(store, "A");
    equal([entries, version], [[entry(0), entry(1)], 1], "what is loaded");
  },

  "of several writers at a time exactly one is written": async (store) => {
    await store.append("A", -1, [entry(0)]);

    const writers = Array.from({ length: 8 }, (_, writer) => [
      entry(1, `${writer}`),
      entry(2, `${writer}`),
    ]);
    const written = await Promise.all(writers.map((entries) => store.append("A", 0, entries)));

    equal(written.filter((isWritten) => isWritten).length, 1, "the writers that were written");
    const { entries } = await stored(store, "A");
    equal(entries, [entry(0), ...writers[written.indexOf(true)]], "what is loaded");
  },

  "accounts do not know each other": async (store) => {
    const accounts = ["A", "a", "A ", "A/B", "A'; --", "\u{1f600}", ""];
    for (const [index, account] of accounts.entries())
      equal(await store.append(account, -1, [entry(0, `${index}`)]), true, `account "${account}"`);

    for (const [index, account] of accounts.entries())
      equal((await stored(store, account)).entries, [entry(0, `${index}`)], `account "${account}"`);
  },

  "what was loaded is a copy": async (store) => {
    await store.append("A", -1, [entry(0)]);
    (await stored(store, "A")).entries[0].command.type = "another";
    equal((await stored(store, "A")).entries, [entry(0)], "what is loaded again");
  },

  "what was given is copied": async (store) => {
    const entries = [entry(0)];
    await store.append("A", -1, entries);
    entries[0].command.type = "another";
    equal(await store.entries("A", -1), [entry(0)], "the entries");
  },
};

/** What a store must do that has `saveSnapshot`. */
const CHECKS_OF_SNAPSHOTS = {
  "a snapshot that was given is copied": async (store) => {
    const bytes = BYTES.slice();

    await store.append("A", -1, [entry(0)]);
    await store.saveSnapshot("A", 0, bytes);

    bytes.fill(0);
    equal((await stored(store, "A")).snapshot, BYTES, "the snapshot");
  },

  "a snapshot is a Uint8Array": async (store) => {
    const long = new Uint8Array(300_000).map((_, index) => index);
    await store.append("A", -1, [entry(0)]);

    for (const bytes of [BYTES, new Uint8Array(0), long, long.subarray(100, 200)]) {
      await store.saveSnapshot("A", 0, bytes);
      const { snapshot } = await stored(store, "A");
      // The Buffer of Node is one, also in the tests of jsdom, which have other classes of their own.
      if (typeOfArray.call(snapshot) !== "Uint8Array")
        throw new Error(`the snapshot is no Uint8Array, but ${kindOf(snapshot)}`);
      equal(snapshot, bytes, "the snapshot");
    }
  },

  "a snapshot that comes late leaves nothing out": async (store) => {
    await store.append("A", -1, [entry(0), entry(1), entry(2)]);

    await store.saveSnapshot("A", 2, BYTES.slice(2));
    // Another process was slower. Either of the two may stay, with what comes after it.
    await store.saveSnapshot("A", 1, BYTES.slice(1));

    const { snapshot, entries, version } = await stored(store, "A");
    const kept = snapshot.length === BYTES.length - 1 ? 1 : 2;
    equal(snapshot, BYTES.slice(kept), "the snapshot");
    equal([entries, version], [[entry(2)].slice(kept - 1), 2], "what is loaded");
  },

  "a snapshot comes with the entries after it": async (store) => {
    await store.append("A", -1, [entry(0), entry(1), entry(2)]);
    await store.saveSnapshot("A", 1, BYTES);
    const first = await stored(store, "A");
    equal([first.snapshot, first.entries, first.version], [BYTES, [entry(2)], 2], "what is loaded");

    await store.append("A", 2, [entry(3)]);
    const later = await stored(store, "A");
    equal([later.snapshot, later.entries], [BYTES, [entry(2), entry(3)]], "what is loaded later");

    equal(
      await store.entries("A", -1),
      [0, 1, 2, 3].map((version) => entry(version)),
      "all entries",
    );

    await store.saveSnapshot("A", 3, BYTES.slice(1));
    const last = await stored(store, "A");
    equal([last.snapshot, last.entries], [BYTES.slice(1), []], "what is loaded at last");
  },
};

/** Pairs of three accounts, in both orders. */
const PAIRS = ["A", "B", "C"].flatMap((first) =>
  ["A", "B", "C"].filter((second) => second !== first).map((second) => [first, second]),
);

/** What a store must do that has `appendAll`. */
const CHECKS_OF_SEVERAL = {
  "several accounts are written together": async (store) => {
    await store.append("A", -1, [entry(0, "a")]);

    const writes = [
      { account: "B", version: -1, entries: [entry(0, "b"), entry(1, "c")] },
      { account: "A", version: 0, entries: [entry(1, "d")] },
    ];

    equal(await store.appendAll(writes), true, "the append");
    equal(
      await notesOf(store, ["A", "B"]),
      [
        ["a", "d"],
        ["b", "c"],
      ],
      "the entries",
    );

    equal((await stored(store, "A")).version, 1, "the version of the first");
    equal((await stored(store, "B")).version, 1, "the version of the second");
    equal(await store.appendAll([]), true, "an append of nothing");
  },

  "a conflict of one of several accounts refuses them all": async (store) => {
    const accounts = ["A", "B", "C"];
    for (const account of accounts) await store.append(account, -1, [entry(0)]);
    for (const behind of accounts) {
      for (const wrong of [-1, 1, 7]) {
        const writes = accounts.map((account) => {
          const version = account === behind ? wrong : 0;
          return { account, version, entries: [entry(version + 1, "late")] };
        });
        equal(await store.appendAll(writes), false, `"${behind}" on version ${wrong}`);
      }
    }
    equal(await notesOf(store, accounts), [[null], [null], [null]], "the entries");
  },

  "what is only read together with what is written is compared": async (store) => {
    await store.append("A", -1, [entry(0)]);
    const together = (version) => [
      { account: "B", version: -1, entries: [entry(0)] },
      { account: "A", version, entries: [] },
    ];

    equal(await store.appendAll(together(-1)), false, "on a version of before");
    equal(await notesOf(store, ["A", "B"]), [[null], []], "the entries");
    equal(await store.appendAll(together(0)), true, "on the version of now");
    equal(await notesOf(store, ["A", "B"]), [[null], [null]], "the entries then");

    const nowhere = [{ account: "new", version: -1, entries: [] }];
    equal(await store.appendAll(nowhere), true, "nothing, in a new account");
    equal((await stored(store, "new")).version, -1, "the version of the new account");
  },

  "an account that is stated twice is refused": async (store) => {
    const twice = [
      { account: "A", version: -1, entries: [entry(0)] },
      { account: "B", version: -1, entries: [entry(0)] },
      { account: "A", version: 0, entries: [entry(1)] },
    ];

    equal(await isRefused(() => store.appendAll(twice)), true, "whether it is refused");
    equal(await notesOf(store, ["A", "B"]), [[], []], "the entries");
  },

  "an error at one of several accounts leaves nothing written": async (store) => {
    const broken = {
      ...entry(1),
      get command() {
        throw new Error("This cannot be copied.");
      },
    };
    const writes = [
      { account: "A", version: -1, entries: [entry(0)] },
      { account: "B", version: -1, entries: [entry(0), broken] },
    ];

    equal(await isRefused(() => store.appendAll(writes)), true, "whether it is refused");
    equal(await notesOf(store, ["A", "B"]), [[], []], "the entries");
    equal(await store.appendAll(writes.slice(0, 1)), true, "a later append");
  },

  "of writers of overlapping accounts at a time none waits for ever, and none is half written":
    async (store) => {
      for (const account of ["A", "B", "C"]) await store.append(account, -1, [entry(0, "first")]);

      const written = await Promise.all(
        PAIRS.map((accounts) => {
          const note = accounts.join();
          return store.appendAll(
            accounts.map((account) => ({ account, version: 0, entries: [entry(1, note)] })),
          );
        }),
      );

      // Any two of these pairs have an account in common.
      equal(written.filter((isWritten) => isWritten).length, 1, "the writers that were written");
      const winner = PAIRS[written.indexOf(true)];
      const expected = ["A", "B", "C"].map((account) =>
        winner.includes(account) ? ["first", winner.join()] : ["first"],
      );
      equal(await notesOf(store, ["A", "B", "C"]), expected, "the entries");
    },

  "writers of overlapping accounts that insist are all written, in one order": async (store) => {
    const writers = [...PAIRS, ["A"], ["B"], ["C"]];
    await Promise.all(
      writers.map((accounts) => writeInsistently(store, accounts, accounts.join())),
    );

    const [a, b, c] = await notesOf(store, ["A", "B", "C"]);
    for (const [account, notes] of Object.entries({ A: a, B: b, C: c })) {
      const expected = writers
        .filter((names) => names.includes(account))
        .map((names) => `${names}`);
      equal([...notes].sort(), expected.sort(), `the entries of "${account}"`);
    }

    for (const [first, second] of [
      [a, b],
      [b, c],
      [c, a],
    ])
      equal(
        first.filter((note) => second.includes(note)),
        second.filter((note) => first.includes(note)),
        "the order of what two accounts have in common",
      );
  },
};

/** Checks, those of a part that a store may lack with the name of that part. */
const checksOf = (makeStore, checks, part) =>
  Object.entries(checks).map(([name, check]) => ({
    name,
    async run() {
      const store = await makeStore();
      if (part !== undefined && store[part] === undefined)
        return { skipped: `The store has no \`${part}\`.` };
      await check(store);
      return { skipped: null };
    },
  }));

/** The checks by name. `makeStore` returns an empty store. */
export const storeChecks = (makeStore) => [
  ...checksOf(makeStore, CHECKS),
  ...checksOf(makeStore, CHECKS_OF_SNAPSHOTS, "saveSnapshot"),
  ...checksOf(makeStore, CHECKS_OF_SEVERAL, "appendAll"),
];
