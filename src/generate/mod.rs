//! Which document a charge of a bill run lands on: an invoice, or a credit memo (`settlement.md#bill-runs`).
//!
//! The charges come with the signs of an invoice: what the customer owes is positive. On a credit memo all signs turn.

use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::words::closed_set;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

closed_set! {
    /// What goes onto a credit memo.
    #[derive(Default)]
    CreditMemoRule {
        /// Everything, if it is negative together; else nothing.
        #[default]
        NetNegative = "netNegative",
        /// If everything is negative together, the groups of charges that are; else nothing.
        NetNegativeByGroup = "netNegativeByGroup",
        /// Each charge that is negative with its discounts.
        Negatives = "negatives",
        /// The same, and charges of nothing that give back.
        NegativesAndZeros = "negativesAndZeros",
    }
}

closed_set! {
    /// What decides whether something is negative. A batch whose credit memo would be below zero with its taxes is
    /// judged with them in any case.
    #[derive(Default)]
    JudgedBy {
        /// The amount without tax.
        #[default]
        Net = "net",
        /// The amount with tax.
        Gross = "gross",
    }
}

/// A charge of a bill run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRunCharge {
    /// Unique in the bill run.
    pub id: String,
    /// Without tax, in the currency of the bill run.
    pub amount: Decimal,
    /// Its tax.
    pub tax: Decimal,
    /// Makes it a discount on that charge: it goes where that goes, and counts with it.
    pub applied_to: Option<String>,
    /// Charges of one group go together by [`CreditMemoRule::NetNegativeByGroup`].
    pub group: String,
    /// Charges of different batches never share a document, and are judged apart.
    pub batch: String,
    /// It gives back, even if it is a charge of nothing.
    pub gives_back: bool,
    /// Whether it may be on a credit memo.
    pub creditable: bool,
}

impl BillRunCharge {
    /// A charge without tax, of the unnamed group and batch.
    #[must_use]
    pub fn new(id: &str, amount: Decimal) -> Self {
        Self {
            id: id.into(),
            amount,
            tax: Decimal::ZERO,
            applied_to: None,
            group: String::new(),
            batch: String::new(),
            gives_back: false,
            creditable: true,
        }
    }
}

/// The charges that one bill run found, in the order in which they are to be printed.
///
/// ```
/// use setoff::generate::{BillRun, BillRunCharge, CreditMemoRule};
/// use setoff::money::{Currency, text};
/// let charges = vec![BillRunCharge::new("A", text::parse("-10.00")?), BillRunCharge::new("B", text::parse("50.00")?)];
/// let currency = Currency::iso("USD").unwrap();
/// let run = BillRun { currency, rule: CreditMemoRule::Negatives, judged_by: Default::default(), charges };
/// let documents: Vec<_> = run.generate()?.iter().map(|made| (made.is_credit, made.total.minor())).collect();
/// assert_eq!(documents, [(false, 5000), (true, 1000)]);
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRun {
    /// The currency of all charges.
    pub currency: Currency,
    /// What goes onto a credit memo.
    pub rule: CreditMemoRule,
    /// What decides whether something is negative.
    pub judged_by: JudgedBy,
    /// The charges.
    pub charges: Vec<BillRunCharge>,
}

/// A document that comes of a bill run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedDocument {
    /// A credit memo; else an invoice.
    pub is_credit: bool,
    /// It may not be: a credit memo with a charge that is not creditable.
    pub is_refused: bool,
    /// Its charges, in their order.
    pub items: Vec<GeneratedItem>,
    /// With tax.
    pub total: Amount,
    /// The part of `total` that is tax.
    pub tax: Amount,
}

/// A charge as an item of its document, with the signs of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GeneratedItem {
    /// The index of the charge.
    pub charge: usize,
    /// Without tax.
    pub amount: Amount,
    /// Its tax.
    pub tax: Amount,
}

/// A charge, and with which others it is judged.
#[derive(Clone, Copy)]
struct JudgedCharge {
    /// The charge that it goes with: itself, or the one that it reduces.
    leader: usize,
    /// The number of its batch.
    batch: usize,
    /// The number of what is judged together with it.
    unit: usize,
    item: GeneratedItem,
}

impl BillRun {
    /// The documents: batch by batch in the order of their first charges, of each the invoice, then the credit memo.
    ///
    /// # Errors
    /// `duplicateId`, `itemNotFound` of a discount, those of [`Currency::amount`], `outOfRange`, and `invalidDiscount`
    /// on another discount.
    pub fn generate(&self) -> Result<Vec<GeneratedDocument>> {
        let charges = self.judged_charges()?;
        let is_credited = self.is_credited(&charges).ok_or_else(out_of_range)?;

        // Two for each batch, of which there are at most as many as charges.
        let mut documents: Vec<Option<GeneratedDocument>> = Vec::new();
        documents.resize(charges.len().saturating_mul(2), None);
        for (charge, is_credit) in charges.iter().zip(is_credited) {
            // The invoice of a batch comes before its credit memo.
            let invoice = charge.batch.saturating_mul(2);
            let document = documents
                .get_mut(invoice.saturating_add(usize::from(is_credit)))
                .ok_or_else(|| Error::fault("a document is missing"))?
                .get_or_insert_with(|| GeneratedDocument::empty(is_credit));

            document.add(charge.item).ok_or_else(out_of_range)?;
            // A discount goes where its charge goes, so that charge says whether it may.
            document.is_refused |= is_credit && !self.charge(charge.leader)?.creditable;
        }

        Ok(documents.into_iter().flatten().collect())
    }

    fn charge(&self, index: usize) -> Result<&BillRunCharge> {
        self.charges
            .get(index)
            .ok_or_else(|| Error::fault("a charge is missing"))
    }

    /// Whether each charge goes onto a credit memo; `None` for amounts out of range.
    ///
    /// A batch that is judged without its taxes could make a memo on which they take more than the charges give back. A
    /// memo is never below zero: that batch is judged with its taxes.
    fn is_credited(&self, charges: &[JudgedCharge]) -> Option<Vec<bool>> {
        let mut is_credited = self.judge(charges, self.judged_by)?;

        let mut memos = vec![Amount::ZERO; charges.len()];
        for (charge, is_credit) in charges.iter().zip(&is_credited) {
            if *is_credit {
                let memo = memos.get_mut(charge.batch)?;
                *memo = memo.plus(charge.item.amount)?.plus(charge.item.tax)?;
            }
        }
        // What a memo gives back is negative here.
        if !memos.iter().any(|memo| memo.is_positive()) {
            return Some(is_credited);
        }

        let with_tax = self.judge(charges, JudgedBy::Gross)?;
        for ((charge, is_credit), with_tax) in charges.iter().zip(&mut is_credited).zip(with_tax) {
            if memos.get(charge.batch)?.is_positive() {
                *is_credit = with_tax;
            }
        }
        Some(is_credited)
    }

    /// Whether the rule sends each charge onto a credit memo; `None` for amounts out of range.
    fn judge(&self, charges: &[JudgedCharge], by: JudgedBy) -> Option<Vec<bool>> {
        let mut batches = vec![Amount::ZERO; charges.len()];
        let mut units = batches.clone();
        for charge in charges {
            let judged = match by {
                JudgedBy::Net => charge.item.amount,
                JudgedBy::Gross => charge.item.total()?,
            };

            let batch = batches.get_mut(charge.batch)?;
            *batch = batch.plus(judged)?;
            let unit = units.get_mut(charge.unit)?;
            *unit = unit.plus(judged)?;
        }

        let mut is_credited = Vec::with_capacity(charges.len());
        for charge in charges {
            let batch = *batches.get(charge.batch)?;
            let unit = *units.get(charge.unit)?;
            let is_negative = unit.minor() < 0;

            // By `NetNegative` the unit is the batch, and by `Negatives` a charge with its discounts.
            is_credited.push(match self.rule {
                CreditMemoRule::NetNegative | CreditMemoRule::Negatives => is_negative,
                CreditMemoRule::NetNegativeByGroup => is_negative && batch.minor() < 0,
                CreditMemoRule::NegativesAndZeros => {
                    let gives_back = self.charges.get(charge.leader)?.gives_back;
                    is_negative || unit.is_zero() && gives_back
                }
            });
        }
        Some(is_credited)
    }

    /// What there is to know of each charge before it can be judged.
    fn judged_charges(&self) -> Result<Vec<JudgedCharge>> {
        let leaders = self.leaders()?;
        // Only for look-ups, never iterated.
        let (mut batches, mut groups) = (FxHashMap::default(), FxHashMap::default());
        let mut judged = Vec::with_capacity(leaders.len());

        for (index, (charge, &leader)) in self.charges.iter().zip(&leaders).enumerate() {
            let item = self.item(index, charge)?;

            // A discount is judged with its charge, so it has the batch and the group of that.
            let leading = self.charge(leader)?;
            let next_batch = batches.len();
            let batch = *batches.entry(leading.batch.as_str()).or_insert(next_batch);
            let group = (batch, leading.group.as_str());

            let unit = match self.rule {
                CreditMemoRule::NetNegative => batch,
                CreditMemoRule::NetNegativeByGroup => *groups.entry(group).or_insert(index),
                CreditMemoRule::Negatives | CreditMemoRule::NegativesAndZeros => leader,
            };
            judged.push(JudgedCharge {
                leader,
                batch,
                unit,
                item,
            });
        }

        self.check_discounts(&leaders)?;
        Ok(judged)
    }

    /// The charge with which each goes: itself, or the one that it reduces.
    fn leaders(&self) -> Result<Vec<usize>> {
        // Only for look-ups, never iterated.
        let mut by_id = FxHashMap::default();
        for (index, charge) in self.charges.iter().enumerate() {
            if by_id.insert(charge.id.as_str(), index).is_some() {
                let id = charge.id.as_str().into();
                let reason = Reason::ChargeIdTaken { id };
                return Err(refused(index, SiteField::Id, reason));
            }
        }

        let mut leaders = Vec::with_capacity(self.charges.len());
        for (index, charge) in self.charges.iter().enumerate() {
            let Some(applied_to) = charge.applied_to.as_deref() else {
                leaders.push(index);
                continue;
            };

            let Some(&leader) = by_id.get(applied_to) else {
                let id = applied_to.into();
                let reason = Reason::DiscountOnNothing { id };
                return Err(refused(index, SiteField::AppliedToItemId, reason));
            };
            leaders.push(leader);
        }

        Ok(leaders)
    }

    /// A charge in the currency of the bill run.
    fn item(&self, index: usize, charge: &BillRunCharge) -> Result<GeneratedItem> {
        let charges = Site::Command.field(SiteField::Charges);
        let site = charges.entry(index);

        let amount = self.currency.amount(charge.amount);
        let amount = amount.map_err(|error| error.at(&site.field(SiteField::Amount)))?;
        let tax = self.currency.amount(charge.tax);
        let tax = tax.map_err(|error| error.at(&site.field(SiteField::TaxAmount)))?;

        Ok(GeneratedItem {
            charge: index,
            amount,
            tax,
        })
    }

    /// Refuses a discount on a discount: where the one goes would depend on the other.
    fn check_discounts(&self, leaders: &[usize]) -> Result<()> {
        for (index, &leader) in leaders.iter().enumerate() {
            // A charge that is no discount goes with itself.
            if self.charge(leader)?.applied_to.is_some() {
                let reason = Reason::DiscountOnDiscount {};
                return Err(refused(index, SiteField::AppliedToItemId, reason));
            }
        }
        Ok(())
    }
}

impl GeneratedItem {
    /// With tax; `None` if that is out of range.
    fn total(&self) -> Option<Amount> {
        self.amount.plus(self.tax)
    }

    fn negated(self) -> Self {
        Self {
            amount: self.amount.negated(),
            tax: self.tax.negated(),
            ..self
        }
    }
}

impl GeneratedDocument {
    const fn empty(is_credit: bool) -> Self {
        Self {
            is_credit,
            is_refused: false,
            items: Vec::new(),
            total: Amount::ZERO,
            tax: Amount::ZERO,
        }
    }

    /// Adds a charge, with the signs of this document; `None` if the total is out of range.
    fn add(&mut self, item: GeneratedItem) -> Option<()> {
        let item = if self.is_credit { item.negated() } else { item };
        self.tax = self.tax.plus(item.tax)?;
        self.total = self.total.plus(item.amount)?.plus(item.tax)?;
        self.items.push(item);
        Some(())
    }
}

/// The refusal of a field of a charge.
#[cold]
fn refused(index: usize, field: SiteField, reason: Reason) -> Error {
    let charges = Site::Command.field(SiteField::Charges);
    let charge = charges.entry(index);
    Error::of(reason, &charge.field(field))
}

/// The refusal of charges whose sums do not fit an amount.
#[cold]
fn out_of_range() -> Error {
    let charges = Site::Command.field(SiteField::Charges);
    Error::of(Reason::BillRunOutOfRange {}, &charges)
}
