//! What is examined, row by row, in the order in which it is played.

use service::i18n::Lang;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident $id:literal $title_zh:literal $title_en:literal $cost_zh:literal $cost_en:literal;)+) => {
        /// One thing that goes wrong on a bad day.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Row { $($(#[$doc])* $name,)+ }

        impl Row {
            /// All of them, as they are played.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in the JSON card.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// What happens.
            #[must_use]
            pub fn title(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($title_zh, $title_en),)+ }
            }

            /// What a back end that fails it would lose.
            #[must_use]
            pub fn cost(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($cost_zh, $cost_en),)+ }
            }
        }
    };
}

rows! {
    /// No signature at all.
    Unsigned "unsigned" "没有签名的通知" "a notice without a signature"
        "任何人一条 curl 就能把订单变成已付款。" "anybody marks any order as paid with one curl.";
    /// Signed by somebody else.
    Forged "forged" "用别人的密钥签名的通知" "a notice signed with somebody else's key"
        "任何人都能伪造付款，货白发。" "anybody forges payments and gets the goods for nothing.";
    /// Changed on its way.
    Tampered "tampered" "签名后被改过金额的通知" "a notice whose amount was changed after it was signed"
        "付 0.01 元的人改成付全款。" "who paid 0.01 says that they paid all of it.";
    /// Genuine, and less than the order.
    WrongAmount "wrong_amount" "签名为真、金额比订单少 0.01 的通知" "a genuine notice of 0.01 less than the order"
        "买家自己改链接里的金额，付一分钱拿走商品。" "a buyer changes the amount in the link and gets everything for a fen.";
    /// Genuine, of another application.
    WrongApp "wrong_app" "签名为真、app_id 是别的应用的通知" "a genuine notice of another application"
        "别家应用的付款被算成你的收入，钱没有到你账上。" "money that went to another application opens your orders.";
    /// Genuine, to another seller.
    WrongSeller "wrong_seller" "签名为真、收款方不是你的通知" "a genuine notice of money that another seller got"
        "钱付给了别人，货由你发。" "the money is somebody else's and the goods are yours.";
    /// Genuine, of an order that nobody knows.
    UnknownOrder "unknown_order" "不存在的订单的通知" "a notice of an order that nobody knows"
        "确认后支付宝不再通知：收了钱却没有订单，也没有人知道。" "once acknowledged Alipay never tells again: money without an order, and nobody knows.";
    /// Very large.
    Oversized "oversized" "2 MB 的通知" "a notice of 2 MB"
        "几个请求就能占满内存，真正的通知进不来。" "a few requests fill the memory, and genuine notices do not get in.";
    /// The order waits for its buyer.
    Waiting "waiting" "WAIT_BUYER_PAY 的通知" "a notice of WAIT_BUYER_PAY"
        "没有付款就发货。" "goods go out before anybody paid.";
    /// The browser comes back with a forged address.
    ForgedReturn "forged_return" "伪造的同步跳转" "a forged return of the browser"
        "买家自己拼一个地址就算付了款。" "a buyer types an address and has paid.";
    /// The browser comes back, and nobody paid.
    HastyReturn "hasty_return" "签名为真、但还没有付款的同步跳转" "a genuine return before anybody paid"
        "把同步跳转当作付款凭据：跳转里没有交易状态，不能证明付款。" "a return says nothing of a payment: it carries no trade_status.";
    /// A payment, as it should be.
    Paid "paid" "一次正常的付款通知" "a payment, told as it should be"
        "收了钱不发货；答复不是 success，支付宝 25 小时内重发八次后放弃。" "paid and nothing delivered; without `success` Alipay tells eight times within 25 hours and gives up.";
    /// The same notice, sent again by Alipay.
    Repeated "repeated" "同一通知重发（新的 notify_time 和签名）" "the same notice sent again, with a new time and signature"
        "重复发货、重复加余额，或者支付宝一直重发。" "delivered twice, credited twice, or told for ever.";
    /// The very same bytes, played by somebody.
    Replayed "replayed" "原样重放的通知" "the very same bytes, replayed"
        "拿到一条旧通知的人可以反复触发发货。" "whoever has one old notice makes you deliver again and again.";
    /// An older state comes after a newer.
    Stale "stale" "付款后才到的 WAIT_BUYER_PAY" "WAIT_BUYER_PAY that arrives after the payment"
        "已付款的订单变回未付款，随后被关闭。" "a paid order becomes unpaid again, and is closed.";
    /// A refund looks like a payment.
    PartialRefund "partial_refund" "部分退款的通知，也是 TRADE_SUCCESS" "a partial refund, which is TRADE_SUCCESS as well"
        "把退款当作又一次付款：退一分钱，再发一次货。" "a refund counts as another payment: one fen goes back and the goods go out again.";
    /// In GBK.
    Gbk "gbk" "GBK 编码的通知" "a notice in GBK"
        "中文商品名的订单验签失败，收了钱不发货。" "orders with a Chinese subject do not verify: paid and nothing delivered.";
    /// Slowly.
    Slow "slow" "慢慢到达的通知" "a notice that arrives slowly"
        "网络差的时候通知全部丢失。" "on a bad network every notice is lost.";
    /// A day late.
    Late "late" "付款 24 小时 24 分后才到的通知" "a notice that arrives 24 h 24 m after the payment"
        "服务停一天，那一天的付款都丢了。" "after a day of trouble that day's payments are lost.";
    /// Several at once.
    Parallel "parallel" "同一通知同时到达四次" "the same notice four times at once"
        "先查后改的代码会发货多次。" "code that looks first and writes then delivers several times.";
    /// The refund is told before the payment.
    OutOfOrder "out_of_order" "部分退款的通知先到，付款的通知后到" "the partial refund is told before the payment"
        "订单停在未付款，买家付了钱拿不到货。" "the order stays unpaid, and the buyer gets nothing.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_row_says_what_it_costs_in_both_languages() {
        let ids: HashSet<_> = Row::ALL.iter().map(|row| row.id()).collect();
        assert_eq!(ids.len(), Row::ALL.len());
        for row in Row::ALL {
            for lang in [Lang::Zh, Lang::En] {
                assert!(!row.title(lang).is_empty() && row.cost(lang).len() > 20);
            }
        }
    }
}
