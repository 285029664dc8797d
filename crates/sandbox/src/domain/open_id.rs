//! The name by which one application knows a buyer: another one for every application, and the
//! buyer's number to nobody who does not have the sandbox.

/// An odd number has an inverse: what is multiplied by it can be found again.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
const INVERSE: u64 = 0xf1de_83e1_9937_733d;

fn salt(app_id: &str) -> u64 {
    app_id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The open id of a buyer at an application.
#[must_use]
pub fn open_id(app_id: &str, user_id: &str) -> Option<String> {
    let salt = salt(app_id);
    let number: u64 = user_id.parse().ok()?;
    let mixed = (number ^ salt).wrapping_mul(FACTOR);
    let check = mixed.rotate_left(29) ^ salt;
    Some(format!("0{mixed:016x}{check:016x}"))
}

/// The buyer of an open id; none when the application was never given it.
#[must_use]
pub fn user_of(app_id: &str, open_id: &str) -> Option<String> {
    let mixed = u64::from_str_radix(open_id.get(1..17)?, 16).ok()?;
    let number = mixed.wrapping_mul(INVERSE) ^ salt(app_id);
    let user_id = number.to_string();
    (self::open_id(app_id, &user_id)? == open_id).then_some(user_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_id_leads_back_at_its_own_application_only() {
        assert_eq!(FACTOR.wrapping_mul(INVERSE), 1);
        let (app, other) = ("9021000000000001", "9021000000000002");
        let id = open_id(app, "2088722000000001").expect("a number");
        assert_eq!(id.len(), 33);
        assert_eq!(user_of(app, &id).as_deref(), Some("2088722000000001"));
        assert_eq!(user_of(other, &id), None);
        assert_ne!(open_id(other, "2088722000000001"), Some(id.clone()));
        for text in ["", "0", "x", &id[1..], "买家买家买家买家买家买家买家"] {
            assert_eq!(user_of(app, text), None, "{text}");
        }
    }
}
