//! The `authorization` header, as it is written.

/// What a caller says of itself. The order of the parts is its own choice, and the signature
/// covers them as they stand.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Authorization {
    /// Everything between the scheme and `,sign=`.
    pub(super) signed: String,
    pub(super) app_id: Option<String>,
    pub(super) app_cert_sn: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) timestamp: Option<String>,
    pub(super) expired_seconds: Option<String>,
    pub(super) sign: Option<String>,
}

/// Why a header cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum HeaderError {
    /// Another scheme than `ALIPAY-SHA256withRSA`.
    Scheme,
    /// Not `name=value` joined by commas, or a name twice.
    Form,
}

const SCHEME: &str = "ALIPAY-SHA256withRSA";
/// Longer than any header of an SDK's.
const MOST_BYTES: usize = 4096;

impl Authorization {
    /// Reads the header's value; an empty one says nothing.
    pub(super) fn parse(value: &str) -> Result<Self, HeaderError> {
        if value.is_empty() {
            return Ok(Self::default());
        }
        if value.len() > MOST_BYTES {
            return Err(HeaderError::Form);
        }
        let (scheme, parts) = value.split_once(' ').ok_or(HeaderError::Scheme)?;
        if scheme != SCHEME {
            return Err(HeaderError::Scheme);
        }
        let (signed, sign) = match parts.rfind(",sign=") {
            Some(at) => (&parts[..at], Some(&parts[at + ",sign=".len()..])),
            None => (parts, None),
        };
        let mut read = Self {
            signed: signed.to_owned(),
            sign: sign.filter(|sign| !sign.is_empty()).map(str::to_owned),
            ..Self::default()
        };
        let mut names = Vec::new();
        for part in signed.split(',') {
            let (name, value) = part.split_once('=').ok_or(HeaderError::Form)?;
            if names.contains(&name) {
                return Err(HeaderError::Form);
            }
            names.push(name);
            let value = Some(value.to_owned()).filter(|value| !value.is_empty());
            match name {
                "app_id" => read.app_id = value,
                "app_cert_sn" => read.app_cert_sn = value,
                "nonce" => read.nonce = value,
                "timestamp" => read.timestamp = value,
                "expired_seconds" => read.expired_seconds = value,
                // A sign that is not the last part would not be covered as others expect.
                "sign" => return Err(HeaderError::Form),
                _ => {}
            }
        }
        Ok(read)
    }
}

/// The application that a header names, when it can be read.
pub(crate) fn app_in_header(value: &str) -> Option<String> {
    Authorization::parse(value).ok()?.app_id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_stand_in_any_order_and_are_kept_as_they_are() {
        let read = Authorization::parse(
            "ALIPAY-SHA256withRSA nonce=n-1,app_id=2021,timestamp=17,expired_seconds=120,sign=a+/=",
        )
        .unwrap();
        assert_eq!(
            read.signed,
            "nonce=n-1,app_id=2021,timestamp=17,expired_seconds=120"
        );
        assert_eq!(read.app_id.as_deref(), Some("2021"));
        assert_eq!(read.nonce.as_deref(), Some("n-1"));
        assert_eq!(read.sign.as_deref(), Some("a+/="));
        assert_eq!(read.app_cert_sn, None);
        assert_eq!(Authorization::parse("").unwrap(), Authorization::default());
    }

    #[test]
    fn what_is_no_such_header_is_refused() {
        for (value, why) in [
            ("Bearer abc", HeaderError::Scheme),
            ("ALIPAY-SHA256withRSA", HeaderError::Scheme),
            ("alipay-sha256withrsa app_id=1", HeaderError::Scheme),
            ("ALIPAY-SHA256withRSA app_id", HeaderError::Form),
            (
                "ALIPAY-SHA256withRSA app_id=1,app_id=2,sign=x",
                HeaderError::Form,
            ),
            ("ALIPAY-SHA256withRSA sign=x,app_id=1", HeaderError::Form),
        ] {
            assert_eq!(Authorization::parse(value), Err(why), "{value}");
        }
        let long = format!("ALIPAY-SHA256withRSA app_id={}", "1".repeat(5_000));
        assert_eq!(Authorization::parse(&long), Err(HeaderError::Form));
    }
}
