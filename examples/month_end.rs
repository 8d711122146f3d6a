//! The end of a month: a return is credited, money is applied, a small rest is written off, and the month is closed.
//!
//! Run it with `cargo run --example month_end`. `cargo test` proves its figures.

use setoff::prelude::*;

fn main() -> Result<(), Error> {
    let book = close_march()?;
    for id in ["INV-1", "INV-2", "CM-1", "PAY-1"] {
        let open = book.open_amount(id).unwrap_or_default();
        println!("{id:<6} {:>8}", write_decimal(open));
    }
    Ok(())
}

/// The book of an account after the end of March.
fn close_march() -> Result<Book, Error> {
    let mut book = Book::in_currency("EUR")?;
    let vat = decimal("0.19")?;

    // 119.00 and 238.00 with tax.
    let seats = NewItem::priced("seats", 5, 20).tax_at("vat", vat);
    let billed = Command::invoice("INV-1")
        .line(seats)
        .due("2026-03-15".parse()?);
    book.execute(&billed.on("2026-03-01".parse()?))?;
    let seats = NewItem::priced("seats", 10, 20).tax_at("vat", vat);
    let billed = Command::invoice("INV-2")
        .line(seats)
        .due("2026-04-15".parse()?);
    book.execute(&billed.on("2026-03-16".parse()?))?;

    // Two of five seats come back: 40.00, with the tax that was billed for them, 7.60.
    let returned = NewItem::charge("returned", 40).of("seats");
    let memo = Command::credit_memo("CM-1")
        .made_from(invoice("INV-1"))
        .line(returned);
    book.execute(&memo.on("2026-03-20".parse()?))?;
    let apply = Command::apply("CM-1").to("INV-1").by(Rule::SourceItem);
    book.execute(&apply.on("2026-03-20".parse()?))?;

    // 300.00 settle what is due first: 71.40 of the first invoice, 228.60 of the second.
    let payment = Command::payment("PAY-1", 300).to_all_open_invoices();
    book.execute(&payment.on("2026-03-30".parse()?))?;

    // Somebody looks at the plan before the rest, 9.40, is given up.
    let last_day = "2026-03-31".parse()?;
    let write_off = Command::write_off(invoice("INV-2"))
        .named("WO-1")
        .on(last_day);
    let plan = book.preview(&write_off)?;
    book.commit(&write_off, &plan)?;

    book.execute(&Command::close_periods(last_day).on("2026-04-01".parse()?))?;
    Ok(book)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_settled_and_closed() -> Result<(), Error> {
        let mut book = close_march()?;
        for id in ["INV-1", "INV-2", "CM-1", "PAY-1"] {
            assert_eq!(book.open_amount(id), Some(decimal("0.00")?), "{id}");
        }
        // 238.00 less 228.60.
        let counterpart = book.document("WO-1").unwrap().header();
        assert_eq!(counterpart.figures.amount(), Amount::new(940).unwrap());

        let late = Command::credit_memo("CM-2")
            .item("returned", 20)
            .on("2026-03-31".parse()?);
        assert_eq!(book.execute(&late).unwrap_err().code(), Code::PeriodClosed);
        Ok(())
    }

    #[test]
    fn the_book_can_be_kept_and_opened_again() -> Result<(), Error> {
        let book = close_march()?;

        let restored = Book::restore(&book.snapshot())?;

        assert_eq!(restored.hash(), book.hash());
        Ok(())
    }
}
