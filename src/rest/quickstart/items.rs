//! The items of memos, in the words of Quickstart: a page of them, and each as answers show it.

use super::list::{ascending, cut, descending, meet, page_of};
use super::names::{self, TAX};
use super::{CREDIT_MEMO, Memo, Work, field, text};
use crate::rest::columns::query_of;
use crate::rest::exact;
use crate::rest::listing::{self, ListOrder, Window};
use crate::rest::needs::Answer;
use crate::rest::session::{ALL_ROWS, Session};
use crate::rest::zuora::{self, ITEM_EXTRA};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The order of items that are level in another one: that of their memos, then that in which a memo has them.
pub(super) fn order_of_items() -> [ListOrder; 3] {
    [
        descending("documentNumber"),
        ascending("documentId", false),
        ascending("position", true),
    ]
}

/// Items as answers show them.
pub(super) type ShownItems = Vec<Map<String, Value>>;

/// A page of items.
pub(super) struct ItemPage<'p> {
    pub accounts: Option<&'p [String]>,
    pub conditions: Map<String, Value>,
    pub window: Window<'p>,
}

impl ItemPage<'_> {
    /// The items as answers show them, and the cursor of the page after them.
    pub(super) fn read(
        mut self,
        work: &mut Work<'_>,
        memo: &Memo,
    ) -> Answer<(ShownItems, Option<String>)> {
        let kind = memo.resource.kind;
        self.conditions.insert("documentType".into(), json!(kind));

        let place = ["documentId", "documentNumber", "position", "accountId"];
        let query = query_of("item", self.conditions, &[ITEM_EXTRA, &place].concat());

        let mut session = work.session();
        let rows = listing::window(&mut session, self.accounts, &query, &self.window)?;
        let (rows, next) = cut(rows, self.window.size, self.window.order);
        let rows: Vec<Value> = rows.into_iter().map(|(row, _)| row).collect();

        let documents = documents_of(&mut session, &rows, kind, "documentId")?;
        let sources = documents_of(&mut session, &rows, "document", "sourceDocumentId")?;

        let shown = rows.into_iter().map(|row| {
            let named = |name: &str| text(&row, name).unwrap_or_default().to_owned();
            let (document, source) = (named("documentId"), named("sourceDocumentId"));
            let row_of_document = documents.get(&document).unwrap_or(&Value::Null);
            let source = sources.get(&source).and_then(|source| text(source, "type"));
            let request = work.request;
            let answer = zuora::shown_row(request, memo.resource, row, row_of_document, source);
            item(memo, &Value::Object(answer), &document)
        });
        Ok((shown.collect(), next))
    }
}

/// The first items of a memo, at most `most` of them, and the cursor of the others.
pub(super) fn items_of(
    work: &mut Work<'_>,
    memo: &Memo,
    account: &str,
    document: &str,
    most: usize,
) -> Answer<Value> {
    let accounts = [account.to_owned()];

    let mut conditions = Map::new();
    meet(&mut conditions, "documentId", "eq", json!(document));
    let page = ItemPage {
        accounts: Some(&accounts),
        conditions,
        window: Window {
            order: &order_of_items(),
            after: None,
            size: most,
        },
    };

    let (data, next) = page.read(work, memo)?;
    Ok(page_of(data, next))
}

/// The documents that rows name in a field, by their identifiers.
fn documents_of(
    session: &mut Session<'_>,
    rows: &[Value],
    kind: &str,
    field: &str,
) -> Answer<BTreeMap<String, Value>> {
    let named = |name: &str| {
        let named = rows.iter().filter_map(|row| text(row, name));
        let named: BTreeSet<_> = named.map(str::to_owned).collect();
        named.into_iter().collect::<Vec<_>>()
    };

    let ids = named(field);
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }

    let query = json!({
        "of": kind,
        "where": { "id": { "in": ids } },
        "fields": ["id", "type", "updatedOn", "customFields"],
        "page": { "size": ALL_ROWS },
    });
    let found = listing::rows(session, Some(&named("accountId")), &query, &[])?;

    let found = found.into_iter().filter_map(|(row, _)| {
        let id = text(&row, "id")?.to_owned();
        Some((id, row))
    });
    Ok(found.collect())
}

/// An item that v1 answers.
fn item(memo: &Memo, answer: &Value, document: &str) -> Map<String, Value> {
    let mut shown = names::shown(answer, memo.item_names);
    let taxes = answer
        .get("taxationItems")
        .and_then(|taxes| taxes.get("data"));
    let taxes = taxes.and_then(Value::as_array).cloned().unwrap_or_default();

    let tax_sum = taxes.iter().try_fold("0".to_owned(), |sum, tax| {
        let amount = exact::decimal(&field(tax, "taxAmount"))?;
        exact::sum(&sum, &amount)
    });
    let net = exact::decimal(&field(answer, "amountWithoutTax"));
    let gross = net
        .zip(tax_sum.as_ref())
        .and_then(|(net, tax)| exact::sum(&net, tax));

    let shown_amount =
        |amount: Option<String>| amount.map_or(Value::Null, |amount| exact::number(&amount));
    shown.insert("amount".into(), shown_amount(gross));
    shown.insert("tax".into(), shown_amount(tax_sum));

    let is_credit = memo.resource.kind == CREDIT_MEMO.kind;
    let name = if is_credit {
        "credit_memo_id"
    } else {
        "debit_memo_id"
    };
    shown.insert(name.into(), json!(document));

    // What an item credits: one of an invoice, or a price.
    let source = field(answer, "sourceItemId");
    let is_of_invoice = text(answer, "sourceItemType") == Some("InvoiceDetail");
    let (invoice_item, price) = if is_of_invoice {
        (source, Value::Null)
    } else {
        (Value::Null, source)
    };
    shown.insert("invoice_item_id".into(), invoice_item);
    shown.insert("price_id".into(), price);

    let is_inclusive = shown.get("tax_inclusive").cloned().unwrap_or_default();
    let taxes: Vec<_> = taxes
        .iter()
        .map(|tax| tax_item(tax, &is_inclusive))
        .collect();
    shown.insert("taxation_items".into(), page_of(taxes, None));
    shown
}

/// A tax item that v1 answers.
fn tax_item(tax: &Value, is_inclusive: &Value) -> Map<String, Value> {
    let mut shown = names::shown(tax, TAX);
    let open = tax.get("unappliedAmount").or_else(|| tax.get("balance"));
    let open = open.cloned().unwrap_or_default();
    shown.insert("remaining_balance".into(), open);
    shown.insert("tax_inclusive".into(), is_inclusive.clone());
    shown
}
