//! The applications whose notices arrive at one address.

use crate::{
    App,
    notice::{NoticeError, Unverified, Verified},
};
use std::sync::Arc;

/// The applications whose notices arrive here. Clones share them.
#[derive(Clone, Debug)]
pub struct Apps {
    apps: Arc<[App]>,
}

/// Why a body is no notice of these applications.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// It is no notice, or nobody whom we believe signed it.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// It claims to be for an application that is not one of these.
    #[error("the notice is for an application that is not known here")]
    UnknownApp,
    /// It names an Alipay certificate that is not known.
    #[error("the notice names an Alipay certificate that is not known here")]
    UnknownCert,
}

impl Apps {
    /// These applications, each with its own key.
    #[must_use]
    pub fn new(apps: impl IntoIterator<Item = App>) -> Self {
        Self {
            apps: apps.into_iter().collect(),
        }
    }

    /// Reads and verifies the body of a notice with the key of the application that it claims. The
    /// claim is signed, so a wrong one does not verify.
    ///
    /// # Errors
    /// When it is no notice, not for these applications, or not signed by Alipay.
    pub fn receive(
        &self,
        body: &[u8],
        content_type: Option<&str>,
    ) -> Result<Verified, ReceiveError> {
        let notice = Unverified::from_form(body, content_type)?;
        let claimed = notice.claimed_app_id();
        let app = self.apps.iter().find(|app| Some(&*app.app_id) == claimed);
        app.ok_or(ReceiveError::UnknownApp)?.verify_notice(notice)
    }
}

impl App {
    /// Verifies a notice with this application's Alipay key; in certificate mode with that of the
    /// certificate that the notice names, if it names one.
    ///
    /// # Errors
    /// When the certificate is not known or the signature does not hold.
    pub fn verify_notice(&self, notice: Unverified) -> Result<Verified, ReceiveError> {
        let named = notice.claimed_alipay_cert_sn();
        let key = match (&self.cert_mode, named) {
            (Some(mode), Some(sn)) => mode.key_of(sn).ok_or(ReceiveError::UnknownCert)?,
            _ => self.alipay_public_key.clone(),
        };
        Ok(notice.verify_as(&key, self.sign_type)?)
    }
}
