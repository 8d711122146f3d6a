"""The life of an account, as the official Python client of Zuora writes it. Its one argument is the address of a server.

The client is unmodified except for its host. It sends what its models make: numbers, decimals as texts, defaults that
nobody stated, steps of paths in either spelling.
"""

import json
import sys
import warnings
from decimal import Decimal

warnings.simplefilter("ignore")

import zuora_sdk as z  # noqa: E402
from zuora_sdk.zuora_client import ZuoraClient  # noqa: E402

client = ZuoraClient("00000000-0000-0000-0000-000000000001", "secret", None)
client.set_base_url(sys.argv[1])
client.initialize()

seen = {}
day = "2026-03-01"

# An account, a standalone invoice with a tax, and its items.
accounts = client.accounts_api()
account = accounts.create_account(
    z.CreateAccountRequest(
        name="Acme",
        currency="USD",
        bill_cycle_day=1,
        bill_to_contact=z.CreateAccountContact(first_name="A", last_name="B", country="US"),
    )
)
seen["account"] = [account.success, account.account_number]

invoices = client.invoices_api()
invoice = invoices.create_standalone_invoice(
    z.CreateInvoiceRequest(
        account_id=account.account_id,
        invoice_date=day,
        status="Posted",
        invoice_items=[
            z.CreateInvoiceItem(
                amount=Decimal("100.00"),
                charge_name="Seats",
                service_start_date=day,
                tax_items=[
                    z.CreateTaxationItem(
                        name="VAT",
                        tax_amount=10,
                        tax_code="V",
                        tax_date=day,
                        tax_mode="TaxExclusive",
                        tax_rate=Decimal("0.1"),
                        tax_rate_type="Percentage",
                    )
                ],
            )
        ],
    )
)
seen["invoice"] = [invoice.success, invoice.status, float(invoice.amount), float(invoice.balance)]
items = invoices.get_invoice_items(invoice.invoice_number)
item = items.invoice_items[0]
seen["items"] = [len(items.invoice_items), float(item.taxation_items.data[0].tax_amount)]

# A credit memo from the invoice and one from a charge.
memos = client.credit_memos_api()
memo = memos.create_credit_memo_from_invoice(
    invoice_key=invoice.id,
    body=z.CreateCreditMemoFromInvoiceRequest(
        invoice_id=invoice.id,
        auto_post=False,
        items=[z.CreditMemoItemFromInvoiceItem(amount=10.76, invoice_item_id=item.id, sku_name="Seat")],
    ),
)
seen["from invoice"] = [memo.success, memo.status, memo.amount, memo.tax_amount]
posted = memos.post_credit_memo(memo.number)
seen["posted"] = [posted.status, posted.posted_on]
charge = memos.create_credit_memo_from_charge(
    body=z.CreateCreditMemoFromChargeRequest(
        account_number=account.account_number,
        auto_post=True,
        charges=[z.CreditMemoItemFromChargeDetail(amount=Decimal("14.99"), product_rate_plan_charge_id="c")],
    )
)
seen["from charge"] = [charge.success, charge.number, charge.amount]

# Apply, parts, unapply; too much is an exception.
applied = memos.apply_credit_memo(
    memo.id,
    body=z.ApplyCreditMemoRequest(invoices=[z.ApplyCreditMemoToInvoice(amount=5.5, invoice_id=invoice.id)]),
)
seen["applied"] = [applied.applied_amount, applied.unapplied_amount]
parts = memos.get_credit_memo_parts(memo.id).parts
seen["parts"] = [part.amount for part in parts]
item_parts = memos.get_credit_memo_item_parts(part_id=parts[0].id, credit_memo_key=memo.id).item_parts
seen["item parts"] = [part.amount for part in item_parts]
try:
    memos.apply_credit_memo(
        memo.id,
        body=z.ApplyCreditMemoRequest(invoices=[z.ApplyCreditMemoToInvoice(amount=1000, invoice_id=invoice.id)]),
    )
except z.exceptions.BadRequestException as refused:
    seen["refused"] = [refused.status, refused.data.success, refused.data.reasons[0].code]
try:
    memos.get_credit_memo("nothing")
except z.exceptions.NotFoundException as refused:
    seen["not found"] = [refused.status, json.loads(refused.body)["success"]]
back = memos.unapply_credit_memo(memo.id, body=z.UnapplyCreditMemoRequest())
seen["unapplied"] = [back.applied_amount, back.unapplied_amount]

# Items with their taxes, lists, pages.
memo_items = memos.get_credit_memo_items(memo.id).items
seen["memo items"] = [memo_items[0].amount, memo_items[0].taxation_items.data[0].tax_amount]
page = memos.get_credit_memos(page=1, page_size=1, sort="-number", account_id=account.account_id)
seen["page"] = [[row.number for row in page.creditmemos], page.next_page is not None]
found = memos.get_credit_memos(amount=14.99, referred_invoice_id="null", currency="USD")
seen["found"] = [row.number for row in found.creditmemos]

# Several at once, a job, a refund, a write-off, an update, mail.
bulk = memos.bulk_create_credit_memos(
    body=z.BulkCreateCreditMemosRequest(
        z.BulkCreateCreditMemosFromChargeRequest(
            source_type="Standalone",
            memos=[
                z.CreateCreditMemoFromCharge(
                    account_id=key,
                    charges=[z.CreditMemoItemFromChargeDetail(amount=1, product_rate_plan_charge_id="c")],
                )
                for key in (account.account_id, "nobody")
            ],
        )
    )
)
seen["bulk"] = [row.success for row in bulk.memos]
job = memos.apply_credit_memo_async(
    charge.id,
    body=z.AsyncApplyCreditMemoRequest(
        invoices=[z.AsyncApplyCreditMemoToInvoice(amount=1.25, invoice_id=invoice.id)]
    ),
)
done = memos.get_apply_credit_memo_async_job(job.id)
seen["job"] = [str(getattr(job.status, "value", job.status)), str(getattr(done.status, "value", done.status))]
refund = memos.refund_credit_memo(
    charge.id, body=z.RefundCreditMemoRequest(type="External", method_type="Check", total_amount=3.74)
)
seen["refund"] = [refund.success, refund.number, refund.amount, refund.status]
written_off = memos.write_off_credit_memo(memo.id, request=z.WriteOffCreditMemoRequest(comment="Small"))
debit = client.debit_memos_api().get_debit_memo(written_off.debit_memo.id)
seen["written off"] = [debit.amount, debit.balance]
draft = memos.update_credit_memo(bulk.memos[0].id, body=z.UpdateCreditMemoRequest(comment="New"))
seen["updated"] = [draft.comment]
mail = memos.email_credit_memo(charge.id, request=z.EmailBillingDocumentRequest(email_addresses="a@example.com"))
seen["mail"] = [mail.success]
cancelled = memos.cancel_credit_memo(bulk.memos[0].id)
seen["canceled"] = [cancelled.status, memos.delete_credit_memo(bulk.memos[0].id).success]

# A payment, and what the account owes in the end.
payments = client.payments_api()
payment = payments.create_payment(
    body=z.CreatePaymentRequest(
        account_id=account.account_id,
        amount=20,
        currency="USD",
        type="External",
        payment_method_type="Cash",
        invoices=[z.CreatePaymentInvoiceApplication(amount=20, invoice_id=invoice.id)],
    )
)
seen["payment"] = [payment.number, payment.applied_amount]
seen["metrics"] = accounts.get_account(account.account_number).metrics.balance

print(json.dumps(seen))
