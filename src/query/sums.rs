//! Sums over the rows that meet a filter, currency by currency.

use crate::error::{Error, Result};
use crate::money::Currency;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;
use std::sync::Arc;

/// The sums of one currency.
#[derive(Clone, Debug)]
pub struct CurrencySums {
    /// The currency.
    pub currency: Arc<Currency>,
    /// The sum of each field that was to be summed.
    pub sums: Vec<Sum>,
}

/// The sum of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// Minor units.
    Amount(i128),
    /// Minor units, bucket by bucket.
    Buckets(Vec<i128>),
}

impl Sum {
    /// Returns the sum of no rows.
    fn of(field: &Field) -> Self {
        match field.holds {
            FieldType::Buckets => Sum::Buckets(Vec::new()),
            _ => Sum::Amount(0),
        }
    }

    /// Adds a value; `None` if the sum is out of range.
    fn add(&mut self, value: &FieldValue<'_>) -> Option<()> {
        match (self, value) {
            (Sum::Amount(sum), FieldValue::Amount(amount, _)) => {
                *sum = sum.checked_add(amount.minor().into())?;
            }
            // A sum of an account that is larger than an amount.
            (Sum::Amount(sum), FieldValue::Decimal(decimal)) => {
                *sum = sum.checked_add(decimal.mantissa())?;
            }
            (Sum::Buckets(sums), FieldValue::Buckets(buckets)) => {
                sums.resize(buckets.len(), 0);
                for (sum, bucket) in sums.iter_mut().zip(*buckets) {
                    *sum = sum.checked_add(*bucket)?;
                }
            }
            // The row has nothing there.
            _ => {}
        }
        Some(())
    }
}

/// Takes rows and sums their fields up.
pub(in crate::query) struct RowSums<'q> {
    fields: &'q [&'static Field],
    currencies: Vec<CurrencySums>,
    is_in_range: bool,
}

impl<'q> RowSums<'q> {
    pub(in crate::query) const fn new(fields: &'q [&'static Field]) -> Self {
        Self {
            fields,
            currencies: Vec::new(),
            is_in_range: true,
        }
    }

    /// Whether there is anything to sum.
    pub(in crate::query) const fn is_wanted(&self) -> bool {
        !self.fields.is_empty()
    }

    /// Adds the fields of a row to the sums of its currency.
    pub(in crate::query) fn add(&mut self, row: &RowReader<'_>) {
        let fields = self.fields;
        let Some(known) = self.sums_of(&row.header.currency) else {
            return;
        };

        // A scan cannot be refused while it runs: that a sum is out of range is said in the end.
        let mut pairs = known.sums.iter_mut().zip(fields);
        let added = pairs.try_for_each(|(sum, field)| sum.add(&field.get(row)));
        self.is_in_range &= added.is_some();
    }

    /// The sums of a currency, which begin with its first row. They are kept in the order of its code.
    fn sums_of(&mut self, currency: &Arc<Currency>) -> Option<&mut CurrencySums> {
        let code = currency.code();
        let known = self.currencies.as_slice();
        let index = match known.binary_search_by(|known| known.currency.code().cmp(code)) {
            Ok(index) => index,
            Err(index) => {
                let sums = self.fields.iter().map(|field| Sum::of(field)).collect();
                let currency = Arc::clone(currency);
                self.currencies
                    .insert(index, CurrencySums { currency, sums });
                index
            }
        };
        self.currencies.get_mut(index)
    }

    /// The sums, by the code of their currency.
    ///
    /// # Errors
    /// A fault for a sum that is out of range: no book has enough rows for one.
    pub(in crate::query) fn finish(self) -> Result<Vec<CurrencySums>> {
        if !self.is_in_range {
            return Err(Error::fault("a sum of rows is out of range"));
        }
        Ok(self.currencies)
    }
}
