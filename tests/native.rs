//! What only Rust can ask: commands that no request decodes to, and what the engine says without a command.

#[path = "support/mod.rs"]
mod support;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use setoff::book::{Book, Options};
use setoff::calendar::Date;
use setoff::document::{Kind, NewDocument, NewItem, NewTaxItem, TaxIdentity};
use setoff::query::Place;
use setoff::settle::command::{Counterpart, Named, NewPayment, NewRefund, Verb};
use setoff::settle::{Action, Command, Spread, can};
use setoff::wire::{decode, query, read};
use setoff::{Code, Error};
use support::host::Host;
use support::wire::encode;

const AT: &str = "2026-03-02";

fn execute(book: &mut Book, action: Action) -> Result<(), Error> {
    book.execute(&Command { at: Date::parse(AT)?, action }).map(drop)
}

/// The code and path of a refusal.
fn refusal(book: &mut Book, action: Action) -> (Code, String) {
    let error = execute(book, action).unwrap_err();
    (error.code(), error.path().to_owned())
}

fn book() -> Book {
    Book::new(&Options { currency: "USD".into(), ..Options::default() }).unwrap()
}

fn charge() -> Vec<NewItem> {
    vec![NewItem::charge("1", Decimal::from(10))]
}

fn named(kind: Kind, id: &str) -> Named {
    Named { kind, id: id.into() }
}

/// A host with these commands carried out, all on one day.
fn host(commands: &[Value]) -> Host {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    for command in commands {
        let mut command = command.clone();
        command["at"] = AT.into();
        host.execute(&command).unwrap();
    }
    host
}

fn document(verb: &str, id: &str) -> Value {
    json!({ "type": verb, "id": id, "autoPost": true, "items": [{ "id": "1", "amount": "10" }] })
}

/// Requests are refused for their names when they are read; commands made in Rust must be refused as well.
#[test]
fn names_are_checked_whoever_gives_them() {
    let mut book = book();
    for (kind, id) in [(Kind::CreditMemo, "C"), (Kind::Invoice, "I")] {
        execute(&mut book, Action::Create(NewDocument::posted(kind, id, charge()))).unwrap();
    }
    // Nothing is no name, and a control character is in none.
    for bad in ["", "a\u{7}b"] {
        let new = NewDocument::posted(Kind::Invoice, bad, charge());
        assert_eq!(refusal(&mut book, Action::Create(new)), (Code::InvalidId, "id".into()));
        let new = NewDocument { number: Some(bad.into()), ..NewDocument::posted(Kind::Invoice, "J", charge()) };
        assert_eq!(refusal(&mut book, Action::Create(new)), (Code::InvalidId, "number".into()));
        let payment = NewPayment {
            id: bad.into(),
            number: None,
            account_id: None,
            currency: None,
            date: None,
            amount: Some(Decimal::from(10)),
            notes: Default::default(),
            targets: None,
            spread: Spread::default(),
        };
        assert_eq!(refusal(&mut book, Action::CreatePayment(payment)), (Code::InvalidId, "id".into()));
        let refund = NewRefund {
            source: named(Kind::CreditMemo, "C"),
            id: bad.into(),
            number: None,
            date: None,
            amount: None,
            items: None,
            unapply: None,
            auto_unapply: false,
            notes: Default::default(),
            spread: Spread::default(),
        };
        assert_eq!(refusal(&mut book, Action::Refund(refund)), (Code::InvalidId, "id".into()));
        let counterpart = Counterpart {
            document: named(Kind::Invoice, "I"),
            id: bad.into(),
            number: None,
            date: None,
            amount: None,
            items: None,
            notes: Default::default(),
            spread: Spread::default(),
        };
        assert_eq!(refusal(&mut book, Action::Reverse(counterpart)), (Code::InvalidId, "id".into()));
    }
    let new = NewDocument { account_id: Some("a\u{7}b".into()), ..NewDocument::posted(Kind::Invoice, "J", charge()) };
    assert_eq!(refusal(&mut book, Action::Create(new)), (Code::InvalidId, "accountId".into()));
}

/// An item without an amount needs something that it follows from, and so does a tax.
#[test]
fn amounts_follow_from_something() {
    let mut book = book();
    let path = |path: &str| (Code::MissingField, path.to_owned());
    let item = NewItem { amount: None, ..NewItem::charge("1", Decimal::ZERO) };
    let new = NewDocument::posted(Kind::Invoice, "I", vec![item]);
    assert_eq!(refusal(&mut book, Action::Create(new)), path("items[0].amount"));
    let tax = NewTaxItem { id: "t".into(), amount: None, source: None, identity: TaxIdentity::default() };
    let item = NewItem { tax_items: Some(vec![tax]), ..NewItem::charge("1", Decimal::from(10)) };
    let new = NewDocument::posted(Kind::Invoice, "I", vec![item]);
    assert_eq!(refusal(&mut book, Action::Create(new)), path("items[0].taxItems[0].amount"));
}

/// `can` knows which commands there are for a kind of document, and asks for each state what the operation asks.
#[test]
fn can_is_what_the_operation_would_say() {
    let mut host = host(&[
        document("createInvoice", "I"),
        document("createDebitMemo", "D"),
        document("createCreditMemo", "C"),
        json!({ "type": "createPayment", "id": "P", "amount": "10" }),
        json!({ "type": "createPayment", "id": "Q", "amount": "10" }),
        json!({ "type": "cancelPayment", "paymentId": "Q" }),
        json!({ "type": "payDebitMemo", "id": "S", "debitMemoId": "D", "amount": "4" }),
        document("createCreditMemo", "X"),
        json!({ "type": "voidCreditMemo", "creditMemoId": "X" }),
    ]);
    let deleted = host.book.documents().find("X").unwrap();
    host.execute(&json!({ "type": "deleteCreditMemo", "at": AT, "creditMemoId": "X" })).unwrap();
    // What is deleted is gone for commands.
    assert!(!can(host.book.context(), deleted, Verb::Update));
    let can = |id: &str, verb| can(host.book.context(), host.book.documents().find(id).unwrap(), verb);
    // There is no command that applies, unapplies or refunds a demand, transfers it, or pays a memo or payment.
    for id in ["I", "D"] {
        for verb in [Verb::Apply, Verb::Unapply, Verb::Refund, Verb::Transfer] {
            assert!(!can(id, verb), "{id} {verb:?}");
        }
        assert!(can(id, Verb::Pay) && can(id, Verb::Collect) && can(id, Verb::WriteOff), "{id}");
    }
    for verb in [Verb::Pay, Verb::Collect, Verb::Transfer] {
        assert!(!can("C", verb), "{verb:?}");
    }
    for verb in [Verb::Pay, Verb::Collect, Verb::WriteOff, Verb::Reverse, Verb::Post, Verb::Unpost] {
        assert!(!can("P", verb), "{verb:?}");
    }
    // Only a live payment that nothing is settled of changes its account.
    assert!(can("P", Verb::Transfer) && !can("Q", Verb::Transfer) && !can("S", Verb::Transfer));
    assert!(can("C", Verb::Update));
}

/// The items that a change of plan bills say in words how they came about: the sentence of the calculation.
#[test]
fn items_of_a_change_of_plan_say_how_they_came_about() {
    let mut host = host(&[document("createInvoice", "I")]);
    let request = json!({ "type": "changePlan", "at": AT, "invoiceId": "J", "change": {
        "period": { "from": "2026-03-01", "to": "2026-04-01" }, "plan": { "price": "31" },
        "changes": [{ "type": "change", "at": "2026-03-02", "price": "62" }] }, "creditMemoId": "C" });
    let bytes = encode(&request);
    let Action::ChangePlan(plan) = decode::command(&read(&bytes).unwrap()).unwrap().action else { panic!() };
    let mut change = plan.change;
    change.increment = Decimal::new(1, 2);
    let sentences: Vec<_> = change.preview().unwrap().lines.into_iter().map(|line| line.sentence).collect();
    host.execute(&request).unwrap();
    let descriptions = ["C", "J"].map(|id| {
        let page = host.query(&json!({ "of": "item", "where": { "documentId": id } })).unwrap().value();
        page["rows"][0]["description"].as_str().unwrap().to_owned()
    });
    assert_eq!(sentences, descriptions);
}

/// A page of the items of one document goes on where the page before ended, its lines before that are not read again.
#[test]
fn cursors_go_through_one_document() {
    let items: Vec<_> = (1..=5)
        .map(|item| {
            json!({ "id": format!("i{item}"), "amount": item.to_string(),
            "taxItems": [{ "id": format!("t{item}"), "amount": "1" }] })
        })
        .collect();
    let host = host(&[json!({ "type": "createInvoice", "id": "I", "items": items })]);
    for (of, letter) in [("item", 'i'), ("taxItem", 't')] {
        let mut query = json!({ "of": of, "where": { "documentId": "I" }, "page": { "size": 2 } });
        let mut pages = Vec::new();
        loop {
            let page = host.query(&query).unwrap().value();
            let ids = page["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
            pages.push(ids.collect::<Vec<_>>());
            match &page["next"] {
                Value::Null => break,
                next => query["page"] = json!({ "size": 2, "after": next }),
            }
        }
        let id = |item: usize| format!("{letter}{item}");
        assert_eq!(pages, [vec![id(1), id(2)], vec![id(3), id(4)], vec![id(5)]]);
    }
}

/// A cursor is what a page gave: the same with nothing in it is none.
#[test]
fn cursors_name_a_place() {
    let host = host(&[document("createInvoice", "I"), document("createInvoice", "J")]);
    let mut query = json!({ "of": "invoice", "page": { "size": 1 } });
    let page = host.query(&query).unwrap().value();
    let cursor = page["next"].as_str().unwrap();
    query["page"] = json!({ "size": 1, "after": cursor });
    assert_eq!(host.query(&query).unwrap().value()["rows"][0]["id"], "I");
    // The format, the fingerprint of the query, the version; then the number of values: none.
    let empty = format!("{}00", &cursor[..2 * (1 + 8 + 1)]);
    query["page"] = json!({ "size": 1, "after": empty });
    let error = host.query(&query).unwrap_err();
    assert_eq!((error.code(), error.path(), error.needed()), (Code::InvalidCursor, "page.after", "a cursor of a page"));
}

/// A cursor belongs to its query, to each part of it: the cursor of any of these is refused by all others. The order of
/// conditions is no part of it.
#[test]
fn cursors_belong_to_their_query() {
    let host = host(&[document("createInvoice", "I"), document("createInvoice", "J"), document("createInvoice", "K")]);
    let queries = [
        json!({ "of": "invoice" }),
        json!({ "of": "document" }),
        json!({ "of": "invoice", "asOf": AT }),
        json!({ "of": "invoice", "asOf": "2026-03-03" }),
        json!({ "of": "invoice", "where": { "amount": "10" } }),
        json!({ "of": "invoice", "where": { "balance": "10" } }),
        json!({ "of": "invoice", "where": { "amount": { "gt": "1" } } }),
        json!({ "of": "invoice", "where": { "amount": { "gte": "1" } } }),
        json!({ "of": "invoice", "where": { "amount": { "gt": "2" } } }),
        json!({ "of": "invoice", "where": { "amount": { "gt": "2" }, "status": "posted" } }),
        json!({ "of": "invoice", "where": { "customFields.a": null } }),
        json!({ "of": "invoice", "where": { "customFields.b": null } }),
        json!({ "of": "invoice", "sort": [{ "by": "number" }] }),
        json!({ "of": "invoice", "sort": [{ "by": "number", "dir": "desc" }] }),
        json!({ "of": "invoice", "sort": [{ "by": "number", "natural": true }] }),
        json!({ "of": "invoice", "sort": [{ "by": "amount" }] }),
        json!({ "of": "invoice", "sort": [{ "by": "customFields.a" }] }),
        json!({ "of": "invoice", "sort": [{ "by": "customFields.b" }] }),
    ];
    let ask = |query: &Value, page: Value| {
        let mut query = query.clone();
        query["page"] = page;
        host.query(&query)
    };
    for own in &queries {
        let page = ask(own, json!({ "size": 1 })).unwrap().value();
        let cursor = page["next"].as_str().unwrap_or_else(|| panic!("one page of {own}"));
        for query in &queries {
            let answer = ask(query, json!({ "size": 1, "after": cursor }));
            assert_eq!(
                answer.err().map(|error| error.code()),
                (query != own).then_some(Code::InvalidCursor),
                "{query}"
            );
        }
    }
    let bytes =
        encode(&json!({ "of": "invoice", "where": { "amount": "10", "status": "posted" }, "page": { "size": 1 } }));
    let mut query = query::query(&read(&bytes).unwrap()).unwrap();
    query.page.at = Place::After(host.book.query(&query).unwrap().next.unwrap());
    query.filter.reverse();
    assert_eq!(host.book.query(&query).unwrap().rows.len(), 1);
}

/// What is rounded says how.
#[test]
fn sentences_say_how_they_round() {
    let mut host = host(&[]);
    let request = json!({ "type": "changePlan", "at": AT, "invoiceId": "J", "creditMemoId": "C", "draft": true,
        "change": { "period": { "from": "2026-03-01", "to": "2026-04-01" }, "plan": { "price": "31" },
        "changes": [{ "type": "change", "at": "2026-03-17", "price": "100" }] } });
    host.execute(&request).unwrap();
    let page = host.query(&json!({ "of": "item", "where": { "documentId": "J" } })).unwrap().value();
    let sentence = page["rows"][0]["description"].as_str().unwrap();
    // 15 of 31 days.
    assert!(sentence.ends_with("48.387096…, rounded to the nearest, halves up: 48.39."), "{sentence}");
}

/// What a document does not say, its row does not show.
#[test]
fn rows_show_what_is_set() {
    let mut host = host(&[]);
    let create =
        |id: &str| json!({ "type": "createCreditMemo", "at": AT, "id": id, "items": [{ "id": "1", "amount": "1" }] });
    host.execute(&create("A")).unwrap();
    let mut set = create("B");
    let said = ["reasonCode", "comment", "customFields", "excludeFromAutoApply"];
    for (field, value) in said.iter().zip([json!("r"), json!("c"), json!({ "x": 1 }), json!(true)]) {
        set[field] = value;
    }
    host.execute(&set).unwrap();
    host.execute(&json!({ "type": "postCreditMemo", "at": AT, "creditMemoId": "B" })).unwrap();
    let page = host.query(&json!({ "of": "creditMemo", "sort": [{ "by": "id" }] })).unwrap().value();
    for (row, is_set) in page["rows"].as_array().unwrap().iter().zip([false, true]) {
        for field in said.iter().chain(&["postedOn"]) {
            assert_eq!(row.get(field).is_some(), is_set, "{field} of {row}");
        }
        for field in ["canceledOn", "targetDate", "referredDocumentId", "autoApply"] {
            assert_eq!(row.get(field), None, "{row}");
        }
    }
}

/// What is only known of now, a row of the past leaves out, and so do the tax items in it.
#[test]
fn rows_of_the_past_leave_out_what_is_only_known_of_now() {
    let host = host(&[json!({ "type": "createInvoice", "id": "I", "items": [
        { "id": "1", "amount": "10", "taxItems": [{ "id": "t", "amount": "1" }] }] })]);
    for (query, is_now) in [(json!({ "of": "item" }), true), (json!({ "of": "item", "asOf": AT }), false)] {
        let page = host.query(&query).unwrap().value();
        let row = &page["rows"][0];
        for row in [row, &row["taxItems"][0]] {
            assert_eq!(row.get("availableToCreditAmount").is_some(), is_now, "{row}");
        }
    }
}
