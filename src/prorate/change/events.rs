//! Changes one after another: what each makes of the plan that runs, and which are refused.

use super::credit::Ending;
use super::plan::{PlanUpdate, PricePlan};
use super::request::{ChangeRequest, ChangeTime, PlanChange, PlanEvent};
use super::running::RunningPlan;
use super::summary::ChangePreview;
use super::timeline::Timeline;
use crate::calendar::Moment;
use crate::error::{Error, Reason, Result, Site, SiteField, TextFigure};
use crate::money::Fraction;
use crate::prorate::amount::check_increment;
use crate::prorate::period::fits;
use crate::prorate::terms::{ChangeDayOwner, Destination, StubPosition};
use rust_decimal::Decimal;
use std::rc::Rc;

/// What there is of a plan between two changes.
enum PlanState {
    /// None runs.
    Absent,
    /// One runs, or rests until a moment that is known and runs then. It is billed for that time.
    Running(RunningPlan),
    /// One rests until it is resumed. It is billed for nothing that is left of the period.
    Resting(Rc<PricePlan>),
}

/// A change as it takes effect.
#[derive(Clone, Copy)]
struct Occurrence<'s> {
    /// Which of the changes of the request it is.
    index: usize,
    site: &'s Site<'s>,
    /// The time from which it counts.
    when: ChangeTime,
}

impl ChangeRequest {
    /// Works through the changes, and returns the lines and sums that they leave behind.
    ///
    /// # Errors
    /// `invalidTerms`; `amountNotPositive` for facts of another sign than the price; `missingField` for a change
    /// without a period that does not say what is left of it; `invalidPeriod` for changes out of order or outside the
    /// period; `invalidStatus` for one that does not fit what runs; `outOfRange`; those of
    /// [`Terms::share`](crate::prorate::Terms::share).
    pub fn preview(&self) -> Result<ChangePreview> {
        self.preview_of_item(None)
    }

    /// The same, where an item of this amount billed the plan.
    pub(crate) fn preview_of_item(&self, item_amount: Option<Decimal>) -> Result<ChangePreview> {
        self.terms.check()?;
        check_increment(self.increment)?;
        let mut timeline = Timeline::new(self, item_amount)?;
        if let Some(plan) = &self.plan {
            self.check_signs(plan)?;
        }

        timeline.last = timeline.since()?;
        let mut state = match &self.plan {
            Some(plan) => PlanState::Running(timeline.first_plan(plan)?),
            None => PlanState::Absent,
        };

        let changes = Site::Command.field(SiteField::Changes);
        for (index, change) in self.events.iter().enumerate() {
            let site = changes.entry(index);
            state = timeline.apply_change(index, &site, change, state)?;
        }

        timeline.finish(match state {
            PlanState::Running(active) => Some(active),
            PlanState::Absent | PlanState::Resting(_) => None,
        })
    }
}

impl Timeline<'_> {
    /// The time since which the plan before the first change runs: the stated moment, or the start of the period.
    fn since(&self) -> Result<Option<ChangeTime>> {
        let start = self.span.map(|span| ChangeTime::At(span.from));
        let Some(since) = self.request.since else {
            return Ok(start);
        };
        let Some(span) = self.span else {
            return Err(Self::no_period(since));
        };

        let is_early = self.terms().is_before(since, span.from);
        let is_late = self.terms().is_before(span.to, since);
        if (is_early || is_late) && !self.terms().clamp {
            let reason = Reason::OutsidePeriod {
                from: shown(span.from),
                to: shown(span.to),
                moment: shown(since),
            };
            let site = Site::Command.field(SiteField::Since);
            return Err(Error::of(reason, &site));
        }

        // What was served before the period belongs to another bill.
        if is_early {
            return Ok(start);
        }
        Ok(Some(ChangeTime::At(since)))
    }

    /// Applies one change to the plan, unless it comes at a wrong time.
    fn apply_change(
        &mut self,
        index: usize,
        site: &Site<'_>,
        change: &PlanChange,
        state: PlanState,
    ) -> Result<PlanState> {
        self.check_rate(change.when, site)?;
        let when = self.effective_time(change)?;
        self.check_order(when, site)?;
        if self.is_over {
            return Err(Error::of(Reason::ChangeAfterTime {}, site));
        }

        self.last = Some(when);
        let occurrence = Occurrence { index, site, when };
        self.apply_event(occurrence, &change.kind, state)
            .map_err(|error| at_change(error, site))
    }

    /// Refuses a share of the period where a daily rate is rounded: it has no days.
    fn check_rate(&self, when: ChangeTime, site: &Site<'_>) -> Result<()> {
        let (ChangeTime::Unused(unused), Some(_)) = (when, self.terms().rate_scale) else {
            return Ok(());
        };
        let unused = unused.to_string().into();
        let reason = Reason::UnusedAndRoundedRate { unused };
        Err(Error::of(reason, &site.field(SiteField::Unused)))
    }

    /// The time from which a change counts: the day after it, if its own belongs to the old plan.
    fn effective_time(&self, change: &PlanChange) -> Result<ChangeTime> {
        let ends_old_plan = !matches!(change.kind, PlanEvent::Start(_));
        match change.when {
            ChangeTime::At(Moment::Day(day))
                if ends_old_plan && self.terms().change_day == ChangeDayOwner::Old =>
            {
                Ok(ChangeTime::At(fits(day.plus_days(1))?.into()))
            }
            when => Ok(when),
        }
    }

    /// Refuses a change before the one that it follows, or outside the period.
    #[inline(never)]
    fn check_order(&self, when: ChangeTime, site: &Site<'_>) -> Result<()> {
        match when {
            ChangeTime::At(at) => self.check_moment(at, &site.field(SiteField::At)),
            ChangeTime::Unused(unused) => {
                check_unused(unused, site)?;
                self.check_unused_falls(when, site)
            }
        }
    }

    fn check_moment(&self, at: Moment, site: &Site<'_>) -> Result<()> {
        let Some(span) = self.span else {
            return Err(Self::no_period(at));
        };
        // Clamped terms allow any moment: shares stay from 0 to 1.
        let terms = self.terms();
        if terms.clamp {
            return Ok(());
        }

        if let Some(ChangeTime::At(last)) = self.last
            && terms.is_before(at, last)
        {
            let (last, at) = (shown(last), shown(at));
            return Err(Error::of(Reason::ChangeTooEarly { last, at }, site));
        }
        if terms.is_before(span.to, at) {
            let (end, at) = (shown(span.to), shown(at));
            return Err(Error::of(Reason::ChangeTooLate { end, at }, site));
        }
        Ok(())
    }

    /// Refuses a change that leaves more of the period than the one before it.
    fn check_unused_falls(&self, when: ChangeTime, site: &Site<'_>) -> Result<()> {
        let (Some(ChangeTime::Unused(last)), ChangeTime::Unused(unused)) = (self.last, when) else {
            return Ok(());
        };
        if self.terms().clamp || !unused.exceeds(last) {
            return Ok(());
        }

        let (last, unused) = (last.to_string().into(), unused.to_string().into());
        let reason = Reason::UnusedGrows { last, unused };
        Err(Error::of(reason, &site.field(SiteField::Unused)))
    }

    /// Applies an event to the plan as it is at that time.
    ///
    /// A plan that rests can end, become another or rest longer. Until the pause ends it is billed for nothing, so no
    /// money moves before that: what changes counts from the end of the pause on. One that rests without a known end is
    /// billed for nothing at all, so that nothing is left to be credited.
    fn apply_event(
        &mut self,
        occurrence: Occurrence<'_>,
        event: &PlanEvent,
        state: PlanState,
    ) -> Result<PlanState> {
        let site = occurrence.site;
        match (event, state) {
            // A plan that starts takes the place of one that rests, which was credited whole when it paused.
            (PlanEvent::Start(plan), PlanState::Absent | PlanState::Resting(_)) => {
                self.apply_start(occurrence, plan)
            }
            (PlanEvent::Switch(update), PlanState::Running(active)) => {
                self.apply_switch(self.after_pause(occurrence), update, active)
            }
            (PlanEvent::Switch(update), PlanState::Resting(plan)) => {
                let updated = self.updated_plan(&plan, update, site)?;
                Ok(PlanState::Resting(Rc::new(updated)))
            }
            (PlanEvent::Cancel, PlanState::Running(active)) => {
                self.apply_cancel(self.after_pause(occurrence), active)
            }
            (PlanEvent::Cancel, PlanState::Resting(_)) => Ok(PlanState::Absent),
            (PlanEvent::Pause(until), PlanState::Running(active)) => {
                self.check_pause(occurrence, *until)?;
                self.apply_pause(self.after_pause(occurrence), *until, active)
            }
            (PlanEvent::Pause(Some(until)), PlanState::Resting(plan)) => {
                self.check_pause(occurrence, Some(*until))?;
                self.apply_end_of_rest(occurrence, *until, plan)
            }
            (PlanEvent::Resume, PlanState::Resting(plan)) => {
                self.apply_resume(occurrence.index, plan, occurrence.when)
            }
            (PlanEvent::Start(_), PlanState::Running(_)) => {
                Err(Error::of(Reason::PlanRuns {}, site))
            }
            (PlanEvent::Pause(None), PlanState::Resting(_)) => {
                Err(Error::of(Reason::PlanRestsAlready {}, site))
            }
            (PlanEvent::Resume, PlanState::Running(_)) => Err(self.nothing_to_resume(occurrence)),
            (PlanEvent::Resume, PlanState::Absent) => {
                Err(Error::of(Reason::NothingPauses {}, site))
            }
            (PlanEvent::Switch(_) | PlanEvent::Cancel | PlanEvent::Pause(_), PlanState::Absent) => {
                Err(Error::of(Reason::NoPlanRuns {}, site))
            }
        }
    }

    /// The moment until which the plan rests at `when`, if it does.
    fn pause_end(&self, when: ChangeTime) -> Option<Moment> {
        let (Some(until), ChangeTime::At(at)) = (self.rests_until, when) else {
            return None;
        };
        self.terms().is_before(at, until).then_some(until)
    }

    /// A change as it counts: while the plan rests, from the end of the pause on.
    fn after_pause<'s>(&self, occurrence: Occurrence<'s>) -> Occurrence<'s> {
        match self.pause_end(occurrence.when) {
            Some(until) => Occurrence {
                when: ChangeTime::At(self.within_period(until)),
                ..occurrence
            },
            None => occurrence,
        }
    }

    /// The refusal to resume a plan that runs, or that goes on by itself when its pause ends.
    #[cold]
    fn nothing_to_resume(&self, occurrence: Occurrence<'_>) -> Error {
        let Occurrence { site, when, .. } = occurrence;
        match (self.pause_end(when), when) {
            (Some(until), ChangeTime::At(at)) => {
                let (until, at) = (shown(until), shown(at));
                let reason = Reason::ChangeDuringPause { until, at };
                Error::of(reason, &site.field(SiteField::At))
            }
            _ => Error::of(Reason::NothingPauses {}, site),
        }
    }

    fn apply_resume(
        &mut self,
        index: usize,
        plan: Rc<PricePlan>,
        when: ChangeTime,
    ) -> Result<PlanState> {
        self.start_plan(index, plan, when, StubPosition::Any)
            .map(PlanState::Running)
    }

    fn apply_cancel(
        &mut self,
        occurrence: Occurrence<'_>,
        active: RunningPlan,
    ) -> Result<PlanState> {
        let ending = Ending::at(occurrence.when, StubPosition::Trailing);
        self.end_plan(occurrence.index, active, ending)?;
        self.rests_until = None;
        Ok(PlanState::Absent)
    }

    /// A plan that rests without a known end goes on at `until`, if that is within the period.
    fn apply_end_of_rest(
        &mut self,
        occurrence: Occurrence<'_>,
        until: Moment,
        plan: Rc<PricePlan>,
    ) -> Result<PlanState> {
        match self.span {
            Some(span) if self.terms().is_before(until, span.to) => {
                self.rests_until = Some(until);
                self.apply_resume(occurrence.index, plan, ChangeTime::At(until))
            }
            // It rests for all that is left of this period, of which nothing is billed.
            _ => Ok(PlanState::Resting(plan)),
        }
    }

    /// Refuses a pause that ends before it starts, and one that would end an earlier pause before its time, which was
    /// credited already.
    fn check_pause(&self, occurrence: Occurrence<'_>, until: Option<Moment>) -> Result<()> {
        let (Some(until), ChangeTime::At(at)) = (until, occurrence.when) else {
            return Ok(());
        };

        let site = occurrence.site.field(SiteField::Until);
        if self.terms().is_before(until, at) {
            let (at, until) = (shown(at), shown(until));
            return Err(Error::of(Reason::PauseReversed { at, until }, &site));
        }

        match self.pause_end(occurrence.when) {
            Some(pause_end) if self.terms().is_before(until, pause_end) => {
                let (pause_end, until) = (shown(pause_end), shown(until));
                let reason = Reason::PauseShortened { pause_end, until };
                Err(Error::of(reason, &site))
            }
            _ => Ok(()),
        }
    }

    /// The plan after an update; refused where it is none that anybody subscribes to.
    fn updated_plan(
        &self,
        plan: &PricePlan,
        update: &PlanUpdate,
        site: &Site<'_>,
    ) -> Result<PricePlan> {
        let updated = plan.updated(update);
        self.check_plan(&updated)
            .map_err(|error| error.within(site))?;
        Ok(updated)
    }

    fn apply_start(&mut self, occurrence: Occurrence<'_>, plan: &PricePlan) -> Result<PlanState> {
        let Occurrence { index, site, when } = occurrence;
        self.check_plan(plan)
            .map_err(|error| error.within(&site.field(SiteField::Plan)))?;
        self.start_plan(index, Rc::new(plan.clone()), when, StubPosition::Leading)
            .map(PlanState::Running)
    }

    /// Another plan takes the place of the one that runs.
    fn apply_switch(
        &mut self,
        occurrence: Occurrence<'_>,
        update: &PlanUpdate,
        active: RunningPlan,
    ) -> Result<PlanState> {
        let Occurrence { index, site, when } = occurrence;
        let plan = self.updated_plan(&active.plan, update, site)?;

        let ending = Ending::at(when, StubPosition::Any);
        self.end_plan(index, active, ending)?;
        let started = self.start_plan(index, Rc::new(plan), when, StubPosition::Any)?;

        if self.terms().destination == Destination::Time && self.ends_with_pair() {
            return self.pay_with_time(started).map(PlanState::Running);
        }
        Ok(PlanState::Running(started))
    }

    /// A plan rests, until a moment if that is known.
    fn apply_pause(
        &mut self,
        occurrence: Occurrence<'_>,
        until: Option<Moment>,
        active: RunningPlan,
    ) -> Result<PlanState> {
        let ending = Ending {
            until: until.map(|until| self.within_period(until)),
            ..Ending::at(occurrence.when, StubPosition::Any)
        };
        let active = self.end_plan(occurrence.index, active, ending)?;

        self.rests_until = until;
        if until.is_some() {
            return Ok(PlanState::Running(active));
        }
        Ok(PlanState::Resting(active.plan))
    }

    /// A moment, or the end of the period if that is earlier: what comes after the period was not billed in it.
    fn within_period(&self, moment: Moment) -> Moment {
        match self.span {
            Some(span) if self.terms().is_before(span.to, moment) => span.to,
            _ => moment,
        }
    }

    /// Whether the last two lines are what one change credits and charges.
    fn ends_with_pair(&self) -> bool {
        matches!(&self.lines[..], [.., credit, charge] if credit.is_credit_beside(charge))
    }
}

/// Refuses an unused share below 0 or above 1.
fn check_unused(unused: Fraction, site: &Site<'_>) -> Result<()> {
    if !unused.is_negative() && !unused.exceeds(Fraction::ONE) {
        return Ok(());
    }

    let unused = unused.to_string().into();
    let reason = Reason::UnusedOutOfRange { unused };
    Err(Error::of(reason, &site.field(SiteField::Unused)))
}

/// A refusal without a site of its own, at the change that led to it.
#[cold]
fn at_change(error: Error, site: &Site<'_>) -> Error {
    if error.site().is_empty() {
        error.at(site)
    } else {
        error
    }
}

/// A moment as a figure of a refusal.
fn shown(moment: Moment) -> TextFigure {
    moment.to_string().into()
}
