//! Payments and refunds.

use super::document_ref;
use super::documents::MadeDocument;
use super::items::{CustomFields, SettledBefore};
use super::settling::{
    Demands, LINE_SPREAD, OpenTargets, Spread, SpreadOverPairs, Targets, Wanted, explicit_items,
    open_targets, spread, targets, wanted_amount,
};
use crate::command;
use crate::command::{Action, TargetAmount};
use crate::document::{Kind, Notes};
use crate::error::{Reason, Result, Site};
use crate::wire::Value;
use crate::wire::fields::Fields;
use crate::wire::object::{Object, object, union};
use crate::wire::readers::{Boolean, Day, DecimalText, Id, Label, ListOf, Text, ValueReader};

object! {
    /// The fields of every new payment and refund.
    interface NewMoney extends MadeDocument {
        /// The date of the payment or refund. Default: `at`.
        date: optional Day = "date",
        /// How the money moves, such as `"Check"`.
        method: optional Text = "method",
        /// Whether a gateway of the host moves the money. Default: `false`.
        electronic: defaulted Boolean = "electronic",
        /// A comment, as free text.
        comment: optional Text = "comment",
        /// Values that the host keeps on the document.
        custom_fields: defaulted CustomFields = "customFields",
    }
}

object! {
    /// The fields of every new payment.
    interface NewPayment extends NewMoney {
        /// The account that pays. Default: the account of the named documents, else of the book.
        account_id: optional Label = "accountId",
        /// The currency code. Default: the currency of the named documents, else of the book.
        currency: optional Id = "currency",
        /// Whether automatic application skips the payment. Default: `false`.
        exclude_from_auto_apply: defaulted Boolean = "excludeFromAutoApply",
    }
}

object! {
    /// Records a payment and applies it to the documents that it names. Without documents, it
    /// cannot state how it would be spread.
    command CreatePayment extends NewPayment, SpreadOverPairs, OpenTargets as "OpenTargets<PaidItem>" {
        /// The amount received. Default: what the named documents take.
        amount: optional DecimalText = "amount",
        /// Amounts that were settled of the payment before it came into the book, for a host that
        /// imports an account. The `amount` must be stated too.
        settled_before: defaulted ListOf<SettledBefore> = "settledBefore",
    }
}

object! {
    /// Records a payment and applies it to one document. The default of `amount` is the balance of
    /// the document.
    command PayDocument extends NewPayment, SpreadOverPairs, Wanted as "Wanted<PaidItem>" {}
}

/// `createPayment`.
pub(super) fn create_payment(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let demands = open_targets(kind, fields)?;
    if demands.is_none() {
        const SPREAD: [&str; 6] = [
            Spread::rule,
            Spread::fallback,
            Spread::document_order,
            Spread::item_order,
            Spread::signs,
            SpreadOverPairs::matrix,
        ];
        fields.none_of(&SPREAD, |_| Reason::SpreadWithoutDocuments {})?;
    }

    let is_applied = demands.is_some();
    let mut payment = new_payment(fields, demands)?;
    let new = Object::<CreatePayment>::known(fields);
    payment.amount = new.amount()?;
    payment.settled_before = new.settled_before()?;

    // The default is what the named documents take. An amount that was settled before is not part
    // of that, so a payment with one states how much it was.
    if payment.amount.is_none() && (!is_applied || !payment.settled_before.is_empty()) {
        return Err(fields.missing(CreatePayment::amount));
    }
    Ok(Action::CreatePayment(payment))
}

/// `payInvoice`, `payDebitMemo`.
pub(super) fn pay(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let document = document_ref(kind, fields)?;
    let items = explicit_items(kind, true, fields)?;
    let target = TargetAmount {
        document: document.clone(),
        place: 0,
        amount: wanted_amount(fields)?,
        items,
    };

    let demands = Demands {
        named: vec![target],
        all_open: Vec::new(),
    };
    let payment = new_payment(fields, Some(demands))?;
    Ok(Action::Pay(payment, document))
}

/// A payment whose amount is that of its targets.
fn new_payment(fields: Fields<'_, '_>, demands: Option<Demands>) -> Result<command::NewPayment> {
    let (targets, all_open) = match demands {
        Some(Demands { named, all_open }) => (Some(named), all_open),
        None => (None, Vec::new()),
    };

    let payment = Object::<NewPayment>::known(fields);
    let money = payment.part::<NewMoney>();
    let made = money.part::<MadeDocument>();
    Ok(command::NewPayment {
        id: made.id()?,
        number: made.number()?,
        account_id: payment.account_id()?,
        currency: payment.currency()?,
        date: money.date()?,
        amount: None,
        settled_before: Vec::new(),
        notes: Notes {
            exclude_from_auto_apply: payment.exclude_from_auto_apply()?,
            ..notes(money)?
        },
        targets,
        all_open,
        spread: spread(fields)?,
    })
}

/// What a payment or refund says beside its figures.
fn notes(money: Object<'_, '_, NewMoney>) -> Result<Notes> {
    Ok(Notes {
        comment: money.comment()?,
        method: money.method()?,
        electronic: money.electronic()?,
        custom: money.custom_fields()?,
        ..Notes::default()
    })
}

union! {
    /// The amount to refund of one line of a credit memo.
    export type RefundItem = RefundedItem | RefundedTaxItem;
}

object! {
    form RefundedItem {
        id: required Id = "creditMemoItemId",
        amount: required DecimalText = "amount",
    }
}

object! {
    form RefundedTaxItem {
        id: required Id = "creditTaxItemId",
        amount: required DecimalText = "amount",
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for RefundItem {
    type Output = command::RefundItem;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<command::RefundItem> {
        let fields = Fields::open(value, path)?;
        let tax = fields.has(RefundedTaxItem::id);

        // The identifier says which form it is. An item without one lacks that of an item.
        let (id, amount) = if tax {
            let item = Object::<RefundedTaxItem>::allow(fields)?;
            (item.id()?, item.amount()?)
        } else {
            let item = Object::<RefundedItem>::allow(fields)?;
            (item.id()?, item.amount()?)
        };
        Ok(command::RefundItem { tax, id, amount })
    }
}

object! {
    /// The fields of a refund.
    interface NewRefund extends NewMoney, Spread, Targets as "Targets<ExplicitItem | PaidItem>" {
        /// The amount to pay out. Default: the sum of the `items`. Without items, all that is
        /// unapplied.
        amount: optional DecimalText = "amount",
        /// The lines to refund. With items, but without documents or `autoUnapply`, nothing is
        /// spread, so you cannot state `rule`, `itemOrder` or `signs`.
        items: optional ListOf<RefundItem> = "items",
        /// Whether the refund first unapplies as much as it needs. You cannot combine this with
        /// documents, which state what is unapplied. Default: `false`.
        auto_unapply: defaulted Boolean = "autoUnapply",
        /// The reason code. If the book has `reasonCodes`, it must be one of them.
        reason_code: optional Text = "reasonCode",
    }
}

object! {
    /// Pays out of a credit memo or payment. A refund takes what is unapplied. It can also unapply
    /// something first: the stated amounts of the documents that it names, or with `autoUnapply` as
    /// much as it needs, the last settled first. What it unapplies beyond the refund stays
    /// unapplied.
    ///
    /// A refund counts from its date or, if that is later, from the last day on which something of
    /// its source was applied or taken back. Other refunds do not change that day. An `electronic`
    /// refund has no `method`, because its gateway knows how the money moves.
    command RefundCommand extends NewRefund {}
}

/// `refundCreditMemo`, `refundPayment`.
pub(super) fn refund(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let source = document_ref(kind, fields)?;
    let unapply = targets(kind, fields)?;

    if unapply.is_some() && fields.has(NewRefund::auto_unapply) {
        return Err(fields.refused(
            NewRefund::auto_unapply,
            Reason::AutoUnapplyBesideDocuments {},
        ));
    }

    let refund = Object::<NewRefund>::known(fields);
    let auto_unapply = refund.auto_unapply()?;
    if fields.has(NewRefund::items) && unapply.is_none() && !auto_unapply {
        fields.none_of(LINE_SPREAD, |_| Reason::SpreadBesideItems {})?;
    }

    let money = refund.part::<NewMoney>();
    if money.electronic()? {
        fields.none_of(&[NewMoney::method], |_| Reason::MethodOfElectronic {})?;
    }

    let made = money.part::<MadeDocument>();
    Ok(Action::Refund(command::NewRefund {
        id: made.id()?,
        number: made.number()?,
        date: money.date()?,
        amount: refund.amount()?,
        items: refund.items()?,
        unapply,
        auto_unapply,
        notes: Notes {
            reason_code: refund.reason_code()?,
            ..notes(money)?
        },
        spread: spread(fields)?,
        source,
    }))
}
