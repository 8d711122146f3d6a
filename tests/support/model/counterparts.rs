//! Write-offs and reversals: what they settle with a counterpart.
//!
//! Rules: `settlement.md#write-off-and-reversal`, `settlement.md#mirror-of-items`.

use super::*;

impl Model {
    // Write-off, reversal, collection, undo.

    pub(super) fn counterpart_of(
        &self,
        command: &Value,
        kind: &str,
        reason: &str,
    ) -> Result<usize> {
        let reason = command
            .get("reasonCode")
            .map_or(json!(reason), Clone::clone);
        self.check_reason(&json!({ "reasonCode": reason }))?;
        let own = if is_demand(kind) {
            "creditMemo"
        } else {
            "debitMemo"
        };
        self.check_new(command, own)?;
        self.find(kind, &command[id_field(kind)])
    }

    pub(super) fn check_counterpart(
        &self,
        command: &Value,
        index: usize,
        at: &str,
        limit: &str,
    ) -> Result<()> {
        self.check_live(index)?;
        let date = command["date"].as_str().unwrap_or(at);
        self.check_open(date)?;
        if date < self.documents[index].date.as_str() || at < date {
            return Err("dateTooEarly");
        }
        self.limit(limit, self.documents[index].lines.len())
    }

    pub(super) fn write_off(
        &mut self,
        command: &Value,
        kind: &'static str,
        at: &str,
    ) -> Result<usize> {
        Self::check_one_sided(command)?;
        let index = self.counterpart_of(command, kind, "Write-off")?;
        let is_whole = command.get("amount").is_none() && command.get("items").is_none();
        let unapplied = if kind == "creditMemo" && command["rest"] != true {
            self.check_unapplied(index)
        } else {
            Ok(())
        };
        let amounts = self.parts_written_off(index, command);
        let day = command["date"].as_str().unwrap_or(at).to_owned();
        first([
            self.check_counterpart(command, index, at, "writeOffItems"),
            self.check_posted_again(index, &day),
            unapplied,
            self.check_counterpart_sign(index),
            amounts.as_ref().map(drop).map_err(|code| *code),
        ])?;
        let amounts = amounts?;
        let mirror = if is_whole {
            self.options["mirror"].as_str().unwrap_or("yes").to_owned()
        } else {
            "no".into()
        };
        self.counterpart(
            index,
            &amounts,
            &mirror,
            "writeOff",
            command,
            "Write-off",
            &day,
        )?;
        Ok(index)
    }

    /// The memo that settles a document is posted, so it is not below zero.
    pub(super) fn check_counterpart_sign(&self, index: usize) -> Result<()> {
        if self.open(index) < 0 {
            Err("amountNotPositive")
        } else {
            Ok(())
        }
    }

    /// What of each line is written off.
    pub(super) fn parts_written_off(&self, index: usize, command: &Value) -> Result<Vec<i128>> {
        let currency = self.documents[index].currency;
        let lines = self.documents[index].lines.len();
        let open: Vec<_> = (0..lines).map(|line| self.line_open(index, line)).collect();
        let spread = Spread::of(command);
        let mut amounts = vec![0; lines];
        if let Some(items) = command["items"].as_array() {
            let fields = ["itemId", "taxItemId"];
            let stated = self.stated_lines(index, items, fields, command.get("amount"))?;
            self.check_lines_open(index, &stated)?;
            for (line, amount) in stated {
                amounts[line] = amount;
            }
            if !within(amounts.iter().sum(), open.iter().sum()) {
                return Err("exceedsBalance");
            }
        } else if let Some(amount) = command.get("amount") {
            let amount = currency.read(amount)?;
            if amount <= 0 {
                return Err("amountNotPositive");
            }
            if amount > self.possible(index, spread.skips) {
                return Err("exceedsBalance");
            }
            let side = self.side(index, &spread, spread.rule);
            let rule = spread.rule.unwrap_or("proration");
            let shares = split(rule, amount / currency.step, &side.left);
            side.lines
                .iter()
                .zip(shares)
                .for_each(|(&line, share)| amounts[line] = share * currency.step);
        } else {
            return Ok(open);
        }
        Ok(amounts)
    }

    pub(super) fn reverse(
        &mut self,
        command: &Value,
        kind: &'static str,
        at: &str,
    ) -> Result<usize> {
        let (reason, limit) = match kind {
            "invoice" => ("Invoice reversal", "reverseInvoiceItems"),
            "debitMemo" => ("Debit memo reversal", "reverseItems"),
            _ => ("Credit memo reversal", "reverseItems"),
        };
        let index = self.counterpart_of(command, kind, reason)?;
        first([
            self.check_counterpart(command, index, at, limit),
            self.check_posted_again(index, at),
            self.check_unsettled(index),
            self.check_counterpart_sign(index),
        ])?;
        let open: Vec<_> = (0..self.documents[index].lines.len())
            .map(|line| self.line_open(index, line))
            .collect();
        let mirror = self.options["mirror"].as_str().unwrap_or("yes").to_owned();
        self.counterpart(index, &open, &mirror, "reversal", command, reason, at)?;
        self.documents[index].reversed = true;
        self.run.touched.push(index);
        Ok(index)
    }

    /// Makes the counterpart and settles it with the document, line with line.
    #[allow(
        clippy::too_many_arguments,
        reason = "all of them are what a counterpart is about"
    )]
    pub(super) fn counterpart(
        &mut self,
        index: usize,
        amounts: &[i128],
        mirror: &str,
        origin: &'static str,
        command: &Value,
        reason: &str,
        at: &str,
    ) -> Result<()> {
        let is_empty = amounts.iter().all(|amount| *amount == 0);
        let is_used = |line: usize| {
            self.line_applied(index, line) != 0 || self.line_refunded(index, line) != 0
        };
        let was_settled = (0..amounts.len()).any(is_used);
        if is_empty && (mirror != "yes" || was_settled) {
            return Err("nothingToSettle");
        }
        let of = self.documents[index].clone();
        let has_tax = |line: usize| {
            (0..of.lines.len()).any(|tax| of.lines[tax].tax_of == Some(line) && amounts[tax] != 0)
        };
        let is_kept = |line: &usize| {
            mirror == "yes"
                || amounts[*line] != 0
                || (of.lines[*line].tax_of.is_none() && has_tax(*line))
        };
        let kept: Vec<_> = (0..of.lines.len()).filter(is_kept).collect();
        let own = |line: usize| kept.iter().position(|&known| known == line);
        let mut lines = Vec::new();
        for &line in &kept {
            let mut copy = of.lines[line].clone();
            let is_discount = copy
                .discount_of
                .is_some_and(|item| mirror != "no" && own(item).is_some());
            // What discounts that come back as such take off an item comes back with the item.
            let off: i128 = kept
                .iter()
                .filter(|&&other| mirror != "no" && of.lines[other].discount_of == Some(line))
                .map(|&other| of.lines[other].amount)
                .sum();
            copy.amount = if is_discount {
                copy.amount
            } else {
                amounts[line] - off
            };
            copy.netted = if is_discount { -copy.amount } else { off };
            copy.discount_of = copy.discount_of.filter(|_| is_discount).and_then(own);
            copy.tax_of = copy.tax_of.and_then(own);
            copy.before.clear();
            copy.source = Some((index, line)).filter(|_| of.kind != "payment");
            if of.kind == "payment" {
                // A payment has no items: one stands for what is unapplied.
                copy.id = "unapplied".into();
                copy.processing = "charge";
            }
            if is_demand(of.kind) {
                let [_, price] = &mut copy.price;
                *price = price.as_ref().map(|price| negated(price));
            }
            lines.push(copy);
        }
        let date = command["date"].as_str().unwrap_or(at).to_owned();
        let id = text(&command["id"]).unwrap();
        let is_source = is_demand(of.kind);
        let counterpart = Document {
            kind: if is_source { "creditMemo" } else { "debitMemo" },
            number: text(&command["number"]).unwrap_or_else(|| id.clone()),
            id,
            status: "posted",
            due_date: date.clone(),
            date,
            origin,
            refers_to: Some(index),
            reason: text(&command["reasonCode"]).or(Some(reason.to_owned())),
            posted_on: Some(at.to_owned()),
            first_posted_on: Some(at.to_owned()),
            posted_again_on: None,
            changed_on: Some(at.to_owned()),
            auto_apply: false,
            exclude: false,
            lines,
            ..of.clone()
        };
        Self::check_sign(&counterpart)?;
        let counterpart = self.add(counterpart);
        if is_empty {
            return Ok(());
        }
        let item = |(place, &line): (usize, &usize)| Item {
            source: if is_source { place } else { line },
            target: if is_source { line } else { place },
            amount: amounts[line],
        };
        let items: Vec<_> = kept
            .iter()
            .enumerate()
            .map(item)
            .filter(|item| item.amount != 0)
            .collect();
        let (source, target) = if is_source {
            (counterpart, index)
        } else {
            (index, counterpart)
        };
        self.settle(
            at,
            source,
            vec![Application {
                target,
                rule: "mirror",
                items,
            }],
            false,
        )
    }
}
