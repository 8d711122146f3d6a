//! The lists of Quickstart: memos, and their items.

use super::items::{ItemPage, order_of_items};
use super::list::{FilteredList, MemoFilter, cut, descending, field_of, page_of, value_of};
use super::{Memo, Work, show};
use crate::rest::columns::{Shows, query_of, shown};
use crate::rest::exact;
use crate::rest::listing;
use crate::rest::needs::Answer;
use crate::rest::session::ALL_ROWS;
use serde_json::{Map, Value, json};

/// `GET …`: memos. The newest change comes first, unless the request asks for another order.
pub(super) fn memos(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let resource = memo.resource;
    let mut list = FilteredList::read(
        work,
        |work, list, filter| filter_memos(work, memo, list, filter),
        |name| {
            let (field, column, _) = field_of(name, memo.names, resource.columns)?;
            Some((field, matches!(column.from, Shows::Exact(_))))
        },
    )?;
    if list.order.is_empty() {
        list.order.push(descending("updatedOn"));
    }

    let conditions = std::mem::take(&mut list.conditions);
    let query = query_of(resource.kind, conditions, resource.extra);
    let window = list.window();
    let accounts = list.accounts.as_deref();
    let rows = listing::window(&mut work.session(), accounts, &query, &window)?;
    let (rows, next) = cut(rows, window.size, window.order);

    let mut data = Vec::new();
    for (row, number) in rows {
        let answer = Value::Object(shown(&row, resource.columns, &number));
        data.push(show::shaped(work, memo, &answer, &list.shape)?);
    }
    Ok(page_of(data, next))
}

/// Adds a filter of memos.
fn filter_memos(
    work: &mut Work<'_>,
    memo: &Memo,
    list: &mut FilteredList,
    filter: &MemoFilter<'_>,
) -> Answer<()> {
    match filter.name {
        "account_number" if filter.operator == "eq" => {
            list.account = Some(filter.value.to_owned());
            Ok(())
        }
        "[items][id]" => {
            let items = named_lines(work, memo, "item", filter)?;
            list.meet_any("id", &items, "documentId");
            Ok(())
        }
        name => {
            let found = field_of(name, memo.names, memo.resource.columns);
            let (field, column, means) = found.ok_or_else(|| filter.unknown())?;
            let read = |value: &str| value_of(value, column, means);
            filter.add_to(&mut list.conditions, &field, read)
        }
    }
}

/// The rows of lines of memos that a filter names, with their documents.
fn named_lines(
    work: &mut Work<'_>,
    memo: &Memo,
    kind: &str,
    filter: &MemoFilter<'_>,
) -> Answer<Vec<Value>> {
    let mut fields = vec!["id", "documentId", "accountId"];
    if kind == "taxItem" {
        fields.push("itemId");
    }

    let ids = filter.identifiers()?;
    let conditions = json!({ "id": { "in": ids }, "documentType": memo.resource.kind });
    rows_of_all(work, kind, &conditions, &fields)
}

/// The rows of a kind in the books of all accounts.
fn rows_of_all(
    work: &mut Work<'_>,
    kind: &str,
    conditions: &Value,
    fields: &[&str],
) -> Answer<Vec<Value>> {
    let query = json!({
        "of": kind,
        "where": conditions,
        "fields": fields,
        "page": { "size": ALL_ROWS },
    });

    let rows = listing::rows(&mut work.session(), None, &query, &[])?;
    Ok(rows.into_iter().map(|(row, _)| row).collect())
}

/// What items are filtered and ordered by: the name of Quickstart, the field of the engine, and whether it is a number.
const ITEM_FIELDS: [(&str, &str, bool); 17] = [
    ("id", "id", false),
    ("credit_memo_id", "documentId", false),
    ("debit_memo_id", "documentId", false),
    ("invoice_item_id", "sourceLineId", false),
    ("price_id", "customFields.chargeId", false),
    ("subscription_id", "customFields.subscriptionId", false),
    (
        "subscription_item_id",
        "customFields.subscriptionItemId",
        false,
    ),
    ("applied_to_item_id", "appliedToItemId", false),
    ("description", "description", false),
    ("name", "customFields.skuName", false),
    ("sku", "sku", false),
    ("unit_of_measure", "customFields.unitOfMeasure", false),
    ("service_start", "serviceStart", false),
    ("service_end", "serviceEnd", false),
    ("quantity", "quantity", true),
    ("unit_amount", "unitPrice", true),
    ("remaining_balance", "openAmount", true),
];

/// The field of the engine that items are filtered and ordered by, and whether its values are numbers.
fn item_field(name: &str) -> Option<(String, bool)> {
    let found = ITEM_FIELDS.into_iter().find(|(known, ..)| *known == name);
    found.map(|(_, field, is_exact)| (field.to_owned(), is_exact))
}

/// `GET …_items`: the items of memos.
pub(super) fn items(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let mut list = FilteredList::read(
        work,
        |work, list, filter| filter_items(work, memo, list, filter),
        item_field,
    )?;
    list.order.extend(order_of_items());

    let page = ItemPage {
        conditions: std::mem::take(&mut list.conditions),
        accounts: list.accounts.as_deref(),
        window: list.window(),
    };
    let (mut data, next) = page.read(work, memo)?;
    for item in &mut data {
        list.shape.cut(item);
    }
    Ok(page_of(data, next))
}

/// Adds a filter of items.
fn filter_items(
    work: &mut Work<'_>,
    memo: &Memo,
    list: &mut FilteredList,
    filter: &MemoFilter<'_>,
) -> Answer<()> {
    match filter.name {
        "[taxation_items][id]" => {
            let taxes = named_lines(work, memo, "taxItem", filter)?;
            list.meet_any("id", &taxes, "itemId");
            list.meet_any("documentId", &taxes, "documentId");
            Ok(())
        }
        // An item was changed with its memo.
        "updated_time" => {
            let mut conditions = Map::new();
            filter.add_to(&mut conditions, "updatedOn", |value| {
                Some(json!(value.get(..10)?))
            })?;
            let conditions = Value::Object(conditions);
            let memos = rows_of_all(work, memo.resource.kind, &conditions, &["id"])?;
            list.meet_any("documentId", &memos, "id");
            Ok(())
        }
        name => {
            let (field, is_exact) = item_field(name).ok_or_else(|| filter.unknown())?;
            filter.add_to(&mut list.conditions, &field, |value| match value {
                "null" => Some(Value::Null),
                value if is_exact => exact::plain(value).map(Value::from),
                value => Some(json!(value)),
            })
        }
    }
}
