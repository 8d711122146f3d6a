//! Explains what a command did with one document or line, or why it did nothing with it.
//!
//! The explanation comes from the records of the plan: which documents the command considered and left out, in which
//! order they took their turns and with which amounts, and the steps of the splits. Nothing is decided a second time.

use super::explain::Movement;
use super::{ApplicationReason, Effect, ShareReason};
use crate::command::{Action, Command};
use crate::document::{Application, Document, DocumentIndex, LineIndex, LineRef, Rule};
use crate::error::{Error, Result};
use crate::money::Amount;
use crate::settle::{LeftOut, Notice, PlanStep, Turn};
use crate::words::closed_set;

/// What a command did with a document or line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentReason {
    /// The document.
    pub document: DocumentIndex,
    /// The line, if the question is about one.
    pub line: Option<LineIndex>,
    /// What was settled of it in all; negative: taken back.
    pub amount: Amount,
    /// What the command did with it; at least one step.
    pub steps: Vec<DocumentStep>,
}

/// Something that a command did with a document or line, or why it did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentStep {
    /// What it is.
    pub code: StepCode,
    /// The document on the other side.
    pub other: Option<DocumentIndex>,
    /// What was settled by this step; negative: taken back.
    pub amount: Amount,
    /// Of a line: its share, where it had something open.
    pub share: Option<ShareReason>,
    /// Of a line: the lines on the other side, each with its amount.
    pub partners: Vec<(LineRef, Amount)>,
    /// The step as a sentence.
    pub sentence: String,
}

closed_set! {
    /// What a command did with a document or line, or why it did nothing.
    StepCode {
        /// Something was applied or refunded.
        Settled = "settled",
        /// Something was taken back.
        TakenBack = "takenBack",
        /// The command neither names it nor means it.
        NotAsked = "notAsked",
        /// It is deleted.
        Deleted = "deleted",
        /// It is a draft, or canceled.
        NotPosted = "notPosted",
        /// It was reversed.
        Reversed = "reversed",
        /// It is excluded from automatic application.
        Excluded = "excluded",
        /// It is in another currency.
        OtherCurrency = "otherCurrency",
        /// It had nothing open.
        NothingOpen = "nothingOpen",
        /// The other side was used up before its turn.
        UsedUp = "usedUp",
        /// By source item: no line of the other side belongs to it.
        NoPartner = "noPartner",
        /// To be taken back: nothing was applied.
        NothingApplied = "nothingApplied",
        /// To settle: the other side had no document with anything open.
        NothingToSettle = "nothingToSettle",
        /// Of a line: it is not positive, and the command passes over such lines.
        NotPositive = "notPositive",
        /// Of a line: its share is less than the smallest unit, and it got none of the units left over.
        BelowUnit = "belowUnit",
        /// Of a line: the lines before it took all.
        BehindOthers = "behindOthers",
        /// Of a line: the command states the amounts of other lines.
        NotStated = "notStated",
    }
}

impl Effect<'_> {
    /// What the command does with a document or line, and why. At least one step says so.
    ///
    /// # Errors
    /// A fault if the attempt is [about](super::Book::attempt_about) no document; as [`Effect::explain`].
    pub fn explain_document(
        &self,
        command: &Command,
        document: DocumentIndex,
        line: Option<LineIndex>,
    ) -> Result<DocumentReason> {
        let question = Question {
            effect: self,
            command,
            document,
            line,
        };

        let mut steps = question.settled_steps(&self.explain(command)?)?;
        steps.extend(question.idle_steps()?);
        if steps.is_empty() {
            steps.push(question.unasked()?);
        }
        // Several sources look at the same targets one after another: each notes again that a target has nothing open.
        steps.dedup();

        let amounts = steps.iter().map(|step| step.amount);
        let amount = Amount::sum(amounts).ok_or_else(|| Error::fault("an amount out of range"))?;
        Ok(DocumentReason {
            document,
            line,
            amount,
            steps,
        })
    }
}

fn missing_document() -> Error {
    Error::fault("a document that somebody asks about is missing")
}

/// A question about an effect.
struct Question<'a> {
    effect: &'a Effect<'a>,
    command: &'a Command,
    document: DocumentIndex,
    line: Option<LineIndex>,
}

impl Question<'_> {
    /// The steps in which something was settled of the document.
    fn settled_steps(&self, reasons: &[ApplicationReason]) -> Result<Vec<DocumentStep>> {
        let Effect {
            summary, context, ..
        } = self.effect;

        // In the order of `Effect::explain`, which has one reason for each application.
        let applications = summary.settled.iter().flat_map(|entry| {
            let is_back = Movement::of(context.documents, entry).is_back();
            let applications = entry.settlement.applications();
            applications.map(move |application| (application, is_back))
        });

        let mut steps = Vec::new();
        for (reason, (application, is_back)) in reasons.iter().zip(applications) {
            if [reason.source, reason.target].contains(&self.document) {
                steps.push(self.settled(reason, application, is_back)?);
            }
        }
        Ok(steps)
    }

    /// The steps in which nothing was settled of the document.
    fn idle_steps(&self) -> Result<Vec<DocumentStep>> {
        let mut steps = Vec::new();
        for (index, step) in self.effect.steps {
            if *index == self.document {
                steps.extend(self.idle(step)?);
            }
        }
        Ok(steps)
    }

    /// Describes an application of the document, or what it did with the line that the question is about.
    fn settled(
        &self,
        reason: &ApplicationReason,
        application: Application<'_>,
        is_back: bool,
    ) -> Result<DocumentStep> {
        let is_source = reason.source == self.document;
        let (other, shares) = match is_source {
            true => (reason.target, &reason.given),
            false => (reason.source, &reason.received),
        };
        let moved = match is_back {
            true => StepCode::TakenBack,
            false => StepCode::Settled,
        };

        let step = DocumentStep {
            code: moved,
            other: Some(other),
            amount: reason.amount,
            share: None,
            partners: Vec::new(),
            sentence: self.settled_sentence(reason, other, is_back)?,
        };
        let Some(line) = self.line else {
            return Ok(step);
        };

        let share = shares.iter().find(|share| share.line == line).cloned();
        let code = match &share {
            Some(share) if !share.part.is_zero() => moved,
            share => self.idle_line_code(reason, line, share.as_ref()),
        };

        // The split words a share of less than a unit, too: only it knows the exact share and its rank.
        let sentence = match (&share, code) {
            (Some(share), StepCode::Settled | StepCode::TakenBack | StepCode::BelowUnit) => {
                share.sentence.clone()
            }
            _ => self.idle_line_sentence(code, reason)?,
        };

        Ok(DocumentStep {
            code,
            amount: share.as_ref().map_or(Amount::ZERO, |share| share.part),
            partners: self.partners(reason, application, line),
            share,
            sentence,
            ..step
        })
    }

    /// The lines on the other side of a line, each with its amount.
    fn partners(
        &self,
        reason: &ApplicationReason,
        application: Application<'_>,
        line: LineIndex,
    ) -> Vec<(LineRef, Amount)> {
        let is_source = reason.source == self.document;
        let document = if is_source {
            reason.target
        } else {
            reason.source
        };

        let mut partners = Vec::new();
        for item in application.items {
            let (asked, partner) = match is_source {
                true => (item.source, item.target),
                false => (item.target, item.source),
            };
            if asked == line {
                let line = partner;
                partners.push((LineRef { document, line }, item.amount));
            }
        }
        partners
    }

    /// Why a line that nothing was settled of took no part in an application of its document.
    fn idle_line_code(
        &self,
        reason: &ApplicationReason,
        line: LineIndex,
        share: Option<&ShareReason>,
    ) -> StepCode {
        // A line that was passed over has something open, but no share: it is told apart first.
        if self.is_passed_over(reason, line) {
            StepCode::NotPositive
        } else if share.is_none() {
            StepCode::NothingOpen
        } else {
            code_of_rule(reason.rule)
        }
    }

    /// Whether the command passed over a line, as it is not positive, when the turn of its document came.
    fn is_passed_over(&self, reason: &ApplicationReason, line: LineIndex) -> bool {
        let document = self.document;
        self.effect.steps.iter().any(|(_, step)| match step {
            PlanStep::Turn(turn) => {
                (turn.source, turn.target) == (reason.source, reason.target)
                    && turn.passed_over.contains(&LineRef { document, line })
            }
            PlanStep::LeftOut(_) | PlanStep::NeverReached => false,
        })
    }

    /// A step in which nothing was settled of the document. `None` for one in which something was.
    fn idle(&self, step: &PlanStep) -> Result<Option<DocumentStep>> {
        let (code, other) = match step {
            PlanStep::LeftOut(why) => (left_out_code(*why), None),
            PlanStep::NeverReached => (StepCode::UsedUp, None),
            PlanStep::Turn(turn) if !turn.applied.is_zero() => return Ok(None),
            PlanStep::Turn(turn) => {
                let is_source = turn.source == self.document;
                let other = if is_source { turn.target } else { turn.source };
                (idle_turn_code(turn), Some(other))
            }
        };

        let sentence = self.idle_sentence(step, code)?;
        Ok(Some(self.nothing(code, other, sentence)))
    }

    /// The step of a document that the command did not consider.
    fn unasked(&self) -> Result<DocumentStep> {
        // The notice has the same name in both directions: to settle and to take back.
        let notice = Notice::NothingApplied(Some(self.document));
        let is_named = self.effect.summary.notices.contains(&notice);
        let is_demand = self.document(self.document)?.header().kind.is_demand();

        let (code, sentence) = if !is_named {
            let sentence = "The command neither names it nor means it.";
            (StepCode::NotAsked, sentence)
        } else if takes_back(&self.command.action) {
            let sentence = "Nothing was applied here that could be taken back.";
            (StepCode::NothingApplied, sentence)
        } else if is_demand {
            let sentence = "Nothing was unapplied that could settle it.";
            (StepCode::NothingToSettle, sentence)
        } else {
            let sentence = "Nothing was open that it could settle.";
            (StepCode::NothingToSettle, sentence)
        };
        Ok(self.nothing(code, None, sentence.to_owned()))
    }

    /// Returns the step of a document or line that nothing was settled of.
    const fn nothing(
        &self,
        code: StepCode,
        other: Option<DocumentIndex>,
        sentence: String,
    ) -> DocumentStep {
        DocumentStep {
            code,
            other,
            amount: Amount::ZERO,
            share: None,
            partners: Vec::new(),
            sentence,
        }
    }

    /// Says what was settled of the document, or taken back, and with which other one.
    fn settled_sentence(
        &self,
        reason: &ApplicationReason,
        other: DocumentIndex,
        is_back: bool,
    ) -> Result<String> {
        // The documents of an application have one currency, so that of the other is right for both.
        let header = self.document(other)?.header();
        let amount = header.currency.write(reason.amount.absolute());

        let verb = match (is_back, reason.source == self.document) {
            (false, true) => " was settled of ",
            (false, false) => " was settled with ",
            (true, true) => " was taken back of ",
            (true, false) => " was taken back by ",
        };
        let name = self.name(other)?;
        Ok([&*amount, verb, &name, ", by ", reason.rule.as_str(), "."].concat())
    }

    /// Says why a line got nothing, where the split has no sentence of its own.
    fn idle_line_sentence(&self, code: StepCode, reason: &ApplicationReason) -> Result<String> {
        let text = match code {
            StepCode::NotPositive => "It is below zero, and the command passes over such lines.",
            StepCode::NotStated => "The command states amounts of other lines.",
            StepCode::NoPartner => "No line of the other document credits it or is credited by it.",
            StepCode::BehindOthers => {
                let currency = &self.document(self.document)?.header().currency;
                let amount = currency.write(reason.amount.absolute());
                let text = [
                    "The lines before it took all of the ",
                    &amount,
                    ", in the order of lines.",
                ];
                return Ok(text.concat());
            }
            _ => "It had nothing open.",
        };
        Ok(text.to_owned())
    }

    /// Says why nothing was settled in a step.
    fn idle_sentence(&self, step: &PlanStep, code: StepCode) -> Result<String> {
        let text = match (step, code) {
            (PlanStep::Turn(turn), StepCode::UsedUp) => return self.used_up(turn),
            (PlanStep::Turn(turn), StepCode::NoPartner) => {
                let (source, target) = (self.name(turn.source)?, self.name(turn.target)?);
                let text = ["No line of ", &source, " credits a line of ", &target, "."];
                return Ok(text.concat());
            }
            (PlanStep::LeftOut(LeftOut::NotPosted(status)), _) => {
                return Ok(["It is not posted, but ", status.as_str(), "."].concat());
            }

            (_, StepCode::UsedUp) => "Those that came before it settled all that was open.",
            (_, StepCode::Deleted) => "It is deleted.",
            (_, StepCode::Reversed) => "It was reversed.",
            (_, StepCode::Excluded) => "It is excluded from automatic application.",
            (_, StepCode::OtherCurrency) => "It is in another currency.",
            _ => "It had nothing open.",
        };
        Ok(text.to_owned())
    }

    /// Says that a source had nothing left when the turn of a target came.
    fn used_up(&self, turn: &Turn) -> Result<String> {
        let (source, target) = (self.name(turn.source)?, self.name(turn.target)?);
        let [place, count] = [turn.place, turn.count].map(|number| number.to_string());

        let words = [
            "Nothing was left of ",
            &source,
            " when the turn of ",
            &target,
            " came, as number ",
            &place,
            " of ",
            &count,
            ".",
        ];
        Ok(words.concat())
    }

    /// The identifier of a document, as a sentence has it.
    fn name(&self, index: DocumentIndex) -> Result<String> {
        let header = self.document(index)?.header();
        Ok(["\"", &header.id, "\""].concat())
    }

    fn document(&self, index: DocumentIndex) -> Result<&Document> {
        let document = self.effect.context.documents.get(index);
        document.ok_or_else(missing_document)
    }
}

/// Whether a command takes back what was applied.
fn takes_back(action: &Action) -> bool {
    match action {
        Action::Unapply(_) | Action::Refund(_) => true,
        Action::Bulk { commands, .. } => commands
            .iter()
            .flatten()
            .any(|command| takes_back(&command.action)),
        _ => false,
    }
}

const fn left_out_code(why: LeftOut) -> StepCode {
    match why {
        LeftOut::Deleted => StepCode::Deleted,
        LeftOut::NotPosted(_) => StepCode::NotPosted,
        LeftOut::Reversed => StepCode::Reversed,
        LeftOut::Excluded => StepCode::Excluded,
        LeftOut::OtherCurrency => StepCode::OtherCurrency,
        LeftOut::NothingOpen => StepCode::NothingOpen,
    }
}

/// Why nothing was applied in a turn.
fn idle_turn_code(turn: &Turn) -> StepCode {
    // A target without anything open gets nothing, however much is left: the question is about the target first.
    if !turn.open.is_positive() {
        StepCode::NothingOpen
    } else if !turn.left.is_positive() {
        StepCode::UsedUp
    } else {
        StepCode::NoPartner
    }
}

/// Why a line that had something open got nothing by a rule.
const fn code_of_rule(rule: Rule) -> StepCode {
    match rule {
        Rule::Proration => StepCode::BelowUnit,
        Rule::Fifo | Rule::Lifo => StepCode::BehindOthers,
        Rule::Explicit => StepCode::NotStated,
        Rule::SourceItem | Rule::Mirror => StepCode::NoPartner,
    }
}
