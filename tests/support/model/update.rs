//! Changes of what a document says.
//!
//! Rule: `settlement.md#changes-of-a-draft`.

use super::*;

impl Model {
    /// What is taken back cannot be taken back before it was applied.
    pub(super) fn check_day(&self, source: usize, at: &str) -> Result<()> {
        self.check_settling(at)?;
        let is_late = |settlement: &Settlement| {
            settlement.source == source && !settlement.back && settlement.at.as_str() > at
        };
        if self.log.iter().any(is_late) {
            Err("dateTooEarly")
        } else {
            Ok(())
        }
    }

    pub(super) fn update(
        &mut self,
        command: &Value,
        kind: &'static str,
        at: &str,
    ) -> Result<usize> {
        let sets_auto_apply = command.get("autoApply").is_some();
        let is_of_nothing = |index: &usize| self.documents[*index].refers_to.is_none();
        let index = self.find(kind, &command[id_field(kind)]);
        let reads_auto_apply = !sets_auto_apply || !index.as_ref().is_ok_and(is_of_nothing);
        let changes = list(&command["items"]);
        let is_alone = |change: &Value| change.get("add").is_some_and(lacks_source);
        let number = text(&command["number"]);
        let has_number = |document: &Document| {
            !document.deleted && document.kind == kind && Some(&document.number) == number.as_ref()
        };
        let is_taken = (0..self.documents.len())
            .any(|other| index != Ok(other) && has_number(&self.documents[other]));
        let words = first([
            reads_auto_apply.then_some(()).ok_or("unknownField"),
            (!changes.iter().any(is_alone))
                .then_some(())
                .ok_or("missingField"),
            changes
                .iter()
                .all(|change| has_words(change, kind))
                .then_some(())
                .ok_or("invalidChoice"),
            self.check_reason(command),
            if is_taken { Err("duplicateId") } else { Ok(()) },
        ]);
        let Ok(index) = index else {
            words?;
            return Err("documentNotFound");
        };
        let is_for_any = |field: &str| FOR_ANY_DOCUMENT.contains(&field) || field == id_field(kind);
        let mut stated = command.as_object().unwrap().iter();
        let changes_draft = stated.any(|(field, value)| !is_for_any(field) && *value != json!([]));
        let is_wrong = self.documents[index].reversed
            || ((changes_draft || sets_auto_apply) && self.documents[index].status != "draft");
        let status = if is_wrong {
            Err("invalidStatus")
        } else {
            Ok(())
        };
        let is_of = |settlement: &Settlement| {
            settlement.source == index
                || settlement
                    .applications
                    .iter()
                    .any(|application| application.target == index)
        };
        let is_needed = self
            .documents
            .iter()
            .any(|made| !made.deleted && self.is_made(made, index));
        let unnamed = if changes_draft && (is_needed || self.log.iter().any(is_of)) {
            Err("alreadySettled")
        } else {
            Ok(())
        };
        let mut changed = self.documents[index].clone();
        if let Some(reason) = command.get("reasonCode") {
            changed.reason = text(reason);
        }
        changed.auto_apply = command["autoApply"].as_bool().unwrap_or(changed.auto_apply);
        changed.exclude = command["excludeFromAutoApply"]
            .as_bool()
            .unwrap_or(changed.exclude);
        changed.number = number.unwrap_or(changed.number);
        if changes_draft {
            changed.date = text(&command["date"]).unwrap_or(changed.date);
            changed.due_date = text(&command["dueDate"]).unwrap_or(changed.due_date);
            let mut new = self.as_new(index);
            new["date"] = changed.date.clone().into();
            new["dueDate"] = changed.due_date.clone().into();
            let items = new["items"].as_array_mut().unwrap();
            let named = first(changes.iter().map(|change| change_items(items, change)));
            let draft = self.draft(&new, kind, at, Some(index));
            first([
                words,
                status,
                unnamed,
                named,
                draft.as_ref().map(drop).map_err(|code| *code),
            ])?;
            changed.lines = draft?.lines;
        }
        words?;
        status?;
        self.documents[index] = changed;
        self.run.touched.push(index);
        Ok(index)
    }

    /// The request that would make a draft as it is.
    pub(super) fn as_new(&self, index: usize) -> Value {
        let Document {
            id,
            account,
            currency,
            origin,
            refers_to,
            lines,
            ..
        } = &self.documents[index];
        let mut items: Vec<Value> = Vec::new();
        let is_rounded = match self.documents[index].kind {
            "invoice" => currency.total_step != 1,
            _ => self.rounded_source(&self.documents[index]).is_some(),
        };
        for line in lines {
            // The engine makes it anew.
            if is_rounded && line.processing == "rounding" && line.source.is_none() {
                continue;
            }
            let mut new = json!({ "id": line.id, "amount": currency.write(line.amount) });
            if line.by_rate {
                new.as_object_mut().unwrap().remove("amount");
            }
            // Those of a canceled document can be gone.
            let source = line.source;
            let source = source.filter(|(document, _)| !self.documents[*document].deleted);
            if let Some((document, source)) = source {
                let Document { id, lines, .. } = &self.documents[document];
                new["sourceDocumentId"] = id.clone().into();
                new[if line.tax_of.is_some() {
                    "sourceTaxItemId"
                } else {
                    "sourceItemId"
                }] = lines[source].id.clone().into();
            }
            let entries = line.before.iter().map(
                |of| json!({ "at": of.day, "amount": currency.write(of.amount), "by": of.by }),
            );
            let before: Value = entries.collect();
            if line.tax_of.is_some() {
                new["settledBefore"] = before;
                for (field, value) in ["name", "locationCode", "jurisdiction", "rate"]
                    .iter()
                    .zip(&line.identity)
                {
                    value
                        .iter()
                        .for_each(|value| new[field] = value.clone().into());
                }
                let item = items.last_mut().unwrap();
                item["taxItems"].as_array_mut().unwrap().push(new);
                if line.inclusive {
                    let gross = currency.read(&item["amount"]).unwrap() + line.amount;
                    item["amount"] = currency.write(gross).into();
                }
                continue;
            }
            new["settledBefore"] = before;
            new["taxItems"] = json!([]);
            new["told"] = true.into();
            tell_price(&mut new, line);
            new["processingType"] = line.processing.into();
            new["taxMode"] = if line.inclusive {
                "inclusive"
            } else {
                "exclusive"
            }
            .into();
            if let Some(of) = line.discount_of {
                new["appliedToItemId"] = lines[of].id.clone().into();
            }
            items.push(new);
        }
        let mut new = json!({
            "id": id, "accountId": account, "currency": currency.code, "origin": origin, "items": items });
        if let Some(from) = refers_to.filter(|from| !self.documents[*from].deleted) {
            let Document { kind, id, .. } = &self.documents[from];
            new[id_field(kind)] = id.clone().into();
        }
        new
    }

    // Payments and refunds.

    pub(super) fn whole(
        &self,
        kind: &'static str,
        command: &Value,
        currency: Currency,
        date: String,
        amount: i128,
    ) -> Document {
        let id = text(&command["id"]).unwrap();
        let line = Line {
            id: id.clone(),
            tax_of: None,
            discount_of: None,
            source: None,
            identity: Default::default(),
            by_rate: false,
            price: Default::default(),
            processing: "whole",
            inclusive: false,
            amount,
            netted: 0,
            before: Vec::new(),
        };
        Document {
            kind,
            number: text(&command["number"]).unwrap_or_else(|| id.clone()),
            id,
            account: text(&command["accountId"]).unwrap_or_else(|| "A".into()),
            currency,
            status: "posted",
            posted_on: Some(date.clone()),
            first_posted_on: Some(date.clone()),
            posted_again_on: None,
            changed_on: Some(date.clone()),
            due_date: date.clone(),
            date,
            origin: "standalone",
            refers_to: None,
            reversed: false,
            deleted: false,
            auto_apply: false,
            exclude: command["excludeFromAutoApply"] == true,
            reason: text(&command["reasonCode"]),
            canceled_on: None,
            created_on: String::new(),
            updated_on: String::new(),
            lines: vec![line],
        }
    }
}
