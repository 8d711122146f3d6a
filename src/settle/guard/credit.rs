//! What of a document is available to credit (`settlement.md` 1.1, 3.3).

use crate::command::settings::{OverCrediting, Settings};
use crate::document::{
    Detail, Document, DocumentIndex, Header, Kind, Line, LineIndex, LineRef, Origin, Status,
};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::journal::Context;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::placed;
use rustc_hash::FxHashMap;

/// Which credit memos count.
#[derive(Clone, Copy)]
pub(in crate::settle) enum CreditScope {
    /// Those that are posted, as long as the book counts them.
    Posted,
    /// Drafts as well: what they take of a tax, no other memo can take.
    Live,
}

impl CreditScope {
    fn has(self, header: &Header, settings: &Settings) -> bool {
        let billed = header.origin != Origin::Billing || settings.count_billing_credits;
        let is_credit = header.kind == Kind::CreditMemo && !header.deleted;
        is_credit
            && match self {
                CreditScope::Posted => header.status == Status::Posted && billed,
                CreditScope::Live => header.status != Status::Canceled,
            }
    }
}

/// What is credited of one document.
#[derive(Clone, Debug, Default)]
struct CreditedAmounts {
    /// Of each line.
    lines: Vec<Amount>,
    /// Of the taxes of each item, also by tax items that name none of them.
    taxes: Vec<Amount>,
    /// Of the whole, also by lines that name none of its own.
    total: Amount,
}

impl CreditedAmounts {
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
        counts: CreditScope,
        but: Option<DocumentIndex>,
    ) -> Self {
        let Ok(of) = placed(context.documents, index) else {
            return Self::default();
        };
        let mut credits = Self::none(of.document.lines().len());
        memos(context, index, counts, but).for_each(|memo| credits.add(&of, memo));
        credits
    }

    /// Adds what a memo credits of the document: its lines that name a line of it, and if it was made from the
    /// document, those that name none.
    fn add(&mut self, of: &Located<'_>, memo: &Document) {
        let index = of.index;
        let is_own = memo.header().refers_to == Some(index);
        let source = |line: LineIndex| memo.line(line).and_then(|line| line.source);
        if is_own {
            // What a fee withholds came back as well.
            self.total = self
                .total
                .plus(memo.header().notes.restocking_fee)
                .unwrap_or(Amount::MAX);
        }
        let of_document = |place: Option<LineRef>| {
            place
                .filter(|place| place.document == index)
                .map(|place| place.line)
        };
        for (_, line, figures) in memo.lines_with_figures() {
            let item = line.detail.tax().and_then(|(item, _)| source(item));
            let place = line.source.or(item);
            if place.map_or(is_own, |place| place.document == index) {
                // Beyond all range is more than there is, which is all that is asked.
                self.total = self.total.plus(figures.amount()).unwrap_or(Amount::MAX);
            }
            let add = |sums: &mut Vec<Amount>, line: Option<LineIndex>| {
                if let Some(sum) = line.and_then(|line| sums.get_mut(line.get())) {
                    *sum = sum.plus(figures.amount()).unwrap_or(Amount::MAX);
                }
            };
            add(&mut self.lines, credited_line(memo, line, of));
            add(&mut self.taxes, of_document(item));
        }
    }

    fn line(&self, line: LineIndex) -> Amount {
        self.lines.get(line.get()).copied().unwrap_or_default()
    }

    /// What is left of the document's rounding items; `None` if it is out of range.
    fn rounding_left(&self, document: &Document) -> Option<Amount> {
        rounding_lines(document).try_fold(Amount::ZERO, |sum, line| {
            let amount = document.line_figures(line)?.amount();
            sum.plus(amount.minus(self.line(line))?)
        })
    }
}

/// The credit memos other than `but` that credit a document and count.
fn memos(
    context: Context<'_>,
    index: DocumentIndex,
    counts: CreditScope,
    but: Option<DocumentIndex>,
) -> impl Iterator<Item = &Document> {
    context
        .documents
        .made_from(index)
        .filter(move |(other, memo)| {
            Some(*other) != but && counts.has(memo.header(), context.settings)
        })
        .map(|(_, memo)| memo)
}

/// The posted credit memos that credit a document, as long as the book counts them.
pub(in crate::settle) fn posted(
    context: Context<'_>,
    index: DocumentIndex,
) -> impl Iterator<Item = &Document> {
    memos(context, index, CreditScope::Posted, None)
}

/// The line of a document that a line of a memo credits: the one that it names. A rounding item names none, and credits
/// that of the document which its memo was made from.
pub(in crate::settle) fn credited_line(
    memo: &Document,
    line: &Line,
    of: &Located<'_>,
) -> Option<LineIndex> {
    match line.source {
        Some(place) => (place.document == of.index).then_some(place.line),
        None if line.detail.is_rounding() && memo.header().refers_to == Some(of.index) => {
            rounding_lines(of.document).next()
        }
        None => None,
    }
}

/// The lines of a document that bring its total to whole steps.
fn rounding_lines(document: &Document) -> impl Iterator<Item = LineIndex> {
    let lines = document.lines_with_figures();
    lines
        .filter(|(_, line, _)| line.detail.is_rounding())
        .map(|(index, ..)| index)
}

/// The document that a credit memo under `header` was made from, if its total was rounded: to credit all of it takes a
/// rounding item, which the engine makes (`settlement.md` 3.2: no item by hand credits one).
pub(in crate::settle) fn rounded_source<'a>(
    context: Context<'a>,
    header: &Header,
) -> Option<Located<'a>> {
    let is_by_request = !matches!(header.origin, Origin::Reversal | Origin::WriteOff);
    let of = header
        .refers_to
        .filter(|_| header.kind == Kind::CreditMemo && is_by_request)?;
    let of = placed(context.documents, of).ok()?;
    let is_rounded =
        of.document.header().kind.is_demand() && rounding_lines(of.document).next().is_some();
    is_rounded.then_some(of)
}

/// What is left to credit of the rounding of a document's total.
pub(in crate::settle) fn rounding_left(context: Context<'_>, of: &Located<'_>) -> Amount {
    let credits = CreditedAmounts::of(context, of.index, CreditScope::Posted, None);
    credits.rounding_left(of.document).unwrap_or_default()
}

/// The rounding item that a credit memo needs: zero, or what the rounding of its document's total has left, where the
/// memo leaves nothing else of the document. So all memos together give back what was billed, in whatever order they
/// were made. `plain` is the memo without that item, `own` its place if it has one already.
fn rounding(
    context: Context<'_>,
    of: &Located<'_>,
    plain: &Document,
    own: Option<DocumentIndex>,
) -> Amount {
    let mut credits = CreditedAmounts::of(context, of.index, CreditScope::Posted, own);
    credits.add(of, plain);

    let total = of.document.header().figures.amount();
    let left = credits.rounding_left(of.document);
    let is_last = left.is_some() && total.minus(credits.total) == left;
    left.filter(|_| is_last).unwrap_or_default()
}

/// The memo with the rounding item that it needs, and without one that it does not need.
///
/// # Errors
/// `outOfRange` at `path`.
pub(in crate::settle) fn rounded(
    context: Context<'_>,
    memo: Document,
    own: Option<DocumentIndex>,
    path: &Path<'_>,
) -> Result<Document> {
    let Some(of) = rounded_source(context, memo.header()) else {
        return Ok(memo);
    };
    let plain = memo.with_rounding(Amount::ZERO);
    plain
        .and_then(|plain| plain.with_rounding(rounding(context, &of, &plain, own)))
        .ok_or_else(|| Error::new(Code::OutOfRange, path, "amounts in range", "more"))
}

/// What has been credited of the documents that a new memo credits, and what the memo itself has so far.
pub(in crate::settle) struct CreditLedger<'a> {
    context: Context<'a>,
    /// The memo, if it has a place already.
    own: Option<DocumentIndex>,
    // Only for look-ups, never iterated: its order means nothing.
    documents: FxHashMap<DocumentIndex, [CreditedAmounts; 2]>,
}

impl<'a> CreditLedger<'a> {
    pub(in crate::settle) fn new(context: Context<'a>, own: Option<DocumentIndex>) -> Self {
        Self {
            context,
            own,
            documents: FxHashMap::default(),
        }
    }

    fn credits(&mut self, index: DocumentIndex) -> &mut [CreditedAmounts; 2] {
        let Self {
            context,
            own,
            documents,
        } = self;
        let all = [CreditScope::Posted, CreditScope::Live];
        documents
            .entry(index)
            .or_insert_with(|| all.map(|counts| CreditedAmounts::of(*context, index, counts, *own)))
    }

    /// What is available to credit of a line: its amount less what posted memos and this one have credited of it.
    pub(in crate::settle) fn available(&mut self, place: LineRef) -> Amount {
        let amount = line_amount(self.context, place);
        let [posted, _] = self.credits(place.document);
        amount.minus(posted.line(place.line)).unwrap_or_default()
    }

    /// What memos that are not canceled have credited of a line: what they take of a tax, no other can.
    pub(in crate::settle) fn credited(&mut self, place: LineRef) -> Amount {
        let [_, live] = self.credits(place.document);
        live.line(place.line)
    }

    /// Adds what the memo itself credits of a line.
    pub(in crate::settle) fn record(&mut self, place: LineRef, amount: Amount) {
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
        .minus(CreditedAmounts::of(context, index, CreditScope::Posted, None).total)
        .unwrap_or_default()
}

/// What is available to credit of one line of a document.
#[must_use]
pub fn line_available_to_credit(
    context: Context<'_>,
    document: DocumentIndex,
    line: LineIndex,
) -> Amount {
    let amount = line_amount(context, LineRef { document, line });
    if context.documents.made_from(document).next().is_none() {
        return amount;
    }
    amount
        .minus(CreditedAmounts::of(context, document, CreditScope::Posted, None).line(line))
        .unwrap_or_default()
}

/// The same of every line, in their order, found in one pass over the memos.
#[must_use]
pub fn lines_available_to_credit(context: Context<'_>, document: DocumentIndex) -> Vec<Amount> {
    let credits = CreditedAmounts::of(context, document, CreditScope::Posted, None);
    let lines = (0..).map(LineIndex).take(credits.lines.len());
    let amounts = lines.map(|line| (line, line_amount(context, LineRef { document, line })));
    amounts
        .map(|(line, amount)| amount.minus(credits.line(line)).unwrap_or_default())
        .collect()
}

/// Refuses a credit memo that credits more than is available, by the rule of the book. Memos of the billing engine and
/// counterparts may. `index` is the memo's own place, if it has one already.
///
/// # Errors
/// `exceedsAvailableToCredit` at `path`.
pub(in crate::settle) fn check(
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    path: &Path<'_>,
) -> Result<()> {
    check_by(context.settings.over_crediting, context, memo, index, path)
}

/// The same by a rule of the operation.
pub(in crate::settle) fn check_by(
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
        &mut |CreditClaim {
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
pub(in crate::settle) fn check_without(
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
        &mut |CreditClaim {
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
struct CreditClaim<'a> {
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
    f: &mut dyn FnMut(CreditClaim<'_>) -> Result<()>,
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
        let others = CreditedAmounts::of(context, of, CreditScope::Posted, index);
        let mut own = CreditedAmounts::none(demand.lines().len());
        let place = Located {
            index: of,
            document: demand,
        };
        own.add(&place, memo);
        let amount = demand.header().figures.amount();
        let name = || {
            format!(
                "{} {}",
                demand.header().kind.name(),
                quoted(&demand.header().id)
            )
        };
        f(CreditClaim {
            amount,
            others: others.total,
            own: own.total,
            of: &name,
        })?;
        if rule != OverCrediting::HeaderAndItem {
            continue;
        }
        let nets = Nets::of(demand, &others, &own);
        for (index, line, figures) in demand.lines_with_figures() {
            // No request names a rounding item: the engine credits it, all of a document's together.
            if line.detail.is_rounding() {
                continue;
            }
            let name = || format!("line {}", quoted(&line.id));
            f(CreditClaim {
                amount: figures.amount(),
                others: others.line(index),
                own: own.line(index),
                of: &name,
            })?;
            if let Some([amount, others, own]) = nets.item(index) {
                let name = || format!("item {} less its discounts", quoted(&line.id));
                f(CreditClaim {
                    amount,
                    others,
                    own,
                    of: &name,
                })?;
            }
            // The taxes of an item together: an engine may round one of them up and another down.
            let taxes = |credits: &CreditedAmounts| {
                credits.taxes.get(index.get()).copied().unwrap_or_default()
            };
            if !taxes(&own).is_zero() {
                let all = demand
                    .tax_items(index)
                    .filter_map(|tax| demand.line_figures(tax));
                let amount = Amount::sum(all.map(|figures| figures.amount())).unwrap_or_default();
                let name = || format!("the taxes of item {}", quoted(&line.id));
                f(CreditClaim {
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

/// The items of a demand together with what discounts take off them: what an item cost is what is left of it. How much
/// there is, what other memos have credited, and what a memo credits.
struct Nets {
    // Only for look-ups, never iterated: its order means nothing.
    items: FxHashMap<LineIndex, [Amount; 3]>,
}

impl Nets {
    fn of(demand: &Document, others: &CreditedAmounts, own: &CreditedAmounts) -> Self {
        let figures = |line: LineIndex| {
            let amount = demand.line_figures(line).map(|figures| figures.amount());
            [
                amount.unwrap_or_default(),
                others.line(line),
                own.line(line),
            ]
        };
        let mut items = FxHashMap::default();
        for (index, line, _) in demand.lines_with_figures() {
            let Detail::Discount { of, .. } = line.detail else {
                continue;
            };
            let sums = items.entry(of).or_insert_with(|| figures(of));
            for (sum, amount) in sums.iter_mut().zip(figures(index)) {
                *sum = sum.plus(amount).unwrap_or(Amount::MAX);
            }
        }
        Self { items }
    }

    /// Of an item that discounts reduce.
    fn item(&self, index: LineIndex) -> Option<[Amount; 3]> {
        self.items.get(&index).copied()
    }
}

fn line_amount(context: Context<'_>, place: LineRef) -> Amount {
    let figures = context
        .documents
        .get(place.document)
        .and_then(|document| document.line_figures(place.line));
    figures.map_or(Amount::ZERO, |figures| figures.amount())
}
