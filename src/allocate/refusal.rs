//! Why an amount cannot be split: the guards of a split, and the refusal that each of them becomes.
//!
//! A split of whole numbers knows neither the fields of a request nor how its numbers were written. It returns a
//! [`SplitRefusal`], and the caller that read the request makes an [`Error`] of it, with the numbers as they were sent.

use crate::error::{CountFigure, Error, Reason, Site, SiteField, TextFigure};

/// Why an amount cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitRefusal {
    /// There are no weights.
    NoWeights,
    /// All weights are zero.
    AllZero,
    /// A weight is negative: its index.
    NegativeWeight(usize),
    /// A cap is negative: its index.
    NegativeCap(usize),
    /// Caps and weights differ in number.
    CapsCount,
    /// Keys and weights differ in number, or the order does not name each weight once.
    KeysCount,
    /// There are caps, and the first pass goes from the back: it knows none.
    CapsFromBack,
    /// There are caps, and the amount is negative without being mirrored: no negative part exceeds a cap of zero or
    /// more, so that they would limit nothing.
    CapsWithoutMirror,
    /// A share exceeds its cap, and a weight is negative: what the others get instead could be anything then.
    CapsWithNegativeWeights,
    /// The amount exceeds the caps: their sum.
    OverCaps(i128),
    /// A share is out of range.
    OutOfRange,
}

/// A split as its request wrote it: a refusal repeats the numbers.
pub(super) trait SentSplit {
    /// The amount.
    fn amount(&self) -> TextFigure;

    /// That number of increments.
    fn increments(&self, count: i128) -> TextFigure;

    /// The weight or cap at an index.
    fn number(&self, list: SiteField, index: usize) -> Option<TextFigure>;

    /// How many weights, caps or keys there are.
    fn count(&self, list: SiteField) -> Option<CountFigure>;
}

impl SplitRefusal {
    /// The refusal of a request. It points at `amount_site` where it is about the amount.
    #[cold]
    #[inline(never)]
    pub(super) fn error(self, sent: &dyn SentSplit, amount_site: &Site<'_>) -> Error {
        let weights = Site::Command.field(SiteField::Weights);
        let caps = Site::Command.field(SiteField::Caps);
        let keys = Site::Command.field(SiteField::Keys);

        match self {
            Self::NoWeights => Error::of(Reason::NoWeights {}, &weights),
            Self::AllZero => Error::of(Reason::AllWeightsZero {}, &weights),
            Self::NegativeWeight(index) => negative(sent, SiteField::Weights, index),
            Self::NegativeCap(index) => negative(sent, SiteField::Caps, index),
            Self::CapsCount => match counts(sent, SiteField::Caps) {
                Some((weights, count)) => Error::of(Reason::CapsCount { weights, count }, &caps),
                None => missing(),
            },
            Self::KeysCount => match counts(sent, SiteField::Keys) {
                Some((weights, count)) => Error::of(Reason::KeysCount { weights, count }, &keys),
                None => missing(),
            },
            Self::CapsFromBack => Error::of(Reason::CapsFromBack {}, &caps),
            Self::CapsWithoutMirror => {
                let amount = sent.amount();
                Error::of(Reason::CapsWithoutMirror { amount }, &caps)
            }
            Self::CapsWithNegativeWeights => Error::of(Reason::CapsWithNegativeWeights {}, &caps),
            Self::OverCaps(room) => {
                let (most, amount) = (sent.increments(room), sent.amount());
                Error::of(Reason::MoreThanCaps { most, amount }, amount_site)
            }
            Self::OutOfRange => {
                let amount = sent.amount();
                Error::of(Reason::PartOutOfRange { amount }, amount_site)
            }
        }
    }
}

/// The refusal of a negative number of a list.
fn negative(sent: &dyn SentSplit, list: SiteField, index: usize) -> Error {
    match sent.number(list, index) {
        Some(number) => negative_number(number, list, index),
        None => missing(),
    }
}

/// The refusal of a negative weight or cap.
#[cold]
#[inline(never)]
pub(super) fn negative_number(number: TextFigure, list: SiteField, index: usize) -> Error {
    let site = Site::Command.field(list);
    Error::of(Reason::NegativeNumber { number }, &site.entry(index))
}

/// How many weights there are, and how long another list is.
fn counts(sent: &dyn SentSplit, list: SiteField) -> Option<(CountFigure, CountFigure)> {
    Some((sent.count(SiteField::Weights)?, sent.count(list)?))
}

fn missing() -> Error {
    Error::fault("a list that was split is missing")
}

/// The refusal of the index of a part that is not there.
#[cold]
#[inline(never)]
pub(super) fn no_such_part(index: usize, count: usize) -> Error {
    let (index, count) = (index.into(), count.into());
    let site = Site::Command.field(SiteField::Place);
    Error::of(Reason::NoSuchPart { count, index }, &site)
}
