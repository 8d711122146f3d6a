//! Write off and reverse: a document is settled with a counterpart that is made for it, line by line (`settlement.md`
//! 3.9, 3.10, 3.12, 3.13).

use crate::calendar::Date;
use crate::command::Counterpart;
use crate::command::settings::{Limit, Mirror};
use crate::document::{
    Application, Detail, Document, DocumentIndex, Figures, Header, Kind, Line, LineIndex, LineRef,
    Notes, Origin, PartItem, Processing, Record, Rule, Settlement, Status, TaxIdentity,
};
use crate::error::{Code, Error, Path, Result, SiteField, first_refusal};
use crate::money::{Amount, Currency};
use crate::settle::guard::names::{check_comment, check_names, check_new_id, date_field};
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::lifecycle;
use crate::settle::operations::refund::StatedLines;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::located::Located;
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::targets::{check_live, find, placed};
use std::sync::Arc;

/// Settles what is left of a document, or a part of that. A credit memo must be fully unapplied.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `duplicateId`, `itemNotFound`, `invalidStatus`, `alreadySettled`,
/// `periodClosed`, `dateTooEarly`, `limitExceeded`, `unknownReasonCode`, those of [`Currency::amount`],
/// `amountNotPositive`, `sumMismatch`, `exceedsItem`, `exceedsBalance`, `nothingToSettle`.
pub(in crate::settle) fn write_off(
    journal: &mut Journal<'_>,
    at: Date,
    request: &Counterpart,
) -> Result<DocumentIndex> {
    let rule = if request.items.is_some() {
        Rule::Explicit
    } else {
        request.spread.one_sided(Rule::Proration)?
    };
    let context = journal.context();
    let of = named(context, request, "Write-off")?;
    let index = of.index;
    let whole = request.amount.is_none() && request.items.is_none();
    let amounts = if whole {
        Ok(open(of.document))
    } else {
        parts(&of, request, rule, &of.document.header().currency)
    };
    first_refusal([
        check(context, at, &of, request, Limit::WriteOffItems),
        check_writable(context, &of),
        check_sign(&of),
        amounts.as_ref().map(drop).map_err(Error::clone),
    ])?;
    let amounts = amounts?;
    let mirror = if whole {
        context.settings.mirror
    } else {
        Mirror::No
    };
    let date = request.date.unwrap_or(at);
    settle(
        journal,
        date,
        index,
        &amounts,
        mirror,
        Origin::WriteOff,
        request,
        "Write-off",
    )?;
    Ok(index)
}

/// Refuses a document that nobody may write off. A credit memo must be fully unapplied.
fn check_writable(context: Context<'_>, of: &Located<'_>) -> Result<()> {
    let kind = of.document.header().kind;
    let path = Path::Root.field(kind.id_field());
    check_revenue(of, &path)?;
    if kind == Kind::CreditMemo {
        return lifecycle::check_unapplied(context, of.index, &path);
    }
    Ok(())
}

/// Refuses what a write-off made that is none of the revenue's.
///
/// # Errors
/// `invalidStatus` at `path`.
pub(in crate::settle) fn check_revenue(of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    let header = of.document.header();
    if header.origin != Origin::WriteOff || !header.notes.exclude_from_revenue {
        return Ok(());
    }
    let needed = format!("a {} that counts as revenue", header.kind.name());
    Err(Error::new(
        Code::InvalidStatus,
        path,
        needed,
        "one of a write-off that does not",
    ))
}

/// Refuses a document below zero: its counterpart would be a posted memo below zero.
///
/// # Errors
/// `amountNotPositive`.
pub(in crate::settle) fn check_sign(of: &Located<'_>) -> Result<()> {
    let header = of.document.header();
    let open = header.figures.open();
    if open >= Amount::ZERO {
        return Ok(());
    }
    let path = Path::Root.field(header.kind.id_field());
    let needed = format!("{} that is not below zero", header.kind.one());
    let found = header.currency.write(open);
    Err(Error::new(Code::AmountNotPositive, &path, needed, found))
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
    let of = named(context, request, reason)?;
    let index = of.index;
    let path = Path::Root.field(request.document.kind.id_field());
    first_refusal([
        check(context, at, &of, request, limit),
        lifecycle::check_unsettled(context, index, &path),
        check_sign(&of),
    ])?;
    let amounts = open(of.document);
    let mirror = context.settings.mirror;
    settle(
        journal,
        at,
        index,
        &amounts,
        mirror,
        Origin::Reversal,
        request,
        reason,
    )?;
    journal.change(index, |header| header.reversed = true)?;
    Ok(index)
}

/// The document that a request names, once its own names are right.
fn named<'a>(context: Context<'a>, request: &Counterpart, reason: &str) -> Result<Located<'a>> {
    check_names(&request.id, request.number.as_deref(), None)?;
    let stated = request.notes.reason_code.as_deref().unwrap_or(reason);
    context
        .settings
        .check_reason(Some(stated), &Path::Root.field(SiteField::ReasonCode))?;
    let kind = counterpart_of(request.document.kind);
    check_new_id(context, kind, &request.id, request.number.as_deref())?;
    let path = Path::Root.field(request.document.kind.id_field());
    find(context.documents, &request.document, &path)
}

/// What both guard alike.
fn check(
    context: Context<'_>,
    at: Date,
    of: &Located<'_>,
    request: &Counterpart,
    limit: Limit,
) -> Result<()> {
    let path = Path::Root.field(request.document.kind.id_field());
    check_live(of, &path)?;
    let first = of.document.header().date;
    let date = request.date.unwrap_or(at);
    let field = date_field(request.date);
    context
        .settings
        .check_open(date, &Path::Root.field(field))?;
    for (day, least, field) in [(date, first, field), (at, date, "at")] {
        if day < least {
            let needed = format!("{least} or later");
            return Err(Error::new(
                Code::DateTooEarly,
                &Path::Root.field(field),
                needed,
                day.to_string(),
            ));
        }
    }
    check_comment(context, request.notes.comment.as_deref())?;
    context
        .settings
        .limits
        .check(limit, of.document.lines().len(), &path)
}

/// The kind of document that settles one of `kind`.
const fn counterpart_of(kind: Kind) -> Kind {
    if kind.is_demand() {
        Kind::CreditMemo
    } else {
        Kind::DebitMemo
    }
}

/// What every line has open.
fn open(document: &Document) -> Vec<Amount> {
    document
        .figures()
        .iter()
        .map(|figures| figures.open())
        .collect()
}

/// What of every line is written off in part: as stated, or spread by rule.
fn parts(
    of: &Located<'_>,
    request: &Counterpart,
    rule: Rule,
    currency: &Currency,
) -> Result<Vec<Amount>> {
    let path = Path::Root.field(SiteField::Amount);
    let mut amounts = vec![Amount::ZERO; of.document.lines().len()];
    let mut set = |line: LineIndex, amount| {
        if let Some(entry) = amounts.get_mut(line.get()) {
            *entry = amount;
        }
    };
    if let Some(items) = &request.items {
        let fields = ["itemId", "taxItemId"];
        let stated = StatedLines::read(of, items, fields, request.amount, currency)?;
        stated.check_open(of, currency)?;
        let sum = stated.sum;
        let open = of.document.header().figures.open();
        let range = open.min(Amount::ZERO)..=open.max(Amount::ZERO);
        if !range.contains(&sum) {
            // Lines of both signs can have more open than the document.
            let needed = format!(
                "items that sum to between zero and {}",
                currency.write(open)
            );
            return Err(Error::new(
                Code::ExceedsBalance,
                &Path::Root.field(SiteField::Items),
                needed,
                currency.write(sum),
            ));
        }
        stated
            .into_lines()
            .into_iter()
            .for_each(|(line, amount)| set(line, amount));
    } else if let Some(decimal) = request.amount {
        let amount = currency.amount(decimal);
        let amount = amount.map_err(|error| error.at(&path))?;
        crate::settle::guard::names::check_positive(amount, currency, &path)?;
        let balance = settleable(of.document, &request.spread);
        if amount > balance {
            let needed = format!("at most {}", currency.write(balance));
            return Err(Error::new(
                Code::ExceedsBalance,
                &path,
                needed,
                currency.write(amount),
            ));
        }
        let units = IncrementUnit::of(currency);
        let (lines, left) = Capacity::of(of.document, &request.spread, units).into_parts();
        let shares = Spreader::new(units).shares(rule, units.whole(amount), left)?;
        for (line, share) in lines.into_iter().zip(shares) {
            set(line, units.amount(share)?);
        }
    }
    Ok(amounts)
}

/// Makes the counterpart and settles it with the document, line by line, in those amounts.
#[allow(
    clippy::too_many_arguments,
    reason = "all of them are what a counterpart is about"
)]
fn settle(
    journal: &mut Journal<'_>,
    at: Date,
    index: DocumentIndex,
    amounts: &[Amount],
    mirror: Mirror,
    origin: Origin,
    request: &Counterpart,
    reason: &str,
) -> Result<()> {
    let of = placed(journal.context().documents, index)?;
    let kind = of.document.header().kind;
    let is_empty = amounts.iter().all(|amount| amount.is_zero());
    // A document of nothing can come back line by line; of one that is settled nothing is left to come back.
    let is_used = |line: &Figures| !line.applied().is_zero() || !line.refunded().is_zero();
    if is_empty && (mirror != Mirror::Yes || of.document.figures().iter().any(is_used)) {
        let path = Path::Root.field(kind.id_field());
        return Err(Error::new(
            Code::NothingToSettle,
            &path,
            "a document that has something open",
            "nothing",
        ));
    }
    let header = of.document.header();
    let date = request.date.unwrap_or(at);
    let own = Header {
        kind: counterpart_of(kind),
        id: request.id.as_str().into(),
        number: request.number.as_deref().unwrap_or(&request.id).into(),
        status: Status::Draft,
        date,
        due_date: date,
        origin,
        refers_to: Some(index),
        notes: Arc::new(Notes {
            reason_code: Some(
                request
                    .notes
                    .reason_code
                    .as_deref()
                    .unwrap_or(reason)
                    .into(),
            ),
            ..request.notes.clone()
        }),
        ..header.clone()
    };
    let (document, lines) = mirrored(&of, own, amounts, mirror)?;
    let counterpart = journal.create(document)?;
    lifecycle::post(journal, at, counterpart, &Path::Root.field(kind.id_field()))?;
    if is_empty {
        return Ok(());
    }
    let is_demand = kind.is_demand();
    let item = |(own, line): (LineIndex, LineIndex)| {
        let amount = amounts
            .get(line.get())
            .copied()
            .filter(|amount| !amount.is_zero())?;
        let (source, target) = if is_demand { (own, line) } else { (line, own) };
        Some(PartItem {
            source,
            target,
            amount,
        })
    };
    let items: Vec<_> = lines.into_iter().filter_map(item).collect();
    let amount = Amount::sum(items.iter().map(|item| item.amount))
        .ok_or_else(|| Error::fault("amounts out of range"))?;
    let (source, target) = if is_demand {
        (counterpart, index)
    } else {
        (index, counterpart)
    };
    // A write-off counts from the date of its counterpart, a reversal from the day of the command.
    let day_field = if origin == Origin::WriteOff {
        date_field(request.date)
    } else {
        "at"
    };
    let application = Application {
        target,
        rule: Rule::Mirror,
        amount,
        items: &items,
    };
    journal
        .settle(Settlement::new(at, source).with(application))
        .map_err(|error| error.at(&Path::Root.field(day_field)))
}

/// The counterpart of a document for `amounts` of its lines, and which of its lines stands for which.
///
/// With `Yes`, every line comes back, a discount as a discount: its item then comes back with what the discount takes
/// off on top. Without, lines of nothing are left out, but an item stays for the sake of its taxes.
fn mirrored(
    of: &Located<'_>,
    header: Header,
    amounts: &[Amount],
    mirror: Mirror,
) -> Result<(Document, Vec<(LineIndex, LineIndex)>)> {
    let amount = |line: LineIndex| amounts.get(line.get()).copied().unwrap_or_default();
    let lines = || of.document.lines_with_figures();
    // Which lines come back.
    let keeps = |line: LineIndex, detail: &Detail| {
        let has_tax = of
            .document
            .tax_items(line)
            .any(|tax| !amount(tax).is_zero());
        mirror == Mirror::Yes || !amount(line).is_zero() || (!detail.is_tax() && has_tax)
    };
    let mut places = vec![None; amounts.len()];
    let kept: Vec<_> = lines()
        .filter(|(index, line, _)| keeps(*index, &line.detail))
        .collect();
    for (place, (index, ..)) in kept.iter().enumerate() {
        if let Some(entry) = places.get_mut(index.get()) {
            *entry = LineIndex::new(place);
        }
    }
    let own = |line: LineIndex| places.get(line.get()).copied().flatten();
    let discounts = mirror != Mirror::No;
    // What discounts that come back as such take off each item again.
    let mut off = vec![Amount::ZERO; amounts.len()];
    for (_, line, figures) in &kept {
        if let Detail::Discount { of, .. } = &line.detail
            && discounts
            && let Some(sum) = off.get_mut(of.get())
        {
            *sum = sum.plus(figures.amount()).unwrap_or_default();
        }
    }
    let fault = || Error::fault("a counterpart out of range");
    let (mut own_lines, mut own_amounts, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    for (index, line, figures) in kept {
        let place = own(index).ok_or_else(fault)?;
        let record = |record: &Record| negated_price(record, of.document.header().kind);
        let (detail, value) = match &line.detail {
            Detail::Item {
                processing,
                record: own,
            } => {
                let off = off.get(index.get()).copied().unwrap_or_default();
                let value = amount(index).minus(off).ok_or_else(fault)?;
                (
                    Detail::Item {
                        processing: *processing,
                        record: record(own),
                    },
                    value,
                )
            }
            Detail::Discount {
                of: item,
                record: own_record,
            } => match own(*item).filter(|_| discounts) {
                Some(item) => (
                    Detail::Discount {
                        of: item,
                        record: record(own_record),
                    },
                    figures.amount(),
                ),
                None => (
                    Detail::Item {
                        processing: Processing::Charge,
                        record: record(own_record),
                    },
                    amount(index),
                ),
            },
            Detail::Tax {
                of: item, identity, ..
            } => {
                let item = own(*item).ok_or_else(fault)?;
                // A part of an exemption is nobody's to say.
                let exempt = identity
                    .exempt
                    .filter(|_| amount(index) == figures.amount());
                let identity = Box::new(TaxIdentity {
                    exempt,
                    ..TaxIdentity::clone(identity)
                });
                let detail = Detail::Tax {
                    of: item,
                    by_rate: false,
                    identity,
                };
                (detail, amount(index))
            }
            Detail::Whole => return Err(fault()),
        };
        let source = Some(LineRef {
            document: of.index,
            line: index,
        });
        own_lines.push(Line {
            id: line.id.clone(),
            source,
            detail,
        });
        own_amounts.push([value, Amount::ZERO, Amount::ZERO]);
        pairs.push((place, index));
    }
    let document = Document::restore(header, own_lines, &own_amounts).ok_or_else(fault)?;
    Ok((document, pairs))
}

/// The record of an item for its counterpart: a credit memo has the unit price of its invoice with the other sign
/// (`settlement.md` 3.13, WO-Q1).
fn negated_price(record: &Record, kind: Kind) -> Record {
    let Some(item) = record.get().filter(|_| kind.is_demand()) else {
        return record.clone();
    };
    let mut item = item.clone();
    if let Some(price) = &mut item.unit_price {
        price.set_sign_negative(!price.is_sign_negative());
    }
    Record::new(item)
}
