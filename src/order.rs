//! Sorting, once for all types.
//!
//! The standard sort is compiled anew for every type and comparison, at some ten kilobytes each (a third of the module
//! when it was used). This merge sort orders places, and one copy of it, half a kilobyte, serves the whole engine.

use std::cmp::Ordering;

/// Sorts `items`; equal ones keep their order.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    // Most lists that the engine sorts are in order already.
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }

    // Places are sorted, so that the sort knows nothing of `T` and is compiled once.
    let places = sorted_places(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(first), Some(second)) => compare(first, second),
        _ => Ordering::Equal,
    });

    for (a, b) in swaps(&places) {
        items.swap(a, b);
    }
}

/// The first sixteen bytes, the first one highest: a number that is not larger for what comes earlier byte by byte.
#[inline]
pub(crate) fn first_bytes(bytes: impl Iterator<Item = u8>) -> u128 {
    let mut first = [0; 16];
    first
        .iter_mut()
        .zip(bytes)
        .for_each(|(place, byte)| *place = byte);
    u128::from_be_bytes(first)
}

/// The natural order of texts: digits count by the number that they write, so `INV-9` comes before `INV-10`. Numbers
/// that differ in leading zeros alone are still two texts.
pub(crate) fn compare_naturally(a: &str, b: &str) -> Ordering {
    Natural::new(a).cmp(Natural::new(b)).then_with(|| a.cmp(b))
}

/// Bytes whose order is the natural order of texts, as far as it does not depend on leading zeros.
pub(crate) fn natural_bytes(text: &str) -> impl Iterator<Item = u8> {
    Natural::new(text)
        .map(u16::to_be_bytes)
        .flat_map(|[high, low]| {
            // A byte for what needs no two.
            match high {
                0 => [Some(low), None],
                Natural::DIGIT => [Some(high), Some(low)],
                _ => [Some(high), None],
            }
        })
        .flatten()
}

/// A text as numbers whose order is the natural one: other characters byte by byte; digits as how many there are
/// without leading zeros, up to 255, then themselves.
struct Natural<'t> {
    /// The text that is not read yet.
    text: &'t [u8],
    /// The digits that are being read.
    digits: &'t [u8],
}

impl<'t> Natural<'t> {
    /// A number is where the digit zero would be.
    const DIGIT: u8 = b'0';

    const fn new(text: &'t str) -> Self {
        Self {
            text: text.as_bytes(),
            digits: &[],
        }
    }

    /// Starts a number; returns how many digits it has.
    fn start_number(&mut self) -> Option<u16> {
        // Leading zeros say nothing about the number, so a number of fewer digits is the smaller one.
        let length = self.text.iter().take_while(|byte| byte.is_ascii_digit());
        let (digits, after) = self.text.split_at_checked(length.count())?;
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        self.text = after;
        self.digits = digits.get(zeros..)?;

        let length = u8::try_from(self.digits.len()).unwrap_or(u8::MAX);
        Some(u16::from_be_bytes([Self::DIGIT, length]))
    }
}

impl Iterator for Natural<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if let Some((&digit, after)) = self.digits.split_first() {
            self.digits = after;
            return Some(u16::from(digit));
        }

        let (&first, after) = self.text.split_first()?;
        if first.is_ascii_digit() {
            return self.start_number();
        }
        self.text = after;
        Some(u16::from_be_bytes([first, 0]))
    }
}

/// Sorts places of another list; equal ones keep their order. It is compiled once for all types that are compared.
#[inline(never)]
pub(crate) fn sort_places(places: &mut Vec<usize>, compare: &dyn Fn(usize, usize) -> Ordering) {
    let sorted = sorted_places(places.len(), &|a, b| match (places.get(a), places.get(b)) {
        (Some(&first), Some(&second)) => compare(first, second),
        _ => Ordering::Equal,
    });
    *places = sorted
        .into_iter()
        .filter_map(|place| places.get(place).copied())
        .collect();
}

/// The swaps, at most one for each place, that bring what is at `places` into their order.
#[inline(never)]
fn swaps(places: &[usize]) -> Vec<(usize, usize)> {
    // Where what is at each place has to go.
    let mut goals = vec![0; places.len()];
    for (goal, &place) in places.iter().enumerate() {
        if let Some(entry) = goals.get_mut(place) {
            *entry = goal;
        }
    }

    let mut swaps = Vec::new();
    for place in 0..goals.len() {
        // Each swap brings one item home, so that this ends.
        while let Some(&goal) = goals.get(place).filter(|&&goal| goal != place) {
            swaps.push((place, goal));
            goals.swap(place, goal);
        }
    }
    swaps
}

/// The places of `heads` in their order; where heads are equal, `compare` decides between the places.
pub(crate) fn places_by_head(
    heads: &[u128],
    compare: &dyn Fn(usize, usize) -> Ordering,
) -> Vec<usize> {
    let head = |place: usize| heads.get(place).copied().unwrap_or_default();
    let mut places = merged(heads.len(), |a, b| head(a) <= head(b));

    // Few heads are equal, so that `compare`, which reads what stands behind a head, is asked rarely.
    for run in places.chunk_by_mut(|&a, &b| head(a) == head(b)) {
        sort_by(run, |&a, &b| compare(a, b));
    }
    places
}

/// The places from 0 to `count` in sorted order.
#[inline(never)]
fn sorted_places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    merged(count, |a, b| compare(a, b).is_le())
}

/// The same by whether a place may come before another: the runs that are in order already are merged two by two until
/// there is one. What a caller lists is rarely in no order at all.
#[inline]
fn merged(count: usize, is_before: impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);

    // Where each run ends.
    let breaks = (0..count)
        .zip(1..count)
        .filter(|&(a, b)| !is_before(a, b))
        .map(|(_, b)| b);
    let mut ends: Vec<usize> = breaks.chain([count]).collect();

    while ends.len() > 1 {
        let mut start = 0;
        for pair in ends.chunks(2) {
            let (middle, end) = match *pair {
                [middle, end] => (middle, end),
                // The last run of an odd number has no partner: it is copied as it is.
                _ => (count, count),
            };
            let mut left = sorted.get(start..middle).unwrap_or_default();
            let mut right = sorted.get(middle..end).unwrap_or_default();

            // The left one first among equals: that keeps their order.
            while let (Some(&a), Some(&b)) = (left.first(), right.first()) {
                let is_left = is_before(a, b);

                // Chosen, not branched: no processor can guess which of the two it is.
                merged.push(if is_left { a } else { b });
                left = left.get(usize::from(is_left)..).unwrap_or_default();
                right = right.get(usize::from(!is_left)..).unwrap_or_default();
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
            start = end;
        }
        std::mem::swap(&mut sorted, &mut merged);
        merged.clear();

        // Every second run has become one with that before it; the last one may have had no other.
        let mut is_inner = false;
        ends.retain(|&end| {
            is_inner = !is_inner;
            !is_inner || end == count
        });
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::sort_by;

    #[test]
    fn equal_items_keep_their_order() {
        let mut items: Vec<_> = [3, 1, 2, 3, 1, 2].into_iter().zip(0..).collect();
        sort_by(&mut items, |a, b| a.0.cmp(&b.0));
        assert_eq!(items, [(1, 1), (1, 4), (2, 2), (2, 5), (3, 0), (3, 3)]);
    }

    #[test]
    fn runs_that_are_there_are_merged() {
        // Ten numbers in no order, cut in every way into runs that are in order.
        for cuts in 0_u32..1 << 9 {
            let mut items = Vec::new();
            let mut run = Vec::new();
            for place in 0_u32..10 {
                run.push((place * 7 % 10, place));
                if place == 9 || cuts >> place & 1 == 1 {
                    run.sort_unstable();
                    items.append(&mut run);
                }
            }
            let mut expected = items.clone();
            expected.sort_by_key(|(number, _)| *number);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            assert_eq!(items, expected, "{cuts:b}");
        }
    }

    #[test]
    fn it_sorts_like_the_standard_sort() {
        // Lists of every length up to 200 of 16 values, from a linear congruential generator.
        let mut state = 1_u32;
        for length in 0..200_usize {
            let mut items: Vec<_> = (0..length)
                .map(|place| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 28, place)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            sort_by(&mut items, |a, b| a.0.cmp(&b.0));
            assert_eq!(items, expected);
        }
    }
}
