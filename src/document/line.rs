//! The lines of a document: items and tax items.

use rust_decimal::Decimal;

/// The place of a line in its document, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
}

/// An item or tax item, without its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Unique in the document.
    pub id: Box<str>,
    /// What kind of line it is.
    pub detail: Detail,
}

/// What kind of line it is, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A charge.
    Charge(ItemText),
    /// A discount, netted into the item `of`.
    Discount {
        /// The item that it reduces.
        of: LineIndex,
        /// What it says.
        text: ItemText,
    },
    /// A tax of the item `of`.
    Tax {
        /// The item that is taxed.
        of: LineIndex,
        /// Which tax.
        identity: TaxIdentity,
    },
}

impl Detail {
    /// Whether it is a tax item.
    #[must_use]
    pub const fn is_tax(&self) -> bool {
        matches!(self, Detail::Tax { .. })
    }
}

/// What an item records beside its amount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemText {
    /// For people.
    pub description: Option<Box<str>>,
    /// As given.
    pub quantity: Option<Decimal>,
    /// As given.
    pub unit_price: Option<Decimal>,
}

/// Which tax it is: `settlement.md` 1.1, the identity of a tax item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxIdentity {
    /// The name of the tax.
    pub name: Option<Box<str>>,
    /// The jurisdiction that levies it.
    pub jurisdiction: Option<Box<str>>,
    /// The code of the place.
    pub location_code: Option<Box<str>>,
    /// The rate as a fraction.
    pub rate: Option<Decimal>,
}
