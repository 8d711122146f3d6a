//! The amounts of a draft while they are found.

use crate::money::{Amount, Currency};
use crate::settle::context::Context;
use crate::settle::guard::credit::CreditLedger;

/// The amounts of a draft while they are found. What an item credits, the items behind it can no longer credit.
pub(super) struct Pricing<'a> {
    pub context: Context<'a>,
    pub currency: &'a Currency,
    pub ledger: CreditLedger<'a>,
    pub amounts: Vec<Amount>,
}
