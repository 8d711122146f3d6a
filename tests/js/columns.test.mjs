// Splits in columns: typed arrays in and out, loaded once or used once.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildFaultInjection, faultInjectionDir } from "../../scripts/build.mjs";
import * as setoff from "../../pkg/node.mjs";
import { ownPackage, someBook, thrownBy } from "./fixture.mjs";

const { allocate, allocateColumns, Splitter } = setoff;
const floats = (...values) => Float64Array.from(values);
const bigints = (...values) => BigInt64Array.from(values.map(BigInt));

suite("columns", () => {
  test("are split one by one, or as many splits", () => {
    // 5,000 each of 15,000: 1333.33…, the unit left over to the first.
    assert.deepEqual(allocateColumns({ amounts: 4000, weights: floats(5000, 5000, 5000) }), {
      parts: floats(1334, 1333, 1333),
      unallocated: floats(0),
    });
    // 100 over 1, 1, 1; −5 over 3, 7: −1.5 and −3.5, mirrored: the earlier gets the unit; nothing over nothing.
    const many = { weights: bigints(1, 1, 1, 3, 7), ends: Uint32Array.of(3, 5) };
    assert.deepEqual(
      allocateColumns({ ...many, amounts: bigints(100, -5) }).parts,
      bigints(34, 33, 33, -2, -3),
    );
    assert.deepEqual(
      allocateColumns({ amounts: bigints(), weights: bigints(), ends: Uint32Array.of() }),
      {
        parts: bigints(),
        unallocated: bigints(),
      },
    );
  });

  test("give what the text gives, by every method", () => {
    const [amount, weights, caps] = [-1234, [70, 30, 0, 450], [700, 800, 900, 1000]];
    const leftovers = [
      "largestRemainder",
      "largestWeight",
      "first",
      "last",
      "separate",
      "separateBlocks",
    ];
    for (const firstPass of ["down", "up", "floor", "ceiling", "halfUp", "halfDown", "halfEven"]) {
      for (const leftover of leftovers) {
        for (const mirror of [true, false]) {
          const method = { firstPass, leftover, mirror };
          // Nothing but a mirror knows what caps of an amount below zero are.
          const text = allocate({
            amount: `${amount}`,
            weights: weights.map(String),
            ...(mirror ? { caps: caps.map(String) } : {}),
            method,
          });
          const columns = {
            weights: floats(...weights),
            ...(mirror ? { caps: floats(...caps) } : {}),
            method,
          };
          const { parts, unallocated } = allocateColumns({ amounts: amount, ...columns });
          assert.deepEqual([...parts].map(String), text.parts);
          assert.deepEqual(String(unallocated[0]), text.unallocated);
        }
      }
    }
  });

  test("keep every bit of a whole number", () => {
    const most = 2n ** 63n - 1n;
    assert.deepEqual(allocateColumns({ amounts: most, weights: bigints(1) }).parts, bigints(most));
    assert.deepEqual(
      allocateColumns({ amounts: -most, weights: bigints(1, 0) }).parts,
      bigints(-most, 0),
    );
    const safe = 2 ** 53;
    assert.deepEqual(
      allocateColumns({ amounts: -safe, weights: floats(safe) }).parts,
      floats(-safe),
    );
    // A view of a part of a buffer.
    const view = floats(9, 1, 2, 9).subarray(1, 3);
    assert.deepEqual(allocateColumns({ amounts: 3, weights: view }).parts, floats(1, 2));
  });

  test("are loaded once, split often, and read page by page", () => {
    const splitter = new Splitter({ weights: floats(1, 2, 3, 4), ends: Uint32Array.of(2, 4) });
    const result = splitter.split(floats(30, 70));
    assert.deepEqual([splitter.length, result.length], [4, 4]);
    assert.deepEqual(result.read(), floats(10, 20, 30, 40));
    assert.deepEqual(result.read(1, 3), floats(20, 30));
    assert.deepEqual(result.read(3), floats(40));
    assert.deepEqual(
      [result.read(4), result.read(2, 1), result.read(3, 99)],
      [floats(), floats(), floats(40)],
    );
    assert.deepEqual(result.unallocated(), floats(0, 0));
    assert.equal(result.why(3).sentence, "Its exact share is 40.");
    assert.deepEqual(splitter.split(floats(3, 7)).read(), floats(1, 2, 3, 4));
    splitter.free();
  });

  test("say what nobody got, and why a part is what it is", () => {
    const splitter = new Splitter({
      weights: floats(1, 1, 1, 0),
      ends: Uint32Array.of(3, 4),
      method: "goMoney",
    });
    const result = splitter.split(floats(100, 7));
    assert.deepEqual([result.read(), result.unallocated()], [floats(34, 33, 33, 0), floats(0, 7)]);
    const { part, share, rank } = result.why(0);
    assert.deepEqual([part, share, rank], ["34", { numerator: "100", denominator: "3" }, 1]);
    assert.equal(thrownBy(() => result.why(4)).path, "place");
    splitter.free();
  });
});

suite("a splitter", () => {
  test("takes its result with it when it splits again or is freed", () => {
    const splitter = new Splitter({ weights: floats(1, 2) });
    const first = splitter.split(3);
    const copy = first.read();
    // A split that is refused leaves no parts either.
    assert.equal(thrownBy(() => splitter.split(floats(1, 2))).code, "lengthMismatch");
    const uses = [
      (result) => result.read(),
      (result) => result.unallocated(),
      (result) => result.why(0),
    ];
    for (const use of uses) assert.equal(thrownBy(() => use(first)).code, "resultReplaced");
    const second = splitter.split(6);
    assert.deepEqual([second.read(), copy], [floats(2, 4), floats(1, 2)]);
    splitter.free();
    splitter.free();
    splitter[Symbol.dispose]?.();
    for (const use of uses) assert.equal(thrownBy(() => use(second)).code, "splitterFreed");
    assert.equal(thrownBy(() => splitter.split(1)).code, "splitterFreed");
  });

  test("is lost in a fault, like books", async () => {
    await buildFaultInjection();
    const faulty = await ownPackage(faultInjectionDir);
    const splitter = new faulty.Splitter({ weights: floats(1, 2) });
    const result = splitter.split(3);
    thrownBy(() => someBook(faulty).execute("fault"));
    for (const use of [() => splitter.split(3), () => result.read()]) {
      const { code, details } = thrownBy(use);
      assert.deepEqual(
        [code, details.sentence],
        ["engineFault", "The splitter was lost at the last fault of the engine."],
      );
    }
    splitter.free();
    assert.deepEqual(new faulty.Splitter({ weights: floats(1, 2) }).split(3).read(), floats(1, 2));
  });

  test("takes at most 76 bytes a weight, room for the split asked for ahead, and gives them back", async () => {
    const own = await ownPackage();
    const weights = new Float64Array(1_000_000).fill(3);
    const before = own.memory();
    const splitter = new own.Splitter({ weights });
    splitter.split(1e9).read(0, 20);
    const taken = own.memory() - before;
    // 20 bytes are used; 56 are asked for before the split begins, so that a full memory refuses it.
    assert.ok(taken < 76 * weights.length, `${taken} bytes`);
    splitter.free();
    const most = own.memory();
    for (let round = 0; round < 20; round++) {
      const splitter = new own.Splitter({ weights });
      splitter.split(1e9).read(0, 20);
      splitter.free();
    }
    assert.equal(own.memory(), most);
  });
});

test("what is no column is refused, with its code and path", () => {
  const base = { amounts: 10, weights: floats(1, 2) };
  const proxy = Proxy.revocable({}, {});
  proxy.revoke();
  const refusals = [
    [undefined, "invalidType", "weights"],
    [{ weights: [1, 2], amounts: 1 }, "invalidType", "weights"],
    [{ ...base, weights: Int32Array.of(1, 2) }, "invalidType", "weights"],
    [{ ...base, weights: proxy.proxy }, "invalidType", "weights"],
    [
      {
        get weights() {
          throw new Error("no");
        },
      },
      "unreadableValue",
      "",
    ],
    [{ weights: floats(1) }, "invalidType", "amounts"],
    [{ ...base, amounts: 10n }, "invalidType", "amounts"],
    [{ ...base, amounts: bigints(10) }, "invalidType", "amounts"],
    [{ amounts: 2n ** 63n, weights: bigints(1) }, "invalidNumber", "amounts"],
    [{ ...base, amounts: 0.5 }, "invalidNumber", "amounts[0]"],
    [{ ...base, weights: floats(1, 2 ** 53 + 2) }, "invalidNumber", "weights[1]"],
    [{ ...base, weights: floats(NaN, 2) }, "invalidNumber", "weights[0]"],
    [{ ...base, weights: floats(1, -0) }, "invalidNumber", "weights[1]"],
    [{ ...base, weights: floats(1, -2) }, "outOfRange", "weights[1]"],
    [{ ...base, weights: floats() }, "missingField", "weights"],
    [{ ...base, weights: floats(0, 0) }, "allWeightsZero", "weights"],
    [{ ...base, caps: bigints(1, 2) }, "invalidType", "caps"],
    [{ ...base, caps: floats(1) }, "lengthMismatch", "caps"],
    [{ ...base, caps: floats(1, -1) }, "outOfRange", "caps[1]"],
    [{ ...base, caps: floats(1, 2) }, "exceedsCaps", "amounts[0]"],
    [{ ...base, ends: floats(2) }, "invalidType", "ends"],
    [{ ...base, ends: Uint32Array.of(1) }, "outOfRange", "ends"],
    [{ ...base, ends: Uint32Array.of(2, 1, 2) }, "outOfRange", "ends"],
    [{ ...base, ends: Uint32Array.of(1, 2) }, "lengthMismatch", "amounts"],
    [{ ...base, amounts: floats(1, 2) }, "lengthMismatch", "amounts"],
    [{ ...base, method: "none" }, "invalidChoice", "method"],
    [{ ...base, extra: 1 }, "unknownField", "extra"],
    // 2⁵³ over −2 and 3 is −2⁵⁴ and 3 × 2⁵³: more than a float counts exactly.
    [
      { amounts: 2 ** 53, weights: floats(-2, 3), method: { allowNegative: true } },
      "outOfRange",
      "",
    ],
  ];
  for (const [request, code, path] of refusals) {
    const error = thrownBy(() => allocateColumns(request));
    assert.deepEqual([error.code, error.path], [code, path], error.message);
  }
  const result = new Splitter({ weights: floats(1) }).split(1);
  for (const place of [-1, 0.5, NaN, "0"])
    assert.equal(thrownBy(() => result.read(place)).code, "invalidNumber");
});
