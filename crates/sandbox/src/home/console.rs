//! What the console's forms are made with: the tokens, who asks, and what is said afterwards.

use crate::context::Context;
use axum::extract::FromRef;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use service::csrf::{Csrf, CsrfToken};
use service::i18n::Lang;
use service::problem::Problem;
use service::secret::Secret;
use std::sync::{Arc, OnceLock};

/// The name in the cookie of the console's forms.
const COOKIE_SITE: &str = "sandbox_console";

/// The console. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Console {
    cx: Context,
    /// Made with the first form, so that a seeded world has the same numbers with and without one.
    csrf: Arc<OnceLock<Csrf>>,
}

impl FromRef<Console> for Context {
    fn from_ref(console: &Console) -> Self {
        console.cx.clone()
    }
}

impl Console {
    /// The console of that sandbox.
    pub(super) fn new(cx: &Context) -> Self {
        Self {
            cx: cx.clone(),
            csrf: Arc::default(),
        }
    }

    fn csrf(&self) -> &Csrf {
        self.csrf.get_or_init(|| {
            let parts = self.cx.parts();
            let secure = parts.public_url.starts_with("https://");
            // A restart makes open pages ask once more; nothing is lost by it.
            let secret = Secret::random(&*parts.rng);
            Csrf::new(COOKIE_SITE, secret, parts.rng.clone(), secure)
        })
    }

    /// The sandbox.
    pub(super) fn cx(&self) -> &Context {
        &self.cx
    }

    /// The token for the forms of a page.
    pub(super) fn token(&self, headers: &HeaderMap) -> CsrfToken {
        self.csrf().token(headers, "")
    }

    /// Checks the token of a form.
    pub(super) fn check(&self, headers: &HeaderMap, token: &str) -> Result<(), Problem> {
        Ok(self.csrf().check(headers, "", token)?)
    }
}

/// What became of a form, said on the page that it leads back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    /// The class beside `notice`.
    pub(super) tone: &'static str,
    /// What it says.
    pub(super) text: &'static str,
}

macro_rules! said {
    ($($code:literal $tone:literal $zh:literal $en:literal;)+) => {
        /// The words behind a code in the address; none for a code that nobody wrote.
        pub(super) fn said(code: &str, lang: Lang) -> Option<Said> {
            let (tone, text) = match code {
                $($code => ($tone, lang.pick($zh, $en)),)+
                _ => return None,
            };
            Some(Said { tone, text })
        }
    };
}

said! {
    "clock" "notice-ok" "时钟已经拨动，途中到期的工作都做完了。" "The clock was moved; everything due on the way was done.";
    "clock-fixed" "notice-danger" "这个沙箱的时钟拨不动。" "This sandbox's clock cannot be moved.";
    "clock-past" "notice-danger" "时间不能往回走，也不能晚于 9986 年。" "Time does not go back, nor beyond the year 9986.";
    "no-notice" "notice-warn" "没有等待发送的通知。" "No notice waits to be sent.";
    "faults" "notice-ok" "故障开关已经设置，计数从头开始。" "The fault dial is set, and counts anew.";
    "faults-wrong" "notice-danger" "没有设置：每千次是 1 到 1000，延迟是 1 到 86400000 毫秒，次数不小于 1。" "Not set: per mille is 1 to 1000, a delay 1 to 86400000 ms, times at least 1.";
    "saved" "notice-ok" "整个世界已经保存。" "The whole world was saved.";
    "restored" "notice-ok" "保存的世界已经恢复，时间也回到了当时。" "The saved world is back, and so is its time.";
    "deleted" "notice-ok" "快照已经删除。" "The snapshot was deleted.";
    "reset" "notice-ok" "已经重新开始：没有交易，账户回到最初的余额。" "Started over: no trades, every account with what it began with.";
    "demo" "notice-danger" "演示里不能保存、恢复或重新开始：商户和商店不会跟着变。" "Not in the demo: merchant and shops would not follow.";
    "too-many" "notice-danger" "快照太多了，请先删除一些。" "There are too many snapshots; delete some.";
    "gone" "notice-danger" "它已经不在了。" "It is gone.";
    "sent" "notice-ok" "通知已经再发一次，回答在下面。" "The notice was sent once more; the answer is below.";
    "paid" "notice-ok" "已经代买家付款。" "Paid, as the buyer.";
    "not-paid" "notice-danger" "没有付成：交易已经不能付，或者余额不足。" "Not paid: the trade can no longer be paid, or the balance is too small.";
    "no-buyer" "notice-danger" "没有付成：没有这个登录账号。" "Not paid: nobody logs in with that.";
    "agreed" "notice-ok" "已经代买家同意。" "Agreed, as the buyer.";
    "refused" "notice-ok" "已经代买家拒绝。" "Refused, as the buyer.";
    "no-consent" "notice-danger" "这个地址没有在问买家：链接被网关拒绝，或不是签约、冻结、登录授权的地址。" "Nobody is asked at that address: the gateway refused the link, or it is none of an agreement, a hold or a login.";
    "not-agreed" "notice-danger" "没有同意：已经处理过了，或者余额不足。" "Not agreed: it was answered already, or the balance is too small.";
    "made" "notice-ok" "应用已经建好。" "The application was made.";
    "app-exists" "notice-danger" "已经有同名的应用。" "An application is called so already.";
    "app-name" "notice-danger" "名称是 1 到 32 个字母、数字、- 或 _。" "A name has 1 to 32 letters, digits, - and _.";
    "app-set" "notice-ok" "设置已经保存。" "The settings were saved.";
    "app-not-set" "notice-danger" "没有保存：应用网关要是 http 或 https 地址。" "Not saved: the application gateway must be an http or https address.";
    "key" "notice-ok" "应用公钥已经更换，从现在起用它验签。" "The application's public key was changed; calls are verified by it from now on.";
    "key-wrong" "notice-danger" "没有更换：这不是 RSA 公钥。可以粘贴 PEM，也可以粘贴一行 base64；不要粘贴私钥。" "Not changed: this is no RSA public key. Paste PEM or one line of base64, and never a private key.";
}

/// Back to a page, with a word about what became of the form.
pub(super) fn back(path: &str, code: &str) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{joint}said={code}")).into_response()
}
