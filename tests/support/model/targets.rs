//! The documents of a request in the order in which they settle, and what each has open.
//!
//! Rule: `settlement.md#apply`.

use super::*;

impl Model {
    /// All guards that concern the request itself, one after another, each over the whole request. Returns the
    /// entries in the order in which they settle, their items by line.
    pub(super) fn resolve<'a>(
        &self,
        command: &'a Value,
        kind: &str,
        spread: &Spread,
    ) -> Result<(usize, Vec<Entry<'a>>)> {
        check_shape(command)?;
        let wanted = targets(command);
        let source = self.find(kind, &command[id_field(kind)])?;
        let mut entries = Vec::new();
        for (kind, wanted) in wanted {
            let target = self.find(kind, &wanted[id_field(kind)])?;
            entries.push(Entry {
                wanted,
                target,
                amount: None,
                items: None,
            });
        }
        for kind in ["invoice", "debitMemo"] {
            if command[list_field(kind)] == "allOpen" {
                let Document {
                    account, currency, ..
                } = &self.documents[source];
                let found = self.all_open(kind, account, *currency);
                entries.extend(found.into_iter().map(|target| Entry {
                    wanted: &Value::Null,
                    target,
                    amount: None,
                    items: None,
                }));
            }
        }
        let open = self.open(source);
        entries.sort_by(|a, b| self.compare(spread, a.target, b.target, open));
        let line = |document: usize, id: &Value| {
            self.documents[document]
                .lines
                .iter()
                .position(|line| line.id == *id)
        };
        for entry in &mut entries {
            let Some(stated) = entry.wanted["items"].as_array() else {
                continue;
            };
            let mut items = Vec::new();
            for pair in stated {
                let from = pair.get("creditTaxItemId").or(pair.get("creditMemoItemId"));
                let to = ["taxItemId", "invoiceItemId", "debitMemoItemId"]
                    .iter()
                    .find_map(|field| pair.get(field))
                    .unwrap();
                let source = from
                    .map_or(Some(0), |from| line(source, from))
                    .ok_or("itemNotFound")?;
                let target = line(entry.target, to).ok_or("itemNotFound")?;
                items.push((
                    pair,
                    Item {
                        source,
                        target,
                        amount: 0,
                    },
                ));
            }
            items.sort_by_key(|(_, item)| item.order());
            entry.items = Some(items);
        }
        let same_lines = |entry: &Entry<'_>| {
            entry
                .items()
                .windows(2)
                .any(|pair| pair[0].order() == pair[1].order())
        };
        if entries.iter().any(same_lines)
            || entries
                .windows(2)
                .any(|pair| pair[0].target == pair[1].target)
        {
            return Err("duplicateEntry");
        }
        self.check_documents(source, &entries)?;
        let is_tax =
            |document: usize, line: usize| self.documents[document].lines[line].tax_of.is_some();
        let is_mixed = |entry: &Entry<'_>| {
            let mixed = |(pair, item): &(&Value, Item)| {
                let tax = pair.get("taxItemId").is_some();
                let from = kind == "creditMemo" && is_tax(source, item.source) != tax;
                from || is_tax(entry.target, item.target) != tax
            };
            entry.items.iter().flatten().any(mixed)
        };
        if entries.iter().any(is_mixed) {
            return Err("kindMismatch");
        }
        Ok((source, entries))
    }

    /// The guards of sizes and amounts, which come after those of days.
    pub(super) fn measure(&self, source: usize, entries: &mut [Entry<'_>]) -> Result<()> {
        for kind in ["invoice", "debitMemo"] {
            let count = entries
                .iter()
                .filter(|entry| self.documents[entry.target].kind == kind)
                .count();
            self.limit("documentsPerOperation", count)?;
        }
        for entry in entries.iter() {
            self.limit("statedItems", entry.items().len())?;
        }
        let size = |document: usize| {
            let lines = self.documents[document].lines.iter();
            lines.filter(|line| line.amount != 0).count()
        };
        // Of a document that is settled line by line, the stated lines are all that takes part.
        let mut lines = 0;
        let mut stated_sources = BTreeSet::new();
        for entry in entries.iter() {
            let targets: BTreeSet<_> = entry.items().iter().map(|item| item.target).collect();
            stated_sources.extend(entry.items().iter().map(|item| item.source));
            lines += match entry.items {
                Some(_) => targets.len(),
                None => size(entry.target),
            };
        }
        lines += if entries.iter().all(|entry| entry.items.is_some()) {
            stated_sources.len()
        } else {
            size(source)
        };
        self.limit("itemsPerOperation", lines)?;
        let currency = self.documents[source].currency;
        for entry in entries.iter_mut() {
            entry.amount = entry
                .wanted
                .get("amount")
                .map(|amount| currency.read(amount))
                .transpose()?;
            for (pair, item) in entry.items.iter_mut().flatten() {
                item.amount = currency.read(&pair["amount"])?;
            }
        }
        let fits = |entry: &Entry<'_>| {
            let is_signed = |item: &Item| {
                if self.line_net(entry.target, item.target) < 0 {
                    item.amount < 0
                } else {
                    item.amount > 0
                }
            };
            entry.amount.is_none_or(|amount| amount > 0) && entry.items().iter().all(is_signed)
        };
        if !entries.iter().all(fits) {
            return Err("amountNotPositive");
        }
        for entry in entries.iter_mut().filter(|entry| entry.items.is_some()) {
            let sum = sum(&entry.items());
            if sum.abs() > LARGEST || entry.amount.is_some_and(|amount| amount != sum) || sum <= 0 {
                return Err("sumMismatch");
            }
            entry.amount = Some(sum);
        }
        Ok(())
    }

    pub(super) fn check_documents(&self, source: usize, entries: &[Entry<'_>]) -> Result<()> {
        self.check_live(source)?;
        for entry in entries {
            self.check_live(entry.target)?;
        }
        let from = &self.documents[source];
        if entries
            .iter()
            .any(|entry| self.documents[entry.target].account != from.account)
        {
            return Err("accountMismatch");
        }
        if entries
            .iter()
            .any(|entry| self.documents[entry.target].currency != from.currency)
        {
            return Err("currencyMismatch");
        }
        Ok(())
    }

    /// Which of two documents settles first.
    pub(super) fn compare(&self, spread: &Spread, a: usize, b: usize, amount: i128) -> Ordering {
        let default = ["dueDate", "date", "number"].map(str::to_owned);
        let keys = if spread.documents.is_empty() {
            &default[..]
        } else {
            &spread.documents
        };
        let [first, second] = [a, b].map(|index| &self.documents[index]);
        let open = [a, b].map(|index| self.open(index));
        let mut order = Ordering::Equal;
        for key in keys {
            order = order.then(match &**key {
                "dueDate" => first.due_date.cmp(&second.due_date),
                "date" => first.date.cmp(&second.date),
                "number" => self.compare_numbers(&first.number, &second.number),
                "largest" => open[1].cmp(&open[0]),
                "smallest" => open[0].cmp(&open[1]),
                "exactMatch" => (open[1] == amount).cmp(&(open[0] == amount)),
                other => panic!("no such key: {other}"),
            });
        }
        order = order.then(first.id.cmp(&second.id));
        if spread.rule == Some("lifo") {
            order.reverse()
        } else {
            order
        }
    }

    /// Which of two numbers comes first. In the natural order, the pieces of digits count as numbers and stand where
    /// their first digit would if it were 0; what is level then is compared as text.
    pub(super) fn compare_numbers(&self, a: &str, b: &str) -> Ordering {
        if self.options["numberOrder"] != "natural" {
            return a.cmp(b);
        }
        natural_pieces(a).cmp(&natural_pieces(b)).then(a.cmp(b))
    }

    /// Things that stand for lines, in the order in which these settle.
    pub(super) fn in_order<T>(
        &self,
        document: usize,
        spread: &Spread,
        rule: Option<&str>,
        mut things: Vec<T>,
        line: impl Fn(&T) -> (usize, i128),
    ) -> Vec<T> {
        let is_tax = |thing: &T| {
            self.documents[document].lines[line(thing).0]
                .tax_of
                .is_some()
        };
        for key in spread.lines.iter().rev() {
            things.sort_by(|a, b| match &**key {
                "document" => line(a).0.cmp(&line(b).0),
                "taxFirst" => is_tax(b).cmp(&is_tax(a)),
                "chargeFirst" => is_tax(a).cmp(&is_tax(b)),
                "largest" => line(b).1.cmp(&line(a).1),
                "smallest" => line(a).1.cmp(&line(b).1),
                other => panic!("no such key: {other}"),
            });
        }
        if rule == Some("lifo") {
            things.reverse();
        }
        things
    }

    /// The lines that take part, in steps.
    pub(super) fn side(&self, document: usize, spread: &Spread, rule: Option<&str>) -> Side {
        let step = self.documents[document].currency.step;
        let lines = (0..self.documents[document].lines.len())
            .map(|line| (line, self.line_open(document, line) / step));
        let lines = lines
            .filter(|(_, open)| *open > 0 || (*open < 0 && !spread.skips))
            .collect();
        let (lines, left) = self
            .in_order(document, spread, rule, lines, |line| *line)
            .into_iter()
            .unzip();
        Side {
            document,
            lines,
            left,
        }
    }
}
