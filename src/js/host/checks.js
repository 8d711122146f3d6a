// What every store must do, as checks that any test runner can run.

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

const CHECKS = {
  "an account without entries has version -1": async (store) => {
    const { snapshot, entries, version } = await store.load("new");
    equal([snapshot, entries, version], [undefined, [], -1], "what is loaded");
    equal(await store.entries("new", -1), [], "its entries");
  },

  "entries come back as they were, in their order": async (store) => {
    const texts = ["", 'a "quote"', "\u{1f600} ﬁ", "x".repeat(100_000), "line\nline"];
    const entries = texts.map((note, version) => entry(version, note));
    equal(await store.append("A", -1, entries.slice(0, 2)), true, "the first append");
    equal(await store.append("A", 1, entries.slice(2)), true, "the second append");
    const loaded = await store.load("A");
    equal([loaded.entries, loaded.version], [entries, 4], "what is loaded");
    equal(await store.entries("A", -1), entries, "all entries");
    equal(await store.entries("A", 2), entries.slice(3), "the entries after a version");
    equal(await store.entries("A", 4), [], "the entries after the last");
  },

  "the tenth entry comes after the ninth": async (store) => {
    const entries = Array.from({ length: 120 }, (_, version) => entry(version));
    await store.append("A", -1, entries.slice(0, 9));
    await store.append("A", 8, entries.slice(9));
    const loaded = await store.load("A");
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
    const { entries, version } = await store.load("A");
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
    const { entries } = await store.load("A");
    equal(entries, [entry(0), ...writers[written.indexOf(true)]], "what is loaded");
  },

  "accounts do not know each other": async (store) => {
    const accounts = ["A", "a", "A ", "A/B", "A'; --", "\u{1f600}", ""];
    for (const [index, account] of accounts.entries())
      equal(await store.append(account, -1, [entry(0, `${index}`)]), true, `account "${account}"`);
    for (const [index, account] of accounts.entries())
      equal((await store.load(account)).entries, [entry(0, `${index}`)], `account "${account}"`);
  },

  "what was loaded is a copy": async (store) => {
    await store.append("A", -1, [entry(0)]);
    (await store.load("A")).entries[0].command.type = "another";
    equal((await store.load("A")).entries, [entry(0)], "what is loaded again");
  },

  "what was given is copied": async (store) => {
    const given = [entry(0)];
    const bytes = BYTES.slice();
    await store.append("A", -1, given);
    await store.saveSnapshot?.("A", 0, bytes);
    given[0].command.type = "another";
    bytes.fill(0);
    equal(await store.entries("A", -1), [entry(0)], "the entries");
    if (store.saveSnapshot) equal((await store.load("A")).snapshot, BYTES, "the snapshot");
  },

  "a snapshot is a Uint8Array": async (store) => {
    if (store.saveSnapshot === undefined) return;
    const long = new Uint8Array(300_000).map((_, index) => index);
    await store.append("A", -1, [entry(0)]);
    for (const bytes of [BYTES, new Uint8Array(0), long, long.subarray(100, 200)]) {
      await store.saveSnapshot("A", 0, bytes);
      const { snapshot } = await store.load("A");
      // The Buffer of Node is one, also in the tests of jsdom, which have other classes of their own.
      if (typeOfArray.call(snapshot) !== "Uint8Array")
        throw new Error(`the snapshot is no Uint8Array, but ${kindOf(snapshot)}`);
      equal(snapshot, bytes, "the snapshot");
    }
  },

  "a snapshot that comes late leaves nothing out": async (store) => {
    if (store.saveSnapshot === undefined) return;
    await store.append("A", -1, [entry(0), entry(1), entry(2)]);
    await store.saveSnapshot("A", 2, BYTES.slice(2));
    // Another process was slower. Either of the two may stay, with what comes after it.
    await store.saveSnapshot("A", 1, BYTES.slice(1));
    const { snapshot, entries, version } = await store.load("A");
    const kept = snapshot.length === BYTES.length - 1 ? 1 : 2;
    equal(snapshot, BYTES.slice(kept), "the snapshot");
    equal([entries, version], [[entry(2)].slice(kept - 1), 2], "what is loaded");
  },

  "a snapshot comes with the entries after it": async (store) => {
    if (store.saveSnapshot === undefined) return;
    await store.append("A", -1, [entry(0), entry(1), entry(2)]);
    await store.saveSnapshot("A", 1, BYTES);
    const first = await store.load("A");
    equal([first.snapshot, first.entries, first.version], [BYTES, [entry(2)], 2], "what is loaded");
    await store.append("A", 2, [entry(3)]);
    const later = await store.load("A");
    equal([later.snapshot, later.entries], [BYTES, [entry(2), entry(3)]], "what is loaded later");
    equal(
      await store.entries("A", -1),
      [0, 1, 2, 3].map((version) => entry(version)),
      "all entries",
    );
    await store.saveSnapshot("A", 3, BYTES.slice(1));
    const last = await store.load("A");
    equal([last.snapshot, last.entries], [BYTES.slice(1), []], "what is loaded at last");
  },
};

/** The checks by name. `makeStore` returns an empty store. */
export function storeChecks(makeStore) {
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    run: async () => check(await makeStore()),
  }));
}
