//! Every method of splitting: all small ones against a naive model, and random ones over the whole range against what
//! they promise.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use setoff::Code;
use setoff::allocate::{
    AllZero, AllocateRequest, FirstPass, Leftover, Method, SplitColumns, SplitInput, SplitRefusal,
    UnallocatedReason,
};
use setoff::money::text;
use support::naive::{self, Ratio, Rules, Share};
use support::property;

/// The naive rounding of a first pass: of the two neighbours, the one that it names.
fn rounding(pass: FirstPass) -> fn(Ratio) -> i128 {
    fn floor(Ratio(numerator, denominator): Ratio) -> i128 {
        numerator.div_euclid(denominator)
    }
    fn pick(ratio: Ratio, upper: fn(bool, std::cmp::Ordering, i128) -> bool) -> i128 {
        let below = floor(ratio);
        let rest = ratio.0 - below * ratio.1;
        if rest == 0 {
            below
        } else {
            below + i128::from(upper(ratio.0 > 0, (2 * rest).cmp(&ratio.1), below))
        }
    }
    match pass {
        FirstPass::Floor => floor,
        FirstPass::Ceiling => |ratio| pick(ratio, |_, _, _| true),
        FirstPass::Down => |ratio| pick(ratio, |positive, _, _| !positive),
        FirstPass::Up => |ratio| pick(ratio, |positive, _, _| positive),
        FirstPass::HalfUp => |ratio| {
            pick(ratio, |positive, half, _| {
                half.is_gt() || (half.is_eq() && positive)
            })
        },
        FirstPass::HalfDown => |ratio| {
            pick(ratio, |positive, half, _| {
                half.is_gt() || (half.is_eq() && !positive)
            })
        },
        FirstPass::HalfEven => |ratio| {
            pick(ratio, |_, half, below| {
                half.is_gt() || (half.is_eq() && below % 2 != 0)
            })
        },
    }
}

fn rules(method: &Method) -> Rules {
    let better: Option<fn(&Share, &Share) -> bool> = match method.leftover {
        Leftover::LargestRemainder if method.first_pass == FirstPass::Floor => {
            Some(|a, b| a.difference() > b.difference())
        }
        Leftover::LargestRemainder => Some(|a, b| a.difference().abs() > b.difference().abs()),
        Leftover::LargestWeight => Some(|a, b| a.weight > b.weight),
        Leftover::First => Some(|_, _| false),
        Leftover::Last => Some(|_, _| true),
        Leftover::Separate | Leftover::SeparateBlocks => None,
    };
    Rules {
        round: rounding(method.first_pass),
        better,
        mirror: method.mirror,
        zero_may_receive: method.zero_may_receive,
        blocks: method.leftover == Leftover::SeparateBlocks,
        from_back: method.from_back,
    }
}

fn input(amount: i64, weights: &[i64]) -> SplitInput<'_> {
    SplitInput {
        amount,
        weights,
        caps: None,
        order: None,
    }
}

/// A split and its trace are those of the model.
fn check(method: &Method, amount: i64, weights: &[i64]) {
    let shares = method.split(&input(amount, weights)).unwrap();
    let wide: Vec<_> = weights.iter().map(|&weight| i128::from(weight)).collect();
    let (parts, rest) = naive::split(&rules(method), amount.into(), &wide);
    let found: Vec<_> = shares.parts.iter().map(|&part| i128::from(part)).collect();
    assert_eq!(
        (found, i128::from(shares.unallocated)),
        (parts, rest),
        "{amount} over {weights:?} by {method:?}"
    );
    assert_eq!(
        shares.reason.is_some(),
        shares.unallocated != 0,
        "{amount} over {weights:?} by {method:?}"
    );
}

/// A trace says the same as the split: what the first pass gave, and who is in the queue, in which order.
fn check_trace(method: &Method, amount: i64, weights: &[i64], caps: Option<&[i64]>) {
    let input = SplitInput {
        caps,
        ..input(amount, weights)
    };
    let (shares, trace) = method.trace(&input).unwrap();
    let steps = trace.portions;
    assert_eq!(
        Ok(&shares),
        method.split(&input).as_ref(),
        "{amount} over {weights:?}, {caps:?} by {method:?}"
    );
    assert_eq!(steps.len(), weights.len());
    // All units left over are handed out, or none where nobody receives any.
    let portions = shares.parts.iter().zip(&steps);
    let handed_out: i64 = portions.map(|(part, step)| part - step.first_pass).sum();
    let has_recipients = steps.iter().any(|step| step.rank.is_some());
    let expected = if has_recipients { trace.leftover } else { 0 };
    assert_eq!(handed_out, expected, "{method:?}: {steps:?}");
    let mut ranked: Vec<_> = (0..steps.len())
        .filter(|&place| steps[place].rank.is_some())
        .collect();
    ranked.sort_by_key(|&place| steps[place].rank);
    assert!(
        ranked
            .iter()
            .enumerate()
            .all(|(rank, &place)| steps[place].rank == Some(rank)),
        "ranks have no gaps"
    );
    let extra: Vec<_> = ranked
        .iter()
        .map(|&place| (shares.parts[place] - steps[place].first_pass).abs())
        .collect();
    if caps.is_none() {
        assert!(
            extra.is_sorted_by(|a, b| a >= b),
            "{amount} over {weights:?} by {method:?}: {steps:?}"
        );
    }
    for (part, step) in shares
        .parts
        .iter()
        .zip(&steps)
        .filter(|(_, step)| step.rank.is_none())
    {
        assert_eq!(
            *part, step.first_pass,
            "{amount} over {weights:?} by {method:?}: {steps:?}"
        );
    }
}

/// All lists of `length` numbers up to `most`.
fn lists(length: u32, most: i64) -> impl Iterator<Item = Vec<i64>> {
    let base = most + 1;
    (0..base.pow(length)).map(move |code| {
        (0..length)
            .map(|digit| code / base.pow(digit) % base)
            .collect()
    })
}

/// Splits work over the cores there are: `work` gets every list of weights.
fn for_all(lists: Vec<Vec<i64>>, work: impl Fn(&[i64]) + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for core in 0..cores {
            let (lists, work) = (&lists, &work);
            scope.spawn(move || {
                lists
                    .iter()
                    .skip(core)
                    .step_by(cores)
                    .for_each(|weights| work(weights))
            });
        }
    });
}

/// 0 to 60 units over 1 to 5 weights of 0 to 6, by every rule for what is left over.
#[test]
fn every_leftover_rule_is_the_models() {
    let weights: Vec<_> = (1..=5)
        .flat_map(|length| lists(length, 6))
        .filter(|w| w.iter().sum::<i64>() > 0)
        .collect();
    assert_eq!(weights.len(), 7 + 49 + 343 + 2401 + 16_807 - 5);
    for_all(weights, |weights| {
        for &leftover in Leftover::ALL {
            let method = Method {
                leftover,
                ..Method::default()
            };
            (0..=60).for_each(|amount| check(&method, amount, weights));
        }
    });
}

/// Every first pass with every rule, sign and treatment of zeros, together and from the back.
#[test]
fn every_method_is_the_models() {
    let weights: Vec<_> = (1..=3)
        .flat_map(|length| lists(length, 4))
        .filter(|w| w.iter().sum::<i64>() > 0)
        .collect();
    let switches = [false, true];
    for_all(weights, |weights| {
        for &first_pass in FirstPass::ALL {
            for &leftover in Leftover::ALL {
                for (mirror, zero_may_receive) in
                    switches.into_iter().flat_map(|a| switches.map(|b| (a, b)))
                {
                    for from_back in switches {
                        let method = Method {
                            first_pass,
                            leftover,
                            mirror,
                            zero_may_receive,
                            from_back,
                            ..Method::default()
                        };
                        for amount in -13..=13 {
                            check(&method, amount, weights);
                            check_trace(&method, amount, weights, None);
                        }
                    }
                }
            }
        }
    });
}

/// Caps as they are defined: whoever would get more than its cap gets the cap, the tightest first, and the others split
/// what is left.
fn capped(amount: i64, weights: &[i64], caps: &[i64]) -> Option<Vec<i64>> {
    let mut parts = vec![None; weights.len()];
    let (mut left, mut total) = (amount, weights.iter().sum::<i64>());
    let room: i64 = weights
        .iter()
        .zip(caps)
        .filter(|(weight, _)| **weight > 0)
        .map(|(_, cap)| cap)
        .sum();
    if amount > room {
        return None;
    }
    loop {
        let exceeds =
            |&place: &usize| parts[place].is_none() && left * weights[place] > caps[place] * total;
        // The least cap for its weight.
        let tighter = |&a: &usize, &b: &usize| (caps[a] * weights[b]).cmp(&(caps[b] * weights[a]));
        let Some(place) = (0..weights.len()).filter(exceeds).min_by(tighter) else {
            break;
        };
        parts[place] = Some(caps[place]);
        left -= caps[place];
        total -= weights[place];
    }
    let rest: Vec<i128> = parts
        .iter()
        .zip(weights)
        .map(|(part, &w)| if part.is_none() { w.into() } else { 0 })
        .collect();
    let rest = naive::proportional(left.into(), &rest);
    Some(
        parts
            .iter()
            .zip(rest)
            .map(|(part, share)| part.unwrap_or(i64::try_from(share).unwrap()))
            .collect(),
    )
}

#[test]
fn every_small_cap_is_honoured() {
    let weights = (1..=3)
        .flat_map(|length| lists(length, 3))
        .chain(lists(4, 2));
    for_all(
        weights
            .filter(|weights| weights.iter().sum::<i64>() > 0)
            .collect(),
        |weights| {
            let count = u32::try_from(weights.len()).unwrap();
            for caps in lists(count, if count < 4 { 5 } else { 3 }) {
                for amount in 0..=16 {
                    let input = SplitInput {
                        caps: Some(&caps),
                        ..input(amount, weights)
                    };
                    let shares = Method::default().split(&input);
                    let expected = capped(amount, weights, &caps);
                    assert_eq!(
                        shares.clone().ok().map(|shares| shares.parts),
                        expected,
                        "{input:?}"
                    );
                    let room = caps
                        .iter()
                        .zip(weights)
                        .filter(|(_, weight)| **weight > 0)
                        .map(|(cap, _)| cap)
                        .sum::<i64>();
                    match expected {
                        Some(_) => check_trace(&Method::default(), amount, weights, Some(&caps)),
                        None => {
                            assert_eq!(shares, Err(SplitRefusal::OverCaps(room.into())));
                            let shares = Method {
                                allow_unallocated: true,
                                ..Method::default()
                            }
                            .split(&input)
                            .unwrap();
                            assert_eq!(
                                (shares.parts, shares.unallocated),
                                (expected_room(weights, &caps), amount - room)
                            );
                        }
                    }
                    // By every other rule they are honoured as well, and nothing is lost.
                    for &leftover in Leftover::ALL {
                        for &first_pass in FirstPass::ALL {
                            let method = Method {
                                leftover,
                                first_pass,
                                allow_unallocated: true,
                                ..Method::default()
                            };
                            let shares = method.split(&input).unwrap();
                            let within = shares
                                .parts
                                .iter()
                                .zip(&caps)
                                .all(|(part, cap)| part <= cap);
                            assert!(within, "{input:?} by {method:?}: {shares:?}");
                            assert_eq!(
                                shares.parts.iter().sum::<i64>() + shares.unallocated,
                                amount
                            );
                        }
                    }
                }
            }
        },
    );
}

/// All caps full; who has no weight gets nothing.
fn expected_room(weights: &[i64], caps: &[i64]) -> Vec<i64> {
    weights
        .iter()
        .zip(caps)
        .map(|(&weight, &cap)| if weight == 0 { 0 } else { cap })
        .collect()
}

#[test]
fn special_cases_are_as_the_method_says() {
    let split = |method: Method, amount, weights: &[i64]| method.split(&input(amount, weights));
    let shares = |method, amount, weights: &[i64]| {
        let shares = split(method, amount, weights).unwrap();
        (shares.parts, shares.unallocated)
    };
    let default = Method::default();
    assert_eq!(split(default, 5, &[]), Err(SplitRefusal::NoWeights));
    assert_eq!(
        shares(
            Method {
                allow_empty: true,
                ..default
            },
            5,
            &[]
        ),
        (vec![], 5)
    );
    for amount in [0, 5] {
        assert_eq!(split(default, amount, &[0, 0]), Err(SplitRefusal::AllZero));
    }
    assert_eq!(
        shares(
            Method {
                all_zero: AllZero::Zeros,
                ..default
            },
            5,
            &[0, 0]
        ),
        (vec![0, 0], 5)
    );
    let even = Method {
        all_zero: AllZero::Even,
        ..default
    };
    assert_eq!(shares(even, -5, &[0, 0]), (vec![-3, -2], 0));
    assert!(split(even, 5, &[0, 0]).unwrap().is_even && !split(even, 5, &[1, 0]).unwrap().is_even);
    let cap_total = Method {
        cap_total: true,
        ..default
    };
    assert_eq!(shares(cap_total, 9, &[2, 3]), (vec![2, 3], 4));
    assert_eq!(shares(cap_total, -9, &[2, 3]), (vec![-2, -3], -4));
    assert_eq!(shares(cap_total, 4, &[2, 3]), (vec![2, 2], 0));
    assert_eq!(shares(cap_total, 5, &[2, 3]), (vec![2, 3], 0));
    let because = |method: Method, weights: &[i64]| split(method, 1, weights).unwrap().reason;
    let separate = Method {
        leftover: Leftover::Separate,
        ..default
    };
    assert_eq!(
        because(separate, &[1, 1]),
        Some(UnallocatedReason::Separate)
    );
    assert_eq!(
        because(
            Method {
                abandon_if_nothing: true,
                ..default
            },
            &[1, 1]
        ),
        Some(UnallocatedReason::Abandoned)
    );
    assert_eq!(
        because(
            Method {
                abandon_if_nothing: true,
                ..separate
            },
            &[1, 0]
        ),
        None
    );
    // Nothing is left of nothing, and what just fits leaves nothing: there is no reason for it.
    assert_eq!(
        split(
            Method {
                all_zero: AllZero::Zeros,
                ..default
            },
            0,
            &[0]
        )
        .unwrap()
        .reason,
        None
    );
    assert_eq!(split(cap_total, 5, &[2, 3]).unwrap().reason, None);
    let just = SplitInput {
        caps: Some(&[2, 3]),
        ..input(5, &[1, 1])
    };
    assert_eq!(
        Method {
            allow_unallocated: true,
            ..default
        }
        .split(&just)
        .unwrap()
        .reason,
        None
    );
    let abandon = Method {
        abandon_if_nothing: true,
        ..default
    };
    assert_eq!(shares(abandon, 1, &[1, 1]), (vec![0, 0], 1));
    assert_eq!(shares(abandon, 2, &[1, 2]), (vec![1, 1], 0));
    assert_eq!(
        split(default, 1, &[1, -1, 1]),
        Err(SplitRefusal::NegativeWeight(1))
    );
    // 10 over 3 and −1: 15 and −5.
    let signed = Method {
        allow_negative: true,
        ..default
    };
    assert_eq!(shares(signed, 10, &[3, -1]), (vec![15, -5], 0));
    // −7 and −5 are 7/12 and 5/12; floors of 10: 5.83 and 4.17.
    let floor = Method {
        first_pass: FirstPass::Floor,
        ..signed
    };
    assert_eq!(shares(floor, 10, &[-7, -5]), (vec![6, 4], 0));
    let caps = |method: Method, weights: &[i64], caps: &[i64]| {
        method
            .split(&SplitInput {
                caps: Some(caps),
                ..input(10, weights)
            })
            .map(|shares| shares.parts)
    };
    assert_eq!(caps(signed, &[3, -1], &[15, 0]), Ok(vec![15, -5]));
    assert_eq!(
        caps(signed, &[3, -1], &[14, 9]),
        Err(SplitRefusal::CapsWithNegativeWeights)
    );
    assert_eq!(caps(signed, &[-3, 1], &[15, 0]), Ok(vec![15, -5]));
    assert_eq!(
        caps(signed, &[-3, 1], &[14, 9]),
        Err(SplitRefusal::CapsWithNegativeWeights)
    );
    assert_eq!(
        caps(
            Method {
                from_back: true,
                ..default
            },
            &[1],
            &[10]
        ),
        Err(SplitRefusal::CapsFromBack)
    );
    // −7 over two: parts of −3.5 are below any cap. The mirror of 7 has 4 and 3, and the cap of 3 makes the first 3.
    let negative = |mirror: bool| {
        let method = Method { mirror, ..default };
        let caps = Some(&[3, 9][..]);
        let input = input(-7, &[1, 1]);
        let split = method.split(&SplitInput { caps, ..input });
        split.map(|shares| shares.parts)
    };
    assert_eq!(negative(false), Err(SplitRefusal::CapsWithoutMirror));
    assert_eq!(negative(true), Ok(vec![-3, -4]));
    assert_eq!(
        caps(default, &[1, 1], &[10, -1]),
        Err(SplitRefusal::NegativeCap(1))
    );
    assert_eq!(caps(default, &[1, 1], &[10]), Err(SplitRefusal::CapsCount));
    for order in [&[0, 0][..], &[0], &[0, 2], &[0, 1, 2]] {
        let input = SplitInput {
            order: Some(order),
            ..input(10, &[1, 1])
        };
        assert_eq!(
            default.split(&input),
            Err(SplitRefusal::KeysCount),
            "{order:?}"
        );
    }
    assert_eq!(
        split(default, i64::MIN, &[1]),
        Err(SplitRefusal::OutOfRange)
    );
    assert_eq!(
        shares(
            Method {
                mirror: false,
                ..default
            },
            i64::MIN,
            &[1]
        ),
        (vec![i64::MIN], 0)
    );
    assert_eq!(
        split(signed, i64::MAX, &[2, -1]),
        Err(SplitRefusal::OutOfRange)
    );
    // The weights sum to more than the kernel takes; it goes the long way.
    assert_eq!(
        shares(default, 9, &[i64::MAX, i64::MAX, i64::MAX]),
        (vec![3, 3, 3], 0)
    );
}

/// Whole numbers of every size, with the edges of each.
fn any_size() -> impl Strategy<Value = i64> {
    let edges = [
        0,
        1,
        2,
        (1 << 31) - 1,
        1 << 31,
        (1 << 32) - 1,
        1 << 32,
        (1 << 53) + 1,
        1 << 62,
        i64::MAX - 1,
        i64::MAX,
    ];
    prop_oneof![
        3 => 0_i64..=20,
        3 => (any::<u64>(), 1_u32..64).prop_map(|(bits, shift)| (bits >> shift).cast_signed()),
        2 => select(edges.to_vec()),
    ]
}

fn weights() -> impl Strategy<Value = Vec<i64>> {
    let alike = (any_size(), 1_usize..=40).prop_map(|(weight, count)| vec![weight; count]);
    prop_oneof![4 => vec(any_size(), 1..=12), 1 => vec(0_i64..1 << 40, 30..=50), 1 => alike]
}

fn method() -> impl Strategy<Value = Method> {
    // A third goes by the kernel where it can.
    let passes = (
        select(FirstPass::ALL),
        select(Leftover::ALL),
        any::<[bool; 2]>(),
    );
    let kernel = (
        Just(FirstPass::Down),
        Just(Leftover::LargestRemainder),
        Just([false; 2]),
    );
    let passes = prop_oneof![2 => passes.boxed(), 1 => kernel.boxed()];
    (passes, select(AllZero::ALL), any::<[bool; 6]>()).prop_map(|(passes, all_zero, flags)| {
        let (first_pass, leftover, [from_back, abandon_if_nothing]) = passes;
        let [
            mirror,
            zero_may_receive,
            allow_empty,
            allow_negative,
            cap_total,
            allow_unallocated,
        ] = flags;
        Method {
            first_pass,
            from_back,
            leftover,
            mirror,
            zero_may_receive,
            all_zero,
            allow_empty,
            allow_negative,
            cap_total,
            allow_unallocated,
            abandon_if_nothing,
        }
    })
}

fn sum(values: &[i64]) -> i128 {
    values.iter().map(|&value| i128::from(value)).sum()
}

/// `order[k]` is the place that comes k-th, by some key that the seed decides.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|&place| {
        (seed ^ place as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(23)
    });
    order
}

proptest! {
    #![proptest_config(property::config(3000))]

    /// By the default method over the whole range: the sum is exact, each part less than one unit from its exact share
    /// and of the amount's sign, and nothing is refused but what must be.
    #[test]
    fn the_default_keeps_its_promises(amount in any_size(), negative in any::<bool>(), weights in weights()) {
        let amount = if negative { -amount } else { amount };
        let total = sum(&weights);
        let split = Method::default().split(&input(amount, &weights));
        if total == 0 {
            prop_assert_eq!(split, Err(SplitRefusal::AllZero));
            return Ok(());
        }
        let shares = split.unwrap();
        prop_assert_eq!((sum(&shares.parts), shares.unallocated), (amount.into(), 0));
        for (&part, &weight) in shares.parts.iter().zip(&weights) {
            let distance = i128::from(amount) * i128::from(weight) - i128::from(part).checked_mul(total).unwrap();
            prop_assert!(distance.abs() < total, "{part} of {amount} for {weight} of {total}");
            prop_assert!(part.signum() == amount.signum() || part == 0);
            prop_assert!(weight != 0 || part == 0);
            // What is open is never exceeded.
            prop_assert!(i128::from(amount).abs() > total || part.abs() <= weight);
        }
        check_trace(&Method::default(), amount, &weights, None);
    }

    /// Whatever the method and however large the numbers: a typed refusal, or parts that sum to the amount; and the
    /// mirror of a negative amount is exact.
    #[test]
    fn no_method_loses_a_unit_or_wraps(
        method in method(), amount in any::<i64>(), weights in weights(), caps in proptest::option::of(weights()),
        signs in any::<u64>(), seed in proptest::option::of(any::<u64>()),
    ) {
        let sign = |place: usize| if method.allow_negative && signs >> (place % 64) & 1 == 1 { -1 } else { 1 };
        let weights: Vec<i64> = weights.iter().enumerate().map(|(place, weight)| weight * sign(place)).collect();
        let caps = caps.map(|caps| weights.iter().zip(caps.iter().cycle()).map(|(_, &cap)| cap).collect::<Vec<_>>());
        let order = seed.map(|seed| shuffled(weights.len(), seed));
        let input = SplitInput { amount, weights: &weights, caps: caps.as_deref(), order: order.as_deref() };
        let split = method.split(&input);
        if let Ok(shares) = &split {
            prop_assert_eq!(sum(&shares.parts) + i128::from(shares.unallocated), amount.into());
            prop_assert_eq!(shares.parts.len(), weights.len());
            if let Some(caps) = &caps && weights.iter().all(|&weight| weight >= 0) {
                let sizes = shares.parts.iter().map(|part| part.unsigned_abs());
                prop_assert!(sizes.zip(caps).all(|(size, cap)| size <= cap.unsigned_abs()));
            }
        }
        if method.mirror && amount != i64::MIN {
            let mirrored = method.split(&SplitInput { amount: -amount, ..input });
            let negated = |list: &[i64]| list.iter().map(|part| part.checked_neg()).collect::<Option<Vec<_>>>();
            match (&split, &mirrored) {
                (Ok(shares), Ok(mirrored)) => prop_assert_eq!(negated(&shares.parts), Some(mirrored.parts.clone())),
                // A part of −2⁶³ has no mirror.
                (split, mirrored) => prop_assert!(
                    split.as_ref().err() == mirrored.as_ref().err()
                        || [split, mirrored].iter().any(|split| matches!(split, Err(SplitRefusal::OutOfRange)))
                ),
            }
        }
    }

    /// Only the proportions of the weights matter.
    #[test]
    fn common_factors_make_no_difference(
        method in method(), amount in any::<i32>(), weights in vec(0_i64..1 << 20, 1..=12), factor in 1_i64..1 << 30,
    ) {
        let method = Method { cap_total: false, ..method };
        let scaled: Vec<i64> = weights.iter().map(|weight| weight * factor).collect();
        let parts = |weights: &[i64]| method.split(&input(amount.into(), weights)).map(|shares| shares.parts);
        prop_assert_eq!(parts(&weights), parts(&scaled));
    }

    /// In another order, with keys that say what came first, everybody gets the same.
    #[test]
    fn order_is_what_the_keys_say(
        method in method(), amount in any::<i32>(), weights in vec(0_i64..6, 1..=9), seed in any::<u64>(),
    ) {
        let method = Method { from_back: false, ..method };
        let order = shuffled(weights.len(), seed);
        let moved: Vec<i64> = order.iter().map(|&place| weights[place]).collect();
        // Where each of the first list is in the second.
        let mut keys = vec![0; order.len()];
        order.iter().enumerate().for_each(|(place, &from)| keys[from] = place);
        let split = |weights: &[i64], order: Option<&[usize]>| {
            method.split(&SplitInput { order, ..input(amount.into(), weights) })
        };
        match (split(&weights, None), split(&moved, Some(&keys))) {
            (Ok(shares), Ok(others)) => {
                let back: Vec<i64> = keys.iter().map(|&place| others.parts[place]).collect();
                prop_assert_eq!(shares.parts, back);
            }
            (shares, others) => prop_assert_eq!(shares.err(), others.err()),
        }
    }

    /// Columns are split as each of their splits would be by itself.
    #[test]
    fn columns_are_many_splits(
        method in method(), splits in vec((any::<i64>(), weights()), 0..=4), capped in any::<bool>(),
        again in any::<bool>(),
    ) {
        let weights: Vec<i64> = splits.iter().flat_map(|(_, weights)| weights.clone()).collect();
        let caps = capped.then(|| weights.iter().map(|weight| weight.saturating_add(1)).collect::<Vec<_>>());
        let ends: Vec<u32> = splits
            .iter()
            .scan(0_u32, |end, (_, weights)| {
                *end += u32::try_from(weights.len()).unwrap();
                Some(*end)
            })
            .collect();
        let mut columns = SplitColumns::new(method, weights.clone(), caps.clone(), Some(&ends)).unwrap();
        if again {
            let _ = columns.split(vec![1; splits.len()]);
        }
        let result = columns.split(splits.iter().map(|(amount, _)| *amount).collect());
        let mut from = 0;
        let alone: Result<Vec<_>, _> = splits
            .iter()
            .map(|(amount, weights)| {
                let range = from..from + weights.len();
                from = range.end;
                method.split(&SplitInput { caps: caps.as_ref().map(|caps| &caps[range]), ..input(*amount, weights) })
            })
            .collect();
        match (result, alone) {
            (Ok(()), Ok(alone)) => {
                let parts: Vec<i64> = columns.parts().iter().map(|part| part.cast_signed()).collect();
                prop_assert_eq!(parts, alone.iter().flat_map(|shares| shares.parts.clone()).collect::<Vec<_>>());
                let unallocated: Vec<i64> = alone.iter().map(|shares| shares.unallocated).collect();
                prop_assert_eq!(columns.unallocated(), &unallocated);
                for place in 0..weights.len() {
                    let why = columns.why(place).unwrap();
                    prop_assert_eq!(why.part, columns.parts()[place].cast_signed().to_string());
                }
                prop_assert!(columns.why(weights.len()).is_err());
            }
            (Err(error), Err(_)) => {
                prop_assert!(columns.parts().is_empty() && columns.unallocated().is_empty());
                prop_assert!(columns.why(0).is_err(), "{}", error);
            }
            (result, alone) => prop_assert!(false, "{:?} but {:?}", result, alone),
        }
    }

    /// Decimals are whole numbers of their increment, whatever scale they are written in.
    #[test]
    fn decimals_are_splits_of_increments(
        steps in any::<i32>(), weights in vec((0_i64..1000, 0_u32..4), 1..=6), increment in 1_i64..500,
        scale in 0_u32..6,
    ) {
        prop_assume!(weights.iter().any(|(weight, _)| *weight > 0));
        let decimal = |units: i64, scale: u32| text::parse(&text::write(units.into(), scale)).unwrap();
        let request = AllocateRequest {
            method: Method::default(),
            amount: decimal(i64::from(steps) * increment, scale),
            weights: weights.iter().map(|&(weight, zeros)| decimal(weight * 10_i64.pow(zeros), zeros + 1)).collect(),
            caps: None,
            keys: None,
            increment: Some(decimal(increment, scale)),
        };
        let split = request.split().unwrap();
        let plain: Vec<i64> = weights.iter().map(|(weight, _)| *weight).collect();
        let shares = Method::default().split(&input(steps.into(), &plain)).unwrap();
        let expected: Vec<i64> = shares.parts.iter().map(|part| part * increment).collect();
        prop_assert_eq!((split.parts, split.scale, split.unallocated), (expected, scale, 0));
        for place in 0..plain.len() {
            let why = request.why(place).unwrap();
            prop_assert_eq!(why.part, text::write((shares.parts[place] * increment).into(), scale));
            // The share in lowest terms is steps × weight ÷ total.
            let total: i128 = sum(&plain);
            prop_assert_eq!(why.share.0 * total, i128::from(steps) * i128::from(plain[place]) * why.share.1);
            prop_assert!(why.share.1 > 0);
        }
    }
}

#[test]
fn columns_are_refused_with_the_place() {
    let open = |weights: &[i64], caps: Option<Vec<i64>>, ends: Option<&[u32]>| {
        SplitColumns::new(Method::default(), weights.to_vec(), caps, ends)
    };
    let refused = |columns: setoff::error::Result<SplitColumns>| {
        let error = columns.unwrap_err();
        (error.code(), error.path().to_owned())
    };
    assert_eq!(
        refused(open(&[1, -1], None, None)),
        (Code::OutOfRange, "weights[1]".into())
    );
    assert_eq!(
        refused(open(&[1, 1], Some(vec![0, -1]), None)),
        (Code::OutOfRange, "caps[1]".into())
    );
    assert_eq!(
        refused(open(&[1, 1], Some(vec![0]), None)),
        (Code::LengthMismatch, "caps".into())
    );
    for ends in [&[1][..], &[2, 1], &[1, 3], &[2, 1, 2], &[]] {
        assert_eq!(
            refused(open(&[1, 1], None, Some(ends))),
            (Code::OutOfRange, "ends".into()),
            "{ends:?}"
        );
    }
    let mut columns = open(&[1, 2, 0, 0], None, Some(&[2, 4])).unwrap();
    let mut refused = |amounts: Vec<i64>| {
        let error = columns.split(amounts).unwrap_err();
        (error.code(), error.path().to_owned())
    };
    assert_eq!(refused(vec![1]), (Code::LengthMismatch, "amounts".into()));
    assert_eq!(
        refused(vec![1, 1]),
        (Code::AllWeightsZero, "weights".into())
    );
    // 9 over 2 and 3, reduced to 5; −9 as its mirror, and without mirror as it is.
    for (mirror, expected) in [(true, [2, 3, -2, -3]), (false, [2, 3, -4, -5])] {
        let method = Method {
            cap_total: true,
            mirror,
            ..Method::default()
        };
        let mut columns = SplitColumns::new(method, vec![2, 3, 2, 3], None, Some(&[2, 4])).unwrap();
        columns.split(vec![9, -9]).unwrap();
        let parts: Vec<i64> = columns
            .parts()
            .iter()
            .map(|part| part.cast_signed())
            .collect();
        assert_eq!((parts, columns.unallocated()[0]), (expected.to_vec(), 4));
    }
    let mut columns = open(&[1, 2, 3], Some(vec![1, 2, 3]), Some(&[2, 3])).unwrap();
    let error = columns.split(vec![3, 4]).unwrap_err();
    assert_eq!(
        (error.code(), error.path().as_str()),
        (Code::ExceedsCaps, "amounts[1]")
    );
    assert_eq!(
        error.sentence(),
        "The amount (4) is more than all caps together (3)."
    );
    assert!(columns.parts().is_empty());
    columns.split(vec![3, 3]).unwrap();
    assert_eq!(
        (columns.parts(), columns.unallocated()),
        (&[1, 2, 3][..], &[0, 0][..])
    );
}

fn decimals(texts: &[&str]) -> Vec<rust_decimal::Decimal> {
    let decimals = texts.iter().map(|text| text::parse(text).unwrap());
    decimals.collect()
}

/// A request of decimals by the default method.
fn request(amount: &str, weights: &[&str]) -> AllocateRequest<'static> {
    AllocateRequest {
        method: Method::default(),
        amount: text::parse(amount).unwrap(),
        weights: decimals(weights),
        caps: None,
        keys: None,
        increment: None,
    }
}

/// Where a refusal points, its reason, and what it says.
fn told(error: &setoff::Error) -> [String; 3] {
    let reason = error.reason().name().to_owned();
    [error.path(), reason, error.sentence()]
}

/// A refusal repeats the numbers as they were sent: the weight of `-1.50` is not `-1.5`, and `6` is not `6.00`.
#[test]
fn a_refused_split_repeats_the_numbers_of_its_request() {
    let by = |method: &str, request: AllocateRequest<'static>| AllocateRequest {
        method: Method::preset(method).unwrap(),
        ..request
    };
    let signed = Method {
        allow_negative: true,
        ..Method::default()
    };
    let capped = |caps: &[&str], request: AllocateRequest<'static>| AllocateRequest {
        caps: Some(decimals(caps)),
        ..request
    };
    let in_steps = |increment: &str, request: AllocateRequest<'static>| AllocateRequest {
        increment: Some(text::parse(increment).unwrap()),
        ..request
    };
    let most = "9223372036854775807";

    for (request, expected) in [
        (
            request("1", &[]),
            [
                "weights",
                "NoWeights",
                "At least one weight is needed to split an amount.",
            ],
        ),
        (
            request("1", &["0", "0"]),
            [
                "weights",
                "AllWeightsZero",
                "All weights are zero, so nobody can get the amount.",
            ],
        ),
        (
            request("1", &["1", "-1.50", "2"]),
            [
                "weights[1]",
                "NegativeNumber",
                "The number (-1.50) must not be below zero.",
            ],
        ),
        (
            capped(&["1", "-2"], request("1.00", &["1", "1"])),
            [
                "caps[1]",
                "NegativeNumber",
                "The number (-2) must not be below zero.",
            ],
        ),
        (
            capped(&["1"], request("1.00", &["1", "1"])),
            [
                "caps",
                "CapsCount",
                "The caps (1) must be as many as the weights (2).",
            ],
        ),
        (
            AllocateRequest {
                keys: Some(vec!["a", "b"]),
                ..request("1", &["1"])
            },
            [
                "keys",
                "KeysCount",
                "The keys (2) must be as many as the weights (1).",
            ],
        ),
        (
            by("rubyMoney", capped(&["1"], request("1", &["1"]))),
            [
                "caps",
                "CapsFromBack",
                "A first pass from the back cannot have caps.",
            ],
        ),
        (
            by("dinero", capped(&["1"], request("-1", &["1"]))),
            [
                "caps",
                "CapsWithoutMirror",
                "Caps limit an amount below zero (-1) only if the method mirrors it (`mirror`).",
            ],
        ),
        (
            AllocateRequest {
                method: signed,
                ..capped(&["14", "9"], request("10", &["3", "-1"]))
            },
            [
                "caps",
                "CapsWithNegativeWeights",
                "A share exceeds its cap, which cannot be where a weight is negative.",
            ],
        ),
        // 2.50 and 3.25 are 5.75 together.
        (
            capped(
                &["2.50", "3.25"],
                in_steps("0.01", request("6", &["1", "1"])),
            ),
            [
                "amount",
                "MoreThanCaps",
                "The amount (6) is more than all caps together (5.75).",
            ],
        ),
        (
            in_steps("0.05", request("0.01", &["1"])),
            [
                "amount",
                "NotOfIncrement",
                "0.01 is not a multiple of 0.05.",
            ],
        ),
        (
            in_steps("-0.05", request("1", &["1"])),
            [
                "increment",
                "IncrementNotPositive",
                "The increment (-0.05) must be more than zero.",
            ],
        ),
        // 2⁶³ cents are more than 2⁶³ − 1.
        (
            request("92233720368547758.08", &["1"]),
            [
                "amount",
                "NumberOfTooManyIncrements",
                "92233720368547758.08 is 2⁶³ increments or more.",
            ],
        ),
        // Twice 2⁶³ − 1 for the first of 2 − 1.
        (
            AllocateRequest {
                method: signed,
                ..request(most, &["2", "-1"])
            },
            [
                "amount",
                "PartOutOfRange",
                "A part of 9223372036854775807 would be 2⁶³ units or more.",
            ],
        ),
    ] {
        assert_eq!(told(&request.split().unwrap_err()), expected);
    }

    let beyond = request("1", &["1", "1"]).why(2).unwrap_err();
    let expected = [
        "place",
        "NoSuchPart",
        "There is no part 2: there are 2, counted from 0.",
    ];
    assert_eq!(told(&beyond), expected);
}

#[test]
fn refused_columns_say_which_end_or_count_is_wrong() {
    let open = |weights: &[i64], caps: Option<Vec<i64>>, ends: &[u32]| {
        SplitColumns::new(Method::default(), weights.to_vec(), caps, Some(ends))
    };
    let refused = |opened: setoff::error::Result<SplitColumns>| told(&opened.unwrap_err());

    assert_eq!(
        refused(open(&[1, 1], None, &[2, 1])),
        [
            "ends",
            "EndsDescend",
            "The end 1 follows 2, and ends must not descend."
        ]
    );
    for (ends, last) in [(&[1, 3][..], "3"), (&[], "0")] {
        let expected = [
            "ends",
            "EndsElsewhere",
            &format!("The last end ({last}) must be the number of weights (2)."),
        ];
        assert_eq!(refused(open(&[1, 1], None, ends)), expected);
    }
    assert_eq!(
        refused(open(&[1, -7], None, &[2])),
        [
            "weights[1]",
            "NegativeNumber",
            "The number (-7) must not be below zero."
        ]
    );
    assert_eq!(
        refused(open(&[1, 7], Some(vec![1, 2, 3]), &[2])),
        [
            "caps",
            "CapsCount",
            "The caps (3) must be as many as the weights (2)."
        ]
    );

    let mut columns = open(&[1, 2, 3], None, &[2, 3]).unwrap();
    let wrong_count = columns.split(vec![5]).unwrap_err();
    let expected = [
        "amounts",
        "AmountsCount",
        "The amounts (1) must be as many as the splits (2).",
    ];
    assert_eq!(told(&wrong_count), expected);
    columns.split(vec![5, 5]).unwrap();
    let beyond = columns.why(3).unwrap_err();
    let expected = [
        "place",
        "NoSuchPart",
        "There is no part 3: there are 3, counted from 0.",
    ];
    assert_eq!(told(&beyond), expected);
}
