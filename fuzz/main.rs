//! Random input for as long as one likes, on the stable toolchain: bytes that nobody should send, and splits of every
//! size, each against what must hold.
//!
//! `cargo test --test fuzz` takes a few seconds; `SETOFF_FUZZ_SECONDS=600` takes ten minutes, `SETOFF_FUZZ_SEED=…` goes
//! the same way again, and with `SETOFF_FUZZ_CASE=…` goes to one case at once. What fails is printed with all three.

mod random;
mod splits;
#[path = "../tests/support/wire.rs"]
mod wire;

use random::Random;
use serde_json::{Value, json};
use setoff::book::PlanFingerprint;
use setoff::wire::plan::PlanRequest;
use setoff::{Book, Code};
use sha2::{Digest, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    println!("fuzz: {seconds} s, seed {seed}");
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

const DAY: &str = "2026-03-31";

fn commands() -> [Value; 5] {
    let tax = |id: &str, amount: &str| json!({ "id": id, "amount": amount, "name": "VAT", "rate": "0.2" });
    [
        json!({
            "type": "createInvoice", "at": DAY, "id": "I", "dueDate": "2026-04-30", "autoPost": true,
            "items": [
                { "id": "a", "amount": "10.00", "quantity": "2", "unitPrice": "5", "taxItems": [tax("t", "2.00")] },
                { "id": "d", "amount": "-1.00", "appliedToItemId": "a" },
            ],
        }),
        json!({ "type": "createInvoice", "at": DAY, "id": "J", "currency": "CHF",
                "items": [{ "id": "a", "amount": "0.05" }] }),
        json!({ "type": "createCreditMemo", "at": DAY, "id": "M", "autoPost": true,
                "items": [{ "id": "a", "amount": "9.00", "taxItems": [tax("t", "1.50")] }] }),
        json!({ "type": "applyCreditMemo", "at": DAY, "creditMemoId": "M",
                "invoices": [{ "invoiceId": "I", "amount": "7.00" }] }),
        json!({ "type": "unapplyCreditMemo", "at": DAY, "creditMemoId": "M",
                "invoices": [{ "invoiceId": "I", "amount": "1.00" }] }),
    ]
}

fn options() -> Value {
    json!({ "currency": "USD", "accountId": "A", "currencies": [{ "code": "CHF", "increment": "0.05" }] })
}

/// Other requests that are read.
fn requests() -> [Value; 5] {
    let method =
        json!({ "preset": "dinero", "firstPass": "halfEven", "leftover": "last", "mirror": true });
    [
        options(),
        json!({ "of": "invoice", "where": { "status": "posted" }, "page": { "number": 1, "size": 5 } }),
        json!({ "of": "item", "where": { "documentId": "I" } }),
        json!({ "amount": "100.00", "weights": ["1", "2.5", "0"], "caps": ["50", "60", "7"], "keys": ["b", "a", "b"],
                "increment": "0.05", "method": method }),
        json!({ "amount": "-7", "weights": ["3", "4"], "method": "rubyMoney" }),
    ]
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
