//! Splitting whole numbers, as naively as it can be said.

/// Floors first; then one unit each to the largest remainders, the earlier first among equals.
pub fn proportional(amount: i128, weights: &[i128]) -> Vec<i128> {
    let total: i128 = weights.iter().sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let mut shares: Vec<_> = weights.iter().map(|weight| amount * weight / total).collect();
    let mut remainders: Vec<_> = weights.iter().map(|weight| amount * weight % total).collect();
    while shares.iter().sum::<i128>() < amount {
        let largest = *remainders.iter().max().unwrap();
        let place = remainders.iter().position(|&remainder| remainder == largest).unwrap();
        shares[place] += 1;
        remainders[place] = -1;
    }
    shares
}

/// Each takes all it can of what is left.
pub fn in_order(mut amount: i128, caps: &[i128]) -> Vec<i128> {
    let mut shares = Vec::new();
    for &cap in caps {
        shares.push(cap.min(amount));
        amount -= cap.min(amount);
    }
    shares
}

/// Two pointers: the row at hand gives the column at hand as much as both allow.
pub fn pair_off(rows: &[i128], columns: &[i128]) -> Vec<(usize, usize, i128)> {
    let (mut rows, mut columns) = (rows.to_vec(), columns.to_vec());
    let (mut row, mut column) = (0, 0);
    let mut cells = Vec::new();
    while row < rows.len() && column < columns.len() {
        let units = rows[row].min(columns[column]);
        if units > 0 {
            cells.push((row, column, units));
        }
        rows[row] -= units;
        columns[column] -= units;
        if rows[row] == 0 {
            row += 1;
        } else {
            column += 1;
        }
    }
    cells
}
