//! A change of plan in the midst of a month: what it costs, line by line, and what a book makes of it.
//!
//! Run it with `cargo run --example change_of_plan`. `cargo test` proves its figures.

use setoff::prelude::*;

fn main() -> Result<(), Error> {
    let preview = upgrade()?.increment(decimal("0.01")?).preview()?;
    for line in &preview.lines {
        println!("{:>8}  {}", line.amount.to_string(), line.sentence);
    }

    let book = bill_upgrade()?;
    for id in ["INV-1", "INV-2", "CM-1"] {
        let open = book.open_amount(id).unwrap_or_default();
        println!("{id:<6} {:>8}", write_decimal(open));
    }
    Ok(())
}

/// From 30.00 to 60.00 a month, on the 16th of a June that was billed on its first day.
fn upgrade() -> Result<ChangeRequest, Error> {
    let (first, sixteenth): (Date, Date) = ("2026-06-01".parse()?, "2026-06-16".parse()?);
    Ok(ChangeRequest::of(PricePlan::new(30))
        .from_day(first, Every::Months(1))
        .switch(sixteenth, PlanUpdate::price(60)))
}

/// The bill of June, paid, and the bill of the change.
fn bill_upgrade() -> Result<Book, Error> {
    let mut book = Book::in_currency("USD")?;
    let first = "2026-06-01".parse()?;
    book.execute(&Command::invoice("INV-1").item("plan", 30).on(first))?;
    book.execute(&Command::pay("INV-1").named("PAY-1").on(first))?;

    let change = Command::change_plan(upgrade()?)
        .billed_by("INV-1", "plan")
        .invoice("INV-2")
        .credit_memo("CM-1");
    book.execute(&change.on("2026-06-16".parse()?))?;
    Ok(book)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 15 of 30 days are left: half of 30.00 comes back, and half of 60.00 is charged.
    #[test]
    fn half_a_month_is_credited_and_half_a_month_is_charged() -> Result<(), Error> {
        let preview = upgrade()?.increment(decimal("0.01")?).preview()?;

        let amounts: Vec<_> = preview
            .lines
            .iter()
            .map(|line| line.amount.to_string())
            .collect();

        assert_eq!(amounts, ["-15.00", "30.00"]);
        Ok(())
    }

    /// The bill of June is paid, so its credit settles the new one.
    #[test]
    fn the_credit_settles_the_new_bill() -> Result<(), Error> {
        let book = bill_upgrade()?;

        assert_eq!(book.open_amount("INV-1"), Some(decimal("0.00")?));
        assert_eq!(book.open_amount("INV-2"), Some(decimal("15.00")?));
        assert_eq!(book.open_amount("CM-1"), Some(decimal("0.00")?));
        Ok(())
    }
}
