//! The vocabulary: every field of the interface, said in words (`dueDate` is `due date`). It is read from the contract
//! (`src/wire/types`), so that a new field can be said at once and a misspelt one is an error.

use super::grammar::{Clause, Word};
use super::place::Result;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a field holds, as far as its value is written differently.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holds {
    text: bool,
    number: bool,
    flag: bool,
    list: bool,
    line: bool,
}

const CONTRACT: &str = concat!(
    include_str!("../../../src/wire/types/values.d.ts"),
    include_str!("../../../src/wire/types/book.d.ts"),
    include_str!("../../../src/wire/types/commands.d.ts"),
    include_str!("../../../src/wire/types/outcome.d.ts"),
    include_str!("../../../src/wire/types/query.d.ts"),
    include_str!("../../../src/wire/types/allocate.d.ts"),
    include_str!("../../../src/wire/types/prorate.d.ts"),
    include_str!("../../../src/wire/types/generate.d.ts"),
    include_str!("../../../src/wire/types/errors.d.ts"),
    include_str!("../../../src/wire/types/init.d.ts"),
);

static FIELDS: LazyLock<BTreeMap<&str, Holds>> = LazyLock::new(|| {
    let mut fields = BTreeMap::new();
    for declaration in CONTRACT.split("readonly ").skip(1) {
        let Some((name, kind)) = declaration.split_once(':') else {
            continue;
        };
        let name = name.trim_end_matches('?');
        if !name.is_empty() && name.chars().all(|mark| mark.is_ascii_alphanumeric()) {
            let holds: &mut Holds = fields.entry(name).or_default();
            holds.learn(kind.trim());
        }
    }
    fields
});

impl Holds {
    /// Adds what one declaration says; names that stand in several interfaces hold what any of them says.
    fn learn(&mut self, kind: &str) {
        let kind = kind.split(';').next().unwrap_or_default();
        if kind.is_empty() || kind.contains("[]") {
            self.list = true;
            return;
        }
        self.line |= kind.starts_with("LineRef");
        self.number |= kind.contains("number") && !kind.contains("${number}");
        self.flag |= kind.contains("boolean") || kind.starts_with("true");
        let is_text = [
            "string",
            "String",
            "Iso",
            "\"",
            "DecimalInput",
            "DateInput",
            "MomentInput",
            "FractionInput",
        ];
        self.text |= is_text.iter().any(|word| kind.contains(word));
    }
}

/// Names that mean the identifier, though a field is called so too: that one is `the account`.
const IDENTIFIERS: [&str; 3] = ["account", "document", "refund"];

/// The field that the first words name, and how many words that takes: the longest name wins.
pub fn field_of(words: &[Word]) -> Option<(&'static str, usize)> {
    if let [the, name, ..] = words
        && the.text == "the"
    {
        let known = FIELDS.get_key_value(&*name.text);
        return known.map(|(field, _)| (*field, 2));
    }
    (1..=words.len().min(5)).rev().find_map(|count| {
        let named = &words[..count];
        if named.iter().any(|word| word.is_quoted) {
            return None;
        }
        let name = camel(&named.iter().map(|word| &*word.text).collect::<Vec<_>>());
        let known = FIELDS.get_key_value(&*name);
        let known = known.filter(|(field, _)| !IDENTIFIERS.contains(field));
        let with_id = format!("{name}Id");
        let known = known.or_else(|| FIELDS.get_key_value(&*with_id));
        known.map(|(field, _)| (*field, count))
    })
}

/// `due date` as `dueDate`.
pub fn camel(words: &[&str]) -> String {
    let mut name = String::new();
    for (index, word) in words.iter().enumerate() {
        match word.chars().next() {
            Some(first) if index > 0 => {
                name.extend(first.to_uppercase());
                name.push_str(&word[first.len_utf8()..]);
            }
            _ => name.push_str(word),
        }
    }
    name
}

/// An object of clauses, each a field in words with its value.
pub fn object(clauses: &[Clause]) -> Result<Map<String, Value>> {
    let mut fields = Map::new();
    for clause in clauses {
        set(&mut fields, clause)?;
    }
    Ok(fields)
}

/// Sets the field that a clause says.
pub fn set(fields: &mut Map<String, Value>, clause: &Clause) -> Result<()> {
    let is_denied = clause.words.first().is_some_and(|word| word.text == "not");
    let words = &clause.words[usize::from(is_denied)..];
    let Some((field, count)) = field_of(words) else {
        return Err(clause.problem("not a field of the interface"));
    };
    let holds = FIELDS.get(field).copied().unwrap_or_default();
    if is_denied {
        return put(fields, field, false.into(), clause);
    }

    // A name can stand for a list of one object and an amount of another (`charges`): words are then the amount.
    let rest = &words[count..];
    if holds.list && (clause.group.is_some() || !holds.text) {
        let entries = entries(field, rest, clause)?;
        let list = fields.entry(field).or_insert(json!([]));
        let list = list.as_array_mut();
        let list = list.ok_or_else(|| clause.problem("it is no list"))?;
        list.extend(entries);
        return Ok(());
    }
    put(fields, field, value(field, holds, rest, clause)?, clause)
}

fn put(fields: &mut Map<String, Value>, field: &str, value: Value, clause: &Clause) -> Result<()> {
    match fields.insert(field.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(clause.problem("this is said twice")),
    }
}

/// What a clause adds to a list: an object in parentheses, or texts with commas between them.
fn entries(field: &str, rest: &[Word], clause: &Clause) -> Result<Vec<Value>> {
    if let Some(group) = &clause.group {
        return match rest {
            [] => Ok(vec![object(group)?.into()]),
            _ => Err(clause.problem("either words or parentheses")),
        };
    }
    if let [none] = rest
        && none.text == "none"
        && !none.is_quoted
    {
        return Ok(Vec::new());
    }
    let items = rest.split(|word| word.text == "," && !word.is_quoted);
    let camel_items = ["documentOrder", "itemOrder", "order", "sources", "fields"].contains(&field);
    items
        .map(|item| match item {
            [word] => Ok(word.text.clone().into()),
            words if camel_items && !words.is_empty() => {
                let texts: Vec<_> = words.iter().map(|word| &*word.text).collect();
                Ok(camel(&texts).into())
            }
            _ => Err(clause.problem("one text between two commas")),
        })
        .collect()
}

fn value(field: &str, holds: Holds, rest: &[Word], clause: &Clause) -> Result<Value> {
    if let Some(group) = &clause.group {
        return match (rest, field) {
            ([], "customFields") => literals(group),
            ([], "limits") => limits(group),
            ([], _) => Ok(object(group)?.into()),
            _ => Err(clause.problem("either words or parentheses")),
        };
    }
    match rest {
        [] if holds.flag => Ok(true.into()),
        [count, unit] if field == "every" => every(count, unit, clause),
        [word] => Ok(plain(word, holds)),
        [] => Err(clause.problem("what is its value?")),
        _ => Err(clause.problem("a text of several words stands in quotation marks")),
    }
}

/// `1 month`, `14 days`.
fn every(count: &Word, unit: &Word, clause: &Clause) -> Result<Value> {
    let count = count.text.parse::<u32>();
    let count = count.map_err(|_| clause.problem("how many?"))?;
    match &*unit.text {
        "month" | "months" => Ok(json!({ "months": count })),
        "day" | "days" => Ok(json!({ "days": count })),
        _ => Err(clause.problem("months or days")),
    }
}

/// One value, written as its field holds it; `nothing` is null.
pub fn plain(word: &Word, holds: Holds) -> Value {
    if word.is_quoted {
        return word.text.clone().into();
    }
    match &*word.text {
        "nothing" => Value::Null,
        "yes" if holds.flag => true.into(),
        "no" if holds.flag => false.into(),
        text if holds.line => line(text),
        // `#3` is a number where the field can also be a text.
        text if text.starts_with('#') => number(&text[1..]).unwrap_or_else(|| text.into()),
        text if holds.number && !holds.text => number(text).unwrap_or_else(|| text.into()),
        text => text.into(),
    }
}

/// One value of a field that the contract names, or of a custom field.
pub fn plain_of(field: &str, word: &Word) -> Value {
    match FIELDS.get(field) {
        Some(holds) => plain(word, *holds),
        None => literal(word),
    }
}

/// `INV-1/seats/vat`: a document, its item, its tax item. Where nothing follows the stroke, the document has no lines.
pub fn line(text: &str) -> Value {
    let mut names = text.splitn(3, '/');
    let [document, item, tax_item] = [(); 3].map(|()| names.next());
    let item = item.filter(|item| !item.is_empty());
    json!({ "documentId": document, "itemId": item, "taxItemId": tax_item })
}

fn number(text: &str) -> Option<Value> {
    let is_number = text.starts_with(|mark: char| mark.is_ascii_digit() || mark == '-');
    let value = is_number.then(|| serde_json::from_str(text).ok());
    value.flatten()
}

/// What a custom field holds: a number, `yes` or `no`, `nothing`, or a text.
fn literal(word: &Word) -> Value {
    let text = &*word.text;
    match text {
        _ if word.is_quoted => text.into(),
        "yes" => true.into(),
        "no" => false.into(),
        "nothing" => Value::Null,
        _ => number(text).unwrap_or_else(|| text.into()),
    }
}

fn literals(clauses: &[Clause]) -> Result<Value> {
    let mut fields = Map::new();
    for clause in clauses {
        let [name, value] = &clause.without_group()?.words[..] else {
            return Err(clause.problem("a custom field has a name and a value"));
        };
        put(&mut fields, &name.text, literal(value), clause)?;
    }
    Ok(fields.into())
}

/// The limits of a book: `part items 100`.
fn limits(clauses: &[Clause]) -> Result<Value> {
    let mut fields = Map::new();
    for clause in clauses {
        let texts = clause.without_group()?.texts();
        let Some((count, name @ [_, ..])) = texts.split_last() else {
            return Err(clause.problem("a limit has a name and a number"));
        };
        let count = number(count).ok_or_else(|| clause.problem("how many?"))?;
        put(&mut fields, &camel(name), count, clause)?;
    }
    Ok(fields.into())
}
