//! Proration against what defines it: a naive model, day by day, and the invariants that no system may break
//! (`proration.md#the-formula`). Small domains are tried whole.

#[path = "support/property.rs"]
mod property;

use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use setoff::Code;
use setoff::calendar::{Anchor, Date, Every, Moment};
use setoff::error::{Error, Reason, Site};
use setoff::money::{Fraction, Rounding};
use setoff::prorate::change::{
    ChangeLine, ChangePreview, ChangeRequest, ChangeTime, Discount, LineKind, PlanChange,
    PlanEvent, PlanTax, PlanUpdate, PricePlan,
};
use setoff::prorate::{
    Basis, CellDays, Count, CreditBase, CreditFormula, CreditFrom, Degenerate, Destination,
    DiscountCredit, Grid, Interval, PRESETS, Period, Present, Preset, ProrateColumns,
    ProrateRequest, Reached, Reference, ScheduleRequest, SegmentKind, ServiceTime, ServiceTimes,
    Stage, Stub, StubPeriod, Terms, Unit, preset,
};

/// 1970-01-01 to 2399-12-31.
const DAYS: std::ops::Range<i32> = 0..157_054;

fn day(number: i32) -> Date {
    Date::from_number(number).unwrap()
}

fn period(from: i32, to: i32) -> Period {
    Period {
        from: day(from).into(),
        to: day(to).into(),
    }
}

fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn fraction(numerator: i128, denominator: i128) -> Fraction {
    Fraction::new(numerator, denominator)
}

/// A share of a price in cents, in whole cents.
fn prorate(
    terms: Terms,
    price: i64,
    service: Period,
    period: Period,
) -> setoff::error::Result<i64> {
    let time = ServiceTime::Service {
        service,
        reference: Some(Reference::Given(period)),
        months: months_read(&terms),
    };
    let request = ProrateRequest {
        terms,
        price: cents(price),
        quantity: Decimal::ONE,
        increment: cents(1),
        time,
    };
    request
        .prorate()
        .map(|prorated| prorated.amount.increments())
}

/// The whole number that a rule makes of a quotient, found by looking at both neighbours.
fn rounded(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let floor = numerator.div_euclid(denominator);
    if floor * denominator == numerator {
        return floor;
    }
    let ceiling = floor + 1;
    let (toward_zero, away) = if numerator < 0 {
        (ceiling, floor)
    } else {
        (floor, ceiling)
    };
    let nearest = match (numerator - floor * denominator).cmp(&(ceiling * denominator - numerator))
    {
        std::cmp::Ordering::Less => Some(floor),
        std::cmp::Ordering::Greater => Some(ceiling),
        std::cmp::Ordering::Equal => None,
    };
    match rounding {
        Rounding::HalfUp => nearest.unwrap_or(away),
        Rounding::HalfEven => nearest.unwrap_or(if floor % 2 == 0 { floor } else { ceiling }),
        Rounding::HalfDown => nearest.unwrap_or(toward_zero),
        Rounding::Up => away,
        Rounding::Down => toward_zero,
        Rounding::Floor => floor,
        Rounding::Ceiling => ceiling,
    }
}

#[test]
fn every_rule_rounds_every_small_share() {
    // All days of periods from 1 to 31 days, all prices from −40 to 40, steps of 1 and 5: with all their ties.
    for &rounding in Rounding::ALL {
        let terms = Terms {
            rounding,
            ..Terms::default()
        };
        for (length, used, price, step) in (1..=31)
            .flat_map(|length| (0..=length).map(move |used| (length, used)))
            .flat_map(|(length, used)| {
                (-40..=40).flat_map(move |price| [1, 5].map(|step| (length, used, price, step)))
            })
        {
            let time = ServiceTime::Units {
                covered: Decimal::from(used),
                length: Decimal::from(length),
            };
            let increment = Decimal::from(step);
            let price = i128::from(price);
            let request = ProrateRequest {
                terms,
                price: Decimal::from(price),
                quantity: Decimal::ONE,
                increment,
                time,
            };
            let got = i128::from(request.prorate().unwrap().amount.increments());
            let (used, length, step) = (i128::from(used), i128::from(length), i128::from(step));
            assert_eq!(
                got,
                rounded(price * used, length * step, rounding),
                "{price} × {used}/{length} {rounding:?}"
            );
        }
    }
}

#[test]
fn both_credit_formulas_over_all_small_bills() {
    let (mut same, mut apart) = (0, 0);
    for &rounding in Rounding::ALL {
        for (length, used) in
            (28..=31).flat_map(|length| (0..=length).map(move |used| (length, used)))
        {
            // A plan of a negative price, a standing discount, is credited with what was given too much.
            for price in -60..=60_i64 {
                let credit = |credit_formula: CreditFormula| {
                    let terms = Terms {
                        rounding,
                        credit_formula,
                        ..Terms::default()
                    };
                    let preview = cancelled(terms, price, period(0, length), used);
                    (
                        preview.credit.increments(),
                        preview.lines[0]
                            .cost
                            .as_ref()
                            .map(|cost| cost.amount.increments()),
                    )
                };
                let (residual, cost) = credit(CreditFormula::Residual);
                let share = |days: i32, sign: i128| {
                    sign * rounded(
                        sign * i128::from(price) * i128::from(days),
                        length.into(),
                        rounding,
                    )
                };
                // What was used is rounded as a charge; charge and credit are the bill.
                assert_eq!(cost.map(i128::from), Some(share(used, 1)));
                assert_eq!(
                    i128::from(residual),
                    share(used, 1) - i128::from(price),
                    "{price} {used}/{length}"
                );
                // The direct credit is a negative amount, and is rounded as one.
                let (direct, cost) = credit(CreditFormula::Direct);
                assert_eq!(cost, None);
                assert_eq!(
                    -i128::from(direct),
                    share(length - used, -1),
                    "{price} {used}/{length} {rounding:?}"
                );
                let between = |credit: i64| (0..=price.abs()).contains(&(-credit * price.signum()));
                assert!(
                    between(residual) && between(direct),
                    "{residual} {direct} of {price}"
                );
                // Two roundings of one bill can be a unit apart, never two.
                assert!((residual - direct).abs() <= 1);
                if residual == direct {
                    same += 1
                } else {
                    apart += 1
                }
            }
        }
    }
    assert!(same > 0 && apart > 0, "{same} {apart}");
}

fn plan(price: i64) -> PricePlan {
    PricePlan {
        description: None,
        price: cents(price),
        quantity: Decimal::ONE,
        discount: Discount::None,
        taxes: Vec::new(),
        terms: None,
    }
}

fn change(
    terms: Terms,
    price: i64,
    period: Period,
    events: Vec<(ChangeTime, PlanEvent)>,
) -> ChangeRequest {
    ChangeRequest {
        terms,
        increment: cents(1),
        period: Some(Reference::Given(period)),
        months: months_read(&terms),
        plan: Some(plan(price)),
        since: None,
        billed: None,
        credited: Decimal::ZERO,
        open: Decimal::ZERO,
        allow_tax_rate_from_1: false,
        events: events
            .into_iter()
            .map(|(when, kind)| PlanChange { when, kind })
            .collect(),
    }
}

fn cancelled(terms: Terms, price: i64, period: Period, on: i32) -> ChangePreview {
    let on = ChangeTime::At(day(period.from.day().number() + on).into());
    change(terms, price, period, vec![(on, PlanEvent::Cancel)])
        .preview()
        .unwrap()
}

#[test]
fn all_of_an_item_is_repaired_whole() {
    // Kill Bill's fixed days are a part of a year that is more than one; all of an item is the item all the same.
    let fixed = preset("killBillFixed30").unwrap().terms;
    for (from, to, credit) in [(0, 365, -10_000), (0, 364, -10_000), (0, 15, -5_000)] {
        let pause = PlanEvent::Pause(Some(day(to).into()));
        let mut request = change(
            fixed,
            10_000,
            period(0, 365),
            vec![(ChangeTime::At(day(from).into()), pause)],
        );
        request.billed = Some(cents(10_000));
        let preview = request.preview().unwrap();
        assert_eq!(preview.credit.increments(), credit, "{to}");
        // 364 days are more than the 30 that count, so the cap holds them; all 365 need none.
        assert_eq!(preview.lines[0].cap.is_some(), to == 364);
    }
}

const MONTH_DAYS: i32 = 31;

/// What each day of a period costs, as someone would keep it who crosses days out by hand.
struct Calendar {
    prices: Vec<i64>,
    /// What a day of the plan costs.
    price: i64,
    plan: CalendarPlan,
}

enum CalendarPlan {
    None,
    /// Nothing is served before a day; from then on the calendar has its prices.
    Runs(i32),
    /// Until it is resumed.
    Rests,
}

impl Calendar {
    fn new(price: i64) -> Self {
        Self {
            prices: vec![price; usize::try_from(MONTH_DAYS).unwrap()],
            price,
            plan: CalendarPlan::Runs(0),
        }
    }

    /// Sets the price of the days from one on, up to before another.
    fn set(&mut self, from: i32, to: i32, price: i64) {
        for day in from..to.min(MONTH_DAYS) {
            self.prices[usize::try_from(day).unwrap()] = price;
        }
    }

    /// The plan runs at its price from a day on.
    fn run(&mut self, from: i32) {
        self.set(from, MONTH_DAYS, self.price);
        self.plan = CalendarPlan::Runs(from);
    }

    /// Does what a number says, if the plan can: the event is what a change of plan calls it.
    fn step(&mut self, on: i32, kind: u8, price: i64, until: i32) -> Option<PlanEvent> {
        let another = || PlanUpdate {
            price: Some(cents(price * i64::from(MONTH_DAYS))),
            ..PlanUpdate::default()
        };
        let pause = |until: i32| PlanEvent::Pause(Some(day(until).into()));
        match self.plan {
            CalendarPlan::None if kind == 0 => {
                self.price = price;
                self.run(on);
                Some(PlanEvent::Start(plan(price * i64::from(MONTH_DAYS))))
            }
            CalendarPlan::None => None,
            CalendarPlan::Runs(awake) => {
                let from = on.max(awake);
                match kind {
                    0 => {
                        self.set(from, MONTH_DAYS, 0);
                        self.plan = CalendarPlan::None;
                        Some(PlanEvent::Cancel)
                    }
                    1 => {
                        self.set(from, MONTH_DAYS, 0);
                        self.plan = CalendarPlan::Rests;
                        Some(PlanEvent::Pause(None))
                    }
                    2 | 3 => {
                        let until = until.max(from);
                        self.set(from, until, 0);
                        self.plan = CalendarPlan::Runs(until);
                        Some(pause(until))
                    }
                    _ => {
                        self.price = price;
                        self.set(from, MONTH_DAYS, price);
                        Some(PlanEvent::Switch(another()))
                    }
                }
            }
            CalendarPlan::Rests => match kind {
                0 => {
                    self.plan = CalendarPlan::None;
                    Some(PlanEvent::Cancel)
                }
                1 => {
                    self.run(on);
                    Some(PlanEvent::Resume)
                }
                2 => {
                    let until = until.max(on);
                    if until < MONTH_DAYS {
                        self.run(until);
                    }
                    Some(pause(until))
                }
                3 => {
                    self.price = price;
                    self.run(on);
                    Some(PlanEvent::Start(plan(price * i64::from(MONTH_DAYS))))
                }
                _ => {
                    self.price = price;
                    Some(PlanEvent::Switch(another()))
                }
            },
        }
    }
}

/// April 2026 at 30.00: a day costs 1.00.
fn april(events: Vec<(&str, PlanEvent)>) -> ChangeRequest {
    let on = |text: &str| ChangeTime::At(Date::parse(text).unwrap().into());
    let period = period(
        Date::parse("2026-04-01").unwrap().number(),
        Date::parse("2026-05-01").unwrap().number(),
    );
    change(
        Terms::default(),
        3_000,
        period,
        events
            .into_iter()
            .map(|(text, kind)| (on(text), kind))
            .collect(),
    )
}

fn refusal(request: &ChangeRequest) -> (Code, String) {
    let error = request.preview().expect_err("it is refused");
    (error.code(), error.path().to_owned())
}

#[test]
fn a_day_is_credited_once_and_only_in_its_period() {
    let until = |text: &str| PlanEvent::Pause(Some(Date::parse(text).unwrap().into()));
    // Ten days are paused. Cancelled before or when the pause ends, the plan does not go on after it: ten days more.
    let paused = |cancel| {
        april(vec![
            ("2026-04-11", until("2026-04-21")),
            (cancel, PlanEvent::Cancel),
        ])
    };
    for cancel in ["2026-04-16", "2026-04-21"] {
        let clamped = ChangeRequest {
            terms: Terms {
                clamp: true,
                ..Terms::default()
            },
            ..paused(cancel)
        };
        for request in [paused(cancel), clamped] {
            let credit = request.preview().unwrap().credit.increments();
            assert_eq!(credit, -1_000 - 1_000, "{cancel}");
        }
    }
    // The 21st to the 30th: May was not billed.
    assert_eq!(
        april(vec![("2026-04-21", until("2026-05-10"))])
            .preview()
            .unwrap()
            .credit
            .increments(),
        -1_000
    );
    assert_eq!(
        refusal(&april(vec![("2026-04-21", until("2026-04-20"))])).1,
        "changes[0].until"
    );
    // Nor was March.
    let since = |text: &str| Some(Date::parse(text).unwrap().into());
    let early = ChangeRequest {
        since: since("2026-03-01"),
        ..april(vec![("2026-04-16", PlanEvent::Cancel)])
    };
    assert_eq!(refusal(&early), (Code::InvalidPeriod, "since".into()));
    let cut = ChangeRequest {
        terms: Terms {
            clamp: true,
            ..Terms::default()
        },
        ..early
    };
    assert_eq!(cut.preview().unwrap().credit.increments(), -1_500);
    let late = ChangeRequest {
        since: since("2026-04-20"),
        ..april(vec![("2026-04-16", PlanEvent::Cancel)])
    };
    assert_eq!(
        refusal(&late),
        (Code::InvalidPeriod, "changes[0].at".into())
    );
}

#[test]
fn facts_of_a_bill_have_the_sign_of_its_price() {
    for (price, fact) in [3_000, 0, -3_000]
        .into_iter()
        .flat_map(|price| [-100, 0, 100].map(|fact| (price, fact)))
    {
        let bill = ChangeRequest {
            plan: Some(plan(price)),
            ..april(vec![("2026-04-16", PlanEvent::Cancel)])
        };
        let fact_of = |field: &str| {
            let mut request = bill.clone();
            match field {
                "billed" => request.billed = Some(cents(fact)),
                "credited" => request.credited = cents(fact),
                _ => request.open = cents(fact),
            }
            request
        };
        for field in ["billed", "credited", "open"] {
            // What was billed for nothing is not negative, either.
            let is_slip = if price < 0 { fact > 0 } else { fact < 0 };
            if is_slip {
                let refused = (Code::AmountNotPositive, field.to_owned());
                assert_eq!(refusal(&fact_of(field)), refused, "{fact} of {price}");
            } else {
                assert!(
                    fact_of(field).preview().is_ok(),
                    "{field} {fact} of {price}"
                );
            }
        }
    }
}

#[test]
fn what_nobody_subscribes_to_is_refused() {
    let rate = |text: &str| Discount::Rate(text.parse().unwrap());
    let started = |plan: PricePlan| ChangeRequest {
        plan: None,
        ..april(vec![("2026-04-01", PlanEvent::Start(plan))])
    };
    for (discount, field) in [
        (rate("10"), "rate"),
        (rate("-0.1"), "rate"),
        (Discount::Amount(cents(-1)), "amount"),
    ] {
        let expected = (
            Code::InvalidDiscount,
            format!("changes[0].plan.discount.{field}"),
        );
        assert_eq!(
            refusal(&started(PricePlan {
                discount,
                ..plan(3_000)
            })),
            expected
        );
        let switched = PlanUpdate {
            discount: Some(discount),
            ..PlanUpdate::default()
        };
        let switched = april(vec![("2026-04-16", PlanEvent::Switch(switched))]);
        assert_eq!(
            refusal(&switched),
            (
                Code::InvalidDiscount,
                format!("changes[0].discount.{field}")
            )
        );
        let running = ChangeRequest {
            plan: Some(PricePlan {
                discount,
                ..plan(3_000)
            }),
            ..april(Vec::new())
        };
        assert_eq!(
            refusal(&running),
            (Code::InvalidDiscount, format!("plan.discount.{field}"))
        );
    }
    for discount in [
        rate("1"),
        Discount::Amount(cents(3_000)),
        Discount::Amount(cents(3_001)),
    ] {
        assert_eq!(
            started(PricePlan {
                discount,
                ..plan(3_000)
            })
            .preview()
            .unwrap()
            .charge
            .increments(),
            0
        );
    }
    let fewer = PricePlan {
        quantity: Decimal::NEGATIVE_ONE,
        ..plan(3_000)
    };
    assert_eq!(
        refusal(&started(fewer)),
        (Code::OutOfRange, "changes[0].plan.quantity".into())
    );
    for unused in [fraction(-1, 4), fraction(5, 4)] {
        let events = vec![PlanChange {
            when: ChangeTime::Unused(unused),
            kind: PlanEvent::Cancel,
        }];
        assert_eq!(
            refusal(&ChangeRequest {
                events,
                ..april(Vec::new())
            }),
            (Code::OutOfRange, "changes[0].unused".into())
        );
    }
}

#[test]
fn a_price_stops_at_zero_and_its_line_says_what_is_taken_off() {
    let plan = PricePlan {
        discount: Discount::Amount(cents(1_000)),
        ..plan(500)
    };
    let started = ChangeRequest {
        plan: None,
        ..april(vec![("2026-04-16", PlanEvent::Start(plan))])
    };
    let preview = started.preview().unwrap();
    // Half of 5.00, of which nothing is left.
    let line = &preview.lines[0];
    let amounts = [line.gross, line.discount, line.amount].map(|amount| amount.increments());
    assert_eq!(amounts, [250, -250, 0]);
    let says = "Of the discount of 10.00, 5.00 is taken off: a price stops at zero.";
    assert!(line.sentence.ends_with(says), "{}", line.sentence);
}

#[test]
fn an_instant_is_never_part_of_the_period_that_it_ends() {
    // One of two milliseconds: closed dates end with a day, instants do not end with a millisecond.
    let columns = |terms: Terms| ProrateColumns {
        terms,
        months: None,
        prices: vec![100],
        increment: 1,
        service: [ServiceTimes::One(0), ServiceTimes::Each(vec![1])],
        period: [ServiceTimes::One(0), ServiceTimes::One(2)],
    };
    let closed = Terms {
        interval: Interval::Closed,
        ..Terms::default()
    };
    assert_eq!(
        columns(Terms {
            unit: Unit::Millisecond,
            ..closed
        })
        .prorate(),
        Ok(vec![50])
    );
    // Two of three days.
    assert_eq!(columns(closed).prorate(), Ok(vec![67]));
    assert_eq!(columns(Terms::default()).prorate(), Ok(vec![50]));
}

#[test]
fn too_many_digits_are_told_from_too_large_an_amount() {
    let reason_of = |price: &str, quantity: &str| {
        let request = ProrateRequest {
            terms: Terms::default(),
            price: price.parse().unwrap(),
            quantity: quantity.parse().unwrap(),
            increment: cents(1),
            time: ServiceTime::Factor(Fraction::ONE),
        };
        request.prorate().map_err(|error| error.reason().clone())
    };
    // 19 odd decimals each are 38 behind the point and two before it. The amount itself would be 95.60.
    let many = "9.7777777777777777777";
    assert_eq!(
        reason_of(many, many).unwrap_err(),
        Reason::BeyondFractions {}
    );
    // 10¹⁷ in cents are 10¹⁹, and 2⁶³ is less than 9.3 × 10¹⁸.
    assert_eq!(
        reason_of("50000000000000000", "2").unwrap_err(),
        Reason::TooManyIncrements {}
    );

    // A column of two periods out of one: twice 2⁶³ − 1.
    let columns = ProrateColumns {
        terms: Terms {
            clamp: false,
            ..Terms::default()
        },
        months: None,
        prices: vec![i64::MAX],
        increment: 1,
        service: [ServiceTimes::One(0), ServiceTimes::One(2)],
        period: [ServiceTimes::One(0), ServiceTimes::One(1)],
    };
    let error = columns.prorate().unwrap_err();
    assert_eq!(*error.reason(), Reason::TooManyIncrements {});
}

#[test]
fn columns_know_the_calendar() {
    let columns = |terms: Terms, to: i64| ProrateColumns {
        terms,
        months: None,
        prices: vec![10_000],
        increment: 1,
        service: [ServiceTimes::One(20_470), ServiceTimes::Each(vec![to])],
        period: [ServiceTimes::One(20_454), ServiceTimes::One(20_485)],
    };
    // 2026-01-17 to 2026-02-01 of January: 15 of 31 days.
    assert_eq!(
        columns(Terms::default(), 20_485).prorate().unwrap(),
        [4_839]
    );
    for (day, is_known) in [
        (2_932_896, true),
        (2_932_897, false),
        (-719_162, true),
        (-719_163, false),
    ] {
        let answer = columns(Terms::default(), day).prorate();
        let out_of_range = answer
            .as_ref()
            .is_err_and(|error| error.code() == Code::OutOfRange);
        assert_eq!(!is_known, out_of_range, "{day}: {answer:?}");
    }
    // Milliseconds where days are meant.
    let error = columns(Terms::default(), 1_769_904_000_000)
        .prorate()
        .unwrap_err();
    assert_eq!(error.code(), Code::OutOfRange);
}

#[test]
fn time_without_length() {
    // Services and periods of 0 to 3 days from the same day on, counted with one end or both, of both signs; `None` is
    // a refusal.
    for (served, length) in (0..=3).flat_map(|served| (0..=3).map(move |length| (served, length))) {
        for (count, price) in [Count::Between, Count::BothEnds]
            .into_iter()
            .flat_map(|count| [(count, 600), (count, -600)])
        {
            let more = i64::from(count == Count::BothEnds);
            let (used, days) = (i64::from(served) + more, i64::from(length) + more);
            let counted = if days == 0 { 0 } else { price * used / days };
            let amount = |degenerate: Degenerate, clamp: bool| {
                let terms = Terms {
                    degenerate,
                    clamp,
                    count,
                    ..Terms::default()
                };
                prorate(terms, price, period(0, served), period(0, length))
                    .map_err(|error| error.code())
            };
            let clamped = if used > days { price } else { counted };
            let clamped = if days == 0 { 0 } else { clamped };
            assert_eq!(
                amount(Degenerate::Zero, false),
                Ok(counted),
                "{served} of {length}"
            );
            assert_eq!(
                amount(Degenerate::Zero, true),
                Ok(clamped),
                "{served} of {length}"
            );
            let is_degenerate = used == 0 || days == 0 || used >= days;
            let full = if is_degenerate { price } else { counted };
            assert_eq!(
                amount(Degenerate::Full, false),
                Ok(full),
                "{served} of {length}"
            );
            let is_whole = used == days && days > 0;
            let refused = if is_degenerate && !is_whole {
                Err(Code::InvalidPeriod)
            } else {
                Ok(counted)
            };
            assert_eq!(
                amount(Degenerate::Refuse, false),
                refused,
                "{served} of {length}"
            );
        }
    }
}

#[test]
fn thresholds_over_all_parts_of_a_period() {
    // Periods of 1 to 31 days, every part at either end, every threshold; the price is that of a day times the days.
    for (length, served) in
        (1..=31_i32).flat_map(|length| (0..=length).map(move |served| (length, served)))
    {
        for least in 1..=32_u16 {
            let price = i64::from(length) * 7;
            for (service, is_leading) in [
                (period(length - served, length), true),
                (period(0, served), false),
            ] {
                let amount = |rule: Stub| {
                    let terms = match is_leading {
                        true => Terms {
                            leading: rule,
                            trailing: Stub::Skip,
                            ..Terms::default()
                        },
                        false => Terms {
                            trailing: rule,
                            leading: Stub::Skip,
                            ..Terms::default()
                        },
                    };
                    prorate(terms, price, service, period(0, length)).unwrap()
                };
                let share = i64::from(served) * 7;
                let (is_part, is_reached) =
                    (0 < served && served < length, served >= i32::from(least));
                let of = |full: i64| {
                    if !is_part {
                        share
                    } else if is_reached {
                        full
                    } else {
                        0
                    }
                };
                assert_eq!(
                    amount(Stub::FromDays(least, Reached::Full)),
                    of(price),
                    "{served} of {length} from {least}"
                );
                assert_eq!(amount(Stub::FromDays(least, Reached::Prorate)), of(share));
                let least = fraction(least.into(), length.into());
                assert_eq!(amount(Stub::FromShare(least, Reached::Full)), of(price));
                assert_eq!(amount(Stub::FromShare(least, Reached::Prorate)), of(share));
                assert_eq!(amount(Stub::Full), if is_part { price } else { share });
                assert_eq!(amount(Stub::Skip), if is_part { 0 } else { share });
            }
        }
    }
}

#[test]
fn every_day_from_1970_to_2400_in_its_month() {
    let month = Every::Months(1);
    for number in DAYS {
        let date = day(number);
        let (_, _, of_month) = date.parts();
        let (first, days) = (
            number - i32::from(of_month) + 1,
            i32::from(date.days_in_month()),
        );
        // What is left of its month, and what was before: by days, and by a grid of months.
        for grid in [Grid::Period, Grid::Month] {
            let terms = Terms {
                grid,
                ..Terms::default()
            };
            let share = |from: i32, to: i32| {
                terms
                    .share(period(from, to), Some(period(first, first + days)), 1, None)
                    .unwrap()
                    .factor
            };
            assert_eq!(
                share(number, first + days),
                fraction((first + days - number).into(), days.into()),
                "{date}"
            );
            assert_eq!(
                share(first, number),
                fraction((number - first).into(), days.into()),
                "{date}"
            );
        }
        // A rhythm that began on the 31st of January 1970 has a boundary on every last day of a month, and no other.
        let anchor = Anchor::on_day(day(30), 31);
        let is_boundary = anchor
            .number_at(month, date)
            .and_then(|n| anchor.boundary(month, n))
            == Some(date);
        assert_eq!(is_boundary, i32::from(of_month) == days, "{date}");
    }
}

/// What decides a share of a period, at random: dates from 1970 to 2400, and near ends of months.
fn span() -> impl Strategy<Value = [i32; 4]> {
    let near_the_end_of_a_month = DAYS.prop_map(|number| {
        let date = day(number);
        number + i32::from(date.days_in_month()) - i32::from(date.parts().2)
    });
    let begin = prop_oneof![DAYS, near_the_end_of_a_month];
    (begin, 0..800_i32, 0..800_i32, 0..800_i32).prop_map(|(begin, lead, served, rest)| {
        let end = begin + lead + served + rest;
        let last = DAYS.end;
        let shift = (end - last).max(0);
        [begin, begin + lead, begin + lead + served, end].map(|number| number - shift)
    })
}

/// The months of a grid from `day` to `day` that [from, to) has, counted day by day.
fn months(from: i32, to: i32, grid_day: u8, cell_days: CellDays) -> Fraction {
    // The begin of a day's cell: go back until a day is the grid's, or the last of a month that is too short for it.
    let is_begin = |number: i32| {
        let (_, _, of_month) = day(number).parts();
        of_month == grid_day || of_month < grid_day && of_month == day(number).days_in_month()
    };
    let mut sum = Fraction::ZERO;
    let mut number = from;
    while number < to {
        let begin = (0..32)
            .map(|back| number - back)
            .find(|&number| is_begin(number))
            .unwrap();
        let end = (1..33)
            .map(|on| begin + on)
            .find(|&number| is_begin(number))
            .unwrap();
        let served = end.min(to) - number;
        let length = match cell_days {
            _ if served == end - begin => served,
            CellDays::Fixed(days) => days.into(),
            _ => end - begin,
        };
        sum = sum.plus(fraction(served.into(), length.into()));
        number += served;
    }
    sum
}

/// A rule for a part of a period; mostly none.
fn rule() -> impl Strategy<Value = Stub> {
    let reached = prop::sample::select(Reached::ALL);
    prop_oneof![
        4 => Just(Stub::Prorate),
        1 => Just(Stub::Full),
        1 => Just(Stub::Skip),
        1 => Just(Stub::WholeMonths(16)),
        1 => (1..400_u16, reached.clone()).prop_map(|(days, reached)| Stub::FromDays(days, reached)),
        1 => (0..100_i128, reached).prop_map(|(share, reached)| Stub::FromShare(fraction(share, 100), reached)),
    ]
}

/// Those that prorate, by the period's own length, from its first day to before its last: Flexprice counts both.
fn plain_presets() -> Vec<Preset> {
    let is_plain = |preset: &Preset| {
        let Terms {
            grid,
            cell_days,
            basis,
            degenerate,
            count,
            ..
        } = preset.terms;
        (grid, cell_days, count) == (Grid::Period, CellDays::Actual, Count::Between)
            && (basis, degenerate) == (Basis::Prorate, Degenerate::Zero)
    };
    PRESETS.iter().copied().filter(is_plain).collect()
}

/// The months that a request of one month states, where its terms read them.
fn months_read(terms: &Terms) -> Option<u32> {
    terms.reads_months().then_some(1)
}

/// Terms of any system, with other roundings, formulas and destinations.
fn any_terms() -> impl Strategy<Value = Terms> {
    (
        prop::sample::select(PRESETS),
        prop::sample::select(Rounding::ALL),
        prop::sample::select(CreditFormula::ALL),
        prop::sample::select(CreditFrom::ALL),
        prop::sample::select(DiscountCredit::ALL),
        prop::sample::select(Stage::ALL),
        prop::sample::select(Destination::ALL),
        prop::bool::weighted(0.9),
    )
        .prop_map(
            |(preset, rounding, credit_formula, credit_from, discount, stage, destination, cap)| {
                Terms {
                    rounding,
                    credit_formula,
                    credit_from,
                    discount,
                    stage,
                    // Months have no price of a day that a credit could pay for.
                    destination: match (destination, preset.terms.grid) {
                        (Destination::Time, Grid::Month) => Destination::Settle,
                        _ => destination,
                    },
                    cap,
                    ..preset.terms
                }
            },
        )
}

fn any_plan() -> impl Strategy<Value = PricePlan> {
    let discount = prop_oneof![
        3 => Just(Discount::None),
        1 => (0..=100_i64).prop_map(|off| Discount::Rate(Decimal::new(off, 2))),
        1 => (0..2_000_i64).prop_map(|off| Discount::Amount(cents(off))),
    ];
    let price = prop_oneof![8 => 0..100_000_i64, 1 => -10_000..0_i64];
    let taxes = prop_oneof![
        Just(vec![]),
        Just(vec![1_900]),
        Just(vec![700, 55]),
        vec(0..9_999_i64, 0..3)
    ];
    (price, 0..9_i64, discount, taxes).prop_map(|(price, quantity, discount, taxes)| {
        let rate = |rate| PlanTax {
            name: None,
            rate: Decimal::new(rate, 4),
        };
        let is_fit = price > 0;
        PricePlan {
            quantity: Decimal::from(quantity),
            discount: if is_fit { discount } else { Discount::None },
            taxes: taxes.into_iter().map(rate).collect(),
            ..plan(price)
        }
    })
}

/// Changes of any kind, in an order that makes sense, within a period of days.
fn any_change() -> impl Strategy<Value = ChangeRequest> {
    let event = (0..=100_i32, 0..8_u8, any_plan(), any::<u8>());
    let facts = (
        prop::bool::weighted(0.9),
        prop::option::of(0..200_000_i64),
        0..3_000_i64,
        0..50_000_i64,
    );
    (
        span(),
        any_terms(),
        any_plan(),
        facts,
        vec(event, 1..6),
        prop::sample::select(&[1, 5, 100][..]),
    )
        .prop_map(
            |(
                [begin, _, _, end],
                terms,
                first,
                (has_plan, billed, credited, open),
                events,
                step,
            )| {
                let end = end.max(begin + 1);
                let mut events: Vec<_> = events
                    .into_iter()
                    .map(|(at, kind, plan, which)| {
                        (begin + (end - begin) * at / 100, kind, plan, which)
                    })
                    .collect();
                events.sort_by_key(|(at, ..)| *at);
                let (mut runs, mut rests, mut awake) = (has_plan, false, begin);
                let mut price = first.price;
                let mut next = |(on, kind, plan, which): (i32, u8, PricePlan, u8)| {
                    let on = on.max(awake);
                    let bit = |place: u8| which >> place & 1 == 1;
                    let kind = match kind {
                        0 if runs => PlanEvent::Pause(None),
                        1 if runs => PlanEvent::Pause(Some(day(on + (end - on) / 2).into())),
                        2 if runs => PlanEvent::Cancel,
                        0..=4 if rests => PlanEvent::Resume,
                        // A change of nothing but the quantity, and any other.
                        3..=5 if runs => PlanEvent::Switch(PlanUpdate {
                            quantity: Some(plan.quantity),
                            ..PlanUpdate::default()
                        }),
                        _ if runs => PlanEvent::Switch(PlanUpdate {
                            description: None,
                            price: bit(0)
                                .then_some(plan.price)
                                .filter(|new| new.is_sign_negative() == price.is_sign_negative()),
                            quantity: bit(1).then_some(plan.quantity),
                            discount: Some(Discount::None),
                            taxes: bit(2).then_some(plan.taxes),
                            terms: None,
                        }),
                        _ => {
                            price = plan.price;
                            PlanEvent::Start(plan)
                        }
                    };
                    if let PlanEvent::Pause(Some(_)) = kind {
                        awake = on + (end - on) / 2;
                    }
                    rests = matches!(kind, PlanEvent::Pause(None))
                        || rests && !matches!(kind, PlanEvent::Resume | PlanEvent::Start(_));
                    runs = !matches!(kind, PlanEvent::Pause(None) | PlanEvent::Cancel);
                    (ChangeTime::At(day(on).into()), kind)
                };
                let events = events.into_iter().map(&mut next).collect();
                let closed = i32::from(terms.interval == Interval::Closed);
                let sign = if first.price.is_sign_negative() {
                    -1
                } else {
                    1
                };
                let facts = has_plan.then_some((billed, credited, open));
                let (billed, credited, open) = facts.unwrap_or_default();
                ChangeRequest {
                    increment: cents(step),
                    months: months_read(&terms),
                    plan: has_plan.then_some(first),
                    billed: billed.map(|billed| cents(billed / step * step * sign)),
                    credited: cents(credited / step * step * sign),
                    open: cents(open / step * step * sign),
                    ..change(terms, 0, period(begin, end - closed), events)
                }
            },
        )
}

proptest! {
    #![proptest_config(property::config(1_000))]

    #[test]
    fn months_of_a_grid_are_those_counted_day_by_day(
        [_, from, to, end] in span(),
        grid_day in 1..=31_u8,
        cell_days in prop_oneof![Just(CellDays::Actual), Just(CellDays::Fixed(30)), Just(CellDays::Fixed(28))],
    ) {
        let terms = Terms { grid: Grid::Month, grid_day: Some(grid_day), cell_days, ..Terms::default() };
        let mut cells = Vec::new();
        let share = terms.share(period(from, to), None, 3, Some(&mut cells)).unwrap();
        let expected = months(from, to, grid_day, cell_days);
        prop_assert_eq!(share.covered, expected);
        prop_assert_eq!(share.factor, expected.over(Fraction::whole(3)));
        let sum = cells.iter().fold(Fraction::ZERO, |sum, cell| sum.plus(cell.covered.over(cell.length)));
        prop_assert_eq!(sum, expected, "the cells are the share");
        // Closed dates are the same time, written otherwise.
        if from < to {
            let closed = Terms { interval: Interval::Closed, ..terms };
            prop_assert_eq!(closed.share(period(from, to - 1), Some(period(from, end)), 3, None).unwrap(), share);
        }
    }

    #[test]
    fn parts_of_a_service_add_up([begin, from, to, end] in span(), at in 0..=100_i32, fixed in any::<bool>()) {
        let cell_days = if fixed { CellDays::Fixed(30) } else { CellDays::Actual };
        let between = from + (to - from) * at / 100;
        let terms = Terms { cell_days, ..Terms::default() };
        let share = |from: i32, to: i32| {
            terms.share(period(from, to), Some(period(begin, end)), 1, None).unwrap().factor
        };
        prop_assert_eq!(share(from, between).plus(share(between, to)), share(from, to));
        if !fixed && begin < end {
            prop_assert_eq!(share(begin, from).plus(share(from, end)), Fraction::ONE);
        }
    }

    #[test]
    fn an_amount_is_the_rounded_exact_share_and_mirrors(
        [begin, from, to, end] in span(),
        price in -10_000_000_000_i64..10_000_000_000,
        rounding in prop::sample::select(Rounding::ALL),
    ) {
        let terms = Terms { rounding, ..Terms::default() };
        let (service, whole) = (period(from, to), period(begin, end));
        let amount = prorate(terms, price, service, whole).unwrap();
        if begin < end {
            let expected = rounded(i128::from(price) * i128::from(to - from), (end - begin).into(), rounding);
            prop_assert_eq!(i128::from(amount), expected);
        } else {
            prop_assert_eq!(amount, 0);
        }
        let mirror = match rounding {
            Rounding::Floor => Rounding::Ceiling,
            Rounding::Ceiling => Rounding::Floor,
            rounding => rounding,
        };
        prop_assert_eq!(prorate(Terms { rounding: mirror, ..terms }, -price, service, whole).unwrap(), -amount);
    }

    #[test]
    fn columns_give_what_single_requests_give(
        spans in vec((span(), -1_000_000_000_i64..1_000_000_000), 1..20),
        preset in prop::sample::select(PRESETS),
        extreme in prop_oneof![4 => Just(None), 1 => any::<i64>().prop_map(Some)],
        closed in any::<bool>(),
        backwards in prop::bool::weighted(0.1),
        [leading, trailing] in [rule(), rule()],
    ) {
        let interval = if closed { Interval::Closed } else { preset.terms.interval };
        let terms = Terms { interval, leading, trailing, ..preset.terms };
        let spans: Vec<_> = spans.into_iter().map(|([begin, from, to, end], price)| {
            (if backwards { [begin, to, from, end] } else { [begin, from, to, end] }, price)
        }).collect();
        prop_assume!(terms.rate_scale.is_none());
        let scale = if terms.unit == Unit::Day { 1 } else { 86_400_000 };
        let column = |of: &dyn Fn(&[i32; 4]) -> i32| {
            ServiceTimes::Each(spans.iter().map(|(span, _)| i64::from(of(span)) * scale).collect())
        };
        let mut prices: Vec<_> = spans.iter().map(|(_, price)| *price).collect();
        prices[0] = extreme.unwrap_or(prices[0]);
        let columns = ProrateColumns {
            terms,
            months: months_read(&terms),
            prices: prices.clone(),
            increment: 5,
            service: [column(&|span| span[1]), column(&|span| span[2])],
            period: [column(&|span| span[0]), column(&|span| span[3])],
        };
        let single = spans.iter().zip(&prices).map(|((span, _), &price)| {
            let [begin, from, to, end] = *span;
            let [service, period] = [period(from, to), period(begin, end)];
            let instants = |Period { from, to }: Period| Period {
                from: Moment::Instant(from.instant()),
                to: Moment::Instant(to.instant()),
            };
            let [service, period] =
                if terms.unit == Unit::Day { [service, period] } else { [service, period].map(instants) };
            let (reference, months) = (Some(Reference::Given(period)), months_read(&terms));
            let time = ServiceTime::Service { service, reference, months };
            let (price, increment) = (Decimal::from(price), Decimal::from(5));
            let prorated = ProrateRequest { terms, price, quantity: Decimal::ONE, increment, time }.prorate()?;
            let amount = prorated.amount.increments().checked_mul(5);
            amount.ok_or_else(|| Error::of(Reason::TooManyIncrements {}, &Site::Command))
        });
        let single: Result<Vec<_>, _> = single.collect();
        match (columns.prorate(), single) {
            (Ok(columns), Ok(single)) => prop_assert_eq!(columns, single),
            (Err(columns), Err(single)) => prop_assert_eq!(columns.code(), single.code()),
            (columns, single) => prop_assert!(false, "{:?} {:?}", columns, single),
        }
    }

    #[test]
    fn a_change_at_the_begin_is_a_swap_and_at_the_end_nothing(
        [begin, _, _, end] in span(),
        [old, new] in [0..1_000_000_i64, 0..1_000_000],
        preset in prop::sample::select(plain_presets()),
    ) {
        let end = end.max(begin + 1);
        let closed = preset.terms.interval == Interval::Closed;
        let whole = period(begin, end - i32::from(closed));
        let switched = |on: i32| {
            let switch = PlanEvent::Switch(PlanUpdate { price: Some(cents(new)), ..PlanUpdate::default() });
            let at = ChangeTime::At(day(on).into());
            let preview = change(preset.terms, old, whole, vec![(at, switch)]).preview().unwrap();
            [preview.credit, preview.charge, preview.net].map(|amount| amount.increments())
        };
        let [credit, charge, net] = switched(begin);
        prop_assert_eq!(net, new - old, "{}", preset.name);
        prop_assert_eq!((credit, charge), (-old, new), "{}", preset.name);
        prop_assert_eq!(switched(end), [0, 0, 0], "{}", preset.name);
    }

    #[test]
    fn however_it_is_shown_the_money_is_the_same(request in any_change()) {
        let shown = |present: Present| {
            ChangeRequest { terms: Terms { present, ..request.terms }, ..request.clone() }.preview()
        };
        let gross = shown(Present::Gross);
        for present in [Present::Net, Present::Quantity] {
            match (&gross, shown(present)) {
                (Ok(gross), Ok(other)) => {
                    let lines = gross.lines.clone();
                    prop_assert_eq!(&ChangePreview { lines, ..other.clone() }, gross, "{:?}", present);
                    let sum = |preview: &ChangePreview| {
                        let taxes = |line: &ChangeLine| {
                            line.taxes.iter().map(|tax| tax.increments()).sum::<i64>()
                        };
                        let of = |line: &ChangeLine| [line.amount.increments(), taxes(line), line.gross.increments()];
                        let sums = preview.lines.iter().map(of);
                        sums.fold([0; 3], |sum, line| [0, 1, 2].map(|place| sum[place] + line[place]))
                    };
                    prop_assert_eq!(sum(&other), sum(gross), "{:?}", other.lines);
                    for line in &other.lines {
                        prop_assert_eq!(line.gross.increments() + line.discount.increments(), line.amount.increments());
                        let says = line.sentence.contains(&line.amount.to_string());
                        prop_assert!(says || line.kind == LineKind::Time, "{}", line.sentence);
                        if let Some([credit, charge]) = line.sides {
                            prop_assert_eq!(credit.increments() + charge.increments(), line.amount.increments());
                        }
                    }
                }
                (Err(gross), Err(other)) => prop_assert_eq!(gross, &other),
                (gross, other) => prop_assert!(false, "{:?} {:?}", gross, other),
            }
        }
    }

    #[test]
    fn credits_go_somewhere_and_nothing_is_due_below_zero(request in any_change()) {
        let terms = Terms { present: Present::Gross, ..request.terms };
        let Ok(preview) = (ChangeRequest { terms, ..request.clone() }).preview() else {
            return Ok(());
        };
        let total = |line: &ChangeLine| {
            let taxes: i64 = line.taxes.iter().map(|tax| tax.increments()).sum();
            line.amount.increments() + taxes
        };
        let sum_of = |credited: bool| {
            preview.lines.iter().filter(|line| line.is_credited == credited).map(total).sum::<i64>()
        };
        let (credited, charged) = (-sum_of(true), sum_of(false));
        let goes = preview.credits;
        let parts = [goes.billed, goes.charges, goes.refund, goes.account].map(|amount| amount.increments());
        prop_assert!(parts.iter().all(|&part| part >= 0), "{:?}", parts);
        prop_assert_eq!(parts.iter().sum::<i64>(), credited);
        prop_assert!(charged >= 0 && preview.due.increments() >= 0, "no document below zero");
        prop_assert_eq!(preview.due.increments(), charged - parts[1]);
        prop_assert_eq!(preview.total.increments(), charged - credited);
        // Nothing of the bill is paid but by what is credited of it.
        let of_bill: i64 = preview.lines.iter().filter(|line| line.credits_bill()).map(|line| -total(line)).sum();
        let rounding = preview.lines.iter().filter(|line| line.kind == LineKind::Rounding);
        let rounding = rounding.map(|line| total(line).abs());
        prop_assert!(parts[0] <= of_bill + rounding.sum::<i64>());
        prop_assert!(Fraction::whole(parts[0].into()).times(Fraction::of(request.increment)) == goes.billed.exact());
        // Where both are there, one pays the other before anything is due, stays or goes back.
        if request.terms.destination != Destination::Account {
            prop_assert!(preview.due.increments() == 0 || parts[2] + parts[3] == 0);
        }
    }

    #[test]
    fn what_a_change_says_of_a_price_is_what_prorate_says(
        [begin, from, _, end] in span(),
        price in 0..1_000_000_i64,
        quantity in 0..40_i64,
        off in 0..=100_i64,
        preset in prop::sample::select(PRESETS),
        rounding in prop::sample::select(Rounding::ALL),
    ) {
        // The plan that begins, and, credited directly, the one that ends: their gross is a price of its own, and so is
        // what is left of it after the discount; the discount is their difference.
        let closed = i32::from(preset.terms.interval == Interval::Closed);
        let (end, from) = (end.max(from + 2), from.max(begin));
        let terms = Terms { rounding, credit_formula: CreditFormula::Direct, ..preset.terms };
        prop_assume!(terms.rate_scale.is_none() || from > begin);
        let rate = Decimal::new(off, 2);
        let plan = PricePlan { quantity: Decimal::from(quantity), discount: Discount::Rate(rate), ..plan(price) };
        let (whole, service) = (period(begin, end - closed), period(from, end - closed));
        let (reference, months) = (Some(Reference::Given(whole)), months_read(&terms));
        let time = ServiceTime::Service { service, reference, months };
        let says = |price: Decimal| {
            let request = ProrateRequest { terms, price, quantity: plan.quantity, increment: cents(1), time };
            request.prorate().map(|said| said.amount.increments())
        };
        let (gross, net) = (says(cents(price)), says(Decimal::new(price * (100 - off), 4)));
        let start = change(terms, 0, whole, vec![(ChangeTime::At(day(from).into()), PlanEvent::Start(plan.clone()))]);
        let started = ChangeRequest { plan: None, ..start }.preview();
        let (Ok(gross), Ok(net), Ok(started)) = (gross, net, started) else { return Ok(()) };
        let line = &started.lines[0];
        let parts = [line.gross, line.amount, line.discount].map(|amount| amount.increments());
        prop_assert_eq!(parts, [gross, net, net - gross], "{}", preset.name);
    }

    #[test]
    fn paused_days_are_neither_served_nor_credited_twice(
        length in 1..400_i32,
        price in 0..1_000_000_i64,
        places in vec(0..=100_i32, 1..9),
        begins in 0..=100_i32,
        off in 0..=100_i64,
    ) {
        // A naive account of it: days are served, paused or left, and each is one day of the period's price.
        let mut places: Vec<_> = places.iter().chain([&begins]).map(|place| place * length / 100).collect();
        places.sort_unstable();
        let since = places.remove(0);
        let end = places.pop().unwrap();
        let mut events = Vec::new();
        let mut paused = 0;
        for pair in places.chunks_exact(2) {
            paused += pair[1] - pair[0];
            events.push((ChangeTime::At(day(pair[0]).into()), PlanEvent::Pause(Some(day(pair[1]).into()))));
        }
        events.push((ChangeTime::At(day(end).into()), PlanEvent::Cancel));
        let mut request = change(Terms::default(), price, period(0, length), events);
        request.since = Some(day(since).into());
        request.plan.as_mut().unwrap().discount = Discount::Rate(Decimal::new(off, 2));
        let preview = request.preview().unwrap();

        let costs = |days: i32, price: i64, of: i64| {
            let exact = i128::from(price) * i128::from(days);
            i64::try_from(rounded(exact, i128::from(length) * i128::from(of), Rounding::HalfUp)).unwrap()
        };
        let served = end - since - paused;
        let billed = costs(length - since, price * (100 - off), 100);
        let kept = costs(served, price * (100 - off), 100);
        prop_assert_eq!(-preview.credit.increments(), billed - kept, "{:?}", preview.lines);
        let last = preview.lines.last().unwrap();
        if let (Some(cost), None) = (&last.cost, last.cap) {
            prop_assert_eq!(cost.amount.increments(), kept);
            prop_assert_eq!(cost.share.covered, Fraction::whole(served.into()));
            let cells = cost.cells.iter().fold(Fraction::ZERO, |sum, cell| sum.plus(cell.covered));
            prop_assert_eq!(cells, cost.share.covered, "the cells are what was served");
        }
    }

    #[test]
    fn what_was_paid_is_what_can_be_credited(
        [begin, _, _, end] in span(),
        steps in vec((0..=100_i32, prop::option::of(0..1_000_000_i64), prop::option::of(0..40_i64)), 1..6),
        rounding in prop::sample::select(Rounding::ALL),
        present in prop::sample::select(Present::ALL),
        direct in any::<bool>(),
        quantity in 0..40_i64,
    ) {
        let end = end.max(begin + 1);
        let credit_formula = if direct { CreditFormula::Direct } else { CreditFormula::Residual };
        let terms = Terms { rounding, credit_formula, present, ..Terms::default() };
        let mut offsets: Vec<_> = steps.iter().map(|&(at, ..)| begin + (end - begin) * at / 100).collect();
        offsets.sort_unstable();
        let switch = |(&on, &(_, price, quantity)): (&i32, &(i32, Option<i64>, Option<i64>))| {
            let (price, quantity) = (price.map(cents), quantity.map(Decimal::from));
            (ChangeTime::At(day(on).into()), PlanEvent::Switch(PlanUpdate { price, quantity, ..PlanUpdate::default() }))
        };
        let events: Vec<_> = offsets.iter().zip(&steps).map(switch).collect();
        let mut request = change(terms, 3_000, period(begin, end), events);
        request.plan.as_mut().unwrap().quantity = Decimal::from(quantity);
        let preview = request.preview().unwrap();
        // A cancellation on the spot gives back all that was charged for the plan that runs.
        let running = preview.running.clone().unwrap();
        prop_assert_eq!(running.credited.increments(), 0);
        let billed = running.billed.increments();
        let last = *offsets.last().unwrap();
        request.events.push(PlanChange { when: ChangeTime::At(day(last).into()), kind: PlanEvent::Cancel });
        let cancelled = request.preview().unwrap();
        let back = preview.credit.increments() - cancelled.credit.increments();
        prop_assert_eq!(back, billed, "{:?}", cancelled.lines);
    }

    #[test]
    fn no_line_gives_back_more_than_it_was_billed(
        [begin, _, _, end] in span(),
        prices in vec((0..5_000_000_i64, 0..=100_i32, 0..4_u8), 1..8),
        rounding in prop::sample::select(Rounding::ALL),
        direct in any::<bool>(),
        rates in vec(0..3_000_i64, 0..3),
    ) {
        let credit_formula = if direct { CreditFormula::Direct } else { CreditFormula::Residual };
        let terms = Terms { rounding, credit_formula, ..Terms::default() };
        let mut offsets: Vec<_> = prices.iter().map(|&(_, at, _)| begin + (end - begin) * at / 100).collect();
        offsets.sort_unstable();
        let mut runs = true;
        let mut rests = false;
        let mut events = Vec::new();
        let mut awake = begin;
        for (&on, &(price, _, kind)) in offsets.iter().zip(&prices) {
            // Nothing changes while a plan rests until a day that is known.
            let on = on.max(awake);
            let kind = match (kind, runs, rests) {
                (0, true, _) => PlanEvent::Pause(None),
                (1, true, _) => PlanEvent::Pause(Some(day(on + (end - on) / 2).into())),
                (2, true, _) => PlanEvent::Cancel,
                (_, true, _) => PlanEvent::Switch(PlanUpdate { price: Some(cents(price)), ..PlanUpdate::default() }),
                (0 | 1, false, true) => PlanEvent::Resume,
                (_, false, _) => PlanEvent::Start(plan(price)),
            };
            rests = matches!(kind, PlanEvent::Pause(None))
                || rests && !matches!(kind, PlanEvent::Resume | PlanEvent::Start(_));
            runs = !matches!(kind, PlanEvent::Pause(None) | PlanEvent::Cancel);
            if matches!(kind, PlanEvent::Pause(Some(_))) {
                awake = on + (end - on) / 2;
            }
            events.push((ChangeTime::At(day(on).into()), kind));
        }
        let mut request = change(terms, 3_000, period(begin, end), events);
        let taxes: Vec<_> = rates.iter().map(|&rate| PlanTax { name: None, rate: Decimal::new(rate, 4) }).collect();
        request.plan.iter_mut().for_each(|plan| plan.taxes.clone_from(&taxes));
        let preview = request.preview().unwrap();
        // Line after line, as an auditor would: what is open of the plan that runs.
        let mut open = i64::from(begin < end) * 3_000;
        let mut sum = 0;
        for line in &preview.lines {
            let amount = line.amount.increments();
            sum += amount;
            prop_assert_eq!(line.gross.increments() + line.discount.increments(), amount);
            prop_assert!(line.sentence.contains(&line.amount.to_string()), "{}", line.sentence);
            match line.kind {
                LineKind::Charge => {
                    prop_assert!(amount >= 0);
                    open = amount;
                }
                _ => {
                    prop_assert!(amount <= 0 && -amount <= open, "{} of {}", amount, open);
                    open += amount;
                }
            }
        }
        prop_assert_eq!(sum, preview.net.increments());
        prop_assert_eq!(preview.credit.increments() + preview.charge.increments(), sum);
        if let Some(running) = preview.running {
            prop_assert_eq!(running.billed.increments() - running.credited.increments(), open);
        }
    }

    #[test]
    fn a_credit_never_charges_and_a_charge_never_credits(
        [leading, trailing] in [rule(), rule()],
        present in prop::sample::select(Present::ALL),
        (cap, since) in (any::<bool>(), 0..=100_i32),
        request in any_change(),
    ) {
        let mut request = request;
        request.terms = Terms { leading, trailing, present, cap, ..request.terms };
        // Some time before the first change.
        if let (Some(Reference::Given(period)), Some(first)) = (request.period, request.events.first()) {
            let (Moment::Day(from), ChangeTime::At(Moment::Day(to))) = (period.from, first.when) else {
                unreachable!("changes of days")
            };
            request.since = from.plus_days(i64::from(from.days_until(to) * since / 100)).map(Moment::Day);
        }
        // Terms can contradict each other, and credits that pay for time end the period.
        let Ok(preview) = request.preview() else { return Ok(()) };

        for line in &preview.lines {
            // A plan of a negative price, a standing discount, is the mirror of any other.
            let mirror = line.plan.as_ref().map_or(1, |plan| if plan.price.is_sign_negative() { -1 } else { 1 });
            let [amount, gross, discount] =
                [line.amount, line.gross, line.discount].map(|amount| amount.increments() * mirror);
            let sign = match line.kind {
                LineKind::Credit => -1,
                LineKind::Charge => 1,
                LineKind::Time => 0,
                LineKind::Net | LineKind::Rounding => continue,
            };
            prop_assert!(amount == 0 || amount.signum() == sign, "{:?}", line);
            // Of two sides, it is the sum of their discounts.
            let is_discount = discount == 0 || discount.signum() == -gross.signum();
            prop_assert!(is_discount || line.sides.is_some(), "{:?}", line);
            for tax in &line.taxes {
                prop_assert!(tax.is_zero() || tax.increments().signum() * mirror == sign, "{:?}", line);
            }
        }
    }

    /// Each day of a period is served, paused or credited, once: what is billed in the end is the price of the days
    /// that are served, whatever ends, changes or extends a pause.
    #[test]
    fn the_days_of_a_period_are_served_paused_or_credited_once(
        first in 0..500_i64,
        steps in vec((0..=MONTH_DAYS, 0..6_u8, 0..500_i64, 0..=MONTH_DAYS + 9), 1..9),
        direct in any::<bool>(),
        base in prop::sample::select(CreditBase::ALL),
        present in prop::sample::select(Present::ALL),
    ) {
        let mut steps = steps;
        steps.sort_by_key(|(on, ..)| *on);
        let mut calendar = Calendar::new(first);
        let mut events = Vec::new();
        for (on, kind, price, until) in steps {
            if let Some(event) = calendar.step(on, kind, price, until) {
                events.push((ChangeTime::At(day(on).into()), event));
            }
        }

        // A day costs whole cents, so that nothing is rounded.
        let credit_formula = if direct { CreditFormula::Direct } else { CreditFormula::Residual };
        let terms = Terms { credit_formula, credit_base: base, present, ..Terms::default() };
        let request = change(terms, first * i64::from(MONTH_DAYS), period(0, MONTH_DAYS), events);
        let preview = request.preview().unwrap();

        let served: i64 = calendar.prices.iter().sum();
        prop_assert_eq!(preview.net.increments(), served - first * i64::from(MONTH_DAYS), "{:?}", request.events);
    }

    #[test]
    fn a_line_credited_bit_by_bit_gives_its_whole_tax_back(
        length in 2..366_i32,
        price in 1..5_000_000_i64,
        rates in vec(0..10_000_i64, 1..4),
        cuts in vec(0..=100_i32, 1..6),
        rounding in prop::sample::select(Rounding::ALL),
    ) {
        // Windows side by side that cover all of it, and then what rounding left, by cancelling at the begin.
        let terms = Terms { rounding, credit_formula: CreditFormula::Direct, ..Terms::default() };
        let mut cuts: Vec<_> = cuts.iter().map(|cut| length * cut / 100).collect();
        cuts.extend([0, length]);
        cuts.sort_unstable();
        let taxes: Vec<_> = rates.iter().map(|&rate| PlanTax { name: None, rate: Decimal::new(rate, 4) }).collect();
        let mut credited = 0;
        let mut taxed = vec![0; taxes.len()];
        let mut windows: Vec<_> = cuts.windows(2).map(|pair| (pair[0], pair[1])).collect();
        windows.push((0, length));
        for (from, to) in windows {
            let pause = PlanEvent::Pause(Some(day(to).into()));
            let mut request = change(terms, price, period(0, length), vec![(ChangeTime::At(day(from).into()), pause)]);
            request.credited = cents(credited);
            request.billed = Some(cents(price));
            request.plan.iter_mut().for_each(|plan| plan.taxes.clone_from(&taxes));
            let preview = request.preview().unwrap();
            credited -= preview.credit.increments();
            for (sum, tax) in taxed.iter_mut().zip(&preview.lines[0].taxes) {
                *sum -= tax.increments();
            }
        }
        prop_assert_eq!(credited, price);
        for (sum, tax) in taxed.iter().zip(&rates) {
            let whole = rounded(i128::from(price) * i128::from(*tax), 10_000, rounding);
            prop_assert_eq!(i128::from(*sum), whole);
        }
    }

    #[test]
    fn a_schedule_tiles_its_time(
        start in 0..150_000_i32,
        served in 0..2_500_i32,
        (months, billing_day) in (prop::sample::select(&[1_u32, 3, 12][..]), 1..=31_u8),
        stub_period in prop::sample::select(StubPeriod::ALL),
        skip in any::<bool>(),
    ) {
        let (leading, trailing) = if skip { (Stub::Skip, Stub::Skip) } else { (Stub::Prorate, Stub::Prorate) };
        let every = Every::Months(months);
        let schedule = ScheduleRequest {
            terms: Terms { leading, trailing, stub_period, ..Terms::default() },
            start: day(start),
            end: Some(day(start + served)),
            until: None,
            every,
            billing_day: Some(billing_day),
            weekday: None,
            price: Some((cents(1_000), cents(1))),
        };
        let scheduled = schedule.make().unwrap();
        let bounds = |period: Period| (period.from.day().number(), period.to.day().number());
        let mut at = start;
        let mut amount = 0;
        for segment in &scheduled.segments {
            let ((from, to), (begin, end)) = (bounds(segment.service), bounds(segment.period));
            prop_assert!(from < to && (from == at || skip), "no gap and no overlap");
            at = to;
            amount += segment.amount.unwrap().increments();
            if stub_period == StubPeriod::Anchored {
                let (_, _, of_month) = day(begin).parts();
                prop_assert_eq!(of_month, billing_day.min(day(begin).days_in_month()), "the period of a stub, too");
            }
            let expected = match segment.kind {
                SegmentKind::Whole => Fraction::ONE,
                _ => fraction((to - from).into(), (end - begin).into()),
            };
            prop_assert_eq!(segment.share.factor, expected);
            if segment.kind == SegmentKind::Whole {
                prop_assert_eq!((from, to), (begin, end));
                // A boundary depends on the anchor and its number alone: the billing day, or the last of its month.
                let (_, _, of_month) = day(from).parts();
                prop_assert_eq!(of_month, billing_day.min(day(from).days_in_month()));
                let next = day(from).plus_months(i32::try_from(months).unwrap()).unwrap();
                prop_assert_eq!(next.with_day(billing_day), day(to));
            }
        }
        prop_assert!(skip || at == start + served);
        prop_assert_eq!(scheduled.amount.unwrap().increments(), amount);
    }

    #[test]
    fn nothing_makes_it_stop(
        mantissas in [any::<i64>(), any::<i64>(), any::<i64>()],
        scales in [0..=18_u32, 0..=18, 0..=18],
        numbers in [any::<i32>(), any::<i32>(), any::<i32>(), any::<i32>()],
        preset in prop::sample::select(PRESETS),
        months in prop_oneof![Just(None), any::<u32>().prop_map(Some)],
        clamp in any::<bool>(),
    ) {
        let date = |number: i32| Date::from_number(number % 3_000_000).unwrap_or(Date::EPOCH);
        let [a, b, c, d] = numbers.map(date);
        let decimal = |place: usize| Decimal::new(mantissas[place], scales[place]);
        let [service, whole] = [(a, b), (c, d)].map(|(from, to)| Period { from: from.into(), to: to.into() });
        let terms = Terms { clamp, ..preset.terms };
        let time = ServiceTime::Service { service, reference: Some(Reference::Given(whole)), months };
        let request = ProrateRequest { terms, price: decimal(0), quantity: decimal(1), increment: decimal(2), time };
        if let Ok(prorated) = request.prorate() {
            prop_assert!(!prorated.sentence().is_empty());
        }
        let switch = PlanEvent::Switch(PlanUpdate { price: Some(decimal(1)), ..PlanUpdate::default() });
        let mut request = change(terms, mantissas[0], whole, vec![(ChangeTime::At(a.into()), switch)]);
        request.increment = decimal(2);
        request.months = months;
        _ = request.preview().map(|preview| preview.lines.len());
        let boundary = Anchor::on_day(a, 31).boundary(Every::Months(months.unwrap_or(1)), numbers[3]);
        prop_assert!(boundary.is_none_or(|date| date.parts().2 <= 31));
    }
}
