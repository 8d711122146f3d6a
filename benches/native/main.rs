//! The engine without WebAssembly, for `npm run bench`: runs one job on the inputs of a file and says how long it took.
//!
//! ```text
//! native kernel FILE AMOUNT CALLS     splits AMOUNT, then one more each call, over a column of weights
//! native matrix KIND FILE AMOUNT CALLS     two columns: the margins alone, or their sparse or dense matrix
//! native prorate PART FILE FIRST CALLS     a request and the five columns of each of some runs, one run after another:
//!                                     a whole `call` of the module, or its `kernel`, from columns to amounts alone
//! native preview FILE CALLS           loads commands, then previews requests in turn, to the words of their columns
//! ```
//!
//! It prints the processor's and the wall's nanoseconds of one call, and a checksum of the first.

use setoff::Book;
use setoff::allocate::{Filler, Likeness, MatrixCell, Splitter, Total, fill_with};
use setoff::wire::{columns, decode, prorate as charges, read};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["kernel", file, amount, calls] => {
            kernel(&column(&bytes(file)), number(amount), number(calls))
        }
        ["matrix", kind, file, amount, calls] => {
            matrix(kind, &bytes(file), number(amount), number(calls))
        }
        ["prorate", part @ ("call" | "kernel"), file, first, calls] => {
            prorate(part == "kernel", &bytes(file), number(first), number(calls));
        }
        ["preview", file, calls] => preview(&bytes(file), number(calls)),
        _ => println!(
            "`npm run bench` runs this program; `cargo bench --bench engine` times the crate"
        ),
    }
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(file).expect("the file of a job")
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

/// Whole numbers of eight bytes, the lowest first.
fn column(bytes: &[u8]) -> Vec<u64> {
    bytes
        .chunks_exact(8)
        .map(|chunk| u64::from_le_bytes(chunk.try_into().expect("eight bytes")))
        .collect()
}

/// Parts of a file, each with its length before it.
fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (part, rest) =
            rest.split_at(usize::try_from(u32::from_le_bytes(*length)).expect("a length"));
        parts.push(part);
        bytes = rest;
    }
    parts
}

/// The nanoseconds that this thread has had a processor, where the system tells.
fn processor() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()?
        .split(' ')
        .next()?
        .parse()
        .ok()
}

/// Times a number of calls. One call before them fills caches and memory, and returns the checksum.
fn time(calls: u64, mut call: impl FnMut(u64) -> u64) {
    let checksum = call(0);
    let (wall, before) = (Instant::now(), processor());
    for index in 0..calls {
        black_box(call(black_box(index)));
    }
    let wall = wall.elapsed().as_nanos();
    let processor = before
        .zip(processor())
        .map_or(wall, |(before, after)| u128::from(after - before));
    let each = |nanoseconds: u128| nanoseconds / u128::from(calls.max(1));
    println!("{} {} {checksum}", each(processor), each(wall));
}

/// Sensitive to order.
fn checksum(parts: impl Iterator<Item = u64>) -> u64 {
    parts.fold(0, |sum, part| (sum * 31 + part) % 0x1_0000_0000)
}

fn kernel(weights: &[u64], amount: u64, calls: u64) {
    let mut splitter = Splitter::default();
    let mut shares = vec![0; weights.len()];
    let total = Total::of(weights).expect("weights that can be summed");
    let mut first = true;
    time(calls, |index| {
        splitter
            .proportional_of(amount + index, weights, total, &mut shares)
            .expect("weights");
        if std::mem::take(&mut first) {
            checksum(shares.iter().copied())
        } else {
            shares[0]
        }
    });
}

fn matrix(kind: &str, file: &[u8], amount: u64, calls: u64) {
    let parts = parts(file);
    let (sources, targets) = (column(parts[0]), column(parts[1]));
    // As in documents: every fourth line is a tax, of one of five.
    let kinds = |count: usize| {
        (0..count)
            .map(|place| Some(u32::from(place % 4 == 3)))
            .collect::<Vec<_>>()
    };
    let taxes = |count: usize| {
        let tax = |place: usize| {
            (place % 4 == 3).then_some(u32::try_from(place / 4 % 5).expect("less than five"))
        };
        (0..count).map(tax).collect::<Vec<_>>()
    };
    let keys = [
        kinds(sources.len()),
        kinds(targets.len()),
        taxes(sources.len()),
        taxes(targets.len()),
    ];
    let levels = [
        Likeness {
            rows: &keys[2],
            columns: &keys[3],
        },
        Likeness {
            rows: &keys[0],
            columns: &keys[1],
        },
    ];
    let (mut splitter, mut filler) = (Splitter::default(), Filler::default());
    let (mut rows, mut columns, mut cells) = (Vec::new(), Vec::new(), Vec::new());
    time(calls, |index| {
        splitter
            .proportional(amount + index, &sources, &mut rows)
            .expect("rows");
        splitter
            .proportional(amount + index, &targets, &mut columns)
            .expect("columns");
        cells.clear();
        let mut pair = |cell: MatrixCell| {
            cells.push(cell);
            Some(())
        };
        match kind {
            "margins" => {}
            "sparse" => fill_with(&rows, &columns, &mut pair).expect("equal margins"),
            "alike" => filler
                .alike(&rows, &columns, &levels, &mut pair)
                .expect("equal margins"),
            _ => filler
                .dense(&rows, &columns, &mut |cell| {
                    black_box(cell);
                    Some(())
                })
                .expect("equal margins"),
        }
        u64::try_from(cells.len()).expect("a count")
    });
}

/// All that the module does in a call, and nothing else: the copies are those into its memory.
fn prorate(is_kernel: bool, file: &[u8], first: u64, calls: u64) {
    let parts = parts(file);
    let (request, columns) = parts.split_first().expect("a request");
    let columns: Vec<_> = columns.iter().map(|bytes| column(bytes)).collect();
    let runs: Vec<&[Vec<u64>; 5]> = columns.as_chunks().0.iter().collect();
    if is_kernel {
        let read = |run: &&[Vec<u64>; 5]| {
            charges::columns(&read(request).expect("a value"), (*run).clone())
        };
        let runs: Vec<_> = runs
            .iter()
            .map(|run| read(run).expect("columns").0)
            .collect();
        return time(calls, |index| {
            let run = &runs[usize::try_from(first + index).expect("an index") % runs.len()];
            // Copied, as they are on their way out of the module.
            let amounts =
                charges::amount_bits(run.prorate().expect("amounts"), false).expect("bits");
            *amounts.clone().last().expect("an amount")
        });
    }
    let mut checked = false;
    time(calls, |index| {
        let run = runs[usize::try_from(first + index).expect("an index") % runs.len()];
        let (charges_of, floats) =
            charges::columns(&read(request).expect("a value"), run.clone()).expect("columns");
        let amounts = charges_of.prorate().expect("amounts");
        if !std::mem::replace(&mut checked, true) {
            return checksum(
                amounts
                    .iter()
                    .map(|amount| u64::try_from(amount.rem_euclid(1 << 32)).expect("32 bits")),
            );
        }
        charges::amount_bits(amounts, floats).expect("bits")[0]
    });
}

fn preview(file: &[u8], calls: u64) {
    let mut book = Book::in_currency("USD").expect("options");
    let command =
        |bytes: &[u8]| decode::command(&read(bytes).expect("a value")).expect("a command");
    let (requests, commands): (Vec<&[u8]>, Vec<&[u8]>) =
        parts(file).into_iter().partition(|part| is_apply(part));
    for bytes in commands {
        book.execute(&command(bytes))
            .expect("a command that can be executed");
    }
    let mut first = true;
    time(calls, |index| {
        let request = requests[usize::try_from(index).expect("an index") % requests.len()];
        let attempt = book.attempt(&command(request)).expect("a plan");
        let words = columns::write(&attempt.effect())
            .expect("columns")
            .unwrap_or_default();
        if std::mem::take(&mut first) {
            checksum(words.iter().map(|&word| word.into()))
        } else {
            words.len().try_into().expect("a count")
        }
    });
}

/// Whether a command applies something: it says so in its first field.
fn is_apply(part: &[u8]) -> bool {
    part.windows(15)
        .take(40)
        .any(|window| window == b"applyCreditMemo")
}
