//! Random accounts and commands.
//!
//! A recipe is a command before it knows what there is to settle. It becomes one against the state of the model, so
//! that most commands fit it and the others miss it by one thing.

use crate::model::{CURRENCIES, Item, Model};
use crate::support::command::{Command, Kind, NewDocument, NewItem, NewTaxItem, Pair, Rule, Settle, Wanted};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

#[derive(Clone, Debug)]
pub struct AccountRecipe {
    /// Which of [`CURRENCIES`].
    pub currency: usize,
    pub steps: Vec<StepRecipe>,
}

#[derive(Clone, Debug)]
pub struct StepRecipe {
    what: WhatRecipe,
    /// Goes on with a restored book.
    pub restore: bool,
    /// In which order the lists of the request come the second time.
    pub shuffle: u64,
}

#[derive(Clone, Debug)]
enum WhatRecipe {
    Create(DocumentRecipe),
    Post(Kind, u8),
    Settle(SettleRecipe),
}

#[derive(Clone, Debug)]
struct DocumentRecipe {
    kind: Kind,
    items: Vec<ItemRecipe>,
    post: bool,
    number: Option<u8>,
    date: Option<u8>,
    due_date: Option<u8>,
    /// Small numbers belong to another account.
    account: u8,
    /// Small numbers are in another currency.
    currency: u8,
    fault: Option<Fault>,
}

#[derive(Clone, Debug)]
struct ItemRecipe {
    units: i64,
    /// How many units, and which tax.
    taxes: Vec<(i64, u8)>,
    /// Which item it reduces, and by how many 255ths of what that has left.
    discount: Option<(u8, u8)>,
}

/// What is wrong with a new document: one thing at most.
#[derive(Clone, Copy, Debug)]
enum Fault {
    NoItems,
    UnknownCurrency,
    TakenId,
    TwiceTheSameLine,
    UnknownItem,
    TooManyDecimals,
    OffIncrement,
    OutOfRange,
    ChainOfDiscounts,
    TooMuchOff,
}

#[derive(Clone, Debug)]
struct SettleRecipe {
    back: bool,
    source: u8,
    rule: Option<Rule>,
    skips_negative: bool,
    targets: Option<Vec<WantedRecipe>>,
    /// Small numbers make odd commands.
    odd: u8,
}

#[derive(Clone, Debug)]
struct WantedRecipe {
    amount: AmountRecipe,
    pairs: Vec<PairRecipe>,
    is_explicit: bool,
    /// Small numbers make odd requests.
    odd: u8,
}

#[derive(Clone, Debug)]
struct PairRecipe {
    source: u8,
    target: u8,
    amount: AmountRecipe,
    /// Small numbers make odd pairs.
    odd: u8,
}

#[derive(Clone, Copy, Debug)]
enum AmountRecipe {
    Absent,
    All,
    /// So many 255ths of what is possible.
    Share(u8),
    /// One step more than is possible.
    Beyond,
    Zero,
    Negative,
    TooManyDecimals,
    OffIncrement,
    OutOfRange,
    NotDecimal,
}

const WITH_DRAFTS: [Kind; 3] = [Kind::Invoice, Kind::DebitMemo, Kind::Memo];

// The strategies.

/// Sources and targets, then commands.
pub fn account() -> impl Strategy<Value = AccountRecipe> {
    let create = |kind: BoxedStrategy<Kind>| document(kind).prop_map(WhatRecipe::Create);
    let any = prop_oneof![
        1 => document(kind()).prop_map(WhatRecipe::Create),
        1 => (prop::sample::select(&WITH_DRAFTS[..]), any::<u8>())
            .prop_map(|(kind, place)| WhatRecipe::Post(kind, place)),
        12 => settle().prop_map(WhatRecipe::Settle),
    ];
    let sources = vec(step(create(prop_oneof![2 => Just(Kind::Memo), 1 => Just(Kind::Payment)].boxed())), 1..=3);
    let targets = vec(step(create(prop_oneof![2 => Just(Kind::Invoice), 1 => Just(Kind::DebitMemo)].boxed())), 1..=4);
    (0..CURRENCIES.len(), sources, targets, vec(step(any), 1..=10)).prop_map(|(currency, sources, targets, steps)| {
        AccountRecipe { currency, steps: sources.into_iter().chain(targets).chain(steps).collect() }
    })
}

prop_compose! {
    fn step(what: impl Strategy<Value = WhatRecipe>)(
        what in what,
        restore in prop::bool::weighted(0.2),
        shuffle in any::<u64>(),
    ) -> StepRecipe {
        StepRecipe { what, restore, shuffle }
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(&Kind::ALL[..])
}

prop_compose! {
    fn document(kind: impl Strategy<Value = Kind>)(
        kind in kind,
        items in vec(item(), 1..=4),
        post in prop::bool::weighted(0.9),
        number in option::of(0_u8..3),
        (date, due_date) in (option::of(0_u8..3), option::of(0_u8..3)),
        account in any::<u8>(),
        currency in any::<u8>(),
        fault in option::weighted(0.1, fault()),
    ) -> DocumentRecipe {
        DocumentRecipe { kind, items, post, number, date, due_date, account, currency, fault }
    }
}

prop_compose! {
    fn item()(
        units in units(),
        taxes in vec((units(), 0_u8..3), 0..=2),
        discount in option::weighted(0.25, any::<(u8, u8)>()),
    ) -> ItemRecipe {
        ItemRecipe { units, taxes, discount }
    }
}

/// Small numbers, where leftover units matter most, and some of every other sort.
fn units() -> impl Strategy<Value = i64> {
    prop_oneof![
        8 => 1_i64..=9,
        4 => 10_i64..=400,
        2 => Just(0_i64),
        2 => -6_i64..=-1,
        1 => 1_000_000_i64..=1_000_000_000_000,
        1 => 1_i64..=30_000_000_000_000_000,
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::NoItems),
        Just(Fault::UnknownCurrency),
        Just(Fault::TakenId),
        Just(Fault::TwiceTheSameLine),
        Just(Fault::UnknownItem),
        Just(Fault::TooManyDecimals),
        Just(Fault::OffIncrement),
        Just(Fault::OutOfRange),
        Just(Fault::ChainOfDiscounts),
        Just(Fault::TooMuchOff),
    ]
}

prop_compose! {
    fn settle()(
        back in prop::bool::weighted(0.4),
        source in any::<u8>(),
        rule in prop_oneof![
            4 => Just(None),
            4 => Just(Some(Rule::Proration)),
            4 => Just(Some(Rule::Fifo)),
            2 => Just(Some(Rule::Lifo)),
            1 => Just(Some(Rule::Explicit)),
        ],
        skips_negative in prop::bool::weighted(0.3),
        targets in option::weighted(0.85, vec(wanted(), 1..=4)),
        odd in any::<u8>(),
    ) -> SettleRecipe {
        SettleRecipe { back, source, rule, skips_negative, targets, odd }
    }
}

prop_compose! {
    fn wanted()(
        amount in amount(),
        pairs in prop_oneof![20 => vec(pair(), 1..=3), 1 => Just(Vec::new())],
        is_explicit in prop::bool::weighted(0.2),
        odd in any::<u8>(),
    ) -> WantedRecipe {
        WantedRecipe { amount, pairs, is_explicit, odd }
    }
}

prop_compose! {
    fn pair()(source in any::<u8>(), target in any::<u8>(), amount in amount(), odd in any::<u8>()) -> PairRecipe {
        PairRecipe { source, target, amount, odd }
    }
}

fn amount() -> impl Strategy<Value = AmountRecipe> {
    prop_oneof![
        12 => Just(AmountRecipe::Absent),
        12 => Just(AmountRecipe::All),
        48 => any::<u8>().prop_map(AmountRecipe::Share),
        2 => Just(AmountRecipe::Beyond),
        1 => prop_oneof![
            Just(AmountRecipe::Zero),
            Just(AmountRecipe::Negative),
            Just(AmountRecipe::TooManyDecimals),
            Just(AmountRecipe::OffIncrement),
            Just(AmountRecipe::OutOfRange),
            Just(AmountRecipe::NotDecimal),
        ],
    ]
}

// From recipes to commands.

impl StepRecipe {
    pub fn command(&self, model: &Model) -> Command {
        match &self.what {
            WhatRecipe::Create(document) => document.command(model),
            WhatRecipe::Settle(settle) => settle.command(model),
            WhatRecipe::Post(kind, place) => {
                let drafts = of_kind(model, *kind).into_iter().filter(|&index| !model.documents[index].posted);
                let (drafts, all) = (drafts.collect::<Vec<_>>(), of_kind(model, *kind));
                let index = pick(if drafts.is_empty() { &all } else { &drafts }, *place);
                let id = index.map_or("none".to_owned(), |index| model.documents[index].id.clone());
                Command::Post { kind: *kind, id }
            }
        }
    }
}

impl DocumentRecipe {
    fn command(&self, model: &Model) -> Command {
        let prefix = match self.kind {
            Kind::Invoice => "I",
            Kind::DebitMemo => "D",
            Kind::Memo => "M",
            Kind::Payment => "P",
        };
        let count = model.documents.len();
        let currency =
            if self.currency < 10 { CURRENCIES[usize::from(self.currency) % CURRENCIES.len()] } else { model.currency };
        let write = |units: i64| currency.write(i128::from(units) * currency.step);
        let mut items: Vec<NewItem> = Vec::new();
        // What each item has left for discounts; a discount has none.
        let mut left: Vec<i64> = Vec::new();
        for (place, recipe) in self.items.iter().enumerate() {
            let reduced = recipe.discount.and_then(|(parent, share)| {
                let parents: Vec<_> = (0..place).filter(|&parent| left[parent] != 0).collect();
                let parent = *parents.get(usize::from(parent) % parents.len().max(1))?;
                let off = i64::try_from(i128::from(left[parent]) * i128::from(share) / 255).unwrap();
                left[parent] -= off;
                Some((items[parent].id.clone(), -off))
            });
            left.push(if reduced.is_some() { 0 } else { recipe.units });
            let sign = if reduced.is_some() { -1 } else { 1 };
            let taxes = recipe.taxes.iter().enumerate().map(|(tax, (units, name))| NewTaxItem {
                id: format!("{place}t{tax}"),
                amount: write(sign * units),
                name: (*name > 0).then(|| format!("T{name}")),
            });
            items.push(NewItem {
                id: format!("{place}"),
                amount: write(reduced.as_ref().map_or(recipe.units, |(_, units)| *units)),
                applied_to_item_id: reduced.map(|(parent, _)| parent),
                tax_items: taxes.collect(),
            });
        }
        let day = |day: u8| format!("2026-01-{:02}", day + 1);
        let mut document = NewDocument {
            kind: self.kind,
            id: format!("{prefix}{count}"),
            number: self.number.map(|number| format!("N{number}")),
            account_id: (self.account < 10).then(|| "B".to_owned()),
            currency: (currency != model.currency).then(|| currency.code.to_owned()),
            date: self.date.map(day),
            due_date: self.due_date.filter(|_| !self.kind.is_source()).map(day),
            items,
            auto_post: self.post,
        };
        self.fault
            .into_iter()
            .filter(|_| self.kind != Kind::Payment)
            .for_each(|fault| fault.spoil(&mut document, model));
        Command::Create(document)
    }
}

impl Fault {
    fn spoil(self, document: &mut NewDocument, model: &Model) {
        let discount = |id: &str, of: &str, amount: &str| NewItem {
            id: id.to_owned(),
            amount: amount.to_owned(),
            applied_to_item_id: Some(of.to_owned()),
            tax_items: Vec::new(),
        };
        match self {
            Fault::NoItems => document.items.clear(),
            Fault::UnknownCurrency => document.currency = Some("XXX".to_owned()),
            Fault::TakenId => document.id = model.documents.first().map_or("I0".to_owned(), |taken| taken.id.clone()),
            Fault::TwiceTheSameLine => {
                document.items[0].tax_items.push(NewTaxItem { id: "0".into(), amount: "0".into(), name: None })
            }
            Fault::UnknownItem => document.items.push(discount("d", "none", "0")),
            Fault::TooManyDecimals => document.items[0].amount = "0.000000000".to_owned(),
            Fault::OffIncrement => {
                document.items[0].amount = "1".to_owned() + if model.currency.scale == 2 { ".01" } else { "" }
            }
            Fault::OutOfRange => document.items[0].amount = i64::MAX.to_string() + "5",
            Fault::ChainOfDiscounts => document.items.extend([discount("d", "0", "0"), discount("e", "d", "0")]),
            Fault::TooMuchOff => document.items.push(discount("d", "0", "-90000000000")),
        }
    }
}

impl SettleRecipe {
    fn command(&self, model: &Model) -> Command {
        // What is to come back must have been applied before; only odd commands do not care.
        let back = self.back && (!model.applied.is_empty() || self.odd < 40);
        let sources = of_side(model, true);
        let is_applied = |source: usize| model.applied.iter().any(|applied| applied.source == source);
        let possible = |source: usize| model.possible(source, self.skips_negative) > 0;
        let has_something = |source: usize| if back { is_applied(source) } else { possible(source) };
        let fits = |&source: &usize| model.documents[source].posted && has_something(source);
        let useful: Vec<_> = sources.iter().copied().filter(|source| fits(source) || self.odd < 24).collect();
        let kind = Kind::Memo;
        let settle = Settle {
            back,
            kind,
            source: "none".to_owned(),
            rule: self.rule,
            skips_negative: self.skips_negative,
            targets: None,
        };
        let Some(source) = pick(if useful.is_empty() { &sources } else { &useful }, self.source) else {
            return Command::Settle(settle);
        };
        let all = of_side(model, false);
        let kind = model.documents[source].kind;
        let id = match self.odd {
            0..4 => "none".to_owned(),
            4..8 if !all.is_empty() => model.documents[all[0]].id.clone(),
            _ => model.documents[source].id.clone(),
        };
        let everything = || {
            let fitting = self.fitting(model, back, source).into_iter().map(|target| &model.documents[target]);
            fitting.map(|target| Wanted::all(target.kind, &target.id)).collect()
        };
        let targets = match &self.targets {
            Some(recipes) => Some(self.wanted(model, back, source, recipes)),
            None if back || self.odd < 24 => None,
            None => Some(everything()),
        };
        Command::Settle(Settle { kind, source: id, targets, ..settle })
    }

    /// Mostly targets that the source can be applied to, or is, and each of them once.
    fn wanted(&self, model: &Model, back: bool, source: usize, recipes: &[WantedRecipe]) -> Vec<Wanted> {
        let all = of_side(model, false);
        let fitting = self.fitting(model, back, source);
        let mut fitting = fitting.iter().cycle().skip(usize::from(self.source)).take(fitting.len());
        let count = i128::try_from(recipes.len()).unwrap();
        let mut wanted = Vec::new();
        for recipe in recipes {
            let target = match recipe.odd {
                0..2 => None,
                2..8 => pick(&all, recipe.odd),
                _ => fitting.next().copied(),
            };
            let Some(target) = target else {
                wanted.extend((recipe.odd < 2).then(|| Wanted::all(Kind::Invoice, "none")));
                continue;
            };
            let possible = if back {
                model.part(source, target).iter().map(|item| item.amount).sum()
            } else {
                let possible = |document| model.possible(document, self.skips_negative);
                (possible(source) / count).min(possible(target))
            };
            let explicit = recipe.is_explicit || self.rule == Some(Rule::Explicit) && recipe.odd > 16;
            let items = explicit.then(|| pairs(model, back, source, target, &recipe.pairs));
            // Beside items, an amount is only another way to say their sum; it seldom is the right one.
            let states = items.is_none() || matches!(recipe.amount, AmountRecipe::Beyond);
            let amount = states.then(|| recipe.amount.text(model, source, possible)).flatten();
            let document = &model.documents[target];
            wanted.push(Wanted { amount, items, ..Wanted::all(document.kind, &document.id) });
        }
        wanted
    }

    /// The targets that a source can be applied to, or is; if there are none, all.
    fn fitting(&self, model: &Model, back: bool, source: usize) -> Vec<usize> {
        let all = of_side(model, false);
        let has_room = |target: usize| {
            if back { model.is_part(source, target) } else { model.possible(target, self.skips_negative) > 0 }
        };
        let fits = |target: &usize| model.match_each_other(source, *target) && has_room(*target);
        let fitting: Vec<_> = all.iter().copied().filter(fits).collect();
        if fitting.is_empty() { all } else { fitting }
    }
}

/// Mostly lines that match: tax to tax and charge to charge, none of them twice, and for an unapply applied ones. A
/// negative line with what makes it less negative.
fn pairs(model: &Model, back: bool, source: usize, target: usize, recipes: &[PairRecipe]) -> Vec<Pair> {
    let lines = |document: usize| model.documents[document].lines.len();
    let is_payment = model.documents[source].kind == Kind::Payment;
    let is_tax = |document: usize, line: usize| model.documents[document].lines[line].tax_of.is_some();
    let name = |document: usize, line: usize| model.documents[document].lines[line].id.clone();
    let (source_caps, target_caps) = (model.capacities(source, false), model.capacities(target, false));
    let mut known = if back { model.part(source, target) } else { Vec::new() };
    if !back {
        let all = (0..lines(source)).flat_map(|from| (0..lines(target)).map(move |to| (from, to)));
        let item = |(from, to): (usize, usize)| Item {
            source: from,
            target: to,
            amount: if target_caps[to] < 0 { target_caps[to] } else { target_caps[to].min(source_caps[from]) },
        };
        known.extend(all.map(item));
    }
    known.retain(|item| is_payment || is_tax(source, item.source) == is_tax(target, item.target));
    known.retain(|item| item.amount > 0 || (item.amount < 0 && target_caps[item.target] < 0) || back);
    let mut pairs = Vec::new();
    for recipe in recipes {
        let any = |document: usize, place: u8| usize::from(place) % lines(document);
        let stray = Item { source: any(source, recipe.source), target: any(target, recipe.target), amount: 0 };
        let item = pick(&known, recipe.target).filter(|_| recipe.odd > 8).unwrap_or(stray);
        if recipe.odd > 12 {
            known.retain(|known| *known != item);
        }
        let amount = recipe.amount.text(model, source, item.amount);
        pairs.push(Pair {
            tax: is_tax(target, item.target) != (12..16).contains(&recipe.odd),
            source: if (16..20).contains(&recipe.odd) { "none".to_owned() } else { name(source, item.source) },
            target: name(target, item.target),
            amount: amount.unwrap_or_else(|| model.documents[source].currency.write(item.amount)),
        });
    }
    pairs
}

fn of_kind(model: &Model, kind: Kind) -> Vec<usize> {
    let documents = model.documents.iter().enumerate();
    documents.filter(|(_, document)| document.kind == kind).map(|(index, _)| index).collect()
}

/// The sources, or the targets.
fn of_side(model: &Model, sources: bool) -> Vec<usize> {
    let documents = model.documents.iter().enumerate();
    documents.filter(|(_, document)| document.kind.is_source() == sources).map(|(index, _)| index).collect()
}

impl AmountRecipe {
    fn text(self, model: &Model, source: usize, possible: i128) -> Option<String> {
        let currency = model.documents[source].currency;
        let units = possible / currency.step;
        let write = |units: i128| Some(currency.write(units * currency.step));
        match self {
            AmountRecipe::Absent => None,
            AmountRecipe::All | AmountRecipe::Share(_) if units == 0 => None,
            AmountRecipe::All => write(units),
            AmountRecipe::Share(share) if units < 0 => write((units * i128::from(share) / 255).min(-1)),
            AmountRecipe::Share(share) => write((units * i128::from(share) / 255).max(1)),
            AmountRecipe::Beyond => write(units + 1),
            AmountRecipe::Zero => write(0),
            AmountRecipe::Negative => write(-1),
            AmountRecipe::TooManyDecimals => Some("0.000000001".to_owned()),
            AmountRecipe::OffIncrement => Some(currency.write(1)),
            AmountRecipe::OutOfRange => Some(i64::MAX.to_string() + "5"),
            AmountRecipe::NotDecimal => Some("1e2".to_owned()),
        }
    }
}

fn pick<T: Copy>(among: &[T], place: u8) -> Option<T> {
    among.get(usize::from(place) % among.len().max(1)).copied()
}
