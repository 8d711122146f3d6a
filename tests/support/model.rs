//! The rules once more, as naively as they can be said: plain lists, 128-bit sums, everything looked up anew each time.
//!
//! This is no second engine but a second reading of `settlement.md` 1, 3.6, 3.7 and 4.2 and of `types.d.ts`. It shares
//! no code with the engine, takes the same requests, and answers with the whole result as it must cross the boundary.

use crate::support::command::{Command, Kind, NewDocument, Pair, Rule, Settle, Wanted};
use crate::support::naive::{in_order, pair_alike, proportional};
use serde_json::{Value, json};

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
    pub amount: i128,
    pub netted: i128,
}

/// An amount between a line of a memo and a line of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    pub source: usize,
    pub target: usize,
    pub amount: i128,
}

/// What is applied of a memo to an invoice now. Its amount is never zero.
#[derive(Clone, Copy, Debug)]
pub struct Applied {
    pub memo: usize,
    pub invoice: usize,
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

/// What one invoice receives or gives back: line by line, all amounts positive.
struct Application {
    invoice: usize,
    rule: Rule,
    items: Vec<Item>,
}

/// One invoice of a request, with its lines found; their amounts are read last.
struct Entry<'a> {
    wanted: &'a Wanted,
    invoice: usize,
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
                let (memo, applications, idle) = self.settle(settle)?;
                let before = self.clone();
                self.version += 1;
                let sign = if settle.back { -1 } else { 1 };
                for Application { invoice, items, .. } in &applications {
                    items.iter().for_each(|item| self.apply(memo, *invoice, *item, sign * item.amount));
                }
                Ok(self.outcome(command, at, memo, Some((&before, sign, &applications, &idle))))
            }
        }
    }

    fn apply(&mut self, memo: usize, invoice: usize, between: Item, amount: i128) {
        let same = |applied: &&mut Applied| {
            (applied.memo, applied.invoice, applied.item.order()) == (memo, invoice, between.order())
        };
        match self.applied.iter_mut().find(same) {
            Some(applied) => applied.item.amount += amount,
            None => self.applied.push(Applied { memo, invoice, item: Item { amount, ..between } }),
        }
        self.applied.retain(|applied| applied.item.amount != 0);
    }

    // Creating.

    fn create(&self, new: &NewDocument, at: &str) -> Result<Document, Refusal> {
        if new.items.is_empty() {
            return Err("missingField");
        }
        let code = new.currency.as_deref().unwrap_or(self.currency.code);
        let currency = *CURRENCIES.iter().find(|known| known.code == code).ok_or("unknownCurrency")?;
        // The items, each followed by its tax items.
        let mut lines: Vec<(&str, &str, Option<usize>, Option<&str>)> = Vec::new();
        for item in &new.items {
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
        let line = |place: usize| Line {
            id: lines[place].0.to_owned(),
            tax_of: lines[place].2,
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
            posted: new.auto_post,
            posted_on: new.auto_post.then(|| at.to_owned()),
            due_date: new.due_date.clone().unwrap_or_else(|| date.clone()),
            date,
            lines: (0..lines.len()).map(line).collect(),
        })
    }

    // Settling: which invoices, how much of each, and how that is spread over lines.

    /// The memo, the applications, and the invoices for which there was nothing.
    fn settle(&self, settle: &Settle) -> Result<(usize, Vec<Application>, Vec<usize>), Refusal> {
        let everything;
        let wanted = match &settle.invoices {
            Some(wanted) => wanted,
            None if !settle.back || settle.rule == Some(Rule::Explicit) => return Err("missingField"),
            None => {
                everything = self.everything_applied(&settle.memo);
                &everything
            }
        };
        let (memo, entries) = self.resolve(settle, wanted)?;
        let amounts =
            if settle.back { self.amounts_back(memo, &entries)? } else { self.amounts_applied(memo, &entries)? };
        // What the memo's lines have left for the rules: not what is named explicitly.
        let mut rows = self.capacities(memo);
        entries.iter().flat_map(Entry::items).for_each(|item| rows[item.source] -= item.amount);

        let (mut applications, mut idle) = (Vec::new(), Vec::new());
        for (entry, &amount) in entries.iter().zip(&amounts) {
            let invoice = entry.invoice;
            let (rule, items) = if amount == 0 {
                idle.push(invoice);
                continue;
            } else if !entry.items.is_empty() {
                (Rule::Explicit, entry.items().collect())
            } else if settle.back {
                let rule = settle.rule.unwrap_or(Rule::Fifo);
                (rule, self.release(rule, amount, memo, invoice))
            } else {
                let rule = settle.rule.unwrap_or(Rule::Proration);
                (rule, self.pay(rule, amount, memo, &mut rows, invoice))
            };
            applications.push(Application { invoice, rule, items });
        }
        if applications.is_empty() { Err("nothingToSettle") } else { Ok((memo, applications, idle)) }
    }

    /// Splits an amount over what the memo has left and over the invoice, and pairs the shares off.
    fn pay(&self, rule: Rule, amount: i128, memo: usize, rows: &mut [i128], invoice: usize) -> Vec<Item> {
        let step = self.documents[memo].currency.step;
        let given = spread(rule, amount, rows, step);
        let got = spread(rule, amount, &self.capacities(invoice), step);
        rows.iter_mut().zip(&given).for_each(|(row, share)| *row -= share);
        let levels = self.likenesses(memo, invoice);
        let mut items: Vec<_> = pair_alike(&given, &got, &levels)
            .into_iter()
            .map(|(source, target, amount)| Item { source, target, amount })
            .collect();
        items.sort_by_key(Item::order);
        items
    }

    /// Who is like whom: the same tax, then tax and tax, charge and charge. Where one side has no tax to settle, all
    /// are alike.
    fn likenesses(&self, memo: usize, invoice: usize) -> Vec<[Vec<Option<usize>>; 2]> {
        let taxes = |document: usize| -> Vec<Option<usize>> {
            self.documents[document].lines.iter().map(|line| line.tax_of.map(|_| 0)).collect()
        };
        let has_tax = |document: usize| {
            let open = self.capacities(document);
            taxes(document).iter().zip(open).any(|(tax, open)| tax.is_some() && open > 0)
        };
        if !has_tax(memo) || !has_tax(invoice) {
            return Vec::new();
        }
        let same = [memo, invoice].map(taxes);
        let kinds = same.clone().map(|keys| keys.into_iter().map(|key| Some(usize::from(key.is_some()))).collect());
        vec![same, kinds]
    }

    /// Splits an amount over what is applied between two documents.
    fn release(&self, rule: Rule, amount: i128, memo: usize, invoice: usize) -> Vec<Item> {
        let part = self.part(memo, invoice);
        let caps: Vec<_> = part.iter().map(|item| item.amount).collect();
        let shares = spread(rule, amount, &caps, self.documents[memo].currency.step);
        let items = part.into_iter().zip(shares).map(|(item, amount)| Item { amount, ..item });
        items.filter(|item| item.amount != 0).collect()
    }

    /// All guards that concern the request itself, one after another, each over the whole request. Answers with the
    /// entries in document order, their items by line.
    fn resolve<'a>(&self, settle: &Settle, wanted: &'a [Wanted]) -> Result<(usize, Vec<Entry<'a>>), Refusal> {
        let explicit = settle.rule == Some(Rule::Explicit);
        let lacks_items = |wanted: &Wanted| wanted.items.as_ref().map_or(explicit, Vec::is_empty);
        if settle.invoices.as_ref().is_some_and(|wanted| wanted.is_empty() || wanted.iter().any(lacks_items)) {
            return Err("missingField");
        }
        let memo = self.find(Kind::Memo, &settle.memo).ok_or("documentNotFound")?;
        let mut entries = Vec::new();
        for wanted in wanted {
            let invoice = self.find(Kind::Invoice, &wanted.invoice).ok_or("documentNotFound")?;
            entries.push(Entry { wanted, invoice, amount: None, items: Vec::new() });
        }
        entries.sort_by_key(|entry| self.order(entry.invoice));
        let line = |document: usize, id: &str| self.documents[document].lines.iter().position(|line| line.id == id);
        for entry in &mut entries {
            for pair in entry.wanted.items.iter().flatten() {
                let source = line(memo, &pair.source).ok_or("itemNotFound")?;
                let target = line(entry.invoice, &pair.target).ok_or("itemNotFound")?;
                entry.items.push((pair, Item { source, target, amount: 0 }));
            }
            entry.items.sort_by_key(|(_, item)| item.order());
        }
        let same_lines = |entry: &Entry<'_>| entry.items.windows(2).any(|pair| pair[0].1.order() == pair[1].1.order());
        if entries.iter().any(same_lines) || entries.windows(2).any(|pair| pair[0].invoice == pair[1].invoice) {
            return Err("duplicateEntry");
        }
        let document = |entry: &Entry<'_>| &self.documents[entry.invoice];
        let source = &self.documents[memo];
        if !source.posted || entries.iter().any(|entry| !document(entry).posted) {
            return Err("invalidStatus");
        }
        if entries.iter().any(|entry| document(entry).account != source.account) {
            return Err("accountMismatch");
        }
        if entries.iter().any(|entry| document(entry).currency != source.currency) {
            return Err("currencyMismatch");
        }
        let is_tax = |document: usize, line: usize| self.documents[document].lines[line].tax_of.is_some();
        let is_mixed = |entry: &Entry<'_>| {
            let mixed = |(pair, item): &(&Pair, Item)| {
                is_tax(memo, item.source) != pair.tax || is_tax(entry.invoice, item.target) != pair.tax
            };
            entry.items.iter().any(mixed)
        };
        if entries.iter().any(is_mixed) {
            return Err("kindMismatch");
        }
        for entry in &mut entries {
            entry.amount = entry.wanted.amount.as_ref().map(|amount| source.currency.read(amount)).transpose()?;
            for (pair, item) in &mut entry.items {
                item.amount = source.currency.read(&pair.amount)?;
            }
        }
        // An amount has the sign of the line that it settles.
        let has_sign = |entry: &Entry<'_>, item: Item| {
            let line = &self.documents[entry.invoice].lines[item.target];
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
        Ok((memo, entries))
    }

    /// All invoices to which something of the memo is applied.
    fn everything_applied(&self, memo: &str) -> Vec<Wanted> {
        let Some(memo) = self.find(Kind::Memo, memo) else { return Vec::new() };
        let invoices = (0..self.documents.len()).filter(|&invoice| self.is_part(memo, invoice));
        invoices.map(|invoice| Wanted::all(&self.documents[invoice].id)).collect()
    }

    fn amounts_applied(&self, memo: usize, entries: &[Entry<'_>]) -> Result<Vec<i128>, Refusal> {
        // Explicit items must fit their lines, on both sides, all of them together.
        let given = |line: usize| sum(entries.iter().flat_map(Entry::items).filter(|item| item.source == line));
        if self.capacities(memo).iter().enumerate().any(|(line, &open)| given(line) > open) {
            return Err("exceedsItem");
        }
        for entry in entries {
            let got = |line: usize| sum(entry.items().filter(|item| item.target == line));
            if self.capacities(entry.invoice).iter().enumerate().any(|(line, &open)| got(line) > open) {
                return Err("exceedsItem");
            }
        }
        let mut left = self.possible(memo);
        left -= entries.iter().filter_map(|entry| entry.amount).sum::<i128>();
        if left < 0 {
            return Err("exceedsUnapplied");
        }
        if entries.iter().any(|entry| entry.amount.is_some_and(|amount| amount > self.possible(entry.invoice))) {
            return Err("exceedsBalance");
        }
        let amount = |entry: &Entry<'_>| {
            entry.amount.unwrap_or_else(|| {
                let amount = left.min(self.possible(entry.invoice));
                left -= amount;
                amount
            })
        };
        Ok(entries.iter().map(amount).collect())
    }

    fn amounts_back(&self, memo: usize, entries: &[Entry<'_>]) -> Result<Vec<i128>, Refusal> {
        let mut amounts = Vec::new();
        for entry in entries {
            let part = self.part(memo, entry.invoice);
            for item in entry.items() {
                let applied = part.iter().find(|applied| applied.order() == item.order());
                if item.amount > applied.map_or(0, |applied| applied.amount) {
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

    /// Whether a memo may be applied to an invoice at all.
    pub fn match_each_other(&self, memo: usize, invoice: usize) -> bool {
        let [memo, invoice] = [memo, invoice].map(|index| &self.documents[index]);
        memo.posted && invoice.posted && memo.account == invoice.account && memo.currency == invoice.currency
    }

    pub fn find(&self, kind: Kind, id: &str) -> Option<usize> {
        self.documents.iter().position(|document| document.kind == kind && document.id == id)
    }

    /// Due date, date, number, identifier.
    fn order(&self, index: usize) -> (String, String, String, String) {
        let document = self.documents[index].clone();
        (document.due_date, document.date, document.number, document.id)
    }

    /// Whether something of the memo is applied to the invoice.
    pub fn is_part(&self, memo: usize, invoice: usize) -> bool {
        self.applied.iter().any(|applied| (applied.memo, applied.invoice) == (memo, invoice))
    }

    pub fn line_applied(&self, document: usize, line: usize) -> i128 {
        let concerns = |Applied { memo, invoice, item }: &&Applied| {
            (*memo, item.source) == (document, line) || (*invoice, item.target) == (document, line)
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

    /// What each line can settle: its open amount, if that is positive.
    pub fn capacities(&self, document: usize) -> Vec<i128> {
        (0..self.documents[document].lines.len()).map(|line| self.line_open(document, line).max(0)).collect()
    }

    /// What a document can settle: no more than its header has open, nor than its lines can.
    pub fn possible(&self, document: usize) -> i128 {
        let header = self.sum(document, |line| self.line_open(document, line));
        header.min(self.capacities(document).iter().sum()).max(0)
    }

    /// What is applied between two documents, by target, then source.
    pub fn part(&self, memo: usize, invoice: usize) -> Vec<Item> {
        let between = |applied: &&Applied| (applied.memo, applied.invoice) == (memo, invoice);
        let mut part: Vec<_> = self.applied.iter().filter(between).map(|applied| applied.item).collect();
        part.sort_by_key(Item::order);
        part
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
        let notice = |&invoice: &usize| json!({ "code": "nothingApplied", "documentId": self.documents[invoice].id });
        let show_item = |invoice: usize, item: &Item| {
            json!({
                "source": self.line_ref(subject, item.source),
                "target": self.line_ref(invoice, item.target),
                "amount": write(sign * item.amount),
            })
        };
        let show = |application: &Application| {
            let items: Vec<_> = application.items.iter().map(|item| show_item(application.invoice, item)).collect();
            json!({
                "sourceType": "creditMemo",
                "sourceId": self.documents[subject].id,
                "targetType": "invoice",
                "targetId": self.documents[application.invoice].id,
                "amount": write(total(application)),
                "ruleUsed": application.rule,
                "items": items,
            })
        };
        let changed: Vec<_> =
            [subject].into_iter().chain(applications.iter().map(|application| application.invoice)).collect();
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
        let own = match kind {
            Kind::Invoice => vec![
                ("type", "invoice".into()),
                ("dueDate", due_date.clone()),
                ("balance", currency.write(amount - applied)),
                ("availableToCreditAmount", currency.write(amount)),
            ],
            Kind::Memo => vec![
                ("type", "creditMemo".into()),
                ("refundAmount", currency.write(0)),
                ("unappliedAmount", currency.write(amount - applied)),
            ],
        };
        own.into_iter().for_each(|(name, value): (_, String)| header[name] = value.into());
        header
    }

    fn line_ref(&self, document: usize, line: usize) -> Value {
        let Document { id, lines, .. } = &self.documents[document];
        let own = &lines[line].id;
        match lines[line].tax_of {
            Some(item) => json!({ "documentId": id, "itemId": lines[item].id, "taxItemId": own }),
            None => json!({ "documentId": id, "itemId": own, "taxItemId": null }),
        }
    }
}

/// Splits `amount` over `caps`, in whole steps.
fn spread(rule: Rule, amount: i128, caps: &[i128], step: i128) -> Vec<i128> {
    let caps: Vec<_> = caps.iter().map(|cap| cap / step).collect();
    let shares = match rule {
        Rule::Proration => proportional(amount / step, &caps),
        Rule::Fifo => in_order(amount / step, &caps),
        Rule::Explicit => panic!("explicit amounts are not split"),
    };
    shares.iter().map(|share| share * step).collect()
}
