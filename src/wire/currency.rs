//! Currencies in requests.

use super::Value;
use super::fields::not_iso;
use super::object::{alias, object};
use super::readers::{DecimalText, Id, OneOf, ValueReader, Whole, reader};
use crate::error::{Result, Site};
use crate::money;

alias! {
    /// How an exact number is rounded. `halfUp`, `halfEven` and `halfDown` round to the nearest and
    /// differ in ties. `up` rounds away from zero, `down` toward zero, `floor` to the lesser and
    /// `ceiling` to the greater number. In ties, `halfUp` rounds away from zero, so that credits
    /// mirror charges.
    export type Rounding = OneOf<money::Rounding>;
}

object! {
    /// A currency that ISO 4217 does not list, or one whose amounts are not rounded to its minor
    /// unit.
    export interface CurrencyDefinition => money::CurrencyDefinition {
        /// The code: 3 to 8 capital letters or digits.
        code: required Id = "code",
        /// The number of decimals, 0 to 8. Required for a code that ISO 4217 does not list.
        /// Default: the decimals of the minor unit in ISO 4217.
        scale: optional Whole<u8, 0, 8> = "scale",
        /// The smallest step between two amounts, such as `"0.05"`. Every amount is a whole number
        /// of steps. Default: one minor unit.
        increment: optional DecimalText = "increment",
        /// How a calculated amount, such as a tax or a share, is rounded. Default: `"halfUp"`,
        /// which rounds away from zero, so that credits mirror charges.
        rounding: optional Rounding = "rounding",
        /// The smallest step between two totals of invoices, such as `"0.05"` for cash. It is a
        /// whole number of `increment`s. If the total of an invoice is not a whole number of steps,
        /// the engine adds an item `"rounding"` with the difference, and calculates it again after
        /// every change of the draft. Default: none; totals are not rounded.
        invoice_increment: optional DecimalText = "invoiceIncrement",
        /// How a total is rounded to a whole number of `invoiceIncrement`s. Only a currency with an
        /// `invoiceIncrement` has it. Default: the same as `rounding`.
        invoice_rounding: optional Rounding = "invoiceRounding",
    }
}

reader! {
    /// The currency: a code of ISO 4217, or a definition.
    CurrencyOrCode: money::Currency as "string | CurrencyDefinition" by currency_or_code
}

fn currency_or_code(value: &Value<'_>, path: &Site<'_>) -> Result<money::Currency> {
    let Value::Text(code) = value else {
        return money::Currency::define(&CurrencyDefinition::read(value, path)?, path);
    };
    money::Currency::iso(code).ok_or_else(|| not_iso(code, path))
}
