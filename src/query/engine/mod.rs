//! Finds the rows of a page: which are kept, in which order, from which cursor on.

pub(super) mod column;
pub(super) mod cursor;
pub(super) mod filter;
pub(super) mod order;
pub(super) mod scan;
