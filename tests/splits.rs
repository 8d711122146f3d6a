//! Splitting whole numbers: random ones over the whole range against what defines a share, and all small ones against
//! naive splits.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use setoff::allocate::{
    Filler, Likeness, MatrixCell, Splitter, Total, fill, in_order, proportional,
};
use std::cmp::Reverse;
use support::{naive, property};

/// A share is the floor of the exact one, or one more; those with one more have the largest remainders, ties earlier.
fn check_proportional(splitter: &mut Splitter, amount: u64, weights: &[u64]) {
    let mut shares = Vec::new();
    let split = splitter
        .proportional(amount, weights, &mut shares)
        .map(|()| shares.clone());
    assert_eq!(
        split,
        proportional(amount, weights),
        "memory that is used again changes nothing"
    );
    let total = total(weights);
    if split.is_none() {
        assert!(
            amount > 0 && (total == 0 || total >= 1 << 63),
            "{amount} over {weights:?} was not split"
        );
        return;
    }
    assert_eq!(shares.len(), weights.len());
    assert_eq!(
        shares.iter().map(|&share| u128::from(share)).sum::<u128>(),
        u128::from(amount)
    );
    if amount == 0 {
        return;
    }
    let parts: Vec<_> = weights
        .iter()
        .map(|&weight| u128::from(amount) * u128::from(weight))
        .map(|product| (product / total, product % total))
        .collect();
    let more: Vec<_> = shares
        .iter()
        .zip(&parts)
        .map(|(&share, part)| u128::from(share).wrapping_sub(part.0))
        .collect();
    for (place, (&more, &(_, remainder))) in more.iter().zip(&parts).enumerate() {
        assert!(
            more == 0 || more == 1 && remainder > 0,
            "{amount} over {weights:?}: {shares:?} at {place}"
        );
        assert!(
            u128::from(amount) > total || shares[place] <= weights[place],
            "no more than its weight"
        );
    }
    // By remainder, descending, then place: all that got one more come first.
    let mut places: Vec<_> = (0..parts.len()).collect();
    places.sort_by_key(|&place| (Reverse(parts[place].1), place));
    assert!(
        places.is_sorted_by_key(|&place| Reverse(more[place])),
        "{amount} over {weights:?}: {shares:?}"
    );
}

fn check_in_order(amount: u64, caps: &[u64]) {
    let total: u128 = caps.iter().map(|&cap| u128::from(cap)).sum();
    let Some(shares) = in_order(amount, caps) else {
        assert!(
            u128::from(amount) > total,
            "{amount} over {caps:?} was not split"
        );
        return;
    };
    assert_eq!(
        shares.iter().map(|&share| u128::from(share)).sum::<u128>(),
        u128::from(amount)
    );
    // Full ones, then at most one that is not, then none.
    let full = shares
        .iter()
        .zip(caps)
        .take_while(|(share, cap)| share == cap)
        .count();
    assert!(shares.iter().zip(caps).all(|(share, cap)| share <= cap));
    assert!(
        shares.iter().skip(full + 1).all(|&share| share == 0),
        "{amount} over {caps:?}: {shares:?}"
    );
}

fn total(units: &[u64]) -> u128 {
    units.iter().map(|&units| u128::from(units)).sum()
}

/// Every matrix: its margins are exact and no cell is zero, so that none exceeds its row or its column either. No row
/// and column meet twice.
fn check_matrix(rows: &[u64], columns: &[u64], cells: &[MatrixCell]) {
    let mut sums = (vec![0_u128; rows.len()], vec![0_u128; columns.len()]);
    for cell in cells {
        assert!(cell.units > 0, "{rows:?} by {columns:?}: {cells:?}");
        sums.0[cell.row] += u128::from(cell.units);
        sums.1[cell.column] += u128::from(cell.units);
    }
    let wide = |margin: &[u64]| {
        margin
            .iter()
            .map(|&units| u128::from(units))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        sums,
        (wide(rows), wide(columns)),
        "{rows:?} by {columns:?}: {cells:?}"
    );
    let mut places: Vec<_> = cells.iter().map(|cell| (cell.row, cell.column)).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(
        places.len(),
        cells.len(),
        "{rows:?} by {columns:?}: {cells:?}"
    );
}

fn check_sparse(rows: &[u64], columns: &[u64], cells: &[MatrixCell]) {
    check_matrix(rows, columns, cells);
    assert!(
        cells.len() <= (rows.len() + columns.len()).saturating_sub(1),
        "{rows:?} by {columns:?}: {cells:?}"
    );
}

fn check_fill(rows: &[u64], columns: &[u64]) {
    let Some(cells) = fill(rows, columns) else {
        assert_ne!(
            total(rows),
            total(columns),
            "{rows:?} by {columns:?} was not filled"
        );
        return;
    };
    check_sparse(rows, columns, &cells);
    assert!(
        cells.is_sorted_by_key(|cell| (cell.row, cell.column)),
        "{rows:?} by {columns:?}: {cells:?}"
    );
}

type Keys = Vec<Option<u32>>;

fn fill_alike(
    filler: &mut Filler,
    rows: &[u64],
    columns: &[u64],
    levels: &[(Keys, Keys)],
) -> Option<Vec<MatrixCell>> {
    let mut cells = Vec::new();
    let levels: Vec<_> = levels
        .iter()
        .map(|(rows, columns)| Likeness { rows, columns })
        .collect();
    filler.alike(rows, columns, &levels, &mut |cell| {
        cells.push(cell);
        Some(())
    })?;
    Some(cells)
}

/// Like meets like: between rows and columns of one key of the first level goes all that can.
fn check_alike(filler: &mut Filler, rows: &[u64], columns: &[u64], levels: &[(Keys, Keys)]) {
    let Some(cells) = fill_alike(filler, rows, columns, levels) else {
        assert_ne!(
            total(rows),
            total(columns),
            "{rows:?} by {columns:?} was not filled"
        );
        return;
    };
    check_sparse(rows, columns, &cells);
    let Some((row_keys, column_keys)) = levels.first() else {
        assert_eq!(Some(cells), fill(rows, columns), "nobody is like anybody");
        return;
    };
    for key in row_keys.iter().copied().filter(Option::is_some) {
        let of_key = |keys: &Keys, margin: &[u64]| -> u128 {
            keys.iter()
                .zip(margin)
                .filter(|(other, _)| **other == key)
                .map(|(_, &units)| u128::from(units))
                .sum()
        };
        let most = of_key(row_keys, rows).min(of_key(column_keys, columns));
        let met = cells
            .iter()
            .filter(|cell| row_keys[cell.row] == key && column_keys[cell.column] == key);
        let met: u128 = met.map(|cell| u128::from(cell.units)).sum();
        assert_eq!(met, most, "{rows:?} by {columns:?}, {levels:?}: {cells:?}");
    }
}

/// Each row is the share of what the rows before it left.
fn check_dense(filler: &mut Filler, rows: &[u64], columns: &[u64]) {
    let mut cells = Vec::new();
    let filled = filler.dense(rows, columns, &mut |cell| {
        cells.push(cell);
        Some(())
    });
    if filled.is_none() {
        let (rows, columns) = (total(rows), total(columns));
        assert!(
            rows != columns || rows >= 1 << 63,
            "a matrix of {rows} was not filled"
        );
        return;
    }
    check_matrix(rows, columns, &cells);
    assert!(
        cells.is_sorted_by_key(|cell| (cell.row, cell.column)),
        "{rows:?} by {columns:?}: {cells:?}"
    );
    let mut left = columns.to_vec();
    for (row, &units) in rows.iter().enumerate() {
        let shares = proportional(units, &left).unwrap();
        let mut cells = cells.iter().filter(|cell| cell.row == row);
        for (column, (left, share)) in left
            .iter_mut()
            .zip(shares)
            .enumerate()
            .filter(|(_, (_, share))| *share > 0)
        {
            assert_eq!(
                cells.next(),
                Some(&MatrixCell {
                    row,
                    column,
                    units: share
                })
            );
            *left -= share;
        }
        assert_eq!(cells.next(), None);
    }
}

/// Weights of every size: small, wide, almost alike (their remainders differ in the last bits alone), many, as many as
/// there can be, and too many.
fn weights() -> impl Strategy<Value = Vec<u64>> {
    let shifted = |(shift, weights): (u32, Vec<u64>)| {
        weights.into_iter().map(|weight| weight >> shift).collect()
    };
    let alike = |(base, weights): (u64, Vec<u64>)| {
        weights.into_iter().map(|weight| base + weight).collect()
    };
    prop_oneof![
        6 => vec(0_u64..=9, 0..=80),
        6 => (0_u32..64, vec(any::<u64>(), 0..=80)).prop_map(shifted),
        3 => (30_u32..45, vec(any::<u64>(), 30..=130)).prop_map(shifted),
        4 => (0_u64..1 << 56, vec(0_u64..4, 1..=100)).prop_map(alike),
        1 => (0_u64..1 << 50, vec(0_u64..9, 4090..=4100)).prop_map(alike),
        4 => vec(any::<u64>(), 0..=40).prop_map(|cuts| cut((1 << 63) - 1, cuts)),
        1 => vec(any::<u64>(), 1..=3),
    ]
}

/// An amount of any size, or what the weights are together, or a little more or less.
fn split() -> impl Strategy<Value = (u64, Vec<u64>)> {
    let amount = prop_oneof![1 => any::<u64>().prop_map(Some), 2 => Just(None)];
    (weights(), amount, any::<u64>()).prop_map(|(weights, amount, random)| {
        let total = weights
            .iter()
            .fold(0_u64, |sum, &weight| sum.saturating_add(weight));
        (
            amount.unwrap_or(random % total.saturating_add(2).max(1)),
            weights,
        )
    })
}

/// Two margins of the same sum, and up to three levels of likeness.
fn matrix() -> impl Strategy<Value = (Vec<u64>, Vec<u64>, Vec<(Keys, Keys)>)> {
    let total = prop_oneof![any::<u64>(), 0_u64..1 << 63, 0_u64..100];
    (total, cuts(), cuts()).prop_flat_map(|(total, rows, columns)| {
        let (rows, columns) = (cut(total, rows), cut(total, columns));
        let keys = |count: usize| vec(proptest::option::weighted(0.8, 0_u32..5), count);
        let levels = vec((keys(rows.len()), keys(columns.len())), 0..=3);
        (Just(rows), Just(columns), levels)
    })
}

fn cuts() -> impl Strategy<Value = Vec<u64>> {
    vec(any::<u64>(), 0..=12)
}

/// `total`, cut at some places.
fn cut(total: u64, places: Vec<u64>) -> Vec<u64> {
    let mut ends: Vec<_> = places
        .into_iter()
        .map(|place| place.checked_rem(total).unwrap_or(0))
        .collect();
    ends.extend([0, total]);
    ends.sort_unstable();
    ends.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

proptest! {
    #![proptest_config(property::config(2000))]

    #[test]
    fn amounts_are_split_in_proportion(splits in vec(split(), 1..=3)) {
        let mut splitter = Splitter::default();
        splits.iter().for_each(|(amount, weights)| check_proportional(&mut splitter, *amount, weights));
    }

    #[test]
    fn amounts_are_split_in_order((amount, caps) in split()) {
        check_in_order(amount, &caps);
    }

    #[test]
    fn equal_margins_are_filled(total in any::<u64>(), rows in cuts(), columns in cuts()) {
        let (rows, columns) = (cut(total, rows), cut(total, columns));
        check_fill(&rows, &columns);
        prop_assert!(fill(&rows, &columns).is_some());
    }

    #[test]
    fn unequal_margins_are_refused(rows in weights(), columns in weights()) {
        check_fill(&rows, &columns);
        check_dense(&mut Filler::default(), &rows, &columns);
    }

    #[test]
    fn like_meets_like(matrices in vec(matrix(), 1..=3)) {
        let mut filler = Filler::default();
        for (rows, columns, levels) in &matrices {
            check_alike(&mut filler, rows, columns, levels);
            let filled = fill_alike(&mut filler, rows, columns, levels);
            prop_assert_eq!(&filled, &fill_alike(&mut Filler::default(), rows, columns, levels), "used memory");
        }
    }

    #[test]
    fn dense_matrices_keep_their_margins(matrices in vec(matrix(), 1..=3)) {
        let mut filler = Filler::default();
        matrices.iter().for_each(|(rows, columns, _)| check_dense(&mut filler, rows, columns));
    }

    #[test]
    fn sparse_matrices_scale((rows, columns, levels) in matrix(), factor in 1_u64..1000) {
        let scaled = |margin: &[u64]| margin.iter().map(|units| units.checked_mul(factor)).collect::<Option<Vec<_>>>();
        if let (Some(wide_rows), Some(wide_columns)) = (scaled(&rows), scaled(&columns)) {
            let mut filler = Filler::default();
            let mut cells = fill_alike(&mut filler, &rows, &columns, &levels).unwrap();
            cells.iter_mut().for_each(|cell| cell.units *= factor);
            prop_assert_eq!(fill_alike(&mut filler, &wide_rows, &wide_columns, &levels), Some(cells));
        }
    }

    /// Whoever has a partner of its own meets it, in whatever order both sides come.
    #[test]
    fn partners_meet_in_any_order(units in vec(any::<u32>(), 1..=12), seed in any::<u64>()) {
        let margin: Vec<u64> = units.iter().map(|&units| units.into()).collect();
        let mut order: Vec<usize> = (0..margin.len()).collect();
        order.sort_by_key(|&place| (seed.rotate_left(u32::try_from(place).unwrap()).wrapping_mul(0x9e37_79b9), place));
        let key = |place: usize| Some(u32::try_from(place).unwrap());
        let columns: Vec<_> = order.iter().map(|&place| margin[place]).collect();
        let level = ((0..margin.len()).map(key).collect(), order.iter().map(|&place| key(place)).collect());
        let cells = fill_alike(&mut Filler::default(), &margin, &columns, &[level]).unwrap();
        prop_assert!(cells.iter().all(|cell| order[cell.column] == cell.row), "{:?}", cells);
    }
}

/// Counts and widths of weights around which they are divided in another way, and amounts that bring out what is
/// special there: shares without remainder, whose floors come out one too small first; equal remainders; remainders in
/// few clusters; one unit, or all but one.
#[test]
fn weights_of_every_count_and_width_are_split_alike() {
    let mut splitter = Splitter::default();
    for count in [1_u64, 2, 63, 64, 65, 66, 127, 128, 129, 4095, 4096, 4097] {
        for digits in [1, 2, 12, 18, 19, 22, 24, 25, 26, 27, 28, 31, 32, 33, 50] {
            let most = (1_u64 << digits) - 1;
            let mixed = |place: u64| 1 + (place + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) % most;
            let lists: [Vec<u64>; 4] = [
                (0..count).map(mixed).collect(),
                vec![most; usize::try_from(count).unwrap()],
                (0..count).map(|place| most - most.min(place % 3)).collect(),
                (0..count)
                    .map(|place| if place + 1 == count { most } else { 1 })
                    .collect(),
            ];
            for weights in lists {
                let total: u64 = weights.iter().sum();
                let thirds = (total / 3, total / 3 * 2);
                let fifths = total / 5 * 3;
                for amount in [
                    1,
                    count / 2,
                    count,
                    thirds.0,
                    thirds.1,
                    fifths,
                    total.saturating_sub(1),
                    total,
                    2 * total + 1,
                ] {
                    check_proportional(&mut splitter, amount, &weights);
                }
            }
        }
    }
}

/// Where weights have as many bits as their number leaves to the shortest reciprocal (24 of 31 for 64 of them), a key
/// is known to a 256th of a unit only, and a bucket is an eighth: often two in a bucket have more than one right above
/// it.
#[test]
fn keys_that_say_little_decide_nothing() {
    let (mut splitter, mut state) = (Splitter::default(), 1_u64);
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for (count, digits) in [(64, 24), (48, 25), (31, 26), (15, 27)]
        .into_iter()
        .cycle()
        .take(40_000)
    {
        let weights: Vec<_> = (0..count)
            .map(|_| (next() % (1 << digits)) | (1 << (digits - 1)))
            .collect();
        let amount = next() % weights.iter().sum::<u64>();
        check_proportional(&mut splitter, amount, &weights);
    }
}

/// One share for each weight, or none.
#[test]
fn shares_of_another_number_are_refused() {
    let (mut splitter, of) = (Splitter::default(), Total::of(&[2, 3]).unwrap());
    for mut shares in [vec![0; 1], vec![0; 3]] {
        assert_eq!(splitter.proportional_into(5, &[2, 3], &mut shares), None);
        assert_eq!(splitter.proportional_into(0, &[2, 3], &mut shares), None);
        assert_eq!(splitter.proportional_of(5, &[2, 3], of, &mut shares), None);
    }
}

/// A third of each weight is whole, but no reciprocal of 3 is exact: every floor comes out one too small first.
#[test]
fn whole_shares_are_exact() {
    for count in [1_usize, 63, 64, 65, 5000] {
        for unit in [1_u64, 1 << 20, 1 << 29, 1 << 40] {
            let weights = vec![3 * unit; count];
            let amount = unit * u64::try_from(count).unwrap();
            assert_eq!(proportional(amount, &weights), Some(vec![unit; count]));
            assert_eq!(
                proportional(4 * amount, &weights),
                Some(vec![4 * unit; count])
            );
        }
    }
}

/// Half of each odd weight leaves a half. Where the total is a power of two, that is where a bucket begins.
#[test]
fn halves_go_to_the_earlier() {
    for count in [2_usize, 64, 128, 4096] {
        for unit in [1_u64 << 12, 1 << 30, 1 << 40] {
            let weights: Vec<u64> = (0..count)
                .map(|place| {
                    if place.is_multiple_of(2) {
                        unit + 1
                    } else {
                        unit - 1
                    }
                })
                .collect();
            let floor = |place: usize| {
                if place.is_multiple_of(2) {
                    unit / 2
                } else {
                    unit / 2 - 1
                }
            };
            let expected = (0..count)
                .map(|place| floor(place) + u64::from(place < count / 2))
                .collect();
            assert_eq!(
                proportional(weights.iter().sum::<u64>() / 2, &weights),
                Some(expected)
            );
        }
    }
}

/// All lists of `lengths` numbers up to `most`.
fn lists(lengths: std::ops::RangeInclusive<u32>, most: u64) -> impl Iterator<Item = Vec<u64>> {
    let base = most + 1;
    lengths.flat_map(move |length| {
        (0..base.pow(length)).map(move |code| {
            (0..length)
                .map(|digit| code / base.pow(digit) % base)
                .collect()
        })
    })
}

#[test]
fn every_small_amount_is_split_as_the_model_splits_it() {
    for weights in lists(1..=4, 5) {
        let plain: Vec<_> = weights.iter().map(|&weight| i128::from(weight)).collect();
        let total: u64 = weights.iter().sum();
        let exact = |shares: Option<Vec<u64>>| {
            shares.map(|s| s.into_iter().map(i128::from).collect::<Vec<_>>())
        };
        for amount in 0..=40_u64 {
            let expected =
                (total > 0 || amount == 0).then(|| naive::proportional(amount.into(), &plain));
            assert_eq!(
                exact(proportional(amount, &weights)),
                expected,
                "{amount} over {weights:?}"
            );
            let expected = (total >= amount).then(|| naive::in_order(amount.into(), &plain));
            assert_eq!(
                exact(in_order(amount, &weights)),
                expected,
                "{amount} over {weights:?}"
            );
        }
    }
}

#[test]
fn all_small_margins_are_filled_as_the_model_fills_them() {
    for rows in lists(0..=3, 3) {
        for columns in lists(0..=3, 3) {
            check_fill(&rows, &columns);
            check_dense(&mut Filler::default(), &rows, &columns);
            let Some(cells) = fill(&rows, &columns) else {
                continue;
            };
            let cells: Vec<_> = cells
                .iter()
                .map(|cell| (cell.row, cell.column, i128::from(cell.units)))
                .collect();
            let [rows, columns] = [&rows, &columns]
                .map(|list| list.iter().map(|&units| units.into()).collect::<Vec<_>>());
            assert_eq!(
                cells,
                naive::pair_alike(&rows, &columns, &[]),
                "{rows:?} by {columns:?}"
            );
        }
    }
}

#[test]
fn all_small_likenesses_meet() {
    let mut filler = Filler::default();
    let keys = |codes: &[u64]| {
        codes
            .iter()
            .map(|&code| u32::try_from(code).unwrap().checked_sub(1))
            .collect::<Keys>()
    };
    for rows in lists(0..=2, 3) {
        for columns in lists(0..=2, 3).filter(|columns| total(columns) == total(&rows)) {
            let [row_keys, column_keys] = [rows.len(), columns.len()].map(|count| {
                let count = u32::try_from(count).unwrap();
                lists(count..=count, 2)
                    .map(|codes| keys(&codes))
                    .collect::<Vec<_>>()
            });
            for row_keys in &row_keys {
                for column_keys in &column_keys {
                    check_alike(
                        &mut filler,
                        &rows,
                        &columns,
                        &[(row_keys.clone(), column_keys.clone())],
                    );
                }
            }
        }
    }
}
