//! Cuts a scenario file into scenarios, rows, cells, clauses and words. It knows the punctuation and no operation. What
//! the words mean is said in the other files of this folder, and the whole language in `docs/internals/scenarios.md`.

use super::place::{File, Place, Problem, Result};
use std::rc::Rc;

/// What a file holds: scenarios, and fixtures (named lists of rows) that scenarios are given.
#[derive(Debug, Default)]
pub struct Sections {
    pub scenarios: Vec<Section>,
    pub fixtures: Vec<Section>,
}

/// One scenario or fixture.
#[derive(Debug)]
pub struct Section {
    pub name: String,
    pub why: String,
    pub source: Option<String>,
    pub book: Option<Book>,
    pub entries: Vec<Entry>,
    pub place: Place,
}

/// The line of the book: its options, and how it is refused if it is.
#[derive(Debug)]
pub struct Book {
    pub options: Vec<Clause>,
    pub expected: Vec<Clause>,
    pub place: Place,
}

/// What a scenario does next.
#[derive(Debug)]
pub enum Entry {
    Row(Row),
    /// The rows of a fixture come here.
    Given(Word),
}

/// A row of the table, with the rows below it that belong to it.
#[derive(Clone, Debug)]
pub struct Row {
    pub operation: Word,
    pub document: Word,
    pub details: Vec<Clause>,
    pub expected: Vec<Clause>,
    /// Where the expected cell begins.
    pub expected_place: Place,
    /// The commands of a bulk: rows that begin with `+`.
    pub commands: Vec<Row>,
    /// Expected rows: lines that begin with `>`, of which the first has the names of the columns.
    pub table: Vec<TableRow>,
}

/// A line of an expected table.
#[derive(Clone, Debug)]
pub struct TableRow {
    /// The number of `>`: a row of two belongs to the row of one above it.
    pub depth: usize,
    pub cells: Vec<Word>,
}

/// Words, and what stands in parentheses behind them.
#[derive(Clone, Debug)]
pub struct Clause {
    pub words: Vec<Word>,
    pub group: Option<Vec<Clause>>,
    pub place: Place,
}

/// A word, or a text in quotation marks.
#[derive(Clone, Debug)]
pub struct Word {
    pub text: String,
    pub is_quoted: bool,
    pub place: Place,
}

impl Clause {
    /// The words, to be matched.
    pub fn texts(&self) -> Vec<&str> {
        self.words.iter().map(|word| &*word.text).collect()
    }

    pub fn problem(&self, sentence: &str) -> Problem {
        self.place
            .problem(format!("{sentence}: {}", self.texts().join(" ")))
    }

    /// The clauses in parentheses, or none.
    pub fn inner(&self) -> &[Clause] {
        self.group.as_deref().unwrap_or_default()
    }

    /// Refuses parentheses where nothing can be said in them.
    pub fn without_group(&self) -> Result<&Self> {
        match self.group {
            Some(_) => Err(self.problem("nothing is said in parentheses here")),
            None => Ok(self),
        }
    }
}

impl Word {
    pub fn problem(&self, sentence: &str) -> Problem {
        self.place.problem(format!("{sentence}: {}", self.text))
    }
}

/// Reads a file.
pub fn read(name: &str, text: &str) -> Result<Sections> {
    let file = Rc::new(File {
        name: name.to_owned(),
        text: text.to_owned(),
    });
    let mut reader = Reader::default();
    for (index, line) in file.text.lines().enumerate() {
        let place = Place {
            file: Rc::clone(&file),
            line: index + 1,
            column: 1,
        };
        reader.line(line, &place)?;
    }
    Ok(reader.sections)
}

#[derive(Default)]
struct Reader {
    sections: Sections,
    is_fixture: bool,
    /// The comment at the start of a file, which says what its only scenario is called and why.
    comment: Vec<String>,
    has_header: bool,
    is_in_why: bool,
    /// The line above is that of a book, or goes on with it.
    is_in_book: bool,
}

impl Reader {
    fn line(&mut self, line: &str, place: &Place) -> Result<()> {
        let text = line.trim();
        let is_indented = line.starts_with(' ') && !text.is_empty();
        if self.is_in_why && is_indented {
            let why = &mut self.section(place)?.why;
            why.push(' ');
            why.push_str(text);
            return Ok(());
        }
        self.is_in_why = false;
        if std::mem::take(&mut self.is_in_book) && is_indented {
            return self.more_of_book(line, place);
        }

        match text.chars().next() {
            None => Ok(()),
            Some('#') => {
                self.comment_line(text);
                Ok(())
            }
            Some('>') => self.table_row(line, place),
            _ if cells_of(line, place)?.len() > 1 && !text.starts_with("book ") => {
                self.row(line, place)
            }
            _ => self.directive(line, text, place),
        }
    }

    /// Keeps the comment above the first scenario; later ones are for readers alone.
    fn comment_line(&mut self, text: &str) {
        if self.sections.scenarios.is_empty() {
            self.comment
                .push(text.trim_start_matches('#').trim().to_owned());
        }
    }

    fn directive(&mut self, line: &str, text: &str, place: &Place) -> Result<()> {
        let (key, value) = text.split_once(' ').unwrap_or((text, ""));
        let value = value.trim();
        match key {
            "scenario:" | "fixture:" => {
                self.is_fixture = key == "fixture:";
                self.open(value.to_owned(), String::new(), place);
            }
            "why:" => {
                self.section(place)?.why = value.to_owned();
                self.is_in_why = true;
            }
            "source:" => self.section(place)?.source = Some(value.to_owned()),
            "book" => self.book(line, place)?,
            "given" => {
                let fixture = Word {
                    text: value.to_owned(),
                    is_quoted: false,
                    place: place.clone(),
                };
                self.section(place)?.entries.push(Entry::Given(fixture));
            }
            _ => return Err(place.problem("a row has four cells, with a bar between them")),
        }
        Ok(())
    }

    fn book(&mut self, line: &str, place: &Place) -> Result<()> {
        if self.sections.scenarios.is_empty() {
            // A file of one scenario opens with a comment: a title, then the reasons.
            let mut comment = std::mem::take(&mut self.comment).into_iter();
            let name = comment.next().unwrap_or_default();
            let why = comment.filter(|line| !line.is_empty()).collect::<Vec<_>>();
            self.open(name, why.join(" "), place);
        }

        let cells = cells_of(line, place)?;
        let mut options = clauses(&cells[0])?;
        options[0].words.remove(0);
        let expected = cells.get(1).map_or(Ok(Vec::new()), clauses)?;
        let section = self.section(place)?;
        if section.book.is_some() {
            return Err(place.problem("a scenario has one book"));
        }
        section.book = Some(Book {
            options,
            expected,
            place: place.clone(),
        });
        self.is_in_book = true;
        Ok(())
    }

    /// A line behind that of a book goes on with it, where it begins with a blank.
    fn more_of_book(&mut self, line: &str, place: &Place) -> Result<()> {
        let cells = cells_of(line, place)?;
        let (options, expected) = match &cells[..] {
            [options] => (clauses(options)?, Vec::new()),
            [options, expected] => (clauses(options)?, clauses(expected)?),
            _ => return Err(place.problem("a book has options, and how it is refused")),
        };
        let book = self.section(place)?.book.as_mut();
        let book = book.ok_or_else(|| place.problem("there is no book above"))?;
        go_on(&mut book.options, options)?;
        go_on(&mut book.expected, expected)?;
        self.is_in_book = true;
        Ok(())
    }

    fn open(&mut self, name: String, why: String, place: &Place) {
        let section = Section {
            name,
            why,
            source: None,
            book: None,
            entries: Vec::new(),
            place: place.clone(),
        };
        match self.is_fixture {
            true => self.sections.fixtures.push(section),
            false => self.sections.scenarios.push(section),
        }
    }

    fn section(&mut self, place: &Place) -> Result<&mut Section> {
        let sections = match self.is_fixture {
            true => &mut self.sections.fixtures,
            false => &mut self.sections.scenarios,
        };
        sections
            .last_mut()
            .ok_or_else(|| place.problem("a scenario begins with its `book`"))
    }

    fn row(&mut self, line: &str, place: &Place) -> Result<()> {
        let cells = cells_of(line, place)?;
        let [operation, document, details, expected] = &cells[..] else {
            let sentence = format!("a row has four cells, this one {}", cells.len());
            return Err(place.problem(sentence));
        };
        let names: Vec<_> = cells.iter().map(|cell| cell.text.trim()).collect();
        if names == ["operation", "document", "details", "expected"] {
            self.has_header = true;
            return Ok(());
        }
        if !self.has_header {
            return Err(place.problem("not the header of the table"));
        }

        let row = Row {
            operation: word_of(operation)?,
            document: word_of(document)?,
            details: clauses(details)?,
            expected: clauses(expected)?,
            expected_place: expected.start(),
            commands: Vec::new(),
            table: Vec::new(),
        };
        self.add(row, place)
    }

    /// A row whose first two cells are empty goes on with the row above; one with `+` is a command of the bulk above.
    fn add(&mut self, mut row: Row, place: &Place) -> Result<()> {
        if row.operation.text.is_empty() && row.document.text.is_empty() {
            let above = self.row_above(place)?;
            let above = match above.commands.is_empty() {
                true => above,
                false => above.commands.last_mut().expect("not empty"),
            };
            go_on(&mut above.details, row.details)?;
            go_on(&mut above.expected, row.expected)?;
            return Ok(());
        }
        if let Some(operation) = row.operation.text.strip_prefix('+') {
            row.operation.text = operation.trim().to_owned();
            self.row_above(place)?.commands.push(row);
            return Ok(());
        }
        self.section(place)?.entries.push(Entry::Row(row));
        Ok(())
    }

    fn table_row(&mut self, line: &str, place: &Place) -> Result<()> {
        let line = line.trim_end();
        let depth = line
            .trim_start()
            .chars()
            .take_while(|mark| *mark == '>')
            .count();
        let blank = line.replacen('>', " ", depth);
        let cells = cells_of(&blank, place)?;
        let cells = cells.iter().map(word_of).collect::<Result<_>>()?;
        self.row_above(place)?.table.push(TableRow { depth, cells });
        Ok(())
    }

    fn row_above(&mut self, place: &Place) -> Result<&mut Row> {
        match self.section(place)?.entries.last_mut() {
            Some(Entry::Row(row)) => Ok(row),
            _ => Err(place.problem("there is no row above")),
        }
    }
}

/// Adds the clauses of a row below. What begins with a parenthesis belongs to the last clause above.
fn go_on(above: &mut Vec<Clause>, mut below: Vec<Clause>) -> Result<()> {
    if below.first().is_some_and(|clause| clause.words.is_empty()) {
        let more = below.remove(0);
        let Some(clause) = above.last_mut() else {
            return Err(more.problem("parentheses behind which words?"));
        };
        let group = clause.group.get_or_insert_default();
        for inner in more.group.into_iter().flatten() {
            match group.last_mut() {
                Some(last) if last.texts() == CUSTOM && inner.texts() == CUSTOM => {
                    let fields = last.group.get_or_insert_default();
                    fields.extend(inner.group.into_iter().flatten());
                }
                _ => group.push(inner),
            }
        }
    }
    above.append(&mut below);
    Ok(())
}

/// Custom fields within parentheses go on in the parentheses of the row below.
const CUSTOM: [&str; 2] = ["custom", "fields"];

/// The text of a cell, and where it begins.
struct Cell<'l> {
    text: &'l str,
    offset: usize,
    place: Place,
}

impl Cell<'_> {
    /// Where its first word is.
    fn start(&self) -> Place {
        let blanks = self.text.chars().take_while(|mark| *mark == ' ').count();
        self.place.at_offset(self.offset + blanks)
    }
}

/// Cuts a line at its bars, except those in quotation marks.
fn cells_of<'l>(line: &'l str, place: &Place) -> Result<Vec<Cell<'l>>> {
    let mut cells = Vec::new();
    let (mut start, mut start_offset, mut is_quoted, mut is_escaped) = (0, 0, false, false);
    for (offset, (index, mark)) in line.char_indices().enumerate() {
        match mark {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '|' if !is_quoted => {
                cells.push((&line[start..index], start_offset));
                (start, start_offset) = (index + 1, offset + 1);
            }
            _ => {}
        }
    }
    if is_quoted {
        return Err(place.problem("a quotation mark is missing"));
    }
    cells.push((&line[start..], start_offset));
    let cell = |(text, offset)| Cell {
        text,
        offset,
        place: place.clone(),
    };
    Ok(cells.into_iter().map(cell).collect())
}

/// A cell that is one text, such as the name of a document.
fn word_of(cell: &Cell<'_>) -> Result<Word> {
    let text = cell.text.trim();
    if text.starts_with('"') {
        let clauses = clauses(cell)?;
        return match &clauses[..] {
            [clause] if clause.words.len() == 1 => Ok(clause.words[0].clone()),
            _ => Err(cell.start().problem("one text stands here")),
        };
    }
    Ok(Word {
        text: text.to_owned(),
        is_quoted: false,
        place: cell.start(),
    })
}

/// The clauses of a cell: semicolons between them, commas within parentheses.
fn clauses(cell: &Cell<'_>) -> Result<Vec<Clause>> {
    let mut tokens = Tokens {
        marks: cell.text.chars().collect(),
        index: 0,
        cell,
    };
    let clauses = tokens.clauses(';')?;
    match tokens.index == tokens.marks.len() {
        true => Ok(clauses),
        false => Err(tokens.place().problem("no parenthesis is open here")),
    }
}

struct Tokens<'c, 'l> {
    marks: Vec<char>,
    index: usize,
    cell: &'c Cell<'l>,
}

impl Tokens<'_, '_> {
    fn place(&self) -> Place {
        self.cell.place.at_offset(self.cell.offset + self.index)
    }

    /// Clauses with `separator` between them, up to the end of the cell or the closing parenthesis.
    fn clauses(&mut self, separator: char) -> Result<Vec<Clause>> {
        let mut clauses = Vec::new();
        loop {
            let clause = self.clause(separator)?;
            let next = self.marks.get(self.index).copied();
            let is_empty = clause.words.is_empty() && clause.group.is_none();
            if is_empty && (next == Some(separator) || !clauses.is_empty()) {
                return Err(clause.place.problem("nothing stands between two marks"));
            }
            if !is_empty {
                clauses.push(clause);
            }
            if next != Some(separator) {
                return Ok(clauses);
            }
            self.index += 1;
        }
    }

    fn clause(&mut self, separator: char) -> Result<Clause> {
        let mut words = Vec::new();
        let mut group = None;
        self.skip_blanks();
        let place = self.place();
        while let Some(mark) = self.marks.get(self.index).copied() {
            match mark {
                _ if self.is_end(mark, separator) => break,
                ')' => break,
                '(' if group.is_none() => group = Some(self.group()?),
                _ if group.is_some() => {
                    return Err(self.place().problem("nothing follows the parentheses"));
                }
                '"' => words.push(self.quoted()?),
                _ => words.push(self.word(separator)),
            }
            self.skip_blanks();
        }
        Ok(Clause {
            words,
            group,
            place,
        })
    }

    /// A comma ends something only before a blank, so that `1,00` is one (wrong) amount.
    fn is_end(&self, mark: char, separator: char) -> bool {
        let next = self.marks.get(self.index + 1);
        mark == separator && (mark != ',' || next.is_none_or(|next| *next == ' '))
    }

    fn group(&mut self) -> Result<Vec<Clause>> {
        let place = self.place();
        self.index += 1;
        let clauses = self.clauses(',')?;
        if self.marks.get(self.index) != Some(&')') {
            return Err(place.problem("a parenthesis is not closed"));
        }
        self.index += 1;
        Ok(clauses)
    }

    fn quoted(&mut self) -> Result<Word> {
        let place = self.place();
        let mut text = String::new();
        self.index += 1;
        while let Some(mark) = self.marks.get(self.index).copied() {
            self.index += 1;
            match mark {
                '"' => {
                    return Ok(Word {
                        text,
                        is_quoted: true,
                        place,
                    });
                }
                '\\' => {
                    text.extend(self.marks.get(self.index));
                    self.index += 1;
                }
                _ => text.push(mark),
            }
        }
        Err(place.problem("a quotation mark is missing"))
    }

    /// A word; a comma between the items of a list is a word of its own.
    fn word(&mut self, separator: char) -> Word {
        let place = self.place();
        let mut text = String::new();
        while let Some(mark) = self.marks.get(self.index).copied() {
            let is_comma = self.is_end(mark, ',');
            if " ;()".contains(mark) || self.is_end(mark, separator) || is_comma {
                if text.is_empty() && is_comma {
                    text.push(mark);
                    self.index += 1;
                }
                break;
            }
            text.push(mark);
            self.index += 1;
        }
        if text.is_empty() {
            // A semicolon within parentheses: a word that nothing knows.
            text.push(self.marks[self.index]);
            self.index += 1;
        }
        Word {
            text,
            is_quoted: false,
            place,
        }
    }

    fn skip_blanks(&mut self) {
        while self.marks.get(self.index) == Some(&' ') {
            self.index += 1;
        }
    }
}
