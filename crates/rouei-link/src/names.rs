//! When two names are one organization, across documents.

use std::collections::BTreeMap;

use crate::rules::{NameRules, Rules};

/// How two names agree, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameRelation {
    /// Equal after legal form, prefecture, abbreviation, case and width are made one.
    Same,
    /// One begins or ends the other.
    Contained,
    /// 凪大 and 凪原大学.
    Initials,
    /// The town and its board.
    Branch,
}

/// How two names agree, if they do. Two pronouns (当社) never do.
#[must_use]
pub fn relate(rules: &Rules, a: &str, b: &str) -> Option<NameRelation> {
    let mut table = NameTable::default();
    let (a, b) = (table.intern(rules, a)?, table.intern(rules, b)?);
    table.relate_all(rules);
    table.relation(a, b)
}

/// The names of a set of candidates, each once, and which of them agree.
#[derive(Default)]
pub(crate) struct NameTable {
    cores: Vec<String>,
    by_core: BTreeMap<String, usize>,
    by_written: BTreeMap<String, Option<usize>>,
    related: BTreeMap<(usize, usize), NameRelation>,
}

impl NameTable {
    /// The number of a name; nothing for a pronoun or a name that has no character left.
    pub(crate) fn intern(&mut self, rules: &Rules, written: &str) -> Option<usize> {
        if let Some(known) = self.by_written.get(written) {
            return *known;
        }
        let core = core_name(&rules.file.names, written);
        let id = (!is_pronoun(&rules.file.names, &core)).then(|| {
            *self.by_core.entry(core.clone()).or_insert_with(|| {
                self.cores.push(core);
                self.cores.len() - 1
            })
        });
        self.by_written.insert(written.to_owned(), id);
        id
    }

    /// Finds which names agree: each asks an index of whole names for its beginnings and its ends, so that the work
    /// grows with the number of names, not of pairs.
    pub(crate) fn relate_all(&mut self, rules: &Rules) {
        let names = &rules.file.names;
        let mut found = Vec::new();
        for (long, core) in self.cores.iter().enumerate() {
            for (at, _) in core.char_indices().skip(1) {
                let (head, tail) = core.split_at(at);
                if let Some(&short) = self.by_core.get(head)
                    && let Some(relation) = begins(names, head, tail)
                {
                    found.push((short, long, relation));
                }
                if let Some(&short) = self.by_core.get(tail)
                    && ends(names, head, tail)
                {
                    found.push((short, long, NameRelation::Contained));
                }
            }
        }
        self.find_initials(names, &mut found);
        for (a, b, relation) in found {
            let best = self.related.entry((a.min(b), a.max(b))).or_insert(relation);
            *best = (*best).min(relation);
        }
    }

    /// How two names agree.
    pub(crate) fn relation(&self, a: usize, b: usize) -> Option<NameRelation> {
        if a == b { Some(NameRelation::Same) } else { self.related.get(&(a.min(b), a.max(b))).copied() }
    }

    /// Every pair of different names that agree, in order.
    pub(crate) fn related(&self) -> impl Iterator<Item = (usize, usize)> {
        self.related.keys().copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.cores.len()
    }

    fn find_initials(&self, names: &NameRules, found: &mut Vec<(usize, usize, NameRelation)>) {
        let mut groups: BTreeMap<(&str, char), Vec<(usize, &str)>> = BTreeMap::new();
        for suffix in names.suffixes.iter().filter(|s| s.initials) {
            for (id, core) in self.cores.iter().enumerate() {
                if let Some(stem) = core.strip_suffix(suffix.short.as_str())
                    && let Some(first) = stem.chars().next()
                {
                    groups.entry((suffix.short.as_str(), first)).or_default().push((id, stem));
                }
            }
        }
        for group in groups.values() {
            for &(short_id, short) in group.iter().filter(|(_, stem)| stem.chars().count() <= 2) {
                for &(long_id, long) in group {
                    if long.chars().count() > short.chars().count() && is_subsequence(short, long) {
                        found.push((short_id, long_id, NameRelation::Initials));
                    }
                }
            }
        }
    }
}

/// A name as it is compared: width and case folded, without blanks, quotes, what stands in brackets behind it, legal
/// forms and the prefecture of a municipality, its end cut as newspapers cut it.
fn core_name(names: &NameRules, written: &str) -> String {
    let mut core: String = written
        .chars()
        .map(fold_width)
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '・' | '·' | '「' | '」' | '『' | '』' | '"' | '“' | '”' | '\'' | '’')
        })
        .flat_map(char::to_lowercase)
        .collect();
    strip_forms(&names.legal_forms.forms, &mut core);
    for (open, close) in [('(', ')'), ('<', '>'), ('【', '】'), ('〔', '〕')] {
        if let Some(inner) = core.strip_suffix(close)
            && let Some(at) = inner.rfind(open)
            && at > 0
        {
            core.truncate(at);
        }
    }
    strip_forms(&names.legal_forms.forms, &mut core);
    if let Some(rest) = names.prefectures.forms.iter().find_map(|p| core.strip_prefix(p.as_str()))
        && begins_with_municipality(rest)
    {
        core = rest.to_owned();
    }
    let longest = names.suffixes.iter().flat_map(|s| s.full.iter().map(move |full| (full, &s.short)));
    let longest = longest.filter(|(full, _)| core.ends_with(full.as_str()) && core.len() > full.len());
    if let Some((full, short)) = longest.max_by_key(|(full, _)| full.len()) {
        core.truncate(core.len() - full.len());
        core.push_str(short);
    }
    core
}

/// Full-width ASCII to ASCII; names come normalised, but context files and decisions of other tools may not.
fn fold_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

fn strip_forms(forms: &[String], core: &mut String) {
    loop {
        let rest = forms
            .iter()
            .filter_map(|f| core.strip_prefix(f.as_str()).or_else(|| core.strip_suffix(f.as_str())))
            .filter(|rest| !rest.is_empty())
            .min_by_key(|rest| rest.len())
            .map(str::to_owned);
        match rest {
            Some(rest) => *core = rest,
            None => return,
        }
    }
}

/// みぎわ市, みぎわ市教委 and 津市, but neither 教育委員会 nor 市町村職員共済組合 nor 都市開発.
fn begins_with_municipality(rest: &str) -> bool {
    let end = rest.chars().take(8).position(|c| matches!(c, '市' | '町' | '村' | '区'));
    end.is_some_and(|end| end >= 1 && !rest.starts_with("都市"))
}

fn is_pronoun(names: &NameRules, core: &str) -> bool {
    let mut chars = core.chars();
    let lettered = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '○' | '●' | '◯'))
        && matches!(chars.as_str(), "社" | "市" | "町" | "県" | "氏" | "病院" | "大");
    lettered || core.chars().count() < 2 || names.pronouns.forms.iter().any(|p| p == core)
}

fn begins(names: &NameRules, head: &str, tail: &str) -> Option<NameRelation> {
    let any = |list: &[String], holds: &dyn Fn(&str) -> bool| list.iter().any(|item| holds(item));
    if any(&names.branches.owners, &|o| head.ends_with(o)) && any(&names.branches.tails, &|t| tail.starts_with(t)) {
        return Some(NameRelation::Branch);
    }
    let open = !any(&names.beginnings.closed_ends, &|end| head.ends_with(end))
        && !any(&names.beginnings.distinct_tails, &|t| tail == t || tail.ends_with(t))
        && head.chars().count() >= names.beginnings.least_chars;
    open.then_some(NameRelation::Contained)
}

fn ends(names: &NameRules, head: &str, tail: &str) -> bool {
    tail.chars().count() >= names.endings.least_chars
        && names.endings.heads.iter().any(|h| head.ends_with(h.as_str()))
        && !names.endings.generic.iter().any(|g| g == tail)
}

/// The characters in order, the first one first.
fn is_subsequence(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let starts = short.chars().next() == rest.next();
    starts && short.chars().skip(1).all(|c| rest.any(|l| l == c))
}
