//! In words, what a caller should change: the header `x-sandbox-explain`.

use service::i18n::Lang;

/// The same advice in Chinese and English.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Explain {
    pub(super) zh: String,
    pub(super) en: String,
}

impl Explain {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// One more sentence.
    pub(crate) fn and(&mut self, zh: &str, en: &str) {
        for (text, more) in [(&mut self.zh, zh), (&mut self.en, en)] {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(more);
        }
    }

    /// What another one says as well.
    pub(crate) fn join(&mut self, other: &Self) {
        if !other.zh.is_empty() {
            self.and(&other.zh, &other.en);
        }
    }

    /// All of it in Chinese and in English.
    pub(crate) fn both(&self) -> [Option<String>; 2] {
        [Lang::Zh, Lang::En].map(|lang| self.text(lang).map(str::to_owned))
    }

    /// All of it in one language; none when there is nothing to say.
    pub(crate) fn text(&self, lang: Lang) -> Option<&str> {
        let text = lang.pick(&self.zh, &self.en);
        (!text.is_empty()).then_some(text)
    }
}
