//! What a new book needs to know.

use crate::book;
use crate::command::settings::{
    ClosedPeriods, InclusiveRounding, Limit, Limits, Mirror, NumberOrder, OverCrediting,
    TaxRounding,
};
use crate::error::{Result, Site};
use crate::wire::Value;
use crate::wire::currency::CurrencyDefinition;
use crate::wire::fields::{Fields, choice, whole};
use crate::wire::object::{alias, object};
use crate::wire::readers::{Boolean, Day, Id, Label, ListOf, OneOf, Text, Typed, ValueReader};

alias! {
    /// A size that a book can limit. No size is limited by default. The option `"zuora"` sets all
    /// of them to the figures in parentheses, which are Zuora's. A command beyond a limit is
    /// refused (`limitExceeded`).
    ///
    /// - `itemsPerOperation`: items and tax items of a source and all its targets in one apply or
    ///   unapply, without lines of zero; of a document with stated lines, only these (15,000).
    /// - `documentsPerOperation`: invoices in one apply or unapply, and debit memos likewise (1,000
    ///   of each).
    /// - `statedItems`: lines stated for one document in an apply, unapply or refund, but not in a
    ///   write-off (1,000).
    /// - `prorationCells`: items of a memo times items of its targets. Above this, `fifo` takes the
    ///   place of `proration`, with a notice and no refusal (10,000).
    /// - `partItems`: part items of a memo when everything is unapplied (1,000).
    /// - `refundItems`: items of a memo to refund; of stated lines, only these (15,000).
    /// - `reverseItems`, `reverseInvoiceItems`: items of a credit memo (2,000) or an invoice
    ///   (50,000) to reverse.
    /// - `writeOffItems`: items of a document to write off (2,000).
    /// - `createItems`: items of a new memo (1,000).
    /// - `bulkCommands`: commands of a bulk (50).
    /// - `collectItems`: items of a debit memo to collect (10).
    /// - `collectCreditMemos`, `collectPayments`: credit memos, and payments, for one collection
    ///   (25 each).
    /// - `commentLength`: characters of a comment (255).
    export type LimitName = OneOf<Limit>;
}

object! {
    /// The options of a new {@link Book}.
    export interface BookOptions => book::BookOptions {
        /// The currency of every document that names none: an ISO 4217 code, or one of
        /// `currencies`.
        currency: required Id = "currency",
        /// The account of every document that names none. Default: the empty account `""`.
        account_id: defaulted Label = "accountId",
        /// Currencies that ISO 4217 does not list, or that have an increment of their own. Default:
        /// none.
        currencies: defaulted ListOf<CurrencyDefinition> = "currencies",
        /// What credit memos of an invoice or debit memo cannot exceed. `"any"`: nothing is
        /// checked. `"header"`: the total of the document. `"headerAndItem"`: the total and each
        /// item; of an item with discounts, what the discounts leave. Default: `"header"`.
        over_crediting: optional OneOf<OverCrediting> = "overCrediting",
        /// Whether memos of the billing engine reduce what is available to credit. Default: `true`.
        count_billing_credits: optional Boolean = "countBillingCredits",
        /// Which lines the counterpart has when a document is reversed or written off in full.
        /// `"yes"`: all lines, with discounts as discounts. `"notZeroBalance"`: the same without
        /// lines of zero. `"no"`: the same without lines of zero, and with discounts as charges.
        /// Default: `"yes"`.
        mirror: optional OneOf<Mirror> = "mirror",
        /// Which part of an amount with tax is rounded. The other part is the difference. Default:
        /// `"net"`.
        inclusive_rounding: optional OneOf<InclusiveRounding> = "inclusiveRounding",
        /// How taxes that follow from a `rate` are rounded. `"item"`: each tax is rounded by
        /// itself. `"group"`: the taxes of one tax code, name and rate are summed over the
        /// document, the sum is rounded, and the items share it by largest remainder. Amounts with
        /// tax take part in this. They keep their amount, and their net is what is not tax. Stated
        /// taxes stay as they are. The taxes of a draft depend only on its lines, not on the order
        /// in which you added them. Default: `"item"`.
        tax_rounding: optional OneOf<TaxRounding> = "taxRounding",
        /// How the numbers of documents are compared when documents settle by number and when lists
        /// are ordered by it. `"text"`: byte by byte, so `INV-10` comes before `INV-2`.
        /// `"natural"`: digits count as a number, so `INV-2` comes before `INV-10`. Default:
        /// `"text"`.
        number_order: optional OneOf<NumberOrder> = "numberOrder",
        /// Whether a tax `rate` may be 1 (100 %) or more. Default: `false`; a rate of 1 or more is
        /// refused, because a 19 for 19 % is a slip.
        allow_tax_rate_from_1: defaulted Boolean = "allowTaxRateFrom1",
        /// The limits of sizes: Zuora's, or your own. Default: none.
        limits: defaulted LimitsOrProfile = "limits",
        /// The last day of the last closed accounting period. `closedPeriods` says what is closed.
        /// Default: none; all periods are open.
        closed_through: optional Day = "closedThrough",
        /// What is forbidden in a closed period. `"documents"`: no memo can be dated there, or come
        /// into force. `"documentsAndApplications"`: in addition, nothing can be applied, taken
        /// back, refunded or written off with a day there. Invoices and payments can have any day.
        /// `"balances"`: in addition, no balance, ageing or statement of a day there changes. In
        /// each case, a document that was in force there cannot be deleted. Default:
        /// `"documents"`.
        closed_periods: optional OneOf<ClosedPeriods> = "closedPeriods",
        /// Whether documents dated in a closed period stay posted. Default: `false`; they can be
        /// unposted.
        keep_closed_posted: defaulted Boolean = "keepClosedPosted",
        /// The reason codes that documents may have. A write-off or reversal that states none has
        /// `"Write-off"`, `"Invoice reversal"`, `"Debit memo reversal"` or `"Credit memo
        /// reversal"`, so list these too. Default: any.
        reason_codes: defaulted ListOf<Text> = "reasonCodes",
        /// Whether the book keeps a log; see {@link Book.entries}. Default: `false`.
        log: defaulted Boolean = "log",
    }
}

/// Limits one by one, or a profile of them by name.
pub(in crate::wire) struct LimitsOrProfile;

impl Typed for LimitsOrProfile {
    #[cfg(test)]
    fn type_text() -> String {
        "\"zuora\" | { readonly [Name in LimitName]?: number }".to_owned()
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for LimitsOrProfile {
    type Output = Limits;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Limits> {
        if let Value::Text(_) = value {
            return choice(&["zuora"], |name| name, value, path).map(|_| Limits::zuora());
        }

        let fields = Fields::open(value, path)?.allow(&[Limit::NAMES])?;
        let mut limits = Limits::default();
        for &limit in Limit::ALL {
            let most = fields.optional(limit.as_str(), |value, path| {
                whole(0, u32::MAX.into(), value, path)
            })?;
            if let Some(most) = most {
                limits.set(limit, most);
            }
        }
        Ok(limits)
    }
}
