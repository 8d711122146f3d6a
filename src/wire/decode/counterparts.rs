//! Write-offs and reversals: what they settle with a counterpart that they make.

use super::document_ref;
use super::items::CustomFields;
use super::settling::{LINE_SPREAD, Spread, spread};
use crate::command;
use crate::command::{Action, Counterpart};
use crate::document::{Kind, Notes};
use crate::error::{Path, Reason, Result};
use crate::wire::Value;
use crate::wire::fields::Fields;
use crate::wire::object::{Object, object, union};
use crate::wire::readers::{Boolean, Day, DecimalText, Id, ListOf, Text, ValueReader};

object! {
    /// What a counterpart that an operation makes is called, and what it says.
    interface NewCounterpart {
        /// The identifier of the counterpart: unique in the book.
        id: required Id = "id",
        number: optional Id = "number",
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

    fn read(value: &'v Value<'a>, path: &Path<'_>) -> Result<command::RefundItem> {
        let fields = Fields::open(value, path)?;
        let tax = fields.has("taxItemId");
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
    /// What is written off, and what the counterpart says.
    interface NewWriteOff extends NewCounterpart, Spread {
        /// Left out: the sum of the items, or all that is left.
        amount: optional DecimalText = "amount",
        /// Beside these, or without an `amount`, no `rule`, `itemOrder` or `signs`: nothing is
        /// spread.
        items: optional ListOf<WriteOffItem> = "items",
        /// Marks the counterpart as none of the revenue's: it can then not be written off itself.
        exclude_from_revenue: defaulted Boolean = "excludeFromRevenue",
    }
}

object! {
    /// Settles what is left of a document, or a part of that, with a counterpart that is made for
    /// it: a credit memo for an invoice or debit memo, a debit memo for a credit memo (which must
    /// be fully unapplied). A document below zero is refused, as its counterpart would be below
    /// zero, too.
    command WriteOffCommand extends NewWriteOff {}
}

object! {
    /// Settles a document that nothing was settled of with a counterpart, line by line, and closes
    /// it for good. A document below zero is refused, as its counterpart would be below zero, too.
    command ReverseCommand extends NewCounterpart {}
}

/// `writeOffInvoice` and the like.
pub(super) fn write_off(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    if fields.has("items") || !fields.has("amount") {
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
    let (new, write_off) = (
        Object::<NewCounterpart>::known(fields),
        Object::<NewWriteOff>::known(fields),
    );
    Ok(Counterpart {
        document,
        id: new.id()?,
        number: new.number()?,
        date: new.date()?,
        amount: write_off.amount()?,
        items: write_off.items()?,
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
