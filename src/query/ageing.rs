//! What accounts owe on a day, by how long it is overdue.
//!
//! The open amount of a posted demand is not due up to its due date, and overdue from the next day on. Credit memos and
//! payments are a figure of their own: nobody knows what they will settle.

use crate::calendar::Date;
use crate::document::{DocumentIndex, Header};
use crate::query::accounts::{AccountList, is_posted};
use crate::query::of_accounts::DocumentsOfAccounts;
use crate::query::past::AsOf;

/// What an account owes and has in one currency, by age.
#[derive(Clone, Debug)]
pub(in crate::query) struct AgeingSums {
    /// A document that names the account and the currency.
    pub document: DocumentIndex,
    /// The open amounts of demands that are not overdue, in minor units.
    pub not_due: i128,
    /// The open amounts of demands that are overdue, bucket by bucket.
    pub buckets: Vec<i128>,
    /// The open amounts of credit memos and payments.
    pub unapplied: i128,
}

impl AgeingSums {
    fn new(document: DocumentIndex, days: &[u32]) -> Self {
        Self {
            document,
            not_due: 0,
            buckets: vec![0; days.len().saturating_add(1)],
            unapplied: 0,
        }
    }

    /// The overdue amount of all buckets.
    pub(in crate::query) fn overdue(&self) -> i128 {
        self.buckets.iter().copied().fold(0, i128::saturating_add)
    }

    /// What the account owes less what it has: the balance of the account on that day.
    pub(in crate::query) fn balance(&self) -> i128 {
        self.not_due
            .saturating_add(self.overdue())
            .saturating_sub(self.unapplied)
    }

    /// Adds the open amount of a document; `bucket`: where it is overdue.
    fn add(&mut self, header: &Header, open: i128, bucket: Option<usize>) {
        let sum = if header.kind.is_source() {
            &mut self.unapplied
        } else {
            let overdue = bucket.and_then(|bucket| self.buckets.get_mut(bucket));
            overdue.unwrap_or(&mut self.not_due)
        };
        *sum = sum.saturating_add(open);
    }
}

/// Sums up, by age on `day`, the accounts that had posted documents then.
pub(in crate::query) fn sum_by_age(
    documents: &DocumentsOfAccounts<'_>,
    as_of: &AsOf,
    day: Date,
    days: &[u32],
) -> Vec<AgeingSums> {
    let mut accounts = AccountList::default();
    for (index, document) in documents.iter() {
        let header = document.header();
        let counts = header.kind.is_source() || header.kind.is_demand();
        if !counts || !is_posted(as_of, header) {
            continue;
        }

        let open = as_of.total(index, header).open.minor().into();
        let bucket = bucket(header.due_date, day, days);
        accounts.add(
            header,
            || AgeingSums::new(index, days),
            |sums| sums.add(header, open, bucket),
        );
    }
    accounts.into_sums()
}

/// The bucket of a demand on a day; `None` as long as it is not overdue.
fn bucket(due_date: Date, day: Date, days: &[u32]) -> Option<usize> {
    // Below zero before the due date. On the due date itself nothing is overdue.
    let overdue = u32::try_from(due_date.days_until(day)).ok()?;
    if overdue == 0 {
        return None;
    }

    Some(days.partition_point(|edge| *edge < overdue))
}
