//! Which document a charge of a bill run lands on: an invoice, or a credit memo (`settlement.md` 3.18).
//!
//! The charges come with the signs of an invoice: what the customer owes is positive. On a credit memo all signs turn.

use crate::error::{Error, Path, Reason, Result};
use crate::money::{Amount, Currency};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$own:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name { $($(#[$own])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name as it crosses the boundary.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

choices! {
    /// What goes onto a credit memo.
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

choices! {
    /// What decides whether something is negative. A batch whose credit memo would be below zero with its taxes is
    /// judged with them in any case.
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
    /// The place of the charge.
    pub charge: usize,
    /// Without tax.
    pub amount: Amount,
    /// Its tax.
    pub tax: Amount,
}

/// What is found out about a charge.
#[derive(Clone, Copy)]
struct ChargeGroup {
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
        let list = Path::Root.field("charges");
        let out_of_range = || Error::of(Reason::BillRunOutOfRange {}, &list);
        let places = self.places(&list)?;
        let is_credited = self.is_credited(&places).ok_or_else(out_of_range)?;

        let mut documents: Vec<Option<GeneratedDocument>> = Vec::new();
        documents.resize(places.len().saturating_mul(2), None);
        for (place, is_credit) in places.iter().zip(is_credited) {
            let slot = place
                .batch
                .saturating_mul(2)
                .saturating_add(usize::from(is_credit));
            let slot = documents
                .get_mut(slot)
                .ok_or_else(|| Error::fault("a document is missing"))?;
            let document = slot.get_or_insert(GeneratedDocument {
                is_credit,
                is_refused: false,
                items: Vec::new(),
                total: Amount::ZERO,
                tax: Amount::ZERO,
            });
            let turned = |amount: Amount| if is_credit { amount.negated() } else { amount };
            let item = GeneratedItem {
                amount: turned(place.item.amount),
                tax: turned(place.item.tax),
                ..place.item
            };
            let totals = document
                .tax
                .plus(item.tax)
                .zip(document.total.plus(item.amount));
            let totals = totals.and_then(|(tax, net)| Some((tax, net.plus(item.tax)?)));
            (document.tax, document.total) = totals.ok_or_else(out_of_range)?;
            let leader = self.charges.get(place.leader);
            document.is_refused |= is_credit && leader.is_some_and(|charge| !charge.creditable);
            document.items.push(item);
        }
        Ok(documents.into_iter().flatten().collect())
    }

    /// Whether each charge goes onto a credit memo; `None` for amounts out of range.
    ///
    /// A batch that is judged without its taxes could make a memo on which they take more than the charges give back. A
    /// memo is never below zero: that batch is judged with its taxes.
    fn is_credited(&self, places: &[ChargeGroup]) -> Option<Vec<bool>> {
        let mut is_credited = self.judged(places, self.judged_by)?;
        let mut memos = vec![Amount::ZERO; places.len()];
        for (place, _) in places
            .iter()
            .zip(&is_credited)
            .filter(|(_, is_credit)| **is_credit)
        {
            let memo = memos.get_mut(place.batch)?;
            *memo = memo.plus(place.item.amount)?.plus(place.item.tax)?;
        }
        if !memos.iter().any(|memo| memo.is_positive()) {
            return Some(is_credited);
        }

        let with_tax = self.judged(places, JudgedBy::Gross)?;
        for ((place, is_credit), with_tax) in places.iter().zip(&mut is_credited).zip(with_tax) {
            if memos.get(place.batch)?.is_positive() {
                *is_credit = with_tax;
            }
        }
        Some(is_credited)
    }

    /// Whether the rule sends each charge onto a credit memo.
    fn judged(&self, places: &[ChargeGroup], by: JudgedBy) -> Option<Vec<bool>> {
        let sums = |of: fn(&ChargeGroup) -> usize| {
            let mut sums = vec![Amount::ZERO; places.len()];
            for place in places {
                let judged = match by {
                    JudgedBy::Net => place.item.amount,
                    JudgedBy::Gross => place.item.amount.plus(place.item.tax)?,
                };
                let sum = sums.get_mut(of(place))?;
                *sum = sum.plus(judged)?;
            }
            Some(sums)
        };
        let (batches, units) = (sums(|place| place.batch)?, sums(|place| place.unit)?);
        let each = |place: &ChargeGroup| {
            let (batch, unit) = (batches.get(place.batch)?, units.get(place.unit)?);
            let leader = self.charges.get(place.leader)?;
            Some(match self.rule {
                CreditMemoRule::NetNegative | CreditMemoRule::Negatives => unit.minor() < 0,
                CreditMemoRule::NetNegativeByGroup => batch.minor() < 0 && unit.minor() < 0,
                CreditMemoRule::NegativesAndZeros => {
                    unit.minor() < 0 || unit.is_zero() && leader.gives_back
                }
            })
        };
        places.iter().map(each).collect()
    }

    /// What there is to know of each charge before it can be judged.
    fn places(&self, list: &Path<'_>) -> Result<Vec<ChargeGroup>> {
        // Only for look-ups, never iterated.
        let mut by_id = FxHashMap::default();
        for (place, charge) in self.charges.iter().enumerate() {
            if by_id.insert(charge.id.as_str(), place).is_some() {
                let path = list.index(place);
                let id = charge.id.as_str().into();
                return Err(Error::of(Reason::ChargeIdTaken { id }, &path.field("id")));
            }
        }
        let leader = |(place, charge): (usize, &BillRunCharge)| match charge.applied_to.as_deref() {
            None => Ok(place),
            Some(of) => by_id.get(of).copied().ok_or_else(|| {
                let path = list.index(place);
                let id = of.into();
                Error::of(
                    Reason::DiscountOnNothing { id },
                    &path.field("appliedToItemId"),
                )
            }),
        };
        let leaders = self
            .charges
            .iter()
            .enumerate()
            .map(leader)
            .collect::<Result<Vec<_>>>()?;
        let (mut batches, mut groups) = (FxHashMap::default(), FxHashMap::default());
        let mut places = Vec::with_capacity(leaders.len());
        for (place, (charge, leader)) in self.charges.iter().zip(leaders).enumerate() {
            let path = list.index(place);
            let read = |decimal, name| {
                self.currency
                    .amount(decimal)
                    .map_err(|error| error.at(&path.field(name)))
            };
            let item = GeneratedItem {
                charge: place,
                amount: read(charge.amount, "amount")?,
                tax: read(charge.tax, "taxAmount")?,
            };
            let leading = self.charges.get(leader).unwrap_or(charge);
            let next = batches.len();
            let batch = *batches.entry(leading.batch.as_str()).or_insert(next);
            let unit = match self.rule {
                CreditMemoRule::NetNegative => batch,
                CreditMemoRule::NetNegativeByGroup => *groups
                    .entry((batch, leading.group.as_str()))
                    .or_insert(place),
                CreditMemoRule::Negatives | CreditMemoRule::NegativesAndZeros => leader,
            };
            places.push(ChargeGroup {
                leader,
                batch,
                unit,
                item,
            });
        }
        for (place, charge) in self.charges.iter().enumerate() {
            let of = charge
                .applied_to
                .as_ref()
                .and_then(|_| self.charges.get(places.get(place)?.leader));
            if of.is_some_and(|of| of.applied_to.is_some()) {
                let path = list.index(place);
                let site = path.field("appliedToItemId");
                return Err(Error::of(Reason::DiscountOnDiscount {}, &site));
            }
        }
        Ok(places)
    }
}
