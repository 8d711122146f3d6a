//! Reserves the memory that a command may take before it starts, so that it cannot run out of memory half-way.
//!
//! One rule for all commands counts the lines of the documents that a command names, the lines that it makes, the pairs
//! of lines that its rule can make, and what it takes back. Each counts with all the copies that plans, steps, history
//! and results keep of it at the same time. `wire/value.rs` reserves the memory of the request while it reads it.

use super::{CommandResult, Context};
use crate::command::spread::Matrix;
use crate::command::{
    Action, ApplyCredits, ApplyRequest, ChangePlan, Command, DocumentChoice, DocumentRef,
    TargetAmount,
};
use crate::document::{DocumentIndex, HistoryEntry, Kind, NewDocument, NewItem};
use crate::error::Result;
use crate::memory::{self, capped_product, capped_sum};

/// What any command may take in addition to the documents that it names.
const COMMAND: usize = 0x1_0000;

/// How much an answer takes that needs no room of its own.
const SMALL_ANSWER: usize = 0x1_8000;

/// What a line of a new document may take: in the request, in the document with its taxes, and in the result.
const NEW_LINE: usize = 1024;

/// What a line of a named document may take: capacities, margins and orders of a plan.
const LINE: usize = 48;

/// What one pair of lines may take: its item in the plan, in the part and in the history, and its words in the result.
const PAIR: usize = 64;

/// What each document or command of a long list may take, with its part of the result.
const ENTRY: usize = 1024;

/// What each document may take where an operation reads all of them.
const CANDIDATE: usize = 64;

/// What the steps of its splits may take of each line.
const STEPS: usize = 512;

/// What a command touches.
#[derive(Clone, Copy, Default)]
struct Touched {
    lines: usize,
    new_lines: usize,
    pairs: usize,
    entries: usize,
    candidates: usize,
}

impl Touched {
    /// Both together.
    fn and(self, more: Self) -> Self {
        Self {
            lines: capped_sum([self.lines, more.lines]),
            new_lines: capped_sum([self.new_lines, more.new_lines]),
            pairs: capped_sum([self.pairs, more.pairs]),
            entries: capped_sum([self.entries, more.entries]),
            candidates: capped_sum([self.candidates, more.candidates]),
        }
    }

    /// Returns the bytes that all of it may take.
    fn room(self) -> usize {
        [
            (self.lines, LINE),
            (self.new_lines, NEW_LINE),
            (self.pairs, PAIR),
            (self.entries, ENTRY),
            (self.candidates, CANDIDATE),
        ]
        .into_iter()
        .map(|(count, size)| capped_product(count, size))
        .fold(COMMAND, |room, more| capped_sum([room, more]))
    }
}

/// Makes sure that `command` can have the memory that it needs.
///
/// # Errors
/// `tooLarge` where it cannot.
pub(super) fn reserve(context: Context<'_>, command: &Command) -> Result<()> {
    let room = touched(context, command).room();
    memory::reserve(capped_sum([room, context.documents.growth()]))
}

/// Makes sure that the steps of the splits of `command` can be kept.
///
/// # Errors
/// `tooLarge` where they cannot.
pub(crate) fn reserve_steps(context: Context<'_>, command: &Command) -> Result<()> {
    let line_count = touched(context, command).lines;
    memory::reserve(capped_product(line_count, STEPS))
}

/// Makes sure that one of the applications that an operation is made of can have the memory that it needs.
///
/// # Errors
/// `tooLarge` where it cannot.
pub(super) fn reserve_application(
    context: Context<'_>,
    source: DocumentIndex,
    target: DocumentIndex,
    matrix: Matrix,
) -> Result<()> {
    let given = line_count(context, source);
    let needed = line_count(context, target);
    let touched = Touched {
        lines: capped_sum([given, needed]),
        pairs: pair_count(given, needed, matrix),
        ..Touched::default()
    };

    let room = [touched.room(), context.documents.growth()];
    memory::reserve(capped_sum(room))
}

/// Makes sure that what the commands of a bulk came to can be told: they have taken what was there before them.
///
/// # Errors
/// `tooLarge` where it cannot.
pub(crate) fn reserve_results(command: &Command) -> Result<()> {
    match &command.action {
        Action::Bulk { commands, .. } => memory::reserve(capped_product(commands.len(), ENTRY)),
        _ => Ok(()),
    }
}

/// Makes sure that what a command did can be told.
///
/// # Errors
/// `tooLarge` where it cannot.
pub(crate) fn reserve_answer(context: Context<'_>, done: &CommandResult) -> Result<()> {
    let created = done
        .created
        .iter()
        .filter_map(|index| context.documents.get(*index));
    let replaced = done.replaced.iter().map(|(_, document)| document);
    let new_lines = created
        .chain(replaced)
        .map(|document| document.lines().len());
    let pairs = done.settled.iter().map(|entry| pairs_of(entry));
    let told = Touched {
        new_lines: capped_sum(new_lines),
        pairs: capped_sum(pairs),
        entries: capped_sum([done.results.len(), done.settled.len()]),
        ..Touched::default()
    };

    // The room that every command has is enough for a small answer.
    let room = told.room();
    if room <= SMALL_ANSWER {
        return Ok(());
    }
    memory::reserve(room)
}

/// Counts what a command touches at most. What it names and the book does not have counts as nothing, because the
/// command is refused.
fn touched(context: Context<'_>, command: &Command) -> Touched {
    let nothing = Touched::default();
    match &command.action {
        Action::Create(new) => Touched {
            new_lines: created(context, new),
            ..nothing
        },
        Action::CreatePayment(new) => {
            let account_id = new.account_id.as_deref();
            let account_id = account_id.unwrap_or(&context.settings.account_id);
            let open = all_open(context, account_id, &new.all_open, 1, Matrix::Sparse);
            to_targets(context, new.targets.as_deref()).and(open)
        }
        Action::Pay(_, named) => whole(context, named),
        Action::Update(update) => Touched {
            new_lines: lines_of(context, &update.document),
            ..nothing
        },
        Action::Step(_, named, _) => whole(context, named),
        Action::Apply(settle) => {
            let source = index_of(context, &settle.source);
            let given = source.map_or(0, |index| line_count(context, index));
            let account_id = account_of(context, source);
            let matrix = settle.spread.matrix;
            let open = all_open(context, account_id, &settle.all_open, given, matrix);
            applied(context, settle, given).and(open)
        }
        // Each of its applications makes room for itself.
        Action::ApplyCredits(request) => Touched {
            candidates: of_credits(context, request),
            ..nothing
        },
        Action::Unapply(settle) => match &settle.targets {
            None => whole(context, &settle.source),
            Some(targets) => taken_back(context, &settle.source, targets),
        },
        Action::Refund(new) => whole(context, &new.source),
        Action::WriteOff(counterpart) | Action::Reverse(counterpart) => Touched {
            new_lines: lines_of(context, &counterpart.document),
            ..whole(context, &counterpart.document)
        },
        Action::Collect(collect) => Touched {
            candidates: of_same_account(context, &collect.document),
            ..whole(context, &collect.document)
        },
        Action::ChangePlan(request) => changed(context, request),
        // What stands of other operations makes room for itself.
        Action::Undo(request) => {
            let entries = HistoryEntry::version_of(&request.group_id)
                .map(|version| context.documents.entries_of_version(version))
                .unwrap_or_default();

            let pairs = entries.iter().map(|entry| pairs_of(entry));
            Touched {
                pairs: capped_sum(pairs),
                ..nothing
            }
        }
        Action::Bulk { commands, .. } => Touched {
            entries: commands.len(),
            ..nothing
        },
        // One header, or the settings: every command has room for that.
        Action::Transfer { .. } | Action::ClosePeriods { .. } => nothing,
    }
}

/// The documents of the account of a document.
fn of_same_account(context: Context<'_>, document: &DocumentRef) -> usize {
    let index = context.documents.find(&document.id);
    let header = index.and_then(|index| context.documents.header(index));
    header.map_or(0, |header| {
        context.documents.of_account(&header.account_id).len()
    })
}

/// The lines of a new document: those that it states, or those of the document that it is made from.
fn created(context: Context<'_>, new: &NewDocument) -> usize {
    match &new.items {
        Some(items) => capped_sum(items.iter().map(lines_of_new)),
        None => new.from.as_ref().map_or(0, |(kind, key)| {
            let from = context.documents.find_key(*kind, key);
            from.map_or(0, |index| line_count(context, index))
        }),
    }
}

/// Counts the lines of a new item: itself, its taxes, and what was settled of them before.
fn lines_of_new(item: &NewItem) -> usize {
    let taxes = item.tax_items.as_deref().unwrap_or(&[]);
    let entries = taxes.iter().map(|tax| tax.settled_before.len());
    let entries = capped_sum(entries.chain([item.settled_before.len()]));
    capped_sum([1, taxes.len(), entries])
}

/// A payment settles one line with those of its targets.
fn to_targets(context: Context<'_>, targets: Option<&[TargetAmount]>) -> Touched {
    let targets = targets.unwrap_or_default();
    let lines = capped_sum(
        targets
            .iter()
            .map(|target| lines_of(context, &target.document)),
    );

    Touched {
        lines,
        pairs: lines,
        entries: targets.len(),
        ..Touched::default()
    }
}

/// The lines that an application of a source with `given` lines names, and the pairs that its rule can make of them.
fn applied(context: Context<'_>, settle: &ApplyRequest, given: usize) -> Touched {
    let mut touched = Touched {
        lines: given,
        ..Touched::default()
    };
    for target in settle.targets.iter().flatten() {
        let needed = lines_of(context, &target.document);
        let pairs = pair_count(given, needed, settle.spread.matrix);
        touched.lines = capped_sum([touched.lines, needed]);
        touched.pairs = capped_sum([touched.pairs, pairs]);
    }
    touched
}

/// The lines of all open documents of some kinds that an account has, and the pairs that they can make with `given`
/// lines each.
fn all_open(
    context: Context<'_>,
    account_id: &str,
    kinds: &[Kind],
    given: usize,
    matrix: Matrix,
) -> Touched {
    let mut touched = Touched::default();
    if kinds.is_empty() {
        return touched;
    }

    let of_account = context.documents.of_account(account_id);
    touched.candidates = of_account.len();
    for &index in of_account {
        let header = context.documents.header(index);
        let is_open = header.is_some_and(|header| {
            kinds.contains(&header.kind) && header.figures.open().is_positive()
        });
        if is_open {
            let needed = line_count(context, index);
            touched.lines = capped_sum([touched.lines, needed]);
            touched.pairs = capped_sum([touched.pairs, pair_count(given, needed, matrix)]);
        }
    }
    touched
}

/// The account of a document that was found, or else that of the book.
fn account_of(context: Context<'_>, index: Option<DocumentIndex>) -> &str {
    let header = index.and_then(|index| context.documents.header(index));
    header.map_or(&context.settings.account_id, |header| &header.account_id)
}

/// How many documents the account has whose credits are applied.
fn of_credits(context: Context<'_>, request: &ApplyCredits) -> usize {
    let lists = [
        (&request.sources, &[Kind::CreditMemo, Kind::Payment][..]),
        (&request.invoices, &[Kind::Invoice]),
        (&request.debit_memos, &[Kind::DebitMemo]),
    ];
    let named = lists.iter().find_map(|(choice, kinds)| match choice {
        DocumentChoice::Named(keys) => {
            let key = keys.first()?;
            let mut kinds = kinds.iter();
            kinds.find_map(|&kind| context.documents.find_key(kind, key))
        }
        DocumentChoice::AllOpen => None,
    });

    // One named document says the account of all: others of another account refuse the command.
    let account_id = request.account_id.as_deref();
    let account_id = account_id.unwrap_or_else(|| account_of(context, named));
    context.documents.of_account(account_id).len()
}

/// The pairs that can be made of the lines of two documents.
fn pair_count(given: usize, needed: usize, matrix: Matrix) -> usize {
    let dense = capped_product(given, needed);
    match matrix {
        Matrix::Dense => dense,
        Matrix::Sparse => dense.min(capped_sum([given, needed])),
    }
}

/// The lines of the targets, and what is applied to them.
fn taken_back(context: Context<'_>, source: &DocumentRef, targets: &[TargetAmount]) -> Touched {
    let index = index_of(context, source);
    let applied = targets.iter().map(|target| {
        let target = index_of(context, &target.document);
        applied_count(context, index, target)
    });
    let pairs = capped_sum(applied);

    Touched {
        lines: capped_sum([lines_of(context, source), pairs]),
        pairs,
        ..to_targets(context, Some(targets))
    }
}

/// The pairs of lines that are applied between two documents, if both are there.
fn applied_count(
    context: Context<'_>,
    source: Option<DocumentIndex>,
    target: Option<DocumentIndex>,
) -> usize {
    let (Some(source), Some(target)) = (source, target) else {
        return 0;
    };
    let part = context.documents.part(source, target);
    part.map_or(0, |part| part.items().len())
}

/// All lines of a document, and all that is applied of it.
fn whole(context: Context<'_>, named: &DocumentRef) -> Touched {
    let lines = lines_of(context, named);
    let items = index_of(context, named).map_or(0, |index| {
        capped_sum(
            context
                .documents
                .parts_of(index)
                .map(|(_, part)| part.items().len()),
        )
    });

    Touched {
        lines: capped_sum([lines, items]),
        pairs: capped_sum([lines, items]),
        ..Touched::default()
    }
}

/// A change of plan bills each of its events with the taxes of the plans, and credits the bill.
fn changed(context: Context<'_>, request: &ChangePlan) -> Touched {
    let billed = request
        .source
        .as_ref()
        .map(|source| whole(context, &source.document));
    let event_count = capped_sum([request.change.events.len(), 1]);
    Touched {
        new_lines: capped_product(event_count, 2),
        ..billed.unwrap_or_default()
    }
}

fn index_of(context: Context<'_>, named: &DocumentRef) -> Option<DocumentIndex> {
    context.documents.find_key(named.kind, &named.id)
}

fn lines_of(context: Context<'_>, named: &DocumentRef) -> usize {
    let index = index_of(context, named);
    index.map_or(0, |index| line_count(context, index))
}

fn line_count(context: Context<'_>, index: DocumentIndex) -> usize {
    let document = context.documents.get(index);
    document.map_or(0, |document| document.lines().len())
}

/// Counts the pairs of lines between which an entry of the history moved something.
fn pairs_of(entry: &HistoryEntry) -> usize {
    capped_sum(
        entry
            .settlement
            .applications()
            .map(|application| application.items.len()),
    )
}
