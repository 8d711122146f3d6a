//! The four figures behind every open amount.

use crate::error::{Error, Result};
use crate::money::Amount;

/// The figures of a line or of a whole document.
///
/// What is open (the balance of an invoice, the unapplied amount of a memo) follows from them and is stored nowhere:
///
/// ```text
/// open = amount + netted − applied − refunded
/// ```
///
/// Applied and refunded amounts, and their sum, lie between zero and `amount + netted`, which can have either sign. So
/// nothing here can go out of range.
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
        let settled = applied.plus(refunded)?;

        // Each for itself, too: 15 applied and −5 refunded are 10 together, and neither can be.
        if ![settled, applied, refunded]
            .into_iter()
            .all(|sum| net.covers(sum))
        {
            return None;
        }
        Some(Self {
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

    /// Whether a movement of `minor` takes back what is settled instead of adding to it.
    pub(crate) const fn is_reduced_by(&self, minor: i64) -> bool {
        // Cannot wrap, as the type's invariant says.
        let net = self.amount.minor().wrapping_add(self.netted.minor());
        if net < 0 { minor > 0 } else { minor < 0 }
    }

    /// Moves `minor` from open to applied or refunded, or the other way.
    ///
    /// # Errors
    /// A fault if there is less than that. The figures are as before then.
    pub(crate) fn settle(
        &mut self,
        column: SettledAs,
        direction: MoveDirection,
        minor: i64,
    ) -> Result<()> {
        let [mut applied, mut refunded] = [self.applied, self.refunded];
        let settled = match column {
            SettledAs::Applied => &mut applied,
            SettledAs::Refunded => &mut refunded,
        };
        *settled = direction.shifted(*settled, minor).ok_or_else(misfit)?;

        // The one place that knows the limits of figures also judges each of their changes.
        *self = Self::restore(self.amount, self.netted, applied, refunded).ok_or_else(misfit)?;
        Ok(())
    }
}

#[cold]
fn misfit() -> Error {
    Error::fault("a settlement does not fit its figures")
}

/// Which way a settlement moves amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MoveDirection {
    /// As it says.
    Forth,
    /// Back, when it is taken back.
    Back,
}

impl MoveDirection {
    /// The other way.
    pub(crate) const fn reversed(self) -> Self {
        match self {
            MoveDirection::Forth => MoveDirection::Back,
            MoveDirection::Back => MoveDirection::Forth,
        }
    }

    /// An amount after a movement of `minor`.
    fn shifted(self, amount: Amount, minor: i64) -> Option<Amount> {
        let shifted = match self {
            MoveDirection::Forth => amount.minor().checked_add(minor),
            MoveDirection::Back => amount.minor().checked_sub(minor),
        };
        shifted.and_then(Amount::new)
    }

    /// An amount as it moves.
    pub(super) const fn signed(self, amount: Amount) -> Amount {
        match self {
            MoveDirection::Forth => amount,
            MoveDirection::Back => amount.negated(),
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
        let applied = SettledAs::Applied;
        figures.settle(applied, MoveDirection::Forth, 61).unwrap();
        assert_eq!(
            (figures.applied(), figures.open()),
            (amount(61), amount(29))
        );
        figures.settle(applied, MoveDirection::Back, 61).unwrap();
        assert_eq!(figures, Figures::new(amount(100), amount(-10)).unwrap());
    }

    #[test]
    fn a_negative_line_is_settled_by_negative_amounts() {
        let mut figures = Figures::new(amount(-10), Amount::ZERO).unwrap();
        let applied = SettledAs::Applied;
        figures.settle(applied, MoveDirection::Forth, -10).unwrap();
        assert_eq!(figures.open(), Amount::ZERO);
    }

    #[test]
    fn a_settlement_that_does_not_fit_is_a_fault_and_moves_nothing() {
        let before = Figures::new(amount(100), amount(-10)).unwrap();
        for (direction, minor) in [
            (MoveDirection::Forth, 91),
            (MoveDirection::Forth, -1),
            (MoveDirection::Back, 1),
            (MoveDirection::Forth, i64::MIN),
            (MoveDirection::Back, i64::MIN),
        ] {
            let mut figures = before;
            let fault = figures.settle(SettledAs::Applied, direction, minor);
            assert_eq!(fault.unwrap_err().code(), crate::error::Code::EngineFault);
            assert_eq!(figures, before);
        }
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
