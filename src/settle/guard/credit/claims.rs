//! What a credit memo credits, claim by claim, and whether that is available.

use crate::command::settings::OverCrediting;
use crate::document::{Document, DocumentIndex, Header, Kind, Line, LineIndex, Origin};
use crate::error::{Error, Reason, Result, Site};
use crate::money::Amount;
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::credit::credited::{
    CreditScope, CreditSum, CreditedAmounts, add_credit, less_credits, nearest_amount, sum_fault,
};
use crate::settle::guard::credit::reductions::Reductions;
use crate::settle::plan::located::{Located, locate};

/// Refuses a credit memo that credits more than is available, by the rule of the book. Memos of the billing engine and
/// counterparts may. `index` is that of the memo, if it is in the book.
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
    let check = ClaimCheck {
        memo,
        refusal: exceeds,
        site,
    };
    check.check_all(rule, context, index)
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
    let check = ClaimCheck {
        memo,
        refusal: others_exceed,
        site,
    };
    check.check_all(context.settings.over_crediting, context, Some(index))
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
    what: Credited<'a>,
    /// How much there is.
    amount: Amount,
    /// What the other memos that count have credited.
    others: CreditSum,
    /// What the memo credits.
    credited: CreditSum,
}

impl CreditClaim<'_> {
    /// Says that `memo` credits more than is available.
    fn more_than(&self, available: Amount, memo: &Document) -> Reason {
        let currency = &memo.header().currency;
        let available = currency.figure(available);
        let amount = currency.figure(nearest_amount(self.credited));

        match self.what {
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
    fn others_more_than(&self, memo: &Document) -> Reason {
        let currency = &memo.header().currency;
        let most = currency.figure(self.amount);
        let others = currency.figure(nearest_amount(self.others));

        match self.what {
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

/// Why `memo` may not make a claim, if it takes more than is available.
fn exceeds(claim: &CreditClaim<'_>, memo: &Document) -> Result<Option<Reason>> {
    let uncredited = less_credits(claim.amount, claim.others)?;
    let available = uncredited.max(Amount::ZERO);

    // A claim below zero makes room for others, even where others have credited too much already.
    if claim.credited <= 0 || claim.credited <= available.minor().into() {
        return Ok(None);
    }
    Ok(Some(claim.more_than(available, memo)))
}

/// Why nobody can do without a claim of `memo`, if the others would then have more than there is.
fn others_exceed(claim: &CreditClaim<'_>, memo: &Document) -> Result<Option<Reason>> {
    let most = claim.amount.max(Amount::ZERO);

    // Only a claim below zero gives room to the others. Without any other claim, they have more of it.
    if claim.credited >= 0 || claim.others <= most.minor().into() {
        return Ok(None);
    }
    Ok(Some(claim.others_more_than(memo)))
}

/// Whether a claim is refused: all claims of a memo are asked, one after another.
struct ClaimCheck<'a> {
    memo: &'a Document,
    /// Why a claim is refused, if it is.
    refusal: fn(&CreditClaim<'_>, &Document) -> Result<Option<Reason>>,
    site: &'a Site<'a>,
}

impl ClaimCheck<'_> {
    /// Refuses what a memo claims, as far as a rule limits that.
    fn check_all(
        &self,
        rule: OverCrediting,
        context: Context<'_>,
        index: Option<DocumentIndex>,
    ) -> Result<()> {
        let header = self.memo.header();

        // The billing engine, write-offs and reversals credit what they must: see
        // `docs/internals/decisions/what-can-be-credited.md#available-to-credit`.
        let is_by_hand = matches!(header.origin, Origin::Standalone | Origin::Document);
        if header.kind != Kind::CreditMemo || !is_by_hand || rule == OverCrediting::Any {
            return Ok(());
        }

        for credited in credited_documents(self.memo) {
            let demand = locate(context.documents, credited)?;
            if demand.document.header().kind.is_demand() {
                self.check_demand(rule, context, index, &demand)?;
            }
        }
        Ok(())
    }

    /// Refuses what a memo claims of one demand.
    fn check_demand(
        &self,
        rule: OverCrediting,
        context: Context<'_>,
        index: Option<DocumentIndex>,
        demand: &Located<'_>,
    ) -> Result<()> {
        let scope = CreditScope::Posted;
        let others = CreditedAmounts::by_memos(context, demand.index, scope, index)?;
        let mut by_memo = CreditedAmounts::none(demand.document.lines().len());
        by_memo.add(demand, self.memo)?;

        let header = demand.document.header();
        self.check(&CreditClaim {
            what: Credited::Document(header),
            amount: header.figures.amount(),
            others: others.total,
            credited: by_memo.total,
        })?;
        if rule != OverCrediting::HeaderAndItem {
            return Ok(());
        }

        let demand = demand.document;
        let reductions = Reductions::of(demand)?;
        for (index, line, _) in demand.lines_with_figures() {
            // No request names a rounding item: the engine credits it, all of a document's together.
            if !line.detail.is_rounding() {
                self.check_line(demand, index, &others, &by_memo)?;
                self.check_reduced(demand, index, &reductions, &others, &by_memo)?;
                self.check_taxes(demand, index, &reductions, &others, &by_memo)?;
            }
        }
        Ok(())
    }

    /// Refuses one claim.
    fn check(&self, claim: &CreditClaim<'_>) -> Result<()> {
        match (self.refusal)(claim, self.memo)? {
            Some(reason) => Err(Error::of(reason, self.site)),
            None => Ok(()),
        }
    }

    /// Refuses too much of a line by itself.
    fn check_line(
        &self,
        demand: &Document,
        line: LineIndex,
        others: &CreditedAmounts,
        by_memo: &CreditedAmounts,
    ) -> Result<()> {
        self.check(&CreditClaim {
            what: Credited::Line(&demand.line_at(line)?.id),
            amount: demand.figures_at(line)?.amount(),
            others: *others.lines.at(line)?,
            credited: *by_memo.lines.at(line)?,
        })
    }

    /// Refuses too much of a line that others reduce. What an item cost is what its discounts leave of it, and so it is
    /// with its taxes.
    fn check_reduced(
        &self,
        demand: &Document,
        line: LineIndex,
        reductions: &Reductions,
        others: &CreditedAmounts,
        by_memo: &CreditedAmounts,
    ) -> Result<()> {
        let mut net = sums_of_line(demand, others, by_memo, line)?;
        let mut is_reduced = false;
        for reduction in reductions.of_line(line) {
            net = sum_each(net, sums_of_line(demand, others, by_memo, reduction)?)?;
            is_reduced = true;
        }

        // Without reductions the net is the line itself, and that was asked before.
        if !is_reduced {
            return Ok(());
        }

        let Line { id, detail, .. } = demand.line_at(line)?;
        let [amount, others, credited] = net;
        self.check(&CreditClaim {
            what: if detail.is_tax() {
                Credited::Line(id)
            } else {
                Credited::DiscountedItem(id)
            },
            amount: nearest_amount(amount),
            others,
            credited,
        })
    }

    /// Refuses too much of the taxes of an item together, and of them together with those of its discounts: an engine
    /// may round one of them up and another down.
    fn check_taxes(
        &self,
        demand: &Document,
        item: LineIndex,
        reductions: &Reductions,
        others: &CreditedAmounts,
        by_memo: &CreditedAmounts,
    ) -> Result<()> {
        if demand.line_at(item)?.detail.is_tax() {
            return Ok(());
        }

        let mut taxes = sums_of_taxes(demand, others, by_memo, item)?;
        self.check_sum_of_taxes(demand, item, taxes)?;

        for discount in reductions.of_line(item) {
            taxes = sum_each(taxes, sums_of_taxes(demand, others, by_memo, discount)?)?;
        }
        self.check_sum_of_taxes(demand, item, taxes)
    }

    /// Refuses too much of the taxes of an item, given as sums.
    fn check_sum_of_taxes(
        &self,
        demand: &Document,
        item: LineIndex,
        [amount, others, credited]: [CreditSum; 3],
    ) -> Result<()> {
        self.check(&CreditClaim {
            what: Credited::Taxes(&demand.line_at(item)?.id),
            amount: nearest_amount(amount),
            others,
            credited,
        })
    }
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

fn sum_each([a, b, c]: [CreditSum; 3], [d, e, f]: [CreditSum; 3]) -> Result<[CreditSum; 3]> {
    match (a.checked_add(d), b.checked_add(e), c.checked_add(f)) {
        (Some(amount), Some(others), Some(credited)) => Ok([amount, others, credited]),
        _ => Err(sum_fault()),
    }
}

/// Of one line: how much there is, what other memos have credited, and what a memo credits.
fn sums_of_line(
    demand: &Document,
    others: &CreditedAmounts,
    by_memo: &CreditedAmounts,
    line: LineIndex,
) -> Result<[CreditSum; 3]> {
    Ok([
        demand.figures_at(line)?.amount().minor().into(),
        *others.lines.at(line)?,
        *by_memo.lines.at(line)?,
    ])
}

/// Of the taxes of an item together: how much there is, what other memos have credited, and what a memo credits.
fn sums_of_taxes(
    demand: &Document,
    others: &CreditedAmounts,
    by_memo: &CreditedAmounts,
    item: LineIndex,
) -> Result<[CreditSum; 3]> {
    let mut amount = 0;
    for tax in demand.tax_items(item) {
        add_credit(&mut amount, demand.figures_at(tax)?.amount())?;
    }
    Ok([amount, *others.taxes.at(item)?, *by_memo.taxes.at(item)?])
}
