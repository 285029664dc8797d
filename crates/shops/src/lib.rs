//! The shops that the tutorials describe, on the merchant service.
