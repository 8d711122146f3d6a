//! Look-ups: single figures, and lists with their filters, orders and pages.

use super::grammar::{Clause, Row, TableRow, Word};
use super::names::{Names, kind_of};
use super::place::Result;
use super::words;
use serde_json::{Map, Value, json};
use setoff::document::Kind;

/// The kinds of rows, as they are said.
const ROWS: [(&str, &str); 16] = [
    ("invoices", "invoice"),
    ("credit memos", "creditMemo"),
    ("memos", "creditMemo"),
    ("debit memos", "debitMemo"),
    ("payments", "payment"),
    ("refunds", "refund"),
    ("documents", "document"),
    ("items", "item"),
    ("tax items", "taxItem"),
    ("parts", "part"),
    ("part items", "partItem"),
    ("applications", "application"),
    ("application items", "applicationItem"),
    ("ageing", "ageing"),
    ("statement", "statement"),
    ("accounts", "account"),
];

/// How a field is compared, as it is said.
const COMPARISONS: [(&[&str], &str); 9] = [
    (&["is", "not"], "ne"),
    (&["is", "one", "of"], "in"),
    (&["is"], "eq"),
    (&["less", "than"], "lt"),
    (&["at", "most"], "lte"),
    (&["more", "than"], "gt"),
    (&["at", "least"], "gte"),
    (&["starts", "with"], "startsWith"),
    (&["contains"], "contains"),
];

/// The query of a list: `list | invoices | balance more than 0.00; by due date, number descending; 2 a page`.
pub fn list(row: &Row) -> Result<Value> {
    let known = ROWS.iter().find(|(said, _)| *said == row.document.text);
    let Some((_, of)) = known else {
        return Err(row.document.problem("no such rows"));
    };
    let mut query = json!({ "of": of });
    for clause in &row.details {
        list_clause(&mut query, clause)?;
    }
    for clause in &row.expected {
        if let ["total", total] = clause.texts()[..]
            && total != "nothing"
        {
            query["total"] = true.into();
        }
        if let Some((_, name, _)) = sum(clause)? {
            let known = query["sum"].as_array().cloned().unwrap_or_default();
            if !known.contains(&name) {
                query["sum"] = [known, vec![name]].concat().into();
            }
        }
    }
    Ok(query)
}

/// `sum USD balance 20.00`: a currency, a field and what it comes to.
fn sum(clause: &Clause) -> Result<Option<(String, Value, Value)>> {
    let [sum, currency, name @ .., amount] = &clause.words[..] else {
        return Ok(None);
    };
    if sum.text != "sum" {
        return Ok(None);
    }
    match field(name, clause)? {
        (name, []) => {
            let amount = value_of(&name, amount);
            Ok(Some((currency.text.clone(), name.into(), amount)))
        }
        _ => Err(clause.problem("a currency, a field and its sum")),
    }
}

/// A value, or the amounts of the buckets of an account: `500.00, 0.00`.
fn value_of(name: &str, word: &Word) -> Value {
    if name != "buckets" {
        return words::plain_of(name, word);
    }
    let amounts = word.text.split(", ");
    amounts.map(|amount| json!({ "amount": amount })).collect()
}

fn list_clause(query: &mut Value, clause: &Clause) -> Result<()> {
    let texts = clause.without_group()?.texts();
    match (query["of"].as_str(), &texts[..]) {
        (Some("ageing"), ["at", day]) => {
            query["at"] = (*day).into();
            return Ok(());
        }
        (Some("ageing"), ["days", days @ ..]) => {
            let days = days.iter().filter(|day| **day != ",");
            let days: std::result::Result<Vec<u32>, _> = days.map(|day| day.parse()).collect();
            query["days"] = days.map_err(|_| clause.problem("how many days?"))?.into();
            return Ok(());
        }
        (Some("statement"), ["from", day]) => {
            query["from"] = (*day).into();
            return Ok(());
        }
        (Some("statement"), ["to", day]) => {
            query["to"] = (*day).into();
            return Ok(());
        }
        _ => {}
    }
    let whole = |text: &str| {
        let number: std::result::Result<u64, _> = text.parse();
        number.map_err(|_| clause.problem("which number?"))
    };
    match texts[..] {
        ["by", ..] => query["sort"] = sort(&clause.words[1..], clause)?.into(),
        ["fields", ..] => {
            let known = query["fields"].as_array().cloned().unwrap_or_default();
            query["fields"] = [known, fields(&clause.words[1..], clause)?].concat().into();
        }
        ["as", "of", day] => query["asOf"] = day.into(),
        ["with", "total"] => query["total"] = true.into(),
        ["page", number] => query["page"]["number"] = whole(number)?.into(),
        [size, "a", "page"] => query["page"]["size"] = whole(size)?.into(),
        ["after", cursor] => query["page"]["after"] = cursor.into(),
        ["before", cursor] => query["page"]["before"] = cursor.into(),
        _ => condition(query, clause)?,
    }
    Ok(())
}

/// A condition of a filter: a field, how it is compared (left out: it equals), and a value.
fn condition(query: &mut Value, clause: &Clause) -> Result<()> {
    let (name, rest) = field(&clause.words, clause)?;
    let texts: Vec<_> = rest.iter().map(|word| &*word.text).collect();
    let comparison = COMPARISONS.iter().find(|(said, _)| texts.starts_with(said));
    let Some((said, field)) = comparison else {
        let [value] = rest else {
            return Err(clause.problem("not a condition"));
        };
        query["where"][&name] = words::plain_of(&name, value);
        return Ok(());
    };

    if query["where"]
        .get(&name)
        .is_some_and(|known| !known.is_object())
    {
        return Err(clause.problem("this field equals something already"));
    }
    let values = &rest[said.len()..];
    let value = match (*field, values) {
        ("in", values) => {
            let values = values.iter().filter(|word| word.text != ",");
            let values: Vec<_> = values.map(|word| words::plain_of(&name, word)).collect();
            values.into()
        }
        (_, [value]) => words::plain_of(&name, value),
        _ => return Err(clause.problem("compared with what?")),
    };
    query["where"][&name][field] = value;
    Ok(())
}

/// The field that words begin with, and what follows. A custom field is `custom NAME`; `custom fields` are all of them.
fn field<'w>(words: &'w [Word], clause: &Clause) -> Result<(String, &'w [Word])> {
    if let [custom, name, rest @ ..] = words
        && custom.text == "custom"
        && name.text != "fields"
    {
        return Ok((format!("customFields.{}", name.text), rest));
    }
    match words::field_of(words) {
        Some((name, count)) => Ok((name.to_owned(), &words[count..])),
        None => Err(clause.problem("not a field of these rows")),
    }
}

/// `due date, number descending`, `number naturally`.
fn sort(keys: &[Word], clause: &Clause) -> Result<Vec<Value>> {
    let keys = keys.split(|word| word.text == ",");
    keys.map(|key| {
        let (name, rest) = field(key, clause)?;
        let mut sort = json!({ "by": name });
        let rest: Vec<_> = rest.iter().map(|word| &*word.text).collect();
        let (rest, is_by_bytes) = match rest.strip_suffix(&["byte", "by", "byte"]) {
            Some(rest) => (rest, true),
            None => (&rest[..], false),
        };
        if is_by_bytes {
            sort["natural"] = false.into();
        }
        for &word in rest {
            match word {
                "ascending" => sort["dir"] = "asc".into(),
                "descending" => sort["dir"] = "desc".into(),
                "naturally" => sort["natural"] = true.into(),
                _ => return Err(clause.problem("ascending, descending or naturally")),
            }
        }
        Ok(sort)
    })
    .collect()
}

fn fields(words: &[Word], clause: &Clause) -> Result<Vec<Value>> {
    let names = words.split(|word| word.text == ",");
    names
        .map(|name| match name {
            [all] if all.text == "*" => Ok("*".into()),
            name => match field(name, clause)? {
                (name, []) => Ok(name.into()),
                _ => Err(clause.problem("not a field of these rows")),
            },
        })
        .collect()
}

/// What a list is expected to show: the total, the page, and the rows of the table below.
pub fn page(row: &Row) -> Result<Value> {
    let mut page = json!({});
    let mut without_taxes = false;
    for clause in &row.expected {
        if let Some((currency, name, amount)) = sum(clause)? {
            add_sum(&mut page, currency, &name, amount);
            continue;
        }
        match clause.without_group()?.texts()[..] {
            ["no", "rows"] => page["rows"] = json!([]),
            ["no", "tax", "items"] => without_taxes = true,
            ["total", "nothing"] => page["total"] = Value::Null,
            ["total", total] => page["total"] = count(total, clause)?,
            ["page", number, "of", size] => {
                page["page"] =
                    json!({ "number": count(number, clause)?, "size": count(size, clause)? });
            }
            ["more", "after"] | ["…"] => {}
            ["nothing", "after"] => page["next"] = Value::Null,
            ["nothing", "before"] => page["previous"] = Value::Null,
            _ => return Err(clause.problem("not an expectation of a list")),
        }
    }
    if !row.table.is_empty() {
        page["rows"] = table(&row.table, without_taxes)?.into();
    }
    let is_open = matches!(&row.expected[..], [clause] if clause.texts() == ["…"]);
    match page.as_object().is_some_and(Map::is_empty) && !is_open {
        true => Err(row.expected_place.problem("which rows are expected?")),
        false => Ok(page),
    }
}

/// Adds a sum to those of its currency; currencies are stated in order.
fn add_sum(page: &mut Value, currency: String, name: &Value, amount: Value) {
    let name = name.as_str().unwrap_or_default();
    if page["sums"].is_null() {
        page["sums"] = json!([]);
    }
    let sums = page["sums"].as_array_mut().expect("a list of sums");
    match sums.last_mut() {
        Some(last) if last["currency"] == currency => last[name] = amount,
        _ => sums.push(json!({ "currency": currency, name: amount })),
    }
}

fn count(text: &str, clause: &Clause) -> Result<Value> {
    let count: std::result::Result<u64, _> = text.parse();
    count
        .map(Value::from)
        .map_err(|_| clause.problem("how many?"))
}

/// The rows of a table; a row of two `>` is a tax item of the row above it.
pub fn table(rows: &[TableRow], without_taxes: bool) -> Result<Vec<Value>> {
    let Some((header, rows)) = rows.split_first() else {
        return Ok(Vec::new());
    };
    if rows.is_empty() {
        return Err(header.cells[0].problem("rows stand below the columns (or `no rows` above)"));
    }
    let columns: Vec<_> = header.cells.iter().map(column).collect::<Result<_>>()?;
    let has_taxes = without_taxes || rows.iter().any(|row| row.depth > 1);

    let mut found: Vec<Value> = Vec::new();
    for row in rows {
        let mut values = json!({});
        for (column, cell) in columns.iter().zip(&row.cells) {
            if !cell.text.is_empty() || cell.is_quoted {
                *place(&mut values, column) = value_of(last(column), cell);
            }
        }
        if row.cells.len() != columns.len() {
            return Err(row.cells[0].problem("a row has a cell for each column"));
        }
        if row.depth == 1 {
            if has_taxes {
                values["taxItems"] = json!([]);
            }
            found.push(values);
            continue;
        }
        let above = found.last_mut();
        let taxes = above.and_then(|above| above["taxItems"].as_array_mut());
        match taxes {
            Some(taxes) => taxes.push(values),
            None => return Err(row.cells[0].problem("a tax item of which row?")),
        }
    }
    Ok(found)
}

/// The fields that lead to a column's value: `service/from` is `from` within `service`.
fn column(cell: &Word) -> Result<Vec<String>> {
    let names = cell.text.split('/').map(|name| {
        let words = name.split_whitespace().map(|text| Word {
            text: text.to_owned(),
            ..cell.clone()
        });
        let words: Vec<_> = words.collect();
        if let [custom, name] = &words[..]
            && custom.text == "custom"
            && name.text != "fields"
        {
            return Ok(vec!["customFields".to_owned(), name.text.clone()]);
        }
        match words::field_of(&words) {
            Some((name, count)) if count == words.len() => Ok(vec![name.to_owned()]),
            _ => Err(cell.problem("not a field of these rows")),
        }
    });
    let names: Vec<_> = names.collect::<Result<_>>()?;
    Ok(names.concat())
}

fn place<'v>(values: &'v mut Value, column: &[String]) -> &'v mut Value {
    column
        .iter()
        .fold(values, |value, name| &mut value[name.as_str()])
}

fn last(column: &[String]) -> &str {
    column.last().map_or("", String::as_str)
}

/// The rows that an explanation is expected to have: `side` says whether a line gives or receives.
pub fn explanation(row: &Row, mut applications: Vec<Value>) -> Result<Value> {
    let mut reasons = Vec::new();
    let mut sides = Vec::new();
    for row in &row.table {
        let Some((side, cells)) = row.cells.split_first() else {
            continue;
        };
        sides.push(side);
        reasons.push(TableRow {
            depth: row.depth,
            cells: cells.to_vec(),
        });
    }
    let mut index = 0;
    let mut previous = "";
    for (side, reason) in sides.iter().skip(1).zip(table(&reasons, false)?) {
        let list = match &*side.text {
            "gives" => "given",
            "receives" => "received",
            _ => return Err(side.problem("a line gives or receives")),
        };
        // The lines of the next application begin where a line gives again.
        index += usize::from(previous == "received" && list == "given");
        previous = list;
        let application = applications.get_mut(index);
        let application = application.and_then(Value::as_object_mut);
        let reasons = application.map(|fields| fields.entry(list).or_insert(json!([])));
        match reasons.and_then(Value::as_array_mut) {
            Some(reasons) => reasons.push(reason),
            None => return Err(side.problem("of which application?")),
        }
    }
    Ok(applications.into())
}

/// The query of a look-up, and what it must show: the whole answer, or (`has`) an object somewhere in it.
pub fn look_up(row: &Row, names: &Names) -> Result<Value> {
    let id = &*row.document.text;
    let details: Vec<_> = row.details.iter().map(Clause::texts).collect();
    let details: Vec<_> = details.iter().map(|clause| clause.join(" ")).collect();
    let expected = only_text(row)?;
    let kind = names.kind_or_invoice(id);

    match (&*row.operation.text, &details[..]) {
        ("status", []) => Ok(status(kind, id, &expected)),
        ("applied", [target]) => {
            let query = json!({ "of": "part", "where": { "sourceId": id, "targetId": target } });
            let rows = match &*expected {
                "nothing" => json!([]),
                amount => json!([{ "amount": amount }]),
            };
            Ok(json!({ "query": query, "expect": { "rows": rows } }))
        }
        ("applied", _) => Err(row.operation.problem("applied to which document?")),
        _ if names.kind(id).is_none() => Err(row.document.problem("no document")),
        _ if kind.is_source() != (row.operation.text == "unapplied") => {
            let sentence = "a demand has a balance, a source an unapplied amount";
            Err(row.operation.problem(sentence))
        }
        (operation, []) => {
            let query = json!({ "of": row_kind(kind), "where": { "id": id } });
            let figure = match operation {
                "creditable" => "availableToCreditAmount",
                "balance" => "balance",
                _ => "unappliedAmount",
            };
            Ok(json!({ "query": query, "expect": { "rows": [{ figure: expected }] } }))
        }
        (operation, [line]) => {
            let of = json!({ "documentId": id });
            let query = json!({ "of": "item", "where": of, "page": { "size": 1000 } });
            let figure = match operation {
                "creditable" => "availableToCreditAmount",
                _ => "openAmount",
            };
            Ok(json!({ "query": query, "has": { "id": line, figure: expected } }))
        }
        _ => Err(row.operation.problem("one line at a time")),
    }
}

fn row_kind(kind: Kind) -> &'static str {
    kind.id_site().as_str().trim_end_matches("Id")
}

fn status(kind: Kind, id: &str, expected: &str) -> Value {
    let rows = match expected {
        "gone" => json!([]),
        "reversed" => json!([{ "reversed": true }]),
        status => json!([{ "status": status, "reversed": false }]),
    };
    let query = json!({ "of": row_kind(kind), "where": { "id": id } });
    json!({ "query": query, "expect": { "rows": rows } })
}

fn only_text(row: &Row) -> Result<String> {
    match &row.expected[..] {
        [clause] => match clause.without_group()?.texts()[..] {
            [text] => Ok(text.to_owned()),
            _ => Err(clause.problem("one value is expected")),
        },
        _ => Err(row.expected_place.problem("one value is expected")),
    }
}

/// Whether an operation says which kind of document it looks at (`status payment`); the kind is then known.
pub fn is_look_up(operation: &str) -> bool {
    let (verb, kind) = operation.split_once(' ').unwrap_or((operation, ""));
    let known = ["balance", "unapplied", "creditable", "applied", "status"];
    known.contains(&verb) && (kind.is_empty() || kind_of(kind).is_some())
}
