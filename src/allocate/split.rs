//! One amount over a row of weights or caps.

use crate::order::sort_by;
use std::cmp::Ordering;

/// Splits `amount` over `weights` in proportion, by largest remainder: every share is the floor of
/// `amount × weight ÷ total`, and the units left over go one each to the largest remainders, ties to the earlier.
///
/// The shares sum to `amount` exactly, each less than one unit from its exact share. With `amount` ≤ total, no share
/// exceeds its weight. `None` if there is something to split and all weights are zero.
///
/// ```
/// use setoff::allocate::proportional;
/// // 100 over three equal weights: the one unit left over goes to the first.
/// assert_eq!(proportional(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
/// // 10 × 3/7 = 4.29, 10 × 2/7 = 2.86 twice: 4 + 2 + 2, and one each to the two larger remainders.
/// assert_eq!(proportional(10, &[3, 2, 2]), Some(vec![4, 3, 3]));
/// ```
#[must_use]
pub fn proportional(amount: u64, weights: &[u64]) -> Option<Vec<u64>> {
    if amount == 0 {
        return Some(vec![0; weights.len()]);
    }
    // Weights and the amount are less than 2⁶⁴, so their products, and the sum of fewer than 2⁶⁴ weights, fit a u128.
    let total = weights.iter().try_fold(0_u128, |sum, &weight| sum.checked_add(u128::from(weight)))?;
    if total == 0 {
        return None;
    }
    let mut remainders = Vec::with_capacity(weights.len());
    let mut left = amount;
    let mut shares = Vec::with_capacity(weights.len());
    for &weight in weights {
        let product = u128::from(amount).checked_mul(u128::from(weight))?;
        let share = u64::try_from(product.checked_div(total)?).ok()?;
        shares.push(share);
        left = left.checked_sub(share)?;
        remainders.push(product.checked_rem(total)?);
    }
    let left = usize::try_from(left).ok()?;
    if left > 0 {
        for place in largest(&remainders, total, left)? {
            let share = shares.get_mut(place)?;
            *share = share.checked_add(1)?;
        }
    }
    Some(shares)
}

/// The places of the `count` largest of `remainders`, all less than `total`, the earlier first among equals.
///
/// A histogram by leading bits finds the bucket in which the last of them lies; only that one is sorted.
fn largest(remainders: &[u128], total: u128, count: usize) -> Option<Vec<usize>> {
    const BITS: u32 = 8;
    let shift = total.checked_ilog2()?.saturating_sub(BITS.saturating_sub(1));
    let bucket = |remainder: u128| usize::try_from(remainder >> shift).unwrap_or(usize::MAX);
    let mut histogram = [0_usize; 1 << BITS];
    for &remainder in remainders {
        let counted = histogram.get_mut(bucket(remainder))?;
        *counted = counted.checked_add(1)?;
    }
    let mut left = count;
    let mut last = histogram.len();
    // From the top bucket down, as long as whole buckets are wanted.
    for (index, &counted) in histogram.iter().enumerate().rev() {
        last = index;
        match left.checked_sub(counted) {
            Some(rest) if rest > 0 => left = rest,
            _ => break,
        }
    }
    let mut places = Vec::with_capacity(count);
    let mut among: Vec<(usize, u128)> = Vec::new();
    for (place, &remainder) in remainders.iter().enumerate() {
        match bucket(remainder).cmp(&last) {
            Ordering::Greater => places.push(place),
            Ordering::Equal => among.push((place, remainder)),
            Ordering::Less => {}
        }
    }
    sort_by(&mut among, |a, b| b.1.cmp(&a.1));
    places.extend(among.into_iter().take(left).map(|(place, _)| place));
    (places.len() == count).then_some(places)
}

/// Splits `amount` over `caps` first in, first out: each takes what is left, up to its cap.
///
/// `None` if the caps together are less than the amount.
///
/// ```
/// use setoff::allocate::in_order;
/// assert_eq!(in_order(70, &[20, 100, 5]), Some(vec![20, 50, 0]));
/// assert_eq!(in_order(126, &[20, 100, 5]), None);
/// ```
#[must_use]
pub fn in_order(amount: u64, caps: &[u64]) -> Option<Vec<u64>> {
    let mut left = amount;
    let shares = caps
        .iter()
        .map(|&cap| {
            let share = left.min(cap);
            left = left.saturating_sub(share);
            share
        })
        .collect();
    (left == 0).then_some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_splits_into_nothing() {
        assert_eq!(proportional(0, &[]), Some(vec![]));
        assert_eq!(proportional(0, &[0, 0]), Some(vec![0, 0]));
        assert_eq!(in_order(0, &[]), Some(vec![]));
    }

    #[test]
    fn something_over_nothing_is_refused() {
        assert_eq!(proportional(1, &[]), None);
        assert_eq!(proportional(1, &[0, 0]), None);
        assert_eq!(in_order(1, &[0]), None);
    }

    #[test]
    fn a_zero_weight_gets_nothing() {
        assert_eq!(proportional(5, &[0, 3, 0, 4]), Some(vec![0, 2, 0, 3]));
    }

    #[test]
    fn the_whole_range_is_exact() {
        let max = u64::MAX;
        assert_eq!(proportional(max, &[max, max, max]), Some(vec![max / 3; 3]));
        assert_eq!(proportional(max, &[1]), Some(vec![max]));
        // max = 2k + 1 over two equal weights: k + 1 and k.
        assert_eq!(proportional(max, &[max, max]), Some(vec![max / 2 + 1, max / 2]));
    }
}
