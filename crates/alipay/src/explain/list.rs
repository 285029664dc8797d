//! Every cause by its stable name, and what it means: for people, and for programs that read them.

/// The names of [`Cause::as_str`](super::Cause::as_str), each with what happened. Names are added
/// and never changed.
pub const CAUSES: &[(&str, &str)] = &[
    (
        "not-a-message",
        "the text is no message, or not a whole one",
    ),
    (
        "malformed-answer",
        "the answer has not the form of one: no node, or two",
    ),
    ("no-signature", "there is no signature"),
    ("no-key", "no key was given to verify with"),
    (
        "signature-not-base64",
        "the signature is no standard base64",
    ),
    (
        "signature-cut-off",
        "the signature is shorter or longer than the key's",
    ),
    (
        "key-size-differs",
        "the signature is whole and belongs to a key of another size",
    ),
    (
        "plus-became-space",
        "`+` in the signature became a space: decoded twice, or pasted without encoding",
    ),
    (
        "signature-not-decoded",
        "the signature still has `%2B`, `%2F` or `%3D`",
    ),
    ("wrong-key", "the key is not the signer's"),
    (
        "app-key-instead-of-alipays",
        "the application's own public key stands where Alipay's belongs",
    ),
    (
        "alipays-key-instead-of-apps",
        "Alipay's public key stands where the application's own belongs",
    ),
    (
        "sign-type-differs",
        "`sign_type` names another digest than the one that was signed with",
    ),
    (
        "sign-type-left-out",
        "a request was signed without `sign_type`",
    ),
    (
        "sign-type-kept",
        "a notice or return was signed with `sign_type`",
    ),
    (
        "values-encoded",
        "the values were URL-encoded before signing",
    ),
    ("not-decoded", "values are still URL-encoded"),
    (
        "decoded-twice",
        "a value was decoded twice: its `+` became a space",
    ),
    (
        "html-decoded",
        "the text went through HTML: `&timestamp` became `×tamp`, `&notify_url` became `¬ify_url`",
    ),
    (
        "html-escaped",
        "the text was escaped for HTML: `\"` became `&quot;`, or `&` became `&amp;`",
    ),
    (
        "charset-renamed",
        "the value of `charset` was changed after signing (`utf8` for `utf-8`)",
    ),
    (
        "other-charset",
        "the text was signed in the other character set",
    ),
    (
        "extra-parameters",
        "parameters were added that nobody signed",
    ),
    (
        "biz-content-rewritten",
        "`biz_content` was written anew after signing: spaces, order, escapes",
    ),
    (
        "answer-rewritten",
        "the answer was parsed and written anew before it was verified",
    ),
    (
        "amount-retyped",
        "an amount was read as a number: `88.80` became `88.8`",
    ),
    (
        "white-space",
        "white space was added or taken away at the ends of values",
    ),
    (
        "sorted-otherwise",
        "the parameters were not sorted byte by byte",
    ),
    (
        "empties-signed",
        "empty parameters were signed where Alipay leaves them out",
    ),
    (
        "content-changed",
        "the key is the signer's, and the text is not what was signed",
    ),
];
