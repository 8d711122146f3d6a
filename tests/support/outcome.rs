//! Outcomes as the package shows them, read off what the engine ships: the texts of a summary, the columns, and the
//! names of documents and lines.
//!
//! `src/js/outcome.js` reads the same for a caller. So native tests look at the words that cross the boundary, and at
//! nothing that is made for tests alone.

use serde::Serialize;
use setoff::book::Effect;
use setoff::error::Result;
use setoff::money::text;
use setoff::wire::contract::{
    APPLICATION, CREATED, DOCUMENT, HEAD, ITEM, KINDS, LINE, NARROW_ITEM, NARROW_ITEMS,
    NARROW_LINE, NARROW_LINES, RULES, SETTLEMENT,
};
use setoff::wire::{columns, view};
use std::collections::BTreeMap;

/// The fields of the first line of a summary before its notices, in their order there.
const HEAD_FIELDS: [&str; 6] = [
    "at",
    "version",
    "amount",
    "applicationGroupId",
    "fingerprint",
    "type",
];

/// The fields of the lines after it. The last two are there for bulk commands alone.
const LINE_FIELDS: [&str; 4] = ["document", "created", "counts", "results"];

/// The fields of an outcome before its lists, in the order in which the package shows them.
const SUMMARY: [&str; 10] = [
    "type",
    "at",
    "version",
    "amount",
    "applicationGroupId",
    "notices",
    "document",
    "created",
    "counts",
    "results",
];

/// `Outcome`: what a command does, as compact JSON.
pub fn json(effect: &Effect<'_>, columns: Option<&[u32]>) -> String {
    let summary = view::summary(effect, None);
    let fields = read_summary(&summary);

    let names = columns::names(effect.context.documents, 0);
    let names = Names {
        documents: read_names(&names),
        first_created: effect.summary.first_created().map(|first| first.get()),
    };
    let lists = columns.map_or_else(Lists::default, |words| Columns { words }.lists(&names));

    let mut shown: Vec<String> = SUMMARY
        .iter()
        .filter_map(|name| Some(format!("\"{name}\":{}", fields.get(name)?)))
        .collect();
    let lists = serde_json::to_string(&lists).expect("plain data");
    shown.push(lists[1..lists.len() - 1].to_owned());
    format!("{{{}}}", shown.join(","))
}

/// The fields of a summary as JSON, by name.
fn read_summary(summary: &str) -> BTreeMap<&'static str, String> {
    let mut lines = summary.split('\n');
    let head: Vec<_> = lines.next().expect("a head").split('\t').collect();
    let [words @ .., notices] = &head[..] else {
        panic!("a head without words")
    };
    assert_eq!(words.len(), HEAD_FIELDS.len());

    let mut fields = BTreeMap::from([("notices", (*notices).to_owned())]);
    for (name, word) in HEAD_FIELDS.into_iter().zip(words) {
        let value = match (name, *word) {
            ("version", number) => number.to_owned(),
            (_, "") => "null".to_owned(),
            (_, text) => format!("\"{text}\""),
        };
        fields.insert(name, value);
    }
    let lines: Vec<_> = lines.map(str::to_owned).collect();
    assert!([2, LINE_FIELDS.len()].contains(&lines.len()));
    fields.extend(LINE_FIELDS.into_iter().zip(lines));
    fields
}

/// The same of an effect whose columns nobody else needs.
pub fn written(effect: &Effect<'_>) -> Result<String> {
    let columns = columns::write(effect)?;
    Ok(json(effect, columns.as_deref()))
}

/// A document as names tell of it.
struct NamedDocument<'n> {
    id: &'n str,
    kind: &'static str,
    scale: u32,
    lines: Vec<LineRef<'n>>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineRef<'n> {
    document_id: &'n str,
    item_id: Option<&'n str>,
    tax_item_id: Option<&'n str>,
}

fn read_names(text: &str) -> Vec<NamedDocument<'_>> {
    let mut documents: Vec<NamedDocument<'_>> = Vec::new();
    let mut item_id = None;
    for row in text.split_terminator('\n') {
        let (sort, id) = row.split_at(1);
        if sort == "D" {
            let digit = |index: usize| usize::from(row.as_bytes()[index] - b'0');
            documents.push(NamedDocument {
                id: &row[3..],
                kind: KINDS[digit(2)].as_str(),
                scale: u32::try_from(digit(1)).expect("a digit"),
                lines: Vec::new(),
            });
            continue;
        }
        let document = documents.last_mut().expect("lines follow their document");
        let (item, tax_item) = match sort {
            "I" => {
                item_id = Some(id);
                (item_id, None)
            }
            "T" => (item_id, Some(id)),
            "W" => (None, None),
            other => panic!("a row of {other}"),
        };
        document.lines.push(LineRef {
            document_id: document.id,
            item_id: item,
            tax_item_id: tax_item,
        });
    }
    documents
}

struct Names<'n> {
    documents: Vec<NamedDocument<'n>>,
    first_created: Option<usize>,
}

impl<'n> Names<'n> {
    /// The document of a number of the columns. Those that the command creates have numbers of their own.
    fn document(&self, number: u32) -> &NamedDocument<'n> {
        let index = usize::try_from(number & !CREATED).expect("an index");
        let first = match number & CREATED {
            0 => 0,
            _ => self.first_created.expect("the command creates something"),
        };
        &self.documents[first + index]
    }
}

#[derive(Default, Serialize)]
struct Lists<'n> {
    applications: Vec<Application<'n>>,
    documents: Vec<DocumentChange<'n>>,
    lines: Vec<LineChange<'n>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Application<'n> {
    source_type: &'static str,
    source_id: &'n str,
    target_type: &'static str,
    target_id: &'n str,
    amount: String,
    rule_used: &'static str,
    items: Vec<Item<'n>>,
}

#[derive(Serialize)]
struct Item<'n> {
    source: LineRef<'n>,
    target: LineRef<'n>,
    amount: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentChange<'n> {
    document_id: &'n str,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct LineChange<'n> {
    line: LineRef<'n>,
    before: String,
    after: String,
}

/// The words of `src/wire/columns.rs`.
#[derive(Clone, Copy)]
struct Columns<'w> {
    words: &'w [u32],
}

/// A document of the columns: its own words, and the rows of its lines.
struct DocumentRow<'w> {
    row: &'w [u32],
    lines: Vec<&'w [u32]>,
}

impl<'w> Columns<'w> {
    fn lists<'n>(self, names: &Names<'n>) -> Lists<'n> {
        let (mut documents, mut lines) = (Vec::new(), Vec::new());
        for document in self.documents() {
            let named = names.document(document.row[0]);
            documents.push(DocumentChange {
                document_id: named.id,
                before: text::write(wide(&document.row[2..]), named.scale),
                after: text::write(wide(&document.row[4..]), named.scale),
            });
            for row in document.lines {
                let [before, after] = balances(row);
                lines.push(LineChange {
                    line: named.lines[count(row[0])],
                    before: text::write(before, named.scale),
                    after: text::write(after, named.scale),
                });
            }
        }
        Lists {
            applications: self.applications(names),
            documents,
            lines,
        }
    }

    fn applications<'n>(self, names: &Names<'n>) -> Vec<Application<'n>> {
        let mut applications = self.rows(self.applications_start(), APPLICATION);
        let mut items = self.rows(self.items_start(), self.item_width());
        let settlements = self.rows(HEAD, SETTLEMENT);

        let mut all = Vec::new();
        for settlement in settlements.take(count(self.words[1])) {
            let source = names.document(settlement[0]);
            for application in applications.by_ref().take(count(settlement[1])) {
                let target = names.document(application[0]);
                let rows = items.by_ref().take(count(application[2]));
                all.push(Application {
                    source_type: source.kind,
                    source_id: source.id,
                    target_type: target.kind,
                    target_id: target.id,
                    amount: text::write(wide(&application[3..]), source.scale),
                    rule_used: RULES[count(application[1])].as_str(),
                    items: rows.map(|row| item(row, source, target)).collect(),
                });
            }
        }
        all
    }

    fn documents(self) -> Vec<DocumentRow<'w>> {
        let mut start = self.items_start() + count(self.words[3]) * self.item_width();
        let mut documents = Vec::new();
        for _ in 0..count(self.words[4]) {
            let row = &self.words[start..start + DOCUMENT];
            let lines = self.rows(start + DOCUMENT, self.line_width());
            documents.push(DocumentRow {
                row,
                lines: lines.take(count(row[1])).collect(),
            });
            start += DOCUMENT + count(row[1]) * self.line_width();
        }
        assert_eq!(start, self.words.len(), "documents come last");
        documents
    }

    /// The rows from a word on.
    fn rows(self, start: usize, width: usize) -> impl Iterator<Item = &'w [u32]> {
        self.words[start..].chunks_exact(width)
    }

    fn applications_start(self) -> usize {
        HEAD + count(self.words[1]) * SETTLEMENT
    }

    fn items_start(self) -> usize {
        self.applications_start() + count(self.words[2]) * APPLICATION
    }

    fn item_width(self) -> usize {
        match self.words[0] & NARROW_ITEMS {
            0 => ITEM,
            _ => NARROW_ITEM,
        }
    }

    fn line_width(self) -> usize {
        match self.words[0] & NARROW_LINES {
            0 => LINE,
            _ => NARROW_LINE,
        }
    }
}

fn item<'n>(row: &[u32], source: &NamedDocument<'n>, target: &NamedDocument<'n>) -> Item<'n> {
    let (given, received, amount) = match row {
        [lines, amount] => (lines & 0xffff, lines >> 16, narrow(*amount)),
        [given, received, amount @ ..] => (*given, *received, wide(amount)),
        _ => panic!("an item of {} words", row.len()),
    };
    Item {
        source: source.lines[count(given)],
        target: target.lines[count(received)],
        amount: text::write(amount, source.scale),
    }
}

/// What a line has open before and after.
fn balances(row: &[u32]) -> [i128; 2] {
    match row {
        [_, before, after] => [narrow(*before), narrow(*after)],
        [_, balances @ ..] => [wide(balances), wide(&balances[2..])],
        [] => panic!("a line without words"),
    }
}

fn count(word: u32) -> usize {
    usize::try_from(word).expect("a count")
}

/// The amount of one word.
fn narrow(word: u32) -> i128 {
    word.cast_signed().into()
}

/// The amount that begins with these two words.
fn wide(words: &[u32]) -> i128 {
    let bits = u64::from(words[1]) << 32 | u64::from(words[0]);
    bits.cast_signed().into()
}
