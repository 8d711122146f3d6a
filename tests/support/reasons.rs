//! What every explanation must be: the reasons add up to what the command does, and to nothing else.

use super::host::Host;
use super::wire::encode;
use serde_json::Value;
use setoff::book::{ApplicationReason, Outcome, ShareReason, StepCode};
use setoff::command::Command;
use setoff::document::{LineIndex, Rule};
use setoff::money::{Amount, Currency, Fraction, Rounding};
use setoff::wire::{decode, read};
use std::ops::Range;

/// Checks the explanation of a command that is about to be executed. Nothing changes by it. A refused command is
/// refused in the same words.
pub fn check(host: &mut Host, command: &Value) {
    let bytes = encode(command);
    let Ok(decoded) = read(&bytes).and_then(|value| decode::command(&value)) else {
        return;
    };
    let (hash, version) = (host.book.hash(), host.book.version());
    let preview = host.book.preview(&decoded);
    let explained = explain(host, &decoded, command);
    assert_eq!((host.book.hash(), host.book.version()), (hash, version));

    match (preview, explained) {
        (Ok(plan), Ok(reasons)) => {
            let settled = plan.outcome.summary.settled.iter();
            let applications = settled.flat_map(|entry| entry.settlement.applications());
            let amounts: Vec<_> = applications
                .map(|application| (application.target, application.rule, application.amount))
                .collect();
            let told: Vec<_> = reasons
                .iter()
                .map(|reason| (reason.target, reason.rule, reason.amount))
                .collect();
            assert_eq!(told, amounts, "{command}");
            check_each_document(host, &decoded, &plan.outcome, command);
        }
        (Err(refusal), Err(explained)) => {
            assert_eq!(refusal.to_string(), explained.to_string(), "{command}");
        }
        (preview, explained) => panic!("{command}: {preview:?}, but {explained:?}"),
    }
}

/// What is said of each document that the command settles, and of the last one of the book, and of their lines, adds up
/// to what was settled of them. At least one step says so, or why nothing was.
fn check_each_document(host: &mut Host, decoded: &Command, outcome: &Outcome, command: &Value) {
    let settled = outcome.summary.settled.iter();
    let mut items = Vec::new();
    for entry in settled {
        for application in entry.settlement.applications() {
            for item in application.items {
                let minor = item.amount.minor();
                items.push((entry.settlement.source, item.source, minor));
                items.push((application.target, item.target, minor));
            }
        }
    }
    let documents = host.book.documents().iter();
    let mut asked: Vec<_> = documents
        .last()
        .map(|(index, _)| index)
        .into_iter()
        .collect();
    asked.extend(items.iter().map(|(document, ..)| *document));
    asked.sort_unstable();
    asked.dedup();

    for document in asked {
        // One that the command creates is not there yet.
        let Some(header) = host.book.documents().header(document) else {
            continue;
        };
        let id = header.id.clone();
        let attempt = host.book.attempt_about(decoded, &id).unwrap();
        let effect = attempt.effect();
        let lines = effect
            .context
            .documents
            .get(document)
            .unwrap()
            .lines()
            .len();
        let lines = (0..lines).map(|line| LineIndex::new(line).unwrap());
        for line in std::iter::once(None).chain(lines.map(Some)) {
            let reason = effect.explain_document(decoded, document, line).unwrap();

            let of_line = items
                .iter()
                .filter(|(of, own, _)| *of == document && line.is_none_or(|line| line == *own));
            let moved: i64 = of_line.map(|(.., minor)| minor).sum();
            assert_eq!(reason.amount.minor(), moved, "{command}: {id} {line:?}");
            assert!(!reason.steps.is_empty(), "{command}: {id} {line:?}");
            for step in &reason.steps {
                let is_settled = matches!(step.code, StepCode::Settled | StepCode::TakenBack);
                let partners: i64 = step.partners.iter().map(|(_, amount)| amount.minor()).sum();
                assert!(
                    is_settled || step.amount.is_zero(),
                    "{command}: {id} {step:?}"
                );
                if line.is_some() {
                    let has_moved = !step.amount.is_zero();
                    assert_eq!(is_settled, has_moved, "{command}: {id} {step:?}");
                    assert_eq!(step.amount.minor(), partners, "{command}: {id} {step:?}");
                }
            }
        }
    }
}

/// The reasons of a command, each of them checked.
fn explain(
    host: &mut Host,
    decoded: &Command,
    command: &Value,
) -> setoff::error::Result<Vec<ApplicationReason>> {
    let attempt = host.book.attempt_with_steps(decoded)?;
    let effect = attempt.effect();
    let reasons = effect.explain(decoded)?;
    for reason in &reasons {
        let source = effect.context.documents.header(reason.source).unwrap();
        check_application(reason, &source.currency, command);
    }
    Ok(reasons)
}

fn check_application(reason: &ApplicationReason, currency: &Currency, command: &Value) {
    for side in [&reason.given, &reason.received] {
        let sum = Amount::sum(side.iter().map(|share| share.part));
        assert_eq!(sum, Some(reason.amount), "{command}");
        for share in side {
            let sum = share.first_pass.plus(share.leftover);
            assert_eq!(sum, Some(share.part), "{command}: {share:?}");
            assert!(share.sentence.ends_with('.'), "{command}: {share:?}");
        }
        let is_split = side
            .iter()
            .any(|share| share.sentence.starts_with("Its exact"));
        if is_split {
            assert_eq!(reason.rule, Rule::Proration, "{command}");
            check_split(side, reason.amount, currency, command);
        }
    }
}

/// Largest remainder, read from the rule: each share is rounded down, and as many units as that leaves over go to the
/// largest remainders, one each.
fn check_split(side: &[ShareReason], amount: Amount, currency: &Currency, command: &Value) {
    let increment = Fraction::new(
        currency.increment().into(),
        10_i128.pow(currency.scale().into()),
    );
    let exact = side.iter().map(|share| share.exact);
    let total = exact.fold(Fraction::ZERO, Fraction::plus);
    let scale = 10_i128.pow(currency.scale().into());
    assert_eq!(
        total,
        Fraction::new(amount.minor().into(), scale),
        "{command}"
    );

    let mut leftover = 0;
    let mut remainders = Vec::new();
    for share in side {
        let count = share.exact.over(increment);
        let floor = count.round(Rounding::Floor).unwrap();
        let first = i128::from(share.first_pass.minor());
        assert_eq!(
            first,
            floor * i128::from(currency.increment()),
            "{command}: {share:?}"
        );
        let remainder = count.minus(Fraction::whole(floor));
        assert_eq!(
            share.rank.is_some(),
            !remainder.is_zero(),
            "{command}: {share:?}"
        );
        if let Some(rank) = share.rank {
            remainders.push((rank, remainder, share.leftover));
        }
        leftover += i128::from(share.leftover.minor()) / i128::from(currency.increment());
    }
    remainders.sort_by_key(|(rank, ..)| *rank);
    let ranks: Vec<_> = remainders.iter().map(|(rank, ..)| *rank).collect();
    let all: Range<usize> = 1..remainders.len() + 1;
    assert_eq!(ranks, all.collect::<Vec<_>>(), "{command}");
    for (rank, _, got) in &remainders {
        assert_eq!(!got.is_zero(), (*rank as i128) <= leftover, "{command}");
    }
    let is_sorted = remainders.is_sorted_by(|(_, a, _), (_, b, _)| !b.exceeds(*a));
    assert!(is_sorted, "{command}: {remainders:?}");
}
