//! If several things are wrong with a command, the refusal is the first of the table: tried with every pair of faults.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::Code;
use support::host::Host;

/// A fault: the code that it is refused by, and how a command that is right gets it.
type Fault = (Code, fn(&mut Value));

/// Invoices that are wrong in one way each; of the others 10.00 are open, and 5.00 of the memo are applied to each.
const INVOICES: [&str; 12] = ["I", "A", "B", "D", "E", "F", "G", "H", "J", "K", "L", "M"];

fn item(id: &str, amount: &str) -> Value {
    json!({ "id": id, "amount": amount, "taxItems": [{ "id": format!("{id}t"), "amount": "1.00" }] })
}

/// A book with documents for every fault.
fn book() -> Host {
    let mut host = Host::open(&json!({
        "currency": "USD", "reasonCodes": ["known", "Write-off"],
        "limits": { "commentLength": 5, "statedItems": 4 },
    }))
    .unwrap();
    let mut run = |command: Value| drop(host.execute(&command).unwrap());
    let invoice = |id: &str, more: Value| {
        let mut new = json!({ "type": "createInvoice", "at": "2026-03-01", "id": id, "autoPost": true,
            "items": [item("a", "20.00"), item("b", "20.00")] });
        let fields = more.as_object().unwrap().clone();
        new.as_object_mut().unwrap().extend(fields);
        new
    };
    for id in INVOICES {
        run(invoice(id, json!({})));
    }
    run(invoice("draft", json!({ "autoPost": false })));
    run(invoice("other", json!({ "accountId": "other" })));
    run(invoice("euro", json!({ "currency": "EUR" })));
    run(invoice("large", json!({ "items": [item("a", "9000.00")] })));
    run(invoice("again", json!({})));
    run(json!({ "type": "unpostInvoice", "at": "2026-03-02", "invoiceId": "again" }));
    run(json!({ "type": "postInvoice", "at": "2026-03-25", "invoiceId": "again" }));
    for (id, posted) in [("C", true), ("R", true), ("draftMemo", false)] {
        let items: Vec<_> = ["m", "n", "o", "p", "q"].map(|id| item(id, "99.00")).into();
        run(
            json!({ "type": "createCreditMemo", "at": "2026-03-01", "id": id, "autoPost": posted, "items": items }),
        );
    }
    let all: Vec<_> = INVOICES
        .map(|id| json!({ "invoiceId": id, "amount": "5.00" }))
        .into();
    for id in ["C", "R"] {
        run(
            json!({ "type": "applyCreditMemo", "at": "2026-03-10", "creditMemoId": id, "invoices": all }),
        );
    }
    host
}

fn push(command: &mut Value, list: &str, entry: Value) {
    command[list].as_array_mut().unwrap().push(entry);
}

fn target(command: &mut Value, id: &str, amount: &str) {
    push(
        command,
        "invoices",
        json!({ "invoiceId": id, "amount": amount }),
    );
}

fn pairs(command: &mut Value, id: &str, pairs: Value) {
    push(
        command,
        "invoices",
        json!({ "invoiceId": id, "items": pairs }),
    );
}

/// What can be wrong with the targets of an application or of what takes one back.
const OF_TARGETS: [Fault; 11] = [
    (Code::DocumentNotFound, |command| {
        target(command, "nowhere", "1.00")
    }),
    (Code::ItemNotFound, |command| {
        let item = json!([{ "creditMemoItemId": "none", "invoiceItemId": "a", "amount": "1.00" }]);
        pairs(command, "A", item);
    }),
    (Code::DuplicateEntry, |command| target(command, "I", "1.00")),
    (Code::InvalidStatus, |command| {
        target(command, "draft", "1.00")
    }),
    (Code::AccountMismatch, |command| {
        target(command, "other", "1.00")
    }),
    (Code::CurrencyMismatch, |command| {
        target(command, "euro", "1.00")
    }),
    (Code::KindMismatch, |command| {
        let item = json!([{ "creditMemoItemId": "mt", "invoiceItemId": "a", "amount": "1.00" }]);
        pairs(command, "B", item);
    }),
    (Code::LimitExceeded, |command| {
        let five = ["m", "n", "o", "p", "q"]
            .map(|id| json!({ "creditMemoItemId": id, "invoiceItemId": "a", "amount": "0.01" }));
        pairs(command, "D", five.to_vec().into());
    }),
    (Code::TooManyDecimals, |command| {
        target(command, "E", "1.001")
    }),
    (Code::AmountNotPositive, |command| {
        target(command, "F", "0.00")
    }),
    (Code::SumMismatch, |command| {
        let item = json!([{ "creditMemoItemId": "m", "invoiceItemId": "a", "amount": "0.01" }]);
        push(
            command,
            "invoices",
            json!({ "invoiceId": "G", "amount": "0.02", "items": item }),
        );
    }),
];

/// Tries each fault alone, then every pair of them.
fn try_all(host: &Host, command: &Value, faults: &[Fault]) {
    let code = |command: &Value| {
        let refusal = host.clone().execute(command).err();
        refusal.map(|error| error.code())
    };
    assert_eq!(code(command), None, "{command} is right");
    for (expected, spoil) in faults {
        let mut wrong = command.clone();
        spoil(&mut wrong);
        assert_eq!(code(&wrong), Some(*expected), "{wrong}");
    }
    for (place, (first, spoil)) in faults.iter().enumerate() {
        for (second, spoil_too) in &faults[place + 1..] {
            for order in [[spoil, spoil_too], [spoil_too, spoil]] {
                let mut wrong = command.clone();
                order.iter().for_each(|spoil| spoil(&mut wrong));
                let expected = *first.min(second);
                assert_eq!(
                    code(&wrong),
                    Some(expected),
                    "{first:?} and {second:?}: {wrong}"
                );
            }
        }
    }
}

#[test]
fn of_an_application() {
    let command = json!({ "type": "applyCreditMemo", "at": "2026-03-20", "creditMemoId": "C",
        "invoices": [{ "invoiceId": "I", "amount": "1.00" }] });
    let mut faults = OF_TARGETS.to_vec();
    faults.extend::<[Fault; 5]>([
        (Code::DateTooEarly, |command| {
            target(command, "again", "1.00")
        }),
        (Code::ExceedsItem, |command| {
            let item =
                json!([{ "creditMemoItemId": "m", "invoiceItemId": "a", "amount": "21.00" }]);
            pairs(command, "H", item);
        }),
        (Code::ExceedsUnapplied, |command| {
            target(command, "large", "5000.00")
        }),
        (Code::ExceedsBalance, |command| {
            target(command, "J", "60.00")
        }),
        (Code::NoSourceItem, |command| {
            command["rule"] = "sourceItem".into()
        }),
    ]);
    try_all(&book(), &command, &faults);
}

const OF_UNAPPLICATION: [Fault; 1] =
    [(Code::ExceedsApplied, |command| target(command, "K", "9.00"))];

#[test]
fn of_an_unapplication() {
    let command = json!({ "type": "unapplyCreditMemo", "at": "2026-03-20", "creditMemoId": "C",
        "invoices": [{ "invoiceId": "I", "amount": "1.00" }] });
    let mut faults = [&OF_TARGETS[..], &OF_UNAPPLICATION].concat();
    faults.extend::<[Fault; 2]>([
        (Code::DateTooEarly, |command| {
            command["at"] = "2026-03-05".into()
        }),
        (Code::NoSourceItem, |command| {
            command["rule"] = "sourceItem".into()
        }),
    ]);
    try_all(&book(), &command, &faults);
}

#[test]
fn of_a_refund_that_takes_something_back_first() {
    let command = json!({ "type": "refundCreditMemo", "at": "2026-03-20", "id": "new", "creditMemoId": "C",
        "items": [{ "creditMemoItemId": "m", "amount": "1.00" }],
        "invoices": [{ "invoiceId": "I", "amount": "1.00" }] });
    let own: [Fault; 12] = [
        (Code::UnknownReasonCode, |command| {
            command["reasonCode"] = "unknown".into()
        }),
        (Code::DuplicateId, |command| command["id"] = "I".into()),
        (Code::ItemNotFound, |command| {
            push(
                command,
                "items",
                json!({ "creditMemoItemId": "none", "amount": "1.00" }),
            );
        }),
        (Code::DuplicateEntry, |command| {
            push(
                command,
                "items",
                json!({ "creditMemoItemId": "m", "amount": "1.00" }),
            );
        }),
        (Code::InvalidStatus, |command| {
            command["creditMemoId"] = "draftMemo".into()
        }),
        (Code::KindMismatch, |command| {
            push(
                command,
                "items",
                json!({ "creditTaxItemId": "n", "amount": "1.00" }),
            );
        }),
        (Code::DateTooEarly, |command| {
            command["date"] = "2026-02-01".into()
        }),
        (Code::LimitExceeded, |command| {
            command["comment"] = "too long".into()
        }),
        (Code::LimitExceeded, |command| {
            for id in ["mt", "nt", "ot", "qt"] {
                push(
                    command,
                    "items",
                    json!({ "creditTaxItemId": id, "amount": "0.01" }),
                );
            }
        }),
        (Code::TooManyDecimals, |command| {
            push(
                command,
                "items",
                json!({ "creditMemoItemId": "o", "amount": "0.001" }),
            );
        }),
        (Code::AmountNotPositive, |command| {
            push(
                command,
                "items",
                json!({ "creditMemoItemId": "p", "amount": "0.00" }),
            );
        }),
        (Code::SumMismatch, |command| {
            command["amount"] = "77.00".into()
        }),
    ];
    let faults = [&OF_TARGETS[..], &OF_UNAPPLICATION, &own].concat();
    try_all(&book(), &command, &faults);
}

#[test]
fn of_a_payment_of_documents() {
    let command = json!({ "type": "createPayment", "at": "2026-03-20", "id": "new", "amount": "9.00",
        "invoices": [{ "invoiceId": "I", "amount": "1.00" }] });
    let faults: [Fault; 13] = [
        (Code::UnknownCurrency, |command| {
            command["currency"] = "XXY".into()
        }),
        (Code::DuplicateId, |command| command["id"] = "I".into()),
        (Code::DocumentNotFound, |command| {
            target(command, "nowhere", "1.00")
        }),
        (Code::DuplicateEntry, |command| target(command, "I", "1.00")),
        (Code::InvalidStatus, |command| {
            target(command, "draft", "1.00")
        }),
        (Code::AccountMismatch, |command| {
            target(command, "other", "1.00")
        }),
        (Code::CurrencyMismatch, |command| {
            target(command, "euro", "1.00")
        }),
        (Code::DateTooEarly, |command| {
            target(command, "again", "1.00")
        }),
        (Code::LimitExceeded, |command| {
            command["comment"] = "too long".into()
        }),
        (Code::TooManyDecimals, |command| {
            command["amount"] = "9.001".into()
        }),
        (Code::AmountNotPositive, |command| {
            target(command, "F", "0.00")
        }),
        (Code::ExceedsUnapplied, |command| {
            target(command, "large", "5000.00")
        }),
        (Code::NoSourceItem, |command| {
            command["rule"] = "sourceItem".into()
        }),
    ];
    try_all(&book(), &command, &faults);
}

#[test]
fn of_a_write_off() {
    let command = json!({ "type": "writeOffInvoice", "at": "2026-03-20", "id": "new", "invoiceId": "I",
        "items": [{ "itemId": "a", "amount": "1.00" }] });
    let faults: [Fault; 11] = [
        (Code::UnknownReasonCode, |command| {
            command["reasonCode"] = "unknown".into()
        }),
        (Code::DuplicateId, |command| command["id"] = "I".into()),
        (Code::ItemNotFound, |command| {
            push(
                command,
                "items",
                json!({ "itemId": "none", "amount": "1.00" }),
            );
        }),
        (Code::DuplicateEntry, |command| {
            push(command, "items", json!({ "itemId": "a", "amount": "1.00" }));
        }),
        (Code::InvalidStatus, |command| {
            command["invoiceId"] = "draft".into()
        }),
        (Code::KindMismatch, |command| {
            push(
                command,
                "items",
                json!({ "taxItemId": "b", "amount": "1.00" }),
            );
        }),
        (Code::DateTooEarly, |command| {
            command["date"] = "2026-02-01".into()
        }),
        (Code::LimitExceeded, |command| {
            command["comment"] = "too long".into()
        }),
        (Code::TooManyDecimals, |command| {
            push(
                command,
                "items",
                json!({ "taxItemId": "at", "amount": "0.001" }),
            );
        }),
        (Code::AmountNotPositive, |command| {
            push(
                command,
                "items",
                json!({ "taxItemId": "bt", "amount": "0.00" }),
            );
        }),
        (Code::SumMismatch, |command| {
            command["amount"] = "77.00".into()
        }),
    ];
    try_all(&book(), &command, &faults);
}

#[test]
fn of_a_credit_of_a_whole_document() {
    let mut host = book();
    for (id, from) in [("whole", "G"), ("used", "H")] {
        let mut credit =
            json!({ "type": "createCreditMemo", "at": "2026-03-20", "id": id, "invoiceId": from });
        credit["autoPost"] = (id == "used").into();
        host.execute(&credit).unwrap();
    }
    let command =
        json!({ "type": "createCreditMemo", "at": "2026-03-20", "id": "new", "invoiceId": "I" });
    let faults: [Fault; 8] = [
        (Code::UnknownCurrency, |command| {
            command["currency"] = "XXY".into()
        }),
        (Code::UnknownReasonCode, |command| {
            command["reasonCode"] = "unknown".into()
        }),
        (Code::DuplicateId, |command| command["id"] = "whole".into()),
        (Code::AccountMismatch, |command| {
            command["accountId"] = "other".into()
        }),
        (Code::DateTooEarly, |command| {
            command["date"] = "2026-02-01".into()
        }),
        (Code::LimitExceeded, |command| {
            command["comment"] = "too long".into()
        }),
        (Code::AmountNotPositive, |command| {
            command["restockingFee"] = "0.00".into()
        }),
        (Code::NothingToSettle, |command| {
            command["invoiceId"] = "H".into()
        }),
    ];
    try_all(&host, &command, &faults);
}
