//! The only room that knows JavaScript: moves bytes, words and plain objects, and decides nothing.
//!
//! Books live here, in a table, and JavaScript holds numbers that name them. A number is never used twice, so a stale
//! one can only miss. `js/facade.js` makes classes and errors of all this; it is part of the generated package
//! (wasm-bindgen copies it there) and re-exported from it.

use crate::book::Outcome;
use crate::document::Documents;
use crate::error::{Code, Error, Result};
use crate::wire::view::{ErrorView, PageView, SummaryView};
use crate::wire::{self, columns, decode, read};
use crate::{Book, settle::Command};
use js_sys::{Array, Uint8Array, Uint32Array};
use serde::Serialize;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wire/types.d.ts");

// What the package exports beside the functions below. They are classes and functions of `js/`; that they are declared
// as functions here makes wasm-bindgen pass them on without a declaration of its own.
#[allow(non_snake_case, reason = "the names are those of JavaScript")]
mod facade {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen(module = "/src/js/facade.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn Book();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn init();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn prorate();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn previewChange();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn schedule();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn billingPeriod();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn prorateColumns();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn prorationPresets();
    }

    // Not exported, but copied only if named: the facade needs them beside itself.
    #[wasm_bindgen(module = "/src/js/encode.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__encode", skip_typescript)]
        fn encode();
    }

    #[wasm_bindgen(module = "/src/js/engine.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__call", skip_typescript)]
        fn call();
    }

    #[wasm_bindgen(module = "/src/js/prorate.js")]
    extern "C" {
        #[wasm_bindgen(js_name = prorate, reexport = "__prorate", skip_typescript)]
        fn prorate_itself();
    }

    #[wasm_bindgen(module = "/src/js/outcome.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__Outcome", skip_typescript)]
        fn Outcome();
    }

    #[wasm_bindgen(module = "/src/js/errors.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn SetoffError();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn isSetoffError();
    }
}

/// The books that JavaScript holds, by ascending number.
#[derive(Default)]
struct Books {
    books: Vec<(u32, Book)>,
    last: u32,
}

impl Books {
    fn place(&self, number: u32) -> Option<usize> {
        self.books.binary_search_by_key(&number, |(number, _)| *number).ok()
    }
}

thread_local! {
    static BOOKS: RefCell<Books> = RefCell::default();
}

/// What crosses back: a value, or a plain object for the package to throw.
type Answer = std::result::Result<JsValue, JsValue>;

/// Runs `f`, and makes an object of its error.
fn answer(f: &dyn Fn() -> Result<JsValue>) -> Answer {
    f().map_err(to_thrown)
}

/// An error is texts alone: it always has an object.
fn to_thrown(error: Error) -> JsValue {
    to_object(&ErrorView::from(&error)).unwrap_or_default()
}

/// Runs `f` on the table of books.
fn with_books(f: &mut dyn FnMut(&mut Books) -> Result<JsValue>) -> Answer {
    let busy = || Err(Error::fault("a call within a call"));
    let result = BOOKS.with(|books| books.try_borrow_mut().map_or_else(|_| busy(), |mut books| f(&mut books)));
    result.map_err(to_thrown)
}

/// Adds the book that `make` makes, and answers with its number.
fn add_book(make: &dyn Fn() -> Result<Book>) -> Answer {
    with_books(&mut |books| {
        let book = make()?;
        books.last = books.last.checked_add(1).ok_or_else(|| Error::fault("no number left for a book"))?;
        books.books.push((books.last, book));
        Ok(books.last.into())
    })
}

/// Runs `f` on the book of that number.
fn with_book(number: u32, f: &mut dyn FnMut(&mut Book) -> Result<JsValue>) -> Answer {
    with_books(&mut |books| match books.place(number).and_then(|place| books.books.get_mut(place)) {
        Some((_, book)) => f(book),
        None => Err(Error::general(Code::BookFreed, "a book in use", "a freed one")),
    })
}

/// A plain object of serde data.
fn to_object(value: &impl Serialize) -> Result<JsValue> {
    let object = value.serialize(&serde_wasm_bindgen::Serializer::json_compatible());
    object.map_err(|_| Error::fault("a result that JavaScript cannot hold"))
}

/// Runs a command, keeps what it did if `keep` says so, and answers with the summary as an object, what was settled as
/// columns, and the names of documents that are there for as long as this call alone, with the place of the first.
fn run(book: &mut Book, command: &Command, keep: &mut dyn FnMut(&Documents, &Outcome) -> Result<bool>) -> Answered {
    let mut answer = Err(Error::fault("a command without an outcome"));
    book.run(command, &mut |context, outcome| {
        let kept = keep(context.documents, outcome)?;
        let columns = columns::write(outcome);
        let columns = columns.map_or(JsValue::NULL, |words| Uint32Array::from(words.as_slice()).into());
        let first = outcome.created.first().filter(|_| !kept && !outcome.settled.is_empty());
        let place = first.map_or(JsValue::NULL, |first| first.index.number().into());
        let names = first.map_or(JsValue::NULL, |first| columns::names(context.documents, first.index.get()).into());
        let summary = to_object(&SummaryView::new(context, outcome))?;
        answer = Ok(Array::of4(&summary, &columns, &place, &names).into());
        Ok(kept)
    })?;
    answer
}

/// What a call comes to before it crosses back.
type Answered = Result<JsValue>;

fn command(request: &[u8]) -> Result<Command> {
    let value = read(request)?;
    #[cfg(feature = "fault-injection")]
    stop_on_purpose(&value);
    decode::command(&value)
}

/// Stops the engine in the midst of a call, with the table of books borrowed. In test builds only.
#[cfg(feature = "fault-injection")]
#[allow(clippy::panic, reason = "that is what it is for")]
fn stop_on_purpose(value: &wire::Value<'_>) {
    if *value == wire::Value::Text("fault") {
        panic!("a fault on purpose");
    }
}

/// A new book of encoded options.
#[wasm_bindgen(js_name = bookOpen, skip_typescript)]
pub fn book_open(options: &[u8]) -> Answer {
    add_book(&|| Book::new(&decode::options(&read(options)?)?))
}

/// The book of a snapshot.
#[wasm_bindgen(js_name = bookRestore, skip_typescript)]
pub fn book_restore(snapshot: &[u8]) -> Answer {
    add_book(&|| Book::restore(snapshot))
}

/// Executes an encoded command.
#[wasm_bindgen(js_name = bookExecute, skip_typescript)]
pub fn book_execute(number: u32, request: &[u8]) -> Answer {
    with_book(number, &mut |book| run(book, &command(request)?, &mut |_, _| Ok(true)))
}

/// Previews an encoded command.
#[wasm_bindgen(js_name = bookPreview, skip_typescript)]
pub fn book_preview(number: u32, request: &[u8]) -> Answer {
    with_book(number, &mut |book| run(book, &command(request)?, &mut |_, _| Ok(false)))
}

/// Executes an encoded command if it still gives the columns of its preview.
#[wasm_bindgen(js_name = bookCommit, skip_typescript)]
pub fn book_commit(number: u32, request: &[u8], plan: Option<Vec<u32>>) -> Answer {
    with_book(number, &mut |book| {
        run(book, &command(request)?, &mut |documents, outcome| match columns::write(outcome) {
            now if now == plan => Ok(true),
            _ => Err(columns::moved(documents, plan.as_deref(), outcome)),
        })
    })
}

/// The page of an encoded query.
#[wasm_bindgen(js_name = bookQuery, skip_typescript)]
pub fn book_query(number: u32, request: &[u8]) -> Answer {
    with_book(number, &mut |book| {
        let query = decode::query(&read(request)?)?;
        to_object(&PageView::new(book, &book.query(&query)?))
    })
}

/// The identifiers of the documents from `from` on, and of their lines.
#[wasm_bindgen(js_name = bookNames, skip_typescript)]
pub fn book_names(number: u32, from: u32) -> Answer {
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    with_book(number, &mut |book| Ok(columns::names(book.documents(), from).into()))
}

/// The book as bytes.
#[wasm_bindgen(js_name = bookSnapshot, skip_typescript)]
pub fn book_snapshot(number: u32) -> Answer {
    with_book(number, &mut |book| Ok(Uint8Array::from(book.snapshot().as_slice()).into()))
}

/// The state hash.
#[wasm_bindgen(js_name = bookHash, skip_typescript)]
pub fn book_hash(number: u32) -> Answer {
    with_book(number, &mut |book| Ok(book.hash().into()))
}

/// How many commands have been executed.
#[wasm_bindgen(js_name = bookVersion, skip_typescript)]
pub fn book_version(number: u32) -> Answer {
    with_book(number, &mut |book| to_object(&book.version()))
}

/// Gives a book's memory back. A second time does nothing.
#[wasm_bindgen(js_name = bookFree, skip_typescript)]
pub fn book_free(number: u32) -> Answer {
    with_books(&mut |books| {
        books.place(number).map(|place| books.books.remove(place));
        Ok(JsValue::UNDEFINED)
    })
}

/// One amount of an encoded request.
#[wasm_bindgen(js_name = prorateOne, skip_typescript)]
pub fn prorate_one(request: &[u8]) -> Answer {
    answer(&|| Ok(wire::prorate::prorated(&wire::prorate::request(&read(request)?)?.prorate()?).into()))
}

/// The lines of encoded changes.
#[wasm_bindgen(js_name = prorateChange, skip_typescript)]
pub fn prorate_change(request: &[u8]) -> Answer {
    answer(&|| Ok(wire::prorate::preview(&wire::prorate::change(&read(request)?)?.preview()?).into()))
}

/// The segments of an encoded schedule.
#[wasm_bindgen(js_name = prorateSchedule, skip_typescript)]
pub fn prorate_schedule(request: &[u8]) -> Answer {
    answer(&|| Ok(wire::prorate::scheduled(&wire::prorate::schedule(&read(request)?)?.make()?).into()))
}

/// One period of an encoded rhythm.
#[wasm_bindgen(js_name = proratePeriod, skip_typescript)]
pub fn prorate_period(request: &[u8]) -> Answer {
    answer(&|| Ok(wire::prorate::billing_period(&read(request)?)?.into()))
}

/// The presets of proration.
#[wasm_bindgen(js_name = proratePresets, skip_typescript)]
pub fn prorate_presets() -> JsValue {
    wire::prorate::presets().into()
}

/// The bytes of the amounts of encoded columns.
#[wasm_bindgen(js_name = prorateMany, skip_typescript)]
pub fn prorate_many(
    request: &[u8],
    prices: &[u8],
    service_from: &[u8],
    service_to: &[u8],
    period_from: &[u8],
    period_to: &[u8],
) -> Answer {
    answer(&|| {
        let arrays = [prices, service_from, service_to, period_from, period_to];
        let (columns, elements) = wire::prorate::columns(&read(request)?, arrays)?;
        Ok(Uint8Array::from(elements.write(&columns.prorate()?)?.as_slice()).into())
    })
}

/// After a fault: the next call gets a fresh instance of the module.
#[wasm_bindgen(js_name = engineRestart, skip_typescript)]
pub fn engine_restart() {
    wasm_bindgen::handler::schedule_reinit();
}
