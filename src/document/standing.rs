//! What stands of each operation between a source and a target: what it applied and nothing has taken back since.
//!
//! A part says how much is applied between two documents, and not which operation applied it. That follows from the
//! history, entry by entry, and is stored nowhere:
//!
//! - An application stands for what it applied.
//! - An unapplication takes from the operations that stand, the oldest first; by the rule `lifo`, the newest first.
//! - An undo takes all that stands of the operation that it names, or of some lines of it. If that operation had taken
//!   something back, the undo gives it back to the operations that it was taken from. Where these are undone since, the
//!   undo takes only what the operation applied besides.
//! - What a bulk takes back and applies again between the same lines does not move.
//!
//! What stands of all operations together is the part. So what is undone is as if it had never been, in any order.
//!
//! Where lines below zero are set off against others, an unapplication pairs anew what stays applied of each line. It
//! then takes from the first operation that has all of that, and what stays of this operation is paired anew. If it
//! takes from several, no pair that stays can be told to be of one of them: the unapplication takes all from them and
//! stands for the rest itself, and they can be undone once it is.

use super::{
    Application, DocumentIndex, Documents, HistoryEntry, LineIndex, Part, PartItem, Rule, negated,
    sum_pairs,
};
use crate::error::{Error, Result};
use crate::memory::Room;
use crate::money::Amount;
use crate::order::sort_by;
use rustc_hash::FxHashMap;

/// What stands of the operations between one source and one target.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// By version.
    operations: Vec<PairOperation>,
    /// How often an operation has taken effect so far.
    turns: u64,
}

/// What one operation did between the two documents.
#[derive(Clone, Debug, Default)]
struct PairOperation {
    /// The version of the book that it made: it names the application group.
    version: u64,
    /// When it last took effect, among all of these operations: later than its version says if it was done again.
    turn: u64,
    /// What it applied, whether that stands or not.
    first: Vec<PartItem>,
    /// What stands of what it applied.
    applied: Vec<PartItem>,
    /// What it took back of other operations.
    taken: Vec<TakenItem>,
    /// The operations that it undid as a whole.
    undid: Vec<u64>,
    /// It paired anew what it left applied of others.
    pairs_anew: bool,
    /// What undid it as a whole. It then stands for nothing.
    undone_by: Option<u64>,
    /// What it applied, as long as it is undone as a whole.
    kept: Vec<PartItem>,
}

/// An amount that one operation took from another.
#[derive(Clone, Copy, Debug)]
struct TakenItem {
    /// The version of the operation that had applied it.
    applied_by: u64,
    /// The lines, and the amount as it was applied.
    item: PartItem,
    /// The operation that took it was the undo of the one that had applied it.
    is_undone: bool,
    /// What stayed was paired anew, so that the amount can have any sign.
    is_paired_anew: bool,
}

/// What an undo of an operation moves between the two documents, or the operations that bar it.
#[derive(Debug)]
pub(crate) enum Undoing {
    /// It moves these amounts.
    Moves {
        items: Vec<PartItem>,
        /// Not all that the operation did: others have taken back some of what it applied, or it keeps what it took.
        is_rest: bool,
    },
    /// Nothing is left: these have undone it.
    Undone(Vec<u64>),
    /// Nothing is left: these have taken it back.
    TakenBack(Vec<u64>),
    /// These have paired anew what they left applied of it.
    PairedAnew(Vec<u64>),
    /// What it took back or applied again is of operations that these have undone since, so there is nothing to undo.
    AppliedNoMore(Vec<u64>),
    /// These have taken back some of what it left applied or applied again.
    BuiltOn(Vec<u64>),
    /// It took something back, so it is undone as a whole.
    OnlyWhole,
    /// Lines below zero were set off against the lines that are selected, and cannot stay without them.
    SetOff,
}

impl PairOperation {
    /// Whether it has done nothing but apply amounts. Any other operation is undone as a whole or not at all.
    const fn only_applied(&self) -> bool {
        self.taken.is_empty() && self.undid.is_empty()
    }

    /// Whether something that it applied stands and can be undone without what it took back, as after a bulk.
    const fn applies_by_itself(&self) -> bool {
        !self.applied.is_empty() && !self.pairs_anew
    }

    /// Adds to what it applied. `None` if a sum is out of range.
    fn apply(&mut self, items: impl IntoIterator<Item = PartItem>) -> Option<()> {
        self.applied.extend(items);
        sum_pairs(&mut self.applied).ok()
    }

    /// Whether it set no lines below zero off against others.
    fn is_positive(&self) -> bool {
        self.first.iter().all(|item| item.amount.is_positive())
    }

    /// Takes amounts away from what it applied, where lines below zero were set off against others: what stays is
    /// paired anew, and of each line stays between nothing and what was applied of it. `None` if it does not.
    fn pair_without(&mut self, items: &[PartItem]) -> Option<()> {
        self.apply(negated(items))?;
        let first = Part::of(&self.first, super::MoveDirection::Forth).ok()?;
        first.has_margins(&self.applied).then_some(())
    }

    /// Takes an amount away from what it applied. `None` if that is not there.
    fn release(&mut self, item: &PartItem) -> Option<()> {
        let known = self.index_of(item)?;
        let known = self.applied.get_mut(known)?;

        // An amount of the other sign, or a larger one, would turn what stands into something that nobody applied.
        if !known.amount.covers(item.amount) {
            return None;
        }

        known.amount = known.amount.minus(item.amount)?;
        self.applied.retain(|item| !item.amount.is_zero());
        Some(())
    }

    /// What it applied between two lines.
    fn amount_between(&self, lines: &PartItem) -> Amount {
        let item = self.index_of(lines);
        let item = item.and_then(|index| self.applied.get(index));
        item.map_or(Amount::ZERO, |item| item.amount)
    }

    /// The index of what it applied between the lines of an item.
    fn index_of(&self, lines: &PartItem) -> Option<usize> {
        let found = self
            .applied
            .binary_search_by_key(&lines.order(), PartItem::order);
        found.ok()
    }
}

impl Standing {
    /// What stands of each operation that has something standing, by version.
    pub fn operations(&self) -> impl Iterator<Item = (u64, &[PartItem])> {
        let operations = self.operations.iter();
        let applied = operations.map(|operation| (operation.version, &*operation.applied));
        applied.filter(|(_, items)| !items.is_empty())
    }

    /// What stands of an operation.
    ///
    /// # Errors
    /// A fault if a sum is out of range.
    pub(crate) fn part_of(&self, version: u64) -> Result<Part> {
        let applied = self.find(version).map_or(&[][..], |found| &found.applied);
        Part::of(applied, super::MoveDirection::Forth)
    }

    /// What an undo of an operation moves: of the pairs of lines that are selected, or (`None`) of all.
    ///
    /// # Errors
    /// A fault if a sum is out of range.
    pub(crate) fn undoing(
        &self,
        version: u64,
        selects: Option<&dyn Fn(&PartItem) -> bool>,
    ) -> Result<Undoing> {
        let Some(operation) = self.find(version) else {
            return Ok(Undoing::TakenBack(vec![version]));
        };
        match selects {
            _ if operation.only_applied() => Ok(self.undoing_applied(operation, selects)),
            None => self.undoing_whole(operation),
            Some(_) => Ok(Undoing::OnlyWhole),
        }
    }

    /// Undoes an operation that only applied amounts: what stands of it comes back.
    fn undoing_applied(
        &self,
        operation: &PairOperation,
        selects: Option<&dyn Fn(&PartItem) -> bool>,
    ) -> Undoing {
        let is_selected = |item: &PartItem| selects.is_none_or(|selects| selects(item));
        let version = operation.version;
        let takers = self.takers(|taken| taken.applied_by == version && is_selected(&taken.item));

        // What they left applied stands for them and no longer for this operation, so it cannot be told apart.
        let pair_anew = takers.iter().filter(|(taker, _)| taker.pairs_anew);
        let pair_anew: Vec<_> = pair_anew.map(|(taker, _)| taker.version).collect();
        if !pair_anew.is_empty() {
            return Undoing::PairedAnew(pair_anew);
        }

        let mut items = operation.applied.clone();
        items.retain(is_selected);
        if !items.is_empty() {
            return Undoing::Moves {
                items: negated(&items),
                is_rest: !takers.is_empty() || !operation.only_applied(),
            };
        }

        // Nothing is left: the refusal names who took it, so that the caller can undo these instead.
        let all_undo = takers.iter().all(|(_, is_undone)| *is_undone);
        let versions = versions_of(&takers);
        if versions.is_empty() {
            // A command of a bulk took back what another one of it had applied.
            Undoing::TakenBack(vec![version])
        } else if all_undo {
            Undoing::Undone(versions)
        } else {
            Undoing::TakenBack(versions)
        }
    }

    /// Undoes an operation that took something back or undid others: all of it, so that the others are as they were. If
    /// these are undone since, it keeps what it took of them, and what it applied is undone by itself.
    fn undoing_whole(&self, operation: &PairOperation) -> Result<Undoing> {
        let version = operation.version;

        // Tried on a copy. The undo itself is the next operation, later than all that there are.
        let mut after = self.clone();
        match after.undo_whole(version, u64::MAX) {
            Ok(()) => {}
            Err(Undoing::AppliedNoMore(_)) if operation.applies_by_itself() => {
                return Ok(self.undoing_applied(operation, None));
            }
            Err(barred) => return Ok(barred),
        }

        let items = self.difference(&after)?;
        if items.is_empty() {
            return Ok(Undoing::TakenBack(vec![version]));
        }
        Ok(Undoing::Moves {
            items,
            is_rest: false,
        })
    }

    /// What is applied afterwards less what is applied now.
    fn difference(&self, after: &Self) -> Result<Vec<PartItem>> {
        let mut items = Vec::new();
        for (_, applied) in self.operations() {
            items.extend(negated(applied));
        }
        for (_, applied) in after.operations() {
            items.extend_from_slice(applied);
        }

        sum_pairs(&mut items)?;
        Ok(items)
    }

    /// Why an amount that was applied again is not there any more.
    fn no_longer_restored(&self, restored: &TakenItem) -> Undoing {
        // Those that took it between the same lines. Where lines below zero were set off against others, it can be gone
        // though nobody did: then those that took anything of the same operation.
        let mut takers = self.takers(|taken| taken.is_of_same(restored));
        if takers.is_empty() {
            takers = self.takers(|taken| taken.applied_by == restored.applied_by);
        }

        // An unapplication among them can be undone first.
        if takers.iter().any(|(_, is_undone)| !is_undone) {
            return Undoing::BuiltOn(versions_of(&takers));
        }

        let mut undone_by = versions_of(&takers);
        let applied_by = self.find(restored.applied_by);
        undone_by.extend(applied_by.and_then(|operation| operation.undone_by));
        Undoing::AppliedNoMore(undone_by)
    }

    /// The operations that have something standing at a line of the source (`given`) or of the target, by version.
    pub(crate) fn versions_at(&self, is_source: bool, line: Option<LineIndex>) -> Vec<u64> {
        let is_of_line = |item: &PartItem| {
            let side = if is_source { item.source } else { item.target };
            line.is_none_or(|line| line == side)
        };
        let operations = self.operations();
        let of_line = operations.filter(|(_, items)| items.iter().any(is_of_line));
        of_line.map(|(version, _)| version).collect()
    }

    /// The operations that have taken something that `is_meant`, and whether all of it was undone thereby.
    fn takers(&self, is_meant: impl Fn(&TakenItem) -> bool) -> Vec<(&PairOperation, bool)> {
        let mut takers = Vec::new();

        // What an operation had taken went back when it was undone as a whole.
        let standing = self.operations.iter();
        for operation in standing.filter(|operation| operation.undone_by.is_none()) {
            let mut meant = operation.taken.iter().filter(|taken| is_meant(taken));
            if let Some(first) = meant.next() {
                let is_undone = first.is_undone && meant.all(|taken| taken.is_undone);
                takers.push((operation, is_undone));
            }
        }
        takers
    }

    /// Returns the operation of a version, if it did anything between the two documents.
    fn find(&self, version: u64) -> Option<&PairOperation> {
        let index = self.search(version).ok()?;
        self.operations.get(index)
    }

    /// Returns the index of the operation of a version, or the index that it would have.
    fn search(&self, version: u64) -> std::result::Result<usize, usize> {
        self.operations
            .binary_search_by_key(&version, |operation| operation.version)
    }

    /// The operation of a version, which is there from now on.
    fn operation(&mut self, version: u64) -> Option<&mut PairOperation> {
        let index = match self.search(version) {
            Ok(index) => index,
            Err(index) => {
                let operation = PairOperation {
                    version,
                    ..PairOperation::default()
                };
                self.operations.insert(index, operation);
                index
            }
        };
        self.operations.get_mut(index)
    }

    /// Notes that an operation takes effect now, after all others.
    fn take_effect(&mut self, version: u64) -> Option<()> {
        self.turns = self.turns.checked_add(1)?;
        let turn = self.turns;
        self.operation(version)?.turn = turn;
        Some(())
    }

    /// Takes an amount from the operation that applied it.
    fn release(&mut self, taken: &TakenItem) -> Option<()> {
        self.operation(taken.applied_by)?.release(&taken.item)
    }

    /// Follows what an entry of the history did between the two documents. `None` if the entry cannot have been made.
    fn follow(
        &mut self,
        entry: &HistoryEntry,
        application: &Application<'_>,
        takes_back: bool,
    ) -> Option<()> {
        let version = entry.version;
        self.take_effect(version)?;

        match entry.undoes {
            Some(undone) => self.undo(version, undone, application.items)?,
            None if takes_back => self.unapply(version, application)?,
            None => {
                let operation = self.operation(version)?;
                operation.first.extend_from_slice(application.items);
                operation.apply(application.items.iter().copied())?;
            }
        }

        // Only a bulk does several things in one version.
        self.cancel_out(version)
    }

    /// What a bulk takes back and applies again between the same lines is as if it had not moved: it stands for the
    /// operation that it was taken from. Otherwise an undo of the bulk would move nothing, and nothing else could.
    fn cancel_out(&mut self, version: u64) -> Option<()> {
        let operation = self.find(version)?;
        if operation.taken.is_empty() || operation.applied.is_empty() || !operation.is_positive() {
            return Some(());
        }

        let mut operation = operation.clone();
        for taken in &mut operation.taken {
            // Where lines below zero were set off, no amount between two lines can be told to be the same.
            let applied_by = self.operation(taken.applied_by)?;
            if !applied_by.is_positive() {
                continue;
            }
            let is_same = |applied: &&mut PartItem| applied.order() == taken.item.order();
            let Some(applied) = operation.applied.iter_mut().find(is_same) else {
                continue;
            };

            let amount = applied.amount.min(taken.item.amount);
            let both = PartItem {
                amount,
                ..taken.item
            };
            applied_by.apply([both])?;
            operation.first.extend(negated(&[both]));
            applied.amount = applied.amount.minus(amount)?;
            taken.item.amount = taken.item.amount.minus(amount)?;
        }

        sum_pairs(&mut operation.first).ok()?;
        sum_pairs(&mut operation.applied).ok()?;
        operation.taken.retain(|taken| !taken.item.amount.is_zero());
        *self.operation(version)? = operation;
        Some(())
    }

    /// Whether lines below zero are set off against others by an operation that stands.
    fn has_negative(&self) -> bool {
        let mut items = self.operations().flat_map(|(_, items)| items);
        items.any(|item| !item.amount.is_positive())
    }

    /// Takes what an unapplication took from the operations that stand.
    fn unapply(&mut self, version: u64, application: &Application<'_>) -> Option<()> {
        let back = negated(application.items);
        let is_newest_first = application.rule == Rule::Lifo;
        if self.has_negative() || back.iter().any(|item| !item.amount.is_positive()) {
            return self.pair_anew(version, application.items, is_newest_first);
        }

        for item in &back {
            self.take(version, *item, is_newest_first)?;
        }
        Some(())
    }

    /// Takes an amount from the operations that stand, the oldest first, or the newest first.
    fn take(&mut self, version: u64, mut missing: PartItem, is_newest_first: bool) -> Option<()> {
        let mut taken = Vec::new();
        let count = self.operations.len();
        for nth in 0..count {
            let index = if is_newest_first {
                count.checked_sub(nth)?.checked_sub(1)?
            } else {
                nth
            };
            let operation = self.operations.get_mut(index)?;
            let amount = operation.amount_between(&missing).min(missing.amount);
            if amount.is_zero() {
                continue;
            }

            let item = PartItem { amount, ..missing };
            operation.release(&item)?;
            missing.amount = missing.amount.minus(amount)?;

            // What a command of a bulk takes of another one of it never stood: nobody can undo that by itself.
            if operation.version != version {
                taken.push(TakenItem {
                    applied_by: operation.version,
                    item,
                    is_undone: false,
                    is_paired_anew: false,
                });
            }
        }

        self.operation(version)?.taken.extend(taken);
        missing.amount.is_zero().then_some(())
    }

    /// Follows an unapplication that paired anew what it left applied.
    fn pair_anew(&mut self, version: u64, items: &[PartItem], is_newest_first: bool) -> Option<()> {
        if let Some(applied_by) = self.holder_of(&negated(items), is_newest_first) {
            return self.pair_anew_of(version, applied_by, items);
        }

        // No operation has all of it alone, so no pair that stays can be told to be of one of them: this one takes all,
        // and stands for what stays.
        let mut staying = items.to_vec();
        let mut taken = Vec::new();
        for operation in &mut self.operations {
            let items = std::mem::take(&mut operation.applied);
            staying.extend_from_slice(&items);
            if operation.version != version {
                taken.extend(items.into_iter().map(|item| TakenItem {
                    applied_by: operation.version,
                    item,
                    is_undone: false,
                    is_paired_anew: false,
                }));
            }
        }

        let operation = self.operation(version)?;
        operation.taken.extend(taken);
        operation.apply(staying)?;
        operation.first.clone_from(&operation.applied);
        operation.pairs_anew = !operation.applied.is_empty();
        Some(())
    }

    /// The oldest operation (or the newest) that stands for all that comes back.
    fn holder_of(&self, back: &[PartItem], is_newest_first: bool) -> Option<u64> {
        let mut holders = self.operations.iter().filter(|operation| {
            let mut operation = (*operation).clone();
            !operation.applied.is_empty() && operation.pair_without(back).is_some()
        });

        let holder = match is_newest_first {
            true => holders.next_back(),
            false => holders.next(),
        };
        holder.map(|operation| operation.version)
    }

    /// Takes amounts from an operation that has all of them, and pairs anew what stays of it.
    fn pair_anew_of(&mut self, version: u64, applied_by: u64, items: &[PartItem]) -> Option<()> {
        self.operation(applied_by)?.apply(items.iter().copied())?;
        // A command of a bulk took back what another one of it had applied.
        if applied_by == version {
            return Some(());
        }

        let taken = items.iter().map(|item| TakenItem {
            applied_by,
            item: item.negated(),
            is_undone: false,
            is_paired_anew: true,
        });
        self.operation(version)?.taken.extend(taken);
        Some(())
    }

    /// Follows the undo of an operation, which moved `items`.
    fn undo(&mut self, version: u64, undone: u64, items: &[PartItem]) -> Option<()> {
        let operation = self.find(undone)?;
        if operation.only_applied() {
            return self.undo_applied(version, undone, items);
        }

        let applies_by_itself = operation.applies_by_itself();
        let before = self.clone();
        match self.undo_whole(undone, version) {
            Ok(()) => {}
            Err(Undoing::AppliedNoMore(_)) if applies_by_itself => {
                *self = before;
                return self.undo_applied(version, undone, items);
            }
            Err(_) => return None,
        }

        let moved = before.difference(self).ok()?;
        let operation = self.operation(version)?;
        if undone == version {
            // A command of a bulk undid what the others before it had done: nothing of that is left to be done again.
            *operation = PairOperation {
                version,
                ..PairOperation::default()
            };
        } else {
            operation.undid.push(undone);
        }

        // An entry that moved anything else was not made by an undo: a snapshot was forged.
        (moved == items).then_some(())
    }

    /// Takes what an undo moved from what the undone operation applied.
    fn undo_applied(&mut self, version: u64, undone: u64, items: &[PartItem]) -> Option<()> {
        for item in items {
            let taken = TakenItem {
                applied_by: undone,
                item: item.negated(),
                is_undone: true,
                is_paired_anew: false,
            };
            self.release(&taken)?;
            if undone != version {
                self.operation(version)?.taken.push(taken);
            }
        }
        Some(())
    }

    /// Undoes an operation as a whole: what it took is given back, what it applied goes away, and what it undid is done
    /// again.
    fn undo_whole(&mut self, version: u64, undone_by: u64) -> Barred {
        let operation = self.whole(version)?;
        if let Some(known) = operation.undone_by {
            return Err(Undoing::Undone(vec![known]));
        }

        // What it left applied must still be there: it goes away as a whole.
        let builders = self.takers(|taken| taken.applied_by == version);
        if !builders.is_empty() {
            return Err(Undoing::BuiltOn(versions_of(&builders)));
        }

        // And what it took must still have an operation to go back to.
        for taken in &operation.taken {
            let mut undoers = self.takers(|other| other.is_undone && other.is_of_same(taken));
            // What was undone before had left this operation something to take.
            undoers.retain(|(undoer, _)| undoer.turn > operation.turn);
            if !undoers.is_empty() {
                return Err(Undoing::AppliedNoMore(versions_of(&undoers)));
            }
        }

        for taken in &operation.taken {
            let applied_by = self.operation(taken.applied_by);
            let given_back = applied_by.and_then(|applied_by| applied_by.apply([taken.item]));
            given_back.ok_or(Undoing::OnlyWhole)?;
        }

        // The last first: a bulk can have undone one operation, and then another one that this had set free.
        for undone in operation.undid.iter().rev() {
            self.do_again(*undone)?;
        }

        let operation = self.operation(version).ok_or(Undoing::OnlyWhole)?;
        operation.kept = std::mem::take(&mut operation.applied);
        operation.undone_by = Some(undone_by);
        Ok(())
    }

    /// Does an operation again that was undone as a whole.
    fn do_again(&mut self, version: u64) -> Barred {
        let operation = self.whole(version)?;

        // All of one operation at once: where lines below zero were set off, single pairs of it cannot be taken.
        let by_operation = operation
            .taken
            .chunk_by(|a, b| a.applied_by == b.applied_by);
        for taken in by_operation {
            self.take_again(taken)?;
        }
        for undone in &operation.undid {
            self.undo_whole(*undone, version)?;
        }

        // What it gives and takes now comes after all that was done meanwhile.
        self.take_effect(version).ok_or(Undoing::OnlyWhole)?;
        let operation = self.operation(version).ok_or(Undoing::OnlyWhole)?;
        operation.applied = std::mem::take(&mut operation.kept);
        operation.undone_by = None;
        Ok(())
    }

    /// Takes amounts again from the operation that had applied them.
    fn take_again(&mut self, taken: &[TakenItem]) -> Barred {
        let Some(first) = taken.first() else {
            return Ok(());
        };

        let applied_by = self.operation(first.applied_by);
        let is_taken = match applied_by {
            Some(applied_by) if !applied_by.is_positive() => {
                let items: Vec<_> = taken.iter().map(|taken| taken.item).collect();
                applied_by.pair_without(&items)
            }
            _ => taken.iter().try_for_each(|taken| self.release(taken)),
        };

        is_taken.ok_or_else(|| self.no_longer_restored(first))
    }

    /// An operation that is undone, or done again, as a whole.
    fn whole(&self, version: u64) -> std::result::Result<PairOperation, Undoing> {
        let operation = self.find(version).cloned();
        operation.ok_or_else(|| Undoing::TakenBack(vec![version]))
    }
}

/// What bars an undo.
type Barred = std::result::Result<(), Undoing>;

impl TakenItem {
    /// Whether the same operation had applied both between the same lines. What was paired anew is of any lines.
    fn is_of_same(&self, other: &Self) -> bool {
        let is_paired_anew = self.is_paired_anew || other.is_paired_anew;
        self.applied_by == other.applied_by
            && (is_paired_anew || self.item.order() == other.item.order())
    }
}

/// Returns the versions of operations, by which a refusal names them.
fn versions_of(operations: &[(&PairOperation, bool)]) -> Vec<u64> {
    let operations = operations.iter();
    operations.map(|(operation, _)| operation.version).collect()
}

impl Documents {
    /// What stands between a source and each of some targets, which differ.
    ///
    /// # Errors
    /// `tooLarge` where memory has no room for it; a fault if the history cannot have been made.
    pub fn standing(
        &self,
        source: DocumentIndex,
        targets: &[DocumentIndex],
    ) -> Result<Vec<Standing>> {
        // Only for look-ups, never iterated: its order means nothing.
        let mut target_indices: FxHashMap<DocumentIndex, usize> = FxHashMap::default();
        target_indices.extend(targets.iter().copied().zip(0..));
        let mut standing = vec![Standing::default(); targets.len()];
        let mut room = Room::default();

        for entry in self.entries_of(source) {
            if entry.settlement.source != source {
                continue;
            }

            // An undo is followed by what it undoes, and not by the direction in which it moves.
            let takes_back = entry.undoes.is_none() && self.takes_back(&entry.settlement);
            for application in entry.settlement.applications() {
                let index = target_indices.get(&application.target);
                let Some(between) = index.and_then(|&index| standing.get_mut(index)) else {
                    continue;
                };

                // What is taken is kept with both operations and copied to try an undo, and a list that is full moves
                // to one of twice its size.
                room.take::<[TakenItem; 8]>(application.items.len())?;
                between
                    .follow(entry, &application, takes_back)
                    .ok_or_else(|| Error::fault("a history that cannot have been made"))?;
            }
        }
        Ok(standing)
    }

    /// Whether all that was taken back or undone was there before.
    pub(crate) fn has_taken_what_stood(&self) -> bool {
        // Of all other sources, nothing was taken: their history need not be followed.
        let entries = self.log().iter();
        let mut sources: Vec<_> = entries
            .filter(|entry| entry.undoes.is_some() || self.takes_back(&entry.settlement))
            .map(|entry| entry.settlement.source)
            .collect();
        sort_by(&mut sources, Ord::cmp);
        sources.dedup();

        let mut sources = sources.into_iter();
        sources.all(|source| self.standing(source, &self.targets_of(source)).is_ok())
    }

    /// All documents that a source was ever applied to, each once.
    fn targets_of(&self, source: DocumentIndex) -> Vec<DocumentIndex> {
        let mut targets: Vec<_> = self
            .entries_of(source)
            .filter(|entry| entry.settlement.source == source)
            .flat_map(|entry| entry.settlement.applications())
            .map(|application| application.target)
            .collect();
        sort_by(&mut targets, Ord::cmp);
        targets.dedup();
        targets
    }
}
