//! Zuora v1: its addresses, and what answers at each.

mod accounts;
mod bodies;
mod collect;
mod create;
mod files;
mod invoices;
mod jobs;
mod lists;
mod parts;
mod payments;
mod read;
mod refusal;
mod settle;
mod steps;
mod tables;
mod taxes;
mod transfer;
mod update;

use super::needs::{Answer, RestHost};
use super::problem::Problem;
use super::request::{ClientRequest, keys_of};
use super::session::Session;
use super::{ClientReply, Dialect};
pub(super) use read::shown_row;
use serde_json::{Map, Value, json};
pub(super) use tables::{CREDIT_MEMO, DEBIT_MEMO, ITEM_EXTRA, Resource};
use tables::{INVOICE, PAYMENT, REFUND};

/// What answers at an address: it is given the keys that stand in the path.
type Operation = fn(&mut Session<'_>, &[&str]) -> Answer<Value>;

/// An address: method, path below `/v1` with `{}` for a key, and what answers there.
type Route = (&'static str, &'static str, Operation);

/// Older names of steps of a path. Both spellings are in use, within one client too.
const SPELLINGS: [(&str, &str); 4] = [
    ("creditmemos", "credit-memos"),
    ("debitmemos", "debit-memos"),
    ("itemparts", "item-parts"),
    ("taxationitems", "taxation-items"),
];

/// The addresses. Of two that fit, the first counts.
const ROUTES: &[&[Route]] = &[
    CREDIT_MEMOS,
    DEBIT_MEMOS,
    INVOICES,
    PAYMENTS,
    REFUNDS,
    OTHERS,
];

const CREDIT_MEMOS: &[Route] = &[
    ("GET", "credit-memos", |s, _| list(s, &CREDIT_MEMO)),
    ("POST", "credit-memos", |s, _| {
        create::from_charges(s, &CREDIT_MEMO)
    }),
    ("POST", "credit-memos/bulk", |s, _| {
        create::bulk(s, &CREDIT_MEMO)
    }),
    ("PUT", "credit-memos/bulk", |s, _| {
        update::bulk(s, &CREDIT_MEMO)
    }),
    ("GET", "credit-memos/pdf-status", |s, _| {
        files::pdf_status(s, &CREDIT_MEMO)
    }),
    ("GET", "credit-memos/apply-async-jobs/{}", jobs::settlement),
    (
        "GET",
        "credit-memos/unapply-async-jobs/{}",
        jobs::settlement,
    ),
    ("POST", "credit-memos/invoice/{}", |s, k| {
        create::from_invoice(s, &CREDIT_MEMO, k)
    }),
    ("POST", "invoices/{}/credit-memos", |s, k| {
        create::from_invoice(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}", |s, k| {
        read::one(s, &CREDIT_MEMO, k)
    }),
    ("PUT", "credit-memos/{}", |s, k| {
        update::one(s, &CREDIT_MEMO, k)
    }),
    ("DELETE", "credit-memos/{}", |s, k| {
        steps::delete(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/items", |s, k| {
        read::items(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/items/{}", |s, k| {
        read::item(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/items/{}/taxation-items", |s, k| {
        read::taxes(s, &CREDIT_MEMO, k)
    }),
    ("POST", "credit-memos/{}/taxation-items", |s, k| {
        update::add_taxes(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/parts", |s, k| {
        parts::list(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/parts/{}", |s, k| {
        parts::one(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/parts/{}/item-parts", |s, k| {
        parts::items(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/parts/{}/item-parts/{}", |s, k| {
        parts::item(s, &CREDIT_MEMO, k)
    }),
    ("PUT", "credit-memos/{}/post", |s, k| {
        steps::step(s, &CREDIT_MEMO, "post", k)
    }),
    ("PUT", "credit-memos/{}/post-async", |s, k| {
        steps::job(s, &CREDIT_MEMO, "post", k)
    }),
    ("PUT", "credit-memos/{}/unpost", |s, k| {
        steps::step(s, &CREDIT_MEMO, "unpost", k)
    }),
    ("PUT", "credit-memos/{}/cancel", |s, k| {
        steps::step(s, &CREDIT_MEMO, "cancel", k)
    }),
    ("PUT", "credit-memos/{}/cancel-async", |s, k| {
        steps::job(s, &CREDIT_MEMO, "cancel", k)
    }),
    ("PUT", "credit-memos/{}/apply", |s, k| {
        settle::apply(s, &CREDIT_MEMO, k)
    }),
    ("PUT", "credit-memos/{}/apply-async", |s, k| {
        settle::in_job(s, &CREDIT_MEMO, "apply", k)
    }),
    ("PUT", "credit-memos/{}/unapply", |s, k| {
        settle::unapply(s, &CREDIT_MEMO, k)
    }),
    ("PUT", "credit-memos/{}/unapply-async", |s, k| {
        settle::in_job(s, &CREDIT_MEMO, "unapply", k)
    }),
    ("POST", "credit-memos/{}/refund", |s, k| {
        settle::refund(s, &CREDIT_MEMO, k)
    }),
    ("POST", "credit-memos/{}/refunds", |s, k| {
        settle::refund(s, &CREDIT_MEMO, k)
    }),
    (
        "PUT",
        "credit-memos/{}/write-off",
        settle::write_off_credit_memo,
    ),
    ("PUT", "credit-memos/{}/reverse", |s, k| {
        settle::reverse(s, &CREDIT_MEMO, k)
    }),
    ("POST", "credit-memos/{}/emails", |s, k| {
        files::email(s, &CREDIT_MEMO, k)
    }),
    ("POST", "credit-memos/{}/pdfs", |s, k| {
        files::make_pdf(s, &CREDIT_MEMO, k)
    }),
    ("GET", "credit-memos/{}/files", |s, k| {
        files::list(s, &CREDIT_MEMO, k)
    }),
    ("POST", "credit-memos/{}/files", |s, k| {
        files::upload(s, &CREDIT_MEMO, k)
    }),
];

const DEBIT_MEMOS: &[Route] = &[
    ("GET", "debit-memos", |s, _| list(s, &DEBIT_MEMO)),
    ("PUT", "debit-memos", |s, _| update::due_dates(s)),
    ("POST", "debit-memos/{}/collect", collect::debit_memo),
    ("POST", "debit-memos", |s, _| {
        create::from_charges(s, &DEBIT_MEMO)
    }),
    ("POST", "debit-memos/bulk", |s, _| {
        create::bulk(s, &DEBIT_MEMO)
    }),
    ("PUT", "debit-memos/bulk", |s, _| {
        update::bulk(s, &DEBIT_MEMO)
    }),
    ("GET", "debit-memos/pdf-status", |s, _| {
        files::pdf_status(s, &DEBIT_MEMO)
    }),
    ("POST", "debit-memos/invoice/{}", |s, k| {
        create::from_invoice(s, &DEBIT_MEMO, k)
    }),
    ("POST", "invoices/{}/debit-memos", |s, k| {
        create::from_invoice(s, &DEBIT_MEMO, k)
    }),
    ("GET", "debit-memos/{}", |s, k| read::one(s, &DEBIT_MEMO, k)),
    ("PUT", "debit-memos/{}", |s, k| {
        update::one(s, &DEBIT_MEMO, k)
    }),
    ("DELETE", "debit-memos/{}", |s, k| {
        steps::delete(s, &DEBIT_MEMO, k)
    }),
    ("GET", "debit-memos/{}/items", |s, k| {
        read::items(s, &DEBIT_MEMO, k)
    }),
    ("GET", "debit-memos/{}/items/{}", |s, k| {
        read::item(s, &DEBIT_MEMO, k)
    }),
    ("GET", "debit-memos/{}/items/{}/taxation-items", |s, k| {
        read::taxes(s, &DEBIT_MEMO, k)
    }),
    ("POST", "debit-memos/{}/taxation-items", |s, k| {
        update::add_taxes(s, &DEBIT_MEMO, k)
    }),
    ("GET", "debit-memos/{}/application-parts", |s, k| {
        parts::received(s, &DEBIT_MEMO, k)
    }),
    ("PUT", "debit-memos/{}/post", |s, k| {
        steps::step(s, &DEBIT_MEMO, "post", k)
    }),
    ("PUT", "debit-memos/{}/post-async", |s, k| {
        steps::job(s, &DEBIT_MEMO, "post", k)
    }),
    ("PUT", "debit-memos/{}/unpost", |s, k| {
        steps::step(s, &DEBIT_MEMO, "unpost", k)
    }),
    ("PUT", "debit-memos/{}/cancel", |s, k| {
        steps::step(s, &DEBIT_MEMO, "cancel", k)
    }),
    ("PUT", "debit-memos/{}/cancel-async", |s, k| {
        steps::job(s, &DEBIT_MEMO, "cancel", k)
    }),
    ("PUT", "debit-memos/{}/write-off", |s, k| {
        settle::write_off_demand(s, &DEBIT_MEMO, k)
    }),
    ("PUT", "debit-memos/{}/reverse", |s, k| {
        settle::reverse(s, &DEBIT_MEMO, k)
    }),
    ("POST", "debit-memos/{}/emails", |s, k| {
        files::email(s, &DEBIT_MEMO, k)
    }),
    ("POST", "debit-memos/{}/pdfs", |s, k| {
        files::make_pdf(s, &DEBIT_MEMO, k)
    }),
    ("POST", "debit-memos/{}/files", |s, k| {
        files::upload(s, &DEBIT_MEMO, k)
    }),
];

const INVOICES: &[Route] = &[
    ("POST", "invoices", |s, _| invoices::create(s)),
    ("POST", "invoices/batch", |s, _| invoices::batch(s)),
    ("POST", "invoices/bulk-post", |s, _| invoices::bulk_post(s)),
    ("GET", "invoices/write-off-async-jobs/{}", jobs::settlement),
    (
        "POST",
        "invoices/{}/write-off-async",
        settle::write_off_in_job,
    ),
    ("PUT", "invoices/{}", update::invoice),
    ("GET", "invoices/{}", |s, k| read::one(s, &INVOICE, k)),
    ("DELETE", "invoices/{}", invoices::delete),
    ("GET", "invoices/{}/items", |s, k| {
        read::items(s, &INVOICE, k)
    }),
    ("GET", "invoices/{}/items/{}/taxation-items", |s, k| {
        read::taxes(s, &INVOICE, k)
    }),
    ("POST", "invoices/{}/taxation-items", |s, k| {
        update::add_taxes(s, &INVOICE, k)
    }),
    ("GET", "invoices/{}/application-parts", |s, k| {
        parts::received(s, &INVOICE, k)
    }),
    ("PUT", "invoices/{}/post", invoices::post),
    ("PUT", "invoices/{}/unpost", invoices::unpost),
    ("PUT", "invoices/{}/cancel", |s, k| {
        steps::job(s, &INVOICE, "cancel", k)
    }),
    ("PUT", "invoices/{}/write-off", |s, k| {
        settle::write_off_demand(s, &INVOICE, k)
    }),
    ("PUT", "invoices/{}/reverse", |s, k| {
        settle::reverse(s, &INVOICE, k)
    }),
    ("POST", "invoices/{}/emails", |s, k| {
        files::email(s, &INVOICE, k)
    }),
];

const PAYMENTS: &[Route] = &[
    ("GET", "payments", |s, _| list(s, &PAYMENT)),
    ("POST", "payments", |s, _| payments::create(s)),
    ("POST", "payments/create-async", |s, _| {
        payments::create_in_job(s)
    }),
    ("GET", "payments/create-async-jobs/{}", jobs::settlement),
    ("GET", "payments/apply-async-jobs/{}", jobs::settlement),
    ("GET", "payments/{}", |s, k| read::one(s, &PAYMENT, k)),
    ("PUT", "payments/{}", |s, k| {
        payments::update(s, &PAYMENT, k)
    }),
    ("DELETE", "payments/{}", |s, k| {
        steps::delete(s, &PAYMENT, k)
    }),
    ("GET", "payments/{}/parts", |s, k| {
        parts::list(s, &PAYMENT, k)
    }),
    ("GET", "payments/{}/parts/{}", |s, k| {
        parts::one(s, &PAYMENT, k)
    }),
    ("GET", "payments/{}/parts/{}/item-parts", |s, k| {
        parts::items(s, &PAYMENT, k)
    }),
    ("GET", "payments/{}/parts/{}/item-parts/{}", |s, k| {
        parts::item(s, &PAYMENT, k)
    }),
    ("PUT", "payments/{}/apply-async", |s, k| {
        settle::in_job(s, &PAYMENT, "apply", k)
    }),
    ("PUT", "payments/{}/apply", |s, k| {
        settle::apply(s, &PAYMENT, k)
    }),
    ("PUT", "payments/{}/unapply", |s, k| {
        settle::unapply(s, &PAYMENT, k)
    }),
    ("PUT", "payments/{}/transfer", transfer::payment),
    ("PUT", "payments/{}/cancel", |s, k| {
        steps::step(s, &PAYMENT, "cancel", k)
    }),
    ("POST", "payments/{}/refunds", |s, k| {
        settle::refund(s, &PAYMENT, k)
    }),
    ("POST", "payments/{}/refunds/unapply", |s, k| {
        settle::refund(s, &PAYMENT, k)
    }),
];

const REFUNDS: &[Route] = &[
    ("GET", "refunds", |s, _| list(s, &REFUND)),
    ("GET", "refunds/{}", |s, k| read::one(s, &REFUND, k)),
    ("PUT", "refunds/{}", |s, k| payments::update(s, &REFUND, k)),
    ("DELETE", "refunds/{}", |s, k| steps::delete(s, &REFUND, k)),
    ("PUT", "refunds/{}/cancel", |s, k| {
        steps::step(s, &REFUND, "cancel", k)
    }),
    ("GET", "refunds/{}/parts", |s, k| {
        parts::of_refund(s, &REFUND, k)
    }),
    ("GET", "refunds/{}/parts/{}", |s, k| {
        parts::one_of_refund(s, &REFUND, k)
    }),
    ("GET", "refunds/{}/parts/{}/item-parts", |s, k| {
        parts::items_of_refund(s, &REFUND, k)
    }),
    ("GET", "refunds/{}/parts/{}/item-parts/{}", |s, k| {
        parts::item_of_refund(s, &REFUND, k)
    }),
];

const OTHERS: &[Route] = &[
    ("GET", "taxation-items/{}", taxes::one),
    ("PUT", "taxation-items/{}", taxes::update),
    ("DELETE", "taxation-items/{}", taxes::delete),
    ("POST", "object/taxation-item", |s, _| taxes::create(s)),
    ("PUT", "accounts/{}", accounts::update),
    ("POST", "accounts", |s, _| accounts::create(s)),
    ("GET", "accounts/{}", accounts::one),
    ("GET", "accounts/{}/summary", accounts::summary),
    ("DELETE", "accounts/{}", accounts::delete),
    ("GET", "operations/jobs/{}", jobs::operation),
    ("POST", "operations/invoice-collect", |s, _| {
        collect::invoices(s)
    }),
];

/// Zuora v1.
pub(super) const DIALECT: Dialect = Dialect {
    prefix: &["v1"],
    answer,
    refuse: refusal::reply,
};

fn answer(request: &ClientRequest, steps: &[&str], host: &mut dyn RestHost) -> Answer<ClientReply> {
    let mut session = Session::new(request, host);
    let (operation, keys) = route(&request.method, steps)?;

    let mut body = operation(&mut session, &keys)?;
    if let Some(body) = body.as_object_mut() {
        body.entry("success").or_insert_with(|| json!(true));
    }
    Ok(ClientReply {
        status: 200,
        body,
        is_refused: false,
        effects: session.effects,
    })
}

/// The operation of an address, and the keys in it.
fn route<'p>(method: &str, steps: &[&'p str]) -> Answer<(Operation, Vec<&'p str>)> {
    let fitting = ROUTES.iter().copied().flatten();
    let mut fitting = fitting.filter_map(|(verb, path, operation)| {
        let keys = keys_of(path, steps, &SPELLINGS)?;
        Some((*verb, *operation, keys))
    });

    let mut is_known = false;
    let found = fitting.find(|(verb, ..)| {
        is_known = true;
        *verb == method
    });
    match found {
        Some((_, operation, keys)) => Ok((operation, keys)),
        None if is_known => Err(Problem::no_method(method).into()),
        None => Err(Problem::no_address().into()),
    }
}

fn list(session: &mut Session<'_>, resource: &Resource) -> Answer<Value> {
    lists::documents(
        session,
        resource.kind,
        resource.list_key,
        resource.columns,
        resource.extra,
    )
}

/// One of the keys of a path, which its address has.
fn key<'k>(keys: &[&'k str], index: usize) -> Answer<&'k str> {
    let key = keys.get(index).copied();
    key.ok_or_else(|| Problem::invalid("path", "a key is not there.").into())
}

/// A command of a verb on the kind of a resource, as of today.
fn command(session: &Session<'_>, verb: &str, resource: &Resource) -> Map<String, Value> {
    let mut command = Map::new();
    let name = format!("{verb}{}", resource.command_name);
    command.insert("type".into(), json!(name));
    command.insert("at".into(), json!(session.request.today()));
    command
}

/// What a new document keeps of the request that made it.
fn stamp(session: &Session<'_>) -> Map<String, Value> {
    let request = session.request;
    let pairs = [
        ("createdById", &request.user),
        ("createdDate", &request.now),
        ("updatedById", &request.user),
    ];
    pairs
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

/// Adds what a new document keeps to the custom fields of a command.
fn add_kept(command: &mut Map<String, Value>, kept: Map<String, Value>) {
    let fields = command
        .entry("customFields")
        .or_insert_with(|| json!({}))
        .as_object_mut();
    if let Some(fields) = fields {
        for (name, value) in kept {
            fields.entry(name).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_lead_to_one_operation() {
        let keys =
            |path: &str, steps: &[&str]| keys_of(path, steps, &SPELLINGS).map(|keys| keys.len());
        assert_eq!(
            keys(
                "credit-memos/{}/parts/{}",
                &["creditmemos", "a", "parts", "b"]
            ),
            Some(2)
        );
        assert_eq!(keys("credit-memos/{}", &["credit-memos", "a"]), Some(1));
        assert_eq!(keys("credit-memos/{}", &["credit-memos"]), None);
        assert_eq!(keys("credit-memos/bulk", &["credit-memos", "a"]), None);
    }

    #[test]
    fn no_address_stands_twice() {
        let mut all: Vec<_> = ROUTES
            .iter()
            .copied()
            .flatten()
            .map(|(verb, path, _)| (*verb, *path))
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
