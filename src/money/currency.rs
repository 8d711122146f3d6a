//! Currencies: ISO 4217 and those that a book defines.

use super::{Amount, Fraction, Rounding, text};
use crate::error::{CountFigure, Error, MoneyFigure, NameFigure, Reason, Result, Site, SiteField};
use rust_decimal::Decimal;

/// ISO 4217 codes by minor unit: the current list, and those withdrawn since 2020, which older documents still carry
/// (ANG, BGN, CUC, HRK, SLL, ZWL). Codes without a minor unit (gold, funds, testing) are left out.
const ISO_4217: &[(u8, &str)] = &[
    (
        0,
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    ),
    (
        2,
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
         CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD \
         HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP \
         MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR \
         SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED \
         VES WST XCD XCG YER ZAR ZMW ZWG ZWL",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// The most decimals that a currency can have.
const SCALE_MAX: u8 = 8;

/// What a book may say about a currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencyDefinition {
    /// 3 to 8 capital letters or digits.
    pub code: String,
    /// Decimals, 0 to 8; absent: those of ISO 4217.
    pub scale: Option<u8>,
    /// The least step between two amounts; absent: one minor unit.
    pub increment: Option<Decimal>,
    /// How a calculated amount is rounded. Absent: to the nearest, halves away from zero.
    pub rounding: Option<Rounding>,
    /// The least step between two totals of invoices; absent: that of amounts.
    pub invoice_increment: Option<Decimal>,
    /// How a total becomes a whole number of its steps. Absent: as a calculated amount is rounded.
    pub invoice_rounding: Option<Rounding>,
}

/// A currency: its code, its decimals, and the least step between two of its amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    code: Box<str>,
    scale: u8,
    increment: i64,
    rounding: Rounding,
    invoice_increment: Option<i64>,
    invoice_rounding: Rounding,
}

impl Currency {
    /// The currency of ISO 4217 with that code, if there is one.
    ///
    /// ```
    /// use setoff::money::Currency;
    /// assert_eq!(Currency::iso("JPY").map(|yen| yen.scale()), Some(0));
    /// assert_eq!(Currency::iso("KWD").map(|dinar| dinar.scale()), Some(3));
    /// assert_eq!(Currency::iso("usd"), None);
    /// ```
    #[must_use]
    pub fn iso(code: &str) -> Option<Self> {
        let listed = |codes: &&str| codes.split_ascii_whitespace().any(|listed| listed == code);
        let &(scale, _) = ISO_4217.iter().find(|(_, codes)| listed(codes))?;
        Some(Self {
            code: code.into(),
            scale,
            increment: 1,
            rounding: Rounding::HalfUp,
            invoice_increment: None,
            invoice_rounding: Rounding::HalfUp,
        })
    }

    /// The currency of ISO 4217 whose code a text is in small letters.
    #[must_use]
    pub fn in_capitals(code: &str) -> Option<Self> {
        Self::iso(&code.to_ascii_uppercase()).filter(|currency| currency.code() != code)
    }

    /// The currency that a book defines.
    ///
    /// # Errors
    /// `invalidCurrency` for a code, a scale or an increment that cannot be, and those of [`Currency::amount`] for the
    /// increments; `site` is the definition.
    pub fn define(definition: &CurrencyDefinition, site: &Site<'_>) -> Result<Self> {
        check_code(&definition.code, site)?;
        let scale = scale_of(definition, site)?;

        let rounding = definition.rounding.unwrap_or_default();
        let mut currency = Self {
            code: definition.code.as_str().into(),
            scale,
            increment: 1,
            rounding,
            invoice_increment: None,
            invoice_rounding: definition.invoice_rounding.unwrap_or(rounding),
        };

        // An increment is an amount of this currency, so it is read by the currency as far as it is made.
        if let Some(increment) = definition.increment {
            currency.increment = currency.step(increment, &site.field(SiteField::Increment))?;
        }
        currency.invoice_increment = currency.invoice_step(definition, site)?;
        Ok(currency)
    }

    /// The step between two totals of invoices, if it is not that of amounts.
    fn invoice_step(
        &self,
        definition: &CurrencyDefinition,
        site: &Site<'_>,
    ) -> Result<Option<i64>> {
        if let Some(increment) = definition.invoice_increment {
            let site = site.field(SiteField::InvoiceIncrement);
            return self.step(increment, &site).map(Some);
        }

        let Some(mode) = definition.invoice_rounding else {
            return Ok(None);
        };

        // Totals without steps of their own are never rounded: nothing would read how.
        let rounding = NameFigure(mode.as_str());
        let reason = Reason::InvoiceRoundingAlone { rounding };
        Err(Error::of(reason, &site.field(SiteField::InvoiceRounding)))
    }

    /// A step between amounts: one of them, and more than zero.
    fn step(&self, step: Decimal, site: &Site<'_>) -> Result<i64> {
        let minor = self.amount(step).map_err(|error| error.at(site))?.minor();
        if minor > 0 {
            return Ok(minor);
        }

        let increment = text::write_decimal(step).into();
        let reason = Reason::CurrencyIncrementNotPositive { increment };
        Err(Error::of(reason, site))
    }

    /// The code: `USD`, for example.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The decimals of the minor unit.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// The least step between two amounts, in minor units; 1 or more.
    #[must_use]
    pub const fn increment(&self) -> i64 {
        self.increment
    }

    /// The least step between two amounts as a decimal number: 0.05 where amounts are multiples of five cents.
    #[must_use]
    pub fn increment_decimal(&self) -> Decimal {
        Decimal::new(self.increment, self.scale.into())
    }

    /// The amount of a decimal, exactly.
    ///
    /// # Errors
    /// `tooManyDecimals` (trailing zeros count), `offIncrement`, `outOfRange`.
    ///
    /// ```
    /// use setoff::{Code, money::{Currency, text}};
    /// let dollar = Currency::iso("USD").unwrap();
    /// assert_eq!(dollar.amount(text::parse("12.3")?)?.minor(), 1230);
    /// assert_eq!(dollar.amount(text::parse("0.001")?).unwrap_err().code(), Code::TooManyDecimals);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    pub fn amount(&self, decimal: Decimal) -> Result<Amount> {
        let Some(missing) = u32::from(self.scale).checked_sub(decimal.scale()) else {
            return Err(self.more_decimals(decimal));
        };

        // A currency has few decimals, and a mantissa of more than 64 bits is out of range anyhow.
        let amount = i64::try_from(decimal.mantissa())
            .ok()
            .and_then(|mantissa| mantissa.checked_mul(10_i64.checked_pow(missing)?))
            .and_then(Amount::new)
            .ok_or_else(|| self.too_large(decimal))?;

        // Nearly all have a step of one unit: asking takes less time than dividing.
        if self.increment != 1 && amount.minor().checked_rem(self.increment) != Some(0) {
            return Err(self.off_increment(decimal));
        }
        Ok(amount)
    }

    #[cold]
    fn more_decimals(&self, decimal: Decimal) -> Error {
        let reason = Reason::MoreDecimals {
            most: CountFigure(self.scale.into()),
            currency: self.code.as_ref().into(),
            amount: text::write_decimal(decimal).into(),
        };
        Error::of(reason, &Site::Command)
    }

    #[cold]
    fn too_large(&self, decimal: Decimal) -> Error {
        let reason = Reason::AmountTooLarge {
            most: self.figure(Amount::MAX),
            amount: text::write_decimal(decimal).into(),
        };
        Error::of(reason, &Site::Command)
    }

    #[cold]
    fn off_increment(&self, decimal: Decimal) -> Error {
        let reason = Reason::OffIncrement {
            increment: MoneyFigure {
                minor: self.increment,
                scale: self.scale,
            },
            currency: self.code.as_ref().into(),
            amount: text::write_decimal(decimal).into(),
        };
        Error::of(reason, &Site::Command)
    }

    /// The amount as a decimal number.
    #[must_use]
    pub fn decimal(&self, amount: Amount) -> Decimal {
        Decimal::new(amount.minor(), self.scale.into())
    }

    /// How a calculated amount is rounded.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// The least step between two totals of invoices, in minor units, if it is not that of amounts.
    #[must_use]
    pub const fn invoice_increment(&self) -> Option<i64> {
        self.invoice_increment
    }

    /// How a total of an invoice becomes a whole number of its steps: as payers and payees agreed on for cash, which
    /// need not be how taxes and shares are rounded.
    #[must_use]
    pub const fn invoice_rounding(&self) -> Rounding {
        self.invoice_rounding
    }

    /// What makes the total of an invoice a whole number of its steps: zero where totals have no steps of their own,
    /// `None` if the total would be out of range (`settlement.md#rounded-totals`).
    ///
    /// ```
    /// use setoff::error::Site;
    /// use setoff::money::{Amount, Currency, CurrencyDefinition, text};
    /// let invoice_increment = Some(text::parse("0.05")?);
    /// let definition = CurrencyDefinition { code: "CHF".into(), invoice_increment, ..CurrencyDefinition::default() };
    /// let franc = Currency::define(&definition, &Site::Command)?;
    /// assert_eq!(franc.to_invoice_step(Amount::new(212).unwrap()), Amount::new(-2));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn to_invoice_step(&self, total: Amount) -> Option<Amount> {
        let Some(step) = self.invoice_increment else {
            return Some(Amount::ZERO);
        };

        let steps =
            Fraction::new(total.minor().into(), step.into()).round(self.invoice_rounding)?;
        Amount::try_from(steps.checked_mul(step.into())?)
            .ok()?
            .minus(total)
    }

    /// The share `part` of an amount, multiplied first and rounded once, to a whole number of increments; `None` if it
    /// is out of range.
    ///
    /// ```
    /// use setoff::money::{Amount, Currency, Fraction};
    /// let usd = Currency::iso("USD").unwrap();
    /// // 2.99 ÷ 1.04 is exactly 2.875.
    /// let net = usd.share(Amount::new(299).unwrap(), Fraction::new(100, 104));
    /// assert_eq!(net, Amount::new(288));
    /// ```
    #[must_use]
    pub fn share(&self, amount: Amount, part: Fraction) -> Option<Amount> {
        self.share_rounded(amount, part, self.rounding)
    }

    /// The same, rounded by another rule than that of the currency.
    pub(crate) fn share_rounded(
        &self,
        amount: Amount,
        part: Fraction,
        rounding: Rounding,
    ) -> Option<Amount> {
        let share = Fraction::whole(amount.minor().into()).times(part);
        let increments = share
            .over(Fraction::whole(self.increment.into()))
            .round(rounding)?;

        Amount::try_from(increments.checked_mul(self.increment.into())?).ok()
    }

    /// The canonical text of an amount: always exactly the currency's decimals.
    #[must_use]
    pub fn write(&self, amount: Amount) -> String {
        text::write(i128::from(amount.minor()), u32::from(self.scale))
    }

    /// An amount of this currency as a figure of a refusal.
    #[must_use]
    pub const fn figure(&self, amount: Amount) -> MoneyFigure {
        MoneyFigure {
            minor: amount.minor(),
            scale: self.scale,
        }
    }
}

/// Refuses a code that is not 3 to 8 capital letters or digits.
fn check_code(code: &str, site: &Site<'_>) -> Result<()> {
    let is_code = code
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if is_code && (3..=8).contains(&code.len()) {
        return Ok(());
    }
    let code = code.into();
    let reason = Reason::NoCurrencyCode { code };
    Err(Error::of(reason, &site.field(SiteField::Code)))
}

/// The decimals of a currency: the stated ones, or those of ISO 4217.
fn scale_of(definition: &CurrencyDefinition, site: &Site<'_>) -> Result<u8> {
    let code = &definition.code;
    let listed = Currency::iso(code).map(|iso| iso.scale);
    let Some(scale) = definition.scale.or(listed) else {
        let (most, code) = (CountFigure(SCALE_MAX.into()), code.as_str().into());
        let reason = Reason::ScaleMissing { most, code };
        return Err(Error::of(reason, &site.field(SiteField::Scale)));
    };

    if scale > SCALE_MAX {
        let [most, scale] = [SCALE_MAX, scale].map(|scale| CountFigure(scale.into()));
        let reason = Reason::ScaleTooLarge { most, scale };
        return Err(Error::of(reason, &site.field(SiteField::Scale)));
    }

    Ok(scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn definition(code: &str, scale: Option<u8>, increment: Option<&str>) -> CurrencyDefinition {
        CurrencyDefinition {
            code: code.into(),
            scale,
            increment: increment.map(|step| text::parse(step).unwrap()),
            ..CurrencyDefinition::default()
        }
    }

    fn define(code: &str, scale: Option<u8>, increment: Option<&str>) -> Result<Currency> {
        Currency::define(&definition(code, scale, increment), &Site::Command)
    }

    #[test]
    fn the_iso_list_is_sorted_and_names_each_code_once() {
        for (_, codes) in ISO_4217 {
            let codes: Vec<_> = codes.split_ascii_whitespace().collect();
            assert!(codes.iter().all(|code| code.len() == 3));
            assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
        }
        let all: Vec<_> = ISO_4217
            .iter()
            .flat_map(|(_, codes)| codes.split_ascii_whitespace())
            .collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn amounts_fit_their_currency() {
        let franc = define("CHF", None, Some("0.05")).unwrap();
        assert_eq!((franc.scale(), franc.increment()), (2, 5));
        assert_eq!(
            franc.amount(text::parse("1.05").unwrap()).unwrap().minor(),
            105
        );
        assert_eq!(
            franc
                .amount(text::parse("1.04").unwrap())
                .unwrap_err()
                .code(),
            Code::OffIncrement
        );
        let yen = Currency::iso("JPY").unwrap();
        assert_eq!(
            yen.write(yen.amount(text::parse("1000").unwrap()).unwrap()),
            "1000"
        );
        assert_eq!(
            yen.amount(text::parse("1.0").unwrap()).unwrap_err().code(),
            Code::TooManyDecimals
        );
        let dinar = Currency::iso("KWD").unwrap();
        assert_eq!(
            dinar.write(dinar.amount(text::parse("1.5").unwrap()).unwrap()),
            "1.500"
        );
        let coin = define("BTC", Some(8), None).unwrap();
        assert_eq!(coin.write(Amount::new(1).unwrap()), "0.00000001");
        let edge = coin
            .amount(text::parse("92233720368.54775807").unwrap())
            .unwrap();
        assert_eq!(edge, Amount::MAX);
        assert_eq!(
            coin.amount(text::parse("92233720368.54775808").unwrap())
                .unwrap_err()
                .code(),
            Code::OutOfRange
        );
    }

    #[test]
    fn a_definition_must_make_sense() {
        for (code, scale, increment) in [
            ("usd", None, None),
            ("US", None, None),
            ("ABCDEFGHI", Some(2), None),
            ("XYZ", None, None),
            ("USD", Some(9), None),
            ("USD", None, Some("0")),
            ("USD", None, Some("-0.05")),
        ] {
            assert_eq!(
                define(code, scale, increment).unwrap_err().code(),
                Code::InvalidCurrency,
                "{code}"
            );
        }
        assert_eq!(
            define("USD", None, Some("0.001")).unwrap_err().path(),
            "increment"
        );
        let of_invoices = |step: &str| {
            let definition = CurrencyDefinition {
                invoice_increment: Some(text::parse(step).unwrap()),
                ..definition("CHF", None, Some("0.05"))
            };
            Currency::define(&definition, &Site::Command)
        };
        assert_eq!(of_invoices("0.10").unwrap().invoice_increment(), Some(10));
        for (step, code) in [("0", Code::InvalidCurrency), ("0.12", Code::OffIncrement)] {
            let error = of_invoices(step).unwrap_err();
            assert_eq!(
                (error.code(), error.path().as_str()),
                (code, "invoiceIncrement")
            );
        }
        let without_steps = CurrencyDefinition {
            invoice_rounding: Some(Rounding::Up),
            ..definition("CHF", None, None)
        };
        let error = Currency::define(&without_steps, &Site::Command).unwrap_err();
        assert_eq!(
            (error.code(), error.path().as_str()),
            (Code::InvalidCurrency, "invoiceRounding")
        );
    }
}
