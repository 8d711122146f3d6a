//! The result of a command, as it crosses the boundary.

use super::*;

impl Model {
    // Showing the outcome.

    pub(super) fn outcome(&self, command: &Value, subject: Option<usize>) -> Value {
        let settled: Vec<_> = self
            .log
            .iter()
            .filter(|settlement| settlement.version == self.version)
            .collect();
        let currency = |settlement: &Settlement| self.documents[settlement.source].currency;
        let first = settled.first().map(|settlement| currency(settlement));
        let write = |document: usize, minor: i128| self.documents[document].currency.write(minor);
        let (mut applications, mut total) = (Vec::new(), 0);
        // By document and line, in the order in which the documents came up: how much moved.
        let mut order: Vec<usize> = Vec::new();
        let mut moved: Vec<(usize, usize, i128)> = Vec::new();
        for settlement in &settled {
            let source = settlement.source;
            order.push(source);
            for line in 0..self.documents[source].lines.len() {
                let items = settlement
                    .applications
                    .iter()
                    .flat_map(|application| &application.items);
                moved.push((
                    source,
                    line,
                    items
                        .filter(|item| item.source == line)
                        .map(|item| item.amount)
                        .sum(),
                ));
            }
            for Application {
                target,
                rule,
                items,
            } in &settlement.applications
            {
                order.push(*target);
                moved.extend(items.iter().map(|item| (*target, item.target, item.amount)));
                total += sum(items);
                let (from, to) = (&self.documents[source], &self.documents[*target]);
                let show = |item: &Item| {
                    json!({
                        "source": self.line_ref(source, item.source),
                        "target": self.line_ref(*target, item.target),
                        "amount": write(source, item.amount),
                    })
                };
                applications.push(json!({
                    "sourceType": from.kind,
                    "sourceId": from.id,
                    "targetType": to.kind,
                    "targetId": to.id,
                    "amount": write(source, sum(items)),
                    "ruleUsed": rule,
                    "items": items.iter().map(show).collect::<Vec<_>>(),
                }));
            }
        }
        let (mut documents, mut lines) = (Vec::new(), Vec::new());
        let mut seen: Vec<usize> = Vec::new();
        for document in order {
            if seen.contains(&document)
                || !moved
                    .iter()
                    .any(|(of, _, amount)| *of == document && *amount != 0)
            {
                continue;
            }
            seen.push(document);
            let of_line = |line: usize| -> i128 {
                moved
                    .iter()
                    .filter(|(of, own, _)| (*of, *own) == (document, line))
                    .map(|(.., amount)| amount)
                    .sum()
            };
            let change =
                |after: i128, moved: i128| (write(document, after + moved), write(document, after));
            for line in (0..self.documents[document].lines.len()).filter(|&line| of_line(line) != 0)
            {
                let (before, after) = change(self.line_open(document, line), of_line(line));
                lines.push(json!({ "line": self.line_ref(document, line), "before": before, "after": after }));
            }
            let (before, after) = change(self.open(document), self.sum(document, of_line));
            documents.push(json!({ "documentId": self.documents[document].id, "before": before, "after": after }));
        }
        let notice = |(code, document): &(&str, Option<usize>)| {
            let id = document.map(|document| &self.documents[document].id);
            json!({ "code": code, "documentId": id })
        };
        let result = |result: &Result<Option<usize>>| match result {
            Ok(subject) => {
                json!({ "success": true, "document": subject.map(|index| self.header(index)), "error": null })
            }
            Err(code) => json!({ "success": false, "document": null, "error": { "code": code } }),
        };
        let is_one = settled
            .iter()
            .all(|settlement| Some(currency(settlement)) == first);
        let mut outcome = json!({
            "type": command["type"],
            "at": command["at"],
            "version": self.version,
            "document": subject.map(|index| self.header(index)),
            "created": self.run.created.iter().map(|&index| self.header(index)).collect::<Vec<_>>(),
            "amount": first.filter(|_| is_one).map(|currency| currency.write(total)),
            "applicationGroupId": first.map(|_| format!("AG-{}", self.version)),
            "notices": self.run.notices.iter().map(notice).collect::<Vec<_>>(),
            "applications": applications,
            "documents": documents,
            "lines": lines,
        });
        if !self.run.results.is_empty() {
            outcome["results"] = self.run.results.iter().map(result).collect();
        }
        outcome
    }

    pub(super) fn header(&self, index: usize) -> Value {
        let document = &self.documents[index];
        let write = |minor| document.currency.write(minor);
        let applied = self.sum(index, |line| self.line_applied(index, line));
        let tax = document
            .lines
            .iter()
            .filter(|line| line.tax_of.is_some())
            .map(|line| line.amount)
            .sum();
        let mut header = json!({
            "type": document.kind,
            "id": document.id,
            "number": document.number,
            "accountId": document.account,
            "currency": document.currency.code,
            "status": document.status,
            "date": document.date,
            "amount": write(self.total(index)),
            "taxAmount": write(tax),
            "appliedAmount": write(applied),
            "origin": document.origin,
            "reversed": document.reversed,
            "createdOn": document.created_on,
            "updatedOn": document.updated_on,
        });
        if is_demand(document.kind) {
            header["dueDate"] = document.due_date.clone().into();
            header["balance"] = write(self.open(index)).into();
            header["availableToCreditAmount"] = write(self.available_of(index, None)).into();
        }
        if is_source(document.kind) {
            header["refundAmount"] =
                write(self.sum(index, |line| self.line_refunded(index, line))).into();
            header["unappliedAmount"] = write(self.open(index)).into();
        }
        let referred = document.refers_to.map(|of| self.documents[of].id.clone());
        for (field, value) in [
            ("referredDocumentId", &referred),
            ("postedOn", &document.posted_on),
            ("canceledOn", &document.canceled_on),
            ("reasonCode", &document.reason),
        ] {
            value
                .iter()
                .for_each(|value| header[field] = value.clone().into());
        }
        header
    }

    pub(super) fn line_ref(&self, document: usize, line: usize) -> Value {
        let Document { id, lines, .. } = &self.documents[document];
        let own = &lines[line];
        match own.tax_of {
            Some(item) => {
                json!({ "documentId": id, "itemId": lines[item].id, "taxItemId": own.id })
            }
            None if own.processing == "whole" => {
                json!({ "documentId": id, "itemId": null, "taxItemId": null })
            }
            None => json!({ "documentId": id, "itemId": own.id, "taxItemId": null }),
        }
    }
}
