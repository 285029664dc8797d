//! How small a key may be, and how long a text is still read as one.

/// The smallest modulus that Alipay takes for RSA2, in bits.
pub const MIN_BITS: u32 = 2048;

/// The longest text that is read as a key. A 8192-bit private key has some 6,400 characters; a
/// certificate bundle may have several times that.
pub const MAX_KEY_TEXT_BYTES: usize = 64 * 1024;
