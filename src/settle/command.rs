//! What a book can be told to do.

use super::Rule;
use crate::calendar::Date;
use crate::document::{Kind, NewDocument};
use rust_decimal::Decimal;

/// A command: plain data, with its own day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Creates a document, as a draft or posted.
    Create {
        /// The day of the command.
        at: Date,
        /// What to create.
        document: NewDocument,
    },
    /// Posts a draft.
    Post {
        /// The day of the command.
        at: Date,
        /// What kind of document it is.
        kind: Kind,
        /// Its identifier.
        id: String,
    },
    /// Applies a credit memo to invoices.
    Apply {
        /// The effective date.
        at: Date,
        /// Which, and how.
        settle: Settle,
    },
    /// Takes applications of a credit memo back.
    Unapply {
        /// The effective date.
        at: Date,
        /// Which, and how.
        settle: Settle,
    },
}

/// What kind of command it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// See [`Command::Create`].
    Create(Kind),
    /// See [`Command::Post`].
    Post(Kind),
    /// See [`Command::Apply`].
    Apply,
    /// See [`Command::Unapply`].
    Unapply,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Create(Kind::Invoice),
        Self::Create(Kind::CreditMemo),
        Self::Post(Kind::Invoice),
        Self::Post(Kind::CreditMemo),
        Self::Apply,
        Self::Unapply,
    ];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Type::Create(Kind::Invoice) => "createInvoice",
            Type::Create(Kind::CreditMemo) => "createCreditMemo",
            Type::Post(Kind::Invoice) => "postInvoice",
            Type::Post(Kind::CreditMemo) => "postCreditMemo",
            Type::Apply => "applyCreditMemo",
            Type::Unapply => "unapplyCreditMemo",
        }
    }
}

impl Command {
    /// What kind of command it is.
    #[must_use]
    pub const fn command_type(&self) -> Type {
        match self {
            Command::Create { document, .. } => Type::Create(document.kind),
            Command::Post { kind, .. } => Type::Post(*kind),
            Command::Apply { .. } => Type::Apply,
            Command::Unapply { .. } => Type::Unapply,
        }
    }

    /// The day of the command.
    #[must_use]
    pub const fn at(&self) -> Date {
        match self {
            Command::Create { at, .. }
            | Command::Post { at, .. }
            | Command::Apply { at, .. }
            | Command::Unapply { at, .. } => *at,
        }
    }
}

/// What an apply or unapply moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settle {
    /// The credit memo.
    pub credit_memo_id: String,
    /// For the invoices that state no items; absent: the operation's own default.
    pub rule: Option<Rule>,
    /// The invoices; absent (unapply only): all that something is applied to.
    pub invoices: Option<Vec<InvoiceAmount>>,
}

/// What one invoice is to receive or give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceAmount {
    /// The invoice.
    pub invoice_id: String,
    /// Absent: the sum of the items, or else all that is possible.
    pub amount: Option<Decimal>,
    /// The lines, stated one by one.
    pub items: Option<Vec<ExplicitItem>>,
}

/// One explicit line: charge to charge, or tax to tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplicitItem {
    /// Whether the two lines are tax items.
    pub tax: bool,
    /// The item or tax item of the credit memo.
    pub source: String,
    /// The item or tax item of the invoice.
    pub target: String,
    /// How much.
    pub amount: Decimal,
}

impl ExplicitItem {
    /// The names of the fields for source and target.
    #[must_use]
    pub const fn fields(&self) -> (&'static str, &'static str) {
        if self.tax { ("creditTaxItemId", "taxItemId") } else { ("creditMemoItemId", "invoiceItemId") }
    }
}
