//! The sizes that Zuora publishes, each at its edge: a book with `limits: "zuora"` takes exactly the figure, and one
//! more is refused by the name of the limit. The figures are written down here once more, from Zuora's pages.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use setoff::command::settings::Limit;
use support::host::Host;

/// The published figures, in the order of [`Limit::ALL`].
const PUBLISHED: [(&str, u32); 15] = [
    ("itemsPerOperation", 15_000),
    ("documentsPerOperation", 1_000),
    ("statedItems", 1_000),
    ("prorationCells", 10_000),
    ("partItems", 1_000),
    ("refundItems", 15_000),
    ("reverseItems", 2_000),
    ("reverseInvoiceItems", 50_000),
    ("writeOffItems", 2_000),
    ("createItems", 1_000),
    ("bulkCommands", 50),
    ("collectItems", 10),
    ("collectCreditMemos", 25),
    ("collectPayments", 25),
    ("commentLength", 255),
];

/// A book with all of Zuora's limits.
fn book() -> Host {
    Host::open(&json!({ "currency": "USD", "limits": "zuora" })).unwrap()
}

fn command(kind: &str, fields: Value) -> Value {
    let mut command = fields;
    command["type"] = json!(kind);
    command["at"] = json!("2026-01-20");
    command
}

/// `count` items of `amount`, called `1`, `2` and so on.
fn items(count: usize, amount: &str) -> Value {
    (1..=count)
        .map(|index| json!({ "id": index.to_string(), "amount": amount }))
        .collect()
}

/// The same, each with a number of tax items of 0.01.
fn taxed_items(count: usize, taxes: usize) -> Value {
    let tax_items = |item: usize| -> Value {
        (1..=taxes)
            .map(|index| json!({ "id": format!("{item}/{index}"), "amount": "0.01" }))
            .collect()
    };
    (1..=count)
        .map(|item| json!({ "id": item.to_string(), "amount": "1", "taxItems": tax_items(item) }))
        .collect()
}

/// A posted document with items.
fn create(host: &mut Host, kind: &str, id: &str, items: Value) {
    let fields = json!({ "id": id, "autoPost": true, "items": items });
    run(host, &command(kind, fields));
}

/// Executes what must be possible.
fn run(host: &mut Host, command: &Value) -> Value {
    let answer = host.execute(command);
    answer
        .unwrap_or_else(|error| panic!("{}: {error}", command["type"]))
        .value()
}

/// What a limit was found to be exceeded by.
fn refused(host: &mut Host, command: &Value, limit: &str, found: usize) {
    let (_, most) = PUBLISHED
        .into_iter()
        .find(|(name, _)| *name == limit)
        .unwrap();
    let error = host.execute(command).unwrap_err();
    let sentence = format!("The book's limit `{limit}` is {most}, and this would be {found}.");
    assert_eq!(
        (error.code().as_str(), error.sentence()),
        ("limitExceeded", sentence)
    );
}

fn apply(memo: &str, invoices: Value) -> Value {
    command(
        "applyCreditMemo",
        json!({ "creditMemoId": memo, "invoices": invoices }),
    )
}

fn unapply(memo: &str, invoices: Value) -> Value {
    command(
        "unapplyCreditMemo",
        json!({ "creditMemoId": memo, "invoices": invoices }),
    )
}

#[test]
fn the_figures_are_the_published_ones() {
    let figures: Vec<_> = Limit::ALL
        .iter()
        .map(|limit| (limit.as_str(), limit.zuora()))
        .collect();

    assert_eq!(figures, PUBLISHED);
}

#[test]
fn an_apply_has_15_000_items() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "20000"));
    create(&mut host, "createInvoice", "INV-1", items(15_000, "1"));
    create(&mut host, "createInvoice", "INV-2", items(14_999, "1"));
    let larger = apply("CM-1", json!([{ "invoiceId": "INV-1" }]));
    let largest = apply("CM-1", json!([{ "invoiceId": "INV-2" }]));

    refused(&mut host, &larger, "itemsPerOperation", 15_001);
    let outcome = run(&mut host, &largest);

    assert_eq!(outcome["amount"], "14999.00");
}

/// 7,500 items with a tax each are 15,000, and the memo's item is one more; 2,000 items of nothing add nothing.
#[test]
fn tax_items_count_and_items_of_nothing_do_not() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "20000"));
    create(&mut host, "createInvoice", "INV-1", taxed_items(7_500, 1));
    let mut lines = items(14_999, "1");
    let nothing = (0..2_000).map(|index| json!({ "id": format!("n{index}"), "amount": "0" }));
    lines.as_array_mut().unwrap().extend(nothing);
    create(&mut host, "createInvoice", "INV-2", lines);

    let larger = apply("CM-1", json!([{ "invoiceId": "INV-1" }]));
    refused(&mut host, &larger, "itemsPerOperation", 15_001);
    let outcome = run(&mut host, &apply("CM-1", json!([{ "invoiceId": "INV-2" }])));

    assert_eq!(outcome["amount"], "14999.00");
}

/// The way out that Zuora names: an invoice or a memo that is too large as a whole is settled by naming its items.
#[test]
fn named_items_are_all_that_counts_of_a_large_document() {
    let mut host = book();
    create(&mut host, "createInvoice", "INV-1", items(20_000, "1"));
    create(&mut host, "createInvoice", "INV-2", items(14_000, "1"));
    create(&mut host, "createCreditMemo", "CM-1", items(1, "50000"));
    create(
        &mut host,
        "createCreditMemo",
        "CM-2",
        taxed_items(1_000, 15),
    );
    create(&mut host, "createInvoice", "INV-3", items(1, "50000"));

    let whole = apply("CM-1", json!([{ "invoiceId": "INV-1" }]));
    refused(&mut host, &whole, "itemsPerOperation", 20_001);
    let named = run(&mut host, &apply("CM-1", stated("INV-1", 1_000)));
    assert_eq!(named["amount"], "1000.00");

    // Beside an invoice that is settled as a whole, the memo counts with all of its items.
    let mut both = stated("INV-1", 1_000);
    both[0]["items"].as_array_mut().unwrap().truncate(999);
    both.as_array_mut()
        .unwrap()
        .push(json!({ "invoiceId": "INV-2" }));
    let back = run(&mut host, &unapply("CM-1", stated("INV-1", 1_000)));
    assert_eq!(back["amount"], "-1000.00");
    let largest = run(&mut host, &apply("CM-1", both));
    assert_eq!(largest["amount"], "14999.00");

    let whole = apply("CM-2", json!([{ "invoiceId": "INV-3" }]));
    refused(&mut host, &whole, "itemsPerOperation", 16_001);
    let pair = json!({ "creditMemoItemId": "7", "invoiceItemId": "1", "amount": "1" });
    let named = apply("CM-2", json!([{ "invoiceId": "INV-3", "items": [pair] }]));
    assert_eq!(run(&mut host, &named)["amount"], "1.00");
}

#[test]
fn an_unapply_of_named_documents_has_15_000_items() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "20000"));
    create(&mut host, "createInvoice", "INV-1", items(14_999, "1"));
    create(&mut host, "createInvoice", "INV-2", items(1, "1"));
    for invoice in ["INV-1", "INV-2"] {
        run(&mut host, &apply("CM-1", json!([{ "invoiceId": invoice }])));
    }
    let larger = unapply(
        "CM-1",
        json!([{ "invoiceId": "INV-1" }, { "invoiceId": "INV-2" }]),
    );
    let largest = unapply("CM-1", json!([{ "invoiceId": "INV-1" }]));

    refused(&mut host, &larger, "itemsPerOperation", 15_001);
    let outcome = run(&mut host, &largest);

    assert_eq!(outcome["amount"], "-14999.00");
}

/// What Zuora's jobs take: 300,000 items, and 1,000 invoices as everywhere.
#[test]
fn a_book_can_take_the_300_000_items_of_a_job() {
    let limits = json!({ "itemsPerOperation": 300_000, "documentsPerOperation": 1_000 });
    let mut host = Host::open(&json!({ "currency": "USD", "limits": limits })).unwrap();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "900000"));
    create(&mut host, "createInvoice", "INV-1", items(300_000, "1"));
    create(&mut host, "createInvoice", "INV-2", items(299_999, "1"));
    let larger = apply("CM-1", json!([{ "invoiceId": "INV-1" }]));
    let largest = apply("CM-1", json!([{ "invoiceId": "INV-2" }]));

    let error = host.execute(&larger).unwrap_err();
    let outcome = run(&mut host, &largest);

    assert_eq!(
        error.sentence(),
        "The book's limit `itemsPerOperation` is 300000, and this would be 300001."
    );
    assert_eq!(outcome["amount"], "299999.00");
}

#[test]
fn an_operation_has_1_000_invoices_and_as_many_debit_memos() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "5000"));
    for index in 0..=1_000 {
        create(
            &mut host,
            "createInvoice",
            &format!("I-{index}"),
            items(1, "1"),
        );
        create(
            &mut host,
            "createDebitMemo",
            &format!("D-{index}"),
            items(1, "1"),
        );
    }
    let list = |kind: &str, field: &str, range: std::ops::Range<usize>| -> Value {
        range
            .map(|index| json!({ field: format!("{kind}-{index}") }))
            .collect()
    };
    let settle = |verb: &str, invoices: usize, debit_memos: usize| {
        let mut fields = json!({ "creditMemoId": "CM-1" });
        fields["invoices"] = list("I", "invoiceId", 0..invoices);
        fields["debitMemos"] = list("D", "debitMemoId", 0..debit_memos);
        command(&format!("{verb}CreditMemo"), fields)
    };

    refused(
        &mut host,
        &settle("apply", 1_001, 1),
        "documentsPerOperation",
        1_001,
    );
    refused(
        &mut host,
        &settle("apply", 1, 1_001),
        "documentsPerOperation",
        1_001,
    );
    let applied = run(&mut host, &settle("apply", 1_000, 1_000));
    let more = apply("CM-1", list("I", "invoiceId", 1_000..1_001));
    run(&mut host, &more);
    refused(
        &mut host,
        &settle("unapply", 1_001, 0),
        "documentsPerOperation",
        1_001,
    );
    let taken_back = run(&mut host, &settle("unapply", 1_000, 1_000));

    assert_eq!(applied["amount"], "2000.00");
    assert_eq!(taken_back["amount"], "-2000.00");
}

/// Pairs of the memo's only item with the first items of an invoice.
fn stated(invoice: &str, count: usize) -> Value {
    let pairs: Value = (1..=count)
        .map(|index| {
            let item = index.to_string();
            json!({ "creditMemoItemId": "1", "invoiceItemId": item, "amount": "1" })
        })
        .collect();
    json!([{ "invoiceId": invoice, "items": pairs }])
}

#[test]
fn a_request_states_1_000_lines_of_a_document() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "5000"));
    create(&mut host, "createInvoice", "INV-1", items(1_001, "2"));

    refused(
        &mut host,
        &apply("CM-1", stated("INV-1", 1_001)),
        "statedItems",
        1_001,
    );
    let applied = run(&mut host, &apply("CM-1", stated("INV-1", 1_000)));
    run(&mut host, &apply("CM-1", json!([{ "invoiceId": "INV-1" }])));
    refused(
        &mut host,
        &unapply("CM-1", stated("INV-1", 1_001)),
        "statedItems",
        1_001,
    );
    let taken_back = run(&mut host, &unapply("CM-1", stated("INV-1", 1_000)));

    assert_eq!(applied["amount"], "1000.00");
    assert_eq!(taken_back["amount"], "-1000.00");
}

#[test]
fn a_request_states_1_000_lines_of_a_memo() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1_000, "1"));
    create(&mut host, "createInvoice", "INV-1", items(2, "5000"));
    let stated = |pairs: usize| -> Value {
        let pairs: Value = (0..pairs)
            .map(|index| {
                let (memo, invoice) = (index % 1_000 + 1, index / 1_000 + 1);
                json!({
                    "creditMemoItemId": memo.to_string(),
                    "invoiceItemId": invoice.to_string(),
                    "amount": "0.50",
                })
            })
            .collect();
        json!([{ "invoiceId": "INV-1", "items": pairs }])
    };

    refused(
        &mut host,
        &apply("CM-1", stated(1_001)),
        "statedItems",
        1_001,
    );
    let applied = run(&mut host, &apply("CM-1", stated(1_000)));
    refused(
        &mut host,
        &unapply("CM-1", stated(1_001)),
        "statedItems",
        1_001,
    );
    let taken_back = run(&mut host, &unapply("CM-1", stated(1_000)));

    assert_eq!(applied["amount"], "500.00");
    assert_eq!(taken_back["amount"], "-500.00");
}

/// How a memo settled invoices, each with that number of items: the rule for each invoice, and the codes of notices.
fn rules_used(memo_items: usize, invoice_items: &[usize]) -> (Vec<Value>, Vec<Value>) {
    let mut host = book();
    create(
        &mut host,
        "createCreditMemo",
        "CM-1",
        items(memo_items, "1"),
    );
    let mut targets = Vec::new();
    for (index, count) in invoice_items.iter().enumerate() {
        let id = format!("INV-{index}");
        create(&mut host, "createInvoice", &id, items(*count, "1"));
        targets.push(json!({ "invoiceId": id, "amount": "10" }));
    }

    let outcome = run(&mut host, &apply("CM-1", Value::Array(targets)));

    let column = |list: &str, field: &str| {
        let rows = outcome[list].as_array().unwrap().iter();
        rows.map(|row| row[field].clone()).collect()
    };
    (
        column("applications", "ruleUsed"),
        column("notices", "code"),
    )
}

/// The cells are those of the whole operation: the items of the memo times those of all documents. 100 x 100 is 10,000,
/// and 73 x 137 is 10,001.
#[test]
fn above_10_000_cells_first_in_first_out_takes_the_place_of_proration() {
    let by_proration = json!("proration");
    let by_fifo = json!("fifo");
    let notice = json!("fifoInsteadOfProration");

    assert_eq!(
        rules_used(100, &[100]),
        (vec![by_proration.clone()], vec![])
    );
    assert_eq!(
        rules_used(73, &[137]),
        (vec![by_fifo.clone()], vec![notice.clone()])
    );
    assert_eq!(
        rules_used(100, &[50, 50]),
        (vec![by_proration.clone(), by_proration], vec![])
    );
    assert_eq!(
        rules_used(73, &[68, 69]),
        (vec![by_fifo.clone(), by_fifo], vec![notice.clone(), notice])
    );
}

#[test]
fn everything_is_taken_back_of_1_000_part_items() {
    let take_back = command("unapplyCreditMemo", json!({ "creditMemoId": "CM-1" }));
    let applied = |count: usize| {
        let mut host = book();
        create(&mut host, "createCreditMemo", "CM-1", items(1, "5000"));
        create(&mut host, "createInvoice", "INV-1", items(count, "1"));
        run(&mut host, &apply("CM-1", json!([{ "invoiceId": "INV-1" }])));
        host
    };

    refused(&mut applied(1_001), &take_back, "partItems", 1_001);
    let outcome = run(&mut applied(1_000), &take_back);

    assert_eq!(outcome["amount"], "-1000.00");
    assert_eq!(outcome["document"]["unappliedAmount"], "5000.00");
}

/// Tax items count, as for every size but that of a new memo.
#[test]
fn a_refund_has_15_000_items() {
    let refund = command(
        "refundCreditMemo",
        json!({ "id": "R-1", "creditMemoId": "CM-1" }),
    );
    let mut larger = book();
    create(
        &mut larger,
        "createCreditMemo",
        "CM-1",
        taxed_items(1_000, 14),
    );
    let mut largest = larger.clone();
    let add = json!({ "add": { "id": "t", "amount": "0.01" } });
    let draft = command("unpostCreditMemo", json!({ "creditMemoId": "CM-1" }));
    let change = json!({ "creditMemoId": "CM-1", "items": [{ "id": "1", "taxItems": [add] }] });
    let post = command("postCreditMemo", json!({ "creditMemoId": "CM-1" }));
    for command in [draft, command("updateCreditMemo", change), post] {
        run(&mut larger, &command);
    }

    refused(&mut larger, &refund, "refundItems", 15_001);
    let outcome = run(&mut largest, &refund);

    assert_eq!(outcome["document"]["amount"], "1140.00");
}

/// A refund of the first lines of a memo whose items have one tax item each: item, tax item, item and so on.
fn refund_of_lines(count: usize) -> Value {
    let lines: Value = (0..count)
        .map(|line| {
            let item = line / 2 + 1;
            if line % 2 == 0 {
                json!({ "creditMemoItemId": item.to_string(), "amount": "1" })
            } else {
                json!({ "creditTaxItemId": format!("{item}/1"), "amount": "0.01" })
            }
        })
        .collect();
    command(
        "refundCreditMemo",
        json!({ "id": "R-1", "creditMemoId": "CM-1", "items": lines }),
    )
}

#[test]
fn a_refund_states_1_000_lines() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", taxed_items(1_000, 1));

    refused(&mut host, &refund_of_lines(1_001), "statedItems", 1_001);
    let outcome = run(&mut host, &refund_of_lines(1_000));

    // 500 items of 1.00, and their taxes of 0.01.
    assert_eq!(outcome["document"]["amount"], "505.00");
}

/// A memo that is too large for one refund is paid out in pieces: of stated lines, only these count.
#[test]
fn a_refund_of_stated_lines_counts_only_these() {
    let mut host =
        Host::open(&json!({ "currency": "USD", "limits": { "refundItems": 3 } })).unwrap();
    create(&mut host, "createCreditMemo", "CM-1", taxed_items(2, 1));
    let whole = command(
        "refundCreditMemo",
        json!({ "id": "R-1", "creditMemoId": "CM-1" }),
    );

    let refused = [
        host.execute(&whole).unwrap_err(),
        host.execute(&refund_of_lines(4)).unwrap_err(),
    ];
    let outcome = run(&mut host, &refund_of_lines(3));

    for error in refused {
        let sentence = "The book's limit `refundItems` is 3, and this would be 4.";
        assert_eq!(error.sentence(), sentence);
    }
    assert_eq!(outcome["document"]["amount"], "2.01");
}

/// A write-off that states lines has to state all of them (`settlement.md#items-of-a-write-off`). So their number is
/// that of the document, which has a limit of its own.
#[test]
fn a_write_off_states_2_000_lines() {
    let mut host = book();
    create(&mut host, "createInvoice", "INV-1", items(2_000, "1"));
    let lines: Value = (1..=2_000)
        .map(|item| json!({ "itemId": item.to_string(), "amount": "1" }))
        .collect();
    let write_off = command(
        "writeOffInvoice",
        json!({ "id": "WO-1", "invoiceId": "INV-1", "items": lines }),
    );

    let outcome = run(&mut host, &write_off);

    assert_eq!(outcome["amount"], "2000.00");
}

/// Memo items, discounts and tax items count together: 998 items with a tax each; one item, its discount, its taxes.
#[test]
fn a_credit_memo_of_2_000_items_is_reversed() {
    let reverse = command(
        "reverseCreditMemo",
        json!({ "id": "DM-1", "creditMemoId": "CM-1" }),
    );
    let memo = |taxes: usize| {
        let mut host = book();
        let mut lines = taxed_items(998, 1);
        let tax_items: Value = (0..taxes)
            .map(|index| json!({ "id": format!("t{index}"), "amount": "0.01" }))
            .collect();
        let last = [
            json!({ "id": "last", "amount": "1", "taxItems": tax_items }),
            json!({ "id": "off", "amount": "-0.10", "appliedToItemId": "last" }),
        ];
        lines.as_array_mut().unwrap().extend(last);
        create(&mut host, "createCreditMemo", "CM-1", lines);
        host
    };

    refused(&mut memo(3), &reverse, "reverseItems", 2_001);
    let outcome = run(&mut memo(2), &reverse);

    assert_eq!(outcome["document"]["reversed"], true);
}

#[test]
fn an_invoice_of_50_000_items_is_reversed() {
    let reverse = |invoice: &str| {
        command(
            "reverseInvoice",
            json!({ "id": format!("CM-{invoice}"), "invoiceId": invoice }),
        )
    };
    let mut host = book();
    create(&mut host, "createInvoice", "A", items(50_001, "1"));
    create(&mut host, "createInvoice", "B", items(50_000, "1"));

    refused(&mut host, &reverse("A"), "reverseInvoiceItems", 50_001);
    let outcome = run(&mut host, &reverse("B"));

    assert_eq!(outcome["created"][0]["amount"], "50000.00");
}

#[test]
fn a_document_of_2_000_items_is_written_off() {
    let write_off = |invoice: &str| {
        command(
            "writeOffInvoice",
            json!({ "id": format!("CM-{invoice}"), "invoiceId": invoice }),
        )
    };
    let mut host = book();
    create(&mut host, "createInvoice", "A", items(2_001, "1"));
    create(&mut host, "createInvoice", "B", items(2_000, "1"));

    refused(&mut host, &write_off("A"), "writeOffItems", 2_001);
    let outcome = run(&mut host, &write_off("B"));

    assert_eq!(outcome["created"][0]["amount"], "2000.00");
}

#[test]
fn a_new_memo_has_1_000_items() {
    let mut host = book();
    for kind in ["CreditMemo", "DebitMemo"] {
        let new = |count: usize| {
            command(
                &format!("create{kind}"),
                json!({ "id": kind, "items": items(count, "1") }),
            )
        };

        refused(&mut host, &new(1_001), "createItems", 1_001);
        let outcome = run(&mut host, &new(1_000));

        assert_eq!(outcome["document"]["amount"], "1000.00");
    }
}

#[test]
fn fifty_memos_are_created_or_changed_in_bulk() {
    let mut host = book();
    let create = |index: usize| {
        let fields = json!({ "id": format!("CM-{index}"), "items": items(1, "1") });
        command("createCreditMemo", fields)
    };
    let update = |index: usize| {
        let fields = json!({ "creditMemoId": format!("CM-{index}"), "comment": "seen" });
        command("updateCreditMemo", fields)
    };
    for each in [&create as &dyn Fn(usize) -> Value, &update] {
        let bulk = |count: usize| {
            let commands: Value = (0..count).map(each).collect();
            command("bulk", json!({ "commands": commands }))
        };

        refused(&mut host, &bulk(51), "bulkCommands", 51);
        let outcome = run(&mut host, &bulk(50));

        let results = outcome["results"].as_array().unwrap();
        assert_eq!(results.len(), 50);
        assert!(results.iter().all(|result| result["success"] == true));
    }
}

#[test]
fn a_demand_of_10_items_is_collected() {
    for (kind, field) in [("Invoice", "invoiceId"), ("DebitMemo", "debitMemoId")] {
        let mut host = book();
        create(&mut host, "createCreditMemo", "CM-1", items(1, "100"));
        create(&mut host, &format!("create{kind}"), "A", items(11, "1"));
        create(&mut host, &format!("create{kind}"), "B", items(10, "1"));
        let collect = |id: &str| command(&format!("collect{kind}"), json!({ field: id }));

        refused(&mut host, &collect("A"), "collectItems", 11);
        let outcome = run(&mut host, &collect("B"));

        assert_eq!(outcome["amount"], "10.00");
    }
}

/// What is not needed does not count: 26 memos or payments are there each time.
#[test]
fn a_collection_takes_25_credit_memos_and_25_payments() {
    let mut host = book();
    for index in 0..26 {
        create(
            &mut host,
            "createCreditMemo",
            &format!("CM-{index}"),
            items(1, "1"),
        );
        let payment = json!({ "id": format!("P-{index}"), "amount": "1" });
        run(&mut host, &command("createPayment", payment));
    }
    create(&mut host, "createDebitMemo", "A", items(1, "26"));
    create(&mut host, "createDebitMemo", "B", items(1, "25"));
    let collect = |id: &str, sources: Value| {
        command(
            "collectDebitMemo",
            json!({ "debitMemoId": id, "sources": sources }),
        )
    };
    for (source, limit) in [
        ("creditMemo", "collectCreditMemos"),
        ("payment", "collectPayments"),
    ] {
        let mut host = host.clone();

        refused(&mut host, &collect("A", json!([source])), limit, 26);
        let outcome = run(&mut host, &collect("B", json!([source])));

        assert_eq!(outcome["amount"], "25.00");
    }
    let outcome = run(&mut host, &collect("B", json!(["creditMemo", "payment"])));
    assert_eq!(outcome["amount"], "25.00");
}

/// Characters, not bytes.
#[test]
fn a_comment_has_255_characters() {
    let mut host = book();
    create(&mut host, "createCreditMemo", "CM-1", items(1, "1"));
    let comment = |count: usize| {
        let fields = json!({ "creditMemoId": "CM-1", "comment": "ü".repeat(count) });
        command("updateCreditMemo", fields)
    };

    refused(&mut host, &comment(256), "commentLength", 256);
    let outcome = run(&mut host, &comment(255));

    assert_eq!(outcome["document"]["comment"], "ü".repeat(255));
}

/// Zuora's example of a page, with its figures.
#[test]
fn page_2_of_20_has_records_21_to_40() {
    let mut host = book();
    for index in 1..=45 {
        create(
            &mut host,
            "createCreditMemo",
            &format!("CM-{index:02}"),
            items(1, "1"),
        );
    }
    let ids = |page: Value| -> Vec<Value> {
        let query = json!({ "of": "creditMemo", "sort": [{ "by": "number" }], "page": page });
        let answer = host.query(&query).unwrap().value();
        let rows = answer["rows"].as_array().unwrap().iter();
        rows.map(|row| row["id"].clone()).collect()
    };
    let numbers = |range: std::ops::RangeInclusive<usize>| -> Vec<Value> {
        range.map(|index| json!(format!("CM-{index:02}"))).collect()
    };

    assert_eq!(ids(json!({ "size": 20, "number": 2 })), numbers(21..=40));
    assert_eq!(ids(json!({ "number": 2 })), numbers(21..=40));
    assert_eq!(ids(json!({ "size": 20, "number": 3 })), numbers(41..=45));
}
