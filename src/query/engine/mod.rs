//! Finds the rows of a page: scans those that there can be, filters them, and orders as few as the page needs.

pub(super) mod column;
pub(super) mod cursor;
pub(super) mod filter;
pub(super) mod history;
pub(super) mod order;
mod origin;
pub(super) mod page;
pub(super) mod scan;
