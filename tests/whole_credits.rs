//! Credits of whole documents: however a bill is credited, in pieces, in any order or at once, its memos give back what
//! was billed, and all that is left of it can be credited by one command.

#[path = "support/mod.rs"]
mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use setoff::Code;
use setoff::money::Rounding;
use support::host::Host;
use support::{invariants, property};

const DAY: &str = "2026-03-02";

fn text(minor: i64, scale: u32) -> String {
    setoff::money::text::write(minor.into(), scale)
}

fn minor(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

fn rows(host: &Host, of: &str, fields: Value) -> Vec<Value> {
    let query = json!({ "of": of, "where": fields, "page": { "size": 100 } });
    host.query(&query).unwrap().value()["rows"]
        .as_array()
        .unwrap()
        .clone()
}

/// A figure of the invoice `I`.
fn of_invoice(host: &Host, field: &str) -> i64 {
    minor(&rows(host, "invoice", json!({ "id": "I" }))[0][field])
}

/// What posted memos have credited in all.
fn credited(host: &Host) -> i64 {
    let memos = rows(host, "creditMemo", json!({ "status": "posted" }));
    memos
        .iter()
        .map(|memo| minor(&memo["amount"]) + memo.get("restockingFee").map_or(0, minor))
        .sum()
}

/// What is available to credit of each line of the invoice, taxes too.
fn left_of_lines(host: &Host) -> Vec<i64> {
    let items = rows(host, "item", json!({ "documentId": "I" }));
    let lines = items.iter().flat_map(|item| {
        let taxes = item["taxItems"].as_array().unwrap().iter();
        std::iter::once(item).chain(taxes)
    });
    lines
        .map(|line| minor(&line["availableToCreditAmount"]))
        .collect()
}

/// What is available to credit of an item of the invoice less its discounts.
fn left_of_item(host: &Host, id: &str) -> i64 {
    let items = rows(host, "item", json!({ "documentId": "I" }));
    items
        .iter()
        .filter(|item| item["id"] == id || item["appliedToItemId"] == id)
        .map(|item| minor(&item["availableToCreditAmount"]))
        .sum()
}

/// Credits all that is left, if anything is: exactly what the book says is available, and then nothing is.
fn credit_the_rest(host: &mut Host, auto_apply: bool, all_named: bool) {
    let (available, balance) = (
        of_invoice(host, "availableToCreditAmount"),
        of_invoice(host, "balance"),
    );
    let rest = json!({
        "type": "createCreditMemo", "at": DAY, "id": "F", "invoiceId": "I", "autoPost": true,
        "autoApply": auto_apply });
    if available <= 0 {
        let mut host = host.clone();
        let refused = host.execute(&rest).map(|outcome| outcome.value());
        assert!(
            available < 0 || refused.is_err(),
            "nothing is left: {refused:?}"
        );
        return;
    }

    let outcome = host.execute(&rest).unwrap().value();
    invariants::check(&host.book);
    assert_eq!(
        minor(&outcome["document"]["amount"]),
        available,
        "all that is available"
    );
    assert_eq!(
        of_invoice(host, "availableToCreditAmount"),
        0,
        "and no more"
    );
    let left = left_of_lines(host);
    let memo = &rows(host, "creditMemo", json!({ "id": "F" }))[0];
    if auto_apply {
        let settled = available.min(balance);
        assert_eq!(minor(&memo["unappliedAmount"]), available - settled);
        assert_eq!(of_invoice(host, "balance"), balance - settled);
    }
    // Credits that name no line are known of the whole alone.
    assert!(!all_named || left.iter().all(|&left| left == 0), "{left:?}");
}

/// An item that the host states: its amount, a tax by a rate in thousandths, and whether the one contains the other.
#[derive(Clone, Debug)]
struct Charge {
    amount: i64,
    rate: Option<u16>,
    inclusive: bool,
}

fn charge() -> impl Strategy<Value = Charge> {
    let amount = prop_oneof![1..=9_i64, 1..=400_i64, 1..=100_000_i64];
    let rate = prop::option::of(select(vec![0_u16, 25, 77, 100, 200]));
    (amount, rate, any::<bool>()).prop_map(|(amount, rate, inclusive)| Charge {
        amount,
        rate,
        inclusive,
    })
}

fn item(id: &str, charge: &Charge, scale: u32) -> Value {
    let mut item = json!({ "id": id, "amount": text(charge.amount, scale) });
    if let Some(rate) = charge.rate {
        let tax = json!({ "id": format!("{id}x"), "name": "VAT", "rate": text(rate.into(), 3) });
        item["taxItems"] = json!([tax]);
    }
    if charge.inclusive {
        item["taxMode"] = "inclusive".into();
    }
    item
}

/// What is done with a piece of the bill that is credited by itself.
#[derive(Clone, Debug)]
struct Piece {
    /// Which item.
    place: prop::sample::Index,
    /// How much of what is left of it, in 255ths; all of it without an amount.
    part: Option<u8>,
    /// Posted at once, or at the end.
    is_posted: bool,
    /// Taken back again later.
    is_voided: bool,
}

fn piece() -> impl Strategy<Value = Piece> {
    let part = prop::option::of(any::<u8>());
    (
        any::<prop::sample::Index>(),
        part,
        any::<bool>(),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(place, part, is_posted, is_voided)| Piece {
            place,
            part,
            is_posted,
            is_voided,
        })
}

/// Posts or makes a memo; what is too much is refused, and only that.
fn try_credit(host: &mut Host, command: &Value) -> bool {
    let before = of_invoice(host, "availableToCreditAmount");
    match host.execute(command) {
        Ok(outcome) => {
            let document = &outcome.value()["document"];
            let has_rounding = rows(host, "item", json!({ "documentId": document["id"] }))
                .iter()
                .any(|item| item["processingType"] == "rounding");
            let is_posted = document["status"] == "posted";
            if has_rounding && is_posted {
                let left = of_invoice(host, "availableToCreditAmount");
                assert_eq!(left, 0, "only the last has a rounding item, of {before}");
            }
            invariants::check(&host.book);
            true
        }
        Err(error) => {
            let is_too_much = error.code() == Code::ExceedsAvailableToCredit;
            assert!(is_too_much, "{error} for {command}");
            false
        }
    }
}

proptest! {
    #![proptest_config(property::config(300))]

    /// The memos of a bill whose total was rounded give back what was billed, whatever the order of their making,
    /// posting and taking back.
    #[test]
    fn credits_of_a_rounded_bill_sum_to_the_bill(
        charges in vec(charge(), 1..=4),
        pieces in vec(piece(), 0..=8),
        (step, scale) in (2..=100_i64, select(vec![0_u32, 2, 3])),
        rounding in select(Rounding::ALL.to_vec()),
        is_paid in any::<bool>(),
        over in select(vec!["header", "headerAndItem"]),
    ) {
        let currency = json!({
            "code": "XTS", "scale": scale, "invoiceIncrement": text(step, scale),
            "invoiceRounding": rounding.as_str() });
        let options = json!({ "currency": "XTS", "currencies": [currency], "overCrediting": over });
        let mut host = Host::open(&options).unwrap();
        let items: Vec<_> = charges
            .iter()
            .enumerate()
            .map(|(place, charge)| item(&place.to_string(), charge, scale))
            .collect();
        host.execute(&json!({
            "type": "createInvoice", "at": DAY, "id": "I", "autoPost": true, "items": items })).unwrap();
        let bill = of_invoice(&host, "amount");
        if bill <= 0 {
            return Ok(());
        }
        if is_paid {
            host.execute(&json!({ "type": "payInvoice", "at": DAY, "id": "P", "invoiceId": "I" })).unwrap();
        }

        let (mut drafts, mut voided) = (Vec::new(), Vec::new());
        for (number, piece) in pieces.iter().enumerate() {
            let place = piece.place.index(charges.len());
            let id = format!("C{number}");
            let left = rows(&host, "item", json!({ "documentId": "I", "id": place.to_string() }));
            let left = minor(&left[0]["availableToCreditAmount"]);
            let mut item = json!({ "id": "1", "sourceItemId": place.to_string() });
            let part = piece.part.map(|part| left * i64::from(part) / 255);
            if part.unwrap_or(left) <= 0 {
                continue;
            }
            if let Some(part) = part {
                item["amount"] = text(part, scale).into();
            }
            let command = json!({
                "type": "createCreditMemo", "at": DAY, "id": id, "invoiceId": "I", "autoApply": true,
                "autoPost": piece.is_posted, "items": [item] });
            if try_credit(&mut host, &command) && !piece.is_posted {
                drafts.push(id.clone());
            }
            if piece.is_voided {
                voided.push(id);
            }
        }
        for id in drafts.iter().rev() {
            try_credit(&mut host, &json!({ "type": "postCreditMemo", "at": DAY, "creditMemoId": id }));
        }
        for id in voided {
            let _ = host.execute(&json!({ "type": "voidCreditMemo", "at": DAY, "creditMemoId": id }));
            invariants::check(&host.book);
        }
        credit_the_rest(&mut host, true, true);

        prop_assert_eq!(credited(&host), bill, "the memos give back what was billed");
        prop_assert_eq!(of_invoice(&host, "availableToCreditAmount"), 0);
        prop_assert_eq!(of_invoice(&host, "balance"), 0, "nothing is open");
        let items = rows(&host, "item", json!({ "documentId": "I" }));
        let is_open = |item: &Value| minor(&item["openAmount"]) != 0;
        prop_assert!(!items.iter().any(is_open), "nor is any line");
    }
}

/// A discount: the item that it reduces, how much of it in 510ths, and whether it is taxed as the item is.
type Off = (prop::sample::Index, u8, bool);

/// The items of a bill with discounts on them.
fn discounted(charges: &[Charge], discounts: &[Off]) -> Vec<Value> {
    let mut items: Vec<_> = charges
        .iter()
        .enumerate()
        .map(|(place, charge)| item(&place.to_string(), charge, 2))
        .collect();
    let mut room: Vec<_> = charges.iter().map(|charge| charge.amount).collect();
    for (number, (of, part, is_taxed)) in discounts.iter().enumerate() {
        let of = of.index(charges.len());
        // An inclusive item is smaller than what it contains: a half of it is always there.
        let off = room[of] * i64::from(*part) / 255 / 2;
        room[of] -= 2 * off;
        let rate = charges[of].rate.filter(|_| *is_taxed);
        let discount = Charge {
            amount: -off,
            rate,
            inclusive: false,
        };
        let mut discount = item(&format!("d{number}"), &discount, 2);
        discount["appliedToItemId"] = of.to_string().into();
        items.push(discount);
    }
    items
}

/// How an item is credited, once or twice: a part of what is left of it, in 255ths, then all that is left; and whether
/// the amounts contain the taxes.
type Turn = (prop::sample::Index, Option<u8>, bool);

/// Credits an item of the invoice, if anything of it is available, by as many memos.
fn credit_item(host: &mut Host, number: usize, turn: &Turn, count: usize) {
    let (place, part, inclusive) = turn;
    let id = place.index(count).to_string();
    let left = |host: &Host| -> Vec<i64> {
        let item = &rows(host, "item", json!({ "documentId": "I", "id": id }))[0];
        let taxes = item["taxItems"].as_array().unwrap().iter();
        let lines = std::iter::once(item).chain(taxes);
        lines
            .map(|line| minor(&line["availableToCreditAmount"]))
            .collect()
    };
    let memo = |name: &str, item: Value| {
        json!({
            "type": "createCreditMemo", "at": DAY, "id": format!("{name}{number}"), "invoiceId": "I", "autoPost": true,
            "items": [item] })
    };
    let mode = if *inclusive { "inclusive" } else { "exclusive" };
    let mut item = json!({ "id": "1", "sourceItemId": id, "taxMode": mode });
    let all: i64 = left(host).iter().sum();
    let whole = if *inclusive { all } else { left(host)[0] };
    if let Some(part) = part
        .map(|part| whole * i64::from(part) / 256)
        .filter(|part| *part > 0)
    {
        item["amount"] = text(part, 2).into();
        host.execute(&memo("P", item.clone())).unwrap();
        invariants::check(&host.book);
    }

    let before = left(host);
    item.as_object_mut().unwrap().remove("amount");
    let outcome = host.execute(&memo("C", item));
    if before.iter().all(|left| *left == 0) {
        assert_eq!(outcome.unwrap_err().code(), Code::NothingToSettle);
        return;
    }
    let amount = minor(&outcome.unwrap().value()["document"]["amount"]);
    invariants::check(&host.book);
    assert_eq!(
        amount,
        before.iter().sum::<i64>(),
        "what the lines say is available"
    );
    assert!(
        left(host).iter().all(|left| *left == 0),
        "and then nothing is"
    );
}

/// What was done to a bill before the rest of it is credited.
#[derive(Clone, Debug)]
enum Before {
    /// A credit of an item, in 255ths of its amount (more than all of it, too), and how its taxes are stated.
    Credit(prop::sample::Index, u16, Taxes),
    /// A credit of the whole that names no item, with a tax.
    Unnamed(u8),
    /// Goods that come back for a fee.
    Fee(prop::sample::Index, u8),
    /// A payment of a part, in 255ths.
    Pay(u8),
    WriteOff,
    WriteOffPart(u8),
}

#[derive(Clone, Debug)]
enum Taxes {
    /// As the item has them.
    Inherited,
    None,
    /// One that names none of the item's: the same, or another.
    Unnamed(&'static str, u8),
}

fn before() -> impl Strategy<Value = Before> {
    let taxes = prop_oneof![
        3 => Just(Taxes::Inherited),
        1 => Just(Taxes::None),
        1 => (select(vec!["VAT", "GST"]), any::<u8>()).prop_map(|(name, part)| Taxes::Unnamed(name, part)),
    ];
    prop_oneof![
        4 => (any::<prop::sample::Index>(), 1..=400_u16, taxes)
            .prop_map(|(place, part, taxes)| Before::Credit(place, part, taxes)),
        1 => any::<u8>().prop_map(Before::Unnamed),
        1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(place, part)| Before::Fee(place, part)),
        1 => any::<u8>().prop_map(Before::Pay),
        1 => Just(Before::WriteOff),
        1 => any::<u8>().prop_map(Before::WriteOffPart),
    ]
}

/// The command of what was done, or none where that would be nothing.
fn command(host: &Host, before: &Before, number: usize, count: usize) -> Option<Value> {
    let part = |amount: i64, part: i64| amount * part / 255;
    let positive = |amount: i64| (amount > 0).then(|| text(amount, 2));
    let amount_of = |place: &prop::sample::Index| {
        let id = place.index(count).to_string();
        let item = rows(host, "item", json!({ "documentId": "I", "id": id }));
        (id, minor(&item[0]["amount"]))
    };
    let memo = |item: Value| {
        json!({
            "type": "createCreditMemo", "at": DAY, "id": format!("C{number}"), "invoiceId": "I", "autoPost": true,
            "autoApply": number.is_multiple_of(2), "items": [item] })
    };
    let balance = of_invoice(host, "balance");
    Some(match before {
        Before::Credit(place, share, taxes) => {
            let (source, amount) = amount_of(place);
            let amount = part(amount, i64::from(*share));
            let mut item =
                json!({ "id": "1", "sourceItemId": source, "amount": positive(amount)? });
            match taxes {
                Taxes::Inherited => {}
                Taxes::None => item["taxItems"] = json!([]),
                Taxes::Unnamed(name, share) => {
                    let tax = part(amount, i64::from(*share) / 8);
                    item["taxItems"] = json!([{ "id": "t", "name": name, "rate": "0.100", "amount": text(tax, 2) }]);
                }
            }
            memo(item)
        }
        Before::Unnamed(share) => {
            let amount = part(of_invoice(host, "amount"), i64::from(*share) / 4);
            let tax = json!({ "id": "t", "name": "VAT", "amount": text(amount / 10, 2) });
            memo(json!({ "id": "1", "amount": positive(amount)?, "taxItems": [tax] }))
        }
        Before::Fee(place, share) => {
            let (source, amount) = amount_of(place);
            let fee = part(amount, i64::from(*share) / 4);
            let item =
                json!({ "id": "1", "sourceItemId": source, "amount": positive(amount - fee)? });
            let mut memo = memo(item);
            memo["restockingFee"] = positive(fee)?.into();
            memo
        }
        Before::Pay(share) => {
            let amount = positive(part(balance, i64::from(*share)))?;
            json!({ "type": "payInvoice", "at": DAY, "id": format!("P{number}"), "invoiceId": "I", "amount": amount })
        }
        Before::WriteOff => {
            json!({ "type": "writeOffInvoice", "at": DAY, "id": format!("W{number}"), "invoiceId": "I" })
        }
        Before::WriteOffPart(share) => {
            let amount = positive(part(balance, i64::from(*share)))?;
            json!({
                "type": "writeOffInvoice", "at": DAY, "id": format!("W{number}"), "invoiceId": "I", "amount": amount })
        }
    })
}

proptest! {
    #![proptest_config(property::config(300))]

    /// Whatever was done to a bill, one command credits all that is left of it.
    #[test]
    fn all_that_is_available_can_be_credited_at_once(
        charges in vec(charge(), 1..=4),
        discounts in vec((any::<prop::sample::Index>(), 1..=255_u8, any::<bool>()), 0..=3),
        history in vec(before(), 0..=5),
        step in prop::option::of(2..=50_i64),
        over in select(vec!["any", "header", "headerAndItem"]),
        mirror in select(vec!["yes", "notZeroBalance", "no"]),
        auto_apply in any::<bool>(),
    ) {
        let mut currency = json!({ "code": "XTS", "scale": 2 });
        if let Some(step) = step {
            currency["invoiceIncrement"] = text(step, 2).into();
        }
        let options =
            json!({ "currency": "XTS", "currencies": [currency], "overCrediting": over, "mirror": mirror });
        let mut host = Host::open(&options).unwrap();
        let items = discounted(&charges, &discounts);
        host.execute(&json!({
            "type": "createInvoice", "at": DAY, "id": "I", "autoPost": true, "items": items })).unwrap();
        if of_invoice(&host, "amount") <= 0 {
            return Ok(());
        }

        let mut is_by_item = over == "headerAndItem";
        for (number, before) in history.iter().enumerate() {
            let Some(command) = command(&host, before, number, charges.len()) else {
                continue;
            };
            if host.execute(&command).is_ok() {
                invariants::check(&host.book);
            }
            // Write-offs take what is open, whatever was credited.
            is_by_item &= !matches!(before, Before::WriteOff | Before::WriteOffPart(_));
            for place in 0..charges.len() {
                prop_assert!(!is_by_item || left_of_item(&host, &place.to_string()) >= 0);
            }
        }
        let bill = of_invoice(&host, "amount");
        let is_over = of_invoice(&host, "availableToCreditAmount") < 0;
        let names = |before: &Before| match before {
            Before::Credit(_, _, taxes) => !matches!(taxes, Taxes::Unnamed(..)),
            Before::Unnamed(_) | Before::Fee(..) => false,
            _ => true,
        };
        credit_the_rest(&mut host, auto_apply, history.iter().all(names));
        prop_assert!(is_over || credited(&host) == bill);
    }

    /// Every item of a bill with discounts is credited by itself, in any order, with what is left of it: the memos give
    /// back what was billed, and nothing is left of any line.
    #[test]
    fn credits_of_discounted_items_sum_to_the_bill(
        charges in vec(charge(), 1..=4),
        discounts in vec((any::<prop::sample::Index>(), 1..=255_u8, any::<bool>()), 1..=4),
        turns in vec((any::<prop::sample::Index>(), prop::option::of(any::<u8>()), any::<bool>()), 0..=4),
        over in select(vec!["any", "header", "headerAndItem"]),
    ) {
        let mut host = Host::open(&json!({ "currency": "USD", "overCrediting": over })).unwrap();
        host.execute(&json!({
            "type": "createInvoice", "at": DAY, "id": "I", "autoPost": true,
            "items": discounted(&charges, &discounts) })).unwrap();
        let bill = of_invoice(&host, "amount");

        let count = charges.len();
        for (number, turn) in turns.iter().enumerate() {
            credit_item(&mut host, number, turn, count);
        }
        for item in rows(&host, "item", json!({ "documentId": "I", "processingType": "charge" })) {
            let lines = std::iter::once(&item).chain(item["taxItems"].as_array().unwrap());
            if lines.map(|line| minor(&line["availableToCreditAmount"])).any(|left| left != 0) {
                let id = item["id"].as_str().unwrap();
                host.execute(&json!({
                    "type": "createCreditMemo", "at": DAY, "id": format!("L{id}"), "invoiceId": "I", "autoPost": true,
                    "items": [{ "id": "1", "sourceItemId": id }] })).unwrap();
            }
        }

        prop_assert_eq!(credited(&host), bill, "the memos give back what was billed");
        prop_assert_eq!(of_invoice(&host, "availableToCreditAmount"), 0);
        prop_assert!(left_of_lines(&host).iter().all(|left| *left == 0), "nothing of any line");
    }
}
