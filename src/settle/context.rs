//! What a guard, a plan or an operation reads.

use crate::command::settings::Settings;
use crate::document::Documents;

/// What an operation may read.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The documents as they are.
    pub documents: &'a Documents,
    /// The settings of the book.
    pub settings: &'a Settings,
}
