//! What an operation asks of its host, and what stops it.

use super::problem::Problem;
use serde_json::Value;

/// Why an operation ends without an answer for its client.
#[derive(Clone, Debug)]
pub enum Stop {
    /// It has to know more.
    Needs(Vec<Value>),
    /// It is refused.
    Refused(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Refused(problem)
    }
}

/// What an operation comes to.
pub type Answer<T> = Result<T, Stop>;

/// What answers needs. `docs/internals/rest.md` lists them.
pub trait RestHost {
    /// One answer for each need, in their order.
    ///
    /// # Errors
    /// The needs themselves, of a host that has no answers yet.
    fn ask(&mut self, needs: Vec<Value>) -> Answer<Vec<Value>>;
}

/// A host that knows the answers to the needs of former steps.
pub(super) struct Answered {
    answers: std::vec::IntoIter<Value>,
}

impl Answered {
    pub(super) fn new(answers: Vec<Value>) -> Self {
        Self {
            answers: answers.into_iter(),
        }
    }
}

impl RestHost for Answered {
    fn ask(&mut self, needs: Vec<Value>) -> Answer<Vec<Value>> {
        if self.answers.len() < needs.len() {
            return Err(Stop::Needs(needs));
        }
        Ok(self.answers.by_ref().take(needs.len()).collect())
    }
}
