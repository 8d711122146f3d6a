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
    /// Sizes that can be limited; none is by default. `"zuora"` sets all of them to Zuora's
    /// figures.
    export type LimitName = OneOf<Limit>;
}

object! {
    /// What a new {@link Book} needs to know.
    export interface BookOptions => book::BookOptions {
        /// The currency of every document that names no other: an ISO 4217 code, or one of
        /// `currencies`.
        currency: required Id = "currency",
        /// The account of every document that names no other. Left out: the empty account `""`.
        account_id: defaulted Label = "accountId",
        /// Currencies beyond ISO 4217, or with a rounding increment.
        currencies: defaulted ListOf<CurrencyDefinition> = "currencies",
        /// How much of an invoice or debit memo credit memos can credit: anything, its total, or
        /// its total and each item (an item with discounts: no more than they leave of it). Left
        /// out: `"header"`.
        over_crediting: optional OneOf<OverCrediting> = "overCrediting",
        /// Whether memos of the billing engine count against what is available to credit. Left out:
        /// they do.
        count_billing_credits: optional Boolean = "countBillingCredits",
        /// How lines come back when a document is reversed or written off in full. `"yes"`: every
        /// line, discounts as discounts. `"notZeroBalance"`: without lines of nothing. `"no"`: as
        /// that, with discounts as charges. Left out: `"yes"`.
        mirror: optional OneOf<Mirror> = "mirror",
        /// Which part of an amount with tax is rounded; the other is the difference. Left out:
        /// `"net"`.
        inclusive_rounding: optional OneOf<InclusiveRounding> = "inclusiveRounding",
        /// What of the taxes that follow from a `rate` is rounded: each, or (`"group"`) the sum of
        /// each tax (tax code, name, rate) over the document, which its items then share by largest
        /// remainder. Amounts with tax are part of it: they stay, and what is not tax is their net.
        /// Stated taxes stay as they are. A draft has the taxes of its lines, in whatever steps
        /// they came into it. Left out: `"item"`.
        tax_rounding: optional OneOf<TaxRounding> = "taxRounding",
        /// How numbers of documents are compared, where documents settle by number and where lists
        /// are ordered by it. `"text"`: byte by byte, so `INV-10` comes before `INV-2`.
        /// `"natural"`: digits count by the number that they write, so `INV-2` comes before
        /// `INV-10`. Left out: `"text"`.
        number_order: optional OneOf<NumberOrder> = "numberOrder",
        /// Whether taxes can be 100 % and more. Left out: a `rate` of 1 or more is refused, as 19
        /// for 19 % is a slip.
        allow_tax_rate_from_1: defaulted Boolean = "allowTaxRateFrom1",
        /// How large operations can be. Left out: as large as they are.
        limits: defaulted LimitsOrProfile = "limits",
        /// The last day of the last closed accounting period. `closedPeriods` says what is closed.
        closed_through: optional Day = "closedThrough",
        /// What no day of a closed period can have. `"documents"`: memos are not dated there.
        /// `"documentsAndApplications"`: nor is anything applied, taken back, refunded or written
        /// off as of a day there. A payment can be received on any day. Left out: `"documents"`.
        closed_periods: optional OneOf<ClosedPeriods> = "closedPeriods",
        /// Whether documents dated in a closed period stay posted. Left out: they can be unposted.
        keep_closed_posted: defaulted Boolean = "keepClosedPosted",
        /// The reason codes that there are. Left out: any. A write-off or reversal that states none
        /// has `"Write-off"`, `"Invoice reversal"`, `"Debit memo reversal"` or `"Credit memo
        /// reversal"`, which must be among them.
        reason_codes: defaulted ListOf<Text> = "reasonCodes",
        /// Whether the book keeps a log: {@link Book.entries} says what is in it. Left out: it keeps none.
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
