//! The entries of a log: written when a command is carried out, and read when a book is replayed.
//!
//! ```text
//! entry = { actor, command, effect, hash, id, note, previous, recordedAt, version }
//! hash  = SHA-256 of the canonical text of the entry without `hash`, in hexadecimal digits
//! ```
//!
//! `previous` is the hash of the entry before, so that a changed byte breaks the chain from there on. `effect` is the
//! fingerprint of what the command did: replayed, it must do the same. The first entry opens the book: its command is
//! `{ type: "open", options }`, and it has no effect.

use super::canonical::Sorted;
use super::json::Json;
use super::object::{Object, object};
use super::readers::{Anything, Id, Nullable, Text, ValueReader as _, Whole};
use super::value::Value;
use super::{canonical, decode, faults};
use crate::Book;
use crate::book::{CommandLog, Effect, EntryHash, EntryOptions, PlanFingerprint, Receipt};
use crate::command::Command;
use crate::document::HistoryEntry;
use crate::error::{Code, CountFigure, Error, NameFigure, Reason, Result, Site};

/// The type of the command that opens a book.
const OPEN: &str = "open";

/// How paths name the options of a command, which come beside it.
pub(super) const OPTIONS: &str = "options";

/// How paths name the entries that a book is made of.
const ENTRIES: &str = "entries";

/// The largest version: JavaScript counts them too.
const VERSIONS: i64 = (1 << 53) - 1;

object! {
    /// Facts about a command. All except `ifVersion` need a book with a log.
    export interface ExecuteOptions => EntryOptions {
        /// The identifier of the command. If a command with the same identifier comes again, such
        /// as a retry, the book does not carry it out again and returns the {@link Receipt} of the
        /// first time, whatever `ifVersion` says.
        id: optional Id = "id",
        /// The version that the book must have. If it has another, the command is refused
        /// (`versionMismatch`).
        if_version: optional Whole<u64, 0, VERSIONS> = "ifVersion",
        /// Who asks for the command.
        actor: optional Text = "actor",
        /// The reason, in your own words.
        note: optional Text = "note",
        /// The time by your clock. The engine stores this text and does not read it.
        recorded_at: optional Text = "recordedAt",
    }
}

object! {
    /// One entry of a book's log. It is plain data that you store as it is. A database may change
    /// the order of its fields, but it must keep every value.
    export interface LogEntry {
        /// The book's version after the command; 0 in the entry that opens the book.
        version: required Whole<u64, 0, VERSIONS> = "version",
        /// See {@link ExecuteOptions}.
        id: required Nullable<Id> = "id",
        /// See {@link ExecuteOptions}.
        actor: required Nullable<Text> = "actor",
        /// See {@link ExecuteOptions}.
        note: required Nullable<Text> = "note",
        /// See {@link ExecuteOptions}.
        recorded_at: required Nullable<Text> = "recordedAt",
        /// The command as it was given; in the first entry, the options of the book.
        command: required Anything = "command" as "Command | OpenCommand",
        /// The fingerprint of the command's effect, 16 hexadecimal digits. The {@link Plan} of the
        /// command has the same. `null` in the first entry.
        effect: required Nullable<Text> = "effect",
        /// The `hash` of the previous entry; 64 zeros in the first entry.
        previous: required Text = "previous",
        /// The SHA-256 of the other fields as canonical JSON (RFC 8785), as 64 hexadecimal digits.
        hash: required Text = "hash",
    }
}

object! {
    /// The command of the first entry of a log.
    export interface OpenCommand {
        kind: required Text = "type" as "\"open\"",
        /// The options of the book.
        options: required Anything = "options" as "BookOptions",
    }
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Execution<T> {
    /// It was carried out.
    Done(T),
    /// It had been carried out before: the text of its receipt.
    Repeated(String),
}

/// `ExecuteOptions`.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<EntryOptions> {
    ExecuteOptions::read(value, &Site::Command.field(OPTIONS))
}

/// A new book of `BookOptions`, and the text of its first entry, if it keeps a log.
///
/// # Errors
/// The shape of the value; as [`Book::new`].
pub fn open(value: &Value<'_>) -> Result<(Book, Option<String>)> {
    let mut book = Book::new(&decode::options(value)?)?;
    let Some(log) = book.log_mut() else {
        return Ok((book, None));
    };

    let mut command = Json::default();
    command.open('{');
    command.name("options").json(&canonical::text(value));
    command.text("type", OPEN);
    command.close('}');
    let contents = Contents {
        version: 0,
        command: &command.into_text(),
        options: &EntryOptions::default(),
        effect: None,
        previous: EntryHash::NONE,
    };
    let (text, hash) = contents.sealed();
    log.push(contents.receipt(None, 0), hash);
    Ok((book, Some(text)))
}

/// Carries a command out, and makes its entry if the book keeps a log. `answer` makes the result for the caller from
/// the effect and the text of the entry. If it refuses, the book takes the command back.
///
/// # Errors
/// The shape of the command, `commandIdReused`, `versionMismatch`, then the refusals of the command.
pub fn execute<T>(
    book: &mut Book,
    request: &Value<'_>,
    options: &EntryOptions,
    answer: impl FnOnce(&Effect<'_>, Option<&str>) -> Result<T>,
) -> Result<Execution<T>> {
    let executed = carry_out(book, request, options, answer);
    executed.map_err(|first| with_issues(first, book, request))
}

/// Says what a command would do, and takes it back. `answer` makes what the caller gets, of the effect.
///
/// # Errors
/// The shape of the command, then its refusals.
pub fn preview<T>(
    book: &mut Book,
    request: &Value<'_>,
    answer: impl FnOnce(&Effect<'_>) -> Result<T>,
) -> Result<T> {
    let answered = attempt(book, request, answer);
    answered.map_err(|first| with_issues(first, book, request))
}

fn attempt<T>(
    book: &mut Book,
    request: &Value<'_>,
    answer: impl FnOnce(&Effect<'_>) -> Result<T>,
) -> Result<T> {
    let command = decode::command(request)?;
    let attempt = book.attempt(&command)?;
    answer(&attempt.effect())
}

/// The refusal of a command, with the other faults of its fields: the faults of its shape, and those that only the book
/// knows, such as amounts with too many decimals.
#[must_use]
pub fn with_issues(first: Error, book: &mut Book, request: &Value<'_>) -> Error {
    if faults::is_too_large_to_try(request) {
        return first;
    }
    faults::with_issues(
        first,
        request,
        &mut |request| match decode::command_or_first_fault(request) {
            Ok(command) => book.attempt(&command).err(),
            Err(fault) => Some(fault),
        },
    )
}

fn carry_out<T>(
    book: &mut Book,
    request: &Value<'_>,
    options: &EntryOptions,
    answer: impl FnOnce(&Effect<'_>, Option<&str>) -> Result<T>,
) -> Result<Execution<T>> {
    let Some(log) = book.log() else {
        return execute_without_log(book, request, options, answer).map(Execution::Done);
    };

    // The book carries out exactly what the entry will say. So nothing may depend on a value that an entry cannot hold,
    // or on the order of fields.
    canonical::check(request, &Site::Command).map_err(|unwritable| {
        // A value that no entry can hold is usually wrong anyway. Then the caller gets all faults, as without a log.
        decode::command(request).err().unwrap_or(unwritable)
    })?;

    let request = Sorted::of(request)?;
    let command = decode::command(request.value())?;
    let text = canonical::text(request.value());

    let named = Named::of(&text, options);
    if let Some(named) = &named {
        // A retry gets its receipt before the version is compared, because its caller expects the
        // version from before the first attempt.
        let site = Site::Command.field(OPTIONS);
        let repeated = log.repeated(named.id, named.command, &site.field(ExecuteOptions::id))?;
        if let Some(version) = repeated {
            return Ok(Execution::Repeated(receipt(book, log, version)));
        }
    }

    check_version(book, options)?;
    let asked = NewEntry {
        command: &command,
        text: &text,
        options,
        named,
    };
    enter(book, asked, |effect, entry| answer(effect, Some(entry))).map(Execution::Done)
}

/// Carries a command out in a book that keeps no log.
fn execute_without_log<T>(
    book: &mut Book,
    request: &Value<'_>,
    options: &EntryOptions,
    answer: impl FnOnce(&Effect<'_>, Option<&str>) -> Result<T>,
) -> Result<T> {
    let command = decode::command(request)?;

    check_without_log(options)?;
    check_version(book, options)?;

    let attempt = book.attempt(&command)?;
    let answer = answer(&attempt.effect(), None)?;
    attempt.keep()?;
    Ok(answer)
}

/// A command that has a name.
struct Named<'e> {
    id: &'e str,
    /// The hash of its text.
    command: EntryHash,
}

impl<'e> Named<'e> {
    fn of(text: &str, options: &'e EntryOptions) -> Option<Self> {
        let id = options.id.as_deref()?;
        let command = EntryHash::of(text);
        Some(Self { id, command })
    }
}

/// A command that gets an entry.
struct NewEntry<'e> {
    command: &'e Command,
    /// The command as canonical text.
    text: &'e str,
    options: &'e EntryOptions,
    named: Option<Named<'e>>,
}

/// The book that the first entry of a log opens, and the text of the entry.
///
/// # Errors
/// `entryMismatch` for an entry of another shape, for one that is altered or is no first one, and for options that are
/// refused now; `invalidChoice` for one that opens nothing. The site is within `entries`.
pub fn replay_first(value: &Value<'_>) -> Result<(Book, String)> {
    read_first(value).map_err(|error| among_entries(error, 0))
}

/// A refusal of the entry at `index` of those that were given.
fn among_entries(error: Error, index: usize) -> Error {
    error.within(&Site::Command.field(ENTRIES).entry(index))
}

fn read_first(value: &Value<'_>) -> Result<(Book, String)> {
    let entry = ReadEntry::of(value, 0)?;
    entry.check(0, EntryHash::NONE)?;

    let site = Site::Command.field(LogEntry::command);
    let command = Object::<OpenCommand>::open(entry.command, &site);
    let command = command.map_err(|error| malformed(error, 0))?;
    if !matches!(command.kind(), Ok(kind) if *kind == *OPEN) {
        return Err(Error::of(Reason::EntryOpensNothing {}, &site));
    }

    let options = command.options().map_err(|error| malformed(error, 0))?;
    match open(options).map_err(|error| entry.refused(error.code()))? {
        (book, Some(text)) if text == canonical::text(value) => Ok((book, text)),
        // The first entry has the options of the book and nothing else.
        (_, Some(_)) => Err(entry.altered()),
        (_, None) => Err(Error::of(Reason::EntryOpensNothing {}, &site)),
    }
}

/// Carries the command of the next entry out again, and returns the text of the entry.
///
/// `index` is its place among the entries that were given.
///
/// # Errors
/// `entryMismatch` for an entry of another shape, for one that is altered or does not follow the last, and for one
/// whose command is refused or does something else now: the site is within `entries`.
pub fn replay(book: &mut Book, value: &Value<'_>, index: usize) -> Result<String> {
    check_log(book)?;
    replay_next(book, value).map_err(|error| among_entries(error, index))
}

fn replay_next(book: &mut Book, value: &Value<'_>) -> Result<String> {
    let log = check_log(book)?;
    let version = book.version().saturating_add(1);
    let value = Sorted::of(value).map_err(|error| malformed(error, version))?;
    let entry = ReadEntry::of(value.value(), version)?;
    entry.check(version, log.last())?;

    let text = canonical::text(entry.command);
    let named = Named::of(&text, &entry.options);
    if let Some(named) = &named {
        let site = Site::Command.field(LogEntry::id);
        if !matches!(log.repeated(named.id, named.command, &site), Ok(None)) {
            return Err(entry.refused(Code::CommandIdReused));
        }
    }

    let command = decode::command(entry.command).map_err(|error| entry.refused(error.code()))?;
    let asked = NewEntry {
        command: &command,
        text: &text,
        options: &entry.options,
        named,
    };
    let replayed = enter(book, asked, |effect, again| {
        entry.check_effect(effect.fingerprint()?)?;
        Ok(again.to_owned())
    });

    // A mismatch says already what is wrong with the entry. A fault or a full memory says nothing about it.
    replayed.map_err(|error| match error.code() {
        Code::EntryMismatch | Code::EngineFault | Code::TooLarge => error,
        code => entry.refused(code),
    })
}

/// The log of a book.
///
/// # Errors
/// `entryNotFound` for a book without one.
pub fn check_log(book: &Book) -> Result<&CommandLog> {
    let Some(log) = book.log() else {
        return Err(Error::of(Reason::NoLog {}, &Site::Command));
    };
    Ok(log)
}

/// Carries a command out in a book with a log, and makes its entry.
fn enter<T>(
    book: &mut Book,
    asked: NewEntry<'_>,
    answer: impl FnOnce(&Effect<'_>, &str) -> Result<T>,
) -> Result<T> {
    let NewEntry {
        command,
        text,
        options,
        named,
    } = asked;
    let Some(log) = book.log_mut() else {
        return Err(Error::fault("an entry of a book without a log"));
    };

    // Room for the receipt comes first: an attempt that is kept must also be entered.
    log.reserve(options)?;
    let previous = log.last();

    let attempt = book.attempt(command)?;
    let effect = attempt.effect();
    let contents = Contents {
        version: effect.summary.version,
        command: text,
        options,
        effect: Some(effect.fingerprint()?),
        previous,
    };
    let (entry, hash) = contents.sealed();
    let answer = answer(&effect, &entry)?;

    let id = named.map(|named| (named.id.into(), named.command));
    let receipt = contents.receipt(id, effect.context.documents.number());
    attempt.keep_as(receipt, hash)?;
    Ok(answer)
}

/// Refuses a command of a caller who has seen another version of the book.
fn check_version(book: &Book, options: &EntryOptions) -> Result<()> {
    let version = book.version();
    match options.if_version {
        Some(expected) if expected != version => {
            let reason = Reason::BookMovedOn {
                expected: CountFigure(expected),
                version: CountFigure(version),
            };
            let site = Site::Command.field(OPTIONS);
            Err(Error::of(reason, &site.field(ExecuteOptions::if_version)))
        }
        _ => Ok(()),
    }
}

/// Refuses facts about a command that a book without a log would lose.
fn check_without_log(options: &EntryOptions) -> Result<()> {
    // Each field is named here, so a fact that is new cannot be forgotten.
    let EntryOptions {
        id,
        if_version: _,
        actor,
        note,
        recorded_at,
    } = options;
    let stated = [
        (ExecuteOptions::id, id.is_some()),
        (ExecuteOptions::actor, actor.is_some()),
        (ExecuteOptions::note, note.is_some()),
        (ExecuteOptions::recorded_at, recorded_at.is_some()),
    ];
    let Some((name, _)) = stated.into_iter().find(|(_, is_stated)| *is_stated) else {
        return Ok(());
    };

    let field = NameFigure(name);
    let site = Site::Command.field(OPTIONS);
    Err(Error::of(
        Reason::FieldNeedsLog { field },
        &site.field(name),
    ))
}

/// An entry without its hash.
struct Contents<'e> {
    version: u64,
    /// As canonical text.
    command: &'e str,
    options: &'e EntryOptions,
    effect: Option<PlanFingerprint>,
    previous: EntryHash,
}

impl Contents<'_> {
    /// The entry as canonical text, and its hash.
    fn sealed(&self) -> (String, EntryHash) {
        let hash = EntryHash::of(&self.text(None));
        (self.text(Some(hash)), hash)
    }

    /// The entry as canonical text, with its hash or without.
    fn text(&self, hash: Option<EntryHash>) -> String {
        let EntryOptions {
            id,
            if_version: _,
            actor,
            note,
            recorded_at,
        } = self.options;

        // In the order of their names, as in every canonical text.
        let mut json = Json::default();
        json.open('{');
        json.optional_text("actor", actor.as_deref());
        json.name("command").json(self.command);
        json.optional("effect", self.effect.as_ref());
        if let Some(hash) = hash {
            json.shown("hash", &hash);
        }
        json.optional_text("id", id.as_deref());
        json.optional_text("note", note.as_deref());
        json.shown("previous", &self.previous);
        json.optional_text("recordedAt", recorded_at.as_deref());
        json.plain("version", &self.version);
        json.close('}');
        json.into_text()
    }

    fn receipt(&self, id: Option<(Box<str>, EntryHash)>, documents: u32) -> Receipt {
        let EntryOptions {
            id: _,
            if_version: _,
            actor,
            note,
            recorded_at,
        } = self.options.clone();

        Receipt {
            id,
            actor,
            note,
            recorded_at,
            effect: self.effect,
            documents,
        }
    }
}

/// The text of `Receipt`.
fn receipt(book: &Book, log: &CommandLog, version: u64) -> String {
    let documents = book.documents();
    let mut json = Json::default();
    json.open('{');
    json.boolean("repeated", true);
    json.plain("version", &version);

    let receipt = log.receipt(version);
    let id = receipt.and_then(|receipt| receipt.id.as_ref());
    json.optional_text("id", id.map(|(id, _)| &**id));
    json.optional(
        "effect",
        receipt.and_then(|receipt| receipt.effect.as_ref()),
    );

    let has_settled = !documents.entries_of_version(version).is_empty();
    let group = has_settled.then(|| HistoryEntry::group_id(version));
    json.optional_text("applicationGroupId", group.as_deref());

    json.name("created").open('[');
    for index in log.created(version) {
        if let Some(header) = documents.header(index) {
            json.entry(&header.id);
        }
    }
    json.close(']');
    json.close('}');
    json.into_text()
}

/// The blocks of `types/` that follow from tables, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    use super::readers::Typed;

    let tables = [
        ExecuteOptions::declaration(),
        LogEntry::declaration(),
        OpenCommand::declaration(),
    ];
    tables
        .iter()
        .map(|table| (table.name, table.text()))
        .collect()
}

/// An entry as it is read.
struct ReadEntry<'v, 'a> {
    version: u64,
    command: &'v Value<'a>,
    options: EntryOptions,
    effect: Option<Box<str>>,
    previous: Box<str>,
    hash: Box<str>,
    /// The hash of its contents as they are.
    actual: EntryHash,
}

/// The refusal of an entry that should have that version, because of its shape.
fn malformed(error: Error, version: u64) -> Error {
    let because = NameFigure(error.code().as_str());
    let version = CountFigure(version);
    error.for_reason(Reason::EntryMalformed { because, version })
}

impl<'v, 'a: 'v> ReadEntry<'v, 'a> {
    /// Reads the entry that should have a version.
    fn of(value: &'v Value<'a>, version: u64) -> Result<Self> {
        Self::read(value).map_err(|error| malformed(error, version))
    }

    fn read(value: &'v Value<'a>) -> Result<Self> {
        let entry = Object::<LogEntry>::open(value, &Site::Command)?;
        let options = EntryOptions {
            id: entry.id()?,
            // An entry says what was done, and not under which condition.
            if_version: None,
            actor: entry.actor()?,
            note: entry.note()?,
            recorded_at: entry.recorded_at()?,
        };

        let read = Self {
            version: entry.version()?,
            command: entry.command()?,
            options,
            effect: entry.effect()?,
            previous: entry.previous()?,
            hash: entry.hash()?,
            actual: EntryHash::of(&canonical::text_without(value, LogEntry::hash)),
        };
        Ok(read)
    }

    /// Whether it is the next entry, and as it was written.
    fn check(&self, expected: u64, last: EntryHash) -> Result<()> {
        let version = CountFigure(self.version);

        // An entry in a wrong place has another predecessor as well, so its version is told first.
        if self.version != expected {
            let expected = CountFigure(expected);
            let reason = Reason::EntryOutOfOrder { expected, version };
            return Err(Error::of(reason, &Site::Command.field(LogEntry::version)));
        }

        if *self.previous != *last.to_string() {
            let reason = Reason::EntryChainBroken { version };
            return Err(Error::of(reason, &Site::Command.field(LogEntry::previous)));
        }

        if *self.hash != *self.actual.to_string() {
            return Err(self.altered());
        }
        Ok(())
    }

    fn altered(&self) -> Error {
        let version = CountFigure(self.version);
        let site = Site::Command.field(LogEntry::hash);
        Error::of(Reason::EntryAltered { version }, &site)
    }

    fn check_effect(&self, now: PlanFingerprint) -> Result<()> {
        let now = now.to_string();
        let recorded = self.effect.as_deref().unwrap_or("null");
        if recorded == now {
            return Ok(());
        }

        let reason = Reason::EntryEffectMoved {
            recorded: recorded.into(),
            now: now.into(),
            version: CountFigure(self.version),
        };
        Err(Error::of(reason, &Site::Command.field(LogEntry::effect)))
    }

    /// The refusal of an entry whose command is refused now.
    fn refused(&self, because: Code) -> Error {
        let reason = Reason::EntryRefused {
            because: NameFigure(because.as_str()),
            version: CountFigure(self.version),
        };
        Error::of(reason, &Site::Command.field(LogEntry::command))
    }
}
