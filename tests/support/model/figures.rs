//! The figures of lines and documents, from the settlements alone.
//!
//! Rule: `settlement.md#figures-of-a-document`.

use super::*;

impl Model {
    /// Whether something of the source is applied to the target.
    pub fn is_part(&self, source: usize, target: usize) -> bool {
        self.applied
            .iter()
            .any(|applied| (applied.source, applied.target) == (source, target))
    }

    pub(super) fn line_used(&self, document: usize, line: usize, refunds: bool) -> i128 {
        let is_refund = |applied: &Applied| self.documents[applied.target].kind == "refund";
        let concerns = |applied: &&Applied| {
            let gives = (applied.source, applied.item.source) == (document, line)
                && is_refund(applied) == refunds;
            gives || (!refunds && (applied.target, applied.item.target) == (document, line))
        };
        let here: i128 = self
            .applied
            .iter()
            .filter(concerns)
            .map(|applied| applied.item.amount)
            .sum();
        let before = self.documents[document].lines[line].before.iter();
        let before = before.filter(|of| (of.by == "refund") == refunds);
        here + before.map(|of| of.amount).sum::<i128>()
    }

    pub fn line_applied(&self, document: usize, line: usize) -> i128 {
        self.line_used(document, line, false)
    }

    pub fn line_refunded(&self, document: usize, line: usize) -> i128 {
        self.line_used(document, line, true)
    }

    pub fn line_net(&self, document: usize, line: usize) -> i128 {
        let Line { amount, netted, .. } = self.documents[document].lines[line];
        amount + netted
    }

    pub fn line_open(&self, document: usize, line: usize) -> i128 {
        self.line_net(document, line)
            - self.line_applied(document, line)
            - self.line_refunded(document, line)
    }

    /// The sum of something over all lines of a document.
    pub(super) fn sum(&self, document: usize, of: impl Fn(usize) -> i128) -> i128 {
        (0..self.documents[document].lines.len()).map(of).sum()
    }

    pub fn open(&self, document: usize) -> i128 {
        self.sum(document, |line| self.line_open(document, line))
    }

    /// What a document can settle: no more than it has open, nor (where those are passed over that are not positive)
    /// than its lines have.
    pub fn possible(&self, document: usize, skips: bool) -> i128 {
        let open = self.open(document).max(0);
        let positive = self.sum(document, |line| self.line_open(document, line).max(0));
        if skips { open.min(positive) } else { open }
    }

    /// What is applied between two documents, by target, then source.
    pub fn part(&self, source: usize, target: usize) -> Vec<Item> {
        let between = |applied: &&Applied| (applied.source, applied.target) == (source, target);
        let mut part: Vec<_> = self
            .applied
            .iter()
            .filter(between)
            .map(|applied| applied.item)
            .collect();
        part.sort_by_key(Item::order);
        part
    }

    /// The days and groups of what was settled.
    pub fn groups(&self) -> Vec<(String, String)> {
        self.log
            .iter()
            .map(|settlement| (format!("AG-{}", settlement.version), settlement.at.clone()))
            .collect()
    }

    /// What a group moved: the identifiers of both documents, and the lines.
    pub fn applications(&self, group: &str) -> Vec<MovedBetween> {
        let is_of = |of: &&Settlement| format!("AG-{}", of.version) == group;
        let mut applications = Vec::new();
        for settlement in self.log.iter().filter(is_of) {
            for application in &settlement.applications {
                let name = |document: usize, line: usize| {
                    let line = &self.documents[document].lines[line];
                    (line.tax_of.is_some(), line.id.clone())
                };
                let items = application.items.iter().map(|item| {
                    let source = name(settlement.source, item.source);
                    [source, name(application.target, item.target)]
                });
                applications.push(MovedBetween {
                    source: self.documents[settlement.source].id.clone(),
                    target: self.documents[application.target].id.clone(),
                    items: items.collect(),
                });
            }
        }
        applications
    }
}
