//! Undo, read once more from its rule: money is cut into grains.
//!
//! A grain is an amount between two lines that one operation applied. It lies there, or another operation has taken it.
//! Who takes back cuts grains where it must; who undoes lays them back, or takes those of one operation alone.

use super::{Application, Item, Model, Refusal, Result, Settlement, text, within};
use serde_json::Value;
use std::collections::BTreeSet;

/// An amount that one operation applied between two lines.
#[derive(Clone, Copy, Debug)]
struct Grain {
    applied_by: u64,
    item: Item,
    /// Who took it, and whether that was the undo of its operation.
    taken: Option<(u64, bool)>,
}

/// An operation that was undone as a whole.
#[derive(Clone, Debug)]
struct Off {
    version: u64,
    /// What it had taken: of which operation, and whether it thereby undid that.
    taken: Vec<(u64, Item, bool)>,
    /// What it had laid itself.
    laid: Vec<Item>,
}

/// The grains between two documents.
#[derive(Clone, Debug, Default)]
struct Grains {
    grains: Vec<Grain>,
    /// All that operations ever laid.
    laid: Vec<(u64, Item)>,
    off: Vec<Off>,
    /// What paired grains anew and has them itself.
    paired: BTreeSet<u64>,
    /// What paired the grains of one operation anew.
    shifted: BTreeSet<u64>,
    /// Who undid what as a whole.
    undid: Vec<(u64, u64)>,
}

/// What an undo moves.
enum Undone {
    Moves { items: Vec<Item>, rest: bool },
    Nothing,
    Barred,
    OnlyWhole,
}

impl Grains {
    fn lay(&mut self, applied_by: u64, item: Item) {
        let grain = Grain {
            applied_by,
            item,
            taken: None,
        };
        self.grains.push(grain);
    }

    /// Takes an amount from the grains that lie there and that `fits` means, in their order. Returns what is missing.
    fn take(&mut self, by: (u64, bool), item: Item, fits: impl Fn(&Grain) -> bool) -> i128 {
        let mut missing = item.amount;
        for place in 0..self.grains.len() {
            let grain = self.grains[place];
            let is_there = grain.taken.is_none() && grain.item.order() == item.order();
            if missing == 0 || !is_there || !fits(&grain) {
                continue;
            }
            let amount = if within(missing, grain.item.amount) {
                missing
            } else {
                grain.item.amount
            };
            missing -= amount;
            self.grains[place].item.amount -= amount;
            let cut = Item { amount, ..item };
            // Who takes its own has never applied it.
            if grain.applied_by != by.0 {
                self.grains.push(Grain {
                    applied_by: grain.applied_by,
                    item: cut,
                    taken: Some(by),
                });
            }
        }
        self.grains.retain(|grain| grain.item.amount != 0);
        self.grains.sort_by_key(|grain| grain.applied_by);
        missing
    }

    fn there(&self) -> impl Iterator<Item = &Grain> {
        self.grains.iter().filter(|grain| grain.taken.is_none())
    }

    fn follow(&mut self, settlement: &Settlement, application: &Application) {
        let version = settlement.version;
        match settlement.undoes {
            Some(undone) => self.follow_undo(version, undone, &application.items),
            None if !settlement.back => {
                for item in &application.items {
                    self.lay(version, *item);
                    self.laid.push((version, *item));
                }
                self.grains.sort_by_key(|grain| grain.applied_by);
            }
            None => self.follow_back(version, application),
        }
    }

    fn follow_back(&mut self, version: u64, application: &Application) {
        let is_plain = self.there().all(|grain| grain.item.amount > 0)
            && application.items.iter().all(|item| item.amount < 0);
        if is_plain {
            for item in &application.items {
                // Taking sorts them again.
                if application.rule == "lifo" {
                    self.grains
                        .sort_by_key(|grain| std::cmp::Reverse(grain.applied_by));
                }
                let missing = self.take((version, false), item.negated(), |_| true);
                assert_eq!(missing, 0, "what comes back was there");
            }
            return;
        }

        // Lines below zero: what stays is laid anew. It is of the first operation that had all that comes back, or else
        // the unapplication's own.
        let mut there: Vec<_> = self.there().map(|grain| grain.applied_by).collect();
        there.dedup();
        if application.rule == "lifo" {
            there.reverse();
        }
        let alone = there.into_iter().find(|of| {
            let laid = self
                .laid
                .iter()
                .filter(|(by, _)| by == of)
                .map(|(_, item)| *item);
            let there = self.there().filter(|grain| grain.applied_by == *of);
            let stays = there
                .map(|grain| grain.item)
                .chain(application.items.clone());
            can_go_alone(&summed(laid.collect()), &summed(stays.collect()))
        });
        if let Some(alone) = alone {
            for item in &application.items {
                self.lay(alone, *item);
                if alone != version {
                    self.grains.push(Grain {
                        applied_by: alone,
                        item: item.negated(),
                        taken: Some((version, false)),
                    });
                    self.shifted.insert(version);
                }
            }
            self.settle_there(alone);
            return;
        }
        let mut stays: Vec<Item> = self.there().map(|grain| grain.item).collect();
        stays.extend(&application.items);
        self.grains
            .retain(|grain| grain.taken.is_some() || grain.applied_by != version);
        for grain in &mut self.grains {
            if grain.taken.is_none() {
                grain.taken = Some((version, false));
            }
        }
        let stays = summed(stays);
        if !stays.is_empty() {
            self.paired.insert(version);
        }
        self.laid.retain(|(by, _)| *by != version);
        for item in stays {
            self.lay(version, item);
            self.laid.push((version, item));
        }
        self.grains.sort_by_key(|grain| grain.applied_by);
    }

    /// One grain for each pair of lines of what lies there of an operation.
    fn settle_there(&mut self, version: u64) {
        let is_there = |of: &Grain| of.taken.is_none() && of.applied_by == version;
        let there = self.grains.iter().filter(|of| is_there(of));
        let sums = summed(there.map(|of| of.item).collect());
        self.grains.retain(|of| !is_there(of));
        for item in sums {
            self.lay(version, item);
        }
        self.grains.sort_by_key(|grain| grain.applied_by);
    }

    /// Takes amounts of one operation again. Whether they were there.
    fn take_again(&mut self, version: u64, applied_by: u64, taken: &[(Item, bool)]) -> bool {
        let first = self.laid.iter().filter(|(by, _)| *by == applied_by);
        let first: Vec<Item> = first.map(|(_, item)| *item).collect();
        if first.iter().all(|item| item.amount > 0) {
            return taken.iter().all(|(item, is_undo)| {
                let of_it = |grain: &Grain| grain.applied_by == applied_by;
                self.take((version, *is_undo), *item, of_it) == 0
            });
        }
        for (item, is_undo) in taken {
            self.lay(applied_by, item.negated());
            self.grains.push(Grain {
                applied_by,
                item: *item,
                taken: Some((version, *is_undo)),
            });
        }
        self.settle_there(applied_by);
        let there = self.there().filter(|of| of.applied_by == applied_by);
        can_go_alone(&summed(first), &there.map(|of| of.item).collect::<Vec<_>>())
    }

    /// Whether an operation did anything but apply.
    fn is_whole(&self, version: u64) -> bool {
        let has_taken = |grain: &Grain| grain.taken.is_some_and(|(by, _)| by == version);
        self.grains.iter().any(has_taken)
            || self.off.iter().any(|off| off.version == version)
            || self.undid.iter().any(|(by, _)| *by == version)
    }

    fn follow_undo(&mut self, version: u64, undone: u64, items: &[Item]) {
        if !self.is_whole(undone) {
            for item in items {
                let of_it = |grain: &Grain| grain.applied_by == undone;
                let missing = self.take((version, true), item.negated(), of_it);
                assert_eq!(missing, 0, "what is undone was there");
            }
            return;
        }
        let is_done = self.turn_off(undone).is_ok();
        assert!(is_done, "what was undone could be");
        if version == undone {
            self.off.retain(|off| off.version != version);
            self.undid.retain(|(by, _)| *by != version);
        } else {
            self.undid.push((version, undone));
        }
    }

    /// Lays back what an operation took, lifts what it laid, and turns on what it had turned off.
    fn turn_off(&mut self, version: u64) -> std::result::Result<(), Undone> {
        if self.off.iter().any(|off| off.version == version) {
            return Err(Undone::Nothing);
        }
        let is_own = |grain: &Grain| grain.applied_by == version;
        if self
            .grains
            .iter()
            .any(|of| is_own(of) && of.taken.is_some())
        {
            return Err(Undone::Barred);
        }
        let taken_by = |grain: &Grain| grain.taken.is_some_and(|(by, _)| by == version);
        for taken in self.grains.iter().filter(|grain| taken_by(grain)) {
            let by_any = |of: &Grain| of.taken.is_some_and(|(by, _)| self.shifted.contains(&by));
            let is_same = |of: &&Grain| {
                of.applied_by == taken.applied_by
                    && (of.item.order() == taken.item.order() || by_any(of) || by_any(taken))
            };
            let mut same = self.grains.iter().filter(is_same);
            if same.any(|of| of.taken.is_some_and(|(by, undo)| undo && by != version)) {
                return Err(Undone::Nothing);
            }
        }

        let mut off = Off {
            version,
            taken: Vec::new(),
            laid: Vec::new(),
        };
        for grain in &mut self.grains {
            if taken_by(grain) {
                let (_, is_undo) = grain.taken.take().unwrap();
                off.taken.push((grain.applied_by, grain.item, is_undo));
            } else if is_own(grain) {
                off.laid.push(grain.item);
            }
        }
        self.grains.retain(|grain| !is_own(grain));
        for (applied_by, ..) in &off.taken {
            self.settle_there(*applied_by);
        }
        let undid: Vec<_> = self
            .undid
            .iter()
            .filter(|(by, _)| *by == version)
            .copied()
            .collect();
        for (_, undone) in undid.into_iter().rev() {
            self.turn_on(undone)?;
        }
        self.off.push(off);
        Ok(())
    }

    fn turn_on(&mut self, version: u64) -> std::result::Result<(), Undone> {
        let place = self.off.iter().position(|off| off.version == version);
        let off = self.off.remove(place.ok_or(Undone::Nothing)?);
        let mut from: Vec<_> = off.taken.iter().map(|of| of.0).collect();
        from.dedup();
        for applied_by in from {
            let of_it = off.taken.iter().filter(|of| of.0 == applied_by);
            let taken: Vec<_> = of_it.map(|(_, item, is_undo)| (*item, *is_undo)).collect();
            if !self.take_again(version, applied_by, &taken) {
                let same = self.grains.iter().filter(|of| of.applied_by == applied_by);
                let is_meant = |of: &&Grain| {
                    let (first, _) = taken[0];
                    let by = of.taken.map_or(0, |(by, _)| by);
                    of.item.order() == first.order() || self.shifted.contains(&by)
                };
                let takers = |grains: &mut dyn Iterator<Item = &Grain>| -> Vec<bool> {
                    let others = grains
                        .filter_map(|of| of.taken)
                        .filter(|(by, _)| *by != version);
                    others.map(|(_, is_undo)| is_undo).collect()
                };
                let mut found = takers(&mut same.clone().filter(is_meant));
                if found.is_empty() {
                    found = takers(&mut same.clone());
                }
                return Err(match found.iter().all(|is_undo| *is_undo) {
                    true => Undone::Nothing,
                    false => Undone::Barred,
                });
            }
        }
        for item in off.laid {
            self.lay(version, item);
        }
        self.grains.sort_by_key(|grain| grain.applied_by);
        let undid: Vec<_> = self
            .undid
            .iter()
            .filter(|(by, _)| *by == version)
            .copied()
            .collect();
        for (_, undone) in undid {
            self.turn_off(undone)?;
        }
        Ok(())
    }

    /// What the undo of an operation moves between the lines that are meant.
    fn undo(&self, version: u64, meant: Option<&dyn Fn(&Item) -> bool>) -> Undone {
        let has_lines = |item: &Item| meant.is_none_or(|meant| meant(item));
        let taken_of = |version: u64| {
            let of_it = self
                .grains
                .iter()
                .filter(move |of| of.applied_by == version);
            of_it.filter_map(move |grain| Some((grain.item, grain.taken?)))
        };
        if !self.is_whole(version) {
            let mut gone = taken_of(version).filter(|(item, _)| has_lines(item));
            let is_paired = gone.any(|(_, (by, _))| self.paired.contains(&by));
            if is_paired {
                return Undone::Barred;
            }
            let of_it = self.there().filter(|grain| grain.applied_by == version);
            let all = summed(of_it.map(|grain| grain.item).collect());
            let items: Vec<_> = all.iter().copied().filter(has_lines).collect();
            if items.is_empty() {
                return Undone::Nothing;
            }
            if meant.is_some() && !can_go_alone(&all, &items) {
                return Undone::Barred;
            }
            return Undone::Moves {
                items: items.iter().copied().map(Item::negated).collect(),
                rest: taken_of(version).any(|(item, _)| has_lines(&item)),
            };
        }
        if meant.is_some() {
            return Undone::OnlyWhole;
        }
        let mut after = self.clone();
        if let Err(barred) = after.turn_off(version) {
            return barred;
        }
        let mut items: Vec<_> = after.there().map(|grain| grain.item).collect();
        items.extend(self.there().map(|grain| grain.item.negated()));
        let items = summed(items);
        if items.is_empty() {
            return Undone::Nothing;
        }
        Undone::Moves { items, rest: false }
    }
}

/// One item for each pair of lines, in order; none of nothing.
fn summed(items: Vec<Item>) -> Vec<Item> {
    let mut sums: Vec<Item> = Vec::new();
    for item in items {
        match sums.iter_mut().find(|of| of.order() == item.order()) {
            Some(sum) => sum.amount += item.amount,
            None => sums.push(item),
        }
    }
    sums.retain(|item| item.amount != 0);
    sums.sort_by_key(Item::order);
    sums
}

/// Whether some of the items of an operation can come back without the others.
fn can_go_alone(all: &[Item], some: &[Item]) -> bool {
    let sum = |items: &[Item], is: &dyn Fn(&Item) -> bool| -> i128 {
        let of_line = items.iter().filter(|item| is(item));
        of_line.map(|item| item.amount).sum()
    };
    let fits = |is: &dyn Fn(&Item) -> bool| within(sum(some, is), sum(all, is));
    all.iter().chain(some).all(|line| {
        fits(&|item| item.source == line.source) && fits(&|item| item.target == line.target)
    }) && fits(&|_| true)
}

impl Model {
    fn grains(&self, source: usize, target: usize) -> Grains {
        let mut grains = Grains::default();
        for settlement in self.log.iter().filter(|of| of.source == source) {
            let of_target = settlement.applications.iter();
            for application in of_target.filter(|of| of.target == target) {
                grains.follow(settlement, application);
            }
        }
        grains
    }

    /// The document on one side of an application that a field names.
    fn side_of_undo(&self, named: &Value, kinds: &[&str]) -> Result<Option<usize>> {
        let Some(name) = text(named) else {
            return Ok(None);
        };
        let all = || (0..self.documents.len()).filter(|&index| !self.documents[index].deleted);
        let of_side = || all().filter(|&index| kinds.contains(&self.documents[index].kind));
        if let Some(index) = of_side().find(|&index| self.documents[index].id == name) {
            return Ok(Some(index));
        }
        let mut by_number = of_side().filter(|&index| self.documents[index].number == name);
        match (by_number.next(), by_number.next()) {
            (Some(index), None) => Ok(Some(index)),
            _ => Err("documentNotFound"),
        }
    }

    pub(super) fn undo(&mut self, command: &Value, at: &str) -> Result<usize> {
        let source = self.side_of_undo(&command["sourceId"], &["creditMemo", "payment"])?;
        let demands = ["invoice", "debitMemo", "refund"];
        let target = self.side_of_undo(&command["targetId"], &demands)?;
        let group = command["applicationGroupId"].as_str().unwrap();
        let is_of = |settlement: &&Settlement| format!("AG-{}", settlement.version) == group;
        let settlements: Vec<_> = self.log.iter().filter(is_of).cloned().collect();
        let version = settlements.first().ok_or("groupNotFound")?.version;
        let pairs = pairs_of(&settlements, source, target);
        let subject = pairs.first().ok_or("groupNotFound")?.0;
        let lines = match command["items"].as_array() {
            None => None,
            Some(items) => Some(self.lines_of_undo(items, subject, pairs[0].1, &settlements)?),
        };

        let is_meant = |item: &Item| {
            let lines = lines.iter().flatten();
            lines
                .clone()
                .any(|(source, target): &(Option<usize>, Option<usize>)| {
                    source.is_none_or(|line| line == item.source)
                        && target.is_none_or(|line| line == item.target)
                })
        };
        let meant: Option<&dyn Fn(&Item) -> bool> = match &lines {
            Some(_) => Some(&is_meant),
            None => None,
        };
        let undone: Vec<_> = pairs
            .iter()
            .map(|(source, target, rule)| {
                let undone = self.grains(*source, *target).undo(version, meant);
                (*source, *target, *rule, undone)
            })
            .collect();
        self.check_undone(&undone, version)?;
        for (source, target, ..) in &undone {
            self.check_day(*source, at)?;
            self.check_posted_again(*source, at)?;
            self.check_posted_again(*target, at)?;
        }
        if settlements
            .iter()
            .any(|settlement| settlement.at.as_str() > at)
        {
            return Err("dateTooEarly");
        }
        if undone.iter().any(|(.., of)| matches!(of, Undone::Barred)) {
            return Err("exceedsApplied");
        }
        if !undone
            .iter()
            .any(|(.., of)| matches!(of, Undone::Moves { .. }))
        {
            return Err("exceedsApplied");
        }
        self.move_undone(at, version, &undone)?;

        for (_, target, _, of) in &undone {
            let notice = ("partlyUndone", Some(*target));
            let is_whole = matches!(of, Undone::Moves { rest: false, .. });
            if !is_whole && !self.run.notices.contains(&notice) {
                self.run.notices.push(notice);
            }
        }
        Ok(subject)
    }

    /// Refuses what can no longer be touched, and what made a document that would stay.
    fn check_undone(
        &self,
        undone: &[(usize, usize, &'static str, Undone)],
        version: u64,
    ) -> Result<()> {
        let moving = undone
            .iter()
            .filter(|(.., of)| matches!(of, Undone::Moves { .. }));
        for (source, target, ..) in moving.clone() {
            for document in [*source, *target] {
                self.check_live(document)?;
                let settles = |known: &&Settlement| {
                    let mut applications = known.applications.iter();
                    known.source == document || applications.any(|of| of.target == document)
                };
                let first = self.log.iter().find(settles).map(|known| known.version);
                let was_made = self.documents[document].origin == "writeOff";
                let is_refund = self.documents[document].kind == "refund";
                if is_refund || (was_made && first == Some(version)) {
                    return Err("invalidStatus");
                }
            }
        }
        if undone
            .iter()
            .any(|(.., of)| matches!(of, Undone::OnlyWhole))
        {
            return Err("invalidStatus");
        }
        for (source, target, ..) in moving {
            if self.documents[*source].account != self.documents[*target].account {
                return Err("accountMismatch");
            }
        }
        Ok(())
    }

    /// Moves what comes back first, and then what is applied again; of each source together, the last first.
    fn move_undone(
        &mut self,
        at: &str,
        version: u64,
        undone: &[(usize, usize, &'static str, Undone)],
    ) -> Result<()> {
        for direction in [true, false] {
            for of_source in undone.chunk_by(|a, b| a.0 == b.0).rev() {
                let source = of_source[0].0;
                let mut applications = Vec::new();
                for (_, target, rule, of) in of_source {
                    if let Undone::Moves { items, .. } = of
                        && self.comes_back(*target, items) == direction
                    {
                        applications.push(Application {
                            target: *target,
                            rule,
                            items: items.clone(),
                        });
                    }
                }
                if applications.is_empty() {
                    continue;
                }
                self.check_room(source, &applications)?;
                self.settle(at, source, applications, direction)?;
                self.log.last_mut().expect("it was just settled").undoes = Some(version);
            }
        }
        Ok(())
    }

    /// Whether items move a line of the target against its sign.
    fn comes_back(&self, target: usize, items: &[Item]) -> bool {
        (0..self.documents[target].lines.len()).any(|line| {
            let of_line = items.iter().filter(|item| item.target == line);
            let moved: i128 = of_line.map(|item| item.amount).sum();
            moved * self.line_net(target, line) < 0
        })
    }

    /// What is applied again must be open: of each line, and of the document as a whole.
    fn check_room(&self, source: usize, applications: &[Application]) -> Result<()> {
        let given: Vec<_> = applications
            .iter()
            .flat_map(|of| of.items.clone())
            .collect();
        if !self.has_room(source, &given, |item| item.source) {
            return Err("exceedsUnapplied");
        }
        for Application { target, items, .. } in applications {
            if !self.has_room(*target, items, |item| item.target) {
                return Err("exceedsBalance");
            }
        }
        Ok(())
    }

    fn has_room(&self, document: usize, items: &[Item], line_of: impl Fn(&Item) -> usize) -> bool {
        let lines = 0..self.documents[document].lines.len();
        let mut sums = [0; 3];
        for line in lines {
            let of_line = items.iter().filter(|item| line_of(item) == line);
            let more: i128 = of_line.map(|item| item.amount).sum();
            let net = self.line_net(document, line);
            let applied = self.line_applied(document, line) + more;
            let refunded = self.line_refunded(document, line);
            let fits = [applied, refunded, applied + refunded];
            if !fits.into_iter().all(|used| within(used, net)) {
                return false;
            }
            sums = [sums[0] + net, sums[1] + applied, sums[2] + refunded];
        }
        let [net, applied, refunded] = sums;
        let fits = [applied, refunded, applied + refunded];
        fits.into_iter().all(|used| within(used, net))
    }

    /// The lines that an undo names, of the source and of the target.
    fn lines_of_undo(
        &self,
        items: &[Value],
        source: usize,
        target: usize,
        settlements: &[Settlement],
    ) -> Result<Vec<(Option<usize>, Option<usize>)>> {
        let line = |document: usize, item: &Value, names: [&str; 2]| {
            let (is_tax, name) = match (text(&item[names[0]]), text(&item[names[1]])) {
                (Some(name), _) => (false, name),
                (_, Some(name)) => (true, name),
                _ => return Ok(None),
            };
            let mut lines = self.documents[document].lines.iter();
            let is_it = |line: &super::Line| line.id == name && line.tax_of.is_some() == is_tax;
            lines.position(is_it).map(Some).ok_or("itemNotFound")
        };
        let mut lines = Vec::new();
        for item in items {
            let pair = (
                line(source, item, ["sourceItemId", "sourceTaxItemId"])?,
                line(target, item, ["targetItemId", "targetTaxItemId"])?,
            );
            let moved = settlements.iter().filter(|of| of.source == source);
            let moved = moved.flat_map(|of| &of.applications);
            let mut moved = moved
                .filter(|of| of.target == target)
                .flat_map(|of| &of.items);
            let is_it = |item: &Item| {
                pair.0.is_none_or(|line| line == item.source)
                    && pair.1.is_none_or(|line| line == item.target)
            };
            if !moved.any(is_it) {
                return Err("itemNotFound" as Refusal);
            }
            lines.push(pair);
        }
        Ok(lines)
    }
}

/// The pairs of documents of a group that are meant, source by source, with the rule of each.
fn pairs_of(
    settlements: &[Settlement],
    source: Option<usize>,
    target: Option<usize>,
) -> Vec<(usize, usize, &'static str)> {
    let mut pairs: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut sources: Vec<usize> = Vec::new();
    for settlement in settlements {
        if !sources.contains(&settlement.source) {
            sources.push(settlement.source);
        }
        for application in &settlement.applications {
            let pair = (settlement.source, application.target);
            let is_meant = source.is_none_or(|source| source == pair.0)
                && target.is_none_or(|target| target == pair.1);
            if is_meant && !pairs.iter().any(|of| (of.0, of.1) == pair) {
                pairs.push((pair.0, pair.1, application.rule));
            }
        }
    }
    pairs.sort_by_key(|pair| sources.iter().position(|source| *source == pair.0));
    pairs
}
