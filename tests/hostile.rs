//! Bytes that the package never writes: damaged and forged snapshots, requests of random bytes. They are refused, or
//! mean something; nothing panics.

#[path = "../fuzz/requests.rs"]
mod requests;
#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use requests::{commands, options, requests};
use serde_json::{Value, json};
use setoff::document::{DocumentIndex, PartItem};
use setoff::{Book, Code, wire};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use support::host::Host;
use support::{invariants, property, wire::encode};

/// A small book with something of everything in it.
fn small_book() -> Host {
    let mut host = Host::open(&options()).unwrap();
    for command in commands() {
        host.execute(&command).unwrap();
    }
    host
}

/// Requests of every kind that are read.
fn seeds() -> Vec<Value> {
    commands().into_iter().chain(requests()).collect()
}

#[test]
fn a_changed_snapshot_is_refused() {
    let snapshot = small_book().book.snapshot();
    for place in 0..snapshot.len() {
        for change in 1..=u8::MAX {
            let mut changed = snapshot.clone();
            changed[place] ^= change;
            assert_eq!(
                Book::restore(&changed).unwrap_err().code(),
                Code::InvalidSnapshot,
                "byte {place} ^ {change}"
            );
        }
    }
}

#[test]
fn a_shortened_snapshot_is_refused() {
    let snapshot = small_book().book.snapshot();
    for length in 0..snapshot.len() {
        assert_eq!(
            Book::restore(&snapshot[..length]).unwrap_err().code(),
            Code::InvalidSnapshot,
            "{length} bytes"
        );
    }
    let longer = [&*snapshot, &[0]].concat();
    assert_eq!(
        Book::restore(&longer).unwrap_err().code(),
        Code::InvalidSnapshot
    );
}

/// Asks a book everything and tells it everything, whatever the answers. Its history may be invented, its state not.
fn exercise(book: &Book) {
    invariants::check_state(book);
    let mut host = Host { book: book.clone() };
    for of in ["invoice", "creditMemo", "part", "partItem", "application"] {
        host.query(&json!({ "of": of })).unwrap();
    }
    host.query(&json!({ "of": "item", "where": { "documentId": "I" } }))
        .ok();
    drop(wire::columns::names(book.documents(), 0));
    for command in commands() {
        host.execute(&command).ok();
        invariants::check_state(&host.book);
    }
    assert_eq!(
        host.restored().unwrap().book.snapshot(),
        host.book.snapshot(),
        "it can be saved again"
    );
}

/// The checksum guards against accidents. Behind one that is right everything is checked again: what is restored then
/// is a book that could be, and has the same snapshot.
#[test]
fn a_forged_byte_is_refused_or_works() {
    let snapshot = small_book().book.snapshot();
    let content = &snapshot[..snapshot.len() - CHECKSUM];
    let mut accepted = 0;
    for place in 0..content.len() {
        let changes = (0..8).map(|bit| content[place] ^ (1 << bit));
        for changed in changes.chain([
            content[place].wrapping_add(2),
            content[place].wrapping_sub(2),
        ]) {
            let mut content = content.to_vec();
            content[place] = changed;
            accepted += u32::from(restore_forged(content));
        }
    }
    assert!(
        accepted > 100,
        "identifiers, dates and texts can be others: {accepted}"
    );
}

/// The bytes of the checksum at the end of a snapshot.
const CHECKSUM: usize = 8;

/// Restores content with a checksum that is right. Answers whether it was accepted.
fn restore_forged(mut content: Vec<u8>) -> bool {
    let checksum = Sha256::digest(&content);
    content.extend(&checksum[..CHECKSUM]);
    match Book::restore(&content) {
        Ok(book) => {
            assert_eq!(book.snapshot(), content, "a book has one snapshot");
            assert_eq!(
                applied(&book),
                told(&book),
                "the history leads to the parts"
            );
            exercise(&book);
            true
        }
        Err(error) => {
            assert_eq!(error.code(), Code::InvalidSnapshot);
            false
        }
    }
}

/// An amount of each pair of lines: source, its line, target, its line.
type Amounts = BTreeMap<[u32; 4], i64>;

/// What is applied now.
fn applied(book: &Book) -> Amounts {
    let mut amounts = Amounts::new();
    for (source, target, part) in book.documents().parts() {
        for item in part.items() {
            add(&mut amounts, source, target, item);
        }
    }
    amounts
}

/// What the history adds up to.
fn told(book: &Book) -> Amounts {
    let mut amounts = Amounts::new();
    for entry in book.documents().log() {
        let settlement = &entry.settlement;
        for application in settlement.applications() {
            for item in application.items {
                add(&mut amounts, settlement.source, application.target, item);
            }
        }
    }
    amounts.retain(|_, amount| *amount != 0);
    amounts
}

fn add(amounts: &mut Amounts, source: DocumentIndex, target: DocumentIndex, item: &PartItem) {
    let lines = [item.source, item.target].map(|line| u32::try_from(line.get()).unwrap());
    let key = [source.number(), lines[0], target.number(), lines[1]];
    *amounts.entry(key).or_default() += item.amount.minor();
}

/// A change to some bytes: the place (modulo the length), what is taken out, what is put there.
fn edits() -> impl Strategy<Value = Vec<(usize, usize, Vec<u8>)>> {
    let put = vec(prop_oneof![2 => 0_u8..4, 1 => any::<u8>()], 0..=3);
    vec((any::<usize>(), 0_usize..=2, put), 1..=3)
}

fn edit(bytes: &mut Vec<u8>, edits: Vec<(usize, usize, Vec<u8>)>) {
    for (place, out, put) in edits {
        let start = place % (bytes.len() + 1);
        let end = (start + out).min(bytes.len());
        bytes.splice(start..end, put);
    }
}

proptest! {
    #![proptest_config(property::config(1000))]

    #[test]
    fn a_forged_snapshot_is_refused_or_works(edits in edits()) {
        let snapshot = small_book().book.snapshot();
        let mut content = snapshot[..snapshot.len() - CHECKSUM].to_vec();
        edit(&mut content, edits);
        restore_forged(content);
    }

    #[test]
    fn random_bytes_are_a_request_or_refused(bytes in vec(any::<u8>(), 0..=200)) {
        request(&bytes);
    }

    #[test]
    fn a_changed_request_is_carried_out_or_refused(which in 0..seeds().len(), edits in edits()) {
        let mut bytes = encode(&seeds()[which]);
        edit(&mut bytes, edits);
        request(&bytes);
    }
}

/// Takes bytes for a request of every kind.
fn request(bytes: &[u8]) {
    let mut book = small_book().book;
    let value = match wire::read(bytes) {
        Ok(value) => value,
        Err(error) => return assert_eq!(error.code(), Code::MalformedRequest),
    };
    if let Ok(options) = wire::decode::options(&value) {
        Book::new(&options).ok();
    }
    if let Ok(query) = wire::query::query(&value) {
        book.query(&query).ok();
    }
    if let Ok(command) = wire::decode::command(&value) {
        book.execute(&command).ok();
        invariants::check(&book);
    }
}
