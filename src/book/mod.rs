//! One account's documents and their history: the only place where state changes, and only by events.
//!
//! Preview and execution are one path: both carry the command out and describe what it did ([`Attempt`]); a preview is
//! then taken back. So it cannot differ from what follows.

mod about;
mod attempt;
mod digest;
mod explain;
mod fingerprint;
mod hash;
mod log;
mod outcome;
mod plan;
mod read;
mod snapshot;
mod sums;

pub use about::{DocumentReason, DocumentStep, StepCode};
pub use attempt::Attempt;
pub use explain::{ApplicationReason, ShareReason};
pub use log::{CommandLog, EntryHash, EntryOptions, Receipt};
pub use outcome::{DocumentChange, Effect, LineChange, LineMovements, Outcome, Subject, Summary};

pub(crate) use digest::RunningHash;
pub use plan::{Plan, PlanFingerprint};
pub(crate) use snapshot::{SnapshotRecord, Unrestorable};
pub use sums::{ChangeSum, LineType, SumBy};

use crate::calendar::Date;
use crate::command::Command;
use crate::command::settings::ClosedPeriods;
use crate::command::settings::InclusiveRounding;
use crate::command::settings::Limits;
use crate::command::settings::Mirror;
use crate::command::settings::NumberOrder;
use crate::command::settings::OverCrediting;
use crate::command::settings::Settings;
use crate::command::settings::TaxRounding;
use crate::document::Documents;
use crate::error::{self, Error, Result, Site, SiteField};
use crate::label::check_label;
use crate::money::{Currency, CurrencyDefinition};
use crate::settle;
use crate::settle::Context;
use crate::settle::Workspace;
use std::sync::Arc;

/// What a new book needs to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BookOptions {
    /// The currency of documents that name none: of ISO 4217, or one of `currencies`.
    pub currency: String,
    /// The account of documents that name none.
    pub account_id: String,
    /// Currencies beyond ISO 4217, or with a rounding increment.
    pub currencies: Vec<CurrencyDefinition>,
    /// See [`Settings::over_crediting`].
    pub over_crediting: Option<OverCrediting>,
    /// See [`Settings::count_billing_credits`].
    pub count_billing_credits: Option<bool>,
    /// See [`Settings::mirror`].
    pub mirror: Option<Mirror>,
    /// See [`Settings::inclusive_rounding`].
    pub inclusive_rounding: Option<InclusiveRounding>,
    /// See [`Settings::number_order`].
    pub number_order: Option<NumberOrder>,
    /// See [`Settings::tax_rounding`].
    pub tax_rounding: Option<TaxRounding>,
    /// See [`Settings::allow_tax_rate_from_1`].
    pub allow_tax_rate_from_1: bool,
    /// See [`Settings::limits`].
    pub limits: Limits,
    /// See [`Settings::closed_through`].
    pub closed_through: Option<Date>,
    /// See [`Settings::closed_periods`].
    pub closed_periods: Option<ClosedPeriods>,
    /// See [`Settings::keep_closed_posted`].
    pub keep_closed_posted: bool,
    /// See [`Settings::reason_codes`].
    pub reason_codes: Vec<Box<str>>,
    /// Whether the book keeps a log ([`CommandLog`]).
    pub log: bool,
}

/// The documents of one account and what is settled between them.
///
/// ```
/// use setoff::Book;
/// let mut book = Book::in_currency("USD")?;
/// assert_eq!(book.version(), 0);
/// assert_eq!(Book::restore(&book.snapshot())?.hash(), book.hash());
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Book {
    settings: Settings,
    documents: Documents,
    workspace: Workspace,
    hashes: hash::Hashes,
    version: u64,
    log: Option<CommandLog>,
}

impl Book {
    /// An empty book.
    ///
    /// # Errors
    /// `invalidId` for the account; `invalidCurrency`, `unknownCurrency`, `duplicateId` in `currencies`.
    pub fn new(options: &BookOptions) -> Result<Self> {
        Ok(Self {
            settings: settings_of(options)?,
            documents: Documents::default(),
            workspace: Workspace::default(),
            hashes: hash::Hashes::default(),
            version: 0,
            log: options.log.then(CommandLog::default),
        })
    }

    /// Carries a command out.
    ///
    /// # Errors
    /// The refusals of the operation. Nothing has changed then.
    pub fn execute(&mut self, command: &Command) -> Result<Outcome> {
        let attempt = self.attempt(command)?;
        let balances = attempt.effect().balances()?;
        Ok(Outcome::new(attempt.keep()?, balances))
    }

    /// What [`Book::execute`] would do now. It is done, described and taken back.
    ///
    /// # Errors
    /// As [`Book::execute`].
    pub fn preview(&mut self, command: &Command) -> Result<Plan> {
        let attempt = self.attempt(command)?;
        let effect = attempt.effect();
        let (fingerprint, balances) = (effect.fingerprint()?, effect.balances()?);
        Ok(Plan {
            outcome: Outcome::new(attempt.take_back(), balances),
            fingerprint,
        })
    }

    /// Carries a previewed command out if it still does what the plan shows.
    ///
    /// # Errors
    /// As [`Book::execute`]; `planMoved` if the book no longer gives the figures of the plan.
    pub fn commit(&mut self, command: &Command, plan: &Plan) -> Result<Outcome> {
        let attempt = self.attempt(command)?;
        let effect = attempt.effect();
        if effect.fingerprint()? != plan.fingerprint {
            return Err(effect.plan_moved(&plan.outcome.documents));
        }

        let balances = effect.balances()?;
        Ok(Outcome::new(attempt.keep()?, balances))
    }

    /// The documents.
    #[must_use]
    pub const fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What operations and views read.
    #[must_use]
    pub const fn context(&self) -> Context<'_> {
        Context {
            documents: &self.documents,
            settings: &self.settings,
        }
    }

    /// How many commands have been executed.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// The log, if the book keeps one.
    #[must_use]
    pub const fn log(&self) -> Option<&CommandLog> {
        self.log.as_ref()
    }

    /// The log, to be written.
    pub(crate) const fn log_mut(&mut self) -> Option<&mut CommandLog> {
        self.log.as_mut()
    }
}

/// The settings of a new book: as its options say, and the defaults for the rest.
fn settings_of(options: &BookOptions) -> Result<Settings> {
    let account = Site::Command.field(SiteField::AccountId);
    check_label(&options.account_id, &account)?;

    // The order of the table of errors: `invalidCurrency` of a definition, `unknownCurrency`, `duplicateId`.
    let site = Site::Command.field(SiteField::Currencies);
    let currencies = define_currencies(&options.currencies, &site)?;
    let code = Site::Command.field(SiteField::Currency);
    let currency = settle::currency(&currencies, &options.currency, &code)?;
    check_defined_once(&currencies, &site)?;

    let default = Settings::new(currency);
    Ok(Settings {
        account_id: options.account_id.as_str().into(),
        currencies,
        over_crediting: options.over_crediting.unwrap_or(default.over_crediting),
        count_billing_credits: options
            .count_billing_credits
            .unwrap_or(default.count_billing_credits),
        mirror: options.mirror.unwrap_or(default.mirror),
        inclusive_rounding: options
            .inclusive_rounding
            .unwrap_or(default.inclusive_rounding),
        number_order: options.number_order.unwrap_or(default.number_order),
        tax_rounding: options.tax_rounding.unwrap_or(default.tax_rounding),
        allow_tax_rate_from_1: options.allow_tax_rate_from_1,
        limits: options.limits.clone(),
        closed_through: options.closed_through,
        closed_periods: options.closed_periods.unwrap_or(default.closed_periods),
        keep_closed_posted: options.keep_closed_posted,
        reason_codes: options.reason_codes.clone(),
        ..default
    })
}

/// The currencies that a book has in addition to the known ones, or instead of them.
fn define_currencies(
    definitions: &[CurrencyDefinition],
    site: &Site<'_>,
) -> Result<Vec<Arc<Currency>>> {
    let mut currencies = Vec::new();
    for (index, definition) in definitions.iter().enumerate() {
        let currency = Currency::define(definition, &site.entry(index))?;
        currencies.push(Arc::new(currency));
    }
    Ok(currencies)
}

/// Refuses a currency that is defined twice.
fn check_defined_once(currencies: &[Arc<Currency>], site: &Site<'_>) -> Result<()> {
    for (index, again) in currencies.iter().enumerate() {
        let mut earlier = currencies.iter().take(index);
        if earlier.any(|currency| currency.code() == again.code()) {
            let currency = again.code().into();
            let reason = error::Reason::CurrencyDefinedTwice { currency };
            return Err(Error::of(reason, &site.entry(index).field(SiteField::Code)));
        }
    }
    Ok(())
}
