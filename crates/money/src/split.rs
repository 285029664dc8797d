//! Splitting an amount so that nothing is lost and nothing appears.

use crate::Fen;

/// Why an amount cannot be split.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SplitError {
    /// There are no weights, or all of them are nothing.
    #[error("there is nobody to split the amount among")]
    NoWeights,
    /// The weights together do not fit.
    #[error("the weights are too large")]
    TooLarge,
}

impl Fen {
    /// Splits the amount in proportion to `weights`, every last fen handed out.
    ///
    /// Each part is first rounded towards zero; the fen left over go one by one to the parts that
    /// were cut the most, the earlier first among equals (largest remainder). The parts always sum
    /// to the amount.
    ///
    /// # Errors
    /// When there is no weight above zero, or their sum does not fit.
    pub fn split(self, weights: &[u32]) -> Result<Vec<Self>, SplitError> {
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        if total == 0 {
            return Err(SplitError::NoWeights);
        }
        let amount = i128::from(self.fen());
        let mut parts = Vec::with_capacity(weights.len());
        let mut remainders = Vec::with_capacity(weights.len());
        for (index, weight) in weights.iter().copied().enumerate() {
            let share = amount * i128::from(weight);
            parts.push(i64::try_from(share / total).map_err(|_| SplitError::TooLarge)?);
            remainders.push(((share % total).abs(), index));
        }
        let handed: i128 = parts.iter().copied().map(i128::from).sum();
        // Fewer fen are left than there are parts, because each part lost less than one.
        let left = usize::try_from((amount - handed).abs()).map_err(|_| SplitError::TooLarge)?;
        remainders.sort_by(|(a, i), (b, j)| b.cmp(a).then(i.cmp(j)));
        let one = if amount < 0 { -1 } else { 1 };
        for (_, index) in remainders.into_iter().take(left) {
            parts[index] += one;
        }
        Ok(parts.into_iter().map(Self::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hands_out_every_fen() {
        let thirds = Fen::new(100).split(&[1, 1, 1]);
        assert_eq!(thirds, Ok(vec![Fen::new(34), Fen::new(33), Fen::new(33)]));
        let refund = Fen::new(-100).split(&[1, 1, 1]);
        assert_eq!(
            refund,
            Ok(vec![Fen::new(-34), Fen::new(-33), Fen::new(-33)])
        );
        assert_eq!(Fen::new(5).split(&[0, 1]), Ok(vec![Fen::ZERO, Fen::new(5)]));
        assert_eq!(Fen::new(5).split(&[0, 0]), Err(SplitError::NoWeights));
        assert_eq!(Fen::new(5).split(&[]), Err(SplitError::NoWeights));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_amount(
            fen in any::<i64>(),
            weights in prop::collection::vec(any::<u32>(), 1..20),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = Fen::new(fen).split(&weights).expect("weights are not all zero");
            let sum: i128 = parts.iter().map(|part| i128::from(part.fen())).sum();
            prop_assert_eq!(sum, i128::from(fen));
        }
    }
}
