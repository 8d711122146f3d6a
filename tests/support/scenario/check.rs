//! What a row expects of the outcome of its command: what was settled, the figures of its document, notices, or a
//! refusal.

use super::command::created;
use super::grammar::{Clause, Row};
use super::names::Names;
use super::place::Result;
use super::query;
use super::words;
use serde_json::{Map, Value, json};
use setoff::document::Kind;

/// What a row expects.
#[derive(Debug)]
pub enum Expected {
    /// The fields of a result, and whether it must be the very same as that of the plan.
    Result { fields: Value, is_same: bool },
    /// The code, and what else is said of the refusal.
    Refusal(Value),
}

impl Expected {
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refusal(_))
    }

    /// Whether the row says that something was settled.
    pub fn settles(&self) -> bool {
        let Self::Result { fields, .. } = self else {
            return false;
        };
        let is_listed = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
        let is_named = ["applicationGroupId", "amount"]
            .iter()
            .any(|field| fields[*field].is_string());
        is_listed(&fields["applications"]) || is_named
    }
}

/// The figures that have a shorter name than their field.
const FIGURES: [(&str, &str); 5] = [
    ("unapplied", "unappliedAmount"),
    ("tax", "taxAmount"),
    ("applied", "appliedAmount"),
    ("refunded", "refundAmount"),
    ("creditable", "availableToCreditAmount"),
];

/// The lists of an outcome that are complete unless the row says `…`.
const COMPLETE: [&str; 2] = ["applications", "notices"];

/// Reads the expected cell of a command.
pub fn outcome(row: &Row, operation: &str, names: &Names) -> Result<Expected> {
    if let Some(refusal) = refusal(&row.expected)? {
        return Ok(Expected::Refusal(refusal));
    }
    let mut reader = Reader {
        document: &row.document.text,
        names,
        fields: Map::new(),
        is_open: false,
        is_same: false,
    };
    for clause in &row.expected {
        reader.clause(clause)?;
    }
    if let Some((_, kind)) = created(operation) {
        reader.require_open_amount(kind, row)?;
    }
    reader.pairs(row)?;
    let results = results(row, names)?;
    if !results.is_empty() {
        reader.fields.insert("results".into(), results.into());
    }
    Ok(reader.finish())
}

/// `refused CODE`, `refused CODE at PATH`, with a part of what it says in parentheses.
pub fn refusal(expected: &[Clause]) -> Result<Option<Value>> {
    let [clause] = expected else {
        let refused = expected
            .iter()
            .find(|clause| clause.texts()[0] == "refused" && !is_list_of_refused(clause));
        return match refused {
            Some(clause) => Err(clause.problem("nothing else is expected of a refusal")),
            None => Ok(None),
        };
    };
    if is_list_of_refused(clause) {
        return Ok(None);
    }
    let mut refusal = match clause.texts()[..] {
        ["refused", code] => json!({ "code": code }),
        ["refused", code, "at", path] => json!({ "code": code, "path": path }),
        ["refused", ..] => return Err(clause.problem("refused by which code?")),
        _ => return Ok(None),
    };
    for inner in clause.inner() {
        match inner.texts()[..] {
            ["at", path] => refusal["path"] = path.into(),
            ["says", text] => {
                // A long sentence goes on in parentheses of its own.
                let said = refusal["says"].as_str();
                refusal["says"] = said.map_or(text.into(), |said| format!("{said} {text}").into());
            }
            _ => return Err(inner.problem("what does the refusal say?")),
        }
    }
    Ok(Some(refusal))
}

/// Whether a clause is the field `refused` of a bill run, a list of documents that cannot be: `refused none`, or
/// `refused (type creditMemo)`.
fn is_list_of_refused(clause: &Clause) -> bool {
    match clause.texts()[..] {
        ["refused", "none"] => true,
        ["refused"] => !clause.inner().is_empty(),
        _ => false,
    }
}

/// What each command of a bulk came to; nothing if no row of it expects anything.
fn results(row: &Row, names: &Names) -> Result<Vec<Value>> {
    let is_silent = row.commands.iter().all(|part| part.expected.is_empty());
    if is_silent {
        return Ok(Vec::new());
    }
    row.commands
        .iter()
        .map(|part| result(part, names))
        .collect()
}

fn result(part: &Row, names: &Names) -> Result<Value> {
    if let [clause] = &part.expected[..]
        && clause.texts() == ["refused"]
    {
        return Ok(json!({ "success": false }));
    }
    if let Some(mut refusal) = refusal(&part.expected)? {
        // A refusal within a result has its whole sentence among its details.
        let fields = refusal.as_object_mut().expect("a refusal is an object");
        if let Some(sentence) = fields.remove("says") {
            refusal["details"]["sentence"] = sentence;
        }
        return Ok(json!({ "success": false, "error": refusal }));
    }
    let mut reader = Reader {
        document: &part.document.text,
        names,
        fields: Map::new(),
        is_open: true,
        is_same: false,
    };
    for clause in &part.expected {
        match clause.texts()[..] {
            ["done"] => {}
            _ => reader.clause(clause)?,
        }
    }
    reader.fields.insert("success".into(), true.into());
    Ok(reader.fields.into())
}

struct Reader<'r> {
    document: &'r str,
    names: &'r Names,
    fields: Map<String, Value>,
    /// There may be more than is listed.
    is_open: bool,
    is_same: bool,
}

impl Reader<'_> {
    fn clause(&mut self, clause: &Clause) -> Result<()> {
        let texts = clause.texts();
        match texts[..] {
            ["…" | "..."] => self.is_open = true,
            ["the", "same"] => self.is_same = true,
            [
                "no",
                list @ ("applications" | "notices" | "documents" | "lines"),
            ] => {
                self.fields.insert(list.into(), json!([]));
            }
            ["nothing", "to", "apply"] => self.push(
                "notices",
                json!({ "code": "nothingApplied", "documentId": null }),
            ),
            ["nothing", "for", document] => self.notice("nothingApplied", document),
            ["no", "taxes", "for", document] => self.notice("planWithoutTaxes", document),
            ["rest", "of", document] => self.notice("partlyUndone", document),
            ["fallback", "for", document] => self.notice("fallbackUsed", document),
            ["fifo", "for", document] => self.notice("fifoInsteadOfProration", document),
            [document, "rounded", "anew"] => self.notice("roundedAnew", document),
            [document, "counts", "from", "posting"] => self.notice("countsFromPosting", document),
            ["settles", amount] => self.set("amount", or_null(amount)),
            ["group", group] => self.set("applicationGroupId", or_null(group)),
            ["version", version] => self.version(version, clause)?,
            ["day", day] => self.set("at", day.into()),
            ["command", name] => self.set("type", name.into()),
            ["makes", id] => self.makes(id, clause)?,
            ["no", "document"] => self.set("document", Value::Null),
            [place, "from", before, "to", after] => {
                self.moved(place, json!({ "before": before, "after": after }));
            }
            [place, "now", after] => self.moved(place, json!({ "after": after })),
            [place, "changes"] => self.moved(place, json!({})),
            [known, ..] if self.is_document(known, clause) => self.application(clause)?,
            _ => self.figure(clause)?,
        }
        Ok(())
    }

    fn is_document(&self, id: &str, clause: &Clause) -> bool {
        let is_known = self.names.kind(id).is_some();
        let is_field = !clause.words[0].is_quoted && words::field_of(&clause.words).is_some();
        is_known || (!is_field && !FIGURES.iter().any(|(figure, _)| *figure == id))
    }

    fn set(&mut self, field: &str, value: Value) {
        self.fields.insert(field.to_owned(), value);
    }

    fn push(&mut self, list: &str, entry: Value) {
        let list = self.fields.entry(list).or_insert(json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(entry);
        }
    }

    fn notice(&mut self, code: &str, document: &str) {
        self.push("notices", json!({ "code": code, "documentId": document }));
    }

    fn version(&mut self, version: &str, clause: &Clause) -> Result<()> {
        let version: u64 = version
            .parse()
            .map_err(|_| clause.problem("which version?"))?;
        self.set("version", version.into());
        Ok(())
    }

    /// A document that the command makes, with figures of it.
    fn makes(&mut self, id: &str, clause: &Clause) -> Result<()> {
        let mut made = Map::new();
        for inner in clause.inner() {
            set_figure(&mut made, inner)?;
        }
        made.insert("id".into(), id.into());
        self.push("created", made.into());
        Ok(())
    }

    /// What a document or (with a stroke) a line had open before and after.
    fn moved(&mut self, place: &str, mut change: Value) {
        if place.contains('/') {
            change["line"] = words::line(place);
            self.push("lines", change);
        } else {
            change["documentId"] = place.into();
            self.push("documents", change);
        }
    }

    /// `INV-1 40.00`: the other side of what was settled, or both sides: `CM-1 to INV-1 40.00`.
    fn application(&mut self, clause: &Clause) -> Result<()> {
        let texts = clause.texts();
        let (texts, rule) = match texts[..] {
            [ref texts @ .., "by", rule] => (texts, Some(rule)),
            ref texts => (texts, None),
        };
        let (source, target, amount) = match *texts {
            [source, "to", target, amount] => (source, target, amount),
            [other, amount] => match self.names.kind(self.document) {
                Some(kind) if kind.is_source() => (self.document, other, amount),
                Some(_) => (other, self.document, amount),
                None => return Err(clause.problem("from which document to which?")),
            },
            _ => return Err(clause.problem("not an expectation")),
        };

        let mut application = json!({ "sourceId": source, "targetId": target, "amount": amount });
        if let Some(rule) = rule {
            application["ruleUsed"] = rule.into();
        }
        let items = clause.inner().iter();
        let items = items.map(|item| application_item(item, source, target));
        let items: Vec<_> = items.collect::<Result<_>>()?;
        if !items.is_empty() {
            application["items"] = items.into();
        }
        self.push("applications", application);
        Ok(())
    }

    /// A table below the row: the lines that were settled with each other. Each pair belongs to the application of its
    /// documents.
    fn pairs(&mut self, row: &Row) -> Result<()> {
        if row.operation.text.starts_with("explain ") {
            return Ok(());
        }
        for (pair, shown) in query::table(&row.table, false)?
            .iter()
            .zip(row.table.iter().skip(1))
        {
            let applications = self.fields.get_mut("applications");
            let applications = applications.and_then(Value::as_array_mut);
            let application = applications.into_iter().flatten().find(|application| {
                application["sourceId"] == pair["source"]["documentId"]
                    && application["targetId"] == pair["target"]["documentId"]
            });
            let Some(application) = application.and_then(Value::as_object_mut) else {
                return Err(shown.cells[0].problem("no application of these documents"));
            };
            let items = application.entry("items").or_insert(json!([]));
            if let Some(items) = items.as_array_mut() {
                items.push(pair.clone());
            }
        }
        Ok(())
    }

    fn figure(&mut self, clause: &Clause) -> Result<()> {
        let document = self.fields.entry("document").or_insert(json!({}));
        let Some(document) = document.as_object_mut() else {
            return Err(clause.problem("there is no document"));
        };
        set_figure(document, clause)
    }

    /// Who makes a document says what it comes to.
    fn require_open_amount(&self, kind: Kind, row: &Row) -> Result<()> {
        let (word, field) = match kind {
            Kind::CreditMemo => ("unapplied", "unappliedAmount"),
            Kind::Payment => return Ok(()),
            _ => ("balance", "balance"),
        };
        let document = self.fields.get("document");
        let is_said = document.is_some_and(|document| document.get(field).is_some());
        match is_said || self.is_open || self.is_same {
            true => Ok(()),
            false => {
                let sentence = format!("what does it come to? `{word}` and the amount, or `…`");
                Err(row.expected_place.problem(sentence))
            }
        }
    }

    fn finish(mut self) -> Expected {
        if !self.is_open && !self.is_same {
            for list in COMPLETE {
                self.fields.entry(list).or_insert(json!([]));
            }
        }
        Expected::Result {
            fields: self.fields.into(),
            is_same: self.is_same,
        }
    }
}

/// `a to x 3.33`, and where one side has no lines `to x 3.33` or `a 3.33`.
fn application_item(clause: &Clause, source: &str, target: &str) -> Result<Value> {
    let (from, to, amount) = match clause.without_group()?.texts()[..] {
        [from, "to", to, amount] => (from, to, amount),
        ["to", to, amount] => ("", to, amount),
        [from, amount] => (from, "", amount),
        _ => return Err(clause.problem("from which line to which?")),
    };
    let [from, to] = [(source, from), (target, to)].map(|(document, line)| {
        let mut place = words::line(&format!("/{line}"));
        place["documentId"] = document.into();
        place
    });
    Ok(json!({ "source": from, "target": to, "amount": amount }))
}

/// A figure of a document, by its short name or by its field in words.
pub fn set_figure(document: &mut Map<String, Value>, clause: &Clause) -> Result<()> {
    let short = match clause.texts()[..] {
        [figure, value] => FIGURES
            .iter()
            .find(|(known, _)| *known == figure)
            .map(|(_, field)| (*field, value)),
        _ => None,
    };
    match short {
        Some((field, value)) => {
            document.insert(field.to_owned(), value.into());
            Ok(())
        }
        None => words::set(document, clause),
    }
}

fn or_null(text: &str) -> Value {
    match text {
        "nothing" => Value::Null,
        text => text.into(),
    }
}
