//! Random accounts and commands.
//!
//! A recipe is a row of dice. They become a command against the state of the model, so that most commands fit it and
//! the others miss it by one thing. Zeros make the plainest command, so that what fails shrinks to something readable.

use crate::model::{
    CURRENCIES, Currency, Item, Model, MovedBetween, capital, id_field, is_demand, is_source,
    list_field,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::Cell;
use std::fmt;

/// Whether a kind of documents is meant.
type IsOfKind = fn(&str) -> bool;

#[derive(Clone)]
pub struct AccountRecipe {
    book: Vec<u16>,
    pub steps: Vec<StepRecipe>,
}

#[derive(Clone, Debug)]
pub struct StepRecipe {
    dice: Vec<u16>,
    /// Goes on with a restored book.
    pub restore: bool,
    /// In which order the lists of the request come the second time.
    pub shuffle: u64,
}

/// Documents, then commands.
pub fn account() -> impl Strategy<Value = AccountRecipe> {
    let step = (
        vec(any::<u16>(), 0..=60),
        prop::bool::weighted(0.1),
        any::<u64>(),
    );
    let step = step.prop_map(|(dice, restore, shuffle)| StepRecipe {
        dice,
        restore,
        shuffle,
    });
    (vec(any::<u16>(), 0..=36), vec(step, 1..=36))
        .prop_map(|(book, steps)| AccountRecipe { book, steps })
}

/// Numbers that decide; zeros when there are no more.
struct Dice<'a> {
    rest: Cell<&'a [u16]>,
}

impl<'a> Dice<'a> {
    const fn new(dice: &'a [u16]) -> Self {
        Self {
            rest: Cell::new(dice),
        }
    }

    fn throw(&self) -> usize {
        let (first, rest) = self
            .rest
            .get()
            .split_first()
            .map_or((0, &[][..]), |(first, rest)| (*first, rest));
        self.rest.set(rest);
        first.into()
    }

    fn below(&self, count: usize) -> usize {
        self.throw() % count.max(1)
    }

    /// Once in `once_in` times.
    fn odd(&self, once_in: usize) -> bool {
        self.below(once_in) == once_in - 1
    }

    fn pick<T: Copy>(&self, among: &[T]) -> Option<T> {
        among.get(self.below(among.len())).copied()
    }
}

/// The commands that come of it: what fails can be read.
impl fmt::Debug for AccountRecipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut model = self.model();
        write!(f, "{}", model.options())?;
        self.steps.iter().try_for_each(|step| {
            let command = step.command(&model);
            write!(f, "\n{command}")?;
            match model.execute(&command) {
                Ok(_) => Ok(()),
                Err(refusal) => write!(f, " -> {refusal}"),
            }
        })
    }
}

impl AccountRecipe {
    /// The empty book.
    pub fn model(&self) -> Model {
        let dice = Dice::new(&self.book);
        let currency = CURRENCIES[dice.below(CURRENCIES.len())];
        let mut options = json!({});
        let mut choose = |field: &str, once_in: usize, among: &[Value]| {
            let value = among[dice.below(among.len())].clone();
            if dice.odd(once_in) {
                options[field] = value;
            }
        };
        choose(
            "overCrediting",
            2,
            &[json!("any"), json!("headerAndItem"), json!("header")],
        );
        choose(
            "mirror",
            2,
            &[json!("no"), json!("notZeroBalance"), json!("yes")],
        );
        choose("inclusiveRounding", 2, &[json!("tax"), json!("net")]);
        choose("taxRounding", 2, &[json!("group")]);
        choose("numberOrder", 2, &[json!("natural")]);
        choose("allowTaxRateFrom1", 2, &[json!(true)]);
        choose("countBillingCredits", 3, &[json!(false), json!(true)]);
        choose(
            "reasonCodes",
            4,
            &[json!(["R1", "Write-off", "Invoice reversal"])],
        );
        choose("closedThrough", 4, &[json!("2026-01-02")]);
        choose(
            "closedPeriods",
            3,
            &[json!("documentsAndApplications"), json!("documents")],
        );
        choose("keepClosedPosted", 3, &[json!(true)]);
        let limits = json!({
            "itemsPerOperation": 8, "documentsPerOperation": 2, "statedItems": 2, "prorationCells": 9, "partItems": 6,
            "refundItems": 5, "reverseItems": 4, "reverseInvoiceItems": 4, "writeOffItems": 4, "createItems": 3,
            "bulkCommands": 2, "collectItems": 5, "collectCreditMemos": 1, "collectPayments": 1,
        });
        choose("limits", 6, &[limits, json!({ "prorationCells": 6 })]);
        Model::new(currency, options)
    }
}

impl StepRecipe {
    pub fn command(&self, model: &Model) -> Value {
        let dice = Dice::new(&self.dice);
        let mut command = Recipe {
            dice: &dice,
            model,
            suffix: String::new(),
        }
        .command();
        command["at"] = day(&dice).into();
        command
    }
}

/// Mostly one day; seldom one before or after, so that history is entered in any order.
fn day(dice: &Dice<'_>) -> &'static str {
    [
        "2026-03-31",
        "2026-03-31",
        "2026-04-02",
        "2026-03-31",
        "2026-02-10",
        "2026-04-15",
        "2026-03-31",
        "2026-03-31",
        "2026-04-02",
        "2026-03-20",
    ][dice.below(10)]
}

struct Recipe<'a> {
    dice: &'a Dice<'a>,
    model: &'a Model,
    /// Of new identifiers.
    suffix: String,
}

impl Recipe<'_> {
    fn command(&self) -> Value {
        let Self { dice, model, .. } = self;
        let live = |is: &dyn Fn(&str) -> bool| {
            (0..model.documents.len())
                .filter(|&index| is(model.documents[index].kind) && self.has_open(index))
                .count()
        };
        if live(&is_demand) < 2 || model.documents.len() < 3 {
            return self.create(if dice.odd(3) { "debitMemo" } else { "invoice" });
        }
        if live(&is_source) < 2 {
            return if dice.odd(3) {
                self.payment()
            } else {
                self.create("creditMemo")
            };
        }
        // Few refunds are canceled, and each of them is one that can be deleted.
        let refunds = self.of(|index| {
            self.kind(index) == "refund" && model.documents[index].status == "canceled"
        });
        if !refunds.is_empty() && dice.odd(3) {
            return self.about("delete", refunds.first().copied(), "refund");
        }
        match dice.below(40) {
            0..=8 => self.settle(false),
            9..=13 => self.settle(true),
            14 | 15 => self.create("creditMemo"),
            16 => self.create("invoice"),
            17 => self.create("debitMemo"),
            18 => self.payment(),
            19 => self.pay(),
            20..=22 => self.refund(),
            23..=27 => {
                let has = |status: &str| {
                    !self
                        .of(|index| model.documents[index].status == status)
                        .is_empty()
                };
                match dice.below(6) {
                    0 | 1 if has("canceled") => self.step("delete"),
                    0..=2 if has("draft") => self.step("post"),
                    1..=3 => self.step("cancel"),
                    4 => self.step("void"),
                    _ => self.step("unpost"),
                }
            }
            28..=30 => self.update(),
            31 | 32 => self.write_off(),
            33 => self.reverse(),
            34 if dice.odd(2) => self.apply_credits(),
            34 => self.collect(),
            35 => self.transfer(),
            36 | 37 => self.undo(),
            38 if self.suffix.is_empty() => self.bulk(),
            _ => self.close_periods(),
        }
    }

    /// Periods are closed, seldom so late that most days are, and seldom for applications too.
    fn close_periods(&self) -> Value {
        let Self { dice, .. } = self;
        let mut command = json!({ "type": "closePeriods" });
        match dice.below(5) {
            0..=2 => command["through"] = "2026-01-03".into(),
            3 => command["through"] = "2026-03-25".into(),
            _ => {}
        }
        if dice.odd(2) {
            let closed = ["documentsAndApplications", "documents"][dice.below(2)];
            command["closedPeriods"] = closed.into();
        }
        command
    }

    fn bulk(&self) -> Value {
        let count = self.dice.below(3) + 1;
        let commands: Vec<_> = (0..count)
            .map(|place| {
                let mut command = Recipe {
                    suffix: format!("-{place}"),
                    ..*self
                }
                .command();
                command["at"] = day(self.dice).into();
                if self.dice.odd(12) {
                    command["oops"] = true.into();
                }
                command
            })
            .collect();
        json!({ "type": "bulk", "commands": commands, "atomic": self.dice.odd(2) })
    }

    // Choosing documents.

    fn of(&self, is: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.model.documents.len())
            .filter(|&index| !self.model.documents[index].deleted && is(index))
            .collect()
    }

    fn kind(&self, index: usize) -> &'static str {
        self.model.documents[index].kind
    }

    fn is_live(&self, index: usize) -> bool {
        let document = &self.model.documents[index];
        document.status == "posted" && !document.reversed && !document.deleted
    }

    fn has_open(&self, index: usize) -> bool {
        self.is_live(index) && self.model.possible(index, false) > 0
    }

    /// Mostly one of those that fit; seldom any.
    fn choose(&self, is: &dyn Fn(usize) -> bool, fits: &dyn Fn(usize) -> bool) -> Option<usize> {
        let all = self.of(is);
        let fitting: Vec<_> = all.iter().copied().filter(|&index| fits(index)).collect();
        self.dice.pick(if fitting.is_empty() || self.dice.odd(25) {
            &all
        } else {
            &fitting
        })
    }

    /// What names a document: its identifier, and now and then its number.
    fn id(&self, index: Option<usize>) -> String {
        let Some(index) = index.filter(|_| !self.dice.odd(60)) else {
            return "none".into();
        };
        let document = &self.model.documents[index];
        let key = if self.dice.odd(8) {
            &document.number
        } else {
            &document.id
        };
        key.clone()
    }

    fn new_id(&self, prefix: &str) -> String {
        if let Some(taken) = self.model.documents.first().filter(|_| self.dice.odd(60)) {
            return taken.id.clone();
        }
        format!("{prefix}{}{}", self.model.documents.len(), self.suffix)
    }

    /// A command about a document.
    fn about(&self, verb: &str, index: Option<usize>, default: &str) -> Value {
        let kind = index.map_or(default, |index| self.kind(index));
        json!({ "type": format!("{verb}{}", capital(kind)), id_field(kind): self.id(index) })
    }

    // Amounts.

    fn currency(&self, index: usize) -> Currency {
        self.model.documents[index].currency
    }

    /// Mostly a share of what is possible; seldom what is not. `None`: left out.
    fn amount(&self, currency: Currency, possible: i128) -> Option<String> {
        let units = possible / currency.step;
        let write = |units: i128| Some(currency.write(units * currency.step));
        match self.dice.below(64) {
            0..=11 => None,
            _ if units == 0 && !self.dice.odd(4) => None,
            12..=23 => write(units),
            24..=55 => write((units * i128::try_from(self.dice.below(256)).unwrap() / 255).max(1)),
            56..=58 => write(units + 1),
            59 => write(0),
            60 => write(-1),
            61 => Some("0.000000001".to_owned()),
            62 => Some(currency.write(1)),
            _ => Some(i64::MAX.to_string() + "5"),
        }
    }

    /// Small numbers, where leftover units matter most, and some of every other sort.
    fn units(&self) -> i128 {
        let more = i128::try_from(self.dice.throw()).unwrap();
        match self.dice.below(18) {
            0..=7 => more % 9 + 1,
            8..=11 => more % 391 + 10,
            12 | 13 => 0,
            14 | 15 => -(more % 6) - 1,
            16 => more * 15_258_789 + 1_000_000,
            _ => more * 457_763_671_875 + 1,
        }
    }

    fn set(command: &mut Value, field: &str, value: Option<impl Into<Value>>) {
        value
            .into_iter()
            .for_each(|value| command[field] = value.into());
    }

    // Creating.

    fn create(&self, kind: &str) -> Value {
        let Self { dice, model, .. } = self;
        let prefix = match kind {
            "invoice" => "I",
            "creditMemo" => "C",
            _ => "D",
        };
        let mut new = json!({
            "type": format!("create{}", capital(kind)), "id": self.new_id(prefix), "autoPost": !dice.odd(6) });
        let date = |dice: &Dice<'_>| format!("2026-01-{:02}", dice.below(4) + 1);
        let other = if kind == "debitMemo" {
            "creditMemo"
        } else {
            "debitMemo"
        };
        let can_be = |index: usize| ["invoice", other].contains(&self.kind(index));
        let from = if kind == "invoice" || !dice.odd(2) {
            None
        } else {
            self.choose(&can_be, &|index| self.is_live(index))
        };
        if let Some(from) = from {
            self.create_from(&mut new, from);
        } else {
            new["items"] = self.items(model.currency);
            if kind == "creditMemo"
                && dice.odd(8)
                && let Some(source) = self.choose(&|index| is_demand(self.kind(index)), &|index| {
                    self.is_live(index)
                })
            {
                let item = self.source_item(source, dice.below(9), "s");
                if let Some(mut item) = item {
                    item["sourceDocumentId"] = self.id(Some(source)).into();
                    new["items"].as_array_mut().unwrap().push(item);
                }
            }
            if dice.odd(16) {
                new["accountId"] = "B".into();
            }
            if dice.odd(16) {
                new["currency"] = CURRENCIES[dice.below(CURRENCIES.len())].code.into();
            }
        }
        for (field, once_in) in [("date", 3), ("dueDate", 3)] {
            if dice.odd(once_in) && (field == "date" || kind != "creditMemo") {
                // A memo is not older than what it is made from; now and then it is.
                new[field] = if from.is_some() && !dice.odd(6) {
                    "2026-03-01".into()
                } else {
                    date(dice).into()
                };
            }
        }
        if dice.odd(4) {
            // One digit and several, where the order of texts and the natural one differ.
            let number = [1, 2, 3, 9, 10, 11, 20, 100, 12][dice.below(9)];
            new["number"] = format!("N{number}").into();
        }
        if dice.odd(3) && kind == "creditMemo" && from.is_some() {
            new["autoApply"] = true.into();
        }
        for (field, once_in) in [("billing", 14), ("excludeFromAutoApply", 10)] {
            if dice.odd(once_in) {
                new[field] = true.into();
            }
        }
        if dice.odd(12) {
            new["reasonCode"] = ["R1", "R2"][dice.below(2)].into();
        }
        if dice.odd(5) {
            self.move_in(&mut new, kind);
        }
        if dice.odd(14) {
            self.spoil(&mut new);
        }
        new
    }

    /// Says of some lines what was settled of them before.
    fn move_in(&self, new: &mut Value, kind: &str) {
        let currency = self.currency_of(new);
        let items = new.get_mut("items").and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            let taxes = item.get_mut("taxItems").and_then(Value::as_array_mut);
            for tax in taxes.into_iter().flatten() {
                if tax["amount"].is_string() && self.dice.odd(3) {
                    tax["settledBefore"] = self.past(&tax["amount"], kind, currency);
                }
            }
            if item["amount"].is_string() && !self.dice.odd(3) {
                item["settledBefore"] = self.past(&item["amount"], kind, currency);
            }
        }
    }

    fn currency_of(&self, new: &Value) -> Currency {
        let code = new["currency"].as_str();
        let stated = CURRENCIES
            .into_iter()
            .find(|known| Some(known.code) == code);
        stated.unwrap_or(self.model.currency)
    }

    /// What was settled of a line before: up to half of it by each of two, seldom all, nothing or too much.
    fn past(&self, amount: &Value, kind: &str, currency: Currency) -> Value {
        let Self { dice, .. } = self;
        let all = currency.units(amount);
        let entries = (0..dice.below(2) + 1).map(|_| {
            let share = match dice.below(16) {
                0 => all,
                1 => 0,
                2 => all + 1,
                part => all / 2 * i128::try_from(part).unwrap() / 16,
            };
            let words = match is_demand(kind) != dice.odd(40) {
                true => ["payment", "creditMemo"],
                false => ["application", "refund"],
            };
            let day = ["2026-04-01", "2026-03-31", "2026-01-03", "2026-04-10"][dice.below(4)];
            let amount = currency.write(share * currency.step);
            json!({ "at": day, "amount": amount, "by": words[dice.below(2)] })
        });
        entries.collect()
    }

    fn items(&self, currency: Currency) -> Value {
        let Self { dice, .. } = self;
        let write = |units: i128| currency.write(units * currency.step);
        let mut items: Vec<Value> = Vec::new();
        let mut left: Vec<i128> = Vec::new();
        for place in 0..dice.below(4) + 1 {
            let units = self.units();
            let parents: Vec<_> = (0..place).filter(|&parent| left[parent] != 0).collect();
            let parent = dice.pick(&parents).filter(|_| dice.odd(4));
            let share = i128::try_from(dice.below(256)).unwrap();
            let off = parent.map(|parent| left[parent] * share / 255);
            let amount = off.map_or(units, |off| -off);
            left.push(if parent.is_some() { 0 } else { amount });
            let mut item = json!({ "id": format!("{place}"), "amount": write(amount) });
            if let (Some(parent), Some(off)) = (parent, off) {
                item["appliedToItemId"] = format!("{parent}").into();
                left[parent] -= off;
            }
            if parent.is_none() && dice.odd(8) {
                // Mostly without an amount, which then follows; a stated one is seldom right.
                item["quantity"] = ["3", "0.5", "1.333", "-2"][dice.below(4)].into();
                item["unitPrice"] = ["4.00", "0.015", "10", "0"][dice.below(4)].into();
                left[place] = 0;
                if !dice.odd(8) {
                    item.as_object_mut().unwrap().remove("amount");
                }
            }
            let count = dice.below(6);
            if count < 3 && dice.odd(2) {
                item["taxItems"] = (0..=count % 2)
                    .map(|tax| self.tax(currency, &format!("{place}t{tax}"), amount))
                    .collect();
                if dice.odd(4) {
                    item["taxMode"] = "inclusive".into();
                }
            } else if parent.is_none() && dice.odd(10) {
                item["processingType"] = ["rounding", "prepayment"][dice.below(2)].into();
            }
            items.push(item);
        }
        items.into()
    }

    fn tax(&self, currency: Currency, id: &str, of: i128) -> Value {
        let Self { dice, .. } = self;
        let mut tax = json!({ "id": id });
        if dice.odd(2) {
            tax["name"] = ["VAT", "CITY"][dice.below(2)].into();
        }
        if dice.odd(2) {
            tax["rate"] = ["0.19", "0.075", "0", "1.5"][dice.below(4)].into();
        }
        if tax.get("rate").is_none() || dice.odd(3) {
            let units = if of < 0 {
                -self.units().abs()
            } else {
                self.units()
            };
            tax["amount"] = currency
                .write(units.clamp(-100_000, 100_000) * currency.step)
                .into();
        }
        tax
    }

    /// An item that credits an item of another document.
    fn source_item(&self, of: usize, place: usize, id: &str) -> Option<Value> {
        let Self { dice, model, .. } = self;
        let lines = &model.documents[of].lines;
        let items: Vec<_> = (0..lines.len())
            .filter(|&line| lines[line].tax_of.is_none())
            .collect();
        let line = items[place % items.len()];
        let currency = self.currency(of);
        let mut item = json!({ "id": id, "sourceItemId": lines[line].id });
        // A discount by itself has nothing available, but a memo may state a part of it.
        let available = match lines[line].discount_of {
            Some(_) => model.uncredited(of, line),
            None => model.available(of, line),
        };
        if dice.odd(5) {
            item["taxMode"] = "inclusive".into();
        }
        match self.amount(currency, available.abs()) {
            Some(amount) if available < 0 => item["amount"] = negated(&amount).into(),
            Some(amount) => item["amount"] = amount.into(),
            None => {}
        }
        if dice.odd(5) {
            let taxes: Vec<_> = (0..lines.len())
                .filter(|&tax| lines[tax].tax_of == Some(line))
                .collect();
            let tax = |(place, &tax): (usize, &usize)| {
                let amount = self
                    .amount(currency, model.available(of, tax).max(0))
                    .unwrap_or_else(|| currency.write(0));
                let mut tax = json!({
                    "id": format!("{id}t{place}"), "sourceTaxItemId": lines[tax].id, "amount": amount });
                if dice.odd(3) {
                    tax.as_object_mut().unwrap().remove("amount");
                }
                tax
            };
            item["taxItems"] = taxes.iter().enumerate().map(tax).collect();
        }
        Some(item)
    }

    fn create_from(&self, new: &mut Value, from: usize) {
        let Self { dice, .. } = self;
        new[id_field(self.kind(from))] = self.id(Some(from)).into();
        if dice.odd(3) {
            return;
        }
        let mut items = Vec::new();
        let first = dice.below(4);
        for place in 0..dice.below(3) + 1 {
            // Twice the same source item, now and then.
            let place_of = first + if dice.odd(6) { 0 } else { place };
            items.extend(self.source_item(from, place_of, &format!("{place}")));
        }
        if dice.odd(5) {
            let amount = self
                .currency(from)
                .write(self.units().abs() * self.currency(from).step);
            items.push(json!({ "id": "plain", "amount": amount }));
        }
        new["items"] = items.into();
    }

    /// Makes one thing wrong.
    fn spoil(&self, new: &mut Value) {
        let step = self.model.currency.step;
        if new["items"].as_array().is_none_or(Vec::is_empty) {
            new["accountId"] = "B".into();
            return;
        }
        let items = new["items"].as_array_mut().unwrap();
        let discount = |id: &str, of: &Value, amount: &str| {
            json!({
            "id": id, "amount": amount, "appliedToItemId": of })
        };
        let first = items[0]["id"].clone();
        match self.dice.below(10) {
            0 => items.clear(),
            1 => new["currency"] = "XXX".into(),
            2 => items.push(json!({ "id": first, "amount": "0" })),
            3 => items.push(discount("d", &json!("none"), "0")),
            4 => items[0]["amount"] = "0.000000001".into(),
            5 if step > 1 => items[0]["amount"] = "1.01".into(),
            6 => items[0]["amount"] = (i64::MAX.to_string() + "5").into(),
            7 => items.extend([discount("d", &first, "0"), discount("e", &json!("d"), "0")]),
            8 => items.push(discount("d", &first, "-90000000000")),
            _ => items.push(json!({ "id": "n", "sourceItemId": "none" })),
        }
    }

    fn payment(&self) -> Value {
        let Self { dice, model, .. } = self;
        let mut payment = json!({ "type": "createPayment", "id": self.new_id("P") });
        if dice.odd(12) {
            payment["accountId"] = "B".into();
        }
        if dice.odd(12) {
            payment["currency"] = CURRENCIES[dice.below(CURRENCIES.len())].code.into();
        }
        if dice.odd(10) {
            payment["excludeFromAutoApply"] = true.into();
        }
        if dice.odd(3) {
            payment["date"] = format!("2026-01-{:02}", dice.below(4) + 1).into();
        }
        if dice.odd(2) {
            let targets = self.targets(false, None, false);
            merge(&mut payment, targets);
            self.all_open(&mut payment);
            if !payment["invoices"].is_null() || !payment["debitMemos"].is_null() {
                self.spread(&mut payment);
                self.matrix(&mut payment);
            }
            let unstated = !dice.odd(3);
            if unstated {
                return payment;
            }
        }
        let amount = self.amount(model.currency, self.units().abs() * model.currency.step);
        payment["amount"] = amount
            .unwrap_or_else(|| model.currency.write(10_000 * model.currency.step))
            .into();
        if dice.odd(5) {
            let currency = self.currency_of(&payment);
            payment["settledBefore"] = self.past(&payment["amount"], "payment", currency);
        }
        payment
    }

    fn pay(&self) -> Value {
        let target = self.choose(&|index| is_demand(self.kind(index)), &|index| {
            self.has_open(index)
        });
        let mut pay = self.about("pay", target, "invoice");
        pay["id"] = self.new_id("P").into();
        if let Some(target) = target {
            let amount = self.amount(self.currency(target), self.model.possible(target, false));
            Self::set(&mut pay, "amount", amount);
        }
        self.spread(&mut pay);
        self.matrix(&mut pay);
        pay
    }

    // Settling.

    fn spread(&self, command: &mut Value) {
        let Self { dice, .. } = self;
        let rule = [
            "",
            "proration",
            "fifo",
            "lifo",
            "sourceItem",
            "",
            "proration",
            "fifo",
        ][dice.below(8)];
        let rule = if dice.odd(30) { "explicit" } else { rule };
        if !rule.is_empty() {
            command["rule"] = rule.into();
        }
        if dice.odd(2) && rule == "sourceItem" {
            command["fallback"] = ["proration", "fifo", "lifo"][dice.below(3)].into();
        }
        if dice.odd(5) {
            let keys = [
                "largest",
                "smallest",
                "exactMatch",
                "number",
                "date",
                "dueDate",
            ];
            command["documentOrder"] = (0..dice.below(2) + 1)
                .map(|_| keys[dice.below(keys.len())])
                .collect();
        }
        if dice.odd(5) {
            let keys = ["taxFirst", "chargeFirst", "largest", "smallest", "document"];
            command["itemOrder"] = (0..dice.below(2) + 1)
                .map(|_| keys[dice.below(keys.len())])
                .collect();
        }
        if dice.odd(4) {
            command["signs"] = "skipNonPositive".into();
        }
    }

    /// Which lines meet, where the rule leaves that open.
    fn matrix(&self, command: &mut Value) {
        let rules = [&command["rule"], &command["fallback"]];
        let prorates = rules[0].is_null() || rules.iter().any(|rule| *rule == "proration");
        if prorates && self.dice.odd(3) {
            command["matrix"] = "dense".into();
        }
    }

    fn settle(&self, back: bool) -> Value {
        let Self { dice, model, .. } = self;
        let is_applied =
            |source: usize| model.applied.iter().any(|applied| applied.source == source);
        let fits = |index: usize| {
            self.is_live(index)
                && if back {
                    is_applied(index)
                } else {
                    self.has_open(index)
                }
        };
        let source = self.choose(&|index| is_source(self.kind(index)), &fits);
        let mut command = self.about(if back { "unapply" } else { "apply" }, source, "creditMemo");
        self.spread(&mut command);
        if !back {
            self.matrix(&mut command);
        }
        if !(back && dice.odd(4)) {
            let targets = self.targets(back, source, command["rule"] == "explicit");
            merge(&mut command, targets);
        }
        if !back {
            self.all_open(&mut command);
        }
        command
    }

    /// Seldom all open documents of a kind, in the place of those that are named.
    fn all_open(&self, command: &mut Value) {
        if self.dice.odd(6) {
            let list = ["invoices", "debitMemos"][self.dice.below(2)];
            command[list] = "allOpen".into();
        }
    }

    /// Mostly documents that the source can be applied to, or is, and each of them once.
    fn targets(&self, back: bool, source: Option<usize>, explicit: bool) -> Value {
        let Self { dice, model, .. } = self;
        let fits = |index: usize| match source {
            Some(source) if back => model.is_part(source, index),
            Some(source) => model.match_each_other(source, index) && self.has_open(index),
            None => {
                self.has_open(index)
                    && model.documents[index].currency == model.currency
                    && model.documents[index].account == "A"
            }
        };
        let all = self.of(|index| is_demand(self.kind(index)));
        let mut fitting = self.of(|index| is_demand(self.kind(index)) && fits(index));
        let mut targets = json!({});
        let count = dice.below(3) + 1;
        for _ in 0..count {
            let place = dice.below(fitting.len());
            let target = if fitting.is_empty() || dice.odd(40) {
                dice.pick(&all)
            } else {
                Some(fitting[place])
            };
            if place < fitting.len() && !dice.odd(40) {
                fitting.remove(place);
            }
            let kind = target.map_or("invoice", |target| self.kind(target));
            let mut entry = json!({ id_field(kind): self.id(target) });
            if let Some(target) = target {
                let possible = match source {
                    Some(source) if back => model
                        .part(source, target)
                        .iter()
                        .map(|item| item.amount)
                        .sum(),
                    Some(source) => (model.possible(source, false) / count as i128)
                        .min(model.possible(target, false)),
                    None => model.possible(target, false),
                };
                if explicit && !dice.odd(8) || dice.odd(5) {
                    entry["items"] = self.pairs(back, source, target);
                    if dice.odd(10) {
                        entry["amount"] = self.currency(target).write(possible).into();
                    }
                } else {
                    Self::set(
                        &mut entry,
                        "amount",
                        self.amount(self.currency(target), possible),
                    );
                }
            }
            let list = targets
                .as_object_mut()
                .unwrap()
                .entry(list_field(kind))
                .or_insert(json!([]));
            list.as_array_mut().unwrap().push(entry);
            if fitting.is_empty() && !dice.odd(20) {
                break;
            }
        }
        targets
    }

    /// Mostly lines that match: tax to tax and charge to charge, none of them twice, and for an unapply applied ones.
    fn pairs(&self, back: bool, source: Option<usize>, target: usize) -> Value {
        let Self { dice, model, .. } = self;
        let lines = |document: usize| 0..model.documents[document].lines.len();
        let line = |document: usize, line: usize| &model.documents[document].lines[line];
        let is_payment = source.is_none_or(|source| self.kind(source) == "payment");
        let is_tax = |target_line: usize| line(target, target_line).tax_of.is_some();
        let mut known: Vec<Item> = Vec::new();
        match source {
            Some(source) if back => known.extend(model.part(source, target)),
            _ => {
                for to in lines(target) {
                    let open = model.line_open(target, to);
                    let sources = source.map_or(0..1, lines);
                    for from in sources {
                        let cap =
                            source.map_or(open.abs(), |source| model.line_open(source, from).abs());
                        let amount = if open < 0 {
                            open.max(-cap)
                        } else {
                            open.min(cap)
                        };
                        known.push(Item {
                            source: from,
                            target: to,
                            amount,
                        });
                    }
                }
            }
        }
        let matches = |item: &Item| {
            is_payment
                || source.is_none_or(|source| {
                    line(source, item.source).tax_of.is_some() == is_tax(item.target)
                })
        };
        known.retain(|item| matches(item) && (item.amount != 0 || dice.odd(20)));
        let mut pairs = Vec::new();
        for _ in 0..dice.below(4) + 1 {
            let Some(item) = dice.pick(&known) else { break };
            if !dice.odd(30) {
                known.retain(|known| *known != item);
            }
            let currency = self.currency(target);
            let amount = self
                .amount(currency, item.amount.abs())
                .unwrap_or_else(|| currency.write(item.amount.abs()));
            let amount = if item.amount < 0 {
                negated(&amount)
            } else {
                amount
            };
            let tax = is_tax(item.target) != dice.odd(40);
            let target_field = match (tax, self.kind(target)) {
                (true, _) => "taxItemId",
                (false, "debitMemo") => "debitMemoItemId",
                (false, _) => "invoiceItemId",
            };
            let mut pair = json!({ target_field: line(target, item.target).id, "amount": amount });
            if let Some(source) = source.filter(|_| !is_payment) {
                let field = if tax {
                    "creditTaxItemId"
                } else {
                    "creditMemoItemId"
                };
                pair[field] = if dice.odd(50) {
                    "none".into()
                } else {
                    line(source, item.source).id.clone().into()
                };
            }
            pairs.push(pair);
        }
        pairs.into()
    }

    fn refund(&self) -> Value {
        let Self { dice, model, .. } = self;
        let source = self.choose(&|index| is_source(self.kind(index)), &|index| {
            self.has_open(index) || (self.is_live(index) && dice.odd(6))
        });
        let mut refund = self.about("refund", source, "creditMemo");
        refund["id"] = self.new_id("R").into();
        if dice.odd(12) {
            refund["electronic"] = true.into();
        }
        if dice.odd(12) {
            refund["method"] = "Check".into();
        }
        let Some(source) = source else { return refund };
        let currency = self.currency(source);
        let applied: i128 = (0..model.documents[source].lines.len())
            .map(|line| model.line_applied(source, line))
            .sum();
        let mut possible = model.possible(source, false);
        match dice.below(6) {
            4 => {
                refund["autoUnapply"] = true.into();
                possible += applied;
            }
            5 if applied > 0 => merge(&mut refund, self.targets(true, Some(source), false)),
            _ => {}
        }
        if dice.odd(3) && self.kind(source) == "creditMemo" {
            refund["items"] = self.lines(source, ["creditMemoItemId", "creditTaxItemId"]);
        } else {
            Self::set(&mut refund, "amount", self.amount(currency, possible));
            self.spread(&mut refund);
        }
        if dice.odd(6) {
            refund["date"] = ["2026-04-20", "2026-01-02"][dice.below(2)].into();
        }
        refund
    }

    /// Lines of a document, each with a share of what it has open.
    fn lines(&self, of: usize, [item, tax]: [&str; 2]) -> Value {
        let Self { dice, model, .. } = self;
        let lines = &model.documents[of].lines;
        let mut known: Vec<_> = (0..lines.len())
            .filter(|&line| model.line_open(of, line) != 0 || dice.odd(20))
            .collect();
        let mut stated = Vec::new();
        for _ in 0..dice.below(3) + 1 {
            let Some(line) = dice.pick(&known) else { break };
            if !dice.odd(30) {
                known.retain(|known| *known != line);
            }
            let open = model.line_open(of, line);
            let currency = self.currency(of);
            let amount = self
                .amount(currency, open.abs())
                .unwrap_or_else(|| currency.write(open.abs()));
            let amount = if open < 0 { negated(&amount) } else { amount };
            let field = if lines[line].tax_of.is_some() != dice.odd(40) {
                tax
            } else {
                item
            };
            let id = if dice.odd(50) {
                "none".to_owned()
            } else {
                lines[line].id.clone()
            };
            stated.push(json!({ field: id, "amount": amount }));
        }
        stated.into()
    }

    // The life of documents.

    fn step(&self, verb: &str) -> Value {
        let Self { model, .. } = self;
        let has = |index: usize, status: &str| model.documents[index].status == status;
        let has_step = |index: usize| match verb {
            "post" | "unpost" => !matches!(self.kind(index), "payment" | "refund"),
            "void" => self.kind(index) != "refund",
            _ => true,
        };
        let is_used = |index: usize| {
            model
                .applied
                .iter()
                .any(|applied| applied.source == index || applied.target == index)
        };
        let fits = |index: usize| match verb {
            "post" => has(index, "draft"),
            "cancel" if self.kind(index) == "refund" => has(index, "posted"),
            "cancel" if self.kind(index) == "payment" => has(index, "posted") && !is_used(index),
            "cancel" => has(index, "draft"),
            "delete" => has(index, "canceled"),
            "unpost" => has(index, "posted") && !is_used(index),
            _ => self.is_live(index),
        };
        let index = self.choose(&has_step, &fits);
        let mut command = self.about(verb, index, "invoice");
        if verb == "void" && self.dice.odd(3) {
            command["reasonCode"] = ["R1", "R2"][self.dice.below(2)].into();
            command["comment"] = "x".into();
        }
        command
    }

    fn counterpart(&self, verb: &str) -> (Value, Option<usize>) {
        let Self { dice, model, .. } = self;
        let is_used = |index: usize| {
            model
                .applied
                .iter()
                .any(|applied| applied.source == index || applied.target == index)
        };
        let fits = |index: usize| {
            self.is_live(index)
                && (!is_used(index) || (verb == "writeOff" && is_demand(self.kind(index))))
        };
        let of = self.choose(
            &|index| !matches!(self.kind(index), "payment" | "refund"),
            &fits,
        );
        let mut command = self.about(verb, of, "invoice");
        command["id"] = self.new_id("W").into();
        if dice.odd(12) {
            command["reasonCode"] = ["R1", "R2"][dice.below(2)].into();
        }
        if dice.odd(6) {
            command["date"] = ["2026-03-30", "2026-04-20", "2026-01-01"][dice.below(3)].into();
        }
        (command, of)
    }

    /// What is unapplied of a payment, or of a memo that is partly settled.
    fn write_off_rest(&self) -> Value {
        let of = self.choose(&|index| is_source(self.kind(index)), &|index| {
            self.has_open(index)
        });
        let mut command = self.about("writeOff", of, "payment");
        command["id"] = self.new_id("W").into();
        if of.is_some_and(|of| self.kind(of) == "creditMemo") {
            command["rest"] = true.into();
        }
        command
    }

    fn write_off(&self) -> Value {
        let Self { dice, model, .. } = self;
        if dice.odd(3) {
            return self.write_off_rest();
        }
        let (mut command, of) = self.counterpart("writeOff");
        let Some(of) = of else { return command };
        match dice.below(4) {
            2 => {
                Self::set(
                    &mut command,
                    "amount",
                    self.amount(self.currency(of), model.possible(of, false)),
                );
                if command["amount"].is_string() {
                    self.spread(&mut command);
                }
            }
            3 => command["items"] = self.lines(of, ["itemId", "taxItemId"]),
            _ => {}
        }
        command
    }

    fn reverse(&self) -> Value {
        self.counterpart("reverse").0
    }

    /// Many sources over many demands: mostly named ones that fit, or all that are open.
    fn apply_credits(&self) -> Value {
        let Self { dice, .. } = self;
        let mut command = json!({ "type": "applyCredits" });
        let lists: [(&str, IsOfKind); 3] = [
            ("sources", is_source),
            ("invoices", |kind| kind == "invoice"),
            ("debitMemos", |kind| kind == "debitMemo"),
        ];
        for (list, is) in lists {
            match dice.below(4) {
                0 if list != "sources" => {}
                0 | 1 => command[list] = "allOpen".into(),
                _ => {
                    let mut ids: Vec<String> = Vec::new();
                    for _ in 0..dice.below(3) + 1 {
                        let found = self
                            .choose(&|index| is(self.kind(index)), &|index| self.has_open(index));
                        let id = self.id(found);
                        if !ids.contains(&id) || dice.odd(20) {
                            ids.push(id);
                        }
                    }
                    command[list] = ids.into();
                }
            }
        }
        if command["invoices"].is_null() && command["debitMemos"].is_null() && !dice.odd(20) {
            command["invoices"] = "allOpen".into();
        }
        if dice.odd(8) {
            command["accountId"] = ["A", "B", ""][dice.below(3)].into();
        }
        if dice.odd(8) {
            command["currency"] = CURRENCIES[dice.below(CURRENCIES.len())].code.into();
        }
        if dice.odd(3) {
            let keys = ["largest", "smallest", "exactMatch", "number", "date"];
            command["order"] = json!([keys[dice.below(keys.len())]]);
        }
        self.spread(&mut command);
        self.matrix(&mut command);
        for list in ["invoices", "debitMemos"] {
            if command[list].is_null() {
                command.as_object_mut().unwrap().remove(list);
            }
        }
        command
    }

    fn collect(&self) -> Value {
        let Self { dice, .. } = self;
        let of = self.choose(&|index| is_demand(self.kind(index)), &|index| {
            self.has_open(index)
        });
        let mut command = self.about("collect", of, "invoice");
        self.spread(&mut command);
        if command["rule"] == "sourceItem" {
            command["fallback"] = "fifo".into();
        }
        self.matrix(&mut command);
        if dice.odd(3) {
            let kinds = [
                json!(["payment"]),
                json!(["payment", "creditMemo"]),
                json!(["creditMemo"]),
            ];
            command["sources"] = kinds[dice.below(3)].clone();
        }
        command
    }

    fn transfer(&self) -> Value {
        let Self { dice, .. } = self;
        let payment = self.choose(&|index| self.kind(index) == "payment", &|index| {
            self.has_open(index)
        });
        let account = ["B", "A", ""][dice.below(3)];
        json!({ "type": "transferPayment", "paymentId": self.id(payment), "accountId": account })
    }

    fn undo(&self) -> Value {
        let Self { dice, model, .. } = self;
        let groups = model.groups();
        let group = groups.len().checked_sub(
            1 + if dice.odd(2) {
                0
            } else {
                dice.below(groups.len())
            },
        );
        let group = group
            .filter(|_| !dice.odd(30))
            .map_or("AG-0".to_owned(), |place| groups[place].0.clone());
        let mut undo = json!({ "type": "undo", "applicationGroupId": group });
        self.name_part(&mut undo, &group);
        undo
    }

    /// Names an application of the group that is undone, or lines of it.
    fn name_part(&self, undo: &mut Value, group: &str) {
        let Self { dice, model, .. } = self;
        let applications = model.applications(group);
        if applications.is_empty() || !dice.odd(3) {
            return;
        }
        let moved = &applications[dice.below(applications.len())];
        let MovedBetween {
            source,
            target,
            items,
        } = moved;
        let parts = dice.below(4);
        if parts != 1 {
            undo["sourceId"] = source.as_str().into();
        }
        if parts != 0 {
            undo["targetId"] = target.as_str().into();
        }
        if parts == 3 {
            let [(gives_tax, gives), (takes_tax, takes)] = &items[dice.below(items.len())];
            let field = ["targetItemId", "targetTaxItemId"][usize::from(*takes_tax)];
            let mut named = json!({ field: takes });
            if dice.odd(3) {
                let field = ["sourceItemId", "sourceTaxItemId"][usize::from(*gives_tax)];
                named = json!({ field: gives });
            }
            undo["items"] = json!([named]);
        }
    }

    fn update(&self) -> Value {
        let Self { dice, model, .. } = self;
        let is_draft = |index: usize| model.documents[index].status == "draft";
        let of = self.choose(&|_| true, &is_draft);
        let mut command = self.about("update", of, "invoice");
        let has_items = |index: usize| !matches!(self.kind(index), "payment" | "refund");
        if dice.odd(4) {
            command["reasonCode"] = [json!("R1"), json!(null), json!("R2")][dice.below(3)].clone();
        }
        if dice.odd(4) {
            command["excludeFromAutoApply"] = dice.odd(2).into();
        }
        let Some(of) = of.filter(|&of| has_items(of)) else {
            return command;
        };
        if self.kind(of) == "creditMemo" && dice.odd(4) {
            command["autoApply"] = dice.odd(2).into();
        }
        if dice.odd(6) {
            command["date"] = ["2026-03-01", "2026-01-02"][dice.below(2)].into();
        }
        if dice.odd(6) {
            command["number"] = format!("N{}", dice.below(9)).into();
        }
        if dice.odd(10) {
            command["targetDate"] = [json!("2026-03-01"), json!(null)][dice.below(2)].clone();
        }
        if dice.odd(8) {
            command["customFields"] = json!({ "a": null, "b": 1 });
        }
        let lines = &model.documents[of].lines;
        let currency = self.currency(of);
        let mut changes = Vec::new();
        for place in 0..dice.below(3) {
            let items: Vec<_> = (0..lines.len())
                .filter(|&line| lines[line].tax_of.is_none())
                .collect();
            let line = items[dice.below(items.len())];
            let id = if dice.odd(30) {
                "none".to_owned()
            } else {
                lines[line].id.clone()
            };
            changes.push(match dice.below(7) {
                6 => {
                    let amount = currency.write(lines[line].amount);
                    let before = self.past(&amount.into(), self.kind(of), currency);
                    json!({ "id": id, "settledBefore": before })
                }
                5 => {
                    let price = [json!("1.5"), json!(null)][dice.below(2)].clone();
                    let words = [json!("x"), json!(null)][dice.below(2)].clone();
                    let mode = ["exclusive", "inclusive"][dice.below(2)];
                    json!({ "id": id, "quantity": "2", "unitPrice": price, "description": words,
                        "serviceEnd": null, "customFields": { "a": words }, "taxMode": mode })
                }
                0 | 1 => {
                    let amount = currency.write(self.units() * currency.step);
                    json!({ "id": id, "amount": self.amount(currency, lines[line].amount.abs()).unwrap_or(amount) })
                }
                2 => {
                    let units = self.units();
                    let id = format!("n{place}");
                    let mut item = json!({ "id": id, "amount": currency.write(units * currency.step) });
                    if dice.odd(2) {
                        item["taxItems"] = json!([self.tax(currency, &format!("{id}t"), units)]);
                    }
                    if dice.odd(4) {
                        item["taxMode"] = "inclusive".into();
                    }
                    json!({ "add": item })
                }
                3 => json!({ "delete": id }),
                _ => {
                    let tax = (0..lines.len()).find(|&tax| lines[tax].tax_of == Some(line));
                    let new = |id: &str| self.tax(currency, id, 1);
                    match tax {
                        Some(tax) if dice.odd(3) => json!({ "id": id, "taxItems": [{ "delete": lines[tax].id }] }),
                        Some(tax) if dice.odd(2) => json!({ "id": id, "taxItems": [new(&lines[tax].id)] }),
                        _ => json!({ "id": id, "taxItems": [{ "add": new(&format!("nt{place}")) }] }),
                    }
                }
            });
        }
        if !changes.is_empty() {
            command["items"] = changes.into();
        }
        command
    }
}

/// An amount with the other sign, but no negative nothing.
fn negated(amount: &str) -> String {
    match amount.strip_prefix('-') {
        Some(amount) => amount.to_owned(),
        None if amount.bytes().all(|byte| matches!(byte, b'0' | b'.')) => amount.to_owned(),
        None => format!("-{amount}"),
    }
}

fn merge(command: &mut Value, fields: Value) {
    if let (Value::Object(command), Value::Object(fields)) = (command, fields) {
        command.extend(fields);
    }
}
