//! The clocks of the places that vectors name, by the rules that they follow today. The engine has no time zones: it
//! reads instants as the local clock shows them.

use setoff::calendar::{Date, Moment};

const HOUR: i64 = 3600;

/// The instant of a vector as the clock of `zone` shows it; a day as it is.
pub fn local(text: &str, zone: Option<&str>) -> Moment {
    let moment = Moment::parse(text).unwrap();
    let (Moment::Instant(instant), Some(zone)) = (moment, zone) else {
        return moment;
    };
    let (seconds, nanos) = instant.since_1970();
    assert_eq!(nanos, 0, "{text}");
    let offset = offset(zone, seconds);
    let shown = seconds + offset;
    let day = Date::from_number(i32::try_from(shown.div_euclid(86_400)).unwrap()).unwrap();
    let (of_day, minutes) = (shown.rem_euclid(86_400), offset.abs() / 60);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        of_day / HOUR,
        of_day / 60 % 60,
        of_day % 60
    );
    let sign = if offset < 0 { '-' } else { '+' };
    Moment::parse(&format!(
        "{day}T{clock}{sign}{:02}:{:02}",
        minutes / 60,
        minutes % 60
    ))
    .unwrap()
}

/// The offset of a clock at a second since 1970, in seconds.
fn offset(zone: &str, seconds: i64) -> i64 {
    let year = Date::from_number(i32::try_from(seconds.div_euclid(86_400)).unwrap())
        .unwrap()
        .parts()
        .0;
    // The `nth` Sunday of a month (0: the last), in seconds.
    let sunday = |month: u8, nth: i64| {
        let first = Date::new(year, month, 1).unwrap();
        let day = i64::from(first.number())
            + i64::from(7 - first.weekday() % 7) % 7
            + 7 * (nth - 1).max(0);
        let last = i64::from(first.number()) + i64::from(first.days_in_month()) - 1;
        let day = if nth == 0 {
            last - i64::from(Date::from_number(last as i32).unwrap().weekday() % 7)
        } else {
            day
        };
        day * 86_400
    };
    let summer = |standard: i64, from: i64, to: i64| {
        standard
            + if (from..to).contains(&seconds) {
                HOUR
            } else {
                0
            }
    };
    // The clocks change at two in the morning of standard time in America, at one in UTC in Europe.
    let america = |hours: i64| {
        summer(
            hours * HOUR,
            sunday(3, 2) + (2 - hours) * HOUR,
            sunday(11, 1) + (1 - hours) * HOUR,
        )
    };
    let europe = |hours: i64| summer(hours * HOUR, sunday(3, 0) + HOUR, sunday(10, 0) + HOUR);
    match zone {
        "UTC" => 0,
        "Europe/London" => europe(0),
        "Europe/Paris" => europe(1),
        "America/New_York" => america(-5),
        "America/Los_Angeles" => america(-8),
        "Asia/Tokyo" => 9 * HOUR,
        "Pacific/Honolulu" => -10 * HOUR,
        // Winter from the first Sunday of April to that of October, at three and two in the morning.
        "Australia/Sydney"
            if (sunday(4, 1) - 8 * HOUR..sunday(10, 1) - 8 * HOUR).contains(&seconds) =>
        {
            10 * HOUR
        }
        "Australia/Sydney" => 11 * HOUR,
        "+0300" => 3 * HOUR,
        other => panic!("no clock of {other}"),
    }
}
