//! Courses as cards, on every page that lists them.

use crate::courses::domain::Course;
use money::Fen;
use service::i18n::Lang;

/// A course on a card.
pub(super) struct Card {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) brief: String,
    pub(super) teacher: String,
    pub(super) level: String,
    pub(super) hours: i64,
    pub(super) students: String,
    pub(super) price: Fen,
    pub(super) owned: bool,
}

impl Card {
    /// A card in a language.
    pub(super) fn new(course: &Course, lang: Lang, owned: bool) -> Self {
        let pick = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
        Self {
            id: course.id,
            name: pick(&course.name, &course.name_en),
            brief: pick(&course.brief, &course.brief_en),
            teacher: pick(&course.teacher, &course.teacher_en),
            level: pick(&course.level, &course.level_en),
            hours: course.hours,
            students: grouped(course.students),
            price: course.price,
            owned,
        }
    }
}

/// A number with commas: `8,652`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(986), "986");
        assert_eq!(grouped(8_652), "8,652");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
