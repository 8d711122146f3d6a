//! What was settled of the lines of a draft before it came into the book: what a request states of it is refused or
//! becomes entries of the document.

use crate::document::{
    Document, Header, Kind, LineIndex, NewDocument, NewItem, NewSettledBefore, PastMisfit,
    SettledBefore, SettledBy,
};
use crate::error::{Error, Reason, Result, Site, SiteField, WordsFigure};
use crate::money::{Amount, Currency};
use crate::settle::operations::create::items_site;
use crate::settle::plan::draft::{DraftPast, DraftPlan};

/// Refuses words that documents of another kind have.
///
/// # Errors
/// `invalidChoice`.
pub(super) fn check_words(new: &NewDocument) -> Result<()> {
    let list = items_site();
    for (item_index, item) in new.items.iter().flatten().enumerate() {
        check_words_of_item(new.kind, item, &list.entry(item_index))?;
    }
    Ok(())
}

/// Refuses words of an item, and of its tax items, that documents of another kind have.
///
/// # Errors
/// `invalidChoice`.
pub(in crate::settle) fn check_words_of_item(
    kind: Kind,
    item: &NewItem,
    site: &Site<'_>,
) -> Result<()> {
    check_words_of_line(kind, &item.settled_before, site)?;
    let list = site.field(SiteField::TaxItems);
    for (tax_index, tax) in item.tax_items.iter().flatten().enumerate() {
        check_words_of_line(kind, &tax.settled_before, &list.entry(tax_index))?;
    }
    Ok(())
}

/// Refuses words of a line that documents of another kind have.
///
/// # Errors
/// `invalidChoice`.
pub(in crate::settle) fn check_words_of_line(
    kind: Kind,
    entries: &[NewSettledBefore],
    site: &Site<'_>,
) -> Result<()> {
    let list = site.field(SiteField::SettledBefore);
    for (entry_index, entry) in entries.iter().enumerate() {
        if !entry.by.is_of(kind) {
            let reason = Reason::SettledByOther {
                kind: kind.into(),
                allowed: WordsFigure(SettledBy::words_of(kind)),
                by: entry.by.into(),
            };
            let entry = list.entry(entry_index);
            return Err(Error::of(reason, &entry.field(SiteField::By)));
        }
    }
    Ok(())
}

/// Refuses days before the date of the draft.
///
/// # Errors
/// `dateTooEarly`.
pub(super) fn check_dates(plan: &DraftPlan<'_>) -> Result<()> {
    each_list(plan, &mut |_, entries, site| {
        check_dates_of_line(&plan.header, entries, site)
    })
}

/// Refuses days of a line before the date of its document.
///
/// # Errors
/// `dateTooEarly`.
pub(in crate::settle) fn check_dates_of_line(
    header: &Header,
    entries: &[DraftPast],
    site: &Site<'_>,
) -> Result<()> {
    let list = site.field(SiteField::SettledBefore);
    for (entry_index, entry) in entries.iter().enumerate() {
        if entry.date < header.date {
            let reason = Reason::BeforeDocument {
                earliest: header.date.into(),
                kind: header.kind.into(),
                date: entry.date.into(),
            };
            let entry = list.entry(entry_index);
            return Err(Error::of(reason, &entry.field(SiteField::At)));
        }
    }
    Ok(())
}

/// The entries of a draft, with their amounts.
///
/// # Errors
/// Those of [`Currency::amount`].
pub(super) fn read(plan: &DraftPlan<'_>) -> Result<Vec<SettledBefore>> {
    let mut known = Vec::new();
    each_list(plan, &mut |line, entries, site| {
        read_line(&plan.header.currency, line, entries, site, &mut known)
    })?;
    Ok(known)
}

/// Reads the entries of a line.
///
/// # Errors
/// Those of [`Currency::amount`].
pub(in crate::settle) fn read_line(
    currency: &Currency,
    line: LineIndex,
    entries: &[DraftPast],
    site: &Site<'_>,
    known: &mut Vec<SettledBefore>,
) -> Result<()> {
    let list = site.field(SiteField::SettledBefore);
    for (entry_index, entry) in entries.iter().enumerate() {
        known.push(SettledBefore {
            line,
            date: entry.date,
            amount: entry.amount.read(currency, &list.entry(entry_index))?,
            by: entry.by,
        });
    }
    Ok(())
}

/// Refuses amounts that have not the sign of their line.
///
/// # Errors
/// `amountNotPositive`.
pub(super) fn check_signs(
    plan: &DraftPlan<'_>,
    document: &Document,
    known: &[SettledBefore],
) -> Result<()> {
    each_list(plan, &mut |line, _, site| {
        check_signs_of_line(document, line, known, site)
    })
}

/// Refuses amounts that have not the sign of a line.
///
/// # Errors
/// `amountNotPositive`.
pub(in crate::settle) fn check_signs_of_line(
    document: &Document,
    line: LineIndex,
    known: &[SettledBefore],
    site: &Site<'_>,
) -> Result<()> {
    let list = site.field(SiteField::SettledBefore);
    let is_negative = document.figures_at(line)?.open() < Amount::ZERO;

    let of_line = known.iter().filter(|entry| entry.line == line);
    for (entry_index, entry) in of_line.enumerate() {
        let amount = document.header().currency.figure(entry.amount);
        let reason = match (is_negative, entry.amount.minor()) {
            (true, 0..) => Reason::NotBelowZero { amount },
            (false, ..=0) => Reason::AmountNotAboveZero { amount },
            _ => continue,
        };

        let entry = list.entry(entry_index);
        return Err(Error::of(reason, &entry.field(SiteField::Amount)));
    }
    Ok(())
}

/// Refuses more than a line has, and lines that do not fit their document together.
///
/// # Errors
/// `exceedsItem`.
pub(super) fn check_sums(
    plan: &DraftPlan<'_>,
    document: &Document,
    known: &[SettledBefore],
) -> Result<()> {
    let Some(misfit) = document.misfit_of(known) else {
        return Ok(());
    };
    let PastMisfit::Line { line: wrong, .. } = misfit else {
        return Err(Error::of(reason_of(misfit, document), &items_site()));
    };

    // The misfit knows the line, and the request names it by its item.
    each_list(plan, &mut |line, _, site| {
        if line == wrong {
            let site = site.field(SiteField::SettledBefore);
            return Err(Error::of(reason_of(misfit, document), &site));
        }
        Ok(())
    })
}

/// Why entries do not fit a document.
pub(in crate::settle) fn reason_of(misfit: PastMisfit, document: &Document) -> Reason {
    let currency = &document.header().currency;
    match misfit {
        PastMisfit::Line { most, sum, .. } => Reason::SettledBeforeBeyondLine {
            most: currency.figure(most),
            sum: currency.figure(nearest(sum)),
        },
        PastMisfit::Whole { date, total, sum } => Reason::SettledBeforeBeyondDocument {
            kind: document.header().kind.into(),
            total: currency.figure(total),
            date: date.into(),
            sum: currency.figure(nearest(sum)),
        },
    }
}

/// The amount that is nearest to a sum. What lies beyond the range of amounts is shown as its end.
fn nearest(sum: i128) -> Amount {
    let end = match sum {
        0.. => Amount::MAX,
        _ => Amount::MAX.negated(),
    };
    Amount::try_from(sum).unwrap_or(end)
}

/// What looks at a line of a draft, its entries and its site.
type PastVisitor<'v> = dyn FnMut(LineIndex, &[DraftPast], &Site<'_>) -> Result<()> + 'v;

/// Calls `visit` with each line of a draft that has entries.
fn each_list(plan: &DraftPlan<'_>, visit: &mut PastVisitor<'_>) -> Result<()> {
    let list = items_site();
    let mut lines = LineIndex::all();
    let mut next_line = || {
        let line = lines.next();
        line.ok_or_else(|| Error::broken("more lines than a document has"))
    };
    for (item_index, item) in plan.items.iter().enumerate() {
        let site = list.entry(item_index);
        let line = next_line()?;
        if !item.settled_before.is_empty() {
            visit(line, &item.settled_before, &site)?;
        }

        let taxes = site.field(SiteField::TaxItems);
        for (tax_index, tax) in item.taxes.iter().enumerate() {
            let line = next_line()?;
            if !tax.settled_before.is_empty() {
                visit(line, &tax.settled_before, &taxes.entry(tax_index))?;
            }
        }
    }
    Ok(())
}
