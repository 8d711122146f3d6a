//! Columns of weights that are loaded once and split over as often as needed.

use super::share::{Input, Refusal};
use super::split::{Splitter, Total};
use super::{Method, Why};
use crate::error::{Code, Error, Path, Result};
use crate::memory;
use crate::money::text;
use rust_decimal::Decimal;

/// The weights of many splits, one after another, and the parts of the last amounts that were split over them.
///
/// By the default method that takes 18 bytes a weight: 8 for it, 8 for its part, 2 while it is split.
#[derive(Debug)]
pub struct Columns {
    method: Method,
    weights: Weights,
    /// Where the weights of each split end.
    ends: Vec<usize>,
    /// In two's complement.
    parts: Vec<u64>,
    amounts: Vec<i64>,
    unallocated: Vec<i64>,
    splitter: Splitter,
}

#[derive(Debug)]
enum Weights {
    /// For the kernel: none negative, no caps; and the total of each split, where it has one.
    Plain(Vec<u64>, Vec<Option<Total>>),
    /// For everything else.
    Signed {
        weights: Vec<i64>,
        caps: Option<Vec<i64>>,
    },
}

/// What a weight may take while it is split by the kernel: its part, and a list of candidates that grows.
const PLAIN_WEIGHT: usize = 56;

/// What a weight may take while it is split in 128 bits.
const SIGNED_WEIGHT: usize = 128;

/// What each split may take.
const SPLIT: usize = 64;

impl Columns {
    /// Loads the weights of one split, or, with `ends`, of as many as there are: each ends before the place of its own.
    ///
    /// # Errors
    /// `lengthMismatch` for caps, `outOfRange` for ends that do not ascend to the number of weights, and for negative
    /// weights and caps.
    pub fn new(
        method: Method,
        weights: Vec<i64>,
        caps: Option<Vec<i64>>,
        ends: Option<&[u32]>,
    ) -> Result<Self> {
        let count = weights.len();
        let root = Path::Root;
        memory::reserve(ends.map_or(1, <[_]>::len).saturating_mul(SPLIT))?;
        let ends = match ends {
            None => vec![count],
            Some(ends) => {
                let ends: Vec<_> = ends
                    .iter()
                    .map(|&end| usize::try_from(end).unwrap_or(usize::MAX))
                    .collect();
                let is_right =
                    ends.is_sorted() && ends.last().copied().unwrap_or_default() == count;
                if !is_right {
                    let needed = ["ascending ends, the last ", &count.to_string()].concat();
                    return Err(Error::new(
                        Code::OutOfRange,
                        &root.field("ends"),
                        needed,
                        "other places",
                    ));
                }
                ends
            }
        };
        let refuse = |refusal: Refusal| refusal.error(&root, 0, "", &|_| String::new());
        if caps.as_ref().is_some_and(|caps| caps.len() != count) {
            return Err(refuse(Refusal::CapsCount));
        }
        let negative = |values: &[i64]| values.iter().position(|&value| value < 0);
        if let Some(place) = negative(&weights).filter(|_| !method.allow_negative) {
            return Err(refuse(Refusal::NegativeWeight(place)));
        }
        if let Some(place) = caps.as_deref().and_then(negative) {
            return Err(refuse(Refusal::NegativeCap(place)));
        }
        let weights = if method.is_kernel() && !method.allow_negative && caps.is_none() {
            let weights: Vec<_> = weights.into_iter().map(i64::cast_unsigned).collect();
            let starts = std::iter::once(&0).chain(&ends);
            let total = |(&from, &end): (&usize, &usize)| Total::of(weights.get(from..end)?);
            let totals = starts.zip(&ends).map(total).collect();
            Weights::Plain(weights, totals)
        } else {
            Weights::Signed { weights, caps }
        };
        let splitter = Splitter::default();
        Ok(Self {
            method,
            weights,
            ends,
            parts: Vec::new(),
            amounts: Vec::new(),
            unallocated: Vec::new(),
            splitter,
        })
    }

    /// Splits an amount over the weights of each split, in place of the amounts before.
    ///
    /// # Errors
    /// `lengthMismatch` for another number of amounts than splits; for each amount as [`Method::split`]. There are no
    /// parts then.
    pub fn split(&mut self, amounts: Vec<i64>) -> Result<()> {
        memory::reserve(self.room())?;
        self.amounts = amounts;
        let split = self.split_all();
        if split.is_err() {
            self.parts.clear();
            self.unallocated.clear();
        }
        split
    }

    /// What a split may take.
    fn room(&self) -> usize {
        let (weights, each) = match &self.weights {
            Weights::Plain(weights, _) => (weights.len(), PLAIN_WEIGHT),
            Weights::Signed { weights, .. } => (weights.len(), SIGNED_WEIGHT),
        };
        let splits = self.ends.len().saturating_mul(SPLIT);
        weights.saturating_mul(each).saturating_add(splits)
    }

    fn split_all(&mut self) -> Result<()> {
        let field = Path::Root.field("amounts");
        if self.amounts.len() != self.ends.len() {
            let needed = ["one for each of ", &self.ends.len().to_string(), " splits"].concat();
            return Err(Error::new(
                Code::LengthMismatch,
                &field,
                needed,
                self.amounts.len().to_string(),
            ));
        }
        let Self {
            method,
            weights,
            ends,
            parts,
            amounts,
            unallocated,
            splitter,
        } = self;
        unallocated.clear();
        unallocated.resize(amounts.len(), 0);
        let count = ends.last().copied().unwrap_or_default();
        parts.resize(count, 0);
        let mut from = 0;
        for (index, ((&amount, &end), unallocated)) in
            amounts.iter().zip(ends.iter()).zip(unallocated).enumerate()
        {
            let parts = parts.get_mut(from..end).unwrap_or_default();
            let split = match weights {
                Weights::Plain(weights, totals) => {
                    let weights = weights.get(from..end).unwrap_or_default();
                    let total = totals.get(index).copied().flatten();
                    split_plain(
                        method,
                        splitter,
                        amount,
                        (weights, total),
                        parts,
                        unallocated,
                    )
                }
                Weights::Signed { weights, caps } => {
                    let caps = caps
                        .as_ref()
                        .map(|caps| caps.get(from..end).unwrap_or_default());
                    let weights = weights.get(from..end).unwrap_or_default();
                    let input = Input {
                        amount,
                        weights,
                        caps,
                        order: None,
                    };
                    method.split(&input).map(|shares| {
                        parts
                            .iter_mut()
                            .zip(shares.parts)
                            .for_each(|(part, share)| *part = share.cast_unsigned());
                        *unallocated = shares.unallocated;
                    })
                }
            };
            split.map_err(|refusal| {
                refusal.error(
                    &field.index(index),
                    from,
                    &text::write(amount.into(), 0),
                    &|most| text::write(most, 0),
                )
            })?;
            from = end;
        }
        Ok(())
    }

    /// The parts of the last split, in two's complement; empty if there was none, or if it was refused.
    #[must_use]
    pub fn parts(&self) -> &[u64] {
        &self.parts
    }

    /// What nobody got of each amount.
    #[must_use]
    pub fn unallocated(&self) -> &[i64] {
        &self.unallocated
    }

    /// Why the part at `place` is what it is. Splits its amount again: nothing of this is kept.
    ///
    /// # Errors
    /// `outOfRange` if there is no such part.
    pub fn why(&self, place: usize) -> Result<Why> {
        let why = || {
            let part = self.parts.get(place)?.cast_signed();
            let index = self.ends.partition_point(|&end| end <= place);
            let from = index
                .checked_sub(1)
                .map_or(Some(0), |before| self.ends.get(before).copied())?;
            let range = from..*self.ends.get(index)?;
            let plain: Vec<i64>;
            let (weights, caps) = match &self.weights {
                Weights::Plain(weights, _) => {
                    plain = weights
                        .get(range)?
                        .iter()
                        .map(|weight| weight.cast_signed())
                        .collect();
                    (&*plain, None)
                }
                Weights::Signed { weights, caps } => (
                    weights.get(range.clone())?,
                    caps.as_ref().and_then(|caps| caps.get(range)),
                ),
            };
            let input = Input {
                amount: *self.amounts.get(index)?,
                weights,
                caps,
                order: None,
            };
            let (_, steps) = self.method.trace(&input).ok()?;
            let index = place.checked_sub(from)?;
            Why::of(&self.method, &steps, index, part, Decimal::ONE)
        };
        let none = || {
            Error::new(
                Code::OutOfRange,
                &Path::Root.field("place"),
                "the place of a part",
                "none there",
            )
        };
        why().ok_or_else(none)
    }
}

/// Splits by the kernel, and otherwise as [`Method::split`] would.
fn split_plain(
    method: &Method,
    splitter: &mut Splitter,
    amount: i64,
    (weights, total): (&[u64], Option<Total>),
    parts: &mut [u64],
    unallocated: &mut i64,
) -> std::result::Result<(), Refusal> {
    // A negative amount without mirror, nothing, and the smallest amount of all go the long way.
    let magnitude = amount
        .checked_abs()
        .filter(|_| amount > 0 || method.mirror)
        .map_or(0, i64::unsigned_abs);
    let total =
        total.filter(|total| magnitude > 0 && !(method.cap_total && total.sum() < magnitude));
    if total.is_some_and(|total| {
        splitter
            .proportional_of(magnitude, weights, total, parts)
            .is_some()
    }) {
        if amount < 0 {
            parts
                .iter_mut()
                .for_each(|part| *part = part.wrapping_neg());
        }
        return Ok(());
    }
    let weights: Vec<i64> = weights.iter().map(|weight| weight.cast_signed()).collect();
    let shares = method.split(&Input {
        amount,
        weights: &weights,
        caps: None,
        order: None,
    })?;
    parts
        .iter_mut()
        .zip(shares.parts)
        .for_each(|(part, share)| *part = share.cast_unsigned());
    *unallocated = shares.unallocated;
    Ok(())
}
