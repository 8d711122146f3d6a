//! Snapshots of every format that was ever released, as the versions of then wrote them: they are read for ever.
//!
//! `tests/snapshots/format-N.bin` was written by the last version of that format, after the commands of
//! `format-N.json`, with the state hash that it had.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::Book;
use std::fs;
use std::path::{Path, PathBuf};
use support::host::Host;

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

/// The book that this version makes of the same commands.
fn made(golden: &Value) -> Host {
    let mut host = Host::open(&golden["options"]).unwrap();
    for command in golden["commands"].as_array().unwrap() {
        host.execute(command)
            .unwrap_or_else(|error| panic!("{command}: {error}"));
    }
    host
}

/// All rows of a kind, without the days that format 3 does not have.
fn rows(host: &Host, of: &str) -> Value {
    let mut page = host
        .query(&json!({ "of": of, "page": { "size": 1000 } }))
        .unwrap()
        .value();
    for row in page["rows"].as_array_mut().unwrap() {
        let row = row.as_object_mut().unwrap();
        row.remove("createdOn");
        row.remove("updatedOn");
    }
    page["rows"].take()
}

#[test]
fn every_format_that_was_released_is_read() {
    for format in 3..=WRITTEN {
        let (golden, bytes) = golden(format);

        let restored = Book::restore(&bytes).unwrap();

        assert_eq!(restored.hash(), golden["hash"], "format {format}");
        let (host, today) = (Host { book: restored }, made(&golden));
        for of in ["document", "item", "part", "application", "account"] {
            assert_eq!(rows(&host, of), rows(&today, of), "{of} of format {format}");
        }
        assert_eq!(host.book.settings(), today.book.settings());
    }
}

/// The bytes of this version are those that a book of the same commands has had since its format was released.
#[test]
fn the_format_of_today_has_not_changed() {
    let (golden, bytes) = golden(WRITTEN);

    assert_eq!(made(&golden).book.snapshot(), bytes);
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
