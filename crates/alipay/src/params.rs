//! Parameters by name: what a request, a notice or a return consists of.

use std::fmt;

/// Parameters in the order in which they came, each name once.
///
/// One text holds all names and values, so that a notice of 25 fields is read with three
/// allocations; a second list keeps the order of names that signatures want.
#[derive(Clone, Default)]
pub struct Params {
    text: String,
    /// In the order in which they came.
    fields: Vec<Field>,
    /// Indexes of `fields`, sorted by name, byte by byte.
    sorted: Vec<usize>,
}

/// Where a name begins, where it ends and its value begins, and where that ends.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    pub(crate) start: usize,
    pub(crate) middle: usize,
    pub(crate) end: usize,
}

/// A name that stands twice in one set of parameters. Which of the two is meant would be a guess,
/// and guesses are how forged parameters slip past a signature.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the parameter `{0}` is there twice")]
pub struct Twice(pub String);

impl Params {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No parameters, with room for `fields` of together `bytes` bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize, fields: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            fields: Vec::with_capacity(fields),
            sorted: Vec::with_capacity(fields),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Returns `true` when there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Adds one at the end.
    ///
    /// # Errors
    /// When the name is there already; nothing changes then.
    pub fn push(&mut self, name: &str, value: &str) -> Result<(), Twice> {
        let Err(place) = self.find(name) else {
            return Err(Twice(name.to_owned()));
        };
        let start = self.text.len();
        self.text.push_str(name);
        let middle = self.text.len();
        self.text.push_str(value);
        let end = self.text.len();
        self.sorted.insert(place, self.fields.len());
        self.fields.push(Field { start, middle, end });
        Ok(())
    }

    /// Adds one at the end, or gives the one of that name another value where it stands.
    pub fn set(&mut self, name: &str, value: &str) {
        if self.push(name, value).is_ok() {
            return;
        }
        let others = std::mem::take(self);
        for (old_name, old_value) in &others {
            let new_value = if old_name == name { value } else { old_value };
            let _ = self.push(old_name, new_value);
        }
    }

    /// Takes one away and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let removed = self.get(name)?.to_owned();
        let others = std::mem::take(self);
        for (old_name, value) in others.iter().filter(|(old_name, _)| *old_name != name) {
            let _ = self.push(old_name, value);
        }
        Some(removed)
    }

    /// All of these and all of `other` behind them, as a gateway merges query and body.
    ///
    /// # Errors
    /// When both have a name.
    pub fn merged(mut self, other: &Self) -> Result<Self, Twice> {
        for (name, value) in other {
            self.push(name, value)?;
        }
        Ok(self)
    }

    /// The value of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let place = self.find(name).ok()?;
        let field = self.fields.get(*self.sorted.get(place)?)?;
        self.text.get(field.middle..field.end)
    }

    /// The value of that name when it is not empty; on Alipay's wire an empty value means none.
    #[must_use]
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All, in the order in which they came.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.fields.iter().map(|field| self.pair(*field))
    }

    /// All, sorted by name byte by byte, as signatures want them.
    pub fn sorted(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.sorted
            .iter()
            .map(|&index| self.pair(self.fields[index]))
    }

    /// The bytes of all names and values together.
    #[must_use]
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// From one text and where the names begin and end in it: the fast way in for the form reader.
    ///
    /// The bounds must be in order and on character boundaries.
    pub(crate) fn from_text(text: String, fields: Vec<Field>) -> Result<Self, Twice> {
        let mut params = Self {
            text,
            sorted: (0..fields.len()).collect(),
            fields,
        };
        let mut sorted = std::mem::take(&mut params.sorted);
        sorted.sort_unstable_by(|&left, &right| params.name(left).cmp(params.name(right)));
        let twice = sorted
            .windows(2)
            .find(|pair| params.name(pair[0]) == params.name(pair[1]));
        if let Some(pair) = twice {
            return Err(Twice(params.name(pair[0]).to_owned()));
        }
        params.sorted = sorted;
        Ok(params)
    }

    fn name(&self, index: usize) -> &str {
        let field = self.fields[index];
        &self.text[field.start..field.middle]
    }

    fn pair(&self, field: Field) -> (&str, &str) {
        (
            &self.text[field.start..field.middle],
            &self.text[field.middle..field.end],
        )
    }

    /// Where the name stands in `sorted`, or where it would.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.sorted
            .binary_search_by(|&index| self.name(index).cmp(name))
    }
}

impl<'a> IntoIterator for &'a Params {
    type Item = (&'a str, &'a str);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

/// A name that comes twice keeps its last value.
impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut params = Self::new();
        for (name, value) in pairs {
            params.set(name.as_ref(), value.as_ref());
        }
        params
    }
}

impl<N: AsRef<str>, V: AsRef<str>, const LEN: usize> From<[(N, V); LEN]> for Params {
    fn from(pairs: [(N, V); LEN]) -> Self {
        pairs.into_iter().collect()
    }
}

/// The same names with the same values; the order in which they came does not matter.
impl PartialEq for Params {
    fn eq(&self, other: &Self) -> bool {
        self.sorted().eq(other.sorted())
    }
}

impl Eq for Params {}

/// Names and lengths only: values are orders, buyers and signatures, which no log should hold.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.iter().map(|(name, value)| (name, value.len()));
        f.debug_map().entries(lengths).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_and_knows_the_sorted_one() {
        let mut params = Params::from([("b", "2"), ("a", ""), ("B", "3")]);
        assert_eq!(params.push("a", "again"), Err(Twice("a".to_owned())));
        let names =
            |pairs: Vec<(&str, &str)>| pairs.iter().map(|p| p.0.to_owned()).collect::<Vec<_>>();
        assert_eq!(names(params.iter().collect()), ["b", "a", "B"]);
        assert_eq!(names(params.sorted().collect()), ["B", "a", "b"]);
        assert_eq!(params.get("a"), Some(""));
        assert_eq!(params.non_empty("a"), None);
        params.set("b", "5");
        params.set("c", "6");
        assert_eq!(params.remove("a").as_deref(), Some(""));
        assert_eq!(
            params.iter().collect::<Vec<_>>(),
            [("b", "5"), ("B", "3"), ("c", "6")]
        );
    }

    #[test]
    fn merging_refuses_a_name_on_both_sides() {
        let query = Params::from([("a", "1")]);
        let body = Params::from([("b", "2")]);
        let both = query.clone().merged(&body).expect("no name twice");
        assert_eq!(both, Params::from([("b", "2"), ("a", "1")]));
        assert_eq!(query.merged(&both), Err(Twice("a".to_owned())));
    }
}
