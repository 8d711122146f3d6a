//! How much memory a command may take, asked for before it starts: what it then needs, it can have.
//!
//! Each line of a document that a command names, and each pair of lines that a rule can make, counts with all that
//! plans, steps, history and results keep of it at the same time.

use super::Context;
use crate::command::spread::Matrix;
use crate::command::{Action, ApplyRequest, Command, DocumentRef};
use crate::document::NewDocument;
use crate::error::Result;
use crate::memory;

/// What any command may take, whatever it names.
const COMMAND: usize = 0x1_0000;

/// What a line of a new document may take: as it was asked for, as it is made, and its taxes.
const NEW_LINE: usize = 1024;

/// What one line may take: capacities, margins and orders of a plan.
const LINE: usize = 48;

/// What one pair of lines may take: its item in the plan, in the part and in the history, and its words in the result.
const PAIR: usize = 64;

/// What each document or command of a long list may take, and what is told of it.
const ENTRY: usize = 1024;

/// Makes sure that `command` can have the memory that it needs.
///
/// # Errors
/// `tooLarge` where it cannot.
pub(super) fn reserve(context: Context<'_>, command: &Command) -> Result<()> {
    let lines = |named: &DocumentRef| lines_of(context, &named.id).saturating_mul(LINE);
    let more = match &command.action {
        Action::Create(new) => created(context, new),
        Action::Apply(settle) => pairs(context, settle),
        Action::Unapply(settle) => settled(context, &settle.source),
        Action::Update(update) => lines(&update.document),
        Action::Step(_, named) | Action::Pay(_, named) => {
            lines(named).saturating_add(settled(context, named))
        }
        Action::WriteOff(counterpart) | Action::Reverse(counterpart) => {
            lines_of(context, &counterpart.document.id).saturating_mul(NEW_LINE)
        }
        Action::Collect(_) => context.documents.all().count().saturating_mul(ENTRY),
        Action::Bulk { commands, .. } => commands.len().saturating_mul(ENTRY),
        Action::CreatePayment(_)
        | Action::Refund(_)
        | Action::ChangePlan(_)
        | Action::Transfer { .. }
        | Action::Undo { .. }
        | Action::ClosePeriods { .. } => 0,
    };
    memory::reserve(
        COMMAND
            .saturating_add(more)
            .saturating_add(context.documents.growth()),
    )
}

impl Command {
    /// What it may take to tell what the commands of a bulk came to: those have taken what was there before them.
    pub(crate) const fn room_of_results(&self) -> usize {
        match &self.action {
            Action::Bulk { commands, .. } => commands.len().saturating_mul(ENTRY),
            _ => 0,
        }
    }
}

fn lines_of(context: Context<'_>, id: &str) -> usize {
    let index = context.documents.find(id);
    index
        .and_then(|index| context.documents.get(index))
        .map_or(0, |document| document.lines().len())
}

/// What the lines of a new document may take: those that it states, or those of the document that it is made from.
fn created(context: Context<'_>, new: &NewDocument) -> usize {
    let lines = match &new.items {
        Some(items) => items
            .iter()
            .map(|item| {
                item.tax_items
                    .as_ref()
                    .map_or(0, Vec::len)
                    .saturating_add(1)
            })
            .fold(0, usize::saturating_add),
        None => new.from.as_ref().map_or(0, |(_, id)| lines_of(context, id)),
    };
    lines.saturating_mul(NEW_LINE)
}

/// What the lines that an application names, and the pairs that its rule can make of them, may take.
fn pairs(context: Context<'_>, settle: &ApplyRequest) -> usize {
    let given = lines_of(context, &settle.source.id);
    let targets = settle.targets.iter().flatten();
    targets.fold(given.saturating_mul(LINE), |sum, target| {
        let needed = lines_of(context, &target.document.id);
        let dense = given.saturating_mul(needed);
        let pairs = match settle.spread.matrix {
            Matrix::Dense => dense,
            Matrix::Sparse => dense.min(given.saturating_add(needed)),
        };
        sum.saturating_add(needed.saturating_mul(LINE))
            .saturating_add(pairs.saturating_mul(PAIR))
    })
}

/// What may be taken by all that is applied of a document.
fn settled(context: Context<'_>, named: &DocumentRef) -> usize {
    let Some(index) = context.documents.find(&named.id) else {
        return 0;
    };
    let items = context
        .documents
        .parts_of(index)
        .map(|(_, part)| part.items().len());
    items
        .fold(lines_of(context, &named.id), usize::saturating_add)
        .saturating_mul(PAIR.saturating_add(LINE))
}
