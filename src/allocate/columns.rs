//! Columns of weights that are loaded once and split over as often as needed.

use super::refusal::{SentSplit, negative_number, no_such_part};
use super::share::first_negative;
use super::split::{Splitter, Total};
use super::{Method, PortionReason, SplitInput, SplitRefusal};
use crate::error::{CountFigure, Error, Reason, Result, Site, SiteField, TextFigure};
use crate::memory;
use crate::money::text;
use rust_decimal::Decimal;
use std::ops::Range;

/// The weights of many splits, one after another, and the parts of the last amounts that were split over them.
///
/// By the default method that takes 18 bytes a weight: 8 for it, 8 for its part, 2 while it is split.
#[derive(Debug)]
pub struct SplitColumns {
    method: Method,
    weights: ColumnWeights,
    /// Where the weights of each split end.
    ends: Vec<usize>,
    /// In two's complement.
    parts: Vec<u64>,
    amounts: Vec<i64>,
    unallocated: Vec<i64>,
    splitter: Splitter,
}

#[derive(Debug)]
enum ColumnWeights {
    /// For the kernel: none negative, no caps.
    Plain {
        weights: Vec<u64>,
        /// The total of each split, where it has one.
        totals: Vec<Option<Total>>,
    },
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

impl SplitColumns {
    /// Loads the weights of one split, or, with `ends`, of many: each split ends before the index that its end names.
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
        memory::reserve(ends.map_or(1, <[_]>::len).saturating_mul(SPLIT))?;
        let ends = read_ends(ends, weights.len())?;
        check_caps(&weights, caps.as_deref())?;
        if !method.allow_negative {
            check_not_negative(&weights, SiteField::Weights)?;
        }
        if let Some(caps) = &caps {
            check_not_negative(caps, SiteField::Caps)?;
        }

        let is_plain = method.is_kernel() && !method.allow_negative && caps.is_none();
        let weights = if is_plain {
            ColumnWeights::plain(weights, &ends)
        } else {
            ColumnWeights::Signed { weights, caps }
        };
        Ok(Self {
            method,
            weights,
            ends,
            parts: Vec::new(),
            amounts: Vec::new(),
            unallocated: Vec::new(),
            splitter: Splitter::default(),
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

        // Some amounts can have been split before one was refused. Nobody is to take their parts for the whole.
        if split.is_err() {
            self.parts.clear();
            self.unallocated.clear();
        }
        split
    }

    /// What a split may take.
    fn room(&self) -> usize {
        let (weights, each) = match &self.weights {
            ColumnWeights::Plain { weights, .. } => (weights.len(), PLAIN_WEIGHT),
            ColumnWeights::Signed { weights, .. } => (weights.len(), SIGNED_WEIGHT),
        };
        let splits = self.ends.len().saturating_mul(SPLIT);
        weights.saturating_mul(each).saturating_add(splits)
    }

    fn split_all(&mut self) -> Result<()> {
        let amounts = Site::Command.field(SiteField::Amounts);
        if self.amounts.len() != self.ends.len() {
            let (splits, count) = (self.ends.len().into(), self.amounts.len().into());
            return Err(Error::of(Reason::AmountsCount { splits, count }, &amounts));
        }

        self.parts.resize(self.weights.count(), 0);
        self.unallocated.clear();
        self.unallocated.reserve(self.amounts.len());

        let mut start = 0;
        for (index, (&amount, &end)) in self.amounts.iter().zip(&self.ends).enumerate() {
            let parts = self.parts.get_mut(start..end).ok_or_else(missing)?;

            let split = match &self.weights {
                ColumnWeights::Plain { weights, totals } => {
                    let weights = weights.get(start..end).ok_or_else(missing)?;
                    let total = totals.get(index).copied().flatten();
                    split_plain(
                        &self.method,
                        &mut self.splitter,
                        amount,
                        weights,
                        total,
                        parts,
                    )
                }
                ColumnWeights::Signed { .. } => {
                    let input = self.weights.input(amount, start..end).ok_or_else(missing)?;
                    split_signed(&self.method, &input, parts)
                }
            };

            let unallocated = split
                .map_err(|refusal| refusal.error(&SentAmount(amount), &amounts.entry(index)))?;
            self.unallocated.push(unallocated);
            start = end;
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

    /// Why the part at `index` is what it is. Splits its amount again: nothing of this is kept.
    ///
    /// # Errors
    /// `outOfRange` if there is no such part.
    pub fn why(&self, index: usize) -> Result<PortionReason> {
        let Some(part) = self.parts.get(index) else {
            return Err(no_such_part(index, self.parts.len()));
        };

        // The split that the part belongs to: the first that ends behind it.
        let split = self.ends.partition_point(|&end| end <= index);
        let start = match split.checked_sub(1) {
            Some(before) => *self.ends.get(before).ok_or_else(missing)?,
            None => 0,
        };
        let end = *self.ends.get(split).ok_or_else(missing)?;
        let amount = *self.amounts.get(split).ok_or_else(missing)?;

        let plain = self.weights.as_signed(start..end);
        let input = match &plain {
            Some(weights) => Some(plain_input(amount, weights)),
            None => self.weights.input(amount, start..end),
        };
        let input = input.ok_or_else(missing)?;

        let index = index.checked_sub(start).ok_or_else(missing)?;
        let reason = match self.method.trace(&input) {
            Ok((_, steps)) => {
                let part = part.cast_signed();
                PortionReason::new(&self.method, &steps, index, part, Decimal::ONE)
            }
            Err(_) => None,
        };

        reason.ok_or_else(|| {
            // The kernel splits amounts whose steps 128 bits do not hold.
            let amounts = Site::Command.field(SiteField::Amounts);
            SplitRefusal::OutOfRange.error(&SentAmount(amount), &amounts.entry(split))
        })
    }
}

impl ColumnWeights {
    /// Weights for the kernel, with their totals.
    fn plain(weights: Vec<i64>, ends: &[usize]) -> Self {
        // Collected in the same memory.
        let weights: Vec<_> = weights.into_iter().map(i64::cast_unsigned).collect();
        let mut totals = Vec::with_capacity(ends.len());
        let mut start = 0;
        for &end in ends {
            totals.push(weights.get(start..end).and_then(Total::of));
            start = end;
        }

        Self::Plain { weights, totals }
    }

    fn count(&self) -> usize {
        match self {
            Self::Plain { weights, .. } => weights.len(),
            Self::Signed { weights, .. } => weights.len(),
        }
    }

    /// The input of one split, if its weights have signs.
    fn input(&self, amount: i64, range: Range<usize>) -> Option<SplitInput<'_>> {
        let Self::Signed { weights, caps } = self else {
            return None;
        };

        let caps = match caps {
            Some(caps) => Some(caps.get(range.clone())?),
            None => None,
        };

        Some(SplitInput {
            amount,
            weights: weights.get(range)?,
            caps,
            order: None,
        })
    }

    /// A copy of the weights of one split, if they have no signs.
    fn as_signed(&self, range: Range<usize>) -> Option<Vec<i64>> {
        match self {
            Self::Plain { weights, .. } => Some(signed(weights.get(range)?)),
            Self::Signed { .. } => None,
        }
    }
}

/// Splits by the kernel where it can, and otherwise as [`Method::split`] does. Returns what stays unallocated.
fn split_plain(
    method: &Method,
    splitter: &mut Splitter,
    amount: i64,
    weights: &[u64],
    total: Option<Total>,
    parts: &mut [u64],
) -> std::result::Result<i64, SplitRefusal> {
    let Some((magnitude, total)) = for_kernel(method, amount, total) else {
        return split_signed(method, &plain_input(amount, &signed(weights)), parts);
    };

    // Where the kernel fails, the general code says why, or splits what is too large for the kernel.
    let split = splitter.proportional_of(magnitude, weights, total, parts);
    if split.is_none() {
        return split_signed(method, &plain_input(amount, &signed(weights)), parts);
    }

    // The mirror of the magnitude, in two's complement. It cannot wrap: the smallest amount went the other way.
    if amount < 0 {
        for part in parts {
            *part = part.wrapping_neg();
        }
    }
    Ok(0)
}

/// The magnitude of an amount and the total of the weights, if the kernel can split the one by the other. It cannot
/// where the amount is nothing, negative without a mirror, the smallest of all, or more than a total that caps it.
fn for_kernel(method: &Method, amount: i64, total: Option<Total>) -> Option<(u64, Total)> {
    if amount == 0 || (amount < 0 && !method.mirror) {
        return None;
    }

    let magnitude = amount.checked_abs()?.unsigned_abs();
    let total = total?;
    let is_capped = method.cap_total && total.sum() < magnitude;
    (!is_capped).then_some((magnitude, total))
}

/// Splits as [`Method::split`] does. Returns what stays unallocated.
fn split_signed(
    method: &Method,
    input: &SplitInput<'_>,
    parts: &mut [u64],
) -> std::result::Result<i64, SplitRefusal> {
    let split = method.split(input)?;
    for (part, units) in parts.iter_mut().zip(split.parts) {
        *part = units.cast_unsigned();
    }
    Ok(split.unallocated)
}

/// An amount over weights that have no caps.
const fn plain_input(amount: i64, weights: &[i64]) -> SplitInput<'_> {
    SplitInput {
        amount,
        weights,
        caps: None,
        order: None,
    }
}

fn signed(weights: &[u64]) -> Vec<i64> {
    weights.iter().map(|weight| weight.cast_signed()).collect()
}

/// Where the weights of each split end. Absent: all of them are one split.
fn read_ends(ends: Option<&[u32]>, weight_count: usize) -> Result<Vec<usize>> {
    let Some(given) = ends else {
        return Ok(vec![weight_count]);
    };

    let site = Site::Command.field(SiteField::Ends);
    let mut ends = Vec::with_capacity(given.len());
    let mut before = 0;
    for &end in given {
        // A number that is no index is behind all weights, and refused as such.
        let end = usize::try_from(end).unwrap_or(usize::MAX);
        if end < before {
            let (before, end) = (before.into(), end.into());
            return Err(Error::of(Reason::EndsDescend { before, end }, &site));
        }
        ends.push(end);
        before = end;
    }

    if before != weight_count {
        let (weights, last) = (weight_count.into(), before.into());
        return Err(Error::of(Reason::EndsElsewhere { weights, last }, &site));
    }
    Ok(ends)
}

/// Refuses caps of another number than weights.
fn check_caps(weights: &[i64], caps: Option<&[i64]>) -> Result<()> {
    let count = caps.map_or(weights.len(), <[_]>::len);
    if count == weights.len() {
        return Ok(());
    }

    let (weights, count) = (weights.len().into(), count.into());
    let site = Site::Command.field(SiteField::Caps);
    Err(Error::of(Reason::CapsCount { weights, count }, &site))
}

/// Refuses the first negative number of a column.
fn check_not_negative(column: &[i64], list: SiteField) -> Result<()> {
    let negative = first_negative(column).and_then(|index| Some((index, column.get(index)?)));
    match negative {
        Some((index, &number)) => Err(negative_number(whole(number.into()), list, index)),
        None => Ok(()),
    }
}

fn whole(number: i128) -> TextFigure {
    text::write(number, 0).into()
}

fn missing() -> Error {
    Error::fault("a weight of a column is missing")
}

/// An amount whose split was refused, for the figures of the refusal. Its lists were checked when they were loaded.
struct SentAmount(i64);

impl SentSplit for SentAmount {
    fn amount(&self) -> TextFigure {
        whole(self.0.into())
    }

    fn increments(&self, count: i128) -> TextFigure {
        whole(count)
    }

    fn number(&self, _: SiteField, _: usize) -> Option<TextFigure> {
        None
    }

    fn count(&self, _: SiteField) -> Option<CountFigure> {
        None
    }
}
