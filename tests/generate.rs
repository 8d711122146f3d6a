//! Bill runs against their rules, restated one by one on a list of charges.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use setoff::generate::{BillRun, BillRunCharge, CreditMemoRule, GeneratedDocument, JudgedBy};
use setoff::money::Currency;
use std::collections::BTreeMap;
use support::property;

fn currency() -> Currency {
    Currency::iso("USD").unwrap()
}

/// Charges of few amounts, groups and batches, some of them discounts on an earlier one.
fn charges() -> impl Strategy<Value = Vec<BillRunCharge>> {
    let charge = (
        -4..=4_i64,
        -2..=2_i64,
        0..3_u8,
        0..3_u8,
        any::<bool>(),
        prop::bool::weighted(0.8),
        0..8_usize,
    );
    vec(charge, 0..12).prop_map(|charges| {
        let mut made: Vec<BillRunCharge> = Vec::new();
        for (place, (amount, tax, group, batch, gives_back, creditable, of)) in
            charges.into_iter().enumerate()
        {
            let leader = made
                .get(of)
                .filter(|charge| charge.applied_to.is_none())
                .map(|charge| charge.id.clone());
            let charge = BillRunCharge::new(&place.to_string(), Decimal::new(amount, 2));
            made.push(match leader {
                Some(_) => BillRunCharge {
                    tax: Decimal::new(tax, 2),
                    applied_to: leader,
                    ..charge
                },
                None => BillRunCharge {
                    tax: Decimal::new(tax, 2),
                    group: group.to_string(),
                    batch: batch.to_string(),
                    gives_back,
                    creditable,
                    ..charge
                },
            });
        }
        made
    })
}

/// The charge that another goes with.
fn leader<'a>(charges: &'a [BillRunCharge], charge: &'a BillRunCharge) -> &'a BillRunCharge {
    charge.applied_to.as_ref().map_or(charge, |of| {
        charges.iter().find(|charge| charge.id == *of).unwrap()
    })
}

fn judged(charge: &BillRunCharge, by: JudgedBy) -> Decimal {
    if by == JudgedBy::Net {
        charge.amount
    } else {
        charge.amount + charge.tax
    }
}

/// Whether a charge is credited, by the words of the rules, judged without tax or with it.
fn is_credited_by(run: &BillRun, charge: &BillRunCharge, by: JudgedBy) -> bool {
    let own = leader(&run.charges, charge);
    let sum = |with: &dyn Fn(&BillRunCharge) -> bool| -> Decimal {
        let with = run
            .charges
            .iter()
            .filter(|other| with(leader(&run.charges, other)));
        with.map(|charge| judged(charge, by)).sum()
    };
    let batch = sum(&|other| other.batch == own.batch);
    let group = sum(&|other| other.batch == own.batch && other.group == own.group);
    let alone = sum(&|other| other.id == own.id);
    match run.rule {
        CreditMemoRule::NetNegative => batch < Decimal::ZERO,
        CreditMemoRule::NetNegativeByGroup => batch < Decimal::ZERO && group < Decimal::ZERO,
        CreditMemoRule::Negatives => alone < Decimal::ZERO,
        CreditMemoRule::NegativesAndZeros => {
            alone < Decimal::ZERO || (alone.is_zero() && own.gives_back)
        }
    }
}

/// What the batch of a charge is judged by: with its taxes where its credit memo would be below zero without.
fn judged_by(run: &BillRun, charge: &BillRunCharge) -> JudgedBy {
    let batch = |charge: &BillRunCharge| leader(&run.charges, charge).batch.clone();
    let own = batch(charge);
    let credited = run
        .charges
        .iter()
        .filter(|other| batch(other) == own && is_credited_by(run, other, run.judged_by));
    let owed: Decimal = credited.map(|other| other.amount + other.tax).sum();
    if owed > Decimal::ZERO {
        JudgedBy::Gross
    } else {
        run.judged_by
    }
}

fn is_credited(run: &BillRun, charge: &BillRunCharge) -> bool {
    is_credited_by(run, charge, judged_by(run, charge))
}

/// `(batch, is credit) → charges`, in the order of the first charges of the batches.
fn naive(run: &BillRun) -> Vec<(bool, Vec<usize>)> {
    let mut batches: Vec<&str> = Vec::new();
    let mut documents: BTreeMap<(usize, bool), Vec<usize>> = BTreeMap::new();
    for (place, charge) in run.charges.iter().enumerate() {
        let batch = leader(&run.charges, charge).batch.as_str();
        let number = batches
            .iter()
            .position(|known| *known == batch)
            .unwrap_or_else(|| {
                batches.push(batch);
                batches.len() - 1
            });
        documents
            .entry((number, is_credited(run, charge)))
            .or_default()
            .push(place);
    }
    documents
        .into_iter()
        .map(|((_, is_credit), places)| (is_credit, places))
        .collect()
}

fn check(run: &BillRun, made: &[GeneratedDocument]) {
    let found: Vec<_> = made
        .iter()
        .map(|document| {
            (
                document.is_credit,
                document
                    .items
                    .iter()
                    .map(|item| item.charge)
                    .collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(found, naive(run));
    for document in made {
        let sign = if document.is_credit { -1 } else { 1 };
        let charges = || document.items.iter().map(|item| &run.charges[item.charge]);
        let minor = |decimal: Decimal| i64::try_from(decimal.mantissa()).unwrap() * sign;
        for (item, charge) in document.items.iter().zip(charges()) {
            assert_eq!(
                (item.amount.minor(), item.tax.minor()),
                (minor(charge.amount), minor(charge.tax))
            );
        }
        assert_eq!(
            document.total.minor(),
            minor(charges().map(|charge| charge.amount + charge.tax).sum())
        );
        assert_eq!(
            document.tax.minor(),
            minor(charges().map(|charge| charge.tax).sum())
        );
        let refused =
            document.is_credit && charges().any(|charge| !leader(&run.charges, charge).creditable);
        assert_eq!(document.is_refused, refused);
        // What decides is never negative on its document, and a credit memo never is.
        let decides = charges().map(|charge| judged(charge, judged_by(run, charge)));
        assert!(minor(decides.sum()) >= 0, "{document:?}");
        assert!(
            !document.is_credit || document.total.minor() >= 0,
            "{document:?}"
        );
    }
}

proptest! {
    #![proptest_config(property::config(3_000))]

    #[test]
    fn every_charge_lands_where_its_rule_says(charges in charges()) {
        for &rule in CreditMemoRule::ALL {
            for &judged_by in JudgedBy::ALL {
                let run = BillRun { currency: currency(), rule, judged_by, charges: charges.clone() };
                check(&run, &run.generate().unwrap());
            }
        }
    }
}
