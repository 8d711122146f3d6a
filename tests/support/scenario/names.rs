//! What the rows above have named: documents with their kinds, plans, states, and what undoing them needs. A row is
//! read by these names alone; the book is not asked, so a scenario can be written out without running it.

use setoff::document::Kind;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default)]
pub struct Names {
    kinds: BTreeMap<String, Kind>,
    /// The documents that the row under way makes, if it is not refused.
    made: Vec<(String, Kind)>,
    /// The version of the book: every row that carries something out adds one.
    version: usize,
    /// By document: the application group of the last row about it that settled something.
    groups: BTreeMap<String, String>,
    plans: BTreeMap<String, Plan>,
    states: BTreeSet<String>,
}

/// What a preview has left to be committed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The step that previewed it.
    pub step: usize,
    /// The document that it is about.
    pub document: String,
    /// Whether it settles something.
    pub settles: bool,
}

/// The kinds of documents, as they are said.
const KINDS: [(&str, Kind); 6] = [
    ("invoice", Kind::Invoice),
    ("credit memo", Kind::CreditMemo),
    ("memo", Kind::CreditMemo),
    ("debit memo", Kind::DebitMemo),
    ("payment", Kind::Payment),
    ("refund", Kind::Refund),
];

/// The kind that is said by these words.
pub fn kind_of(words: &str) -> Option<Kind> {
    let known = KINDS.iter().find(|(name, _)| *name == words);
    known.map(|(_, kind)| *kind)
}

/// The name of a command: `apply` and a credit memo are `applyCreditMemo`.
pub fn command_name(verb: &str, kind: Kind) -> String {
    let kind = kind.id_site().as_str().trim_end_matches("Id");
    format!("{verb}{}{}", kind[..1].to_uppercase(), &kind[1..])
}

impl Names {
    /// Remembers a document that the row under way makes.
    pub fn add(&mut self, id: &str, kind: Kind) {
        self.made.push((id.to_owned(), kind));
    }

    pub fn kind(&self, id: &str) -> Option<Kind> {
        let made = self.made.iter().rev().find(|(made, _)| made == id);
        let made = made.map(|(_, kind)| *kind);
        made.or_else(|| self.kinds.get(id).copied())
    }

    /// The kind of a document, or that of the demands that a row would settle.
    pub fn kind_or_invoice(&self, id: &str) -> Kind {
        self.kind(id).unwrap_or(Kind::Invoice)
    }

    pub fn is_source(&self, id: &str) -> bool {
        self.kind(id).is_some_and(Kind::is_source)
    }

    /// Notes that the row under way was refused or only previewed. Rows below may speak of its documents all the same,
    /// as of those that are not there.
    pub fn change_nothing(&mut self) {
        for (id, kind) in std::mem::take(&mut self.made) {
            self.kinds.entry(id).or_insert(kind);
        }
    }

    /// Notes that a row about a document was carried out, and whether it settled something.
    pub fn carry_out(&mut self, document: &str, settles: bool) {
        self.kinds.extend(std::mem::take(&mut self.made));
        self.version += 1;
        if settles {
            let group = format!("AG-{}", self.version);
            self.groups.insert(document.to_owned(), group);
        }
    }

    pub fn group(&self, document: &str) -> Option<&str> {
        self.groups.get(document).map(String::as_str)
    }

    pub fn keep_plan(&mut self, name: &str, plan: Plan) {
        self.plans.insert(name.to_owned(), plan);
    }

    pub fn plan(&self, name: &str) -> Option<Plan> {
        self.plans.get(name).cloned()
    }

    /// Remembers a state; returns whether it is new.
    pub fn keep_state(&mut self, name: &str) -> bool {
        self.states.insert(name.to_owned())
    }
}
