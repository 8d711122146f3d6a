//! Lists: which rows, in which order, which page; as Zuora v1 asks for them.

use crate::calendar::Date;
use crate::rest::columns::{AnswerColumn, Shows, query_fields, shown};
use crate::rest::exact;
use crate::rest::listing::{self, ListOrder, compared, directed, text_of};
use crate::rest::needs::Answer;
use crate::rest::problem::{Category, Problem};
use crate::rest::request::encoded;
use crate::rest::session::Session;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// The most rows of a page; more are treated as that many.
const MOST_ROWS: usize = 40;
/// The rows of a page that states no number.
const USUAL_ROWS: usize = 20;
/// The most columns that a list is ordered by.
const MOST_SORTS: usize = 2;

/// A filter of a list.
struct ListFilter<'t> {
    column: &'t AnswerColumn,
    text: String,
}

/// What a list is asked for.
pub(super) struct ListRequest<'t> {
    filters: Vec<ListFilter<'t>>,
    /// The columns that rows are ordered by, and whether from the greatest to the least.
    sorts: Vec<(&'t AnswerColumn, bool)>,
    page: usize,
    size: usize,
}

impl<'t> ListRequest<'t> {
    /// Reads the parameters of a request.
    pub(super) fn read(session: &Session<'_>, table: &'t [AnswerColumn]) -> Answer<Self> {
        let parameters = session.request.readable_parameters()?;

        let mut list = Self {
            filters: Vec::new(),
            sorts: Vec::new(),
            page: 1,
            size: USUAL_ROWS,
        };

        for (name, value) in parameters {
            match name.as_str() {
                "page" => list.page = whole(&name, &value)?,
                "pageSize" => list.size = whole(&name, &value)?.min(MOST_ROWS),
                "sort" => list.sorts = sorts(&value, table)?,
                _ => {
                    let column = table.iter().find(|column| column.name == name);
                    let Some(column) = column.filter(|column| column.is_filter) else {
                        let message = format!("'{name}' is no parameter of this list.");
                        return Err(Problem::new(Category::InvalidValue, message).into());
                    };
                    list.filters.push(ListFilter {
                        column,
                        text: value,
                    });
                }
            }
        }
        Ok(list)
    }

    /// The value that a column is filtered by.
    pub(super) fn filter(&self, name: &str) -> Option<&str> {
        let found = self
            .filters
            .iter()
            .find(|filter| filter.column.name == name);
        found.map(|filter| filter.text.as_str())
    }

    /// The order of the rows.
    fn order(&self) -> Vec<ListOrder> {
        let orders = self.sorts.iter().filter_map(|(column, is_descending)| {
            Some(ListOrder {
                field: column.query_field()?,
                is_exact: matches!(column.from, Shows::Exact(_)),
                is_descending: *is_descending,
            })
        });
        orders.collect()
    }

    /// How many rows there are up to the end of the page.
    fn first_rows(&self) -> usize {
        self.page.saturating_mul(self.size)
    }

    /// What a query of a book must ask for so that the page can be cut from the rows of all books.
    fn query(&self, kind: &str, extra: &[&str], fixed: &Map<String, Value>) -> Answer<Value> {
        let mut conditions = fixed.clone();
        for ListFilter { column, text } in &self.filters {
            if let Some((field, condition)) = condition(column, text)? {
                conditions.insert(field, condition);
            }
        }

        // A row more than the page has says whether there is another page.
        Ok(json!({
            "of": kind,
            "where": conditions,
            "sort": listing::sort(&self.order()),
            "fields": query_fields(extra),
            "page": { "size": self.first_rows().saturating_add(1) },
        }))
    }

    /// The rows of the page, and whether there are more.
    fn page_of<T>(&self, rows: Vec<T>) -> (Vec<T>, bool) {
        let before = self.page.saturating_sub(1).saturating_mul(self.size);
        let has_more = rows.len() > self.first_rows();
        let page = rows.into_iter().skip(before).take(self.size);
        (page.collect(), has_more)
    }

    /// The address of the next page: the address of the request, with another page number.
    fn next_page(&self, session: &Session<'_>) -> String {
        let request = session.request;
        let others = request.parameters().unwrap_or_default().into_iter();
        let others = others.filter(|(name, _)| name != "page" && name != "pageSize");
        let mut pairs: Vec<String> = others
            .map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value)))
            .collect();
        pairs.push(format!("page={}", self.page.saturating_add(1)));
        pairs.push(format!("pageSize={}", self.size));
        format!("{}{}?{}", request.origin, request.path, pairs.join("&"))
    }

    /// The answer of a list, with its rows under `key`.
    pub(super) fn answer<T: Into<Value>>(
        &self,
        session: &Session<'_>,
        key: &str,
        rows: Vec<T>,
    ) -> Value {
        let (page, has_more) = self.page_of(rows);
        let page: Vec<Value> = page.into_iter().map(Into::into).collect();

        let mut answer = Map::new();
        answer.insert(key.into(), Value::Array(page));
        answer.insert("success".into(), json!(true));
        if has_more {
            answer.insert("nextPage".into(), json!(self.next_page(session)));
        }
        Value::Object(answer)
    }

    /// Filters and orders rows that are already written as answers.
    pub(super) fn sift(&self, rows: Vec<Map<String, Value>>) -> Answer<Vec<Map<String, Value>>> {
        // A value of a wrong form is refused, whatever the rows are.
        for ListFilter { column, text } in &self.filters {
            condition(column, text)?;
        }

        let meets = |row: &Map<String, Value>| {
            self.filters
                .iter()
                .all(|filter| is_equal(row.get(filter.column.name), &filter.text))
        };
        let mut rows: Vec<_> = rows.into_iter().filter(meets).collect();

        rows.sort_by(|one, other| {
            let by = self.sorts.iter().map(|(column, is_descending)| {
                let is_exact = matches!(column.from, Shows::Exact(_));
                let order = compared(one.get(column.name), other.get(column.name), is_exact);
                directed(order, *is_descending)
            });
            by.fold(Ordering::Equal, Ordering::then)
        });
        Ok(rows)
    }
}

/// A list of documents over the books of all accounts, or of the one that its filters name.
pub(super) fn documents(
    session: &mut Session<'_>,
    kind: &str,
    key: &str,
    table: &[AnswerColumn],
    extra: &[&str],
) -> Answer<Value> {
    let list = ListRequest::read(session, table)?;
    let query = list.query(kind, extra, &Map::new())?;
    let accounts = accounts_of(session, &list)?;
    let rows = listing::rows(session, accounts.as_deref(), &query, &list.order())?;

    let shown_rows = rows
        .iter()
        .map(|(row, number)| shown(row, table, number))
        .collect();
    Ok(list.answer(session, key, shown_rows))
}

/// The accounts that can have rows of the list, where its filters name any.
fn accounts_of(session: &mut Session<'_>, list: &ListRequest<'_>) -> Answer<Option<Vec<String>>> {
    let stated = [list.filter("accountId"), list.filter("accountNumber")];
    let stated: Vec<_> = stated.into_iter().flatten().map(str::to_owned).collect();
    if stated.is_empty() {
        return Ok(None);
    }

    let mut found: Vec<String> = Vec::new();
    for key in stated {
        let account = session.account(&key)?;
        let id = account
            .as_ref()
            .and_then(|account| account.get("id")?.as_str());
        match id {
            Some(id) => found.push(id.to_owned()),
            // Nobody has rows then. Without a list, all books would be asked.
            None => return Ok(Some(Vec::new())),
        }
    }

    found.dedup();
    // An account and the number of another one: nothing is of both.
    Ok(Some(if found.len() > 1 { Vec::new() } else { found }))
}

/// The condition of a query for a filter; none where the accounts already meet it.
fn condition(column: &AnswerColumn, text: &str) -> Answer<Option<(String, Value)>> {
    let field = column.query_field();
    let invalid = |why: &str| Err(Problem::invalid(column.name, why).into());
    let condition = match column.from {
        Shows::AccountNumber | Shows::Always(_) | Shows::KeptObject(_) => return Ok(None),

        Shows::Exact(_) => match exact::plain(text) {
            Some(number) => json!(number),
            None => return invalid("it is no number."),
        },
        Shows::Flag(_) => match text {
            "true" => json!(true),
            "false" => json!(false),
            _ => return invalid("it is neither true nor false."),
        },

        Shows::Midnight(_) => json!(day_of(column, text)?),
        _ if text == "null" => Value::Null,
        Shows::Text(name) if is_day(name) => json!(day_of(column, text)?),
        Shows::Kept("createdDate", _) => return created(text).map(Some),
        Shows::Text(_) | Shows::Referred(_) | Shows::Kept(..) => json!(text),
    };
    Ok(field.map(|field| (field, condition)))
}

/// Whether a field of rows holds a day, by its name.
fn is_day(field: &str) -> bool {
    field == "date" || field.ends_with("Date")
}

/// The day of a filter, which may be written as a moment.
fn day_of(column: &AnswerColumn, text: &str) -> Answer<String> {
    crate::rest::body::day(&json!(text), column.name)
}

/// A moment of creation in any of the forms that clients send; a day alone means all of it.
fn created(text: &str) -> Answer<(String, Value)> {
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    if Date::parse(day).is_err() {
        return Err(Problem::invalid("createdDate", "it is no day or moment.").into());
    }

    if time.is_empty() {
        return Ok(("createdOn".into(), json!(day)));
    }
    // Seconds are all that is kept; an offset is not converted.
    let time: String = time.chars().take("hh:mm:ss".len()).collect();
    Ok((
        "customFields.createdDate".into(),
        json!(format!("{day} {time}")),
    ))
}

/// A whole number from 1 on.
fn whole(name: &str, text: &str) -> Answer<usize> {
    match text.parse::<u32>().map(usize::try_from) {
        Ok(Ok(number)) if number > 0 => Ok(number),
        _ => Err(Problem::invalid(name, "it is no whole number from 1 on.").into()),
    }
}

/// The columns of `sort`: `-` is ascending and `+` descending, which is also what stands without one. A `+` that was
/// not encoded has become a space.
fn sorts<'t>(text: &str, table: &'t [AnswerColumn]) -> Answer<Vec<(&'t AnswerColumn, bool)>> {
    let mut sorts = Vec::new();
    for part in text.split(',') {
        let (is_descending, name) = match part.strip_prefix('-') {
            Some(name) => (false, name),
            None => (true, part.trim_start_matches(['+', ' '])),
        };
        let mut sortable = table.iter().filter(|column| column.is_sort);
        let Some(column) = sortable.find(|column| column.name == name.trim()) else {
            let why = format!("'{name}' is no column that this list is ordered by.");
            return Err(Problem::invalid("sort", &why).into());
        };
        sorts.push((column, is_descending));
    }

    if sorts.len() > MOST_SORTS {
        return Err(Problem::invalid("sort", "a list is ordered by two columns at most.").into());
    }
    Ok(sorts)
}

/// Whether a value of an answer is the one that a filter states.
fn is_equal(value: Option<&Value>, text: &str) -> bool {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return text == "null";
    };
    let shown = text_of(value);
    shown == text || is_same_number(&shown, text) || is_same_time(&shown, text)
}

/// Whether two texts write the same number, such as `10` and `10.00`.
fn is_same_number(shown: &str, text: &str) -> bool {
    let numbers = [shown, text].map(|text| exact::value(&exact::plain(text)?));
    matches!(numbers, [Some(shown), Some(stated)] if shown == stated)
}

/// Whether a moment that is shown is the one that a filter states, or lies on its day. An offset is not converted.
fn is_same_time(shown: &str, text: &str) -> bool {
    let is_its_day = shown.starts_with(text) && text.len() == "2026-03-31".len();
    let seconds = text.chars().take("2026-03-31T10:11:12".len());
    is_its_day || shown == seconds.collect::<String>().replace('T', " ")
}
