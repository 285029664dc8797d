//! What a walk comes to: it came through, or came upon something that must not be.

/// A walk that came upon something that must not be.
#[derive(Debug)]
pub struct Fall {
    /// The seed that leads there again.
    pub seed: u64,
    /// What does not hold, in words.
    pub broken: Vec<String>,
    /// What was done before.
    pub story: Vec<String>,
}

impl std::fmt::Display for Fall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "seed {} came upon:", self.seed)?;
        for line in &self.broken {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "after:")?;
        for line in &self.story {
            writeln!(f, "  {line}")?;
        }
        Ok(())
    }
}

/// What a walk saw, for those who want to know that it saw something.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Seen {
    /// Steps.
    pub steps: u64,
    /// Exchanges over the network, and how many of them had a fault.
    pub exchanges: u64,
    /// Exchanges that had a fault.
    pub faults: u64,
    /// Orders of the merchant.
    pub orders: u64,
    /// Payments at Alipay.
    pub payments: u64,
    /// Refunds of the merchant.
    pub refunds: u64,
}

impl Seen {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            steps: self.steps + other.steps,
            exchanges: self.exchanges + other.exchanges,
            faults: self.faults + other.faults,
            orders: self.orders + other.orders,
            payments: self.payments + other.payments,
            refunds: self.refunds + other.refunds,
        }
    }
}

/// A walk that came through.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Walked {
    /// What it saw.
    pub seen: Seen,
    /// What was done.
    pub story: Vec<String>,
}
