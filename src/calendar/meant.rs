//! The day that a text means which is written as elsewhere, for the refusal of that text.

use super::Date;
use super::date::{days_in_month, number_of};
use crate::error::Reason;

/// Why a text is no day, with the day to write instead where the text leaves no doubt.
#[cold]
pub(super) fn refusal(written: &str) -> Reason {
    let text = written.into();
    let Some((year, month, day)) = parts_of(written.trim()) else {
        return Reason::NoDate { text };
    };

    if let Some(meant) = Date::new(year, month, day) {
        let meant = meant.into();
        return Reason::MisspeltDate { text, meant };
    }

    // A day that the month does not have is most often meant as its last.
    match Date::new(year, month, days_in_month(year, month)) {
        Some(last) if day > 0 => {
            let last = last.into();
            Reason::NoSuchDay { text, last }
        }
        _ => Reason::NoDate { text },
    }
}

/// The year, month and day of a text that can mean only these: `2026-3-1`, `2026/03/01`, `20260301`, `1.3.2026`,
/// `3/31/2026`. `None` for `3/4/2026`, which is one day in New York and another in London.
fn parts_of(text: &str) -> Option<(u16, u8, u8)> {
    if let (8, true) = (text.len(), text.bytes().all(|byte| byte.is_ascii_digit())) {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        return Some((number(year)?, small_number(month)?, small_number(day)?));
    }

    let separator = text
        .chars()
        .find(|letter| matches!(letter, '-' | '/' | '.'))?;
    let (first, rest) = text.split_once(separator)?;
    let (second, third) = rest.split_once(separator)?;
    if first.len() == 4 {
        return Some((number(first)?, small_number(second)?, small_number(third)?));
    }
    if third.len() != 4 {
        return None;
    }

    let (year, first, second) = (number(third)?, small_number(first)?, small_number(second)?);
    match separator {
        // With points, the day is first wherever people write so.
        '.' => Some((year, second, first)),
        _ if first > 12 => Some((year, second, first)),
        _ if second > 12 || first == second => Some((year, first, second)),
        _ => None,
    }
}

/// A number of digits.
fn number(digits: &str) -> Option<u16> {
    match digits {
        "" => None,
        _ => number_of(digits.as_bytes()),
    }
}

/// The number of a month or a day.
fn small_number(digits: &str) -> Option<u8> {
    number(digits).and_then(|number| u8::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a refusal of a text says to write, or the last day of the month.
    fn told(text: &str) -> String {
        match refusal(text) {
            Reason::MisspeltDate { meant, .. } => format!("{meant:?}"),
            Reason::NoSuchDay { last, .. } => format!("last {last:?}"),
            other => other.name().to_owned(),
        }
    }

    fn day(text: &str) -> String {
        let date = Date::parse(text).unwrap();
        format!("{:?}", crate::error::DayFigure::from(date))
    }

    #[test]
    fn a_day_that_is_written_as_elsewhere_is_told() {
        for text in [
            "2026-3-1",
            "2026/03/01",
            "20260301",
            "1.3.2026",
            "01.03.2026",
            " 2026-03-01 ",
            "2026.03.01",
        ] {
            assert_eq!(told(text), day("2026-03-01"), "{text}");
        }
        for text in ["3/31/2026", "31/3/2026", "31-03-2026", "31.3.2026"] {
            assert_eq!(told(text), day("2026-03-31"), "{text}");
        }
        assert_eq!(told("3/3/2026"), day("2026-03-03"));
    }

    #[test]
    fn a_day_that_its_month_does_not_have_tells_the_last_one() {
        for text in ["2026-02-29", "2026-02-30", "30.2.2026"] {
            assert_eq!(told(text), format!("last {}", day("2026-02-28")), "{text}");
        }
        assert_eq!(told("2024-02-30"), format!("last {}", day("2024-02-29")));
        assert_eq!(told("2026-04-31"), format!("last {}", day("2026-04-30")));
    }

    #[test]
    fn nothing_is_guessed() {
        for text in [
            "",
            "yesterday",
            "3/4/2026",
            "4-3-2026",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "26-03-01",
            "1.3.26",
            "2026-03",
            "2026-03-01-01",
            "0000-01-01",
            "2026-+3-01",
            "2026-03-0001x",
            "٢٠٢٦-٠٣-٠١",
            "2026-999-01",
            "2026-03-02 09:00:00",
        ] {
            assert_eq!(told(text), "NoDate", "{text}");
        }
    }
}
