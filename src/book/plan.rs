//! Plans: what a preview showed, and whether a command still does it.
//!
//! A plan is compared by its fingerprint (`fingerprint.rs`). Rust and JavaScript callers give back the same one, so
//! there is one comparison.

use super::{DocumentChange, Effect, Outcome};
use crate::error::{Error, Reason, Site};
use std::fmt;

/// What [`Book::preview`](super::Book::preview) showed. [`Book::commit`](super::Book::commit) does that or
/// refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What the command would do.
    pub outcome: Outcome,
    /// What tells it apart from what the command may do later.
    pub fingerprint: PlanFingerprint,
}

/// A hash over all that a plan changes and shows. Equal figures of the same documents and lines have equal
/// fingerprints, natively and in WebAssembly, in the book of the preview and in one that is restored from a snapshot of
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlanFingerprint(u64);

impl PlanFingerprint {
    /// The fingerprint of that number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number, for a host that keeps the fingerprint.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads what [`Display`](fmt::Display) writes: 16 hexadecimal digits, in small letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // The standard library reads signs and capitals, too.
        let mut bytes = text.bytes();
        if text.len() != 16 || !bytes.all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for PlanFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Effect<'_> {
    /// The refusal of a plan that showed something else. It names the first document whose open amount moved since, of
    /// those that the plan changes (`planned`); a fault if what is settled does not fit the documents.
    #[must_use]
    pub fn plan_moved(&self, planned: &[DocumentChange]) -> Error {
        let now = match self.balances() {
            Ok((now, _)) => now,
            Err(fault) => return fault,
        };

        // Where all open amounts are as planned, lines, texts or settings are not: that has one sentence.
        let moved = planned.iter().zip(&now).find(|(then, now)| then != now);
        let reason = moved.and_then(|(then, now)| self.balance_moved(then, now));
        Error::of(reason.unwrap_or(Reason::LinesMoved {}), &Site::Command)
    }

    /// Returns that the open amount of a document moved, if the plan shows the same document there.
    fn balance_moved(&self, planned: &DocumentChange, now: &DocumentChange) -> Option<Reason> {
        if planned.document != now.document {
            return None;
        }

        let header = self.context.documents.header(now.document)?;
        let currency = &header.currency;
        Some(Reason::BalanceMoved {
            kind: header.kind.into(),
            document: (*header.id).into(),
            planned_before: currency.figure(planned.before),
            planned_after: currency.figure(planned.after),
            before: currency.figure(now.before),
            after: currency.figure(now.after),
        })
    }
}
