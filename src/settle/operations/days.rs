//! The days of a command, and the first day on which one would do that is refused for its day.
//!
//! A guard that refuses a day knows the first day that will do for the documents it guards. Other parts of the command,
//! and other guards, may need a later one. So the command is tried again on the day that the refusal names, and taken
//! back, until its day is no longer refused. The caller is told the last of these days, and needs no second attempt.

use crate::calendar::Date;
use crate::command::{Action, Command};
use crate::error::{Error, Result, SiteField, SiteStep};
use crate::settle::guard::names::date_field;

/// The days that a command states.
#[derive(Clone, Copy, Debug)]
pub(in crate::settle) struct Days {
    /// The day of the command.
    pub command: Date,
    /// The date of the refund or counterpart that the command makes, if it states one.
    stated: Option<Date>,
}

impl Days {
    pub(super) fn of(command: &Command) -> Self {
        let stated = match &command.action {
            Action::Refund(new) => new.date,
            Action::WriteOff(counterpart) | Action::Reverse(counterpart) => counterpart.date,
            _ => None,
        };
        Self {
            command: command.at,
            stated,
        }
    }

    /// The date of the refund or counterpart.
    pub(super) fn document(self) -> Date {
        self.stated.unwrap_or(self.command)
    }

    /// The field of the command that this date is from.
    pub(super) const fn document_field(self) -> SiteField {
        date_field(self.stated)
    }

    /// The refusal that needs the last day, of a command that `refusal` refuses. `attempt` carries the command out on
    /// other days.
    #[cold]
    pub(super) fn last_refusal<T>(
        self,
        refusal: Error,
        mut attempt: impl FnMut(Self) -> Result<T>,
    ) -> Error {
        let Some(mut needed) = self.needed_by(&refusal) else {
            return refusal;
        };
        // A refusal at another field, or of no later day, does not say that this day is too early. Days only rise, so
        // the search ends.
        let mut last = refusal;
        while let Err(again) = attempt(needed) {
            if again.site() != last.site() || again.first_day() <= last.first_day() {
                break;
            }
            let Some(later) = self.needed_by(&again) else {
                break;
            };
            (needed, last) = (later, again);
        }

        let stated = match last.site() {
            [SiteStep::Field(SiteField::Date)] => self.document(),
            _ => self.command,
        };
        last.of_day(stated.into())
    }

    /// The days that do for a refusal of a day of the command.
    fn needed_by(self, refusal: &Error) -> Option<Self> {
        let day = Date::from_number(refusal.first_day()?.0)?;
        match (refusal.site(), self.stated) {
            ([SiteStep::Field(SiteField::At)], stated) => Some(Self {
                command: day,
                stated,
            }),
            // A command is not before the document that it makes.
            ([SiteStep::Field(SiteField::Date)], Some(_)) => Some(Self {
                command: self.command.max(day),
                stated: Some(day),
            }),
            _ => None,
        }
    }
}
