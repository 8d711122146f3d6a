//! Documents: made, changed, and taken a step on or back.

use super::document_ref;
use super::items::{CustomFields, ItemChange, NewItem};
use crate::calendar::Date;
use crate::command::{Action, DraftChange, LifecycleStep, NotesChange, Update, VoidReason};
use crate::document;
use crate::document::{Kind, Notes, Origin};
use crate::error::{NameFigure, Reason, Result};
use crate::wire::fields::Fields;
use crate::wire::object::{Object, object, union};
use crate::wire::readers::{Boolean, Day, DecimalText, Id, Label, ListOf, Nullable, Text};
use rust_decimal::Decimal;

object! {
    /// What a document that a command makes is called.
    interface MadeDocument {
        /// Unique in the book.
        id: required Id = "id",
        /// The printed number. Left out: the `id`.
        number: optional Id = "number",
    }
}

object! {
    /// What all new documents with items have in common.
    export interface NewDocument extends MadeDocument {
        /// Left out: the account of the document that it is made from, or of the book.
        account_id: optional Label = "accountId",
        /// Left out: the currency of the document that it is made from, or of the book.
        currency: optional Id = "currency",
        /// The date of the document. Left out: `at`.
        date: optional Day = "date",
        /// The date up to which it bills.
        target_date: optional Day = "targetDate",
        /// Made by the billing engine of the host: what it credits is not checked against what is
        /// available, and may be of another account (of a subscription that changed its owner).
        billing: defaulted Boolean = "billing",
        reason_code: optional Text = "reasonCode",
        comment: optional Text = "comment",
        /// Collections leave it alone.
        exclude_from_auto_apply: defaulted Boolean = "excludeFromAutoApply",
        custom_fields: defaulted CustomFields = "customFields",
        /// Posts the document in the same step. Left out: it stays a draft. A memo below zero can
        /// only be a draft.
        auto_post: defaulted Boolean = "autoPost",
    }
}

object! {
    /// Creates an invoice.
    command CreateInvoice extends NewDocument {
        /// Left out: the date of the document. It may be before that date, as of rent. Invoices are
        /// settled in the order due date, date, number, id.
        due_date: optional Day = "dueDate",
        items: required ListOf<NewItem> = "items",
    }
}

object! {
    /// Creates a credit memo: by itself, or from an invoice or debit memo.
    command CreateCreditMemo extends NewDocument {
        /// The invoice that it credits.
        invoice_id: optional Id = "invoiceId",
        /// The debit memo that it credits.
        debit_memo_id: optional Id = "debitMemoId",
        /// Left out (with a document that it credits): exactly what is available to credit of that.
        /// Each item comes with what is left of it and its taxes, below zero where more was
        /// credited, and without quantity and unit price where that is less than was billed; what
        /// was credited without naming an item comes off again in an item `"credited"`. The credit
        /// that leaves nothing else of a document whose total was rounded, this one or one of
        /// stated items, has a rounding item besides.
        items: optional ListOf<NewItem> = "items",
        /// When it is posted, it settles the document that it credits: first item by item, then in
        /// proportion. Not stated of a memo that is created by itself.
        auto_apply: defaulted Boolean = "autoApply",
        /// What is withheld of what comes back, and kept as income: goods of 100.00 that come back
        /// for a fee of 20.00 are a memo of 80.00. It counts as credited of the document that the
        /// memo is made from. The `items` are what the customer gets, without the fee: it is not
        /// taken off them, and carries no tax.
        restocking_fee: optional DecimalText = "restockingFee",
    }
}

object! {
    /// Creates a debit memo: by itself, or from an invoice or credit memo.
    command CreateDebitMemo extends NewDocument {
        invoice_id: optional Id = "invoiceId",
        credit_memo_id: optional Id = "creditMemoId",
        /// Left out: the date of the document.
        due_date: optional Day = "dueDate",
        /// Left out (with a document that it is made from): all items of that.
        items: optional ListOf<NewItem> = "items",
    }
}

/// What only some kinds of new documents have.
#[derive(Default)]
struct OwnFields {
    due_date: Option<Date>,
    items: Option<Vec<document::NewItem>>,
    restocking_fee: Option<Decimal>,
    is_auto_applied: bool,
}

/// `createInvoice`.
pub(super) fn create_invoice(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    new_document(kind, fields, None, |fields| {
        let new = Object::<CreateInvoice>::known(fields);
        Ok(OwnFields {
            due_date: new.due_date()?,
            items: Some(new.items()?),
            ..OwnFields::default()
        })
    })
}

/// `createCreditMemo`.
pub(super) fn create_credit_memo(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let new = Object::<CreateCreditMemo>::known(fields);
    let ids = [new.invoice_id()?, new.debit_memo_id()?];
    let from = origin(fields, [Kind::Invoice, Kind::DebitMemo], ids)?;
    if from.is_none() {
        fields.none_of(&[CreateCreditMemo::auto_apply], |_| {
            Reason::AutoApplyWithoutOrigin {}
        })?;
    }
    new_document(kind, fields, from, |fields| {
        let new = Object::<CreateCreditMemo>::known(fields);
        Ok(OwnFields {
            items: new.items()?,
            restocking_fee: new.restocking_fee()?,
            is_auto_applied: new.auto_apply()?,
            ..OwnFields::default()
        })
    })
}

/// `createDebitMemo`.
pub(super) fn create_debit_memo(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let new = Object::<CreateDebitMemo>::known(fields);
    let ids = [new.invoice_id()?, new.credit_memo_id()?];
    let from = origin(fields, [Kind::Invoice, Kind::CreditMemo], ids)?;
    new_document(kind, fields, from, |fields| {
        let new = Object::<CreateDebitMemo>::known(fields);
        Ok(OwnFields {
            due_date: new.due_date()?,
            items: new.items()?,
            ..OwnFields::default()
        })
    })
}

/// The document that a new one is made from, if it names one. It cannot name two.
fn origin(
    fields: Fields<'_, '_>,
    kinds: [Kind; 2],
    ids: [Option<String>; 2],
) -> Result<Option<(Kind, String)>> {
    let named = kinds.into_iter().zip(ids);
    let mut named = named.filter_map(|(kind, id)| id.map(|id| (kind, id)));
    let first = named.next();
    let Some((kind, _)) = named.next() else {
        return Ok(first);
    };
    let name = kind.id_site().as_str();
    let field = NameFigure(name);
    Err(fields.refused(name, Reason::SecondOrigin { field }))
}

fn new_document(
    kind: Kind,
    fields: Fields<'_, '_>,
    from: Option<(Kind, String)>,
    own_fields: fn(Fields<'_, '_>) -> Result<OwnFields>,
) -> Result<Action> {
    let new = Object::<NewDocument>::known(fields);
    let origin = if new.billing()? {
        Origin::Billing
    } else {
        Origin::Standalone
    };
    let made = new.part::<MadeDocument>();
    let (id, number) = (made.id()?, made.number()?);
    let (account_id, currency) = (new.account_id()?, new.currency()?);
    let date = new.date()?;
    let own = own_fields(fields)?;
    if own.items.is_none() && from.is_none() {
        return Err(fields.missing(CreateInvoice::items));
    }

    Ok(Action::Create(document::NewDocument {
        kind,
        id,
        number,
        account_id,
        currency,
        date,
        due_date: own.due_date,
        origin,
        items: own.items,
        from,
        restocking_fee: own.restocking_fee,
        notes: Notes {
            target_date: new.target_date()?,
            reason_code: new.reason_code()?,
            comment: new.comment()?,
            auto_apply: own.is_auto_applied,
            exclude_from_auto_apply: new.exclude_from_auto_apply()?,
            custom: new.custom_fields()?,
            ..Notes::default()
        },
        auto_post: new.auto_post()?,
    }))
}

object! {
    /// A step in the life of a document.
    ///
    /// - `post`: draft to posted. A credit memo is checked again against what is available to
    ///   credit.
    /// - `unpost`: posted to draft, if nothing is settled of it.
    /// - `cancel`: draft to canceled; a payment that nothing is settled of; a refund, which gives
    ///   back what it paid out.
    /// - `delete`: canceled to gone; only the history still knows it.
    command StepCommand {}
}

fn step(step: LifecycleStep, kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let document = document_ref(kind, fields)?;
    Ok(Action::Step(step, document, VoidReason::default()))
}

object! {
    /// Why a document is voided.
    interface VoidDocument {
        /// One of the book's, if it lists any. The document keeps the reason for which it was made,
        /// and shows this one as `cancelReasonCode`.
        reason_code: optional Text = "reasonCode",
        /// Shown as `cancelComment`.
        comment: optional Text = "comment",
    }
}

object! {
    /// Unapplies, unposts and cancels a document, as far as each is to be done.
    command VoidCommand extends VoidDocument {}
}

/// `postInvoice` and the like.
pub(super) fn post(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    step(LifecycleStep::Post, kind, fields)
}

/// `unpostInvoice` and the like.
pub(super) fn unpost(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    step(LifecycleStep::Unpost, kind, fields)
}

/// `cancelInvoice` and the like.
pub(super) fn cancel(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    step(LifecycleStep::Cancel, kind, fields)
}

/// `deleteInvoice` and the like.
pub(super) fn delete(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    step(LifecycleStep::Delete, kind, fields)
}

/// `voidInvoice` and the like.
pub(super) fn void(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let document = document_ref(kind, fields)?;
    let void = Object::<VoidDocument>::known(fields);
    let reason = VoidReason {
        code: void.reason_code()?,
        comment: void.comment()?,
    };
    Ok(Action::Step(LifecycleStep::Void, document, reason))
}

object! {
    /// What any document says beside its figures.
    interface UpdateNotes {
        /// `null` takes it away.
        reason_code: optional Nullable<Text> = "reasonCode",
        /// `null` takes it away.
        comment: optional Nullable<Text> = "comment",
        exclude_from_auto_apply: optional Boolean = "excludeFromAutoApply",
        /// Those that are stated change, and all others stay; `null` takes one away.
        custom_fields: defaulted CustomFields = "customFields",
    }
}

object! {
    /// What can change of a draft.
    interface UpdateDraft {
        /// The printed number, which no other document of the kind has.
        number: optional Id = "number",
        date: optional Day = "date",
        /// The date up to which it bills; `null` takes it away.
        target_date: optional Nullable<Day> = "targetDate",
        /// One after another: of two changes of an item, the later counts.
        items: defaulted ListOf<ItemChange> = "items",
    }
}

object! {
    /// What can change of the draft of an invoice or debit memo.
    interface UpdateDueDate {
        due_date: optional Day = "dueDate",
    }
}

object! {
    /// What can change of the draft of a credit memo that was made from another document.
    interface UpdateAutoApply {
        auto_apply: optional Boolean = "autoApply",
    }
}

object! {
    /// Changes what an invoice or debit memo says.
    command UpdateDemand extends UpdateNotes, UpdateDraft, UpdateDueDate {}
}

object! {
    /// Changes what a credit memo says.
    command UpdateCreditMemo extends UpdateNotes, UpdateDraft, UpdateAutoApply {}
}

object! {
    /// Changes what a payment or refund says.
    command UpdateMoney extends UpdateNotes {}
}

union! {
    /// Changes what a document says. Its number, dates and items change in drafts alone, and only
    /// before it was ever settled.
    export type UpdateCommand = UpdateDemand | UpdateCreditMemo | UpdateMoney;
}

/// Reads an update. What the kind of document does not have is absent.
pub(super) fn update(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let document = document_ref(kind, fields)?;
    let notes = Object::<UpdateNotes>::known(fields);
    let draft = Object::<UpdateDraft>::known(fields);
    Ok(Action::Update(Update {
        document,
        notes: NotesChange {
            reason_code: notes.reason_code()?,
            comment: notes.comment()?,
            auto_apply: Object::<UpdateAutoApply>::known(fields).auto_apply()?,
            exclude_from_auto_apply: notes.exclude_from_auto_apply()?,
            custom: notes.custom_fields()?,
        },
        draft: DraftChange {
            number: draft.number()?,
            date: draft.date()?,
            target_date: draft.target_date()?,
            due_date: Object::<UpdateDueDate>::known(fields).due_date()?,
            items: draft.items()?,
        },
    }))
}

object! {
    /// Gives a payment of which nothing is settled to another account; `""` is none.
    command TransferPayment {
        account_id: required Label = "accountId",
    }
}

/// `transferPayment`.
pub(super) fn transfer(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    Ok(Action::Transfer {
        payment_id: document_ref(kind, fields)?.id,
        account_id: Object::<TransferPayment>::known(fields).account_id()?,
    })
}
