//! The lines of a document: items and tax items.

use super::{Custom, DocumentIndex};
use crate::calendar::Date;
use crate::words::closed_set;
use rust_decimal::Decimal;

/// The place of a line in its document, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineIndex(pub(crate) u32);

impl LineIndex {
    /// The line at `index`; `None` beyond 2³² lines.
    #[must_use]
    pub fn new(index: usize) -> Option<Self> {
        u32::try_from(index).ok().map(Self)
    }

    /// The index as Rust counts.
    #[must_use]
    pub fn get(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The indices of a document's lines, from the first on.
    pub(crate) fn all() -> impl Iterator<Item = Self> + Clone {
        (0..).map_while(Self::new)
    }
}

/// A line of a document of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineRef {
    /// The document.
    pub document: DocumentIndex,
    /// The line.
    pub line: LineIndex,
}

/// An item or tax item, without its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Unique in the document.
    pub id: Box<str>,
    /// The line of another document that it credits or debits.
    pub source: Option<LineRef>,
    /// What kind of line it is.
    pub detail: Detail,
}

impl Line {
    /// The item that rounds a total, which names no source.
    pub(crate) fn rounding(id: &str) -> Self {
        Self {
            id: id.into(),
            source: None,
            detail: Detail::Item {
                processing: Processing::Rounding,
                record: Record::default(),
            },
        }
    }
}

/// What kind of line it is, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// An item that is billed.
    Item {
        /// What it bills.
        processing: Processing,
        /// What it says.
        record: Record,
    },
    /// A discount, netted into the item `of`.
    Discount {
        /// The item that it reduces.
        of: LineIndex,
        /// What it says.
        record: Record,
    },
    /// A tax of the item `of`.
    Tax {
        /// The item that is taxed.
        of: LineIndex,
        /// It was calculated by its rate: where the draft changes, it is calculated anew.
        by_rate: bool,
        /// Which tax. Most lines are none, and all are as large as the largest.
        identity: Box<TaxIdentity>,
    },
    /// The one line of a payment or refund, which has no items.
    Whole,
}

impl Detail {
    /// Whether it is a tax item.
    #[must_use]
    pub const fn is_tax(&self) -> bool {
        matches!(self, Detail::Tax { .. })
    }

    /// Whether it is the difference to a rounded total.
    #[must_use]
    pub const fn is_rounding(&self) -> bool {
        matches!(
            self,
            Detail::Item {
                processing: Processing::Rounding,
                ..
            }
        )
    }

    /// Whether it is a discount.
    #[must_use]
    pub const fn is_discount(&self) -> bool {
        matches!(self, Detail::Discount { .. })
    }

    /// What an item says beside its amount.
    #[must_use]
    pub const fn record(&self) -> Option<&Record> {
        match self {
            Detail::Item { record, .. } | Detail::Discount { record, .. } => Some(record),
            Detail::Tax { .. } | Detail::Whole => None,
        }
    }

    /// Which tax it is, and of which item.
    #[must_use]
    pub const fn tax(&self) -> Option<(LineIndex, &TaxIdentity)> {
        match self {
            Detail::Tax { of, identity, .. } => Some((*of, identity)),
            _ => None,
        }
    }
}

closed_set! {
    /// What an item bills (`settlement.md#items`).
    #[derive(Default)]
    Processing {
        /// A charge.
        #[default]
        Charge = "charge",
        /// Money paid in advance.
        Prepayment = "prepayment",
        /// The difference to a rounded total. It has no tax, and no item by hand credits it: the engine does.
        Rounding = "rounding",
    }
}

/// What an item says beside its amount; most say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Option<Box<ItemRecord>>);

impl Record {
    /// What it says.
    #[must_use]
    pub fn new(record: ItemRecord) -> Self {
        if record == ItemRecord::default() {
            Self(None)
        } else {
            Self(Some(Box::new(record)))
        }
    }

    /// What it says, if anything.
    #[must_use]
    pub fn get(&self) -> Option<&ItemRecord> {
        self.0.as_deref()
    }
}

/// What an item can say beside its amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemRecord {
    /// For people.
    pub description: Option<Box<str>>,
    /// The product's code.
    pub sku: Option<Box<str>>,
    /// As given.
    pub quantity: Option<Decimal>,
    /// As given.
    pub unit_price: Option<Decimal>,
    /// The first day of service.
    pub service_start: Option<Date>,
    /// The last day of service.
    pub service_end: Option<Date>,
    /// The amount was given with its tax.
    pub tax_inclusive: bool,
    /// What the host keeps here.
    pub custom: Custom,
}

/// Which tax it is: `settlement.md#identity-of-a-tax`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaxIdentity {
    /// The name of the tax.
    pub name: Option<Box<str>>,
    /// The jurisdiction that levies it.
    pub jurisdiction: Option<Box<str>>,
    /// The code of the place.
    pub location_code: Option<Box<str>>,
    /// The code of the tax.
    pub tax_code: Option<Box<str>>,
    /// The rate as a fraction.
    pub rate: Option<Decimal>,
    /// What an exemption took off the tax: told by who calculated it, and only carried.
    pub exempt: Option<Decimal>,
}

impl TaxIdentity {
    /// Whether both are the same tax: name, location, jurisdiction and rate agree (`settlement.md#identity-of-a-tax`).
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.location_code == other.location_code
            && self.jurisdiction == other.jurisdiction
            && self.rate == other.rate
    }
}
