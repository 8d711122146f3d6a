//! A command that has been carried out and is not kept yet.
//!
//! Executing, previewing and committing differ only in what happens to an [`Attempt`]: it is kept, dropped, or kept if
//! its figures are those of a plan. Dropping takes the command back, so a refusal on the way needs no care.

use super::{Book, CommandLog, Effect, EntryHash, Receipt, Summary};
use crate::command::Command;
use crate::document::{Document, DocumentIndex};
use crate::error::{Error, Reason, Result, Site};
use crate::settle::{AskedDocument, CommandResult, Journal, PlanStep, SpreadTrace, perform, room};

/// Versions are less than this: JavaScript counts them too.
pub(super) const VERSIONS: u64 = 1 << 53;

/// A command that has been carried out: look at its [effect](Attempt::effect), then [keep](Attempt::keep) it or drop
/// it. Dropped, it is taken back and the book is as before.
#[derive(Debug)]
#[must_use = "a command is taken back unless its attempt is kept"]
pub struct Attempt<'b> {
    journal: Journal<'b>,
    version: &'b mut u64,
    log: Option<&'b mut CommandLog>,
    summary: Summary,
    replaced: Vec<(DocumentIndex, Document)>,
    changed: Vec<DocumentIndex>,
    has_set: bool,
    traces: Option<Vec<Box<[SpreadTrace]>>>,
    steps: Vec<(DocumentIndex, PlanStep)>,
    is_pending: bool,
}

impl Book {
    /// Carries a command out for as long as its attempt lives.
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn attempt(&mut self, command: &Command) -> Result<Attempt<'_>> {
        self.workspace.trace(false, None);
        self.carry_out(command)
    }

    /// As [`Book::attempt`]; its splits keep their steps, so that its effect can be [explained](Effect::explain).
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn attempt_with_steps(&mut self, command: &Command) -> Result<Attempt<'_>> {
        room::reserve_steps(self.context(), command)?;
        self.workspace.trace(true, None);
        self.carry_out(command)
    }

    /// As [`Book::attempt_with_steps`]; it also keeps what is found out about the document with the identifier `id`,
    /// for [`Effect::explain_document`].
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn attempt_about(&mut self, command: &Command, id: &str) -> Result<Attempt<'_>> {
        room::reserve_steps(self.context(), command)?;

        // A name that the book does not know may be that of a document which the command creates.
        let asked = match self.documents.find(id) {
            Some(index) => Some(AskedDocument::Known(index)),
            None => self.documents.next_index().map(AskedDocument::Created),
        };
        self.workspace.trace(true, asked);
        self.carry_out(command)
    }

    /// Carries a command out, and says what it did.
    fn carry_out(&mut self, command: &Command) -> Result<Attempt<'_>> {
        // A fault left figures behind that fit nothing: any command would build on them.
        if self.documents.is_broken() {
            return Err(Error::fault("an earlier command could not be taken back"));
        }
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
            command.at,
        );

        let subject = perform(&mut journal, command)?;

        // Here a full memory still refuses the command: dropping the journal takes it back. Later nothing could.
        room::reserve_results(command)?;
        let done = journal.done()?;
        room::reserve_answer(journal.before_pending(), &done)?;

        let CommandResult {
            created,
            replaced,
            changed,
            has_set,
            settled,
            traces,
            steps,
            is_pending,
            notices,
            results,
        } = done;
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
            log: self.log.as_mut(),
            summary,
            replaced,
            changed,
            has_set,
            traces,
            steps,
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
            changed: self.changed.as_slice(),
            has_set: self.has_set,
            traces: self.traces.as_deref(),
            steps: self.steps.as_slice(),
            is_pending: self.is_pending,
        }
    }

    /// Keeps what the command did: it is the book's next version.
    ///
    /// # Errors
    /// `missingField` in a book that keeps a log, where a command needs an entry; a fault if what was planned does not
    /// fit the documents. The command is taken back then.
    pub fn keep(self) -> Result<Summary> {
        // A version without an entry would be a gap that no chain can bridge.
        if self.log.is_some() {
            return Err(Error::of(Reason::NoEntry {}, &Site::Command));
        }

        self.journal.keep()?;
        *self.version = self.summary.version;
        Ok(self.summary)
    }

    /// Keeps what the command did in a book with a log, which has room for the receipt ([`CommandLog::reserve`]).
    ///
    /// # Errors
    /// A fault if what was planned does not fit the documents, or a book without a log. The command is taken back then.
    pub(crate) fn keep_as(self, receipt: Receipt, hash: EntryHash) -> Result<Summary> {
        let Some(log) = self.log else {
            return Err(Error::broken("an entry of a book without a log"));
        };

        self.journal.keep()?;
        *self.version = self.summary.version;

        // The name was looked for before the command was carried out: two entries of one name are a broken book.
        match log.push(receipt, hash) {
            Some(()) => Ok(self.summary),
            None => Err(Error::broken("an entry whose name another one has")),
        }
    }

    /// Takes the command back.
    pub fn take_back(self) -> Summary {
        self.summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::BookOptions;
    use crate::calendar::Date;
    use crate::command::{Action, Command};
    use crate::document::{
        Application, HistoryEntry, Kind, LineIndex, NewDocument, NewItem, PartItem, Rule,
        Settlement,
    };
    use crate::error::Code;
    use crate::money::Amount;
    use std::sync::Arc;

    fn day() -> Date {
        Date::parse("2026-03-02").unwrap()
    }

    /// A book with an invoice of two items of 60.00 and a credit memo of 100.00.
    fn book() -> Book {
        let options = BookOptions {
            currency: "USD".into(),
            ..BookOptions::default()
        };
        let mut book = Book::new(&options).unwrap();
        let documents = [
            (Kind::Invoice, "I", vec![("a", 60), ("b", 60)]),
            (Kind::CreditMemo, "C", vec![("a", 100)]),
        ];
        for (kind, id, items) in documents {
            let items = items.into_iter();
            let items = items.map(|(id, amount)| NewItem::charge(id, amount));
            let create = Action::Create(NewDocument::posted(kind, id, items.collect()));
            let command = Command {
                at: day(),
                action: create,
            };
            book.execute(&command).unwrap();
        }
        book
    }

    /// Applies amounts in cents of the memo's only line, by line of the invoice.
    fn applied(items: &[(u32, i64)], total: i64) -> Arc<HistoryEntry> {
        let items: Vec<_> = items
            .iter()
            .map(|&(target, minor)| PartItem {
                source: LineIndex(0),
                target: LineIndex(target),
                amount: Amount::new(minor).unwrap(),
            })
            .collect();
        let application = Application {
            target: DocumentIndex(0),
            rule: Rule::Explicit,
            amount: Amount::new(total).unwrap(),
            items: &items,
        };
        Arc::new(HistoryEntry {
            version: 3,
            settlement: Settlement::new(day(), DocumentIndex(1)).with(application),
            undoes: None,
            entered_on: Some(day()),
        })
    }

    #[test]
    fn a_settlement_that_does_not_fit_is_a_fault_and_moves_nothing() {
        let mut book = book();
        let before = book.snapshot();
        let misfits = [
            // The first line has room, the second has not.
            applied(&[(0, 3_000), (1, 6_001)], 9_001),
            // There is no third line.
            applied(&[(0, 3_000), (2, 1_000)], 4_000),
            // The lines have room, the memo has not.
            applied(&[(0, 6_000), (1, 6_000)], 12_000),
            // The total is not that of the lines, and more than there is.
            applied(&[(0, 3_000)], 12_001),
        ];

        for misfit in misfits {
            let fault = book.documents.settle(misfit).unwrap_err();

            assert_eq!(fault.code(), Code::EngineFault);
            assert_eq!(book.snapshot(), before);
            assert!(!book.documents.is_broken());
        }
    }

    #[test]
    fn a_settlement_that_fits_is_taken_back_to_what_was_before() {
        let mut book = book();
        let before = book.snapshot();

        book.documents
            .settle(applied(&[(0, 6_000), (1, 4_000)], 10_000))
            .unwrap();
        assert_ne!(book.snapshot(), before);

        book.documents.unsettle_last();
        assert_eq!(book.snapshot(), before);
    }
}
