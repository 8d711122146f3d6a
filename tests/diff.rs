//! What two books differ in: by hand, and against the open amounts of random books.

#[path = "support/operations.rs"]
mod operations;
#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::document::Documents;
use setoff::wire::{diff, sums};
use std::collections::BTreeMap;
use support::host::Host;
use support::wire::encode;

const AT: &str = "2026-03-02";

fn compare(here: &Host, there: &Host, options: &Value) -> Result<Value, setoff::Error> {
    let bytes = encode(options);
    let report = diff::options(&setoff::wire::read(&bytes)?)?;
    let text = diff::diff(&here.book, &there.book, &report)?;
    Ok(serde_json::from_str(&text).unwrap())
}

fn diff_on(here: &Host, there: &Host, day: &str) -> Value {
    compare(here, there, &json!({ "at": day })).unwrap()
}

/// Invoice I of 110.00 (60.00, and 40.00 with a tax of 10.00), invoice J of 20.00, and a credit memo of 55.00.
fn book() -> Host {
    let mut host = Host::open(&json!({ "currency": "USD", "accountId": "A" })).unwrap();
    let taxes = json!([{ "id": "t", "name": "VAT", "amount": "10.00" }]);
    let items = json!([{ "id": "a", "amount": "60.00" }, { "id": "b", "amount": "40.00", "taxItems": taxes }]);
    for command in [
        json!({ "type": "createInvoice", "at": AT, "id": "I", "autoPost": true, "dueDate": "2026-03-31",
            "items": items }),
        json!({ "type": "createInvoice", "at": AT, "id": "J", "autoPost": true, "dueDate": "2026-04-30",
            "items": [{ "id": "a", "amount": "20.00" }] }),
        json!({ "type": "createCreditMemo", "at": AT, "id": "C", "autoPost": true,
            "items": [{ "id": "c", "amount": "55.00" }] }),
    ] {
        host.execute(&command).unwrap();
    }
    host
}

/// The book after the credit memo is applied to some invoices.
fn applied(invoices: &Value, rule: &str) -> Host {
    let mut host = book();
    let command = json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "rule": rule,
        "invoices": invoices });
    host.execute(&command).unwrap();
    host
}

/// By `fifo` the 55.00 go to item a: 5.00, 40.00 and the tax of 10.00 are left. By `proration` half of each line is
/// settled: 30.00, 20.00 and 5.00 are left. Both leave 55.00, so neither a document nor the account differs.
#[test]
fn two_rules_differ_by_line_and_tax() {
    let invoice = json!([{ "invoiceId": "I" }]);

    let diff = diff_on(
        &applied(&invoice, "fifo"),
        &applied(&invoice, "proration"),
        AT,
    );

    let figures = |row: &Value| {
        let fields = [
            "itemId",
            "taxItemId",
            "lineType",
            "before",
            "after",
            "difference",
        ];
        fields
            .map(|field| row[field].as_str().unwrap_or("-").to_owned())
            .join(" ")
    };
    let lines: Vec<_> = diff["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(figures)
        .collect();
    assert_eq!(
        lines,
        [
            "a - item 5.00 30.00 25.00",
            "b - item 40.00 20.00 -20.00",
            "b t tax 10.00 5.00 -5.00",
        ]
    );
    let sum = |kind, lines: u8, [before, after, difference]: [&str; 3]| {
        json!({ "documentType": "invoice", "lineType": kind, "currency": "USD", "lines": lines,
            "before": before, "after": after, "difference": difference })
    };
    assert_eq!(
        diff["sums"],
        json!([
            sum("item", 2, ["45.00", "50.00", "5.00"]),
            sum("tax", 1, ["10.00", "5.00", "-5.00"]),
        ])
    );
    assert_eq!(diff["documents"], json!([]));
    assert_eq!(diff["accounts"], json!([]));
}

/// 20.00 of the 55.00 close J, and 35.00 of them stay. On 2026-05-10, I is overdue by 40 days and J by 10.
#[test]
fn a_payment_in_the_other_book_closes_a_document_and_uses_credit() {
    let here = book();
    let there = applied(&json!([{ "invoiceId": "J" }]), "proration");

    let diff = diff_on(&here, &there, "2026-05-10");

    let state = |open: &str| json!({ "status": "posted", "openAmount": open });
    let document = |kind: &str, [of, id]: [&str; 2], before: &str, after: &str| {
        json!({ "kind": kind, "documentType": of, "documentId": id, "currency": "USD",
            "before": state(before), "after": state(after) })
    };
    assert_eq!(
        diff["documents"],
        json!([
            document("closed", ["invoice", "J"], "20.00", "0.00"),
            document("moved", ["creditMemo", "C"], "55.00", "35.00"),
        ])
    );

    let buckets = |first: &str| {
        json!([
            { "from": 1, "to": 30, "amount": first },
            { "from": 31, "to": 60, "amount": "110.00" },
            { "from": 61, "to": 90, "amount": "0.00" },
            { "from": 91, "to": null, "amount": "0.00" },
        ])
    };
    let account = |first: &str, overdue: &str, unapplied: &str| {
        json!({ "accountId": "A", "currency": "USD", "balance": "75.00", "notDueAmount": "0.00",
            "overdueAmount": overdue, "buckets": buckets(first), "unappliedAmount": unapplied })
    };
    assert_eq!(
        diff["accounts"],
        json!([{ "accountId": "A", "currency": "USD",
            "before": account("20.00", "130.00", "55.00"), "after": account("0.00", "110.00", "35.00") }])
    );
    let back = diff_on(&there, &here, "2026-05-10");
    assert_eq!(back["documents"][0]["kind"], "opened");
}

/// A document that only one book has is new or gone, with its lines from or to nothing. What was applied and is
/// canceled again is no difference.
#[test]
fn a_document_of_one_book_alone_is_new_or_gone() {
    let here = book();
    let mut there = book();
    let payment =
        json!({ "type": "createPayment", "at": AT, "id": "P", "amount": "7.00", "accountId": "B" });
    there.execute(&payment).unwrap();

    let diff = diff_on(&here, &there, AT);

    let after = json!({ "status": "posted", "openAmount": "7.00" });
    assert_eq!(
        diff["documents"],
        json!([{ "kind": "new", "documentType": "payment", "documentId": "P", "currency": "USD",
            "before": null, "after": after }])
    );
    assert_eq!(
        diff["lines"],
        json!([{ "documentType": "payment", "documentId": "P", "itemId": null, "taxItemId": null,
            "lineType": "whole", "currency": "USD", "before": "0.00", "after": "7.00", "difference": "7.00" }])
    );
    assert_eq!(diff["accounts"][0]["accountId"], "B");
    assert_eq!(diff["accounts"][0]["before"], Value::Null);
    assert_eq!(diff["accounts"][0]["after"]["unappliedAmount"], "7.00");
    let back = diff_on(&there, &here, AT);
    assert_eq!(back["documents"][0]["kind"], "gone");
    assert_eq!(back["lines"][0]["difference"], "-7.00");
}

#[test]
fn the_day_must_be_stated_and_a_day() {
    let refusal = |options: Value| {
        let error = compare(&book(), &book(), &options).unwrap_err();
        (error.code().as_str(), error.path())
    };
    assert_eq!(refusal(json!({})), ("missingField", "options.at".into()));
    assert_eq!(
        refusal(json!({ "at": "2026-02-30" })),
        ("invalidDate", "options.at".into())
    );
    assert_eq!(
        refusal(json!({ "at": AT, "dayz": [30] })),
        ("unknownField", "options.dayz".into())
    );
}

/// What is open on the lines of a book, by document and line.
fn open(documents: &Documents) -> BTreeMap<(String, usize), i64> {
    let lines = documents.iter().flat_map(|(_, document)| {
        let id = document.header().id.to_string();
        let figures = document.figures().iter().enumerate();
        figures.map(move |(line, figures)| ((id.clone(), line), figures.open().minor()))
    });
    lines.collect()
}

/// Digits of an amount, as minor units.
fn minor(amount: &Value) -> i64 {
    let digits: String = amount.as_str().unwrap().replace('.', "");
    digits.parse().unwrap()
}

/// Of random books: a book does not differ from itself; the lines of a document add up to what it differs by in all; a
/// diff the other way round has the other sign; and the sums are those of the lines.
#[test]
fn random_books_differ_by_what_their_lines_have_open() {
    for seed in 0..60 {
        let mut random = operations::Random(seed);
        let mut here = Host::open(&operations::book(&mut random)).unwrap();
        for place in 0..25 {
            let command = operations::command(&mut random, &here, place);
            here.execute(&command).ok();
        }
        let mut there = here.restored().unwrap();
        for place in 25..35 {
            let command = operations::command(&mut random, &there, place);
            there.execute(&command).ok();
        }

        let same = diff_on(&here, &here.restored().unwrap(), "2027-01-01");
        let nothing = json!({ "documents": [], "lines": [], "sums": [], "accounts": [] });
        assert_eq!(same, nothing, "seed {seed}");
        check(&here, &there, seed);
    }
}

fn check(here: &Host, there: &Host, seed: u64) {
    let diff = diff_on(here, there, "2027-01-01");
    let back = diff_on(there, here, "2027-01-01");

    let [before, after] = [here, there].map(|host| open(host.book.documents()));
    let mut by_document: BTreeMap<String, i64> = BTreeMap::new();
    for ((id, _), amount) in &after {
        *by_document.entry(id.clone()).or_default() += amount;
    }
    for ((id, _), amount) in &before {
        *by_document.entry(id.clone()).or_default() -= amount;
    }
    let lines = diff["lines"].as_array().unwrap();
    for line in lines {
        let id = line["documentId"].as_str().unwrap();
        *by_document.get_mut(id).unwrap() -= minor(&line["difference"]);
    }
    assert!(
        by_document.values().all(|rest| *rest == 0),
        "seed {seed}: {by_document:?}"
    );

    let sum = |rows: &[Value]| {
        rows.iter()
            .map(|row| minor(&row["difference"]))
            .sum::<i64>()
    };
    assert_eq!(
        sum(lines),
        sum(diff["sums"].as_array().unwrap()),
        "seed {seed}"
    );
    assert_eq!(
        sum(lines),
        -sum(back["lines"].as_array().unwrap()),
        "seed {seed}"
    );
    let count = |diff: &Value, kind: &str| {
        let rows = diff["documents"].as_array().unwrap();
        rows.iter().filter(|row| row["kind"] == kind).count()
    };
    for (kind, mirrored) in [("new", "gone"), ("opened", "closed"), ("moved", "moved")] {
        assert_eq!(
            count(&diff, kind),
            count(&back, mirrored),
            "seed {seed}: {kind}"
        );
    }
}

/// 900 yen are not more than 20.00 dollars: each currency has its own largest sum, and `top` counts for each.
#[test]
fn sums_of_several_currencies_are_not_compared() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    for (id, currency, amount) in [
        ("A", "USD", "5.00"),
        ("B", "JPY", "900"),
        ("C", "USD", "20.00"),
        ("D", "JPY", "30"),
    ] {
        for (kind, prefix) in [("createInvoice", "I"), ("createCreditMemo", "M")] {
            let items = json!([{ "id": "a", "amount": amount }]);
            host.execute(
                &json!({ "type": kind, "at": AT, "id": format!("{prefix}{id}"), "autoPost": true,
                "currency": currency, "items": items }),
            )
            .unwrap();
        }
    }
    let apply = |id: &str| {
        json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": format!("M{id}"),
            "invoices": [{ "invoiceId": format!("I{id}") }] })
    };
    let commands: Vec<_> = ["A", "B", "C", "D"].map(apply).into();
    let bulk = encode(&json!({ "type": "bulk", "at": AT, "commands": commands }));
    let command = setoff::wire::decode::command(&setoff::wire::read(&bulk).unwrap()).unwrap();
    let attempt = host.book.attempt(&command).unwrap();
    let sums = |options: Value| -> Value {
        let bytes = encode(&options);
        let request = sums::options(&setoff::wire::read(&bytes).unwrap()).unwrap();
        serde_json::from_str(&sums::sums(&attempt.effect(), request).unwrap()).unwrap()
    };

    let figures = |row: &Value| {
        let fields = ["documentId", "currency", "change"];
        fields
            .map(|field| row[field].as_str().unwrap_or("-").to_owned())
            .join(" ")
    };
    let all = sums(json!({ "by": "document" }));
    let rows: Vec<_> = all["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(figures)
        .collect();
    assert_eq!(
        rows,
        [
            "MB JPY 900",
            "IB JPY 900",
            "MD JPY 30",
            "ID JPY 30",
            "MC USD 20.00",
            "IC USD 20.00",
            "MA USD 5.00",
            "IA USD 5.00",
        ]
    );

    let top = sums(json!({ "by": "document", "top": 1 }));
    let rows: Vec<_> = top["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(figures)
        .collect();
    assert_eq!(rows, ["MB JPY 900", "MC USD 20.00"]);
    // 900 + 30 + 30 yen, and 20.00 + 5.00 + 5.00 dollars.
    let others: Vec<_> = top["others"]
        .as_array()
        .unwrap()
        .iter()
        .map(figures)
        .collect();
    assert_eq!(others, ["- JPY 960", "- USD 30.00"]);
}
