//! What bytes of any kind are given to, and what must hold then. Nothing here is random: the fuzzer that is guided by
//! coverage (`fuzz/guided`) finds the bytes, and every test run tries those that it kept (`fuzz/corpus`) again.
//!
//! Snapshots and exports get the checksum that they need, and commands become the entries of a log, so that more is
//! tried than the refusal of a checksum.

use crate::requests::{commands, options};
use crate::wire::encode;
use serde_json::Value;
use setoff::book::EntryOptions;
use setoff::wire::entry::{self, Execution};
use setoff::wire::export::{Import, export};
use setoff::wire::plan::PlanRequest;
use setoff::wire::{decode, generate, prorate, query, read};
use setoff::{Book, Code, Error};
use sha2::{Digest, Sha256};

/// Takes bytes of any kind, and panics where something does not hold.
pub type Target = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Target); 5] = [
    ("snapshot", snapshot),
    ("log", log),
    ("plan", plan),
    ("request", request),
    ("export", exported),
];

/// Bytes of this length are no more than larger ones of the same kind, and slower.
const MOST: usize = 1 << 16;

/// The bytes of a snapshot without its checksum: they are refused, or they are a book that is saved to the same book.
fn snapshot(content: &[u8]) {
    const CHECKSUM: usize = 8;
    let mut bytes = content.to_vec();
    bytes.extend(&Sha256::digest(content)[..CHECKSUM]);
    match Book::restore(&bytes) {
        Ok(book) => check_book(&book),
        Err(error) => assert_eq!(error.code(), Code::InvalidSnapshot, "{error}"),
    }
}

/// A book is the same after it is saved and after it is exported.
fn check_book(book: &Book) {
    let saved = book.snapshot();
    let restored = Book::restore(&saved).expect("a book that was saved is read");
    assert_eq!(restored.snapshot(), saved, "a book has one snapshot");
    assert_eq!(restored.hash(), book.hash(), "a book has one hash");

    let lines = lines_of(book);
    let imported = import(&lines).expect("a book that was exported is read");
    assert_eq!(imported.snapshot(), saved, "an export is the whole book");
}

fn lines_of(book: &Book) -> Vec<String> {
    let mut text = String::new();
    export(book, &mut |piece| text.push_str(piece)).expect("there is room for an export");
    text.lines().map(str::to_owned).collect()
}

fn import(lines: &[String]) -> Result<Book, Error> {
    let mut import = Import::default();
    for line in lines {
        let value: Value = serde_json::from_str(line).expect("lines of JSON");
        import.take(&read(&encode(&value))?, line)?;
    }
    import.finish()
}

/// Lines of an export, whose last gets the checksum of the others.
fn exported(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines
        .iter()
        .any(|line| serde_json::from_str::<Value>(line).is_err())
    {
        return;
    }
    if let Some(end) = lines.pop() {
        let mut end: Value = serde_json::from_str(&end).expect("a line of JSON");
        if let Some(fields) = end.as_object_mut() {
            let sealed = lines
                .iter()
                .map(|line| format!("{line}\n"))
                .collect::<String>();
            fields.insert("checksum".to_owned(), hex(&Sha256::digest(sealed)).into());
        }
        lines.push(end.to_string());
    }
    match import(&lines) {
        Ok(book) => check_book(&book),
        Err(error) => assert_ne!(error.code(), Code::EngineFault, "{error}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A list of the options of a book and of commands. What is carried out makes a log, and the log makes the same book; a
/// log from which an entry is missing, or whose entry says something else, is refused as one. The list is also taken
/// for a log as it is.
fn log(bytes: &[u8]) {
    let Ok(Value::Array(given)) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let Some((options, commands)) = given.split_first() else {
        return;
    };
    let mut options = options.clone();
    if let Some(fields) = options.as_object_mut() {
        fields.insert("log".to_owned(), true.into());
    }
    check_refusal(replay(&given).err());

    let bytes = encode(&options);
    let Ok(value) = read(&bytes) else { return };
    let Ok((mut book, Some(first))) = entry::open(&value) else {
        return;
    };
    let mut entries = vec![first];
    for command in commands {
        entries.extend(execute(&mut book, command));
    }
    let mut entries: Vec<Value> = entries
        .iter()
        .map(|entry| serde_json::from_str(entry).expect("an entry is JSON"))
        .collect();
    let replayed = replay(&entries).expect("what was carried out is carried out again");
    assert_eq!(replayed.snapshot(), book.snapshot(), "a log makes its book");

    let place = bytes.len() % entries.len();
    entries[place]["note"] = "altered".into();
    let refused = replay(&entries).err();
    assert_eq!(refused.map(|error| error.code()), Some(Code::EntryMismatch));
    entries.remove(place);
    if place < entries.len() {
        let refused = replay(&entries).err();
        assert_eq!(refused.map(|error| error.code()), Some(Code::EntryMismatch));
    }
}

fn execute(book: &mut Book, command: &Value) -> Option<String> {
    let bytes = encode(command);
    let value = read(&bytes).ok()?;
    let (hash, saved) = (book.hash(), book.snapshot());
    let options = EntryOptions::default();
    let executed = entry::execute(book, &value, &options, |_, entry| {
        Ok(entry.map(str::to_owned))
    });
    match executed {
        Ok(Execution::Done(entry)) => entry,
        Ok(Execution::Repeated(_)) => panic!("a command without a name came again"),
        Err(error) => {
            assert_eq!(
                (book.hash(), book.snapshot()),
                (hash, saved),
                "refused: {error}"
            );
            check_refusal(Some(error));
            None
        }
    }
}

fn replay(entries: &[Value]) -> Result<Book, Error> {
    let first = encode(entries.first().unwrap_or(&Value::Null));
    let (mut book, _) = entry::replay_first(&read(&first)?)?;
    for (index, later) in entries.iter().enumerate().skip(1) {
        entry::replay(&mut book, &read(&encode(later))?, index)?;
    }
    Ok(book)
}

fn check_refusal(refusal: Option<Error>) {
    if let Some(error) = refusal {
        assert_ne!(error.code(), Code::EngineFault, "{error}");
    }
}

/// The bytes of a request of any kind: it is read or refused, and what is refused changes nothing.
fn request(bytes: &[u8]) {
    if bytes.len() > MOST {
        return;
    }
    let value = match read(bytes) {
        Ok(value) => value,
        Err(error) => return assert_eq!(error.code(), Code::MalformedRequest, "{error}"),
    };
    if let Ok(options) = decode::options(&value) {
        Book::new(&options).ok();
    }
    if let Ok(request) = prorate::request(&value) {
        check_refusal(request.prorate().err());
    }
    if let Ok(run) = generate::request(&value) {
        check_refusal(run.generate().err());
    }
    let mut book = some_book();
    if let Ok(query) = query::query(&value) {
        check_refusal(book.query(&query).err());
    }
    if let Ok(command) = decode::command(&value) {
        let before = book.hash();
        match book.execute(&command) {
            Ok(_) => check_book(&book),
            Err(error) => {
                assert_eq!(book.hash(), before, "{error}");
                check_refusal(Some(error));
            }
        }
    }
}

/// The bytes of a plan: it is read or refused, and its command is compared with it.
fn plan(bytes: &[u8]) {
    if bytes.len() > MOST {
        return;
    }
    let Ok(value) = read(bytes) else { return };
    let Ok(plan) = PlanRequest::read(&value) else {
        return;
    };
    let mut book = some_book();
    let before = book.snapshot();
    let options = EntryOptions::default();
    let committed = entry::execute(&mut book, plan.command(), &options, |effect, _| {
        plan.check(effect)
    });
    match committed {
        Ok(_) => check_book(&book),
        Err(error) => {
            assert_eq!(book.snapshot(), before, "{error}");
            check_refusal(Some(error));
        }
    }
}

/// A book with an invoice, a credit memo, and what is applied of it.
fn some_book() -> Book {
    let execute = |book: &mut Book, command: &Value| {
        let bytes = encode(command);
        let value = read(&bytes).expect("a request");
        book.execute(&decode::command(&value).expect("a command"))
            .expect("a right command");
    };
    let bytes = encode(&options());
    let options = decode::options(&read(&bytes).expect("a request")).expect("options");
    let mut book = Book::new(&options).expect("a book");
    commands()
        .iter()
        .for_each(|command| execute(&mut book, command));
    book
}
