//! A command that has been carried out and is not kept yet.
//!
//! Executing, previewing and committing differ only in what happens to an [`Attempt`]: it is kept, dropped, or kept if
//! its figures are those of a plan. Dropping takes the command back, so a refusal on the way needs no care.

use super::{Book, Effect, Summary};
use crate::command::Command;
use crate::document::{Document, DocumentIndex};
use crate::error::{Error, Reason, Result, Site};
use crate::memory;
use crate::settle::{CommandResult, Journal, SpreadTrace, perform};

/// Versions are less than this: JavaScript counts them too.
pub(super) const VERSIONS: u64 = 1 << 53;

/// A command that has been carried out: look at its [effect](Attempt::effect), then [keep](Attempt::keep) it or drop
/// it. Dropped, it is taken back and the book is as before.
#[derive(Debug)]
#[must_use = "a command is taken back unless its attempt is kept"]
pub struct Attempt<'b> {
    journal: Journal<'b>,
    version: &'b mut u64,
    summary: Summary,
    replaced: Vec<(DocumentIndex, Document)>,
    traces: Option<Vec<Box<[SpreadTrace]>>>,
    is_pending: bool,
}

impl Book {
    /// Carries a command out for as long as its attempt lives.
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn attempt(&mut self, command: &Command) -> Result<Attempt<'_>> {
        self.workspace.trace(false);
        self.carry_out(command)
    }

    /// As [`Book::attempt`]; its splits keep their steps, so that its effect can be [explained](Effect::explain).
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn attempt_with_steps(&mut self, command: &Command) -> Result<Attempt<'_>> {
        self.workspace.trace(true);
        self.carry_out(command)
    }

    fn carry_out(&mut self, command: &Command) -> Result<Attempt<'_>> {
        let version = self
            .version
            .checked_add(1)
            .filter(|&version| version < VERSIONS)
            .ok_or_else(|| Error::of(Reason::TooManyCommands {}, &Site::Command))?;
        let mut journal = Journal::new(
            &mut self.documents,
            &mut self.settings,
            &mut self.workspace,
            version,
        );

        let subject = perform(&mut journal, command)?;
        memory::reserve(command.room_of_results())?;
        let CommandResult {
            created,
            replaced,
            settled,
            traces,
            is_pending,
            notices,
            results,
        } = journal.done();

        let summary = Summary::new(command, version, settled, notices);
        let summary = summary.with_subjects(
            journal.before_pending(),
            is_pending,
            subject,
            created,
            results,
        )?;
        Ok(Attempt {
            journal,
            version: &mut self.version,
            summary,
            replaced,
            traces,
            is_pending,
        })
    }
}

impl Attempt<'_> {
    /// What the command does, with the documents that it speaks of at hand.
    #[must_use]
    pub fn effect(&self) -> Effect<'_> {
        Effect {
            context: self.journal.before_pending(),
            summary: &self.summary,
            replaced: self.replaced.as_slice(),
            traces: self.traces.as_deref(),
            is_pending: self.is_pending,
        }
    }

    /// Keeps what the command did: it is the book's next version.
    pub fn keep(self) -> Summary {
        self.journal.keep();
        *self.version = self.summary.version;
        self.summary
    }

    /// Takes the command back.
    pub fn take_back(self) -> Summary {
        self.summary
    }
}
