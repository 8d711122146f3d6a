// One memo over a whole account: nothing of the plan read, and everything of it.
import { apply, creditMemo, invoice } from "../documents.js";
import { random, whole } from "../random.js";
import { loaded, nativePreviews } from "./previews.js";

const INVOICES = 1000;
const LINES = 15;
// Each with amounts of its own, so that no two calls in a row split the same.
const REQUESTS = 8;

const title = `memo of 3 lines over ${INVOICES} invoices of ${LINES}, amounts stated (documents loaded before)`;

export const largeApplyLazy = {
  name: "large-apply-lazy",
  title: `${title}: preview, nothing read`,
  rounds: 28,
  sampleMs: 12,
  prepare: (contenders) => prepare(contenders, (plan) => plan.amount, "large-apply-lazy"),
};

export const largeApplyRead = {
  name: "large-apply-read",
  title: `${title}: preview, all lists read`,
  rounds: 28,
  sampleMs: 40,
  prepare: (contenders) =>
    prepare(contenders, (plan) => [plan.applications, plan.documents, plan.lines]),
};

/** Beside the native engine if its inputs have a `name`: it reads nothing. */
function prepare(contenders, read, name) {
  const next = random(202);
  const lines = () => Array.from({ length: LINES }, () => whole(next, 1_00, 500_00));
  const invoices = Array.from({ length: INVOICES }, lines);
  const sum = (cents) => cents.reduce((total, amount) => total + amount);
  const third = Math.ceil(sum(invoices.map(sum)) / 3);
  const memo = [third, third + whole(next, 1, 99_999), third + whole(next, 1, 99_999)];
  const commands = [
    ...invoices.map((cents, index) => invoice(`INV-${index}`, cents)),
    creditMemo("CM", memo),
  ];
  const requests = Array.from({ length: REQUESTS }, () =>
    apply(
      "CM",
      invoices.map((cents, index) => [`INV-${index}`, whole(next, 1, sum(cents))]),
    ),
  );
  const { contenders: all, wrong } = loaded(contenders, commands, requests, read);
  return {
    contenders: name === undefined ? all : [...all, ...nativePreviews(name, commands, requests)],
    wrong,
  };
}
