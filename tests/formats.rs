//! Snapshots of every format that was ever released, as the versions of then wrote them: they are read for ever.
//!
//! `tests/snapshots/format-N.bin` was written by the last version of that format after the commands of
//! `format-N.json`, which also has the state hash of then, and how many documents, parts and applications there were. A
//! later version may make another book of the same commands; it reads the same book from the bytes.
//!
//! `tests/logs/` holds logs of earlier versions: carried out again, each command does what it did then.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::Book;
use setoff::wire::{entry, read};
use std::fs;
use std::path::{Path, PathBuf};
use support::host::Host;
use support::wire::encode;

/// The format that this version writes.
const WRITTEN: u8 = 4;

fn path(format: u8, ending: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    folder.join(format!("format-{format}.{ending}"))
}

/// The commands of a golden book and its bytes.
fn golden(format: u8) -> (Value, Vec<u8>) {
    let text = fs::read_to_string(path(format, "json")).unwrap();
    let bytes = fs::read(path(format, "bin")).unwrap();
    assert_eq!(bytes[6], format, "behind the six letters of its head");
    (serde_json::from_str(&text).unwrap(), bytes)
}

/// How many rows of a kind a book has.
fn count(host: &Host, of: &str) -> Value {
    let query = json!({ "of": of, "total": true, "page": { "size": 1 } });
    host.query(&query).unwrap().value()["total"].take()
}

/// The state hash says what documents and parts are, the counts that the history is there.
#[test]
fn every_format_that_was_released_is_read() {
    for format in 3..=WRITTEN {
        let (golden, bytes) = golden(format);

        let restored = Book::restore(&bytes).unwrap();

        assert_eq!(restored.hash(), golden["hash"], "format {format}");
        let host = Host { book: restored };
        for of in ["document", "part", "application"] {
            assert_eq!(count(&host, of), golden[of], "{of} of format {format}");
        }
    }
}

/// What was written in the format of today is written again as it was, byte for byte.
#[test]
fn the_format_of_today_has_not_changed() {
    let (_, bytes) = golden(WRITTEN);

    assert_eq!(Book::restore(&bytes).unwrap().snapshot(), bytes);
}

/// A book of an older format goes on as it was: what it had settled can be undone and canceled, and it is saved in the
/// format of today. Days that were not kept are absent, and those of later commands are there.
#[test]
fn a_book_of_an_older_format_goes_on() {
    let (_, bytes) = golden(3);
    let mut host = Host {
        book: Book::restore(&bytes).unwrap(),
    };
    let row = |host: &Host, of: &str, id: &str| {
        let query = json!({ "of": of, "where": { "id": id } });
        host.query(&query).unwrap().value()["rows"][0].clone()
    };
    assert_eq!(row(&host, "invoice", "I2").get("updatedOn"), None);

    let before = host.book.hash();
    let applied = json!({ "type": "applyCreditMemo", "at": "2026-02-01", "creditMemoId": "C2",
        "invoices": [{ "invoiceId": "I2", "amount": "1.00" }] });
    let group = host.execute(&applied).unwrap().value()["applicationGroupId"].clone();
    assert_eq!(row(&host, "invoice", "I2")["updatedOn"], "2026-02-01");
    let undo = json!({ "type": "undo", "at": "2026-02-02", "applicationGroupId": group });
    host.execute(&undo).unwrap();
    assert_eq!(host.book.hash(), before, "an undo restores the hash");

    let row_of = row(&host, "invoice", "I2");
    assert_eq!(row_of.get("createdOn"), None, "nobody knows");
    assert_eq!(
        row_of["updatedOn"], "2026-02-02",
        "an undo is a change of its day"
    );
    assert_eq!(row(&host, "invoice", "I3").get("updatedOn"), None);

    let saved = host.book.snapshot();
    assert_eq!(saved[6], WRITTEN);
    let restored = Book::restore(&saved).unwrap();
    assert_eq!(restored.hash(), before);
    assert_eq!(restored.snapshot(), saved);
}

/// An entry records the fingerprint of what its command did, and a replay compares it.
#[test]
fn every_log_of_an_earlier_version_replays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs");
    let mut entry_count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let log: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let entries = log["entries"].as_array().expect("the entries of a log");

        let (mut book, _) = entry::replay_first(&read(&encode(&entries[0])).unwrap()).unwrap();
        for (index, later) in entries.iter().enumerate().skip(1) {
            let replayed = entry::replay(&mut book, &read(&encode(later)).unwrap(), index);
            replayed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }

        assert_eq!(book.hash(), log["hash"], "{}", path.display());
        entry_count += entries.len();
    }
    assert!(entry_count > 10, "the logs are found");
}

/// The golden log.
fn entries() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs/2026-11.json");
    let log: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    log["entries"].as_array().unwrap().clone()
}

/// What a log is refused with: the code, and the path.
fn refusal_of(entries: &[Value]) -> Option<(&'static str, String)> {
    let replay = || {
        let (mut book, _) = entry::replay_first(&read(&encode(&entries[0]))?)?;
        for (index, later) in entries.iter().enumerate().skip(1) {
            entry::replay(&mut book, &read(&encode(later))?, index)?;
        }
        Ok::<_, setoff::Error>(())
    };
    let refusal = replay().err()?;
    Some((refusal.code().as_str(), refusal.path()))
}

/// A field that is missing, of another type or another value, and one that a later version may have: each is an entry
/// that was damaged, and the refusal says which.
#[test]
fn a_damaged_entry_is_named() {
    let entries = entries();
    let fields: Vec<String> = entries[1].as_object().unwrap().keys().cloned().collect();
    assert_eq!(refusal_of(&entries), None);

    for index in [0, 1, entries.len() - 1] {
        let refused = |change: &dyn Fn(&mut Value)| {
            let mut damaged = entries.clone();
            change(&mut damaged[index]);
            if damaged == entries {
                return;
            }
            let (code, path) = refusal_of(&damaged).expect("a damaged entry is refused");
            assert!(
                matches!(code, "entryMismatch" | "invalidChoice"),
                "{code} at {path}"
            );
            assert!(
                path.starts_with(&format!("entries[{index}]")),
                "{code} at {path}"
            );
        };
        for field in &fields {
            for value in [Value::Null, json!(7), json!("x"), json!([]), json!({})] {
                refused(&|entry| entry[field] = value.clone());
            }
            refused(&|entry| {
                entry.as_object_mut().unwrap().remove(field);
            });
        }
        refused(&|entry| entry["format"] = json!(2));
        refused(&|entry| *entry = json!("x"));
    }
}
