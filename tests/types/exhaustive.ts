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
    case "splitterFreed":
    case "resultReplaced":
    case "unreadableValue":
    case "invalidType":
    case "invalidNumber":
    case "invalidText":
    case "tooDeep":
    case "tooLarge":
    case "malformedRequest":
    case "unknownField":
    case "missingField":
    case "lengthMismatch":
    case "invalidChoice":
      return "the program's";
    case "invalidId":
    case "invalidDate":
    case "invalidDecimal":
    case "tooManyDecimals":
    case "offIncrement":
    case "outOfRange":
    case "commandIdReused":
    case "versionMismatch":
    case "unknownCurrency":
    case "invalidCurrency":
    case "invalidPeriod":
    case "invalidTerms":
    case "duplicateId":
    case "unknownReasonCode":
    case "groupNotFound":
    case "alreadySettled":
    case "invalidItem":
    case "periodClosed":
    case "dateTooEarly":
    case "limitExceeded":
    case "exceedsAvailableToCredit":
    case "noSourceItem":
    case "entryNotFound":
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
    case "allWeightsZero":
    case "exceedsCaps":
    case "exceedsItem":
    case "exceedsUnapplied":
    case "exceedsBalance":
    case "exceedsApplied":
    case "nothingToSettle":
    case "invalidCursor":
    case "invalidSnapshot":
    case "invalidExport":
    case "entryMismatch":
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
    case "createDebitMemo":
      return `${command.id}, due ${command.dueDate ?? command.date ?? command.at}`;
    case "createCreditMemo":
      return `${command.id} with ${command.items?.length ?? "all"} items`;
    case "createPayment":
    case "payInvoice":
    case "payDebitMemo":
      return `${command.id} of ${command.amount ?? "what is due"}`;
    case "postInvoice":
    case "unpostInvoice":
    case "cancelInvoice":
    case "deleteInvoice":
    case "voidInvoice":
    case "updateInvoice":
    case "collectInvoice":
      return command.invoiceId;
    case "postDebitMemo":
    case "unpostDebitMemo":
    case "cancelDebitMemo":
    case "deleteDebitMemo":
    case "voidDebitMemo":
    case "updateDebitMemo":
    case "collectDebitMemo":
      return command.debitMemoId;
    case "postCreditMemo":
    case "unpostCreditMemo":
    case "cancelCreditMemo":
    case "deleteCreditMemo":
    case "voidCreditMemo":
    case "updateCreditMemo":
      return command.creditMemoId;
    case "cancelPayment":
    case "deletePayment":
    case "voidPayment":
    case "updatePayment":
      return command.paymentId;
    case "transferPayment":
      return `${command.paymentId} to ${command.accountId}`;
    case "cancelRefund":
    case "deleteRefund":
    case "updateRefund":
      return command.refundId;
    case "applyCreditMemo":
    case "unapplyCreditMemo":
      return `${command.creditMemoId} and ${command.invoices?.length ?? "all"}`;
    case "applyPayment":
    case "unapplyPayment":
      return `${command.paymentId} and ${command.debitMemos?.length ?? "all"}`;
    case "applyCredits":
      return `${command.sources.length} sources and ${command.invoices?.length ?? "no"} invoices`;
    case "refundCreditMemo":
      return `${command.creditMemoId} by ${command.id}`;
    case "refundPayment":
      return `${command.paymentId} by ${command.id}`;
    case "writeOffInvoice":
    case "reverseInvoice":
      return `${command.invoiceId} with ${command.id}`;
    case "writeOffDebitMemo":
    case "reverseDebitMemo":
      return `${command.debitMemoId} with ${command.id}`;
    case "writeOffPayment":
      return `${command.paymentId} with ${command.id}`;
    case "writeOffCreditMemo":
    case "reverseCreditMemo":
      return `${command.creditMemoId} with ${command.id}`;
    case "changePlan":
      return command.invoiceId ?? command.creditMemoId ?? "none";
    case "undo":
      return command.applicationGroupId;
    case "closePeriods":
      return `${command.through ?? "none"}`;
    case "bulk":
      return command.commands.map(documentOf).join(", ");
    default:
      return never(command);
  }
}

export function label(value: Query["of"] | Rule | Status | Notice["code"]): string {
  switch (value) {
    case "invoice":
    case "creditMemo":
    case "debitMemo":
    case "payment":
    case "refund":
    case "item":
    case "part":
    case "partItem":
    case "application":
    case "applicationItem":
    case "ageing":
    case "statement":
    case "document":
    case "taxItem":
    case "account":
      return `rows of ${value}`;
    case "proration":
    case "fifo":
    case "lifo":
    case "sourceItem":
    case "explicit":
      return `by ${value}`;
    case "draft":
    case "posted":
    case "canceled":
      return `is ${value}`;
    case "nothingApplied":
    case "fifoInsteadOfProration":
    case "fallbackUsed":
    case "roundedAnew":
    case "countsFromPosting":
    case "partlyUndone":
    case "planWithoutTaxes":
      return value;
    default:
      return never(value);
  }
}

export function open({ document }: Outcome): string {
  switch (document?.type) {
    case undefined:
    case "refund":
      return "0.00";
    case "invoice":
    case "debitMemo":
      return document.balance;
    case "creditMemo":
    case "payment":
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
