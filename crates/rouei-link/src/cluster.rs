//! Groups of disclosures that stay consistent as a whole.

use std::collections::HashMap;

use crate::{
    compare::{Judge, Relation, Verdict, View},
    decision::Word,
    names::NameTable,
    pairs,
    partition::Partition,
    rules::{Rule, Rules},
};

/// Candidates in groups.
pub(crate) struct Clusters<'a> {
    pub(crate) views: &'a [View<'a>],
    pub(crate) rules: &'a Rules,
    judge: Judge<'a>,
    pub(crate) word: Word,
    /// Verdicts by pair, the lesser number first. Asked for by pair and never walked through.
    known: HashMap<(usize, usize), Short>,
    /// Joined by score as one victim's.
    same: Partition,
    /// Joined by score at all.
    scored: Partition,
    /// Joined by score or decision.
    decided: Partition,
}

/// What joining needs to remember of a verdict.
#[derive(Clone, Copy)]
struct Short {
    relation: Relation,
    log_odds: f64,
    /// May not be one victim's.
    contradicts: bool,
    /// May not even be parts of one incident.
    parts_contradict: bool,
    /// A figure of the one explains the other's, or one says that it is a later report.
    explains: bool,
}

impl<'a> Clusters<'a> {
    pub(crate) fn find(rules: &'a Rules, names: &'a NameTable, views: &'a [View<'a>], word: Word) -> Self {
        let alone = Partition::new(views.len());
        let mut decided = alone.clone();
        for (a, b) in &word.merges {
            decided.join(*a, *b);
        }
        let judge = Judge { rules, names };
        let known = HashMap::new();
        let mut clusters = Self { views, rules, judge, word, known, same: alone.clone(), scored: alone, decided };
        let edges = clusters.edges();
        let (same, parts): (Vec<_>, Vec<_>) =
            edges.into_iter().partition(|edge| clusters.known[edge].relation == Relation::Same);
        for (a, b) in same {
            if clusters.same.group(a) != clusters.same.group(b)
                && !clusters.word.separates(&clusters.decided, a, b)
                && clusters.one_victim(a, b)
            {
                clusters.same.join(a, b);
                clusters.scored.join(a, b);
                clusters.decided.join(a, b);
            }
        }
        for (a, b) in parts {
            if clusters.scored.group(a) != clusters.scored.group(b)
                && !clusters.word.separates(&clusters.decided, a, b)
                && clusters.one_provider(a, b)
            {
                clusters.scored.join(a, b);
                clusters.decided.join(a, b);
            }
        }
        clusters
    }

    pub(crate) fn incidents(&self) -> Vec<Vec<usize>> {
        self.decided.groups()
    }

    /// Members of one incident by victim.
    pub(crate) fn victim_group(&self, number: usize) -> usize {
        self.same.group(number)
    }

    pub(crate) fn verdict(&self, a: usize, b: usize) -> Verdict {
        self.judge.verdict(&self.views[a.min(b)], &self.views[a.max(b)])
    }

    /// Whether score alone would join the two.
    pub(crate) fn joins(&self, verdict: &Verdict) -> bool {
        let short = Short::of(verdict);
        verdict.log_odds >= 0.0
            && match short.relation {
                Relation::Same => !short.contradicts,
                Relation::Parts => !short.parts_contradict,
                Relation::Apart => false,
            }
    }

    /// Pairs that may join, best first, ties by number (which follows the id).
    fn edges(&mut self) -> Vec<(usize, usize)> {
        let mut edges = Vec::new();
        for (a, b) in pairs::find(self.rules, self.judge.names, self.views) {
            let verdict = self.verdict(a, b);
            if self.joins(&verdict) {
                edges.push((a, b));
            }
            self.known.insert((a, b), Short::of(&verdict));
        }
        edges.sort_by(|x, y| self.known[y].log_odds.total_cmp(&self.known[x].log_odds).then(x.cmp(y)));
        edges
    }

    fn short(&mut self, a: usize, b: usize) -> Short {
        let pair = (a.min(b), a.max(b));
        if let Some(known) = self.known.get(&pair) {
            return *known;
        }
        let short = Short::of(&self.verdict(a, b));
        self.known.insert(pair, short);
        short
    }

    /// Whether the groups of a pair agree as a whole: no two members contradict, and none are too unlike, unless the
    /// pair is one that explains how figures changed.
    fn one_victim(&mut self, a: usize, b: usize) -> bool {
        let explains = self.short(a, b).explains;
        let veto = self.rules.file.veto;
        self.all_pairs(a, b, |short| {
            !short.contradicts && (explains || short.relation != Relation::Same || short.log_odds >= veto)
        })
    }

    /// Whether groups of different victims can be parts of one incident: nothing about the event contradicts, and a
    /// victim that stands on both sides is told of alike.
    fn one_provider(&mut self, a: usize, b: usize) -> bool {
        let mut best_same = f64::NEG_INFINITY;
        let agree = self.all_pairs(a, b, |short| {
            if short.relation == Relation::Same {
                best_same = best_same.max(short.log_odds);
                !short.contradicts
            } else {
                !short.parts_contradict
            }
        });
        agree && (best_same == f64::NEG_INFINITY || best_same >= 0.0)
    }

    /// Whether something holds of each pair across two groups.
    fn all_pairs(&mut self, a: usize, b: usize, mut holds: impl FnMut(Short) -> bool) -> bool {
        let (left, right) = (self.scored.members(a).to_vec(), self.scored.members(b).to_vec());
        left.iter().all(|x| right.iter().all(|y| holds(self.short(*x, *y))))
    }
}

impl Short {
    fn of(verdict: &Verdict) -> Self {
        Self {
            relation: verdict.relation,
            log_odds: verdict.log_odds,
            contradicts: !verdict.contradictions.is_empty(),
            parts_contradict: verdict.contradictions.contains(&Rule::DifferentDays) || verdict.has(Rule::OtherCause),
            explains: [Rule::RefersBack, Rule::FigureInLedger].iter().any(|rule| verdict.has(*rule)),
        }
    }
}
