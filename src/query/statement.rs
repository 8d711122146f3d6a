//! What moved the balance of accounts between two days, entry by entry.
//!
//! A balance is moved by a document that comes into force or is withdrawn, and by money that is paid back. An
//! application moves a demand and its source alike, so the balance stays; what was settled elsewhere, before its
//! document came into the book, moves that document alone. Documents are seen at the end of each day: one that comes
//! into force and is withdrawn on the same day has no entry. So the running balance is, on each day, the balance that
//! the account had then.

use crate::calendar::Date;
use crate::document::{Application, Document, DocumentIndex, Documents, Kind, Settlement, Status};
use crate::money::Amount;
use crate::order::sort_by;
use crate::query::of_accounts::DocumentsOfAccounts;
use crate::words::closed_set;
use std::cmp::Ordering;

closed_set! {
    /// What an entry of a statement is.
    StatementEntryKind {
        /// The balance before the first day.
        Opening = "opening",
        /// A document comes into force.
        Posted = "posted",
        /// Something was settled elsewhere, before its document came into the book.
        SettledBefore = "settledBefore",
        /// Something is applied, or taken back.
        Application = "application",
        /// Money is paid back, or that is canceled.
        Refund = "refund",
        /// A document is a draft again.
        Unposted = "unposted",
        /// A document is withdrawn.
        Canceled = "canceled",
        /// The balance at the end of the last day.
        Closing = "closing",
    }
}

/// An entry of a statement.
#[derive(Clone, Debug)]
pub(in crate::query) struct StatementEntry {
    pub kind: StatementEntryKind,
    pub date: Date,
    /// A document that names the account and the currency.
    pub account: DocumentIndex,
    /// The document that it is about: of what is settled the source. None of a balance.
    pub document: Option<DocumentIndex>,
    /// The demand or refund that is settled.
    pub target: Option<DocumentIndex>,
    /// The amount that is settled.
    pub settled: Option<Amount>,
    /// What the balance changes by, in minor units.
    pub change: i128,
    /// The balance after it.
    pub balance: i128,
    /// Counted from 1, within its account and currency.
    pub position: i64,
}

impl StatementEntry {
    const fn new(kind: StatementEntryKind, date: Date, account: DocumentIndex) -> Self {
        Self {
            kind,
            date,
            account,
            document: None,
            target: None,
            settled: None,
            change: 0,
            balance: 0,
            position: 0,
        }
    }

    /// The change of the balance; none of an opening or closing balance.
    pub(in crate::query) const fn amount(&self) -> Option<i128> {
        match self.kind {
            StatementEntryKind::Opening | StatementEntryKind::Closing => None,
            _ => Some(self.change),
        }
    }
}

/// The statements of all accounts from `from` to `to`, both days included: account by account, currency by currency.
pub(in crate::query) fn statements(
    of_accounts: &DocumentsOfAccounts<'_>,
    from: Date,
    to: Date,
) -> Vec<StatementEntry> {
    let documents = of_accounts.all();
    let mut entries = Vec::new();
    for (index, document) in of_accounts.iter() {
        add_changes_of_force(&mut entries, index, document);
    }
    for entry in of_accounts.settlements() {
        add_settlement(&mut entries, documents, &entry.settlement);
    }

    // Entries before the first day count: the opening balance is their sum.
    entries.retain(|entry| entry.date <= to);
    sort_by(&mut entries, |a, b| compare(documents, a, b));

    let mut statements = Vec::new();
    let accounts = entries.chunk_by(|a, b| compare_accounts(documents, a, b).is_eq());
    for entries in accounts {
        add_statement(&mut statements, entries, from, to);
    }
    statements
}

/// By account, currency and day; on one day in the order of the kinds, and of one kind as it happened.
fn compare(documents: &Documents, a: &StatementEntry, b: &StatementEntry) -> Ordering {
    compare_accounts(documents, a, b)
        .then_with(|| a.date.cmp(&b.date))
        .then_with(|| a.kind.cmp(&b.kind))
}

/// Compares the accounts and currencies of two entries.
fn compare_accounts(documents: &Documents, a: &StatementEntry, b: &StatementEntry) -> Ordering {
    account_of(documents, a).cmp(&account_of(documents, b))
}

/// Returns the account and the currency of an entry.
fn account_of<'d>(documents: &'d Documents, entry: &StatementEntry) -> Option<(&'d str, &'d str)> {
    let header = documents.header(entry.account)?;
    Some((&header.account_id, header.currency.code()))
}

/// Adds the entries of one account, with their balances.
fn add_statement(
    statements: &mut Vec<StatementEntry>,
    entries: &[StatementEntry],
    from: Date,
    to: Date,
) {
    let Some(account) = entries.first().map(|entry| entry.account) else {
        return;
    };

    let before = entries.partition_point(|entry| entry.date < from);
    let (before, during) = entries.split_at_checked(before).unwrap_or_default();
    let mut balance = before
        .iter()
        .fold(0_i128, |sum, entry| sum.saturating_add(entry.change));

    let opening = StatementEntry::new(StatementEntryKind::Opening, from, account);
    let closing = StatementEntry::new(StatementEntryKind::Closing, to, account);
    let entries = std::iter::once(&opening).chain(during).chain([&closing]);
    for (position, entry) in (1..).zip(entries) {
        balance = balance.saturating_add(entry.change);
        statements.push(StatementEntry {
            balance,
            position,
            ..entry.clone()
        });
    }
}

/// Adds an entry for each day at whose end the document is in force and was not before, or the reverse, and for each
/// day on which more of it was settled elsewhere.
fn add_changes_of_force(
    entries: &mut Vec<StatementEntry>,
    index: DocumentIndex,
    document: &Document,
) {
    let sign = match document.header().kind {
        Kind::Invoice | Kind::DebitMemo => 1,
        Kind::CreditMemo | Kind::Payment => -1,
        // What a refund pays back counts with what it is settled by.
        Kind::Refund => return,
    };

    let mut contribution = Contribution::new(index, document, sign);
    for date in days_of(document) {
        entries.extend(contribution.change_of_force(date));
        entries.extend(contribution.settled_elsewhere(date));
    }
}

/// What one document contributes to the balance of its account, day after day.
struct Contribution<'d> {
    index: DocumentIndex,
    document: &'d Document,
    /// 1 for what is owed, -1 for a credit.
    sign: i128,
    is_in_force: bool,
    /// What the balance has of it.
    counted: i128,
    /// How much less that is than its amount, because it was settled elsewhere.
    settled_before: i128,
}

impl<'d> Contribution<'d> {
    const fn new(index: DocumentIndex, document: &'d Document, sign: i128) -> Self {
        Self {
            index,
            document,
            sign,
            is_in_force: false,
            counted: 0,
            settled_before: 0,
        }
    }

    /// The entry of a day at whose end the document is in force and was not before, or the reverse.
    fn change_of_force(&mut self, date: Date) -> Option<StatementEntry> {
        let header = self.document.header();
        let status = header.notes.status_on(date);
        let is_in_force = header.date <= date && status == Status::Posted;
        if is_in_force == self.is_in_force {
            return None;
        }

        // In force, all of its amount counts, and what was settled elsewhere follows as an entry of its own. Withdrawn,
        // it takes away what the balance has of it: of a payment that was settled elsewhere, less than its amount.
        let amount = i128::from(header.figures.amount().minor()).saturating_mul(self.sign);
        let counts = if is_in_force { amount } else { 0 };
        let change = counts.saturating_sub(self.counted);
        (self.is_in_force, self.counted, self.settled_before) = (is_in_force, counts, 0);

        let kind = match status {
            Status::Posted => StatementEntryKind::Posted,
            Status::Draft => StatementEntryKind::Unposted,
            Status::Canceled => StatementEntryKind::Canceled,
        };
        Some(self.entry(kind, date, change))
    }

    /// The entry of what was settled elsewhere up to a day, as far as no entry has it. Entries of earlier days count
    /// from the day on which the document comes into force.
    fn settled_elsewhere(&mut self, date: Date) -> Option<StatementEntry> {
        let settled = settled_up_to(self.document, date);
        let more = settled.saturating_sub(self.settled_before);
        if !self.is_in_force || more == 0 {
            return None;
        }

        let change = more.saturating_mul(self.sign).saturating_neg();
        self.counted = self.counted.saturating_add(change);
        self.settled_before = settled;

        Some(StatementEntry {
            settled: Amount::try_from(more).ok(),
            ..self.entry(StatementEntryKind::SettledBefore, date, change)
        })
    }

    const fn entry(&self, kind: StatementEntryKind, date: Date, change: i128) -> StatementEntry {
        let mut entry = StatementEntry::new(kind, date, self.index);
        entry.document = Some(self.index);
        entry.change = change;
        entry
    }
}

/// What was settled of a document up to a day, and before it came into the book, in minor units.
fn settled_up_to(document: &Document, date: Date) -> i128 {
    let known = document.settled_before().iter();
    let known = known.filter(|entry| entry.date <= date);
    known.fold(0_i128, |sum, entry| {
        sum.saturating_add(entry.amount.minor().into())
    })
}

/// The days on which a document can come into force or be withdrawn, or was settled before it came into the book: in
/// order, each once.
fn days_of(document: &Document) -> Vec<Date> {
    let header = document.header();
    let mut days: Vec<_> = header
        .notes
        .statuses
        .iter()
        .map(|(date, _)| *date)
        .collect();
    days.push(header.date);
    days.extend(document.settled_before().iter().map(|entry| entry.date));

    sort_by(&mut days, Ord::cmp);
    days.dedup();
    days
}

/// Adds the entries of what an operation settled.
fn add_settlement(
    entries: &mut Vec<StatementEntry>,
    documents: &Documents,
    settlement: &Settlement,
) {
    for application in settlement.applications() {
        add_application(entries, documents, settlement, &application);
    }
}

/// Adds the entry of an application: it moves both sides, so the balance stays. A payment may have gone to another
/// account since, or a document may be deleted. Then it moves one side alone.
fn add_application(
    entries: &mut Vec<StatementEntry>,
    documents: &Documents,
    settlement: &Settlement,
    application: &Application<'_>,
) {
    let (source, target) = (settlement.source, application.target);
    let headers = [source, target].map(|index| documents.header(index));
    let [Some(source_header), Some(target_header)] = headers else {
        return;
    };

    let is_refund = target_header.kind == Kind::Refund;
    let kind = if is_refund {
        StatementEntryKind::Refund
    } else {
        StatementEntryKind::Application
    };
    let date = documents.counts_from(settlement.at, source, target);
    let entry = StatementEntry {
        document: Some(source),
        target: Some(target),
        settled: Some(application.amount),
        ..StatementEntry::new(kind, date, source)
    };

    // What a refund receives has left the account, so only its source moves the balance.
    let has_source = !source_header.deleted;
    let has_target = !target_header.deleted && !is_refund;
    let is_inside = source_header.account_id == target_header.account_id;
    if has_source && has_target && is_inside {
        entries.push(entry);
        return;
    }

    let amount = i128::from(application.amount.minor());
    if has_source {
        entries.push(StatementEntry {
            change: amount,
            ..entry.clone()
        });
    }
    if has_target {
        entries.push(StatementEntry {
            account: target,
            change: amount.saturating_neg(),
            ..entry
        });
    }
}
