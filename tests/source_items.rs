//! Memo items and the lines that they credit: several of them share what their line has open in proportion to what each
//! of them has, however much that is.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::host::Host;
use support::naive::proportional;
use support::{invariants, property};

const DAY: &str = "2026-03-02";

fn text(cents: i128) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn cents(text: &Value) -> i128 {
    text.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// The identifier of an item or tax item.
fn line_id(line: &Value) -> String {
    let id = line["taxItemId"].as_str().or(line["itemId"].as_str());
    id.unwrap().to_owned()
}

/// A line of an invoice: its amount, what is paid of it in 256ths, and the memo items that credit it, each with the tax
/// that it credits.
#[derive(Clone, Debug)]
struct CreditedLine {
    amount: i128,
    tax: i128,
    paid: u8,
    credits: Vec<[i128; 2]>,
}

impl CreditedLine {
    /// What is open of the item and of its tax.
    fn open(&self) -> [i128; 2] {
        [self.amount, self.tax].map(|amount| amount - amount * i128::from(self.paid) / 256)
    }

    /// What each memo item settles of the item and of its tax.
    fn settled(&self) -> Vec<[i128; 2]> {
        let open = self.open();
        let shares = [0, 1].map(|side: usize| {
            let brought: Vec<_> = self.credits.iter().map(|credit| credit[side]).collect();
            proportional(brought.iter().sum::<i128>().min(open[side]), &brought)
        });
        let [items, taxes] = shares;
        items
            .into_iter()
            .zip(taxes)
            .map(|(item, tax)| [item, tax])
            .collect()
    }
}

fn line() -> impl Strategy<Value = CreditedLine> {
    let amount = || prop_oneof![1..=9_i128, 1..=300_i128, 1..=100_000_i128];
    let credit = (amount(), amount()).prop_map(|(item, tax)| [item, tax]);
    (amount(), amount(), any::<u8>(), vec(credit, 1..=4)).prop_map(
        |(amount, tax, paid, credits)| CreditedLine {
            amount,
            tax,
            paid,
            credits,
        },
    )
}

/// An invoice of these lines, paid as they say, and a memo of all their credits.
fn book(lines: &[CreditedLine]) -> Host {
    let mut host = Host::open(&json!({ "currency": "USD", "overCrediting": "any" })).unwrap();
    let (mut billed, mut paid, mut credited) = (Vec::new(), Vec::new(), Vec::new());
    for (place, line) in lines.iter().enumerate() {
        billed.push(
            json!({ "id": format!("l{place}"), "amount": text(line.amount),
            "taxItems": [{ "id": format!("t{place}"), "name": "VAT", "amount": text(line.tax) }] }),
        );
        let amounts = [line.amount, line.tax];
        let names = [
            ("invoiceItemId", format!("l{place}")),
            ("taxItemId", format!("t{place}")),
        ];
        for ((amount, open), (field, id)) in amounts.into_iter().zip(line.open()).zip(names) {
            if amount > open {
                paid.push(json!({ field: id, "amount": text(amount - open) }));
            }
        }
        for (own, [item, tax]) in line.credits.iter().enumerate() {
            credited.push(json!({ "id": format!("m{place}.{own}"), "sourceItemId": format!("l{place}"),
                "amount": text(*item),
                "taxItems": [{ "id": format!("n{place}.{own}"), "name": "VAT", "amount": text(*tax) }] }));
        }
    }

    let invoice =
        json!({ "type": "createInvoice", "at": DAY, "id": "I", "autoPost": true, "items": billed });
    host.execute(&invoice).unwrap();
    if !paid.is_empty() {
        let payment = json!({ "type": "createPayment", "at": DAY, "id": "P",
            "invoices": [{ "invoiceId": "I", "items": paid }] });
        host.execute(&payment).unwrap();
    }
    let memo = json!({ "type": "createCreditMemo", "at": DAY, "id": "C", "invoiceId": "I", "autoPost": true,
        "items": credited });
    host.execute(&memo).unwrap();
    host
}

proptest! {
    #![proptest_config(property::config(300))]

    #[test]
    fn items_of_one_line_share_it_by_what_each_of_them_has(lines in vec(line(), 1..=4)) {
        let mut host = book(&lines);
        let mut expected = BTreeMap::new();
        for (place, line) in lines.iter().enumerate() {
            for (own, settled) in line.settled().into_iter().enumerate() {
                let names = [("m", "l"), ("n", "t")];
                for ((from, to), amount) in names.into_iter().zip(settled) {
                    if amount > 0 {
                        expected.insert((format!("{from}{place}.{own}"), format!("{to}{place}")), amount);
                    }
                }
            }
        }

        let apply = json!({ "type": "applyCreditMemo", "at": DAY, "creditMemoId": "C", "rule": "sourceItem",
            "invoices": [{ "invoiceId": "I" }] });
        let applied = host.execute(&apply).map(|outcome| outcome.value());
        if expected.is_empty() {
            prop_assert_eq!(applied.unwrap_err().code().as_str(), "nothingToSettle");
            return Ok(());
        }
        let outcome = applied.unwrap();

        let items = outcome["applications"][0]["items"].as_array().unwrap();
        let found: BTreeMap<_, _> = items
            .iter()
            .map(|item| ((line_id(&item["source"]), line_id(&item["target"])), cents(&item["amount"])))
            .collect();
        prop_assert_eq!(found, expected);
        invariants::check(&host.book);
    }
}
