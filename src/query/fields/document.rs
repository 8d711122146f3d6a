//! The fields of documents, and the figures that follow from them.

use crate::calendar::Date;
use crate::command::Verb;
use crate::document::{
    Header, Kind, Kinds, LineIndex, LineRef, Origin, SettledBy, Settlement, Status,
};
use crate::money::Amount;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;
use crate::settle::{available_to_credit, can, has_applied};
use crate::words::closed_set;

const ORIGINS: FieldType = FieldType::Word(Origin::NAMES);

const CREDIT_MEMOS: Kinds = Kinds::of(&[Kind::CreditMemo]);

const MEMOS: Kinds = Kinds::of(&[Kind::CreditMemo, Kind::DebitMemo]);

fn restocking_fee<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let fee = row.header.notes.restocking_fee;
    fee.is_positive().then(|| row.amount(fee))
}

/// All that came back: the amount of the memo, and what was withheld of it.
fn gross<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let amount = row.header.figures.amount();
    let gross = amount.plus(row.header.notes.restocking_fee)?;
    Some(row.amount(gross))
}

/// What exemptions took off the taxes of a document.
fn exempt<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let taxes = row
        .document()?
        .lines()
        .iter()
        .filter_map(|line| line.detail.tax());
    let amounts = taxes.filter_map(|(_, tax)| row.header.currency.amount(tax.exempt?).ok());
    Some(row.amount(Amount::sum(amounts)?))
}

/// Of documents.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("type", FieldType::KIND, |row| {
        Some(FieldValue::Text(row.header.kind.as_str()))
    })
    .cacheable(),
    Field::new("id", FieldType::Label, |row| {
        Some(FieldValue::Text(&row.header.id))
    })
    .cacheable(),
    Field::new("number", FieldType::Label, |row| {
        Some(FieldValue::Text(&row.header.number))
    })
    .number()
    .cacheable(),
    Field::new("accountId", FieldType::Label, |row| {
        Some(FieldValue::Text(&row.header.account_id))
    })
    .cacheable(),
    Field::new("currency", FieldType::Label, |row| {
        Some(FieldValue::Text(row.header.currency.code()))
    })
    .cacheable(),
    Field::new("status", FieldType::STATUS, |row| {
        Some(FieldValue::Text(row.status().as_str()))
    })
    .cacheable(),
    Field::new("date", FieldType::Date, |row| {
        Some(FieldValue::Date(row.header.date))
    })
    .cacheable(),
    Field::new("dueDate", FieldType::Date, |row| {
        Some(FieldValue::Date(row.header.due_date))
    })
    .only_of(Kinds::DEMANDS)
    .if_set()
    .cacheable(),
    Field::new("amount", FieldType::Amount, |row| {
        Some(row.amount(row.header.figures.amount()))
    })
    .cacheable(),
    Field::new("taxAmount", FieldType::Amount, |row| {
        Some(row.amount(row.header.tax))
    })
    .cacheable(),
    Field::new("appliedAmount", FieldType::Amount, |row| {
        Some(row.amount(row.total().applied))
    })
    .cacheable(),
    Field::new("balance", FieldType::Amount, open)
        .only_of(Kinds::DEMANDS)
        .if_set()
        .cacheable(),
    Field::new("availableToCreditAmount", FieldType::Amount, available)
        .only_of(Kinds::DEMANDS)
        .if_set()
        .now_only(),
    Field::new("refundAmount", FieldType::Amount, |row| {
        Some(row.amount(row.total().refunded))
    })
    .only_of(Kinds::SOURCES)
    .if_set()
    .cacheable(),
    Field::new("unappliedAmount", FieldType::Amount, open)
        .only_of(Kinds::SOURCES)
        .if_set()
        .cacheable(),
    Field::new("origin", ORIGINS, |row| {
        Some(FieldValue::Text(row.header.origin.as_str()))
    })
    .cacheable(),
    Field::new("reversed", FieldType::Boolean, |row| {
        Some(FieldValue::Boolean(row.header.reversed))
    })
    .now_only()
    .cacheable(),
    Field::new("referredDocumentId", FieldType::Text, |row| {
        referred(row, |header| &header.id)
    })
    .if_set(),
    Field::new("postedOn", FieldType::Date, |row| {
        row.header.notes.posted_on(row.day()).map(FieldValue::Date)
    })
    .if_set()
    .cacheable(),
    Field::new("canceledOn", FieldType::Date, |row| {
        row.header
            .notes
            .canceled_on(row.day())
            .map(FieldValue::Date)
    })
    .if_set()
    .cacheable(),
    Field::new("cancelReasonCode", FieldType::Text, |row| {
        let notes = &row.header.notes;
        notes.canceled_on(row.day())?;
        notes.cancel_reason_code.as_deref().map(FieldValue::Text)
    })
    .if_set(),
    Field::new("cancelComment", FieldType::Text, |row| {
        let notes = &row.header.notes;
        notes.canceled_on(row.day())?;
        notes.cancel_comment.as_deref().map(FieldValue::Text)
    })
    .if_set(),
    Field::new("createdOn", FieldType::Date, |row| {
        row.header.created_on.map(FieldValue::Date)
    })
    .if_set()
    .cacheable(),
    Field::new("updatedOn", FieldType::Date, updated_on)
        .if_set()
        .now_only()
        .cacheable(),
    Field::new("targetDate", FieldType::Date, |row| {
        row.header.notes.target_date.map(FieldValue::Date)
    })
    .if_set()
    .cacheable(),
    Field::new("reasonCode", FieldType::Text, |row| {
        row.header
            .notes
            .reason_code
            .as_deref()
            .map(FieldValue::Text)
    })
    .if_set()
    .cacheable(),
    Field::new("comment", FieldType::Text, |row| {
        row.header.notes.comment.as_deref().map(FieldValue::Text)
    })
    .if_set(),
    Field::new("method", FieldType::Text, |row| {
        row.header.notes.method.as_deref().map(FieldValue::Text)
    })
    .only_of(Kinds::MONEY)
    .if_set()
    .cacheable(),
    Field::new("electronic", FieldType::Boolean, |row| {
        Some(FieldValue::Boolean(row.header.notes.electronic))
    })
    .only_of(Kinds::MONEY)
    .if_set()
    .cacheable(),
    Field::new("settledBefore", FieldType::Nested, settled_before)
        .only_of(Kinds::of(&[Kind::Payment]))
        .if_set(),
    Field::new("autoApply", FieldType::Boolean, |row| {
        Some(FieldValue::Boolean(row.header.notes.auto_apply))
    })
    .only_of(CREDIT_MEMOS)
    .if_set()
    .cacheable(),
    Field::new("excludeFromAutoApply", FieldType::Boolean, |row| {
        Some(FieldValue::Boolean(
            row.header.notes.exclude_from_auto_apply,
        ))
    })
    .if_set()
    .cacheable(),
    Field::new("excludeFromRevenue", FieldType::Boolean, |row| {
        Some(FieldValue::Boolean(row.header.notes.exclude_from_revenue))
    })
    .only_of(MEMOS)
    .if_set()
    .cacheable(),
    Field::new("restockingFee", FieldType::Amount, restocking_fee)
        .only_of(CREDIT_MEMOS)
        .if_set()
        .cacheable(),
    Field::new("customFields", FieldType::Custom, |row| {
        Some(FieldValue::Custom(&row.header.notes.custom))
    })
    .if_set(),
    Field::new("grossAmount", FieldType::Amount, gross)
        .only_of(CREDIT_MEMOS)
        .asked()
        .cacheable(),
    Field::new("taxExemptAmount", FieldType::Amount, exempt)
        .only_of(Kinds::MONEY.others())
        .asked(),
    Field::new("referredDocumentNumber", FieldType::Text, |row| {
        referred(row, |header| &header.number)
    })
    .number()
    .asked(),
    Field::new("remainingBalance", FieldType::Amount, open)
        .asked()
        .cacheable(),
    Field::new("lastAppliedOn", FieldType::Date, last_applied_on)
        .only_of(Kinds::of(&[Kind::Refund]).others())
        .asked()
        .cacheable(),
    Field::new("hasApplications", FieldType::Boolean, has_applications)
        .now_only()
        .asked()
        .cacheable(),
    Field::new("canBeApplied", FieldType::Boolean, |row| {
        ability(row, Verb::Apply)
    })
    .only_of(Kinds::SOURCES)
    .now_only()
    .asked()
    .cacheable(),
    Field::new("canBeUnapplied", FieldType::Boolean, |row| {
        ability(row, Verb::Unapply)
    })
    .only_of(Kinds::SOURCES)
    .now_only()
    .asked()
    .cacheable(),
    Field::new("canBeRefunded", FieldType::Boolean, |row| {
        ability(row, Verb::Refund)
    })
    .only_of(Kinds::SOURCES)
    .now_only()
    .asked()
    .cacheable(),
    Field::new("canBePaid", FieldType::Boolean, |row| {
        ability(row, Verb::Pay)
    })
    .only_of(Kinds::DEMANDS)
    .now_only()
    .asked()
    .cacheable(),
    Field::new("canBePosted", FieldType::Boolean, |row| {
        ability(row, Verb::Post)
    })
    .only_of(Kinds::MONEY.others())
    .now_only()
    .asked(),
    Field::new("canBeUnposted", FieldType::Boolean, |row| {
        ability(row, Verb::Unpost)
    })
    .only_of(Kinds::MONEY.others())
    .now_only()
    .asked(),
    Field::new("canBeCanceled", FieldType::Boolean, |row| {
        ability(row, Verb::Cancel)
    })
    .now_only()
    .asked(),
    Field::new("canBeDeleted", FieldType::Boolean, |row| {
        ability(row, Verb::Delete)
    })
    .now_only()
    .asked()
    .cacheable(),
    Field::new("canBeVoided", FieldType::Boolean, |row| {
        ability(row, Verb::Void)
    })
    .only_of(Kinds::of(&[Kind::Refund]).others())
    .now_only()
    .asked(),
    Field::new("canBeWrittenOff", FieldType::Boolean, |row| {
        ability(row, Verb::WriteOff)
    })
    .only_of(Kinds::of(&[Kind::Refund]).others())
    .now_only()
    .asked(),
    Field::new("canBeReversed", FieldType::Boolean, |row| {
        ability(row, Verb::Reverse)
    })
    .only_of(Kinds::MONEY.others())
    .now_only()
    .asked(),
    Field::new("zuoraStatus", ZUORA, zuora).asked().cacheable(),
    Field::new("quickstartStatus", QUICKSTART, quickstart)
        .asked()
        .cacheable(),
    Field::new("dayZeroStatus", DAY_ZERO, day_zero)
        .only_of(CREDIT_MEMOS)
        .now_only()
        .asked()
        .cacheable(),
];

/// The day of its last change. After a command, the outcome says it: a settlement may not have moved anything yet.
fn updated_on<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let updated_on = match row.after {
        Some(subject) => subject.updated_on,
        None => row.documents().updated_on(row.index.document, row.header),
    };
    updated_on.map(FieldValue::Date)
}

/// The open amount: the balance of a demand, the unapplied amount of a credit memo or payment.
fn open<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(row.amount(row.total().open))
}

/// The amount that is available to credit, as it stands after a command where the row is one of an outcome.
fn available<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let available = match row.after {
        Some(subject) => subject.available_to_credit,
        None => available_to_credit(row.scope.context, row.index.document).ok()?,
    };
    Some(row.amount(available))
}

fn referred<'s>(row: &RowReader<'s>, text: fn(&Header) -> &str) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(text(
        row.documents().header(row.header.refers_to?)?,
    )))
}

fn has_applications<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Boolean(has_applied(
        row.scope.context,
        row.index.document,
    )))
}

fn ability<'s>(row: &RowReader<'s>, verb: Verb) -> Option<FieldValue<'s>> {
    Some(FieldValue::Boolean(can(
        row.scope.context,
        row.index.document,
        verb,
    )))
}

/// What was settled of a payment, which is one line, before it came into the book.
fn settled_before<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let line = LineRef {
        document: row.index.document,
        line: LineIndex::default(),
    };
    let has_any = row.settled_before(line).next().is_some();
    has_any.then_some(FieldValue::SettledBefore(line))
}

/// The day of the last application between it and a demand, also one that was taken back since, or that was made before
/// it came into the book.
fn last_applied_on<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let mut latest = None;
    for entry in row.documents().entries_of(row.index.document) {
        for date in days_applied(row, &entry.settlement) {
            latest = latest.max(seen_on(row, date));
        }
    }
    for entry in row.document()?.settled_before() {
        if entry.by != SettledBy::Refund {
            latest = latest.max(seen_on(row, entry.date));
        }
    }
    latest.map(FieldValue::Date)
}

/// A date, unless it is after the day on which a row is seen.
fn seen_on(row: &RowReader<'_>, date: Date) -> Option<Date> {
    match row.day() {
        Some(day) if day < date => None,
        _ => Some(date),
    }
}

/// The days from which the applications of a settlement between the document and demands count.
fn days_applied<'s>(
    row: &RowReader<'s>,
    settlement: &'s Settlement,
) -> impl Iterator<Item = Date> + use<'s> {
    let (document, documents) = (row.index.document, row.documents());
    settlement.applications().filter_map(move |application| {
        let target = application.target;
        let is_between = settlement.source == document || target == document;
        let is_back = application.amount.minor() < 0;
        let is_demand = documents.header(target)?.kind.is_demand();
        let is_applied = is_between && !is_back && is_demand;
        is_applied.then(|| documents.counts_from(settlement.at, settlement.source, target))
    })
}

closed_set! {
    /// `status` of Zuora v1 (`settlement.md#status-words`).
    ZuoraStatus {
        /// Not in force yet.
        Draft = "Draft",
        /// In force, with items.
        Posted = "Posted",
        /// In force, as money.
        Processed = "Processed",
        /// Withdrawn.
        Canceled = "Canceled",
        /// Making it failed. No document of a book is in this state or one of the next, but filters take their words.
        Error = "Error",
        /// Its taxes are being calculated.
        PendingForTax = "PendingForTax",
        /// It is being made.
        Generating = "Generating",
        /// It is being withdrawn.
        CancelInProgress = "CancelInProgress",
    }
}

const ZUORA: FieldType = FieldType::Word(ZuoraStatus::NAMES);

fn zuora<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let status = match row.status() {
        Status::Draft => ZuoraStatus::Draft,
        Status::Posted if row.header.kind.has_items() => ZuoraStatus::Posted,
        Status::Posted => ZuoraStatus::Processed,
        Status::Canceled => ZuoraStatus::Canceled,
    };
    Some(FieldValue::Text(status.as_str()))
}

closed_set! {
    /// `state` of Zuora Quickstart (`settlement.md#status-words`). Its examples also say `open` for what its list calls
    /// `posted`.
    QuickstartStatus {
        /// Not in force yet.
        Draft = "draft",
        /// In force, with items.
        Posted = "posted",
        /// In force, as money.
        Processed = "processed",
        /// Withdrawn.
        Canceled = "canceled",
    }
}

const QUICKSTART: FieldType = FieldType::Word(QuickstartStatus::NAMES);

fn quickstart<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let status = match row.status() {
        Status::Draft => QuickstartStatus::Draft,
        Status::Posted if row.header.kind.has_items() => QuickstartStatus::Posted,
        Status::Posted => QuickstartStatus::Processed,
        Status::Canceled => QuickstartStatus::Canceled,
    };
    Some(FieldValue::Text(status.as_str()))
}

closed_set! {
    /// `status` of DayZero's credit memos (`settlement.md#status-words`).
    DayZeroStatus {
        /// Not in force yet.
        Draft = "draft",
        /// Nothing is settled of it.
        Issued = "issued",
        /// Something is settled of it.
        PartiallyApplied = "partially_applied",
        /// All of it is settled.
        FullyApplied = "fully_applied",
        /// Canceled or reversed.
        Void = "void",
    }
}

const DAY_ZERO: FieldType = FieldType::Word(DayZeroStatus::NAMES);

/// A refunded amount counts as used: nothing is left of a memo that is refunded in full.
fn day_zero<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    if row.header.kind != Kind::CreditMemo {
        return None;
    }

    // What is refunded counts as used. A memo of zero has nothing to use, so it is issued and not fully applied.
    let settled = row.total();
    let is_unused = settled.applied.is_zero() && settled.refunded.is_zero();
    let status = match row.status() {
        Status::Draft => DayZeroStatus::Draft,
        Status::Canceled => DayZeroStatus::Void,
        Status::Posted if row.header.reversed => DayZeroStatus::Void,
        Status::Posted if is_unused => DayZeroStatus::Issued,
        Status::Posted if settled.open.is_zero() => DayZeroStatus::FullyApplied,
        Status::Posted => DayZeroStatus::PartiallyApplied,
    };
    Some(FieldValue::Text(status.as_str()))
}
