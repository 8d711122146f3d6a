//! Write off and reverse: a document is settled with a counterpart that is made for it, line by line
//! (`settlement.md#write-off-and-reversal`).

mod mirror;

use crate::calendar::Date;
use crate::command::settings::{Limit, Mirror};
use crate::command::{Counterpart, RefundItem};
use crate::document::{
    Application, Document, DocumentIndex, Figures, Header, Kind, LineIndex, Lines, Misfit, Notes,
    Origin, PartItem, Rule, Settlement,
};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep, first_refusal, refusal_of};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::documents::check_live;
use crate::settle::guard::effective_dates;
use crate::settle::guard::names::{check_comment, check_names, check_new_id, check_positive};
use crate::settle::journal::Journal;
use crate::settle::operations::counterpart::mirror::{LinePair, mirror};
use crate::settle::operations::create::{self, CheckedDraft};
use crate::settle::operations::days::Days;
use crate::settle::operations::lifecycle;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::{Located, find, locate};
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::stated_lines::{LineFields, StatedLines};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Settles what is left of a document, or a part of that. A credit memo must be fully unapplied, unless the command
/// asks for the rest of it. A payment is settled with what is unapplied of it.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `duplicateId`, `itemNotFound`, `invalidStatus`, `alreadySettled`,
/// `periodClosed`, `dateTooEarly`, `limitExceeded`, `unknownReasonCode`, those of
/// [`Currency::amount`](crate::money::Currency::amount), `amountNotPositive`, `sumMismatch`, `exceedsItem`,
/// `exceedsBalance`, `nothingToSettle`.
pub(in crate::settle) fn write_off(
    journal: &mut Journal<'_>,
    days: Days,
    request: &Counterpart,
) -> Result<DocumentIndex> {
    let rule = match request.items {
        Some(_) => Rule::Explicit,
        None => request.spread.one_sided(Rule::Proration)?,
    };
    let context = journal.context();
    let document = named(context, request, "Write-off")?;
    let amounts = written_off(&document, request, rule);
    // A write-off counts from the date of its counterpart.
    let effective_date = days.document();
    let effective_date_field = days.document_field();
    first_refusal([
        check(context, days, &document, request, Limit::WriteOffItems),
        effective_dates::check_posted_again(
            context.documents,
            [document.index],
            effective_date,
            effective_date_field,
        ),
        check_written_off(context, &document, request.rest),
        check_sign(&document),
        refusal_of(&amounts),
    ])?;

    let is_whole = request.amount.is_none() && request.items.is_none();
    let plan = CounterpartPlan {
        document: document.index,
        date: effective_date,
        effective_date,
        effective_date_field,
        amounts: amounts?,
        mirror: if is_whole {
            context.settings.mirror
        } else {
            Mirror::No
        },
        origin: Origin::WriteOff,
    };
    plan.perform(journal, request, "Write-off")?;
    Ok(plan.document)
}

/// Refuses a document that nobody may write off. A credit memo must be fully unapplied, so that what was settled of it
/// is not overlooked. The command can say that it wants the rest all the same.
fn check_written_off(context: Context<'_>, document: &Located<'_>, wants_rest: bool) -> Result<()> {
    let kind = document.document.header().kind;
    check_revenue(document)?;
    if kind != Kind::CreditMemo || wants_rest {
        return Ok(());
    }

    let site = Site::Command.field(kind.id_site());
    lifecycle::check_unapplied(context, document.index, &site).map_err(|refusal| {
        match refusal.reason() {
            Reason::Settled { settled, .. } | Reason::SettledElsewhere { settled, .. } => {
                let settled = *settled;
                Error::of(Reason::SettledWithoutRest { settled }, &site)
            }
            _ => refusal,
        }
    })
}

/// Refuses what a write-off made that does not count as revenue.
///
/// # Errors
/// `invalidStatus`.
pub(super) fn check_revenue(document: &Located<'_>) -> Result<()> {
    let header = document.document.header();
    if header.origin != Origin::WriteOff || !header.notes.exclude_from_revenue {
        return Ok(());
    }
    let kind = header.kind.into();
    let site = Site::Command.field(header.kind.id_site());
    Err(Error::of(Reason::NotRevenue { kind }, &site))
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
    days: Days,
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
        check(context, days, &document, request, limit),
        effective_dates::check_posted_again(
            context.documents,
            [document.index],
            days.command,
            SiteField::At,
        ),
        lifecycle::check_unsettled(context, document.index, &site),
        check_sign(&document),
    ])?;

    let plan = CounterpartPlan {
        document: document.index,
        date: days.document(),
        // A reversal counts from the day of the command.
        effective_date: days.command,
        effective_date_field: SiteField::At,
        amounts: open_amounts(document.document),
        mirror: context.settings.mirror,
        origin: Origin::Reversal,
    };
    plan.perform(journal, request, reason)?;
    journal.change(plan.document, |header| header.reversed = true)?;
    Ok(plan.document)
}

/// The document that a command names, once its own names are right.
fn named<'a>(context: Context<'a>, request: &'a Counterpart, reason: &str) -> Result<Located<'a>> {
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
    days: Days,
    document: &Located<'_>,
    request: &Counterpart,
    limit: Limit,
) -> Result<()> {
    let site = Site::Command.field(request.document.kind.id_site());
    check_live(document, &site)?;
    check_dates(context, days, document)?;
    check_comment(context, request.notes.comment.as_deref())?;
    let line_count = document.document.lines().len();
    context.settings.limits.check(limit, line_count, &site)
}

/// Refuses a counterpart in a closed period or before its document, and a command before its counterpart.
fn check_dates(context: Context<'_>, days: Days, document: &Located<'_>) -> Result<()> {
    let date = days.document();
    let date_site = Site::Command.field(days.document_field());
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
    if days.command < date {
        let reason = Reason::BeforeCounterpart {
            earliest: date.into(),
            date: days.command.into(),
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
fn open_amounts(document: &Document) -> Lines<Amount> {
    let figures = document.figures().iter();
    figures.map(Figures::open).collect::<Vec<_>>().into()
}

/// What is written off of every line: what the command states, or a stated amount as the rule spreads it, or all that
/// is open.
fn written_off(document: &Located<'_>, request: &Counterpart, rule: Rule) -> Result<Lines<Amount>> {
    let parts = match (&request.items, request.amount) {
        (Some(items), _) => stated_parts(document, items, request.amount)?,
        (None, Some(amount)) => spread_parts(document, request, rule, amount)?,
        (None, None) => return Ok(open_amounts(document.document)),
    };

    let mut amounts = Lines::filled(Amount::ZERO, document.document.lines().len());
    for (line, part) in parts {
        *amounts.at_mut(line)? = part;
    }
    Ok(amounts)
}

/// What a command states line by line.
fn stated_parts(
    document: &Located<'_>,
    items: &[RefundItem],
    amount: Option<Decimal>,
) -> Result<Vec<(LineIndex, Amount)>> {
    const FIELDS: LineFields = LineFields {
        item: SiteField::ItemId,
        tax_item: SiteField::TaxItemId,
    };
    let stated = StatedLines::read(document, items, FIELDS, amount)?;
    stated.check_open(document)?;

    // Lines of both signs can have more open than the document.
    let header = document.document.header();
    let open = header.figures.open();
    if !open.covers(stated.sum) {
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
            document: document.key.into(),
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
    effective_date: Date,
    /// The field of the command that the effective date is from.
    effective_date_field: SiteField,
    /// How much of each line.
    amounts: Lines<Amount>,
    mirror: Mirror,
    origin: Origin,
}

impl CounterpartPlan {
    /// Makes the counterpart, posts it, and settles it with the document, line by line.
    fn perform(
        &self,
        journal: &mut Journal<'_>,
        request: &Counterpart,
        reason: &str,
    ) -> Result<()> {
        let document = locate(journal.context().documents, self.document)?;
        let kind = document.document.header().kind;
        let site = Site::Command.field(kind.id_site());
        self.check_not_empty(&document, &site)?;
        let header = self.header(&document, request, reason);
        let mirrored = mirror(&document, &self.amounts, self.mirror)?;
        let draft = CheckedDraft {
            document: mirrored.draft.finish(header).map_err(counterpart_fault)?,
            index: None,
            auto_post: true,
        };

        let counterpart = create::perform(journal, self.effective_date, draft)
            .map_err(|error| error.moved(|inner| site_in_counterpart(inner, &site)))?;
        // A document of nothing comes back line by line, and nothing of it is settled.
        if self.is_empty() {
            return Ok(());
        }

        let (source, target) = if kind.is_demand() {
            (counterpart, self.document)
        } else {
            (self.document, counterpart)
        };
        let settlement = self.settlement(source, target, kind, &mirrored.pairs)?;
        journal.settle_dated(settlement, self.effective_date_field)
    }

    fn is_empty(&self) -> bool {
        let amounts = self.amounts.as_slice();
        amounts.iter().all(|amount| amount.is_zero())
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
        let (account_id, currency) = (Arc::clone(&header.account_id), Arc::clone(&header.currency));
        let kind = counterpart_of(header.kind);
        let stated = request.notes.reason_code.as_deref();

        Header {
            number: request.number.as_deref().unwrap_or(&request.id).into(),
            origin: self.origin,
            refers_to: Some(self.document),
            notes: Arc::new(Notes {
                reason_code: Some(stated.unwrap_or(reason).into()),
                ..request.notes.clone()
            }),
            ..Header::draft(kind, &request.id, account_id, currency, self.date)
        }
    }

    /// What settles the lines of a document of `kind` with those of its counterpart.
    fn settlement(
        &self,
        source: DocumentIndex,
        target: DocumentIndex,
        kind: Kind,
        pairs: &[LinePair],
    ) -> Result<Settlement> {
        let mut items = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let amount = *self.amounts.at(pair.line)?;
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

        let amount = Amount::sum(items.iter().map(|item| item.amount));
        let application = Application {
            target,
            rule: Rule::Mirror,
            amount: amount.ok_or_else(|| Error::broken("amounts out of range"))?,
            items: &items,
        };
        Ok(Settlement::new(self.effective_date, source).with(application))
    }
}

fn is_settled(figures: &Figures) -> bool {
    !figures.applied().is_zero() || !figures.refunded().is_zero()
}

/// Where a command has what is wrong with posting the counterpart that it makes: at the document that it names.
fn site_in_counterpart(inner: &[SiteStep], document: &Site<'_>) -> Vec<SiteStep> {
    match inner {
        [SiteStep::Field(SiteField::Id)] => document.steps(),
        _ => inner.to_vec(),
    }
}

#[cold]
fn counterpart_fault(misfit: Misfit) -> Error {
    match misfit {
        Misfit::Fault(fault) => fault,
        _ => Error::broken("a counterpart does not fit its document"),
    }
}
