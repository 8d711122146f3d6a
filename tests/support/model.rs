//! The rules once more, as naively as they can be said: plain lists, 128-bit sums, everything looked up anew each time.
//!
//! This is no second engine but a second reading of `settlement.md` 1, 3.6, 3.7 and 4.2 and of `types.d.ts`. It shares
//! no code with the engine, takes the same requests, and answers with the whole result as it must cross the boundary.

use crate::support::command::{Command, Kind, NewDocument, Pair, Rule, Settle, Wanted};
use crate::support::naive::{in_order, pair_alike, proportional, set_off};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The code of a refusal.
pub type Refusal = &'static str;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    pub code: &'static str,
    pub scale: usize,
    /// The least step between two amounts, in minor units.
    pub step: i128,
}

/// The currencies that the model knows; the first is that of the book. Scales and steps of every sort.
pub const CURRENCIES: [Currency; 5] = [
    Currency { code: "USD", scale: 2, step: 1 },
    Currency { code: "JPY", scale: 0, step: 1 },
    Currency { code: "KWD", scale: 3, step: 1 },
    Currency { code: "CHF", scale: 2, step: 5 },
    Currency { code: "COIN", scale: 8, step: 1 },
];

const LARGEST: i128 = i64::MAX as i128;

impl Currency {
    pub fn write(&self, minor: i128) -> String {
        let sign = if minor < 0 { "-" } else { "" };
        let digits = format!("{:0width$}", minor.abs(), width = self.scale + 1);
        let (whole, decimals) = digits.split_at(digits.len() - self.scale);
        if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
    }

    fn read(&self, text: &str) -> Result<i128, Refusal> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        if decimals.len() > self.scale {
            return Err("tooManyDecimals");
        }
        let minor: i128 = format!("{whole}{decimals:0<width$}", width = self.scale).parse().unwrap();
        if minor.abs() > LARGEST {
            return Err("outOfRange");
        }
        if minor % self.step == 0 { Ok(minor) } else { Err("offIncrement") }
    }
}

#[derive(Clone, Debug)]
pub struct Document {
    pub kind: Kind,
    pub id: String,
    number: String,
    account: String,
    pub currency: Currency,
    pub posted: bool,
    posted_on: Option<String>,
    date: String,
    due_date: String,
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    /// The item that this tax item belongs to.
    pub tax_of: Option<usize>,
    /// Which tax it is.
    tax_name: Option<String>,
    pub amount: i128,
    pub netted: i128,
}

/// An amount between a line of a source (credit memo or payment) and a line of a target (invoice or debit memo).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub source: usize,
    pub target: usize,
    pub amount: i128,
}

/// What is applied of a source to a target now. Its amount is never zero.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    pub source: usize,
    pub target: usize,
    pub item: Item,
}

/// A book.
#[derive(Clone, Debug)]
pub struct Model {
    pub currency: Currency,
    pub documents: Vec<Document>,
    pub applied: Vec<Applied>,
    version: u64,
}

/// What one target receives or gives back, line by line.
struct Application {
    target: usize,
    rule: Rule,
    items: Vec<Item>,
}

/// One target of a request, with its lines found; their amounts are read last.
struct Entry<'a> {
    wanted: &'a Wanted,
    target: usize,
    amount: Option<i128>,
    items: Vec<(&'a Pair, Item)>,
}

impl Entry<'_> {
    fn items(&self) -> impl Iterator<Item = Item> {
        self.items.iter().map(|(_, item)| *item)
    }
}

impl Item {
    /// The order of the items between two documents: by target, then source.
    const fn order(&self) -> (usize, usize) {
        (self.target, self.source)
    }
}

fn sum(items: impl Iterator<Item = Item>) -> i128 {
    items.map(|item| item.amount).sum()
}

impl Model {
    pub fn new(currency: Currency) -> Self {
        Self { currency, documents: Vec::new(), applied: Vec::new(), version: 0 }
    }

    /// The options of the same book.
    pub fn options(&self) -> Value {
        let currencies = json!([
            { "code": "CHF", "increment": "0.05" },
            { "code": "COIN", "scale": 8 },
        ]);
        json!({ "currency": self.currency.code, "accountId": "A", "currencies": currencies })
    }

    /// Carries a command out and answers with the whole outcome, or with the code of its refusal.
    pub fn execute(&mut self, command: &Command, at: &str) -> Result<Value, Refusal> {
        match command {
            Command::Create(new) => {
                let document = self.create(new, at)?;
                self.version += 1;
                self.documents.push(document);
                Ok(self.outcome(command, at, self.documents.len() - 1, None))
            }
            Command::Post { kind, id } => {
                let index = self.find(*kind, id).ok_or("documentNotFound")?;
                if self.documents[index].posted {
                    return Err("invalidStatus");
                }
                self.version += 1;
                self.documents[index].posted = true;
                self.documents[index].posted_on = Some(at.to_owned());
                Ok(self.outcome(command, at, index, None))
            }
            Command::Settle(settle) => {
                let (source, applications, idle) = self.settle(settle)?;
                let before = self.clone();
                self.version += 1;
                let sign = if settle.back { -1 } else { 1 };
                for Application { target, items, .. } in &applications {
                    items.iter().for_each(|item| self.apply(source, *target, *item, sign * item.amount));
                }
                Ok(self.outcome(command, at, source, Some((&before, sign, &applications, &idle))))
            }
        }
    }

    fn apply(&mut self, source: usize, target: usize, between: Item, amount: i128) {
        let same = |applied: &&mut Applied| {
            (applied.source, applied.target, applied.item.order()) == (source, target, between.order())
        };
        match self.applied.iter_mut().find(same) {
            Some(applied) => applied.item.amount += amount,
            None => self.applied.push(Applied { source, target, item: Item { amount, ..between } }),
        }
        self.applied.retain(|applied| applied.item.amount != 0);
    }

    // Creating.

    fn create(&self, new: &NewDocument, at: &str) -> Result<Document, Refusal> {
        if new.items.is_empty() {
            return Err("missingField");
        }
        let is_payment = new.kind == Kind::Payment;
        let code = new.currency.as_deref().unwrap_or(self.currency.code);
        let currency = *CURRENCIES.iter().find(|known| known.code == code).ok_or("unknownCurrency")?;
        // The items, each followed by its tax items.
        let mut lines: Vec<(&str, &str, Option<usize>, Option<&str>)> = Vec::new();
        if is_payment {
            lines.push((&new.id, &new.items[0].amount, None, None));
        }
        for item in new.items.iter().filter(|_| !is_payment) {
            let of = lines.len();
            lines.push((&item.id, &item.amount, None, item.applied_to_item_id.as_deref()));
            lines.extend(item.tax_items.iter().map(|tax| (&*tax.id, &*tax.amount, Some(of), None)));
        }
        let taken = self.documents.iter().any(|document| document.id == new.id);
        let twice = lines.iter().enumerate().any(|(place, line)| lines[..place].iter().any(|other| other.0 == line.0));
        if taken || twice {
            return Err("duplicateId");
        }
        let item = |id: &str| lines.iter().position(|line| line.0 == id && line.2.is_none());
        if lines.iter().any(|line| line.3.is_some_and(|reduced| item(reduced).is_none())) {
            return Err("itemNotFound");
        }
        let reduces: Vec<_> = lines.iter().map(|line| line.3.and_then(item)).collect();
        let amounts = lines.iter().map(|line| currency.read(line.1)).collect::<Result<Vec<_>, _>>()?;
        if is_payment && amounts[0] <= 0 {
            return Err("amountNotPositive");
        }
        if amounts.iter().map(|amount| amount.abs()).sum::<i128>() > LARGEST {
            return Err("outOfRange");
        }
        // A discount takes off its item what it has, up to all that is left of it; its tax items stay as they are.
        let mut netted = vec![0; lines.len()];
        for (discount, &item) in reduces.iter().enumerate() {
            let Some(item) = item else { continue };
            let left = amounts[item] + netted[item];
            let rest = left + amounts[discount];
            if reduces[item].is_some() || rest < left.min(0) || rest > left.max(0) {
                return Err("invalidDiscount");
            }
            netted[item] += amounts[discount];
            netted[discount] = -amounts[discount];
        }
        let taxes = new.items.iter().flat_map(|item| &item.tax_items);
        let line = |place: usize| Line {
            id: lines[place].0.to_owned(),
            tax_of: lines[place].2,
            tax_name: taxes.clone().find(|tax| tax.id == lines[place].0).and_then(|tax| tax.name.clone()),
            amount: amounts[place],
            netted: netted[place],
        };
        let date = new.date.clone().unwrap_or_else(|| at.to_owned());
        Ok(Document {
            kind: new.kind,
            id: new.id.clone(),
            number: new.number.clone().unwrap_or_else(|| new.id.clone()),
            account: new.account_id.clone().unwrap_or_else(|| "A".to_owned()),
            currency,
            // Money has come in or it has not: there is no draft of a payment.
            posted: new.auto_post || is_payment,
            posted_on: if is_payment { Some(date.clone()) } else { new.auto_post.then(|| at.to_owned()) },
            due_date: new.due_date.clone().unwrap_or_else(|| date.clone()),
            date,
            lines: (0..lines.len()).map(line).collect(),
        })
    }

    // Settling: which invoices, how much of each, and how that is spread over lines.

    /// The source, the applications, and the targets for which there was nothing.
    fn settle(&self, settle: &Settle) -> Result<(usize, Vec<Application>, Vec<usize>), Refusal> {
        let everything;
        let wanted = match &settle.targets {
            Some(wanted) => wanted,
            None if !settle.back || settle.rule == Some(Rule::Explicit) => return Err("missingField"),
            None => {
                everything = self.everything_applied(settle);
                &everything
            }
        };
        let (source, entries) = self.resolve(settle, wanted)?;
        // What the source's lines have left: first for what is named explicitly, then for the rules.
        let mut rows = self.capacities(source, settle.skips_negative);
        let amounts = if settle.back {
            self.amounts_back(source, &entries)?
        } else {
            self.amounts_applied(settle, source, &mut rows, &entries)?
        };
        let (mut applications, mut idle) = (Vec::new(), Vec::new());
        for (entry, &amount) in entries.iter().zip(&amounts) {
            let target = entry.target;
            let is_idle = if settle.back { !self.is_part(source, target) } else { amount == 0 };
            let (rule, items): (_, Vec<Item>) = if is_idle {
                idle.push(target);
                continue;
            } else if !entry.items.is_empty() {
                (Rule::Explicit, entry.items().collect())
            } else if settle.back {
                let rule = settle.rule.unwrap_or(Rule::Fifo);
                let all = entry.amount.is_none();
                (rule, if all { self.part(source, target) } else { self.release(rule, amount, source, target) })
            } else {
                let rule = settle.rule.unwrap_or(Rule::Proration);
                (rule, self.pay(rule, amount, source, &mut rows, target, settle.skips_negative))
            };
            if settle.back && !self.fits(source, target, &items) {
                return Err("exceedsApplied");
            }
            applications.push(Application { target, rule, items });
        }
        if applications.is_empty() { Err("nothingToSettle") } else { Ok((source, applications, idle)) }
    }

    /// Splits an amount over what the source has left and over the target, and pairs the shares off.
    fn pay(&self, rule: Rule, amount: i128, source: usize, rows: &mut [i128], target: usize, skips: bool) -> Vec<Item> {
        let step = self.documents[source].currency.step;
        let mut given = spread(rule, amount, rows, step);
        rows.iter_mut().zip(&given).for_each(|(row, share)| *row -= share);
        let mut got = spread(rule, amount, &self.capacities(target, skips), step);
        let mut levels = self.likenesses(source, target, skips);
        // Last in, first out: everything from the back.
        let back = rule == Rule::Lifo;
        if back {
            given.reverse();
            got.reverse();
            levels.iter_mut().flatten().for_each(|keys| keys.reverse());
        }
        let mut cells = set_off(&mut given, &mut got);
        cells.extend(pair_alike(&given, &got, &levels));
        let place = |line: usize, count: usize| if back { count - 1 - line } else { line };
        let item =
            |(row, column, amount)| Item { source: place(row, given.len()), target: place(column, got.len()), amount };
        merged(cells.into_iter().map(item))
    }

    /// Who is like whom: the same tax, then tax and tax, charge and charge. Where one side has no tax to settle, all
    /// are alike.
    fn likenesses(&self, source: usize, target: usize, skips: bool) -> Vec<[Vec<Option<usize>>; 2]> {
        let open = [source, target].map(|document| self.capacities(document, skips));
        let lines = |document: usize| &self.documents[document].lines;
        let has_tax = |document: usize, open: &[i128]| {
            lines(document).iter().zip(open).any(|(line, open)| line.tax_of.is_some() && *open != 0)
        };
        if !has_tax(source, &open[0]) || !has_tax(target, &open[1]) {
            return Vec::new();
        }
        let names: Vec<_> = [source, target].into_iter().flat_map(lines).map(|line| &line.tax_name).collect();
        let name = |line: &Line| names.iter().position(|name| **name == line.tax_name);
        let taxes = |document: usize| {
            lines(document).iter().map(|line| line.tax_of.and_then(|_| name(line))).collect::<Vec<_>>()
        };
        let same = [source, target].map(taxes);
        let kinds = same.clone().map(|keys| keys.into_iter().map(|key| Some(usize::from(key.is_some()))).collect());
        vec![same, kinds]
    }

    /// Splits an amount over what is applied between two documents. Where negative lines were set off against others,
    /// over the lines of both sides, and what stays is paired anew.
    fn release(&self, rule: Rule, amount: i128, source: usize, target: usize) -> Vec<Item> {
        let part = self.part(source, target);
        let step = self.documents[source].currency.step;
        if part.iter().all(|item| item.amount > 0) {
            let caps: Vec<_> = part.iter().map(|item| item.amount).collect();
            let shares = spread(rule, amount, &caps, step);
            return merged(part.into_iter().zip(shares).map(|(item, amount)| Item { amount, ..item }));
        }
        let stays = |document: usize, line: fn(&Item) -> usize| {
            let on = |place: usize| sum(part.iter().copied().filter(|item| line(item) == place));
            let applied: Vec<_> = (0..self.documents[document].lines.len()).map(on).collect();
            let back = spread(rule, amount, &applied, step);
            applied.iter().zip(back).map(|(applied, back)| applied - back).collect::<Vec<_>>()
        };
        let (mut rows, mut columns) = (stays(source, |item| item.source), stays(target, |item| item.target));
        let mut cells = set_off(&mut rows, &mut columns);
        cells.extend(pair_alike(&rows, &columns, &[]));
        let kept = cells.into_iter().map(|(source, target, amount)| Item { source, target, amount: -amount });
        merged(part.iter().copied().chain(kept))
    }

    /// Whether of every line comes back between nothing and what is applied of it between the two.
    fn fits(&self, source: usize, target: usize, back: &[Item]) -> bool {
        let part = self.part(source, target);
        let within = |line: fn(&Item) -> usize| {
            back.iter().chain(&part).map(line).all(|place| {
                let on = |items: &[Item]| sum(items.iter().copied().filter(|item| line(item) == place));
                let (all, back) = (on(&part), on(back));
                (all.min(0)..=all.max(0)).contains(&back)
            })
        };
        within(|item| item.source) && within(|item| item.target)
    }

    /// All guards that concern the request itself, one after another, each over the whole request. Answers with the
    /// entries in document order, their items by line.
    fn resolve<'a>(&self, settle: &Settle, wanted: &'a [Wanted]) -> Result<(usize, Vec<Entry<'a>>), Refusal> {
        let explicit = settle.rule == Some(Rule::Explicit);
        let lacks_items = |wanted: &Wanted| wanted.items.as_ref().map_or(explicit, Vec::is_empty);
        if settle.targets.as_ref().is_some_and(|wanted| wanted.is_empty() || wanted.iter().any(lacks_items)) {
            return Err("missingField");
        }
        let source = self.find(settle.kind, &settle.source).ok_or("documentNotFound")?;
        let mut entries = Vec::new();
        for wanted in wanted {
            let target = self.find(wanted.kind, &wanted.target).ok_or("documentNotFound")?;
            entries.push(Entry { wanted, target, amount: None, items: Vec::new() });
        }
        entries.sort_by_key(|entry| self.order(entry.target));
        if settle.rule == Some(Rule::Lifo) {
            entries.reverse();
        }
        let is_payment = settle.kind == Kind::Payment;
        let line = |document: usize, id: &str| self.documents[document].lines.iter().position(|line| line.id == id);
        for entry in &mut entries {
            for pair in entry.wanted.items.iter().flatten() {
                let source = if is_payment { Some(0) } else { line(source, &pair.source) }.ok_or("itemNotFound")?;
                let target = line(entry.target, &pair.target).ok_or("itemNotFound")?;
                entry.items.push((pair, Item { source, target, amount: 0 }));
            }
            entry.items.sort_by_key(|(_, item)| item.order());
        }
        let same_lines = |entry: &Entry<'_>| entry.items.windows(2).any(|pair| pair[0].1.order() == pair[1].1.order());
        if entries.iter().any(same_lines) || entries.windows(2).any(|pair| pair[0].target == pair[1].target) {
            return Err("duplicateEntry");
        }
        let document = |entry: &Entry<'_>| &self.documents[entry.target];
        let from = &self.documents[source];
        if !from.posted || entries.iter().any(|entry| !document(entry).posted) {
            return Err("invalidStatus");
        }
        if entries.iter().any(|entry| document(entry).account != from.account) {
            return Err("accountMismatch");
        }
        if entries.iter().any(|entry| document(entry).currency != from.currency) {
            return Err("currencyMismatch");
        }
        let is_tax = |document: usize, line: usize| self.documents[document].lines[line].tax_of.is_some();
        let is_mixed = |entry: &Entry<'_>| {
            let mixed = |(pair, item): &(&Pair, Item)| {
                let of_source = !is_payment && is_tax(source, item.source) != pair.tax;
                of_source || is_tax(entry.target, item.target) != pair.tax
            };
            entry.items.iter().any(mixed)
        };
        if entries.iter().any(is_mixed) {
            return Err("kindMismatch");
        }
        for entry in &mut entries {
            entry.amount = entry.wanted.amount.as_ref().map(|amount| from.currency.read(amount)).transpose()?;
            for (pair, item) in &mut entry.items {
                item.amount = from.currency.read(&pair.amount)?;
            }
        }
        // An amount has the sign of the line that it settles.
        let has_sign = |entry: &Entry<'_>, item: Item| {
            let line = &self.documents[entry.target].lines[item.target];
            if line.amount + line.netted < 0 { item.amount < 0 } else { item.amount > 0 }
        };
        let is_positive = |entry: &Entry<'_>| {
            entry.amount.is_none_or(|amount| amount > 0) && entry.items().all(|item| has_sign(entry, item))
        };
        if !entries.iter().all(is_positive) {
            return Err("amountNotPositive");
        }
        for entry in entries.iter_mut().filter(|entry| !entry.items.is_empty()) {
            let sum = sum(entry.items());
            if sum > LARGEST || sum <= 0 || entry.amount.is_some_and(|amount| amount != sum) {
                return Err("sumMismatch");
            }
            entry.amount = Some(sum);
        }
        Ok((source, entries))
    }

    /// All targets to which something of the source is applied.
    fn everything_applied(&self, settle: &Settle) -> Vec<Wanted> {
        let Some(source) = self.find(settle.kind, &settle.source) else { return Vec::new() };
        let targets = (0..self.documents.len()).filter(|&target| self.is_part(source, target));
        targets.map(|target| Wanted::all(self.documents[target].kind, &self.documents[target].id)).collect()
    }

    fn amounts_applied(
        &self,
        settle: &Settle,
        source: usize,
        rows: &mut [i128],
        entries: &[Entry<'_>],
    ) -> Result<Vec<i128>, Refusal> {
        // Explicit items must fit their lines, on both sides: of a line between nothing and what it has open.
        let within = |amount: i128, open: i128| (open.min(0)..=open.max(0)).contains(&amount);
        for entry in entries {
            let got = |line: usize| sum(entry.items().filter(|item| item.target == line));
            let open = |line: usize| self.line_open(entry.target, line);
            if entry.items().any(|item| !within(got(item.target), open(item.target))) {
                return Err("exceedsItem");
            }
            for (line, left) in rows.iter_mut().enumerate() {
                let given = sum(entry.items().filter(|item| item.source == line));
                if !within(given, *left) {
                    return Err("exceedsItem");
                }
                *left -= given;
            }
        }
        let possible = |document: usize| self.possible(document, settle.skips_negative);
        let mut left = possible(source);
        left -= entries.iter().filter_map(|entry| entry.amount).sum::<i128>();
        if left < 0 {
            return Err("exceedsUnapplied");
        }
        if entries.iter().any(|entry| entry.amount.is_some_and(|amount| amount > possible(entry.target))) {
            return Err("exceedsBalance");
        }
        let amount = |entry: &Entry<'_>| {
            entry.amount.unwrap_or_else(|| {
                let amount = left.min(possible(entry.target));
                left -= amount;
                amount
            })
        };
        Ok(entries.iter().map(amount).collect())
    }

    fn amounts_back(&self, source: usize, entries: &[Entry<'_>]) -> Result<Vec<i128>, Refusal> {
        let mut amounts = Vec::new();
        for entry in entries {
            let part = self.part(source, entry.target);
            for item in entry.items() {
                let applied = part.iter().find(|applied| applied.order() == item.order());
                let applied = applied.map_or(0, |applied| applied.amount);
                if !(applied.min(0)..=applied.max(0)).contains(&item.amount) {
                    return Err("exceedsApplied");
                }
            }
            let all = sum(part.into_iter());
            amounts.push(entry.amount.unwrap_or(all));
            if amounts.last() > Some(&all) {
                return Err("exceedsApplied");
            }
        }
        Ok(amounts)
    }

    // Looking things up.

    /// Whether a source may be applied to a target at all.
    pub fn match_each_other(&self, source: usize, target: usize) -> bool {
        let [source, target] = [source, target].map(|index| &self.documents[index]);
        source.posted && target.posted && source.account == target.account && source.currency == target.currency
    }

    pub fn find(&self, kind: Kind, id: &str) -> Option<usize> {
        self.documents.iter().position(|document| document.kind == kind && document.id == id)
    }

    /// Due date, date, number, identifier.
    fn order(&self, index: usize) -> (String, String, String, String) {
        let document = self.documents[index].clone();
        (document.due_date, document.date, document.number, document.id)
    }

    /// Whether something of the source is applied to the target.
    pub fn is_part(&self, source: usize, target: usize) -> bool {
        self.applied.iter().any(|applied| (applied.source, applied.target) == (source, target))
    }

    pub fn line_applied(&self, document: usize, line: usize) -> i128 {
        let concerns = |Applied { source, target, item }: &&Applied| {
            (*source, item.source) == (document, line) || (*target, item.target) == (document, line)
        };
        sum(self.applied.iter().filter(concerns).map(|applied| applied.item))
    }

    fn line_open(&self, document: usize, line: usize) -> i128 {
        let Line { amount, netted, .. } = self.documents[document].lines[line];
        amount + netted - self.line_applied(document, line)
    }

    /// The sum of something over all lines of a document.
    fn sum(&self, document: usize, of: impl Fn(usize) -> i128) -> i128 {
        (0..self.documents[document].lines.len()).map(of).sum()
    }

    /// What each line can settle: its open amount, with its sign or only if that is positive.
    pub fn capacities(&self, document: usize, skips: bool) -> Vec<i128> {
        let open = (0..self.documents[document].lines.len()).map(|line| self.line_open(document, line));
        open.map(|open| if skips { open.max(0) } else { open }).collect()
    }

    /// What a document can settle: no more than its header has open, nor than the lines that take part have.
    pub fn possible(&self, document: usize, skips: bool) -> i128 {
        let header = self.sum(document, |line| self.line_open(document, line));
        header.min(self.capacities(document, skips).iter().sum()).max(0)
    }

    /// What is applied between two documents, by target, then source.
    pub fn part(&self, source: usize, target: usize) -> Vec<Item> {
        let between = |applied: &&Applied| (applied.source, applied.target) == (source, target);
        merged(self.applied.iter().filter(between).map(|applied| applied.item))
    }

    // Showing the outcome.

    fn outcome(
        &self,
        command: &Command,
        at: &str,
        subject: usize,
        settled: Option<(&Model, i128, &[Application], &[usize])>,
    ) -> Value {
        let write = |minor| self.documents[subject].currency.write(minor);
        let mut outcome = json!({
            "type": command.name(),
            "at": at,
            "version": self.version,
            "document": self.header(subject),
            "created": [],
            "amount": null,
            "applicationGroupId": null,
            "notices": [],
            "applications": [],
            "documents": [],
            "lines": [],
        });
        if matches!(command, Command::Create(_)) {
            outcome["created"] = json!([self.header(subject)]);
        }
        let Some((before, sign, applications, idle)) = settled else { return outcome };
        let total = |application: &Application| sign * sum(application.items.iter().copied());
        let notice = |&target: &usize| json!({ "code": "nothingApplied", "documentId": self.documents[target].id });
        let show_item = |target: usize, item: &Item| {
            json!({
                "source": self.line_ref(subject, item.source),
                "target": self.line_ref(target, item.target),
                "amount": write(sign * item.amount),
            })
        };
        let show = |application: &Application| {
            let items: Vec<_> = application.items.iter().map(|item| show_item(application.target, item)).collect();
            json!({
                "sourceType": self.documents[subject].kind.name(),
                "sourceId": self.documents[subject].id,
                "targetType": self.documents[application.target].kind.name(),
                "targetId": self.documents[application.target].id,
                "amount": write(total(application)),
                "ruleUsed": application.rule,
                "items": items,
            })
        };
        // A source of which no line has moved has not changed: lines of both signs can come back as nothing in all.
        let moved = |line: usize| before.line_open(subject, line) != self.line_open(subject, line);
        let source = (0..self.documents[subject].lines.len()).any(moved).then_some(subject);
        let changed: Vec<_> =
            source.into_iter().chain(applications.iter().map(|application| application.target)).collect();
        let open = |model: &Model, index: usize| model.sum(index, |line| model.line_open(index, line));
        let document = |&index: &usize| {
            let id = &self.documents[index].id;
            json!({ "documentId": id, "before": write(open(before, index)), "after": write(open(self, index)) })
        };
        let mut lines = Vec::new();
        for &index in &changed {
            for line in 0..self.documents[index].lines.len() {
                let (before, after) = (before.line_open(index, line), self.line_open(index, line));
                if before != after {
                    let line = self.line_ref(index, line);
                    lines.push(json!({ "line": line, "before": write(before), "after": write(after) }));
                }
            }
        }
        outcome["amount"] = write(applications.iter().map(total).sum()).into();
        outcome["applicationGroupId"] = format!("AG-{}", self.version).into();
        outcome["notices"] = idle.iter().map(notice).collect();
        outcome["applications"] = applications.iter().map(show).collect();
        outcome["documents"] = changed.iter().map(document).collect();
        outcome["lines"] = lines.into();
        outcome
    }

    fn header(&self, index: usize) -> Value {
        let Document { id, number, account, currency, posted, posted_on, date, due_date, lines, kind } =
            &self.documents[index];
        let amount = self.sum(index, |line| lines[line].amount);
        let applied = self.sum(index, |line| self.line_applied(index, line));
        let tax = lines.iter().filter(|line| line.tax_of.is_some()).map(|line| line.amount).sum();
        let mut header = json!({
            "id": id,
            "number": number,
            "accountId": account,
            "currency": currency.code,
            "status": if *posted { "posted" } else { "draft" },
            "date": date,
            "amount": currency.write(amount),
            "taxAmount": currency.write(tax),
            "appliedAmount": currency.write(applied),
            "origin": "standalone",
            "reversed": false,
        });
        if let Some(day) = posted_on {
            header["postedOn"] = day.as_str().into();
        }
        let open = currency.write(amount - applied);
        let own = if kind.is_source() {
            vec![("refundAmount", currency.write(0)), ("unappliedAmount", open)]
        } else {
            let available = currency.write(amount);
            vec![("dueDate", due_date.clone()), ("balance", open), ("availableToCreditAmount", available)]
        };
        header["type"] = kind.name().into();
        own.into_iter().for_each(|(name, value): (_, String)| header[name] = value.into());
        header
    }

    fn line_ref(&self, document: usize, line: usize) -> Value {
        let Document { id, lines, .. } = &self.documents[document];
        let own = &lines[line].id;
        if self.documents[document].kind == Kind::Payment {
            return json!({ "documentId": id, "itemId": null, "taxItemId": null });
        }
        match lines[line].tax_of {
            Some(item) => json!({ "documentId": id, "itemId": lines[item].id, "taxItemId": own }),
            None => json!({ "documentId": id, "itemId": own, "taxItemId": null }),
        }
    }
}

/// One item for each pair of lines, none of zero, by target, then source.
fn merged(items: impl Iterator<Item = Item>) -> Vec<Item> {
    let mut sums = BTreeMap::new();
    for item in items {
        *sums.entry(item.order()).or_insert(0) += item.amount;
    }
    let items = sums.into_iter().map(|((target, source), amount)| Item { source, target, amount });
    items.filter(|item| item.amount != 0).collect()
}

/// Splits `amount` over `caps`, in whole steps.
fn spread(rule: Rule, amount: i128, caps: &[i128], step: i128) -> Vec<i128> {
    let mut caps: Vec<_> = caps.iter().map(|cap| cap / step).collect();
    let shares = match rule {
        Rule::Proration => proportional(amount / step, &caps),
        Rule::Fifo => in_order(amount / step, &caps),
        Rule::Lifo => {
            caps.reverse();
            let mut shares = in_order(amount / step, &caps);
            shares.reverse();
            shares
        }
        Rule::Explicit => panic!("explicit amounts are not split"),
    };
    shares.iter().map(|share| share * step).collect()
}
