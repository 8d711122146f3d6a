//! The calendar, compared with that of jiff, which others maintain: every day there is, and what follows from it.

use jiff::ToSpan;
use jiff::civil;
use setoff::calendar::Date;

/// The same day in both.
fn both(number: i32) -> Option<(Date, civil::Date)> {
    let ours = Date::from_number(number)?;
    let (year, month, day) = ours.parts();
    let theirs = civil::Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    );
    Some((ours, theirs.expect("a day of jiff's calendar")))
}

/// The numbers of the first and of the last day.
fn range() -> std::ops::RangeInclusive<i32> {
    let number = |text: &str| Date::parse(text).map(Date::number).unwrap_or_default();
    number("0001-01-01")..=number("9999-12-31")
}

#[test]
fn every_day_follows_the_one_before_and_is_the_same_weekday() {
    let mut expected = civil::date(1, 1, 1);
    for number in range() {
        let (ours, theirs) = both(number).expect("a day for each number");

        assert_eq!(theirs, expected);
        assert_eq!(
            ours.weekday(),
            theirs.weekday().to_monday_one_offset().unsigned_abs()
        );
        assert_eq!(ours.days_in_month(), theirs.days_in_month().unsigned_abs());
        assert_eq!(ours.to_string(), theirs.to_string());
        expected = expected.tomorrow().unwrap_or(expected);
    }
}

#[test]
fn a_day_some_months_later_is_the_same() {
    // 97 is prime to the 146,097 days of the cycle, so all kinds of days are tried.
    for number in range().step_by(97) {
        let (ours, theirs) = both(number).expect("a day for each number");
        for months in [
            -4801, -1200, -13, -12, -11, -1, 0, 1, 2, 6, 11, 12, 13, 1199, 4799,
        ] {
            let later = ours.plus_months(months).map(|date| date.to_string());
            let expected = theirs.checked_add(months.months()).ok();

            assert_eq!(
                later,
                expected
                    .filter(|date| date.year() > 0)
                    .map(|date| date.to_string())
            );
        }
    }
}

#[test]
fn as_many_days_lie_between_two_days() {
    let numbers: Vec<_> = range().step_by(36_529).collect();
    for (first, second) in numbers
        .iter()
        .flat_map(|one| numbers.iter().map(move |two| (*one, *two)))
    {
        let (ours, theirs) = both(first).expect("a day for each number");
        let (our_other, their_other) = both(second).expect("a day for each number");

        let days = theirs
            .until(their_other)
            .expect("a span of days")
            .get_days();
        assert_eq!(ours.days_until(our_other), days);
    }
}
