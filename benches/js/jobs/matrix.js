// 1,000 lines against 15,000: what the matrix costs on top of its two margins. Without WebAssembly: there is no function
// of the package that makes a matrix alone.
import { column, inputs, isNative, parts, runNative } from "../native.js";
import { random, whole } from "../random.js";

const [SOURCES, TARGETS] = [1_000, 15_000];

const KINDS = [
  ["margins", "native, both margins"],
  ["sparse", "native, sparse matrix"],
  ["alike", "native, sparse, like meets like"],
  ["dense", "native, dense matrix"],
];

export const matrix = {
  name: "matrix",
  title: `${SOURCES} lines against ${TARGETS}, 1,500 times Zuora's limit: margins and what goes from where to where`,
  rounds: 15,
  sampleMs: 20,
  prepare() {
    if (!isNative()) return { contenders: [], wrong: [] };
    const next = random(404);
    const sources = Array.from({ length: SOURCES }, () => whole(next, 1_000, 9_999_999));
    const targets = Array.from({ length: TARGETS }, () => whole(next, 1, 999_999));
    const sum = (cents) => cents.reduce((total, amount) => total + amount);
    const amount = Math.floor(Math.min(sum(sources), sum(targets)) * 0.618);
    const file = inputs("matrix", parts([column(sources), column(targets)]));
    const contenders = KINDS.map(([kind, name]) => ({
      name,
      measure: (calls, round) =>
        runNative(["matrix", kind, file, String(amount + round * calls)], calls),
    }));
    return { contenders, wrong: [] };
  },
};
