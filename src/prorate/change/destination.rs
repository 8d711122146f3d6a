//! Where credits go (`proration.md#where-credits-go`): they settle, stay, or go back to the payer.

use super::line::{ChangeLine, LineKind};
use super::timeline::Timeline;
use crate::error::Result;
use crate::money::Fraction;
use crate::prorate::amount::DecimalAmount;
use crate::prorate::terms::Destination;

/// Where the credits of what was billed before go, with their taxes.
///
/// A line that takes back a charge of the same changes reduces that charge. Where more is taken back than was charged,
/// the rest is a credit, too, but it settles nothing of the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditDestinations {
    /// They settle the bill that they credit.
    pub billed: DecimalAmount,
    /// They settle what is charged.
    pub charges: DecimalAmount,
    /// They go back to who paid.
    pub refund: DecimalAmount,
    /// They stay on account.
    pub account: DecimalAmount,
}

/// The lines of a change by the document on which they belong, with their taxes.
struct DocumentSums {
    /// What is credited of the bill.
    credited: Fraction,
    /// What is taken back of the charges beyond these.
    taken_back: Fraction,
    /// What is charged; never below zero.
    charged: Fraction,
}

impl Timeline<'_> {
    /// Says of each line on which document it belongs, and, with tax, where the credits go and what is left to be paid
    /// of the charges.
    #[inline(never)]
    pub(super) fn settle_credits(&mut self) -> Result<(CreditDestinations, DecimalAmount)> {
        let sums = self.assign_documents();
        let destination = self.terms().destination;
        let mut unsettled = sums.credited.plus(sums.taken_back);

        let [mut billed, mut charges, mut refund] = [Fraction::ZERO; 3];
        // In the order in which a book settles: the bill, the new charges, and then the rest goes back or stays.
        if destination != Destination::Account {
            // What takes back a charge is no credit of the bill, and settles nothing of it.
            let open = Fraction::of(self.request.open).at_least(Fraction::ZERO);
            billed = sums.credited.at_most(open);
            unsettled = unsettled.minus(billed);

            charges = unsettled.at_most(sums.charged);
            unsettled = unsettled.minus(charges);
        }
        if destination == Destination::Refund {
            refund = std::mem::replace(&mut unsettled, Fraction::ZERO);
        }

        let due = self.round(sums.charged.minus(charges))?;
        let credits = CreditDestinations {
            billed: self.round(billed)?,
            charges: self.round(charges)?,
            refund: self.round(refund)?,
            account: self.round(unsettled)?,
        };
        Ok((credits, due))
    }

    /// Says of each line on which document it belongs.
    ///
    /// What was billed before is credited by a credit memo. All else is an invoice: charges, and what takes back a
    /// charge of the same changes. No invoice is below zero: one that would be is a credit memo, too. It pays nothing
    /// of the bill, because it credits nothing of it.
    fn assign_documents(&mut self) -> DocumentSums {
        let has_charges = self.lines.iter().any(is_charge);
        let has_credits = self.lines.iter().any(ChangeLine::credits_bill);
        let mut sums = DocumentSums {
            credited: Fraction::ZERO,
            taken_back: Fraction::ZERO,
            charged: Fraction::ZERO,
        };

        for line in &mut self.lines {
            // The rounding of credits alone is no charge.
            let is_of_credits = line.kind == LineKind::Rounding && has_credits && !has_charges;
            line.is_credited = is_of_credits || line.credits_bill();

            if line.is_credited {
                sums.credited = sums.credited.minus(line.total());
            } else {
                sums.charged = sums.charged.plus(line.total());
            }
        }

        if sums.charged.is_negative() {
            sums.taken_back = sums.charged.negated();
            sums.charged = Fraction::ZERO;
            for line in &mut self.lines {
                line.is_credited = true;
            }
        }
        sums
    }
}

/// Whether a line is an item of an invoice.
fn is_charge(line: &ChangeLine) -> bool {
    !line.credits_bill() && line.kind != LineKind::Rounding && line.has_amount()
}
