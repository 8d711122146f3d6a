//! What is subscribed to: a price, a quantity, a discount and taxes.

use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Fraction;
use crate::money::text::{write_decimal, write_per_cent};
use crate::prorate::terms::Terms;
use rust_decimal::Decimal;

/// What is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricePlan {
    /// What it is called on a bill.
    pub description: Option<Box<str>>,
    /// For one unit, over the whole period.
    pub price: Decimal,
    /// How many units.
    pub quantity: Decimal,
    /// What comes off price × quantity.
    pub discount: Discount,
    /// What comes on top of the discounted price.
    pub taxes: Vec<PlanTax>,
    /// Terms of its own.
    pub terms: Option<Terms>,
}

/// A discount of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Discount {
    /// None.
    #[default]
    None,
    /// An amount off the whole period.
    Amount(Decimal),
    /// This share off, as a fraction: 0.1 for 10 %.
    Rate(Decimal),
}

/// What becomes different of a plan; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanUpdate {
    /// Another description, or none.
    pub description: Option<Option<Box<str>>>,
    /// Another price.
    pub price: Option<Decimal>,
    /// Another quantity.
    pub quantity: Option<Decimal>,
    /// Another discount, or none.
    pub discount: Option<Discount>,
    /// Other taxes.
    pub taxes: Option<Vec<PlanTax>>,
    /// Other terms.
    pub terms: Option<Terms>,
}

/// A tax of a plan, on top of its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTax {
    /// What it is called.
    pub name: Option<Box<str>>,
    /// As a fraction: 0.19 for 19 %.
    pub rate: Decimal,
}

impl PricePlan {
    /// The plan after an update.
    pub(super) fn updated(&self, update: &PlanUpdate) -> Self {
        let description = update.description.as_ref().unwrap_or(&self.description);
        Self {
            description: description.clone(),
            price: update.price.unwrap_or(self.price),
            quantity: update.quantity.unwrap_or(self.quantity),
            discount: update.discount.unwrap_or(self.discount),
            taxes: update.taxes.as_ref().unwrap_or(&self.taxes).clone(),
            terms: update.terms.or(self.terms),
        }
    }

    /// For the whole period, before the discount.
    #[inline(never)]
    pub(super) fn gross(&self) -> Fraction {
        Fraction::of(self.price).times(Fraction::of(self.quantity))
    }

    /// For the whole period, after the discount.
    pub(super) fn net(&self) -> Fraction {
        self.gross().minus(self.discount())
    }

    /// What comes off the whole period. A fixed discount takes no more than there is: a price stops at zero.
    #[inline(never)]
    fn discount(&self) -> Fraction {
        match self.discount {
            Discount::None => Fraction::ZERO,
            Discount::Amount(amount) => Fraction::of(amount).within(self.gross()),
            Discount::Rate(rate) => self.gross().times(Fraction::of(rate)),
        }
    }

    /// Refuses taxes of 100 % and more: 19 for 19 % is the commonest slip.
    pub(super) fn check_tax_rates(&self) -> Result<()> {
        let mut taxes = self.taxes.iter().enumerate();
        let Some((index, tax)) = taxes.find(|(_, tax)| tax.rate >= Decimal::ONE) else {
            return Ok(());
        };

        let (rate, meant) = (write_decimal(tax.rate), write_per_cent(tax.rate));
        let reason = Reason::TaxRateTooHigh {
            rate: rate.into(),
            meant: meant.into(),
        };
        let taxes = Site::Command.field(SiteField::Taxes);
        let site = taxes.entry(index);
        Err(Error::of(reason, &site.field(SiteField::Rate)))
    }

    /// A fixed discount as it is stated and as it is taken off, where that is less.
    pub(super) fn capped_discount(&self) -> Option<[Fraction; 2]> {
        let Discount::Amount(stated) = self.discount else {
            return None;
        };
        let (stated, taken) = (Fraction::of(stated), self.discount());
        (stated != taken).then_some([stated, taken])
    }

    /// Refuses what nobody subscribes to: a quantity below zero, a discount that adds, and one of more than 100 %.
    pub(super) fn check_amounts(&self) -> Result<()> {
        if self.quantity.is_sign_negative() && !self.quantity.is_zero() {
            let quantity = write_decimal(self.quantity).into();
            let reason = Reason::QuantityNegative { quantity };
            let site = Site::Command.field(SiteField::Quantity);
            return Err(Error::of(reason, &site));
        }

        let site = Site::Command.field(SiteField::Discount);
        match self.discount {
            Discount::Amount(stated) if !self.has_sign_of_price(stated) => {
                let discount = write_decimal(stated).into();
                let reason = Reason::DiscountBeyondPlan { discount };
                Err(Error::of(reason, &site.field(SiteField::Amount)))
            }
            Discount::Rate(rate) if self.discount().within(self.gross()) != self.discount() => {
                let discount = write_decimal(rate).into();
                let reason = Reason::DiscountNoShare { discount };
                Err(Error::of(reason, &site.field(SiteField::Rate)))
            }
            Discount::None | Discount::Amount(_) | Discount::Rate(_) => Ok(()),
        }
    }

    /// Whether an amount is zero or has the sign of the price.
    fn has_sign_of_price(&self, amount: Decimal) -> bool {
        amount.is_zero() || amount.is_sign_negative() == self.is_below_zero()
    }

    /// Whether an amount has the other sign than the price.
    pub(super) fn is_opposite(&self, amount: Fraction) -> bool {
        !amount.is_zero() && amount.is_negative() != self.is_below_zero()
    }

    /// Whether the price is below zero: that of a standing discount.
    fn is_below_zero(&self) -> bool {
        self.price.is_sign_negative() && !self.price.is_zero()
    }
}
