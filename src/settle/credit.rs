//! What of a document is available to credit (`settlement.md` 1.1, 3.3).

use super::settings::OverCrediting;
use super::{Context, Settings};
use crate::document::{Document, DocumentIndex, Header, Kind, LineIndex, LinePlace, Origin, Status};
use crate::error::{Code, Error, Path, Result};
use crate::money::Amount;
use crate::order::sort_by;

/// Which credit memos count.
#[derive(Clone, Copy)]
pub(super) enum Counts {
    /// Those that are posted, as long as the book counts them.
    Posted,
    /// Drafts as well: what they take of a tax, no other memo can take.
    Live,
}

impl Counts {
    fn has(self, header: &Header, settings: &Settings) -> bool {
        let billed = header.origin != Origin::Billing || settings.count_billing_credits;
        let is_credit = header.kind == Kind::CreditMemo && !header.deleted;
        is_credit
            && match self {
                Counts::Posted => header.status == Status::Posted && billed,
                Counts::Live => header.status != Status::Canceled,
            }
    }
}

/// What credit memos other than `but` have credited of a line.
pub(super) fn credited(context: Context<'_>, place: LinePlace, counts: Counts, but: Option<DocumentIndex>) -> Amount {
    let memos = context.documents.made_from(place.document);
    let memos = memos.filter(|(index, memo)| Some(*index) != but && counts.has(memo.header(), context.settings));
    let lines = memos.flat_map(|(_, memo)| memo.lines_with_figures());
    let lines = lines.filter(|(_, line, _)| line.source == Some(place));
    Amount::sum(lines.map(|(.., figures)| figures.amount())).unwrap_or(Amount::MAX)
}

/// What is available to credit of a line: its amount less what posted credit memos have credited of it.
pub(super) fn available(context: Context<'_>, place: LinePlace) -> Amount {
    let amount = context.documents.get(place.document).and_then(|document| document.line_figures(place.line));
    let amount = amount.map_or(Amount::ZERO, |figures| figures.amount());
    amount.minus(credited(context, place, Counts::Posted, None)).unwrap_or_default()
}

/// What is available to credit of a document as a whole.
#[must_use]
pub fn available_to_credit(context: Context<'_>, index: DocumentIndex) -> Amount {
    let total = context.documents.header(index).map_or(Amount::ZERO, |header| header.figures.amount());
    total.minus(credited_of(context, index, None)).unwrap_or_default()
}

/// What is available to credit of one line of a document.
#[must_use]
pub fn line_available_to_credit(context: Context<'_>, document: DocumentIndex, line: LineIndex) -> Amount {
    available(context, LinePlace { document, line })
}

/// What posted credit memos other than `but` have credited of a document.
fn credited_of(context: Context<'_>, index: DocumentIndex, but: Option<DocumentIndex>) -> Amount {
    let memos = context.documents.made_from(index);
    let memos =
        memos.filter(|(memo, document)| Some(*memo) != but && Counts::Posted.has(document.header(), context.settings));
    Amount::sum(memos.map(|(_, memo)| credits(memo, index))).unwrap_or(Amount::MAX)
}

/// What a memo credits of a document: its lines that name a line of it, and if it was made from the document, those
/// that name none.
fn credits(memo: &Document, of: DocumentIndex) -> Amount {
    let is_own = memo.header().refers_to == Some(of);
    let source = |index: LineIndex| memo.line(index).and_then(|line| line.source);
    let lines = memo.lines_with_figures().filter(|(_, line, _)| {
        let place = line.source.or_else(|| source(line.detail.tax()?.0));
        place.map_or(is_own, |place| place.document == of)
    });
    Amount::sum(lines.map(|(.., figures)| figures.amount())).unwrap_or(Amount::MAX)
}

/// Refuses a credit memo that credits more than is available, by the rule of the book. Memos of the billing engine and
/// counterparts may. `index` is the memo's own place, if it has one already.
///
/// # Errors
/// `exceedsAvailableToCredit` at `path`.
pub(super) fn check(
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    path: &Path<'_>,
) -> Result<()> {
    let header = memo.header();
    let by_hand = matches!(header.origin, Origin::Standalone | Origin::Document);
    if header.kind != Kind::CreditMemo || !by_hand || context.settings.over_crediting == OverCrediting::Any {
        return Ok(());
    }
    let mut of: Vec<_> = memo.lines().iter().filter_map(|line| line.source).map(|place| place.document).collect();
    of.extend(header.refers_to);
    sort_by(&mut of, Ord::cmp);
    of.dedup();
    of.retain(|&of| context.documents.header(of).is_some_and(|header| header.kind.is_demand()));
    let refuse = |available: Amount, found: Amount, of: &str| {
        let write = |amount| header.currency.write(amount);
        let needed = format!("at most {}, what is available to credit of {of}", write(available.max(Amount::ZERO)));
        Err(Error::new(Code::ExceedsAvailableToCredit, path, needed, write(found)))
    };
    for &of in &of {
        let Some(demand) = context.documents.header(of) else { continue };
        let available = demand.figures.amount().minus(credited_of(context, of, index)).unwrap_or_default();
        let found = credits(memo, of);
        if found > available {
            return refuse(available, found, &format!("{} {}", demand.kind.name(), crate::error::quoted(&demand.id)));
        }
    }
    if context.settings.over_crediting != OverCrediting::HeaderAndItem {
        return Ok(());
    }
    for place in places(memo) {
        let Some(line) = context.documents.get(place.document).and_then(|document| document.line(place.line)) else {
            continue;
        };
        let own = memo.lines_with_figures().filter(|(_, line, _)| line.source == Some(place));
        let found = Amount::sum(own.map(|(.., figures)| figures.amount())).unwrap_or(Amount::MAX);
        let available = line_amount(context, place).minus(credited(context, place, Counts::Posted, index));
        let available = available.unwrap_or_default();
        if found.is_positive() && found > available {
            return refuse(available, found, &format!("line {}", crate::error::quoted(&line.id)));
        }
        check_taxes(context, memo, place, index, &refuse)?;
    }
    Ok(())
}

/// The taxes of an item together: an engine may round one of them up and another down (`settlement.md` 3.3).
fn check_taxes(
    context: Context<'_>,
    memo: &Document,
    item: LinePlace,
    index: Option<DocumentIndex>,
    refuse: &dyn Fn(Amount, Amount, &str) -> Result<()>,
) -> Result<()> {
    let Some(demand) = context.documents.get(item.document) else { return Ok(()) };
    if demand.line(item.line).is_none_or(|line| line.detail.is_tax()) {
        return Ok(());
    }
    let taxes = demand.tax_items(item.line).filter_map(|tax| demand.line_figures(tax));
    let total = Amount::sum(taxes.map(|figures| figures.amount())).unwrap_or_default();
    let of = |memo: &Document| taxes_on(memo, item);
    let others = context
        .documents
        .made_from(item.document)
        .filter(|(other, document)| Some(*other) != index && Counts::Posted.has(document.header(), context.settings));
    let credited = Amount::sum(others.map(|(_, memo)| of(memo))).unwrap_or(Amount::MAX);
    let (available, found) = (total.minus(credited).unwrap_or_default(), of(memo));
    if found.is_positive() && found > available {
        return refuse(available, found, "the taxes of the item");
    }
    Ok(())
}

/// What a memo credits of the taxes of an item.
fn taxes_on(memo: &Document, item: LinePlace) -> Amount {
    let lines = memo.lines_with_figures().filter(|(_, line, _)| {
        let of = line.detail.tax().and_then(|(of, _)| memo.line(of));
        of.is_some_and(|of| of.source == Some(item))
    });
    Amount::sum(lines.map(|(.., figures)| figures.amount())).unwrap_or(Amount::MAX)
}

fn line_amount(context: Context<'_>, place: LinePlace) -> Amount {
    let figures = context.documents.get(place.document).and_then(|document| document.line_figures(place.line));
    figures.map_or(Amount::ZERO, |figures| figures.amount())
}

/// The lines that a memo names as its sources, each once.
fn places(memo: &Document) -> Vec<LinePlace> {
    let mut places: Vec<_> = memo.lines().iter().filter_map(|line| line.source).collect();
    sort_by(&mut places, Ord::cmp);
    places.dedup();
    places
}
