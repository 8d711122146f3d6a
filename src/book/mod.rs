//! One account's documents and their history: the only place where state changes, and only by events.
//!
//! Preview and execution are one path: both [plan](crate::settle::plan) the command and describe the outcome from the
//! state before; execution then lets the events happen. So a preview cannot differ from what follows.

mod outcome;
mod snapshot;

pub use outcome::{DocumentChange, LineChange, Outcome, Settled};

use crate::document::{Documents, check_label};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::{Currency, Definition};
use crate::settle::{self, Command, Context, Event, Settlement};
use std::sync::Arc;

/// Versions are less than this: JavaScript counts them too.
const VERSIONS: u64 = 1 << 53;

/// What a new book needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The currency of documents that name none: of ISO 4217, or one of `currencies`.
    pub currency: String,
    /// The account of documents that name none.
    pub account_id: String,
    /// Currencies beyond ISO 4217, or with a rounding increment.
    pub currencies: Vec<Definition>,
}

/// An operation that settled something: its version names the application group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The book's version after the operation.
    pub version: u64,
    /// What it did.
    pub settlement: Arc<Settlement>,
}

impl Group {
    /// The identifier of the application group of that version.
    #[must_use]
    pub fn id(version: u64) -> String {
        format!("AG-{version}")
    }
}

/// The documents of one account and what is settled between them.
///
/// ```
/// use setoff::{Book, book::Options};
/// let mut book = Book::new(&Options { currency: "USD".into(), ..Options::default() })?;
/// assert_eq!(book.version(), 0);
/// assert_eq!(Book::restore(&book.snapshot())?.hash(), book.hash());
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Book {
    account_id: Box<str>,
    currency: Arc<Currency>,
    currencies: Vec<Arc<Currency>>,
    documents: Documents,
    history: Vec<Group>,
    version: u64,
}

impl Book {
    /// An empty book.
    ///
    /// # Errors
    /// `invalidCurrency`, `unknownCurrency`, `duplicateId` in `currencies`; `invalidId` for the account.
    pub fn new(options: &Options) -> Result<Self> {
        let list = Path::Root.field("currencies");
        let define = |(index, definition)| Currency::define(definition, &list.index(index)).map(Arc::new);
        let currencies = options.currencies.iter().enumerate().map(define).collect::<Result<Vec<_>>>()?;
        let currency = settle::currency(&currencies, &options.currency, &Path::Root.field("currency"))?;
        for (index, again) in currencies.iter().enumerate() {
            if currencies.iter().take(index).any(|currency| currency.code() == again.code()) {
                let (path, found) = (list.index(index), quoted(again.code()));
                return Err(Error::new(Code::DuplicateId, &path.field("code"), "each currency once", found));
            }
        }
        check_label(&options.account_id, &Path::Root.field("accountId"))?;
        let account_id = options.account_id.as_str().into();
        Ok(Self { account_id, currency, currencies, documents: Documents::default(), history: Vec::new(), version: 0 })
    }

    /// Carries a command out.
    ///
    /// # Errors
    /// The refusals of the operation. Nothing has changed then.
    pub fn execute(&mut self, command: &Command) -> Result<Outcome> {
        let (outcome, events) = self.plan(command)?;
        Ok(self.happen(outcome, events))
    }

    /// What [`Book::execute`] would do now.
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn preview(&self, command: &Command) -> Result<Outcome> {
        self.plan(command).map(|(outcome, _)| outcome)
    }

    /// Carries a previewed command out if it still gives the figures of the preview.
    ///
    /// # Errors
    /// As [`Book::execute`]; `planMoved` if the figures are no longer those of `planned`.
    pub fn commit(&mut self, command: &Command, planned: Option<&Settled>) -> Result<Outcome> {
        let (outcome, events) = self.plan(command)?;
        outcome.check_planned(planned, &self.documents)?;
        Ok(self.happen(outcome, events))
    }

    fn happen(&mut self, outcome: Outcome, events: Vec<Event>) -> Outcome {
        self.version = outcome.version;
        events.into_iter().for_each(|event| self.evolve(event));
        outcome
    }

    fn plan(&self, command: &Command) -> Result<(Outcome, Vec<Event>)> {
        let context = Context {
            documents: &self.documents,
            account_id: &self.account_id,
            currency: &self.currency,
            currencies: &self.currencies,
        };
        let plan = settle::plan(context, command)?;
        let next = self.version.checked_add(1).filter(|&next| next < VERSIONS);
        let version = next.ok_or_else(|| Error::general(Code::TooLarge, "fewer than 2⁵³ commands", "more"))?;
        let outcome = Outcome::describe(&self.documents, command, version, &plan)?;
        Ok((outcome, plan.events))
    }

    /// Lets an event happen. Everything that could refuse it has been asked before.
    fn evolve(&mut self, event: Event) {
        match event {
            Event::Created(document) => self.documents.insert(*document),
            Event::Posted(index) => self.documents.post(index),
            Event::Settled(settlement) => {
                let targets =
                    settlement.applications.iter().map(|application| (application.target, &*application.items));
                self.documents.settle(settlement.source, targets);
                self.history.push(Group { version: self.version, settlement });
            }
        }
    }

    /// The documents.
    #[must_use]
    pub const fn documents(&self) -> &Documents {
        &self.documents
    }

    /// Every operation that settled something, oldest first.
    #[must_use]
    pub fn history(&self) -> &[Group] {
        &self.history
    }

    /// How many commands have been executed.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }
}
