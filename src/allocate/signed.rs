//! Proportion where some weights are negative.

use super::apportion::{apportion_weights, sum};

/// Splits `amount` in proportion to `weights`, some of which may be negative: a share has the sign of its weight and
/// never exceeds it, and shares of all there is close every weight exactly.
///
/// By largest remainder: every exact share `amount × weight ÷ sum` is rounded down (towards −∞), and the units that are
/// left go to the largest remainders, of equal ones to the earlier. So each share is less than one unit off.
///
/// `None` if the weights sum to less than `amount`, to nothing while there is an amount, or beyond 2⁶³.
///
/// ```
/// use setoff::allocate::proportional_signed;
/// // 7.00 of what is open on an invoice of 10.00, 2.00 and −2.00: exact shares 7, 1.4 and −1.4.
/// assert_eq!(proportional_signed(700, &[1000, 200, -200]), Some(vec![700, 140, -140]));
/// // ⅔, ⅔ and −⅓, rounded down to 0, 0 and −1: two units are left for three equal remainders.
/// assert_eq!(proportional_signed(1, &[2, 2, -1]), Some(vec![1, 1, -1]));
/// assert_eq!(proportional_signed(3, &[2, 2, -1]), Some(vec![2, 2, -1]));
/// assert_eq!(proportional_signed(4, &[2, 2, -1]), None);
/// ```
#[must_use]
pub fn proportional_signed(amount: u64, weights: &[i64]) -> Option<Vec<i64>> {
    let sum = sum(weights);
    if amount > 0 && (i128::from(amount) > sum || sum > i128::from(i64::MAX)) {
        return None;
    }
    apportion_weights(amount, weights, false).map(|split| split.parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All weights of −3 to 4 on three lines, all amounts up to their sum: the shares sum to the amount, have the sign
    /// of their weight, stay within it and are less than a unit from the exact share.
    #[test]
    fn shares_are_near_and_within_their_weights() {
        let range = || -3..=4_i64;
        for weights in
            range().flat_map(|a| range().flat_map(move |b| range().map(move |c| [a, b, c])))
        {
            let sum: i64 = weights.iter().sum();
            for amount in 1..=sum.max(0) {
                let shares = proportional_signed(amount.unsigned_abs(), &weights).unwrap();
                assert_eq!(shares.iter().sum::<i64>(), amount, "{weights:?}");
                for (share, weight) in shares.iter().zip(weights) {
                    assert!(
                        (weight.min(0)..=weight.max(0)).contains(share),
                        "{amount} over {weights:?}: {shares:?}"
                    );
                    assert!(
                        (share * sum - amount * weight).abs() < sum,
                        "{amount} over {weights:?}: {shares:?}"
                    );
                }
                if amount == sum {
                    assert_eq!(shares, weights);
                }
            }
            assert_eq!(
                proportional_signed(sum.max(0).unsigned_abs() + 1, &weights),
                None
            );
        }
    }

    /// A sum of 2⁶³ − 1 is one of a document, one more is not.
    #[test]
    fn sums_end_where_amounts_do() {
        let most = i64::MAX;
        assert_eq!(
            proportional_signed(most.unsigned_abs(), &[most, 1, -1]),
            Some(vec![most, 1, -1])
        );
        assert_eq!(proportional_signed(5, &[most, 1]), None);
        assert_eq!(proportional_signed(5, &[most, 2]), None);
    }
}
