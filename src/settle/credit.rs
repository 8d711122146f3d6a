//! What of a document is available to credit (`settlement.md` 1.1, 3.3).

use super::settings::OverCrediting;
use super::{Context, Settings};
use crate::document::{
    Document, DocumentIndex, Header, Kind, LineIndex, LinePlace, Origin, Status,
};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::Amount;
use crate::order::sort_by;
use rustc_hash::FxHashMap;

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

/// What is credited of one document.
#[derive(Clone, Debug, Default)]
struct Credits {
    /// Of each line.
    lines: Vec<Amount>,
    /// Of the taxes of each item, also by tax items that name none of them.
    taxes: Vec<Amount>,
    /// Of the whole, also by lines that name none of its own.
    total: Amount,
}

impl Credits {
    /// Nothing yet, of a document with so many lines.
    fn none(lines: usize) -> Self {
        Self {
            lines: vec![Amount::ZERO; lines],
            taxes: vec![Amount::ZERO; lines],
            total: Amount::ZERO,
        }
    }

    /// What those credit memos other than `but` have credited that count.
    fn of(
        context: Context<'_>,
        index: DocumentIndex,
        counts: Counts,
        but: Option<DocumentIndex>,
    ) -> Self {
        let lines = context
            .documents
            .get(index)
            .map_or(0, |document| document.lines().len());
        let mut credits = Self::none(lines);
        for (other, memo) in context.documents.made_from(index) {
            if Some(other) != but && counts.has(memo.header(), context.settings) {
                credits.add(index, memo);
            }
        }
        credits
    }

    /// Adds what a memo credits of the document: its lines that name a line of it, and if it was made from the
    /// document, those that name none.
    fn add(&mut self, index: DocumentIndex, memo: &Document) {
        let is_own = memo.header().refers_to == Some(index);
        let source = |line: LineIndex| memo.line(line).and_then(|line| line.source);
        if is_own {
            // What a fee withholds came back as well.
            self.total = self
                .total
                .plus(memo.header().notes.restocking_fee)
                .unwrap_or(Amount::MAX);
        }
        let of_document = |place: Option<LinePlace>| place.filter(|place| place.document == index);
        for (_, line, figures) in memo.lines_with_figures() {
            let item = line.detail.tax().and_then(|(item, _)| source(item));
            let place = line.source.or(item);
            if place.map_or(is_own, |place| place.document == index) {
                // Beyond all range is more than there is, which is all that is asked.
                self.total = self.total.plus(figures.amount()).unwrap_or(Amount::MAX);
            }
            let add = |sums: &mut Vec<Amount>, place: Option<LinePlace>| {
                if let Some(sum) =
                    of_document(place).and_then(|place| sums.get_mut(place.line.get()))
                {
                    *sum = sum.plus(figures.amount()).unwrap_or(Amount::MAX);
                }
            };
            add(&mut self.lines, line.source);
            add(&mut self.taxes, item);
        }
    }

    fn line(&self, line: LineIndex) -> Amount {
        self.lines.get(line.get()).copied().unwrap_or_default()
    }
}

/// What has been credited of the documents that a new memo credits, and what the memo itself has so far.
pub(super) struct Ledger<'a> {
    context: Context<'a>,
    /// The memo, if it has a place already.
    own: Option<DocumentIndex>,
    // Only for look-ups, never iterated: its order means nothing.
    documents: FxHashMap<DocumentIndex, [Credits; 2]>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(context: Context<'a>, own: Option<DocumentIndex>) -> Self {
        Self {
            context,
            own,
            documents: FxHashMap::default(),
        }
    }

    fn credits(&mut self, index: DocumentIndex) -> &mut [Credits; 2] {
        let Self {
            context,
            own,
            documents,
        } = self;
        let all = [Counts::Posted, Counts::Live];
        documents
            .entry(index)
            .or_insert_with(|| all.map(|counts| Credits::of(*context, index, counts, *own)))
    }

    /// What is available to credit of a line: its amount less what posted memos and this one have credited of it.
    pub(super) fn available(&mut self, place: LinePlace) -> Amount {
        let amount = line_amount(self.context, place);
        let [posted, _] = self.credits(place.document);
        amount.minus(posted.line(place.line)).unwrap_or_default()
    }

    /// What memos that are not canceled have credited of a line: what they take of a tax, no other can.
    pub(super) fn credited(&mut self, place: LinePlace) -> Amount {
        let [_, live] = self.credits(place.document);
        live.line(place.line)
    }

    /// Adds what the memo itself credits of a line.
    pub(super) fn record(&mut self, place: LinePlace, amount: Amount) {
        for credits in self.credits(place.document) {
            if let Some(sum) = credits.lines.get_mut(place.line.get()) {
                *sum = sum.plus(amount).unwrap_or(Amount::MAX);
            }
        }
    }
}

/// What is available to credit of a document as a whole.
#[must_use]
pub fn available_to_credit(context: Context<'_>, index: DocumentIndex) -> Amount {
    let total = context
        .documents
        .header(index)
        .map_or(Amount::ZERO, |header| header.figures.amount());
    if context.documents.made_from(index).next().is_none() {
        return total;
    }
    total
        .minus(Credits::of(context, index, Counts::Posted, None).total)
        .unwrap_or_default()
}

/// What is available to credit of one line of a document.
#[must_use]
pub fn line_available_to_credit(
    context: Context<'_>,
    document: DocumentIndex,
    line: LineIndex,
) -> Amount {
    let amount = line_amount(context, LinePlace { document, line });
    if context.documents.made_from(document).next().is_none() {
        return amount;
    }
    amount
        .minus(Credits::of(context, document, Counts::Posted, None).line(line))
        .unwrap_or_default()
}

/// The same of every line, in their order, found in one pass over the memos.
#[must_use]
pub fn lines_available_to_credit(context: Context<'_>, document: DocumentIndex) -> Vec<Amount> {
    let credits = Credits::of(context, document, Counts::Posted, None);
    let lines = (0..).map(LineIndex).take(credits.lines.len());
    let amounts = lines.map(|line| (line, line_amount(context, LinePlace { document, line })));
    amounts
        .map(|(line, amount)| amount.minus(credits.line(line)).unwrap_or_default())
        .collect()
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
    check_by(context.settings.over_crediting, context, memo, index, path)
}

/// The same by a rule of the operation.
pub(super) fn check_by(
    rule: OverCrediting,
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    path: &Path<'_>,
) -> Result<()> {
    let currency = &memo.header().currency;
    each_credit(
        rule,
        context,
        memo,
        index,
        &mut |Credit {
                  amount,
                  others,
                  own,
                  of,
              }| {
            let available = amount.minus(others).unwrap_or_default().max(Amount::ZERO);
            if !own.is_positive() || own <= available {
                return Ok(());
            }
            let needed = format!(
                "at most {}, what is available to credit of {}",
                currency.write(available),
                of()
            );
            Err(Error::new(
                Code::ExceedsAvailableToCredit,
                path,
                needed,
                currency.write(own),
            ))
        },
    )
}

/// Refuses to do without the posted memo at `index` where it is negative, and what other memos credit would then be
/// more than there is.
///
/// # Errors
/// `exceedsAvailableToCredit` at `path`.
pub(super) fn check_without(
    context: Context<'_>,
    memo: &Document,
    index: DocumentIndex,
    path: &Path<'_>,
) -> Result<()> {
    let currency = &memo.header().currency;
    each_credit(
        context.settings.over_crediting,
        context,
        memo,
        Some(index),
        &mut |Credit {
                  amount,
                  others,
                  own,
                  of,
              }| {
            if own >= Amount::ZERO || others <= amount.max(Amount::ZERO) {
                return Ok(());
            }
            let needed = format!(
                "at most {} credited by other memos of {}",
                currency.write(amount),
                of()
            );
            Err(Error::new(
                Code::ExceedsAvailableToCredit,
                path,
                needed,
                currency.write(others),
            ))
        },
    )
}

/// What a memo credits of something, a document, a line or the taxes of an item, that other memos may credit too.
struct Credit<'a> {
    /// How much there is.
    amount: Amount,
    /// What the other memos that count have credited.
    others: Amount,
    /// What the memo credits.
    own: Amount,
    /// What it is called.
    of: &'a dyn Fn() -> String,
}

/// Calls `f` with all that a memo credits and that a rule looks at.
fn each_credit(
    rule: OverCrediting,
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    f: &mut dyn FnMut(Credit<'_>) -> Result<()>,
) -> Result<()> {
    let header = memo.header();
    let by_hand = matches!(header.origin, Origin::Standalone | Origin::Document);
    if header.kind != Kind::CreditMemo || !by_hand || rule == OverCrediting::Any {
        return Ok(());
    }
    let mut all: Vec<_> = memo
        .lines()
        .iter()
        .filter_map(|line| line.source)
        .map(|place| place.document)
        .collect();
    all.extend(header.refers_to);
    sort_by(&mut all, Ord::cmp);
    all.dedup();
    for of in all {
        let Some(demand) = context
            .documents
            .get(of)
            .filter(|demand| demand.header().kind.is_demand())
        else {
            continue;
        };
        let others = Credits::of(context, of, Counts::Posted, index);
        let mut own = Credits::none(demand.lines().len());
        own.add(of, memo);
        let amount = demand.header().figures.amount();
        let name = || {
            format!(
                "{} {}",
                demand.header().kind.name(),
                quoted(&demand.header().id)
            )
        };
        f(Credit {
            amount,
            others: others.total,
            own: own.total,
            of: &name,
        })?;
        if rule != OverCrediting::HeaderAndItem {
            continue;
        }
        for (index, line, figures) in demand.lines_with_figures() {
            let name = || format!("line {}", quoted(&line.id));
            f(Credit {
                amount: figures.amount(),
                others: others.line(index),
                own: own.line(index),
                of: &name,
            })?;
            // The taxes of an item together: an engine may round one of them up and another down.
            let taxes =
                |credits: &Credits| credits.taxes.get(index.get()).copied().unwrap_or_default();
            if !taxes(&own).is_zero() {
                let all = demand
                    .tax_items(index)
                    .filter_map(|tax| demand.line_figures(tax));
                let amount = Amount::sum(all.map(|figures| figures.amount())).unwrap_or_default();
                let name = || format!("the taxes of item {}", quoted(&line.id));
                f(Credit {
                    amount,
                    others: taxes(&others),
                    own: taxes(&own),
                    of: &name,
                })?;
            }
        }
    }
    Ok(())
}

fn line_amount(context: Context<'_>, place: LinePlace) -> Amount {
    let figures = context
        .documents
        .get(place.document)
        .and_then(|document| document.line_figures(place.line));
    figures.map_or(Amount::ZERO, |figures| figures.amount())
}
