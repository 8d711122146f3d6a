//! Random books with logs, carried out and replayed: natively here, in Node and in a browser by the files that this
//! writes. In every runtime each entry does what it did (its effect), and the book and its snapshot are the same after
//! the last.
//!
//! `npm run proof -- replay` does it with a million commands. `SETOFF_BOOKS` is how many books there are here, of a
//! thousand entries each; `SETOFF_SEED` repeats a run.

#[allow(dead_code, reason = "books of many commands need days of their own")]
#[path = "support/operations.rs"]
mod operations;
#[path = "support/mod.rs"]
mod support;

use operations::{Random, book, command_on};
use serde_json::{Value, json};
use setoff::Book;
use setoff::book::EntryOptions;
use setoff::wire::entry::{self, Execution};
use setoff::wire::read;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};
use support::host::Host;
use support::wire::encode;

/// The entries of one book after the first.
const LENGTH: u64 = 1000;

/// Commands of which most are refused could make a book for ever.
const ATTEMPTS: usize = 5000;

/// The days that commands can have.
const DAYS: u64 = 280;

#[test]
fn random_books_replay_to_the_same_hashes() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("SETOFF_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        now.expect("after 1970").as_secs()
    });
    let count = number("SETOFF_BOOKS").unwrap_or(3);
    println!("{count} books from SETOFF_SEED={seed}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/replay");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();

    for seed in (seed..).take(usize::try_from(count).unwrap()) {
        let (book, texts) = random_book(seed);
        let entries: Vec<Value> = texts
            .iter()
            .map(|text| serde_json::from_str(text).expect("an entry is JSON"))
            .collect();

        let (replayed, again) = replayed(&entries);
        assert_eq!(again, texts, "seed {seed}");
        assert_eq!(replayed.hash(), book.hash(), "seed {seed}");
        assert_eq!(replayed.snapshot(), book.snapshot(), "seed {seed}");

        let file = folder.join(format!("{seed}.json"));
        let checksum = checksum(&book.snapshot());
        let known = json!({ "hash": book.hash(), "checksum": checksum, "entries": entries });
        fs::write(file, known.to_string()).unwrap();
    }
}

/// A book of random commands, and the texts of its entries.
fn random_book(seed: u64) -> (Book, Vec<String>) {
    let mut random = Random(seed);
    let mut options = book(&mut random);
    options["log"] = json!(true);
    let (book, first) = entry::open(&read(&encode(&options)).unwrap()).unwrap();
    let (mut host, mut texts) = (Host { book }, vec![first.expect("a log")]);

    for place in 0..ATTEMPTS {
        let version = host.book.version();
        if version == LENGTH {
            break;
        }
        let request = command_on(&mut random, &host, place, version * DAYS / LENGTH);
        if let Some(entry) = carried_out(&mut host.book, &request, said(version)) {
            texts.push(entry);
        }
    }
    (host.book, texts)
}

/// What the host says beside every third command.
fn said(version: u64) -> EntryOptions {
    if !version.is_multiple_of(3) {
        return EntryOptions::default();
    }
    EntryOptions {
        id: Some(format!("request-{version}")),
        if_version: Some(version),
        actor: Some("anna".into()),
        note: Some("a \"note\" \u{1f600}".into()),
        recorded_at: Some("2026-03-02T09:00:00Z".into()),
    }
}

/// The text of a command's entry, unless it is refused.
fn carried_out(book: &mut Book, request: &Value, options: EntryOptions) -> Option<String> {
    let bytes = encode(request);
    let request = read(&bytes).unwrap();
    let done = entry::execute(book, &request, &options, |_, entry| {
        Ok(entry.expect("a log").to_owned())
    });
    match done {
        Ok(Execution::Done(entry)) => Some(entry),
        Ok(Execution::Repeated(receipt)) => panic!("no command comes again: {receipt}"),
        Err(error) => {
            assert_ne!(error.code().as_str(), "engineFault", "{error}");
            None
        }
    }
}

/// The book of a log, and the texts of its entries.
fn replayed(entries: &[Value]) -> (Book, Vec<String>) {
    let (first, others) = entries.split_first().expect("an entry that opens");
    let (mut book, text) = entry::replay_first(&read(&encode(first)).unwrap()).unwrap();
    let mut texts = vec![text];
    for (index, other) in others.iter().enumerate() {
        let bytes = encode(other);
        texts.push(entry::replay(&mut book, &read(&bytes).unwrap(), index + 1).unwrap());
    }
    (book, texts)
}

/// The last eight bytes of a snapshot, which are a hash over all others.
fn checksum(snapshot: &[u8]) -> String {
    let (_, checksum) = snapshot.split_last_chunk::<8>().expect("a checksum");
    checksum.iter().map(|byte| format!("{byte:02x}")).collect()
}
