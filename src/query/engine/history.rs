//! Narrows the history to the versions that a filter can want.
//!
//! Versions rise along the history, and an undo adds entries instead of removing any. So the entries of some versions
//! stand together, and are found without a look at the others.

use crate::query::cell::Operand;
use crate::query::condition::{Condition, Op};
use crate::query::request::Query;
use std::ops::RangeInclusive;

/// The fields of an application that tell the version of its entry. In a book without a log, `version` is nothing,
/// which no number is equal to, less or more than.
const VERSION_FIELDS: [&str; 2] = ["applicationGroupId", "version"];

/// Returns the versions outside of which no row of applications meets the filter.
pub(in crate::query) fn wanted_versions(query: &Query) -> RangeInclusive<u64> {
    let (mut first, mut last) = (0, u64::MAX);
    for versions in query.filter.iter().filter_map(versions_of) {
        first = first.max(*versions.start());
        last = last.min(*versions.end());
    }
    first..=last
}

/// The versions outside of which no entry meets a condition; `None` if it asks for something else.
fn versions_of(condition: &Condition) -> Option<RangeInclusive<u64>> {
    if !VERSION_FIELDS.contains(&condition.by.field.name) {
        return None;
    }

    // A value that is no version can still be met by comparison: then the condition narrows nothing.
    let versions: Option<Vec<_>> = condition.values.iter().map(version_of).collect();
    let versions = versions?;
    let least = versions.iter().copied().min()?;
    let most = versions.iter().copied().max()?;

    match condition.op {
        Op::Is => Some(least..=most),
        // Of several values, each has to hold.
        Op::AtMost | Op::Less => Some(0..=least),
        Op::AtLeast | Op::More => Some(most..=u64::MAX),
        Op::IsNot | Op::StartsWith | Op::Contains => None,
    }
}

/// The version that a value names, if it is one.
fn version_of(value: &Operand) -> Option<u64> {
    match value {
        Operand::Group(version) => Some(*version),
        Operand::Whole(number) => u64::try_from(*number).ok(),
        _ => None,
    }
}
