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
    /// The names of a document that a command creates.
    interface MadeDocument {
        /// The identifier, unique in the book: 1 to 255 characters, without control characters.
        id: required Id = "id",
        /// The printed number, unique among the documents of its kind. Default: the `id`.
        number: optional Id = "number",
    }
}

object! {
    /// The fields of every new document with items.
    export interface NewDocument extends MadeDocument {
        /// The account. Default: the account of the document that it is made from, else of the
        /// book.
        account_id: optional Label = "accountId",
        /// The currency code. Default: the currency of the document that it is made from, else of
        /// the book.
        currency: optional Id = "currency",
        /// The date of the document. Default: `at`.
        date: optional Day = "date",
        /// The day up to which the document bills.
        target_date: optional Day = "targetDate",
        /// Whether the billing engine of the host made the document. The book does not check the
        /// credits of a document like this against what is available to credit. It may also credit
        /// a document of another account, because a subscription can change its owner. Default:
        /// `false`.
        billing: defaulted Boolean = "billing",
        /// The reason code. If the book has `reasonCodes`, it must be one of them.
        reason_code: optional Text = "reasonCode",
        /// A comment, as free text.
        comment: optional Text = "comment",
        /// Whether automatic application skips the document, as in a `collect` command or
        /// `"allOpen"`. Default: `false`.
        exclude_from_auto_apply: defaulted Boolean = "excludeFromAutoApply",
        /// Values that the host keeps on the document.
        custom_fields: defaulted CustomFields = "customFields",
        /// Whether the command also posts the document. A memo below zero can only be a draft.
        /// Default: `false`.
        auto_post: defaulted Boolean = "autoPost",
    }
}

object! {
    /// Creates an invoice, as a draft unless `autoPost` is set.
    ///
    /// ```js
    /// book.execute({
    ///   type: "createInvoice", at: "2026-01-05", id: "INV-1", dueDate: "2026-02-04", autoPost: true,
    ///   items: [{ id: "seats", amount: "80.00", taxItems: [{ id: "vat", name: "VAT", rate: "0.1" }] }],
    /// }).document.balance; // "88.00"
    /// ```
    command CreateInvoice extends NewDocument {
        /// The day on which payment is due. It may be before the date of the document, as for rent.
        /// Unless a command states another order, documents settle in the order of due date, date,
        /// number and id. Default: the date of the document.
        due_date: optional Day = "dueDate",
        /// The items, at least one.
        items: required ListOf<NewItem> = "items",
    }
}

object! {
    /// Creates a credit memo: on its own, or from an invoice or debit memo.
    command CreateCreditMemo extends NewDocument {
        /// The invoice to credit.
        invoice_id: optional Id = "invoiceId",
        /// The debit memo to credit.
        debit_memo_id: optional Id = "debitMemoId",
        /// The items of the memo. Required if the memo is not made from another document.
        ///
        /// Default: the memo credits exactly what is available to credit of the document. Each item
        /// then has what is left of the original item and its taxes, which is below zero where more
        /// was credited. An item of less than was billed has no quantity and unit price. Earlier
        /// credits that named no item are subtracted in an item `"credited"`.
        ///
        /// If the total of the document was rounded, the credit that leaves nothing else of it also
        /// gets a rounding item, whether you state its items or not.
        items: optional ListOf<NewItem> = "items",
        /// Whether posting the memo applies it to the document that it credits: first item by item,
        /// then in proportion. Only a memo that is made from another document has this field.
        /// Default: `false`.
        auto_apply: defaulted Boolean = "autoApply",
        /// The fee that you withhold and keep as income when goods are returned. If goods of 100.00
        /// come back for a fee of 20.00, the memo is 80.00. State the `items` without the fee, as
        /// what the customer gets; the engine does not subtract it. The fee counts as credited of
        /// the document that the memo is made from, and carries no tax.
        restocking_fee: optional DecimalText = "restockingFee",
    }
}

object! {
    /// Creates a debit memo: on its own, or from an invoice or credit memo.
    command CreateDebitMemo extends NewDocument {
        /// The invoice that the memo is made from.
        invoice_id: optional Id = "invoiceId",
        /// The credit memo that the memo is made from.
        credit_memo_id: optional Id = "creditMemoId",
        /// The day on which payment is due. Default: the date of the document.
        due_date: optional Day = "dueDate",
        /// The items of the memo. Required if the memo is not made from another document. Default:
        /// all items of that document.
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
    /// Changes the status of a document. Throws `invalidStatus` if its status does not allow the
    /// step, and `alreadySettled` if something of it is settled.
    ///
    /// - `post`: turns a draft into a posted document. The book checks again that a credit memo
    ///   does not exceed what is available to credit.
    /// - `unpost`: turns a posted document into a draft. Nothing of it may be settled.
    /// - `cancel`: cancels a draft, a payment of which nothing is settled, or a refund. Canceling a
    ///   refund gives back what it paid out.
    /// - `delete`: deletes a canceled document. Only the history still knows it.
    command StepCommand {}
}

fn step(step: LifecycleStep, kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let document = document_ref(kind, fields)?;
    Ok(Action::Step(step, document, VoidReason::default()))
}

object! {
    /// The reason for voiding a document.
    interface VoidDocument {
        /// The reason code. If the book has `reasonCodes`, it must be one of them. The document
        /// shows it as `cancelReasonCode` and keeps the reason code with which it was created.
        reason_code: optional Text = "reasonCode",
        /// A comment. The document shows it as `cancelComment`.
        comment: optional Text = "comment",
    }
}

object! {
    /// Voids a document: unapplies, unposts and cancels it, and skips the steps that are not
    /// needed.
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
    /// The notes of a document, on which no figure depends.
    interface UpdateNotes {
        /// The reason code. `null` removes it.
        reason_code: optional Nullable<Text> = "reasonCode",
        /// The comment. `null` removes it.
        comment: optional Nullable<Text> = "comment",
        /// Whether automatic application skips the document.
        exclude_from_auto_apply: optional Boolean = "excludeFromAutoApply",
        /// The custom fields to change. All others stay. `null` removes a field.
        custom_fields: defaulted CustomFields = "customFields",
    }
}

object! {
    /// The fields of a draft that can change.
    interface UpdateDraft {
        /// The printed number, unique among the documents of its kind.
        number: optional Id = "number",
        /// The date of the document.
        date: optional Day = "date",
        /// The day up to which the document bills. `null` removes it.
        target_date: optional Nullable<Day> = "targetDate",
        /// The changes, carried out in this order. If two change the same item, the later one
        /// counts.
        items: defaulted ListOf<ItemChange> = "items",
    }
}

object! {
    /// The field of a draft invoice or debit memo that can change.
    interface UpdateDueDate {
        /// The day on which payment is due.
        due_date: optional Day = "dueDate",
    }
}

object! {
    /// The field of a draft credit memo that can change, if the memo was made from another
    /// document.
    interface UpdateAutoApply {
        /// Whether posting the memo applies it to the document that it credits.
        auto_apply: optional Boolean = "autoApply",
    }
}

object! {
    /// Updates an invoice or debit memo.
    command UpdateDemand extends UpdateNotes, UpdateDraft, UpdateDueDate {}
}

object! {
    /// Updates a credit memo.
    command UpdateCreditMemo extends UpdateNotes, UpdateDraft, UpdateAutoApply {}
}

object! {
    /// Updates the notes of a payment or refund.
    command UpdateMoney extends UpdateNotes {}
}

union! {
    /// Updates a document. Its number, dates and items can change only while it is a draft, and
    /// only if it was never settled.
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
    /// Moves a payment to another account. Nothing of the payment may be settled
    /// (`alreadySettled`). The account `""` is the empty account.
    command TransferPayment {
        /// The account that gets the payment.
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
