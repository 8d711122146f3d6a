//! Writes the tables of [`object`](super::object) as TypeScript, into the files of `types/`.
//!
//! A file there is a row of blocks with an empty line between them. A block that declares the name of a table is
//! written from the table; the others are written by hand. So the order of a file, and all that is about answers, is
//! the hand's.

use super::fields::{AT, TYPE};
use super::{about, allocate, decode, entry, generate, prorate, query, sums};
use crate::document::Kind;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The columns of a line.
const WIDTH: usize = 100;

/// The text of the day of a command, and of the document that it names.
const AT_DOC: &[&str] = &[" The day of the command."];
const DOCUMENT_DOC: &[&str] = &[" The document, by its `id` or `number`."];

/// An interface, an object without a name, or a type that is one of several.
#[derive(Clone)]
pub(super) struct Declaration {
    pub(super) keyword: &'static str,
    pub(super) name: &'static str,
    /// The name, with its parameters.
    pub(super) header: &'static str,
    pub(super) doc: &'static [&'static str],
    pub(super) extends: Vec<&'static str>,
    pub(super) fields: Vec<Member>,
    /// The word by which a form of a union is known: its `type`.
    pub(super) tag: Option<&'static str>,
    /// Fields of other forms of a union.
    pub(super) absent: &'static [&'static str],
    /// What all forms of a union have.
    pub(super) common: Option<&'static str>,
    pub(super) forms: Vec<String>,
}

/// A field.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) doc: &'static [&'static str],
    pub(super) name: &'static str,
    pub(super) is_optional: bool,
    pub(super) text: String,
}

impl Declaration {
    /// How a field names it: an object without a name is written out.
    pub(super) fn reference(&self) -> String {
        if self.keyword != "form" {
            return self.name.to_owned();
        }
        let fields = self.members();
        let fields = fields.iter().map(Member::inline);
        let fields = fields.collect::<Vec<_>>().join(" ");
        format!("{{ {} }}", fields.trim_end_matches(';'))
    }

    /// The block.
    pub(super) fn text(&self) -> String {
        let mut text = comment(self.doc, "");
        if self.keyword == "export type" {
            let head = format!("export type {} =", self.header);
            let forms = self.forms.join(" | ");
            return text
                + &match self.common {
                    Some(common) => intersection(&head, common, &forms),
                    None => choice(&head, &forms, ""),
                };
        }

        let extends = match &self.extends[..] {
            [] => String::new(),
            bases => format!(" extends {}", bases.join(", ")),
        };
        let head = format!("{} {}{extends} {{", self.keyword, self.header);
        if head.len() <= WIDTH {
            text += &head;
        } else {
            let bases = self.extends.join(",\n    ");
            write!(
                text,
                "{} {}\n  extends {bases} {{",
                self.keyword, self.header
            )
            .unwrap();
        }
        let members = self.members();
        for field in &members {
            text += "\n";
            text += &comment(field.doc, "  ");
            text += &field.line("  ");
        }
        text += if members.is_empty() { "}" } else { "\n}" };
        text
    }

    /// The fields, with those by which TypeScript tells the forms of a union apart: its type, and what it lacks.
    fn members(&self) -> Vec<Member> {
        let tag = self
            .tag
            .map(|tag| Member::required(&[], TYPE, format!("\"{tag}\"")));

        let absent = self.absent.iter().map(|&name| Member {
            doc: &[],
            name,
            is_optional: true,
            text: "undefined".to_owned(),
        });

        let fields = self.fields.iter().cloned();
        tag.into_iter().chain(fields).chain(absent).collect()
    }
}

/// A kind of command: its name, the field that names its document, and of which kind that is.
type CommandRow = (&'static str, Option<&'static str>, Option<Kind>);

/// The blocks of the commands, and of the union of them all.
pub(super) fn commands(all: &[(Declaration, CommandRow)]) -> Vec<(&'static str, String)> {
    let mut tables: Vec<(Declaration, Vec<CommandRow>)> = Vec::new();
    for (table, row) in all {
        match tables
            .iter_mut()
            .find(|(known, _)| known.name == table.name)
        {
            Some((_, rows)) => rows.push(*row),
            None => tables.push((table.clone(), vec![*row])),
        }
    }

    let names: Vec<_> = tables.iter().map(|(table, _)| table.name).collect();
    let union = Declaration {
        keyword: "export type",
        name: "Command",
        header: "Command",
        doc: &[
            " Every command of a book. A command is plain data: you can store, send, preview and execute it.",
            " Its `at` is the day of the command. It names an existing document by its `id` or its `number`;",
            " if both match, the `id` counts.",
        ],
        extends: Vec::new(),
        fields: Vec::new(),
        tag: None,
        absent: &[],
        common: None,
        forms: vec![names.join(" | ")],
    };
    let blocks = tables.into_iter().map(|(table, rows)| match &rows[..] {
        [row] => (table.name, one_command(table, *row)),
        rows => (table.name, several_commands(table, rows)),
    });
    blocks.chain([("Command", union.text())]).collect()
}

/// A command of its own: an interface with its type.
fn one_command(mut table: Declaration, (name, document_field, _): CommandRow) -> String {
    let tag = Member::required(&[], TYPE, format!("\"{name}\""));
    let at = Member::required(AT_DOC, AT, "DateInput".to_owned());
    let about =
        document_field.map(|field| Member::required(DOCUMENT_DOC, field, "string".to_owned()));
    let fixed = [tag, at].into_iter().chain(about);
    table.fields = fixed.chain(table.fields).collect();
    table.keyword = "export interface";
    table.text()
}

/// Commands with the same fields, for several verbs or kinds of documents.
fn several_commands(mut table: Declaration, rows: &[CommandRow]) -> String {
    let name = table.name;
    assert!(
        table.fields.is_empty(),
        "{name}: a command of several kinds extends an interface that has its fields"
    );
    let fields = match &table.extends[..] {
        [] => "unknown".to_owned(),
        parts => parts.join(" & "),
    };

    let mut arms: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for kind in Kind::ALL.iter().map(|kind| kind.as_str()) {
        let of_kind = rows
            .iter()
            .filter(|(.., known)| known.is_some_and(|known| known.as_str() == kind));
        let verbs: Vec<_> = of_kind.map(|(name, ..)| verb_of(name, kind)).collect();
        match arms.iter_mut().find(|(known, _)| *known == verbs) {
            _ if verbs.is_empty() => {}
            Some((_, kinds)) => kinds.push(kind),
            None => arms.push((verbs, vec![kind])),
        }
    }

    let quoted = |words: &[&str]| format!("\"{}\"", words.join("\" | \""));
    let forms = arms
        .iter()
        .map(|(verbs, kinds)| format!("On<{}, {}, {fields}>", quoted(verbs), quoted(kinds)));
    table.forms = forms.collect();
    table.extends.clear();
    table.keyword = "export type";
    table.text()
}

/// The verb of a command about a document: `post` of `postInvoice`.
fn verb_of<'n>(name: &'n str, kind: &str) -> &'n str {
    let (verb, end) = name.split_at(name.len().saturating_sub(kind.len()));
    assert!(
        end.eq_ignore_ascii_case(kind),
        "{name}: the name of a command ends with the kind of its document, {kind}"
    );
    verb
}

impl Member {
    fn required(doc: &'static [&'static str], name: &'static str, text: String) -> Self {
        Self {
            doc,
            name,
            is_optional: false,
            text,
        }
    }

    /// The field in an object without a name.
    fn inline(&self) -> String {
        let mark = if self.is_optional { "?" } else { "" };
        format!("readonly {}{mark}: {};", self.name, self.text)
    }

    /// The field, on several lines if it is a choice that is too long for one.
    fn line(&self, indent: &str) -> String {
        let mark = if self.is_optional { "?" } else { "" };
        let head = format!("{indent}readonly {}{mark}:", self.name);
        choice(&head, &self.text, indent)
    }
}

/// `head A | B;`, with a line for each where that is too long for one.
fn choice(head: &str, text: &str, indent: &str) -> String {
    let line = format!("{head} {text};");
    if line.len() <= WIDTH {
        return line;
    }

    if let Some(list) = text.strip_prefix("readonly (") {
        let list = list.strip_suffix(")[]").unwrap();
        return format!("{head} readonly ({}\n{indent})[];", lines_of(list, indent));
    }

    match &split(text, " | ")[..] {
        [single] => format!("{head} {};", broken(single, indent)),
        _ => format!("{head}{};", lines_of(text, indent)),
    }
}

/// `head Common & (A | B);`, with a line for each where that is too long for one.
fn intersection(head: &str, common: &str, forms: &str) -> String {
    let line = format!("{head} {common} & ({forms});");
    if line.len() <= WIDTH {
        return line;
    }
    let all = format!("  ({forms});");
    if all.len() <= WIDTH {
        return format!("{head} {common} &\n{all}");
    }
    format!("{head} {common} &\n  ({}\n  );", lines_of(forms, "  "))
}

/// The alternatives of a type, each on a line of its own.
fn lines_of(text: &str, indent: &str) -> String {
    let forms = split(text, " | ").into_iter();

    let lines = forms.map(|form| {
        let line = format!("{indent}  | {form}");
        // The last of them has a semicolon.
        if line.len() < WIDTH {
            format!("\n{line}")
        } else {
            format!("\n{indent}  | {}", broken(form, &format!("{indent}    ")))
        }
    });
    lines.collect()
}

/// An object with a line for each field, or a type with a line for each parameter.
fn broken(form: &str, indent: &str) -> String {
    let between = |open: &str, close| form.strip_prefix(open)?.strip_suffix(close);
    if let Some(fields) = between("{ ", " }") {
        let fields = split(fields, "; ").join(&format!(";\n{indent}  "));
        return format!("{{\n{indent}  {fields};\n{indent}}}");
    }
    let parameters = between("On<", ">").unwrap();
    let parameters = split(parameters, ", ").join(&format!(",\n{indent}  "));
    format!("On<\n{indent}  {parameters}\n{indent}>")
}

/// The parts of a text between separators, except those within brackets.
fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut part, mut length) = (0, text, 0);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if depth == 0
            && let Some(after) = rest.strip_prefix(separator)
        {
            parts.extend(part.get(..length));
            (part, rest, length) = (after, after, 0);
            continue;
        }

        match letter {
            '{' | '<' | '(' => depth += 1,
            '}' | '>' | ')' => depth -= 1,
            _ => {}
        }
        length += letter.len_utf8();
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    parts.push(part);
    parts
}

/// A comment of paragraphs, lists and examples, wrapped; nothing where there is none.
fn comment(doc: &[&str], indent: &str) -> String {
    let lines = wrapped(doc, WIDTH - indent.len() - 3);

    match &lines[..] {
        [] => String::new(),
        [line] if indent.len() + line.chars().count() + 7 <= WIDTH => {
            format!("{indent}/** {line} */\n")
        }
        lines => {
            let lines = lines.iter().map(|line| format!("{indent} * {line}"));
            let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
            format!("{indent}/**\n{}\n{indent} */\n", lines.join("\n"))
        }
    }
}

/// The lines of a comment, each paragraph and each entry of a list filled anew.
fn wrapped(doc: &[&str], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_example = false;
    let mut continues = false;
    let mut hanging = "";
    for line in doc {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if line.starts_with("```") {
            is_example = !is_example;
        }

        // These stay as they are, and end the paragraph before them.
        if is_example || line.is_empty() || line.starts_with("```") {
            lines.push(line.to_owned());
            continues = false;
            hanging = "";
            continue;
        }

        if line.starts_with("- ") {
            continues = false;
            hanging = "  ";
        }

        for word in line.split_whitespace() {
            match lines.last_mut() {
                Some(last)
                    if continues && last.chars().count() + 1 + word.chars().count() <= width =>
                {
                    *last += " ";
                    *last += word;
                }
                _ => lines.push(format!("{}{word}", if continues { hanging } else { "" })),
            }
            continues = true;
        }
    }
    lines
}

/// The name that a block declares.
fn declared(block: &str) -> Option<&str> {
    let keywords = ["export interface ", "interface ", "export type ", "type "];
    block.lines().find_map(|line| {
        let name = keywords
            .iter()
            .find_map(|keyword| line.strip_prefix(keyword))?;
        name.split(|letter: char| !letter.is_alphanumeric()).next()
    })
}

/// The files of `types/`.
fn files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/wire/types");
    let files = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// A file with its blocks as the tables say; their names are taken off the list.
fn written(committed: &str, blocks: &mut Vec<(&'static str, String)>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for text in committed.trim_end().split("\n\n") {
        let table =
            declared(text).and_then(|name| blocks.iter().position(|(known, _)| *known == name));

        match table {
            Some(place) => texts.push(blocks.remove(place).1),
            None => texts.push(text.to_owned()),
        }
    }
    texts.join("\n\n") + "\n"
}

/// The blocks of all tables, by name.
fn declarations() -> Vec<(&'static str, String)> {
    let rooms = [
        decode::declarations(),
        entry::declarations(),
        sums::declarations(),
        about::declarations(),
        allocate::declarations(),
        generate::declarations(),
        prorate::declarations(),
        query::declarations(),
    ];
    rooms.concat()
}

#[test]
fn the_types_are_those_of_the_tables() {
    let mut blocks = declarations();
    let mut stale = Vec::new();
    for file in files() {
        let committed = fs::read_to_string(&file).unwrap();
        let text = written(&committed, &mut blocks);
        if committed != text {
            fs::write(&file, &text).unwrap();
            stale.push(file);
        }
    }

    let names: Vec<_> = blocks.iter().map(|(name, _)| *name).collect();
    assert!(
        names.is_empty(),
        "write `export interface NAME {{}}` into a file of src/wire/types, where it shall stand: {names:?}"
    );
    assert!(
        stale.is_empty(),
        "{stale:?} have been written anew; look at them and commit them"
    );
}

/// The names that the tables of a folder declare.
fn tables_below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.extend(tables_below(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(path).unwrap();
            let rows = text.lines().filter_map(|line| line.strip_prefix("    "));
            // An associated type is none of TypeScript.
            let rows = rows.filter(|row| !row.starts_with("type "));

            let tables = rows.filter_map(|row| match row.strip_prefix("command ") {
                Some(name) => name.split(' ').next(),
                None => declared(row),
            });
            names.extend(tables.map(str::to_owned));
        }
    }
    names
}

#[test]
fn every_table_has_a_block() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/wire");
    let tables = tables_below(&folder);

    let blocks = declarations();
    let missing = tables
        .iter()
        .filter(|name| blocks.iter().all(|(known, _)| known != name));
    assert!(tables.len() > 40, "the tables are found");
    assert_eq!(
        missing.collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "these have no row in `declarations` of their file"
    );
}

#[test]
fn comments_are_filled() {
    assert_eq!(comment(&[], "  "), "");
    assert_eq!(comment(&[" A", " day."], "  "), "  /** A day. */\n");

    let long = "word ".repeat(20);
    let doc = [
        long.as_str(),
        "",
        " - one",
        " - two",
        " ```js",
        " a  b",
        " ```",
    ];
    let lines = [
        "/**",
        &format!(" * {}", ["word"; 19].join(" ")),
        " * word",
        " *",
        " * - one",
        " * - two",
        " * ```js",
        " * a  b",
        " * ```",
        " */\n",
    ];
    assert_eq!(comment(&doc, ""), lines.join("\n"));
}

#[test]
fn long_types_take_a_line_for_each_alternative() {
    let word = format!("\"{}\"", "w".repeat(40));
    let text = format!("{word} | {word} | {{ readonly a: A | B }}");
    let lines = format!("head:\n    | {word}\n    | {word}\n    | {{ readonly a: A | B }};");
    assert_eq!(choice("head:", &text, "  "), lines);
    assert_eq!(choice("head:", "A | B", "  "), "head: A | B;");

    let list = format!("readonly ({word} | {word} | A)[]");
    let lines = format!("head: readonly (\n    | {word}\n    | {word}\n    | A\n  )[];");
    assert_eq!(choice("head:", &list, "  "), lines);

    let command = format!("On<\"a\" | \"b\", {word}, {word}>");
    let lines = format!("t = On<\n  \"a\" | \"b\",\n  {word},\n  {word}\n>;");
    assert_eq!(choice("t =", &command, ""), lines);
}
