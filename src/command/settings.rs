//! What a book is told once: currency, accounting rules, limits.

use crate::calendar::Date;
use crate::error::{Code, Error, Path, Result};
use crate::money::Currency;
use std::sync::Arc;

/// The settings of a book. The defaults forbid nothing that does not contradict itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The account of documents that name none.
    pub account_id: Arc<str>,
    /// The currency of documents that name none.
    pub currency: Arc<Currency>,
    /// The currencies that the book defines.
    pub currencies: Vec<Arc<Currency>>,
    /// How much of an invoice credit memos can credit.
    pub over_crediting: OverCrediting,
    /// Memos of the billing engine count against what is available to credit.
    pub count_billing_credits: bool,
    /// How items of an invoice or debit memo come back in its counterpart.
    pub mirror: Mirror,
    /// Which part of an amount with tax is rounded.
    pub inclusive_rounding: InclusiveRounding,
    /// What of the taxes that follow from a rate is rounded.
    pub tax_rounding: TaxRounding,
    /// Tax rates of 1 (100 %) and more are no mistakes.
    pub allow_tax_rate_from_1: bool,
    /// The sizes that operations may have.
    pub limits: Limits,
    /// The last day of the last closed accounting period.
    pub closed_through: Option<Date>,
    /// Documents of closed periods stay posted.
    pub keep_closed_posted: bool,
    /// The reason codes that there are; empty: any.
    pub reason_codes: Vec<Box<str>>,
}

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
    /// How much of an invoice credit memos can credit (`settlement.md` 3.3).
    OverCrediting {
        /// Any amount.
        Any = "any",
        /// Not more than the invoice's total.
        #[default]
        Header = "header",
        /// Not more than the total, nor than each item and its taxes.
        HeaderAndItem = "headerAndItem",
    }
}

choices! {
    /// How items come back in the counterpart of a reversal or write-off (`settlement.md` 3.2, the mirror rule).
    Mirror {
        /// Item by item: discounts as discounts, also items of zero.
        #[default]
        Yes = "yes",
        /// As `Yes`, without items that have nothing left.
        NotZeroBalance = "notZeroBalance",
        /// As `NotZeroBalance`, with discounts as charges.
        No = "no",
    }
}

choices! {
    /// Which part of an amount that contains its tax is rounded; the other is the difference (`settlement.md` 4.3).
    InclusiveRounding {
        /// net = round(gross ÷ (1 + rate)).
        #[default]
        Net = "net",
        /// tax = round(gross × rate ÷ (1 + rate)).
        Tax = "tax",
    }
}

choices! {
    /// What of the taxes that follow from a rate is rounded (`settlement.md` 4.3).
    TaxRounding {
        /// Each tax item.
        #[default]
        Item = "item",
        /// The sum of each tax (tax code, name, rate) over a document; its items share it by largest remainder.
        Group = "group",
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $zuora:literal;)*) => {
        /// A size that can be limited (`settlement.md` 5).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Limit { $($(#[$doc])* $name,)* }

        impl Limit {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name as it crosses the boundary.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Zuora's figure.
            #[must_use]
            pub const fn zuora(self) -> u32 {
                match self { $(Self::$name => $zuora,)* }
            }
        }
    };
}

limits! {
    /// Items and tax items of a memo or payment and all its targets in one apply or unapply, without those of zero.
    /// Of a document whose lines are stated, only these count.
    ItemsPerOperation = "itemsPerOperation", 15_000;
    /// Invoices, and debit memos, in one apply or unapply.
    DocumentsPerOperation = "documentsPerOperation", 1_000;
    /// Lines stated for one document.
    StatedItems = "statedItems", 1_000;
    /// Items of a memo times items of its targets; above it, first in first out takes the place of proration.
    ProrationCells = "prorationCells", 10_000;
    /// Part items of a memo when everything is unapplied.
    PartItems = "partItems", 1_000;
    /// Items to refund at once.
    RefundItems = "refundItems", 15_000;
    /// Items of a credit memo to reverse.
    ReverseItems = "reverseItems", 2_000;
    /// Items of an invoice to reverse.
    ReverseInvoiceItems = "reverseInvoiceItems", 50_000;
    /// Items of a document to write off.
    WriteOffItems = "writeOffItems", 2_000;
    /// Items of a new memo.
    CreateItems = "createItems", 1_000;
    /// Commands of a bulk command.
    BulkCommands = "bulkCommands", 50;
    /// Items of a debit memo to collect.
    CollectItems = "collectItems", 10;
    /// Credit memos for one collection.
    CollectCreditMemos = "collectCreditMemos", 25;
    /// Payments for one collection.
    CollectPayments = "collectPayments", 25;
    /// Characters of a comment.
    CommentLength = "commentLength", 255;
}

/// The limits of a book: none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits(Vec<(Limit, u32)>);

impl Limits {
    /// Zuora's figures.
    #[must_use]
    pub fn zuora() -> Self {
        Self(
            Limit::ALL
                .iter()
                .map(|&limit| (limit, limit.zuora()))
                .collect(),
        )
    }

    /// Sets one of them.
    pub fn set(&mut self, limit: Limit, most: u32) {
        self.0.retain(|(known, _)| *known != limit);
        self.0.push((limit, most));
    }

    /// One of them, if it is set.
    #[must_use]
    pub fn get(&self, limit: Limit) -> Option<u32> {
        self.0
            .iter()
            .find(|(known, _)| *known == limit)
            .map(|(_, most)| *most)
    }

    /// All that are set.
    #[must_use]
    pub fn all(&self) -> &[(Limit, u32)] {
        &self.0
    }

    /// Whether `count` is within a limit.
    #[must_use]
    pub fn allows(&self, limit: Limit, count: usize) -> bool {
        self.get(limit)
            .is_none_or(|most| u32::try_from(count).is_ok_and(|count| count <= most))
    }

    /// Refuses a size above a limit.
    ///
    /// # Errors
    /// `limitExceeded` at `path`.
    pub fn check(&self, limit: Limit, count: usize, path: &Path<'_>) -> Result<()> {
        if self.allows(limit, count) {
            return Ok(());
        }
        let most = self.get(limit).unwrap_or_default();
        let needed = format!("at most {most} ({})", limit.as_str());
        Err(Error::new(
            Code::LimitExceeded,
            path,
            needed,
            count.to_string(),
        ))
    }
}

impl Settings {
    /// Settings of a book in `currency`, all others at their defaults.
    #[must_use]
    pub fn new(currency: Arc<Currency>) -> Self {
        Self {
            account_id: "".into(),
            currency,
            currencies: Vec::new(),
            over_crediting: OverCrediting::default(),
            count_billing_credits: true,
            mirror: Mirror::default(),
            inclusive_rounding: InclusiveRounding::default(),
            tax_rounding: TaxRounding::default(),
            allow_tax_rate_from_1: false,
            limits: Limits::default(),
            closed_through: None,
            keep_closed_posted: false,
            reason_codes: Vec::new(),
        }
    }

    /// Refuses a day in a closed accounting period.
    ///
    /// # Errors
    /// `periodClosed` at `path`.
    pub(crate) fn check_open(&self, day: Date, path: &Path<'_>) -> Result<()> {
        match self.closed_through {
            Some(closed) if day <= closed => Err(Error::new(
                Code::PeriodClosed,
                path,
                format!("a day after {closed}"),
                day.to_string(),
            )),
            _ => Ok(()),
        }
    }

    /// Refuses a reason code that the book does not list.
    ///
    /// # Errors
    /// `unknownReasonCode` at `path`.
    pub(crate) fn check_reason(&self, reason: Option<&str>, path: &Path<'_>) -> Result<()> {
        match reason {
            Some(reason)
                if !self.reason_codes.is_empty()
                    && self.reason_codes.iter().all(|known| **known != *reason) =>
            {
                let needed = format!("one of {}", self.reason_codes.join(", "));
                Err(Error::new(
                    Code::UnknownReasonCode,
                    path,
                    needed,
                    crate::error::quoted(reason),
                ))
            }
            _ => Ok(()),
        }
    }
}
