//! What the engine costs a native program: the crate's own interface, timed by Criterion.
//!
//! `cargo bench --bench engine` times each job and says how it differs from the run before. `-- memo` at the end times
//! the jobs with this word in their name. `cargo test --bench engine` runs each job once and times nothing.
//! `npm run bench` compares the engine with JavaScript that does the same.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use setoff::allocate::proportional;
use setoff::document::NewDocument;
use setoff::prelude::*;
use setoff::prorate::{ProrateColumns, ServiceTimes, Terms};
use setoff::query::{Condition, Op, Operand, Selector, SortKey};
use std::hint::black_box;

criterion_main!(jobs);

criterion_group! {
    name = jobs;
    config = Criterion::default().sample_size(20);
    targets = load, small_apply, large_memo, allocation, proration, page, snapshot
}

fn load(criterion: &mut Criterion) {
    let invoices = thousand_invoices();
    criterion.bench_function("load 1,000 invoices of 15 lines", |timer| {
        timer.iter(|| book_of(&invoices));
    });
}

fn small_apply(criterion: &mut Criterion) {
    let mut book = book_of(&[
        lines(Command::invoice("INV-1"), 5, 100).on(day(2)),
        lines(Command::credit_memo("CM-1"), 3, 100).on(day(3)),
    ]);
    let apply = Command::apply("CM-1")
        .to(invoice("INV-1").amount(250))
        .on(day(4));

    criterion.bench_function("preview a memo of 3 lines on an invoice of 5", |timer| {
        timer.iter(|| book.preview(black_box(&apply)).expect("a plan"));
    });

    // Each execution has a book of its own, in which the memo is not applied yet. Making it is not timed.
    criterion.bench_function("execute a memo of 3 lines on an invoice of 5", |timer| {
        timer.iter_batched_ref(
            || book.clone(),
            |book| book.execute(black_box(&apply)).expect("an outcome"),
            BatchSize::SmallInput,
        );
    });
}

fn large_memo(criterion: &mut Criterion) {
    let mut book = book_of(&thousand_invoices());
    let memo = Command::credit_memo("CM-1").item("goodwill", 500_000);
    book.execute(&memo.on(day(3))).expect("a memo");
    let apply = Command::apply("CM-1").to_all_open_invoices().on(day(4));

    criterion.bench_function("preview a memo over 1,000 invoices of 15 lines", |timer| {
        timer.iter(|| book.preview(black_box(&apply)).expect("a plan"));
    });
}

fn allocation(criterion: &mut Criterion) {
    let weights: Vec<u64> = (0..300_000)
        .map(|index| 100 + index * 7_919 % 50_000)
        .collect();

    criterion.bench_function("allocate an amount over 300,000 weights", |timer| {
        timer.iter(|| proportional(black_box(1_000_000_007), &weights).expect("shares"));
    });
}

fn proration(criterion: &mut Criterion) {
    let (from, to) = (day(1).number(), day(31).number() + 1);
    // A service starts on any day of March, and ends with it.
    let starts = (0..10_000).map(|index| i64::from(from) + index % 31);
    let charges = ProrateColumns {
        terms: Terms::default(),
        months: None,
        prices: (0..10_000)
            .map(|index| 100 + index * 7_919 % 50_000)
            .collect(),
        increment: 1,
        service: [
            ServiceTimes::Each(starts.collect()),
            ServiceTimes::One(to.into()),
        ],
        period: [ServiceTimes::One(from.into()), ServiceTimes::One(to.into())],
    };

    criterion.bench_function("prorate 10,000 charges in columns", |timer| {
        timer.iter(|| black_box(&charges).prorate().expect("amounts"));
    });
}

fn page(criterion: &mut Criterion) {
    let book = book_of(&thousand_invoices());
    let balance = || Selector {
        field: RowKind::Invoice
            .field("balance", false)
            .expect("a field of invoices"),
        custom: None,
    };
    let least = Amount::new(500_000).expect("an amount");
    let mut query = Query::all(RowKind::Invoice);
    query.filter = vec![Condition {
        by: balance(),
        op: Op::AtLeast,
        values: vec![Operand::Amount(least, 2)],
    }];
    query.sort = vec![SortKey {
        by: balance(),
        descending: true,
        natural: None,
    }];
    query.total = true;

    criterion.bench_function("a page of the invoices with a large balance", |timer| {
        timer.iter(|| book.query(black_box(&query)).expect("a page").rows);
    });
}

fn snapshot(criterion: &mut Criterion) {
    let book = book_of(&thousand_invoices());
    let bytes = book.snapshot();

    criterion.bench_function("snapshot of 1,000 invoices of 15 lines", |timer| {
        timer.iter(|| book.snapshot());
    });
    criterion.bench_function("restore of 1,000 invoices of 15 lines", |timer| {
        timer.iter(|| Book::restore(black_box(&bytes)).expect("a book"));
    });
}

/// A thousand invoices of fifteen lines.
fn thousand_invoices() -> Vec<Command> {
    (0..1_000)
        .map(|index| lines(Command::invoice(format!("INV-{index}")), 15, 100 + index).on(day(2)))
        .collect()
}

/// A document with a number of lines, the first of a given amount and each of the others one more.
fn lines(document: NewDocument, count: i64, first: i64) -> NewDocument {
    (0..count).fold(document, |document, line| {
        document.item(format!("line-{line}"), first + line)
    })
}

/// A book that has carried out these commands.
fn book_of(commands: &[Command]) -> Book {
    let mut book = Book::in_currency("EUR").expect("a currency");
    for command in commands {
        book.execute(command).expect("an outcome");
    }
    book
}

/// A day of March 2026.
fn day(day: u8) -> Date {
    Date::new(2026, 3, day).expect("a day of March")
}
