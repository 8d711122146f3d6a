"""A part of the life of an account, as an older client generated from Zuora's description of 2023 writes it: the older
spellings of paths, no version of the interface, a type of content on every request. Its models drop most fields of
answers, so the answers are read as they came. Its one argument is the address of a server.
"""

import json
import sys

import swagger_client as z

configuration = z.Configuration()
configuration.host = sys.argv[1]
client = z.ApiClient(configuration)


def ask(method, *args, **kwargs):
    return json.loads(method(*args, _preload_content=False, **kwargs).data)


seen = {}
accounts, invoices = z.AccountsApi(client), z.InvoicesApi(client)
memos, debits = z.CreditMemosApi(client), z.DebitMemosApi(client)

contact = {"firstName": "A", "lastName": "B", "country": "US"}
account = ask(accounts.p_ost_account, {"name": "Acme", "currency": "USD", "billToContact": contact})
seen["account"] = account["accountNumber"]
key = account["accountId"]
invoice = ask(
    invoices.p_ost_standalone_invoice,
    {
        "accountId": key,
        "invoiceDate": "2026-03-01",
        "status": "Posted",
        "invoiceItems": [{"amount": 100, "serviceStartDate": "2026-03-01"}],
    },
)
seen["invoice"] = invoice["balance"]
memo = ask(
    memos.p_ost_credit_memo_from_prpc,
    {"accountId": key, "autoPost": True, "charges": [{"chargeId": "c", "memoItemAmount": 40}]},
)["id"]
applied = ask(memos.p_ut_apply_credit_memo, {"invoices": [{"invoiceId": invoice["id"], "amount": 15}]}, memo)
seen["applied"] = [applied["appliedAmount"], applied["unappliedAmount"]]
parts = ask(memos.g_et_credit_memo_parts, memo)["parts"]
item_parts = ask(memos.g_et_credit_memo_item_parts, parts[0]["id"], memo)["itemParts"]
seen["parts"] = [[part["amount"] for part in parts], item_parts[0]["amount"]]
items = ask(memos.g_et_credit_memo_items, memo)["items"]
seen["items"] = [items[0]["amount"], items[0]["creditTaxItems"]]
refused = ask(memos.p_ut_apply_credit_memo, {"invoices": [{"invoiceId": invoice["id"], "amount": 1000}]}, memo)
seen["refused"] = [refused["success"], refused["reasons"][0]["code"]]
refund = ask(
    memos.p_ost_refund_credit_memo, {"type": "External", "methodType": "Check", "totalAmount": 5}, memo
)
seen["refund"] = refund["amount"]
listed = ask(memos.g_et_credit_memos, status="Posted", sort="-number")
seen["listed"] = [row["number"] for row in listed["creditmemos"]]
debit = ask(
    debits.p_ost_debit_memo_from_prpc,
    {"accountId": key, "charges": [{"chargeId": "c", "memoItemAmount": 7}]},
)
seen["debit"] = [debit["number"], ask(debits.p_ut_post_debit_memo, debit["id"])["status"]]

print(json.dumps(seen))
