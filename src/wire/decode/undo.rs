//! What is undone: an operation, or a part of it.

use crate::command::{self, Action, UndoLine};
use crate::document::Kind;
use crate::error::Result;
use crate::wire::fields::Fields;
use crate::wire::object::{Build, Object, object};
use crate::wire::readers::{Id, ListOf};

object! {
    /// The lines of an application to undo: a line of the source, a line of the target, or a pair
    /// of both.
    export interface UndoItem {
        /// The item of the credit memo or payment. Default: the tax item, else all lines.
        source_item_id: optional Id = "sourceItemId",
        /// The tax item of the credit memo. Exclusive with `sourceItemId`.
        source_tax_item_id: optional Id = "sourceTaxItemId",
        /// The item of the invoice, debit memo or refund. Default: the tax item, else all lines.
        target_item_id: optional Id = "targetItemId",
        /// The tax item of that document. Exclusive with `targetItemId`.
        target_tax_item_id: optional Id = "targetTaxItemId",
    }
}

impl Build for UndoItem {
    type Output = command::UndoItem;

    fn build(item: Object<'_, '_, Self>) -> Result<command::UndoItem> {
        let source = line(
            *item,
            [item.source_item_id()?, item.source_tax_item_id()?],
            [UndoItem::source_item_id, UndoItem::source_tax_item_id],
        )?;
        let target = line(
            *item,
            [item.target_item_id()?, item.target_tax_item_id()?],
            [UndoItem::target_item_id, UndoItem::target_tax_item_id],
        )?;

        if source.is_none() && target.is_none() {
            return Err(item.missing(UndoItem::target_item_id));
        }
        Ok(command::UndoItem { source, target })
    }
}

/// The line of one side, which is an item or a tax item.
fn line(
    fields: Fields<'_, '_>,
    ids: [Option<String>; 2],
    [item, tax_item]: [&'static str; 2],
) -> Result<Option<UndoLine>> {
    match ids {
        [Some(_), Some(_)] => Err(fields.either(tax_item, item)),
        [Some(id), None] => Ok(Some(UndoLine { tax: false, id })),
        [None, Some(id)] => Ok(Some(UndoLine { tax: true, id })),
        [None, None] => Ok(None),
    }
}

object! {
    /// Undoes an operation. The amounts that the operation applied, and that still stand, are taken
    /// back at the lines to which they were applied. The amounts that it took back (as an
    /// unapplication or an undo) are applied again. The book is then as if the operation had never
    /// happened, in whatever order you undo operations. Amounts that were taken back before stay
    /// where they are, and the outcome has the notice `partlyUndone`.
    ///
    /// The undo is refused if something else depends on the operation. The error names the
    /// application groups and documents:
    ///
    /// - A refund (`invalidStatus`): cancel it instead.
    /// - A write-off (`invalidStatus`): void its counterpart instead.
    /// - An amount that other operations have used since (`exceedsUnapplied`, `exceedsBalance`).
    /// - An operation of which nothing is left, or on which other operations build
    ///   (`exceedsApplied`).
    ///
    /// A reversal is final.
    command Undo {
        /// The operation: the `applicationGroupId` of its outcome.
        application_group_id: required Id = "applicationGroupId",
        /// Undoes only what the operation moved of this credit memo or payment.
        source_id: optional Id = "sourceId",
        /// Undoes only what the operation moved to this document.
        target_id: optional Id = "targetId",
        /// Undoes only what one application moved between these lines. State its `sourceId` and
        /// `targetId` too. You cannot state an amount: to take back a part of an amount, unapply
        /// it.
        items: optional ListOf<UndoItem> = "items",
    }
}

pub(super) fn undo(_: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let undo = Object::<Undo>::known(fields);
    let request = command::UndoRequest {
        group_id: undo.application_group_id()?,
        source: undo.source_id()?,
        target: undo.target_id()?,
        items: undo.items()?,
    };

    // Lines have identifiers within their document, so a line alone does not say which application
    // is meant.
    if request.items.is_some() {
        for (name, id) in [
            (Undo::source_id, &request.source),
            (Undo::target_id, &request.target),
        ] {
            if id.is_none() {
                return Err(fields.missing(name));
            }
        }
    }
    Ok(Action::Undo(request))
}
