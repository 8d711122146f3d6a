//! The rules once more, as naively as they can be said: plain lists, 128-bit sums, everything looked up anew each time.
//!
//! This is no second engine but a second reading of `docs/rules/settlement.md` and of `wire/types`. It shares no code
//! with the engine, takes the same requests, and returns the whole result as it must cross the boundary. What a request
//! must look like it does not ask: the boundary sees to that before.

#[path = "model/undo.rs"]
mod undo;

use crate::support::naive::{in_order, proportional};
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

    // Guards that many share.

    fn limit(&self, name: &str, count: usize) -> Result<()> {
        if self.allows(name, count) {
            Ok(())
        } else {
            Err("limitExceeded")
        }
    }

    fn allows(&self, name: &str, count: usize) -> bool {
        self.options["limits"][name]
            .as_u64()
            .is_none_or(|most| count as u64 <= most)
    }

    fn check_reason(&self, command: &Value) -> Result<()> {
        let known = list(&self.options["reasonCodes"]);
        let fits = command
            .get("reasonCode")
            .is_none_or(|reason| reason.is_null() || known.is_empty() || known.contains(reason));
        if fits {
            Ok(())
        } else {
            Err("unknownReasonCode")
        }
    }

    /// An identifier is unique in the book, a number among the documents of a kind.
    fn check_new(&self, command: &Value, kind: &str) -> Result<()> {
        let number = command.get("number").unwrap_or(&command["id"]);
        let is_taken = self.documents.iter().any(|document| {
            let has_number = document.kind == kind && document.number == *number;
            !document.deleted && (document.id == command["id"] || has_number)
        });
        if is_taken { Err("duplicateId") } else { Ok(()) }
    }

    fn currency_of(&self, command: &Value) -> Result<Currency> {
        match command["currency"].as_str() {
            None => Ok(self.currency),
            Some(code) => CURRENCIES
                .into_iter()
                .find(|known| known.code == code)
                .ok_or("unknownCurrency"),
        }
    }

    /// By the identifier, or else by the number.
    pub fn find(&self, kind: &str, id: &Value) -> Result<usize> {
        let is_there = |document: &Document| !document.deleted && document.kind == kind;
        let has_id = |document: &Document| is_there(document) && document.id == *id;
        let has_number = |document: &Document| is_there(document) && document.number == *id;
        let by_id = self.documents.iter().position(has_id);
        let found = by_id.or_else(|| self.documents.iter().position(has_number));
        found.ok_or("documentNotFound")
    }

    fn check_live(&self, document: usize) -> Result<()> {
        let Document {
            status, reversed, ..
        } = self.documents[document];
        if status == "posted" && !reversed {
            Ok(())
        } else {
            Err("invalidStatus")
        }
    }

    fn check_open(&self, day: &str) -> Result<()> {
        if self.closed.as_deref().is_some_and(|closed| day <= closed) {
            Err("periodClosed")
        } else {
            Ok(())
        }
    }

    /// Where applications are closed too, nothing is settled on a day of a closed period.
    fn check_settling(&self, day: &str) -> Result<()> {
        if self.closes_applications {
            self.check_open(day)
        } else {
            Ok(())
        }
    }

    fn check_status(&self, document: usize, status: &str) -> Result<()> {
        if self.documents[document].status == status {
            Ok(())
        } else {
            Err("invalidStatus")
        }
    }

    /// Nothing is settled of it, and no document that was made from it still counts.
    fn check_unsettled(&self, document: usize) -> Result<()> {
        self.check_unapplied(document)?;
        self.check_unmade(document)
    }

    fn check_unapplied(&self, document: usize) -> Result<()> {
        if self.documents[document].reversed {
            return Err("invalidStatus");
        }
        self.check_no_past(document)?;
        let is_used = self
            .applied
            .iter()
            .any(|applied| applied.source == document || applied.target == document);
        if is_used {
            Err("alreadySettled")
        } else {
            Ok(())
        }
    }

    /// What the book does not have is not taken back in it, as long as the document counts.
    fn check_no_past(&self, document: usize) -> Result<()> {
        let document = &self.documents[document];
        if document.status == "posted" && document.has_past() {
            Err("alreadySettled")
        } else {
            Ok(())
        }
    }

    fn check_unmade(&self, document: usize) -> Result<()> {
        let live = |made: &Document| {
            !made.deleted && made.status != "canceled" && self.is_made(made, document)
        };
        if self.documents.iter().any(live) {
            Err("alreadySettled")
        } else {
            Ok(())
        }
    }

    /// Whether a document was made from another or from a line of it.
    fn is_made(&self, made: &Document, of: usize) -> bool {
        made.refers_to == Some(of)
            || made
                .lines
                .iter()
                .any(|line| line.source.is_some_and(|(source, _)| source == of))
    }

    // Creating.

    fn create(&mut self, new: &Value, kind: &'static str, at: &str) -> Result<usize> {
        let document = match self.draft(new, kind, at, None) {
            Ok(document) => document,
            // What it would settle can be wrong too: at least the day is known.
            Err(refusal) => {
                let of = |kind: &&str| self.find(kind, &new[id_field(kind)]).ok();
                let target = ["invoice", "debitMemo"].iter().find_map(of);
                let settles = |target: &usize| {
                    let is_automatic = new["autoPost"] == true && new["autoApply"] == true;
                    let is_posted = self.documents[*target].status == "posted";
                    kind == "creditMemo" && is_automatic && is_posted && self.open(*target) > 0
                };
                let target = target.filter(settles);
                let again = target.map_or(Ok(()), |target| self.check_posted_again(target, at));
                let closed = target.map_or(Ok(()), |_| self.check_settling(at));
                first([Err(refusal), closed, again])?;
                return Err(refusal);
            }
        };
        let index = self.add(document);
        if new["autoPost"] == true {
            self.post(index, at)?;
        }
        Ok(index)
    }

    fn add(&mut self, document: Document) -> usize {
        // One that was made like another is new all the same.
        let created_on = String::new();
        self.documents.push(Document {
            created_on,
            ..document
        });
        self.run.created.push(self.documents.len() - 1);
        self.run.touched.push(self.documents.len() - 1);
        self.documents.len() - 1
    }

    fn draft(
        &self,
        new: &Value,
        kind: &'static str,
        at: &str,
        own: Option<usize>,
    ) -> Result<Document> {
        let from = ["invoice", "debitMemo", "creditMemo"]
            .into_iter()
            .find(|kind| new.get(id_field(kind)).is_some());
        let from = from.filter(|_| kind != "invoice");
        if new["items"]
            .as_array()
            .map_or(from.is_none(), Vec::is_empty)
        {
            return Err("missingField");
        }
        let is_homeless = |item: &Value| {
            item["sourceItemId"].is_string() && item["sourceDocumentId"].is_null() && from.is_none()
        };
        let lacks = |item: &Value| lacks_source(item) || is_homeless(item);
        if list(&new["items"]).iter().any(lacks) {
            return Err("missingField");
        }
        let entries = |item: &Value| {
            let taxes = list(&item["taxItems"]).iter();
            let lines = [item.clone()].into_iter().chain(taxes.cloned());
            lines.map(|line| line["settledBefore"].clone()).collect()
        };
        let entries: Vec<Vec<Value>> = list(&new["items"]).iter().map(entries).collect();
        if !entries.iter().flatten().all(|of| Before::is_of(of, kind)) {
            return Err("invalidChoice");
        }
        let stated = self.currency_of(new)?;
        self.check_reason(new)?;
        if own.is_none() {
            self.check_new(new, kind)?;
        }
        let from = from
            .map(|kind| self.find(kind, &new[id_field(kind)]))
            .transpose();
        let missing = from.is_err();
        let from = from.unwrap_or_default();
        let own_items;
        let mut nothing_left = false;
        let items = match (new["items"].as_array(), from) {
            (Some(items), _) => items,
            (None, Some(from)) => {
                let all = self.all_items(from);
                let is_spent = self.total(from) != 0 && self.available_of(from, None) == 0;
                let has_rounding = self.rounding_left(from, None) != 0;
                // Refused last.
                nothing_left = (all.is_empty() && !has_rounding) || is_spent;
                own_items = if nothing_left { Vec::new() } else { all };
                &own_items
            }
            (None, None) => {
                own_items = Vec::new();
                &own_items
            }
        };
        // The items, each followed by its tax items: first who they are, then of what.
        let mut lines: Vec<Line> = Vec::new();
        let mut found = Vec::new();
        for item in items {
            let source = self.source_of(item, from);
            let of = lines.len();
            lines.push(Line {
                id: text(&item["id"]).unwrap(),
                tax_of: None,
                discount_of: None,
                source: source.unwrap_or_default(),
                identity: Default::default(),
                by_rate: false,
                price: ["quantity", "unitPrice"].map(|field| text(&item[field])),
                processing: match item["processingType"].as_str() {
                    // A discount is nothing else beside.
                    _ if item["appliedToItemId"].is_string() => "discount",
                    Some("rounding") => "rounding",
                    Some("prepayment") => "prepayment",
                    _ => "charge",
                },
                inclusive: item["taxMode"] == "inclusive",
                amount: 0,
                netted: 0,
                before: Vec::new(),
            });
            for tax in self.taxes_of(item, source.unwrap_or_default()) {
                let identity =
                    ["name", "locationCode", "jurisdiction", "rate"].map(|field| text(&tax[field]));
                lines.push(Line {
                    id: text(&tax["id"]).unwrap(),
                    tax_of: Some(of),
                    source: None,
                    identity,
                    by_rate: tax["amount"].is_null() && tax["sourceTaxItemId"].is_null(),
                    ..lines[of].clone()
                });
            }
            found.push((of, source));
        }
        if (0..lines.len())
            .any(|place| lines[..place].iter().any(|line| line.id == lines[place].id))
        {
            return Err("duplicateId");
        }
        let is_rounding = |line: &Line| line.id == "rounding";
        if kind == "invoice" && stated.total_step != 1 && lines.iter().any(is_rounding) {
            return Err("duplicateId");
        }
        if missing {
            return Err("documentNotFound");
        }
        first(found.iter().map(|(_, source)| source.map(drop)))?;
        for (item, (of, source)) in items.iter().zip(&found) {
            if let Ok(Some((document, line))) = source {
                let named = self.taxes_of(item, Some((*document, *line)));
                for (place, tax) in named.iter().enumerate() {
                    let Some(id) = tax["sourceTaxItemId"].as_str() else {
                        continue;
                    };
                    let of_source = self.documents[*document].lines.iter();
                    let found = of_source
                        .enumerate()
                        .position(|(_, known)| known.tax_of == Some(*line) && known.id == id);
                    lines[of + 1 + place].source = Some((*document, found.ok_or("itemNotFound")?));
                }
            }
            if let Some(reduced) = item["appliedToItemId"].as_str() {
                let place = lines
                    .iter()
                    .position(|line| line.id == reduced && line.tax_of.is_none());
                lines[*of].discount_of = Some(place.ok_or("itemNotFound")?);
            }
        }
        let header = |of: usize| &self.documents[of];
        let date = text(&new["date"]).unwrap_or_else(|| at.to_owned());
        let inherits = new["currency"].is_null();
        let origin = match new["origin"].as_str() {
            // Of a draft that changes: it stays what it was made as.
            Some("document") => "document",
            Some("reversal") => "reversal",
            Some("writeOff") => "writeOff",
            _ if new["billing"] == true || new["origin"] == "billing" => "billing",
            _ if from.is_some() => "document",
            _ => "standalone",
        };
        let mut document = Document {
            kind,
            id: text(&new["id"]).unwrap(),
            number: text(&new["number"]).or(text(&new["id"])).unwrap(),
            account: text(&new["accountId"])
                .or(from.map(|from| header(from).account.clone()))
                .unwrap_or_else(|| "A".into()),
            currency: from
                .filter(|_| inherits)
                .map_or(stated, |from| header(from).currency),
            status: "draft",
            due_date: text(&new["dueDate"]).unwrap_or_else(|| date.clone()),
            date,
            origin,
            refers_to: from,
            reversed: false,
            deleted: false,
            auto_apply: new["autoApply"] == true,
            exclude: new["excludeFromAutoApply"] == true,
            reason: text(&new["reasonCode"]),
            posted_on: None,
            first_posted_on: None,
            posted_again_on: None,
            changed_on: None,
            canceled_on: None,
            created_on: String::new(),
            updated_on: String::new(),
            lines,
        };
        let mut sources: Vec<usize> = from.into_iter().collect();
        sources.extend(
            found
                .iter()
                .filter_map(|(_, source)| source.ok().flatten())
                .map(|(document, _)| document),
        );
        for &source in &sources {
            self.check_live(source)?;
        }
        if document.origin != "billing"
            && sources
                .iter()
                .any(|&of| header(of).account != document.account)
        {
            return Err("accountMismatch");
        }
        if sources
            .iter()
            .any(|&of| header(of).currency != document.currency)
        {
            return Err("currencyMismatch");
        }
        let is_taxed = |item: &&Value| {
            item["processingType"] == "rounding" && !list(&item["taxItems"]).is_empty()
        };
        if items.iter().find(is_taxed).is_some() {
            return Err("invalidItem");
        }
        // Where the engine makes rounding items, nobody else does.
        let is_made = match kind {
            "invoice" => document.currency.total_step != 1,
            _ => self.rounded_source(&document).is_some(),
        };
        let is_stated = |item: &&Value| {
            item["processingType"] == "rounding"
                && (kind == "invoice" || item["sourceItemId"].is_null())
        };
        if is_made && items.iter().find(is_stated).is_some() {
            return Err("invalidItem");
        }
        let of_rounding = |&(document, line): &(usize, usize)| {
            header(document).lines[line].processing == "rounding"
        };
        if found
            .iter()
            .filter_map(|(_, source)| source.ok().flatten())
            .any(|place| of_rounding(&place))
        {
            return Err("invalidItem");
        }
        if kind != "invoice" {
            self.check_open(&document.date)?;
        }
        if sources.iter().any(|&of| document.date < header(of).date) {
            return Err("dateTooEarly");
        }
        let mut past = entries.iter().flatten();
        if !past.all(|of| Before::is_since(of, &document.date)) {
            return Err("dateTooEarly");
        }
        if kind != "invoice" {
            self.limit("createItems", items.len())?;
        }
        self.price(&mut document, items, own)?;
        // Those of an item, then those of its tax items, as they are stated.
        let currency = document.currency;
        for (of_item, (of, _)) in entries.iter().zip(&found) {
            for (place, stated) in of_item.iter().enumerate() {
                document.lines[of + place].before = Before::read(stated, currency)?;
            }
        }
        if kind == "invoice" && document.currency.total_step != 1 {
            let rest = document.currency.total_of(document.total()) - document.total();
            document.round(rest);
        }
        if document
            .lines
            .iter()
            .map(|line| line.amount.abs())
            .sum::<i128>()
            > LARGEST
        {
            return Err("outOfRange");
        }
        // A discount takes off its item what it has, up to all that is left of it; its tax items stay as they are.
        for discount in 0..document.lines.len() {
            let Some(item) = document.lines[discount].discount_of else {
                continue;
            };
            let (
                amount,
                Line {
                    amount: whole,
                    netted,
                    discount_of,
                    ..
                },
            ) = (
                document.lines[discount].amount,
                document.lines[item].clone(),
            );
            let left = whole + netted;
            if discount_of.is_some() || !within(left + amount, left) {
                return Err("invalidDiscount");
            }
            document.lines[item].netted += amount;
            document.lines[discount].netted = -amount;
        }
        self.round_credit(&mut document, own);
        if let Some(from) = from.filter(|_| kind == "debitMemo" && new["items"].is_null()) {
            document.round(self.rounding_left(from, None));
        }
        if new["autoPost"] == true {
            Self::check_sign(&document)?;
        }
        document.check_signs_of_past()?;
        for item in items {
            let priced = Self::price_of(item, document.currency)?;
            let stated = item.get("amount").filter(|amount| !amount.is_null());
            if let (Some(price), Some(stated)) = (priced, stated)
                && document.currency.read(stated)? != price
            {
                return Err("sumMismatch");
            }
        }
        document.check_sums_of_past()?;
        self.check_credit(&document, own)?;
        // What is left of a source item is something, where nobody says how much it is.
        let is_spent = |(item, (of, _)): (&Value, &(usize, _))| {
            let is_own = |place: &usize| place == of || document.lines[*place].tax_of == Some(*of);
            let mut own = (0..document.lines.len()).filter(is_own);
            // Net of what the draft credits of the discounts: they would only cancel out.
            let credits = |place: usize| -> i128 {
                let line = &document.lines[place];
                let reductions = document.lines.iter().filter(|other| {
                    let reduced = other
                        .source
                        .and_then(|(of, line)| Some((of, self.reduces(of, line)?)));
                    reduced.is_some() && reduced == line.source
                });
                line.amount + reductions.map(|line| line.amount).sum::<i128>()
            };
            item["amount"].is_null()
                && item["sourceItemId"].is_string()
                && Self::price_of(item, document.currency) == Ok(None)
                && own.all(|place| credits(place) == 0)
        };
        let is_line_spent = new["items"].is_array() && items.iter().zip(&found).any(is_spent);
        if nothing_left || is_line_spent {
            return Err("nothingToSettle");
        }
        Ok(document)
    }

    /// The document whose total was rounded that a credit memo was made from.
    fn rounded_source(&self, memo: &Document) -> Option<usize> {
        let is_rounded = |of: &usize| {
            let Document { kind, lines, .. } = &self.documents[*of];
            is_demand(kind) && lines.iter().any(|line| line.processing == "rounding")
        };
        let is_counterpart = matches!(memo.origin, "reversal" | "writeOff");
        memo.refers_to
            .filter(|_| memo.kind == "creditMemo" && !is_counterpart)
            .filter(is_rounded)
    }

    /// What is left of the rounding items of a document.
    fn rounding_left(&self, of: usize, but: Option<usize>) -> i128 {
        let lines = &self.documents[of].lines;
        let rounding = (0..lines.len()).filter(|&line| lines[line].processing == "rounding");
        rounding
            .map(|line| lines[line].amount - self.credited(of, line, but, true))
            .sum()
    }

    /// The memo that leaves nothing but the rounding of its document has that, too.
    fn round_credit(&self, memo: &mut Document, own: Option<usize>) {
        let Some(of) = self.rounded_source(memo) else {
            return;
        };
        memo.round(0);
        let left = self.rounding_left(of, own);
        let is_last = self.available_of(of, own) - Self::credits(memo, of) == left;
        memo.round(if is_last { left } else { 0 });
    }

    /// Everything of a document that is left to be credited, line by line: a rounding item is no line of a request.
    fn all_items(&self, from: usize) -> Vec<Value> {
        let Document {
            lines, currency, ..
        } = &self.documents[from];
        // What memos have credited without naming a line: items, and taxes by the item that they belong to.
        let mut unnamed = 0;
        let mut taxes: Vec<(Option<usize>, &Line, i128)> = Vec::new();
        for memo in self.documents.iter().filter(|memo| self.counts(memo, true)) {
            let is_own = memo.refers_to == Some(from);
            let is_rounded = self.rounded_source(memo) == Some(from);
            for line in memo.lines.iter().filter(|line| line.source.is_none()) {
                let of = line.tax_of.and_then(|of| memo.lines[of].source);
                match (line.tax_of, of) {
                    (None, _) if is_own && !(is_rounded && line.processing == "rounding") => {
                        unnamed += line.amount;
                    }
                    (Some(_), Some((document, item))) if document == from => {
                        add_tax(&mut taxes, Some(item), line);
                    }
                    (Some(_), None) if is_own => add_tax(&mut taxes, None, line),
                    _ => {}
                }
            }
        }
        // One that is the same as a tax of its item stands for that.
        let mut left: Vec<i128> = (0..lines.len())
            .map(|line| self.uncredited(from, line))
            .collect();
        taxes.retain(|(item, tax, amount)| {
            let same = item.and_then(|item| {
                (0..lines.len()).find(|&line| {
                    lines[line].tax_of == Some(item) && lines[line].identity == tax.identity
                })
            });
            same.iter().for_each(|&line| left[line] -= amount);
            same.is_none() && *amount != 0
        });

        let stated = |id: String, tax: &Line, amount: i128| {
            let [name, location, jurisdiction, rate] = &tax.identity;
            json!({
                "id": id, "amount": currency.write(amount),
                "name": name, "locationCode": location, "jurisdiction": jurisdiction, "rate": rate,
            })
        };
        let taxes_on =
            |item: usize| (0..lines.len()).filter(move |&tax| lines[tax].tax_of == Some(item));
        let is_left = |item: usize| {
            left[item] != 0
                || taxes_on(item).any(|tax| left[tax] != 0)
                || taxes.iter().any(|(of, ..)| *of == Some(item))
        };
        let mut room = left.clone();
        let mut items: Vec<Value> = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            if line.tax_of.is_some() || line.processing == "rounding" || !is_left(place) {
                continue;
            }
            let mut own: Vec<Value> = Vec::new();
            let mut gross = left[place];
            for tax in taxes_on(place) {
                let id = format!("{}/{}", line.id, lines[tax].id);
                let mut of = stated(id, &lines[tax], left[tax]);
                of["sourceTaxItemId"] = lines[tax].id.clone().into();
                own.push(of);
                gross += left[tax];
            }
            for (_, tax, amount) in taxes.iter().filter(|(of, ..)| *of == Some(place)) {
                let id = numbered(&format!("{}/credited", line.id), &own);
                own.push(stated(id, tax, -amount));
                gross -= amount;
            }
            let amount = if line.inclusive { gross } else { left[place] };
            let mut item = json!({
                "id": line.id, "sourceItemId": line.id, "amount": currency.write(amount), "taxItems": own,
                "told": true });
            let taxes: i128 = taxes_on(place).map(|tax| lines[tax].amount).sum();
            // The quantity and price of the whole do not come to a part of it.
            if amount == line.amount + if line.inclusive { taxes } else { 0 } {
                tell_price(&mut item, line);
            }
            if line.inclusive {
                item["taxMode"] = "inclusive".into();
            }
            // A discount without its item is a plain negative line.
            let comes_back = |of: &usize| is_left(*of) && lines[*of].processing != "rounding";
            if let Some(of) = line.discount_of.filter(comes_back)
                && within(room[of] + left[place], room[of])
            {
                room[of] += left[place];
                item["appliedToItemId"] = lines[of].id.clone().into();
            }
            items.push(item);
        }
        let others: Vec<_> = taxes.iter().filter(|(of, ..)| of.is_none()).collect();
        if unnamed != 0 || !others.is_empty() {
            let mut own: Vec<Value> = Vec::new();
            for (_, tax, amount) in others {
                own.push(stated(numbered("credited/tax", &own), tax, -amount));
            }
            items.push(
                json!({ "id": "credited", "amount": currency.write(-unnamed), "taxItems": own }),
            );
        }
        items
    }

    /// The line that an item credits or debits.
    fn source_of(&self, item: &Value, from: Option<usize>) -> Result<Option<(usize, usize)>> {
        let Some(id) = item["sourceItemId"].as_str() else {
            return Ok(None);
        };
        let of = match item["sourceDocumentId"].as_str() {
            Some(id) => {
                let is = |document: &Document| !document.deleted && document.id == id;
                match self.documents.iter().position(is) {
                    Some(of) => of,
                    None => self.only_of_number(id)?,
                }
            }
            None => from.ok_or("missingField")?,
        };
        let line = self.documents[of]
            .lines
            .iter()
            .position(|line| line.tax_of.is_none() && line.id == id);
        Ok(Some((of, line.ok_or("itemNotFound")?)))
    }

    /// The one document with items that has a number; two of different kinds can have it.
    fn only_of_number(&self, number: &str) -> Result<usize> {
        let has_number = |&index: &usize| {
            let document = &self.documents[index];
            let has_items = !matches!(document.kind, "payment" | "refund");
            !document.deleted && has_items && document.number == number
        };
        let all: Vec<_> = (0..self.documents.len()).filter(has_number).collect();
        match all[..] {
            [only] => Ok(only),
            _ => Err("documentNotFound"),
        }
    }

    /// The taxes of an item: as stated, or those of its source item.
    fn taxes_of(&self, item: &Value, source: Option<(usize, usize)>) -> Vec<Value> {
        if let Some(stated) = item["taxItems"].as_array() {
            return stated.clone();
        }
        let Some((document, of)) = source else {
            return Vec::new();
        };
        if item["processingType"] == "rounding" {
            return Vec::new();
        }
        let taxes = self.documents[document]
            .lines
            .iter()
            .filter(|line| line.tax_of == Some(of));
        let tax = |tax: &Line| {
            let [name, location, jurisdiction, rate] = &tax.identity;
            let id = format!("{}/{}", item["id"].as_str().unwrap(), tax.id);
            json!({
                "id": id, "sourceTaxItemId": tax.id,
                "name": name, "locationCode": location, "jurisdiction": jurisdiction, "rate": rate,
            })
        };
        taxes.map(tax).collect()
    }

    /// Gives the lines of a draft their amounts. What the draft credits of discounts is known before what their items
    /// have left, but the first item that is wrong is the one that is told.
    fn price(&self, draft: &mut Document, items: &[Value], own: Option<usize>) -> Result<()> {
        let places: Vec<_> = (0..draft.lines.len())
            .filter(|&line| draft.lines[line].tax_of.is_none())
            .collect();
        let is_discount = |of: usize| {
            let source = draft.lines[of].source;
            source.is_some_and(|(document, line)| {
                self.documents[document].lines[line].discount_of.is_some()
            })
        };
        let (first, then): (Vec<_>, Vec<_>) = places
            .into_iter()
            .zip(items)
            .partition(|(of, _)| is_discount(*of));
        let mut refused: Option<(usize, &'static str)> = None;
        let mut priced = Vec::new();
        for turn in [first, then] {
            for (of, item) in turn {
                if let Err(code) = self.price_item(draft, of, item, &priced, own) {
                    if refused.is_none_or(|(earlier, _)| of < earlier) {
                        refused = Some((of, code));
                    }
                    break;
                }
                priced.push(of);
            }
        }
        if let Some((_, code)) = refused {
            return Err(code);
        }
        if self.options["taxRounding"] == "group" {
            self.round_by_group(draft);
        }
        Ok(())
    }

    /// Gives an item of a draft and its taxes their amounts. Those of the items `priced` are known.
    fn price_item(
        &self,
        draft: &mut Document,
        of: usize,
        item: &Value,
        priced: &[usize],
        own: Option<usize>,
    ) -> Result<()> {
        let currency = draft.currency;
        let mut place = of;
        let source = draft.lines[of].source;
        let inclusive = draft.lines[of].inclusive;
        let price = Self::price_of(item, currency)?;
        let stated = item.get("amount").filter(|amount| !amount.is_null());
        let takes_what_is_left = stated.is_none() && price.is_none();
        let given = match (stated, price, source) {
            (Some(amount), ..) => currency.read(amount)?,
            (None, Some(price), _) => price,
            (None, None, Some((document, line))) => {
                let lines = &self.documents[document].lines;
                let counted = (0..lines.len())
                    .filter(|&tax| tax == line || inclusive && lines[tax].tax_of == Some(line));
                counted
                    .map(|line| self.left_for(draft, priced, (document, line), own))
                    .sum()
            }
            (None, None, None) => return Err("missingField"),
        };
        let mut open = Vec::new();
        let mut stated = 0;
        for tax in self.taxes_of(item, source) {
            place += 1;
            let is_allowed = self.options["allowTaxRateFrom1"] == true;
            let has_rate = item["taxItems"].is_array() && tax["rate"].is_string();
            if has_rate && !is_allowed && rate(&tax["rate"]) >= WHOLE {
                return Err("outOfRange");
            }
            if let Some(amount) = tax.get("amount").filter(|amount| !amount.is_null()) {
                draft.lines[place].amount = currency.read(amount)?;
            } else if tax["sourceTaxItemId"].is_string() && takes_what_is_left {
                // All that is left of an item has all that is left of its taxes.
                let of_source = draft.lines[place].source.unwrap();
                draft.lines[place].amount = self.left_for(draft, priced, of_source, own);
            } else if tax["sourceTaxItemId"].is_string() {
                draft.lines[place].amount = self.share_of_tax(draft, of, place, given, priced, own);
            } else {
                open.push((place, rate(&tax["rate"])));
                continue;
            }
            stated += draft.lines[place].amount;
        }
        if !inclusive {
            draft.lines[of].amount = given;
            open.into_iter().for_each(|(place, rate)| {
                draft.lines[place].amount = currency.share(given, rate, WHOLE)
            });
            return Ok(());
        }
        // An amount with its taxes: one side is rounded, the other is the difference.
        let gross = given - stated;
        let rates: i128 = open.iter().map(|(_, rate)| rate).sum();
        let mut net = if open.is_empty() {
            gross
        } else {
            currency.share(gross, WHOLE, WHOLE + rates)
        };
        if self.options["inclusiveRounding"] == "tax" {
            net = gross;
            for (place, rate) in open {
                draft.lines[place].amount = currency.share(gross, rate, WHOLE + rates);
                net -= draft.lines[place].amount;
            }
        } else {
            let (mut left, mut rates) = (gross - net, rates);
            for (place, rate) in open {
                draft.lines[place].amount = if rates == 0 {
                    0
                } else {
                    currency.share(left, rate, rates)
                };
                left -= draft.lines[place].amount;
                rates -= rate;
            }
            net += left;
        }
        draft.lines[of].amount = net;
        Ok(())
    }

    /// Taxes of one name and rate: their sum is rounded once, and they share it by largest remainder. An amount that
    /// contains its taxes stays; where all amounts of a group do, what they are without the tax may be what is rounded.
    fn round_by_group(&self, draft: &mut Document) {
        let step = draft.currency.step;
        let lines = draft.lines.clone();
        let by_rate: Vec<_> = (0..lines.len())
            .filter(|&place| lines[place].by_rate)
            .collect();
        let rate_of = |place: usize| rate(&lines[place].identity[3].clone().unwrap().into());
        // What a tax is before it is rounded, as a fraction of steps, and the amount with the tax that has it.
        let exact = |place: usize| {
            let item = lines[place].tax_of.unwrap();
            if !lines[item].inclusive {
                return (lines[item].amount * rate_of(place), WHOLE * step, None);
            }
            let taxes = || {
                by_rate
                    .iter()
                    .filter(|&&tax| lines[tax].tax_of == Some(item))
            };
            let gross = lines[item].amount + taxes().map(|&tax| lines[tax].amount).sum::<i128>();
            let rates: i128 = taxes().map(|&tax| rate_of(tax)).sum();
            (
                gross * rate_of(place),
                (WHOLE + rates) * step,
                Some(gross / step),
            )
        };
        let mut done: Vec<usize> = Vec::new();
        for &first in &by_rate {
            let of_group = |place: &usize| {
                let key = |place: usize| (lines[place].identity[0].clone(), rate_of(place));
                key(*place) == key(first)
            };
            let group: Vec<_> = by_rate.iter().copied().filter(of_group).collect();
            if done.contains(&first) {
                continue;
            }
            done.extend(&group);
            let parts: Vec<_> = group.iter().map(|&place| exact(place)).collect();
            let below = parts
                .iter()
                .fold(1, |all, (_, below, _)| least_common_multiple(all, *below));
            let above: Vec<_> = parts
                .iter()
                .map(|(above, own, _)| above * (below / own))
                .collect();
            let sum: i128 = above.iter().sum();
            let gross: Option<i128> = parts.iter().map(|(.., gross)| *gross).sum();
            let total = match gross {
                Some(gross) if self.options["inclusiveRounding"] != "tax" => {
                    gross - nearest(gross * below - sum, below)
                }
                _ => nearest(sum, below),
            };
            let sign = if sum < 0 { -1 } else { 1 };
            let mut shares: Vec<_> = above
                .iter()
                .map(|above| (above * sign).div_euclid(below))
                .collect();
            let mut order: Vec<_> = (0..group.len()).collect();
            order.sort_by_key(|&place| (-(above[place] * sign).rem_euclid(below), place));
            let left = usize::try_from(total * sign - shares.iter().sum::<i128>()).unwrap();
            order[..left].iter().for_each(|&place| shares[place] += 1);
            for (&place, share) in group.iter().zip(shares) {
                let tax = share * sign * step;
                let item = lines[place].tax_of.unwrap();
                if lines[item].inclusive {
                    draft.lines[item].amount += draft.lines[place].amount - tax;
                }
                draft.lines[place].amount = tax;
            }
        }
    }

    /// What an item costs by its quantity and unit price, if it says both and is not only a part of that.
    fn price_of(item: &Value, currency: Currency) -> Result<Option<i128>> {
        let (Some(quantity), Some(price)) = (item["quantity"].as_str(), item["unitPrice"].as_str())
        else {
            return Ok(None);
        };
        if item["told"] == true {
            return Ok(None);
        }
        let exact = |text: &str| {
            let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
            let digits: i128 = format!("{whole}{decimals}").parse().unwrap();
            (digits, decimals.len())
        };
        let ((quantity, a), (price, b)) = (exact(quantity), exact(price));
        let tens = |count: usize| 10_i128.pow(u32::try_from(count).unwrap());
        let above = quantity * price * tens(currency.scale);
        Ok(Some(
            nearest(above, tens(a + b) * currency.step) * currency.step,
        ))
    }

    /// The tax of a credit: so much that all credits of an item so far, together with this one, have credited of its
    /// tax what they have credited of the item (`settlement.md#taxes-of-partial-credits`). Discounts and their taxes
    /// count as well, as long as no more is credited than they leave. `place` is the tax of the item `of` of the draft.
    fn share_of_tax(
        &self,
        draft: &Document,
        of: usize,
        place: usize,
        given: i128,
        priced: &[usize],
        own: Option<usize>,
    ) -> i128 {
        let (document, item) = draft.lines[of].source.unwrap();
        let (_, tax) = draft.lines[place].source.unwrap();
        let lines = &self.documents[document].lines;
        let inclusive = draft.lines[of].inclusive;
        let all: Vec<_> = (0..lines.len())
            .filter(|&line| line == item || inclusive && lines[line].tax_of == Some(item))
            .collect();
        // By others, and by the lines of the same draft that are priced.
        let before = |line: usize| {
            self.credited(document, line, own, false)
                + Self::credited_here(draft, priced, (document, line))
        };
        let net = |line: usize, figure: &dyn Fn(usize) -> i128| -> i128 {
            (0..lines.len())
                .filter(|&other| other == line || self.reduces(document, other) == Some(line))
                .map(figure)
                .sum()
        };
        let amount = |line: usize| lines[line].amount;
        let whole: i128 = all.iter().map(|&line| amount(line)).sum();
        if whole == 0 {
            return 0;
        }
        let net_whole: i128 = all.iter().map(|&line| net(line, &amount)).sum();
        let net_after: i128 = all.iter().map(|&line| net(line, &before)).sum::<i128>() + given;
        let share = if net_after == net_whole {
            net(tax, &amount) - net(tax, &before)
        } else if net_whole != 0 && net_after * whole.signum() <= net_whole * whole.signum() {
            draft
                .currency
                .share(net(tax, &amount), net_after, net_whole)
                - net(tax, &before)
        } else {
            let after: i128 = all.iter().map(|&line| before(line)).sum::<i128>() + given;
            draft.currency.share(amount(tax), after, whole) - before(tax)
        };
        // What is credited of a tax is not taken back, even where it was more than its share.
        let direction = whole.signum() * given.signum();
        let is_as_taxed = [amount(tax), net(tax, &amount)]
            .iter()
            .any(|tax| share.signum() == direction * tax.signum());
        if is_as_taxed { share } else { 0 }
    }

    /// What the items `priced` of a draft credit of a line, and their taxes.
    fn credited_here(draft: &Document, priced: &[usize], place: (usize, usize)) -> i128 {
        let is_priced = |line: &usize| {
            priced.contains(line)
                || draft.lines[*line]
                    .tax_of
                    .is_some_and(|of| priced.contains(&of))
        };
        (0..draft.lines.len())
            .filter(is_priced)
            .filter(|&line| draft.lines[line].source == Some(place))
            .map(|line| draft.lines[line].amount)
            .sum()
    }

    /// The line that a discount takes off, or a tax of a discount: that of the same tax.
    fn reduces(&self, document: usize, line: usize) -> Option<usize> {
        let lines = &self.documents[document].lines;
        if let Some(item) = lines[line].discount_of {
            return Some(item);
        }
        let discount = lines[line].tax_of?;
        let item = lines[discount].discount_of?;
        let alike = |of: usize| -> Vec<usize> {
            (0..lines.len())
                .filter(|&tax| {
                    lines[tax].tax_of == Some(of) && lines[tax].identity == lines[line].identity
                })
                .collect()
        };
        // The second of one tax comes off the second of the item, if there is one.
        let place = alike(discount).iter().position(|&tax| tax == line)?;
        let taxes = alike(item);
        taxes.get(place).or(taxes.first()).copied()
    }

    /// What a draft takes of a line where nobody says how much: what is left of it and of what reduces it. What reduces
    /// a line has something left only if the draft credits that line as well, or if only the engine credits it.
    fn left_for(
        &self,
        draft: &Document,
        priced: &[usize],
        (document, line): (usize, usize),
        own: Option<usize>,
    ) -> i128 {
        let lines = &self.documents[document].lines;
        let left = |line: usize| {
            lines[line].amount
                - self.credited(document, line, own, true)
                - Self::credited_here(draft, priced, (document, line))
        };
        if let Some(reduced) = self.reduces(document, line) {
            let item = lines[reduced].tax_of.unwrap_or(reduced);
            let is_credited = draft
                .lines
                .iter()
                .any(|line| line.source == Some((document, item)));
            if !is_credited && lines[item].processing != "rounding" {
                return 0;
            }
        }
        (0..lines.len())
            .filter(|&other| other == line || self.reduces(document, other) == Some(line))
            .map(left)
            .sum()
    }

    // What is available to credit.

    fn counts(&self, memo: &Document, posted: bool) -> bool {
        let billed = memo.origin != "billing" || self.options["countBillingCredits"] != false;
        let status = if posted {
            memo.status == "posted" && billed
        } else {
            memo.status != "canceled"
        };
        memo.kind == "creditMemo" && !memo.deleted && status
    }

    /// What credit memos other than `but` have credited of a line.
    fn credited(&self, document: usize, line: usize, but: Option<usize>, posted: bool) -> i128 {
        let memos = self.documents.iter().enumerate();
        let memos = memos.filter(|(index, memo)| Some(*index) != but && self.counts(memo, posted));
        let lines = memos.flat_map(|(_, memo)| memo.lines.iter().map(move |own| (memo, own)));
        let here: i128 = lines
            .filter(|(memo, own)| self.credited_line(memo, own, document) == Some(line))
            .map(|(_, own)| own.amount)
            .sum();
        here + self.documents[document].credited_before(line)
    }

    /// The line of a document that a line of a memo credits: the one that it names. A rounding item of a memo that was
    /// made from the document names none, and credits the first of its own.
    fn credited_line(&self, memo: &Document, line: &Line, of: usize) -> Option<usize> {
        let lines = &self.documents[of].lines;
        match line.source {
            Some((document, line)) => (document == of).then_some(line),
            None if line.processing == "rounding" && memo.refers_to == Some(of) => {
                lines.iter().position(|line| line.processing == "rounding")
            }
            None => None,
        }
    }

    /// What is available to credit of a line: net of what reduces it, which has nothing of its own.
    pub fn available(&self, document: usize, line: usize) -> i128 {
        let lines = &self.documents[document].lines;
        if self.reduces(document, line).is_some() {
            return 0;
        }
        (0..lines.len())
            .filter(|&other| other == line || self.reduces(document, other) == Some(line))
            .map(|line| self.uncredited(document, line))
            .sum()
    }

    /// What is left of a line by itself.
    pub fn uncredited(&self, document: usize, line: usize) -> i128 {
        self.documents[document].lines[line].amount - self.credited(document, line, None, true)
    }

    /// What a memo credits of a document: lines of lines of it, and if it was made from it, lines of nothing.
    fn credits(memo: &Document, of: usize) -> i128 {
        let source = |line: &Line| line.source.or_else(|| memo.lines[line.tax_of?].source);
        let is_of = |line: &&Line| {
            source(line).map_or(memo.refers_to == Some(of), |(document, _)| document == of)
        };
        memo.lines
            .iter()
            .filter(is_of)
            .map(|line| line.amount)
            .sum()
    }

    fn total(&self, document: usize) -> i128 {
        self.documents[document]
            .lines
            .iter()
            .map(|line| line.amount)
            .sum()
    }

    fn available_of(&self, document: usize, but: Option<usize>) -> i128 {
        let memos = self.documents.iter().enumerate();
        let memos = memos.filter(|(index, memo)| Some(*index) != but && self.counts(memo, true));
        let here: i128 = memos.map(|(_, memo)| Self::credits(memo, document)).sum();
        let of = &self.documents[document];
        self.total(document) - here - self.sum(document, |line| of.credited_before(line))
    }

    fn check_credit(&self, memo: &Document, own: Option<usize>) -> Result<()> {
        let exceeds = |[amount, others, found]: [i128; 3]| found > 0 && found > amount - others;
        if self.credits_of(memo, own).into_iter().any(exceeds) {
            Err("exceedsAvailableToCredit")
        } else {
            Ok(())
        }
    }

    /// A negative memo makes room for others.
    fn check_without(&self, index: usize) -> Result<()> {
        let exceeds = |[amount, others, found]: [i128; 3]| found < 0 && others > amount.max(0);
        let all = self.credits_of(&self.documents[index], Some(index));
        if all.into_iter().any(exceeds) {
            Err("exceedsAvailableToCredit")
        } else {
            Ok(())
        }
    }

    /// Of all that a memo credits and the book guards: how much there is, what others have of it, and what it has.
    fn credits_of(&self, memo: &Document, own: Option<usize>) -> Vec<[i128; 3]> {
        let rule = self.options["overCrediting"].as_str().unwrap_or("header");
        if memo.kind != "creditMemo"
            || !matches!(memo.origin, "standalone" | "document")
            || rule == "any"
        {
            return Vec::new();
        }
        let mut all = Vec::new();
        for of in (0..self.documents.len())
            .filter(|&of| is_demand(self.documents[of].kind) && self.is_made(memo, of))
        {
            let total = self.total(of);
            all.push([
                total,
                total - self.available_of(of, own),
                Self::credits(memo, of),
            ]);
        }
        if rule == "header" {
            return all;
        }
        for (document, line) in memo.lines.iter().filter_map(|line| line.source) {
            let demand = &self.documents[document];
            if !is_demand(demand.kind) {
                continue;
            }
            let own_lines = memo
                .lines
                .iter()
                .filter(|own| own.source == Some((document, line)));
            let found: i128 = own_lines.map(|own| own.amount).sum();
            all.push([
                demand.lines[line].amount,
                self.credited(document, line, own, true),
                found,
            ]);
            all.extend(self.net_credit(memo, document, line, own));
            // The taxes of an item together, and with those of its discounts.
            let item = demand.lines[line].discount_of.unwrap_or(line);
            let discounts = (0..demand.lines.len())
                .filter(|&line| demand.lines[line].discount_of == Some(item));
            if demand.lines[line].tax_of.is_none() {
                all.push(self.taxes_credit(memo, document, &[line], own));
                let together: Vec<_> = discounts.chain([item]).collect();
                all.push(self.taxes_credit(memo, document, &together, own));
            }
        }
        all
    }

    /// Of the taxes of items together: how much there is, and what of that others and the memo have.
    fn taxes_credit(
        &self,
        memo: &Document,
        document: usize,
        items: &[usize],
        own: Option<usize>,
    ) -> [i128; 3] {
        let taxes_on = |memo: &Document| -> i128 {
            let is_on = |tax: &&Line| {
                let source = tax.tax_of.and_then(|of| memo.lines[of].source);
                source.is_some_and(|(of, line)| of == document && items.contains(&line))
            };
            memo.lines.iter().filter(is_on).map(|tax| tax.amount).sum()
        };
        let demand = &self.documents[document];
        let is_tax = |tax: &&Line| tax.tax_of.is_some_and(|of| items.contains(&of));
        let taxes = demand.lines.iter().filter(is_tax);
        let others = self.documents.iter().enumerate();
        let others =
            others.filter(|(index, other)| Some(*index) != own && self.counts(other, true));
        let here: i128 = others.map(|(_, other)| taxes_on(other)).sum();
        let all = (0..demand.lines.len()).filter(|&tax| is_tax(&&demand.lines[tax]));
        let before: i128 = all.map(|tax| demand.credited_before(tax)).sum();
        [
            taxes.map(|tax| tax.amount).sum(),
            here + before,
            taxes_on(memo),
        ]
    }

    /// Of a line with what reduces it, or of a line that reduces another: what it is net, and what of that others and
    /// the memo have.
    fn net_credit(
        &self,
        memo: &Document,
        document: usize,
        line: usize,
        own: Option<usize>,
    ) -> Option<[i128; 3]> {
        let lines = &self.documents[document].lines;
        let reduced = self.reduces(document, line).unwrap_or(line);
        let all: Vec<_> = (0..lines.len())
            .filter(|&other| other == reduced || self.reduces(document, other) == Some(reduced))
            .collect();
        if all.len() == 1 || lines[reduced].processing == "rounding" {
            return None;
        }
        let credited = |memo: &Document, line: usize| -> i128 {
            let own = memo.lines.iter();
            own.filter(|own| own.source == Some((document, line)))
                .map(|own| own.amount)
                .sum()
        };
        let sum = |amount: &dyn Fn(usize) -> i128| all.iter().map(|&line| amount(line)).sum();
        Some([
            sum(&|line| lines[line].amount),
            sum(&|line| self.credited(document, line, own, true)),
            sum(&|line| credited(memo, line)),
        ])
    }

    // The life of a document.

    fn step(&mut self, verb: &str, command: &Value, kind: &'static str, at: &str) -> Result<usize> {
        if verb == "void" {
            self.check_reason(command)?;
        }
        let index = self.find(kind, &command[id_field(kind)])?;
        self.run.touched.push(index);
        match verb {
            "post" => self.post(index, at)?,
            "unpost" => self.unpost(index, at)?,
            "cancel" => self.cancel(index, at)?,
            "delete" => {
                self.check_status(index, "canceled")?;
                self.check_unmade(index)?;
                self.documents[index].deleted = true;
            }
            _ => self.void(index, at)?,
        }
        Ok(index)
    }

    /// A memo that is posted is not below zero; its lines can be.
    fn check_sign(memo: &Document) -> Result<()> {
        let amount: i128 = memo.lines.iter().map(|line| line.amount).sum();
        if memo.kind != "invoice" && amount < 0 {
            Err("amountNotPositive")
        } else {
            Ok(())
        }
    }

    fn post(&mut self, index: usize, at: &str) -> Result<()> {
        self.check_status(index, "draft")?;
        if self.settles_when_posted(index).is_some() {
            self.check_settling(at)?;
        }
        self.check_step_day(index, at)?;
        // Other memos may have come and gone since it was made; what the history speaks of stays as it is.
        if !self.is_spoken_of(index) {
            let mut memo = self.documents[index].clone();
            self.round_credit(&mut memo, Some(index));
            if memo.total() != self.documents[index].total() {
                self.run.notices.push(("roundedAnew", Some(index)));
            }
            self.documents[index] = memo;
        }
        let own = first([
            Self::check_sign(&self.documents[index]),
            self.check_credit(&self.documents[index], Some(index)),
        ]);
        let document = &mut self.documents[index];
        document.status = "posted";
        document.posted_on = Some(at.to_owned());
        if document.first_posted_on.is_some() {
            document.posted_again_on = Some(at.to_owned());
        } else {
            document.first_posted_on = Some(at.to_owned());
        }
        document.changed_on = Some(at.to_owned());
        let document = self.documents[index].clone();
        if document.has_past() && document.date.as_str() < at {
            self.run.notices.push(("countsFromPosting", Some(index)));
        }
        let Some(target) = self.settles_when_posted(index) else {
            return own;
        };
        let Document { kind, id, .. } = &self.documents[target];
        let command = json!({
            "type": "applyCreditMemo", "at": at, "creditMemoId": document.id,
            "rule": "sourceItem", "fallback": "proration",
            list_field(kind): [{ id_field(kind): id }],
        });
        first([own, self.apply(&command, "creditMemo", at).map(drop)])
    }

    /// The demand that a credit memo settles as soon as it is posted.
    fn settles_when_posted(&self, memo: usize) -> Option<usize> {
        let Document {
            kind,
            auto_apply,
            refers_to,
            ..
        } = self.documents[memo];
        let target = refers_to.filter(|_| auto_apply && kind == "creditMemo")?;
        let is_open_demand = is_demand(self.documents[target].kind)
            && self.documents[target].status == "posted"
            && self.open(target) > 0;
        (is_open_demand && self.open(memo) > 0).then_some(target)
    }

    /// Whether the history or another document speaks of the lines of a document.
    fn is_spoken_of(&self, index: usize) -> bool {
        let is_of = |settlement: &Settlement| {
            settlement.source == index
                || settlement
                    .applications
                    .iter()
                    .any(|application| application.target == index)
        };
        let is_needed = |made: &Document| !made.deleted && self.is_made(made, index);
        self.documents[index].has_past()
            || self.log.iter().any(is_of)
            || self.documents.iter().any(is_needed)
    }

    /// A status follows what happened to a document before.
    fn check_step_day(&self, index: usize, at: &str) -> Result<()> {
        let is_of = |settlement: &&Settlement| {
            settlement.source == index
                || settlement
                    .applications
                    .iter()
                    .any(|application| application.target == index)
        };
        let is_late = self
            .log
            .iter()
            .filter(is_of)
            .any(|settlement| settlement.at.as_str() > at)
            || self.documents[index]
                .changed_on
                .as_deref()
                .is_some_and(|changed| changed > at);
        if is_late { Err("dateTooEarly") } else { Ok(()) }
    }

    fn unpost(&mut self, index: usize, at: &str) -> Result<()> {
        self.check_status(index, "posted")?;
        self.check_unsettled(index)?;
        if self.options["keepClosedPosted"] == true {
            self.check_open(&self.documents[index].date)?;
        }
        self.check_step_day(index, at)?;
        self.check_without(index)?;
        self.documents[index].status = "draft";
        self.documents[index].posted_on = None;
        self.documents[index].posted_again_on = None;
        self.documents[index].changed_on = Some(at.to_owned());
        Ok(())
    }

    fn cancel(&mut self, index: usize, at: &str) -> Result<()> {
        match self.documents[index].kind {
            "refund" => self.check_status(index, "posted")?,
            "payment" => {
                self.check_status(index, "posted")?;
                self.check_unsettled(index)?;
            }
            _ => {
                self.check_status(index, "draft")?;
                self.check_unmade(index)?;
            }
        }
        if self.documents[index].kind == "refund" {
            self.check_settling(at)?;
        }
        self.check_step_day(index, at)?;
        if self.documents[index].kind == "refund" {
            self.take_back(index, at)?;
        }
        self.documents[index].status = "canceled";
        self.documents[index].canceled_on = Some(at.to_owned());
        self.documents[index].changed_on = Some(at.to_owned());
        Ok(())
    }

    fn void(&mut self, index: usize, at: &str) -> Result<()> {
        let Document {
            kind,
            status,
            reversed,
            ..
        } = self.documents[index];
        if reversed || status == "canceled" {
            return Err("invalidStatus");
        }
        let is_reversal = |applied: &Applied| {
            let of = applied.source == index || applied.target == index;
            of && (self.documents[applied.source].reversed
                || self.documents[applied.target].reversed)
        };
        if self.applied.iter().any(is_reversal) {
            return Err("invalidStatus");
        }
        self.check_no_past(index)?;
        let lines = 0..self.documents[index].lines.len();
        if lines
            .clone()
            .any(|line| self.line_refunded(index, line) != 0)
        {
            return Err("alreadySettled");
        }
        self.check_unmade(index)?;
        if kind != "payment" && status == "posted" && self.options["keepClosedPosted"] == true {
            self.check_open(&self.documents[index].date)?;
        }
        let is_settled = |applied: &Applied| applied.source == index || applied.target == index;
        if self.applied.iter().any(is_settled) {
            self.check_settling(at)?;
        }
        self.check_step_day(index, at)?;
        self.take_back(index, at)?;
        if kind != "payment" && status == "posted" {
            self.unpost(index, at)?;
        }
        self.cancel(index, at)
    }

    /// Takes back whatever is applied of a source or to a target, source by source.
    fn take_back(&mut self, index: usize, at: &str) -> Result<()> {
        let is_source = is_source(self.documents[index].kind);
        for source in 0..self.documents.len() {
            let targets = (0..self.documents.len()).filter(|&target| self.is_part(source, target));
            let targets: Vec<_> = targets
                .filter(|&target| {
                    if is_source {
                        source == index
                    } else {
                        target == index
                    }
                })
                .collect();
            if targets.is_empty() {
                continue;
            }
            if self.documents[index].kind != "refund" {
                self.check_day(source, at)?;
            }
            let whole = |&target: &usize| Application {
                target,
                rule: "fifo",
                items: self
                    .part(source, target)
                    .into_iter()
                    .map(Item::negated)
                    .collect(),
            };
            let applications = targets.iter().map(whole).collect();
            self.settle(at, source, applications, true)?;
        }
        Ok(())
    }

    /// What is taken back cannot be taken back before it was applied.
    fn check_day(&self, source: usize, at: &str) -> Result<()> {
        self.check_settling(at)?;
        let is_late = |settlement: &Settlement| {
            settlement.source == source && !settlement.back && settlement.at.as_str() > at
        };
        if self.log.iter().any(is_late) {
            Err("dateTooEarly")
        } else {
            Ok(())
        }
    }

    fn update(&mut self, command: &Value, kind: &'static str, at: &str) -> Result<usize> {
        let sets_auto_apply = command.get("autoApply").is_some();
        let is_of_nothing = |index: &usize| self.documents[*index].refers_to.is_none();
        let index = self.find(kind, &command[id_field(kind)]);
        let reads_auto_apply = !sets_auto_apply || !index.as_ref().is_ok_and(is_of_nothing);
        let changes = list(&command["items"]);
        let is_alone = |change: &Value| change.get("add").is_some_and(lacks_source);
        let number = text(&command["number"]);
        let has_number = |document: &Document| {
            !document.deleted && document.kind == kind && Some(&document.number) == number.as_ref()
        };
        let is_taken = (0..self.documents.len())
            .any(|other| index != Ok(other) && has_number(&self.documents[other]));
        let words = first([
            reads_auto_apply.then_some(()).ok_or("unknownField"),
            (!changes.iter().any(is_alone))
                .then_some(())
                .ok_or("missingField"),
            changes
                .iter()
                .all(|change| has_words(change, kind))
                .then_some(())
                .ok_or("invalidChoice"),
            self.check_reason(command),
            if is_taken { Err("duplicateId") } else { Ok(()) },
        ]);
        let Ok(index) = index else {
            words?;
            return Err("documentNotFound");
        };
        let is_for_any = |field: &str| FOR_ANY_DOCUMENT.contains(&field) || field == id_field(kind);
        let mut stated = command.as_object().unwrap().iter();
        let changes_draft = stated.any(|(field, value)| !is_for_any(field) && *value != json!([]));
        let is_wrong = self.documents[index].reversed
            || ((changes_draft || sets_auto_apply) && self.documents[index].status != "draft");
        let status = if is_wrong {
            Err("invalidStatus")
        } else {
            Ok(())
        };
        let is_of = |settlement: &Settlement| {
            settlement.source == index
                || settlement
                    .applications
                    .iter()
                    .any(|application| application.target == index)
        };
        let is_needed = self
            .documents
            .iter()
            .any(|made| !made.deleted && self.is_made(made, index));
        let unnamed = if changes_draft && (is_needed || self.log.iter().any(is_of)) {
            Err("alreadySettled")
        } else {
            Ok(())
        };
        let mut changed = self.documents[index].clone();
        if let Some(reason) = command.get("reasonCode") {
            changed.reason = text(reason);
        }
        changed.auto_apply = command["autoApply"].as_bool().unwrap_or(changed.auto_apply);
        changed.exclude = command["excludeFromAutoApply"]
            .as_bool()
            .unwrap_or(changed.exclude);
        changed.number = number.unwrap_or(changed.number);
        if changes_draft {
            changed.date = text(&command["date"]).unwrap_or(changed.date);
            changed.due_date = text(&command["dueDate"]).unwrap_or(changed.due_date);
            let mut new = self.as_new(index);
            new["date"] = changed.date.clone().into();
            new["dueDate"] = changed.due_date.clone().into();
            let items = new["items"].as_array_mut().unwrap();
            let named = first(changes.iter().map(|change| change_items(items, change)));
            let draft = self.draft(&new, kind, at, Some(index));
            first([
                words,
                status,
                unnamed,
                named,
                draft.as_ref().map(drop).map_err(|code| *code),
            ])?;
            changed.lines = draft?.lines;
        }
        words?;
        status?;
        self.documents[index] = changed;
        self.run.touched.push(index);
        Ok(index)
    }

    /// The request that would make a draft as it is.
    fn as_new(&self, index: usize) -> Value {
        let Document {
            id,
            account,
            currency,
            origin,
            refers_to,
            lines,
            ..
        } = &self.documents[index];
        let mut items: Vec<Value> = Vec::new();
        let is_rounded = match self.documents[index].kind {
            "invoice" => currency.total_step != 1,
            _ => self.rounded_source(&self.documents[index]).is_some(),
        };
        for line in lines {
            // The engine makes it anew.
            if is_rounded && line.processing == "rounding" && line.source.is_none() {
                continue;
            }
            let mut new = json!({ "id": line.id, "amount": currency.write(line.amount) });
            if line.by_rate {
                new.as_object_mut().unwrap().remove("amount");
            }
            // Those of a canceled document can be gone.
            let source = line.source;
            let source = source.filter(|(document, _)| !self.documents[*document].deleted);
            if let Some((document, source)) = source {
                let Document { id, lines, .. } = &self.documents[document];
                new["sourceDocumentId"] = id.clone().into();
                new[if line.tax_of.is_some() {
                    "sourceTaxItemId"
                } else {
                    "sourceItemId"
                }] = lines[source].id.clone().into();
            }
            let entries = line.before.iter().map(
                |of| json!({ "at": of.day, "amount": currency.write(of.amount), "by": of.by }),
            );
            let before: Value = entries.collect();
            if line.tax_of.is_some() {
                new["settledBefore"] = before;
                for (field, value) in ["name", "locationCode", "jurisdiction", "rate"]
                    .iter()
                    .zip(&line.identity)
                {
                    value
                        .iter()
                        .for_each(|value| new[field] = value.clone().into());
                }
                let item = items.last_mut().unwrap();
                item["taxItems"].as_array_mut().unwrap().push(new);
                if line.inclusive {
                    let gross = currency.read(&item["amount"]).unwrap() + line.amount;
                    item["amount"] = currency.write(gross).into();
                }
                continue;
            }
            new["settledBefore"] = before;
            new["taxItems"] = json!([]);
            new["told"] = true.into();
            tell_price(&mut new, line);
            new["processingType"] = line.processing.into();
            new["taxMode"] = if line.inclusive {
                "inclusive"
            } else {
                "exclusive"
            }
            .into();
            if let Some(of) = line.discount_of {
                new["appliedToItemId"] = lines[of].id.clone().into();
            }
            items.push(new);
        }
        let mut new = json!({
            "id": id, "accountId": account, "currency": currency.code, "origin": origin, "items": items });
        if let Some(from) = refers_to.filter(|from| !self.documents[*from].deleted) {
            let Document { kind, id, .. } = &self.documents[from];
            new[id_field(kind)] = id.clone().into();
        }
        new
    }

    // Payments and refunds.

    fn whole(
        &self,
        kind: &'static str,
        command: &Value,
        currency: Currency,
        date: String,
        amount: i128,
    ) -> Document {
        let id = text(&command["id"]).unwrap();
        let line = Line {
            id: id.clone(),
            tax_of: None,
            discount_of: None,
            source: None,
            identity: Default::default(),
            by_rate: false,
            price: Default::default(),
            processing: "whole",
            inclusive: false,
            amount,
            netted: 0,
            before: Vec::new(),
        };
        Document {
            kind,
            number: text(&command["number"]).unwrap_or_else(|| id.clone()),
            id,
            account: text(&command["accountId"]).unwrap_or_else(|| "A".into()),
            currency,
            status: "posted",
            posted_on: Some(date.clone()),
            first_posted_on: Some(date.clone()),
            posted_again_on: None,
            changed_on: Some(date.clone()),
            due_date: date.clone(),
            date,
            origin: "standalone",
            refers_to: None,
            reversed: false,
            deleted: false,
            auto_apply: false,
            exclude: command["excludeFromAutoApply"] == true,
            reason: text(&command["reasonCode"]),
            canceled_on: None,
            created_on: String::new(),
            updated_on: String::new(),
            lines: vec![line],
        }
    }

    /// A payment; with `of`, one of a single document, which has the fields of a target beside its own.
    fn create_payment(&mut self, command: &Value, of: Option<&str>, at: &str) -> Result<usize> {
        let mut command = command.clone();
        if let Some(paid) = of.and_then(|kind| self.find(kind, &command[id_field(kind)]).ok()) {
            // What the payment does not say, the document does.
            let Document {
                account, currency, ..
            } = &self.documents[paid];
            let own = [
                ("accountId", json!(account)),
                ("currency", json!(currency.code)),
            ];
            for (field, value) in own {
                command
                    .as_object_mut()
                    .expect("a command")
                    .entry(field)
                    .or_insert(value);
            }
        }
        let command = &command;
        let mut settle = command.clone();
        if let Some(kind) = of {
            let mut target = json!({ id_field(kind): command[id_field(kind)] });
            for field in ["amount", "items"] {
                command
                    .get(field)
                    .into_iter()
                    .for_each(|value| target[field] = value.clone());
            }
            settle[list_field(kind)] = json!([target]);
        }
        let has_targets = ["invoices", "debitMemos"]
            .iter()
            .any(|list| settle.get(list).is_some());
        if has_targets {
            check_shape(&settle)?;
        }
        let before = &command["settledBefore"];
        if !Before::is_of(before, "payment") {
            return Err("invalidChoice");
        }
        let currency = self.currency_of(command)?;
        self.check_new(command, "payment")?;
        let amount = self.amount_to_pay(command, &settle, of, currency);
        let is_stated = of.is_none() && command.get("amount").is_some();
        let own = match amount {
            Ok(..=0) if is_stated => Err("amountNotPositive"),
            Ok(..=0) => Err("nothingToSettle"),
            other => other.map(drop),
        };
        // Its documents can be wrong too, whatever is paid.
        let amount = if own.is_ok() { amount? } else { currency.step };
        let date = text(&command["date"]).unwrap_or_else(|| at.to_owned());
        let mut payment = self.whole("payment", command, currency, date, amount);
        let past = self.past_of_payment(&mut payment, before, own.is_ok());
        let index = self.add(payment);
        let applied = if has_targets {
            settle["paymentId"] = command["id"].clone();
            self.apply(&settle, "payment", at).map(drop)
        } else {
            Ok(())
        };
        first([own, past, applied])?;
        Ok(index)
    }

    /// Gives a payment what was settled of it before, if that is right. Whether it is too much depends on the amount.
    fn past_of_payment(
        &self,
        payment: &mut Document,
        stated: &Value,
        has_amount: bool,
    ) -> Result<()> {
        if !Before::is_since(stated, &payment.date) {
            return Err("dateTooEarly");
        }
        let mut settled = payment.clone();
        settled.lines[0].before = Before::read(stated, payment.currency)?;
        settled.check_signs_of_past()?;
        match settled.check_sums_of_past() {
            Ok(()) => {
                *payment = settled;
                Ok(())
            }
            Err(_) if !has_amount => Ok(()),
            refusal => refusal,
        }
    }

    /// What a payment says that it is, or what its targets say together.
    fn amount_to_pay(
        &self,
        command: &Value,
        settle: &Value,
        of: Option<&str>,
        currency: Currency,
    ) -> Result<i128> {
        if let Some(amount) = command.get("amount").filter(|_| of.is_none()) {
            return currency.read(amount);
        }
        let mut targets = targets(settle);
        targets.sort_by_key(|(kind, target)| text(&target[id_field(kind)]));
        let found = targets
            .iter()
            .map(|(kind, target)| self.find(kind, &target[id_field(kind)]))
            .collect::<Result<Vec<_>>>()?;
        let mut sum = 0;
        for ((_, target), found) in targets.iter().zip(found) {
            sum += match (target.get("amount"), target["items"].as_array()) {
                (Some(amount), _) => currency.read(amount)?,
                (None, Some(items)) => items
                    .iter()
                    .map(|item| currency.read(&item["amount"]))
                    .sum::<Result<i128>>()?,
                (None, None) => self.possible(found, settle["signs"] == "skipNonPositive"),
            };
        }
        let account = text(&command["accountId"]).unwrap_or_else(|| "A".into());
        for kind in ["invoice", "debitMemo"] {
            if settle[list_field(kind)] == "allOpen" {
                let open = self.all_open(kind, &account, currency).into_iter();
                let skips = settle["signs"] == "skipNonPositive";
                sum += open
                    .map(|target| self.possible(target, skips))
                    .sum::<i128>();
            }
        }
        if sum.abs() > LARGEST {
            return Err("outOfRange");
        }
        Ok(sum)
    }

    fn transfer(&mut self, command: &Value) -> Result<usize> {
        let index = self.find("payment", &command["paymentId"])?;
        self.check_live(index)?;
        self.check_unsettled(index)?;
        self.documents[index].account = text(&command["accountId"]).unwrap();
        self.run.touched.push(index);
        Ok(index)
    }

    /// Rules that pair lines are none for the lines of one side.
    fn check_one_sided(command: &Value) -> Result<()> {
        let pairs = matches!(command["rule"].as_str(), Some("sourceItem" | "explicit"));
        if pairs && command.get("items").is_none() {
            Err("invalidChoice")
        } else {
            Ok(())
        }
    }

    fn refund(&mut self, command: &Value, kind: &'static str, at: &str) -> Result<usize> {
        // A gateway knows how the money moves.
        if command["electronic"] == true && command.get("method").is_some() {
            return Err("unknownField");
        }
        let names_targets = ["invoices", "debitMemos"]
            .iter()
            .any(|list| command.get(list).is_some());
        if names_targets {
            check_shape(command)?;
        } else if command["autoUnapply"] == true && command["rule"] == "explicit" {
            return Err("missingField");
        }
        Self::check_one_sided(command)?;
        self.check_reason(command)?;
        self.check_new(command, "refund")?;
        let index = self.find(kind, &command[id_field(kind)])?;
        let currency = self.documents[index].currency;
        let date = text(&command["date"]).unwrap_or_else(|| at.to_owned());
        let spread = Spread::of(command);
        let read = || {
            let amount = command.get("amount");
            amount.map(|amount| currency.read(amount)).transpose()
        };
        let fields = ["creditMemoItemId", "creditTaxItemId"];
        let named = |model: &Self| match command["items"].as_array() {
            Some(items) => model
                .stated_lines(index, items, fields, command.get("amount"))
                .map(Some),
            None => Ok(None),
        };
        let of_source = || {
            self.check_live(index)?;
            self.check_settling(&date)?;
            if date < self.documents[index].date {
                return Err("dateTooEarly");
            }
            // Of stated lines, only these count.
            match command["items"].as_array() {
                Some(stated) => {
                    self.limit("statedItems", stated.len())?;
                    self.limit("refundItems", stated.len())?;
                }
                None => self.limit("refundItems", self.documents[index].lines.len())?,
            }
            if read()?.is_some_and(|amount| amount <= 0) {
                return Err("amountNotPositive");
            }
            Ok(())
        };
        let own = first([of_source(), named(self).map(drop)]);
        let back = if names_targets {
            let mut back = command.clone();
            back.as_object_mut().unwrap().remove("amount");
            self.unapply(&back, kind, at).map(drop)
        } else if command["autoUnapply"] == true && own.is_ok() {
            self.unapply_for_refund(index, read()?, command, &spread, at)
        } else {
            Ok(())
        };
        first([own, back])?;
        let (stated, named) = (read()?, named(self)?);
        let possible = self.possible(index, spread.skips);
        let (amount, items) = match named {
            Some(items) => {
                self.check_lines_open(index, &items)?;
                (items.iter().map(|(_, amount)| amount).sum(), items)
            }
            None => (stated.unwrap_or(possible), Vec::new()),
        };
        if amount > possible {
            return Err("exceedsUnapplied");
        }
        if amount <= 0 {
            return Err("nothingToSettle");
        }
        let items = if command.get("items").is_some() {
            items
        } else {
            let side = self.side(index, &spread, spread.rule);
            let shares = split(
                spread.rule.unwrap_or("fifo"),
                amount / currency.step,
                &side.left,
            );
            let shares = side
                .lines
                .into_iter()
                .zip(shares)
                .map(|(line, share)| (line, share * currency.step));
            shares.filter(|(_, share)| *share != 0).collect()
        };
        let last = self.log.iter().filter(|settlement| {
            settlement.source == index
                && settlement
                    .applications
                    .iter()
                    .all(|application| self.documents[application.target].kind != "refund")
        });
        let last = last.map(|settlement| settlement.at.clone()).max();
        let last = last.max(self.documents[index].posted_again_on.clone());
        let mut refund = self.whole("refund", command, currency, date.clone(), amount);
        refund.account = self.documents[index].account.clone();
        refund.refers_to = Some(index);
        refund.origin = "document";
        let target = self.add(refund);
        let rule = if command.get("items").is_some() {
            "explicit"
        } else {
            spread.rule.unwrap_or("fifo")
        };
        let mut items: Vec<_> = items
            .into_iter()
            .map(|(source, amount)| Item {
                source,
                target: 0,
                amount,
            })
            .collect();
        items.sort_by_key(Item::order);
        let at = last.unwrap_or_default().max(date);
        self.settle(
            &at,
            index,
            vec![Application {
                target,
                rule,
                items,
            }],
            false,
        )?;
        Ok(target)
    }

    /// As much as is missing, from the documents that would be settled last first.
    fn unapply_for_refund(
        &mut self,
        index: usize,
        stated: Option<i128>,
        command: &Value,
        spread: &Spread,
        at: &str,
    ) -> Result<()> {
        let demands = |applied: &&Applied| {
            applied.source == index && is_demand(self.documents[applied.target].kind)
        };
        let applied = self.applied.iter().filter(demands);
        let applied = applied.map(|applied| applied.item.amount).sum();
        let mut missing = stated.map_or(applied, |amount| amount - self.open(index).max(0));
        let mut targets: Vec<_> = (0..self.documents.len())
            .filter(|&target| self.is_part(index, target) && is_demand(self.documents[target].kind))
            .collect();
        targets.sort_by(|&a, &b| self.compare(spread, b, a, applied));
        let kind = self.documents[index].kind;
        let mut back = json!({ "at": at, id_field(kind): self.documents[index].id });
        for field in ["rule", "fallback", "documentOrder", "itemOrder", "signs"] {
            command
                .get(field)
                .into_iter()
                .for_each(|value| back[field] = value.clone());
        }
        let mut is_any = false;
        for target in targets {
            let amount = missing.min(sum(&self.part(index, target)));
            if amount > 0 {
                missing -= amount;
                is_any = true;
                let Document {
                    kind, id, currency, ..
                } = &self.documents[target];
                let entry = json!({ id_field(kind): id, "amount": currency.write(amount) });
                let entries = back
                    .as_object_mut()
                    .unwrap()
                    .entry(list_field(kind))
                    .or_insert(json!([]));
                entries.as_array_mut().unwrap().push(entry);
            }
        }
        if is_any {
            self.unapply(&back, kind, at).map(drop)
        } else {
            Ok(())
        }
    }

    /// The lines that a refund or write-off names, each once, with no more than they have open. Their sum is the
    /// amount, if one is stated.
    fn stated_lines(
        &self,
        of: usize,
        stated: &[Value],
        [item, tax]: [&str; 2],
        amount: Option<&Value>,
    ) -> Result<Vec<(usize, i128)>> {
        let lines = &self.documents[of].lines;
        let mut found = Vec::new();
        for entry in stated {
            let id = entry.get(tax).unwrap_or(&entry[item]);
            let line = lines
                .iter()
                .position(|line| line.id == *id)
                .ok_or("itemNotFound")?;
            found.push((line, entry));
        }
        if (0..found.len()).any(|place| {
            found[..place]
                .iter()
                .any(|(line, _)| *line == found[place].0)
        }) {
            return Err("duplicateEntry");
        }
        if found
            .iter()
            .any(|(line, entry)| lines[*line].tax_of.is_some() != entry.get(tax).is_some())
        {
            return Err("kindMismatch");
        }
        let read = |(line, entry): &(usize, &Value)| {
            Ok((*line, self.documents[of].currency.read(&entry["amount"])?))
        };
        found.sort_by_key(|(line, _)| *line);
        let amount = amount.map(|amount| self.documents[of].currency.read(amount));
        let amount = amount.transpose()?;
        let read = found.iter().map(read).collect::<Result<Vec<_>>>()?;
        if read
            .iter()
            .any(|&(line, amount)| amount == 0 || (amount < 0 && self.line_net(of, line) >= 0))
        {
            return Err("amountNotPositive");
        }
        let sum: i128 = read.iter().map(|(_, amount)| amount).sum();
        if sum.abs() > LARGEST || amount.is_some_and(|amount| amount != sum) {
            return Err("sumMismatch");
        }
        Ok(read)
    }

    fn check_lines_open(&self, of: usize, lines: &[(usize, i128)]) -> Result<()> {
        let fits = |&(line, amount): &(usize, i128)| within(amount, self.line_open(of, line));
        if lines.iter().all(fits) {
            Ok(())
        } else {
            Err("exceedsItem")
        }
    }

    // Write-off, reversal, collection, undo.

    fn counterpart_of(&self, command: &Value, kind: &str, reason: &str) -> Result<usize> {
        let reason = command
            .get("reasonCode")
            .map_or(json!(reason), Clone::clone);
        self.check_reason(&json!({ "reasonCode": reason }))?;
        let own = if is_demand(kind) {
            "creditMemo"
        } else {
            "debitMemo"
        };
        self.check_new(command, own)?;
        self.find(kind, &command[id_field(kind)])
    }

    fn check_counterpart(
        &self,
        command: &Value,
        index: usize,
        at: &str,
        limit: &str,
    ) -> Result<()> {
        self.check_live(index)?;
        let date = command["date"].as_str().unwrap_or(at);
        self.check_open(date)?;
        if date < self.documents[index].date.as_str() || at < date {
            return Err("dateTooEarly");
        }
        self.limit(limit, self.documents[index].lines.len())
    }

    fn write_off(&mut self, command: &Value, kind: &'static str, at: &str) -> Result<usize> {
        Self::check_one_sided(command)?;
        let index = self.counterpart_of(command, kind, "Write-off")?;
        let is_whole = command.get("amount").is_none() && command.get("items").is_none();
        let unapplied = if kind == "creditMemo" && command["rest"] != true {
            self.check_unapplied(index)
        } else {
            Ok(())
        };
        let amounts = self.parts_written_off(index, command);
        let day = command["date"].as_str().unwrap_or(at).to_owned();
        first([
            self.check_counterpart(command, index, at, "writeOffItems"),
            self.check_posted_again(index, &day),
            unapplied,
            self.check_counterpart_sign(index),
            amounts.as_ref().map(drop).map_err(|code| *code),
        ])?;
        let amounts = amounts?;
        let mirror = if is_whole {
            self.options["mirror"].as_str().unwrap_or("yes").to_owned()
        } else {
            "no".into()
        };
        self.counterpart(
            index,
            &amounts,
            &mirror,
            "writeOff",
            command,
            "Write-off",
            &day,
        )?;
        Ok(index)
    }

    /// The memo that settles a document is posted, so it is not below zero.
    fn check_counterpart_sign(&self, index: usize) -> Result<()> {
        if self.open(index) < 0 {
            Err("amountNotPositive")
        } else {
            Ok(())
        }
    }

    /// What of each line is written off.
    fn parts_written_off(&self, index: usize, command: &Value) -> Result<Vec<i128>> {
        let currency = self.documents[index].currency;
        let lines = self.documents[index].lines.len();
        let open: Vec<_> = (0..lines).map(|line| self.line_open(index, line)).collect();
        let spread = Spread::of(command);
        let mut amounts = vec![0; lines];
        if let Some(items) = command["items"].as_array() {
            let fields = ["itemId", "taxItemId"];
            let stated = self.stated_lines(index, items, fields, command.get("amount"))?;
            self.check_lines_open(index, &stated)?;
            for (line, amount) in stated {
                amounts[line] = amount;
            }
            if !within(amounts.iter().sum(), open.iter().sum()) {
                return Err("exceedsBalance");
            }
        } else if let Some(amount) = command.get("amount") {
            let amount = currency.read(amount)?;
            if amount <= 0 {
                return Err("amountNotPositive");
            }
            if amount > self.possible(index, spread.skips) {
                return Err("exceedsBalance");
            }
            let side = self.side(index, &spread, spread.rule);
            let rule = spread.rule.unwrap_or("proration");
            let shares = split(rule, amount / currency.step, &side.left);
            side.lines
                .iter()
                .zip(shares)
                .for_each(|(&line, share)| amounts[line] = share * currency.step);
        } else {
            return Ok(open);
        }
        Ok(amounts)
    }

    fn reverse(&mut self, command: &Value, kind: &'static str, at: &str) -> Result<usize> {
        let (reason, limit) = match kind {
            "invoice" => ("Invoice reversal", "reverseInvoiceItems"),
            "debitMemo" => ("Debit memo reversal", "reverseItems"),
            _ => ("Credit memo reversal", "reverseItems"),
        };
        let index = self.counterpart_of(command, kind, reason)?;
        first([
            self.check_counterpart(command, index, at, limit),
            self.check_posted_again(index, at),
            self.check_unsettled(index),
            self.check_counterpart_sign(index),
        ])?;
        let open: Vec<_> = (0..self.documents[index].lines.len())
            .map(|line| self.line_open(index, line))
            .collect();
        let mirror = self.options["mirror"].as_str().unwrap_or("yes").to_owned();
        self.counterpart(index, &open, &mirror, "reversal", command, reason, at)?;
        self.documents[index].reversed = true;
        self.run.touched.push(index);
        Ok(index)
    }

    /// Makes the counterpart and settles it with the document, line with line.
    #[allow(
        clippy::too_many_arguments,
        reason = "all of them are what a counterpart is about"
    )]
    fn counterpart(
        &mut self,
        index: usize,
        amounts: &[i128],
        mirror: &str,
        origin: &'static str,
        command: &Value,
        reason: &str,
        at: &str,
    ) -> Result<()> {
        let is_empty = amounts.iter().all(|amount| *amount == 0);
        let is_used = |line: usize| {
            self.line_applied(index, line) != 0 || self.line_refunded(index, line) != 0
        };
        let was_settled = (0..amounts.len()).any(is_used);
        if is_empty && (mirror != "yes" || was_settled) {
            return Err("nothingToSettle");
        }
        let of = self.documents[index].clone();
        let has_tax = |line: usize| {
            (0..of.lines.len()).any(|tax| of.lines[tax].tax_of == Some(line) && amounts[tax] != 0)
        };
        let is_kept = |line: &usize| {
            mirror == "yes"
                || amounts[*line] != 0
                || (of.lines[*line].tax_of.is_none() && has_tax(*line))
        };
        let kept: Vec<_> = (0..of.lines.len()).filter(is_kept).collect();
        let own = |line: usize| kept.iter().position(|&known| known == line);
        let mut lines = Vec::new();
        for &line in &kept {
            let mut copy = of.lines[line].clone();
            let is_discount = copy
                .discount_of
                .is_some_and(|item| mirror != "no" && own(item).is_some());
            // What discounts that come back as such take off an item comes back with the item.
            let off: i128 = kept
                .iter()
                .filter(|&&other| mirror != "no" && of.lines[other].discount_of == Some(line))
                .map(|&other| of.lines[other].amount)
                .sum();
            copy.amount = if is_discount {
                copy.amount
            } else {
                amounts[line] - off
            };
            copy.netted = if is_discount { -copy.amount } else { off };
            copy.discount_of = copy.discount_of.filter(|_| is_discount).and_then(own);
            copy.tax_of = copy.tax_of.and_then(own);
            copy.before.clear();
            copy.source = Some((index, line)).filter(|_| of.kind != "payment");
            if of.kind == "payment" {
                // A payment has no items: one stands for what is unapplied.
                copy.id = "unapplied".into();
                copy.processing = "charge";
            }
            if is_demand(of.kind) {
                let [_, price] = &mut copy.price;
                *price = price.as_ref().map(|price| negated(price));
            }
            lines.push(copy);
        }
        let date = command["date"].as_str().unwrap_or(at).to_owned();
        let id = text(&command["id"]).unwrap();
        let is_source = is_demand(of.kind);
        let counterpart = Document {
            kind: if is_source { "creditMemo" } else { "debitMemo" },
            number: text(&command["number"]).unwrap_or_else(|| id.clone()),
            id,
            status: "posted",
            due_date: date.clone(),
            date,
            origin,
            refers_to: Some(index),
            reason: text(&command["reasonCode"]).or(Some(reason.to_owned())),
            posted_on: Some(at.to_owned()),
            first_posted_on: Some(at.to_owned()),
            posted_again_on: None,
            changed_on: Some(at.to_owned()),
            auto_apply: false,
            exclude: false,
            lines,
            ..of.clone()
        };
        Self::check_sign(&counterpart)?;
        let counterpart = self.add(counterpart);
        if is_empty {
            return Ok(());
        }
        let item = |(place, &line): (usize, &usize)| Item {
            source: if is_source { place } else { line },
            target: if is_source { line } else { place },
            amount: amounts[line],
        };
        let items: Vec<_> = kept
            .iter()
            .enumerate()
            .map(item)
            .filter(|item| item.amount != 0)
            .collect();
        let (source, target) = if is_source {
            (counterpart, index)
        } else {
            (index, counterpart)
        };
        self.settle(
            at,
            source,
            vec![Application {
                target,
                rule: "mirror",
                items,
            }],
            false,
        )
    }

    fn collect(&mut self, command: &Value, kind: &'static str, at: &str) -> Result<usize> {
        if command["rule"] == "explicit" {
            return Err("invalidChoice");
        }
        let index = self.find(kind, &command[id_field(kind)])?;
        self.check_live(index)?;
        self.check_settling(at)?;
        self.check_posted_again(index, at)?;
        self.limit("collectItems", self.documents[index].lines.len())?;
        let mut order = Spread::of(command);
        if order.documents.is_empty() {
            order.documents = vec!["date".into(), "largest".into()];
        }
        let default = json!(["creditMemo", "payment"]);
        let kinds = command
            .get("sources")
            .filter(|kinds| !list(kinds).is_empty())
            .unwrap_or(&default);
        let mut has_settled = false;
        for source_kind in list(kinds) {
            let target = self.documents[index].clone();
            let source_kind = source_kind.as_str().unwrap();
            let mut sources = self.all_open(source_kind, &target.account, target.currency);
            let balance = self.open(index);
            sources.sort_by(|&a, &b| self.compare(&order, a, b, balance));
            for (used, source) in sources.into_iter().enumerate() {
                if self.open(index) <= 0 {
                    break;
                }
                self.limit(
                    if source_kind == "payment" {
                        "collectPayments"
                    } else {
                        "collectCreditMemos"
                    },
                    used + 1,
                )?;
                let kind = self.documents[source].kind;
                let mut settle = command.clone();
                settle[id_field(kind)] = self.documents[source].id.clone().into();
                settle[list_field(target.kind)] = json!([{ id_field(target.kind): target.id }]);
                self.apply(&settle, kind, at)?;
                has_settled = true;
            }
        }
        if has_settled {
            Ok(index)
        } else {
            Err("nothingToSettle")
        }
    }

    /// All documents of a kind that somebody means who names none.
    fn all_open(&self, of_kind: &str, of_account: &str, of_currency: Currency) -> Vec<usize> {
        let fits = |&index: &usize| {
            let Document {
                kind,
                status,
                reversed,
                deleted,
                exclude,
                account,
                currency,
                ..
            } = &self.documents[index];
            *kind == of_kind
                && *status == "posted"
                && !reversed
                && !deleted
                && !exclude
                && *account == *of_account
                && *currency == of_currency
                && self.open(index) > 0
        };
        (0..self.documents.len()).filter(fits).collect()
    }

    /// Applies one source after another to all that is open by then.
    fn apply_credits(&mut self, command: &Value, at: &str) -> Result<()> {
        let lists = [
            ("sources", vec!["creditMemo", "payment"]),
            ("invoices", vec!["invoice"]),
            ("debitMemos", vec!["debitMemo"]),
        ];
        let names = |name: &str| command[name] == "allOpen" || !list(&command[name]).is_empty();
        if !names("sources") || !names("invoices") && !names("debitMemos") {
            return Err("missingField");
        }
        if command["rule"] == "explicit" {
            return Err("invalidChoice");
        }
        let stated_currency = match command.get("currency") {
            Some(_) => Some(self.currency_of(command)?),
            None => None,
        };
        let mut named = Vec::new();
        for (place, (name, kinds)) in lists.iter().enumerate() {
            let mut ids: Vec<_> = list(&command[*name]).iter().collect();
            ids.sort_by_key(|id| text(id));
            for id in ids {
                // An identifier comes before the number of a document of another kind.
                let found = kinds.iter().filter_map(|kind| self.find(kind, id).ok());
                let found: Vec<_> = found.collect();
                let by_id = found.iter().find(|&&found| self.documents[found].id == *id);
                let found = by_id.or_else(|| found.first()).copied();
                named.push((place, found.ok_or("documentNotFound")?));
            }
        }
        let different: BTreeSet<_> = named.iter().collect();
        if different.len() < named.len() {
            return Err("duplicateEntry");
        }
        for &(_, document) in &named {
            self.check_live(document)?;
        }
        let first = named
            .first()
            .map(|(_, document)| &self.documents[*document]);
        let account = text(&command["accountId"]).unwrap_or_else(|| match first {
            Some(first) => first.account.clone(),
            None => "A".to_owned(),
        });
        let currency =
            stated_currency.unwrap_or(first.map_or(self.currency, |first| first.currency));
        let is_other = |is: &dyn Fn(&Document) -> bool| {
            named
                .iter()
                .any(|(_, document)| is(&self.documents[*document]))
        };
        if is_other(&|document| document.account != account) {
            return Err("accountMismatch");
        }
        if is_other(&|document| document.currency != currency) {
            return Err("currencyMismatch");
        }
        let mut all = named.clone();
        for (place, (name, kinds)) in lists.iter().enumerate() {
            if command[*name] == "allOpen" {
                for kind in kinds {
                    let open = self.all_open(kind, &account, currency);
                    all.extend(open.into_iter().map(|document| (place, document)));
                }
            }
        }
        self.check_settling(at)?;
        for &(_, document) in &all {
            self.check_posted_again(document, at)?;
        }
        let of = |is_source: bool| -> Vec<usize> {
            let all = all.iter().filter(|(place, _)| (*place == 0) == is_source);
            all.map(|(_, document)| *document).collect()
        };
        let (mut sources, targets) = (of(true), of(false));
        let order: Vec<_> = list(&command["order"]).iter().filter_map(text).collect();
        let order = Spread {
            documents: if order.is_empty() {
                vec!["date".into(), "number".into()]
            } else {
                order
            },
            ..Spread::of(&json!({}))
        };
        let demanded = targets.iter().map(|&target| self.open(target)).sum();
        sources.sort_by(|&a, &b| self.compare(&order, a, b, demanded));

        let told = self.run.notices.len();
        let mut applied = BTreeSet::new();
        for &source in &sources {
            if self.open(source) <= 0 {
                continue;
            }
            let kind = self.documents[source].kind;
            let mut apply = command.clone();
            for (field, _) in &lists {
                apply.as_object_mut().unwrap().remove(*field);
            }
            apply[id_field(kind)] = self.documents[source].id.clone().into();
            let mut is_any_open = false;
            for &target in &targets {
                if self.open(target) > 0 {
                    let Document { kind, id, .. } = &self.documents[target];
                    let entries = apply.as_object_mut().unwrap();
                    let entries = entries.entry(list_field(kind)).or_insert(json!([]));
                    let entry = json!({ id_field(kind): id });
                    entries.as_array_mut().unwrap().push(entry);
                    is_any_open = true;
                }
            }
            if !is_any_open {
                break;
            }
            let before = self.run.notices.len();
            match self.apply(&apply, kind, at) {
                Ok(_) => {}
                Err("nothingToSettle") => continue,
                Err(refusal) => return Err(refusal),
            }
            let last = self.log.last().expect("it was just settled");
            let settled: Vec<_> = last.applications.iter().map(|own| own.target).collect();
            let fresh = self.run.notices.split_off(before);
            for notice in fresh {
                let is_settled = notice.1.is_some_and(|document| settled.contains(&document));
                let is_known = self.run.notices[told..].contains(&notice);
                if notice.0 != "nothingApplied" && is_settled && !is_known {
                    self.run.notices.push(notice);
                }
            }
            applied.insert(source);
            applied.extend(settled);
        }
        let is_named = |document: &usize| named.iter().any(|(_, named)| named == document);
        let idle = sources
            .iter()
            .chain(&targets)
            .filter(|&document| is_named(document));
        for &document in idle.filter(|document| !applied.contains(document)) {
            self.run.notices.push(("nothingApplied", Some(document)));
        }
        if applied.is_empty() && self.run.notices.len() == told {
            self.run.notices.push(("nothingApplied", None));
        }
        Ok(())
    }

    /// What comes back must be there, line by line; and what is left of each line must be possible.
    fn check_back(&self, source: usize, target: usize, items: &[Item]) -> Result<()> {
        let part = self.part(source, target);
        for item in items {
            let applied = part
                .iter()
                .find(|applied| applied.order() == item.order())
                .map_or(0, |applied| applied.amount);
            if !within(item.amount, applied) {
                return Err("exceedsApplied");
            }
        }
        // Of every line comes back between nothing and what the part has of it.
        let fits = |is: &dyn Fn(&Item) -> bool| {
            let of_line = |items: &[Item]| {
                items
                    .iter()
                    .filter(|item| is(item))
                    .map(|item| item.amount)
                    .sum()
            };
            within(of_line(items), of_line(&part))
        };
        for item in items {
            let source = fits(&|other| other.source == item.source);
            if !source || !fits(&|other| other.target == item.target) {
                return Err("exceedsApplied");
            }
        }
        Ok(())
    }

    // Applying.

    fn apply(&mut self, command: &Value, kind: &str, at: &str) -> Result<usize> {
        let spread = Spread::of(command);
        let (source, mut entries) = self.resolve(command, kind, &spread)?;
        self.check_settling(at)?;
        let targets = entries.iter().map(|entry| entry.target);
        for document in [source].into_iter().chain(targets) {
            self.check_posted_again(document, at)?;
        }
        self.measure(source, &mut entries)?;
        let step = self.documents[source].currency.step;
        self.check_stated(source, &entries, spread.skips)?;
        let mut left = self.possible(source, spread.skips)
            - entries
                .iter()
                .filter_map(|entry| entry.amount)
                .sum::<i128>();
        if left < 0 {
            return Err("exceedsUnapplied");
        }
        if entries.iter().any(|entry| {
            entry
                .amount
                .is_some_and(|amount| amount > self.possible(entry.target, spread.skips))
        }) {
            return Err("exceedsBalance");
        }
        let mut rule = spread.rule.unwrap_or("proration");
        let lines = |document: usize| self.documents[document].lines.len();
        let cells = lines(source)
            * entries
                .iter()
                .map(|entry| lines(entry.target))
                .sum::<usize>();
        let mut notices = Vec::new();
        if rule == "proration" && !self.allows("prorationCells", cells) {
            rule = "fifo";
            let by_rule = entries.iter().filter(|entry| entry.items.is_none());
            notices.extend(by_rule.map(|entry| ("fifoInsteadOfProration", Some(entry.target))));
        }
        // Explicit items are set aside first.
        let mut given = self.side(source, &spread, Some(rule));
        for item in entries.iter().flat_map(Entry::items) {
            if let Some(left) = given.left(item.source) {
                *left -= item.amount / step;
            }
        }
        let mut applications = Vec::new();
        for entry in &entries {
            let target = entry.target;
            let possible = entry
                .amount
                .unwrap_or_else(|| left.min(self.possible(target, spread.skips)));
            let (rule, items) = if entry.items.is_some() {
                ("explicit", entry.items())
            } else if possible <= 0 {
                (rule, Vec::new())
            } else {
                let mut taken = self.side(target, &spread, Some(rule));
                let count = possible / step;
                if rule == "sourceItem" {
                    let fallback = spread.fallback;
                    let (mut items, rest) =
                        self.pair_sources(count, &mut given, &mut taken, fallback.is_some());
                    match fallback {
                        _ if rest == 0 => {}
                        Some(fallback) => {
                            notices.push(("fallbackUsed", Some(target)));
                            if fallback == "lifo" {
                                for side in [&mut given, &mut taken] {
                                    side.lines.reverse();
                                    side.left.reverse();
                                }
                            }
                            items.extend(self.pair(
                                fallback,
                                rest,
                                &mut given,
                                &mut taken,
                                spread.dense,
                            ));
                            if fallback == "lifo" {
                                given.lines.reverse();
                                given.left.reverse();
                            }
                        }
                        None if entry.amount.is_some() => return Err("noSourceItem"),
                        None => {}
                    }
                    items = scaled(items, 1);
                    items.retain(|item| item.amount != 0);
                    if !items.is_empty() {
                        close(&mut items, &mut given, &mut taken);
                    }
                    (rule, items)
                } else {
                    (
                        rule,
                        self.pair(rule, count, &mut given, &mut taken, spread.dense),
                    )
                }
            };
            let items = if rule == "explicit" {
                items
            } else {
                scaled(items, step)
            };
            if entry.amount.is_none() {
                left -= sum(&items);
            }
            if items.is_empty() {
                notices.push(("nothingApplied", Some(target)));
            } else {
                applications.push(Application {
                    target,
                    rule,
                    items,
                });
            }
        }
        if means_all_open(command) {
            // Of what nobody named, only what was settled is told.
            let is_told = |&(_, document): &(&str, Option<usize>)| {
                let mut named = entries.iter().filter(|entry| !entry.wanted.is_null());
                named.any(|entry| Some(entry.target) == document)
                    || applications.iter().any(|own| Some(own.target) == document)
            };
            notices.retain(is_told);
            if applications.is_empty() {
                notices.push(("nothingApplied", Some(source)));
                self.run.notices.extend(notices);
                return Ok(source);
            }
        }
        if applications.is_empty() {
            return Err("nothingToSettle");
        }
        self.run.notices.extend(notices);
        self.settle(at, source, applications, false)?;
        Ok(source)
    }

    /// Explicit items must fit their lines, on both sides: each target by itself, and on the source all together.
    fn check_stated(&self, source: usize, entries: &[Entry<'_>], skips: bool) -> Result<()> {
        let lines = |document: usize| 0..self.documents[document].lines.len();
        for line in lines(source) {
            let of_line = |entry: &Entry<'_>| -> i128 {
                entry
                    .items()
                    .iter()
                    .filter(|item| item.source == line)
                    .map(|item| item.amount)
                    .sum()
            };
            let open = self.line_open(source, line);
            let open = if skips { open.max(0) } else { open };
            let each = entries.iter().all(|entry| within(of_line(entry), open));
            if !each || !within(entries.iter().map(of_line).sum(), open) {
                return Err("exceedsItem");
            }
        }
        for entry in entries {
            for line in lines(entry.target) {
                let got = entry
                    .items()
                    .iter()
                    .filter(|item| item.target == line)
                    .map(|item| item.amount)
                    .sum();
                if !within(got, self.line_open(entry.target, line)) {
                    return Err("exceedsItem");
                }
            }
        }
        Ok(())
    }

    /// Splits an amount over both sides and pairs the shares off, like with like first.
    fn pair(
        &self,
        rule: &str,
        count: i128,
        given: &mut Side,
        taken: &mut Side,
        dense: bool,
    ) -> Vec<Item> {
        let (mut rows, mut columns) = (
            split(rule, count, &given.left),
            split(rule, count, &taken.left),
        );
        given
            .left
            .iter_mut()
            .zip(&rows)
            .for_each(|(left, share)| *left -= share);
        taken
            .left
            .iter_mut()
            .zip(&columns)
            .for_each(|(left, share)| *left -= share);
        let mut cells = Vec::new();
        pair_negative(&mut cells, &mut rows, &mut columns);
        if dense {
            for row in 0..rows.len() {
                for (column, units) in proportional(rows[row], &columns).into_iter().enumerate() {
                    cell(&mut cells, &mut rows, &mut columns, row, column, units);
                }
            }
        } else {
            let line = |document: usize, line: usize| &self.documents[document].lines[line];
            let is_tax =
                |side: &Side, place: usize| line(side.document, side.lines[place]).tax_of.is_some();
            let has_tax = |side: &Side| (0..side.lines.len()).any(|place| is_tax(side, place));
            let both = has_tax(given) && has_tax(taken);
            let (from, to) = (&*given, &*taken);
            let alike: [&dyn Fn(usize, usize) -> bool; 4] = [
                &|row, column| {
                    let own = line(from.document, from.lines[row]);
                    self.credited_line(&self.documents[from.document], own, to.document)
                        == Some(to.lines[column])
                },
                &|row, column| {
                    let [a, b] = [
                        line(from.document, from.lines[row]),
                        line(to.document, to.lines[column]),
                    ];
                    a.tax_of.is_some() && b.tax_of.is_some() && a.identity == b.identity
                },
                &|row, column| both && is_tax(from, row) == is_tax(to, column),
                &|_, _| true,
            ];
            for is_alike in alike {
                for row in 0..rows.len() {
                    for column in 0..columns.len() {
                        if is_alike(row, column) {
                            let units = rows[row].min(columns[column]);
                            cell(&mut cells, &mut rows, &mut columns, row, column, units);
                        }
                    }
                }
            }
        }
        assert!(
            rows.iter().chain(&columns).all(|left| *left == 0),
            "everything is paired off"
        );
        let item = |(row, column, amount): (usize, usize, i128)| Item {
            source: given.lines[row],
            target: taken.lines[column],
            amount,
        };
        cells.into_iter().map(item).collect()
    }

    /// Whether a line of a source credits a line of a target: it says so, or it is the same tax of an item that does.
    fn is_linked(&self, source: usize, from: usize, target: usize, to: usize) -> bool {
        let (own, other) = (
            &self.documents[source].lines[from],
            &self.documents[target].lines[to],
        );
        if let Some(line) = self.credited_line(&self.documents[source], own, target) {
            return line == to;
        }
        let (Some(of), Some(other_of)) = (own.tax_of, other.tax_of) else {
            return false;
        };
        self.documents[source].lines[of].source == Some((target, other_of))
            && own.identity == other.identity
    }

    /// Pairs lines with those that they credit, and returns what found no place. What negative lines have, goes
    /// with its sign. Pairs that have nothing together only go along with what goes `elsewhere`.
    fn pair_sources(
        &self,
        count: i128,
        given: &mut Side,
        taken: &mut Side,
        elsewhere: bool,
    ) -> (Vec<Item>, i128) {
        let mut cells: Vec<Item> = Vec::new();
        for (&source, &left) in given.lines.iter().zip(&given.left) {
            let lines = 0..self.documents[taken.document].lines.len();
            let document = taken.document;
            let linked = lines
                .filter(|&to| self.is_linked(given.document, source, document, to))
                .map(|to| (to, taken.left(to).map_or(0, |left| *left)));
            let linked: Vec<_> = linked.filter(|(_, open)| *open != 0).collect();
            // Like goes with like, if there is any.
            let is_alike = |(_, open): &&(usize, i128)| open.signum() == left.signum();
            let has_alike = linked.iter().any(|place| is_alike(&place));
            let linked: Vec<_> = linked
                .iter()
                .filter(|place| !has_alike || is_alike(place))
                .collect();
            let open: Vec<_> = linked.iter().map(|(_, open)| open.abs()).collect();
            // All that a line has counts, however much its targets have open.
            let shares = proportional(left.abs(), &open);
            cells.extend(linked.iter().zip(shares).map(|((target, _), share)| Item {
                source,
                target: *target,
                amount: share * left.signum(),
            }));
        }
        cells.sort_by_key(Item::order);
        for line in taken.lines.clone() {
            let open = *taken.left(line).unwrap();
            let sign = open.signum();
            let own = |cell: &&mut Item| cell.target == line;
            let brought: Vec<_> = cells
                .iter_mut()
                .filter(own)
                .map(|cell| cell.amount * sign)
                .collect();
            // What comes to a line against its sign takes off what comes with it.
            let fits = brought.iter().sum::<i128>().clamp(0, open.abs());
            let shares = split("proration", fits, &brought);
            let cells = cells.iter_mut().filter(own);
            cells
                .zip(shares)
                .for_each(|(cell, share)| cell.amount = share * sign);
        }
        let possible: i128 = sum(&cells);
        if possible <= 0 && !elsewhere {
            return (Vec::new(), count);
        }
        if count < possible {
            let caps: Vec<_> = cells.iter().map(|cell| cell.amount).collect();
            cells
                .iter_mut()
                .zip(split("proration", count, &caps))
                .for_each(|(cell, share)| cell.amount = share);
        }
        cells.retain(|cell| cell.amount != 0);
        for cell in &cells {
            *given.left(cell.source).unwrap() -= cell.amount;
            *taken.left(cell.target).unwrap() -= cell.amount;
        }
        (cells, (count - possible).max(0))
    }

    fn unapply(&mut self, command: &Value, kind: &str, at: &str) -> Result<usize> {
        let spread = Spread::of(command);
        let has_targets = ["invoices", "debitMemos"]
            .iter()
            .any(|list| command.get(list).is_some());
        if !has_targets && spread.rule == Some("explicit") {
            return Err("missingField");
        }
        let own;
        let (source, mut entries) = if has_targets {
            self.resolve(command, kind, &spread)?
        } else {
            let source = self.find(kind, &command[id_field(kind)])?;
            let targets = (0..self.documents.len()).filter(|&target| self.is_part(source, target));
            let mut targets: Vec<_> = targets
                .filter(|&target| is_demand(self.documents[target].kind))
                .collect();
            let open = self.open(source);
            targets.sort_by(|&a, &b| self.compare(&spread, a, b, open));
            own = Value::Null;
            let entry = |target| Entry {
                wanted: &own,
                target,
                amount: None,
                items: None,
            };
            let entries: Vec<_> = targets.into_iter().map(entry).collect();
            self.check_documents(source, &entries)?;
            (source, entries)
        };
        self.check_day(source, at)?;
        let targets = entries.iter().map(|entry| entry.target);
        for document in [source].into_iter().chain(targets) {
            self.check_posted_again(document, at)?;
        }
        if has_targets {
            self.measure(source, &mut entries)?;
        } else {
            self.limit(
                "partItems",
                self.applied
                    .iter()
                    .filter(|applied| applied.source == source)
                    .count(),
            )?;
        }
        for entry in &entries {
            let part = self.part(source, entry.target);
            let fits = |item: Item| {
                let applied = part.iter().find(|applied| applied.order() == item.order());
                within(item.amount, applied.map_or(0, |applied| applied.amount))
            };
            if !entry.items().into_iter().all(fits)
                || entry.amount.is_some_and(|amount| amount > sum(&part))
            {
                return Err("exceedsApplied");
            }
            self.check_back(source, entry.target, &entry.items())?;
        }
        let rule = spread.rule.unwrap_or("fifo");
        let mut applications = Vec::new();
        for entry in &entries {
            let part = self.part(source, entry.target);
            if part.is_empty() {
                self.run
                    .notices
                    .push(("nothingApplied", Some(entry.target)));
                continue;
            }
            let (rule, items) = match (&entry.items, entry.amount) {
                (Some(_), _) => ("explicit", entry.items()),
                (None, None) => (rule, part),
                (None, Some(amount)) => (
                    rule,
                    self.release(&spread, rule, amount, source, entry.target)?,
                ),
            };
            let items = items.into_iter().map(Item::negated).collect();
            applications.push(Application {
                target: entry.target,
                rule,
                items,
            });
        }
        if applications.is_empty() {
            return Err("nothingToSettle");
        }
        self.settle(at, source, applications, true)?;
        Ok(source)
    }

    /// Splits an amount over what is applied between two documents.
    fn release(
        &self,
        spread: &Spread,
        rule: &str,
        amount: i128,
        source: usize,
        target: usize,
    ) -> Result<Vec<Item>> {
        let mut part = self.part(source, target);
        let step = self.documents[source].currency.step;
        let count = amount / step;
        if rule != "sourceItem" && part.iter().any(|item| item.amount < 0) {
            return Ok(self.release_signed(spread, rule, count, source, target));
        }
        let places: Vec<_> = part
            .iter()
            .map(|item| (item.target, item.amount))
            .enumerate()
            .collect();
        let sorted = self.in_order(target, spread, spread.rule, places, |(_, place)| *place);
        part = sorted.into_iter().map(|(place, _)| part[place]).collect();
        let caps: Vec<_> = part.iter().map(|item| item.amount / step).collect();
        let shares = if rule == "sourceItem" {
            let is_linked = |item: &Item| self.is_linked(source, item.source, target, item.target);
            let linked: Vec<_> = part
                .iter()
                .zip(&caps)
                .map(|(item, cap)| if is_linked(item) { *cap } else { 0 })
                .collect();
            let possible: i128 = linked.iter().sum();
            if spread.fallback.is_none() && count > possible.max(0) {
                return Err("noSourceItem");
            }
            if count == caps.iter().sum() {
                caps
            } else if count <= possible {
                split("proration", count, &linked)
            } else {
                let fallback = spread.fallback.unwrap();
                let mut left: Vec<_> = caps
                    .iter()
                    .zip(&linked)
                    .map(|(cap, share)| cap - share)
                    .collect();
                if fallback == "lifo" {
                    left.reverse();
                }
                let mut more = split(fallback, count - possible, &left);
                if fallback == "lifo" {
                    more.reverse();
                }
                linked
                    .iter()
                    .zip(more)
                    .map(|(first, second)| first + second)
                    .collect()
            }
        } else {
            split(rule, count, &caps)
        };
        let items = part.into_iter().zip(shares).map(|(item, share)| Item {
            amount: share * step,
            ..item
        });
        let mut items: Vec<_> = items.filter(|item| item.amount != 0).collect();
        items.sort_by_key(Item::order);
        if self.check_back(source, target, &items).is_err() {
            // By lines, where items are more than their lines have.
            let rule = spread.fallback.unwrap_or("proration");
            return Ok(self.release_signed(spread, rule, count, source, target));
        }
        Ok(items)
    }

    /// The same where a negative line was set off against others: the rule says how much of every line of both sides
    /// comes back, and what stays applied of them is paired anew.
    fn release_signed(
        &self,
        spread: &Spread,
        rule: &str,
        count: i128,
        source: usize,
        target: usize,
    ) -> Vec<Item> {
        let part = self.part(source, target);
        let step = self.documents[source].currency.step;
        // What stays of each line.
        let side = |document: usize, line_of: &dyn Fn(&Item) -> usize| -> Vec<i128> {
            let lines = 0..self.documents[document].lines.len();
            let of_line = |line: usize| -> i128 {
                part.iter()
                    .filter(|item| line_of(item) == line)
                    .map(|item| item.amount / step)
                    .sum()
            };
            let used = lines
                .clone()
                .filter(|&line| part.iter().any(|item| line_of(item) == line));
            let used = self.in_order(
                document,
                spread,
                spread.rule,
                used.map(|line| (line, of_line(line))).collect(),
                |line| *line,
            );
            let back = split(
                rule,
                count,
                &used.iter().map(|(_, left)| *left).collect::<Vec<_>>(),
            );
            let mut stays: Vec<_> = lines.map(of_line).collect();
            used.iter()
                .zip(back)
                .for_each(|((line, _), back)| stays[*line] -= back);
            stays
        };
        let mut rows = side(source, &|item| item.source);
        let mut columns = side(target, &|item| item.target);
        let mut cells = Vec::new();
        pair_negative(&mut cells, &mut rows, &mut columns);
        for row in 0..rows.len() {
            for column in 0..columns.len() {
                let units = rows[row].min(columns[column]);
                cell(&mut cells, &mut rows, &mut columns, row, column, units);
            }
        }
        let stays = cells.into_iter().map(|(source, target, amount)| Item {
            source,
            target,
            amount: -amount,
        });
        let mut back = scaled(
            stays
                .chain(part.iter().map(|item| Item {
                    amount: item.amount / step,
                    ..*item
                }))
                .collect(),
            step,
        );
        back.retain(|item| item.amount != 0);
        back
    }

    /// All guards that concern the request itself, one after another, each over the whole request. Returns the
    /// entries in the order in which they settle, their items by line.
    fn resolve<'a>(
        &self,
        command: &'a Value,
        kind: &str,
        spread: &Spread,
    ) -> Result<(usize, Vec<Entry<'a>>)> {
        check_shape(command)?;
        let wanted = targets(command);
        let source = self.find(kind, &command[id_field(kind)])?;
        let mut entries = Vec::new();
        for (kind, wanted) in wanted {
            let target = self.find(kind, &wanted[id_field(kind)])?;
            entries.push(Entry {
                wanted,
                target,
                amount: None,
                items: None,
            });
        }
        for kind in ["invoice", "debitMemo"] {
            if command[list_field(kind)] == "allOpen" {
                let Document {
                    account, currency, ..
                } = &self.documents[source];
                let found = self.all_open(kind, account, *currency);
                entries.extend(found.into_iter().map(|target| Entry {
                    wanted: &Value::Null,
                    target,
                    amount: None,
                    items: None,
                }));
            }
        }
        let open = self.open(source);
        entries.sort_by(|a, b| self.compare(spread, a.target, b.target, open));
        let line = |document: usize, id: &Value| {
            self.documents[document]
                .lines
                .iter()
                .position(|line| line.id == *id)
        };
        for entry in &mut entries {
            let Some(stated) = entry.wanted["items"].as_array() else {
                continue;
            };
            let mut items = Vec::new();
            for pair in stated {
                let from = pair.get("creditTaxItemId").or(pair.get("creditMemoItemId"));
                let to = ["taxItemId", "invoiceItemId", "debitMemoItemId"]
                    .iter()
                    .find_map(|field| pair.get(field))
                    .unwrap();
                let source = from
                    .map_or(Some(0), |from| line(source, from))
                    .ok_or("itemNotFound")?;
                let target = line(entry.target, to).ok_or("itemNotFound")?;
                items.push((
                    pair,
                    Item {
                        source,
                        target,
                        amount: 0,
                    },
                ));
            }
            items.sort_by_key(|(_, item)| item.order());
            entry.items = Some(items);
        }
        let same_lines = |entry: &Entry<'_>| {
            entry
                .items()
                .windows(2)
                .any(|pair| pair[0].order() == pair[1].order())
        };
        if entries.iter().any(same_lines)
            || entries
                .windows(2)
                .any(|pair| pair[0].target == pair[1].target)
        {
            return Err("duplicateEntry");
        }
        self.check_documents(source, &entries)?;
        let is_tax =
            |document: usize, line: usize| self.documents[document].lines[line].tax_of.is_some();
        let is_mixed = |entry: &Entry<'_>| {
            let mixed = |(pair, item): &(&Value, Item)| {
                let tax = pair.get("taxItemId").is_some();
                let from = kind == "creditMemo" && is_tax(source, item.source) != tax;
                from || is_tax(entry.target, item.target) != tax
            };
            entry.items.iter().flatten().any(mixed)
        };
        if entries.iter().any(is_mixed) {
            return Err("kindMismatch");
        }
        Ok((source, entries))
    }

    /// The guards of sizes and amounts, which come after those of days.
    fn measure(&self, source: usize, entries: &mut [Entry<'_>]) -> Result<()> {
        for kind in ["invoice", "debitMemo"] {
            let count = entries
                .iter()
                .filter(|entry| self.documents[entry.target].kind == kind)
                .count();
            self.limit("documentsPerOperation", count)?;
        }
        for entry in entries.iter() {
            self.limit("statedItems", entry.items().len())?;
        }
        let size = |document: usize| {
            let lines = self.documents[document].lines.iter();
            lines.filter(|line| line.amount != 0).count()
        };
        // Of a document that is settled line by line, the stated lines are all that takes part.
        let mut lines = 0;
        let mut stated_sources = BTreeSet::new();
        for entry in entries.iter() {
            let targets: BTreeSet<_> = entry.items().iter().map(|item| item.target).collect();
            stated_sources.extend(entry.items().iter().map(|item| item.source));
            lines += match entry.items {
                Some(_) => targets.len(),
                None => size(entry.target),
            };
        }
        lines += if entries.iter().all(|entry| entry.items.is_some()) {
            stated_sources.len()
        } else {
            size(source)
        };
        self.limit("itemsPerOperation", lines)?;
        let currency = self.documents[source].currency;
        for entry in entries.iter_mut() {
            entry.amount = entry
                .wanted
                .get("amount")
                .map(|amount| currency.read(amount))
                .transpose()?;
            for (pair, item) in entry.items.iter_mut().flatten() {
                item.amount = currency.read(&pair["amount"])?;
            }
        }
        let fits = |entry: &Entry<'_>| {
            let is_signed = |item: &Item| {
                if self.line_net(entry.target, item.target) < 0 {
                    item.amount < 0
                } else {
                    item.amount > 0
                }
            };
            entry.amount.is_none_or(|amount| amount > 0) && entry.items().iter().all(is_signed)
        };
        if !entries.iter().all(fits) {
            return Err("amountNotPositive");
        }
        for entry in entries.iter_mut().filter(|entry| entry.items.is_some()) {
            let sum = sum(&entry.items());
            if sum.abs() > LARGEST || entry.amount.is_some_and(|amount| amount != sum) || sum <= 0 {
                return Err("sumMismatch");
            }
            entry.amount = Some(sum);
        }
        Ok(())
    }

    fn check_documents(&self, source: usize, entries: &[Entry<'_>]) -> Result<()> {
        self.check_live(source)?;
        for entry in entries {
            self.check_live(entry.target)?;
        }
        let from = &self.documents[source];
        if entries
            .iter()
            .any(|entry| self.documents[entry.target].account != from.account)
        {
            return Err("accountMismatch");
        }
        if entries
            .iter()
            .any(|entry| self.documents[entry.target].currency != from.currency)
        {
            return Err("currencyMismatch");
        }
        Ok(())
    }

    /// Which of two documents settles first.
    fn compare(&self, spread: &Spread, a: usize, b: usize, amount: i128) -> Ordering {
        let default = ["dueDate", "date", "number"].map(str::to_owned);
        let keys = if spread.documents.is_empty() {
            &default[..]
        } else {
            &spread.documents
        };
        let [first, second] = [a, b].map(|index| &self.documents[index]);
        let open = [a, b].map(|index| self.open(index));
        let mut order = Ordering::Equal;
        for key in keys {
            order = order.then(match &**key {
                "dueDate" => first.due_date.cmp(&second.due_date),
                "date" => first.date.cmp(&second.date),
                "number" => self.compare_numbers(&first.number, &second.number),
                "largest" => open[1].cmp(&open[0]),
                "smallest" => open[0].cmp(&open[1]),
                "exactMatch" => (open[1] == amount).cmp(&(open[0] == amount)),
                other => panic!("no such key: {other}"),
            });
        }
        order = order.then(first.id.cmp(&second.id));
        if spread.rule == Some("lifo") {
            order.reverse()
        } else {
            order
        }
    }

    /// Which of two numbers comes first. In the natural order, the pieces of digits count as numbers and stand where
    /// their first digit would if it were 0; what is level then is compared as text.
    fn compare_numbers(&self, a: &str, b: &str) -> Ordering {
        if self.options["numberOrder"] != "natural" {
            return a.cmp(b);
        }
        natural_pieces(a).cmp(&natural_pieces(b)).then(a.cmp(b))
    }

    /// Things that stand for lines, in the order in which these settle.
    fn in_order<T>(
        &self,
        document: usize,
        spread: &Spread,
        rule: Option<&str>,
        mut things: Vec<T>,
        line: impl Fn(&T) -> (usize, i128),
    ) -> Vec<T> {
        let is_tax = |thing: &T| {
            self.documents[document].lines[line(thing).0]
                .tax_of
                .is_some()
        };
        for key in spread.lines.iter().rev() {
            things.sort_by(|a, b| match &**key {
                "document" => line(a).0.cmp(&line(b).0),
                "taxFirst" => is_tax(b).cmp(&is_tax(a)),
                "chargeFirst" => is_tax(a).cmp(&is_tax(b)),
                "largest" => line(b).1.cmp(&line(a).1),
                "smallest" => line(a).1.cmp(&line(b).1),
                other => panic!("no such key: {other}"),
            });
        }
        if rule == Some("lifo") {
            things.reverse();
        }
        things
    }

    /// The lines that take part, in steps.
    fn side(&self, document: usize, spread: &Spread, rule: Option<&str>) -> Side {
        let step = self.documents[document].currency.step;
        let lines = (0..self.documents[document].lines.len())
            .map(|line| (line, self.line_open(document, line) / step));
        let lines = lines
            .filter(|(_, open)| *open > 0 || (*open < 0 && !spread.skips))
            .collect();
        let (lines, left) = self
            .in_order(document, spread, rule, lines, |line| *line)
            .into_iter()
            .unzip();
        Side {
            document,
            lines,
            left,
        }
    }

    fn settle(
        &mut self,
        at: &str,
        source: usize,
        applications: Vec<Application>,
        back: bool,
    ) -> Result<()> {
        let targets: Vec<_> = applications
            .iter()
            .map(|application| application.target)
            .collect();
        self.check_settling(at)?;
        for &document in [source].iter().chain(&targets) {
            self.check_posted_again(document, at)?;
        }
        for Application { target, items, .. } in &applications {
            for item in items {
                let same = |applied: &&mut Applied| {
                    (applied.source, applied.target, applied.item.order())
                        == (source, *target, item.order())
                };
                match self.applied.iter_mut().find(same) {
                    Some(applied) => applied.item.amount += item.amount,
                    None => self.applied.push(Applied {
                        source,
                        target: *target,
                        item: *item,
                    }),
                }
            }
        }
        self.applied.retain(|applied| applied.item.amount != 0);
        self.run.touched.push(source);
        self.run.touched.extend(&targets);
        self.log.push(Settlement {
            version: self.version,
            at: at.to_owned(),
            source,
            applications,
            back,
            undoes: None,
        });
        // On every day from then on, each line has between nothing and all there is.
        for document in [source].into_iter().chain(targets) {
            let days: Vec<_> = self
                .moves(document)
                .into_iter()
                .map(|moved| moved.day)
                .collect();
            let first = self
                .log
                .last()
                .map(|last| self.days_of(last).min().unwrap());
            for day in days.iter().filter(|day| Some(*day) >= first.as_ref()) {
                if !self.is_possible(document, day) {
                    return Err("dateTooEarly");
                }
            }
        }
        Ok(())
    }

    fn check_posted_again(&self, document: usize, at: &str) -> Result<()> {
        let again = self.documents[document].posted_again_on.as_deref();
        if again.is_some_and(|again| at < again) {
            Err("dateTooEarly")
        } else {
            Ok(())
        }
    }

    /// The days from which the applications of a settlement count: none before both documents are there and posted.
    fn days_of<'a>(&'a self, settlement: &'a Settlement) -> impl Iterator<Item = String> + 'a {
        settlement.applications.iter().map(|application| {
            let there = |document: usize| {
                let Document {
                    date,
                    first_posted_on,
                    ..
                } = &self.documents[document];
                Some(date).max(first_posted_on.as_ref()).unwrap().clone()
            };
            settlement
                .at
                .clone()
                .max(there(settlement.source))
                .max(there(application.target))
        })
    }

    /// Everything that was ever moved on the lines of a document.
    fn moves(&self, document: usize) -> Vec<Move> {
        let mut moves = Vec::new();
        for (line, of_line) in self.documents[document].lines.iter().enumerate() {
            moves.extend(of_line.before.iter().map(|of| Move {
                day: of.day.clone(),
                line,
                refunds: of.by == "refund",
                amount: of.amount,
            }));
        }
        for settlement in &self.log {
            let days = self.days_of(settlement);
            for (Application { target, items, .. }, day) in settlement.applications.iter().zip(days)
            {
                let gives = settlement.source == document;
                if !gives && *target != document {
                    continue;
                }
                moves.extend(items.iter().map(|item| Move {
                    day: day.clone(),
                    line: if gives { item.source } else { item.target },
                    refunds: gives && self.documents[*target].kind == "refund",
                    amount: item.amount,
                }));
            }
        }
        moves
    }

    /// What is applied and refunded of each line of a document on a day.
    pub fn on(&self, document: usize, day: &str) -> Vec<[i128; 2]> {
        let mut lines = vec![[0; 2]; self.documents[document].lines.len()];
        for moved in self
            .moves(document)
            .iter()
            .filter(|moved| moved.day.as_str() <= day)
        {
            lines[moved.line][usize::from(moved.refunds)] += moved.amount;
        }
        lines
    }

    fn is_possible(&self, document: usize, day: &str) -> bool {
        let lines = self.on(document, day);
        let fits = |net: i128, [applied, refunded]: [i128; 2]| {
            within(applied, net) && within(refunded, net) && within(applied + refunded, net)
        };
        let total = [0, 1].map(|column| lines.iter().map(|line| line[column]).sum());
        let nets: Vec<_> = (0..lines.len())
            .map(|line| self.line_net(document, line))
            .collect();
        fits(nets.iter().sum(), total)
            && nets.iter().zip(&lines).all(|(net, line)| fits(*net, *line))
    }

    // Looking things up.

    /// Whether a source may be applied to a target at all.
    pub fn match_each_other(&self, source: usize, target: usize) -> bool {
        let [from, to] = [source, target].map(|index| &self.documents[index]);
        let live = |document: &Document| {
            document.status == "posted" && !document.reversed && !document.deleted
        };
        live(from) && live(to) && from.account == to.account && from.currency == to.currency
    }

    /// Whether something of the source is applied to the target.
    pub fn is_part(&self, source: usize, target: usize) -> bool {
        self.applied
            .iter()
            .any(|applied| (applied.source, applied.target) == (source, target))
    }

    fn line_used(&self, document: usize, line: usize, refunds: bool) -> i128 {
        let is_refund = |applied: &Applied| self.documents[applied.target].kind == "refund";
        let concerns = |applied: &&Applied| {
            let gives = (applied.source, applied.item.source) == (document, line)
                && is_refund(applied) == refunds;
            gives || (!refunds && (applied.target, applied.item.target) == (document, line))
        };
        let here: i128 = self
            .applied
            .iter()
            .filter(concerns)
            .map(|applied| applied.item.amount)
            .sum();
        let before = self.documents[document].lines[line].before.iter();
        let before = before.filter(|of| (of.by == "refund") == refunds);
        here + before.map(|of| of.amount).sum::<i128>()
    }

    pub fn line_applied(&self, document: usize, line: usize) -> i128 {
        self.line_used(document, line, false)
    }

    pub fn line_refunded(&self, document: usize, line: usize) -> i128 {
        self.line_used(document, line, true)
    }

    pub fn line_net(&self, document: usize, line: usize) -> i128 {
        let Line { amount, netted, .. } = self.documents[document].lines[line];
        amount + netted
    }

    pub fn line_open(&self, document: usize, line: usize) -> i128 {
        self.line_net(document, line)
            - self.line_applied(document, line)
            - self.line_refunded(document, line)
    }

    /// The sum of something over all lines of a document.
    fn sum(&self, document: usize, of: impl Fn(usize) -> i128) -> i128 {
        (0..self.documents[document].lines.len()).map(of).sum()
    }

    pub fn open(&self, document: usize) -> i128 {
        self.sum(document, |line| self.line_open(document, line))
    }

    /// What a document can settle: no more than it has open, nor (where those are passed over that are not positive)
    /// than its lines have.
    pub fn possible(&self, document: usize, skips: bool) -> i128 {
        let open = self.open(document).max(0);
        let positive = self.sum(document, |line| self.line_open(document, line).max(0));
        if skips { open.min(positive) } else { open }
    }

    /// What is applied between two documents, by target, then source.
    pub fn part(&self, source: usize, target: usize) -> Vec<Item> {
        let between = |applied: &&Applied| (applied.source, applied.target) == (source, target);
        let mut part: Vec<_> = self
            .applied
            .iter()
            .filter(between)
            .map(|applied| applied.item)
            .collect();
        part.sort_by_key(Item::order);
        part
    }

    /// The days and groups of what was settled.
    pub fn groups(&self) -> Vec<(String, String)> {
        self.log
            .iter()
            .map(|settlement| (format!("AG-{}", settlement.version), settlement.at.clone()))
            .collect()
    }

    /// What a group moved: the identifiers of both documents, and the lines.
    pub fn applications(&self, group: &str) -> Vec<MovedBetween> {
        let is_of = |of: &&Settlement| format!("AG-{}", of.version) == group;
        let mut applications = Vec::new();
        for settlement in self.log.iter().filter(is_of) {
            for application in &settlement.applications {
                let name = |document: usize, line: usize| {
                    let line = &self.documents[document].lines[line];
                    (line.tax_of.is_some(), line.id.clone())
                };
                let items = application.items.iter().map(|item| {
                    let source = name(settlement.source, item.source);
                    [source, name(application.target, item.target)]
                });
                applications.push(MovedBetween {
                    source: self.documents[settlement.source].id.clone(),
                    target: self.documents[application.target].id.clone(),
                    items: items.collect(),
                });
            }
        }
        applications
    }

    // Showing the outcome.

    fn outcome(&self, command: &Value, subject: Option<usize>) -> Value {
        let settled: Vec<_> = self
            .log
            .iter()
            .filter(|settlement| settlement.version == self.version)
            .collect();
        let currency = |settlement: &Settlement| self.documents[settlement.source].currency;
        let first = settled.first().map(|settlement| currency(settlement));
        let write = |document: usize, minor: i128| self.documents[document].currency.write(minor);
        let (mut applications, mut total) = (Vec::new(), 0);
        // By document and line, in the order in which the documents came up: how much moved.
        let mut order: Vec<usize> = Vec::new();
        let mut moved: Vec<(usize, usize, i128)> = Vec::new();
        for settlement in &settled {
            let source = settlement.source;
            order.push(source);
            for line in 0..self.documents[source].lines.len() {
                let items = settlement
                    .applications
                    .iter()
                    .flat_map(|application| &application.items);
                moved.push((
                    source,
                    line,
                    items
                        .filter(|item| item.source == line)
                        .map(|item| item.amount)
                        .sum(),
                ));
            }
            for Application {
                target,
                rule,
                items,
            } in &settlement.applications
            {
                order.push(*target);
                moved.extend(items.iter().map(|item| (*target, item.target, item.amount)));
                total += sum(items);
                let (from, to) = (&self.documents[source], &self.documents[*target]);
                let show = |item: &Item| {
                    json!({
                        "source": self.line_ref(source, item.source),
                        "target": self.line_ref(*target, item.target),
                        "amount": write(source, item.amount),
                    })
                };
                applications.push(json!({
                    "sourceType": from.kind,
                    "sourceId": from.id,
                    "targetType": to.kind,
                    "targetId": to.id,
                    "amount": write(source, sum(items)),
                    "ruleUsed": rule,
                    "items": items.iter().map(show).collect::<Vec<_>>(),
                }));
            }
        }
        let (mut documents, mut lines) = (Vec::new(), Vec::new());
        let mut seen: Vec<usize> = Vec::new();
        for document in order {
            if seen.contains(&document)
                || !moved
                    .iter()
                    .any(|(of, _, amount)| *of == document && *amount != 0)
            {
                continue;
            }
            seen.push(document);
            let of_line = |line: usize| -> i128 {
                moved
                    .iter()
                    .filter(|(of, own, _)| (*of, *own) == (document, line))
                    .map(|(.., amount)| amount)
                    .sum()
            };
            let change =
                |after: i128, moved: i128| (write(document, after + moved), write(document, after));
            for line in (0..self.documents[document].lines.len()).filter(|&line| of_line(line) != 0)
            {
                let (before, after) = change(self.line_open(document, line), of_line(line));
                lines.push(json!({ "line": self.line_ref(document, line), "before": before, "after": after }));
            }
            let (before, after) = change(self.open(document), self.sum(document, of_line));
            documents.push(json!({ "documentId": self.documents[document].id, "before": before, "after": after }));
        }
        let notice = |(code, document): &(&str, Option<usize>)| {
            let id = document.map(|document| &self.documents[document].id);
            json!({ "code": code, "documentId": id })
        };
        let result = |result: &Result<Option<usize>>| match result {
            Ok(subject) => {
                json!({ "success": true, "document": subject.map(|index| self.header(index)), "error": null })
            }
            Err(code) => json!({ "success": false, "document": null, "error": { "code": code } }),
        };
        let is_one = settled
            .iter()
            .all(|settlement| Some(currency(settlement)) == first);
        let mut outcome = json!({
            "type": command["type"],
            "at": command["at"],
            "version": self.version,
            "document": subject.map(|index| self.header(index)),
            "created": self.run.created.iter().map(|&index| self.header(index)).collect::<Vec<_>>(),
            "amount": first.filter(|_| is_one).map(|currency| currency.write(total)),
            "applicationGroupId": first.map(|_| format!("AG-{}", self.version)),
            "notices": self.run.notices.iter().map(notice).collect::<Vec<_>>(),
            "applications": applications,
            "documents": documents,
            "lines": lines,
        });
        if !self.run.results.is_empty() {
            outcome["results"] = self.run.results.iter().map(result).collect();
        }
        outcome
    }

    fn header(&self, index: usize) -> Value {
        let document = &self.documents[index];
        let write = |minor| document.currency.write(minor);
        let applied = self.sum(index, |line| self.line_applied(index, line));
        let tax = document
            .lines
            .iter()
            .filter(|line| line.tax_of.is_some())
            .map(|line| line.amount)
            .sum();
        let mut header = json!({
            "type": document.kind,
            "id": document.id,
            "number": document.number,
            "accountId": document.account,
            "currency": document.currency.code,
            "status": document.status,
            "date": document.date,
            "amount": write(self.total(index)),
            "taxAmount": write(tax),
            "appliedAmount": write(applied),
            "origin": document.origin,
            "reversed": document.reversed,
            "createdOn": document.created_on,
            "updatedOn": document.updated_on,
        });
        if is_demand(document.kind) {
            header["dueDate"] = document.due_date.clone().into();
            header["balance"] = write(self.open(index)).into();
            header["availableToCreditAmount"] = write(self.available_of(index, None)).into();
        }
        if is_source(document.kind) {
            header["refundAmount"] =
                write(self.sum(index, |line| self.line_refunded(index, line))).into();
            header["unappliedAmount"] = write(self.open(index)).into();
        }
        let referred = document.refers_to.map(|of| self.documents[of].id.clone());
        for (field, value) in [
            ("referredDocumentId", &referred),
            ("postedOn", &document.posted_on),
            ("canceledOn", &document.canceled_on),
            ("reasonCode", &document.reason),
        ] {
            value
                .iter()
                .for_each(|value| header[field] = value.clone().into());
        }
        header
    }

    fn line_ref(&self, document: usize, line: usize) -> Value {
        let Document { id, lines, .. } = &self.documents[document];
        let own = &lines[line];
        match own.tax_of {
            Some(item) => {
                json!({ "documentId": id, "itemId": lines[item].id, "taxItemId": own.id })
            }
            None if own.processing == "whole" => {
                json!({ "documentId": id, "itemId": null, "taxItemId": null })
            }
            None => json!({ "documentId": id, "itemId": own.id, "taxItemId": null }),
        }
    }
}

impl Spread {
    fn of(command: &Value) -> Self {
        let rule = |field: &str| {
            command[field]
                .as_str()
                .and_then(|rule| RULES.into_iter().find(|known| *known == rule))
        };
        let keys = |field: &str| list(&command[field]).iter().filter_map(text).collect();
        Self {
            rule: rule("rule"),
            fallback: rule("fallback"),
            documents: keys("documentOrder"),
            lines: keys("itemOrder"),
            skips: command["signs"] == "skipNonPositive",
            dense: command["matrix"] == "dense",
        }
    }
}

/// The targets that a request names, each with its kind.
fn targets(command: &Value) -> Vec<(&'static str, &Value)> {
    let each = |kind: &'static str| {
        list(&command[list_field(kind)])
            .iter()
            .map(move |target| (kind, target))
    };
    each("invoice").chain(each("debitMemo")).collect()
}

/// Documents are named, and their items where the rule needs them.
fn check_shape(command: &Value) -> Result<()> {
    let lacks_items = |(_, target): &(&str, &Value)| {
        let items = target["items"].as_array();
        items.map_or(command["rule"] == "explicit", Vec::is_empty)
    };
    let targets = targets(command);
    let means_all_open = means_all_open(command);
    if targets.is_empty() && !means_all_open || targets.iter().any(lacks_items) {
        return Err("missingField");
    }
    if means_all_open && command["rule"] == "explicit" {
        return Err("invalidChoice");
    }
    Ok(())
}

/// Whether a request means all open invoices or debit memos.
fn means_all_open(command: &Value) -> bool {
    ["invoices", "debitMemos"]
        .iter()
        .any(|list| command[*list] == "allOpen")
}

/// Whether a tax item names a source, and its item does not.
fn lacks_source(item: &Value) -> bool {
    let names = |tax: &Value| tax["sourceTaxItemId"].is_string();
    item["sourceItemId"].is_null() && list(&item["taxItems"]).iter().any(names)
}

/// An item says the quantity and unit price of a line.
fn tell_price(item: &mut Value, line: &Line) {
    for (field, value) in ["quantity", "unitPrice"].into_iter().zip(&line.price) {
        value
            .iter()
            .for_each(|value| item[field] = value.clone().into());
    }
}

/// The same text of a decimal with the other sign.
fn negated(decimal: &str) -> String {
    decimal
        .strip_prefix('-')
        .map_or_else(|| format!("-{decimal}"), str::to_owned)
}

/// Whether all that a change says of what was settled before fits the kind of document.
fn has_words(change: &Value, kind: &str) -> bool {
    let item = change.get("add").unwrap_or(change);
    let taxes = list(&item["taxItems"]).iter();
    let lines = taxes.map(|tax| tax.get("add").unwrap_or(tax)).chain([item]);
    let mut stated = lines.map(|line| &line["settledBefore"]);
    stated.all(|stated| Before::is_of(stated, kind))
}

/// One change of the items of a draft.
fn change_items(items: &mut Vec<Value>, change: &Value) -> Result<()> {
    if let Some(item) = change.get("add") {
        items.push(item.clone());
        return Ok(());
    }
    if let Some(id) = change.get("delete") {
        if items.iter().all(|item| item["id"] != *id) {
            return Err("itemNotFound");
        }
        items.retain(|item| item["id"] != *id && item["appliedToItemId"] != *id);
        return Ok(());
    }
    let item = items
        .iter_mut()
        .find(|item| item["id"] == change["id"])
        .ok_or("itemNotFound")?;
    let mut is_priced = false;
    for field in ["quantity", "unitPrice"] {
        if let Some(value) = change.get(field) {
            item[field] = value.clone();
            is_priced = true;
        }
    }
    if let Some(before) = change.get("settledBefore") {
        item["settledBefore"] = before.clone();
    }
    is_priced &= item["quantity"].is_string() && item["unitPrice"].is_string();
    if change.get("amount").is_some() || is_priced {
        item["amount"] = change["amount"].clone();
        item["told"] = false.into();
        forget_taxes(item);
    }
    if let Some(mode) = change.get("taxMode") {
        let was = item["taxMode"].as_str().unwrap_or("exclusive");
        if mode != was {
            item["taxMode"] = mode.clone();
            forget_taxes(item);
        }
    }
    for change in list(&change["taxItems"]) {
        let taxes = item
            .as_object_mut()
            .unwrap()
            .entry("taxItems")
            .or_insert(json!([]))
            .as_array_mut()
            .unwrap();
        if let Some(tax) = change.get("add") {
            taxes.push(tax.clone());
        } else if let Some(id) = change.get("delete") {
            let place = taxes
                .iter()
                .position(|tax| tax["id"] == *id)
                .ok_or("itemNotFound")?;
            taxes.remove(place);
        } else {
            *taxes
                .iter_mut()
                .find(|tax| tax["id"] == change["id"])
                .ok_or("itemNotFound")? = change.clone();
        }
    }
    Ok(())
}

/// New taxes, where they follow from the amount: by a source item, or by their rates.
fn forget_taxes(item: &mut Value) {
    let taxes = item["taxItems"].as_array_mut().into_iter().flatten();
    let follow = taxes.filter(|tax| tax["sourceTaxItemId"].is_string() || tax["rate"].is_string());
    follow.for_each(|tax| drop(tax.as_object_mut().unwrap().remove("amount")));
}

/// What is negative goes with what is negative, the rest of it with the first line that has something.
fn pair_negative(cells: &mut Vec<(usize, usize, i128)>, rows: &mut [i128], columns: &mut [i128]) {
    for column in 0..columns.len() {
        for row in 0..rows.len() {
            if rows[row] < 0 && columns[column] < 0 {
                let units = rows[row].max(columns[column]);
                cell(cells, rows, columns, row, column, units);
            }
        }
    }
    for column in 0..columns.len() {
        if columns[column] < 0 {
            let row = rows.iter().position(|share| *share > 0).unwrap();
            cell(cells, rows, columns, row, column, columns[column]);
        }
    }
    for row in 0..rows.len() {
        if rows[row] < 0 {
            let column = columns.iter().position(|share| *share > 0).unwrap();
            cell(cells, rows, columns, row, column, rows[row]);
        }
    }
}

/// What has nothing left in all has nothing left on any line.
fn close(items: &mut Vec<Item>, given: &mut Side, taken: &mut Side) {
    let is_closed = |side: &Side| side.left.iter().sum::<i128>() == 0;
    let sum_of = |items: &[Item], is: &dyn Fn(&Item) -> bool| -> i128 {
        let own = items.iter().filter(|item| is(item));
        own.map(|item| item.amount).sum()
    };
    let rows: Vec<_> = (0..given.lines.len())
        .filter(|&row| is_closed(given) && given.left[row] != 0)
        .collect();
    let columns: Vec<_> = (0..taken.lines.len())
        .filter(|&column| is_closed(taken) && taken.left[column] != 0)
        .collect();
    let mut more = Vec::new();
    if !rows.is_empty() && !columns.is_empty() {
        let mut cells = Vec::new();
        let mut from: Vec<_> = rows.iter().map(|&row| given.left[row]).collect();
        let mut to: Vec<_> = columns.iter().map(|&column| taken.left[column]).collect();
        pair_negative(&mut cells, &mut from, &mut to);
        for row in 0..from.len() {
            for column in 0..to.len() {
                let units = from[row].min(to[column]);
                cell(&mut cells, &mut from, &mut to, row, column, units);
            }
        }
        more.extend(cells.into_iter().map(|(row, column, amount)| Item {
            source: given.lines[rows[row]],
            target: taken.lines[columns[column]],
            amount,
        }));
    } else if !rows.is_empty() {
        let target = (0..)
            .find(|&line| sum_of(items, &|item| item.target == line) > 0)
            .unwrap();
        more.extend(rows.iter().map(|&row| Item {
            source: given.lines[row],
            target,
            amount: given.left[row],
        }));
    } else if !columns.is_empty() {
        let source = (0..)
            .find(|&line| sum_of(items, &|item| item.source == line) > 0)
            .unwrap();
        more.extend(columns.iter().map(|&column| Item {
            source,
            target: taken.lines[column],
            amount: taken.left[column],
        }));
    }
    for Item {
        source,
        target,
        amount,
    } in &more
    {
        *given.left(*source).unwrap() -= amount;
        *taken.left(*target).unwrap() -= amount;
    }
    items.extend(more);
    *items = scaled(std::mem::take(items), 1);
    items.retain(|item| item.amount != 0);
}

/// Takes units from a row and a column.
fn cell(
    cells: &mut Vec<(usize, usize, i128)>,
    rows: &mut [i128],
    columns: &mut [i128],
    row: usize,
    column: usize,
    units: i128,
) {
    if units != 0 {
        rows[row] -= units;
        columns[column] -= units;
        cells.push((row, column, units));
    }
}

/// Items in whole steps as items of amounts, one for each pair of lines, in order.
fn scaled(items: Vec<Item>, step: i128) -> Vec<Item> {
    let mut scaled: Vec<Item> = Vec::new();
    for item in items {
        match scaled
            .iter_mut()
            .find(|known| known.order() == item.order())
        {
            Some(known) => known.amount += item.amount * step,
            None => scaled.push(Item {
                amount: item.amount * step,
                ..item
            }),
        }
    }
    scaled.sort_by_key(Item::order);
    scaled
}

/// Splits `count` over what lines have left: in proportion, or in their order, what is negative in full first.
fn split(rule: &str, count: i128, left: &[i128]) -> Vec<i128> {
    if count == 0 {
        return vec![0; left.len()];
    }
    if rule != "proration" {
        let pool = count - left.iter().filter(|left| **left < 0).sum::<i128>();
        let caps: Vec<_> = left.iter().map(|left| *left.max(&0)).collect();
        let shares = in_order(pool, &caps);
        return left
            .iter()
            .zip(shares)
            .map(|(left, share)| if *left < 0 { *left } else { share })
            .collect();
    }
    let total: i128 = left.iter().sum();
    let mut shares: Vec<_> = left
        .iter()
        .map(|left| (count * left).div_euclid(total))
        .collect();
    let mut remainders: Vec<_> = left
        .iter()
        .map(|left| (count * left).rem_euclid(total))
        .collect();
    while shares.iter().sum::<i128>() < count {
        let largest = *remainders.iter().max().unwrap();
        let place = remainders
            .iter()
            .position(|remainder| *remainder == largest)
            .unwrap();
        shares[place] += 1;
        remainders[place] = -1;
    }
    shares
}

/// A text cut into single bytes and numbers. Numbers are compared by their digits: more of them is more.
fn natural_pieces(text: &str) -> Vec<(u8, usize, String)> {
    let mut pieces: Vec<(u8, usize, String)> = Vec::new();
    let mut is_number = false;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            pieces.push((byte, 0, String::new()));
        } else {
            if !is_number {
                pieces.push((b'0', 0, String::new()));
            }
            let (_, _, digits) = pieces.last_mut().expect("a piece");
            digits.push(char::from(byte));
        }
        is_number = byte.is_ascii_digit();
    }
    for (_, count, digits) in &mut pieces {
        *digits = digits.trim_start_matches('0').to_owned();
        *count = digits.len();
    }
    pieces
}
