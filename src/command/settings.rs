//! What a book is told once: currency, accounting rules, limits.

use crate::calendar::Date;
use crate::error::{Error, Reason, Result, Site};
use crate::money::Currency;
use crate::order::{compare_naturally, first_bytes, natural_bytes};
use crate::words::closed_set;
use std::cmp::Ordering;
use std::sync::Arc;

/// The settings of a book. The defaults forbid nothing that does not contradict itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
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
    /// How numbers of documents are compared, in settlement as in lists.
    pub number_order: NumberOrder,
    /// Tax rates of 1 (100 %) and more are no mistakes.
    pub allow_tax_rate_from_1: bool,
    /// The sizes that operations may have.
    pub limits: Limits,
    /// The last day of the last closed accounting period.
    pub closed_through: Option<Date>,
    /// What no day of a closed period can have.
    pub closed_periods: ClosedPeriods,
    /// Documents of closed periods stay posted.
    pub keep_closed_posted: bool,
    /// The reason codes that there are; empty: any.
    pub reason_codes: Vec<Box<str>>,
}

closed_set! {
    /// How much of an invoice credit memos can credit (`settlement.md#available-to-credit`).
    #[derive(Default)]
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

closed_set! {
    /// How items come back in the counterpart of a reversal or write-off (`settlement.md#mirror-of-items`).
    #[derive(Default)]
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

closed_set! {
    /// Which part of an amount that contains its tax is rounded; the other is the difference
    /// (`settlement.md#rounding-of-taxes`).
    #[derive(Default)]
    InclusiveRounding {
        /// net = round(gross ÷ (1 + rate)).
        #[default]
        Net = "net",
        /// tax = round(gross × rate ÷ (1 + rate)).
        Tax = "tax",
    }
}

closed_set! {
    /// What of the taxes that follow from a rate is rounded (`settlement.md#rounding-of-taxes`).
    #[derive(Default)]
    TaxRounding {
        /// Each tax item.
        #[default]
        Item = "item",
        /// The sum of each tax (tax code, name, rate) over a document; its items share it by largest remainder.
        Group = "group",
    }
}

closed_set! {
    /// How numbers of documents are compared. It is a setting of the book, so that a list shows documents in the order
    /// in which they settle.
    #[derive(Default)]
    NumberOrder {
        /// Byte by byte: `INV-10` comes before `INV-2`.
        #[default]
        Text = "text",
        /// Digits count by the number that they write: `INV-2` comes before `INV-10`.
        Natural = "natural",
    }
}

impl NumberOrder {
    /// The order of two numbers.
    pub(crate) fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            NumberOrder::Text => a.cmp(b),
            NumberOrder::Natural => compare_naturally(a, b),
        }
    }

    /// A number that is not larger for what comes earlier.
    pub(crate) fn head(self, number: &str) -> u128 {
        match self {
            NumberOrder::Text => first_bytes(number.bytes()),
            NumberOrder::Natural => first_bytes(natural_bytes(number)),
        }
    }
}

closed_set! {
    /// What no day of a closed period can have.
    #[derive(Default)]
    ClosedPeriods {
        /// Memos are not dated there, and do not come into force there.
        #[default]
        Documents = "documents",
        /// Nor does anything count from a day there that is applied, taken back, refunded or written off.
        DocumentsAndApplications = "documentsAndApplications",
        /// Nor does any balance, statement or ageing of a day there change.
        Balances = "balances",
    }
}

closed_set! {
    /// A size that can be limited (`settlement.md#limits`).
    #[non_exhaustive]
    Limit {
        /// Items and tax items of a memo or payment and all its targets in one apply or unapply, without those of zero.
        /// Of a document whose lines are stated, only these count.
        ItemsPerOperation = "itemsPerOperation",
        /// Invoices, and debit memos, in one apply or unapply.
        DocumentsPerOperation = "documentsPerOperation",
        /// Lines stated for one document in an apply, unapply or refund; not in a write-off, which states all of them.
        StatedItems = "statedItems",
        /// Items of a memo times items of its targets; above it, first in first out takes the place of proration.
        ProrationCells = "prorationCells",
        /// Part items of a memo when everything is unapplied.
        PartItems = "partItems",
        /// Items of a memo to refund; of stated lines, only these count.
        RefundItems = "refundItems",
        /// Items of a credit memo to reverse.
        ReverseItems = "reverseItems",
        /// Items of an invoice to reverse.
        ReverseInvoiceItems = "reverseInvoiceItems",
        /// Items of a document to write off.
        WriteOffItems = "writeOffItems",
        /// Items of a new memo.
        CreateItems = "createItems",
        /// Commands of a bulk command.
        BulkCommands = "bulkCommands",
        /// Items of a debit memo to collect.
        CollectItems = "collectItems",
        /// Credit memos for one collection.
        CollectCreditMemos = "collectCreditMemos",
        /// Payments for one collection.
        CollectPayments = "collectPayments",
        /// Characters of a comment.
        CommentLength = "commentLength",
    }
}

impl Limit {
    /// Zuora's figure.
    #[must_use]
    pub const fn zuora(self) -> u32 {
        match self {
            Limit::ItemsPerOperation => 15_000,
            Limit::DocumentsPerOperation => 1_000,
            Limit::StatedItems => 1_000,
            Limit::ProrationCells => 10_000,
            Limit::PartItems => 1_000,
            Limit::RefundItems => 15_000,
            Limit::ReverseItems => 2_000,
            Limit::ReverseInvoiceItems => 50_000,
            Limit::WriteOffItems => 2_000,
            Limit::CreateItems => 1_000,
            Limit::BulkCommands => 50,
            Limit::CollectItems => 10,
            Limit::CollectCreditMemos => 25,
            Limit::CollectPayments => 25,
            Limit::CommentLength => 255,
        }
    }
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
    /// `limitExceeded` at `site`.
    pub fn check(&self, limit: Limit, count: usize, site: &Site<'_>) -> Result<()> {
        let Some(most) = self.get(limit) else {
            return Ok(());
        };
        if self.allows(limit, count) {
            return Ok(());
        }

        let reason = Reason::AboveLimit {
            limit: limit.into(),
            most: most.into(),
            count: count.into(),
        };
        Err(Error::of(reason, site))
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
            number_order: NumberOrder::default(),
            allow_tax_rate_from_1: false,
            limits: Limits::default(),
            closed_through: None,
            closed_periods: ClosedPeriods::default(),
            keep_closed_posted: false,
            reason_codes: Vec::new(),
        }
    }

    /// Refuses a day in a closed accounting period.
    ///
    /// # Errors
    /// `periodClosed` at `site`.
    pub(crate) fn check_open(&self, date: Date, site: &Site<'_>) -> Result<()> {
        let Some(closed_through) = self.closed_through else {
            return Ok(());
        };
        if date > closed_through {
            return Ok(());
        }

        let reason = Reason::DateInClosedPeriod {
            closed_through: closed_through.into(),
            date: date.into(),
        };
        Err(Error::of(reason, site))
    }

    /// Refuses a day on which nothing can be settled, because its period is closed for that too.
    ///
    /// # Errors
    /// `periodClosed` at `site`.
    pub(crate) fn check_settling(&self, date: Date, site: &Site<'_>) -> Result<()> {
        match self.closed_periods {
            ClosedPeriods::Documents => Ok(()),
            ClosedPeriods::DocumentsAndApplications | ClosedPeriods::Balances => {
                self.check_open(date, site)
            }
        }
    }

    /// Refuses a reason code that the book does not list. A book that lists none takes any.
    ///
    /// # Errors
    /// `unknownReasonCode` at `site`.
    pub(crate) fn check_reason(&self, reason_code: Option<&str>, site: &Site<'_>) -> Result<()> {
        let Some(reason_code) = reason_code else {
            return Ok(());
        };
        let mut listed = self.reason_codes.iter();
        if self.reason_codes.is_empty() || listed.any(|listed| **listed == *reason_code) {
            return Ok(());
        }

        let reason = Reason::ReasonCodeNotListed {
            listed: self.reason_codes.as_slice().into(),
            reason_code: reason_code.into(),
        };
        Err(Error::of(reason, site))
    }
}
