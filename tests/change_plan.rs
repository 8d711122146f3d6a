//! A change of plan in a book: its documents are what the preview of the change says, and the same however the terms
//! show its lines.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use setoff::money::Rounding;
use support::host::Host;
use support::property;

/// March 2026 at a price in cents a unit, billed by the item `a` of I, of which `paid` cents were paid.
struct Bill {
    book: Host,
    total: i64,
}

fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

fn cents(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// 19 % of an amount of cents, as a rule rounds them.
fn tax_of(amount: i64, rounding: &str) -> i64 {
    let (cents, rest) = (amount * 19 / 100, amount * 19 % 100);
    let goes_up = match rounding {
        "up" | "ceiling" => rest > 0,
        "down" | "floor" => false,
        "halfEven" => rest > 50 || rest == 50 && cents % 2 == 1,
        _ => rest >= 50,
    };
    cents + i64::from(goes_up)
}

/// Bills `amount` cents with `tax_amount` of each tax.
fn bill(amount: i64, taxes: &Value, tax_amount: i64, paid: i64) -> Bill {
    let mut book = Host::open(&json!({ "currency": "USD" })).unwrap();
    let mut total = amount;
    let mut tax_items = Vec::new();
    for tax in taxes.as_array().unwrap() {
        tax_items.push(json!({
            "id": "vat", "amount": text(tax_amount), "name": tax["name"], "rate": tax["rate"] }));
        total += tax_amount;
    }
    let item = json!({ "id": "a", "amount": text(amount), "taxItems": tax_items });
    book.execute(&json!({
        "type": "createInvoice", "at": "2026-03-01", "id": "I", "autoPost": true, "items": [item] }))
        .unwrap();
    if paid > 0 {
        book.execute(&json!({
            "type": "createPayment", "at": "2026-03-01", "id": "P", "amount": text(paid.min(total)),
            "invoices": [{ "invoiceId": "I" }] }))
            .unwrap();
    }
    Bill { book, total }
}

/// What one row of a document has in a field, in cents; nothing where there is none.
fn figure(book: &Host, of: &str, id: &str, field: &str) -> i64 {
    let query = json!({ "of": of, "where": { "id": id }, "fields": ["*"] });
    let page = book.query(&query).unwrap().value();
    page["rows"]
        .as_array()
        .unwrap()
        .first()
        .map_or(0, |row| cents(&row[field]))
}

/// What came of a change of plan: the state of the book, or the refusal.
fn bill_change(mut book: Host, change: &Value) -> (Host, Result<String, (String, String)>) {
    let command = json!({
        "type": "changePlan", "at": "2026-03-31", "change": change,
        "billedBy": { "invoiceId": "I", "itemId": "a" },
        "invoiceId": "J", "creditMemoId": "C", "refundId": "R" });
    let outcome = book.execute(&command);
    let outcome = outcome
        .map(|_| format!("{:?}", book.book.hash()))
        .map_err(|error| (error.code().as_str().to_owned(), error.path().to_owned()));
    (book, outcome)
}

/// Changes in March, each of a kind that fits what runs.
fn changes(steps: Vec<(i32, u8, i64, i64)>) -> Vec<Value> {
    let mut days: Vec<_> = steps.iter().map(|(day, ..)| *day).collect();
    days.sort_unstable();
    let (mut runs, mut rests) = (true, false);
    let mut next = |(day, (_, kind, price, quantity)): (i32, (i32, u8, i64, i64))| {
        let at = format!("2026-03-{day:02}");
        let change = match kind {
            0 if runs => json!({ "type": "pause", "at": at }),
            1 if runs => json!({ "type": "cancel", "at": at }),
            2 | 3 if runs => json!({ "type": "change", "at": at, "price": text(price) }),
            _ if runs => json!({ "type": "change", "at": at, "quantity": quantity.to_string() }),
            _ if rests => json!({ "type": "resume", "at": at }),
            _ => json!({ "type": "start", "at": at, "plan": { "price": text(price) } }),
        };
        rests = change["type"] == "pause";
        runs = !rests && change["type"] != "cancel";
        change
    };
    days.into_iter().zip(steps).map(&mut next).collect()
}

proptest! {
    #![proptest_config(property::config(300))]

    #[test]
    fn documents_are_what_the_preview_says_however_it_is_shown(
        (price, quantity) in (1..20_000_i64, 1..5_i64),
        steps in vec((1..=31_i32, 0..8_u8, 0..20_000_i64, 0..5_i64), 1..5),
        destination in prop::sample::select(&["settle", "account", "refund"][..]),
        formula in prop::sample::select(&["residual", "direct"][..]),
        stage in prop::sample::select(&["line", "line", "invoice"][..]),
        rounding in prop::sample::select(&["halfUp", "halfEven", "up", "down", "floor", "ceiling"][..]),
        (taxed, share) in prop_oneof![Just((true, 0_i64)), Just((true, 100)), (Just(false), 0..=100_i64)],
    ) {
        let taxes = if taxed { json!([{ "name": "VAT", "rate": "0.19" }]) } else { json!([]) };
        let amount = price * quantity;
        // The preview knows no bill, so it takes the taxes for what the terms make of their rates.
        let tax_amount = tax_of(amount, rounding);
        let whole = bill(amount, &taxes, tax_amount, 0).total;
        let Bill { book, total } = bill(amount, &taxes, tax_amount, whole * share / 100);
        let open = figure(&book, "invoice", "I", "balance");
        let change = |present: &str| json!({
            "terms": { "present": present, "destination": destination, "creditFormula": formula, "stage": stage,
                       "rounding": rounding },
            "period": { "from": "2026-03-01", "every": { "months": 1 } },
            "plan": { "price": text(price), "quantity": quantity.to_string(), "taxes": taxes },
            "billed": text(amount),
            "changes": changes(steps.clone()),
        });
        let (after, outcome) = bill_change(book.clone(), &change("gross"));
        for present in ["net", "quantity"] {
            prop_assert_eq!(&bill_change(book.clone(), &change(present)).1, &outcome, "{}", present);
        }

        if outcome.is_ok() {
            let mut request = change("net");
            request["currency"] = json!("USD");
            request["open"] = json!(text(open));
            let preview = Host::preview_change(&request).unwrap().value();
            let says = |name: &str| cents(&preview["credits"][name]);
            prop_assert_eq!(cents(&preview["due"]), figure(&after, "invoice", "J", "balance"), "due");
            prop_assert_eq!(says("refund"), figure(&after, "refund", "R", "amount"), "refunded");
            prop_assert_eq!(says("account"), figure(&after, "creditMemo", "C", "unappliedAmount"), "on account");
            prop_assert_eq!(open - says("billed"), figure(&after, "invoice", "I", "balance"), "of {}", total);
            let invoiced = figure(&after, "invoice", "J", "amount");
            prop_assert_eq!(cents(&preview["due"]) + says("charges"), invoiced, "charged");
            prop_assert!(invoiced >= 0 && figure(&after, "creditMemo", "C", "amount") >= 0);
            let credited = figure(&after, "creditMemo", "C", "amount");
            prop_assert_eq!(invoiced - credited, cents(&preview["total"]));
        }
    }

    #[test]
    fn a_plan_that_ends_as_it_starts_gives_back_what_was_billed_of_it(
        (price, part) in (1..20_000_i64, 0..100_i64),
        tax_amount in 0..4_000_i64,
        kind in prop::sample::select(&["cancel", "pause", "change"][..]),
        formula in prop::sample::select(&["residual", "direct"][..]),
        base in prop::sample::select(&["list", "billed"][..]),
        count in prop::sample::select(&["between", "bothEnds"][..]),
        stage in prop::sample::select(&["line", "invoice"][..]),
        (rounding, discounted) in (prop::sample::select(Rounding::ALL), any::<bool>()),
        earlier in prop::option::of(1..20_000_i64),
    ) {
        // The price has parts of a cent, which the bill rounds half up, whatever the terms round.
        let amount = price + i64::from(part >= 50);
        let taxes = json!([{ "name": "VAT", "rate": "0.19" }]);
        let Bill { mut book, total } = bill(amount, &taxes, tax_amount, 0);
        let mut credited = 0;
        if let Some(earlier) = earlier.filter(|&earlier| earlier < amount) {
            credited = earlier;
            let item = json!({ "id": "g", "sourceItemId": "a", "amount": text(credited) });
            book.execute(&json!({
                "type": "createCreditMemo", "at": "2026-03-01", "id": "G", "invoiceId": "I", "autoPost": true,
                "items": [item] }))
                .unwrap();
        }
        let left = total - figure(&book, "creditMemo", "G", "amount");

        let (listed, discount) = match discounted {
            true => (text(price + 100), json!({ "amount": "1.00" })),
            false => (text(price), Value::Null),
        };
        let mut change = json!({ "type": kind, "at": "2026-03-01" });
        if kind == "change" {
            change["price"] = json!("0");
        }
        let (after, outcome) = bill_change(book, &json!({
            "terms": { "creditFormula": formula, "creditBase": base, "count": count, "stage": stage,
                       "rounding": rounding.as_str() },
            "period": { "from": "2026-03-01", "every": { "months": 1 } },
            "plan": { "price": format!("{listed}{part:02}"), "discount": discount, "taxes": taxes },
            "credited": text(credited),
            "changes": [change],
        }));

        prop_assert!(outcome.is_ok(), "{outcome:?}");
        prop_assert_eq!(figure(&after, "creditMemo", "C", "amount"), left);
        prop_assert_eq!(figure(&after, "invoice", "I", "availableToCreditAmount"), 0);
    }
}

#[test]
fn a_book_says_which_tax_rates_there_are() {
    for allows in [false, true] {
        let mut book =
            Host::open(&json!({ "currency": "USD", "allowTaxRateFrom1": allows })).unwrap();
        let start = json!({ "type": "start", "at": "2026-03-01",
            "plan": { "price": "10.00", "taxes": [{ "name": "VAT", "rate": "19" }] } });
        let mut command = json!({
            "type": "changePlan", "at": "2026-03-01", "invoiceId": "J",
            "change": { "period": { "from": "2026-03-01", "every": { "months": 1 } }, "changes": [start] } });
        let outcome = book.execute(&command);
        match outcome {
            Ok(_) => assert!(allows && figure(&book, "invoice", "J", "amount") == 20_000),
            Err(error) => {
                assert!(!allows);
                assert_eq!(error.path(), "change.changes[0].plan.taxes[0].rate");
            }
        }
        // It is the book's to say.
        command["change"]["allowTaxRateFrom1"] = json!(true);
        let error = book.execute(&command).unwrap_err();
        assert_eq!(error.path(), "change.allowTaxRateFrom1");
    }
}
