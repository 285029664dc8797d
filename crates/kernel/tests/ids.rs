//! Ids as other rooms define them.

kernel::define_id! {
    /// For the tests below.
    ProbeId, "prb";
}

use kernel::{ManualClock, SeededRng, Timestamp, uuid_v7_hex};

#[test]
fn ids_sort_by_time_and_are_read_back() {
    let clock = ManualClock::new(Timestamp::from_ms(1_703_141_316_789));
    let rng = SeededRng::new(1);
    let first = ProbeId::new(&clock, &rng);
    clock.advance_ms(1);
    let second = ProbeId::new(&clock, &rng);
    assert!(first < second);
    assert_eq!(first.as_str().len(), 30);
    assert_eq!(first.to_string().parse::<ProbeId>(), Ok(first.clone()));
    assert!("ord_01J00000000000000000000000".parse::<ProbeId>().is_err());
    assert!("prb_01".parse::<ProbeId>().is_err());
    assert!("prb_01J0000000000000000000000U".parse::<ProbeId>().is_err());
    assert!("".parse::<ProbeId>().is_err());
}

#[test]
fn an_id_holds_crockfords_digits_and_no_others() {
    for byte in 0..=127_u8 {
        let text = format!("prb_01J0000000000000000000000{}", char::from(byte));
        let is_digit = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte);
        assert_eq!(text.parse::<ProbeId>().is_ok(), is_digit, "{text:?}");
    }
}

#[test]
fn uuid_says_its_version_and_sorts_by_time() {
    let clock = ManualClock::new(Timestamp::from_ms(1_703_141_316_789));
    let rng = SeededRng::new(1);
    let first = uuid_v7_hex(&clock, &rng);
    clock.advance_ms(1);
    let second = uuid_v7_hex(&clock, &rng);
    assert_eq!(first.len(), 32);
    assert_eq!(&first[12..13], "7");
    assert!(["8", "9", "a", "b"].contains(&&first[16..17]));
    assert!(first < second);
    assert_eq!(&first[..12], "018c8b2218b5");
}
