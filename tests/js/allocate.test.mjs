// `allocate` as a function of the package: decimals, methods, presets, notices, reasons, refusals.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { inspect } from "node:util";
import * as setoff from "../../pkg/node.mjs";
import { thrownBy } from "./fixture.mjs";

const { allocate, explainAllocation } = setoff;
const parts = (request) => allocate(request).parts;

suite("a split", () => {
  test("has exact parts with the decimals of the amount, or of the increment", () => {
    assert.deepEqual(parts({ amount: "100.00", weights: ["1", "1", "1"] }), [
      "33.34",
      "33.33",
      "33.33",
    ]);
    assert.deepEqual(parts({ amount: "100", weights: ["1", "1", "1"] }), ["34", "33", "33"]);
    // 1.00 is 20 steps of 0.05: 6.67 each, so 6, and one more for the first two.
    assert.deepEqual(parts({ amount: "1", weights: ["1", "1", "1"], increment: "0.05" }), [
      "0.35",
      "0.35",
      "0.30",
    ]);
    // Dollars have cents, whatever the amount is written like.
    assert.deepEqual(parts({ amount: "10", weights: ["1", "1", "1"], currency: "USD" }), [
      "3.34",
      "3.33",
      "3.33",
    ]);
    // 2⁶³ − 1 cents, in halves.
    const halves = ["46116860184273879.04", "46116860184273879.03"];
    assert.deepEqual(parts({ amount: "92233720368547758.07", weights: ["0.1", "0.10"] }), halves);
    assert.deepEqual(parts({ amount: "-0.05", weights: ["1", "1"] }), ["-0.03", "-0.02"]);
  });

  test("honours caps, and orders equals by key", () => {
    // 90 by 1, 1, 1 with 10 for the first: 80 over the others.
    const caps = ["10", "100", "100"];
    assert.deepEqual(parts({ amount: "90", weights: ["1", "1", "1"], caps }), ["10", "40", "40"]);
    // OpenMeter, "key tie-breaker": 0.05 over three equal ones of the keys C, A, B.
    const keys = ["C", "A", "B"];
    assert.deepEqual(parts({ amount: "0.05", weights: ["1", "1", "1"], keys }), [
      "0.01",
      "0.02",
      "0.02",
    ]);
  });

  test("says how it was made and what nobody got", () => {
    const plain = allocate({ amount: "1.00", weights: ["1"] });
    assert.deepEqual([plain.unallocated, plain.notices], ["0.00", []]);
    const notices = (request) => allocate(request).notices;
    const separate = allocate({
      amount: "10.00",
      weights: ["1", "1", "1"],
      method: "brickFloorSeparate",
    });
    assert.deepEqual(separate.parts, ["3.33", "3.33", "3.33"]);
    assert.deepEqual(separate.notices, [
      { code: "unallocated", amount: "0.01", because: "separate" },
    ]);
    assert.equal(separate.unallocated, "0.01");
    const unallocated = (because, amount) => [{ code: "unallocated", amount, because }];
    assert.deepEqual(
      notices({ amount: "5", weights: ["0", "0"], method: "goMoney" }),
      unallocated("allZero", "5"),
    );
    const empty = { amount: "5", weights: [], method: { allowEmpty: true } };
    assert.deepEqual(notices(empty), unallocated("noWeights", "5"));
    const lists = { weights: ["26", "4.74"], caps: ["26", "4.74"] };
    const overCaps = { amount: "30.75", ...lists, method: { allowUnallocated: true } };
    assert.deepEqual(notices(overCaps), unallocated("overCaps", "0.01"));
    const overWeights = { amount: "1500", weights: ["1000"], method: "polarFixedDiscount" };
    assert.deepEqual(notices(overWeights), unallocated("overWeights", "500"));
    // Half a unit each is nothing when halves go down.
    const abandoned = { amount: "1", weights: ["1", "1"], method: "syliusProportional" };
    assert.deepEqual(notices(abandoned), unallocated("abandoned", "1"));
    assert.deepEqual(notices({ amount: "5", weights: ["0", "0"], method: "rubyMoney" }), [
      { code: "splitEvenly" },
    ]);
  });

  test("is plain data for JSON and the console", () => {
    const split = allocate({ amount: "5", weights: ["7", "3"] });
    const { parts, unallocated, method, notices } = split;
    assert.deepEqual(JSON.parse(JSON.stringify(split)), { parts, unallocated, method, notices });
    assert.match(inspect(split), /parts: \[ '4', '1' \]/);
    assert.equal(split.parts, split.parts, "read once");
  });
});

suite("methods", () => {
  const CHOICES = {
    firstPass: ["down", "up", "floor", "ceiling", "halfUp", "halfDown", "halfEven"],
    leftover: ["largestRemainder", "largestWeight", "first", "last", "separate", "separateBlocks"],
    allZero: ["refuse", "zeros", "even"],
    ...Object.fromEntries(
      [
        "fromBack",
        "mirror",
        "zeroMayReceive",
        "allowEmpty",
        "allowNegative",
        "capTotal",
        "allowUnallocated",
      ].map((name) => [name, [true, false]]),
    ),
    abandonIfNothing: [true, false],
  };
  const used = (method) => allocate({ amount: "1", weights: ["1", "1"], method }).method;

  test("come back as they were asked for", () => {
    const standard = used({});
    assert.deepEqual(Object.keys(standard).sort(), Object.keys(CHOICES).sort());
    for (const [name, values] of Object.entries(CHOICES)) {
      for (const value of values)
        assert.deepEqual(used({ [name]: value }), { ...standard, [name]: value });
    }
  });

  test("have presets, from which a method may differ", () => {
    const dinero = used("dinero");
    assert.equal(dinero.leftover, "largestWeight");
    assert.deepEqual(used({ preset: "dinero" }), dinero);
    assert.deepEqual(used({ preset: "dinero", mirror: true }), { ...dinero, mirror: true });
    assert.deepEqual(used("default"), used({}));
  });
});

suite("a reason", () => {
  test("is given for each part, as data and as a sentence", () => {
    // 10,000 cents in thirds are 3333.33… each; the cent left over goes to the first of equals.
    const request = { amount: "100.00", weights: ["1", "1", "1"] };
    assert.deepEqual(explainAllocation(request, 0), {
      part: "33.34",
      share: { numerator: "10000", denominator: "3" },
      firstPass: "33.33",
      leftover: "0.01",
      rank: 1,
      capped: false,
      sentence:
        "Its exact share is 33.333…; rounded down, 33.33. One unit of 0.01 was left over and " +
        "went to this portion (largest remainder, first of three equal ones).",
    });
    const { part, rank, leftover } = explainAllocation(request, 2);
    assert.deepEqual([part, rank, leftover], ["33.33", 3, "0.00"]);
  });

  test("names the cap", () => {
    const request = { amount: "90", weights: ["1", "1"], caps: ["10", "100"] };
    const { capped, rank, sentence } = explainAllocation(request, 0);
    assert.deepEqual(
      [capped, rank, sentence],
      [true, null, "Its share is more than its cap, so it gets its cap of 10."],
    );
    assert.ok(!explainAllocation(request, 1).capped);
  });

  test("is refused for a part that is not there", () => {
    const request = { amount: "1", weights: ["1"] };
    assert.equal(thrownBy(() => explainAllocation(request, 1)).code, "outOfRange");
    const unreadable = new Proxy({}, { get: () => assert.fail("read") });
    for (const [place, shown] of [
      [-1, "-1"],
      [0.5, "0.5"],
      [2 ** 32, "4294967296"],
      [undefined, "undefined"],
      ["x".repeat(1_000_000), "string"],
      ["\ud800", "string"],
      [Object.create(null), "object"],
      [unreadable, "object"],
      [Symbol("x"), "symbol"],
    ]) {
      const { code, path, details } = thrownBy(() => explainAllocation(request, place));
      assert.deepEqual([code, path, details.figures], ["invalidNumber", "place", { place: shown }]);
    }
  });
});

suite("plain requests, which are read on this side,", () => {
  /** The same request, which for its method is read by the engine. */
  const long = (request) => ({ ...request, method: {} });
  const outcome = (request) => {
    try {
      const split = allocate(request);
      return {
        ...split,
        reasons: split.parts.map((_, place) => explainAllocation(request, place)),
      };
    } catch (error) {
      return [error.code, error.path, error.message];
    }
  };
  const same = (request) =>
    assert.deepEqual(outcome(request), outcome(long(request)), inspect(request));

  test("give what the engine makes of them", () => {
    let state = 1;
    const below = (count) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % count;
    };
    const decimal = (digits, scale) => {
      const text = String(below(10 ** digits)).padStart(scale + 1, "0");
      return scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`;
    };
    for (let round = 0; round < 300; round++) {
      const scale = below(4);
      const weights = Array.from({ length: 1 + below(40) }, () => decimal(1 + below(9), scale));
      same({ amount: decimal(1 + below(9), below(5)), weights });
    }
    same({
      amount: "999999999999.99",
      weights: ["99999999999.9999", "4294967296.0000", "4294967295.9999", "0.0001"],
    });
  });

  test("are no more than that", () => {
    const texts = [
      "",
      "0",
      "0.0",
      "00.0",
      "01",
      "0.",
      ".5",
      "1.",
      "1.5",
      "-1",
      "+1",
      " 1",
      "1e2",
      "1.2.3",
      "١",
    ];
    const long = [
      "9".repeat(15),
      "9".repeat(16),
      "9".repeat(30),
      `${"9".repeat(13)}.9`,
      `0.${"0".repeat(20)}1`,
    ];
    for (const text of [...texts, ...long, 1, null, undefined, {}, ["1"]]) {
      same({ amount: text, weights: ["1", "2"] });
      same({ amount: "5", weights: ["1", text] });
      same({ amount: "5", weights: [text, "1.5"] });
    }
    same({ amount: "5", weights: [] });
    same({ amount: "5", weights: ["0", "0"] });
    same({ amount: "0", weights: ["0", "0"] });
    same({ amount: "0.00", weights: ["0", "1"] });
    same({ amount: "5", weights: "12" });
    same({ amount: "5", weights: [, "1"] });
  });

  test("are plain objects, whose reasons do not change with them", () => {
    class Request {
      amount = "5";
      weights = ["1", "2"];
    }
    assert.equal(thrownBy(() => allocate(new Request())).code, "invalidType");
    assert.equal(
      thrownBy(() => allocate(Object.create({ amount: "5", weights: ["1"] }))).code,
      "invalidType",
    );
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    assert.equal(thrownBy(() => allocate(proxy)).code, "unreadableValue");
    const getter = {
      amount: "5",
      get weights() {
        throw new Error("no");
      },
    };
    assert.equal(thrownBy(() => allocate(getter)).code, "unreadableValue");
    const weights = ["1", "1"];
    const split = allocate({ amount: "5", weights });
    weights[0] = "9";
    allocate({ amount: "7", weights });
    assert.deepEqual(split.parts, ["3", "2"]);
  });
});

test("what cannot be split is refused, with its code and path", () => {
  const base = { amount: "1.00", weights: ["1", "2"] };
  const refusals = [
    [undefined, "invalidType", ""],
    [{ weights: ["1"] }, "missingField", "amount"],
    [{ ...base, weights: [] }, "missingField", "weights"],
    [{ ...base, extra: 1 }, "unknownField", "extra"],
    [{ ...base, amount: 1 }, "invalidType", "amount"],
    [{ ...base, amount: "1e2" }, "invalidDecimal", "amount"],
    [{ ...base, weights: ["1", "-2"] }, "outOfRange", "weights[1]"],
    [{ ...base, weights: ["0", "0"] }, "allWeightsZero", "weights"],
    [{ ...base, caps: ["1"] }, "lengthMismatch", "caps"],
    [{ ...base, caps: ["1", "-1"] }, "outOfRange", "caps[1]"],
    [{ ...base, caps: ["0.10", "0.20"] }, "exceedsCaps", "amount"],
    [{ ...base, caps: ["0.001", "1"] }, "offIncrement", "caps[0]"],
    [{ ...base, caps: ["1", "2"], method: { fromBack: true } }, "unknownField", "caps"],
    // With a negative weight, the exact shares are −1 and 2: what the second may not get, nobody could.
    [
      { ...base, weights: ["-1", "2"], caps: ["1", "1"], method: { allowNegative: true } },
      "unknownField",
      "caps",
    ],
    [{ ...base, keys: ["a"] }, "lengthMismatch", "keys"],
    [{ ...base, keys: ["a", 1] }, "invalidType", "keys[1]"],
    [{ ...base, increment: "0.00" }, "outOfRange", "increment"],
    [{ ...base, increment: "0.03" }, "offIncrement", "amount"],
    [{ ...base, amount: "92233720368547758.08" }, "outOfRange", "amount"],
    [{ ...base, weights: ["1", "99999999999999999999"] }, "outOfRange", "weights[1]"],
    [{ ...base, method: "none" }, "invalidChoice", "method"],
    [{ ...base, method: { preset: "none" } }, "invalidChoice", "method.preset"],
    [{ ...base, method: { firstPass: "up and down" } }, "invalidChoice", "method.firstPass"],
    [{ ...base, method: { mirror: 1 } }, "invalidType", "method.mirror"],
    [{ ...base, method: { leftovers: "first" } }, "unknownField", "method.leftovers"],
  ];
  for (const [request, code, path] of refusals) {
    const error = thrownBy(() => allocate(request));
    assert.deepEqual([error.code, error.path], [code, path], inspect(request));
  }
});
