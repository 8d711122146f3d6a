//! Columns of many parts of periods, prorated at once.

use super::moment;
use super::periods::Months;
use super::terms::TermsRequest;
use crate::error::{Result, Site};
use crate::prorate::{ProrateColumns, ServiceTimes, Terms};
use crate::wire::Value;
use crate::wire::allocate::{column, float_bits};
use crate::wire::fields::place_of;
use crate::wire::object::{Object, object};
use crate::wire::readers::{Anything, Whole, reader};

reader! {
    /// Whether an array has floats.
    ArrayClass: bool as "Column" by is_float_array
}

/// Whether an array, named by its class, has floats.
fn is_float_array(value: &Value<'_>, path: &Site<'_>) -> Result<bool> {
    place_of(&["Float64Array", "BigInt64Array"], value, path).map(|class| class == 0)
}

object! {
    /// Many charges to prorate at once, as columns. A moment is a number of days since 1970-01-01
    /// if the terms count days, else a number of milliseconds since then. A text in place of a
    /// column stands for all charges.
    export interface ProrateColumnsRequest as "ProrateColumnsRequest<Prices extends Column>" {
        /// The terms. Default: `"default"`.
        terms: defaulted TermsRequest = "terms",
        /// The number of months that the prices are for; see {@link ProrateRequest}. Default: the
        /// months of each period, else 1.
        months: optional Months = "months",
        /// The prices, as whole numbers of any unit, such as cents.
        prices: required ArrayClass = "prices" as "Prices",
        /// The smallest step between two amounts, in that unit. Default: 1.
        increment: optional Whole<i64, 1, { i64::MAX }> = "increment",
        /// The start of each service.
        service_from: required Anything = "serviceFrom" as "Column | MomentInput",
        /// The end of each service.
        service_to: required Anything = "serviceTo" as "Column | MomentInput",
        /// The start of each period.
        period_from: required Anything = "periodFrom" as "Column | MomentInput",
        /// The end of each period.
        period_to: required Anything = "periodTo" as "Column | MomentInput",
    }
}

/// `ProrateColumnsRequest`: an array is named here by its class, and the bits of its elements come beside it, in the
/// order of the fields. Returns whether the prices are floats, too.
///
/// # Errors
/// The shape of the value, and of the arrays.
pub fn columns(value: &Value<'_>, arrays: [Vec<u64>; 5]) -> Result<(ProrateColumns, bool)> {
    let request = Object::<ProrateColumnsRequest>::open(value, &Site::Command)?;
    let terms = request.terms()?;

    let [prices, service_from, service_to, period_from, period_to] = arrays;
    let is_float = request.prices()?;

    let columns = ProrateColumns {
        terms,
        months: request.months()?,
        prices: column(ProrateColumnsRequest::prices, prices, is_float)?,
        increment: request.increment()?.unwrap_or(1),
        service: [
            times(
                request.service_from()?,
                ProrateColumnsRequest::service_from,
                service_from,
                &terms,
            )?,
            times(
                request.service_to()?,
                ProrateColumnsRequest::service_to,
                service_to,
                &terms,
            )?,
        ],
        period: [
            times(
                request.period_from()?,
                ProrateColumnsRequest::period_from,
                period_from,
                &terms,
            )?,
            times(
                request.period_to()?,
                ProrateColumnsRequest::period_to,
                period_to,
                &terms,
            )?,
        ],
    };
    Ok((columns, is_float))
}

/// A column of times, or one time for all charges.
fn times(
    value: &Value<'_>,
    name: &'static str,
    bits: Vec<u64>,
    terms: &Terms,
) -> Result<ServiceTimes> {
    let site = Site::Command.field(name);

    // A day or an instant begins with a digit, and the class of an array with a letter.
    match value {
        Value::Text(text) if text.starts_with(|letter: char| letter.is_ascii_digit()) => terms
            .column_time(moment(value, &site)?)
            .map(ServiceTimes::One),
        value => column(name, bits, is_float_array(value, &site)?).map(ServiceTimes::Each),
    }
}

/// The bits of the amounts, for an array of the class of the prices.
///
/// # Errors
/// `outOfRange` beyond what its elements hold.
pub fn amount_bits(amounts: Vec<i64>, floats: bool) -> Result<Vec<u64>> {
    let bits: Vec<_> = amounts.into_iter().map(i64::cast_unsigned).collect();
    if floats { float_bits(&bits) } else { Ok(bits) }
}
