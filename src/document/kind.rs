//! Which documents there are, and what state they are in.

use crate::error::SiteField;
use crate::words::closed_set;

closed_set! {
    /// What kind of document it is.
    Kind {
        /// A demand: what is applied to it reduces its balance.
        Invoice = "invoice",
        /// A credit: what is applied of it reduces balances.
        CreditMemo = "creditMemo",
        /// A demand next to the invoices: a correction upwards, or the counterpart of a credit memo.
        DebitMemo = "debitMemo",
        /// Money received: what is applied of it reduces balances.
        Payment = "payment",
        /// Money paid out of a payment or a credit memo.
        Refund = "refund",
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// All of them.
    pub const ALL: Self = Self::of(Kind::ALL);
    /// Those that give: their open amount is called unapplied.
    pub const SOURCES: Self = Self::of(&[Kind::CreditMemo, Kind::Payment]);
    /// Those that demand: their open amount is called balance.
    pub const DEMANDS: Self = Self::of(&[Kind::Invoice, Kind::DebitMemo]);
    /// Those that are money, and have no items: they are settled as a whole.
    pub const MONEY: Self = Self::of(&[Kind::Payment, Kind::Refund]);

    /// The set of these.
    #[must_use]
    pub const fn of(kinds: &[Kind]) -> Self {
        match kinds {
            [first, rest @ ..] => Self(first.bit() | Self::of(rest).0),
            [] => Self(0),
        }
    }

    /// All others.
    #[must_use]
    pub const fn others(self) -> Self {
        Self(Self::ALL.0 & !self.0)
    }

    /// The one kind in the set; `None` if there are several or none.
    #[must_use]
    pub fn only(self) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.bit() == self.0)
    }

    /// Whether a kind is among them.
    #[must_use]
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & kind.bit() != 0
    }
}

impl Kind {
    const fn bit(self) -> u8 {
        match self {
            Kind::Invoice => 1,
            Kind::CreditMemo => 2,
            Kind::DebitMemo => 4,
            Kind::Payment => 8,
            Kind::Refund => 16,
        }
    }

    /// Its index among all kinds.
    pub(crate) const fn index(self) -> usize {
        match self {
            Kind::Invoice => 0,
            Kind::CreditMemo => 1,
            Kind::DebitMemo => 2,
            Kind::Payment => 3,
            Kind::Refund => 4,
        }
    }

    /// Whether it gives: its open amount is called unapplied.
    #[must_use]
    pub const fn is_source(self) -> bool {
        Kinds::SOURCES.has(self)
    }

    /// Whether it demands: its open amount is called balance.
    #[must_use]
    pub const fn is_demand(self) -> bool {
        Kinds::DEMANDS.has(self)
    }

    /// Whether it has items. Payments and refunds are settled as a whole.
    #[must_use]
    pub const fn has_items(self) -> bool {
        !Kinds::MONEY.has(self)
    }

    /// The field that names a document of this kind.
    #[must_use]
    pub const fn id_site(self) -> SiteField {
        match self {
            Kind::Invoice => SiteField::InvoiceId,
            Kind::CreditMemo => SiteField::CreditMemoId,
            Kind::DebitMemo => SiteField::DebitMemoId,
            Kind::Payment => SiteField::PaymentId,
            Kind::Refund => SiteField::RefundId,
        }
    }

    /// The field that lists documents of this kind.
    #[must_use]
    pub const fn list_site(self) -> SiteField {
        match self {
            Kind::Invoice => SiteField::Invoices,
            Kind::CreditMemo => SiteField::CreditMemos,
            Kind::DebitMemo => SiteField::DebitMemos,
            Kind::Payment => SiteField::Payments,
            Kind::Refund => SiteField::Refunds,
        }
    }

    /// The name in sentences.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::CreditMemo => "credit memo",
            Kind::DebitMemo => "debit memo",
            Kind::Payment => "payment",
            Kind::Refund => "refund",
        }
    }
}

closed_set! {
    /// Whether a document counts.
    Status {
        /// Being prepared: settles nothing.
        Draft = "draft",
        /// In force.
        Posted = "posted",
        /// Withdrawn: keeps its amounts, settles nothing.
        Canceled = "canceled",
    }
}

closed_set! {
    /// How a document came to be.
    #[derive(Default)]
    Origin {
        /// By itself.
        #[default]
        Standalone = "standalone",
        /// By hand, from another document, such as a credit memo from an invoice.
        Document = "document",
        /// By the billing engine of the host; it may credit more than is available.
        Billing = "billing",
        /// As the counterpart that reverses another document.
        Reversal = "reversal",
        /// As the counterpart that writes another document off.
        WriteOff = "writeOff",
    }
}
