//! Refusals. Each has a stable code, the site of the field that is wrong, and the reason with its figures.
//!
//! A refusal holds no sentence. `wire::english` words it, and spells its site as the path of a request.

mod code;
mod figure;
mod reason;
mod site;
mod word;

pub use crate::words::UnknownWord;
pub use code::Code;
pub use figure::{
    AsFigure, CountFigure, DayFigure, Figure, MoneyFigure, NameFigure, NamesFigure, QuotedFigure,
    TextFigure, TextsFigure, WholeFigure, WordFigure, WordsFigure,
};
pub use reason::Reason;
pub use site::{Name, Site, SiteField, SiteStep};

use std::sync::Arc;

/// The result of everything that can be refused.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal. Nothing has changed when one is returned.
///
/// One pointer wide: results are moved far more often than they are errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<ErrorFacts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct ErrorFacts {
    site: Vec<SiteStep>,
    /// Shared, because copying each of the many reasons by itself takes code, and a refusal is told in several places.
    reason: Arc<Reason>,
    issues: Vec<Error>,
}

impl Error {
    /// A refusal at `site`.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn of(reason: Reason, site: &Site<'_>) -> Self {
        Self(Box::new(ErrorFacts {
            site: site.steps(),
            reason: Arc::new(reason),
            issues: Vec::new(),
        }))
    }

    /// An internal fault: something that cannot happen did. It is reported and never a panic.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn fault(what: &str) -> Self {
        Self::of(Reason::InternalFault { what: what.into() }, &Site::Command)
    }

    /// A fault that only a slip of the engine can cause. It is a panic in tests and a fault in a release. A fault that
    /// bytes of a host can cause is an [`Error::fault`] everywhere.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub(crate) fn broken(what: &str) -> Self {
        debug_assert!(false, "{what}");
        Self::fault(what)
    }

    /// The same refusal, at `site` instead.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn at(mut self, site: &Site<'_>) -> Self {
        self.0.site = site.steps();
        self
    }

    /// The same refusal, of an object at `site` of a larger request.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn within(mut self, site: &Site<'_>) -> Self {
        let mut steps = site.steps();
        steps.append(&mut self.0.site);
        self.0.site = steps;
        self
    }

    /// A refusal at the same site for another reason.
    #[cold]
    #[must_use]
    pub(crate) fn for_reason(mut self, reason: Reason) -> Self {
        self.0.reason = Arc::new(reason);
        self.0.issues = Vec::new();
        self
    }

    /// The same refusal in an operation that is made of others: `outer` says where its command has what is at a site of
    /// the inner operation.
    #[cold]
    #[must_use]
    pub(crate) fn moved(mut self, outer: impl FnOnce(&[SiteStep]) -> Vec<SiteStep>) -> Self {
        self.0.site = outer(&self.0.site);
        self
    }

    /// Returns the refusal that comes first in the table, this one if they are equal. All refusals of amounts that
    /// cannot be read are equal, because the first amount decides.
    #[cold]
    #[must_use]
    pub(crate) fn or_earlier(self, other: Self) -> Self {
        let unreadable = Code::TooManyDecimals..=Code::OffIncrement;
        if unreadable.contains(&self.code()) && unreadable.contains(&other.code()) {
            return self;
        }
        if other.code() < self.code() {
            other
        } else {
            self
        }
    }

    /// The first day that would do, where this refuses a day.
    #[must_use]
    pub(crate) fn first_day(&self) -> Option<DayFigure> {
        self.0.reason.first_day()
    }

    /// The same refusal of a day, of the day that the command states.
    #[cold]
    #[must_use]
    pub(crate) fn of_day(mut self, stated: DayFigure) -> Self {
        if let Some(reason) = self.0.reason.of_day(stated) {
            self.0.reason = Arc::new(reason);
        }
        self
    }

    /// Returns the refusal that needs the later day, this one if they need the same day.
    #[cold]
    #[must_use]
    pub(crate) fn or_later(self, other: Self) -> Self {
        if other.first_day() > self.first_day() {
            other
        } else {
            self
        }
    }

    /// The same refusal, of a request whose fields have all these faults.
    #[cold]
    #[must_use]
    pub(crate) fn with_issues(mut self, issues: Vec<Self>) -> Self {
        self.0.issues = issues;
        self
    }

    /// All faults of the fields of a request, this one first. Empty if no field was the reason.
    #[must_use]
    pub fn issues(&self) -> &[Self] {
        &self.0.issues
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.reason.code()
    }

    /// The reason, with its figures.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// The steps from the command to the field that was refused. Empty for the command as a whole.
    #[must_use]
    pub fn site(&self) -> &[SiteStep] {
        &self.0.site
    }
}

impl std::error::Error for Error {}

/// Asks all of several guards that do not depend on each other. Returns the refusal that comes first in the table, and
/// the first of equal ones.
///
/// # Errors
/// That one.
pub(crate) fn first_refusal(guards: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let refusals = guards.into_iter().filter_map(Result::err);
    refusals.reduce(Error::or_earlier).map_or(Ok(()), Err)
}

/// Turns a result into a guard among others, which keeps the result for later.
///
/// # Errors
/// The refusal, if it is one.
pub(crate) fn refusal_of<T>(result: &Result<T>) -> Result<()> {
    match result {
        Ok(_) => Ok(()),
        Err(refusal) => Err(refusal.clone()),
    }
}

/// Asserts a fact. If it is false, tests panic, and a release refuses the command as a fault, because wrong figures
/// would be worse than none.
macro_rules! invariant {
    ($holds:expr, $what:literal) => {
        if !$holds {
            return Err($crate::error::Error::broken($what));
        }
    };
}
pub(crate) use invariant;

/// A text for people, shortened when it is long.
#[must_use]
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!(
            "\"{}…\" ({} characters)",
            text.get(..end).unwrap_or_default(),
            text.chars().count()
        ),
        None => format!("\"{text}\""),
    }
}
