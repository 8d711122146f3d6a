//! What a settlement moves, and from which day it counts.
//!
//! Rules: `settlement.md#parts-and-applications`.

use super::*;

impl Model {
    pub(super) fn settle(
        &mut self,
        at: &str,
        source: usize,
        applications: Vec<Application>,
        back: bool,
    ) -> Result<()> {
        let targets: Vec<_> = applications
            .iter()
            .map(|application| application.target)
            .collect();
        self.check_settling(at)?;
        for &document in [source].iter().chain(&targets) {
            self.check_posted_again(document, at)?;
        }
        for Application { target, items, .. } in &applications {
            for item in items {
                let same = |applied: &&mut Applied| {
                    (applied.source, applied.target, applied.item.order())
                        == (source, *target, item.order())
                };
                match self.applied.iter_mut().find(same) {
                    Some(applied) => applied.item.amount += item.amount,
                    None => self.applied.push(Applied {
                        source,
                        target: *target,
                        item: *item,
                    }),
                }
            }
        }
        self.applied.retain(|applied| applied.item.amount != 0);
        self.run.touched.push(source);
        self.run.touched.extend(&targets);
        self.log.push(Settlement {
            version: self.version,
            at: at.to_owned(),
            source,
            applications,
            back,
            undoes: None,
        });
        // On every day from then on, each line has between nothing and all there is.
        for document in [source].into_iter().chain(targets) {
            let days: Vec<_> = self
                .moves(document)
                .into_iter()
                .map(|moved| moved.day)
                .collect();
            let first = self
                .log
                .last()
                .map(|last| self.days_of(last).min().unwrap());
            for day in days.iter().filter(|day| Some(*day) >= first.as_ref()) {
                if !self.is_possible(document, day) {
                    return Err("dateTooEarly");
                }
            }
        }
        Ok(())
    }

    pub(super) fn check_posted_again(&self, document: usize, at: &str) -> Result<()> {
        let again = self.documents[document].posted_again_on.as_deref();
        if again.is_some_and(|again| at < again) {
            Err("dateTooEarly")
        } else {
            Ok(())
        }
    }

    /// The days from which the applications of a settlement count: none before both documents are there and posted.
    pub(super) fn days_of<'a>(
        &'a self,
        settlement: &'a Settlement,
    ) -> impl Iterator<Item = String> + 'a {
        settlement.applications.iter().map(|application| {
            let there = |document: usize| {
                let Document {
                    date,
                    first_posted_on,
                    ..
                } = &self.documents[document];
                Some(date).max(first_posted_on.as_ref()).unwrap().clone()
            };
            settlement
                .at
                .clone()
                .max(there(settlement.source))
                .max(there(application.target))
        })
    }

    /// Everything that was ever moved on the lines of a document.
    pub(super) fn moves(&self, document: usize) -> Vec<Move> {
        let mut moves = Vec::new();
        for (line, of_line) in self.documents[document].lines.iter().enumerate() {
            moves.extend(of_line.before.iter().map(|of| Move {
                day: of.day.clone(),
                line,
                refunds: of.by == "refund",
                amount: of.amount,
            }));
        }
        for settlement in &self.log {
            let days = self.days_of(settlement);
            for (Application { target, items, .. }, day) in settlement.applications.iter().zip(days)
            {
                let gives = settlement.source == document;
                if !gives && *target != document {
                    continue;
                }
                moves.extend(items.iter().map(|item| Move {
                    day: day.clone(),
                    line: if gives { item.source } else { item.target },
                    refunds: gives && self.documents[*target].kind == "refund",
                    amount: item.amount,
                }));
            }
        }
        moves
    }

    /// What is applied and refunded of each line of a document on a day.
    pub fn on(&self, document: usize, day: &str) -> Vec<[i128; 2]> {
        let mut lines = vec![[0; 2]; self.documents[document].lines.len()];
        for moved in self
            .moves(document)
            .iter()
            .filter(|moved| moved.day.as_str() <= day)
        {
            lines[moved.line][usize::from(moved.refunds)] += moved.amount;
        }
        lines
    }

    pub(super) fn is_possible(&self, document: usize, day: &str) -> bool {
        let lines = self.on(document, day);
        let fits = |net: i128, [applied, refunded]: [i128; 2]| {
            within(applied, net) && within(refunded, net) && within(applied + refunded, net)
        };
        let total = [0, 1].map(|column| lines.iter().map(|line| line[column]).sum());
        let nets: Vec<_> = (0..lines.len())
            .map(|line| self.line_net(document, line))
            .collect();
        fits(nets.iter().sum(), total)
            && nets.iter().zip(&lines).all(|(net, line)| fits(*net, *line))
    }

    // Looking things up.

    /// Whether a source may be applied to a target at all.
    pub fn match_each_other(&self, source: usize, target: usize) -> bool {
        let [from, to] = [source, target].map(|index| &self.documents[index]);
        let live = |document: &Document| {
            document.status == "posted" && !document.reversed && !document.deleted
        };
        live(from) && live(to) && from.account == to.account && from.currency == to.currency
    }
}
