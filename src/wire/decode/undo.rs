//! What is undone: an operation, or a part of it.

use crate::command::{self, Action, UndoLine};
use crate::document::Kind;
use crate::error::Result;
use crate::wire::fields::Fields;
use crate::wire::object::{Build, Object, object};
use crate::wire::readers::{Id, ListOf};

object! {
    /// Lines of an application: a line of the source, a line of the target, or the pair of both.
    export interface UndoItem {
        source_item_id: optional Id = "sourceItemId",
        source_tax_item_id: optional Id = "sourceTaxItemId",
        target_item_id: optional Id = "targetItemId",
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
    /// Undoes an operation: what it applied and what still stands of that comes back, at the lines
    /// where it was put; what it took back (an unapplication, an undo) is applied again. It is then
    /// as if the operation had never been, in any order. What came back before stays where it is,
    /// with a notice (`partlyUndone`).
    ///
    /// Refused where something else depends on it, with the application groups and documents: a
    /// refund, which is canceled; a write-off, whose counterpart is voided (`invalidStatus`); an
    /// amount that others have used since (`exceedsUnapplied`, `exceedsBalance`); an operation of
    /// which nothing is left, or on which others build (`exceedsApplied`). A reversal is final.
    command Undo {
        application_group_id: required Id = "applicationGroupId",
        /// Of the operation, what it moved of this credit memo or payment alone.
        source_id: optional Id = "sourceId",
        /// Of the operation, what it moved to this document alone.
        target_id: optional Id = "targetId",
        /// Of one application (`sourceId` and `targetId`), what it moved between these lines. An
        /// amount is not stated: to take a part of an amount back, unapply it.
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
