//! Names of which each is asked whether it is one of the others, in a page that holds thousands of them.

use std::collections::BTreeMap;
use std::iter::successors;

use super::name::Compared;

/// Names in the order in which they came, to be asked as [`super::same_organization`] asks of two.
///
/// Two names are one only where one of them begins or ends with the other, or where one is cut at its end (霧影大) and both
/// begin with one letter: so few of them have to be compared.
#[derive(Debug, Default)]
pub(crate) struct Names {
    names: Vec<Compared>,
    /// By what is compared, and by the same read backwards.
    forwards: BTreeMap<String, Vec<usize>>,
    backwards: BTreeMap<String, Vec<usize>>,
    by_first: BTreeMap<char, Vec<usize>>,
    /// Of these, those that are cut.
    cut: BTreeMap<char, Vec<usize>>,
}

impl Names {
    /// Whether one of them is this organization.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.any(name, |_| true)
    }

    /// The numbers of those that are this organization, in the order in which they came.
    pub(crate) fn all(&self, name: &str) -> Vec<usize> {
        let mut all = Vec::new();
        self.any(name, |at| {
            all.push(at);
            false
        });
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether one of them is this organization, of whose number this is true.
    pub(crate) fn any(&self, name: &str, mut is_meant: impl FnMut(usize) -> bool) -> bool {
        let name = Compared::of(name);
        let Some(first) = name.text().chars().next() else { return false };
        let mut meant = |at: &usize| self.names[*at].is_same(&name) && is_meant(*at);
        let abbreviated = if name.is_cut() { &self.by_first } else { &self.cut };
        begin_or_end(&self.forwards, name.text()).any(&mut meant)
            || begin_or_end(&self.backwards, &backwards(name.text())).any(&mut meant)
            || abbreviated.get(&first).is_some_and(|numbers| numbers.iter().any(meant))
    }

    /// Adds a name unless one of those before is this organization; whether it was added.
    pub(crate) fn insert(&mut self, name: &str) -> bool {
        let new = !self.holds(name);
        if new {
            self.push(name);
        }
        new
    }

    /// Adds a name, whether it is new or not.
    pub(crate) fn push(&mut self, name: &str) {
        let name = Compared::of(name);
        let at = self.names.len();
        if let Some(first) = name.text().chars().next() {
            self.forwards.entry(name.text().to_owned()).or_default().push(at);
            self.backwards.entry(backwards(name.text())).or_default().push(at);
            self.by_first.entry(first).or_default().push(at);
            if name.is_cut() {
                self.cut.entry(first).or_default().push(at);
            }
        }
        self.names.push(name);
    }
}

impl<'n> FromIterator<&'n str> for Names {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        let mut all = Self::default();
        names.into_iter().for_each(|name| all.push(name));
        all
    }
}

/// Those that begin with a text, and those with which it begins.
fn begin_or_end<'n>(sorted: &'n BTreeMap<String, Vec<usize>>, text: &'n str) -> impl Iterator<Item = &'n usize> {
    let longer = sorted.range(text.to_owned()..).take_while(move |(other, _)| other.starts_with(text));
    let shorter = successors(without_last(text), |shorter| without_last(shorter)).filter_map(|s| sorted.get(s));
    longer.map(|(_, numbers)| numbers).chain(shorter).flatten()
}

fn backwards(text: &str) -> String {
    text.chars().rev().collect()
}

fn without_last(text: &str) -> Option<&str> {
    let (last, _) = text.char_indices().next_back()?;
    Some(&text[..last]).filter(|shorter| !shorter.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::name::same_organization;
    use super::*;

    #[test]
    fn what_is_held_is_what_is_the_same() {
        let names = [
            "霧影大",
            "霧影大学",
            "霧大",
            "霧影大学病院",
            "霧影市",
            "霧影市役所",
            "霧影市教委",
            "霧影市教育委員会",
            "唐影県霧影市",
            "株式会社霧影商事",
            "霧影商事",
            "霧影商事ホールディングス",
            "霧影商事HD",
            "霧影社",
            "霧影",
            "唐影小",
            "唐影小学校",
            "霧影市立唐影小学校",
            "Kirikage Works",
            "kirikageworks",
            "「」",
            "",
        ];
        for a in names {
            let one: Names = [a].into_iter().collect();
            for b in names {
                assert_eq!(one.holds(b), same_organization(a, b), "{a} {b}");
                assert_eq!(one.all(b).len(), usize::from(same_organization(a, b)), "{a} {b}");
            }
        }
        let mut all = Names::default();
        let new: Vec<bool> = names.into_iter().map(|name| all.insert(name)).collect();
        let mut kept: Vec<&str> = Vec::new();
        for (name, new) in names.into_iter().zip(new) {
            assert_eq!(new, !kept.iter().any(|other| same_organization(other, name)), "{name}");
            kept.extend(new.then_some(name));
        }
    }
}
