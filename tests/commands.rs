//! Commands as Rust writes them are the commands that requests decode to, for every kind of command.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::command::spread::DocumentKey;
use setoff::command::{TYPES, UndoItem, UndoLine};
use setoff::document::Scalar;
use setoff::prelude::*;
use setoff::wire::{decode, read};
use std::collections::BTreeSet;
use support::wire::encode;

const DAY: &str = "2026-03-02";

fn day() -> Date {
    DAY.parse().unwrap()
}

/// A decimal as the requests below write it.
fn amount(text: &str) -> Decimal {
    decimal(text).unwrap()
}

fn decoded(request: &Value) -> Command {
    let mut request = request.clone();
    request["at"] = DAY.into();
    let bytes = encode(&request);
    decode::command(&read(&bytes).unwrap()).unwrap()
}

/// New documents with items, and what can be said of them.
fn documents() -> Vec<(Command, Value)> {
    let seats = NewItem::priced("seats", 3, amount("12.50"))
        .tax_at("vat", amount("0.19"))
        .description("Three seats")
        .serving(day(), day());
    let promo = NewItem::charge("promo", -5).off("seats").tax("t", -1);
    let past = NewItem::charge("past", 9).settled_before(day(), 4, SettledBy::Payment);
    let billed = Command::invoice("INV-1").line(seats).line(promo).line(past);
    let returned = NewItem::charge("c", 40).of("seats").with_tax();
    vec![
        (
            billed
                .number("1")
                .account("A")
                .currency("USD")
                .due(day())
                .on(day()),
            json!({ "type": "createInvoice", "id": "INV-1", "number": "1", "accountId": "A", "currency": "USD",
                "dueDate": DAY, "autoPost": true, "items": [
                    { "id": "seats", "quantity": "3", "unitPrice": "12.50", "description": "Three seats",
                        "serviceStart": DAY, "serviceEnd": DAY,
                        "taxItems": [{ "id": "vat", "name": "vat", "rate": "0.19" }] },
                    { "id": "promo", "amount": "-5", "appliedToItemId": "seats",
                        "taxItems": [{ "id": "t", "amount": "-1" }] },
                    { "id": "past", "amount": "9",
                        "settledBefore": [{ "at": DAY, "amount": "4", "by": "payment" }] },
                ] }),
        ),
        (
            Command::credit_memo("CM-1")
                .made_from(invoice("INV-1"))
                .line(returned)
                .line(NewItem::all_of("d", "setup"))
                .applied_when_posted()
                .reason_code("returned")
                .on(day()),
            json!({ "type": "createCreditMemo", "id": "CM-1", "invoiceId": "INV-1", "autoApply": true,
                "autoPost": true, "reasonCode": "returned", "items": [
                    { "id": "c", "amount": "40", "sourceItemId": "seats", "taxMode": "inclusive" },
                    { "id": "d", "sourceItemId": "setup" },
                ] }),
        ),
        (
            Command::debit_memo("DM-1")
                .item("late", 5)
                .dated(day())
                .comment("late")
                .custom("vip", Scalar::Boolean(true))
                .custom("region", Scalar::Text("EU".into()))
                .by_billing()
                .as_draft()
                .on(day()),
            json!({ "type": "createDebitMemo", "id": "DM-1", "date": DAY, "comment": "late", "billing": true,
                "customFields": { "region": "EU", "vip": true }, "items": [{ "id": "late", "amount": "5" }] }),
        ),
        (
            Command::update(invoice("INV-1"))
                .comment("as agreed")
                .custom("region", Scalar::Null)
                .dated(day())
                .due(day())
                .item_amount("seats", 80)
                .add_item(NewItem::charge("setup", 10))
                .delete_item("promo")
                .on(day()),
            json!({ "type": "updateInvoice", "invoiceId": "INV-1", "comment": "as agreed",
                "customFields": { "region": null }, "date": DAY, "dueDate": DAY, "items": [
                    { "id": "seats", "amount": "80" },
                    { "add": { "id": "setup", "amount": "10" } },
                    { "delete": "promo" },
                ] }),
        ),
    ]
}

/// What settles documents, and what takes that back.
fn settlements() -> Vec<(Command, Value)> {
    let to_lines = TargetAmount::of("INV-1")
        .amount(6)
        .pair("c", "seats", 5)
        .tax_pair("c/t", "t", 1);
    let paid_lines = invoice("INV-2").item("seats", 5).tax_item("t", 1);
    let only = UndoItem {
        source: None,
        target: Some(UndoLine {
            tax: true,
            id: "t".into(),
        }),
    };
    vec![
        (
            Command::apply("CM-1")
                .to(to_lines)
                .to(debit_memo("DM-1").amount(3))
                .by(Rule::Fifo)
                .on(day()),
            json!({ "type": "applyCreditMemo", "creditMemoId": "CM-1", "rule": "fifo", "invoices": [
                    { "invoiceId": "INV-1", "amount": "6", "items": [
                        { "creditMemoItemId": "c", "invoiceItemId": "seats", "amount": "5" },
                        { "creditTaxItemId": "c/t", "taxItemId": "t", "amount": "1" },
                    ] },
                ], "debitMemos": [{ "debitMemoId": "DM-1", "amount": "3" }] }),
        ),
        (
            Command::apply(payment("PAY-1"))
                .to("INV-1")
                .to(paid_lines)
                .to_all_open_debit_memos()
                .on(day()),
            json!({ "type": "applyPayment", "paymentId": "PAY-1", "debitMemos": "allOpen", "invoices": [
                    { "invoiceId": "INV-1" },
                    { "invoiceId": "INV-2", "items": [
                        { "invoiceItemId": "seats", "amount": "5" }, { "taxItemId": "t", "amount": "1" },
                    ] },
                ] }),
        ),
        (
            Command::unapply("CM-1")
                .from(invoice("INV-1").amount(5))
                .on(day()),
            json!({ "type": "unapplyCreditMemo", "creditMemoId": "CM-1",
                "invoices": [{ "invoiceId": "INV-1", "amount": "5" }] }),
        ),
        (
            Command::unapply(payment("PAY-1")).on(day()),
            json!({ "type": "unapplyPayment", "paymentId": "PAY-1" }),
        ),
        (
            Command::apply_credits()
                .from("CM-1")
                .from("PAY-1")
                .to("INV-1")
                .to(debit_memo("DM-1"))
                .account("A")
                .in_order_of([DocumentKey::Largest])
                .on(day()),
            json!({ "type": "applyCredits", "sources": ["CM-1", "PAY-1"], "invoices": ["INV-1"],
                "debitMemos": ["DM-1"], "accountId": "A", "order": ["largest"] }),
        ),
        (
            Command::apply_credits()
                .from_all_open()
                .to_all_open_invoices()
                .to_all_open_debit_memos()
                .on(day()),
            json!({ "type": "applyCredits", "sources": "allOpen", "invoices": "allOpen", "debitMemos": "allOpen" }),
        ),
        (
            Command::collect("INV-1").using([Kind::Payment]).on(day()),
            json!({ "type": "collectInvoice", "invoiceId": "INV-1", "sources": ["payment"] }),
        ),
        (
            Command::undo("AG-3")
                .from("CM-1")
                .to("INV-1")
                .lines([only])
                .on(day()),
            json!({ "type": "undo", "applicationGroupId": "AG-3", "sourceId": "CM-1", "targetId": "INV-1",
                "items": [{ "targetTaxItemId": "t" }] }),
        ),
    ]
}

/// Money that comes and goes, and counterparts.
fn money() -> Vec<(Command, Value)> {
    vec![
        (
            Command::payment("PAY-1", amount("99.50"))
                .account("A")
                .currency("USD")
                .method("Check")
                .on(day()),
            json!({ "type": "createPayment", "id": "PAY-1", "amount": "99.50", "accountId": "A", "currency": "USD",
                "method": "Check" }),
        ),
        (
            Command::payment("PAY-2", 9)
                .to_all_open_invoices()
                .by(Rule::Lifo)
                .on(day()),
            json!({ "type": "createPayment", "id": "PAY-2", "amount": "9", "invoices": "allOpen", "rule": "lifo" }),
        ),
        (
            Command::pay("INV-1")
                .named("PAY-1")
                .item("seats", 5)
                .number("7")
                .on(day()),
            json!({ "type": "payInvoice", "invoiceId": "INV-1", "id": "PAY-1", "number": "7",
                "items": [{ "invoiceItemId": "seats", "amount": "5" }] }),
        ),
        (
            Command::refund("CM-1")
                .named("R-1")
                .amount(5)
                .unapplying("INV-1")
                .comment("back")
                .on(day()),
            json!({ "type": "refundCreditMemo", "creditMemoId": "CM-1", "id": "R-1", "amount": "5",
                "comment": "back", "invoices": [{ "invoiceId": "INV-1" }] }),
        ),
        (
            Command::refund("CM-1")
                .named("R-1")
                .item("c", 5)
                .unapplying_as_needed()
                .on(day()),
            json!({ "type": "refundCreditMemo", "creditMemoId": "CM-1", "id": "R-1", "autoUnapply": true,
                "items": [{ "creditMemoItemId": "c", "amount": "5" }] }),
        ),
        (
            Command::write_off(invoice("INV-1"))
                .named("WO-1")
                .item("seats", 5)
                .reason_code("bad debt")
                .on(day()),
            json!({ "type": "writeOffInvoice", "invoiceId": "INV-1", "id": "WO-1", "reasonCode": "bad debt",
                "items": [{ "itemId": "seats", "amount": "5" }] }),
        ),
        (
            Command::write_off(credit_memo("CM-1"))
                .named("WO-1")
                .of_the_rest()
                .on(day()),
            json!({ "type": "writeOffCreditMemo", "creditMemoId": "CM-1", "id": "WO-1", "rest": true }),
        ),
        (
            Command::reverse(credit_memo("CM-1"))
                .named("DM-1")
                .dated(day())
                .on(day()),
            json!({ "type": "reverseCreditMemo", "creditMemoId": "CM-1", "id": "DM-1", "date": DAY }),
        ),
        (
            Command::transfer(payment("PAY-1"))
                .to_account("B")
                .on(day()),
            json!({ "type": "transferPayment", "paymentId": "PAY-1", "accountId": "B" }),
        ),
    ]
}

/// Steps, periods, several commands in one, and a change of plan.
fn steps() -> Vec<(Command, Value)> {
    let change = ChangeRequest::of(PricePlan::new(30).quantity(2).tax_at("vat", amount("0.19")))
        .from_day(day(), Every::Months(1))
        .billed(60)
        .switch(day(), PlanUpdate::price(60))
        .cancel(day());
    let post = json!({ "type": "postInvoice", "invoiceId": "INV-1", "at": DAY });
    vec![
        (Command::post(invoice("INV-1")).on(day()), post.clone()),
        (
            Command::void(payment("PAY-1"))
                .reason_code("twice")
                .comment("twice")
                .on(day()),
            json!({ "type": "voidPayment", "paymentId": "PAY-1", "reasonCode": "twice", "comment": "twice" }),
        ),
        (
            Command::close_periods(day()).on(day()),
            json!({ "type": "closePeriods", "through": DAY }),
        ),
        (
            Command::open_periods().on(day()),
            json!({ "type": "closePeriods" }),
        ),
        (
            Command::bulk([Command::post(invoice("INV-1")).on(day())])
                .atomic()
                .on(day()),
            json!({ "type": "bulk", "atomic": true, "commands": [post] }),
        ),
        (
            Command::change_plan(change)
                .billed_by(debit_memo("DM-1"), "plan")
                .invoice("INV-2")
                .credit_memo("CM-2")
                .refund("R-2")
                .account("A")
                .as_draft()
                .on(day()),
            json!({ "type": "changePlan", "billedBy": { "debitMemoId": "DM-1", "itemId": "plan" },
                "invoiceId": "INV-2", "creditMemoId": "CM-2", "refundId": "R-2", "accountId": "A", "draft": true,
                "change": {
                    "period": { "from": DAY, "every": { "months": 1 } },
                    "plan": { "price": "30", "quantity": "2", "taxes": [{ "name": "vat", "rate": "0.19" }] },
                    "billed": "60",
                    "changes": [{ "type": "change", "at": DAY, "price": "60" }, { "type": "cancel", "at": DAY }],
                } }),
        ),
    ]
}

/// A command about one document alone, of each kind that it can be of.
fn of_each_kind() -> Vec<Command> {
    vec![
        Command::update(credit_memo("D")).on(day()),
        Command::update(debit_memo("D")).on(day()),
        Command::update(payment("D")).on(day()),
        Command::update(refund("D")).on(day()),
        Command::post(credit_memo("D")).on(day()),
        Command::post(debit_memo("D")).on(day()),
        Command::unpost(invoice("D")).on(day()),
        Command::unpost(credit_memo("D")).on(day()),
        Command::unpost(debit_memo("D")).on(day()),
        Command::cancel(invoice("D")).on(day()),
        Command::cancel(credit_memo("D")).on(day()),
        Command::cancel(debit_memo("D")).on(day()),
        Command::cancel(payment("D")).on(day()),
        Command::cancel(refund("D")).on(day()),
        Command::delete(invoice("D")).on(day()),
        Command::delete(credit_memo("D")).on(day()),
        Command::delete(debit_memo("D")).on(day()),
        Command::delete(payment("D")).on(day()),
        Command::delete(refund("D")).on(day()),
        Command::void(invoice("D")).on(day()),
        Command::void(credit_memo("D")).on(day()),
        Command::void(debit_memo("D")).on(day()),
        Command::collect(debit_memo("D")).on(day()),
    ]
}

/// The same, of those that make a document.
fn making_one() -> Vec<Command> {
    vec![
        Command::pay(debit_memo("D")).named("NEW").on(day()),
        Command::refund(payment("D")).named("NEW").on(day()),
        Command::write_off(debit_memo("D")).named("NEW").on(day()),
        Command::write_off(payment("D")).named("NEW").on(day()),
        Command::reverse(invoice("D")).named("NEW").on(day()),
        Command::reverse(debit_memo("D")).named("NEW").on(day()),
    ]
}

/// The request of a command about the document `D`: its name, and the field that names a document of its kind.
fn request_about_one(command: &Command) -> Value {
    let name = command.name();
    let (_, _, kind) = TYPES.iter().find(|(known, ..)| *known == name).unwrap();
    json!({ "type": name, kind.unwrap().id_site().as_str(): "D" })
}

#[test]
fn every_command_of_rust_is_what_its_request_decodes_to() {
    let mut seen = BTreeSet::new();
    for (command, request) in [documents(), settlements(), money(), steps()].concat() {
        seen.insert(command.name());
        assert_eq!(command, decoded(&request), "{request}");
    }
    for command in of_each_kind() {
        seen.insert(command.name());
        assert_eq!(command, decoded(&request_about_one(&command)));
    }
    for command in making_one() {
        seen.insert(command.name());
        let mut request = request_about_one(&command);
        request["id"] = "NEW".into();
        assert_eq!(command, decoded(&request));
    }

    let missing: Vec<_> = TYPES
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| !seen.contains(name))
        .collect();
    assert!(
        missing.is_empty(),
        "write a row of this file for {missing:?}: the command in Rust and its request"
    );
}

/// A document without lines is none, also where no request was read.
#[test]
fn a_document_without_lines_is_refused() {
    let mut book = Book::in_currency("USD").unwrap();

    for new in [
        Command::invoice("D"),
        Command::credit_memo("D"),
        Command::debit_memo("D"),
    ] {
        let refusal = book.execute(&new.on(day())).unwrap_err();

        assert_eq!(
            (refusal.code(), refusal.path().as_str()),
            (Code::MissingField, "items")
        );
    }
}

/// A request names the invoices or means all that are open. Rust can say both, and is refused where one is meant twice.
#[test]
fn a_document_is_not_named_beside_all_that_are_open() {
    let mut book = Book::in_currency("USD").unwrap();
    let billed = Command::invoice("INV-1").item("seats", 10);
    book.execute(&billed.on(day())).unwrap();

    let payment = Command::payment("PAY-1", 9)
        .to("INV-1")
        .to_all_open_invoices();
    let refusal = book.execute(&payment.on(day())).unwrap_err();

    assert_eq!(refusal.code(), Code::DuplicateEntry);
}

#[test]
fn words_and_values_are_read_and_written() {
    assert_eq!("creditMemo".parse(), Ok(Kind::CreditMemo));
    assert_eq!(Rule::SourceItem.to_string(), "sourceItem");
    let unknown = "newest".parse::<Rule>().unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "\"newest\" is none of proration, fifo, lifo, sourceItem, explicit, mirror"
    );
    assert_eq!(Error::from(unknown).code(), Code::InvalidChoice);

    let yen: Currency = "JPY".parse().unwrap();
    assert_eq!(format!("{yen:>5}"), "  JPY");
    assert_eq!(
        "yen".parse::<Currency>().unwrap_err().code(),
        Code::UnknownCurrency
    );
    assert_eq!(Date::try_from((2026, 3, 2)), Ok(day()));
    assert_eq!(
        Date::try_from((2026, 2, 30)).unwrap_err().code(),
        Code::InvalidDate
    );
    assert_eq!(Amount::try_from(-5_i64).map(Amount::minor), Ok(-5));
    assert!(Amount::try_from(i64::MIN).is_err() && Amount::try_from(i128::MAX).is_err());
}
