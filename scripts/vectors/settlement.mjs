// Vectors of settlement: a plain list of `{ id, area, input, expected, source_internally_consistent, notes }`. What is
// to be done follows from the shape of the input, so that figures of the same families run without a word of ours.
//
// Every figure that a vector expects is compared by its name, wherever the run has one of that name. What it has none
// of (prose, words of a dialect) is listed as not compared; a vector of which nothing could be compared is unknown.
import { Account, add, DAY, itemsOf, sign, subtract } from "./account.mjs";
import { decimalText, fraction, same } from "./compare.mjs";

/** The result of an attempt, which sources tell in words. */
class Verdict {
  constructor(code) {
    this.code = code;
  }

  toJSON() {
    return this.code === undefined ? "accepted" : `refused: ${this.code}`;
  }

  /** Whether the words of a source mean this; undefined if they mean neither. */
  matches(words) {
    if (/not allowed|cannot|reject|block|refuse|error|fail|prevent|denied/i.test(words))
      return this.code !== undefined;
    if (/accept|allow|success|created|generated|ok\b/i.test(words)) return this.code === undefined;
    return undefined;
  }
}

/** Compares what is expected with the figures of a run. */
function compare(expected, actual, path, report) {
  if (actual === undefined && expected !== null) {
    report.unchecked.push(path);
  } else if (actual instanceof Verdict) {
    const matches = actual.matches(String(expected));
    if (matches === undefined) report.unchecked.push(path);
    else report.count(matches, path);
  } else if (expected === "set") {
    report.count(actual !== null, path);
  } else if (expected === null || actual === null) {
    report.count((expected ?? undefined) === (actual ?? undefined), path);
  } else if (Array.isArray(expected)) {
    const isAlike = Array.isArray(actual) && actual.length === expected.length;
    if (!isAlike) report.count(false, path);
    else
      expected.forEach((value, place) =>
        compare(value, actual[place], `${path}[${place}]`, report),
      );
  } else if (typeof expected === "object") {
    for (const [name, value] of Object.entries(expected)) {
      compare(
        value,
        typeof actual === "object" ? actual[name] : undefined,
        path ? `${path}.${name}` : name,
        report,
      );
    }
  } else {
    report.count(same(expected, actual), path);
  }
}

class Report {
  unchecked = [];
  wrong = [];
  compared = 0;

  count(agrees, path) {
    this.compared += 1;
    if (!agrees) this.wrong.push(path);
  }
}

const isNumber = (value) => fraction(value ?? "") !== undefined;

/** What matches a key, with what the expression found in it. */
const keys = (input, expression) =>
  Object.entries(input).flatMap(([key, value]) => {
    const found = expression.exec(key);
    return found === null ? [] : [{ key, value, found }];
  });

const PERCENT = /percent|pct/i;
const STEPS = /^(steps?|events|operations|sequence|actions)$/;

// The settings of the sources by the names of the package.
const CREDITING = [
  [/item/i, "headerAndItem"],
  [/header/i, "header"],
  [/none|no\b|any|off/i, "any"],
];
const MIRROR = { Yes: "yes", YesNotZeroBalance: "notZeroBalance", No: "no" };
const choose = (choices, word) => choices.find(([expression]) => expression.test(word ?? ""))?.[1];
const mirrors = (rule = "any") =>
  (rule === "any" ? Object.keys(MIRROR) : rule.split("|")).map((word) => MIRROR[word]);
const roundingOf = (mode = "HalfUp") =>
  mode.replace(/[_ ]/g, "").replace(/^./, (letter) => letter.toLowerCase());
const inclusiveOf = (words) => (/tax/i.test(words ?? "") ? "tax" : "net");

/** What a header shows, by the names of the sources. */
function header(document) {
  const status = document.status.replace(/^./, (letter) => letter.toUpperCase());
  const { reasonCode = null, postedOn = null, canceledOn: cancelledOn = null } = document;
  // Where a memo comes from, in the words of Zuora's dialect.
  const byHand = {
    document: "AdhocFromInvoice",
    writeOff: "AdhocFromInvoice",
    standalone: "AdhocFromPrpc",
  };
  const sourceType = document.origin === "standalone" ? "Standalone" : "Invoice";
  return {
    status,
    state: status,
    amount: document.amount,
    totalAmount: document.amount,
    taxAmount: document.taxAmount,
    appliedAmount: document.appliedAmount,
    beAppliedAmount: document.appliedAmount,
    unappliedAmount: document.unappliedAmount,
    refundAmount: document.refundAmount,
    balance: document.balance ?? document.unappliedAmount,
    memoDate: document.date,
    source: byHand[document.origin] ?? "BillRun",
    sourceType,
    reasonCode,
    postedOn,
    cancelledOn,
    reversed: document.reversed,
  };
}

// Reversal and write-off.

const tableOf = (input) =>
  input.invoice_items ??
  input.items.map((item, place) => ({
    name: `ii${place + 1}`,
    balance_before: item.balance,
    ...item,
  }));

/** Makes the invoice of a table, settles of it what is settled there, and makes the counterpart. */
function counterpart(input, { area }, open, mirror = "yes") {
  const account = open({ mirror });
  const table = tableOf(input);
  const invoiceId = account.invoice(itemsOf(table));
  const settled = table.map(({ name, balance_before: before }) => {
    const { balance } = account.lines(invoiceId).find((line) => line.name === name);
    return [name, before === undefined ? "0" : subtract(balance, before)];
  });
  const isTold = table.some(({ balance_before: before }) => before !== undefined);
  const paid = input.payment_applied ?? (isTold ? Object.fromEntries(settled) : undefined);
  if (isNumber(paid)) {
    account.payment(paid, { signs: "skipNonPositive", invoices: [{ invoiceId }] });
  } else if (Object.values(paid ?? {}).some((amount) => sign(amount) !== 0)) {
    account.pay(invoiceId, paid);
  }
  const type = /revers/i.test(area) ? "reverseInvoice" : "writeOffInvoice";
  const refusal = account.refusal(type, { invoiceId, id: "CM" });
  const after = account.document("invoice", invoiceId);
  const facts = {
    result: new Verdict(refusal),
    invoice_total: after.amount,
    invoice_balance: after.balance,
    invoice_status: header(after).status,
    after: Object.fromEntries(account.lines(invoiceId).map(({ name, balance }) => [name, balance])),
  };
  if (refusal !== undefined) return facts;
  const memo = account.document("creditMemo", "CM");
  const balances = account.lines(invoiceId).map(({ balance }) => balance);
  let number = 0;
  const lines = account.lines("CM").map((line) => {
    if (line.processingType !== "Tax") number += 1;
    return { ...line, name: `${line.processingType === "Tax" ? "cmt" : "cmi"}${number}` };
  });
  return {
    ...facts,
    memo_items: lines,
    memo_total: memo.amount,
    memo_amount: memo.amount,
    memo_applied: memo.appliedAmount,
    memo_unapplied: memo.unappliedAmount,
    credit_memo: memo.amount,
    applied_to_invoice: memo.appliedAmount,
    all_item_balances: balances.every((balance) => sign(balance) === 0) ? "0" : balances,
    reversed: after.reversed,
  };
}

/** By every setting of the mirror that the source says; what its table says of the time after is expected as well. */
function mirrored(input, vector, open) {
  const after = tableOf(input).filter(({ balance_after: balance }) => balance !== undefined);
  const balances = Object.fromEntries(
    after.map(({ name, balance_after: balance }) => [name, balance]),
  );
  return {
    every: mirrors(input.mirror_rule).map((mirror) => counterpart(input, vector, open, mirror)),
    alsoExpected: vector.expected.result === undefined ? { after: balances } : {},
  };
}

// What is available to credit.

/** Credits an invoice again and again, as the keys of the input say in their order. */
function overCrediting(input, vector, open, setoff, countBillingCredits) {
  const rule = keys(input, /rule/)[0]?.value ?? "header";
  const account = open({ overCrediting: choose(CREDITING, rule) ?? "header", countBillingCredits });
  const amounts = (input.invoice_items ?? [input.invoice_total ?? input.invoice]).map(
    (item) => item.amount ?? item,
  );
  const items = amounts.map((amount, place) => ({
    id: `${place + 1}`,
    amount: decimalText(amount),
  }));
  const invoiceId = account.invoice(items);
  const available = () => account.document("invoice", invoiceId).availableToCreditAmount;
  const ofItem = (item) => account.items(invoiceId)[item - 1].availableToCreditAmount;
  const facts = { header_atc_after: [], total_atc_after: [] };
  let item = 1;
  const credit = (amount, billing) =>
    account.refusal("createCreditMemo", {
      invoiceId,
      billing,
      autoPost: true,
      items: [{ id: "1", sourceItemId: `${item}`, amount: decimalText(amount) }],
    });
  const isAttempt = (key) => /attempt|then|new_/.test(key);
  const steps = keys(input, /credit|attempt|adjust|then/).filter(
    ({ key }) => !/rule|^invoice_/.test(key),
  );
  // What is there already comes before what is tried.
  for (const { key, value } of [...steps].sort((a, b) => isAttempt(a.key) - isAttempt(b.key))) {
    item = Number(/item_(\d+)/.exec(key)?.[1] ?? item);
    const billing = /engine/.test(key) || /engine/.test(String(value));
    for (const amount of [value].flat()) {
      Object.assign(facts, { total_available_to_credit: available(), max_allowed: available() });
      facts[`item_${item}_atc`] = facts.item_atc = ofItem(item);
      facts.header_atc = facts.invoice_atc = available();
      const refusal = credit(isNumber(amount) ? amount : add(...amounts), billing);
      if (isAttempt(key)) {
        facts.attempt = facts.result = new Verdict(refusal);
        if (billing) facts.engine_credit_memo = new Verdict(refusal);
      } else if (refusal !== undefined) {
        throw new Error(`${key} was refused: ${refusal}`);
      } else {
        (facts[`item_${item}_atc_after`] ??= []).push(ofItem(item));
        facts.header_atc_after.push(available());
        facts.total_atc_after.push(available());
      }
    }
  }
  return facts;
}

/** A credit of an item with taxes, which an engine calculated or which were typed. */
function overCreditingTax(input, vector, open) {
  const account = open({ overCrediting: choose(CREDITING, input.rule) ?? "headerAndItem" });
  const name = (place) => ({ id: `tax${place + 1}`, name: `tax${place + 1}` });
  const taxItems = input.tax_items.map((amount, place) => ({
    ...name(place),
    amount: decimalText(amount),
  }));
  const invoiceId = account.invoice([
    { id: "1", amount: decimalText(input.invoice_item), taxItems },
  ]);
  const given = (keys(input, /engine_returned|manual|memo_tax/)[0]?.value ?? []).map(
    (tax) => tax.amount ?? tax,
  );
  // What an engine calculates is compared in sum; what is typed, line by line.
  const isTyped = input.tax_auto_calculation === false;
  const taxes = given.map((amount, place) => ({
    ...name(place),
    amount: decimalText(amount),
    sourceTaxItemId: isTyped ? `tax${place + 1}` : undefined,
  }));
  const isInclusive = /inclusive/i.test(input.tax_mode ?? "");
  const amount = decimalText(input.credit_amount);
  const taxMode = isInclusive ? "inclusive" : "exclusive";
  const item = { id: "1", sourceItemId: "1", amount, taxMode, taxItems: taxes };
  const refusal = account.refusal("createCreditMemo", { id: "CM", invoiceId, items: [item] });
  const facts = {
    result: new Verdict(refusal),
    attempt: new Verdict(refusal),
    creation: new Verdict(refusal),
  };
  if (refusal !== undefined) return facts;
  const [net, ...own] = account.lines("CM").map((line) => line.amount);
  const total = account.document("creditMemo", "CM").amount;
  return {
    ...facts,
    memo_item_without_tax: net,
    memo_tax_items: own,
    memo_tax: add(...own),
    memo_total: total,
  };
}

/** A life in steps, told as texts or objects: the n-th figure that is expected is the one after the n-th step. */
function availableInSteps(input, { expected }, open) {
  const account = open({});
  const total = keys(input, /invoice/).find(({ value }) => isNumber(value))?.value;
  let invoiceId = total === undefined ? undefined : account.invoice(total);
  let creditMemoId;
  const after = [];
  for (const step of Object.values(keys(input, STEPS)[0].value)) {
    const words = (typeof step === "string" ? step : JSON.stringify(step)).replaceAll("_", " ");
    const told = typeof step === "string" ? undefined : Object.values(step).find(isNumber);
    const amount = told ?? /(?<![\w.-])\d+(\.\d+)?(?![\w.-])/.exec(words)?.[0];
    const isMemo = /memo|credit|\bCM/i.test(words);
    const invoices = [{ invoiceId, amount: amount && decimalText(amount) }];
    if (!isMemo && /invoice/i.test(words) && !/pay|appl/i.test(words)) {
      invoiceId ??= account.invoice(amount);
    } else if (/payment|\bpay/i.test(words)) {
      account.payment(amount, { invoices });
    } else if (/unapply/i.test(words)) {
      account.do("unapplyCreditMemo", { creditMemoId, invoices });
    } else if (/creat|draft|standalone|generat/i.test(words)) {
      const isAlone = /standalone|charge/i.test(words);
      const item = {
        id: "1",
        sourceItemId: isAlone ? undefined : "1",
        amount: decimalText(amount),
      };
      const autoPost = /post/i.test(words) && !/draft/i.test(words);
      const fields = { invoiceId: isAlone ? undefined : invoiceId, autoPost, items: [item] };
      creditMemoId = account.do("createCreditMemo", fields).document.id;
      if (/appl/i.test(words)) account.do("applyCreditMemo", { creditMemoId, invoices });
    } else {
      const [verb] = /unpost|post|appl|cancel/i.exec(words);
      const verbs = { unpost: "unpost", post: "post", appl: "apply", cancel: "cancel" };
      const isApply = verb.toLowerCase() === "appl";
      account.do(`${verbs[verb.toLowerCase()]}CreditMemo`, {
        creditMemoId,
        invoices: isApply ? invoices : undefined,
      });
    }
    after.push(account.document("invoice", invoiceId));
  }
  const counts = { atc: 0, balance: 0 };
  const fill = (value, key) => {
    if (value !== null && typeof value === "object") {
      if (Array.isArray(value)) return value.map((entry) => fill(entry, key));
      return Object.fromEntries(
        Object.entries(value).map(([name, entry]) => [name, fill(entry, name)]),
      );
    }
    if (/atc|available/i.test(key)) return after[counts.atc++]?.availableToCreditAmount ?? null;
    if (/balance/i.test(key)) return after[counts.balance++]?.balance ?? null;
    return undefined;
  };
  return fill(expected, "");
}

// Tax and rounding.

const decimals = (value) => /\.(\d+)$/.exec(value ?? "")?.[1].length ?? 0;

/** An amount and its tax, split or added up in a currency of `scale` decimals. */
function taxed(open, words, scale) {
  const amount = keys(words, /amount|gross|net/)[0];
  const isInclusive =
    words.mode === undefined ? !/without|net/.test(amount.key) : /inclusive/i.test(words.mode);
  const rounding = inclusiveOf(words.inclusive_rounding);
  const account = open({
    currency: "XTS",
    currencies: [{ code: "XTS", scale }],
    inclusiveRounding: rounding,
  });
  const item = {
    amount: decimalText(amount.value),
    taxMode: isInclusive ? "inclusive" : "exclusive",
  };
  const rate = decimalText(words.tax_rate ?? words.rate);
  const invoiceId = account.invoice([{ id: "1", ...item, taxItems: [{ id: "tax", rate }] }]);
  const [net, tax] = account.lines(invoiceId).map((line) => line.amount);
  return {
    net,
    tax,
    gross: add(net, tax),
    amount_without_tax: net,
    amount_with_tax: add(net, tax),
  };
}

/** A memo from an invoice, each with its tax mode. */
function taxModes(input, { expected }, open) {
  const rate = input.invoice.tax_rate ?? input.tax_rate;
  const rounding = input.invoice.inclusive_rounding ?? input.inclusive_rounding;
  const facts = {};
  for (const name of ["invoice", "memo"]) {
    const words = { tax_rate: rate, inclusive_rounding: rounding, ...input[name] };
    facts[name] = taxed(open, words, 2);
    // What is not rounded has as many decimals as the source prints.
    for (const [key, value] of Object.entries(expected[name] ?? {}).filter(([key]) =>
      key.endsWith("_unrounded"),
    )) {
      facts[name][key] = taxed(open, words, decimals(value))[key.replace("_unrounded", "")];
    }
  }
  const account = open({ inclusiveRounding: inclusiveOf(rounding) });
  const item = (words) => ({
    id: "1",
    amount: decimalText(keys(words, /amount/)[0].value),
    taxMode: /inclusive/i.test(words.mode) ? "inclusive" : "exclusive",
    taxItems: [{ id: "tax", rate: decimalText(words.tax_rate ?? rate) }],
  });
  const invoiceId = account.invoice([item(input.invoice)]);
  const items = [{ ...item(input.memo), sourceItemId: "1" }];
  return {
    ...facts,
    creation: new Verdict(account.refusal("createCreditMemo", { invoiceId, items })),
  };
}

/** Lines with rates: each tax rounded by itself, and all of one tax together. */
function lineTaxes(input, { title, id }, open) {
  const lines = input.lines ?? input.items ?? input.invoice_items;
  const net = (line) => line.net ?? line.amount ?? line.subtotal ?? line;
  const items = lines.map((line, place) => ({
    id: `${place + 1}`,
    amount: decimalText(net(line)),
    taxItems: [
      {
        id: `tax${place + 1}`,
        name: line.tax_name ?? line.name,
        taxCode: line.tax_code ?? line.code,
        rate: decimalText(line.rate ?? line.tax_rate ?? input.rate ?? input.tax_rate),
      },
    ],
  }));
  const taxes = (taxRounding) => {
    const account = open({ taxRounding });
    const id = account.invoice(items);
    const of = account.lines(id).filter((line) => line.processingType === "Tax");
    return { of, ...account.document("invoice", id) };
  };
  const [each, together] = [taxes("item"), taxes("group")];
  const isGrouped = /redistribut|group/i.test(`${title} ${id} ${JSON.stringify(input)}`);
  const result = isGrouped ? together : each;
  const amounts = ({ of }) => of.map(({ amount }) => amount);
  const subtotal = subtract(result.amount, result.taxAmount);
  return {
    line_tax: amounts(result),
    item_tax: amounts(result),
    tax_items: amounts(result),
    redistributed: amounts(together),
    line_tax_after: amounts(together),
    line_tax_before: amounts(each),
    sum_of_item_tax: each.taxAmount,
    group_tax: together.taxAmount,
    difference: subtract(together.taxAmount, each.taxAmount),
    tax_total: result.taxAmount,
    total_tax: result.taxAmount,
    subtotal,
    total: result.amount,
  };
}

/** An invoice whose total has steps of its own. */
function invoiceRounding(input, vector, open) {
  const rounding = roundingOf(input.mode ?? input.rounding ?? input.rounding_mode);
  const lines = input.items ?? input.lines;
  const items = lines.map((line, place) => ({
    id: `${place + 1}`,
    amount: decimalText(line.net ?? line.amount),
    taxItems:
      sign(line.tax ?? 0) === 0 ? [] : [{ id: `tax${place + 1}`, amount: decimalText(line.tax) }],
  }));
  const total = add(...lines.map((line) => add(line.net ?? line.amount, line.tax ?? 0)));
  const invoiceIncrement = decimalText(input.increment);
  const account = open({
    currency: "CHF",
    currencies: [{ code: "CHF", invoiceIncrement, rounding }],
  });
  const invoiceId = account.invoice(items);
  const own = account.lines(invoiceId).find((line) => line.processingType === "Rounding");
  return {
    total_before: total,
    rounding_item: own === undefined ? null : { ...own, tax: "0" },
    rounding_amount: own?.amount ?? "0",
    total_after: account.document("invoice", invoiceId).amount,
    total: account.document("invoice", invoiceId).amount,
  };
}

// Bill runs.

const RULES = [
  [/zero.{0,8}credit/i, "negativesAndZeros"],
  [/all negative/i, "negatives"],
  [/without group|no.?group/i, "netNegative"],
  [/group/i, "netNegativeByGroup"],
];

// How the sources tell a document.
const DOCUMENTS = { invoice: "invoice", creditMemo: "credit memo" };
const shortest = (amount) => amount.replace(/\.?0+$/, "");

/** The charges of a bill run, `{ id, group, amount, taxAmount }`, from the many ways to tell them. */
function chargesOf(input) {
  const change = keys(input, /price_change_(\d+)_to_(\d+)_from_month_(\d+)/)[0]?.found;
  if (change !== undefined) {
    // Billed at the first price; the months from the change on are credited at it and charged at the second.
    const [before, after, from] = change.slice(1).map(Number);
    const months = Number(input.draft_invoice) / before;
    const changed = Array.from({ length: months - from + 1 }, (_, place) => place + from);
    return changed.flatMap((month) => [
      { id: `credit ${month}`, group: "1", amount: `-${before}`, taxAmount: "0" },
      { id: `charge ${month}`, group: "1", amount: `${after}`, taxAmount: "0" },
    ]);
  }
  if (input.items !== undefined) {
    return input.items.map(({ net, amount = net, tax = "0" }, place) => {
      return { id: `${place + 1}`, amount: decimalText(amount), taxAmount: decimalText(tax) };
    });
  }
  const told = keys(input, /charge/)[0].value;
  const named = Array.isArray(told)
    ? told.flatMap((charge) => Object.entries(charge))
    : Object.entries(told);
  return named.flatMap(([name, value]) => {
    const amounts = [value].flat();
    return amounts.map((amount, place) => {
      const [, gross, tax = "0"] = /^\s*(-?[\d.]+)(?:.*?(-?[\d.]+)\s*tax)?/.exec(
        String(amount.amount ?? amount),
      );
      const id = amounts.length > 1 ? `${name} ${place + 1}` : name;
      return { id, group: name, amount: subtract(gross, tax), taxAmount: decimalText(tax) };
    });
  });
}

/** Which charges land on which document, by each rule and judgement. */
function generation(input, { title, notes, expected }, open, setoff) {
  const rule = choose(RULES, `${input.rule ?? ""} ${title} ${notes}`) ?? "netNegative";
  const charges = chargesOf(input);
  const judgedBy = /preview/i.test(title) && !/without|off/i.test(title) ? "gross" : "net";
  const run = setoff.generateDocuments({ currency: "USD", rule, judgedBy, charges });
  const find = (type) => run.documents.find((document) => document.type === type);
  const gross = ({ amount, taxAmount }) => add(amount, taxAmount);
  const groups = [...new Set(charges.map(({ group }) => group))];
  const groupOf = (id) => charges.find((charge) => charge.id === id).group;
  const sumOf = (list) => (list.length === 0 ? "0" : add(...list.map(gross)));
  /** As the source tells it: the groups by name, or all charges of those that it names. */
  const tell = (document, words) => {
    if (document === undefined) return null;
    const own = [...new Set(document.items.map(({ id }) => groupOf(id)))];
    if (Array.isArray(words)) return own;
    if (isNumber(words)) return document.amount;
    const isAll = own.every((group) =>
      charges.every(({ id }) => groupOf(id) !== group || has(document, id)),
    );
    const named = groups.filter((group) => new RegExp(`\\b${group}\\b`).test(words ?? ""));
    const isThem = named.length === 0 ? own.length === groups.length : named.join() === own.join();
    return isAll && isThem ? words : own;
  };
  const has = (document, id) => document.items.some((item) => item.id === id);
  const itemsOf = (document) =>
    document && Object.fromEntries(document.items.map((item) => [item.id, gross(item)]));
  const net = add(...charges.map(({ amount }) => amount));
  return {
    invoice: tell(find("invoice"), expected.invoice),
    credit_memo: tell(find("creditMemo"), expected.credit_memo),
    bill_run_total: sumOf(charges),
    total: sumOf(charges),
    groups: Object.fromEntries(
      groups.map((name) => [name, sumOf(charges.filter(({ group }) => group === name))]),
    ),
    invoice_total: find("invoice")?.amount ?? null,
    credit_memo_total: find("creditMemo")?.amount ?? null,
    memo_items: itemsOf(find("creditMemo")),
    invoice_items: itemsOf(find("invoice")),
    result: run.documents
      .map((made) => `${DOCUMENTS[made.type]} ${shortest(made.amount)}`)
      .join("; "),
    total_pre_tax: net,
    total_with_tax: sumOf(charges),
  };
}

/** Order line items beside subscription charges: on one document, or each on their own. */
function orderLineItems(input, { id, title }, open, setoff) {
  const told = `${id} ${title} ${input.rule ?? input.consolidate ?? ""}`;
  const isConsolidated =
    /rule yes|OLI-Y|consolidated(?! no)/i.test(told) && !/rule no|separate/i.test(title);
  const parts = [
    { id: "order line items", amount: input.order_line_items, creditable: false },
    { id: "subscription", amount: input.subscription_charges, creditable: true },
  ];
  const charges = parts
    .filter(({ amount }) => amount !== null && amount !== undefined)
    .map((part) => ({
      ...part,
      amount: decimalText(part.amount),
      batch: isConsolidated ? "" : part.id,
    }));
  const { documents, refused } = setoff.generateDocuments({ currency: "USD", charges });
  const names = { "order line items": "OLI", subscription: "subscription" };
  const isAlone = charges.length === 1 || isConsolidated;
  const of = ({ batch }) => (isAlone ? "" : ` for ${names[batch]}`);
  const words = [
    ...refused.map(({ batch }) => (isAlone ? "rejected" : `${names[batch]} rejected`)),
    ...documents.map((made) => `${DOCUMENTS[made.type]} ${shortest(made.amount)}${of(made)}`),
  ];
  return { total: add(...charges.map(({ amount }) => amount)), result: words.join("; ") };
}

// Settling.

/** A payment that settles lines one by one. */
function explicitItems(input, vector, open) {
  const account = open({});
  const lines = input.items.map(({ id, ...line }) => ({
    name: id,
    ...line,
    appliedTo: line.appliedTo,
  }));
  const invoiceId = account.invoice(itemsOf(lines));
  account.pay(invoiceId, input.apply_items, decimalText(input.payment ?? input.credit_memo));
  const balances = Object.fromEntries(
    account.lines(invoiceId).map(({ name, balance }) => [name, balance]),
  );
  const invoice_balance = account.document("invoice", invoiceId).balance;
  return {
    balances,
    balances_as_printed: balances,
    balances_by_arithmetic: balances,
    invoice_balance,
  };
}

const SUBJECT = /^(payment|(credit_?|debit_?)?memo)$/i;

/** A credit memo or payment in some state, and one operation on it. */
function operation(input, { area, title, source_url: url }, open) {
  const account = open({});
  const [{ key, value }] = keys(input, SUBJECT);
  const told = typeof value === "object" ? value : { amount: value };
  const of = /payment/.test(key) ? "payment" : /debit/.test(key) ? "debitMemo" : "creditMemo";
  const [Kind, named] = [of.replace(/^./, (letter) => letter.toUpperCase()), `${of}Id`];
  const amount = decimalText(told.amount);
  const tax = decimalText(told.taxAmount ?? "0");
  const taxItems = sign(tax) === 0 ? [] : [{ id: "tax", amount: tax }];
  const items = [{ id: "1", amount: subtract(amount, tax), taxItems }];
  const autoPost = !/draft/i.test(told.status ?? "");
  const made = of === "payment" ? { amount } : { autoPost, items };
  const id = account.do(`create${Kind}`, made).document.id;
  const before = told.applied_before ?? told.applied ?? told.appliedAmount ?? "0";
  const operation = input.apply ?? input.unapply ?? {};
  const want = Object.entries(operation).map(([target, amount]) => ({
    target,
    amount: decimalText(amount),
  }));
  const targets = {};
  for (const { target, amount: wanted } of want.length > 0
    ? want
    : [{ target: "invoice", amount }]) {
    const isDebit = /debit/i.test(target);
    const size = sign(before) > 0 ? before : wanted;
    const targetId = isDebit ? account.debitMemo(size) : account.invoice(size);
    const entry = { [isDebit ? "debitMemoId" : "invoiceId"]: targetId, amount: wanted };
    (targets[isDebit ? "debitMemos" : "invoices"] ??= []).push(entry);
  }
  const applied = (list) => list.map((entry) => ({ ...entry, amount: decimalText(before) }));
  const earlier = Object.entries(targets).map(([list, entries]) => [list, applied(entries)]);
  if (sign(before) > 0) account.do(`apply${Kind}`, { [named]: id, ...Object.fromEntries(earlier) });
  const words = `${area} ${url} ${title}`;
  if (input.apply !== undefined) account.do(`apply${Kind}`, { [named]: id, ...targets });
  else if (input.unapply !== undefined) account.do(`unapply${Kind}`, { [named]: id, ...targets });
  else if (/transfer/i.test(words))
    account.do("transferPayment", { paymentId: id, accountId: "A-002" });
  else if (/unpost/i.test(words)) account.do(`unpost${Kind}`, { [named]: id });
  else if (/cancel/i.test(words)) account.do(`cancel${Kind}`, { [named]: id });
  else if (/delete/i.test(words)) account.do(`delete${Kind}`, { [named]: id });
  const document = account.document(of, id);
  const now = header(document);
  const isUnchanged = same(now.amount, amount) && same(now.appliedAmount, before);
  const unapplied = sign(document.unappliedAmount ?? "0") > 0;
  const part = ({ targetType, targetId, amount }) => ({
    [targetType]: amount,
    amount,
    invoiceId: targetType === "invoice" ? targetId : null,
    debitMemoId: targetType === "debitMemo" ? targetId : null,
  });
  // What is unapplied is a part as well, in the words of the source.
  const rest = unapplied
    ? [{ amount: document.unappliedAmount, invoiceId: null, debitMemoId: null }]
    : [];
  return {
    ...now,
    accountId: document.accountId === "A-002" ? "new account" : document.accountId,
    amounts: isUnchanged ? "unchanged" : "changed",
    parts: [...account.parts({ sourceId: id }).map(part), ...rest],
    unapplied_part: unapplied ? document.unappliedAmount : null,
  };
}

/** A source that is spread over documents, as its expected parts say. */
function spreadParts(input, { expected }, open) {
  const account = open({});
  const parts = expected.parts ?? expected.part_items ?? expected.items;
  const targets = { invoices: [], debitMemos: [] };
  for (const part of parts) {
    const [target, amount] = Object.entries(part).find(([, value]) => isNumber(value));
    const isDebit = /debit/i.test(target);
    const named = isDebit
      ? { debitMemoId: account.debitMemo(amount) }
      : { invoiceId: account.invoice(amount) };
    targets[isDebit ? "debitMemos" : "invoices"].push({ ...named, amount: decimalText(amount) });
  }
  const amount = input.payment ?? input.memo ?? input.credit_memo;
  const id = account.payment(amount, targets);
  const { unappliedAmount } = account.document("payment", id);
  const now = account
    .parts({ sourceId: id })
    .map(({ targetType, amount }) => ({ [targetType]: amount }));
  const inOrder = parts.map(
    (part) => now.find((one) => Object.keys(one)[0] === Object.keys(part)[0]) ?? null,
  );
  return { parts: inOrder, unapplied_part: sign(unappliedAmount) > 0 ? unappliedAmount : null };
}

/** A part of a payment, line by line: an item and its tax. */
function partItems(input, { expected }, open) {
  const account = open({});
  const told = keys(expected, /item/)[0].value;
  const amounts = (Array.isArray(told) ? told : Object.values(told)).map((one) => {
    return typeof one === "object" ? Object.values(one).find(isNumber) : one;
  });
  const [item, ...taxes] = amounts.map(decimalText);
  const taxItems = taxes.map((amount, place) => ({ id: `tax${place}`, amount }));
  const debitMemoId = account.debitMemo([{ id: "1", amount: item, taxItems }]);
  const part = add(...amounts);
  const sourceId = account.payment(part, { debitMemos: [{ debitMemoId }] });
  const own = account.partItems({ sourceId }).map(({ amount }) => amount);
  const fill = (value, place) => {
    if (typeof value !== "object") return own[place];
    const known = Object.keys(value).filter((key) => isNumber(value[key]));
    return Object.fromEntries(known.map((key) => [key, own[place]]));
  };
  const entries = Object.entries(told).map(([key, value], place) => [key, fill(value, place)]);
  const filled = Array.isArray(told)
    ? entries.map(([, value]) => value)
    : Object.fromEntries(entries);
  return {
    [keys(expected, /item/)[0].key]: filled,
    part: account.parts({ sourceId })[0].amount,
    amount: part,
  };
}

/** A memo of items with taxes. */
function memoObject(input, vector, open) {
  const account = open({});
  const items = input.items.map(({ amount, tax = "0" }, place) => ({
    id: `${place + 1}`,
    amount: decimalText(amount),
    taxItems: sign(tax) === 0 ? [] : [{ id: `tax${place + 1}`, amount: decimalText(tax) }],
  }));
  const id = account.creditMemo(items);
  const lines = account.lines(id);
  const unapplied = (isTax) =>
    lines.filter((line) => (line.processingType === "Tax") === isTax).map((line) => line.unapplied);
  const taxes = unapplied(true);
  return {
    ...header(account.document("creditMemo", id)),
    item_unapplied: unapplied(false),
    tax_item_unapplied: taxes.length === 1 ? taxes[0] : taxes,
  };
}

/** What is applied to an invoice, newest first. */
function applicationParts(input, vector, open) {
  const account = open({});
  const amounts = input.applied.map((applied) => Object.values(applied)[0]);
  const invoiceId = account.invoice(add(...amounts));
  // The source lists the newest first.
  for (const applied of [...input.applied].reverse()) {
    const [[kind, amount]] = Object.entries(applied);
    const invoices = [{ invoiceId, amount: decimalText(amount) }];
    if (/pay/i.test(kind)) account.payment(amount, { invoices });
    else account.do("applyCreditMemo", { creditMemoId: account.creditMemo(amount), invoices });
  }
  const rows = account.book.query({ of: "application", where: { targetId: invoiceId } }).rows;
  const applicationParts = [...rows].reverse().map(({ sourceType, sourceId, amount }) => ({
    appliedAmount: amount,
    creditMemoId: sourceType === "creditMemo" ? sourceId : null,
    paymentId: sourceType === "payment" ? sourceId : null,
  }));
  return { applicationParts, balance: account.document("invoice", invoiceId).balance };
}

/** What is told of a document or line, in an object of its own or beside one another, by lower-case names. */
const toldOf = (input) => {
  const told =
    Object.values(input).find((value) => value !== null && typeof value === "object") ?? input;
  return Object.fromEntries(
    Object.entries(told).map(([key, value]) => [key.toLowerCase().replaceAll("_", ""), value]),
  );
};

const isSettledTarget = ({ input }) =>
  ["creditamount", "paymentamount", "beappliedamount"].some((name) =>
    isNumber(toldOf(input)[name]),
  );

/** Figures of one line or document that other documents settle: its balance. */
function balanceOfLine(input, vector, open) {
  const account = open({});
  const told = toldOf(input);
  const isDebit = told.beappliedamount !== undefined;
  // Of a tax item, its tax is the whole.
  const amount = told.amount ?? told.taxamount;
  const id = isDebit ? account.debitMemo(amount) : account.invoice(amount);
  const targets = (amount) =>
    isDebit
      ? { debitMemos: [{ debitMemoId: id, amount: decimalText(amount) }] }
      : { invoices: [{ invoiceId: id, amount: decimalText(amount) }] };
  const [credited, paid] = [
    told.creditamount ?? "0",
    told.paymentamount ?? told.beappliedamount ?? "0",
  ];
  if (sign(credited) > 0) {
    account.do("applyCreditMemo", {
      creditMemoId: account.creditMemo(credited),
      ...targets(credited),
    });
  }
  if (sign(paid) > 0) account.payment(paid, targets(paid));
  return header(account.document(isDebit ? "debitMemo" : "invoice", id));
}

/** An invoice that is written off, as its memo shows. */
function writtenOff(input, { expected }, open) {
  const account = open({});
  const at = expected.memoDate ?? DAY;
  const invoiceId = account.invoice(keys(input, /invoice/)[0].value, { at, date: at });
  const { created } = account.do("writeOffInvoice", { at, invoiceId });
  const rows = account.book.query({ of: "application", where: { targetId: invoiceId } }).rows;
  const groups = new Set(rows.map(({ applicationGroupId }) => applicationGroupId));
  return {
    ...header(created[0]),
    application_effectiveDate: rows[0].at,
    application_groups: `${groups.size}`,
  };
}

/** Several memos at once, of which one cannot be. */
function bulk(input, vector, open) {
  const account = open({});
  const commands = input.memos.map((memo, place) => {
    const amount = Object.values(memo).find(isNumber);
    const base = { type: "createCreditMemo", at: DAY, id: `CM-${place}` };
    if (amount === undefined) return { ...base, invoiceId: "test" };
    const items = [{ id: "1", amount: decimalText(amount) }];
    if (input.sourceType !== "Invoice") return { ...base, items };
    return {
      ...base,
      invoiceId: account.invoice(amount),
      items: [{ ...items[0], sourceItemId: "1" }],
    };
  });
  const { results } = account.do("bulk", { commands });
  const memos = results.map(({ success, document }, objectIndex) =>
    success ? { success, ...header(document) } : { success, objectIndex },
  );
  return { memos };
}

/** A paid invoice whose subscription is canceled: the payment refunded, the credit applied, the rest written off. */
function cancelRefund(input, vector, open) {
  const account = open({ overCrediting: "any" });
  const invoiceId = account.invoice(input.invoice);
  const paymentId = account.payment(input.payment, { invoices: [{ invoiceId }] });
  const refund = account.do("refundPayment", {
    paymentId,
    amount: decimalText(input.refund),
    autoUnapply: true,
  });
  const credit = decimalText(keys(input, /credit/)[0].value);
  const items = [{ id: "1", sourceItemId: "1", amount: credit }];
  const memo = account.creditMemo(items, { invoiceId, billing: true });
  const { balance } = account.document("invoice", invoiceId);
  const least = sign(subtract(balance, credit)) < 0 ? balance : credit;
  if (sign(least) > 0) {
    account.do("applyCreditMemo", {
      creditMemoId: memo,
      invoices: [{ invoiceId, amount: decimalText(least) }],
    });
  }
  const second = {};
  const isOpen = sign(account.document("invoice", invoiceId).balance) > 0;
  if (input.write_off && isOpen) {
    const { amount, unappliedAmount } = account.do("writeOffInvoice", { invoiceId }).created[0];
    Object.assign(second, {
      write_off_credit_memo_2: amount,
      credit_memo_2_unapplied: unappliedAmount,
    });
  }
  const [payment, creditMemo] = [
    account.document("payment", paymentId),
    account.document("creditMemo", memo),
  ];
  return {
    payment_applied: payment.appliedAmount,
    payment_unapplied: payment.unappliedAmount,
    refund: refund.document.amount,
    credit_memo_applied: creditMemo.appliedAmount,
    credit_memo_unapplied: creditMemo.unappliedAmount,
    credit_memo_1_unapplied: creditMemo.unappliedAmount,
    ...second,
    invoice_balance: account.document("invoice", invoiceId).balance,
  };
}

/** The day that a refund is applied: not before what was last applied or taken back. */
function refundDate(input, vector, open) {
  const account = open({});
  const date = (expression) =>
    keys(input, expression).find(({ value }) => /^\d{4}-\d\d-\d\d$/.test(value))?.value;
  const [applied, unapplied, day] = [date(/(?<!un)appl/), date(/unappl/), date(/refund/)];
  const invoiceId = account.invoice("100");
  const paymentId = account.payment("100");
  const last = applied ?? unapplied;
  account.do("applyPayment", { at: last, paymentId, invoices: [{ invoiceId, amount: "10" }] });
  if (unapplied !== undefined)
    account.do("unapplyPayment", { at: unapplied, paymentId, invoices: [{ invoiceId }] });
  const at = day > (unapplied ?? last) ? day : (unapplied ?? last);
  const { document } = account.do("refundPayment", { at, date: day, paymentId, amount: "1" });
  const rows = account.book.query({ of: "application", where: { targetId: document.id } }).rows;
  const effective = rows[0].at;
  return {
    application_date: effective,
    refund_application_date: effective,
    effectiveDate: effective,
  };
}

/** Where the items of memos come from. */
function association(input, { expected }, open) {
  const transfer = keys(input, /transfer/)[0]?.value.split(/\s+to\s+/);
  const account = open({ accountId: transfer?.[0] ?? "A-001" });
  const invoiceId = account.invoice(input.invoice_item);
  const item = (amount, sourceItemId) => [{ id: "1", sourceItemId, amount: decimalText(amount) }];
  const linked = (id) => {
    const document = account.document("creditMemo", id);
    const [{ source }] = account.items(id);
    const isEngine = document.origin === "billing";
    return {
      creditFromItemSource: source === undefined ? null : "InvoiceItem",
      creditFromItemId: source === undefined ? null : `invoice item ${source.itemId}`,
      // What the billing engine makes is of a subscription; memos know no more of it than that they are of the engine.
      sourceItemType: isEngine ? "SubscriptionComponent" : undefined,
      memo_account: document.accountId,
    };
  };
  if (transfer !== undefined) {
    const amount = keys(input, /credit/)[0].value;
    const fields = { invoiceId, billing: true, accountId: transfer[1] };
    const facts = linked(account.creditMemo(item(amount, "1"), fields));
    return {
      ...facts,
      creditFromItemId: facts.creditFromItemId && `original ${facts.creditFromItemId}`,
    };
  }
  const memos = input.memos.map(({ how, ...memo }) => {
    const [[name, amount]] = Object.entries(memo);
    const billing = /engine/.test(how);
    const from = billing || /invoice/.test(how) ? { invoiceId, billing } : {};
    return [name, linked(account.creditMemo(item(amount, from.invoiceId && "1"), from))];
  });
  return Object.fromEntries(memos.filter(([name]) => name in expected));
}

/** A payment in full of an invoice with something negative, by the rule that passes over what is not positive. */
function positiveBase(input, vector, open) {
  const account = open({});
  const [total, base] = [input.invoice_total, input.sum_of_positive_items].map(decimalText);
  const below = subtract(total, base);
  // The source prints no lines: two that make its base, and what makes its total.
  const items = [
    { id: "1", amount: "1000" },
    { id: "2", amount: subtract(base, "1000") },
    { id: "3", amount: below },
  ];
  const invoiceId = account.invoice(items);
  account.payment(input.payment, { signs: "skipNonPositive", invoices: [{ invoiceId }] });
  const lines = account.lines(invoiceId);
  const positive = lines.filter(({ amount }) => sign(amount) > 0);
  // All of it went to the positive lines, each short of its amount by what the negative one is.
  const isSpread =
    positive.every(({ applied }) => sign(applied) > 0) && same(lines[2].balance, below);
  const isPaid = sign(account.document("invoice", invoiceId).balance) === 0;
  const effect = isSpread && isPaid ? vector.expected.effect : "every line is closed";
  return { proration_base: add(...positive.map(({ amount }) => amount)), effect };
}

// Rating, by the functions beside the book.

const cents = (setoff, price, factor) =>
  setoff.prorate({ price: decimalText(price), currency: "USD", factor }).amount;

/** What is left of a year from a day on, and what is then written off. */
function canceledYear(input, vector, open, setoff) {
  const account = open({});
  const invoiceId = account.invoice(input.annual_invoice);
  const [, month, day] = /([A-Z][a-z]{2})\w*\s+(\d+)/.exec(input.cancel_effective);
  const names = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
  ];
  const number = String(names.indexOf(month) + 1).padStart(2, "0");
  const from = `2023-${number}-${day.padStart(2, "0")}`;
  const period = { from: "2023-01-01", to: "2024-01-01" };
  const price = decimalText(input.annual_invoice);
  const credit = setoff.prorate({
    price,
    currency: "USD",
    service: { from, to: period.to },
    period,
  }).amount;
  const items = [{ id: "1", sourceItemId: "1", amount: credit }];
  account.creditMemo(items, { invoiceId, billing: true, autoApply: true });
  const remaining = account.document("invoice", invoiceId).balance;
  return { credit, remaining_balance: remaining, write_off: remaining };
}

function partOfMonth(input, vector, open, setoff) {
  return { credit: cents(setoff, input.monthly, `${input.days_unused}/${input.days_in_month}`) };
}

/** A discount that uses up item after item. */
function discountInOrder(input, vector, open) {
  const account = open({});
  const items = input.items_in_order.map(([id, amount]) => ({ id, amount: decimalText(amount) }));
  const invoiceId = account.invoice(items);
  const creditMemoId = account.creditMemo(input.discount);
  account.do("applyCreditMemo", { creditMemoId, rule: "fifo", invoices: [{ invoiceId }] });
  const lines = account.lines(invoiceId);
  return {
    discounts: lines.map(({ applied }) => applied),
    net: lines.map(({ balance }) => balance),
  };
}

/** A percentage discount on the part of a charge that is given back: what is kept has the discount of what is kept. */
function discountedCredit(input, vector, open, setoff) {
  const factor = `${input.credited_months}/${input.period_months ?? 12}`;
  const share = cents(setoff, input.regular, factor);
  const rate = `${input.discount_pct}/100`;
  const kept = cents(setoff, subtract(input.regular, share), rate);
  const discount = subtract(cents(setoff, input.regular, rate), kept);
  return { regular_credit: subtract("0", share), discount_credit: discount };
}

/** An invoice in parts by percentages, item by item, the last with what rounding leaves. */
function splitInvoice(input, vector, open, setoff) {
  const weights = keys(input, PERCENT)[0].value.map((value) =>
    decimalText(String(value).replace("%", "")),
  );
  const method = { firstPass: "halfUp", leftover: "last" };
  const split = (amount) =>
    setoff.allocate({ amount: decimalText(amount), increment: "0.01", weights, method }).parts;
  const told = keys(input, /invoice|amount|total|item/)[0].value;
  const rows = [told].flat().map((item) => split(item.amount ?? item));
  const parts = rows[0].map((_, place) =>
    Array.isArray(told) ? rows.map((row) => row[place]) : rows[0][place],
  );
  const totals = rows[0].map((_, place) => add(...rows.map((row) => row[place])));
  return { splits: parts, parts, amounts: parts, totals };
}

// Which shape is what.

const has =
  (...names) =>
  ({ input }) =>
    names.every((name) => input[name] !== undefined);
const VARIANT = /^[\w ]+=(Yes|No)$/;

/** The first shape that fits says how to run a vector: `run(input, vector, open, setoff)`. */
const SHAPES = [
  [
    ({ input, area }) => /revers|write/.test(area) && (input.invoice_items ?? input.items),
    mirrored,
  ],
  [
    ({ input, area }) => /revers/.test(area) && isNumber(input.invoice),
    (input, vector, open) => {
      return counterpart({ items: [{ amount: input.invoice }] }, vector, open);
    },
  ],
  [({ input }) => keys(input, /written_off/).length > 0, writtenOff],
  [has("annual_invoice"), canceledYear],
  [({ input }) => keys(input, STEPS).length > 0, availableInSteps],
  [has("invoice_item", "tax_items"), overCreditingTax],
  [({ area }) => /over-credit|available/.test(area), overCrediting],
  [({ input }) => typeof input.invoice === "object" && typeof input.memo === "object", taxModes],
  [
    has("gross", "rate"),
    (input, vector, open) => ({
      RoundingNetAmount: taxed(
        open,
        { gross: input.gross, rate: input.rate, inclusive_rounding: "net" },
        2,
      ),
      RoundingTaxAmount: taxed(
        open,
        { gross: input.gross, rate: input.rate, inclusive_rounding: "tax" },
        2,
      ),
    }),
  ],
  [
    ({ area, input }) => area === "tax" && (input.lines ?? input.items ?? input.invoice_items),
    lineTaxes,
  ],
  [({ area, input }) => area === "rounding" && input.increment !== undefined, invoiceRounding],
  [has("order_line_items"), orderLineItems],
  [
    ({ area, input }) =>
      area === "generation" && (input.items ?? keys(input, /charge|price_change/)[0]),
    generation,
  ],
  [has("apply_items"), explicitItems],
  [has("monthly", "days_unused", "days_in_month"), partOfMonth],
  [has("discount", "items_in_order"), discountInOrder],
  [has("discount_pct", "regular"), discountedCredit],
  [has("sum_of_positive_items"), positiveBase],
  [({ input }) => input.invoice && input.payment && input.refund, cancelRefund],
  [({ input }) => Object.keys(input).some((key) => /refund_?date/i.test(key)), refundDate],
  [has("memos", "sourceType"), bulk],
  [has("invoice_item", "memos"), association],
  [({ input }) => input.invoice_item && keys(input, /transfer/).length > 0, association],
  [({ input }) => Array.isArray(input.applied), applicationParts],
  [({ input }) => keys(input, PERCENT).some(({ value }) => Array.isArray(value)), splitInvoice],
  [({ input, area }) => area === "objects" && input.items, memoObject],
  [
    ({ expected }) => keys(expected, /item/).length > 0 && keys(expected, /parts$/).length === 0,
    partItems,
  ],
  [({ expected, input }) => isNumber(input.payment) && Array.isArray(expected.parts), spreadParts],
  [isSettledTarget, balanceOfLine],
  [({ input }) => keys(input, SUBJECT).length > 0, operation],
];

/** Runs a vector and compares. */
function check(vector, setoff) {
  const shape = SHAPES.find(([fits]) => fits(vector));
  if (shape === undefined) return { isUnknown: true };
  const [, run] = shape;
  const accounts = [];
  const open = (options) => {
    const account = new Account(setoff, options);
    accounts.push(account);
    return account;
  };
  const { input, expected, source_internally_consistent: isConsistent, notes } = vector;
  const settings = Object.keys(expected).filter((key) => VARIANT.test(key));
  let actual;
  try {
    actual =
      settings.length === 0
        ? run(input, vector, open, setoff)
        : Object.fromEntries(
            settings.map((key) => [key, run(input, vector, open, setoff, key.endsWith("=Yes"))]),
          );
  } finally {
    accounts.forEach((account) => account.free());
  }
  const report = new Report();
  for (const facts of actual.every ?? [actual])
    compare({ ...expected, ...actual.alsoExpected }, facts, "", report);
  if (report.compared === 0) return { isUnknown: true };
  const agrees = report.wrong.length === 0;
  const unchecked = [...new Set(report.unchecked)];
  const wrong = Object.fromEntries(
    report.wrong.map((path) => [path, find(actual.every?.[0] ?? actual, path) ?? null]),
  );
  return {
    agrees,
    actual: wrong,
    expected: Object.fromEntries(report.wrong.map((path) => [path, find(expected, path) ?? null])),
    // A source that contradicts itself cannot be followed in everything.
    deviation:
      agrees || isConsistent !== false ? undefined : `the source contradicts itself: ${notes}`,
    unchecked: unchecked.length > 0 ? unchecked : undefined,
  };
}

const find = (value, path) =>
  path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce((value, name) => (value ?? {})[name], value);

export const kinds = { settlement: check };
