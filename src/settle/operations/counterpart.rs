//! Write off and reverse: a document is settled with a counterpart that is made for it, line by line (`settlement.md`
//! 3.9, 3.10, 3.12, 3.13).

use crate::calendar::Date;
use crate::command::Counterpart;
use crate::command::settings::{Limit, Mirror};
use crate::document::{
    Application, Detail, Document, DocumentIndex, Figures, Header, Kind, Line, LineIndex, LineRef,
    Notes, Origin, PartItem, Processing, Record, Rule, Settlement, Status, TaxIdentity,
};
use crate::error::{Error, Reason, Result, Site, SiteField, first_refusal};
use crate::money::Amount;
use crate::settle::guard::names::{
    check_comment, check_names, check_new_id, check_positive, date_field,
};
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::lifecycle;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::Located;
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::stated_lines::{LineFields, StatedLines};
use crate::settle::plan::targets::{check_live, find, placed};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Settles what is left of a document, or a part of that. A credit memo must be fully unapplied.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `duplicateId`, `itemNotFound`, `invalidStatus`, `alreadySettled`,
/// `periodClosed`, `dateTooEarly`, `limitExceeded`, `unknownReasonCode`, those of
/// [`Currency::amount`](crate::money::Currency::amount), `amountNotPositive`, `sumMismatch`, `exceedsItem`,
/// `exceedsBalance`, `nothingToSettle`.
pub(in crate::settle) fn write_off(
    journal: &mut Journal<'_>,
    at: Date,
    request: &Counterpart,
) -> Result<DocumentIndex> {
    let rule = match request.items {
        Some(_) => Rule::Explicit,
        None => request.spread.one_sided(Rule::Proration)?,
    };
    let context = journal.context();
    let document = named(context, request, "Write-off")?;
    let amounts = written_off(&document, request, rule);
    first_refusal([
        check(context, at, &document, request, Limit::WriteOffItems),
        check_writable(context, &document),
        check_sign(&document),
        amounts.as_ref().map(drop).map_err(Error::clone),
    ])?;

    let is_whole = request.amount.is_none() && request.items.is_none();
    let plan = CounterpartPlan {
        document: document.index,
        date: request.date.unwrap_or(at),
        // A write-off counts from the date of its counterpart.
        day: request.date.unwrap_or(at),
        day_field: date_field(request.date),
        amounts: amounts?,
        mirror: if is_whole {
            context.settings.mirror
        } else {
            Mirror::No
        },
        origin: Origin::WriteOff,
    };
    plan.settle(journal, request, "Write-off")?;
    Ok(plan.document)
}

/// Refuses a document that nobody may write off. A credit memo must be fully unapplied.
pub(super) fn check_writable(context: Context<'_>, document: &Located<'_>) -> Result<()> {
    let kind = document.document.header().kind;
    let site = Site::Command.field(kind.id_site());
    check_revenue(document, &site)?;
    if kind == Kind::CreditMemo {
        return lifecycle::check_unapplied(context, document.index, &site);
    }
    Ok(())
}

/// Refuses what a write-off made that does not count as revenue.
///
/// # Errors
/// `invalidStatus` at `site`.
fn check_revenue(document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    let header = document.document.header();
    if header.origin != Origin::WriteOff || !header.notes.exclude_from_revenue {
        return Ok(());
    }
    let kind = header.kind.into();
    Err(Error::of(Reason::NotRevenue { kind }, site))
}

/// Refuses a document below zero: its counterpart would be a posted memo below zero.
///
/// # Errors
/// `amountNotPositive`.
pub(in crate::settle) fn check_sign(document: &Located<'_>) -> Result<()> {
    let header = document.document.header();
    let open = header.figures.open();
    if open >= Amount::ZERO {
        return Ok(());
    }
    let reason = Reason::MemoBelowZero {
        kind: header.kind.into(),
        amount: header.currency.figure(open),
    };
    let site = Site::Command.field(header.kind.id_site());
    Err(Error::of(reason, &site))
}

/// Settles a document that nothing was settled of, in full, and closes it for good.
///
/// # Errors
/// As [`write_off`].
pub(in crate::settle) fn reverse(
    journal: &mut Journal<'_>,
    at: Date,
    request: &Counterpart,
) -> Result<DocumentIndex> {
    let (reason, limit) = match request.document.kind {
        Kind::Invoice => ("Invoice reversal", Limit::ReverseInvoiceItems),
        Kind::DebitMemo => ("Debit memo reversal", Limit::ReverseItems),
        _ => ("Credit memo reversal", Limit::ReverseItems),
    };
    let context = journal.context();
    let document = named(context, request, reason)?;
    let site = Site::Command.field(request.document.kind.id_site());
    first_refusal([
        check(context, at, &document, request, limit),
        lifecycle::check_unsettled(context, document.index, &site),
        check_sign(&document),
    ])?;

    let plan = CounterpartPlan {
        document: document.index,
        date: request.date.unwrap_or(at),
        // A reversal counts from the day of the command.
        day: at,
        day_field: SiteField::At,
        amounts: open_amounts(document.document),
        mirror: context.settings.mirror,
        origin: Origin::Reversal,
    };
    plan.settle(journal, request, reason)?;
    journal.change(plan.document, |header| header.reversed = true)?;
    Ok(plan.document)
}

/// The document that a command names, once its own names are right.
fn named<'a>(context: Context<'a>, request: &Counterpart, reason: &str) -> Result<Located<'a>> {
    check_names(&request.id, request.number.as_deref(), None)?;
    let stated = request.notes.reason_code.as_deref().unwrap_or(reason);
    let reason_site = Site::Command.field(SiteField::ReasonCode);
    context.settings.check_reason(Some(stated), &reason_site)?;

    let kind = counterpart_of(request.document.kind);
    check_new_id(context, kind, &request.id, request.number.as_deref())?;
    let site = Site::Command.field(request.document.kind.id_site());
    find(context.documents, &request.document, &site)
}

/// Refuses what a write-off and a reversal guard alike.
fn check(
    context: Context<'_>,
    at: Date,
    document: &Located<'_>,
    request: &Counterpart,
    limit: Limit,
) -> Result<()> {
    let site = Site::Command.field(request.document.kind.id_site());
    check_live(document, &site)?;
    check_dates(context, at, document, request)?;
    check_comment(context, request.notes.comment.as_deref())?;
    let line_count = document.document.lines().len();
    context.settings.limits.check(limit, line_count, &site)
}

/// Refuses a counterpart in a closed period or before its document, and a command before its counterpart.
fn check_dates(
    context: Context<'_>,
    at: Date,
    document: &Located<'_>,
    request: &Counterpart,
) -> Result<()> {
    let date = request.date.unwrap_or(at);
    let date_site = Site::Command.field(date_field(request.date));
    context.settings.check_open(date, &date_site)?;

    let header = document.document.header();
    if date < header.date {
        let reason = Reason::BeforeDocument {
            earliest: header.date.into(),
            kind: header.kind.into(),
            date: date.into(),
        };
        return Err(Error::of(reason, &date_site));
    }
    if at < date {
        let reason = Reason::BeforeCounterpart {
            earliest: date.into(),
            date: at.into(),
        };
        return Err(Error::of(reason, &Site::Command.field(SiteField::At)));
    }
    Ok(())
}

/// The kind of document that settles one of `kind`.
const fn counterpart_of(kind: Kind) -> Kind {
    if kind.is_demand() {
        Kind::CreditMemo
    } else {
        Kind::DebitMemo
    }
}

/// The open amount of every line.
fn open_amounts(document: &Document) -> Vec<Amount> {
    let figures = document.figures().iter();
    figures.map(|figures| figures.open()).collect()
}

/// What is written off of every line: what the command states, or a stated amount as the rule spreads it, or all that
/// is open.
fn written_off(document: &Located<'_>, request: &Counterpart, rule: Rule) -> Result<Vec<Amount>> {
    let parts = match (&request.items, request.amount) {
        (Some(_), _) => stated_parts(document, request)?,
        (None, Some(amount)) => spread_parts(document, request, rule, amount)?,
        (None, None) => return Ok(open_amounts(document.document)),
    };

    let mut amounts = vec![Amount::ZERO; document.document.lines().len()];
    for (line, part) in parts {
        let amount = amounts.get_mut(line.get());
        *amount.ok_or_else(|| Error::fault("a line is missing"))? = part;
    }
    Ok(amounts)
}

/// What a command states line by line.
fn stated_parts(document: &Located<'_>, request: &Counterpart) -> Result<Vec<(LineIndex, Amount)>> {
    const FIELDS: LineFields = LineFields {
        item: SiteField::ItemId,
        tax_item: SiteField::TaxItemId,
    };
    let items = request.items.as_deref().unwrap_or_default();
    let stated = StatedLines::read(document, items, FIELDS, request.amount)?;
    stated.check_open(document)?;

    // Lines of both signs can have more open than the document.
    let header = document.document.header();
    let open = header.figures.open();
    if !(open.min(Amount::ZERO)..=open.max(Amount::ZERO)).contains(&stated.sum) {
        let reason = Reason::ItemsBeyondBalance {
            open: header.currency.figure(open),
            sum: header.currency.figure(stated.sum),
        };
        return Err(Error::of(reason, &Site::Command.field(SiteField::Items)));
    }
    Ok(stated.into_lines())
}

/// A stated amount, spread over the lines by rule.
fn spread_parts(
    document: &Located<'_>,
    request: &Counterpart,
    rule: Rule,
    amount: Decimal,
) -> Result<Vec<(LineIndex, Amount)>> {
    let header = document.document.header();
    let currency = &header.currency;
    let site = Site::Command.field(SiteField::Amount);
    let amount = currency.amount(amount).map_err(|error| error.at(&site))?;
    check_positive(amount, currency, &site)?;
    let balance = settleable(document.document, &request.spread);
    if amount > balance {
        let reason = Reason::MoreThanBalance {
            kind: header.kind.into(),
            document: (*header.id).into(),
            most: currency.figure(balance),
            amount: currency.figure(amount),
        };
        return Err(Error::of(reason, &site));
    }

    let units = IncrementUnit::of(currency);
    let capacity = Capacity::of(document.document, &request.spread, units);
    let (lines, open) = capacity.into_parts();
    let shares = Spreader::new(units).shares(rule, units.whole(amount), open)?;
    let mut parts = Vec::with_capacity(lines.len());
    for (line, share) in lines.into_iter().zip(shares) {
        parts.push((line, units.amount(share)?));
    }
    Ok(parts)
}

/// What a counterpart settles, once all guards have passed.
struct CounterpartPlan {
    document: DocumentIndex,
    /// The date of the counterpart.
    date: Date,
    /// The day on which the counterpart is posted, and from which the settlement counts.
    day: Date,
    /// The field of the command that the day is from.
    day_field: SiteField,
    /// How much of each line.
    amounts: Vec<Amount>,
    mirror: Mirror,
    origin: Origin,
}

impl CounterpartPlan {
    /// Makes the counterpart, posts it, and settles it with the document, line by line.
    fn settle(&self, journal: &mut Journal<'_>, request: &Counterpart, reason: &str) -> Result<()> {
        let document = placed(journal.context().documents, self.document)?;
        let kind = document.document.header().kind;
        let site = Site::Command.field(kind.id_site());
        self.check_not_empty(&document, &site)?;
        let header = self.header(&document, request, reason);
        let (mirrored, pairs) = Mirroring::new(&document, self)?.counterpart(header)?;

        let counterpart = journal.create(mirrored)?;
        lifecycle::post(journal, self.day, counterpart, &site)?;
        if self.is_empty() {
            return Ok(());
        }

        let items = self.part_items(kind, &pairs);
        let amount = Amount::sum(items.iter().map(|item| item.amount));
        let amount = amount.ok_or_else(|| Error::fault("amounts out of range"))?;
        let (source, target) = if kind.is_demand() {
            (counterpart, self.document)
        } else {
            (self.document, counterpart)
        };
        let application = Application {
            target,
            rule: Rule::Mirror,
            amount,
            items: &items,
        };
        let day_site = Site::Command.field(self.day_field);
        journal
            .settle(Settlement::new(self.day, source).with(application))
            .map_err(|error| error.at(&day_site))
    }

    fn is_empty(&self) -> bool {
        self.amounts.iter().all(|amount| amount.is_zero())
    }

    /// Refuses to settle nothing. A document of nothing can come back line by line, but of one that is settled nothing
    /// is left to come back.
    fn check_not_empty(&self, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
        let figures = document.document.figures();
        let is_mirrored = self.mirror == Mirror::Yes && !figures.iter().any(is_settled);
        if !self.is_empty() || is_mirrored {
            return Ok(());
        }
        Err(Error::of(Reason::NothingOpen {}, site))
    }

    /// The header of the counterpart.
    fn header(&self, document: &Located<'_>, request: &Counterpart, reason: &str) -> Header {
        let header = document.document.header();
        let stated = request.notes.reason_code.as_deref();
        Header {
            kind: counterpart_of(header.kind),
            id: request.id.as_str().into(),
            number: request.number.as_deref().unwrap_or(&request.id).into(),
            status: Status::Draft,
            date: self.date,
            due_date: self.date,
            origin: self.origin,
            refers_to: Some(self.document),
            notes: Arc::new(Notes {
                reason_code: Some(stated.unwrap_or(reason).into()),
                ..request.notes.clone()
            }),
            ..header.clone()
        }
    }

    /// What the lines of the counterpart settle of the lines of the document.
    fn part_items(&self, kind: Kind, pairs: &[LinePair]) -> Vec<PartItem> {
        let mut items = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let amount = amount_at(&self.amounts, pair.line);
            let (source, target) = if kind.is_demand() {
                (pair.counterpart, pair.line)
            } else {
                (pair.line, pair.counterpart)
            };
            if !amount.is_zero() {
                items.push(PartItem {
                    source,
                    target,
                    amount,
                });
            }
        }
        items
    }
}

fn is_settled(figures: &Figures) -> bool {
    !figures.applied().is_zero() || !figures.refunded().is_zero()
}

/// The amount of a line; zero of one that has none.
fn amount_at(amounts: &[Amount], line: LineIndex) -> Amount {
    amounts.get(line.get()).copied().unwrap_or_default()
}

/// A line of a counterpart and the line of the document that it stands for.
struct LinePair {
    counterpart: LineIndex,
    line: LineIndex,
}

/// Makes the lines of a counterpart from those of its document.
///
/// With [`Mirror::Yes`], every line comes back, a discount as a discount: its item then comes back with what the
/// discount takes off on top. Otherwise lines of nothing are left out, except an item whose taxes need it.
struct Mirroring<'a> {
    document: &'a Located<'a>,
    amounts: &'a [Amount],
    mirror: Mirror,
    /// The line of the counterpart for each line of the document that comes back.
    counterparts: Vec<Option<LineIndex>>,
    /// What discounts that come back as such take off each item again.
    discounted: Vec<Amount>,
}

impl<'a> Mirroring<'a> {
    fn new(document: &'a Located<'a>, plan: &'a CounterpartPlan) -> Result<Self> {
        let line_count = plan.amounts.len();
        let mut mirroring = Self {
            document,
            amounts: &plan.amounts,
            mirror: plan.mirror,
            counterparts: vec![None; line_count],
            discounted: vec![Amount::ZERO; line_count],
        };
        let mut next = (0..).filter_map(LineIndex::new);
        for (index, line, figures) in document.document.lines_with_figures() {
            if !mirroring.comes_back(index, &line.detail) {
                continue;
            }
            if let Some(counterpart) = mirroring.counterparts.get_mut(index.get()) {
                *counterpart = next.next();
            }
            if let Detail::Discount { of, .. } = &line.detail
                && mirroring.keeps_discounts()
                && let Some(sum) = mirroring.discounted.get_mut(of.get())
            {
                *sum = sum.plus(figures.amount()).ok_or_else(out_of_range)?;
            }
        }
        Ok(mirroring)
    }

    /// Whether discounts come back as discounts.
    fn keeps_discounts(&self) -> bool {
        self.mirror != Mirror::No
    }

    /// Whether a line of the document has a line of the counterpart.
    fn comes_back(&self, line: LineIndex, detail: &Detail) -> bool {
        if self.mirror == Mirror::Yes || !amount_at(self.amounts, line).is_zero() {
            return true;
        }
        let mut taxes = self.document.document.tax_items(line);
        !detail.is_tax() && taxes.any(|tax| !amount_at(self.amounts, tax).is_zero())
    }

    /// The counterpart, and which of its lines stands for which.
    fn counterpart(&self, header: Header) -> Result<(Document, Vec<LinePair>)> {
        let (mut lines, mut amounts, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for (index, line, figures) in self.document.document.lines_with_figures() {
            let Some(counterpart) = self.counterpart_of(index) else {
                continue;
            };
            let (detail, amount) = self.mirrored(index, line, figures)?;
            lines.push(Line {
                id: line.id.clone(),
                source: Some(LineRef {
                    document: self.document.index,
                    line: index,
                }),
                detail,
            });
            amounts.push([amount, Amount::ZERO, Amount::ZERO]);
            pairs.push(LinePair {
                counterpart,
                line: index,
            });
        }
        let document = Document::restore(header, lines, &amounts);
        Ok((document.ok_or_else(out_of_range)?, pairs))
    }

    fn counterpart_of(&self, line: LineIndex) -> Option<LineIndex> {
        self.counterparts.get(line.get()).copied().flatten()
    }

    /// The line of the counterpart for a line of the document: what it says and its amount.
    fn mirrored(
        &self,
        index: LineIndex,
        line: &Line,
        figures: &Figures,
    ) -> Result<(Detail, Amount)> {
        let amount = amount_at(self.amounts, index);
        match &line.detail {
            Detail::Item { processing, record } => {
                let discounted = amount_at(&self.discounted, index);
                let amount = amount.minus(discounted).ok_or_else(out_of_range)?;
                Ok((self.item(*processing, record), amount))
            }
            Detail::Discount { of, record } => match self.counterpart_of(*of) {
                Some(of) if self.keeps_discounts() => {
                    let record = self.record(record);
                    Ok((Detail::Discount { of, record }, figures.amount()))
                }
                _ => Ok((self.item(Processing::Charge, record), amount)),
            },
            Detail::Tax { of, identity, .. } => {
                let is_whole = amount == figures.amount();
                Ok((self.tax(*of, identity, is_whole)?, amount))
            }
            Detail::Whole => Err(out_of_range()),
        }
    }

    fn item(&self, processing: Processing, record: &Record) -> Detail {
        Detail::Item {
            processing,
            record: self.record(record),
        }
    }

    /// A tax item of the counterpart. It has the exemption of a whole tax; how much of an exemption a part has, nobody
    /// has stated.
    fn tax(&self, item: LineIndex, identity: &TaxIdentity, is_whole: bool) -> Result<Detail> {
        let exempt = identity.exempt.filter(|_| is_whole);
        Ok(Detail::Tax {
            of: self.counterpart_of(item).ok_or_else(out_of_range)?,
            by_rate: false,
            identity: Box::new(TaxIdentity {
                exempt,
                ..identity.clone()
            }),
        })
    }

    /// The record of an item for its counterpart: a credit memo has the unit price of its invoice with the other sign
    /// (`settlement.md` 3.13, WO-Q1).
    fn record(&self, record: &Record) -> Record {
        let is_demand = self.document.document.header().kind.is_demand();
        let Some(item) = record.get().filter(|_| is_demand) else {
            return record.clone();
        };
        let mut item = item.clone();
        if let Some(price) = &mut item.unit_price {
            price.set_sign_negative(!price.is_sign_negative());
        }
        Record::new(item)
    }
}

#[cold]
fn out_of_range() -> Error {
    Error::fault("a counterpart out of range")
}
