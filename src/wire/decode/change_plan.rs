//! A change of plan that is billed.

use super::DocumentRef;
use crate::command;
use crate::command::Action;
use crate::document::Kind;
use crate::error::{Error, Reason, Result, Site};
use crate::prorate::change::ChangeRequest;
use crate::wire::Value;
use crate::wire::fields::Fields;
use crate::wire::object::{Object, object, union};
use crate::wire::prorate;
use crate::wire::readers::{Boolean, Id, Label, ValueReader, reader};

union! {
    /// The item that billed a plan.
    export type BilledBy = BilledByInvoice | BilledByDebitMemo;
}

object! {
    form BilledByInvoice {
        document_id: required Id = "invoiceId",
        item_id: required Id = "itemId",
    }
}

object! {
    form BilledByDebitMemo {
        document_id: required Id = "debitMemoId",
        item_id: required Id = "itemId",
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for BilledBy {
    type Output = command::BilledBy;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<command::BilledBy> {
        let fields = Fields::open(value, path)?;
        let (kind, id, item_id) = if fields.has(BilledByDebitMemo::document_id) {
            let billed = Object::<BilledByDebitMemo>::allow(fields)?;
            (Kind::DebitMemo, billed.document_id()?, billed.item_id()?)
        } else {
            let billed = Object::<BilledByInvoice>::allow(fields)?;
            (Kind::Invoice, billed.document_id()?, billed.item_id()?)
        };
        Ok(command::BilledBy {
            document: DocumentRef { kind, id },
            item_id,
        })
    }
}

reader! {
    /// A change of plan as a book takes it, and the currency that it names.
    ChangeOfBook: (ChangeRequest, Option<String>) as "PlanChanges" by change_of_book
}

fn change_of_book(value: &Value<'_>, path: &Site<'_>) -> Result<(ChangeRequest, Option<String>)> {
    prorate::change_of_book(value).map_err(|error| error.within(path))
}

object! {
    /// Bills a change of plan. The credits that {@link previewChange} finds become a credit memo,
    /// and the charges become an invoice. Both are posted. The credit memo settles the item that
    /// billed the plan, as far as that is open, and then the new invoice. The `destination` of the
    /// terms can change that: `account` settles nothing, and `refund` pays back the rest. A credit
    /// that takes back a charge of the same change is a negative item of the invoice. An invoice
    /// that would be below zero becomes part of the credit memo. To see what is due today, preview
    /// the command and read the balance of the invoice.
    ///
    /// The documents have credits and charges, whatever `present` shows. The `id` of an item is the
    /// `type` of its line and its place among the `lines` by `gross`, from 1: `credit-1`,
    /// `charge-2`. Its tax items are `charge-2/1` and so on. The item of the charge is the
    /// `billedBy` of the next change.
    ///
    /// State only the changes that are new. Days of the item that a posted memo has credited cannot
    /// be credited again (`exceedsAvailableToCredit`). If an earlier command paused a plan until
    /// the 10th, you can cancel it, change it or pause it for longer from the 10th on. Instants and
    /// shares of a period (`unused`) name no days, so the book can only check their amounts.
    command ChangePlan {
        /// The changes. Default of its `currency` and `increment`: those of the book.
        change: required ChangeOfBook = "change",
        /// The item that billed the plan. The credits have it as their source item and cannot
        /// exceed it.
        billed_by: optional BilledBy = "billedBy",
        /// The identifier of the new invoice. Required if something is charged.
        invoice_id: optional Id = "invoiceId",
        /// The identifier of the new credit memo. Required if something is credited.
        credit_memo_id: optional Id = "creditMemoId",
        /// The identifier of the refund. Required if the `destination` of the terms pays something
        /// back. You can always state this and the other two identifiers; the amounts decide which
        /// documents the command creates.
        refund_id: optional Id = "refundId",
        /// The account. Default: the account of the document that billed the plan, else of the
        /// book.
        account_id: optional Label = "accountId",
        /// The currency code. Default: the currency of the document that billed the plan, else of
        /// the book.
        currency: optional Id = "currency",
        /// Whether both documents stay drafts, so that nothing is settled. Default: `false`.
        draft: defaulted Boolean = "draft",
    }
}

/// `changePlan`.
pub(super) fn change_plan(_: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let plan = Object::<ChangePlan>::known(fields);
    let (change, own) = plan.change()?;
    let currency = plan.currency()?;

    // The change can be written for `previewChange`, which needs its currency or increment, so it
    // may name one that the command names as well.
    if let (Some(stated), Some(own)) = (&currency, &own)
        && stated != own
    {
        let path = fields.field(ChangePlan::change);
        let reason = Reason::ChangeInOtherCurrency {
            stated: stated.as_str().into(),
            currency: own.as_str().into(),
        };
        return Err(Error::of(reason, &path.field(ChangePlan::currency)));
    }

    Ok(Action::ChangePlan(Box::new(command::ChangePlan {
        change,
        source: plan.billed_by()?,
        invoice_id: plan.invoice_id()?,
        credit_memo_id: plan.credit_memo_id()?,
        refund_id: plan.refund_id()?,
        account_id: plan.account_id()?,
        currency: currency.or(own),
        draft: plan.draft()?,
    })))
}
