//! The fields of each kind of row.

pub(super) mod account;
pub(super) mod ageing;
pub(super) mod document;
pub(super) mod line;
pub(super) mod settled;
pub(super) mod statement;
