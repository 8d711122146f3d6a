//! Write-offs and reversals: what they settle with a counterpart that they make.

use super::document_ref;
use super::documents::MadeDocument;
use super::items::CustomFields;
use super::settling::{LINE_SPREAD, Spread, spread};
use crate::command;
use crate::command::{Action, Counterpart};
use crate::document::{Kind, Notes};
use crate::error::{Reason, Result, Site};
use crate::wire::Value;
use crate::wire::fields::Fields;
use crate::wire::object::{Object, object, union};
use crate::wire::readers::{Boolean, Day, DecimalText, Id, ListOf, Text, ValueReader};

object! {
    /// The names and notes of a counterpart that a command creates.
    interface NewCounterpart extends MadeDocument {
        /// The date of the counterpart. Default: `at`.
        date: optional Day = "date",
        /// The reason code. If the book has `reasonCodes`, it must be one of them. Default: the
        /// code of the operation, such as `"Write-off"`; see {@link BookOptions}.
        reason_code: optional Text = "reasonCode",
        /// A comment, as free text.
        comment: optional Text = "comment",
        /// Values that the host keeps on the counterpart.
        custom_fields: defaulted CustomFields = "customFields",
    }
}

union! {
    /// The amount to write off of one line.
    export type WriteOffItem = WrittenOffItem | WrittenOffTaxItem;
}

object! {
    form WrittenOffItem {
        id: required Id = "itemId",
        amount: required DecimalText = "amount",
    }
}

object! {
    form WrittenOffTaxItem {
        id: required Id = "taxItemId",
        amount: required DecimalText = "amount",
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for WriteOffItem {
    type Output = command::RefundItem;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<command::RefundItem> {
        let fields = Fields::open(value, path)?;
        let tax = fields.has(WrittenOffTaxItem::id);
        let (id, amount) = if tax {
            let item = Object::<WrittenOffTaxItem>::allow(fields)?;
            (item.id()?, item.amount()?)
        } else {
            let item = Object::<WrittenOffItem>::allow(fields)?;
            (item.id()?, item.amount()?)
        };
        Ok(command::RefundItem { tax, id, amount })
    }
}

object! {
    /// The names and notes of the counterpart of a write-off.
    interface NewWriteOff extends NewCounterpart {
        /// Whether to exclude the counterpart from revenue. It cannot be written off itself then.
        /// Default: `false`.
        exclude_from_revenue: defaulted Boolean = "excludeFromRevenue",
    }
}

object! {
    /// The fields of a write-off of a document with items.
    interface WrittenOff extends NewWriteOff, Spread {
        /// The amount to write off. Default: the sum of the `items`. Without items, all that is
        /// left.
        amount: optional DecimalText = "amount",
        /// The lines to write off. With items or without an `amount`, nothing is spread, so you
        /// cannot state `rule`, `itemOrder` or `signs`.
        items: optional ListOf<WriteOffItem> = "items",
    }
}

object! {
    /// Writes off an invoice or debit memo: creates a credit memo that settles the balance or a
    /// part of it. A document below zero is refused, because its counterpart would be below zero,
    /// too.
    command WriteOffCommand extends WrittenOff {}
}

object! {
    /// Writes off a credit memo: creates a debit memo that settles it or a part of it. The credit
    /// memo must be fully unapplied, unless the command states `rest`.
    command WriteOffCreditMemo extends WrittenOff {
        /// Whether to write off what each line has left, however much of the memo is applied or
        /// refunded. You cannot combine this with an `amount` or `items`. Default: `false`.
        rest: defaulted Boolean = "rest",
    }
}

object! {
    /// Writes off what is unapplied of a payment: creates a debit memo that settles it. The debit
    /// memo has one item, `"unapplied"`. Other amounts of the payment may be applied or refunded.
    command WriteOffPayment extends NewWriteOff {}
}

object! {
    /// Reverses a document: creates a counterpart that settles it line by line, and closes it for
    /// good. Nothing of the document may be settled before. A document below zero is refused,
    /// because its counterpart would be below zero, too.
    command ReverseCommand extends NewCounterpart {}
}

/// `writeOffInvoice` and the like. A payment is written off as a whole, so it has no fields for a part.
pub(super) fn write_off(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    if Object::<WriteOffCreditMemo>::known(fields).rest()? {
        fields.none_of(&[WrittenOff::amount, WrittenOff::items], |_| {
            Reason::PartBesideRest {}
        })?;
    }
    if fields.has(WrittenOff::items) || !fields.has(WrittenOff::amount) {
        fields.none_of(LINE_SPREAD, |_| Reason::NothingSpreadOverLines {})?;
    }
    counterpart(kind, fields).map(Action::WriteOff)
}

/// `reverseInvoice` and the like.
pub(super) fn reverse(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    counterpart(kind, fields).map(Action::Reverse)
}

/// Reads either. What a reversal does not have is absent.
fn counterpart(kind: Kind, fields: Fields<'_, '_>) -> Result<Counterpart> {
    let document = document_ref(kind, fields)?;
    let (made, new, write_off, part) = (
        Object::<MadeDocument>::known(fields),
        Object::<NewCounterpart>::known(fields),
        Object::<NewWriteOff>::known(fields),
        Object::<WrittenOff>::known(fields),
    );

    Ok(Counterpart {
        document,
        id: made.id()?,
        number: made.number()?,
        date: new.date()?,
        amount: part.amount()?,
        items: part.items()?,
        rest: Object::<WriteOffCreditMemo>::known(fields).rest()?,
        notes: Notes {
            reason_code: new.reason_code()?,
            comment: new.comment()?,
            exclude_from_revenue: write_off.exclude_from_revenue()?,
            custom: new.custom_fields()?,
            ..Notes::default()
        },
        spread: spread(fields)?,
    })
}
