//! A bill run: the charges of a month become an invoice and a credit memo, and the memo settles the invoice.
//!
//! Run it with `cargo run --example bill_run`. `cargo test` proves its figures.

use setoff::document::NewDocument;
use setoff::generate::{BillRun, BillRunCharge, CreditMemoRule, GeneratedDocument, JudgedBy};
use setoff::prelude::*;

fn main() -> Result<(), Error> {
    let book = bill_march()?;
    for id in ["INV-1", "CM-1"] {
        let open = book.open_amount(id).unwrap_or_default();
        println!("{id:<6} {:>8}", write_decimal(open));
    }
    Ok(())
}

/// What a bill run found: a subscription, its usage, and what an outage gives back.
fn charges() -> Result<Vec<BillRunCharge>, Error> {
    Ok(vec![
        BillRunCharge::new("subscription", decimal("80.00")?),
        BillRunCharge::new("usage", decimal("12.50")?),
        BillRunCharge::new("outage", decimal("-20.00")?),
    ])
}

/// Books the documents of a bill run, and applies its credit memo to its invoice.
fn bill_march() -> Result<Book, Error> {
    let run = BillRun {
        currency: "USD".parse()?,
        rule: CreditMemoRule::Negatives,
        judged_by: JudgedBy::Net,
        charges: charges()?,
    };
    let documents = run.generate()?;

    let mut book = Book::in_currency("USD")?;
    let day = "2026-03-31".parse()?;
    for document in &documents {
        book.execute(&with_items(document, &run).by_billing().on(day))?;
    }
    book.execute(&Command::apply("CM-1").to("INV-1").on(day))?;
    Ok(book)
}

/// A generated document as a book takes it, with the charges as its items.
fn with_items(document: &GeneratedDocument, run: &BillRun) -> NewDocument {
    let new = if document.is_credit {
        Command::credit_memo("CM-1")
    } else {
        Command::invoice("INV-1")
    };
    document.items.iter().fold(new, |new, item| {
        let charge = &run.charges[item.charge];
        new.item(&charge.id, run.currency.decimal(item.amount))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invoice_has_the_charges_and_the_memo_has_what_comes_back() -> Result<(), Error> {
        let book = bill_march()?;

        // 80.00 and 12.50 are billed; 20.00 come back and settle a part of them.
        let amount = |id: &str| book.document(id).unwrap().header().figures.amount().minor();
        assert_eq!((amount("INV-1"), amount("CM-1")), (9250, 2000));
        assert_eq!(book.open_amount("INV-1"), Some(decimal("72.50")?));
        assert_eq!(book.open_amount("CM-1"), Some(decimal("0.00")?));
        Ok(())
    }
}
