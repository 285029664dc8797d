//! What somebody wants to buy, judged against what the school sells.

use crate::courses::domain::{Detail, Dialect, Offer, PayType};
use money::Fen;

/// What a request to order says, read but not judged.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What Alipay will show.
    pub subject: String,
    /// What the buyer was shown.
    pub total: Fen,
    /// With what.
    pub pay_type: PayType,
    /// Which courses, as they were written.
    pub course_ids: Vec<i64>,
    /// Which front end asks.
    pub dialect: Dialect,
}

/// What will be ordered: every line at today's price, and their sum, which is what the buyer saw.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Basket {
    /// The lines.
    pub details: Vec<Detail>,
    /// Their sum.
    pub total: Fen,
}

/// Why an order is not taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BasketRefusal {
    /// Nothing is in it.
    Empty,
    /// More is in it than one order holds.
    TooMany,
    /// No course on sale has this number.
    Unknown(i64),
    /// The same course twice.
    Twice(i64),
    /// The user has this one already.
    Owned {
        /// Which.
        course_id: i64,
        /// What it is called.
        name: String,
    },
    /// The buyer saw another sum than the courses cost.
    Total {
        /// What the buyer saw.
        seen: Fen,
        /// What they cost.
        actual: Fen,
    },
    /// More money than Alipay takes at once.
    TooExpensive,
    /// The subject is empty, too long for Alipay, or has control characters.
    Subject,
}

/// Most courses that one order holds.
const MAX_COURSES: usize = 50;
/// Longest subject that Alipay takes, in characters.
const MAX_SUBJECT: usize = 256;

/// Judges what is wanted.
///
/// `shelf` holds the courses that are wanted, as far as there are such.
///
/// # Errors
/// The first rule that it breaks.
pub fn judge(wanted: &Wanted, shelf: &[Offer]) -> Result<Basket, BasketRefusal> {
    let subject = wanted.subject.trim();
    let long = subject.chars().count() > MAX_SUBJECT;
    if subject.is_empty() || long || subject.chars().any(char::is_control) {
        return Err(BasketRefusal::Subject);
    }
    if wanted.course_ids.is_empty() {
        return Err(BasketRefusal::Empty);
    }
    if wanted.course_ids.len() > MAX_COURSES {
        return Err(BasketRefusal::TooMany);
    }
    let mut details: Vec<Detail> = Vec::with_capacity(wanted.course_ids.len());
    for id in wanted.course_ids.iter().copied() {
        let offer = shelf.iter().find(|offer| offer.id == id && offer.on_sale);
        let offer = offer.ok_or(BasketRefusal::Unknown(id))?;
        if details.iter().any(|detail| detail.course_id == id) {
            return Err(BasketRefusal::Twice(id));
        }
        if offer.is_open {
            return Err(BasketRefusal::Owned {
                course_id: id,
                name: offer.name.clone(),
            });
        }
        details.push(Detail {
            course_id: id,
            course_name: offer.name.clone(),
            course_name_en: offer.name_en.clone(),
            quantity: 1,
            price: offer.price,
            real_price: offer.price,
        });
    }
    let total = Fen::sum(details.iter().map(|detail| detail.real_price))
        .filter(|total| *total <= Fen::MAX_PAYABLE)
        .ok_or(BasketRefusal::TooExpensive)?;
    if total != wanted.total {
        return Err(BasketRefusal::Total {
            seen: wanted.total,
            actual: total,
        });
    }
    Ok(Basket { details, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(id: i64, fen: i64) -> Offer {
        Offer {
            id,
            on_sale: id != 5,
            price: Fen::new(fen),
            name: format!("课{id}"),
            name_en: format!("Course {id}"),
            is_open: id == 4,
        }
    }

    fn wanted(ids: &[i64], fen: i64) -> Wanted {
        Wanted {
            subject: "课程".to_owned(),
            total: Fen::new(fen),
            pay_type: PayType::AlipayOne,
            course_ids: ids.to_vec(),
            dialect: Dialect::Course,
        }
    }

    #[test]
    fn every_rule_is_judged() {
        let shelf = [
            offer(1, 3_900),
            offer(2, 0),
            offer(3, 9_900_000_000),
            offer(4, 200_000_000),
            offer(5, 3_900),
            offer(6, 200_000_000),
        ];
        let judge_it = |ids: &[i64], fen| judge(&wanted(ids, fen), &shelf);
        let basket = judge_it(&[1, 2], 3_900).expect("both are on sale");
        assert_eq!(basket.total, Fen::new(3_900));
        assert_eq!(basket.details.len(), 2);
        assert_eq!(judge_it(&[2], 0).map(|basket| basket.total), Ok(Fen::ZERO));
        assert_eq!(judge_it(&[], 0), Err(BasketRefusal::Empty));
        for id in [5, 9] {
            assert_eq!(judge_it(&[id], 3_900), Err(BasketRefusal::Unknown(id)));
        }
        assert_eq!(judge_it(&[1, 1], 7_800), Err(BasketRefusal::Twice(1)));
        assert!(matches!(
            judge_it(&[4], 0),
            Err(BasketRefusal::Owned { course_id: 4, .. })
        ));
        assert!(matches!(
            judge_it(&[1], 3_800),
            Err(BasketRefusal::Total { .. })
        ));
        assert_eq!(judge_it(&[3, 6], 0), Err(BasketRefusal::TooExpensive));
        let many = vec![1; MAX_COURSES + 1];
        assert_eq!(judge_it(&many, 0), Err(BasketRefusal::TooMany));
        for subject in ["", "  ", "a\nb", &"长".repeat(257)] {
            let mut wanted = wanted(&[1], 3_900);
            subject.clone_into(&mut wanted.subject);
            assert_eq!(judge(&wanted, &shelf), Err(BasketRefusal::Subject));
        }
        let mut long = wanted(&[1], 3_900);
        long.subject = "长".repeat(256);
        assert!(judge(&long, &shelf).is_ok());
    }
}
