//! A word that is none of its set, as a refusal.

use super::{Error, NamesFigure, Reason, Site};
use crate::words::UnknownWord;

impl From<UnknownWord> for Error {
    /// Refuses it as a request with this word would be.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// fn rule(text: &str) -> Result<Rule, setoff::Error> {
    ///     Ok(text.parse()?)
    /// }
    /// assert_eq!(rule("fifo")?, Rule::Fifo);
    /// assert_eq!(rule("newest").unwrap_err().code(), Code::InvalidChoice);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    fn from(unknown: UnknownWord) -> Self {
        let reason = Reason::NoChoice {
            choices: NamesFigure(unknown.choices.into()),
            word: (&*unknown.word).into(),
        };
        Self::of(reason, &Site::Command)
    }
}
