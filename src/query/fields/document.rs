//! The fields of documents, and the figures that follow from them.

use crate::command::Verb;
use crate::document::{Header, Kind, Kinds, Origin, Status};
use crate::money::Amount;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;
use crate::settle::{available_to_credit, can, has_applied};

pub(in crate::query) const KINDS: FieldType = FieldType::Word(&[
    Kind::Invoice.as_str(),
    Kind::CreditMemo.as_str(),
    Kind::DebitMemo.as_str(),
    Kind::Payment.as_str(),
    Kind::Refund.as_str(),
]);

pub(in crate::query) const STATUSES: FieldType = FieldType::Word(&[
    Status::Draft.as_str(),
    Status::Posted.as_str(),
    Status::Canceled.as_str(),
]);

const ORIGINS: FieldType = FieldType::Word(&[
    Origin::Standalone.as_str(),
    Origin::Document.as_str(),
    Origin::Billing.as_str(),
    Origin::Reversal.as_str(),
    Origin::WriteOff.as_str(),
]);

const CREDIT_MEMOS: Kinds = Kinds::of(&[Kind::CreditMemo]);

const MEMOS: Kinds = Kinds::of(&[Kind::CreditMemo, Kind::DebitMemo]);

fn restocking_fee<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let fee = at.header.notes.restocking_fee;
    fee.is_positive().then(|| at.amount(fee))
}

/// All that came back: the amount of the memo, and what was withheld of it.
fn gross<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(
        at.amount(
            at.header
                .figures
                .amount()
                .plus(at.header.notes.restocking_fee)?,
        ),
    )
}

/// What exemptions took off the taxes of a document.
fn exempt<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let taxes = at
        .document()?
        .lines()
        .iter()
        .filter_map(|line| line.detail.tax());
    let amounts = taxes.filter_map(|(_, tax)| at.header.currency.amount(tax.exempt?).ok());
    Some(at.amount(Amount::sum(amounts)?))
}

/// Of documents.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("type", KINDS, |at| {
        Some(FieldValue::Text(at.header.kind.as_str()))
    })
    .own(),
    Field::new("id", FieldType::Label, |at| {
        Some(FieldValue::Text(&at.header.id))
    })
    .own(),
    Field::new("number", FieldType::Label, |at| {
        Some(FieldValue::Text(&at.header.number))
    })
    .own(),
    Field::new("accountId", FieldType::Label, |at| {
        Some(FieldValue::Text(&at.header.account_id))
    })
    .own(),
    Field::new("currency", FieldType::Label, |at| {
        Some(FieldValue::Text(at.header.currency.code()))
    })
    .own(),
    Field::new("status", STATUSES, |at| {
        Some(FieldValue::Text(at.status().as_str()))
    })
    .own(),
    Field::new("date", FieldType::Date, |at| {
        Some(FieldValue::Date(at.header.date))
    })
    .own(),
    Field::new("dueDate", FieldType::Date, due_date)
        .of(Kinds::DEMANDS)
        .if_set()
        .own(),
    Field::new("amount", FieldType::Decimal, |at| {
        Some(at.amount(at.header.figures.amount()))
    })
    .own(),
    Field::new("taxAmount", FieldType::Decimal, |at| {
        Some(at.amount(at.header.tax))
    })
    .own(),
    Field::new("appliedAmount", FieldType::Decimal, |at| {
        Some(at.amount(at.total().applied))
    })
    .own(),
    Field::new("balance", FieldType::Decimal, |at| {
        open(at, at.header.kind.is_demand())
    })
    .of(Kinds::DEMANDS)
    .if_set()
    .own(),
    Field::new("availableToCreditAmount", FieldType::Decimal, available)
        .of(Kinds::DEMANDS)
        .if_set()
        .now(),
    Field::new("refundAmount", FieldType::Decimal, refunded)
        .of(Kinds::SOURCES)
        .if_set()
        .own(),
    Field::new("unappliedAmount", FieldType::Decimal, |at| {
        open(at, at.header.kind.is_source())
    })
    .of(Kinds::SOURCES)
    .if_set()
    .own(),
    Field::new("origin", ORIGINS, |at| {
        Some(FieldValue::Text(at.header.origin.as_str()))
    })
    .own(),
    Field::new("reversed", FieldType::Boolean, |at| {
        Some(FieldValue::Boolean(at.header.reversed))
    })
    .now()
    .own(),
    Field::new("referredDocumentId", FieldType::Text, |at| {
        referred(at, |header| &header.id)
    })
    .if_set(),
    Field::new("postedOn", FieldType::Date, |at| {
        at.header.notes.posted_on(at.day()).map(FieldValue::Date)
    })
    .if_set()
    .own(),
    Field::new("canceledOn", FieldType::Date, |at| {
        at.header.notes.canceled_on(at.day()).map(FieldValue::Date)
    })
    .if_set()
    .own(),
    Field::new("targetDate", FieldType::Date, |at| {
        at.header.notes.target_date.map(FieldValue::Date)
    })
    .if_set()
    .own(),
    Field::new("reasonCode", FieldType::Text, |at| {
        at.header.notes.reason_code.as_deref().map(FieldValue::Text)
    })
    .if_set()
    .own(),
    Field::new("comment", FieldType::Text, |at| {
        at.header.notes.comment.as_deref().map(FieldValue::Text)
    })
    .if_set(),
    Field::new("method", FieldType::Text, |at| {
        at.header.notes.method.as_deref().map(FieldValue::Text)
    })
    .of(Kinds::MONEY)
    .if_set()
    .own(),
    Field::new("electronic", FieldType::Boolean, |at| {
        Some(FieldValue::Boolean(at.header.notes.electronic))
    })
    .of(Kinds::MONEY)
    .if_set()
    .own(),
    Field::new("autoApply", FieldType::Boolean, |at| {
        Some(FieldValue::Boolean(at.header.notes.auto_apply))
    })
    .of(CREDIT_MEMOS)
    .if_set()
    .own(),
    Field::new("excludeFromAutoApply", FieldType::Boolean, |at| {
        Some(FieldValue::Boolean(at.header.notes.exclude_from_auto_apply))
    })
    .if_set()
    .own(),
    Field::new("excludeFromRevenue", FieldType::Boolean, |at| {
        Some(FieldValue::Boolean(at.header.notes.exclude_from_revenue))
    })
    .of(MEMOS)
    .if_set()
    .own(),
    Field::new("restockingFee", FieldType::Decimal, restocking_fee)
        .of(CREDIT_MEMOS)
        .if_set()
        .own(),
    Field::new("customFields", FieldType::Custom, |at| {
        Some(FieldValue::Custom(&at.header.notes.custom))
    })
    .if_set(),
    Field::new("grossAmount", FieldType::Decimal, gross)
        .of(CREDIT_MEMOS)
        .asked()
        .own(),
    Field::new("taxExemptAmount", FieldType::Decimal, exempt)
        .of(Kinds::MONEY.others())
        .asked(),
    Field::new("referredDocumentNumber", FieldType::Text, |at| {
        referred(at, |header| &header.number)
    })
    .asked(),
    Field::new("remainingBalance", FieldType::Decimal, |at| open(at, true))
        .asked()
        .own(),
    Field::new("lastAppliedOn", FieldType::Date, last_applied_on)
        .of(Kinds::of(&[Kind::Refund]).others())
        .asked()
        .own(),
    Field::new("hasApplications", FieldType::Boolean, has_applications)
        .now()
        .asked()
        .own(),
    Field::new("canBeApplied", FieldType::Boolean, |at| {
        ability(at, Verb::Apply)
    })
    .of(Kinds::SOURCES)
    .now()
    .asked()
    .own(),
    Field::new("canBeUnapplied", FieldType::Boolean, |at| {
        ability(at, Verb::Unapply)
    })
    .of(Kinds::SOURCES)
    .now()
    .asked()
    .own(),
    Field::new("canBeRefunded", FieldType::Boolean, |at| {
        ability(at, Verb::Refund)
    })
    .of(Kinds::SOURCES)
    .now()
    .asked()
    .own(),
    Field::new("canBePaid", FieldType::Boolean, |at| ability(at, Verb::Pay))
        .of(Kinds::DEMANDS)
        .now()
        .asked()
        .own(),
    Field::new("canBePosted", FieldType::Boolean, |at| {
        ability(at, Verb::Post)
    })
    .of(Kinds::MONEY.others())
    .now()
    .asked(),
    Field::new("canBeUnposted", FieldType::Boolean, |at| {
        ability(at, Verb::Unpost)
    })
    .of(Kinds::MONEY.others())
    .now()
    .asked(),
    Field::new("canBeCanceled", FieldType::Boolean, |at| {
        ability(at, Verb::Cancel)
    })
    .now()
    .asked(),
    Field::new("canBeDeleted", FieldType::Boolean, |at| {
        ability(at, Verb::Delete)
    })
    .now()
    .asked()
    .own(),
    Field::new("canBeVoided", FieldType::Boolean, |at| {
        ability(at, Verb::Void)
    })
    .of(Kinds::of(&[Kind::Refund]).others())
    .now()
    .asked(),
    Field::new("canBeWrittenOff", FieldType::Boolean, |at| {
        ability(at, Verb::WriteOff)
    })
    .of(Kinds::MONEY.others())
    .now()
    .asked(),
    Field::new("canBeReversed", FieldType::Boolean, |at| {
        ability(at, Verb::Reverse)
    })
    .of(Kinds::MONEY.others())
    .now()
    .asked(),
    Field::new("zuoraStatus", ZUORA, zuora).asked().own(),
    Field::new("quickstartStatus", QUICKSTART, quickstart)
        .asked()
        .own(),
    Field::new("dayZeroStatus", DAY_ZERO, day_zero)
        .of(CREDIT_MEMOS)
        .now()
        .asked()
        .own(),
];

fn due_date<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    at.header
        .kind
        .is_demand()
        .then_some(FieldValue::Date(at.header.due_date))
}

fn open<'s>(at: &RowReader<'s>, has: bool) -> Option<FieldValue<'s>> {
    has.then(|| at.amount(at.total().open))
}

fn refunded<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    at.header
        .kind
        .is_source()
        .then(|| at.amount(at.total().refunded))
}

fn available<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    if !at.header.kind.is_demand() {
        return None;
    }
    let available = match at.available {
        Some(available) => available,
        None => available_to_credit(at.scope.context, at.row.document).ok()?,
    };
    Some(at.amount(available))
}

fn referred<'s>(at: &RowReader<'s>, text: fn(&Header) -> &str) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(text(
        at.documents().header(at.header.refers_to?)?,
    )))
}

fn has_applications<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Boolean(has_applied(
        at.scope.context,
        at.row.document,
    )))
}

fn ability<'s>(at: &RowReader<'s>, verb: Verb) -> Option<FieldValue<'s>> {
    Some(FieldValue::Boolean(can(
        at.scope.context,
        at.row.document,
        verb,
    )))
}

/// The day of the last application between it and a demand, also one that was taken back since.
fn last_applied_on<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let entries = at.documents().entries_of(at.row.document).filter(|entry| {
        let settlement = &entry.settlement;
        let applied = settlement.applications().filter(|application| {
            settlement.source == at.row.document || application.target == at.row.document
        });
        let is_demand = |index| {
            at.documents()
                .header(index)
                .is_some_and(|header: &Header| header.kind.is_demand())
        };
        let is_back = |amount: Amount| amount.minor() < 0;
        applied
            .into_iter()
            .any(|application| is_demand(application.target) && !is_back(application.amount))
    });
    let days = entries
        .map(|entry| entry.settlement.at)
        .filter(|&on| at.day().is_none_or(|day| on <= day));
    days.max().map(FieldValue::Date)
}

const ZUORA: FieldType = FieldType::Word(&["Draft", "Posted", "Processed", "Canceled"]);

/// `status` of Zuora v1 (`features.md` 1.6; `settlement.md` 2.4, 2.5 for payments and refunds).
fn zuora<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(match at.status() {
        Status::Draft => "Draft",
        Status::Posted if at.header.kind.has_items() => "Posted",
        Status::Posted => "Processed",
        Status::Canceled => "Canceled",
    }))
}

const QUICKSTART: FieldType = FieldType::Word(&["draft", "posted", "processed", "canceled"]);

/// `state` of Zuora Quickstart (`features.md` 1.6). Its examples also say `open` for what its list calls `posted`.
fn quickstart<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    Some(FieldValue::Text(match at.status() {
        Status::Draft => "draft",
        Status::Posted if at.header.kind.has_items() => "posted",
        Status::Posted => "processed",
        Status::Canceled => "canceled",
    }))
}

const DAY_ZERO: FieldType = FieldType::Word(&[
    "draft",
    "issued",
    "partially_applied",
    "fully_applied",
    "void",
]);

/// `status` of DayZero's credit memos (`features.md` 1.6, E15). What was refunded counts as used: nothing is left of a
/// memo that is refunded in full.
fn day_zero<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    if at.header.kind != Kind::CreditMemo {
        return None;
    }
    let settled = at.total();
    Some(FieldValue::Text(match at.status() {
        Status::Draft => "draft",
        Status::Canceled => "void",
        Status::Posted if at.header.reversed => "void",
        Status::Posted if settled.applied.is_zero() && settled.refunded.is_zero() => "issued",
        Status::Posted if settled.open.is_zero() => "fully_applied",
        Status::Posted => "partially_applied",
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_all_that_there_are() {
        let words = |holds| {
            if let FieldType::Word(words) = holds {
                words.to_vec()
            } else {
                Vec::new()
            }
        };
        assert_eq!(words(KINDS), Kind::NAMES);
        assert_eq!(words(STATUSES), Status::NAMES);
        assert_eq!(words(ORIGINS), Origin::NAMES);
    }

    #[test]
    fn no_name_is_there_twice() {
        for of in crate::query::RowKind::ALL {
            let mut names: Vec<_> = of.fields(false).map(|field| field.name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{of:?}");
            let order = of.default_order();
            assert!(
                order
                    .iter()
                    .all(|(name, _)| of.field(name, of.has_past()).is_some()),
                "{of:?}"
            );
        }
    }
}
