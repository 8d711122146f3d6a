//! History that is entered in any order: what is open on a day is what a plain replay by effective date says, no day is
//! impossible, and nothing is refused that would make none so.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::host::{Answer, Host};
use support::{first_day, invariants, property};

/// The last day of the month that all of it happens in.
const LAST: u8 = 31;

fn date(day: u8) -> String {
    format!("2026-03-{day:02}")
}

fn text(dollars: i64) -> String {
    format!("{dollars}.00")
}

/// What somebody enters, with the day that it is dated.
#[derive(Clone, Debug)]
enum Event {
    Apply(u8, Place, Place, i64),
    Unapply(u8, Place, Place, i64),
    Refund(u8, Place, i64),
    CancelRefund(u8, Place),
    WriteOff(u8, Place),
    Undo(u8, Place),
}

/// One of the documents of a kind, by number.
type Place = prop::sample::Index;

fn event() -> impl Strategy<Value = Event> {
    let place = any::<Place>;
    let (day, amount) = (1..=LAST, 1_i64..=60);
    prop_oneof![
        5 => (day.clone(), place(), place(), amount.clone())
            .prop_map(|(day, from, to, amount)| Event::Apply(day, from, to, amount)),
        3 => (day.clone(), place(), place(), amount.clone())
            .prop_map(|(day, from, to, amount)| Event::Unapply(day, from, to, amount)),
        2 => (day.clone(), place(), amount).prop_map(|(day, of, amount)| Event::Refund(day, of, amount)),
        1 => (day.clone(), place()).prop_map(|(day, of)| Event::CancelRefund(day, of)),
        1 => (day.clone(), place()).prop_map(|(day, of)| Event::WriteOff(day, of)),
        2 => (day, place()).prop_map(|(day, of)| Event::Undo(day, of)),
    ]
}

/// Documents of one line: the payments, then the invoices, each with its amount and the day that it is dated.
const PAYMENTS: [(&str, i64, u8); 2] = [("P0", 100, 1), ("P1", 60, 8)];
const INVOICES: [(&str, i64, u8); 3] = [("I0", 50, 1), ("I1", 80, 1), ("I2", 40, 15)];

/// What moved from a source to a target, the day that it is dated, and the day from which it counts.
#[derive(Clone, Debug)]
struct Moved {
    at: u8,
    day: u8,
    source: String,
    target: String,
    amount: i64,
}

/// The documents with their amounts and days, and everything that was moved between them, in the order of entry.
#[derive(Clone, Debug, Default)]
struct Ledger {
    documents: BTreeMap<String, (i64, u8)>,
    moved: Vec<Moved>,
    groups: Vec<(String, Vec<Moved>)>,
    refunds: Vec<String>,
}

impl Ledger {
    fn is_refund(&self, id: &str) -> bool {
        self.refunds.iter().any(|refund| refund == id)
    }

    /// What is open and what is refunded of a document on a day.
    fn on(&self, id: &str, day: u8) -> [i64; 2] {
        let counted = self.moved.iter().filter(|moved| moved.day <= day);
        let [mut open, mut refunded] = [self.documents[id].0, 0];
        for moved in counted.filter(|moved| moved.source == id || moved.target == id) {
            open -= moved.amount;
            if self.is_refund(&moved.target) && moved.source == id {
                refunded += moved.amount;
            }
        }
        [open, refunded]
    }

    /// Whether every document has between nothing and its amount open on every day.
    fn is_possible(&self) -> bool {
        let mut all = self
            .documents
            .iter()
            .flat_map(|(id, (amount, _))| (1..=LAST).map(move |day| (self.on(id, day), *amount)));
        all.all(|([open, refunded], amount)| (0..=amount).contains(&open) && refunded >= 0)
    }

    /// The last day on which something was applied or refunded of a source; what came back does not count.
    fn last_used(&self, source: &str) -> u8 {
        let used = self
            .moved
            .iter()
            .filter(|moved| moved.source == source && moved.amount > 0);
        used.map(|moved| moved.at).max().unwrap_or(0)
    }

    /// The last day on which something of a source was applied or came back.
    fn last_applied(&self, source: &str) -> u8 {
        let of_source = self.moved.iter().filter(|moved| moved.source == source);
        let applied = of_source.filter(|moved| !self.is_refund(&moved.target));
        applied.map(|moved| moved.at).max().unwrap_or(0)
    }

    fn applied(&self, source: &str, target: &str) -> i64 {
        let between = self.moved.iter();
        let between = between.filter(|moved| moved.source == source && moved.target == target);
        between.map(|moved| moved.amount).sum()
    }

    fn add(&mut self, group: String, moved: Vec<Moved>) {
        self.moved.extend(moved.clone());
        self.groups.push((group, moved));
    }
}

/// A book beside its ledger.
struct World {
    host: Host,
    ledger: Ledger,
    /// How many documents were made in the course of things.
    made: usize,
}

impl World {
    fn new() -> Self {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        let mut ledger = Ledger::default();
        for (id, amount, day) in PAYMENTS.into_iter().chain(INVOICES) {
            let mut new = json!({ "type": "createPayment", "id": id, "at": date(day), "amount": text(amount) });
            if id.starts_with('I') {
                new = json!({ "type": "createInvoice", "id": id, "at": date(day), "autoPost": true,
                    "items": [{ "id": "a", "amount": text(amount) }] });
            }
            host.execute(&new).unwrap();
            ledger.documents.insert(id.to_owned(), (amount, day));
        }
        Self {
            host,
            ledger,
            made: 0,
        }
    }

    /// The command of an event, what it would move, and the day before which nothing can come back, if it does.
    fn command(&mut self, event: &Event) -> Option<(Value, Vec<Moved>, u8)> {
        let ledger = &self.ledger;
        let payment = |place: &Place| place.get(&PAYMENTS).0;
        let invoice = |place: &Place| place.get(&INVOICES).0;
        let there = |source: &str, target: &str, day: u8| {
            day.max(ledger.documents[source].1)
                .max(ledger.documents[target].1)
        };
        let moved = |source: &str, target: &str, day: u8, amount: i64| Moved {
            at: day,
            day: there(source, target, day),
            source: source.to_owned(),
            target: target.to_owned(),
            amount,
        };
        let settle = |name: &str, day: u8, from: &str, to: &str, amount: i64| {
            json!({ "type": name, "at": date(day), "paymentId": from,
                "invoices": [{ "invoiceId": to, "amount": text(amount) }] })
        };
        Some(match event {
            Event::Apply(day, from, to, amount) => {
                let (from, to) = (payment(from), invoice(to));
                let amount = ledger.on(from, LAST)[0]
                    .min(ledger.on(to, LAST)[0])
                    .min(*amount);
                let all = vec![moved(from, to, *day, amount)];
                (settle("applyPayment", *day, from, to, amount), all, 0)
            }
            Event::Unapply(day, from, to, amount) => {
                let (from, to) = (payment(from), invoice(to));
                let amount = ledger.applied(from, to).min(*amount);
                let all = vec![moved(from, to, *day, -amount)];
                let command = settle("unapplyPayment", *day, from, to, amount);
                (command, all, ledger.last_used(from))
            }
            Event::Refund(day, of, amount) => {
                let of = payment(of);
                let amount = ledger.on(of, LAST)[0].min(*amount);
                let id = format!("R{}", self.made);
                let command = json!({ "type": "refundPayment", "at": date(*day), "id": id, "paymentId": of,
                    "amount": text(amount) });
                let day = ledger.last_applied(of).max(*day);
                self.made += 1;
                let all = vec![Moved {
                    at: day,
                    day,
                    source: of.to_owned(),
                    target: id,
                    amount,
                }];
                (command, all, ledger.documents[of].1)
            }
            Event::CancelRefund(day, place) => {
                let live = ledger
                    .refunds
                    .iter()
                    .filter(|refund| ledger.on(refund, LAST)[0] == 0);
                let live: Vec<_> = live.collect();
                let id = *(!live.is_empty()).then(|| place.get(&live))?;
                let made = ledger
                    .moved
                    .iter()
                    .find(|moved| moved.target == *id)?
                    .clone();
                let command = json!({ "type": "cancelRefund", "at": date(*day), "refundId": id });
                let back = Moved {
                    at: *day,
                    day: *day,
                    amount: -made.amount,
                    ..made
                };
                (command, vec![back], made.day)
            }
            Event::WriteOff(day, of) => {
                let of = invoice(of);
                let amount = ledger.on(of, LAST)[0];
                if amount == 0 {
                    return None;
                }
                let id = format!("W{}", self.made);
                let command = json!({ "type": "writeOffInvoice", "at": date(*day), "id": id, "invoiceId": of });
                self.made += 1;
                let all = vec![Moved {
                    at: *day,
                    day: *day,
                    source: id,
                    target: of.to_owned(),
                    amount,
                }];
                (command, all, ledger.documents[of].1)
            }
            Event::Undo(day, place) => {
                let (group, all) =
                    (!ledger.groups.is_empty()).then(|| place.get(&ledger.groups))?;
                let command =
                    json!({ "type": "undo", "at": date(*day), "applicationGroupId": group });
                let back = |all: &Moved, amount| Moved {
                    at: *day,
                    day: all.day.max(*day),
                    amount,
                    ..all.clone()
                };
                // How much of it stands does not depend on the day.
                let mut later = command.clone();
                later["at"] = date(LAST).into();
                let moves = match self.host.clone().execute(&later) {
                    Ok(outcome) => {
                        let outcome = outcome.value();
                        let moved = outcome["applications"].as_array().unwrap().iter();
                        let moves = moved.map(|moved| {
                            let mut of_group = all.iter();
                            let of = of_group.find(|of| {
                                moved["sourceId"] == *of.source && moved["targetId"] == *of.target
                            });
                            let amount = moved["amount"].as_str().unwrap().trim_end_matches(".00");
                            back(of.unwrap(), amount.parse().unwrap())
                        });
                        moves.collect()
                    }
                    Err(_) => all.iter().map(|of| back(of, -of.amount)).collect(),
                };
                let done = all.iter().map(|of| of.at).max().unwrap();
                (command, moves, ledger.last_used(&all[0].source).max(done))
            }
        })
    }

    fn enter(&mut self, event: &Event) {
        let Some((command, all, least)) = self.command(event) else {
            return;
        };
        let mut after = self.ledger.clone();
        for moved in &all {
            let new = |id: &str| !self.ledger.documents.contains_key(id);
            for id in [&moved.source, &moved.target]
                .into_iter()
                .filter(|id| new(id))
            {
                // A refund or the memo of a write-off.
                after
                    .documents
                    .insert(id.clone(), (moved.amount, moved.day));
                if id.starts_with('R') {
                    after.refunds.push(id.clone());
                }
            }
        }
        let at = command["at"].as_str().unwrap().to_owned();
        match self.execute(&command) {
            Ok(outcome) => {
                let group = outcome.value()["applicationGroupId"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                after.add(group, all);
                self.ledger = after;
                assert!(
                    at >= date(least),
                    "{command}: nothing comes back before it was used"
                );
                assert!(
                    self.ledger.is_possible(),
                    "{command}: every day is possible"
                );
                self.check_days();
            }
            Err(error) if error.code().as_str() == "dateTooEarly" => {
                after.add(String::new(), all);
                let is_early = at < date(least) || !after.is_possible();
                assert!(
                    is_early,
                    "{command}: refused, though every day is possible: {error}"
                );
                self.check_needed(command, &error);
            }
            Err(_) => {}
        }
    }

    /// Executes a command as a book that knows nothing but its history does: a restored one has not met the days of any
    /// document, and nothing is left of a preview.
    fn execute(&mut self, command: &Value) -> Answer {
        let mut restored = self.host.restored().unwrap();
        let previewed = self.host.preview(command).map(drop);
        let executed = self.host.execute(command);
        let again = restored.execute(command);

        let facts = |error: &setoff::Error| (error.code(), error.sentence());
        match (&executed, &again) {
            (Ok(outcome), Ok(again)) => assert_eq!(outcome.value(), again.value(), "{command}"),
            (Err(error), Err(again)) => assert_eq!(facts(error), facts(again), "{command}"),
            _ => panic!("{command}: once it is refused, once not"),
        }
        assert_eq!(previewed.is_ok(), executed.is_ok(), "{command}");
        executed
    }

    /// A refusal says a day that will do, if nothing else is wrong.
    fn check_needed(&self, mut command: Value, error: &setoff::Error) {
        let needed = first_day(error).expect("a refusal of a day");
        assert!(
            error
                .sentence()
                .contains(&format!("It is {}.", command["at"].as_str().unwrap())),
            "{command}: {error}"
        );
        command["at"] = needed.as_str().into();
        let mut host = self.host.clone();
        if let Err(again) = host.execute(&command) {
            assert!(
                again.code() > error.code(),
                "{command}: {error}, then {again}"
            );
        }
    }

    /// What has several parts says a day that suits all of them.
    fn check_parts(&self) {
        let mut commands =
            vec![json!({ "type": "applyCredits", "sources": "allOpen", "invoices": "allOpen" })];
        for (invoice, ..) in INVOICES {
            for name in ["collectInvoice", "voidInvoice"] {
                commands.push(json!({ "type": name, "invoiceId": invoice }));
            }
            commands.push(json!({ "type": "reverseInvoice", "id": "R", "invoiceId": invoice }));
        }
        for (payment, ..) in PAYMENTS {
            commands.push(json!({ "type": "unapplyPayment", "paymentId": payment }));
            commands.push(json!({ "type": "voidPayment", "paymentId": payment }));
            commands.push(json!({ "type": "refundPayment", "id": "R", "paymentId": payment, "autoUnapply": true }));
            commands.push(
                json!({ "type": "applyPayment", "paymentId": payment, "invoices": "allOpen" }),
            );
        }
        for (mut command, day) in commands
            .into_iter()
            .flat_map(|command| [1, 9, 17, 25].map(|day| (command.clone(), day)))
        {
            command["at"] = date(day).into();
            let mut host = self.host.clone();
            match host.execute(&command) {
                Err(error) if error.code().as_str() == "dateTooEarly" => {
                    self.check_needed(command, &error);
                }
                _ => {}
            }
        }
    }

    /// What the book says of each day is what the ledger says.
    fn check_days(&self) {
        invariants::check(&self.host.book);
        for day in 1..=LAST {
            let mut account = 0;
            let mut listed = 0;
            for (kind, fields) in [
                ("payment", json!(["id", "unappliedAmount", "refundAmount"])),
                ("invoice", json!(["id", "balance"])),
                (
                    "creditMemo",
                    json!(["id", "unappliedAmount", "refundAmount"]),
                ),
            ] {
                let query = json!({ "of": kind, "asOf": date(day), "fields": fields });
                let rows = self.host.query(&query).unwrap().value();
                for row in rows["rows"].as_array().unwrap() {
                    let id = row["id"].as_str().unwrap();
                    let [open, refunded] = self.ledger.on(id, day);
                    let found = row.get("balance").unwrap_or(&row["unappliedAmount"]);
                    assert_eq!(found, &json!(text(open)), "{id} on {day}");
                    if let Some(found) = row.get("refundAmount") {
                        assert_eq!(found, &json!(text(refunded)), "{id} on {day}");
                    }
                    account += if kind == "invoice" { open } else { -open };
                    listed += 1;
                }
            }
            let query = json!({ "of": "account", "asOf": date(day), "fields": ["balance"] });
            let rows = self.host.query(&query).unwrap().value();
            let found = rows["rows"].get(0).map(|row| row["balance"].clone());
            let expected = (listed > 0).then(|| json!(text(account)));
            assert_eq!(found, expected, "the account on {day}");
        }
    }
}

/// A command that is only previewed makes a payment and settles it twice, the earlier day last. The next document takes
/// its place, with more lines and days of its own.
#[test]
fn a_preview_leaves_no_days_of_what_it_made() {
    let mut host = World::new().host;
    let targets = json!([{ "invoiceId": "I0", "amount": "3.00" }]);
    let pay = |day: u8| json!({ "type": "applyPayment", "at": date(day), "paymentId": "X", "invoices": targets });
    let credit = |day: u8| {
        let mut apply = json!({ "type": "applyCreditMemo", "at": date(day), "creditMemoId": "Y" });
        apply["invoices"] = targets.clone();
        apply
    };
    let bulk = json!({ "type": "bulk", "at": date(20), "atomic": true, "commands": [
        { "type": "createPayment", "at": date(1), "id": "X", "amount": "9.00" },
        pay(20), pay(10)] });
    drop(host.preview(&bulk).unwrap());

    let items = json!([{ "id": "a", "amount": "4" }, { "id": "b", "amount": "4" }, { "id": "c", "amount": "4" }]);
    let memo = json!({ "type": "createCreditMemo", "at": date(1), "id": "Y", "autoPost": true, "items": items });
    host.execute(&memo).unwrap();
    host.execute(&credit(20)).unwrap();
    host.execute(&credit(10)).unwrap();

    invariants::check(&host.book);
}

proptest! {
    #![proptest_config(property::config(300))]

    #[test]
    fn history_may_be_entered_in_any_order(events in vec(event(), 1..=14)) {
        let mut world = World::new();
        for event in &events {
            world.enter(event);
        }
        world.check_parts();
    }
}

/// Items of several documents: the memo is dated on or after the last of them.
#[test]
fn a_memo_of_several_documents_is_not_before_any_of_them() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    for (id, day) in [("I1", 10), ("I2", 20)] {
        let items = json!([{ "id": "a", "amount": "10.00" }]);
        let new = json!({ "type": "createInvoice", "id": id, "at": date(day), "autoPost": true, "items": items });
        host.execute(&new).unwrap();
    }
    let items = json!([
        { "id": "1", "amount": "1.00", "sourceItemId": "a", "sourceDocumentId": "I1" },
        { "id": "2", "amount": "1.00", "sourceItemId": "a", "sourceDocumentId": "I2" },
    ]);
    let mut memo = json!({ "type": "createCreditMemo", "at": date(31), "id": "C", "items": items });
    memo["date"] = date(5).into();

    let refusal = host.execute(&memo).unwrap_err();

    assert_eq!(
        refusal.sentence(),
        "The date must be on or after 2026-03-20, the date of \"I2\". It is 2026-03-05."
    );
}
