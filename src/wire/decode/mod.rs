//! Requests: plain values to options and commands.
//!
//! Each object of the interface is a table (`wire/object.rs`): which fields it may have, what reads them, and its block
//! of `types/`. What is checked here is the shape alone; whether it may be done, and whether an amount fits its
//! currency, `settle` says.
//!
//! **To add a command,** give it a table in the file of its subject, with the function that makes an [`Action`] of the
//! fields, and a row in `table_of`. The fields `type` and `at`, and the one that names its document, are in no table. A
//! table that serves several kinds of documents has no fields of its own. It extends an interface that has them, and
//! this interface has a row in `declarations`.

mod change_plan;
mod counterparts;
mod documents;
mod items;
mod options;
mod payments;
mod settling;
mod undo;

use super::Value;
use super::faults::{read_all, read_part};
use super::fields::{AT, Fields, KnownFields, TYPE, is_same, not_among, text};
use super::object::{Object, Shape, object};
use super::readers::{Boolean, Day, Entries, Id, OneOf, Typed, ValueReader};
#[cfg(test)]
use super::{
    currency, plan,
    typescript::{self, Declaration},
};
use crate::book::BookOptions;
use crate::command::settings::ClosedPeriods;
use crate::command::{Action, Command, CommandType, DocumentRef, TYPES, Verb};
use crate::document::Kind;
use crate::error::{Error, Reason, Result, Site};
use crate::memory::{self, Room};
use change_plan::{ChangePlan, change_plan};
use counterparts::{
    ReverseCommand, WriteOffCommand, WriteOffCreditMemo, WriteOffPayment, reverse, write_off,
};
use documents::{
    CreateCreditMemo, CreateDebitMemo, CreateInvoice, StepCommand, TransferPayment,
    UpdateCreditMemo, UpdateDemand, UpdateMoney, VoidCommand, cancel, create_credit_memo,
    create_debit_memo, create_invoice, delete, post, transfer, unpost, update, void,
};
use payments::{CreatePayment, PayDocument, RefundCommand, create_payment, pay, refund};
use settling::{
    ApplyCreditMemo, ApplyCredits, ApplyPayment, CollectCommand, UnapplyCreditMemo, UnapplyPayment,
    apply, apply_credits, collect, unapply,
};
use undo::{Undo, undo};

/// `BookOptions`.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<BookOptions> {
    read_all(value, |value| {
        options::BookOptions::read(value, &Site::Command)
    })
}

/// `Command`.
///
/// # Errors
/// The shape of the value.
pub fn command(value: &Value<'_>) -> Result<Command> {
    read_all(value, command_or_first_fault)
}

/// `Command`, or its first fault alone.
///
/// # Errors
/// The shape of the value.
pub(in crate::wire) fn command_or_first_fault(value: &Value<'_>) -> Result<Command> {
    command_at(value, &Site::Command)
}

/// What makes an action of the fields of a command, about a document of a kind.
type ReadAction = fn(Kind, Fields<'_, '_>) -> Result<Action>;

/// The fields of a command, and what makes an action of them.
struct CommandTable {
    known: &'static KnownFields,
    action: ReadAction,
    #[cfg(test)]
    declaration: fn() -> Declaration,
}

/// The table of each command. One that is about no document reads no kind.
fn table_of(verb: Verb, kind: Kind) -> CommandTable {
    match (verb, kind) {
        (Verb::Create, Kind::CreditMemo) => table::<CreateCreditMemo>(create_credit_memo),
        (Verb::Create, Kind::DebitMemo) => table::<CreateDebitMemo>(create_debit_memo),
        (Verb::Create, Kind::Payment) => table::<CreatePayment>(create_payment),
        (Verb::Create, _) => table::<CreateInvoice>(create_invoice),
        (Verb::Update, Kind::CreditMemo) => table::<UpdateCreditMemo>(update),
        (Verb::Update, Kind::Payment | Kind::Refund) => table::<UpdateMoney>(update),
        (Verb::Update, _) => table::<UpdateDemand>(update),
        (Verb::Post, _) => table::<StepCommand>(post),
        (Verb::Unpost, _) => table::<StepCommand>(unpost),
        (Verb::Cancel, _) => table::<StepCommand>(cancel),
        (Verb::Delete, _) => table::<StepCommand>(delete),
        (Verb::Void, _) => table::<VoidCommand>(void),
        (Verb::Apply, Kind::Payment) => table::<ApplyPayment>(apply),
        (Verb::Apply, _) => table::<ApplyCreditMemo>(apply),
        (Verb::ApplyCredits, _) => table::<ApplyCredits>(apply_credits),
        (Verb::Unapply, Kind::Payment) => table::<UnapplyPayment>(unapply),
        (Verb::Unapply, _) => table::<UnapplyCreditMemo>(unapply),
        (Verb::Pay, _) => table::<PayDocument>(pay),
        (Verb::Refund, _) => table::<RefundCommand>(refund),
        (Verb::WriteOff, Kind::CreditMemo) => table::<WriteOffCreditMemo>(write_off),
        (Verb::WriteOff, Kind::Payment) => table::<WriteOffPayment>(write_off),
        (Verb::WriteOff, _) => table::<WriteOffCommand>(write_off),
        (Verb::Reverse, _) => table::<ReverseCommand>(reverse),
        (Verb::Collect, _) => table::<CollectCommand>(collect),
        (Verb::Transfer, _) => table::<TransferPayment>(transfer),
        (Verb::ChangePlan, _) => table::<ChangePlan>(change_plan),
        (Verb::Undo, _) => table::<Undo>(undo),
        (Verb::ClosePeriods, _) => table::<ClosePeriods>(close_periods),
        (Verb::Bulk, _) => table::<Bulk>(bulk),
    }
}

const fn table<S: Shape + Typed>(action: ReadAction) -> CommandTable {
    CommandTable {
        known: S::KNOWN,
        action,
        #[cfg(test)]
        declaration: S::declaration,
    }
}

fn command_at(value: &Value<'_>, path: &Site<'_>) -> Result<Command> {
    let fields = Fields::open(value, path)?;
    let (_, verb, kind) = fields.required(TYPE, command_type)?;
    let table = table_of(verb, kind.unwrap_or(Kind::Invoice));
    let fields = match document_field(verb, kind) {
        None => fields.allow_beside(&[&[TYPE, AT]], &[table.known])?,
        Some(document) => fields.allow_beside(&[&[TYPE, AT, document]], &[table.known])?,
    };

    let action = (table.action)(kind.unwrap_or(Kind::Invoice), fields)?;
    Ok(Command {
        at: fields.required(AT, Day::read)?,
        action,
    })
}

/// The type of a command. There are many, so they are not named one by one through a function, as other words are.
fn command_type(value: &Value<'_>, site: &Site<'_>) -> Result<CommandType> {
    let word = text(value, site)?;
    let mut types = TYPES.iter();
    let found = types.find(|(name, ..)| is_same(name, word));
    found
        .copied()
        .ok_or_else(|| not_among(TYPES.map(|(name, ..)| name).into(), word, site))
}

/// The field that names the document of a command, if it is about one that is there.
fn document_field(verb: Verb, kind: Option<Kind>) -> Option<&'static str> {
    kind.filter(|_| verb != Verb::Create)
        .map(|kind| kind.id_site().as_str())
}

/// The document that a command is about.
fn document_ref(kind: Kind, fields: Fields<'_, '_>) -> Result<DocumentRef> {
    Ok(DocumentRef {
        kind,
        id: fields.required(kind.id_site().as_str(), Id::read)?,
    })
}

object! {
    /// Closes the accounting periods up to a day, or opens all periods. If
    /// `closedPeriods` is `"balances"`, no balance, ageing or statement of a closed day changes
    /// until you open it.
    command ClosePeriods {
        /// The last day of the closed periods. Default: none; all periods are open.
        through: optional Day = "through",
        /// What is forbidden in a closed period from now on; see {@link BookOptions}. Default: as
        /// before.
        closed_periods: optional OneOf<ClosedPeriods> = "closedPeriods",
    }
}

fn close_periods(_: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let close = Object::<ClosePeriods>::known(fields);
    Ok(Action::ClosePeriods {
        through: close.through()?,
        closed_periods: close.closed_periods()?,
    })
}

object! {
    /// Carries out several commands, one after another: each by itself, or (`atomic`) all or none.
    ///
    /// Without `atomic`, every command has its own result. A command of a wrong shape (fields,
    /// types, days, identifiers) has one too, with all its faults as `issues`. So you can import
    /// thousands of rows by one call, read one report, and use the preview as a dry run. What only
    /// the book knows (too many decimals, a tax rate of 100 % or more, an identifier that is there
    /// twice) comes one fault at a time, because each command is tried once.
    ///
    /// With `atomic`, the first command that is wrong refuses the whole bulk, and the error has the
    /// `issues` of all commands, also those that only the book knows. The path of an error begins
    /// with `commands` either way, as in `commands[17].items[0].amount`.
    command Bulk {
        /// The commands, carried out in this order. A bulk cannot contain another bulk.
        commands: required Entries = "commands" as "readonly Exclude<Command, Bulk>[]",
        /// Whether one refusal refuses the whole bulk. Default: `false`.
        atomic: defaulted Boolean = "atomic",
    }
}

fn bulk(_: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let bulk = Object::<Bulk>::known(fields);
    let atomic = bulk.atomic()?;
    let entries = bulk.commands()?;
    let list = fields.field(Bulk::commands);

    // An entry that is no command is smaller in a request than what is kept of it.
    memory::reserve_many(entries.len(), size_of::<Result<Command>>())?;

    let mut commands = Vec::with_capacity(entries.len());
    let mut room = Room::default();
    for (command_index, entry) in entries.iter().enumerate() {
        let path = list.entry(command_index);
        let command = if atomic {
            // The request is refused as a whole, and the faults of all its commands are told together.
            Ok(bulk_command(entry, &path)?)
        } else {
            read_part(entry, &path, bulk_command)
        };

        // What is kept of a refused command can be larger than the command, so it is counted as it
        // comes.
        if let Err(unreadable) = &command {
            let fault_count = unreadable.issues().len().max(1);
            room.take::<u8>(fault_count.saturating_mul(REFUSAL))?;
        }
        commands.push(command);
    }
    Ok(Action::Bulk { commands, atomic })
}

/// What a fault in a command of a bulk may take: its site, its reason, and the names that would do instead.
const REFUSAL: usize = 2048;

/// A command of a bulk command, which is none itself.
fn bulk_command(value: &Value<'_>, path: &Site<'_>) -> Result<Command> {
    let command = command_at(value, path)?;
    if matches!(command.action, Action::Bulk { .. }) {
        return Err(Error::of(Reason::NestedBulk {}, &path.field(TYPE)));
    }
    Ok(command)
}

/// The blocks of `types/` that follow from tables, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    let tables = [
        currency::Rounding::declaration(),
        currency::CurrencyDefinition::declaration(),
        options::LimitName::declaration(),
        options::BookOptions::declaration(),
        items::SettledBefore::declaration(),
        items::NewTaxItem::declaration(),
        items::NewItem::declaration(),
        items::ItemChange::declaration(),
        items::ChangedItem::declaration(),
        items::TaxChange::declaration(),
        documents::MadeDocument::declaration(),
        documents::NewDocument::declaration(),
        documents::VoidDocument::declaration(),
        documents::UpdateNotes::declaration(),
        documents::UpdateDraft::declaration(),
        documents::UpdateDueDate::declaration(),
        documents::UpdateAutoApply::declaration(),
        documents::UpdateCommand::declaration(),
        settling::Rule::declaration(),
        settling::Spread::declaration(),
        settling::SpreadOverPairs::declaration(),
        settling::ExplicitItem::declaration(),
        settling::PaidItem::declaration(),
        settling::Wanted::declaration(),
        settling::InvoiceAmount::declaration(),
        settling::DebitMemoAmount::declaration(),
        settling::Targets::declaration(),
        settling::OpenTargets::declaration(),
        settling::Collect::declaration(),
        payments::NewMoney::declaration(),
        payments::NewPayment::declaration(),
        payments::RefundItem::declaration(),
        payments::NewRefund::declaration(),
        counterparts::NewCounterpart::declaration(),
        counterparts::WriteOffItem::declaration(),
        counterparts::NewWriteOff::declaration(),
        counterparts::WrittenOff::declaration(),
        change_plan::BilledBy::declaration(),
        undo::UndoItem::declaration(),
        plan::PlanToCommit::declaration(),
    ];

    let blocks = tables.iter().map(|table| (table.name, table.text()));
    let all = TYPES.map(|(name, verb, kind)| {
        let table = (table_of(verb, kind.unwrap_or(Kind::Invoice)).declaration)();
        (table, (name, document_field(verb, kind), kind))
    });
    blocks.chain(typescript::commands(&all)).collect()
}
