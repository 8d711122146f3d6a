//! The account and the currency of a document, which most documents of a book share with others.

use super::value::{read_choice, write_choice};
use crate::bytes::{Reader, Writer};
use crate::error::Site;
use crate::label::check_label;
use crate::money::{Currency, CurrencyDefinition, Rounding};
use rust_decimal::Decimal;
use std::sync::Arc;

/// What most documents of a book have in common. They share it, as those do that commands made.
#[derive(Default)]
pub(super) struct Common<'a> {
    account_id: Arc<str>,
    /// Each currency, and how it is written.
    currencies: Vec<(&'a [u8], Arc<Currency>)>,
}

impl<'a> Common<'a> {
    /// Reads an account, which is that of the document before it as a rule.
    pub(super) fn read_account_id(&mut self, reader: &mut Reader<'_>) -> Option<Arc<str>> {
        let text = reader.text()?;
        if *text != *self.account_id {
            check_label(text, &Site::Command).ok()?;
            self.account_id = text.into();
        }
        Some(Arc::clone(&self.account_id))
    }

    /// Reads a currency. One that was read before is known by its bytes, without being read again.
    pub(super) fn read_currency(&mut self, reader: &mut Reader<'a>) -> Option<Arc<Currency>> {
        let known = self
            .currencies
            .iter()
            .find(|(as_written, _)| reader.pass(as_written));
        if let Some((_, known)) = known {
            return Some(Arc::clone(known));
        }

        let start = *reader;
        let currency = Arc::new(read_currency(reader)?);
        self.currencies
            .push((start.until(reader), Arc::clone(&currency)));
        Some(currency)
    }
}

pub(super) fn write_currency(writer: &mut Writer, currency: &Currency) {
    writer.text(currency.code());
    writer.byte(currency.scale());
    writer.signed(currency.increment().into());
    writer.byte(write_choice(Rounding::ALL, currency.rounding()));
    writer.optional(currency.invoice_increment(), |writer, step| {
        writer.signed(step.into());
        writer.byte(write_choice(Rounding::ALL, currency.invoice_rounding()));
    });
}

/// Reads a currency, and checks it like one of a host.
fn read_currency(reader: &mut Reader<'_>) -> Option<Currency> {
    let code = reader.text()?.to_owned();
    let scale = reader.byte()?;
    let increment = Some(read_increment(reader, scale)?);
    let rounding = Some(read_choice(reader, Rounding::ALL)?);

    let of_invoices = reader.optional(|reader| {
        let increment = read_increment(reader, scale)?;
        Some((increment, read_choice(reader, Rounding::ALL)?))
    })?;
    let (invoice_increment, invoice_rounding) = of_invoices.unzip();

    let definition = CurrencyDefinition {
        code,
        scale: Some(scale),
        increment,
        rounding,
        invoice_increment,
        invoice_rounding,
    };
    Currency::define(&definition, &Site::Command).ok()
}

/// An increment in minor units of `scale` decimals.
fn read_increment(reader: &mut Reader<'_>, scale: u8) -> Option<Decimal> {
    let minor = reader.number::<i64>()?;
    Decimal::try_from_i128_with_scale(minor.into(), scale.into()).ok()
}
