//! Guards that operations share: what must be so before anything is planned.

pub(super) mod closed_days;
pub(super) mod credit;
pub(super) mod documents;
pub(super) mod effective_dates;
pub(super) mod names;
