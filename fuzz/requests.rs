//! The requests that random input begins with, here and in `tests/hostile.rs`.

use serde_json::{Value, json};

const DAY: &str = "2026-03-31";

/// The commands of a small book with something of everything in it.
pub fn commands() -> [Value; 5] {
    let tax = |id: &str, amount: &str| json!({ "id": id, "amount": amount, "name": "VAT", "rate": "0.2" });
    [
        json!({
            "type": "createInvoice", "at": DAY, "id": "I", "dueDate": "2026-04-30", "autoPost": true,
            "items": [
                { "id": "a", "amount": "10.00", "quantity": "2", "unitPrice": "5", "taxItems": [tax("t", "2.00")] },
                { "id": "d", "amount": "-1.00", "appliedToItemId": "a" },
            ],
        }),
        json!({ "type": "createInvoice", "at": DAY, "id": "J", "currency": "CHF",
                "items": [{ "id": "a", "amount": "0.05" }] }),
        json!({ "type": "createCreditMemo", "at": DAY, "id": "M", "autoPost": true,
                "items": [{ "id": "a", "amount": "9.00", "taxItems": [tax("t", "1.50")] }] }),
        json!({ "type": "applyCreditMemo", "at": DAY, "creditMemoId": "M",
                "invoices": [{ "invoiceId": "I", "amount": "7.00" }] }),
        json!({ "type": "unapplyCreditMemo", "at": DAY, "creditMemoId": "M",
                "invoices": [{ "invoiceId": "I", "items": [
                    { "creditMemoItemId": "a", "invoiceItemId": "a", "amount": "0.01" },
                ] }] }),
    ]
}

pub fn options() -> Value {
    json!({ "currency": "USD", "accountId": "A", "currencies": [{ "code": "CHF", "increment": "0.05" }] })
}

/// Other requests that are read.
pub fn requests() -> [Value; 5] {
    let method =
        json!({ "preset": "dinero", "firstPass": "halfEven", "leftover": "last", "mirror": true });
    [
        options(),
        json!({ "of": "invoice", "where": { "status": "posted" }, "page": { "number": 1, "size": 5 } }),
        json!({ "of": "item", "where": { "documentId": "I" } }),
        json!({ "amount": "100.00", "weights": ["1", "2.5", "0"], "caps": ["50", "60", "7"], "keys": ["b", "a", "b"],
                "increment": "0.05", "method": method }),
        json!({ "amount": "-7", "weights": ["3", "4"], "method": "rubyMoney" }),
    ]
}
