//! The four figures behind every open amount.

use crate::money::Amount;

/// The figures of a line or of a whole document.
///
/// What is open (the balance of an invoice, the unapplied amount of a memo) follows from them and is stored nowhere:
///
/// ```text
/// open = amount + netted − applied − refunded
/// ```
///
/// Applied and refunded amounts lie between zero and `amount + netted`, whatever its sign, together no farther than it.
/// So nothing here can go out of range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    amount: Amount,
    netted: Amount,
    applied: Amount,
    refunded: Amount,
}

impl Figures {
    /// Figures of which nothing is settled yet; `None` if `amount + netted` is out of range.
    #[must_use]
    pub fn new(amount: Amount, netted: Amount) -> Option<Self> {
        Self::restore(amount, netted, Amount::ZERO, Amount::ZERO)
    }

    /// Figures as they were; `None` if they cannot have been.
    #[must_use]
    pub fn restore(
        amount: Amount,
        netted: Amount,
        applied: Amount,
        refunded: Amount,
    ) -> Option<Self> {
        let net = amount.plus(netted)?;
        let used = applied.plus(refunded)?;
        let range = net.min(Amount::ZERO)..=net.max(Amount::ZERO);
        let within = range.contains(&used) && range.contains(&applied) && range.contains(&refunded);
        within.then_some(Self {
            amount,
            netted,
            applied,
            refunded,
        })
    }

    /// The amount as it stands on the document.
    #[must_use]
    pub const fn amount(&self) -> Amount {
        self.amount
    }

    /// What discounts took off (or what this discount handed to its item).
    #[must_use]
    pub const fn netted(&self) -> Amount {
        self.netted
    }

    /// What is settled.
    #[must_use]
    pub const fn applied(&self) -> Amount {
        self.applied
    }

    /// What was paid out.
    #[must_use]
    pub const fn refunded(&self) -> Amount {
        self.refunded
    }

    /// What is still open: balance or unapplied amount.
    #[must_use]
    #[inline]
    pub fn open(&self) -> Amount {
        // Cannot wrap, as the type's invariant says.
        let net = self.amount.minor().wrapping_add(self.netted.minor());
        let open = net
            .wrapping_sub(self.applied.minor())
            .wrapping_sub(self.refunded.minor());
        Amount::new(open).unwrap_or_default()
    }

    /// Whether `delta` takes back what is settled instead of adding to it.
    #[must_use]
    pub fn is_reduced_by(&self, delta: Amount) -> bool {
        let net = self.amount.minor().wrapping_add(self.netted.minor());
        if net < 0 {
            delta > Amount::ZERO
        } else {
            delta < Amount::ZERO
        }
    }

    /// Moves `delta` from open to applied or refunded (negative: back). The caller has made sure that there is that
    /// much.
    pub(crate) fn settle(&mut self, column: SettledAs, delta: Amount) {
        let (applied, refunded) = match column {
            SettledAs::Applied => (self.applied.plus(delta), Some(self.refunded)),
            SettledAs::Refunded => (Some(self.applied), self.refunded.plus(delta)),
        };
        let settled = applied.zip(refunded).and_then(|(applied, refunded)| {
            Self::restore(self.amount, self.netted, applied, refunded)
        });
        debug_assert!(settled.is_some(), "{delta:?} does not fit {self:?}");
        if let Some(settled) = settled {
            *self = settled;
        }
    }
}

/// Where a settled amount is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettledAs {
    /// Between a source and a demand.
    Applied,
    /// Between a source and a refund.
    Refunded,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(minor: i64) -> Amount {
        Amount::new(minor).unwrap()
    }

    #[test]
    fn open_follows_from_the_others() {
        let mut figures = Figures::new(amount(100), amount(-10)).unwrap();
        assert_eq!(figures.open(), amount(90));
        figures.settle(SettledAs::Applied, amount(61));
        assert_eq!(
            (figures.applied(), figures.open()),
            (amount(61), amount(29))
        );
        figures.settle(SettledAs::Applied, amount(-61));
        assert_eq!(figures, Figures::new(amount(100), amount(-10)).unwrap());
    }

    #[test]
    fn a_negative_line_is_settled_by_negative_amounts() {
        let mut figures = Figures::new(amount(-10), Amount::ZERO).unwrap();
        figures.settle(SettledAs::Applied, amount(-10));
        assert_eq!(figures.open(), Amount::ZERO);
    }

    #[test]
    fn impossible_figures_are_not_restored() {
        let restore = |a, n, p, r| Figures::restore(amount(a), amount(n), amount(p), amount(r));
        assert!(restore(100, -10, 60, 30).is_some());
        assert!(
            restore(100, -10, 61, 30).is_none(),
            "more used than there is"
        );
        assert!(restore(100, 0, -1, 0).is_none(), "applied below zero");
        assert!(restore(100, 0, 101, -1).is_none(), "refunded below zero");
        assert!(restore(-10, 0, 1, 0).is_none(), "the wrong sign");
        assert!(restore(i64::MAX, 1, 0, 0).is_none(), "out of range");
    }
}
