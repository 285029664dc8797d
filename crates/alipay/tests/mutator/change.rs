//! Small changes at random, the same for the same seed.

/// One change: a bit, a byte, a piece lost, doubled, moved, put in, or taken from another message.
pub(crate) fn change(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    if bytes.is_empty() {
        bytes.extend_from_slice(other);
    }
    let at = chance.below(bytes.len());
    let end = (at + 1 + chance.below(24)).min(bytes.len());
    match chance.below(9) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = u8::try_from(chance.below(256)).unwrap_or_default(),
        2 => drop(bytes.drain(at..end)),
        3 => {
            let piece = bytes[at..end].to_vec();
            let to = chance.below(bytes.len());
            bytes.splice(to..to, piece);
        }
        4 => bytes.truncate(at),
        5 => {
            let token = TOKENS[chance.below(TOKENS.len())];
            bytes.splice(at..at, token.bytes());
        }
        6 => {
            let token = TOKENS[chance.below(TOKENS.len())];
            bytes.splice(at..end, token.bytes());
        }
        7 => {
            let from = chance.below(other.len());
            let until = (from + 1 + chance.below(64)).min(other.len());
            bytes.splice(at..end, other[from..until].iter().copied());
        }
        _ => {
            let to = chance.below(bytes.len());
            bytes.swap(at, to);
        }
    }
}

/// Xorshift: chance that is the same in every run.
pub(crate) struct Chance(u64);

impl Chance {
    /// From this seed on.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `limit`, 0 when there is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from((self.0 >> 11) % limit).unwrap_or_default()
    }
}

/// What forgers and broken frameworks put in.
const TOKENS: &[&str] = &[
    "&",
    "=",
    "%00",
    "%26",
    "+",
    "&sign=",
    "&sign_type=RSA",
    "&charset=gbk",
    "&total_amount=0.01",
    "&trade_status=TRADE_SUCCESS",
    "&amp;",
    "×tamp",
    "\"",
    "\\",
    "\\u0022",
    ",\"code\":\"10000\"",
    "{\"alipay_trade_query_response\":{\"code\":\"10000\"},",
    "\"sign\":\"\",",
    "error_response",
    "\u{feff}",
    "\n",
    " ",
];
