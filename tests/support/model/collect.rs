//! Many sources at once: collections, and credits over all that is open.
//!
//! Rule: `settlement.md#collect`.

use super::*;

impl Model {
    pub(super) fn collect(
        &mut self,
        command: &Value,
        kind: &'static str,
        at: &str,
    ) -> Result<usize> {
        if command["rule"] == "explicit" {
            return Err("invalidChoice");
        }
        let index = self.find(kind, &command[id_field(kind)])?;
        self.check_live(index)?;
        self.check_settling(at)?;
        self.check_posted_again(index, at)?;
        self.limit("collectItems", self.documents[index].lines.len())?;
        let mut order = Spread::of(command);
        if order.documents.is_empty() {
            order.documents = vec!["date".into(), "largest".into()];
        }
        let default = json!(["creditMemo", "payment"]);
        let kinds = command
            .get("sources")
            .filter(|kinds| !list(kinds).is_empty())
            .unwrap_or(&default);
        let mut has_settled = false;
        for source_kind in list(kinds) {
            let target = self.documents[index].clone();
            let source_kind = source_kind.as_str().unwrap();
            let mut sources = self.all_open(source_kind, &target.account, target.currency);
            let balance = self.open(index);
            sources.sort_by(|&a, &b| self.compare(&order, a, b, balance));
            for (used, source) in sources.into_iter().enumerate() {
                if self.open(index) <= 0 {
                    break;
                }
                self.limit(
                    if source_kind == "payment" {
                        "collectPayments"
                    } else {
                        "collectCreditMemos"
                    },
                    used + 1,
                )?;
                let kind = self.documents[source].kind;
                let mut settle = command.clone();
                settle[id_field(kind)] = self.documents[source].id.clone().into();
                settle[list_field(target.kind)] = json!([{ id_field(target.kind): target.id }]);
                self.apply(&settle, kind, at)?;
                has_settled = true;
            }
        }
        if has_settled {
            Ok(index)
        } else {
            Err("nothingToSettle")
        }
    }

    /// All documents of a kind that somebody means who names none.
    pub(super) fn all_open(
        &self,
        of_kind: &str,
        of_account: &str,
        of_currency: Currency,
    ) -> Vec<usize> {
        let fits = |&index: &usize| {
            let Document {
                kind,
                status,
                reversed,
                deleted,
                exclude,
                account,
                currency,
                ..
            } = &self.documents[index];
            *kind == of_kind
                && *status == "posted"
                && !reversed
                && !deleted
                && !exclude
                && *account == *of_account
                && *currency == of_currency
                && self.open(index) > 0
        };
        (0..self.documents.len()).filter(fits).collect()
    }

    /// Applies one source after another to all that is open by then.
    pub(super) fn apply_credits(&mut self, command: &Value, at: &str) -> Result<()> {
        let lists = [
            ("sources", vec!["creditMemo", "payment"]),
            ("invoices", vec!["invoice"]),
            ("debitMemos", vec!["debitMemo"]),
        ];
        let names = |name: &str| command[name] == "allOpen" || !list(&command[name]).is_empty();
        if !names("sources") || !names("invoices") && !names("debitMemos") {
            return Err("missingField");
        }
        if command["rule"] == "explicit" {
            return Err("invalidChoice");
        }
        let stated_currency = match command.get("currency") {
            Some(_) => Some(self.currency_of(command)?),
            None => None,
        };
        let mut named = Vec::new();
        for (place, (name, kinds)) in lists.iter().enumerate() {
            let mut ids: Vec<_> = list(&command[*name]).iter().collect();
            ids.sort_by_key(|id| text(id));
            for id in ids {
                // An identifier comes before the number of a document of another kind.
                let found = kinds.iter().filter_map(|kind| self.find(kind, id).ok());
                let found: Vec<_> = found.collect();
                let by_id = found.iter().find(|&&found| self.documents[found].id == *id);
                let found = by_id.or_else(|| found.first()).copied();
                named.push((place, found.ok_or("documentNotFound")?));
            }
        }
        let different: BTreeSet<_> = named.iter().collect();
        if different.len() < named.len() {
            return Err("duplicateEntry");
        }
        for &(_, document) in &named {
            self.check_live(document)?;
        }
        let first = named
            .first()
            .map(|(_, document)| &self.documents[*document]);
        let account = text(&command["accountId"]).unwrap_or_else(|| match first {
            Some(first) => first.account.clone(),
            None => "A".to_owned(),
        });
        let currency =
            stated_currency.unwrap_or(first.map_or(self.currency, |first| first.currency));
        let is_other = |is: &dyn Fn(&Document) -> bool| {
            named
                .iter()
                .any(|(_, document)| is(&self.documents[*document]))
        };
        if is_other(&|document| document.account != account) {
            return Err("accountMismatch");
        }
        if is_other(&|document| document.currency != currency) {
            return Err("currencyMismatch");
        }
        let mut all = named.clone();
        for (place, (name, kinds)) in lists.iter().enumerate() {
            if command[*name] == "allOpen" {
                for kind in kinds {
                    let open = self.all_open(kind, &account, currency);
                    all.extend(open.into_iter().map(|document| (place, document)));
                }
            }
        }
        self.check_settling(at)?;
        for &(_, document) in &all {
            self.check_posted_again(document, at)?;
        }
        let of = |is_source: bool| -> Vec<usize> {
            let all = all.iter().filter(|(place, _)| (*place == 0) == is_source);
            all.map(|(_, document)| *document).collect()
        };
        let (mut sources, targets) = (of(true), of(false));
        let order: Vec<_> = list(&command["order"]).iter().filter_map(text).collect();
        let order = Spread {
            documents: if order.is_empty() {
                vec!["date".into(), "number".into()]
            } else {
                order
            },
            ..Spread::of(&json!({}))
        };
        let demanded = targets.iter().map(|&target| self.open(target)).sum();
        sources.sort_by(|&a, &b| self.compare(&order, a, b, demanded));

        let told = self.run.notices.len();
        let mut applied = BTreeSet::new();
        for &source in &sources {
            if self.open(source) <= 0 {
                continue;
            }
            let kind = self.documents[source].kind;
            let mut apply = command.clone();
            for (field, _) in &lists {
                apply.as_object_mut().unwrap().remove(*field);
            }
            apply[id_field(kind)] = self.documents[source].id.clone().into();
            let mut is_any_open = false;
            for &target in &targets {
                if self.open(target) > 0 {
                    let Document { kind, id, .. } = &self.documents[target];
                    let entries = apply.as_object_mut().unwrap();
                    let entries = entries.entry(list_field(kind)).or_insert(json!([]));
                    let entry = json!({ id_field(kind): id });
                    entries.as_array_mut().unwrap().push(entry);
                    is_any_open = true;
                }
            }
            if !is_any_open {
                break;
            }
            let before = self.run.notices.len();
            match self.apply(&apply, kind, at) {
                Ok(_) => {}
                Err("nothingToSettle") => continue,
                Err(refusal) => return Err(refusal),
            }
            let last = self.log.last().expect("it was just settled");
            let settled: Vec<_> = last.applications.iter().map(|own| own.target).collect();
            let fresh = self.run.notices.split_off(before);
            for notice in fresh {
                let is_settled = notice.1.is_some_and(|document| settled.contains(&document));
                let is_known = self.run.notices[told..].contains(&notice);
                if notice.0 != "nothingApplied" && is_settled && !is_known {
                    self.run.notices.push(notice);
                }
            }
            applied.insert(source);
            applied.extend(settled);
        }
        let is_named = |document: &usize| named.iter().any(|(_, named)| named == document);
        let idle = sources
            .iter()
            .chain(&targets)
            .filter(|&document| is_named(document));
        for &document in idle.filter(|document| !applied.contains(document)) {
            self.run.notices.push(("nothingApplied", Some(document)));
        }
        if applied.is_empty() && self.run.notices.len() == told {
            self.run.notices.push(("nothingApplied", None));
        }
        Ok(())
    }

    /// What comes back must be there, line by line; and what is left of each line must be possible.
    pub(super) fn check_back(&self, source: usize, target: usize, items: &[Item]) -> Result<()> {
        let part = self.part(source, target);
        for item in items {
            let applied = part
                .iter()
                .find(|applied| applied.order() == item.order())
                .map_or(0, |applied| applied.amount);
            if !within(item.amount, applied) {
                return Err("exceedsApplied");
            }
        }
        // Of every line comes back between nothing and what the part has of it.
        let fits = |is: &dyn Fn(&Item) -> bool| {
            let of_line = |items: &[Item]| {
                items
                    .iter()
                    .filter(|item| is(item))
                    .map(|item| item.amount)
                    .sum()
            };
            within(of_line(items), of_line(&part))
        };
        for item in items {
            let source = fits(&|other| other.source == item.source);
            if !source || !fits(&|other| other.target == item.target) {
                return Err("exceedsApplied");
            }
        }
        Ok(())
    }
}
