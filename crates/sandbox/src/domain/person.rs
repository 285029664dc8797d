//! Who the owner of an account is, for those who may know.

/// The owner of an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// The name in their papers.
    pub real_name: String,
    /// What they are called.
    pub nick_name: String,
    /// `F` or `M`.
    pub gender: String,
    /// Where they live.
    pub province: String,
    /// Where they live.
    pub city: String,
}

impl Default for Person {
    /// Whoever said nothing of themselves is called as in Alipay's own sandbox.
    fn default() -> Self {
        Self {
            real_name: "沙箱环境".to_owned(),
            nick_name: "沙箱环境".to_owned(),
            gender: "M".to_owned(),
            province: "浙江省".to_owned(),
            city: "杭州市".to_owned(),
        }
    }
}
