//! Exports: the book that comes back is the same, byte for byte; and what was damaged, forged or cut off is refused.

#[path = "support/operations.rs"]
mod operations;
#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::wire::{entry, export};
use setoff::{Book, Error};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use support::host::Host;
use support::wire::encode;

/// The lines of a book.
fn lines(book: &Book) -> Vec<String> {
    let mut text = String::new();
    export::export(book, &mut |piece| text.push_str(piece)).unwrap();
    assert!(text.ends_with('\n'));
    text.lines().map(str::to_owned).collect()
}

fn import(lines: &[String]) -> Result<Book, Error> {
    let mut import = export::Import::default();
    for line in lines {
        let value: Value = serde_json::from_str(line).unwrap();
        import.take(&setoff::wire::read(&encode(&value))?, line)?;
    }
    import.finish()
}

/// The same lines with the checksum that they need.
fn sealed(mut lines: Vec<String>) -> Vec<String> {
    let end = lines.pop().unwrap();
    let mut text = lines.join("\n");
    text.push('\n');
    let mut end: Value = serde_json::from_str(&end).unwrap();
    end["checksum"] = Sha256::digest(&text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>()
        .into();
    lines.push(end.to_string());
    lines
}

fn refusal(lines: &[String]) -> (&'static str, &'static str, String) {
    let error = import(lines).expect_err("a refusal");
    (error.code().as_str(), error.reason().name(), error.path())
}

/// Asserts that the book of its export is the same book.
fn check_round_trip(book: &Book) {
    let again = import(&lines(book)).unwrap();

    assert_eq!(again.snapshot(), book.snapshot());
    assert_eq!(again.hash(), book.hash());
}

/// A book with a log: an invoice with a tax, a payment, a credit memo, an application that is undone.
fn logged() -> Book {
    let options = json!({ "currency": "CHF", "accountId": "A", "log": true,
        "currencies": [{ "code": "CHF", "increment": "0.05", "invoiceIncrement": "0.10" }],
        "limits": { "partItems": 40 }, "reasonCodes": ["Write-off"], "closedThrough": "2025-12-31" });
    let bytes = encode(&options);
    let (mut book, _) = entry::open(&setoff::wire::read(&bytes).unwrap()).unwrap();
    let at = "2026-03-02";
    let taxes = json!([{ "id": "t", "name": "MWST", "rate": "0.081" }]);
    let record = json!({ "description": "Seat \"A\"\n", "quantity": "2.50", "unitPrice": "40", "customFields":
        { "z": null, "a": true, "n": 7, "d": 1.25, "t": "x" } });
    let mut item = json!({ "id": "a", "taxItems": taxes });
    item.as_object_mut()
        .unwrap()
        .extend(record.as_object().unwrap().clone());
    for (name, command) in [
        (
            "1",
            json!({ "type": "createInvoice", "at": at, "id": "I", "autoPost": true, "items": [item] }),
        ),
        (
            "2",
            json!({ "type": "createPayment", "at": at, "id": "P", "amount": "20.00", "method": "Card" }),
        ),
        (
            "3",
            json!({ "type": "applyPayment", "at": at, "paymentId": "P", "invoices": [{ "invoiceId": "I" }] }),
        ),
        (
            "4",
            json!({ "type": "undo", "at": at, "applicationGroupId": "AG-3" }),
        ),
        (
            "5",
            json!({ "type": "applyPayment", "at": at, "paymentId": "P", "rule": "fifo",
            "invoices": [{ "invoiceId": "I", "amount": "5.00" }] }),
        ),
        (
            "6",
            json!({ "type": "createInvoice", "at": at, "id": "D", "items": [{ "id": "a", "amount": "1.00" }] }),
        ),
    ] {
        let options = json!({ "id": name, "actor": "ann", "recordedAt": "2026-03-02T10:00:00Z" });
        let options = entry::options(&setoff::wire::read(&encode(&options)).unwrap()).unwrap();
        let bytes = encode(&command);
        let request = setoff::wire::read(&bytes).unwrap();
        entry::execute(&mut book, &request, &options, |_, _| Ok(())).unwrap();
    }
    book
}

fn golden(ending: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
    folder.join(format!("format-1.{ending}"))
}

/// `tests/exports/format-1.jsonl` was written by the first version that exports: it is read for ever. Its state hash is
/// beside it.
#[test]
fn every_format_that_was_released_is_read() {
    let text = fs::read_to_string(golden("jsonl")).unwrap();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let facts: Value = serde_json::from_str(&fs::read_to_string(golden("json")).unwrap()).unwrap();

    let book = import(&lines).unwrap();

    assert_eq!(book.hash(), facts["hash"]);
    assert_eq!(book.version(), facts["version"]);
    let documents = book.documents();
    assert_eq!(documents.all().count(), facts["documents"]);
    assert_eq!(documents.log().len(), facts["operations"]);
}

/// The format of today is written again as it was, byte for byte.
#[test]
fn the_format_of_today_has_not_changed() {
    let text = fs::read_to_string(golden("jsonl")).unwrap();
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();

    assert_eq!(self::lines(&import(&lines).unwrap()), lines);
}

#[test]
fn a_book_with_a_log_comes_back() {
    let book = logged();
    check_round_trip(&book);
    if std::env::var("SETOFF_WRITE_GOLDEN").is_ok() {
        fs::create_dir_all(golden("json").parent().unwrap()).unwrap();
        fs::write(golden("jsonl"), lines(&book).join("\n") + "\n").unwrap();
        println!("{}", book.hash());
    }
}

#[test]
fn an_empty_book_comes_back() {
    let host = Host::open(&json!({ "currency": "EUR" })).unwrap();
    check_round_trip(&host.book);
    assert_eq!(lines(&host.book).len(), 3, "header, settings and end");
}

/// Random books of every kind of command, with deleted and canceled documents, in currencies of 0 to 3 decimals.
#[test]
fn random_books_come_back() {
    let books = std::env::var("SETOFF_EXPORTS").map_or(60, |count| count.parse().unwrap());
    for seed in 0..books {
        let mut random = operations::Random(seed);
        let mut host = Host::open(&operations::book(&mut random)).unwrap();
        for place in 0..40 {
            let command = operations::command(&mut random, &host, place);
            host.execute(&command).ok();
        }
        check_round_trip(&host.book);
    }
}

/// Exports of lines that are missing at the end, one line after another. A cut within a line leaves no JSON.
#[test]
fn a_truncated_export_is_refused_with_the_line_that_is_missing() {
    let lines = lines(&logged());

    for count in 1..lines.len() {
        let (code, reason, path) = refusal(&lines[..count]);
        assert_eq!((code, reason), ("invalidExport", "ExportTruncated"));
        assert_eq!(path, format!("lines[{count}]"));
    }
    assert_eq!(
        refusal(&[]),
        ("invalidExport", "ExportTruncated", "lines[0]".into())
    );
}

/// One bit of one letter changes: the line is no JSON or another shape, or the checksum does not fit.
#[test]
fn a_flipped_bit_is_refused() {
    let lines = lines(&logged());
    let whole = lines.join("\n");
    let end = whole.rfind("\"checksum\"").unwrap();

    let mut flipped_count = 0;
    for place in (0..end).step_by(7) {
        let mut bytes = whole.clone().into_bytes();
        bytes[place] ^= 1 << (place % 7);
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let flipped: Vec<_> = text.split('\n').map(str::to_owned).collect();
        if flipped
            .iter()
            .any(|line| serde_json::from_str::<Value>(line).is_err())
        {
            continue;
        }
        assert!(import(&flipped).is_err(), "a flipped bit at {place}");
        flipped_count += 1;
    }
    assert!(
        flipped_count > 300,
        "most flips leave JSON: {flipped_count}"
    );
}

/// The lines with one field changed, under a checksum that is right.
fn forged(line: usize, pointer: &str, value: Value) -> Vec<String> {
    let mut lines = lines(&logged());
    let mut changed: Value = serde_json::from_str(&lines[line]).unwrap();
    *changed.pointer_mut(pointer).expect("a field of the line") = value;
    lines[line] = changed.to_string();
    sealed(lines)
}

/// Lines: header, settings, invoice I, payment P, draft D, part, operations 3, 4 and 5, receipts, end.
#[test]
fn a_forged_export_is_refused() {
    assert!(
        import(&sealed(lines(&logged()))).is_ok(),
        "the checksum made anew is right"
    );

    let refused = |line, pointer: &str, value| refusal(&forged(line, pointer, value));
    let inconsistent = ("invalidExport", "ExportInconsistent", String::new());
    let of_line = |line| {
        (
            "invalidExport",
            "ExportLineInconsistent",
            format!("lines[{line}]"),
        )
    };

    // 6.00 would be applied of a line, and the part says 5.00.
    assert_eq!(refused(2, "/lines/0/applied", json!("6.00")), inconsistent);
    // The part says 4.00, and the lines say 5.00.
    assert_eq!(refused(5, "/items/0/amount", json!("4.00")), inconsistent);
    // The history leads to 4.00.
    assert_eq!(
        refused(8, "/applications/0/items/0/amount", json!("4.00")),
        of_line(8)
    );
    // The undo of an operation that is not there.
    assert_eq!(refused(7, "/undoes", json!(2)), inconsistent);
    assert_eq!(refused(7, "/version", json!(9)), of_line(7));
    // No currency has an amount like this; no document is dated so; nothing can be made from a document to come.
    assert_eq!(refused(3, "/lines/0/amount", json!("20.01")), of_line(3));
    assert_eq!(refused(2, "/madeFrom", json!(7)), of_line(2));
    assert_eq!(refused(3, "/id", json!("I")), of_line(3));
    assert_eq!(refused(10, "/documents", json!(9)), of_line(10));
}

#[test]
fn a_line_of_another_shape_is_refused_at_its_field() {
    let refused = |line, pointer: &str, value| refusal(&forged(line, pointer, value));

    let at = |line: usize, field: &str| format!("lines[{line}].{field}");
    assert_eq!(
        refused(2, "/date", json!("2026-02-30")),
        ("invalidDate", "NoSuchDay", at(2, "date"))
    );
    assert_eq!(
        refused(3, "/lines/0/amount", json!(20)),
        ("invalidType", "NumberForDecimal", at(3, "lines[0].amount"))
    );
    assert_eq!(
        refused(3, "/lines/0/amount", json!("20.000")),
        ("invalidExport", "ExportDecimals", at(3, "lines[0].amount"))
    );
    assert_eq!(
        refused(2, "/lines/1/detail/type", json!("taxes")),
        (
            "invalidChoice",
            "MisspeltChoice",
            at(2, "lines[1].detail.type")
        )
    );
    assert_eq!(
        refused(5, "/source", json!(17)),
        ("invalidExport", "ExportDocumentMissing", at(5, "source"))
    );
    assert_eq!(
        refused(9, "/effect", json!("0123456789abcdeF")),
        ("invalidExport", "NoHexadecimalDigits", at(9, "effect"))
    );
    // Not another way to write the same day: an export has one form.
    let (_, _, path) = refused(2, "/date", json!("2026-03-02T10:00:00Z"));
    assert_eq!(path, at(2, "date"));
}

/// A header that announces more documents than memory holds asks for no memory.
#[test]
fn counts_are_not_trusted() {
    let huge = json!(9_007_199_254_740_991_u64);

    let fewer = refusal(&forged(0, "/documents", huge));
    assert_eq!(
        fewer,
        ("invalidExport", "ExportLineUnexpected", "lines[5]".into())
    );
    let more = refusal(&forged(0, "/documents", json!(2)));
    assert_eq!(
        more,
        ("invalidExport", "ExportLineUnexpected", "lines[4]".into())
    );
    // A book without receipts has no log, so it has no last entry.
    let without = refusal(&forged(0, "/receipts", Value::Null));
    assert_eq!(
        without,
        (
            "invalidExport",
            "ExportInconsistent",
            "lines[0].hash".into()
        )
    );
}

#[test]
fn a_newer_format_and_other_lines_are_refused() {
    let newer = refusal(&forged(0, "/formatVersion", json!(2)));
    let at = |field: &str| format!("lines[0].{field}");
    assert_eq!(
        newer,
        ("invalidExport", "ExportFormatUnknown", at("formatVersion"))
    );
    let other = refusal(&forged(0, "/format", json!("beancount")));
    assert_eq!(other, ("invalidExport", "ExportForeign", at("format")));
    let value = refusal(&["5".to_owned()]);
    assert_eq!(value, ("invalidExport", "ExportForeign", "lines[0]".into()));

    let mut more = lines(&logged());
    more.push("{}".to_owned());
    let end = more.len() - 1;
    let after = refusal(&more);
    assert_eq!(
        after,
        (
            "invalidExport",
            "ExportLineUnexpected",
            format!("lines[{end}]")
        )
    );
}

/// Whatever is changed under a right checksum: the export is refused, or its book is exported to the same lines.
#[test]
fn random_forgeries_are_refused_or_a_book() {
    let mut random = operations::Random(7);
    let original = lines(&logged());
    let mut refused_count = 0;
    for _ in 0..3000 {
        let mut forged = original.clone();
        let line =
            usize::try_from(random.number(u64::try_from(forged.len() - 1).unwrap())).unwrap();
        let mut bytes = forged[line].clone().into_bytes();
        let place = usize::try_from(random.number(u64::try_from(bytes.len()).unwrap())).unwrap();
        if bytes[place].is_ascii_digit() {
            bytes[place] = b'0' + u8::try_from(random.number(10)).unwrap();
        } else {
            bytes[place] = b' ' + u8::try_from(random.number(90)).unwrap();
        }
        forged[line] = String::from_utf8(bytes).unwrap();
        if serde_json::from_str::<Value>(&forged[line]).is_err() {
            continue;
        }
        let forged = sealed(forged);
        match import(&forged) {
            Ok(book) => {
                let values = |lines: &[String]| -> Vec<Value> {
                    lines
                        .iter()
                        .map(|line| serde_json::from_str(line).unwrap())
                        .collect()
                };
                let [mut again, mut given] = [values(&lines(&book)), values(&forged)];
                again.pop();
                given.pop();
                assert_eq!(again, given);
            }
            Err(error) => {
                assert_ne!(error.code().as_str(), "engineFault", "{error}");
                refused_count += 1;
            }
        }
    }
    assert!(refused_count > 500, "{refused_count}");
}
