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
    /// What all new payments and refunds have in common.
    interface NewMoney extends MadeDocument {
        /// Left out: `at`.
        date: optional Day = "date",
        /// How the money moves, such as `"Check"`.
        method: optional Text = "method",
        /// It goes through a gateway, which is the host's.
        electronic: defaulted Boolean = "electronic",
        comment: optional Text = "comment",
        custom_fields: defaulted CustomFields = "customFields",
    }
}

object! {
    /// What all new payments have in common.
    interface NewPayment extends NewMoney {
        account_id: optional Label = "accountId",
        currency: optional Id = "currency",
        exclude_from_auto_apply: defaulted Boolean = "excludeFromAutoApply",
    }
}

object! {
    /// Records a payment, and applies it if it names documents. Without any, it says nothing of how
    /// it would be spread.
    command CreatePayment extends NewPayment, SpreadOverPairs, OpenTargets as "OpenTargets<PaidItem>" {
        /// Left out (with documents): what those take.
        amount: optional DecimalText = "amount",
        /// What was settled of it before, for a host that moves an account in. The amount is stated
        /// then.
        settled_before: defaulted ListOf<SettledBefore> = "settledBefore",
    }
}

object! {
    /// Records a payment and applies it to one document. The `amount` left out: its balance.
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
    /// A line of a credit memo to be refunded.
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
    /// What a refund is, and what it pays out.
    interface NewRefund extends NewMoney, Spread, Targets as "Targets<ExplicitItem | PaidItem>" {
        /// Left out: the sum of the items, or all that is unapplied.
        amount: optional DecimalText = "amount",
        /// Without documents or `autoUnapply` beside them, no `rule`, `itemOrder` or `signs`:
        /// nothing is spread.
        items: optional ListOf<RefundItem> = "items",
        /// Not beside documents that say what is unapplied.
        auto_unapply: defaulted Boolean = "autoUnapply",
        reason_code: optional Text = "reasonCode",
    }
}

object! {
    /// Pays something of a credit memo or payment out: of what is unapplied, or of what is
    /// unapplied first (from the documents that it names, as much as it says there, or by
    /// `autoUnapply` as much as is needed, the last settled first). What is unapplied beyond the
    /// refund stays unapplied. A refund counts from its date, or from the last day on which
    /// something of its source was applied or taken back, if that is later; other refunds do not
    /// move it. An `electronic` refund has no `method`: its gateway knows how the money moves.
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
