//! What is settled in full has no line left open, whatever the rule and the signs of lines; what is settled in part by
//! source item keeps its lines in proportion.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use setoff::allocate::proportional_signed;
use setoff::document::Document;
use support::host::Host;
use support::{invariants, property};

const DAY: &str = "2026-03-02";

fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// An item of an invoice: its amount, the rates of its taxes in percent, and how much of it a discount takes off, in
/// percent too.
#[derive(Clone, Debug)]
struct Item {
    amount: i64,
    rates: Vec<u8>,
    discount: Option<u8>,
}

fn item() -> impl Strategy<Value = Item> {
    let amount = prop_oneof![-3_000_i64..=3_000, -20_i64..=20];
    let discount = option::weighted(0.25, 1_u8..=100);
    (amount, vec(0_u8..=25, 0..=2), discount).prop_map(|(amount, rates, discount)| Item {
        amount,
        rates,
        discount,
    })
}

impl Item {
    fn taxes(&self) -> Vec<Value> {
        let tax = |(place, rate): (usize, &u8)| {
            let rate = format!("0.{rate:02}");
            json!({ "id": format!("t{place}"), "name": format!("T{place}"), "rate": rate })
        };
        self.rates.iter().enumerate().map(tax).collect()
    }

    /// The item, and its discount behind it.
    fn write(&self, place: usize, items: &mut Vec<Value>) {
        let taxes = |of: &str| -> Vec<Value> {
            let mut taxes = self.taxes();
            for tax in &mut taxes {
                tax["id"] = format!("{of}{}", tax["id"].as_str().unwrap()).into();
            }
            taxes
        };
        let id = format!("i{place}");
        items.push(json!({ "id": id, "amount": text(self.amount), "taxItems": taxes(&id) }));
        if let Some(percent) = self.discount {
            let off = format!("d{place}");
            let amount = text(-self.amount * i64::from(percent) / 100);
            items.push(json!({
                "id": off, "amount": amount, "appliedToItemId": id, "taxItems": taxes(&off) }));
        }
    }
}

fn invoice(items: &[Item]) -> Value {
    let mut written = Vec::new();
    for (place, item) in items.iter().enumerate() {
        item.write(place, &mut written);
    }
    json!({ "type": "createInvoice", "at": DAY, "id": "I", "autoPost": true, "items": written })
}

/// What a credit memo is made of: the whole invoice, or lines that credit one of its items, or none.
#[derive(Clone, Debug)]
enum Memo {
    Whole,
    Lines(Vec<(Option<usize>, i64)>),
}

fn memo() -> impl Strategy<Value = Memo> {
    let line = (
        option::weighted(0.8, any::<proptest::sample::Index>()),
        -3_000_i64..=3_000,
    );
    let lines = vec(line, 1..=5).prop_map(|lines| {
        let place = |(of, amount): (Option<proptest::sample::Index>, i64)| {
            (of.map(|index| index.index(6)), amount)
        };
        Memo::Lines(lines.into_iter().map(place).collect())
    });
    prop_oneof![Just(Memo::Whole), lines]
}

impl Memo {
    fn write(&self, invoice: &Value) -> Value {
        let mut memo = json!({
            "type": "createCreditMemo", "at": DAY, "id": "C", "autoPost": true, "invoiceId": "I" });
        if let Memo::Lines(lines) = self {
            let items = invoice["items"].as_array().unwrap();
            let line = |(place, (of, amount)): (usize, &(Option<usize>, i64))| {
                let mut line = json!({ "id": format!("m{place}"), "amount": text(*amount) });
                if let Some(of) = of {
                    line["sourceItemId"] = items[of % items.len()]["id"].clone();
                }
                line
            };
            memo["items"] = lines.iter().enumerate().map(line).collect();
        }
        memo
    }
}

fn document<'a>(host: &'a Host, id: &str) -> &'a Document {
    let documents = host.book.documents();
    documents.get(documents.find(id).unwrap()).unwrap()
}

fn open(host: &Host, id: &str) -> Vec<i64> {
    let figures = document(host, id).figures().iter();
    figures.map(|line| line.open().minor()).collect()
}

/// A book with the invoice and the memo, as far as they can be made.
fn book(items: &[Item], memo: &Memo) -> Option<Host> {
    let mut host = Host::open(&json!({ "currency": "USD", "overCrediting": "any" })).unwrap();
    let invoice = invoice(items);
    host.execute(&invoice).ok()?;
    host.execute(&memo.write(&invoice)).ok()?;
    Some(host)
}

const RULES: [&str; 4] = ["proration", "fifo", "lifo", "sourceItem"];

proptest! {
    #![proptest_config(property::config(2_000))]

    /// By every rule, in one step or two, and taken back and applied again.
    #[test]
    fn what_is_settled_in_full_has_no_line_open(
        items in vec(item(), 1..=4),
        memo in memo(),
        rules in vec((select(&RULES[..]), option::of(select(&RULES[..3]))), 2),
        part in option::of(1_i64..=4_000),
        dense in any::<bool>(),
    ) {
        let Some(mut host) = book(&items, &memo) else {
            return Ok(());
        };
        for ((rule, fallback), amount) in rules.iter().zip([part, None]) {
            let mut apply = json!({
                "type": "applyCreditMemo", "at": DAY, "creditMemoId": "C", "rule": rule,
                "invoices": [{ "invoiceId": "I" }] });
            if let Some(fallback) = fallback.filter(|_| *rule == "sourceItem") {
                apply["fallback"] = fallback.into();
            }
            if *rule == "proration" || apply["fallback"] == "proration" {
                apply["matrix"] = if dense { "dense" } else { "sparse" }.into();
            }
            if let Some(amount) = amount {
                apply["invoices"][0]["amount"] = text(amount).into();
            }
            if host.execute(&apply).is_err() {
                continue;
            }
            invariants::check(&host.book);
            for id in ["I", "C"] {
                let lines = open(&host, id);
                prop_assert!(
                    lines.iter().sum::<i64>() != 0 || lines.iter().all(|line| *line == 0),
                    "{id} has nothing open, but {lines:?}, after {apply}"
                );
            }
        }
    }

    /// A memo for the whole invoice, applied in part: every line of both has its share of what is settled, and of what
    /// is open, to the cent.
    #[test]
    fn a_part_by_source_item_keeps_its_lines_in_proportion(
        items in vec(item(), 1..=4),
        part in 0_i64..=1_000,
        collected in any::<bool>(),
    ) {
        let Some(mut host) = book(&items, &Memo::Whole) else {
            return Ok(());
        };
        let [invoice, memo] = ["I", "C"].map(|id| open(&host, id));
        let total: i64 = invoice.iter().sum();
        let amount = total * part / 1_000;
        if amount <= 0 {
            return Ok(());
        }
        let apply = json!({
            "type": "applyCreditMemo", "at": DAY, "creditMemoId": "C", "rule": "sourceItem",
            "invoices": [{ "invoiceId": "I", "amount": text(amount) }] });
        host.execute(&apply).unwrap();
        // The memo has the same lines but for those of nothing, which get nothing.
        for (id, before) in [("I", invoice), ("C", memo)] {
            let shares = proportional_signed(amount.unsigned_abs(), &before).unwrap();
            let left: Vec<_> = before.iter().zip(&shares).map(|(open, share)| open - share).collect();
            prop_assert_eq!(open(&host, id), left, "{}", id);
        }

        // The rest: as much as there is, or by whoever collects.
        let rest = if collected {
            json!({ "type": "collectInvoice", "at": DAY, "invoiceId": "I", "rule": "sourceItem" })
        } else {
            json!({ "type": "applyCreditMemo", "at": DAY, "creditMemoId": "C", "rule": "sourceItem",
                "invoices": [{ "invoiceId": "I" }] })
        };
        if amount < total {
            host.execute(&rest).unwrap();
        }
        prop_assert!(open(&host, "I").iter().chain(&open(&host, "C")).all(|line| *line == 0));
    }

    /// Posting a memo of the whole invoice with `autoApply` closes both.
    #[test]
    fn a_memo_of_the_whole_that_is_applied_when_it_is_posted_closes_both(
        items in vec(item(), 1..=4),
    ) {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        let invoice = invoice(&items);
        let mut memo = Memo::Whole.write(&invoice);
        memo["autoApply"] = true.into();
        if host.execute(&invoice).is_err()
            || open(&host, "I").iter().sum::<i64>() <= 0
            || host.execute(&memo).is_err()
        {
            return Ok(());
        }
        prop_assert!(open(&host, "I").iter().chain(&open(&host, "C")).all(|line| *line == 0));
    }
}
