//! What only Rust can ask: commands that no request decodes to, and what the engine says without a command.

#[path = "support/mod.rs"]
mod support;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use setoff::Book;
use setoff::calendar::Date;
use setoff::command::{Action, Command, Verb, invoice};
use setoff::document::{Kind, NewDocument, NewItem};
use setoff::query::PageStart;
use setoff::settle::can;
use setoff::wire::{decode, entry, prorate, query, read};
use setoff::{Code, Error};
use support::host::Host;
use support::wire::encode;

const AT: &str = "2026-03-02";

fn at() -> Date {
    AT.parse().unwrap()
}

fn execute(book: &mut Book, action: Action) -> Result<(), Error> {
    book.execute(&Command { at: at(), action }).map(drop)
}

/// The code and path of a refusal.
fn refusal(book: &mut Book, action: Action) -> (Code, String) {
    let error = execute(book, action).unwrap_err();
    (error.code(), error.path().to_owned())
}

fn book() -> Book {
    Book::in_currency("USD").unwrap()
}

fn charge() -> Vec<NewItem> {
    vec![NewItem::charge("1", Decimal::from(10))]
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
        execute(
            &mut book,
            Action::Create(NewDocument::posted(kind, id, charge())),
        )
        .unwrap();
    }
    // Nothing is no name, and a control character is in none.
    for bad in ["", "a\u{7}b"] {
        let new = NewDocument::posted(Kind::Invoice, bad, charge());
        assert_eq!(
            refusal(&mut book, Action::Create(new)),
            (Code::InvalidId, "id".into())
        );
        let new = NewDocument::posted(Kind::Invoice, "J", charge()).number(bad);
        assert_eq!(
            refusal(&mut book, Action::Create(new)),
            (Code::InvalidId, "number".into())
        );
        let commands = [
            Command::payment(bad, 10).on(at()),
            Command::refund("C").named(bad).on(at()),
            Command::reverse(invoice("I")).named(bad).on(at()),
        ];
        for command in commands {
            assert_eq!(
                refusal(&mut book, command.action),
                (Code::InvalidId, "id".into())
            );
        }
    }
    let new = NewDocument::posted(Kind::Invoice, "J", charge()).account("a\u{7}b");
    assert_eq!(
        refusal(&mut book, Action::Create(new)),
        (Code::InvalidId, "accountId".into())
    );
}

/// An item without an amount needs something that it follows from, and so does a tax.
#[test]
fn amounts_follow_from_something() {
    let mut book = book();
    let path = |path: &str| (Code::MissingField, path.to_owned());
    let mut item = NewItem::charge("1", 0);
    item.amount = None;
    let new = NewDocument::posted(Kind::Invoice, "I", vec![item]);
    assert_eq!(
        refusal(&mut book, Action::Create(new)),
        path("items[0].amount")
    );
    let mut item = NewItem::charge("1", 10).tax("t", 0);
    item.tax_items.as_mut().unwrap()[0].amount = None;
    let new = NewDocument::posted(Kind::Invoice, "I", vec![item]);
    assert_eq!(
        refusal(&mut book, Action::Create(new)),
        path("items[0].taxItems[0].amount")
    );
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
        document("createInvoice", "R"),
        json!({ "type": "reverseInvoice", "id": "RC", "invoiceId": "R" }),
    ]);
    let deleted = host.book.documents().find("X").unwrap();
    host.execute(&json!({ "type": "deleteCreditMemo", "at": AT, "creditMemoId": "X" }))
        .unwrap();
    // What is deleted is gone for commands.
    assert!(!can(host.book.context(), deleted, Verb::Update));
    let can = |id: &str, verb| {
        can(
            host.book.context(),
            host.book.documents().find(id).unwrap(),
            verb,
        )
    };
    // A reversed document is closed for good: not even its words change.
    assert!(can("I", Verb::Update) && !can("R", Verb::Update));
    // There is no command that applies, unapplies or refunds a demand, transfers it, or pays a memo or payment.
    for id in ["I", "D"] {
        for verb in [Verb::Apply, Verb::Unapply, Verb::Refund, Verb::Transfer] {
            assert!(!can(id, verb), "{id} {verb:?}");
        }
        assert!(
            can(id, Verb::Pay) && can(id, Verb::Collect) && can(id, Verb::WriteOff),
            "{id}"
        );
    }
    for verb in [Verb::Pay, Verb::Collect, Verb::Transfer] {
        assert!(!can("C", verb), "{verb:?}");
    }
    for verb in [
        Verb::Pay,
        Verb::Collect,
        Verb::Reverse,
        Verb::Post,
        Verb::Unpost,
    ] {
        assert!(!can("P", verb), "{verb:?}");
    }
    // Of a payment, what is unapplied can be written off.
    assert!(can("P", Verb::WriteOff) && !can("Q", Verb::WriteOff) && !can("S", Verb::WriteOff));
    // Only a live payment that nothing is settled of changes its account.
    assert!(can("P", Verb::Transfer) && !can("Q", Verb::Transfer) && !can("S", Verb::Transfer));
    assert!(can("C", Verb::Update));
}

/// The items that a change of plan bills have the descriptions of their plans. A credit of a billed item has the
/// description of that item if the plan has none. The sentence of the calculation is no description, because a log
/// would keep its wording for ever.
#[test]
fn items_of_a_change_of_plan_have_descriptions_for_a_bill() {
    let invoice = json!({ "type": "createInvoice", "id": "I", "at": AT, "autoPost": true,
        "items": [{ "id": "plan", "amount": "31.00", "description": "Team plan, March" }] });
    let descriptions = |old: Value, new: Value| {
        let mut host = host(std::slice::from_ref(&invoice));
        let billed_by = json!({ "invoiceId": "I", "itemId": "plan" });
        let request = json!({ "type": "changePlan", "at": AT, "billedBy": billed_by,
            "change": { "period": { "from": "2026-03-01", "to": "2026-04-01" },
                "plan": { "price": "31", "description": old },
                "changes": [{ "type": "change", "at": "2026-03-02", "price": "62", "description": new }] },
            "invoiceId": "J", "creditMemoId": "C" });
        host.execute(&request).unwrap();
        ["C", "J"].map(|id| {
            let query = json!({ "of": "item", "where": { "documentId": id } });
            let page = host.query(&query).unwrap().value();
            page["rows"][0]["description"].clone()
        })
    };
    let billed = json!("Team plan, March");
    let [old, new] = [json!("Team plan"), json!("Studio plan")];
    assert_eq!(
        descriptions(old.clone(), new.clone()),
        [old.clone(), new.clone()]
    );
    assert_eq!(descriptions(Value::Null, new.clone()), [billed, new]);
    assert_eq!(descriptions(old.clone(), Value::Null), [old, Value::Null]);
}

/// The terms that a preset states are its terms.
#[test]
fn presets_state_all_their_terms() {
    let presets: Value = serde_json::from_str(&prorate::presets()).unwrap();
    let terms_of = |terms: &Value| {
        let request = json!({ "currency": "USD", "terms": terms, "changes": [] });
        let bytes = encode(&request);
        prorate::change(&read(&bytes).unwrap()).unwrap().terms
    };
    for preset in presets.as_array().unwrap() {
        let (name, terms) = (&preset["name"], &preset["terms"]);
        assert_eq!(terms_of(terms), terms_of(name), "{name}");
    }
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
            let ids = page["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["id"].as_str().unwrap().to_owned());
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
    let host = host(&[
        document("createInvoice", "I"),
        document("createInvoice", "J"),
    ]);
    let mut query = json!({ "of": "invoice", "page": { "size": 1 } });
    let page = host.query(&query).unwrap().value();
    let cursor = page["next"].as_str().unwrap();
    query["page"] = json!({ "size": 1, "after": cursor });
    assert_eq!(host.query(&query).unwrap().value()["rows"][0]["id"], "I");
    // The format, the fingerprint of the query, the version, the number of documents and the fingerprint of what there
    // was last; then the number of values: none.
    let empty = format!("{}00", &cursor[..2 * (1 + 8 + 1 + 1 + 8)]);
    query["page"] = json!({ "size": 1, "after": empty });
    let error = host.query(&query).unwrap_err();
    assert_eq!(
        (error.code(), error.path().as_str(), error.sentence()),
        (
            Code::InvalidCursor,
            "page.after",
            format!("\"{empty}\" is not a cursor of a page.")
        )
    );
}

/// A cursor of a book that has carried out more commands is refused, with the version of the book that is asked.
#[test]
fn cursors_of_a_later_version_are_refused() {
    let earlier = host(&[
        document("createInvoice", "I"),
        document("createInvoice", "J"),
    ]);
    let mut later = earlier.clone();
    let mut create = document("createInvoice", "K");
    create["at"] = AT.into();
    later.execute(&create).unwrap();
    let page = later
        .query(&json!({ "of": "invoice", "page": { "size": 1 } }))
        .unwrap()
        .value();

    let query = json!({ "of": "invoice", "page": { "size": 1, "after": page["next"] } });
    let error = earlier.query(&query).unwrap_err();

    assert_eq!(error.code(), Code::InvalidCursor);
    let two_commands = "was made at a later version of this book, which is at version 2.";
    assert!(error.sentence().ends_with(two_commands), "{error}");
    assert_eq!(later.query(&query).unwrap().value()["rows"][0]["id"], "J");
}

/// Whether the cursor of one book is refused by another one, as that of another book.
fn is_foreign(cursor_of: &Host, asked: &Host) -> bool {
    let page = cursor_of
        .query(&json!({ "of": "invoice", "page": { "size": 1 } }))
        .unwrap()
        .value();
    let query = json!({ "of": "invoice", "page": { "size": 1, "after": page["next"] } });
    let Err(error) = asked.query(&query) else {
        return false;
    };
    assert_eq!(error.code(), Code::InvalidCursor);
    assert_eq!(error.path(), "page.after");
    let sentence = error.sentence();
    assert!(sentence.ends_with("belongs to another book."), "{sentence}");
    true
}

fn commands_on(host: &mut Host, commands: &[Value]) {
    for command in commands {
        let mut command = command.clone();
        command["at"] = AT.into();
        host.execute(&command).unwrap();
    }
}

/// Two books of the same version that differ in what a cursor knows: in their options, in the document that was created
/// last, in what was settled last, or (in books with a log) in anything that the last command did.
#[test]
fn cursors_of_another_book_are_refused() {
    let pay = |amount: &str| {
        json!({ "type": "createPayment", "id": "P", "amount": amount,
            "invoices": [{ "invoiceId": "I", "amount": amount }] })
    };
    let started = |options: Value, last: &str, more: &[Value]| {
        let mut host = Host::open(&options).unwrap();
        commands_on(
            &mut host,
            &[
                document("createInvoice", "I"),
                document("createInvoice", last),
            ],
        );
        commands_on(&mut host, more);
        host
    };
    let usd = || json!({ "currency": "USD" });
    let with_log = |comment: &str| {
        let options = encode(&json!({ "currency": "USD", "log": true }));
        let (book, _) = entry::open(&read(&options).unwrap()).unwrap();
        let mut host = Host { book };
        let mut last = document("createInvoice", "J");
        last["comment"] = comment.into();
        for mut command in [document("createInvoice", "I"), last] {
            command["at"] = AT.into();
            // A book with a log executes a command with its entry, as a commit does.
            let plan = host.preview(&command).unwrap();
            host.commit(&plan).unwrap();
        }
        host
    };
    let pairs = [
        (
            "the last document",
            started(usd(), "J", &[]),
            started(usd(), "K", &[]),
        ),
        (
            "the account",
            started(json!({ "currency": "USD", "accountId": "A" }), "J", &[]),
            started(json!({ "currency": "USD", "accountId": "B" }), "J", &[]),
        ),
        (
            "the currency",
            started(usd(), "J", &[]),
            started(json!({ "currency": "EUR" }), "J", &[]),
        ),
        (
            "what was settled last",
            started(usd(), "J", &[pay("1")]),
            started(usd(), "J", &[pay("2")]),
        ),
        (
            "what the last command did",
            with_log("this"),
            with_log("that"),
        ),
    ];

    for (difference, one, other) in &pairs {
        assert_eq!(one.book.version(), other.book.version(), "{difference}");
        for (cursor_of, asked) in [(one, other), (other, one)] {
            assert!(is_foreign(cursor_of, asked), "{difference}");
            assert!(!is_foreign(cursor_of, cursor_of), "{difference}");
        }
    }

    // A book with fewer documents that has reached the version by other commands.
    let mut few = host(&[document("createInvoice", "I")]);
    let close = |day: &str| json!({ "type": "closePeriods", "through": day });
    commands_on(&mut few, &[close("2026-01-31"), close("2026-02-28")]);
    assert!(is_foreign(&started(usd(), "J", &[]), &few));
}

/// A cursor goes on in the same book, restored, and after anything that a command can do with what it knows: its last
/// document is changed, deleted or given another number, and what was settled last is taken back.
#[test]
fn cursors_live_as_long_as_their_book() {
    let draft =
        json!({ "type": "createInvoice", "id": "K", "items": [{ "id": "1", "amount": "10" }] });
    let mut earlier = host(&[
        document("createInvoice", "I"),
        document("createInvoice", "J"),
        json!({ "type": "createPayment", "id": "P", "amount": "4", "invoices": [{ "invoiceId": "I", "amount": "4" }] }),
        draft,
    ]);
    let page = earlier
        .query(&json!({ "of": "invoice", "page": { "size": 1 } }))
        .unwrap()
        .value();
    let query = json!({ "of": "invoice", "page": { "size": 1, "after": page["next"] } });
    let goes_on = |host: &Host| {
        let page = host.query(&query).unwrap().value();
        assert_eq!(page["rows"][0]["id"], "J");
    };
    goes_on(&earlier);

    // The fourth version was the draft, so the sixth takes the payment back.
    let later = [
        json!({ "type": "updateInvoice", "invoiceId": "K", "number": "K-9", "comment": "changed" }),
        json!({ "type": "unapplyPayment", "paymentId": "P" }),
        json!({ "type": "undo", "applicationGroupId": "AG-6" }),
        json!({ "type": "cancelInvoice", "invoiceId": "K" }),
        json!({ "type": "deleteInvoice", "invoiceId": "K" }),
        document("createInvoice", "A"),
        json!({ "type": "closePeriods", "through": "2026-01-31" }),
    ];
    for command in later {
        commands_on(&mut earlier, &[command]);
        let restored = earlier.restored().unwrap();

        goes_on(&earlier);
        goes_on(&restored);
        let first = json!({ "of": "invoice", "page": { "size": 1 } });
        let [here, there] = [&earlier, &restored].map(|host| host.query(&first).unwrap().value());
        assert_eq!(here["next"], there["next"]);
    }
}

/// A cursor belongs to its query, to each part of it: the cursor of any of these is refused by all others. The order of
/// conditions is no part of it.
#[test]
fn cursors_belong_to_their_query() {
    let host = host(&[
        document("createInvoice", "I"),
        document("createInvoice", "J"),
        document("createInvoice", "K"),
    ]);
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
        let cursor = page["next"]
            .as_str()
            .unwrap_or_else(|| panic!("one page of {own}"));
        for query in &queries {
            let answer = ask(query, json!({ "size": 1, "after": cursor }));
            assert_eq!(
                answer.err().map(|error| error.code()),
                (query != own).then_some(Code::InvalidCursor),
                "{query}"
            );
        }
    }
    let bytes = encode(
        &json!({ "of": "invoice", "where": { "amount": "10", "status": "posted" }, "page": { "size": 1 } }),
    );
    let mut query = query::query(&read(&bytes).unwrap()).unwrap();
    query.page.start = PageStart::After(host.book.query(&query).unwrap().next.unwrap());
    query.filter.reverse();
    assert_eq!(host.book.query(&query).unwrap().rows.len(), 1);
}

/// What is rounded says how.
#[test]
fn sentences_say_how_they_round() {
    let period = json!({ "from": "2026-03-01", "to": "2026-04-01" });
    let request = json!({ "currency": "USD", "period": period, "plan": { "price": "100" },
        "changes": [{ "type": "change", "at": "2026-03-17", "price": "200" }],
        "terms": { "creditFormula": "direct" } });
    let bytes = encode(&request);
    let preview = prorate::change_preview(&read(&bytes).unwrap()).unwrap();
    // 15 of 31 days of 100.00 and of 200.00. What goes up in a charge goes down in a credit, away from zero in both.
    let ends = [
        "-48.387096…, rounded to the nearest, halves away from zero: -48.39.",
        "96.774193…, rounded to the nearest, halves up: 96.77.",
    ];
    assert_eq!(preview.lines.len(), ends.len());
    for (line, end) in preview.lines.iter().zip(ends) {
        assert!(line.sentence.ends_with(end), "{}", line.sentence);
    }
}

/// What a document does not say, its row does not show.
#[test]
fn rows_show_what_is_set() {
    let mut host = host(&[]);
    let create = |id: &str| {
        json!({
        "type": "createCreditMemo", "at": AT, "id": id, "items": [{ "id": "1", "amount": "1" }] })
    };
    host.execute(&create("A")).unwrap();
    let mut set = create("B");
    let said = [
        "reasonCode",
        "comment",
        "customFields",
        "excludeFromAutoApply",
    ];
    for (field, value) in said
        .iter()
        .zip([json!("r"), json!("c"), json!({ "x": 1 }), json!(true)])
    {
        set[field] = value;
    }
    host.execute(&set).unwrap();
    host.execute(&json!({ "type": "postCreditMemo", "at": AT, "creditMemoId": "B" }))
        .unwrap();
    let page = host
        .query(&json!({ "of": "creditMemo", "sort": [{ "by": "id" }] }))
        .unwrap()
        .value();
    for (row, is_set) in page["rows"].as_array().unwrap().iter().zip([false, true]) {
        for field in said.iter().chain(&["postedOn"]) {
            assert_eq!(row.get(field).is_some(), is_set, "{field} of {row}");
        }
        for field in [
            "canceledOn",
            "targetDate",
            "referredDocumentId",
            "autoApply",
        ] {
            assert_eq!(row.get(field), None, "{row}");
        }
    }
}

/// What is only known of now, a row of the past leaves out, and so do the tax items in it.
#[test]
fn rows_of_the_past_leave_out_what_is_only_known_of_now() {
    let host = host(&[json!({ "type": "createInvoice", "id": "I", "items": [
        { "id": "1", "amount": "10", "taxItems": [{ "id": "t", "amount": "1" }] }] })]);
    for (query, is_now) in [
        (json!({ "of": "item" }), true),
        (json!({ "of": "item", "asOf": AT }), false),
    ] {
        let page = host.query(&query).unwrap().value();
        let row = &page["rows"][0];
        for row in [row, &row["taxItems"][0]] {
            assert_eq!(
                row.get("availableToCreditAmount").is_some(),
                is_now,
                "{row}"
            );
        }
    }
}

/// Cents as an amount of a request.
fn dollars(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// An invoice and a credit memo with these numbers of lines: 1.00 each, and `open` on the last.
fn with_last_line([of_invoice, of_memo]: [usize; 2], open: i64) -> Host {
    let create = |verb: &str, id: &str, lines: usize| {
        let amounts = (1..lines).map(|_| dollars(100)).chain([dollars(open)]);
        let item =
            |(place, amount): (usize, _)| json!({ "id": place.to_string(), "amount": amount });
        let items: Vec<_> = amounts.enumerate().map(item).collect();
        json!({ "type": verb, "id": id, "autoPost": true, "items": items })
    };
    host(&[
        create("createInvoice", "I", of_invoice),
        create("createCreditMemo", "C", of_memo),
    ])
}

/// The place of the last line, and what is open on those before it.
fn last_line(lines: usize) -> (u32, i64) {
    (
        u32::try_from(lines - 1).unwrap(),
        100 * i64::try_from(lines - 1).unwrap(),
    )
}

/// An application that takes the last lines first.
fn from_last_line(cents: i64) -> Value {
    json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "rule": "lifo",
        "invoices": [{ "invoiceId": "I", "amount": dollars(cents) }] })
}

/// The words of an amount: its two's complement, the lower first.
fn words(cents: i64) -> [u32; 2] {
    let bits = u64::from_ne_bytes(cents.to_ne_bytes());
    [
        u32::try_from(bits & 0xffff_ffff).unwrap(),
        u32::try_from(bits >> 32).unwrap(),
    ]
}

/// Word by word as the head of `src/wire/columns.rs` says, on both sides of where rows become wide: an amount fits one
/// word from −2³¹ to 2³¹ − 1, a line's place half a word up to 2¹⁶ − 1.
#[test]
fn columns_are_as_wide_as_their_figures() {
    const EDGE: i64 = 1 << 31;
    const NARROW_ITEMS: u32 = 1;
    const NARROW_LINES: u32 = 2;
    let check = |columns: &[u32],
                 widths: u32,
                 [target, source]: [usize; 2],
                 amount: i64,
                 [before, after]: [i64; 2]| {
        let [(target, of_target), (source, of_source)] = [target, source].map(last_line);
        // What was settled first is released first: that is fifo, the rule at place 1; lifo is at place 2.
        let rule = if amount < 0 { 1 } else { 2 };
        // One settlement of C (document 1) with one application to I (document 0) of one item; both change in one line.
        let mut expected = vec![widths, 1, 1, 1, 2, 1, 1, 0, rule, 1];
        expected.extend(words(amount));
        if widths & NARROW_ITEMS == 0 {
            expected.extend([source, target]);
            expected.extend(words(amount));
        } else {
            expected.extend([target * 0x1_0000 + source, words(amount)[0]]);
        }
        for (document, rest, line) in [(1, of_source, source), (0, of_target, target)] {
            expected.extend([document, 1]);
            expected.extend(words(before + rest));
            expected.extend(words(after + rest));
            expected.push(line);
            for figure in [before, after].map(words) {
                expected.extend(&figure[..if widths & NARROW_LINES == 0 { 2 } else { 1 }]);
            }
        }
        assert_eq!(columns, expected, "{before} to {after}");
    };
    let both = NARROW_ITEMS | NARROW_LINES;
    // Lines, what is open on the last, what is applied; the widths of the application and of taking it back.
    for (lines, open, amount, [applied, back]) in [
        ([2, 2], 1000, 400, [both, both]),
        ([2, 2], EDGE - 1, EDGE - 1, [both, both]),
        ([2, 2], EDGE, 1, [NARROW_ITEMS, NARROW_ITEMS]),
        // Taken back, −2³¹ still fits.
        ([2, 2], EDGE, EDGE, [0, NARROW_ITEMS]),
        ([2, 2], EDGE + 1, EDGE + 1, [0, 0]),
        // Before and after are too wide by the same.
        ([2, 2], 2 * EDGE + 5, 1, [NARROW_ITEMS, NARROW_ITEMS]),
        ([0x1_0000, 0x1_0000], 1000, 400, [both, both]),
        ([0x1_0001, 2], 1000, 400, [NARROW_LINES, NARROW_LINES]),
        ([2, 0x1_0001], 1000, 400, [NARROW_LINES, NARROW_LINES]),
        // The line and the amount are too wide by the same.
        ([0x1_0001, 2], 2 * EDGE + 5, 2 * EDGE + 5, [0, 0]),
    ] {
        let mut host = with_last_line(lines, open);
        let plan = host.preview(&from_last_line(amount)).unwrap();
        check(
            &plan.columns.clone().unwrap(),
            applied,
            lines,
            amount,
            [open, open - amount],
        );
        host.commit(&plan).unwrap();
        let unapply = json!({ "type": "unapplyCreditMemo", "at": AT, "creditMemoId": "C" });
        let columns = host.preview(&unapply).unwrap().columns.unwrap();
        check(&columns, back, lines, -amount, [open - amount, open]);
    }
}

/// What a plan would have changed is read from its columns again, be they narrow or wide.
#[test]
fn plans_that_moved_say_from_where() {
    for open in [1000, 1 << 31, 1 << 40] {
        for lines in [2, 3] {
            let mut host = with_last_line([2, lines], open);
            let plan = host.preview(&from_last_line(open)).unwrap();
            // Of the invoice, 0.05 of the line before is then taken instead.
            host.execute(&from_last_line(5)).unwrap();
            let error = host.commit(&plan).unwrap_err();
            let (_, rest) = last_line(lines);
            assert_eq!(error.code(), Code::PlanMoved);
            for minor in [open, 0, open - 5, -5] {
                let figure = dollars(minor + rest);
                assert!(error.sentence().contains(&figure), "no {figure}: {error}");
            }
        }
    }
}

/// A command as the engine has it.
fn command(request: &Value) -> Command {
    let bytes = support::wire::encode(request);
    setoff::wire::decode::command(&setoff::wire::read(&bytes).unwrap()).unwrap()
}

/// An invoice of 10.00 and 20.00, a credit memo of 15.00, and the command that applies the one to the other.
fn with_memo_to_apply() -> (Book, Command) {
    let host = host(&[
        json!({ "type": "createInvoice", "id": "I", "autoPost": true, "items": [
            { "id": "a", "amount": "10" }, { "id": "b", "amount": "20" }] }),
        json!({ "type": "createCreditMemo", "id": "C", "autoPost": true, "items": [
            { "id": "c", "amount": "15" }] }),
    ]);
    let apply = json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C",
        "invoices": [{ "invoiceId": "I" }] });
    (host.book, command(&apply))
}

/// Takes the invoice back, gives it other items and posts it again.
fn replace_items(book: &mut Book, items: &Value) {
    let step = |verb: &str| json!({ "type": verb, "at": AT, "invoiceId": "I" });
    let mut update = step("updateInvoice");
    update["items"] = items.clone();
    for request in [step("unpostInvoice"), update, step("postInvoice")] {
        book.execute(&command(&request)).unwrap();
    }
}

/// All amounts are as before, but the lines that the plan shows are no longer there.
#[test]
fn a_plan_does_not_settle_lines_that_took_the_place_of_its_own() {
    let (mut book, apply) = with_memo_to_apply();
    let plan = book.preview(&apply).unwrap();
    replace_items(
        &mut book,
        &json!([{ "delete": "a" }, { "delete": "b" }, { "add": { "id": "x", "amount": "10" } },
            { "add": { "id": "y", "amount": "20" } }]),
    );
    let before = book.hash();

    let refusal = book.commit(&apply, &plan).unwrap_err();

    assert_eq!(refusal.code(), Code::PlanMoved);
    assert_eq!(book.hash(), before);
    let plan = book.preview(&apply).unwrap();
    assert_eq!(book.commit(&apply, &plan).unwrap(), plan.outcome);
}

/// The same lines again are the lines of the plan, though the draft was changed in between.
#[test]
fn a_plan_holds_where_a_draft_has_its_lines_again() {
    let (mut book, apply) = with_memo_to_apply();
    let plan = book.preview(&apply).unwrap();
    replace_items(
        &mut book,
        &json!([{ "delete": "b" }, { "add": { "id": "z", "amount": "20" } }]),
    );
    replace_items(
        &mut book,
        &json!([{ "delete": "z" }, { "add": { "id": "b", "amount": "20" } }]),
    );

    let outcome = book.commit(&apply, &plan).unwrap();

    assert_eq!(outcome.lines, plan.outcome.lines);
}

/// A host may preview in one process and commit in another: the fingerprint is all that it needs to keep.
#[test]
fn a_plan_holds_in_a_book_that_was_restored() {
    let (mut book, apply) = with_memo_to_apply();
    let plan = book.preview(&apply).unwrap();
    let mut restored = Book::restore(&book.snapshot()).unwrap();

    let outcome = restored.commit(&apply, &plan).unwrap();

    assert_eq!(outcome, plan.outcome);
}

/// Of two taxes alike, A credits whichever, B the first. A's 10 are spread over both, 5 and 5, so the first of them is
/// brought 15 for its 10: 3.33 of A, 6.67 of B. What finds no place, 1.67 of A and 3.33 of B, the fallback puts on the
/// second: 6.67 of A in all, which is one item.
#[test]
fn what_the_fallback_adds_to_a_pair_is_one_item_with_it() {
    let tax = |id: &str| json!({ "id": id, "name": "VAT", "amount": "10" });
    let mut to_first = tax("B");
    to_first["sourceTaxItemId"] = json!("1-T");
    let mut host = host(&[
        json!({ "type": "createInvoice", "id": "I", "autoPost": true, "items": [
            { "id": "1", "amount": "100", "taxItems": [tax("1-T"), tax("2-T")] }] }),
        json!({ "type": "createCreditMemo", "id": "C", "autoPost": true, "invoiceId": "I", "items": [
            { "id": "1", "amount": "100", "sourceItemId": "1", "taxItems": [tax("A"), to_first] }] }),
    ]);
    let apply = json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "rule": "sourceItem",
        "fallback": "fifo", "invoices": [{ "invoiceId": "I", "amount": "120" }] });
    let outcome = host.execute(&apply).unwrap().value();
    let items = outcome["applications"][0]["items"].as_array().unwrap();
    let amounts: Vec<_> = items
        .iter()
        .map(|item| item["amount"].as_str().unwrap())
        .collect();
    assert_eq!(amounts, ["100.00", "3.33", "6.67", "6.67", "3.33"]);
}

/// Before the documents come one settlement, two applications and four items: no two counts are the same.
#[test]
fn plans_that_moved_say_so_over_several_documents() {
    let create = |verb: &str, id: &str, each: &str| {
        json!({ "type": verb, "id": id, "autoPost": true, "items": [
            { "id": "1", "amount": each }, { "id": "2", "amount": each }] })
    };
    let mut host = host(&[
        create("createInvoice", "I", "10"),
        create("createInvoice", "J", "10"),
        create("createCreditMemo", "C", "20"),
    ]);
    let apply = |invoices: Value| {
        json!({
        "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "invoices": invoices })
    };
    let both = json!([{ "invoiceId": "I", "amount": "10" }, { "invoiceId": "J", "amount": "10" }]);
    let plan = host.preview(&apply(both)).unwrap();
    host.execute(&apply(json!([{ "invoiceId": "I", "amount": "0.05" }])))
        .unwrap();
    let error = host.commit(&plan).unwrap_err();
    for figure in ["credit memo \"C\"", "40.00", "20.00", "39.95", "19.95"] {
        assert!(error.sentence().contains(figure), "no {figure}: {error}");
    }
}

/// The room for columns follows what is settled: not the lines of a memo for each of a thousand settlements of it.
#[test]
fn columns_take_room_for_what_is_settled() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    let items: Vec<_> = (0..1000)
        .map(|place| json!({ "id": place.to_string(), "amount": "10.00" }))
        .collect();
    for (kind, id, items) in [
        ("CreditMemo", "C", json!(items)),
        ("Invoice", "I", json!([{ "id": "1", "amount": "1000.00" }])),
    ] {
        let create = json!({ "type": format!("create{kind}"), "at": AT, "id": id, "autoPost": true, "items": items });
        host.execute(&create).unwrap();
    }
    let invoices = json!([{ "invoiceId": "I", "amount": "0.01" }]);
    let apply = json!({
        "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "rule": "fifo", "invoices": invoices });
    let bulk = json!({ "type": "bulk", "at": AT, "commands": vec![apply; 1000] });
    let command = command(&bulk);
    let attempt = host.book.attempt(&command).unwrap();
    let words = setoff::wire::columns::write(&attempt.effect())
        .unwrap()
        .unwrap();
    assert!(
        words.capacity() < 4 * words.len(),
        "{} words in room for {}",
        words.len(),
        words.capacity()
    );
}

/// A plan with wide lines in which the second document is not as it was: the refusal finds it behind those lines.
#[test]
fn a_later_document_of_a_wide_plan_has_moved() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    let items = json!([{ "id": "1", "amount": "90000000.00" }, { "id": "2", "amount": "2.00" }]);
    for (kind, id) in [("Invoice", "I"), ("CreditMemo", "C"), ("CreditMemo", "X")] {
        let create = json!({ "type": format!("create{kind}"), "at": AT, "id": id, "autoPost": true, "items": items });
        host.execute(&create).unwrap();
    }
    let apply = |id: &str, amount: &str| {
        let invoices = json!([{ "invoiceId": "I", "amount": amount }]);
        json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": id, "rule": "lifo", "invoices": invoices })
    };
    let plan = host.preview(&apply("C", "3.00")).unwrap();
    host.execute(&apply("X", "0.50")).unwrap();
    let refusal = host.commit(&plan).unwrap_err();
    assert!(refusal.sentence().contains("invoice \"I\""), "{refusal}");
}

/// Why a command settles what it settles.
fn explained(host: &mut Host, command: &Value) -> Vec<Value> {
    let command = self::command(command);
    let attempt = host.book.attempt_with_steps(&command).unwrap();
    let effect = attempt.effect();
    let explained = effect.explain(&command).unwrap();
    serde_json::from_str(&setoff::wire::view::explained(effect.context, &explained)).unwrap()
}

/// A line that had nothing open before a command gives what the command has taken back for it: 4.00 of 15.00 and 10.00
/// come back in the order of lines, and are what is refunded.
#[test]
fn what_is_refunded_of_a_line_is_explained_though_it_had_nothing_open() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    let memo = json!([{ "id": "1", "amount": "15.00" }, { "id": "2", "amount": "10.00" }]);
    for (kind, id, items) in [
        ("Invoice", "I", json!([{ "id": "1", "amount": "25.00" }])),
        ("CreditMemo", "C", memo),
    ] {
        let create = json!({ "type": format!("create{kind}"), "at": AT, "id": id, "autoPost": true, "items": items });
        host.execute(&create).unwrap();
    }
    let invoices = json!([{ "invoiceId": "I" }]);
    host.execute(
        &json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "invoices": invoices }),
    )
    .unwrap();
    let (source, amount) = ("C", "4.00");
    let refund = json!({ "type": "refundCreditMemo", "at": AT, "id": "R", "creditMemoId": source, "amount": amount,
        "autoUnapply": true });
    let reasons = explained(&mut host, &refund);
    let [back, paid] = &reasons[..] else {
        panic!("{reasons:?}")
    };
    let parts = |own: &Value| {
        let given = own["given"].as_array().unwrap().iter();
        given
            .map(|line| (line["line"]["itemId"].clone(), line["part"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(parts(back), [(json!("1"), json!("-4.00"))]);
    assert_eq!(parts(paid), [(json!("1"), json!("4.00"))]);
}

/// The lines that a request names are set aside before anything is spread. The rule shares 10.00 by what is left then,
/// 10.00 and 30.00: 2.50 and 7.50. What the lines have open, 30.00 each, would be another split.
#[test]
fn a_reason_is_the_split_itself_where_lines_are_set_aside() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    let memo = json!([{ "id": "1", "amount": "30.00" }, { "id": "2", "amount": "30.00" }]);
    for (kind, id, items) in [
        ("Invoice", "A", json!([{ "id": "a", "amount": "10.00" }])),
        ("Invoice", "B", json!([{ "id": "b", "amount": "20.00" }])),
        ("CreditMemo", "C", memo),
    ] {
        let create = json!({ "type": format!("create{kind}"), "at": AT, "id": id, "autoPost": true, "items": items });
        host.execute(&create).unwrap();
    }
    let named = json!([{ "creditMemoItemId": "1", "invoiceItemId": "b", "amount": "20.00" }]);
    let invoices = json!([{ "invoiceId": "A" }, { "invoiceId": "B", "items": named }]);
    let apply =
        json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "invoices": invoices });

    let reasons = explained(&mut host, &apply);

    let given = &reasons[0]["given"];
    let fields = |line: &Value| {
        ["open", "part", "exact", "first", "leftover", "sentence"]
            .map(|field| line[field].as_str().unwrap().to_owned())
    };
    assert_eq!(
        fields(&given[0]),
        [
            "30.00",
            "2.50",
            "5/2",
            "2.50",
            "0.00",
            "Its exact share, 10.00 × 10.00 ÷ 40.00, is 2.50."
        ]
    );
    assert_eq!(
        fields(&given[1]),
        [
            "30.00",
            "7.50",
            "15/2",
            "7.50",
            "0.00",
            "Its exact share, 10.00 × 30.00 ÷ 40.00, is 7.50."
        ]
    );
    assert_eq!(
        reasons[1]["given"][0]["sentence"],
        "The request states this amount."
    );
}

/// An undone operation is told as what it is: no rule has split anything.
#[test]
fn a_reason_of_an_undo_is_the_operation_that_is_undone() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    for (kind, id) in [("Invoice", "I"), ("CreditMemo", "C")] {
        let items = json!([{ "id": "1", "amount": "4.00" }, { "id": "2", "amount": "5.00" }]);
        let create = json!({ "type": format!("create{kind}"), "at": AT, "id": id, "autoPost": true, "items": items });
        host.execute(&create).unwrap();
    }
    let invoices = json!([{ "invoiceId": "I", "amount": "5.00" }]);
    let apply =
        json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "invoices": invoices });
    let applied = host.execute(&apply).unwrap().value();
    let undo =
        json!({ "type": "undo", "at": AT, "applicationGroupId": applied["applicationGroupId"] });

    let reasons = explained(&mut host, &undo);

    let sentence = &reasons[0]["received"][0]["sentence"];
    assert_eq!(sentence, "Taken back exactly as it was settled.");
}

/// An import: each hundredth row is wrong, in turn by its shape, its day, its fields and the state of the book.
#[test]
fn five_thousand_rows_are_one_call_and_one_report() {
    let row = |place: usize| {
        let items = json!([{ "id": "1", "amount": "10.00" }]);
        let mut row =
            json!({ "type": "createInvoice", "at": AT, "id": format!("I{place}"), "items": items });
        match place % 400 {
            99 => row["items"][0]["amount"] = json!(10),
            199 => row["at"] = json!("2026-02-30"),
            299 => row["curency"] = json!("USD"),
            399 => row["id"] = json!("I0"),
            _ => {}
        }
        row
    };
    let rows: Vec<_> = (0..5000).map(row).collect();
    let import = json!({ "type": "bulk", "at": AT, "commands": rows });
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();

    let dry_run = host.preview(&import).unwrap().json;
    let done = host.execute(&import).unwrap();

    assert_eq!(dry_run, done);
    let report = done.value();
    assert_eq!(report["counts"], json!({ "done": 4950, "refused": 50 }));
    let results = report["results"].as_array().unwrap();
    for (place, result) in results.iter().enumerate() {
        let expected = match place % 400 {
            99 => json!(["invalidType", format!("commands[{place}].items[0].amount")]),
            199 => json!(["invalidDate", format!("commands[{place}].at")]),
            299 => json!(["unknownField", format!("commands[{place}].curency")]),
            399 => json!(["duplicateId", format!("commands[{place}].id")]),
            _ => json!([null, null]),
        };
        let error = &result["error"];
        assert_eq!(json!([error["code"], error["path"]]), expected);
    }
    assert_eq!(host.book.documents().iter().count(), 4950);
}

/// What is taken back and applied again in one command had open what it had at that moment, whatever its net change.
#[test]
fn reasons_of_a_bulk_follow_each_other() {
    for amount in ["4.00", "90000000000000000.00"] {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        for (kind, id) in [("Invoice", "I"), ("CreditMemo", "C")] {
            let items = json!([{ "id": "1", "amount": amount }]);
            let create = json!({
                "type": format!("create{kind}"), "at": AT, "id": id, "autoPost": true, "items": items });
            host.execute(&create).unwrap();
        }
        let invoices = json!([{ "invoiceId": "I" }]);
        let apply = json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": "C", "invoices": invoices });
        let unapply = json!({ "type": "unapplyCreditMemo", "at": AT, "creditMemoId": "C" });
        let reasons = explained(
            &mut host,
            &json!({ "type": "bulk", "at": AT, "commands": [apply, unapply] }),
        );
        let of = |side: &str| -> Vec<_> {
            reasons
                .iter()
                .map(|own| own[side][0]["open"].clone())
                .collect()
        };
        assert_eq!(
            [of("given"), of("received")],
            [
                [json!(amount), json!("0.00")],
                [json!(amount), json!("0.00")]
            ]
        );
    }
}

/// One wide amount makes all rows of its sort wide, whichever settlement of a bulk it is in.
#[test]
fn columns_are_as_wide_as_their_widest_settlement() {
    for order in [["W", "N"], ["N", "W"]] {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        for (which, amount) in [("W", "30000000.00"), ("N", "1.00")] {
            for kind in ["Invoice", "CreditMemo"] {
                let (kind, id) = (format!("create{kind}"), format!("{kind}-{which}"));
                let items = json!([{ "id": "1", "amount": amount }]);
                host.execute(
                    &json!({ "type": kind, "at": AT, "id": id, "autoPost": true, "items": items }),
                )
                .unwrap();
            }
        }
        let commands = order.map(|which| {
            let invoices = json!([{ "invoiceId": format!("Invoice-{which}") }]);
            let memo = format!("CreditMemo-{which}");
            json!({ "type": "applyCreditMemo", "at": AT, "creditMemoId": memo, "invoices": invoices })
        });
        let columns = host
            .preview(&json!({ "type": "bulk", "at": AT, "commands": commands }))
            .unwrap()
            .columns
            .unwrap();
        // 30,000,000.00 is 3 × 10⁹ cents, more than 2³¹: a head, two settlements, two applications, then items of four
        // words.
        assert_eq!(columns[..5], [0, 2, 2, 2, 4]);
        let items = &columns[5 + 2 * 2 + 2 * 5..][..8];
        let amounts = order.map(|which| if which == "W" { 3_000_000_000 } else { 100 });
        assert_eq!(items, [0, 0, amounts[0], 0, 0, 0, amounts[1], 0]);
    }
}

/// A database gives fields back in an order of its own. The same document must come of it, byte for byte.
#[test]
fn custom_fields_are_in_the_order_of_their_names() {
    let request = |fields: Value| {
        encode(&json!({
            "type": "createInvoice", "at": AT, "id": "I", "items": [{ "id": "1", "amount": "1" }],
            "customFields": fields }))
    };
    let sorted = request(json!({ "bb": "2", "zz": "1" }));
    // Names are written in their order, so the first gets another name afterwards.
    let mut turned = request(json!({ "aa": "1", "bb": "2" }));
    let place = turned.windows(2).position(|letters| letters == b"aa");
    turned[place.unwrap()..][..2].copy_from_slice(b"zz");
    assert_ne!(turned, sorted);

    let made = [sorted, turned].map(|bytes| {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        let command = decode::command(&read(&bytes).unwrap()).unwrap();
        host.book.execute(&command).unwrap();
        host
    });
    let shown = made
        .each_ref()
        .map(|host| host.query(&json!({ "of": "invoice" })).unwrap().0);
    assert!(shown[0].contains(r#"{"bb":"2","zz":"1"}"#), "{}", shown[0]);
    assert_eq!(shown[0], shown[1]);
    assert_eq!(made[0].book.hash(), made[1].book.hash());
}
