//! The settings of a book in a snapshot, and its currencies.

use super::common::{Common, write_currency};
use super::value::{
    read_choice, read_date, read_flag, read_list, write_choice, write_date, write_flag,
};
use crate::bytes::{Reader, Writer};
use crate::command::settings::{
    ClosedPeriods, InclusiveRounding, Limit, Limits, Mirror, NumberOrder, OverCrediting, Settings,
    TaxRounding,
};

/// Writes what a new book was told, and the periods that were closed since.
pub(super) fn write_settings(writer: &mut Writer, settings: &Settings) {
    writer.text(&settings.account_id);
    write_currency(writer, &settings.currency);
    writer.count(settings.currencies.len());
    for currency in &settings.currencies {
        write_currency(writer, currency);
    }

    writer.byte(write_choice(OverCrediting::ALL, settings.over_crediting));
    write_flag(writer, settings.count_billing_credits);
    writer.byte(write_choice(Mirror::ALL, settings.mirror));
    writer.byte(write_choice(
        InclusiveRounding::ALL,
        settings.inclusive_rounding,
    ));
    writer.byte(write_choice(TaxRounding::ALL, settings.tax_rounding));
    writer.byte(write_choice(NumberOrder::ALL, settings.number_order));
    write_flag(writer, settings.allow_tax_rate_from_1);

    let limits = settings.limits.all();
    writer.count(limits.len());
    for (limit, most) in limits {
        writer.byte(write_choice(Limit::ALL, *limit));
        writer.unsigned((*most).into());
    }

    writer.optional(settings.closed_through, write_date);
    writer.byte(write_choice(ClosedPeriods::ALL, settings.closed_periods));
    write_flag(writer, settings.keep_closed_posted);
    writer.count(settings.reason_codes.len());
    for code in &settings.reason_codes {
        writer.text(code);
    }
}

pub(super) fn read_settings<'a>(
    reader: &mut Reader<'a>,
    common: &mut Common<'a>,
) -> Option<Settings> {
    let account_id = common.read_account_id(reader)?;
    let currency = common.read_currency(reader)?;
    let currencies = read_list(reader, |reader| common.read_currency(reader))?;

    let over_crediting = read_choice(reader, OverCrediting::ALL)?;
    let count_billing_credits = read_flag(reader)?;
    let mirror = read_choice(reader, Mirror::ALL)?;
    let inclusive_rounding = read_choice(reader, InclusiveRounding::ALL)?;
    let tax_rounding = read_choice(reader, TaxRounding::ALL)?;
    let number_order = read_choice(reader, NumberOrder::ALL)?;
    let allow_tax_rate_from_1 = read_flag(reader)?;

    let mut limits = Limits::default();
    for _ in 0..reader.count()? {
        limits.set(read_choice(reader, Limit::ALL)?, reader.index()?);
    }

    Some(Settings {
        account_id,
        currency,
        currencies,
        over_crediting,
        count_billing_credits,
        mirror,
        inclusive_rounding,
        tax_rounding,
        number_order,
        allow_tax_rate_from_1,
        limits,
        closed_through: reader.optional(read_date)?,
        closed_periods: read_choice(reader, ClosedPeriods::ALL)?,
        keep_closed_posted: read_flag(reader)?,
        reason_codes: read_list(reader, |reader| reader.text().map(Into::into))?,
    })
}
