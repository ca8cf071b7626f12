//! A backtracking program: what a pattern means, step by step.

use std::cell::Cell;

use regex_syntax::hir::{Hir, Look};

use super::compiler::Compiler;
use super::set::{END, Filter, Set, char_at, starts_char};

/// Steps that any search may take, and those that it may take for each byte of the text.
const STEPS: usize = 2_000;
const STEPS_PER_BYTE: usize = 24;

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// First byte of the leftmost match, and the byte behind it.
    At(usize, usize),
    /// No match.
    Nowhere,
    /// Undecided.
    OutOfSteps,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    /// Small, and one behind the other: hundreds of programs are run on a page, and fetching them is most of the cost.
    code: Box<[Inst]>,
    alternatives: Box<[Alternative]>,
    literals: Box<[u8]>,
    sets: Vec<Set>,
    filters: Vec<Filter>,
    /// What a match can begin with; a copy beside the rest, for it is all that most searches look at.
    first: Option<Filter>,
    /// Every match begins where the text does.
    at_start: bool,
    /// Every match ends where the text does and is no longer than this.
    longest_at_end: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Inst {
    /// So many of these bytes.
    Short {
        length: u8,
        bytes: [u8; SHORT],
    },
    /// More bytes, a stretch of the literals.
    Bytes {
        from: u32,
        to: u32,
    },
    /// One character of a set.
    One(u32),
    /// A run of characters of a set; `next` among `filters` is what can stand behind it.
    Run {
        set: u32,
        min: u32,
        max: u32,
        greedy: bool,
        next: u32,
    },
    /// The first, and if that leads nowhere, the second.
    Split(u32, u32),
    /// A stretch of the alternatives, in their order; `gate` among the filters is what any of them can begin with.
    Branch {
        from: u32,
        to: u32,
        gate: u32,
        /// Each begins with one character, and they are in the order of these.
        sorted: bool,
    },
    Jump(u32),
    Start,
    End,
    Accept,
}

/// One way to go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alternative {
    /// The character that it begins with; [`ANY`] where there are several.
    pub(super) first: u32,
    /// Then, those that it can begin with, among the filters.
    pub(super) filter: u32,
    pub(super) next: u32,
}

impl Alternative {
    fn may_begin(&self, c: u32, program: &Program) -> bool {
        self.first == c || self.first == ANY && program.may_be(self.filter, c)
    }
}

/// Bytes that fit into an instruction: five characters of Japanese.
pub(super) const SHORT: usize = 15;
/// No code point.
pub(super) const ANY: u32 = u32::MAX;
/// In place of a filter: anything may stand there.
pub(super) const NO_FILTER: u32 = u32::MAX;

/// Where to go on when the present way fails.
#[derive(Debug)]
enum Frame {
    /// At this instruction.
    At { pc: u32, at: usize },
    /// With the next of the alternatives.
    Branch { pc: u32, alternative: u32, at: usize },
    /// With one character less of a run, down to `least`.
    Shorter { pc: u32, least: usize, at: usize },
    /// With one character more of a run, `more` at the most.
    Longer { pc: u32, more: u32, at: usize },
}

impl Program {
    /// The program of a pattern; none where it holds what programs do not know.
    pub(super) fn new(hir: &Hir) -> Option<Self> {
        let mut compiler = Compiler::default();
        compiler.emit(hir)?;
        compiler.code.push(Inst::Accept);
        for pc in 0..compiler.code.len() {
            if let Inst::Run { .. } = compiler.code[pc] {
                let behind = compiler.filter_at(pc + 1);
                if let Inst::Run { next, .. } = &mut compiler.code[pc] {
                    *next = behind;
                }
            }
            if let Inst::Branch { from, to, sorted, .. } = compiler.code[pc] {
                for way in from as usize..to as usize {
                    if compiler.alternatives[way].first == ANY {
                        compiler.alternatives[way].filter =
                            compiler.filter_at(compiler.alternatives[way].next as usize);
                    }
                }
                compiler.code[pc] = Inst::Branch { from, to, gate: compiler.filter_at(pc), sorted };
            }
        }
        let first = compiler.filter_at(0);
        let first = compiler.filters.get(first as usize).cloned();
        let properties = hir.properties();
        let at_start = properties.look_set_prefix().contains(Look::Start);
        let longest_at_end = properties.maximum_len().filter(|_| properties.look_set_suffix().contains(Look::End));
        let Compiler { code, alternatives, literals, sets, filters } = compiler;
        let (code, alternatives, literals) = (code.into(), alternatives.into(), literals.into());
        Some(Self { code, alternatives, literals, sets, filters, first, at_start, longest_at_end })
    }

    /// Whether the filter lets this character through.
    #[inline]
    fn may_be(&self, filter: u32, c: u32) -> bool {
        filter == NO_FILTER || self.filters[filter as usize].may_be(c, &self.sets)
    }

    /// The leftmost match from this byte on.
    pub(super) fn find(&self, text: &str, from: usize) -> Outcome {
        let bytes = text.as_bytes();
        let mut at = match self.longest_at_end {
            Some(longest) => from.max(bytes.len().saturating_sub(longest)),
            None => from,
        };
        while at < bytes.len() && !starts_char(bytes[at]) {
            at += 1;
        }
        let first = self.first.as_ref();
        // Most searches end before they begin.
        if let Some(filter) = first
            && !self.at_start
        {
            match filter.find(bytes, at, &self.sets) {
                Some(found) => at = found,
                None => return Outcome::Nowhere,
            }
        }
        let steps = STEPS + STEPS_PER_BYTE * (bytes.len() - from.min(bytes.len()));
        let mut run = Run { bytes, stack: STACK.take(), steps };
        if self.at_start {
            return if from > 0 || at > 0 {
                Outcome::Nowhere
            } else {
                run.outcome(self, 0).unwrap_or(Outcome::Nowhere)
            };
        }
        loop {
            if let Some(filter) = first {
                match filter.find(bytes, at, &self.sets) {
                    Some(found) => at = found,
                    None => return Outcome::Nowhere,
                }
            }
            if let Some(outcome) = run.outcome(self, at) {
                return outcome;
            }
            match char_at(bytes, at) {
                Some((_, length)) => at += length,
                None => return Outcome::Nowhere,
            }
        }
    }
}

struct Run<'t> {
    bytes: &'t [u8],
    stack: Vec<Frame>,
    steps: usize,
}

thread_local! {
    /// Lent to one search after the other; its length is bounded by the steps of a search.
    static STACK: Cell<Vec<Frame>> = const { Cell::new(Vec::new()) };
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        /// Frames of all but the strangest searches.
        const KEPT: usize = 1 << 8;
        let mut stack = std::mem::take(&mut self.stack);
        stack.clear();
        stack.shrink_to(KEPT);
        STACK.set(stack);
    }
}

impl Run<'_> {
    /// Tries a match that begins here; none where there is none.
    fn outcome(&mut self, program: &Program, start: usize) -> Option<Outcome> {
        let (mut pc, mut at) = (0_u32, start);
        self.stack.clear();
        loop {
            if self.steps == 0 {
                return Some(Outcome::OutOfSteps);
            }
            self.steps -= 1;
            let goes_on = match program.code[pc as usize] {
                Inst::Short { length, bytes } => {
                    let literal = &bytes[..usize::from(length)];
                    let held = self.bytes[at..].starts_with(literal);
                    at += literal.len();
                    pc += 1;
                    held
                }
                Inst::Bytes { from, to } => {
                    let literal = &program.literals[from as usize..to as usize];
                    let held = self.bytes[at..].starts_with(literal);
                    at += literal.len();
                    pc += 1;
                    held
                }
                Inst::One(set) => match char_at(self.bytes, at) {
                    Some((c, length)) if program.sets[set as usize].holds(c) => {
                        at += length;
                        pc += 1;
                        true
                    }
                    _ => false,
                },
                Inst::Run { set, min, max, greedy, .. } => {
                    let (own, set) = (pc, &program.sets[set as usize]);
                    match self.pass(set, at, min) {
                        Some(least) if greedy => {
                            at = self.pass_most(set, least, max - min);
                            if at > least {
                                self.stack.push(Frame::Shorter { pc: own, least, at });
                            }
                            pc += 1;
                            true
                        }
                        Some(least) => {
                            at = least;
                            if max > min {
                                self.stack.push(Frame::Longer { pc: own, more: max - min, at });
                            }
                            pc += 1;
                            true
                        }
                        None => false,
                    }
                }
                Inst::Split(first, second) => {
                    self.stack.push(Frame::At { pc: second, at });
                    pc = first;
                    true
                }
                Inst::Branch { from, .. } => match self.branch(program, pc, from, at) {
                    Some(next) => {
                        pc = next;
                        true
                    }
                    None => false,
                },
                Inst::Jump(to) => {
                    pc = to;
                    true
                }
                Inst::Start => {
                    pc += 1;
                    at == 0
                }
                Inst::End => {
                    pc += 1;
                    at == self.bytes.len()
                }
                Inst::Accept => return Some(Outcome::At(start, at)),
            };
            if !goes_on {
                match self.back(program) {
                    Some((next, place)) => (pc, at) = (next, place),
                    None if self.steps == 0 => return Some(Outcome::OutOfSteps),
                    None => return None,
                }
            }
        }
    }

    /// Behind exactly `count` characters of the set.
    fn pass(&self, set: &Set, mut at: usize, count: u32) -> Option<usize> {
        for _ in 0..count {
            let (c, length) = char_at(self.bytes, at)?;
            if !set.holds(c) {
                return None;
            }
            at += length;
        }
        Some(at)
    }

    /// Behind as many characters of the set as there are, `most` at the most.
    fn pass_most(&mut self, set: &Set, from: usize, most: u32) -> usize {
        let (mut at, mut left) = (from, most);
        while left > 0 {
            match char_at(self.bytes, at) {
                Some((c, length)) if set.holds(c) => at += length,
                _ => break,
            }
            left -= 1;
        }
        self.steps = self.steps.saturating_sub(((at - from) / 16).min(self.steps.saturating_sub(1)));
        at
    }

    /// The first alternative from this one on that can begin here; the next one is kept for later.
    fn branch(&mut self, program: &Program, pc: u32, from: u32, at: usize) -> Option<u32> {
        let Inst::Branch { to, gate, sorted, .. } = program.code[pc as usize] else { return None };
        let c = char_at(self.bytes, at).map_or(END, |(c, _)| c);
        if !program.may_be(gate, c) {
            return None;
        }
        if sorted {
            let ways = &program.alternatives[from as usize..to as usize];
            let first = ways.partition_point(|way| way.first < c);
            let next = ways.get(first).filter(|way| way.first == c)?.next;
            if ways.get(first + 1).is_some_and(|way| way.first == c) {
                self.stack.push(Frame::Branch { pc, alternative: from + first as u32 + 1, at });
            }
            return Some(next);
        }
        let alternatives = (from..).zip(&program.alternatives[from as usize..to as usize]);
        let mut fitting = alternatives.filter(|(_, way)| way.may_begin(c, program));
        let next = fitting.next()?.1.next;
        if let Some((alternative, _)) = fitting.next() {
            self.stack.push(Frame::Branch { pc, alternative, at });
        }
        Some(next)
    }

    /// Back to the last place where there was another way.
    fn back(&mut self, program: &Program) -> Option<(u32, usize)> {
        loop {
            if self.steps == 0 {
                return None;
            }
            self.steps -= 1;
            match self.stack.pop()? {
                Frame::At { pc, at } => return Some((pc, at)),
                Frame::Branch { pc, alternative, at } => {
                    if let Some(next) = self.branch(program, pc, alternative, at) {
                        return Some((next, at));
                    }
                }
                Frame::Shorter { pc, least, at } => {
                    let mut at = at;
                    let Inst::Run { next, .. } = program.code[pc as usize] else { return None };
                    while at > least {
                        at -= 1;
                        while !starts_char(self.bytes[at]) {
                            at -= 1;
                        }
                        if next == NO_FILTER || char_at(self.bytes, at).is_some_and(|(c, _)| program.may_be(next, c)) {
                            if at > least {
                                self.stack.push(Frame::Shorter { pc, least, at });
                            }
                            return Some((pc + 1, at));
                        }
                    }
                }
                Frame::Longer { pc, more, at } => {
                    let Inst::Run { set, .. } = program.code[pc as usize] else { return None };
                    if let Some((c, length)) = char_at(self.bytes, at)
                        && program.sets[set as usize].holds(c)
                    {
                        if more > 1 {
                            self.stack.push(Frame::Longer { pc, more: more - 1, at: at + length });
                        }
                        return Some((pc + 1, at + length));
                    }
                }
            }
        }
    }
}
