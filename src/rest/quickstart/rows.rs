//! The lists of Quickstart: memos, and their items.

use super::items::{ItemPage, order_of_items};
use super::list::{
    FilteredList, MemoFilter, cut, descending, field_of, invalid, meet, order_of, value_of,
};
use super::show::{self, AnswerShape};
use super::{Memo, Work};
use crate::rest::columns::{Shows, query_fields, shown};
use crate::rest::exact;
use crate::rest::listing::{self, Window};
use crate::rest::needs::Answer;
use serde_json::{Map, Value, json};

/// `GET …`: memos. The newest change comes first, unless the request asks for another order.
pub(super) fn memos(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let resource = memo.resource;
    let columns = resource.columns;
    let mut list = FilteredList::read(
        work,
        |work, list, filter| filter_memos(work, memo, list, filter),
        |sort| {
            order_of(sort, |name| {
                let (field, column, _) = field_of(name, memo.names, columns)?;
                Some((field, matches!(column.from, Shows::Exact(_))))
            })
        },
    )?;
    if list.order.is_empty() {
        list.order.push(descending("updatedOn"));
    }
    let shape = AnswerShape::read(work)?;
    let mut session = work.session();
    let accounts = list.accounts(&mut session)?;
    let mut query = Map::new();
    query.insert("of".into(), json!(resource.kind));
    query.insert("where".into(), Value::Object(list.conditions));
    query.insert("fields".into(), query_fields(resource.extra));
    let window = Window {
        order: &list.order,
        after: list.after.as_ref(),
        size: list.size,
    };
    let rows = listing::window(&mut session, accounts.as_deref(), &query, &window)?;
    let (page, next) = cut(rows, list.size, &list.order);

    let mut data = Vec::new();
    for (row, number) in page {
        let answer = Value::Object(shown(&row, columns, &number));
        data.push(Value::Object(show::shaped(work, memo, &answer, &shape)?));
    }
    Ok(json!({ "next_page": next, "data": data }))
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
            let ids = filter.identifiers()?;
            let found = nested(work, memo, "item", &ids)?;
            let documents = found.iter().map(|row| row.get("documentId").cloned());
            let documents = documents.flatten().collect();
            meet(&mut list.conditions, "id", "in", Value::Array(documents));
            Ok(())
        }
        name => {
            let found = field_of(name, memo.names, memo.resource.columns);
            let (field, column, means) =
                found.ok_or_else(|| invalid(filter.text, "no list is filtered by that field."))?;
            let read = |value: &str| value_of(value, column, means);
            filter.add_to(&mut list.conditions, &field, read)
        }
    }
}

/// The rows of lines of memos that a filter names, with their documents.
fn nested(work: &mut Work<'_>, memo: &Memo, kind: &str, ids: &[&str]) -> Answer<Vec<Value>> {
    let mut fields = vec!["id", "documentId", "accountId"];
    if kind == "taxItem" {
        fields.push("itemId");
    }
    let query = json!({
        "of": kind,
        "where": { "id": { "in": ids }, "documentType": memo.resource.kind },
        "fields": fields,
        "page": { "size": u32::MAX },
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

/// `GET …_items`: the items of memos.
pub(super) fn items(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let field = |name: &str| {
        let found = ITEM_FIELDS.into_iter().find(|(known, ..)| *known == name);
        found.map(|(_, field, is_exact)| (field.to_owned(), is_exact))
    };
    let mut list = FilteredList::read(
        work,
        |work, list, filter| filter_items(work, memo, list, filter),
        |sort| order_of(sort, field),
    )?;
    list.order.extend(order_of_items());
    let shape = AnswerShape::read(work)?;
    let accounts = list.accounts(&mut work.session())?;
    let page = ItemPage {
        accounts: accounts.as_deref(),
        conditions: list.conditions,
        window: Window {
            order: &list.order,
            after: list.after.as_ref(),
            size: list.size,
        },
    };
    let (mut data, next) = page.read(work, memo)?;
    for item in &mut data {
        shape.cut(item);
    }
    Ok(json!({ "next_page": next, "data": data }))
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
            let ids = filter.identifiers()?;
            let found = nested(work, memo, "taxItem", &ids)?;
            for (field, of_tax) in [("id", "itemId"), ("documentId", "documentId")] {
                let named = found.iter().map(|row| row.get(of_tax).cloned());
                let named = named.flatten().collect();
                meet(&mut list.conditions, field, "in", Value::Array(named));
            }
            Ok(())
        }
        // An item was changed with its memo.
        "updated_time" => {
            let mut conditions = Map::new();
            filter.add_to(&mut conditions, "updatedOn", |value| {
                Some(json!(value.get(..10)?))
            })?;
            let query = json!({
                "of": memo.resource.kind,
                "where": conditions,
                "fields": ["id"],
                "page": { "size": u32::MAX },
            });
            let rows = listing::rows(&mut work.session(), None, &query, &[])?;
            let documents = rows.iter().filter_map(|(row, _)| row.get("id").cloned());
            let documents = Value::Array(documents.collect());
            meet(&mut list.conditions, "documentId", "in", documents);
            Ok(())
        }
        name => {
            let found = ITEM_FIELDS.into_iter().find(|(known, ..)| *known == name);
            let (_, field, is_exact) =
                found.ok_or_else(|| invalid(filter.text, "no list is filtered by that field."))?;
            filter.add_to(&mut list.conditions, field, |value| match value {
                "null" => Some(Value::Null),
                value if is_exact => exact::plain(value).map(Value::from),
                value => Some(json!(value)),
            })
        }
    }
}
