//! Drafts: however its lines came into it, a draft is what it would be had it been made of them at once.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::host::Host;
use support::property;

const DAY: &str = "2026-03-31";

/// Numbers that decide something, each time other ones.
struct Dice<'a>(std::slice::Iter<'a, u16>);

impl Dice<'_> {
    fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % end
    }

    fn pick<'v>(&mut self, among: &[&'v str]) -> &'v str {
        among[self.below(among.len())]
    }

    /// An amount of the currency: francs come in steps of 0.05.
    fn amount(&mut self) -> String {
        let steps = i64::try_from(self.below(4000)).unwrap() - 800;
        let cents = steps * 5;
        let sign = if cents < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
    }

    fn tax(&mut self, id: &str) -> Value {
        let name = self.pick(&["state", "city"]);
        let rate = self.pick(&["0.19", "0.07", "0.0825"]);
        let mut tax = json!({ "id": id, "name": name, "rate": rate });
        if self.below(5) == 0 {
            tax["amount"] = self.amount().into();
        }
        tax
    }

    fn item(&mut self, id: &str) -> Value {
        let taxes = self.below(3);
        let taxes = (0..taxes).map(|place| self.tax(&format!("{id}t{place}")));
        let taxes: Vec<_> = taxes.collect();
        json!({
            "id": id, "amount": self.amount(), "taxMode": self.pick(&["exclusive", "inclusive"]), "taxItems": taxes })
    }
}

/// The items of a draft as somebody with a list on paper keeps them.
fn note(items: &mut Vec<Value>, change: &Value) {
    if let Some(item) = change.get("add") {
        return items.push(item.clone());
    }
    if let Some(id) = change.get("delete") {
        return items.retain(|item| item["id"] != *id);
    }
    let item = items
        .iter_mut()
        .find(|item| item["id"] == change["id"])
        .unwrap();
    let mut taxes = item["taxItems"].as_array().unwrap().clone();
    if let Some(amount) = change.get("amount") {
        item["amount"] = amount.clone();
        // A tax that was stated for another amount follows from its rate.
        taxes
            .iter_mut()
            .for_each(|tax| drop(tax.as_object_mut().unwrap().remove("amount")));
    }
    for change in change["taxItems"].as_array().into_iter().flatten() {
        if let Some(tax) = change.get("add") {
            taxes.push(tax.clone());
        } else if let Some(id) = change.get("delete") {
            taxes.retain(|tax| tax["id"] != *id);
        } else {
            let tax = taxes.iter_mut().find(|tax| tax["id"] == change["id"]);
            *tax.unwrap() = change.clone();
        }
    }
    item["taxItems"] = taxes.into();
}

/// A change of the items that the draft has.
fn change(dice: &mut Dice<'_>, items: &[Value], fresh: &str) -> Value {
    let item = &items[dice.below(items.len())];
    let taxes = item["taxItems"].as_array().unwrap();
    match (dice.below(6), taxes.first()) {
        (0 | 1, _) => json!({ "add": dice.item(fresh) }),
        (2, _) if items.len() > 1 => json!({ "delete": item["id"] }),
        (3, Some(tax)) => json!({ "id": item["id"], "taxItems": [{ "delete": tax["id"] }] }),
        (4, Some(tax)) => {
            json!({ "id": item["id"], "taxItems": [dice.tax(tax["id"].as_str().unwrap())] })
        }
        (4, None) => json!({ "id": item["id"], "taxItems": [{ "add": dice.tax(fresh) }] }),
        _ => json!({ "id": item["id"], "amount": dice.amount() }),
    }
}

fn lines(host: &Host) -> Value {
    host.query(&json!({ "of": "item", "fields": ["id", "amount", "taxItems"] }))
        .unwrap()
        .value()["rows"]
        .clone()
}

/// Makes a draft in steps and another of the same lines at once, in a book of each kind of rounding.
fn check(dice: &[u16]) {
    let mut dice = Dice(dice.iter());
    let options = json!({
        "currency": dice.pick(&["USD", "CHF"]),
        "currencies": [{ "code": "CHF", "increment": "0.05", "rounding": dice.pick(&["halfUp", "floor", "halfEven"]) }],
        "taxRounding": dice.pick(&["group", "item"]),
        "inclusiveRounding": dice.pick(&["net", "tax"]),
    });
    let type_of = dice.pick(&["Invoice", "CreditMemo", "DebitMemo"]);
    let id_field = format!("{}{}Id", type_of[..1].to_lowercase(), &type_of[1..]);
    let create = |items: &[Value]| json!({ "type": format!("create{type_of}"), "at": DAY, "id": "D", "items": items });
    let mut items = vec![dice.item("a"), dice.item("b")];
    let mut in_steps = Host::open(&options).unwrap();
    in_steps.execute(&create(&items)).unwrap();

    for step in 0..4 {
        let mut changes = Vec::new();
        for place in 0..=dice.below(2) {
            let change = change(&mut dice, &items, &format!("{step}{place}"));
            note(&mut items, &change);
            changes.push(change);
        }
        let update = json!({
            "type": format!("update{type_of}"), "at": DAY, &id_field: "D", "items": changes });
        in_steps.execute(&update).unwrap();
        // What a snapshot does not keep, a draft cannot remember.
        in_steps = in_steps.restored().unwrap();
    }

    let mut at_once = Host::open(&options).unwrap();
    at_once.execute(&create(&items)).unwrap();
    assert_eq!(lines(&in_steps), lines(&at_once));
    assert_eq!(in_steps.book.hash(), at_once.book.hash());
}

proptest! {
    #![proptest_config(property::config(600))]

    #[test]
    fn a_draft_made_in_steps_is_one_made_at_once(dice in vec(any::<u16>(), 120)) {
        check(&dice);
    }
}
