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
    taxes: Vec<i64>,
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
    memo: u8,
    rule: Option<Rule>,
    invoices: Option<Vec<WantedRecipe>>,
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

// The strategies.

/// Memos and invoices, then commands.
pub fn account() -> impl Strategy<Value = AccountRecipe> {
    let create = |kind| document(Just(kind)).prop_map(WhatRecipe::Create);
    let any = prop_oneof![
        1 => document(kind()).prop_map(WhatRecipe::Create),
        1 => (kind(), any::<u8>()).prop_map(|(kind, place)| WhatRecipe::Post(kind, place)),
        12 => settle().prop_map(WhatRecipe::Settle),
    ];
    let memos = vec(step(create(Kind::Memo)), 1..=3);
    let invoices = vec(step(create(Kind::Invoice)), 1..=4);
    (0..CURRENCIES.len(), memos, invoices, vec(step(any), 1..=10)).prop_map(|(currency, memos, invoices, steps)| {
        AccountRecipe { currency, steps: memos.into_iter().chain(invoices).chain(steps).collect() }
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
    prop_oneof![Just(Kind::Invoice), Just(Kind::Memo)]
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
        taxes in vec(units(), 0..=2),
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
        memo in any::<u8>(),
        rule in prop_oneof![
            4 => Just(None),
            4 => Just(Some(Rule::Proration)),
            4 => Just(Some(Rule::Fifo)),
            1 => Just(Some(Rule::Explicit)),
        ],
        invoices in option::weighted(0.85, vec(wanted(), 1..=4)),
        odd in any::<u8>(),
    ) -> SettleRecipe {
        SettleRecipe { back, memo, rule, invoices, odd }
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
        let prefix = if self.kind == Kind::Memo { "M" } else { "I" };
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
            let taxes = recipe
                .taxes
                .iter()
                .enumerate()
                .map(|(tax, units)| NewTaxItem { id: format!("{place}t{tax}"), amount: write(sign * units) });
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
            due_date: self.due_date.filter(|_| self.kind == Kind::Invoice).map(day),
            items,
            auto_post: self.post,
        };
        self.fault.into_iter().for_each(|fault| fault.spoil(&mut document, model));
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
                document.items[0].tax_items.push(NewTaxItem { id: "0".into(), amount: "0".into() })
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
        let memos = of_kind(model, Kind::Memo);
        let is_applied = |memo: usize| model.applied.iter().any(|applied| applied.memo == memo);
        let has_something = |memo: usize| if back { is_applied(memo) } else { model.possible(memo) > 0 };
        let fits = |&memo: &usize| model.documents[memo].posted && has_something(memo);
        let useful: Vec<_> = memos.iter().copied().filter(|memo| fits(memo) || self.odd < 24).collect();
        let Some(memo) = pick(if useful.is_empty() { &memos } else { &useful }, self.memo) else {
            return Command::Settle(Settle {
                back,
                memo: "none".to_owned(),
                rule: self.rule,
                skips_negative: true,
                invoices: None,
            });
        };
        let invoices = of_kind(model, Kind::Invoice);
        let fitting = fitting(model, back, memo);
        let id = match self.odd {
            0..4 => "none".to_owned(),
            4..8 if !invoices.is_empty() => model.documents[invoices[0]].id.clone(),
            _ => model.documents[memo].id.clone(),
        };
        let wanted = match &self.invoices {
            Some(recipes) => Some(self.wanted(model, back, memo, recipes)),
            None if back || self.odd < 24 => None,
            None => Some(fitting.iter().map(|&invoice| Wanted::all(&model.documents[invoice].id)).collect()),
        };
        Command::Settle(Settle { back, memo: id, rule: self.rule, skips_negative: true, invoices: wanted })
    }

    /// Mostly invoices that the memo can be applied to, or is, and each of them once.
    fn wanted(&self, model: &Model, back: bool, memo: usize, recipes: &[WantedRecipe]) -> Vec<Wanted> {
        let all = of_kind(model, Kind::Invoice);
        let fitting = fitting(model, back, memo);
        let mut fitting = fitting.iter().cycle().skip(usize::from(self.memo)).take(fitting.len());
        let count = i128::try_from(recipes.len()).unwrap();
        let mut wanted = Vec::new();
        for recipe in recipes {
            let invoice = match recipe.odd {
                0..2 => None,
                2..8 => pick(&all, recipe.odd),
                _ => fitting.next().copied(),
            };
            let Some(invoice) = invoice else {
                wanted.extend((recipe.odd < 2).then(|| Wanted::all("none")));
                continue;
            };
            let possible = if back {
                model.part(memo, invoice).iter().map(|item| item.amount).sum()
            } else {
                (model.possible(memo) / count).min(model.possible(invoice))
            };
            let explicit = recipe.is_explicit || self.rule == Some(Rule::Explicit) && recipe.odd > 16;
            let items = explicit.then(|| pairs(model, back, memo, invoice, &recipe.pairs));
            // Beside items, an amount is only another way to say their sum; it seldom is the right one.
            let states = items.is_none() || matches!(recipe.amount, AmountRecipe::Beyond);
            let amount = states.then(|| recipe.amount.text(model, memo, possible)).flatten();
            wanted.push(Wanted { amount, items, ..Wanted::all(&model.documents[invoice].id) });
        }
        wanted
    }
}

/// The invoices that a memo can be applied to, or is; if there are none, all.
fn fitting(model: &Model, back: bool, memo: usize) -> Vec<usize> {
    let all = of_kind(model, Kind::Invoice);
    let has_room = |invoice: usize| if back { model.is_part(memo, invoice) } else { model.possible(invoice) > 0 };
    let fits = |invoice: &usize| model.match_each_other(memo, *invoice) && has_room(*invoice);
    let fitting: Vec<_> = all.iter().copied().filter(fits).collect();
    if fitting.is_empty() { all } else { fitting }
}

/// Mostly lines that match: tax to tax and charge to charge, none of them twice, and for an unapply applied ones.
fn pairs(model: &Model, back: bool, memo: usize, invoice: usize, recipes: &[PairRecipe]) -> Vec<Pair> {
    let lines = |document: usize| model.documents[document].lines.len();
    let is_tax = |document: usize, line: usize| model.documents[document].lines[line].tax_of.is_some();
    let name = |document: usize, line: usize| model.documents[document].lines[line].id.clone();
    let (source_caps, target_caps) = (model.capacities(memo), model.capacities(invoice));
    let mut known = if back { model.part(memo, invoice) } else { Vec::new() };
    if !back {
        let all = (0..lines(memo)).flat_map(|source| (0..lines(invoice)).map(move |target| (source, target)));
        let item = |(source, target)| Item { source, target, amount: target_caps[target].min(source_caps[source]) };
        known.extend(all.map(item));
    }
    known.retain(|item| is_tax(memo, item.source) == is_tax(invoice, item.target) && item.amount > 0);
    let mut pairs = Vec::new();
    for recipe in recipes {
        let any = |document: usize, place: u8| usize::from(place) % lines(document);
        let stray = Item { source: any(memo, recipe.source), target: any(invoice, recipe.target), amount: 0 };
        let item = pick(&known, recipe.target).filter(|_| recipe.odd > 8).unwrap_or(stray);
        if recipe.odd > 12 {
            known.retain(|known| *known != item);
        }
        let amount = recipe.amount.text(model, memo, item.amount);
        pairs.push(Pair {
            tax: is_tax(invoice, item.target) != (12..16).contains(&recipe.odd),
            source: if (16..20).contains(&recipe.odd) { "none".to_owned() } else { name(memo, item.source) },
            target: name(invoice, item.target),
            amount: amount.unwrap_or_else(|| model.documents[memo].currency.write(item.amount)),
        });
    }
    pairs
}

fn of_kind(model: &Model, kind: Kind) -> Vec<usize> {
    let documents = model.documents.iter().enumerate();
    documents.filter(|(_, document)| document.kind == kind).map(|(index, _)| index).collect()
}

impl AmountRecipe {
    fn text(self, model: &Model, memo: usize, possible: i128) -> Option<String> {
        let currency = model.documents[memo].currency;
        let units = possible / currency.step;
        let write = |units: i128| Some(currency.write(units * currency.step));
        match self {
            AmountRecipe::Absent => None,
            AmountRecipe::All | AmountRecipe::Share(_) if units == 0 => None,
            AmountRecipe::All => write(units),
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
