//! Random accounts and commands against the naive model: whatever is asked of a book, in whatever order, the engine and
//! the model give the same answer, down to the cent of every line and the code of every refusal.
//!
//! `PROPTEST_CASES` says how many accounts there are, of some ten commands each; every command runs six times:
//! previewed, previewed with its lists in another order, committed, executed, on a restored book, and by the model.

#[path = "support/model.rs"]
mod model;
#[path = "support/recipe.rs"]
mod recipe;
#[path = "support/mod.rs"]
mod support;

use model::{Document, Item, Model, verb};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use recipe::{AccountRecipe, account};
use serde_json::{Value, json};
use setoff::Code;
use setoff::command::TYPES;
use setoff::document::Figures;
use setoff::settle::can;
use std::collections::{BTreeMap, BTreeSet};
use support::covers::covers;
use support::host::{Host, Json, Plan};
use support::{invariants, oracles, property};

/// The same list in another order.
fn shuffle(list: &mut [Value], seed: &mut u64) {
    for last in (1..list.len()).rev() {
        // Knuth's MMIX generator; its high bits are good enough to shuffle by.
        *seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        list.swap(last, usize::try_from(*seed >> 33).unwrap() % (last + 1));
    }
}

/// The same command, its targets and the lines that it names in another order. That of the items of a new document
/// means something, and so does that of changes and of the commands of a bulk command.
fn reordered(command: &Value, mut seed: u64) -> Value {
    let mut command = command.clone();
    let (verb, _) = verb(&command);
    if matches!(&*verb, "refund" | "writeOff" | "pay") {
        command
            .get_mut("items")
            .and_then(Value::as_array_mut)
            .into_iter()
            .for_each(|list| shuffle(list, &mut seed));
    }
    if verb == "applyCredits"
        && let Some(sources) = command.get_mut("sources").and_then(Value::as_array_mut)
    {
        shuffle(sources, &mut seed);
    }
    for list in ["invoices", "debitMemos"] {
        if let Some(list) = command.get_mut(list).and_then(Value::as_array_mut) {
            shuffle(list, &mut seed);
            for items in list
                .iter_mut()
                .filter_map(|entry| entry.get_mut("items").and_then(Value::as_array_mut))
            {
                shuffle(items, &mut seed);
            }
        }
    }
    command
}

/// A book and the model of it, which must agree after every command.
struct Account {
    host: Host,
    model: Model,
    /// A plan of an earlier state.
    stale: Option<Plan>,
}

impl Account {
    fn open(model: Model) -> Self {
        Self {
            host: Host::open(model.options()).unwrap(),
            model,
            stale: None,
        }
    }

    /// Carries a command out in every way there is, and returns the code of its refusal, if it was refused.
    fn step(&mut self, command: &Value, shuffle: u64) -> Option<&'static str> {
        let before = (self.host.book.hash(), self.host.book.snapshot());
        let then = self.host.clone();
        let expected = self.model.execute(command);
        let plan = self.host.preview(command);
        self.check_order(command, shuffle, plan.as_ref().map(|plan| &plan.json));
        assert_eq!(
            (self.host.book.hash(), self.host.book.snapshot()),
            before,
            "a preview changes nothing"
        );
        let committed = plan.clone().map(|plan| {
            let mut host = self.host.clone();
            (host.commit(&plan).unwrap(), host.book.snapshot())
        });
        let can = self.can(command);
        let answer = self.host.execute(command);
        // What must hold of any result comes first: the model could share a mistake with the engine.
        if let Ok(json) = &answer {
            oracles::check(&then.book, command, &json.value());
        }
        match (&answer, &expected) {
            (Ok(json), Ok(model)) => {
                // The model does not know all fields of a document.
                assert_eq!(covers(model, &json.value(), "outcome"), Ok(()));
                assert!(can, "what can be done can be done");
            }
            (Err(error), Err(code)) => {
                assert_eq!(error.code().as_str(), *code, "the engine says {error}");
                assert_eq!(
                    (self.host.book.hash(), self.host.book.snapshot()),
                    before,
                    "a refusal changes nothing"
                );
            }
            (Ok(json), Err(code)) => panic!(
                "the model refuses this by {code}; the outcome was {}",
                json.0
            ),
            (Err(error), Ok(model)) => {
                panic!("{} ({error}) for what is {model}", error.code().as_str())
            }
        }
        assert_eq!(
            plan.as_ref().map(|plan| &plan.json),
            answer.as_ref(),
            "a preview is what follows"
        );
        if let (Ok(json), Ok((of_commit, snapshot))) = (&answer, committed) {
            assert_eq!(
                (json, &self.host.book.snapshot()),
                (&of_commit, &snapshot),
                "a commit is the execution"
            );
        }
        if let Ok(json) = &answer {
            self.check_undo(command, &json.value(), &before.0);
        }
        self.check_stale_plan(plan.ok());
        self.check_state();
        expected.err()
    }

    /// Whether the book says that a document is in a state for the command, if it is about one that is there.
    fn can(&self, command: &Value) -> bool {
        let (name, kind) = verb(command);
        let field = kind.map(model::id_field).unwrap_or_default();
        let id = command[field].as_str().unwrap_or_default();
        let mut types = TYPES.iter();
        let known = types.find(|(known, ..)| *known == command["type"]);
        let kind = known.and_then(|(.., kind)| *kind);
        let index = kind.and_then(|kind| self.host.book.documents().find_key(kind, id));
        match (index, known.map(|(_, verb, _)| *verb)) {
            // A credit memo of which nothing is open can be reversed or written off, by the mirror rule.
            // Who means all that is open need not know whether there is anything.
            _ if command["invoices"] == "allOpen" || command["debitMemos"] == "allOpen" => true,
            (Some(index), Some(verb)) if !matches!(&*name, "create" | "writeOff") => {
                // A refund with more to be unapplied has nothing open before.
                let is_later = name == "refund" && command.get("amount").is_none_or(|_| true);
                is_later || name == "unapply" || can(self.host.book.context(), index, verb)
            }
            _ => true,
        }
    }

    /// The order of a request's lists changes nothing but the paths of refusals.
    fn check_order(&mut self, command: &Value, shuffle: u64, plan: Result<&Json, &setoff::Error>) {
        let again = self.host.preview(&reordered(command, shuffle));
        // Amounts are read field by field: there the first decides.
        const OF_AMOUNTS: [Code; 3] = [Code::TooManyDecimals, Code::OutOfRange, Code::OffIncrement];
        let facts = |error: &setoff::Error| match error.code() {
            code if OF_AMOUNTS.contains(&code) => None,
            code => Some((code, error.sentence())),
        };
        assert_eq!(
            again.as_ref().map(|plan| &plan.json).map_err(facts),
            plan.map_err(facts),
            "the order of a request"
        );
    }

    /// What was applied, taken back or undone can be undone: then it is as if it had never been.
    fn check_undo(&self, command: &Value, outcome: &Value, before: &str) {
        let (verb, _) = verb(command);
        if !matches!(
            &*verb,
            "apply" | "applyCredits" | "collect" | "unapply" | "undo"
        ) {
            return;
        }
        let mut host = self.host.clone();
        let group = &outcome["applicationGroupId"];
        // Who means all that is open may find nothing.
        if group.is_null() {
            assert_eq!(host.book.hash(), *before, "nothing was applied");
            return;
        }
        let undo = json!({ "type": "undo", "at": "2026-12-31", "applicationGroupId": group });
        host.execute(&undo).unwrap();
        assert_eq!(host.book.hash(), *before, "undone is as never done");
        invariants::check(&host.book);
    }

    /// What a plan promised earlier is kept, or refused.
    fn check_stale_plan(&mut self, plan: Option<Plan>) {
        if let Some(stale) = &self.stale {
            let mut host = self.host.clone();
            match host.commit(stale) {
                Ok(json) => {
                    let (planned, done) = (stale.json.value(), json.value());
                    for list in ["amount", "applications", "documents", "lines"] {
                        assert_eq!(planned[list], done[list], "a commit keeps what was planned");
                    }
                }
                Err(_) => assert_eq!(
                    host.book.snapshot(),
                    self.host.book.snapshot(),
                    "a refusal changes nothing"
                ),
            }
        }
        self.stale = plan.or(self.stale.take());
    }

    /// What was open on a day is what the model says of that day, line by line.
    fn check_past(&self) {
        let days = ["2026-02-10", "2026-03-31", "2026-04-10"];
        let place = usize::try_from(self.model.version).unwrap() % days.len();
        let day = days[place];
        let query = json!({ "of": "item", "asOf": day, "page": { "size": 99 },
            "fields": ["documentId", "id", "openAmount", "taxItems"] });
        let rows = self.host.query(&query).unwrap().value();
        for row in rows["rows"].as_array().unwrap() {
            self.check_line_of_past(&row["documentId"], row, day);
            for tax in row["taxItems"].as_array().unwrap() {
                self.check_line_of_past(&row["documentId"], tax, day);
            }
        }
    }

    fn check_line_of_past(&self, document: &Value, row: &Value, day: &str) {
        let model = &self.model;
        let is_it = |known: &model::Document| !known.deleted && known.id == *document;
        let index = model.documents.iter().position(is_it).unwrap();
        let Document {
            lines, currency, ..
        } = &model.documents[index];
        let line = lines.iter().position(|line| line.id == row["id"]).unwrap();
        let [applied, refunded] = model.on(index, day)[line];
        let open = currency.write(model.line_net(index, line) - applied - refunded);
        assert_eq!(row["openAmount"], open, "{document} {row} on {day}");
    }

    /// The figures of all documents and lines, and all parts, are those of the model.
    fn check_state(&self) {
        let book = &self.host.book;
        invariants::check(book);
        assert_eq!(book.documents().all().count(), self.model.documents.len());
        for ((index, document), model) in book.documents().all().zip(&self.model.documents) {
            let header = document.header();
            assert_eq!(
                (&*header.id, header.status.as_str()),
                (&*model.id, model.status)
            );
            assert_eq!(
                (header.reversed, header.deleted),
                (model.reversed, model.deleted),
                "{}",
                model.id
            );
            assert_eq!(document.lines().len(), model.lines.len(), "{}", model.id);
            let lines = document
                .figures()
                .iter()
                .zip(document.lines())
                .zip(&model.lines);
            for (line, ((figures, found), expected)) in lines.enumerate() {
                let used = [
                    self.model.line_applied(index.get(), line),
                    self.model.line_refunded(index.get(), line),
                ];
                assert_eq!(*found.id, *expected.id);
                let [applied, refunded] = used;
                assert_eq!(
                    minor(figures),
                    [expected.amount, expected.netted, applied, refunded],
                    "{} {line}",
                    model.id
                );
                let source = found
                    .source
                    .map(|place| (place.document.get(), place.line.get()));
                assert_eq!(source, expected.source, "{} {line}", model.id);
            }
            for (target, part) in book.documents().parts_of(index) {
                let found: Vec<_> = part
                    .items()
                    .iter()
                    .map(|item| Item {
                        source: item.source.get(),
                        target: item.target.get(),
                        amount: item.amount.minor().into(),
                    })
                    .collect();
                assert_eq!(
                    found,
                    self.model.part(index.get(), target.get()),
                    "the part of {}",
                    model.id
                );
            }
        }
        let items: usize = book
            .documents()
            .parts()
            .map(|(_, _, part)| part.items().len())
            .sum();
        assert_eq!(items, self.model.applied.len());
        self.check_past();

        let restored = self.host.restored().unwrap();
        assert_eq!(
            restored.book.hash(),
            book.hash(),
            "a restored book has the same state"
        );
        assert_eq!(
            restored.book.snapshot(),
            book.snapshot(),
            "a restored book has the same snapshot"
        );
    }
}

fn minor(figures: &Figures) -> [i128; 4] {
    [
        figures.amount(),
        figures.netted(),
        figures.applied(),
        figures.refunded(),
    ]
    .map(|amount| amount.minor().into())
}

impl AccountRecipe {
    /// Takes an account through all its commands; `tell` hears of each and of the code by which it was refused.
    fn live(&self, mut tell: impl FnMut(&Value, Option<&'static str>)) {
        let mut account = Account::open(self.model());
        for step in &self.steps {
            if step.restore {
                account.host = account.host.restored().unwrap();
            }
            let command = step.command(&account.model);
            tell(&command, account.step(&command, step.shuffle));
        }
    }
}

proptest! {
    #![proptest_config(property::config(300))]

    #[test]
    fn a_book_does_what_the_model_does(recipe in account()) {
        recipe.live(|_, _| {});
    }
}

/// The property above is worth what its commands reach: many of each kind are carried out, and every refusal is met.
#[test]
fn the_random_commands_reach_every_refusal() {
    let mut runner = TestRunner::deterministic();
    let mut outcomes = BTreeMap::<_, u32>::new();
    for _ in 0..800 {
        let recipe = account().new_tree(&mut runner).unwrap().current();
        recipe.live(|command, refusal| {
            *outcomes
                .entry((command["type"].as_str().unwrap().to_owned(), refusal))
                .or_default() += 1
        });
    }
    let seldom = TYPES.iter().filter(|(name, ..)| {
        *name != "changePlan"
            && outcomes
                .get(&((*name).to_owned(), None))
                .copied()
                .unwrap_or(0)
                == 0
    });
    assert_eq!(
        seldom.map(|(name, ..)| *name).collect::<Vec<_>>(),
        Vec::<&str>::new(),
        "tests/support/recipe.rs makes no commands of these that are carried out: {outcomes:#?}"
    );
    let met: BTreeSet<_> = outcomes
        .keys()
        .filter_map(|(_, refusal)| *refusal)
        .collect();
    let every = "accountMismatch alreadySettled amountNotPositive currencyMismatch dateTooEarly documentNotFound \
                 duplicateEntry duplicateId exceedsApplied exceedsAvailableToCredit exceedsBalance exceedsItem \
                 exceedsUnapplied groupNotFound invalidChoice invalidDiscount invalidItem invalidStatus \
                 itemNotFound kindMismatch limitExceeded missingField noSourceItem nothingToSettle offIncrement \
                 outOfRange periodClosed sumMismatch tooManyDecimals unknownCurrency unknownField \
                 unknownReasonCode";
    assert_eq!(met, every.split_whitespace().collect());
}
