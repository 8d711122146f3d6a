//! The only room that knows JavaScript: moves bytes, words and plain objects, and decides nothing.
//!
//! Books and splitters live here, in tables, and JavaScript holds numbers that name them. A number is never used twice,
//! so a stale one can only miss. The files of `js/` make classes and errors of all this. wasm-bindgen copies them into
//! the generated package, which exports what is for users.

#[cfg(feature = "book")]
mod book;
mod stack;

use crate::allocate::SplitColumns;
use crate::error::{Error, Reason, Result, Site};
use crate::memory;
use crate::wire::{self, read};
use js_sys::{BigUint64Array, Uint32Array};
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
// as functions here makes wasm-bindgen copy their files and pass them on, without a declaration of its own.
#[allow(non_snake_case, reason = "the names are those of JavaScript")]
mod exports {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[cfg(feature = "book")]
    #[wasm_bindgen(module = "/src/js/book.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn Book();
    }

    #[wasm_bindgen(module = "/src/js/init.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn init();
    }

    #[wasm_bindgen(module = "/src/js/allocate.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn allocate();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn allocateColumns();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn explainAllocation();
        #[wasm_bindgen(reexport, skip_typescript)]
        fn Splitter();
    }

    #[wasm_bindgen(module = "/src/js/prorate.js")]
    extern "C" {
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

    #[wasm_bindgen(module = "/src/js/generate.js")]
    extern "C" {
        #[wasm_bindgen(reexport, skip_typescript)]
        fn generateDocuments();
    }

    // Named here so that they are copied next to the others, which import them. They are not exported.
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
        #[wasm_bindgen(reexport = "__loadBy", skip_typescript)]
        fn loadBy();
    }

    #[wasm_bindgen(module = "/src/js/module.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__loadedOnce", skip_typescript)]
        fn loadedOnce();
    }

    #[wasm_bindgen(module = "/src/js/amount.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__amountText", skip_typescript)]
        fn amountText();
    }

    #[cfg(feature = "book")]
    #[wasm_bindgen(module = "/src/js/outcome.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__outcomeOf", skip_typescript)]
        fn outcomeOf();
    }

    #[cfg(feature = "book")]
    #[wasm_bindgen(module = "/src/js/lines.js")]
    extern "C" {
        #[wasm_bindgen(reexport = "__importOf", skip_typescript)]
        fn importOf();
    }

    #[cfg(feature = "book")]
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

    #[cfg(feature = "book")]
    fn get(&self, number: u32) -> Option<&T> {
        self.entries
            .get(self.place(number)?)
            .map(|(_, entry)| entry)
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

    /// Takes an entry out.
    fn take(&mut self, number: u32) -> Option<T> {
        let place = self.place(number)?;
        Some(self.entries.remove(place).1)
    }

    /// A second time does nothing.
    fn free(&mut self, number: u32) -> JsValue {
        self.take(number);
        JsValue::UNDEFINED
    }
}

thread_local! {
    static SPLITTERS: RefCell<Handles<SplitColumns>> = const { RefCell::new(Handles::new()) };
}

/// What crosses back: a value, or the text of an error for the package to throw.
type JsResult = std::result::Result<JsValue, JsValue>;

/// Runs `f`, and makes a text of its error.
fn answer(f: &dyn Fn() -> Result<JsValue>) -> JsResult {
    f().map_err(to_thrown)
}

/// The facts of an error as JSON, as results are.
fn to_thrown(error: Error) -> JsValue {
    wire::refusal::error(&error).into()
}

/// Runs `f` on a table.
fn with_table<T>(
    table: &'static LocalKey<RefCell<Handles<T>>>,
    f: &mut dyn FnMut(&mut Handles<T>) -> Result<JsValue>,
) -> JsResult {
    let result = table.with(|table| match table.try_borrow_mut() {
        Ok(mut table) => f(&mut table),
        // No call of the host comes back into the engine today, and none may panic if one ever does.
        Err(_) => Err(Error::fault("a call within a call")),
    });
    result.map_err(to_thrown)
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
        let (run, documents) = wire::generate::generated(&read(request)?)?;
        Ok(wire::generate::documents(&run, &documents).into())
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
    answer(&|| Ok(wire::prorate::preview(&wire::prorate::change_preview(&read(request)?)?).into()))
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
