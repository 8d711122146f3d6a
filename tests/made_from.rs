//! What others were made from stays as long as they count: one rule for documents of every kind.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use support::host::Host;
use support::invariants;

const DAY: &str = "2026-03-02";

fn capital(kind: &str) -> String {
    kind[..1].to_uppercase() + &kind[1..]
}

fn step(verb: &str, kind: &str, id: &str) -> Value {
    let field = format!("{kind}Id");
    json!({ "type": format!("{verb}{}", capital(kind)), "at": DAY, field: id })
}

/// The ways to make a document from another: the kind of what is made, and the command that makes it.
fn ways(kind: &str) -> Vec<(&'static str, Value)> {
    let of = format!("{kind}Id");
    let item = json!([{ "id": "1", "sourceItemId": "a", "amount": "4.00" }]);
    let create = |made: &'static str, posted: bool| {
        let name = format!("create{}", capital(made));
        let new = json!({ "type": name, "at": DAY, "id": "M", "autoPost": posted, &of: "D", "items": item });
        (made, new)
    };
    let counterpart = if kind == "creditMemo" {
        "debitMemo"
    } else {
        "creditMemo"
    };
    let mut write_off = step("writeOff", kind, "D");
    write_off["id"] = "M".into();
    let mut ways = vec![(counterpart, write_off)];
    let made: &[_] = match kind {
        "creditMemo" => &["debitMemo"],
        "debitMemo" => &["creditMemo"],
        _ => &["creditMemo", "debitMemo"],
    };
    for made in made {
        ways.extend([create(made, false), create(made, true)]);
    }
    ways
}

fn refusal(host: &mut Host, command: &Value) -> Option<&'static str> {
    let hash = host.book.hash();
    let code = host
        .execute(command)
        .err()
        .map(|error| error.code().as_str());
    assert!(
        code.is_none() || host.book.hash() == hash,
        "a refusal changes nothing"
    );
    invariants::check(&host.book);
    code
}

#[test]
fn what_others_were_made_from_stays_as_long_as_they_count() {
    for kind in ["invoice", "creditMemo", "debitMemo"] {
        for (made, make) in ways(kind) {
            let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
            let create = json!({ "type": format!("create{}", capital(kind)), "at": DAY, "id": "D", "autoPost": true,
                "items": [{ "id": "a", "amount": "10.00" }] });
            host.execute(&create).unwrap();
            host.execute(&make).unwrap();
            // What a write-off settled is taken back, so that nothing but the document that it made is in the way.
            let (source, id) = if made == "creditMemo" {
                (made, "M")
            } else {
                (kind, "D")
            };
            if make["type"].as_str().unwrap().starts_with("writeOff") {
                host.execute(&step("unapply", source, id)).unwrap();
            }

            for verb in ["unpost", "void"] {
                let code = refusal(&mut host, &step(verb, kind, "D"));
                assert_eq!(code, Some("alreadySettled"), "{verb} {kind} with {make}");
            }
            let mut reverse = step("reverse", kind, "D");
            reverse["id"] = "R".into();
            assert_eq!(
                refusal(&mut host, &reverse),
                Some("alreadySettled"),
                "{make}"
            );

            // A draft counts, and what is canceled does not.
            if host.execute(&step("unpost", made, "M")).is_ok() {
                let code = refusal(&mut host, &step("unpost", kind, "D"));
                assert_eq!(
                    code,
                    Some("alreadySettled"),
                    "{kind} with the draft of {make}"
                );
            }
            host.execute(&step("cancel", made, "M")).unwrap();
            for verb in ["unpost", "cancel", "delete"] {
                assert_eq!(
                    refusal(&mut host, &step(verb, kind, "D")),
                    None,
                    "{verb} {kind}"
                );
            }
        }
    }
}
