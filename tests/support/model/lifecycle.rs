//! The steps in the life of a document.
//!
//! Rule: `settlement.md#states`.

use super::*;

impl Model {
    // The life of a document.

    pub(super) fn step(
        &mut self,
        verb: &str,
        command: &Value,
        kind: &'static str,
        at: &str,
    ) -> Result<usize> {
        if verb == "void" {
            self.check_reason(command)?;
        }
        let index = self.find(kind, &command[id_field(kind)])?;
        self.run.touched.push(index);
        match verb {
            "post" => self.post(index, at)?,
            "unpost" => self.unpost(index, at)?,
            "cancel" => self.cancel(index, at)?,
            "delete" => {
                self.check_status(index, "canceled")?;
                self.check_unmade(index)?;
                self.check_never_counted(index)?;
                self.documents[index].deleted = true;
            }
            _ => self.void(index, at)?,
        }
        Ok(index)
    }

    /// A document that was in force on a closed day is not deleted: a report of that day has it.
    fn check_never_counted(&self, index: usize) -> Result<()> {
        let document = &self.documents[index];
        match &document.first_posted_on {
            Some(posted) => self.check_open(posted.max(&document.date)),
            None => Ok(()),
        }
    }

    /// A memo that is posted is not below zero; its lines can be.
    pub(super) fn check_sign(memo: &Document) -> Result<()> {
        let amount: i128 = memo.lines.iter().map(|line| line.amount).sum();
        if memo.kind != "invoice" && amount < 0 {
            Err("amountNotPositive")
        } else {
            Ok(())
        }
    }

    pub(super) fn post(&mut self, index: usize, at: &str) -> Result<()> {
        self.check_status(index, "draft")?;
        // A memo comes into force on the day on which it is posted, or on its own where that is later.
        let document = &self.documents[index];
        if ["creditMemo", "debitMemo"].contains(&document.kind) {
            self.check_open(at.max(&document.date))?;
        }
        if self.settles_when_posted(index).is_some() {
            self.check_settling(at)?;
        }
        self.check_step_day(index, at)?;
        // Other memos may have come and gone since it was made; what the history speaks of stays as it is.
        if !self.is_spoken_of(index) {
            let mut memo = self.documents[index].clone();
            self.round_credit(&mut memo, Some(index));
            if memo.total() != self.documents[index].total() {
                self.run.notices.push(("roundedAnew", Some(index)));
            }
            self.documents[index] = memo;
        }
        let own = first([
            Self::check_sign(&self.documents[index]),
            self.check_credit(&self.documents[index], Some(index)),
        ]);
        let document = &mut self.documents[index];
        document.status = "posted";
        document.posted_on = Some(at.to_owned());
        if document.first_posted_on.is_some() {
            document.posted_again_on = Some(at.to_owned());
        } else {
            document.first_posted_on = Some(at.to_owned());
        }
        document.changed_on = Some(at.to_owned());
        let document = self.documents[index].clone();
        if document.has_past() && document.date.as_str() < at {
            self.run.notices.push(("countsFromPosting", Some(index)));
        }
        let Some(target) = self.settles_when_posted(index) else {
            return own;
        };
        let Document { kind, id, .. } = &self.documents[target];
        let command = json!({
            "type": "applyCreditMemo", "at": at, "creditMemoId": document.id,
            "rule": "sourceItem", "fallback": "proration",
            list_field(kind): [{ id_field(kind): id }],
        });
        first([own, self.apply(&command, "creditMemo", at).map(drop)])
    }

    /// The demand that a credit memo settles as soon as it is posted.
    pub(super) fn settles_when_posted(&self, memo: usize) -> Option<usize> {
        let Document {
            kind,
            auto_apply,
            refers_to,
            ..
        } = self.documents[memo];
        let target = refers_to.filter(|_| auto_apply && kind == "creditMemo")?;
        let is_open_demand = is_demand(self.documents[target].kind)
            && self.documents[target].status == "posted"
            && self.open(target) > 0;
        (is_open_demand && self.open(memo) > 0).then_some(target)
    }

    /// Whether the history or another document speaks of the lines of a document.
    pub(super) fn is_spoken_of(&self, index: usize) -> bool {
        let is_of = |settlement: &Settlement| {
            settlement.source == index
                || settlement
                    .applications
                    .iter()
                    .any(|application| application.target == index)
        };
        let is_needed = |made: &Document| !made.deleted && self.is_made(made, index);
        self.documents[index].has_past()
            || self.log.iter().any(is_of)
            || self.documents.iter().any(is_needed)
    }

    /// A status follows what happened to a document before.
    pub(super) fn check_step_day(&self, index: usize, at: &str) -> Result<()> {
        let is_of = |settlement: &&Settlement| {
            settlement.source == index
                || settlement
                    .applications
                    .iter()
                    .any(|application| application.target == index)
        };
        let is_late = self
            .log
            .iter()
            .filter(is_of)
            .any(|settlement| settlement.at.as_str() > at)
            || self.documents[index]
                .changed_on
                .as_deref()
                .is_some_and(|changed| changed > at);
        if is_late { Err("dateTooEarly") } else { Ok(()) }
    }

    pub(super) fn unpost(&mut self, index: usize, at: &str) -> Result<()> {
        self.check_status(index, "posted")?;
        self.check_unsettled(index)?;
        if self.options["keepClosedPosted"] == true {
            self.check_open(&self.documents[index].date)?;
        }
        self.check_step_day(index, at)?;
        self.check_without(index)?;
        self.documents[index].status = "draft";
        self.documents[index].posted_on = None;
        self.documents[index].posted_again_on = None;
        self.documents[index].changed_on = Some(at.to_owned());
        Ok(())
    }

    pub(super) fn cancel(&mut self, index: usize, at: &str) -> Result<()> {
        match self.documents[index].kind {
            "refund" => self.check_status(index, "posted")?,
            "payment" => {
                self.check_status(index, "posted")?;
                self.check_unsettled(index)?;
            }
            _ => {
                self.check_status(index, "draft")?;
                self.check_unmade(index)?;
            }
        }
        if self.documents[index].kind == "refund" {
            self.check_settling(at)?;
        }
        self.check_step_day(index, at)?;
        if self.documents[index].kind == "refund" {
            self.take_back(index, at)?;
        }
        self.documents[index].status = "canceled";
        self.documents[index].canceled_on = Some(at.to_owned());
        self.documents[index].changed_on = Some(at.to_owned());
        Ok(())
    }

    pub(super) fn void(&mut self, index: usize, at: &str) -> Result<()> {
        let Document {
            kind,
            status,
            reversed,
            ..
        } = self.documents[index];
        if reversed || status == "canceled" {
            return Err("invalidStatus");
        }
        let is_reversal = |applied: &Applied| {
            let of = applied.source == index || applied.target == index;
            of && (self.documents[applied.source].reversed
                || self.documents[applied.target].reversed)
        };
        if self.applied.iter().any(is_reversal) {
            return Err("invalidStatus");
        }
        self.check_no_past(index)?;
        let lines = 0..self.documents[index].lines.len();
        if lines
            .clone()
            .any(|line| self.line_refunded(index, line) != 0)
        {
            return Err("alreadySettled");
        }
        self.check_unmade(index)?;
        if kind != "payment" && status == "posted" && self.options["keepClosedPosted"] == true {
            self.check_open(&self.documents[index].date)?;
        }
        let is_settled = |applied: &Applied| applied.source == index || applied.target == index;
        if self.applied.iter().any(is_settled) {
            self.check_settling(at)?;
        }
        self.check_step_day(index, at)?;
        self.take_back(index, at)?;
        if kind != "payment" && status == "posted" {
            self.unpost(index, at)?;
        }
        self.cancel(index, at)
    }

    /// Takes back whatever is applied of a source or to a target, source by source.
    pub(super) fn take_back(&mut self, index: usize, at: &str) -> Result<()> {
        let is_source = is_source(self.documents[index].kind);
        for source in 0..self.documents.len() {
            let targets = (0..self.documents.len()).filter(|&target| self.is_part(source, target));
            let targets: Vec<_> = targets
                .filter(|&target| {
                    if is_source {
                        source == index
                    } else {
                        target == index
                    }
                })
                .collect();
            if targets.is_empty() {
                continue;
            }
            if self.documents[index].kind != "refund" {
                self.check_day(source, at)?;
            }
            let whole = |&target: &usize| Application {
                target,
                rule: "fifo",
                items: self
                    .part(source, target)
                    .into_iter()
                    .map(Item::negated)
                    .collect(),
            };
            let applications = targets.iter().map(whole).collect();
            self.settle(at, source, applications, true)?;
        }
        Ok(())
    }
}
