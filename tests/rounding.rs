//! Taxes that are rounded together, and totals of invoices in steps: what holds for any amounts.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use setoff::money::Rounding;
use support::host::Host;
use support::property;

fn text(minor: i64) -> String {
    setoff::money::text::write(minor.into(), 2)
}

/// `"1.05"` as 105.
fn minor(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn rows(host: &Host, query: &Value) -> Vec<Value> {
    host.query(query).unwrap().value()["rows"]
        .as_array()
        .unwrap()
        .clone()
}

fn items(host: &Host) -> Vec<Value> {
    rows(
        host,
        &json!({ "of": "item", "where": { "documentId": "INV-1" }, "page": { "size": 100 } }),
    )
}

/// A whole number from a quotient of integers.
fn round(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let (floor, rest) = (
        numerator.div_euclid(denominator),
        numerator.rem_euclid(denominator),
    );
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::Ceiling => rest > 0,
        Rounding::Down => numerator < 0 && rest > 0,
        Rounding::Up => numerator > 0 && rest > 0,
        Rounding::HalfUp => 2 * rest > denominator || (2 * rest == denominator && numerator > 0),
        Rounding::HalfDown => 2 * rest > denominator || (2 * rest == denominator && numerator < 0),
        Rounding::HalfEven => 2 * rest > denominator || (2 * rest == denominator && floor % 2 != 0),
    };
    floor + i128::from(up)
}

/// The taxes of one invoice with items of `nets`, all at `rate` per thousand and rounded together.
fn grouped(nets: &[i64], rate: i64, rounding: Rounding) -> Vec<i64> {
    let currencies = json!([{ "code": "XTS", "scale": 2, "rounding": rounding.as_str() }]);
    let options = json!({ "currency": "XTS", "currencies": currencies, "taxRounding": "group" });
    let mut host = Host::open(&options).unwrap();
    let rate = setoff::money::text::write(rate.into(), 3);
    let item = |(place, &net): (usize, &i64)| {
        let tax = json!({ "id": format!("t{place}"), "rate": rate });
        json!({ "id": place.to_string(), "amount": text(net), "taxItems": [tax] })
    };
    let items: Vec<_> = nets.iter().enumerate().map(item).collect();
    host.execute(
        &json!({ "type": "createInvoice", "at": "2026-01-01", "id": "INV-1", "items": items }),
    )
    .unwrap();
    self::items(&host)
        .iter()
        .map(|item| minor(&item["taxItems"][0]["amount"]))
        .collect()
}

proptest! {
    #![proptest_config(property::config(300))]

    #[test]
    fn taxes_of_a_group_sum_to_their_rounded_sum(
        nets in vec(-300..=900_i64, 1..8),
        rate in 0..=300_i64,
        rounding in prop::sample::select(Rounding::ALL.to_vec()),
    ) {
        let taxes = grouped(&nets, rate, rounding);
        let exact = |net: i64| i128::from(net) * i128::from(rate);
        let sum: i128 = nets.iter().map(|&net| exact(net)).sum();
        prop_assert_eq!(taxes.iter().map(|&tax| i128::from(tax)).sum::<i128>(), round(sum, 1000, rounding));
        for (&net, &tax) in nets.iter().zip(&taxes) {
            // Less than a cent from what is exact; what is exact stays.
            prop_assert!((i128::from(tax) * 1000 - exact(net)).abs() < 1000, "{} of {}", tax, net);
        }
        // Nobody with a smaller fraction was preferred.
        let sign = if sum < 0 { -1 } else { 1 };
        let fraction = |net: i64| (sign * exact(net)).rem_euclid(1000);
        let got = |net: i64, tax: i64| sign * i128::from(tax) > (sign * exact(net)).div_euclid(1000);
        for (place, (&net, &tax)) in nets.iter().zip(&taxes).enumerate() {
            for (later, (&other, &others)) in nets.iter().zip(&taxes).enumerate() {
                let is_before = (fraction(net), later) > (fraction(other), place);
                prop_assert!(!is_before || got(net, tax) || !got(other, others), "{} before {}", place, later);
            }
        }
    }

    #[test]
    fn a_credit_has_the_taxes_of_its_charge_with_the_other_sign(
        nets in vec(-300..=900_i64, 1..8),
        rate in 0..=300_i64,
    ) {
        let negated: Vec<_> = nets.iter().map(|net| -net).collect();
        let taxes: Vec<_> = grouped(&nets, rate, Rounding::HalfUp).iter().map(|tax| -tax).collect();
        prop_assert_eq!(grouped(&negated, rate, Rounding::HalfUp), taxes);
    }

    #[test]
    fn totals_of_invoices_are_whole_steps(
        amounts in vec(-500..=900_i64, 1..5),
        step in 1..=60_i64,
        rate in 0..=300_i64,
        rounding in prop::sample::select(Rounding::ALL.to_vec()),
        of_totals in prop::option::of(prop::sample::select(Rounding::ALL.to_vec())),
    ) {
        let mut currency =
            json!({ "code": "XTS", "scale": 2, "rounding": rounding.as_str(), "invoiceIncrement": text(step) });
        if let Some(of_totals) = of_totals {
            currency["invoiceRounding"] = of_totals.as_str().into();
        }
        let mut host = Host::open(&json!({ "currency": "XTS", "currencies": [currency] })).unwrap();
        let per_mille = setoff::money::text::write(rate.into(), 3);
        let item = |(place, &amount): (usize, &i64)| {
            let tax = json!({ "id": format!("t{place}"), "rate": per_mille });
            json!({ "id": place.to_string(), "amount": text(amount), "taxItems": [tax] })
        };
        let stated: Vec<_> = amounts.iter().enumerate().map(item).collect();
        let command = json!({ "type": "createInvoice", "at": "2026-01-01", "id": "INV-1", "items": stated });
        let document = host.execute(&command).unwrap().value()["document"].clone();
        // The taxes by the one way, the total of all by the other.
        let tax = |&amount: &i64| round(i128::from(amount) * i128::from(rate), 1000, rounding);
        let taxes = i64::try_from(amounts.iter().map(tax).sum::<i128>()).unwrap();
        prop_assert_eq!(minor(&document["taxAmount"]), taxes);
        let sum = amounts.iter().sum::<i64>() + taxes;
        let total = round(sum.into(), step.into(), of_totals.unwrap_or(rounding)) * i128::from(step);
        prop_assert_eq!(i128::from(minor(&document["amount"])), total);
        let made: Vec<_> = items(&host).into_iter().filter(|item| item["processingType"] == "rounding").collect();
        let rest = i64::try_from(total).unwrap() - sum;
        prop_assert_eq!(made.iter().map(|item| minor(&item["amount"])).collect::<Vec<_>>(),
            if rest == 0 { vec![] } else { vec![rest] });
        // A change that changes nothing changes nothing, and a restored book goes on alike.
        let before = host.book.hash();
        let mut restored = host.restored().unwrap();
        for host in [&mut host, &mut restored] {
            let change = json!([{ "id": "0", "amount": text(amounts[0]) }]);
            host.execute(&json!({ "type": "updateInvoice", "at": "2026-01-01", "invoiceId": "INV-1", "items": change }))
                .unwrap();
            prop_assert_eq!(host.book.hash(), before.clone());
        }
    }
}
