//! Settle a demand with what its account has (`settlement.md` 3.16).

use crate::calendar::Date;
use crate::command::settings::Limit;
use crate::command::spread::{DocumentKey, Spread};
use crate::command::{ApplyRequest, CollectRequest, DocumentRef, TargetAmount};
use crate::document::{DocumentIndex, Kind, Rule, Status};
use crate::error::{Code, Error, Path, Result};
use crate::order::sort_by;
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::apply;
use crate::settle::plan::targets::{check_live, find, placed};
use crate::settle::room;

/// Applies credit memos, then payments, until nothing is left of the balance or of them: those of the same account and
/// currency, but none that is excluded from automatic application. The oldest first, of equal age the largest.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `invalidStatus`, `limitExceeded`, `nothingToSettle`.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    request: &CollectRequest,
) -> Result<DocumentIndex> {
    if request.spread.rule == Some(Rule::Explicit) {
        return Err(Spread::refused(
            Rule::Explicit,
            "a rule that needs no stated items",
        ));
    }
    let path = Path::Root.field(request.document.kind.id_field());
    let context = journal.context();
    let target = find(context.documents, &request.document, &path)?;
    let index = target.index;
    check_live(&target, &path)?;
    context
        .settings
        .limits
        .check(Limit::CollectItems, target.document.lines().len(), &path)?;
    let default = [Kind::CreditMemo, Kind::Payment];
    let kinds = if request.kinds.is_empty() {
        &default
    } else {
        &*request.kinds
    };
    let mut has_settled = false;
    for &kind in kinds {
        let sources = sources(journal.context(), index, kind, &request.spread);
        let limit = if kind == Kind::Payment {
            Limit::CollectPayments
        } else {
            Limit::CollectCreditMemos
        };
        let mut used = 0_usize;
        for id in sources {
            let balance = journal
                .context()
                .documents
                .header(index)
                .map(|header| header.figures.open());
            if !balance.is_some_and(|balance| balance.is_positive()) {
                break;
            }
            used = used.saturating_add(1);
            journal
                .context()
                .settings
                .limits
                .check(limit, used, &path)?;
            let target = TargetAmount {
                document: request.document.clone(),
                place: 0,
                amount: None,
                items: None,
            };
            let settle = ApplyRequest {
                source: DocumentRef { kind, id },
                targets: Some(vec![target]),
                spread: request.spread.clone(),
            };
            room::reserve_application(journal.context(), &settle)?;
            apply::run(journal, at, &settle)?;
            has_settled = true;
        }
    }
    if has_settled {
        return Ok(index);
    }
    let needed = "a balance, and something unapplied on its account";
    Err(Error::new(
        Code::NothingToSettle,
        &path,
        needed,
        "neither or one of them",
    ))
}

/// The identifiers of the sources that can settle a document, in their order.
fn sources(
    context: Context<'_>,
    target: DocumentIndex,
    kind: Kind,
    spread: &Spread,
) -> Vec<String> {
    let Ok(target) = placed(context.documents, target) else {
        return Vec::new();
    };
    let target = target.document.header();
    let all = context
        .documents
        .iter()
        .map(|(_, document)| document.header());
    let mut sources: Vec<_> = all
        .filter(|header| {
            header.kind == kind
                && header.status == Status::Posted
                && !header.reversed
                && !header.notes.exclude_from_auto_apply
                && header.account_id == target.account_id
                && header.currency == target.currency
                && header.figures.open().is_positive()
        })
        .collect();
    let oldest_then_largest = || vec![DocumentKey::Date, DocumentKey::Largest];
    let documents = if spread.documents.is_empty() {
        oldest_then_largest()
    } else {
        spread.documents.clone()
    };
    let order = Spread {
        documents,
        ..spread.clone()
    };
    sort_by(&mut sources, |a, b| {
        order.compare(a, b, target.figures.open())
    });
    sources
        .into_iter()
        .map(|header| header.id.to_string())
        .collect()
}
