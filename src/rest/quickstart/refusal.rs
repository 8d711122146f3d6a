//! Refusals of Quickstart: a type, what is wrong with which parameter, and whether to try again. Its words are those of
//! <https://developer.zuora.com/docs/guides/error-codes/>.

use super::names;
use crate::rest::ClientReply;
use crate::rest::problem::{Category, Problem};
use crate::rest::request::ClientRequest;
use serde_json::{Map, Value, json};

/// Lists of v1 by their names here.
const LISTS: [(&str, &str); 4] = [
    ("charges", "items"),
    ("taxItems", "taxation_items"),
    ("invoices", "billing_documents"),
    ("debitMemos", "billing_documents"),
];

/// Names of bodies of v1 that no answer has.
const OF_BODIES: [(&str, &str); 6] = [
    ("amount", "amount"),
    ("effectiveDate", "document_date"),
    ("productRatePlanChargeId", "price_id"),
    ("invoiceItemId", "invoice_item_id"),
    ("creditMemoItemId", "credit_memo_item_id"),
    ("creditTaxItemId", "credit_memo_taxation_item_id"),
];

/// A parameter of v1 by its name here: `charges[0].serviceStartDate` is `items[0].service_start`.
fn parameter(path: &str) -> String {
    let translated = path.split('.').map(|step| {
        let (name, index) = step.split_at(step.find('[').unwrap_or(step.len()));
        let known = LISTS.into_iter().chain(OF_BODIES);
        let known = known.chain(own_names());
        let mut found = known.filter(|(of_v1, _)| *of_v1 == name);
        let name = found.next().map_or(name, |(_, name)| name);
        format!("{name}{index}")
    });
    translated.collect::<Vec<_>>().join(".")
}

fn own_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tables = [
        names::CREDIT_MEMO_ITEM,
        names::CREDIT_MEMO,
        names::DEBIT_MEMO,
        names::TAX,
    ];
    let all = tables.into_iter().flatten();
    all.map(|(name, of_v1, _)| (*of_v1, *name))
}

/// The answer.
pub(super) fn reply(problem: &Problem, request: &ClientRequest) -> ClientReply {
    let category = problem.category();
    let (status, kind, code) = match category {
        Category::InvalidValue => (400, "bad_request", "invalid_parameter"),
        Category::UnknownField => (400, "bad_request", "unknown_parameter"),
        Category::MissingField | Category::MissingParameter => {
            (400, "bad_request", "missing_parameter")
        }
        Category::Rule | Category::Malformed => (400, "bad_request", "invalid_request"),
        Category::NotFound => (404, "not_found", "resource_not_found"),
        Category::Unsupported => (405, "method_not_allowed", "invalid_request"),
        Category::Contention => (409, "conflict", "in_use"),
        Category::Internal => (500, "internal_server_error", "invalid_request"),
    };

    let mut error = Map::new();
    error.insert("code".into(), json!(code));
    if let Some(path) = problem.path() {
        error.insert("parameter".into(), json!(parameter(path)));
    }
    error.insert("message".into(), json!(problem.message()));

    let body = json!({
        "type": kind,
        "errors": [Value::Object(error)],
        "retryable": matches!(category, Category::Contention | Category::Internal),
        "request_id": request.id(),
    });

    ClientReply {
        status,
        body,
        is_refused: true,
        effects: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_their_names_here() {
        for (of_v1, here) in [
            ("charges[0].productRatePlanChargeId", "items[0].price_id"),
            (
                "charges[1].taxItems[0].taxRate",
                "items[1].taxation_items[0].tax_rate",
            ),
            ("invoices[0].amount", "billing_documents[0].amount"),
            ("comment", "description"),
            ("colour", "colour"),
        ] {
            assert_eq!(parameter(of_v1), here);
        }
    }
}
