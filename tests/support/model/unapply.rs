//! What comes back when an application is taken back.
//!
//! Rule: `settlement.md#unapply`.

use super::*;

impl Model {
    pub(super) fn unapply(&mut self, command: &Value, kind: &str, at: &str) -> Result<usize> {
        let spread = Spread::of(command);
        let has_targets = ["invoices", "debitMemos"]
            .iter()
            .any(|list| command.get(list).is_some());
        if !has_targets && spread.rule == Some("explicit") {
            return Err("missingField");
        }
        let own;
        let (source, mut entries) = if has_targets {
            self.resolve(command, kind, &spread)?
        } else {
            let source = self.find(kind, &command[id_field(kind)])?;
            let targets = (0..self.documents.len()).filter(|&target| self.is_part(source, target));
            let mut targets: Vec<_> = targets
                .filter(|&target| is_demand(self.documents[target].kind))
                .collect();
            let open = self.open(source);
            targets.sort_by(|&a, &b| self.compare(&spread, a, b, open));
            own = Value::Null;
            let entry = |target| Entry {
                wanted: &own,
                target,
                amount: None,
                items: None,
            };
            let entries: Vec<_> = targets.into_iter().map(entry).collect();
            self.check_documents(source, &entries)?;
            (source, entries)
        };
        self.check_day(source, at)?;
        let targets = entries.iter().map(|entry| entry.target);
        for document in [source].into_iter().chain(targets) {
            self.check_posted_again(document, at)?;
        }
        if has_targets {
            self.measure(source, &mut entries)?;
        } else {
            self.limit(
                "partItems",
                self.applied
                    .iter()
                    .filter(|applied| applied.source == source)
                    .count(),
            )?;
        }
        for entry in &entries {
            let part = self.part(source, entry.target);
            let fits = |item: Item| {
                let applied = part.iter().find(|applied| applied.order() == item.order());
                within(item.amount, applied.map_or(0, |applied| applied.amount))
            };
            if !entry.items().into_iter().all(fits)
                || entry.amount.is_some_and(|amount| amount > sum(&part))
            {
                return Err("exceedsApplied");
            }
            self.check_back(source, entry.target, &entry.items())?;
        }
        let rule = spread.rule.unwrap_or("fifo");
        let mut applications = Vec::new();
        for entry in &entries {
            let part = self.part(source, entry.target);
            if part.is_empty() {
                self.run
                    .notices
                    .push(("nothingApplied", Some(entry.target)));
                continue;
            }
            let (rule, items) = match (&entry.items, entry.amount) {
                (Some(_), _) => ("explicit", entry.items()),
                (None, None) => (rule, part),
                (None, Some(amount)) => (
                    rule,
                    self.release(&spread, rule, amount, source, entry.target)?,
                ),
            };
            let items = items.into_iter().map(Item::negated).collect();
            applications.push(Application {
                target: entry.target,
                rule,
                items,
            });
        }
        if applications.is_empty() {
            return Err("nothingToSettle");
        }
        self.settle(at, source, applications, true)?;
        Ok(source)
    }

    /// Splits an amount over what is applied between two documents.
    pub(super) fn release(
        &self,
        spread: &Spread,
        rule: &str,
        amount: i128,
        source: usize,
        target: usize,
    ) -> Result<Vec<Item>> {
        let mut part = self.part(source, target);
        let step = self.documents[source].currency.step;
        let count = amount / step;
        if rule != "sourceItem" && part.iter().any(|item| item.amount < 0) {
            return Ok(self.release_signed(spread, rule, count, source, target));
        }
        let places: Vec<_> = part
            .iter()
            .map(|item| (item.target, item.amount))
            .enumerate()
            .collect();
        let sorted = self.in_order(target, spread, spread.rule, places, |(_, place)| *place);
        part = sorted.into_iter().map(|(place, _)| part[place]).collect();
        let caps: Vec<_> = part.iter().map(|item| item.amount / step).collect();
        let shares = if rule == "sourceItem" {
            let is_linked = |item: &Item| self.is_linked(source, item.source, target, item.target);
            let linked: Vec<_> = part
                .iter()
                .zip(&caps)
                .map(|(item, cap)| if is_linked(item) { *cap } else { 0 })
                .collect();
            let possible: i128 = linked.iter().sum();
            if spread.fallback.is_none() && count > possible.max(0) {
                return Err("noSourceItem");
            }
            if count == caps.iter().sum() {
                caps
            } else if count <= possible {
                split("proration", count, &linked)
            } else {
                let fallback = spread.fallback.unwrap();
                let mut left: Vec<_> = caps
                    .iter()
                    .zip(&linked)
                    .map(|(cap, share)| cap - share)
                    .collect();
                if fallback == "lifo" {
                    left.reverse();
                }
                let mut more = split(fallback, count - possible, &left);
                if fallback == "lifo" {
                    more.reverse();
                }
                linked
                    .iter()
                    .zip(more)
                    .map(|(first, second)| first + second)
                    .collect()
            }
        } else {
            split(rule, count, &caps)
        };
        let items = part.into_iter().zip(shares).map(|(item, share)| Item {
            amount: share * step,
            ..item
        });
        let mut items: Vec<_> = items.filter(|item| item.amount != 0).collect();
        items.sort_by_key(Item::order);
        if self.check_back(source, target, &items).is_err() {
            // By lines, where items are more than their lines have.
            let rule = spread.fallback.unwrap_or("proration");
            return Ok(self.release_signed(spread, rule, count, source, target));
        }
        Ok(items)
    }

    /// The same where a negative line was set off against others: the rule says how much of every line of both sides
    /// comes back, and what stays applied of them is paired anew.
    pub(super) fn release_signed(
        &self,
        spread: &Spread,
        rule: &str,
        count: i128,
        source: usize,
        target: usize,
    ) -> Vec<Item> {
        let part = self.part(source, target);
        let step = self.documents[source].currency.step;
        // What stays of each line.
        let side = |document: usize, line_of: &dyn Fn(&Item) -> usize| -> Vec<i128> {
            let lines = 0..self.documents[document].lines.len();
            let of_line = |line: usize| -> i128 {
                part.iter()
                    .filter(|item| line_of(item) == line)
                    .map(|item| item.amount / step)
                    .sum()
            };
            let used = lines
                .clone()
                .filter(|&line| part.iter().any(|item| line_of(item) == line));
            let used = self.in_order(
                document,
                spread,
                spread.rule,
                used.map(|line| (line, of_line(line))).collect(),
                |line| *line,
            );
            let back = split(
                rule,
                count,
                &used.iter().map(|(_, left)| *left).collect::<Vec<_>>(),
            );
            let mut stays: Vec<_> = lines.map(of_line).collect();
            used.iter()
                .zip(back)
                .for_each(|((line, _), back)| stays[*line] -= back);
            stays
        };
        let mut rows = side(source, &|item| item.source);
        let mut columns = side(target, &|item| item.target);
        let mut cells = set_off(&mut rows, &mut columns);
        for row in 0..rows.len() {
            for column in 0..columns.len() {
                let units = rows[row].min(columns[column]);
                cell(&mut cells, &mut rows, &mut columns, row, column, units);
            }
        }
        let stays = cells.into_iter().map(|(source, target, amount)| Item {
            source,
            target,
            amount: -amount,
        });
        let mut back = scaled(
            stays
                .chain(part.iter().map(|item| Item {
                    amount: item.amount / step,
                    ..*item
                }))
                .collect(),
            step,
        );
        back.retain(|item| item.amount != 0);
        back
    }
}
