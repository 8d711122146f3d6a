//! Refund a credit memo or payment (`settlement.md` 3.11, 3.17).

use crate::calendar::Date;
use crate::command::settings::Limit;
use crate::command::{ApplyRequest, DocumentRef, NewRefund, RefundItem, TargetAmount};
use crate::document::{
    Application, Document, DocumentIndex, Documents, Figures, Header, Kind, LineIndex, PartItem,
    Rule, Settlement,
};
use crate::error::{Code, Error, Path, Reason, Result, Site, SiteField, first_refusal};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::guard::names::{
    check_comment, check_names, check_new_id, check_positive, date_field,
};
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::payment::header;
use crate::settle::operations::unapply;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::Located;
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::targets::{Lookup, check_live, find, placed};
use crate::settle::plan::trace::SpreadTrace;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Pays out of what is unapplied. First takes applications back, as far as the request says so.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `duplicateId`, `itemNotFound`, `duplicateEntry`, `invalidStatus`,
/// `dateTooEarly`, `limitExceeded`, those of [`Currency::amount`], `amountNotPositive`, `sumMismatch`, `exceedsItem`,
/// `exceedsUnapplied`, `nothingToSettle`, and those of [`unapply::run`].
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    new: &NewRefund,
) -> Result<DocumentIndex> {
    let path = Path::Root.field(new.source.kind.id_field());
    let rule = if new.items.is_some() {
        Rule::Explicit
    } else {
        new.spread.one_sided(Rule::Fifo)?
    };
    let context = journal.context();
    check_names(&new.id, new.number.as_deref(), None)?;
    context.settings.check_reason(
        new.notes.reason_code.as_deref(),
        &Path::Root.field(SiteField::ReasonCode),
    )?;
    check_new_id(context, Kind::Refund, &new.id, new.number.as_deref())?;
    let source = find(context.documents, &new.source, &path)?;
    let index = source.index;
    let currency = Arc::clone(&source.document.header().currency);
    let date = new.date.unwrap_or(at);
    let own = first_refusal([
        check_source(context, at, &source, new),
        stated_lines(&source, new, &currency).map(drop),
    ]);
    let back = take_back_first(journal, at, index, new, own.is_ok());
    first_refusal([own, back])?;

    let (amount, items) = journal.plan(|context, workspace| {
        let source = placed(context.documents, index)?;
        let target = context.documents.next_index();
        let target =
            target.ok_or_else(|| Error::of(Reason::TooManyDocuments {}, &Site::Command))?;
        shares(
            &source,
            target,
            new,
            rule,
            &currency,
            &mut workspace.spreader,
        )
    })?;
    let context = journal.context();
    let source = placed(context.documents, index)?;
    let day = effective_day(context.documents, index, date);
    let own = Header {
        account_id: source.document.header().account_id.clone(),
        refers_to: Some(index),
        origin: crate::document::Origin::Document,
        ..header(
            Kind::Refund,
            &new.id,
            new.number.as_deref(),
            currency,
            date,
            new.notes.clone(),
        )
    };
    let refund =
        Document::whole(own, amount).ok_or_else(|| Error::fault("a refund out of range"))?;
    let target = journal.create(refund)?;
    let refunded = Application {
        target,
        rule,
        amount,
        items: &items,
    };
    journal
        .settle(Settlement::new(day, index).with(refunded))
        .map_err(|error| error.at(&Path::Root.field(date_field(new.date))))?;
    Ok(target)
}

/// What is guarded of the source and of the request itself, whatever comes back first.
fn check_source(
    context: Context<'_>,
    at: Date,
    source: &Located<'_>,
    new: &NewRefund,
) -> Result<()> {
    let path = Path::Root.field(new.source.kind.id_field());
    check_live(source, &path)?;
    let header = source.document.header();
    let (first, date) = (header.date, new.date.unwrap_or(at));
    if date < first {
        let kind = new.source.kind.name();
        let needed = format!("{first}, the date of the {kind}, or later");
        let path = Path::Root.field(date_field(new.date));
        let found = date.to_string();
        return Err(Error::new(Code::DateTooEarly, &path, needed, found));
    }
    check_comment(context, new.notes.comment.as_deref())?;
    let lines = source.document.lines().len();
    let limits = &context.settings.limits;
    limits.check(Limit::RefundItems, lines, &path)?;
    match stated_amount(new, &header.currency)? {
        Some(amount) => check_positive(
            amount,
            &header.currency,
            &Path::Root.field(SiteField::Amount),
        ),
        None => Ok(()),
    }
}

fn stated_amount(new: &NewRefund, currency: &Currency) -> Result<Option<Amount>> {
    let amount = new.amount.map(|decimal| currency.amount(decimal));
    amount
        .transpose()
        .map_err(|error| error.at(&Path::Root.field(SiteField::Amount)))
}

/// The lines that the request names, if it names any.
fn stated_lines<'a>(
    source: &Located<'_>,
    new: &'a NewRefund,
    currency: &Currency,
) -> Result<Option<StatedLines<'a>>> {
    let Some(items) = &new.items else {
        return Ok(None);
    };
    let fields = ["creditMemoItemId", "creditTaxItemId"];
    StatedLines::read(source, items, fields, new.amount, currency).map(Some)
}

/// Takes back what the request says, so that it can be paid out: what it names, or as much as is needed. How much that
/// is, nobody knows of a request that is refused itself.
fn take_back_first(
    journal: &mut Journal<'_>,
    at: Date,
    index: DocumentIndex,
    new: &NewRefund,
    is_right: bool,
) -> Result<()> {
    let settle = |targets| ApplyRequest {
        source: new.source.clone(),
        targets: Some(targets),
        spread: new.spread.clone(),
    };
    if let Some(targets) = &new.unapply {
        return unapply::run(journal, at, &settle(targets.clone())).map(drop);
    }
    if !new.auto_unapply || !is_right {
        return Ok(());
    }
    let context = journal.context();
    let source = placed(context.documents, index)?;
    let stated = stated_amount(new, &source.document.header().currency)?;
    let targets = needed(context, index, stated, &new.spread)?;
    if targets.is_empty() {
        return Ok(());
    }
    // They are in no list of the request.
    let is_target = |path: &str| {
        path.contains('[')
            .then(|| new.source.kind.id_field().to_owned())
    };
    unapply::run(journal, at, &settle(targets))
        .map(drop)
        .map_err(|error| error.found_at(&is_target))
}

/// The day from which a refund counts: its date, or if that is later, the last day on which something of the source was
/// applied or taken back, or on which the source was posted again (`settlement.md` 0, rule 23). Other refunds do not
/// move it.
fn effective_day(documents: &Documents, source: DocumentIndex, date: Date) -> Date {
    let is_refund = |settlement: &Settlement| {
        let target = settlement.application(0).map(|first| first.target);
        let target = target.and_then(|target| documents.header(target));
        target.is_some_and(|target| target.kind == Kind::Refund)
    };
    let entries = documents.entries_of(source).map(|entry| &entry.settlement);
    let applied = entries.filter(|settlement| !is_refund(settlement));
    let posted = documents.header(source).and_then(Header::posted_again_on);
    applied
        .map(|settlement| settlement.at)
        .chain(posted)
        .fold(date, Date::max)
}

/// What is refunded of each line of the source, to the refund that will be made.
fn shares(
    source: &Located<'_>,
    target: DocumentIndex,
    new: &NewRefund,
    rule: Rule,
    currency: &Currency,
    spreader: &mut Spreader,
) -> Result<(Amount, Vec<PartItem>)> {
    let units = IncrementUnit::of(currency);
    let capacity = Capacity::of(source.document, &new.spread, units);
    let unapplied = settleable(source.document, &new.spread);
    let path = Path::Root.field(SiteField::Amount);
    let (items, amount) = match stated_lines(source, new, currency)? {
        Some(stated) => {
            stated.check_open(source, currency)?;
            let sum = stated.sum;
            (Some(stated.into_lines()), sum)
        }
        None => (None, stated_amount(new, currency)?.unwrap_or(unapplied)),
    };
    if amount > unapplied {
        let needed = format!("at most {}, what is unapplied", currency.write(unapplied));
        return Err(Error::new(
            Code::ExceedsUnapplied,
            &path,
            needed,
            currency.write(amount),
        ));
    }
    if !amount.is_positive() {
        let path = Path::Root.field(new.source.kind.id_field());
        return Err(Error::new(
            Code::NothingToSettle,
            &path,
            "an amount that is unapplied",
            "none",
        ));
    }
    let shares = match items {
        Some(items) => items,
        None => {
            spreader.count_in(units);
            let (lines, left) = capacity.into_parts();
            let shares = shares_by_rule(
                spreader,
                rule,
                amount,
                (&lines, left),
                [source.index, target],
            )?;
            lines.into_iter().zip(shares).collect()
        }
    };
    let shares = shares
        .into_iter()
        .filter(|(_, amount): &(_, Amount)| !amount.is_zero());
    let item = |(line, amount)| PartItem {
        source: line,
        target: LineIndex(0),
        amount,
    };
    let mut items: Vec<_> = shares.map(item).collect();
    sort_by(&mut items, |a, b| a.order().cmp(&b.order()));
    Ok((amount, items))
}

/// What of the amount each line gives by rule. Tells a caller who asks why, between which documents it moves.
fn shares_by_rule(
    spreader: &mut Spreader,
    rule: Rule,
    amount: Amount,
    (lines, left): (&[LineIndex], Vec<i64>),
    [source, target]: [DocumentIndex; 2],
) -> Result<Vec<Amount>> {
    let units = spreader.units();
    let count = units.whole(amount);
    let shares = spreader.shares(rule, count, left)?;
    if let Some(given) = spreader.recorder.side(count, lines) {
        spreader.recorder.record(SpreadTrace {
            source,
            target,
            given,
            received: None,
        });
    }
    shares
        .into_iter()
        .map(|share| units.amount(share))
        .collect()
}

/// A line that a request names.
struct StatedLine<'a> {
    /// Its place in the request, for the paths of refusals.
    place: usize,
    item: &'a RefundItem,
    line: LineIndex,
    amount: Amount,
}

impl StatedLine<'_> {
    fn figures(&self, of: &Located<'_>) -> Figures {
        let figures = of.document.line_figures(self.line);
        figures.copied().unwrap_or_default()
    }

    #[cold]
    fn refuse<T>(&self, code: Code, needed: &str, currency: &Currency) -> Result<T> {
        let list = Path::Root.field(SiteField::Items);
        let path = list.index(self.place);
        let found = currency.write(self.amount);
        Err(Error::new(
            code,
            &path.field(SiteField::Amount),
            needed,
            found,
        ))
    }
}

/// The lines that a refund or write-off names, items and tax items in fields of their own, each once.
pub(in crate::settle) struct StatedLines<'a> {
    lines: Vec<StatedLine<'a>>,
    /// The sum of them: the amount, if one is stated in addition.
    pub sum: Amount,
}

impl<'a> StatedLines<'a> {
    /// Finds the lines and reads their amounts. How much they have open, [`StatedLines::check_open`] asks.
    ///
    /// # Errors
    /// The first of `itemNotFound`, `duplicateEntry`, `kindMismatch`, those of [`Currency::amount`],
    /// `amountNotPositive`, `sumMismatch`.
    pub(in crate::settle) fn read(
        of: &Located<'_>,
        items: &'a [RefundItem],
        fields: [&str; 2],
        amount: Option<Decimal>,
        currency: &Currency,
    ) -> Result<Self> {
        let mut lines = Self::find(of, items, fields)?;
        check_kinds(of, &lines, fields)?;
        let path = Path::Root.field(SiteField::Amount);
        let amount = amount.map(|decimal| currency.amount(decimal));
        let amount = amount.transpose().map_err(|error| error.at(&path))?;
        let list = Path::Root.field(SiteField::Items);
        for stated in &mut lines {
            let path = list.index(stated.place);
            stated.amount = currency
                .amount(stated.item.amount)
                .map_err(|error| error.at(&path.field(SiteField::Amount)))?;
        }

        for stated in &lines {
            let figures = stated.figures(of);
            let net = figures.amount().plus(figures.netted()).unwrap_or_default();
            if stated.amount.is_zero() || (stated.amount < Amount::ZERO && net >= Amount::ZERO) {
                return stated.refuse(Code::AmountNotPositive, "more than zero", currency);
            }
        }
        let sum = Amount::sum(lines.iter().map(|stated| stated.amount));
        match sum.filter(|&sum| amount.is_none_or(|amount| amount == sum)) {
            Some(sum) => Ok(Self { lines, sum }),
            None => {
                let write = |amount: Option<Amount>| {
                    amount.map_or_else(|| "out of range".to_owned(), |sum| currency.write(sum))
                };
                let needed = format!("the sum of the items, {}", write(sum));
                Err(Error::new(Code::SumMismatch, &path, needed, write(amount)))
            }
        }
    }

    /// By line, though found by identifier, so that a refusal does not depend on how the request was sorted.
    fn find(
        of: &Located<'_>,
        items: &'a [RefundItem],
        fields: [&str; 2],
    ) -> Result<Vec<StatedLine<'a>>> {
        let lookup = Lookup::of(of.document);
        let list = Path::Root.field(SiteField::Items);
        let mut by_id: Vec<_> = items.iter().enumerate().collect();
        sort_by(&mut by_id, |(_, a), (_, b)| a.id.cmp(&b.id));
        let mut lines = Vec::with_capacity(items.len());
        for (place, item) in by_id {
            let line = lookup.find(&item.id, &list.index(place).field(field_of(item, fields)))?;
            lines.push(StatedLine {
                place,
                item,
                line,
                amount: Amount::ZERO,
            });
        }
        sort_by(&mut lines, |a, b| a.line.cmp(&b.line));
        let mut pairs = lines.windows(2);
        let twice = |pair: &&[StatedLine<'_>]| matches!(pair, [a, b] if a.line == b.line);
        match pairs.find(twice) {
            Some([_, again]) => {
                let path = list.index(again.place);
                Err(Error::new(
                    Code::DuplicateEntry,
                    &path,
                    "each line once",
                    "twice",
                ))
            }
            _ => Ok(lines),
        }
    }

    /// Refuses more of a line than it has open.
    ///
    /// # Errors
    /// `exceedsItem`.
    pub(in crate::settle) fn check_open(
        &self,
        of: &Located<'_>,
        currency: &Currency,
    ) -> Result<()> {
        for stated in &self.lines {
            let open = stated.figures(of).open();
            if !(open.min(Amount::ZERO)..=open.max(Amount::ZERO)).contains(&stated.amount) {
                let open = currency.write(open);
                let needed = format!("between zero and {open}, what the line has open");
                return stated.refuse(Code::ExceedsItem, &needed, currency);
            }
        }
        Ok(())
    }

    /// The lines with their amounts.
    pub(in crate::settle) fn into_lines(self) -> Vec<(LineIndex, Amount)> {
        let lines = self.lines.into_iter();
        lines.map(|stated| (stated.line, stated.amount)).collect()
    }
}

/// The field that names the line of an item.
const fn field_of<'a>(item: &RefundItem, [item_field, tax_field]: [&'a str; 2]) -> &'a str {
    if item.tax { tax_field } else { item_field }
}

/// Refuses an item where a tax item is named, and the other way round.
fn check_kinds(of: &Located<'_>, lines: &[StatedLine<'_>], fields: [&str; 2]) -> Result<()> {
    let kind = |tax| if tax { "a tax item" } else { "an item" };
    let list = Path::Root.field(SiteField::Items);
    for stated in lines {
        let line = of.document.line(stated.line);
        let is_tax = line.is_some_and(|line| line.detail.is_tax());
        if is_tax != stated.item.tax {
            let entry = list.index(stated.place);
            let path = entry.field(field_of(stated.item, fields));
            let (needed, found) = (kind(stated.item.tax), kind(is_tax));
            return Err(Error::new(Code::KindMismatch, &path, needed, found));
        }
    }
    Ok(())
}

/// What has to be unapplied for a refund of `amount` (absent: of everything): from the documents that would be settled
/// last first.
fn needed(
    context: Context<'_>,
    source: DocumentIndex,
    amount: Option<Amount>,
    spread: &crate::command::spread::Spread,
) -> Result<Vec<TargetAmount>> {
    let source = placed(context.documents, source)?;
    let header = source.document.header();
    let mut missing = match amount {
        Some(amount) => amount
            .minus(header.figures.open().max(Amount::ZERO))
            .unwrap_or_default(),
        None => header.figures.applied(),
    };
    let mut parts = Vec::new();
    for (target, part) in context.documents.parts_of(source.index) {
        let of = placed(context.documents, target)?;
        if of.document.header().kind.is_demand() {
            parts.push((of, part.amount()));
        }
    }
    sort_by(&mut parts, |(a, _), (b, _)| {
        spread.compare(
            b.document.header(),
            a.document.header(),
            header.figures.applied(),
        )
    });
    let mut targets = Vec::new();
    for (place, (of, applied)) in parts.into_iter().enumerate() {
        let back = missing.min(applied);
        if back.is_positive() {
            missing = missing.minus(back).unwrap_or_default();
            let header = of.document.header();
            let document = DocumentRef {
                kind: header.kind,
                id: header.id.to_string(),
            };
            targets.push(TargetAmount {
                document,
                place,
                amount: Some(header.currency.decimal(back)),
                items: None,
            });
        }
    }
    Ok(targets)
}
