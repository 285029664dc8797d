//! `alipay.open.app.alipaycert.download`: a certificate of Alipay's by the number that an answer
//! named. An application that has the roots believes it without a signature.

use crate::gateway::errors::Fault;
use crate::gateway::errors::gateway::ALIPAY_CERT_NOT_EXIST;
use crate::gateway::methods::{Answered, Call};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Map;

pub(super) fn cert_download(call: &Call<'_>) -> Answered {
    let sn = call.biz.required("alipay_cert_sn", 64)?;
    let certs = call.caller.keys.certs.as_ref();
    let mut issued = certs.into_iter().flat_map(|certs| &certs.of_alipay);
    let cert = issued.find(|cert| cert.sn == sn).ok_or_else(|| {
        Fault::new(
            ALIPAY_CERT_NOT_EXIST,
            "支付宝没有为这个应用签发过该序列号的证书；序列号取自应答里的 alipay_cert_sn。",
            "No certificate of that serial number was issued for this application; take the number from an answer's alipay_cert_sn.",
        )
    })?;
    let mut node = Map::new();
    let content = STANDARD.encode(cert.pem.as_bytes());
    node.insert("alipay_cert_content".to_owned(), content.into());
    Ok((node, call.biz.warnings.clone()))
}
