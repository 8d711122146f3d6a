//! Plans and their changes as Rust writes them.

use super::plan::{Discount, PlanTax, PlanUpdate, PricePlan};
use super::request::{ChangeRequest, ChangeTime, PlanChange, PlanEvent};
use crate::calendar::{Date, Every, Moment};
use crate::prorate::period::{Period, Reference};
use crate::prorate::terms::Terms;
use rust_decimal::Decimal;

impl PricePlan {
    /// One unit at this price for the whole period.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let plan = PricePlan::new(30).quantity(5);
    /// assert_eq!((plan.price, plan.quantity), (Decimal::from(30), Decimal::from(5)));
    /// ```
    #[must_use]
    pub fn new(price: impl Into<Decimal>) -> Self {
        Self {
            description: None,
            price: price.into(),
            quantity: Decimal::ONE,
            discount: Discount::None,
            taxes: Vec::new(),
            terms: None,
        }
    }

    /// What it is called on a bill.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let plan = PricePlan::new(30).description("Team plan");
    /// assert_eq!(plan.description.as_deref(), Some("Team plan"));
    /// ```
    #[must_use]
    pub fn description(mut self, description: impl Into<Box<str>>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// How many units.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(PricePlan::new(30).quantity(5).quantity, Decimal::from(5));
    /// ```
    #[must_use]
    pub fn quantity(mut self, quantity: impl Into<Decimal>) -> Self {
        self.quantity = quantity.into();
        self
    }

    /// What comes off.
    ///
    /// ```
    /// use setoff::prelude::*;
    /// use setoff::prorate::change::Discount;
    ///
    /// let plan = PricePlan::new(30).discounted_by(Discount::Rate(decimal("0.1")?));
    /// assert_ne!(plan.discount, Discount::None);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn discounted_by(mut self, discount: Discount) -> Self {
        self.discount = discount;
        self
    }

    /// Adds a tax on top of the price, by its rate as a fraction: 0.19 for 19 %.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let plan = PricePlan::new(30).tax_at("vat", decimal("0.19")?);
    /// assert_eq!(plan.taxes.len(), 1);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn tax_at(mut self, name: impl Into<Box<str>>, rate: impl Into<Decimal>) -> Self {
        self.taxes.push(PlanTax {
            name: Some(name.into()),
            rate: rate.into(),
        });
        self
    }
}

impl PlanUpdate {
    /// Another price; all else stays.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(PlanUpdate::price(60).price, Some(Decimal::from(60)));
    /// ```
    #[must_use]
    pub fn price(price: impl Into<Decimal>) -> Self {
        Self {
            price: Some(price.into()),
            ..Self::default()
        }
    }

    /// Another quantity; all else stays.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(PlanUpdate::quantity(7).quantity, Some(Decimal::from(7)));
    /// ```
    #[must_use]
    pub fn quantity(quantity: impl Into<Decimal>) -> Self {
        Self {
            quantity: Some(quantity.into()),
            ..Self::default()
        }
    }
}

impl ChangeRequest {
    /// Changes of a plan that runs, by the default terms. A book takes the increment of its currency; a preview without
    /// a book needs [one of its own](Self::increment).
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let preview = ChangeRequest::of(PricePlan::new(30))
    ///     .increment(decimal("0.01")?)
    ///     .from_day("2026-06-01".parse()?, Every::Months(1))
    ///     .cancel("2026-06-11".parse::<Date>()?)
    ///     .preview()?;
    /// // 20 of 30 days are left.
    /// assert_eq!(preview.lines[0].amount.to_string(), "-20.00");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn of(plan: PricePlan) -> Self {
        Self {
            plan: Some(plan),
            ..Self::without_plan()
        }
    }

    /// Changes of which the first starts a plan, by the default terms.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let start = ChangeRequest::without_plan().start("2026-06-11".parse::<Date>()?, PricePlan::new(30));
    /// assert_eq!(start.events.len(), 1);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn without_plan() -> Self {
        Self {
            terms: Terms::DEFAULT,
            increment: Decimal::ZERO,
            period: None,
            months: None,
            plan: None,
            since: None,
            billed: None,
            credited: Decimal::ZERO,
            open: Decimal::ZERO,
            allow_tax_rate_from_1: false,
            events: Vec::new(),
        }
    }

    /// How parts of the period are priced.
    ///
    /// ```
    /// use setoff::prelude::*;
    /// use setoff::prorate;
    ///
    /// let terms = prorate::preset("stripe").unwrap().terms;
    /// assert_eq!(ChangeRequest::of(PricePlan::new(30)).terms(terms).terms, terms);
    /// ```
    #[must_use]
    pub const fn terms(mut self, terms: Terms) -> Self {
        self.terms = terms;
        self
    }

    /// The least step between two amounts.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let request = ChangeRequest::of(PricePlan::new(30)).increment(decimal("0.05")?);
    /// assert_eq!(request.increment, decimal("0.05")?);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn increment(mut self, increment: impl Into<Decimal>) -> Self {
        self.increment = increment.into();
        self
    }

    /// The period begins on a day and is that long.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let request = ChangeRequest::of(PricePlan::new(30)).from_day("2026-06-01".parse()?, Every::Months(1));
    /// assert!(request.period.is_some());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn from_day(mut self, first: Date, every: Every) -> Self {
        self.period = Some(Reference::From(first, every));
        self
    }

    /// The period begins and ends at these moments.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let (from, to): (Date, Date) = ("2026-06-01".parse()?, "2026-07-01".parse()?);
    /// assert!(ChangeRequest::of(PricePlan::new(30)).between(from, to).period.is_some());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn between(mut self, from: impl Into<Moment>, to: impl Into<Moment>) -> Self {
        self.period = Some(Reference::Given(Period {
            from: from.into(),
            to: to.into(),
        }));
        self
    }

    /// What the plan was billed for, without tax. Otherwise it is what the terms charge for it.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(ChangeRequest::of(PricePlan::new(30)).billed(30).billed, Some(Decimal::from(30)));
    /// ```
    #[must_use]
    pub fn billed(mut self, amount: impl Into<Decimal>) -> Self {
        self.billed = Some(amount.into());
        self
    }

    /// A plan begins where none runs.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day: Date = "2026-06-11".parse()?;
    /// assert_eq!(ChangeRequest::without_plan().start(day, PricePlan::new(30)).events.len(), 1);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn start(self, when: impl Into<Moment>, plan: PricePlan) -> Self {
        self.event(when, PlanEvent::Start(plan))
    }

    /// Another plan takes the place of the one that runs.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day: Date = "2026-06-16".parse()?;
    /// assert_eq!(ChangeRequest::of(PricePlan::new(30)).switch(day, PlanUpdate::price(60)).events.len(), 1);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn switch(self, when: impl Into<Moment>, update: PlanUpdate) -> Self {
        self.event(when, PlanEvent::Switch(update))
    }

    /// The plan ends.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day: Date = "2026-06-16".parse()?;
    /// assert_eq!(ChangeRequest::of(PricePlan::new(30)).cancel(day).events.len(), 1);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn cancel(self, when: impl Into<Moment>) -> Self {
        self.event(when, PlanEvent::Cancel)
    }

    fn event(mut self, when: impl Into<Moment>, kind: PlanEvent) -> Self {
        self.events.push(PlanChange {
            when: ChangeTime::At(when.into()),
            kind,
        });
        self
    }
}
