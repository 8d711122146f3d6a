//! Random accounts and commands against the naive model: whatever is asked of a book, in whatever order, the engine and
//! the model give the same answer, down to the cent of every line and the code of every refusal.

#[path = "support/model.rs"]
mod model;
#[path = "support/recipe.rs"]
mod recipe;
#[path = "support/mod.rs"]
mod support;

use model::{CURRENCIES, Item, Model};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use recipe::{AccountRecipe, account};
use serde_json::json;
use setoff::Code;
use setoff::document::Figures;
use std::collections::{BTreeMap, BTreeSet};
use support::command::{Command, Kind, Settle};
use support::host::{Host, Json, Plan};
use support::{invariants, property};

const DAY: &str = "2026-03-31";

/// The same list in another order.
fn shuffled<T: Clone>(list: &[T], seed: &mut u64) -> Vec<T> {
    let mut list = list.to_vec();
    for last in (1..list.len()).rev() {
        // Knuth's MMIX generator; its high bits are good enough to shuffle by.
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(last, usize::try_from(*seed >> 33).unwrap() % (last + 1));
    }
    list
}

/// The same command, its targets and their items in another order.
fn reordered(command: &Command, mut seed: u64) -> Command {
    let Command::Settle(Settle { targets: Some(targets), .. }) = command else { return command.clone() };
    let mut targets = shuffled(targets, &mut seed);
    for wanted in &mut targets {
        wanted.items = wanted.items.as_ref().map(|items| shuffled(items, &mut seed));
    }
    let Command::Settle(settle) = command.clone() else { unreachable!() };
    Command::Settle(Settle { targets: Some(targets), ..settle })
}

/// A decimal text as the engine's grammar has it is all that the model asks for; the boundary sees to that before.
fn is_well_formed(command: &Command) -> bool {
    let Command::Settle(Settle { targets: Some(targets), .. }) = command else { return true };
    let amounts = targets
        .iter()
        .flat_map(|wanted| wanted.amount.iter().chain(wanted.items.iter().flatten().map(|pair| &pair.amount)));
    amounts.into_iter().all(|amount| !amount.contains('e'))
}

/// A book and the model of it, which must agree after every command.
struct Account {
    host: Host,
    model: Model,
    /// The commands that made and posted documents: what must be left when every application is taken back.
    made: Vec<Command>,
    /// A plan of an earlier state.
    stale: Option<Plan>,
}

impl Account {
    fn open(currency: usize) -> Self {
        let model = Model::new(CURRENCIES[currency]);
        let host = Host::open(&model.options()).unwrap();
        Self { host, model, made: Vec::new(), stale: None }
    }

    /// Carries a command out in every way there is, and answers with the code of its refusal, if it was refused.
    fn step(&mut self, command: &Command, shuffle: u64) -> Option<&'static str> {
        let request = command.json(DAY);
        let before = (self.host.book.hash(), self.host.book.snapshot());
        let expected = if is_well_formed(command) { self.model.execute(command, DAY) } else { Err("invalidDecimal") };
        let plan = self.host.preview(&request);
        self.check_order(command, shuffle, plan.as_ref().map(|plan| &plan.json));
        assert_eq!((self.host.book.hash(), self.host.book.snapshot()), before, "a preview changes nothing");
        let committed = plan.clone().map(|plan| {
            let mut host = self.host.clone();
            (host.commit(&plan).unwrap(), host.book.snapshot())
        });

        let answer = self.host.execute(&request);
        match (&answer, &expected) {
            (Ok(json), Ok(model)) => assert_eq!(&json.value(), model, "the outcome is that of the model"),
            (Err(error), Err(code)) => {
                assert_eq!(error.code().as_str(), *code, "{error}");
                assert_eq!((self.host.book.hash(), self.host.book.snapshot()), before, "a refusal changes nothing");
            }
            (Ok(json), Err(code)) => panic!("the model refuses this by {code}; the outcome was {}", json.0),
            (Err(error), Ok(model)) => panic!("{} ({error}) for what is {model}", error.code().as_str()),
        }
        assert_eq!(plan.as_ref().map(|plan| &plan.json), answer.as_ref(), "a preview is what follows");
        if let (Ok(json), Ok((of_commit, snapshot))) = (&answer, committed) {
            assert_eq!((json, &self.host.book.snapshot()), (&of_commit, &snapshot), "a commit is the execution");
        }
        if answer.is_ok() && !matches!(command, Command::Settle(_)) {
            self.made.push(command.clone());
        }
        self.check_stale_plan(plan.ok());
        self.check_state();
        expected.err()
    }

    /// The order of a request's lists changes nothing but the paths of refusals.
    fn check_order(&mut self, command: &Command, shuffle: u64, plan: Result<&Json, &setoff::Error>) {
        let again = self.host.preview(&reordered(command, shuffle).json(DAY));
        let facts = |error: &setoff::Error| (error.code(), error.needed().to_owned(), error.found().to_owned());
        assert_eq!(again.as_ref().map(|plan| &plan.json).map_err(facts), plan.map_err(facts), "the order of a request");
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
                Err(_) => assert_eq!(host.book.snapshot(), self.host.book.snapshot(), "a refusal changes nothing"),
            }
        }
        self.stale = plan.or(self.stale.take());
    }

    /// The figures of all documents and lines, and all parts, are those of the model.
    fn check_state(&self) {
        let book = &self.host.book;
        invariants::check(book);
        assert_eq!(book.documents().iter().count(), self.model.documents.len());
        for ((index, document), model) in book.documents().iter().zip(&self.model.documents) {
            assert_eq!(*document.header().id, *model.id);
            assert_eq!(document.header().status.as_str(), if model.posted { "posted" } else { "draft" });
            let lines = document.figures().iter().zip(document.lines()).zip(&model.lines);
            for (line, ((figures, found), expected)) in lines.enumerate() {
                let applied = self.model.line_applied(index.get(), line);
                assert_eq!(*found.id, *expected.id);
                assert_eq!(minor(figures), [expected.amount, expected.netted, applied, 0], "{} {line}", model.id);
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
                assert_eq!(found, self.model.part(index.get(), target.get()), "the part of {}", model.id);
            }
        }
        let items: usize = book.documents().parts().map(|(_, _, part)| part.items().len()).sum();
        assert_eq!(items, self.model.applied.len());

        let restored = self.host.restored().unwrap();
        assert_eq!(restored.book.hash(), book.hash(), "a restored book has the same state");
        assert_eq!(restored.book.snapshot(), book.snapshot(), "a restored book has the same snapshot");
    }

    /// Whatever was applied, in whatever order: when all of it is taken back, it is as if it had never been. Nor does
    /// it matter in which order the documents were made.
    fn check_undo(mut self, mut seed: u64) {
        let sources: Vec<_> = self.model.documents.iter().filter(|document| document.kind.is_source()).collect();
        for source in shuffled(&sources, &mut seed) {
            let request = if source.kind == Kind::Payment {
                json!({ "type": "unapplyPayment", "at": DAY, "paymentId": source.id })
            } else {
                json!({ "type": "unapplyCreditMemo", "at": DAY, "creditMemoId": source.id })
            };
            if let Err(error) = self.host.execute(&request) {
                assert!(matches!(error.code(), Code::NothingToSettle | Code::InvalidStatus), "{error}");
            }
        }
        assert_eq!(self.host.book.documents().parts().count(), 0);
        let mut bare = Host::open(&self.model.options()).unwrap();
        let is_create = |command: &&Command| matches!(command, Command::Create(_));
        let (creates, posts): (Vec<_>, Vec<_>) = self.made.iter().partition(is_create);
        for command in shuffled(&creates, &mut seed).into_iter().chain(posts) {
            bare.execute(&command.json(DAY)).unwrap();
        }
        assert_eq!(self.host.book.hash(), bare.book.hash(), "undone is as never done");
    }
}

fn minor(figures: &Figures) -> [i128; 4] {
    [figures.amount(), figures.netted(), figures.applied(), figures.refunded()].map(|amount| amount.minor().into())
}

impl AccountRecipe {
    /// Takes an account through all its commands; `tell` hears of each and of the code by which it was refused.
    fn live(&self, mut tell: impl FnMut(&Command, Option<&'static str>)) {
        let mut account = Account::open(self.currency);
        for step in &self.steps {
            if step.restore {
                account.host = account.host.restored().unwrap();
            }
            let command = step.command(&account.model);
            tell(&command, account.step(&command, step.shuffle));
        }
        account.check_undo(self.steps.iter().fold(0, |seed, step| seed ^ step.shuffle));
    }
}

proptest! {
    #![proptest_config(property::config(300))]

    #[test]
    fn a_book_does_what_the_model_does(recipe in account()) {
        recipe.live(|_, _| {});
    }
}

/// The property above is worth what its commands reach: many are carried out, and every refusal is met.
#[test]
fn the_random_commands_reach_every_refusal() {
    let mut runner = TestRunner::deterministic();
    let mut outcomes = BTreeMap::<_, u32>::new();
    for _ in 0..300 {
        let recipe = account().new_tree(&mut runner).unwrap().current();
        recipe.live(|command, refusal| *outcomes.entry((command.name(), refusal)).or_default() += 1);
    }
    let done = |name: &str| outcomes.get(&(name.to_owned(), None)).copied().unwrap_or(0);
    assert!(done("applyCreditMemo") > 200 && done("unapplyCreditMemo") > 70, "{outcomes:#?}");
    assert!(done("applyPayment") > 100 && done("unapplyPayment") > 30, "{outcomes:#?}");
    let met: BTreeSet<_> = outcomes.keys().filter_map(|(_, refusal)| *refusal).collect();
    let every = "accountMismatch amountNotPositive currencyMismatch documentNotFound duplicateEntry duplicateId \
                 exceedsApplied exceedsBalance exceedsItem exceedsUnapplied invalidDecimal invalidDiscount \
                 invalidStatus itemNotFound kindMismatch missingField nothingToSettle offIncrement outOfRange \
                 sumMismatch tooManyDecimals unknownCurrency";
    assert_eq!(met, every.split_whitespace().collect());
}
