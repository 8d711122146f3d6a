//! The fingerprint of what a command does: two commands that change a book differently have different ones.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::Book;
use setoff::wire::{decode, read};
use support::wire::encode;

const AT: &str = "2026-03-02";

fn execute(book: &mut Book, command: &Value) {
    let command = decode::command(&read(&encode(command)).unwrap()).unwrap();
    book.execute(&command).unwrap();
}

/// The fingerprint of what a command does.
fn effect(book: &Book, command: &Value) -> u64 {
    let command = decode::command(&read(&encode(command)).unwrap()).unwrap();
    let plan = book.clone().preview(&command).unwrap();
    plan.fingerprint.number()
}

/// A book with a draft of two items and a tax, and with a posted memo and invoice.
fn book() -> Book {
    let mut book = Book::in_currency("USD").unwrap();
    execute(
        &mut book,
        &json!({ "type": "createInvoice", "at": AT, "id": "POSTED", "autoPost": true,
        "items": [{ "id": "a", "amount": "10.00" }, { "id": "b", "amount": "10.00" }] }),
    );
    execute(&mut book, &invoice());
    book
}

/// A draft whose item says all that an item can say.
fn invoice() -> Value {
    json!({ "type": "createInvoice", "at": AT, "id": "DRAFT", "items": [item()] })
}

fn item() -> Value {
    json!({ "id": "a", "quantity": "4", "unitPrice": "5.00", "description": "Seats", "sku": "S-1",
        "serviceStart": "2026-03-01", "serviceEnd": "2026-03-31", "customFields": { "region": "EU" },
        "settledBefore": [{ "at": "2026-03-10", "amount": "5.00", "by": "payment" }],
        "taxItems": [{ "id": "vat", "name": "VAT", "amount": "2.00", "taxCode": "S", "jurisdiction": "DE",
            "locationCode": "B", "exemptAmount": "0.10" }] })
}

/// A new document like the draft, whose item has another value in one field.
fn with(field: &str, value: Value) -> Value {
    let mut command = invoice();
    command["id"] = json!("NEW");
    command["items"][0][field] = value;
    command
}

/// The same of its tax item.
fn with_tax(field: &str, value: Value) -> Value {
    let mut tax = item()["taxItems"][0].clone();
    tax[field] = value;
    with("taxItems", json!([tax]))
}

/// Each of these changes what the book holds, and no figure of any document.
#[test]
fn commands_that_change_the_words_of_items_have_fingerprints_of_their_own() {
    let past = |at: &str, by: &str| json!([{ "at": at, "amount": "5.00", "by": by }]);
    let commands = [
        with("id", json!("a")),
        with("description", json!("Chairs")),
        with("sku", json!("S-2")),
        with("sku", json!("Seats")),
        with("quantity", json!("4.0")),
        with("serviceStart", json!("2026-03-02")),
        with("serviceEnd", json!("2026-03-30")),
        with("customFields", json!({ "region": "US" })),
        with("customFields", json!({ "area": "EU" })),
        with("customFields", json!({})),
        with("settledBefore", past("2026-03-11", "payment")),
        with("settledBefore", past("2026-03-10", "creditMemo")),
        with_tax("name", json!("GST")),
        with_tax("taxCode", json!("R")),
        with_tax("jurisdiction", json!("FR")),
        with_tax("locationCode", json!("C")),
        with_tax("exemptAmount", json!("0.20")),
    ];
    check_differ(&commands);

    let (mut first, mut second) = (with("quantity", json!("2")), with("quantity", json!("4")));
    first["items"][0]["unitPrice"] = json!("10.00");
    second["items"][0]["unitPrice"] = json!("5.00");
    check_differ(&[first, second]);
}

#[test]
fn commands_that_change_documents_in_other_words_have_fingerprints_of_their_own() {
    let update = |fields: Value| {
        let mut command = json!({ "type": "updateInvoice", "at": AT, "invoiceId": "DRAFT" });
        for (name, value) in fields.as_object().unwrap() {
            command[name] = value.clone();
        }
        command
    };
    let changed = |fields: Value| update(json!({ "items": [fields] }));
    check_differ(&[
        update(json!({ "comment": "a" })),
        update(json!({ "comment": "b" })),
        update(json!({ "customFields": { "a": 1 } })),
        changed(json!({ "id": "a", "description": "a" })),
        changed(json!({ "id": "a", "description": "b" })),
        changed(json!({ "id": "a", "sku": "b" })),
        changed(json!({ "id": "a", "serviceEnd": "2026-03-30" })),
    ]);
}

#[test]
fn commands_that_close_other_periods_have_fingerprints_of_their_own() {
    let close = |through: &str, periods: &str| {
        let periods = json!(periods);
        json!({ "type": "closePeriods", "at": AT, "through": through, "closedPeriods": periods })
    };
    check_differ(&[
        close("2026-01-31", "documents"),
        close("2026-02-28", "documents"),
        close("2026-01-31", "documentsAndApplications"),
    ]);
}

/// All commands have other fingerprints; that of the same command is always the same.
fn check_differ(commands: &[Value]) {
    let book = book();
    let effects: Vec<_> = commands
        .iter()
        .map(|command| effect(&book, command))
        .collect();
    for (place, first) in effects.iter().enumerate() {
        for (other, second) in effects.iter().enumerate().skip(place + 1) {
            let pair = format!("{} and {}", commands[place], commands[other]);
            assert_ne!(first, second, "fingerprints of {pair}");
        }
        assert_eq!(*first, effect(&book, &commands[place]));
    }
}
