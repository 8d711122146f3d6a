//! What meets what when a credit memo or payment is applied.
//!
//! Rules: `settlement.md#apply`, `settlement.md#apply-to-source-items`, `settlement.md#lines-below-zero`.

use super::*;

impl Model {
    // Applying.

    pub(super) fn apply(&mut self, command: &Value, kind: &str, at: &str) -> Result<usize> {
        let spread = Spread::of(command);
        let (source, mut entries) = self.resolve(command, kind, &spread)?;
        self.check_settling(at)?;
        let targets = entries.iter().map(|entry| entry.target);
        for document in [source].into_iter().chain(targets) {
            self.check_posted_again(document, at)?;
        }
        self.measure(source, &mut entries)?;
        let step = self.documents[source].currency.step;
        self.check_stated(source, &entries, spread.skips)?;
        let mut left = self.possible(source, spread.skips)
            - entries
                .iter()
                .filter_map(|entry| entry.amount)
                .sum::<i128>();
        if left < 0 {
            return Err("exceedsUnapplied");
        }
        if entries.iter().any(|entry| {
            entry
                .amount
                .is_some_and(|amount| amount > self.possible(entry.target, spread.skips))
        }) {
            return Err("exceedsBalance");
        }
        let mut rule = spread.rule.unwrap_or("proration");
        let lines = |document: usize| self.documents[document].lines.len();
        let cells = lines(source)
            * entries
                .iter()
                .map(|entry| lines(entry.target))
                .sum::<usize>();
        let mut notices = Vec::new();
        if rule == "proration" && !self.allows("prorationCells", cells) {
            rule = "fifo";
            let by_rule = entries.iter().filter(|entry| entry.items.is_none());
            notices.extend(by_rule.map(|entry| ("fifoInsteadOfProration", Some(entry.target))));
        }
        // Explicit items are set aside first.
        let mut given = self.side(source, &spread, Some(rule));
        for item in entries.iter().flat_map(Entry::items) {
            if let Some(left) = given.left(item.source) {
                *left -= item.amount / step;
            }
        }
        let mut applications = Vec::new();
        for entry in &entries {
            let target = entry.target;
            let possible = entry
                .amount
                .unwrap_or_else(|| left.min(self.possible(target, spread.skips)));
            let (rule, items) = if entry.items.is_some() {
                ("explicit", entry.items())
            } else if possible <= 0 {
                (rule, Vec::new())
            } else {
                let mut taken = self.side(target, &spread, Some(rule));
                let count = possible / step;
                if rule == "sourceItem" {
                    let fallback = spread.fallback;
                    let (mut items, rest) =
                        self.pair_sources(count, &mut given, &mut taken, fallback.is_some());
                    match fallback {
                        _ if rest == 0 => {}
                        Some(fallback) => {
                            notices.push(("fallbackUsed", Some(target)));
                            if fallback == "lifo" {
                                for side in [&mut given, &mut taken] {
                                    side.lines.reverse();
                                    side.left.reverse();
                                }
                            }
                            items.extend(self.pair(
                                fallback,
                                rest,
                                &mut given,
                                &mut taken,
                                spread.dense,
                            ));
                            if fallback == "lifo" {
                                given.lines.reverse();
                                given.left.reverse();
                            }
                        }
                        None if entry.amount.is_some() => return Err("noSourceItem"),
                        None => {}
                    }
                    items = scaled(items, 1);
                    items.retain(|item| item.amount != 0);
                    if !items.is_empty() {
                        close(&mut items, &mut given, &mut taken);
                    }
                    (rule, items)
                } else {
                    (
                        rule,
                        self.pair(rule, count, &mut given, &mut taken, spread.dense),
                    )
                }
            };
            let items = if rule == "explicit" {
                items
            } else {
                scaled(items, step)
            };
            if entry.amount.is_none() {
                left -= sum(&items);
            }
            if items.is_empty() {
                notices.push(("nothingApplied", Some(target)));
            } else {
                applications.push(Application {
                    target,
                    rule,
                    items,
                });
            }
        }
        if means_all_open(command) {
            // Of what nobody named, only what was settled is told.
            let is_told = |&(_, document): &(&str, Option<usize>)| {
                let mut named = entries.iter().filter(|entry| !entry.wanted.is_null());
                named.any(|entry| Some(entry.target) == document)
                    || applications.iter().any(|own| Some(own.target) == document)
            };
            notices.retain(is_told);
            if applications.is_empty() {
                notices.push(("nothingApplied", Some(source)));
                self.run.notices.extend(notices);
                return Ok(source);
            }
        }
        if applications.is_empty() {
            return Err("nothingToSettle");
        }
        self.run.notices.extend(notices);
        self.settle(at, source, applications, false)?;
        Ok(source)
    }

    /// Explicit items must fit their lines, on both sides: each target by itself, and on the source all together.
    pub(super) fn check_stated(
        &self,
        source: usize,
        entries: &[Entry<'_>],
        skips: bool,
    ) -> Result<()> {
        let lines = |document: usize| 0..self.documents[document].lines.len();
        for line in lines(source) {
            let of_line = |entry: &Entry<'_>| -> i128 {
                entry
                    .items()
                    .iter()
                    .filter(|item| item.source == line)
                    .map(|item| item.amount)
                    .sum()
            };
            let open = self.line_open(source, line);
            let open = if skips { open.max(0) } else { open };
            let each = entries.iter().all(|entry| within(of_line(entry), open));
            if !each || !within(entries.iter().map(of_line).sum(), open) {
                return Err("exceedsItem");
            }
        }
        for entry in entries {
            for line in lines(entry.target) {
                let got = entry
                    .items()
                    .iter()
                    .filter(|item| item.target == line)
                    .map(|item| item.amount)
                    .sum();
                if !within(got, self.line_open(entry.target, line)) {
                    return Err("exceedsItem");
                }
            }
        }
        Ok(())
    }

    /// Splits an amount over both sides and pairs the shares off, like with like first.
    pub(super) fn pair(
        &self,
        rule: &str,
        count: i128,
        given: &mut Side,
        taken: &mut Side,
        dense: bool,
    ) -> Vec<Item> {
        let (mut rows, mut columns) = (
            split(rule, count, &given.left),
            split(rule, count, &taken.left),
        );
        given
            .left
            .iter_mut()
            .zip(&rows)
            .for_each(|(left, share)| *left -= share);
        taken
            .left
            .iter_mut()
            .zip(&columns)
            .for_each(|(left, share)| *left -= share);
        let mut cells = set_off(&mut rows, &mut columns);
        if dense {
            for row in 0..rows.len() {
                for (column, units) in proportional(rows[row], &columns).into_iter().enumerate() {
                    cell(&mut cells, &mut rows, &mut columns, row, column, units);
                }
            }
        } else {
            let line = |document: usize, line: usize| &self.documents[document].lines[line];
            let is_tax =
                |side: &Side, place: usize| line(side.document, side.lines[place]).tax_of.is_some();
            let has_tax = |side: &Side| (0..side.lines.len()).any(|place| is_tax(side, place));
            let both = has_tax(given) && has_tax(taken);
            let (from, to) = (&*given, &*taken);
            let alike: [&dyn Fn(usize, usize) -> bool; 4] = [
                &|row, column| {
                    let own = line(from.document, from.lines[row]);
                    self.credited_line(&self.documents[from.document], own, to.document)
                        == Some(to.lines[column])
                },
                &|row, column| {
                    let [a, b] = [
                        line(from.document, from.lines[row]),
                        line(to.document, to.lines[column]),
                    ];
                    a.tax_of.is_some() && b.tax_of.is_some() && a.identity == b.identity
                },
                &|row, column| both && is_tax(from, row) == is_tax(to, column),
                &|_, _| true,
            ];
            for is_alike in alike {
                for row in 0..rows.len() {
                    for column in 0..columns.len() {
                        if is_alike(row, column) {
                            let units = rows[row].min(columns[column]);
                            cell(&mut cells, &mut rows, &mut columns, row, column, units);
                        }
                    }
                }
            }
        }
        assert!(
            rows.iter().chain(&columns).all(|left| *left == 0),
            "everything is paired off"
        );
        let item = |(row, column, amount): (usize, usize, i128)| Item {
            source: given.lines[row],
            target: taken.lines[column],
            amount,
        };
        cells.into_iter().map(item).collect()
    }

    /// Whether a line of a source credits a line of a target: it says so, or it is the same tax of an item that does.
    pub(super) fn is_linked(&self, source: usize, from: usize, target: usize, to: usize) -> bool {
        let (own, other) = (
            &self.documents[source].lines[from],
            &self.documents[target].lines[to],
        );
        if let Some(line) = self.credited_line(&self.documents[source], own, target) {
            return line == to;
        }
        let (Some(of), Some(other_of)) = (own.tax_of, other.tax_of) else {
            return false;
        };
        self.documents[source].lines[of].source == Some((target, other_of))
            && own.identity == other.identity
    }

    /// Pairs lines with those that they credit, and returns what found no place. What negative lines have, goes
    /// with its sign. Pairs that have nothing together only go along with what goes `elsewhere`.
    pub(super) fn pair_sources(
        &self,
        count: i128,
        given: &mut Side,
        taken: &mut Side,
        elsewhere: bool,
    ) -> (Vec<Item>, i128) {
        let mut cells: Vec<Item> = Vec::new();
        for (&source, &left) in given.lines.iter().zip(&given.left) {
            let lines = 0..self.documents[taken.document].lines.len();
            let document = taken.document;
            let linked = lines
                .filter(|&to| self.is_linked(given.document, source, document, to))
                .map(|to| (to, taken.left(to).map_or(0, |left| *left)));
            let linked: Vec<_> = linked.filter(|(_, open)| *open != 0).collect();
            // Like goes with like, if there is any.
            let is_alike = |(_, open): &&(usize, i128)| open.signum() == left.signum();
            let has_alike = linked.iter().any(|place| is_alike(&place));
            let linked: Vec<_> = linked
                .iter()
                .filter(|place| !has_alike || is_alike(place))
                .collect();
            let open: Vec<_> = linked.iter().map(|(_, open)| open.abs()).collect();
            // All that a line has counts, however much its targets have open.
            let shares = proportional(left.abs(), &open);
            cells.extend(linked.iter().zip(shares).map(|((target, _), share)| Item {
                source,
                target: *target,
                amount: share * left.signum(),
            }));
        }
        cells.sort_by_key(Item::order);
        for line in taken.lines.clone() {
            let open = *taken.left(line).unwrap();
            let sign = open.signum();
            let own = |cell: &&mut Item| cell.target == line;
            let brought: Vec<_> = cells
                .iter_mut()
                .filter(own)
                .map(|cell| cell.amount * sign)
                .collect();
            // What comes to a line against its sign takes off what comes with it.
            let fits = brought.iter().sum::<i128>().clamp(0, open.abs());
            let shares = split("proration", fits, &brought);
            let cells = cells.iter_mut().filter(own);
            cells
                .zip(shares)
                .for_each(|(cell, share)| cell.amount = share * sign);
        }
        let possible: i128 = sum(&cells);
        if possible <= 0 && !elsewhere {
            return (Vec::new(), count);
        }
        if count < possible {
            let caps: Vec<_> = cells.iter().map(|cell| cell.amount).collect();
            cells
                .iter_mut()
                .zip(split("proration", count, &caps))
                .for_each(|(cell, share)| cell.amount = share);
        }
        cells.retain(|cell| cell.amount != 0);
        for cell in &cells {
            *given.left(cell.source).unwrap() -= cell.amount;
            *taken.left(cell.target).unwrap() -= cell.amount;
        }
        (cells, (count - possible).max(0))
    }
}
