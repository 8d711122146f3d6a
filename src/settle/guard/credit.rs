//! What of a document is available to credit (`settlement.md` 1.1, 3.3).

use crate::command::settings::{OverCrediting, Settings};
use crate::document::{
    Detail, Document, DocumentIndex, Header, Kind, Line, LineIndex, LineRef, Origin, Status,
};
use crate::error::{Error, Reason, Result, Site};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::journal::Context;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::placed;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

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

/// A sum of what credit memos credit. It is wider than an amount: where a book allows any credit, memos can credit a
/// document many times over, beyond the range of amounts.
type CreditSum = i128;

/// Adds to a sum of credits.
fn add(sum: &mut CreditSum, amount: Amount) -> Result<()> {
    let wider = sum.checked_add(amount.minor().into());
    *sum = wider.ok_or_else(|| Error::fault("credits out of range"))?;
    Ok(())
}

/// What credits leave of an amount. What lies beyond the range of amounts is shown as its end.
fn less_credits(amount: Amount, credited: CreditSum) -> Result<Amount> {
    let left = i128::from(amount.minor()).checked_sub(credited);
    left.map(nearest_amount)
        .ok_or_else(|| Error::fault("credits out of range"))
}

/// The amount that is nearest to a sum of credits.
fn nearest_amount(sum: CreditSum) -> Amount {
    let end = if sum < 0 {
        Amount::MAX.negated()
    } else {
        Amount::MAX
    };
    Amount::try_from(sum).unwrap_or(end)
}

/// What is credited of one document.
#[derive(Clone, Debug)]
struct CreditedAmounts {
    /// Of each line.
    lines: Vec<CreditSum>,
    /// Of the taxes of each item, also by tax items that name none of them.
    taxes: Vec<CreditSum>,
    /// Of the whole, also by lines that name none of its own.
    total: CreditSum,
}

impl CreditedAmounts {
    /// Nothing yet, of a document with `line_count` lines.
    fn none(line_count: usize) -> Self {
        Self {
            lines: vec![0; line_count],
            taxes: vec![0; line_count],
            total: 0,
        }
    }

    /// What those credit memos other than `but` have credited that count.
    fn of(
        context: Context<'_>,
        index: DocumentIndex,
        counts: CreditScope,
        but: Option<DocumentIndex>,
    ) -> Result<Self> {
        let credited = placed(context.documents, index)?;
        let mut credits = Self::none(credited.document.lines().len());
        for memo in memos(context, index, counts, but) {
            credits.add(&credited, memo)?;
        }
        Ok(credits)
    }

    /// Adds what a memo credits of the document: its lines that name a line of it, and if it was made from the
    /// document, those that name none.
    fn add(&mut self, credited: &Located<'_>, memo: &Document) -> Result<()> {
        let is_made_from_it = memo.header().refers_to == Some(credited.index);
        if is_made_from_it {
            // What a fee withholds came back as well.
            add(&mut self.total, memo.header().notes.restocking_fee)?;
        }

        for (_, line, figures) in memo.lines_with_figures() {
            let amount = figures.amount();
            let taxed_source = match line.detail.tax() {
                Some((item, _)) => memo.line_at(item)?.source,
                None => None,
            };
            let names_it = match line.source.or(taxed_source) {
                Some(source) => source.document == credited.index,
                None => is_made_from_it,
            };
            if names_it {
                add(&mut self.total, amount)?;
            }

            if let Some(line) = credited_line(memo, line, credited) {
                add(sum_at(&mut self.lines, line)?, amount)?;
            }
            let taxed_source = taxed_source.filter(|source| source.document == credited.index);
            if let Some(item) = taxed_source {
                add(sum_at(&mut self.taxes, item.line)?, amount)?;
            }
        }
        Ok(())
    }

    /// What is credited of a line.
    fn line(&self, line: LineIndex) -> Result<CreditSum> {
        let sum = self.lines.get(line.get()).copied();
        sum.ok_or_else(missing_line)
    }

    /// What is credited of the taxes of an item.
    fn taxes_of(&self, item: LineIndex) -> Result<CreditSum> {
        let sum = self.taxes.get(item.get()).copied();
        sum.ok_or_else(missing_line)
    }

    /// What is left of the document's rounding items.
    fn rounding_left(&self, document: &Document) -> Result<CreditSum> {
        let mut left = 0;
        for line in rounding_lines(document) {
            add(&mut left, document.figures_at(line)?.amount())?;
            left = left
                .checked_sub(self.line(line)?)
                .ok_or_else(|| Error::fault("credits out of range"))?;
        }
        Ok(left)
    }
}

fn sum_at(sums: &mut [CreditSum], line: LineIndex) -> Result<&mut CreditSum> {
    sums.get_mut(line.get()).ok_or_else(missing_line)
}

fn missing_line() -> Error {
    Error::fault("a credited line is missing")
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
pub(in crate::settle) fn rounding_left(context: Context<'_>, of: &Located<'_>) -> Result<Amount> {
    let credits = CreditedAmounts::of(context, of.index, CreditScope::Posted, None)?;
    Ok(nearest_amount(credits.rounding_left(of.document)?))
}

/// The rounding item that a credit memo needs: zero, or what the rounding of its document's total has left, where the
/// memo leaves nothing else of the document. So all memos together give back what was billed, in whatever order they
/// were made. `plain` is the memo without that item, `index` its place if it has one already.
fn rounding(
    context: Context<'_>,
    of: &Located<'_>,
    plain: &Document,
    index: Option<DocumentIndex>,
) -> Result<Amount> {
    let mut credits = CreditedAmounts::of(context, of.index, CreditScope::Posted, index)?;
    credits.add(of, plain)?;

    let total = i128::from(of.document.header().figures.amount().minor());
    let rounding = credits.rounding_left(of.document)?;
    let is_last = total.checked_sub(credits.total) == Some(rounding);
    Ok(if is_last {
        nearest_amount(rounding)
    } else {
        Amount::ZERO
    })
}

/// The memo with the rounding item that it needs, and without one that it does not need.
///
/// # Errors
/// `outOfRange` at `site`.
pub(in crate::settle) fn rounded(
    context: Context<'_>,
    memo: Document,
    index: Option<DocumentIndex>,
    site: &Site<'_>,
) -> Result<Document> {
    let Some(of) = rounded_source(context, memo.header()) else {
        return Ok(memo);
    };
    let out_of_range = || Error::of(Reason::CreditsOutOfRange {}, site);
    let plain = memo.with_rounding(Amount::ZERO).ok_or_else(out_of_range)?;
    let amount = rounding(context, &of, &plain, index)?;
    plain.with_rounding(amount).ok_or_else(out_of_range)
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

    fn credits(&mut self, index: DocumentIndex) -> Result<&mut [CreditedAmounts; 2]> {
        let (context, memo) = (self.context, self.own);
        Ok(match self.documents.entry(index) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let posted = CreditedAmounts::of(context, index, CreditScope::Posted, memo)?;
                let live = CreditedAmounts::of(context, index, CreditScope::Live, memo)?;
                unknown.insert([posted, live])
            }
        })
    }

    /// What is available to credit of a line: its amount less what posted memos and this one have credited of it.
    pub(in crate::settle) fn available(&mut self, line: LineRef) -> Result<Amount> {
        let amount = line_amount(self.context, line)?;
        let [posted, _] = self.credits(line.document)?;
        less_credits(amount, posted.line(line.line)?)
    }

    /// What memos that are not canceled have credited of a line: what they take of a tax, no other can.
    pub(in crate::settle) fn credited(&mut self, line: LineRef) -> Result<Amount> {
        let [_, live] = self.credits(line.document)?;
        Ok(nearest_amount(live.line(line.line)?))
    }

    /// Adds what the memo itself credits of a line.
    pub(in crate::settle) fn record(&mut self, line: LineRef, amount: Amount) -> Result<()> {
        for credits in self.credits(line.document)? {
            add(sum_at(&mut credits.lines, line.line)?, amount)?;
        }
        Ok(())
    }
}

/// What is available to credit of a document as a whole.
///
/// # Errors
/// A fault if there is no such document.
pub fn available_to_credit(context: Context<'_>, index: DocumentIndex) -> Result<Amount> {
    let total = placed(context.documents, index)?
        .document
        .header()
        .figures
        .amount();
    if context.documents.made_from(index).next().is_none() {
        return Ok(total);
    }
    let credits = CreditedAmounts::of(context, index, CreditScope::Posted, None)?;
    less_credits(total, credits.total)
}

/// What is available to credit of one line of a document.
///
/// # Errors
/// A fault if there is no such line.
pub fn line_available_to_credit(
    context: Context<'_>,
    document: DocumentIndex,
    line: LineIndex,
) -> Result<Amount> {
    let amount = line_amount(context, LineRef { document, line })?;
    if context.documents.made_from(document).next().is_none() {
        return Ok(amount);
    }
    let credits = CreditedAmounts::of(context, document, CreditScope::Posted, None)?;
    less_credits(amount, credits.line(line)?)
}

/// What is available to credit of every line, in their order, found in one pass over the memos.
///
/// # Errors
/// A fault if there is no such document.
pub fn lines_available_to_credit(
    context: Context<'_>,
    document: DocumentIndex,
) -> Result<Vec<Amount>> {
    let credits = CreditedAmounts::of(context, document, CreditScope::Posted, None)?;
    let lines = placed(context.documents, document)?.document.figures();
    let available = lines
        .iter()
        .zip(&credits.lines)
        .map(|(figures, &credited)| less_credits(figures.amount(), credited));
    available.collect()
}

/// Refuses a credit memo that credits more than is available, by the rule of the book. Memos of the billing engine and
/// counterparts may. `index` is the memo's own place, if it has one already.
///
/// # Errors
/// `exceedsAvailableToCredit` at `site`.
pub(in crate::settle) fn check(
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    site: &Site<'_>,
) -> Result<()> {
    check_by(context.settings.over_crediting, context, memo, index, site)
}

/// Refuses a credit memo that credits more than is available, by a rule of the operation.
///
/// # Errors
/// `exceedsAvailableToCredit` at `site`.
pub(in crate::settle) fn check_by(
    rule: OverCrediting,
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    site: &Site<'_>,
) -> Result<()> {
    each_credit(rule, context, memo, index, &mut |claim| {
        let left = less_credits(claim.amount, claim.others)?;
        let available = left.max(Amount::ZERO);
        if claim.credited <= 0 || claim.credited <= available.minor().into() {
            return Ok(());
        }
        Err(Error::of(claim.exceeds(available, memo), site))
    })
}

/// Refuses to do without the posted memo at `index` where it is negative, and the other memos would then credit more
/// than there is.
///
/// # Errors
/// `exceedsAvailableToCredit` at `site`.
pub(in crate::settle) fn check_without(
    context: Context<'_>,
    memo: &Document,
    index: DocumentIndex,
    site: &Site<'_>,
) -> Result<()> {
    let rule = context.settings.over_crediting;
    each_credit(rule, context, memo, Some(index), &mut |claim| {
        let most = claim.amount.max(Amount::ZERO);
        if claim.credited >= 0 || claim.others <= most.minor().into() {
            return Ok(());
        }
        Err(Error::of(claim.others_exceed(memo), site))
    })
}

/// What credit memos credit: a document, or a part of one.
#[derive(Clone, Copy)]
enum Credited<'a> {
    Document(&'a Header),
    Line(&'a str),
    /// An item less its discounts.
    DiscountedItem(&'a str),
    /// The taxes of an item.
    Taxes(&'a str),
}

/// What a memo credits of something that other memos may credit too.
#[derive(Clone, Copy)]
struct CreditClaim<'a> {
    /// What is credited.
    of: Credited<'a>,
    /// How much there is.
    amount: Amount,
    /// What the other memos that count have credited.
    others: CreditSum,
    /// What the memo credits.
    credited: CreditSum,
}

impl CreditClaim<'_> {
    /// Says that `memo` credits more than is available.
    fn exceeds(&self, available: Amount, memo: &Document) -> Reason {
        let currency = &memo.header().currency;
        let available = currency.figure(available);
        let amount = currency.figure(nearest_amount(self.credited));
        match self.of {
            Credited::Document(header) => Reason::MoreThanDocument {
                available,
                kind: header.kind.into(),
                document: (*header.id).into(),
                amount,
            },
            Credited::Line(line) => Reason::MoreThanLine {
                available,
                line: line.into(),
                amount,
            },
            Credited::DiscountedItem(item) => Reason::MoreThanDiscountedItem {
                available,
                item: item.into(),
                amount,
            },
            Credited::Taxes(item) => Reason::MoreThanTaxes {
                available,
                item: item.into(),
                amount,
            },
        }
    }

    /// Says that without `memo` the others credit more than there is.
    fn others_exceed(&self, memo: &Document) -> Reason {
        let currency = &memo.header().currency;
        let most = currency.figure(self.amount);
        let others = currency.figure(nearest_amount(self.others));
        match self.of {
            Credited::Document(header) => Reason::OthersExceedDocument {
                most,
                kind: header.kind.into(),
                document: (*header.id).into(),
                others,
            },
            Credited::Line(line) => Reason::OthersExceedLine {
                most,
                line: line.into(),
                others,
            },
            Credited::DiscountedItem(item) => Reason::OthersExceedDiscountedItem {
                most,
                item: item.into(),
                others,
            },
            Credited::Taxes(item) => Reason::OthersExceedTaxes {
                most,
                item: item.into(),
                others,
            },
        }
    }
}

/// Calls `check` with all that a memo credits and that a rule limits.
fn each_credit(
    rule: OverCrediting,
    context: Context<'_>,
    memo: &Document,
    index: Option<DocumentIndex>,
    check: &mut dyn FnMut(CreditClaim<'_>) -> Result<()>,
) -> Result<()> {
    let header = memo.header();
    let by_hand = matches!(header.origin, Origin::Standalone | Origin::Document);
    if header.kind != Kind::CreditMemo || !by_hand || rule == OverCrediting::Any {
        return Ok(());
    }

    for credited in credited_documents(memo) {
        let Some(demand) = context.documents.get(credited) else {
            return Err(Error::fault("a credited document is missing"));
        };
        if !demand.header().kind.is_demand() {
            continue;
        }

        let demand = Located {
            index: credited,
            document: demand,
        };
        let others = CreditedAmounts::of(context, credited, CreditScope::Posted, index)?;
        let mut by_memo = CreditedAmounts::none(demand.document.lines().len());
        by_memo.add(&demand, memo)?;

        check(CreditClaim {
            of: Credited::Document(demand.document.header()),
            amount: demand.document.header().figures.amount(),
            others: others.total,
            credited: by_memo.total,
        })?;
        if rule == OverCrediting::HeaderAndItem {
            each_line_credit(demand.document, &others, &by_memo, check)?;
        }
    }
    Ok(())
}

/// The documents that a memo credits, in the order of the book.
fn credited_documents(memo: &Document) -> Vec<DocumentIndex> {
    let sources = memo.lines().iter().filter_map(|line| line.source);
    let mut documents: Vec<_> = sources.map(|source| source.document).collect();
    documents.extend(memo.header().refers_to);
    sort_by(&mut documents, Ord::cmp);
    documents.dedup();
    documents
}

/// Calls `check` with each line of a demand, each item that discounts reduce, and the taxes of each item.
fn each_line_credit(
    demand: &Document,
    others: &CreditedAmounts,
    by_memo: &CreditedAmounts,
    check: &mut dyn FnMut(CreditClaim<'_>) -> Result<()>,
) -> Result<()> {
    let nets = discounted_items(demand, others, by_memo)?;
    for (index, line, figures) in demand.lines_with_figures() {
        // No request names a rounding item: the engine credits it, all of a document's together.
        if line.detail.is_rounding() {
            continue;
        }
        check(CreditClaim {
            of: Credited::Line(&line.id),
            amount: figures.amount(),
            others: others.line(index)?,
            credited: by_memo.line(index)?,
        })?;

        if let Some(&[amount, others, credited]) = nets.get(&index) {
            check(CreditClaim {
                of: Credited::DiscountedItem(&line.id),
                amount: nearest_amount(amount),
                others,
                credited,
            })?;
        }

        // The taxes of an item together: an engine may round one of them up and another down.
        let credited = by_memo.taxes_of(index)?;
        if credited != 0 {
            check(CreditClaim {
                of: Credited::Taxes(&line.id),
                amount: tax_of_item(demand, index)?,
                others: others.taxes_of(index)?,
                credited,
            })?;
        }
    }
    Ok(())
}

/// The sum of the tax items of an item.
fn tax_of_item(demand: &Document, item: LineIndex) -> Result<Amount> {
    let mut sum = 0;
    for tax in demand.tax_items(item) {
        add(&mut sum, demand.figures_at(tax)?.amount())?;
    }
    Ok(nearest_amount(sum))
}

/// The items of a demand that discounts reduce, each together with its discounts: what an item cost is what they leave
/// of it. How much there is, what other memos have credited, and what a memo credits.
// Only for look-ups, never iterated: its order means nothing.
fn discounted_items(
    demand: &Document,
    others: &CreditedAmounts,
    by_memo: &CreditedAmounts,
) -> Result<FxHashMap<LineIndex, [CreditSum; 3]>> {
    let mut items = FxHashMap::default();
    for (index, line, _) in demand.lines_with_figures() {
        let Detail::Discount { of, .. } = line.detail else {
            continue;
        };
        let sums: &mut [CreditSum; 3] = match items.entry(of) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(sums_of_line(demand, others, by_memo, of)?),
        };
        let discount = sums_of_line(demand, others, by_memo, index)?;
        for (sum, amount) in sums.iter_mut().zip(discount) {
            let wider = sum.checked_add(amount);
            *sum = wider.ok_or_else(|| Error::fault("credits out of range"))?;
        }
    }
    Ok(items)
}

/// Of one line: how much there is, what other memos have credited, and what a memo credits.
fn sums_of_line(
    demand: &Document,
    others: &CreditedAmounts,
    by_memo: &CreditedAmounts,
    line: LineIndex,
) -> Result<[CreditSum; 3]> {
    let amount = demand.figures_at(line)?.amount();
    Ok([
        amount.minor().into(),
        others.line(line)?,
        by_memo.line(line)?,
    ])
}

fn line_amount(context: Context<'_>, line: LineRef) -> Result<Amount> {
    let located = placed(context.documents, line.document)?;
    Ok(located.document.figures_at(line.line)?.amount())
}
