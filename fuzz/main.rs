//! Random input for as long as one likes, on the stable toolchain: bytes that nobody should send, and splits of every
//! size, each against what must hold.
//!
//! `cargo test --test fuzz` takes a few seconds; `SETOFF_FUZZ_SECONDS=600` takes ten minutes, `SETOFF_FUZZ_SEED=…` goes
//! the same way again, and with `SETOFF_FUZZ_CASE=…` goes to one case at once. What fails is printed with all three.
//!
//! Before that, what a fuzzer guided by coverage has found and `fuzz/corpus` keeps is tried again (`targets.rs`).

mod random;
mod requests;
mod splits;
mod targets;
#[path = "../tests/support/wire.rs"]
mod wire;

use random::Random;
use requests::{commands, options, requests};
use serde_json::{Value, json};
use setoff::book::PlanFingerprint;
use setoff::wire::plan::PlanRequest;
use setoff::{Book, Code};
use sha2::{Digest, Sha256};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One random case.
type Target = fn(&mut Random);

/// What is tried in turn.
const TARGETS: [(&str, Target); 6] = [
    ("request", request),
    ("snapshot", snapshot),
    ("plan", plan),
    ("method", splits::method),
    ("matrix", splits::matrix),
    ("columns", splits::columns),
];

fn main() -> ExitCode {
    // `cargo test` asks every test program what it has.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .map(|value| value.parse().expect("a number"))
    };
    let seconds = number("SETOFF_FUZZ_SECONDS").unwrap_or(3);
    let seed = number("SETOFF_FUZZ_SEED").unwrap_or_else(random::some_seed);
    let only = number("SETOFF_FUZZ_CASE");
    let Some(kept) = try_corpus() else {
        return ExitCode::FAILURE;
    };
    println!("fuzz: {kept} kept inputs; {seconds} s, seed {seed}");
    let began = Instant::now();
    let mut case = only.unwrap_or(0);
    while began.elapsed() < Duration::from_secs(seconds) {
        let (name, target) = TARGETS[usize::try_from(case).unwrap() % TARGETS.len()];
        let run = || target(&mut Random::new(seed, case));
        if catch_unwind(AssertUnwindSafe(run)).is_err() {
            println!("fuzz: FAILED in {name}: SETOFF_FUZZ_SEED={seed} SETOFF_FUZZ_CASE={case}");
            return ExitCode::FAILURE;
        }
        if only.is_some() {
            break;
        }
        case += 1;
    }
    println!(
        "test result: ok. 1 passed; 0 failed; {case} cases of {} targets",
        TARGETS.len()
    );
    ExitCode::SUCCESS
}

/// The folder of the inputs that are kept.
fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

/// Tries every input that is kept, and returns how many there are. `None` if one fails.
fn try_corpus() -> Option<usize> {
    if std::env::var("SETOFF_FUZZ_SEEDS").is_ok() {
        write_seeds();
    }
    let mut count = 0;
    for (name, target) in targets::TARGETS {
        let mut paths: Vec<_> = fs::read_dir(corpus().join(name))
            .expect("a folder of inputs")
            .map(|file| file.expect("a file").path())
            .collect();
        paths.sort();
        for path in paths {
            let bytes = fs::read(&path).expect("an input");
            if catch_unwind(|| target(&bytes)).is_err() {
                println!("fuzz: FAILED with {}", path.display());
                return None;
            }
            count += 1;
        }
    }
    Some(count)
}

/// Writes what the fuzzer begins with: the golden files, and a request of each kind.
fn write_seeds() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let write = |target: &str, name: &str, bytes: &[u8]| {
        let folder = corpus().join(target);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), bytes).expect("a seed");
    };
    for format in [3, 4] {
        let path = tests.join(format!("snapshots/format-{format}.bin"));
        let bytes = fs::read(path).expect("a golden snapshot");
        write(
            "snapshot",
            &format!("format-{format}"),
            &bytes[..bytes.len() - 8],
        );
    }
    let bytes = book().snapshot();
    write("snapshot", "small", &bytes[..bytes.len() - 8]);

    let exported = fs::read(tests.join("exports/format-1.jsonl")).expect("a golden export");
    write("export", "format-1", &exported);
    let mut small = String::new();
    setoff::wire::export::export(&book(), &mut |piece| small.push_str(piece)).expect("an export");
    write("export", "small", small.as_bytes());

    let commands = commands();
    let known = std::iter::once(options()).chain(commands.clone());
    write(
        "log",
        "small",
        json!(known.collect::<Vec<_>>()).to_string().as_bytes(),
    );
    let golden = fs::read_to_string(tests.join("logs/2026-11.json")).expect("a golden log");
    let golden: Value = serde_json::from_str(&golden).expect("JSON");
    let entries = golden["entries"].as_array().expect("entries");
    let asked = entries.iter().map(|entry| &entry["command"]);
    let asked = asked.map(|command| command.get("options").unwrap_or(command));
    write(
        "log",
        "commands",
        json!(asked.collect::<Vec<_>>()).to_string().as_bytes(),
    );
    write("log", "entries", json!(entries[..4]).to_string().as_bytes());

    for (index, request) in commands.iter().chain(&requests()).enumerate() {
        write("request", &format!("{index}"), &wire::encode(request));
        let plan = json!({ "command": request, "fingerprint": "0123456789abcdef",
            "documents": [{ "documentId": "M", "before": "10.50", "after": "3.50" }] });
        write("plan", &format!("{index}"), &wire::encode(&plan));
    }
}

fn book() -> Book {
    let bytes = wire::encode(&options());
    let options = setoff::wire::decode::options(&setoff::wire::read(&bytes).unwrap()).unwrap();
    let mut book = Book::new(&options).unwrap();
    for command in commands() {
        let bytes = wire::encode(&command);
        let command = setoff::wire::decode::command(&setoff::wire::read(&bytes).unwrap()).unwrap();
        book.execute(&command).unwrap();
    }
    book
}

/// Takes changed or random bytes for a request of every kind: they are read or refused, and what is refused changes
/// nothing.
fn request(random: &mut Random) {
    let known: Vec<_> = commands().into_iter().chain(requests()).collect();
    let mut bytes = wire::encode(&known[random.below(known.len())]);
    match random.below(8) {
        0 => bytes = random.bytes(200),
        1 => {
            let other = wire::encode(&known[random.below(known.len())]);
            random.splice(&mut bytes, &other);
        }
        _ => random.edit(&mut bytes),
    }
    let value = match setoff::wire::read(&bytes) {
        Ok(value) => value,
        Err(error) => return assert_eq!(error.code(), Code::MalformedRequest),
    };
    if let Ok(options) = setoff::wire::decode::options(&value) {
        Book::new(&options).ok();
    }
    if let Ok(request) = setoff::wire::allocate::request(&value)
        && let Ok(split) = request.split()
    {
        let written = setoff::wire::allocate::write(&split, request.method);
        assert_eq!(written.len(), 9 + 2 * request.weights.len());
        let reason = request.why(random.below(request.weights.len().max(1)));
        assert_eq!(reason.is_ok(), !request.weights.is_empty());
    }
    let mut book = book();
    if let Ok(query) = setoff::wire::query::query(&value) {
        book.query(&query).ok();
    }
    if let Ok(command) = setoff::wire::decode::command(&value) {
        let before = book.hash();
        if book.execute(&command).is_err() {
            assert_eq!(book.hash(), before);
        }
    }
}

/// A changed snapshot behind a checksum that is right: it is refused, or a book that has this very snapshot.
fn snapshot(random: &mut Random) {
    const CHECKSUM: usize = 8;
    let mut content = book().snapshot();
    content.truncate(content.len() - CHECKSUM);
    random.edit(&mut content);
    let checksum = Sha256::digest(&content);
    content.extend(&checksum[..CHECKSUM]);
    match Book::restore(&content) {
        Ok(mut book) => {
            assert_eq!(book.snapshot(), content, "a book has one snapshot");
            for command in commands() {
                let bytes = wire::encode(&command);
                let value = setoff::wire::read(&bytes).unwrap();
                book.execute(&setoff::wire::decode::command(&value).unwrap())
                    .ok();
            }
            let again = Book::restore(&book.snapshot()).unwrap();
            assert_eq!(again.hash(), book.hash());
        }
        Err(error) => assert_eq!(error.code(), Code::InvalidSnapshot),
    }
}

/// A plan that was changed on its way: it is refused, unless what it needs is still there.
fn plan(random: &mut Random) {
    let command = &commands()[random.below(commands().len())];
    let mut book = book();
    let decoded = |bytes: &[u8]| setoff::wire::decode::command(&setoff::wire::read(bytes).unwrap());
    // Some of the commands are those that made the book: they are refused, and have no plan.
    let Ok(attempt) = book.attempt(&decoded(&wire::encode(command)).unwrap()) else {
        return;
    };
    let fingerprint = attempt.effect().fingerprint().unwrap();
    drop(attempt);

    let is_moved = random.chance(2);
    let other = PlanFingerprint::new(!fingerprint.number());
    let given = if is_moved { other } else { fingerprint };
    let documents = json!([{ "documentId": "M", "before": "10.50", "after": "3.50" }]);
    let request =
        json!({ "command": command, "fingerprint": given.to_string(), "documents": documents });
    let mut bytes = wire::encode(&request);
    let unchanged = bytes.clone();
    random.edit(&mut bytes);
    let Ok(value) = setoff::wire::read(&bytes) else {
        return;
    };
    let Ok(plan) = PlanRequest::read(&value) else {
        return;
    };
    let Ok(command) = setoff::wire::decode::command(plan.command()) else {
        return;
    };
    if let Ok(attempt) = book.attempt(&command) {
        let answer = plan.check(&attempt.effect());
        assert!(bytes != unchanged || answer.is_err() == is_moved);
    }
}
