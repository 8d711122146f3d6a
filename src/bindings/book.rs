//! Books for JavaScript.

use super::{Handles, JsResult, with_table};
use crate::Book;
use crate::book::{Effect, EntryOptions, PlanFingerprint};
use crate::bytes::Writer;
use crate::command::Command;
use crate::document::DocumentIndex;
use crate::error::{Error, Reason, Result, Site};
use crate::wire::about::About;
use crate::wire::entry::{self, Execution};
use crate::wire::export::{self, Import};
use crate::wire::plan::PlanRequest;
use crate::wire::{self, columns, decode, diff, read, sums};
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/js/answer.js")]
extern "C" {
    /// Takes all that a command is answered with out of memory in one call.
    #[wasm_bindgen(js_name = toAnswer)]
    fn to_answer(
        summary: &str,
        words: Option<&[u32]>,
        first: Option<u32>,
        names: Option<&str>,
        renamed: Option<&str>,
        entry: Option<&str>,
    ) -> JsValue;
}

thread_local! {
    static BOOKS: RefCell<Handles<Book>> = const { RefCell::new(Handles::new()) };
    static IMPORTS: RefCell<Handles<Import>> = const { RefCell::new(Handles::new()) };
    /// Kept from the start on, so that a book can be saved when the memory is full.
    static SNAPSHOT_ROOM: RefCell<Vec<u8>> = RefCell::new(Writer::room());
}

/// Adds the book that `make` makes, and returns its number.
fn add_book(make: &dyn Fn() -> Result<Book>) -> JsResult {
    with_table(&BOOKS, &mut |books| books.add(make()?))
}

/// The same with the text of the entry that opens the book.
fn add_logged(make: &dyn Fn() -> Result<(Book, Option<String>)>) -> JsResult {
    with_table(&BOOKS, &mut |books| {
        let (book, entry) = make()?;
        let number = books.add(book)?;
        Ok(Array::of2(&number, &entry.into()).into())
    })
}

/// Runs `f` on the book of that number.
fn with_book(number: u32, f: &mut dyn FnMut(&mut Book) -> Result<JsValue>) -> JsResult {
    with_table(&BOOKS, &mut |books| match books.get_mut(number) {
        Some(book) => f(book),
        None => Err(Error::of(Reason::FreedBook {}, &Site::Command)),
    })
}

/// A plain object of serde data.
fn to_object(value: &impl Serialize) -> Result<JsValue> {
    let object = value.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    object.map_err(|_| Error::fault("a result that JavaScript cannot hold"))
}

/// What JavaScript gets of a command that is kept, with the text of its entry if the book keeps a log.
fn outcome(effect: &Effect<'_>, entry: Option<&str>) -> Result<JsValue> {
    written(effect, None, entry)
}

/// The same of a command that was carried out, or the text of its receipt if it was carried out before.
fn executed(execution: Execution<JsValue>) -> JsValue {
    match execution {
        Execution::Done(outcome) => outcome,
        Execution::Repeated(receipt) => receipt.into(),
    }
}

/// What JavaScript gets of a command that is taken back: names of documents that the command creates, which are there
/// for as long as this call alone, and the fingerprint come along.
fn plan(effect: &Effect<'_>) -> Result<JsValue> {
    written(effect, Some(effect.fingerprint()?), None)
}

/// Writes what JavaScript gets of a command.
fn written(
    effect: &Effect<'_>,
    fingerprint: Option<PlanFingerprint>,
    entry: Option<&str>,
) -> Result<JsValue> {
    let columns = columns::write(effect)?;
    let first_created = effect.summary.first_created().filter(|_| columns.is_some());

    // What a plan creates is gone after this call, so its names come along.
    let names = first_created
        .filter(|_| fingerprint.is_some())
        .map(|first| columns::names(effect.context.documents, first.get()));

    Ok(to_answer(
        &wire::view::summary(effect, fingerprint),
        columns.as_deref(),
        first_created.map(DocumentIndex::number),
        names.as_deref(),
        columns::renamed(effect).as_deref(),
        entry,
    ))
}

fn request_of(bytes: &[u8]) -> Result<wire::Value<'_>> {
    let value = read(bytes)?;
    #[cfg(feature = "fault-injection")]
    stop_on_purpose(&value);
    Ok(value)
}

fn command(request: &[u8]) -> Result<Command> {
    decode::command(&request_of(request)?)
}

/// The encoded options of a command; none are as good as empty ones.
fn entry_options(options: Option<&[u8]>) -> Result<EntryOptions> {
    match options {
        Some(options) => entry::options(&read(options)?),
        None => Ok(EntryOptions::default()),
    }
}

/// Stops the engine in the midst of a call, with the table of books borrowed. In test builds only.
#[cfg(feature = "fault-injection")]
#[allow(clippy::panic, reason = "that is what it is for")]
fn stop_on_purpose(value: &wire::Value<'_>) {
    if *value == wire::Value::Text("fault") {
        panic!("a fault on purpose");
    }
}

/// A new book of encoded options: its number, and the text of its first entry if it keeps a log.
#[wasm_bindgen(js_name = bookOpen, skip_typescript)]
pub fn book_open(options: &[u8]) -> JsResult {
    add_logged(&|| entry::open(&read(options)?))
}

/// The book that an encoded first entry opens: its number, and the text of the entry.
#[wasm_bindgen(js_name = bookReplayFirst, skip_typescript)]
pub fn book_replay_first(entry: &[u8]) -> JsResult {
    add_logged(&|| {
        let (book, text) = entry::replay_first(&read(entry)?)?;
        Ok((book, Some(text)))
    })
}

/// Carries the command of an encoded entry out again, of that index among those given. Returns the text of the entry.
#[wasm_bindgen(js_name = bookReplay, skip_typescript)]
pub fn book_replay(number: u32, entry: &[u8], index: u32) -> JsResult {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    with_book(number, &mut |book| {
        Ok(entry::replay(book, &read(entry)?, index)?.into())
    })
}

/// The book of a snapshot.
#[wasm_bindgen(js_name = bookRestore, skip_typescript)]
pub fn book_restore(snapshot: &[u8]) -> JsResult {
    add_book(&|| Book::restore(snapshot))
}

/// Refuses a book without a log.
#[wasm_bindgen(js_name = bookCheckLog, skip_typescript)]
pub fn book_check_log(number: u32) -> JsResult {
    with_book(number, &mut |book| {
        entry::check_log(book).map(|_| JsValue::UNDEFINED)
    })
}

/// Executes an encoded command, with encoded options.
#[wasm_bindgen(js_name = bookExecute, skip_typescript)]
pub fn book_execute(number: u32, request: &[u8], options: Option<Vec<u8>>) -> JsResult {
    with_book(number, &mut |book| {
        let options = entry_options(options.as_deref())?;
        let request = request_of(request)?;
        entry::execute(book, &request, &options, outcome).map(executed)
    })
}

/// Previews an encoded command.
#[wasm_bindgen(js_name = bookPreview, skip_typescript)]
pub fn book_preview(number: u32, request: &[u8]) -> JsResult {
    with_book(number, &mut |book| {
        entry::preview(book, &request_of(request)?, plan)
    })
}

/// Refuses what is no encoded plan, or has no command that a book could be asked.
#[wasm_bindgen(js_name = bookCheckPlan, skip_typescript)]
pub fn book_check_plan(number: u32, request: &[u8]) -> JsResult {
    with_book(number, &mut |_| {
        let value = read(request)?;
        decode::command(PlanRequest::read(&value)?.command())?;
        Ok(JsValue::UNDEFINED)
    })
}

/// Executes the command of an encoded plan, with encoded options, if it still does what the plan shows.
#[wasm_bindgen(js_name = bookCommit, skip_typescript)]
pub fn book_commit(number: u32, request: &[u8], options: Option<Vec<u8>>) -> JsResult {
    with_book(number, &mut |book| {
        let options = entry_options(options.as_deref())?;
        let value = read(request)?;
        let plan = PlanRequest::read(&value)?;
        let answer = |effect: &Effect<'_>, entry: Option<&str>| {
            plan.check(effect)?;
            outcome(effect, entry)
        };
        entry::execute(book, plan.command(), &options, answer).map(executed)
    })
}

/// Why an encoded command settles what it settles.
#[wasm_bindgen(js_name = bookExplain, skip_typescript)]
pub fn book_explain(number: u32, request: &[u8]) -> JsResult {
    with_book(number, &mut |book| {
        let command = command(request)?;
        let attempt = book.attempt_with_steps(&command)?;
        let effect = attempt.effect();
        Ok(wire::view::explained(effect.context, &effect.explain(&command)?).into())
    })
}

/// What an encoded command would do with a document or line, by an encoded question, and why.
#[wasm_bindgen(js_name = bookExplainAbout, skip_typescript)]
pub fn book_explain_about(number: u32, request: &[u8], about: &[u8]) -> JsResult {
    with_book(number, &mut |book| {
        let about = About::read(&read(about)?)?;
        let command = command(request)?;
        let attempt = book.attempt_about(&command, about.document_id())?;
        Ok(about.answer(&attempt.effect(), &command)?.into())
    })
}

/// The sums of what an encoded command would settle, with encoded options.
#[wasm_bindgen(js_name = bookSums, skip_typescript)]
pub fn book_sums(number: u32, request: &[u8], options: &[u8]) -> JsResult {
    with_book(number, &mut |book| {
        let options = sums::options(&read(options)?)?;
        let attempt = book.attempt(&command(request)?)?;
        Ok(sums::sums(&attempt.effect(), options)?.into())
    })
}

/// How another book differs, with an encoded report by age.
#[wasm_bindgen(js_name = bookDiff, skip_typescript)]
pub fn book_diff(number: u32, other: u32, report: &[u8]) -> JsResult {
    with_table(&BOOKS, &mut |books| {
        let freed = || Error::of(Reason::FreedBook {}, &Site::Command);
        let report = diff::options(&read(report)?)?;
        let (book, other) = (books.get(number), books.get(other));
        let (book, other) = (book.ok_or_else(freed)?, other.ok_or_else(freed)?);
        Ok(diff::diff(book, other, &report)?.into())
    })
}

/// The page of an encoded query.
#[wasm_bindgen(js_name = bookQuery, skip_typescript)]
pub fn book_query(number: u32, request: &[u8]) -> JsResult {
    with_book(number, &mut |book| {
        let query = wire::query::query(&read(request)?)?;
        Ok(wire::rows::page(&book.query(&query)?).into())
    })
}

/// The next page of all rows of an encoded query: the first, or what comes after a cursor.
#[wasm_bindgen(js_name = bookRows, skip_typescript)]
pub fn book_rows(number: u32, request: &[u8], after: Option<String>) -> JsResult {
    with_book(number, &mut |book| {
        let query = wire::query::all(&read(request)?, after.clone(), book)?;
        Ok(wire::rows::page(&book.query(&query)?).into())
    })
}

/// The identifiers of the documents from `from` on, and of their lines.
#[wasm_bindgen(js_name = bookNames, skip_typescript)]
pub fn book_names(number: u32, from: u32) -> JsResult {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    with_book(number, &mut |book| {
        Ok(columns::names(book.documents(), from).into())
    })
}

/// The book as bytes, in pieces, because all of them might not fit into the memory next to the book.
#[wasm_bindgen(js_name = bookSnapshot, skip_typescript)]
pub fn book_snapshot(number: u32) -> JsResult {
    with_book(number, &mut |book| {
        let pieces = Array::new();
        let room = SNAPSHOT_ROOM.take();
        let room = book.snapshot_in_pieces(room, &mut |piece| {
            pieces.push(&Uint8Array::from(piece));
        });
        SNAPSHOT_ROOM.set(room);
        Ok(pieces.into())
    })
}

/// The lines of the book, in pieces.
#[wasm_bindgen(js_name = bookExport, skip_typescript)]
pub fn book_export(number: u32) -> JsResult {
    with_book(number, &mut |book| {
        let pieces = Array::new();
        export::export(book, &mut |piece| {
            pieces.push(&piece.into());
        })?;
        Ok(pieces.into())
    })
}

/// Begins a book of lines, and returns the number of the import.
#[wasm_bindgen(js_name = importOpen, skip_typescript)]
pub fn import_open() -> JsResult {
    with_table(&IMPORTS, &mut |imports| imports.add(Import::default()))
}

/// Takes the next line: its encoded value, and its text.
#[wasm_bindgen(js_name = importLine, skip_typescript)]
pub fn import_line(number: u32, value: &[u8], text: &str) -> JsResult {
    with_table(&IMPORTS, &mut |imports| match imports.get_mut(number) {
        Some(import) => import
            .take(&read(value)?, text)
            .map(|()| JsValue::UNDEFINED),
        None => Err(Error::fault("an import that is over")),
    })
}

/// The number of the book of all lines.
#[wasm_bindgen(js_name = importEnd, skip_typescript)]
pub fn import_end(number: u32) -> JsResult {
    add_book(
        &|| match IMPORTS.with_borrow_mut(|imports| imports.take(number)) {
            Some(import) => import.finish(),
            None => Err(Error::fault("an import that is over")),
        },
    )
}

/// Gives the memory of an import back. A second time does nothing.
#[wasm_bindgen(js_name = importFree, skip_typescript)]
pub fn import_free(number: u32) -> JsResult {
    with_table(&IMPORTS, &mut |imports| Ok(imports.free(number)))
}

/// The state hash.
#[wasm_bindgen(js_name = bookHash, skip_typescript)]
pub fn book_hash(number: u32) -> JsResult {
    with_book(number, &mut |book| Ok(book.hash().into()))
}

/// How many commands have been executed.
#[wasm_bindgen(js_name = bookVersion, skip_typescript)]
pub fn book_version(number: u32) -> JsResult {
    with_book(number, &mut |book| to_object(&book.version()))
}

/// Gives a book's memory back. A second time does nothing.
#[wasm_bindgen(js_name = bookFree, skip_typescript)]
pub fn book_free(number: u32) -> JsResult {
    with_table(&BOOKS, &mut |books| Ok(books.free(number)))
}
