//! What people do: learners at the shop, buyers at Alipay, the shop's clerk at the merchant.

use crate::net::{Answer, Request, Unreached};
use crate::world::{ALIPAY, API_KEY, COURSES, MERCHANT, World};
use http::Method;
use serde_json::{Value, json};

/// A person who is logged in at the shop.
#[derive(Clone, Debug)]
pub struct Learner {
    /// The name.
    pub username: String,
    token: String,
}

/// An order that a learner made, and the link that pays it.
#[derive(Clone, Debug)]
pub struct Bought {
    /// The attempt's number at Alipay.
    pub out_trade_no: String,
    /// The signed link to the cashier; a QR code has none, its scan is played without.
    pub url: Option<String>,
}

impl Bought {
    /// The order's number: the first attempt has it, later ones append `_2`, `_3`.
    #[must_use]
    pub fn order_no(&self) -> &str {
        self.out_trade_no.split('_').next().unwrap_or_default()
    }
}

/// How a learner buys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// As the second tutorial's front end does.
    pub course_list: bool,
    /// From a phone.
    pub phone: bool,
}

/// A phone's browser, as the shop sees it.
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148";

/// The number in a signed link.
#[must_use]
pub fn number_in(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let (_, content) = url.query_pairs().find(|(name, _)| name == "biz_content")?;
    let content: Value = serde_json::from_str(&content).ok()?;
    content["out_trade_no"].as_str().map(str::to_owned)
}

impl Learner {
    /// Logs in with the demo's password.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn log_in(world: &World, username: &str) -> Result<Option<Self>, Unreached> {
        Self::enter(world, "login", username).await
    }

    /// Registers.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn register(world: &World, username: &str) -> Result<Option<Self>, Unreached> {
        Self::enter(world, "register", username).await
    }

    async fn enter(world: &World, door: &str, username: &str) -> Result<Option<Self>, Unreached> {
        let who = json!({"username": username, "password": "zxc123456"});
        let request = Request::json(&format!("{COURSES}/user/{door}/"), &who);
        let answer = world.network().call(&request).await?;
        let token = answer.json()["token"].as_str().map(str::to_owned);
        Ok(token.map(|token| Self {
            username: username.to_owned(),
            token,
        }))
    }

    fn request(&self, path: &str, body: &Value) -> Request {
        let request = Request::json(&format!("{COURSES}{path}"), body);
        request.header("authorization", &format!("jwt {}", self.token))
    }

    /// Orders courses whose prices are known, and gets the link, or what the shop said instead.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn buy(
        &self,
        world: &World,
        courses: &[(i64, i64)],
        manner: Manner,
    ) -> Result<Result<Bought, Answer>, Unreached> {
        let ids: Vec<i64> = courses.iter().map(|(id, _)| *id).collect();
        let total: i64 = courses.iter().map(|(_, fen)| fen).sum();
        let list = if manner.course_list {
            "course_list"
        } else {
            "course"
        };
        let body = json!({
            "subject": format!("{} 门课程", ids.len()),
            "total_amount": money::Fen::new(total).to_string(),
            "pay_type": 1,
            list: ids,
        });
        let mut request = self.request("/order/pay/", &body);
        if manner.phone {
            request = request.header("user-agent", PHONE);
        }
        let answer = world.network().call(&request).await?;
        Ok(read_link(answer))
    }

    /// Asks for another link for an order, from another device perhaps.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn pay_again(
        &self,
        world: &World,
        order_no: &str,
        phone: bool,
    ) -> Result<Result<Bought, Answer>, Unreached> {
        let mut request = self.request(&format!("/order/{order_no}/pay/"), &json!({}));
        if phone {
            request = request.header("user-agent", PHONE);
        }
        let answer = world.network().call(&request).await?;
        Ok(read_link(answer))
    }

    /// Gives an order up.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn cancel(&self, world: &World, order_no: &str) -> Result<Answer, Unreached> {
        let request = self.request(&format!("/order/{order_no}/cancel/"), &json!({}));
        world.network().call(&request).await
    }

    /// Looks at the result page's answer with a browser's return.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn result(&self, world: &World, query: &str) -> Result<Answer, Unreached> {
        let request = Request::get(&format!("{COURSES}/order/success/?{query}"));
        let request = request.header("authorization", &format!("jwt {}", self.token));
        world.network().call(&request).await
    }
}

fn read_link(answer: Answer) -> Result<Bought, Answer> {
    let body = answer.json();
    let url = body.as_str().or_else(|| body["data"].as_str());
    let bought = url.and_then(|url| {
        Some(Bought {
            out_trade_no: number_in(url)?,
            url: Some(url.to_owned()),
        })
    });
    bought.ok_or(answer)
}

impl World {
    /// Every course on sale that costs something: its number and its price in fen.
    ///
    /// # Errors
    /// When the shop is not there.
    pub async fn courses(&self) -> Result<Vec<(i64, i64)>, Unreached> {
        let request = Request::get(&format!("{COURSES}/course/free/?page_size=50"));
        let answer = self.network().call(&request).await?.json();
        let results = answer["results"].as_array().cloned().unwrap_or_default();
        let priced = results.iter().filter_map(|course| {
            let price = money::Fen::parse_yuan(course["price"].as_str()?).ok()?;
            Some((course["id"].as_i64()?, price.fen()))
        });
        Ok(priced.filter(|(_, fen)| *fen > 0).collect())
    }

    /// Opens a signed link in a browser, as a buyer does.
    ///
    /// # Errors
    /// When Alipay is not there.
    pub async fn open_link(&self, bought: &Bought) -> Result<Option<Answer>, Unreached> {
        match &bought.url {
            Some(url) => self.network().call(&Request::get(url)).await.map(Some),
            None => Ok(None),
        }
    }

    /// Pays by the sandbox's control: opens the link first and pays then.
    ///
    /// # Errors
    /// When Alipay is not there.
    pub async fn pay(&self, bought: &Bought, logon_id: &str) -> Result<Answer, Unreached> {
        let mut body = json!({"buyer_logon_id": logon_id});
        if let Some(url) = &bought.url {
            body["url"] = json!(url);
        }
        let number = &bought.out_trade_no;
        let url = format!("{ALIPAY}/sandbox/v1/trades/{number}/pay");
        self.network().call(&Request::json(&url, &body)).await
    }

    fn at_merchant(path: &str, body: &Value, key: &str) -> Request {
        Request::json(&format!("{MERCHANT}{path}"), body)
            .header("authorization", &format!("Bearer {API_KEY}"))
            .header("idempotency-key", key)
    }

    /// Asks the merchant service to give money back.
    ///
    /// # Errors
    /// When the service is not there.
    pub async fn refund(
        &self,
        order_id: &str,
        refund_no: &str,
        fen: i64,
    ) -> Result<Answer, Unreached> {
        let amount = money::Fen::new(fen).to_string();
        let body = json!({"merchant_refund_no": refund_no, "amount": amount, "reason": "退课"});
        let path = format!("/v1/orders/{order_id}/refunds");
        let request = Self::at_merchant(&path, &body, refund_no);
        self.network().call(&request).await
    }

    /// Asks the merchant service for another attempt: `page`, `wap` or `qr`.
    ///
    /// # Errors
    /// When the service is not there.
    pub async fn attempt(
        &self,
        order_id: &str,
        product: &str,
        key: &str,
    ) -> Result<Result<Bought, Answer>, Unreached> {
        let path = format!("/v1/orders/{order_id}/attempts");
        let request = Self::at_merchant(&path, &json!({"product": product}), key);
        let answer = self.network().call(&request).await?;
        let body = answer.json();
        let number = body["attempt"]["out_trade_no"].as_str().map(str::to_owned);
        let is_given = !body["pay"].is_null();
        Ok(match number {
            Some(out_trade_no) if is_given => Ok(Bought {
                out_trade_no,
                url: body["pay"]["url"].as_str().map(str::to_owned),
            }),
            Some(_) | None => Err(answer),
        })
    }

    /// Asks the merchant service to close an order.
    ///
    /// # Errors
    /// When the service is not there.
    pub async fn close(&self, order_id: &str, key: &str) -> Result<Answer, Unreached> {
        let path = format!("/v1/orders/{order_id}/close");
        let request = Self::at_merchant(&path, &json!({}), key);
        self.network().call(&request).await
    }

    /// What the merchant service says about an order.
    ///
    /// # Errors
    /// When the service is not there.
    pub async fn look(&self, path: &str) -> Result<Answer, Unreached> {
        let mut request = Self::at_merchant(path, &Value::Null, "");
        request.method = Method::GET;
        request.body.clear();
        request.headers.retain(|(name, _)| name == "authorization");
        self.network().call(&request).await
    }
}
