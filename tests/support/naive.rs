//! Splitting whole numbers, as naively as it can be said.

/// Floors first; then one unit each to the largest remainders, the earlier first among equals. Negative weights have
/// negative shares, as long as the sum is positive.
pub fn proportional(amount: i128, weights: &[i128]) -> Vec<i128> {
    let total: i128 = weights.iter().sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<_> = weights
        .iter()
        .map(|weight| (amount * weight).div_euclid(total))
        .collect();
    let mut remainders: Vec<_> = weights
        .iter()
        .map(|weight| (amount * weight).rem_euclid(total))
        .collect();
    while shares.iter().sum::<i128>() < amount {
        let largest = *remainders.iter().max().unwrap();
        let place = remainders
            .iter()
            .position(|&remainder| remainder == largest)
            .unwrap();
        shares[place] += 1;
        remainders[place] = -1;
    }
    shares
}

/// What is negative is taken whole and adds to what there is; each of the others takes all it can of what is left.
pub fn in_order(amount: i128, caps: &[i128]) -> Vec<i128> {
    let mut left = amount - caps.iter().filter(|cap| **cap < 0).sum::<i128>();
    let mut shares = Vec::new();
    for &cap in caps {
        shares.push(if cap < 0 { cap } else { cap.min(left) });
        left -= cap.max(0).min(left);
    }
    shares
}

/// What is negative meets what is negative; then the first that has something on the other side takes it on. What is
/// left of both sides is not negative.
pub fn set_off(rows: &mut [i128], columns: &mut [i128]) -> Vec<(usize, usize, i128)> {
    let mut cells = Vec::new();
    for (column, needed) in columns.iter_mut().enumerate() {
        for (row, left) in rows.iter_mut().enumerate() {
            let units = (*left).max(*needed);
            if units < 0 {
                cells.push((row, column, units));
                *left -= units;
                *needed -= units;
            }
        }
    }
    let first = |side: &[i128]| side.iter().position(|units| *units > 0).unwrap();
    for (column, needed) in columns
        .iter_mut()
        .enumerate()
        .filter(|(_, needed)| **needed < 0)
    {
        let row = first(rows);
        cells.push((row, column, *needed));
        rows[row] -= *needed;
        *needed = 0;
    }
    for (row, left) in rows.iter_mut().enumerate().filter(|(_, left)| **left < 0) {
        let column = first(columns);
        cells.push((row, column, *left));
        columns[column] -= *left;
        *left = 0;
    }
    cells
}

/// Level by level, each row gives each column of the same key what both still allow; then each gives each.
pub fn pair_alike(
    rows: &[i128],
    columns: &[i128],
    levels: &[[Vec<Option<usize>>; 2]],
) -> Vec<(usize, usize, i128)> {
    let (mut rows, mut columns) = (rows.to_vec(), columns.to_vec());
    let mut cells = Vec::new();
    let alike = |level: usize, row: usize, column: usize| {
        levels.get(level).is_none_or(|[of_rows, of_columns]| {
            of_rows[row].is_some() && of_rows[row] == of_columns[column]
        })
    };
    for level in 0..=levels.len() {
        for (row, left) in rows.iter_mut().enumerate() {
            for (column, needed) in columns.iter_mut().enumerate() {
                let units = (*left).min(*needed);
                if units > 0 && alike(level, row, column) {
                    cells.push((row, column, units));
                    *left -= units;
                    *needed -= units;
                }
            }
        }
    }
    cells
}

/// One way to split: what [`split`] needs of a method, in its own words.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How a share that is not whole becomes so.
    pub round: fn(Ratio) -> i128,
    /// Who gets what is left over, best first: compares the places of two. `None`: nobody.
    pub better: Option<fn(&Share, &Share) -> bool>,
    /// Whether a negative amount is the mirror of its positive.
    pub mirror: bool,
    /// Whether a zero weight may get what is left over.
    pub zero_may_receive: bool,
    /// Whether all get the same whole multiple of their weights in lowest terms.
    pub blocks: bool,
    /// Whether it goes from the back, each by what is left.
    pub from_back: bool,
}

/// An exact number; the denominator is more than zero.
#[derive(Clone, Copy, Debug)]
pub struct Ratio(pub i128, pub i128);

/// A weight, its place, its exact share, and what it has got so far.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    pub place: usize,
    pub weight: i128,
    pub exact: Ratio,
    pub given: i128,
}

impl Share {
    /// Whatever the exact share and what was given differ by, in units of one over the sum of the weights.
    pub fn difference(&self) -> i128 {
        self.exact.0 - self.given * self.exact.1
    }
}

/// The parts of an amount over weights of which one at least is more than zero, and what nobody got.
pub fn split(rules: &Rules, amount: i128, weights: &[i128]) -> (Vec<i128>, i128) {
    if rules.mirror && amount < 0 {
        let (parts, rest) = split(rules, -amount, weights);
        return (parts.into_iter().map(|part| -part).collect(), -rest);
    }
    let total: i128 = weights.iter().sum();
    if rules.from_back {
        let mut parts = vec![0; weights.len()];
        for place in (0..weights.len()).rev() {
            let (left, weights) = (amount - parts.iter().sum::<i128>(), &weights[..=place]);
            let total: i128 = weights.iter().sum();
            if total > 0 {
                parts[place] = (rules.round)(Ratio(left * weights[place], total));
            }
        }
        let rest = amount - parts.iter().sum::<i128>();
        return (parts, rest);
    }
    let exact = |weight: i128| Ratio(amount * weight, total);
    let mut shares: Vec<_> = weights
        .iter()
        .enumerate()
        .map(|(place, &weight)| Share {
            place,
            weight,
            exact: exact(weight),
            given: (rules.round)(exact(weight)),
        })
        .collect();
    if rules.blocks {
        let divisor = (1..=total)
            .rev()
            .find(|divisor| weights.iter().all(|weight| weight % divisor == 0))
            .unwrap();
        let times = amount / (total / divisor);
        shares
            .iter_mut()
            .for_each(|share| share.given = share.weight / divisor * times);
    }
    let mut rest = amount - shares.iter().map(|share| share.given).sum::<i128>();
    if let Some(better) = rules.better {
        // Insertion: a share goes before the first that it is better than.
        let mut queue: Vec<Share> = Vec::new();
        for &share in shares
            .iter()
            .filter(|share| share.weight != 0 || rules.zero_may_receive)
        {
            let place = queue
                .iter()
                .position(|other| better(&share, other))
                .unwrap_or(queue.len());
            queue.insert(place, share);
        }
        for share in queue.iter().cycle() {
            if rest == 0 {
                break;
            }
            shares[share.place].given += rest.signum();
            rest -= rest.signum();
        }
    }
    (shares.iter().map(|share| share.given).collect(), rest)
}
