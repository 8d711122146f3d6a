//! The only room that knows JavaScript: moves bytes, words and plain objects, and decides nothing.
//!
//! Books and splitters live here, in tables, and JavaScript holds numbers that name them. A number is never used twice,
//! so a stale one can only miss. `js/facade.js` makes classes and errors of all this; it is part of the generated
//! package (wasm-bindgen copies it there) and re-exported from it.

mod stack;

use crate::Book;
use crate::allocate::SplitColumns;
use crate::book::{Effect, EntryOptions, PlanFingerprint};
use crate::bytes::Writer;
use crate::command::Command;
use crate::document::DocumentIndex;
use crate::error::{Error, Reason, Result, Site};
use crate::memory;
use crate::wire::entry::{self, Execution};
use crate::wire::plan::PlanRequest;
use crate::wire::{self, columns, decode, read};
use js_sys::{Array, BigUint64Array, Uint8Array, Uint32Array};
use serde::Serialize;
use std::cell::RefCell;
use std::thread::LocalKey;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = concat!(
    include_str!("wire/types/values.d.ts"),
    include_str!("wire/types/book.d.ts"),
    include_str!("wire/types/commands.d.ts"),
    include_str!("wire/types/outcome.d.ts"),
    include_str!("wire/types/query.d.ts"),
    include_str!("wire/types/allocate.d.ts"),
    include_str!("wire/types/prorate.d.ts"),
    include_str!("wire/types/generate.d.ts"),
    include_str!("wire/types/errors.d.ts"),
    include_str!("wire/types/init.d.ts"),
);

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
        fn allocate();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn allocateColumns();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn explainAllocation();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn Splitter();
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
        #[wasm_bindgen(reexport, skip_typescript)]
        fn generateDocuments();
    }

    // Named here so that they are copied next to the facade, which imports them. They are not exported.
    #[wasm_bindgen(module = "/src/js/contract.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__KINDS", skip_typescript)]
        fn KINDS();
    }

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

    #[wasm_bindgen(module = "/src/js/allocate.js")]
    extern "C" {
        #[wasm_bindgen(js_name = allocate, reexport = "__allocate", skip_typescript)]
        fn allocate_itself();
    }

    #[wasm_bindgen(module = "/src/js/prorate.js")]
    extern "C" {
        #[wasm_bindgen(js_name = prorate, reexport = "__prorate", skip_typescript)]
        fn prorate_itself();
    }

    #[wasm_bindgen(module = "/src/js/generate.js")]
    extern "C" {
        #[wasm_bindgen(js_name = generateDocuments, reexport = "__generateDocuments", skip_typescript)]
        fn generate_itself();
    }

    #[wasm_bindgen(module = "/src/js/outcome.js")]
    extern "C" {
        #[wasm_bindgen(js_name = outcomeOf, reexport = "__outcomeOf", skip_typescript)]
        fn outcome_of();
    }

    #[wasm_bindgen(module = "/src/js/decode.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__decode", skip_typescript)]
        fn decode();
    }

    #[wasm_bindgen(module = "/src/js/errors.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn SetoffError();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn isSetoffError();
    }
}

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

/// What JavaScript holds, by ascending number.
struct Handles<T> {
    entries: Vec<(u32, T)>,
    last: u32,
}

impl<T> Handles<T> {
    const fn new() -> Self {
        Self {
            entries: Vec::new(),
            last: 0,
        }
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.entries
            .binary_search_by_key(&number, |(number, _)| *number)
            .ok()
    }

    fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let place = self.place(number)?;
        self.entries.get_mut(place).map(|(_, entry)| entry)
    }

    fn add(&mut self, entry: T) -> Result<JsValue> {
        self.last = self
            .last
            .checked_add(1)
            .ok_or_else(|| Error::fault("no number left"))?;
        self.entries.push((self.last, entry));
        Ok(self.last.into())
    }

    /// A second time does nothing.
    fn free(&mut self, number: u32) -> JsValue {
        self.place(number).map(|place| self.entries.remove(place));
        JsValue::UNDEFINED
    }
}

thread_local! {
    static BOOKS: RefCell<Handles<Book>> = const { RefCell::new(Handles::new()) };
    static SPLITTERS: RefCell<Handles<SplitColumns>> = const { RefCell::new(Handles::new()) };
    /// Kept from the start on, so that a book can be saved when the memory is full.
    static SNAPSHOT_ROOM: RefCell<Vec<u8>> = RefCell::new(Writer::room());
}

/// What crosses back: a value, or the text of an error for the package to throw.
type JsResult = std::result::Result<JsValue, JsValue>;

/// Runs `f`, and makes a text of its error.
fn answer(f: &dyn Fn() -> Result<JsValue>) -> JsResult {
    f().map_err(to_thrown)
}

/// The facts of an error as JSON, as results are.
fn to_thrown(error: Error) -> JsValue {
    wire::view::error(&error).into()
}

/// Runs `f` on a table.
fn with_table<T>(
    table: &'static LocalKey<RefCell<Handles<T>>>,
    f: &mut dyn FnMut(&mut Handles<T>) -> Result<JsValue>,
) -> JsResult {
    let busy = || Err(Error::fault("a call within a call"));
    let result = table.with(|table| {
        table
            .try_borrow_mut()
            .map_or_else(|_| busy(), |mut table| f(&mut table))
    });
    result.map_err(to_thrown)
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

fn written(
    effect: &Effect<'_>,
    fingerprint: Option<PlanFingerprint>,
    entry: Option<&str>,
) -> Result<JsValue> {
    let columns = columns::write(effect)?;
    let first_created = effect.summary.first_created().filter(|_| columns.is_some());
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

/// Carries the command of an encoded entry out again. Returns the text of the entry.
#[wasm_bindgen(js_name = bookReplay, skip_typescript)]
pub fn book_replay(number: u32, entry: &[u8]) -> JsResult {
    with_book(number, &mut |book| {
        Ok(entry::replay(book, &read(entry)?)?.into())
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
        let attempt = book.attempt(&command(request)?)?;
        plan(&attempt.effect())
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
        let query = wire::query::all(&read(request)?, after.clone())?;
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

/// The words of an encoded split.
#[wasm_bindgen(js_name = allocateText, skip_typescript)]
pub fn allocate_text(request: &[u8]) -> JsResult {
    answer(&|| {
        let request = wire::allocate::request(&read(request)?)?;
        Ok(
            Uint32Array::from(wire::allocate::write(&request.split()?, request.method).as_slice())
                .into(),
        )
    })
}

/// The words of a split by the default method: the amount and the weights in whole units, with `scale` decimals.
/// Nothing where the long way must be gone.
#[wasm_bindgen(js_name = allocateUnits, skip_typescript)]
pub fn allocate_units(scale: u32, units: &[u64]) -> Option<Vec<u32>> {
    wire::allocate::plain(scale, units)
}

/// Why one part of an encoded split is what it is.
#[wasm_bindgen(js_name = allocateWhy, skip_typescript)]
pub fn allocate_why(request: &[u8], place: u32) -> JsResult {
    answer(&|| {
        let request = wire::allocate::request(&read(request)?)?;
        Ok(wire::allocate::why(&request.why(usize::try_from(place).unwrap_or(usize::MAX))?).into())
    })
}

/// Runs `f` on the splitter of that number.
fn with_splitter(number: u32, f: &mut dyn FnMut(&mut SplitColumns) -> Result<JsValue>) -> JsResult {
    with_table(
        &SPLITTERS,
        &mut |splitters| match splitters.get_mut(number) {
            Some(splitter) => f(splitter),
            None => Err(Error::of(Reason::FreedSplitter {}, &Site::Command)),
        },
    )
}

/// Whole numbers as the 64 bits of an element, as JavaScript has them.
fn to_bits(values: &[u64], floats: bool) -> Result<JsValue> {
    Ok(match floats {
        true => BigUint64Array::from(wire::allocate::float_bits(values)?.as_slice()),
        false => BigUint64Array::from(values),
    }
    .into())
}

/// Loads columns of weights: elements as their bits, floats or whole numbers, and an encoded method.
#[wasm_bindgen(js_name = splitterOpen, skip_typescript)]
pub fn splitter_open(
    method: &[u8],
    floats: bool,
    weights: Vec<u64>,
    caps: Option<Vec<u64>>,
    ends: Option<Vec<u32>>,
) -> JsResult {
    // Columns are large: they are passed on, not copied.
    let mut columns = Some((weights, caps));
    with_table(&SPLITTERS, &mut |splitters| {
        let (weights, caps) = columns.take().unwrap_or_default();
        let method = wire::allocate::options(&read(method)?)?;
        let weights = wire::allocate::column("weights", weights, floats)?;
        let caps = caps
            .map(|caps| wire::allocate::column("caps", caps, floats))
            .transpose()?;
        splitters.add(SplitColumns::new(method, weights, caps, ends.as_deref())?)
    })
}

/// Splits amounts over loaded columns.
#[wasm_bindgen(js_name = splitterSplit, skip_typescript)]
pub fn splitter_split(number: u32, floats: bool, amounts: &[u64]) -> JsResult {
    with_splitter(number, &mut |splitter| {
        splitter.split(wire::allocate::column("amounts", amounts.to_vec(), floats)?)?;
        Ok(JsValue::UNDEFINED)
    })
}

/// The parts of the last split from one place to another.
#[wasm_bindgen(js_name = splitterParts, skip_typescript)]
pub fn splitter_parts(number: u32, floats: bool, from: u32, to: u32) -> JsResult {
    let [from, to] = [from, to].map(|place| usize::try_from(place).unwrap_or(usize::MAX));
    with_splitter(number, &mut |splitter| {
        to_bits(splitter.parts().get(from..to).unwrap_or_default(), floats)
    })
}

/// The units that the last split left unallocated.
#[wasm_bindgen(js_name = splitterUnallocated, skip_typescript)]
pub fn splitter_unallocated(number: u32, floats: bool) -> JsResult {
    with_splitter(number, &mut |splitter| {
        let units: Vec<u64> = splitter
            .unallocated()
            .iter()
            .map(|units| units.cast_unsigned())
            .collect();
        to_bits(&units, floats)
    })
}

/// Why one part of the last split is what it is.
#[wasm_bindgen(js_name = splitterWhy, skip_typescript)]
pub fn splitter_why(number: u32, place: u32) -> JsResult {
    let place = usize::try_from(place).unwrap_or(usize::MAX);
    with_splitter(number, &mut |splitter| {
        Ok(wire::allocate::why(&splitter.why(place)?).into())
    })
}

/// Gives the memory of loaded columns back. A second time does nothing.
#[wasm_bindgen(js_name = splitterFree, skip_typescript)]
pub fn splitter_free(number: u32) -> JsResult {
    with_table(&SPLITTERS, &mut |splitters| Ok(splitters.free(number)))
}

/// The documents of an encoded bill run.
#[wasm_bindgen(js_name = generate, skip_typescript)]
pub fn generate_documents(request: &[u8]) -> JsResult {
    answer(&|| {
        let run = wire::generate::request(&read(request)?)?;
        Ok(wire::generate::documents(&run, &run.generate()?).into())
    })
}

/// One amount of an encoded request.
#[wasm_bindgen(js_name = prorateOne, skip_typescript)]
pub fn prorate_one(request: &[u8]) -> JsResult {
    answer(&|| {
        Ok(wire::prorate::prorated(&wire::prorate::request(&read(request)?)?.prorate()?).into())
    })
}

/// The lines of encoded changes.
#[wasm_bindgen(js_name = prorateChange, skip_typescript)]
pub fn prorate_change(request: &[u8]) -> JsResult {
    answer(&|| {
        Ok(wire::prorate::preview(&wire::prorate::change(&read(request)?)?.preview()?).into())
    })
}

/// The segments of an encoded schedule.
#[wasm_bindgen(js_name = prorateSchedule, skip_typescript)]
pub fn prorate_schedule(request: &[u8]) -> JsResult {
    answer(&|| {
        Ok(wire::prorate::scheduled(&wire::prorate::schedule(&read(request)?)?.make()?).into())
    })
}

/// One period of an encoded rhythm.
#[wasm_bindgen(js_name = proratePeriod, skip_typescript)]
pub fn prorate_period(request: &[u8]) -> JsResult {
    answer(&|| {
        let period = wire::prorate::billing_period_request(&read(request)?)?.find()?;
        Ok(wire::prorate::billing_period(&period).into())
    })
}

/// The presets of proration.
#[wasm_bindgen(js_name = proratePresets, skip_typescript)]
pub fn prorate_presets() -> JsValue {
    wire::prorate::presets().into()
}

/// The bits of the amounts of encoded columns, whose own bits are passed separately from the request.
#[wasm_bindgen(js_name = prorateMany, skip_typescript)]
pub fn prorate_many(
    request: &[u8],
    prices: Vec<u64>,
    service_from: Vec<u64>,
    service_to: Vec<u64>,
    period_from: Vec<u64>,
    period_to: Vec<u64>,
) -> std::result::Result<Vec<u64>, JsValue> {
    let prorate = || {
        let arrays = [prices, service_from, service_to, period_from, period_to];
        let (columns, floats) = wire::prorate::columns(&read(request)?, arrays)?;
        wire::prorate::amount_bits(columns.prorate()?, floats)
    };
    prorate().map_err(to_thrown)
}

/// Makes sure that the bytes of a large request can come in: the glue copies them in without asking.
#[wasm_bindgen(js_name = engineReserve, skip_typescript)]
pub fn engine_reserve(bytes: u32) -> JsResult {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    answer(&|| memory::reserve(bytes).map(|()| JsValue::UNDEFINED))
}

/// After a fault: the next call gets a fresh instance of the module.
#[wasm_bindgen(js_name = engineRestart, skip_typescript)]
pub fn engine_restart() {
    wasm_bindgen::handler::schedule_reinit();
}
