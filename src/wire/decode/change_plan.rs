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
    /// The item that a plan was billed by.
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
    /// Bills a change of plan: what {@link previewChange} credits becomes a credit memo, what it
    /// charges an invoice. Both are posted; the credit settles the item that was billed, as far as
    /// that is open, and then the new invoice (or as the `destination` of the terms says: `account`
    /// settles nothing, `refund` pays the rest back). What takes back a charge of the same change
    /// is a negative item of the invoice; an invoice that would be below zero is part of the credit
    /// memo. Preview it, and the balance of the invoice is what is due today.
    ///
    /// Documents have credits and charges, whatever `present` shows. Their items are called by the
    /// `type` of their line and its place in `lines` by `gross`, from 1: `credit-1`, `charge-2`;
    /// their tax items `charge-2/1` and so on. The item of the charge is the `billedBy` of the next
    /// change.
    ///
    /// A command states the changes that are new. Days of the item that a posted memo has credited
    /// are not credited again (`exceedsAvailableToCredit`): a plan that an earlier command paused
    /// until the 10th is cancelled, changed or paused for longer from the 10th on. Instants and
    /// shares of a period (`unused`) name no days, so amounts alone guard them.
    command ChangePlan {
        /// `currency` and `increment` left out: those of the book.
        change: required ChangeOfBook = "change",
        /// The item that the plan was billed by: what is credited names it as its source, and
        /// cannot exceed it.
        billed_by: optional BilledBy = "billedBy",
        /// The identifier of the new invoice. Needed if something is charged.
        invoice_id: optional Id = "invoiceId",
        /// The identifier of the new credit memo. Needed if something is credited.
        credit_memo_id: optional Id = "creditMemoId",
        /// The identifier of the refund. Needed if something goes back, by the terms'
        /// `destination`. Like the two others, it can be stated in any case: which of the documents
        /// will be made, the amounts say.
        refund_id: optional Id = "refundId",
        /// Left out: that of the document that billed the plan, or of the book.
        account_id: optional Label = "accountId",
        /// Left out: that of the document that billed the plan, or of the book.
        currency: optional Id = "currency",
        /// Both documents stay drafts, and nothing is settled.
        draft: defaulted Boolean = "draft",
    }
}

/// `changePlan`.
pub(super) fn change_plan(_: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let plan = Object::<ChangePlan>::known(fields);
    let (change, own) = plan.change()?;
    let currency = plan.currency()?;
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
