//! Credits bit by bit: in whatever steps an item is credited, its taxes come out exactly.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use support::host::Host;
use support::{invariants, property};

fn cents(text: &Value) -> i64 {
    text.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// Half up, as every currency does by default.
fn share(tax: i64, part: i64, whole: i64) -> i64 {
    (2 * tax * part + whole) / (2 * whole)
}

/// Cuts `whole` at places given in 65536ths.
fn cut(whole: i64, places: &[u16]) -> Vec<i64> {
    let mut places: Vec<_> = places
        .iter()
        .map(|place| whole * i64::from(*place) / 65_536)
        .collect();
    places.extend([0, whole]);
    places.sort_unstable();
    places.dedup();
    places.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// The tax items of an item, which nothing but their order tells apart.
fn tax_items(prefix: &str, taxes: &[i64]) -> Vec<Value> {
    let taxes = taxes.iter().enumerate();
    taxes
        .map(|(place, tax)| json!({ "id": format!("{prefix}{place}"), "amount": text(*tax) }))
        .collect()
}

/// A discount and its taxes, positive.
struct Discount {
    off: i64,
    taxes: Vec<i64>,
}

const NO_DISCOUNT: Discount = Discount {
    off: 0,
    taxes: Vec::new(),
};

/// Credits an item of `gross` and its taxes in steps, less its discount: after each, all of them together have the
/// taxes of what they have credited, rounded once; after the last, all of them.
fn check(
    gross: i64,
    gross_taxes: &[i64],
    discount: &Discount,
    places: &[u16],
    inclusive: bool,
    posted: &[bool],
) {
    let day = "2026-03-31";
    let mut items =
        vec![json!({ "id": "a", "amount": text(gross), "taxItems": tax_items("t", gross_taxes) })];
    if discount.off > 0 {
        let taxes: Vec<_> = discount.taxes.iter().map(|tax| -tax).collect();
        items.push(json!({
            "id": "d", "amount": text(-discount.off), "appliedToItemId": "a", "taxItems": tax_items("u", &taxes) }));
    }
    let net = gross - discount.off;
    let taxes: Vec<_> = gross_taxes
        .iter()
        .enumerate()
        .map(|(place, tax)| tax - discount.taxes.get(place).unwrap_or(&0))
        .collect();
    let taxes = &taxes[..];
    let mut host =
        Host::open(&json!({ "currency": "USD", "overCrediting": "headerAndItem" })).unwrap();
    host.execute(
        &json!({ "type": "createInvoice", "at": day, "id": "I", "autoPost": true,
        "items": items }),
    )
    .unwrap();
    let whole = if inclusive {
        net + taxes.iter().sum::<i64>()
    } else {
        net
    };
    let mut credited = 0;
    let mut sums = vec![0; taxes.len()];
    let mut total = 0;
    for (place, step) in cut(whole, places).into_iter().enumerate() {
        let mode = if inclusive { "inclusive" } else { "exclusive" };
        let expected: Vec<_> = taxes
            .iter()
            .map(|tax| share(*tax, credited + step, whole))
            .collect();
        let tax = expected.iter().sum::<i64>() - sums.iter().sum::<i64>();
        // A draft takes its taxes at once, its amount only when it is posted: one that takes less than its taxes would
        // leave the others more to credit than there is.
        let is_posted = posted[place % posted.len()] || (inclusive && step < tax);
        let item = json!({ "id": "c", "sourceItemId": "a", "amount": text(step), "taxMode": mode });
        let memo = json!({ "type": "createCreditMemo", "at": day, "id": format!("C{place}"), "invoiceId": "I",
            "autoPost": is_posted, "items": [item] });
        let outcome = host.execute(&memo).unwrap().value();
        invariants::check(&host.book);
        credited += step;
        total += cents(&outcome["document"]["amount"]);
        let items = host
            .query(&json!({ "of": "item", "where": { "documentId": format!("C{place}") } }))
            .unwrap()
            .value();
        for ((tax, sum), item) in expected
            .iter()
            .zip(&mut sums)
            .zip(items["rows"][0]["taxItems"].as_array().unwrap())
        {
            *sum += cents(&item["amount"]);
            assert_eq!(sum, tax, "{credited} of {whole} are credited");
        }
    }
    assert_eq!(sums, taxes, "the taxes come out exactly");
    assert_eq!(
        total,
        net + taxes.iter().sum::<i64>(),
        "and so does the item"
    );
}

proptest! {
    #![proptest_config(property::config(200))]

    /// So they do of an item with a discount, whether that is taxed as the item is, less, more or not at all.
    #[test]
    fn taxes_of_a_discounted_item_come_out_exactly(
        gross in prop_oneof![2_i64..=20, 2_i64..=5_000, 2_i64..=1_000_000_000],
        rates in vec(0_i64..=30, 1..=3),
        (off, taxed) in (1_i64..=255, vec(0_i64..=255, 0..=3)),
        places in vec(any::<u16>(), 0..=6),
        inclusive in any::<bool>(),
        posted in vec(any::<bool>(), 1..=4),
    ) {
        let off = (gross * off / 256).max(1);
        let taxes: Vec<_> = rates.iter().map(|rate| gross * rate / 100).collect();
        let taxed = taxed.iter().zip(&taxes).map(|(part, tax)| tax * part / 256).collect();
        check(gross, &taxes, &Discount { off, taxes: taxed }, &places, inclusive, &posted);
    }

    #[test]
    fn taxes_come_out_exactly(
        net in prop_oneof![1_i64..=20, 1_i64..=5_000, 1_i64..=1_000_000_000],
        rates in vec(0_i64..=30, 1..=3),
        places in vec(any::<u16>(), 0..=6),
        inclusive in any::<bool>(),
        posted in vec(any::<bool>(), 1..=4),
    ) {
        let taxes: Vec<_> = rates.iter().map(|rate| net * rate / 100).collect();
        check(net, &taxes, &NO_DISCOUNT, &places, inclusive, &posted);
    }
}

/// 1.00 of tax on 10.00 in three steps: 0.33, 0.34, 0.33 and not 0.33, 0.33, 0.33.
#[test]
fn thirds_lose_no_cent() {
    check(
        1000,
        &[100],
        &NO_DISCOUNT,
        &[21_846, 43_691],
        false,
        &[true],
    );
}
