// Programs that must know every case: a case that the types gain or lose breaks this file.
import { isSetoffError } from "setoff";
import type { Command, ErrorCode, Notice, Outcome, Query, Rule, Status } from "setoff";

/** What only compiles when nothing is left. */
function never(value: never): never {
  throw new Error(`not known: ${String(value)}`);
}

export function whoseFault(code: ErrorCode): "the program's" | "the data's" | "the engine's" {
  switch (code) {
    case "notInitialized":
    case "bookFreed":
    case "unreadableValue":
    case "invalidType":
    case "invalidNumber":
    case "invalidText":
    case "tooDeep":
    case "tooLarge":
    case "malformedRequest":
    case "unknownField":
    case "missingField":
    case "invalidChoice":
      return "the program's";
    case "invalidId":
    case "invalidDate":
    case "invalidDecimal":
    case "tooManyDecimals":
    case "offIncrement":
    case "outOfRange":
    case "unknownCurrency":
    case "invalidCurrency":
    case "invalidPeriod":
    case "invalidTerms":
    case "duplicateId":
    case "documentNotFound":
    case "itemNotFound":
    case "duplicateEntry":
    case "invalidDiscount":
    case "invalidStatus":
    case "accountMismatch":
    case "currencyMismatch":
    case "kindMismatch":
    case "amountNotPositive":
    case "sumMismatch":
    case "exceedsItem":
    case "exceedsUnapplied":
    case "exceedsBalance":
    case "exceedsApplied":
    case "nothingToSettle":
    case "invalidSnapshot":
    case "planMoved":
      return "the data's";
    case "engineFault":
      return "the engine's";
    default:
      return never(code);
  }
}

/** A command tells by its type what else it has. */
export function documentOf(command: Command): string {
  switch (command.type) {
    case "createInvoice":
      return `${command.id}, due ${command.dueDate ?? command.date ?? command.at}`;
    case "createCreditMemo":
      return `${command.id} with ${command.items.length} items`;
    case "postInvoice":
      return command.invoiceId;
    case "postCreditMemo":
      return command.creditMemoId;
    case "applyCreditMemo":
      return `${command.creditMemoId} to ${command.invoices.length}`;
    case "unapplyCreditMemo":
      return `${command.creditMemoId} from ${command.invoices?.length ?? "all"}`;
    default:
      return never(command);
  }
}

export function label(value: Query["of"] | Rule | Status | Notice["code"]): string {
  switch (value) {
    case "invoice":
    case "creditMemo":
    case "item":
    case "part":
    case "partItem":
    case "application":
      return `rows of ${value}`;
    case "proration":
    case "fifo":
    case "explicit":
      return `by ${value}`;
    case "draft":
    case "posted":
      return `is ${value}`;
    case "nothingApplied":
      return value;
    default:
      return never(value);
  }
}

export function open({ document }: Outcome): string {
  switch (document.type) {
    case "invoice":
      return document.balance;
    case "creditMemo":
      return document.unappliedAmount;
    default:
      return never(document);
  }
}

export function codeOf(error: unknown): ErrorCode | undefined {
  if (isSetoffError(error)) return error.code;
  // @ts-expect-error: anything else stays unknown
  return error.code;
}
