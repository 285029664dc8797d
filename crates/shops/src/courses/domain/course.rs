//! A course and its lessons, in both languages.

use money::Fen;
use serde::Deserialize;

/// A course as the catalogue shows it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Course {
    /// Its number, which links and API use.
    pub id: i64,
    /// Returns `true` while it can be bought; bought ones stay open.
    #[serde(default = "yes")]
    pub on_sale: bool,
    /// What it costs.
    pub price: Fen,
    /// How many hours of teaching.
    pub hours: i64,
    /// How many people have taken it elsewhere, before this shop opened.
    pub students: i64,
    /// Its name in Chinese.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// For whom, in Chinese.
    pub level: String,
    /// For whom, in English.
    pub level_en: String,
    /// Who teaches it, in Chinese.
    pub teacher: String,
    /// Who teaches it, in English.
    pub teacher_en: String,
    /// What the teacher has done, in Chinese.
    pub teacher_about: String,
    /// What the teacher has done, in English.
    pub teacher_about_en: String,
    /// One line about it in Chinese.
    pub brief: String,
    /// One line about it in English.
    pub brief_en: String,
    /// A paragraph about it in Chinese.
    pub about: String,
    /// A paragraph about it in English.
    pub about_en: String,
}

/// What an order needs to know of a course.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Offer {
    /// The course's number.
    pub id: i64,
    /// Returns `true` while it can be bought.
    pub on_sale: bool,
    /// What it costs.
    pub price: Fen,
    /// Its name in Chinese.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// Whether the buyer has it already.
    pub is_open: bool,
}

/// One lesson of a course.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub struct Lesson {
    /// Its place in the course, from 1.
    #[serde(default)]
    pub number: i64,
    /// How long it takes.
    pub minutes: i64,
    /// Its title in Chinese.
    pub title: String,
    /// Its title in English.
    pub title_en: String,
    /// What is taught, in Chinese; paragraphs are separated by a line break.
    pub body: String,
    /// What is taught, in English.
    pub body_en: String,
}

const fn yes() -> bool {
    true
}
