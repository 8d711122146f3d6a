//! The rules once more, as naively as they can be said: plain lists, 128-bit sums, everything looked up anew each time.
//!
//! This is no second engine but a second reading of `docs/rules/settlement.md` and of `wire/types`. It shares no code
//! with the engine, takes the same requests, and returns the whole result as it must cross the boundary. What a request
//! must look like it does not ask: the boundary sees to that before.

#[path = "model/apply.rs"]
mod apply;
#[path = "model/collect.rs"]
mod collect;
#[path = "model/counterparts.rs"]
mod counterparts;
#[path = "model/create.rs"]
mod create;
#[path = "model/credit.rs"]
mod credit;
#[path = "model/figures.rs"]
mod figures;
#[path = "model/guards.rs"]
mod guards;
#[path = "model/lifecycle.rs"]
mod lifecycle;
#[path = "model/money.rs"]
mod money;
#[path = "model/outcome.rs"]
mod outcome;
#[path = "model/price.rs"]
mod price;
#[path = "model/settle.rs"]
mod settle;
#[path = "model/shares.rs"]
mod shares;
#[path = "model/targets.rs"]
mod targets;
#[path = "model/unapply.rs"]
mod unapply;
#[path = "model/undo.rs"]
mod undo;
#[path = "model/update.rs"]
mod update;

use shares::{
    cell, change_items, check_shape, close, has_words, lacks_source, means_all_open,
    natural_pieces, negated, scaled, split, targets, tell_price,
};

use crate::support::naive::{in_order, proportional, set_off};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The code of a refusal.
pub type Refusal = &'static str;
type Result<T> = std::result::Result<T, Refusal>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    pub code: &'static str,
    pub scale: usize,
    /// The least step between two amounts, in minor units.
    pub step: i128,
    /// The least step between two totals of invoices, to which they are rounded up: 1 where there is none.
    total_step: i128,
}

/// The currencies that the model knows; the first is that of the book. Scales and steps of every sort.
pub const CURRENCIES: [Currency; 6] = [
    Currency {
        code: "USD",
        scale: 2,
        step: 1,
        total_step: 1,
    },
    Currency {
        code: "JPY",
        scale: 0,
        step: 1,
        total_step: 1,
    },
    Currency {
        code: "KWD",
        scale: 3,
        step: 1,
        total_step: 1,
    },
    Currency {
        code: "CHF",
        scale: 2,
        step: 5,
        total_step: 1,
    },
    Currency {
        code: "COIN",
        scale: 8,
        step: 1,
        total_step: 1,
    },
    Currency {
        code: "CASH",
        scale: 2,
        step: 1,
        total_step: 5,
    },
];

const LARGEST: i128 = i64::MAX as i128;

impl Currency {
    pub fn write(&self, minor: i128) -> String {
        let sign = if minor < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", minor.abs(), width = self.scale + 1);
        let (whole, decimals) = digits.split_at(digits.len() - self.scale);
        if decimals.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{decimals}")
        }
    }

    /// How many steps an amount has, as far as it has whole ones.
    pub fn units(&self, value: &Value) -> i128 {
        self.read(value).map_or(1, |minor| minor / self.step)
    }

    fn read(&self, value: &Value) -> Result<i128> {
        let text = value.as_str().unwrap();
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        if decimals.len() > self.scale {
            return Err("tooManyDecimals");
        }
        let minor: i128 = format!("{whole}{decimals:0<width$}", width = self.scale)
            .parse()
            .unwrap();
        if minor.abs() > LARGEST {
            return Err("outOfRange");
        }
        if minor % self.step == 0 {
            Ok(minor)
        } else {
            Err("offIncrement")
        }
    }

    /// The total that an invoice of `amount` comes to: away from zero to a whole step.
    fn total_of(&self, amount: i128) -> i128 {
        let steps = (amount.abs() + self.total_step - 1) / self.total_step;
        amount.signum() * steps * self.total_step
    }

    /// `amount × above ÷ below`, to whole steps, halves away from zero.
    fn share(&self, amount: i128, above: i128, below: i128) -> i128 {
        let (above, below) = (amount * above, below * self.step);
        let sign = above.signum() * below.signum();
        let (above, below) = (above.abs(), below.abs());
        sign * ((above * 2 + below) / (below * 2)) * self.step
    }
}

/// The whole number nearest to a fraction, halves away from zero.
fn nearest(above: i128, below: i128) -> i128 {
    above.signum() * ((above.abs() * 2 + below) / (below * 2))
}

fn least_common_multiple(a: i128, b: i128) -> i128 {
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a / divisor * b
}

/// A rate as a whole number of ten-thousandths.
fn rate(value: &Value) -> i128 {
    let text = value.as_str().unwrap();
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<4}").parse().unwrap()
}

const WHOLE: i128 = 10_000;

#[derive(Clone, Debug)]
pub struct Document {
    pub kind: &'static str,
    pub id: String,
    pub number: String,
    pub account: String,
    pub currency: Currency,
    pub status: &'static str,
    pub date: String,
    due_date: String,
    pub origin: &'static str,
    pub refers_to: Option<usize>,
    pub reversed: bool,
    pub deleted: bool,
    auto_apply: bool,
    exclude: bool,
    reason: Option<String>,
    posted_on: Option<String>,
    /// When it was posted first, and when it was posted again after it had been unposted.
    first_posted_on: Option<String>,
    posted_again_on: Option<String>,
    /// When its status changed last.
    changed_on: Option<String>,
    canceled_on: Option<String>,
    /// The days of the commands that made it and that changed it last.
    created_on: String,
    updated_on: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    /// The item that this tax item belongs to.
    pub tax_of: Option<usize>,
    /// The item that this discount reduces.
    pub discount_of: Option<usize>,
    /// The line of another document that it credits or debits.
    pub source: Option<(usize, usize)>,
    /// Name, location, jurisdiction and rate of a tax.
    identity: [Option<String>; 4],
    /// It follows from its rate, also when the draft changes.
    by_rate: bool,
    /// How many and at what price, as given.
    price: [Option<String>; 2],
    pub processing: &'static str,
    pub inclusive: bool,
    pub amount: i128,
    pub netted: i128,
    /// What was settled of it before its document came into the book.
    pub before: Vec<Before>,
}

/// What was settled on a day by a document that the book does not have.
#[derive(Clone, Debug)]
pub struct Before {
    day: String,
    amount: i128,
    by: String,
}

impl Before {
    /// As a request states it.
    fn read(stated: &Value, currency: Currency) -> Result<Vec<Self>> {
        let entries = list(stated).iter().map(|entry| {
            Ok(Self {
                day: text(&entry["at"]).unwrap(),
                amount: currency.read(&entry["amount"])?,
                by: text(&entry["by"]).unwrap(),
            })
        });
        entries.collect()
    }

    /// Whether documents of a kind have all the words that a request says.
    fn is_of(stated: &Value, kind: &str) -> bool {
        let words = if is_demand(kind) {
            ["payment", "creditMemo"]
        } else {
            ["application", "refund"]
        };
        let mut entries = list(stated).iter();
        entries.all(|entry| words.contains(&entry["by"].as_str().unwrap()))
    }

    /// Whether all days that a request says are on or after the date of the document.
    fn is_since(stated: &Value, date: &str) -> bool {
        let mut entries = list(stated).iter();
        entries.all(|entry| entry["at"].as_str().unwrap() >= date)
    }
}

impl Document {
    /// Refuses an amount that has not the sign of its line.
    fn check_signs_of_past(&self) -> Result<()> {
        for line in &self.lines {
            let is_negative = line.amount + line.netted < 0;
            let is_wrong = |of: &Before| of.amount == 0 || (of.amount < 0) != is_negative;
            if line.before.iter().any(is_wrong) {
                return Err("amountNotPositive");
            }
        }
        Ok(())
    }

    /// Refuses more than a line has, and a day on which the document has been settled with more than it has, or less
    /// than nothing.
    fn check_sums_of_past(&self) -> Result<()> {
        let net = |line: &Line| line.amount + line.netted;
        let entries = |line: &Line| line.before.clone();
        let sum = |entries: &[Before]| entries.iter().map(|of| of.amount).sum::<i128>();
        if self
            .lines
            .iter()
            .any(|line| !within(sum(&line.before), net(line)))
        {
            return Err("exceedsItem");
        }
        let all: Vec<_> = self.lines.iter().flat_map(entries).collect();
        let total = self.lines.iter().map(net).sum();
        for day in all.iter().map(|of| &of.day) {
            let until: Vec<_> = all.iter().filter(|of| of.day <= *day).cloned().collect();
            let is_refund = |of: &&Before| of.by == "refund";
            let refunded = until.iter().filter(is_refund).map(|of| of.amount).sum();
            let settled = sum(&until);
            if ![settled, refunded, settled - refunded]
                .into_iter()
                .all(|part| within(part, total))
            {
                return Err("exceedsItem");
            }
        }
        Ok(())
    }

    /// Whether anything of it was settled before it came into the book.
    fn has_past(&self) -> bool {
        self.lines.iter().any(|line| !line.before.is_empty())
    }

    /// What of a line was credited before.
    fn credited_before(&self, line: usize) -> i128 {
        let before = self.lines[line].before.iter();
        before
            .filter(|of| of.by == "creditMemo")
            .map(|of| of.amount)
            .sum()
    }

    fn total(&self) -> i128 {
        self.lines.iter().map(|line| line.amount).sum()
    }

    /// Gives it a rounding item of `amount` for the one that the engine gave it, or none.
    fn round(&mut self, amount: i128) {
        self.lines
            .retain(|line| line.processing != "rounding" || line.source.is_some());
        if amount == 0 {
            return;
        }
        let id = (1..)
            .map(|number| match number {
                1 => "rounding".to_owned(),
                _ => format!("rounding/{number}"),
            })
            .find(|id| self.lines.iter().all(|line| line.id != *id));
        self.lines.push(Line {
            id: id.unwrap(),
            tax_of: None,
            discount_of: None,
            source: None,
            identity: Default::default(),
            processing: "rounding",
            inclusive: false,
            by_rate: false,
            price: Default::default(),
            amount,
            netted: 0,
            before: Vec::new(),
        });
    }
}

/// An amount between a line of a source and a line of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub source: usize,
    pub target: usize,
    pub amount: i128,
}

impl Item {
    /// The order of the items between two documents: by target, then source.
    pub const fn order(&self) -> (usize, usize) {
        (self.target, self.source)
    }

    const fn negated(self) -> Self {
        Self {
            amount: -self.amount,
            ..self
        }
    }
}

fn sum(items: &[Item]) -> i128 {
    items.iter().map(|item| item.amount).sum()
}

/// What is applied of a source to a target now. Its amount is never zero.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    pub source: usize,
    pub target: usize,
    pub item: Item,
}

/// What one target receives or (negative) gives back.
#[derive(Clone, Debug)]
struct Application {
    target: usize,
    rule: &'static str,
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
struct Settlement {
    version: u64,
    at: String,
    source: usize,
    applications: Vec<Application>,
    /// Whether it took back what another one had applied or refunded.
    back: bool,
    undoes: Option<u64>,
}

/// What a group moved between two documents, by their identifiers.
pub struct MovedBetween {
    pub source: String,
    pub target: String,
    /// The lines of both sides: whether each is a tax item, and its identifier.
    pub items: Vec<[(bool, String); 2]>,
}

/// What a settlement moved on a line of a document.
struct Move {
    day: String,
    line: usize,
    refunds: bool,
    amount: i128,
}

/// A book.
#[derive(Clone, Debug)]
pub struct Model {
    pub currency: Currency,
    options: Value,
    closed: Option<String>,
    /// Closed periods are closed for applications too.
    closes_applications: bool,
    pub documents: Vec<Document>,
    pub applied: Vec<Applied>,
    log: Vec<Settlement>,
    pub version: u64,
    run: Run,
}

/// What the command under way has done.
#[derive(Clone, Debug, Default)]
struct Run {
    /// The documents that the command created or changed.
    touched: Vec<usize>,
    created: Vec<usize>,
    notices: Vec<(&'static str, Option<usize>)>,
    results: Vec<Result<Option<usize>>>,
}

/// The refusals in their order, as far as guards can be asked apart from each other.
const PRECEDENCE: [&str; 30] = [
    "unknownField",
    "missingField",
    "invalidChoice",
    "unknownCurrency",
    "unknownReasonCode",
    "duplicateId",
    "documentNotFound",
    "groupNotFound",
    "itemNotFound",
    "duplicateEntry",
    "invalidStatus",
    "alreadySettled",
    "accountMismatch",
    "currencyMismatch",
    "kindMismatch",
    "invalidItem",
    "periodClosed",
    "dateTooEarly",
    "limitExceeded",
    "tooManyDecimals",
    "invalidDiscount",
    "amountNotPositive",
    "sumMismatch",
    "exceedsItem",
    "exceedsUnapplied",
    "exceedsBalance",
    "exceedsApplied",
    "exceedsAvailableToCredit",
    "noSourceItem",
    "nothingToSettle",
];

/// Of several refusals, the first of the table. Those of amounts are one: the first amount that is read decides.
fn first(guards: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let rank = |code: &Refusal| {
        let code = match *code {
            "outOfRange" | "offIncrement" => "tooManyDecimals",
            code => code,
        };
        PRECEDENCE.iter().position(|known| *known == code).unwrap()
    };
    let refusals = guards.into_iter().filter_map(std::result::Result::err);
    refusals.min_by_key(rank).map_or(Ok(()), Err)
}

/// How amounts are spread.
struct Spread {
    rule: Option<&'static str>,
    fallback: Option<&'static str>,
    documents: Vec<String>,
    lines: Vec<String>,
    skips: bool,
    dense: bool,
}

/// One target of a request, with its lines found; their amounts are read last.
struct Entry<'a> {
    wanted: &'a Value,
    target: usize,
    amount: Option<i128>,
    items: Option<Vec<(&'a Value, Item)>>,
}

impl Entry<'_> {
    fn items(&self) -> Vec<Item> {
        self.items.iter().flatten().map(|(_, item)| *item).collect()
    }
}

/// The lines of a document in the order in which they settle, and how many steps each has left.
struct Side {
    document: usize,
    lines: Vec<usize>,
    left: Vec<i128>,
}

impl Side {
    fn left(&mut self, line: usize) -> Option<&mut i128> {
        let place = self.lines.iter().position(|&known| known == line)?;
        self.left.get_mut(place)
    }
}

pub const KINDS: [&str; 5] = ["invoice", "creditMemo", "debitMemo", "payment", "refund"];
/// What an update can say of a document in any status, and of whether it settles anything when it is posted. All else
/// is for drafts.
const FOR_ANY_DOCUMENT: [&str; 7] = [
    "type",
    "at",
    "reasonCode",
    "comment",
    "excludeFromAutoApply",
    "customFields",
    "autoApply",
];
const RULES: [&str; 5] = ["proration", "fifo", "lifo", "sourceItem", "explicit"];

pub fn id_field(kind: &str) -> String {
    format!("{kind}Id")
}

pub fn list_field(kind: &str) -> String {
    format!("{kind}s")
}

pub fn capital(kind: &str) -> String {
    kind[..1].to_uppercase() + &kind[1..]
}

pub fn is_demand(kind: &str) -> bool {
    matches!(kind, "invoice" | "debitMemo")
}

pub fn is_source(kind: &str) -> bool {
    matches!(kind, "creditMemo" | "payment")
}

/// The verb of a command and the kind of document that it is about.
pub fn verb(command: &Value) -> (String, Option<&'static str>) {
    let name = command["type"].as_str().unwrap();
    let kind = KINDS
        .iter()
        .copied()
        .find(|kind| name.ends_with(&capital(kind)));
    (
        name.strip_suffix(&kind.map(capital).unwrap_or_default())
            .unwrap()
            .to_owned(),
        kind,
    )
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Counts a tax that names none of the document's: the same ones of an item together.
fn add_tax<'a>(
    taxes: &mut Vec<(Option<usize>, &'a Line, i128)>,
    item: Option<usize>,
    line: &'a Line,
) {
    let known = taxes
        .iter_mut()
        .find(|(of, known, _)| *of == item && known.identity == line.identity);
    match known {
        Some((.., amount)) => *amount += line.amount,
        None => taxes.push((item, line, line.amount)),
    }
}

/// An identifier that none of those taxes has.
fn numbered(id: &str, taken: &[Value]) -> String {
    let is_free = |id: &String| taken.iter().all(|tax| tax["id"] != **id);
    let mut numbers = (2..).map(|number| format!("{id}/{number}"));
    Some(id.to_owned())
        .filter(is_free)
        .or_else(|| numbers.find(is_free))
        .unwrap()
}

/// Whether a share lies between nothing and all there is.
fn within(share: i128, all: i128) -> bool {
    (all.min(0)..=all.max(0)).contains(&share)
}

impl Model {
    pub fn new(currency: Currency, mut options: Value) -> Self {
        options["currency"] = currency.code.into();
        options["accountId"] = "A".into();
        options["currencies"] = json!([
            { "code": "CHF", "increment": "0.05" },
            { "code": "COIN", "scale": 8 },
            { "code": "CASH", "scale": 2, "invoiceIncrement": "0.05", "invoiceRounding": "up" },
        ]);
        Self {
            currency,
            closed: text(&options["closedThrough"]),
            closes_applications: options["closedPeriods"] == "documentsAndApplications",
            options,
            documents: Vec::new(),
            applied: Vec::new(),
            log: Vec::new(),
            version: 0,
            run: Run::default(),
        }
    }

    /// The options of the same book.
    pub const fn options(&self) -> &Value {
        &self.options
    }

    /// Carries a command out and returns the whole outcome, or with the code of its refusal.
    pub fn execute(&mut self, command: &Value) -> Result<Value> {
        let before = self.clone();
        self.run = Run::default();
        self.version += 1;
        match self.perform(command) {
            Ok(subject) => Ok(self.outcome(command, subject)),
            Err(refusal) => {
                *self = before;
                Err(refusal)
            }
        }
    }

    fn perform(&mut self, command: &Value) -> Result<Option<usize>> {
        self.run.touched.clear();
        let subject = self.carry_out(command)?;
        // A bulk has told those of each of its commands.
        if command["type"] != "bulk" {
            let at = command["at"].as_str().unwrap();
            for index in std::mem::take(&mut self.run.touched) {
                self.documents[index].updated_on = at.to_owned();
                let created_on = &mut self.documents[index].created_on;
                if created_on.is_empty() {
                    at.clone_into(created_on);
                }
            }
        }
        Ok(subject)
    }

    fn carry_out(&mut self, command: &Value) -> Result<Option<usize>> {
        let (verb, kind) = verb(command);
        let at = command["at"].as_str().unwrap();
        let kind = kind.unwrap_or_default();
        let subject = match &*verb {
            "create" if kind == "payment" => self.create_payment(command, None, at),
            "create" => self.create(command, kind, at),
            "pay" => self.create_payment(command, Some(kind), at),
            "update" => self.update(command, kind, at),
            "post" | "unpost" | "cancel" | "delete" | "void" => self.step(&verb, command, kind, at),
            "apply" => self.apply(command, kind, at),
            "applyCredits" => return self.apply_credits(command, at).map(|()| None),
            "unapply" => self.unapply(command, kind, at),
            "refund" => self.refund(command, kind, at),
            "writeOff" => self.write_off(command, kind, at),
            "reverse" => self.reverse(command, kind, at),
            "collect" => self.collect(command, kind, at),
            "transfer" => self.transfer(command),
            "undo" => self.undo(command, at),
            "closePeriods" => {
                self.closed = text(&command["through"]);
                if let Some(closed) = command["closedPeriods"].as_str() {
                    self.closes_applications = closed == "documentsAndApplications";
                }
                return Ok(None);
            }
            "bulk" => return self.bulk(command).map(|()| None),
            other => panic!("no such command: {other}"),
        };
        subject.map(Some)
    }

    fn bulk(&mut self, command: &Value) -> Result<()> {
        // What is no command refuses all or none before anything else, and else nothing but itself.
        let is_misspelt = |command: &Value| command.get("oops").is_some();
        if command["atomic"] == true && list(&command["commands"]).iter().any(is_misspelt) {
            return Err("unknownField");
        }
        self.limit("bulkCommands", list(&command["commands"]).len())?;
        for command_of in list(&command["commands"]) {
            let before = self.clone();
            let result = if is_misspelt(command_of) {
                Err("unknownField")
            } else {
                self.perform(command_of)
            };
            if result.is_err() {
                if command["atomic"] == true {
                    return result.map(drop);
                }
                let results = std::mem::take(&mut self.run.results);
                *self = before;
                self.run.results = results;
            }
            self.run.results.push(result);
        }
        Ok(())
    }
}
