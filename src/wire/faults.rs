//! All that is wrong with the fields of a request, for a form that marks every field at once.
//!
//! A request is read until the first fault, and that is its refusal. Then, and only then, the fault is mended in a
//! copy: a field that nobody knows is taken out, a day that is none becomes some day. The copy is read again, and so
//! on, until nothing is wrong any more. So the readers need to know nothing of this, and a request that is right costs
//! nothing.
//!
//! A command is also tried on its book, because only the book knows how many decimals an amount may have, which rates
//! it allows, and which identifiers of lines are there twice. An attempt is taken back.
//!
//! What is put in the place of a fault could itself be wrong with what stands beside it. So a fault that is not about a
//! field alone is told only where nothing was mended in its object, and ends the search; as does any fault in an object
//! for which a word had to be guessed, because the word may decide which fields there are.

use super::Value;
use crate::error::{CountFigure, Error, Reason, Result, Site, SiteStep};
use crate::memory;

/// As many faults are told at most.
const MOST: usize = 100;

/// What is put in the place of a fault must be read, and there are not many things that fields hold.
const ATTEMPTS: usize = 16;

/// Requests that would take more bytes than this are not copied: only their first fault is told.
const LARGEST: usize = 1 << 22;

/// Commands that would take more bytes than this are not tried again and again. Only faults of their shape are told.
#[cfg(feature = "book")]
const LARGEST_TRIED: usize = 1 << 20;

/// Reads a request, and refuses it with all its faults.
///
/// # Errors
/// As `read`; with the [issues](Error::issues).
pub(super) fn read_all<T>(value: &Value<'_>, read: fn(&Value<'_>) -> Result<T>) -> Result<T> {
    read(value).map_err(|first| with_issues(first, value, &mut |value| read(value).err()))
}

/// Reads a part of a request that is refused by itself, as a command of a bulk is, with all its faults.
///
/// # Errors
/// As `read`; with the [issues](Error::issues).
pub(super) fn read_part<T>(
    part: &Value<'_>,
    path: &Site<'_>,
    read: fn(&Value<'_>, &Site<'_>) -> Result<T>,
) -> Result<T> {
    read(part, path).map_err(|first| {
        let depth = path.steps().len();
        all_issues(first, part, depth, &mut |part| read(part, path).err())
    })
}

/// The refusal of a request, with all its faults. `refusal_of` reads it again.
pub(super) fn with_issues(
    first: Error,
    value: &Value<'_>,
    refusal_of: &mut dyn FnMut(&Value<'_>) -> Option<Error>,
) -> Error {
    all_issues(first, value, 0, refusal_of)
}

/// Whether a command would take too many bytes to be tried again and again.
#[cfg(feature = "book")]
pub(super) fn is_too_large_to_try(request: &Value<'_>) -> bool {
    room_of(request) > LARGEST_TRIED
}

/// The refusal of what lies as many steps within a request, with all its faults.
#[cold]
#[inline(never)]
fn all_issues(
    first: Error,
    value: &Value<'_>,
    depth: usize,
    refusal_of: &mut dyn FnMut(&Value<'_>) -> Option<Error>,
) -> Error {
    let room = room_of(value);
    if !is_of_one_field(first.reason()) || room > LARGEST || memory::reserve(room).is_err() {
        return first;
    }

    // A search holds these texts, so they are made before it.
    let names: Vec<_> = (0..MOST).map(|index| format!("mended:{index}")).collect();
    let mut search = Search {
        request: value.clone(),
        names: &names,
        depth,
        mended: Vec::new(),
        guessed: Vec::new(),
    };
    let issues = search.issues(&first, refusal_of);
    first.with_issues(issues)
}

/// What a copy of a request and what is made of it may take, in bytes.
fn room_of(value: &Value<'_>) -> usize {
    const VALUE: usize = 512;
    match value {
        Value::Null | Value::Boolean(_) | Value::Whole(_) => VALUE,
        Value::Text(text) | Value::Number(text) | Value::Foreign(text) => {
            text.len().saturating_mul(8).saturating_add(VALUE)
        }
        Value::List(list) => list.iter().map(room_of).fold(VALUE, usize::saturating_add),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(_, field)| room_of(field));
            fields.fold(VALUE, usize::saturating_add)
        }
    }
}

/// A request, or a part of one, that is being mended.
struct Search<'a> {
    request: Value<'a>,
    /// Identifiers that may stand for those that are there twice.
    names: &'a [String],
    /// How many steps of a site lead to it.
    depth: usize,
    /// The sites of what was mended.
    mended: Vec<Vec<SiteStep>>,
    /// The objects for which a word was guessed.
    guessed: Vec<Vec<SiteStep>>,
}

impl Search<'_> {
    /// All faults, the first among them.
    fn issues(
        &mut self,
        first: &Error,
        refusal_of: &mut dyn FnMut(&Value<'_>) -> Option<Error>,
    ) -> Vec<Error> {
        let mut issues = vec![first.clone()];
        let mut fault = first.clone();
        let mut attempts = 0_usize;
        while issues.len() < MOST && attempts < ATTEMPTS && self.mend(&fault) {
            let Some(next) = refusal_of(&self.request) else {
                break;
            };

            // What was put in the place of a fault is refused as well, so something else may do.
            if self.is_mended(next.site()) {
                attempts = attempts.saturating_add(1);
                fault = next;
                continue;
            }
            if !self.is_certain(&next) {
                break;
            }

            attempts = 0;
            issues.push(next.clone());

            // No change of one field is sure to mend what depends on several.
            if !is_of_one_field(next.reason()) {
                break;
            }
            fault = next;
        }
        issues
    }

    /// Whether a site is one that was mended, or lies within.
    fn is_mended(&self, site: &[SiteStep]) -> bool {
        self.mended.iter().any(|mended| site.starts_with(mended))
    }

    /// Whether a fault was there before anything was mended.
    fn is_certain(&self, fault: &Error) -> bool {
        let site = fault.site();
        let mut guessed = self.guessed.iter();
        if guessed.any(|guessed| site.starts_with(guessed)) {
            return false;
        }
        if is_of_one_field(fault.reason()) {
            return true;
        }

        // It is of an object as a whole, or of a field that depends on others. What was mended there may have made it.
        let (_, object) = site.split_last().unzip();
        let object = object.unwrap_or_default();
        let mut mended = self.mended.iter();
        !mended.any(|mended| mended.starts_with(object) || mended.starts_with(site))
    }

    /// Mends a fault. Where it comes again, another attempt puts something else there.
    fn mend(&mut self, fault: &Error) -> bool {
        let site = fault.site();
        let attempt = self.mended.iter().filter(|mended| *mended == site).count();

        let is_done = match fault.reason() {
            Reason::UnknownField { .. }
            | Reason::MisspeltField { .. }
            | Reason::UnknownFieldOfCommand { .. }
            | Reason::MisspeltFieldOfCommand { .. } => self.remove(site),
            Reason::FieldMissing { field } => self.add(site, field.0, stopgap(attempt)),
            Reason::MisspeltChoice { meant, .. } => self.replace(site, Value::Text(meant.0)),
            // The word may decide which fields the object has, so all of its further faults are guesses.
            Reason::NoChoice { choices, .. } => {
                let (_, object) = site.split_last().unzip();
                self.guessed.push(object.unwrap_or_default().to_vec());
                let word = choices.0.first().copied().unwrap_or_default();
                self.replace(site, Value::Text(word))
            }
            Reason::NoWholeNumber { least, .. } => self.replace(site, Value::Whole(least.0)),
            Reason::MoreDecimals { most, .. } if attempt == 0 => self.cut(site, *most),
            Reason::RateFrom1 { .. } | Reason::TaxRateTooHigh { .. } => {
                self.replace(site, Value::Text("0"))
            }
            Reason::LineIdTaken { .. } | Reason::ChargeIdTaken { .. } => self.rename(site),
            // A hundred has no decimals, and is a whole number of nearly every increment.
            Reason::MoreDecimals { .. } | Reason::OffIncrement { .. } => {
                self.replace(site, Value::Text("100"))
            }
            _ => self.replace(site, stopgap(attempt)),
        };

        self.mended.push(site.to_vec());
        is_done
    }

    /// Takes a field out.
    fn remove(&mut self, site: &[SiteStep]) -> bool {
        let Some((SiteStep::Written(name), object)) = site.split_last() else {
            return false;
        };
        match self.value_at(object) {
            Some(Value::Object(fields)) => {
                fields.retain(|(field, _)| **field != **name);
                true
            }
            _ => false,
        }
    }
}

impl<'a> Search<'a> {
    /// Puts a field where it is missing.
    fn add(&mut self, site: &[SiteStep], name: &'static str, value: Value<'a>) -> bool {
        let (_, object) = site.split_last().unzip();
        match self.value_at(object.unwrap_or_default()) {
            Some(Value::Object(fields)) => {
                fields.push((name, value));
                true
            }
            _ => false,
        }
    }

    /// Puts a value in the place of another.
    fn replace(&mut self, site: &[SiteStep], value: Value<'a>) -> bool {
        match self.value_at(site) {
            Some(known) => {
                *known = value;
                true
            }
            None => false,
        }
    }

    /// Cuts the decimals that an amount has too many.
    fn cut(&mut self, site: &[SiteStep], most: CountFigure) -> bool {
        let Some(Value::Text(text)) = self.value_at(site) else {
            return false;
        };
        let Some((whole, _)) = text.split_once('.') else {
            return true;
        };

        // A number has no point without decimals behind it.
        let decimals = usize::try_from(most.0).unwrap_or_default();
        let end = if decimals == 0 {
            whole.len()
        } else {
            whole.len().saturating_add(1).saturating_add(decimals)
        };
        *text = text.get(..end).unwrap_or(whole);
        true
    }

    /// Gives a line an identifier that no other has.
    fn rename(&mut self, site: &[SiteStep]) -> bool {
        match self.names.get(self.mended.len()) {
            Some(name) => self.replace(site, Value::Text(name)),
            None => false,
        }
    }

    /// Returns the value at a site.
    fn value_at(&mut self, site: &[SiteStep]) -> Option<&mut Value<'a>> {
        let mut within = site.iter().skip(self.depth);
        within.try_fold(&mut self.request, |value, step| match (value, step) {
            (Value::Object(fields), SiteStep::Field(field)) => field_of(fields, field.as_str()),
            (Value::Object(fields), SiteStep::Written(field)) => field_of(fields, field),
            (Value::List(entries), SiteStep::Entry(index)) => entries.get_mut(*index),
            _ => None,
        })
    }
}

/// Finds a field of an object by its name.
fn field_of<'f, 'a>(
    fields: &'f mut [(&'a str, Value<'a>)],
    name: &str,
) -> Option<&'f mut Value<'a>> {
    let mut fields = fields.iter_mut();
    fields
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// What may stand for a value that is wrong: most fields take one of these.
fn stopgap<'a>(attempt: usize) -> Value<'a> {
    match attempt {
        0 => Value::Text("2000-01-01"),
        1 => Value::Text("1"),
        2 => Value::Whole(1),
        3 => Value::Boolean(true),
        4 => Value::List(Vec::new()),
        _ => Value::Object(Vec::new()),
    }
}

/// Whether a fault is about a field, whatever stands beside it.
const fn is_of_one_field(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::WrongType { .. }
            | Reason::NumberOfWrongType { .. }
            | Reason::NumberForDecimal { .. }
            | Reason::MisspeltDecimal { .. }
            | Reason::CurrencyInSmallLetters { .. }
            | Reason::TextOfWrongType { .. }
            | Reason::ObjectOfClass { .. }
            | Reason::NoWholeNumber { .. }
            | Reason::UnknownField { .. }
            | Reason::MisspeltField { .. }
            | Reason::UnknownFieldOfCommand { .. }
            | Reason::MisspeltFieldOfCommand { .. }
            | Reason::FieldMissing { .. }
            | Reason::NoChoice { .. }
            | Reason::MisspeltChoice { .. }
            | Reason::IdMalformed { .. }
            | Reason::NameMalformed { .. }
            | Reason::NoDate { .. }
            | Reason::MisspeltDate { .. }
            | Reason::NoSuchDay { .. }
            | Reason::NoCivilDay { .. }
            | Reason::NoMoment { .. }
            | Reason::NoDecimal { .. }
            | Reason::TooManyDigits { .. }
            | Reason::NoFraction { .. }
            | Reason::MoreDecimals { .. }
            | Reason::OffIncrement { .. }
            | Reason::RateFrom1 { .. }
            | Reason::TaxRateTooHigh { .. }
            | Reason::LineIdTaken { .. }
            | Reason::ChargeIdTaken { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Action;
    use crate::wire::decode;

    fn object<'a>(fields: &[(&'a str, Value<'a>)]) -> Value<'a> {
        Value::Object(fields.to_vec())
    }

    /// The faults of a command: codes and paths.
    fn faults(command: &Value<'_>) -> Vec<String> {
        let error = decode::command(command).unwrap_err();
        let issues = error.issues();
        assert!(
            issues
                .first()
                .is_none_or(|first| first.reason() == error.reason())
        );
        let told = |issue: &Error| format!("{} {}", issue.code().as_str(), issue.path());
        issues.iter().map(told).collect()
    }

    fn invoice<'a>(at: &'a str, items: Vec<Value<'a>>) -> Value<'a> {
        object(&[
            ("type", Value::Text("createInvoice")),
            ("id", Value::Text("I")),
            ("at", Value::Text(at)),
            ("items", Value::List(items)),
        ])
    }

    #[test]
    fn every_field_that_is_wrong_is_told() {
        let items = vec![
            object(&[("id", Value::Text("1")), ("amount", Value::Whole(10))]),
            object(&[
                ("id", Value::Text("")),
                ("amount", Value::Text("1,5")),
                ("amout", Value::Null),
            ]),
            object(&[
                ("amount", Value::Text("3")),
                ("serviceStart", Value::Text("2026-02-30")),
                ("taxItems", Value::Boolean(true)),
            ]),
        ];
        let mut told = faults(&invoice("yesterday", items));
        told.sort();
        assert_eq!(
            told,
            [
                "invalidDate at",
                "invalidDate items[2].serviceStart",
                "invalidDecimal items[1].amount",
                "invalidId items[1].id",
                "invalidType items[0].amount",
                "invalidType items[2].taxItems",
                "missingField items[2].id",
                "unknownField items[1].amout",
            ]
        );
    }

    #[test]
    fn what_a_guess_may_have_made_wrong_is_not_told() {
        let command = object(&[
            ("type", Value::Text("sell")),
            ("at", Value::Text("2026-03-01")),
            ("shop", Value::Text("S")),
        ]);
        assert_eq!(faults(&command), ["invalidChoice type"]);
        // It means `createInvoice`, so the field is one that an invoice does not have.
        let command = object(&[
            ("type", Value::Text("createInvioce")),
            ("id", Value::Text("I")),
            ("at", Value::Text("2026-03-01")),
            ("items", Value::List(Vec::new())),
            ("shop", Value::Text("S")),
        ]);
        assert_eq!(
            faults(&command),
            ["invalidChoice type", "unknownField shop"]
        );
    }

    #[test]
    fn each_command_of_a_bulk_tells_its_own_faults() {
        let row = |at: &'static str, amount: &'static str| {
            let item = object(&[("id", Value::Text("1")), ("amount", Value::Text(amount))]);
            invoice(at, vec![item])
        };
        let rows = vec![row("today", "1,5"), row("2026-03-01", "2"), row("3", "x")];
        let bulk = |is_atomic: bool| {
            object(&[
                ("type", Value::Text("bulk")),
                ("at", Value::Text("2026-03-01")),
                ("atomic", Value::Boolean(is_atomic)),
                ("commands", Value::List(rows.clone())),
            ])
        };

        let command = decode::command(&bulk(false)).unwrap();
        let Action::Bulk { commands, .. } = command.action else {
            panic!("no bulk");
        };
        let told = commands.iter().map(|row| {
            let issues = row.as_ref().err().map(Error::issues).unwrap_or_default();
            issues.iter().map(Error::path).collect::<Vec<_>>()
        });
        let told: Vec<_> = told.collect();
        let paths = |row| {
            [
                format!("commands[{row}].items[0].amount"),
                format!("commands[{row}].at"),
            ]
        };
        assert_eq!(told, [paths(0).to_vec(), Vec::new(), paths(2).to_vec()]);

        // All or none is one request, and its faults are told together.
        let mut together = faults(&bulk(true));
        together.sort();
        assert_eq!(
            together,
            [
                "invalidDate commands[0].at",
                "invalidDate commands[2].at",
                "invalidDecimal commands[0].items[0].amount",
                "invalidDecimal commands[2].items[0].amount",
            ]
        );
    }

    #[test]
    fn the_search_ends() {
        let items: Vec<_> = (0..500)
            .map(|_| object(&[("id", Value::Text("1")), ("amount", Value::Null)]))
            .collect();
        assert_eq!(faults(&invoice("2026-03-01", items)).len(), MOST);
        assert_eq!(faults(&Value::Null), ["invalidType "]);
    }
}
