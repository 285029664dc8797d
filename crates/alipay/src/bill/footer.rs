//! The sums below the lines.

use money::Fen;

/// One sum below the lines: `#交易合计：6笔，商家实收共0.06元，商家优惠共0.00元`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Total {
    /// Of what: `交易合计`, `退款合计`, `支出合计`, `收入合计`.
    pub name: String,
    /// How many.
    pub count: u64,
    /// The amounts by their names: `商家实收`; an only one has no name.
    pub amounts: Vec<(String, Fen)>,
}

impl Total {
    /// The amount of that name.
    #[must_use]
    pub fn amount(&self, name: &str) -> Option<Fen> {
        let found = self.amounts.iter().find(|(known, _)| known == name);
        found.map(|(_, amount)| *amount)
    }
}

/// The sums of one line; none when it is another line.
pub(super) fn totals(line: &str) -> Vec<Total> {
    let mut totals: Vec<Total> = Vec::new();
    for part in line.trim_start_matches('#').split(['，', ',']) {
        let part = part.trim();
        if let Some((name, count)) = part.split_once(['：', ':'])
            && let Some(Ok(count)) = count.strip_suffix('笔').map(str::parse)
        {
            totals.push(Total {
                name: name.to_owned(),
                count,
                amounts: Vec::new(),
            });
        } else if let Some(total) = totals.last_mut()
            && let Some((name, amount)) = part.split_once('共')
            && let Some(Ok(amount)) = amount.strip_suffix('元').map(Fen::parse_signed_yuan)
        {
            total.amounts.push((name.to_owned(), amount));
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::totals;
    use money::Fen;

    #[test]
    fn reads_the_sums_of_both_bills() {
        let refunds = totals("#退款合计：4笔，商家实收退款共-0.04元，商家优惠退款共0.00元");
        assert_eq!(refunds[0].name, "退款合计");
        assert_eq!(refunds[0].count, 4);
        assert_eq!(refunds[0].amount("商家实收退款"), Some(Fen::new(-4)));
        let account = totals("#支出合计：2笔，共-1.50元，收入合计：3笔，共9.00元");
        assert_eq!(account.len(), 2);
        assert_eq!(account[1].name, "收入合计");
        assert_eq!(account[1].amount(""), Some(Fen::new(900)));
        assert!(totals("#导出时间：[2019年09月17日 05:46:49]").is_empty());
        assert!(totals("#交易合计：x笔，共1元").is_empty());
    }
}
