// Proration, with every family of requests.
import {
  billingPeriod,
  previewChange,
  prorate,
  prorateColumns,
  prorationPresets,
  schedule,
} from "setoff";
import type { ChangeLine, PlanChange, ProrateRequest, ProrationPreset, TermsRequest } from "setoff";

const month = { from: "2026-01-01", every: { months: 1 } } as const;
const service = { from: "2026-01-17T00:00:00+01:00", to: "2026-02-01T00:00:00+01:00" } as const;

const terms: readonly TermsRequest[] = [
  "stripe",
  { preset: "killBill", factorScale: null, rounding: "halfEven" },
  {
    grid: "month",
    gridDay: 31,
    cellDays: { fixed: 30 },
    leading: { fromDays: 15 },
    trailing: "months",
  },
];
const requests: readonly ProrateRequest[] = [
  { currency: "USD", price: "100", service, period: month, terms: terms[0]! },
  { increment: "0.05", price: "100", quantity: "3", days: 17, periodDays: 30 },
  { currency: "JPY", price: "100", factor: "15/31" },
];
for (const { amount, factor, cells, sentence } of requests.map(prorate)) {
  const text: string = `${amount} ${factor} ${cells[0]?.covered ?? ""} ${sentence}`;
  text.trim();
}

const changes: readonly PlanChange[] = [
  { type: "start", at: "2026-01-05", plan: { price: "30.00", discount: { rate: "0.1" } } },
  { type: "change", at: "2026-01-17", price: "50.00", quantity: "2", discount: null },
  { type: "pause", at: "2026-01-20", until: "2026-01-25" },
  { type: "pause", at: "2026-01-27" },
  { type: "resume", at: "2026-01-29" },
  { type: "cancel", unused: "1/31" },
];
const { lines, total, running } = previewChange({ currency: "USD", period: month, changes });
const credits: readonly ChangeLine[] = lines.filter(({ type }) => type === "credit");
const due: string = credits.length > 0 ? total : (running?.billed ?? "0");

const { segments } = schedule({
  start: "2026-01-20",
  until: "2026-06-01",
  every: { months: 1 },
  billingDay: 31,
});
const next: string = billingPeriod({
  anchor: "2026-01-31",
  every: { months: 1 },
  number: segments.length,
}).to;
const names: readonly ProrationPreset[] = prorationPresets().map(({ name }) => name);

const amounts: BigInt64Array = prorateColumns({
  prices: BigInt64Array.of(10000n),
  serviceFrom: Float64Array.of(20470),
  serviceTo: "2026-02-01",
  periodFrom: "2026-01-01",
  periodTo: "2026-02-01",
});

// @ts-expect-error: money is never a number
prorate({ currency: "USD", price: 100, factor: "1" });
// @ts-expect-error: no such preset
prorate({ currency: "USD", price: "100", factor: "1", terms: "zuora" });
// @ts-expect-error: which plan?
previewChange({ currency: "USD", changes: [{ type: "start", at: "2026-01-01" }] });
// @ts-expect-error: at a moment, or with a share that is left
previewChange({ currency: "USD", changes: [{ type: "cancel", at: "2026-01-01", unused: "1/2" }] });
// @ts-expect-error: months or days
schedule({ start: "2026-01-20", until: "2026-06-01", every: {} });

export const used = [due, next, names, amounts];

// The terms of a preset are terms of a request, whole or with another value.
const [preset] = prorationPresets();
export const stated: TermsRequest | undefined = preset && { ...preset.terms, unit: "hour" };
