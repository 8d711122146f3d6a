//! Lists of Quickstart: `filter[]`, `sort[]`, `fields[]`, `expand[]`, and a cursor that names a place between two rows.
//! The grammar is that of <https://developer.zuora.com/docs/guides/expand-filter-fields-sort/>.

use super::names::{Means, NamePair};
use super::show::{self, AnswerShape};
use super::{Memo, Work, text};
use crate::rest::columns::{AnswerColumn, Shows, query_fields, shown};
use crate::rest::cursor;
use crate::rest::exact;
use crate::rest::listing::{self, ListOrder, Window};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::Session;
use crate::rest::zuora::{self, ITEM_EXTRA};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a page that states no number, and the most.
const USUAL_ROWS: usize = 30;
const MOST_ROWS: usize = 99;

/// Operators: as a filter writes them, as a query of the engine does.
const OPERATORS: [(&str, &str); 8] = [
    ("EQ", "eq"),
    ("NE", "ne"),
    ("LT", "lt"),
    ("LE", "lte"),
    ("GT", "gt"),
    ("GE", "gte"),
    ("SW", "startsWith"),
    ("IN", "in"),
];

/// What a list is asked for.
struct FilteredList {
    conditions: Map<String, Value>,
    /// The account that its filters name by its number.
    account: Option<String>,
    order: Vec<ListOrder>,
    size: usize,
    /// The row after which the page begins: as far as its order goes.
    after: Option<Value>,
}

/// A filter: `field.OPERATOR:value`.
struct MemoFilter<'f> {
    text: &'f str,
    name: &'f str,
    /// As a query of the engine calls it.
    operator: &'static str,
    value: &'f str,
}

impl<'f> MemoFilter<'f> {
    fn read(text: &'f str) -> Answer<Self> {
        let parts = text.split_once(':');
        let parts = parts.and_then(|(head, value)| Some((head.rsplit_once('.')?, value)));
        let Some(((name, operator), value)) = parts else {
            return Err(invalid(text, "it is written `field.OPERATOR:value`.").into());
        };
        let known = OPERATORS.iter().find(|(written, _)| *written == operator);
        let (_, operator) = known.ok_or_else(|| invalid(text, "there is no such operator."))?;
        Ok(Self {
            text,
            name,
            operator,
            value,
        })
    }

    /// The values of a list, or the one value.
    fn values(&self) -> Answer<Vec<&'f str>> {
        if self.operator != "in" {
            return Ok(vec![self.value]);
        }
        let listed = self.value.strip_prefix('[');
        let listed = listed.and_then(|value| value.strip_suffix(']'));
        let listed = listed.ok_or_else(|| invalid(self.text, "`IN` has a list as `[a,b]`."))?;
        Ok(listed.split(',').map(str::trim).collect())
    }

    /// Adds what a field of the engine must meet. `read` makes a value of its text.
    fn add_to(
        &self,
        conditions: &mut Map<String, Value>,
        field: &str,
        read: impl Fn(&str) -> Option<Value>,
    ) -> Answer<()> {
        let values = self.values()?.into_iter();
        let values = values.map(|value| {
            read(value).ok_or_else(|| invalid(self.text, "the field has no such value.").into())
        });
        let mut values = values.collect::<Answer<Vec<_>>>()?;
        let value = match self.operator {
            "in" => Value::Array(values),
            _ => values.pop().unwrap_or_default(),
        };
        meet(conditions, field, self.operator, value);
        Ok(())
    }

    /// The identifiers that a filter of nested objects names.
    fn identifiers(&self) -> Answer<Vec<&'f str>> {
        if matches!(self.operator, "eq" | "in") {
            return self.values();
        }
        let why = "nested objects are named by `EQ` or `IN`.";
        Err(invalid(self.text, why).into())
    }
}

fn invalid(filter: &str, why: &str) -> Problem {
    Problem::invalid("filter[]", &format!("'{filter}': {why}"))
}

/// Adds a comparison of a field. Of two lists, only what is in both is left.
fn meet(conditions: &mut Map<String, Value>, field: &str, operator: &str, value: Value) {
    let of_field = conditions.entry(field).or_insert_with(|| json!({}));
    let Some(of_field) = of_field.as_object_mut() else {
        return;
    };
    let value = match (of_field.remove(operator), value) {
        (Some(Value::Array(known)), Value::Array(values)) => {
            let common = known.into_iter().filter(|value| values.contains(value));
            Value::Array(common.collect())
        }
        (_, value) => value,
    };
    of_field.insert(operator.into(), value);
}

impl FilteredList {
    /// Reads the parameters of a request; `filter` and `order` those of its fields.
    fn read(
        work: &mut Work<'_>,
        mut filter: impl FnMut(&mut Work<'_>, &mut Self, &MemoFilter<'_>) -> Answer<()>,
        order: impl Fn(&str) -> Answer<Option<ListOrder>>,
    ) -> Answer<Self> {
        let parameters = work.request.parameters();
        let parameters = parameters.ok_or_else(|| Problem::invalid("query", "it is not UTF-8."))?;
        let mut list = Self {
            conditions: Map::new(),
            account: None,
            order: Vec::new(),
            size: USUAL_ROWS,
            after: None,
        };
        for (name, value) in parameters {
            match name.as_str() {
                "page_size" => list.size = size(&value)?,
                "cursor" if value.is_empty() => {}
                "cursor" => list.after = Some(place_of(&value)?),
                "filter[]" => filter(work, &mut list, &MemoFilter::read(&value)?)?,
                // An order by a list is passed over, as the interface says.
                "sort[]" => list.order.extend(order(&value)?),
                // Which fields are shown, `show.rs` reads.
                name if name == "expand[]" || name.ends_with("fields[]") => {}
                _ => {
                    let why = "this list has no such parameter.";
                    return Err(Problem::invalid(&name, why).into());
                }
            }
        }
        Ok(list)
    }

    /// The books that can have rows: `None` are all, and no book is that of an account that is not there.
    fn accounts(&self, session: &mut Session<'_>) -> Answer<Option<Vec<String>>> {
        let Some(number) = &self.account else {
            return Ok(None);
        };
        let account = session.account(number)?;
        let id = account.and_then(|account| text(&account, "id").map(str::to_owned));
        Ok(Some(id.into_iter().collect()))
    }
}

fn size(value: &str) -> Answer<usize> {
    match value.parse::<usize>() {
        Ok(size @ 1..=MOST_ROWS) => Ok(size),
        _ => Err(Problem::invalid("page_size", "it is a whole number from 1 to 99.").into()),
    }
}

/// The field of the engine that a name of Quickstart stands for.
fn field_of<'t>(
    name: &str,
    names: &[NamePair],
    columns: &'t [AnswerColumn],
) -> Option<(String, &'t AnswerColumn, Means)> {
    let (_, of_v1, means) = names.iter().find(|(known, ..)| *known == name)?;
    let column = columns.iter().find(|column| column.name == *of_v1)?;
    Some((column.query_field()?, column, *means))
}

/// A value of a filter as the engine has it.
fn value_of(value: &str, column: &AnswerColumn, means: Means) -> Option<Value> {
    match (means, column.from) {
        _ if value == "null" => Some(Value::Null),
        (Means::State, _) => {
            // Samples say `open` for what its list calls `posted`.
            let state = if value == "open" { "posted" } else { value };
            let (first, rest) = state.split_at_checked(1)?;
            Some(json!(format!("{}{rest}", first.to_uppercase())))
        }
        (Means::Time, Shows::Midnight(_)) => Some(json!(value.get(..10)?)),
        (Means::Time, _) => Some(json!(value.get(..19)?.replacen('T', " ", 1))),
        (_, Shows::Exact(_)) => exact::plain(value).map(Value::from),
        (_, Shows::Flag(_)) => value.parse::<bool>().ok().map(Value::from),
        (Means::Yes, _) => value
            .parse::<bool>()
            .ok()
            .map(|is| json!(if is { "Yes" } else { "No" })),
        _ => Some(json!(value)),
    }
}

/// Reads `field.asc` or `field.desc`; `None` of a field that is a list. `found`: the field of the engine, and whether
/// its values are numbers.
fn order_of(
    sort: &str,
    found: impl Fn(&str) -> Option<(String, bool)>,
) -> Answer<Option<ListOrder>> {
    let invalid = |why: &str| Problem::invalid("sort[]", &format!("'{sort}': {why}"));
    let (name, direction) = sort.rsplit_once('.').unwrap_or((sort, "asc"));
    let is_descending = match direction {
        "asc" | "ASC" => false,
        "desc" | "DESC" => true,
        _ => return Err(invalid("it is written `field.asc` or `field.desc`.").into()),
    };
    if ["items", "applied_to", "taxation_items"].contains(&name) {
        return Ok(None);
    }
    let (field, is_exact) =
        found(name).ok_or_else(|| invalid("no list is ordered by that field."))?;
    Ok(Some(ListOrder {
        field,
        is_exact,
        is_descending,
    }))
}

/// A cursor is opaque: what a row has in the fields that decide its place, as hexadecimal digits.
fn cursor_of(row: &Value, order: &[ListOrder]) -> String {
    let mut place = Map::new();
    let mut kept = Map::new();
    let fields = order.iter().map(|order| order.field.as_str());
    for field in fields.chain(["number", "id"]) {
        let value = match field.strip_prefix("customFields.") {
            Some(custom) => {
                let value = row
                    .get("customFields")
                    .and_then(|fields| fields.get(custom));
                kept.insert(custom.into(), value.cloned().unwrap_or_default());
                continue;
            }
            None => row.get(field).cloned().unwrap_or_default(),
        };
        place.insert(field.into(), value);
    }
    place.insert("customFields".into(), Value::Object(kept));
    cursor::sealed(&Value::Object(place).to_string())
}

fn place_of(text: &str) -> Answer<Value> {
    let place = cursor::opened(text);
    let place = place.and_then(|place| serde_json::from_str::<Value>(&place).ok());
    let place = place.filter(Value::is_object);
    place.ok_or_else(|| Problem::invalid("cursor", "it is no cursor of this list.").into())
}

/// The rows of a page, and the cursor of the page after it.
fn cut(
    mut rows: Vec<(Value, Value)>,
    size: usize,
    order: &[ListOrder],
) -> (Vec<(Value, Value)>, Option<String>) {
    let has_more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|(row, _)| cursor_of(row, order));
    (rows, next)
}

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

fn descending(field: &str) -> ListOrder {
    ListOrder {
        field: field.into(),
        is_exact: false,
        is_descending: true,
    }
}

fn ascending(field: &str, is_exact: bool) -> ListOrder {
    ListOrder {
        field: field.into(),
        is_exact,
        is_descending: false,
    }
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

/// The order of items that are level in another one: that of their memos, then that in which a memo has them.
fn order_of_items() -> [ListOrder; 3] {
    [
        descending("documentNumber"),
        ascending("documentId", false),
        ascending("position", true),
    ]
}

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

/// Items as answers show them.
type ShownItems = Vec<Map<String, Value>>;

/// A page of items.
struct ItemPage<'p> {
    accounts: Option<&'p [String]>,
    conditions: Map<String, Value>,
    window: Window<'p>,
}

impl ItemPage<'_> {
    /// The items as answers show them, and the cursor of the page after them.
    fn read(mut self, work: &mut Work<'_>, memo: &Memo) -> Answer<(ShownItems, Option<String>)> {
        let kind = memo.resource.kind;
        self.conditions.insert("documentType".into(), json!(kind));
        let own = ["documentId", "documentNumber", "position", "accountId"];
        let fields = [ITEM_EXTRA, &own].concat();
        let mut query = Map::new();
        query.insert("of".into(), json!("item"));
        query.insert("where".into(), Value::Object(self.conditions));
        query.insert("fields".into(), query_fields(&fields));
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
            show::item(memo, &Value::Object(answer), &document)
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
    Ok(json!({ "next_page": next, "data": data }))
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
        "page": { "size": u32::MAX },
    });
    let found = listing::rows(session, Some(&named("accountId")), &query, &[])?;
    let found = found.into_iter().filter_map(|(row, _)| {
        let id = text(&row, "id")?.to_owned();
        Some((id, row))
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_its_place() {
        let row =
            json!({ "id": "ä", "number": "CM1", "amount": "3.10", "customFields": { "x": "y" } });
        let order = |field: &str| ListOrder {
            field: field.into(),
            is_exact: false,
            is_descending: false,
        };
        let place = place_of(&cursor_of(
            &row,
            &[order("amount"), order("customFields.x")],
        ));
        assert_eq!(place.ok(), Some(row));
        for wrong in ["x", "4", "zz", "ff", "22"] {
            assert!(place_of(wrong).is_err(), "{wrong}");
        }
    }
}
