//! Currencies in requests.

use super::Value;
use super::fields::not_iso;
use super::object::{alias, object};
use super::readers::{DecimalText, Id, OneOf, ValueReader, Whole, reader};
use crate::error::{Result, Site};
use crate::money;

alias! {
    /// How an exact number is rounded. `halfUp` and `up` are away from zero, so that credits mirror
    /// charges.
    export type Rounding = OneOf<money::Rounding>;
}

object! {
    /// A currency that ISO 4217 does not list, or one whose rounding differs from its minor unit.
    export interface CurrencyDefinition => money::CurrencyDefinition {
        /// 3 to 8 capital letters or digits.
        code: required Id = "code",
        /// Decimals, 0 to 8. Left out: the minor unit of ISO 4217; needed for a code that ISO 4217
        /// does not list.
        scale: optional Whole<u8, 0, 8> = "scale",
        /// The least step between two amounts, such as `"0.05"`. Every amount is a whole number of
        /// steps. Left out: one minor unit.
        increment: optional DecimalText = "increment",
        /// How a calculated amount (a tax, a share) is rounded. Left out: `"halfUp"`, away from
        /// zero, so that credits mirror charges.
        rounding: optional Rounding = "rounding",
        /// The least step between two totals of invoices, such as `"0.05"` for cash: a whole number
        /// of `increment`s. An invoice whose total is none gets one more item, `"rounding"`, with
        /// what is missing; every change of the draft makes it anew. Left out: totals are as they
        /// come.
        invoice_increment: optional DecimalText = "invoiceIncrement",
        /// How a total becomes a whole number of `invoiceIncrement`s, and only with that. Left out:
        /// as `rounding` says.
        invoice_rounding: optional Rounding = "invoiceRounding",
    }
}

reader! {
    /// A code of ISO 4217, or a definition.
    CurrencyOrCode: money::Currency as "string | CurrencyDefinition" by currency_or_code
}

fn currency_or_code(value: &Value<'_>, path: &Site<'_>) -> Result<money::Currency> {
    let Value::Text(code) = value else {
        return money::Currency::define(&CurrencyDefinition::read(value, path)?, path);
    };
    money::Currency::iso(code).ok_or_else(|| not_iso(code, path))
}
