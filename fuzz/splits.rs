//! Splits of every size: they are refused for a reason, or sum to the amount.

use crate::random::Random;
use setoff::allocate::{
    AllZero, Filler, FirstPass, Leftover, Likeness, MatrixCell, Method, SplitColumns, SplitInput,
    SplitRefusal,
};

fn pick<T: Copy>(random: &mut Random, list: &[T]) -> T {
    list[random.below(list.len())]
}

fn any_method(random: &mut Random) -> Method {
    Method {
        first_pass: pick(random, FirstPass::ALL),
        from_back: random.chance(5),
        leftover: pick(random, Leftover::ALL),
        mirror: random.chance(2),
        zero_may_receive: random.chance(2),
        all_zero: pick(random, AllZero::ALL),
        allow_empty: random.chance(2),
        allow_negative: random.chance(5),
        cap_total: random.chance(5),
        allow_unallocated: random.chance(2),
        abandon_if_nothing: random.chance(9),
    }
}

fn any_weights(random: &mut Random, method: &Method) -> Vec<i64> {
    let most = if random.chance(20) { 3000 } else { 9 };
    (0..random.below(most))
        .map(|_| {
            if method.allow_negative {
                random.signed()
            } else {
                (random.size() >> 1).cast_signed()
            }
        })
        .collect()
}

fn sum(values: &[i64]) -> i128 {
    values.iter().map(|&value| i128::from(value)).sum()
}

/// Any method: a reason, or parts that sum to the amount, and the same parts with the steps.
pub fn method(random: &mut Random) {
    let method = any_method(random);
    let weights = any_weights(random, &method);
    let caps: Option<Vec<i64>> = random.chance(3).then(|| {
        weights
            .iter()
            .map(|_| (random.size() >> 1).cast_signed())
            .collect()
    });
    let order: Option<Vec<usize>> = random.chance(4).then(|| {
        let mut order: Vec<usize> = (0..weights.len()).collect();
        (0..weights.len()).for_each(|place| order.swap(place, random.below(weights.len())));
        order
    });
    let amount = random.signed();
    let input = SplitInput {
        amount,
        weights: &weights,
        caps: caps.as_deref(),
        order: order.as_deref(),
    };
    let split = method.split(&input);
    match (&split, method.trace(&input)) {
        (Ok(shares), Ok((traced, steps))) => {
            assert_eq!((shares, steps.portions.len()), (&traced, weights.len()));
            assert_eq!(
                sum(&shares.parts) + i128::from(shares.unallocated),
                amount.into()
            );
            let is_plain = amount >= 0 && weights.iter().all(|&weight| weight >= 0);
            if let Some(caps) = caps.filter(|_| is_plain) {
                let within = shares
                    .parts
                    .iter()
                    .zip(&caps)
                    .all(|(part, cap)| part <= cap);
                assert!(
                    within,
                    "{amount} over {weights:?}, {caps:?} by {method:?}: {shares:?}"
                );
            }
        }
        // In 128 bits a step can be out of range that the kernel does without.
        (Ok(shares), Err(SplitRefusal::OutOfRange)) => {
            assert_eq!(sum(&shares.parts), amount.into())
        }
        (split, traced) => assert_eq!(split.as_ref().err(), traced.as_ref().err()),
    }
}

/// Two margins, sparse and dense: exact.
pub fn matrix(random: &mut Random) {
    let total = random.size() >> 1;
    let [rows, columns] = [0, 1].map(|_| {
        let mut cuts: Vec<u64> = (0..random.below(30))
            .map(|_| random.next() % (total + 1))
            .collect();
        cuts.extend([0, total]);
        cuts.sort_unstable();
        cuts.windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect::<Vec<_>>()
    });
    let levels: Vec<[Vec<Option<u32>>; 2]> = (0..random.below(4))
        .map(|_| {
            [rows.len(), columns.len()]
                .map(|count| (0..count).map(|_| random.word().checked_rem(7)).collect())
        })
        .collect();
    let levels: Vec<_> = levels
        .iter()
        .map(|[rows, columns]| Likeness { rows, columns })
        .collect();
    let mut filler = Filler::default();
    for sparse in [true, false] {
        let mut left = (rows.clone(), columns.clone());
        let mut count = 0;
        let mut take = |cell: MatrixCell| {
            count += 1;
            assert!(cell.units > 0);
            left.0[cell.row] = left.0[cell.row].checked_sub(cell.units)?;
            left.1[cell.column] = left.1[cell.column].checked_sub(cell.units)?;
            Some(())
        };
        match sparse {
            true => filler.alike(&rows, &columns, &levels, &mut take).unwrap(),
            false => filler.dense(&rows, &columns, &mut take).unwrap(),
        }
        assert!(left.0.iter().chain(&left.1).all(|&left| left == 0));
        assert!(!sparse || count < rows.len() + columns.len());
    }
}

/// Many splits in columns: each as by itself.
pub fn columns(random: &mut Random) {
    let method = any_method(random);
    let splits: Vec<(i64, Vec<i64>)> = (0..random.below(5))
        .map(|_| (random.signed(), any_weights(random, &method)))
        .collect();
    let weights: Vec<i64> = splits
        .iter()
        .flat_map(|(_, weights)| weights.clone())
        .collect();
    let mut end = 0;
    let ends: Vec<u32> = splits
        .iter()
        .map(|(_, weights)| {
            end += weights.len();
            u32::try_from(end).unwrap()
        })
        .collect();
    let mut columns = SplitColumns::new(method, weights, None, Some(&ends)).unwrap();
    let alone: Result<Vec<_>, _> = splits
        .iter()
        .map(|(amount, weights)| {
            method.split(&SplitInput {
                amount: *amount,
                weights,
                caps: None,
                order: None,
            })
        })
        .collect();
    match (
        columns.split(splits.iter().map(|(amount, _)| *amount).collect()),
        alone,
    ) {
        (Ok(()), Ok(alone)) => {
            let parts = alone
                .iter()
                .flat_map(|shares| shares.parts.iter().map(|part| part.cast_unsigned()));
            assert_eq!(columns.parts(), parts.collect::<Vec<_>>());
        }
        (split, alone) => assert!(split.is_err() && alone.is_err()),
    }
}
