//! Signed messages, spoiled at random 20,000 times: none is believed, and nothing panics.
//!
//! `cargo run -p tongbao-alipay --features test --example mutate -- --count 1000000` tries more.

mod mutator;
#[cfg(test)]
mod vectors;

#[test]
fn nothing_that_was_spoiled_is_believed() {
    let mut messages = mutator::messages();
    if let Some(folder) = vectors::vectors() {
        let text = std::fs::read_to_string(folder.join("genuine.json")).expect("genuine.json");
        let file = serde_json::from_str(&text).expect("JSON");
        messages.extend(mutator::genuine(&file));
    }
    let tally = mutator::spoil(&messages, 20_000, 20_260_821);
    assert_eq!(tally.forged, Vec::<String>::new());
    assert_eq!(tally.same + tally.refused, 20_000);
    assert!(
        tally.refused > 18_000,
        "only {} were spoiled",
        tally.refused
    );
}
