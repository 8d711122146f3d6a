//! The time that a plan was served, without the days on which it rested.

use super::line::TimedShare;
use super::request::ChangeTime;
use super::running::RunningPlan;
use super::timeline::Timeline;
use crate::error::Result;
use crate::money::Fraction;
use crate::prorate::period::Span;
use crate::prorate::share::GridCell;
use crate::prorate::terms::StubPosition;

impl Timeline<'_> {
    /// The time served up to `to`, without the days that were credited because the plan rested: these were not served.
    #[inline(never)]
    pub(super) fn without_pauses(
        &self,
        active: &RunningPlan,
        to: ChangeTime,
        served: TimedShare,
    ) -> Result<TimedShare> {
        if active.pauses.is_empty() {
            return Ok(served);
        }

        let TimedShare { mut share, cells } = served;
        // Units of time can be subtracted where all count by the same length. Factors always can.
        let length = share.length;
        let mut pauses = active.pauses.iter();
        let has_one_length = pauses.all(|pause| pause.share.length == length);
        let [mut covered, mut factor] = [share.covered, share.factor];
        for pause in &active.pauses {
            covered = covered.minus(pause.share.covered);
            factor = factor.minus(pause.share.factor);
        }

        if has_one_length {
            share.covered = covered;
        }
        share.factor = if has_one_length && share.part == StubPosition::Any {
            // All that was served is rounded as one, where the terms round factors.
            let terms = self.terms_of(&active.plan);
            terms.share_of_length(covered, length)?.factor
        } else {
            // A rule can price less as served than the pauses gave back: then nothing was.
            factor.at_least(Fraction::ZERO)
        };

        // The cells say which days these are, for people.
        let cells = match (active.since, to, self.span) {
            (ChangeTime::At(from), ChangeTime::At(to), Some(whole)) if !cells.is_empty() => {
                self.cells_between_pauses(active, Span { from, to }, whole)?
            }
            _ => cells,
        };
        Ok(TimedShare { share, cells })
    }

    /// The cells of the stretches between pauses. The end of the time served is a pause without length, so that the
    /// stretch before it counts, too.
    fn cells_between_pauses(
        &self,
        active: &RunningPlan,
        served: Span,
        whole: Span,
    ) -> Result<Vec<GridCell>> {
        let end = Span {
            from: served.to,
            to: served.to,
        };
        let pauses = active.pauses.iter().filter_map(|pause| pause.span);

        let (mut cells, mut from) = (Vec::new(), served.from);
        for pause in pauses.chain([end]) {
            if self.terms().is_before(from, pause.from) {
                let to = pause.from;
                let stretch = Span { from, to };
                let timed = self.timed(&active.plan, stretch, whole, StubPosition::Any)?;
                cells.extend(timed.cells);
            }
            from = pause.to;
        }
        Ok(cells)
    }
}
