//! The caps of a split: a weight whose exact share exceeds its cap gets the cap, and the others split the rest.

use super::apportion::product;
use crate::order::sort_places;
use std::cmp::Ordering;

/// What is left to be split once caps have taken the place of the shares that exceed them.
pub(super) struct FilledCaps {
    /// Which caps have.
    pub is_full: Vec<bool>,
    /// The amount for the other weights.
    pub amount: i64,
    /// The sum of the other weights. Never zero: an amount within all caps leaves the last weight no more than its cap.
    pub total: i128,
}

impl FilledCaps {
    /// Fills the caps that the exact shares of an amount exceed: the tightest first, each time by the amount and the
    /// weights that are left. `total` is the sum of the weights.
    pub(super) fn new(
        weights: &[i64],
        caps: Option<&[i64]>,
        amount: i64,
        total: i128,
    ) -> Option<Self> {
        let mut filled = Self {
            is_full: vec![false; weights.len()],
            amount,
            total,
        };

        // A split with negative weights goes on only if no share exceeds its cap.
        let has_negative = weights.iter().any(|&weight| weight < 0);
        let Some(caps) = caps.filter(|_| !has_negative) else {
            return Some(filled);
        };

        for index in tightest_first(weights, caps) {
            let (cap, weight) = (*caps.get(index)?, *weights.get(index)?);
            // By the amount and the weights that are left, multiplied crosswise. Once the tightest cap is wide
            // enough, so are all others.
            let share = product(filled.amount.into(), weight.into())?;
            if share <= product(cap.into(), filled.total)? {
                continue;
            }

            *filled.is_full.get_mut(index)? = true;
            filled.amount = filled.amount.checked_sub(cap)?;
            filled.total = filled.total.checked_sub(weight.into())?;
        }

        Some(filled)
    }
}

/// The indices of the weights by cap ÷ weight, the least first. A zero weight has no share that could exceed a cap.
fn tightest_first(weights: &[i64], caps: &[i64]) -> Vec<usize> {
    let mut indices = Vec::with_capacity(weights.len());
    for (index, &weight) in weights.iter().enumerate() {
        if weight > 0 {
            indices.push(index);
        }
    }

    sort_places(&mut indices, &|a, b| {
        compare_tightness(weights, caps, a, b).unwrap_or(Ordering::Equal)
    });
    indices
}

/// Compares cap ÷ weight of two indices, multiplied crosswise.
fn compare_tightness(weights: &[i64], caps: &[i64], a: usize, b: usize) -> Option<Ordering> {
    let (cap_a, weight_a) = (*caps.get(a)?, *weights.get(a)?);
    let (cap_b, weight_b) = (*caps.get(b)?, *weights.get(b)?);

    let a_by_b = product(cap_a.into(), weight_b.into())?;
    let b_by_a = product(cap_b.into(), weight_a.into())?;
    Some(a_by_b.cmp(&b_by_a))
}

/// The most that can be split under caps: their sum, without those of weights that receive nothing.
pub(super) fn room_under(caps: &[i64], weights: &[i64]) -> i128 {
    let mut room = 0_i128;
    for (&cap, &weight) in caps.iter().zip(weights) {
        if weight != 0 {
            // Fewer than 2⁶⁴ numbers below 2⁶³ fit an i128.
            room = room.saturating_add(cap.into());
        }
    }
    room
}

/// Whether the exact share of any weight exceeds its cap. `total` is the sum of the weights; `None` if a product is out
/// of range.
pub(super) fn is_any_exceeded(
    weights: &[i64],
    caps: &[i64],
    amount: i64,
    total: i128,
) -> Option<bool> {
    for (&cap, &weight) in caps.iter().zip(weights) {
        let share = product(amount.into(), weight.into())?;
        let most = product(cap.into(), total)?;

        // Both are multiplied by the total: a negative one turns the comparison round.
        let exceeds = if total < 0 {
            share < most
        } else {
            share > most
        };
        if exceeds {
            return Some(true);
        }
    }
    Some(false)
}
