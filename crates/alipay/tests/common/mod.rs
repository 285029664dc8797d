//! What several test files share.

/// Calls `check` with every byte of `message` changed, one at a time, in two ways: its lowest bit
/// flipped, and its case bit (letters) flipped. Returns how many changes there were.
pub(crate) fn each_changed_byte(message: &[u8], mut check: impl FnMut(&[u8])) -> usize {
    let mut changed = message.to_vec();
    for (at, &byte) in message.iter().enumerate() {
        for bit in [0x01, 0x20] {
            changed[at] = byte ^ bit;
            check(&changed);
        }
        changed[at] = byte;
    }
    message.len() * 2
}
