//! If several things are wrong with a command, the refusal is the first of the table of codes, whatever else is wrong.
//! Each command has its faults; each pair of them is tried.

#[path = "support/faults.rs"]
mod faults;
#[path = "support/mod.rs"]
mod support;

use faults::{Fault, Table, after, field, fields, lacks};
use serde_json::{Value, json};
use setoff::Code::{
    AccountMismatch, AlreadySettled, AmountNotPositive, CurrencyMismatch, DateTooEarly,
    DocumentNotFound, DuplicateEntry, DuplicateId, ExceedsApplied, ExceedsAvailableToCredit,
    ExceedsBalance, ExceedsItem, ExceedsUnapplied, GroupNotFound, InvalidChoice, InvalidDiscount,
    InvalidItem, InvalidPeriod, InvalidStatus, ItemNotFound, KindMismatch, LimitExceeded,
    MissingField, NoSourceItem, NothingToSettle, OutOfRange, PeriodClosed, SumMismatch,
    TooManyDecimals, UnknownCurrency, UnknownField, UnknownReasonCode,
};
use setoff::command::{TYPES, Verb};
use support::host::Host;

/// Invoices of 42.00 of which 10.00 are settled.
const INVOICES: [&str; 12] = ["I", "A", "B", "D", "E", "F", "G", "H", "J", "K", "L", "M"];

/// Why some faults cannot be there at once.
const NO_LINES: &str =
    "of a draft that is not there, nobody knows the lines and where they are from";
const NO_DRAFT: &str = "what is settled is posted, and stays so";
const MOVED: &str = "a payment that is settled in part belongs to its account";
const LATER: &str = "what was applied later needs that day";
const VOID: &str = "where there is nothing to apply again, nobody asks for room";

fn item(id: &str, amount: &str) -> Value {
    json!({ "id": id, "amount": amount, "taxItems": [{ "id": format!("{id}t"), "amount": "1.00" }] })
}

fn with(mut command: Value, fields: Value) -> Value {
    let more = fields.as_object().unwrap().clone();
    command.as_object_mut().unwrap().extend(more);
    command
}

fn run<const N: usize>(host: &mut Host, commands: [Value; N]) {
    for command in commands {
        host.execute(&command).unwrap();
    }
}

/// An invoice of two items of 20.00, each with a tax of 1.00.
fn invoice(id: &str, fields: Value) -> Value {
    let items = json!([item("a", "20.00"), item("b", "20.00")]);
    let new = json!({ "type": "createInvoice", "at": "2026-03-01", "id": id, "autoPost": true, "items": items });
    with(new, fields)
}

/// A credit memo that was made from no document, of five items of 99.00, each with a tax of 1.00.
fn memo(id: &str, fields: Value) -> Value {
    let items = ["m", "n", "o", "p", "q"].map(|id| item(id, "99.00"));
    let new = json!({ "type": "createCreditMemo", "at": "2026-03-01", "id": id, "autoPost": true, "items": items });
    with(new, fields)
}

fn payment(id: &str) -> Value {
    json!({ "type": "createPayment", "at": "2026-03-01", "id": id, "amount": "90.00" })
}

/// A step in the life of a document, such as `postInvoice`.
fn step(verb: &str, id: &str, at: &str) -> Value {
    let kind = verb.trim_start_matches(char::is_lowercase);
    let field = kind[..1].to_lowercase() + &kind[1..] + "Id";
    json!({ "type": verb, "at": at, field: id })
}

/// Applies 5.00 of a memo to an invoice.
fn apply(memo: &str, invoice: &str, at: &str) -> Value {
    json!({ "type": "applyCreditMemo", "at": at, "creditMemoId": memo,
        "invoices": [{ "invoiceId": invoice, "amount": "5.00" }] })
}

/// A book with documents for every fault.
fn book() -> Host {
    let mut host = Host::open(&json!({
        "currency": "USD", "overCrediting": "headerAndItem", "closedThrough": "2026-01-31",
        "keepClosedPosted": true, "mirror": "no",
        "reasonCodes": ["known", "Write-off", "Invoice reversal", "Credit memo reversal", "Debit memo reversal"],
        "currencies": [{ "code": "CASH", "scale": 2, "invoiceIncrement": "0.05" }],
        "limits": { "commentLength": 5, "statedItems": 4, "createItems": 20, "bulkCommands": 3, "collectItems": 6,
            "partItems": 30 },
    }))
    .unwrap();
    for id in INVOICES {
        run(&mut host, [invoice(id, json!({}))]);
    }
    run(
        &mut host,
        [
            invoice("draft", json!({ "autoPost": false, "number": "twofold" })),
            invoice("other", json!({ "accountId": "other" })),
            invoice("euro", json!({ "currency": "EUR" })),
            invoice("large", json!({ "items": [item("a", "9000.00")] })),
            invoice("late", json!({ "at": "2026-03-28", "date": "2026-03-28" })),
            invoice("again", json!({})),
            step("unpostInvoice", "again", "2026-03-02"),
            step("postInvoice", "again", "2026-03-25"),
            memo("C", json!({})),
            memo("R", json!({})),
            memo(
                "draftMemo",
                json!({ "autoPost": false, "number": "twofold" }),
            ),
            memo("free", json!({})),
            memo("againMemo", json!({})),
            step("unpostCreditMemo", "againMemo", "2026-03-02"),
            step("postCreditMemo", "againMemo", "2026-03-25"),
            payment("P"),
        ],
    );
    let all = INVOICES.map(|id| json!({ "invoiceId": id, "amount": "5.00" }));
    for id in ["C", "R"] {
        let apply = json!({ "type": "applyCreditMemo", "at": "2026-03-10", "creditMemoId": id, "invoices": all });
        run(&mut host, [apply]);
    }
    host
}

/// All days are in closed periods, and no balance of them changes.
fn closed() -> Fault {
    let close = json!({ "type": "closePeriods", "at": "2026-03-31", "through": "2026-03-31",
        "closedPeriods": "balances" });
    after(PeriodClosed, [close])
}

/// A document is a draft from the 2nd on, and posted again on the 25th.
fn posted_again(kind: &str, id: &str) -> [Value; 2] {
    [
        step(&format!("unpost{kind}"), id, "2026-03-02"),
        step(&format!("post{kind}"), id, "2026-03-25"),
    ]
}

fn target(code: setoff::Code, id: &str, amount: &str) -> Fault {
    field(
        code,
        "/invoices/-",
        json!({ "invoiceId": id, "amount": amount }),
    )
}

/// One pair of lines of a target.
fn pair(code: setoff::Code, id: &str, from: &str, to: &str, amount: &str) -> Fault {
    let pair = json!({ "creditMemoItemId": from, "invoiceItemId": to, "amount": amount });
    field(
        code,
        "/invoices/-",
        json!({ "invoiceId": id, "items": [pair] }),
    )
}

/// What can be wrong with the targets of an application or of what takes one back.
fn of_targets() -> [Fault; 12] {
    let five = ["m", "n", "o", "p", "q"]
        .map(|from| json!({ "creditMemoItemId": from, "invoiceItemId": "a", "amount": "0.01" }));
    let one = json!([{ "creditMemoItemId": "m", "invoiceItemId": "a", "amount": "0.01" }]);
    [
        field(
            MissingField,
            "/invoices/-",
            json!({ "invoiceId": "M", "items": [] }),
        ),
        target(DocumentNotFound, "nowhere", "1.00"),
        pair(ItemNotFound, "A", "none", "a", "1.00"),
        target(DuplicateEntry, "I", "1.00"),
        target(InvalidStatus, "draft", "1.00"),
        target(AccountMismatch, "other", "1.00"),
        target(CurrencyMismatch, "euro", "1.00"),
        pair(KindMismatch, "B", "mt", "a", "1.00"),
        field(
            LimitExceeded,
            "/invoices/-",
            json!({ "invoiceId": "D", "items": five }),
        ),
        target(TooManyDecimals, "E", "1.001"),
        target(AmountNotPositive, "F", "0.00"),
        field(
            SumMismatch,
            "/invoices/-",
            json!({ "invoiceId": "G", "amount": "0.02", "items": one }),
        ),
    ]
}

/// Faults of several parts of a command, in the order of their codes.
fn all_of<const N: usize>(parts: [&[Fault]; N]) -> Vec<Fault> {
    let mut faults = parts.concat();
    faults.sort_by_key(Fault::code);
    faults
}

#[test]
fn of_an_application_of_a_memo() {
    let of_command = [
        field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
        field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
        closed(),
        target(DateTooEarly, "again", "1.00"),
        field(DateTooEarly, "/creditMemoId", json!("againMemo")),
        pair(ExceedsItem, "H", "m", "a", "21.00"),
        target(ExceedsUnapplied, "large", "5000.00"),
        target(ExceedsBalance, "J", "60.00"),
        field(NoSourceItem, "/rule", json!("sourceItem")),
    ];
    let table = Table {
        host: book(),
        command: json!({ "type": "applyCreditMemo", "at": "2026-03-20", "creditMemoId": "C",
            "invoices": [{ "invoiceId": "I", "amount": "1.00" }] }),
        faults: all_of([&of_targets(), &of_command]),
        apart: &[],
    };
    table.check();
}

#[test]
fn of_an_application_of_a_payment() {
    let by_line = |id: &str, line: &str, amount: &str| {
        let item = json!({ "invoiceItemId": line, "amount": amount });
        json!({ "invoiceId": id, "items": [item] })
    };
    let table = Table {
        host: book(),
        command: json!({ "type": "applyPayment", "at": "2026-03-20", "paymentId": "P",
            "invoices": [{ "invoiceId": "I", "amount": "1.00" }] }),
        faults: vec![
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            target(DocumentNotFound, "nowhere", "1.00"),
            field(ItemNotFound, "/invoices/-", by_line("A", "none", "1.00")),
            target(DuplicateEntry, "I", "1.00"),
            after(InvalidStatus, [step("cancelPayment", "P", "2026-03-02")]),
            target(InvalidStatus, "draft", "1.00"),
            target(AccountMismatch, "other", "1.00"),
            target(CurrencyMismatch, "euro", "1.00"),
            field(KindMismatch, "/invoices/-", by_line("B", "at", "1.00")),
            closed(),
            target(DateTooEarly, "again", "1.00"),
            target(TooManyDecimals, "E", "1.001"),
            target(AmountNotPositive, "F", "0.00"),
            field(ExceedsItem, "/invoices/-", by_line("H", "a", "21.00")),
            target(ExceedsUnapplied, "large", "500.00"),
            target(ExceedsBalance, "J", "60.00"),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_credits_that_are_applied_together() {
    let table = Table {
        host: book(),
        command: json!({ "type": "applyCredits", "at": "2026-03-20", "sources": ["C", "P"], "invoices": ["I", "A"],
            "debitMemos": "allOpen" }),
        faults: vec![
            field(UnknownField, "/amount", json!("1.00")),
            field(InvalidChoice, "/rule", json!("explicit")),
            field(UnknownCurrency, "/currency", json!("XXX")),
            field(DocumentNotFound, "/sources/-", json!("nowhere")),
            field(DocumentNotFound, "/invoices/-", json!("nowhere")),
            field(DuplicateEntry, "/sources/-", json!("P")),
            field(DuplicateEntry, "/invoices/-", json!("I")),
            field(InvalidStatus, "/sources/-", json!("draftMemo")),
            field(InvalidStatus, "/invoices/-", json!("draft")),
            field(AccountMismatch, "/invoices/-", json!("other")),
            field(CurrencyMismatch, "/invoices/-", json!("euro")),
            closed(),
            field(DateTooEarly, "/sources/-", json!("againMemo")),
            field(DateTooEarly, "/invoices/-", json!("again")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_an_application_to_all_that_is_open() {
    let table = Table {
        host: book(),
        command: json!({ "type": "applyCreditMemo", "at": "2026-03-26", "creditMemoId": "C",
            "invoices": "allOpen", "debitMemos": [] }),
        faults: vec![
            field(InvalidChoice, "/rule", json!("explicit")),
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            field(
                DocumentNotFound,
                "/debitMemos/-",
                json!({ "debitMemoId": "nowhere", "items": [
                    { "creditMemoItemId": "m", "debitMemoItemId": "a", "amount": "1.00" }] }),
            ),
            field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
            closed(),
            field(DateTooEarly, "/at", json!("2026-03-20")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_an_unapplication() {
    let of_command = [
        field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
        field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
        closed(),
        field(DateTooEarly, "/at", json!("2026-03-05")),
        target(DateTooEarly, "again", "1.00"),
        target(ExceedsApplied, "K", "9.00"),
        field(NoSourceItem, "/rule", json!("sourceItem")),
    ];
    let table = Table {
        host: book(),
        command: json!({ "type": "unapplyCreditMemo", "at": "2026-03-20", "creditMemoId": "C",
            "invoices": [{ "invoiceId": "I", "amount": "1.00" }] }),
        faults: all_of([&of_targets(), &of_command]),
        apart: &[],
    };
    table.check();
}

#[test]
fn of_an_unapplication_of_everything() {
    let mut host = book();
    run(&mut host, [apply("free", "I", "2026-03-10")]);
    let table = Table {
        host,
        command: json!({ "type": "unapplyCreditMemo", "at": "2026-03-20", "creditMemoId": "free" }),
        faults: vec![
            field(MissingField, "/rule", json!("explicit")),
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
            closed(),
            field(DateTooEarly, "/at", json!("2026-03-05")),
            field(DateTooEarly, "/creditMemoId", json!("againMemo")),
            after(
                NothingToSettle,
                [
                    json!({ "type": "unapplyCreditMemo", "at": "2026-03-15", "creditMemoId": "free" }),
                ],
            ),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_refund_that_takes_something_back_first() {
    let line = |id: &str, amount: &str| json!({ "creditMemoItemId": id, "amount": amount });
    let of_command = [
        field(UnknownReasonCode, "/reasonCode", json!("unknown")),
        field(DuplicateId, "/id", json!("I")),
        field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
        field(ItemNotFound, "/items/-", line("none", "1.00")),
        field(DuplicateEntry, "/items/-", line("m", "1.00")),
        field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
        field(
            KindMismatch,
            "/items/-",
            json!({ "creditTaxItemId": "n", "amount": "1.00" }),
        ),
        closed(),
        field(DateTooEarly, "/date", json!("2026-02-01")),
        field(DateTooEarly, "/at", json!("2026-03-05")),
        field(LimitExceeded, "/comment", json!("too long")),
        fields(
            LimitExceeded,
            ["mt", "nt", "ot", "qt"].map(|id| {
                let line = json!({ "creditTaxItemId": id, "amount": "0.01" });
                ("/items/-", line)
            }),
        ),
        field(TooManyDecimals, "/items/-", line("o", "0.001")),
        field(AmountNotPositive, "/items/-", line("p", "0.00")),
        field(SumMismatch, "/amount", json!("77.00")),
        target(ExceedsApplied, "K", "9.00"),
    ];
    let table = Table {
        host: book(),
        command: json!({ "type": "refundCreditMemo", "at": "2026-03-20", "id": "new", "creditMemoId": "C",
            "items": [line("m", "1.00")],
            "invoices": [{ "invoiceId": "I", "amount": "1.00" }] }),
        faults: all_of([&of_targets(), &of_command]),
        apart: &[(
            PeriodClosed,
            DateTooEarly,
            "a refund that states its date is asked for that",
        )],
    };
    table.check();
}

#[test]
fn of_a_refund_of_an_amount() {
    let mut host = book();
    let refund = json!({ "type": "refundPayment", "at": "2026-03-02", "id": "old", "number": "taken",
        "paymentId": "Q" });
    run(&mut host, [payment("Q"), refund]);
    let table = Table {
        host,
        command: json!({ "type": "refundPayment", "at": "2026-03-20", "id": "new", "paymentId": "P",
            "amount": "90.00" }),
        faults: vec![
            fields(
                MissingField,
                [("/rule", json!("explicit")), ("/autoUnapply", json!(true))],
            ),
            field(InvalidChoice, "/rule", json!("sourceItem")),
            field(DuplicateId, "/number", json!("taken")),
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            after(InvalidStatus, [step("cancelPayment", "P", "2026-03-02")]),
            closed(),
            field(DateTooEarly, "/date", json!("2026-02-01")),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/amount", json!("1.001")),
            field(OutOfRange, "/amount", json!("92233720368547758.08")),
            field(AmountNotPositive, "/amount", json!("0.00")),
            field(ExceedsUnapplied, "/amount", json!("90.01")),
        ],
        apart: &[(
            PeriodClosed,
            DateTooEarly,
            "a refund that states its date is asked for that",
        )],
    };
    table.check();
}

#[test]
fn of_a_payment_of_documents() {
    let of_past = |code, at, amount, by| field(code, "/settledBefore/-", past(at, amount, by));
    let table = Table {
        host: book(),
        command: json!({ "type": "createPayment", "at": "2026-03-20", "id": "new", "amount": "9.00",
            "invoices": [{ "invoiceId": "I", "amount": "1.00" }],
            "settledBefore": [past("2026-03-20", "1.00", "application")] }),
        faults: vec![
            lacks(MissingField, "/amount"),
            field(
                MissingField,
                "/invoices/-",
                json!({ "invoiceId": "M", "items": [] }),
            ),
            of_past(InvalidChoice, "2026-03-20", "1.00", "payment"),
            field(UnknownCurrency, "/currency", json!("XXY")),
            field(DuplicateId, "/id", json!("I")),
            field(DuplicateId, "/number", json!("P")),
            target(DocumentNotFound, "nowhere", "1.00"),
            target(DuplicateEntry, "I", "1.00"),
            target(InvalidStatus, "draft", "1.00"),
            target(AccountMismatch, "other", "1.00"),
            target(CurrencyMismatch, "euro", "1.00"),
            closed(),
            target(DateTooEarly, "again", "1.00"),
            of_past(DateTooEarly, "2026-03-19", "1.00", "refund"),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/amount", json!("9.001")),
            of_past(TooManyDecimals, "2026-03-20", "0.001", "refund"),
            target(AmountNotPositive, "F", "0.00"),
            of_past(AmountNotPositive, "2026-03-20", "0.00", "refund"),
            of_past(ExceedsItem, "2026-03-20", "8.01", "refund"),
            target(ExceedsUnapplied, "large", "5000.00"),
            field(NoSourceItem, "/rule", json!("sourceItem")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_payment_of_one_document() {
    let table = Table {
        host: book(),
        command: json!({ "type": "payInvoice", "at": "2026-03-20", "id": "new", "invoiceId": "I",
            "amount": "1.00" }),
        faults: vec![
            field(MissingField, "/items", json!([])),
            field(UnknownCurrency, "/currency", json!("XXY")),
            field(DuplicateId, "/id", json!("I")),
            field(DuplicateId, "/number", json!("P")),
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            field(
                ItemNotFound,
                "/items",
                json!([{ "invoiceItemId": "none", "amount": "1.00" }]),
            ),
            field(InvalidStatus, "/invoiceId", json!("draft")),
            field(AccountMismatch, "/accountId", json!("other")),
            field(CurrencyMismatch, "/currency", json!("EUR")),
            field(
                KindMismatch,
                "/items",
                json!([{ "invoiceItemId": "at", "amount": "1.00" }]),
            ),
            closed(),
            field(DateTooEarly, "/invoiceId", json!("again")),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/amount", json!("1.001")),
            field(AmountNotPositive, "/amount", json!("0.00")),
            field(ExceedsBalance, "/amount", json!("60.00")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_write_off_line_by_line() {
    let line = |id: &str, amount: &str| json!({ "itemId": id, "amount": amount });
    let tax = |id: &str, amount: &str| json!({ "taxItemId": id, "amount": amount });
    let table = Table {
        host: book(),
        command: json!({ "type": "writeOffInvoice", "at": "2026-03-26", "id": "new", "invoiceId": "I",
            "items": [line("a", "1.00")] }),
        faults: vec![
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DuplicateId, "/number", json!("C")),
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            field(ItemNotFound, "/items/-", line("none", "1.00")),
            field(DuplicateEntry, "/items/-", line("a", "1.00")),
            field(InvalidStatus, "/invoiceId", json!("draft")),
            field(KindMismatch, "/items/-", tax("b", "1.00")),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            fields(
                DateTooEarly,
                [("/invoiceId", json!("again")), ("/at", json!("2026-03-20"))],
            ),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/items/-", tax("at", "0.001")),
            field(AmountNotPositive, "/items/-", tax("bt", "0.00")),
            field(SumMismatch, "/amount", json!("77.00")),
            field(ExceedsItem, "/items/0/amount", json!("21.00")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_write_off_of_an_amount() {
    let mut host = book();
    let new = json!({ "type": "createDebitMemo", "at": "2026-03-01", "id": "N", "autoPost": true,
        "items": [item("a", "20.00"), item("b", "20.00")] });
    run(&mut host, [new]);
    let table = Table {
        host,
        command: json!({ "type": "writeOffDebitMemo", "at": "2026-03-20", "id": "new", "debitMemoId": "N",
            "amount": "1.00" }),
        faults: vec![
            field(InvalidChoice, "/rule", json!("sourceItem")),
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DocumentNotFound, "/debitMemoId", json!("nowhere")),
            after(InvalidStatus, [step("unpostDebitMemo", "N", "2026-03-03")]),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            field(DateTooEarly, "/at", json!("2026-02-15")),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/amount", json!("0.001")),
            field(AmountNotPositive, "/amount", json!("0.00")),
            field(ExceedsBalance, "/amount", json!("77.00")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_write_off_of_all_that_is_left_of_a_memo() {
    let table = Table {
        host: book(),
        command: json!({ "type": "writeOffCreditMemo", "at": "2026-03-20", "id": "new", "creditMemoId": "free" }),
        faults: vec![
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
            after(AlreadySettled, [apply("free", "I", "2026-03-26")]),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            after(DateTooEarly, posted_again("CreditMemo", "free")),
            field(LimitExceeded, "/comment", json!("too long")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_write_off_of_the_rest_of_a_memo() {
    let all = json!({ "type": "writeOffCreditMemo", "at": "2026-03-20", "id": "old", "creditMemoId": "C",
        "rest": true });
    let table = Table {
        host: book(),
        command: with(all.clone(), json!({ "id": "new" })),
        faults: vec![
            field(UnknownField, "/amount", json!("1.00")),
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            field(DateTooEarly, "/creditMemoId", json!("againMemo")),
            field(LimitExceeded, "/comment", json!("too long")),
            after(NothingToSettle, [all]),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_write_off_of_a_payment() {
    let all =
        json!({ "type": "writeOffPayment", "at": "2026-03-20", "id": "old", "paymentId": "P" });
    let table = Table {
        host: book(),
        command: with(all.clone(), json!({ "id": "new" })),
        faults: vec![
            field(UnknownField, "/amount", json!("1.00")),
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            after(InvalidStatus, [step("cancelPayment", "P", "2026-03-02")]),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            field(DateTooEarly, "/at", json!("2026-02-15")),
            field(LimitExceeded, "/comment", json!("too long")),
            after(NothingToSettle, [all]),
        ],
        apart: &[(
            InvalidStatus,
            NothingToSettle,
            "a payment that is written off is not canceled",
        )],
    };
    table.check();
}

#[test]
fn of_a_reversal() {
    let below_zero = [
        step("unpostInvoice", "N", "2026-03-02"),
        json!({ "type": "updateInvoice", "at": "2026-03-02", "invoiceId": "N",
            "items": [{ "id": "a", "amount": "-90.00" }] }),
        step("postInvoice", "N", "2026-03-02"),
    ];
    let of_nothing = [
        step("unpostInvoice", "N", "2026-03-02"),
        json!({ "type": "updateInvoice", "at": "2026-03-02", "invoiceId": "N",
            "items": [{ "delete": "b" }, { "id": "a", "amount": "0.00", "taxItems": [{ "delete": "at" }] }] }),
        step("postInvoice", "N", "2026-03-02"),
    ];
    let mut host = book();
    run(&mut host, [invoice("N", json!({}))]);
    let table = Table {
        host,
        command: json!({ "type": "reverseInvoice", "at": "2026-03-20", "id": "new", "invoiceId": "N" }),
        faults: vec![
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DuplicateId, "/number", json!("C")),
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            after(InvalidStatus, [step("unpostInvoice", "N", "2026-03-26")]),
            after(AlreadySettled, [apply("free", "N", "2026-03-26")]),
            after(AlreadySettled, [whole_credit("made", "N")]),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            after(DateTooEarly, posted_again("Invoice", "N")),
            field(LimitExceeded, "/comment", json!("too long")),
            after(AmountNotPositive, below_zero),
            after(NothingToSettle, of_nothing),
        ],
        apart: &[
            (InvalidStatus, AlreadySettled, NO_DRAFT),
            (AlreadySettled, AmountNotPositive, NO_DRAFT),
            (AlreadySettled, NothingToSettle, NO_DRAFT),
            (
                AmountNotPositive,
                NothingToSettle,
                "nothing is not below zero",
            ),
        ],
    };
    table.check();
}

#[test]
fn of_a_reversal_of_a_memo() {
    let table = Table {
        host: book(),
        command: json!({ "type": "reverseCreditMemo", "at": "2026-03-20", "id": "new", "creditMemoId": "free" }),
        faults: vec![
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
            after(AlreadySettled, [apply("free", "I", "2026-03-26")]),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            after(DateTooEarly, posted_again("CreditMemo", "free")),
            field(LimitExceeded, "/comment", json!("too long")),
        ],
        apart: &[],
    };
    table.check();
}

/// The draft of a memo for all that is left of an invoice.
fn whole_credit(id: &str, of: &str) -> Value {
    json!({ "type": "createCreditMemo", "at": "2026-03-19", "id": id, "invoiceId": of })
}

/// What can be wrong with the items of a new document, whatever it is made from.
fn of_items() -> [Fault; 18] {
    let tax = json!([{ "id": "xt", "rate": "1", "name": "VAT" }]);
    let push = |code, item: Value| field(code, "/items/-", item);
    let from = |id: &str, document: &str, item: &str| {
        let source = json!({ "sourceDocumentId": document, "sourceItemId": item });
        with(json!({ "id": id, "amount": "1.00" }), source)
    };
    [
        push(DuplicateId, json!({ "id": "1", "amount": "1.00" })),
        push(DocumentNotFound, from("2", "nowhere", "a")),
        push(DocumentNotFound, from("2b", "twofold", "a")),
        push(ItemNotFound, from("3", "A", "none")),
        push(
            ItemNotFound,
            json!({ "id": "4", "amount": "1.00", "appliedToItemId": "none" }),
        ),
        push(
            ItemNotFound,
            with(
                from("5", "A", "a"),
                json!({ "taxItems": [{ "id": "5t", "sourceTaxItemId": "none" }] }),
            ),
        ),
        push(InvalidStatus, from("6", "draft", "a")),
        push(AccountMismatch, from("7", "other", "a")),
        push(CurrencyMismatch, from("8", "euro", "a")),
        push(
            InvalidItem,
            json!({ "id": "9", "amount": "1.00", "processingType": "rounding",
                "taxItems": [{ "id": "9t", "amount": "0.10" }] }),
        ),
        push(DateTooEarly, from("10", "late", "a")),
        field(LimitExceeded, "/comment", json!("too long")),
        push(TooManyDecimals, json!({ "id": "11", "amount": "0.001" })),
        push(
            TooManyDecimals,
            json!({ "id": "12", "amount": "1.00",
                "taxItems": [{ "id": "12t", "amount": "0.10", "exemptAmount": "0.001" }] }),
        ),
        push(
            OutOfRange,
            json!({ "id": "13", "amount": "1.00", "taxItems": tax }),
        ),
        push(
            OutOfRange,
            json!({ "id": "14", "amount": "92233720368547758.07" }),
        ),
        push(
            InvalidDiscount,
            json!({ "id": "15", "amount": "1.00", "appliedToItemId": "1" }),
        ),
        push(
            SumMismatch,
            json!({ "id": "16", "amount": "10.00", "quantity": "3", "unitPrice": "4.00" }),
        ),
    ]
}

/// What can be wrong with what was settled of an item before; `by`: a word for the kind of document, and one of others.
fn of_pasts([right, wrong]: [&str; 2]) -> [Fault; 5] {
    let push = |code, at: &str, amount: &str, by: &str| {
        let entries = json!([past(at, amount, by)]);
        let item = json!({ "id": format!("{amount}{by}{at}"), "amount": "1.00", "settledBefore": entries });
        field(code, "/items/-", item)
    };
    [
        push(InvalidChoice, "2026-03-20", "1.00", wrong),
        push(DateTooEarly, "2025-01-01", "1.00", right),
        push(TooManyDecimals, "2026-03-20", "0.001", right),
        push(AmountNotPositive, "2026-03-20", "0.00", right),
        push(ExceedsItem, "2026-03-20", "1.01", right),
    ]
}

/// What was settled of a line before its document came into the book.
fn past(at: &str, amount: &str, by: &str) -> Value {
    json!({ "at": at, "amount": amount, "by": by })
}

const DEMAND: [&str; 2] = ["payment", "refund"];
const SOURCE: [&str; 2] = ["application", "creditMemo"];

/// What can be wrong with the words of a new document.
fn of_words() -> [Fault; 6] {
    [
        field(
            MissingField,
            "/items/-",
            json!({ "id": "0", "amount": "1.00", "taxItems": [{ "id": "0t", "sourceTaxItemId": "at" }] }),
        ),
        field(
            InvalidPeriod,
            "/items/-",
            json!({ "id": "00", "amount": "1.00", "serviceStart": "2026-03-02", "serviceEnd": "2026-03-01" }),
        ),
        field(UnknownCurrency, "/currency", json!("XXY")),
        field(UnknownReasonCode, "/reasonCode", json!("unknown")),
        field(DuplicateId, "/id", json!("I")),
        field(DuplicateId, "/number", json!("taken")),
    ]
}

#[test]
fn of_a_new_invoice() {
    let mut host = book();
    run(&mut host, [invoice("N", json!({ "number": "taken" }))]);
    let of_command = [
        field(
            MissingField,
            "/items/-",
            json!({ "id": "x", "sourceItemId": "a", "amount": "1.00" }),
        ),
        fields(
            DuplicateId,
            [
                ("/currency", json!("CASH")),
                ("/items/-", json!({ "id": "rounding", "amount": "1.00" })),
            ],
        ),
        closed(),
    ];
    let table = Table {
        host,
        command: json!({ "type": "createInvoice", "at": "2026-03-20", "id": "new", "autoPost": true,
            "items": [item("1", "20.00")] }),
        faults: all_of([&of_words(), &of_items(), &of_pasts(DEMAND), &of_command]),
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_memo_with_stated_items() {
    let mut host = book();
    run(
        &mut host,
        [
            memo("N", json!({ "number": "taken" })),
            with(whole_credit("spending", "L"), json!({ "autoPost": true })),
        ],
    );
    let of_command = [
        field(DocumentNotFound, "/invoiceId", json!("nowhere")),
        field(InvalidStatus, "/invoiceId", json!("draft")),
        field(AccountMismatch, "/accountId", json!("other")),
        field(CurrencyMismatch, "/currency", json!("EUR")),
        field(PeriodClosed, "/date", json!("2026-01-15")),
        field(DateTooEarly, "/date", json!("2026-02-15")),
        field(DateTooEarly, "/invoiceId", json!("again")),
        field(TooManyDecimals, "/restockingFee", json!("0.001")),
        field(AmountNotPositive, "/restockingFee", json!("0.00")),
        field(
            AmountNotPositive,
            "/items/-",
            json!({ "id": "b0", "amount": "-900.00" }),
        ),
        field(
            ExceedsAvailableToCredit,
            "/items/-",
            json!({ "id": "b1", "sourceItemId": "b", "amount": "20.01" }),
        ),
        field(
            NothingToSettle,
            "/items/-",
            json!({ "id": "b2", "sourceDocumentId": "L", "sourceItemId": "a" }),
        ),
    ];
    let table = Table {
        host,
        command: json!({ "type": "createCreditMemo", "at": "2026-03-20", "id": "new", "invoiceId": "I",
            "autoPost": true, "autoApply": true, "restockingFee": "0.10",
            "items": [{ "id": "1", "sourceItemId": "a", "amount": "1.00" }] }),
        faults: all_of([&of_words(), &of_items(), &of_pasts(SOURCE), &of_command]),
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_debit_memo_with_stated_items() {
    let mut host = book();
    let new = json!({ "type": "createDebitMemo", "at": "2026-03-01", "id": "N", "number": "taken",
        "items": [item("a", "20.00")] });
    run(&mut host, [new]);
    let of_command = [
        field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
        field(InvalidStatus, "/creditMemoId", json!("draftMemo")),
        field(AccountMismatch, "/accountId", json!("other")),
        field(CurrencyMismatch, "/currency", json!("EUR")),
        field(PeriodClosed, "/date", json!("2026-01-15")),
        field(DateTooEarly, "/date", json!("2026-02-15")),
        field(
            AmountNotPositive,
            "/items/-",
            json!({ "id": "b0", "amount": "-900.00" }),
        ),
    ];
    let table = Table {
        host,
        command: json!({ "type": "createDebitMemo", "at": "2026-03-20", "id": "new", "creditMemoId": "free",
            "autoPost": true, "items": [{ "id": "1", "sourceItemId": "m", "amount": "1.00" }] }),
        faults: all_of([&of_words(), &of_items(), &of_pasts(DEMAND), &of_command]),
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_memo_of_the_billing_engine() {
    let not_for_billing = |fault: &Fault| fault.code() != AccountMismatch;
    let table = Table {
        host: book(),
        command: json!({ "type": "createCreditMemo", "at": "2026-03-20", "id": "new", "billing": true,
            "items": [{ "id": "1", "sourceDocumentId": "I", "sourceItemId": "a", "amount": "1.00" }] }),
        faults: all_of([
            &of_words()[..5],
            &of_items(),
            &[field(PeriodClosed, "/date", json!("2026-01-15"))],
        ])
        .into_iter()
        .filter(not_for_billing)
        .collect(),
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_credit_of_a_whole_document() {
    let mut host = book();
    for (id, from) in [("whole", "G"), ("used", "H")] {
        let credit = whole_credit(id, from);
        run(
            &mut host,
            [with(credit, json!({ "autoPost": id == "used" }))],
        );
    }
    let table = Table {
        host,
        command: json!({ "type": "createCreditMemo", "at": "2026-03-20", "id": "new", "invoiceId": "I",
            "autoPost": true, "autoApply": true }),
        faults: vec![
            field(UnknownCurrency, "/currency", json!("XXY")),
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("whole")),
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            field(InvalidStatus, "/invoiceId", json!("draft")),
            field(AccountMismatch, "/accountId", json!("other")),
            field(CurrencyMismatch, "/currency", json!("EUR")),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-01")),
            field(DateTooEarly, "/invoiceId", json!("again")),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/restockingFee", json!("0.001")),
            field(AmountNotPositive, "/restockingFee", json!("0.00")),
            field(ExceedsAvailableToCredit, "/restockingFee", json!("1.00")),
            field(NothingToSettle, "/invoiceId", json!("H")),
        ],
        apart: &[],
    };
    table.check();
}

/// What can be wrong with items that are added to a draft.
fn of_added_items(words: [&str; 2]) -> Vec<Fault> {
    let mut faults = all_of([&of_items(), &of_pasts(words)]);
    faults.push(field(
        MissingField,
        "/items/-",
        json!({ "id": "0", "amount": "1.00", "taxItems": [{ "id": "0t", "sourceTaxItemId": "at" }] }),
    ));
    for fault in &mut faults {
        fault.nest("/items/-", "add");
    }
    faults
}

#[test]
fn of_an_update_of_a_draft() {
    let settled = [
        step("postInvoice", "N", "2026-03-02"),
        apply("free", "N", "2026-03-10"),
        json!({ "type": "unapplyCreditMemo", "at": "2026-03-11", "creditMemoId": "free" }),
        step("unpostInvoice", "N", "2026-03-12"),
    ];
    let mut host = book();
    run(
        &mut host,
        [
            invoice(
                "N",
                json!({ "autoPost": false, "items": [item("1", "20.00"), item("b", "20.00")] }),
            ),
            invoice(
                "posted",
                json!({ "items": [item("1", "20.00"), item("b", "20.00")] }),
            ),
        ],
    );
    let of_command = [
        field(
            MissingField,
            "/items/-",
            json!({ "add": { "id": "x", "sourceItemId": "a", "amount": "1.00" } }),
        ),
        field(
            InvalidChoice,
            "/items/-",
            json!({ "id": "b", "settledBefore": [past("2026-03-20", "1.00", "refund")] }),
        ),
        field(
            InvalidPeriod,
            "/items/-",
            json!({ "id": "b", "serviceStart": "2026-03-02", "serviceEnd": "2026-03-01" }),
        ),
        field(UnknownReasonCode, "/reasonCode", json!("unknown")),
        field(
            DuplicateId,
            "/items/-",
            json!({ "add": { "id": "b", "amount": "1.00" } }),
        ),
        field(DuplicateId, "/number", json!("A")),
        field(DocumentNotFound, "/invoiceId", json!("nowhere")),
        field(ItemNotFound, "/items/-", json!({ "delete": "none" })),
        field(
            ItemNotFound,
            "/items/-",
            json!({ "id": "b", "taxItems": [{ "delete": "none" }] }),
        ),
        field(InvalidStatus, "/invoiceId", json!("posted")),
        after(InvalidStatus, [step("cancelInvoice", "N", "2026-03-15")]),
        after(AlreadySettled, settled),
        field(
            TooManyDecimals,
            "/items/-",
            json!({ "id": "b", "amount": "0.001" }),
        ),
    ];
    let table = Table {
        host,
        command: json!({ "type": "updateInvoice", "at": "2026-03-20", "invoiceId": "N",
            "items": [{ "id": "1", "amount": "5.00" }] }),
        faults: all_of([&of_added_items(DEMAND), &of_command]),
        apart: &[
            (MissingField, DocumentNotFound, NO_LINES),
            (DuplicateId, DocumentNotFound, NO_LINES),
        ],
    };
    table.check();
}

#[test]
fn of_an_update_of_the_draft_of_a_memo() {
    let made = |id: &str| {
        let items = json!([{ "id": "1", "sourceItemId": "a", "amount": "1.00" }]);
        with(
            whole_credit(id, "I"),
            json!({ "items": items, "at": "2026-03-01" }),
        )
    };
    let mut host = book();
    run(
        &mut host,
        [
            made("N"),
            with(made("posted"), json!({ "autoPost": true })),
            memo(
                "standalone",
                json!({ "autoPost": false, "items": [item("1", "20.00")] }),
            ),
        ],
    );
    let of_command = [
        field(UnknownField, "/creditMemoId", json!("standalone")),
        field(UnknownReasonCode, "/reasonCode", json!("unknown")),
        field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
        field(InvalidStatus, "/creditMemoId", json!("posted")),
        field(PeriodClosed, "/date", json!("2026-01-15")),
        field(DateTooEarly, "/date", json!("2026-02-15")),
        field(
            ExceedsAvailableToCredit,
            "/items/-",
            json!({ "add": { "id": "b1", "sourceItemId": "b", "amount": "20.01" } }),
        ),
    ];
    let table = Table {
        host,
        command: json!({ "type": "updateCreditMemo", "at": "2026-03-20", "creditMemoId": "N", "autoApply": true,
            "items": [{ "id": "1", "amount": "5.00" }] }),
        faults: all_of([&of_added_items(SOURCE), &of_command]),
        apart: &[(DuplicateId, DocumentNotFound, NO_LINES)],
    };
    table.check();
}

#[test]
fn of_an_update_of_what_a_document_says() {
    let mut host = book();
    let reverse = json!({ "type": "reverseCreditMemo", "at": "2026-03-20", "id": "counter", "creditMemoId": "free" });
    run(&mut host, [reverse]);
    let table = Table {
        host,
        command: json!({ "type": "updateCreditMemo", "at": "2026-03-20", "creditMemoId": "C", "comment": "short" }),
        faults: vec![
            field(UnknownField, "/autoApply", json!(true)),
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            field(InvalidStatus, "/creditMemoId", json!("free")),
            field(LimitExceeded, "/comment", json!("too long")),
        ],
        apart: &[(
            UnknownField,
            DocumentNotFound,
            "of a document that is not there, nobody knows what it was made from",
        )],
    };
    table.check();
}

#[test]
fn of_the_posting_of_a_memo() {
    let credit = |id: &str, of: &str| {
        let items = json!([{ "id": "1", "sourceItemId": "a", "amount": "5.00" }]);
        with(
            whole_credit(id, of),
            json!({ "items": items, "autoApply": true, "at": "2026-03-02" }),
        )
    };
    let rest = |of: &str| {
        let items = json!([{ "id": "1", "sourceItemId": "a", "amount": "20.00" }]);
        with(
            whole_credit("rest", of),
            json!({ "items": items, "autoPost": true }),
        )
    };
    let mut host = book();
    run(
        &mut host,
        [
            with(
                credit("N", "I"),
                json!({ "autoPost": true, "autoApply": false }),
            ),
            step("unpostCreditMemo", "N", "2026-03-08"),
            credit("lateMemo", "again"),
        ],
    );
    let below_zero = json!({ "type": "updateCreditMemo", "at": "2026-03-08", "creditMemoId": "N",
        "items": [{ "id": "1", "amount": "-5.00" }] });
    let of_own = Table {
        host: host.clone(),
        command: step("postCreditMemo", "N", "2026-03-20"),
        faults: vec![
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            after(InvalidStatus, [step("postCreditMemo", "N", "2026-03-20")]),
            field(DateTooEarly, "/at", json!("2026-03-05")),
            after(AmountNotPositive, [below_zero]),
            after(ExceedsAvailableToCredit, [rest("I")]),
        ],
        apart: &[
            (
                InvalidStatus,
                AmountNotPositive,
                "a memo below zero is not posted",
            ),
            (
                InvalidStatus,
                ExceedsAvailableToCredit,
                "a memo that is posted leaves less",
            ),
        ],
    };
    of_own.check();
    let of_what_it_settles = Table {
        host,
        command: step("postCreditMemo", "lateMemo", "2026-03-26"),
        faults: vec![
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            after(
                InvalidStatus,
                [step("postCreditMemo", "lateMemo", "2026-03-26")],
            ),
            closed(),
            field(DateTooEarly, "/at", json!("2026-03-20")),
            after(ExceedsAvailableToCredit, [rest("again")]),
        ],
        apart: &[(
            InvalidStatus,
            ExceedsAvailableToCredit,
            "a memo that is posted leaves less",
        )],
    };
    of_what_it_settles.check();
}

/// An invoice that was partly paid before it came into the book.
fn moved_in() -> Value {
    let paid = json!([past("2026-03-01", "1.00", "payment")]);
    invoice(
        "movedIn",
        json!({ "items": [{ "id": "a", "amount": "20.00", "settledBefore": paid }] }),
    )
}

#[test]
fn of_steps_back_of_an_invoice() {
    let mut host = book();
    run(&mut host, [invoice("N", json!({})), moved_in()]);
    let closed = json!({ "type": "closePeriods", "at": "2026-03-20", "through": "2026-03-31" });
    let faults = |draft: Fault| {
        vec![
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            draft,
            after(AlreadySettled, [whole_credit("made", "N")]),
            field(AlreadySettled, "/invoiceId", json!("movedIn")),
            after(PeriodClosed, [closed.clone()]),
            field(DateTooEarly, "/at", json!("2026-02-15")),
        ]
    };
    let unpost = Table {
        host: host.clone(),
        command: step("unpostInvoice", "N", "2026-03-20"),
        faults: faults(after(
            InvalidStatus,
            [step("unpostInvoice", "N", "2026-03-20")],
        )),
        apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
    };
    unpost.check();
    let mut settled = host.clone();
    run(&mut settled, [apply("free", "N", "2026-03-20")]);
    let void = Table {
        host: settled,
        command: step("voidInvoice", "N", "2026-03-20"),
        faults: all_of([
            &[field(UnknownReasonCode, "/reasonCode", json!("unknown"))],
            &faults(after(
                InvalidStatus,
                [step("voidInvoice", "N", "2026-03-20")],
            )),
            &[field(LimitExceeded, "/comment", json!("too long"))],
        ]),
        apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
    };
    void.check();
}

#[test]
fn of_steps_back_of_a_memo() {
    let credit = |id: &str, a: &str, b: &str| {
        let items = json!([{ "id": "1", "sourceItemId": "a", "amount": a },
            { "id": "2", "sourceItemId": "b", "amount": b }]);
        let fields = json!({ "items": items, "autoPost": true, "at": "2026-03-02" });
        with(whole_credit(id, "I"), fields)
    };
    let mut host = book();
    run(&mut host, [credit("N", "-5.00", "9.00")]);
    let closed = json!({ "type": "closePeriods", "at": "2026-03-20", "through": "2026-03-31" });
    let debit =
        json!({ "type": "createDebitMemo", "at": "2026-03-19", "id": "made", "creditMemoId": "N" });
    let faults = |draft: Fault| {
        vec![
            field(DocumentNotFound, "/creditMemoId", json!("nowhere")),
            draft,
            after(AlreadySettled, [debit.clone()]),
            after(PeriodClosed, [closed.clone()]),
            field(DateTooEarly, "/at", json!("2026-02-15")),
            after(ExceedsAvailableToCredit, [credit("needs", "25.00", "1.00")]),
        ]
    };
    let unpost = Table {
        host: host.clone(),
        command: step("unpostCreditMemo", "N", "2026-03-20"),
        faults: faults(after(
            InvalidStatus,
            [step("unpostCreditMemo", "N", "2026-03-20")],
        )),
        apart: &[
            (InvalidStatus, AlreadySettled, NO_DRAFT),
            (
                InvalidStatus,
                ExceedsAvailableToCredit,
                "without the memo, no other has so much",
            ),
        ],
    };
    unpost.check();
    let void = Table {
        host,
        command: step("voidCreditMemo", "N", "2026-03-20"),
        faults: faults(after(
            InvalidStatus,
            [step("voidCreditMemo", "N", "2026-03-20")],
        )),
        apart: &[
            (InvalidStatus, AlreadySettled, NO_DRAFT),
            (
                InvalidStatus,
                ExceedsAvailableToCredit,
                "without the memo, no other has so much",
            ),
        ],
    };
    void.check();
}

#[test]
fn of_the_end_of_payments_and_refunds() {
    let mut host = book();
    let refund = json!({ "type": "refundPayment", "at": "2026-03-02", "id": "back", "paymentId": "P",
        "amount": "10.00" });
    let moved_in = with(
        payment("movedIn"),
        json!({ "settledBefore": [past("2026-03-01", "1.00", "refund")] }),
    );
    run(&mut host, [payment("N"), refund.clone(), moved_in]);
    let apply = json!({ "type": "applyPayment", "at": "2026-03-10", "paymentId": "N",
        "invoices": [{ "invoiceId": "I" }] });
    let cancel = Table {
        host: host.clone(),
        command: step("cancelPayment", "N", "2026-03-20"),
        faults: vec![
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            after(InvalidStatus, [step("cancelPayment", "N", "2026-03-20")]),
            after(AlreadySettled, [apply.clone()]),
            field(AlreadySettled, "/paymentId", json!("movedIn")),
            closed(),
            field(DateTooEarly, "/at", json!("2026-02-15")),
        ],
        apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
    };
    cancel.check();
    let void = Table {
        host: host.clone(),
        command: step("voidPayment", "N", "2026-03-20"),
        faults: vec![
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            after(InvalidStatus, [step("cancelPayment", "N", "2026-03-20")]),
            after(
                AlreadySettled,
                [with(refund, json!({ "id": "more", "paymentId": "N" }))],
            ),
            field(AlreadySettled, "/paymentId", json!("movedIn")),
            closed(),
            field(DateTooEarly, "/at", json!("2026-02-15")),
        ],
        apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
    };
    void.check();
    let cancel_refund = Table {
        host: host.clone(),
        command: step("cancelRefund", "back", "2026-03-20"),
        faults: vec![
            field(DocumentNotFound, "/refundId", json!("nowhere")),
            after(InvalidStatus, [step("cancelRefund", "back", "2026-03-20")]),
            closed(),
            field(DateTooEarly, "/at", json!("2026-02-15")),
        ],
        apart: &[],
    };
    cancel_refund.check();
    let transfer = Table {
        host,
        command: json!({ "type": "transferPayment", "at": "2026-03-20", "paymentId": "N", "accountId": "other" }),
        faults: vec![
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            after(InvalidStatus, [step("cancelPayment", "N", "2026-03-20")]),
            after(AlreadySettled, [apply]),
            field(AlreadySettled, "/paymentId", json!("movedIn")),
            closed(),
        ],
        apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
    };
    transfer.check();
}

#[test]
fn of_the_end_of_a_draft() {
    let mut host = book();
    run(
        &mut host,
        [
            invoice("N", json!({})),
            step("unpostInvoice", "N", "2026-03-05"),
        ],
    );
    let cancel = Table {
        host: host.clone(),
        command: step("cancelInvoice", "N", "2026-03-20"),
        faults: vec![
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            after(InvalidStatus, [step("postInvoice", "N", "2026-03-20")]),
            field(DateTooEarly, "/at", json!("2026-03-04")),
        ],
        apart: &[],
    };
    cancel.check();
    run(&mut host, [step("cancelInvoice", "N", "2026-03-20")]);
    let delete = Table {
        host,
        command: step("deleteInvoice", "N", "2026-03-20"),
        faults: vec![
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            field(InvalidStatus, "/invoiceId", json!("I")),
            closed(),
        ],
        apart: &[],
    };
    delete.check();
}

#[test]
fn of_a_collection() {
    let more = ["c", "d", "e"].map(|id| json!({ "add": item(id, "1.00") }));
    let large = [
        step("unpostInvoice", "N", "2026-03-02"),
        json!({ "type": "updateInvoice", "at": "2026-03-02", "invoiceId": "N", "items": more }),
        step("postInvoice", "N", "2026-03-02"),
    ];
    let exclude = |id| {
        json!({ "type": "updateCreditMemo", "at": "2026-03-20", "creditMemoId": id,
            "excludeFromAutoApply": true })
    };
    let spent = ["C", "R", "free"].map(exclude);
    let mut host = book();
    run(&mut host, [invoice("N", json!({})), exclude("againMemo")]);
    let table = Table {
        host,
        command: json!({ "type": "collectInvoice", "at": "2026-03-20", "invoiceId": "N",
            "sources": ["creditMemo"] }),
        faults: vec![
            field(InvalidChoice, "/rule", json!("explicit")),
            field(DocumentNotFound, "/invoiceId", json!("nowhere")),
            after(InvalidStatus, [step("unpostInvoice", "N", "2026-03-26")]),
            closed(),
            after(DateTooEarly, posted_again("Invoice", "N")),
            after(LimitExceeded, large),
            after(NothingToSettle, spent),
        ],
        apart: &[],
    };
    table.check();
}

/// The application group of the last command.
fn last_group(host: &Host) -> Value {
    json!(format!("AG-{}", host.book.version()))
}

/// Pays out 1.00 of the memo R. What made a refund is not undone.
fn refund_group(host: &mut Host) -> Value {
    let refund = json!({ "type": "refundCreditMemo", "at": "2026-03-12", "id": "REF", "creditMemoId": "R",
        "amount": "1.00" });
    run(host, [refund]);
    last_group(host)
}

fn unapply(amount: Value) -> Value {
    let target = with(json!({ "invoiceId": "I" }), amount);
    json!({ "type": "unapplyCreditMemo", "at": "2026-03-12", "creditMemoId": "free", "invoices": [target] })
}

#[test]
fn of_what_is_undone() {
    let mut host = book();
    run(&mut host, [apply("free", "I", "2026-03-10")]);
    let applied = last_group(&host);
    let refunded = refund_group(&mut host);
    let table = Table {
        host,
        command: json!({ "type": "undo", "at": "2026-03-20", "applicationGroupId": applied }),
        faults: vec![
            field(GroupNotFound, "/applicationGroupId", json!("AG-9999")),
            field(InvalidStatus, "/applicationGroupId", refunded),
            closed(),
            field(DateTooEarly, "/at", json!("2026-03-05")),
            after(ExceedsApplied, [unapply(json!({}))]),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_part_of_an_operation_that_is_undone() {
    let mut host = book();
    run(&mut host, [apply("free", "I", "2026-03-10")]);
    let applied = last_group(&host);
    run(&mut host, [unapply(json!({ "amount": "1.00" }))]);
    let taken_back = last_group(&host);
    let table = Table {
        host,
        command: json!({ "type": "undo", "at": "2026-03-20", "applicationGroupId": applied, "sourceId": "free",
            "targetId": "I", "items": [{ "targetItemId": "a" }] }),
        faults: vec![
            lacks(MissingField, "/sourceId"),
            field(DocumentNotFound, "/targetId", json!("nowhere")),
            field(GroupNotFound, "/applicationGroupId", json!("AG-9999")),
            field(ItemNotFound, "/items/-", json!({ "targetItemId": "none" })),
            field(InvalidStatus, "/applicationGroupId", taken_back),
            closed(),
            field(DateTooEarly, "/at", json!("2026-03-05")),
            after(ExceedsApplied, [unapply(json!({}))]),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_what_is_undone_and_applied_again() {
    let mut host = book();
    let of_payment = |verb: &str, at: &str, invoice: &str, amount: &str| {
        json!({ "type": format!("{verb}Payment"), "at": at, "paymentId": "P",
            "invoices": [{ "invoiceId": invoice, "amount": amount }] })
    };
    run(&mut host, [of_payment("apply", "2026-03-10", "A", "30.00")]);
    let applied = last_group(&host);
    run(
        &mut host,
        [of_payment("unapply", "2026-03-12", "A", "20.00")],
    );
    let taken_back = last_group(&host);
    let refunded = refund_group(&mut host);
    let undo_applied = json!({ "type": "undo", "at": "2026-03-12", "applicationGroupId": applied });
    let rest = of_payment("unapply", "2026-03-12", "A", "10.00");
    let transfer = json!({ "type": "transferPayment", "at": "2026-03-12", "paymentId": "P", "accountId": "other" });
    let fill = json!({ "type": "applyCreditMemo", "at": "2026-03-12", "creditMemoId": "free",
        "invoices": [{ "invoiceId": "A" }] });
    let table = Table {
        host,
        command: json!({ "type": "undo", "at": "2026-03-20", "applicationGroupId": taken_back }),
        faults: vec![
            field(GroupNotFound, "/applicationGroupId", json!("AG-9999")),
            field(InvalidStatus, "/applicationGroupId", refunded),
            after(AccountMismatch, [rest, transfer]),
            closed(),
            field(DateTooEarly, "/at", json!("2026-03-11")),
            after(
                ExceedsUnapplied,
                [of_payment("apply", "2026-03-12", "large", "75.00")],
            ),
            after(ExceedsBalance, [fill]),
            after(ExceedsApplied, [undo_applied]),
        ],
        apart: &[
            (AccountMismatch, ExceedsUnapplied, MOVED),
            (AccountMismatch, ExceedsApplied, MOVED),
            (DateTooEarly, ExceedsUnapplied, LATER),
            (ExceedsUnapplied, ExceedsApplied, VOID),
            (ExceedsBalance, ExceedsApplied, VOID),
        ],
    };
    table.check();
}

#[test]
fn of_what_is_undone_of_a_document_that_was_posted_again() {
    let mut host = book();
    run(
        &mut host,
        [memo("N", json!({})), apply("N", "I", "2026-03-10")],
    );
    let group = json!(format!("AG-{}", host.book.version()));
    let again = [
        json!({ "type": "unapplyCreditMemo", "at": "2026-03-12", "creditMemoId": "N" }),
        step("unpostCreditMemo", "N", "2026-03-12"),
        step("postCreditMemo", "N", "2026-03-25"),
    ];
    run(&mut host, again);

    let mut undo = json!({ "type": "undo", "at": "2026-03-26", "applicationGroupId": group });
    let code = |host: &Host, undo: &Value| {
        host.clone()
            .execute(undo)
            .map(drop)
            .map_err(|error| error.code())
    };
    assert_eq!(code(&host, &undo), Err(ExceedsApplied));
    undo["at"] = "2026-03-20".into();
    assert_eq!(code(&host, &undo), Err(DateTooEarly));
}

#[test]
fn of_a_change_of_plan() {
    let change = |fields: Value| {
        let request = json!({
            "period": { "from": "2026-03-01", "every": { "months": 1 } }, "plan": { "price": "20.00" },
            "billed": "20.00", "changes": [{ "type": "change", "at": "2026-03-16", "price": "40.00" }] });
        with(request, fields)
    };
    let partly = json!([{ "id": "1", "sourceItemId": "a", "amount": "15.00" }]);
    let credited = with(
        whole_credit("partly", "N"),
        json!({ "items": partly, "autoPost": true }),
    );
    let days_credited = json!({ "type": "changePlan", "at": "2026-03-19", "creditMemoId": "days",
        "billedBy": { "invoiceId": "N", "itemId": "a" },
        "change": change(json!({ "changes": [{ "type": "pause", "at": "2026-03-30", "until": "2026-03-31" }] })) });
    let mut host = book();
    run(
        &mut host,
        [
            invoice("N", json!({ "items": [{ "id": "a", "amount": "20.00" }] })),
            invoice(
                "oftenPosted",
                json!({ "items": [{ "id": "a", "amount": "20.00" }] }),
            ),
            step("unpostInvoice", "oftenPosted", "2026-03-02"),
            step("postInvoice", "oftenPosted", "2026-03-25"),
        ],
    );
    let table = Table {
        host,
        command: json!({ "type": "changePlan", "at": "2026-03-20", "change": change(json!({})),
            "billedBy": { "invoiceId": "N", "itemId": "a" }, "invoiceId": "new", "creditMemoId": "newMemo" }),
        faults: vec![
            lacks(MissingField, "/invoiceId"),
            lacks(MissingField, "/creditMemoId"),
            field(
                InvalidPeriod,
                "/change",
                change(json!({ "changes": [{ "type": "cancel", "at": "2026-05-01" }] })),
            ),
            field(UnknownCurrency, "/currency", json!("XXY")),
            field(DuplicateId, "/invoiceId", json!("I")),
            field(DuplicateId, "/creditMemoId", json!("I")),
            fields(
                DuplicateId,
                [
                    ("/invoiceId", json!("one")),
                    ("/creditMemoId", json!("one")),
                ],
            ),
            field(DocumentNotFound, "/billedBy/invoiceId", json!("nowhere")),
            field(ItemNotFound, "/billedBy/itemId", json!("none")),
            field(InvalidStatus, "/billedBy/invoiceId", json!("draft")),
            field(AccountMismatch, "/accountId", json!("other")),
            field(CurrencyMismatch, "/currency", json!("EUR")),
            after(
                PeriodClosed,
                [json!({ "type": "closePeriods", "at": "2026-03-20", "through": "2026-03-31" })],
            ),
            field(DateTooEarly, "/at", json!("2026-02-15")),
            field(DateTooEarly, "/billedBy/invoiceId", json!("oftenPosted")),
            after(ExceedsAvailableToCredit, [credited]),
            after(ExceedsAvailableToCredit, [days_credited]),
            field(
                NothingToSettle,
                "/change",
                change(json!({ "plan": { "price": "0.00" }, "billed": "0.00",
                    "changes": [{ "type": "cancel", "at": "2026-03-16" }] })),
            ),
        ],
        apart: &[
            (
                MissingField,
                InvalidPeriod,
                "which documents a change makes, a wrong one does not say",
            ),
            (
                MissingField,
                NothingToSettle,
                "where nothing changes, no document is made",
            ),
            (
                DuplicateId,
                NothingToSettle,
                "where nothing changes, no document is made",
            ),
            (
                ItemNotFound,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
            (
                InvalidStatus,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
            (
                AccountMismatch,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
            (
                CurrencyMismatch,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
            (
                PeriodClosed,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
            (
                DateTooEarly,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
            (
                ExceedsAvailableToCredit,
                NothingToSettle,
                "where nothing changes, nothing is credited",
            ),
        ],
    };
    table.check();
}

/// The commands of a bulk are carried out one after another, so the first that is refused is named, with the first of
/// its own faults. How many they are is asked before one of them is carried out.
#[test]
fn of_a_bulk_that_is_all_or_none() {
    let of_day = with(
        apply("free", "I", "2026-03-20"),
        json!({ "invoices": [
        { "invoiceId": "again", "amount": "1.00" }, { "invoiceId": "J", "amount": "60.00" }] }),
    );
    let of_group = json!({ "type": "undo", "at": "2026-03-20", "applicationGroupId": "AG-9999" });
    let right = apply("free", "I", "2026-03-20");
    let bulk = |commands: &[&Value]| {
        let bulk = json!({ "type": "bulk", "at": "2026-03-20", "atomic": true });
        with(bulk, json!({ "commands": commands }))
    };
    let refusal = |commands: &[&Value]| {
        let error = book().execute(&bulk(commands)).unwrap_err();
        (error.code(), error.path())
    };

    let first = refusal(&[&right, &of_day, &of_group]);
    assert_eq!(first, (DateTooEarly, "commands[1].at".into()));
    let first = refusal(&[&right, &of_group, &of_day]);
    assert_eq!(
        first,
        (GroupNotFound, "commands[1].applicationGroupId".into())
    );
    let first = refusal(&[&of_group, &right, &right, &right]);
    assert_eq!(first, (LimitExceeded, "commands".into()));
}

/// Of two entries of one list with the same fault, the one is named that the command settles first, or that has the
/// first identifier: however the list is sorted, it is the same. Items that are made are named as they are listed.
#[test]
fn of_two_entries_with_one_fault() {
    let refused_at = |command: &Value| book().execute(command).unwrap_err().path();
    let entries = |names: [&str; 2]| {
        let entries = names.map(|id| json!({ "invoiceId": id, "amount": "0.00" }));
        with(
            apply("free", "I", "2026-03-20"),
            json!({ "invoices": entries }),
        )
    };
    assert_eq!(refused_at(&entries(["A", "B"])), "invoices[0].amount");
    assert_eq!(refused_at(&entries(["B", "A"])), "invoices[1].amount");
    assert_eq!(
        refused_at(&entries(["gone", "away"])),
        "invoices[1].invoiceId"
    );
    assert_eq!(
        refused_at(&entries(["away", "gone"])),
        "invoices[0].invoiceId"
    );

    let lines = |ids: [&str; 2]| {
        let items = ids.map(|id| json!({ "creditMemoItemId": id, "amount": "0.00" }));
        json!({ "type": "refundCreditMemo", "at": "2026-03-20", "id": "new", "creditMemoId": "free", "items": items })
    };
    assert_eq!(refused_at(&lines(["n", "m"])), "items[1].amount");
    assert_eq!(refused_at(&lines(["m", "n"])), "items[0].amount");

    let items = ["2", "1"].map(|id| json!({ "id": id, "amount": "0.001" }));
    assert_eq!(
        refused_at(&invoice("new", json!({ "items": items }))),
        "items[0].amount"
    );
}

/// A debit memo of two items of 20.00, each with a tax of 1.00.
fn debit(id: &str, fields: Value) -> Value {
    with(invoice(id, fields), json!({ "type": "createDebitMemo" }))
}

#[test]
fn of_steps_back_of_a_debit_memo() {
    let mut host = book();
    run(&mut host, [debit("N", json!({}))]);
    let made =
        json!({ "type": "createCreditMemo", "at": "2026-03-19", "id": "made", "debitMemoId": "N" });
    let closed = json!({ "type": "closePeriods", "at": "2026-03-20", "through": "2026-03-31" });
    for verb in ["unpostDebitMemo", "voidDebitMemo"] {
        let table = Table {
            host: host.clone(),
            command: step(verb, "N", "2026-03-20"),
            faults: vec![
                field(DocumentNotFound, "/debitMemoId", json!("nowhere")),
                after(InvalidStatus, [step(verb, "N", "2026-03-20")]),
                after(AlreadySettled, [made.clone()]),
                after(PeriodClosed, [closed.clone()]),
                field(DateTooEarly, "/at", json!("2026-02-15")),
            ],
            apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
        };
        table.check();
    }
}

#[test]
fn of_the_end_of_the_draft_of_a_memo() {
    for (kind, new) in [
        ("CreditMemo", memo("N", json!({}))),
        ("DebitMemo", debit("N", json!({}))),
    ] {
        let names_it = if kind == "CreditMemo" {
            "/creditMemoId"
        } else {
            "/debitMemoId"
        };
        let do_step = |verb: &str, at: &str| step(&format!("{verb}{kind}"), "N", at);
        let mut host = book();
        run(
            &mut host,
            [
                new,
                debit("posted", json!({})),
                do_step("unpost", "2026-03-05"),
            ],
        );
        let cancel = Table {
            host: host.clone(),
            command: do_step("cancel", "2026-03-20"),
            faults: vec![
                field(DocumentNotFound, names_it, json!("nowhere")),
                after(InvalidStatus, [do_step("post", "2026-03-20")]),
                field(DateTooEarly, "/at", json!("2026-03-04")),
            ],
            apart: &[],
        };
        cancel.check();
        run(&mut host, [do_step("cancel", "2026-03-20")]);
        let posted = if kind == "CreditMemo" { "C" } else { "posted" };
        let delete = Table {
            host,
            command: do_step("delete", "2026-03-20"),
            faults: vec![
                field(DocumentNotFound, names_it, json!("nowhere")),
                field(InvalidStatus, names_it, json!(posted)),
                closed(),
            ],
            apart: &[],
        };
        delete.check();
    }
}

#[test]
fn of_an_unapplication_of_a_payment() {
    let by_line = |id: &str, line: &str, amount: &str| {
        let item = json!({ "invoiceItemId": line, "amount": amount });
        json!({ "invoiceId": id, "items": [item] })
    };
    let all = INVOICES.map(|id| json!({ "invoiceId": id, "amount": "5.00" }));
    let mut host = book();
    run(
        &mut host,
        [
            json!({ "type": "applyPayment", "at": "2026-03-10", "paymentId": "P", "invoices": all }),
            payment("ended"),
            step("cancelPayment", "ended", "2026-03-02"),
        ],
    );
    let table = Table {
        host,
        command: json!({ "type": "unapplyPayment", "at": "2026-03-20", "paymentId": "P",
            "invoices": [{ "invoiceId": "I", "amount": "1.00" }] }),
        faults: vec![
            field(DocumentNotFound, "/paymentId", json!("nowhere")),
            target(DocumentNotFound, "nowhere", "1.00"),
            field(ItemNotFound, "/invoices/-", by_line("A", "none", "1.00")),
            target(DuplicateEntry, "I", "1.00"),
            field(InvalidStatus, "/paymentId", json!("ended")),
            target(InvalidStatus, "draft", "1.00"),
            target(AccountMismatch, "other", "1.00"),
            target(CurrencyMismatch, "euro", "1.00"),
            field(KindMismatch, "/invoices/-", by_line("B", "at", "1.00")),
            field(DateTooEarly, "/at", json!("2026-03-05")),
            target(DateTooEarly, "again", "1.00"),
            target(TooManyDecimals, "E", "1.001"),
            target(AmountNotPositive, "F", "0.00"),
            target(ExceedsApplied, "K", "9.00"),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_payment_of_one_debit_memo() {
    let by_line = |line: &str| json!([{ "debitMemoItemId": line, "amount": "1.00" }]);
    let mut host = book();
    run(
        &mut host,
        [
            debit("N", json!({})),
            debit("draftDebit", json!({ "autoPost": false })),
            debit("againDebit", json!({})),
        ],
    );
    run(&mut host, posted_again("DebitMemo", "againDebit"));
    let table = Table {
        host,
        command: json!({ "type": "payDebitMemo", "at": "2026-03-20", "id": "new", "debitMemoId": "N",
            "amount": "1.00" }),
        faults: vec![
            field(MissingField, "/items", json!([])),
            field(UnknownCurrency, "/currency", json!("XXY")),
            field(DuplicateId, "/id", json!("I")),
            field(DuplicateId, "/number", json!("P")),
            field(DocumentNotFound, "/debitMemoId", json!("nowhere")),
            field(ItemNotFound, "/items", by_line("none")),
            field(InvalidStatus, "/debitMemoId", json!("draftDebit")),
            field(AccountMismatch, "/accountId", json!("other")),
            field(CurrencyMismatch, "/currency", json!("EUR")),
            field(KindMismatch, "/items", by_line("at")),
            field(DateTooEarly, "/debitMemoId", json!("againDebit")),
            field(LimitExceeded, "/comment", json!("too long")),
            field(TooManyDecimals, "/amount", json!("1.001")),
            field(AmountNotPositive, "/amount", json!("0.00")),
            field(ExceedsBalance, "/amount", json!("60.00")),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_collection_of_a_debit_memo() {
    let exclude = |id| {
        json!({ "type": "updateCreditMemo", "at": "2026-03-20", "creditMemoId": id,
            "excludeFromAutoApply": true })
    };
    let spent = ["C", "R", "free"].map(exclude);
    let mut host = book();
    run(&mut host, [debit("N", json!({})), exclude("againMemo")]);
    let table = Table {
        host,
        command: json!({ "type": "collectDebitMemo", "at": "2026-03-20", "debitMemoId": "N",
            "sources": ["creditMemo"] }),
        faults: vec![
            field(InvalidChoice, "/rule", json!("explicit")),
            field(DocumentNotFound, "/debitMemoId", json!("nowhere")),
            after(InvalidStatus, [step("unpostDebitMemo", "N", "2026-03-26")]),
            after(DateTooEarly, posted_again("DebitMemo", "N")),
            after(NothingToSettle, spent),
        ],
        apart: &[],
    };
    table.check();
}

#[test]
fn of_a_reversal_of_a_debit_memo() {
    let settled = json!({ "type": "applyCreditMemo", "at": "2026-03-26", "creditMemoId": "free",
        "debitMemos": [{ "debitMemoId": "N", "amount": "5.00" }] });
    let made =
        json!({ "type": "createCreditMemo", "at": "2026-03-19", "id": "made", "debitMemoId": "N" });
    let mut host = book();
    run(&mut host, [debit("N", json!({}))]);
    let table = Table {
        host,
        command: json!({ "type": "reverseDebitMemo", "at": "2026-03-20", "id": "new", "debitMemoId": "N" }),
        faults: vec![
            field(UnknownReasonCode, "/reasonCode", json!("unknown")),
            field(DuplicateId, "/id", json!("I")),
            field(DuplicateId, "/number", json!("C")),
            field(DocumentNotFound, "/debitMemoId", json!("nowhere")),
            after(InvalidStatus, [step("unpostDebitMemo", "N", "2026-03-26")]),
            after(AlreadySettled, [settled]),
            after(AlreadySettled, [made]),
            field(PeriodClosed, "/date", json!("2026-01-15")),
            field(DateTooEarly, "/date", json!("2026-02-15")),
            after(DateTooEarly, posted_again("DebitMemo", "N")),
            field(LimitExceeded, "/comment", json!("too long")),
        ],
        apart: &[(InvalidStatus, AlreadySettled, NO_DRAFT)],
    };
    table.check();
}

/// Verbs without a table. The commands of a bulk are refused by themselves, as `of_a_bulk_that_is_all_or_none` says.
/// Nothing but its shape can be wrong with a command that closes periods.
const WITHOUT_TABLE: [Verb; 2] = [Verb::Bulk, Verb::ClosePeriods];

/// Each verb has a table of what can be wrong with its command. Commands of other kinds of documents share its guards.
#[test]
fn every_verb_has_a_table() {
    let tests = include_str!("precedence.rs").split("#[test]");
    let tables: Vec<_> = tests.filter(|test| test.contains("Table {")).collect();
    let is_tried = |name: &str| {
        let name = format!("\"{name}\"");
        tables.iter().any(|table| table.contains(&name))
    };
    let has_table = |verb: Verb| {
        let mut types = TYPES.iter();
        types.any(|(name, known, _)| *known == verb && is_tried(name))
    };
    let missing: Vec<_> = TYPES
        .iter()
        .filter(|(_, verb, _)| !WITHOUT_TABLE.contains(verb) && !has_table(*verb))
        .map(|(name, ..)| name)
        .collect();
    assert!(
        missing.is_empty(),
        "tests/precedence.rs has no table of what can be wrong with {missing:?}"
    );
}
