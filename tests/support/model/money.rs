//! Payments, transfers and refunds.
//!
//! Rules: `settlement.md#payments`, `settlement.md#refund`, `settlement.md#transfer-of-a-payment`.

use super::*;

impl Model {
    /// A payment; with `of`, one of a single document, which has the fields of a target beside its own.
    pub(super) fn create_payment(
        &mut self,
        command: &Value,
        of: Option<&str>,
        at: &str,
    ) -> Result<usize> {
        let mut command = command.clone();
        // What the payment does not say, the documents do that it names, if they agree.
        let named: Vec<(&str, Value)> = match of {
            Some(kind) => vec![(kind, command[id_field(kind)].clone())],
            None => ["invoice", "debitMemo"]
                .into_iter()
                .flat_map(|kind| {
                    let list = command[list_field(kind)].as_array().cloned();
                    let ids = list.unwrap_or_default().into_iter();
                    ids.map(move |target| (kind, target[id_field(kind)].clone()))
                })
                .collect(),
        };
        let paid = named
            .iter()
            .filter_map(|(kind, id)| self.find(kind, id).ok());
        let paid: Vec<_> = paid.map(|index| &self.documents[index]).collect();
        let accounts: BTreeSet<_> = paid.iter().map(|document| &document.account).collect();
        let currencies: BTreeSet<_> = paid.iter().map(|document| document.currency.code).collect();
        let own = [
            (
                "accountId",
                accounts.first().map(|account| json!(account)),
                accounts.len(),
            ),
            (
                "currency",
                currencies.first().map(|code| json!(code)),
                currencies.len(),
            ),
        ];
        for (field, value, count) in own {
            if let (Some(value), 1) = (value, count) {
                command
                    .as_object_mut()
                    .expect("a command")
                    .entry(field)
                    .or_insert(value);
            }
        }
        let command = &command;
        let mut settle = command.clone();
        if let Some(kind) = of {
            let mut target = json!({ id_field(kind): command[id_field(kind)] });
            for field in ["amount", "items"] {
                command
                    .get(field)
                    .into_iter()
                    .for_each(|value| target[field] = value.clone());
            }
            settle[list_field(kind)] = json!([target]);
        }
        let has_targets = ["invoices", "debitMemos"]
            .iter()
            .any(|list| settle.get(list).is_some());
        if has_targets {
            check_shape(&settle)?;
        }
        let before = &command["settledBefore"];
        if !Before::is_of(before, "payment") {
            return Err("invalidChoice");
        }
        let currency = self.currency_of(command)?;
        self.check_new(command, "payment")?;
        let amount = self.amount_to_pay(command, &settle, of, currency);
        let is_stated = of.is_none() && command.get("amount").is_some();
        let own = match amount {
            Ok(..=0) if is_stated => Err("amountNotPositive"),
            Ok(..=0) => Err("nothingToSettle"),
            other => other.map(drop),
        };
        // Its documents can be wrong too, whatever is paid.
        let amount = if own.is_ok() { amount? } else { currency.step };
        let date = text(&command["date"]).unwrap_or_else(|| at.to_owned());
        let mut payment = self.whole("payment", command, currency, date, amount);
        let past = self.past_of_payment(&mut payment, before, own.is_ok());
        let index = self.add(payment);
        let applied = if has_targets {
            settle["paymentId"] = command["id"].clone();
            self.apply(&settle, "payment", at).map(drop)
        } else {
            Ok(())
        };
        first([own, past, applied])?;
        Ok(index)
    }

    /// Gives a payment what was settled of it before, if that is right. Whether it is too much depends on the amount.
    pub(super) fn past_of_payment(
        &self,
        payment: &mut Document,
        stated: &Value,
        has_amount: bool,
    ) -> Result<()> {
        if !Before::is_since(stated, &payment.date) {
            return Err("dateTooEarly");
        }
        let mut settled = payment.clone();
        settled.lines[0].before = Before::read(stated, payment.currency)?;
        settled.check_signs_of_past()?;
        match settled.check_sums_of_past() {
            Ok(()) => {
                *payment = settled;
                Ok(())
            }
            Err(_) if !has_amount => Ok(()),
            refusal => refusal,
        }
    }

    /// What a payment says that it is, or what its targets say together.
    pub(super) fn amount_to_pay(
        &self,
        command: &Value,
        settle: &Value,
        of: Option<&str>,
        currency: Currency,
    ) -> Result<i128> {
        if let Some(amount) = command.get("amount").filter(|_| of.is_none()) {
            return currency.read(amount);
        }
        let mut targets = targets(settle);
        targets.sort_by_key(|(kind, target)| text(&target[id_field(kind)]));
        let found = targets
            .iter()
            .map(|(kind, target)| self.find(kind, &target[id_field(kind)]))
            .collect::<Result<Vec<_>>>()?;
        let mut sum = 0;
        for ((_, target), found) in targets.iter().zip(found) {
            sum += match (target.get("amount"), target["items"].as_array()) {
                (Some(amount), _) => currency.read(amount)?,
                (None, Some(items)) => items
                    .iter()
                    .map(|item| currency.read(&item["amount"]))
                    .sum::<Result<i128>>()?,
                (None, None) => self.possible(found, settle["signs"] == "skipNonPositive"),
            };
        }
        let account = text(&command["accountId"]).unwrap_or_else(|| "A".into());
        for kind in ["invoice", "debitMemo"] {
            if settle[list_field(kind)] == "allOpen" {
                let open = self.all_open(kind, &account, currency).into_iter();
                let skips = settle["signs"] == "skipNonPositive";
                sum += open
                    .map(|target| self.possible(target, skips))
                    .sum::<i128>();
            }
        }
        if sum.abs() > LARGEST {
            return Err("outOfRange");
        }
        Ok(sum)
    }

    pub(super) fn transfer(&mut self, command: &Value) -> Result<usize> {
        let index = self.find("payment", &command["paymentId"])?;
        self.check_live(index)?;
        self.check_unsettled(index)?;
        self.documents[index].account = text(&command["accountId"]).unwrap();
        self.run.touched.push(index);
        Ok(index)
    }

    /// Rules that pair lines are none for the lines of one side.
    pub(super) fn check_one_sided(command: &Value) -> Result<()> {
        let pairs = matches!(command["rule"].as_str(), Some("sourceItem" | "explicit"));
        if pairs && command.get("items").is_none() {
            Err("invalidChoice")
        } else {
            Ok(())
        }
    }

    pub(super) fn refund(
        &mut self,
        command: &Value,
        kind: &'static str,
        at: &str,
    ) -> Result<usize> {
        // A gateway knows how the money moves.
        if command["electronic"] == true && command.get("method").is_some() {
            return Err("unknownField");
        }
        let names_targets = ["invoices", "debitMemos"]
            .iter()
            .any(|list| command.get(list).is_some());
        if names_targets {
            check_shape(command)?;
        } else if command["autoUnapply"] == true && command["rule"] == "explicit" {
            return Err("missingField");
        }
        Self::check_one_sided(command)?;
        self.check_reason(command)?;
        self.check_new(command, "refund")?;
        let index = self.find(kind, &command[id_field(kind)])?;
        let currency = self.documents[index].currency;
        let date = text(&command["date"]).unwrap_or_else(|| at.to_owned());
        let spread = Spread::of(command);
        let read = || {
            let amount = command.get("amount");
            amount.map(|amount| currency.read(amount)).transpose()
        };
        let fields = ["creditMemoItemId", "creditTaxItemId"];
        let named = |model: &Self| match command["items"].as_array() {
            Some(items) => model
                .stated_lines(index, items, fields, command.get("amount"))
                .map(Some),
            None => Ok(None),
        };
        let of_source = || {
            self.check_live(index)?;
            self.check_settling(&date)?;
            if date < self.documents[index].date {
                return Err("dateTooEarly");
            }
            // Of stated lines, only these count.
            match command["items"].as_array() {
                Some(stated) => {
                    self.limit("statedItems", stated.len())?;
                    self.limit("refundItems", stated.len())?;
                }
                None => self.limit("refundItems", self.documents[index].lines.len())?,
            }
            if read()?.is_some_and(|amount| amount <= 0) {
                return Err("amountNotPositive");
            }
            Ok(())
        };
        let own = first([of_source(), named(self).map(drop)]);
        let back = if names_targets {
            let mut back = command.clone();
            back.as_object_mut().unwrap().remove("amount");
            self.unapply(&back, kind, at).map(drop)
        } else if command["autoUnapply"] == true && own.is_ok() {
            self.unapply_for_refund(index, read()?, command, &spread, at)
        } else {
            Ok(())
        };
        first([own, back])?;
        let (stated, named) = (read()?, named(self)?);
        let possible = self.possible(index, spread.skips);
        let (amount, items) = match named {
            Some(items) => {
                self.check_lines_open(index, &items)?;
                (items.iter().map(|(_, amount)| amount).sum(), items)
            }
            None => (stated.unwrap_or(possible), Vec::new()),
        };
        if amount > possible {
            return Err("exceedsUnapplied");
        }
        if amount <= 0 {
            return Err("nothingToSettle");
        }
        let items = if command.get("items").is_some() {
            items
        } else {
            let side = self.side(index, &spread, spread.rule);
            let shares = split(
                spread.rule.unwrap_or("fifo"),
                amount / currency.step,
                &side.left,
            );
            let shares = side
                .lines
                .into_iter()
                .zip(shares)
                .map(|(line, share)| (line, share * currency.step));
            shares.filter(|(_, share)| *share != 0).collect()
        };
        let last = self.log.iter().filter(|settlement| {
            settlement.source == index
                && settlement
                    .applications
                    .iter()
                    .all(|application| self.documents[application.target].kind != "refund")
        });
        let last = last.map(|settlement| settlement.at.clone()).max();
        let last = last.max(self.documents[index].posted_again_on.clone());
        let mut refund = self.whole("refund", command, currency, date.clone(), amount);
        refund.account = self.documents[index].account.clone();
        refund.refers_to = Some(index);
        refund.origin = "document";
        let target = self.add(refund);
        let rule = if command.get("items").is_some() {
            "explicit"
        } else {
            spread.rule.unwrap_or("fifo")
        };
        let mut items: Vec<_> = items
            .into_iter()
            .map(|(source, amount)| Item {
                source,
                target: 0,
                amount,
            })
            .collect();
        items.sort_by_key(Item::order);
        let at = last.unwrap_or_default().max(date);
        self.settle(
            &at,
            index,
            vec![Application {
                target,
                rule,
                items,
            }],
            false,
        )?;
        Ok(target)
    }

    /// As much as is missing, from the documents that would be settled last first.
    pub(super) fn unapply_for_refund(
        &mut self,
        index: usize,
        stated: Option<i128>,
        command: &Value,
        spread: &Spread,
        at: &str,
    ) -> Result<()> {
        let demands = |applied: &&Applied| {
            applied.source == index && is_demand(self.documents[applied.target].kind)
        };
        let applied = self.applied.iter().filter(demands);
        let applied = applied.map(|applied| applied.item.amount).sum();
        let mut missing = stated.map_or(applied, |amount| amount - self.open(index).max(0));
        let mut targets: Vec<_> = (0..self.documents.len())
            .filter(|&target| self.is_part(index, target) && is_demand(self.documents[target].kind))
            .collect();
        targets.sort_by(|&a, &b| self.compare(spread, b, a, applied));
        let kind = self.documents[index].kind;
        let mut back = json!({ "at": at, id_field(kind): self.documents[index].id });
        for field in ["rule", "fallback", "documentOrder", "itemOrder", "signs"] {
            command
                .get(field)
                .into_iter()
                .for_each(|value| back[field] = value.clone());
        }
        let mut is_any = false;
        for target in targets {
            let amount = missing.min(sum(&self.part(index, target)));
            if amount > 0 {
                missing -= amount;
                is_any = true;
                let Document {
                    kind, id, currency, ..
                } = &self.documents[target];
                let entry = json!({ id_field(kind): id, "amount": currency.write(amount) });
                let entries = back
                    .as_object_mut()
                    .unwrap()
                    .entry(list_field(kind))
                    .or_insert(json!([]));
                entries.as_array_mut().unwrap().push(entry);
            }
        }
        if is_any {
            self.unapply(&back, kind, at).map(drop)
        } else {
            Ok(())
        }
    }

    /// The lines that a refund or write-off names, each once, with no more than they have open. Their sum is the
    /// amount, if one is stated.
    pub(super) fn stated_lines(
        &self,
        of: usize,
        stated: &[Value],
        [item, tax]: [&str; 2],
        amount: Option<&Value>,
    ) -> Result<Vec<(usize, i128)>> {
        let lines = &self.documents[of].lines;
        let mut found = Vec::new();
        for entry in stated {
            let id = entry.get(tax).unwrap_or(&entry[item]);
            let line = lines
                .iter()
                .position(|line| line.id == *id)
                .ok_or("itemNotFound")?;
            found.push((line, entry));
        }
        if (0..found.len()).any(|place| {
            found[..place]
                .iter()
                .any(|(line, _)| *line == found[place].0)
        }) {
            return Err("duplicateEntry");
        }
        if found
            .iter()
            .any(|(line, entry)| lines[*line].tax_of.is_some() != entry.get(tax).is_some())
        {
            return Err("kindMismatch");
        }
        let read = |(line, entry): &(usize, &Value)| {
            Ok((*line, self.documents[of].currency.read(&entry["amount"])?))
        };
        found.sort_by_key(|(line, _)| *line);
        let amount = amount.map(|amount| self.documents[of].currency.read(amount));
        let amount = amount.transpose()?;
        let read = found.iter().map(read).collect::<Result<Vec<_>>>()?;
        if read
            .iter()
            .any(|&(line, amount)| amount == 0 || (amount < 0 && self.line_net(of, line) >= 0))
        {
            return Err("amountNotPositive");
        }
        let sum: i128 = read.iter().map(|(_, amount)| amount).sum();
        if sum.abs() > LARGEST || amount.is_some_and(|amount| amount != sum) {
            return Err("sumMismatch");
        }
        Ok(read)
    }

    pub(super) fn check_lines_open(&self, of: usize, lines: &[(usize, i128)]) -> Result<()> {
        let fits = |&(line, amount): &(usize, i128)| within(amount, self.line_open(of, line));
        if lines.iter().all(fits) {
            Ok(())
        } else {
            Err("exceedsItem")
        }
    }
}
