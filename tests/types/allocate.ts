// Splits: what the types promise, and the mistakes that they find.
import { allocate, allocateColumns, explainAllocation, Splitter } from "setoff";
import type { Allocation, AllocationMethod, AllocationNotice, PartReason } from "setoff";

const split: Allocation = allocate({ amount: "100.00", weights: ["1", "1", "1"] });
const first: string | undefined = split.parts[0];
const method: AllocationMethod = split.method;
const reason: PartReason = explainAllocation({ amount: "100.00", weights: ["1", "1", "1"] }, 0);
const share: bigint = BigInt(reason.share.numerator) / BigInt(reason.share.denominator);
const again: Allocation = allocate({ amount: split.unallocated, weights: split.parts, method });
const named: Allocation = allocate({
  amount: "5",
  weights: ["3", "7"],
  caps: ["3", "7"],
  keys: ["b", "a"],
  increment: "0.05",
  method: { preset: "dinero", mirror: true },
});
export const used = [first, share, again, named, JSON.stringify(split)];

export function unallocated(notice: AllocationNotice): string {
  return notice.code === "unallocated" ? `${notice.amount} ${notice.because}` : notice.code;
}

// @ts-expect-error: money is never a number
allocate({ amount: 100, weights: ["1"] });
// @ts-expect-error: no such preset
allocate({ amount: "100", weights: ["1"], method: "dineroJs" });
// @ts-expect-error: no such rule
allocate({ amount: "100", weights: ["1"], method: { leftover: "random" } });
// @ts-expect-error: weights are needed
allocate({ amount: "100" });
// @ts-expect-error: parts are read only
split.parts.push("1");

const splitter: Splitter<Float64Array> = new Splitter({ weights: Float64Array.of(1, 2) });
const page: Float64Array = splitter.split(5).read(0, 1);
const { parts }: { parts: BigInt64Array } = allocateColumns({
  amounts: 5n,
  weights: BigInt64Array.of(1n, 2n),
});
export const columns = [page, parts, splitter.split(Float64Array.of(5)).unallocated().length];
splitter.free();

// @ts-expect-error: columns of floats take numbers
splitter.split(5n);
// @ts-expect-error: whole numbers of 32 bits are no column
new Splitter({ weights: Int32Array.of(1, 2) });
// @ts-expect-error: columns are of one kind
allocateColumns({ amounts: Float64Array.of(5), weights: BigInt64Array.of(1n, 2n) });
