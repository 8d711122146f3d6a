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
    /// What a counterpart that an operation makes is called, and what it says.
    interface NewCounterpart extends MadeDocument {
        /// The date of the counterpart. Left out: `at`.
        date: optional Day = "date",
        reason_code: optional Text = "reasonCode",
        comment: optional Text = "comment",
        custom_fields: defaulted CustomFields = "customFields",
    }
}

union! {
    /// A line to be written off in part.
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
    /// What the counterpart of a write-off is called, and what it says.
    interface NewWriteOff extends NewCounterpart {
        /// Marks the counterpart as none of the revenue's: it can then not be written off itself.
        exclude_from_revenue: defaulted Boolean = "excludeFromRevenue",
    }
}

object! {
    /// What is written off of a document with items.
    interface WrittenOff extends NewWriteOff, Spread {
        /// Left out: the sum of the items, or all that is left.
        amount: optional DecimalText = "amount",
        /// Beside these, or without an `amount`, no `rule`, `itemOrder` or `signs`: nothing is
        /// spread.
        items: optional ListOf<WriteOffItem> = "items",
    }
}

object! {
    /// Settles what is left of a document, or a part of that, with a credit memo that is made for
    /// it. A document below zero is refused, as its counterpart would be below zero, too.
    command WriteOffCommand extends WrittenOff {}
}

object! {
    /// Settles a credit memo, or a part of it, with a debit memo that is made for it. The credit
    /// memo must be fully unapplied, unless the command says `rest`.
    command WriteOffCreditMemo extends WrittenOff {
        /// Writes off what each line has left, however much of the memo is applied or refunded.
        /// Not beside an `amount` or `items`.
        rest: defaulted Boolean = "rest",
    }
}

object! {
    /// Settles what is unapplied of a payment, however much of it is applied or refunded, with a
    /// debit memo that is made for it. Its one item is `"unapplied"`.
    command WriteOffPayment extends NewWriteOff {}
}

object! {
    /// Settles a document that nothing was settled of with a counterpart, line by line, and closes
    /// it for good. A document below zero is refused, as its counterpart would be below zero, too.
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
