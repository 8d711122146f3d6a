//! Which documents there are, and what state they are in.

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A demand: what is applied to it reduces its balance.
    Invoice,
    /// A credit: what is applied of it reduces balances.
    CreditMemo,
    /// A demand beside the invoices: a correction upwards, or the counterpart of a credit memo.
    DebitMemo,
    /// Money received: what is applied of it reduces balances.
    Payment,
    /// Money paid out of a payment or a credit memo.
    Refund,
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// All of them.
    pub const ALL: Self = Self::of(&Kind::ALL);
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

    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Invoice,
        Self::CreditMemo,
        Self::DebitMemo,
        Self::Payment,
        Self::Refund,
    ];

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
    pub const fn id_field(self) -> &'static str {
        match self {
            Kind::Invoice => "invoiceId",
            Kind::CreditMemo => "creditMemoId",
            Kind::DebitMemo => "debitMemoId",
            Kind::Payment => "paymentId",
            Kind::Refund => "refundId",
        }
    }

    /// The field that lists documents of this kind.
    #[must_use]
    pub const fn list_field(self) -> &'static str {
        match self {
            Kind::Invoice => "invoices",
            Kind::CreditMemo => "creditMemos",
            Kind::DebitMemo => "debitMemos",
            Kind::Payment => "payments",
            Kind::Refund => "refunds",
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

    /// The name in sentences, with its article.
    #[must_use]
    pub const fn one(self) -> &'static str {
        match self {
            Kind::Invoice => "an invoice",
            Kind::CreditMemo => "a credit memo",
            Kind::DebitMemo => "a debit memo",
            Kind::Payment => "a payment",
            Kind::Refund => "a refund",
        }
    }

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::CreditMemo => "creditMemo",
            Kind::DebitMemo => "debitMemo",
            Kind::Payment => "payment",
            Kind::Refund => "refund",
        }
    }
}

/// Whether a document counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Being prepared: settles nothing.
    Draft,
    /// In force.
    Posted,
    /// Withdrawn: keeps its amounts, settles nothing.
    Canceled,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Posted, Self::Canceled];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Posted => "posted",
            Status::Canceled => "canceled",
        }
    }
}

/// How a document came to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// By itself.
    #[default]
    Standalone,
    /// By hand, from another document, such as a credit memo from an invoice.
    Document,
    /// By the billing engine of the host; it may credit more than is available.
    Billing,
    /// As the counterpart that reverses another document.
    Reversal,
    /// As the counterpart that writes another document off.
    WriteOff,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Standalone,
        Self::Document,
        Self::Billing,
        Self::Reversal,
        Self::WriteOff,
    ];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Origin::Standalone => "standalone",
            Origin::Document => "document",
            Origin::Billing => "billing",
            Origin::Reversal => "reversal",
            Origin::WriteOff => "writeOff",
        }
    }
}
